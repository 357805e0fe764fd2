/* The workers: pages of a wave are taken one by one by an atomic counter; what each worker finds out is put together after the wave,
 * in the order of the plan, so that the number of threads changes nothing. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "os/os.h"
#include "render/render.h"

struct worker {
	struct arena out;
	struct arena painted;        /* the picture that is being finished */
	struct diag diag;
	struct script_state *state;
	VEC(const struct script_error *) errors;
	VEC(struct script_file) files;
	uint32_t n_taken;
};

struct run {
	const struct plan *plan;
	struct script *script;
	const struct site *site;
	struct assets *assets;
	const struct render_sink *sink;
	struct render_report *report;
	struct arena *out;
	struct diag *diag;
	struct worker *workers; unsigned n_workers;
	uint8_t wave;
	const struct page **pages; uint32_t n_pages;   /* of this wave */
	str *bytes;                  /* wave 1: [page] */
	VEC(uint32_t) changed;       /* generated assets that are not those of the last build */
	_Atomic uint32_t next;
	_Atomic bool stopped;
};

static struct script_file
file_of_page(const struct page *page, uint64_t size, uint64_t hash)
{
	return (struct script_file){ .url = page->url, .path = page->path, .size = size, .hash = hash,
		.index = page->wave == 2 && !page->noindex, .modified = page->modified };
}

static struct script_file
file_of_asset(const struct asset *a)
{
	return (struct script_file){ .url = a->url, .path = str_slice(a->url, 1, a->url.len), .size = a->size, .hash = a->hash, .modified = DAY_NONE };
}

bool
render_paint(const struct page *page, struct paints *paints, unsigned worker, struct arena *painted, str *bytes, struct diag *diag)
{
	struct hash128 key = { 0, 0 };
	str fault, found;

	if (!str_ends(page->path, S(".png")))
		return true;
	if (paints)
		key = paints_key(paints, *bytes);
	found = paints ? paints_find(paints, worker, key) : STR_NONE;
	if (found.ptr) {
		*bytes = found;
		return true;
	}
	arena_reset(painted);
	if (media_paint(*bytes, painted, bytes, &fault)) {
		if (paints)
			paints_keep(paints, worker, key, *bytes);
		return true;
	}
	diag_add(diag, RENDER_NOT_PAINTED, page->at, page->url, str_copy(diag->out, fault));
	return false;
}

static void
remember_page(struct run *r, struct worker *w, const struct page *page, const struct script_result *result)
{
	struct render_page *known = &r->report->pages[page->index];

	known->personal = result->personal;
	known->soonest = result->soonest.date;
	known->why = result->soonest.why;
	known->n_sources = (uint16_t)result->n_sources;
	if (result->n_sources)
		known->sources = memcpy(arena_array(&w->out, uint32_t, result->n_sources), result->sources, result->n_sources * sizeof *result->sources);
}

static void
finish_page(struct run *r, struct worker *w, unsigned number, uint32_t at, str bytes, const struct script_result *result, uint64_t started)
{
	const struct page *page = r->pages[at];
	struct render_file file = { page, bytes, hash64(bytes), result->personal, os_ticks() - started };
	struct render_page *known = &r->report->pages[page->index];

	remember_page(r, w, page, result);
	known->hash = file.hash;
	known->size = (uint32_t)bytes.len;
	known->drawn = bytes.len <= UINT32_MAX;

	if (r->wave == 1) {
		r->bytes[at] = str_copy(&w->out, bytes);
		return;
	}
	*vec_push(&w->out, &w->files) = file_of_page(page, bytes.len, file.hash);
	if (!r->sink->put(r->sink->context, number, &file))
		atomic_store(&r->stopped, true);
}

/* --- pages of the last build --- */

static bool
has_changed(const struct run *r, uint32_t source)
{
	if (source < r->site->n_items)
		return r->sink->last->changed[source];
	for (size_t i = 0; i < r->changed.len; i++)
		if (source == r->changed.ptr[i])
			return true;
	return source == SCRIPT_ALL;
}

