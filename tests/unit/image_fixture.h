/* Pictures made byte by byte, with all that cameras and programs put beside the pixels. Each text planted in metadata holds PLANTED. */
#ifndef TESTS_IMAGE_FIXTURE_H
#define TESTS_IMAGE_FIXTURE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define PLANTED "SECRET"
#define PICTURE_WIDTH 300
#define PICTURE_HEIGHT 200

struct picture { unsigned char ptr[1 << 14]; size_t len; uint64_t random; };

/* What comes with the pixels. */
enum { WITH_METADATA = 1, WITH_PROFILE = 2, WITH_TRAILER = 4, WITH_LITTLE_ENDIAN = 8 };

static inline void
picture_put(struct picture *p, const void *bytes, size_t n)
{
	if (n > sizeof p->ptr - p->len)
		abort();
	memcpy(p->ptr + p->len, bytes, n);
	p->len += n;
}
#define picture_text(p, literal) picture_put((p), (literal), sizeof(literal) - 1)

static inline str
picture_str(const struct picture *p)
{
	return (str){ (const char *)p->ptr, p->len };
}

static inline void
picture_big(struct picture *p, uint32_t v, unsigned n)
{
	for (unsigned i = n; i > 0; i--)
		picture_put(p, &(unsigned char){ (unsigned char)(v >> 8 * (i - 1)) }, 1);
}

static inline void
picture_little(struct picture *p, uint32_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		picture_put(p, &(unsigned char){ (unsigned char)(v >> 8 * i) }, 1);
}

/* A TIFF block: maker, orientation, a position, a preview. */
static inline void
picture_tiff(struct picture *p, unsigned orientation, bool little)
{
	void (*number)(struct picture *, uint32_t, unsigned) = little ? picture_little : picture_big;

	picture_put(p, little ? "II\x2a\0" : "MM\0\x2a", 4);
	number(p, 8, 4);
	number(p, 3, 2);
	number(p, 0x010F, 2); number(p, 2, 2); number(p, 16, 4); number(p, 50, 4);
	number(p, 0x0112, 2); number(p, 3, 2); number(p, 1, 4); number(p, orientation, 2); number(p, 0, 2);
	number(p, 0x8825, 2); number(p, 4, 2); number(p, 1, 4); number(p, 66, 4);
	number(p, 0, 4);
	picture_text(p, PLANTED "-appareil\0" PLANTED "-48.8566 N 2.3522 E\0" PLANTED "-apercu");
}

/* An ICC profile of 132 bytes: nothing but its header and an empty table. */
static inline void
picture_profile(struct picture *p)
{
	picture_big(p, 132, 4);
	for (unsigned i = 4; i < 36; i++)
		picture_big(p, 0, 1);
	picture_text(p, "acsp");
	for (unsigned i = 40; i < 132; i++)
		picture_big(p, 0, 1);
}

/* --- JPEG --- */

static inline void
jpeg_segment(struct picture *p, unsigned marker, const void *bytes, size_t n)
{
	picture_big(p, 0xFF00 | marker, 2);
	picture_big(p, (uint32_t)n + 2, 2);
	picture_put(p, bytes, n);
}
#define jpeg_text(p, marker, literal) jpeg_segment((p), (marker), (literal), sizeof(literal) - 1)

