/* document/draft.h, as document/pack.h uses it: so many texts that they go to their file while they are made. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/buf.h"
#include "document/draft.h"
#include "document/pack.h"
#include "os/os.h"

#define N 140                    /* long texts: some ten megabytes of HTML */

static struct arena arena;
static struct files files;
static struct diag diag;
static char folder[] = "/tmp/vitrine-test-draft-XXXXXX";
static str path;

static int
set_up(void **state)
{
	(void)state;
	markdown_init();
	arena_init(&arena, &os_pages);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	if (!mkdtemp(folder))
		return 1;
	path = str_cat(&arena, str_from_c(folder), S("/cache/pack"));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return os_remove_tree_at(-1, str_from_c(folder));
}

static size_t
names_in(str dir)
{
	struct os_entry *entries;
	size_t n = 0;
	os_dir d;

	if (os_dir_open(dir, &d) != 0)
		return 0;
	assert_int_equal(os_list_at(d, false, &arena, &entries, &n), 0);
	os_dir_close(d);
	return n;
}

static str
text(unsigned i, struct arena *a)
{
	struct buf b;
	str made;

	buf_init(&b, (size_t)1 << 20);
	for (unsigned k = 0; b.len < 60000; k++)
		buf_format(&b, "## Garde %u\n\nLe texte *%u* mène à [l’offre %u](offre:o-%u).\n\n", k, i, k, i);
	made = str_copy(a, buf_str(&b));
	buf_free(&b);
	return made;
}

/* The texts from `first` on, read by two threads. */
struct reading { struct pack *pack; unsigned first; struct arena arenas[2]; struct markdown read[N]; };

static void
read_half(void *context, unsigned worker)
{
	struct reading *r = context;
	struct arena *a = &r->arenas[worker];
	struct diag own;

	diag_init(&own, a, &files);
	for (unsigned i = worker; i < N; i += 2) {
		struct arena tmp;
		arena_init(&tmp, &os_pages);
		pack_render(pack_worker(r->pack, worker), &r->read[i], text(r->first + i, &tmp), &markdown_options_default, a, &own);
		arena_free(&tmp);
	}
}

static void
read_texts(struct reading *r, struct pack *pack, unsigned first)
{
	r->pack = pack;
	r->first = first;
	for (int i = 0; i < 2; i++)
		arena_init(&r->arenas[i], &os_pages);
	os_parallel(2, read_half, r);
}

static void
same_as_rendered(const struct reading *r)
{
	for (unsigned i = 0; i < N; i++) {
		const struct markdown *read = &r->read[i];
		struct markdown_options o = markdown_options_default;
		struct arena a, tmp;
		struct markdown md;
		arena_init(&a, &os_pages);
		arena_init(&tmp, &os_pages);
		o.tmp = &tmp;
		markdown_render(&md, text(r->first + i, &a), &o, &a, &diag);
		assert_true(str_equal(md.html, read->html));
		assert_int_equal(md.n_holes, read->n_holes);
		assert_int_equal(md.n_headings, read->n_headings);
		for (uint32_t k = 0; k < md.n_holes; k++)
			assert_true(md.holes[k].at == read->holes[k].at && str_equal(md.holes[k].target, read->holes[k].target));
		for (uint32_t k = 0; k < md.n_headings; k++)
			assert_true(str_equal(md.headings[k].id, read->headings[k].id) && str_equal(md.headings[k].text, read->headings[k].text));
		arena_free(&tmp);
		arena_free(&a);
	}
}

static void
done(struct reading *r)
{
	for (int i = 0; i < 2; i++)
		arena_free(&r->arenas[i]);
}

/* Through the file at `path`: how many texts were not found there. */
static uint64_t
read_and_save(unsigned first)
{
	struct pack *p = pack_open(path, S("1"), 2, &arena);
	static struct reading r;
	uint64_t made;

	read_texts(&r, p, first);
	pack_forget(p);
	same_as_rendered(&r);
	pack_save(p, path, &diag);
	pack_forget(p);
	same_as_rendered(&r);
	made = pack_counts(p).made;
	pack_close(p);
	done(&r);
	return made;
}

