/* Reverse collections and posting lists: what lets a page ask for its items without looking at all of them. Personal fields are in
 * neither, since whoever asks here is not asked for which scope. */
#include "site/inside.h"

#include <string.h>

/* Has it a number? What is in error has none. */
static bool
stands(const struct site *s, const struct item *item)
{
	return item->id < s->n_items && s->items[item->id] == item;
}

/* --- reverse collections --- */

struct naming { struct building *b; str name; };

static void
add_name(struct building *b, const struct type *target, str name)
{
	struct name_list *list = &b->in->reverse[target->index];
	str *names;

	for (uint32_t i = 0; i < list->len; i++)
		if (str_equal(list->names[i], name))
			return;
	names = arena_array(b->out, str, list->len + 1);
	if (list->len)
		memcpy(names, list->names, list->len * sizeof *names);
	names[list->len] = name;
	*list = (struct name_list){ names, list->len + 1 };
}

static void name_shape(struct building *b, const struct shape *shape, str name);

static void
name_field(struct building *b, const struct field *f, str name)
{
	if (f->personal)
		return;
	for (uint32_t i = 0; f->kind == FIELD_REF && i < f->n_targets; i++)
		add_name(b, f->targets[i], name);
	if (f->kind == FIELD_LIST && f->element)
		name_field(b, f->element, name);
	else if (f->kind == FIELD_OBJECT && f->shape)
		name_shape(b, f->shape, name);
	else if (f->kind == FIELD_VARIANT && f->variant_by)
		for (uint32_t i = 0; i < f->variant_by->n_values; i++)
			if (f->cases[i])
				name_shape(b, f->cases[i], name);
}

static void
name_shape(struct building *b, const struct shape *shape, str name)
{
	for (uint32_t i = 0; i < shape->n_fields; i++)
		name_field(b, &shape->fields[i], name);
}

static int
by_bytes(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(*(const str *)a, *(const str *)b);
}

static void
name_reverses(struct building *b)
{
	const struct model *m = b->site->model;

	b->in->reverse = arena_array(b->out, struct name_list, m->n_types);
	for (uint32_t i = 0; i < m->n_types; i++)
		if (m->types[i] != m->site_type && m->types[i]->reverse.len)
			name_shape(b, &m->types[i]->shape, m->types[i]->reverse);
	for (uint32_t i = 0; i < m->n_types; i++)
		vec_sort(b->in->reverse[i].names, b->in->reverse[i].len, sizeof(str), by_bytes, NULL);
}

static uint32_t
reverse_slot(const struct name_list *list, str name)
{
	uint32_t i = 0;

	while (i < list->len && !str_equal(list->names[i], name))
		i++;
	return i;
}

/* A reference: the item it leads to, and the reverse collection there. */
struct reverse_edge { struct item *to; uint32_t slot; };

/* References are gathered item after item as they lie in memory, then given out in the order of collections. */
struct reversing {
	struct building *b;
	const struct item *from;
	const struct item **last;    /* [item id]: who came last, so that nobody comes twice */
	uint32_t *slots;             /* [type]: that of this type's reverse, where it has one */
	VEC(struct reverse_edge) edges;
	uint32_t *first;             /* [item id]: its first edge */
};

static void
gather_value(void *context, const struct field *f, struct val *v)
{
	struct reversing *r = context;
	struct item *to;
	uint32_t slot;

	(void)f;
	if (v->kind != VAL_REF)
		return;
	to = (struct item *)v->as.item;
	slot = r->slots[to->type->index];
	if (!stands(r->b->site, to) || slot == r->b->in->reverse[to->type->index].len)
		return;
	if (r->last[to->id] == r->from)
		return;
	r->last[to->id] = r->from;
	*vec_push(&r->b->tmp, &r->edges) = (struct reverse_edge){ to, slot };
	to->reverse[slot].len++;
}

static void
gather_edges(struct reversing *r)
{
	struct site *s = r->b->site;
	struct site_visit visit = { .value = gather_value, .context = r, .inside = MODEL_INSIDE(FIELD_REF), .public_only = true };
	const struct type *type = NULL;

	for (uint32_t i = 0; i < s->n_items; i++) {
		struct item *item = s->items[i];
		if (item->type != type)
			for (uint32_t t = 0; t < s->model->n_types; t++)
				r->slots[t] = reverse_slot(&r->b->in->reverse[t], item->type->reverse);
		type = item->type;
		r->from = item;
		r->first[i] = (uint32_t)r->edges.len;
		if (item->listed && type->reverse.len)
			site_walk_object(&item->object, &visit);
	}
	r->first[s->n_items] = (uint32_t)r->edges.len;
}

static void
give_out(struct reversing *r)
{
	const struct site *s = r->b->site;

	for (uint32_t c = 0; c < s->n_collections; c++)
		for (uint32_t i = 0; i < s->collections[c].listed.len; i++) {
			const struct item *from = s->collections[c].listed.items[i];
			for (uint32_t e = r->first[from->id]; e < r->first[from->id + 1]; e++) {
				struct item_list *list = &r->edges.ptr[e].to->reverse[r->edges.ptr[e].slot];
				list->items[list->len++] = from;
			}
		}
}

