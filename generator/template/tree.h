/* tree: what the parser makes of a template. For template/ only. */
#ifndef TEMPLATE_TREE_H
#define TEMPLATE_TREE_H

#include "template/template.h"

/* Lua's parser gives up at 200 levels: the tags of a template take at most two each, an expression one per nesting. */
#define TAG_DEPTH_MAX 32
#define EXPRESSION_DEPTH_MAX 80
/* Lua has 200 locals and 255 registers per function; the rest is for expressions. */
#define LOCALS_MAX 150
#define TEMPLATE_SIZE_MAX (4u << 20)

struct range { uint32_t start, end; };

enum node_kind {
	NODE_TEXT, NODE_VALUE,
	NODE_IF, NODE_ELSE, NODE_FOR, NODE_SET, NODE_CAPTURE,
	NODE_INCLUDE, NODE_BLOCK, NODE_MACRO, NODE_CALL, NODE_SLOT,
};

/* A value may be more than an expression: carte(o), m.carte(o) of macros, super(). */
enum value_form { FORM_EXPRESSION, FORM_CALL, FORM_SUPER };

/* A call of a macro: name(args) or library.name(args). */
struct macro_call {
	str name, library;              /* library empty: a macro of this file */
	struct range name_at, args;
};

struct node {
	enum node_kind kind;
	struct span tag;                /* the opening tag or the whole value, delimiters included */
	struct range expression;        /* condition, list, value, `with` table; empty without */
	bool bad;                       /* its arguments were reported: nothing more is said about them */
	bool attributes;                /* block, macro: attributs */
	bool chained;                   /* an IF that is the elseif of another */
	enum value_form form;
	enum escape escape;
	struct macro_call call;
	str text;                       /* view of the source */
	VEC(uint32_t) prefixes;         /* offsets in text where the base path goes */
	str name;                       /* set, block, macro; file of an include */
	struct span name_at;
	VEC(str) names;                 /* variables of a for, parameters of a macro */
	struct node *children, *otherwise, *next;
};

struct import { str name, file; struct span span; };

struct tree {
	struct node *top;               /* a file that extends: its blocks; else what main draws */
	VEC(struct node *) macros;
	VEC(struct import) imports;
	VEC(struct template_use) uses;
	VEC(struct template_part) blocks;
	str extends;                    /* empty without */
	bool email;
};

/* What all phases work with. */
struct compiler {
	str source;
	const struct template_options *options;
	struct tree tree;
	struct arena *out, *tmp;
	struct diag *diag;
};

struct span compiler_span(const struct compiler *c, uint32_t start, uint32_t end);
str compiler_slice(const struct compiler *c, struct range r);

/* --- pieces.c: delimiters --- */
enum piece_kind { PIECE_TEXT, PIECE_VALUE, PIECE_TAG };
struct piece {
	enum piece_kind kind;
	uint32_t start, end;            /* with delimiters */
	struct range inside;            /* without delimiters and trims */
};
struct pieces { VEC(struct piece) list; };
void pieces_cut(struct compiler *c, struct pieces *out);

/* --- parse.c --- */
void parse_tree(struct compiler *c, const struct pieces *pieces);
struct node *tree_macro(const struct tree *t, str name);             /* NULL without */
const struct import *tree_import(const struct tree *t, str name);

/* --- context.c: where values stand; chooses escapes and prefixes --- */
void context_check(struct compiler *c);

/* --- emit.c --- */
void emit_chunk(struct compiler *c, struct template *t);

#endif
