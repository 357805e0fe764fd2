/* The words of a text, read off its HTML: what nearly every text says in its page is what it says without markup. */
#include "base/bytes.h"
#include "document/render.h"

/* Where the text ends that can be taken as it is: at a tag, an entity, a control character, a space before a space or at the end. */
static size_t
run_end(str html, size_t at)
{
	for (; at + 9 <= html.len; at += 8) {
		uint64_t word = bytes_word(html, at), next = bytes_word(html, at + 1);
		uint64_t marks = bytes_zero(word ^ BYTES_EACH('<')) | bytes_zero(word ^ BYTES_EACH('&')) | ((word - BYTES_EACH(' ')) & ~word & BYTES_HIGH) |
		    bytes_zero((word ^ BYTES_EACH(' ')) | (next ^ BYTES_EACH(' ')));
		if (marks) {
			at += bytes_first(marks);
			break;
		}
	}
	while (at < html.len && (unsigned char)html.ptr[at] >= ' ' && html.ptr[at] != '<' && html.ptr[at] != '&' &&
	    (html.ptr[at] != ' ' || (at + 1 < html.len && html.ptr[at + 1] != ' ')))
		at++;
	return at;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The character that an entity written by render_escaped stands for; *at passes over it. */
static char
entity_at(str html, size_t *at)
{
	static const struct { str name; char byte; } entities[] = {
		{ S_INIT("&amp;"), '&' }, { S_INIT("&lt;"), '<' }, { S_INIT("&gt;"), '>' }, { S_INIT("&quot;"), '"' },
	};

	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (str_starts(str_slice(html, *at, html.len), entities[i].name)) {
			*at += entities[i].name.len;
			return entities[i].byte;
		}
	++*at;
	return '&';
}

struct writing { char *words, *end; bool gap; };

/* Behind a space, when there is something before it. */
static void
put_text(struct writing *w, const char *text, size_t n)
{
	if (w->gap && w->end > w->words)
		*w->end++ = ' ';
	w->gap = false;
	memcpy(w->end, text, n);
	w->end += n;
}

/* A run, which may have one space on either side. */
static void
put_run(struct writing *w, str run)
{
	bool before = run.ptr[0] == ' ', after;

	w->gap = w->gap || before;
	run = str_slice(run, before, run.len);
	after = run.len && run.ptr[run.len - 1] == ' ';
	run.len -= after;
	if (run.len)
		put_text(w, run.ptr, run.len);
	w->gap = w->gap || after;
}

static size_t
after_tag(str html, size_t at)
{
	size_t end;

	return str_find_byte(str_slice(html, at, html.len), '>', &end) ? at + end + 1 : html.len;
}

str
render_words(str html, struct arena *out)
{
	char *words = arena_array(out, char, html.len + 1);
	struct writing w = { words, words, false };

	for (size_t at = 0; at < html.len;) {
		size_t from = at;
		char c;
		at = run_end(html, at);
		if (at > from)
			put_run(&w, str_slice(html, from, at));
		if (at == html.len)
			break;
		c = html.ptr[at];
		if (c == '&') {
			c = entity_at(html, &at);
			put_text(&w, &c, 1);
		} else if (c == '<')
			at = after_tag(html, at);
		else {
			if (is_space(c))
				w.gap = true;
			else
				put_text(&w, &c, 1);
			at++;
		}
	}
	return (str){ words, (size_t)(w.end - words) };
}

str
markdown_plain(const struct markdown *md, struct arena *out)
{
	return md->plain.ptr ? md->plain : render_words(md->html, out);
}

bool
markdown_has_words(const struct markdown *md)
{
	str html = md->html;
	size_t at = 0;

	if (md->plain.ptr)
		return md->plain.len > 0;
	while (at < html.len && (html.ptr[at] == '<' || is_space(html.ptr[at])))
		at = html.ptr[at] == '<' ? after_tag(html, at) : at + 1;
	return at < html.len;
}
