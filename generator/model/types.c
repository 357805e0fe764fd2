/* types/ of all roots → types of the model. */
#include "model/typefile.h"

#include "base/hash.h"
#include "os/os.h"

static bool
is_root_of(const struct source_root *root, str shown)
{
	return !root->shown.len || (str_starts(shown, root->shown) && shown.len > root->shown.len && shown.ptr[root->shown.len] == '/');
}

static struct definition *
definition_of(struct loader *l, struct map *map, str name)
{
	struct definition *d = map_get(map, name);

	if (!d) {
		d = arena_new(l->tmp, struct definition);
		d->name = str_copy(l->out, name);
		map_set(l->tmp, map, d->name, d);
	}
	return d;
}

/* "offre.yaml" or "fragments/base.yaml"; NULL after an error. */
static struct definition *
definition_of_file(struct loader *l, const struct source_file *f)
{
	bool fragment = str_starts(f->name, S("fragments/"));
	str name = str_slice(f->name, fragment ? 10 : 0, f->name.len);
	str stem = str_slice(name, 0, name.len > 5 ? name.len - 5 : 0);

	if (!str_ends(name, S(".yaml")) || (fragment ? !name_is_field(stem) && !name_is_slug(stem) : !name_is_slug(stem))) {
		type_refuse(l, f->name, SPAN_FILE(f->file), PHRASE("un type est un fichier types/<nom>.yaml, un fragment types/fragments/<nom>.yaml, en minuscules sans accent",
		    "a type is a file types/<name>.yaml, a fragment types/fragments/<name>.yaml, in lower-case ASCII"));
		return NULL;
	}
	return definition_of(l, fragment ? &l->fragments : &l->types, stem);
}

static bool
read_file(struct loader *l, const struct source_file *f, struct document *doc)
{
	str bytes;

	return source_read(l->s, f, l->s->limits.content_file, l->out, l->diag, &bytes) &&
	    document_read(doc, bytes, f->file, true, &document_limits_default, l->out, l->diag);
}

/* The first file of a name defines, those of nearer roots extend. */
static void
check_extends(struct loader *l, const struct definition *d, const struct document *doc)
{
	struct node root = { doc->file, &doc->front };
	const struct value_pair *p = value_pair(root.v, S("etend"));
	struct name_at name = p ? node_name(l, S("etend"), node_of(root, p)) : (struct name_at){ STR_NONE, SPAN_FILE(doc->file) };

	if (d->layers.len == 0 && name.name.len)
		type_unknown(l, PHRASE("« etend » : rien de ce nom dans le thème", "'etend': nothing of this name in the theme"), name.name, name.at, NULL, 0);
	else if (d->layers.len && !p)
		type_error(l, TYPE_NOT_EXTENDING, SPAN_FILE(doc->file), d->name, files_path(l->diag->files, d->layers.ptr[0].file));
	else if (name.name.len && !str_equal(name.name, d->name))
		type_refuse(l, S("etend"), name.at, PHRASE("un fichier étend le type dont il porte le nom", "a file extends the type whose name it has"));
}

static void
read_files(struct loader *l, struct source_list list)
{
	/* Nearest root first within a name: parents are wanted first. */
	for (size_t r = l->s->roots.len; r > 0; r--)
		for (size_t i = 0; i < list.len; i++) {
			const struct source_file *f = &list.ptr[i];
			size_t root = 0;
			struct definition *d;
			struct document doc;
			for (size_t k = 1; k < l->s->roots.len; k++)
				if (is_root_of(&l->s->roots.ptr[k], f->shown))
					root = k;
			if (root != r - 1 || !(d = definition_of_file(l, f)) || !read_file(l, f, &doc))
				continue;
			check_extends(l, d, &doc);
			*vec_push(l->tmp, &d->layers) = doc;
		}
}

static int
compare_names(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(*(const str *)a, *(const str *)b);
}

/* Types by name; they exist before any is read, so that references find them. */
static void
make_types(struct loader *l)
{
	struct model *m = l->m;
	str *names = arena_array(l->tmp, str, l->types.len);

	for (uint32_t i = 0; i < l->types.len; i++)
		names[i] = l->types.entries[i].key;
	vec_sort(names, l->types.len, sizeof *names, compare_names, NULL);
	m->types = arena_array(l->out, struct type *, l->types.len);
	for (uint32_t i = 0; i < l->types.len; i++) {
		const struct definition *d = map_get(&l->types, names[i]);
		struct type *t = arena_new(l->out, struct type);
		if (!d->layers.len)
			continue;
		t->name = d->name;
		t->file = d->layers.ptr[0].file;
		t->index = (uint16_t)m->n_types;
		m->types[m->n_types++] = t;
		map_set(l->out, &m->by_name, t->name, t);
	}
}

