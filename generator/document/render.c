#include <cmark-gfm-core-extensions.h>

#include "document/guard.h"
#include "document/render.h"

static bool
is_list_tight(cmark_node *paragraph)
{
	cmark_node *item = cmark_node_parent(paragraph), *list = item ? cmark_node_parent(item) : NULL;
	return list && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

/* A tag of a block; none when only inlines are wanted. */
static inline void
put_tag(struct render *r, const char *html)
{
	if (!r->o->inline_only)
		buf_put_c(&r->html, html);
}

/* Starts a block that holds text; without block tags, blocks are told apart by a line break. */
static void
enter_leaf(struct render *r, cmark_node *node)
{
	locate_enter(&r->locator, node);
	r->last = 0;
	render_plain(r, S(" "));
	if (r->o->inline_only && r->html.len)
		buf_put_c(&r->html, "<br>\n");
}

static void
put_paragraph(struct render *r, cmark_node *node, bool enter)
{
	bool tight = is_list_tight(node);
	cmark_node *parent = cmark_node_parent(node);

	if (enter) {
		enter_leaf(r, node);
		slips_check(r, locate_block(&r->locator, node));
		if (!tight)
			put_tag(r, "<p>");
		return;
	}
	if (cmark_node_get_type(parent) == CMARK_NODE_FOOTNOTE_DEFINITION && !cmark_node_next(node))
		render_put_backlinks(r, r->n_notes);
	if (!tight)
		put_tag(r, "</p>\n");
}

/* Text and code of a node, without marks. */
static str
text_of(struct render *r, cmark_node *node)
{
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type event;

	buf_clear(&r->words_set);
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node_type type = cmark_node_get_type(cmark_iter_get_node(iter));
		if (event == CMARK_EVENT_ENTER && (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE))
			buf_put(&r->words_set, inline_restore_text(str_from_c(cmark_node_get_literal(cmark_iter_get_node(iter))), r->tmp));
		else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			buf_byte(&r->words_set, ' ');
	}
	cmark_iter_free(iter);
	return buf_copy(&r->words_set, r->tmp);
}

/* An id that no heading before it has: gardes, gardes-2, … */
static str
unique_id(struct render *r, str text)
{
	str slug = render_slug(text, r->tmp), id = slug;
	uint32_t index, *count;
	void **place = map_put(r->tmp, &r->ids, slug);

	if (!*place)
		*place = arena_new(r->tmp, uint32_t);
	count = *place;
	++*count;
	while (*count > 1) {
		id = str_format(r->tmp, "%.*s-%u", STR_ARG(slug), *count);
		if (!map_find(&r->ids, id, &index))
			break;
		++*count;
	}
	if (id.ptr != slug.ptr) {
		map_set(r->tmp, &r->ids, id, arena_new(r->tmp, uint32_t));
		*(uint32_t *)map_get(&r->ids, id) = 1;
	}
	return str_cat(r->out, r->o->prefix, id);
}

static unsigned
heading_level(struct render *r, cmark_node *node, struct span at)
{
	unsigned level = (unsigned)cmark_node_get_heading_level(node), before = r->level ? r->level : 1;

	if (level == 1) {
		diag_emit(r->diag, MD_HEADING_ONE, at, NULL, 0);
		level = 2;
	}
	if (level > before + 1)
		diag_add(r->diag, MD_HEADING_SKIP, at, str_format(r->tmp, "%u", level), str_format(r->tmp, "%u", before),
		    str_slice(S("######"), 0, before + 1));
	r->level = level;
	return level;
}

static void
open_heading(struct render *r, cmark_node *node)
{
	struct place place = locate_block(&r->locator, node);
	struct span at = markdown_span(r->o, place.start, place.end);
	unsigned level = heading_level(r, node, at);
	str text = text_of(r, node), id = unique_id(r, text);

	if (str_trim(text).len == 0 && !cmark_node_first_child(node))
		diag_emit(r->diag, MD_HEADING_EMPTY, at, NULL, 0);
	*vec_push(r->out, &r->headings) = (struct markdown_heading){ .level = (uint8_t)level, .id = id, .start = at.start, .end = at.end };
	enter_leaf(r, node);
	r->heading_plain = r->plain.len;
	buf_put_c(&r->html, "<h");
	buf_int(&r->html, level);
	buf_put_c(&r->html, " id=\"");
	buf_put(&r->html, id);
	buf_put_c(&r->html, "\">");
}

