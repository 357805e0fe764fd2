/* What pages ask of the frozen site. */
#include "site/inside.h"

const struct item *
site_item(const struct site *s, str type, str slug)
{
	const struct type *t = map_get(&s->model->by_name, type);
	const struct item *item;
	struct building b = { .site = (struct site *)s, .in = s->inside };

	if (!t)
		return NULL;
	item = map_get(&s->inside->slugs[t->index], slug);
	if (!item)
		return NULL;
	item = site_representative(&b, (struct item *)item);
	return item->faulty || site_recurring(&b, item) ? NULL : item;
}

const struct item *
site_in_language(const struct item *item, uint8_t language)
{
	const struct item *original = item->original ? item->original : item;
	const struct item *translation = language && language < original->n_languages ? original->translations[language] : NULL;

	return translation ? translation : original;
}

const struct rich *
site_body(const struct site *s, const struct item *item, uint8_t language)
{
	return site_newest(s, site_in_language(item, language))->body;
}

const struct val *
site_value(const struct site *s, const struct item *item, const struct field *f, uint8_t language)
{
	const struct item *original = item->original ? item->original : item, *translation = site_in_language(item, language);
	const struct val *v;

	if (translation != original && f->translation != TRANSLATION_SHARED) {
		v = object_val(&site_newest(s, translation)->object, f->index);
		if (v->kind != VAL_NONE)
			return v;
	}
	return object_val(&site_newest(s, original)->object, f->index);
}

bool
site_reverse(const struct site *s, const struct item *item, str name, struct item_list *list)
{
	const struct name_list *names = &s->inside->reverse[item->type->index];
	const struct item *original = item->original ? item->original : item;

	for (uint32_t i = 0; i < names->len; i++)
		if (str_equal(names->names[i], name)) {
			*list = original->reverse ? original->reverse[i] : (struct item_list){ NULL, 0 };
			return true;
		}
	return false;
}

uint32_t
site_reverse_names(const struct site *s, const struct type *t, const str **names)
{
	*names = s->inside->reverse[t->index].names;
	return s->inside->reverse[t->index].len;
}

static uint32_t
first_key(const struct site_index *x, uint64_t key)
{
	uint32_t low = 0, high = x->len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (x->keys[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
site_posting(const struct site *s, const struct type *t, str path, const struct enum_value *choice, const struct item *ref, struct item_list *list)
{
	const struct site_index *x = map_get(&s->inside->indexes[t->index], path);
	uint32_t from;
	uint64_t key;

	if (!x || (x->field->kind == FIELD_ENUM ? !choice : !ref))
		return false;
	key = choice ? (uint64_t)(choice - x->field->values) : ref->id;
	if (choice && key >= x->field->n_values)
		return false;
	from = first_key(x, key);
	*list = (struct item_list){ x->items + from, first_key(x, key + 1) - from };
	return true;
}

static bool
covers(const struct val *scopes, str scope)
{
	for (uint32_t i = 0; scopes && scopes->kind == VAL_LIST && i < scopes->as.list->len; i++) {
		const struct val *v = &scopes->as.list->items[i];
		if (v->kind == VAL_ENUM && (!scope.ptr || str_equal(v->as.choice->key, scope)))
			return true;
	}
	return false;
}

bool
site_consents(const struct site *s, const struct item *item, str scope)
{
	const struct item *original = item->original ? item->original : item;
	const struct val *consent = original->type->consent.len ? model_val(&original->object, original->type->consent) : NULL;
	const struct val *until;

	if (!consent || consent->kind != VAL_OBJECT)
		return false;
	until = model_val(consent->as.object, S("jusqu_au"));
	return until && until->kind == VAL_DATE && s->date <= until->as.date && covers(model_val(consent->as.object, S("portee")), scope);
}
