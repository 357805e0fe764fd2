/* map/: whatever is left of a border after simplification, both sides have it; nothing gaps, overlaps, crosses or stays open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/vec.h"
#include "map/contours.h"

#define SIDE 6                     /* faces in a row of the country below */
#define BEND 12                    /* points of a border between two corners */
#define STEP 200000                /* 0.02 degree between corners */

typedef VEC(struct map_point) point_list;
typedef VEC(struct map_ring) ring_list;
typedef VEC(struct map_face) face_list;

struct segment { struct map_point from, to; };
typedef VEC(struct segment) segment_list;

static uint32_t
random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* --- a country: SIDE × SIDE towns with crooked borders, an enclave in one, an island of another, two that share a lake's shore --- */

static struct map_point
corner(uint32_t seed, uint32_t x, uint32_t y)
{
	uint32_t s = seed * 7919 + x * 104729 + y * 1299709 + 1;

	random_next(&s);
	return (struct map_point){ 30000000 + (int32_t)(x * STEP + random_next(&s) % (STEP / 3)),
		450000000 + (int32_t)(y * STEP + random_next(&s) % (STEP / 3)) };
}

/* The border from corner to corner, the same points from either end; crooked across its own line, not so far as to meet another. */
static void
border(struct arena *a, point_list *ring, uint32_t seed, uint32_t x0, uint32_t y0, uint32_t x1, uint32_t y1)
{
	bool back = x1 < x0 || y1 < y0;
	uint32_t ax = back ? x1 : x0, ay = back ? y1 : y0, bx = back ? x0 : x1, by = back ? y0 : y1;
	struct map_point from = corner(seed, ax, ay), to = corner(seed, bx, by);

	for (uint32_t k = 0; k < BEND; k++) {
		uint32_t i = back ? BEND - k : k, s = seed + ax * 31 + ay * 1009 + (bx - ax) * 77 + i * 65537 + 1;
		int32_t far = (int32_t)(i < BEND - i ? i : BEND - i), off = ((int32_t)(random_next(&s) % (STEP / 10)) - STEP / 20) * far / (BEND / 2);
		struct map_point p = { from.lon + (int32_t)((int64_t)(to.lon - from.lon) * i / BEND) + (by > ay ? off : 0),
			from.lat + (int32_t)((int64_t)(to.lat - from.lat) * i / BEND) + (by > ay ? 0 : off) };
		*vec_push(a, ring) = p;
	}
}

static struct map_ring
ring_of(const point_list *points, bool hole)
{
	return (struct map_ring){ points->ptr, (uint32_t)points->len, hole };
}

static struct map_ring
round_ring(struct arena *a, struct map_point middle, int32_t size, bool hole)
{
	static const int8_t around[16][2] = { { 16, 0 }, { 15, 6 }, { 11, 11 }, { 6, 15 }, { 0, 16 }, { -6, 15 }, { -11, 11 }, { -15, 6 }, { -16, 0 },
		{ -15, -6 }, { -11, -11 }, { -6, -15 }, { 0, -16 }, { 6, -15 }, { 11, -11 }, { 15, -6 } };
	point_list points = { 0 };

	for (int i = 0; i < 16; i++)
		*vec_push(a, &points) = (struct map_point){ middle.lon + around[i][0] * size / 16, middle.lat + around[i][1] * size / 16 };
	*vec_push(a, &points) = points.ptr[0];
	return ring_of(&points, hole);
}

static face_list
country(struct arena *a, uint32_t seed)
{
	face_list faces = { 0 };
	struct map_point middle = { 30000000 + 5 * STEP / 3, 450000000 + 5 * STEP / 3 }, far = { 30000000 - 3 * STEP, 450000000 };
	struct map_ring enclave, *alone;

	enclave = round_ring(a, middle, STEP / 8, false);
	for (uint32_t y = 0; y < SIDE; y++)
		for (uint32_t x = 0; x < SIDE; x++) {
			point_list outer = { 0 };
			ring_list rings = { 0 };
			border(a, &outer, seed, x, y, x + 1, y);
			border(a, &outer, seed, x + 1, y, x + 1, y + 1);
			border(a, &outer, seed, x + 1, y + 1, x, y + 1);
			border(a, &outer, seed, x, y + 1, x, y);
			*vec_push(a, &rings) = ring_of(&outer, false);
			if (x == 1 && y == 1)
				*vec_push(a, &rings) = (struct map_ring){ enclave.points, enclave.n, true };
			if (x == 0 && y == 0)
				*vec_push(a, &rings) = round_ring(a, far, STEP / 2, false);
			*vec_push(a, &faces) = (struct map_face){ rings.ptr, (uint32_t)rings.len, y * SIDE + x };
		}
	alone = arena_new(a, struct map_ring);
	*alone = enclave;
	*vec_push(a, &faces) = (struct map_face){ alone, 1, SIDE * SIDE };
	return faces;
}

