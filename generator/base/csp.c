#include "base/csp.h"

#include "base/arena.h"
#include "base/vec.h"

static const struct csp_rule public_policy[] = {
	{ S_INIT("default-src"), S_INIT("'none'") },   { S_INIT("img-src"), S_INIT("'self'") },
	{ S_INIT("style-src"), S_INIT("'self'") },     { S_INIT("script-src"), S_INIT("'self'") },
	{ S_INIT("font-src"), S_INIT("'self'") },      { S_INIT("connect-src"), S_INIT("'self'") },
	{ S_INIT("manifest-src"), S_INIT("'self'") },  { S_INIT("form-action"), S_INIT("'self'") },
	{ S_INIT("base-uri"), S_INIT("'none'") },      { S_INIT("frame-ancestors"), S_INIT("'none'") },
};

typedef VEC(struct csp_rule) rule_list;

static void
set(rule_list *list, struct csp_rule rule, struct arena *out)
{
	for (size_t i = 0; i < list->len; i++)
		if (str_equal_fold(list->ptr[i].name, rule.name)) {
			list->ptr[i].value = rule.value;
			return;
		}
	*vec_push(out, list) = rule;
}

/* "/embed/…" and "/en/embed/…" are made to be framed. */
bool
csp_is_embed(str path)
{
	str first, rest;

	if (!str_starts(path, S("/")))
		return false;
	path = str_slice(path, 1, path.len);
	if (str_starts(path, S("embed/")))
		return true;
	return str_cut(path, '/', &first, &rest) && first.len == 2 && str_starts(rest, S("embed/"));
}

static bool
only_in_header(str name)
{
	return str_equal_fold(name, S("frame-ancestors")) || str_equal_fold(name, S("report-uri")) || str_equal_fold(name, S("sandbox"));
}

str
csp_text(str path, const struct csp_rule *rules, uint32_t n_rules, bool meta, struct arena *out)
{
	VEC(str) parts = { 0 };
	rule_list list = { 0 };

	for (size_t i = 0; i < sizeof public_policy / sizeof *public_policy; i++)
		set(&list, public_policy[i], out);
	if (csp_is_embed(path))
		set(&list, (struct csp_rule){ S("frame-ancestors"), S("*") }, out);
	for (uint32_t i = 0; i < n_rules; i++)
		set(&list, rules[i], out);
	for (size_t i = 0; i < list.len; i++)
		if (list.ptr[i].value.len && !(meta && only_in_header(list.ptr[i].name)))
			*vec_push(out, &parts) = str_cat(out, list.ptr[i].name, S(" "), list.ptr[i].value);
	return str_join(out, parts.ptr, parts.len, S("; "));
}

bool
csp_rule_valid(const struct csp_rule *rule)
{
	for (size_t i = 0; i < rule->name.len; i++) {
		char c = rule->name.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'))
			return false;
	}
	for (size_t i = 0; i < rule->value.len; i++) {
		unsigned char c = (unsigned char)rule->value.ptr[i];
		if (c < ' ' || c >= 0x7f || c == ';' || c == ',')
			return false;
	}
	return rule->name.len != 0;
}
