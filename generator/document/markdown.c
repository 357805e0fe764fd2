#include "document/markdown.h"

#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>

#include "document/guard.h"
#include "document/render.h"

const struct markdown_options markdown_options_default = {
	.language = S_INIT("fr"), .prefix = S_INIT(""), .max_body = 256 * 1024, .max_columns = 64, .max_cells = 50000,
};

static const struct render_words words[] = {
	{ S_INIT("fr"), S_INIT("Notes"), S_INIT("Retour au renvoi de la note"), S_INIT("Note"), S_INIT("Tableau"), S_INIT("fait"), S_INIT("à faire") },
	{ S_INIT("en"), S_INIT("Notes"), S_INIT("Back to the reference of note"), S_INIT("Note"), S_INIT("Table"), S_INIT("done"), S_INIT("to do") },
	{ S_INIT("de"), S_INIT("Anmerkungen"), S_INIT("Zurück zum Verweis auf Anmerkung"), S_INIT("Anmerkung"), S_INIT("Tabelle"), S_INIT("erledigt"), S_INIT("offen") },
};

/* cmark's allocator has no user pointer: the arena of the body being parsed is the thread's. Nothing is freed before the
 * whole arena is. */
static _Thread_local struct arena *cmark_arena;

#define HEADER 16                /* holds the size of a block, for realloc */

static void *
cmark_calloc(size_t n, size_t size)
{
	char *p;

	if (__builtin_mul_overflow(n, size, &size) || size > PTRDIFF_MAX / 4)
		arena_out_of_memory(SIZE_MAX);
	p = arena_alloc(cmark_arena, size + HEADER, 1, HEADER);
	memcpy(p, &size, sizeof size);
	return p + HEADER;
}

static void *
cmark_realloc(void *block, size_t size)
{
	size_t before = 0;
	void *p;

	if (block)
		memcpy(&before, (char *)block - HEADER, sizeof before);
	if (size <= before)
		return block;
	p = cmark_calloc(1, size);
	if (before)
		memcpy(p, block, before);
	return p;
}

static void
cmark_free(void *block)
{
	(void)block;
}

static const cmark_mem cmark_memory = { cmark_calloc, cmark_realloc, cmark_free };

void
markdown_init(void)
{
	cmark_gfm_core_extensions_ensure_registered();
}

static bool
contains(str s, const char *needle)
{
	size_t at;
	return str_find(s, str_from_c(needle), &at);
}

/* What costs time for every line is left out where nothing in the body calls for it: a table has a pipe, or a delimiter row
 * with a colon; a row of dashes alone makes a heading of the line before. */
static cmark_node *
parse(str body, bool has_notes)
{
	/* cmark takes a non-const pointer and only reads it */
	cmark_parser *parser = cmark_parser_new_with_mem(has_notes ? CMARK_OPT_FOOTNOTES : 0, (cmark_mem *)(uintptr_t)&cmark_memory);

	if (contains(body, "|") || contains(body, ":-") || contains(body, "-:"))
		cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
	if (contains(body, "["))
		cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("tasklist"));
	cmark_parser_feed(parser, body.ptr, body.len);
	return cmark_parser_finish(parser);
}

static const struct render_words *
words_of(str language)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_equal(str_slice(language, 0, 2), words[i].language))
			return &words[i];
	return &words[0];
}

/* The label of a line "[^label]: …"; STR_NONE when it is none. */
static str
definition_label(str line)
{
	size_t at = 0, close;

	while (at < line.len && at < 4 && line.ptr[at] == ' ')
		at++;
	line = str_slice(line, at, line.len);
	if (!str_starts(line, S("[^")) || !str_find(line, S("]:"), &close))
		return STR_NONE;
	return str_slice(line, 0, close + 1);
}

/* Is there "[^label]" elsewhere than at `at`? */
static bool
is_referred_to(str body, str label, size_t at)
{
	size_t found;

	if (str_find(str_slice(body, 0, at), label, &found))
		return true;
	return str_find(str_slice(body, at + label.len, body.len), label, &found);
}

/* cmark leaves out a footnote that nothing refers to; the author should know. At most as many are looked for as a text
 * may honestly have. */
static void
check_unused_notes(struct render *r)
{
	unsigned looked_for = 0;

	for (size_t at = 0, length; at < r->body.len && looked_for < 200; at += length + 1) {
		str line = str_slice(r->body, at, r->body.len), label;
		if (!str_find_byte(line, '\n', &length))
			length = line.len;
		label = definition_label(str_slice(line, 0, length));
		if (!label.len)
			continue;
		at += (size_t)(label.ptr - line.ptr);
		length -= (size_t)(label.ptr - line.ptr);
		looked_for++;
		if (!is_referred_to(r->body, label, at))
			diag_add(r->diag, MD_FOOTNOTE_UNUSED, markdown_span(r->o, at, at + label.len), inline_restore_text(label, r->tmp));
	}
}

static void
fill(struct markdown *md, struct render *r)
{
	str plain = str_trim(buf_str(&r->plain));
	bool as_html = str_equal(plain, render_words(buf_str(&r->html), r->tmp));

	*md = (struct markdown){
		.html = buf_copy(&r->html, r->out), .plain = as_html ? STR_NONE : str_copy(r->out, plain),
		.holes = r->holes.ptr, .n_holes = (uint32_t)r->holes.len,
		.headings = r->headings.ptr, .n_headings = (uint32_t)r->headings.len,
	};
}

static void
render(struct markdown *md, str body, const struct markdown_options *o, struct arena *out, struct arena *tmp, struct diag *diag)
{
	struct render r = { .o = o, .words = words_of(o->language), .diag = diag, .out = out, .tmp = tmp, .french = str_starts(o->language, S("fr")) };
	cmark_node *root;

	r.body = inline_protect(body, tmp, &r.restoring);
	r.has_notes = contains(r.body, "[^");
	r.has_addresses = contains(r.body, "@") || inline_has_url(r.body);
	root = parse(r.body, r.has_notes);
	locate_init(&r.locator, r.body, tmp);
	if (contains(r.body, "~"))
		inline_find_strikes(root, &r.strikes, tmp);
	buf_init(&r.html, SIZE_MAX / 4);
	buf_init(&r.plain, SIZE_MAX / 4);
	buf_init(&r.words_set, SIZE_MAX / 4);
	buf_grow(&r.html, body.len * 2);
	buf_grow(&r.plain, body.len);
	render_tree(&r, root);
	if (r.has_notes)
		check_unused_notes(&r);
	fill(md, &r);
	buf_free(&r.html);
	buf_free(&r.plain);
	buf_free(&r.words_set);
}

bool
markdown_render(struct markdown *md, str body, const struct markdown_options *o, struct arena *out, struct diag *diag)
{
	uint32_t errors = diag->n_errors;
	struct arena own, *tmp = o->tmp ? o->tmp : &own, *outer = cmark_arena;
	struct arena_mark mark;

	*md = (struct markdown){ .html = S("") };
	if (!o->tmp)
		arena_init(&own, out->source);
	mark = arena_mark(tmp);
	cmark_arena = tmp;
	if (guard_check(body, o, tmp, diag))
		render(md, body, o, out, tmp, diag);
	cmark_arena = outer;
	if (!o->tmp)
		arena_free(&own);
	else if (mark.block)
		arena_rewind(tmp, mark);
	else
		arena_reset(tmp);        /* keeps its first block for the next body */
	return diag->n_errors == errors;
}
