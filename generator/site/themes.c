#include "site/themes.h"

#include "base/suggest.h"
#include "document/document.h"

/* A misspelt extends: would leave a theme without its parent. */
static void
check_keys(const struct value *front, file_id file, struct diag *diag)
{
	static const str keys[] = { S_INIT("nom"), S_INIT("version"), S_INIT("extends") };

	for (uint32_t i = 0; front->kind == VALUE_MAP && i < front->as.map.len; i++) {
		const struct value_pair *p = &front->as.map.pairs[i];
		bool known = str_starts(p->key, S("x_"));
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			known |= str_equal(p->key, keys[k]);
		if (!known)
			diag_add(diag, TYPE_UNKNOWN_KEY, ((struct span){ file, p->key_start, p->key_end }), p->key,
			    suggest_nearest(p->key, keys, sizeof keys / sizeof *keys), S("nom, version, extends"));
	}
}

/* `extends:` of a theme's theme.yaml; STR_NONE without. */
static bool
read_parent(struct source *s, struct arena *out, struct diag *diag, str *parent, struct span *at)
{
	const struct source_root *root = &s->roots.ptr[s->roots.len - 1];
	struct source_file file = {
		.path = str_cat(out, root->dir, S("/theme.yaml")),
		.shown = str_cat(out, root->shown, S("/theme.yaml")),
	};
	struct document doc;
	const struct value *extends;
	uint32_t errors = diag->n_errors;
	str bytes;

	file.file = files_add(s->files, file.shown);
	if (!source_read(s, &file, s->limits.content_file, out, diag, &bytes) ||
	    !document_read(&doc, bytes, file.file, true, &document_limits_default, out, diag))
		return false;
	check_keys(&doc.front, file.file, diag);
	extends = value_get(&doc.front, S("extends"));
	*parent = value_text(&doc.front, S("extends"), STR_NONE);
	*at = extends ? (struct span){ file.file, extends->start, extends->end } : SPAN_FILE(file.file);
	return diag->n_errors == errors;
}

bool
site_add_themes(struct source *s, str name, struct span at, struct arena *out, struct diag *diag)
{
	while (name.len)
		if (!source_add_theme(s, name, at) || !read_parent(s, out, diag, &name, &at))
			return false;
	return true;
}
