/* script: the only room with lua.h. The sandbox and its budgets, proxies over the frozen site, the escapers, the API of docs/theme.md,
 * Lua error → diagnostic. A struct script is made once a build and shared; each worker has a struct script_state of its own. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "base/buf.h"
#include "media/media.h"
#include "site/site.h"

struct script;
struct script_state;
struct script_layout;            /* a compiled template */
struct param;                    /* a frozen Lua value */

/* script_load() adds for each item of the site: 1 KiB to memory and output, 1000 instructions, 20 microseconds. */
struct script_limits {
	size_t memory;               /* bytes of one Lua state (256 MiB) */
	size_t output;               /* bytes of one page (64 MiB) */
	uint64_t instructions;       /* of a page, of the loading of a module, or of routes.lua in one language (200 million, about 2 s) */
	double seconds;              /* without end of a page: the watchdog ends the program (8) */
};
extern const struct script_limits script_limits_default;

/* {["img-src"] = "…"}, {["Content-Type"] = "…"} of a route. */
struct page_header { str name, value; };
struct page_headers { const struct page_header *ptr; uint32_t len; };

struct page {
	uint32_t index;              /* in the plan */
	str url;                     /* "/offres/interne/", "/en/…": without the site's base path */
	str path;                    /* "offres/interne/index.html" */
	uint8_t language;
	uint8_t wave;                /* 1 generated resources, 2 pages, 3 files over the manifest */
	bool noindex;
	const struct script_layout *layout;
	const struct item *item;     /* NULL: a route's page */
	const struct param *params;  /* of a route, NULL on an item's page */
	str scope;                   /* under which personal fields are read: "page", "export" … */
	str mime;
	struct page_headers headers, csp;
	day modified;                /* DAY_NONE: not known */
	struct span at;              /* the item's file, or the line of route{…} */
};

/* Every page of the site: items' first by type, slug and language, then routes' in the order of their calls. */
struct plan {
	struct arena *out;
	VEC(struct page *) pages;
	struct map by_url;           /* → struct page *; pages of waves 2 and 3 */
	void (*first_wave)(void *context, const struct page *page);     /* told of each page of wave 1 as it is added; NULL */
	void *context;
};

/* For vitrine serve: layouts and modules as they were compiled, from one load to the next. Whoever loads takes them; freed when the last
 * drops them. Used by one thread at a time. */
struct script_kept;
struct script_kept *script_kept_new(void);
void script_kept_take(struct script_kept *k);
void script_kept_drop(struct script_kept *k);    /* NULL is fine; any thread */
bool script_kept_worn(struct script_kept *k);    /* so much has changed since that it is time for new ones */

struct script_options {
	const struct site *site;
	struct assets *assets;
	struct source *source;
	struct script_limits limits;
	str version;                 /* of the program, for version() */
	unsigned workers;            /* threads to compile on, at least one; 0: one */
	struct script_kept *kept;        /* NULL: nothing is kept; longer than the script */
	struct diag_printing printing;   /* how the watchdog says which page never ends */
};

/* A theme is loaded in three steps. The first finds its files; everything lives in `out`, which nobody else uses meanwhile. */
struct script *script_find(const struct script_options *o, struct arena *out, struct diag *diag);
/* Compiles every layout, reads every module; of the site, only what site_open knows: it may be built at the same time. False after errors. */
bool script_compile(struct script *s, struct diag *diag);
/* Loads every module once in a state of its own, checks field accesses of layouts/<type>.html against the type. False after errors. */
bool script_load(struct script *s, struct diag *diag);
/* Closes the state that routes.lua would have had, when it was not run; NULL is fine. */
void script_end(struct script *s);
const struct script_layout *script_layout(const struct script *s, str name);   /* NULL when absent */
str script_layout_name(const struct script_layout *l);
bool script_layout_is_email(const struct script_layout *l);       /* {% layout courriel %} */
/* Files of every layout that drawing this one may read: itself, then what it extends, includes and imports, each once. */
void script_layout_uses(const struct script *s, const struct script_layout *l, struct arena *out, str **names, size_t *n);

/* Runs the theme's routes.lua, then the site's, once per language; appends their pages to the plan and reports pages with one URL. */
bool script_routes(struct script *s, struct plan *plan, struct diag *diag);
/* Adds a page and gives it its index, and its path when it has none; false with a diagnostic when its URL is taken. The page is not copied. */
bool script_add_page(struct plan *plan, struct page *page, struct diag *diag);
/* The plan is complete: url() and page.chemin know it from here on. Reports addresses that routes.lua named and no page has. */
bool script_set_plan(struct script *s, const struct plan *plan, struct diag *diag);

