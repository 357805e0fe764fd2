#include "map/places.h"

#include <math.h>

#define MAX_CELLS 4096

static bool
contains(const struct map_box *frame, double left, double top, double right, double bottom)
{
	return left >= frame->left && top >= frame->top && right <= frame->right && bottom <= frame->bottom;
}

/* --- signs --- */

/* A grid with cells as wide as two signs are apart: who could stand too near is in the nine around. */
struct grid {
	double cell;
	uint32_t columns, rows;
	uint32_t *first;                   /* [columns × rows] the sign put there last, by its number + 1 */
	uint32_t *next;                    /* [sign] the one put before it in the same cell */
};

/* The steps of a sign from its place, as far as somebody has looked: the golden angle fills the disc evenly. */
struct spiral { double turn; struct map_sign *steps; uint32_t n; };

static void
make_grid(struct grid *g, const struct map_crowd *crowd, uint32_t n, struct arena *tmp)
{
	double width = crowd->frame.right - crowd->frame.left, height = crowd->frame.bottom - crowd->frame.top;

	g->cell = fmax(crowd->apart, fmax(width, height) / (sqrt(MAX_CELLS) - 2));
	g->columns = (uint32_t)(width / g->cell) + 1;
	g->rows = (uint32_t)(height / g->cell) + 1;
	g->first = arena_array(tmp, uint32_t, (size_t)g->columns * g->rows);
	g->next = arena_array(tmp, uint32_t, n);
}

static uint32_t
cell_of(double x, double from, const struct grid *g)
{
	return (uint32_t)((x - from) / g->cell);
}

static bool
is_free(const struct grid *g, const struct map_crowd *crowd, const struct map_sign *signs, double x, double y)
{
	uint32_t column, row;

	if (!contains(&crowd->frame, x, y, x, y))
		return false;
	column = cell_of(x, crowd->frame.left, g);
	row = cell_of(y, crowd->frame.top, g);
	for (uint32_t r = row ? row - 1 : 0; r <= row + 1 && r < g->rows; r++)
		for (uint32_t c = column ? column - 1 : 0; c <= column + 1 && c < g->columns; c++)
			for (uint32_t i = g->first[r * g->columns + c]; i; i = g->next[i - 1]) {
				double dx = signs[i - 1].x - x, dy = signs[i - 1].y - y;
				if (dx * dx + dy * dy < crowd->apart * crowd->apart)
					return false;
			}
	return true;
}

static const struct map_sign *
step(struct spiral *s, uint32_t i)
{
	for (; s->n <= i; s->n++) {
		double turn = s->turn * sqrt(s->n), angle = s->n * 2.399963;
		s->steps[s->n] = (struct map_sign){ turn * cos(angle), turn * sin(angle), false };
	}
	return &s->steps[i];
}

static void
stand(struct map_sign *signs, uint32_t i, const struct map_crowd *crowd, struct grid *g, struct spiral *spiral)
{
	for (uint32_t k = 0; k < crowd->tries; k++) {
		const struct map_sign *s = step(spiral, k);
		double x = floor(signs[i].x + s->x + 0.5), y = floor(signs[i].y + s->y + 0.5);
		uint32_t *cell;
		if (!is_free(g, crowd, signs, x, y))
			continue;
		cell = &g->first[cell_of(y, crowd->frame.top, g) * g->columns + cell_of(x, crowd->frame.left, g)];
		g->next[i] = *cell;
		*cell = i + 1;
		signs[i] = (struct map_sign){ x, y, true };
		return;
	}
}

void
map_spread(struct map_sign *signs, uint32_t n, const struct map_crowd *crowd, struct arena *tmp)
{
	struct spiral spiral = { crowd->apart / 3, arena_array(tmp, struct map_sign, crowd->tries), 0 };
	struct grid grid;
	uint32_t standing = 0;

	if (!(crowd->frame.left <= crowd->frame.right && crowd->frame.top <= crowd->frame.bottom))
		return;
	make_grid(&grid, crowd, n, tmp);
	for (uint32_t i = 0; i < n && standing < crowd->most; i++) {
		stand(signs, i, crowd, &grid, &spiral);
		standing += signs[i].stands;
	}
}

