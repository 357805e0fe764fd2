/* The definition of one field: a table of its keys, each with the kinds of field it may stand in. */
#include <string.h>

#include "model/typefile.h"

/* A field while its definition is read. */
struct defining {
	struct loader *l;
	struct shape *shape;
	struct field *f;
	bool extend;                 /* it exists: the definition may only tighten */
};

static void
refuse_extension(struct defining *d, struct node n, struct phrase what)
{
	type_error(d->l, TYPE_EXTENSION, node_span(n), d->f->name, what.fr, what.en);
}

static void
read_kind(struct defining *d, str key, struct node n)
{
	str text;

	if (d->extend && node_text(d->l, key, n, &text) && !str_equal(text, model_kinds[d->f->kind].name))
		refuse_extension(d, n, PHRASE("changer le type", "change the type"));
}

static void
read_label(struct defining *d, str key, struct node n)
{
	node_text(d->l, key, n, &d->f->label);
}

static void
read_help(struct defining *d, str key, struct node n)
{
	node_text(d->l, key, n, &d->f->help);
}

static void
read_unit(struct defining *d, str key, struct node n)
{
	node_text(d->l, key, n, &d->f->unit);
}

/* A promise of the definition that an extension may make, but not take back. */
static void
read_promise(struct defining *d, str key, struct node n, bool *promise)
{
	bool value;

	if (!node_bool(d->l, key, n, &value))
		return;
	if (d->extend && *promise && !value)
		refuse_extension(d, n, (struct phrase){ str_cat(d->l->tmp, S("lever « "), key, S(" »")), str_cat(d->l->tmp, S("take back '"), key, S("'")) });
	else
		*promise = value;
}

static void
read_required(struct defining *d, str key, struct node n)
{
	read_promise(d, key, n, &d->f->required);
}

static void
read_unique(struct defining *d, str key, struct node n)
{
	read_promise(d, key, n, &d->f->unique);
	if (d->f->unique && (d->shape != &d->l->type->shape || shape_field(d->shape, d->f->name) != d->f))
		type_refuse(d->l, key, node_span(n), PHRASE("seul un champ du premier niveau peut être unique", "only a field of the first level can be unique"));
}

static void
read_personal(struct defining *d, str key, struct node n)
{
	read_promise(d, key, n, &d->f->personal);
}

static void
read_export(struct defining *d, str key, struct node n)
{
	bool hidden = !d->f->exported, value;

	if (!node_bool(d->l, key, n, &value))
		return;
	if (d->extend && hidden && value)
		refuse_extension(d, n, PHRASE("exporter ce qui ne l'était pas", "export what was not exported"));
	else
		d->f->exported = value;
}

static void
read_of_text(struct defining *d, str key, struct node n)
{
	read_promise(d, key, n, &d->f->of_text);
}

static void
read_search(struct defining *d, str key, struct node n)
{
	static const str names[] = { S_INIT("non"), S_INIT("texte"), S_INIT("mot"), S_INIT("commune"), S_INIT("titre") };
	str text;

	if (!node_text(d->l, key, n, &text))
		return;
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (str_equal(names[i], text)) {
			d->f->search = (enum search_class)(SEARCH_NONE + i);
			return;
		}
	type_unknown(d->l, PHRASE("valeur inconnue", "unknown value"), text, node_span(n), names, sizeof names / sizeof *names);
}

static void
read_confidential(struct defining *d, str key, struct node n)
{
	static const str keys[] = { S_INIT("seuil") };
	const struct value_pair *p;
	double threshold;

	if (!node_is_map(d->l, key, n) || !node_keys(d->l, n, keys, 1))
		return;
	p = value_pair(n.v, S("seuil"));
	if (!p || !node_number(d->l, S("seuil"), node_of(n, p), &threshold))
		return;
	if (threshold < 1 || threshold > 1000000)
		type_refuse(d->l, S("seuil"), node_span(n), PHRASE("un nombre positif est attendu", "a positive number is expected"));
	else if (d->extend && threshold < d->f->confidential_below)
		refuse_extension(d, n, PHRASE("abaisser le seuil", "lower the threshold"));
	else
		d->f->confidential_below = (uint32_t)threshold;
}

