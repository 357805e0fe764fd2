/* Prints a list of diagnostics as text (with excerpt and caret), JSON, SARIF or GitHub annotations. */
#include "base/utf8.h"
#include "diag/messages.h"

#define EXCERPT_WIDTH 160       /* characters of a source line shown around the caret */
#define MESSAGE_MAX ((size_t)1 << 20)

struct printer {
	const struct diag *diag;
	const struct diag_printing *how;
	struct buf *out;
	struct arena scratch;
	file_id loaded;             /* the file whose bytes are at hand */
	str bytes;
	bool readable;
};

static int
compare_entries(const void *a, const void *b, void *context)
{
	const struct diag_entry *x = *(const struct diag_entry *const *)a, *y = *(const struct diag_entry *const *)b;
	const struct files *files = context;
	int order = x->at.file == y->at.file ? 0 : str_compare(files_path(files, x->at.file), files_path(files, y->at.file));

	if (order)
		return order;
	if (x->at.start != y->at.start)
		return x->at.start < y->at.start ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	for (uint32_t i = 0; i < x->n_args && i < y->n_args; i++)
		if ((order = str_compare(x->args[i], y->args[i])))
			return order;
	return 0;
}

static bool
same(const struct diag_entry *x, const struct diag_entry *y, const struct files *files)
{
	return compare_entries(&x, &y, (void *)files) == 0;
}

static void
load(struct printer *p, file_id file)
{
	const struct files *files = p->diag->files;

	if (p->loaded == file)
		return;
	p->loaded = file;
	p->bytes = STR_NONE;
	arena_reset(&p->scratch);
	p->readable = file && files->read && files->read(files->context, files_path(files, file), &p->scratch, &p->bytes);
}

/* A text without what would move or trick the terminal. */
static void
put_printable(struct buf *out, str s)
{
	for (size_t at = 0; at < s.len;) {
		size_t from = at;
		uint32_t c = utf8_next(s, &at);
		if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
			buf_put_c(out, c == '\t' ? " " : "\xef\xbf\xbd");
		else if (c == 0xfffd)
			buf_put_c(out, "\xef\xbf\xbd");
		else
			buf_put(out, str_slice(s, from, at));
	}
}

/* Arguments repeat what people wrote; JSON escapes for itself. */
static void
put_argument(struct buf *out, str s, bool raw)
{
	if (raw)
		buf_put(out, s);
	else
		put_printable(out, s);
}

/* Fills {0} {1} … of a message. */
static void
put_filled(struct buf *out, str text, const struct diag_entry *e, bool raw)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '{' && i + 2 < text.len && text.ptr[i + 2] == '}' && text.ptr[i + 1] >= '0' && text.ptr[i + 1] <= '9') {
			uint32_t n = (uint32_t)(text.ptr[i + 1] - '0');
			if (n < e->n_args)
				put_argument(out, e->args[n], raw);
			i += 2;
		} else
			buf_byte(out, text.ptr[i]);
	}
}

/* True when every argument that the text names is given and not empty. */
static bool
has_arguments(str text, const struct diag_entry *e)
{
	for (size_t i = 0; i + 2 < text.len; i++)
		if (text.ptr[i] == '{' && text.ptr[i + 2] == '}') {
			uint32_t n = (uint32_t)(text.ptr[i + 1] - '0');
			if (n < 10 && (n >= e->n_args || e->args[n].len == 0))
				return false;
		}
	return true;
}

/* The first alternative of the remedy whose arguments are all there. */
static str
remedy_of(const struct diag_entry *e, enum diag_language language)
{
	str rest = diag_messages[e->code].remedy[language];

	while (rest.len) {
		size_t at;
		str alternative = rest;
		if (str_find(rest, S("||"), &at)) {
			alternative = str_slice(rest, 0, at);
			rest = str_slice(rest, at + 2, rest.len);
		} else
			rest = STR_NONE;
		if (has_arguments(alternative, e))
			return alternative;
	}
	return STR_NONE;
}

