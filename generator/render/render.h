/* render: the plan of all pages, and the workers that turn each into bytes. Three waves: generated resources, whose fingerprinted names
 * pages use; pages; files over the manifest. No lock while rendering: each worker has its own Lua state, arena and list of errors. */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "script/script.h"

/* A finished file. `bytes` is valid during the call only. */
struct render_file {
	const struct page *page;
	str bytes;
	uint64_t hash;               /* hash64(bytes) */
	bool personal;               /* holds a personal field */
	uint64_t nanoseconds;        /* that drawing it took */
};

/* What is known of a page after it was drawn. */
struct render_page {
	uint64_t hash;
	const uint32_t *sources;     /* what it read, as script_result has it */
	str why;                     /* of `soonest` */
	uint32_t size;
	day soonest;                 /* on which it may change; DAY_NONE */
	uint16_t n_sources;
	bool drawn, personal;
};
/* An asset that the build made: is it the one that pages named? */
struct render_asset { uint32_t source; uint64_t identity; };
struct render_assets { struct render_asset *ptr; size_t len, cap; };
/* What the last build drew, when nothing has changed since but texts of items; NULL: it is not known. */
struct render_last {
	const struct render_page *pages;     /* by their place in the plan */
	const bool *changed;                 /* [item id]: another text */
	struct render_assets assets;
};

/* Where pages of waves 2 and 3 go. put() is called from several threads at once, in no order; false stops the run (the sink keeps its reason). */
struct render_sink {
	void *context;
	bool (*put)(void *context, unsigned worker, const struct render_file *file);
	/* In its place for a page of `last` that cannot have changed: false when it must be drawn all the same. NULL without `last`. */
	bool (*take)(void *context, unsigned worker, const struct page *page, const struct render_page *of);
	const struct render_last *last;
	struct paints *paints;       /* where pictures are kept; NULL: each is painted */
};

struct render_report {
	VEC(struct script_file) files;   /* of waves 1 and 2, sorted by path */
	VEC(struct site_change) changes; /* days templates asked about, after the site's date, soonest first, each once */
	struct render_page *pages;       /* by their place in the plan */
	struct render_assets assets;
	uint32_t n_pages;                /* files of waves 2 and 3 */
	uint32_t n_taken;                /* of these, taken over from the last build */
	struct script_counts once;       /* une_fois() in all states */
	bool stopped;                    /* the sink said so */
};

/* All pages, in the place of what `plan` held but for first_wave: those of items (layouts/<type>.html), then those of routes.lua; reports URLs used twice and layouts that are missing.
 * False when there was an error. Ends with script_set_plan. */
bool render_plan(struct plan *plan, struct script *script, const struct site *site, struct arena *out, struct diag *diag);
/* In the place of that: the plan of an earlier load, which lives longer, drawn by this script's layouts of the same names. */
bool render_take_plan(struct plan *plan, const struct plan *old, struct script *script, struct arena *out, struct diag *diag);
/* For site_check_pending: is there a page at this address ("/x/", without base path)? context: the plan. */
bool render_page_exists(void *plan, str url);
/* Renders all on `workers` threads. Wave 1 goes to media_add_generated, the rest to the sink; an error on a page does not stop the others,
 * but a wave with errors is the last. False when there was an error; everything is reported to `diag`. */
bool render_run(const struct plan *plan, struct script *script, const struct site *site, struct assets *assets, const struct render_sink *sink,
    unsigned workers, struct render_report *report, struct arena *out, struct diag *diag);

/* An SVG layout behind an address in .png is a drawing to be painted: turns such bytes into the picture, in `painted`, which is emptied
 * first; leaves others as they are. False with a diagnostic. */
bool render_paint(const struct page *page, struct paints *paints, unsigned worker, struct arena *painted, str *bytes, struct diag *diag);

/* --- for vitrine serve, which draws what is asked for --- */

/* Wave 1 by one state, to media_add_generated. False with diagnostics. */
bool render_resources(const struct plan *plan, struct script *script, struct assets *assets, struct script_state *state, struct diag *diag);
/* One of them, drawn while the routes were not all there. */
void render_add_resource(struct assets *assets, const struct page *page, str bytes);
/* What wave 3 sees: the assets, and the pages of wave 2, whose `size` and `hash` stand in `drawn` by their place in the plan. Sorted by path. */
struct render_drawn { uint64_t size, hash; };
void render_manifest(const struct plan *plan, const struct assets *assets, const struct render_drawn *drawn, struct arena *out,
    struct script_file **files, uint32_t *n);

#endif
