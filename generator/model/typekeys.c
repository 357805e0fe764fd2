/* The keys of a type file: a table, read after the fields of all its layers. */
#include "model/typefile.h"

static void
read_type_name(struct loader *l, const struct pending *p)
{
	str text;

	if (node_text(l, S("type"), p->node, &text) && !str_equal(text, p->type->name))
		type_refuse(l, S("type"), node_span(p->node),
		    (struct phrase){ str_cat(l->tmp, S("le fichier s'appelle "), p->type->name, S(".yaml")), str_cat(l->tmp, S("the file is named "), p->type->name, S(".yaml")) });
}

static void
read_label(struct loader *l, const struct pending *p)
{
	node_text(l, S("nom"), p->node, &p->type->label);
}

static void
read_plural(struct loader *l, const struct pending *p)
{
	node_text(l, S("pluriel"), p->node, &p->type->plural);
}

static void
read_gender(struct loader *l, const struct pending *p)
{
	str text;

	if (!node_text(l, S("genre"), p->node, &text))
		return;
	if (!str_equal(text, S("f")) && !str_equal(text, S("m")))
		type_refuse(l, S("genre"), node_span(p->node), PHRASE("m ou f est attendu", "m or f is expected"));
	p->type->feminine = str_equal(text, S("f"));
}

