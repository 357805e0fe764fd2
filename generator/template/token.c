#include "template/token.h"

#include <string.h>

static const str keywords[] = {
	S_INIT("and"), S_INIT("break"), S_INIT("do"), S_INIT("else"), S_INIT("elseif"), S_INIT("end"), S_INIT("false"), S_INIT("for"),
	S_INIT("function"), S_INIT("goto"), S_INIT("if"), S_INIT("in"), S_INIT("local"), S_INIT("nil"), S_INIT("not"), S_INIT("or"),
	S_INIT("repeat"), S_INIT("return"), S_INIT("then"), S_INIT("true"), S_INIT("until"), S_INIT("while"),
};

/* Longest first. */
static const str operators[] = {
	S_INIT("..."), S_INIT("<<"), S_INIT(">>"), S_INIT("//"), S_INIT("=="), S_INIT("~="), S_INIT("<="), S_INIT(">="), S_INIT("::"), S_INIT(".."),
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static char
at(const struct tokens *t, uint32_t offset)
{
	return offset < t->end ? t->source.ptr[offset] : '\0';
}

void
token_skip_space(struct tokens *t)
{
	while (t->at < t->end && is_space(t->source.ptr[t->at]))
		t->at++;
}

static bool
is_keyword(str s)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (keywords[i].ptr[0] == s.ptr[0] && str_equal(keywords[i], s))
			return true;
	return false;
}

static void
scan_name(struct tokens *t, struct token *token)
{
	while (t->at < t->end && (is_letter(at(t, t->at)) || is_digit(at(t, t->at))))
		t->at++;
	token->kind = is_keyword(str_slice(t->source, token->start, t->at)) ? TOKEN_KEYWORD : TOKEN_NAME;
}

static uint32_t
skip_digits(const struct tokens *t, uint32_t from, bool hex, bool *any)
{
	while (hex ? is_hex(at(t, from)) : is_digit(at(t, from))) {
		*any = true;
		from++;
	}
	return from;
}

/* Takes everything that looks like a number, as Lua does, and then asks whether it is one. */
static void
scan_number(struct tokens *t, struct token *token)
{
	bool hex = at(t, t->at) == '0' && (at(t, t->at + 1) | 32) == 'x', digits = false, exponent = true;
	uint32_t p = skip_digits(t, t->at + (hex ? 2 : 0), hex, &digits);

	if (at(t, p) == '.')
		p = skip_digits(t, p + 1, hex, &digits);
	if ((at(t, p) | 32) == (hex ? 'p' : 'e')) {
		p += at(t, p + 1) == '+' || at(t, p + 1) == '-' ? 2 : 1;
		exponent = false;
		p = skip_digits(t, p, false, &exponent);
	}
	token->kind = TOKEN_NUMBER;
	if (!digits || !exponent || is_letter(at(t, p)) || is_digit(at(t, p)) || at(t, p) == '.') {
		token->kind = TOKEN_ERROR;
		token->error = TOKEN_BAD_NUMBER;
		while (is_letter(at(t, p)) || is_digit(at(t, p)) || at(t, p) == '.')
			p++;
	}
	t->at = p;
}

static void
fail(struct token *token, enum token_error error)
{
	token->kind = TOKEN_ERROR;
	token->error = error;
}

static bool
skip_hex(const struct tokens *t, uint32_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!is_hex(at(t, *p + i)))
			return false;
	*p += n;
	return true;
}

/* \u{XXX}, up to 2^31 */
static bool
skip_unicode(const struct tokens *t, uint32_t *p)
{
	uint32_t from = *p + 1;
	bool any = false;

	if (at(t, *p) != '{')
		return false;
	*p = skip_digits(t, from, true, &any);
	if (!any || *p - from > 8 || (*p - from == 8 && at(t, from) > '7') || at(t, *p) != '}')
		return false;
	++*p;
	return true;
}

static bool
skip_decimal(const struct tokens *t, uint32_t *p)
{
	unsigned value = 0;

	for (int i = 0; i < 3 && is_digit(at(t, *p)); i++, ++*p)
		value = value * 10 + (unsigned)(at(t, *p) - '0');
	return value <= 255;
}

