/* Scripts are published without what only their authors read: lines of comment, empty lines, indentation. A line is never joined to
 * another, so that what stands in it means the same; where a text may go on over several lines, the script is left as it is. */
#include "media/inside.h"

static uint32_t
count(str line, str what)
{
	uint32_t n = 0;

	for (size_t i = 0; i + what.len <= line.len; i++)
		n += memcmp(line.ptr + i, what.ptr, what.len) == 0;
	return n;
}

/* May a text in backquotes, or after a backslash, go on in the next line? */
static bool
may_go_on(str line)
{
	return count(line, S("`")) % 2 || count(line, S("${")) > count(line, S("}")) || (line.len && line.ptr[line.len - 1] == '\\');
}

/* The end of a longer comment may stand in a line that begins like a short one. */
static bool
says_nothing(str line)
{
	return line.len == 0 || (str_starts(line, S("//")) && !count(line, S("*/")));
}

str
media_slim_script(str source, struct arena *out)
{
	str line, rest = source;
	char *to = arena_room(out, source.len + 1), *at = to;
	bool more;

	do {
		more = str_cut(rest, '\n', &line, &rest);
		line = str_trim(line);
		if (may_go_on(line))
			return str_copy(out, source);
		if (says_nothing(line))
			continue;
		memcpy(at, line.ptr, line.len);
		at += line.len;
		*at++ = '\n';
	} while (more);
	return (str){ to, (size_t)(at - to) };
}
