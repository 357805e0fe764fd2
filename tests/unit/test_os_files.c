/* The real file system: what os.h promises beyond what the calls do by themselves. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "os/os.h"

static struct arena arena;
static char home[] = "/tmp/vitrine-test-os-XXXXXX";
static char folder[64];
static os_dir dir;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, &os_pages);
	strcpy(folder, home);
	assert_non_null(mkdtemp(folder));
	return os_dir_open(str_from_c(folder), &dir);
}

static int
tear_down(void **state)
{
	(void)state;
	os_dir_close(dir);
	assert_int_equal(os_remove_tree_at(-1, str_from_c(folder)), 0);
	arena_free(&arena);
	return 0;
}

static str
in(const char *name)
{
	return str_cat(&arena, str_from_c(folder), S("/"), str_from_c(name));
}

static void
test_read_limits_and_kinds(void **state)
{
	str bytes;

	(void)state;
	assert_int_equal(os_write_new_at(dir, S("a"), S("douze octets"), NULL), 0);
	assert_int_equal(os_read(in("a"), 12, false, &arena, &bytes), 0);
	assert_int_equal(bytes.len, 12);
	assert_int_equal(bytes.ptr[12], 0);
	assert_int_equal(os_read(in("a"), 11, false, &arena, &bytes), EFBIG);
	assert_int_equal(os_read(in("absent"), 11, false, &arena, &bytes), ENOENT);
	assert_int_equal(os_read(str_from_c(folder), 11, false, &arena, &bytes), EISDIR);
	assert_int_equal(mkfifo(in("tube").ptr, 0600), 0);
	assert_int_equal(os_read(in("tube"), 11, false, &arena, &bytes), ENOTSUP);
	assert_int_equal(symlink("a", in("lien").ptr), 0);
	assert_int_equal(os_read(in("lien"), 100, false, &arena, &bytes), ELOOP);
	assert_int_equal(os_read(in("lien"), 100, true, &arena, &bytes), 0);
	assert_int_equal(os_read((str){ "a\0b", 3 }, 100, true, &arena, &bytes), EINVAL);
}

static void
test_maps_keep_the_old_bytes(void **state)
{
	str parts[1000], map;
	size_t size = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		parts[i] = str_format(&arena, "%.*s", (int)(i % 7), "abcdefg");
		size += parts[i].len;
	}
	assert_int_equal(os_replace_parts(in("a"), parts, 1000), 0);
	assert_int_equal(os_map_file(in("a"), size - 1, &map), EFBIG);
	assert_int_equal(os_map_file(in("a"), size, &map), 0);
	assert_true(str_equal(map, str_join(&arena, parts, 1000, STR_NONE)));
	assert_int_equal(os_replace(in("a"), S("court")), 0);
	assert_true(str_equal(map, str_join(&arena, parts, 1000, STR_NONE)));
	os_unmap(map);
	assert_int_equal(os_replace_parts(in("a"), NULL, 0), 0);
	assert_int_equal(os_map_file(in("a"), size, &map), 0);
	assert_int_equal(map.len, 0);
	os_unmap(map);
	assert_int_equal(os_map_file(in("absent"), size, &map), ENOENT);
	assert_int_equal(os_map_file(str_from_c(folder), size, &map), EISDIR);
	assert_int_equal(symlink("a", in("lien").ptr), 0);
	assert_int_equal(os_map_file(in("lien"), size, &map), ELOOP);
}

static void
test_write_never_through_a_link(void **state)
{
	struct os_stat st;
	os_dir inside;
	str bytes;

	(void)state;
	os_write_new_at(dir, S("cible"), S("intacte"), NULL);
	assert_int_equal(symlink("cible", in("lien").ptr), 0);
	assert_int_equal(os_write_new_at(dir, S("lien"), S("x"), NULL), EEXIST);
	assert_int_equal(os_replace_at(dir, S("lien"), S("neuve")), 0);
	os_read(in("cible"), 100, false, &arena, &bytes);
	assert_true(str_equal(bytes, S("intacte")));
	assert_int_equal(os_stat(in("lien"), &st), 0);
	assert_int_equal(st.kind, OS_FILE);
	assert_int_equal(symlink(".", in("rond").ptr), 0);
	assert_int_equal(os_dir_open_at(dir, S("rond"), &inside), ENOTDIR);
}

static void
test_written_stat_is_the_files(void **state)
{
	struct os_stat at_once, later;

	(void)state;
	assert_int_equal(os_write_new_at(dir, S("a"), S("bytes"), &at_once), 0);
	assert_int_equal(os_stat_at(dir, S("a"), &later), 0);
	assert_int_equal(at_once.kind, OS_FILE);
	assert_true(at_once.inode == later.inode && at_once.device == later.device && at_once.size == later.size);
	assert_true(at_once.mtime_ns == later.mtime_ns && at_once.ctime_ns == later.ctime_ns);
	assert_int_equal(later.size, 5);
}

static void
test_list_is_sorted(void **state)
{
	struct os_entry *entries;
	size_t n;

	(void)state;
	os_write_new_at(dir, S("b"), S(""), NULL);
	os_make_dir_at(dir, S("a-"));
	os_write_new_at(dir, S("é"), S(""), NULL);
	os_write_new_at(dir, S("a"), S("1"), NULL);
	assert_int_equal(os_list_at(dir, true, &arena, &entries, &n), 0);
	assert_int_equal(n, 4);
	assert_true(str_equal(entries[0].name, S("a")));
	assert_int_equal(entries[0].st.size, 1);
	assert_true(str_equal(entries[1].name, S("a-")));
	assert_int_equal(entries[1].st.kind, OS_DIR);
	assert_true(str_equal(entries[3].name, S("é")));
}

static void
test_make_dirs_and_remove_tree(void **state)
{
	struct os_stat st;

	(void)state;
	assert_int_equal(os_make_dirs(in("x/y/z")), 0);
	assert_int_equal(os_make_dirs(in("x/y/z/")), 0);
	os_write_new_at(dir, S("dehors"), S("reste"), NULL);
	assert_int_equal(symlink("../../dehors", in("x/y/lien").ptr), 0);
	assert_int_equal(symlink("../..", in("x/y/haut").ptr), 0);
	assert_int_equal(os_make_dirs(in("dehors/a")), ENOTDIR);
	assert_int_equal(os_remove_tree_at(dir, S("x")), 0);
	assert_int_equal(os_remove_tree_at(dir, S("x")), 0);
	assert_int_equal(os_stat(in("x"), &st), ENOENT);
	assert_int_equal(os_stat(in("dehors"), &st), 0);
}

static void
test_exchange(void **state)
{
	str bytes;

	(void)state;
	os_make_dir_at(dir, S("x"));
	os_make_dir_at(dir, S("y"));
	os_replace(in("x/f"), S("1"));
	os_replace(in("y/f"), S("2"));
	assert_int_equal(os_exchange(in("x"), in("y")), 0);
	os_read(in("x/f"), 10, false, &arena, &bytes);
	assert_true(str_equal(bytes, S("2")));
	assert_int_equal(os_exchange(in("x"), in("absent")), ENOENT);
}

static void
test_lock_is_between_processes(void **state)
{
	int lock, status;
	pid_t child;

	(void)state;
	assert_int_equal(os_lock(in("verrou"), false, &lock), 0);
	child = fork();
	if (child == 0) {
		int second;
		_exit(os_lock(in("verrou"), false, &second) == EWOULDBLOCK ? 0 : 1);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	os_unlock(lock);
	assert_int_equal(os_lock(in("verrou"), false, &lock), 0);
	os_unlock(lock);
}

static void
test_errors_in_words(void **state)
{
	(void)state;
	assert_string_equal(os_error_text(ENOSPC, &arena).ptr, "le disque est plein (ENOSPC)");
	assert_true(str_starts(os_error_text(ECHILD, &arena), S("erreur 10")));
}

struct counts { unsigned seen[8]; };

static void
count(void *context, unsigned worker)
{
	((struct counts *)context)->seen[worker]++;
}

static void
test_parallel_runs_each_once(void **state)
{
	struct counts counts = { { 0 } };

	(void)state;
	os_parallel(8, count, &counts);
	for (int i = 0; i < 8; i++)
		assert_int_equal(counts.seen[i], 1);
}

struct dog { _Atomic int growls, barks; pthread_t watched; _Atomic bool elsewhere; };

static void
growl(void *context)
{
	struct dog *dog = context;

	dog->growls++;
	if (!pthread_equal(pthread_self(), dog->watched))
		dog->elsewhere = true;
}

static void
bark(void *context)
{
	((struct dog *)context)->barks++;
}

static void
test_watchdog(void **state)
{
	struct dog dog = { .watched = pthread_self() };
	struct os_watching how = { .patience = 0.15, .seconds = 0.3, .growl = growl, .bark = bark, .context = &dog };
	struct os_watchdog *w = os_watchdog_start(&how);
	uint64_t until;

	(void)state;
	for (int i = 0; i < 8; i++) {
		usleep(20000);
		os_watchdog_pat(w);
	}
	assert_int_equal(dog.barks, 0);
	os_watchdog_rest(w);
	dog.growls = 0;
	usleep(600000);
	assert_int_equal(dog.growls, 0);
	assert_int_equal(dog.barks, 0);
	os_watchdog_pat(w);
	until = os_ticks() + 2000000000u;
	while (!dog.barks && os_ticks() < until)
		usleep(1000);
	os_watchdog_stop(w);
	assert_int_equal(dog.barks, 1);
	assert_true(dog.growls >= 1);    /* more only when this machine slept between two pats */
	assert_false(dog.elsewhere);
	how.patience = how.seconds = 60;
	w = os_watchdog_start(&how);
	os_watchdog_stop(w);
	assert_int_equal(dog.barks, 1);
}

/* What one arena gave back another gets, as if it were new. */
static void
test_kept_blocks_come_again(void **state)
{
	struct arena a;
	char *first, *again;

	(void)state;
	arena_init(&a, &os_pages_kept);
	first = arena_array(&a, char, 1000);
	memset(first, 'x', 1000);
	memset(arena_array(&a, char, 9000000), 'x', 9000000);
	arena_free(&a);
	again = arena_array(&a, char, 1000);
	assert_ptr_equal(first, again);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(again[i], 0);
	again = arena_array(&a, char, 9000000);
	assert_int_equal(again[0] | again[8999999], 0);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_read_limits_and_kinds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_maps_keep_the_old_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_write_never_through_a_link, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_written_stat_is_the_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_list_is_sorted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_make_dirs_and_remove_tree, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_exchange, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lock_is_between_processes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_errors_in_words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_parallel_runs_each_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_watchdog, set_up, tear_down),
		cmocka_unit_test(test_kept_blocks_come_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