static void
put_heading(struct render *r, cmark_node *node, bool enter)
{
	struct markdown_heading *heading;

	if (r->o->inline_only) {
		if (enter)
			enter_leaf(r, node);
		return;
	}
	if (enter) {
		open_heading(r, node);
		return;
	}
	heading = &r->headings.ptr[r->headings.len - 1];
	heading->text = str_copy(r->out, str_trim(str_slice(buf_str(&r->plain), r->heading_plain, r->plain.len)));
	buf_put_c(&r->html, "</h");
	buf_int(&r->html, heading->level);
	buf_put_c(&r->html, ">\n");
}

static void
put_list(struct render *r, cmark_node *node, bool enter)
{
	bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
	int start = cmark_node_get_list_start(node);

	if (!enter)
		put_tag(r, ordered ? "</ol>\n" : "</ul>\n");
	else if (ordered && start != 1 && !r->o->inline_only)
		buf_format(&r->html, "<ol start=\"%d\">\n", start);
	else
		put_tag(r, ordered ? "<ol>\n" : "<ul>\n");
}

/* A task is shown by an image with a name: a check box that nobody can check would be a control without purpose. */
static void
put_task(struct render *r, cmark_node *node)
{
	bool done = cmark_gfm_extensions_get_tasklist_item_checked(node);

	put_tag(r, done ? "<li class=\"tache tache-faite\">" : "<li class=\"tache\">");
	buf_put_c(&r->html, "<span class=\"tache-case\" role=\"img\" aria-label=\"");
	buf_put(&r->html, done ? r->words->done : r->words->to_do);
	buf_put_c(&r->html, done ? "\">☑</span> " : "\">☐</span> ");
}

static void
put_item(struct render *r, cmark_node *node, bool enter)
{
	if (!enter)
		put_tag(r, "</li>\n");
	else if (str_equal(str_from_c(cmark_node_get_type_string(node)), S("tasklist")))
		put_task(r, node);
	else
		put_tag(r, "<li>");
}

/* The first word of a code block's info string: its language. */
static void
put_code_block(struct render *r, cmark_node *node)
{
	str info = inline_restore_text(str_from_c(cmark_node_get_fence_info(node)), r->tmp), language = info;
	str literal = render_literal(r, node);

	enter_leaf(r, node);
	for (size_t i = 0; i < info.len; i++)
		if (info.ptr[i] == ' ' || info.ptr[i] == '\t') {
			language = str_slice(info, 0, i);
			break;
		}
	put_tag(r, "<pre tabindex=\"0\">");
	buf_put_c(&r->html, "<code");
	if (language.len) {
		buf_put_c(&r->html, " class=\"language-");
		render_escaped(&r->html, language);
		buf_byte(&r->html, '"');
	}
	buf_byte(&r->html, '>');
	render_escaped(&r->html, literal);
	render_plain(r, literal);
	buf_put_c(&r->html, "</code>");
	put_tag(r, "</pre>\n");
}

static void
put_html_block(struct render *r, cmark_node *node)
{
	struct place place = locate_block(&r->locator, node);
	str literal = str_trim(render_literal(r, node));

	enter_leaf(r, node);
	diag_emit(r->diag, MD_RAW_HTML, markdown_span(r->o, place.start, place.end), NULL, 0);
	put_tag(r, "<p>");
	render_escaped(&r->html, literal);
	render_plain(r, literal);
	put_tag(r, "</p>\n");
}

static void
put_note(struct render *r, cmark_node *node, bool enter)
{
	if (!enter) {
		cmark_node *last = cmark_node_last_child(node);
		if (!last || cmark_node_get_type(last) != CMARK_NODE_PARAGRAPH)
			render_put_backlinks(r, r->n_notes);
		put_tag(r, "</li>\n");
		return;
	}
	if (r->n_notes++ == 0 && !r->o->inline_only) {
		buf_put_c(&r->html, "<section class=\"notes\" role=\"doc-endnotes\" aria-label=\"");
		buf_put(&r->html, r->words->notes);
		buf_put_c(&r->html, "\">\n<ol>\n");
	}
	if (r->o->inline_only)
		return;
	buf_put_c(&r->html, "<li id=\"");
	buf_put(&r->html, r->o->prefix);
	buf_format(&r->html, "note--%u\">", r->n_notes);
}

