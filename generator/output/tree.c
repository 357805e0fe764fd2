/* Files go straight to their place in the tree that is not live. Each worker keeps the chain of folders of its last file open,
 * so a page costs one folder and one file; no name is ever reached through a link. */
#include "output/internal.h"

#include <errno.h>
#include <string.h>

bool
tree_path_valid(str path)
{
	str rest = path, piece;
	unsigned depth = 0;

	if (path.len == 0 || path.len >= sizeof ((struct tree_worker *)0)->dir || path.ptr[path.len - 1] == '/')
		return false;
	while (str_next(&rest, '/', &piece)) {
		if (piece.len == 0 || piece.len > 255 || str_equal(piece, S(".")) || str_equal(piece, S("..")) || ++depth > TREE_LEVELS)
			return false;
		for (size_t i = 0; i < piece.len; i++)
			if ((unsigned char)piece.ptr[i] < ' ' || piece.ptr[i] == 0x7f || piece.ptr[i] == '\\')
				return false;
	}
	return !str_equal(path, S(OUTPUT_MARK)) && !str_equal(path, S(OUTPUT_WORK_MARK));
}

void
tree_close_dirs(struct tree_worker *w)
{
	while (w->n_levels)
		os_dir_close(w->levels[--w->n_levels].dir);
}

static str
level_path(const struct tree_worker *w, unsigned level)
{
	return (str){ w->dir, w->levels[level].end };
}

/* Keeps the open folders that `dir` shares with the last one. */
static void
leave_levels(struct tree_worker *w, str dir)
{
	while (w->n_levels) {
		str open = level_path(w, w->n_levels - 1);
		if (str_starts(dir, open) && (dir.len == open.len || dir.ptr[open.len] == '/'))
			break;
		os_dir_close(w->levels[--w->n_levels].dir);
	}
}

static os_error
make_and_open(os_dir at, str name, os_dir *dir)
{
	os_error e = os_make_dir_at(at, name);

	return e && e != EEXIST ? e : os_dir_open_at(at, name, dir);
}

/* A folder the tree should have is opened, another made; a file of the last build in its place gives way. */
static os_error
open_level(struct tree *t, os_dir at, str path, str name, os_dir *dir)
{
	os_error e;

	if (!standing_get(&t->before, path, true)) {
		if (standing_get(&t->before, path, false))
			os_unlink_at(at, name);
		return make_and_open(at, name, dir);
	}
	e = os_dir_open_at(at, name, dir);
	return e == ENOENT ? make_and_open(at, name, dir) : e;
}

static os_error
enter_dir(struct tree *t, struct tree_worker *w, str dir, os_dir *opened)
{
	size_t at;

	leave_levels(w, dir);
	memcpy(w->dir, dir.ptr, dir.len);
	at = w->n_levels ? w->levels[w->n_levels - 1].end : 0;
	*opened = w->n_levels ? w->levels[w->n_levels - 1].dir : t->root;
	while (at < dir.len) {
		size_t from = at ? at + 1 : 0, end = from;
		os_error e;
		while (end < dir.len && dir.ptr[end] != '/')
			end++;
		e = open_level(t, *opened, str_slice(dir, 0, end), str_slice(dir, from, end), &w->levels[w->n_levels].dir);
		if (e)
			return e;
		w->levels[w->n_levels].end = end;
		*opened = w->levels[w->n_levels++].dir;
		at = end;
	}
	return 0;
}

/* The folder of a file, in which its name is free now. */
static os_error
make_place(struct tree *t, struct tree_worker *w, const struct output_file *file, os_dir *dir, str *name)
{
	str folder = str_folder(file->path);
	os_error e = enter_dir(t, w, folder, dir);

	*name = str_slice(file->path, folder.len ? folder.len + 1 : 0, file->path.len);
	if (e)
		return e;
	if (standing_get(&t->before, file->path, false))
		os_unlink_at(*dir, *name);
	else if (standing_get(&t->before, file->path, true))
		os_remove_tree_at(*dir, *name);
	return 0;
}

