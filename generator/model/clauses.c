/* `si:`, `regles:` and `vie:`: what names fields of its shape. */
#include "model/typefile.h"

/* --- fields by path --- */

/* Does the path lead into a list? What is in a list has no single value. */
static bool
enters_list(const struct shape *shape, str path)
{
	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] == '.') {
			const struct field *f = model_path(shape, str_slice(path, 0, i));
			if (f && f->kind == FIELD_LIST)
				return true;
		}
	return false;
}

const struct field *
clause_field(struct loader *l, str key, const struct shape *shape, struct name_at path)
{
	const struct field *f = path.name.len ? model_path(shape, path.name) : NULL;
	str *names;

	if (f && enters_list(shape, path.name)) {
		type_error(l, TYPE_FIELD_KIND, path.at, key, path.name, S("hors d'une liste"), S("outside a list"));
		return NULL;
	}
	if (f || !path.name.len)
		return f;
	names = arena_array(l->tmp, str, shape->n_fields);
	for (uint32_t i = 0; i < shape->n_fields; i++)
		names[i] = shape->fields[i].name;
	type_unknown(l, (struct phrase){ str_cat(l->tmp, key, S(" : champ inconnu")), str_cat(l->tmp, key, S(": unknown field")) },
	    path.name, path.at, names, shape->n_fields);
	return NULL;
}

const struct field *
clause_field_of(struct loader *l, str key, const struct shape *shape, struct name_at path, uint32_t kinds, struct phrase what)
{
	const struct field *f = clause_field(l, key, shape, path);

	if (!f || KIND(f->kind) & kinds)
		return f;
	type_error(l, TYPE_FIELD_KIND, path.at, key, path.name, what.fr, what.en);
	return NULL;
}

/* --- conditions --- */

static bool
is_choice(const struct field *f, str key)
{
	for (uint32_t i = 0; i < f->n_values; i++)
		if (str_equal(f->values[i].key, key))
			return true;
	return false;
}

static str
boolean_word(str s)
{
	if (str_equal_fold(s, S("oui")) || str_equal_fold(s, S("true")))
		return S("true");
	return str_equal_fold(s, S("non")) || str_equal_fold(s, S("false")) ? S("false") : STR_NONE;
}

/* Checks a value that a field is compared with; booleans get one spelling. */
static void
check_compared(struct loader *l, const struct field *f, struct name_at *value)
{
	str *keys = arena_array(l->tmp, str, f->n_values);

	for (uint32_t i = 0; i < f->n_values; i++)
		keys[i] = f->values[i].key;
	if (f->kind == FIELD_ENUM && !is_choice(f, value->name))
		type_unknown(l, PHRASE("valeur inconnue", "unknown value"), value->name, value->at, keys, f->n_values);
	if (f->kind != FIELD_BOOLEAN)
		return;
	value->name = boolean_word(value->name);
	if (!value->name.len)
		type_refuse(l, f->name, value->at, PHRASE("oui ou non est attendu", "oui or non is expected"));
}

static void
read_term(struct loader *l, const struct shape *shape, struct node map, const struct value_pair *p, struct condition_term *t)
{
	struct names_at values = node_names(l, p->key, node_of(map, p));
	const struct field *f;

	*t = (struct condition_term){ { p->key, key_span_of(map, p) }, values.ptr, values.len };
	f = clause_field(l, S("si"), shape, t->path);
	if (f && f->kind == FIELD_LIST)
		f = f->element;
	for (uint32_t i = 0; f && i < t->n_values; i++)
		check_compared(l, f, &t->values[i]);
}

static struct condition *
read_condition(struct loader *l, const struct shape *shape, struct node n)
{
	struct condition *c = arena_new(l->out, struct condition);

	if (!node_is_map(l, S("si"), n))
		return c;
	c->n_terms = n.v->as.map.len;
	c->terms = arena_array(l->out, struct condition_term, c->n_terms);
	for (uint32_t i = 0; i < c->n_terms; i++)
		read_term(l, shape, n, &n.v->as.map.pairs[i], &c->terms[i]);
	return c;
}

