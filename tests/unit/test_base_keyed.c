/* base/keyed.h: pieces are found whole or not at all, whatever happened to their file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/keyed.h"
#include "os/os.h"

#define MAGIC UINT64_C(0x31455349414d4456)
#define N 100

static struct arena arena;

static str
text(unsigned i)
{
	return i % 10 ? str_format(&arena, "pièce %u", i) : S("");
}

static struct keyed_piece
piece(unsigned i)
{
	return (struct keyed_piece){ .key = hash128(str_format(&arena, "%u", i)), .bytes = text(i), .sum = hash64(text(i)) };
}

/* The file of the pieces 0 … n - 1, from `first` on and around, each `times`. */
static str
file_of(unsigned n, unsigned first, unsigned times)
{
	struct keyed_piece *pieces = arena_array(&arena, struct keyed_piece, n * times + 1);
	size_t left = n * times, n_parts;
	str *parts;

	for (unsigned i = 0; i < n * times; i++)
		pieces[i] = piece((first + i) % n);
	n_parts = keyed_parts(MAGIC, pieces, &left, 0, &arena, &parts);
	assert_int_equal(left, n);
	assert_int_equal(n_parts, n + 2);
	return str_join(&arena, parts, n_parts, STR_NONE);
}

/* How many of the pieces are found; none is found otherwise than it was put. */
static unsigned
found_in(str bytes)
{
	struct keyed k = keyed_open(MAGIC, bytes);
	unsigned found = 0;

	for (unsigned i = 0; i < N; i++) {
		struct keyed_piece p;
		if (!keyed_find(&k, piece(i).key, &p))
			continue;
		assert_true(str_equal(p.bytes, text(i)) && p.sum == hash64(text(i)) && hash128_equal(p.key, piece(i).key));
		found++;
	}
	return found;
}

static void
found_again(void **state)
{
	str whole = file_of(N, 0, 1), half = file_of(N / 2, 0, 1);
	struct keyed k = keyed_open(MAGIC, half);
	struct keyed_piece p;
	(void)state;

	assert_int_equal(found_in(whole), N);
	assert_int_equal(found_in(half), N / 2);
	assert_int_equal(k.n, N / 2);
	assert_false(keyed_find(&k, piece(N - 1).key, &p));
	assert_int_equal(found_in(file_of(0, 0, 1)), 0);
	assert_int_equal(found_in(STR_NONE), 0);
	k = keyed_open(MAGIC + 1, whole);        /* of another kind */
	assert_int_equal(k.n, 0);
	assert_false(keyed_find(&k, piece(0).key, &p));
}

static void
same_bytes_in_any_order(void **state)
{
	str whole = file_of(N, 0, 1);
	(void)state;

	assert_true(str_equal(whole, file_of(N, 37, 1)));
	assert_true(str_equal(whole, file_of(N, 12, 3)));
}

/* Every other piece stands in the file already, where it was put before the rest was known. */
static void
begun_before_all_is_known(void **state)
{
	struct keyed_piece pieces[N];
	char begun[4096];
	uint64_t end = 1000;
	size_t left = N, n_parts;
	str *parts, file;
	(void)state;

	memset(begun, '?', sizeof begun);
	for (unsigned i = 0; i < N; i++) {
		pieces[i] = piece(i);
		if (i % 2)
			continue;
		pieces[i].at = end;
		memcpy(begun + end, pieces[i].bytes.ptr, pieces[i].bytes.len);
		end += pieces[i].bytes.len;
	}
	n_parts = keyed_parts(MAGIC, pieces, &left, end, &arena, &parts);
	assert_int_equal(n_parts, N / 2 + 2);
	memcpy(begun, parts[0].ptr, parts[0].len);
	file = str_cat(&arena, (str){ begun, end }, str_join(&arena, parts + 1, n_parts - 1, STR_NONE));
	assert_int_equal(found_in(file), N);
}

static void
damage_is_a_miss(void **state)
{
	str whole = file_of(N, 0, 1);
	char *copy = (char *)(uintptr_t)str_copy(&arena, whole).ptr;
	struct arena_mark mark = arena_mark(&arena);
	(void)state;

	for (size_t i = 0; i < whole.len; i++) {
		copy[i] ^= (char)(1 << i % 8);
		assert_true(found_in((str){ copy, whole.len }) < N);
		copy[i] ^= (char)(1 << i % 8);
		assert_true(found_in((str){ copy, i }) < N);
		arena_rewind(&arena, mark);
	}
}

static void
a_few_may_wait(void **state)
{
	struct keyed k = { .n = 1000 }, none = { .n = 0 };
	(void)state;

	assert_true(keyed_may_wait(&k, 1000, 0, 10));
	assert_true(keyed_may_wait(&k, 1000, 10, 10));
	assert_false(keyed_may_wait(&k, 1001, 11, 10));
	assert_true(keyed_may_wait(&k, 990, 0, 10));
	assert_false(keyed_may_wait(&k, 989, 0, 10));
	assert_true(keyed_may_wait(&k, 1000, 32, 100));
	assert_false(keyed_may_wait(&k, 1000, 33, 100));
	assert_false(keyed_may_wait(&none, 1, 1, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_again),
		cmocka_unit_test(same_bytes_in_any_order),
		cmocka_unit_test(begun_before_all_is_known),
		cmocka_unit_test(damage_is_a_miss),
		cmocka_unit_test(a_few_may_wait),
	};
	int failed;

	arena_init(&arena, &page_source_malloc);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