/* Pictures are drawn, so that those that were painted are found again and stay. */
static bool
may_take(const struct run *r, const struct page *page)
{
	const struct render_page *of = r->sink->last ? &r->sink->last->pages[page->index] : NULL;

	if (!of || !of->drawn || page->wave != 2 || str_ends(page->path, S(".png")))
		return false;
	for (uint32_t i = 0; i < of->n_sources; i++)
		if (has_changed(r, of->sources[i]))
			return false;
	return true;
}

static bool
take_page(struct run *r, struct worker *w, unsigned number, const struct page *page)
{
	const struct render_page *of;

	if (!may_take(r, page))
		return false;
	of = &r->sink->last->pages[page->index];
	if (!r->sink->take(r->sink->context, number, page, of))
		return false;
	r->report->pages[page->index] = *of;
	w->n_taken++;
	return true;
}

static bool
open_state(struct run *r, struct worker *w)
{
	if (!w->state)
		w->state = script_open(r->script, &w->out, &w->diag);
	return w->state != NULL;
}

static void
work(void *context, unsigned number)
{
	struct run *r = context;
	struct worker *w = &r->workers[number];
	struct script_result result;
	uint32_t at;
	str bytes;

	/* The others need none before they draw; days that modules ask about are found by this one. */
	if (number == 0 && !open_state(r, w))
		return;
	while ((at = atomic_fetch_add(&r->next, 1)) < r->n_pages && !atomic_load(&r->stopped)) {
		uint64_t started = os_ticks();
		if (take_page(r, w, number, r->pages[at]))
			continue;
		if (!open_state(r, w))
			return;
		if (!script_render(w->state, r->pages[at], &bytes, &result))
			*vec_push(&w->out, &w->errors) = result.error;
		else if (render_paint(r->pages[at], r->sink->paints, number, &w->painted, &bytes, &w->diag))
			finish_page(r, w, number, at, bytes, &result, started);
	}
	if (w->state)
		script_rest(w->state);
}

/* --- putting together --- */

static int
by_place(const void *a, const void *b, void *context)
{
	const struct script_error *x = *(const struct script_error *const *)a, *y = *(const struct script_error *const *)b;
	int order = script_error_compare(x, y);

	(void)context;
	if (order)
		return order;
	return (x->page->index > y->page->index) - (x->page->index < y->page->index);
}

/* One report for each mistake, with the first page it is on and how many others. */
static void
report_errors(struct run *r)
{
	VEC(const struct script_error *) all = { 0 };
	size_t same;

	for (unsigned i = 0; i < r->n_workers; i++)
		for (size_t k = 0; k < r->workers[i].errors.len; k++)
			*vec_push(r->out, &all) = r->workers[i].errors.ptr[k];
	vec_sort(all.ptr, all.len, sizeof *all.ptr, by_place, NULL);
	for (size_t i = 0; i < all.len; i += same) {
		for (same = 1; i + same < all.len && script_error_compare(all.ptr[i], all.ptr[i + same]) == 0;)
			same++;
		script_report(r->script, all.ptr[i], (uint32_t)same - 1, r->diag);
	}
}

void
render_add_resource(struct assets *assets, const struct page *page, str bytes)
{
	str name = str_slice(page->url, 1, page->url.len);

	if (str_starts(name, S("assets/")))
		name = str_slice(name, 7, name.len);
	media_add_generated(assets, name, bytes, page->mime);
}

static void
publish_resources(struct run *r)
{
	for (uint32_t i = 0; i < r->n_pages; i++)
		if (r->bytes[i].ptr)
			render_add_resource(r->assets, r->pages[i], r->bytes[i]);
}

/* Which of them pages name; the other files of the search's index are named by the first. */
static void
list_generated(struct run *r)
{
	for (size_t i = 0; i < r->assets->list.len; i++) {
		const struct asset *a = r->assets->list.ptr[i];
		if (!a->source.path.ptr && map_get(&r->assets->by_name, a->name) == a)
			*vec_push(r->out, &r->report->assets) = (struct render_asset){ script_source_of_asset(a->name), hash_mix(hash64(a->url), a->hash) };
	}
}

static bool
has_asset(const struct render_assets *list, struct render_asset a)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->ptr[i].source == a.source && list->ptr[i].identity == a.identity)
			return true;
	return false;
}

