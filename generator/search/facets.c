#include "search/facets.h"

#include "search/path.h"

struct reading {
	struct facets *f;
	const struct site *site;
	const struct search_setup *setup;
	uint8_t language;
	struct text *text;
	struct arena *out;
	struct arena tmp;
};

/* --- values of a facet --- */

/* The values of the item at hand, by one facet. */
struct gathering {
	struct reading *r;
	const struct search_facet *setup;
	const struct search_rule *rule;
	struct facet *facet;
	struct map *by_key;          /* key → index + 1 of the value */
	const struct field *ref;     /* through which values are references, NULL without */
	VEC(uint16_t) now;
};

static str
title_of(const struct reading *r, const struct item *item)
{
	static const str names[] = { S_INIT("nom_court"), S_INIT("titre") };

	for (size_t i = 0; i < 2; i++) {
		const struct field *f = model_field(&item->type->shape, names[i]);
		const struct val *v = f ? site_value(r->site, item, f, r->language) : NULL;
		if (v && !f->personal && v->kind == VAL_TEXT && v->as.text.len)
			return v->as.text;
	}
	return item->slug;
}

/* The label of a value that a rule gives by name: a text, or one for each language. */
static str
word_label(const struct reading *r, const struct search_facet *f, str key, uint64_t *order)
{
	for (uint32_t i = 0; i < f->n_words; i++) {
		const struct value *label = f->words[i].label;
		if (!str_equal(f->words[i].key, key))
			continue;
		*order = i;
		if (label->kind == VALUE_SCALAR)
			return label->as.text;
		return value_text(label, r->site->languages[r->language], value_text(label, r->site->languages[0], key));
	}
	return key;
}

static str
month_key(const struct reading *r, day d)
{
	struct civil c = civil_from_day(d);

	return str_format(r->out, "%04d-%02d", c.year, c.month);
}

static struct facet_value
month_value(const struct reading *r, day d)
{
	struct civil c = civil_from_day(d);
	day first = day_from_civil(c.year, c.month, 1);

	return (struct facet_value){ month_key(r, first), text_date(r->text, r->site->languages[r->language], first, TEXT_DATE_MONTH, r->out),
		(uint64_t)((int64_t)first + (INT64_C(1) << 32)) };
}

static struct facet_value
enum_value(const struct gathering *g, const struct found *at)
{
	const struct enum_value *choice = at->val->as.choice;
	const struct enum_value *all = at->field->values;
	const str *attribute = g->rule->attribute.ptr ? map_get(&choice->attributes, g->rule->attribute) : NULL;

	if (g->rule->attribute.ptr)
		return (struct facet_value){ attribute ? *attribute : STR_NONE, attribute ? *attribute : STR_NONE, UINT64_MAX };
	return (struct facet_value){ choice->key, site_label(g->r->site, g->r->language, choice->label), (uint64_t)(choice - all) };
}

static struct facet_value
item_value(const struct reading *r, const struct item *item)
{
	return (struct facet_value){ item->slug, title_of(r, item), item->id };
}

static struct facet_value
boolean_value(const struct reading *r, bool yes)
{
	str key = yes ? S("oui") : S("non");

	return (struct facet_value){ key, site_string(r->site, r->language, key), !yes };
}

static struct facet_value
state_value(const struct reading *r, const struct life_state *state)
{
	return (struct facet_value){ state->name, site_label(r->site, r->language, state->label.len ? state->label : state->name), 0 };
}

/* What a value found stands for; without a key: nothing. */
static struct facet_value
value_of(const struct gathering *g, const struct found *at)
{
	const struct val *v = at->val;

	if (!v)
		return state_value(g->r, at->state);
	switch (v->kind) {
	case VAL_ENUM:
		return enum_value(g, at);
	case VAL_REF:
		return item_value(g->r, v->as.item);
	case VAL_DATE:
		return month_value(g->r, v->as.date);
	case VAL_MOMENT:
		return month_value(g->r, v->as.moment.local);
	case VAL_BOOLEAN:
		return boolean_value(g->r, v->as.boolean);
	case VAL_TEXT:
		return (struct facet_value){ v->as.text, v->as.text, 0 };
	default:
		return (struct facet_value){ .key = STR_NONE };
	}
}

static bool
listed(const str *names, uint32_t n, str name)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_equal(names[i], name))
			return true;
	return n == 0;
}

