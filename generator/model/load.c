/* content/ → items, on several threads. What is read in parallel is one file; all that looks at several is serial. */
#include <stdatomic.h>

#include "model/internal.h"
#include "model/stock.h"
#include "os/os.h"
#include "text/text.h"

#define BATCH 16                /* files a worker takes at once */

/* --- names of files --- */

struct naming {
	const struct model *m;
	struct source *s;
	const str *languages;
	uint32_t n_languages;
	struct arena *out, *tmp;
	struct diag *diag;
	struct text *text;           /* opened for the first bad name */
	struct map unknown_folders;  /* reported once each */
	VEC(struct content_file) files;
};

static bool
is_media_name(str name)
{
	static const str endings[] = {
		S_INIT(".jpg"), S_INIT(".jpeg"), S_INIT(".png"), S_INIT(".webp"), S_INIT(".avif"), S_INIT(".gif"), S_INIT(".svg"),
		S_INIT(".heic"), S_INIT(".heif"), S_INIT(".tif"), S_INIT(".tiff"), S_INIT(".bmp"),    /* refused when an item shows them */
		S_INIT(".pdf"), S_INIT(".csv"), S_INIT(".json"), S_INIT(".geojson"), S_INIT(".ods"), S_INIT(".odt"), S_INIT(".mp3"), S_INIT(".mp4"), S_INIT(".vtt"),
	};

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (name.len > endings[i].len && str_equal_fold(str_slice(name, name.len - endings[i].len, name.len), endings[i]))
			return true;
	return false;
}

/* Cuts the ending off; false when it is neither .md nor .yaml. */
static bool
cut_ending(str name, str *stem, bool *yaml)
{
	*yaml = str_ends(name, S(".yaml"));
	*stem = str_slice(name, 0, name.len - (*yaml ? 5 : 3));
	return *yaml || str_ends(name, S(".md"));
}

static bool
last_dot(str s, size_t *at)
{
	for (*at = s.len; *at > 0; --*at)
		if (s.ptr[*at - 1] == '.') {
			--*at;
			return true;
		}
	return false;
}

static str
proposed_slug(struct naming *n, str stem)
{
	if (!n->text)
		n->text = text_open();
	return text_slug(n->text, stem, n->tmp);
}

static bool
read_language(struct naming *n, const struct source_file *f, str *stem, uint8_t *language)
{
	size_t dot;
	str tag;

	*language = 0;
	if (!last_dot(*stem, &dot))
		return true;
	tag = str_slice(*stem, dot + 1, stem->len);
	for (uint32_t i = 0; i < n->n_languages; i++)
		if (str_equal(n->languages[i], tag)) {
			*language = (uint8_t)i;
			*stem = str_slice(*stem, 0, dot);
			return true;
		}
	if (tag.len != 2)
		return true;
	diag_add(n->diag, CONTENT_UNKNOWN_LANGUAGE, SPAN_FILE(f->file), tag, names_list(n->tmp, n->languages, n->n_languages));
	return false;
}

/* A file in error because of its name or place still stands for the item it was meant to be: nothing that refers to it is in error too. */
static void
add_misnamed(struct naming *n, const struct source_file *f, const struct type *type, str stem)
{
	struct content_file c = { .source = *f, .type = type, .misnamed = true };
	size_t dot;

	for (size_t slash; str_find_byte(stem, '/', &slash);)
		stem = str_slice(stem, slash + 1, stem.len);
	if (str_find_byte(stem, '.', &dot))
		stem = str_slice(stem, 0, dot);
	c.slug = proposed_slug(n, stem);
	if (name_is_slug(c.slug))
		*vec_push(n->tmp, &n->files) = c;
}