/* A table may be wider than a screen: it scrolls inside a region that can be focused and has a name of its own. */
static void
open_table(struct render *r, cmark_node *node)
{
	r->table = node;
	r->body_open = false;
	r->n_tables++;
	if (r->o->inline_only)
		return;
	buf_put_c(&r->html, "<div class=\"tableau\" role=\"region\" tabindex=\"0\" aria-label=\"");
	buf_put(&r->html, r->words->table);
	buf_byte(&r->html, ' ');
	buf_int(&r->html, r->n_tables);
	if (r->headings.len) {
		buf_put_c(&r->html, r->french ? "\xc2\xa0: " : ": ");
		render_escaped(&r->html, r->headings.ptr[r->headings.len - 1].text);
	}
	buf_put_c(&r->html, "\">\n<table>\n");
}

static void
put_table(struct render *r, cmark_node *node, bool enter)
{
	if (enter) {
		open_table(r, node);
		return;
	}
	if (r->body_open)
		put_tag(r, "</tbody>\n");
	put_tag(r, "</table>\n</div>\n");
}

static void
put_row(struct render *r, cmark_node *node, bool enter)
{
	if (!enter) {
		put_tag(r, r->header ? "</tr>\n</thead>\n" : "</tr>\n");
		return;
	}
	r->header = cmark_gfm_extensions_get_table_row_is_header(node);
	r->column = 0;
	if (r->header)
		put_tag(r, "<thead>\n");
	else if (!r->body_open) {
		put_tag(r, "<tbody>\n");
		r->body_open = true;
	}
	put_tag(r, "<tr>\n");
}

static void
put_cell(struct render *r, cmark_node *node, bool enter)
{
	const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(r->table);
	bool heads = r->header && cmark_node_first_child(node);
	const char *class = "";

	if (!enter) {
		put_tag(r, heads ? "</th>\n" : "</td>\n");
		return;
	}
	if (r->column < cmark_gfm_extensions_get_table_columns(r->table))
		switch (alignments[r->column++]) {
		case 'c': class = " class=\"centre\""; break;
		case 'r': class = " class=\"droite\""; break;
		case 'l': class = " class=\"gauche\""; break;
		}
	enter_leaf(r, node);
	put_tag(r, heads ? "<th scope=\"col\"" : "<td");
	put_tag(r, class);
	put_tag(r, ">");
}

/* Blocks of cmark's core; false when the node is none of them. */
static bool
put_core(struct render *r, cmark_node *node, bool enter)
{
	switch ((unsigned)cmark_node_get_type(node)) {
	case CMARK_NODE_DOCUMENT: break;
	case CMARK_NODE_PARAGRAPH: put_paragraph(r, node, enter); break;
	case CMARK_NODE_HEADING: put_heading(r, node, enter); break;
	case CMARK_NODE_BLOCK_QUOTE: put_tag(r, enter ? "<blockquote>\n" : "</blockquote>\n"); break;
	case CMARK_NODE_LIST: put_list(r, node, enter); break;
	case CMARK_NODE_ITEM: put_item(r, node, enter); break;
	case CMARK_NODE_CODE_BLOCK: put_code_block(r, node); break;
	case CMARK_NODE_HTML_BLOCK: put_html_block(r, node); break;
	case CMARK_NODE_THEMATIC_BREAK: put_tag(r, "<hr>\n"); break;
	case CMARK_NODE_FOOTNOTE_DEFINITION: put_note(r, node, enter); break;
	default: return false;
	}
	return true;
}

static void
learn_type(struct render *r, cmark_node *node, cmark_node_type type)
{
	str name = str_from_c(cmark_node_get_type_string(node));

	if (str_equal(name, S("table")))
		r->types.table = type;
	else if (str_equal(name, S("table_row")) || str_equal(name, S("table_header")))
		r->types.row = type;
	else if (str_equal(name, S("table_cell")))
		r->types.cell = type;
}

static void
put_extension(struct render *r, cmark_node *node, bool enter)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type != r->types.table && type != r->types.row && type != r->types.cell)
		learn_type(r, node, type);
	if (type == r->types.table)
		put_table(r, node, enter);
	else if (type == r->types.row)
		put_row(r, node, enter);
	else if (type == r->types.cell)
		put_cell(r, node, enter);
}

void
render_tree(struct render *r, cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		bool enter = event == CMARK_EVENT_ENTER;
		if (!render_inline(r, node, event) && !put_core(r, node, enter))
			put_extension(r, node, enter);
	}
	cmark_iter_free(iter);
	if (r->n_notes)
		put_tag(r, "</ol>\n</section>\n");
}
