/* The spine: the only file that knows the order of the stages. One walk from the sources to the published tree. */
#include "vitrine.h"

#include "build.h"
#include "os/os.h"
#include "site/themes.h"

/* --- the front half: what is known of the site before a page is drawn --- */

static bool
read_settings(struct build *b)
{
	source_init(&b->source, b->options->site_dir, b->options->program_dir, b->reads, &b->house, b->diag, b->diag->files);
	return site_read_settings(&b->settings, &b->source, &b->house, b->diag);
}

static bool
add_themes(struct build *b)
{
	const struct value *theme = value_get(&b->settings.document.front, S("theme"));
	struct span at = { b->settings.document.file, theme ? theme->start : 0, theme ? theme->end : 0 };

	return site_add_themes(&b->source, b->settings.theme, at, &b->house, b->diag);
}

static bool
load_types(struct build *b)
{
	return b->place ? memo_load_types(b) : model_load_types(&b->model, &b->source, &b->house, b->diag);
}

static bool
load_content(struct build *b)
{
	if (b->place)
		return memo_load_content(b);
	build_open_pack(b);
	b->content = model_load_content(&b->model, &b->source, b->settings.languages, b->settings.n_languages, b->options->drafts,
	    b->pack, NULL, b->worker_arenas, b->workers, &b->house, b->diag);
	return true;
}

static bool
open_site(struct build *b)
{
	b->site_options.aside = b->workers > 1 ? &b->worker_arenas[1] : NULL;
	return site_open(&b->site, &b->model, &b->source, &b->settings, &b->site_options, &b->house, b->diag);
}

static bool
link_site(struct build *b)
{
	site_build(&b->site, b->content, b->diag);
	return true;
}

static bool
load_media(struct build *b)
{
	size_t said = b->diag->entries.len;
	bool ok = media_load_assets(&b->assets, &b->source, b->site.base_path, b->arena, b->diag);

	/* under `retirer`, the items that lost a file are out by now, and the others stand */
	ok = (media_fill(&b->site, &b->assets, b->diag) && ok) || b->site.remove_faulty;
	b->media_said = b->diag->entries.len > said;
	return ok;
}

static bool
find_theme(struct build *b)
{
	struct script_options o = {
		.kept = b->place ? memo_take_code(b) : NULL, .workers = b->workers, .site = &b->site, .assets = &b->assets, .source = &b->source, .limits = script_limits_default, .version = S(VITRINE_VERSION),
	};

	b->script = script_find(&o, &b->theme, b->diag);
	return true;
}

static bool
compile_theme(struct build *b)
{
	bool told = site_read_strings(&b->site, &b->theme, &b->aside);

	b->compiled = script_compile(b->script, &b->aside) && told;
	return true;
}

static bool
load_theme(struct build *b)
{
	return script_load(b->script, b->diag) && b->compiled;
}

static bool
load_search(struct build *b)
{
	bool ok;

	b->search = search_read_setup(&b->model, &b->source, b->arena, b->diag, &ok);
	return search_check_synonyms(&b->site, b->diag) && ok;
}

/* Not for what only looks at the site, or draws single pages. */
static bool
index_texts(struct build *b)
{
	if (b->publishes)
		build_index_texts(b);
	return true;
}

/* Said again by loads that stand on this one. */
static void
keep_said(struct build *b, struct diag *kept, size_t from)
{
	for (size_t i = from; b->place && i < b->diag->entries.len; i++) {
		const struct diag_entry *e = &b->diag->entries.ptr[i];
		diag_emit(kept, e->code, e->at, e->args, e->n_args);
	}
}

static bool
plan_pages(struct build *b)
{
	size_t said = b->diag->entries.len;
	bool ok = b->ahead ? ahead_plan(b) : render_plan(&b->plan, b->script, &b->site, b->arena, b->diag), fine;

	if (b->reload)
		return reload_check_links(b) && ok;
	keep_said(b, &b->planned, said);
	said = b->diag->entries.len;
	fine = site_check_pending(&b->site, render_page_exists, &b->plan, b->diag);
	keep_said(b, &b->linked, said);
	return fine && ok;
}

static bool
take_plan(struct build *b)
{
	return reload_plans(b) ? plan_pages(b) : reload_take_plan(b);
}

