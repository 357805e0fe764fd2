/* Addresses of items. They never depend on the date: an item that is not published keeps its address for itself. */
#include "site/inside.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

/* Longer than any address that a browser or an old site had. */
#define MAX_OLD_ADDRESS 1024

/* First segments that pages of the program or the theme live under. Folders of types and language codes are reserved too. */
static const str reserved[] = {
	S_INIT("assets"), S_INIT("donnees"), S_INIT("admin"), S_INIT("embed"), S_INIT("carte"), S_INIT("recherche"), S_INIT("flux"), S_INIT("page"),
	S_INIT("contact"), S_INIT("plan-du-site"), S_INIT("404"), S_INIT("index"), S_INIT("agenda"), S_INIT("sitemap"), S_INIT("robots"),
};

/* The text of a value in an address. */
static str
value_segment(struct building *b, const struct val *v)
{
	switch (v->kind) {
	case VAL_TEXT: return text_slug(b->text, v->as.text, b->out);
	case VAL_ENUM: return text_slug(b->text, v->as.choice->key, b->out);
	case VAL_INTEGER: return str_format(b->out, "%lld", (long long)v->as.integer);
	case VAL_DATE: return date_iso(b->out, v->as.date);
	case VAL_MOMENT: return date_iso(b->out, v->as.moment.local);
	case VAL_REF: return v->as.item->slug;
	default: return S("");
	}
}

static str
month_segment(struct building *b, const struct item *item)
{
	const struct type *t = item->type;
	str path = t->recurrence_start.len ? t->recurrence_start : t->shape.life ? t->shape.life->start : STR_NONE;
	const struct val *v = path.len ? model_val(&item->object, path) : NULL;

	if (!v || (v->kind != VAL_DATE && v->kind != VAL_MOMENT))
		return S("");
	return str_slice(date_iso(b->out, v->kind == VAL_DATE ? v->as.date : v->as.moment.local), 0, 7);
}

static str
segment(struct building *b, const struct item *item, str name, uint8_t language)
{
	const struct val *v;

	if (str_equal(name, S("slug")))
		return item->slug;
	if (str_equal(name, S("dossier")))
		return item->type->folder;
	if (str_equal(name, S("langue")))
		return b->site->languages[language];
	if (str_equal(name, S("mois")))
		return month_segment(b, item);
	v = model_val(&item->object, name);
	return v ? value_segment(b, v) : S("");
}

/* Takes "text{name}" off the pattern; name is STR_NONE at its end. */
static void
next_piece(str *pattern, str *text, str *name)
{
	str rest;

	*name = STR_NONE;
	if (!str_cut(*pattern, '{', text, &rest)) {
		*pattern = S("");
		return;
	}
	str_cut(rest, '}', name, pattern);
}

/* The address of an item, STR_NONE after an error. */
static str
expand_pattern(struct building *b, struct item *item, uint8_t language)
{
	str rest = item->type->url, text, name, url;
	bool own_language = false;
	struct buf buf;

	buf_init(&buf, 4096);
	while (rest.len) {
		str piece;
		next_piece(&rest, &text, &name);
		buf_put(&buf, text);
		if (!name.ptr)
			continue;
		piece = segment(b, item, name, language);
		own_language = own_language || str_equal(name, S("langue"));
		if (!piece.len || buf.failed) {
			if (!item->faulty)
				site_fault(b, item, SITE_URL_FIELD, SPAN_FILE(item->file), name, item->type->url);
			buf_free(&buf);
			return STR_NONE;
		}
		buf_put(&buf, piece);
	}
	url = language && !own_language ? str_cat(b->out, S("/"), b->site->languages[language], buf_str(&buf)) : buf_copy(&buf, b->out);
	buf_free(&buf);
	return url;
}

static str
first_segment(str url)
{
	str rest = str_slice(url, 1, url.len), head, tail;

	str_cut(rest, '/', &head, &tail);
	return head;
}

static bool
is_reserved(const struct building *b, str segment_text)
{
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (str_equal(reserved[i], segment_text))
			return true;
	if (map_get(&b->site->model->by_folder, segment_text))
		return true;
	return segment_text.len == 2 && text_language_known(segment_text);
}

/* Only where the slug itself is the first segment. */
static void
check_reserved(struct building *b, struct item *item, str url)
{
	str literal = first_segment(item->type->url), first = first_segment(url);
	size_t at;

	if (str_find_byte(literal, '{', &at) && is_reserved(b, first))
		site_fault(b, item, SITE_SLUG_RESERVED, SPAN_FILE(item->file), first);
}

static void
take(struct building *b, struct item *item, uint8_t language, str url)
{
	void **place = map_put(b->out, &b->in->taken, url);
	struct item *other = *place;

	if (!other) {
		*place = item;
		*vec_push(b->out, &b->in->addresses) = (struct address){ url, item, language };
		return;
	}
	if (other == item)
		return;
	if (!language)
		site_fault(b, item, SITE_URL_COLLISION, SPAN_FILE(item->file), url, files_path(b->diag->files, other->file));
}

