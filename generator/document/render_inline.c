#include "base/bytes.h"
#include "base/utf8.h"
#include "document/render.h"
#include "document/guard.h"
#include "document/typography.h"

#define INLINE_TYPE(type) (((type) & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_INLINE)

void
render_escaped(struct buf *html, str text)
{
	size_t from = 0;

	for (size_t i = bytes_markup(text, 0); i < text.len; i = bytes_markup(text, i + 1)) {
		str entity;
		switch (text.ptr[i]) {
		case '&': entity = S("&amp;"); break;
		case '<': entity = S("&lt;"); break;
		case '>': entity = S("&gt;"); break;
		default: entity = S("&quot;"); break;
		}
		buf_put(html, str_slice(text, from, i));
		buf_put(html, entity);
		from = i + 1;
	}
	buf_put(html, str_slice(text, from, text.len));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* End of the words that start at `from` and are parted by single spaces. */
static size_t
words_end(str text, size_t from)
{
	size_t at = is_space(text.ptr[from]) ? from : bytes_gap(text, from);

	while (at < text.len && !is_space(text.ptr[at]))
		at = bytes_gap(text, at + 1);
	return at > from && at < text.len && text.ptr[at - 1] == ' ' ? at - 1 : at;
}

void
render_plain(struct render *r, str text)
{
	struct buf *plain = &r->plain;

	for (size_t at = 0, from; at < text.len;) {
		from = at;
		at = words_end(text, from);
		buf_put(plain, str_slice(text, from, at));
		if (at < text.len && plain->len && plain->ptr[plain->len - 1] != ' ')
			buf_byte(plain, ' ');
		while (at < text.len && is_space(text.ptr[at]))
			at++;
	}
}

str
render_literal(struct render *r, cmark_node *node)
{
	str literal = str_from_c(cmark_node_get_literal(node));
	return r->restoring ? inline_restore_raw(literal, r->tmp) : literal;
}

static str
restored(struct render *r, str text)
{
	return r->restoring ? inline_restore_text(text, r->tmp) : text;
}

/* Text that is shown as it is: in the page, and in plain text unless it is an image's. */
static void
put_verbatim(struct render *r, str text)
{
	render_escaped(&r->html, text);
	if (!r->in_image)
		render_plain(r, text);
	r->last = 'x';
}

/* The first character after a node, within its block: 0 at the end of it. */
static uint32_t
character_after(cmark_node *node)
{
	cmark_node *next = cmark_node_next(node), *child;
	cmark_node_type type;
	size_t at = 0;
	str text;

	while (!next) {
		node = cmark_node_parent(node);
		if (!node || !INLINE_TYPE(cmark_node_get_type(node)))
			return 0;
		next = cmark_node_next(node);
	}
	while ((child = cmark_node_first_child(next)))
		next = child;
	type = cmark_node_get_type(next);
	if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
		return '\n';
	text = type == CMARK_NODE_TEXT ? str_from_c(cmark_node_get_literal(next)) : STR_NONE;
	return text.len ? utf8_next(text, &at) : 'x';
}

/* Words of the author. `after`: the character that follows them. */
static void
put_words(struct render *r, str text, uint32_t after)
{
	text = restored(r, text);
	if (r->french && typography_find(text, 0) < text.len) {
		buf_clear(&r->words_set);
		r->last = typography_put(&r->words_set, text, r->last, after);
		text = buf_str(&r->words_set);
	} else if (r->french)
		r->last = typography_last(text, r->last);
	render_escaped(&r->html, text);
	if (!r->in_image)
		render_plain(r, text);
}

static struct markdown_hole *
add_hole(struct render *r, enum markdown_hole_kind kind, str target, struct place place)
{
	struct span at = markdown_span(r->o, place.start, place.end);
	struct markdown_hole *hole = vec_push(r->out, &r->holes);

	*hole = (struct markdown_hole){ .kind = kind, .at = (uint32_t)r->html.len, .target = str_copy(r->out, target), .start = at.start, .end = at.end };
	return hole;
}

static void
put_address(struct render *r, str text, const struct address *a)
{
	static const char *const schemes[] = { "", "http://", "mailto:" };
	str shown = restored(r, str_slice(text, a->start, a->end));
	struct place place = locate_text(&r->locator, str_slice(text, a->start, a->end));

	buf_put_c(&r->html, "<a href=\"");
	add_hole(r, MARKDOWN_LINK, str_cat(r->tmp, str_from_c(schemes[a->kind]), shown), place);
	buf_put_c(&r->html, "\">");
	put_verbatim(r, shown);
	buf_put_c(&r->html, "</a>");
}

static uint32_t
first_of(str text, size_t at, uint32_t otherwise)
{
	while (at < text.len && text.ptr[at] == '~')
		at++;
	return at < text.len ? utf8_next(text, &at) : otherwise;
}

/* A piece of a text node without strikes: words and bare addresses. */
static void
put_piece(struct render *r, str text, size_t from, size_t to, uint32_t after)
{
	str piece = str_slice(text, 0, to);
	struct address a;

	while (r->has_addresses && !r->in_link && !r->in_image && inline_next_address(piece, from, &a)) {
		put_words(r, str_slice(text, from, a.start), 'h');
		put_address(r, text, &a);
		from = a.end;
	}
	put_words(r, str_slice(text, from, to), first_of(text, to, after));
}

/* "[^x]" left as text: a footnote without definition. */
static void
check_footnotes(struct render *r, str text)
{
	for (size_t at = 0, found, close; str_find(str_slice(text, at, text.len), S("[^"), &found);) {
		str mark;
		struct place place;
		at += found;
		if (!str_find_byte(str_slice(text, at, text.len), ']', &close))
			return;
		mark = str_slice(text, at, at + close + 1);
		at += close + 1;
		place = locate_text(&r->locator, mark);
		if (mark.len > 3 && place.end - place.start == mark.len && !(place.start && r->body.ptr[place.start - 1] == '\\'))
			diag_add(r->diag, MD_FOOTNOTE, markdown_span(r->o, place.start, place.end), restored(r, mark));
	}
}

static void
put_text(struct render *r, cmark_node *node)
{
	str text = str_from_c(cmark_node_get_literal(node));
	uint32_t after = character_after(node);
	size_t from = 0;

	if (r->has_notes)
		check_footnotes(r, text);
	for (; r->next_strike < r->strikes.list.len && r->strikes.list.ptr[r->next_strike].node == node; r->next_strike++) {
		const struct strike *s = &r->strikes.list.ptr[r->next_strike];
		if (!s->opens && !s->closes)
			continue;
		put_piece(r, text, from, s->at, after);
		if (!r->in_image)
			buf_put_c(&r->html, s->opens ? "<del>" : "</del>");
		from = s->at + s->len;
	}
	put_piece(r, text, from, text.len, after);
}

/* The first words of a node, for finding it in the body. */
static str
first_text(cmark_node *node)
{
	while (node && cmark_node_first_child(node))
		node = cmark_node_first_child(node);
	return node && cmark_node_get_type(node) == CMARK_NODE_TEXT ? str_from_c(cmark_node_get_literal(node)) : STR_NONE;
}

/* offre:interne, but not a scheme that everybody knows, nor a path. */
static bool
is_typed(str target)
{
	size_t colon;

	if (!str_find_byte(target, ':', &colon) || colon == 0)
		return false;
	for (size_t i = 0; i < colon; i++)
		if (!((target.ptr[i] >= 'a' && target.ptr[i] <= 'z') || target.ptr[i] == '-'))
			return false;
	target.len = colon;
	return !str_equal(target, S("http")) && !str_equal(target, S("https")) && !str_equal(target, S("mailto")) && !str_equal(target, S("tel"));
}

static void
put_title(struct render *r, cmark_node *node)
{
	str title = restored(r, str_from_c(cmark_node_get_title(node)));

	if (!title.len)
		return;
	buf_put_c(&r->html, " title=\"");
	if (r->french) {
		buf_clear(&r->words_set);
		typography_put(&r->words_set, title, 0, 0);
		title = buf_str(&r->words_set);
	}
	render_escaped(&r->html, title);
	buf_byte(&r->html, '"');
}

static void
open_link(struct render *r, cmark_node *node)
{
	str raw = str_from_c(cmark_node_get_url(node)), target = restored(r, raw);
	struct place place = locate_link(&r->locator, raw, first_text(node), false);

	r->in_link++;
	if (r->in_image)
		return;
	if (!target.len)
		diag_emit(r->diag, MD_NO_TARGET, markdown_span(r->o, place.start, place.end), NULL, 0);
	buf_put_c(&r->html, "<a href=\"");
	r->link_hole = (uint32_t)r->holes.len;
	add_hole(r, MARKDOWN_LINK, target, place);
	buf_byte(&r->html, '"');
	put_title(r, node);
	buf_byte(&r->html, '>');
	r->link_html = r->html.len;
}

static void
close_link(struct render *r)
{
	struct markdown_hole *hole = r->in_image ? NULL : &r->holes.ptr[r->link_hole];

	r->in_link--;
	if (!hole)
		return;
	if (str_trim(str_slice(buf_str(&r->html), r->link_html, r->html.len)).len == 0 && hole->target.len) {
		hole->empty_text = is_typed(hole->target);
		hole->text_at = (uint32_t)r->link_html;
		if (!hole->empty_text) {
			struct span at = { r->o->file, hole->start, hole->end };
			diag_add(r->diag, MD_NO_LINK_TEXT, at, hole->target);
		}
	}
	buf_put_c(&r->html, "</a>");
	r->last = r->last ? r->last : 'x';
}

static void
open_image(struct render *r, cmark_node *node)
{
	str raw = str_from_c(cmark_node_get_url(node));
	struct place place = locate_link(&r->locator, raw, first_text(node), true);

	if (r->in_image++)
		return;
	r->image = place;
	if (!raw.len)
		diag_emit(r->diag, MD_NO_TARGET, markdown_span(r->o, place.start, place.end), NULL, 0);
	buf_put_c(&r->html, "<img ");
	add_hole(r, MARKDOWN_IMAGE, restored(r, raw), place);
	buf_put_c(&r->html, " alt=\"");
	r->image_html = r->html.len;
	r->last = 0;
}

static void
close_image(struct render *r, cmark_node *node)
{
	str target = restored(r, str_from_c(cmark_node_get_url(node)));

	if (--r->in_image)
		return;
	if (str_trim(str_slice(buf_str(&r->html), r->image_html, r->html.len)).len == 0 && target.len)
		diag_add(r->diag, MD_NO_ALT, markdown_span(r->o, r->image.start, r->image.end), target);
	buf_byte(&r->html, '"');
	put_title(r, node);
	buf_byte(&r->html, '>');
	r->last = 'x';
}

/* The n-th reference to a note: renvoi--3, renvoi--3-2, … Two hyphens never stand in the id of a heading. */
static void
put_reference_id(struct render *r, unsigned note, unsigned nth)
{
	buf_put(&r->html, r->o->prefix);
	buf_format(&r->html, "renvoi--%u", note);
	if (nth > 1)
		buf_format(&r->html, "-%u", nth);
}

static void
put_reference(struct render *r, cmark_node *node)
{
	int64_t number;
	unsigned note;

	if (r->in_image || !str_to_int(str_from_c(cmark_node_get_literal(node)), &number) || number < 1 || number > UINT16_MAX)
		return;
	note = (unsigned)number;
	if (r->in_link) {
		buf_format(&r->html, "<sup>%u</sup>", note);
		return;
	}
	while (r->references.len < note)
		vec_push(r->tmp, &r->references);
	buf_put_c(&r->html, "<sup><a class=\"note-renvoi\" role=\"doc-noteref\" id=\"");
	put_reference_id(r, note, ++r->references.ptr[note - 1]);
	buf_put_c(&r->html, "\" href=\"#");
	buf_put(&r->html, r->o->prefix);
	buf_format(&r->html, "note--%u\" aria-label=\"", note);
	buf_put(&r->html, r->words->reference);
	buf_format(&r->html, " %u\">%u</a></sup>", note, note);
	r->last = 'x';
}

void
render_put_backlinks(struct render *r, unsigned note)
{
	unsigned n = note <= r->references.len ? r->references.ptr[note - 1] : 0;

	for (unsigned nth = 1; nth <= n; nth++) {
		buf_put_c(&r->html, " <a class=\"note-retour\" role=\"doc-backlink\" href=\"#");
		put_reference_id(r, note, nth);
		buf_put_c(&r->html, "\" aria-label=\"");
		buf_put(&r->html, r->words->back);
		buf_format(&r->html, " %u", note);
		if (nth > 1)
			buf_format(&r->html, " (%u)", nth);
		buf_put_c(&r->html, "\">↩</a>");
	}
}

static void
put_code(struct render *r, cmark_node *node)
{
	str literal = str_from_c(cmark_node_get_literal(node));
	size_t at;

	/* what looks like a link in code must not be taken for one that follows */
	if (str_find(literal, S("]("), &at) || str_find_byte(literal, '<', &at))
		locate_text(&r->locator, literal);
	if (!r->in_image)
		buf_put_c(&r->html, "<code>");
	put_verbatim(r, render_literal(r, node));
	if (!r->in_image)
		buf_put_c(&r->html, "</code>");
}

static void
put_raw_html(struct render *r, cmark_node *node)
{
	struct place place = locate_text(&r->locator, str_from_c(cmark_node_get_literal(node)));

	diag_emit(r->diag, MD_RAW_HTML, markdown_span(r->o, place.start, place.end), NULL, 0);
	put_verbatim(r, render_literal(r, node));
}

static void
put_break(struct render *r, const char *html)
{
	buf_put_c(&r->html, r->in_image ? " " : html);
	if (!r->in_image)
		render_plain(r, S(" "));
	r->last = '\n';
}

static inline void
put_tag(struct render *r, const char *html)
{
	if (!r->in_image)
		buf_put_c(&r->html, html);
}

bool
render_inline(struct render *r, cmark_node *node, cmark_event_type event)
{
	bool enter = event == CMARK_EVENT_ENTER;

	switch ((unsigned)cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT: put_text(r, node); return true;
	case CMARK_NODE_SOFTBREAK: put_break(r, "\n"); return true;
	case CMARK_NODE_LINEBREAK: put_break(r, "<br>\n"); return true;
	case CMARK_NODE_CODE: put_code(r, node); return true;
	case CMARK_NODE_HTML_INLINE: put_raw_html(r, node); return true;
	case CMARK_NODE_EMPH: put_tag(r, enter ? "<em>" : "</em>"); return true;
	case CMARK_NODE_STRONG: put_tag(r, enter ? "<strong>" : "</strong>"); return true;
	case CMARK_NODE_LINK: enter ? open_link(r, node) : close_link(r); return true;
	case CMARK_NODE_IMAGE: enter ? open_image(r, node) : close_image(r, node); return true;
	case CMARK_NODE_FOOTNOTE_REFERENCE:
		if (enter)
			put_reference(r, node);
		return true;
	default: return false;
	}
}
