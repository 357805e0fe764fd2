/* The runtime table of compiled templates (template/template.h): printing with the escaper of each place, blocks, includes, macros. */
#include "script/escape.h"
#include "base/suggest.h"
#include "script/state.h"

/* --- printing --- */

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

/* A captured value of this kind passes as it stands. */
static bool
pass(lua_State *L, struct script_state *w, enum text_kind kind)
{
	const struct html_value *h = value_of(L, 2, TAG_HTML);

	if (!h || h->kind != kind)
		return false;
	buf_put(&w->buf, h->s);
	return true;
}

static int
print_lit(lua_State *L)
{
	struct script_state *w = state_of(L);
	size_t len;
	const char *p = lua_tolstring(L, 2, &len);

	buf_put(&w->buf, (str){ p, len });
	check_room(L, w);
	return 0;
}

static int
print_text(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct html_value *h = value_of(L, 2, TAG_HTML);

	if (h && h->kind == KIND_HTML)
		buf_put(&w->buf, h->s);
	else
		escape_html(&w->buf, h ? h->s : printable(L, 2));
	check_room(L, w);
	return 0;
}

/* JSON made by json() may stand in a data- attribute; html never does. */
static int
print_attr(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct html_value *h = value_of(L, 2, TAG_HTML);

	escape_html(&w->buf, h && h->kind == KIND_JSON ? h->s : printable(L, 2));
	check_room(L, w);
	return 0;
}

static int
print_url(lua_State *L)
{
	struct script_state *w = state_of(L);
	str s = printable(L, 2);

	if (!escape_url(&w->buf, s))
		raise(L, SCRIPT_URL_SCHEME, STR_NONE, str_slice(s, 0, 80));
	check_room(L, w);
	return 0;
}

static int
print_urlpath(lua_State *L)
{
	struct script_state *w = state_of(L);

	escape_url_path(&w->buf, printable(L, 2));
	check_room(L, w);
	return 0;
}

static int
print_urlpart(lua_State *L)
{
	struct script_state *w = state_of(L);

	escape_url_part(&w->buf, printable(L, 2));
	check_room(L, w);
	return 0;
}

static int
print_srcset(lua_State *L)
{
	struct script_state *w = state_of(L);
	str s = printable(L, 2);

	if (!escape_srcset(&w->buf, s))
		raise(L, SCRIPT_SRCSET, STR_NONE, str_slice(s, 0, 80));
	check_room(L, w);
	return 0;
}

static int
print_json(lua_State *L)
{
	struct script_state *w = state_of(L);

	lua_settop(L, 2);
	write_json(L, 2, &w->buf, 0);
	check_room(L, w);
	return 0;
}

static int
print_xml(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct html_value *h = value_of(L, 2, TAG_HTML);

	if (!pass(L, w, KIND_XML))
		escape_xml(&w->buf, h && h->kind == KIND_HTML ? h->s : printable(L, 2));
	check_room(L, w);
	return 0;
}

static int
print_css(lua_State *L)
{
	struct script_state *w = state_of(L);
	str s;

	if (pass(L, w, KIND_CSS))
		return 0;
	s = printable(L, 2);
	if (!escape_css(&w->buf, s))
		raise(L, SCRIPT_CSS, STR_NONE, str_slice(s, 0, 80));
	check_room(L, w);
	return 0;
}

static int
print_ics(lua_State *L)
{
	struct script_state *w = state_of(L);

	if (!pass(L, w, KIND_ICS))
		escape_ics(&w->buf, printable(L, 2));
	check_room(L, w);
	return 0;
}

static int
print_csv(lua_State *L)
{
	struct script_state *w = state_of(L);

	if (!pass(L, w, KIND_CSV))
		escape_csv(&w->buf, printable(L, 2));
	check_room(L, w);
	return 0;
}

static int
print_plain(lua_State *L)
{
	struct script_state *w = state_of(L);

	if (!pass(L, w, KIND_TEXT))
		buf_put(&w->buf, printable(L, 2));
	check_room(L, w);
	return 0;
}

