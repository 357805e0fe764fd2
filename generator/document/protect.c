#include <string.h>

#include "base/bytes.h"
#include "document/address.h"
#include "document/inline.h"

/* Control bytes stand for these; the first five follow a backslash. None of them is white space to cmark. */
static const char escaped[] = "~:@./";
static const char hidden[] = "_*~&\\^";
#define ESCAPED_FIRST 0x01
#define HIDDEN_FIRST 0x0e

static bool
is_escaped(char c)
{
	return c >= ESCAPED_FIRST && c < ESCAPED_FIRST + (char)sizeof escaped - 1;
}

static bool
is_hidden(char c)
{
	return c >= HIDDEN_FIRST && c < HIDDEN_FIRST + (char)sizeof hidden - 1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where the bare URL that starts at `at` ends, `at` when there is none. */
static size_t
url_end(str body, size_t at)
{
	str rest = str_slice(body, at, body.len);
	size_t end = 0;

	if (!str_starts(rest, S("http://")) && !str_starts(rest, S("https://")) && !str_starts(rest, S("www.")))
		return at;
	/* the destination of a link is cmark's own */
	if (at && (body.ptr[at - 1] == '<' || (at > 1 && body.ptr[at - 1] == '(' && body.ptr[at - 2] == ']')))
		return at;
	while (end < rest.len && !is_space(rest.ptr[end]) && rest.ptr[end] != '<' && rest.ptr[end] != '`')
		end++;
	return at + address_trim(str_slice(rest, 0, end));
}

static size_t
protect_url(char *p, str body, size_t at, bool *changed)
{
	size_t end = url_end(body, at);

	for (size_t i = at; i < end; i++) {
		const char *which = strchr(hidden, p[i]);
		if (which && *which && *which != '^') {   /* a note may follow an address */
			p[i] = (char)(HIDDEN_FIRST + (which - hidden));
			*changed = true;
		}
	}
	return end > at ? end : at + 1;
}

/* No label of a link or a note is longer. */
#define MAX_LABEL 1000

/* Does the bracket that opens at `at` close on its line? */
static bool
closes(str body, size_t at)
{
	size_t depth = 0, end = body.len - at > MAX_LABEL ? at + MAX_LABEL : body.len;

	for (; at < end && body.ptr[at] != '\n'; at++) {
		if (body.ptr[at] == '\\')
			at++;
		else if (body.ptr[at] == '[')
			depth++;
		else if (body.ptr[at] == ']' && --depth == 0)
			return true;
	}
	return false;
}

/* Of a note whose label goes over several lines cmark would lose the label, or cut it within a character: it is none. */
static size_t
protect_note(char *p, str body, size_t at, bool *changed)
{
	if (at + 1 < body.len && body.ptr[at + 1] == '^' && !closes(body, at)) {
		p[at + 1] = (char)(HIDDEN_FIRST + (char)sizeof hidden - 2);
		*changed = true;
	}
	return at + 1;
}

static size_t
protect_escape(char *p, str body, size_t at, bool *changed)
{
	const char *which = at + 1 < body.len && body.ptr[at + 1] ? strchr(escaped, body.ptr[at + 1]) : NULL;

	if (which && *which) {
		p[at + 1] = (char)(ESCAPED_FIRST + (which - escaped));
		*changed = true;
	}
	return at + 1 < body.len && body.ptr[at + 1] != '\r' && body.ptr[at + 1] != '\n' ? at + 2 : at + 1;
}

/* Does this byte become a space? */
static bool
is_control(str s, size_t at)
{
	unsigned char c = (unsigned char)s.ptr[at];

	return (c < ' ' || c == 0x7f) && c != '\n' && c != '\t' && (c != '\r' || at + 1 == s.len || s.ptr[at + 1] != '\n');
}

static bool
has_control(str s)
{
	for (size_t i = bytes_control(s, 0); i < s.len; i = bytes_control(s, i + 1))
		if (is_control(s, i))
			return true;
	return false;
}

static void
blank_controls(char *p, str body)
{
	for (size_t i = bytes_control(body, 0); i < body.len; i = bytes_control(body, i + 1))
		if (is_control(body, i))
			p[i] = ' ';
}

bool
inline_has_url(str s)
{
	size_t at;

	return str_find(s, S("://"), &at) || str_find(s, S("www."), &at);
}

str
inline_protect(str body, struct arena *tmp, bool *changed)
{
	static const bool special[256] = { ['\\'] = true, ['h'] = true, ['w'] = true, ['['] = true };
	str copy;
	char *p;
	size_t at;

	*changed = false;
	if (!str_find_byte(body, '\\', &at) && !inline_has_url(body) && !str_find(body, S("[^"), &at) && !has_control(body))
		return body;
	copy = str_copy(tmp, body);
	p = (char *)(uintptr_t)copy.ptr;
	blank_controls(p, body);
	/* what was changed before a place never matters to it, so the copy is read too */
	body = copy;
	for (size_t i = bytes_find(special, body, 0); i < body.len; i = bytes_find(special, body, i)) {
		if (body.ptr[i] == '\\')
			i = protect_escape(p, body, i, changed);
		else if (body.ptr[i] == '[')
			i = protect_note(p, body, i, changed);
		else if (!(i && address_is_word(body.ptr[i - 1])))
			i = protect_url(p, body, i, changed);
		else
			i++;
	}
	return copy;
}

static str
restore(str s, struct arena *tmp, bool drop_backslash)
{
	size_t first = 0, len = 0;
	char *p;

	while (first < s.len && !is_escaped(s.ptr[first]) && !is_hidden(s.ptr[first]))
		first++;
	if (first == s.len)
		return s;
	p = arena_array(tmp, char, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (is_escaped(c)) {
			if (drop_backslash && len && p[len - 1] == '\\')
				len--;
			c = escaped[c - ESCAPED_FIRST];
		} else if (is_hidden(c))
			c = hidden[c - HIDDEN_FIRST];
		p[len++] = c;
	}
	return (str){ p, len };
}

str
inline_restore_text(str s, struct arena *tmp)
{
	return restore(s, tmp, true);
}

str
inline_restore_raw(str s, struct arena *tmp)
{
	return restore(s, tmp, false);
}
