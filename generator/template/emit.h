/* emit: Lua text on the lines of its source, and the names it knows. For template/ only. */
#ifndef TEMPLATE_EMIT_H
#define TEMPLATE_EMIT_H

#include "template/token.h"
#include "template/tree.h"

/* Longer literal text is not repeated in the branches of an if. */
#define TEXT_REPEATED_MAX 160

/* Values printed by one call. */
#define VALUES_MAX 6

/* Macros of an import that write text or a value; those that write attributes. */
enum { IMPORTED_TEXT = 1, IMPORTED_ATTRIBUTES = 2 };

/* Where a value comes from: a chain of names, n == 0 when it is not known. */
struct origin { const str *steps; uint32_t n; };

struct local {
	str name;
	struct origin origin;
};

/* A name that {% set %} makes: a local of its function from its first set on. */
struct set_name {
	str name;
	bool visible, once;             /* set at one place only: its origin is known */
	struct origin origin;
	str module;                     /* it is what require("module") gives, always; STR_NONE */
};

struct emitter {
	struct compiler *c;
	struct buf lua;
	struct buf text;                /* literal text not yet written */
	uint32_t line;                  /* of the Lua text */
	uint32_t cursor, source_line;   /* source_line is that of offset cursor */
	VEC(struct local) locals;       /* of the function under way, innermost last */
	VEC(struct set_name) sets;
	size_t most_locals;             /* reserved now, hidden ones included */
	uint32_t loop, n_loops;         /* innermost loop, 0 without; loops so far */
	uint32_t nesting;               /* lists of nodes around, within the function under way: in the first, all is drawn once */
	bool in_block, calls_super;
	unsigned char *imported;        /* [import]: which of its macros the function under way uses */
	VEC(struct template_access) accesses;
	VEC(struct template_tag) tags;
	VEC(struct template_member) members;
};

/* --- write.c --- */
void write_c(struct emitter *e, const char *s);
void write_str(struct emitter *e, str s);              /* counts the lines it brings */
void write_number(struct emitter *e, uint32_t n);
void write_quoted(struct emitter *e, str s);
void write_sync(struct emitter *e, uint32_t offset);   /* new lines until the text stands on the line of `offset` */
void write_insert(struct emitter *e, size_t at, str s);

/* --- names.c --- */
struct name {
	enum { NAME_LOCAL, NAME_LOOP, NAME_MACRO, NAME_IMPORT, NAME_FREE } kind;
	struct origin origin;
	str module;
	uint32_t import;
};
struct name names_find(const struct emitter *e, str name);
void names_push(struct emitter *e, str name, struct origin origin);
struct set_name *names_set(struct emitter *e, str name);
struct origin origin_step(struct emitter *e, struct origin from, str step);
void names_member(struct emitter *e, uint32_t import, str name, struct span at, unsigned char kind);   /* m.name is used */
void origin_record(struct emitter *e, struct origin origin, struct span at, bool called);
bool origin_kept_by(str method);                     /* a list method whose result has the same elements */
bool origin_visits(str method);                      /* a list method that calls a function with each element */

/* --- expression.c --- */
struct expression {
	struct emitter *e;
	struct tokens tokens;
	struct token now;
	uint32_t last;                  /* end of the token before */
	struct origin element;          /* of the first parameter of a function written next */
	unsigned depth, functions, loops;   /* loops of the function's body under way */
	size_t first_local;
	bool varargs, failed;
	bool statement;                 /* what begins now is a statement: Lua takes only a call there */
};
enum expression_form { EXPRESSION_ONE, EXPRESSION_LIST };
/* Checks and writes the expressions of a range; *n their number. False after an error, which it reported. */
bool expression_emit(struct emitter *e, struct range r, enum expression_form form, struct origin *origin, uint32_t *n);
/* It is require("module") and nothing else. */
bool expression_is_module(const struct emitter *e, struct range r, str *module);
/* It is a table constructor and nothing else. */
bool expression_is_table(const struct emitter *e, struct range r);

/* What an expression that is also a statement turned out to be. */
struct operand {
	struct origin origin;
	bool called, assignable, free;  /* a call; a variable; a bare name of the environment */
};
struct operand expression_suffixed(struct expression *x);
struct origin expression_any(struct expression *x);
uint32_t expression_list(struct expression *x, struct origin *first);
extern const char *const fixed_functions[];           /* up to NULL */
void expression_take(struct expression *x);          /* writes the token and moves on */
bool expression_accept(struct expression *x, const char *text);
void expression_expect(struct expression *x, const char *text);
void expression_name(struct expression *x);          /* a name that stays as it is */
void expression_error(struct expression *x, enum diag_code code, struct token at, str a);
bool expression_enter(struct expression *x);

/* --- statement.c: bodies of functions in expressions --- */
void statement_function(struct expression *x);       /* behind `function` */

#endif
