/* Sizes: what Lua would refuse is refused before, with its place; large input stays quick. */
#include "template_fixture.h"

/* head, then n times body with %d the number, then n times tail. */
static str
repeat(const char *head, const char *body, const char *tail, unsigned n)
{
	struct buf b;
	str s;

	buf_init(&b, SIZE_MAX);
	buf_put_c(&b, head);
	for (unsigned i = 0; i < n; i++)
		for (const char *p = body; *p; p++)
			if (*p == '@')
				buf_int(&b, i);
			else
				buf_byte(&b, *p);
	for (unsigned i = 0; i < n; i++)
		buf_put_c(&b, tail);
	s = buf_copy(&b, &out);
	buf_free(&b);
	return s;
}

static bool
compile(str source)
{
	struct template_options o = { .name = S("a.html"), .file = files_add(&files, S("a.html")), .language = TEMPLATE_HTML };
	struct template t;

	return template_compile(&t, source, &o, &out, &tmp, &diag);
}

static void
assert_refused(str source, enum diag_code code)
{
	size_t before = diag.entries.len;

	assert_false(compile(source));
	assert_int_equal(diag.entries.len, before + 1);
	assert_int_equal(diag.entries.ptr[before].code, code);
}

static void
locals_are_counted(void **state)
{
	(void)state;
	assert_true(compile(repeat("", "{% set x@ = 1 %}", "", 150)));
	assert_refused(repeat("", "{% set x@ = 1 %}", "", 151), TEMPLATE_TOO_MANY_LOCALS);
	assert_true(compile(repeat("", "{% set x = @ %}", "", 1000)));
	assert_true(compile(repeat("", "{% for x in l %}{% end %}", "", 1000)));
	assert_true(compile(repeat("", "{% block b@ %}{% set x = 1 %}{% end %}", "", 500)));
	assert_refused(repeat("{{ f(function() ", "local x@ = 1 ", "", 151), TEMPLATE_OPEN_DELIMITER);
	assert_refused(str_cat(&out, repeat("{{ f(function() ", "local x@ = 1 ", "", 151), S(" end) }}")), TEMPLATE_TOO_MANY_LOCALS);
}

static void
nesting_is_bounded(void **state)
{
	(void)state;
	assert_true(compile(repeat("", "{% if x %}", "{% end %}", 32)));
	assert_refused(repeat("", "{% if x %}", "{% end %}", 33), TEMPLATE_TAGS_TOO_DEEP);
	assert_true(compile(repeat("", "{% for x in l %}", "{% end %}", 14)));
	assert_refused(str_cat(&out, S("{{ "), repeat("1", " .. 1", "", 5000), S(" }}")), TEMPLATE_LUA_TOO_DEEP);
	assert_true(compile(str_cat(&out, S("{{ "), repeat("1", " + 1", "", 5000), S(" }}"))));
	assert_refused(str_cat(&out, S("{{ "), repeat("", "{", "}", 3000), S(" }}")), TEMPLATE_LUA_TOO_DEEP);
}

static void
size_is_bounded(void **state)
{
	(void)state;
	assert_refused(repeat("", "0123456789abcde\n", "", 1 << 19), TEMPLATE_TOO_LARGE);
	assert_true(compile(repeat("", "<p title=\"{{ page.x@ }}\">texte</p>\n", "", 20000)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(locals_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(nesting_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(size_is_bounded, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
