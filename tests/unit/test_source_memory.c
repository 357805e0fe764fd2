/* Finding files on the file system in memory: order, roots, what is passed over, what is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "os/memory.h"
#include "source/source.h"

static struct arena arena;
static struct diag diag;
static struct files files;
static struct source source;

static void
put(const char *path, const char *bytes)
{
	str p = str_from_c(path);
	size_t cut = p.len;

	while (p.ptr[cut - 1] != '/')
		cut--;
	assert_int_equal(os_make_dirs(str_slice(p, 0, cut - 1)), 0);
	assert_int_equal(os_replace(p, str_from_c(bytes)), 0);
}

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, &page_source_malloc);
	os_memory_reset();
	put("/site/content/site.yaml", "titre: x");
	put("/usr/share/vitrine/themes/portail/types/offre.yaml", "de base");
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	os_memory_reset();
	arena_free(&arena);
	return 0;
}

static void
open_source(void)
{
	os_make_dirs(S("/usr/bin"));
	source_init(&source, S("/site"), S("/usr/bin"), NULL, &arena, &diag, &files);
}

static const char *
names(struct source_list list)
{
	str all = S("");

	for (size_t i = 0; i < list.len; i++)
		all = str_cat(&arena, all, i ? S(" ") : S(""), list.ptr[i].name);
	return str_copy(&arena, all).ptr;
}

static enum diag_code
last_code(void)
{
	assert_int_not_equal(diag.entries.len, 0);
	return diag.entries.ptr[diag.entries.len - 1].code;
}

static const char *
last_argument(unsigned i)
{
	return diag.entries.ptr[diag.entries.len - 1].args[i].ptr;
}

static void
test_walk_is_sorted_and_passes_over(void **state)
{
	struct source_list list;

	(void)state;
	put("/site/content/offres/b.md", "");
	put("/site/content/offres/a.md", "12345");
	put("/site/content/offres-x.md", "");
	put("/site/content/offres/.cache/x.md", "");
	put("/site/content/offres/a.md~", "");
	put("/site/content/offres/#a.md#", "");
	put("/site/content/.git/config", "");
	open_source();
	list = source_walk(&source, S("content"));
	assert_string_equal(names(list), "offres-x.md offres/a.md offres/b.md site.yaml");
	assert_true(str_equal(list.ptr[1].shown, S("content/offres/a.md")));
	assert_true(str_equal(list.ptr[1].path, S("/site/content/offres/a.md")));
	assert_true(str_equal(files_path(&files, list.ptr[1].file), list.ptr[1].shown));
	assert_int_equal(source_walk_roots(&source, S("content"), true).ptr[1].size, 5);
	assert_int_equal(source_walk(&source, S("absent")).len, 0);
	assert_int_equal(diag.entries.len, 0);
}

static void
test_links(void **state)
{
	(void)state;
	open_source();
	os_memory_put_link(S("/site/content/dehors.md"), S("/etc/passwd"));
	assert_string_equal(names(source_walk(&source, S("content"))), "site.yaml");
	assert_int_equal(last_code(), SOURCE_LINK);
}

static void
test_roots_nearest_first(void **state)
{
	struct source_list list;
	struct source_file found;

	(void)state;
	put("/site/themes/charte/types/offre.yaml", "charte");
	put("/site/themes/charte/types/zz.yaml", "charte");
	put("/site/types/offre.yaml", "site");
	open_source();
	assert_true(source_add_theme(&source, S("charte"), SPAN_NONE));
	assert_true(source_add_theme(&source, S("portail"), SPAN_NONE));
	list = source_walk_roots(&source, S("types"), false);
	assert_string_equal(names(list), "offre.yaml zz.yaml");
	assert_true(str_equal(list.ptr[0].shown, S("types/offre.yaml")));
	list = source_walk_roots(&source, S("types"), true);
	assert_string_equal(names(list), "offre.yaml offre.yaml offre.yaml zz.yaml");
	assert_true(str_equal(list.ptr[1].shown, S("themes/charte/types/offre.yaml")));
	assert_true(str_equal(list.ptr[2].shown, S("themes/portail/types/offre.yaml")));
	assert_true(source_find(&source, S("types"), S("zz.yaml"), &found));
	assert_true(str_equal(found.shown, S("themes/charte/types/zz.yaml")));
	assert_false(source_find(&source, S("types"), S("aucun.yaml"), &found));
	assert_false(source_find(&source, S("types"), S("../content/site.yaml"), &found));
	assert_false(source_find(&source, S("types"), S("/etc/passwd"), &found));
	assert_int_equal(diag.entries.len, 0);
}

static void
test_themes_that_are_not(void **state)
{
	(void)state;
	put("/site/themes/charte/theme.yaml", "");
	open_source();
	assert_false(source_add_theme(&source, S("chartre"), SPAN_NONE));
	assert_int_equal(last_code(), SOURCE_NO_THEME);
	assert_string_equal(last_argument(1), "charte");
	assert_string_equal(last_argument(2), "charte, portail");
	assert_false(source_add_theme(&source, S("../charte"), SPAN_NONE));
	assert_true(source_add_theme(&source, S("charte"), SPAN_NONE));
	assert_false(source_add_theme(&source, S("charte"), SPAN_NONE));
	assert_int_equal(last_code(), SOURCE_THEME_LOOP);
}

static void
test_reading(void **state)
{
	struct source_list list;
	str bytes;

	(void)state;
	put("/site/content/grand.md", "123456789");
	open_source();
	list = source_walk(&source, S("content"));
	assert_true(source_read(&source, &list.ptr[0], 9, &arena, &diag, &bytes));
	assert_string_equal(bytes.ptr, "123456789");
	assert_false(source_read(&source, &list.ptr[0], 8, &arena, &diag, &bytes));
	assert_int_equal(last_code(), FILE_TOO_LARGE);
	assert_string_equal(last_argument(0), "8 octets");
	os_memory_fail(OS_MEMORY_READ, EACCES);
	assert_false(source_read(&source, &list.ptr[0], 9, &arena, &diag, &bytes));
	assert_int_equal(last_code(), FILE_UNREADABLE);
	assert_string_equal(last_argument(0), "permission refusée (EACCES)");
	os_memory_fail(OS_MEMORY_READ, 0);
	assert_true(source_add_theme(&source, S("portail"), SPAN_NONE));
	assert_true(source_reread(&source, S("themes/portail/types/offre.yaml"), &arena, &bytes));
	assert_string_equal(bytes.ptr, "de base");
	assert_true(source_reread(&source, S("content/grand.md"), &arena, &bytes));
	assert_false(source_reread(&source, S("content/aucun.md"), &arena, &bytes));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_walk_is_sorted_and_passes_over), TEST(test_links), TEST(test_roots_nearest_first), TEST(test_themes_that_are_not),
		TEST(test_reading),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