void
site_index_reverse(struct building *b)
{
	struct site *s = b->site;
	struct arena_mark mark = arena_mark(&b->tmp);
	struct reversing r = { .b = b, .slots = arena_array(&b->tmp, uint32_t, s->model->n_types), .first = arena_array(&b->tmp, uint32_t, s->n_items + 1),
		.last = arena_array(&b->tmp, const struct item *, s->n_items) };

	name_reverses(b);
	for (uint32_t i = 0; i < s->n_items; i++)
		s->items[i]->reverse = arena_array(b->out, struct item_list, b->in->reverse[s->items[i]->type->index].len);
	gather_edges(&r);
	for (uint32_t i = 0; i < s->n_items; i++)
		for (uint32_t k = 0; k < b->in->reverse[s->items[i]->type->index].len; k++) {
			struct item_list *list = &s->items[i]->reverse[k];
			list->items = arena_array(b->out, const struct item *, list->len);
			list->len = 0;
		}
	give_out(&r);
	arena_rewind(&b->tmp, mark);
}

/* --- posting lists --- */

#define MAX_CHAIN 16             /* fields inside one another; types nest less deep */

struct posting { uint32_t key; const struct item *item; };

struct chain { const struct field *fields[MAX_CHAIN]; uint32_t len; };

struct filling {
	struct building *b;
	const struct collection *collection;
	struct chain chain;
	const struct item *item;
	VEC(struct posting) postings;
};

static void post_object(struct filling *p, const struct object *o, uint32_t depth);

static void
post_value(struct filling *p, const struct field *f, const struct val *v, uint32_t depth)
{
	if (v->kind == VAL_LIST)
		for (uint32_t i = 0; i < v->as.list->len; i++)
			post_value(p, f->element, &v->as.list->items[i], depth);
	else if (v->kind == VAL_OBJECT && depth + 1 < p->chain.len)
		post_object(p, v->as.object, depth + 1);
	else if (v->kind == VAL_ENUM)
		*vec_push(&p->b->tmp, &p->postings) = (struct posting){ (uint32_t)(v->as.choice - f->values), p->item };
	else if (v->kind == VAL_REF && stands(p->b->site, v->as.item))
		*vec_push(&p->b->tmp, &p->postings) = (struct posting){ v->as.item->id, p->item };
}

static void
post_object(struct filling *p, const struct object *o, uint32_t depth)
{
	const struct field *f = p->chain.fields[depth];
	post_value(p, f, object_val(o, f->index), depth);
}

static int
by_posting_key(const void *a, const void *b, void *context)
{
	uint32_t x = ((const struct posting *)a)->key, y = ((const struct posting *)b)->key;

	(void)context;
	return (x > y) - (x < y);
}

static const struct field *
leaf_of(const struct field *f)
{
	while (f->kind == FIELD_LIST && f->element)
		f = f->element;
	return f;
}

static void
index_path(struct filling *p, str path)
{
	struct arena_mark mark = arena_mark(&p->b->tmp);
	struct site_index *x = arena_new(p->b->out, struct site_index);

	p->postings.ptr = NULL;
	p->postings.len = p->postings.cap = 0;
	for (uint32_t i = 0; i < p->collection->all.len; i++) {
		p->item = p->collection->all.items[i];
		post_object(p, &p->item->object, 0);
	}
	vec_sort(p->postings.ptr, p->postings.len, sizeof(struct posting), by_posting_key, NULL);
	x->field = leaf_of(p->chain.fields[p->chain.len - 1]);
	x->keys = arena_array(p->b->out, uint32_t, p->postings.len);
	x->items = arena_array(p->b->out, const struct item *, p->postings.len);
	for (size_t i = 0; i < p->postings.len; i++) {
		const struct posting *now = &p->postings.ptr[i];
		if (i && now->key == now[-1].key && now->item == now[-1].item)
			continue;
		x->keys[x->len] = now->key;
		x->items[x->len++] = now->item;
	}
	map_set(p->b->out, &p->b->in->indexes[p->collection->type->index], path, x);
	arena_rewind(&p->b->tmp, mark);
}

static void
index_shape(struct filling *p, const struct shape *shape, str prefix)
{
	for (uint32_t i = 0; i < shape->n_fields && p->chain.len < MAX_CHAIN; i++) {
		const struct field *f = &shape->fields[i], *leaf = leaf_of(f);
		str path = prefix.len ? str_cat(p->b->out, prefix, S("."), f->name) : f->name;
		if (f->personal)
			continue;
		p->chain.fields[p->chain.len++] = f;
		if (leaf->kind == FIELD_ENUM || leaf->kind == FIELD_REF)
			index_path(p, path);
		else if (leaf->kind == FIELD_OBJECT && leaf->shape)
			index_shape(p, leaf->shape, path);
		p->chain.len--;
	}
}

void
site_index_fields(struct building *b)
{
	struct site *s = b->site;

	b->in->indexes = arena_array(b->out, struct map, s->model->n_types);
	for (uint32_t c = 0; c < s->n_collections; c++) {
		struct filling p = { .b = b, .collection = &s->collections[c] };
		if (s->collections[c].type != s->model->site_type)
			index_shape(&p, &s->collections[c].type->shape, S(""));
	}
}
