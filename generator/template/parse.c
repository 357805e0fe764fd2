/* Pieces → tree. Errors do not stop it: a faulty tag is reported and left out, or kept when it opens something that an `end` closes. */
#include "base/suggest.h"
#include "template/token.h"
#include "template/tree.h"

struct frame {
	struct node *opener, *branch;   /* the tag that `end` closes; its latest elseif */
	struct node **tail;             /* where the next node goes */
	bool has_else;
};

struct parser {
	struct compiler *c;
	struct frame frames[TAG_DEPTH_MAX + 1];
	unsigned depth;                 /* of the innermost frame; 0 is the file */
	bool any_tag, started;          /* anything at all but notes and white space; anything of main's */
	bool drew;                      /* anything but sets and white space */
	bool outside_reported, too_deep;
	VEC(struct node *) values;
};

struct tag {
	struct span span;
	str word;
	struct range args;
	struct tokens tokens;
};

static const struct { str word, form; } forms[] = {
	{ S_INIT("if"), S_INIT("{% if condition %}") },
	{ S_INIT("elseif"), S_INIT("{% elseif condition %}") },
	{ S_INIT("else"), S_INIT("{% else %}") },
	{ S_INIT("end"), S_INIT("{% end %}") },
	{ S_INIT("for"), S_INIT("{% for x in list %}") },
	{ S_INIT("set"), S_INIT("{% set x = value %}") },
	{ S_INIT("include"), S_INIT("{% include \"x.html\" with {a = b} %}") },
	{ S_INIT("import"), S_INIT("{% import \"x.html\" as m %}") },
	{ S_INIT("extends"), S_INIT("{% extends \"x.html\" %}") },
	{ S_INIT("block"), S_INIT("{% block x %}") },
	{ S_INIT("slot"), S_INIT("{% slot %}") },
	{ S_INIT("macro"), S_INIT("{% macro x(a, b) %}") },
	{ S_INIT("call"), S_INIT("{% call x(a, b) %}") },
	{ S_INIT("verbatim"), S_INIT("{% verbatim %}") },
	{ S_INIT("layout"), S_INIT("{% layout courriel %}") },
};
#define N_FORMS (sizeof forms / sizeof *forms)

/* What people write who know other template languages. */
static const struct { str foreign, ours; bool same_form; } synonyms[] = {
	{ S_INIT("endif"), S_INIT("end"), true }, { S_INIT("endfor"), S_INIT("end"), true }, { S_INIT("endblock"), S_INIT("end"), true },
	{ S_INIT("endmacro"), S_INIT("end"), true }, { S_INIT("endset"), S_INIT("end"), true }, { S_INIT("endcall"), S_INIT("end"), true },
	{ S_INIT("fin"), S_INIT("end"), true }, { S_INIT("elif"), S_INIT("elseif"), true }, { S_INIT("elsif"), S_INIT("elseif"), true },
	{ S_INIT("sinon"), S_INIT("else"), true }, { S_INIT("si"), S_INIT("if"), true }, { S_INIT("pour"), S_INIT("for"), false },
	{ S_INIT("raw"), S_INIT("verbatim"), false }, { S_INIT("assign"), S_INIT("set"), true }, { S_INIT("local"), S_INIT("set"), true },
	{ S_INIT("render"), S_INIT("include"), false }, { S_INIT("from"), S_INIT("import"), false },
};

static void
report_form(struct parser *p, const struct tag *tag)
{
	str form = STR_NONE;

	for (size_t i = 0; i < N_FORMS; i++)
		if (str_equal(forms[i].word, tag->word))
			form = forms[i].form;
	diag_add(p->c->diag, TEMPLATE_TAG_FORM, tag->span, tag->word, form);
}

static struct frame *
top(struct parser *p)
{
	return &p->frames[p->depth];
}

static struct node *
node_new(struct parser *p, enum node_kind kind, const struct tag *tag)
{
	struct node *n = arena_new(p->c->tmp, struct node);

	n->kind = kind;
	n->tag = tag->span;
	return n;
}

