#include "model/pattern.h"

#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"

#define MAX_CODE 2000           /* instructions of a pattern, repetitions written out */
#define MAX_REPEAT 255
#define MAX_DEPTH 32
#define NO_LIMIT UINT32_MAX

/* Targets of jumps are relative, so that code can be moved and copied. */
enum op { OP_CHAR, OP_ANY, OP_CLASS, OP_SPLIT, OP_JUMP, OP_MATCH };
struct inst {
	enum op op;
	uint32_t c;                  /* OP_CHAR; OP_CLASS: 1 when negated */
	int32_t a, b;                /* OP_SPLIT, OP_JUMP: targets; OP_CLASS: first range, how many */
};
struct range { uint32_t from, to; };
struct pattern {
	struct inst *code;
	struct range *ranges;
	uint32_t len;
};

struct compiler {
	str text;
	size_t at;
	struct arena *out;
	VEC(struct inst) code;
	VEC(struct range) ranges;
	struct phrase why;
	bool failed;
	int depth;
};

static void
fail(struct compiler *c, struct phrase why)
{
	if (!c->failed)
		c->why = why;
	c->failed = true;
}

static bool
at_end(const struct compiler *c)
{
	return c->failed || c->at >= c->text.len;
}

static char
peek(const struct compiler *c)
{
	return at_end(c) ? '\0' : c->text.ptr[c->at];
}

static bool
take(struct compiler *c, char wanted)
{
	if (at_end(c) || c->text.ptr[c->at] != wanted)
		return false;
	c->at++;
	return true;
}

static void
emit(struct compiler *c, struct inst i)
{
	if (c->code.len >= MAX_CODE)
		fail(c, PHRASE("le motif est trop long", "the pattern is too long"));
	else
		*vec_push(c->out, &c->code) = i;
}

/* Puts an instruction before code that is already there. */
static void
insert(struct compiler *c, size_t where, struct inst i)
{
	emit(c, i);
	if (c->failed)
		return;
	memmove(c->code.ptr + where + 1, c->code.ptr + where, (c->code.len - 1 - where) * sizeof i);
	c->code.ptr[where] = i;
}

static void
repeat_code(struct compiler *c, const struct inst *code, size_t len)
{
	for (size_t i = 0; i < len; i++)
		emit(c, code[i]);
}

static void
add_range(struct compiler *c, uint32_t from, uint32_t to)
{
	*vec_push(c->out, &c->ranges) = (struct range){ from, to };
}

/* A character after a backslash; true when it is the class \d, whose range is then added. */
static bool
escaped(struct compiler *c, uint32_t *character)
{
	char e = peek(c);

	c->at++;
	*character = (uint32_t)(unsigned char)e;
	if (e == 'd')
		return true;
	if ((e >= 'a' && e <= 'z') || (e >= 'A' && e <= 'Z') || (e >= '0' && e <= '9') || (unsigned char)e >= 0x80 || !e)
		fail(c, PHRASE("après « \\ », seuls un signe ou d (un chiffre) sont compris", "after '\\', only punctuation or d (a digit) is understood"));
	return false;
}

/* One character of a class, read raw or escaped; `digits` when it was \d. */
static uint32_t
class_character(struct compiler *c, bool *digits)
{
	uint32_t character;

	*digits = false;
	if (take(c, '\\')) {
		*digits = escaped(c, &character);
		return character;
	}
	return utf8_next(c->text, &c->at);
}

static void
class_item(struct compiler *c)
{
	bool digits, ignored;
	uint32_t from = class_character(c, &digits), to = from;

	if (digits) {
		add_range(c, '0', '9');
		return;
	}
	if (peek(c) == '-' && c->at + 1 < c->text.len && c->text.ptr[c->at + 1] != ']') {
		c->at++;
		to = class_character(c, &ignored);
	}
	if (to < from)
		fail(c, PHRASE("l'intervalle est à l'envers", "the range is the wrong way round"));
	add_range(c, from, to);
}

static void
class(struct compiler *c)
{
	size_t first = c->ranges.len;
	bool negated = take(c, '^');