static void
read_translation(struct defining *d, str key, struct node n)
{
	static const str names[] = { S_INIT("requise"), S_INIT("repli"), S_INIT("commune") };
	str text;

	if (!node_text(d->l, key, n, &text))
		return;
	for (unsigned i = 0; i < 3; i++)
		if (str_equal(text, names[i])) {
			d->f->translation = (enum translation_policy)i;
			d->f->own->has_translation = true;
			return;
		}
	type_unknown(d->l, PHRASE("valeur inconnue", "unknown value"), text, node_span(n), names, 3);
}

static bool
read_bound(struct defining *d, str key, struct node n, double *bound)
{
	day date;

	if (!(KIND(d->f->kind) & KINDS_DATE))
		return node_number(d->l, key, n, bound);
	if (n.v->kind == VALUE_SCALAR && date_parse(n.v->as.text, &date) == DATE_OK) {
		*bound = date;
		return true;
	}
	type_refuse(d->l, key, node_span(n), PHRASE("une date AAAA-MM-JJ est attendue", "a date YYYY-MM-DD is expected"));
	return false;
}

static void
read_min(struct defining *d, str key, struct node n)
{
	double bound;

	if (!read_bound(d, key, n, &bound))
		return;
	if (d->extend && d->f->has_min && bound < d->f->min)
		refuse_extension(d, n, PHRASE("abaisser le minimum", "lower the minimum"));
	else {
		d->f->has_min = true;
		d->f->min = bound;
	}
}

static void
read_max(struct defining *d, str key, struct node n)
{
	double bound;

	if (!read_bound(d, key, n, &bound))
		return;
	if (d->extend && d->f->has_max && bound > d->f->max)
		refuse_extension(d, n, PHRASE("relever le maximum", "raise the maximum"));
	else {
		d->f->has_max = true;
		d->f->max = bound;
	}
}

static void
read_pattern(struct defining *d, str key, struct node n)
{
	struct phrase why;
	size_t at;
	str text;

	if (!node_text(d->l, key, n, &text))
		return;
	if (d->extend && d->f->own->pattern && !str_equal(text, d->f->pattern)) {
		refuse_extension(d, n, PHRASE("remplacer le motif", "replace the pattern"));
		return;
	}
	d->f->pattern = text;
	d->f->own->pattern = pattern_compile(text, d->l->out, &why, &at);
	if (!d->f->own->pattern)
		type_error(d->l, TYPE_PATTERN, node_span(n), text, why.fr, why.en, str_format(d->l->tmp, "%zu", at + 1));
}

static void
read_pattern_help(struct defining *d, str key, struct node n)
{
	node_text(d->l, key, n, &d->f->pattern_help);
}

static bool
is_enum_key(str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(i && (c == '_' || c == '-')))
			return false;
	}
	return s.len > 0;
}

static struct enum_value *
enum_value(struct defining *d, const struct value_pair *p)
{
	struct field *f = d->f;

	for (uint32_t i = 0; i < f->n_values; i++)
		if (str_equal(f->values[i].key, p->key))
			return &f->values[i];
	f->values[f->n_values] = (struct enum_value){ .key = p->key, .label = p->key };
	return &f->values[f->n_values++];
}

static void
read_attributes(struct defining *d, struct enum_value *e, struct node n)
{
	for (uint32_t i = 0; i < n.v->as.map.len; i++) {
		const struct value_pair *p = &n.v->as.map.pairs[i];
		str *text = arena_new(d->l->out, str);
		if (!node_text(d->l, p->key, node_of(n, p), text))
			continue;
		if (str_equal(p->key, S("libelle")))
			e->label = *text;
		else
			map_set(d->l->out, &e->attributes, p->key, text);
	}
}

static void
read_enum_value(struct defining *d, struct node values, const struct value_pair *p)
{
	struct node n = node_of(values, p);

	if (!is_enum_key(p->key))
		type_refuse(d->l, p->key, key_span_of(values, p), PHRASE("la clé d'une valeur s'écrit en minuscules sans accent, chiffres, _ et -",
		    "the key of a value has lower-case ASCII letters, digits, _ and -"));
	else if (n.v->kind == VALUE_MAP)
		read_attributes(d, enum_value(d, p), n);
	else
		node_text(d->l, p->key, n, &enum_value(d, p)->label);
}

