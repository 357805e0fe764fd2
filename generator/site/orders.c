/* The items that stand, their numbers, and the collections in their type's order. */
#include "site/inside.h"

#include <string.h>

#include "base/buf.h"
#include "os/os.h"

static int
by_type_slug(const void *a, const void *b, void *context)
{
	const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;

	(void)context;
	if (x->type != y->type)
		return x->type->index < y->type->index ? -1 : 1;
	return str_compare(x->slug, y->slug);
}

static void
number_items(struct building *b)
{
	struct site *s = b->site;

	s->items = arena_array(b->out, struct item *, b->in->all.len);
	s->n_items = 0;
	for (size_t i = 0; i < b->in->all.len; i++) {
		struct item *item = b->in->all.ptr[i];
		if (item->original == item && !item->faulty && !site_recurring(b, item))
			s->items[s->n_items++] = item;
	}
	vec_sort(s->items, s->n_items, sizeof(struct item *), by_type_slug, NULL);
	for (uint32_t i = 0; i < s->n_items; i++) {
		s->items[i]->id = i;
		for (unsigned l = 0; l < s->n_languages; l++)
			if (s->items[i]->translations[l])
				((struct item *)s->items[i]->translations[l])->id = i;
	}
}

/* Sort keys are bytes: 1 and the value, or 2 where there is none (last, also in a descending order). */
static void
put_integer(struct buf *key, int64_t v)
{
	uint64_t bits = (uint64_t)v ^ ((uint64_t)1 << 63);

	for (int i = 56; i >= 0; i -= 8)
		buf_byte(key, (char)(bits >> i & 0xFF));
}

static void
put_double(struct buf *key, double v)
{
	uint64_t bits;

	v = v == 0 ? 0 : v;
	memcpy(&bits, &v, sizeof bits);
	bits ^= bits >> 63 ? UINT64_MAX : (uint64_t)1 << 63;
	put_integer(key, (int64_t)(bits ^ ((uint64_t)1 << 63)));
}

static str
sort_key(struct building *b, str s)
{
	struct site_keys *k = b->in->keys;
	str *kept = k ? map_get(&k->by_text, s) : NULL;

	if (kept)
		return *kept;
	if (!k)
		return text_sort_key(b->text, b->site->languages[0], s, &b->tmp);
	kept = arena_new(k->out, str);
	*kept = text_sort_key(b->text, b->site->languages[0], s, k->out);
	map_set(k->out, &k->by_text, str_copy(k->out, s), kept);
	return *kept;
}

static void
put_text(struct building *b, struct buf *key, str s)
{
	buf_put(key, sort_key(b, s));
	buf_byte(key, 0);
}

static int64_t
duration_days(const struct val *v)
{
	if (v->as.duration.minutes >= 0)
		return v->as.duration.minutes;
	return (int64_t)v->as.duration.amount * (v->as.duration.unit == DURATION_YEAR ? 525960 : 43830);
}

static void
put_referred(struct building *b, struct buf *key, const struct item *item)
{
	const struct val *title = model_val(&item->object, S("titre"));
	put_text(b, key, title && title->kind == VAL_TEXT ? title->as.text : item->slug);
}

static bool
put_value(struct building *b, struct buf *key, const struct field *f, const struct val *v)
{
	switch (v->kind) {
	case VAL_TEXT: put_text(b, key, v->as.text); return true;
	case VAL_INTEGER: put_integer(key, v->as.integer); return true;
	case VAL_NUMBER: put_double(key, v->as.number); return true;
	case VAL_BOOLEAN: put_integer(key, v->as.boolean); return true;
	case VAL_DATE: put_integer(key, (int64_t)v->as.date * 86400); return true;
	case VAL_MOMENT: put_integer(key, (int64_t)v->as.moment.local * 86400 + v->as.moment.seconds); return true;
	case VAL_DURATION: put_integer(key, duration_days(v)); return true;
	case VAL_ENUM: put_integer(key, f ? v->as.choice - f->values : 0); return true;
	case VAL_REF: put_referred(b, key, v->as.item); return true;
	default: return false;
	}
}

struct keyed { struct item *item; str key; };

static str
order_key(struct building *b, struct buf *key, const struct item *item)
{
	const struct type *t = item->type;

	buf_clear(key);
	for (uint32_t i = 0; i < t->n_order; i++) {
		const struct val *v = model_val(&item->object, t->order[i].path);
		size_t start = key->len + 1;
		buf_byte(key, 1);
		if (!v || !put_value(b, key, model_path(&t->shape, t->order[i].path), v)) {
			key->ptr[start - 1] = 2;
			continue;
		}
		for (size_t k = start; t->order[i].descending && k < key->len; k++)
			key->ptr[k] = (char)~key->ptr[k];
	}
	return buf_copy(key, &b->tmp);
}

