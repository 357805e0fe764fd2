#include <math.h>

#include "map/inside.h"

/* A side of a border: from one vertex to another with its face to the left. */
struct side { uint32_t from, to, face; };

/* A piece of border between two vertices; a neighbour of both. */
struct edge { uint32_t from, to, left, right; bool used; };

struct finder {
	struct map_arcs *a;
	struct arena *tmp;
	uint32_t *slots, n_slots;          /* of points, vertex + 1 */
	VEC(struct side) sides;
	uint32_t *side_slots, n_side_slots;
	VEC(struct edge) edges;
	uint32_t *first, *edges_at;        /* edges of vertex v: edges_at[first[v] … first[v + 1]) */
};

static uint32_t
scramble(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32 ^ h >> 7);
}

/* A power of two at least twice n. */
static uint32_t
slots_for(uint32_t n)
{
	uint32_t slots = 16;

	while (slots < 2 * n)
		slots *= 2;
	return slots;
}

static uint32_t
vertex_of(struct finder *f, struct map_point p)
{
	uint32_t at = scramble((uint32_t)p.lon, (uint32_t)p.lat) & (f->n_slots - 1);

	for (; f->slots[at]; at = (at + 1) & (f->n_slots - 1)) {
		struct map_point q = f->a->points[f->slots[at] - 1];
		if (q.lon == p.lon && q.lat == p.lat)
			return f->slots[at] - 1;
	}
	f->a->points[f->a->n_vertices] = p;
	f->slots[at] = ++f->a->n_vertices;
	return f->a->n_vertices - 1;
}

/* The slot of a side, free (0) when nobody has it. */
static uint32_t *
side_slot(struct finder *f, uint32_t from, uint32_t to)
{
	uint32_t at = scramble(from, to) & (f->n_side_slots - 1);

	for (; f->side_slots[at]; at = (at + 1) & (f->n_side_slots - 1)) {
		const struct side *s = &f->sides.ptr[f->side_slots[at] - 1];
		if (s->from == from && s->to == to)
			break;
	}
	return &f->side_slots[at];
}

/* Of two faces that claim one side the first has it. */
static void
claim(struct finder *f, uint32_t from, uint32_t to, uint32_t face)
{
	uint32_t *slot = side_slot(f, from, to);

	if (*slot)
		return;
	*vec_push(f->tmp, &f->sides) = (struct side){ from, to, face };
	*slot = (uint32_t)f->sides.len;
}

static double
mercator_lat(double lat)
{
	static const double radians = 0.017453292519943295;
	/* The square of Web Mercator ends at 85.06 degrees. */
	double phi = fmax(-85.06, fmin(85.06, lat)) * radians;
	return log(tan(0.78539816339744831 + phi / 2)) / radians;
}

/* A point that repeats adds nothing, nor does a line that goes out and back. */
static uint32_t
extend(uint32_t *vertices, uint32_t n, uint32_t v)
{
	if (n > 0 && vertices[n - 1] == v)
		return n;
	if (n > 1 && vertices[n - 2] == v)
		return n - 1;
	vertices[n] = v;
	return n + 1;
}

static void
add_ring(struct finder *f, const struct map_ring *ring, uint32_t face, uint32_t *vertices)
{
	uint32_t n = 0;
	bool turned;

	for (uint32_t i = 0; i < ring->n; i++) {
		uint32_t v = vertex_of(f, ring->points[i]);
		f->a->places[v] = (struct place){ ring->points[i].lon * 1e-7, mercator_lat(ring->points[i].lat * 1e-7) };
		n = extend(vertices, n, v);
	}
	while (n > 1 && (vertices[n - 1] == vertices[0] || vertices[n - 2] == vertices[0]))
		n--;
	if (n < 3)
		return;
	vertices[n] = vertices[0];
	turned = (map_area(f->a, vertices, n + 1) > 0) == ring->hole;
	for (uint32_t i = 0; i < n; i++)
		claim(f, vertices[turned ? i + 1 : i], vertices[turned ? i : i + 1], face);
}

/* Sides that meet become edges; a face on both sides of one is no border. */
static void
join_sides(struct finder *f)
{
	for (size_t i = 0; i < f->sides.len; i++) {
		struct side s = f->sides.ptr[i];
		uint32_t other = *side_slot(f, s.to, s.from);
		uint32_t right = other ? f->sides.ptr[other - 1].face : MAP_NOBODY;
		if ((other && other - 1 < i) || right == s.face)
			continue;
		*vec_push(f->tmp, &f->edges) = (struct edge){ s.from, s.to, s.face, right, false };
	}
}

