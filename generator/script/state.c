/* A worker's state: made once a build, draws page after page. */
#include "script/escape.h"
#include "script/state.h"

#define PAGE_BLOCK ((size_t)1 << 20)     /* what nearly all pages need, kept from page to page */
#define SCRATCH_MAX ((size_t)64 << 20)

/* --- the watchdog --- */

/* Runs in the watchdog's thread while the worker is lost in a loop of C code: reads only what is atomic or frozen. */
static void
bark(void *context)
{
	struct script_state *w = context;
	const struct script *s = w->shared;
	const char *url = atomic_load(&w->at_url);
	struct diag_printing how = s->o.printing;
	struct arena arena;
	struct diag diag;
	struct buf text;

	arena_init(&arena, w->out->source);
	diag_init(&diag, &arena, s->diag->files);
	diag_add(&diag, SCRIPT_ENDLESS, span_of_line(s, atomic_load(&w->at_file), atomic_load(&w->at_line)),
	    url ? (str){ url, atomic_load(&w->at_url_len) } : S("lib/, routes.lua"), str_format(&arena, "%.3g", s->o.limits.seconds));
	if (how.limit == 0)
		how.limit = 200;
	buf_init(&text, 1 << 20);
	diag_print(&diag, &how, &text);
	os_print(2, buf_str(&text));
	os_exit_now(1);
}

/* A page of an ordinary site takes a thousandth of this. */
#define PATIENCE 0.25

void
state_watch(struct script_state *w)
{
	struct os_watching how = { .patience = PATIENCE, .seconds = w->shared->o.limits.seconds, .growl = sandbox_count, .bark = bark, .context = w };

	w->watchdog = os_watchdog_start(&how);
}

/* --- opening --- */

static int
open_everything(lua_State *L)
{
	struct script_state *w = state_of(L);

	cache_open(w);
	values_open(w);
	items_open(w);
	lists_open(w);
	siteview_open(w);
	api_text_open(w);
	api_site_open(w);
	api_html_open(w);
	api_data_open(w);
	api_colour_open(w);
	api_contours_open(w);
	api_places_open(w);
	csv_open(w);
	jsonld_open(w);
	runtime_open(w);
	once_open(w);
	modules_open(w);
	return 0;
}

/* The chunks of the diagnostic run, which note each expression. */
static void
compile_traced(struct script_state *w)
{
	const struct script *s = w->shared;
	struct diag quiet;

	diag_init(&quiet, w->out, s->diag->files);
	w->traced = arena_array(w->out, str, s->layouts.len + 1);
	for (size_t i = 0; i < s->layouts.len; i++) {
		const struct script_layout *l = s->layouts.ptr[i];
		struct template_options o = { .name = l->compiled.name, .file = l->source.file, .language = l->compiled.language,
			.base_path = s->o.site->base_path, .trace = true };
		struct template t = { 0 };
		template_compile(&t, l->text, &o, w->out, w->out, &quiet);
		w->traced[i] = t.lua;
	}
}

static bool
report_unless(bool ok, struct script_state *w)
{
	if (!ok && !w->ahead)
		script_report(w->shared, keep_error(w), 0, w->diag);
	return ok;
}

static struct script_state *
open_state(struct script *s, struct arena *out, struct diag *diag, bool ahead)
{
	struct script_state *w = arena_new(out, struct script_state);
	bool ok;

	w->shared = s;
	w->site = s->o.site;
	w->out = out;
	state_use_arena(w, out);
	w->diag = diag;
	w->ahead = ahead;
	w->soonest.date = DAY_NONE;
	arena_init(&w->page_arena, out->source);
	arena_init(&w->once_arena, out->source);
	w->page_arena.block_size = PAGE_BLOCK;
	buf_init(&w->buf, s->o.limits.output);
	buf_init(&w->scratch, SCRATCH_MAX);
	buf_init(&w->html, SCRATCH_MAX);
	buf_init(&w->data, SCRATCH_MAX);
	w->text = text_open();
	w->trace = s->tracing;
	w->last_tag = arena_array(out, uint32_t, s->layouts.len + 1);
	if (w->trace)
		compile_traced(w);
	ok = sandbox_new(w) != NULL;
	if (ok)
		state_watch(w);           /* modules are loaded under it, too */
	if (ok) {
		lua_pushcfunction(w->L, open_everything);
		ok = report_unless(protected_call(w, 0, 0), w);
	}
	if (ok)
		return w;
	script_close(w);
	return NULL;
}

struct script_state *
state_open(struct script *s, struct arena *out, struct diag *diag)
{
	return open_state(s, out, diag, false);
}

static struct script_state *
with_modules(struct script_state *w)
{
	if (w && report_unless(modules_load(w), w))
		return w;
	if (w)
		script_close(w);
	return NULL;
}

struct script_state *
script_open(struct script *s, struct arena *out, struct diag *diag)
{
	return with_modules(state_open(s, out, diag));
}

struct script_state *
state_open_asking(struct script *s, struct arena *out, struct diag *diag, struct script_asked *asked)
{
	struct script_state *w = state_open(s, out, diag);

	if (w)
		w->asked = asked;
	return with_modules(w);
}

