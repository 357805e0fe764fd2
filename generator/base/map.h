/* map: str → pointer, iterated in order of insertion. Lives in an arena; keys are not copied. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

struct map_entry {
	str key;
	void *value;
	uint32_t hash;
};

struct map {
	struct map_entry *entries;  /* in insertion order; [0, len) */
	uint32_t *slots;            /* index + 1, 0 when free */
	uint32_t len, cap, n_slots;
};

void *map_get(const struct map *m, str key);                      /* NULL when absent */
bool map_find(const struct map *m, str key, uint32_t *index);      /* index may be NULL */
/* Pointer to the value under `key`, made (NULL) when absent. Valid until the next insertion. */
void **map_put(struct arena *out, struct map *m, str key);
void map_set(struct arena *out, struct map *m, str key, void *value);
/* Room for `n` keys in all, where their number is known: nothing is moved, and no old room stays in the arena. */
void map_reserve(struct arena *out, struct map *m, size_t n);
struct map map_clone(struct arena *out, const struct map *m);      /* the same keys and values; what is put into one is not in the other */

#endif