static double
number_of(const struct val *v)
{
	if (v && (v->kind == VAL_INTEGER || v->kind == VAL_BOOLEAN))
		return v->kind == VAL_INTEGER ? (double)v->as.integer : v->as.boolean;
	return v && v->kind == VAL_NUMBER ? v->as.number : 0;
}

static bool
holds(const struct search_rule *rule, const struct found *at, str key)
{
	if (rule->n_states && !(at->state && listed(rule->states, rule->n_states, at->state->name)))
		return false;
	if ((rule->has_min && number_of(at->val) < rule->min) || (rule->has_max && number_of(at->val) > rule->max))
		return false;
	return listed(rule->among, rule->n_among, key);
}

static void
add_value(struct gathering *g, struct facet_value value)
{
	void **slot = map_put(g->r->out, g->by_key, value.key);
	uint16_t index;

	if (!*slot && g->facet->values.len < UINT16_MAX) {
		*vec_push(g->r->out, &g->facet->values) = value;
		*slot = (void *)(uintptr_t)g->facet->values.len;
	}
	if (!*slot)
		return;                                  /* more values than anybody chooses among */
	index = (uint16_t)((uintptr_t)*slot - 1);
	/* An attribute names a value that another field may know better. */
	if (g->facet->values.ptr[index].order == UINT64_MAX)
		g->facet->values.ptr[index] = value;
	for (size_t i = 0; i < g->now.len; i++)
		if (g->now.ptr[i] == index)
			return;
	*vec_push(&g->r->tmp, &g->now) = index;
}

static bool
take(void *context, const struct found *at)
{
	struct gathering *g = context;
	struct facet_value value = value_of(g, at);

	if (!holds(g->rule, at, value.key))
		return true;
	if (g->rule->value.ptr) {
		value = (struct facet_value){ .key = g->rule->value };
		value.label = word_label(g->r, g->setup, value.key, &value.order);
	}
	if (at->field && at->field->kind == FIELD_REF)
		g->ref = at->field;
	if (value.key.len)
		add_value(g, value);
	return true;
}

static void
gather(struct gathering *g, const struct item *item)
{
	struct path_visit visit = { g->r->site, g->r->language, take, g };

	g->now.len = g->now.cap = 0;
	for (uint32_t i = 0; i < g->setup->n_rules; i++) {
		g->rule = &g->setup->rules[i];
		if (!g->rule->of[item->type->index])
			continue;
		if (g->rule->path.ptr)
			path_visit(&visit, item, g->rule->path);
		else if (g->now.len == 0) {
			struct facet_value value = { .key = g->rule->otherwise };
			value.label = word_label(g->r, g->setup, value.key, &value.order);
			add_value(g, value);
		}
	}
}

