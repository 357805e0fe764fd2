/* A copy of an item as it was read, for site/ to complete: what it changes is the copy's own, texts are shared. */
#include "model/internal.h"

static struct rich *
copy_rich(const struct rich *from, struct arena *out)
{
	struct rich *to = from ? arena_new(out, struct rich) : NULL;

	if (to)
		*to = *from;
	return to;
}

static struct val *copy_vals(const struct val *from, uint32_t n, struct arena *out);

static void
copy_object(const struct object *from, struct object *to, struct arena *out)
{
	*to = *from;
	to->vals = copy_vals(from->vals, from->n_vals, out);
}

static void
copy_inside(struct val *v, struct arena *out)
{
	struct val_list *list;
	struct object *object;
	struct media *media;

	switch (v->kind) {
	case VAL_RICH:
		v->as.rich = copy_rich(v->as.rich, out);
		break;
	case VAL_MEDIA:
		media = arena_new(out, struct media);
		*media = *v->as.media;
		v->as.media = media;
		break;
	case VAL_LIST:
		list = arena_new(out, struct val_list);
		*list = (struct val_list){ copy_vals(v->as.list->items, v->as.list->len, out), v->as.list->len };
		v->as.list = list;
		break;
	case VAL_OBJECT:
		object = arena_new(out, struct object);
		copy_object(v->as.object, object, out);
		v->as.object = object;
		break;
	default:
		break;
	}
}

static struct val *
copy_vals(const struct val *from, uint32_t n, struct arena *out)
{
	struct val *to = arena_array(out, struct val, n);

	if (n)
		memcpy(to, from, n * sizeof *to);
	for (uint32_t i = 0; i < n; i++)
		if (to[i].kind == VAL_RICH || to[i].kind == VAL_MEDIA || to[i].kind == VAL_LIST || to[i].kind == VAL_OBJECT)
			copy_inside(&to[i], out);
	return to;
}

struct item *
item_new(struct arena *out, uint32_t n_languages)
{
	struct item *item = arena_new(out, struct item);

	*item = (struct item){
		.n_languages = (uint8_t)n_languages, .urls = arena_array(out, str, n_languages),
		.translations = arena_array(out, const struct item *, n_languages),
	};
	return item;
}

struct item *
item_like(const struct item *from, struct arena *out)
{
	struct item *item = item_new(out, from->n_languages);
	str *urls = item->urls;
	const struct item **translations = item->translations;

	*item = *from;
	item->urls = urls;
	item->translations = translations;
	return item;
}

struct item *
item_of_file(const struct content_file *f, uint32_t n_languages, struct arena *out)
{
	struct item *item = item_new(out, n_languages);

	item->type = f->type;
	item->slug = str_copy(out, f->slug);
	item->language = f->language;
	item->file = f->source.file;
	return item;
}

/* What site/ fills is empty in an item as it was read. */
struct item *
item_copy(const struct item *from, struct arena *out)
{
	struct item *to = item_like(from, out);

	to->body = copy_rich(from->body, out);
	copy_object(&from->object, &to->object, out);
	return to;
}
