/* Compressed files of indexes, kept from build to build in one file (.vitrine/recherche.pack): they are a function of their bytes, of the level
 * and of the program with its libraries. A head, an index sorted by key, then the bytes; what does not agree is not there. */
#include "search/kept.h"

#include <errno.h>

#include "os/os.h"

#define MAX_FILE ((size_t)1 << 32)
#define MAGIC UINT64_C(0x314b434150534456)      /* "VDSPACK1" where the lowest byte comes first */
#define MOST_WAITING 32          /* new files */

struct head { uint64_t magic, sum, n; };         /* sum: of the index */
struct entry { struct hash128 key; uint64_t offset, size, sum; };
struct used { struct entry entry; const char *bytes; };

struct search_kept {
	struct arena *out;
	str mapped;
	const char *index;
	uint64_t n;
	uint64_t seed;
	VEC(struct used) used;
	uint64_t n_new;              /* of them */
};

static void
read_index(struct search_kept *k)
{
	struct head head;
	str index;

	if (k->mapped.len < sizeof head)
		return;
	memcpy(&head, k->mapped.ptr, sizeof head);
	if (head.magic != MAGIC || head.n > (k->mapped.len - sizeof head) / sizeof(struct entry))
		return;
	index = str_slice(k->mapped, sizeof head, sizeof head + head.n * sizeof(struct entry));
	if (hash64(index) != head.sum)
		return;
	k->index = index.ptr;
	k->n = head.n;
}

struct search_kept *
search_kept_open(str path, struct arena *out)
{
	struct search_kept *k = arena_new(out, struct search_kept);

	k->out = out;
	k->seed = os_program_identity();         /* with the library that compresses, which may be shared */
	os_map_file(path, MAX_FILE, &k->mapped);         /* STR_NONE when it cannot be read */
	read_index(k);
	return k;
}

void
search_kept_close(struct search_kept *k)
{
	if (!k)
		return;
	os_unmap(k->mapped);
	k->mapped = STR_NONE;
}

static int
compare_keys(struct hash128 a, struct hash128 b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return a.low == b.low ? 0 : a.low < b.low ? -1 : 1;
}

/* The bytes of an entry; STR_NONE when they are not those that were written. */
static str
checked(const struct search_kept *k, const struct entry *e)
{
	str bytes;

	if (e->offset > k->mapped.len || e->size > k->mapped.len - e->offset)
		return STR_NONE;
	bytes = str_slice(k->mapped, e->offset, e->offset + e->size);
	return hash64(bytes) == e->sum ? bytes : STR_NONE;
}

static str
find(const struct search_kept *k, struct hash128 key)
{
	uint64_t from = 0, to = k->n;

	while (from < to) {
		uint64_t middle = from + (to - from) / 2;
		struct entry e;
		int order;
		memcpy(&e, k->index + middle * sizeof e, sizeof e);
		order = compare_keys(key, e.key);
		if (order == 0)
			return checked(k, &e);
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return STR_NONE;
}

struct packed
kept_find(const struct search_kept *k, str raw, unsigned level)
{
	struct packed p = { STR_NONE, { 0, 0 }, false };

	if (!k)
		return p;
	p.key = hash128(raw);
	p.key.high = hash_mix(p.key.high, hash_mix(k->seed, level));
	p.bytes = find(k, p.key);
	p.found = p.bytes.ptr != NULL;
	return p;
}

void
kept_note(struct search_kept *k, const struct packed *p, str bytes, uint64_t sum)
{
	if (!k)
		return;
	*vec_push(k->out, &k->used) = (struct used){ { p->key, 0, bytes.len, sum }, bytes.ptr };
	k->n_new += !p->found;
}

static int
by_key(const void *a, const void *b, void *context)
{
	(void)context;
	return compare_keys(((const struct used *)a)->entry.key, ((const struct used *)b)->entry.key);
}

/* Nearly all of a large file would be written as it was: a few are compressed again by the next builds, until they are enough. */
static bool
may_wait(const struct search_kept *k)
{
	uint64_t few = k->n / 20;

	return k->n_new <= MOST_WAITING && k->n_new <= few && k->used.len >= k->n - few;
}

static os_error
write_all(const struct search_kept *k, str path, struct arena *tmp)
{
	size_t n = k->used.len;
	struct entry *index = arena_array(tmp, struct entry, n + 1);
	str *parts = arena_array(tmp, str, n + 2);
	struct head head = { .magic = MAGIC, .n = n };
	uint64_t offset = sizeof head + n * sizeof *index;

	for (size_t i = 0; i < n; i++) {
		const struct used *u = &k->used.ptr[i];
		index[i] = u->entry;
		index[i].offset = offset;
		offset += u->entry.size;
		parts[i + 2] = (str){ u->bytes, u->entry.size };
	}
	parts[1] = (str){ (const char *)index, n * sizeof *index };
	head.sum = hash64(parts[1]);
	parts[0] = (str){ (const char *)&head, sizeof head };
	return os_replace_parts(path, parts, n + 2);
}

void
search_kept_save(struct search_kept *k, str path, struct diag *diag)
{
	struct arena tmp;
	os_error e;

	if (!k || may_wait(k))
		return;
	vec_sort(k->used.ptr, k->used.len, sizeof *k->used.ptr, by_key, NULL);
	arena_init(&tmp, k->out->source);
	e = write_all(k, path, &tmp);
	if (e && e != ENOENT)            /* no folder yet: nothing was kept before either */
		diag_add(diag, PACK_UNWRITABLE, SPAN_NONE, path, os_error_text(e, &tmp));
	arena_free(&tmp);
}