static int
by_index(const void *a, const void *b, void *context)
{
	(void)context;
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

/* The number of the set of values in `now`; 0, the first one made, is the empty one. */
static uint32_t
set_of(struct gathering *g, struct map *sets)
{
	str key;
	const void *known;

	vec_sort(g->now.ptr, g->now.len, sizeof(uint16_t), by_index, NULL);
	key = (str){ (const char *)g->now.ptr, g->now.len * sizeof(uint16_t) };
	known = map_get(sets, key);
	if (known)
		return (uint32_t)(uintptr_t)known;
	key = str_copy(g->r->out, key);
	map_set(g->r->out, sets, key, (void *)(uintptr_t)g->facet->sets.len);
	*vec_push(g->r->out, &g->facet->sets) = (struct facet_set){ memcpy(arena_array(g->r->out, uint16_t, g->now.len + 1), key.ptr, key.len), (uint32_t)g->now.len };
	return (uint32_t)g->facet->sets.len - 1;
}

struct ranked { struct facet_value value; uint16_t was; };

static int
by_order(const void *a, const void *b, void *context)
{
	const struct ranked *x = a, *y = b;

	(void)context;
	if (x->value.order != y->value.order)
		return x->value.order < y->value.order ? -1 : 1;
	return str_compare(x->value.key, y->value.key);
}

/* Values in the order in which they are shown; the sets follow. */
static void
order_values(struct reading *r, struct facet *f)
{
	struct ranked *ranked = arena_array(&r->tmp, struct ranked, f->values.len + 1);
	uint16_t *is = arena_array(&r->tmp, uint16_t, f->values.len + 1);

	for (size_t i = 0; i < f->values.len; i++)
		ranked[i] = (struct ranked){ f->values.ptr[i], (uint16_t)i };
	vec_sort(ranked, f->values.len, sizeof *ranked, by_order, NULL);
	for (size_t i = 0; i < f->values.len; i++) {
		f->values.ptr[i] = ranked[i].value;
		is[ranked[i].was] = (uint16_t)i;
	}
	for (size_t i = 0; i < f->sets.len; i++)
		for (uint32_t k = 0; k < f->sets.ptr[i].n; k++)
			((uint16_t *)(uintptr_t)f->sets.ptr[i].values)[k] = is[f->sets.ptr[i].values[k]];
}

/* The set of all values, also of those that no item has. */
static uint32_t
set_of_all(struct gathering *g, struct map *sets)
{
	g->now.len = g->now.cap = 0;
	for (uint32_t i = 0; g->ref && i < g->ref->n_targets; i++) {
		const struct item_list *list = &g->r->site->collections[g->ref->targets[i]->index].listed;
		for (uint32_t k = 0; k < list->len; k++, g->now.len = 0)
			add_value(g, item_value(g->r, list->items[k]));
	}
	for (size_t i = 0; i < g->facet->values.len; i++)
		*vec_push(&g->r->tmp, &g->now) = (uint16_t)i;
	return g->now.len ? set_of(g, sets) : 0;
}

static void
hold_everywhere(struct gathering *g, struct search_docs docs, struct map *sets)
{
	uint32_t all = 0;

	for (uint32_t i = 0; i < docs.n; i++) {
		uint32_t *set = &g->facet->column.values[i];
		if (!*set && listed(g->setup->everywhere, g->setup->n_everywhere, docs.ptr[i].item->type->name))
			*set = all = all ? all : set_of_all(g, sets);
	}
}

static void
read_facet(struct reading *r, const struct search_facet *setup, struct facet *f, struct search_docs docs)
{
	struct map by_key = { 0 }, sets = { 0 };
	struct gathering g = { .r = r, .setup = setup, .facet = f, .by_key = &by_key };

	f->name = setup->name;
	f->column = (struct column){ setup->name, arena_array(r->out, uint32_t, docs.n + 1), docs.n };
	set_of(&g, &sets);
	for (uint32_t i = 0; i < docs.n; i++) {
		struct arena_mark mark = arena_mark(&r->tmp);
		gather(&g, docs.ptr[i].item);
		f->column.values[i] = g.now.len ? set_of(&g, &sets) : 0;
		arena_rewind(&r->tmp, mark);
	}
	if (setup->n_everywhere)
		hold_everywhere(&g, docs, &sets);
	order_values(r, f);
}

/* --- dates and places --- */

/* The earliest day from today on, else the latest one. */
struct days { day today, best; };

static bool
take_day(void *context, const struct found *at)
{
	struct days *d = context;
	day found = DAY_NONE;

	if (at->val && at->val->kind == VAL_DATE)
		found = at->val->as.date;
	else if (at->val && at->val->kind == VAL_MOMENT)
		found = at->val->as.moment.local;
	if (found == DAY_NONE)
		return true;
	if (d->best == DAY_NONE || (d->best < d->today ? found > d->best : found >= d->today && found < d->best))
		d->best = found;
	return true;
}

/* At the first path that has one. */
static day
first_day(struct reading *r, struct search_path_list paths, const struct item *item)
{
	struct days d = { r->site->date, DAY_NONE };
	struct path_visit visit = { r->site, r->language, take_day, &d };

	for (uint32_t i = 0; i < paths.n && d.best == DAY_NONE; i++)
		path_visit(&visit, item, paths.ptr[i]);
	return d.best;
}

static void
read_days(struct reading *r, struct column *c, str name, struct search_paths paths, struct search_docs docs)
{
	*c = (struct column){ name, arena_array(r->out, uint32_t, docs.n + 1), docs.n };
	for (uint32_t i = 0; i < docs.n; i++) {
		const struct item *item = docs.ptr[i].item;
		day d = first_day(r, paths.of[item->type->index], item);
		c->values[i] = d == DAY_NONE || d <= r->f->base ? 0 : (uint32_t)(d - r->f->base);
	}
}

static bool
take_place(void *context, const struct found *at)
{
	struct geo *g = context;

	if (!at->val || at->val->kind != VAL_GEO)
		return true;
	*g = at->val->as.geo;
	return false;
}

static bool
first_place(struct reading *r, const struct item *item, struct geo *g)
{
	struct search_path_list paths = r->setup->place.of[item->type->index];
	struct path_visit visit = { r->site, r->language, take_place, g };

	for (uint32_t i = 0; i < paths.n; i++)
		if (!path_visit(&visit, item, paths.ptr[i]))
			return true;
	return false;
}

#define DEGREE 10000

static uint32_t
steps(double degrees)
{
	return (uint32_t)((degrees + 180) * DEGREE + 0.5);
}

static void
read_places(struct reading *r, struct search_docs docs)
{
	VEC(uint32_t) lat = { 0 }, lon = { 0 };
	struct map points = { 0 };

	r->f->place = (struct column){ S("lieu"), arena_array(r->out, uint32_t, docs.n + 1), docs.n };
	for (uint32_t i = 0; i < docs.n; i++) {
		struct geo g;
		uint32_t at[2];
		void **slot;
		if (!first_place(r, docs.ptr[i].item, &g))
			continue;
		at[0] = steps(g.lat);
		at[1] = steps(g.lon);
		slot = map_put(r->out, &points, str_copy(r->out, (str){ (const char *)at, sizeof at }));
		if (!*slot) {
			*vec_push(r->out, &lat) = at[0];
			*vec_push(r->out, &lon) = at[1];
			*slot = (void *)(uintptr_t)lat.len;
		}
		r->f->place.values[i] = (uint32_t)(uintptr_t)*slot;
	}
	r->f->lat = (struct column){ S("lat"), lat.ptr, (uint32_t)lat.len };
	r->f->lon = (struct column){ S("lon"), lon.ptr, (uint32_t)lon.len };
}

/* --- journeys --- */

static str
text_at(const struct object *o, str name)
{
	const struct val *v = model_val(o, name);

	return v && v->kind == VAL_TEXT ? v->as.text : S("");
}

static bool
take_town(void *context, const struct found *at)
{
	struct reading *r = context;
	const struct object *o = at->val && at->val->kind == VAL_OBJECT ? at->val->as.object : NULL;
	const struct val *geo = o ? model_val(o, S("geo")) : NULL;
	struct town t = { 0 };

	if (!o || !text_at(o, S("ville")).len || r->f->towns.len == SEARCH_MAX_TOWNS)
		return true;
	t = (struct town){ .name = text_at(o, S("nom")), .town = text_at(o, S("ville")), .placed = geo && geo->kind == VAL_GEO };
	if (t.placed)
		t.geo = geo->as.geo;
	t.key = text_slug(r->text, t.town, r->out);
	t.folded = text_fold(r->text, t.town, r->out);
	for (size_t i = 0; i < r->f->towns.len; i++)
		if (str_equal(r->f->towns.ptr[i].key, t.key))
			return true;
	*vec_push(r->out, &r->f->towns) = t;
	return true;
}

static void
read_towns(struct reading *r)
{
	struct path_visit visit = { r->site, r->language, take_town, r };

	for (uint32_t k = 0; k < r->setup->n_towns; k++) {
		const struct type *t = map_get(&r->site->model->by_name, r->setup->towns[k].type);
		if (t == r->site->model->site_type)
			path_visit(&visit, r->site->config, r->setup->towns[k].field);
		for (uint32_t i = 0; t && i < r->site->collections[t->index].listed.len; i++)
			path_visit(&visit, r->site->collections[t->index].listed.items[i], r->setup->towns[k].field);
	}
}

struct journey { struct reading *r; const struct item *item; uint32_t doc, minutes; };

static void
arrive(struct journey *j, size_t town)
{
	uint32_t *best = &j->r->f->journeys[town].values[j->doc];

	if (j->minutes < *best)
		*best = j->minutes;
}

/* A journey whose name says no town. */
static bool
take_default(void *context, const struct found *at)
{
	struct journey *j = context;
	const struct object *o = at->val && at->val->kind == VAL_OBJECT ? at->val->as.object : NULL;
	str key = o ? text_slug(j->r->text, text_at(o, S("ville")), &j->r->tmp) : STR_NONE;

	for (size_t i = 0; i < j->r->f->towns.len; i++)
		if (str_equal(j->r->f->towns.ptr[i].key, key)) {
			arrive(j, i);
			return false;
		}
	return true;
}

/* An entry {vers, nom, duree_minutes} counts for the town that its name holds; without one, for that of the item. */
static bool
take_journey(void *context, const struct found *at)
{
	struct journey *j = context;
	const struct facets *f = j->r->f;
	const struct object *o = at->val && at->val->kind == VAL_OBJECT ? at->val->as.object : NULL;
	const struct val *to = o ? model_val(o, S("vers")) : NULL, *minutes = o ? model_val(o, S("duree_minutes")) : NULL;
	struct path_visit visit = { j->r->site, j->r->language, take_default, j };
	bool named = false;
	str name;

	if (!to || !minutes || to->kind != VAL_ENUM || minutes->kind != VAL_INTEGER || !str_equal(to->as.choice->key, j->r->setup->journey_to))
		return true;
	j->minutes = (uint32_t)minutes->as.integer;
	name = text_fold(j->r->text, text_at(o, S("nom")), &j->r->tmp);
	for (size_t i = 0; i < f->towns.len; i++) {
		size_t where;
		if (!str_find(name, f->towns.ptr[i].folded, &where))
			continue;
		arrive(j, i);
		named = true;
	}
	if (!named && j->r->setup->journey_else.ptr)
		path_visit(&visit, j->item, j->r->setup->journey_else);
	return true;
}

static void
read_journeys(struct reading *r, struct search_docs docs)
{
	struct journey j = { .r = r };
	struct path_visit visit = { r->site, r->language, take_journey, &j };

	r->f->journeys = arena_array(r->out, struct column, r->f->towns.len + 1);
	for (size_t i = 0; i < r->f->towns.len; i++) {
		struct column *c = &r->f->journeys[i];
		*c = (struct column){ r->f->towns.ptr[i].key, arena_array(r->out, uint32_t, docs.n + 1), docs.n };
		for (uint32_t k = 0; k < docs.n; k++)
			c->values[k] = FACETS_UNKNOWN_MINUTES;
	}
	for (j.doc = 0; j.doc < docs.n && r->f->towns.len; j.doc++) {
		struct arena_mark mark = arena_mark(&r->tmp);
		struct search_path_list paths;
		j.item = docs.ptr[j.doc].item;
		paths = r->setup->journeys.of[j.item->type->index];
		for (uint32_t i = 0; i < paths.n; i++)
			path_visit(&visit, j.item, paths.ptr[i]);
		arena_rewind(&r->tmp, mark);
	}
}

static bool
take_text(void *context, const struct found *at)
{
	str *text = context;

	if (!at->val || at->val->kind != VAL_TEXT)
		return true;
	*text = at->val->as.text;
	return false;
}

str
facets_commune(const struct site *s, const struct search_setup *setup, const struct item *item, uint8_t language)
{
	struct search_path_list paths = setup->commune.of[item->type->index];
	str text = S("");
	struct path_visit visit = { s, language, take_text, &text };

	for (uint32_t i = 0; i < paths.n; i++)
		if (!path_visit(&visit, item, paths.ptr[i]))
			break;
	return text;
}

/* Days count from here: before it, nothing is. */
#define BASE_YEAR 1990

/* The parts after the facets themselves. */
enum { PART_START, PART_PUBLISHED, PART_PLACES, PART_JOURNEYS, N_PARTS };

uint32_t
facets_open(struct facets *f, const struct facets_of *of, struct arena *out)
{
	*f = (struct facets){ .base = day_from_civil(BASE_YEAR, 1, 1), .n_facets = of->setup->n_facets };
	f->facets = arena_array(out, struct facet, f->n_facets + 1);
	return f->n_facets + N_PARTS;
}

void
facets_read(struct facets *f, const struct facets_of *of, uint32_t part, struct text *text, struct arena *out)
{
	struct reading r = { .f = f, .site = of->site, .setup = of->setup, .language = of->language, .text = text, .out = out };

	arena_init(&r.tmp, out->source);
	if (part < f->n_facets)
		read_facet(&r, &of->setup->facets[part], &f->facets[part], of->docs);
	else if (part - f->n_facets == PART_START)
		read_days(&r, &f->start, S("debut"), of->setup->start, of->docs);
	else if (part - f->n_facets == PART_PUBLISHED)
		read_days(&r, &f->published, S("publie"), of->setup->published, of->docs);
	else if (part - f->n_facets == PART_PLACES)
		read_places(&r, of->docs);
	else {
		read_towns(&r);
		read_journeys(&r, of->docs);
	}
	arena_free(&r.tmp);
}