static const char *
severity_word(enum diag_severity s, enum diag_language language)
{
	static const char *const words[3][2] = { { "erreur", "error" }, { "attention", "warning" }, { "note", "note" } };
	return words[s][language];
}

static void
colour(struct printer *p, const char *code)
{
	if (p->how->colour)
		buf_format(p->out, "\033[%sm", code);
}

static str
line_at(str bytes, uint32_t offset, size_t *start)
{
	size_t from = offset < bytes.len ? offset : bytes.len, to = from;

	while (from && bytes.ptr[from - 1] != '\n')
		from--;
	while (to < bytes.len && bytes.ptr[to] != '\n' && bytes.ptr[to] != '\r')
		to++;
	*start = from;
	return str_slice(bytes, from, to);
}

static void
put_excerpt(struct printer *p, struct span at)
{
	size_t start;
	str line = line_at(p->bytes, at.start, &start);
	size_t offset = at.start - start < line.len ? at.start - start : line.len;
	size_t before = utf8_length(str_slice(line, 0, offset)), skip = before > EXCERPT_WIDTH / 2 ? before - EXCERPT_WIDTH / 2 : 0;
	size_t marked = at.end > at.start ? utf8_length(str_slice(line, offset, offset + (at.end - at.start))) : 1;

	line = str_slice(line, utf8_prefix(line, skip).len, line.len);
	line = utf8_prefix(line, EXCERPT_WIDTH);
	if (marked > EXCERPT_WIDTH - (before - skip))
		marked = EXCERPT_WIDTH - (before - skip);
	buf_put_c(p->out, "    ");
	put_printable(p->out, line);
	buf_put_c(p->out, "\n    ");
	buf_fill(p->out, ' ', before - skip);
	colour(p, "1;31");
	buf_fill(p->out, '^', marked ? marked : 1);
	colour(p, "0");
	buf_byte(p->out, '\n');
}

static void
print_text(struct printer *p, const struct diag_entry *e)
{
	enum diag_language language = p->how->language;
	enum diag_severity severity = diag_severity(e->code);
	str remedy = remedy_of(e, language);

	load(p, e->at.file);
	if (e->at.file) {
		struct position at = diag_position(p->bytes, e->at.start);
		colour(p, "1");
		put_printable(p->out, files_path(p->diag->files, e->at.file));
		if (p->readable)
			buf_format(p->out, ":%u:%u", at.line, at.column);
		colour(p, "0");
		buf_put_c(p->out, ": ");
	} else
		buf_put_c(p->out, "vitrine: ");
	colour(p, severity == DIAG_ERROR ? "1;31" : "1;33");
	buf_put_c(p->out, severity_word(severity, language));
	colour(p, "0");
	buf_put_c(p->out, ": ");
	put_filled(p->out, diag_messages[e->code].text[language], e, false);
	buf_format(p->out, " [%.*s]\n", STR_ARG(diag_name(e->code)));
	if (p->readable && (e->at.start || e->at.end))
		put_excerpt(p, e->at);
	if (remedy.len) {
		buf_put_c(p->out, language == DIAG_FR ? "    remède : " : "    remedy: ");
		put_filled(p->out, remedy, e, false);
		buf_byte(p->out, '\n');
	}
}

static void
put_json_filled(struct printer *p, str text, const struct diag_entry *e)
{
	struct buf filled;

	buf_init(&filled, MESSAGE_MAX);
	put_filled(&filled, text, e, true);
	buf_json_string(p->out, buf_str(&filled));
	buf_free(&filled);
}

static const char *
json_severity(enum diag_severity s)
{
	static const char *const names[] = { "error", "warning", "note" };
	return names[s];
}

