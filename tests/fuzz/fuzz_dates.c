/* Any text as a date: what is read back is what was written. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str s = { (const char *)data, size };
	struct arena arena;
	int32_t seconds;
	day d, again;

	arena_init(&arena, &page_source_malloc);
	s = str_copy(&arena, s);
	if (date_parse(s, &d) == DATE_OK)
		must(str_equal(date_iso(&arena, d), s));
	if (date_parse_month(s, &d) == DATE_OK)
		must(str_equal(str_slice(date_iso(&arena, d), 0, 7), s) && civil_from_day(d).day == 1);
	if (date_parse_time(s, &d, &seconds) == DATE_OK) {
		must(seconds >= 0 && seconds < 86400);
		must(date_parse(str_slice(s, 0, 10), &again) == DATE_OK && again == d);
	}
	if (size >= sizeof d) {
		__builtin_memcpy(&d, data, sizeof d);
		d %= 3000000;
		must(date_parse(date_iso(&arena, d), &again) != DATE_OK || again == d);
		must(day_of_week(d + 1) == day_of_week(d) % 7 + 1);
		must(day_add_months(day_add_months(d, 1), -1) <= d);
	}
	arena_free(&arena);
	return 0;
}
