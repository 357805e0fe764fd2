/* draft: memory for what a file of the cache will hold, and that file in the making. Bytes are put into rooms, each thread into its own; a full
 * room is written to a file without a name and is from then on that file's memory, which the system may take back and read again. The file gets its
 * name at the end, or is gone. Where there can be no such file, the rooms stay memory like any other. */
#ifndef DOCUMENT_DRAFT_H
#define DOCUMENT_DRAFT_H

#include "os/os.h"

struct draft;
struct draft_worker;

/* `path`: of the file to be; STR_NONE for none. `out` keeps the draft, not what is put into it. */
struct draft *draft_new(str path, unsigned workers, struct arena *out);
/* The handle of one thread. */
struct draft_worker *draft_worker(struct draft *d, unsigned worker);
/* Bytes to be written by the caller before the next call with this handle; only to be read after it. They stand where they are until draft_close.
 * *at: where they will be in the file; 0 when that is not settled. */
char *draft_put(struct draft_worker *w, size_t size, uint64_t *at);
/* What was put and is in the file needs no memory until it is looked at again. Any thread. */
void draft_forget(const struct draft *d);

/* Where the file ends so far; 0 when there is none, or it cannot be used. Serial. */
uint64_t draft_end(const struct draft *d);
/* Adds parts[0] at its start and the others at its end, and names it. It is written once: after that, or an error, there is none. Serial. */
os_error draft_publish(struct draft *d, const str *parts, size_t n);
void draft_close(struct draft *d);

#endif
