/* What a theme's Lua may call: an allow-list. Memory is counted, instructions are counted, order never depends on addresses. */
#include <string.h>

#include "base/hash.h"
#include "base/suggest.h"
#include "script/state.h"

#define HOOK_EVERY 1000000       /* instructions between two looks at the budget: cost within noise */
/* A state keeps what une_fois() made: collecting only when it has grown four times would cost 15 MiB at 10 000 items for 0.5 % of the time. */
#define GC_PAUSE 200
#define GC_SPEED 400
#define MAX_REPEAT ((size_t)16 << 20)    /* bytes of string.rep: no page is that large */
#define MAX_SUBJECT ((size_t)4 << 20)    /* bytes a pattern is tried on */
#define MAX_PATTERN 256                  /* bytes of a pattern; backtracking grows with its repetitions */
#define MAX_REPETITIONS 20               /* of * + - ? in a pattern */
#define MAX_EASY 4096                    /* bytes that a pattern with one repetition passes in no time */

static void
note_memory_failure(struct script_state *w)
{
	file_id file;
	uint32_t line;

	if (!w->L || !where_now(w->L, &file, &line))
		return;
	w->error.file = file;
	w->error.line = line;
	w->error.in_module = !layout_of_file(w->shared, file);
}

static void *
allocate(void *context, void *block, size_t old, size_t size)
{
	struct script_state *w = context;
	void *p = NULL;

	if (block && size)
		p = heap_resize(&w->heap, block, old, size);
	else if (block)
		heap_give(&w->heap, block, old);
	else if (size)
		p = heap_take(&w->heap, size);
	if (!p && size)
		note_memory_failure(w);
	return p;
}

static void
count(lua_State *L, lua_Debug *ar)
{
	struct script_state *w = state_of(L);

	(void)ar;
	mark_place(L);
	w->spent += HOOK_EVERY;
	if (w->spent < w->shared->o.limits.instructions)
		return;
	lua_sethook(L, count, LUA_MASKCOUNT, 1);     /* nothing may run on, whatever catches this */
	raise(L, SCRIPT_INSTRUCTIONS, STR_NONE, str_format(w->out, "%llu", (unsigned long long)(w->shared->o.limits.instructions / 1000000)));
}

/* Instructions are counted only of what takes long: with a hook set, Lua's interpreter leaves its fast path at every instruction, which
 * costs a tenth of a build. Runs as a signal handler in the state's own thread, for which lua_sethook is made. */
void
sandbox_count(void *context)
{
	struct script_state *w = context;

	lua_sethook(w->L, count, LUA_MASKCOUNT, HOOK_EVERY);
}

/* The thread sanitizer holds signals back until the next call it knows, which endless Lua code never makes. */
static bool
signals_come_late(void)
{
#if defined(__SANITIZE_THREAD__)
	return true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
	return true;
#endif
#endif
	return false;
}

/* --- base --- */

static int
base_error(lua_State *L)
{
	size_t len;
	const char *words = luaL_tolstring(L, 1, &len);

	raise(L, SCRIPT_AUTHOR, STR_NONE, ((str){ words, len }));
}

static int
base_assert(lua_State *L)
{
	if (lua_toboolean(L, 1))
		return lua_gettop(L);
	luaL_checkany(L, 1);
	if (lua_isnoneornil(L, 2))
		raise(L, SCRIPT_AUTHOR, STR_NONE, S("assert"));
	lua_remove(L, 1);
	return base_error(L);
}

/* Never an address: output must not depend on where things lie in memory. */
static int
base_tostring(lua_State *L)
{
	int type = lua_type(L, 1);

	luaL_checkany(L, 1);
	if (type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA || type == LUA_TLIGHTUSERDATA)
		push_str(L, value_word(L, 1));
	else
		luaL_tolstring(L, 1, NULL);
	return 1;
}

/* What kind of value, finer than type(): item, objet, liste, date, html or Lua's word. */
static int
base_sorte(lua_State *L)
{
	static const char *const words[] = { NULL, "item", "objet", "liste", "date", "html", "site" };
	uint32_t tag = value_tag(L, 1);

	luaL_checkany(L, 1);
	lua_pushstring(L, tag ? words[tag] : luaL_typename(L, 1));
	return 1;
}