/* --- chunks --- */

static const char *const kind_names[KIND_N] = { "html", "xml", "css", "json", "ics", "csv", "text" };
#define KIND_ATTRIBUTS (-1)      /* in ref_attributs: a function that writes attributes */

static int
unknown_macro(lua_State *L)
{
	raise(L, SCRIPT_NO_MEMBER, check_str(L, 2), S("import"), check_str(L, 2), S(""));
}

/* Notes what each macro writes. The chunk's table is at the top. */
static void
register_functions(lua_State *L)
{
	struct script_state *w = state_of(L);
	int chunk = lua_gettop(L), kind = KIND_HTML;

	lua_getfield(L, chunk, "language");
	for (int i = 0; i < KIND_N; i++)
		if (lua_isstring(L, -1) && str_equal(str_from_c(lua_tostring(L, -1)), str_from_c(kind_names[i])))
			kind = i;
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_attributs);
	lua_getfield(L, chunk, "macros");
	for (lua_pushnil(L); lua_next(L, -2);) {
		lua_pushinteger(L, kind);
		lua_rawset(L, -5);       /* the function is the key */
	}
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, unknown_macro);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	lua_pop(L, 1);
	lua_getfield(L, chunk, "attributs");
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		lua_pushvalue(L, -2);
		lua_pushinteger(L, KIND_ATTRIBUTS);
		lua_rawset(L, -6);
	}
	lua_settop(L, chunk);
}

static int
note_tag(lua_State *L)
{
	state_of(L)->last_tag[lua_tointeger(L, lua_upvalueindex(1))] = (uint32_t)luaL_checkinteger(L, 1) + 1;
	return 0;
}

/* R itself, or in the diagnostic run a table of its own with tag(n) for this layout. */
static void
push_runtime(lua_State *L, const struct script_layout *l)
{
	struct script_state *w = state_of(L);
	int runtime;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_runtime);
	if (!w->trace)
		return;
	runtime = lua_gettop(L);
	lua_newtable(L);
	for (lua_pushnil(L); lua_next(L, runtime);) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, -4);
	}
	lua_pushinteger(L, l->index);
	lua_pushcclosure(L, note_tag, 1);
	lua_setfield(L, -2, "tag");
	lua_remove(L, runtime);
}

void
runtime_push_chunk(lua_State *L, const struct script_layout *l)
{
	struct script_state *w = state_of(L);
	str lua = w->trace ? w->traced[l->index] : l->compiled.lua;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_layouts);
	if (lua_rawgeti(L, -1, (lua_Integer)l->index + 1) == LUA_TNIL) {
		lua_pop(L, 1);
		lua_pushfstring(L, "@#%d", (int)l->source.file);
		if (luaL_loadbufferx(L, lua.ptr, lua.len, lua_tostring(L, -1), "t") != LUA_OK)
			raise_syntax(L, l->source.file);
		lua_remove(L, -2);
		push_runtime(L, l);
		lua_call(L, 1, 1);
		register_functions(L);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, (lua_Integer)l->index + 1);
	}
	lua_remove(L, -2);
}

static const struct script_layout *
find_layout(lua_State *L, str name)
{
	struct script_state *w = state_of(L);
	const struct script_layout *l = script_layout(w->shared, name);

	if (!l)
		raise(L, SCRIPT_NO_LAYOUT, STR_NONE, name, script_nearest_layout(w->shared, name, w->arena));
	return l;
}

/* --- blocks --- */

/* The block `name` in the chain from `level` on; pushes it and gives its level + 1, or 0. */
static uint32_t
push_block(lua_State *L, uint32_t level, const char *name)
{
	struct script_state *w = state_of(L);

	for (; level < w->n_chain; level++) {
		runtime_push_chunk(L, w->chain[level]);
		lua_getfield(L, -1, "blocks");
		if (lua_getfield(L, -1, name) != LUA_TNIL) {
			lua_insert(L, -3);
			lua_pop(L, 2);
			return level + 1;
		}
		lua_pop(L, 3);
	}
	return 0;
}

