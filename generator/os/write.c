#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
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
write_all(int fd, str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			bytes = str_slice(bytes, (size_t)n, bytes.len);
	}
	return 0;
}

/* One call for many small pieces. */
static os_error
write_parts(int fd, const str *parts, size_t n)
{
	struct iovec batch[256];

	for (size_t i = 0; i < n;) {
		size_t m = 0;
		ssize_t done;
		for (; m < sizeof batch / sizeof *batch && i + m < n; m++)
			batch[m] = (struct iovec){ (void *)(uintptr_t)parts[i + m].ptr, parts[i + m].len };
		done = writev(fd, batch, (int)m);
		if (done < 0 && errno != EINTR)
			return errno;
		for (; done >= 0 && m && (size_t)done >= parts[i].len; m--)
			done -= (ssize_t)parts[i++].len;
		if (done > 0) {
			os_error e = write_all(fd, str_slice(parts[i], (size_t)done, parts[i].len));
			if (e)
				return e;
			i++;
		}
	}
	return 0;
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
	e = n == 1 ? write_all(fd, parts[0]) : write_parts(fd, parts, n);
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

/* The name beside which nobody else writes: the process and a count make it one's own. */
static bool
name_beside(str name, struct c_path *beside)
{
	static _Thread_local unsigned count;
	int n = snprintf(beside->c, sizeof beside->c, "%.*s.%ld.%lx.%u.tmp", STR_ARG(name), (long)getpid(),
	    (unsigned long)(uintptr_t)&count, count);

	count++;
	return n > 0 && (size_t)n < sizeof beside->c;
}

static os_error
replace(os_dir dir, str name, const str *parts, size_t n)
{
	struct c_path p, beside;
	os_error e;

	if (!path_c(name, &p))
		return errno;
	if (!name_beside(name, &beside))
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

/* --- a file without a name --- */

/* Length of the folder of a path, without the slash; 0 for a name alone. */
static size_t
folder_of(str path)
{
	size_t slash = path.len;

	while (slash && path.ptr[slash - 1] != '/')
		slash--;
	return slash ? slash - 1 : 0;
}

os_error
os_draft_open(str path, int *draft)
{
	str folder = str_slice(path, 0, folder_of(path));
	struct c_path p;

	for (int i = 0; i < 2; i++) {
		if (!path_c(folder.len ? folder : S("."), &p))
			return errno;
		*draft = open(p.c, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
		if (*draft >= 0)
			return 0;
		if (errno != ENOENT)
			break;
		folder = str_slice(folder, 0, folder_of(folder));
	}
	return errno == EISDIR || errno == EINVAL ? EOPNOTSUPP : errno;
}

os_error
os_draft_write(int draft, uint64_t at, const str *parts, size_t n)
{
	return lseek(draft, (off_t)at, SEEK_SET) < 0 ? errno : write_parts(draft, parts, n);
}

/* Not by the file's position, which all threads share. */
static os_error
write_at(int fd, uint64_t at, str bytes)
{
	while (bytes.len) {
		ssize_t n = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			bytes = str_slice(bytes, (size_t)n, bytes.len);
			at += (uint64_t)n;
		}
	}
	return 0;
}

/* Mapped first, then moved to the place of the memory: a file system that maps nothing leaves everything as it was, and only a kernel without
 * memory fails after that. */
os_error
os_draft_settle(int draft, uint64_t at, void *room, size_t size)
{
	os_error e = write_at(draft, at, (str){ room, size });
	void *mapped;

	if (e)
		return e;
	mapped = mmap(NULL, size, PROT_READ, MAP_PRIVATE, draft, (off_t)at);
	if (mapped == MAP_FAILED)
		return errno;
	if (mremap(mapped, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, room) == MAP_FAILED)
		arena_out_of_memory(size);
	return 0;
}

os_error
os_draft_name(int draft, str path)
{
	struct c_path p, beside;
	char from[64];
	os_error e = 0;

	if (!path_c(path, &p))
		return errno;
	if (!name_beside(path, &beside))
		return ENAMETOOLONG;
	snprintf(from, sizeof from, "/proc/self/fd/%d", draft);
	if (linkat(AT_FDCWD, from, AT_FDCWD, beside.c, AT_SYMLINK_FOLLOW) != 0)
		return errno;
	if (rename(beside.c, p.c) != 0) {
		e = errno;
		unlink(beside.c);
	}
	return e;
}

void
os_draft_close(int draft)
{
	close(draft);
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
