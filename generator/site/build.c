/* The stages of site/ in their order. Those before site_leave_out find every error, at any date; those in it can run again. */
#include "os/os.h"
#include "site/inside.h"

static void
publish_addresses(struct building *b)
{
	struct site *s = b->site;

	s->by_url = (struct map){ 0 };
	map_reserve(b->out, &s->by_url, b->in->addresses.len);
	for (size_t i = 0; i < b->in->addresses.len; i++) {
		const struct address *a = &b->in->addresses.ptr[i];
		a->item->urls[a->language] = a->item->published ? a->url : STR_NONE;
		if (a->item->published)
			map_set(b->out, &s->by_url, a->url, a->item);
	}
	if (s->home && !s->home->published)
		s->home = NULL;
}

static void
publish_redirects(struct building *b)
{
	b->site->redirects.len = 0;
	for (size_t i = 0; i < b->in->redirects.len; i++) {
		const struct redirect_from *r = &b->in->redirects.ptr[i];
		const struct item *to = site_representative(b, r->item);
		if (to->published && to->urls[0].ptr)
			*vec_push(b->out, &b->site->redirects) = (struct redirect){ r->from, to->urls[0], r->at };
	}
}

/* Neither looks at what the other makes. */
static void
derive_half(void *building, unsigned half)
{
	struct building *b = building, own;

	if (half == 0) {
		site_index_reverse(b);
		return;
	}
	own = (struct building){ .site = b->site, .in = b->in, .out = b->in->aside ? b->in->aside : b->out };
	arena_init(&own.tmp, b->out->source);
	site_index_fields(&own);
	site_collect_changes(&own);
	arena_free(&own.tmp);
}

static void
derive(struct building *b)
{
	site_set_states(b);
	publish_addresses(b);
	publish_redirects(b);
	site_order(b);
	if (b->in->aside) {
		os_parallel(2, derive_half, b);
	} else {
		derive_half(b, 0);
		derive_half(b, 1);
	}
}

static void
building_open(struct building *b, struct site *s, struct diag *diag)
{
	*b = (struct building){ .site = s, .in = s->inside, .out = s->out, .diag = diag, .text = text_open() };
	arena_init(&b->tmp, s->out->source);
}

static void
building_close(struct building *b)
{
	text_close(b->text);
	arena_free(&b->tmp);
}

void
site_leave_out(struct site *s, struct diag *diag)
{
	struct building b;

	building_open(&b, s, diag);
	site_remove_faulty(&b);
	derive(&b);
	building_close(&b);
}

static void
check_all(struct building *b, struct content content)
{
	site_name_items(b, content);
	site_resolve_references(b);
	site_expand(b);
	site_set_moments(b);
	site_link_files(b);
	site_address(b);
	site_resolve_links(b);
	site_mark_public_files(b);
	site_link_addresses(b);
	site_redirect(b);
}

bool
site_open(struct site *s, const struct model *m, struct source *source, const struct site_settings *settings, const struct site_options *o,
    struct arena *out, struct diag *diag)
{
	struct building b;
	bool configured;

	*s = (struct site){ .out = out, .model = m, .source = source, .next_change = DAY_NONE };
	s->inside = arena_new(out, struct site_inside);
	s->inside->suggestions = SITE_SUGGESTIONS;
	s->inside->keys = o->keys;
	s->inside->strings = source_walk_roots(source, S("i18n"), true);
	s->inside->aside = o->aside;
	building_open(&b, s, diag);
	configured = site_configure(&b, settings, o);
	building_close(&b);
	return configured;
}

void
site_build(struct site *s, struct content content, struct diag *diag)
{
	struct building b;

	building_open(&b, s, diag);
	check_all(&b, content);
	building_close(&b);
	site_leave_out(s, diag);
}

static int
by_date(const void *a, const void *b, void *context)
{
	const struct site_change *x = a, *y = b;
	int order;

	(void)context;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	order = str_compare(x->item->type->name, y->item->type->name);
	return order ? order : str_compare(x->item->slug, y->item->slug);
}

void
site_freeze(struct site *s)
{
	vec_sort(s->changes.ptr, s->changes.len, sizeof *s->changes.ptr, by_date, NULL);
}
