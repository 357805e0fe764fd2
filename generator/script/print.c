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

static void
put_literal(lua_State *L, struct script_state *w, int index)
{
	size_t len;
	const char *p = lua_tolstring(L, index, &len);

	buf_put(&w->buf, (str){ p, len });
}

/* A captured value of this kind passes as it stands. */
static bool
pass(lua_State *L, struct script_state *w, int index, enum text_kind kind)
{
	const struct html_value *h = value_of(L, index, TAG_HTML);

	if (!h || h->kind != kind)
		return false;
	buf_put(&w->buf, h->s);
	return true;
}

/* Most values are strings: escaped without asking what else they might be. */
static bool
escape_string(lua_State *L, struct script_state *w, int index)
{
	size_t len;
	const char *p;

	if (lua_type(L, index) != LUA_TSTRING)
		return false;
	p = lua_tolstring(L, index, &len);
	escape_html(&w->buf, (str){ p, len });
	return true;
}

/* --- one for each place --- */

static void
put_text(lua_State *L, struct script_state *w, int index)
{
	const struct html_value *h;

	if (escape_string(L, w, index))
		return;
	h = value_of(L, index, TAG_HTML);
	if (h && h->kind == KIND_HTML)
		buf_put(&w->buf, h->s);
	else
		escape_html(&w->buf, h ? h->s : printable(L, index));
}

/* JSON made by json() may stand in a data- attribute; html never does. */
static void
put_attr(lua_State *L, struct script_state *w, int index)
{
	const struct html_value *h;

	if (escape_string(L, w, index))
		return;
	h = value_of(L, index, TAG_HTML);
	escape_html(&w->buf, h && h->kind == KIND_JSON ? h->s : printable(L, index));
}

static void
put_url(lua_State *L, struct script_state *w, int index)
{
	str s = printable(L, index);

	if (!escape_url(&w->buf, s))
		raise(L, SCRIPT_URL_SCHEME, STR_NONE, str_slice(s, 0, 80));
}

static void
put_urlpath(lua_State *L, struct script_state *w, int index)
{
	escape_url_path(&w->buf, printable(L, index));
}

static void
put_urlpart(lua_State *L, struct script_state *w, int index)
{
	escape_url_part(&w->buf, printable(L, index));
}

static void
put_srcset(lua_State *L, struct script_state *w, int index)
{
	str s = printable(L, index);

	if (!escape_srcset(&w->buf, s))
		raise(L, SCRIPT_SRCSET, STR_NONE, str_slice(s, 0, 80));
}

static void
put_json(lua_State *L, struct script_state *w, int index)
{
	int top = lua_gettop(L);

	write_json(L, index, &w->buf, 0);
	lua_settop(L, top);
}

static void
put_xml(lua_State *L, struct script_state *w, int index)
{
	const struct html_value *h = value_of(L, index, TAG_HTML);

	if (!pass(L, w, index, KIND_XML))
		escape_xml(&w->buf, h && h->kind == KIND_HTML ? h->s : printable(L, index));
}

static void
put_css(lua_State *L, struct script_state *w, int index)
{
	str s;

	if (!pass(L, w, index, KIND_CSS)) {
		s = printable(L, index);
		if (!escape_css(&w->buf, s))
			raise(L, SCRIPT_CSS, STR_NONE, str_slice(s, 0, 80));
	}
}

static void
put_ics(lua_State *L, struct script_state *w, int index)
{
	if (!pass(L, w, index, KIND_ICS))
		escape_ics(&w->buf, printable(L, index));
}

static void
put_csv(lua_State *L, struct script_state *w, int index)
{
	if (!pass(L, w, index, KIND_CSV))
		escape_csv(&w->buf, printable(L, index));
}

static void
put_plain(lua_State *L, struct script_state *w, int index)
{
	if (!pass(L, w, index, KIND_TEXT))
		buf_put(&w->buf, printable(L, index));
}

/* --- as chunks call them --- */

static int
print_lit(lua_State *L)
{
	struct script_state *w = state_of(L);

	put_literal(L, w, 1);
	check_room(L, w);
	return 0;
}

/* (value, text behind it, text before it), the last two as they are and absent where there are none. */
static inline int
print_one(lua_State *L, void (*put)(lua_State *L, struct script_state *w, int index))
{
	struct script_state *w = state_of(L);
	int top = lua_gettop(L);

	if (top > 2)
		put_literal(L, w, 3);
	put(L, w, 1);
	if (top > 1)
		put_literal(L, w, 2);
	check_room(L, w);
	return 0;
}

#define PRINTS(place) static int print_##place(lua_State *L) { return print_one(L, put_##place); }
PRINTS(text)
PRINTS(attr)
PRINTS(url)
PRINTS(urlpath)
PRINTS(urlpart)
PRINTS(srcset)
PRINTS(json)
PRINTS(xml)
PRINTS(css)
PRINTS(ics)
PRINTS(csv)
PRINTS(plain)

/* (kinds, text, value, text, value, text …) */
static int
print_many(lua_State *L)
{
	static void (*const put[16])(lua_State *L, struct script_state *w, int index) = { [ESCAPE_TEXT] = put_text, [ESCAPE_ATTR] = put_attr,
		[ESCAPE_URL] = put_url, [ESCAPE_URLPATH] = put_urlpath, [ESCAPE_URLPART] = put_urlpart, [ESCAPE_SRCSET] = put_srcset,
		[ESCAPE_JSON] = put_json, [ESCAPE_XML] = put_xml, [ESCAPE_CSS] = put_css, [ESCAPE_ICS] = put_ics, [ESCAPE_CSV] = put_csv,
		[ESCAPE_PLAIN] = put_plain };
	struct script_state *w = state_of(L);
	uint64_t kinds = (uint64_t)lua_tointeger(L, 1);
	int top = lua_gettop(L);

	put_literal(L, w, 2);
	for (int i = 3; i < top; i += 2, kinds >>= 4) {
		put[kinds & 15](L, w, i);
		put_literal(L, w, i + 1);
	}
	check_room(L, w);
	return 0;
}

void
print_open(lua_State *L)
{
	static const luaL_Reg functions[] = { { "lit", print_lit }, { "put", print_many }, { "text", print_text }, { "attr", print_attr }, { "url", print_url },
		{ "urlpath", print_urlpath }, { "urlpart", print_urlpart }, { "srcset", print_srcset }, { "json", print_json }, { "xml", print_xml },
		{ "css", print_css }, { "ics", print_ics }, { "csv", print_csv }, { "plain", print_plain }, { NULL, NULL } };

	luaL_setfuncs(L, functions, 0);
}
