/* bytes: sets of bytes, so that scanners pass over what means nothing to them.
 * static const bool special[256] = { ['&'] = true, ['<'] = true }; */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/str.h"

/* Index of the first byte at or after `at` that is in the set, s.len when there is none. */
static inline size_t
bytes_find(const bool set[static 256], str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	while (at + 4 <= s.len && !(set[p[at]] | set[p[at + 1]] | set[p[at + 2]] | set[p[at + 3]]))
		at += 4;
	while (at < s.len && !set[p[at]])
		at++;
	return at;
}

#endif
