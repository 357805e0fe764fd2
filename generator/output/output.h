/* output: the published tree. Files are written from several threads straight into the standing tree beside the live one;
 * then both are exchanged (see publish.c for the order of steps, and what a kill at each of them leaves).
 *
 * For an output folder DIR/public the parent folder holds, each made and removed by this room alone:
 *   public              the live tree, marked as ours by its file `.vitrine-publie`
 *   .public.precedent   the tree before it, on which the next build works; with `.vitrine-en-travaux` in it: unfinished
 *   .public.etat/       `verrou` (one build at a time), one manifest for each of the two trees, and `lectures`, the note of output_leave_note
 *   .public.retire      only for an instant, and only with `two_steps`
 * Copies of it all (another machine, a restored backup) work: a manifest that no longer fits costs a whole rewrite, nothing else. */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "base/date.h"
#include "diag/diag.h"

#define OUTPUT_MARK ".vitrine-publie"
#define OUTPUT_WORK_MARK ".vitrine-en-travaux"

enum output_flag {
	OUTPUT_PERSONAL = 1,         /* holds a personal field */
	OUTPUT_NOINDEX = 2,
	OUTPUT_WRITTEN = 4,          /* set by output: written by this build, not found unchanged */
};

/* What is known of a file besides its bytes. Views live until output_close. */
struct output_meta {
	str url;                     /* of a page, without base path; STR_NONE else */
	str mime;                    /* STR_NONE: not known */
	day modified;                /* DAY_NONE: not known */
	uint32_t flags;              /* PERSONAL, NOINDEX */
	struct span at;              /* who makes it, for two files with one path */
};

/* A line of the manifest. */
struct output_file {
	str path;                    /* "offres/interne/index.html" */
	uint64_t size, hash;         /* hash64 of the bytes */
	struct output_meta meta;
	/* stat, for the next build */
	uint64_t inode;
	int64_t mtime_ns;
};

struct output_options {
	str site_dir;                /* -C DIR */
	str dir;                     /* -o DIR; STR_NONE: site_dir/public */
	const str *keep; uint32_t n_keep;   /* `conserver:`, relative to the output folder; a folder stands for all in it */
	struct span keep_at;         /* of `conserver:` in site.yaml */
	bool two_steps, no_sync;
	bool dry;                    /* check: everything but the disk; only the manifest is made */
	unsigned workers;
	/* Another build is at work there: called once before waiting for it; may be NULL. */
	void (*waiting)(void *context);
	void *waiting_context;
};

struct output;

/* Finds out that the output folder may be replaced, locks it, and gets the tree beside it ready. NULL with diagnostics
 * (DIAG_USAGE: not ours, foreign files, a folder of sources; DIAG_MACHINE). Recovers what a killed build left. */
struct output *output_open(const struct output_options *o, struct arena *out, struct diag *diag);

/* Adds a file; each worker by its own number, different workers at once. `path` lives until output_close, `bytes` during the
 * call; `hash` is hash64(bytes). A file that the tree already holds unchanged is not written. False when nothing more should
 * be written: the disk failed, in this worker or another; output_publish says why. */
bool output_write(struct output *o, unsigned worker, str path, str bytes, uint64_t hash, const struct output_meta *meta);
/* The same for a file made from another, which is read only when it must be written; hash and size are those of the bytes written. */
struct output_source {
	str path;                    /* on disk */
	uint64_t size;               /* of that file */
	/* The bytes written, from those of the file: views of them or in tmp; STR_NONE: they can no longer be made. NULL: the file as it is. */
	str (*make)(str path, str bytes, struct arena *tmp);
};
bool output_copy(struct output *o, unsigned worker, str path, const struct output_source *source, uint64_t hash, uint64_t size,
    const struct output_meta *meta);

/* The same for a file whose bytes nobody has at hand: false when none of the two trees holds it, untouched; then nothing was added. */
bool output_take(struct output *o, unsigned worker, str path, uint64_t hash, uint64_t size, const struct output_meta *meta);
/* Is the live tree, as its manifest has it, what was published under that identity? */
bool output_live_is(const struct output *o, uint64_t identity);

/* The files added so far, sorted by path. Two files with one path, a file where another needs a folder, and names no server
 * could give are errors (DIAG_THEME) that name both sources. Serial; false when there was an error. */
bool output_collect(struct output *o, struct diag *diag);
struct output_manifest { const struct output_file *files; size_t len, n_written; uint64_t bytes; };
struct output_manifest output_manifest(const struct output *o);

/* Publishes what was collected: all or nothing. Calls output_collect. With `dry`: only that. False with diagnostics,
 * and the live tree is as it was. */
bool output_publish(struct output *o, struct diag *diag);

/* --- the next build may find that nothing is to be done --- */

/* After output_publish: keeps a note for the next build beside the published tree, until another takes its place. A warning when the disk refuses it. */
void output_leave_note(struct output *o, str note, struct diag *diag);
uint64_t output_identity(const struct output *o);            /* of what was published: names, sizes, hashes; for that note */
/* The folder with its note, and when that was written. NULL without one, when another build is at work there, and at any doubt: then nothing was changed, and nothing is said.
 * Else locked until output_close. Of the options, `keep` is not asked for. */
struct output *output_revisit(const struct output_options *options, struct arena *out, str *note, int64_t *written_ns);
/* Is the live tree what was published under that identity, every file untouched since, and nothing foreign in it? *differing: a path in
 * it that is not, or the folder. */
bool output_stands(struct output *o, uint64_t identity, const str *keep, uint32_t n_keep, str *differing);

/* Ends: without output_publish, the live tree is as it was. The manifest is gone with it. NULL is fine. */
void output_close(struct output *o);

/* --- the build record, for schedulers --- */

struct output_record {
	str version;                 /* of the program */
	str libraries;               /* "cmark-gfm 0.29.0.gfm.6, …" */
	day date, next_change;       /* DAY_NONE: never */
	str next_change_why;
	uint32_t n_items, n_pages, n_files, n_left_out;
	uint64_t bytes;
	bool online;
	str base_url;
};
/* Writes site_dir/.vitrine/record.json; the same bytes for the same build. False with a diagnostic. */
bool output_write_record(str site_dir, const struct output_record *r, struct arena *tmp, struct diag *diag);

#endif
