/* keyed: pieces of bytes found by a key, in one file: a head, the pieces, then an index sorted by key. Numbers are the machine's. Index
 * and pieces have checksums: whatever is wrong with a file, another machine's among them, is a miss, never an error. */
#ifndef BASE_KEYED_H
#define BASE_KEYED_H

#include "base/arena.h"
#include "base/hash.h"

struct keyed {
	str bytes;                   /* of the file, which the caller keeps */
	const char *index;
	uint64_t n;                  /* pieces in it; 0 for what is no such file */
};
struct keyed_piece {
	struct hash128 key;
	str bytes;
	uint64_t sum;                /* their hash64 */
	uint64_t at;                 /* where they stand in the file to be; 0 for what is still to be put there */
};

/* `magic`: what such a file begins with, a number for each kind of piece. */
struct keyed keyed_open(uint64_t magic, str bytes);
/* False when it is not there, or not whole. Any thread. */
bool keyed_find(const struct keyed *k, struct hash128 key, struct keyed_piece *found);

/* What is missing of the file that holds these pieces, as parts that point to the pieces' bytes and into `out`: the first for its start, the
 * others for `end`, where it ends so far, one after the other. Of a file of which there is nothing yet (`end` 0) they are the whole. Sorts the
 * pieces; where several have one key, one stays: *n becomes how many are left. The number of parts. */
size_t keyed_parts(uint64_t magic, struct keyed_piece *pieces, size_t *n, uint64_t end, struct arena *out, str **parts);

/* Would a file with what is used now, of which so many pieces are new, differ by no more than `few` pieces? Nearly all of a large one would be
 * written as it was: the few are made again by the next builds, until they are enough. */
bool keyed_may_wait(const struct keyed *k, uint64_t n_used, uint64_t n_new, uint64_t few);

#endif
