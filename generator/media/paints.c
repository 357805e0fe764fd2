/* Painted pictures, kept from build to build in one file (.vitrine/apercus.pack): a picture is a pure function of its drawing, of the painter
 * and of libpng. */
#include <errno.h>

#include <png.h>

#include "base/keyed.h"
#include "media/media.h"
#include "os/os.h"

#define MAX_PACK ((size_t)64 << 20)
#define MAGIC UINT64_C(0x314b434150504456)      /* "VDPPACK1" where the lowest byte comes first */

struct paints {
	struct arena *out;
	uint64_t seed;
	struct keyed old;            /* as read */
	struct worker { struct arena arena; VEC(struct keyed_piece) used; size_t n_new; } *workers;
	unsigned n_workers;
};

struct paints *
paints_open(str path, str program, unsigned workers, struct arena *out)
{
	struct paints *p = arena_new(out, struct paints);
	str bytes;

	p->out = out;
	p->seed = hash64(str_cat(out, program, S("\nlibpng " PNG_LIBPNG_VER_STRING "\n" PAINT_SOURCES)));
	p->workers = arena_array(out, struct worker, workers);
	p->n_workers = workers;
	for (unsigned i = 0; i < workers; i++)
		arena_init(&p->workers[i].arena, out->source);
	if (os_read(path, MAX_PACK, true, out, &bytes) == 0)
		p->old = keyed_open(MAGIC, bytes);
	return p;
}

struct hash128
paints_key(const struct paints *p, str svg)
{
	struct hash128 key = hash128(svg);

	key.high = hash_mix(p->seed, key.high);
	return key;
}

str
paints_find(struct paints *p, unsigned worker, struct hash128 key)
{
	struct worker *w = &p->workers[worker];
	struct keyed_piece piece;

	if (!keyed_find(&p->old, key, &piece))
		return STR_NONE;
	*vec_push(&w->arena, &w->used) = piece;
	return piece.bytes;
}

void
paints_keep(struct paints *p, unsigned worker, struct hash128 key, str png)
{
	struct worker *w = &p->workers[worker];

	*vec_push(&w->arena, &w->used) = (struct keyed_piece){ .key = key, .bytes = str_copy(&w->arena, png), .sum = hash64(png) };
	w->n_new++;
}

/* All that was used; how many of them are new. */
static size_t
gather(const struct paints *p, struct arena *tmp, struct keyed_piece **all, size_t *n)
{
	VEC(struct keyed_piece) list = { 0 };
	size_t n_new = 0;

	for (unsigned i = 0; i < p->n_workers; i++) {
		for (size_t k = 0; k < p->workers[i].used.len; k++)
			*vec_push(tmp, &list) = p->workers[i].used.ptr[k];
		n_new += p->workers[i].n_new;
	}
	*all = list.ptr;
	*n = list.len;
	return n_new;
}

void
paints_save(struct paints *p, str path, struct diag *diag)
{
	struct arena tmp;
	struct keyed_piece *all;
	size_t n, n_new, n_parts;
	str *parts;
	os_error e = 0;

	arena_init(&tmp, p->out->source);
	n_new = gather(p, &tmp, &all, &n);
	n_parts = keyed_parts(MAGIC, all, &n, 0, &tmp, &parts);
	if (n_new || n != p->old.n)
		e = os_replace_parts(path, parts, n_parts);
	if (e && e != ENOENT)
		diag_add(diag, PACK_UNWRITABLE, SPAN_NONE, path, os_error_text(e, &tmp));
	arena_free(&tmp);
}

void
paints_close(struct paints *p)
{
	for (unsigned i = 0; p && i < p->n_workers; i++)
		arena_free(&p->workers[i].arena);
}
