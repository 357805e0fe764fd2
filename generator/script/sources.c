/* What a page reads of that which may change while all else stays: texts of items, and assets that the build makes. A page that read none of
 * what has changed since the last build is taken over from it (sparing.c). */
#include "base/hash.h"
#include "script/state.h"

#define MOST 200                 /* of a page, or of a result of une_fois(): who has read more has read all */
#define ASSET UINT32_C(0x80000000)       /* no item has so high a number */

uint32_t
script_source_of_asset(str name)
{
	return ASSET | (uint32_t)hash64(name);
}

bool
script_read_early(const struct script *s, uint32_t source)
{
	uint32_t n = s->o.site->n_items;

	return atomic_load_explicit(&s->early[source < n ? source : n], memory_order_relaxed);
}

void
sources_add(struct arena *out, struct source_ids *list, uint32_t source)
{
	if (list->len && (list->ptr[0] == SCRIPT_ALL || list->ptr[list->len - 1] == source))
		return;
	if (list->len == MOST) {
		list->len = 1;
		list->ptr[0] = SCRIPT_ALL;
	} else
		*vec_push(out, list) = source;
}

static bool
noted_by_page(struct script_state *w, uint32_t source)
{
	if (source >= w->site->n_items) {
		for (size_t i = 0; i < w->sources.len; i++)
			if (w->sources.ptr[i] == source)
				return true;
		return false;
	}
	if (!w->seen)
		w->seen = arena_array(w->out, uint32_t, w->site->n_items);
	if (w->seen[source] == w->turn)
		return true;
	w->seen[source] = w->turn;
	return false;
}

void
note_source(struct script_state *w, uint32_t source)
{
	uint32_t n = w->site->n_items;

	w->n_noted++;
	if (once_note_source(w, source))
		return;
	if (!w->page)
		atomic_store_explicit(&w->shared->early[source < n ? source : n], true, memory_order_relaxed);
	else if (!noted_by_page(w, source))
		sources_add(w->out, &w->sources, source);
}

/* Translations count as the item they translate; what is no item of the site's own (what stands for a draft, the first of a series) as all. */
const struct rich *
item_body(struct script_state *w, const struct item *item)
{
	const struct item *of = item->original ? item->original : item;

	asked_note_text(w);
	if (item != w->site->config)
		note_source(w, of->id < w->site->n_items && w->site->items[of->id] == of ? of->id : SCRIPT_ALL);
	return site_body(w->site, item, w->language);
}

/* The files of the index of the search are named by its first one alone; who names another by its address reads all. */
void
note_asset(struct script_state *w, const struct asset *a)
{
	const struct assets *all = w->shared->o.assets;

	if (!a->source.path.ptr && !all->find_more)      /* vitrine serve asks nobody what it read */
		note_source(w, map_get(&all->by_name, a->name) == a ? script_source_of_asset(a->name) : SCRIPT_ALL);
}

/* Without a page nothing is generated yet. */
void
note_missing_asset(struct script_state *w, str name)
{
	if (w->page)
		note_source(w, script_source_of_asset(name));
}
