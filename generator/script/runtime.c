/* The runtime table of compiled templates (template/template.h): blocks, includes, macros, loops. Printing: print.c. */
#include "base/suggest.h"
#include "script/state.h"

/* --- chunks --- */

static const char *const kind_names[KIND_N] = { "html", "xml", "css", "json", "ics", "csv", "text" };
#define KIND_ATTRIBUTS (-1)      /* in ref_attributs: a function that writes attributes */

/* __index of the tables of an import; upvalues: all macros of the file; are those that write attributes wanted? */
static int
unknown_macro(lua_State *L)
{
	bool attributes = lua_toboolean(L, lua_upvalueindex(2));

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		raise(L, attributes ? SCRIPT_NEEDS_ATTRIBUTS : SCRIPT_IS_ATTRIBUTS, STR_NONE, S("macro"));
	raise(L, SCRIPT_NO_MEMBER, check_str(L, 2), S("import"), check_str(L, 2), S(""));
}

static enum text_kind
kind_of_word(str word)
{
	for (int i = 0; i < KIND_N; i++)
		if (str_equal(word, str_from_c(kind_names[i])))
			return (enum text_kind)i;
	return KIND_HTML;
}

/* Notes each macro's name: its table is at the top. */
static void
name_macros(lua_State *L, const struct script_layout *l)
{
	struct script_state *w = state_of(L);
	int macros = lua_gettop(L);

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_macros);
	for (lua_pushnil(L); lua_next(L, macros);) {
		struct macro_id *id = arena_new(w->out, struct macro_id);
		*id = (struct macro_id){ l, str_copy(w->out, check_str(L, -2)) };
		lua_pushlightuserdata(L, id);
		lua_rawset(L, macros + 1);       /* the function is the key */
	}
	lua_settop(L, macros);
}

/* Notes what each macro and block of the chunk writes, and which blocks draw their parent's. The chunk's table is at the top. */
static void
register_functions(lua_State *L, const struct script_layout *l)
{
	struct script_state *w = state_of(L);
	int chunk = lua_gettop(L);
	enum text_kind kind;

	lua_getfield(L, chunk, "language");
	kind = kind_of_word(check_str(L, -1));
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_attributs);
	lua_getfield(L, chunk, "macros");
	name_macros(L, l);
	for (lua_pushnil(L); lua_next(L, -2);) {
		lua_pushinteger(L, kind);
		lua_rawset(L, -5);       /* the function is the key */
	}
	lua_pop(L, 1);
	lua_getfield(L, chunk, "attributs");
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		lua_pushvalue(L, -2);
		lua_pushinteger(L, KIND_ATTRIBUTS);
		lua_rawset(L, -6);
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_supers);
	lua_getfield(L, chunk, "supers");
	for (lua_pushnil(L); lua_next(L, -2);) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, -5);
	}
	lua_settop(L, chunk);
}

static int
note_tag(lua_State *L)
{
	state_of(L)->last_tag[lua_tointeger(L, lua_upvalueindex(1))] = (uint32_t)luaL_checkinteger(L, 1) + 1;
	return 0;
}

static void make_runtime(lua_State *L);

/* R itself, or in the diagnostic run a table of its own with tag(n) for this layout. */
static void
push_runtime(lua_State *L, const struct script_layout *l)
{
	struct script_state *w = state_of(L);
	int runtime;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_runtime);
	if (lua_rawgeti(L, -1, w->language) == LUA_TNIL) {
		lua_pop(L, 1);
		make_runtime(L);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, w->language);
	}
	lua_remove(L, -2);
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
runtime_load_chunk(lua_State *L, const struct script_layout *l)
{
	struct script_state *w = state_of(L);
	str lua = w->trace ? w->traced[l->index] : l->code.len ? l->code : l->compiled.lua;

	lua_pushfstring(L, "@#%d", (int)l->source.file);
	if (luaL_loadbufferx(L, lua.ptr, lua.len, lua_tostring(L, -1), !w->trace && l->code.len ? "b" : "t") != LUA_OK)
		raise_syntax(L, l->source.file);
	lua_remove(L, -2);
}

void
runtime_push_chunk(lua_State *L, const struct script_layout *l)
{
	struct script_state *w = state_of(L);
	lua_Integer at = 1 + l->index + (lua_Integer)w->shared->layouts.len * w->language;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_layouts);
	if (lua_rawgeti(L, -1, at) == LUA_TNIL) {
		lua_pop(L, 1);
		runtime_load_chunk(L, l);
		push_runtime(L, l);
		lua_call(L, 1, 1);
		register_functions(L, l);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, at);
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

