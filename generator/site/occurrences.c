/* Recurring items: one occurrence a date, at constant wall time. The recurring item itself has no page. */
#include "site/inside.h"

#include <string.h>

/* Ten years of a monthly event; more is a mistake. */
#define MAX_OCCURRENCES 100

struct rule_days {
	struct building *b;
	struct item *item;
	const struct val *rule;      /* the object */
	day start, until;
	VEC(day) days;
	bool wrong;                  /* reported */
};

static const struct val *
rule_val(const struct rule_days *r, str path)
{
	return model_val(r->rule->as.object, path);
}

static day
val_day(const struct val *v)
{
	if (v && v->kind == VAL_DATE)
		return v->as.date;
	return v && v->kind == VAL_MOMENT ? v->as.moment.local : DAY_NONE;
}

static bool
excepted(const struct rule_days *r, day d)
{
	const struct val *list = rule_val(r, S("sauf"));

	for (uint32_t i = 0; list && list->kind == VAL_LIST && i < list->as.list->len; i++)
		if (val_day(&list->as.list->items[i]) == d)
			return true;
	return false;
}

/* Keeps the days sorted and once each. */
static void
add_day(struct rule_days *r, day d)
{
	size_t at = r->days.len;

	if (d < r->start || d > r->until || excepted(r, d) || r->days.len > MAX_OCCURRENCES)
		return;
	while (at > 0 && r->days.ptr[at - 1] > d)
		at--;
	if (at > 0 && r->days.ptr[at - 1] == d)
		return;
	(void)vec_push(&r->b->tmp, &r->days);
	memmove(r->days.ptr + at + 1, r->days.ptr + at, (r->days.len - 1 - at) * sizeof(day));
	r->days.ptr[at] = d;
}

/* The n-th repetition counts from the first day, so that the 31st comes back after a shorter month. */
static day
step(day start, const struct val *every, int n)
{
	int64_t amount = (int64_t)every->as.duration.amount * n;

	if (amount > 400000)
		return DAY_NONE;
	switch (every->as.duration.unit) {
	case DURATION_DAY: return start + (day)amount;
	case DURATION_WEEK: return start + (day)amount * 7;
	case DURATION_MONTH: return day_add_months(start, (int)amount);
	case DURATION_YEAR: return amount > 4000 ? DAY_NONE : day_add_months(start, (int)amount * 12);
	default: return DAY_NONE;
	}
}

static void
add_steps(struct rule_days *r)
{
	const struct val *every = rule_val(r, S("tous_les"));

	if (!every || every->kind != VAL_DURATION)
		return;
	if (every->as.duration.amount <= 0 || every->as.duration.unit < DURATION_DAY) {
		site_fault(r->b, r->item, SITE_RECURRENCE_STEP, site_span(r->item, every), STR_NONE);
		r->wrong = true;
		return;
	}
	for (int n = 1; r->days.len <= MAX_OCCURRENCES; n++) {
		day d = step(r->start, every, n);
		if (d == DAY_NONE || d > r->until)
			break;
		add_day(r, d);
	}
}

/* Monday is 1. Unknown names give 0. */
static int
weekday_of(const struct val *v)
{
	static const str names[] = { S_INIT("lundi"), S_INIT("mardi"), S_INIT("mercredi"), S_INIT("jeudi"), S_INIT("vendredi"), S_INIT("samedi"), S_INIT("dimanche") };

	for (int i = 0; v && v->kind == VAL_ENUM && i < 7; i++)
		if (str_equal(v->as.choice->key, names[i]))
			return i + 1;
	return 0;
}

/* The rank-th weekday of a month (-1: the last), DAY_NONE when there is none. */
static day
ranked_day(int year, int month, int64_t rank, int weekday)
{
	day first = day_from_civil(year, month, 1), last = first + days_in_month(year, month) - 1;
	day d;

	if (rank == -1)
		return last - (day_of_week(last) - weekday + 7) % 7;
	d = first + (weekday - day_of_week(first) + 7) % 7 + (day)(rank - 1) * 7;
	return rank >= 1 && d <= last ? d : DAY_NONE;
}

