/* Reads recherche.yaml. */
#include "search/setup.h"

#include "base/suggest.h"

struct reading {
	struct search_setup *setup;
	const struct model *m;
	struct arena *out;
	struct diag *diag;
	file_id file;
};

static struct span
span_of(const struct reading *r, const struct value *v)
{
	return (struct span){ r->file, v->start, v->end };
}

static void
expect(struct reading *r, const struct value *v, const char *what)
{
	diag_add(r->diag, SEARCH_EXPECTED, span_of(r, v), str_from_c(what));
}

static bool
check_keys(struct reading *r, const struct value *map, const str *keys, size_t n)
{
	bool fine = true;

	if (map->kind != VALUE_MAP) {
		expect(r, map, "champ: valeur");
		return false;
	}
	for (uint32_t i = 0; i < map->as.map.len; i++) {
		const struct value_pair *p = &map->as.map.pairs[i];
		size_t k = 0;
		while (k < n && !str_equal(keys[k], p->key))
			k++;
		if (k < n)
			continue;
		fine = false;
		diag_add(r->diag, TYPE_UNKNOWN_KEY, ((struct span){ r->file, p->key_start, p->key_end }), p->key, suggest_nearest(p->key, keys, n),
		    str_join(r->out, keys, n, S(", ")));
	}
	return fine;
}

static str
read_text(struct reading *r, const struct value *v)
{
	if (!v)
		return STR_NONE;
	if (v->kind == VALUE_SCALAR && v->as.text.len)
		return v->as.text;
	expect(r, v, "texte");
	return STR_NONE;
}

/* A text, or a list of texts. */
static str *
read_texts(struct reading *r, const struct value *v, uint32_t *n)
{
	uint32_t len = !v ? 0 : v->kind == VALUE_LIST ? v->as.list.len : 1;
	str *texts = arena_array(r->out, str, len + 1);

	*n = 0;
	for (uint32_t i = 0; i < len; i++) {
		texts[*n] = read_text(r, v->kind == VALUE_LIST ? &v->as.list.items[i] : v);
		*n += texts[*n].ptr != NULL;
	}
	return texts;
}

static bool
read_number(struct reading *r, const struct value *v, double *number)
{
	if (!v)
		return false;
	if (v->kind == VALUE_SCALAR && str_to_number(v->as.text, number))
		return true;
	expect(r, v, "nombre");
	return false;
}

/* --- names that must exist --- */

static void
check_type(struct reading *r, struct span at, str name)
{
	str *names = arena_array(r->out, str, r->m->n_types);

	if (map_find(&r->m->by_name, name, NULL))
		return;
	for (uint32_t i = 0; i < r->m->n_types; i++)
		names[i] = r->m->types[i]->name;
	diag_add(r->diag, SEARCH_TYPE, at, name, suggest_nearest(name, names, r->m->n_types), str_join(r->out, names, r->m->n_types, S(", ")));
}

static bool path_exists(const struct model *m, const struct shape *shape, str path);

/* A reference goes on in each type it may lead to. */
static bool
path_goes_on(const struct model *m, const struct field *f, str rest)
{
	const struct field *e = f->kind == FIELD_LIST ? f->element : f;

	for (uint32_t i = 0; e->kind == FIELD_REF && i < e->n_targets; i++)
		if (path_exists(m, &e->targets[i]->shape, rest))
			return true;
	for (uint32_t i = 0; e->kind == FIELD_VARIANT && e->variant_by && i < e->variant_by->n_values; i++)
		if (e->cases[i] && path_exists(m, e->cases[i], rest))
			return true;
	return e->kind == FIELD_OBJECT && e->shape && path_exists(m, e->shape, rest);
}

static bool
path_exists(const struct model *m, const struct shape *shape, str path)
{
	str head, rest;
	const struct field *f;

	str_cut(path, '.', &head, &rest);
	f = model_field(shape, head);
	if (!f)
		return str_equal(path, S("etat")) && shape->life;
	return !rest.len || path_goes_on(m, f, rest);
}

static void
check_path(struct reading *r, const struct value *v, str path)
{
	VEC(str) names = { 0 };
	str head, rest;

	if (!path.ptr)
		return;
	str_cut(path, '.', &head, &rest);
	for (uint32_t i = 0; i < r->m->n_types; i++) {
		const struct shape *shape = &r->m->types[i]->shape;
		if (path_exists(r->m, shape, path))
			return;
		for (uint32_t k = 0; k < shape->n_fields; k++)
			*vec_push(r->out, &names) = shape->fields[k].name;
	}
	diag_add(r->diag, SEARCH_PATH, span_of(r, v), path, suggest_nearest(head, names.ptr, names.len));
}

static struct search_paths
read_paths(struct reading *r, const struct value *v)
{
	struct search_path_list *of = arena_array(r->out, struct search_path_list, r->m->n_types);
	uint32_t n;
	const str *all = read_texts(r, v, &n);

	for (uint32_t i = 0; i < n; i++)
		check_path(r, v->kind == VALUE_LIST ? &v->as.list.items[i] : v, all[i]);
	for (uint32_t t = 0; t < r->m->n_types; t++) {
		str *own = arena_array(r->out, str, n + 1);
		of[t].ptr = own;
		for (uint32_t i = 0; i < n; i++)
			if (path_exists(r->m, &r->m->types[t]->shape, all[i]))
				own[of[t].n++] = all[i];
	}
	return (struct search_paths){ of };
}