static bool
wants_super(lua_State *L, int function)
{
	bool yes;

	function = lua_absindex(L, function);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_supers);
	lua_pushvalue(L, function);
	yes = lua_rawget(L, -2) != LUA_TNIL;
	lua_pop(L, 2);
	return yes;
}

static int draw_super(lua_State *L);

/* Pushes super() for a block whose parent is looked for from level `next` on; `name` and the root's function (nil when it has been drawn)
 * are on the stack. */
static void
push_super(lua_State *L, int name, uint32_t next, int root)
{
	lua_pushvalue(L, name);
	lua_pushinteger(L, next ? next : (lua_Integer)UINT32_MAX);
	if (next)
		lua_pushvalue(L, root);
	else
		lua_pushnil(L);
	lua_pushcclosure(L, draw_super, 3);
}

/* super(): upvalues are the block's name, the level to look from, the function of the root (nil when it has been drawn). */
static int
draw_super(lua_State *L)
{
	uint32_t next = push_block(L, (uint32_t)lua_tointeger(L, lua_upvalueindex(2)), lua_tostring(L, lua_upvalueindex(1)));

	if (!next) {
		if (lua_isnil(L, lua_upvalueindex(3)))
			raise(L, SCRIPT_NO_SUPER, STR_NONE, str_from_c(lua_tostring(L, lua_upvalueindex(1))));
		lua_pushvalue(L, lua_upvalueindex(3));
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	push_super(L, lua_upvalueindex(1), next, lua_upvalueindex(3));
	lua_call(L, 2, 0);
	return 0;
}

/* Where the chain being drawn has the block named by the argument, a constant of a chunk: chunks and their strings live as long as the state. */
static const struct block_place *
block_place(lua_State *L)
{
	struct script_state *w = state_of(L);
	struct block_place wanted = { .chain = w->chain, .name = lua_topointer(L, 1), .function = LUA_NOREF, .language = w->language };
	struct block_place *p = &w->blocks[cache_slot((uintptr_t)wanted.chain ^ (uintptr_t)wanted.name, BLOCK_PLACES)];

	if (p->chain == wanted.chain && p->name == wanted.name && p->language == wanted.language)
		return p;
	wanted.next = push_block(L, 0, luaL_checkstring(L, 1));
	if (wanted.next) {
		wanted.attributes = writes_attributes(L, -1);
		wanted.super = wants_super(L, -1);
		wanted.function = luaL_ref(L, LUA_REGISTRYINDEX);
	}
	if (p->chain)
		luaL_unref(L, LUA_REGISTRYINDEX, p->function);
	*p = wanted;
	return p;
}

/* (name, f, f draws its parent's) */
static int
draw_block(lua_State *L, bool attributes)
{
	struct block_place place;
	bool super;

	lua_settop(L, 3);
	place = *block_place(L);
	if (!place.next)
		lua_pushvalue(L, 2);
	else if (place.attributes != attributes)
		raise(L, attributes ? SCRIPT_NEEDS_ATTRIBUTS : SCRIPT_IS_ATTRIBUTS, STR_NONE, check_str(L, 1));
	else
		lua_rawgeti(L, LUA_REGISTRYINDEX, place.function);
	super = place.next ? place.super : lua_toboolean(L, 3);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	if (super)
		push_super(L, 1, place.next, 2);
	lua_call(L, super ? 2 : 1, 0);
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
	lua_pushvalue(L, env);
	lua_call(L, 1, 0);
	lua_pop(L, 1);
	w->chain = chain;
	w->n_chain = n_chain;
}

static void
copy_vars(lua_State *L, int vars)
{
	lua_newtable(L);
	if (!sandbox_behind(L, vars))
		lua_pushvalue(L, vars);
	for (lua_pushnil(L); lua_next(L, -2);) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, -5);
	}
	lua_pop(L, 1);
}

/* The variables in front of the globals: the table itself when nobody else has it. */
static void
push_include_env(lua_State *L, int vars, bool own)
{
	if (lua_isnil(L, vars))
		lua_createtable(L, 0, 0);
	else if (own)
		lua_pushvalue(L, vars);
	else
		copy_vars(L, vars);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_include_meta);
	lua_setmetatable(L, -2);
}

/* (name, vars, the table is the include's own) */
static int
runtime_include(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct script_layout *l = find_layout(L, check_str(L, 1));

	lua_settop(L, 3);
	if (!lua_isnil(L, 2) && !lua_istable(L, 2))
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("table"), value_word(L, 2));
	push_include_env(L, 2, lua_toboolean(L, 3));
	w->includes++;
	draw_chain(L, l, 4);
	w->includes--;
	return 0;
}

