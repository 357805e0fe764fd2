/* Are two trees of YAML the same, spans and all? */
#include "document/document.h"

static bool
same_value(const struct value *a, const struct value *b)
{
	bool same = a->kind == b->kind && a->style == b->style && a->start == b->start && a->end == b->end;

	if (a->kind == VALUE_SCALAR)
		return same && str_equal(a->as.text, b->as.text);
	if (a->kind == VALUE_NULL)
		return same;
	same &= a->as.list.len == b->as.list.len;
	for (uint32_t i = 0; same && i < a->as.list.len; i++)
		if (a->kind == VALUE_LIST)
			same = same_value(&a->as.list.items[i], &b->as.list.items[i]);
		else {
			const struct value_pair *p = &a->as.map.pairs[i], *q = &b->as.map.pairs[i];
			same = str_equal(p->key, q->key) && p->key_start == q->key_start && p->key_end == q->key_end && same_value(&p->value, &q->value);
		}
	return same;
}
