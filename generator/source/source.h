/* source: finds the files of content/, themes/, assets/ and the site's own folders. Reads bytes; parses nothing. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "diag/diag.h"
#include "source/reads.h"

/* A folder in which theme things are looked for: site root first, then theme, parent themes. */
struct source_root {
	str dir;             /* path on disk */
	str shown;           /* as printed in diagnostics, "" for the site root, else "themes/portail" */
};

struct source_file {
	str path;            /* on disk */
	str shown;           /* relative to the site root */
	str name;            /* relative to the folder it was looked up in: "offres/interne.md", "carte.html" */
	file_id file;
	uint64_t size;       /* not of what source_walk gives: content is many files */
};

struct source_list { struct source_file *ptr; size_t len; };

struct source_limits {
	size_t content_file; /* bytes of one content file (1 MiB) */
	size_t asset_file;   /* bytes of one asset (64 MiB) */
};
extern const struct source_limits source_limits_default;

struct source {
	struct arena *out;
	struct diag *diag;
	struct files *files;
	struct source_limits limits;
	uint32_t n_links;                /* of the files that were walked over, those that stand behind a link */
	struct reads *reads;             /* takes note of all that is asked of the disk; NULL: nobody wants to know */
	str site_dir;        /* -C DIR */
	VEC(struct source_root) roots;   /* site, theme, parents (source_add_theme) */
	str installed_themes;            /* ../share/vitrine/themes or the checkout's themes/, "" when absent */
};

/* `program_dir` is where the running program stands (STR_NONE when unknown); `reads` may be NULL. */
void source_init(struct source *s, str site_dir, str program_dir, struct reads *reads, struct arena *out, struct diag *diag, struct files *files);
/* Adds a theme by name as the next root: DIR/themes/<name>, else installed; false with a diagnostic at `at` when there is none
 * (did you mean among those present). */
bool source_add_theme(struct source *s, str name, struct span at);
/* Every regular file below `folder` of the site dir (content, assets), sorted by path. Hidden names (.x) and what programs leave behind
 * (x~, #x#, ~$x, Thumbs.db, desktop.ini, __MACOSX) are passed over; a link is followed only when it leads to a file inside the site dir, else an error, also when the
 * folder itself is the link. */
struct source_list source_walk(struct source *s, str folder);
/* Files below `folder` (types, layouts, lib, i18n, assets) over all roots: for each name the first root's file. Sorted by name.
 * With `all`, every root's file, nearest root first within one name (types that extend). */
struct source_list source_walk_roots(struct source *s, str folder, bool all);
/* One file over the roots; false when no root has it (no diagnostic). */
bool source_find(struct source *s, str folder, str name, struct source_file *found);
/* Reads a file within a limit; diagnostics FILE_* at the file; false on failure. */
bool source_read(struct source *s, const struct source_file *f, size_t max, struct arena *out, struct diag *diag, str *bytes);

/* For files.read of diag.h (context: the struct source): a file again by its shown path, for an excerpt. */
bool source_reread(void *source, str shown, struct arena *out, str *bytes);

#endif
