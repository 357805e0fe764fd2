/* Lists: userdata over frozen arrays (items, values of a field) or over a Lua array. Methods give new lists, never change one. */
#include <math.h>

#include "base/geo.h"
#include "base/suggest.h"
#include "script/state.h"

static struct list_value *
new_list(lua_State *L, enum list_backing backing, uint32_t len)
{
	struct list_value *l = lua_newuserdatauv(L, sizeof *l, backing == LIST_LUA);

	check_arena(L);
	*l = (struct list_value){ .tag = TAG_LIST, .backing = (uint8_t)backing, .len = len };
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_list_meta);
	lua_setmetatable(L, -2);
	return l;
}

struct list_value *
push_items(lua_State *L, const struct item **items, uint32_t len)
{
	struct list_value *l = new_list(L, LIST_ITEMS, len);

	l->items = items;
	return l;
}

struct list_value *
push_vals(lua_State *L, const struct val *vals, uint32_t len, const struct item *owner, const struct field *element)
{
	struct list_value *l = new_list(L, LIST_VALS, len);

	l->vals = vals;
	l->owner = owner;
	l->field = element;
	return l;
}

/* Pushes the list that is kept for these elements, else false. */
static bool
push_kept(lua_State *L, const void *elements, uint32_t len, const struct item *owner, const struct field *element)
{
	const struct list_value *kept = cache_proxy(L, elements);

	if (!kept || kept->tag != TAG_LIST || kept->len != len || kept->owner != owner || kept->field != element)
		return false;
	cache_push_proxy(L, elements);
	return true;
}

/* Stand for the elements of lists without any: one empty list of items serves for all, and one of values. */
static const struct val no_values[2];

void
push_frozen_items(lua_State *L, const struct item_list *list)
{
	const void *key = list->len ? (const void *)list->items : &no_values[0];

	if (push_kept(L, key, list->len, NULL, NULL))
		return;
	push_items(L, list->items, list->len)->frozen = true;
	cache_keep_proxy(L, key);
}

void
push_frozen_vals(lua_State *L, const struct val_list *list, const struct item *owner, const struct field *element)
{
	const struct val *key = list->items;

	if (!list->len) {
		key = &no_values[1];
		owner = NULL;
		element = NULL;
	}
	if (push_kept(L, key, list->len, owner, element))
		return;
	push_vals(L, list->items, list->len, owner, element)->frozen = true;
	cache_keep_proxy(L, key);
}

void
push_files(lua_State *L, const struct script_file *files, uint32_t len)
{
	new_list(L, LIST_FILES, len)->files = files;
}

void
push_table_list(lua_State *L)
{
	new_list(L, LIST_LUA, (uint32_t)luaL_len(L, -1));
	lua_insert(L, -2);
	lua_setiuservalue(L, -2, 1);
}

void
push_element(lua_State *L, int index, const struct list_value *list, uint32_t i)
{
	if (i >= list->len) {
		lua_pushnil(L);
	} else if (list->backing == LIST_ITEMS) {
		push_item(L, list->items[i]);
	} else if (list->backing == LIST_VALS) {
		push_val(L, &list->vals[i], list->owner);
	} else if (list->backing == LIST_FILES) {
		push_file(L, &list->files[i]);
	} else {
		lua_getiuservalue(L, index, 1);
		lua_geti(L, -1, (lua_Integer)i + 1);
		lua_remove(L, -2);
	}
}

void
push_selection(lua_State *L, int index, const struct list_value *list, const uint32_t *idx, uint32_t n)
{
	struct script_state *w = state_of(L);

	if (list->backing == LIST_ITEMS) {
		const struct item **items = arena_array(w->arena, const struct item *, n);
		for (uint32_t i = 0; i < n; i++)
			items[i] = list->items[idx[i]];
		push_items(L, items, n);
	} else if (list->backing == LIST_VALS) {
		struct val *vals = arena_array(w->arena, struct val, n);
		for (uint32_t i = 0; i < n; i++)
			vals[i] = list->vals[idx[i]];
		push_vals(L, vals, n, list->owner, list->field);
	} else {
		lua_createtable(L, (int)n, 0);
		for (uint32_t i = 0; i < n; i++) {
			push_element(L, index, list, idx[i]);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		push_table_list(L);
	}
}

static struct list_value *
check_list(lua_State *L, int arg)
{
	struct list_value *l = value_of(L, arg, TAG_LIST);

	if (!l)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("liste"), value_word(L, arg));
	return l;
}

