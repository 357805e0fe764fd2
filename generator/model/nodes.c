/* Small readings of type files, and their messages. */
#include "model/typefile.h"

static bool
same_entry(const struct diag_entry *e, enum diag_code code, struct span at, const str *args, size_t n)
{
	if (e->code != code || e->at.file != at.file || e->at.start != at.start || e->n_args != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!str_equal(e->args[i], args[i]))
			return false;
	return true;
}

void
type_emit(struct loader *l, enum diag_code code, struct span at, const str *args, size_t n)
{
	for (size_t i = 0; i < l->diag->entries.len; i++)
		if (same_entry(&l->diag->entries.ptr[i], code, at, args, n))
			return;
	diag_emit(l->diag, code, at, args, n);
}

void
type_refuse(struct loader *l, str key, struct span at, struct phrase why)
{
	type_error(l, TYPE_FORM, at, key, why.fr, why.en);
}

void
type_unknown(struct loader *l, struct phrase what, str name, struct span at, const str *names, size_t n)
{
	type_error(l, TYPE_UNKNOWN_NAME, at, what.fr, what.en, name, names_nearest(name, names, n), names_list(l->tmp, names, n));
}

struct span
node_span(struct node n)
{
	return (struct span){ n.file, n.v->start, n.v->end };
}

struct span
key_span_of(struct node map, const struct value_pair *p)
{
	return (struct span){ map.file, p->key_start, p->key_end };
}

struct node
node_of(struct node map, const struct value_pair *p)
{
	return (struct node){ map.file, &p->value };
}

bool
node_text(struct loader *l, str key, struct node n, str *text)
{
	if (n.v->kind == VALUE_SCALAR) {
		*text = n.v->as.text;
		return true;
	}
	*text = STR_NONE;
	type_refuse(l, key, node_span(n), PHRASE("un texte est attendu", "a text is expected"));
	return false;
}

bool
node_bool(struct loader *l, str key, struct node n, bool *value)
{
	str text = n.v->kind == VALUE_SCALAR ? n.v->as.text : STR_NONE;
	bool yes = str_equal(text, S("oui")) || str_equal(text, S("true"));

	if (yes || str_equal(text, S("non")) || str_equal(text, S("false"))) {
		*value = yes;
		return true;
	}
	type_refuse(l, key, node_span(n), PHRASE("oui ou non est attendu", "oui or non is expected"));
	return false;
}

bool
node_number(struct loader *l, str key, struct node n, double *value)
{
	if (n.v->kind == VALUE_SCALAR && str_to_number(n.v->as.text, value))
		return true;
	type_refuse(l, key, node_span(n), PHRASE("un nombre est attendu", "a number is expected"));
	return false;
}

bool
node_is_map(struct loader *l, str key, struct node n)
{
	if (n.v->kind == VALUE_MAP)
		return true;
	type_refuse(l, key, node_span(n), PHRASE("des clés en retrait sont attendues", "indented keys are expected"));
	return false;
}

struct name_at
node_name(struct loader *l, str key, struct node n)
{
	struct name_at name = { STR_NONE, node_span(n) };

	node_text(l, key, n, &name.name);
	return name;
}

struct names_at
node_names(struct loader *l, str key, struct node n)
{
	struct names_at names = { 0 };
	uint32_t len = n.v->kind == VALUE_LIST ? n.v->as.list.len : 1;

	names.ptr = arena_array(l->out, struct name_at, len);
	for (uint32_t i = 0; i < len; i++) {
		struct node one = { n.file, n.v->kind == VALUE_LIST ? &n.v->as.list.items[i] : n.v };
		struct name_at name = node_name(l, key, one);
		if (name.name.len)
			names.ptr[names.len++] = name;
	}
	return names;
}

static bool
is_known(str key, const str *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(key, known[i]))
			return true;
	return false;
}

bool
node_keys(struct loader *l, struct node map, const str *known, size_t n)
{
	bool fine = true;

	for (uint32_t i = 0; i < map.v->as.map.len; i++) {
		const struct value_pair *p = &map.v->as.map.pairs[i];
		if (is_known(p->key, known, n))
			continue;
		type_error(l, TYPE_UNKNOWN_KEY, key_span_of(map, p), p->key, names_nearest(p->key, known, n), names_list(l->tmp, known, n));
		fine = false;
	}
	return fine;
}

void
defer(struct loader *l, enum phase phase, void (*read)(struct loader *, const struct pending *), struct shape *shape,
    struct field_own *own, struct node node)
{
	*vec_push(l->tmp, &l->pending) = (struct pending){ phase, read, l->type, shape, own, node };
}