static void
run_pending(struct loader *l)
{
	for (enum phase phase = 0; phase < N_PHASES; phase++)
		for (size_t i = 0; i < l->pending.len; i++)
			if (l->pending.ptr[i].phase == phase)
				l->pending.ptr[i].read(l, &l->pending.ptr[i]);
}

/* Personal fields need the field that holds the person's consent. */
static void
check_personal(struct loader *l, const struct type *t, const struct shape *shape)
{
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct field *f = &shape->fields[i];
		if (f->personal && !t->consent.len)
			type_refuse(l, f->name, f->span, PHRASE("un champ personnel demande « consentement: » dans le type", "a personal field needs 'consentement:' in the type"));
		if (f->kind == FIELD_LIST)
			f = f->element;
		if (f->shape)
			check_personal(l, t, f->shape);
	}
}

/* The title names the item wherever it is mentioned, and the address is known to all: neither waits for a consent. */
static void
check_public(struct loader *l, const struct type *t)
{
	str rest = t->url, text, name;
	const struct field *f = model_field(&t->shape, S("titre"));

	if (f && f->personal)
		type_refuse(l, f->name, f->span, PHRASE("le titre d'une fiche ne peut pas être personnel", "the title of an item cannot be personal"));
	while (str_cut(rest, '{', &text, &rest) && str_cut(rest, '}', &name, &rest)) {
		f = model_path(&t->shape, name);
		if (f && f->personal)
			type_refuse(l, S("url"), f->span, PHRASE("l'adresse ne peut pas contenir un champ personnel", "the address cannot contain a personal field"));
	}
}

static void
check_type(struct loader *l, const struct type *t)
{
	check_personal(l, t, &t->shape);
	check_public(l, t);
	if (!t->shape.n_fields)
		type_error(l, TYPE_MISSING_KEY, SPAN_FILE(t->file), S("champs"), t->name);
	for (uint32_t i = 0; i < t->shape.n_fields && !t->essential; i++)
		if (t->shape.fields[i].required) {
			type_error(l, TYPE_MISSING_KEY, SPAN_FILE(t->file), S("essentiel"), t->name);
			return;
		}
}

bool
model_load_types(struct model *m, struct source *s, struct arena *out, struct diag *diag)
{
	struct arena tmp;
	struct loader l = { .m = m, .s = s, .out = out, .tmp = &tmp, .diag = diag };
	uint32_t errors = diag->n_errors;

	*m = (struct model){ .out = out };
	arena_init(&tmp, out->source);
	read_files(&l, source_walk_roots(s, S("types"), true));
	make_types(&l);
	for (uint32_t i = 0; i < m->n_types; i++)
		type_read(&l, m->types[i], map_get(&l.types, m->types[i]->name));
	for (uint32_t i = 0; i < m->n_types; i++)
		shape_index(&l, &m->types[i]->shape);
	run_pending(&l);
	for (uint32_t i = 0; i < m->n_types; i++)
		shape_sum(&m->types[i]->shape);
	for (uint32_t i = 0; i < m->n_types; i++)
		check_type(&l, m->types[i]);
	if (!m->site_type)
		type_error(&l, TYPE_NO_SITE, SPAN_NONE, S("site.yaml"));
	arena_free(&tmp);
	return diag->n_errors == errors;
}

bool
model_types_hash(struct source *s, const str *languages, uint32_t n_languages, struct arena *tmp, uint64_t *hash)
{
	struct source_list list = source_walk_roots(s, S("types"), true);

	*hash = n_languages;
	for (uint32_t i = 0; i < n_languages; i++)
		*hash = hash_mix(*hash, hash64(languages[i]));
	for (size_t i = 0; i < list.len; i++) {
		str bytes;
		if (os_read(list.ptr[i].path, s->limits.content_file, true, tmp, &bytes) != 0)
			return false;
		*hash = hash_mix(hash_mix(hash_mix(*hash, list.ptr[i].file), hash64(list.ptr[i].shown)), hash64(bytes));
	}
	return true;
}
