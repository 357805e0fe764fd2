#include "model/internal.h"

const struct field *
model_field(const struct shape *shape, str name)
{
	return map_get(&shape->by_name, name);
}

static const struct field *path_in(const struct shape *shape, str path);

static const struct field *
path_in_cases(const struct field *f, str path)
{
	for (uint32_t i = 0; i < f->variant_by->n_values; i++) {
		const struct field *found = f->cases[i] ? path_in(f->cases[i], path) : NULL;
		if (found)
			return found;
	}
	return NULL;
}

static const struct field *
path_in(const struct shape *shape, str path)
{
	str name, rest;
	bool more = str_cut(path, '.', &name, &rest);
	const struct field *f = model_field(shape, name);

	if (!f || !more)
		return f;
	while (f->kind == FIELD_LIST)
		f = f->element;
	if (f->kind == FIELD_OBJECT)
		return path_in(f->shape, rest);
	return f->kind == FIELD_VARIANT && f->variant_by ? path_in_cases(f, rest) : NULL;
}

const struct field *
model_path(const struct shape *shape, str path)
{
	return path_in(shape, path);
}

struct object
object_with(const struct shape *shape, const struct field *f, struct val v, struct arena *out)
{
	uint16_t *slots = arena_array(out, uint16_t, shape->n_fields);
	struct object o = { .shape = shape, .slots = slots, .vals = arena_array(out, struct val, f ? 2 : 1), .n_vals = f ? 2 : 1, .starts = DAY_NONE, .ends = DAY_NONE };

	if (f) {
		slots[f->index] = 1;
		o.vals[1] = v;
	}
	return o;
}

const struct val *
model_val(const struct object *o, str path)
{
	str name, rest;
	bool more = str_cut(path, '.', &name, &rest);
	const struct field *f = model_field(o->shape, name);
	const struct val *v = f ? object_val(o, f->index) : NULL;

	if (!v || v->kind == VAL_NONE)
		return NULL;
	if (!more)
		return v;
	return v->kind == VAL_OBJECT ? model_val(v->as.object, rest) : NULL;
}
