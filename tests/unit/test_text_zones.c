/* text: wall time and UTC, at the two days a year when they disagree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "text/text.h"

#define HOURS(h, m) ((h) * 3600 + (m) * 60)

static int64_t
utc(day d, int32_t seconds)
{
	return (int64_t)d * 86400 + seconds;
}

static void
test_known(void **state)
{
	(void)state;
	assert_true(text_zone_known(S("Europe/Paris")));
	assert_true(text_zone_known(S("America/Martinique")));
	assert_false(text_zone_known(S("Europe/Pariss")));
	assert_false(text_zone_known(S("GMT+3")));
	assert_false(text_zone_known(S("")));
	assert_false(text_zone_known(S("Europe/Parîs")));
	assert_true(text_language_known(S("fr")));
	assert_true(text_language_known(S("de")));
	assert_false(text_language_known(S("xx")));
	assert_false(text_language_known(S("")));
}

static void
test_paris(void **state)
{
	struct text *t = text_open();
	str paris = S("Europe/Paris");
	day summer = day_from_civil(2026, 7, 1), spring = day_from_civil(2026, 3, 29), autumn = day_from_civil(2026, 10, 25);
	(void)state;

	assert_int_equal(text_zone_to_utc(t, paris, summer, HOURS(12, 0)), utc(summer, HOURS(10, 0)));
	/* 02:30 does not exist: half an hour after the jump */
	assert_int_equal(text_zone_to_utc(t, paris, spring, HOURS(2, 30)), utc(spring, HOURS(1, 30)));
	/* 02:30 comes twice: the first, still in summer time */
	assert_int_equal(text_zone_to_utc(t, paris, autumn, HOURS(2, 30)), utc(autumn, HOURS(0, 30)));
	assert_int_equal(text_zone_offset(t, paris, utc(autumn, HOURS(0, 30))), 7200);
	assert_int_equal(text_zone_offset(t, paris, utc(autumn, HOURS(1, 30))), 3600);
	text_close(t);
}

static void
test_round_trip(void **state)
{
	const str zones[] = { S("Europe/Paris"), S("America/Martinique"), S("Pacific/Noumea"), S("Indian/Reunion"), S("UTC") };
	struct text *t = text_open();
	(void)state;

	for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++)
		for (day d = day_from_civil(1960, 1, 1); d < day_from_civil(2040, 1, 1); d += 97) {
			day back;
			int32_t seconds;
			text_zone_from_utc(t, zones[z], text_zone_to_utc(t, zones[z], d, HOURS(14, 7)), &back, &seconds);
			assert_int_equal(back, d);
			assert_int_equal(seconds, HOURS(14, 7));
		}
	text_close(t);
}

/* More zones and languages than the cache holds: the oldest makes room, answers stay right. */
static void
test_many(void **state)
{
	const str languages[] = { S("fr"), S("en"), S("de"), S("es"), S("it"), S("pt"), S("nl"), S("sv"), S("da"), S("fi"), S("pl"), S("cs"), S("hu"), S("ro") };
	struct text *t = text_open();
	struct arena out;
	(void)state;

	arena_init(&out, &page_source_malloc);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
			text_sort_key(t, languages[i], S("a"), &out);
			assert_true(text_date(t, languages[i], 20000, TEXT_DATE_LONG, &out).len > 0);
		}
	assert_true(str_equal(text_date(t, S("fr"), 20000, TEXT_DATE_LONG, &out), S("4 octobre 2024")));
	assert_true(str_starts(text_versions(&out), S("ICU ")));
	arena_free(&out);
	text_close(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known), cmocka_unit_test(test_paris), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
