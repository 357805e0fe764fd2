/* The escapers: exact forms, and the property that a value never ends the place it stands in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "script/escape.h"

static const char *
written(struct buf *b)
{
	buf_byte(b, '\0');
	return b->ptr;
}

#define writes(escaper, in, out) \
	do { \
		struct buf b_; \
		buf_init(&b_, 1 << 20); \
		escaper(&b_, S(in)); \
		assert_string_equal(written(&b_), out); \
		buf_free(&b_); \
	} while (0)

#define refuses(escaper, in) \
	do { \
		struct buf b_; \
		buf_init(&b_, 1 << 20); \
		assert_false(escaper(&b_, S(in))); \
		buf_free(&b_); \
	} while (0)

static void
html(void **state)
{
	(void)state;
	writes(escape_html, "a & <b> \"c\" 'd'", "a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39;");
	writes(escape_html, "x\0y", "x\xef\xbf\xbdy");
	writes(escape_html, "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef");
	writes(escape_html, "0123456789abcdef<0123456789abcd'ef>", "0123456789abcdef&lt;0123456789abcd&#39;ef&gt;");
	writes(escape_html, "\"123456789abcde&%$(=?!#;: ,./\xa6\xa7\xbc", "&quot;123456789abcde&amp;%$(=?!#;: ,./\xa6\xa7\xbc");
	writes(escape_xml, "a\001b\tc<", "ab\tc&lt;");
	writes(escape_xml, "seize octets, oui; et seize encore,\tpuis & à la fin de tout \"ceci\"\033.",
	    "seize octets, oui; et seize encore,\tpuis &amp; à la fin de tout &quot;ceci&quot;.");
}

static void
addresses(void **state)
{
	(void)state;
	writes(escape_url, "https://a.fr/é b?x=1&y='2'#z", "https://a.fr/%C3%A9%20b?x=1&amp;y=&#39;2&#39;#z");
	writes(escape_url, "/stages/", "/stages/");
	writes(escape_url, "MAILTO:a@b.fr", "MAILTO:a@b.fr");
	writes(escape_url, "#lieu", "#lieu");
	writes(escape_url, "", "");
	writes(escape_url, "a%20b%zz", "a%20b%25zz");
	writes(escape_url, "\\\\exemple.fr", "%5C%5Cexemple.fr");
	writes(escape_url, "/x\"><script>", "/x%22%3E%3Cscript%3E");
	refuses(escape_url, "javascript:alert(1)");
	refuses(escape_url, " JavaScript:alert(1)");
	refuses(escape_url, "java\nscript:alert(1)");
	refuses(escape_url, "\001javascript:alert(1)");
	refuses(escape_url, "data:text/html,x");
	refuses(escape_url, "vbscript:x");
	refuses(escape_url, "x\0y");
	writes(escape_url_part, "a/b?c&d é", "a%2Fb%3Fc%26d%20%C3%A9");
	writes(escape_url_part, "%41&'", "%2541%26%27");
	writes(escape_url_path, "a/b?c#d", "a/b%3Fc%23d");
	writes(escape_url_path, "a&'%4", "a&amp;&#39;%254");
	writes(escape_url, "/[a]?!$()*+,;=:@~%e9%", "/[a]?!$()*+,;=:@~%e9%25");
}

static void
srcsets(void **state)
{
	(void)state;
	writes(escape_srcset, "/a.jpg 400w,/b.jpg 1.5x", "/a.jpg 400w, /b.jpg 1.5x");
	writes(escape_srcset, "/a.jpg", "/a.jpg");
	refuses(escape_srcset, "/a.jpg wide");
	refuses(escape_srcset, "/b c.jpg 2x");
	refuses(escape_srcset, "javascript:x 2x");
	refuses(escape_srcset, "/a.jpg 2x, , /b.jpg");
}

static void
css(void **state)
{
	(void)state;
	writes(escape_css, "12.5px", "12.5px");
	writes(escape_css, "-3%", "-3%");
	writes(escape_css, "#c05030", "#c05030");
	writes(escape_css, "--ton-clair", "--ton-clair");
	refuses(escape_css, "");
	refuses(escape_css, "red;}");
	refuses(escape_css, "url(x)");
	writes(escape_css, "/assets/titre.1a2b.woff2", "/assets/titre.1a2b.woff2");
	refuses(escape_css, "//ailleurs.fr/x");
	refuses(escape_css, "/a)b");
	refuses(escape_css, "/a//b");
	refuses(escape_css, "#12345");
	refuses(escape_css, "1.");
	refuses(escape_css, "1px2");
	refuses(escape_css, "-");
	refuses(escape_css, "a b");
	refuses(escape_css, "</style>");
}

static void
calendars_and_tables(void **state)
{
	(void)state;
	writes(escape_ics, "a;b,c\\d\r\ne", "a\\;b\\,c\\\\d\\ne");
	writes(escape_csv, "a \"b\"\nc", "\"a \"\"b\"\"\nc\"");
	writes(escape_csv, "=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"");
	writes(escape_csv, "@SUM(1)", "\"'@SUM(1)\"");
	writes(escape_csv, "\t=1", "\"'\t=1\"");
	writes(escape_csv, "-cmd", "\"'-cmd\"");
	writes(escape_csv, "+1+cmd", "\"'+1+cmd\"");
	writes(escape_csv, "-", "\"'-\"");
	writes(escape_csv, "-3.5", "\"-3.5\"");
	writes(escape_csv, "+33 5 36 49 00 10", "\"+33 5 36 49 00 10\"");
	writes(escape_csv, "a=b", "\"a=b\"");
	writes(csv_lines, "a,b\n\n\"c\nd\",\"\"\"\n\"\r\ne", "a,b\r\n\"c\nd\",\"\"\"\n\"\r\ne\r\n");
	writes(ics_fold, "A:1\n\nB:2\n", "A:1\r\nB:2\r\n");
	writes(ics_fold, "0123456789012345678901234567890123456789012345678901234567890123456789012345",
	    "012345678901234567890123456789012345678901234567890123456789012345678901234\r\n 5\r\n");
	/* "é" would be cut at 75: it moves to the next line. */
	writes(ics_fold, "01234567890123456789012345678901234567890123456789012345678901234567890123é",
	    "01234567890123456789012345678901234567890123456789012345678901234567890123\r\n é\r\n");
}