/* What a file that was meant to be an item should be called: "fiche.md.txt", "fiche.MD" → "fiche.md"; "" for any other. */
static str
proposed_name(struct naming *n, str name)
{
	static const str endings[] = { S_INIT("md"), S_INIT("markdown"), S_INIT("txt"), S_INIT("yml") };
	size_t dot;

	if (!last_dot(name, &dot))
		return S("");
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (str_equal_fold(str_slice(name, dot + 1, name.len), endings[i])) {
			name = str_slice(name, 0, dot);
			if (str_ends(name, S(".md")))
				name = str_slice(name, 0, name.len - 3);
			return str_cat(n->tmp, proposed_slug(n, name), i == 3 ? S(".yaml") : S(".md"));
		}
	return S("");
}

/* "interne.en.md" of a known folder, or the file of a singular type. */
static void
add_file(struct naming *n, const struct source_file *f, const struct type *type, str name)
{
	struct content_file c = { .source = *f, .type = type };
	str stem;

	if (!cut_ending(name, &stem, &c.yaml)) {
		diag_add(n->diag, CONTENT_UNKNOWN_FILE, SPAN_FILE(f->file), f->name, proposed_name(n, name));
		add_misnamed(n, f, type, name);
		return;
	}
	if (!read_language(n, f, &stem, &c.language))
		return;
	if (!name_is_slug(stem)) {
		diag_add(n->diag, CONTENT_BAD_SLUG, SPAN_FILE(f->file), stem, str_cat(n->tmp, proposed_slug(n, stem), c.yaml ? S(".yaml") : S(".md")));
		add_misnamed(n, f, type, stem);
		return;
	}
	c.slug = stem;
	*vec_push(n->tmp, &n->files) = c;
}

static void
refuse_folder(struct naming *n, const struct source_file *f, str folder)
{
	str *names = arena_array(n->tmp, str, n->m->by_folder.len);
	uint32_t ignored;

	if (map_find(&n->unknown_folders, folder, &ignored))
		return;
	map_set(n->tmp, &n->unknown_folders, folder, NULL);
	for (uint32_t i = 0; i < n->m->by_folder.len; i++)
		names[i] = n->m->by_folder.entries[i].key;
	diag_add(n->diag, CONTENT_UNKNOWN_FOLDER, SPAN_FILE(f->file), folder, names_nearest(folder, names, n->m->by_folder.len),
	    names_list(n->tmp, names, n->m->by_folder.len));
}

/* Of each file, for the folder is told once. */
static void
stand_for_item(struct naming *n, const struct source_file *f, str folder, str name)
{
	const struct type *type;
	str *names = arena_array(n->tmp, str, n->m->by_folder.len), nearest;

	for (uint32_t i = 0; i < n->m->by_folder.len; i++)
		names[i] = n->m->by_folder.entries[i].key;
	nearest = names_nearest(folder, names, n->m->by_folder.len);
	type = nearest.len ? map_get(&n->m->by_folder, nearest) : NULL;
	if (type && !is_media_name(name))
		add_misnamed(n, f, type, name);
}

/* A file beside the folders: that of a singular type. */
static void
name_single(struct naming *n, const struct source_file *f)
{
	str *names = arena_array(n->tmp, str, n->m->n_types + 1);
	size_t len = 0;

	for (uint32_t i = 0; i < n->m->n_types; i++) {
		const struct type *t = n->m->types[i];
		if (!t->single_file.len)
			continue;
		if (str_equal(t->single_file, f->name)) {
			if (t != n->m->site_type)
				add_file(n, f, t, f->name);
			return;
		}
		names[len++] = t->single_file;
	}
	diag_add(n->diag, CONTENT_UNKNOWN_SINGLE, SPAN_FILE(f->file), f->name, names_nearest(f->name, names, len), names_list(n->tmp, names, len));
}

static void
name_file(struct naming *n, const struct source_file *f)
{
	str folder, name;
	const struct type *type;
	size_t slash;

	if (!str_cut(f->name, '/', &folder, &name)) {
		name_single(n, f);
		return;
	}
	type = map_get(&n->m->by_folder, folder);
	if (!type) {
		refuse_folder(n, f, folder);
		stand_for_item(n, f, folder, name);
	} else if (!is_media_name(name)) {
		if (str_find_byte(name, '/', &slash)) {
			diag_add(n->diag, CONTENT_TOO_DEEP, SPAN_FILE(f->file), f->name, folder);
			add_misnamed(n, f, type, name);
		} else {
			add_file(n, f, type, name);
		}
	}
}

