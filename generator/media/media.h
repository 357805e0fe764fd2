/* media: the assets of site and themes, and the images and files that content names. Their published names, sizes and fingerprints are
 * known before anything is encoded or written. */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "site/site.h"

struct asset {
	str name;                    /* "style.css", "img/logo.svg" */
	struct source_file source;
	str url;                     /* "/assets/style.1f2e3d4c.css" */
	uint64_t hash;               /* of the published bytes */
	str bytes;                   /* published bytes of text assets (css, js, svg ≤ 1 MiB), STR_NONE: copy the file */
	str mime;
	uint8_t loading;             /* private to media_load_assets: CSS files wait for those they name */
};

struct assets {
	struct arena *out;
	struct map by_name;          /* → struct asset * */
	VEC(struct asset *) list;    /* sorted by name */
};

/* Fingerprints the theme's assets/ (through extends) and the site's assets/ that templates may name. url(…) of CSS files that name
 * another asset are rewritten to fingerprinted addresses; one that is missing or foreign is an error. SVG are parsed (expat):
 * script, foreignObject, event attributes, external references are errors. */
bool media_load_assets(struct assets *a, struct source *s, str base_path, struct arena *out, struct diag *diag);
const struct asset *media_asset(const struct assets *a, str name);   /* NULL when absent */

/* Finds the published address, size, dimensions and kind of every file that content names (site->media_uses), and lists in site->media those
 * that no asset publishes. An unreadable image, a dangerous SVG or a file of a refused kind makes its item faulty; under `retirer` such
 * items are left out (site_leave_out). Between site_build and site_freeze; false when there was an error. */
bool media_fill(struct site *s, struct assets *a, struct diag *diag);

/* Reports what makes an SVG dangerous or unreadable; true when it is fine. `theme`: whose mistake it is. */
bool media_check_svg(str bytes, file_id file, bool theme, struct diag *diag);

/* Adds a generated resource (wave 1) under its name; gives its fingerprinted address. */
struct asset *media_add_generated(struct assets *a, str name, str bytes, str mime);

/* Width and height after EXIF orientation, from the headers of JPEG, PNG, WebP, GIF, AVIF, SVG; false when it is none of these. */
bool media_image_size(str bytes, uint32_t *width, uint32_t *height, str *mime);
/* The same for SVG alone: from width and height, else from viewBox. */
bool media_svg_size(str bytes, uint32_t *width, uint32_t *height);
str media_mime(str name);        /* by extension, "application/octet-stream" else */

#endif
