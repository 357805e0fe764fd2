/* Any bytes as a fiche or a YAML file: no crash, spans inside the file, false exactly when an error was reported. */
#include <stdlib.h>

#include "../unit/same_value.h"
#include "document/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_value(const struct value *v, str bytes)
{
	if (v->start > v->end || v->end > bytes.len)
		abort();
	for (uint32_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++)
		check_value(&v->as.list.items[i], bytes);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->as.map.len; i++) {
		const struct value_pair *p = &v->as.map.pairs[i];
		if (p->key_start > p->key_end || p->key_end > bytes.len || !p->key.len)
			abort();
		check_value(&p->value, bytes);
	}
}

/* What is read without libyaml is what libyaml reads. */
static void
check_simple(str text, struct arena *arena, struct diag *diag)
{
	struct value simple, full;
	struct yaml_text whole;

	if (!yaml_read_simple(&simple, text, 0, &document_limits_default, arena))
		return;
	yaml_text_init(&whole, text, 0, 0, 1, arena);
	if (!yaml_read(&full, &whole, &document_limits_default, arena, diag) || !same_value(&simple, &full))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str bytes = { (const char *)data + 1, size ? size - 1 : 0 };
	struct arena arena;
	struct files files;
	struct diag diag;
	struct document doc;
	struct buf out;
	bool ok;

	if (!size)
		return 0;
	arena_init(&arena, &page_source_malloc);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	bytes = str_copy(&arena, bytes);
	ok = document_read(&doc, bytes, files_add(&files, S("a")), data[0] & 1, &document_limits_default, &arena, &diag);
	if (ok != (diag.n_errors == 0))
		abort();
	for (size_t i = 0; i < diag.entries.len; i++)
		if (diag.entries.ptr[i].at.start > diag.entries.ptr[i].at.end || diag.entries.ptr[i].at.end > bytes.len)
			abort();
	check_value(&doc.front, bytes);
	if (ok && (data[0] & 1) && !str_starts(bytes, S("\xef\xbb\xbf")))
		check_simple(bytes, &arena, &diag);
	buf_init(&out, 1 << 22);
	diag_print(&diag, &(struct diag_printing){ .format = DIAG_TEXT, .language = DIAG_FR, .limit = 200 }, &out);
	buf_free(&out);
	arena_free(&arena);
	return 0;
}
