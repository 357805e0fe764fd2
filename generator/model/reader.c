/* Maps, lists and Markdown of content files against the fields of a type. */
#include <string.h>

#include "model/internal.h"

/* --- Markdown --- */

/* A text that does not stand in the file as it is has the span of its value. */
struct rich *
reader_rich(struct reader *r, str text, uint32_t at, const struct value *v)
{
	struct rich *rich = arena_new(r->out, struct rich);
	struct markdown_options o = markdown_options_default;
	bool moved = v && !at;
	size_t line;

	o.file = r->file;
	o.offset = moved ? v->start : at;
	o.end = moved ? v->end : 0;
	o.language = r->languages[r->language];
	o.inline_only = v && !str_find_byte(text, '\n', &line);
	if (r->pack)
		return pack_render(r->pack, &rich->md, text, &o, r->out, r->diag) ? rich : NULL;
	return markdown_render(&rich->md, text, &o, r->out, r->diag) ? rich : NULL;
}

/* --- values that are no scalars --- */

static bool
refuse_form(struct reader *r, const struct field *f, const struct value *v)
{
	const struct phrase *noun = &model_kinds[f->kind].noun;
	bool single = v->kind == VALUE_LIST && v->as.list.len == 1 && v->as.list.items[0].kind == VALUE_SCALAR;

	diag_add(r->diag, SCALAR_EXPECTED, reader_span(r, v), f->name, noun->fr, noun->en,
	    single ? shown_value(r->tmp, v->as.list.items[0].as.text) : STR_NONE);
	return false;
}

static str
shape_names(struct arena *tmp, const struct shape *shape, str **names)
{
	*names = arena_array(tmp, str, shape->n_fields);
	for (uint32_t i = 0; i < shape->n_fields; i++)
		(*names)[i] = shape->fields[i].name;
	return names_list(tmp, *names, shape->n_fields);
}

/* "{fichier: …, alt: …}": the required fields, else the first two. */
static str
shape_example(struct arena *tmp, const struct shape *shape)
{
	str example = S("{");
	uint32_t n = 0;

	for (uint32_t i = 0; i < shape->n_fields; i++)
		n += shape->fields[i].required;
	for (uint32_t i = 0, shown = 0; i < shape->n_fields; i++)
		if (n > 1 ? shape->fields[i].required : i < 2)
			example = str_cat(tmp, example, shown++ ? S(", ") : S(""), shape->fields[i].name, S(": …"));
	return str_cat(tmp, example, S("}"));
}

static bool
refuse_no_map(struct reader *r, const struct field *f, const struct value *v, str names, str example)
{
	diag_add(r->diag, OBJECT_EXPECTED, reader_span(r, v), f->name, names, example);
	return false;
}

/* "45.1292, -0.6665", as maps on the web give a place. */
static str
geo_example(struct arena *tmp, const struct value *v)
{
	str lat, lon;
	double n;

	if (v->kind == VALUE_SCALAR && (str_cut(v->as.text, ',', &lat, &lon) || str_cut(v->as.text, ' ', &lat, &lon)) &&
	    str_to_number(str_trim(lat), &n) && str_to_number(str_trim(lon), &n))
		return str_cat(tmp, S("{lat: "), str_trim(lat), S(", lon: "), str_trim(lon), S("}"));
	return S("{lat: …, lon: …}");
}

/* In {lat: 45,1292} the comma has made a key of the decimals. */
static bool
refuse_decimals(struct reader *r, const struct value *map, uint32_t i)
{
	const struct value_pair *p = &map->as.map.pairs[i], *before = i ? p - 1 : NULL;
	str number;
	double n;

	if (!before || p->value.kind != VALUE_NULL || before->value.kind != VALUE_SCALAR || before->value.end + 1 != p->key_start)
		return false;
	number = str_cat(r->tmp, str_trim(before->value.as.text), S("."), p->key);
	if (!str_to_number(before->value.as.text, &n) || !str_to_number(p->key, &n) || !str_to_number(number, &n))
		return false;
	diag_add(r->diag, VALUE_DECIMAL_COMMA, ((struct span){ r->file, before->value.start, p->key_end }), before->key, number);
	return true;
}

static bool
read_object_value(struct reader *r, const struct field *f, const struct shape *shape, const struct value *v, struct val *out)
{
	str *names;

	if (v->kind != VALUE_MAP)
		return refuse_no_map(r, f, v, shape_names(r->tmp, shape, &names), shape_example(r->tmp, shape));
	out->kind = VAL_OBJECT;
	out->as.object = arena_new(r->out, struct object);
	return reader_object(r, shape, v, false, out->as.object);
}

