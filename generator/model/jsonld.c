/* `jsonld:`: its names are checked when types are loaded, so that a misspelt path is an error and not a missing property.
 * What it means is the business of script/jsonld.c. */
#include "model/typefile.h"

/* What paths start from: one shape, or those of several types. */
struct ground {
	const struct shape *shapes[16];
	uint32_t n;
	bool item;                   /* an item: url, slug, etat … may be read too */
	bool scalar;                 /* an element without fields: only "." */
};

static void
ground_of(const struct field *f, struct ground *g)
{
	*g = (struct ground){ 0 };
	if (f->kind == FIELD_LIST)
		f = f->element;
	g->item = f->kind == FIELD_REF;
	g->scalar = f->kind != FIELD_REF && f->kind != FIELD_OBJECT && f->kind != FIELD_GEO;
	if (f->kind == FIELD_OBJECT)
		g->shapes[g->n++] = f->shape;
	for (uint32_t i = 0; i < f->n_targets && i < 16; i++)
		g->shapes[g->n++] = &f->targets[i]->shape;
}

static bool
is_item_name(str s)
{
	static const str names[] = { S_INIT("url"), S_INIT("url_absolue"), S_INIT("slug"), S_INIT("etat"), S_INIT("corps"), S_INIT("langue") };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_equal(s, names[i]))
			return true;
	return false;
}

static const struct field *
ground_field(const struct ground *g, str name)
{
	for (uint32_t i = 0; i < g->n; i++) {
		const struct field *f = model_field(g->shapes[i], name);
		if (f)
			return f;
	}
	return NULL;
}

static bool
path_exists(const struct ground *from, str path)
{
	struct ground g = *from;
	str name, rest;
	bool more;

	if (str_equal(path, S(".")))
		return true;
	do {
		const struct field *f;
		more = str_cut(path, '.', &name, &rest);
		f = ground_field(&g, name);
		if (!f)
			return !more && g.item && is_item_name(name);
		if (more && f->kind == FIELD_GEO)
			return str_equal(rest, S("lat")) || str_equal(rest, S("lon"));
		ground_of(f, &g);
		path = rest;
	} while (more && !g.scalar);
	return !more;
}

static void
check_path(struct loader *l, const struct ground *g, struct name_at path)
{
	str names[64];
	size_t n = 0;

	if (!path.name.len || path_exists(g, path.name))
		return;
	for (uint32_t i = 0; i < g->n; i++)
		for (uint32_t k = 0; k < g->shapes[i]->n_fields && n < 64; k++)
			names[n++] = g->shapes[i]->fields[k].name;
	type_unknown(l, PHRASE("jsonld : champ inconnu", "jsonld: unknown field"), path.name, path.at, names, n);
}

static void
check_paths(struct loader *l, const struct ground *g, struct node n)
{
	struct names_at paths = node_names(l, S("jsonld"), n);

	for (uint32_t i = 0; i < paths.len; i++)
		check_path(l, g, paths.ptr[i]);
}

static void
check_constant(struct loader *l, struct node n)
{
	if (n.v->kind != VALUE_SCALAR)
		type_refuse(l, S("jsonld"), node_span(n), PHRASE("« valeur » est un texte, true ou false", "'valeur' is a text, true or false"));
}

static void
check_choice(struct loader *l, const struct ground *g, struct node n)
{
	static const str keys[] = { S_INIT("champ"), S_INIT("valeurs"), S_INIT("defaut"), S_INIT("attribut") };
	const struct value_pair *p = value_pair(n.v, S("champ"));

	if (node_keys(l, n, keys, 4) && p)
		check_paths(l, g, node_of(n, p));
}

static void check_property(struct loader *l, const struct ground *g, struct node n, int depth);

/* A node: `type`, `pour`, and properties. */
static void
check_node(struct loader *l, const struct ground *g, struct node n, int depth)
{
	const struct value_pair *each = value_pair(n.v, S("pour"));
	struct ground inner = *g;
	const struct field *f;

	if (each && node_of(n, each).v->kind == VALUE_SCALAR) {
		check_paths(l, g, node_of(n, each));
		f = ground_field(g, each->value.as.text);
		if (!f)
			return;
		ground_of(f, &inner);
	}
	for (uint32_t i = 0; i < n.v->as.map.len; i++) {
		const struct value_pair *p = &n.v->as.map.pairs[i];
		if (!str_equal(p->key, S("type")) && !str_equal(p->key, S("pour")))
			check_property(l, &inner, node_of(n, p), depth + 1);
	}
}

static struct node
node_element(struct node list, uint32_t i)
{
	return (struct node){ list.file, &list.v->as.list.items[i] };
}

static bool
is_list(struct loader *l, struct node n)
{
	if (n.v->kind != VALUE_LIST)
		type_refuse(l, S("jsonld"), node_span(n), PHRASE("une liste est attendue", "a list is expected"));
	return n.v->kind == VALUE_LIST;
}

/* `tous: [property, …]` */
static void
check_all(struct loader *l, const struct ground *g, struct node n, int depth)
{
	struct node all = node_of(n, value_pair(n.v, S("tous")));

	if (!node_keys(l, n, (const str[]){ S("tous") }, 1) || !is_list(l, all))
		return;
	for (uint32_t i = 0; i < all.v->as.list.len; i++)
		check_property(l, g, node_element(all, i), depth + 1);
}