	do
		class_item(c);
	while (!at_end(c) && peek(c) != ']');
	if (!take(c, ']'))
		fail(c, PHRASE("il manque un « ] »", "a ']' is missing"));
	emit(c, (struct inst){ OP_CLASS, negated, (int32_t)first, (int32_t)(c->ranges.len - first) });
}

static void alternatives(struct compiler *c);

static void
group(struct compiler *c)
{
	if (++c->depth > MAX_DEPTH)
		fail(c, PHRASE("les parenthèses sont trop imbriquées", "the groups are nested too deep"));
	else
		alternatives(c);
	c->depth--;
	if (!take(c, ')'))
		fail(c, PHRASE("il manque un « ) »", "a ')' is missing"));
}

static void
escape(struct compiler *c)
{
	uint32_t character;

	if (escaped(c, &character)) {
		emit(c, (struct inst){ OP_CLASS, 0, (int32_t)c->ranges.len, 1 });
		add_range(c, '0', '9');
	} else
		emit(c, (struct inst){ OP_CHAR, character, 0, 0 });
}

static void
atom(struct compiler *c)
{
	if (take(c, '('))
		group(c);
	else if (take(c, '['))
		class(c);
	else if (take(c, '.'))
		emit(c, (struct inst){ OP_ANY, 0, 0, 0 });
	else if (take(c, '\\'))
		escape(c);
	else if (memchr("*+?{", peek(c), 4))
		fail(c, PHRASE("rien à répéter ici", "nothing to repeat here"));
	else if (memchr("^$", peek(c), 2))
		fail(c, PHRASE("« ^ » n'a de sens qu'au début et « $ » qu'à la fin", "'^' only makes sense at the start and '$' at the end"));
	else
		emit(c, (struct inst){ OP_CHAR, utf8_next(c->text, &c->at), 0, 0 });
}

static void
optional(struct compiler *c, size_t start)
{
	insert(c, start, (struct inst){ OP_SPLIT, 0, 1, (int32_t)(c->code.len - start) + 1 });
}

static void
star(struct compiler *c, size_t start)
{
	int32_t len = (int32_t)(c->code.len - start);

	insert(c, start, (struct inst){ OP_SPLIT, 0, 1, len + 2 });
	emit(c, (struct inst){ OP_JUMP, 0, -(len + 1), 0 });
}

static bool
count(struct compiler *c, uint32_t *n)
{
	size_t from = c->at;

	*n = 0;
	while (peek(c) >= '0' && peek(c) <= '9' && *n <= MAX_REPEAT)
		*n = *n * 10 + (uint32_t)(c->text.ptr[c->at++] - '0');
	if (*n > MAX_REPEAT)
		fail(c, PHRASE("une répétition compte 255 fois au plus", "a repetition counts at most 255 times"));
	return c->at > from;
}

/* {m}, {m,} and {m,n}: written out as so many copies. */
static void
counted(struct compiler *c, size_t start)
{
	uint32_t from, to;
	size_t len = c->code.len - start;
	struct inst *copy = arena_array(c->out, struct inst, len + 1);

	if (!count(c, &from))
		fail(c, PHRASE("« { » attend un nombre", "'{' needs a number"));
	to = from;
	if (take(c, ',') && !count(c, &to))
		to = NO_LIMIT;
	if (!take(c, '}') || to < from)
		fail(c, PHRASE("la répétition s'écrit {2}, {2,} ou {2,5}", "a repetition is written {2}, {2,} or {2,5}"));
	if (c->failed)
		return;
	memcpy(copy, c->code.ptr + start, len * sizeof *copy);
	c->code.len = start;
	for (uint32_t i = 0; i < from && !c->failed; i++)
		repeat_code(c, copy, len);
	for (uint32_t i = from; i < to && to != NO_LIMIT && !c->failed; i++) {
		size_t at = c->code.len;
		repeat_code(c, copy, len);
		optional(c, at);
	}
	if (to == NO_LIMIT) {
		size_t at = c->code.len;
		repeat_code(c, copy, len);
		star(c, at);
	}
}