/* --- facets --- */

/* Names of types. */
static str *
read_type_names(struct reading *r, const struct value *v, uint32_t *n)
{
	str *names = read_texts(r, v, n);

	for (uint32_t i = 0; i < *n; i++)
		check_type(r, span_of(r, v->kind == VALUE_LIST ? &v->as.list.items[i] : v), names[i]);
	return names;
}

static const bool *
types_of(struct reading *r, const struct search_rule *rule)
{
	bool *of = arena_array(r->out, bool, r->m->n_types);

	for (uint32_t t = 0; t < r->m->n_types; t++) {
		const struct type *type = r->m->types[t];
		uint32_t i = 0;
		while (i < rule->n_types && !str_equal(rule->types[i], type->name))
			i++;
		of[t] = (rule->n_types == 0 || i < rule->n_types) && (!rule->path.ptr || path_exists(r->m, &type->shape, rule->path));
	}
	return of;
}

static void
read_rule(struct reading *r, const struct value *v, struct search_rule *rule)
{
	static const str keys[] = { S_INIT("champ"), S_INIT("attribut"), S_INIT("valeur"), S_INIT("sinon"), S_INIT("parmi"), S_INIT("etat"), S_INIT("types"),
		S_INIT("min"), S_INIT("max") };

	if (v->kind == VALUE_SCALAR) {
		rule->path = v->as.text;
		check_path(r, v, rule->path);
		rule->of = types_of(r, rule);
		return;
	}
	rule->of = arena_array(r->out, bool, r->m->n_types);
	if (!check_keys(r, v, keys, sizeof keys / sizeof *keys))
		return;
	rule->path = read_text(r, value_get(v, S("champ")));
	rule->attribute = read_text(r, value_get(v, S("attribut")));
	rule->value = read_text(r, value_get(v, S("valeur")));
	rule->otherwise = read_text(r, value_get(v, S("sinon")));
	rule->among = read_texts(r, value_get(v, S("parmi")), &rule->n_among);
	rule->states = read_texts(r, value_get(v, S("etat")), &rule->n_states);
	rule->types = read_type_names(r, value_get(v, S("types")), &rule->n_types);
	rule->has_min = read_number(r, value_get(v, S("min")), &rule->min);
	rule->has_max = read_number(r, value_get(v, S("max")), &rule->max);
	if (rule->path.ptr)
		check_path(r, v, rule->path);
	else if (!rule->otherwise.ptr)
		expect(r, v, "champ: …, sinon: …");
	rule->of = types_of(r, rule);
}

static void
read_rules(struct reading *r, const struct value *v, struct search_facet *f)
{
	uint32_t n = v->kind == VALUE_LIST ? v->as.list.len : 1;

	f->rules = arena_array(r->out, struct search_rule, n);
	f->n_rules = n;
	for (uint32_t i = 0; i < n; i++)
		read_rule(r, v->kind == VALUE_LIST ? &v->as.list.items[i] : v, &f->rules[i]);
}

static void
read_words(struct reading *r, const struct value *v, struct search_facet *f)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP) {
		expect(r, v, "clé: libellé");
		return;
	}
	f->words = arena_array(r->out, struct search_word, v->as.map.len);
	for (uint32_t i = 0; i < v->as.map.len; i++)
		f->words[f->n_words++] = (struct search_word){ v->as.map.pairs[i].key, &v->as.map.pairs[i].value };
}

static bool
has_word(const struct search_facet *f, str key)
{
	for (uint32_t i = 0; i < f->n_words; i++)
		if (str_equal(f->words[i].key, key))
			return true;
	return false;
}

/* A value given by name has a label. */
static void
check_words(struct reading *r, const struct value *v, const struct search_facet *f)
{
	for (uint32_t i = 0; i < f->n_rules; i++) {
		str given = f->rules[i].value.ptr ? f->rules[i].value : f->rules[i].otherwise;
		if (given.ptr && !has_word(f, given))
			diag_add(r->diag, SEARCH_LABEL, span_of(r, v), given);
	}
}

static void
read_facet(struct reading *r, const struct value_pair *p, struct search_facet *f)
{
	static const str keys[] = { S_INIT("de"), S_INIT("valeurs"), S_INIT("partout") };
	const struct value *of = p->value.kind == VALUE_MAP ? value_get(&p->value, S("de")) : &p->value;

	f->name = p->key;
	if (p->value.kind == VALUE_MAP && !check_keys(r, &p->value, keys, sizeof keys / sizeof *keys))
		return;
	if (!of) {
		expect(r, &p->value, "de: …");
		return;
	}
	read_rules(r, of, f);
	if (p->value.kind == VALUE_MAP) {
		f->everywhere = read_type_names(r, value_get(&p->value, S("partout")), &f->n_everywhere);
		read_words(r, value_get(&p->value, S("valeurs")), f);
	}
	check_words(r, &p->value, f);
}

