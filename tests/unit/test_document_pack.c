/* document/pack.h: what comes out of the pack is what markdown_render gives, whatever happened to its file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "document/pack.h"
#include "os/os.h"

static struct arena arena;
static struct files files;
static struct diag diag;

/* All that markdown has: headings, links with and without text, images, tables, notes, tasks, strikes, addresses. */
static const char *const bodies[] = {
	"",
	"Un mot.\n",
	"## Gardes\n\nVoir [l'offre](offre:interne) et [](offre:externe \"Titre\"), puis ![la place](place.jpg).\n\n### Été\n\n- [x] fait\n- [ ] à faire\n",
	"## Gardes\n\n## Gardes\n\n| Jour | Heure |\n| --- | :-: |\n| lundi | 8 h 30 |\n\nNote[^1] et ~~barré~~ https://exemple.fr/a_b.\n\n[^1]: Voilà.\n",
	"[![image](a.png)](/page/) : suite !\n",
};
#define N_BODIES (sizeof bodies / sizeof *bodies)

static int
set_up(void **state)
{
	(void)state;
	markdown_init();
	arena_init(&arena, &page_source_malloc);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct markdown_options
options(uint32_t offset, uint32_t end)
{
	struct markdown_options o = markdown_options_default;

	o.offset = offset;
	o.end = end;
	return o;
}

static void
assert_str(str a, str b)
{
	assert_int_equal(a.len, b.len);
	assert_true(str_equal(a, b));
}

static void
assert_same(const struct markdown *a, const struct markdown *b)
{
	assert_str(a->html, b->html);
	assert_str(a->plain, b->plain);
	assert_int_equal(a->plain.ptr != NULL, b->plain.ptr != NULL);
	assert_int_equal(a->n_holes, b->n_holes);
	assert_int_equal(a->n_headings, b->n_headings);
	for (uint32_t i = 0; i < a->n_holes; i++) {
		const struct markdown_hole *x = &a->holes[i], *y = &b->holes[i];
		assert_str(x->target, y->target);
		assert_true(x->kind == y->kind && x->at == y->at && x->text_at == y->text_at && x->empty_text == y->empty_text);
		assert_true(x->start == y->start && x->end == y->end);
	}
	for (uint32_t i = 0; i < a->n_headings; i++) {
		const struct markdown_heading *x = &a->headings[i], *y = &b->headings[i];
		assert_str(x->id, y->id);
		assert_str(x->text, y->text);
		assert_true(x->level == y->level && x->start == y->start && x->end == y->end);
	}
}

static void
check_one(struct pack_worker *w, str body, const struct markdown_options *o)
{
	struct diag a, b;
	struct markdown direct, packed;
	bool fine;

	diag_init(&a, &arena, &files);
	diag_init(&b, &arena, &files);
	fine = markdown_render(&direct, body, o, &arena, &a);
	assert_int_equal(pack_render(w, &packed, body, o, &arena, &b), fine);
	assert_same(&direct, &packed);
	assert_int_equal(a.entries.len, b.entries.len);
	for (size_t i = 0; i < a.entries.len; i++)
		assert_true(a.entries.ptr[i].code == b.entries.ptr[i].code && a.entries.ptr[i].at.start == b.entries.ptr[i].at.start);
}

static void
check_all(struct pack *p, uint32_t offset, uint32_t end)
{
	struct markdown_options o = options(offset, end);

	for (size_t i = 0; i < N_BODIES; i++)
		check_one(pack_worker(p, 0), str_from_c(bodies[i]), &o);
}

/* The file as it would be written, STR_NONE when it would not. */
static str
file_of(struct pack *p)
{
	str *parts;
	size_t n;

	return pack_parts(p, &arena, &parts, &n) ? str_join(&arena, parts, n, STR_NONE) : STR_NONE;
}

static str
made_file(void)
{
	struct pack *p = pack_new(STR_NONE, S("1"), 1, &arena);
	str bytes;

	check_all(p, 100, 0);
	bytes = file_of(p);
	assert_true(bytes.len > 0);
	pack_close(p);
	return bytes;
}

static void
found_again_elsewhere(void **state)
{
	str bytes = made_file();
	struct pack *p = pack_new(bytes, S("1"), 1, &arena);

	(void)state;
	check_all(p, 4321, 0);
	assert_true(file_of(p).len == 0);        /* all was found, all was used */
	check_all(p, 50, 70);                    /* not the same spans: other entries */
	assert_true(file_of(p).len > bytes.len);
	pack_close(p);
}

static void
what_the_html_depends_on_is_in_the_key(void **state)
{
	str bytes = made_file(), body = str_from_c(bodies[3]);
	struct markdown_options changed[] = { options(0, 0), options(0, 0), options(0, 0) };
	struct pack *p;

	(void)state;
	changed[0].language = S("en");
	changed[1].prefix = S("a-");
	changed[2].inline_only = true;
	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
		p = pack_new(bytes, S("1"), 1, &arena);
		check_one(pack_worker(p, 0), body, &changed[i]);
		assert_true(file_of(p).len > 0);
		pack_close(p);
	}
	p = pack_new(bytes, S("2"), 1, &arena);
	check_all(p, 0, 0);
	assert_true(file_of(p).len > 0);
	pack_close(p);
}

