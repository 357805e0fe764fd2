/* build: what the spine (build.c) shares with its helpers (again.c, ahead.c, build_files.c, explain.c, memo.c, preview.c, profile.c, reload.c, sparing.c). Nobody else includes it. */
#ifndef BUILD_H
#define BUILD_H

#include <stdatomic.h>

#include "output/output.h"
#include "output/servers.h"
#include "preview.h"
#include "render/render.h"
#include "search/search.h"
#include "vitrine.h"

#define BUILD_MAX_WORKERS 64

/* What one worker's pages cost. */
struct worker_costs {
	struct arena arena;
	VEC(struct profile_page) pages;
};

/* What is kept from one load of a site to the next, by vitrine serve: the model, and items as they were read by it. Whoever loads replaces
 * it; it lives as long as somebody uses it. */
struct memo {
	_Atomic unsigned users;
	struct arena arena;
	uint64_t types;              /* model_types_hash */
	struct model model;
	struct pack *pack;
	struct stock *stock;
	struct site_keys keys;
};
/* What the last build left a note of, for one that is the same but for what the disk says. */
struct last_build {
	uint64_t identity;           /* of the published tree */
	struct read_list reads;
	str pages;                   /* sparing.c */
};

struct memo_place { struct memo *memo; struct script_kept *code; };  /* those for the next load, or none */

struct build {
	const struct build_options *options;
	struct memo_place *place;                /* NULL: nothing is kept */
	struct memo *memo;                       /* of this load */
	struct script_kept *code;                /* likewise */
	struct build_report *report;
	struct diag standing, planned, linked;   /* what was said up to the search setup, by routes.lua, and of links when all pages were known */
	bool media_said;                         /* something was said of assets and media */
	const struct script_asked *resources_asked;      /* by the state that drew wave 1 ahead; NULL: it is not known */
	struct reload *reload;                   /* NULL: all is loaded */
	struct arena *arena;                     /* the caller's: what outlives the build, diagnostics, the theme */
	struct arena house;                      /* model and site; with the workers' arenas read-only after the freeze, in debug builds */
	struct arena *worker_arenas;             /* [workers]: items, read in parallel */
	struct arena late;                       /* what is made after the freeze, and the index of the search */
	struct arena theme;
	struct arena beside; struct diag aside;  /* of a stage that runs beside another */
	bool publishes;                          /* a build, or a check of one: more than a look at the site */
	unsigned workers;
	struct diag *diag;
	uint64_t started;
	bool progress;                           /* draw a bar */
	uint64_t shown_at;                       /* when it was drawn last; 0: it is not there */
	_Atomic uint64_t n_drawn;                /* pages so far */
	struct reads *reads;                     /* of a build that leaves a note; NULL else */
	struct last_build *last;                 /* NULL: there is none to go by */
	struct render_last *spared;              /* likewise, since texts of items are not all that has changed */
	bool drawn_in_silence;                   /* nothing was said while pages were drawn */
	struct source source;
	struct site_settings settings;
	struct site_options site_options;
	struct model model;
	struct pack *pack;                       /* rendered texts, kept from build to build */
	struct paints *paints;                   /* painted pictures, likewise; NULL with --no-cache */
	struct content content;
	struct site site;
	struct assets assets;
	const struct search_setup *search;       /* NULL: the site has no search */
	struct search_kept *search_kept;         /* its compressed files, kept from build to build; NULL with --no-cache, or without search */
	struct search_index *indexes;            /* [languages]; NULL when there is no search, or nobody will publish it */
	struct script *script;
	bool compiled;                           /* by all of the theme */
	struct ahead *ahead;                     /* NULL: wave 1 is drawn in its turn */
	struct plan plan;
	struct render_report rendered;
	struct output *output;
	const str *keep; uint32_t n_keep;        /* `conserver:` of the site */
	struct build_profile *profile;           /* with costs[workers]; NULL unless asked for */
	struct worker_costs *costs;
};

void build_begin(struct build *b, const struct build_options *o, struct arena *arena, struct diag *diag, struct build_report *report);
void build_end(struct build *b);
/* All stages up to the frozen site and the plan of its pages. */
bool build_load(struct build *b);
/* Debug builds: makes what is frozen read-only, or writable again. */
void build_protect(struct build *b, bool read_only);