static void
index_edges(struct finder *f)
{
	uint32_t n = f->a->n_vertices, *fill = arena_array(f->tmp, uint32_t, n + 1);

	f->first = arena_array(f->tmp, uint32_t, n + 1);
	f->edges_at = arena_array(f->tmp, uint32_t, 2 * f->edges.len + 1);
	for (size_t i = 0; i < f->edges.len; i++) {
		f->first[f->edges.ptr[i].from + 1]++;
		f->first[f->edges.ptr[i].to + 1]++;
	}
	for (uint32_t v = 0; v < n; v++)
		f->first[v + 1] += f->first[v];
	for (uint32_t i = 0; i < (uint32_t)f->edges.len; i++) {
		uint32_t from = f->edges.ptr[i].from, to = f->edges.ptr[i].to;
		f->edges_at[f->first[from] + fill[from]++] = i;
		f->edges_at[f->first[to] + fill[to]++] = i;
	}
}

/* The faces to the left and right of who walks this edge away from v. */
static void
sides_from(const struct edge *e, uint32_t v, uint32_t *left, uint32_t *right)
{
	*left = e->from == v ? e->left : e->right;
	*right = e->from == v ? e->right : e->left;
}

/* Does a border end here: do other than two edges meet, or two that part other faces? */
static bool
is_junction(const struct finder *f, uint32_t v)
{
	uint32_t left, right, back_left, back_right;

	if (f->first[v + 1] - f->first[v] != 2)
		return true;
	sides_from(&f->edges.ptr[f->edges_at[f->first[v]]], v, &left, &right);
	sides_from(&f->edges.ptr[f->edges_at[f->first[v] + 1]], v, &back_left, &back_right);
	return left != back_right || right != back_left;
}

static struct edge *
next_edge(const struct finder *f, uint32_t v)
{
	for (uint32_t i = f->first[v]; i < f->first[v + 1]; i++)
		if (!f->edges.ptr[f->edges_at[i]].used)
			return &f->edges.ptr[f->edges_at[i]];
	return NULL;
}

/* Walks from v along e to the next junction, or around to v. */
static void
walk(struct finder *f, uint32_t v, struct edge *e)
{
	struct map_arc *arc = vec_push(f->tmp, &f->a->arcs);
	VEC(uint32_t) vertices = { 0 };

	sides_from(e, v, &arc->left, &arc->right);
	*vec_push(f->tmp, &vertices) = v;
	while (e) {
		e->used = true;
		v = e->from == v ? e->to : e->from;
		*vec_push(f->tmp, &vertices) = v;
		e = v == vertices.ptr[0] || is_junction(f, v) ? NULL : next_edge(f, v);
	}
	arc->vertices = vertices.ptr;
	arc->n = (uint32_t)vertices.len;
}

static void
walk_all(struct finder *f)
{
	struct edge *e;

	for (uint32_t v = 0; v < f->a->n_vertices; v++)
		if (is_junction(f, v))
			while ((e = next_edge(f, v)))
				walk(f, v, e);
	for (size_t i = 0; i < f->edges.len; i++)
		if (!f->edges.ptr[i].used)
			walk(f, f->edges.ptr[i].from, &f->edges.ptr[i]);
}

static void
frame(struct map_arcs *a)
{
	a->least = a->most = a->n_vertices ? a->points[0] : (struct map_point){ 0, 0 };
	for (uint32_t v = 1; v < a->n_vertices; v++) {
		struct map_point p = a->points[v];
		a->least.lon = p.lon < a->least.lon ? p.lon : a->least.lon;
		a->least.lat = p.lat < a->least.lat ? p.lat : a->least.lat;
		a->most.lon = p.lon > a->most.lon ? p.lon : a->most.lon;
		a->most.lat = p.lat > a->most.lat ? p.lat : a->most.lat;
	}
}

void
map_find_arcs(const struct map_face *faces, uint32_t n_faces, struct arena *tmp, struct map_arcs *a)
{
	struct finder f = { .a = a, .tmp = tmp };
	uint32_t n = 0, longest = 0, *vertices;

	for (uint32_t i = 0; i < n_faces; i++)
		for (uint32_t k = 0; k < faces[i].n_rings; k++) {
			n += faces[i].rings[k].n;
			longest = faces[i].rings[k].n > longest ? faces[i].rings[k].n : longest;
		}
	*a = (struct map_arcs){ .points = arena_array(tmp, struct map_point, n), .places = arena_array(tmp, struct place, n) };
	vertices = arena_array(tmp, uint32_t, longest + 1);
	f.n_slots = f.n_side_slots = slots_for(n);
	f.slots = arena_array(tmp, uint32_t, f.n_slots);
	f.side_slots = arena_array(tmp, uint32_t, f.n_side_slots);
	for (uint32_t i = 0; i < n_faces; i++)
		for (uint32_t k = 0; k < faces[i].n_rings; k++)
			add_ring(&f, &faces[i].rings[k], i, vertices);
	join_sides(&f);
	index_edges(&f);
	walk_all(&f);
	frame(a);
}
