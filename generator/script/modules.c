/* The modules of lib/: each loaded once when a state is made, required or not. What a module keeps is frozen after that, so that no page can
 * leave a trace for the next: its tables refuse writes, and locals that functions share are compared at the end. */
#include <stdlib.h>

#include "base/suggest.h"
#include "script/state.h"

static bool
find_module(const struct script *s, str name, size_t *at)
{
	for (size_t i = 0; i < s->modules.len; i++)
		if (str_equal(s->modules.ptr[i].name, name)) {
			*at = i;
			return true;
		}
	return false;
}

_Noreturn static void
refuse_module(lua_State *L, str name)
{
	struct script_state *w = state_of(L);
	size_t n = w->shared->modules.len;
	str *names = arena_array(w->arena, str, n + 1);

	for (size_t i = 0; i < n; i++)
		names[i] = w->shared->modules.ptr[i].name;
	raise(L, SCRIPT_NO_MODULE, STR_NONE, name, suggest_nearest(name, names, n), str_join(w->arena, names, n, S(", ")));
}

/* --- the text of a module --- */

#define MAX_BOUND 80             /* of the 200 locals Lua allows */

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next name of a text that is no member of something, or a keyword, or a word of a comment or string. */
static bool
next_word(str text, size_t *at, str *word)
{
	size_t from, to = *at;

	do {
		for (from = to; from < text.len && !is_name_byte(text.ptr[from]);)
			from++;
		for (to = from; to < text.len && is_name_byte(text.ptr[to]);)
			to++;
	} while (to > from && from > 0 && (text.ptr[from - 1] == '.' || text.ptr[from - 1] == ':'));
	*at = to;
	*word = str_slice(text, from, to);
	return to > from;
}

/* Most words of a text come again soon: `seen` holds the last of each kind. */
static bool
is_new(str seen[256], str word)
{
	str *slot = &seen[(unsigned char)(word.ptr[0] * 7 + word.ptr[word.len / 2] * 3 + word.ptr[word.len - 1] + (int)word.len)];

	if (str_equal(*slot, word))
		return false;
	*slot = word;
	return true;
}

/* Is it a function or library that every page finds unchanged? `page` and the like come with the page. */
static bool
is_lasting(lua_State *L, str name)
{
	int type;

	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	push_str(L, name);
	type = lua_rawget(L, -2);
	lua_pop(L, 2);
	return type == LUA_TFUNCTION || (type == LUA_TTABLE && !str_equal(name, S("page")) && !str_equal(name, S("params"))) || type == LUA_TUSERDATA;
}

/* Before the text, on its first line: the globals that it names, as constants. What follows finds them without a search. */
static void
write_bound(lua_State *L, str text, struct buf *b)
{
	str names[MAX_BOUND], seen[256] = { 0 }, word;
	size_t n = 0, at = 0, known;

	while (n < MAX_BOUND && next_word(text, &at, &word)) {
		if (!is_new(seen, word))
			continue;
		if (str_equal(word, S("_ENV")))
			return;          /* the text deals with its environment itself */
		for (known = 0; known < n && !str_equal(names[known], word);)
			known++;
		if (known == n && is_lasting(L, word))
			names[n++] = word;
	}
	for (size_t i = 0; i < n; i++)
		buf_format(b, "%s%.*s<const>", i ? "," : "local ", STR_ARG(names[i]));
	for (size_t i = 0; i < n; i++)
		buf_format(b, "%s%.*s", i ? "," : " = ", STR_ARG(names[i]));
	if (n)
		buf_byte(b, ' ');
}

static int
take_code(lua_State *L, const void *bytes, size_t n, void *context)
{
	(void)L;
	buf_put(context, (str){ bytes, n });
	return 0;
}

str
dump_code(lua_State *L, struct arena *out)
{
	struct buf b;
	str code;

	buf_init(&b, SIZE_MAX);
	lua_dump(L, take_code, &b, 0);
	code = buf_copy(&b, out);
	buf_free(&b);
	return code;
}