static void
found_again(void **state)
{
	(void)state;
	assert_int_equal(read_and_save(0), N);
	assert_int_equal(names_in(str_cat(&arena, str_from_c(folder), S("/cache"))), 1);
	assert_int_equal(read_and_save(0), 0);
	assert_int_equal(read_and_save(N / 2), N / 2);   /* half of them stood in the old file */
	assert_int_equal(read_and_save(N / 2), 0);
	assert_int_equal(read_and_save(0), N / 2);
	assert_int_equal(diag.entries.len, 0);
}

/* Written while it is made: what is not saved leaves nothing, neither a file nor a folder. */
static void
nothing_is_left(void **state)
{
	struct pack *p;
	static struct reading r;

	(void)state;
	assert_int_equal(os_remove_tree_at(-1, str_cat(&arena, str_from_c(folder), S("/cache"))), 0);
	p = pack_open(path, S("1"), 2, &arena);
	read_texts(&r, p, 0);
	assert_int_equal(names_in(str_from_c(folder)), 0);
	pack_close(p);
	done(&r);
	p = pack_open(path, S("1"), 2, &arena);
	pack_save(p, path, &diag);               /* nothing to keep */
	pack_close(p);
	assert_int_equal(names_in(str_from_c(folder)), 0);
}

/* A disk that takes the first room and no more. */
static void
full_disk(void **state)
{
	struct rlimit before, small;
	struct pack *p;
	static struct reading r;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ (rlim_t)5 << 20, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	p = pack_open(path, S("1"), 2, &arena);
	read_texts(&r, p, 0);
	pack_forget(p);
	same_as_rendered(&r);
	pack_save(p, path, &diag);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(diag.entries.len, 1);
	assert_int_equal(diag.entries.ptr[0].code, PACK_UNWRITABLE);
	assert_int_equal(names_in(str_cat(&arena, str_from_c(folder), S("/cache"))), 0);
	pack_save(p, path, &diag);               /* there is room again: the whole is written from memory */
	assert_int_equal(diag.entries.len, 1);
	same_as_rendered(&r);
	pack_close(p);
	done(&r);
	assert_int_equal(read_and_save(0), 0);
}

/* What is put stands where the draft says that it will. */
static void
places(void **state)
{
	struct draft *d = draft_new(path, 1, &arena);
	struct draft_worker *w = draft_worker(d, 0);
	str head = S("tête"), rest = S("reste"), parts[] = { head, rest }, bytes;
	uint64_t at[50], end;
	char *put[50];
	int probe;

	(void)state;
	if (os_draft_open(path, &probe) != 0)
		skip();                          /* a file system without files without names: the rooms stay memory */
	os_draft_close(probe);
	for (unsigned i = 0; i < 50; i++) {
		put[i] = draft_put(w, 200000 + i, &at[i]);
		memset(put[i], 'a' + (int)i % 26, 200000 + i);
	}
	memset(draft_put(w, (size_t)3 << 20, &end), '?', (size_t)3 << 20);
	assert_int_equal(end, 0);                /* so large a piece has no room */
	end = draft_end(d);
	assert_int_not_equal(end, 0);
	assert_int_equal(draft_publish(d, parts, 2), 0);
	assert_int_equal(draft_end(d), 0);
	assert_int_equal(os_read(path, (size_t)1 << 30, false, &arena, &bytes), 0);
	assert_true(str_equal(str_slice(bytes, 0, head.len), head));
	assert_true(str_equal(str_slice(bytes, end, bytes.len), rest));
	draft_forget(d);
	for (unsigned i = 0; i < 50; i++) {
		assert_true(at[i] >= head.len && at[i] + 200000 + i <= end);
		assert_memory_equal(bytes.ptr + at[i], put[i], 200000 + i);
		assert_int_equal(put[i][0], 'a' + (int)i % 26);
	}
	draft_close(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_again),
		cmocka_unit_test(nothing_is_left),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
