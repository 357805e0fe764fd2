/* Publication on the file system in memory: killed before every single change, with a full disk, with failing calls. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/hash.h"
#include "os/memory.h"
#include "output/output.h"

static struct arena arena;
static struct diag diag;
static struct files files;

struct published { const char *path, *bytes; };

/* Between one and the other everything happens: a file changes, goes, comes; a folder goes, comes; a file turns folder, and back. */
static const struct published site_a[] = {
	{ "index.html", "accueil" }, { "offres/x/index.html", "offre x" }, { "offres/y/index.html", "offre y" },
	{ "offres/index.html", "offres" }, { "a", "fichier" }, { "b/fichier", "dans un dossier" }, { "meme/index.html", "meme" },
	{ "parti/loin/d/ici/index.html", "parti" }, { NULL, NULL },
};
static const struct published site_b[] = {
	{ "index.html", "accueil, autrement" }, { "offres/x/index.html", "offre X" }, { "offres/z/index.html", "offre z" },
	{ "offres/index.html", "offres !" }, { "a/fichier", "dans un dossier" }, { "b", "fichier" }, { "meme/index.html", "meme" },
	{ NULL, NULL },
};

static struct output_options options;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, &page_source_malloc);
	os_memory_reset();
	os_make_dirs(S("/site/content"));
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	options = (struct output_options){ .site_dir = S("/site"), .workers = 2 };
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

static bool
add(struct output *o, const struct published *site)
{
	bool fine = true;

	for (unsigned i = 0; site[i].path; i++) {
		struct output_meta meta = { .modified = DAY_NONE };
		str bytes = str_from_c(site[i].bytes);
		fine = output_write(o, i % 2, str_from_c(site[i].path), bytes, hash64(bytes), &meta) && fine;
	}
	return fine;
}

static bool
publish(const struct published *site)
{
	struct output *o = output_open(&options, &arena, &diag);
	bool fine = o != NULL;

	if (o) {
		add(o, site);
		fine = output_publish(o, &diag);        /* says why, if it fails */
	}
	output_close(o);
	return fine;
}

static size_t
written_by(const struct published *site)
{
	struct output *o = output_open(&options, &arena, &diag);
	size_t n;

	assert_non_null(o);
	add(o, site);
	assert_true(output_publish(o, &diag));
	n = output_manifest(o).n_written;
	output_close(o);
	return n;
}

static const char *
live(void)
{
	str dump = os_memory_dump(S("/site/public"), &arena);

	return dump.ptr ? dump.ptr : "absent";
}

static const char *
clean_dump(const struct published *site)
{
	const char *dump;

	os_memory_reset();
	os_make_dirs(S("/site/content"));
	assert_true(publish(site));
	dump = live();
	os_memory_reset();
	os_make_dirs(S("/site/content"));
	return dump;
}

/* Ends the test's file system: the expected tree is made on an empty one. */
static void
assert_live(const struct published *site)
{
	const char *now = live();

	options.n_keep = 0;
	options.dir = STR_NONE;
	assert_string_equal(now, clean_dump(site));
}

static bool
said(enum diag_code code)
{
	bool found = false;

	for (size_t i = 0; i < diag.entries.len; i++)
		found = found || diag.entries.ptr[i].code == code;
	diag_init(&diag, &arena, &files);
	return found;
}

static str
argument(size_t i)
{
	return diag.entries.ptr[diag.entries.len - 1].args[i];
}

static void
test_alternating_sites(void **state)
{
	const char *a = clean_dump(site_a), *b = clean_dump(site_b);

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(publish(site_a));
		assert_string_equal(live(), a);
		assert_true(publish(site_b));
		assert_string_equal(live(), b);
	}
	assert_true(diag.entries.len == 0);
}

static void
test_only_what_changed_is_written(void **state)
{
	(void)state;
	assert_int_equal(written_by(site_a), 8);
	assert_int_equal(written_by(site_a), 8);        /* there was no tree beside yet */
	assert_int_equal(written_by(site_a), 0);
	assert_int_equal(written_by(site_b), 6);        /* all but meme/index.html */
	assert_int_equal(written_by(site_b), 6);
	assert_int_equal(written_by(site_b), 0);
}

