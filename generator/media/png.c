/* PNG (third edition), with animations: the chunks that decoding needs, the colour space, the orientation. Text, times, previews, private
 * chunks and what follows IEND stay behind. */
#include "media/image.h"

#define SIGNATURE_LEN 8
#define CHUNK_FRAME 12           /* length, type, CRC */
#define CRC_TABLE 256

struct png {
	struct cleaning *c;
	size_t exif;                 /* piece reserved after IHDR */
	unsigned colour;             /* type of IHDR */
	bool has_exif, has_palette, has_data, ended;
	uint32_t crc[CRC_TABLE];
};

struct chunk { char type[5]; struct bytes data; size_t at; };

static void
make_crc_table(uint32_t *table)
{
	for (uint32_t i = 0; i < CRC_TABLE; i++) {
		uint32_t v = i;
		for (unsigned k = 0; k < 8; k++)
			v = v & 1 ? 0xEDB88320u ^ v >> 1 : v >> 1;
		table[i] = v;
	}
}

static uint32_t
crc(const uint32_t *table, struct bytes b)
{
	uint32_t v = 0xFFFFFFFFu;

	for (size_t i = 0; i < b.len; i++)
		v = table[(v ^ b.ptr[i]) & 0xFF] ^ v >> 8;
	return ~v;
}

static void
write_big(unsigned char *to, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (unsigned char)(v >> (24 - 8 * i));
}

/* A chunk of ours in place of a piece: the caller writes its data, then seal() its CRC. */
static unsigned char *
put_chunk(struct png *p, size_t piece, const char *type, size_t len)
{
	unsigned char *to = cleaning_put(p->c, piece, STR_NONE, len + CHUNK_FRAME);

	write_big(to, (uint32_t)len);
	memcpy(to + 4, type, 4);
	return to;
}

static void
seal(struct png *p, unsigned char *chunk, size_t len)
{
	write_big(chunk + 8 + len, crc(p->crc, (struct bytes){ chunk + 4, len + 4 }));
}

static bool
depth_is_fine(unsigned colour, unsigned depth)
{
	switch (colour) {
	case 0: return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
	case 3: return depth == 1 || depth == 2 || depth == 4 || depth == 8;
	case 2: case 4: case 6: return depth == 8 || depth == 16;
	default: return false;
	}
}

static bool
take_header(struct png *p, const struct chunk *k)
{
	struct bytes d = k->data;

	p->c->width = bytes_big(d, 0, 4);
	p->c->height = bytes_big(d, 4, 4);
	p->colour = bytes_big(d, 9, 1);
	return d.len == 13 && p->c->width && p->c->height && p->c->width <= INT32_MAX && p->c->height <= INT32_MAX &&
	    depth_is_fine(p->colour, d.ptr[8]) && !d.ptr[10] && !d.ptr[11] && d.ptr[12] <= 1;
}

/* The profile under a name of ours: that of the source may say who made it. */
static void
keep_profile(struct png *p, const struct chunk *k)
{
	const unsigned char *end = memchr(k->data.ptr, 0, k->data.len);
	size_t name = end ? (size_t)(end - k->data.ptr) : 0, rest = k->data.len - name;
	unsigned char *fresh;

	if (!end || name < 1 || name > 79 || rest < 3)
		return;
	fresh = put_chunk(p, cleaning_reserve(p->c), "iCCP", 3 + rest);
	memcpy(fresh + 8, "icc", 3);
	memcpy(fresh + 11, end, rest);
	seal(p, fresh, 3 + rest);
}

/* Chunks that only say something about the picture. */
static void
take_other(struct png *p, const struct chunk *k)
{
	static const struct { char type[5]; size_t len; } colours[] = { { "sRGB", 1 }, { "gAMA", 4 }, { "cHRM", 32 }, { "cICP", 4 } };

	if (!strcmp(k->type, "eXIf") && !p->has_exif) {
		p->has_exif = true;
		p->c->orientation = exif_orientation(k->data);
	} else if (!strcmp(k->type, "iCCP") && !p->has_data) {
		keep_profile(p, k);
	}
	for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
		if (!strcmp(k->type, colours[i].type) && k->data.len == colours[i].len)
			cleaning_keep(p->c, k->at, k->data.len + CHUNK_FRAME);
}

