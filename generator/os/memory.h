/* memory: the file system in memory that tests link in the place of read.c and write.c, with failures on demand.
 * One for the whole process; safe to use from several threads. */
#ifndef OS_MEMORY_H
#define OS_MEMORY_H

#include "os/os.h"

void os_memory_reset(void);                     /* empty, the current directory is "/", no failures set, nothing open */
/* From now on files may hold so many bytes more; then ENOSPC. SIZE_MAX: no limit. */
void os_memory_space(size_t bytes);
/* The calls that change something are numbered from here on; call number `n` (0 is the first) and all after it fail with
 * EIO and change nothing, as if the process had been killed before it. SIZE_MAX: never. */
void os_memory_stop_at(size_t n);
size_t os_memory_changes(void);                 /* calls counted since os_memory_stop_at */
/* Every call of this kind fails with `e`; 0 ends that. */
enum os_memory_call {
	OS_MEMORY_WRITE, OS_MEMORY_MAKE_DIR, OS_MEMORY_UNLINK, OS_MEMORY_RENAME, OS_MEMORY_EXCHANGE, OS_MEMORY_LINK, OS_MEMORY_SYNC,
	OS_MEMORY_READ, OS_MEMORY_N_CALLS,
};
void os_memory_fail(enum os_memory_call call, os_error e);
void os_memory_clock(int64_t step);              /* nanoseconds by which each change moves the clock of mtime_ns (1000); 0: it stands */
void os_memory_put_link(str path, str target);  /* a symbolic link, which nothing here ever follows */
void os_memory_put_device(str path, uint64_t device);  /* the folder and all made in it lie on another file system */
/* Everything below `path`, one line a file or folder, sorted: for comparing trees. */
str os_memory_dump(str path, struct arena *out);

#endif