static void
read_values(struct defining *d, str key, struct node n)
{
	struct enum_value *before = d->f->values;

	if (!node_is_map(d->l, key, n))
		return;
	if (!n.v->as.map.len)
		type_refuse(d->l, key, node_span(n), PHRASE("il faut au moins une valeur", "at least one value is needed"));
	d->f->values = arena_array(d->l->out, struct enum_value, d->f->n_values + n.v->as.map.len);
	if (before)
		memcpy(d->f->values, before, d->f->n_values * sizeof *before);
	for (uint32_t i = 0; i < n.v->as.map.len; i++)
		read_enum_value(d, n, &n.v->as.map.pairs[i]);
}

static void
resolve_targets(struct loader *l, const struct pending *p)
{
	struct names_at names = node_names(l, S("ref"), p->node);
	struct field *f = p->own->self;

	f->targets = arena_array(l->out, const struct type *, names.len);
	f->n_targets = 0;
	for (uint32_t i = 0; i < names.len; i++) {
		const struct type *t = map_get(&l->m->by_name, names.ptr[i].name);
		str *all = arena_array(l->tmp, str, l->m->n_types);
		for (uint32_t k = 0; k < l->m->n_types; k++)
			all[k] = l->m->types[k]->name;
		if (!t)
			type_unknown(l, PHRASE("type inconnu", "unknown type"), names.ptr[i].name, names.ptr[i].at, all, l->m->n_types);
		else if (t->single_file.len)
			type_refuse(l, S("ref"), names.ptr[i].at, PHRASE("ce type ne décrit qu'un seul fichier", "this type describes a single file"));
		else
			f->targets[f->n_targets++] = t;
	}
}

static void
read_ref(struct defining *d, str key, struct node n)
{
	(void)key;
	if (d->extend)
		refuse_extension(d, n, PHRASE("changer « ref »", "change 'ref'"));
	else
		defer(d->l, PHASE_NAMES, resolve_targets, d->shape, d->f->own, n);
}

/* What is said of a field's presence or of who may read it is said of the list: an element has no say of its own. */
static void
refuse_list_keys(struct defining *d, struct node n)
{
	static const str keys[] = { S_INIT("personnel"), S_INIT("confidentiel"), S_INIT("export"), S_INIT("traduction"), S_INIT("si"), S_INIT("requis") };

	for (size_t i = 0; i < sizeof keys / sizeof *keys && n.v->kind == VALUE_MAP; i++)
		if (value_pair(n.v, keys[i]))
			type_refuse(d->l, keys[i], node_span(node_of(n, value_pair(n.v, keys[i]))),
			    PHRASE("cela se dit de la liste, à côté de « de »", "this is said of the list, beside 'de'"));
}

static void
read_element(struct defining *d, str key, struct node n)
{
	struct field *element = d->f->element;

	(void)key;
	refuse_list_keys(d, n);
	if (element && n.v->kind == VALUE_SCALAR) {
		struct defining inner = { d->l, d->shape, element, true };
		read_kind(&inner, S("de"), n);
	} else if (element)
		field_extend(d->l, d->shape, element, n);
	else {
		element = arena_new(d->l->out, struct field);
		field_define(d->l, d->shape, element, d->f->name, node_span(n), n);
		d->f->element = element;
	}
	if (element && (element->kind == FIELD_LIST || element->kind == FIELD_VARIANT))
		type_refuse(d->l, S("de"), node_span(n), PHRASE("une liste tient des valeurs simples ou des objets", "a list holds simple values or objects"));
}

static struct shape *
own_shape(struct defining *d)
{
	if (!d->f->shape)
		d->f->shape = shape_new(d->l, str_cat(d->l->out, d->shape->name, S("."), d->f->name));
	return d->f->shape;
}

static void
read_fields(struct defining *d, str key, struct node n)
{
	(void)key;
	shape_read_fields(d->l, own_shape(d), n);
}