void
clause_condition(struct loader *l, const struct pending *p)
{
	p->own->self->condition = read_condition(l, p->shape, p->node);
}

/* --- rules --- */

static void
read_when(struct loader *l, const struct shape *shape, struct node n, struct rule *r)
{
	static const str keys[] = { S_INIT("champ"), S_INIT("si") };
	const struct value_pair *field = value_pair(n.v, S("champ")), *when = value_pair(n.v, S("si"));

	if (!node_is_map(l, S("regles"), n) || !node_keys(l, n, keys, 2))
		return;
	if (!field || !when) {
		type_error(l, TYPE_MISSING_KEY, node_span(n), field ? S("si") : S("champ"), S("regles"));
		return;
	}
	r->fields.ptr = arena_new(l->out, struct name_at);
	r->fields.ptr[0] = node_name(l, S("champ"), node_of(n, field));
	r->fields.len = clause_field(l, S("champ"), shape, r->fields.ptr[0]) != NULL;
	r->when = read_condition(l, shape, node_of(n, when));
}

static void
read_fields(struct loader *l, str key, const struct shape *shape, struct node n, uint32_t kinds, struct phrase what, struct rule *r)
{
	struct names_at names = node_names(l, key, n);

	for (uint32_t i = 0; i < names.len; i++)
		if (!clause_field_of(l, key, shape, names.ptr[i], kinds, what))
			return;
	if (names.len < 2)
		type_refuse(l, key, node_span(n), PHRASE("une liste d'au moins deux champs est attendue", "a list of at least two fields is expected"));
	else
		r->fields = names;
}

static void
read_order(struct loader *l, const struct shape *shape, struct node n, struct rule *r)
{
	read_fields(l, S("avant"), shape, n, KINDS_DATE | KINDS_NUMBER, PHRASE("une date ou un nombre", "a date or a number"), r);
}

static void
read_one_of(struct loader *l, const struct shape *shape, struct node n, struct rule *r)
{
	read_fields(l, S("un_parmi"), shape, n, KINDS_ALL, PHRASE("un champ", "a field"), r);
}

static void
read_sum(struct loader *l, const struct shape *shape, struct node n, struct rule *r)
{
	static const str keys[] = { S_INIT("champs"), S_INIT("egale"), S_INIT("max") };
	const struct phrase what = PHRASE("un nombre", "a number");
	const struct value_pair *fields = value_pair(n.v, keys[0]), *total = value_pair(n.v, keys[1]), *max = value_pair(n.v, keys[2]);

	if (!node_is_map(l, S("somme"), n) || !node_keys(l, n, keys, 3))
		return;
	if (!fields || (!total && !max)) {
		type_error(l, TYPE_MISSING_KEY, node_span(n), fields ? S("egale") : S("champs"), S("somme"));
		return;
	}
	read_fields(l, S("somme"), shape, node_of(n, fields), KINDS_NUMBER, what, r);
	if (total && (r->total = node_name(l, S("egale"), node_of(n, total))).name.len)
		clause_field_of(l, S("egale"), shape, r->total, KINDS_NUMBER, what);
	if (!max)
		return;
	r->max_field = node_name(l, S("max"), node_of(n, max));
	r->has_max = str_to_number(r->max_field.name, &r->max);
	if (r->has_max)
		r->max_field.name = STR_NONE;
	else
		clause_field_of(l, S("max"), shape, r->max_field, KINDS_NUMBER, what);
}

