/* Field accesses whose type is known before anything is drawn: `page` in layouts/<type>.html, collections of `site`, loops over them. */
#include "base/suggest.h"
#include "script/state.h"

enum place_kind { PLACE_UNKNOWN, PLACE_ITEM, PLACE_OBJECT, PLACE_LIST, PLACE_SITE };
struct place {
	enum place_kind kind;
	bool list;                   /* a list of these */
	const struct type *type;     /* PLACE_ITEM */
	const struct shape *shape;   /* PLACE_OBJECT */
};
static const struct place unknown = { PLACE_UNKNOWN, false, NULL, NULL };

static struct place
place_of_field(const struct field *f, bool list)
{
	if (f->kind == FIELD_LIST)
		return place_of_field(f->element, true);
	if (f->kind == FIELD_REF && f->n_targets == 1)
		return (struct place){ PLACE_ITEM, list, f->targets[0], NULL };
	if (f->kind == FIELD_OBJECT)
		return (struct place){ PLACE_OBJECT, list, NULL, f->shape };
	return unknown;
}

static const struct type *
type_of_reverse(const struct script *s, str name)
{
	const struct model *m = s->o.site->model;
	const struct type *found = NULL;

	for (uint32_t i = 0; i < m->n_types; i++)
		if (str_equal(m->types[i]->reverse, name)) {
			if (found)
				return NULL;     /* two types share the name */
			found = m->types[i];
		}
	return found;
}

struct checking { const struct script *s; struct diag *diag; struct arena *tmp; };

static struct place
step_item(struct checking *c, const struct type *t, str name, struct span at, bool *bad)
{
	const struct field *f = model_field(&t->shape, name);
	const struct type *reverse;
	str known[64];
	uint32_t n = t->shape.n_fields < 64 ? t->shape.n_fields : 64;

	if (f)
		return place_of_field(f, false);
	if (item_has_name(c->s, t, name)) {
		reverse = type_of_reverse(c->s, name);
		return reverse ? (struct place){ PLACE_ITEM, true, reverse, NULL } : unknown;
	}
	for (uint32_t i = 0; i < n; i++)
		known[i] = t->shape.fields[i].name;
	diag_add(c->diag, SCRIPT_UNKNOWN_FIELD, at, S(""), name, t->name, suggest_field(c->s, &t->shape, t, name, c->tmp),
	    str_join(c->tmp, known, n, S(", ")));
	*bad = true;
	return unknown;
}

static struct place
step_object(struct checking *c, const struct shape *shape, str name, struct span at, bool *bad)
{
	const struct field *f = model_field(shape, name);
	str known[64];
	uint32_t n = shape->n_fields < 64 ? shape->n_fields : 64;

	if (f)
		return place_of_field(f, false);
	if (shape->life && (str_equal(name, S("etat")) || str_equal(name, S("etat_libelle"))))
		return unknown;
	for (uint32_t i = 0; i < n; i++)
		known[i] = shape->fields[i].name;
	diag_add(c->diag, SCRIPT_UNKNOWN_FIELD, at, S(""), name, shape->name, suggest_field(c->s, shape, NULL, name, c->tmp),
	    str_join(c->tmp, known, n, S(", ")));
	*bad = true;
	return unknown;
}

static struct place
step_site(struct checking *c, str name, struct span at, bool *bad)
{
	const struct site *site = c->s->o.site;
	const struct field *f;

	for (uint32_t i = 0; i < site->n_collections; i++)
		if (site->collections[i].type->collection.len && str_equal(site->collections[i].type->collection, name))
			return (struct place){ PLACE_ITEM, true, site->collections[i].type, NULL };
	f = model_field(&site->config->type->shape, name);
	if (f)
		return place_of_field(f, false);
	if (!site_has_name(site, name)) {
		diag_add(c->diag, SCRIPT_NO_MEMBER, at, S(""), S("site"), name, suggest_site_name(site, name, c->tmp));
		*bad = true;
	}
	return unknown;
}

static struct place
step(struct checking *c, struct place from, str name, struct span at, bool *bad)
{
	if (str_equal(name, S("[]"))) {
		if (!from.list)
			return unknown;
		from.list = false;
		return from;
	}
	if (from.list)
		return unknown;          /* l.name: a method, or a mistake that shows when it runs */
	switch (from.kind) {
	case PLACE_ITEM: return step_item(c, from.type, name, at, bad);
	case PLACE_OBJECT: return step_object(c, from.shape, name, at, bad);
	case PLACE_SITE: return step_site(c, name, at, bad);
	default: return unknown;
	}
}

static struct place
start(const struct script *s, const struct script_layout *l, str name)
{
	const struct type *t;

	if (str_equal(name, S("site")))
		return (struct place){ PLACE_SITE, false, NULL, NULL };
	if (!str_equal(name, S("page")) || !str_ends(l->name, S(".html")))
		return unknown;
	t = map_get(&s->o.site->model->by_name, str_slice(l->name, 0, l->name.len - 5));
	return t && t != s->o.site->model->site_type ? (struct place){ PLACE_ITEM, false, t, NULL } : unknown;
}

/* Every prefix of a chain has a record of its own: only the last step is reported. */
static void
check_access(struct checking *c, const struct script_layout *l, const struct template_access *a)
{
	struct place at = start(c->s, l, a->steps[0]);
	struct diag quiet;
	struct checking silent = *c;
	bool bad = false;

	diag_init(&quiet, c->tmp, c->diag->files);
	silent.diag = &quiet;
	for (uint32_t i = 1; i + 1 < a->n_steps && at.kind != PLACE_UNKNOWN && !bad; i++)
		at = step(&silent, at, a->steps[i], a->span, &bad);
	if (!bad && a->n_steps > 1 && at.kind != PLACE_UNKNOWN && !a->called)
		step(c, at, a->steps[a->n_steps - 1], a->span, &bad);
}

void
check_accesses(struct script *s, struct diag *diag)
{
	struct arena tmp;
	struct checking c = { s, diag, &tmp };

	arena_init(&tmp, s->out->source);
	for (size_t i = 0; i < s->layouts.len; i++)
		for (uint32_t k = 0; k < s->layouts.ptr[i]->compiled.n_accesses; k++)
			check_access(&c, s->layouts.ptr[i], &s->layouts.ptr[i]->compiled.accesses[k]);
	arena_free(&tmp);
}
