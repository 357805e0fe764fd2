/* Publishes two sites in turn while a parent kills the publisher with SIGKILL at random instants; after each kill the live tree
 * must be exactly one of the two, byte for byte, and the next publication must succeed. Also: a file size limit in the place of
 * a full disk, two publishers at once, and files that others keep in the live tree.
 *
 *   kill DIR [kills [seed]]       DIR: an empty folder to work in */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "os/os.h"
#include "output/output.h"

#define PAGES 300
#define WORKERS 2

struct site {
	struct arena arena;
	char letter;
	str paths[PAGES + 4], bytes[PAGES + 4];
	unsigned n;
};

struct run {
	str dir, live;
	bool two_steps;
	uint64_t random;
};

static uint32_t
next_random(struct run *r)
{
	r->random = hash_mix(r->random, 1);
	return (uint32_t)r->random;
}

static void
die(const char *what, str detail)
{
	fprintf(stderr, "kill: %s: %.*s\n", what, STR_ARG(detail));
	exit(1);
}

static void
add_page(struct site *s, str path, str bytes)
{
	s->paths[s->n] = path;
	s->bytes[s->n++] = bytes;
}

/* Every page differs between A and B but each tenth; some pages and folders exist in one only; one name is a file here, a folder there. */
static void
make_site(struct site *s, char letter)
{
	memset(s, 0, sizeof *s);
	arena_init(&s->arena, &os_pages);
	s->letter = letter;
	for (int i = 0; i < PAGES; i++) {
		bool same = i % 10 == 0, own = i % 7 == 3;
		str body = str_format(&s->arena, "<!doctype html><title>%d</title>%c%*d", i, same ? '=' : letter, 1 + i * 37 % 9000, i);
		add_page(s, own ? str_format(&s->arena, "%c/%d/%d/index.html", letter, i % 5, i) :
		                  str_format(&s->arena, "dossier-%d/%d/index.html", i % 13, i), body);
	}
	add_page(s, S("index.html"), str_format(&s->arena, "accueil %c", letter));
	add_page(s, letter == 'A' ? S("mue") : S("mue/index.html"), S("fichier ou dossier"));
	add_page(s, letter == 'A' ? S("eum/index.html") : S("eum"), S("fichier ou dossier"));
}

struct publishing { struct output *o; const struct site *site; };

static void
write_part(void *context, unsigned worker)
{
	struct publishing *p = context;
	struct output_meta meta = { .modified = DAY_NONE };

	for (unsigned i = worker; i < p->site->n; i += WORKERS)
		if (!output_write(p->o, worker, p->site->paths[i], p->site->bytes[i], hash64(p->site->bytes[i]), &meta))
			return;
}

static void
wait_quietly(void *context)
{
	(void)context;
}

/* Publishes; gives the exit status of the child. */
static int
publish(const struct run *r, const struct site *site, bool quiet)
{
	static const str keep[] = { S_INIT("conserve") };
	struct output_options options = {
		.site_dir = r->dir, .dir = r->live, .keep = keep, .n_keep = 1, .two_steps = r->two_steps, .no_sync = true, .workers = WORKERS,
		.waiting = wait_quietly,
	};
	struct publishing p = { .site = site };
	struct arena arena;
	struct files files;
	struct diag diag;
	struct buf text;
	bool fine;

	arena_init(&arena, &os_pages);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	p.o = output_open(&options, &arena, &diag);
	if (p.o)
		os_parallel(WORKERS, write_part, &p);
	fine = p.o && output_publish(p.o, &diag);
	output_close(p.o);
	buf_init(&text, 1 << 20);
	diag_print(&diag, &(struct diag_printing){ .language = DIAG_EN, .limit = 10 }, &text);
	if (!quiet)
		os_print(2, buf_str(&text));
	buf_free(&text);
	arena_free(&arena);
	return fine ? 0 : 1;
}

static void
collect(os_dir dir, str path, struct arena *out, str *paths, str *bytes, unsigned *n, unsigned max)
{
	struct os_entry *entries;
	size_t n_entries;

	if (os_list_at(dir, false, out, &entries, &n_entries) != 0)
		die("cannot list", path);
	for (size_t i = 0; i < n_entries; i++) {
		str below = path.len ? str_cat(out, path, S("/"), entries[i].name) : entries[i].name;
		os_dir inside;
		if (entries[i].st.kind == OS_DIR) {
			if (os_dir_open_at(dir, entries[i].name, &inside) != 0)
				die("cannot open", below);
			collect(inside, below, out, paths, bytes, n, max);
			os_dir_close(inside);
			continue;
		}
		if (*n == max)
			die("too many files, from", below);
		paths[*n] = below;
		if (os_read_at(dir, entries[i].name, 1 << 20, out, &bytes[(*n)++]) != 0)
			die("cannot read", below);
	}
}

/* Is the live tree exactly this site, with our mark and what is kept? */
static bool
live_is(const struct run *r, const struct site *site)
{
	str paths[PAGES + 16], bytes[PAGES + 16];
	struct arena arena;
	struct map found = { 0 };
	unsigned n = 0, same = 0;
	os_dir dir;

	arena_init(&arena, &os_pages);
	if (os_dir_open(r->live, &dir) != 0) {
		arena_free(&arena);
		return false;
	}
	collect(dir, STR_NONE, &arena, paths, bytes, &n, PAGES + 16);
	os_dir_close(dir);
	for (unsigned i = 0; i < n; i++)
		map_set(&arena, &found, paths[i], &bytes[i]);
	for (unsigned i = 0; i < site->n; i++) {
		const str *b = map_get(&found, site->paths[i]);
		same += b && str_equal(*b, site->bytes[i]);
	}
	same += map_get(&found, S(OUTPUT_MARK)) != NULL;
	same += map_get(&found, S("conserve/journal")) != NULL;
	arena_free(&arena);
	return same == n && n == site->n + 2;
}

