/* What a state has made once and need not make again: Lua's strings for texts of the frozen site, the fields that names stand for, the
 * results of functions that depend on their argument and the language alone. What is kept here is never seen: a value found is the value
 * that would have been made. */
#include <string.h>

#include "script/state.h"

#define LONGEST 256              /* bytes of a string that is kept */
#define RESULTS 4096             /* of one function in one language; beyond, all are forgotten */

/* Places of the thread's stack: those of strings, of names, so that Lua keeps them, of items, of proxies. */
#define NAMES_FROM (1 + CACHE_STRINGS)
#define ITEMS_FROM (NAMES_FROM + CACHE_NAMES)
#define PROXIES_FROM (ITEMS_FROM + CACHE_ITEMS)
#define PLACES (CACHE_STRINGS + CACHE_NAMES + CACHE_ITEMS + CACHE_PROXIES)

/* A thread that never runs: a value is reached on its stack in half the time that a table takes. */
void
cache_open(struct script_state *w)
{
	struct cache *c = w->cache = arena_new(w->out, struct cache);

	c->keeper = lua_newthread(w->L);
	luaL_ref(w->L, LUA_REGISTRYINDEX);
	if (!lua_checkstack(c->keeper, PLACES + 1))
		luaL_error(w->L, "not enough memory");
	lua_settop(c->keeper, PLACES);
}

static void
keep_at(lua_State *L, lua_State *keeper, uint32_t at)
{
	lua_pushvalue(L, -1);
	lua_xmove(L, keeper, 1);
	lua_replace(keeper, (int)at);
}

void
push_frozen(lua_State *L, str s)
{
	struct cache *c = state_of(L)->cache;
	uint32_t at = cache_slot((uintptr_t)s.ptr, CACHE_STRINGS);
	str *kept = &c->strings[at];

	if (kept->ptr == s.ptr && kept->len == s.len && s.ptr) {
		lua_pushvalue(c->keeper, (int)at + 1);
		lua_xmove(c->keeper, L, 1);
		return;
	}
	push_str(L, s);
	if (s.len && s.len <= LONGEST) {
		keep_at(L, c->keeper, at + 1);
		*kept = s;
	}
}

int
cache_new_code(lua_State *L, int arg, const void *of, int (*find)(lua_State *L, const void *of, str name))
{
	struct cache *c = state_of(L)->cache;
	str name = check_str(L, arg);
	const void *key = lua_topointer(L, arg);
	uint32_t at = cache_slot((uintptr_t)of ^ (uintptr_t)key, CACHE_NAMES);
	int code = find(L, of, name);

	lua_pushvalue(L, arg);
	keep_at(L, c->keeper, NAMES_FROM + at);
	lua_pop(L, 1);
	c->names[at] = (struct cache_name){ of, key, code };
	return code;
}

bool
cache_push_item(lua_State *L, const struct item *item)
{
	struct cache *c = state_of(L)->cache;
	uint32_t at = cache_slot((uintptr_t)item, CACHE_ITEMS);

	if (c->items[at] != item)
		return false;
	lua_pushvalue(c->keeper, (int)(ITEMS_FROM + at));
	lua_xmove(c->keeper, L, 1);
	return true;
}

void
cache_keep_item(lua_State *L, const struct item *item)
{
	struct cache *c = state_of(L)->cache;
	uint32_t at = cache_slot((uintptr_t)item, CACHE_ITEMS);

	c->items[at] = item;
	keep_at(L, c->keeper, ITEMS_FROM + at);
}

void
cache_forget_items(struct script_state *w)
{
	struct cache *c = w->cache;

	memset(c->items, 0, sizeof c->items);
	memset(c->proxies, 0, sizeof c->proxies);
	lua_settop(c->keeper, ITEMS_FROM - 1);
	lua_settop(c->keeper, PLACES);
}

void
cache_push_proxy(lua_State *L, const void *of)
{
	struct cache *c = state_of(L)->cache;

	lua_pushvalue(c->keeper, (int)(PROXIES_FROM + cache_slot((uintptr_t)of, CACHE_PROXIES)));
	lua_xmove(c->keeper, L, 1);
}

void
cache_keep_proxy(lua_State *L, const void *of)
{
	struct cache *c = state_of(L)->cache;
	uint32_t at = cache_slot((uintptr_t)of, CACHE_PROXIES);

	c->proxies[at] = (struct cache_proxy){ of, lua_touserdata(L, -1) };
	keep_at(L, c->keeper, PROXIES_FROM + at);
}

/* --- results --- */

bool
cache_find(lua_State *L, enum cache_function f)
{
	struct script_state *w = state_of(L);
	struct cache_results *r = &w->cache->results[f][w->language];

	if (!r->ref) {
		lua_newtable(L);
		r->ref = luaL_ref(L, LUA_REGISTRYINDEX);
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->ref);
	lua_pushvalue(L, -2);
	if (lua_rawget(L, -2) != LUA_TNIL)
		return true;
	lua_pop(L, 1);
	return false;
}

int
cache_keep(lua_State *L, enum cache_function f)
{
	struct script_state *w = state_of(L);
	struct cache_results *r = &w->cache->results[f][w->language];

	if (r->n++ == RESULTS) {
		r->n = 1;
		lua_newtable(L);
		lua_pushvalue(L, -1);
		lua_rawseti(L, LUA_REGISTRYINDEX, r->ref);
		lua_replace(L, -3);
	}
	lua_pushvalue(L, -3);
	lua_pushvalue(L, -2);
	lua_rawset(L, -4);
	return 1;
}
