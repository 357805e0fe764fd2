/* text: the words of dates, numbers and lists in French, and what other languages get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "text/text.h"

static struct arena out;
static struct text *t;

#define NB "\u00A0"
#define THIN "\u202F"

static void
is(str got, const char *want)
{
	assert_string_equal(str_copy(&out, got).ptr, want);
}

static void
test_dates(void **state)
{
	day d = day_from_civil(2026, 11, 2), first = day_from_civil(2026, 5, 1);
	(void)state;

	is(text_date(t, S("fr"), d, TEXT_DATE_LONG, &out), "2 novembre 2026");
	is(text_date(t, S("fr"), d, TEXT_DATE_FULL, &out), "lundi 2 novembre 2026");
	is(text_date(t, S("fr"), d, TEXT_DATE_SHORT, &out), "02/11/2026");
	is(text_date(t, S("fr"), d, TEXT_DATE_MONTH, &out), "novembre 2026");
	is(text_date(t, S("fr"), d, TEXT_DATE_DAY_MONTH, &out), "2 novembre");
	is(text_date(t, S("fr"), first, TEXT_DATE_LONG, &out), "1er mai 2026");
	is(text_date(t, S("fr"), first, TEXT_DATE_FULL, &out), "vendredi 1er mai 2026");
	is(text_date(t, S("fr"), first, TEXT_DATE_SHORT, &out), "01/05/2026");
	is(text_date(t, S("en"), d, TEXT_DATE_LONG, &out), "November 2, 2026");
	is(text_date(t, S("de"), d, TEXT_DATE_FULL, &out), "Montag, 2. November 2026");
	is(text_date(t, S("fr"), day_from_civil(1500, 1, 2), TEXT_DATE_LONG, &out), "2 janvier 1500");
	is(text_date(t, S("fr"), DAY_NONE, TEXT_DATE_LONG, &out), "");
}

static void
test_times(void **state)
{
	(void)state;
	is(text_time(t, S("fr"), 18 * 3600 + 30 * 60, &out), "18" NB "h" NB "30");
	is(text_time(t, S("fr"), 8 * 3600, &out), "8" NB "h");
	is(text_time(t, S("fr"), 8 * 3600 + 5 * 60, &out), "8" NB "h" NB "05");
	/* CLDR 42 puts a narrow no-break space there, others a plain one */
	assert_true(str_starts(text_time(t, S("en"), 18 * 3600 + 30 * 60, &out), S("6:30")));
	assert_true(str_ends(text_time(t, S("en"), 18 * 3600 + 30 * 60, &out), S("PM")));
}

static void
test_periods(void **state)
{
	day a = day_from_civil(2026, 11, 2);
	(void)state;

	is(text_period(t, S("fr"), a, day_from_civil(2026, 11, 15), &out), "du 2 au 15 novembre 2026");
	is(text_period(t, S("fr"), day_from_civil(2026, 11, 1), a, &out), "du 1er au 2 novembre 2026");
	is(text_period(t, S("fr"), day_from_civil(2026, 10, 28), a, &out), "du 28 octobre au 2 novembre 2026");
	is(text_period(t, S("fr"), a, day_from_civil(2027, 1, 1), &out), "du 2 novembre 2026 au 1er janvier 2027");
	is(text_period(t, S("fr"), a, a, &out), "le 2 novembre 2026");
	is(text_period(t, S("fr"), a, DAY_NONE, &out), "à partir du 2 novembre 2026");
	is(text_period(t, S("fr"), DAY_NONE, a, &out), "jusqu’au 2 novembre 2026");
	is(text_period(t, S("en"), a, a, &out), "November 2, 2026");
	assert_true(str_starts(text_period(t, S("en"), a, a + 3, &out), S("November 2")));
}

static void
test_numbers(void **state)
{
	(void)state;
	is(text_number(t, S("fr"), 1234567.5, -1, &out), "1" THIN "234" THIN "567,5");
	is(text_number(t, S("fr"), 0.1 + 0.2, -1, &out), "0,3");
	is(text_number(t, S("fr"), 2.25, 1, &out), "2,3");
	is(text_number(t, S("fr"), 2, 1, &out), "2,0");
	is(text_number(t, S("fr"), -0.0, -1, &out), "0");
	is(text_number(t, S("en"), 1234.5, -1, &out), "1,234.5");
	is(text_money(t, S("fr"), 450, &out), "450" NB "€");
	is(text_money(t, S("fr"), 1450.5, &out), "1" THIN "450,50" NB "€");
	is(text_money(t, S("fr"), 0, &out), "0" NB "€");
	is(text_money(t, S("en"), 450.5, &out), "€450.50");
	is(text_percent(t, S("fr"), 12.5, &out), "12,5" NB "%");
	is(text_percent(t, S("en"), 12.5, &out), "12.5%");
	assert_true(text_number(t, S("fr"), 1e300, 2, &out).len > 300);
}

