/* diag/: the catalogue, positions, sorting and repetitions, the four forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "diag/diag.h"
#include "diag/messages.h"

static struct arena out;
static struct files files;
static struct diag diag;
static struct buf printed;
static str source;

static bool
read_source(void *context, str path, struct arena *to, str *bytes)
{
	(void)context;
	*bytes = str_copy(to, source);
	return !str_equal(path, S("absent.md"));
}

static int
setup(void **state)
{
	(void)state;
	arena_init(&out, &page_source_malloc);
	files_init(&files, &out);
	files.read = read_source;
	diag_init(&diag, &out, &files);
	buf_init(&printed, 1 << 20);
	source = S("titre: Été à la mer\nlieu: bourg\n");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_free(&printed);
	arena_free(&out);
	return 0;
}

static const char *
print(enum diag_format format, enum diag_language language, uint32_t limit)
{
	struct diag_printing how = { .format = format, .language = language, .limit = limit };

	buf_clear(&printed);
	diag_print(&diag, &how, &printed);
	buf_byte(&printed, '\0');
	return printed.ptr;
}

static struct span
at(const char *path, const char *words)
{
	size_t start = 0;

	assert_true(str_find(source, str_from_c(words), &start));
	return (struct span){ files_add(&files, str_from_c(path)), (uint32_t)start, (uint32_t)(start + strlen(words)) };
}

/* --- the catalogue --- */

/* The arguments that a text names, as bits. */
static unsigned
arguments(str s)
{
	unsigned found = 0;

	for (size_t i = 0; i + 2 < s.len; i++)
		if (s.ptr[i] == '{' && s.ptr[i + 1] >= '0' && s.ptr[i + 1] <= '9' && s.ptr[i + 2] == '}')
			found |= 1u << (s.ptr[i + 1] - '0');
	return found;
}

static size_t
alternatives(str s)
{
	size_t n = 1, where;

	while (str_find(s, S("||"), &where)) {
		n++;
		s = str_slice(s, where + 2, s.len);
	}
	return n;
}

static void
names_are_unique(void **state)
{
	struct map seen = { 0 };

	(void)state;
	for (enum diag_code c = 0; c < DIAG_N_CODES; c++) {
		str name = diag_name(c);
		assert_true(name.len > 0);
		for (size_t i = 0; i < name.len; i++)
			if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.ptr[i]))
				fail_msg("%.*s", STR_ARG(name));
		if (map_find(&seen, name, NULL))
			fail_msg("%.*s stands twice", STR_ARG(name));
		map_set(&out, &seen, name, NULL);
	}
}

/* Some texts take one argument a language (a phrase handed over in both): those are the pairs that may differ. */
static void
both_languages_say_the_same(void **state)
{
	static const enum diag_code phrases[] = {
		TYPE_FORM, TYPE_UNKNOWN_NAME, TYPE_FIELD_KIND, TYPE_TWICE, TYPE_EXTENSION, TYPE_PATTERN, TYPE_DEFAULT, SCALAR_EXPECTED, VALUE_UNREADABLE, VALUE_IMPOSSIBLE_DATE,
	};

	(void)state;
	for (enum diag_code c = 0; c < DIAG_N_CODES; c++) {
		const struct diag_message *m = &diag_messages[c];
		bool phrase = false;
		for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
			phrase |= phrases[i] == c;
		if (!m->text[DIAG_FR].len || !m->text[DIAG_EN].len || !m->remedy[DIAG_FR].len != !m->remedy[DIAG_EN].len)
			fail_msg("%.*s has only one language", STR_ARG(m->name));
		if (!phrase && arguments(m->text[DIAG_FR]) != arguments(m->text[DIAG_EN]))
			fail_msg("%.*s: arguments of the texts", STR_ARG(m->name));
		if (!phrase && (arguments(m->remedy[DIAG_FR]) & ~arguments(m->remedy[DIAG_EN])) && alternatives(m->remedy[DIAG_FR]) == alternatives(m->remedy[DIAG_EN]))
			fail_msg("%.*s: arguments of the remedies", STR_ARG(m->name));
	}
}

/* All but a theme's own words. */
static void
every_error_has_a_remedy(void **state)
{
	(void)state;
	/* SCRIPT_AUTHOR and SCRIPT_REFUSAL are a theme's own words, its remedy among them. */
	for (enum diag_code c = 0; c < DIAG_N_CODES; c++)
		if (diag_severity(c) == DIAG_ERROR && c != SCRIPT_AUTHOR && c != SCRIPT_REFUSAL && !diag_messages[c].remedy[DIAG_FR].len)
			fail_msg("%.*s", STR_ARG(diag_name(c)));
}

/* --- positions --- */

