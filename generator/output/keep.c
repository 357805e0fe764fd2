/* `conserver:`: what others put into the live tree and a build must not lose. Hard links let both trees hold it at once, so
 * that the exchange takes it along; the other program goes on writing the same file. */
#include "output/internal.h"

#include <errno.h>

#define MAX_COPY ((size_t)1 << 30)

static bool
lies_in(str path, str folder)
{
	return path.len > folder.len && str_starts(path, folder) && path.ptr[folder.len] == '/';
}

bool
keep_covers(const struct keep *k, str path)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (str_equal(path, k->paths[i]) || lies_in(path, k->paths[i]))
			return true;
	return false;
}

bool
keep_lies_below(const struct keep *k, str path)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (lies_in(k->paths[i], path))
			return true;
	return false;
}

/* Opens the folder of `path` below `root`, never through a link; *name is its last piece. With `make`, folders are made. */
static os_error
open_parent(os_dir root, str path, bool make, os_dir *dir, str *name)
{
	os_dir at;
	os_error e = os_dir_open_at(root, S("."), &at);
	str rest = path;

	while (!e && str_next(&rest, '/', name) && rest.len) {
		os_dir next;
		e = os_dir_open_at(at, *name, &next);
		if (e == ENOENT && make) {
			e = os_make_dir_at(at, *name);
			e = e && e != EEXIST ? e : os_dir_open_at(at, *name, &next);
		}
		os_dir_close(at);
		at = e ? -1 : next;
	}
	*dir = at;
	return e;
}

static os_error
copy(os_dir from, os_dir to, str name, struct arena *tmp)
{
	struct arena_mark mark = arena_mark(tmp);
	str bytes;
	os_error e = os_read_at(from, name, MAX_COPY, tmp, &bytes);

	if (!e)
		e = os_write_new_at(to, name, bytes, NULL);
	arena_rewind(tmp, mark);
	return e;
}

static os_error carry(os_dir from, os_dir to, str name, bool missing_only, struct arena *tmp);

static os_error
carry_contents(os_dir from, os_dir to, bool missing_only, struct arena *tmp)
{
	struct os_entry *entries;
	size_t n;
	os_error e = os_list_at(from, false, tmp, &entries, &n);

	for (size_t i = 0; i < n && !e; i++)
		e = carry(from, to, entries[i].name, missing_only, tmp);
	return e;
}

static os_error
carry_dir(os_dir from, os_dir to, str name, bool missing_only, struct arena *tmp)
{
	os_dir a, b;
	os_error e = os_make_dir_at(to, name);

	if (e && e != EEXIST)
		return e;
	e = os_dir_open_at(from, name, &a);
	if (e)
		return e == ENOENT ? 0 : e;
	e = os_dir_open_at(to, name, &b);
	if (!e) {
		e = carry_contents(a, b, missing_only, tmp);
		os_dir_close(b);
	}
	os_dir_close(a);
	return e;
}

/* What its owner takes away while we look is gone, no mistake. */
static os_error
carry(os_dir from, os_dir to, str name, bool missing_only, struct arena *tmp)
{
	struct os_stat st;
	os_error e = os_stat_at(from, name, &st);

	if (e)
		return e == ENOENT ? 0 : e;
	if (st.kind == OS_DIR)
		return carry_dir(from, to, name, missing_only, tmp);
	e = os_link_at(from, name, to, name);
	if (e == ENOENT || (e == EEXIST && missing_only))
		return 0;
	if (e && e != EEXIST && st.kind == OS_FILE)
		e = copy(from, to, name, tmp);
	return e == ENOENT || (e == EEXIST && missing_only) ? 0 : e;
}

os_error
keep_carry(const struct keep *k, os_dir from, os_dir to, bool missing_only, struct arena *tmp, str *failed)
{
	for (uint32_t i = 0; i < k->n; i++) {
		os_dir a, b;
		struct os_stat st;
		str name;
		os_error e = open_parent(from, k->paths[i], false, &a, &name);
		if (e == ENOENT)
			continue;
		if (!e && os_stat_at(a, name, &st) == ENOENT) {
			os_dir_close(a);
			continue;
		}
		*failed = k->paths[i];
		if (e)
			return e;
		e = open_parent(to, k->paths[i], true, &b, &name);
		if (!e) {
			e = carry(a, b, name, missing_only, tmp);
			os_dir_close(b);
		}
		os_dir_close(a);
		if (e)
			return e;
	}
	return 0;
}

/* Folders that only led to what was kept: those that are not empty stay. */
static void
drop_leading(os_dir tree, str path)
{
	str folder = str_folder(path);

	if (folder.len && os_remove_dir_at(tree, folder) == 0)
		drop_leading(tree, folder);
}

os_error
keep_drop(const struct keep *k, os_dir tree)
{
	os_error e = 0;

	for (uint32_t i = 0; i < k->n && !e; i++) {
		os_dir dir;
		str name;
		e = open_parent(tree, k->paths[i], false, &dir, &name);
		if (!e) {
			e = os_remove_tree_at(dir, name);
			os_dir_close(dir);
			drop_leading(tree, k->paths[i]);
		} else if (e == ENOENT)
			e = 0;
	}
	return e;
}
