#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

void
vec_move(struct arena *a, void **ptr, size_t *cap, size_t len, size_t room, size_t size, size_t alignment)
{
	void *p;

	if (*cap && arena_extend(a, (char *)*ptr + *cap * size, (room - *cap) * size)) {
		*cap = room;
		return;
	}
	p = arena_alloc(a, room, size, alignment);
	if (len)
		memcpy(p, *ptr, len * size);
	*ptr = p;
	*cap = room;
}

void
vec_grow(struct arena *a, void **ptr, size_t *cap, size_t len, size_t size, size_t alignment)
{
	vec_move(a, ptr, cap, len, *cap ? *cap * 2 : 8, size, alignment);
}

struct sorting {
	size_t size;
	int (*compare)(const void *, const void *, void *);
	void *context;
};

static void
merge_sort(char *items, char *spare, size_t n, const struct sorting *s)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	merge_sort(items, spare, half, s);
	merge_sort(items + half * s->size, spare, n - half, s);
	if (s->compare(items + (half - 1) * s->size, items + half * s->size, s->context) <= 0)
		return;                  /* much of what is sorted was in order */
	memcpy(spare, items, half * s->size);
	while (i < half && j < n) {
		bool second = s->compare(spare + i * s->size, items + j * s->size, s->context) > 0;
		memmove(items + k++ * s->size, second ? items + j++ * s->size : spare + i++ * s->size, s->size);
	}
	memcpy(items + k * s->size, spare + i * s->size, (half - i) * s->size);
}

void
vec_sort(void *ptr, size_t n, size_t size, int (*compare)(const void *, const void *, void *), void *context)
{
	struct sorting s = { size, compare, context };
	struct buf spare;

	if (n < 2)
		return;
	buf_init(&spare, SIZE_MAX / 4);
	buf_grow(&spare, n * size);
	merge_sort(ptr, spare.ptr, n, &s);
	buf_free(&spare);
}