static void
columns_count_characters(void **state)
{
	str s = S("é\r\n\xf0\x9f\x8f\xa5 x\nfin");

	(void)state;
	assert_int_equal(diag_position(s, 0).column, 1);
	assert_int_equal(diag_position(s, 2).column, 2);
	assert_int_equal(diag_position(s, 4).line, 2);
	assert_int_equal(diag_position(s, 4).column, 1);
	assert_int_equal(diag_position(s, 9).column, 3);
	assert_int_equal(diag_position(s, 11).line, 3);
	assert_int_equal(diag_position(s, 9999).line, 3);
	assert_int_equal(diag_position(s, 9999).column, 4);
	assert_int_equal(diag_position(S(""), 7).line, 1);
}

static void
the_caret_stands_below_its_word(void **state)
{
	(void)state;
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "à"), S("x"), S(""), S("titre, lieu"));
	assert_string_equal(print(DIAG_TEXT, DIAG_FR, 200),
	    "a.md:1:12: erreur: champ inconnu : x [champ-inconnu]\n"
	    "    titre: Été à la mer\n"
	    "               ^\n"
	    "    remède : champs possibles : titre, lieu\n"
	    "1 erreur, 0 avertissement\n");
}

static void
a_long_line_is_cut_around_the_caret(void **state)
{
	char line[1001];
	const char *text;
	str rest, first, excerpt, caret;

	(void)state;
	memset(line, 'a', 1000);
	line[500] = 'X';
	source = (str){ line, 1000 };
	diag_emit(&diag, YAML_KEY, (struct span){ files_add(&files, S("a.md")), 500, 501 }, NULL, 0);
	text = print(DIAG_TEXT, DIAG_FR, 200);
	rest = str_from_c(text);
	assert_true(str_next(&rest, '\n', &first) && str_next(&rest, '\n', &excerpt) && str_next(&rest, '\n', &caret));
	assert_int_equal(excerpt.len, 4 + 160);
	assert_int_equal(excerpt.ptr[caret.len - 1], 'X');
}

static void
an_unreadable_file_has_no_excerpt(void **state)
{
	(void)state;
	diag_add(&diag, FILE_UNREADABLE, SPAN_FILE(files_add(&files, S("absent.md"))), S("droits"));
	assert_string_equal(print(DIAG_TEXT, DIAG_EN, 200),
	    "absent.md: error: cannot read: droits [fichier-illisible]\n"
	    "    remedy: check the file and its permissions\n"
	    "1 error, 0 warnings\n");
}

/* --- what is shown --- */

static void
order_is_that_of_places(void **state)
{
	const char *text;

	(void)state;
	diag_add(&diag, FIELD_UNKNOWN, at("b.md", "lieu"), S("3"), S(""), S(""));
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("2"), S(""), S(""));
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "titre"), S("1"), S(""), S(""));
	diag_add(&diag, USAGE_NO_SITE, SPAN_NONE, S("0"));
	text = print(DIAG_TEXT, DIAG_FR, 200);
	assert_true(strstr(text, "dans 0") < strstr(text, "inconnu : 1"));
	assert_true(strstr(text, "inconnu : 1") < strstr(text, "inconnu : 2"));
	assert_true(strstr(text, "inconnu : 2") < strstr(text, "inconnu : 3"));
}

static void
repetitions_count_once(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("lieu"), S(""), S(""));
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("leiu"), S(""), S(""));
	assert_non_null(strstr(print(DIAG_TEXT, DIAG_FR, 200), "\n2 erreurs, 0 avertissement\n"));
	assert_non_null(strstr(print(DIAG_TEXT, DIAG_FR, 1), "\n2 erreurs, 0 avertissement (1 non affichés)\n"));
	assert_non_null(strstr(print(DIAG_TEXT, DIAG_EN, 1), "\n2 errors, 0 warnings (1 not shown)\n"));
}

static void
quiet_leaves_errors(void **state)
{
	struct diag_printing how = { .format = DIAG_TEXT, .language = DIAG_FR, .limit = 200, .errors_only = true };

	(void)state;
	diag_add(&diag, VALUE_NEEDS_QUOTES, at("a.md", "bourg"), S("lieu"), S("bourg"));
	diag_print(&diag, &how, &printed);
	assert_int_equal(printed.len, 0);
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("lieu"), S(""), S(""));
	diag_print(&diag, &how, &printed);
	buf_byte(&printed, '\0');
	assert_non_null(strstr(printed.ptr, "1 erreur, 0 avertissement"));
	assert_null(strstr(printed.ptr, "attention"));
}

