/* arena: memory with one lifetime. Blocks come from a page source given at the start (mmap in os/, malloc in tests).
 * Allocation never fails: out of memory ends the process with exit status 3 (the only place, with buf.c, where it does). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif
#ifndef ARENA_POISON
#define ARENA_POISON 0
#endif

/* Where blocks come from. `protect` may be NULL (no protection). */
struct page_source {
	void *(*map)(void *context, size_t size);               /* NULL when out of memory */
	void (*unmap)(void *context, void *block, size_t size);
	void (*protect)(void *context, void *block, size_t size, bool read_only);
	void *context;
	bool used;                                              /* blocks may hold what was in them before; else they are zeroed */
};

struct arena_block;

struct arena {
	const struct page_source *source;
	struct arena_block *blocks;  /* the current one first */
	char *next, *end;            /* free space of the current block */
	char *fresh;                 /* from here on it was never handed out and is still zeroed */
	size_t used;                 /* bytes handed out */
	size_t block_size;
};

/* A place to come back to: everything allocated after it is given up by arena_rewind. */
struct arena_mark {
	struct arena_block *block;
	char *next;
	size_t used;
};

extern const struct page_source page_source_malloc;  /* libc, for tests and small tools */

void arena_init(struct arena *a, const struct page_source *source);
void arena_free(struct arena *a);                     /* gives all blocks back; the arena can be used again */
/* What was allocated from `other` lives as long as a from now on; other is empty. Both from one source, none with a mark to come back to. */
void arena_adopt(struct arena *a, struct arena *other);
void arena_reset(struct arena *a);                    /* empties it, keeps the first block */
struct arena_mark arena_mark(struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);
void arena_protect(struct arena *a, bool read_only);  /* debug builds: a stray write crashes at its own line */

/* Says so and ends the process with status 3; for wrappers of libraries that allocate by themselves. */
_Noreturn void arena_out_of_memory(size_t size);

/* Slow path of arena_alloc. */
void *arena_alloc_more(struct arena *a, size_t n, size_t size, size_t alignment);

/* Zeroed memory. `n * size` is checked for overflow. What the system has just given is zeroed already, and large blocks are
 * mostly that. */
static inline void *
arena_alloc(struct arena *a, size_t n, size_t size, size_t alignment)
{
	size_t total, left = (size_t)(a->end - a->next), pad = -(uintptr_t)a->next & (alignment - 1);
	char *p;

	if (ARENA_POISON || __builtin_mul_overflow(n, size, &total) || total >= left || pad >= left - total)
		return arena_alloc_more(a, n, size, alignment);
	p = a->next + pad;
	a->next = p + total;
	a->used += total;
	if (a->next <= a->fresh)
		return memset(p, 0, total);
	if (p < a->fresh)
		memset(p, 0, (size_t)(a->fresh - p));
	a->fresh = a->next;
	return p;
}

/* Makes what was allocated last longer where it stands, when it ends at `end` and the block has `more` zeroed bytes left; else false. */
bool arena_extend(struct arena *a, const void *end, size_t more);

/* Bytes to be written by the caller: they are not zeroed. */
char *arena_room(struct arena *a, size_t size);
#define arena_new(a, T) ((T *)arena_alloc((a), 1, sizeof(T), alignof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc((a), (n), sizeof(T), alignof(T)))

#endif
