/* pack: what markdown_render gave for bodies without diagnostics, kept in one file from build to build.
 * An entry is found by the hash of all that its HTML depends on, and checked before it is used: whatever is wrong with the
 * file is a miss, never an error. With or without a pack the results are the same bytes. */
#ifndef DOCUMENT_PACK_H
#define DOCUMENT_PACK_H

#include "document/markdown.h"

struct pack;
struct pack_worker;

/* A pack over the bytes of such a file (anything, or none), kept by the caller as long as what was rendered. Never fails.
 * `program`: its version, a part of every key, as those of the libraries and document/'s own sources are. */
struct pack *pack_new(str bytes, str program, unsigned workers, struct arena *out);
/* The handle of one thread. */
struct pack_worker *pack_worker(struct pack *p, unsigned worker);

/* markdown_render through the pack (o->tmp is not used). Results point into the pack's bytes or into `out`: keep both, until pack_close. */
bool pack_render(struct pack_worker *w, struct markdown *md, str body, const struct markdown_options *o, struct arena *out, struct diag *diag);

/* Texts asked for so far: found in the file, and rendered. Serial. */
struct pack_counts { uint64_t found, made; };
struct pack_counts pack_counts(const struct pack *p);

/* The file that holds exactly what was rendered through this pack so far, in pieces; false when that is the file it was made
 * from. Serial. The same set of texts gives the same bytes. */
bool pack_parts(struct pack *p, struct arena *out, str **parts, size_t *n);

/* The same over a file, mapped read-only. An unreadable file is an empty pack. */
struct pack *pack_open(str path, str program, unsigned workers, struct arena *out);
/* Replaces the file (and makes its folder) when it would change by more than a few texts in a hundred; what prevents it is a warning. `path`:
 * that of pack_open. */
void pack_save(struct pack *p, str path, struct diag *diag);
/* Texts that are in a file need no memory until they are looked at again. Any thread. */
void pack_forget(const struct pack *p);
void pack_close(struct pack *p);                /* NULL is fine */

#endif