/* --- words --- */

/* Boxes by the band of the picture in which their top is; what reaches a place begins no further above it than the highest is high. */
struct bands {
	double top, height, highest;
	uint32_t n, n_boxes;
	uint32_t *first;                   /* [band] the box put there last, by its number + 1 */
	uint32_t *next;                    /* [box] the one put before it in the same band */
	struct map_box *boxes;
};

#define MAX_BANDS 1024

static void
make_bands(struct bands *b, const struct map_words *how, uint32_t n, struct arena *tmp)
{
	double height = how->frame.bottom - how->frame.top;

	b->top = how->frame.top;
	b->height = fmax(2 * how->height, height / (MAX_BANDS - 1));
	b->n = (uint32_t)(height / b->height) + 1;
	b->first = arena_array(tmp, uint32_t, b->n);
	b->next = arena_array(tmp, uint32_t, (size_t)how->n_taken + n);
	b->boxes = arena_array(tmp, struct map_box, (size_t)how->n_taken + n);
}

static uint32_t
band_of(const struct bands *b, double y)
{
	double band = (y - b->top) / b->height;

	return band >= b->n ? b->n - 1 : band > 0 ? (uint32_t)band : 0;
}

static void
take(struct bands *b, struct map_box box)
{
	uint32_t *band = &b->first[band_of(b, box.top)];

	b->highest = fmax(b->highest, box.bottom - box.top);
	b->boxes[b->n_boxes] = box;
	b->next[b->n_boxes] = *band;
	*band = ++b->n_boxes;
}

/* Does a word with this corner lie within the frame, clear of the others? */
static bool
fits(const struct bands *b, const struct map_words *how, double left, double top, double width)
{
	double right = left + width, bottom = top + how->height;
	uint32_t last;

	if (!contains(&how->frame, left, top, right, bottom))
		return false;
	last = band_of(b, bottom);
	for (uint32_t k = band_of(b, top - b->highest); k <= last; k++)
		for (uint32_t i = b->first[k]; i; i = b->next[i - 1]) {
			const struct map_box *o = &b->boxes[i - 1];
			if (left < o->right && o->left < right && top < o->bottom && o->top < bottom)
				return false;
		}
	return true;
}

/* Right, left, above, below; near before far. */
static void
write_word(struct map_word *w, const struct bands *b, const struct map_words *how)
{
	double middle_x = w->x - w->width / 2, middle_y = w->y - how->height / 2;

	for (uint32_t i = 0; i < how->n_steps; i++) {
		double d = how->steps[i];
		const double corners[4][2] = { { w->x + d, middle_y }, { w->x - d - w->width, middle_y }, { middle_x, w->y - d - how->height },
			{ middle_x, w->y + d } };
		for (int k = 0; k < 4; k++)
			if (fits(b, how, corners[k][0], corners[k][1], w->width)) {
				*w = (struct map_word){ corners[k][0], corners[k][1], w->width, true };
				return;
			}
	}
}

void
map_write_words(struct map_word *words, uint32_t n, const struct map_words *how, struct arena *tmp)
{
	struct bands bands = { 0 };

	if (!(how->height > 0 && how->frame.top <= how->frame.bottom))
		return;
	make_bands(&bands, how, n, tmp);
	for (uint32_t i = 0; i < how->n_taken; i++)
		take(&bands, how->taken[i]);
	for (uint32_t i = 0; i < n; i++) {
		write_word(&words[i], &bands, how);
		if (words[i].stands)
			take(&bands, (struct map_box){ words[i].x, words[i].y, words[i].x + words[i].width, words[i].y + how->height });
	}
}
