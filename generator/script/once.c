/* une_fois(cle, f): a result that is the same for every page, kept by the state. Only functions that cannot change are taken (of modules,
 * and macros), `page` and `params` are out of their sight, and what they read of persons and dates counts for every page that uses the result. */
#include <string.h>

#include "script/state.h"

#define MAX_DEPTH 8
#define INTERNED 32              /* bytes of a string of which Lua has one only; its own limit is 40 */
#define KEPT_MAX ((size_t)3 << 20)       /* bytes; a card of each item of a large site is more, in each state */

/* Being computed; what encloses it, in case one asks for another. */
struct once_run {
	struct once_run *outer;
	VEC(struct once_date) dates;
	struct source_ids sources;
};

bool
once_running(const struct script_state *w)
{
	return w->once_run != NULL;
}

void
once_note_date(struct script_state *w, day d, str why)
{
	if (w->once_run)
		*vec_push(&w->once_arena, &w->once_run->dates) = (struct once_date){ d, why };
}

bool
once_note_source(struct script_state *w, uint32_t source)
{
	if (w->once_run)
		sources_add(&w->once_arena, &w->once_run->sources, source);
	return w->once_run != NULL;
}

void
once_check_name(lua_State *L, str name)
{
	if (state_of(L)->once_run && (str_equal(name, S("page")) || str_equal(name, S("params"))))
		raise(L, SCRIPT_ONCE_PAGE, name, name);
}

void
once_forbid(lua_State *L, str name)
{
	if (state_of(L)->once_run)
		raise(L, SCRIPT_ONCE_PAGE, STR_NONE, name);
}

/* --- results --- */

static void settle(lua_State *L, int index, int depth);

static void
settle_list(lua_State *L, int index, struct list_value *l, int depth)
{
	struct arena *out = &state_of(L)->once_arena;

	if (l->frozen)
		return;
	if (l->backing == LIST_ITEMS && !l->whole && l->len)
		l->items = memcpy(arena_array(out, const struct item *, l->len), l->items, l->len * sizeof *l->items);
	else if (l->backing == LIST_VALS && l->len)
		l->vals = memcpy(arena_array(out, struct val, l->len), l->vals, l->len * sizeof *l->vals);
	for (uint32_t i = 0; l->backing == LIST_LUA && i < l->len; i++) {
		push_element(L, index, l, i);
		settle(L, lua_gettop(L), depth + 1);
		lua_pop(L, 1);
	}
}

static void
settle_table(lua_State *L, int index, int depth)
{
	if (depth >= MAX_DEPTH)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("une_fois: table"), S("> 8"));
	luaL_checkstack(L, 12, "une_fois");
	if (sandbox_behind(L, index)) {          /* of a module or of modele(): it stays as it is */
		lua_pop(L, 1);
		return;
	}
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
		settle(L, lua_gettop(L), depth + 1);
	lua_pushvalue(L, index);
	sandbox_freeze(L, SCRIPT_READ_ONLY);
	lua_pop(L, 1);
}

/* What the value points to moves out of the page's memory; tables are frozen. */
static void
settle(lua_State *L, int index, int depth)
{
	struct html_value *html = value_of(L, index, TAG_HTML);
	struct list_value *list = value_of(L, index, TAG_LIST);

	if (html)
		html->s = str_copy(&state_of(L)->once_arena, html->s);
	else if (list)
		settle_list(L, index, list, depth);
	else if (lua_istable(L, index))
		settle_table(L, index, depth);
	else if (lua_isfunction(L, index))
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("une_fois: html, table, liste…"), value_word(L, index));
}

/* --- calling --- */

/* The part of the store for results read in this language, under this scope, in this wave. */
static lua_Integer
find_part(const struct script_state *w)
{
	static const str scopes[] = { S_INIT("page"), S_INIT("export"), S_INIT("index"), S_INIT("flux"), S_INIT("embed") };
	lua_Integer scope = 0;

	for (size_t i = 0; w->page && i < sizeof scopes / sizeof *scopes; i++)
		if (str_equal(w->page->scope, scopes[i]))
			scope = (lua_Integer)i;
	return 1 + (w->language * 5 + scope) * 4 + (w->page ? w->page->wave : 0);
}

static lua_Integer
part_of(struct script_state *w)
{
	if (w->once_part && w->once_page == w->page && w->once_language == w->language)
		return w->once_part;
	w->once_page = w->page;
	w->once_language = w->language;
	return w->once_part = find_part(w);
}