/* One object a line: {"code","severity","file","line","column","offset","length","message","remedy"}. */
static void
print_json(struct printer *p, const struct diag_entry *e)
{
	enum diag_language language = p->how->language;
	struct position at;

	load(p, e->at.file);
	at = diag_position(p->bytes, e->at.start);
	buf_put_c(p->out, "{\"code\":");
	buf_json_string(p->out, diag_name(e->code));
	buf_format(p->out, ",\"severity\":\"%s\"", json_severity(diag_severity(e->code)));
	if (e->at.file) {
		buf_put_c(p->out, ",\"file\":");
		buf_json_string(p->out, files_path(p->diag->files, e->at.file));
		if (p->readable)
			buf_format(p->out, ",\"line\":%u,\"column\":%u", at.line, at.column);
		buf_format(p->out, ",\"offset\":%u,\"length\":%u", e->at.start, e->at.end - e->at.start);
	}
	buf_put_c(p->out, ",\"message\":");
	put_json_filled(p, diag_messages[e->code].text[language], e);
	buf_put_c(p->out, ",\"remedy\":");
	put_json_filled(p, remedy_of(e, language), e);
	buf_put_c(p->out, "}");
}

/* A relative path as the URI reference that SARIF asks for, in quotes. */
static void
put_uri(struct buf *out, str path)
{
	static const str plain = S_INIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/");
	size_t at;

	buf_byte(out, '"');
	for (size_t i = 0; i < path.len; i++)
		if (str_find_byte(plain, path.ptr[i], &at))
			buf_byte(out, path.ptr[i]);
		else
			buf_format(out, "%%%02X", (unsigned)(unsigned char)path.ptr[i]);
	buf_byte(out, '"');
}

/* The message and its remedy: viewers of annotations show nothing else. */
static void
put_both(struct printer *p, struct buf *text, const struct diag_entry *e, bool raw)
{
	enum diag_language language = p->how->language;
	str remedy = remedy_of(e, language);

	put_filled(text, diag_messages[e->code].text[language], e, raw);
	if (!remedy.len)
		return;
	buf_put_c(text, language == DIAG_FR ? "\nremède : " : "\nremedy: ");
	put_filled(text, remedy, e, raw);
}

static void
print_sarif_result(struct printer *p, const struct diag_entry *e)
{
	struct position at;
	struct buf text;

	load(p, e->at.file);
	at = diag_position(p->bytes, e->at.start);
	buf_put_c(p->out, "{\"ruleId\":");
	buf_json_string(p->out, diag_name(e->code));
	buf_format(p->out, ",\"level\":\"%s\",\"message\":{\"text\":", json_severity(diag_severity(e->code)));
	buf_init(&text, MESSAGE_MAX);
	put_both(p, &text, e, true);
	buf_json_string(p->out, buf_str(&text));
	buf_free(&text);
	buf_put_c(p->out, "}");
	if (e->at.file) {
		buf_put_c(p->out, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
		put_uri(p->out, files_path(p->diag->files, e->at.file));
		buf_put_c(p->out, "}");
		if (p->readable)
			buf_format(p->out, ",\"region\":{\"startLine\":%u,\"startColumn\":%u}", at.line, at.column);
		buf_put_c(p->out, "}}]");
	}
	buf_put_c(p->out, "}");
}

/* Workflow commands escape %, CR, LF; and : , in properties. */
static void
put_workflow(struct buf *out, str s, bool property)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			buf_format(out, "%%%02X", (unsigned)c);
		else
			buf_byte(out, c);
	}
}

static void
print_github(struct printer *p, const struct diag_entry *e)
{
	struct position at;
	struct buf text;

	load(p, e->at.file);
	at = diag_position(p->bytes, e->at.start);
	buf_init(&text, MESSAGE_MAX);
	put_both(p, &text, e, false);
	buf_format(p->out, "::%s ", diag_severity(e->code) == DIAG_NOTE ? "notice" : json_severity(diag_severity(e->code)));
	if (e->at.file) {
		buf_put_c(p->out, "file=");
		put_workflow(p->out, files_path(p->diag->files, e->at.file), true);
		buf_format(p->out, ",line=%u,col=%u,", at.line, at.column);
	}
	buf_format(p->out, "title=%.*s::", STR_ARG(diag_name(e->code)));
	put_workflow(p->out, buf_str(&text), false);
	buf_byte(p->out, '\n');
	buf_free(&text);
}

