/* What macros draw of items, kept for all workers: a table of chains that only grow at their heads, so nobody waits. An entry is a pure
 * function of its key: two workers that draw one at the same time put the same bytes there twice, and either serves. */
#include "base/hash.h"
#include "script/state.h"

#define BYTES_OF_AN_ITEM 1536            /* its card and what else lists show of it */
#define BYTES_AT_LEAST ((size_t)1 << 20)

struct entry {
	struct once_drawn drawn;
	struct entry *next;
};

struct once_shelf {
	_Atomic(struct entry *) *heads;
	uint64_t mask;
	atomic_size_t left;          /* bytes it may still take */
};

struct once_shelf *
shelf_new(struct arena *out, uint32_t n_items)
{
	struct once_shelf *shelf = arena_new(out, struct once_shelf);
	size_t n = 64;

	while (n < (size_t)n_items * 2)
		n *= 2;
	shelf->heads = arena_array(out, _Atomic(struct entry *), n);
	shelf->mask = n - 1;
	atomic_init(&shelf->left, BYTES_AT_LEAST + (size_t)n_items * BYTES_OF_AN_ITEM);
	return shelf;
}

static bool
same(const struct once_drawn *d, const struct item *item, const struct macro_id *macro, lua_Integer part)
{
	return d->item == item && d->part == part && d->macro->layout == macro->layout && str_equal(d->macro->name, macro->name);
}

static _Atomic(struct entry *) *
head_of(const struct once_shelf *shelf, const struct item *item, const struct macro_id *macro, lua_Integer part)
{
	return &shelf->heads[hash_mix((uint64_t)item->id << 8 ^ (uint64_t)part, macro->layout->index * 64 + macro->name.len) & shelf->mask];
}

const struct once_drawn *
shelf_find(const struct once_shelf *shelf, const struct item *item, const struct macro_id *macro, lua_Integer part)
{
	const struct entry *e = atomic_load_explicit(head_of(shelf, item, macro, part), memory_order_acquire);

	while (e && !same(&e->drawn, item, macro, part))
		e = e->next;
	return e ? &e->drawn : NULL;
}

static bool
take_room(struct once_shelf *shelf, size_t size)
{
	size_t left = atomic_load(&shelf->left);

	do
		if (left < size)
			return false;
	while (!atomic_compare_exchange_weak(&shelf->left, &left, left - size));
	return true;
}

bool
shelf_put(struct once_shelf *shelf, struct arena *out, const struct once_drawn *drawn)
{
	_Atomic(struct entry *) *head = head_of(shelf, drawn->item, drawn->macro, drawn->part);
	size_t dates = drawn->n_dates * sizeof *drawn->dates, sources = drawn->sources.len * sizeof *drawn->sources.ptr;
	struct entry *e;

	if (!take_room(shelf, sizeof *e + drawn->html.len + dates + sources))
		return false;
	e = arena_new(out, struct entry);
	e->drawn = *drawn;
	e->drawn.html = str_copy(out, drawn->html);
	if (dates)
		e->drawn.dates = memcpy(arena_array(out, struct once_date, drawn->n_dates), drawn->dates, dates);
	if (sources)
		e->drawn.sources.ptr = memcpy(arena_array(out, uint32_t, drawn->sources.len), drawn->sources.ptr, sources);
	e->next = atomic_load(head);
	while (!atomic_compare_exchange_weak_explicit(head, &e->next, e, memory_order_release, memory_order_relaxed))
		;
	return true;
}
