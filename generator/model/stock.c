/* Items kept from load to load: those whose file has not changed are not read again. */
#include "model/stock.h"

#include "os/os.h"

/* As git's: a file written as late as it was read may have been written once more in the same tick. */
#define TICK_NS INT64_C(50000000)
#define WORN_SHARE 20            /* of what the first load read … */
#define WORN_MORE ((size_t)1 << 20)

struct kept {
	struct os_stat stat;
	const struct item *item;
	const struct type *type;
	str slug;
	bool young;
	struct diag said;            /* of the file alone: its own places */
};

struct stock *
stock_new(unsigned workers, struct arena *out)
{
	struct stock *s = arena_new(out, struct stock);

	*s = (struct stock){ .out = out, .arenas = arena_array(out, struct arena, workers), .workers = workers };
	for (unsigned i = 0; i < workers; i++)
		arena_init(&s->arenas[i], out->source);
	return s;
}

void
stock_free(struct stock *s)
{
	for (unsigned i = 0; i < s->workers; i++)
		arena_free(&s->arenas[i]);
}

static size_t
used(const struct stock *s)
{
	size_t sum = 0;

	for (unsigned i = 0; i < s->workers; i++)
		sum += s->arenas[i].used;
	return sum;
}

void
stock_end_load(struct stock *s)
{
	if (!s->first)
		s->first = used(s);
}

bool
stock_worn(const struct stock *s)
{
	return s->first && used(s) > s->first + s->first / WORN_SHARE + WORN_MORE;
}

bool
stock_look(const struct content_file *f, struct stock_mark *mark)
{
	mark->now = os_file_clock();
	return os_stat(f->source.path, &mark->stat) == 0 && mark->stat.kind == OS_FILE;
}

static bool
same_file(const struct os_stat *a, const struct os_stat *b)
{
	return a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns && a->inode == b->inode && a->device == b->device;
}

/* Files have other numbers in each load. */
static void
say_again(const struct kept *k, file_id file, struct diag *diag)
{
	for (size_t i = 0; i < k->said.entries.len; i++) {
		const struct diag_entry *e = &k->said.entries.ptr[i];
		struct span at = e->at.file ? (struct span){ file, e->at.start, e->at.end } : e->at;
		diag_emit(diag, e->code, at, e->args, e->n_args);
	}
}

const struct item *
stock_find(const struct stock *s, const struct content_file *f, const struct stock_mark *mark, struct diag *diag)
{
	const struct kept *k = map_get(&s->by_name, f->source.shown);

	if (!k || k->young || !same_file(&k->stat, &mark->stat) || k->type != f->type || k->item->language != f->language || !str_equal(k->slug, f->slug))
		return NULL;
	say_again(k, f->source.file, diag);
	return k->item;
}

const struct item *
stock_item(const struct stock *s, str shown)
{
	const struct kept *k = map_get(&s->by_name, shown);

	return k ? k->item : NULL;
}

void
stock_put(struct stock *s, const struct content_file *f, const struct stock_mark *mark, const struct item *item, const struct diag *said)
{
	void **place = map_put(s->out, &s->by_name, f->source.shown);
	struct kept *k = *place;

	if (!k) {
		k = *place = arena_new(s->out, struct kept);
		/* the name is the load's: this one stays */
		s->by_name.entries[s->by_name.len - 1].key = str_copy(s->out, f->source.shown);
	}
	*k = (struct kept){ mark->stat, item, f->type, item->slug, mark->stat.ctime_ns > mark->now - TICK_NS, { 0 } };
	diag_init(&k->said, &s->arenas[0], NULL);
	diag_merge(&k->said, said);
}
