#include "serve/watcher.h"

#include <string.h>

#include "source/source.h"

#define MILLISECOND UINT64_C(1000000)
#define REST (3 * MILLISECOND)               /* after a file was closed */
#define REST_OF_MANY (60 * MILLISECOND)      /* after one of more than MANY */
#define REST_OF_GONE (30 * MILLISECOND)      /* after a file went: another may come in its place */
#define REST_OF_OPEN (120 * MILLISECOND)     /* after a file came: editors sync to the disk before they close it */
#define REST_AT_MOST (2000 * MILLISECOND)
#define MANY 12
#define MAX_DEPTH 32

/* What of the site's own folder belongs to it; the first ones hold folders. */
static const str tops[] = {
	S_INIT("content"), S_INIT("assets"), S_INIT("themes"), S_INIT("types"), S_INIT("layouts"), S_INIT("lib"), S_INIT("i18n"), S_INIT("routes.lua"),
};
#define N_TOPS (sizeof tops / sizeof *tops)
#define N_TOP_FOLDERS (N_TOPS - 1)

void
watcher_open(struct watcher *w, struct os_watch *watch, str site_dir)
{
	*w = (struct watcher){ .watch = watch, .site_dir = site_dir, .unsure = true };
	arena_init(&w->saved_names, &os_pages);
	arena_init(&w->arena, &os_pages);
	arena_init(&w->noted, &os_pages);
}

void
watcher_close(struct watcher *w)
{
	arena_free(&w->arena);
	arena_free(&w->noted);
	arena_free(&w->saved_names);
}

void
watcher_set_themes(struct watcher *w, const str *dirs, size_t n)
{
	bool same = n == w->themes.len;

	for (size_t i = 0; same && i < n; i++)
		same = str_equal(dirs[i], w->themes.ptr[i]);
	if (same)
		return;
	w->themes.len = 0;
	for (size_t i = 0; i < n; i++)
		*vec_push(&w->arena, &w->themes) = str_copy(&w->arena, dirs[i]);
	w->folders_changed = true;
}

/* --- following --- */

static bool
watch_one(struct watcher *w, str dir, bool top)
{
	int id;
	os_error e = os_watch_add(w->watch, dir, &id);

	if (e) {
		w->failed = e;
		return false;
	}
	*vec_push(&w->arena, &w->folders) = (struct watched){ id, top, str_copy(&w->arena, dir) };
	return true;
}

/* Folders only; an entry that is gone since is none. */
static void
watch_below(struct watcher *w, str dir, struct arena *tmp, unsigned depth)
{
	struct os_entry *entries;
	size_t n = 0;
	os_dir d;

	if (os_dir_open(dir, &d) != 0)
		return;
	watch_one(w, dir, false);
	if (os_list_at(d, false, tmp, &entries, &n) == 0)
		for (size_t i = 0; i < n && depth < MAX_DEPTH; i++)
			if (entries[i].st.kind == OS_DIR && !reads_passed_over(entries[i].name))
				watch_below(w, str_cat(tmp, dir, S("/"), entries[i].name), tmp, depth + 1);
	os_dir_close(d);
}

static int
by_id(const void *a, const void *b, void *context)
{
	const struct watched *x = a, *y = b;

	(void)context;
	return (x->id > y->id) - (x->id < y->id);
}

/* One folder reached by two ways has one id. */
static void
drop_doubles(struct watcher *w)
{
	size_t kept = 0;

	vec_sort(w->folders.ptr, w->folders.len, sizeof *w->folders.ptr, by_id, NULL);
	for (size_t i = 0; i < w->folders.len; i++)
		if (!kept || w->folders.ptr[kept - 1].id != w->folders.ptr[i].id)
			w->folders.ptr[kept++] = w->folders.ptr[i];
	w->folders.len = kept;
}

static const struct watched *
find(const struct watched *list, size_t n, int id)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && list[low].id == id ? &list[low] : NULL;
}

/* What happened in it before, nobody saw. */
static bool
has_new(const struct watcher *w, const struct watched *before, size_t n)
{
	for (size_t i = 0; i < w->folders.len; i++)
		if (!find(before, n, w->folders.ptr[i].id))
			return true;
	return false;
}

static void
unwatch_others(struct watcher *w, const struct watched *before, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!find(w->folders.ptr, w->folders.len, before[i].id))
			os_watch_remove(w->watch, before[i].id);
}

/* What is kept from one following to the next moves to a new arena: they are many in a long session. */
static void
renew(struct watcher *w, struct arena *old)
{
	struct watcher before = *w;

	*old = w->arena;
	arena_init(&w->arena, &os_pages);
	memset(&w->themes, 0, sizeof w->themes);
	memset(&w->folders, 0, sizeof w->folders);
	for (size_t i = 0; i < before.themes.len; i++)
		*vec_push(&w->arena, &w->themes) = str_copy(&w->arena, before.themes.ptr[i]);
}

