/* Functions that make html: el(), html_join(), markdown(), json(). There is none that takes a string as html. */
#include <string.h>

#include "script/escape.h"
#include "script/state.h"

static const str void_elements[] = { S_INIT("area"), S_INIT("br"), S_INIT("col"), S_INIT("hr"), S_INIT("img"), S_INIT("input"),
	S_INIT("source"), S_INIT("track"), S_INIT("wbr"), { NULL, 0 } };
/* What would load, execute or style beyond the page's policy. */
static const str refused_elements[] = { S_INIT("script"), S_INIT("style"), S_INIT("iframe"), S_INIT("object"), S_INIT("embed"),
	S_INIT("link"), S_INIT("meta"), S_INIT("base"), S_INIT("frame"), S_INIT("template"), S_INIT("html"), S_INIT("head"), S_INIT("body"),
	S_INIT("foreignobject"), { NULL, 0 } };
static const str url_attributes[] = { S_INIT("href"), S_INIT("src"), S_INIT("action"), S_INIT("poster"), S_INIT("cite"),
	S_INIT("formaction"), S_INIT("data"), S_INIT("xlink:href"), { NULL, 0 } };

static bool
one_of(str s, const str *names)
{
	for (; names->ptr; names++)
		if (s.len == names->len && str_equal_fold(s, *names))
			return true;
	return false;
}

static bool
is_name(str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (i && ((c >= '0' && c <= '9') || c == '-' || c == ':'))))
			return false;
	}
	return s.len > 0;
}

static str
attribute_text(lua_State *L, int index, str name)
{
	const struct html_value *h = value_of(L, index, TAG_HTML);
	size_t len;
	const char *p;

	if (h && h->kind == KIND_JSON)
		return h->s;
	if (lua_type(L, index) != LUA_TSTRING && lua_type(L, index) != LUA_TNUMBER)
		raise(L, SCRIPT_EL_ATTRIBUTE, STR_NONE, name);
	p = lua_tolstring(L, index, &len);
	return (str){ p, len };
}

static void
put_attribute(lua_State *L, struct buf *b, str name, int value)
{
	bool safe = true;

	if (!is_name(name) || str_equal_fold(name, S("style")) || str_equal_fold(name, S("srcdoc")) ||
	    (name.len > 2 && str_equal_fold(str_slice(name, 0, 2), S("on"))))
		raise(L, SCRIPT_EL_ATTRIBUTE, STR_NONE, name);
	if (lua_isboolean(L, value) && !lua_toboolean(L, value))
		return;
	buf_byte(b, ' ');
	buf_put(b, name);
	if (lua_isboolean(L, value))
		return;
	buf_put(b, S("=\""));
	if (one_of(name, url_attributes))
		safe = escape_url(b, attribute_text(L, value, name));
	else if (str_equal_fold(name, S("srcset")))
		safe = escape_srcset(b, attribute_text(L, value, name));
	else
		escape_html(b, attribute_text(L, value, name));
	if (!safe)
		raise(L, SCRIPT_URL_SCHEME, STR_NONE, str_slice(attribute_text(L, value, name), 0, 80));
	buf_byte(b, '"');
}

/* Sorted by name: pairs() is ours. */
static void
put_many_attributes(lua_State *L, struct buf *b, int table)
{
	pairs_begin(L, table);
	while (pairs_next(L)) {
		if (lua_type(L, -2) != LUA_TSTRING)
			raise(L, SCRIPT_EL_ATTRIBUTE, STR_NONE, value_word(L, -2));
		put_attribute(L, b, (str){ lua_tostring(L, -2), lua_rawlen(L, -2) }, lua_gettop(L));
		lua_pop(L, 2);
	}
}

