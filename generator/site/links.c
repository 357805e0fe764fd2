/* Links and images of Markdown. Links to items wait for nothing; links by address wait for the routes when no item has them. */
#include "site/inside.h"

struct linking {
	struct building *b;
	struct item *item;
	struct rich *rich;
};

static bool
is_scheme_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == '_';
}

/* "word:" at the start, before any '/', '?' or '#'. */
static bool
scheme_of(str target, str *scheme)
{
	size_t i = 0;

	while (i < target.len && is_scheme_byte(target.ptr[i]))
		i++;
	*scheme = str_slice(target, 0, i);
	return i > 0 && i < target.len && target.ptr[i] == ':';
}

static bool
scheme_is_open(str scheme)
{
	return str_equal_fold(scheme, S("http")) || str_equal_fold(scheme, S("https")) || str_equal_fold(scheme, S("mailto")) ||
	    str_equal_fold(scheme, S("tel"));
}

/* Browsers pass over control bytes and read a backslash as a slash: what they would make of such an address is not what one reads. */
static bool
bytes_are_plain(str target)
{
	for (size_t i = 0; i < target.len; i++)
		if ((unsigned char)target.ptr[i] < 0x20 || target.ptr[i] == 0x7f || target.ptr[i] == '\\')
			return false;
	return true;
}

static struct span
hole_span(const struct linking *l, const struct markdown_hole *h)
{
	return (struct span){ l->item->file, h->start, h->end };
}

static bool
has_heading(const struct rich *r, str id)
{
	for (uint32_t i = 0; r && i < r->md.n_headings; i++)
		if (str_equal(r->md.headings[i].id, id))
			return true;
	return false;
}

static bool
item_has_anchor(const struct item *item, str id)
{
	if (!item || item->faulty || has_heading(item->body, id))
		return true;
	for (unsigned i = 0; i < item->n_languages; i++)
		if (item->translations[i] && has_heading(item->translations[i]->body, id))
			return true;
	for (uint32_t i = 0; i < item->object.shape->n_fields; i++)
		if (object_val(&item->object, i)->kind == VAL_RICH && has_heading(object_val(&item->object, i)->as.rich, id))
			return true;
	return false;
}

static void
check_anchor(struct linking *l, const struct markdown_hole *h, const struct item *target, str id)
{
	VEC(str) ids = { 0 };

	if (!id.len || item_has_anchor(target, id) || has_heading(l->rich, id))
		return;
	for (uint32_t i = 0; target->body && i < target->body->md.n_headings; i++)
		*vec_push(&l->b->tmp, &ids) = target->body->md.headings[i].id;
	site_fault(l->b, l->item, SITE_LINK_ANCHOR, hole_span(l, h), id, site_nearest(l->b, id, ids.ptr, ids.len), target->slug);
}

/* Splits "x#id": the anchor keeps its '#'. */
static str
cut_anchor(str *target)
{
	str anchor = S("");
	size_t at;

	if (str_find_byte(*target, '#', &at)) {
		anchor = str_slice(*target, at, target->len);
		*target = str_slice(*target, 0, at);
	}
	return anchor;
}

/* Has an item of another type with errors this name? It may lie in the wrong folder, which has been said. */
static bool
is_misplaced(struct building *b, str slug)
{
	const struct model *m = b->site->model;

	for (uint32_t i = 0; i < m->n_types; i++) {
		const struct item *named = site_named(b, m->types[i], slug);
		if (named && named->faulty)
			return true;
	}
	return false;
}

static void
link_item(struct linking *l, const struct markdown_hole *h, struct link *link, const struct type *type, str slug)
{
	str anchor = cut_anchor(&slug);
	struct item *found = site_named(l->b, type, slug);

	if (!found)
		found = site_ghost(l->b, type, slug);
	if (!found && is_misplaced(l->b, slug)) {
		l->item->faulty = true;
		return;
	}
	if (!found) {
		site_fault(l->b, l->item, SITE_LINK_UNKNOWN, hole_span(l, h), h->target, type->name, site_nearest_slug(l->b, &type, 1, slug));
		return;
	}
	link->item = site_representative(l->b, found);
	link->address = anchor;
	check_anchor(l, h, found, str_slice(anchor, 1, anchor.len));      /* not the occurrence: which one depends on the date */
}

static void
unknown_scheme(struct linking *l, const struct markdown_hole *h, str scheme)
{
	const struct model *m = l->b->site->model;
	str *names = arena_array(&l->b->tmp, str, m->n_types * 2 + 1), nearest;
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->n_types; i++)
		if (m->types[i] != m->site_type)
			names[n++] = m->types[i]->name;
	nearest = site_nearest(l->b, scheme, names, n);
	for (uint32_t i = 0; i < m->n_types; i++)
		if (m->types[i]->folder.len && str_equal(m->types[i]->folder, scheme))
			nearest = m->types[i]->name;
	site_fault(l->b, l->item, SITE_LINK_SCHEME, hole_span(l, h), h->target, nearest);
}

static void
link_scheme(struct linking *l, const struct markdown_hole *h, struct link *link, str scheme)
{
	const struct type *type = map_get(&l->b->site->model->by_name, scheme);

	if (scheme_is_open(scheme))
		link->address = h->target;
	else if (type && type != l->b->site->model->site_type)
		link_item(l, h, link, type, str_slice(h->target, scheme.len + 1, h->target.len));
	else
		unknown_scheme(l, h, scheme);
}