static void
what_has_diagnostics_is_not_kept(void **state)
{
	struct markdown_options o = options(10, 0);
	struct pack *p = pack_new(STR_NONE, S("1"), 1, &arena);

	(void)state;
	for (int i = 0; i < 2; i++)
		check_one(pack_worker(p, 0), S("# Titre\n\n[sans adresse]()\n"), &o);
	assert_true(file_of(p).len == 0);
	pack_close(p);
}

static void
what_is_not_used_goes(void **state)
{
	str bytes = made_file(), less;
	struct markdown_options o = options(0, 0);
	struct pack *p = pack_new(bytes, S("1"), 1, &arena);

	(void)state;
	for (int i = 0; i < 3; i++)
		check_one(pack_worker(p, 0), str_from_c(bodies[2]), &o);
	less = file_of(p);
	assert_true(less.len > 0 && less.len < bytes.len);
	pack_close(p);
	p = pack_new(less, S("1"), 1, &arena);
	check_one(pack_worker(p, 0), str_from_c(bodies[2]), &o);
	assert_true(file_of(p).len == 0);
	pack_close(p);
}

static void
damage_is_a_miss(void **state)
{
	str bytes = made_file();
	char *copy = (char *)(uintptr_t)str_copy(&arena, bytes).ptr;
	struct arena_mark mark = arena_mark(&arena);
	struct pack *p;

	(void)state;
	for (size_t i = 0; i < bytes.len; i++) {
		copy[i] ^= (char)(1 << i % 8);
		p = pack_new((str){ copy, bytes.len }, S("1"), 1, &arena);
		check_all(p, 0, 0);
		assert_true(file_of(p).len > 0);     /* something was missed, so a sound file is written */
		copy[i] ^= (char)(1 << i % 8);
		pack_close(p);
		arena_rewind(&arena, mark);
	}
	for (size_t i = 0; i < bytes.len; i += 7) {
		p = pack_new((str){ copy, i }, S("1"), 1, &arena);
		check_all(p, 0, 0);
		assert_true(file_of(p).len > 0);
		pack_close(p);
		arena_rewind(&arena, mark);
	}
}

struct task { struct pack *pack; struct arena arenas[3]; struct diag diags[3]; };

static void
render_on_a_thread(void *context, unsigned worker)
{
	struct task *t = context;
	struct arena *a = &t->arenas[worker];
	struct markdown_options o = options(0, 0);
	struct markdown md;

	for (size_t i = 0; i < 200; i++) {
		str body = str_format(a, "## Titre %zu\n\n%s", i % 50, bodies[2]);
		pack_render(pack_worker(t->pack, worker), &md, body, &o, a, &t->diags[worker]);
	}
}

static str
file_of_threads(str bytes, unsigned threads)
{
	struct task t = { .pack = pack_new(bytes, S("1"), threads, &arena) };
	str made;

	for (unsigned i = 0; i < threads; i++) {
		arena_init(&t.arenas[i], &page_source_malloc);
		diag_init(&t.diags[i], &t.arenas[i], &files);
	}
	os_parallel(threads, render_on_a_thread, &t);
	made = file_of(t.pack);
	pack_close(t.pack);
	for (unsigned i = 0; i < threads; i++)
		arena_free(&t.arenas[i]);
	return made;
}