static int
unknown_global(lua_State *L)
{
	struct script_state *w = state_of(L);
	size_t len;
	const char *p = lua_tolstring(L, 2, &len);
	str name = { p, len }, names[256];
	uint32_t n = 0;

	if (!p)
		return 0;
	once_check_name(L, name);
	if (w->ahead)
		state_needs_plan(w);
	if (w->includes && map_find(&w->shared->nil_names, name, NULL))
		return 0;
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	for (lua_pushnil(L); n < 256 && lua_next(L, -2); lua_pop(L, 1)) {
		size_t l;
		const char *k = lua_tolstring(L, -2, &l);
		names[n++] = (str){ k, l };
	}
	raise(L, SCRIPT_UNKNOWN_NAME, name, name, suggest_nearest(name, names, n));
}

static int
refuse_global(lua_State *L)
{
	raise(L, SCRIPT_GLOBAL_WRITE, STR_NONE, check_str(L, 2));
}

/* --- read-only tables --- */

static int
refuse_write(lua_State *L)
{
	size_t len;
	const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &len) : NULL;

	raise(L, (enum diag_code)lua_tointeger(L, lua_upvalueindex(1)), STR_NONE, key ? ((str){ key, len }) : S("[ ]"));
}

static int
frozen_length(lua_State *L)
{
	sandbox_behind(L, 1);
	lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
	return 1;
}

/* The function that refuses writes with this word; one for all tables. */
static void
push_refusal(lua_State *L, enum diag_code refusal)
{
	struct script_state *w = state_of(L);

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_refusals);
	if (lua_rawgeti(L, -1, (lua_Integer)refusal) == LUA_TNIL) {
		lua_pop(L, 1);
		lua_pushinteger(L, (lua_Integer)refusal);
		lua_pushcclosure(L, refuse_write, 1);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, (lua_Integer)refusal);
	}
	lua_remove(L, -2);
}

/* Moves what the table has into another, pushed, of the right size: a table that grows is laid out anew each time. */
static void
move_out(lua_State *L, int table)
{
	int length = (int)lua_rawlen(L, table), all = 0;

	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
		all++;
	lua_createtable(L, length, all > length ? all - length : 0);
	for (lua_pushnil(L); lua_next(L, table);) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, table + 1);
		lua_pushvalue(L, -1);
		lua_pushnil(L);
		lua_rawset(L, table);                    /* a field that is there may be cleared on the way */
	}
}

void
sandbox_freeze(lua_State *L, enum diag_code refusal)
{
	int table = lua_gettop(L), behind = table + 1;

	move_out(L, table);
	lua_createtable(L, 1, 3);
	lua_pushvalue(L, behind);
	lua_rawseti(L, -2, 1);
	lua_pushvalue(L, behind);
	lua_setfield(L, -2, "__index");
	push_refusal(L, refusal);
	lua_setfield(L, -2, "__newindex");
	lua_pushcfunction(L, frozen_length);
	lua_setfield(L, -2, "__len");
	lua_setmetatable(L, table);
	lua_settop(L, table);
}

bool
sandbox_behind(lua_State *L, int index)
{
	if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index))
		return false;
	if (lua_rawgeti(L, -1, 1) == LUA_TTABLE) {
		lua_remove(L, -2);
		return true;
	}
	lua_pop(L, 2);
	return false;
}

/* --- sorting --- */

static void
merge(uint32_t *items, uint32_t *spare, uint32_t n, bool (*after)(void *, uint32_t, uint32_t), void *context)
{
	uint32_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	merge(items, spare, half, after, context);
	merge(items + half, spare, n - half, after, context);
	memcpy(spare, items, half * sizeof *items);
	while (i < half && j < n) {
		if (after(context, spare[i], items[j]))
			items[k++] = items[j++];
		else
			items[k++] = spare[i++];
	}
	memcpy(items + k, spare + i, (half - i) * sizeof *items);
}

