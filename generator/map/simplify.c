#include <math.h>

#include "map/inside.h"

/* A vertex inside an arc, and what its going would take away. */
struct corner {
	uint32_t vertex, arc;
	uint32_t before, after;            /* corners or ends beside it: indexes of `corners` */
	double area;
	bool fixed, gone;
};

struct simplifier {
	struct map_arcs *a;
	struct arena *tmp;
	struct corner *corners; uint32_t n_corners;
	uint32_t *left, *least;            /* of arcs: inner vertices there are, and there must be */
	uint32_t *heap, *at, n_heap;       /* corners by area; at[corner] = its place + 1 */
	uint32_t *cells, *in_cell;         /* vertices of square c: in_cell[cells[c] … cells[c + 1]) */
	uint32_t columns, rows;
	double x, y, size;
	uint32_t *uses;                    /* of vertices: by how many corners and ends */
};

/* --- the triangle of a corner --- */

static double
cross(struct place a, struct place b, struct place c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static double
corner_area(const struct simplifier *s, const struct corner *c)
{
	const struct place *p = s->a->places;
	return fabs(cross(p[s->corners[c->before].vertex], p[c->vertex], p[s->corners[c->after].vertex])) / 2;
}

static bool
inside(struct place p, struct place a, struct place b, struct place c)
{
	double ab = cross(a, b, p), bc = cross(b, c, p), ca = cross(c, a, p);
	return (ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0);
}

static uint32_t
cell_index(double v, double from, double size, uint32_t n)
{
	double i = floor((v - from) / size);
	return i < 0 ? 0 : i >= n ? n - 1 : (uint32_t)i;
}

/* Does another vertex that still stands lie in the triangle? Then a line passes there. */
static bool
triangle_taken(const struct simplifier *s, uint32_t u, uint32_t v, uint32_t w)
{
	const struct place *p = s->a->places;
	double low_x = fmin(p[u].x, fmin(p[v].x, p[w].x)), high_x = fmax(p[u].x, fmax(p[v].x, p[w].x));
	double low_y = fmin(p[u].y, fmin(p[v].y, p[w].y)), high_y = fmax(p[u].y, fmax(p[v].y, p[w].y));
	uint32_t left = cell_index(low_x, s->x, s->size, s->columns), right = cell_index(high_x, s->x, s->size, s->columns);
	uint32_t bottom = cell_index(low_y, s->y, s->size, s->rows), top = cell_index(high_y, s->y, s->size, s->rows);

	for (uint32_t row = bottom; row <= top; row++)
		for (uint32_t i = s->cells[row * s->columns + left]; i < s->cells[row * s->columns + right + 1]; i++) {
			uint32_t q = s->in_cell[i];
			if (s->uses[q] && q != u && q != v && q != w && p[q].x >= low_x && p[q].x <= high_x && p[q].y >= low_y && p[q].y <= high_y
			    && inside(p[q], p[u], p[v], p[w]))
				return true;
		}
	return false;
}

/* --- the heap --- */

static bool
goes_first(const struct simplifier *s, uint32_t a, uint32_t b)
{
	double x = s->corners[a].area, y = s->corners[b].area;
	return x < y || (x == y && a < b);
}

static void
heap_set(struct simplifier *s, uint32_t place, uint32_t corner)
{
	s->heap[place] = corner;
	s->at[corner] = place + 1;
}

static void
heap_up(struct simplifier *s, uint32_t place)
{
	uint32_t corner = s->heap[place];

	while (place && goes_first(s, corner, s->heap[(place - 1) / 2])) {
		heap_set(s, place, s->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	heap_set(s, place, corner);
}

static void
heap_down(struct simplifier *s, uint32_t place)
{
	uint32_t corner = s->heap[place];

	for (uint32_t child; (child = 2 * place + 1) < s->n_heap; place = child) {
		if (child + 1 < s->n_heap && goes_first(s, s->heap[child + 1], s->heap[child]))
			child++;
		if (!goes_first(s, s->heap[child], corner))
			break;
		heap_set(s, place, s->heap[child]);
	}
	heap_set(s, place, corner);
}

static uint32_t
heap_pop(struct simplifier *s)
{
	uint32_t first = s->heap[0];

	s->at[first] = 0;
	if (--s->n_heap) {
		heap_set(s, 0, s->heap[s->n_heap]);
		heap_down(s, 0);
	}
	return first;
}

/* --- going --- */

/* Never less than what went before it: of one bend, what is left at the end tells most. */
static void
measure_again(struct simplifier *s, uint32_t i, double least)
{
	struct corner *c = &s->corners[i];

	if (c->fixed || !s->at[i])
		return;
	c->area = fmax(least, corner_area(s, c));
	heap_up(s, s->at[i] - 1);
	heap_down(s, s->at[i] - 1);
}

static void
take_out(struct simplifier *s, struct corner *c)
{
	c->gone = true;
	s->uses[c->vertex]--;
	s->left[c->arc]--;
	s->corners[c->before].after = c->after;
	s->corners[c->after].before = c->before;
	measure_again(s, c->before, c->area);
	measure_again(s, c->after, c->area);
}

static void
take_all(struct simplifier *s, double area)
{
	while (s->n_heap && s->corners[s->heap[0]].area < area) {
		struct corner *c = &s->corners[heap_pop(s)];
		if (s->left[c->arc] > s->least[c->arc] && !triangle_taken(s, s->corners[c->before].vertex, c->vertex, s->corners[c->after].vertex))
			take_out(s, c);
	}
}

/* --- preparing --- */

static void
add_arc(struct simplifier *s, uint32_t number)
{
	const struct map_arc *arc = &s->a->arcs.ptr[number];

	for (uint32_t i = 0; i < arc->n; i++) {
		uint32_t here = s->n_corners++;
		s->corners[here] = (struct corner){ arc->vertices[i], number, here - 1, here + 1, 0, arc->dropped || i == 0 || i + 1 == arc->n, false };
		s->uses[arc->vertices[i]] += !arc->dropped;
	}
	s->left[number] = arc->n - 2;
	s->least[number] = arc->vertices[0] == arc->vertices[arc->n - 1] ? 2 : 0;
}

static uint32_t low(const struct map_arc *a) { uint32_t u = a->vertices[0], v = a->vertices[a->n - 1]; return u < v ? u : v; }
static uint32_t high(const struct map_arc *a) { uint32_t u = a->vertices[0], v = a->vertices[a->n - 1]; return u < v ? v : u; }

static int
by_ends(const void *a, const void *b, void *context)
{
	const struct map_arc *arcs = context, *x = &arcs[*(const uint32_t *)a], *y = &arcs[*(const uint32_t *)b];

	if (low(x) != low(y))
		return low(x) < low(y) ? -1 : 1;
	return high(x) < high(y) ? -1 : high(x) > high(y);
}

/* Arcs between the same two junctions enclose something: each keeps a vertex of its own. */
static void
keep_lenses(struct simplifier *s)
{
	uint32_t n = (uint32_t)s->a->arcs.len, *order = arena_array(s->tmp, uint32_t, n);

	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	vec_sort(order, n, sizeof *order, by_ends, s->a->arcs.ptr);
	for (uint32_t i = 1; i < n; i++)
		if (by_ends(&order[i - 1], &order[i], s->a->arcs.ptr) == 0)
			for (uint32_t k = i - 1; k <= i; k++)
				if (s->least[order[k]] == 0)
					s->least[order[k]] = 1;
}

/* Vertices by squares, about one in each. */
static void
spread(struct simplifier *s)
{
	const struct place *p = s->a->places;
	uint32_t n = s->a->n_vertices, *cell_of = arena_array(s->tmp, uint32_t, n), *fill;
	double high_x = -INFINITY, high_y = -INFINITY;

	s->x = s->y = INFINITY;
	for (uint32_t v = 0; v < n; v++) {
		s->x = fmin(s->x, p[v].x), s->y = fmin(s->y, p[v].y);
		high_x = fmax(high_x, p[v].x), high_y = fmax(high_y, p[v].y);
	}
	s->size = fmax(fmax(high_x - s->x, high_y - s->y) / ceil(sqrt(n)), 1e-9);
	s->columns = 1 + (uint32_t)((high_x - s->x) / s->size);
	s->rows = 1 + (uint32_t)((high_y - s->y) / s->size);
	s->cells = arena_array(s->tmp, uint32_t, (size_t)s->columns * s->rows + 1);
	s->in_cell = arena_array(s->tmp, uint32_t, n);
	fill = arena_array(s->tmp, uint32_t, (size_t)s->columns * s->rows);
	for (uint32_t v = 0; v < n; v++) {
		cell_of[v] = cell_index(p[v].y, s->y, s->size, s->rows) * s->columns + cell_index(p[v].x, s->x, s->size, s->columns);
		s->cells[cell_of[v] + 1]++;
	}
	for (uint32_t c = 0; c < s->columns * s->rows; c++)
		s->cells[c + 1] += s->cells[c];
	for (uint32_t v = 0; v < n; v++)
		s->in_cell[s->cells[cell_of[v]] + fill[cell_of[v]]++] = v;
}

static void
fill_heap(struct simplifier *s)
{
	s->heap = arena_array(s->tmp, uint32_t, s->n_corners);
	s->at = arena_array(s->tmp, uint32_t, s->n_corners);
	for (uint32_t i = 0; i < s->n_corners; i++) {
		if (s->corners[i].fixed)
			continue;
		s->corners[i].area = corner_area(s, &s->corners[i]);
		heap_set(s, s->n_heap++, i);
		heap_up(s, s->n_heap - 1);
	}
}

/* --- islands --- */

/* The arcs that a face has, to leave it one. */
static uint32_t *
count_arcs(const struct map_arcs *a, uint32_t n_faces, struct arena *tmp)
{
	uint32_t *of = arena_array(tmp, uint32_t, n_faces);

	for (size_t i = 0; i < a->arcs.len; i++) {
		const struct map_arc *arc = &a->arcs.ptr[i];
		if (arc->left != MAP_NOBODY)
			of[arc->left]++;
		if (arc->right != MAP_NOBODY)
			of[arc->right]++;
	}
	return of;
}

/* Islands and ponds too small to be seen go whole; nobody shares their shore. */
static void
drop_islands(struct map_arcs *a, uint32_t n_faces, double area, struct arena *tmp)
{
	uint32_t *of = count_arcs(a, n_faces, tmp);

	for (size_t i = 0; i < a->arcs.len; i++) {
		struct map_arc *arc = &a->arcs.ptr[i];
		uint32_t face = arc->left == MAP_NOBODY ? arc->right : arc->left;
		if ((arc->left != MAP_NOBODY && arc->right != MAP_NOBODY) || arc->vertices[0] != arc->vertices[arc->n - 1] || of[face] < 2
		    || fabs(map_area(a, arc->vertices, arc->n)) / 2 >= area)
			continue;
		arc->dropped = true;
		of[face]--;
	}
}

static void
write_back(struct simplifier *s)
{
	for (uint32_t i = 0, k = 0; i < s->a->arcs.len; i++) {
		struct map_arc *arc = &s->a->arcs.ptr[i];
		uint32_t n = arc->n;
		arc->n = 0;
		for (uint32_t end = k + n; k < end; k++)
			if (!s->corners[k].gone)
				arc->vertices[arc->n++] = s->corners[k].vertex;
	}
}

void
map_simplify(struct map_arcs *a, uint32_t n_faces, double area, struct arena *tmp)
{
	struct simplifier s = { .a = a, .tmp = tmp };
	uint32_t n_arcs = (uint32_t)a->arcs.len, n = 0;

	drop_islands(a, n_faces, area, tmp);
	for (uint32_t i = 0; i < n_arcs; i++)
		n += a->arcs.ptr[i].n;
	s.corners = arena_array(tmp, struct corner, n);
	s.left = arena_array(tmp, uint32_t, n_arcs);
	s.least = arena_array(tmp, uint32_t, n_arcs);
	s.uses = arena_array(tmp, uint32_t, a->n_vertices);
	for (uint32_t i = 0; i < n_arcs; i++)
		add_arc(&s, i);
	keep_lenses(&s);
	spread(&s);
	fill_heap(&s);
	take_all(&s, area);
	write_back(&s);
}
