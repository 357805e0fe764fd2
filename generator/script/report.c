/* From a Lua error's line to the span in the template: the only expression of the line, or the one a second, tracing run met last. */
#include <string.h>

#include "script/state.h"

static uint32_t
line_at(str text, uint32_t offset)
{
	uint32_t line = 1;

	for (uint32_t i = 0; i < offset && i < text.len; i++)
		line += text.ptr[i] == '\n';
	return line;
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `word` as a whole word between from and to. */
static bool
find_word(str text, uint32_t from, uint32_t to, str word, uint32_t *at)
{
	if (!word.len || to > text.len)
		return false;
	for (uint32_t i = from; i + word.len <= to; i++) {
		if (memcmp(text.ptr + i, word.ptr, word.len) != 0)
			continue;
		if ((i > from && is_name_byte(text.ptr[i - 1])) || (i + word.len < text.len && is_name_byte(text.ptr[i + word.len])))
			continue;
		*at = i;
		return true;
	}
	return false;
}

static struct span
narrow(str text, struct span span, str word)
{
	uint32_t at;

	if (find_word(text, span.start, span.end, word, &at))
		return (struct span){ span.file, at, at + (uint32_t)word.len };
	return span;
}

static struct span
line_span(str text, file_id file, uint32_t line)
{
	uint32_t from = 0, to;

	for (uint32_t n = 1; n < line && from < text.len; from++)
		n += text.ptr[from] == '\n';
	while (from < text.len && (text.ptr[from] == ' ' || text.ptr[from] == '\t'))
		from++;
	to = from;
	while (to < text.len && text.ptr[to] != '\n' && text.ptr[to] != '\r')
		to++;
	return (struct span){ file, from, to };
}

static bool
tag_covers(const struct script_layout *l, uint32_t tag, uint32_t line)
{
	struct span s = l->compiled.tags[tag].span;

	return line_at(l->text, s.start) <= line && line <= line_at(l->text, s.end > s.start ? s.end - 1 : s.end);
}

/* Draws the page again in a state that notes each expression; gives the last one met in this layout. */
static bool
trace(struct script *s, const struct script_error *e, const struct script_layout *l, uint32_t *tag)
{
	struct arena out;
	struct diag quiet;
	struct script_state *w;
	struct script_result result;
	str bytes;
	bool found = false;

	arena_init(&out, s->out->source);
	diag_init(&quiet, &out, s->diag->files);
	s->tracing = true;
	w = script_open(s, &out, &quiet);
	s->tracing = false;
	if (w) {
		if (!script_render(w, e->page, &bytes, &result) && w->last_tag[l->index]) {
			*tag = w->last_tag[l->index] - 1;
			found = true;
		}
		script_close(w);
	}
	arena_free(&out);
	return found;
}

static struct span
span_in_layout(struct script *s, const struct script_error *e, const struct script_layout *l)
{
	uint32_t n = 0, only = 0, tag, at;

	for (uint32_t i = 0; i < l->compiled.n_tags; i++) {
		struct span span = l->compiled.tags[i].span;
		if (!tag_covers(l, i, e->line) || (e->word.len && !find_word(l->text, span.start, span.end, e->word, &at)))
			continue;
		only = i;
		n++;
	}
	if (n > 1 && e->page && trace(s, e, l, &tag) && tag < l->compiled.n_tags && tag_covers(l, tag, e->line)) {
		only = tag;
		n = 1;
	}
	if (n == 1)
		return narrow(l->text, l->compiled.tags[only].span, e->word);
	return narrow(l->text, line_span(l->text, e->file, e->line), e->word);
}

static str
text_of_file(const struct script *s, file_id file)
{
	for (size_t i = 0; i < s->modules.len; i++)
		if (s->modules.ptr[i].source.file == file)
			return s->modules.ptr[i].text;
	for (uint32_t i = 0; i < s->n_routes; i++)
		if (s->routes[i].source.file == file)
			return s->routes[i].text;
	return STR_NONE;
}

struct span
span_of_line(const struct script *s, file_id file, uint32_t line)
{
	const struct script_layout *l = layout_of_file(s, file);

	return line_span(l ? l->text : text_of_file(s, file), file, line);
}

static struct span
span_of(struct script *s, const struct script_error *e)
{
	const struct script_layout *l = layout_of_file(s, e->file);
	str text;

	if (e->file == 0)
		return e->page ? e->page->at : SPAN_NONE;
	if (l)
		return span_in_layout(s, e, l);
	text = text_of_file(s, e->file);
	return narrow(text, line_span(text, e->file, e->line), e->word);
}

/* " [/offres/x/ · content/offres/x.md · ← layouts/base.html:12 · +12]": the same in every language. */
static void
write_context(struct buf *b, const struct script *s, const struct script_error *e, uint32_t others)
{
	buf_put_c(b, " [");
	if (e->page) {
		buf_put(b, e->page->url);
		if (e->page->at.file) {
			buf_put_c(b, " · ");
			buf_put(b, files_path(s->diag->files, e->page->at.file));
		}
	}
	if (e->trail.len) {
		buf_put_c(b, e->page ? " · " : "");
		buf_put(b, e->trail);
	}
	if (others)
		buf_format(b, " · +%u", others);
	buf_byte(b, ']');
	if (!e->page && !e->trail.len)
		buf_clear(b);
}

void
script_report(struct script *s, const struct script_error *e, uint32_t others, struct diag *diag)
{
	str args[12];
	uint32_t n = e->n_args < 12 ? e->n_args : 12;
	struct buf context;

	buf_init(&context, 8192);
	write_context(&context, s, e, others);
	for (uint32_t i = 1; i < n; i++)
		args[i] = e->args[i];
	args[0] = buf_str(&context);
	if (!args[0].ptr)
		args[0] = S("");
	diag_emit(diag, e->code, span_of(s, e), args, n ? n : 1);
	buf_free(&context);
}