uint32_t *
sort_indexes(lua_State *L, uint32_t n, bool (*after)(void *context, uint32_t a, uint32_t b), void *context)
{
	uint32_t *idx = lua_newuserdatauv(L, (size_t)n * 2 * sizeof *idx + 1, 0);

	for (uint32_t i = 0; i < n; i++)
		idx[i] = i;
	merge(idx, idx + n, n, after, context);
	return idx;
}

/* Numbers, then strings by bytes, then booleans. */
static int
key_rank(int type)
{
	return type == LUA_TNUMBER ? 0 : type == LUA_TSTRING ? 1 : 2;
}

static bool
key_after(void *context, uint32_t a, uint32_t b)
{
	lua_State *L = context;
	int ta, tb;
	bool after;
	size_t la, lb;

	ta = lua_rawgeti(L, -2, (lua_Integer)a + 1);
	tb = lua_rawgeti(L, -3, (lua_Integer)b + 1);
	if (key_rank(ta) != key_rank(tb)) {
		after = key_rank(ta) > key_rank(tb);
	} else if (ta == LUA_TNUMBER) {
		after = lua_compare(L, -1, -2, LUA_OPLT);
	} else if (ta == LUA_TSTRING) {
		const char *pa = lua_tolstring(L, -2, &la), *pb = lua_tolstring(L, -1, &lb);
		after = str_compare((str){ pa, la }, (str){ pb, lb }) > 0;
	} else {
		after = lua_toboolean(L, -2) > lua_toboolean(L, -1);
	}
	lua_pop(L, 2);
	return after;
}

/* Puts the key just pushed, at `at`, where it belongs among the n before it. */
static void
insert_key(struct few_pairs *p, str *names, str name, int at)
{
	uint32_t i = p->n++;

	for (; i > 0 && str_compare(names[i - 1], name) > 0; i--) {
		names[i] = names[i - 1];
		p->key[i] = p->key[i - 1];
	}
	names[i] = name;
	p->key[i] = at;
}

bool
sandbox_few_pairs(lua_State *L, int index, struct few_pairs *p)
{
	str names[SANDBOX_FEW];
	size_t len;

	luaL_checkstack(L, 2 * SANDBOX_FEW + 8, "pairs");
	p->top = lua_gettop(L);
	p->n = 0;
	if (!sandbox_behind(L, index))
		lua_pushvalue(L, index);
	for (lua_pushnil(L); lua_next(L, p->top + 1);) {
		int type = lua_type(L, -2);
		if (type == LUA_TLIGHTUSERDATA) {        /* our own mark on images */
			lua_pop(L, 1);
			continue;
		}
		if (type != LUA_TSTRING || p->n == SANDBOX_FEW) {
			lua_settop(L, p->top);
			return false;
		}
		const char *name = lua_tolstring(L, -2, &len);
		insert_key(p, names, (str){ name, len }, lua_gettop(L) - 1);
		lua_pushvalue(L, -2);
	}
	return true;
}

/* Pushes the keys of the table at `table`, which are few strings, sorted, as an array; or nothing. */
static bool
push_few_keys(lua_State *L, int table)
{
	struct few_pairs p;

	if (!sandbox_few_pairs(L, table, &p))
		return false;
	lua_createtable(L, (int)p.n, 0);
	for (uint32_t i = 0; i < p.n; i++) {
		lua_pushvalue(L, p.key[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_replace(L, p.top + 1);
	lua_settop(L, p.top + 1);
	return true;
}

/* Pushes the keys of the table at `table`, sorted, as an array. */
static void
push_sorted_keys(lua_State *L, int table)
{
	uint32_t n = 0, *idx;
	int keys;

	if (push_few_keys(L, table))
		return;
	lua_newtable(L);
	keys = lua_gettop(L);
	for (lua_pushnil(L); lua_next(L, table);) {
		lua_pop(L, 1);
		if (lua_type(L, -1) == LUA_TLIGHTUSERDATA)
			continue;        /* our own mark on images */
		lua_pushvalue(L, -1);
		lua_rawseti(L, keys, ++n);
	}
	lua_createtable(L, (int)n, 0);
	lua_insert(L, keys);                     /* sorted, keys */
	idx = sort_indexes(L, n, key_after, L);  /* sorted, keys, indexes */
	for (uint32_t i = 0; i < n; i++) {
		lua_rawgeti(L, keys + 1, (lua_Integer)idx[i] + 1);
		lua_rawseti(L, keys, (lua_Integer)i + 1);
	}
	lua_settop(L, keys);
}

static int
next_pair(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));

	for (;;) {
		lua_rawgeti(L, lua_upvalueindex(2), ++i);
		if (lua_isnil(L, -1))
			return 1;
		lua_pushvalue(L, -1);
		if (lua_gettable(L, lua_upvalueindex(1)) != LUA_TNIL)
			break;           /* a key that was removed meanwhile is passed over */
		lua_pop(L, 2);
	}
	lua_pushinteger(L, i);
	lua_replace(L, lua_upvalueindex(3));
	return 2;
}

/* What is behind a frozen table, at the top, gives way to its keys: sorted once, they stand beside it in the metatable. */
static void
push_frozen_keys(lua_State *L)
{
	int behind = lua_gettop(L);

	lua_getmetatable(L, 1);
	if (lua_rawgeti(L, -1, 2) == LUA_TNIL) {
		lua_pop(L, 1);
		push_sorted_keys(L, behind);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, 2);
	}
	lua_replace(L, behind);
	lua_settop(L, behind);
}

