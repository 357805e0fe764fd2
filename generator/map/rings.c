#include <math.h>

#include "map/inside.h"

/* An arc walked so that a group lies to its left. */
struct pass { uint32_t arc; bool back, used; uint32_t from, next; };   /* `next` + 1 at the same vertex and of the same group */

typedef VEC(uint32_t) ring_vertices;

struct dissolver {
	const struct map_arcs *a;
	const struct map_face *faces;
	struct arena *out, *tmp;
	VEC(struct pass) passes;
	uint32_t *at;                      /* of vertices: first pass of the group at hand + 1 */
	VEC(struct map_line) outers, holes;
};

double
map_area(const struct map_arcs *a, const uint32_t *vertices, uint32_t n)
{
	double sum = 0;

	for (uint32_t i = 0; i + 1 < n; i++) {
		struct place p = a->places[vertices[i]], q = a->places[vertices[i + 1]], o = a->places[vertices[0]];
		sum += (p.x - o.x) * (q.y - o.y) - (p.y - o.y) * (q.x - o.x);
	}
	return sum;
}

static uint32_t
group_of(const struct dissolver *d, uint32_t face)
{
	return face == MAP_NOBODY ? MAP_NOBODY : d->faces[face].group;
}

static uint32_t
pass_start(const struct dissolver *d, const struct pass *p)
{
	const struct map_arc *arc = &d->a->arcs.ptr[p->arc];
	return p->back ? arc->vertices[arc->n - 1] : arc->vertices[0];
}

static uint32_t
pass_end(const struct dissolver *d, const struct pass *p)
{
	const struct map_arc *arc = &d->a->arcs.ptr[p->arc];
	return p->back ? arc->vertices[0] : arc->vertices[arc->n - 1];
}

/* Where the pass leads at its start, as an angle; where one coming from its end would look. */
static double
leaving(const struct dissolver *d, const struct pass *p)
{
	const struct map_arc *arc = &d->a->arcs.ptr[p->arc];
	struct place from = d->a->places[arc->vertices[p->back ? arc->n - 1 : 0]], to = d->a->places[arc->vertices[p->back ? arc->n - 2 : 1]];
	return atan2(to.y - from.y, to.x - from.x);
}

static double
looking_back(const struct dissolver *d, const struct pass *p)
{
	struct pass reverse = *p;

	reverse.back = !p->back;
	return leaving(d, &reverse);
}

/* Where several parts of a group meet in one point, the next border clockwise closes the part at hand. */
static struct pass *
next_pass(struct dissolver *d, const struct pass *p)
{
	double back = looking_back(d, p), best = INFINITY;
	struct pass *found = NULL;

	for (uint32_t i = d->at[pass_end(d, p)]; i; i = d->passes.ptr[i - 1].next) {
		struct pass *q = &d->passes.ptr[i - 1];
		double turn = back - leaving(d, q);
		if (q->used)
			continue;
		while (turn <= 0)
			turn += 6.283185307179586;
		if (turn < best) {
			best = turn;
			found = q;
		}
	}
	return found;
}

static void
append(struct dissolver *d, ring_vertices *ring, const struct pass *p)
{
	const struct map_arc *arc = &d->a->arcs.ptr[p->arc];

	for (uint32_t i = ring->len ? 1 : 0; i < arc->n; i++)
		*vec_push(d->tmp, ring) = arc->vertices[p->back ? arc->n - 1 - i : i];
}

static struct map_line
line_of(struct dissolver *d, const uint32_t *vertices, uint32_t n)
{
	struct map_point *points = arena_array(d->out, struct map_point, n);

	for (uint32_t i = 0; i < n; i++)
		points[i] = d->a->points[vertices[i]];
	return (struct map_line){ points, n };
}

static void
trace(struct dissolver *d, struct pass *p)
{
	ring_vertices ring = { 0 };
	uint32_t start = pass_start(d, p);

	while (p) {
		p->used = true;
		append(d, &ring, p);
		p = pass_end(d, p) == start ? NULL : next_pass(d, p);
	}
	if (ring.len < 4 || ring.ptr[ring.len - 1] != start)
		return;
	if (map_area(d->a, ring.ptr, (uint32_t)ring.len) > 0)
		*vec_push(d->tmp, &d->outers) = line_of(d, ring.ptr, (uint32_t)ring.len);
	else
		*vec_push(d->tmp, &d->holes) = line_of(d, ring.ptr, (uint32_t)ring.len);
}

/* --- holes to their outer rings --- */

static bool
surrounds(const struct map_line *ring, double x, double y)
{
	bool inside = false;

	for (uint32_t i = 0; i + 1 < ring->n; i++) {
		double ax = ring->points[i].lon, ay = ring->points[i].lat, bx = ring->points[i + 1].lon, by = ring->points[i + 1].lat;
		if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
			inside = !inside;
	}
	return inside;
}

/* A ring cannot touch its hole along an edge: the middle of one tells. */
static bool
holds(const struct map_line *outer, const struct map_line *hole)
{
	const struct map_point *p = hole->points;
	return surrounds(outer, ((double)p[0].lon + p[1].lon) / 2, ((double)p[0].lat + p[1].lat) / 2);
}