static const struct rule_name {
	str name;
	enum rule_kind kind;
	void (*read)(struct loader *l, const struct shape *shape, struct node n, struct rule *r);
} rule_names[] = {
	{ S_INIT("requis_si"), RULE_REQUIRED_IF, read_when }, { S_INIT("interdit_si"), RULE_FORBIDDEN_IF, read_when },
	{ S_INIT("avant"), RULE_ORDER, read_order }, { S_INIT("un_parmi"), RULE_ONE_OF, read_one_of }, { S_INIT("somme"), RULE_SUM, read_sum },
};
#define N_RULES (sizeof rule_names / sizeof *rule_names)

static const struct rule_name *
find_rule(struct loader *l, struct node map, const struct value_pair *p)
{
	str names[N_RULES];

	for (size_t i = 0; i < N_RULES; i++) {
		names[i] = rule_names[i].name;
		if (str_equal(names[i], p->key))
			return &rule_names[i];
	}
	type_unknown(l, PHRASE("règle inconnue", "unknown rule"), p->key, key_span_of(map, p), names, N_RULES);
	return NULL;
}

static void
read_rule(struct loader *l, struct shape *shape, struct node n, struct rule *out)
{
	const struct rule_name *name;
	struct rule r = { .at = node_span(n) };

	if (n.v->kind != VALUE_MAP || n.v->as.map.len != 1) {
		type_refuse(l, S("regles"), node_span(n), PHRASE("une règle s'écrit « - avant: [debut, fin] »", "a rule is written '- avant: [debut, fin]'"));
		return;
	}
	name = find_rule(l, n, &n.v->as.map.pairs[0]);
	if (!name)
		return;
	r.kind = name->kind;
	name->read(l, shape, node_of(n, &n.v->as.map.pairs[0]), &r);
	if (!r.fields.len)
		return;
	*out = r;
	shape->n_rules++;
}

/* Adds to the rules that are there: those of an extension come after. */
void
clause_rules(struct loader *l, const struct pending *p)
{
	struct shape *shape = p->shape;
	struct rule *before = shape->rules;

	if (p->node.v->kind != VALUE_LIST) {
		type_refuse(l, S("regles"), node_span(p->node), PHRASE("une liste est attendue", "a list is expected"));
		return;
	}
	shape->rules = arena_array(l->out, struct rule, shape->n_rules + p->node.v->as.list.len);
	for (uint32_t i = 0; i < shape->n_rules; i++)
		shape->rules[i] = before[i];
	for (uint32_t i = 0; i < p->node.v->as.list.len; i++)
		read_rule(l, shape, (struct node){ p->node.file, &p->node.v->as.list.items[i] }, &shape->rules[shape->n_rules]);
}

/* --- life --- */

static const struct { str name; enum life_when when; } moments[] = {
	{ S_INIT("avant"), LIFE_BEFORE }, { S_INIT("pendant"), LIFE_DURING }, { S_INIT("apres"), LIFE_AFTER },
};

static bool
read_moment(struct loader *l, struct node n, enum life_when *when)
{
	struct name_at name = node_name(l, S("quand"), n);
	str names[3];

	for (size_t i = 0; i < 3; i++) {
		names[i] = moments[i].name;
		if (str_equal(name.name, names[i])) {
			*when = moments[i].when;
			return true;
		}
	}
	if (name.name.len)
		type_unknown(l, PHRASE("moment inconnu", "unknown moment"), name.name, name.at, names, 3);
	return false;
}

static void
read_editor_state(struct loader *l, const struct field *editor, struct node n, struct life_state *s)
{
	struct name_at value = node_name(l, S("champ"), n);

	s->when = LIFE_BY_EDITOR;
	s->editor_value = value.name;
	if (!editor)
		type_refuse(l, S("champ"), node_span(n), PHRASE("la clé « champ » de « vie » manque", "the key 'champ' of 'vie' is missing"));
	else
		check_compared(l, editor, &value);
}

/* The label of the enumeration's value of the same name, unless the state has its own. */
static str
state_label(const struct field *editor, str name)
{
	for (uint32_t i = 0; editor && i < editor->n_values; i++)
		if (str_equal(editor->values[i].key, name))
			return editor->values[i].label;
	return name;
}

