/* The small site of site_fixture.h with layouts and modules: loads the theme's code, plans, draws. */
#ifndef TESTS_SCRIPT_FIXTURE_H
#define TESTS_SCRIPT_FIXTURE_H

#include "site_fixture.h"

#include "script/state.h"

struct stage {
	struct world world;
	struct script_limits limits;
	unsigned workers;            /* that compile the theme; 0: two */
	struct script *script;
	struct plan plan;
	struct script_state *state;
	struct arena worker;
	str bytes;                   /* of the last page drawn */
	struct script_result result;
};

static inline void
stage_begin(struct stage *s)
{
	memset(s, 0, sizeof *s);
	world_begin(&s->world);
	s->limits = script_limits_default;
	world_file(&s->world, "content/offres/une.md",
	    "---\ntitre: Une offre d'été & plus\nlieu: bourg\nnature: fixe\npublie_le: 2026-09-01\nvalide_au: 2026-12-31\nvoir: [lieu:bourg]\nnom: Camille Exemple\n"
	    "etapes: [{chez: bourg, nature: a}]\naccord: {le: 2026-01-01, portee: [page], jusqu_au: 2027-01-01}\n---\n"
	    "Voyez [le bourg](lieu:bourg).\n\n## Quand\n\nCet été.\n");
	world_file(&s->world, "content/offres/deux.md",
	    "---\ntitre: Échoppe\nlieu: bourg\nnature: libre\npublie_le: 2026-09-10\nvalide_au: 2026-12-31\nnom: Dominique Exemple\n"
	    "accord: {le: 2026-01-01, portee: [export], jusqu_au: 2027-01-01}\n---\nBonjour.\n");
}

static inline void
stage_end(struct stage *s)
{
	if (s->state)
		script_close(s->state);
	script_end(s->script);
	if (s->worker.source)
		arena_free(&s->worker);
	world_end(&s->world);
}

/* Loads site and theme; true when nothing was wrong. What was said is in world.said. */
static inline bool
stage_load(struct stage *s)
{
	struct world *w = &s->world;
	struct script_options o = { .site = &w->site, .assets = &w->assets, .source = &w->source, .limits = s->limits, .version = S("essai"), .workers = s->workers ? s->workers : 2 };
	bool ok;

	script_end(s->script);
	s->script = NULL;
	world_build(w, "2026-09-15");
	assert_true(w->built);
	ok = media_load_assets(&w->assets, &w->source, w->site.base_path, &w->out, &w->diag);
	ok &= media_fill(&w->site, &w->assets, &w->diag);
	ok &= site_read_strings(&w->site, &w->out, &w->diag);
	s->script = script_find(&o, &w->out, &w->diag);
	ok &= script_compile(s->script, &w->diag);
	ok &= script_load(s->script, &w->diag);
	world_say(w);
	return ok;
}

static inline void
stage_open(struct stage *s)
{
	arena_init(&s->worker, &os_pages);
	s->state = script_open(s->script, &s->worker, &s->world.diag);
	world_say(&s->world);
}

/* Draws layouts/<name> on a page of its own; false when it ended in an error, which is then reported. */
static inline bool
stage_draw(struct stage *s, const char *layout, const struct item *item)
{
	struct world *w = &s->world;
	struct page *page = arena_new(&w->out, struct page);
	bool ok;

	if (!s->state)
		stage_open(s);
	assert_non_null(s->state);
	*page = (struct page){ .url = S("/essai/"), .path = S("essai/index.html"), .wave = 2, .scope = S("page"), .item = item,
		.layout = script_layout(s->script, str_from_c(layout)), .params = item ? NULL : param_empty(), .mime = S("text/html"), .at = item ? SPAN_FILE(item->file) : SPAN_NONE };
	assert_non_null(page->layout);
	s->bytes = STR_NONE;
	ok = script_render(s->state, page, &s->bytes, &s->result);
	if (!ok) {
		diag_init(&w->diag, &w->out, &w->files);
		script_report(s->script, s->result.error, 0, &w->diag);
		world_say(w);
	}
	return ok;
}

/* Makes layouts/x.html of this text, loads it all, draws it on the page of the offer "une". */
static inline bool
stage_try(struct stage *s, const char *text)
{
	world_file(&s->world, "layouts/x.html", text);
	if (s->state)
		script_close(s->state);
	s->state = NULL;
	if (s->worker.source)
		arena_free(&s->worker);
	s->worker.source = NULL;
	return stage_load(s) && stage_draw(s, "x.html", world_item(&s->world, "offre", "une"));
}

static inline void
stage_writes(struct stage *s, const char *text, const char *wanted)
{
	if (!stage_try(s, text))
		fail_msg("%s\n%s", text, s->world.said);
	if (!str_equal(s->bytes, str_from_c(wanted)))
		fail_msg("%s\nwanted: %s\nwritten: %.*s", text, wanted, STR_ARG(s->bytes));
}

/* The text is refused with these words (a code in brackets, a place). */
static inline void
stage_refuses(struct stage *s, const char *text, const char *words)
{
	if (stage_try(s, text))
		fail_msg("%s\nwas accepted: %.*s", text, STR_ARG(s->bytes));
	if (!world_says(&s->world, words))
		fail_msg("%s", text);
}

#endif
