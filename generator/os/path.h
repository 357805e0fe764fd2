/* Zero-terminated copies of paths for system calls; for os/ only. */
#ifndef OS_PATH_H
#define OS_PATH_H

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "os/os.h"

struct c_path { char c[PATH_MAX]; };

/* False (errno set) when the path does not fit, is empty or holds a zero byte. */
static inline bool
path_c(str path, struct c_path *out)
{
	if (path.len == 0 || memchr(path.ptr, 0, path.len)) {
		errno = path.len ? EINVAL : ENOENT;
		return false;
	}
	if (path.len >= sizeof out->c) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(out->c, path.ptr, path.len);
	out->c[path.len] = 0;
	return true;
}

os_error os_stat_descriptor(int fd, struct os_stat *st);    /* fstat */

/* Writes at a place of a file, wherever its position is. */
os_error os_write_parts(int fd, uint64_t at, const str *parts, size_t n);
/* The name beside which nobody else writes: the process and a count make it one's own. */
bool os_name_beside(str name, struct c_path *beside);

#endif