static void
read_fragment(struct defining *d, str key, struct node n)
{
	struct name_at name = node_name(d->l, key, n);

	if (d->extend)
		refuse_extension(d, n, PHRASE("changer « objet »", "change 'objet'"));
	else if (name.name.len) {
		own_shape(d)->name = name.name;
		shape_add_fragment(d->l, own_shape(d), name);
	}
}

static void
read_rules(struct defining *d, str key, struct node n)
{
	(void)key;
	defer(d->l, PHASE_RULES, clause_rules, own_shape(d), NULL, n);
}

static void
read_life(struct defining *d, str key, struct node n)
{
	(void)key;
	if (d->extend)
		refuse_extension(d, n, PHRASE("changer « vie »", "change 'vie'"));
	else
		defer(d->l, PHASE_RULES, clause_life, own_shape(d), NULL, n);
}

static void
read_condition(struct defining *d, str key, struct node n)
{
	(void)key;
	if (d->extend && d->f->own->has_condition)
		refuse_extension(d, n, PHRASE("changer « si »", "change 'si'"));
	else
		defer(d->l, PHASE_RULES, clause_condition, d->shape, d->f->own, n);
	d->f->own->has_condition = true;
}

/* Read like a value of content; what does not fit is one error at the definition. */
static void
resolve_default(struct loader *l, const struct pending *p)
{
	static const str language = S_INIT("fr");
	struct diag quiet;
	struct reader r = { .m = l->m, .type = p->type, .languages = &language, .n_languages = 1, .out = l->out, .tmp = l->tmp, .diag = &quiet };
	struct field *f = p->own->self;
	struct val val = { 0 };

	diag_init(&quiet, l->tmp, l->diag->files);
	if (!reader_value(&r, f, p->node.v, &val) || val.kind == VAL_NONE)
		type_error(l, TYPE_DEFAULT, node_span(p->node), f->name, model_kinds[f->kind].noun.fr, model_kinds[f->kind].noun.en);
	else {
		f->default_value = p->node.v;
		val.start = val.end = 0;
		f->own->default_val = val;
	}
}

static void
read_default(struct defining *d, str key, struct node n)
{
	(void)key;
	defer(d->l, PHASE_DEFAULTS, resolve_default, d->shape, d->f->own, n);
}

/* `selon:` names the enum of the same shape; each of its values takes its case. */
static void
resolve_variant(struct loader *l, const struct pending *p)
{
	struct field *f = p->own->self;
	const struct field *by = clause_field_of(l, S("selon"), p->shape, node_name(l, S("selon"), p->node), KIND(FIELD_ENUM),
	    PHRASE("de type enum", "of type enum"));

	if (!by)
		return;
	f->variant_by = shape_field(p->shape, by->name);
	f->cases = arena_array(l->out, struct shape *, by->n_values);
	for (size_t i = 0; i < p->own->cases.len; i++) {
		const struct field_case *c = &p->own->cases.ptr[i];
		str *keys = arena_array(l->tmp, str, by->n_values);
		bool known = false;
		for (uint32_t k = 0; k < by->n_values; k++) {
			keys[k] = by->values[k].key;
			if (str_equal(keys[k], c->key.name)) {
				f->cases[k] = c->shape;
				known = true;
			}
		}
		if (!known)
			type_unknown(l, PHRASE("valeur inconnue", "unknown value"), c->key.name, c->key.at, keys, by->n_values);
	}
}

static void
read_variant_by(struct defining *d, str key, struct node n)
{
	(void)key;
	if (d->extend)
		refuse_extension(d, n, PHRASE("changer « selon »", "change 'selon'"));
	else
		defer(d->l, PHASE_NAMES, resolve_variant, d->shape, d->f->own, n);
}

static struct shape *
case_shape(struct defining *d, struct node cases, const struct value_pair *p)
{
	for (size_t i = 0; i < d->f->own->cases.len; i++)
		if (str_equal(d->f->own->cases.ptr[i].key.name, p->key))
			return d->f->own->cases.ptr[i].shape;
	*vec_push(d->l->out, &d->f->own->cases) = (struct field_case){ { p->key, key_span_of(cases, p) },
		shape_new(d->l, str_cat(d->l->out, d->shape->name, S("."), d->f->name, S("."), p->key)) };
	return d->f->own->cases.ptr[d->f->own->cases.len - 1].shape;
}