/* --- what must hold --- */

static bool
same(struct map_point p, struct map_point q)
{
	return p.lon == q.lon && p.lat == q.lat;
}

/* Twice the area inside, exact: these coordinates' products fit. */
static int64_t
area_of(const struct map_line *ring)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i + 1 < ring->n; i++) {
		struct map_point o = ring->points[0], p = ring->points[i], q = ring->points[i + 1];
		sum += (int64_t)(p.lon - o.lon) * (q.lat - o.lat) - (int64_t)(p.lat - o.lat) * (q.lon - o.lon);
	}
	return sum;
}

static int64_t
area_of_all(const struct map_contours *c, uint32_t n_groups)
{
	int64_t sum = 0;

	for (uint32_t g = 0; g < n_groups; g++)
		for (uint32_t i = 0; i < c->groups[g].n_polygons; i++)
			for (uint32_t k = 0; k < c->groups[g].polygons[i].n_rings; k++)
				sum += area_of(&c->groups[g].polygons[i].rings[k]);
	return sum;
}

static int
by_points(const void *a, const void *b, void *context)
{
	const struct segment *s = a, *t = b;
	int32_t d[4][2] = { { s->from.lon, t->from.lon }, { s->from.lat, t->from.lat }, { s->to.lon, t->to.lon }, { s->to.lat, t->to.lat } };

	(void)context;
	for (int i = 0; i < 4; i++)
		if (d[i][0] != d[i][1])
			return d[i][0] < d[i][1] ? -1 : 1;
	return 0;
}

static segment_list
segments_of(struct arena *a, const struct map_contours *c, uint32_t n_groups)
{
	segment_list all = { 0 };

	for (uint32_t g = 0; g < n_groups; g++)
		for (uint32_t i = 0; i < c->groups[g].n_polygons; i++)
			for (uint32_t k = 0; k < c->groups[g].polygons[i].n_rings; k++) {
				const struct map_line *ring = &c->groups[g].polygons[i].rings[k];
				assert_true(ring->n >= 4);
				assert_true(same(ring->points[0], ring->points[ring->n - 1]));
				assert_true(k == 0 ? area_of(ring) > 0 : area_of(ring) < 0);
				for (uint32_t p = 0; p + 1 < ring->n; p++)
					*vec_push(a, &all) = (struct segment){ ring->points[p], ring->points[p + 1] };
			}
	vec_sort(all.ptr, all.len, sizeof *all.ptr, by_points, NULL);
	return all;
}

static int
turn(struct map_point p, struct map_point q, struct map_point r)
{
	int64_t t = (int64_t)(q.lon - p.lon) * (r.lat - p.lat) - (int64_t)(q.lat - p.lat) * (r.lon - p.lon);
	return t > 0 ? 1 : t < 0 ? -1 : 0;
}

static bool
crosses(struct segment s, struct segment t)
{
	return turn(s.from, s.to, t.from) * turn(s.from, s.to, t.to) < 0 && turn(t.from, t.to, s.from) * turn(t.from, t.to, s.to) < 0;
}

/* No side belongs to two faces; no two cross; how many have no other face beyond. */
static size_t
check_sides(const segment_list *all)
{
	size_t alone = 0;

	for (size_t i = 0; i < all->len; i++) {
		const struct segment *s = &all->ptr[i];
		bool met = false;
		assert_true(i == 0 || by_points(&all->ptr[i - 1], s, NULL) != 0);
		for (size_t k = 0; k < all->len; k++) {
			assert_false(crosses(*s, all->ptr[k]));
			met = met || (same(s->from, all->ptr[k].to) && same(s->to, all->ptr[k].from));
		}
		alone += !met;
	}
	return alone;
}