int
sandbox_pairs(lua_State *L)
{
	luaL_checkany(L, 1);
	lua_settop(L, 1);
	if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
		lua_pushvalue(L, 1);
		lua_call(L, 1, 3);
		return 3;
	}
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_pushvalue(L, 1);
	if (sandbox_behind(L, 1))
		push_frozen_keys(L);
	else
		push_sorted_keys(L, 1);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, next_pair, 3);
	return 1;
}

static bool
default_after(void *context, uint32_t a, uint32_t b)
{
	lua_State *L = context;
	bool after;

	lua_geti(L, 1, (lua_Integer)a + 1);
	lua_geti(L, 1, (lua_Integer)b + 1);
	after = lua_compare(L, -1, -2, LUA_OPLT);
	lua_pop(L, 2);
	return after;
}

static bool
called_after(void *context, uint32_t a, uint32_t b)
{
	lua_State *L = context;
	bool after;

	lua_pushvalue(L, 2);
	lua_geti(L, 1, (lua_Integer)b + 1);
	lua_geti(L, 1, (lua_Integer)a + 1);
	lua_call(L, 2, 1);
	after = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return after;
}

/* table.sort, stable; an order function that contradicts itself sorts somehow and ends. */
static int
table_sort(lua_State *L)
{
	uint32_t n, *idx;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	n = (uint32_t)luaL_len(L, 1);
	if (!lua_isnil(L, 2))
		luaL_checktype(L, 2, LUA_TFUNCTION);
	idx = sort_indexes(L, n, lua_isnil(L, 2) ? default_after : called_after, L);
	lua_createtable(L, (int)n, 0);
	for (uint32_t i = 0; i < n; i++) {
		lua_geti(L, 1, (lua_Integer)idx[i] + 1);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	for (uint32_t i = 0; i < n; i++) {
		lua_rawgeti(L, -1, (lua_Integer)i + 1);
		lua_seti(L, 1, (lua_Integer)i + 1);
	}
	return 0;
}

/* --- string --- */

/* The library's function, upvalue 1, in our own frame: it has no upvalues. */
static int
go_on(lua_State *L)
{
	return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int
string_rep(lua_State *L)
{
	size_t len, gap;
	lua_Integer n = luaL_checkinteger(L, 2);

	luaL_checklstring(L, 1, &len);
	luaL_optlstring(L, 3, "", &gap);
	if (n > 0 && (len + gap) && (uint64_t)n > MAX_REPEAT / (len + gap))
		raise(L, SCRIPT_TOO_LONG, S("rep"), S("string.rep"), S("16"));
	return go_on(L);
}

/* A match cannot be interrupted by the instruction count: its size is bounded here, and the watchdog stands behind. */
static int
string_pattern(lua_State *L)
{
	size_t len, pattern_len;
	uint32_t repetitions = 0;
	const char *pattern;

	luaL_checklstring(L, 1, &len);
	pattern = luaL_checklstring(L, 2, &pattern_len);
	if (lua_toboolean(L, 4) && lua_toboolean(L, lua_upvalueindex(2)))
		return go_on(L);         /* find(s, words, i, true) */
	for (size_t i = 0; i < pattern_len; i++) {
		if (pattern[i] == '%')
			i++;
		else if (pattern[i] == '*' || pattern[i] == '+' || pattern[i] == '-' || pattern[i] == '?')
			repetitions++;
	}
	if (len > MAX_SUBJECT)
		raise(L, SCRIPT_TOO_LONG, STR_NONE, S("string.find, match, gmatch, gsub"), S("4"));
	if (pattern_len > MAX_PATTERN || repetitions > MAX_REPETITIONS)
		raise(L, SCRIPT_PATTERN, STR_NONE, ((str){ pattern, pattern_len < 60 ? pattern_len : 60 }));
	if (repetitions > 2 || len > (repetitions == 2 ? MAX_EASY / 16 : MAX_EASY))
		mark_place(L);
	return go_on(L);
}

static int
string_format(lua_State *L)
{
	const char *form = luaL_checkstring(L, 1);

	if (format_integers(L))
		return 1;
	for (const char *p = form; (p = strchr(p, '%'));) {
		p++;
		p += strspn(p, "-+ #0123456789.");
		if (*p == 'p')
			raise(L, SCRIPT_FORMAT_ADDRESS, STR_NONE, S("%p"));
		if (*p)
			p++;
	}
	for (int i = 2; i <= lua_gettop(L); i++) {
		int type = lua_type(L, i);
		if (type != LUA_TTABLE && type != LUA_TFUNCTION && type != LUA_TUSERDATA)
			continue;
		push_str(L, value_word(L, i));
		lua_replace(L, i);
	}
	return go_on(L);
}

/* --- math --- */

/* Calls the library's function, upvalue 1, with our arguments. */
static int
call_original(lua_State *L)
{
	int n = lua_gettop(L);

	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, n, LUA_MULTRET);
	return lua_gettop(L);
}

/* math.random starts anew on each page, from the page's address. */
static int
math_random(lua_State *L)
{
	struct script_state *w = state_of(L);

	once_forbid(L, S("math.random"));
	if (!w->has_random) {
		w->has_random = true;
		lua_pushvalue(L, lua_upvalueindex(2));
		lua_pushinteger(L, (lua_Integer)(w->page ? hash64(w->page->url) : 1));
		lua_pushinteger(L, 0);
		lua_call(L, 2, 0);
	}
	return call_original(L);
}

/* --- assembling --- */

static void
copy_names(lua_State *L, int from, const char *const *names)
{
	lua_newtable(L);
	for (; *names; names++) {
		lua_getfield(L, from, *names);
		lua_setfield(L, -2, *names);
	}
}

/* Wraps field `name` of the table at `from`, into the table at the top. */
static void
wrap(lua_State *L, int from, const char *name, lua_CFunction f, bool flag)
{
	lua_getfield(L, from, name);
	lua_pushboolean(L, flag);
	lua_pushcclosure(L, f, 2);
	lua_setfield(L, -2, name);
}

static void
open_string(lua_State *L, int globals)
{
	static const char *const names[] = { "byte", "char", "len", "lower", "upper", "reverse", "sub", NULL };
	int library;

	luaL_requiref(L, "string", luaopen_string, 0);
	library = lua_gettop(L);
	copy_names(L, library, names);
	wrap(L, library, "rep", string_rep, false);
	wrap(L, library, "format", string_format, false);
	wrap(L, library, "find", string_pattern, true);
	wrap(L, library, "match", string_pattern, false);
	wrap(L, library, "gmatch", string_pattern, false);
	wrap(L, library, "gsub", string_pattern, false);
	lua_pushliteral(L, "");
	lua_getmetatable(L, -1);
	lua_pushvalue(L, library + 1);
	lua_setfield(L, -2, "__index");              /* ("x"):rep goes through ours too */
	lua_settop(L, library + 1);
	lua_newtable(L);                             /* what themes hold is a face that cannot be written to */
	for (lua_pushnil(L); lua_next(L, library + 1);) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, -4);
	}
	sandbox_freeze(L, SCRIPT_READ_ONLY);
	lua_setfield(L, globals, "string");
	lua_settop(L, library - 1);
}

