/* Two items that were read from one file: do they differ in texts alone? Where values stand in the file is not looked at. */
#include "model/internal.h"

static bool same_object(const struct object *a, const struct object *b);

static bool
same_holes(const struct markdown *a, const struct markdown *b)
{
	for (uint32_t i = 0; i < a->n_holes; i++)
		if (a->holes[i].kind != b->holes[i].kind || a->holes[i].at != b->holes[i].at || a->holes[i].empty_text != b->holes[i].empty_text ||
		    !str_equal(a->holes[i].target, b->holes[i].target))
			return false;
	for (uint32_t i = 0; i < a->n_headings; i++)
		if (a->headings[i].level != b->headings[i].level || !str_equal(a->headings[i].id, b->headings[i].id) ||
		    !str_equal(a->headings[i].text, b->headings[i].text))
			return false;
	return true;
}

static bool
same_rich(const struct markdown *a, const struct markdown *b)
{
	return a->n_holes == b->n_holes && a->n_headings == b->n_headings && str_equal(a->html, b->html) && !a->plain.ptr == !b->plain.ptr &&
	    str_equal(a->plain, b->plain) && same_holes(a, b);
}

static bool same_val(const struct val *a, const struct val *b);

static bool
same_list(const struct val_list *a, const struct val_list *b)
{
	if (a->len != b->len)
		return false;
	for (uint32_t i = 0; i < a->len; i++)
		if (!same_val(&a->items[i], &b->items[i]))
			return false;
	return true;
}

/* False for what an item as it was read has not. */
static bool
same_val(const struct val *a, const struct val *b)
{
	if (a->kind != b->kind || a->language != b->language)
		return false;
	switch ((enum val_kind)a->kind) {
	case VAL_NONE: return true;
	case VAL_TEXT: case VAL_REF_TEXT: return str_equal(a->as.text, b->as.text);
	case VAL_RICH: return same_rich(&a->as.rich->md, &b->as.rich->md);
	case VAL_INTEGER: return a->as.integer == b->as.integer;
	case VAL_NUMBER: return a->as.number == b->as.number;
	case VAL_BOOLEAN: return a->as.boolean == b->as.boolean;
	case VAL_DATE: return a->as.date == b->as.date;
	case VAL_MOMENT: return a->as.moment.local == b->as.moment.local && a->as.moment.seconds == b->as.moment.seconds;
	case VAL_DURATION:
		return a->as.duration.amount == b->as.duration.amount && a->as.duration.minutes == b->as.duration.minutes &&
		    a->as.duration.unit == b->as.duration.unit;
	case VAL_ENUM: return a->as.choice == b->as.choice;
	case VAL_MEDIA: return str_equal(a->as.media->path, b->as.media->path);
	case VAL_GEO: return a->as.geo.lat == b->as.geo.lat && a->as.geo.lon == b->as.geo.lon;
	case VAL_LIST: return same_list(a->as.list, b->as.list);
	case VAL_OBJECT: return same_object(a->as.object, b->as.object);
	case VAL_REF: break;
	}
	return false;
}

static bool
same_object(const struct object *a, const struct object *b)
{
	if (a->shape != b->shape)
		return false;
	for (uint32_t i = 0; i < a->shape->n_fields; i++)
		if (!same_val(object_val(a, i), object_val(b, i)))
			return false;
	return true;
}

bool
model_same_but_texts(const struct item *a, const struct item *b, bool *differs)
{
	const struct object *x = &a->object, *y = &b->object;

	if (x->shape != y->shape || a->draft != b->draft || a->language != b->language || !a->body != !b->body)
		return false;
	for (uint32_t i = 0; i < x->shape->n_fields; i++) {
		const struct val *v = object_val(x, i), *w = object_val(y, i);
		differs[i] = !same_val(v, w);
		if (differs[i] && (v->kind != VAL_TEXT || w->kind != VAL_TEXT || v->language != w->language))
			return false;
	}
	return true;
}
