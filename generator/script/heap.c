#include "script/heap.h"

#include <stdlib.h>
#include <string.h>

void
heap_init(struct heap *h, const struct page_source *source, size_t max)
{
	*h = (struct heap){ .max = max };
	arena_init(&h->arena, source);
}

void
heap_free(struct heap *h)
{
	arena_free(&h->arena);
}

static void *
take(struct heap *h, size_t size)
{
	size_t class = heap_class(size);
	void *block = h->free[class];

	if (!block)
		return arena_alloc(&h->arena, class, HEAP_STEP, HEAP_STEP);
	memcpy(&h->free[class], block, sizeof block);
	return block;
}

static void
give(struct heap *h, void *block, size_t size)
{
	size_t class = heap_class(size);

	memcpy(block, &h->free[class], sizeof block);
	h->free[class] = block;
}

static void *
move(struct heap *h, void *block, size_t old, size_t size)
{
	void *moved = size <= HEAP_SMALL ? take(h, size) : malloc(size);

	if (!moved)
		return NULL;
	if (block) {
		memcpy(moved, block, old < size ? old : size);
		if (old <= HEAP_SMALL)
			give(h, block, old);
		else
			free(block);
	}
	return moved;
}

void *
heap_resize(struct heap *h, void *block, size_t old, size_t size)
{
	void *result;

	if (!block)
		old = 0;
	if (size > old && size - old > h->max - h->used)
		return NULL;
	if (size == 0) {
		if (block && old <= HEAP_SMALL)
			give(h, block, old);
		else
			free(block);
		result = NULL;
	} else if (block && old <= HEAP_SMALL && size <= HEAP_SMALL && heap_class(old) == heap_class(size)) {
		result = block;
	} else if (block && old > HEAP_SMALL && size > HEAP_SMALL) {
		result = realloc(block, size);
	} else {
		result = move(h, block, old, size);
	}
	if (result || size == 0)
		h->used = h->used - old + size;
	return result;
}
