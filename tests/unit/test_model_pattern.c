/* The regular expressions of `motif:`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "model/pattern.h"

static struct pattern *
compile(struct arena *out, const char *text)
{
	struct phrase why;
	size_t at;
	return pattern_compile(str_from_c(text), out, &why, &at);
}

static void
matches_whole_values(void **state)
{
	static const struct { const char *pattern, *text; bool match; } cases[] = {
		{ "[0-9]{5}", "33390", true }, { "[0-9]{5}", "3339", false }, { "[0-9]{5}", "333900", false }, { "[0-9]{5}", "3339a", false },
		{ "([0-9]{2,3}|2[AB])", "33", true }, { "([0-9]{2,3}|2[AB])", "974", true }, { "([0-9]{2,3}|2[AB])", "2A", true }, { "([0-9]{2,3}|2[AB])", "2C", false },
		{ "[0-9]{1,2} h( [0-9]{2})?", "18 h", true }, { "[0-9]{1,2} h( [0-9]{2})?", "18 h 30", true }, { "[0-9]{1,2} h( [0-9]{2})?", "18 h 3", false },
		{ "/.*", "/offres/", true }, { "/.*", "offres/", false }, { "a.c", "aéc", true }, { "a.c", "ac", false },
		{ "[^a-z]+", "ABC", true }, { "[^a-z]+", "AbC", false }, { "[]a]+", "]a", true }, { "[a-]+", "-a", true }, { "[é-ê]", "é", true },
		{ "\\d+\\.\\d+", "12.5", true }, { "\\d+\\.\\d+", "12a5", false }, { "^ab$", "ab", true }, { "a|bc|", "", true }, { "a|bc|d", "bc", true },
		{ "(ab)*", "ababab", true }, { "(ab)*", "aba", false }, { "a{0}b", "b", true }, { "a{2,}", "aaaa", true }, { "a{2,}", "a", false },
		{ "(a*)*b", "aaab", true }, { "(a|b){2,3}c?", "abac", true }, { "", "", true }, { "", "x", false },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, &page_source_malloc);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct pattern *p = compile(&arena, cases[i].pattern);
		if (!p || pattern_match(p, str_from_c(cases[i].text)) != cases[i].match)
			fail_msg("%s against '%s'", cases[i].pattern, cases[i].text);
	}
	arena_free(&arena);
}

static void
refuses_what_it_cannot_read(void **state)
{
	static const char *const bad[] = { "(", "(a", "a)", "[a", "[z-a]", "*", "a**", "a{", "a{2", "a{3,2}", "a{300}", "\\w", "a^b", "a$b", "((((a{200}){200}){200}){200})", "\\" };
	struct arena arena;

	(void)state;
	arena_init(&arena, &page_source_malloc);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (compile(&arena, bad[i]))
			fail_msg("%s was read", bad[i]);
	arena_free(&arena);
}

/* Backtracking matchers take 2^n steps here. */
static void
takes_linear_time(void **state)
{
	struct arena arena;
	struct pattern *p;
	char text[4001];

	(void)state;
	arena_init(&arena, &page_source_malloc);
	p = compile(&arena, "(a?){100}(a*)*(a|aa)+b");
	assert_non_null(p);
	memset(text, 'a', 4000);
	text[4000] = '\0';
	assert_false(pattern_match(p, str_from_c(text)));
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_whole_values),
		cmocka_unit_test(refuses_what_it_cannot_read),
		cmocka_unit_test(takes_linear_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