static void
neighbours_keep_one_border(void **state)
{
	static const double steps[] = { 0, 1000, 200, 60, 20, 5, 1 };

	(void)state;
	for (uint32_t seed = 1; seed <= 6; seed++) {
		size_t before = SIZE_MAX;
		for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
			struct arena a;
			struct map_contours towns, whole;
			face_list faces;
			segment_list all;
			size_t alone;
			arena_init(&a, &page_source_malloc);
			faces = country(&a, seed);
			assert_true(map_contours(faces.ptr, (uint32_t)faces.len, (uint32_t)faces.len, steps[i], &a, &a, &towns));
			all = segments_of(&a, &towns, (uint32_t)faces.len);
			alone = check_sides(&all);
			for (size_t k = 0; k < faces.len; k++) {
				assert_true(towns.groups[k].n_polygons >= 1);
				faces.ptr[k].group = 0;
			}
			assert_true(map_contours(faces.ptr, (uint32_t)faces.len, 1, steps[i], &a, &a, &whole));
			/* The country's coast is what no two towns share; its area is theirs. */
			assert_int_equal(segments_of(&a, &whole, 1).len, alone);
			assert_int_equal(area_of_all(&whole, 1), area_of_all(&towns, (uint32_t)faces.len));
			assert_true(all.len <= before && (i < 3 || i > 4 || all.len < before));
			before = all.len;
			arena_free(&a);
		}
	}
}

static void
the_same_twice(void **state)
{
	struct map_contours c[2];
	struct arena a;

	(void)state;
	arena_init(&a, &page_source_malloc);
	for (int i = 0; i < 2; i++) {
		face_list faces = country(&a, 3);
		assert_true(map_contours(faces.ptr, (uint32_t)faces.len, (uint32_t)faces.len, 60, &a, &a, &c[i]));
	}
	for (uint32_t g = 0; g < SIDE * SIDE + 1; g++) {
		const struct map_line *x = &c[0].groups[g].polygons[0].rings[0], *y = &c[1].groups[g].polygons[0].rings[0];
		assert_int_equal(x->n, y->n);
		assert_memory_equal(x->points, y->points, x->n * sizeof *x->points);
	}
	arena_free(&a);
}

static void
an_enclave_is_a_hole_of_its_host(void **state)
{
	struct map_contours c;
	struct arena a;
	face_list faces;

	(void)state;
	arena_init(&a, &page_source_malloc);
	faces = country(&a, 2);
	assert_true(map_contours(faces.ptr, (uint32_t)faces.len, (uint32_t)faces.len, 60, &a, &a, &c));
	assert_int_equal(c.groups[SIDE + 1].n_polygons, 1);
	assert_int_equal(c.groups[SIDE + 1].polygons[0].n_rings, 2);
	assert_int_equal(area_of(&c.groups[SIDE + 1].polygons[0].rings[1]), -area_of(&c.groups[SIDE * SIDE].polygons[0].rings[0]));
	assert_int_equal(c.groups[0].n_polygons, 2);          /* the island */
	assert_true(map_contours(faces.ptr, (uint32_t)faces.len, (uint32_t)faces.len, 5, &a, &a, &c));
	assert_int_equal(c.groups[0].n_polygons, 1);          /* too small to be seen */
	arena_free(&a);
}

static void
groups_lose_the_borders_inside(void **state)
{
	struct map_contours c;
	struct arena a;
	face_list faces;

	(void)state;
	arena_init(&a, &page_source_malloc);
	faces = country(&a, 4);
	for (uint32_t i = 0; i < faces.len; i++)
		faces.ptr[i].group = i % SIDE < SIDE / 2 ? 0 : 1;
	assert_true(map_contours(faces.ptr, (uint32_t)faces.len, 2, 100, &a, &a, &c));
	assert_int_equal(c.groups[0].n_polygons, 2);
	assert_int_equal(c.groups[0].polygons[0].n_rings, 1);
	assert_int_equal(c.groups[1].n_polygons, 1);
	/* Two halves of 3 × 6 towns: 27 borders inside each, and the enclave's. */
	assert_int_equal(c.n_inner, 2 * 27 + 1);
	arena_free(&a);
}