struct script_state *
script_open_ahead(struct script *s, struct arena *out, struct diag *diag)
{
	struct script_state *w = script_is_compiled(s) ? open_state(s, out, diag, true) : NULL;

	if (w && s->o.kept)
		w->asked = asked_new(s, out);
	return with_modules(w);
}

const struct script_asked *
script_asked_by(const struct script_state *w)
{
	return w->asked;
}

bool
script_settle(struct script_state *w)
{
	w->ahead = false;
	w->asked = NULL;
	return !w->unsettled;
}

void
script_rest(struct script_state *w)
{
	if (w->watchdog)
		os_watchdog_stop(w->watchdog);
	w->watchdog = NULL;
}

bool
script_finish(struct script_state *w)
{
	w->page = NULL;
	if (modules_unchanged(w))
		return true;
	script_report(w->shared, keep_error(w), 0, w->diag);
	return false;
}

void
script_close(struct script_state *w)
{
	script_rest(w);
	if (w->L)
		lua_close(w->L);
	heap_free(&w->heap);
	if (w->text)
		text_close(w->text);
	buf_free(&w->buf);
	buf_free(&w->scratch);
	buf_free(&w->html);
	buf_free(&w->data);
	arena_free(&w->page_arena);
	arena_free(&w->once_arena);
	w->L = NULL;
}

/* --- drawing --- */

/* Empties a buffer; one that grew for an export of the whole site is given back. */
static void
shrink(struct buf *b)
{
	size_t max = b->max;

	buf_clear(b);
	if (b->usable > PAGE_BLOCK) {
		buf_free(b);
		buf_init(b, max);
	}
}

static void
set_page(struct script_state *w, const struct page *page)
{
	w->page = page;
	w->language = page->language;
	w->personal = false;
	w->sources.len = 0;
	w->turn++;
	w->soonest.date = DAY_NONE;
	w->includes = 0;
	w->once_run = NULL;
	arena_reset(&w->page_arena);
	state_use_arena(w, &w->page_arena);
	shrink(&w->buf);
	shrink(&w->html);
	sandbox_reset(w);
	if (w->watchdog)
		os_watchdog_pat(w->watchdog);
	else
		state_watch(w);
	atomic_store_explicit(&w->at_file, 0, memory_order_relaxed);
	atomic_store_explicit(&w->at_url_len, (uint32_t)page->url.len, memory_order_relaxed);
	atomic_store_explicit(&w->at_url, page->url.ptr, memory_order_relaxed);
}

/* Into the table of globals at 2. */
static void
set_page_globals(lua_State *L, const struct page *page)
{
	push_page(L, page);
	lua_pushvalue(L, -1);
	lua_setfield(L, 2, "page");
	if (page->item) {                /* no params there: an empty table, so that a shared layout may ask */
		lua_pop(L, 1);
		lua_newtable(L);
	}
	lua_setfield(L, 2, "params");
}

/* page, params, langue; then the layout, which is the argument. Pages above this one and its translations are not known ahead of the plan:
 * there is no page then, and who asks for it learns so (unknown_global). */
static int
draw_page(lua_State *L)
{
	struct script_state *w = state_of(L);

	items_forget(w);
	once_forget(w);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	if (!w->ahead)
		set_page_globals(L, w->page);
	push_str(L, language_code(w));
	lua_setfield(L, 2, "langue");
	lua_settop(L, 1);
	return runtime_draw(L);
}

/* What becomes of the page takes as long as the disk takes: nothing is watched until the next one. */
static bool
draw_watched(struct script_state *w, const struct page *page)
{
	bool drawn;

	set_page(w, page);
	lua_settop(w->L, 0);
	lua_pushcfunction(w->L, draw_page);
	lua_pushlightuserdata(w->L, (void *)(uintptr_t)page->layout);
	drawn = protected_call(w, 1, 0);
	os_watchdog_rest(w->watchdog);
	return drawn;
}

bool
script_render(struct script_state *w, const struct page *page, str *bytes, struct script_result *result)
{
	*result = (struct script_result){ 0 };
	if (!draw_watched(w, page)) {
		result->error = keep_error(w);
		return false;
	}
	result->personal = w->personal;
	result->sources = w->sources.ptr;
	result->n_sources = (uint32_t)w->sources.len;
	result->soonest = w->soonest;
	*bytes = buf_str(&w->buf);
	if (page->layout->compiled.language == TEMPLATE_ICS || page->layout->compiled.language == TEMPLATE_CSV) {
		buf_clear(&w->html);
		if (page->layout->compiled.language == TEMPLATE_ICS)
			ics_fold(&w->html, *bytes);
		else
			csv_lines(&w->html, *bytes);
		*bytes = buf_str(&w->html);
	}
	return true;
}

struct script_dates
script_dates(const struct script_state *w)
{
	return (struct script_dates){ w->dates.ptr, w->dates.len };
}

struct script_counts
script_counts(const struct script_state *w)
{
	return w->once_counts;
}

void
script_set_manifest(struct script *s, const struct script_file *files, uint32_t n)
{
	s->manifest = files;
	s->n_manifest = n;
}
