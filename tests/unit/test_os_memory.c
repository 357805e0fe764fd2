/* The file system in memory keeps the promises of os.h that the rooms lean on, and fails when told. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "os/memory.h"

static struct arena arena;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, &page_source_malloc);
	os_memory_reset();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	os_memory_reset();
	return 0;
}

static str
dumped(str path)
{
	return os_memory_dump(path, &arena);
}

static void
assert_str(str got, const char *expected)
{
	assert_string_equal(str_copy(&arena, got).ptr, expected);
}

static void
test_files_and_folders(void **state)
{
	struct os_stat st;
	str bytes;

	(void)state;
	assert_int_equal(os_make_dirs(S("/site/content")), 0);
	assert_int_equal(os_replace(S("/site/content/a.md"), S("un")), 0);
	assert_int_equal(os_replace(S("/site/content/a.md"), S("deux")), 0);
	assert_int_equal(os_write_new_at(-1, S("/site/content/a.md"), S("trois"), NULL), EEXIST);
	assert_int_equal(os_read(S("/site/content/a.md"), 100, false, &arena, &bytes), 0);
	assert_str(bytes, "deux");
	assert_int_equal(os_read(S("/site/content/a.md"), 3, false, &arena, &bytes), EFBIG);
	assert_int_equal(os_read(S("/site/content"), 3, false, &arena, &bytes), EISDIR);
	assert_int_equal(os_stat(S("/site/absent"), &st), ENOENT);
	assert_int_equal(os_stat(S("/site/content/a.md/b"), &st), ENOTDIR);
	assert_int_equal(os_make_dir(S("/site")), EEXIST);
}

static void
test_links_are_never_followed(void **state)
{
	os_dir dir;

	(void)state;
	os_make_dirs(S("/ailleurs"));
	os_memory_put_link(S("/lien"), S("/ailleurs"));
	assert_int_equal(os_dir_open(S("/lien"), &dir), ENOTDIR);
	assert_int_equal(os_write_new_at(-1, S("/lien"), S("x"), NULL), EEXIST);
	assert_int_equal(os_replace(S("/lien/x"), S("x")), ELOOP);
	assert_str(dumped(S("/ailleurs")), "");
}

static void
test_hard_links_share_bytes(void **state)
{
	struct os_stat a, b;

	(void)state;
	os_replace(S("/a"), S("bytes"));
	assert_int_equal(os_link_at(-1, S("/a"), -1, S("/b")), 0);
	os_stat(S("/a"), &a);
	os_stat(S("/b"), &b);
	assert_int_equal(a.inode, b.inode);
	assert_int_equal(os_unlink_at(-1, S("/a")), 0);
	assert_str(dumped(S("/")), "/b: bytes\n");
}

static void
test_exchange_and_rename(void **state)
{
	(void)state;
	os_make_dirs(S("/x"));
	os_make_dirs(S("/y"));
	os_replace(S("/x/f"), S("1"));
	os_replace(S("/y/f"), S("2"));
	assert_int_equal(os_exchange(S("/x"), S("/y")), 0);
	assert_str(dumped(S("/")), "/x\n/x/f: 2\n/y\n/y/f: 1\n");
	assert_int_equal(os_rename(S("/x"), S("/y")), ENOTEMPTY);
	assert_int_equal(os_remove_tree_at(-1, S("/y")), 0);
	assert_int_equal(os_rename(S("/x"), S("/y")), 0);
	assert_str(dumped(S("/")), "/y\n/y/f: 2\n");
	os_make_dirs(S("/monte"));
	os_memory_put_device(S("/monte"), 7);
	assert_int_equal(os_exchange(S("/y"), S("/monte")), EXDEV);
}

static void
test_injected_failures(void **state)
{
	struct os_stat st;

	(void)state;
	os_memory_space(4);
	assert_int_equal(os_replace(S("/a"), S("123")), 0);
	assert_int_equal(os_replace(S("/b"), S("45")), ENOSPC);
	assert_int_equal(os_stat(S("/b"), &st), ENOENT);
	os_memory_fail(OS_MEMORY_RENAME, EACCES);
	assert_int_equal(os_rename(S("/a"), S("/c")), EACCES);
	os_memory_fail(OS_MEMORY_RENAME, 0);
	os_memory_stop_at(1);
	assert_int_equal(os_rename(S("/a"), S("/c")), 0);
	assert_int_equal(os_unlink_at(-1, S("/c")), EIO);
	assert_int_equal(os_make_dir(S("/d")), EIO);
	os_memory_stop_at(SIZE_MAX);
	assert_str(dumped(S("/")), "/c: 123\n");
}

static void
test_lock(void **state)
{
	int a, b;

	(void)state;
	assert_int_equal(os_lock(S("/verrou"), false, &a), 0);
	assert_int_equal(os_lock(S("/verrou"), false, &b), EWOULDBLOCK);
	os_unlock(a);
	assert_int_equal(os_lock(S("/verrou"), false, &b), 0);
	os_unlock(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files_and_folders, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links_are_never_followed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hard_links_share_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_exchange_and_rename, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_injected_failures, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lock, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