static void
a_remedy_has_all_its_arguments(void **state)
{
	(void)state;
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("leiu"), S("lieu"), S("titre"));
	assert_non_null(strstr(print(DIAG_TEXT, DIAG_FR, 200), "    remède : vouliez-vous dire « lieu » ?\n"));
	diag_init(&diag, &out, &files);
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("leiu"), S(""), S("titre"));
	assert_non_null(strstr(print(DIAG_TEXT, DIAG_FR, 200), "    remède : champs possibles : titre\n"));
	diag_init(&diag, &out, &files);
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("leiu"));
	assert_null(strstr(print(DIAG_TEXT, DIAG_FR, 200), "remède"));
}

static void
terminals_are_not_moved(void **state)
{
	const char *text;

	(void)state;
	source = S("titre: \x1b[31m\xe2\x80\xaexyz\n");
	diag_add(&diag, FIELD_UNKNOWN, at("a\n.md", "xyz"), S("\x1b[2J\xc2\x9b\x31m"), S(""), S("\ra"));
	text = print(DIAG_TEXT, DIAG_FR, 200);
	assert_null(strchr(text, 0x1b));
	assert_null(strchr(text, '\r'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_ptr_equal(strstr(text, "a\xef\xbf\xbd.md:1:"), text);
	text = print(DIAG_GITHUB, DIAG_FR, 0);
	assert_null(strchr(text, 0x1b));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

/* --- the other forms --- */

static void
json_holds_all(void **state)
{
	(void)state;
	assert_string_equal(print(DIAG_JSON, DIAG_FR, 200), "[]\n");
	diag_add(&diag, FIELD_UNKNOWN, at("a.md", "lieu"), S("\"\x1b"), S(""), S("titre"));
	diag_add(&diag, USAGE_UNKNOWN_COMMAND, SPAN_NONE, S("é"), S(""));
	assert_string_equal(print(DIAG_JSON, DIAG_EN, 1),
	    "[{\"code\":\"commande-inconnue\",\"severity\":\"error\",\"message\":\"unknown command: é\",\"remedy\":\"see vitrine --help\"},\n"
	    "{\"code\":\"champ-inconnu\",\"severity\":\"error\",\"file\":\"a.md\",\"line\":2,\"column\":1,\"offset\":23,\"length\":4,"
	    "\"message\":\"unknown field: \\\"\\u001b\",\"remedy\":\"possible fields: titre\"}]\n");
}

static void
sarif_names_files_by_uri(void **state)
{
	const char *text;

	(void)state;
	diag_add(&diag, FIELD_UNKNOWN, at("été 1.md", "lieu"), S("x"), S(""), S("titre"));
	text = print(DIAG_SARIF, DIAG_FR, 200);
	assert_non_null(strstr(text, "\"uri\":\"%C3%A9t%C3%A9%201.md\""));
	assert_non_null(strstr(text, "\"region\":{\"startLine\":2,\"startColumn\":1}"));
	assert_non_null(strstr(text, "\"columnKind\":\"unicodeCodePoints\""));
	assert_non_null(strstr(text, "champ inconnu : x\\nremède : champs possibles : titre"));
}

static void
annotations_are_one_line(void **state)
{
	(void)state;
	diag_add(&diag, FIELD_UNKNOWN, at("a,b:c.md", "lieu"), S("100 %"), S(""), S("titre"));
	assert_string_equal(print(DIAG_GITHUB, DIAG_EN, 200),
	    "::error file=a%2Cb%3Ac.md,line=2,col=1,title=champ-inconnu::unknown field: 100 %25%0Aremedy: possible fields: titre\n");
}

static void
lists_merge(void **state)
{
	struct diag other;

	(void)state;
	diag_init(&other, &out, &files);
	diag_add(&other, FIELD_UNKNOWN, at("a.md", "lieu"), S("x"), S(""), S(""));
	diag_add(&other, VALUE_NEEDS_QUOTES, at("a.md", "bourg"), S("lieu"), S("bourg"));
	diag_merge(&diag, &other);
	assert_int_equal(diag.n_errors, 1);
	assert_int_equal(diag.n_warnings, 1);
	assert_true(diag_has_error(&diag, DIAG_CONTENT) && !diag_has_error(&diag, DIAG_THEME));
	diag_init(&diag, &out, &files);
	diag_merge_errors(&diag, &other);
	assert_int_equal(diag.entries.len, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		TEST(names_are_unique), TEST(both_languages_say_the_same), TEST(every_error_has_a_remedy),
		TEST(columns_count_characters), TEST(the_caret_stands_below_its_word),
		TEST(a_long_line_is_cut_around_the_caret), TEST(an_unreadable_file_has_no_excerpt), TEST(order_is_that_of_places),
		TEST(repetitions_count_once), TEST(quiet_leaves_errors), TEST(a_remedy_has_all_its_arguments), TEST(terminals_are_not_moved),
		TEST(json_holds_all), TEST(sarif_names_files_by_uri), TEST(annotations_are_one_line), TEST(lists_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