static uint32_t
count_of(const struct diag_entry **list, size_t n, enum diag_severity severity)
{
	uint32_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += diag_severity(list[i]->code) == severity;
	return found;
}

/* Counts what is left when repetitions are dropped, shown or not. */
static void
print_summary(struct printer *p, const struct diag_entry **list, size_t n, uint32_t hidden)
{
	uint32_t errors = count_of(list, n, DIAG_ERROR), warnings = count_of(list, n, DIAG_WARNING);
	bool fr = p->how->language == DIAG_FR;

	if (!errors && !warnings)
		return;
	if (fr)
		buf_format(p->out, "%u erreur%s, %u avertissement%s", errors, errors > 1 ? "s" : "", warnings, warnings > 1 ? "s" : "");
	else
		buf_format(p->out, "%u error%s, %u warning%s", errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
	if (hidden)
		buf_format(p->out, fr ? " (%u non affichés)" : " (%u not shown)", hidden);
	buf_byte(p->out, '\n');
}

static size_t
sorted_entries(const struct diag *d, bool errors_only, struct arena *tmp, const struct diag_entry ***sorted)
{
	size_t n = 0, kept = 0;
	const struct diag_entry **list = arena_array(tmp, const struct diag_entry *, d->entries.len);

	for (size_t i = 0; i < d->entries.len; i++)
		if (!errors_only || diag_severity(d->entries.ptr[i].code) == DIAG_ERROR)
			list[kept++] = &d->entries.ptr[i];
	vec_sort(list, kept, sizeof *list, compare_entries, d->files);
	for (size_t i = 0; i < kept; i++)
		if (!n || !same(list[n - 1], list[i], d->files))
			list[n++] = list[i];
	*sorted = list;
	return n;
}

static void
print_list(struct printer *p, const struct diag_entry **list, size_t n, const char *open, const char *close,
    void (*print)(struct printer *, const struct diag_entry *))
{
	buf_put_c(p->out, open);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_put_c(p->out, ",\n");
		print(p, list[i]);
	}
	buf_put_c(p->out, close);
}

void
diag_print(const struct diag *d, const struct diag_printing *how, struct buf *out)
{
	struct printer p = { .diag = d, .how = how, .out = out };
	struct arena list_arena;
	const struct diag_entry **list;
	size_t n, shown;

	arena_init(&list_arena, &page_source_malloc);
	arena_init(&p.scratch, &page_source_malloc);
	n = sorted_entries(d, how->errors_only, &list_arena, &list);
	switch (how->format) {
	case DIAG_TEXT:
		shown = how->limit && n > how->limit ? how->limit : n;
		for (size_t i = 0; i < shown; i++)
			print_text(&p, list[i]);
		print_summary(&p, list, n, (uint32_t)(n - shown));
		break;
	case DIAG_JSON:
		print_list(&p, list, n, "[", "]\n", print_json);
		break;
	case DIAG_SARIF:
		print_list(&p, list, n,
		    "{\"version\":\"2.1.0\",\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
		    "\"runs\":[{\"tool\":{\"driver\":{\"name\":\"vitrine\"}},\"columnKind\":\"unicodeCodePoints\",\"results\":[", "]}]}\n", print_sarif_result);
		break;
	case DIAG_GITHUB:
		for (size_t i = 0; i < n; i++)
			print_github(&p, list[i]);
		break;
	}
	arena_free(&p.scratch);
	arena_free(&list_arena);
}