static bool
has_month(const struct val *months, int month)
{
	for (uint32_t i = 0; months->kind == VAL_LIST && i < months->as.list->len; i++)
		if (months->as.list->items[i].kind == VAL_INTEGER && months->as.list->items[i].as.integer == month)
			return true;
	return false;
}

static void
add_ranked(struct rule_days *r)
{
	const struct val *months = rule_val(r, S("ou.mois")), *rank = rule_val(r, S("ou.rang"));
	int weekday = weekday_of(rule_val(r, S("ou.jour")));
	struct civil c = civil_from_day(r->start);

	if (!months || !rank || rank->kind != VAL_INTEGER || !weekday)
		return;
	if (rank->as.integer == 0 || rank->as.integer < -1) {
		site_fault(r->b, r->item, SITE_RECURRENCE_STEP, site_span(r->item, rank), STR_NONE);
		r->wrong = true;
		return;
	}
	while (day_from_civil(c.year, c.month, 1) <= r->until && r->days.len <= MAX_OCCURRENCES) {
		day d = has_month(months, c.month) ? ranked_day(c.year, c.month, rank->as.integer, weekday) : DAY_NONE;
		if (d != DAY_NONE)
			add_day(r, d);
		c.year += c.month == 12;
		c.month = c.month % 12 + 1;
	}
}

/* True when there are days; else an error was reported, now or by model/. */
static bool
find_days(struct rule_days *r)
{
	const struct val *until = rule_val(r, S("jusqu_au"));
	const struct val *start = model_val(&r->item->object, r->item->type->recurrence_start);

	r->start = val_day(start);
	r->until = val_day(until);
	if (r->start == DAY_NONE || r->until == DAY_NONE)
		return false;
	add_day(r, r->start);
	add_steps(r);
	add_ranked(r);
	if (r->wrong)
		return false;
	if (r->days.len > MAX_OCCURRENCES)
		site_fault(r->b, r->item, SITE_RECURRENCE_MANY, site_span(r->item, r->rule), str_format(&r->b->tmp, "%d", MAX_OCCURRENCES));
	else if (!r->days.len)
		site_fault(r->b, r->item, SITE_RECURRENCE_EMPTY, site_span(r->item, until), STR_NONE);
	return r->days.len > 0 && r->days.len <= MAX_OCCURRENCES;
}

/* "-2026-11", or with the day where two fall into one month. */
static str
slug_suffix(const struct rule_days *r, size_t i, struct arena *out)
{
	struct civil c = civil_from_day(r->days.ptr[i]);
	bool shared = false;

	for (size_t k = i ? i - 1 : i + 1; k < r->days.len && k <= i + 1; k += 2) {
		struct civil other = civil_from_day(r->days.ptr[k]);
		shared = shared || (other.year == c.year && other.month == c.month);
	}
	if (shared)
		return str_format(out, "-%04d-%02d-%02d", c.year, c.month, c.day);
	return str_format(out, "-%04d-%02d", c.year, c.month);
}

static void
shift(struct object *o, str field, day by)
{
	const struct field *f = field.len ? model_field(o->shape, field) : NULL;
	struct val *v = f ? object_val(o, f->index) : NULL;

	if (v && v->kind == VAL_DATE)
		v->as.date += by;
	else if (v && v->kind == VAL_MOMENT)
		v->as.moment.local += by;
}

/* A copy with its own top values; what lies deeper is shared and equal. */
static struct item *
derive(struct building *b, struct item *from, str slug, day by)
{
	struct item *item = item_like(from, b->out);
	uint32_t n = from->object.n_vals;

	item->slug = slug;
	item->occurrence_of = from;
	item->object.vals = arena_array(b->out, struct val, n);
	memcpy(item->object.vals, from->object.vals, n * sizeof *item->object.vals);
	shift(&item->object, from->type->recurrence_start, by);
	shift(&item->object, from->type->recurrence_end, by);
	*vec_push(b->out, &b->in->all) = item;
	return item;
}

