/* "slug" and "type:slug" → items. A reference to an item that is not published, or has errors of its own, is valid. */
#include "site/inside.h"

#include "base/buf.h"

struct resolving {
	struct building *b;
	struct item *item;
};

static str
target_names(struct arena *tmp, const struct field *f)
{
	str *names = arena_array(tmp, str, f->n_targets);

	for (uint32_t i = 0; i < f->n_targets; i++)
		names[i] = f->targets[i]->name;
	return str_join(tmp, names, f->n_targets, S(", "));
}

/* The types that a slug could be of: those of the field, or the one written before the colon. */
static bool
accepted_types(struct resolving *r, const struct field *f, struct val *v, str *slug, const struct type *const **types, uint32_t *n)
{
	str head, tail;

	*types = f->targets;
	*n = f->n_targets;
	*slug = v->as.text;
	if (!str_cut(v->as.text, ':', &head, &tail))
		return true;
	*slug = tail;
	for (uint32_t i = 0; i < f->n_targets; i++)
		if (str_equal(f->targets[i]->name, head)) {
			*types = &f->targets[i];
			*n = 1;
			return true;
		}
	site_fault(r->b, r->item, SITE_REF_TYPE, site_span(r->item, v), v->as.text, head, target_names(&r->b->tmp, f));
	return false;
}

static void
report_ambiguous(struct resolving *r, struct val *v, struct item *first, struct item *second)
{
	str one = str_format(&r->b->tmp, "%.*s:%.*s", STR_ARG(first->type->name), STR_ARG(first->slug));
	str other = str_format(&r->b->tmp, "%.*s:%.*s", STR_ARG(second->type->name), STR_ARG(second->slug));

	site_fault(r->b, r->item, SITE_REF_AMBIGUOUS, site_span(r->item, v), v->as.text, one, other);
}

/* Found under another type, or nowhere. */
static void
report_missing(struct resolving *r, const struct field *f, struct val *v, str slug, const struct type *const *types, uint32_t n)
{
	const struct model *m = r->b->site->model;
	const struct item *named;
	str nearest;

	for (uint32_t i = 0; i < m->n_types; i++)
		if ((named = site_named(r->b, m->types[i], slug)) && named->faulty) {
			r->item->faulty = true;  /* it may lie in the wrong folder, which has been said */
			return;
		} else if (named) {
			site_fault(r->b, r->item, SITE_REF_TYPE, site_span(r->item, v), slug, m->types[i]->name, target_names(&r->b->tmp, f));
			return;
		}
	nearest = site_nearest_slug(r->b, types, n, slug);
	site_fault(r->b, r->item, SITE_REF_UNKNOWN, site_span(r->item, v), slug, types[0]->name, nearest,
	    str_format(&r->b->tmp, "content/%.*s/%.*s.md", STR_ARG(types[0]->folder), STR_ARG(slug)));
}

static void
resolve(void *context, const struct field *f, struct val *v)
{
	struct resolving *r = context;
	const struct type *const *types;
	struct item *found = NULL;
	uint32_t n;
	str slug;

	if (v->kind != VAL_REF_TEXT)
		return;
	if (!accepted_types(r, f, v, &slug, &types, &n)) {
		v->kind = VAL_NONE;
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct item *named = site_named(r->b, types[i], slug);
		if (named && found) {
			report_ambiguous(r, v, found, named);
			break;
		}
		found = found ? found : named;
	}
	for (uint32_t i = 0; i < n && !found; i++)
		found = site_ghost(r->b, types[i], slug);
	if (!found)
		report_missing(r, f, v, slug, types, n);
	v->kind = found ? VAL_REF : VAL_NONE;
	if (found)
		v->as.item = found;
}

static void
resolve_item(struct building *b, struct item *item)
{
	struct resolving r = { b, item };
	struct site_visit visit = { .value = resolve, .context = &r, .inside = MODEL_INSIDE(FIELD_REF) };
	struct arena_mark mark = arena_mark(&b->tmp);

	site_walk_object(&item->object, &visit);
	arena_rewind(&b->tmp, mark);
}

void
site_resolve_references(struct building *b)
{
	/* Ghosts join the list meanwhile; they have no values. */
	for (size_t i = 0, n = b->in->all.len; i < n; i++)
		resolve_item(b, b->in->all.ptr[i]);
	resolve_item(b, b->site->config);
}
