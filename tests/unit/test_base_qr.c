/* base/: codes to scan. Whole codes are read back by tests/browser/qr.test.mjs; here, what a reader does not see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/qr.h"

static struct qr_maker *maker;

static str
letters(char *space, size_t n)
{
	memset(space, 'a', n);
	return (str){ space, n };
}

/* The longest texts of each version at level M, from the tables of the standard. */
static void
sizes(void **state)
{
	static const unsigned longest[] = { 14, 26, 42, 62, 84, 106, 122, 152, 180, 213 };
	char space[QR_MAX_BYTES + 1];
	struct qr code;

	(void)state;
	assert_true(qr_encode(maker, &code, S("")));
	assert_int_equal(code.side, 21);
	for (unsigned v = 1; v <= 10; v++) {
		assert_true(qr_encode(maker, &code, letters(space, longest[v - 1])));
		assert_int_equal(code.side, 17 + 4 * v);
		assert_int_equal(qr_encode(maker, &code, letters(space, longest[v - 1] + 1)), v < 10);
		if (v < 10)
			assert_int_equal(code.side, 21 + 4 * v);
	}
}

/* Three finders, the dark module, both timing lines. */
static void
patterns(void **state)
{
	struct qr code;

	(void)state;
	assert_true(qr_encode(maker, &code, S("https://exemple.fr/")));
	assert_int_equal(code.rows[0] >> 18 & 127, 127);
	assert_int_equal(code.rows[1] >> 18 & 127, 65);
	assert_int_equal(code.rows[3] & 127, 93);
	assert_int_equal(code.rows[24] >> 18 & 127, 127);
	assert_int_equal(code.rows[17] >> 16 & 1, 1);
	assert_int_equal(code.rows[6] >> 8 & 511, 341);
	for (unsigned y = 8; y < 17; y++)
		assert_int_equal(code.rows[y] >> 18 & 1, y % 2 == 0);
}

static void
path(void **state)
{
	struct qr code = { 3, { 5, 0, 3 } };
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	qr_path(&code, &b);
	assert_int_equal(b.len, 22);
	assert_memory_equal(b.ptr, "M0 0.5h1m1 0h1M1 2.5h2", 22);
	buf_free(&b);
}

int
main(void)
{
	struct arena arena;
	const struct CMUnitTest tests[] = { cmocka_unit_test(sizes), cmocka_unit_test(patterns), cmocka_unit_test(path) };

	int failed;

	arena_init(&arena, &page_source_malloc);
	maker = qr_maker_new(&arena);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
