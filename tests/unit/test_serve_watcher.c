/* How long what happens is left to come to rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "serve/watcher.h"

#define MS UINT64_C(1000000)

static struct watcher watcher;

static int
set_up(void **state)
{
	(void)state;
	watcher_open(&watcher, NULL, S("/site"));
	*vec_push(&watcher.arena, &watcher.folders) = (struct watched){ 1, true, S_INIT("/site") };
	*vec_push(&watcher.arena, &watcher.folders) = (struct watched){ 2, false, S_INIT("/site/content") };
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

/* What a load may stand on: the files, or nothing. */
static void
what_was_saved_is_listed(void **state)
{
	struct saved_files saved;

	(void)state;
	note(OS_WATCH_WRITTEN, 2, "avant.md", 5 * MS);
	assert_false(watcher_saved(&watcher, &saved));         /* no load has begun here */
	watcher_trust(&watcher);
	assert_true(watcher_saved(&watcher, &saved));
	assert_int_equal(saved.len, 0);
	note(OS_WATCH_WRITTEN, 2, "une.md", 10 * MS);
	note(OS_WATCH_STIRRED, 2, "4913", 10 * MS);
	note(OS_WATCH_GONE, 2, "4913", 10 * MS);
	note(OS_WATCH_WRITTEN, 1, "routes.lua", 10 * MS);
	note(OS_WATCH_WRITTEN, 1, "public", 10 * MS);
	assert_true(watcher_saved(&watcher, &saved));
	assert_int_equal(saved.len, 3);
	assert_true(str_equal(saved.ptr[0].path, S("/site/content/une.md")) && !saved.ptr[0].came && !saved.ptr[0].seen);
	assert_true(str_equal(saved.ptr[1].path, S("/site/content/4913")) && saved.ptr[1].came);
	assert_true(str_equal(saved.ptr[2].path, S("/site/routes.lua")));
	watcher_forget(&watcher);
	watcher_loaded(&watcher);
	note(OS_WATCH_WRITTEN, 2, "une.md", 20 * MS);
	assert_true(watcher_saved(&watcher, &saved));
	assert_true(saved.len == 3 && !saved.ptr[0].seen && saved.ptr[1].seen && saved.ptr[2].seen);
}

static void
the_same_file_takes_no_more_room(void **state)
{
	struct saved_files saved;
	size_t used;

	(void)state;
	watcher_trust(&watcher);
	note(OS_WATCH_WRITTEN, 2, "une.md", 10 * MS);
	used = watcher.saved_names.used;
	for (uint64_t at = 20; at < 20000; at += 20) {
		note(OS_WATCH_WRITTEN, 2, "une.md", at * MS);
		watcher_forget(&watcher);
		watcher_loaded(&watcher);
	}
	assert_int_equal(watcher.saved_names.used, used);
	assert_true(watcher_saved(&watcher, &saved));
	assert_true(saved.len == 1 && str_equal(saved.ptr[0].path, S("/site/content/une.md")));
}

static void
what_cannot_be_told_by_files_is_doubt(void **state)
{
	static const enum os_watch_kind kinds[] = { OS_WATCH_FOLDER, OS_WATCH_LOST, OS_WATCH_OVERFLOW };
	struct saved_files saved;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		watcher.folders_changed = false;
		watcher_trust(&watcher);
		assert_true(watcher_saved(&watcher, &saved));
		note(kinds[i], kinds[i] == OS_WATCH_OVERFLOW ? -1 : 2, kinds[i] == OS_WATCH_FOLDER ? "dossier" : "", 10 * MS);
		assert_false(watcher_saved(&watcher, &saved));
	}
	watcher.folders_changed = false;
	watcher_trust(&watcher);
	watcher_doubt(&watcher);
	assert_false(watcher_saved(&watcher, &saved));
	watcher_trust(&watcher);
	for (int i = 0; i <= WATCHER_MOST_SAVED; i++) {
		char name[16];
		snprintf(name, sizeof name, "%d.md", i);
		assert_true(watcher_saved(&watcher, &saved));
		note(OS_WATCH_WRITTEN, 2, name, 10 * MS);
	}
	assert_false(watcher_saved(&watcher, &saved));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_that_is_closed_is_looked_at_almost_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_open_is_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_went_may_be_replaced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_saved_is_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_same_file_takes_no_more_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_told_by_files_is_doubt, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_files_and_folders_take_longer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_part_of_the_site_is_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
