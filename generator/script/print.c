/* Printing a value with the escaper of its place: the part of the runtime table (template/template.h) that writes. */
#include "script/escape.h"
#include "script/state.h"

static void
check_room(lua_State *L, struct script_state *w)
{
	if (w->buf.failed)
		raise(L, SCRIPT_TOO_LONG, STR_NONE, S("page"), str_format(w->out, "%zu", w->buf.max >> 20));
}

_Noreturn static void
refuse_value(lua_State *L, int index)
{
	if (lua_isnoneornil(L, index))
		raise_plain(L, SCRIPT_PRINT_NIL);
	if (value_tag(L, index) == TAG_DATE)
		raise_plain(L, SCRIPT_PRINT_DATE);
	if (value_tag(L, index) == TAG_HTML)
		raise_plain(L, SCRIPT_PRINT_HTML);
	raise(L, SCRIPT_PRINT_VALUE, STR_NONE, value_word(L, index));
}

/* A string, or a number in its shortest form (no locale: nombre() is for readers). */
static str
printable(lua_State *L, int index)
{
	struct script_state *w = state_of(L);
	size_t len;
	const char *p;

	switch (lua_type(L, index)) {
	case LUA_TSTRING:
		p = lua_tolstring(L, index, &len);
		return (str){ p, len };
	case LUA_TNUMBER:
		buf_clear(&w->scratch);
		if (lua_isinteger(L, index))
			buf_int(&w->scratch, lua_tointeger(L, index));
		else
			buf_number(&w->scratch, lua_tonumber(L, index));
		return buf_str(&w->scratch);
	default:
		refuse_value(L, index);
	}
}

/* What every function that prints a value does: (value, text behind it, text before it), the last two as they are. */
static void
put_literal(lua_State *L, struct script_state *w, int index)
{
	size_t len;
	const char *p = lua_tolstring(L, index, &len);

	buf_put(&w->buf, (str){ p, len });
}

static struct script_state *
begin_value(lua_State *L)
{
	struct script_state *w = state_of(L);

	if (lua_gettop(L) > 2)
		put_literal(L, w, 3);
	return w;
}

static int
end_value(lua_State *L, struct script_state *w)
{
	if (lua_gettop(L) > 1)
		put_literal(L, w, 2);
	check_room(L, w);
	return 0;
}

/* A captured value of this kind passes as it stands. */
static bool
pass(lua_State *L, struct script_state *w, enum text_kind kind)
{
	const struct html_value *h = value_of(L, 1, TAG_HTML);

	if (!h || h->kind != kind)
		return false;
	buf_put(&w->buf, h->s);
	return true;
}

/* Most values are strings: escaped without asking what else they might be. */
static bool
escape_string(lua_State *L, struct script_state *w)
{
	size_t len;
	const char *p;

	if (lua_type(L, 1) != LUA_TSTRING)
		return false;
	p = lua_tolstring(L, 1, &len);
	escape_html(&w->buf, (str){ p, len });
	return true;
}

static int
print_lit(lua_State *L)
{
	struct script_state *w = state_of(L);

	put_literal(L, w, 1);
	check_room(L, w);
	return 0;
}

static int
print_text(lua_State *L)
{
	struct script_state *w = begin_value(L);
	const struct html_value *h;

	if (escape_string(L, w))
		return end_value(L, w);
	h = value_of(L, 1, TAG_HTML);
	if (h && h->kind == KIND_HTML)
		buf_put(&w->buf, h->s);
	else
		escape_html(&w->buf, h ? h->s : printable(L, 1));
	return end_value(L, w);
}

/* JSON made by json() may stand in a data- attribute; html never does. */
static int
print_attr(lua_State *L)
{
	struct script_state *w = begin_value(L);
	const struct html_value *h;

	if (escape_string(L, w))
		return end_value(L, w);
	h = value_of(L, 1, TAG_HTML);
	escape_html(&w->buf, h && h->kind == KIND_JSON ? h->s : printable(L, 1));
	return end_value(L, w);
}

static int
print_url(lua_State *L)
{
	struct script_state *w = begin_value(L);
	str s = printable(L, 1);

	if (!escape_url(&w->buf, s))
		raise(L, SCRIPT_URL_SCHEME, STR_NONE, str_slice(s, 0, 80));
	return end_value(L, w);
}

static int
print_urlpath(lua_State *L)
{
	struct script_state *w = begin_value(L);

	escape_url_path(&w->buf, printable(L, 1));
	return end_value(L, w);
}

static int
print_urlpart(lua_State *L)
{
	struct script_state *w = begin_value(L);

	escape_url_part(&w->buf, printable(L, 1));
	return end_value(L, w);
}

static int
print_srcset(lua_State *L)
{
	struct script_state *w = begin_value(L);
	str s = printable(L, 1);

	if (!escape_srcset(&w->buf, s))
		raise(L, SCRIPT_SRCSET, STR_NONE, str_slice(s, 0, 80));
	return end_value(L, w);
}

static int
print_json(lua_State *L)
{
	struct script_state *w = begin_value(L);
	int top = lua_gettop(L);

	write_json(L, 1, &w->buf, 0);
	lua_settop(L, top);
	return end_value(L, w);
}

static int
print_xml(lua_State *L)
{
	struct script_state *w = begin_value(L);
	const struct html_value *h = value_of(L, 1, TAG_HTML);

	if (!pass(L, w, KIND_XML))
		escape_xml(&w->buf, h && h->kind == KIND_HTML ? h->s : printable(L, 1));
	return end_value(L, w);
}

static int
print_css(lua_State *L)
{
	struct script_state *w = begin_value(L);
	str s;

	if (!pass(L, w, KIND_CSS)) {
		s = printable(L, 1);
		if (!escape_css(&w->buf, s))
			raise(L, SCRIPT_CSS, STR_NONE, str_slice(s, 0, 80));
	}
	return end_value(L, w);
}

static int
print_ics(lua_State *L)
{
	struct script_state *w = begin_value(L);

	if (!pass(L, w, KIND_ICS))
		escape_ics(&w->buf, printable(L, 1));
	return end_value(L, w);
}

static int
print_csv(lua_State *L)
{
	struct script_state *w = begin_value(L);

	if (!pass(L, w, KIND_CSV))
		escape_csv(&w->buf, printable(L, 1));
	return end_value(L, w);
}

static int
print_plain(lua_State *L)
{
	struct script_state *w = begin_value(L);

	if (!pass(L, w, KIND_TEXT))
		buf_put(&w->buf, printable(L, 1));
	return end_value(L, w);
}

void
print_open(lua_State *L)
{
	static const luaL_Reg functions[] = { { "lit", print_lit }, { "text", print_text }, { "attr", print_attr }, { "url", print_url },
		{ "urlpath", print_urlpath }, { "urlpart", print_urlpart }, { "srcset", print_srcset }, { "json", print_json }, { "xml", print_xml },
		{ "css", print_css }, { "ics", print_ics }, { "csv", print_csv }, { "plain", print_plain }, { NULL, NULL } };

	luaL_setfuncs(L, functions, 0);
}