static void
put_attributes(lua_State *L, struct buf *b, int table)
{
	struct few_pairs p;
	size_t len;

	if (!sandbox_few_pairs(L, table, &p)) {
		put_many_attributes(L, b, table);
		return;
	}
	for (uint32_t i = 0; i < p.n; i++) {
		const char *name = lua_tolstring(L, p.key[i], &len);
		put_attribute(L, b, (str){ name, len }, p.key[i] + 1);
	}
	lua_settop(L, p.top);
}

/* Html as it is, text escaped; tables and lists: each of theirs; nil nothing. */
static void
put_child(lua_State *L, struct buf *b, int index)
{
	const struct html_value *h = value_of(L, index, TAG_HTML);
	size_t len;
	const char *p;

	luaL_checkstack(L, 8, "el");
	if (h && h->kind == KIND_HTML) {
		buf_put(b, h->s);
	} else if (lua_type(L, index) == LUA_TSTRING || lua_type(L, index) == LUA_TNUMBER) {
		p = lua_tolstring(L, index, &len);
		escape_html(b, (str){ p, len });
	} else if (lua_istable(L, index) || value_tag(L, index) == TAG_LIST) {
		for (lua_Integer i = 1, n = luaL_len(L, index); i <= n; i++) {
			lua_geti(L, index, i);
			put_child(L, b, lua_gettop(L));
			lua_pop(L, 1);
		}
	} else if (!lua_isnil(L, index)) {
		raise(L, SCRIPT_PRINT_VALUE, STR_NONE, value_word(L, index));
	}
}

/* el(name, attrs, child, …) */
static int
api_el(lua_State *L)
{
	struct script_state *w = state_of(L);
	struct buf *b = &w->html;
	str name = check_str(L, 1);
	int n = lua_gettop(L);

	if (!is_name(name) || one_of(name, refused_elements))
		raise(L, SCRIPT_EL_NAME, STR_NONE, name);
	buf_clear(b);
	buf_byte(b, '<');
	buf_put(b, name);
	if (lua_istable(L, 2))
		put_attributes(L, b, 2);
	else if (!lua_isnoneornil(L, 2))
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("table"), value_word(L, 2));
	buf_byte(b, '>');
	for (int i = 3; i <= n; i++)
		put_child(L, b, i);
	if (!one_of(name, void_elements)) {
		buf_put(b, S("</"));
		buf_put(b, name);
		buf_byte(b, '>');
	} else if (n > 2) {
		raise(L, SCRIPT_EL_NAME, STR_NONE, name);
	}
	push_html(L, buf_copy(b, w->arena), KIND_HTML);
	return 1;
}

/* html_join(list, separator) */
static int
api_html_join(lua_State *L)
{
	struct script_state *w = state_of(L);
	struct buf *b = &w->html;

	lua_settop(L, 2);
	if (!lua_istable(L, 1) && value_tag(L, 1) != TAG_LIST)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("liste"), value_word(L, 1));
	buf_clear(b);
	for (lua_Integer i = 1, n = luaL_len(L, 1); i <= n; i++) {
		if (i > 1)
			put_child(L, b, 2);
		lua_geti(L, 1, i);
		put_child(L, b, 3);
		lua_pop(L, 1);
	}
	push_html(L, buf_copy(b, w->arena), KIND_HTML);
	return 1;
}

static int
api_markdown(lua_State *L)
{
	push_html(L, markdown_html(L, str_copy(state_of(L)->arena, check_str(L, 1))), KIND_HTML);
	return 1;
}

static int
api_json(lua_State *L)
{
	struct script_state *w = state_of(L);

	lua_settop(L, 1);
	buf_clear(&w->html);
	write_json(L, 1, &w->html, 0);
	push_html(L, buf_copy(&w->html, w->arena), KIND_JSON);
	return 1;
}

void
api_html_open(struct script_state *w)
{
	static const luaL_Reg functions[] = { { "el", api_el }, { "html_join", api_html_join }, { "markdown", api_markdown }, { "json", api_json },
		{ NULL, NULL } };

	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	luaL_setfuncs(w->L, functions, 0);
	lua_pop(w->L, 1);
}
