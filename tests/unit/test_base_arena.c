/* base/: arena, vec, map, hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"

/* A page source that counts what it gives out. */
struct counter { size_t blocks, bytes, protections; };

static void *
count_map(void *context, size_t size)
{
	struct counter *c = context;

	c->blocks++;
	c->bytes += size;
	return calloc(1, size);
}

static void
count_unmap(void *context, void *block, size_t size)
{
	struct counter *c = context;

	c->blocks--;
	c->bytes -= size;
	free(block);
}

static void
count_protect(void *context, void *block, size_t size, bool read_only)
{
	struct counter *c = context;

	(void)block;
	(void)size;
	c->protections += read_only ? 1 : 100;
}

static void
allocation(void **state)
{
	struct counter c = { 0 };
	struct page_source source = { count_map, count_unmap, count_protect, &c, false };
	struct arena a;
	char *p;
	double *d;

	(void)state;
	arena_init(&a, &source);
	assert_int_equal(c.blocks, 0);
	p = arena_array(&a, char, 3);
	d = arena_new(&a, double);
	assert_int_equal((uintptr_t)d % alignof(double), 0);
	assert_true((char *)d >= p + 3);
	assert_true(*d == 0 && p[0] == 0 && p[2] == 0);
	assert_int_equal(a.used, 3 + sizeof *d);
	assert_non_null(arena_alloc(&a, 0, 8, 8));
	/* larger than a block, and what comes after it */
	p = arena_array(&a, char, 3000000);
	memset(p, 1, 3000000);
	assert_int_equal(*arena_new(&a, int), 0);
	arena_protect(&a, true);
	assert_int_equal(c.protections, c.blocks);
	arena_protect(&a, false);
	arena_free(&a);
	assert_int_equal(c.blocks, 0);
	assert_int_equal(c.bytes, 0);
	assert_int_equal(*arena_new(&a, int), 0);
	arena_free(&a);
}

/* What another arena made stays where it is, and both fill on. */
static void
adoption(void **state)
{
	struct counter c = { 0 };
	struct page_source source = { count_map, count_unmap, count_protect, &c, false };
	struct arena a, other, none;
	char *own, *taken, *after;

	(void)state;
	arena_init(&a, &source);
	arena_init(&other, &source);
	arena_init(&none, &source);
	taken = memset(arena_array(&other, char, 300 * 1024), 't', 300 * 1024);
	arena_adopt(&a, &other);         /* into an empty one */
	own = memset(arena_array(&a, char, 100), 'o', 100);
	memset(arena_array(&other, char, 100), 't', 100);
	memset(arena_array(&other, char, 600 * 1024), 't', 600 * 1024);
	arena_adopt(&a, &other);
	arena_adopt(&a, &none);
	after = arena_array(&a, char, 100);
	assert_int_equal(a.used, 300 + 900 * 1024);
	for (size_t i = 0; i < 100; i++)
		assert_true(own[i] == 'o' && taken[i] == 't' && after[i] == 0);
	assert_int_equal(other.used, 0);
	arena_free(&other);
	assert_int_not_equal(c.blocks, 0);
	assert_true(own[99] == 'o' && taken[300 * 1024 - 1] == 't');
	arena_free(&a);
	assert_int_equal(c.blocks, 0);
}

static void
marks(void **state)
{
	struct counter c = { 0 };
	struct page_source source = { count_map, count_unmap, NULL, &c, false };
	struct arena a;
	struct arena_mark empty, mark;
	char *kept, *p;

	(void)state;
	arena_init(&a, &source);
	empty = arena_mark(&a);
	kept = arena_array(&a, char, 100);
	memset(kept, 'k', 100);
	mark = arena_mark(&a);
	p = arena_array(&a, char, 50);
	memset(p, 'x', 50);
	memset(arena_array(&a, char, 2000000), 'y', 2000000);
	arena_rewind(&a, mark);
	assert_int_equal(c.blocks, 1);
	assert_int_equal(a.used, 100);
	/* the same place, zeroed again */
	assert_ptr_equal(arena_array(&a, char, 50), p);
	assert_int_equal(p[0], 0);
	assert_int_equal(kept[99], 'k');
	for (int i = 0; i < 100; i++)
		arena_array(&a, char, 100000);
	arena_reset(&a);
	assert_int_equal(c.blocks, 1);
	assert_int_equal(a.used, 0);
	assert_ptr_equal(arena_array(&a, char, 100), kept);
	arena_rewind(&a, empty);         /* a mark of the empty arena: the first block stays */
	assert_int_equal(c.blocks, 1);
	assert_ptr_equal(arena_array(&a, char, 100), kept);
	arena_protect(&a, true);
	arena_free(&a);
	assert_int_equal(c.blocks, 0);
}