/* What the diagnostics so far and the items left out call for. */
enum vitrine_status build_status(const struct build *b);

void build_open_paints(struct build *b);         /* DIR/.vitrine/apercus.pack, or none */
void build_save_paints(struct build *b);
void build_open_pack(struct build *b);           /* DIR/.vitrine/markdown.pack, or none with --no-cache */
void build_save_packs(struct build *b, struct diag *diag);       /* that one, and DIR/.vitrine/recherche.pack */
bool build_open_output(struct build *b);
bool build_put_page(void *build, unsigned worker, const struct render_file *file);   /* of a render_sink */
bool build_take_page(void *build, unsigned worker, const struct page *page, const struct render_page *of);   /* likewise */
void build_index_texts(struct build *b);         /* b->indexes */
void build_add_search(struct build *b);          /* these, among the assets */
void build_add_index(const struct build *b, uint8_t language, struct assets *assets, struct arena *out);    /* of one language */
bool build_put_assets(struct build *b);          /* fingerprinted assets and the files content names */
bool build_put_redirects(struct build *b);       /* pages at old addresses, _redirects */
bool build_put_servers(struct build *b);         /* _headers, .htaccess, nginx.conf */
/* What those files say of the site, without its paths, and of one page. */
struct server_site build_server_site(const struct build *b, struct arena *out);
struct server_path build_server_path(const struct build *b, const struct page *p, struct arena *out);
void build_report(struct build *b);
bool build_write_record(struct build *b);

/* ahead.c: of vitrine serve, which draws the resources of wave 1 beside routes.lua */
struct ahead *ahead_open(struct arena *out);     /* for b->ahead; `out` is that of the state it opens */
bool ahead_plan(struct build *b);                /* render_plan, with that beside it */
/* After the load, once: adds what was drawn to b->assets and gives the state that drew it. NULL: nothing is done, all is to be drawn in its turn. */
struct script_state *ahead_take(struct build *b);

/* reload.c: what a save may change. A load of vitrine serve may stand on an earlier one, which lives longer and is not written to. */
bool reload_can_stand(const struct build *b);    /* others on this load? */
/* Can the site of `old` stay, and perhaps the plan of its pages, whatever the saved files have in them now? Then b->reload tells the stages of
 * build_load so. All files that were saved since `old` was loaded are to be among them; their paths live as long as b. */
bool reload_find(struct build *b, const struct build *old, const struct saved_files *saved);
bool reload_plans(const struct build *b);        /* is the plan made anew? */
bool reload_failed(const struct build *b);       /* the new plan changes the site: all is to be loaded after all */
bool reload_take_site(struct build *b);          /* stages of such a load, as those in build.c */
bool reload_take_assets(struct build *b);
bool reload_take_plan(struct build *b);
bool reload_check_links(struct build *b);        /* with the new plan */
bool reload_take_resources(struct build *b);     /* those of wave 1, when they too stay what they were */

/* again.c */
/* True when all that this build would do stands already: it is reported and said again, and there is nothing left to do. Else the build is to be made,
 * and is taken note of. */
bool again_take_over(struct build *b, enum vitrine_status *status);
void again_leave_note(struct build *b);          /* for the next build, after all that this one writes */
str again_record(struct build *b);               /* where the record stands, which each build writes anew */

/* sparing.c */
uint64_t sparing_joints(const struct rich *body);        /* of its links, pictures and headings, where others may meet it; NULL: without a text */
file_id sparing_file(const struct build *b, str path);  /* the file of content/ behind a path as it was read, 0 for any other */
void sparing_look(struct build *b);              /* after output_open: fills b->spared */
void sparing_put(struct build *b, struct buf *out);      /* for the note: what the next build needs for that */

/* memo.c */
bool memo_load_types(struct build *b);           /* in the place of model_load_types */
bool memo_load_content(struct build *b);
struct script_kept *memo_take_code(struct build *b);
void memo_drop(struct memo *m);                  /* NULL is fine; any thread */

/* profile.c; each does nothing unless --profile was given. */
void profile_begin(struct build *b);
void profile_stage(struct build *b, const char *name, uint64_t nanoseconds, bool beside);
void profile_comparison(struct build *b, str differing, uint64_t started);    /* with the last build; STR_NONE: it is taken over */
void profile_page(struct build *b, unsigned worker, const struct render_file *file);
void profile_end(struct build *b);

#endif