/* Errors so far that publishing cannot live with. */
static bool
blocked(const struct build *b)
{
	return diag_has_error(b->diag, DIAG_THEME) || diag_has_error(b->diag, DIAG_CONSENT) || diag_has_error(b->diag, DIAG_USAGE) ||
	    diag_has_error(b->diag, DIAG_MACHINE) || (diag_has_error(b->diag, DIAG_CONTENT) && !b->site.remove_faulty);
}

static bool
freeze(struct build *b)
{
	if (blocked(b))
		return false;
	build_add_search(b);
	if (!b->reload)
		site_freeze(&b->site);
	build_protect(b, true);
	return true;
}

/* --- the back half: pages, and the tree --- */

static bool
open_output(struct build *b)
{
	return build_open_output(b);
}

/* Only a build that publishes writes anything, and after output_open no other one does. */
static bool
save_packs(struct build *b)
{
	build_save_packs(b, &b->aside);
	return true;
}

static bool
render_pages(struct build *b)
{
	struct render_sink sink = { .context = b, .put = build_put_page, .take = build_take_page };
	size_t said = b->diag->entries.len;
	bool ok;

	build_open_paints(b);
	sparing_look(b);
	sink.paints = b->paints;
	sink.last = b->spared;
	ok = render_run(&b->plan, b->script, &b->site, &b->assets, &sink, b->workers, &b->rendered, &b->late, b->diag);
	b->drawn_in_silence = b->diag->entries.len == said;
	return b->rendered.stopped ? output_publish(b->output, b->diag) && ok : ok;    /* which says why the disk refused */
}

static bool
add_other_files(struct build *b)
{
	return build_put_assets(b) && build_put_redirects(b) && build_put_servers(b);
}

static bool
publish(struct build *b)
{
	return !blocked(b) && output_publish(b->output, b->diag);
}

static bool
record(struct build *b)
{
	build_report(b);
	if (b->options->check_only)
		return true;
	if (!build_write_record(b))
		return false;
	build_save_paints(b);
	again_leave_note(b);
	return true;
}

/* What runs BESIDE the stage before it has a thread of its own: it has what the stages before both made, changes nothing that the other looks at,
 * and says what it has to say to b->aside. */
enum turn { THEN, BESIDE };
/* Loads that stand on this one (reload.c) do without a stage that is STANDING, and say again what it said. */
enum lasts { ANEW, STANDING };
struct stage { enum turn turn; const char *name; bool (*run)(struct build *b); enum lasts lasts; };

/* Loading goes on to the end of its half even after errors, so that one run reports them all: a stage that gives false
 * only says that those after it have nothing to work on. */
static const struct stage loading[] = {
	{ THEN, "settings", read_settings, STANDING }, { THEN, "themes", add_themes, STANDING }, { THEN, "types", load_types, STANDING },
	{ THEN, "content", load_content, STANDING }, { THEN, "site", open_site, STANDING }, { THEN, "theme files", find_theme, ANEW },
	{ THEN, "links", link_site, STANDING }, { BESIDE, "theme", compile_theme, ANEW }, { THEN, "media", load_media, STANDING },
	{ THEN, "search setup", load_search, STANDING }, { THEN, "modules", load_theme, ANEW },
	{ THEN, "routes", plan_pages, ANEW }, { BESIDE, "search", index_texts, ANEW }, { THEN, "freeze", freeze, ANEW },
};
/* Where the site is that of an earlier load, and the plan may be. */
static const struct stage reloading[] = {
	{ THEN, "site", reload_take_site, ANEW }, { THEN, "theme files", find_theme, ANEW }, { THEN, "media", reload_take_assets, ANEW },
	{ BESIDE, "theme", compile_theme, ANEW }, { THEN, "modules", load_theme, ANEW }, { THEN, "routes", take_plan, ANEW },
	{ THEN, "freeze", freeze, ANEW },
};
static const struct stage publishing[] = {
	{ THEN, "output", open_output, ANEW }, { THEN, "pages", render_pages, ANEW }, { BESIDE, "cache", save_packs, ANEW },
	{ THEN, "other files", add_other_files, ANEW }, { THEN, "publication", publish, ANEW }, { THEN, "record", record, ANEW },
};

struct running { struct build *b; const struct stage *stages; bool ok[2]; uint64_t nanoseconds[2]; };

