/* What a state asked for while it worked: modules, strings, assets, fields of items. Where none of that has changed, it would do the same again.
 * For vitrine serve, which keeps the plan of the pages and the resources of wave 1 so. */
#include "script/state.h"

struct script_asked {
	struct arena *out;
	uint32_t n;                  /* modules */
	bool *modules;               /* [n + 1][n]: asked for by a module while it was loaded; the last row: at any other time */
	struct map strings[MODEL_MAX_LANGUAGES];
	struct map assets;           /* by name */
	bool **fields;               /* [type->index][field->index]; NULL: none of the type */
	bool addresses;              /* of assets, too: which ones is not looked at */
	bool texts;
};

struct script_asked *
asked_new(const struct script *s, struct arena *out)
{
	struct script_asked *a = arena_new(out, struct script_asked);

	a->out = out;
	a->n = (uint32_t)s->modules.len;
	a->modules = arena_array(out, bool, ((size_t)a->n + 1) * a->n + 1);
	a->fields = arena_array(out, bool *, s->o.site->model->n_types);
	return a;
}

void
asked_note_module(struct script_state *w, size_t at)
{
	struct script_asked *a = w->asked;

	if (a)
		a->modules[(size_t)(w->loading ? w->loading - 1 : a->n) * a->n + at] = true;
}

void
asked_note_string(struct script_state *w, str key)
{
	struct script_asked *a = w->asked;

	if (a && !map_find(&a->strings[w->language], key, NULL))
		map_set(a->out, &a->strings[w->language], str_copy(a->out, key), a);
}

void
asked_note_asset(struct script_state *w, str name)
{
	struct script_asked *a = w->asked;

	if (a && !map_find(&a->assets, name, NULL))
		map_set(a->out, &a->assets, str_copy(a->out, name), a);
}

void
asked_note_address(struct script_state *w, str path)
{
	if (w->asked && str_starts(path, S("/assets/")))
		w->asked->addresses = true;
}

void
asked_note_text(struct script_state *w)
{
	if (w->asked)
		w->asked->texts = true;
}

void
asked_note_field(struct script_state *w, const struct type *t, const struct field *f)
{
	struct script_asked *a = w->asked;

	if (!a->fields[t->index])
		a->fields[t->index] = arena_array(a->out, bool, t->shape.n_fields);
	a->fields[t->index][f->index] = true;
}

/* Follows what modules ask for from the row on. */
static bool
reaches(const struct script_asked *a, uint32_t row, uint32_t module, bool *seen)
{
	for (uint32_t i = 0; i < a->n; i++) {
		if (!a->modules[(size_t)row * a->n + i] || seen[i])
			continue;
		seen[i] = true;
		if (i == module || reaches(a, i, module, seen))
			return true;
	}
	return false;
}

bool
script_asked_module(const struct script_asked *a, const struct script *s, str path, struct arena *tmp)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (str_equal(s->modules.ptr[i].source.path, path))
			return reaches(a, a->n, i, arena_array(tmp, bool, a->n));
	return true;
}

static bool
same_string(const struct map *x, const struct map *y, str key)
{
	const str *a = map_get(x, key), *b = map_get(y, key);

	return a && b ? str_equal(*a, *b) : a == b;
}

static bool
same_labels(const struct map *x, const struct map *y)
{
	for (uint32_t i = 0; i < x->len; i++)
		if (!same_string(x, y, x->entries[i].key))
			return false;
	return x->len == y->len;
}

/* Labels are many, and seldom written: any of them counts, as do the two words for a truth value. */
bool
script_asked_same_strings(const struct script_asked *a, const struct site *before, const struct site *now)
{
	for (uint32_t l = 0; l < before->n_languages; l++) {
		const struct site_strings *x = &before->strings[l], *y = &now->strings[l];
		if (!same_labels(&x->labels, &y->labels) || !same_string(&x->of, &y->of, S("oui")) || !same_string(&x->of, &y->of, S("non")))
			return false;
		for (uint32_t i = 0; i < a->strings[l].len; i++)
			if (!same_string(&x->of, &y->of, a->strings[l].entries[i].key))
				return false;
	}
	return true;
}

/* A stylesheet has another fingerprint when what it names has. */
bool
script_asked_asset(const struct script_asked *a, str name)
{
	for (uint32_t i = 0; i < a->assets.len; i++)
		if (str_equal(a->assets.entries[i].key, name) || str_ends(a->assets.entries[i].key, S(".css")))
			return true;
	return a->addresses;
}

bool
script_asked_texts(const struct script_asked *a)
{
	return a->texts;
}

bool
script_asked_field(const struct script_asked *a, const struct type *t, const struct field *f)
{
	return a->fields[t->index] && a->fields[t->index][f->index];
}

const struct script_asked *
script_asked_by_routes(const struct script *s)
{
	return s->asked;
}