static void
read_case(struct defining *d, struct node cases, const struct value_pair *p)
{
	static const str keys[] = { S_INIT("champs"), S_INIT("objet"), S_INIT("regles") };
	struct node n = node_of(cases, p);
	struct shape *shape = case_shape(d, cases, p);
	const struct value_pair *part;

	if (n.v->kind == VALUE_NULL || !node_is_map(d->l, p->key, n) || !node_keys(d->l, n, keys, 3))
		return;
	if ((part = value_pair(n.v, S("objet"))))
		shape_add_fragment(d->l, shape, node_name(d->l, S("objet"), node_of(n, part)));
	if ((part = value_pair(n.v, S("champs"))))
		shape_read_fields(d->l, shape, node_of(n, part));
	if ((part = value_pair(n.v, S("regles"))))
		defer(d->l, PHASE_RULES, clause_rules, shape, NULL, node_of(n, part));
}

static void
read_cases(struct defining *d, str key, struct node n)
{
	if (!node_is_map(d->l, key, n))
		return;
	for (uint32_t i = 0; i < n.v->as.map.len; i++)
		read_case(d, n, &n.v->as.map.pairs[i]);
}

#define KINDS_BOUNDED (KINDS_NUMBER | KINDS_DATE | KIND(FIELD_TEXT) | KIND(FIELD_MARKDOWN) | KIND(FIELD_LIST))
#define KINDS_UNIQUE (KINDS_TEXT | KIND(FIELD_INTEGER) | KIND(FIELD_DATE) | KIND(FIELD_REF))
#define KINDS_PERSONAL (KINDS_ALL & ~(KIND(FIELD_OBJECT) | KIND(FIELD_VARIANT)))
#define KINDS_GROUP (KIND(FIELD_OBJECT) | KIND(FIELD_VARIANT))

static const struct field_key {
	str name;
	uint32_t kinds;
	void (*read)(struct defining *d, str key, struct node n);
} field_keys[] = {
	{ S_INIT("type"), KINDS_ALL, read_kind },
	{ S_INIT("libelle"), KINDS_ALL, read_label },
	{ S_INIT("aide"), KINDS_ALL, read_help },
	{ S_INIT("requis"), KINDS_ALL, read_required },
	{ S_INIT("defaut"), KINDS_ALL & ~KINDS_GROUP, read_default },
	{ S_INIT("min"), KINDS_BOUNDED, read_min },
	{ S_INIT("max"), KINDS_BOUNDED, read_max },
	{ S_INIT("motif"), KINDS_TEXT, read_pattern },
	{ S_INIT("motif_aide"), KINDS_TEXT, read_pattern_help },
	{ S_INIT("unique"), KINDS_UNIQUE, read_unique },
	{ S_INIT("si"), KINDS_ALL, read_condition },
	{ S_INIT("personnel"), KINDS_PERSONAL, read_personal },
	{ S_INIT("confidentiel"), KINDS_NUMBER, read_confidential },
	{ S_INIT("traduction"), KINDS_ALL, read_translation },
	{ S_INIT("export"), KINDS_ALL, read_export },
	{ S_INIT("unite"), KINDS_NUMBER, read_unit },
	{ S_INIT("recherche"), KINDS_ALL, read_search },
	{ S_INIT("du_texte"), KIND(FIELD_IMAGE), read_of_text },
	{ S_INIT("valeurs"), KIND(FIELD_ENUM), read_values },
	{ S_INIT("ref"), KIND(FIELD_REF), read_ref },
	{ S_INIT("de"), KIND(FIELD_LIST), read_element },
	{ S_INIT("objet"), KIND(FIELD_OBJECT), read_fragment },
	{ S_INIT("champs"), KIND(FIELD_OBJECT), read_fields },
	{ S_INIT("regles"), KIND(FIELD_OBJECT), read_rules },
	{ S_INIT("vie"), KIND(FIELD_OBJECT), read_life },
	{ S_INIT("cas"), KIND(FIELD_VARIANT), read_cases },
	{ S_INIT("selon"), KIND(FIELD_VARIANT), read_variant_by },
};
#define N_FIELD_KEYS (sizeof field_keys / sizeof *field_keys)

