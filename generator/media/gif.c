/* GIF (89a): header, palettes, pictures with their delays, and the loop of an animation. Comments, plain text and other extensions, XMP
 * among them, and what follows the trailer stay behind. */
#include "media/image.h"

#define HEADER 13
#define DESCRIPTOR 10

struct gif {
	struct cleaning *c;
	size_t at;
	struct { size_t at, len; } control;   /* graphic control extension of the next picture; len 0: none */
	bool has_picture;
};

static bool
cut(struct gif *g)
{
	return cleaning_fail(g->c, IMAGE_CUT, "GIF", g->c->in.len);
}

static size_t
palette_size(unsigned packed)
{
	return packed & 0x80 ? (size_t)3 << ((packed & 7) + 1) : 0;
}

/* Passes over blocks to the empty one; false when the file ends before. */
static bool
pass_blocks(struct gif *g)
{
	while (g->at < g->c->in.len) {
		size_t len = g->c->in.ptr[g->at];
		g->at += 1 + len;
		if (!len)
			return true;
	}
	return false;
}

static bool
picture(struct gif *g)
{
	struct bytes in = g->c->in;
	size_t start = g->at;

	g->at += DESCRIPTOR + palette_size(bytes_big(in, g->at + 9, 1)) + 1;      /* the code size of LZW */
	if (!pass_blocks(g))
		return cut(g);
	if (g->control.len)
		cleaning_keep(g->c, g->control.at, g->control.len);
	g->control.len = 0;
	g->has_picture = true;
	cleaning_keep(g->c, start, g->at - start);
	return true;
}

static bool
extension(struct gif *g)
{
	struct bytes in = g->c->in;
	size_t start = g->at;
	unsigned label = bytes_big(in, start + 1, 1);

	g->at += 2;
	if (!pass_blocks(g))
		return cut(g);
	if (label == 0xF9) {
		if (g->at - start != 8)
			return cleaning_fail(g->c, IMAGE_BROKEN, "0xF9", start);
		g->control.at = start;
		g->control.len = 8;
	} else if (label == 0x01) {
		g->control.len = 0;      /* it was about this text */
	} else if (label == 0xFF && g->at - start == 19 && (bytes_at(in, start + 2, "\x0BNETSCAPE2.0\3\1", 14) || bytes_at(in, start + 2, "\x0B" "ANIMEXTS1.0\3\1", 14))) {
		cleaning_keep(g->c, start, 19);
	}
	return true;
}

bool
gif_clean(struct cleaning *c)
{
	struct gif g = { .c = c };

	if (c->in.len < HEADER)
		return cut(&g);
	c->width = bytes_little(c->in, 6, 2);
	c->height = bytes_little(c->in, 8, 2);
	g.at = HEADER + palette_size(c->in.ptr[10]);
	if (g.at > c->in.len)
		return cut(&g);
	if (!c->width || !c->height)
		return cleaning_fail(c, IMAGE_BROKEN, "GIF", 6);
	cleaning_keep(c, 0, g.at);
	while (g.at < c->in.len && c->in.ptr[g.at] != 0x3B) {
		if (c->in.ptr[g.at] != 0x2C && c->in.ptr[g.at] != 0x21)
			return cleaning_fail(c, IMAGE_BROKEN, "0x2C", g.at);
		if (!(c->in.ptr[g.at] == 0x2C ? picture(&g) : extension(&g)))
			return false;
	}
	if (g.at >= c->in.len)
		return cut(&g);
	if (!g.has_picture)
		return cleaning_fail(c, IMAGE_BROKEN, "0x2C", g.at);
	cleaning_keep(c, g.at, 1);
	return true;
}
