/* base/: str, buf, utf8, suggest. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/suggest.h"
#include "base/utf8.h"

static void
assert_str(str got, const char *expected)
{
	assert_int_equal(got.len, strlen(expected));
	assert_memory_equal(got.len ? got.ptr : "", expected, got.len);
}

static void
views(void **state)
{
	size_t at = 99;
	str head, tail, rest = S("a,,b,"), piece;
	int n = 0;

	(void)state;
	assert_true(str_equal(STR_NONE, S("")));
	assert_true(str_equal_fold(S("Abé"), S("aBé")));
	assert_false(str_equal_fold(S("é"), S("É")));
	assert_true(str_compare(S("a"), S("ab")) < 0 && str_compare(S("b"), S("ab")) > 0 && str_compare(S("ab"), S("ab")) == 0);
	assert_true(str_compare(S("\x7f"), S("\xc3")) < 0);
	assert_true(str_starts(S("abc"), S("ab")) && !str_starts(S("a"), S("ab")) && str_starts(S("a"), STR_NONE));
	assert_true(str_ends(S("abc"), S("bc")) && !str_ends(S("c"), S("bc")) && str_ends(STR_NONE, S("")));
	assert_true(str_find(S("aabaab"), S("ab"), &at) && at == 1);
	assert_true(str_find(S("a"), S(""), &at) && at == 0);
	assert_false(str_find(S("ab"), S("abc"), &at));
	assert_false(str_find(STR_NONE, S("a"), &at));
	assert_false(str_find_byte(STR_NONE, 'a', &at));
	assert_str(str_slice(S("abc"), 1, 99), "bc");
	assert_str(str_slice(S("abc"), 5, 2), "");
	assert_str(str_slice(STR_NONE, 0, 1), "");
	assert_str(str_trim(S(" \t\r\na b\v\f ")), "a b");
	assert_str(str_trim(S("  ")), "");
	assert_true(str_cut(S("a=b=c"), '=', &head, &tail));
	assert_str(head, "a");
	assert_str(tail, "b=c");
	assert_false(str_cut(S("a"), '=', &head, &tail));
	assert_null(tail.ptr);
	while (str_next(&rest, ',', &piece))
		assert_str(piece, ((const char *const[]){ "a", "", "b", "" })[n++]);
	assert_int_equal(n, 4);
	rest = STR_NONE;
	assert_false(str_next(&rest, ',', &piece));
}

static void
copies(void **state)
{
	struct arena a;
	str parts[] = { S_INIT("a"), S_INIT(""), S_INIT("b") };

	(void)state;
	arena_init(&a, &page_source_malloc);
	assert_str(str_join(&a, parts, 3, S(", ")), "a, , b");
	assert_str(str_join(&a, parts, 0, S(", ")), "");
	assert_str(str_cat(&a, S("a"), STR_NONE, S("b")), "ab");
	assert_str(str_format(&a, "%d-%s", 7, "x"), "7-x");
	assert_int_equal(str_copy(&a, S("ab")).ptr[2], 0);
	assert_non_null(str_copy(&a, STR_NONE).ptr);
	assert_null(str_from_c(NULL).ptr);
	arena_free(&a);
}

static void
numbers(void **state)
{
	static const char *const bad_ints[] = { "", "-", "+", "1 ", " 1", "1.0", "0x1", "9223372036854775808", "é" };
	static const char *const bad_numbers[] = { "", ".", ",", ".5", "5.", "5,", "1.2.3", "1e3", "nan", "inf", "1 000", "--1", "1234567890123456789" };
	int64_t i;
	double d;

	(void)state;
	assert_true(str_to_int(S("-42"), &i) && i == -42);
	assert_true(str_to_int(S("+007"), &i) && i == 7);
	assert_true(str_to_int(S("9223372036854775807"), &i) && i == INT64_MAX);
	for (size_t k = 0; k < sizeof bad_ints / sizeof *bad_ints; k++)
		assert_false(str_to_int(str_from_c(bad_ints[k]), &i));
	assert_true(str_to_number(S("0,5"), &d) && d == 0.5);
	assert_true(str_to_number(S("-450.50"), &d) && d == -450.5);
	assert_true(str_to_number(S("3"), &d) && d == 3);
	for (size_t k = 0; k < sizeof bad_numbers / sizeof *bad_numbers; k++)
		assert_false(str_to_number(str_from_c(bad_numbers[k]), &d));
}

static void
assert_number(double value, const char *expected)
{
	struct buf b;

	buf_init(&b, 100);
	buf_number(&b, value);
	assert_str(buf_str(&b), expected);
	assert_true(strtod(expected, NULL) == value);
	buf_free(&b);
}

/* The fewest digits that read back the same, as printf finds them by trying. */
static void
shortest(void **state)
{
	uint64_t seed = 20260915;
	double scales[] = { 1, 10, 100, 1e3, 1e5, 1e6, 1e7, 1e9, 1e11 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[40];
		double v;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		v = (double)(int64_t)(seed >> 20) / (i % 10 ? 1 : 8388608.0) / scales[i % 9] / 1e4;
		v = i & 1 ? -v : v;
		if (v == floor(v))
			continue;
		for (int precision = 1; precision <= 17; precision++) {
			snprintf(text, sizeof text, "%.*g", precision, v);
			if (strtod(text, NULL) == v)
				break;
		}
		assert_number(v, text);
	}
	for (int i = 1; i < 100000; i += 7) {
		char text[40];
		snprintf(text, sizeof text, "%d.%05d", i % 90, i);
		for (size_t n = strlen(text); text[n - 1] == '0'; n--)
			text[n - 1] = 0;
		assert_number(strtod(text, NULL), text);
	}
}