static bool
writes_attributes(lua_State *L, int function)
{
	struct script_state *w = state_of(L);
	bool yes;

	function = lua_absindex(L, function);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_attributs);
	lua_pushvalue(L, function);
	lua_rawget(L, -2);
	yes = lua_isinteger(L, -1) && lua_tointeger(L, -1) == KIND_ATTRIBUTS;
	lua_pop(L, 2);
	return yes;
}

/* super(o): upvalues are the block's name, the level to look from, the function of the root (nil when it has been drawn). */
static int
draw_super(lua_State *L)
{
	uint32_t next = push_block(L, (uint32_t)lua_tointeger(L, lua_upvalueindex(2)), lua_tostring(L, lua_upvalueindex(1)));

	if (!next) {
		if (lua_isnil(L, lua_upvalueindex(3)))
			raise(L, SCRIPT_NO_SUPER, STR_NONE, str_from_c(lua_tostring(L, lua_upvalueindex(1))));
		lua_pushvalue(L, lua_upvalueindex(3));
	}
	lua_pushvalue(L, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_pushinteger(L, next ? next : (lua_Integer)UINT32_MAX);
	if (next)
		lua_pushvalue(L, lua_upvalueindex(3));
	else
		lua_pushnil(L);
	lua_pushcclosure(L, draw_super, 3);
	lua_call(L, 3, 0);
	return 0;
}

static int
draw_block(lua_State *L, bool attributes)
{
	uint32_t next;

	lua_settop(L, 4);                /* o, E, name, f */
	next = push_block(L, 0, luaL_checkstring(L, 3));
	if (!next)
		lua_pushvalue(L, 4);
	else if (writes_attributes(L, -1) != attributes)
		raise(L, attributes ? SCRIPT_NEEDS_ATTRIBUTS : SCRIPT_IS_ATTRIBUTS, STR_NONE, check_str(L, 3));
	lua_pushvalue(L, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	lua_pushvalue(L, 3);
	lua_pushinteger(L, next ? next : (lua_Integer)UINT32_MAX);
	if (next)
		lua_pushvalue(L, 4);
	else
		lua_pushnil(L);
	lua_pushcclosure(L, draw_super, 3);
	lua_call(L, 3, 0);
	return 0;
}

static int
runtime_block(lua_State *L)
{
	return draw_block(L, false);
}

static int
runtime_blockattr(lua_State *L)
{
	return draw_block(L, true);
}

/* --- includes and macros --- */

/* Runs the main of the layout at the end of the chain, with the environment at `env`. */
static void
draw_chain(lua_State *L, const struct script_layout *l, int env)
{
	struct script_state *w = state_of(L);
	struct script_layout **chain = w->chain;
	uint32_t n_chain = w->n_chain;

	w->chain = l->chain;
	w->n_chain = l->n_chain;
	runtime_push_chunk(L, l->chain[l->n_chain - 1]);
	lua_getfield(L, -1, "main");
	lua_pushlightuserdata(L, w);
	lua_pushvalue(L, env);
	lua_call(L, 2, 0);
	lua_pop(L, 1);
	w->chain = chain;
	w->n_chain = n_chain;
}

/* A copy of the variables, in front of the globals. */
static void
push_include_env(lua_State *L, int vars)
{
	struct script_state *w = state_of(L);

	lua_newtable(L);
	if (lua_istable(L, vars)) {
		if (!sandbox_behind(L, vars))
			lua_pushvalue(L, vars);
		for (lua_pushnil(L); lua_next(L, -2);) {
			lua_pushvalue(L, -2);
			lua_insert(L, -2);
			lua_rawset(L, -5);
		}
		lua_pop(L, 1);
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_include_meta);
	lua_setmetatable(L, -2);
}

static int
runtime_include(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct script_layout *l = find_layout(L, check_str(L, 3));

	lua_settop(L, 4);
	if (!lua_isnil(L, 4) && !lua_istable(L, 4))
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("table"), value_word(L, 4));
	push_include_env(L, 4);
	w->includes++;
	draw_chain(L, l, 5);
	w->includes--;
	return 0;
}

static int
runtime_import(lua_State *L)
{
	runtime_push_chunk(L, find_layout(L, check_str(L, 2)));
	lua_getfield(L, -1, "macros");
	return 1;
}

static void
check_macro(lua_State *L, int function)
{
	if (lua_type(L, function) != LUA_TFUNCTION)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("macro"), value_word(L, function));
}

