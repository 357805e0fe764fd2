/* Links by address: to an item's page at once, to any other when all pages are known. */
#include "site/inside.h"

static bool
has_heading(const struct item *item, str id)
{
	for (uint32_t i = 0; item->body && i < item->body->md.n_headings; i++)
		if (str_equal(item->body->md.headings[i].id, id))
			return true;
	return false;
}

static str
anchor_of(str address)
{
	size_t at;
	return str_find_byte(address, '#', &at) ? str_slice(address, at, address.len) : S("");
}

static void
lead_to_item(struct building *b, struct pending *p, struct item *item)
{
	str anchor = anchor_of(p->link->address), id = str_slice(anchor, 1, anchor.len);
	VEC(str) ids = { 0 };

	p->link->item = item;
	p->link->address = anchor;
	if (!id.len || item->faulty || has_heading(item, id))
		return;
	for (uint32_t i = 0; item->body && i < item->body->md.n_headings; i++)
		*vec_push(&b->tmp, &ids) = item->body->md.headings[i].id;
	site_fault(b, p->item, SITE_LINK_ANCHOR, p->at, id, site_nearest(b, id, ids.ptr, ids.len), item->slug);
}

/* The draft whose page would have this address: its type's pattern with only the slug open. */
static struct item *
draft_at(struct building *b, str path)
{
	const struct model *m = b->site->model;

	for (uint32_t i = 0; i < m->n_types; i++) {
		str pattern = m->types[i]->url, before, after, slug;
		struct item *named;
		size_t at;
		if (!pattern.len || !str_find(pattern, S("{slug}"), &at))
			continue;
		before = str_slice(pattern, 0, at);
		after = str_slice(pattern, at + 6, pattern.len);
		if (path.len <= before.len + after.len || !str_starts(path, before) || !str_ends(path, after))
			continue;
		slug = str_slice(path, before.len, path.len - after.len);
		if (str_find_byte(slug, '/', &at))
			continue;
		named = site_named(b, m->types[i], slug);
		if (!named)
			named = site_ghost(b, m->types[i], slug);
		if (named && named->draft)
			return named;
	}
	return NULL;
}

/* An item that is not published at this date keeps its address: such a link is shown as text, not as a mistake. */
void
site_link_addresses(struct building *b)
{
	struct arena_mark mark = arena_mark(&b->tmp);
	size_t kept = 0;

	for (size_t i = 0; i < b->in->pending.len; i++) {
		struct pending *p = &b->in->pending.ptr[i];
		struct item *item = map_get(&b->in->taken, p->path);
		if (!item)
			item = draft_at(b, p->path);
		if (item)
			lead_to_item(b, p, item);
		else
			b->in->pending.ptr[kept++] = *p;
	}
	b->in->pending.len = kept;
	arena_rewind(&b->tmp, mark);
}

/* "/en/offres/" → "/offres/" */
static str
without_language(const struct site *s, str path)
{
	for (uint32_t i = 1; i < s->n_languages; i++) {
		size_t n = s->languages[i].len;
		if (path.len > n + 1 && path.ptr[n + 1] == '/' && str_equal(str_slice(path, 1, n + 1), s->languages[i]))
			return str_slice(path, n + 1, path.len);
	}
	return path;
}

/* The list of a type ("/offres/") or a page below it that is no item's ("/offres/public/interne/"): whether it exists may depend on the date. */
static bool
depends_on_date(const struct site *s, str path)
{
	str rest = str_slice(without_language(s, path), 1, path.len), piece;
	unsigned n = 0;

	while (str_next(&rest, '/', &piece)) {
		if (!piece.len)
			continue;
		if (!n && !map_get(&s->model->by_folder, piece))
			return false;
		n++;
	}
	return n && n != 2 && str_ends(path, S("/"));
}

static str
nearest_address(struct building *b, struct pending *p, bool (*exists)(void *context, str url), void *context)
{
	struct arena_mark mark = arena_mark(&b->tmp);
	str closed = str_cat(b->out, p->path, S("/")), *urls, nearest;

	if (!str_ends(p->path, S("/")) && (map_get(&b->in->taken, closed) || exists(context, closed)))
		return closed;
	if (!b->in->suggestions)
		return S("");
	urls = arena_array(&b->tmp, str, b->in->taken.len);
	for (uint32_t i = 0; i < b->in->taken.len; i++)
		urls[i] = b->in->taken.entries[i].key;
	nearest = site_nearest(b, p->path, urls, b->in->taken.len);
	arena_rewind(&b->tmp, mark);
	return nearest;
}

static bool
check_pending(struct building *b, struct pending *p, bool (*exists)(void *context, str url), void *context)
{
	if (p->item->faulty || exists(context, p->path))
		return true;
	p->link->address = STR_NONE;
	if (depends_on_date(b->site, p->path)) {
		diag_add(b->diag, SITE_LINK_NO_LIST, p->at, p->path);
		return true;
	}
	diag_add(b->diag, SITE_LINK_BROKEN, p->at, p->path, nearest_address(b, p, exists, context));
	return b->site->remove_faulty;
}

/* A route's page stands where a redirect would: the page wins, and the editor learns it. */
static void
check_redirects(struct building *b, bool (*exists)(void *context, str url), void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->site->redirects.len; i++) {
		const struct redirect *r = &b->site->redirects.ptr[i];
		if (exists(context, r->from))
			diag_add(b->diag, SITE_REDIRECT_PAGE, r->at, r->from);
		else
			b->site->redirects.ptr[kept++] = *r;
	}
	b->site->redirects.len = kept;
}

bool
site_check_pending(struct site *s, bool (*exists)(void *context, str url), void *context, struct diag *diag)
{
	struct building b = { .site = s, .in = s->inside, .out = s->out, .diag = diag };
	bool fine = true;

	arena_init(&b.tmp, s->out->source);
	for (size_t i = 0; i < s->inside->pending.len; i++)
		fine = check_pending(&b, &s->inside->pending.ptr[i], exists, context) && fine;
	check_redirects(&b, exists, context);
	arena_free(&b.tmp);
	return fine;
}

bool
site_pending_stands(const struct site *s, bool (*exists)(void *context, str url), void *before, void *now)
{
	for (size_t i = 0; i < s->inside->pending.len; i++)
		if (exists(before, s->inside->pending.ptr[i].path) != exists(now, s->inside->pending.ptr[i].path))
			return false;
	for (size_t i = 0; i < s->inside->redirects.len; i++)
		if (exists(before, s->inside->redirects.ptr[i].from) != exists(now, s->inside->redirects.ptr[i].from))
			return false;
	return true;
}