/* What a state asked of the theme, where scripts are kept from load to load: routes.lua's, and that of script_open_ahead. */
struct script_asked;
const struct script_asked *script_asked_by_routes(const struct script *s);       /* NULL: it is not known */
/* Is it one that was asked for, by the state or by a module it asked for? True for a path that is none of the script's modules. */
bool script_asked_module(const struct script_asked *a, const struct script *s, str path, struct arena *tmp);
bool script_asked_same_strings(const struct script_asked *a, const struct site *before, const struct site *now);
bool script_asked_asset(const struct script_asked *a, str name); /* or one that may have another fingerprint when this one has */
bool script_asked_texts(const struct script_asked *a);           /* the body of any item */
bool script_asked_field(const struct script_asked *a, const struct type *t, const struct field *f);      /* of any item of the type */

enum script_file_kind { SCRIPT_FILE_NONE, SCRIPT_FILE_LAYOUT, SCRIPT_FILE_MODULE, SCRIPT_FILE_ROUTES };
/* What the file at this path on the disk is to the script. */
enum script_file_kind script_file_kind(const struct script *s, str path);
/* Is it the layout, or one that it may read? */
bool script_layout_reads(const struct script *s, const struct script_layout *l, str path, struct arena *tmp);

/* Did routes.lua, or a module while it was loaded, read it (or anything that is no text of an item, with SCRIPT_ALL)? */
bool script_read_early(const struct script *s, uint32_t source);

/* One line of site:manifeste(). */
struct script_file { str url, path; uint64_t size, hash; bool index; day modified; };
/* For wave 3; `files` is kept by the caller. */
void script_set_manifest(struct script *s, const struct script_file *files, uint32_t n);

/* A mistake met while rendering a page, before it is known how many pages share it. */
struct script_error {
	enum diag_code code;
	file_id file;                /* of the template or module, 0 when unknown */
	uint32_t line;
	bool in_module;
	const str *args; uint32_t n_args;
	str word;                    /* narrows the column inside the tag: a field name; STR_NONE else */
	str trail;                   /* "layouts/base.html:12 ← layouts/offre.html:3", STR_NONE when there is none */
	const struct page *page;
};

/* What may change while all else stays, and a page has read: the text of an item, by its id; a generated asset. */
#define SCRIPT_ALL UINT32_MAX            /* so many that each change counts */
uint32_t script_source_of_asset(str name);

/* Days that passe(), futur() and aujourdhui() asked about. */
struct script_date { day date; const struct item *item; str why; };

struct script_result {
	bool personal;               /* a personal field was read */
	const uint32_t *sources; uint32_t n_sources;     /* what was read; valid until the next call */
	struct script_date soonest;  /* of the days asked about; DAY_NONE: none */
	const struct script_error *error;   /* NULL: fine; in the state's `out` */
};

/* A state with every module loaded; NULL with diagnostics. Errors and what outlives pages go to `out` (the worker's own). */
struct script_state *script_open(struct script *s, struct arena *out, struct diag *diag);
/* As script_open, for pages of wave 1 that are drawn while routes.lua runs in another state: reports nothing, NULL without a word. */
struct script_state *script_open_ahead(struct script *s, struct arena *out, struct diag *diag);
/* The routes are there: the state is one like others from now on. False when it read what depends on them (addresses of pages and assets,
 * links of texts, `page`): then it is to be closed, and what it drew to be drawn again. */
bool script_settle(struct script_state *w);
/* What it asked for up to there; lives in its `out`. */
const struct script_asked *script_asked_by(const struct script_state *w);
/* No page for a while: the watchdog sleeps until the next one, which another thread may draw. */
void script_rest(struct script_state *w);
/* After the last page: did a module change what it keeps between pages? False with a diagnostic in the state's diag. */
bool script_finish(struct script_state *w);
void script_close(struct script_state *w);
/* Draws a page. *bytes is the state's own buffer, valid until the next call. */
bool script_render(struct script_state *w, const struct page *page, str *bytes, struct script_result *result);
/* Reports an error; `others` pages share it. Draws its page again, tracing, when its line has several tags. Serial. */
void script_report(struct script *s, const struct script_error *e, uint32_t others, struct diag *diag);
/* Two errors that are one to the author: same place, same words. */
int script_error_compare(const struct script_error *a, const struct script_error *b);

struct script_dates { const struct script_date *ptr; size_t len; };
struct script_dates script_dates(const struct script_state *w);

/* What une_fois() was asked since the state was opened: results that were there, and those it had to make. */
struct script_counts { uint64_t found, made; };
struct script_counts script_counts(const struct script_state *w);

#endif