static int
compare_files(const void *a, const void *b, void *context)
{
	const struct content_file *x = a, *y = b;
	int order = str_compare(x->type->name, y->type->name);

	(void)context;
	if (!order)
		order = str_compare(x->slug, y->slug);
	if (!order)
		order = (int)x->language - (int)y->language;
	if (!order)
		order = (int)x->misnamed - (int)y->misnamed;
	/* "x.md" is kept before "x.fr.md" */
	return order ? order : (int)x->source.name.len - (int)y->source.name.len;
}

static bool
same_item(const struct content_file *x, const struct content_file *y)
{
	return x->type == y->type && str_equal(x->slug, y->slug);
}

/* Files sorted; of two for one item and language the second is an error, and a translation needs an original. */
static void
check_names(struct naming *n)
{
	struct content_file *f = n->files.ptr;
	size_t kept = 0;

	vec_sort(f, n->files.len, sizeof *f, compare_files, NULL);
	for (size_t i = 0; i < n->files.len; i++) {
		bool known = kept && same_item(&f[kept - 1], &f[i]);
		if (known && f[i].misnamed)
			continue;
		if (known && f[kept - 1].language == f[i].language) {
			diag_add(n->diag, CONTENT_TWICE, SPAN_FILE(f[i].source.file), f[kept - 1].source.shown);
			continue;
		}
		if (f[i].language > 0 && !known) {
			diag_add(n->diag, CONTENT_NO_ORIGINAL, SPAN_FILE(f[i].source.file), str_cat(n->tmp, f[i].slug, S(".md")));
			continue;
		}
		f[kept++] = f[i];
	}
	n->files.len = kept;
}

/* --- reading --- */

struct slot {
	struct item *item;           /* NULL when unwritten */
	bool unwritten;
	const struct item *fresh;    /* for the stock */
	struct stock_mark mark;
	struct diag diag;
};
struct loading {
	const struct model *m;
	struct source *s;
	const struct content_file *files;
	struct slot *slots;
	size_t n;
	const str *languages;
	uint32_t n_languages;
	struct arena *arenas;
	struct pack *pack;
	struct stock *stock;
	struct files *known;
	atomic_size_t next;
};

/* What stands for an item that could not be read, so that references to it are no second error. */
static struct item *
unread_item(const struct content_file *f, uint32_t n_languages, struct arena *out)
{
	struct item *item = item_of_file(f, n_languages, out);

	item->faulty = true;
	item->object = object_with(&f->type->shape, NULL, (struct val){ 0 }, out);
	return item;
}

/* The file of a singular type that holds comments only waits for its author: it is as if it were not there. */
static bool
is_unwritten(const struct content_file *f, str bytes)
{
	str line;

	if (!f->type->single_file.len)
		return false;
	if (str_starts(bytes, S("\xef\xbb\xbf")))
		bytes = str_slice(bytes, 3, bytes.len);
	while (str_cut(bytes, '\n', &line, &bytes)) {
		line = str_trim(line);
		if (line.len && line.ptr[0] != '#')
			return false;
	}
	bytes = str_trim(bytes);
	return !bytes.len || bytes.ptr[0] == '#';
}

/* Is the item on the stock? */
static bool
take_kept(struct loading *l, const struct content_file *f, struct slot *slot, struct arena *out)
{
	const struct item *kept = stock_look(f, &slot->mark) ? stock_find(l->stock, f, &slot->mark, &slot->diag) : NULL;

	if (!kept)
		return false;
	slot->item = item_copy(kept, out);
	slot->item->file = f->source.file;
	return true;
}

static bool
says_of_itself(const struct diag *diag, file_id file)
{
	for (size_t i = 0; i < diag->entries.len; i++)
		if (diag->entries.ptr[i].at.file && diag->entries.ptr[i].at.file != file)
			return false;
	return true;
}