static void
add_changed(struct run *r, const struct render_assets *of, const struct render_assets *others)
{
	for (size_t i = 0; i < of->len; i++)
		if (!has_asset(others, of->ptr[i]))
			*vec_push(r->out, &r->changed) = of->ptr[i].source;
}

static void
compare_generated(struct run *r)
{
	list_generated(r);
	if (!r->sink->last)
		return;
	add_changed(r, &r->report->assets, &r->sink->last->assets);
	add_changed(r, &r->sink->last->assets, &r->report->assets);
}

/* Pages of the last build come last, in wave 3: what is known of them goes into the manifest before they are taken over, and they are while its files
 * are drawn. */
static void
add_pages(struct run *r, uint8_t wave, bool of_items, bool last)
{
	for (size_t i = 0; i < r->plan->pages.len; i++) {
		const struct page *page = r->plan->pages.ptr[i];
		if (page->wave == wave && !page->item == !of_items && (wave != 2 || may_take(r, page) == last))
			r->pages[r->n_pages++] = page;
	}
}

static void
run_wave(struct run *r, uint8_t wave)
{
	r->wave = wave;
	r->n_pages = 0;
	r->pages = arena_array(r->out, const struct page *, r->plan->pages.len + 1);
	/* Routes' pages first: exports and long lists begun last would leave the other workers waiting for one. */
	for (int of_items = 0; of_items < 2; of_items++)
		add_pages(r, wave, of_items, false);
	for (int of_items = 0; of_items < 2 && wave == 3; of_items++)
		add_pages(r, 2, of_items, true);
	if (r->n_pages == 0)
		return;
	r->bytes = arena_array(r->out, str, wave == 1 ? r->n_pages : 1);
	atomic_store(&r->next, 0);
	os_parallel(r->n_workers, work, r);
	if (wave == 1)
		publish_resources(r);
	else
		r->report->n_pages += r->n_pages;
}

static int
by_path(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct script_file *)a)->path, ((const struct script_file *)b)->path);
}

static void
gather_pages_of_last(struct run *r)
{
	for (size_t i = 0; i < r->plan->pages.len; i++) {
		const struct page *page = r->plan->pages.ptr[i];
		if (may_take(r, page))
			*vec_push(r->out, &r->report->files) = file_of_page(page, r->sink->last->pages[i].size, r->sink->last->pages[i].hash);
	}
}

/* What wave 3 sees: assets, resources of wave 1 among them, and pages. */
static void
gather_files(struct run *r)
{
	vec_reserve(r->out, &r->report->files, r->assets->list.len + r->plan->pages.len);
	for (size_t i = 0; i < r->assets->list.len; i++)
		*vec_push(r->out, &r->report->files) = file_of_asset(r->assets->list.ptr[i]);
	for (unsigned i = 0; i < r->n_workers; i++)
		for (size_t k = 0; k < r->workers[i].files.len; k++)
			*vec_push(r->out, &r->report->files) = r->workers[i].files.ptr[k];
	gather_pages_of_last(r);
	vec_sort(r->report->files.ptr, r->report->files.len, sizeof *r->report->files.ptr, by_path, NULL);
	script_set_manifest(r->script, r->report->files.ptr, (uint32_t)r->report->files.len);
}

static int
by_day(const void *a, const void *b, void *context)
{
	const struct site_change *x = a, *y = b;

	(void)context;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	if (x->item && y->item && x->item != y->item)
		return x->item->id < y->item->id ? -1 : 1;
	if (!x->item != !y->item)
		return x->item ? 1 : -1;
	return str_compare(x->why, y->why);
}

static void
gather_dates(struct run *r)
{
	VEC(struct site_change) all = { 0 };

	for (unsigned i = 0; i < r->n_workers; i++) {
		struct script_dates dates = r->workers[i].state ? script_dates(r->workers[i].state) : (struct script_dates){ 0 };
		for (size_t k = 0; k < dates.len; k++)
			*vec_push(r->out, &all) = (struct site_change){ dates.ptr[k].date, dates.ptr[k].item, dates.ptr[k].why };
	}
	/* Of a page that was taken over, the soonest is known, which is all that is asked for. */
	for (size_t i = 0; r->sink->last && i < r->plan->pages.len; i++)
		if (r->report->pages[i].soonest != DAY_NONE)
			*vec_push(r->out, &all) = (struct site_change){ r->report->pages[i].soonest, r->plan->pages.ptr[i]->item, r->report->pages[i].why };
	vec_sort(all.ptr, all.len, sizeof *all.ptr, by_day, NULL);
	for (size_t i = 0; i < all.len; i++)
		if (i == 0 || by_day(&all.ptr[i - 1], &all.ptr[i], NULL) != 0)
			*vec_push(r->out, &r->report->changes) = all.ptr[i];
}

