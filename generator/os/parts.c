/* What write.c and draft.c share. */
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

#include "os/path.h"

static os_error
write_all(int fd, uint64_t at, str bytes)
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

/* One call for many small pieces. */
static os_error
write_batches(int fd, uint64_t at, const str *parts, size_t n)
{
	struct iovec batch[256];

	for (size_t i = 0; i < n;) {
		size_t m = 0;
		ssize_t done;
		for (; m < sizeof batch / sizeof *batch && i + m < n; m++)
			batch[m] = (struct iovec){ (void *)(uintptr_t)parts[i + m].ptr, parts[i + m].len };
		done = pwritev(fd, batch, (int)m, (off_t)at);
		if (done < 0 && errno != EINTR)
			return errno;
		for (; done >= 0 && m && (size_t)done >= parts[i].len; m--) {
			done -= (ssize_t)parts[i].len;
			at += parts[i++].len;
		}
		if (done > 0) {
			str part = parts[i++];
			os_error e = write_all(fd, at + (uint64_t)done, str_slice(part, (size_t)done, part.len));
			if (e)
				return e;
			at += part.len;
		}
	}
	return 0;
}

os_error
os_write_parts(int fd, uint64_t at, const str *parts, size_t n)
{
	return n == 1 ? write_all(fd, at, parts[0]) : write_batches(fd, at, parts, n);
}

bool
os_name_beside(str name, struct c_path *beside)
{
	static _Thread_local unsigned count;
	int n = snprintf(beside->c, sizeof beside->c, "%.*s.%ld.%lx.%u.tmp", STR_ARG(name), (long)getpid(),
	    (unsigned long)(uintptr_t)&count, count);

	count++;
	return n > 0 && (size_t)n < sizeof beside->c;
}