static uint32_t *
new_indexes(lua_State *L, uint32_t n)
{
	return arena_array(state_of(L)->arena, uint32_t, n + 1);
}

/* --- parts --- */

static int
part(lua_State *L, const struct list_value *l, lua_Integer from, lua_Integer to)
{
	uint32_t *idx, n = 0;

	if (from < 1)
		from = 1;
	if (to > l->len)
		to = l->len;
	idx = new_indexes(L, to >= from ? (uint32_t)(to - from + 1) : 0);
	for (lua_Integer i = from; i <= to; i++)
		idx[n++] = (uint32_t)(i - 1);
	push_selection(L, 1, l, idx, n);
	return 1;
}

static int
list_take(lua_State *L)
{
	return part(L, check_list(L, 1), 1, luaL_checkinteger(L, 2));
}

/* As string.sub: negative positions count from the end. */
static int
list_slice(lua_State *L)
{
	const struct list_value *l = check_list(L, 1);
	lua_Integer from = luaL_checkinteger(L, 2), to = luaL_optinteger(L, 3, -1);

	if (from < 0)
		from += (lua_Integer)l->len + 1;
	if (to < 0)
		to += (lua_Integer)l->len + 1;
	return part(L, l, from, to);
}

static int
list_first(lua_State *L)
{
	push_element(L, 1, check_list(L, 1), 0);
	return 1;
}

static int
list_last(lua_State *L)
{
	const struct list_value *l = check_list(L, 1);

	push_element(L, 1, l, l->len - 1);
	return 1;
}

/* --- with functions --- */

static bool
calls_true(lua_State *L, const struct list_value *l, uint32_t i)
{
	bool yes;

	lua_pushvalue(L, 2);
	push_element(L, 1, l, i);
	lua_call(L, 1, 1);
	yes = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return yes;
}

static int
list_filter(lua_State *L)
{
	const struct list_value *l = check_list(L, 1);
	uint32_t *idx = new_indexes(L, l->len), n = 0;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	for (uint32_t i = 0; i < l->len; i++)
		if (calls_true(L, l, i))
			idx[n++] = i;
	push_selection(L, 1, l, idx, n);
	return 1;
}

static int
list_any(lua_State *L)
{
	const struct list_value *l = check_list(L, 1);
	bool any = false;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	for (uint32_t i = 0; i < l->len && !any; i++)
		any = calls_true(L, l, i);
	lua_pushboolean(L, any);
	return 1;
}

/* A list has no holes: what f makes nil is left out. */
static int
list_map(lua_State *L)
{
	const struct list_value *l = check_list(L, 1);
	lua_Integer n = 0;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_createtable(L, (int)l->len, 0);
	for (uint32_t i = 0; i < l->len; i++) {
		lua_pushvalue(L, 2);
		push_element(L, 1, l, i);
		lua_call(L, 1, 1);
		if (lua_isnil(L, -1))
			lua_pop(L, 1);
		else
			lua_rawseti(L, -2, ++n);
	}
	push_table_list(L);
	return 1;
}

/* --- with values --- */

static bool
holds(lua_State *L, int index, const struct list_value *l, int value)
{
	const struct item_value *item = value_of(L, value, TAG_ITEM);
	bool equal = false;

	for (uint32_t i = 0; i < l->len && !equal; i++) {
		if (l->backing == LIST_ITEMS) {
			equal = item && l->items[i] == item->item;
			continue;
		}
		push_element(L, index, l, i);
		equal = lua_compare(L, -1, value, LUA_OPEQ);
		lua_pop(L, 1);
	}
	return equal;
}

static int
list_contains(lua_State *L)
{
	const struct list_value *l = check_list(L, 1);

	luaL_checkany(L, 2);
	lua_pushboolean(L, holds(L, 1, l, 2));
	return 1;
}

