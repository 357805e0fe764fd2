/* vitrine: the core's one public header: what a command may call. */
#ifndef VITRINE_H
#define VITRINE_H

#include "base/date.h"
#include "diag/diag.h"

#define VITRINE_VERSION "0.1.0"

/* Exit statuses (docs/vitrine.1). */
enum vitrine_status {
	VITRINE_OK = 0,
	VITRINE_ERRORS = 1,          /* the content or the theme has errors */
	VITRINE_USAGE = 2,           /* unknown option, no site there, output folder that is not ours */
	VITRINE_MACHINE = 3,         /* unreadable file, unwritable output, memory */
	VITRINE_LEFT_OUT = 4,        /* published, faulty items left out */
};

/* What a build is asked to do; the command line as data. */
struct build_options {
	str site_dir;                /* folder that holds content/; never empty ("." by default) */
	str output;                  /* STR_NONE: site_dir/public */
	str program_dir;             /* where the program stands, for installed themes */
	day date;                    /* DAY_NONE: site.yaml, SOURCE_DATE_EPOCH, today */
	str base_url;                /* STR_NONE: site.yaml */
	bool drafts, no_cache, no_sync, two_steps, quiet;
	bool profile;                /* fills report->profile */
	bool check_only;             /* nothing is published; every item is rendered in each of its possible states */
	unsigned jobs;               /* 0: one a processor */
};

/* Where the time of a build went, in nanoseconds of the clock: stages in their order; layouts and pages dearest first, each page's time
 * in its own thread. */
struct profile_stage { str name; uint64_t nanoseconds; bool beside; /* it ran while the one before did */ };
struct profile_layout { str layout; uint32_t n_pages; uint64_t nanoseconds, bytes; };
struct profile_page { str url, layout; uint64_t nanoseconds, bytes; };
struct profile_cache { uint64_t found, made; };
struct build_profile {
	VEC(struct profile_stage) stages;
	VEC(struct profile_layout) layouts;
	VEC(struct profile_page) pages;     /* the slowest ones */
	str differing;                      /* what the last build found otherwise; empty when it was taken over, or there was none */
	struct profile_cache markdown;      /* texts found in the pack, and rendered */
	struct profile_cache once;          /* results of une_fois() */
	struct profile_cache drawn;         /* pages taken over from the last build, and drawn; nothing when all were drawn */
};

/* What a build did, for the last line and for `explain`. */
struct build_report {
	uint32_t n_items, n_pages, n_files, n_written, n_left_out;
	uint64_t bytes, nanoseconds;
	day date, next_change;       /* DAY_NONE: never */
	str next_change_why;
	const struct build_profile *profile;    /* NULL unless asked for */
};

/* One page, as `explain` tells it. */
struct page_origin {
	str url, path, layout, type, slug, source, language;
	VEC(str) templates;          /* layout, what it extends, includes, imports */
	VEC(str) references;         /* "type:slug" of the items it refers to */
	VEC(str) referrers;
	str state;
	bool listed, personal;
	/* What drawing it cost, in nanoseconds of the clock: as the first page of a worker, and when what pages share is there. */
	bool drawn;                  /* false: a file over the manifest, or one with an error */
	uint64_t first_nanoseconds, nanoseconds, bytes;
	struct profile_cache once;   /* results of une_fois() that the first drawing used, and made */
};

/* Runs a whole build (or check). Diagnostics go into `diag`, whose files know the sources. Everything it allocates
 * lives in `arena`. Returns the exit status that the diagnostics and the publication call for. */
enum vitrine_status vitrine_build(const struct build_options *o, struct arena *arena, struct diag *diag, struct build_report *report);

/* Loads the site and tells where the page with this address, or the pages from this content file, come from, and what drawing them
 * costs; an error on such a page is reported. False when there is none (*nearest: an address that looks alike, or STR_NONE). */
bool vitrine_explain(const struct build_options *o, str url_or_file, struct arena *arena, struct diag *diag,
    struct page_origin **origins, uint32_t *n_origins, str *nearest);

/* "vitrine 0.1.0", and on a second line the libraries of a build, as they are linked: "cmark-gfm 0.29.0.gfm.6, libyaml 0.2.5, …". */
str vitrine_version(struct arena *out);

#endif
