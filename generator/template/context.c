/* Walks the tree with the markup machine: chooses the escape of every value and the place of every base path, and sees
 * to it that branches agree, loops come back to where they began, and blocks stand in text. */
#include "template/markup.h"

#include <string.h>

struct context
context_start(const struct compiler *c, bool attributes)
{
	struct context x = { .state = c->options->language == TEMPLATE_JSON ? MARKUP_JSON : MARKUP_TEXT };

	if (attributes)
		x.state = MARKUP_TAG;
	return x;
}

static bool
in_tag(const struct context *x)
{
	return x->state == MARKUP_TAG || x->state == MARKUP_GAP;
}

bool
context_same(const struct context *a, const struct context *b)
{
	if (a->state != b->state || a->in_string != b->in_string || a->escaped != b->escaped)
		return false;
	switch (a->state) {
	case MARKUP_TAG: case MARKUP_GAP:
		return a->element == b->element && a->closing == b->closing && a->has_src == b->has_src && a->is_json == b->is_json;
	case MARKUP_VALUE:
		return a->element == b->element && a->attribute == b->attribute && a->address == b->address && a->quote == b->quote;
	case MARKUP_RCDATA: case MARKUP_RAW: case MARKUP_JSON:
		return a->tag_length == b->tag_length && memcmp(a->tag, b->tag, a->tag_length) == 0;
	default:
		return true;
	}
}

static bool
join_tags(struct context *a, const struct context *b)
{
	if (a->element != b->element || a->closing != b->closing)
		return false;
	if (a->state != b->state)
		a->state = MARKUP_GAP;
	a->slash = a->slash && b->slash;
	a->has_src = a->has_src && b->has_src;
	a->is_json = a->is_json && b->is_json;
	return true;
}

bool
context_join(struct context *a, const struct context *b)
{
	struct context joined;

	a->printed |= b->printed;
	joined = *a;
	if (context_same(a, b))
		return true;
	if (in_tag(a) && in_tag(b))
		return join_tags(a, b);
	if (a->state != MARKUP_VALUE || b->state != MARKUP_VALUE || (a->attribute != ATTRIBUTE_URL && a->attribute != ATTRIBUTE_SRCSET))
		return false;
	joined.address = a->address <= ADDRESS_MAYBE || b->address <= ADDRESS_MAYBE ? ADDRESS_MAYBE : ADDRESS_HEAD;
	if (a->address == ADDRESS_DATA || b->address == ADDRESS_DATA)
		joined.address = ADDRESS_DATA;
	a->address = b->address;
	if (!context_same(a, b)) {
		a->address = joined.address;
		return false;
	}
	*a = joined;
	return true;
}

bool
context_flows(const struct markup *m, const struct context *x)
{
	return !x->in_string && (x->state == MARKUP_TEXT || x->state == MARKUP_RCDATA || (x->state == MARKUP_JSON && m->c->options->language == TEMPLATE_JSON));
}

str
context_show(const struct markup *m, const struct context *x)
{
	struct arena *tmp = m->c->tmp;

	switch (x->state) {
	case MARKUP_TEXT:
		return x->in_string ? S("\"…") : S("…");
	case MARKUP_OPEN: case MARKUP_NAME:
		return S("<…");
	case MARKUP_TAG: case MARKUP_GAP: case MARKUP_ATTRIBUTE: case MARKUP_AFTER_NAME: case MARKUP_EQUALS:
		return x->tag_length ? str_format(tmp, "<%.*s …", (int)x->tag_length, x->tag) : S("<…");
	case MARKUP_VALUE: case MARKUP_UNQUOTED:
		if (!x->quote)
			return str_format(tmp, "%.*s=…", (int)x->attribute_length, x->attribute_name);
		return str_format(tmp, "%.*s=%c…", (int)x->attribute_length, x->attribute_name, x->quote);
	case MARKUP_COMMENT:
		return S("<!-- …");
	case MARKUP_DECLARATION:
		return S("<!…");
	case MARKUP_INSTRUCTION:
		return S("<?…");
	case MARKUP_CDATA:
		return S("<![CDATA[…");
	case MARKUP_RCDATA: case MARKUP_RAW: case MARKUP_JSON:
		if (x->in_string)
			return S("\"…");
		return x->tag_length ? str_format(tmp, "<%.*s>…", (int)x->tag_length, x->tag) : S("…");
	}
	return STR_NONE;
}

