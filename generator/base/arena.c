#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if ARENA_POISON
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

/* Large enough that a page needs one block, small enough that a hundred arenas do not hurt. */
#define BLOCK_SIZE ((size_t)256 * 1024)

struct arena_block {
	struct arena_block *previous;
	size_t size;              /* of the whole mapping, this header included */
	char *fresh;              /* of the arena, while another block is current */
};

void
arena_out_of_memory(size_t size)
{
	fprintf(stderr, "vitrine: erreur: mémoire insuffisante (%zu octets demandés)\n", size);
	exit(3);
}

static void *
malloc_map(void *context, size_t size)
{
	(void)context;
	return calloc(1, size);
}

static void
malloc_unmap(void *context, void *block, size_t size)
{
	(void)context;
	(void)size;
	free(block);
}

const struct page_source page_source_malloc = { malloc_map, malloc_unmap, NULL, NULL, false };

void
arena_init(struct arena *a, const struct page_source *source)
{
	*a = (struct arena){ .source = source, .block_size = BLOCK_SIZE };
}

static char *
block_start(struct arena_block *block)
{
	return (char *)block + ((sizeof *block + 15) & ~(size_t)15);
}

static void
block_drop(struct arena *a, struct arena_block *block)
{
	ASAN_UNPOISON_MEMORY_REGION(block, block->size);
	a->source->unmap(a->source->context, block, block->size);
}

/* Blocks double, so that a large build asks the system rarely; what is not touched of one costs nothing. */
#define BLOCK_MOST ((size_t)64 * 1024 * 1024)

static void
add_block(struct arena *a, size_t need)
{
	size_t size = a->block_size;
	struct arena_block *block;

	if (need > size - 64)
		size = (need + 64 + 4095) & ~(size_t)4095;
	else if (a->blocks && a->block_size < BLOCK_MOST)
		a->block_size *= 2;
	block = a->source->map(a->source->context, size);
	if (!block)
		arena_out_of_memory(size);
	if (a->blocks)
		a->blocks->fresh = a->fresh;
	block->previous = a->blocks;
	block->size = size;
	a->blocks = block;
	a->next = a->fresh = block_start(block);
	a->end = (char *)block + size;
	if (a->source->used)
		a->fresh = a->end;
	ASAN_POISON_MEMORY_REGION(a->next, (size_t)(a->end - a->next));
}

/* Moves `next` past `total` bytes; they may have been handed out before. */
static inline char *
take(struct arena *a, size_t total, size_t alignment)
{
	size_t pad = -(uintptr_t)a->next & (alignment - 1);
	char *p;

	if (!a->next || total + pad > (size_t)(a->end - a->next)) {
		add_block(a, total + alignment);
		pad = -(uintptr_t)a->next & (alignment - 1);
	}
	p = a->next + pad;
	a->next = p + total;
	a->used += total;
	ASAN_UNPOISON_MEMORY_REGION(p, total);
	return p;
}

/* What was just taken, from p on: bytes that were never handed out are zeroed already. */
static void
zero(struct arena *a, char *p)
{
	if (p < a->fresh)
		memset(p, 0, (size_t)((a->next < a->fresh ? a->next : a->fresh) - p));
	if (a->next > a->fresh)
		a->fresh = a->next;
}

void *
arena_alloc_more(struct arena *a, size_t n, size_t size, size_t alignment)
{
	size_t total;
	char *p;

	if (__builtin_mul_overflow(n, size, &total) || total > PTRDIFF_MAX / 2)
		arena_out_of_memory(SIZE_MAX);
	p = take(a, total, alignment);
	zero(a, p);
	return p;
}

bool
arena_extend(struct arena *a, const void *end, size_t more)
{
	if (!a->next || a->next != end || more > (size_t)(a->end - a->next))
		return false;
	zero(a, take(a, more, 1));
	return true;
}

char *
arena_room(struct arena *a, size_t size)
{
	char *p;

	if (size > PTRDIFF_MAX / 2)
		arena_out_of_memory(SIZE_MAX);
	p = take(a, size, 1);
	if (a->next > a->fresh)
		a->fresh = a->next;
	return p;
}

void
arena_free(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *block = a->blocks;
		a->blocks = block->previous;
		block_drop(a, block);
	}
	a->next = a->end = a->fresh = NULL;
	a->used = 0;
	a->block_size = BLOCK_SIZE;
}

/* Under the block that a goes on filling. */
void
arena_adopt(struct arena *a, struct arena *other)
{
	struct arena_block *last = other->blocks;

	if (!last)
		return;
	last->fresh = other->fresh;
	while (last->previous)
		last = last->previous;
	if (a->blocks) {
		last->previous = a->blocks->previous;
		a->blocks->previous = other->blocks;
	} else {
		a->blocks = other->blocks;
		a->next = other->next;
		a->end = other->end;
		a->fresh = other->fresh;
	}
	a->used += other->used;
	other->blocks = NULL;
	arena_free(other);
}

struct arena_mark
arena_mark(struct arena *a)
{
	return (struct arena_mark){ a->blocks, a->next, a->used };
}

void
arena_rewind(struct arena *a, struct arena_mark mark)
{
	/* The first block stays, also when the mark is older than it: who marks an empty arena again and again would ask the system each time. */
	while (a->blocks != mark.block && a->blocks->previous) {
		struct arena_block *block = a->blocks;
		a->blocks = block->previous;
		a->fresh = a->blocks->fresh;
		block_drop(a, block);
	}
	a->used = mark.used;
	a->next = mark.block || !a->blocks ? mark.next : block_start(a->blocks);
	a->end = a->blocks ? (char *)a->blocks + a->blocks->size : NULL;
	if (a->blocks) {
		ASAN_POISON_MEMORY_REGION(a->next, (size_t)(a->end - a->next));
	}
}

void
arena_reset(struct arena *a)
{
	struct arena_block *first = a->blocks;

	if (!first)
		return;
	while (first->previous)
		first = first->previous;
	arena_rewind(a, (struct arena_mark){ first, block_start(first), 0 });
}

void
arena_protect(struct arena *a, bool read_only)
{
	if (!a->source->protect)
		return;
	for (struct arena_block *b = a->blocks, *previous; b; b = previous) {
		previous = b->previous;
		a->source->protect(a->source->context, b, b->size, read_only);
	}
}