static void
read_facets(struct reading *r, const struct value *v)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->as.map.len > SEARCH_MAX_FACETS) {
		expect(r, v, "nom: champ");
		return;
	}
	r->setup->facets = arena_array(r->out, struct search_facet, v->as.map.len);
	r->setup->n_facets = v->as.map.len;
	for (uint32_t i = 0; i < v->as.map.len; i++)
		read_facet(r, &v->as.map.pairs[i], &r->setup->facets[i]);
}

/* --- the rest --- */

static void
read_types(struct reading *r, const struct value *v)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP) {
		expect(r, v, "type: 1");
		return;
	}
	r->setup->types = arena_array(r->out, struct search_type, v->as.map.len);
	for (uint32_t i = 0; i < v->as.map.len; i++) {
		const struct value_pair *p = &v->as.map.pairs[i];
		struct search_type *t = &r->setup->types[r->setup->n_types++];
		t->name = p->key;
		check_type(r, (struct span){ r->file, p->key_start, p->key_end }, p->key);
		if (read_number(r, &p->value, &t->weight) && (t->weight < 0.1 || t->weight > 10))
			expect(r, &p->value, "0,1 … 10");
	}
}

static void
check_facet(struct reading *r, struct span at, str name)
{
	const struct search_setup *s = r->setup;
	str *names = arena_array(r->out, str, s->n_facets + 1);

	for (uint32_t i = 0; i < s->n_facets; i++) {
		if (str_equal(s->facets[i].name, name))
			return;
		names[i] = s->facets[i].name;
	}
	diag_add(r->diag, SEARCH_FACET, at, name, suggest_nearest(name, names, s->n_facets), str_join(r->out, names, s->n_facets, S(", ")));
}

/* After the facets. */
static void
read_behind(struct reading *r, const struct value *v)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->as.map.len != 1) {
		expect(r, v, "facette: valeur");
		return;
	}
	r->setup->behind_facet = v->as.map.pairs[0].key;
	check_facet(r, (struct span){ r->file, v->as.map.pairs[0].key_start, v->as.map.pairs[0].key_end }, r->setup->behind_facet);
	r->setup->behind_value = read_text(r, &v->as.map.pairs[0].value);
}

static void
read_towns(struct reading *r, const struct value *v)
{
	uint32_t n;
	str *paths = read_texts(r, v, &n);

	r->setup->towns = arena_array(r->out, struct search_towns, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		struct search_towns *t = &r->setup->towns[r->setup->n_towns++];
		if (str_cut(paths[i], '.', &t->type, &t->field))
			check_type(r, span_of(r, v), t->type);
		else
			expect(r, v, "type.champ");
	}
}

static void
read_journeys(struct reading *r, const struct value *v)
{
	static const str keys[] = { S_INIT("champs"), S_INIT("vers"), S_INIT("depuis"), S_INIT("sinon") };
	const struct value *otherwise;

	r->setup->journeys = read_paths(r, v && v->kind == VALUE_MAP ? value_get(v, S("champs")) : NULL);
	if (!v || !check_keys(r, v, keys, sizeof keys / sizeof *keys))
		return;
	r->setup->journey_to = read_text(r, value_get(v, S("vers")));
	otherwise = value_get(v, S("sinon"));
	r->setup->journey_else = read_text(r, otherwise);
	check_path(r, otherwise, r->setup->journey_else);
	read_towns(r, value_get(v, S("depuis")));
}

static void
read_all(struct reading *r, const struct value *v)
{
	static const str keys[] = { S_INIT("types"), S_INIT("commune"), S_INIT("position"), S_INIT("debut"), S_INIT("publie"), S_INIT("facettes"), S_INIT("apres"),
		S_INIT("trajets") };

	if (!check_keys(r, v, keys, sizeof keys / sizeof *keys))
		return;
	read_types(r, value_get(v, S("types")));
	r->setup->commune = read_paths(r, value_get(v, S("commune")));
	r->setup->place = read_paths(r, value_get(v, S("position")));
	r->setup->start = read_paths(r, value_get(v, S("debut")));
	r->setup->published = read_paths(r, value_get(v, S("publie")));
	read_facets(r, value_get(v, S("facettes")));
	read_behind(r, value_get(v, S("apres")));
	read_journeys(r, value_get(v, S("trajets")));
}

const struct search_setup *
search_read_setup(const struct model *m, struct source *source, struct arena *out, struct diag *diag, bool *ok)
{
	struct search_setup *setup = arena_new(out, struct search_setup);
	struct reading r = { setup, m, out, diag, 0 };
	uint32_t errors = diag->n_errors;
	struct source_file file;
	struct document doc;
	str bytes;

	*ok = true;
	if (!source_find(source, S(""), S("recherche.yaml"), &file))
		return NULL;
	r.file = file.file;
	if (source_read(source, &file, source->limits.content_file, out, diag, &bytes) &&
	    document_read(&doc, bytes, file.file, true, &document_limits_default, out, diag))
		read_all(&r, &doc.front);
	*ok = diag->n_errors == errors;
	return *ok ? setup : NULL;
}