static void
append(struct parser *p, struct node *n)
{
	*top(p)->tail = n;
	top(p)->tail = &n->next;
	p->started |= p->depth == 0;
	p->drew |= p->depth == 0 && n->kind != NODE_SET && n->kind != NODE_CAPTURE;
}

static void
open_frame(struct parser *p, struct node *n)
{
	if (p->depth == TAG_DEPTH_MAX) {
		diag_add(p->c->diag, TEMPLATE_TAGS_TOO_DEEP, n->tag, str_format(p->c->tmp, "%d", TAG_DEPTH_MAX));
		p->too_deep = true;
		return;
	}
	p->frames[++p->depth] = (struct frame){ n, n, &n->children, false };
}

static const struct node *
enclosing(const struct parser *p, enum node_kind kind)
{
	for (unsigned i = p->depth; i > 0; i--)
		if (p->frames[i].opener->kind == kind)
			return p->frames[i].opener;
	return NULL;
}

/* In a file that extends, only blocks are drawn. */
static bool
drawn(struct parser *p, struct span at)
{
	if (p->depth || !p->c->tree.extends.len)
		return true;
	if (!p->outside_reported)
		diag_add(p->c->diag, TEMPLATE_OUTSIDE_BLOCK, at, p->c->tree.extends);
	p->outside_reported = true;
	return false;
}

static bool
at_top(struct parser *p, const struct tag *tag)
{
	if (p->depth)
		diag_add(p->c->diag, TEMPLATE_TOP_ONLY, tag->span, tag->word);
	return !p->depth;
}

/* --- arguments of tags --- */

static bool
take(struct tag *tag, const char *text)
{
	struct token t = token_peek(&tag->tokens);

	if (!token_is(&t, text))
		return false;
	token_next(&tag->tokens);
	return true;
}

static bool
at_end(const struct tag *tag)
{
	return token_peek(&tag->tokens).kind == TOKEN_END;
}

static bool
take_name(struct tag *tag, struct token *t)
{
	*t = token_next(&tag->tokens);
	return t->kind == TOKEN_NAME;
}

static bool
take_string(struct tag *tag, str *s, struct token *t)
{
	*t = token_next(&tag->tokens);
	return token_plain_string(t, s) && s->len;
}

static struct span
span_of(const struct parser *p, const struct token *t)
{
	return compiler_span(p->c, t->start, t->end);
}

/* A name that a template may give to something of its own. */
static bool
may_declare(struct parser *p, const struct token *t)
{
	if (!str_starts(t->text, S("__")) && !str_equal(t->text, S("loop")) && !str_equal(t->text, S("super")))
		return true;
	diag_add(p->c->diag, TEMPLATE_RESERVED_NAME, span_of(p, t), t->text);
	return false;
}

static struct range
rest_of(const struct tag *tag)
{
	return (struct range){ tag->tokens.at, tag->tokens.end };
}

static bool
is_blank(const struct parser *p, struct range r)
{
	return str_trim(compiler_slice(p->c, r)).len == 0;
}

/* The rest of the tag as an expression; an empty one is a fault of form. */
static void
take_expression(struct parser *p, struct tag *tag, struct node *n)
{
	n->expression = rest_of(tag);
	if (!is_blank(p, n->expression))
		return;
	n->bad = true;
	report_form(p, tag);
}

/* --- tags --- */

static void
tag_if(struct parser *p, struct tag *tag)
{
	struct node *n = node_new(p, NODE_IF, tag);

	drawn(p, tag->span);
	take_expression(p, tag, n);
	append(p, n);
	open_frame(p, n);
}

static bool
may_branch(struct parser *p, struct tag *tag, bool conditional)
{
	struct frame *f = top(p);
	bool fits = p->depth && (f->opener->kind == NODE_IF || (f->opener->kind == NODE_FOR && !conditional));

	if (fits && !f->has_else)
		return true;
	diag_add(p->c->diag, TEMPLATE_UNEXPECTED_TAG, tag->span, tag->word);
	return false;
}