static void
piece(struct compiler *c)
{
	size_t start = c->code.len;

	atom(c);
	if (take(c, '*'))
		star(c, start);
	else if (take(c, '+'))
		emit(c, (struct inst){ OP_SPLIT, 0, -(int32_t)(c->code.len - start), 1 });
	else if (take(c, '?'))
		optional(c, start);
	else if (take(c, '{'))
		counted(c, start);
}

static bool
at_final_dollar(const struct compiler *c)
{
	return peek(c) == '$' && c->at + 1 == c->text.len;
}

static void
sequence(struct compiler *c)
{
	while (!at_end(c) && peek(c) != '|' && peek(c) != ')' && !at_final_dollar(c))
		piece(c);
}

static void
alternatives(struct compiler *c)
{
	size_t start = c->code.len, jump;

	sequence(c);
	if (!take(c, '|'))
		return;
	insert(c, start, (struct inst){ OP_SPLIT, 0, 1, (int32_t)(c->code.len - start) + 2 });
	jump = c->code.len;
	emit(c, (struct inst){ OP_JUMP, 0, 0, 0 });
	alternatives(c);
	if (!c->failed)
		c->code.ptr[jump].a = (int32_t)(c->code.len - jump);
}

struct pattern *
pattern_compile(str text, struct arena *out, struct phrase *why, size_t *at)
{
	struct compiler c = { .text = text, .out = out };
	struct pattern *p = arena_new(out, struct pattern);

	take(&c, '^');
	alternatives(&c);
	if (at_final_dollar(&c))
		c.at++;
	if (!at_end(&c))
		fail(&c, PHRASE("« ) » sans « ( »", "')' without '('"));
	emit(&c, (struct inst){ OP_MATCH, 0, 0, 0 });
	if (c.failed) {
		*why = c.why;
		*at = c.at;
		return NULL;
	}
	*p = (struct pattern){ c.code.ptr, c.ranges.ptr, (uint32_t)c.code.len };
	return p;
}

/* The states that are alive, each once. */
struct states {
	uint16_t list[MAX_CODE];
	uint32_t len;
};

/* Adds a state and all that are reached from it without reading; `seen` holds the step at which each was added. */
static void
add_state(const struct pattern *p, struct states *s, uint32_t *seen, uint32_t step, uint32_t state)
{
	uint16_t stack[MAX_CODE + 1];
	uint32_t top = 0;

	stack[top++] = (uint16_t)state;
	while (top) {
		uint32_t at = stack[--top];
		const struct inst *i = &p->code[at];
		if (seen[at] == step)
			continue;
		seen[at] = step;
		if (i->op != OP_SPLIT && i->op != OP_JUMP) {
			s->list[s->len++] = (uint16_t)at;
			continue;
		}
		stack[top++] = (uint16_t)((int32_t)at + i->a);
		if (i->op == OP_SPLIT)
			stack[top++] = (uint16_t)((int32_t)at + i->b);
	}
}

static bool
accepts(const struct pattern *p, const struct inst *i, uint32_t character)
{
	bool inside = false;

	if (i->op == OP_CHAR)
		return i->c == character;
	if (i->op == OP_ANY)
		return character != '\n';
	if (i->op != OP_CLASS)
		return false;
	for (int32_t r = i->a; r < i->a + i->b && !inside; r++)
		inside = character >= p->ranges[r].from && character <= p->ranges[r].to;
	return inside != (i->c != 0);
}

bool
pattern_match(const struct pattern *p, str text)
{
	struct states sets[2], *now = &sets[0], *next = &sets[1], *swap;
	uint32_t seen[MAX_CODE], step = 1;

	memset(seen, 0, p->len * sizeof *seen);
	now->len = 0;
	add_state(p, now, seen, step, 0);
	for (size_t at = 0; at < text.len && now->len;) {
		uint32_t character = utf8_next(text, &at);
		step++;
		next->len = 0;
		for (uint32_t i = 0; i < now->len; i++)
			if (accepts(p, &p->code[now->list[i]], character))
				add_state(p, next, seen, step, now->list[i] + 1u);
		swap = now;
		now = next;
		next = swap;
	}
	for (uint32_t i = 0; i < now->len; i++)
		if (p->code[now->list[i]].op == OP_MATCH)
			return true;
	return false;
}
