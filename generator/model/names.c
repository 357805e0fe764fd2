#include "base/suggest.h"
#include "base/utf8.h"
#include "model/internal.h"

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
name_is_slug(str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool inner = i > 0 && i + 1 < s.len && s.ptr[i - 1] != '-';
		if (!is_lower(c) && !is_digit(c) && !(c == '-' && inner))
			return false;
	}
	return s.len > 0;
}

bool
name_is_field(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_lower(s.ptr[i]) && (i == 0 || (!is_digit(s.ptr[i]) && s.ptr[i] != '_')))
			return false;
	return s.len > 0;
}

str
names_nearest(str word, const str *names, size_t n)
{
	return suggest_nearest(word, names, n);
}

str
names_list(struct arena *out, const str *names, size_t n)
{
	if (n > MODEL_MAX_SUGGESTED)
		return str_cat(out, str_join(out, names, MODEL_MAX_SUGGESTED, S(", ")), S(", …"));
	return str_join(out, names, n, S(", "));
}

str
field_hint(struct arena *tmp, const struct field *f)
{
	const struct field *leaf = f->kind == FIELD_LIST ? f->element : f;
	str form = S(""), *keys;

	if (leaf->kind == FIELD_ENUM) {
		keys = arena_array(tmp, str, leaf->n_values);
		for (uint32_t i = 0; i < leaf->n_values; i++)
			keys[i] = leaf->values[i].key;
		form = str_cat(tmp, S("Valeurs possibles : "), names_list(tmp, keys, leaf->n_values));
	} else if (leaf->kind == FIELD_DATE) {
		form = S("Un jour s'écrit 2026-11-02.");
	} else if (leaf->kind == FIELD_DATETIME) {
		form = S("Un jour et son heure s'écrivent 2026-11-02 18:30.");
	}
	return f->help.len && form.len ? str_cat(tmp, f->help, S(" "), form) : f->help.len ? f->help : form;
}

str
shown_value(struct arena *out, str s)
{
	str line, rest, prefix;

	str_cut(s, '\n', &line, &rest);
	prefix = utf8_prefix(line, 60);
	return prefix.len < s.len ? str_cat(out, prefix, S("…")) : prefix;
}