/* The sort is stable over items that come by slug. */
static int
by_key(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

static void
fill_collection(struct building *b, struct collection *c, struct item **items, uint32_t n)
{
	struct arena_mark mark = arena_mark(&b->tmp);
	struct keyed *keyed = arena_array(&b->tmp, struct keyed, n);
	struct buf key;

	buf_init(&key, SIZE_MAX / 4);
	for (uint32_t i = 0; i < n; i++)
		keyed[i] = (struct keyed){ items[i], order_key(b, &key, items[i]) };
	buf_free(&key);
	vec_sort(keyed, n, sizeof *keyed, by_key, NULL);
	c->all.items = arena_array(b->out, const struct item *, n);
	c->listed.items = arena_array(b->out, const struct item *, n);
	c->all.len = c->listed.len = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (keyed[i].item->published)
			c->all.items[c->all.len++] = keyed[i].item;
		if (keyed[i].item->listed)
			c->listed.items[c->listed.len++] = keyed[i].item;
	}
	arena_rewind(&b->tmp, mark);
}

/* Does the one come before the other? */
static bool
in_order(struct building *b, const struct item *first, const struct item *second)
{
	str key;
	struct buf buf;
	int order;

	buf_init(&buf, SIZE_MAX / 4);
	key = order_key(b, &buf, site_newest(b->site, first));
	order = str_compare(key, order_key(b, &buf, site_newest(b->site, second)));
	buf_free(&buf);
	return order ? order < 0 : str_compare(first->slug, second->slug) < 0;
}

static bool
keeps_place(struct building *b, const struct item_list *list, const struct item *item)
{
	uint32_t i = 0;

	while (i < list->len && list->items[i] != item)
		i++;
	return i == list->len || ((i == 0 || in_order(b, list->items[i - 1], item)) && (i + 1 == list->len || in_order(b, item, list->items[i + 1])));
}

bool
site_order_stands(const struct site *s)
{
	struct building b = { .site = (struct site *)s, .in = s->inside, .out = s->out, .text = text_open() };
	bool stands = true;

	arena_init(&b.tmp, s->out->source);
	for (size_t i = 0; stands && i < s->rewritten.len; i++) {
		const struct item *item = s->rewritten.ptr[i].was;
		const struct collection *c = &s->collections[item->type->index];
		stands = keeps_place(&b, &c->all, item) && keeps_place(&b, &c->listed, item);
	}
	arena_free(&b.tmp);
	text_close(b.text);
	return stands;
}

static void
name_all(struct building *b, struct arena *out)
{
	const struct model *m = b->site->model;

	b->site->by_name = (struct map){ 0 };
	map_reserve(out, &b->site->by_name, b->in->all.len);
	for (uint32_t t = 0; t < m->n_types; t++)
		for (uint32_t i = 0; i < b->in->slugs[t].len; i++) {
			struct item *item = site_representative(b, b->in->slugs[t].entries[i].value);
			if (!item->faulty && !site_recurring(b, item))
				map_set(out, &b->site->by_name, str_cat(out, m->types[t]->name, S(":"), b->in->slugs[t].entries[i].key), item);
		}
}

static void
order_all(struct building *b)
{
	struct site *s = b->site;
	uint32_t from = 0;

	s->n_collections = s->model->n_types;
	s->collections = arena_array(b->out, struct collection, s->n_collections);
	for (uint32_t t = 0; t < s->model->n_types; t++) {
		uint32_t to = from;
		while (to < s->n_items && s->items[to]->type == s->model->types[t])
			to++;
		s->collections[t].type = s->model->types[t];
		fill_collection(b, &s->collections[t], s->items + from, to - from);
		from = to;
	}
}

/* Names are made in the memory of the second thread, when there is one; collections look at none. */
static void
order_half(void *building, unsigned half)
{
	struct building *b = building;

	if (half == 0)
		order_all(b);
	else
		name_all(b, b->in->aside ? b->in->aside : b->out);
}

void
site_order(struct building *b)
{
	number_items(b);
	if (b->in->aside) {
		os_parallel(2, order_half, b);
	} else {
		order_half(b, 0);
		order_half(b, 1);
	}
}
