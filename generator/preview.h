/* preview: a site loaded as `build` loads it, whose files are made when they are asked for, for `vitrine serve`. Each is byte for byte the
 * one that build writes. Nothing is written but the cache of Markdown. */
#ifndef PREVIEW_H
#define PREVIEW_H

#include "base/csp.h"
#include "vitrine.h"

struct preview;

/* A file that was saved since a site was loaded, by its path on the disk. */
struct saved_file {
	str path;
	bool came;                   /* it was not there before */
	bool seen;                   /* a load has seen it since */
};
struct saved_files { const struct saved_file *ptr; size_t len; };

/* What loads keep for the next one. Used by one thread, which loads; previews may outlive it. */
struct preview_memo;
struct preview_memo *preview_memo_new(struct arena *out);
void preview_memo_free(struct preview_memo *m);

/* Loads the site. Never NULL: what is wrong with it stands in preview_diag, and with `ready` false there is nothing else. The options are
 * kept by the caller. `saved`: all files that were saved since the memo's last whole load that was ready; NULL when that is not known. It may
 * then stand on that one (reload.c). `first`: saves the Markdown it rendered for the next program. */
struct preview *preview_load(const struct build_options *o, struct preview_memo *memo, const struct saved_files *saved, bool first);
void preview_free(struct preview *p);
bool preview_ready(const struct preview *p);
bool preview_whole(const struct preview *p);     /* it stands on no other */
const struct diag *preview_diag(const struct preview *p);
enum vitrine_status preview_status(const struct preview *p);
struct preview_size { uint32_t n_items, n_pages; uint64_t nanoseconds; };
struct preview_size preview_size(const struct preview *p);
str preview_base_path(const struct preview *p);  /* "" or "/portail" */

size_t preview_theme_dirs(const struct preview *p, struct arena *out, str **dirs);     /* on disk, those that were found */

/* Nobody needs the answers under way any longer: a drawing of all pages ends at the next one, in PREVIEW_ABANDONED. Any thread. */
void preview_abandon(struct preview *p);

enum preview_kind {
	PREVIEW_NOTHING,             /* no file there */
	PREVIEW_FILE,
	PREVIEW_MOVED,               /* the file is at `location`, a path or an absolute address */
	PREVIEW_BROKEN,              /* it cannot be drawn: `problems` */
	PREVIEW_ABANDONED,           /* it was not drawn to its end: the next site has the answer */
};
struct preview_file {
	enum preview_kind kind;
	bool permanent;              /* MOVED: a former address */
	bool live;                   /* FILE: a page for a browser, into which a script may be put */
	str location;
	str mime;                    /* with its charset; without value when a header of the route says it */
	uint64_t hash;               /* of the bytes */
	str bytes;                   /* none when the caller has them: `known` was their hash */
	const struct csp_rule *headers; size_t n_headers;
	struct diag problems;
};
/* What is published at an address (decoded, with the base path, without query). From several threads at once. Everything in *file lives in
 * `out`, the files of its problems but. `known` is the hash of bytes that need not be given again, 0 for none. */
void preview_get(struct preview *p, str url, uint64_t known, struct arena *out, struct preview_file *file);

/* The fingerprinted address of each stylesheet of assets/ that differs from one of the same name before: old and new in turn, with the
 * base path. None when one came or went. */
struct preview_pairs { str *ptr; size_t len, cap; };
struct preview_pairs preview_changed_styles(const struct preview *before, const struct preview *now, struct arena *out);

#endif