static double
extent(const struct map_line *ring)
{
	double sum = 0;

	for (uint32_t i = 0; i + 1 < ring->n; i++)
		sum += (double)ring->points[i].lon * ring->points[i + 1].lat - (double)ring->points[i].lat * ring->points[i + 1].lon;
	return fabs(sum);
}

/* The smallest that surrounds it; outers.len when none does. */
static size_t
outer_of(const struct dissolver *d, const struct map_line *hole)
{
	size_t found = d->outers.len;

	for (size_t i = 0; i < d->outers.len; i++)
		if (holds(&d->outers.ptr[i], hole) && (found == d->outers.len || extent(&d->outers.ptr[i]) < extent(&d->outers.ptr[found])))
			found = i;
	return found;
}

static struct map_group
gather(struct dissolver *d)
{
	struct map_polygon *polygons = arena_array(d->out, struct map_polygon, d->outers.len);
	size_t *outer = arena_array(d->tmp, size_t, d->holes.len);

	for (size_t i = 0; i < d->holes.len; i++)
		outer[i] = outer_of(d, &d->holes.ptr[i]);
	for (size_t i = 0; i < d->outers.len; i++) {
		VEC(struct map_line) rings = { 0 };
		*vec_push(d->out, &rings) = d->outers.ptr[i];
		for (size_t k = 0; k < d->holes.len; k++)
			if (outer[k] == i)
				*vec_push(d->out, &rings) = d->holes.ptr[k];
		polygons[i] = (struct map_polygon){ rings.ptr, (uint32_t)rings.len };
	}
	return (struct map_group){ polygons, (uint32_t)d->outers.len };
}

/* --- groups --- */

static void
add_pass(struct dissolver *d, uint32_t arc, bool back)
{
	struct pass *p = vec_push(d->tmp, &d->passes);

	*p = (struct pass){ .arc = arc, .back = back };
	p->from = pass_start(d, p);
	p->next = d->at[p->from];
	d->at[p->from] = (uint32_t)d->passes.len;
}

static struct map_group
dissolve_group(struct dissolver *d, const uint32_t *arcs, uint32_t n, uint32_t group)
{
	d->passes.len = d->outers.len = d->holes.len = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct map_arc *arc = &d->a->arcs.ptr[arcs[i]];
		add_pass(d, arcs[i], group_of(d, arc->left) != group);
	}
	for (size_t i = 0; i < d->passes.len; i++)
		if (!d->passes.ptr[i].used)
			trace(d, &d->passes.ptr[i]);
	for (size_t i = 0; i < d->passes.len; i++)
		d->at[d->passes.ptr[i].from] = 0;
	return gather(d);
}

/* Arcs that bound group g: list[first[g] … first[g + 1]). */
static uint32_t *
sort_by_group(struct dissolver *d, uint32_t n_groups, uint32_t *first)
{
	uint32_t *fill = arena_array(d->tmp, uint32_t, n_groups), *list;

	for (int round = 0; ; round++) {
		for (uint32_t i = 0; i < d->a->arcs.len; i++) {
			const struct map_arc *arc = &d->a->arcs.ptr[i];
			uint32_t side[2] = { group_of(d, arc->left), group_of(d, arc->right) };
			for (int k = 0; k < 2 && side[0] != side[1] && !arc->dropped; k++)
				if (side[k] != MAP_NOBODY && round)
					list[first[side[k]] + fill[side[k]]++] = i;
				else if (side[k] != MAP_NOBODY)
					first[side[k] + 1]++;
		}
		if (round)
			return list;
		for (uint32_t g = 0; g < n_groups; g++)
			first[g + 1] += first[g];
		list = arena_array(d->tmp, uint32_t, first[n_groups] + 1);
	}
}

void
map_dissolve(const struct map_arcs *a, const struct map_face *faces, uint32_t n_groups, struct arena *out, struct arena *tmp,
    struct map_contours *result)
{
	struct dissolver d = { .a = a, .faces = faces, .out = out, .tmp = tmp, .at = arena_array(tmp, uint32_t, a->n_vertices) };
	uint32_t *first = arena_array(tmp, uint32_t, n_groups + 1), *list = sort_by_group(&d, n_groups, first);
	struct map_group *groups = arena_array(out, struct map_group, n_groups);
	VEC(struct map_line) inner = { 0 };

	for (uint32_t g = 0; g < n_groups; g++)
		groups[g] = dissolve_group(&d, list + first[g], first[g + 1] - first[g], g);
	for (size_t i = 0; i < a->arcs.len; i++) {
		const struct map_arc *arc = &a->arcs.ptr[i];
		if (!arc->dropped && group_of(&d, arc->left) == group_of(&d, arc->right))
			*vec_push(out, &inner) = line_of(&d, arc->vertices, arc->n);
	}
	result->groups = groups;
	result->inner = inner.ptr;
	result->n_inner = (uint32_t)inner.len;
}