static os_error
write_file(struct tree *t, struct tree_worker *w, struct output_file *file, str bytes)
{
	struct os_stat st;
	os_dir dir;
	str name;
	os_error e = make_place(t, w, file, &dir, &name);

	if (!e)
		e = os_write_new_at(dir, name, bytes, &st);
	if (e)
		return e;
	file->inode = st.inode;
	file->mtime_ns = st.mtime_ns;
	file->meta.flags |= OUTPUT_WRITTEN;
	return 0;
}

/* What a manifest says of these very bytes at this path; NULL: there are others, or none. */
static const struct standing_entry *
find_same(const struct standing *s, const struct output_file *file)
{
	const struct standing_entry *e = standing_get(s, file->path, false);

	return e && e->hash == file->hash && e->size == file->size ? e : NULL;
}

/* Is it untouched since we wrote it? Where its stat proves nothing, the bytes below `root` are read, with `tmp`; NULL: then it is not. */
static bool
untouched(const struct standing *s, const struct standing_entry *e, const struct os_stat *st, os_dir root, struct output_file *file, struct arena *tmp)
{
	if (!standing_agrees(s, e, st) && !(tmp && standing_young(root, e, st, tmp)))
		return false;
	file->inode = st->inode;
	file->mtime_ns = st->mtime_ns;
	return true;
}

/* Does a tree hold these very bytes, untouched? */
static bool
holds(const struct standing *s, os_dir root, struct output_file *file, struct arena *tmp)
{
	const struct standing_entry *e = find_same(s, file);
	struct os_stat st;

	return e && os_stat_at(root, file->path, &st) == 0 && untouched(s, e, &st, root, file, tmp);
}

/* What the live tree holds already gets a second name instead of being written: no file of a tree is ever written to again, it is replaced.
 * A disk without hard links says so, and the file is written. */
static bool
shared(struct tree *t, struct tree_worker *w, struct output_file *file, struct arena *tmp)
{
	const struct standing_entry *e = t->live_before ? find_same(t->live_before, file) : NULL;
	struct os_stat st;
	os_dir dir;
	str name;

	if (!e || make_place(t, w, file, &dir, &name) != 0 || os_link_at(t->live, file->path, dir, name) != 0)
		return false;
	/* Others may have put another file there. */
	if (os_stat_at(dir, name, &st) != 0 || !untouched(t->live_before, e, &st, t->root, file, tmp)) {
		os_unlink_at(dir, name);
		return false;
	}
	file->meta.flags |= OUTPUT_WRITTEN;
	return true;
}

static os_error
read_source(struct tree_worker *w, const struct output_file *file, const struct output_source *source, str *bytes)
{
	os_error e = os_read(source->path, source->size, true, &w->tmp, bytes);

	if (!e && source->make)
		*bytes = source->make(source->path, *bytes, &w->tmp);
	w->source_changed = e == EFBIG || (!e && (bytes->len != file->size || hash64(*bytes) != file->hash));
	return w->source_changed ? EFBIG : e;
}

static void
fail(struct tree *t, struct tree_worker *w, str path, os_error e)
{
	w->error = e;
	w->error_path = path;
	atomic_store(&t->stopped, true);
}

void
tree_add(struct tree *t, unsigned worker, const struct output_file *file, str bytes, const struct output_source *source)
{
	struct tree_worker *w = &t->workers[worker];
	struct output_file *added;
	os_error e = 0;

	if (!tree_path_valid(file->path)) {
		struct output_meta *bad = vec_push(&w->arena, &w->bad);
		*bad = file->meta;
		bad->url = file->path;
		return;
	}
	added = vec_push(&w->arena, &w->files);
	*added = *file;
	if (t->root < 0 || holds(&t->before, t->root, added, NULL) || shared(t, w, added, NULL))
		return;
	if (source)
		e = read_source(w, file, source, &bytes);
	if (!e)
		e = write_file(t, w, added, bytes);
	if (e)
		fail(t, w, added->path, e);
	arena_reset(&w->tmp);
}