/* __index of R.imports and R.attrimports; upvalue: are macros that write attributes wanted? Makes the table of a file's macros, once. */
static int
import_file(lua_State *L)
{
	bool attributes = lua_toboolean(L, lua_upvalueindex(1));

	runtime_push_chunk(L, find_layout(L, check_str(L, 2)));
	lua_getfield(L, -1, "macros");           /* 4 */
	lua_newtable(L);
	for (lua_pushnil(L); lua_next(L, 4); lua_pop(L, 1)) {
		if (writes_attributes(L, -1) != attributes)
			continue;
		lua_pushvalue(L, -2);
		lua_pushvalue(L, -2);
		lua_rawset(L, 5);
	}
	lua_createtable(L, 0, 1);
	lua_pushvalue(L, 4);
	lua_pushboolean(L, attributes);
	lua_pushcclosure(L, unknown_macro, 2);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, 5);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 5);
	lua_rawset(L, 1);
	lua_settop(L, 5);
	return 1;
}

/* Called in place of a macro of the file that does not write what its place asks for. */
static int
refuse_text(lua_State *L)
{
	raise(L, SCRIPT_NEEDS_ATTRIBUTS, STR_NONE, S("macro"));
}

static int
refuse_attributes(lua_State *L)
{
	raise(L, SCRIPT_IS_ATTRIBUTS, STR_NONE, S("macro"));
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

/* Upvalues: f, the kind of text it writes, its struct macro_id. */
static int
macro_value(lua_State *L)
{
	struct script_state *w = state_of(L);
	int n = lua_gettop(L);
	size_t from = w->buf.len;

	lua_pushvalue(L, lua_upvalueindex(1));
	lua_pushnil(L);
	lua_rotate(L, 1, 2);
	lua_call(L, n + 1, 0);
	push_captured(L, from, (enum text_kind)lua_tointeger(L, lua_upvalueindex(2)));
	return 1;
}

bool
runtime_macro_behind(lua_State *L, int index)
{
	return lua_tocfunction(L, index) == macro_value && lua_getupvalue(L, index, 1) != NULL;
}

const struct macro_id *
runtime_macro_id(lua_State *L, int index)
{
	const struct macro_id *id = NULL;

	if (lua_tocfunction(L, index) == macro_value && lua_getupvalue(L, index, 3)) {
		id = lua_touserdata(L, -1);
		lua_pop(L, 1);
	}
	return id;
}

/* __index of R.macro, whose key is a macro; the upvalue is not used. */
static int
value_of_macro(lua_State *L)
{
	if (lua_type(L, 2) != LUA_TFUNCTION)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("macro"), value_word(L, 2));
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_attributs);
	lua_pushvalue(L, 2);
	lua_rawget(L, 3);
	if (lua_tointeger(L, 4) == KIND_ATTRIBUTS)
		raise(L, SCRIPT_IS_ATTRIBUTS, STR_NONE, S("macro"));
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 4);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_macros);
	lua_pushvalue(L, 2);
	lua_rawget(L, -2);
	lua_remove(L, -2);
	lua_pushcclosure(L, macro_value, 3);
	lua_rawset(L, 1);
	lua_pushvalue(L, 2);
	lua_rawget(L, 1);
	return 1;
}

/* (f, kind) */
static int
runtime_capture(lua_State *L)
{
	size_t from = state_of(L)->buf.len;

	lua_pushvalue(L, 1);
	lua_call(L, 0, 0);
	push_captured(L, from, kind_of_word(check_str(L, 2)));
	return 1;
}

/* --- loops: (what is gone through, number of the turn before) → number, values --- */

static int
next_of_list(lua_State *L, bool numbered)
{
	lua_Integer i = lua_tointeger(L, 2);
	const struct list_value *l = lua_touserdata(L, 1);

	if (i >= (lua_Integer)l->len)
		return 0;
	lua_pushinteger(L, i + 1);
	if (numbered)
		lua_pushinteger(L, i + 1);
	push_element(L, 1, l, (uint32_t)i);
	return numbered ? 3 : 2;
}

static int
list_turn(lua_State *L)
{
	return next_of_list(L, false);
}

static int
list_turn_numbered(lua_State *L)
{
	return next_of_list(L, true);
}

static int
next_of_table(lua_State *L, bool numbered)
{
	lua_Integer i = lua_tointeger(L, 2) + 1;

	lua_pushinteger(L, i);
	if (numbered)
		lua_pushinteger(L, i);
	if (lua_geti(L, 1, i) == LUA_TNIL)
		return 0;
	return numbered ? 3 : 2;
}

static int
table_turn(lua_State *L)
{
	return next_of_table(L, false);
}

static int
table_turn_numbered(lua_State *L)
{
	return next_of_table(L, true);
}

