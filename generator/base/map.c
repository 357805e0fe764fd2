#include "base/map.h"

#include <string.h>

#include "base/arena.h"
#include "base/hash.h"

static uint32_t
key_hash(str key)
{
	uint64_t h = hash64(key);
	return (uint32_t)(h ^ (h >> 32));
}

/* Index of the slot that holds the key, or of the free one where it belongs. */
static uint32_t
slot_of(const struct map *m, str key, uint32_t hash)
{
	uint32_t i = hash & (m->n_slots - 1);

	for (;; i = (i + 1) & (m->n_slots - 1)) {
		const struct map_entry *e;
		if (!m->slots[i])
			return i;
		e = &m->entries[m->slots[i] - 1];
		if (e->hash == hash && str_equal(e->key, key))
			return i;
	}
}

bool
map_find(const struct map *m, str key, uint32_t *index)
{
	uint32_t slot;

	if (!m->n_slots)
		return false;
	slot = slot_of(m, key, key_hash(key));
	if (!m->slots[slot])
		return false;
	if (index)
		*index = m->slots[slot] - 1;
	return true;
}

void *
map_get(const struct map *m, str key)
{
	uint32_t index;
	return map_find(m, key, &index) ? m->entries[index].value : NULL;
}

static void
resize(struct arena *out, struct map *m, uint32_t cap)
{
	struct map_entry *entries = arena_array(out, struct map_entry, cap);

	if (m->len)
		memcpy(entries, m->entries, m->len * sizeof *entries);
	m->entries = entries;
	m->cap = cap;
	m->n_slots = 16;
	while (m->n_slots < cap * 2)
		m->n_slots *= 2;
	m->slots = arena_array(out, uint32_t, m->n_slots);
	for (uint32_t i = 0; i < m->len; i++)
		m->slots[slot_of(m, entries[i].key, entries[i].hash)] = i + 1;
}

void
map_reserve(struct arena *out, struct map *m, size_t n)
{
	if (n > m->cap)
		resize(out, m, (uint32_t)n);
}

void **
map_put(struct arena *out, struct map *m, str key)
{
	uint32_t hash = key_hash(key), slot;

	if (m->len == m->cap)
		resize(out, m, m->cap ? m->cap * 2 : 8);
	slot = slot_of(m, key, hash);
	if (!m->slots[slot]) {
		m->entries[m->len] = (struct map_entry){ key, NULL, hash };
		m->slots[slot] = ++m->len;
	}
	return &m->entries[m->slots[slot] - 1].value;
}

void
map_set(struct arena *out, struct map *m, str key, void *value)
{
	*map_put(out, m, key) = value;
}

struct map
map_clone(struct arena *out, const struct map *m)
{
	struct map to = *m;

	if (!m->cap)
		return to;
	to.entries = arena_array(out, struct map_entry, m->cap);
	to.slots = arena_array(out, uint32_t, m->n_slots);
	memcpy(to.entries, m->entries, m->len * sizeof *to.entries);
	memcpy(to.slots, m->slots, m->n_slots * sizeof *to.slots);
	return to;
}
