/* The words of a text, read off its HTML: what nearly every text says in its page is what it says without markup. */
#include "base/bytes.h"
#include "document/render.h"

static const bool special[256] = { ['<'] = true, ['&'] = true, [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true };

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

str
render_words(str html, struct arena *out)
{
	char *words = arena_array(out, char, html.len + 1), *end = words;
	bool gap = false;

	for (size_t at = 0; at < html.len;) {
		size_t from = at, tag;
		at = bytes_find(special, html, at);
		if (gap && end > words && (at > from || html.ptr[at] == '&'))
			*end++ = ' ';
		if (at > from || (at < html.len && html.ptr[at] == '&'))
			gap = false;
		memcpy(end, html.ptr + from, at - from);
		end += at - from;
		if (at == html.len)
			break;
		if (html.ptr[at] == '&')
			*end++ = entity_at(html, &at);
		else if (html.ptr[at] == '<')
			at = str_find_byte(str_slice(html, at, html.len), '>', &tag) ? at + tag + 1 : html.len;
		else {
			gap = true;
			at++;
		}
	}
	return (str){ words, (size_t)(end - words) };
}

str
markdown_plain(const struct markdown *md, struct arena *out)
{
	return md->plain.ptr ? md->plain : render_words(md->html, out);
}
