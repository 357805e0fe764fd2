/* base/: dates and distances. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/geo.h"

static void
calendar(void **state)
{
	struct civil before = civil_from_day(day_from_civil(1599, 12, 31));

	(void)state;
	assert_int_equal(day_from_civil(1970, 1, 1), 0);
	assert_int_equal(day_from_civil(2000, 3, 1), 11017);
	assert_int_equal(day_from_civil(1600, 1, 1), -135140);
	assert_int_equal(day_of_week(0), 4);
	assert_int_equal(day_of_week(day_from_civil(2026, 9, 15)), 2);
	assert_int_equal(day_of_week(-1), 3);
	assert_true(civil_exists(2024, 2, 29) && civil_exists(2000, 2, 29));
	assert_false(civil_exists(1900, 2, 29) || civil_exists(2026, 2, 29) || civil_exists(2026, 13, 1) || civil_exists(2026, 4, 31) ||
	    civil_exists(2026, 0, 1) || civil_exists(2026, 1, 0));
	for (day d = day_from_civil(1600, 1, 1); d < day_from_civil(2400, 1, 1); d++) {
		struct civil c = civil_from_day(d);
		assert_true(civil_exists(c.year, c.month, c.day));
		assert_int_equal(day_from_civil(c.year, c.month, c.day), d);
		assert_true(c.year > before.year || (c.year == before.year && (c.month > before.month || (c.month == before.month && c.day > before.day))));
		before = c;
	}
}

static void
months(void **state)
{
	(void)state;
	assert_int_equal(day_add_months(day_from_civil(2026, 1, 31), 1), day_from_civil(2026, 2, 28));
	assert_int_equal(day_add_months(day_from_civil(2023, 11, 30), 3), day_from_civil(2024, 2, 29));
	assert_int_equal(day_add_months(day_from_civil(2026, 1, 15), -1), day_from_civil(2025, 12, 15));
	assert_int_equal(day_add_months(day_from_civil(2026, 3, 15), -27), day_from_civil(2023, 12, 15));
	assert_int_equal(day_add_months(day_from_civil(2026, 3, 15), 0), day_from_civil(2026, 3, 15));
}

struct reading { const char *text; enum date_error expected; };

static void
parsing(void **state)
{
	static const struct reading days[] = {
		{ "2026-11-02", DATE_OK }, { "2026-02-29", DATE_IMPOSSIBLE }, { "2026-00-10", DATE_IMPOSSIBLE }, { "2026-13-10", DATE_IMPOSSIBLE },
		{ "02/11/2026", DATE_FORM }, { "2026-1-2", DATE_FORM }, { "2026-11-02 ", DATE_FORM }, { "", DATE_FORM }, { "2026-11", DATE_FORM },
		{ "2026-11-0é", DATE_FORM }, { "2026-11-021", DATE_FORM }, { "-026-11-02", DATE_FORM }, { "2026-02-30x", DATE_FORM },
	};
	static const struct reading months_read[] = {
		{ "2026-11", DATE_OK }, { "2026-13", DATE_IMPOSSIBLE }, { "2026-11-02", DATE_FORM }, { "11-2026", DATE_FORM },
	};
	static const struct reading times[] = {
		{ "2026-11-02 18:30", DATE_OK }, { "2026-11-02T18:30:05", DATE_OK }, { "2026-11-02 24:00", DATE_IMPOSSIBLE }, { "2026-11-02 18:60", DATE_IMPOSSIBLE },
		{ "2026-11-31 18:30", DATE_IMPOSSIBLE }, { "2026-11-02", DATE_FORM }, { "2026-11-02 18h30", DATE_FORM }, { "2026-11-02 18:30:", DATE_FORM },
		{ "2026-11-02 18:30:0", DATE_FORM }, { "2026-11-02  18:30", DATE_FORM },
	};
	day d = DAY_NONE;
	int32_t seconds = -1;

	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		assert_int_equal(date_parse(str_from_c(days[i].text), &d), days[i].expected);
	assert_int_equal(d, day_from_civil(2026, 11, 2));
	for (size_t i = 0; i < sizeof months_read / sizeof *months_read; i++)
		assert_int_equal(date_parse_month(str_from_c(months_read[i].text), &d), months_read[i].expected);
	assert_int_equal(d, day_from_civil(2026, 11, 1));
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		assert_int_equal(date_parse_time(str_from_c(times[i].text), &d, &seconds), times[i].expected);
	assert_int_equal(seconds, 18 * 3600 + 30 * 60 + 5);
}

static void
writing(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, &page_source_malloc);
	assert_string_equal(date_iso(&a, day_from_civil(2026, 3, 5)).ptr, "2026-03-05");
	assert_string_equal(date_iso(&a, day_from_civil(987, 12, 31)).ptr, "0987-12-31");
	arena_free(&a);
}

/* A quarter of a meridian, and Bordeaux–Blaye. */
static void
distances(void **state)
{
	struct geo bordeaux = { 44.8378, -0.5792 }, blaye = { 45.1283, -0.6619 };

	(void)state;
	assert_true(fabs(geo_distance((struct geo){ 0, 0 }, (struct geo){ 90, 0 }) - 10007.557) < 0.001);
	assert_true(geo_distance(blaye, blaye) == 0);
	assert_true(fabs(geo_distance(bordeaux, blaye) - 32.95) < 0.1);
	assert_true(geo_distance(bordeaux, blaye) == geo_distance(blaye, bordeaux));
	assert_true(fabs(geo_distance((struct geo){ 0, 179.5 }, (struct geo){ 0, -179.5 }) - 111.195) < 0.01);
	assert_true(fabs(geo_distance((struct geo){ 0, 0 }, (struct geo){ 0, 180 }) - 20015.115) < 0.001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calendar), cmocka_unit_test(months), cmocka_unit_test(parsing), cmocka_unit_test(writing), cmocka_unit_test(distances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
