/* Is the live tree still what was published? Every name is asked for its stat, on all threads. */
#include "output/internal.h"

struct looking {
	os_dir tree;
	struct standing *s;
	bool files;                  /* too; else only folders */
	_Atomic size_t next;
	const struct standing_entry *_Atomic differing;
};

#define AT_ONCE ((size_t)64)

/* A file as young as its manifest may have been written to within the same tick of the clock: its bytes are asked. */
bool
standing_young(os_dir tree, const struct standing_entry *e, const struct os_stat *st, struct arena *tmp)
{
	str bytes;
	bool fine = st->kind == OS_FILE && st->inode == e->inode && st->mtime_ns == e->mtime_ns && st->size == e->size &&
	    os_read_at(tree, e->path, e->size, tmp, &bytes) == 0 && hash64(bytes) == e->hash;

	arena_reset(tmp);
	return fine;
}

/* A folder whose stat is another is no harm by itself: foreign_find looks into it. */
static bool
entry_stands(const struct looking *l, struct standing_entry *e, struct arena *tmp)
{
	struct os_stat st;

	if (!e->dir && !l->files)
		return true;
	if (os_stat_at(l->tree, e->path, &st) != 0)
		return false;
	if (standing_agrees(l->s, e, &st)) {
		e->agreed = true;
		return true;
	}
	return e->dir ? st.kind == OS_DIR : standing_young(l->tree, e, &st, tmp);
}

static void
look(void *context, unsigned worker)
{
	struct looking *l = context;
	struct arena tmp;
	size_t from;

	(void)worker;
	arena_init(&tmp, &os_pages);
	while (!(l->files && atomic_load_explicit(&l->differing, memory_order_relaxed)) &&
	    (from = atomic_fetch_add_explicit(&l->next, AT_ONCE, memory_order_relaxed)) < l->s->len)
		for (size_t i = from; i < from + AT_ONCE && i < l->s->len; i++)
			if (!entry_stands(l, &l->s->entries[i], &tmp))
				atomic_store_explicit(&l->differing, &l->s->entries[i], memory_order_relaxed);
	arena_free(&tmp);
}

void
folders_look(os_dir tree, struct standing *s, unsigned workers)
{
	struct looking l = { .tree = tree, .s = s };

	os_parallel(s->len < TREE_MANY ? 1 : workers, look, &l);
}

static bool
nothing_foreign(struct output *o, str *differing)
{
	struct foreign found;
	os_error e = foreign_find(o->live_dir, &o->live_before, &o->keep, o->out, &found);

	*differing = found.len ? found.names[0] : o->shown;
	return !e && !found.len;
}

/* A whole build would tidy up beside the tree, or say that it cannot. */
static bool
nothing_to_tidy(struct output *o)
{
	struct os_entry *entries;
	struct os_stat live, previous;
	str other = STR_NONE;
	size_t n;
	bool fine = os_list_at(o->state_dir, false, o->out, &entries, &n) == 0 && os_stat_at(o->live_dir, S("."), &live) == 0;

	if (os_stat(o->previous, &previous) == 0)
		other = manifest_name(previous.inode, o->out);
	for (size_t i = 0; fine && i < n; i++)
		fine = publish_knows_state(entries[i].name, manifest_name(live.inode, o->out), other);
	return fine;
}

bool
output_stands(struct output *o, uint64_t identity, const str *keep, uint32_t n_keep, str *differing)
{
	struct looking l = { .tree = o->live_dir, .s = &o->live_before, .files = true };
	struct diag unheard;

	diag_init(&unheard, o->out, NULL);
	o->o.keep = keep;
	o->o.n_keep = n_keep;
	*differing = o->shown;
	if (o->live_before.identity != identity || !nothing_to_tidy(o) || !output_read_keep(o, &unheard))
		return false;
	os_parallel(o->tree.n_workers, look, &l);
	if (l.differing)
		*differing = l.differing->path;
	return !l.differing && nothing_foreign(o, differing);
}
