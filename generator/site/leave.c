/* `en_cas_d_erreur: retirer`: what has an error is left out, and what cannot stand without it. */
#include "site/inside.h"

struct leaving {
	struct building *b;
	VEC(struct item *) queue;
	struct item *lost;           /* what the reference that was cut led to */
};

static void
note(struct building *b, file_id file, enum diag_code code, str why)
{
	void **place = map_put(b->out, &b->in->noted, files_path(b->diag->files, file));

	if (*place)
		return;
	*place = b;
	b->site->n_left_out++;
	diag_add(b->diag, code, SPAN_FILE(file), why);
}

static bool prune_object(struct leaving *l, struct object *o);

/* False when a list is not what its field asks for any more. */
static bool
prune_list(struct leaving *l, const struct field *f, struct val_list *list);

/* Takes out of a value what leads to faulty items; it is VAL_NONE when nothing is left. */
static void
prune_value(struct leaving *l, const struct field *f, struct val *v)
{
	bool stands = true;

	if (v->kind == VAL_REF && v->as.item->faulty) {
		l->lost = (struct item *)v->as.item;
		stands = false;
	} else if (v->kind == VAL_OBJECT) {
		stands = prune_object(l, v->as.object);
	} else if (v->kind == VAL_LIST) {
		stands = prune_list(l, f, v->as.list);
	}
	if (!stands)
		v->kind = VAL_NONE;
}

static bool
prune_list(struct leaving *l, const struct field *f, struct val_list *list)
{
	uint32_t kept = 0, before = list->len;

	for (uint32_t i = 0; i < before; i++) {
		prune_value(l, f->element, &list->items[i]);
		if (list->items[i].kind != VAL_NONE)
			list->items[kept++] = list->items[i];
	}
	list->len = kept;
	if (kept == before)
		return true;
	return !(f->required && !kept) && !(f->has_min && kept < f->min && f->required);
}

/* False when a required value got lost. */
static bool
prune_object(struct leaving *l, struct object *o)
{
	bool stands = true;

	for (uint32_t i = 0; i < o->shape->n_fields; i++) {
		struct val *v = object_val(o, i);
		if (v->kind == VAL_NONE)
			continue;
		prune_value(l, &o->shape->fields[i], v);
		if (v->kind == VAL_NONE && o->shape->fields[i].required)
			stands = false;
	}
	return stands;
}

struct collecting { struct building *b; struct item *item; };

static void
add_edge(void *context, const struct field *f, struct val *v)
{
	struct collecting *c = context;

	(void)f;
	if (v->kind == VAL_REF)
		*vec_push(&c->b->tmp, &c->b->in->edges) = (struct edge){ c->item, (struct item *)v->as.item };
}

/* By target. Addresses of memory only bring equal targets together; the order that shows is that of collection. */
static int
by_target(const void *a, const void *b, void *context)
{
	uintptr_t x = (uintptr_t)((const struct edge *)a)->to, y = (uintptr_t)((const struct edge *)b)->to;

	(void)context;
	return (x > y) - (x < y);
}

static void
collect_edges(struct building *b)
{
	b->in->edges.ptr = NULL;
	b->in->edges.len = b->in->edges.cap = 0;
	for (size_t i = 0; i < b->in->all.len; i++) {
		struct collecting c = { b, b->in->all.ptr[i] };
		struct site_visit visit = { .value = add_edge, .context = &c, .inside = MODEL_INSIDE(FIELD_REF) };
		site_walk_object(&c.item->object, &visit);
	}
	vec_sort(b->in->edges.ptr, b->in->edges.len, sizeof(struct edge), by_target, NULL);
}

static size_t
first_edge(const struct building *b, const struct item *to)
{
	size_t low = 0, high = b->in->edges.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((uintptr_t)b->in->edges.ptr[middle].to < (uintptr_t)to)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
fall(struct leaving *l, struct item *item)
{
	item->faulty = true;
	*vec_push(&l->b->tmp, &l->queue) = item;
}

static str
item_path(struct leaving *l, const struct item *item)
{
	return files_path(l->b->diag->files, item->file);
}

/* Translations and occurrences fall with their item, a translation alone. */
static void
fall_together(struct leaving *l, struct item *item)
{
	struct building *b = l->b;

	if (item->original && item->original != item) {
		((struct item *)item->original)->translations[item->language] = NULL;
		return;
	}
	for (unsigned i = 0; i < item->n_languages; i++) {
		struct item *t = (struct item *)item->translations[i];
		if (!t || t->faulty)
			continue;
		note(b, t->file, SITE_LEFT_OUT_WITH, item_path(l, item));
		fall(l, t);
	}
	if (!site_recurring(b, item))
		return;
	for (uint32_t i = 0; i < b->in->series.ptr[item->id].len; i++)
		if (!b->in->series.ptr[item->id].items[i]->faulty)
			fall(l, b->in->series.ptr[item->id].items[i]);
}

static void
fall_referrers(struct leaving *l, struct item *item)
{
	for (size_t i = first_edge(l->b, item); i < l->b->in->edges.len && l->b->in->edges.ptr[i].to == item; i++) {
		struct item *from = l->b->in->edges.ptr[i].from;
		if (from->faulty || prune_object(l, &from->object))
			continue;
		note(l->b, from->file, SITE_LEFT_OUT_WITH, item_path(l, l->lost ? l->lost : item));
		fall(l, from);
	}
}

/* Files in error that became no item at all. */
static void
note_files(struct building *b)
{
	for (size_t i = 0, n = b->diag->entries.len; i < n; i++) {
		const struct diag_entry *e = &b->diag->entries.ptr[i];
		if (e->at.file && diag_severity(e->code) == DIAG_ERROR && diag_class(e->code) == DIAG_CONTENT)
			note(b, e->at.file, SITE_LEFT_OUT, STR_NONE);
	}
}

void
site_remove_faulty(struct building *b)
{
	struct arena_mark mark = arena_mark(&b->tmp);
	struct leaving l = { .b = b };

	if (!b->site->remove_faulty)
		return;
	for (size_t i = 0; i < b->in->all.len; i++)
		if (b->in->all.ptr[i]->faulty)
			*vec_push(&b->tmp, &l.queue) = b->in->all.ptr[i];
	note_files(b);
	if (l.queue.len)
		collect_edges(b);
	for (size_t i = 0; i < l.queue.len; i++) {
		struct item *item = l.queue.ptr[i];
		note(b, item->file, SITE_LEFT_OUT, STR_NONE);
		fall_together(&l, item);
		fall_referrers(&l, item);
	}
	if (l.queue.len)
		prune_object(&l, &b->site->config->object);
	b->in->edges.len = 0;
	arena_rewind(&b->tmp, mark);
}