/* Pushes t[key on top], a table, made when it is not there; t and the key are popped. */
static void
descend(lua_State *L)
{
	lua_pushvalue(L, -1);
	if (lua_rawget(L, -3) == LUA_TNIL) {
		lua_pop(L, 1);
		lua_newtable(L);
		lua_pushvalue(L, -2);
		lua_pushvalue(L, -2);
		lua_rawset(L, -5);
	}
	lua_replace(L, -3);
	lua_pop(L, 1);
}

/* A function of a module, reached when modules were frozen, or a macro; pushes what stands for it in the store. */
static void
push_identity(lua_State *L)
{
	struct script_state *w = state_of(L);

	if (runtime_macro_behind(L, 2))
		return;
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_fixed);
	lua_pushvalue(L, 2);
	if (lua_type(L, 2) != LUA_TFUNCTION || lua_rawget(L, -2) == LUA_TNIL)
		raise_plain(L, SCRIPT_ONCE_FUNCTION);
	lua_pop(L, 2);
	lua_pushvalue(L, 2);
}

static void
push_key(lua_State *L)
{
	const struct item_value *item = value_of(L, 1, TAG_ITEM);

	if (item)
		lua_pushlightuserdata(L, (void *)(uintptr_t)item->item);
	else if (lua_isnil(L, 1))
		lua_pushlightuserdata(L, state_of(L));
	else if (lua_isstring(L, 1) || lua_isboolean(L, 1))
		lua_pushvalue(L, 1);
	else
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("texte, nombre, item"), value_word(L, 1));
}

static void
set_global(lua_State *L, const char *name, int value)
{
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	lua_pushstring(L, name);
	if (value)
		lua_pushvalue(L, value);
	else
		lua_pushnil(L);
	lua_rawset(L, -3);
	lua_pop(L, 1);
}

static void
push_global(lua_State *L, const char *name)
{
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_globals);
	lua_pushstring(L, name);
	lua_rawget(L, -2);
	lua_remove(L, -2);
}

static void
note_sources(struct script_state *w, const struct once *result)
{
	for (size_t i = 0; i < result->sources.len; i++)
		note_source(w, result->sources.ptr[i]);
}

/* Calls f(cle) without a page; its result, still in the page's memory, at the top. */
static void
compute(lua_State *L, struct once *result)
{
	struct script_state *w = state_of(L);
	struct once_run run = { .outer = w->once_run };
	bool personal = w->personal;
	int page;

	push_global(L, "page");
	page = lua_gettop(L);
	push_global(L, "params");
	w->once_run = &run;
	w->personal = false;
	set_global(L, "page", 0);
	set_global(L, "params", 0);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 1);
	lua_call(L, 1, 1);
	w->once_run = run.outer;
	set_global(L, "page", page);
	set_global(L, "params", page + 1);
	*result = (struct once){ run.dates.ptr, run.sources, (uint32_t)run.dates.len, w->personal };
	w->personal = personal || w->personal;
	note_sources(w, result);
	for (uint32_t i = 0; i < result->n_dates; i++)
		once_note_date(w, result->dates[i].date, result->dates[i].why);
}

static void
use_again(struct script_state *w, const struct once *result)
{
	w->personal = w->personal || result->personal;
	for (uint32_t i = 0; i < result->n_dates; i++)
		register_date(w, result->dates[i].date, result->dates[i].why);
	note_sources(w, result);
}

/* --- what macros draw of items: on the shelf that all workers share --- */

/* Pushes the macro's html of the item; false when it is for the state's own store. */
static bool
push_shared(lua_State *L, const struct item_value *item)
{
	struct script_state *w = state_of(L);
	const struct macro_id *macro = item && !w->trace ? runtime_macro_id(L, 2) : NULL;
	const struct once_drawn *d;

	if (!macro || !(d = shelf_find(w->shared->shelf, item->item, macro, part_of(w))))
		return false;
	use_again(w, &(struct once){ d->dates, d->sources, d->n_dates, d->personal });
	w->once_counts.found++;
	push_html(L, d->html, (enum text_kind)d->kind);
	return true;
}