static void
address_item(struct building *b, struct item *item)
{
	for (uint32_t l = 0; l < b->site->n_languages; l++) {
		str url;
		if (item == b->site->home)
			url = l ? str_cat(b->out, S("/"), b->site->languages[l], S("/")) : S("/");
		else
			url = expand_pattern(b, item, (uint8_t)l);
		if (!url.ptr)
			return;
		if (!l && item != b->site->home)
			check_reserved(b, item, url);
		take(b, item, (uint8_t)l, url);
	}
}

/* Counted among all that will ever be published, so that the home page does not depend on the date. */
static void
find_home(struct building *b)
{
	const struct model *m = b->site->model;
	uint32_t *counts = arena_array(&b->tmp, uint32_t, m->n_types);
	const struct item **only = arena_array(&b->tmp, const struct item *, m->n_types);

	for (size_t i = 0; i < b->in->all.len; i++) {
		const struct item *item = b->in->all.ptr[i];
		if (!item->type->single_home || item->original != item || site_recurring(b, item) || (item->draft && !b->in->drafts))
			continue;
		counts[item->type->index]++;
		only[item->type->index] = item;
	}
	for (uint32_t i = 0; i < m->n_types && !b->site->home; i++)
		if (counts[i] == 1)
			b->site->home = only[i];
}

void
site_address(struct building *b)
{
	map_reserve(b->out, &b->in->taken, b->in->all.len);
	vec_reserve(b->out, &b->in->addresses, b->in->all.len);
	find_home(b);
	for (size_t i = 0; i < b->in->all.len; i++) {
		struct item *item = b->in->all.ptr[i];
		if (item->original == item && item->type->url.len && !site_recurring(b, item) && (!item->draft || b->in->drafts))
			address_item(b, item);
	}
}

/* "/x?y#z" → "/x/", "/x/index.html" → "/x/"; another file name stays as it is. */
static str
normal_address(struct building *b, str text)
{
	size_t at, slash = 0;

	if (str_find_byte(text, '#', &at))
		text = str_slice(text, 0, at);
	if (str_find_byte(text, '?', &at))
		text = str_slice(text, 0, at);
	text = str_from_percent(b->out, text);
	if (str_ends(text, S("/index.html")))
		text.len -= 10;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '/')
			slash = i;
	if (str_ends(text, S("/")) || str_find_byte(str_slice(text, slash, text.len), '.', &at))
		return text;
	return str_cat(b->out, text, S("/"));
}

/* An old address becomes a file's path and a server's pattern: what these read otherwise than it stands has no place in it. */
static bool
old_address_is_plain(str address)
{
	size_t at;

	if (!str_starts(address, S("/")) || address.len > MAX_OLD_ADDRESS || !utf8_valid(address, &at))
		return false;
	for (size_t i = 0; i < address.len; i++)
		if ((unsigned char)address.ptr[i] < ' ' || strchr("\x7f\\*$%", address.ptr[i]))
			return false;
	return !str_find(address, S("//"), &at) && !str_find(address, S("/."), &at) && !str_find(address, S("/:"), &at);
}

static void
redirect_from(struct building *b, struct item *item, const struct val *v, struct map *froms)
{
	str from = normal_address(b, v->as.text);
	struct item *other = map_get(&b->in->taken, from);
	void **place;

	if (!old_address_is_plain(from)) {
		site_fault(b, item, SITE_REDIRECT_FORM, site_span(item, v), v->as.text);
		return;
	}
	if (other) {
		site_fault(b, item, SITE_REDIRECT_TAKEN, site_span(item, v), from, files_path(b->diag->files, other->file));
		return;
	}
	place = map_put(b->out, froms, from);
	if (*place) {
		other = *place;
		site_fault(b, item, SITE_REDIRECT_TAKEN, site_span(item, v), from, files_path(b->diag->files, other->file));
		return;
	}
	*place = item;
	*vec_push(b->out, &b->in->redirects) = (struct redirect_from){ from, item, site_span(item, v) };
}

void
site_redirect(struct building *b)
{
	struct map froms = { 0 };

	for (size_t i = 0; i < b->in->all.len; i++) {
		struct item *item = b->in->all.ptr[i];
		const struct val *list = model_val(&item->object, S("anciennes_adresses"));
		if (!list || list->kind != VAL_LIST || item->original != item || item->occurrence_of)
			continue;
		for (uint32_t k = 0; k < list->as.list->len; k++)
			if (list->as.list->items[k].kind == VAL_TEXT)
				redirect_from(b, item, &list->as.list->items[k], &froms);
	}
}
