/* libFuzzer: any bytes compile or are refused; nothing crashes, hangs or reads beyond. The first byte chooses the language. */
#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct template *t, bool compiled, str source, const struct diag *diag)
{
	size_t lines = 0, source_lines = 0;

	if (compiled != (diag->n_errors == 0) || compiled != (t->lua.len != 0))
		__builtin_trap();
	for (size_t i = 0; i < diag->entries.len; i++)
		if (diag->entries.ptr[i].at.start > diag->entries.ptr[i].at.end || diag->entries.ptr[i].at.end > source.len + 1)
			__builtin_trap();
	for (size_t i = 0; i < t->lua.len; i++)
		lines += t->lua.ptr[i] == '\n';
	for (size_t i = 0; i < source.len; i++)
		source_lines += source.ptr[i] == '\n';
	if (lines > source_lines)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena out, tmp;
	struct files files;
	struct diag diag;
	struct template t;
	struct template_options o = { .name = S("a.html"), .base_path = S("/base") };
	str source = size ? (str){ (const char *)data + 1, size - 1 } : S("");

	arena_init(&out, &page_source_malloc);
	arena_init(&tmp, &page_source_malloc);
	files_init(&files, &out);
	diag_init(&diag, &out, &files);
	o.file = files_add(&files, o.name);
	o.language = size ? (enum template_language)(data[0] & 7) : TEMPLATE_HTML;
	o.trace = size && (data[0] & 8);
	check(&t, template_compile(&t, source, &o, &out, &tmp, &diag), source, &diag);
	arena_free(&out);
	arena_free(&tmp);
	return 0;
}
