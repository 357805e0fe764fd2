/* For media/ only. */
#ifndef MEDIA_INSIDE_H
#define MEDIA_INSIDE_H

#include "media/media.h"

/* Of struct asset.loading. */
enum { ASSET_WAITING, ASSET_AT_WORK, ASSET_LOADED, ASSET_FAILED };

struct assets_loading {
	struct assets *assets;
	struct source *source;
	struct diag *diag;
	str base_path;
	bool fine;
};

/* Text files up to this size are kept in memory: they are rewritten or drawn into pages. */
#define MEDIA_MAX_TEXT ((size_t)1024 * 1024)

/* "/assets/<name with the fingerprint before its extension>" */
str media_published(struct arena *out, str name, uint64_t hash);
/* Reads, checks and fingerprints one asset, and those it names first. False when it has errors. */
bool media_load_asset(struct assets_loading *l, struct asset *a);
/* Reports why a picture cannot be published; `path`: as the author names it. */
void media_report(struct diag *diag, const struct media_image *image, struct span at, str path);
/* script.c: without comments, and the spaces and line ends that part nothing; as it is when it cannot be read with certainty. */
str media_slim_script(str source, struct arena *out);
/* css.c: addresses within → published ones. */
str media_rewrite_css(struct assets_loading *l, struct asset *a, str css);

#endif
