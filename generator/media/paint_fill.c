/* Shapes are summed up as signed areas: each edge notes, in the pixels it passes, how much more of the row lies on its right. A running sum
 * along a row then is the winding number, weighted by coverage. */
#include <math.h>
#include <string.h>

#include "media/paint.h"

struct canvas
canvas_new(unsigned width, unsigned height, struct arena *out)
{
	struct canvas c = { .width = width, .height = height, .top = height };

	c.pixels = arena_array(out, uint32_t, (size_t)width * height);
	c.touched = arena_array(out, struct extent, height);
	c.cover = arena_array(out, float, ((size_t)width + 2) * height);
	for (size_t i = 0; i < (size_t)width * height; i++)
		c.pixels[i] = 0xffffff;
	for (unsigned y = 0; y < height; y++)
		c.touched[y].from = width;
	return c;
}

/* What lies in one row: from x to next, `height` of the row, downwards when positive. */
static void
note_row(float *row, struct extent *touched, double x, double next, double height)
{
	double left = x < next ? x : next, right = x < next ? next : x, slope, share, past;
	size_t first = (size_t)left, last = (size_t)ceil(right);

	if (first < touched->from)
		touched->from = (unsigned)first;
	if (last + 1 > touched->to)
		touched->to = (unsigned)last + 1;
	if (last <= first + 1) {
		double middle = 0.5 * (left + right) - (double)first;
		row[first] += (float)(height * (1 - middle));
		row[first + 1] += (float)(height * middle);
		return;
	}
	slope = height / (right - left);
	past = (double)first + 1 - left;
	share = 0.5 * slope * past * past;
	row[first] += (float)share;
	for (size_t i = first + 1; i < last; i++) {
		/* of pixel i, what lies right of the edge: all that the edge is past already, and a part of what it crosses here */
		double rest = (double)i + 1 < right ? 0 : (double)i + 1 - right, whole = slope * ((double)i - left + 0.5 - 0.5 * rest * rest);
		row[i] += (float)(whole - share);
		share = whole;
	}
	row[last] += (float)(height - share);
}

/* Both ends within the canvas's width. */
static void
note_inner(struct canvas *c, struct point a, struct point b)
{
	bool down = a.y < b.y;
	struct point from = down ? a : b, to = down ? b : a;
	double slope = (to.x - from.x) / (to.y - from.y), start = from.y > 0 ? from.y : 0, end = to.y < c->height ? to.y : c->height;
	double x = from.x + (start - from.y) * slope;

	if (start >= end)
		return;
	for (unsigned y = (unsigned)start; y < end; y++) {
		double above = start > y ? start : y, below = end < y + 1.0 ? end : y + 1.0;
		double next = from.x + (below - from.y) * slope, least = from.x < to.x ? from.x : to.x, most = from.x < to.x ? to.x : from.x;
		next = next < least ? least : next > most ? most : next;
		note_row(c->cover + (size_t)y * (c->width + 2), &c->touched[y], x, next, down ? below - above : above - below);
		x = next;
	}
	if ((unsigned)start < c->top)
		c->top = (unsigned)start;
	if ((unsigned)ceil(end) > c->bottom)
		c->bottom = (unsigned)ceil(end);
}

static struct point
at_x(struct point a, struct point b, double x)
{
	return (struct point){ x, a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)) };
}

/* What runs outside, left or right, runs along the border instead. */
static void
note_edge(struct canvas *c, struct point a, struct point b)
{
	double borders[2] = { 0, c->width };

	if (a.y == b.y)
		return;
	for (int i = 0; i < 2; i++)
		if ((a.x < borders[i]) != (b.x < borders[i]) && a.x != borders[i] && b.x != borders[i]) {
			struct point cut = at_x(a, b, borders[i]);
			note_edge(c, a, cut);
			note_edge(c, cut, b);
			return;
		}
	a.x = a.x < 0 ? 0 : a.x > c->width ? c->width : a.x;
	b.x = b.x < 0 ? 0 : b.x > c->width ? c->width : b.x;
	note_inner(c, a, b);
}

static double
covered(double winding, bool even_odd)
{
	double t = fabs(winding);

	if (even_odd) {
		t -= 2 * floor(t / 2);
		return t > 1 ? 2 - t : t;
	}
	return t < 1 ? t : 1;
}

static uint32_t
blend(uint32_t under, uint32_t over, unsigned share)
{
	uint32_t mixed = 0;

	for (unsigned shift = 0; shift < 24; shift += 8)
		mixed |= ((under >> shift & 255) * (255 - share) + (over >> shift & 255) * share + 127) / 255 << shift;
	return mixed;
}

static unsigned
pixel(double at, unsigned most)
{
	return at <= 0 ? 0 : at >= most ? most : (unsigned)(at + 0.5);
}

static void
paint_row(struct canvas *c, const struct clip *clip, unsigned y, uint32_t color, double opacity, bool even_odd)
{
	const float *cover = c->cover + (size_t)y * (c->width + 2);
	uint32_t *to = c->pixels + (size_t)y * c->width;
	unsigned left = pixel(clip->left, c->width), right = pixel(clip->right, c->width), share = 0;
	double winding = 0;

	if (right > c->touched[y].to)
		right = c->touched[y].to;
	for (unsigned x = c->touched[y].from; x < right; x++) {
		/* most pixels lie between two edges, and are as their neighbour is */
		if (cover[x] < 0 || cover[x] > 0) {
			winding += (double)cover[x];
			share = (unsigned)(covered(winding, even_odd) * opacity * 255 + 0.5);
		}
		if (share && x >= left)
			to[x] = share == 255 ? color : blend(to[x], color, share);
	}
}

static void
clear_row(struct canvas *c, unsigned y)
{
	struct extent *e = &c->touched[y];

	if (e->from < e->to)
		memset(c->cover + (size_t)y * (c->width + 2) + e->from, 0, (e->to + 1 - e->from) * sizeof *c->cover);
	*e = (struct extent){ c->width, 0 };
}

void
canvas_fill(struct canvas *c, const struct clip *clip, const struct outlines *list, uint32_t color, double opacity, bool even_odd)
{
	unsigned top = pixel(clip->top, c->height), bottom = pixel(clip->bottom, c->height);

	for (size_t i = 0; i < list->len; i++) {
		const struct outline *o = &list->ptr[i];
		for (size_t k = 0; k < o->points.len; k++)
			note_edge(c, o->points.ptr[k], o->points.ptr[k + 1 < o->points.len ? k + 1 : 0]);
	}
	for (unsigned y = c->top; y < c->bottom; y++) {
		if (y >= top && y < bottom)
			paint_row(c, clip, y, color, opacity, even_odd);
		clear_row(c, y);
	}
	c->top = c->height;
	c->bottom = 0;
}
