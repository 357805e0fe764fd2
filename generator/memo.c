/* What vitrine serve keeps from load to load. The stages are those of a build; what they would find again is taken from the last time. */
#include "build.h"

#include "model/stock.h"

static struct memo *
memo_new(const struct build *b)
{
	struct arena arena;
	struct memo *m;

	arena_init(&arena, b->arena->source);
	m = arena_new(&arena, struct memo);
	m->arena = arena;
	atomic_init(&m->users, 1);
	m->stock = stock_new(b->workers, &m->arena);
	m->keys.out = &m->arena;
	return m;
}

void
memo_drop(struct memo *m)
{
	struct arena arena;

	if (!m || atomic_fetch_sub(&m->users, 1) > 1)
		return;
	pack_close(m->pack);
	stock_free(m->stock);
	arena = m->arena;            /* which holds m itself */
	arena_free(&arena);
}

/* The memo of the last load serves this one when its items were read by the same types. */
static bool
take(struct build *b, uint64_t types)
{
	struct memo *m = b->place->memo;

	if (!m || m->types != types || stock_worn(m->stock))
		return false;
	atomic_fetch_add(&m->users, 1);
	b->memo = m;
	b->model = m->model;
	return true;
}

static void
keep(struct build *b)
{
	memo_drop(b->place->memo);
	b->place->memo = b->memo;
	atomic_fetch_add(&b->memo->users, 1);
}

/* Types with something to say about them are read each time, so that it is said each time. */
bool
memo_load_types(struct build *b)
{
	size_t said = b->diag->entries.len;
	uint64_t types = 0;
	bool known = model_types_hash(&b->source, b->settings.languages, b->settings.n_languages, &b->house, &types);

	if (known && take(b, types))
		return true;
	b->memo = memo_new(b);
	b->memo->types = types;
	if (!model_load_types(&b->memo->model, &b->source, &b->memo->arena, b->diag))
		return false;
	b->model = b->memo->model;
	if (known && b->diag->entries.len == said)
		keep(b);
	return true;
}

bool
memo_load_content(struct build *b)
{
	struct memo *m = b->memo;

	if (!m->pack) {
		build_open_pack(b);
		m->pack = b->pack;
	}
	b->pack = m->pack;
	b->site_options.keys = &m->keys;
	b->content = model_load_content(&b->model, &b->source, b->settings.languages, b->settings.n_languages, b->options->drafts,
	    b->pack, m->stock, b->worker_arenas, b->workers, &b->house, b->diag);
	return true;
}

struct script_kept *
memo_take_code(struct build *b)
{
	struct memo_place *place = b->place;

	if (place->code && script_kept_worn(place->code)) {
		script_kept_drop(place->code);
		place->code = NULL;
	}
	if (!place->code)
		place->code = script_kept_new();
	script_kept_take(place->code);
	return b->code = place->code;
}
