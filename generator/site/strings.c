/* i18n/<language>.yaml of all roots: strings, and the words of types in other languages. */
#include "site/inside.h"

#define MAX_STRINGS_FILE ((size_t)1 << 20)

struct telling {
	struct site *site;
	struct arena *out;
	struct diag *diag;
};

static void
add_string(const struct telling *t, struct map *strings, str key, const struct value *text)
{
	if (!map_find(strings, key, NULL))               /* the nearest root has come first */
		map_set(t->out, strings, key, (void *)(uintptr_t)&text->as.text);
}

static void
add_strings(const struct telling *t, struct map *strings, const struct value *v, str prefix)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->as.map.len; i++) {
		const struct value_pair *p = &v->as.map.pairs[i];
		str key = prefix.len ? str_cat(t->out, prefix, S("."), p->key) : p->key;
		if (p->value.kind == VALUE_SCALAR)
			add_string(t, strings, key, &p->value);
		else
			add_strings(t, strings, &p->value, key);
	}
}

/* `libelles:` is a map of its own, whose keys are texts. */
static void
add_file(const struct telling *t, struct site_strings *to, const struct value *v)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->as.map.len; i++) {
		const struct value_pair *p = &v->as.map.pairs[i];
		if (p->value.kind == VALUE_SCALAR)
			add_string(t, &to->of, p->key, &p->value);
		else if (str_equal(p->key, S("libelles")))
			add_strings(t, &to->labels, &p->value, S(""));
		else
			add_strings(t, &to->of, &p->value, p->key);
	}
}

static bool
read_file(const struct telling *t, const struct source_file *file, struct site_strings *to)
{
	struct document *doc = arena_new(t->out, struct document);
	str bytes;

	if (!source_read(t->site->source, file, MAX_STRINGS_FILE, t->out, t->diag, &bytes) ||
	    !document_read(doc, bytes, file->file, true, &document_limits_default, t->out, t->diag))
		return false;
	add_file(t, to, &doc->front);
	return true;
}

/* A string the main language has and another has not is read in the main one, with one warning a language. */
static void
complete(const struct telling *t, uint32_t language)
{
	struct site *s = t->site;
	const struct map *main = &s->strings[0].of;
	struct map *of = &s->strings[language].of;
	str missing[6];
	uint32_t n = 0;

	for (uint32_t i = 0; i < main->len; i++) {
		str key = main->entries[i].key;
		if (map_find(of, key, NULL))
			continue;
		if (n < 6)
			missing[n] = key;
		n++;
		map_set(t->out, of, key, main->entries[i].value);
	}
	if (n)
		diag_add(t->diag, SITE_STRINGS_MISSING, SPAN_NONE, s->languages[language], str_format(t->out, "%u", n),
		    str_join(t->out, missing, n < 6 ? n : 6, S(", ")));
}

bool
site_read_strings(struct site *s, struct arena *out, struct diag *diag)
{
	const struct source_list files = s->inside->strings;
	struct telling t = { s, out, diag };
	bool ok = true;

	for (size_t i = 0; i < files.len; i++)
		for (uint32_t k = 0; k < s->n_languages; k++)
			if (str_equal(files.ptr[i].name, str_cat(out, s->languages[k], S(".yaml"))))
				ok = read_file(&t, &files.ptr[i], &s->strings[k]) && ok;
	for (uint32_t k = 1; k < s->n_languages; k++)
		complete(&t, k);
	return ok;
}

bool
site_is_strings_file(const struct site *s, str path)
{
	for (size_t i = 0; i < s->inside->strings.len; i++)
		if (str_equal(s->inside->strings.ptr[i].path, path))
			return true;
	return false;
}

str
site_string(const struct site *s, uint8_t language, str key)
{
	const str *found = map_get(&s->strings[language].of, key);

	return found ? *found : key;
}

str
site_label(const struct site *s, uint8_t language, str label)
{
	const str *found = s->strings[language].labels.len ? map_get(&s->strings[language].labels, label) : NULL;

	return found ? *found : label;
}
