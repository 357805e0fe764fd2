#include "base/keyed.h"

#include <string.h>

#include "base/vec.h"

#define MOST_WAITING 32          /* new pieces */

struct head { uint64_t magic, sum, n, index; };  /* sum: of the index; where it begins */
struct entry { struct hash128 key; uint64_t offset, size, sum; };

struct keyed
keyed_open(uint64_t magic, str bytes)
{
	struct keyed k = { .bytes = bytes };
	struct head head;
	str index;

	if (bytes.len < sizeof head)
		return k;
	memcpy(&head, bytes.ptr, sizeof head);
	if (head.magic != magic || head.index > bytes.len || head.n != (bytes.len - head.index) / sizeof(struct entry))
		return k;
	index = str_slice(bytes, head.index, head.index + head.n * sizeof(struct entry));
	if (hash64(index) != head.sum)
		return k;
	k.index = index.ptr;
	k.n = head.n;
	return k;
}

static bool
take_whole(const struct keyed *k, const struct entry *e, struct keyed_piece *found)
{
	if (e->offset > k->bytes.len || e->size > k->bytes.len - e->offset)
		return false;
	*found = (struct keyed_piece){ .key = e->key, .bytes = str_slice(k->bytes, e->offset, e->offset + e->size), .sum = e->sum };
	return hash64(found->bytes) == e->sum;
}

bool
keyed_find(const struct keyed *k, struct hash128 key, struct keyed_piece *found)
{
	uint64_t from = 0, to = k->n;

	while (from < to) {
		uint64_t middle = from + (to - from) / 2;
		struct entry e;
		int order;
		memcpy(&e, k->index + middle * sizeof e, sizeof e);
		order = hash128_compare(key, e.key);
		if (order == 0)
			return take_whole(k, &e, found);
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return false;
}

static int
by_key(const void *a, const void *b, void *context)
{
	(void)context;
	return hash128_compare(((const struct keyed_piece *)a)->key, ((const struct keyed_piece *)b)->key);
}

static size_t
sort_pieces(struct keyed_piece *pieces, size_t n)
{
	size_t kept = 0;

	vec_sort(pieces, n, sizeof *pieces, by_key, NULL);
	for (size_t i = 0; i < n; i++)
		if (!kept || !hash128_equal(pieces[kept - 1].key, pieces[i].key))
			pieces[kept++] = pieces[i];
	return kept;
}

size_t
keyed_parts(uint64_t magic, struct keyed_piece *pieces, size_t *n, uint64_t end, struct arena *out, str **parts)
{
	struct head head = { .magic = magic, .n = *n = sort_pieces(pieces, *n), .index = end ? end : sizeof head };
	struct entry *index = arena_array(out, struct entry, *n + 1);
	str *all = arena_array(out, str, *n + 2);
	size_t n_parts = 1;

	for (size_t i = 0; i < *n; i++) {
		const struct keyed_piece *p = &pieces[i];
		index[i] = (struct entry){ p->key, p->at ? p->at : head.index, p->bytes.len, p->sum };
		if (p->at)
			continue;
		head.index += p->bytes.len;
		all[n_parts++] = p->bytes;
	}
	all[n_parts] = (str){ (const char *)index, *n * sizeof *index };
	head.sum = hash64(all[n_parts]);
	all[0] = str_copy(out, (str){ (const char *)&head, sizeof head });
	*parts = all;
	return n_parts + 1;
}

bool
keyed_may_wait(const struct keyed *k, uint64_t n_used, uint64_t n_new, uint64_t few)
{
	return n_new <= MOST_WAITING && n_new <= few && n_used >= k->n - few;
}