bool
watcher_follow(struct watcher *w)
{
	const struct watched *before = w->folders.ptr;
	size_t n_before = w->folders.len;
	bool was_blind = w->blind;
	struct arena tmp, old;

	arena_init(&tmp, &os_pages);
	renew(w, &old);
	w->folders_changed = false;
	w->failed = 0;
	w->blind = !watch_one(w, w->site_dir, true);
	for (size_t i = 0; i < N_TOP_FOLDERS; i++)
		watch_below(w, str_cat(&tmp, w->site_dir, S("/"), tops[i]), &tmp, 0);
	for (size_t i = 0; i < w->themes.len; i++)
		watch_below(w, w->themes.ptr[i], &tmp, 0);
	drop_doubles(w);
	unwatch_others(w, before, n_before);
	w->unsure = w->unsure || has_new(w, before, n_before);
	arena_free(&old);
	arena_free(&tmp);
	return was_blind && !w->blind;
}

/* --- what happens --- */

static bool
counts(const struct watched *folder, str name)
{
	if (!folder->top)
		return !reads_passed_over(name);
	for (size_t i = 0; i < N_TOPS; i++)
		if (str_equal(name, tops[i]))
			return true;
	return false;
}

static void
note_name(struct watcher *w, const struct os_watch_event *e)
{
	str key = str_format(&w->noted, "%d/%.*s", e->id, STR_ARG(e->name));
	void **open = map_put(&w->noted, &w->names, key);
	bool now = e->kind == OS_WATCH_STIRRED;

	if (now && !*open)
		w->n_open++;
	if (!now && *open)
		w->n_open--;
	*open = now ? w : NULL;
}

/* Events that name no file say nothing of which one it was. */
static void
list_saved(struct watcher *w, const struct watched *folder, const struct os_watch_event *e)
{
	struct arena_mark mark;
	str path;

	w->unsure = w->unsure || !folder || !e->name.len || e->kind == OS_WATCH_FOLDER || e->kind == OS_WATCH_LOST || w->saved.len == WATCHER_MOST_SAVED;
	if (w->unsure)
		return;
	mark = arena_mark(&w->saved_names);
	path = str_cat(&w->saved_names, folder->dir, str_ends(folder->dir, S("/")) ? S("") : S("/"), e->name);
	for (size_t i = 0; i < w->saved.len; i++)
		if (str_equal(w->saved.ptr[i].path, path)) {
			w->saved.ptr[i].seen = false;
			arena_rewind(&w->saved_names, mark);     /* an afternoon with one layout is thousands of saves */
			return;
		}
	*vec_push(&w->saved_names, &w->saved) = (struct saved_file){ path, e->kind == OS_WATCH_STIRRED, false };
}

void
watcher_loaded(struct watcher *w)
{
	for (size_t i = 0; i < w->saved.len; i++)
		w->saved.ptr[i].seen = true;
}

void
watcher_trust(struct watcher *w)
{
	arena_reset(&w->saved_names);
	memset(&w->saved, 0, sizeof w->saved);
	w->unsure = w->folders_changed || w->failed || w->blind;
}

void
watcher_doubt(struct watcher *w)
{
	w->unsure = true;
}

bool
watcher_saved(const struct watcher *w, struct saved_files *saved)
{
	*saved = (struct saved_files){ w->saved.ptr, w->saved.len };
	return !w->unsure;
}

static void
stir(struct watcher *w, uint64_t now)
{
	if (!w->stirred)
		w->first = now;
	w->stirred = true;
	w->last = now;
	w->n++;
}

bool
watcher_note(struct watcher *w, const struct os_watch_event *e, uint64_t now)
{
	const struct watched *folder = find(w->folders.ptr, w->folders.len, e->id);

	if (e->kind == OS_WATCH_END || (e->kind != OS_WATCH_OVERFLOW && !folder))
		return false;
	if (e->name.len && !counts(folder, e->name))
		return false;
	if (e->kind == OS_WATCH_OVERFLOW || e->kind == OS_WATCH_LOST || e->kind == OS_WATCH_FOLDER)
		w->folders_changed = true;
	if (e->kind == OS_WATCH_OVERFLOW)
		w->n += MANY;
	if (e->kind == OS_WATCH_WRITTEN || e->kind == OS_WATCH_STIRRED || e->kind == OS_WATCH_GONE)
		note_name(w, e);
	list_saved(w, folder, e);
	w->gone = w->gone || e->kind == OS_WATCH_GONE;
	w->beyond_styles = w->beyond_styles || !str_ends(e->name, S(".css"));
	stir(w, now);
	return true;
}

void
watcher_stir(struct watcher *w, uint64_t now)
{
	w->beyond_styles = w->unsure = true;
	stir(w, now);
}

uint64_t
watcher_patience(const struct watcher *w, uint64_t now)
{
	uint64_t rest = w->n_open || w->folders_changed ? REST_OF_OPEN : w->n > MANY ? REST_OF_MANY : w->gone ? REST_OF_GONE : REST, due;

	if (!w->stirred)
		return UINT64_MAX;
	due = w->last + rest;
	if (due > w->first + REST_AT_MOST)
		due = w->first + REST_AT_MOST;
	return due > now ? due - now : 0;
}

void
watcher_forget(struct watcher *w)
{
	w->stirred = w->beyond_styles = w->gone = false;
	w->n = w->n_open = 0;
	memset(&w->names, 0, sizeof w->names);
	arena_reset(&w->noted);
}