/* Pushes the compiled text. */
static void
compile_text(lua_State *L, const struct module *m)
{
	struct buf b;
	int status;

	lua_pushfstring(L, "@#%d", (int)m->source.file);
	buf_init(&b, SIZE_MAX);
	write_bound(L, m->text, &b);
	buf_put(&b, m->text);
	status = luaL_loadbufferx(L, buf_str(&b).ptr, b.len, lua_tostring(L, -1), "t");
	buf_free(&b);
	if (status != LUA_OK) {
		lua_pop(L, 1);           /* it assigns to one of the constants, or has too many locals: as it stands, then */
		if (luaL_loadbufferx(L, m->text.ptr ? m->text.ptr : "", m->text.len, lua_tostring(L, -1), "t") != LUA_OK)
			raise_syntax(L, m->source.file);
	}
	lua_remove(L, -2);
}

void
compile_module(lua_State *L, struct module *m, struct arena *out)
{
	compile_text(L, m);
	m->code = dump_code(L, out);
}

/* What was not compiled before is so by the first state, which is opened alone; the others take what it made. */
void
load_text(lua_State *L, struct module *m)
{
	struct script_state *w = state_of(L);

	if (!m->code.ptr) {
		compile_module(L, m, w->shared->out);
		keep_code(w->shared, m);
	} else if (luaL_loadbufferx(L, m->code.ptr, m->code.len, "=", "b") != LUA_OK)
		raise_syntax(L, m->source.file);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_env);
	lua_setupvalue(L, -2, 1);
}

/* --- loading --- */

/* Pushes the module; loads it when it is not there yet. false in the table of modules: being loaded. */
static void
push_module(lua_State *L, struct module *m)
{
	struct script_state *w = state_of(L);
	uint32_t before = w->loading;
	int type;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_modules);
	push_str(L, m->name);
	type = lua_rawget(L, -2);
	if (type == LUA_TBOOLEAN)
		raise(L, SCRIPT_MODULE_LOOP, STR_NONE, m->name);
	if (type == LUA_TNIL) {
		lua_pop(L, 1);
		push_str(L, m->name);
		lua_pushboolean(L, false);
		lua_rawset(L, -3);
		load_text(L, m);
		w->loading = (uint32_t)(m - w->shared->modules.ptr) + 1;
		lua_call(L, 0, 1);
		w->loading = before;
		if (lua_type(L, -1) != LUA_TTABLE && lua_type(L, -1) != LUA_TFUNCTION) {
			w->place_file = m->source.file;
			w->place_line = 1;
			raise(L, SCRIPT_MODULE_VALUE, STR_NONE, m->name);
		}
		push_str(L, m->name);
		lua_pushvalue(L, -2);
		lua_rawset(L, -4);
	}
	lua_remove(L, -2);
}

static int
require(lua_State *L)
{
	struct script *s = state_of(L)->shared;
	str name = check_str(L, 1);
	size_t at;
	int type;

	if (state_of(L)->asked && find_module(s, name, &at))
		asked_note_module(state_of(L), at);
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_modules);
	lua_pushvalue(L, 1);
	type = lua_rawget(L, -2);
	if (type != LUA_TNIL && type != LUA_TBOOLEAN)
		return 1;
	if (!find_module(s, name, &at))
		refuse_module(L, name);
	push_module(L, &s->modules.ptr[at]);
	return 1;
}

static int
load_all(lua_State *L)
{
	struct script_state *w = state_of(L);

	for (size_t i = 0; i < w->shared->modules.len; i++) {
		w->spent = 0;
		push_module(L, &w->shared->modules.ptr[i]);
		lua_pop(L, 1);
	}
	return 0;
}

/* --- freezing --- */

/* Stack: 1 visited tables and functions, 2 the snapshot: function, number and value of each shared local, one after another. */
static void freeze_value(lua_State *L);

