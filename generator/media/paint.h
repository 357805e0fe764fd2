/* For media/ only: flat shapes on a canvas, edges smoothed by the share of each pixel that they cover.
 * Only + - * / and square roots are used, so that every machine paints the same bytes. */
#ifndef MEDIA_PAINT_H
#define MEDIA_PAINT_H

#include "base/str.h"
#include "base/vec.h"

struct point { double x, y; };
struct outline { VEC(struct point) points; bool closed; };
struct outlines { struct outline *ptr; size_t len, cap; };

/* User units → pixels: x' = scale * x + dx, likewise y. */
struct placing { double scale, dx, dy; };
#define PAINT_FAR 1e9            /* pixels: what lies beyond is a mistake, and no number to count with */

/* The outlines of SVG path data (SVG 2 §9.3) in pixels, curves as chords; false where it cannot be read, or leads beyond PAINT_FAR. */
bool path_read(str data, struct placing p, struct arena *out, struct outlines *list);
/* What a pen of this width draws along outlines (butt ends, mitred joins), as outlines that all turn the same way. */
struct outlines path_stroke(const struct outlines *list, double width, struct arena *out);

struct canvas {
	unsigned width, height;
	uint32_t *pixels;            /* 0xrrggbb, row by row */
	float *cover;                /* (width + 2) for each row: what each pixel adds to those on its right; all zero between two fills */
	struct extent { unsigned from, to; } *touched;   /* of each row of cover */
	unsigned top, bottom;        /* rows that the shape at hand touches */
};

/* The pixels whose middle lies within are painted. */
struct clip { double left, top, right, bottom; };

/* White at first. */
struct canvas canvas_new(unsigned width, unsigned height, struct arena *out);
void canvas_fill(struct canvas *c, const struct clip *clip, const struct outlines *list, uint32_t color, double opacity, bool even_odd);
str canvas_png(const struct canvas *c, struct arena *out, struct arena *tmp);

#endif
