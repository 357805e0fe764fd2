/* A file without a name. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "os/path.h"

os_error
os_draft_open(str path, int *draft)
{
	str folder = str_folder(path), above = str_folder(folder);
	struct c_path p;

	*draft = path_c(folder, &p) ? open(p.c, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666) : -1;
	if (*draft < 0 && errno == ENOENT && path_c(above.len ? above : S("."), &p))
		*draft = open(p.c, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	return *draft < 0 ? errno : 0;
}

os_error
os_draft_write(int draft, uint64_t at, const str *parts, size_t n)
{
	return os_write_parts(draft, at, parts, n);
}

/* Mapped first, then moved to the place of the memory: a file system that maps nothing leaves everything as it was, and only a kernel without
 * memory fails after that. */
os_error
os_draft_settle(int draft, uint64_t at, void *room, size_t size)
{
	os_error e = os_write_parts(draft, at, &(str){ room, size }, 1);
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
	if (!os_name_beside(path, &beside))
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
