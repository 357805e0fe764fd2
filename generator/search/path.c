#include "search/path.h"

static bool visit_val(const struct path_visit *visit, const struct found *at, str rest);

static bool
visit_object(const struct path_visit *visit, const struct object *o, const struct life_state *state, str path)
{
	const struct life_state *own = o->state ? o->state : state;
	const struct field *f;
	str head, rest;

	str_cut(path, '.', &head, &rest);
	f = model_field(o->shape, head);
	if (f && !f->personal && !f->confidential_below)
		return visit_val(visit, &(struct found){ f, object_val(o, f->index), own }, rest);
	if (!f && o->state && str_equal(path, S("etat")))
		return visit->found(visit->context, &(struct found){ .state = o->state });
	return true;
}

static bool
visit_list(const struct path_visit *visit, const struct found *at, str rest)
{
	const struct val_list *list = at->val->as.list;

	for (uint32_t i = 0; i < list->len; i++)
		if (!visit_val(visit, &(struct found){ at->field->element, &list->items[i], at->state }, rest))
			return false;
	return true;
}

static bool
visit_val(const struct path_visit *visit, const struct found *at, str rest)
{
	switch (at->val->kind) {
	case VAL_NONE:
		return true;
	case VAL_LIST:
		return visit_list(visit, at, rest);
	case VAL_OBJECT:
		if (rest.len)
			return visit_object(visit, at->val->as.object, at->state, rest);
		break;
	case VAL_REF:
		if (!at->val->as.item || !at->val->as.item->published)
			return true;
		if (rest.len)
			return path_visit(visit, at->val->as.item, rest);
		break;
	default:
		break;
	}
	return rest.len || visit->found(visit->context, at);
}

bool
path_visit(const struct path_visit *visit, const struct item *item, str path)
{
	const struct object *o = &item->object;
	const struct field *f;
	str head, rest;

	str_cut(path, '.', &head, &rest);
	f = model_field(o->shape, head);
	if (!f || f->personal || f->confidential_below)
		return visit_object(visit, o, NULL, path);
	return visit_val(visit, &(struct found){ f, site_value(visit->site, item, f, visit->language), o->state }, rest);
}