/* Is this one of the chunks that draw? *fine: as it should be. */
static bool
draws(struct png *p, const struct chunk *k, bool *fine)
{
	size_t len = k->data.len;

	if (!strcmp(k->type, "PLTE"))
		*fine = !p->has_palette && !p->has_data && len && len % 3 == 0 && len <= 768;
	else if (!strcmp(k->type, "tRNS"))
		*fine = p->colour == 0 ? len == 2 : p->colour == 2 ? len == 6 : p->colour == 3 && p->has_palette && len <= 256;
	else if (!strcmp(k->type, "IDAT"))
		*fine = p->colour != 3 || p->has_palette;
	else if (!strcmp(k->type, "acTL"))
		*fine = len == 8;
	else if (!strcmp(k->type, "fcTL"))
		*fine = len == 26;
	else if (!strcmp(k->type, "fdAT"))
		*fine = len >= 4;
	else if (!strcmp(k->type, "IEND"))
		*fine = !len && p->has_data;
	else
		return false;
	p->has_palette |= !strcmp(k->type, "PLTE");
	p->has_data |= !strcmp(k->type, "IDAT");
	p->ended = !strcmp(k->type, "IEND");
	return true;
}

/* Of all but the pixels, which are many, and which a browser checks again. */
static bool
crc_is_fine(const struct png *p, const struct chunk *k)
{
	struct bytes in = p->c->in;

	return !strcmp(k->type, "IDAT") || !strcmp(k->type, "fdAT") ||
	    bytes_big(in, k->at + 8 + k->data.len, 4) == crc(p->crc, bytes_part(in, k->at + 4, k->data.len + 4));
}

static const char *
name_of(const struct png *p, const struct chunk *k)
{
	return str_copy(p->c->tmp, str_from_c(k->type)).ptr;
}

static bool
take(struct png *p, const struct chunk *k, bool first)
{
	bool fine = true, drawing;

	if (first != !strcmp(k->type, "IHDR"))
		return cleaning_fail(p->c, IMAGE_BROKEN, "IHDR", k->at);
	drawing = first || draws(p, k, &fine);
	if (first)
		fine = take_header(p, k);
	if (drawing && (!fine || !crc_is_fine(p, k)))
		return cleaning_fail(p->c, IMAGE_BROKEN, name_of(p, k), k->at);
	/* Capitals: a decoder that does not know it must give up. */
	if (!drawing && !(k->type[0] & 0x20))
		return cleaning_fail(p->c, IMAGE_BROKEN, "chunk", k->at);
	if (drawing)
		cleaning_keep(p->c, k->at, k->data.len + CHUNK_FRAME);
	else if (crc_is_fine(p, k))
		take_other(p, k);
	if (first)
		p->exif = cleaning_reserve(p->c);
	return true;
}

bool
png_clean(struct cleaning *c)
{
	struct png p = { .c = c };
	size_t at = SIGNATURE_LEN;
	unsigned char *fresh;

	make_crc_table(p.crc);
	cleaning_keep(c, 0, SIGNATURE_LEN);
	while (!p.ended) {
		struct chunk k = { .at = at };
		size_t len = bytes_big(c->in, at, 4);
		if (at + CHUNK_FRAME > c->in.len || len > c->in.len - at - CHUNK_FRAME)
			return cleaning_fail(c, IMAGE_CUT, "PNG", c->in.len);
		memcpy(k.type, c->in.ptr + at + 4, 4);
		k.data = bytes_part(c->in, at + 8, len);
		if (!take(&p, &k, at == SIGNATURE_LEN))
			return false;
		at += len + CHUNK_FRAME;
	}
	if (c->orientation != 1) {
		fresh = put_chunk(&p, p.exif, "eXIf", EXIF_SIZE);
		exif_write(fresh + 8, c->orientation);
		seal(&p, fresh, EXIF_SIZE);
	}
	return true;
}
