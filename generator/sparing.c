/* Pages that a change cannot touch are not drawn. Where nothing is another than at the last build but texts of items, a page that read none of
 * those texts is the file that stands in the published tree. What pages read stands in the note of again.c; at any doubt, all are drawn. */
#include "build.h"

#include <string.h>

#include "base/hash.h"

#define MOST_CHANGED 64          /* files; beyond, drawing all costs little more */
#define MOST_REASONS 8

/* The start of what is kept of a build's pages; assets, pages, sources and the reasons for days follow. */
struct head { uint64_t front, plan, n_assets, n_pages, n_sources, n_reasons; int64_t date; };
struct line {
	uint64_t hash;
	uint32_t size, n_sources;
	int32_t soonest;
	uint8_t reason, drawn, personal, unused;
};

/* --- what a build is, but for the texts of its items --- */

/* Links and headings of a text are not only its own: others lead to them, and files are published for them. */
uint64_t
sparing_joints(const struct rich *body)
{
	uint64_t h = 0;

	for (uint32_t i = 0; body && i < body->md.n_holes; i++) {
		const struct markdown_hole *hole = &body->md.holes[i];
		h = hash_mix(h, hash64(hole->target));
		h = hash_mix(h, (uint64_t)hole->kind << 1 | hole->empty_text);
	}
	for (uint32_t i = 0; body && i < body->md.n_headings; i++)
		h = hash_mix(h, hash64(body->md.headings[i].id));
	return h;
}

static uint64_t
add_item(uint64_t h, const struct item *item)
{
	h = hash_mix(h, item->front);
	h = hash_mix(h, sparing_joints(item->body));
	return hash_mix(h, (uint64_t)item->published | (uint64_t)item->listed << 1 | (uint64_t)item->draft << 2 | (uint64_t)(item->body != NULL) << 3);
}

static uint64_t
front_of(const struct site *s)
{
	uint64_t h = add_item(s->n_items, s->config);

	for (uint32_t i = 0; i < s->n_items; i++) {
		h = add_item(h, s->items[i]);
		for (uint32_t l = 0; l < s->n_languages; l++)
			if (s->items[i]->translations[l])
				h = add_item(h, s->items[i]->translations[l]);
	}
	return h;
}

static uint64_t
plan_of(const struct plan *plan)
{
	uint64_t h = plan->pages.len;

	for (size_t i = 0; i < plan->pages.len; i++) {
		const struct page *p = plan->pages.ptr[i];
		h = hash_mix(h, hash64(p->path));
		h = hash_mix(h, hash64(script_layout_name(p->layout)));
		h = hash_mix(h, p->language | (uint64_t)p->wave << 8 | (uint64_t)p->noindex << 16 | (uint64_t)(uint32_t)p->modified << 32);
	}
	return h;
}

/* With items left out, one text may bring others back. */
static bool
is_plain(const struct build *b)
{
	return b->diag->n_errors == 0 && b->site.n_left_out == 0 && b->site.force_state == 0;
}

/* --- writing --- */

static void
put(struct buf *out, const void *bytes, size_t n)
{
	buf_put(out, (str){ bytes, n });
}

/* The number of a reason, MOST_REASONS when there are too many. */
static uint8_t
reason_of(str reasons[MOST_REASONS], uint64_t *n, str why)
{
	uint8_t i = 0;

	while (i < *n && !str_equal(reasons[i], why))
		i++;
	if (i == *n && i < MOST_REASONS)
		reasons[(*n)++] = why;
	return i;
}

static bool
put_lines(struct buf *out, const struct build *b, str reasons[MOST_REASONS], uint64_t *n_reasons)
{
	for (size_t i = 0; i < b->plan.pages.len; i++) {
		const struct render_page *p = &b->rendered.pages[i];
		struct line line = { p->hash, p->size, p->n_sources, p->soonest, 0, p->drawn, p->personal, 0 };
		if (p->soonest != DAY_NONE)
			line.reason = reason_of(reasons, n_reasons, p->why);
		if (line.reason == MOST_REASONS)
			return false;
		put(out, &line, sizeof line);
	}
	return true;
}

static void
put_assets(struct buf *out, const struct render_assets *assets)
{
	for (size_t i = 0; i < assets->len; i++) {
		uint64_t pair[] = { assets->ptr[i].source, assets->ptr[i].identity };
		put(out, pair, sizeof pair);
	}
}

static void
put_sources(struct buf *out, const struct build *b)
{
	for (size_t i = 0; i < b->plan.pages.len; i++)
		put(out, b->rendered.pages[i].sources, b->rendered.pages[i].n_sources * sizeof(uint32_t));
}

void
sparing_put(struct build *b, struct buf *out)
{
	struct head head = { .front = front_of(&b->site), .plan = plan_of(&b->plan), .n_assets = b->rendered.assets.len, .n_pages = b->plan.pages.len,
		.date = b->site.date };
	str reasons[MOST_REASONS];

	if (!is_plain(b) || !b->drawn_in_silence)
		return;
	for (size_t i = 0; i < head.n_pages; i++)
		head.n_sources += b->rendered.pages[i].n_sources;
	put(out, &head, sizeof head);
	put_assets(out, &b->rendered.assets);
	if (!put_lines(out, b, reasons, &head.n_reasons)) {
		buf_clear(out);
		return;
	}
	put_sources(out, b);
	for (uint64_t i = 0; i < head.n_reasons; i++) {
		put(out, &reasons[i].len, sizeof reasons[i].len);
		buf_put(out, reasons[i]);
	}
	if (!out->failed)
		memcpy(out->ptr, &head, sizeof head);
}