/* A file touched since, and one as young as its manifest, are written again. */
static void
test_stat_must_agree(void **state)
{
	(void)state;
	publish(site_a);
	publish(site_a);
	os_replace(S("/site/.public.precedent/index.html"), S("ACCUEIL"));
	os_unlink_at(-1, S("/site/.public.precedent/offres/index.html"));
	assert_int_equal(written_by(site_a), 2);
	os_memory_clock(0);
	publish(site_b);
	publish(site_b);
	assert_int_equal(written_by(site_b), 6);
	os_memory_clock(1000);
	publish(site_a);
	assert_live(site_a);
}

static uint64_t
inode_of(const char *path)
{
	struct os_stat st;

	assert_int_equal(os_stat(str_from_c(path), &st), 0);
	return st.inode;
}

/* What the live tree holds already is one file under two names; what is not what was published, or may not be, is written. */
static void
test_the_trees_share_files(void **state)
{
	(void)state;
	publish(site_a);
	publish(site_a);
	assert_int_equal(inode_of("/site/public/meme/index.html"), inode_of("/site/.public.precedent/meme/index.html"));
	publish(site_b);
	assert_int_equal(inode_of("/site/public/meme/index.html"), inode_of("/site/.public.precedent/meme/index.html"));
	assert_int_not_equal(inode_of("/site/public/index.html"), inode_of("/site/.public.precedent/index.html"));
	os_replace(S("/site/public/index.html"), S("falsifié, par un autre"));
	publish(site_b);
	assert_live(site_b);
}

static void
test_a_disk_without_hard_links(void **state)
{
	(void)state;
	publish(site_a);
	os_memory_fail(OS_MEMORY_LINK, EPERM);
	assert_int_equal(written_by(site_a), 8);
	assert_int_not_equal(inode_of("/site/public/meme/index.html"), inode_of("/site/.public.precedent/meme/index.html"));
	os_memory_fail(OS_MEMORY_LINK, 0);
	assert_int_equal(diag.entries.len, 0);
	assert_live(site_a);
}

/* Publishes, leaves a note, and looks whether all stands; *differing is what does not. */
static bool
stands(str *note, str *differing)
{
	struct output *o = output_open(&options, &arena, &diag);
	int64_t written;
	uint64_t identity;
	bool fine;

	assert_non_null(o);
	add(o, site_a);
	assert_true(output_publish(o, &diag));
	identity = output_identity(o);
	output_leave_note(o, S("note"), &diag);
	assert_null(output_revisit(&options, &arena, note, &written));     /* somebody is at work there */
	output_close(o);
	if (differing->len)
		os_replace(*differing, S("autre"));
	o = output_revisit(&options, &arena, note, &written);
	assert_non_null(o);
	fine = output_stands(o, identity, NULL, 0, differing);
	assert_false(output_stands(o, identity + 1, NULL, 0, differing));
	output_close(o);
	return fine;
}

static void
test_what_stands_is_seen_to_stand(void **state)
{
	static const char *const changed[] = { "/site/public/index.html", "/site/public/offres/de trop", "/site/.public.etat/de trop" };
	str note, differing = STR_NONE;
	int64_t written;

	(void)state;
	assert_null(output_revisit(&options, &arena, &note, &written));
	assert_true(stands(&note, &differing));
	assert_true(str_equal(note, S("note")));
	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
		os_memory_reset();
		os_make_dirs(S("/site/content"));
		differing = str_from_c(changed[i]);
		assert_false(stands(&note, &differing));
	}
	os_memory_reset();
	os_make_dirs(S("/site/content"));
	os_memory_clock(0);             /* all files are as young as their manifest: their bytes tell */
	differing = STR_NONE;
	assert_true(stands(&note, &differing));
	assert_int_equal(diag.entries.len, 0);
}

/* Runs `before` … `last` of a story, the last one killed before change number n; true when it was not killed. */
struct story { const struct published *sites[4]; unsigned n; };