static void
all_zero_and_spoilt(struct arena *a, size_t size)
{
	unsigned char *p = arena_array(a, unsigned char, size);

	for (size_t i = 0; i < size; i++)
		assert_int_equal(p[i], 0);
	memset(p, 0xff, size);
}

/* Memory is zeroed whether it is new or was handed out before, in whatever block a mark lies. */
static void
check_zeroed(const struct page_source *source)
{
	struct arena a;
	struct arena_mark early, late;

	arena_init(&a, source);
	all_zero_and_spoilt(&a, 1000);
	early = arena_mark(&a);
	all_zero_and_spoilt(&a, 5000);
	for (size_t round = 0; round < 4; round++) {
		all_zero_and_spoilt(&a, 100000);
		late = arena_mark(&a);
		for (size_t i = 0; i < 40; i++)
			all_zero_and_spoilt(&a, 30000 + i);
		arena_rewind(&a, late);
		all_zero_and_spoilt(&a, 200000);
		arena_rewind(&a, early);
		all_zero_and_spoilt(&a, 3000 + round * 3000);
	}
	arena_reset(&a);
	all_zero_and_spoilt(&a, 250000);
	arena_free(&a);
	all_zero_and_spoilt(&a, 10);
	arena_free(&a);
}

static void *
map_spoilt(void *context, size_t size)
{
	void *p = malloc(size);

	(void)context;
	return p ? memset(p, 0xee, size) : NULL;
}

static void
unmap_spoilt(void *context, void *block, size_t size)
{
	(void)context;
	(void)size;
	free(block);
}

static void
memory_is_zeroed(void **state)
{
	struct page_source used = { map_spoilt, unmap_spoilt, NULL, NULL, true };

	(void)state;
	check_zeroed(&page_source_malloc);
	check_zeroed(&used);
}

static void
vectors(void **state)
{
	struct arena a;
	VEC(int) v = { 0 };

	(void)state;
	arena_init(&a, &page_source_malloc);
	for (int i = 0; i < 1000; i++) {
		int *p = vec_push(&a, &v);
		assert_int_equal(*p, 0);
		*p = i;
	}
	assert_int_equal(v.len, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.ptr[i], i);
	arena_free(&a);
}

/* Two that grow by turns, and one alone, which stays where it is while its block has room. */
static void
vectors_grow_where_they_stand(void **state)
{
	struct arena a;
	VEC(uint64_t) v = { 0 }, other = { 0 };
	uint64_t *place;

	(void)state;
	arena_init(&a, &page_source_malloc);
	place = vec_push(&a, &v);
	for (uint64_t i = 1; i < 1000; i++)
		*vec_push(&a, &v) = i;
	assert_ptr_equal(v.ptr, place);
	assert_true(a.used < v.cap * sizeof *v.ptr + 64);
	for (uint64_t i = 0; i < 100000; i++) {
		uint64_t *p = vec_push(&a, i % 3 ? &v : &other);
		assert_int_equal(*p, 0);
		*p = i % 3 ? v.len - 1 : other.len - 1;
	}
	for (size_t i = 0; i < v.len; i++)
		assert_int_equal(v.ptr[i], i);
	for (size_t i = 0; i < other.len; i++)
		assert_int_equal(other.ptr[i], i);
	assert_false(arena_extend(&a, NULL, 1));
	assert_false(arena_extend(&a, a.next, SIZE_MAX));
	arena_free(&a);
	assert_false(arena_extend(&a, NULL, 1));
}

struct pair { int key, order; };

static int
by_key(const void *a, const void *b, void *context)
{
	const struct pair *x = a, *y = b;
	int sign = *(int *)context;

	return sign * ((x->key > y->key) - (x->key < y->key));
}

