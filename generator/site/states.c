/* What a date makes of an item: its state, whether it is published and listed, and when that changes. */
#include "site/inside.h"

/* The day of a bound of a life; the end of a month is its last day. */
static day
bound(const struct object *o, str path, bool end)
{
	const struct val *v = path.len ? model_val(o, path) : NULL;
	const struct field *f;
	struct civil c;

	if (!v)
		return DAY_NONE;
	if (v->kind == VAL_MOMENT)
		return v->as.moment.local;
	if (v->kind != VAL_DATE)
		return DAY_NONE;
	f = model_path(o->shape, path);
	if (!end || !f || f->kind != FIELD_MONTH)
		return v->as.date;
	c = civil_from_day(v->as.date);
	return v->as.date + days_in_month(c.year, c.month) - 1;
}

static const struct life_state *
editors_state(const struct life *life, const struct object *o)
{
	const struct val *v = life->editor.len ? model_val(o, life->editor) : NULL;

	for (uint32_t i = 0; v && v->kind == VAL_ENUM && i < life->n_states; i++)
		if (life->states[i].when == LIFE_BY_EDITOR && str_equal(life->states[i].editor_value, v->as.choice->key))
			return &life->states[i];
	return NULL;
}

const struct life_state *
site_state_at(const struct site *s, const struct object *o, day date)
{
	const struct life *life = o->shape->life;
	enum life_when when = LIFE_DURING;
	const struct life_state *chosen;
	day start, end;

	(void)s;
	if (!life)
		return NULL;
	chosen = editors_state(life, o);
	if (chosen)
		return chosen;
	start = bound(o, life->start, false);
	end = bound(o, life->end, true);
	if (start != DAY_NONE && date < start)
		when = LIFE_BEFORE;
	else if (end != DAY_NONE && date > end)
		when = LIFE_AFTER;
	for (uint32_t i = 0; i < life->n_states; i++)
		if (life->states[i].when == when)
			return &life->states[i];
	return NULL;
}

static const struct life_state *
forced_state(const struct site *s, const struct life *life)
{
	return life->n_states ? &life->states[(s->force_state - 1) % life->n_states] : NULL;
}

static void
set_state(const struct site *s, struct object *o)
{
	const struct life *life = o->shape->life;
	day end;

	o->state = s->force_state && life ? forced_state(s, life) : site_state_at(s, o, s->date);
	o->starts = life ? bound(o, life->start, false) : DAY_NONE;
	end = life ? bound(o, life->end, true) : DAY_NONE;
	o->ends = end == DAY_NONE ? DAY_NONE : end + 1;
}

static void
set_inner_state(void *context, const struct field *f, struct val *v)
{
	const struct building *b = context;

	(void)f;
	if (v->kind == VAL_OBJECT)
		set_state(b->site, v->as.object);
}

static void
set_shown(const struct building *b, struct item *item)
{
	const struct life_state *state = item->object.state;
	bool hidden = item->faulty || (item->draft && !b->in->drafts) || site_recurring(b, item);

	item->published = !hidden && (!state || state->published);
	item->listed = item->published && (!state || state->listed);
}

void
site_set_states(struct building *b)
{
	struct site_visit visit = { .value = set_inner_state, .context = b, .inside = MODEL_LIFE };

	for (size_t i = 0; i < b->in->all.len; i++) {
		struct item *item = b->in->all.ptr[i];
		set_state(b->site, &item->object);
		site_walk_object(&item->object, &visit);
		set_shown(b, item);
	}
	for (size_t i = 0; i < b->in->all.len; i++) {
		struct item *item = b->in->all.ptr[i];
		if (!item->original || item->original == item)
			continue;
		item->published = !item->faulty && item->original->published;
		item->listed = !item->faulty && item->original->listed;
	}
	set_state(b->site, &b->site->config->object);
	site_walk_object(&b->site->config->object, &visit);
	b->site->config->published = true;
}