static void
run_one(void *context, unsigned which)
{
	struct running *r = context;
	uint64_t started = os_ticks();

	r->ok[which] = r->stages[which].run(r->b);
	r->nanoseconds[which] = os_ticks() - started;
}

/* One stage, or two side by side. */
static bool
run_stages(struct build *b, const struct stage *stages, unsigned n)
{
	struct running r = { .b = b, .stages = stages };
	size_t said = b->diag->entries.len;
	bool ok = true;

	for (unsigned i = 0; b->workers == 1 && i < n; i++)
		run_one(&r, i);
	if (b->workers > 1)
		os_parallel(n, run_one, &r);
	for (unsigned i = 0; i < n; i++) {
		profile_stage(b, stages[i].name, r.nanoseconds[i], stages[i].turn == BESIDE);
		ok &= r.ok[i];
	}
	if (stages[0].lasts == STANDING)
		keep_said(b, &b->standing, said);
	diag_merge(b->diag, &b->aside);
	diag_init(&b->aside, b->aside.out, b->aside.files);
	return ok;
}

static bool
run(struct build *b, const struct stage *stages, size_t n)
{
	unsigned now;

	for (size_t i = 0; i < n; i += now) {
		now = i + 1 < n && stages[i + 1].turn == BESIDE ? 2 : 1;
		if (!run_stages(b, stages + i, now))
			return false;
	}
	return true;
}

enum vitrine_status
build_status(const struct build *b)
{
	if (diag_has_error(b->diag, DIAG_MACHINE))
		return VITRINE_MACHINE;
	if (diag_has_error(b->diag, DIAG_USAGE))
		return VITRINE_USAGE;
	if (blocked(b))
		return VITRINE_ERRORS;
	return b->site.n_left_out || diag_has_error(b->diag, DIAG_CONTENT) ? VITRINE_LEFT_OUT : VITRINE_OK;
}

bool
build_load(struct build *b)
{
	return b->reload ? run(b, reloading, sizeof reloading / sizeof *reloading) : run(b, loading, sizeof loading / sizeof *loading);
}

static uint32_t
most_states(const struct shape *shape)
{
	uint32_t most = shape->life ? shape->life->n_states : 0;

	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct field *f = shape->fields[i].element ? shape->fields[i].element : &shape->fields[i];
		uint32_t inner = f->kind == FIELD_OBJECT && f->shape ? most_states(f->shape) : 0;
		most = inner > most ? inner : most;
	}
	return most;
}

/* Walks the house once. With force_state, everything is in its k-th state; *n_states: the most that a type has. */
static enum vitrine_status
walk(const struct build_options *o, uint32_t force_state, struct arena *arena, struct diag *diag, struct build_report *report, uint32_t *n_states)
{
	struct build b;
	enum vitrine_status status;

	build_begin(&b, o, arena, diag, report);
	if (again_take_over(&b, &status)) {
		build_end(&b);
		return status;
	}
	b.site_options.force_state = force_state;
	b.publishes = true;
	if (build_load(&b))
		run(&b, publishing, sizeof publishing / sizeof *publishing);
	for (uint32_t i = 0; i < b.model.n_types; i++) {
		uint32_t n = most_states(&b.model.types[i]->shape);
		*n_states = n > *n_states ? n : *n_states;
	}
	status = build_status(&b);
	build_end(&b);
	return status;
}

/* What is right today must also draw when it has ended, or has not begun: walks again in each state. Only errors are told,
 * since what a state merely warns of is no news before its day. */
static enum vitrine_status
check_states(const struct build_options *o, uint32_t n_states, struct arena *arena, struct diag *diag)
{
	enum vitrine_status worst = VITRINE_OK;

	for (uint32_t k = 1; k <= n_states && worst == VITRINE_OK; k++) {
		struct build_report report = { .date = DAY_NONE, .next_change = DAY_NONE };
		struct diag found;
		uint32_t n;
		diag_init(&found, arena, diag->files);
		worst = walk(o, k, arena, &found, &report, &n);
		diag_merge_errors(diag, &found);
	}
	return worst;
}

enum vitrine_status
vitrine_build(const struct build_options *o, struct arena *arena, struct diag *diag, struct build_report *report)
{
	uint32_t n_states = 0;
	enum vitrine_status status = walk(o, 0, arena, diag, report, &n_states);

	return o->check_only && status == VITRINE_OK ? check_states(o, n_states, arena, diag) : status;
}