/* Rows gathered from an iterator: [0] is the number n of values in a row, which follow one after another; [-1] the number of rows. */
static int
row_turn(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, 2), n;

	lua_rawgeti(L, 1, 0);
	n = lua_tointeger(L, -1);
	lua_rawgeti(L, 1, -1);
	if (i >= lua_tointeger(L, -1))
		return 0;
	lua_pushinteger(L, i + 1);
	for (lua_Integer k = 1; k <= n; k++)
		lua_rawgeti(L, 1, i * n + k);
	return (int)n + 1;
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
	lua_pushinteger(L, n);
	lua_rawseti(L, 5, 0);
	lua_pushinteger(L, rows);
	lua_rawseti(L, 5, -1);
	lua_pushinteger(L, rows);
	lua_pushcfunction(L, row_turn);
	lua_pushvalue(L, 5);
	return 3;
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
	if (n == 1)
		lua_pushcfunction(L, l ? list_turn : table_turn);
	else
		lua_pushcfunction(L, l ? list_turn_numbered : table_turn_numbered);
	lua_pushvalue(L, 2);
	return 3;
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

/* __index of a table of results; upvalue: the name of the function. */
static int
fixed_result(lua_State *L)
{
	struct script_state *w = state_of(L);
	uint64_t noted = w->n_noted;
	struct html_value *html;

	lua_settop(L, 2);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_rawget(L, 3);
	lua_pushvalue(L, 2);
	lua_call(L, 1, 1);
	if (w->n_noted != noted)         /* each page that asks is to be known */
		return 1;
	html = value_of(L, 4, TAG_HTML);
	if (html)
		html->s = str_copy(w->out, html->s);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 4);
	lua_rawset(L, 1);
	return 1;
}

/* __index of R.of_module, for the module at 2: what is behind a frozen one is found in one look there instead of three, in a copy that no
 * page reaches. The upvalue is not used. */
static int
module_members(lua_State *L)
{
	struct script_state *w = state_of(L);
	uint64_t noted = w->n_noted;

	lua_settop(L, 2);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_getfield(L, 3, "require");
	lua_pushvalue(L, 2);
	lua_call(L, 1, 1);                       /* 4 */
	if (w->n_noted != noted)
		return 1;
	if (sandbox_behind(L, 4)) {
		lua_newtable(L);
		for (lua_pushnil(L); lua_next(L, 5);) {
			lua_pushvalue(L, -2);
			lua_insert(L, -2);
			lua_rawset(L, 6);
		}
	}
	lua_pushvalue(L, 2);
	lua_pushvalue(L, -2);
	lua_rawset(L, 1);
	return 1;
}

/* A table that makes its values when they are asked for: __index is f, with the value at the top, which the table replaces, as upvalue. */
static void
push_making(lua_State *L, lua_CFunction f)
{
	lua_newtable(L);
	lua_createtable(L, 0, 1);
	lua_rotate(L, -3, -1);
	lua_pushcclosure(L, f, 1);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
}

static void
add_fixed(lua_State *L)
{
	static const char *const members[] = { "of_t", "of_require", "of_asset", "of_asset_texte", "of_url", "of_page_existe" };

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		lua_pushstring(L, members[i] + 3);
		push_making(L, fixed_result);
		lua_setfield(L, -2, members[i]);
	}
}

/* The table R of a language. */
static void
make_runtime(lua_State *L)
{
	static const luaL_Reg functions[] = { { "block", runtime_block }, { "blockattr", runtime_blockattr }, { "include", runtime_include },
		{ "needsattr", refuse_text }, { "isattr", refuse_attributes }, { "capture", runtime_capture },
		{ "iter", runtime_iter }, { NULL, NULL } };

	luaL_newlib(L, functions);
	print_open(L);
	add_fixed(L);
	lua_pushnil(L);
	push_making(L, module_members);
	lua_setfield(L, -2, "of_module");
	lua_pushnil(L);
	push_making(L, value_of_macro);
	lua_setfield(L, -2, "macro");
	lua_pushboolean(L, false);
	push_making(L, import_file);
	lua_setfield(L, -2, "imports");
	lua_pushboolean(L, true);
	push_making(L, import_file);
	lua_setfield(L, -2, "attrimports");
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	lua_setfield(L, -2, "globals");
}

void
runtime_open(struct script_state *w)
{
	lua_State *L = w->L;

	lua_newtable(L);
	w->ref_runtime = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_layouts = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_attributs = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_macros = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_supers = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_createtable(L, 0, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_setfield(L, -2, "__index");
	w->ref_include_meta = luaL_ref(L, LUA_REGISTRYINDEX);
}