static inline void
jpeg_metadata(struct picture *p, unsigned orientation, unsigned with)
{
	struct picture tiff = { .len = 0 };

	picture_text(&tiff, "Exif\0\0");
	picture_tiff(&tiff, orientation, with & WITH_LITTLE_ENDIAN);
	jpeg_segment(p, 0xE1, tiff.ptr, tiff.len);
	if (!(with & WITH_METADATA))
		return;
	jpeg_text(p, 0xE0, "JFXX\0\x10" PLANTED "-vignette");
	jpeg_text(p, 0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" PLANTED "</x:xmpmeta>");
	jpeg_text(p, 0xE2, "MPF\0" PLANTED);
	jpeg_text(p, 0xE2, "ICC_PROFILE\0\1\1" PLANTED "-pas un profil");
	jpeg_text(p, 0xE4, PLANTED "-constructeur");
	jpeg_text(p, 0xED, "Photoshop 3.0\0" "8BIM" PLANTED "-auteur");
	jpeg_text(p, 0xEE, "Adobe\0\x64\0\0\0\0\1" PLANTED);
	jpeg_text(p, 0xEF, PLANTED);
	jpeg_text(p, 0xFE, PLANTED "-commentaire");
}

/* From the first quantization table on: tables, frame, two scans with restart markers, the end. */
static inline void
jpeg_coded(struct picture *p)
{
	unsigned char table[65] = { 0 };

	memset(table + 1, 1, 64);
	jpeg_segment(p, 0xDB, table, sizeof table);
	jpeg_text(p, 0xC2, "\x08\0\xc8\1\x2c\3\1\x22\0\2\x11\1\3\x11\1");
	jpeg_text(p, 0xC4, "\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\7");
	jpeg_text(p, 0xDD, "\0\4");
	jpeg_text(p, 0xDA, "\3\1\0\2\0\3\0\0\0\0");
	picture_text(p, "\x11\xFF\0\x22\xFF\xD0\x33\xFF\0\xFF\xD1\x44");
	jpeg_text(p, 0xC4, "\x10\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\7");
	jpeg_text(p, 0xDA, "\1\1\0\1\x3f\0");
	picture_text(p, "\x55\x66");
	picture_text(p, "\xFF\xD9");
}

static inline void
picture_jpeg(struct picture *p, unsigned orientation, unsigned with)
{
	struct picture icc = { .len = 0 };

	p->len = 0;
	picture_text(p, "\xFF\xD8");
	jpeg_text(p, 0xE0, "JFIF\0\1\2\1\0\x48\0\x48\1\1abc");
	if (orientation != 1 || (with & WITH_METADATA))
		jpeg_metadata(p, orientation, with);
	if (with & WITH_PROFILE) {
		picture_text(&icc, "ICC_PROFILE\0\1\1");
		picture_profile(&icc);
		jpeg_segment(p, 0xE2, icc.ptr, icc.len);
	}
	jpeg_coded(p);
	if (with & WITH_TRAILER) {
		picture_text(p, "\xFF\xD8\xFF\xE1\0\x10" PLANTED "-seconde\xFF\xD9");
		picture_text(p, "\0\0\0\x18" "ftypmp42" PLANTED "-film");
	}
}

/* --- PNG --- */

static inline uint32_t
png_crc(const unsigned char *bytes, size_t n)
{
	uint32_t v = 0xFFFFFFFFu;

	for (size_t i = 0; i < n; i++) {
		v ^= bytes[i];
		for (unsigned k = 0; k < 8; k++)
			v = v & 1 ? v >> 1 ^ 0xEDB88320u : v >> 1;
	}
	return ~v;
}

static inline void
png_chunk(struct picture *p, const char *type, const void *bytes, size_t n)
{
	size_t from = p->len + 4;

	picture_big(p, (uint32_t)n, 4);
	picture_put(p, type, 4);
	picture_put(p, bytes, n);
	picture_big(p, png_crc(p->ptr + from, n + 4), 4);
}
#define png_text(p, type, literal) png_chunk((p), (type), (literal), sizeof(literal) - 1)

static inline void
picture_png(struct picture *p, unsigned orientation, unsigned with)
{
	struct picture tiff = { .len = 0 };

	p->len = 0;
	picture_text(p, "\x89PNG\r\n\x1a\n");
	png_text(p, "IHDR", "\0\0\1\x2c\0\0\0\xc8\x08\3\0\0\0");
	if (with & WITH_PROFILE) {
		png_text(p, "iCCP", PLANTED "-nom\0\0\x78\x9c\3\0\0\0\0\1");
		png_text(p, "gAMA", "\0\0\xb1\x8f");
	}
	if (with & WITH_METADATA) {
		png_text(p, "tEXt", "Author\0" PLANTED);
		png_text(p, "zTXt", "Comment\0\0" PLANTED);
		png_text(p, "iTXt", "XML:com.adobe.xmp\0\0\0\0\0" PLANTED);
		png_text(p, "tIME", PLANTED);
		png_text(p, "gAMA", "\0\0\xb1\x8f" PLANTED);
		png_text(p, "prIv", PLANTED);
	}
	png_text(p, "PLTE", "\1\2\3\4\5\6");
	png_text(p, "tRNS", "\x80");
	png_text(p, "IDAT", "\x78\x9c\x63\x60");
	png_text(p, "IDAT", "\0\2\0\1\0\1");
	if (orientation != 1 || (with & WITH_METADATA)) {
		picture_tiff(&tiff, orientation, with & WITH_LITTLE_ENDIAN);
		png_chunk(p, "eXIf", tiff.ptr, tiff.len);
	}
	png_text(p, "IEND", "");
	if (with & WITH_TRAILER)
		picture_text(p, PLANTED);
}

/* --- WebP --- */

static inline void
riff_chunk(struct picture *p, const char *type, const void *bytes, size_t n)
{
	picture_put(p, type, 4);
	picture_little(p, (uint32_t)n, 4);
	picture_put(p, bytes, n);
	if (n & 1)
		picture_text(p, "!");
}
#define riff_text(p, type, literal) riff_chunk((p), (type), (literal), sizeof(literal) - 1)

#define WEBP_LOSSY "\x30\1\0\x9d\1\x2a\x2c\1\xc8\0\1\2\3"
#define WEBP_LOSSLESS "\x2f\x2b\xc1\x31\0\7"

static inline void
webp_extended(struct picture *p, unsigned orientation, unsigned with)
{
	struct picture part = { .len = 0 };

	riff_chunk(p, "VP8X", (const char[]){ with & WITH_PROFILE ? 0x3C : 0x1C, 0, 0, 0, 0x2b, 1, 0, (char)0xc7, 0, 0 }, 10);
	if (with & WITH_PROFILE) {
		picture_profile(&part);
		riff_chunk(p, "ICCP", part.ptr, part.len);
	}
	if (with & WITH_METADATA)
		riff_text(p, "mien", PLANTED);
	riff_text(p, "ALPH", "\0\1\2");
	riff_text(p, "VP8 ", WEBP_LOSSY);
	part.len = 0;
	if (with & WITH_LITTLE_ENDIAN)
		picture_text(&part, "Exif\0\0");
	picture_tiff(&part, orientation, with & WITH_LITTLE_ENDIAN);
	riff_chunk(p, "EXIF", part.ptr, part.len);
	riff_text(p, "XMP ", "<x>" PLANTED "</x>");
}

static inline void
webp_animated(struct picture *p)
{
	struct picture frame = { .len = 0 };

	riff_text(p, "VP8X", "\x02\0\0\0\x2b\1\0\xc7\0\0");
	riff_text(p, "ANIM", "\0\0\0\0\0\0");
	picture_text(&frame, "\0\0\0\0\0\0\x2b\1\0\xc7\0\0\x64\0\0\0");
	riff_text(&frame, "mien", PLANTED);
	riff_text(&frame, "VP8L", WEBP_LOSSLESS);
	riff_text(&frame, "mien", PLANTED);
	riff_chunk(p, "ANMF", frame.ptr, frame.len);
	riff_chunk(p, "ANMF", frame.ptr, frame.len);
	riff_text(p, "XMP ", PLANTED);
}

static inline void
webp_close(struct picture *p, unsigned with)
{
	uint32_t size = (uint32_t)p->len - 8;

	for (unsigned i = 0; i < 4; i++)
		p->ptr[4 + i] = (unsigned char)(size >> 8 * i);
	if (with & WITH_TRAILER)
		picture_text(p, PLANTED "-film");
}

static inline void
picture_webp(struct picture *p, unsigned orientation, unsigned with)
{
	p->len = 0;
	picture_text(p, "RIFF\0\0\0\0WEBP");
	if (orientation != 1 || (with & (WITH_METADATA | WITH_PROFILE)))
		webp_extended(p, orientation, with);
	else
		riff_text(p, "VP8L", WEBP_LOSSLESS);
	webp_close(p, with);
}

static inline void
picture_webp_animated(struct picture *p, unsigned orientation, unsigned with)
{
	(void)orientation;
	p->len = 0;
	picture_text(p, "RIFF\0\0\0\0WEBP");
	webp_animated(p);
	webp_close(p, with);
}

/* --- GIF --- */

static inline void
picture_gif(struct picture *p, unsigned orientation, unsigned with)
{
	(void)orientation;
	p->len = 0;
	picture_text(p, "GIF89a\x2c\1\xc8\0\x80\0\0\0\0\0\xFF\xFF\xFF");
	picture_text(p, "\x21\xFF\x0BNETSCAPE2.0\3\1\0\0\0");
	if (with & WITH_METADATA) {
		picture_text(p, "\x21\xFE\x06" PLANTED "\x06" PLANTED "\0");
		picture_text(p, "\x21\xFF\x0BXMP DataXMP\x06" PLANTED "\0");
		picture_text(p, "\x21\xF9\4\0\0\0\0\0\x21\1\x0c            \x06" PLANTED "\0");
	}
	picture_text(p, "\x21\xF9\4\4\x0a\0\0\0");
	picture_text(p, "\x2C\0\0\0\0\x2c\1\xc8\0\0\2\2\x4c\1\0");
	picture_text(p, ";");
	if (with & WITH_TRAILER)
		picture_text(p, PLANTED);
}

/* Every kind there is. */
struct picture_kind { const char *mime; void (*make)(struct picture *, unsigned orientation, unsigned with); bool turns; };
static const struct picture_kind picture_kinds[] = {
	{ "image/jpeg", picture_jpeg, true }, { "image/png", picture_png, true }, { "image/webp", picture_webp, true },
	{ "image/webp", picture_webp_animated, false }, { "image/gif", picture_gif, false },
};
#define PICTURE_KINDS (sizeof picture_kinds / sizeof *picture_kinds)

#endif
