/* heap: memory of one Lua state. Small blocks come from free lists by size, over an arena; large ones from libc. Counted, with a maximum. */
#ifndef SCRIPT_HEAP_H
#define SCRIPT_HEAP_H

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

#endif