static bool
run_killed(const struct story *story, size_t n)
{
	bool finished;

	os_memory_reset();
	os_make_dirs(S("/site/content"));
	os_make_dirs(S("/site/public/stats/jour"));
	if (options.n_keep)
		os_replace(S("/site/public/stats/jour/1"), S("visites"));
	else
		os_remove_tree_at(-1, S("/site/public"));
	for (unsigned i = 0; i + 1 < story->n; i++)
		assert_true(publish(story->sites[i]));
	os_memory_stop_at(n);
	publish(story->sites[story->n - 1]);
	finished = os_memory_changes() <= n;
	os_memory_stop_at(SIZE_MAX);
	diag_init(&diag, &arena, &files);
	return finished;
}

static void
kill_everywhere(const struct story *story)
{
	const struct published *last = story->sites[story->n - 1], *other = last == site_a ? site_b : site_a;
	const char *old, *new, *other_dump;
	bool finished = false;

	run_killed(story, 0);
	old = live();
	run_killed(story, SIZE_MAX);
	new = live();
	publish(other);
	other_dump = live();
	for (size_t n = 0; !finished; n++) {
		const char *now;
		finished = run_killed(story, n);
		now = live();
		if (strcmp(now, old) != 0 && !(options.two_steps && strcmp(now, "absent") == 0))
			assert_string_equal(now, new);
		/* The next build recovers, whichever it is. */
		assert_true(publish(n % 2 ? last : other));
		assert_string_equal(live(), n % 2 ? new : other_dump);
		assert_true(publish(last));
		assert_string_equal(live(), new);
		assert_int_equal(diag.entries.len, 0);
		assert_true(n < 500);
	}
}