/* What is written without ICU is what ICU writes. */
static void
test_small_numbers_as_icu(void **state)
{
	UErrorCode e = U_ZERO_ERROR;
	UNumberFormat *icu = unum_open(UNUM_DECIMAL, NULL, 0, "fr", NULL, &e);
	(void)state;

	for (int tenths = 0; tenths < 10100; tenths++)
		for (int decimals = -1; decimals <= 1; decimals++) {
			UChar wide[32];
			char want[64];
			if (decimals == 0 && tenths % 10)
				continue;
			unum_setAttribute(icu, UNUM_MIN_FRACTION_DIGITS, decimals < 0 ? 0 : decimals);
			unum_setAttribute(icu, UNUM_MAX_FRACTION_DIGITS, decimals < 0 ? 3 : decimals);
			unum_formatDouble(icu, tenths / 10.0, wide, 32, NULL, &e);
			u_strToUTF8(want, sizeof want, NULL, wide, -1, &e);
			assert_true(U_SUCCESS(e));
			is(text_number(t, S("fr"), tenths / 10.0, decimals, &out), want);
		}
	unum_close(icu);
}

static void
test_plurals_and_lists(void **state)
{
	const str words[] = { S("a"), S("b"), S("c") };
	(void)state;

	assert_int_equal(text_plural(t, S("fr"), 0), TEXT_ONE);
	assert_int_equal(text_plural(t, S("fr"), 1.5), TEXT_ONE);
	assert_int_equal(text_plural(t, S("fr"), 2), TEXT_OTHER);
	assert_int_equal(text_plural(t, S("en"), 0), TEXT_OTHER);
	is(text_list(t, S("fr"), words, 3, false, &out), "a, b et c");
	is(text_list(t, S("fr"), words, 2, true, &out), "a ou b");
	is(text_list(t, S("fr"), words, 1, false, &out), "a");
	is(text_list(t, S("fr"), words, 0, false, &out), "");
}

static void
test_letters(void **state)
{
	(void)state;
	is(text_lower(t, S("fr"), S("ÉCOLE"), &out), "école");
	is(text_upper(t, S("fr"), S("œuvre"), &out), "ŒUVRE");
	is(text_capital(t, S("fr"), S("établissement de Santé"), &out), "Établissement de Santé");
	is(text_capital(t, S("fr"), S(""), &out), "");
	is(text_fold(t, S("Cœur d'Élan, ﬁn ÑŒ"), &out), "coeur d'elan, fin noe");
	is(text_slug(t, S("  L’Île-d'Yeu : 2e étape !"), &out), "l-ile-d-yeu-2e-etape");
	is(text_slug(t, S("???"), &out), "");
}

static int
order(const char *a, const char *b)
{
	return str_compare(text_sort_key(t, S("fr"), str_from_c(a), &out), text_sort_key(t, S("fr"), str_from_c(b), &out));
}

static void
test_collation(void **state)
{
	(void)state;
	assert_true(order("École", "Eclat") > 0);
	assert_true(order("école", "ecu") < 0);
	assert_true(order("Offre 2", "Offre 10") < 0);
	assert_true(order("cote", "côte") < 0);
	assert_true(order("même", "même") == 0);
}

static void
test_bad_bytes(void **state)
{
	(void)state;
	assert_true(text_lower(t, S("fr"), S("a\xff" "b"), &out).len > 2);
	text_sort_key(t, S("fr"), S("\xc3"), &out);
	text_fold(t, S("\xed\xa0\x80"), &out);
}

static int
open_all(void **state)
{
	(void)state;
	arena_init(&out, &page_source_malloc);
	t = text_open();
	return 0;
}

static int
close_all(void **state)
{
	(void)state;
	text_close(t);
	arena_free(&out);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates), cmocka_unit_test(test_times), cmocka_unit_test(test_periods), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_small_numbers_as_icu),
		cmocka_unit_test(test_plurals_and_lists), cmocka_unit_test(test_letters), cmocka_unit_test(test_collation),
		cmocka_unit_test(test_bad_bytes),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
