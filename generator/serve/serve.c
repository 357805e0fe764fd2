/* The loop: one thread waits for changes and loads, others draw what is asked for. */
#include "serve/inside.h"

#include <errno.h>
#include <stdio.h>

#define SECOND UINT64_C(1000000000)
#define BEAT (15 * SECOND)       /* between signs of life to the tabs */
#define BEAT_BLIND SECOND        /* between looks for a site that is not there */
#define MAX_TEXT ((size_t)8 << 20)
#define SHOWN_DIAGNOSTICS 50

/* --- generations --- */

/* Behind the door. Gives what nobody uses any longer, for the caller to free outside; NULL when somebody does. */
static struct preview *
leave_generation(struct serve *s, struct generation *g)
{
	struct preview *p = g->preview;

	if (--g->users)
		return NULL;
	g->preview = NULL;
	os_monitor_wake(s->door);
	return p;
}

static void
drop(struct serve *s, struct generation *g)
{
	struct preview *p;

	os_monitor_enter(s->door);
	p = leave_generation(s, g);
	os_monitor_leave(s->door);
	if (p)
		preview_free(p);
}

/* A place for a site to come. Those who draw from the one before the present have been told to make an end. */
static struct generation *
free_generation(struct serve *s)
{
	struct generation *g = NULL;

	os_monitor_enter(s->door);
	while (!g) {
		for (size_t i = 0; i < SERVE_GENERATIONS && !g; i++)
			if (!s->generations[i].preview)
				g = &s->generations[i];
		if (!g)
			os_monitor_wait(s->door);
	}
	os_monitor_leave(s->door);
	return g;
}

/* --- drawing --- */

/* An answer that a change has just made old is worth nothing: it waits for the new site. */
static struct request *
next_request(struct serve *s, struct generation **g)
{
	struct request *r;

	os_monitor_enter(s->door);
	while (!s->ending && (!s->queue || s->stale || os_watch_pending(s->watch)))
		os_monitor_wait(s->door);
	r = s->queue;
	if (r) {
		s->queue = r->next;
		if (!s->queue)
			s->queue_end = &s->queue;
	}
	*g = s->ending ? NULL : s->now;
	if (*g)
		(*g)->users++;
	os_monitor_leave(s->door);
	return r;
}

/* To the head of the queue, for the site that comes. */
static void
put_back(struct serve *s, struct request *r)
{
	os_monitor_enter(s->door);
	r->next = s->queue;
	s->queue = r;
	if (!r->next)
		s->queue_end = &r->next;
	os_monitor_wake(s->door);
	os_monitor_leave(s->door);
}

static void
answer_requests(struct serve *s)
{
	struct generation *g;
	struct request *r;

	while ((r = next_request(s, &g))) {
		if (answers_make(s, g, r))
			http_finish(r);
		else
			put_back(s, r);
		if (g)
			drop(s, g);
	}
}

/* --- what is said --- */

static void
put_seconds(const struct serve *s, struct buf *out, uint64_t nanoseconds)
{
	char text[32];

	snprintf(text, sizeof text, "%.2f s\n", (double)nanoseconds / 1e9);
	for (char *c = text; *c; c++)
		buf_byte(out, s->o->language == DIAG_FR && *c == '.' ? ',' : *c);
}

static struct diag_printing
printing(const struct serve *s)
{
	return (struct diag_printing){
		.format = DIAG_TEXT, .language = s->o->language, .limit = SHOWN_DIAGNOSTICS, .colour = s->o->colour, .errors_only = s->o->quiet,
	};
}

/* The same warnings are not shown at every change. */
static void
print_diagnostics(struct serve *s, const struct diag *diag)
{
	struct diag_printing how = printing(s);
	struct buf text;

	buf_init(&text, MAX_TEXT);
	diag_print(diag, &how, &text);
	if (!str_equal(buf_str(&text), buf_str(&s->printed)))
		os_print(2, buf_str(&text));
	buf_clear(&s->printed);
	buf_put(&s->printed, buf_str(&text));
	buf_free(&text);
}

/* What does not keep the server from its work is said at once. */
static void
warn(struct serve *s, enum diag_code code, str what, str more)
{
	struct diag_printing how = printing(s);
	struct diag diag;
	struct buf text;

	diag_init(&diag, s->diag->out, s->diag->files);
	diag_add(&diag, code, SPAN_NONE, what, more);
	buf_init(&text, MAX_TEXT);
	diag_print(&diag, &how, &text);
	os_print(2, buf_str(&text));
	buf_free(&text);
}