static void
close_workers(struct run *r)
{
	for (unsigned i = 0; i < r->n_workers; i++) {
		struct worker *w = &r->workers[i];
		r->report->n_taken += w->n_taken;
		if (w->state) {
			struct script_counts counts = script_counts(w->state);
			r->report->once.found += counts.found;
			r->report->once.made += counts.made;
			script_finish(w->state);
			script_close(w->state);
		}
		diag_merge(r->diag, &w->diag);
		arena_free(&w->painted);
	}
}

bool
render_run(const struct plan *plan, struct script *script, const struct site *site, struct assets *assets, const struct render_sink *sink,
    unsigned workers, struct render_report *report, struct arena *out, struct diag *diag)
{
	struct run r = { .plan = plan, .script = script, .site = site, .assets = assets, .sink = sink, .report = report, .out = out, .diag = diag,
		.n_workers = workers ? workers : 1 };
	uint32_t errors = diag->n_errors;
	bool fine = true;

	*report = (struct render_report){ .pages = arena_array(out, struct render_page, plan->pages.len + 1) };
	for (size_t i = 0; i < plan->pages.len; i++)
		report->pages[i].soonest = DAY_NONE;
	r.workers = arena_array(out, struct worker, r.n_workers);
	for (unsigned i = 0; i < r.n_workers; i++) {
		arena_init(&r.workers[i].out, out->source);
		arena_init(&r.workers[i].painted, out->source);
		diag_init(&r.workers[i].diag, &r.workers[i].out, diag->files);
	}
	for (uint8_t wave = 1; wave <= 3 && fine; wave++) {
		if (wave == 2)
			compare_generated(&r);
		if (wave == 3)
			gather_files(&r);
		run_wave(&r, wave);
		for (unsigned i = 0; i < r.n_workers; i++)
			fine = fine && r.workers[i].errors.len == 0 && r.workers[i].diag.n_errors == 0;
		fine = fine && !atomic_load(&r.stopped);
	}
	report_errors(&r);
	gather_dates(&r);
	close_workers(&r);
	report->stopped = atomic_load(&r.stopped);
	return diag->n_errors == errors && !report->stopped;
}

bool
render_resources(const struct plan *plan, struct script *script, struct assets *assets, struct script_state *state, struct diag *diag)
{
	struct script_result result;
	struct arena painted;
	bool fine = true;
	str bytes;

	arena_init(&painted, plan->out->source);
	for (size_t i = 0; i < plan->pages.len; i++) {
		if (plan->pages.ptr[i]->wave != 1)
			continue;
		if (!script_render(state, plan->pages.ptr[i], &bytes, &result)) {
			script_report(script, result.error, 0, diag);
			fine = false;
		} else if (render_paint(plan->pages.ptr[i], NULL, 0, &painted, &bytes, diag)) {
			render_add_resource(assets, plan->pages.ptr[i], bytes);
		} else {
			fine = false;
		}
	}
	arena_free(&painted);
	return fine;
}

void
render_manifest(const struct plan *plan, const struct assets *assets, const struct render_drawn *drawn, struct arena *out,
    struct script_file **files, uint32_t *n)
{
	*files = arena_array(out, struct script_file, assets->list.len + plan->pages.len);
	*n = 0;
	for (size_t i = 0; i < assets->list.len; i++)
		(*files)[(*n)++] = file_of_asset(assets->list.ptr[i]);
	for (size_t i = 0; i < plan->pages.len; i++)
		if (plan->pages.ptr[i]->wave == 2)
			(*files)[(*n)++] = file_of_page(plan->pages.ptr[i], drawn[i].size, drawn[i].hash);
	vec_sort(*files, *n, sizeof **files, by_path, NULL);
}
