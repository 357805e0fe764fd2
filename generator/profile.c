/* What --profile tells: the time of each stage of the spine, and where rendering spends it. */
#include "build.h"

#include "os/os.h"

#define SLOWEST_PAGES 10

void
profile_begin(struct build *b)
{
	if (!b->options->profile)
		return;
	b->profile = arena_new(b->arena, struct build_profile);
	b->costs = arena_array(b->arena, struct worker_costs, b->workers);
	for (unsigned i = 0; i < b->workers; i++)
		arena_init(&b->costs[i].arena, b->arena->source);
}

void
profile_stage(struct build *b, const char *name, uint64_t nanoseconds, bool beside)
{
	if (b->profile)
		*vec_push(b->arena, &b->profile->stages) = (struct profile_stage){ str_from_c(name), nanoseconds, beside };
}

void
profile_comparison(struct build *b, str differing, uint64_t started)
{
	profile_stage(b, "comparison", os_ticks() - started, false);
	if (b->profile)
		b->profile->differing = str_copy(b->arena, differing);
}

void
profile_page(struct build *b, unsigned worker, const struct render_file *file)
{
	struct worker_costs *w = b->profile ? &b->costs[worker] : NULL;

	if (w)
		*vec_push(&w->arena, &w->pages) = (struct profile_page){ file->page->url, script_layout_name(file->page->layout), file->nanoseconds, file->bytes.len };
}

static int
by_layout(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct profile_page *)a)->layout, ((const struct profile_page *)b)->layout);
}

static int
dearest_page(const void *a, const void *b, void *context)
{
	const struct profile_page *x = a, *y = b;

	(void)context;
	return (y->nanoseconds > x->nanoseconds) - (y->nanoseconds < x->nanoseconds);
}

static int
dearest_layout(const void *a, const void *b, void *context)
{
	const struct profile_layout *x = a, *y = b;

	(void)context;
	return (y->nanoseconds > x->nanoseconds) - (y->nanoseconds < x->nanoseconds);
}

/* The pages are sorted by layout. */
static void
add_layouts(struct build *b, const struct profile_page *pages, size_t n)
{
	struct build_profile *p = b->profile;

	for (size_t i = 0; i < n; i++) {
		struct profile_layout *l = p->layouts.len ? &p->layouts.ptr[p->layouts.len - 1] : NULL;
		if (!l || !str_equal(l->layout, pages[i].layout)) {
			l = vec_push(b->arena, &p->layouts);
			*l = (struct profile_layout){ .layout = pages[i].layout };
		}
		l->n_pages++;
		l->nanoseconds += pages[i].nanoseconds;
		l->bytes += pages[i].bytes;
	}
	vec_sort(p->layouts.ptr, p->layouts.len, sizeof *p->layouts.ptr, dearest_layout, NULL);
}

/* Names live in the house, which ends with the build. */
static void
keep_names(struct build *b)
{
	struct build_profile *p = b->profile;

	for (size_t i = 0; i < p->layouts.len; i++)
		p->layouts.ptr[i].layout = str_copy(b->arena, p->layouts.ptr[i].layout);
	for (size_t i = 0; i < p->pages.len; i++) {
		p->pages.ptr[i].url = str_copy(b->arena, p->pages.ptr[i].url);
		p->pages.ptr[i].layout = str_copy(b->arena, p->pages.ptr[i].layout);
	}
}

static void
add_caches(struct build *b)
{
	struct pack_counts texts = b->pack ? pack_counts(b->pack) : (struct pack_counts){ 0 };

	b->profile->markdown = (struct profile_cache){ texts.found, texts.made };
	b->profile->once = (struct profile_cache){ b->rendered.once.found, b->rendered.once.made };
	if (b->rendered.n_taken)
		b->profile->drawn = (struct profile_cache){ b->rendered.n_taken, b->rendered.n_pages - b->rendered.n_taken };
}

void
profile_end(struct build *b)
{
	VEC(struct profile_page) all = { 0 };

	if (!b->profile)
		return;
	for (unsigned i = 0; i < b->workers; i++)
		for (size_t k = 0; k < b->costs[i].pages.len; k++)
			*vec_push(&b->late, &all) = b->costs[i].pages.ptr[k];
	vec_sort(all.ptr, all.len, sizeof *all.ptr, by_layout, NULL);
	add_layouts(b, all.ptr, all.len);
	vec_sort(all.ptr, all.len, sizeof *all.ptr, dearest_page, NULL);
	for (size_t i = 0; i < all.len && i < SLOWEST_PAGES; i++)
		*vec_push(b->arena, &b->profile->pages) = all.ptr[i];
	keep_names(b);
	add_caches(b);
	for (unsigned i = 0; i < b->workers; i++)
		arena_free(&b->costs[i].arena);
	b->report->profile = b->profile;
}
