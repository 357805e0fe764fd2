/* What a browser asks for is read without trust; what happens to files is looked at when it has come to rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "serve/request.h"
#include "serve/watcher.h"

#define MILLISECOND UINT64_C(1000000)

static struct arena arena;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, &page_source_malloc);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void
addresses(void **state)
{
	static const struct { const char *raw, *path, *query; } good[] = {
		{ "/", "/", "" }, { "/a%20b/?x=1", "/a b/", "x=1" }, { "/%C3%A9t%c3%a9", "/\xc3\xa9t\xc3\xa9", "" }, { "/a..b/...", "/a..b/...", "" },
		{ "//a", "//a", "" }, { "/?a?b", "/", "a?b" }, { "/a%2Fb", "/a/b", "" },
	};
	static const char *const bad[] = {
		"", "a", "*", "http://a/", "/..", "/a/../b", "/%2e%2e/", "/a/.", "/a\\b", "/%5c", "/%00", "/%0a", "/%7f", "/%", "/%1", "/%zz", "/a%2F..",
	};
	str path, query;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(request_read_address(str_from_c(good[i].raw), &arena, &path, &query));
		assert_string_equal(str_copy(&arena, path).ptr, good[i].path);
		assert_string_equal(str_copy(&arena, query).ptr, good[i].query);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (request_read_address(str_from_c(bad[i]), &arena, &path, &query))
			fail_msg("%s", bad[i]);
}

static void
hosts(void **state)
{
	static const char *const ours[] = { "localhost", "localhost:8000", "LocalHost:1", "localhost.", "127.0.0.1:80", "[::1]", "[::1]:8000", "a.localhost" };
	static const char *const others[] = {
		"", ":8000", "exemple.fr", "localhost.exemple.fr", "xlocalhost", ".localhost", "127.0.0.2", "127.0.0.1.exemple.fr", "[::2]", "[::1]x", "[::1]:8a",
		"localhost:80:80", "localhost:123456", "10.0.0.1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (!request_host_is_ours(str_from_c(ours[i])))
			fail_msg("%s", ours[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (request_host_is_ours(str_from_c(others[i])))
			fail_msg("%s", others[i]);
}

static void
tags(void **state)
{
	(void)state;
	assert_int_equal(request_tag(S("\"0123456789abcdef\"")), 0x0123456789abcdef);
	assert_int_equal(request_tag(S("W/\"0123456789ABCDEF\", \"x\"")), 0x0123456789abcdef);
	assert_int_equal(request_tag(S("\"0123456789abcde\"")), 0);
	assert_int_equal(request_tag(S("0123456789abcdef")), 0);
	assert_int_equal(request_tag(S("*")), 0);
	assert_int_equal(request_tag(S("")), 0);
}

static void
ranges(void **state)
{
	static const struct { const char *header; enum request_range range; uint64_t from, to; } cases[] = {
		{ "bytes=0-0", REQUEST_PART, 0, 1 }, { "bytes=2-", REQUEST_PART, 2, 10 }, { "bytes=-3", REQUEST_PART, 7, 10 }, { "bytes=-30", REQUEST_PART, 0, 10 },
		{ "bytes=9-99", REQUEST_PART, 9, 10 }, { "bytes=10-", REQUEST_OUTSIDE, 10, 10 }, { "bytes=-0", REQUEST_OUTSIDE, 10, 10 },
		{ "bytes=3-2", REQUEST_WHOLE, 0, 10 }, { "bytes=0-1,3-4", REQUEST_WHOLE, 0, 10 }, { "bytes=a-b", REQUEST_WHOLE, 0, 10 }, { "", REQUEST_WHOLE, 0, 10 },
		{ "bytes=99999999999999999999-", REQUEST_WHOLE, 0, 10 }, { "bytes=-", REQUEST_WHOLE, 0, 10 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t from, to;
		assert_int_equal(request_range(str_from_c(cases[i].header), 10, &from, &to), cases[i].range);
		if (cases[i].range == REQUEST_OUTSIDE)
			continue;
		assert_int_equal(from, cases[i].from);
		assert_int_equal(to, cases[i].to);
	}
}

/* A watcher of the site's own folder, 1, and of a folder in it, 2. */
static void
open_watcher(struct watcher *w)
{
	watcher_open(w, NULL, S("/site"));
	*vec_push(&w->arena, &w->folders) = (struct watched){ 1, true, S_INIT("/site") };
	*vec_push(&w->arena, &w->folders) = (struct watched){ 2, false, S_INIT("/site/content") };
}

static bool
note(struct watcher *w, enum os_watch_kind kind, int id, const char *name, uint64_t now)
{
	return watcher_note(w, &(struct os_watch_event){ kind, id, str_from_c(name) }, now * MILLISECOND);
}

static void
some_names_count(void **state)
{
	struct watcher w;

	(void)state;
	open_watcher(&w);
	assert_false(note(&w, OS_WATCH_WRITTEN, 2, ".a.md.swp", 1));
	assert_false(note(&w, OS_WATCH_WRITTEN, 2, "a.md~", 1));
	assert_false(note(&w, OS_WATCH_FOLDER, 1, "public", 1));
	assert_false(note(&w, OS_WATCH_FOLDER, 1, ".git", 1));
	assert_false(note(&w, OS_WATCH_WRITTEN, 3, "a.md", 1));
	assert_int_equal(watcher_patience(&w, 1), UINT64_MAX);
	assert_true(note(&w, OS_WATCH_WRITTEN, 2, "a.css", 1));
	assert_false(w.beyond_styles);
	assert_true(note(&w, OS_WATCH_FOLDER, 1, "content", 1));
	assert_true(w.beyond_styles && w.folders_changed);
	watcher_close(&w);
}

static void
a_change_is_looked_at_when_it_rests(void **state)
{
	struct watcher w;

	(void)state;
	open_watcher(&w);
	note(&w, OS_WATCH_WRITTEN, 2, "a.md", 100);
	assert_true(watcher_patience(&w, 100 * MILLISECOND) <= 5 * MILLISECOND);
	assert_int_equal(watcher_patience(&w, 110 * MILLISECOND), 0);
	watcher_forget(&w);
	assert_int_equal(watcher_patience(&w, 110 * MILLISECOND), UINT64_MAX);
	note(&w, OS_WATCH_STIRRED, 2, "a.md", 200);              /* moved away … */
	assert_true(watcher_patience(&w, 210 * MILLISECOND) > 50 * MILLISECOND);
	note(&w, OS_WATCH_WRITTEN, 2, "a.md", 220);              /* … and written anew */
	assert_int_equal(watcher_patience(&w, 225 * MILLISECOND), 0);
	for (unsigned i = 0; i < 2000; i++)                       /* a branch is checked out, for ever */
		note(&w, OS_WATCH_WRITTEN, 2, i % 2 ? "b.md" : "c.md", 230 + i * 10);
	assert_int_equal(watcher_patience(&w, 230 * MILLISECOND + 1999 * 10 * MILLISECOND), 0);
	watcher_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(addresses, set_up, tear_down),
		cmocka_unit_test(hosts),
		cmocka_unit_test(tags),
		cmocka_unit_test(ranges),
		cmocka_unit_test(some_names_count),
		cmocka_unit_test(a_change_is_looked_at_when_it_rests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