/* --- values --- */

static enum escape
text_escape(enum template_language language)
{
	static const enum escape escapes[] = {
		[TEMPLATE_HTML] = ESCAPE_TEXT, [TEMPLATE_SVG] = ESCAPE_TEXT, [TEMPLATE_XML] = ESCAPE_XML, [TEMPLATE_CSS] = ESCAPE_CSS,
		[TEMPLATE_JSON] = ESCAPE_JSON, [TEMPLATE_ICS] = ESCAPE_ICS, [TEMPLATE_CSV] = ESCAPE_CSV, [TEMPLATE_TEXT] = ESCAPE_PLAIN,
	};
	return escapes[language];
}

static enum escape
url_escape(struct context *x)
{
	switch (x->address) {
	case ADDRESS_START: case ADDRESS_MAYBE:
		x->address = ADDRESS_HEAD;
		x->printed = true;
		return ESCAPE_URL;
	case ADDRESS_PATH:
		return ESCAPE_URLPATH;
	default:
		return ESCAPE_URLPART;
	}
}

static enum escape
srcset_escape(struct context *x)
{
	if (x->address == ADDRESS_QUERY)
		return ESCAPE_ATTR;
	if (x->address == ADDRESS_HEAD)
		return ESCAPE_URLPART;
	x->address = ADDRESS_HEAD;
	return ESCAPE_SRCSET;
}

static void
refuse(struct markup *m, struct context *x, enum diag_code code, struct node *value)
{
	if (!x->excused)
		markup_report(m, code, value->tag, compiler_slice(m->c, (struct range){ value->tag.start, value->tag.end }), context_show(m, x));
}

static void
value_in_attribute(struct markup *m, struct context *x, struct node *value)
{
	/* A value in type= makes it unknown. */
	if (x->attribute == ATTRIBUTE_TYPE)
		x->name_length = 0;
	switch (x->attribute) {
	case ATTRIBUTE_URL:
		if (x->address == ADDRESS_DATA)
			refuse(m, x, TEMPLATE_URL_DATA, value);
		value->escape = url_escape(x);
		break;
	case ATTRIBUTE_SRCSET:
		value->escape = srcset_escape(x);
		break;
	case ATTRIBUTE_CSS:
		value->escape = ESCAPE_CSS;
		break;
	case ATTRIBUTE_SRCDOC:
		refuse(m, x, TEMPLATE_SRCDOC, value);
		break;
	default:
		value->escape = m->c->options->language == TEMPLATE_XML ? ESCAPE_XML : ESCAPE_ATTR;
	}
}

static void
value_in_raw(struct markup *m, struct context *x, struct node *value)
{
	if (m->c->options->language == TEMPLATE_SVG && x->element == ELEMENT_STYLE)
		value->escape = ESCAPE_CSS;
	else
		refuse(m, x, TEMPLATE_VALUE_IN_SCRIPT, value);
}

void
markup_value(struct markup *m, struct context *x, struct node *value)
{
	switch (x->state) {
	case MARKUP_TEXT:
		value->escape = text_escape(m->c->options->language);
		if (x->in_string)
			refuse(m, x, TEMPLATE_VALUE_IN_STRING, value);
		break;
	case MARKUP_RCDATA:
		value->escape = ESCAPE_ATTR;
		break;
	case MARKUP_OPEN: case MARKUP_NAME:
		refuse(m, x, TEMPLATE_VALUE_IN_TAG_NAME, value);
		break;
	case MARKUP_TAG: case MARKUP_GAP: case MARKUP_ATTRIBUTE: case MARKUP_AFTER_NAME:
		refuse(m, x, TEMPLATE_VALUE_IN_ATTRIBUTE_NAME, value);
		break;
	case MARKUP_EQUALS: case MARKUP_UNQUOTED:
		refuse(m, x, TEMPLATE_VALUE_UNQUOTED, value);
		x->state = MARKUP_UNQUOTED;
		x->quote = 0;
		x->excused = true;
		break;
	case MARKUP_VALUE:
		value_in_attribute(m, x, value);
		break;
	case MARKUP_COMMENT: case MARKUP_DECLARATION: case MARKUP_INSTRUCTION: case MARKUP_CDATA:
		refuse(m, x, TEMPLATE_VALUE_IN_COMMENT, value);
		break;
	case MARKUP_RAW:
		value_in_raw(m, x, value);
		break;
	case MARKUP_JSON:
		value->escape = ESCAPE_JSON;
		if (x->in_string)
			refuse(m, x, TEMPLATE_VALUE_IN_STRING, value);
	}
}