static void
print_state(struct serve *s, const struct preview *p)
{
	struct preview_size size = preview_size(p);
	bool fr = s->o->language == DIAG_FR;
	struct buf out;

	if (s->o->quiet)
		return;
	buf_init(&out, 4096);
	if (preview_ready(p))
		buf_format(&out, fr ? "%u fiches, %u pages ; %s en " : "%u items, %u pages; %s in ", size.n_items, size.n_pages,
		    s->loaded ? (fr ? "rechargé" : "loaded again") : (fr ? "chargé" : "loaded"));
	else
		buf_format(&out, "%s", fr ? "le site montré reste celui d'avant ces erreurs ; vérifié en " : "the site shown stays the one before these errors; checked in ");
	put_seconds(s, &out, size.nanoseconds);
	os_print(1, buf_str(&out));
	buf_free(&out);
}

static void
print_address(struct serve *s, str address)
{
	struct buf out;

	buf_init(&out, 4096);
	buf_format(&out, s->o->language == DIAG_FR ? "Le site est à l'adresse %.*s et suit ce que vous enregistrez ; Ctrl-C arrête.\n" :
	    "The site is at %.*s and follows what you save; Ctrl-C ends.\n", STR_ARG(address));
	os_print(1, buf_str(&out));
	buf_free(&out);
}

/* --- loading --- */

static void
set_messages(struct serve *s, const struct preview_pairs *styles)
{
	buf_clear(&s->message);
	buf_clear(&s->hello);
	pages_put_message(s, styles, &s->message);
	pages_put_message(s, NULL, &s->hello);
	s->n_told++;
	http_tell_tabs(s);
}

static void
set_problem(struct serve *s, const struct preview *p)
{
	const struct diag *diag = preview_diag(p);

	buf_clear(&s->problem);
	s->left_out = preview_ready(p);
	if (diag->n_errors)
		pages_put_problems(s->o->language, diag, &s->problem);
}

/* The new site takes the place of the old one. Gives what is to be freed outside the door. */
static struct preview *
replace(struct serve *s, struct generation *place, struct preview *p)
{
	struct generation *old = s->now;

	*place = (struct generation){ p, 1 };
	s->now = place;
	if (!old)
		return NULL;
	preview_abandon(old->preview);
	return leave_generation(s, old);
}

static void
take_in(struct serve *s, struct generation *place, struct preview *p, bool styles_only)
{
	struct preview_pairs styles = { 0 };
	struct preview *unused = p;
	struct arena tmp;

	arena_init(&tmp, &page_source_malloc);
	os_monitor_enter(s->door);
	styles_only = styles_only && s->now && preview_ready(p) && !s->problem.len;
	if (styles_only)
		styles = preview_changed_styles(s->now->preview, p, &tmp);
	set_problem(s, p);
	if (preview_ready(p))
		unused = replace(s, place, p);
	s->stale = s->watcher.stirred;
	set_messages(s, styles.len ? &styles : NULL);
	os_monitor_wake(s->door);
	os_monitor_leave(s->door);
	if (unused)
		preview_free(unused);
	arena_free(&tmp);
}

/* Ctrl-C, or the terminal is closed: who waits for a drawing of all pages waits no longer. Behind the door. */
static void
begin_end(struct serve *s)
{
	s->ending = true;
	if (s->now)
		preview_abandon(s->now->preview);
}

/* Takes the events that wait. */
static void
listen(struct serve *s)
{
	const struct os_watch_event *events;
	size_t n;

	os_monitor_enter(s->door);
	n = os_watch_read(s->watch, &events);
	for (size_t i = 0; i < n; i++) {
		if (events[i].kind == OS_WATCH_END)
			begin_end(s);
		watcher_note(&s->watcher, &events[i], os_ticks());
	}
	s->stale = s->stale || s->watcher.stirred;
	os_monitor_wake(s->door);
	os_monitor_leave(s->door);
}

static void
follow_themes(struct serve *s, const struct preview *p)
{
	struct arena tmp;
	str *dirs;
	size_t n;

	arena_init(&tmp, &page_source_malloc);
	n = preview_theme_dirs(p, &tmp, &dirs);
	if (n)
		watcher_set_themes(&s->watcher, dirs, n);
	arena_free(&tmp);
	if (s->watcher.folders_changed)
		watcher_follow(&s->watcher);
}

/* Errors of a site that is being written to at this moment are not told: it is loaded again at once. */
static void
load(struct serve *s)
{
	struct generation *place = free_generation(s);
	bool styles_only = s->loaded && !s->watcher.beyond_styles;
	struct saved_files saved;
	struct preview *p;
	bool sure, whole;

	if (s->watcher.folders_changed)
		watcher_follow(&s->watcher);
	watcher_forget(&s->watcher);
	sure = watcher_saved(&s->watcher, &saved);
	p = preview_load(s->o->build, s->memo, sure ? &saved : NULL, !s->loaded);
	whole = preview_ready(p) && preview_whole(p);
	watcher_loaded(&s->watcher);
	if (whole)
		watcher_trust(&s->watcher);
	follow_themes(s, p);
	listen(s);
	if (whole && (s->watcher.stirred || os_watch_pending(s->watch)))
		watcher_doubt(&s->watcher);
	if (!preview_ready(p) && s->watcher.stirred && s->loaded) {
		preview_free(p);
		watcher_stir(&s->watcher, os_ticks());
		return;
	}
	print_diagnostics(s, preview_diag(p));
	s->no_site = !s->loaded && preview_status(p) == VITRINE_USAGE;
	if (!s->no_site)
		print_state(s, p);
	s->loaded = true;
	take_in(s, place, p, styles_only);
}

