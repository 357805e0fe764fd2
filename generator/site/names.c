/* Items by name, translations beside their originals, and the nearest name to a wrong one. */
#include "site/inside.h"

#include "base/suggest.h"

struct item *
site_named(const struct building *b, const struct type *t, str slug)
{
	return map_get(&b->in->slugs[t->index], slug);
}

static void
add_original(struct building *b, struct item *item)
{
	void **place = map_put(b->out, &b->in->slugs[item->type->index], item->slug);

	/* Two files for one item are model/'s error; the first one stands. */
	if (!*place)
		*place = item;
	item->original = item;
}

static void
add_translation(struct building *b, struct item *item)
{
	struct item *original = site_named(b, item->type, item->slug);

	if (!original)
		original = site_ghost(b, item->type, item->slug);
	if (!original) {
		item->faulty = true;     /* model/ has said so */
		return;
	}
	item->original = original;
	original->translations[item->language] = item;
}

static void
reserve_slugs(struct building *b, struct content content)
{
	uint32_t *of_type = arena_array(&b->tmp, uint32_t, b->site->model->n_types + 1);

	for (uint32_t i = 0; i < content.len; i++)
		of_type[content.items[i]->type->index] += !content.items[i]->language;
	for (uint32_t i = 0; i < b->site->model->n_types; i++)
		map_reserve(b->out, &b->in->slugs[i], of_type[i]);
}

void
site_name_items(struct building *b, struct content content)
{
	const struct type *site_type = b->site->model->site_type;

	b->in->slugs = arena_array(b->out, struct map, b->site->model->n_types);
	vec_reserve(b->out, &b->in->all, content.len);
	reserve_slugs(b, content);
	for (uint32_t i = 0; i < content.len; i++) {
		struct item *item = content.items[i];
		if (item->type == site_type)
			continue;
		*vec_push(b->out, &b->in->all) = item;
		if (!item->language)
			add_original(b, item);
	}
	/* Originals come first in their name, but not before the translation of an item that does not exist. */
	for (size_t i = 0; i < b->in->all.len; i++)
		if (b->in->all.ptr[i]->language)
			add_translation(b, b->in->all.ptr[i]);
}

static bool
file_is_known(const struct building *b, const struct type *t, str slug, const char *extension, file_id *file)
{
	const struct files *files = b->diag->files;
	str path = str_format(b->out, "content/%.*s/%.*s%s", STR_ARG(t->folder), STR_ARG(slug), extension);
	uint32_t index;

	if (!t->folder.len || !map_find(&files->by_path, path, &index))
		return false;
	*file = index + 1;
	return true;
}

/* Its title is its name: that is all there is to print. */
static struct object
ghost_object(const struct type *t, str slug, struct arena *out)
{
	const struct field *f = model_field(&t->shape, S("titre"));

	return object_with(&t->shape, f && f->kind == FIELD_TEXT ? f : NULL, (struct val){ .kind = VAL_TEXT, .as.text = slug }, out);
}

struct item *
site_ghost(struct building *b, const struct type *t, str slug)
{
	struct item *ghost;
	file_id file;

	if (!file_is_known(b, t, slug, ".md", &file) && !file_is_known(b, t, slug, ".yaml", &file))
		return NULL;
	ghost = item_new(b->out, b->site->n_languages);
	ghost->type = t;
	ghost->slug = slug;
	ghost->file = file;
	ghost->original = ghost;
	ghost->draft = true;
	ghost->object = ghost_object(t, slug, b->out);
	*vec_push(b->out, &b->in->all) = ghost;
	map_set(b->out, &b->in->slugs[t->index], slug, ghost);
	return ghost;
}

str
site_nearest(struct building *b, str word, const str *names, size_t n)
{
	str nearest;

	if (!b->in->suggestions)
		return S("");
	b->in->suggestions--;
	nearest = suggest_nearest(word, names, n);
	return nearest.ptr ? nearest : S("");
}

str
site_nearest_slug(struct building *b, const struct type *const *types, uint32_t n, str slug)
{
	struct arena_mark mark = arena_mark(&b->tmp);
	VEC(str) names = { 0 };
	str nearest;

	if (!b->in->suggestions)
		return S("");
	for (uint32_t i = 0; i < n; i++) {
		const struct map *m = &b->in->slugs[types[i]->index];
		for (uint32_t k = 0; k < m->len; k++)
			*vec_push(&b->tmp, &names) = m->entries[k].key;
	}
	nearest = site_nearest(b, slug, names.ptr, names.len);
	arena_rewind(&b->tmp, mark);
	return nearest;
}

str
site_zone_of(struct building *b, struct item *item)
{
	const struct item *read = item->original ? item->original : item;
	const struct val *v = model_val(&read->object, S("fuseau"));

	if (!v || v->kind != VAL_TEXT)
		return b->site->zone;
	if (text_zone_known(v->as.text))
		return v->as.text;
	if (item == read && item->occurrence_of == NULL)
		site_fault(b, item, SITE_ITEM_ZONE, site_span(item, v), v->as.text);
	return b->site->zone;
}