static void
buffers(void **state)
{
	struct buf b;
	struct arena a;

	(void)state;
	arena_init(&a, &page_source_malloc);
	buf_init(&b, 10);
	assert_str(buf_str(&b), "");
	buf_put_c(&b, "12345");
	buf_int(&b, -678);
	assert_str(buf_str(&b), "12345-678");
	assert_false(b.failed);
	buf_put_c(&b, "ab");
	assert_true(b.failed);
	buf_put_c(&b, "");
	buf_byte(&b, 'x');
	assert_str(buf_str(&b), "12345-678");
	buf_clear(&b);
	buf_fill(&b, 'a', 10);
	assert_false(b.failed);
	buf_fill(&b, 'a', 1);
	assert_true(b.failed);
	buf_free(&b);
	buf_init(&b, 1 << 20);
	buf_format(&b, "%d%700d", 1, 2);
	assert_int_equal(b.len, 701);
	buf_clear(&b);
	buf_int(&b, INT64_MIN);
	assert_str(buf_copy(&b, &a), "-9223372036854775808");
	buf_free(&b);
	assert_number(0, "0");
	assert_number(-0.0, "0");
	assert_number(450.5, "450.5");
	assert_number(-1e14, "-100000000000000");
	assert_number(0.1, "0.1");
	assert_number(1.0 / 3, "0.3333333333333333");
	buf_number(&b, (double)NAN);
	assert_true(b.failed);
	buf_free(&b);
	arena_free(&a);
}

static void
json(void **state)
{
	static const char short_forms[] = "\b\f\n\r\t\"\\";
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	buf_json_string(&b, S("a\"\\\n\t\x01</script>&é\xe2\x80\xa8\xe2\x80\xa9\xe2\x82\xac\x7f"));
	assert_str(buf_str(&b), "\"a\\\"\\\\\\n\\t\\u0001\\u003c/script\\u003e\\u0026é\\u2028\\u2029\xe2\x82\xac\\u007f\"");
	buf_clear(&b);
	buf_json(&b, S("\xe2\x80"));
	assert_str(buf_str(&b), "\xe2\x80");
	/* each special byte at each place of a text that is looked at by sixteen bytes */
	for (int c = 1; c < 256; c++)
		for (size_t at = 0; at < 40; at++) {
			char text[41], expected[60], escaped[8];
			memset(text, 'x', 40);
			text[at] = (char)c;
			if (strchr(short_forms, c))
				snprintf(escaped, sizeof escaped, "\\%c", "bfnrt\"\\"[strchr(short_forms, c) - short_forms]);
			else if (c < 0x20 || c == 0x7f || strchr("<>&", c))
				snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)c);
			else
				snprintf(escaped, sizeof escaped, "%c", c);
			snprintf(expected, sizeof expected, "%.*s%s%.*s", (int)at, text, escaped, (int)(39 - at), text + at + 1);
			buf_clear(&b);
			buf_json(&b, (str){ text, 40 });
			assert_str(buf_str(&b), expected);
		}
	buf_free(&b);
}

