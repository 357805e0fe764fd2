#include "template/template.h"

#include "template/tree.h"

bool
template_language_of(str name, enum template_language *language)
{
	static const struct { str extension; enum template_language language; } known[] = {
		{ S_INIT(".html"), TEMPLATE_HTML }, { S_INIT(".xml"), TEMPLATE_XML }, { S_INIT(".svg"), TEMPLATE_SVG }, { S_INIT(".css"), TEMPLATE_CSS },
		{ S_INIT(".json"), TEMPLATE_JSON }, { S_INIT(".geojson"), TEMPLATE_JSON }, { S_INIT(".webmanifest"), TEMPLATE_JSON },
		{ S_INIT(".ics"), TEMPLATE_ICS }, { S_INIT(".csv"), TEMPLATE_CSV }, { S_INIT(".txt"), TEMPLATE_TEXT },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_ends(name, known[i].extension)) {
			*language = known[i].language;
			return true;
		}
	return false;
}

struct span
compiler_span(const struct compiler *c, uint32_t start, uint32_t end)
{
	return (struct span){ c->options->file, start, end };
}

str
compiler_slice(const struct compiler *c, struct range r)
{
	return str_slice(c->source, r.start, r.end);
}

static void
list_parts(struct compiler *c, struct template *t)
{
	VEC(struct template_part) macros = { 0 };

	for (size_t i = 0; i < c->tree.macros.len; i++) {
		const struct node *m = c->tree.macros.ptr[i];
		*vec_push(c->out, &macros) = (struct template_part){ m->name, m->name_at, m->attributes, false };
	}
	t->macros = macros.ptr;
	t->n_macros = (uint32_t)macros.len;
	t->blocks = c->tree.blocks.ptr;
	t->n_blocks = (uint32_t)c->tree.blocks.len;
	t->uses = c->tree.uses.ptr;
	t->n_uses = (uint32_t)c->tree.uses.len;
	t->email = c->tree.email;
}

bool
template_compile(struct template *t, str source, const struct template_options *o, struct arena *out, struct arena *tmp, struct diag *diag)
{
	struct compiler c = { .source = source, .options = o, .out = out, .tmp = tmp, .diag = diag };
	struct pieces pieces = { 0 };
	uint32_t errors = diag->n_errors;

	*t = (struct template){ .name = o->name, .file = o->file, .language = o->language };
	if (source.len > TEMPLATE_SIZE_MAX) {
		diag_add(diag, TEMPLATE_TOO_LARGE, SPAN_FILE(o->file), S("4 Mo"));
		return false;
	}
	pieces_cut(&c, &pieces);
	parse_tree(&c, &pieces);
	context_check(&c);
	emit_chunk(&c, t);
	list_parts(&c, t);
	if (diag->n_errors != errors)
		t->lua = STR_NONE;
	return diag->n_errors == errors;
}