bool
tree_take(struct tree *t, unsigned worker, const struct output_file *file)
{
	struct tree_worker *w = &t->workers[worker];
	struct output_file *added = vec_push(&w->arena, &w->files);

	*added = *file;
	if (t->root >= 0 && (holds(&t->before, t->root, added, &w->tmp) || shared(t, w, added, &w->tmp)))
		return true;
	w->files.len--;
	return false;
}

static void
touch_folder_of(struct tree *t, str path)
{
	struct standing_entry *folder = standing_get(&t->before, str_folder(path), true);

	if (folder)
		folder->touched = true;
}

/* Takes note of what stays; new folders touch the ones they are in. */
static void
compare(struct tree *t, const struct standing *now)
{
	for (size_t i = 0; i < now->len; i++) {
		struct standing_entry *old = standing_get(&t->before, now->entries[i].path, now->entries[i].dir);
		if (old)
			old->stays = true;
		else
			touch_folder_of(t, now->entries[i].path);
	}
}

/* The other kind of thing has the name by now: writing it took the old one away. */
static bool
gone(os_error e)
{
	return e == ENOENT || e == ENOTDIR || e == EISDIR;
}

os_error
tree_remove_others(struct tree *t, const struct standing *now, struct arena *tmp, str *failed)
{
	VEC(str) dirs = { 0 };
	os_error e = 0;

	compare(t, now);
	for (size_t i = 0; i < t->before.len && !e; i++) {
		const struct standing_entry *old = &t->before.entries[i];
		if (old->stays)
			continue;
		touch_folder_of(t, old->path);
		if (old->dir)
			*vec_push(tmp, &dirs) = old->path;
		else {
			*failed = old->path;
			e = os_unlink_at(t->root, old->path);
			e = gone(e) ? 0 : e;
		}
	}
	/* Inner folders come after outer ones. One that is not empty leads to something kept. */
	for (size_t i = dirs.len; i > 0 && !e; i--) {
		*failed = dirs.ptr[i - 1];
		e = os_remove_dir_at(t->root, dirs.ptr[i - 1]);
		e = gone(e) || e == ENOTEMPTY ? 0 : e;
	}
	return e;
}

struct remembering {
	struct tree *tree;
	struct standing *now;
	const struct keep *keep;
	_Atomic size_t next;
	_Atomic size_t failed;       /* place of the first that was seen to fail, + 1 … */
	os_error error;              /* … and why */
};

static os_error
remember_dir(struct tree *t, struct standing_entry *e, const struct keep *keep)
{
	const struct standing_entry *old = e->dir ? standing_get(&t->before, e->path, true) : NULL;
	struct os_stat st;
	os_error error;

	if (!e->dir)
		return 0;
	if (old && old->agreed && !old->touched && !keep_lies_below(keep, e->path)) {
		e->inode = old->inode;
		e->mtime_ns = old->mtime_ns;
		return 0;
	}
	error = os_stat_at(t->root, e->path, &st);
	if (!error) {
		e->inode = st.inode;
		e->mtime_ns = st.mtime_ns;
	}
	return error;
}

#define AT_ONCE ((size_t)64)

static void
remember_some(void *context, unsigned worker)
{
	struct remembering *r = context;
	size_t from;

	(void)worker;
	while (!atomic_load_explicit(&r->failed, memory_order_relaxed) &&
	    (from = atomic_fetch_add_explicit(&r->next, AT_ONCE, memory_order_relaxed)) < r->now->len)
		for (size_t i = from; i < from + AT_ONCE && i < r->now->len; i++) {
			os_error e = remember_dir(r->tree, &r->now->entries[i], r->keep);
			size_t none = 0;
			if (e && atomic_compare_exchange_strong(&r->failed, &none, i + 1))
				r->error = e;
		}
}

os_error
tree_remember_dirs(struct tree *t, struct standing *now, const struct keep *keep, str *failed)
{
	struct remembering r = { .tree = t, .now = now, .keep = keep };

	os_parallel(now->len < TREE_MANY ? 1 : t->n_workers, remember_some, &r);
	if (r.failed)
		*failed = now->entries[r.failed - 1].path;
	return r.failed ? r.error : 0;
}