static void
test_killed_at_every_change(void **state)
{
	static const struct story stories[] = {
		{ { site_a }, 1 }, { { site_a, site_b }, 2 }, { { site_b, site_a, site_b }, 3 }, { { site_b, site_b, site_b, site_a }, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
		kill_everywhere(&stories[i]);
}

static void
test_killed_while_keeping(void **state)
{
	static const str keep[] = { S_INIT("stats/jour/"), S_INIT("/CNAME"), S_INIT("stats/jour/1") };
	static const struct story story = { { site_a, site_b, site_a }, 3 };

	(void)state;
	options.keep = keep;
	options.n_keep = 3;
	kill_everywhere(&story);
	assert_true(strstr(live(), "/stats/jour/1: visites") != NULL);
}

static void
test_killed_in_two_steps(void **state)
{
	static const struct story story = { { site_a, site_b, site_a }, 3 };

	(void)state;
	options.two_steps = true;
	os_memory_fail(OS_MEMORY_EXCHANGE, EINVAL);
	kill_everywhere(&story);
}

static void
test_full_disk(void **state)
{
	const char *a;

	(void)state;
	assert_true(publish(site_a));
	a = live();
	for (size_t space = 0; space < 60; space += 7) {
		os_memory_space(space);
		assert_false(publish(site_b));
		assert_string_equal(live(), a);
		assert_true(said(OUTPUT_FAILED));
		os_memory_space(SIZE_MAX);
	}
	assert_true(publish(site_b));
	assert_live(site_b);
}

static void
test_failing_calls(void **state)
{
	static const struct { enum os_memory_call call; os_error e; enum diag_code code; } cases[] = {
		{ OS_MEMORY_WRITE, EACCES, OUTPUT_FAILED }, { OS_MEMORY_MAKE_DIR, EROFS, OUTPUT_FAILED }, { OS_MEMORY_UNLINK, EIO, OUTPUT_FAILED },
		{ OS_MEMORY_SYNC, EIO, OUTPUT_FAILED }, { OS_MEMORY_EXCHANGE, EINVAL, OUTPUT_NO_EXCHANGE }, { OS_MEMORY_EXCHANGE, EBUSY, OUTPUT_MOUNT },
	};
	const char *a;

	(void)state;
	assert_true(publish(site_a));
	a = live();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		os_memory_fail(cases[i].call, cases[i].e);
		assert_false(publish(site_b));
		assert_string_equal(live(), a);
		assert_true(said(cases[i].code));
		os_memory_fail(cases[i].call, 0);
	}
	options.two_steps = true;
	os_memory_fail(OS_MEMORY_EXCHANGE, EINVAL);
	assert_true(publish(site_b));
}

static void
test_foreign_files_are_refused(void **state)
{
	const char *before;

	(void)state;
	assert_true(publish(site_a));
	assert_true(publish(site_a));
	os_replace(S("/site/public/offres/x/notes.txt"), S("à moi"));
	os_make_dirs(S("/site/public/photos"));
	os_memory_put_link(S("/site/public/lien"), S("/ailleurs"));
	before = live();
	assert_false(publish(site_b));
	assert_true(str_equal(argument(1), S("lien, photos/, offres/x/notes.txt")));
	assert_true(said(OUTPUT_FOREIGN));
	assert_string_equal(live(), before);
	options.keep = (const str[]){ S_INIT("photos"), S_INIT("lien"), S_INIT("offres/x/notes.txt") };
	options.n_keep = 3;
	assert_true(publish(site_b));
	assert_true(strstr(live(), "/offres/x/notes.txt: à moi\n/photos") == NULL);
	assert_true(strstr(live(), "notes.txt: à moi") && strstr(live(), "/photos\n") && strstr(live(), "/lien -> "));
	/* The old tree let go of them: no error when `conserver` no longer names what is gone. */
	os_remove_tree_at(-1, S("/site/public/photos"));
	os_unlink_at(-1, S("/site/public/lien"));
	os_unlink_at(-1, S("/site/public/offres/x/notes.txt"));
	options.n_keep = 0;
	assert_true(publish(site_a));
	assert_live(site_a);
}

static void
test_a_link_in_the_place_of_a_folder(void **state)
{
	(void)state;
	publish(site_a);
	publish(site_a);
	os_make_dirs(S("/ailleurs/x"));
	os_remove_tree_at(-1, S("/site/.public.precedent/offres"));
	os_memory_put_link(S("/site/.public.precedent/offres"), S("/ailleurs"));
	assert_false(publish(site_b));
	assert_true(said(OUTPUT_FOREIGN));
	assert_string_equal(os_memory_dump(S("/ailleurs"), &arena).ptr, "/x\n");
}

static void
test_unmarked_folders(void **state)
{
	(void)state;
	os_make_dirs(S("/site/public"));
	assert_true(publish(site_a));                   /* empty is fine */
	os_make_dirs(S("/autre"));
	os_replace(S("/autre/important.txt"), S("x"));
	options.dir = S("/autre/");
	assert_false(publish(site_a));
	assert_true(said(OUTPUT_NOT_OURS));
	assert_null(strstr(os_memory_dump(S("/"), &arena).ptr, ".autre"));
	os_replace(S("/fichier"), S("x"));
	options.dir = S("/fichier");
	assert_false(publish(site_a));
	assert_true(said(OUTPUT_NOT_A_FOLDER));
	os_make_dirs(S("/.neuf.precedent"));
	os_replace(S("/.neuf.precedent/a-moi"), S("x"));
	options.dir = S("/neuf");
	assert_false(publish(site_a));
	assert_true(said(OUTPUT_NOT_OURS));
	os_make_dirs(S("/monte"));
	os_memory_put_device(S("/monte"), 9);
	options.dir = S("/monte");
	assert_false(publish(site_a));
	assert_true(said(OUTPUT_MOUNT));
	options.dir = S("/monte/site");
	assert_true(publish(site_a));
	assert_true(publish(site_b));
}

static void
test_sources_are_refused(void **state)
{
	static const str places[] = { S_INIT("/site"), S_INIT("/"), S_INIT("/site/content"), S_INIT("/site/content/offres/sortie"), S_INIT("/site/themes") };

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		options.dir = places[i];
		assert_false(publish(site_a));
		assert_true(said(OUTPUT_IN_SOURCES));
	}
	options.dir = S("/site/contenu-publie");
	assert_true(publish(site_a));
}

static void
test_lost_state(void **state)
{
	(void)state;
	publish(site_a);
	publish(site_a);
	os_remove_tree_at(-1, S("/site/.public.etat"));
	assert_false(publish(site_b));
	assert_string_equal(argument(1).ptr, "a, b/, parti/, offres/y/");
	assert_true(said(OUTPUT_LOST));
	os_remove_tree_at(-1, S("/site/.public.etat"));
	assert_true(publish(site_a));                   /* nothing there but what is published again */
	assert_true(publish(site_b));
	assert_live(site_b);
}

