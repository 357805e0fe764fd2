/* The files that content names: beside the item, else under assets/. */
#include "site/inside.h"

#include <string.h>

#include "base/suggest.h"

static str
folder_of(str path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.ptr[i - 1] == '/')
			return str_slice(path, 0, i - 1);
	return S("");
}

static str
name_of(str path)
{
	str folder = folder_of(path);
	return folder.len ? str_slice(path, folder.len + 1, path.len) : path;
}

/* One look on disk per path. `path` begins with content/ or assets/. */
static struct source_file *
look(struct building *b, str path)
{
	struct source_file *file;
	str folder, name;
	void **place;
	uint32_t index;

	if (map_find(&b->in->media_found, path, &index))
		return b->in->media_found.entries[index].value;
	place = map_put(b->out, &b->in->media_found, str_copy(b->out, path));
	file = arena_new(b->out, struct source_file);
	str_cut(path, '/', &folder, &name);
	if (source_find(b->site->source, folder, name, file))
		*place = file;
	return *place;
}

/* The site's path of the folder an item lies in: "content/offres". */
static str
item_folder(struct building *b, const struct item *item)
{
	return folder_of(files_path(b->diag->files, item->file));
}

static str
cut_prefix(str path, str prefix)
{
	return str_starts(path, prefix) ? str_slice(path, prefix.len, path.len) : path;
}

/* The nearest file of the folder where the missing one was looked for. */
static str
nearest_file(struct building *b, const struct item *item, str path)
{
	str folders[2] = { item_folder(b, item), str_cat(&b->tmp, S("assets/"), folder_of(path)) };
	VEC(str) names = { 0 };

	if (!b->in->suggestions)
		return S("");
	if (str_ends(folders[1], S("/")))
		folders[1].len--;
	for (unsigned i = 0; i < 2; i++) {
		struct source_list list = source_walk(b->site->source, folders[i]);
		str lead = i && folder_of(path).len ? str_cat(&b->tmp, folder_of(path), S("/")) : S("");
		for (size_t k = 0; k < list.len; k++)
			if (!folder_of(list.ptr[k].name).len && !str_ends(list.ptr[k].name, S(".md")) && !str_ends(list.ptr[k].name, S(".yaml")))
				*vec_push(&b->tmp, &names) = str_cat(&b->tmp, lead, list.ptr[k].name);
	}
	return site_nearest(b, path, names.ptr, names.len);
}

/* "../x", "a//b" and hidden files never. */
static bool
path_is_inside(str path)
{
	str rest = path, piece;
	size_t at;

	if (!path.len || str_find_byte(path, '\\', &at) || str_find_byte(path, 0, &at))
		return false;
	while (str_next(&rest, '/', &piece))
		if (!piece.len || piece.ptr[0] == '.')
			return false;
	return true;
}

bool
site_find_file(struct building *b, struct item *item, struct media *m, struct span at, bool image)
{
	str path = cut_prefix(cut_prefix(m->path, S("./")), S("/"));
	struct source_file *file = NULL;

	if (!path_is_inside(path)) {
		site_fault(b, item, SITE_FILE_PATH, at, m->path);
		return false;
	}
	path = cut_prefix(path, S("assets/"));
	if (path.len < m->path.len && str_starts(m->path, S("/")))
		file = look(b, str_cat(&b->tmp, S("assets/"), path));
	if (!file)
		file = look(b, str_cat(&b->tmp, item_folder(b, item), S("/"), path));
	if (!file)
		file = look(b, str_cat(&b->tmp, S("assets/"), path));
	if (!file) {
		site_fault(b, item, SITE_FILE_UNKNOWN, at, name_of(path), nearest_file(b, item, path), m->path);
		return false;
	}
	m->source = *file;
	m->shown = file->shown;
	m->size = file->size;
	m->personal = true;
	*vec_push(b->out, &b->site->media_uses) = (struct media_use){ m, item, at, image };
	return true;
}

struct finding {
	struct building *b;
	struct item *item;
};