/* --- running --- */

static void
beat(struct serve *s)
{
	if (s->watcher.blind && watcher_follow(&s->watcher))
		watcher_stir(&s->watcher, os_ticks());
	os_monitor_enter(s->door);
	http_beat_tabs(s);
	os_monitor_leave(s->door);
}

static void
watch(struct serve *s)
{
	uint64_t next = os_ticks() + BEAT;

	while (!s->ending) {
		uint64_t now = os_ticks(), patience = watcher_patience(&s->watcher, now);
		if (now >= next) {
			beat(s);
			next = now + (s->watcher.blind ? BEAT_BLIND : BEAT);
		} else if (patience == 0) {
			load(s);
			next = s->watcher.blind ? os_ticks() + BEAT_BLIND : next;
		} else {
			patience = patience < next - now ? patience : next - now;
			os_watch_wait(s->watch, (double)patience / 1e9);
			listen(s);
		}
	}
}

static void
work(void *context, unsigned worker)
{
	if (worker)
		answer_requests(context);
	else
		watch(context);
}

static str
address_of(const struct serve *s, uint16_t port, struct arena *out)
{
	return str_format(out, "http://localhost:%u%.*s/", port, STR_ARG(s->now ? preview_base_path(s->now->preview) : S("")));
}

static void
show_in_browser(struct serve *s, str address)
{
	os_error e = os_open_in_browser(address);

	if (e)
		warn(s, SERVE_NO_BROWSER, os_error_text(e, s->diag->out), address);
}

static bool
begin(struct serve *s, uint16_t *port, struct arena *arena)
{
	os_error e = os_watch_open(&s->watch);

	if (e) {
		diag_add(s->diag, SERVE_CANNOT_START, SPAN_NONE, os_error_text(e, s->diag->out));
		return false;
	}
	s->door = os_monitor_open();
	s->memo = preview_memo_new(arena);
	s->queue_end = &s->queue;
	s->stale = true;
	buf_init(&s->message, MAX_TEXT);
	buf_init(&s->hello, MAX_TEXT);
	buf_init(&s->problem, MAX_TEXT);
	buf_init(&s->printed, MAX_TEXT);
	watcher_open(&s->watcher, s->watch, s->o->build->site_dir);
	watcher_follow(&s->watcher);
	return http_start(s, port);
}

/* Nobody draws any longer. */
static void
end(struct serve *s)
{
	if (!s->watch)
		return;
	os_monitor_enter(s->door);
	s->ending = true;
	http_tell_tabs(s);
	os_monitor_leave(s->door);
	http_stop(s);
	if (s->now)
		drop(s, s->now);
	preview_memo_free(s->memo);
	watcher_close(&s->watcher);
	os_watch_close(s->watch);
	os_monitor_close(s->door);
	buf_free(&s->message);
	buf_free(&s->hello);
	buf_free(&s->problem);
	buf_free(&s->printed);
}

static void
first_words(struct serve *s, uint16_t port, struct arena *arena)
{
	str address = address_of(s, port, arena);

	if (s->watcher.failed)       /* "the disk is full" would be a strange word for too many folders */
		warn(s, SERVE_CANNOT_WATCH, s->watcher.failed == ENOSPC ? S("fs.inotify.max_user_watches") : os_error_text(s->watcher.failed, s->diag->out), S(""));
	if (!s->o->quiet)
		print_address(s, address);
	if (s->o->open)
		show_in_browser(s, address);
}

/* Without a site there is nothing to wait for; with one that is full of errors, there is. */
enum vitrine_status
serve_run(const struct serve_options *o, struct arena *arena, struct diag *diag)
{
	struct serve s = { .o = o, .diag = diag };
	uint16_t port = o->port;
	enum vitrine_status status = VITRINE_OK;

	if (begin(&s, &port, arena)) {
		load(&s);
		s.ending = s.ending || s.no_site;
		if (s.no_site)
			status = VITRINE_USAGE;
		else
			first_words(&s, port, arena);
		os_parallel(1 + SERVE_WORKERS, work, &s);
	} else
		status = diag_has_error(diag, DIAG_USAGE) ? VITRINE_USAGE : VITRINE_MACHINE;
	end(&s);
	return status;
}
