/* libyaml's problems in the words of an editor. Its own words are those of the C library's source (scanner.c, parser.c). */
#include "document/yaml.h"

#include "base/utf8.h"

#define SHOWN 60                /* characters of a value repeated in a remedy */

/* The line around `at`, without its end. */
static str
line_around(str bytes, uint32_t at, uint32_t *start)
{
	size_t from = at < bytes.len ? at : bytes.len, to = from;

	while (from && bytes.ptr[from - 1] != '\n')
		from--;
	while (to < bytes.len && bytes.ptr[to] != '\n' && bytes.ptr[to] != '\r')
		to++;
	*start = (uint32_t)from;
	return str_slice(bytes, from, to);
}

/* The last line with text at or before `at`. */
static str
line_with_text(str bytes, uint32_t at, uint32_t *start)
{
	str line = line_around(bytes, at, start);

	while (str_trim(line).len == 0 && *start > 0)
		line = line_around(bytes, *start - 1, start);
	return line;
}

static bool
is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* The key and the colon of a line `  - key: value`; *colon is the offset of ':' in the line. */
static bool
split_key(str line, str *key, size_t *colon)
{
	size_t from = 0, to;

	while (from < line.len && (line.ptr[from] == ' ' || (line.ptr[from] == '-' && from + 1 < line.len && line.ptr[from + 1] == ' ')))
		from++;
	for (to = from; to < line.len && is_key_byte(line.ptr[to]); to++)
		;
	if (to == from || to == line.len || line.ptr[to] != ':')
		return false;
	*key = str_slice(line, from, to);
	*colon = to;
	return true;
}

static struct span
span_at(const struct yaml_text *text, uint32_t from, uint32_t to)
{
	return (struct span){ text->file, text->start + from, text->start + to };
}

static uint32_t
next_character(const struct yaml_text *text, uint32_t at)
{
	size_t end = at;

	if (at < text->bytes.len && text->bytes.ptr[at] != '\n')
		utf8_next(text->bytes, &end);
	return (uint32_t)end;
}

/* The value as it should be written: in double quotes, shortened when long. Empty when it holds quotes itself. */
static str
quoted(str value, struct arena *tmp)
{
	size_t at;
	str start;

	value = str_trim(value);
	if (value.len > 6 && str_starts(value, S("“")) && str_ends(value, S("”")))
		value = str_slice(value, 3, value.len - 3);
	if (value.len == 0 || str_find_byte(value, '"', &at) || str_find_byte(value, '\\', &at))
		return STR_NONE;
	start = utf8_prefix(value, SHOWN);
	return str_cat(tmp, S("\""), start, start.len < value.len ? S("…") : STR_NONE, S("\""));
}

bool
yaml_explain_missing_space(const struct yaml_text *text, uint32_t at, struct arena *tmp, struct diag *diag)
{
	uint32_t start;
	str line = line_with_text(text->bytes, at, &start), key, value;
	size_t colon;

	if (!split_key(line, &key, &colon))
		return false;
	value = str_slice(line, colon + 1, line.len);
	if (value.len == 0 || value.ptr[0] == ' ' || str_starts(value, S("//")))
		return false;
	value = utf8_prefix(value, SHOWN);
	diag_add(diag, YAML_COLON_SPACE, span_at(text, start + (uint32_t)colon, start + (uint32_t)colon + 1), key, str_cat(tmp, key, S(": "), value));
	return true;
}

/* A line that is not understood; its value in quotes is the likeliest remedy. */
static void
explain_line(const struct yaml_text *text, uint32_t at, struct arena *tmp, struct diag *diag)
{
	uint32_t start;
	str line = line_around(text->bytes, at, &start), key, advice = STR_NONE;
	size_t colon;

	if (split_key(line, &key, &colon))
		advice = quoted(str_slice(line, colon + 1, line.len), tmp);
	if (advice.len)
		advice = str_cat(tmp, key, S(": "), advice);
	diag_add(diag, YAML_SYNTAX, span_at(text, at, next_character(text, at)), advice);
}

/* "mapping values are not allowed": a ": " where none may be. */
static void
explain_colon(const struct yaml_text *text, uint32_t at, struct arena *tmp, struct diag *diag)
{
	uint32_t start;
	str line = line_around(text->bytes, at, &start), key, advice;
	size_t colon;

	if (split_key(line, &key, &colon) && start + colon < at) {
		advice = quoted(str_slice(line, colon + 1, line.len), tmp);
		if (advice.len)
			advice = str_cat(tmp, key, S(": "), advice);
		diag_add(diag, YAML_COLON, span_at(text, at, at + 1), key, advice);
		return;
	}
	if (start && yaml_explain_missing_space(text, start - 1, tmp, diag))
		return;
	diag_add(diag, YAML_INDENT, span_at(text, start, at), STR_NONE);
}