static int
list_without(lua_State *L)
{
	const struct list_value *l = check_list(L, 1), *others = value_of(L, 2, TAG_LIST);
	uint32_t *idx = new_indexes(L, l->len), n = 0;

	luaL_checkany(L, 2);
	for (uint32_t i = 0; i < l->len; i++) {
		push_element(L, 1, l, i);
		if (others ? !holds(L, 2, others, lua_gettop(L)) : !lua_compare(L, -1, 2, LUA_OPEQ))
			idx[n++] = i;
		lua_pop(L, 1);
	}
	push_selection(L, 1, l, idx, n);
	return 1;
}

/* A set of items, as large as the lists it is for and not as the site: a theme may unite two lists for each of thousands of items. */
struct item_set { const struct item **slots; uint32_t mask; };

static bool
set_add(struct item_set *set, const struct item *item)
{
	uint32_t at = (item->id * UINT32_C(2654435769) >> 7) & set->mask;      /* Fibonacci hashing */

	while (set->slots[at] && set->slots[at] != item)
		at = (at + 1) & set->mask;
	if (set->slots[at])
		return false;
	set->slots[at] = item;
	return true;
}

static void
union_of_items(lua_State *L, const struct list_value *a, const struct list_value *b)
{
	struct script_state *w = state_of(L);
	const struct item **items = arena_array(w->arena, const struct item *, a->len + b->len + 1);
	struct item_set set = { .mask = 7 };
	uint32_t n = 0;

	while (set.mask < (a->len + b->len) * 2)
		set.mask = set.mask * 2 + 1;
	set.slots = arena_array(w->arena, const struct item *, (size_t)set.mask + 1);
	for (uint32_t i = 0; i < a->len + b->len; i++) {
		const struct item *item = i < a->len ? a->items[i] : b->items[i - a->len];
		if (set_add(&set, item))
			items[n++] = item;
	}
	push_items(L, items, n);
}

/* Elements of both, each once, those of the first first. */
static int
list_union(lua_State *L)
{
	const struct list_value *a = check_list(L, 1), *b = check_list(L, 2);
	lua_Integer n = 0;

	if (a->backing == LIST_ITEMS && b->backing == LIST_ITEMS) {
		union_of_items(L, a, b);
		return 1;
	}
	lua_newtable(L);
	for (uint32_t i = 0; i < a->len + b->len; i++) {
		bool seen = false;
		if (i < a->len)
			push_element(L, 1, a, i);
		else
			push_element(L, 2, b, i - a->len);
		for (lua_Integer k = 1; k <= n && !seen; k++) {
			lua_rawgeti(L, 3, k);
			seen = lua_compare(L, -1, -2, LUA_OPEQ);
			lua_pop(L, 1);
		}
		if (seen)
			lua_pop(L, 1);
		else
			lua_rawseti(L, 3, ++n);
	}
	push_table_list(L);
	return 1;
}

/* --- distance --- */

static bool
geo_of(lua_State *L, int table, struct geo *g)
{
	bool ok;

	if (lua_type(L, table) != LUA_TTABLE)
		return false;
	lua_getfield(L, table, "lat");
	lua_getfield(L, table, "lon");
	ok = lua_isnumber(L, -1) && lua_isnumber(L, -2);
	*g = (struct geo){ lua_tonumber(L, -2), lua_tonumber(L, -1) };
	lua_pop(L, 2);
	return ok;
}

/* Items with a place found so far, the nearest first; of two as far, the first in the list. */
struct near { double *km; uint32_t *idx, n, wanted; };

/* A degree of latitude, rounded down (geo.h's radius): two places are never nearer than their latitudes. */
#define KM_PER_DEGREE 111.19

static bool
is_too_far(const struct near *near, double km)
{
	return near->n == near->wanted && (near->n == 0 || km >= near->km[near->n - 1]);
}

static void
add_near(struct near *near, double km, uint32_t i)
{
	uint32_t at = near->n < near->wanted ? near->n++ : near->n - 1;

	for (; at > 0 && near->km[at - 1] > km; at--) {
		near->km[at] = near->km[at - 1];
		near->idx[at] = near->idx[at - 1];
	}
	near->km[at] = km;
	near->idx[at] = i;
}

