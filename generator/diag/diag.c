#include "diag/diag.h"

#include "base/utf8.h"
#include "diag/messages.h"

const struct diag_message diag_messages[DIAG_N_CODES] = {
#define DIAG(code, name, severity, class, fr, en, remedy_fr, remedy_en) \
	[code] = { S_INIT(name), severity, class, { S_INIT(fr), S_INIT(en) }, { S_INIT(remedy_fr), S_INIT(remedy_en) } },
#include "diag/catalogue.def"
#undef DIAG
};

void
diag_init(struct diag *d, struct arena *out, struct files *files)
{
	*d = (struct diag){ .out = out, .files = files };
}

static void
count(struct diag *d, enum diag_code code)
{
	if (diag_severity(code) == DIAG_ERROR)
		d->n_errors++;
	else if (diag_severity(code) == DIAG_WARNING)
		d->n_warnings++;
}

void
diag_emit(struct diag *d, enum diag_code code, struct span at, const str *args, size_t n)
{
	str *copies = arena_array(d->out, str, n);

	for (size_t i = 0; i < n; i++)
		copies[i] = str_copy(d->out, args[i]);
	*vec_push(d->out, &d->entries) = (struct diag_entry){ code, at, copies, (uint32_t)n, (uint32_t)d->entries.len };
	count(d, code);
}

static void
merge(struct diag *into, const struct diag *from, bool errors_only)
{
	for (size_t i = 0; i < from->entries.len; i++) {
		const struct diag_entry *e = &from->entries.ptr[i];
		if (!errors_only || diag_severity(e->code) == DIAG_ERROR)
			diag_emit(into, e->code, e->at, e->args, e->n_args);
	}
}

void
diag_merge(struct diag *into, const struct diag *from)
{
	merge(into, from, false);
}

void
diag_merge_errors(struct diag *into, const struct diag *from)
{
	merge(into, from, true);
}

enum diag_severity
diag_severity(enum diag_code code)
{
	return diag_messages[code].severity;
}

enum diag_class
diag_class(enum diag_code code)
{
	return diag_messages[code].class;
}

str
diag_name(enum diag_code code)
{
	return diag_messages[code].name;
}

bool
diag_has_error(const struct diag *d, enum diag_class class)
{
	for (size_t i = 0; i < d->entries.len; i++)
		if (diag_severity(d->entries.ptr[i].code) == DIAG_ERROR && diag_class(d->entries.ptr[i].code) == class)
			return true;
	return false;
}

struct position
diag_position(str bytes, uint32_t offset)
{
	struct position p = { 1, 1 };
	size_t line_start = 0, end = offset < bytes.len ? offset : bytes.len;

	for (size_t i = 0; i < end; i++)
		if (bytes.ptr[i] == '\n') {
			p.line++;
			line_start = i + 1;
		}
	p.column = (uint32_t)utf8_length(str_slice(bytes, line_start, end)) + 1;
	return p;
}