static void
branch(struct parser *p, struct node *n)
{
	struct frame *f = top(p);

	f->branch->otherwise = n;
	f->branch = n;
	f->tail = &n->children;
}

static void
tag_elseif(struct parser *p, struct tag *tag)
{
	struct node *n;

	if (!may_branch(p, tag, true))
		return;
	n = node_new(p, NODE_IF, tag);
	n->chained = true;
	take_expression(p, tag, n);
	branch(p, n);
}

static void
tag_else(struct parser *p, struct tag *tag)
{
	if (!may_branch(p, tag, false))
		return;
	if (!at_end(tag))
		report_form(p, tag);
	branch(p, node_new(p, NODE_ELSE, tag));
	top(p)->has_else = true;
}

static void
tag_end(struct parser *p, struct tag *tag)
{
	if (!p->depth)
		diag_add(p->c->diag, TEMPLATE_UNEXPECTED_TAG, tag->span, tag->word);
	else {
		if (!at_end(tag))
			report_form(p, tag);
		p->depth--;
	}
}

/* name {, name} up to the token `until` */
static bool
take_names(struct parser *p, struct tag *tag, struct node *n, const char *until)
{
	struct token t;

	if (take(tag, until))
		return n->kind == NODE_MACRO;
	do {
		if (!take_name(tag, &t))
			return false;
		if (may_declare(p, &t))
			*vec_push(p->c->tmp, &n->names) = t.text;
		else
			n->bad = true;
	} while (take(tag, ","));
	return take(tag, until);
}

static void
tag_for(struct parser *p, struct tag *tag)
{
	struct node *n = node_new(p, NODE_FOR, tag);

	drawn(p, tag->span);
	if (take_names(p, tag, n, "in"))
		take_expression(p, tag, n);
	else {
		n->bad = true;
		report_form(p, tag);
	}
	append(p, n);
	open_frame(p, n);
}

static void
tag_set(struct parser *p, struct tag *tag)
{
	struct node *n = node_new(p, NODE_SET, tag);
	struct token t;
	bool named = take_name(tag, &t);

	drawn(p, tag->span);
	append(p, n);
	n->bad = !named || !may_declare(p, &t);
	n->name = t.text;
	n->name_at = span_of(p, &t);
	if (named && at_end(tag)) {
		n->kind = NODE_CAPTURE;
		open_frame(p, n);
	} else if (named && take(tag, "="))
		take_expression(p, tag, n);
	else {
		n->bad = true;
		report_form(p, tag);
	}
}

/* html may draw svg and xml its kin; otherwise the escapes would be those of another language. */
static bool
may_use(enum template_language user, enum template_language used)
{
	return user == used || (user == TEMPLATE_HTML && used == TEMPLATE_SVG) || (user == TEMPLATE_XML && used == TEMPLATE_SVG);
}

static bool
use(struct parser *p, enum template_use_kind kind, str name, struct span at)
{
	enum template_language language;

	if (!template_language_of(name, &language)) {
		diag_add(p->c->diag, TEMPLATE_EXTENSION, at, name);
		return false;
	}
	if (!may_use(p->c->options->language, language)) {
		diag_add(p->c->diag, TEMPLATE_OTHER_LANGUAGE, at, name, p->c->options->name);
		return false;
	}
	*vec_push(p->c->out, &p->c->tree.uses) = (struct template_use){ kind, name, at };
	return true;
}

static void
tag_include(struct parser *p, struct tag *tag)
{
	struct node *n = node_new(p, NODE_INCLUDE, tag);
	struct token t;

	if (!drawn(p, tag->span))
		return;
	append(p, n);
	n->bad = true;
	if (!take_string(tag, &n->name, &t) || !(at_end(tag) || take(tag, "with")))
		report_form(p, tag);
	else if (use(p, TEMPLATE_INCLUDE, n->name, span_of(p, &t))) {
		n->bad = false;
		n->expression = rest_of(tag);
	}
}

const struct import *
tree_import(const struct tree *t, str name)
{
	for (size_t i = 0; i < t->imports.len; i++)
		if (str_equal(t->imports.ptr[i].name, name))
			return &t->imports.ptr[i];
	return NULL;
}