/* A name or an unquoted value that a tag of the template cuts is over; the next attribute needs white space. */
void
markup_boundary(struct markup *m, struct context *x, struct span at)
{
	switch (x->state) {
	case MARKUP_OPEN:
		markup_report(m, TEMPLATE_TAG_IN_NAME, at, STR_NONE, STR_NONE);
		x->state = MARKUP_TEXT;
		break;
	case MARKUP_NAME:
		markup_end_name(m, x);
		x->state = MARKUP_GAP;
		break;
	case MARKUP_ATTRIBUTE: case MARKUP_UNQUOTED:
		if (x->state == MARKUP_ATTRIBUTE)
			markup_end_name(m, x);
		x->excused = false;
		x->state = MARKUP_GAP;
		break;
	case MARKUP_AFTER_NAME:
		x->state = MARKUP_TAG;
		break;
	case MARKUP_EQUALS:
		markup_report(m, TEMPLATE_VALUE_UNQUOTED, at, compiler_slice(m->c, (struct range){ at.start, at.end }), STR_NONE);
		x->state = MARKUP_UNQUOTED;
		x->quote = 0;
		x->excused = true;
		break;
	default:
		break;
	}
}

/* --- the walk --- */

static void walk(struct markup *m, struct context *x, struct node *list);

/* The body of something that draws for itself: begins and ends in text, or inside a tag. */
static void
walk_apart(struct markup *m, struct node *n, struct node *list, bool attributes)
{
	struct context x = context_start(m->c, attributes), end = x;
	bool ended, lost = m->lost;

	m->lost = false;
	walk(m, &x, list);
	markup_boundary(m, &x, n->tag);
	ended = attributes ? in_tag(&x) && !x.closing : context_same(&x, &end);
	if (!ended && !m->lost)
		markup_report(m, TEMPLATE_ENDS_INSIDE, n->tag, context_show(m, &x), STR_NONE);
	m->lost = lost;
}

/* Two ways through the template do not meet; where it stands from here on is a guess. */
static void
lose(struct markup *m, enum diag_code code, struct node *n, const struct context *a, const struct context *b)
{
	markup_report(m, code, n->tag, context_show(m, a), context_show(m, b));
	m->lost = true;
}

static void
require_flow(struct markup *m, struct context *x, struct node *n)
{
	if (!context_flows(m, x))
		refuse(m, x, TEMPLATE_NOT_IN_TEXT, n);
}

/* Output of attributes stands behind white space, inside a tag. */
static void
require_tag(struct markup *m, struct context *x, struct node *n)
{
	if (x->state == MARKUP_GAP)
		markup_report(m, TEMPLATE_GLUED, n->tag, compiler_slice(m->c, (struct range){ n->tag.start, n->tag.end }), STR_NONE);
	else if (x->state != MARKUP_TAG)
		refuse(m, x, TEMPLATE_ATTRIBUTES_PLACE, n);
	if (in_tag(x))
		x->state = MARKUP_GAP;
}

static void
walk_macro_call(struct markup *m, struct context *x, struct node *n)
{
	const struct node *macro = n->call.library.len ? NULL : tree_macro(&m->c->tree, n->call.name);

	markup_boundary(m, x, n->tag);
	n->attributes = macro ? macro->attributes : in_tag(x) && n->kind == NODE_VALUE;
	if (n->attributes && n->kind == NODE_CALL)
		refuse(m, x, TEMPLATE_ATTRIBUTES_PLACE, n);
	else if (n->attributes)
		require_tag(m, x, n);
	else
		require_flow(m, x, n);
}

static void
walk_value(struct markup *m, struct context *x, struct node *n)
{
	if (n->form == FORM_CALL)
		walk_macro_call(m, x, n);
	else if (n->form == FORM_SUPER && in_tag(x))
		require_tag(m, x, n);
	else if (n->form == FORM_SUPER)
		require_flow(m, x, n);
	else
		markup_value(m, x, n);
}