static void
test_manifest_torn(void **state)
{
	struct os_entry *entries;
	os_dir dir;
	size_t n;

	(void)state;
	publish(site_a);
	publish(site_a);
	os_dir_open(S("/site/.public.etat"), &dir);
	os_list_at(dir, true, &arena, &entries, &n);
	for (size_t i = 0; i < n; i++)
		if (!str_equal(entries[i].name, S("verrou"))) {
			str bytes;
			os_read_at(dir, entries[i].name, 1 << 20, &arena, &bytes);
			((char *)(uintptr_t)bytes.ptr)[bytes.len / 2] ^= 1;
			os_replace_at(dir, entries[i].name, bytes);
		}
	os_dir_close(dir);
	assert_int_equal(n, 3);
	assert_int_equal(written_by(site_a), 8);
}

static void
test_names_that_clash(void **state)
{
	static const struct published twins[] = { { "x/index.html", "1" }, { "x/index.html", "2" }, { NULL, NULL } };
	static const struct published both[] = { { "x", "1" }, { "x-y", "" }, { "x/y/index.html", "2" }, { NULL, NULL } };
	static const char *const bad[] = { "", "/x", "x/", "a//b", "../x", "a/./b", "a/..", "a\nb", "a\\b", OUTPUT_MARK, OUTPUT_WORK_MARK };

	(void)state;
	assert_false(publish(twins));
	assert_true(said(OUTPUT_SAME_PATH));
	assert_false(publish(both));
	assert_true(said(OUTPUT_FILE_AND_FOLDER));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct published site[] = { { bad[i], "1" }, { NULL, NULL } };
		assert_false(publish(site));
		assert_true(said(OUTPUT_BAD_PATH));
	}
	options.keep = (const str[]){ S_INIT("offres/x") };
	options.n_keep = 1;
	assert_false(publish(site_a));
	assert_true(said(OUTPUT_KEPT));
	options.keep = (const str[]){ S_INIT("../x") };
	assert_false(publish(site_a));
	assert_true(said(OUTPUT_KEEP_PATH));
	assert_string_equal(live(), "absent");
}

/* Of sets of paths by chance: each file below whose name others would lie is told once. */
static void
test_files_and_folders(void **state)
{
	static const char *const paths[] = { "a", "a-b", "a/b", "a/b/c", "a/b-c", "a-b/c", "a/b0", "a/b/c/d", "b", "b/c", "b-/c", "b/c/d" };
	enum { N = sizeof paths / sizeof *paths };

	(void)state;
	for (unsigned i = 0, set = 1; i < 300; i++, set = set * 1103515245 + 12345) {
		struct published site[N + 1] = { { NULL, NULL } };
		unsigned n = 0, expected = 0, told = 0;
		for (unsigned k = 0; k < N; k++)
			if (set >> 8 & 1u << k)
				site[n++] = (struct published){ paths[(k * 5) % N], "" };
		for (unsigned k = 0; k < n; k++) {
			bool below = false;
			for (unsigned j = 0; j < n; j++)
				below |= str_starts(str_from_c(site[j].path), str_cat(&arena, str_from_c(site[k].path), S("/")));
			expected += below;
		}
		diag_init(&diag, &arena, diag.files);
		assert_int_equal(publish(site), expected == 0);
		for (size_t k = 0; k < diag.entries.len; k++)
			told += diag.entries.ptr[k].code == OUTPUT_FILE_AND_FOLDER;
		assert_int_equal(told, expected);
	}
}

static void
count_wait(void *context)
{
	++*(int *)context;
}

/* One process is all there is in memory, where waiting for oneself fails; tests/publication waits for another. */
static void
test_two_builds_at_once(void **state)
{
	struct output *first;
	int waits = 0;

	(void)state;
	options.waiting = count_wait;
	options.waiting_context = &waits;
	first = output_open(&options, &arena, &diag);
	assert_non_null(first);
	assert_int_equal(waits, 0);
	assert_false(publish(site_a));
	assert_int_equal(waits, 1);
	assert_true(said(OUTPUT_FAILED));
	output_close(first);
	assert_true(publish(site_a));
	assert_int_equal(waits, 1);
}

