/* heap: memory of one Lua state. Small blocks come from free lists by size, over an arena; large ones from libc. Counted, with a maximum. */
#ifndef SCRIPT_HEAP_H
#define SCRIPT_HEAP_H

#include <string.h>

#include "base/arena.h"

#define HEAP_STEP 16             /* sizes of small blocks: multiples of this … */
#define HEAP_SMALL 512           /* … up to this: nearly all of what Lua asks for */

struct heap {
	struct arena arena;
	void *free[HEAP_SMALL / HEAP_STEP + 1];
	size_t used, max;
};

void heap_init(struct heap *h, const struct page_source *source, size_t max);
void heap_free(struct heap *h);          /* after lua_close: no large block is left */
/* As realloc and free (size 0), with the block's size; NULL beyond the maximum. Shrinking never fails. */
void *heap_resize(struct heap *h, void *block, size_t old, size_t size);

static inline size_t
heap_class(size_t size)
{
	return (size + HEAP_STEP - 1) / HEAP_STEP;
}

/* What heap_resize is asked for nearly always: a small block from its list, or back to it. */
static inline void *
heap_take(struct heap *h, size_t size)
{
	size_t class = heap_class(size);
	void *block = size <= HEAP_SMALL ? h->free[class] : NULL;

	if (!block || size > h->max - h->used)
		return heap_resize(h, NULL, 0, size);
	memcpy(&h->free[class], block, sizeof block);    /* a free block begins with the next one's address */
	h->used += size;
	return block;
}

static inline void
heap_give(struct heap *h, void *block, size_t size)
{
	size_t class = heap_class(size);

	if (!block || size > HEAP_SMALL) {
		heap_resize(h, block, size, 0);
		return;
	}
	memcpy(block, &h->free[class], sizeof block);
	h->free[class] = block;
	h->used -= size;
}

#endif
