/* WebP (RFC 9649): the chunks of the picture or its frames, the colour profile, the orientation. XMP, unknown chunks and what follows
 * the RIFF stay behind. */
#include "media/image.h"

#define RIFF_HEADER 12
#define CHUNK_HEADER 8
#define FRAME_HEADER 16          /* of ANMF */

enum { FLAG_ANIMATION = 0x02, FLAG_XMP = 0x04, FLAG_EXIF = 0x08, FLAG_ALPHA = 0x10, FLAG_PROFILE = 0x20 };

struct webp {
	struct cleaning *c;
	struct bytes riff;           /* from the first chunk to the end */
	size_t riff_header, head;    /* pieces of ours */
	unsigned flags;              /* of VP8X */
	bool extended, has_exif, has_picture;
};

struct chunk { struct bytes data; size_t at, next; };

static void
write_little(unsigned char *to, size_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		to[i] = (unsigned char)(v >> 8 * i);
}

static bool
fail(struct webp *w, enum image_fault fault, const char *what, size_t at)
{
	return cleaning_fail(w->c, fault, what, at);
}

/* The chunk at `at` of `within`; false when it is cut. */
static bool
next_chunk(struct bytes within, size_t at, struct chunk *k)
{
	size_t len = bytes_little(within, at + 4, 4);

	*k = (struct chunk){ .at = at };
	if (at + CHUNK_HEADER > within.len || len > within.len - at - CHUNK_HEADER)
		return false;
	k->data = bytes_part(within, at + CHUNK_HEADER, len);
	k->next = at + CHUNK_HEADER + len + (len & 1);
	return true;
}

static bool
is(struct bytes within, const struct chunk *k, const char *type)
{
	return bytes_at(within, k->at, type, 4);
}

/* A chunk as it stands; the byte that makes its length even is zero whatever it was. */
static size_t
keep(struct webp *w, struct bytes within, const struct chunk *k)
{
	cleaning_keep(w->c, (size_t)(within.ptr - w->c->in.ptr) + k->at, CHUNK_HEADER + k->data.len);
	if (k->data.len & 1)
		cleaning_put(w->c, cleaning_reserve(w->c), STR_NONE, 1);
	return CHUNK_HEADER + k->data.len + (k->data.len & 1);
}

/* Size of the pixels of "VP8 " (RFC 6386 §9.1) or "VP8L" (RFC 9649 §3.4). */
static bool
picture_size(struct bytes within, const struct chunk *k, uint32_t *width, uint32_t *height)
{
	if (is(within, k, "VP8 ")) {
		*width = bytes_little(k->data, 6, 2) & 0x3FFF;
		*height = bytes_little(k->data, 8, 2) & 0x3FFF;
		return k->data.len >= 10 && !(k->data.ptr[0] & 1) && bytes_at(k->data, 3, "\x9d\x01\x2a", 3) && *width && *height;
	}
	*width = (bytes_little(k->data, 1, 4) & 0x3FFF) + 1;
	*height = (bytes_little(k->data, 1, 4) >> 14 & 0x3FFF) + 1;
	return k->data.len >= 5 && k->data.ptr[0] == 0x2F;
}

static bool
is_picture(struct bytes within, const struct chunk *k)
{
	return is(within, k, "VP8 ") || is(within, k, "VP8L");
}

static bool
take_header(struct webp *w, const struct chunk *k)
{
	w->extended = true;
	w->flags = bytes_little(k->data, 0, 1);
	w->c->width = bytes_little(k->data, 4, 3) + 1;
	w->c->height = bytes_little(k->data, 7, 3) + 1;
	return k->data.len == 10;
}

/* A still picture fills the canvas. */
static bool
take_picture(struct webp *w, const struct chunk *k)
{
	uint32_t width, height;

	if (w->has_picture || !picture_size(w->riff, k, &width, &height))
		return false;
	if (w->extended && ((w->flags & FLAG_ANIMATION) || width != w->c->width || height != w->c->height))
		return false;
	w->has_picture = true;
	w->c->width = width;
	w->c->height = height;
	keep(w, w->riff, k);
	return true;
}

/* A frame of an animation holds chunks in its turn. */
static bool
take_frame(struct webp *w, const struct chunk *k)
{
	struct bytes inner = bytes_part(k->data, FRAME_HEADER, k->data.len);
	size_t header = cleaning_reserve(w->c), size = FRAME_HEADER, at = 0;
	uint32_t width, height;
	bool drawn = false;
	unsigned char *fresh;

	if (!(w->flags & FLAG_ANIMATION) || k->data.len < FRAME_HEADER)
		return false;
	while (at < inner.len) {
		struct chunk part;
		if (!next_chunk(inner, at, &part))
			return false;
		if (is_picture(inner, &part)) {
			if (drawn || !picture_size(inner, &part, &width, &height))
				return false;
			drawn = true;
			size += keep(w, inner, &part);
		} else if (is(inner, &part, "ALPH") && !drawn) {
			size += keep(w, inner, &part);
		}
		at = part.next;
	}
	fresh = cleaning_put(w->c, header, S("ANMF"), CHUNK_HEADER + FRAME_HEADER);
	write_little(fresh + 4, size, 4);
	memcpy(fresh + CHUNK_HEADER, k->data.ptr, FRAME_HEADER);
	w->has_picture |= drawn;
	return drawn;
}