static void
utf8(void **state)
{
	static const struct { const char *bytes; size_t bad; } invalid[] = {
		{ "a\x80", 1 }, { "\xc0\xaf", 0 }, { "\xc1\xbf", 0 }, { "\xe0\x9f\xbf", 0 }, { "\xed\xa0\x80", 0 }, { "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf4\x90\x80\x80", 0 }, { "\xf5\x80\x80\x80", 0 }, { "é\xc3", 2 }, { "\xe2\x82", 0 }, { "\xe2\x28\xa1", 0 }, { "\xff", 0 },
	};
	static const uint32_t points[] = { 0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff };
	size_t at = 99;

	(void)state;
	assert_true(utf8_valid(S("aé€𝄞"), &at));
	assert_true(utf8_valid(STR_NONE, &at));
	for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
		assert_false(utf8_valid(str_from_c(invalid[i].bytes), &at));
		assert_int_equal(at, invalid[i].bad);
		at = invalid[i].bad;
		assert_int_equal(utf8_next(str_from_c(invalid[i].bytes), &at), 0xfffd);
		assert_int_equal(at, invalid[i].bad + 1);
	}
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		char bytes[4];
		str s = { bytes, utf8_encode(points[i], bytes) };
		assert_true(utf8_valid(s, &at));
		at = 0;
		assert_int_equal(utf8_next(s, &at), points[i]);
		assert_int_equal(at, s.len);
	}
	assert_int_equal(utf8_length(S("aé€𝄞")), 4);
	assert_str(utf8_prefix(S("aé€𝄞"), 2), "aé");
	assert_str(utf8_prefix(S("aé"), 9), "aé");
}

static void
suggestions(void **state)
{
	static const str names[] = { S_INIT("titre"), S_INIT("resume"), S_INIT("territoires"), S_INIT("commune") };
	char long_name[300];

	(void)state;
	assert_int_equal(suggest_distance(S(""), S("abc")), 3);
	assert_int_equal(suggest_distance(S("abc"), S("acb")), 1);
	assert_int_equal(suggest_distance(S("ca"), S("abc")), 3);
	assert_int_equal(suggest_distance(S("chat"), S("chien")), 3);
	assert_str(suggest_nearest(S("tirte"), names, 4), "titre");
	assert_str(suggest_nearest(S("teritoire"), names, 4), "territoires");
	assert_str(suggest_nearest(S("xyz"), names, 4), "");
	assert_str(suggest_nearest(S("resume"), names, 0), "");
	memset(long_name, 'a', sizeof long_name);
	assert_int_equal(suggest_distance((str){ long_name, 300 }, (str){ long_name, 200 }), 0);
}

static bool
is_gap(str s, size_t at)
{
	return (unsigned char)s.ptr[at] < ' ' || (s.ptr[at] == ' ' && (at + 1 == s.len || s.ptr[at + 1] == ' '));
}

/* What is found eight bytes at a time is what is found byte by byte, for every byte at every place. */
static void
scanning(void **state)
{
	char room[24];

	(void)state;
	for (size_t len = 1; len <= sizeof room; len++)
		for (size_t at = 0; at < len; at++)
			for (int byte = 0; byte < 256; byte++) {
				str s = { room, len };
				unsigned char c = (unsigned char)byte;
				memset(room, 'a', sizeof room);
				room[0] = '~';
				room[at] = (char)c;
				assert_int_equal(bytes_unprintable(s, 0), c >= 0x20 && c < 0x7f ? len : at);
				assert_int_equal(bytes_control(s, 0), c >= 0x20 && c != 0x7f ? len : at);
				assert_int_equal(bytes_markup(s, 0), c == '&' || c == '<' || c == '>' || c == '"' ? at : len);
				assert_int_equal(bytes_gap(s, 0), is_gap(s, at) ? at : len);
				room[len - 1] = ' ';
				assert_int_equal(bytes_gap(s, 0), is_gap(s, at) ? at : len - 1);
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views), cmocka_unit_test(scanning), cmocka_unit_test(copies), cmocka_unit_test(numbers), cmocka_unit_test(shortest), cmocka_unit_test(buffers), cmocka_unit_test(json),
		cmocka_unit_test(utf8), cmocka_unit_test(suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
