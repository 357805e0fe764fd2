/* media: what scripts lose when they are published, and when they are left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "media/inside.h"

static struct arena arena;

static void
check(const char *source, const char *published)
{
	str got = media_slim_script(str_from_c(source), &arena);

	if (!str_equal(got, str_from_c(published)))
		print_message("%.*s\n", STR_ARG(got));
	assert_true(str_equal(got, str_from_c(published)));
}

static void
slimmer(void **state)
{
	(void)state;
	check("// who\nconst a = 1;\n\n\tif (a) {\n\t\t// why\n\t\tb(a); // stays\n\t}\n", "const a = 1;\nif (a) {\nb(a); // stays\n}\n");
	check("a = `x ${y} z`;\r\n  b()", "a = `x ${y} z`;\nb()\n");
	check("/* one\n// two */ three();\n", "/* one\n// two */ three();\n");
	check("", "");
}

/* A text over several lines keeps its lines, so all of the script does. */
static void
left_alone(void **state)
{
	(void)state;
	check("a = `x\n  // y\n`;\n", "a = `x\n  // y\n`;\n");
	check("a = `x ${b(`\n  // y\n`)}`;\n", "a = `x ${b(`\n  // y\n`)}`;\n");
	check("a = 'x \\\n  y';\n", "a = 'x \\\n  y';\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(slimmer), cmocka_unit_test(left_alone) };
	int failed;

	arena_init(&arena, &page_source_malloc);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
