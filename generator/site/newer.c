/* Items that were written anew since the site was built, which stands: for vitrine serve. */
#include "site/inside.h"

const struct item *
site_find_newest(const struct site *s, const struct item *item)
{
	for (size_t i = 0; i < s->rewritten.len; i++)
		if (s->rewritten.ptr[i].was == item)
			return s->rewritten.ptr[i].is;
	return item;
}

static bool
is_in_addresses(const struct type *t, str name)
{
	str rest = t->url, text, piece;

	while (str_cut(rest, '{', &text, &rest) && str_cut(rest, '}', &piece, &rest))
		if (str_equal(piece, name))
			return true;
	return false;
}

static bool
may_lead_to(const struct field *f, const struct type *t)
{
	for (uint32_t i = 0; f && f->kind == FIELD_REF && i < f->n_targets; i++)
		if (f->targets[i] == t)
			return true;
	return false;
}

/* Is there a type whose items are in the order of the titles of those they refer to? */
static bool
orders_others(const struct model *m, const struct type *t)
{
	for (uint32_t i = 0; i < m->n_types; i++)
		for (uint32_t k = 0; k < m->types[i]->n_order; k++)
			if (may_lead_to(model_path(&m->types[i]->shape, m->types[i]->order[k].path), t))
				return true;
	return false;
}

/* site/ reads texts for addresses, for zones and for orders; what is unique is compared by model/. */
bool
site_is_words(const struct site *s, const struct type *t, const struct field *f)
{
	return !f->unique && !is_in_addresses(t, f->name) && !str_equal(f->name, S("fuseau")) &&
	    !(str_equal(f->name, S("titre")) && orders_others(s->model, t));
}
