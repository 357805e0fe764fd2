/* Conditions (`si:`) and rules over several fields (`regles:`). */
#include <math.h>

#include "model/internal.h"

static bool
is_wrong(const struct object *o, const struct given *given, str path)
{
	str name, rest;
	const struct field *f;

	str_cut(path, '.', &name, &rest);
	f = model_field(o->shape, name);
	return f && given->wrong[f->index];
}

static bool
val_equals(const struct val *v, str wanted)
{
	double n;

	switch (v->kind) {
	case VAL_TEXT: case VAL_REF_TEXT: return str_equal(v->as.text, wanted);
	case VAL_ENUM: return str_equal(v->as.choice->key, wanted);
	case VAL_BOOLEAN: return str_equal(wanted, v->as.boolean ? S("true") : S("false"));
	case VAL_INTEGER: return str_to_number(wanted, &n) && n == (double)v->as.integer;
	case VAL_NUMBER: return str_to_number(wanted, &n) && n == v->as.number;
	case VAL_LIST:
		for (uint32_t i = 0; i < v->as.list->len; i++)
			if (val_equals(&v->as.list->items[i], wanted))
				return true;
		return false;
	default: return false;
	}
}

static enum truth
term_holds(const struct condition_term *t, const struct object *o, const struct given *given)
{
	const struct val *v = model_val(o, t->path.name);

	if (is_wrong(o, given, t->path.name))
		return TRUTH_UNKNOWN;
	for (uint32_t i = 0; v && i < t->n_values; i++)
		if (val_equals(v, t->values[i].name))
			return TRUTH_YES;
	return TRUTH_NO;
}

enum truth
condition_holds(const struct condition *c, const struct object *o, const struct given *given)
{
	enum truth all = TRUTH_YES;

	for (uint32_t i = 0; i < c->n_terms; i++) {
		enum truth t = term_holds(&c->terms[i], o, given);
		if (t == TRUTH_NO)
			return TRUTH_NO;
		if (t == TRUTH_UNKNOWN)
			all = TRUTH_UNKNOWN;
	}
	return all;
}

str
condition_text(struct arena *tmp, const struct condition *c)
{
	str *terms = arena_array(tmp, str, c->n_terms);

	for (uint32_t i = 0; i < c->n_terms; i++) {
		str *values = arena_array(tmp, str, c->terms[i].n_values);
		for (uint32_t k = 0; k < c->terms[i].n_values; k++)
			values[k] = c->terms[i].values[k].name;
		terms[i] = str_cat(tmp, c->terms[i].path.name, S(": "), str_join(tmp, values, c->terms[i].n_values, S("/")));
	}
	return str_join(tmp, terms, c->n_terms, S(", "));
}

static str
names_text(struct arena *tmp, const struct names_at *names)
{
	str *list = arena_array(tmp, str, names->len);

	for (uint32_t i = 0; i < names->len; i++)
		list[i] = names->ptr[i].name;
	return str_join(tmp, list, names->len, S(", "));
}

static struct span
val_span(const struct reader *r, const struct val *v, const struct given *given)
{
	if (v->start == v->end)
		return (struct span){ r->file, given->map->start, given->map->start };
	return (struct span){ r->file, v->start, v->end };
}

static void
check_required(struct reader *r, const struct rule *rule, const struct object *o, const struct given *given)
{
	str path = rule->fields.ptr[0].name;
	const struct field *f = model_path(o->shape, path);

	if (is_wrong(o, given, path) || model_val(o, path) || condition_holds(rule->when, o, given) != TRUTH_YES)
		return;
	diag_add(r->diag, RULE_BROKEN_REQUIRED, val_span(r, &(struct val){ 0 }, given), path, condition_text(r->tmp, rule->when), f ? field_hint(r->tmp, f) : STR_NONE);
}

static void
check_forbidden(struct reader *r, const struct rule *rule, const struct object *o, const struct given *given)
{
	str path = rule->fields.ptr[0].name;
	const struct val *v = model_val(o, path);

	if (v && condition_holds(rule->when, o, given) == TRUTH_YES)
		diag_add(r->diag, RULE_BROKEN_FORBIDDEN, val_span(r, v, given), path, condition_text(r->tmp, rule->when));
}

static bool
as_number(const struct val *v, double *n)
{
	switch (v->kind) {
	case VAL_INTEGER: *n = (double)v->as.integer; return true;
	case VAL_NUMBER: *n = v->as.number; return true;
	case VAL_DATE: *n = v->as.date; return true;
	case VAL_MOMENT: *n = v->as.moment.local + v->as.moment.seconds / 86400.0; return true;
	default: return false;
	}
}