struct node *
tree_macro(const struct tree *t, str name)
{
	for (size_t i = 0; i < t->macros.len; i++)
		if (str_equal(t->macros.ptr[i]->name, name))
			return t->macros.ptr[i];
	return NULL;
}

/* Macros and imports share their names. */
static bool
is_new(struct parser *p, const struct token *name)
{
	if (!tree_import(&p->c->tree, name->text) && !tree_macro(&p->c->tree, name->text))
		return true;
	diag_add(p->c->diag, TEMPLATE_DUPLICATE_NAME, span_of(p, name), name->text);
	return false;
}

static void
tag_import(struct parser *p, struct tag *tag)
{
	struct token file, name;
	str path;

	if (!at_top(p, tag))
		return;
	if (!take_string(tag, &path, &file) || !take(tag, "as") || !take_name(tag, &name) || !at_end(tag)) {
		report_form(p, tag);
		return;
	}
	if (may_declare(p, &name) && is_new(p, &name) && use(p, TEMPLATE_IMPORT, path, span_of(p, &file)))
		*vec_push(p->c->tmp, &p->c->tree.imports) = (struct import){ name.text, path, span_of(p, &name) };
}

static void
tag_extends(struct parser *p, struct tag *tag)
{
	struct token t;
	str name;

	if (p->any_tag || p->started) {
		diag_emit(p->c->diag, TEMPLATE_EXTENDS_FIRST, tag->span, NULL, 0);
		return;
	}
	if (!take_string(tag, &name, &t) || !at_end(tag))
		report_form(p, tag);
	else if (use(p, TEMPLATE_EXTENDS, name, span_of(p, &t)))
		p->c->tree.extends = name;
}

static bool
take_attributes(struct tag *tag, struct node *n)
{
	n->attributes = take(tag, "attributs");
	return at_end(tag);
}

static void
check_block(struct parser *p, struct node *n)
{
	struct tree *t = &p->c->tree;

	if (enclosing(p, NODE_MACRO))
		diag_emit(p->c->diag, TEMPLATE_BLOCK_IN_MACRO, n->tag, NULL, 0);
	for (size_t i = 0; i < t->blocks.len; i++)
		if (str_equal(t->blocks.ptr[i].name, n->name)) {
			diag_add(p->c->diag, TEMPLATE_DUPLICATE_NAME, n->name_at, n->name);
			return;
		}
	*vec_push(p->c->out, &t->blocks) = (struct template_part){ n->name, n->name_at, n->attributes, p->depth > 0 };
}

static void
tag_block(struct parser *p, struct tag *tag)
{
	struct node *n = node_new(p, NODE_BLOCK, tag);
	struct token t;

	n->bad = !take_name(tag, &t) || !take_attributes(tag, n);
	n->name = t.text;
	n->name_at = span_of(p, &t);
	if (n->bad)
		report_form(p, tag);
	else
		check_block(p, n);
	append(p, n);
	open_frame(p, n);
}

static void
tag_slot(struct parser *p, struct tag *tag)
{
	const struct node *macro = enclosing(p, NODE_MACRO);

	if (!at_end(tag))
		report_form(p, tag);
	else if (!macro || macro->attributes)
		diag_emit(p->c->diag, TEMPLATE_SLOT_PLACE, tag->span, NULL, 0);
	else
		append(p, node_new(p, NODE_SLOT, tag));
}

static bool
may_define(struct parser *p, const struct tag *tag)
{
	if (!at_top(p, tag))
		return false;
	if (p->started && !p->c->tree.extends.len)
		diag_emit(p->c->diag, TEMPLATE_MACRO_LATE, tag->span, NULL, 0);
	return true;
}