static void
freeze_upvalues(lua_State *L, int function)
{
	const char *name;

	for (int i = 1; (name = lua_getupvalue(L, function, i)); i++) {
		if (str_equal(str_from_c(name), S("_ENV"))) {
			lua_pop(L, 1);
			continue;
		}
		lua_pushlightuserdata(L, lua_upvalueid(L, function, i));
		if (lua_rawget(L, 1) == LUA_TNIL) {
			lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
			lua_pushlightuserdata(L, lua_upvalueid(L, function, i));
			lua_pushboolean(L, true);
			lua_rawset(L, 1);
			lua_pushvalue(L, function);
			lua_rawseti(L, 2, n + 1);
			lua_pushinteger(L, i);
			lua_rawseti(L, 2, n + 2);
			lua_pushvalue(L, -2);
			if (lua_isnil(L, -1)) {
				lua_pop(L, 1);
				lua_pushlightuserdata(L, state_of(L));   /* stands for nil */
			}
			lua_rawseti(L, 2, n + 3);
		}
		lua_pop(L, 1);
		freeze_value(L);
	}
}

/* Freezes what the value at the top reaches, and pops it. */
static void
freeze_value(lua_State *L)
{
	int at = lua_gettop(L), type = lua_type(L, at);

	luaL_checkstack(L, 12, "module");
	if (type != LUA_TTABLE && (type != LUA_TFUNCTION || lua_iscfunction(L, at))) {
		lua_pop(L, 1);
		return;
	}
	lua_pushvalue(L, at);
	if (lua_rawget(L, 1) != LUA_TNIL || sandbox_behind(L, at)) {
		lua_settop(L, at - 1);
		return;
	}
	lua_settop(L, at);
	lua_pushvalue(L, at);
	lua_pushboolean(L, true);
	lua_rawset(L, 1);
	if (type == LUA_TFUNCTION) {
		freeze_upvalues(L, at);
	} else {
		for (lua_pushnil(L); lua_next(L, at);)
			freeze_value(L);
		lua_settop(L, at);
		sandbox_freeze(L, SCRIPT_MODULE_STATE);
	}
	lua_settop(L, at - 1);
}

#define USUAL_VALUES 2048        /* tables and functions that modules reach */

static int
freeze_all(lua_State *L)
{
	struct script_state *w = state_of(L);

	lua_createtable(L, 0, USUAL_VALUES);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_snapshot);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_modules);
	for (lua_pushnil(L); lua_next(L, 3);)
		freeze_value(L);
	lua_pushvalue(L, 1);
	lua_rawseti(L, LUA_REGISTRYINDEX, w->ref_fixed);
	return 0;
}

/* The place of an error that no frame of the stack shows: where the function begins. */
static void
state_at(lua_State *L, const lua_Debug *ar)
{
	struct script_state *w = state_of(L);

	w->place_file = ar->source[0] == '@' && ar->source[1] == '#' ? (file_id)strtoul(ar->source + 2, NULL, 10) : 0;
	w->place_line = ar->linedefined > 0 ? (uint32_t)ar->linedefined : 1;
}

static int
compare_all(lua_State *L)
{
	struct script_state *w = state_of(L);
	lua_Debug ar;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_snapshot);
	for (lua_Integer at = 1; lua_rawgeti(L, 1, at) != LUA_TNIL; at += 3) {
		const char *name;
		lua_rawgeti(L, 1, at + 1);
		name = lua_getupvalue(L, 2, (int)lua_tointeger(L, 3));
		lua_rawgeti(L, 1, at + 2);
		if (lua_touserdata(L, -1) == w ? !lua_isnil(L, -2) : !lua_rawequal(L, -1, -2)) {
			lua_pushvalue(L, 2);
			lua_getinfo(L, ">S", &ar);
			state_at(L, &ar);
			raise(L, SCRIPT_MODULE_STATE, str_from_c(name), str_from_c(name));
		}
		lua_settop(L, 1);
	}
	return 0;
}

bool
modules_unchanged(struct script_state *w)
{
	lua_pushcfunction(w->L, compare_all);
	return protected_call(w, 0, 0);
}

void
modules_open(struct script_state *w)
{
	lua_State *L = w->L;

	lua_newtable(L);
	w->ref_modules = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_snapshot = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushcfunction(L, require);
	lua_setfield(L, -2, "require");
	lua_pop(L, 1);
}

bool
modules_load(struct script_state *w)
{
	lua_pushcfunction(w->L, load_all);
	if (!protected_call(w, 0, 0))
		return false;
	lua_pushcfunction(w->L, freeze_all);
	return protected_call(w, 0, 0);
}
