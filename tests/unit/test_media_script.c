/* media: what scripts lose when they are published, and when they are left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

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
alone(const char *source)
{
	check(source, source);
}

static void
comments_and_spaces(void **state)
{
	(void)state;
	check("// who\nconst a = 1;\n\n\tif (a) {\n\t\t// why\n\t\tb(a); // how\n\t}\n", "const a=1;if(a){b(a);}\n");
	check("a = `x ${ y } z`;\r\n  b()", "a=`x ${y} z`;b()");
	check("/* one\n// two */ three();\n", "three();");
	check("/** why\n *  so */\nlet a = /* or b */ c", "let a=c");
	check("a /* one */ b // two", "a b");
	check("", "");
	check("// nothing", "");
}

/* A statement may end where its line does. */
static void
lines(void **state)
{
	(void)state;
	check("let a = b\nlet c\n  (d)\nreturn\n{ e }\n", "let a=b\nlet c\n(d)\nreturn\n{e}\n");
	check("f(a,\n  b);\nif (c) {\n  d\n}\n", "f(a,b);if(c){d}\n");
	check("a /* x\n y */ b\n++c", "a\nb\n++c");
}

static void
what_must_part(void **state)
{
	(void)state;
	check("a + +b - -c + ++d - e", "a+ +b- -c+ ++d-e");
	check("const x = typeof y in z, é = à là", "const x=typeof y in z,é=à là");
	check("1 .toFixed(); [... a]", "1 .toFixed();[... a]");
	check("a / /b/ . c", "a/ /b/. c");
	check("if (a < !b) c", "if(a< !b)c");
}

static void
texts(void **state)
{
	(void)state;
	check("a = 'x  // y' + \"z  /* ' */\" ;", "a='x  // y'+\"z  /* ' */\";");
	check("a = 'it\\'s  ' + b", "a='it\\'s  '+b");
	check("a = 'x \\\n  y';\n", "a='x \\\n  y';");
	check("a = `x\n  // y\n`;\n", "a=`x\n  // y\n`;");
	check("a = `x ${ b(`\n  // ${ { c: 1 }.c }  y\n`) } \\`  z`;\n", "a=`x ${b(`\n  // ${{c:1}.c}  y\n`)} \\`  z`;");
}

static void
slashes(void **state)
{
	(void)state;
	check("a = b / c / d; e = (f) / g['h'] / 2", "a=b/c/d;e=(f)/g['h']/2");
	check("a.replace(/[/'  ]/g, '').match( /\\/  '/ )", "a.replace(/[/'  ]/g,'').match(/\\/  '/)");
	check("return /'  /.test(a)", "return/'  /.test(a)");
	check("if ((a)) /'  /.exec(b)", "if((a))/'  /.exec(b)");
	check("a.if (b) / c  / d", "a.if(b)/c/d");
	check("a.return / b  / c", "a.return/b/c");
	check("a++ / 2  / b", "a++/2/b");
	check("a = !/  /.b && x => /  /", "a=!/  /.b&&x=>/  /");
}

static void
licences(void **state)
{
	(void)state;
	check("/* @preserve\n * whose */\n!a", "/* @preserve\n * whose */\n!a");
	check("b; /*! whose  */ a ( )", "b;/*! whose  */a()");
	check("// @license whose;\na", "a");
}

/* What cannot be told apart, and what is no script. */
static void
left_alone(void **state)
{
	(void)state;
	alone("{ a }  /b/");
	alone("a  <!-- b");
	alone("a  = 'x\n'");
	alone("a  = `x");
	alone("a  = /x");
	alone("a  = ( b ]");
	alone("a  = ( b }");
	alone("a  = b )");
	alone("a  /* b");
	alone("a  = '\\");
}

static void
very_deep(void **state)
{
	char source[1024];

	(void)state;
	memset(source, '(', 300);
	memset(source + 300, ' ', 10);
	memset(source + 310, ')', 300);
	source[610] = '\0';
	alone(source);
	memset(source, '(', 200);
	memset(source + 200, ')', 200);
	memcpy(source + 400, " ;", 3);
	assert_int_equal(media_slim_script(str_from_c(source), &arena).len, 401);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(comments_and_spaces), cmocka_unit_test(lines), cmocka_unit_test(what_must_part), cmocka_unit_test(texts),
		cmocka_unit_test(slashes), cmocka_unit_test(licences), cmocka_unit_test(left_alone), cmocka_unit_test(very_deep) };
	int failed;

	arena_init(&arena, &page_source_malloc);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
