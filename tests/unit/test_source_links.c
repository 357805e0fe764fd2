/* Symbolic links, which only the real file system has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "os/os.h"
#include "source/source.h"

static void
test_links_inside_and_outside(void **state)
{
	char folder[] = "/tmp/vitrine-test-source-XXXXXX";
	struct source source;
	struct source_list list;
	struct arena arena;
	struct files files;
	struct diag diag;
	str dir, bytes;

	(void)state;
	arena_init(&arena, &os_pages);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	assert_non_null(mkdtemp(folder));
	dir = str_from_c(folder);
	assert_int_equal(os_make_dirs(str_cat(&arena, dir, S("/site/content/a"))), 0);
	assert_int_equal(os_replace(str_cat(&arena, dir, S("/site/content/a/vrai.md")), S("vrai")), 0);
	assert_int_equal(os_replace(str_cat(&arena, dir, S("/secret")), S("secret")), 0);
	assert_int_equal(symlink("a/vrai.md", str_cat(&arena, dir, S("/site/content/lien.md")).ptr), 0);
	assert_int_equal(symlink("../../secret", str_cat(&arena, dir, S("/site/content/secret.md")).ptr), 0);
	assert_int_equal(symlink("a", str_cat(&arena, dir, S("/site/content/dossier")).ptr), 0);
	assert_int_equal(symlink("rien", str_cat(&arena, dir, S("/site/content/vide.md")).ptr), 0);
	assert_int_equal(mkfifo(str_cat(&arena, dir, S("/site/content/tube")).ptr, 0600), 0);
	source_init(&source, str_cat(&arena, dir, S("/site")), STR_NONE, NULL, &arena, &diag, &files);
	list = source_walk(&source, S("content"));
	assert_int_equal(list.len, 2);
	assert_true(str_equal(list.ptr[1].name, S("lien.md")));
	assert_true(source_read(&source, &list.ptr[1], 100, &arena, &diag, &bytes));
	assert_true(str_equal(bytes, S("vrai")));
	assert_int_equal(diag.entries.len, 4);
	assert_int_equal(diag.entries.ptr[0].code, SOURCE_LINK);          /* dossier */
	assert_int_equal(diag.entries.ptr[1].code, SOURCE_LINK);          /* secret.md */
	assert_int_equal(diag.entries.ptr[2].code, SOURCE_NOT_A_FILE);    /* tube */
	assert_int_equal(diag.entries.ptr[3].code, FILE_UNREADABLE);      /* vide.md */
	assert_int_equal(os_remove_tree_at(-1, dir), 0);
	arena_free(&arena);
}

/* Nothing is found or read behind a link to a folder, wherever on the way it stands. */
static void
test_folders_that_are_links(void **state)
{
	char folder[] = "/tmp/vitrine-test-source-XXXXXX";
	struct source_file found;
	struct source source;
	struct arena arena;
	struct files files;
	struct diag diag;
	str dir;

	(void)state;
	arena_init(&arena, &os_pages);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	assert_non_null(mkdtemp(folder));
	dir = str_from_c(folder);
	assert_int_equal(os_make_dirs(str_cat(&arena, dir, S("/site/content/pages"))), 0);
	assert_int_equal(os_make_dirs(str_cat(&arena, dir, S("/ailleurs/dedans"))), 0);
	assert_int_equal(os_replace(str_cat(&arena, dir, S("/ailleurs/secret.txt")), S("secret")), 0);
	assert_int_equal(os_replace(str_cat(&arena, dir, S("/ailleurs/dedans/secret.txt")), S("secret")), 0);
	assert_int_equal(symlink("../ailleurs", str_cat(&arena, dir, S("/site/assets")).ptr), 0);
	assert_int_equal(symlink("../../../ailleurs", str_cat(&arena, dir, S("/site/content/pages/lien")).ptr), 0);
	source_init(&source, str_cat(&arena, dir, S("/site")), STR_NONE, NULL, &arena, &diag, &files);
	assert_int_equal(source_walk(&source, S("assets")).len, 0);
	assert_int_equal(source_walk_roots(&source, S("assets"), true).len, 0);
	assert_int_equal(source_walk(&source, S("content/pages/lien/dedans")).len, 0);
	assert_false(source_find(&source, S("assets"), S("secret.txt"), &found));
	assert_false(source_find(&source, S("content"), S("pages/lien/secret.txt"), &found));
	assert_int_equal(diag.entries.len, 5);
	for (size_t i = 0; i < diag.entries.len; i++)
		assert_int_equal(diag.entries.ptr[i].code, SOURCE_LINK);
	assert_int_equal(source_walk(&source, S("content/pages")).len, 0);
	assert_int_equal(os_remove_tree_at(-1, dir), 0);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_links_inside_and_outside), cmocka_unit_test(test_folders_that_are_links) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