static void
find_value(void *context, const struct field *f, struct val *v)
{
	struct finding *d = context;

	if (v->kind != VAL_MEDIA || v->as.media->shown.ptr)
		return;
	if (!site_find_file(d->b, d->item, v->as.media, site_span(d->item, v), f->kind == FIELD_IMAGE))
		v->kind = VAL_NONE;
}

static void
find_files(struct building *b, struct item *item)
{
	struct finding d = { b, item };
	struct site_visit visit = { .value = find_value, .context = &d, .inside = MODEL_INSIDE(FIELD_IMAGE) | MODEL_INSIDE(FIELD_FILE) };
	struct arena_mark mark = arena_mark(&b->tmp);

	site_walk_object(&item->object, &visit);
	arena_rewind(&b->tmp, mark);
}

/* --- pictures of texts --- */

struct describing { const struct media *media; bool found; };

static void
compare_value(void *context, const struct field *f, struct val *v)
{
	struct describing *d = context;

	if (v->kind == VAL_MEDIA && f->of_text && v->as.media->shown.ptr && str_equal(v->as.media->shown, d->media->shown))
		d->found = true;
}

static bool
gives_pictures(const struct field *f)
{
	const struct shape *shape = f->element ? f->element->shape : f->shape;

	if (f->of_text || (f->element && f->element->of_text))
		return true;
	for (uint32_t i = 0; shape && i < shape->n_fields; i++)
		if (gives_pictures(&shape->fields[i]))
			return true;
	return false;
}

/* The name of the field that gives the pictures of texts; "" without. */
static str
describing_field(const struct type *t)
{
	for (uint32_t i = 0; i < t->shape.n_fields; i++)
		if (gives_pictures(&t->shape.fields[i]))
			return t->shape.fields[i].name;
	return S("");
}

void
site_check_described(struct building *b, struct item *item, const struct media *m, struct span at)
{
	struct describing d = { .media = m };
	struct site_visit visit = { .value = compare_value, .context = &d, .inside = MODEL_INSIDE(FIELD_IMAGE) | MODEL_INSIDE(FIELD_FILE) };

	if (!b->in->texts_described)
		return;
	site_walk_object(&item->object, &visit);
	if (!d.found && item->original)
		site_walk_object((struct object *)(uintptr_t)&item->original->object, &visit);
	if (!d.found)
		site_fault(b, item, SITE_IMAGE_UNDESCRIBED, at, m->path, describing_field(item->type));
}

void
site_link_files(struct building *b)
{
	for (uint32_t i = 0; i < b->site->model->n_types; i++)
		b->in->texts_described = b->in->texts_described || describing_field(b->site->model->types[i]).len;
	for (size_t i = 0; i < b->in->all.len; i++)
		find_files(b, b->in->all.ptr[i]);
	find_files(b, b->site->config);
}

static void
mark_rich(const struct rich *rich)
{
	for (uint32_t i = 0; rich && rich->links && i < rich->md.n_holes; i++)
		if (rich->links[i].media)
			((struct media *)(uintptr_t)rich->links[i].media)->personal = false;
}

static void
mark_value(void *context, const struct field *f, struct val *v)
{
	(void)context;
	(void)f;
	if (v->kind == VAL_MEDIA)
		v->as.media->personal = false;
	else if (v->kind == VAL_RICH)
		mark_rich(v->as.rich);
}

void
site_mark_public_files(struct building *b)
{
	struct site_visit visit = { .value = mark_value, .inside = MODEL_INSIDE(FIELD_IMAGE) | MODEL_INSIDE(FIELD_FILE) | MODEL_INSIDE(FIELD_MARKDOWN), .public_only = true };

	for (size_t i = 0; i < b->in->all.len; i++) {
		mark_rich(b->in->all.ptr[i]->body);
		site_walk_object(&b->in->all.ptr[i]->object, &visit);
	}
	mark_rich(b->site->config->body);
	site_walk_object(&b->site->config->object, &visit);
}
