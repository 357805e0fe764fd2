/* kept: compressed files of an index, found again by the bytes that they are made of. For search/ only; search.h has the rest. */
#ifndef SEARCH_KEPT_H
#define SEARCH_KEPT_H

#include "base/hash.h"
#include "search/search.h"

/* Compressed bytes, and by what they are found. */
struct packed { str bytes; struct hash128 key; bool found; };

/* The file that these bytes were compressed to at that level; bytes STR_NONE when it is not there. Any thread; k may be NULL. */
struct packed kept_find(const struct search_kept *k, str raw, unsigned level);
/* Takes note of one that is in use, `bytes` being what lives until search_kept_save and `sum` their hash64. One thread; k may be NULL. */
void kept_note(struct search_kept *k, const struct packed *p, str bytes, uint64_t sum);

#endif
