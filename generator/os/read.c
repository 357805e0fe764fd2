#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "os/path.h"

static int64_t
nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static enum os_kind
kind_of(mode_t mode)
{
	return S_ISREG(mode) ? OS_FILE : S_ISDIR(mode) ? OS_DIR : S_ISLNK(mode) ? OS_LINK : OS_OTHER;
}

static struct os_stat
stat_of(const struct stat *s)
{
	return (struct os_stat){
		.kind = kind_of(s->st_mode),
		.size = (uint64_t)s->st_size,
		.device = s->st_dev,
		.inode = s->st_ino,
		.mtime_ns = nanoseconds(s->st_mtim),
		.ctime_ns = nanoseconds(s->st_ctim),
		.mode = s->st_mode,
	};
}

os_error
os_stat_at(os_dir dir, str name, struct os_stat *st)
{
	struct c_path p;
	struct stat s;

	if (!path_c(name, &p) || fstatat(dir, p.c, &s, AT_SYMLINK_NOFOLLOW) != 0)
		return errno;
	*st = stat_of(&s);
	return 0;
}

os_error
os_stat(str path, struct os_stat *st)
{
	return os_stat_at(AT_FDCWD, path, st);
}

os_error
os_stat_descriptor(int fd, struct os_stat *st)
{
	struct stat s;

	if (fstat(fd, &s) != 0)
		return errno;
	*st = stat_of(&s);
	return 0;
}

os_error
os_real_path(str path, struct arena *out, str *real)
{
	struct c_path p;
	char *found;

	if (!path_c(path, &p))
		return errno;
	found = realpath(p.c, NULL);
	if (!found)
		return errno;
	*real = str_copy(out, str_from_c(found));
	free(found);
	return 0;
}

static os_error
read_all(int fd, char *into, size_t size, size_t *len)
{
	*len = 0;
	while (*len < size) {
		ssize_t n = read(fd, into + *len, size - *len);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			*len += (size_t)n;
	}
	return 0;
}

static os_error
read_descriptor(int fd, size_t max, struct arena *out, str *bytes)
{
	struct stat s;
	char *room;
	size_t len;
	os_error e;

	if (fstat(fd, &s) != 0)
		return errno;
	if (!S_ISREG(s.st_mode))
		return S_ISDIR(s.st_mode) ? EISDIR : ENOTSUP;
	if ((uintmax_t)s.st_size > max)
		return EFBIG;
	room = arena_array(out, char, (size_t)s.st_size + 1);
	e = read_all(fd, room, (size_t)s.st_size, &len);
	*bytes = (str){ room, len };
	return e;
}

static os_error
open_name(int at, str name, int flags, int *fd)
{
	struct c_path p;

	*fd = -1;
	if (!path_c(name, &p))
		return errno;
	*fd = openat(at, p.c, O_RDONLY | O_CLOEXEC | flags);
	return *fd < 0 ? errno : 0;
}

/* Non-blocking, so that a pipe in the place of a file is refused rather than waited for. */
static os_error
open_to_read(int dir, str name, int flags, int *fd)
{
	return open_name(dir, name, O_NONBLOCK | O_NOCTTY | flags, fd);
}

static os_error
read_opened(int dir, str name, int flags, size_t max, struct arena *out, str *bytes)
{
	int fd;
	os_error e = open_to_read(dir, name, flags, &fd);

	if (e)
		return e;
	e = read_descriptor(fd, max, out, bytes);
	close(fd);
	return e;
}

os_error
os_read(str path, size_t max, bool follow, struct arena *out, str *bytes)
{
	return read_opened(AT_FDCWD, path, follow ? 0 : O_NOFOLLOW, max, out, bytes);
}

static os_error
map_descriptor(int fd, size_t max, str *bytes)
{
	struct stat s;
	void *p;

	if (fstat(fd, &s) != 0)
		return errno;
	if (!S_ISREG(s.st_mode))
		return S_ISDIR(s.st_mode) ? EISDIR : ENOTSUP;
	if ((uintmax_t)s.st_size > max)
		return EFBIG;
	if (s.st_size == 0)
		return 0;
	p = mmap(NULL, (size_t)s.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return errno;
	*bytes = (str){ p, (size_t)s.st_size };
	return 0;
}

os_error
os_map_file(str path, size_t max, str *bytes)
{
	int fd;
	os_error e = open_to_read(AT_FDCWD, path, O_NOFOLLOW, &fd);

	*bytes = STR_NONE;
	if (e)
		return e;
	e = map_descriptor(fd, max, bytes);
	close(fd);
	return e;
}

void
os_unmap(str bytes)
{
	if (bytes.len)
		munmap((void *)(uintptr_t)bytes.ptr, bytes.len);
}

void
os_forget(str bytes)
{
	madvise((void *)(uintptr_t)bytes.ptr, bytes.len, MADV_DONTNEED);
}

os_error
os_read_at(os_dir dir, str name, size_t max, struct arena *out, str *bytes)
{
	return read_opened(dir, name, O_NOFOLLOW, max, out, bytes);
}

static os_error
dir_open(int at, str name, int flags, os_dir *dir)
{
	return open_name(at, name, O_DIRECTORY | flags, dir);
}

os_error
os_dir_open(str path, os_dir *dir)
{
	return dir_open(AT_FDCWD, path, 0, dir);
}

os_error
os_dir_open_at(os_dir at, str name, os_dir *dir)
{
	return dir_open(at, name, O_NOFOLLOW, dir);
}

void
os_dir_close(os_dir dir)
{
	if (dir >= 0)
		close(dir);
}

static int
by_name(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct os_entry *)a)->name, ((const struct os_entry *)b)->name);
}

static bool
dots(const char *name)
{
	return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

/* Some file systems leave d_type out; then the entry is asked. */
static os_error
entry_stat(os_dir dir, const struct dirent *d, str name, bool stats, struct os_stat *st)
{
	switch (stats ? DT_UNKNOWN : d->d_type) {
	case DT_REG: st->kind = OS_FILE; return 0;
	case DT_DIR: st->kind = OS_DIR; return 0;
	case DT_LNK: st->kind = OS_LINK; return 0;
	case DT_UNKNOWN: return os_stat_at(dir, name, st);
	default: st->kind = OS_OTHER; return 0;
	}
}

os_error
os_list_at(os_dir dir, bool stats, struct arena *out, struct os_entry **entries, size_t *n)
{
	VEC(struct os_entry) list = { 0 };
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = again < 0 ? NULL : fdopendir(again);
	os_error e = stream ? 0 : errno;

	if (!stream && again >= 0)
		close(again);
	while (stream && !e) {
		struct os_entry entry = { 0 };
		const struct dirent *d;
		errno = 0;
		d = readdir(stream);
		if (!d) {
			e = errno;
			break;
		}
		if (dots(d->d_name))
			continue;
		entry.name = str_copy(out, str_from_c(d->d_name));
		e = entry_stat(dir, d, entry.name, stats, &entry.st);
		if (e == ENOENT) {      /* gone since */
			e = 0;
			continue;
		}
		*vec_push(out, &list) = entry;
	}
	if (stream)
		closedir(stream);
	vec_sort(list.ptr, list.len, sizeof *list.ptr, by_name, NULL);
	*entries = list.ptr;
	*n = list.len;
	return e;
}