struct timing { struct building *b; str zone; };

static void
set_moment(void *context, const struct field *f, struct val *v)
{
	const struct timing *t = context;

	(void)f;
	if (v->kind == VAL_MOMENT)
		v->as.moment.utc = text_zone_to_utc(t->b->text, t->zone, v->as.moment.local, v->as.moment.seconds);
}

void
site_set_moments(struct building *b)
{
	for (size_t i = 0; i < b->in->all.len; i++) {
		struct timing t = { b, site_zone_of(b, b->in->all.ptr[i]) };
		struct site_visit visit = { .value = set_moment, .context = &t, .inside = MODEL_INSIDE(FIELD_DATETIME) };
		site_walk_object(&b->in->all.ptr[i]->object, &visit);
	}
}

/* --- what changes next --- */

struct changing {
	struct building *b;
	const struct item *item;
};

static str
state_words(const struct life_state *state)
{
	if (!state)
		return S("sans état");
	return state->label.len ? state->label : state->name;
}

static void
add_change(struct changing *c, day d, str why)
{
	struct site *s = c->b->site;

	if (d <= s->date)
		return;
	*vec_push(c->b->out, &s->changes) = (struct site_change){ d, c->item, why };
	if (s->next_change == DAY_NONE || d < s->next_change)
		s->next_change = d;
}

static void
add_turn(struct changing *c, const struct object *o, day d)
{
	const struct life_state *before, *after;

	if (d == DAY_NONE || d <= c->b->site->date)
		return;
	before = site_state_at(c->b->site, o, d - 1);
	after = site_state_at(c->b->site, o, d);
	if (before != after)
		add_change(c, d, str_cat(c->b->out, state_words(before), S(" → "), state_words(after)));
}

static void
add_turns(struct changing *c, const struct object *o)
{
	if (!o->shape->life)
		return;
	add_turn(c, o, o->starts);
	add_turn(c, o, o->ends);
}

static void
add_inner_turns(void *context, const struct field *f, struct val *v)
{
	(void)f;
	if (v->kind == VAL_OBJECT)
		add_turns(context, v->as.object);
}

static void
add_consent(struct changing *c)
{
	const struct val *v = c->item->type->consent.len ? model_val(&c->item->object, c->item->type->consent) : NULL;
	const struct val *until = v && v->kind == VAL_OBJECT ? model_val(v->as.object, S("jusqu_au")) : NULL;

	if (until && until->kind == VAL_DATE)
		add_change(c, until->as.date + 1, S("fin du consentement"));
}

/* References to a recurring item move to its next occurrence, also where the type has no states. */
static void
add_series(struct building *b, const struct series *s)
{
	str end = s->parent->type->recurrence_end.len ? s->parent->type->recurrence_end : s->parent->type->recurrence_start;

	for (uint32_t i = 0; i + 1 < s->len && !s->parent->type->shape.life; i++) {
		struct changing c = { b, s->items[i] };
		day last = bound(&s->items[i]->object, end, true);
		if (last != DAY_NONE)
			add_change(&c, last + 1, S("occurrence suivante"));
	}
}

void
site_collect_changes(struct building *b)
{
	struct site *s = b->site;

	s->changes.len = 0;
	s->next_change = DAY_NONE;
	for (uint32_t i = 0; i < s->n_items; i++) {
		struct changing c = { b, s->items[i] };
		struct site_visit visit = { .value = add_inner_turns, .context = &c, .inside = MODEL_LIFE };
		if (s->items[i]->draft && !b->in->drafts)
			continue;
		add_turns(&c, &s->items[i]->object);
		site_walk_object(&s->items[i]->object, &visit);
		add_consent(&c);
	}
	for (size_t i = 0; i < b->in->series.len; i++)
		if (!b->in->series.ptr[i].parent->faulty)
			add_series(b, &b->in->series.ptr[i]);
}