/* `misspelt`: another key was refused, which may have been this one. */
static bool
read_coordinate(struct reader *r, const struct field *f, const struct value *map, bool misspelt, double *n)
{
	const struct value *v = value_get(map, f->name);
	struct val val = { 0 };

	if (!v || v->kind == VALUE_NULL) {
		if (!misspelt)
			diag_add(r->diag, FIELD_MISSING, reader_span(r, map), f->name, f->label, f->help);
		return false;
	}
	if (!reader_value(r, f, v, &val))
		return false;
	*n = val.as.number;
	return true;
}

static bool
only_coordinates(struct reader *r, const struct value *map)
{
	bool fine = true;

	for (uint32_t i = 0; i < map->as.map.len; i++) {
		const struct value_pair *p = &map->as.map.pairs[i];
		if (str_equal(p->key, S("lat")) || str_equal(p->key, S("lon")))
			continue;
		fine = false;
		if (refuse_decimals(r, map, i))
			continue;
		diag_add(r->diag, FIELD_UNKNOWN, ((struct span){ r->file, p->key_start, p->key_end }), p->key,
		    str_starts(p->key, S("lat")) ? S("lat") : str_starts(p->key, S("l")) ? S("lon") : STR_NONE, S("lat, lon"));
	}
	return fine;
}

static bool
read_geo(struct reader *r, const struct field *f, const struct value *v, struct val *out)
{
	const struct field lat = { .name = S("lat"), .label = S("Latitude"), .kind = FIELD_NUMBER, .has_min = true, .has_max = true, .min = -90, .max = 90 };
	const struct field lon = { .name = S("lon"), .label = S("Longitude"), .kind = FIELD_NUMBER, .has_min = true, .has_max = true, .min = -180, .max = 180 };
	bool fine, misspelt;

	if (v->kind != VALUE_MAP)
		return refuse_no_map(r, f, v, S("lat, lon"), geo_example(r->tmp, v));
	fine = only_coordinates(r, v);
	out->kind = VAL_GEO;
	misspelt = !fine;
	fine &= read_coordinate(r, &lat, v, misspelt, &out->as.geo.lat);
	fine &= read_coordinate(r, &lon, v, misspelt, &out->as.geo.lon);
	return fine;
}

/* The same choice or item twice in a list. */
static bool
is_repeated(struct reader *r, struct map *seen, const struct val *v)
{
	str key = v->kind == VAL_ENUM ? v->as.choice->key : v->kind == VAL_REF_TEXT ? v->as.text : STR_NONE;
	uint32_t before = seen->len;

	if (!key.len)
		return false;
	map_set(r->tmp, seen, key, NULL);
	return seen->len == before;
}

static bool
read_element(struct reader *r, const struct field *f, const struct value *v, struct val_list *list, struct map *seen)
{
	struct val *out = &list->items[list->len];

	if (!reader_value(r, f->element, v, out))
		return false;
	if (out->kind == VAL_NONE) {
		diag_add(r->diag, ELEMENT_EMPTY, reader_span(r, v), f->name);
		return false;
	}
	if (is_repeated(r, seen, out))
		diag_add(r->diag, ELEMENT_REPEATED, reader_span(r, v), f->name, shown_value(r->tmp, v->as.text));
	else
		list->len++;
	return true;
}

static bool
in_count(struct reader *r, const struct field *f, const struct value *v)
{
	uint32_t n = v->as.list.len;

	if (f->has_min && n < f->min)
		diag_add(r->diag, LIST_TOO_SHORT, reader_span(r, v), f->name, str_format(r->tmp, "%u", n), str_format(r->tmp, "%.0f", f->min));
	else if (f->has_max && n > f->max)
		diag_add(r->diag, LIST_TOO_LONG, reader_span(r, v), f->name, str_format(r->tmp, "%u", n), str_format(r->tmp, "%.0f", f->max));
	else
		return true;
	return false;
}

