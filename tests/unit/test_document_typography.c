/* document/: French typography. _ stands for U+202F, ~ for U+00A0. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "document/markdown.h"

struct example { const char *text, *set; };

static const struct example examples[] = {
	{ "", "" },
	{ "Bonjour !", "Bonjour_!" },
	{ "Bonjour!", "Bonjour_!" },
	{ "Quoi ?! Non !!", "Quoi_?! Non_!!" },
	{ "Oui ; non : peut-être", "Oui_; non~: peut-être" },
	{ "Oui; non: peut-être", "Oui_; non~: peut-être" },
	{ "été: à", "été~: à" },
	{ "« Bonjour »", "«~Bonjour_»" },
	{ "«Bonjour»", "«~Bonjour_»" },
	{ "« Bonjour ! »", "«~Bonjour_!_»" },
	{ "«Vraiment?»", "«~Vraiment_?_»" },
	{ "l'été d'aujourd'hui", "l’été d’aujourd’hui" },
	{ "l'« offre »", "l’«~offre_»" },
	{ "'a' 'b c' 5' rock 'n' roll", "'a' 'b c' 5' rock 'n' roll" },
	{ "etc... a.. b.... ...", "etc… a.. b.... …" },
	{ "450 € 450€ 12 % 12% 5 km 30 min 12 m² 3 kg", "450~€ 450~€ 12~% 12~% 5~km 30~min 12~m² 3~kg" },
	{ "9 h 30, 9 h, 18 h 30 !", "9~h~30, 9~h, 18~h~30_!" },
	{ "9h30 12:30 1:2 a:b", "9h30 12:30 1:2 a:b" },
	{ "3 hommes 5 minutes 2 mois 4 kml", "3 hommes 5 minutes 2 mois 4 kml" },
	{ "05 57 00 00 00", "05 57 00 00 00" },
	{ "f(x) ? :) ;) ?id=1 !important 100%25 n%C3", "f(x)_? :) ;) ?id=1 !important 100%25 n%C3" },
	{ "(vraiment !) [oui ?]", "(vraiment_!) [oui_?]" },
	{ "deux  espaces  !", "deux  espaces_!" },
	{ " : a", " : a" },
	{ "déjà\xe2\x80\xaf! là\xc2\xa0: là\xc2\xa0!", "déjà_! là~: là~!" },
	{ "a\n! b", "a\n! b" },
	{ "« »", "«_»" },
};

static str
marked(str s, struct arena *out)
{
	struct buf b;
	str copy;

	buf_init(&b, 10000);
	for (size_t i = 0; i < s.len; i++) {
		str rest = str_slice(s, i, s.len);
		if (str_starts(rest, S("\xe2\x80\xaf"))) {
			buf_byte(&b, '_');
			i += 2;
		} else if (str_starts(rest, S("\xc2\xa0"))) {
			buf_byte(&b, '~');
			i++;
		} else
			buf_byte(&b, s.ptr[i]);
	}
	copy = buf_copy(&b, out);
	buf_free(&b);
	return copy;
}

static void
french(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, &page_source_malloc);
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		assert_string_equal(marked(typography_french(str_from_c(examples[i].text), &a), &a).ptr, examples[i].set);
	arena_free(&a);
}

/* Random texts of what the rules look at: setting twice is setting once. */
static void
idempotent(void **state)
{
	static const char *const pieces[] = { " ", "  ", "!", "?", ";", ":", "«", "»", "'", ".", "...", "…", "5", "h", "30", "€", "%", "km", "a", "é", "l",
		"\xc2\xa0", "\xe2\x80\xaf", "\n", "(", ")", ",", "\"", "’", "°", "/", "m²" };
	struct arena a;
	uint32_t seed = 7;

	(void)state;
	arena_init(&a, &page_source_malloc);
	for (int n = 0; n < 200000; n++) {
		str text = STR_NONE, once;
		for (int k = 0; k < 8; k++) {
			seed = seed * 1664525 + 1013904223;
			text = str_cat(&a, text, str_from_c(pieces[(seed >> 8) % (sizeof pieces / sizeof *pieces)]));
		}
		once = typography_french(text, &a);
		if (!str_equal(typography_french(once, &a), once))
			fail_msg("%s", text.ptr);
		arena_reset(&a);
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(french), cmocka_unit_test(idempotent) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