/* A tongue of land too narrow to be seen stays where a town lies on it. */
static void
what_lies_in_a_bend_stays_inside(void **state)
{
	static const struct map_point host[] = { { 0, 0 }, { 1000000, 0 }, { 1000000, 490000 }, { 1600000, 500000 }, { 1000000, 510000 },
		{ 1000000, 1000000 }, { 0, 1000000 } };
	static const struct map_point guest[] = { { 1290000, 499000 }, { 1310000, 499000 }, { 1300000, 501000 } };
	const struct map_ring rings[] = { { host, 7, false }, { guest, 3, true }, { guest, 3, false } };
	const struct map_face faces[] = { { rings, 2, 0 }, { &rings[2], 1, 1 } };
	struct map_contours c;
	struct arena a;

	(void)state;
	arena_init(&a, &page_source_malloc);
	assert_true(map_contours(faces, 2, 2, 10, &a, &a, &c));
	assert_int_equal(c.groups[0].n_polygons, 1);
	assert_int_equal(c.groups[0].polygons[0].n_rings, 2);
	assert_true(map_contours(faces, 1, 1, 10, &a, &a, &c));       /* without it the tongue goes */
	assert_true(c.groups[0].polygons[0].n_rings == 1 && c.groups[0].polygons[0].rings[0].n < 8);
	arena_free(&a);
}

/* Two towns between the same two corners: what parts them is not the line between those. */
static void
a_lens_keeps_its_width(void **state)
{
	static const struct map_point left[] = { { 0, 0 }, { 100000, 20000 }, { 200000, 0 }, { 200000, 900000 }, { 0, 900000 } };
	static const struct map_point lens[] = { { 0, 0 }, { 100000, -20000 }, { 200000, 0 }, { 100000, 20000 } };
	static const struct map_point below[] = { { 0, 0 }, { 0, -900000 }, { 200000, -900000 }, { 200000, 0 }, { 100000, -20000 } };
	const struct map_ring rings[] = { { left, 5, false }, { lens, 4, false }, { below, 5, false } };
	const struct map_face faces[] = { { &rings[0], 1, 0 }, { &rings[1], 1, 1 }, { &rings[2], 1, 2 } };
	struct map_contours c;
	struct arena a;

	(void)state;
	arena_init(&a, &page_source_malloc);
	assert_true(map_contours(faces, 3, 3, 3, &a, &a, &c));
	for (int i = 0; i < 3; i++)
		assert_int_equal(c.groups[i].n_polygons, 1);
	arena_free(&a);
}

/* What files of authors may hold: rings too short, points twice, a town given twice, spikes, two towns that only touch. */
static void
careless_rings(void **state)
{
	static const struct map_point square[] = { { 0, 0 }, { 0, 0 }, { 1000, 0 }, { 1000, 1000 }, { 2000, 1000 }, { 1000, 1000 }, { 0, 1000 }, { 0, 0 } };
	static const struct map_point beside[] = { { 1000, 1000 }, { 1000, 2000 }, { 2000, 2000 }, { 2000, 1000 } };
	static const struct map_point flat[] = { { 0, 0 }, { 1, 1 }, { 0, 0 } };
	const struct map_ring rings[] = { { square, 8, false }, { beside, 4, false }, { flat, 3, false }, { NULL, 0, false } };
	const struct map_face faces[] = { { &rings[0], 1, 0 }, { &rings[0], 1, 0 }, { &rings[1], 1, 1 }, { &rings[2], 2, 2 } };
	struct map_contours c;
	struct arena a;

	(void)state;
	arena_init(&a, &page_source_malloc);
	for (double steps = 0; steps < 20; steps += 5) {
		assert_true(map_contours(faces, 4, 3, steps, &a, &a, &c));
		assert_int_equal(c.groups[0].n_polygons, 1);
		assert_int_equal(area_of(&c.groups[0].polygons[0].rings[0]), 2000000);
		assert_int_equal(c.groups[1].n_polygons, 1);
		assert_int_equal(area_of(&c.groups[1].polygons[0].rings[0]), 2000000);
		assert_int_equal(c.groups[2].n_polygons, 0);
	}
	assert_int_equal(area_of_all(&c, 3), 4000000);
	assert_false(map_contours(&faces[3], 1, 3, 5, &a, &a, &c));
	assert_false(map_contours(NULL, 0, 0, 5, &a, &a, &c));
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_keep_one_border),
		cmocka_unit_test(the_same_twice),
		cmocka_unit_test(an_enclave_is_a_hole_of_its_host),
		cmocka_unit_test(groups_lose_the_borders_inside),
		cmocka_unit_test(what_lies_in_a_bend_stays_inside),
		cmocka_unit_test(a_lens_keeps_its_width),
		cmocka_unit_test(careless_rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