static str
underscored(struct arena *out, str s)
{
	char *c = arena_array(out, char, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		c[i] = s.ptr[i] == '-' ? '_' : s.ptr[i];
	return (str){ c, s.len };
}

static void
read_folder(struct loader *l, const struct pending *p)
{
	struct type *t = p->type, *other;

	if (!node_text(l, S("dossier"), p->node, &t->folder))
		return;
	other = map_get(&l->m->by_folder, t->folder);
	if (!name_is_slug(t->folder))
		type_refuse(l, S("dossier"), node_span(p->node), PHRASE("un dossier s'écrit en minuscules sans accent, chiffres et traits d'union",
		    "a folder has lower-case ASCII letters, digits and hyphens"));
	else if (other)
		type_error(l, TYPE_TWICE, node_span(p->node), S("le dossier"), S("folder"), t->folder, other->name);
	else
		map_set(l->out, &l->m->by_folder, t->folder, t);
	t->collection = underscored(l->out, t->folder);
}

static void
read_single_file(struct loader *l, const struct pending *p)
{
	str text;
	size_t slash;

	if (!node_text(l, S("singulier"), p->node, &text))
		return;
	if (!(str_ends(text, S(".yaml")) || str_ends(text, S(".md"))) || str_find_byte(text, '/', &slash))
		type_refuse(l, S("singulier"), node_span(p->node), PHRASE("un nom de fichier de content/ est attendu, en .yaml ou .md", "the name of a file of content/ is expected, .yaml or .md"));
	p->type->single_file = text;
	if (str_equal(text, S("site.yaml")))
		l->m->site_type = p->type;
}

static void
read_body(struct loader *l, const struct pending *p)
{
	str text;

	if (!node_text(l, S("corps"), p->node, &text))
		return;
	p->type->body = str_equal(text, S("markdown"));
	if (!p->type->body && !str_equal(text, S("interdit")))
		type_refuse(l, S("corps"), node_span(p->node), PHRASE("markdown ou interdit est attendu", "markdown or interdit is expected"));
}

static void
read_single_home(struct loader *l, const struct pending *p)
{
	node_bool(l, S("page_unique"), p->node, &p->type->single_home);
}

static void
read_reverse(struct loader *l, const struct pending *p)
{
	if (node_text(l, S("inverse"), p->node, &p->type->reverse) && !name_is_field(p->type->reverse))
		type_refuse(l, S("inverse"), node_span(p->node), PHRASE("un nom s'écrit en minuscules sans accent, chiffres et _", "a name has lower-case ASCII letters, digits and _"));
}

static void
check_placeholder(struct loader *l, const struct pending *p, str name)
{
	struct name_at path = { name, node_span(p->node) };

	if (str_equal(name, S("slug")) || str_equal(name, S("dossier")) || str_equal(name, S("langue")) || str_equal(name, S("mois")))
		return;
	clause_field_of(l, S("url"), &p->type->shape, path, KIND(FIELD_TEXT) | KIND(FIELD_ENUM) | KIND(FIELD_REF) | KIND(FIELD_INTEGER) | KINDS_DATE | KINDS_IDENTIFIER,
	    PHRASE("une valeur simple", "a simple value"));
}

static bool
is_address(str url)
{
	return str_starts(url, S("/")) && str_ends(url, S("/"));
}

static void
read_url(struct loader *l, const struct pending *p)
{
	struct type *t = p->type;
	size_t at, from = 0;

	if (!node_text(l, S("url"), p->node, &t->url))
		return;
	if (str_equal(t->url, S("non"))) {
		t->url = STR_NONE;
		return;
	}
	if (!is_address(t->url))
		type_refuse(l, S("url"), node_span(p->node), PHRASE("une adresse commence et finit par /", "an address starts and ends with /"));
	if (!str_find(t->url, S("{slug}"), &at))
		type_refuse(l, S("url"), node_span(p->node), PHRASE("{slug} manque : deux fiches auraient la même adresse", "{slug} is missing: two items would have one address"));
	while (str_find(str_slice(t->url, from, t->url.len), S("{"), &at)) {
		size_t open = from + at + 1, length;
		if (!str_find_byte(str_slice(t->url, open, t->url.len), '}', &length)) {
			type_refuse(l, S("url"), node_span(p->node), PHRASE("il manque une accolade", "a brace is missing"));
			return;
		}
		check_placeholder(l, p, str_slice(t->url, open, open + length));
		from = open + length;
	}
}

/* Names of fields of the first level. */
static str *
read_field_names(struct loader *l, const struct pending *p, str key, uint32_t *n)
{
	struct names_at names = node_names(l, key, p->node);
	str *list = arena_array(l->out, str, names.len);

	*n = 0;
	for (uint32_t i = 0; i < names.len; i++) {
		size_t dot;
		bool twice = false;
		for (uint32_t k = 0; k < *n; k++)
			twice |= str_equal(list[k], names.ptr[i].name);
		if (twice)
			type_error(l, TYPE_TWICE, names.ptr[i].at, S("le champ"), S("field"), names.ptr[i].name, key);
		else if (str_find_byte(names.ptr[i].name, '.', &dot))
			type_refuse(l, key, names.ptr[i].at, PHRASE("un champ du premier niveau est attendu", "a field of the first level is expected"));
		else if (clause_field(l, key, &p->type->shape, names.ptr[i]))
			list[(*n)++] = names.ptr[i].name;
	}
	return list;
}

static bool
is_essential(const struct type *t, str name)
{
	for (uint32_t i = 0; i < t->n_essential; i++)
		if (str_equal(t->essential[i], name))
			return true;
	return false;
}

static void
read_essential(struct loader *l, const struct pending *p)
{
	struct type *t = p->type;

	t->essential = read_field_names(l, p, S("essentiel"), &t->n_essential);
	if (t->n_essential > MODEL_MAX_ESSENTIAL)
		type_error(l, TYPE_ESSENTIAL_TOO_LONG, node_span(p->node), str_format(l->tmp, "%u", t->n_essential));
	for (uint32_t i = 0; i < t->shape.n_fields; i++) {
		const struct field *f = &t->shape.fields[i];
		if (f->required && !is_essential(t, f->name))
			type_error(l, TYPE_ESSENTIAL_MISSING, node_span(p->node), f->name);
	}
}

static void
read_complements(struct loader *l, const struct pending *p)
{
	p->type->complements = read_field_names(l, p, S("complements"), &p->type->n_complements);
}

static void
read_order(struct loader *l, const struct pending *p)
{
	struct names_at names = node_names(l, S("tri"), p->node);
	struct type *t = p->type;

	t->order = arena_alloc(l->out, names.len, sizeof *t->order, alignof(max_align_t));
	for (uint32_t i = 0; i < names.len; i++) {
		struct name_at path = names.ptr[i];
		bool descending = str_starts(path.name, S("-"));
		path.name = str_slice(path.name, descending, path.name.len);
		if (!clause_field_of(l, S("tri"), &t->shape, path,
		        KINDS_ALL & ~(KIND(FIELD_LIST) | KIND(FIELD_OBJECT) | KIND(FIELD_VARIANT) | KIND(FIELD_GEO) | KIND(FIELD_MARKDOWN)),
		        PHRASE("une valeur simple", "a simple value")))
			continue;
		t->order[t->n_order].path = path.name;
		t->order[t->n_order++].descending = descending;
	}
}

static str
recurrence_part(struct loader *l, const struct pending *p, str key, uint32_t kinds, struct phrase what, bool needed)
{
	const struct value_pair *pair = value_pair(p->node.v, key);
	struct name_at path;

	if (!pair) {
		if (needed)
			type_error(l, TYPE_MISSING_KEY, node_span(p->node), key, S("recurrence"));
		return STR_NONE;
	}
	path = node_name(l, key, node_of(p->node, pair));
	clause_field_of(l, key, &p->type->shape, path, kinds, what);
	return path.name;
}

static void
read_recurrence(struct loader *l, const struct pending *p)
{
	static const str keys[] = { S_INIT("champ"), S_INIT("debut"), S_INIT("fin") };

	if (!node_is_map(l, S("recurrence"), p->node) || !node_keys(l, p->node, keys, 3))
		return;
	p->type->recurrence = recurrence_part(l, p, keys[0], KIND(FIELD_OBJECT), PHRASE("un objet", "an object"), true);
	p->type->recurrence_start = recurrence_part(l, p, keys[1], KINDS_DATE, PHRASE("une date", "a date"), true);
	p->type->recurrence_end = recurrence_part(l, p, keys[2], KINDS_DATE, PHRASE("une date", "a date"), false);
}

static void
read_consent(struct loader *l, const struct pending *p)
{
	static const struct { str name; uint32_t kinds; struct phrase what; } parts[] = {
		{ S_INIT("le"), KIND(FIELD_DATE), PHRASE_INIT("une date", "a date") },
		{ S_INIT("portee"), KIND(FIELD_LIST), PHRASE_INIT("une liste", "a list") },
		{ S_INIT("jusqu_au"), KIND(FIELD_DATE), PHRASE_INIT("une date", "a date") },
	};
	struct name_at name = node_name(l, S("consentement"), p->node);
	const struct field *f = clause_field_of(l, S("consentement"), &p->type->shape, name, KIND(FIELD_OBJECT), PHRASE("un objet", "an object"));

	if (!f)
		return;
	p->type->consent = name.name;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		clause_field_of(l, S("consentement"), f->shape, (struct name_at){ parts[i].name, name.at }, parts[i].kinds, parts[i].what);
}

#define NOW (-1)
static const struct type_key {
	str name;
	bool extends;                /* an extension may give it too */
	bool needed;
	int phase;                   /* NOW or an enum phase */
	void (*read)(struct loader *l, const struct pending *p);
} type_keys[] = {
	{ S_INIT("type"), true, true, NOW, read_type_name },
	{ S_INIT("nom"), true, true, NOW, read_label },
	{ S_INIT("pluriel"), true, true, NOW, read_plural },
	{ S_INIT("genre"), true, true, NOW, read_gender },
	{ S_INIT("dossier"), false, false, NOW, read_folder },
	{ S_INIT("singulier"), false, false, NOW, read_single_file },
	{ S_INIT("corps"), false, false, NOW, read_body },
	{ S_INIT("page_unique"), false, false, NOW, read_single_home },
	{ S_INIT("inverse"), false, false, NOW, read_reverse },
	{ S_INIT("url"), true, false, PHASE_RULES, read_url },
	{ S_INIT("essentiel"), true, false, PHASE_RULES, read_essential },
	{ S_INIT("complements"), true, false, PHASE_RULES, read_complements },
	{ S_INIT("tri"), true, false, PHASE_RULES, read_order },
	{ S_INIT("recurrence"), false, false, PHASE_RULES, read_recurrence },
	{ S_INIT("consentement"), false, false, PHASE_RULES, read_consent },
	{ S_INIT("vie"), false, false, PHASE_RULES, clause_life },
	/* read as the files are: */
	{ S_INIT("etend"), true, false, NOW, NULL },
	{ S_INIT("inclut"), true, false, NOW, NULL },
	{ S_INIT("champs"), true, false, NOW, NULL },
	{ S_INIT("regles"), true, false, NOW, NULL },
	{ S_INIT("jsonld"), true, false, NOW, NULL },
};
#define N_TYPE_KEYS (sizeof type_keys / sizeof *type_keys)

/* The keys of a type, each from the nearest file that has it. */
struct gathered {
	struct node nodes[N_TYPE_KEYS];
	struct node jsonld;
	VEC(struct value_pair) extra;
};

static void
gather_extra(struct loader *l, struct gathered *g, const struct value_pair *p)
{
	for (size_t i = 0; i < g->extra.len; i++)
		if (str_equal(g->extra.ptr[i].key, p->key)) {
			g->extra.ptr[i] = *p;
			return;
		}
	*vec_push(l->out, &g->extra) = *p;
}

static void
gather_key(struct loader *l, struct gathered *g, struct node root, const struct value_pair *p)
{
	str names[N_TYPE_KEYS];

	for (size_t i = 0; i < N_TYPE_KEYS; i++) {
		names[i] = type_keys[i].name;
		if (!str_equal(names[i], p->key))
			continue;
		if (l->extending && !type_keys[i].extends)
			type_error(l, TYPE_EXTENSION, key_span_of(root, p), p->key, S("changer"), S("change"));
		else
			g->nodes[i] = node_of(root, p);
		return;
	}
	type_error(l, TYPE_UNKNOWN_KEY, key_span_of(root, p), p->key, names_nearest(p->key, names, N_TYPE_KEYS), names_list(l->tmp, names, N_TYPE_KEYS));
}

static void
read_layer(struct loader *l, struct type *t, struct gathered *g, const struct document *doc)
{
	struct node root = { doc->file, &doc->front };
	const struct value_pair *include = value_pair(root.v, S("inclut")), *fields = value_pair(root.v, S("champs")), *rules = value_pair(root.v, S("regles"));

	for (uint32_t i = 0; i < root.v->as.map.len; i++) {
		const struct value_pair *p = &root.v->as.map.pairs[i];
		if (str_equal(p->key, S("jsonld")))
			g->jsonld = node_of(root, p);
		if (str_equal(p->key, S("jsonld")) || str_starts(p->key, S("x_")))
			gather_extra(l, g, p);
		else
			gather_key(l, g, root, p);
	}
	if (include)
		shape_include(l, &t->shape, node_of(root, include));
	if (fields)
		shape_read_fields(l, &t->shape, node_of(root, fields));
	if (rules)
		defer(l, PHASE_RULES, clause_rules, &t->shape, NULL, node_of(root, rules));
}

static void
read_gathered(struct loader *l, struct type *t, const struct gathered *g)
{
	for (size_t i = 0; i < N_TYPE_KEYS; i++) {
		const struct type_key *key = &type_keys[i];
		struct pending p = { PHASE_NAMES, key->read, t, &t->shape, NULL, g->nodes[i] };
		if (!g->nodes[i].v && key->needed)
			type_error(l, TYPE_MISSING_KEY, SPAN_FILE(t->file), key->name, t->name);
		else if (g->nodes[i].v && key->read && key->phase == NOW)
			key->read(l, &p);
		else if (g->nodes[i].v && key->read)
			defer(l, (enum phase)key->phase, key->read, &t->shape, NULL, g->nodes[i]);
	}
	if (g->jsonld.v)
		defer(l, PHASE_RULES, clause_jsonld, &t->shape, NULL, g->jsonld);
	t->extra = arena_new(l->out, struct value);
	*t->extra = (struct value){ .kind = VALUE_MAP, .as.map = { g->extra.ptr, (uint32_t)g->extra.len } };
}

void
type_read(struct loader *l, struct type *t, const struct definition *d)
{
	struct gathered g = { 0 };

	l->type = t;
	t->body = true;
	t->shape.name = t->name;
	for (size_t i = 0; i < d->layers.len; i++) {
		l->extending = i > 0;
		read_layer(l, t, &g, &d->layers.ptr[i]);
	}
	l->extending = false;
	read_gathered(l, t, &g);
	if (!t->folder.len && !t->single_file.len)
		type_error(l, TYPE_MISSING_KEY, SPAN_FILE(t->file), S("dossier"), t->name);
	if (!t->folder.len)
		t->collection = underscored(l->out, t->name);
	else if (!t->url.ptr)
		t->url = str_cat(l->out, S("/"), t->folder, S("/{slug}/"));
	if (!t->reverse.len)
		t->reverse = t->collection;
}