static str
val_text(struct arena *tmp, const struct val *v)
{
	struct buf b;
	double n = 0;
	str s;

	if (v->kind == VAL_DATE)
		return date_iso(tmp, v->as.date);
	if (v->kind == VAL_MOMENT)
		return str_format(tmp, "%.*s %02d:%02d", STR_ARG(date_iso(tmp, v->as.moment.local)), (int)(v->as.moment.seconds / 3600),
		    (int)(v->as.moment.seconds / 60 % 60));
	as_number(v, &n);
	buf_init(&b, 64);
	buf_number(&b, n);
	s = buf_copy(&b, tmp);
	buf_free(&b);
	return s;
}

/* A date and a date with its time compare by day. */
static bool
comes_after(const struct val *a, const struct val *b)
{
	double x, y;

	if (!as_number(a, &x) || !as_number(b, &y))
		return false;
	if (a->kind != b->kind && a->kind == VAL_MOMENT)
		x = a->as.moment.local;
	if (a->kind != b->kind && b->kind == VAL_MOMENT)
		y = b->as.moment.local;
	return x > y;
}

static void
check_order(struct reader *r, const struct rule *rule, const struct object *o, const struct given *given)
{
	for (uint32_t i = 1; i < rule->fields.len; i++) {
		str first = rule->fields.ptr[i - 1].name, second = rule->fields.ptr[i].name;
		const struct val *a = model_val(o, first), *b = model_val(o, second);
		if (a && b && comes_after(a, b))
			diag_add(r->diag, RULE_BROKEN_ORDER, val_span(r, b, given), first, second, val_text(r->tmp, a), val_text(r->tmp, b));
	}
}

static void
check_one_of(struct reader *r, const struct rule *rule, const struct object *o, const struct given *given)
{
	for (uint32_t i = 0; i < rule->fields.len; i++)
		if (is_wrong(o, given, rule->fields.ptr[i].name) || model_val(o, rule->fields.ptr[i].name))
			return;
	diag_add(r->diag, RULE_BROKEN_ONE_OF, val_span(r, &(struct val){ 0 }, given), names_text(r->tmp, &rule->fields));
}

/* The sum of those that are given; false when none is, or one is in error. */
static bool
sum_of(const struct rule *rule, const struct object *o, const struct given *given, double *sum)
{
	bool any = false;

	*sum = 0;
	for (uint32_t i = 0; i < rule->fields.len; i++) {
		const struct val *v = model_val(o, rule->fields.ptr[i].name);
		double n = 0;
		if (is_wrong(o, given, rule->fields.ptr[i].name))
			return false;
		any |= v && as_number(v, &n);
		*sum += n;
	}
	return any;
}

static void
check_sum(struct reader *r, const struct rule *rule, const struct object *o, const struct given *given)
{
	const struct val *total = rule->total.name.len ? model_val(o, rule->total.name) : NULL;
	const struct val *max = rule->max_field.name.len ? model_val(o, rule->max_field.name) : NULL;
	struct val computed = { .kind = VAL_NUMBER }, limit = { .kind = VAL_NUMBER };
	double n;

	if (!sum_of(rule, o, given, &computed.as.number))
		return;
	if (total && as_number(total, &n) && fabs(n - computed.as.number) > 1e-6)
		diag_add(r->diag, RULE_BROKEN_SUM, val_span(r, total, given), names_text(r->tmp, &rule->fields), val_text(r->tmp, &computed),
		    rule->total.name, val_text(r->tmp, total));
	limit.as.number = rule->max;
	if ((rule->has_max || (max && as_number(max, &limit.as.number))) && computed.as.number > limit.as.number + 1e-6)
		diag_add(r->diag, RULE_BROKEN_SUM_MAX, max ? val_span(r, max, given) : val_span(r, &(struct val){ 0 }, given),
		    names_text(r->tmp, &rule->fields), val_text(r->tmp, &computed), val_text(r->tmp, &limit));
}

bool
rules_check(struct reader *r, const struct object *o, const struct given *given)
{
	static void (*const checks[])(struct reader *, const struct rule *, const struct object *, const struct given *) = {
		[RULE_REQUIRED_IF] = check_required, [RULE_FORBIDDEN_IF] = check_forbidden, [RULE_ORDER] = check_order,
		[RULE_ONE_OF] = check_one_of, [RULE_SUM] = check_sum,
	};
	uint32_t errors = r->diag->n_errors;

	for (uint32_t i = 0; i < o->shape->n_rules; i++)
		checks[o->shape->rules[i].kind](r, &o->shape->rules[i], o, given);
	return r->diag->n_errors == errors;
}