static bool
read_list(struct reader *r, const struct field *f, const struct value *v, struct val *out)
{
	struct val_list *list;
	struct map seen = { 0 };
	bool fine;

	if (v->kind != VALUE_LIST) {
		diag_add(r->diag, LIST_EXPECTED, reader_span(r, v), f->name, v->kind == VALUE_SCALAR ? shown_value(r->tmp, v->as.text) : STR_NONE);
		return false;
	}
	list = arena_new(r->out, struct val_list);
	list->items = arena_array(r->out, struct val, v->as.list.len);
	fine = in_count(r, f, v);
	for (uint32_t i = 0; i < v->as.list.len; i++)
		fine &= read_element(r, f, &v->as.list.items[i], list, &seen);
	out->kind = VAL_LIST;
	out->as.list = list;
	return fine;
}

/* Nothing, "", [] and {} all say that there is none. */
static bool
is_absent(const struct value *v)
{
	switch (v->kind) {
	case VALUE_SCALAR: return !str_trim(v->as.text).len;
	case VALUE_LIST: return !v->as.list.len;
	case VALUE_MAP: return !v->as.map.len;
	default: return true;
	}
}

static bool
read_present(struct reader *r, const struct field *f, const struct value *v, struct val *out)
{
	switch (f->kind) {
	case FIELD_LIST: return read_list(r, f, v, out);
	case FIELD_OBJECT: return read_object_value(r, f, f->shape, v, out);
	case FIELD_GEO: return read_geo(r, f, v, out);
	default: return v->kind == VALUE_SCALAR ? reader_scalar(r, f, v, out) : refuse_form(r, f, v);
	}
}

bool
reader_value(struct reader *r, const struct field *f, const struct value *v, struct val *out)
{
	if (is_absent(v))
		return true;
	if (!read_present(r, f, v, out)) {
		*out = (struct val){ 0 };
		return false;
	}
	if (out->kind != VAL_NONE) {
		out->start = v->start;
		out->end = v->end;
		out->language = r->language;
	}
	return true;
}

/* --- an object --- */

struct reading {
	struct reader *r;
	const struct shape *shape;
	const struct value *map;
	struct object *o;
	bool *wrong;                 /* [n_fields] */
	bool translation;            /* fields may be missing: the original has them */
};

static struct span
key_span(const struct reading *g, const struct value_pair *p)
{
	return (struct span){ g->r->file, p->key_start, p->key_end };
}

/* The field that was meant counts as in error, so that it is not reported as missing too. */
static void
refuse_unknown(struct reading *g, const struct value_pair *p)
{
	str *names, all = shape_names(g->r->tmp, g->shape, &names), nearest = names_nearest(p->key, names, g->shape->n_fields);
	const struct field *meant = nearest.len ? model_field(g->shape, nearest) : NULL;

	if (meant)
		g->wrong[meant->index] = true;
	diag_add(g->r->diag, FIELD_UNKNOWN, key_span(g, p), p->key, nearest, all);
}

static void
note_personal(struct reading *g, const struct field *f, const struct value_pair *p)
{
	if (!f->personal || g->r->personal.file || object_val(g->o, f->index)->kind == VAL_NONE)
		return;
	g->r->personal = key_span(g, p);
	g->r->personal_name = f->name;
}

static void
read_pair(struct reading *g, const struct value_pair *p)
{
	const struct field *f = model_field(g->shape, p->key);

	if (!f) {
		if (!refuse_decimals(g->r, g->map, (uint32_t)(p - g->map->as.map.pairs)))
			refuse_unknown(g, p);
		return;
	}
	if (f->kind == FIELD_VARIANT)
		return;
	if (g->translation && f->translation == TRANSLATION_SHARED && !str_equal(f->name, S("brouillon")))
		diag_add(g->r->diag, TRANSLATION_SHARED_FIELD, key_span(g, p), f->name);
	if (!reader_value(g->r, f, &p->value, object_val(g->o, f->index)))
		g->wrong[f->index] = true;
	note_personal(g, f, p);
}

static void
missing(struct reading *g, const struct field *f)
{
	const struct value_pair *p = value_pair(g->map, f->name);
	struct span at = { g->r->file, g->map->start, g->map->start };

	if (p)
		diag_add(g->r->diag, FIELD_EMPTY, key_span(g, p), f->name, f->label, field_hint(g->r->tmp, f));
	else
		diag_add(g->r->diag, FIELD_MISSING, at, f->name, f->label, field_hint(g->r->tmp, f));
	g->wrong[f->index] = true;
}