static void
open_table(lua_State *L, int globals)
{
	static const char *const names[] = { "concat", "insert", "remove", "pack", "unpack", "move", NULL };

	luaL_requiref(L, "table", luaopen_table, 0);
	copy_names(L, lua_gettop(L), names);
	lua_pushcfunction(L, table_sort);
	lua_setfield(L, -2, "sort");
	sandbox_freeze(L, SCRIPT_READ_ONLY);
	lua_setfield(L, globals, "table");
	lua_pop(L, 1);
}

static void
open_math(lua_State *L, int globals)
{
	static const char *const names[] = { "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge", "log",
		"max", "maxinteger", "min", "mininteger", "modf", "pi", "rad", "sin", "sqrt", "tan", "tointeger", "type", "ult", NULL };

	luaL_requiref(L, "math", luaopen_math, 0);
	copy_names(L, lua_gettop(L), names);
	lua_getfield(L, -2, "random");
	lua_getfield(L, -3, "randomseed");
	lua_pushcclosure(L, math_random, 2);
	lua_setfield(L, -2, "random");
	sandbox_freeze(L, SCRIPT_READ_ONLY);
	lua_setfield(L, globals, "math");
	lua_pop(L, 1);
}

static void
open_base(lua_State *L, int globals)
{
	static const char *const names[] = { "ipairs", "type", "tonumber", "select", NULL };
	static const luaL_Reg ours[] = { { "error", base_error }, { "assert", base_assert }, { "tostring", base_tostring },
		{ "pairs", sandbox_pairs }, { "sorte", base_sorte }, { NULL, NULL } };

	luaL_requiref(L, "_G", luaopen_base, 0);
	for (const char *const *n = names; *n; n++) {
		lua_getfield(L, -1, *n);
		lua_setfield(L, globals, *n);
	}
	lua_pop(L, 1);
	lua_pushvalue(L, globals);
	luaL_setfuncs(L, ours, 0);
	lua_pop(L, 1);
	luaL_requiref(L, "utf8", luaopen_utf8, 0);
	sandbox_freeze(L, SCRIPT_READ_ONLY);
	lua_setfield(L, globals, "utf8");
}