static int
wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		die("waitpid", str_from_c(strerror(errno)));
	return status;
}

static pid_t
start(const struct run *r, const struct site *site, bool quiet)
{
	pid_t child = fork();

	if (child < 0)
		die("fork", str_from_c(strerror(errno)));
	if (child == 0)
		_exit(publish(r, site, quiet));
	return child;
}

static void
must_publish(const struct run *r, const struct site *site)
{
	if (wait_for(start(r, site, false)) != 0 || !live_is(r, site))
		die("publication failed of", (str){ &site->letter, 1 });
}

/* How long a publication takes at its fastest, so that kills fall everywhere in it. */
static uint64_t
measure(const struct run *r, const struct site *a, const struct site *b)
{
	uint64_t fastest = UINT64_MAX;

	for (int i = 0; i < 6; i++) {
		uint64_t begun = os_ticks(), took;
		if (wait_for(start(r, i % 2 ? b : a, false)) != 0)
			die("publication failed in", r->live);
		took = os_ticks() - begun;
		fastest = took < fastest ? took : fastest;
	}
	return fastest;
}

struct counts { unsigned old, new, finished, absent; };

static void
kill_once(struct run *r, const struct site *old, const struct site *new, uint64_t duration, struct counts *c)
{
	uint64_t after = next_random(r) % (2 * duration + 1);
	struct timespec nap = { 0, (long)after };
	pid_t child = start(r, new, true);
	struct os_stat st;
	int status;

	nanosleep(&nap, NULL);
	kill(child, SIGKILL);
	status = wait_for(child);
	if (!WIFSIGNALED(status) && status != 0)
		die("publication failed of", (str){ &new->letter, 1 });
	c->finished += !WIFSIGNALED(status);
	if (live_is(r, new))
		c->new++;
	else if (live_is(r, old))
		c->old++;
	else if (r->two_steps && os_stat(r->live, &st) == ENOENT)
		c->absent++;
	else
		die("neither the old nor the new tree is live", r->live);
}

static void
kill_often(struct run *r, const struct site *a, const struct site *b, unsigned kills)
{
	uint64_t duration = measure(r, a, b);
	struct counts c = { 0 };
	const struct site *old = b;

	for (unsigned i = 0; i < kills; i++) {
		const struct site *new = old == a ? b : a;
		kill_once(r, old, new, duration, &c);
		/* Twice in a row over a torn tree, sometimes; then a publication that must succeed. */
		if (next_random(r) % 4 == 0 && live_is(r, old))
			kill_once(r, old, new, duration, &c);
		must_publish(r, new);
		old = new;
	}
	printf("%s: %u old, %u new, %u absent, %u had finished; a publication takes %.1f ms\n", r->two_steps ? "two steps" : "exchange",
	    c.old, c.new, c.absent, c.finished, (double)duration / 1e6);
	if (!c.old || !c.new)
		die("the kills missed the publication", r->live);
}

/* The limit stands in for a disk that fills up: a write comes back short, then fails. */
static void
limited(const struct run *r, const struct site *a, const struct site *b)
{
	static const rlim_t limits[] = { 0, 10, 100, 4096, 8000 };

	must_publish(r, a);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		pid_t child = fork();
		if (child == 0) {
			struct rlimit limit = { limits[i], limits[i] };
			signal(SIGXFSZ, SIG_IGN);
			setrlimit(RLIMIT_FSIZE, &limit);
			_exit(publish(r, b, true));
		}
		if (wait_for(child) != 1 << 8)
			die("a limited publication should fail", S(""));
		if (!live_is(r, a))
			die("a failed publication changed the live tree", r->live);
	}
	must_publish(r, b);
	puts("limits: refused, the old tree stayed");
}

static void
at_once(const struct run *r, const struct site *a, const struct site *b)
{
	for (int i = 0; i < 5; i++) {
		pid_t one = start(r, a, false), two = start(r, b, false);
		if (wait_for(one) != 0 || wait_for(two) != 0)
			die("two publications at once should both succeed", S(""));
		if (!live_is(r, a) && !live_is(r, b))
			die("two publications at once left a mixed tree", r->live);
	}
	puts("at once: one after the other");
}

int
main(int argc, char **argv)
{
	struct run r = { .random = argc > 3 ? strtoull(argv[3], NULL, 10) : 1 };
	unsigned kills = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 200;
	struct arena arena;
	struct site a, b;

	setvbuf(stdout, NULL, _IOLBF, 0);       /* nothing left for children to print again */
	if (argc < 2)
		die("usage", S("kill DIR [kills [seed]]"));
	arena_init(&arena, &os_pages);
	r.dir = str_from_c(argv[1]);
	r.live = str_cat(&arena, r.dir, S("/public"));
	make_site(&a, 'A');
	make_site(&b, 'B');
	if (os_make_dirs(str_cat(&arena, r.live, S("/conserve"))) != 0 ||
	    os_replace(str_cat(&arena, r.live, S("/conserve/journal")), S("des visites")) != 0)
		die("cannot write in", r.dir);
	kill_often(&r, &a, &b, kills);
	limited(&r, &a, &b);
	at_once(&r, &a, &b);
	r.two_steps = true;
	kill_often(&r, &a, &b, kills / 4);
	arena_free(&a.arena);
	arena_free(&b.arena);
	arena_free(&arena);
	return 0;
}