/* (o, E, f, slot, …) */
static int
call_macro(lua_State *L, bool attributes)
{
	int n = lua_gettop(L);

	check_macro(L, 3);
	if (writes_attributes(L, 3) != attributes)
		raise(L, attributes ? SCRIPT_NEEDS_ATTRIBUTS : SCRIPT_IS_ATTRIBUTS, STR_NONE, S("macro"));
	lua_pushvalue(L, 3);
	lua_pushvalue(L, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	for (int i = 4; i <= n; i++)
		lua_pushvalue(L, i);
	lua_call(L, n - 1, 0);
	return 0;
}

static int
runtime_call(lua_State *L)
{
	return call_macro(L, false);
}

static int
runtime_callattr(lua_State *L)
{
	return call_macro(L, true);
}

/* Takes what was written since `from` out of the output, as a value. */
static void
push_captured(lua_State *L, size_t from, enum text_kind kind)
{
	struct script_state *w = state_of(L);
	str s = str_copy(w->arena, str_slice(buf_str(&w->buf), from, w->buf.len));

	w->buf.len = from;
	push_html(L, s, kind);
}

/* f is the upvalue. */
static int
macro_value(lua_State *L)
{
	struct script_state *w = state_of(L);
	int n = lua_gettop(L);
	size_t from = w->buf.len;

	lua_pushvalue(L, lua_upvalueindex(1));
	lua_pushlightuserdata(L, w);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushnil(L);
	for (int i = 1; i <= n; i++)
		lua_pushvalue(L, i);
	lua_call(L, n + 3, 0);
	push_captured(L, from, (enum text_kind)lua_tointeger(L, lua_upvalueindex(2)));
	return 1;
}

bool
runtime_macro_behind(lua_State *L, int index)
{
	return lua_tocfunction(L, index) == macro_value && lua_getupvalue(L, index, 1) != NULL;
}

static int
runtime_macro(lua_State *L)
{
	check_macro(L, 2);
	if (writes_attributes(L, 2))
		raise(L, SCRIPT_IS_ATTRIBUTS, STR_NONE, S("macro"));
	lua_settop(L, 2);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_attributs);
	lua_pushvalue(L, 2);
	lua_rawget(L, -2);
	if (!lua_isinteger(L, -1)) {     /* not a macro: a function of a module, called as it is */
		lua_settop(L, 2);
		return 1;
	}
	lua_remove(L, -2);
	lua_pushcclosure(L, macro_value, 2);
	return 1;
}

static int
runtime_capture(lua_State *L)
{
	struct script_state *w = state_of(L);
	size_t from = w->buf.len;
	int kind = KIND_HTML;

	for (int i = 0; i < KIND_N; i++)
		if (str_equal(check_str(L, 3), str_from_c(kind_names[i])))
			kind = i;
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 1);
	lua_call(L, 1, 0);
	push_captured(L, from, (enum text_kind)kind);
	return 1;
}

/* --- loops --- */

static int
next_of_list(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
	const struct list_value *l = lua_touserdata(L, lua_upvalueindex(1));

	if (i >= (lua_Integer)l->len)
		return 0;
	lua_pushinteger(L, i + 1);
	lua_replace(L, lua_upvalueindex(2));
	if (lua_toboolean(L, lua_upvalueindex(3)))
		lua_pushinteger(L, i + 1);
	push_element(L, lua_upvalueindex(1), l, (uint32_t)i);
	return lua_toboolean(L, lua_upvalueindex(3)) ? 2 : 1;
}