static void
join_branch(struct markup *m, struct context *all, struct context *branch, bool *first, struct node *n)
{
	markup_boundary(m, branch, n->tag);
	if (*first)
		*all = *branch;
	else if (!context_join(all, branch))
		lose(m, TEMPLATE_BRANCHES, n, all, branch);
	*first = false;
}

static void
walk_if(struct markup *m, struct context *x, struct node *n)
{
	struct context all = *x;
	bool first = true, complete = false;

	for (struct node *b = n; b; b = b->otherwise) {
		struct context branch = *x;
		walk(m, &branch, b->children);
		join_branch(m, &all, &branch, &first, b);
		complete |= b->kind == NODE_ELSE;
	}
	if (!complete)
		join_branch(m, &all, x, &first, n);
	*x = all;
}

/* The body is tried once, because its second turn begins where the first one ended. */
static void
walk_for(struct markup *m, struct context *x, struct node *n)
{
	struct context body = *x, otherwise = *x;
	struct markup trial = { .c = m->c, .silent = true };
	bool first = false, returns;

	walk(&trial, &body, n->children);
	markup_boundary(&trial, &body, n->tag);
	returns = context_join(&body, x);
	if (!returns) {
		lose(m, TEMPLATE_LOOP_CONTEXT, n, x, &body);
		body = *x;
	}
	if (!m->silent)
		walk(m, &body, n->children);
	markup_boundary(m, &body, n->tag);
	if (n->otherwise)
		walk(m, &otherwise, n->otherwise->children);
	if (context_join(&body, x))
		*x = body;
	join_branch(returns ? m : &trial, x, &otherwise, &first, n->otherwise ? n->otherwise : n);
}

static void
walk_block(struct markup *m, struct context *x, struct node *n)
{
	if (n->attributes)
		require_tag(m, x, n);
	else
		require_flow(m, x, n);
	if (!m->silent)
		walk_apart(m, n, n->children, n->attributes);
}

static void
walk_node(struct markup *m, struct context *x, struct node *n)
{
	if (n->kind == NODE_TEXT) {
		markup_text(m, x, n);
		return;
	}
	if (n->kind == NODE_VALUE) {
		walk_value(m, x, n);
		return;
	}
	markup_boundary(m, x, n->tag);
	switch (n->kind) {
	case NODE_IF:
		walk_if(m, x, n);
		break;
	case NODE_FOR:
		walk_for(m, x, n);
		break;
	case NODE_BLOCK:
		walk_block(m, x, n);
		break;
	case NODE_CAPTURE:
		if (!m->silent)
			walk_apart(m, n, n->children, false);
		break;
	case NODE_CALL:
		if (n->form == FORM_CALL)
			walk_macro_call(m, x, n);
		if (!m->silent)
			walk_apart(m, n, n->children, false);
		break;
	case NODE_INCLUDE: case NODE_SLOT:
		require_flow(m, x, n);
		break;
	default:
		break;
	}
}

static void
walk(struct markup *m, struct context *x, struct node *list)
{
	for (struct node *n = list; n; n = n->next)
		walk_node(m, x, n);
}

/* In a file that extends, each block stands in a page of which nothing is known. */
static void
check_top_blocks(struct markup *m)
{
	for (struct node *n = m->c->tree.top; n; n = n->next)
		if (n->kind == NODE_BLOCK)
			walk_apart(m, n, n->children, n->attributes);
}

static void
check_main(struct markup *m)
{
	struct context x = context_start(m->c, false), end = x;

	walk(m, &x, m->c->tree.top);
	if (!context_same(&x, &end) && !m->lost) {
		uint32_t opened = x.in_string ? x.name_start : x.opened;
		markup_report(m, TEMPLATE_FILE_ENDS_INSIDE, compiler_span(m->c, opened, opened + 1), context_show(m, &x), STR_NONE);
	}
}

void
context_check(struct compiler *c)
{
	struct markup m = { .c = c };

	for (size_t i = 0; i < c->tree.macros.len; i++)
		walk_apart(&m, c->tree.macros.ptr[i], c->tree.macros.ptr[i]->children, c->tree.macros.ptr[i]->attributes);
	if (c->tree.extends.len)
		check_top_blocks(&m);
	else
		check_main(&m);
}