/* `cas: [{si: [path, …], valeur: x}, …]` */
static void
check_cases(struct loader *l, const struct ground *g, struct node n)
{
	static const str keys[] = { S_INIT("si"), S_INIT("valeur") };
	struct node cases = node_of(n, value_pair(n.v, S("cas")));

	if (!node_keys(l, n, (const str[]){ S("cas") }, 1) || !is_list(l, cases))
		return;
	for (uint32_t i = 0; i < cases.v->as.list.len; i++) {
		struct node one = node_element(cases, i);
		if (!node_is_map(l, S("cas"), one) || !node_keys(l, one, keys, 2))
			continue;
		for (int k = 0; k < 2; k++)
			if (!value_pair(one.v, keys[k]))
				type_error(l, TYPE_MISSING_KEY, node_span(one), keys[k], S("cas"));
		if (value_pair(one.v, keys[1]))
			check_constant(l, node_of(one, value_pair(one.v, keys[1])));
		if (value_pair(one.v, keys[0]) && is_list(l, node_of(one, value_pair(one.v, keys[0]))))
			check_paths(l, g, node_of(one, value_pair(one.v, keys[0])));
	}
}

static void
check_day_end(struct loader *l, const struct ground *g, struct node n)
{
	static const str keys[] = { S_INIT("fin_du_jour") };

	if (node_keys(l, n, keys, 1))
		check_paths(l, g, node_of(n, value_pair(n.v, keys[0])));
}

static void
check_property(struct loader *l, const struct ground *g, struct node n, int depth)
{
	if (n.v->kind != VALUE_MAP)
		check_paths(l, g, n);
	else if (value_pair(n.v, S("valeur"))) {
		if (node_keys(l, n, (const str[]){ S("valeur") }, 1))
			check_constant(l, node_of(n, value_pair(n.v, S("valeur"))));
	}
	else if (value_pair(n.v, S("fin_du_jour")))
		check_day_end(l, g, n);
	else if (value_pair(n.v, S("cas")))
		check_cases(l, g, n);
	else if (value_pair(n.v, S("tous")) && depth < 8)
		check_all(l, g, n, depth);
	else if (value_pair(n.v, S("champ")))
		check_choice(l, g, n);
	else if (value_pair(n.v, S("type")) && depth < 8)
		check_node(l, g, n, depth);
	else
		type_refuse(l, S("jsonld"), node_span(n), PHRASE("un groupe a « type », « champ », « valeur », « tous », « cas » ou « fin_du_jour »", "a group has 'type', 'champ', 'valeur', 'tous', 'cas' or 'fin_du_jour'"));
}

static void
check_conditions(struct loader *l, const struct ground *g, struct node n)
{
	if (!node_is_map(l, S("si"), n))
		return;
	for (uint32_t i = 0; i < n.v->as.map.len; i++)
		check_path(l, g, (struct name_at){ n.v->as.map.pairs[i].key, key_span_of(n, &n.v->as.map.pairs[i]) });
}

/* What it asks for must be among the properties. */
static void
check_required(struct loader *l, struct node n, const struct value *properties)
{
	struct names_at names = node_names(l, S("requis"), n);
	uint32_t len = properties && properties->kind == VALUE_MAP ? properties->as.map.len : 0;
	str *all = arena_array(l->tmp, str, len + 1);

	for (uint32_t i = 0; i < len; i++)
		all[i] = properties->as.map.pairs[i].key;
	for (uint32_t i = 0; i < names.len; i++)
		if (!properties || !value_get(properties, names.ptr[i].name))
			type_unknown(l, PHRASE("jsonld : propriété inconnue", "jsonld: unknown property"), names.ptr[i].name, names.ptr[i].at, all, len);
}

void
clause_jsonld(struct loader *l, const struct pending *p)
{
	static const str keys[] = { S_INIT("type"), S_INIT("si"), S_INIT("proprietes"), S_INIT("requis") };
	const struct ground g = { .shapes = { &p->type->shape }, .n = 1, .item = true };
	const struct value_pair *type, *when, *properties, *required;

	if (!node_is_map(l, S("jsonld"), p->node) || !node_keys(l, p->node, keys, 4))
		return;
	type = value_pair(p->node.v, keys[0]);
	when = value_pair(p->node.v, keys[1]);
	properties = value_pair(p->node.v, keys[2]);
	required = value_pair(p->node.v, keys[3]);
	if (required)
		check_required(l, node_of(p->node, required), properties ? &properties->value : NULL);
	if (!type)
		type_error(l, TYPE_MISSING_KEY, node_span(p->node), S("type"), S("jsonld"));
	else if (type->value.kind == VALUE_MAP)
		check_choice(l, &g, node_of(p->node, type));
	if (when)
		check_conditions(l, &g, node_of(p->node, when));
	if (properties && node_is_map(l, S("proprietes"), node_of(p->node, properties)))
		for (uint32_t i = 0; i < properties->value.as.map.len; i++)
			check_property(l, &g, node_of(node_of(p->node, properties), &properties->value.as.map.pairs[i]), 0);
}
