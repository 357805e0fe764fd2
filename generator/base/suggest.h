/* suggest: the nearest of several names, for "did you mean". */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/str.h"

/* Optimal-string-alignment distance (one transposition counts 1) between the first 64 bytes of each. */
unsigned suggest_distance(str a, str b);
/* The candidate nearest to `word` within a third of its length (at least 1, at most 3); first one on a tie; STR_NONE without. */
str suggest_nearest(str word, const str *candidates, size_t n);

#endif