/* --- the property --- */

static uint32_t
random_byte(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 56);
}

/* Bytes that mean something in one of the languages come often. */
static str
random_text(uint64_t *seed, char *room, size_t max)
{
	static const char hot[] = "<>\"'&/\\:;,-!=() \n\r\t%#?[]{}`scriptonload";
	size_t len = random_byte(seed) % max;

	for (size_t i = 0; i < len; i++) {
		uint32_t b = random_byte(seed);
		room[i] = b & 1 ? hot[b % (sizeof hot - 1)] : (char)random_byte(seed);
	}
	return (str){ room, len };
}

static bool
has_any(const struct buf *b, const char *bytes)
{
	for (size_t i = 0; i < b->len; i++)
		if (b->ptr[i] && strchr(bytes, b->ptr[i]))
			return true;
	return false;
}

/* Every '&' starts one of the references we write. */
static bool
references_are_ours(const struct buf *b)
{
	static const char *const ours[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };

	for (size_t i = 0; i < b->len; i++) {
		bool fine = b->ptr[i] != '&';
		for (size_t k = 0; k < 5 && !fine; k++)
			fine = strlen(ours[k]) <= b->len - i && memcmp(b->ptr + i, ours[k], strlen(ours[k])) == 0;
		if (!fine)
			return false;
	}
	return true;
}

static void
nothing_gets_out(void **state)
{
	uint64_t seed = 2026;
	char room[64];
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 200000; i++) {
		str s = random_text(&seed, room, sizeof room);
		buf_clear(&b);
		escape_html(&b, s);
		assert_false(has_any(&b, "<>\"'"));
		assert_true(references_are_ours(&b));
		buf_clear(&b);
		escape_xml(&b, s);
		assert_false(has_any(&b, "<>\"'\001\002\003\004\005\006\007\010\013\014\016\017\033"));
		buf_clear(&b);
		if (escape_url(&b, s)) {
			assert_false(has_any(&b, "<>\"' \n\r\t\\`"));
			assert_true(references_are_ours(&b));
		}
		buf_clear(&b);
		escape_url_part(&b, s);
		assert_false(has_any(&b, "<>\"'&/:?# "));
		buf_clear(&b);
		if (escape_css(&b, s)) {
			assert_false(has_any(&b, "<>\"'&;:{}()*\\ \n,"));
			assert_true(!has_any(&b, "/") || s.ptr[0] == '/');
		}
		buf_clear(&b);
		if (escape_srcset(&b, s))
			assert_false(has_any(&b, "<>\"'"));
		buf_clear(&b);
		escape_ics(&b, s);
		assert_false(has_any(&b, "\n\r"));
		buf_clear(&b);
		escape_csv(&b, s);
		for (size_t k = 1, quotes = 0; k + 1 < b.len; k++) {
			quotes = b.ptr[k] == '"' ? quotes + 1 : 0;
			assert_false(quotes % 2 == 1 && b.ptr[k + 1] != '"');
		}
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html), cmocka_unit_test(addresses), cmocka_unit_test(srcsets), cmocka_unit_test(css),
		cmocka_unit_test(calendars_and_tables), cmocka_unit_test(nothing_gets_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