static void
take_exif(struct webp *w, const struct chunk *k)
{
	if (w->has_exif)
		return;
	w->has_exif = true;
	w->c->orientation = exif_orientation(bytes_at(k->data, 0, "Exif\0\0", 6) ? bytes_part(k->data, 6, k->data.len) : k->data);
}

static bool
take_extended(struct webp *w, const struct chunk *k)
{
	if (is(w->riff, k, "ANMF"))
		return take_frame(w, k) || fail(w, IMAGE_BROKEN, "ANMF", RIFF_HEADER + k->at);
	if (is(w->riff, k, "ANIM")) {
		if (k->data.len != 6)
			return fail(w, IMAGE_BROKEN, "ANIM", RIFF_HEADER + k->at);
		keep(w, w->riff, k);
	} else if (is(w->riff, k, "ALPH") && !w->has_picture) {
		keep(w, w->riff, k);
	} else if (is(w->riff, k, "ICCP") && !w->has_picture && (w->flags & FLAG_PROFILE) && icc_is_whole(k->data, k->data.len)) {
		keep(w, w->riff, k);
		w->flags |= FLAG_PROFILE << 8;
	} else if (is(w->riff, k, "EXIF")) {
		take_exif(w, k);
	}
	return true;
}

static bool
take(struct webp *w, const struct chunk *k)
{
	size_t at = RIFF_HEADER + k->at;

	if (k->at == 0 && is(w->riff, k, "VP8X"))
		return take_header(w, k) || fail(w, IMAGE_BROKEN, "VP8X", at);
	if (is_picture(w->riff, k))
		return take_picture(w, k) || fail(w, IMAGE_BROKEN, is(w->riff, k, "VP8L") ? "VP8L" : "VP8", at);
	return !w->extended || take_extended(w, k);
}

/* The headers, when all else is known. */
static void
finish(struct webp *w)
{
	struct cleaning *c = w->c;
	unsigned char *fresh;
	size_t size = 0;

	if (w->extended) {
		fresh = cleaning_put(c, w->head, S("VP8X\x0a\0\0\0"), CHUNK_HEADER + 10);
		fresh[CHUNK_HEADER] = (unsigned char)((w->flags & (FLAG_ANIMATION | FLAG_ALPHA)) | (w->flags >> 8 & FLAG_PROFILE) |
		    (c->orientation != 1 ? FLAG_EXIF : 0));
		write_little(fresh + CHUNK_HEADER + 4, c->width - 1, 3);
		write_little(fresh + CHUNK_HEADER + 7, c->height - 1, 3);
		if (c->orientation != 1) {
			fresh = cleaning_put(c, cleaning_reserve(c), S("EXIF"), CHUNK_HEADER + EXIF_SIZE);
			write_little(fresh + 4, EXIF_SIZE, 4);
			exif_write(fresh + CHUNK_HEADER, c->orientation);
		}
	}
	for (size_t i = w->riff_header + 1; i < c->pieces.len; i++)
		size += c->pieces.ptr[i].len;
	fresh = cleaning_put(c, w->riff_header, S("RIFF\0\0\0\0WEBP"), RIFF_HEADER);
	write_little(fresh + 4, size + 4, 4);
}

bool
webp_clean(struct cleaning *c)
{
	struct webp w = { .c = c };
	size_t size = bytes_little(c->in, 4, 4);

	if (size > c->in.len - 8)
		return cleaning_fail(c, IMAGE_CUT, "WebP", c->in.len);
	if (size < 4)
		return cleaning_fail(c, IMAGE_BROKEN, "RIFF", 4);
	w.riff = bytes_part(c->in, RIFF_HEADER, size - 4);
	w.riff_header = cleaning_reserve(c);
	w.head = cleaning_reserve(c);
	for (size_t at = 0; at < w.riff.len;) {
		struct chunk k;
		if (!next_chunk(w.riff, at, &k))
			return fail(&w, IMAGE_BROKEN, "RIFF", RIFF_HEADER + at);
		if (!take(&w, &k))
			return false;
		at = k.next;
	}
	if (!w.has_picture)
		return fail(&w, IMAGE_BROKEN, "VP8", RIFF_HEADER);
	finish(&w);
	return true;
}
