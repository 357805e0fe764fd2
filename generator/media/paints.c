/* Painted pictures, kept from build to build in one file (.vitrine/apercus.pack): a picture is a pure function of its drawing, of the painter
 * and of libpng. Three numbers for each (key, checksum, size), then the bytes; what does not agree is not there. */
#include <errno.h>
#include <stdatomic.h>

#include <png.h>

#include "base/hash.h"
#include "media/media.h"
#include "os/os.h"

#define MAX_PACK ((size_t)64 << 20)
#define HEAD "vitrine apercus 1\n"

struct entry { uint64_t key, sum, size; };
struct kept { struct entry entry; const char *bytes; struct kept *next; };

struct paints {
	struct arena *out;
	uint64_t seed;
	struct kept *old;            /* as read */
	uint32_t n_old;
	_Atomic uint32_t n_used;     /* of the old ones, found again */
	struct worker { struct arena arena; struct kept *all; } *workers;
	unsigned n_workers;
};

/* The entries of the file, as far as they lie within it. */
static void
read_entries(struct paints *p, str bytes)
{
	size_t at = sizeof HEAD - 1, data;
	uint32_t n;

	if (!str_starts(bytes, S(HEAD)) || bytes.len < at + sizeof n)
		return;
	memcpy(&n, bytes.ptr + at, sizeof n);
	at += sizeof n;
	if (n > (bytes.len - at) / sizeof(struct entry))
		return;
	data = at + n * sizeof(struct entry);
	for (uint32_t i = 0; i < n; i++, at += sizeof(struct entry)) {
		struct kept *k = arena_new(p->out, struct kept);
		memcpy(&k->entry, bytes.ptr + at, sizeof k->entry);
		if (k->entry.size > bytes.len - data)
			return;
		k->bytes = bytes.ptr + data;
		data += k->entry.size;
		k->next = p->old;
		p->old = k;
		p->n_old++;
	}
}

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
		read_entries(p, bytes);
	return p;
}

uint64_t
paints_key(const struct paints *p, str svg)
{
	return hash_mix(p->seed, hash64(svg));
}

static void
keep(struct paints *p, unsigned worker, uint64_t key, str png)
{
	struct worker *w = &p->workers[worker];
	struct kept *k = arena_new(&w->arena, struct kept);

	*k = (struct kept){ { key, hash64(png), png.len }, str_copy(&w->arena, png).ptr, w->all };
	w->all = k;
}

str
paints_find(struct paints *p, unsigned worker, uint64_t key)
{
	for (const struct kept *k = p->old; k; k = k->next) {
		str png = { k->bytes, k->entry.size };
		if (k->entry.key != key || hash64(png) != k->entry.sum)
			continue;
		atomic_fetch_add(&p->n_used, 1);
		keep(p, worker, key, png);
		return png;
	}
	return STR_NONE;
}

void
paints_keep(struct paints *p, unsigned worker, uint64_t key, str png)
{
	keep(p, worker, key, png);
}

static int
by_key(const void *a, const void *b, void *context)
{
	const struct kept *x = *(struct kept *const *)a, *y = *(struct kept *const *)b;

	(void)context;
	return (x->entry.key > y->entry.key) - (x->entry.key < y->entry.key);
}

static void
collect(const struct paints *p, struct arena *tmp, struct kept ***all, uint32_t *n)
{
	VEC(struct kept *) list = { 0 };

	for (unsigned i = 0; i < p->n_workers; i++)
		for (struct kept *k = p->workers[i].all; k; k = k->next)
			*vec_push(tmp, &list) = k;
	vec_sort(list.ptr, list.len, sizeof *list.ptr, by_key, NULL);
	*all = list.ptr;
	*n = (uint32_t)list.len;
}

void
paints_save(struct paints *p, str path, struct diag *diag)
{
	struct arena tmp;
	struct kept **all;
	uint32_t n;
	str *parts;
	os_error e;

	arena_init(&tmp, p->out->source);
	collect(p, &tmp, &all, &n);
	if (n != p->n_old || n != atomic_load(&p->n_used)) {
		parts = arena_array(&tmp, str, 2 * (size_t)n + 2);
		parts[0] = S(HEAD);
		parts[1] = (str){ (const char *)&n, sizeof n };
		for (uint32_t i = 0; i < n; i++) {
			parts[2 + i] = (str){ (const char *)&all[i]->entry, sizeof all[i]->entry };
			parts[2 + n + i] = (str){ all[i]->bytes, all[i]->entry.size };
		}
		e = os_replace_parts(path, parts, 2 * (size_t)n + 2);
		if (e && e != ENOENT)
			diag_add(diag, PACK_UNWRITABLE, SPAN_NONE, path, os_error_text(e, &tmp));
	}
	arena_free(&tmp);
}

void
paints_close(struct paints *p)
{
	for (unsigned i = 0; p && i < p->n_workers; i++)
		arena_free(&p->workers[i].arena);
}