/* Text after a closed quote, as in 'L'offre' or "dit "oui"". */
static bool
explain_inner_quote(const struct yaml_text *text, uint32_t at, struct diag *diag)
{
	char before = at ? text->bytes.ptr[at - 1] : 0;

	if (before != '\'' && before != '"')
		return false;
	diag_add(diag, YAML_QUOTE_INSIDE, span_at(text, at - 1, at), (str){ &before, 1 }, before == '\'' ? S("\"…\"") : S("'…'"));
	return true;
}

/* "did not find expected key" and the like: the block's lines do not stand where they should. */
static void
explain_block(const struct yaml_text *text, uint32_t at, struct arena *tmp, struct diag *diag)
{
	uint32_t start;
	str line = line_around(text->bytes, at, &start);
	size_t back = at;

	while (back > start && text->bytes.ptr[back - 1] == ' ')
		back--;
	if (explain_inner_quote(text, (uint32_t)back, diag))
		return;
	if (at < text->bytes.len && text->bytes.ptr[at] == ':') {
		diag_emit(diag, YAML_KEY, span_at(text, at, at + 1), NULL, 0);
		return;
	}
	if (str_trim(str_slice(line, 0, at - start)).len == 0) {
		if (start && yaml_explain_missing_space(text, start - 1, tmp, diag))
			return;
		diag_add(diag, YAML_INDENT, span_at(text, start, at > start ? at : next_character(text, at)), STR_NONE);
		return;
	}
	explain_line(text, at, tmp, diag);
}

/* A key without colon: "could not find expected ':'". The key starts at context_at. */
static void
explain_key(const struct yaml_text *text, const struct yaml_problem *p, struct arena *tmp, struct diag *diag)
{
	uint32_t start;
	str line = line_around(text->bytes, p->context_at, &start);

	if (yaml_explain_missing_space(text, p->context_at, tmp, diag))
		return;
	if (str_starts(str_trim(line), S("-")) && !str_starts(str_trim(line), S("--"))) {
		str item = utf8_prefix(str_slice(str_trim(line), 1, line.len), SHOWN);
		diag_add(diag, YAML_DASH, span_at(text, p->context_at, p->context_at + 1), str_cat(tmp, S("- "), item));
		return;
	}
	diag_add(diag, YAML_NO_COLON, span_at(text, p->context_at, start + (uint32_t)line.len), utf8_prefix(str_trim(line), SHOWN));
}

/* A character that cannot start a value: a tab, or @ ` % and such. */
static void
explain_character(const struct yaml_text *text, uint32_t at, struct arena *tmp, struct diag *diag)
{
	uint32_t start, end = next_character(text, at);
	str line = line_around(text->bytes, at, &start);
	struct span span = span_at(text, at, end);

	if (at < text->bytes.len && text->bytes.ptr[at] == '\t') {
		diag_emit(diag, YAML_TAB, span, NULL, 0);
		return;
	}
	diag_add(diag, YAML_START, span, str_slice(text->bytes, at, end), quoted(str_slice(line, at - start, line.len), tmp));
}

static void
explain_flow(const struct yaml_text *text, const struct yaml_problem *p, struct diag *diag)
{
	uint32_t at = p->context_at < text->bytes.len ? p->context_at : p->at;
	bool list = at < text->bytes.len && text->bytes.ptr[at] == '[';

	diag_add(diag, YAML_BRACKET, span_at(text, at, next_character(text, at)), list ? S("[") : S("{"), list ? S("]") : S("}"));
}

static bool
says(str text, const char *words)
{
	size_t at;
	return str_find(text, str_from_c(words), &at);
}

void
yaml_explain(const struct yaml_text *text, const struct yaml_problem *p, struct arena *tmp, struct diag *diag)
{
	struct span here = span_at(text, p->at, next_character(text, p->at));
	uint32_t opening = p->context_at;

	if (says(p->what, "tab character"))
		diag_emit(diag, YAML_TAB, here, NULL, 0);
	else if (says(p->what, "mapping values are not allowed"))
		explain_colon(text, p->at, tmp, diag);
	else if (says(p->context, "quoted scalar") && says(p->what, "escape"))
		diag_emit(diag, YAML_ESCAPE, here, NULL, 0);
	else if (says(p->context, "quoted scalar"))
		diag_add(diag, YAML_QUOTE_OPEN, span_at(text, opening, next_character(text, opening)), str_slice(text->bytes, opening, opening + 1));
	else if (says(p->what, "could not find expected ':'"))
		explain_key(text, p, tmp, diag);
	else if (says(p->context, "flow"))
		explain_flow(text, p, diag);
	else if (says(p->what, "cannot start any token"))
		explain_character(text, p->at, tmp, diag);
	else if (says(p->context, "directive"))
		explain_character(text, opening, tmp, diag);
	else if (says(p->context, "block mapping") || says(p->context, "block collection") || says(p->what, "not allowed in this context"))
		explain_block(text, p->at, tmp, diag);
	else
		explain_line(text, p->at, tmp, diag);
}
