#include "search/synonyms.h"

#include "search/search.h"

/* The words of an expression, without the empty ones. */
static void
read_member(struct words *w, str text, uint32_t set, struct synonym *m)
{
	struct arena *out = w->out;
	VEC(str) lower = { 0 }, stems = { 0 };
	size_t n;
	const uint32_t *run = words_read(w, text, &n);

	for (size_t i = 0; i < n; i++) {
		if (w->list.ptr[run[i]].empty)
			continue;
		*vec_push(out, &lower) = w->list.ptr[run[i]].lower;
		*vec_push(out, &stems) = w->list.ptr[run[i]].stem;
	}
	*m = (struct synonym){ .lower = lower.ptr, .stems = stems.ptr, .n = (uint32_t)lower.len, .set = set };
}

static void
add_end(struct synonyms *y, const struct synonym *m, struct arena *out)
{
	struct synonym_end *end = arena_new(out, struct synonym_end);

	*end = (struct synonym_end){ m, map_get(&y->ends, m->stems[m->n - 1]) };
	map_set(out, &y->ends, m->stems[m->n - 1], end);
}

static void
read_set(struct synonyms *y, struct words *w, const struct item *item, const struct val *list, struct diag *diag)
{
	struct synonym *members = arena_array(w->out, struct synonym, list->as.list->len);
	uint32_t n = 0, set = (uint32_t)y->sets.len;

	for (uint32_t i = 0; i < list->as.list->len; i++) {
		const struct val *v = &list->as.list->items[i];
		read_member(w, v->as.text, set, &members[n]);
		if (members[n].n)
			n++;
		else if (diag)
			diag_add(diag, SEARCH_SYNONYM, ((struct span){ item->file, v->start, v->end }), v->as.text);
	}
	*vec_push(w->out, &y->sets) = (struct synonym_set){ members, n };
	for (uint32_t i = 0; i < n; i++)
		add_end(y, &members[i], w->out);
}

void
synonyms_read(struct synonyms *y, const struct site *s, uint8_t language, struct arena *out, struct diag *diag)
{
	const struct item *item = site_item(s, S("synonymes"), S("synonymes"));
	const struct val *sets = item ? model_val(&item->object, S("synonymes")) : NULL;
	struct words w;

	*y = (struct synonyms){ 0 };
	if (!sets || sets->kind != VAL_LIST)
		return;
	words_open(&w, s->languages[language], NULL, out);
	for (uint32_t i = 0; i < sets->as.list->len; i++) {
		const struct val *set = model_val(sets->as.list->items[i].as.object, S("mots"));
		if (set && set->kind == VAL_LIST)
			read_set(y, &w, item, set, diag);
	}
	words_close(&w);
}

const struct synonym_end *
synonyms_ending(const struct synonyms *y, str stem)
{
	return map_get(&y->ends, stem);
}

bool
search_check_synonyms(const struct site *s, struct diag *diag)
{
	uint32_t errors = diag->n_errors;
	struct synonyms y;
	struct arena tmp;

	arena_init(&tmp, s->out->source);
	synonyms_read(&y, s, 0, &tmp, diag);
	arena_free(&tmp);
	return diag->n_errors == errors;
}