static void
read_variant(struct reading *g, const struct field *f)
{
	const struct value_pair *p = value_pair(g->map, f->name);
	const struct field *by = f->variant_by;
	const struct val *kind = object_val(g->o, by->index);
	const struct shape *shape;

	if (!p || is_absent(&p->value) || g->wrong[by->index])
		return;
	if (kind->kind == VAL_NONE) {
		missing(g, by);
		return;
	}
	shape = f->cases[kind->as.choice - by->values];
	if (!shape)
		diag_add(g->r->diag, FIELD_USELESS, key_span(g, p), f->name, str_cat(g->r->tmp, by->name, S(": "), kind->as.choice->key));
	else if (!read_object_value(g->r, f, shape, &p->value, object_val(g->o, f->index))) {
		*object_val(g->o, f->index) = (struct val){ 0 };
		g->wrong[f->index] = true;
	} else {
		object_val(g->o, f->index)->start = p->value.start;
		object_val(g->o, f->index)->end = p->value.end;
		object_val(g->o, f->index)->language = g->r->language;
	}
}

static void
fill_default(struct reading *g, const struct field *f)
{
	struct val *v = object_val(g->o, f->index);

	if (v->kind == VAL_NONE && !g->wrong[f->index] && f->own->default_val.kind != VAL_NONE && !g->translation)
		*v = f->own->default_val;
}

static void
check_presence(struct reading *g, const struct field *f, const struct given *given)
{
	bool is_given = object_val(g->o, f->index)->kind != VAL_NONE;
	enum truth makes_sense = f->condition ? condition_holds(f->condition, g->o, given) : TRUTH_YES;
	const struct value_pair *p = is_given ? value_pair(g->map, f->name) : NULL;

	if (g->wrong[f->index])
		return;
	if (p && makes_sense == TRUTH_NO && !g->translation)
		diag_add(g->r->diag, FIELD_USELESS, key_span(g, p), f->name, condition_text(g->r->tmp, f->condition));
	if (!is_given && f->required && makes_sense == TRUTH_YES && (!g->translation || f->translation == TRANSLATION_REQUIRED))
		missing(g, f);
}

/* While it is read every field has its place. */
static void
open_object(struct object *o, const struct shape *shape, struct arena *tmp)
{
	uint16_t *slots = arena_array(tmp, uint16_t, shape->n_fields);

	for (uint32_t i = 0; i < shape->n_fields; i++)
		slots[i] = (uint16_t)(i + 1);
	*o = (struct object){ .shape = shape, .slots = slots, .vals = arena_array(tmp, struct val, shape->n_fields + 1), .n_vals = shape->n_fields + 1,
		.starts = DAY_NONE, .ends = DAY_NONE };
}

/* What was written without a value keeps its span, for who wants to name it. */
static bool
is_kept(const struct val *v)
{
	return v->kind != VAL_NONE || v->end;
}

static void
close_object(struct object *o, struct arena *out)
{
	uint32_t n = o->shape->n_fields;
	uint16_t *slots = arena_array(out, uint16_t, n);
	struct val *read = o->vals;

	o->n_vals = 1;
	for (uint32_t i = 0; i < n; i++)
		slots[i] = is_kept(&read[i + 1]) ? (uint16_t)o->n_vals++ : 0;
	o->slots = slots;
	o->vals = arena_array(out, struct val, o->n_vals);
	for (uint32_t i = 0; i < n; i++)
		if (slots[i])
			o->vals[slots[i]] = read[i + 1];
}

bool
reader_object(struct reader *r, const struct shape *shape, const struct value *map, bool top, struct object *o)
{
	struct reading g = { r, shape, map, o, arena_array(r->tmp, bool, shape->n_fields), top && r->language > 0 };
	struct given given = { g.wrong, map };
	uint32_t errors = r->diag->n_errors;

	open_object(o, shape, r->tmp);
	for (uint32_t i = 0; i < map->as.map.len; i++)
		read_pair(&g, &map->as.map.pairs[i]);
	for (uint32_t i = 0; i < shape->n_fields; i++)
		fill_default(&g, &shape->fields[i]);
	for (uint32_t i = 0; i < shape->n_fields; i++)
		if (shape->fields[i].kind == FIELD_VARIANT)
			read_variant(&g, &shape->fields[i]);
	for (uint32_t i = 0; i < shape->n_fields; i++)
		check_presence(&g, &shape->fields[i], &given);
	if (!g.translation)
		rules_check(r, o, &given);
	close_object(o, r->out);
	return r->diag->n_errors == errors;
}
