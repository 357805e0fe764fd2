/* Checks over several files: blocks their parents must draw, macros their libraries must have. */
#include "template_fixture.h"

static struct template
compile(const char *name, const char *source)
{
	struct template_options o = { .name = str_from_c(name), .file = files_add(&files, str_from_c(name)), .language = TEMPLATE_HTML };
	struct template t;

	assert_true(template_compile(&t, str_from_c(source), &o, &out, &tmp, &diag));
	return t;
}

static void
assert_report(size_t i, enum diag_code code, file_id file, uint32_t start, str suggestion, size_t argument)
{
	assert_true(diag.entries.len > i);
	assert_int_equal(diag.entries.ptr[i].code, code);
	assert_int_equal(diag.entries.ptr[i].at.file, file);
	assert_int_equal(diag.entries.ptr[i].at.start, start);
	assert_true(str_equal(diag.entries.ptr[i].args[argument], suggestion));
}

static void
blocks_have_a_parent(void **state)
{
	struct template base = compile("base.html", "{% block contenu %}{% block pied %}{% end %}{% end %}<p {% block k attributs %}{% end %}>");
	struct template child = compile("child.html", "{% extends 'base.html' %}{% block contneu %}{% block neuf %}{% end %}{% end %}{% block pied %}{% end %}");
	struct template leaf = compile("leaf.html", "{% extends 'child.html' %}{% block k %}{% end %}{% block neuf %}{% end %}{% block autre %}{% end %}");
	const struct template *chain[] = { &leaf, &child, &base };

	(void)state;
	template_check_chain(chain + 2, 1, &diag);
	assert_int_equal(diag.entries.len, 0);
	template_check_chain(chain, 3, &diag);
	assert_int_equal(diag.entries.len, 3);
	assert_report(0, TEMPLATE_BLOCK_KIND, leaf.file, 35, S("base.html"), 1);
	assert_report(1, TEMPLATE_UNKNOWN_BLOCK, leaf.file, 82, S(""), 1);
	assert_report(2, TEMPLATE_UNKNOWN_BLOCK, child.file, 34, S("contenu"), 1);
}

static void
libraries_have_the_macros(void **state)
{
	struct template m = compile("m.html", "{% macro carte(o) %}{% end %}{% macro liste(l) %}{% end %}");
	struct template page = compile("page.html", "{% import 'm.html' as m %}{% import 'n.html' as n %}{{ m.carte(1) }}{{ m.crate(2) }}{{ x or m.lsite(3) }}{{ n.rien() }}");

	(void)state;
	template_check_import(&page, S("m.html"), &m, &diag);
	assert_int_equal(diag.entries.len, 2);
	assert_report(0, TEMPLATE_UNKNOWN_MEMBER, page.file, 71, S("carte"), 2);
	assert_report(1, TEMPLATE_UNKNOWN_MEMBER, page.file, 94, S("liste"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(blocks_have_a_parent, setup, teardown),
		cmocka_unit_test_setup_teardown(libraries_have_the_macros, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