static int
next_of_table(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2)) + 1;

	lua_pushinteger(L, i);
	lua_replace(L, lua_upvalueindex(2));
	if (lua_toboolean(L, lua_upvalueindex(3)))
		lua_pushinteger(L, i);
	if (lua_geti(L, lua_upvalueindex(1), i) == LUA_TNIL)
		return 0;
	return lua_toboolean(L, lua_upvalueindex(3)) ? 2 : 1;
}

/* Rows gathered from an iterator: upvalue 1 holds n values a row, one after another. */
static int
next_row(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2)), n = lua_tointeger(L, lua_upvalueindex(3));

	lua_pushinteger(L, i + n);
	lua_replace(L, lua_upvalueindex(2));
	for (lua_Integer k = 1; k <= n; k++)
		lua_rawgeti(L, lua_upvalueindex(1), i + k);
	return (int)n;
}

static int
gather(lua_State *L, lua_Integer n)
{
	lua_Integer rows = 0;

	lua_settop(L, 4);                /* n, f, state, control */
	lua_newtable(L);
	for (;;) {
		lua_pushvalue(L, 2);
		lua_pushvalue(L, 3);
		lua_pushvalue(L, 4);
		lua_call(L, 2, (int)n);
		if (lua_isnil(L, -(int)n)) {
			lua_pop(L, (int)n);
			break;
		}
		lua_pushvalue(L, -(int)n);
		lua_replace(L, 4);
		for (lua_Integer k = n; k >= 1; k--)
			lua_rawseti(L, 5, rows * n + k);
		rows++;
	}
	lua_pushinteger(L, rows);
	lua_insert(L, 5);
	lua_pushinteger(L, 0);
	lua_pushinteger(L, n);
	lua_pushcclosure(L, next_row, 3);
	return 2;
}

static int
runtime_iter(lua_State *L)
{
	lua_Integer n = luaL_checkinteger(L, 1);
	const struct list_value *l = value_of(L, 2, TAG_LIST);

	if (lua_type(L, 2) == LUA_TFUNCTION)
		return gather(L, n);
	if ((!l && lua_type(L, 2) != LUA_TTABLE) || n > 2)
		raise(L, SCRIPT_NOT_ITERABLE, STR_NONE, value_word(L, 2));
	lua_pushinteger(L, l ? (lua_Integer)l->len : luaL_len(L, 2));
	lua_pushvalue(L, 2);
	lua_pushinteger(L, 0);
	lua_pushboolean(L, n == 2);
	lua_pushcclosure(L, l ? next_of_list : next_of_table, 3);
	return 2;
}

/* --- the table --- */

int
runtime_draw(lua_State *L)
{
	const struct script_layout *l = lua_touserdata(L, 1);

	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	draw_chain(L, l, 2);
	return 0;
}

void
runtime_open(struct script_state *w)
{
	static const luaL_Reg functions[] = { { "lit", print_lit }, { "text", print_text }, { "attr", print_attr }, { "url", print_url },
		{ "urlpath", print_urlpath }, { "urlpart", print_urlpart }, { "srcset", print_srcset }, { "json", print_json }, { "xml", print_xml },
		{ "css", print_css }, { "ics", print_ics }, { "csv", print_csv }, { "plain", print_plain }, { "block", runtime_block },
		{ "blockattr", runtime_blockattr }, { "include", runtime_include }, { "import", runtime_import }, { "call", runtime_call },
		{ "callattr", runtime_callattr }, { "macro", runtime_macro }, { "capture", runtime_capture }, { "iter", runtime_iter },
		{ NULL, NULL } };
	lua_State *L = w->L;

	luaL_newlib(L, functions);
	w->ref_runtime = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_layouts = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_attributs = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_createtable(L, 0, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_setfield(L, -2, "__index");
	w->ref_include_meta = luaL_ref(L, LUA_REGISTRYINDEX);
}
