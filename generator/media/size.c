/* Width and height of images from their headers; every read is checked against the end. */
#include <string.h>

#include "media/media.h"

struct reader { const unsigned char *ptr; size_t len; };

struct size { uint32_t width, height; unsigned orientation; };

static uint32_t
big(struct reader r, size_t at, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | (at + i < r.len ? r.ptr[at + i] : 0);
	return v;
}

static uint32_t
little(struct reader r, size_t at, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v |= (uint32_t)(at + i < r.len ? r.ptr[at + i] : 0) << (8 * i);
	return v;
}

static bool
is_at(struct reader r, size_t at, const char *bytes, size_t n)
{
	return at <= r.len && r.len - at >= n && !memcmp(r.ptr + at, bytes, n);
}

static struct reader
part(struct reader r, size_t at, size_t len)
{
	if (at > r.len)
		at = r.len;
	return (struct reader){ r.ptr + at, len < r.len - at ? len : r.len - at };
}

/* Orientation of a TIFF block (Exif 2.32 §4.6.2), 1 when it says none. */
static unsigned
exif_orientation(struct reader r)
{
	bool swapped = is_at(r, 0, "II", 2);
	uint32_t (*number)(struct reader, size_t, unsigned) = swapped ? little : big;
	size_t ifd = number(r, 4, 4), n = number(r, ifd, 2);

	if (!swapped && !is_at(r, 0, "MM", 2))
		return 1;
	for (size_t i = 0; i < n && ifd + 2 + i * 12 + 12 <= r.len; i++) {
		size_t entry = ifd + 2 + i * 12;
		if (number(r, entry, 2) == 0x0112) {
			uint32_t value = number(r, entry + 8, 2);
			return value >= 1 && value <= 8 ? value : 1;
		}
	}
	return 1;
}

static bool
is_frame(unsigned marker)
{
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static bool
jpeg_size(struct reader r, struct size *s)
{
	size_t at = 2;

	while (at + 4 <= r.len && r.ptr[at] == 0xFF) {
		unsigned marker = r.ptr[at + 1];
		size_t len = big(r, at + 2, 2);
		if (marker == 0xFF) {
			at++;
			continue;
		}
		if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
			at += 2;
			continue;
		}
		if (marker == 0xD9 || marker == 0xDA || len < 2)
			return false;
		if (marker == 0xE1 && is_at(r, at + 4, "Exif\0\0", 6) && len > 8)
			s->orientation = exif_orientation(part(r, at + 10, len - 8));
		if (is_frame(marker)) {
			s->height = big(r, at + 5, 2);
			s->width = big(r, at + 7, 2);
			return at + 9 <= r.len;
		}
		at += 2 + len;
	}
	return false;
}

static bool
png_size(struct reader r, struct size *s)
{
	size_t at = 8;

	if (!is_at(r, 12, "IHDR", 4) || r.len < 33)
		return false;
	s->width = big(r, 16, 4);
	s->height = big(r, 20, 4);
	while (at + 12 <= r.len && !is_at(r, at + 4, "IDAT", 4)) {
		size_t len = big(r, at, 4);
		if (is_at(r, at + 4, "eXIf", 4))
			s->orientation = exif_orientation(part(r, at + 8, len));
		at += 12 + len;
	}
	return true;
}

static bool
gif_size(struct reader r, struct size *s)
{
	s->width = little(r, 6, 2);
	s->height = little(r, 8, 2);
	return r.len >= 13;
}

static void
webp_chunk(struct reader r, struct size *s)
{
	struct reader data = part(r, 8, r.len);
	bool known = s->width > 0;

	if (is_at(r, 0, "VP8X", 4) && data.len >= 10) {
		s->width = little(data, 4, 3) + 1;
		s->height = little(data, 7, 3) + 1;
	} else if (!known && is_at(r, 0, "VP8 ", 4) && is_at(data, 3, "\x9d\x01\x2a", 3)) {
		s->width = little(data, 6, 2) & 0x3FFF;
		s->height = little(data, 8, 2) & 0x3FFF;
	} else if (!known && is_at(r, 0, "VP8L", 4) && is_at(data, 0, "\x2f", 1)) {
		uint32_t bits = little(data, 1, 4);
		s->width = (bits & 0x3FFF) + 1;
		s->height = (bits >> 14 & 0x3FFF) + 1;
	} else if (is_at(r, 0, "EXIF", 4)) {
		s->orientation = exif_orientation(is_at(data, 0, "Exif\0\0", 6) ? part(data, 6, data.len) : data);
	}
}

static bool
webp_size(struct reader r, struct size *s)
{
	for (size_t at = 12; at + 8 <= r.len;) {
		size_t len = little(r, at + 4, 4);
		webp_chunk(part(r, at, 8 + len), s);
		at += 8 + len + (len & 1);
	}
	return s->width > 0;
}

/* Boxes that hold others on the way to the properties of items (ISO/IEC 14496-12, 23008-12). */
static size_t
inner_boxes(struct reader r)
{
	if (is_at(r, 4, "meta", 4))
		return 12;
	return is_at(r, 4, "iprp", 4) || is_at(r, 4, "ipco", 4) ? 8 : 0;
}

/* The picture is the largest item: tiles, thumbnails and masks are not larger. A rotation turns all of them. */
static void
avif_boxes(struct reader r, struct size *s, unsigned depth)
{
	for (size_t at = 0; at + 8 <= r.len;) {
		size_t len = big(r, at, 4);
		struct reader box = part(r, at, len ? len : r.len - at);
		size_t inner = inner_boxes(box);
		if (len && len < 8)
			return;
		if (inner && depth < 4)
			avif_boxes(part(box, inner, box.len), s, depth + 1);
		else if (is_at(box, 4, "ispe", 4) && box.len >= 20 && big(box, 12, 4) > s->width) {
			s->width = big(box, 12, 4);
			s->height = big(box, 16, 4);
		} else if (is_at(box, 4, "irot", 4) && box.len >= 9 && (box.ptr[8] & 1))
			s->orientation = 6;
		if (!len)
			return;
		at += len;
	}
}

static bool
avif_size(struct reader r, struct size *s)
{
	avif_boxes(r, s, 0);
	return s->width > 0;
}

static const struct { size_t at; const char *magic; size_t len; bool (*size)(struct reader, struct size *); str mime; } formats[] = {
	{ 0, "\xFF\xD8\xFF", 3, jpeg_size, S_INIT("image/jpeg") },
	{ 0, "\x89PNG\r\n\x1a\n", 8, png_size, S_INIT("image/png") },
	{ 0, "GIF87a", 6, gif_size, S_INIT("image/gif") },
	{ 0, "GIF89a", 6, gif_size, S_INIT("image/gif") },
	{ 8, "WEBP", 4, webp_size, S_INIT("image/webp") },
	{ 4, "ftypavif", 8, avif_size, S_INIT("image/avif") },
	{ 4, "ftypavis", 8, avif_size, S_INIT("image/avif") },
};

bool
media_image_size(str bytes, uint32_t *width, uint32_t *height, str *mime)
{
	struct reader r = { (const unsigned char *)bytes.ptr, bytes.len };
	struct size s = { .orientation = 1 };

	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		if (!is_at(r, formats[i].at, formats[i].magic, formats[i].len))
			continue;
		if (!formats[i].size(r, &s) || !s.width || !s.height)
			return false;
		*width = s.orientation > 4 ? s.height : s.width;
		*height = s.orientation > 4 ? s.width : s.height;
		*mime = formats[i].mime;
		return true;
	}
	*mime = S("image/svg+xml");
	return media_svg_size(bytes, width, height);
}