static void
look_around(const struct list_value *l, struct geo here, struct near *near)
{
	const struct type *type = NULL;
	const struct field *field = NULL;

	for (uint32_t i = 0; i < l->len; i++) {
		const struct item *item = l->items[i];
		const struct val *v;
		double km;
		if (item->type != type) {
			type = item->type;
			field = model_field(&type->shape, S("geo"));
		}
		v = field ? object_val(&item->object, field->index) : NULL;
		if (!v || v->kind != VAL_GEO || is_too_far(near, fabs(v->as.geo.lat - here.lat) * KM_PER_DEGREE))
			continue;
		km = geo_distance(here, v->as.geo);
		if (!is_too_far(near, km))
			add_near(near, km, i);
	}
}

/* l:nearest(geo, n): a few of many, so those found are kept in order. */
static int
list_nearest(lua_State *L)
{
	const struct list_value *l = check_list(L, 1);
	lua_Integer wanted = luaL_checkinteger(L, 3);
	struct near near = { .wanted = wanted < 0 ? 0 : wanted > (lua_Integer)l->len ? l->len : (uint32_t)wanted };
	struct geo here;

	if (!geo_of(L, 2, &here))
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("{lat, lon}"), value_word(L, 2));
	if (l->backing != LIST_ITEMS)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("liste d'items"), S("liste"));
	near.km = arena_array(state_of(L)->arena, double, near.wanted + 1);
	near.idx = new_indexes(L, near.wanted);
	look_around(l, here, &near);
	push_selection(L, 1, l, near.idx, near.n);
	return 1;
}

/* --- the metatable --- */

static int
list_index(lua_State *L)
{
	const struct list_value *l = lua_touserdata(L, 1);
	int is_integer;
	lua_Integer i = lua_tointegerx(L, 2, &is_integer);
	static const str methods[] = { S_INIT("where"), S_INIT("filter"), S_INIT("sort"), S_INIT("group"), S_INIT("take"), S_INIT("slice"),
		S_INIT("first"), S_INIT("last"), S_INIT("map"), S_INIT("contains"), S_INIT("any"), S_INIT("sum"), S_INIT("union"),
		S_INIT("without"), S_INIT("nearest") };

	if (is_integer && lua_type(L, 2) == LUA_TNUMBER) {
		if (i < 1 || i > (lua_Integer)l->len)
			lua_pushnil(L);
		else
			push_element(L, 1, l, (uint32_t)(i - 1));
		return 1;
	}
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	raise(L, SCRIPT_NO_MEMBER, check_str(L, 2), S("liste"), check_str(L, 2),
	    suggest_nearest(check_str(L, 2), methods, sizeof methods / sizeof *methods));
}

static int
list_length(lua_State *L)
{
	lua_pushinteger(L, ((struct list_value *)lua_touserdata(L, 1))->len);
	return 1;
}

static int
list_refuse_write(lua_State *L)
{
	raise(L, SCRIPT_READ_ONLY, STR_NONE, S("liste"));
}

static int
next_element(lua_State *L)
{
	const struct list_value *l = value_of(L, 1, TAG_LIST);
	lua_Integer i = luaL_checkinteger(L, 2);

	if (!l || i < 0 || i >= (lua_Integer)l->len) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushinteger(L, i + 1);
	push_element(L, 1, l, (uint32_t)i);
	return 2;
}

static int
list_pairs(lua_State *L)
{
	lua_pushcfunction(L, next_element);
	lua_pushvalue(L, 1);
	lua_pushinteger(L, 0);
	return 3;
}

void
lists_open(struct script_state *w)
{
	static const luaL_Reg meta[] = { { "__len", list_length }, { "__newindex", list_refuse_write }, { "__pairs", list_pairs }, { NULL, NULL } };
	static const luaL_Reg methods[] = { { "where", list_where }, { "filter", list_filter }, { "sort", list_sort }, { "group", list_group },
		{ "take", list_take }, { "slice", list_slice }, { "first", list_first }, { "last", list_last }, { "map", list_map },
		{ "contains", list_contains }, { "any", list_any }, { "sum", list_sum }, { "union", list_union }, { "without", list_without },
		{ "nearest", list_nearest }, { NULL, NULL } };
	lua_State *L = w->L;

	lua_newtable(L);
	luaL_setfuncs(L, meta, 0);
	luaL_newlib(L, methods);
	lua_pushcclosure(L, list_index, 1);
	lua_setfield(L, -2, "__index");
	w->ref_list_meta = luaL_ref(L, LUA_REGISTRYINDEX);
}
