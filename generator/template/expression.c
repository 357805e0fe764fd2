/* Lua's expressions, by recursive descent: checked to the end, so that none can be closed by a later tag, and written
 * again token by token with the names of the environment as members of __E. */
#include "base/suggest.h"
#include "template/emit.h"

static const struct { const char *text; unsigned char left, right; } binary[] = {
	{ "or", 1, 1 }, { "and", 2, 2 }, { "<", 3, 3 }, { ">", 3, 3 }, { "<=", 3, 3 }, { ">=", 3, 3 }, { "~=", 3, 3 }, { "==", 3, 3 },
	{ "|", 4, 4 }, { "~", 5, 5 }, { "&", 6, 6 }, { "<<", 7, 7 }, { ">>", 7, 7 }, { "..", 9, 8 }, { "+", 10, 10 }, { "-", 10, 10 },
	{ "*", 11, 11 }, { "/", 11, 11 }, { "//", 11, 11 }, { "%", 11, 11 }, { "^", 14, 13 },
};
#define N_BINARY (sizeof binary / sizeof *binary)
#define UNARY_PRIORITY 12

static const struct origin unknown = { NULL, 0 };

static struct span
span_of(const struct expression *x, struct token t)
{
	return compiler_span(x->e->c, t.start, t.end);
}

/* --- errors: the first one of an expression is said, the rest is skipped --- */

void
expression_error(struct expression *x, enum diag_code code, struct token at, str a)
{
	str near = at.kind == TOKEN_END ? S("…") : at.text;

	if (!x->failed)
		diag_add(x->e->c->diag, code, span_of(x, at), a, near);
	x->failed = true;
	x->now = (struct token){ .kind = TOKEN_END, .start = at.start, .end = at.start };
	x->tokens.at = x->tokens.end;
}

static void
token_fault(struct expression *x, struct token t)
{
	static const enum diag_code codes[] = {
		[TOKEN_CHARACTER] = TEMPLATE_LUA_CHARACTER, [TOKEN_COMMENT] = TEMPLATE_LUA_COMMENT, [TOKEN_OPEN_STRING] = TEMPLATE_LUA_STRING,
		[TOKEN_BAD_NUMBER] = TEMPLATE_LUA_NUMBER,
	};
	expression_error(x, codes[t.error], t, t.text);
}

static void
advance(struct expression *x)
{
	x->last = x->now.end;
	x->now = token_next(&x->tokens);
	if (x->now.kind == TOKEN_ERROR)
		token_fault(x, x->now);
}

