/* Writing Lua text: nothing but write_sync and the source's own strings adds a line. */
#include <string.h>

#include "template/emit.h"

void
write_str(struct emitter *e, str s)
{
	for (size_t i = 0; i < s.len; i++)
		e->line += s.ptr[i] == '\n';
	buf_put(&e->lua, s);
}

void
write_c(struct emitter *e, const char *s)
{
	write_str(e, str_from_c(s));
}

void
write_number(struct emitter *e, uint32_t n)
{
	buf_int(&e->lua, n);
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

void
write_quoted(struct emitter *e, str s)
{
	buf_byte(&e->lua, '"');
	for (size_t i = 0; i < s.len; i++) {
		size_t from = i;
		while (i < s.len && is_plain(s.ptr[i]))
			i++;
		buf_put(&e->lua, str_slice(s, from, i));
		if (i == s.len)
			break;
		if (s.ptr[i] == '\n')
			buf_put_c(&e->lua, "\\n");
		else if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			buf_format(&e->lua, "\\%c", s.ptr[i]);
		else
			buf_format(&e->lua, "\\%03u", (unsigned char)s.ptr[i]);
	}
	buf_byte(&e->lua, '"');
}

void
write_sync(struct emitter *e, uint32_t offset)
{
	for (; e->cursor < offset; e->cursor++)
		e->source_line += e->c->source.ptr[e->cursor] == '\n';
	while (e->line < e->source_line) {
		buf_byte(&e->lua, '\n');
		e->line++;
	}
}

void
write_insert(struct emitter *e, size_t at, str s)
{
	size_t tail = e->lua.len - at;

	write_str(e, s);
	if (e->lua.failed || !s.len)
		return;
	memmove(e->lua.ptr + at + s.len, e->lua.ptr + at, tail);
	memcpy(e->lua.ptr + at, s.ptr, s.len);
}
