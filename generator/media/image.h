/* For media/ only: what the readers of picture formats share. A reader looks at every byte of the structure once, lists the pieces that
 * are the picture itself, and leaves everything else behind; pixels are never decoded. */
#ifndef MEDIA_IMAGE_H
#define MEDIA_IMAGE_H

#include <string.h>

#include "base/vec.h"
#include "media/media.h"

/* Bytes; reading past the end gives zeros, so that only lengths need a check. */
struct bytes { const unsigned char *ptr; size_t len; };

static inline uint32_t
bytes_big(struct bytes b, size_t at, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | (at + i < b.len ? b.ptr[at + i] : 0u);
	return v;
}

static inline uint32_t
bytes_little(struct bytes b, size_t at, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v |= (uint32_t)(at + i < b.len ? b.ptr[at + i] : 0u) << (8 * i);
	return v;
}

static inline bool
bytes_at(struct bytes b, size_t at, const char *text, size_t n)
{
	return at <= b.len && b.len - at >= n && !memcmp(b.ptr + at, text, n);
}

/* Clamped to b. */
static inline struct bytes
bytes_part(struct bytes b, size_t at, size_t len)
{
	if (at > b.len)
		at = b.len;
	return (struct bytes){ b.ptr + at, len < b.len - at ? len : b.len - at };
}

static inline str
bytes_str(struct bytes b)
{
	return (str){ (const char *)b.ptr, b.len };
}

struct cleaning {
	struct bytes in;
	struct arena *tmp;
	VEC(str) pieces;             /* of the published file, in order; views of `in` or of tmp */
	uint32_t width, height;      /* as stored */
	unsigned orientation;        /* of EXIF, 1 to 8 */
	enum image_fault fault;
	const char *what;            /* the part of the file that is wrong */
	size_t where;
};

/* Always false. */
bool cleaning_fail(struct cleaning *c, enum image_fault fault, const char *what, size_t where);
void cleaning_keep(struct cleaning *c, size_t at, size_t len);      /* these bytes of the source */
/* Makes piece number `piece` anew: these bytes, then zeros up to `len`. They may be written to until the end. */
unsigned char *cleaning_put(struct cleaning *c, size_t piece, str lead, size_t len);
size_t cleaning_reserve(struct cleaning *c);                        /* the number of a piece that is empty so far */

/* Orientation of a TIFF block (Exif 2.32 §4.6.2): of IFD 0, one SHORT; 1 when it says none. */
unsigned exif_orientation(struct bytes tiff);
/* A TIFF block that says nothing else. */
#define EXIF_SIZE 26
void exif_write(unsigned char to[EXIF_SIZE], unsigned orientation);
/* Is this an ICC profile (ICC.1:2022 §7.2), and nothing after it? `all` is the size of the parts together, of which b is the first. */
bool icc_is_whole(struct bytes b, size_t all);

/* One for each format: fills c; false with a fault. */
bool jpeg_clean(struct cleaning *c);
bool png_clean(struct cleaning *c);
bool webp_clean(struct cleaning *c);
bool gif_clean(struct cleaning *c);

#endif
