/* media: the assets of site and themes, and the images and files that content names. Their published names, sizes and fingerprints are
 * known before anything is encoded or written. */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "base/hash.h"
#include "site/site.h"

enum image_fault {
	IMAGE_FINE,
	IMAGE_CUT,                   /* the file ends within the picture; what: its format */
	IMAGE_BROKEN,                /* what: the part that is not as it should be, where: its first byte */
	IMAGE_TOO_LARGE,             /* more pixels than a browser can hold */
	IMAGE_FORMAT,                /* a picture of a format that is not published; what: its name */
	IMAGE_UNKNOWN,               /* named like a picture, and none */
};

/* What a file is, and what of it is published. */
struct media_image {
	str bytes;                   /* published: without metadata; of a file that is no picture, as given */
	str mime;                    /* STR_NONE: no picture that was recognised */
	uint32_t width, height;      /* after EXIF orientation */
	unsigned orientation;        /* of EXIF, 1 to 8; 0: no picture */
	enum image_fault fault;
	str what;
	size_t where;
};

struct asset {
	str name;                    /* "style.css", "img/logo.svg" */
	struct source_file source;
	str url;                     /* "/assets/style.1f2e3d4c.css" */
	uint64_t size, hash;         /* of the published bytes */
	str bytes;                   /* published bytes of text assets (css, js, svg ≤ 1 MiB), STR_NONE: of the file, cleaned or as they are */
	bool personal;               /* a personal field names it, with consent */
	bool cleaned;                /* media_clean makes the published bytes from those of the file */
	struct media_image image;    /* without its bytes; a fault of the site's own files is told by media_fill, where content names them */
	str mime;
	uint8_t loading;             /* private to media_load_assets: CSS files wait for those they name */
};

struct assets {
	struct arena *out;
	struct map by_name;          /* → struct asset * */
	VEC(struct asset *) list;    /* sorted by name */
	/* vitrine serve: gives one that is made when it is named; called by any thread. NULL: all are there. */
	const struct asset *(*find_more)(void *context, str name);
	void *context;
};

/* Photographs are published without metadata, whoever names them: those of JPEG, PNG, WebP and GIF files and of SVG files of the site
 * (assets/ and beside items) are left behind, and the pixels stay as they were encoded.
 *
 * Fingerprints the theme's assets/ (through extends) and the site's assets/ that templates may name. url(…) of CSS files that name
 * another asset are rewritten to fingerprinted addresses; one that is missing or foreign is an error. SVG are parsed (expat):
 * script, foreignObject, event attributes, external references are errors. */
bool media_load_assets(struct assets *a, struct source *s, str base_path, struct arena *out, struct diag *diag);
const struct asset *media_asset(const struct assets *a, str name);   /* NULL when absent */

/* Finds the published address, size, dimensions and kind of every file that content names (site->media_uses), and lists in site->media those
 * that no asset publishes. An unreadable image, a dangerous SVG or a file of a refused kind makes its item faulty; under `retirer` such
 * items are left out (site_leave_out). A file that only personal fields name is published within their consent. Broken pictures of assets/ that nobody names are errors too. Between site_build and site_freeze;
 * false when there was an error. */
bool media_fill(struct site *s, struct assets *a, struct diag *diag);

/* Reports what makes an SVG dangerous or unreadable; true when it is fine. `theme`: whose mistake it is. */
bool media_check_svg(str bytes, file_id file, bool theme, struct diag *diag);

/* In the place of that: the assets of an earlier load, which lives longer, without those that were generated; what was saved since (by path on the disk) is
 * read anew, and the stylesheets, which name others by their fingerprints. No file has come or gone, and content names none that was saved. */
bool media_take_assets(struct assets *a, const struct assets *old, const str *saved, size_t n_saved, struct source *s, str base_path, struct arena *out,
    struct diag *diag);
void media_take_generated(struct assets *a, const struct assets *old);   /* and those */

/* Adds a generated resource (wave 1) under its name; gives its fingerprinted address. */
struct asset *media_add_generated(struct assets *a, str name, str bytes, str mime);
/* The same for many files whose names carry a fingerprint already, and which pages do not name; bytes and names are kept by the caller. */
struct media_generated { str name, bytes; bool personal; };
void media_add_files(struct assets *a, const struct media_generated *files, size_t n);

/* Takes the metadata out of a JPEG, PNG, WebP or GIF, without decoding it: what stays is what decoding needs, the colour profile, and an
 * EXIF block of ours that holds the orientation alone, when that is not the usual one. False with a fault: a picture that is cut or broken,
 * or of another format (`name` tells those whose bytes do not). A file that is no picture is fine, with an empty `mime`. */
bool media_read_image(str name, str bytes, struct arena *out, struct media_image *image);
/* The same for an SVG that media_check_svg found fine: comments, <metadata>, foreign elements and attributes go, and pictures inside are
 * cleaned. STR_NONE when one of those cannot be, or the text is not in bytes of ASCII's kind. */
str media_clean_svg(str bytes, struct arena *out);
/* The published bytes of a file, from its own; STR_NONE when they can no longer be made (the file has changed). */
str media_clean(str name, str bytes, struct arena *tmp);

/* An SVG of flat shapes (svg with viewBox, width and height in pixels; svg within it, which cuts off what leaves it; g with translate and scale;
 * path with fill or stroke, opacity, fill-rule; title and desc are passed over) as a PNG. False with what stood in the way: another element, a word, a number that is none. */
bool media_paint(str svg, struct arena *out, str *png, str *fault);

str media_versions(struct arena *out);           /* "Expat 2.5.0, libpng 1.6.39": as linked */

/* paints: pictures kept from build to build. A file that is missing or damaged is an empty one. The workers ask and keep at once, each under
 * its number; a picture found is valid as long as `out`. */
struct paints;
struct paints *paints_open(str path, str program, unsigned workers, struct arena *out);
struct hash128 paints_key(const struct paints *p, str svg);
str paints_find(struct paints *p, unsigned worker, struct hash128 key);    /* STR_NONE when it is not there */
void paints_keep(struct paints *p, unsigned worker, struct hash128 key, str png);
/* Writes what was found and kept since, when that is not what the file holds; a file that cannot be written is a warning. */
void paints_save(struct paints *p, str path, struct diag *diag);
void paints_close(struct paints *p);

/* Width and height of an SVG, from its attributes, else from viewBox. */
bool media_svg_size(str bytes, uint32_t *width, uint32_t *height);
str media_mime(str name);        /* by extension, "application/octet-stream" else */

#endif