static bool
is_statement_word(const struct token *t)
{
	static const char *const words[] = { "if", "for", "while", "repeat", "return", "local", "do", "goto", "break", "then", "else", "elseif", "end", "=" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (token_is(t, words[i]))
			return true;
	return false;
}

static void
unexpected(struct expression *x)
{
	if (x->now.kind == TOKEN_END)
		expression_error(x, TEMPLATE_LUA_INCOMPLETE, x->now, STR_NONE);
	else if (!x->functions && is_statement_word(&x->now))
		expression_error(x, TEMPLATE_LUA_STATEMENT, x->now, x->now.text);
	else
		expression_error(x, TEMPLATE_LUA_UNEXPECTED, x->now, x->now.text);
}

bool
expression_enter(struct expression *x)
{
	if (x->depth++ < EXPRESSION_DEPTH_MAX)
		return true;
	expression_error(x, TEMPLATE_LUA_TOO_DEEP, x->now, str_format(x->e->c->tmp, "%d", EXPRESSION_DEPTH_MAX));
	return false;
}

/* --- writing --- */

/* A space where the source has one, and the lines of the source. */
static void
write_before(struct expression *x)
{
	write_sync(x->e, x->now.start);
	if (x->now.start != x->last)
		write_c(x->e, " ");
}

static void
write_token(struct expression *x)
{
	str rest = x->now.text, piece;

	write_before(x);
	while (str_next(&rest, '\r', &piece))   /* Lua reads \r\n as one new line; so must we count */
		write_str(x->e, piece);
}

void
expression_take(struct expression *x)
{
	write_token(x);
	advance(x);
}

bool
expression_accept(struct expression *x, const char *text)
{
	if (!token_is(&x->now, text))
		return false;
	expression_take(x);
	return true;
}

void
expression_expect(struct expression *x, const char *text)
{
	if (x->failed || expression_accept(x, text))
		return;
	expression_error(x, TEMPLATE_LUA_EXPECTED, x->now, str_from_c(text));
}

void
expression_name(struct expression *x)
{
	if (x->now.kind == TOKEN_NAME)
		expression_take(x);
	else
		unexpected(x);
}

/* --- names --- */

static bool
starts_call(const struct token *t)
{
	return token_is(t, "(") || token_is(t, "{") || t->kind == TOKEN_STRING;
}

/* `first.` is read and dropped: what stands for first.member is written by the caller. */
static bool
skip_to_member(struct expression *x, enum diag_code code, str a)
{
	struct token first = x->now;

	write_before(x);
	advance(x);
	if (!token_is(&x->now, ".")) {
		expression_error(x, code, first, a);
		return false;
	}
	advance(x);
	if (x->now.kind == TOKEN_NAME)
		return true;
	unexpected(x);
	return false;
}

static void
take_loop(struct expression *x)
{
	static const str members[] = { S_INIT("index"), S_INIT("first"), S_INIT("last"), S_INIT("length") };
	struct arena *tmp = x->e->c->tmp;
	uint32_t n = x->e->loop;
	str texts[] = {
		str_format(tmp, "__i%u", n), str_format(tmp, "(__i%u==1)", n), str_format(tmp, "(__i%u==__n%u)", n, n), str_format(tmp, "__n%u", n),
	};

	if (!skip_to_member(x, TEMPLATE_LOOP_VALUE, STR_NONE))
		return;
	for (size_t i = 0; i < 4; i++)
		if (str_equal(members[i], x->now.text)) {
			write_str(x->e, texts[i]);
			advance(x);
			return;
		}
	expression_error(x, TEMPLATE_LOOP_MEMBER, x->now, suggest_nearest(x->now.text, members, 4));
}

/* A macro in an expression is a function that returns what it draws. */
static void
take_macro(struct expression *x)
{
	write_before(x);
	write_str(x->e, str_format(x->e->c->tmp, "__macro[__M.%.*s]", STR_ARG(x->now.text)));
	advance(x);
}

static void
take_imported(struct expression *x, uint32_t import)
{
	if (!skip_to_member(x, TEMPLATE_IMPORT_VALUE, x->now.text))
		return;
	names_member(x->e, import, x->now.text, span_of(x, x->now), IMPORTED_TEXT);
	write_str(x->e, str_format(x->e->c->tmp, "__macro[__I%u.%.*s]", import, STR_ARG(x->now.text)));
	advance(x);
}

/* The functions whose result for a string is the same on all pages of a language. */
const char *const fixed_functions[] = { "t", "require", "asset", "asset_texte", "url", "page_existe", NULL };

/* name("string") of one of them: gives the string. */
static bool
is_fixed_call(const struct expression *x, str *argument)
{
	struct tokens ahead = x->tokens;
	struct token open = token_next(&ahead), string = token_next(&ahead), closed = token_next(&ahead);
	const char *const *f = fixed_functions;

	while (*f && !token_is(&x->now, *f))
		f++;
	return *f && !x->statement && token_is(&open, "(") && token_plain_string(&string, argument) && token_is(&closed, ")");
}

/* What stands for a module before .member: nothing can be assigned there, so that it need not be the frozen one. */
static void
write_module(struct expression *x, str module)
{
	write_c(x->e, "__of_module[");
	write_quoted(x->e, module);
	write_c(x->e, "]");
}

/* require("module").member */
static bool
is_fixed_member(const struct expression *x)
{
	struct tokens ahead = x->tokens;
	struct token t = x->now;

	for (int i = 0; i < 4; i++)
		t = token_next(&ahead);
	return token_is(&x->now, "require") && !x->functions && token_is(&t, ".");
}

static void
take_fixed_call(struct expression *x, str argument)
{
	write_before(x);
	if (is_fixed_member(x))
		write_module(x, argument);
	else {
		write_c(x->e, "__of_");
		write_str(x->e, x->now.text);
		write_c(x->e, "[");
		write_quoted(x->e, argument);
		write_c(x->e, "]");
	}
	for (int i = 0; i < 4; i++)
		advance(x);
}

static void
take_free(struct expression *x, struct operand *o)
{
	struct token t = x->now;
	str argument;

	if (str_equal(t.text, S("super")) || str_equal(t.text, S("loop"))) {
		expression_error(x, str_equal(t.text, S("loop")) ? TEMPLATE_LOOP_PLACE : TEMPLATE_SUPER_PLACE, t, STR_NONE);
		return;
	}
	o->origin = origin_step(x->e, unknown, t.text);
	if (is_fixed_call(x, &argument)) {
		origin_record(x->e, o->origin, span_of(x, t), true);
		take_fixed_call(x, argument);
		*o = (struct operand){ .origin = unknown, .called = true };
		return;
	}
	o->free = o->assignable = true;
	write_before(x);
	write_c(x->e, "__E.");
	write_str(x->e, t.text);
	advance(x);
	origin_record(x->e, o->origin, span_of(x, t), starts_call(&x->now));
}

static void
take_local(struct expression *x, str module)
{
	struct token after = token_peek(&x->tokens);

	if (!module.ptr || x->functions || !token_is(&after, ".")) {
		expression_take(x);
		return;
	}
	write_before(x);
	write_module(x, module);
	advance(x);
}

static struct operand
take_name(struct expression *x)
{
	struct name name = names_find(x->e, x->now.text);
	struct operand o = { .origin = name.origin };

	switch (name.kind) {
	case NAME_LOCAL:
		o.assignable = true;
		take_local(x, name.module);
		break;
	case NAME_LOOP:
		take_loop(x);
		break;
	case NAME_MACRO:
		take_macro(x);
		break;
	case NAME_IMPORT:
		take_imported(x, name.import);
		break;
	case NAME_FREE:
		take_free(x, &o);
	}
	return o;
}

/* --- operands --- */

static struct operand
primary(struct expression *x)
{
	struct operand o = { .origin = unknown };

	if (x->now.kind == TOKEN_NAME)
		return take_name(x);
	if (!expression_accept(x, "(")) {
		unexpected(x);
		return o;
	}
	o.origin = expression_any(x);
	expression_expect(x, ")");
	return o;
}

static void
table_field(struct expression *x)
{
	struct token following = token_peek(&x->tokens);

	if (expression_accept(x, "[")) {
		expression_any(x);
		expression_expect(x, "]");
		expression_expect(x, "=");
	} else if (x->now.kind == TOKEN_NAME && token_is(&following, "=")) {
		expression_take(x);
		expression_take(x);
	}
	expression_any(x);
}

static void
table(struct expression *x)
{
	expression_expect(x, "{");
	while (!x->failed && !token_is(&x->now, "}")) {
		table_field(x);
		if (!expression_accept(x, ",") && !expression_accept(x, ";"))
			break;
	}
	expression_expect(x, "}");
}

/* Returns where the first argument between parentheses comes from. */
static struct origin
arguments(struct expression *x)
{
	struct origin first = unknown;

	if (x->now.kind == TOKEN_STRING)
		expression_take(x);
	else if (token_is(&x->now, "{"))
		table(x);
	else {
		expression_expect(x, "(");
		if (!token_is(&x->now, ")"))
			expression_list(x, &first);
		expression_expect(x, ")");
	}
	return first;
}

/* ipairs(l) goes through the elements of l, as l itself does. */
static void
call(struct expression *x, struct operand *o)
{
	bool same = o->free && o->origin.n == 1 && str_equal(o->origin.steps[0], S("ipairs"));
	struct origin first;

	x->element = unknown;
	first = arguments(x);
	*o = (struct operand){ .called = true, .origin = same ? first : unknown };
}

static void
member(struct expression *x, struct operand *o)
{
	struct token t;

	expression_take(x);
	t = x->now;
	expression_name(x);
	o->origin = o->origin.n && !x->failed ? origin_step(x->e, o->origin, t.text) : unknown;
	o->assignable = true;
	origin_record(x->e, o->origin, span_of(x, t), starts_call(&x->now));
}

static void
subscript(struct expression *x, struct operand *o)
{
	struct token t, after;
	str key = S("[]");

	expression_take(x);
	t = x->now;
	after = token_peek(&x->tokens);
	if (!token_is(&after, "]") || !token_plain_string(&t, &key))
		key = S("[]");
	expression_any(x);
	expression_expect(x, "]");
	o->origin = o->origin.n && !x->failed ? origin_step(x->e, o->origin, key) : unknown;
	o->assignable = true;
	origin_record(x->e, o->origin, span_of(x, t), starts_call(&x->now));
}

static struct origin
after_method(struct expression *x, struct origin from, str method)
{
	if (!from.n)
		return unknown;
	if (origin_kept_by(method))
		return from;
	return str_equal(method, S("first")) || str_equal(method, S("last")) ? origin_step(x->e, from, S("[]")) : unknown;
}

static void
method(struct expression *x, struct operand *o)
{
	struct token t;

	expression_take(x);
	t = x->now;
	expression_name(x);
	if (!x->failed && !starts_call(&x->now))
		unexpected(x);
	if (x->failed)
		return;
	if (o->origin.n)
		origin_record(x->e, origin_step(x->e, o->origin, t.text), span_of(x, t), true);
	x->element = o->origin.n && origin_visits(t.text) ? origin_step(x->e, o->origin, S("[]")) : unknown;
	arguments(x);
	x->element = unknown;
	o->origin = after_method(x, o->origin, t.text);
	o->called = true;
	o->assignable = false;
}

struct operand
expression_suffixed(struct expression *x)
{
	struct operand o = primary(x);

	x->statement = false;
	while (!x->failed) {
		if (token_is(&x->now, "."))
			member(x, &o);
		else if (token_is(&x->now, "["))
			subscript(x, &o);
		else if (token_is(&x->now, ":"))
			method(x, &o);
		else if (starts_call(&x->now)) {
			call(x, &o);
			continue;
		} else
			break;
		o.free = false;
		o.called = o.called && !o.assignable;
	}
	return o;
}

static struct origin
simple(struct expression *x)
{
	static const char *const words[] = { "nil", "true", "false" };

	if (!token_is(&x->now, "function"))
		x->element = unknown;
	if (x->now.kind == TOKEN_NUMBER || x->now.kind == TOKEN_STRING) {
		expression_take(x);
		return unknown;
	}
	for (size_t i = 0; i < 3; i++)
		if (expression_accept(x, words[i]))
			return unknown;
	if (token_is(&x->now, "...")) {
		if (!x->varargs)
			expression_error(x, TEMPLATE_LUA_VARARGS, x->now, STR_NONE);
		expression_accept(x, "...");
	} else if (token_is(&x->now, "{"))
		table(x);
	else if (expression_accept(x, "function"))
		statement_function(x);
	else
		return expression_suffixed(x).origin;
	return unknown;
}

/* --- operators --- */

static bool
is_unary(const struct token *t)
{
	return token_is(t, "not") || token_is(t, "-") || token_is(t, "#") || token_is(t, "~");
}

static size_t
binary_of(const struct token *t)
{
	size_t i = t->kind == TOKEN_OPERATOR || t->kind == TOKEN_KEYWORD ? 0 : N_BINARY;

	while (i < N_BINARY && !token_is(t, binary[i].text))
		i++;
	return i;
}

static struct origin
operation(struct expression *x, unsigned limit)
{
	struct origin origin = unknown;
	size_t i;

	if (!expression_enter(x))
		return unknown;
	if (is_unary(&x->now)) {
		expression_take(x);
		operation(x, UNARY_PRIORITY);
	} else
		origin = simple(x);
	while (!x->failed && (i = binary_of(&x->now)) < N_BINARY && binary[i].left > limit) {
		x->element = unknown;
		expression_take(x);
		operation(x, binary[i].right);
		origin = unknown;
	}
	x->depth--;
	return origin;
}

struct origin
expression_any(struct expression *x)
{
	return operation(x, 0);
}

uint32_t
expression_list(struct expression *x, struct origin *first)
{
	uint32_t n = 0;

	do {
		struct origin origin = expression_any(x);
		if (n++ == 0 && first)
			*first = origin;
	} while (!x->failed && expression_accept(x, ","));
	return n;
}

bool
expression_emit(struct emitter *e, struct range r, enum expression_form form, struct origin *origin, uint32_t *n)
{
	struct expression x = { .e = e, .tokens = { e->c->source, r.start, r.end }, .last = r.start };

	*origin = unknown;
	*n = 0;
	advance(&x);
	x.last = x.now.start;
	if (form == EXPRESSION_ONE)
		*origin = expression_any(&x);
	else if (x.now.kind != TOKEN_END)
		*n = expression_list(&x, origin);
	if (!x.failed && x.now.kind != TOKEN_END)
		unexpected(&x);
	return !x.failed;
}

bool
expression_is_module(const struct emitter *e, struct range r, str *module)
{
	struct tokens tokens = { e->c->source, r.start, r.end };
	struct token name = token_next(&tokens), open = token_next(&tokens), string = token_next(&tokens), closed = token_next(&tokens);

	return token_is(&name, "require") && token_is(&open, "(") && token_plain_string(&string, module) && token_is(&closed, ")") &&
	    token_next(&tokens).kind == TOKEN_END && names_find(e, name.text).kind == NAME_FREE;
}

bool
expression_is_table(const struct emitter *e, struct range r)
{
	struct tokens tokens = { e->c->source, r.start, r.end };
	struct token t = token_next(&tokens);
	unsigned depth = 0;

	if (!token_is(&t, "{"))
		return false;
	for (; t.kind != TOKEN_END && t.kind != TOKEN_ERROR; t = token_next(&tokens)) {
		depth += token_is(&t, "{");
		if (token_is(&t, "}") && --depth == 0)
			break;
	}
	t = token_next(&tokens);
	return t.kind == TOKEN_END;
}
