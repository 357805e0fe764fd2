#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/path.h"

os_error
os_make_dir_at(os_dir dir, str name)
{
	struct c_path p;

	return path_c(name, &p) && mkdirat(dir, p.c, 0777) == 0 ? 0 : errno;
}

os_error
os_make_dir(str path)
{
	return os_make_dir_at(AT_FDCWD, path);
}

/* EEXIST for a parent may also be a link to a folder: then the last mkdir tells. */
os_error
os_make_dirs(str path)
{
	struct os_stat st;
	os_error e = os_make_dir(path);
	size_t cut = path.len;

	if (e == ENOENT) {
		while (cut > 0 && path.ptr[cut - 1] == '/')
			cut--;
		while (cut > 0 && path.ptr[cut - 1] != '/')
			cut--;
		while (cut > 1 && path.ptr[cut - 1] == '/')
			cut--;
		e = cut ? os_make_dirs(str_slice(path, 0, cut)) : ENOENT;
		/* Once only: some folders (of /proc) answer ENOENT for ever. */
		if (!e)
			e = os_make_dir(path);
	}
	if (e == EEXIST && os_stat(path, &st) == 0 && st.kind != OS_FILE && st.kind != OS_OTHER)
		return 0;
	return e;
}

static os_error
write_new(os_dir dir, str name, const str *parts, size_t n, struct os_stat *written)
{
	struct c_path p;
	os_error e;
	int fd;

	if (!path_c(name, &p))
		return errno;
	fd = openat(dir, p.c, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return errno;
	e = os_write_parts(fd, 0, parts, n);
	if (!e && written)
		e = os_stat_descriptor(fd, written);
	if (close(fd) != 0 && !e)
		e = errno;
	if (e)
		unlinkat(dir, p.c, 0);
	return e;
}

os_error
os_write_new_at(os_dir dir, str name, str bytes, struct os_stat *written)
{
	return write_new(dir, name, &bytes, 1, written);
}

static os_error
replace(os_dir dir, str name, const str *parts, size_t n)
{
	struct c_path p, beside;
	os_error e;

	if (!path_c(name, &p))
		return errno;
	if (!os_name_beside(name, &beside))
		return ENAMETOOLONG;
	e = write_new(dir, str_from_c(beside.c), parts, n, NULL);
	if (!e && renameat(dir, beside.c, dir, p.c) != 0) {
		e = errno;
		unlinkat(dir, beside.c, 0);
	}
	return e;
}

os_error
os_replace_at(os_dir dir, str name, str bytes)
{
	return replace(dir, name, &bytes, 1);
}

os_error
os_replace(str path, str bytes)
{
	return replace(AT_FDCWD, path, &bytes, 1);
}

os_error
os_replace_parts(str path, const str *parts, size_t n)
{
	return replace(AT_FDCWD, path, parts, n);
}

os_error
os_unlink_at(os_dir dir, str name)
{
	struct c_path p;

	return path_c(name, &p) && unlinkat(dir, p.c, 0) == 0 ? 0 : errno;
}

os_error
os_remove_dir_at(os_dir dir, str name)
{
	struct c_path p;

	return path_c(name, &p) && unlinkat(dir, p.c, AT_REMOVEDIR) == 0 ? 0 : errno;
}

static os_error
remove_contents(os_dir dir)
{
	struct arena names;
	struct os_entry *entries;
	size_t n;
	os_error e;

	arena_init(&names, &os_pages);
	e = os_list_at(dir, false, &names, &entries, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = os_remove_tree_at(dir, entries[i].name);
	arena_free(&names);
	return e;
}

os_error
os_remove_tree_at(os_dir dir, str name)
{
	os_error e = os_unlink_at(dir, name);
	os_dir inside;

	if (e == 0 || e == ENOENT)
		return 0;
	if (e != EISDIR && e != EPERM)
		return e;
	e = os_dir_open_at(dir, name, &inside);
	if (e)
		return e == ENOENT ? 0 : e;
	e = remove_contents(inside);
	os_dir_close(inside);
	return e ? e : os_remove_dir_at(dir, name);
}

static os_error
rename_with(str from, str to, unsigned flags)
{
	struct c_path a, b;

	if (!path_c(from, &a) || !path_c(to, &b))
		return errno;
	return renameat2(AT_FDCWD, a.c, AT_FDCWD, b.c, flags) == 0 ? 0 : errno;
}

os_error
os_rename(str from, str to)
{
	return rename_with(from, to, 0);
}

os_error
os_exchange(str a, str b)
{
	return rename_with(a, b, RENAME_EXCHANGE);
}

os_error
os_link_at(os_dir from_dir, str from, os_dir to_dir, str to)
{
	struct c_path a, b;

	return path_c(from, &a) && path_c(to, &b) && linkat(from_dir, a.c, to_dir, b.c, 0) == 0 ? 0 : errno;
}

os_error
os_sync_fs(os_dir dir)
{
	return syncfs(dir) == 0 ? 0 : errno;
}

os_error
os_lock(str path, bool wait, int *lock)
{
	struct c_path p;
	int r;

	*lock = -1;
	if (!path_c(path, &p))
		return errno;
	*lock = open(p.c, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (*lock < 0)
		return errno;
	do
		r = flock(*lock, LOCK_EX | (wait ? 0 : LOCK_NB));
	while (r != 0 && errno == EINTR);
	if (r != 0) {
		r = errno;
		close(*lock);
		*lock = -1;
		return r;
	}
	return 0;
}

void
os_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}
