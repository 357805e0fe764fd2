#include "site/themes.h"

#include "document/document.h"

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
	str bytes;

	file.file = files_add(s->files, file.shown);
	if (!source_read(s, &file, s->limits.content_file, out, diag, &bytes) ||
	    !document_read(&doc, bytes, file.file, true, &document_limits_default, out, diag))
		return false;
	extends = value_get(&doc.front, S("extends"));
	*parent = value_text(&doc.front, S("extends"), STR_NONE);
	*at = extends ? (struct span){ file.file, extends->start, extends->end } : SPAN_FILE(file.file);
	return true;
}

bool
site_add_themes(struct source *s, str name, struct span at, struct arena *out, struct diag *diag)
{
	while (name.len)
		if (!source_add_theme(s, name, at) || !read_parent(s, out, diag, &name, &at))
			return false;
	return true;
}
