/* The statements of Lua, as they stand in the bodies of functions that expressions hold: f(function(x) … end). */
#include "template/emit.h"

static const struct origin unknown = { NULL, 0 };

static void block(struct expression *x);
static void statements(struct expression *x);

static void
declare(struct expression *x, str name)
{
	names_push(x->e, name, unknown);
	if (x->e->locals.len - x->first_local > LOCALS_MAX)
		expression_error(x, TEMPLATE_TOO_MANY_LOCALS, x->now, str_format(x->e->c->tmp, "%d", LOCALS_MAX));
}

static bool
take_declared(struct expression *x, str *name)
{
	struct token t = x->now;

	expression_name(x);
	*name = t.text;
	if (!x->failed && (str_starts(t.text, S("__")) || str_equal(t.text, S("_ENV"))))
		expression_error(x, TEMPLATE_RESERVED_NAME, t, t.text);
	return !x->failed;
}

static void
parameters(struct expression *x)
{
	struct origin element = x->element;
	str name;

	x->element = unknown;
	expression_expect(x, "(");
	while (!x->failed && !token_is(&x->now, ")")) {
		if (expression_accept(x, "...")) {
			x->varargs = true;
			break;
		}
		if (take_declared(x, &name)) {
			declare(x, name);
			x->e->locals.ptr[x->e->locals.len - 1].origin = element;
		}
		element = unknown;
		if (!expression_accept(x, ","))
			break;
	}
	expression_expect(x, ")");
}

void
statement_function(struct expression *x)
{
	size_t locals = x->e->locals.len, first_local = x->first_local;
	unsigned loops = x->loops;
	bool varargs = x->varargs;

	x->varargs = false;
	x->loops = 0;
	x->first_local = locals;
	x->functions++;
	parameters(x);
	block(x);
	expression_expect(x, "end");
	x->functions--;
	x->loops = loops;
	x->first_local = first_local;
	x->varargs = varargs;
	x->e->locals.len = locals;
}

static bool
ends_block(const struct expression *x)
{
	return x->now.kind == TOKEN_END || token_is(&x->now, "end") || token_is(&x->now, "else") || token_is(&x->now, "elseif") || token_is(&x->now, "until");
}

static void
if_statement(struct expression *x)
{
	do {
		expression_any(x);
		expression_expect(x, "then");
		block(x);
	} while (expression_accept(x, "elseif"));
	if (expression_accept(x, "else"))
		block(x);
	expression_expect(x, "end");
}

static void
do_block(struct expression *x)
{
	expression_expect(x, "do");
	block(x);
	expression_expect(x, "end");
}

static void
loop_body(struct expression *x)
{
	x->loops++;
	do_block(x);
	x->loops--;
}

static void
for_statement(struct expression *x)
{
	size_t locals = x->e->locals.len;
	str names[16];
	size_t n = 0;

	do
		if (!take_declared(x, &names[n++]))
			return;
	while (n < 16 && expression_accept(x, ","));
	if (n != 1 || !expression_accept(x, "="))
		expression_expect(x, "in");
	expression_list(x, NULL);
	for (size_t i = 0; i < n; i++)
		declare(x, names[i]);
	loop_body(x);
	x->e->locals.len = locals;
}

/* `until` sees the locals of the block. */
static void
repeat_statement(struct expression *x)
{
	size_t locals = x->e->locals.len;

	x->loops++;
	statements(x);
	x->loops--;
	expression_expect(x, "until");
	expression_any(x);
	x->e->locals.len = locals;
}

static void
attribute(struct expression *x)
{
	if (!expression_accept(x, "<"))
		return;
	if (!token_is(&x->now, "const") && !token_is(&x->now, "close"))
		expression_error(x, TEMPLATE_LUA_UNEXPECTED, x->now, x->now.text);
	expression_name(x);
	expression_expect(x, ">");
}

static void
local_function(struct expression *x)
{
	str name;

	if (!take_declared(x, &name))
		return;
	declare(x, name);
	statement_function(x);
}

static void
local_statement(struct expression *x)
{
	str names[16];
	size_t n = 0;

	if (expression_accept(x, "function")) {
		local_function(x);
		return;
	}
	do {
		if (!take_declared(x, &names[n++]))
			return;
		attribute(x);
	} while (n < 16 && expression_accept(x, ","));
	if (expression_accept(x, "="))
		expression_list(x, NULL);
	for (size_t i = 0; i < n; i++)
		declare(x, names[i]);
}

static void
check_target(struct expression *x, struct operand target, struct token at)
{
	if (target.free)
		expression_error(x, TEMPLATE_LUA_GLOBAL, at, at.text);
	else if (!target.assignable)
		expression_error(x, TEMPLATE_LUA_UNEXPECTED, x->now, x->now.text);
}

static void
call_or_assignment(struct expression *x)
{
	struct token at = x->now;
	struct operand target;

	x->statement = true;
	target = expression_suffixed(x);
	if (x->failed || (target.called && !token_is(&x->now, "=") && !token_is(&x->now, ",")))
		return;
	check_target(x, target, at);
	while (!x->failed && expression_accept(x, ",")) {
		at = x->now;
		target = expression_suffixed(x);
		if (!x->failed)
			check_target(x, target, at);
	}
	expression_expect(x, "=");
	expression_list(x, NULL);
}

static void
return_statement(struct expression *x)
{
	if (!ends_block(x) && !token_is(&x->now, ";"))
		expression_list(x, NULL);
	expression_accept(x, ";");
	if (!x->failed && !ends_block(x))
		expression_error(x, TEMPLATE_LUA_UNEXPECTED, x->now, x->now.text);
}

static void
while_statement(struct expression *x)
{
	expression_any(x);
	loop_body(x);
}

static void
statement(struct expression *x)
{
	if (expression_accept(x, ";"))
		return;
	if (expression_accept(x, "if"))
		if_statement(x);
	else if (expression_accept(x, "while"))
		while_statement(x);
	else if (token_is(&x->now, "do"))
		do_block(x);
	else if (expression_accept(x, "for"))
		for_statement(x);
	else if (expression_accept(x, "repeat"))
		repeat_statement(x);
	else if (expression_accept(x, "local"))
		local_statement(x);
	else if (expression_accept(x, "return"))
		return_statement(x);
	else if (x->loops && expression_accept(x, "break"))
		return;
	else
		call_or_assignment(x);
}

static void
statements(struct expression *x)
{
	if (!expression_enter(x))
		return;
	while (!x->failed && !ends_block(x))
		statement(x);
	x->depth--;
}

static void
block(struct expression *x)
{
	size_t locals = x->e->locals.len;

	statements(x);
	x->e->locals.len = locals;
}