/* The result at the top; true when all workers have it from now on. */
static bool
share(lua_State *L, const struct once *read)
{
	struct script_state *w = state_of(L);
	const struct item_value *item = value_of(L, 1, TAG_ITEM);
	const struct macro_id *macro = item && !w->trace ? runtime_macro_id(L, 2) : NULL;
	const struct html_value *html = value_of(L, -1, TAG_HTML);

	return macro && shelf_put(w->shared->shelf, w->out,
	    &(struct once_drawn){ item->item, macro, html->s, read->dates, read->sources, read->n_dates, (uint16_t)part_of(w), (uint8_t)html->kind, read->personal });
}

/* --- all others: in the state's store --- */

/* Where a result asked for on every page is noted; NULL for keys that are neither items nor short strings. Both stay where they are while
 * the store has a result for them. */
static struct once_recent *
recent_place(lua_State *L, const struct item_value *item, struct once_recent *wanted)
{
	if (!item && (lua_type(L, 1) != LUA_TSTRING || lua_rawlen(L, 1) > INTERNED))
		return NULL;
	*wanted = (struct once_recent){ lua_topointer(L, 2), item ? (const void *)item->item : lua_topointer(L, 1), part_of(state_of(L)), 0 };
	return &state_of(L)->once_recent[cache_slot((uintptr_t)wanted->function ^ (uintptr_t)wanted->key, ONCE_RECENT)];
}

static bool
is_recent(const struct once_recent *r, const struct once_recent *wanted)
{
	return r && r->at && r->function == wanted->function && r->key == wanted->key && r->part == wanted->part;
}

/* The number of the result that is kept, 0 when there is none; 3 is the store. */
static lua_Integer
find_kept(lua_State *L)
{
	if (lua_rawgeti(L, 3, -part_of(state_of(L))) == LUA_TNIL)
		return 0;
	if (!runtime_macro_behind(L, 2))
		lua_pushvalue(L, 2);
	if (lua_rawget(L, 4) == LUA_TNIL)
		return 0;
	push_key(L);
	lua_rawget(L, 5);
	return lua_tointeger(L, -1);
}

/* Puts the result at the top into the store, which is 3: results from 1 on, under the negative of a part: function → key → number of a
 * result. */
static void
keep(lua_State *L, const struct once *read)
{
	struct script_state *w = state_of(L);
	int result = lua_gettop(L);

	settle(L, result, 0);
	*vec_push(&w->once_arena, &w->once) = *read;
	lua_pushvalue(L, result);
	lua_rawseti(L, 3, (lua_Integer)w->once.len);
	lua_pushvalue(L, 3);
	lua_pushinteger(L, -part_of(w));
	descend(L);
	push_identity(L);
	descend(L);
	push_key(L);
	lua_pushinteger(L, (lua_Integer)w->once.len);
	lua_rawset(L, -3);
	lua_settop(L, result);
}

static int
api_once(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct item_value *item = value_of(L, 1, TAG_ITEM);
	struct once_recent wanted = { 0 }, *recent = recent_place(L, item, &wanted);
	bool again = is_recent(recent, &wanted);
	struct once read;
	lua_Integer at;

	lua_settop(L, 2);
	if (!again && push_shared(L, item))
		return 1;
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_once);          /* 3 */
	at = again ? recent->at : find_kept(L);
	if (at) {
		w->once_counts.found++;
		use_again(w, &w->once.ptr[at - 1]);
		lua_rawgeti(L, 3, at);
		if (recent) {
			*recent = wanted;
			recent->at = at;
		}
		return 1;
	}
	lua_settop(L, 3);
	push_identity(L);        /* refuses what is no such function before it is called */
	push_key(L);
	lua_settop(L, 3);
	compute(L, &read);
	w->once_counts.made++;
	if (!share(L, &read))
		keep(L, &read);
	return 1;
}

void
once_forget(struct script_state *w)
{
	if (w->once_arena.used < KEPT_MAX)
		return;
	lua_newtable(w->L);
	lua_rawseti(w->L, LUA_REGISTRYINDEX, w->ref_once);
	memset(&w->once, 0, sizeof w->once);
	memset(w->once_recent, 0, sizeof w->once_recent);
	arena_reset(&w->once_arena);
}

void
once_open(struct script_state *w)
{
	lua_State *L = w->L;

	lua_newtable(L);
	w->ref_once = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	w->ref_fixed = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushcfunction(L, api_once);
	lua_setfield(L, -2, "une_fois");
	lua_pop(L, 1);
}