static void
tag_macro(struct parser *p, struct tag *tag)
{
	struct node *n = node_new(p, NODE_MACRO, tag);
	struct token t;

	may_define(p, tag);
	if (!take_name(tag, &t) || !take(tag, "(") || !take_names(p, tag, n, ")") || !take_attributes(tag, n))
		report_form(p, tag);
	else if (may_declare(p, &t) && is_new(p, &t)) {
		n->name = t.text;
		n->name_at = span_of(p, &t);
		*vec_push(p->c->tmp, &p->c->tree.macros) = n;
	}
	open_frame(p, n);
}

/* name(…) or library.name(…), up to the end of the range. */
static bool
read_call(const struct compiler *c, struct range r, struct macro_call *call)
{
	struct tokens tokens = { c->source, r.start, r.end };
	struct token t = token_next(&tokens), last = t;
	unsigned depth = 1;

	*call = (struct macro_call){ .name = t.text, .name_at = { t.start, t.end } };
	if (t.kind != TOKEN_NAME)
		return false;
	t = token_next(&tokens);
	if (token_is(&t, ".")) {
		t = token_next(&tokens);
		call->library = call->name;
		call->name = t.text;
		call->name_at.end = t.end;
		if (t.kind != TOKEN_NAME)
			return false;
		t = token_next(&tokens);
	}
	if (!token_is(&t, "("))
		return false;
	for (call->args.start = tokens.at; depth; last = t) {
		t = token_next(&tokens);
		if (t.kind == TOKEN_END)
			return false;
		depth += token_is(&t, "(");
		depth -= token_is(&t, ")");
	}
	call->args.end = last.start;
	return token_peek(&tokens).kind == TOKEN_END;
}

static bool
is_macro_call(const struct compiler *c, struct range r, struct macro_call *call)
{
	return read_call(c, r, call) && (call->library.len ? tree_import(&c->tree, call->library) != NULL : tree_macro(&c->tree, call->name) != NULL);
}

static void
tag_call(struct parser *p, struct tag *tag)
{
	struct node *n = node_new(p, NODE_CALL, tag);

	drawn(p, tag->span);
	take_expression(p, tag, n);
	if (!n->bad && !read_call(p->c, n->expression, &n->call)) {
		n->bad = true;
		report_form(p, tag);
	}
	append(p, n);
	open_frame(p, n);
	if (!n->bad)
		*vec_push(p->c->tmp, &p->values) = n;
}

static void
tag_layout(struct parser *p, struct tag *tag)
{
	if (!at_top(p, tag))
		return;
	if (take(tag, "courriel") && at_end(tag))
		p->c->tree.email = true;
	else
		report_form(p, tag);
}

static void
tag_verbatim(struct parser *p, struct tag *tag)
{
	report_form(p, tag);   /* the well-formed one was cut out before */
}

static void (*const readers[N_FORMS])(struct parser *, struct tag *) = {
	tag_if, tag_elseif, tag_else, tag_end, tag_for, tag_set, tag_include, tag_import, tag_extends, tag_block, tag_slot, tag_macro, tag_call,
	tag_verbatim, tag_layout,
};

static void read_tag(struct parser *p, struct tag *tag);

/* What was meant is read all the same when its form is that of ours, so that the `end` further down is not blamed. */
static void
unknown_tag(struct parser *p, struct tag *tag)
{
	str words[N_FORMS], ours = STR_NONE;
	bool same_form = true;

	for (size_t i = 0; i < N_FORMS; i++)
		words[i] = forms[i].word;
	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (str_equal(synonyms[i].foreign, tag->word)) {
			ours = synonyms[i].ours;
			same_form = synonyms[i].same_form;
		}
	if (!ours.len)
		ours = suggest_nearest(tag->word, words, N_FORMS);
	diag_add(p->c->diag, TEMPLATE_UNKNOWN_TAG, tag->span, tag->word, ours);
	tag->word = ours;
	if (ours.len && same_form)
		read_tag(p, tag);
}

static void
read_tag(struct parser *p, struct tag *tag)
{
	for (size_t i = 0; i < N_FORMS; i++)
		if (str_equal(forms[i].word, tag->word)) {
			readers[i](p, tag);
			p->any_tag = true;
			return;
		}
	unknown_tag(p, tag);
	p->any_tag = true;
}

