/* watcher: which folders a site is made of, and when what happens in them has come to rest. One thread. */
#ifndef SERVE_WATCHER_H
#define SERVE_WATCHER_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "os/os.h"
#include "preview.h"

#define WATCHER_MOST_SAVED 64

struct watched { int id; bool top; str dir; };   /* top: the site's own folder, where only some names count */

struct watcher {
	struct os_watch *watch;
	struct arena arena, noted;
	str site_dir;
	VEC(str) themes;             /* folders of themes */
	VEC(struct watched) folders; /* sorted by id */
	bool folders_changed;        /* watcher_follow has work */
	bool blind;                  /* the site's own folder cannot be watched, or is not there: looked for from time to time */
	os_error failed;             /* why a folder cannot be watched, 0 */
	/* What happened since watcher_trust. */
	struct arena saved_names;
	VEC(struct saved_file) saved;
	bool unsure;                 /* and more, which cannot be told by files */
	/* What happened since watcher_forget. */
	bool stirred;
	bool beyond_styles;          /* more than .css files */
	uint64_t first, last;        /* os_ticks */
	uint32_t n;
	bool gone;                   /* a file went */
	uint32_t n_open;             /* files that came and were not written since */
	struct map names;            /* "id/name" → of an open one, not NULL */
};

void watcher_open(struct watcher *w, struct os_watch *watch, str site_dir);
void watcher_close(struct watcher *w);
/* The themes in use, as folders; copied. */
void watcher_set_themes(struct watcher *w, const str *dirs, size_t n);
/* Watches the folders that are there now, and no others. True when the site's folder is back after it was away. */
bool watcher_follow(struct watcher *w);
/* Takes an event; false when it means nothing to the site (a swap file, the published folder). */
bool watcher_note(struct watcher *w, const struct os_watch_event *e, uint64_t now);
/* Nanoseconds until what happened may be looked at: 0 for now, UINT64_MAX when nothing happened. A file that was written and closed is
 * looked at almost at once; one that came may be half of an editor's saving, and many at once are a branch being checked out. */
uint64_t watcher_patience(const struct watcher *w, uint64_t now);
void watcher_forget(struct watcher *w);
void watcher_loaded(struct watcher *w);                      /* a load has seen what was saved so far */
/* The site has been loaded as a whole: files that are saved from here on are listed. */
void watcher_trust(struct watcher *w);
void watcher_doubt(struct watcher *w);                       /* and something happened meanwhile */
/* Those; false when it cannot be said which they are. Valid until the next event. */
bool watcher_saved(const struct watcher *w, struct saved_files *saved);
void watcher_stir(struct watcher *w, uint64_t now);          /* something happened that no event tells */

#endif
