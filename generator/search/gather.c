#include "search/gather.h"

#include "search/facets.h"
#include "text/text.h"

static void gather_val(struct gathered *g, const struct field *f, const struct val *v, enum search_class class);

static void
put(struct gathered *g, enum search_class class, str text)
{
	static const uint8_t lists[] = { [SEARCH_TEXT] = GATHER_TEXT, [SEARCH_WORD] = GATHER_WORD, [SEARCH_COMMUNE] = GATHER_COMMUNE, [SEARCH_TITLE] = GATHER_TITLE };

	if (text.len)
		*vec_push(g->out, &g->pieces[lists[class]]) = text;
}

static void
put_title_of(struct gathered *g, enum search_class class, const struct item *item)
{
	const struct field *f = model_field(&item->type->shape, S("titre"));
	const struct val *v = f ? site_value(g->site, item, f, g->language) : NULL;

	if (item->published && v && v->kind == VAL_TEXT)
		put(g, class, v->as.text);
}

/* A day as one types it, "26 novembre 2026"; of a month: "novembre 2026". */
static void
put_date(struct gathered *g, const struct field *f, enum search_class class, day d)
{
	put(g, class, text_date(g->text, g->site->languages[g->language], d, f->kind == FIELD_MONTH ? TEXT_DATE_MONTH : TEXT_DATE_LONG, g->out));
}

/* What is exported is public: its texts are searched, unless the type says otherwise. Of the rest, only what the type names. */
static enum search_class
class_of(const struct field *f, enum search_class outer)
{
	if (f->search != SEARCH_DEFAULT)
		return f->search;
	if (!f->exported)
		return SEARCH_NONE;
	return outer;
}

/* Fields of other kinds have no words of their own. */
#define WITH_WORDS (MODEL_INSIDE(FIELD_TEXT) | MODEL_INSIDE(FIELD_MARKDOWN) | MODEL_INSIDE(FIELD_ENUM) | MODEL_INSIDE(FIELD_REF) | \
    MODEL_INSIDE(FIELD_DATE) | MODEL_INSIDE(FIELD_DATETIME) | MODEL_INSIDE(FIELD_MONTH))

static void
gather_object(struct gathered *g, const struct object *o, enum search_class class)
{
	if (!(o->shape->inside & WITH_WORDS))
		return;
	for (uint32_t i = 0; i < o->shape->n_fields; i++)
		gather_val(g, &o->shape->fields[i], object_val(o, i), class);
}

static bool
may_read(struct gathered *g, const struct field *f)
{
	if (!f->personal)
		return true;
	g->personal = g->personal || g->may_name;
	return g->may_name;
}

static void
gather_val(struct gathered *g, const struct field *f, const struct val *v, enum search_class outer)
{
	enum search_class class = class_of(f, outer), named = class == SEARCH_DEFAULT ? SEARCH_TEXT : class;

	if (v->kind == VAL_NONE || class == SEARCH_NONE || !may_read(g, f))
		return;
	if (v->kind == VAL_TEXT && (f->kind == FIELD_TEXT || class != SEARCH_DEFAULT))
		put(g, named, v->as.text);
	else if (v->kind == VAL_RICH)
		put(g, named, markdown_plain(&v->as.rich->md, g->out));
	else if (v->kind == VAL_ENUM && class != SEARCH_DEFAULT)
		put(g, named, site_label(g->site, g->language, v->as.choice->label));
	else if (v->kind == VAL_REF && v->as.item && class != SEARCH_DEFAULT)
		put_title_of(g, named, v->as.item);
	else if (v->kind == VAL_DATE && class != SEARCH_DEFAULT)
		put_date(g, f, named, v->as.date);
	else if (v->kind == VAL_MOMENT && class != SEARCH_DEFAULT)
		put_date(g, f, named, v->as.moment.local);
	else if (v->kind == VAL_OBJECT)
		gather_object(g, v->as.object, class);
	else if (v->kind == VAL_LIST)
		for (uint32_t i = 0; i < v->as.list->len; i++)
			gather_val(g, f->element, &v->as.list->items[i], class);
}

void
gather_item(struct gathered *g, const struct search_setup *setup, const struct item *item)
{
	const struct rich *body = site_body(g->site, item, g->language);
	const struct shape *shape = &item->type->shape;
	size_t first;

	for (unsigned i = 0; i < GATHER_N; i++)
		memset(&g->pieces[i], 0, sizeof g->pieces[i]);
	g->item = item;
	g->personal = false;
	g->may_name = site_consents(g->site, item, S("index"));
	put(g, SEARCH_COMMUNE, facets_commune(g->site, setup, item, g->language));
	/* An excerpt begins with the summary, then the body. */
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		first = g->pieces[GATHER_TEXT].len;
		gather_val(g, &shape->fields[i], site_value(g->site, item, &shape->fields[i], g->language), SEARCH_DEFAULT);
		if (first == 0 && g->pieces[GATHER_TEXT].len && body)
			put(g, SEARCH_TEXT, markdown_plain(&body->md, g->out));
	}
	if (g->pieces[GATHER_TEXT].len == 0 && body)
		put(g, SEARCH_TEXT, markdown_plain(&body->md, g->out));
}