static void
threads_share_it(void **state)
{
	str one = file_of_threads(STR_NONE, 1), three = file_of_threads(STR_NONE, 3);

	(void)state;
	assert_true(one.len > 0);
	assert_str(one, three);
	assert_true(file_of_threads(one, 3).len == 0);
}

/* Reads `n` texts from `from` on through the file, saves it, and gives its number on the disk. */
static uint64_t
read_some(str path, unsigned from, unsigned n)
{
	struct pack *p = pack_open(path, S("1"), 1, &arena);
	struct os_stat st;

	for (unsigned i = from; i < from + n; i++)
		check_one(pack_worker(p, 0), str_format(&arena, "Texte *%u*.\n", i), &markdown_options_default);
	pack_save(p, path, &diag);
	pack_close(p);
	assert_int_equal(os_stat(path, &st), 0);
	return st.inode;
}

static void
a_few_texts_wait(void **state)
{
	char folder[] = "/tmp/vitrine-test-pack-XXXXXX";
	uint64_t first, second;
	str path;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = str_cat(&arena, str_from_c(folder), S("/pack"));
	first = read_some(path, 0, 200);
	assert_int_equal(read_some(path, 2, 200), first);
	second = read_some(path, 3, 200);
	assert_int_not_equal(second, first);
	assert_int_not_equal(read_some(path, 3, 190), second);
	assert_int_equal(os_remove_tree_at(-1, str_from_c(folder)), 0);
}

/* Of a small file nothing stays that is not used, even where as many texts were read because one stands twice. */
static void
a_small_file_is_exact(void **state)
{
	char folder[] = "/tmp/vitrine-test-pack-XXXXXX";
	uint64_t first;
	struct os_stat st;
	struct pack *p;
	str path;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = str_cat(&arena, str_from_c(folder), S("/pack"));
	first = read_some(path, 0, 2);
	p = pack_open(path, S("1"), 1, &arena);
	for (int i = 0; i < 2; i++)
		check_one(pack_worker(p, 0), S("Texte *0*.\n"), &markdown_options_default);
	pack_save(p, path, &diag);
	pack_close(p);
	assert_int_equal(os_stat(path, &st), 0);
	assert_int_not_equal(st.inode, first);
	assert_int_equal(os_remove_tree_at(-1, str_from_c(folder)), 0);
}

static void
files_are_replaced_only_when_they_change(void **state)
{
	char folder[] = "/tmp/vitrine-test-pack-XXXXXX";
	struct os_stat first, second;
	str path;
	struct pack *p;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = str_cat(&arena, str_from_c(folder), S("/a/b/pack"));
	for (int i = 0; i < 2; i++) {
		p = pack_open(path, S("1"), 1, &arena);
		check_all(p, 0, 0);
		pack_save(p, path, &diag);
		pack_close(p);
		assert_int_equal(os_stat(path, i ? &second : &first), 0);
	}
	assert_true(first.inode == second.inode && first.ctime_ns == second.ctime_ns);
	assert_int_equal(diag.entries.len, 0);
	p = pack_open(path, S("1"), 1, &arena);
	check_one(pack_worker(p, 0), S("Autre chose.\n"), &markdown_options_default);
	assert_int_equal(os_remove_tree_at(-1, path), 0);
	assert_int_equal(os_make_dirs(str_cat(&arena, path, S("/d"))), 0);
	pack_save(p, path, &diag);
	assert_int_equal(diag.entries.len, 1);
	assert_int_equal(diag.entries.ptr[0].code, PACK_UNWRITABLE);
	assert_int_equal(diag.n_errors, 0);
	pack_close(p);
	p = pack_open(path, S("1"), 1, &arena);  /* a folder in its place */
	check_all(p, 0, 0);
	pack_close(p);
	pack_close(NULL);
	assert_int_equal(os_remove_tree_at(-1, str_from_c(folder)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(found_again_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_the_html_depends_on_is_in_the_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_has_diagnostics_is_not_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_used_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damage_is_a_miss, set_up, tear_down),
		cmocka_unit_test_setup_teardown(threads_share_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(files_are_replaced_only_when_they_change, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_few_texts_wait, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_small_file_is_exact, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