static void
test_copies(void **state)
{
	struct output_meta meta = { .modified = DAY_NONE };
	struct output *o;
	str bytes = S("une image");
	struct output_source source = { S("/site/image.jpg"), bytes.len, NULL };

	(void)state;
	os_replace(S("/site/image.jpg"), bytes);
	o = output_open(&options, &arena, &diag);
	assert_true(output_copy(o, 0, S("assets/image.jpg"), &source, hash64(bytes), bytes.len, &meta));
	assert_true(output_publish(o, &diag));
	output_close(o);
	assert_true(strstr(live(), "/assets/image.jpg: une image") != NULL);
	o = output_open(&options, &arena, &diag);
	bytes = S("un dessin");                 /* which it was, but is no more */
	os_replace(S("/site/image.jpg"), S("une autre"));
	assert_false(output_copy(o, 0, S("assets/image.jpg"), &source, hash64(bytes), bytes.len, &meta));
	assert_false(output_publish(o, &diag));
	assert_string_equal(argument(1).ptr, "sa source a été modifiée pendant la construction");
	assert_true(said(OUTPUT_FAILED));
	output_close(o);
}

static void
test_dry_run_touches_nothing(void **state)
{
	const char *before = os_memory_dump(S("/"), &arena).ptr;
	struct output *o;

	(void)state;
	options.dry = true;
	o = output_open(&options, &arena, &diag);
	assert_true(add(o, site_a));
	assert_true(output_publish(o, &diag));
	assert_int_equal(output_manifest(o).len, 8);
	assert_string_equal(output_manifest(o).files[0].path.ptr, "a");
	output_close(o);
	assert_string_equal(os_memory_dump(S("/"), &arena).ptr, before);
}

static void
test_record(void **state)
{
	struct output_record r = {
		.version = S("1.0"), .libraries = S("Lua \"5.4\""), .date = day_from_civil(2026, 9, 15), .next_change = DAY_NONE,
		.next_change_why = S("rien"), .n_items = 3, .n_pages = 7, .n_files = 9, .bytes = 5000000000, .online = true,
	};
	str first, bytes;

	(void)state;
	assert_true(output_write_record(S("/site"), &r, &arena, &diag));
	os_read(S("/site/.vitrine/record.json"), 4096, false, &arena, &first);
	assert_string_equal(first.ptr,
	    "{\n  \"date\": \"2026-09-15\",\n  \"prochain_changement\": null,\n  \"prochain_changement_cause\": null,\n  \"url\": null,\n"
	    "  \"en_ligne\": true,\n  \"fiches\": 3,\n  \"pages\": 7,\n  \"fichiers\": 9,\n  \"octets\": 5000000000,\n  \"retirees\": 0,\n"
	    "  \"version\": \"1.0\",\n  \"bibliotheques\": \"Lua \\\"5.4\\\"\"\n}\n");
	r.next_change = r.date + 1;
	assert_true(output_write_record(S("/site"), &r, &arena, &diag));
	os_read(S("/site/.vitrine/record.json"), 4096, false, &arena, &bytes);
	assert_non_null(strstr(bytes.ptr, "\"prochain_changement\": \"2026-09-16\",\n  \"prochain_changement_cause\": \"rien\""));
	os_memory_fail(OS_MEMORY_WRITE, ENOSPC);
	assert_false(output_write_record(S("/site"), &r, &arena, &diag));
	assert_true(said(OUTPUT_FAILED));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_alternating_sites), TEST(test_only_what_changed_is_written), TEST(test_stat_must_agree), TEST(test_the_trees_share_files), TEST(test_a_disk_without_hard_links),
		TEST(test_what_stands_is_seen_to_stand),
		TEST(test_killed_at_every_change), TEST(test_killed_while_keeping), TEST(test_killed_in_two_steps),
		TEST(test_full_disk), TEST(test_failing_calls), TEST(test_foreign_files_are_refused),
		TEST(test_a_link_in_the_place_of_a_folder), TEST(test_unmarked_folders), TEST(test_sources_are_refused),
		TEST(test_lost_state), TEST(test_manifest_torn), TEST(test_names_that_clash), TEST(test_files_and_folders), TEST(test_two_builds_at_once),
		TEST(test_copies), TEST(test_dry_run_touches_nothing), TEST(test_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