/* With a stock every item is a copy: what was read stays as it was read. */
static void
read_file(struct loading *l, const struct content_file *f, struct slot *slot, unsigned worker, struct arena *tmp)
{
	struct arena *out = &l->arenas[worker];
	struct reader r = { .m = l->m, .languages = l->languages, .n_languages = l->n_languages, .pack = l->pack ? pack_worker(l->pack, worker) : NULL,
		.out = l->stock ? &l->stock->arenas[worker] : out, .tmp = tmp, .diag = &slot->diag };

	if (!f->misnamed && source_read(l->s, &f->source, l->s->limits.content_file, tmp, &slot->diag, &r.bytes)) {
		slot->unwritten = is_unwritten(f, r.bytes);
		if (!slot->unwritten)
			slot->item = reader_item(&r, f);
	}
	if (l->stock && slot->item) {
		if (slot->mark.stat.kind == OS_FILE && says_of_itself(&slot->diag, f->source.file))
			slot->fresh = slot->item;
		slot->item = item_copy(slot->item, out);
	}
	if (!slot->item && !slot->unwritten)
		slot->item = unread_item(f, l->n_languages, out);
}

static void
read_slot(struct loading *l, size_t i, unsigned worker, struct arena *tmp)
{
	const struct content_file *f = &l->files[i];
	struct slot *slot = &l->slots[i];
	struct arena *out = &l->arenas[worker];

	diag_init(&slot->diag, out, l->known);
	if (l->stock && !f->misnamed && take_kept(l, f, slot, out))
		return;
	read_file(l, f, slot, worker, tmp);
	arena_reset(tmp);
}

static void
fill_stock(struct loading *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->slots[i].fresh)
			stock_put(l->stock, &l->files[i], &l->slots[i].mark, l->slots[i].fresh, &l->slots[i].diag);
	stock_end_load(l->stock);
}

static void
work(void *context, unsigned worker)
{
	struct loading *l = context;
	struct arena tmp;

	arena_init(&tmp, l->arenas[worker].source);
	for (;;) {
		size_t from = atomic_fetch_add(&l->next, BATCH);
		if (from >= l->n)
			break;
		for (size_t i = from; i < from + BATCH && i < l->n; i++)
			read_slot(l, i, worker, &tmp);
	}
	arena_free(&tmp);
}

/* --- what concerns several items --- */

/* The text by which two values of a field are the same; STR_NONE when it has none. */
static str
unique_text(const struct val *v, struct arena *tmp)
{
	switch (v->kind) {
	case VAL_TEXT: case VAL_REF_TEXT: return v->as.text;
	case VAL_INTEGER: return str_format(tmp, "%lld", (long long)v->as.integer);
	case VAL_DATE: return date_iso(tmp, v->as.date);
	default: return STR_NONE;
	}
}

static void
check_unique(struct item *item, const struct field *f, struct map *seen, struct arena *tmp, struct diag *diag)
{
	const struct val *v = object_val(&item->object, f->index);
	str text = unique_text(v, tmp), key;
	void **first;

	if (!text.len)
		return;
	key = str_cat(tmp, item->type->name, S("\n"), f->name, S("\n"), text);
	first = map_put(tmp, seen, key);
	if (!*first) {
		*first = item;
		return;
	}
	diag_add(diag, VALUE_NOT_UNIQUE, ((struct span){ item->file, v->start, v->end }), f->name, text,
	    files_path(diag->files, ((struct item *)*first)->file));
	item->faulty = true;
}

static void
check_all_unique(struct content *c, struct arena *tmp, struct diag *diag)
{
	VEC(const struct field *) unique = { 0 };
	const struct shape *shape = NULL;
	struct map seen = { 0 };

	for (uint32_t i = 0; i < c->len; i++) {
		if (c->items[i]->object.shape != shape) {
			shape = c->items[i]->object.shape;
			unique.len = 0;
			for (uint32_t k = 0; k < shape->n_fields; k++)
				if (shape->fields[k].unique)
					*vec_push(tmp, &unique) = &shape->fields[k];
		}
		for (size_t k = 0; k < unique.len && !c->items[i]->language; k++)
			check_unique(c->items[i], unique.ptr[k], &seen, tmp, diag);
	}
}

