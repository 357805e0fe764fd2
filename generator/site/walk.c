#include "site/inside.h"

static bool
passed_over(uint32_t inside, const struct site_visit *visit)
{
	return visit->inside && !(inside & visit->inside);
}

static void
walk_value(const struct field *f, struct val *v, const struct site_visit *visit)
{
	if (passed_over(f->inside, visit) || v->kind == VAL_NONE || (visit->public_only && f->personal))
		return;
	visit->value(visit->context, f, v);
	if (v->kind == VAL_OBJECT)
		site_walk_object(v->as.object, visit);
	else if (v->kind == VAL_LIST)
		for (uint32_t i = 0; i < v->as.list->len; i++)
			walk_value(f->element, &v->as.list->items[i], visit);
}

void
site_walk_object(struct object *o, const struct site_visit *visit)
{
	for (uint32_t i = 0; !passed_over(o->shape->inside, visit) && i < o->shape->n_fields; i++)
		walk_value(&o->shape->fields[i], object_val(o, i), visit);
}

struct rich_walk {
	void (*rich)(void *context, struct rich *r);
	void *context;
};

static void
rich_value(void *context, const struct field *f, struct val *v)
{
	const struct rich_walk *w = context;

	(void)f;
	if (v->kind == VAL_RICH)
		w->rich(w->context, v->as.rich);
}

void
site_walk_rich(struct item *item, void (*rich)(void *context, struct rich *r), void *context)
{
	struct rich_walk w = { rich, context };
	struct site_visit visit = { .value = rich_value, .context = &w, .inside = MODEL_INSIDE(FIELD_MARKDOWN) };

	if (item->body)
		rich(context, item->body);
	site_walk_object(&item->object, &visit);
}