/* *p stands behind a backslash. */
static bool
skip_escape(const struct tokens *t, uint32_t *p)
{
	char c = at(t, *p);

	if (*p >= t->end)
		return false;
	if (is_digit(c))
		return skip_decimal(t, p);
	++*p;
	switch (c) {
	case 'x':
		return skip_hex(t, p, 2);
	case 'u':
		return skip_unicode(t, p);
	case 'z':
		while (*p < t->end && is_space(at(t, *p)))
			++*p;
		return true;
	case '\r':
		if (at(t, *p) == '\n')
			++*p;
		return true;
	default:
		return c && strchr("abfnrtv\\\"'\n", c);
	}
}

static void
scan_string(struct tokens *t, struct token *token)
{
	char quote = at(t, t->at++);

	token->kind = TOKEN_STRING;
	while (t->at < t->end) {
		char c = at(t, t->at++);
		if (c == quote)
			return;
		if (c == '\n' || c == '\r' || (c == '\\' && !skip_escape(t, &t->at)))
			break;
	}
	fail(token, TOKEN_OPEN_STRING);
}

/* [[ or [==[ : the number of bytes, 0 when it is a plain bracket. */
static uint32_t
long_bracket(const struct tokens *t, uint32_t from, char bracket)
{
	uint32_t p = from + 1;

	while (at(t, p) == '=')
		p++;
	return at(t, p) == bracket ? p + 1 - from : 0;
}

static void
scan_long_string(struct tokens *t, struct token *token, uint32_t width)
{
	t->at += width;
	token->kind = TOKEN_STRING;
	for (; t->at < t->end; t->at++)
		if (at(t, t->at) == ']' && long_bracket(t, t->at, ']') == width) {
			t->at += width;
			return;
		}
	fail(token, TOKEN_OPEN_STRING);
}

static void
scan_operator(struct tokens *t, struct token *token)
{
	str rest = str_slice(t->source, t->at, t->end);

	token->kind = TOKEN_OPERATOR;
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (operators[i].ptr[0] == rest.ptr[0] && str_starts(rest, operators[i])) {
			t->at += (uint32_t)operators[i].len;
			return;
		}
	if (rest.ptr[0] == '\0' || !strchr("+-*/%^#&~|<>=(){}[];:,.", rest.ptr[0]))
		fail(token, TOKEN_CHARACTER);
	t->at++;
	if (token->kind == TOKEN_ERROR)   /* a whole character, for the message */
		while (t->at < t->end && (at(t, t->at) & 0xC0) == 0x80)
			t->at++;
}

static void
scan(struct tokens *t, struct token *token)
{
	char c = at(t, t->at), following = at(t, t->at + 1);
	uint32_t width;

	if (is_letter(c))
		scan_name(t, token);
	else if (is_digit(c) || (c == '.' && is_digit(following)))
		scan_number(t, token);
	else if (c == '"' || c == '\'')
		scan_string(t, token);
	else if (c == '-' && following == '-') {
		fail(token, TOKEN_COMMENT);
		t->at += 2;
	} else if (c == '[' && (width = long_bracket(t, t->at, '[')))
		scan_long_string(t, token, width);
	else
		scan_operator(t, token);
}

struct token
token_next(struct tokens *t)
{
	struct token token = { .kind = TOKEN_END };

	token_skip_space(t);
	token.start = t->at;
	if (t->at < t->end)
		scan(t, &token);
	token.end = t->at;
	token.text = str_slice(t->source, token.start, token.end);
	return token;
}

struct token
token_peek(const struct tokens *t)
{
	struct tokens copy = *t;
	return token_next(&copy);
}

bool
token_is(const struct token *t, const char *text)
{
	return (t->kind == TOKEN_KEYWORD || t->kind == TOKEN_OPERATOR || t->kind == TOKEN_NAME) && t->text.ptr[0] == text[0] &&
	    str_equal(t->text, str_from_c(text));
}

bool
token_plain_string(const struct token *t, str *content)
{
	size_t at_escape;

	if (t->kind != TOKEN_STRING || t->text.ptr[0] == '[')
		return false;
	*content = str_slice(t->text, 1, t->text.len - 1);
	return !str_find_byte(*content, '\\', &at_escape);
}
