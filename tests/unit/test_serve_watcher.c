/* How long what happens is left to come to rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serve/watcher.h"

#define MS UINT64_C(1000000)

static struct watcher watcher;

static int
set_up(void **state)
{
	(void)state;
	watcher_open(&watcher, NULL, S("/site"));
	*vec_push(&watcher.arena, &watcher.folders) = (struct watched){ 1, true };
	*vec_push(&watcher.arena, &watcher.folders) = (struct watched){ 2, false };
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	watcher_close(&watcher);
	return 0;
}

static bool
note(enum os_watch_kind kind, int id, const char *name, uint64_t at)
{
	return watcher_note(&watcher, &(struct os_watch_event){ kind, id, str_from_c(name) }, at);
}

static uint64_t
rest(uint64_t now)
{
	return watcher_patience(&watcher, now) / MS;
}

static void
a_file_that_is_closed_is_looked_at_almost_at_once(void **state)
{
	(void)state;
	assert_true(watcher_patience(&watcher, 0) == UINT64_MAX);
	assert_true(note(OS_WATCH_WRITTEN, 2, "une.md", 10 * MS));
	assert_true(rest(10 * MS) <= 5);
	assert_int_equal(rest(20 * MS), 0);
	watcher_forget(&watcher);
	assert_true(watcher_patience(&watcher, 20 * MS) == UINT64_MAX);
	note(OS_WATCH_STIRRED, 2, "une.md.tmp", 30 * MS);      /* a writer that renames */
	note(OS_WATCH_WRITTEN, 2, "une.md.tmp", 30 * MS);
	note(OS_WATCH_WRITTEN, 2, "une.md", 30 * MS);
	assert_true(rest(30 * MS) <= 5);
}

static void
a_file_that_is_open_is_waited_for(void **state)
{
	(void)state;
	note(OS_WATCH_STIRRED, 2, "une.md", 10 * MS);
	assert_int_equal(rest(10 * MS), 120);
	note(OS_WATCH_WRITTEN, 2, "une.md", 40 * MS);
	assert_true(rest(40 * MS) <= 5);
}

/* vim tries whether it may write in the folder. */
static void
a_file_that_went_may_be_replaced(void **state)
{
	(void)state;
	note(OS_WATCH_STIRRED, 2, "4913", 10 * MS);
	note(OS_WATCH_WRITTEN, 2, "4913", 10 * MS);
	note(OS_WATCH_GONE, 2, "4913", 10 * MS);
	assert_int_equal(rest(10 * MS), 30);
	note(OS_WATCH_STIRRED, 2, "une.md", 11 * MS);
	assert_int_equal(rest(11 * MS), 120);
	note(OS_WATCH_WRITTEN, 2, "une.md", 12 * MS);
	assert_int_equal(rest(12 * MS), 30);
}

static void
many_files_and_folders_take_longer(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		note(OS_WATCH_WRITTEN, 2, "une.md", 10 * MS);
	assert_int_equal(rest(10 * MS), 60);
	note(OS_WATCH_FOLDER, 2, "offres", 20 * MS);
	assert_int_equal(rest(20 * MS), 120);
	for (uint64_t at = 30; at < 4000; at += 20)
		note(OS_WATCH_WRITTEN, 2, "une.md", at * MS);
	assert_int_equal(rest(4000 * MS), 0);    /* it never comes to rest */
}

static void
what_is_no_part_of_the_site_is_nothing(void **state)
{
	(void)state;
	assert_false(note(OS_WATCH_WRITTEN, 2, ".une.md.swp", 0));
	assert_false(note(OS_WATCH_WRITTEN, 2, "une.md~", 0));
	assert_false(note(OS_WATCH_FOLDER, 1, "public", 0));
	assert_false(note(OS_WATCH_WRITTEN, 3, "une.md", 0));
	assert_true(note(OS_WATCH_WRITTEN, 1, "routes.lua", 0));
	assert_true(watcher.beyond_styles);
	watcher_forget(&watcher);
	assert_true(note(OS_WATCH_WRITTEN, 2, "style.css", 0));
	assert_false(watcher.beyond_styles);
	assert_true(note(OS_WATCH_OVERFLOW, -1, "", 0));
	assert_true(watcher.folders_changed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_that_is_closed_is_looked_at_almost_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_open_is_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_went_may_be_replaced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_files_and_folders_take_longer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_part_of_the_site_is_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