static void
parse_tag(struct parser *p, const struct piece *piece)
{
	struct tag tag = { .span = compiler_span(p->c, piece->start, piece->end),
	    .tokens = { p->c->source, piece->inside.start, piece->inside.end } };
	struct token word = token_next(&tag.tokens);

	tag.word = word.text;
	tag.args = rest_of(&tag);
	read_tag(p, &tag);
}

static void
parse_value(struct parser *p, const struct piece *piece)
{
	struct tag tag = { .span = compiler_span(p->c, piece->start, piece->end) };
	struct node *n = node_new(p, NODE_VALUE, &tag);

	if (!drawn(p, tag.span))
		return;
	n->expression = piece->inside;
	append(p, n);
	*vec_push(p->c->tmp, &p->values) = n;
}

/* White space before the first thing drawn is not part of the output, when tags stand there. */
static void
parse_text(struct parser *p, const struct piece *piece)
{
	struct range r = piece->inside;
	str trimmed = str_trim(compiler_slice(p->c, r));
	struct tag tag = { .span = compiler_span(p->c, r.start, r.end) };
	struct node *n;

	if (!p->depth && is_blank(p, r) && (p->c->tree.extends.len || !p->drew) && (p->any_tag || r.start))
		return;
	if (trimmed.len && !drawn(p, compiler_span(p->c, (uint32_t)(trimmed.ptr - p->c->source.ptr), r.end)))
		return;
	n = node_new(p, NODE_TEXT, &tag);
	n->text = compiler_slice(p->c, r);
	if (!p->drew && !p->depth && r.start)
		n->text = str_slice(n->text, (size_t)(trimmed.ptr - n->text.ptr), n->text.len);
	append(p, n);
}

static bool
is_super(const struct compiler *c, struct range r)
{
	struct tokens t = { c->source, r.start, r.end };
	struct token name = token_next(&t), open = token_next(&t), close = token_next(&t);

	return token_is(&name, "super") && token_is(&open, "(") && token_is(&close, ")") && token_next(&t).kind == TOKEN_END;
}

static str
suggest_macro(const struct compiler *c, str name)
{
	str names[64];
	size_t n = 0;

	for (; n < c->tree.macros.len && n < 64; n++)
		names[n] = c->tree.macros.ptr[n]->name;
	return suggest_nearest(name, names, n);
}

/* When all macros are known: which values call one. */
static void
find_forms(struct parser *p)
{
	for (size_t i = 0; i < p->values.len; i++) {
		struct node *n = p->values.ptr[i];
		if (is_macro_call(p->c, n->expression, &n->call))
			n->form = FORM_CALL;
		else if (n->kind == NODE_CALL) {
			str name = n->call.library.len ? n->call.library : n->call.name;
			diag_add(p->c->diag, TEMPLATE_UNKNOWN_MACRO, compiler_span(p->c, n->call.name_at.start, n->call.name_at.end), name, suggest_macro(p->c, name));
			n->bad = true;
		} else if (is_super(p->c, n->expression))
			n->form = FORM_SUPER;
	}
}

void
parse_tree(struct compiler *c, const struct pieces *pieces)
{
	struct parser p = { .c = c };

	p.frames[0].tail = &c->tree.top;
	for (size_t i = 0; i < pieces->list.len && !p.too_deep; i++) {
		const struct piece *piece = &pieces->list.ptr[i];
		if (piece->kind == PIECE_TEXT)
			parse_text(&p, piece);
		else if (piece->kind == PIECE_VALUE)
			parse_value(&p, piece);
		else
			parse_tag(&p, piece);
	}
	for (unsigned i = p.depth; i > 0 && !p.too_deep; i--) {
		const struct node *opener = p.frames[i].opener;
		struct token word = token_peek(&(struct tokens){ c->source, opener->tag.start + 2 + (c->source.ptr[opener->tag.start + 2] == '-'), opener->tag.end });
		diag_add(c->diag, TEMPLATE_OPEN_TAG, opener->tag, word.text);
	}
	find_forms(&p);
}