static bool
read_state(struct loader *l, const struct life *life, const struct field *editor, struct node map, const struct value_pair *p, struct life_state *s)
{
	static const str keys[] = { S_INIT("quand"), S_INIT("champ"), S_INIT("publie"), S_INIT("liste"), S_INIT("libelle") };
	struct node n = node_of(map, p);
	const struct value_pair *when = value_pair(n.v, keys[0]), *value = value_pair(n.v, keys[1]), *published = value_pair(n.v, keys[2]),
	                        *listed = value_pair(n.v, keys[3]), *label = value_pair(n.v, keys[4]);

	*s = (struct life_state){ .name = p->key, .published = true, .listed = true };
	if (!node_is_map(l, p->key, n) || !node_keys(l, n, keys, 5))
		return false;
	if (!when == !value) {
		type_refuse(l, p->key, key_span_of(map, p), PHRASE("un état a soit « quand », soit « champ »", "a state has either 'quand' or 'champ'"));
		return false;
	}
	if (when && !read_moment(l, node_of(n, when), &s->when))
		return false;
	if (value)
		read_editor_state(l, editor, node_of(n, value), s);
	if ((s->when == LIFE_BEFORE && !life->start.len) || (s->when == LIFE_AFTER && !life->end.len))
		type_refuse(l, p->key, key_span_of(map, p), PHRASE("« avant » demande « debut », « apres » demande « fin »", "'avant' needs 'debut', 'apres' needs 'fin'"));
	if (published)
		node_bool(l, keys[2], node_of(n, published), &s->published);
	if (listed)
		node_bool(l, keys[3], node_of(n, listed), &s->listed);
	s->label = state_label(editor, value ? s->editor_value : p->key);
	if (label)
		node_text(l, keys[4], node_of(n, label), &s->label);
	return true;
}

static str
read_life_date(struct loader *l, const struct shape *shape, struct node map, str key)
{
	const struct value_pair *p = value_pair(map.v, key);
	struct name_at path;

	if (!p)
		return STR_NONE;
	path = node_name(l, key, node_of(map, p));
	clause_field_of(l, key, shape, path, KINDS_DATE, PHRASE("une date", "a date"));
	return path.name;
}

static const struct field *
read_editor(struct loader *l, const struct shape *shape, struct node map, struct life *life)
{
	const struct value_pair *p = value_pair(map.v, S("champ"));
	struct name_at path;
	const struct field *f;

	if (!p)
		return NULL;
	path = node_name(l, S("champ"), node_of(map, p));
	f = clause_field_of(l, S("champ"), shape, path, KIND(FIELD_ENUM), PHRASE("de type enum", "of type enum"));
	if (f)
		life->editor = path.name;
	return f;
}

void
clause_life(struct loader *l, const struct pending *p)
{
	static const str keys[] = { S_INIT("debut"), S_INIT("fin"), S_INIT("champ"), S_INIT("etats") };
	struct life *life = arena_new(l->out, struct life);
	const struct value_pair *states = value_pair(p->node.v, S("etats"));
	const struct field *editor;

	if (!node_is_map(l, S("vie"), p->node) || !node_keys(l, p->node, keys, 4))
		return;
	if (!states || states->value.kind != VALUE_MAP) {
		type_error(l, TYPE_MISSING_KEY, node_span(p->node), S("etats"), S("vie"));
		return;
	}
	life->start = read_life_date(l, p->shape, p->node, S("debut"));
	life->end = read_life_date(l, p->shape, p->node, S("fin"));
	editor = read_editor(l, p->shape, p->node, life);
	life->states = arena_array(l->out, struct life_state, states->value.as.map.len);
	for (uint32_t i = 0; i < states->value.as.map.len; i++)
		if (read_state(l, life, editor, node_of(p->node, states), &states->value.as.map.pairs[i], &life->states[life->n_states]))
			life->n_states++;
	p->shape->life = life;
}
