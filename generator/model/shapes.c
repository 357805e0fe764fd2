/* Shapes: `champs:` and `inclut:`. */
#include <string.h>

#include "model/typefile.h"

struct shape *
shape_new(struct loader *l, str name)
{
	struct shape *shape = arena_new(l->out, struct shape);
	shape->name = name;
	return shape;
}

struct field *
shape_field(const struct shape *shape, str name)
{
	for (uint32_t i = 0; i < shape->n_fields; i++)
		if (str_equal(shape->fields[i].name, name))
			return &shape->fields[i];
	return NULL;
}

/* Room for one more; arrays double at 8, 16, 32 … */
static struct field *
shape_push(struct loader *l, struct shape *shape)
{
	uint32_t n = shape->n_fields;

	if (n == 0 || (n >= 8 && (n & (n - 1)) == 0)) {
		struct field *grown = arena_array(l->out, struct field, n ? n * 2 : 8);
		if (n)
			memcpy(grown, shape->fields, n * sizeof *grown);
		shape->fields = grown;
	}
	return &shape->fields[shape->n_fields++];
}

static void
read_field(struct loader *l, struct shape *shape, struct node fields, const struct value_pair *p)
{
	struct field *f = shape_field(shape, p->key);
	struct span at = key_span_of(fields, p);

	if (f && l->extending)
		field_extend(l, shape, f, node_of(fields, p));
	else if (f)
		type_error(l, TYPE_TWICE, at, S("le champ"), S("field"), p->key, shape->name);
	else
		field_define(l, shape, shape_push(l, shape), p->key, at, node_of(fields, p));
	if (!f && !name_is_field(p->key))
		type_refuse(l, p->key, at, PHRASE("un nom de champ s'écrit en minuscules sans accent, chiffres et _", "a field name has lower-case ASCII letters, digits and _"));
}

void
shape_read_fields(struct loader *l, struct shape *shape, struct node fields)
{
	if (!node_is_map(l, S("champs"), fields))
		return;
	for (uint32_t i = 0; i < fields.v->as.map.len; i++)
		read_field(l, shape, fields, &fields.v->as.map.pairs[i]);
}

static void
read_fragment_layer(struct loader *l, struct shape *shape, const struct document *doc)
{
	static const str keys[] = { S_INIT("etend"), S_INIT("inclut"), S_INIT("champs") };
	struct node root = { doc->file, &doc->front };
	const struct value_pair *include = value_pair(root.v, S("inclut")), *fields = value_pair(root.v, S("champs"));

	node_keys(l, root, keys, 3);
	if (include)
		shape_include(l, shape, node_of(root, include));
	if (fields)
		shape_read_fields(l, shape, node_of(root, fields));
}

static bool
is_cycle(struct loader *l, struct name_at name)
{
	for (size_t i = 0; i < l->chain.len; i++)
		if (str_equal(l->chain.ptr[i], name.name)) {
			str chain = str_join(l->tmp, l->chain.ptr + i, l->chain.len - i, S(" → "));
			type_error(l, TYPE_CYCLE, name.at, str_cat(l->tmp, chain, S(" → "), name.name));
			return true;
		}
	return false;
}

static void
unknown_fragment(struct loader *l, struct name_at name)
{
	str *names = arena_array(l->tmp, str, l->fragments.len);

	for (uint32_t i = 0; i < l->fragments.len; i++)
		names[i] = l->fragments.entries[i].key;
	type_unknown(l, PHRASE("fragment inconnu", "unknown fragment"), name.name, name.at, names, l->fragments.len);
}

void
shape_add_fragment(struct loader *l, struct shape *shape, struct name_at name)
{
	const struct definition *d = map_get(&l->fragments, name.name);
	bool extending = l->extending;

	if (!d) {
		unknown_fragment(l, name);
		return;
	}
	if (is_cycle(l, name))
		return;
	*vec_push(l->tmp, &l->chain) = name.name;
	for (size_t i = 0; i < d->layers.len; i++) {
		l->extending = i > 0;
		read_fragment_layer(l, shape, &d->layers.ptr[i]);
	}
	l->extending = extending;
	l->chain.len--;
}

void
shape_include(struct loader *l, struct shape *shape, struct node names)
{
	struct names_at list = node_names(l, S("inclut"), names);

	for (uint32_t i = 0; i < list.len; i++)
		shape_add_fragment(l, shape, list.ptr[i]);
}

static bool
holds_text(const struct field *f)
{
	if (f->kind == FIELD_LIST)
		return holds_text(f->element);
	if (f->kind == FIELD_OBJECT)
		for (uint32_t i = 0; i < f->shape->n_fields; i++)
			if (holds_text(&f->shape->fields[i]))
				return true;
	return f->kind == FIELD_TEXT || f->kind == FIELD_MARKDOWN || f->kind == FIELD_VARIANT;
}

static void
field_index(struct loader *l, struct field *f)
{
	f->own->self = f;
	if (!f->own->has_translation)
		f->translation = holds_text(f) ? TRANSLATION_FALLBACK : TRANSLATION_SHARED;
	if (f->element)
		field_index(l, f->element);
	if (f->shape)
		shape_index(l, f->shape);
	for (size_t i = 0; i < f->own->cases.len; i++)
		shape_index(l, f->own->cases.ptr[i].shape);
}

void
shape_index(struct loader *l, struct shape *shape)
{
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		struct field *f = &shape->fields[i];
		f->index = (uint16_t)i;
		map_set(l->out, &shape->by_name, f->name, f);
		field_index(l, f);
	}
}

static void
field_sum(struct field *f)
{
	f->inside = MODEL_INSIDE(f->kind);
	if (f->element) {
		field_sum(f->element);
		f->inside |= f->element->inside;
	}
	if (f->shape) {
		shape_sum(f->shape);
		f->inside |= f->shape->inside | (f->shape->life ? MODEL_LIFE : 0);
	}
	for (size_t i = 0; i < f->own->cases.len; i++) {
		struct shape *shape = f->own->cases.ptr[i].shape;
		shape_sum(shape);
		f->inside |= shape->inside | (shape->life ? MODEL_LIFE : 0);
	}
}

void
shape_sum(struct shape *shape)
{
	shape->inside = 0;
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		field_sum(&shape->fields[i]);
		shape->inside |= shape->fields[i].inside;
	}
}
