#include "base/hash.h"
#include "model/internal.h"

/* White space around a body is no body. */
static void
read_body(struct reader *r, const struct document *doc, struct item *item)
{
	if (!str_trim(doc->body).len)
		return;
	if (r->type->body)
		item->body = reader_rich(r, doc->body, doc->body_start, NULL);
	else {
		uint32_t lead = (uint32_t)(str_trim(doc->body).ptr - doc->body.ptr);
		str line, rest;
		str_cut(str_trim(doc->body), '\n', &line, &rest);
		diag_add(r->diag, BODY_FORBIDDEN, ((struct span){ r->file, doc->body_start + lead, doc->body_start + lead + (uint32_t)line.len }),
		    r->type->label);
	}
}

/* A translation's consent is in its original: load.c looks there. */
static void
check_consent(struct reader *r, const struct document *doc)
{
	const struct value *given = value_get(&doc->front, r->type->consent);

	if (!r->personal.file || r->language > 0 || (given && given->kind != VALUE_NULL))
		return;
	diag_add(r->diag, CONSENT_MISSING, r->personal, r->personal_name, r->type->consent);
}

static uint64_t
front_of(const struct reader *r, const struct document *doc)
{
	return hash64(str_slice(r->bytes, 0, doc->body_start ? doc->body_start : r->bytes.len));
}

static bool
is_draft(const struct item *item)
{
	const struct val *v = model_val(&item->object, S("brouillon"));
	return v && v->kind == VAL_BOOLEAN && v->as.boolean;
}

static uint32_t
unknown_keys(const struct type *type, const struct value *front)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < front->as.map.len; i++)
		n += !model_field(&type->shape, front->as.map.pairs[i].key);
	return n;
}

static bool
has_required(const struct type *type, const struct value *front)
{
	for (uint32_t i = 0; i < type->shape.n_fields; i++)
		if (type->shape.fields[i].required && !value_pair(front, type->shape.fields[i].name))
			return false;
	return true;
}

/* An item with two fields that its type lacks, and all fields of one other type, lies in the wrong folder. */
static bool
is_misplaced(struct reader *r, const struct content_file *f, const struct value *front)
{
	const struct type *meant = NULL;

	if (f->language || unknown_keys(f->type, front) < 2)
		return false;
	for (uint32_t i = 0; i < r->m->n_types; i++) {
		const struct type *t = r->m->types[i];
		if (t == f->type || !t->folder.len || unknown_keys(t, front) || !has_required(t, front))
			continue;
		if (meant)
			return false;
		meant = t;
	}
	if (meant)
		diag_add(r->diag, CONTENT_MISPLACED, SPAN_FILE(r->file), meant->label, f->type->label,
		    str_cat(r->tmp, S("content/"), meant->folder, S("/")));
	return meant != NULL;
}

struct item *
reader_item(struct reader *r, const struct content_file *f)
{
	struct document doc;
	struct item *item;
	uint32_t errors = r->diag->n_errors;

	r->type = f->type;
	r->language = f->language;
	r->file = f->source.file;
	if (!document_read(&doc, r->bytes, f->source.file, f->yaml, &document_limits_default, r->tmp, r->diag) || is_misplaced(r, f, &doc.front))
		return NULL;
	item = item_of_file(f, r->n_languages, r->out);
	item->front = front_of(r, &doc);
	reader_object(r, &f->type->shape, &doc.front, true, &item->object);
	read_body(r, &doc, item);
	check_consent(r, &doc);
	item->draft = is_draft(item);
	item->faulty = r->diag->n_errors > errors;
	return item;
}

struct item *
model_read_item(const struct model *m, const struct content_file *f, str bytes, const str *languages, uint32_t n_languages,
    struct arena *out, struct arena *tmp, struct diag *diag)
{
	struct reader r = { .m = m, .languages = languages, .n_languages = n_languages, .bytes = bytes, .out = out, .tmp = tmp, .diag = diag };

	return reader_item(&r, f);
}