/* The globals (unknown names are errors), and the environment of modules in front of them (assignments are errors). */
static int
open_libraries(lua_State *L)
{
	struct script_state *w = state_of(L);
	int globals;

	lua_newtable(L);
	w->ref_refusals = luaL_ref(L, LUA_REGISTRYINDEX);

	lua_newtable(L);
	globals = lua_gettop(L);
	open_base(L, globals);
	open_string(L, globals);
	open_table(L, globals);
	open_math(L, globals);
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, unknown_global);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, globals);
	lua_pushvalue(L, globals);
	w->ref_globals = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	lua_createtable(L, 0, 2);
	lua_pushvalue(L, globals);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, refuse_global);
	lua_setfield(L, -2, "__newindex");
	lua_setmetatable(L, -2);
	w->ref_env = luaL_ref(L, LUA_REGISTRYINDEX);
	/* luaL_requiref leaves the whole libraries in the registry; nobody else needs them. */
	lua_pushnil(L);
	lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	return 0;
}

lua_State *
sandbox_new(struct script_state *w)
{
	lua_State *L;

	heap_init(&w->heap, w->out->source, w->shared->o.limits.memory);
	L = lua_newstate(allocate, w);
	if (!L)
		return NULL;
	*(struct script_state **)lua_getextraspace(L) = w;
	w->L = L;
	lua_pushcfunction(L, open_libraries);
	if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
		lua_close(L);
		w->L = NULL;
		return NULL;
	}
	lua_gc(L, LUA_GCINC, GC_PAUSE, GC_SPEED, 0);
	sandbox_reset(w);
	return L;
}

void
sandbox_reset(struct script_state *w)
{
	w->spent = 0;
	w->has_random = false;
	if (signals_come_late())
		sandbox_count(w);
	else if (lua_gethook(w->L))
		lua_sethook(w->L, NULL, 0, 0);
}