static void
sorting_is_stable(void **state)
{
	struct pair pairs[1000];
	uint32_t seed = 1;

	(void)state;
	for (int sign = -1; sign <= 1; sign += 2)
		for (size_t n = 0; n <= 1000; n = n < 10 ? n + 1 : n * 3) {
			for (size_t i = 0; i < n; i++) {
				seed = seed * 1664525 + 1013904223;
				pairs[i] = (struct pair){ (int)(seed >> 28), (int)i };
			}
			vec_sort(pairs, n, sizeof *pairs, by_key, &sign);
			for (size_t i = 1; i < n; i++) {
				assert_true(sign * pairs[i - 1].key <= sign * pairs[i].key);
				if (pairs[i - 1].key == pairs[i].key)
					assert_true(pairs[i - 1].order < pairs[i].order);
			}
		}
}

static void
maps(void **state)
{
	struct arena a;
	struct map m = { 0 };
	uint32_t index;
	int values[500];

	(void)state;
	arena_init(&a, &page_source_malloc);
	assert_null(map_get(&m, S("x")));
	for (int i = 0; i < 500; i++)
		map_set(&a, &m, str_format(&a, "clé %d", i), &values[i]);
	map_set(&a, &m, S("clé 7"), &values[0]);
	assert_int_equal(m.len, 500);
	assert_ptr_equal(map_get(&m, S("clé 7")), &values[0]);
	for (int i = 8; i < 500; i++) {
		str key = str_format(&a, "clé %d", i);
		assert_ptr_equal(map_get(&m, key), &values[i]);
		assert_true(map_find(&m, key, &index));
		assert_int_equal(index, i);
		assert_true(str_equal(m.entries[i].key, key));
	}
	assert_null(map_get(&m, S("clé 500")));
	assert_false(map_find(&m, S(""), &index));
	assert_null(*map_put(&a, &m, STR_NONE));
	assert_true(map_find(&m, S(""), &index));
	arena_free(&a);
}

/* Room that was asked for at once holds the same as room that grew, and grows when there is more. */
static void
maps_with_room(void **state)
{
	static const size_t rooms[] = { 1, 7, 8, 9, 100, 128, 129, 400, 500, 501 };

	(void)state;
	for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++) {
		struct arena a;
		struct map m = { 0 };
		int values[500];
		size_t used;
		arena_init(&a, &page_source_malloc);
		map_set(&a, &m, S("avant"), &values[0]);
		map_reserve(&a, &m, rooms[k]);
		map_reserve(&a, &m, 1);
		used = a.used;
		for (int i = 0; i < 500; i++) {
			map_set(&a, &m, str_format(&a, "%d", i), &values[i]);
			assert_true(m.len <= m.cap && m.len < m.n_slots);
		}
		if (rooms[k] > 500)
			assert_true(a.used - used < (size_t)500 * 16);   /* the keys alone */
		assert_ptr_equal(map_get(&m, S("avant")), &values[0]);
		for (int i = 0; i < 500; i++)
			assert_ptr_equal(map_get(&m, str_format(&a, "%d", i)), &values[i]);
		assert_null(map_get(&m, S("500")));
		arena_free(&a);
	}
}

/* XXH3's published test vector of the empty input, and properties. */
static void
hashes(void **state)
{
	char hex[16];

	(void)state;
	assert_true(hash64(S("")) == 0x2d06800538d394c2ull);
	assert_true(hash64(STR_NONE) == hash64(S("")));
	assert_true(hash64(S("a")) != hash64(S("b")));
	assert_true(hash128_equal(hash128(S("a")), hash128(S("a"))));
	assert_false(hash128_equal(hash128(S("a")), hash128(S("b"))));
	assert_true(hash_mix(1, 2) != hash_mix(2, 1));
	hash_hex(0x0123456789abcdefull, hex);
	assert_memory_equal(hex, "0123456789abcdef", 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocation), cmocka_unit_test(adoption), cmocka_unit_test(marks), cmocka_unit_test(memory_is_zeroed), cmocka_unit_test(vectors), cmocka_unit_test(vectors_grow_where_they_stand), cmocka_unit_test(sorting_is_stable),
		cmocka_unit_test(maps), cmocka_unit_test(maps_with_room), cmocka_unit_test(hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