/* "/contact/?x#y": an address of the site, without its sub-path. */
static void
link_address(struct linking *l, const struct markdown_hole *h, struct link *link)
{
	str path = h->target;
	size_t query;

	cut_anchor(&path);
	if (str_find_byte(path, '?', &query))
		path = str_slice(path, 0, query);
	link->address = h->target;
	*vec_push(l->b->out, &l->b->in->pending) = (struct pending){ link, l->item, hole_span(l, h), path };
}

/* Another item's source file: what was meant is its page. */
static bool
names_content(struct linking *l, const struct markdown_hole *h)
{
	str path = h->target, slug, folder = STR_NONE;
	const struct type *type;

	cut_anchor(&path);
	if (!str_ends(path, S(".md")) && !str_ends(path, S(".yaml")))
		return false;
	slug = str_slice(path, 0, path.len - (str_ends(path, S(".md")) ? 3 : 5));
	for (size_t at; str_find_byte(slug, '/', &at);) {
		folder = str_slice(slug, 0, at);
		slug = str_slice(slug, at + 1, slug.len);
	}
	type = folder.len ? map_get(&l->b->site->model->by_folder, folder) : l->item->type;
	site_fault(l->b, l->item, SITE_LINK_SOURCE, hole_span(l, h), h->target, (type ? type : l->item->type)->name, slug);
	return true;
}

/* "www.ameli.fr", "accueil@exemple.fr": what browsers and mail programs complete by themselves. */
static bool
lacks_scheme(struct linking *l, const struct markdown_hole *h)
{
	bool mail = str_find_byte(h->target, '@', &(size_t){ 0 }) && !str_find_byte(h->target, '/', &(size_t){ 0 });

	if (!mail && !str_starts(h->target, S("www.")))
		return false;
	site_fault(l->b, l->item, SITE_FILE_UNKNOWN, hole_span(l, h), h->target, str_cat(&l->b->tmp, mail ? S("mailto:") : S("https://"), h->target), h->target);
	return true;
}

static void
link_file(struct linking *l, const struct markdown_hole *h, struct link *link)
{
	bool image = h->kind == MARKDOWN_IMAGE;
	struct media *m;

	if (!image && (names_content(l, h) || lacks_scheme(l, h)))
		return;
	m = arena_new(l->b->out, struct media);
	m->path = h->target;
	if (!site_find_file(l->b, l->item, m, hole_span(l, h), image))
		return;
	link->media = m;
	if (image)
		site_check_described(l->b, l->item, m, hole_span(l, h));
}

static void
resolve_image(struct linking *l, const struct markdown_hole *h, struct link *link)
{
	str scheme;

	if (scheme_of(h->target, &scheme) && scheme.len == 1)          /* C:\photos\cour.jpg */
		site_fault(l->b, l->item, SITE_FILE_PATH, hole_span(l, h), h->target);
	else if (scheme_of(h->target, &scheme) || str_starts(h->target, S("//")))
		site_fault(l->b, l->item, SITE_IMAGE_FOREIGN, hole_span(l, h), h->target);
	else
		link_file(l, h, link);
}

static void
resolve_link(struct linking *l, const struct markdown_hole *h, struct link *link)
{
	str scheme;

	if (h->kind == MARKDOWN_IMAGE && !bytes_are_plain(h->target)) {
		site_fault(l->b, l->item, SITE_FILE_PATH, hole_span(l, h), h->target);
	} else if (!bytes_are_plain(h->target) || str_starts(h->target, S("//"))) {
		site_fault(l->b, l->item, SITE_LINK_SCHEME, hole_span(l, h), h->target, S(""));
	} else if (h->kind == MARKDOWN_IMAGE) {
		resolve_image(l, h, link);
	} else if (str_starts(h->target, S("#"))) {
		link->address = h->target;
		check_anchor(l, h, l->item->original ? l->item->original : l->item, str_slice(h->target, 1, h->target.len));
	} else if (scheme_of(h->target, &scheme)) {
		link_scheme(l, h, link, scheme);
	} else if (str_starts(h->target, S("/assets/"))) {
		link_file(l, h, link);
	} else if (str_starts(h->target, S("/"))) {
		link_address(l, h, link);
	} else if (h->target.len) {
		link_file(l, h, link);
	}
}

static void
resolve_rich(void *context, struct rich *rich)
{
	struct linking *l = context;
	struct arena_mark mark = arena_mark(&l->b->tmp);

	if (rich->links || !rich->md.n_holes)
		return;          /* occurrences share their texts */
	l->rich = rich;
	rich->links = arena_array(l->b->out, struct link, rich->md.n_holes);
	for (uint32_t i = 0; i < rich->md.n_holes; i++)
		resolve_link(l, &rich->md.holes[i], &rich->links[i]);
	arena_rewind(&l->b->tmp, mark);
}

void
site_resolve_links(struct building *b)
{
	for (size_t i = 0, n = b->in->all.len; i < n; i++) {
		struct linking l = { .b = b, .item = b->in->all.ptr[i] };
		site_walk_rich(l.item, resolve_rich, &l);
	}
	{
		struct linking l = { .b = b, .item = b->site->config };
		site_walk_rich(l.item, resolve_rich, &l);
	}
}
