/* search: compressed files found again by what they are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "os/os.h"
#include "search/kept.h"

static struct arena out;
static struct diag diag;
static str path;

static str
raw(unsigned i)
{
	return str_format(&out, "texte %u", i);
}

static str
compressed(unsigned i)
{
	return str_format(&out, "comprimé %u", i);
}

/* Asks for so many from `from` on, notes them, and saves; how many were found. */
static unsigned
use(unsigned from, unsigned n)
{
	struct search_kept *k = search_kept_open(path, &out);
	unsigned found = 0;

	for (unsigned i = from; i < from + n; i++) {
		struct packed p = kept_find(k, raw(i), 1);
		assert_int_equal(p.found, p.bytes.ptr != NULL);
		if (p.found)
			assert_true(str_equal(p.bytes, compressed(i)));
		found += p.found;
		kept_note(k, &p, compressed(i), hash64(compressed(i)));
	}
	assert_false(kept_find(k, raw(from), 7).found);          /* at another level */
	assert_false(kept_find(k, S("autre"), 1).found);
	search_kept_save(k, path, &diag);
	search_kept_close(k);
	return found;
}

static uint64_t
inode(void)
{
	struct os_stat st;

	return os_stat(path, &st) == 0 ? st.inode : 0;
}

static void
test_found_again(void **state)
{
	uint64_t first;
	(void)state;

	assert_int_equal(use(0, 10), 0);
	first = inode();
	assert_int_equal(use(0, 10), 10);
	assert_int_equal(inode(), first);
	assert_int_equal(use(5, 10), 5);
	assert_int_not_equal(inode(), first);
	assert_int_equal(use(0, 15), 10);
	assert_int_equal(use(0, 15), 15);
}

/* A few in a hundred wait; more do not. */
static void
test_a_few_wait(void **state)
{
	uint64_t first;
	(void)state;

	use(0, 200);
	first = inode();
	assert_int_equal(use(5, 200), 195);
	assert_int_equal(inode(), first);
	assert_int_equal(use(5, 200), 195);
	assert_int_equal(use(0, 180), 180);
	assert_int_not_equal(inode(), first);
	first = inode();
	assert_int_equal(use(0, 190), 180);
	assert_int_not_equal(inode(), first);
}

/* Whatever is wrong with the file, nothing wrong is found. */
static void
test_damaged(void **state)
{
	str bytes;
	(void)state;

	use(0, 12);
	assert_int_equal(os_read(path, 1 << 20, true, &out, &bytes), 0);
	for (size_t at = 0; at < bytes.len; at += 3) {
		char *damaged = arena_array(&out, char, bytes.len);
		memcpy(damaged, bytes.ptr, bytes.len);
		damaged[at] = (char)(damaged[at] ^ 0x55);
		assert_int_equal(os_replace(path, (str){ damaged, bytes.len }), 0);
		use(0, 12);
		assert_int_equal(os_replace(path, str_slice(bytes, 0, at)), 0);
		use(0, 12);
	}
	assert_int_equal(use(0, 12), 12);
	assert_int_equal(diag.entries.len, 0);
}

static void
test_none(void **state)
{
	struct packed p = kept_find(NULL, S("x"), 1);
	(void)state;

	assert_false(p.found);
	kept_note(NULL, &p, S("y"), 1);
	search_kept_save(NULL, path, &diag);
	search_kept_close(NULL);
	assert_int_equal(os_remove_tree_at(-1, path), 0);
	assert_int_equal(os_make_dirs(str_cat(&out, path, S("/dossier"))), 0);
	assert_int_equal(use(0, 3), 0);
	assert_int_equal(diag.entries.len, 1);
	assert_int_equal(diag.entries.ptr[0].code, PACK_UNWRITABLE);
	assert_int_equal(diag.n_errors, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_again),
		cmocka_unit_test(test_a_few_wait),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_none),
	};
	char folder[] = "/tmp/vitrine-test-kept-XXXXXX";
	struct files files;
	int failed;

	arena_init(&out, &os_pages);
	files_init(&files, &out);
	diag_init(&diag, &out, &files);
	if (!mkdtemp(folder))
		return 1;
	path = str_cat(&out, str_from_c(folder), S("/recherche.pack"));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	os_remove_tree_at(-1, str_from_c(folder));
	arena_free(&out);
	return failed;
}
