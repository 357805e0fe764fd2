/* vec: a growing array in an arena. VEC(struct page) pages = {0}; *vec_push(out, &pages) = page; */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(T) struct { T *ptr; size_t len, cap; }

/* Pointer to a new zeroed element at the end. Growth copies, and the old room stays in the arena, unless nothing was allocated since. */
#define vec_push(a, v) \
	((v)->len >= (v)->cap ? vec_grow((a), (void **)&(v)->ptr, &(v)->cap, (v)->len, sizeof *(v)->ptr, alignof(max_align_t)) : (void)0, \
	 (v)->ptr + (v)->len++)

/* Room for `n` elements in all, where their number is known: nothing is copied, and no old room stays. */
#define vec_reserve(a, v, n) \
	((n) > (v)->cap ? vec_move((a), (void **)&(v)->ptr, &(v)->cap, (v)->len, (n), sizeof *(v)->ptr, alignof(max_align_t)) : (void)0)

void vec_move(struct arena *a, void **ptr, size_t *cap, size_t len, size_t room, size_t size, size_t alignment);
void vec_grow(struct arena *a, void **ptr, size_t *cap, size_t len, size_t size, size_t alignment);

/* Sorts with a context, stable (merge sort), so that results never depend on libc's qsort. */
void vec_sort(void *ptr, size_t n, size_t size, int (*compare)(const void *a, const void *b, void *context), void *context);

#endif