/* Fields that the original has and that must be translated; personal ones that the original's consent does not cover. */
static void
check_translation(struct item *item, const struct item *original, struct diag *diag)
{
	const struct type *t = item->type;
	const struct val *consent = t->consent.len ? model_val(&original->object, t->consent) : NULL;

	for (uint32_t i = 0; i < t->shape.n_fields; i++) {
		const struct field *f = &t->shape.fields[i];
		const struct val *own = object_val(&item->object, i);
		if (f->translation == TRANSLATION_REQUIRED && !f->required && own->kind == VAL_NONE && object_val(&original->object, i)->kind != VAL_NONE)
			diag_add(diag, TRANSLATION_MISSING, SPAN_FILE(item->file), f->name, f->label);
		else if (f->personal && own->kind != VAL_NONE && !consent)
			diag_add(diag, CONSENT_MISSING, ((struct span){ item->file, own->start, own->end }), f->name, t->consent);
		else
			continue;
		item->faulty = true;
	}
}

static void
check_translations(struct content *c, struct diag *diag)
{
	const struct item *original = NULL;

	for (uint32_t i = 0; i < c->len; i++) {
		struct item *item = c->items[i];
		if (!item->language)
			original = item;
		else if (original && original->type == item->type && str_equal(original->slug, item->slug) && !original->faulty && !item->faulty)
			check_translation(item, original, diag);
	}
}

/* An unfinished draft stops nobody: what is wrong with it is counted, not listed. */
static void
note_draft(const struct slot *slot, struct diag *diag)
{
	if (slot->diag.n_errors)
		diag_add(diag, DRAFT_UNFINISHED, SPAN_FILE(slot->item->file), str_format(diag->out, "%u", slot->diag.n_errors));
}

static struct content
gather(struct loading *l, bool drafts, struct arena *out, struct diag *diag)
{
	struct content c = { arena_array(out, struct item *, l->n), 0 };
	const struct item *dropped = NULL;

	for (size_t i = 0; i < l->n; i++) {
		struct slot *slot = &l->slots[i];
		struct item *item = slot->item;
		if (slot->unwritten)
			continue;
		bool orphan = dropped && item->language && dropped->type == item->type && str_equal(dropped->slug, item->slug);
		if (orphan)
			continue;
		if (item->draft && !drafts) {
			note_draft(slot, diag);
			dropped = item->language ? dropped : item;
			continue;
		}
		diag_merge(diag, &slot->diag);
		c.items[c.len++] = item;
	}
	return c;
}

static void
read_all(struct loading *l, unsigned workers)
{
	unsigned useful = (unsigned)(l->n / BATCH + 1);
	os_parallel(workers < useful ? workers : useful, work, l);
}

struct content
model_load_content(const struct model *m, struct source *s, const str *languages, uint32_t n_languages, bool drafts,
    struct pack *pack, struct stock *stock, struct arena *arenas, unsigned workers, struct arena *out, struct diag *diag)
{
	struct arena tmp;
	struct naming n = { .m = m, .s = s, .languages = languages, .n_languages = n_languages, .out = out, .tmp = &tmp, .diag = diag };
	struct loading l = { .m = m, .s = s, .languages = languages, .n_languages = n_languages,
		.pack = pack, .stock = stock, .arenas = arenas, .known = diag->files };
	struct source_list all = source_walk(s, S("content"));
	struct content c;

	arena_init(&tmp, out->source);
	for (size_t i = 0; i < all.len; i++)
		name_file(&n, &all.ptr[i]);
	check_names(&n);
	if (n.text)
		text_close(n.text);
	l.files = n.files.ptr;
	l.n = n.files.len;
	l.slots = arena_array(&tmp, struct slot, l.n);
	read_all(&l, workers);
	if (stock)
		fill_stock(&l);
	c = gather(&l, drafts, out, diag);
	check_all_unique(&c, &tmp, diag);
	check_translations(&c, diag);
	arena_free(&tmp);
	return c;
}