static void
unknown_key(struct defining *d, struct node map, const struct value_pair *p)
{
	str names[N_FIELD_KEYS];
	size_t n = 0;

	for (size_t i = 0; i < N_FIELD_KEYS; i++)
		if (field_keys[i].kinds & KIND(d->f->kind))
			names[n++] = field_keys[i].name;
	type_error(d->l, TYPE_UNKNOWN_KEY, key_span_of(map, p), p->key, names_nearest(p->key, names, n), names_list(d->l->tmp, names, n));
}

static void
read_keys(struct defining *d, struct node map)
{
	for (uint32_t i = 0; i < map.v->as.map.len; i++) {
		const struct value_pair *p = &map.v->as.map.pairs[i];
		const struct field_key *key = NULL;
		for (size_t k = 0; k < N_FIELD_KEYS && !key; k++)
			if (str_equal(field_keys[k].name, p->key) && field_keys[k].kinds & KIND(d->f->kind))
				key = &field_keys[k];
		if (key)
			key->read(d, p->key, node_of(map, p));
		else
			unknown_key(d, map, p);
	}
}

static bool
find_kind(struct loader *l, struct node n, enum field_kind *kind)
{
	str text, names[FIELD_N_KINDS];

	if (!node_text(l, S("type"), n, &text))
		return false;
	for (unsigned i = 0; i < FIELD_N_KINDS; i++) {
		names[i] = model_kinds[i].name;
		if (str_equal(names[i], text)) {
			*kind = (enum field_kind)i;
			return true;
		}
	}
	type_unknown(l, PHRASE("type de champ inconnu", "unknown type of field"), text, node_span(n), names, FIELD_N_KINDS);
	return false;
}

/* A kind that means nothing without this key. */
static void
check_complete(struct defining *d, struct node n)
{
	static const struct { enum field_kind kind; const char *key, *or_key; } needs[] = {
		{ FIELD_ENUM, "valeurs", NULL }, { FIELD_REF, "ref", NULL }, { FIELD_LIST, "de", NULL }, { FIELD_OBJECT, "champs", "objet" },
		{ FIELD_VARIANT, "selon", NULL }, { FIELD_VARIANT, "cas", NULL },
	};

	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		if (needs[i].kind == d->f->kind && !value_pair(n.v, str_from_c(needs[i].key)) && !(needs[i].or_key && value_pair(n.v, str_from_c(needs[i].or_key))))
			type_error(d->l, TYPE_MISSING_KEY, d->f->span, str_from_c(needs[i].key), d->f->name);
}

/* The kind of a definition, after a diagnostic false. */
static bool
read_own_kind(struct loader *l, struct field *f, struct node n)
{
	const struct value_pair *kind = value_pair(n.v, S("type"));

	if (n.v->kind == VALUE_SCALAR)
		return find_kind(l, n, &f->kind);
	if (n.v->kind != VALUE_MAP)
		return node_is_map(l, f->name, n);
	if (kind)
		return find_kind(l, node_of(n, kind), &f->kind);
	type_error(l, TYPE_MISSING_KEY, f->span, S("type"), f->name);
	return false;
}

/* A definition in error still makes a field, a text, so that what names it is no second error. */
void
field_define(struct loader *l, struct shape *shape, struct field *f, str name, struct span at, struct node n)
{
	struct defining d = { l, shape, f, false };

	*f = (struct field){ .name = name, .label = name, .exported = true, .span = at };
	f->own = arena_new(l->out, struct field_own);
	if (!read_own_kind(l, f, n))
		return;
	if (n.v->kind == VALUE_MAP)
		read_keys(&d, n);
	check_complete(&d, n);
	if (f->kind == FIELD_OBJECT)
		own_shape(&d);
	else if (f->kind == FIELD_LIST && !f->element) {
		f->element = arena_new(l->out, struct field);
		*f->element = (struct field){ .name = name, .label = name, .own = arena_new(l->out, struct field_own), .span = at };
	}
}

void
field_extend(struct loader *l, struct shape *shape, struct field *f, struct node n)
{
	struct defining d = { l, shape, f, true };

	if (node_is_map(l, f->name, n))
		read_keys(&d, n);
}