static struct item *
make_occurrence(struct building *b, struct item *parent, str slug, day by)
{
	struct item *item = derive(b, parent, slug, by);

	item->original = item;
	for (uint32_t l = 0; l < b->site->n_languages; l++) {
		struct item *translation;
		if (!parent->translations[l])
			continue;
		translation = derive(b, (struct item *)parent->translations[l], slug, by);
		translation->original = item;
		item->translations[l] = translation;
	}
	return item;
}

/* The rule of a recurring item, NULL for others. */
static const struct val *
recurs(const struct building *b, const struct item *item)
{
	const struct val *rule;

	if (item->language || !item->type->recurrence.len || item->type == b->site->model->site_type)
		return NULL;
	rule = model_val(&item->object, item->type->recurrence);
	return rule && rule->kind == VAL_OBJECT ? rule : NULL;
}

static void
expand(struct building *b, struct item *parent, const struct val *rule)
{
	struct rule_days r = { .b = b, .item = parent, .rule = rule };
	struct map *slugs = &b->in->slugs[parent->type->index];
	struct series *series = vec_push(b->out, &b->in->series);

	*series = (struct series){ .parent = parent };
	parent->id = (uint32_t)b->in->series.len - 1;
	if (!find_days(&r))
		return;
	series->items = arena_array(b->out, struct item *, r.days.len);
	for (size_t i = 0; i < r.days.len; i++) {
		str slug = str_cat(b->out, parent->slug, slug_suffix(&r, i, &b->tmp));
		struct item *item = make_occurrence(b, parent, slug, r.days.ptr[i] - r.start);
		void **place = map_put(b->out, slugs, slug);
		if (!*place)
			*place = item;
		series->items[series->len++] = item;
	}
}

/* The first occurrence that is not over, else the last one. */
static void
choose_next(struct building *b, struct series *s)
{
	str end = s->parent->type->recurrence_end.len ? s->parent->type->recurrence_end : s->parent->type->recurrence_start;

	for (uint32_t i = 0; i < s->len; i++) {
		day last = val_day(model_val(&s->items[i]->object, end));
		if (last == DAY_NONE)
			last = val_day(model_val(&s->items[i]->object, s->parent->type->recurrence_start));
		s->next = s->items[i];
		if (last >= b->site->date)
			return;
	}
}

static struct series *
series_of(const struct building *b, const struct item *item)
{
	struct series *s = item->id < b->in->series.len ? &b->in->series.ptr[item->id] : NULL;
	return s && s->parent == item ? s : NULL;
}

bool
site_recurring(const struct building *b, const struct item *item)
{
	return series_of(b, item) != NULL;
}

struct item *
site_representative(const struct building *b, struct item *item)
{
	const struct series *s = series_of(b, item);
	return s && s->next ? s->next : item;
}

static void
lead_on(void *context, const struct field *f, struct val *v)
{
	(void)f;
	if (v->kind == VAL_REF)
		v->as.item = site_representative(context, (struct item *)v->as.item);
}

void
site_expand(struct building *b)
{
	struct site_visit visit = { .value = lead_on, .context = b, .inside = MODEL_INSIDE(FIELD_REF) };
	struct arena_mark mark = arena_mark(&b->tmp);

	for (size_t i = 0, n = b->in->all.len; i < n; i++) {
		struct item *item = b->in->all.ptr[i];
		const struct val *rule = recurs(b, item);
		if (rule)
			expand(b, item, rule);
		arena_rewind(&b->tmp, mark);
	}
	if (!b->in->series.len)
		return;
	for (size_t i = 0; i < b->in->series.len; i++)
		choose_next(b, &b->in->series.ptr[i]);
	for (size_t i = 0; i < b->in->all.len; i++)
		site_walk_object(&b->in->all.ptr[i]->object, &visit);
	site_walk_object(&b->site->config->object, &visit);
}