/* --- reading --- */

static bool
take(str *rest, void *into, size_t n)
{
	if (rest->len < n)
		return false;
	if (n)
		memcpy(into, rest->ptr, n);
	*rest = str_slice(*rest, n, rest->len);
	return true;
}

static bool
take_assets(str *rest, struct render_assets *assets, uint64_t n, struct arena *out)
{
	uint64_t pair[2];

	for (uint64_t i = 0; i < n; i++) {
		if (!take(rest, pair, sizeof pair))
			return false;
		*vec_push(out, assets) = (struct render_asset){ (uint32_t)pair[0], pair[1] };
	}
	return true;
}

/* The reasons stand behind: until they are read, `why` is as long as their number. */
static bool
take_lines(str *rest, struct render_page *pages, const struct head *h, struct arena *out)
{
	uint32_t *sources;
	uint64_t left = h->n_sources;

	if (h->n_sources > rest->len / sizeof *sources)
		return false;
	sources = arena_array(out, uint32_t, h->n_sources);
	for (uint64_t i = 0; i < h->n_pages; i++) {
		struct line l;
		if (!take(rest, &l, sizeof l) || l.n_sources > left || l.n_sources > UINT16_MAX || (l.soonest != DAY_NONE && l.reason >= h->n_reasons))
			return false;
		pages[i] = (struct render_page){ .hash = l.hash, .sources = sources + (h->n_sources - left), .why.len = l.reason, .size = l.size,
			.soonest = l.soonest, .n_sources = (uint16_t)l.n_sources, .drawn = l.drawn, .personal = l.personal };
		left -= l.n_sources;
	}
	return left == 0 && take(rest, sources, h->n_sources * sizeof *sources);
}

static bool
take_reasons(str *rest, struct render_page *pages, const struct head *h)
{
	str reasons[MOST_REASONS];

	for (uint64_t i = 0; i < h->n_reasons; i++) {
		size_t n;
		if (!take(rest, &n, sizeof n) || n > rest->len)
			return false;
		reasons[i] = str_slice(*rest, 0, n);
		*rest = str_slice(*rest, n, rest->len);
	}
	for (uint64_t i = 0; i < h->n_pages; i++)
		pages[i].why = pages[i].soonest == DAY_NONE ? STR_NONE : reasons[pages[i].why.len];
	return rest->len == 0;
}

static bool
take_pages(struct build *b, str rest, struct render_last *last)
{
	struct render_page *pages;
	struct head h;

	if (!take(&rest, &h, sizeof h) || h.n_pages != b->plan.pages.len || h.n_reasons > MOST_REASONS || h.date != b->site.date ||
	    h.front != front_of(&b->site) || h.plan != plan_of(&b->plan))
		return false;
	pages = arena_array(&b->late, struct render_page, h.n_pages + 1);
	last->pages = pages;
	return take_assets(&rest, &last->assets, h.n_assets, &b->late) && take_lines(&rest, pages, &h, &b->late) && take_reasons(&rest, pages, &h);
}

/* --- what has changed --- */

/* The file of content/ behind a path as it was read, 0 for any other. */
file_id
sparing_file(const struct build *b, str path)
{
	str dir = b->options->site_dir;
	uint32_t at;

	if (!str_starts(path, dir))
		return 0;
	path = str_slice(path, dir.len, path.len);
	if (str_starts(path, S("/")))
		path = str_slice(path, 1, path.len);
	return str_starts(path, S("content/")) && map_find(&b->diag->files->by_path, path, &at) ? at + 1 : 0;
}

static bool
is_of(const struct item *item, const struct site *s, file_id file)
{
	bool found = item->file == file;

	for (uint32_t l = 0; l < s->n_languages; l++)
		found = found || (item->translations[l] && item->translations[l]->file == file);
	return found;
}

/* Marks what was read from the file; false when that is no item, or routes.lua or a module has read its text. */
static bool
mark(const struct build *b, file_id file, bool *changed)
{
	bool found = false;

	for (uint32_t i = 0; file && i < b->site.n_items; i++)
		if (is_of(b->site.items[i], &b->site, file)) {
			changed[i] = found = true;
			if (script_read_early(b->script, i))
				return false;
		}
	return found;
}

static bool
find_changed(struct build *b, struct render_last *last)
{
	struct reads_change files = { 0 };
	bool *changed = arena_array(&b->late, bool, b->site.n_items + 1);

	if (!reads_changed(b->reads, b->last->reads, again_record(b), MOST_CHANGED, &b->late, &files))
		return false;
	for (size_t i = 0; i < files.len; i++)
		if (files.ptr[i].max != b->source.limits.content_file || !mark(b, sparing_file(b, files.ptr[i].path), changed))
			return false;
	last->changed = changed;
	return true;
}

void
sparing_look(struct build *b)
{
	struct render_last last = { 0 };

	if (!b->last || !b->reads || !is_plain(b) || !output_live_is(b->output, b->last->identity) || script_read_early(b->script, SCRIPT_ALL))
		return;
	if (!take_pages(b, b->last->pages, &last) || !find_changed(b, &last))
		return;
	b->spared = arena_new(&b->late, struct render_last);
	*b->spared = last;
}
