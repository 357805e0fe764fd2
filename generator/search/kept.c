/* Compressed files of indexes, kept from build to build in one file (.vitrine/recherche.pack): they are a function of their bytes, of the level
 * and of the program with its libraries. */
#include "search/kept.h"

#include <errno.h>

#include "base/keyed.h"
#include "os/os.h"

#define MAX_FILE ((size_t)1 << 32)
#define MAGIC UINT64_C(0x314b434150534456)      /* "VDSPACK1" where the lowest byte comes first */

struct search_kept {
	struct arena *out;
	struct keyed old;            /* as read */
	uint64_t seed;
	VEC(struct keyed_piece) used;
	uint64_t n_new;              /* of them */
};

struct search_kept *
search_kept_open(str path, struct arena *out)
{
	struct search_kept *k = arena_new(out, struct search_kept);
	str bytes;

	k->out = out;
	k->seed = os_program_identity();         /* with the library that compresses, which may be shared */
	os_map_file(path, MAX_FILE, &bytes);     /* STR_NONE when it cannot be read */
	k->old = keyed_open(MAGIC, bytes);
	return k;
}

void
search_kept_close(struct search_kept *k)
{
	if (!k)
		return;
	os_unmap(k->old.bytes);
	k->old = keyed_open(MAGIC, STR_NONE);
}

struct packed
kept_find(const struct search_kept *k, str raw, unsigned level)
{
	struct packed p = { STR_NONE, { 0, 0 }, false };
	struct keyed_piece piece;

	if (!k)
		return p;
	p.key = hash128(raw);
	p.key.high = hash_mix(p.key.high, hash_mix(k->seed, level));
	p.found = keyed_find(&k->old, p.key, &piece);
	if (p.found)
		p.bytes = piece.bytes;
	return p;
}

void
kept_note(struct search_kept *k, const struct packed *p, str bytes, uint64_t sum)
{
	if (!k)
		return;
	*vec_push(k->out, &k->used) = (struct keyed_piece){ .key = p->key, .bytes = bytes, .sum = sum };
	k->n_new += !p->found;
}

void
search_kept_save(struct search_kept *k, str path, struct diag *diag)
{
	struct arena tmp;
	size_t n, n_parts;
	str *parts;
	os_error e;

	if (!k || keyed_may_wait(&k->old, k->used.len, k->n_new, k->old.n / 20))
		return;
	arena_init(&tmp, k->out->source);
	n = k->used.len;
	n_parts = keyed_parts(MAGIC, k->used.ptr, &n, 0, &tmp, &parts);
	e = os_replace_parts(path, parts, n_parts);
	if (e && e != ENOENT)            /* no folder yet: nothing was kept before either */
		diag_add(diag, PACK_UNWRITABLE, SPAN_NONE, path, os_error_text(e, &tmp));
	arena_free(&tmp);
}
