/* Params of a route: deep-copied into frozen memory, given back as fresh tables to each page. */
#include <string.h>

#include "base/hash.h"
#include "script/params.h"

#define MAX_DEPTH 8

/* --- the pool --- */

void
param_pool_open(struct param_pool *p, struct arena *out)
{
	*p = (struct param_pool){ .out = out };
	arena_init(&p->tmp, out->source);
}

void
param_pool_close(struct param_pool *p)
{
	arena_free(&p->tmp);
}

static str
bytes_of(const void *p, size_t n)
{
	return (str){ p, n };
}

/* Of an array that the pool keeps for this value; 0 without. A whole collection is the site's own. */
static size_t
element_size(const struct param *p)
{
	switch (p->kind) {
	case PARAM_TABLE: return sizeof *p->as.pairs;
	case PARAM_LIST: return sizeof *p->as.elements;
	case PARAM_ITEMS: return p->whole ? 0 : sizeof *p->as.items;
	case PARAM_VALS: return sizeof *p->as.vals;
	default: return 0;
	}
}

/* Children are in the pool already: their addresses stand for them. */
static uint64_t
hash_of(const struct param *p)
{
	uint64_t h = hash_mix(p->kind, p->len);

	if (element_size(p))
		return hash_mix(hash_mix(h, (uintptr_t)p->media ^ (uintptr_t)p->owner), hash64(bytes_of(p->as.pairs, p->len * element_size(p))));
	if (p->kind == PARAM_TEXT || p->kind == PARAM_HTML)
		return hash_mix(h, hash64(p->as.text));
	return hash_mix(h, hash_mix((uintptr_t)p->owner, hash64(bytes_of(&p->as, sizeof p->as))));
}

static bool
same(const struct param *a, const struct param *b)
{
	if (a->kind != b->kind || a->len != b->len || a->media != b->media || a->owner != b->owner || a->field != b->field || a->whole != b->whole)
		return false;
	if (element_size(a))
		return a->len == 0 || memcmp(a->as.pairs, b->as.pairs, a->len * element_size(a)) == 0;
	if (a->kind == PARAM_TEXT || a->kind == PARAM_HTML)
		return str_equal(a->as.text, b->as.text);
	return memcmp(&a->as, &b->as, sizeof a->as) == 0;
}

static void
grow(struct param_pool *pool)
{
	uint32_t n = pool->n_slots ? pool->n_slots * 2 : 1024;
	const struct param **slots = arena_array(pool->out, const struct param *, n);

	for (uint32_t i = 0; i < pool->n_slots; i++) {
		uint32_t at;
		if (!pool->slots[i])
			continue;
		for (at = (uint32_t)hash_of(pool->slots[i]) & (n - 1); slots[at]; at = (at + 1) & (n - 1))
			;
		slots[at] = pool->slots[i];
	}
	pool->slots = slots;
	pool->n_slots = n;
}

/* The pool's own of this value; what it points to is copied when it is new. */
static const struct param *
keep(struct param_pool *pool, const struct param *value)
{
	struct param *p;
	uint32_t at;

	if (pool->len * 2 >= pool->n_slots)
		grow(pool);
	for (at = (uint32_t)hash_of(value) & (pool->n_slots - 1); pool->slots[at]; at = (at + 1) & (pool->n_slots - 1))
		if (same(pool->slots[at], value))
			return pool->slots[at];
	p = arena_new(pool->out, struct param);
	*p = *value;
	if (element_size(p)) {
		void *copy = arena_alloc(pool->out, p->len + 1, element_size(p), alignof(void *));
		if (p->len)
			memcpy(copy, p->as.pairs, p->len * element_size(p));
		p->as.pairs = copy;
	} else if (p->kind == PARAM_TEXT || p->kind == PARAM_HTML) {
		p->as.text = str_copy(pool->out, p->as.text);
	}
	pool->len++;
	return pool->slots[at] = p;
}

/* --- copying --- */

static const struct param *
copy_elements(lua_State *L, int index, const struct list_value *l, struct param_pool *pool, int depth)
{
	struct arena_mark mark = arena_mark(&pool->tmp);
	const struct param **elements = arena_array(&pool->tmp, const struct param *, l->len + 1), *kept;

	for (uint32_t i = 0; i < l->len; i++) {
		push_element(L, index, l, i);
		elements[i] = param_copy(L, lua_gettop(L), pool, depth + 1);
		lua_pop(L, 1);
	}
	kept = keep(pool, &(struct param){ .kind = PARAM_LIST, .len = l->len, .as.elements = elements });
	arena_rewind(&pool->tmp, mark);
	return kept;
}

static const struct param *
copy_list(lua_State *L, int index, const struct list_value *l, struct param_pool *pool, int depth)
{
	if (l->backing == LIST_ITEMS)
		return keep(pool, &(struct param){ .kind = PARAM_ITEMS, .len = l->len, .as.items = l->items, .whole = l->whole });
	if (l->backing == LIST_VALS)
		return keep(pool, &(struct param){ .kind = PARAM_VALS, .len = l->len, .as.vals = l->vals, .owner = l->owner, .field = l->field });
	return copy_elements(L, index, l, pool, depth);
}

static int
by_address(const void *a, const void *b, void *context)
{
	const struct param_pair *x = a, *y = b;

	(void)context;
	return (x->key > y->key) - (x->key < y->key);
}

static const struct param *
copy_table(lua_State *L, int index, struct param_pool *pool, int depth)
{
	struct arena_mark mark = arena_mark(&pool->tmp);
	struct param p = { .kind = PARAM_TABLE };
	VEC(struct param_pair) pairs = { 0 };
	const struct param *kept;

	if (depth >= MAX_DEPTH)
		raise(L, SCRIPT_PARAM, STR_NONE, S("> 8"));
	luaL_checkstack(L, 12, "params");
	if (!sandbox_behind(L, index))
		lua_pushvalue(L, index);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		struct param_pair pair;
		if (lua_type(L, -2) == LUA_TLIGHTUSERDATA)
			continue;
		pair.key = param_copy(L, lua_gettop(L) - 1, pool, depth + 1);
		pair.value = param_copy(L, lua_gettop(L), pool, depth + 1);
		*vec_push(&pool->tmp, &pairs) = pair;
	}
	lua_rawgetp(L, -1, state_of(L)->shared);
	p.media = lua_touserdata(L, -1);
	lua_pop(L, 2);
	vec_sort(pairs.ptr, pairs.len, sizeof *pairs.ptr, by_address, NULL);   /* so that equal tables are the same bytes */
	p.as.pairs = pairs.ptr;
	p.len = (uint32_t)pairs.len;
	kept = keep(pool, &p);
	arena_rewind(&pool->tmp, mark);
	return kept;
}

static const struct param *
copy_userdata(lua_State *L, int index, struct param_pool *pool, int depth)
{
	const struct list_value *list = value_of(L, index, TAG_LIST);
	const struct item_value *item = value_of(L, index, TAG_ITEM);
	const struct object_value *object = value_of(L, index, TAG_OBJECT);
	const struct date_value *date = value_of(L, index, TAG_DATE);
	const struct html_value *html = value_of(L, index, TAG_HTML);

	if (list)
		return copy_list(L, index, list, pool, depth);
	if (item)
		return keep(pool, &(struct param){ .kind = PARAM_ITEM, .as.item = item->item });
	if (object)
		return keep(pool, &(struct param){ .kind = PARAM_OBJECT, .as.object = object->object, .owner = object->owner });
	if (date)
		return keep(pool, &(struct param){ .kind = PARAM_DATE, .as.date = *date });
	if (html)
		return keep(pool, &(struct param){ .kind = PARAM_HTML, .len = html->kind, .as.text = html->s });
	raise(L, SCRIPT_PARAM, STR_NONE, value_word(L, index));
}

/* Another string may have come to lie where one was: the bytes decide. */
static const struct param *
copy_text(struct param_pool *pool, str s)
{
	const char *at = s.ptr;
	size_t slot = ((uintptr_t)at >> 4 ^ (uintptr_t)at >> 12) % PARAM_TEXTS;
	const struct param *kept = pool->texts[slot].kept;

	if (pool->texts[slot].at == at && str_equal(kept->as.text, s))
		return kept;
	kept = keep(pool, &(struct param){ .kind = PARAM_TEXT, .as.text = s });
	pool->texts[slot].at = at;
	return pool->texts[slot].kept = kept;
}

const struct param *
param_copy(lua_State *L, int index, struct param_pool *pool, int depth)
{
	struct param p = { .kind = PARAM_NIL };
	const char *text;
	size_t len;

	switch (lua_type(L, index)) {
	case LUA_TNIL: break;
	case LUA_TBOOLEAN:
		p.kind = PARAM_BOOLEAN;
		p.as.boolean = lua_toboolean(L, index);
		break;
	case LUA_TNUMBER:
		p.kind = lua_isinteger(L, index) ? PARAM_INTEGER : PARAM_NUMBER;
		if (p.kind == PARAM_INTEGER)
			p.as.integer = lua_tointeger(L, index);
		else
			p.as.number = lua_tonumber(L, index);
		break;
	case LUA_TSTRING:
		text = lua_tolstring(L, index, &len);
		return copy_text(pool, (str){ text, len });
	case LUA_TTABLE: return copy_table(L, index, pool, depth);
	case LUA_TUSERDATA: return copy_userdata(L, index, pool, depth);
	default: raise(L, SCRIPT_PARAM, STR_NONE, value_word(L, index));
	}
	return keep(pool, &p);
}

static void
push_table(lua_State *L, const struct param *p)
{
	luaL_checkstack(L, 8, "params");
	lua_createtable(L, 0, (int)p->len);
	for (uint32_t i = 0; i < p->len; i++) {
		push_param(L, p->as.pairs[i].key);
		push_param(L, p->as.pairs[i].value);
		lua_rawset(L, -3);
	}
	if (p->media) {
		lua_pushlightuserdata(L, (void *)(uintptr_t)p->media);
		lua_rawsetp(L, -2, state_of(L)->shared);
	}
}

static void
push_list(lua_State *L, const struct param *p)
{
	struct list_value *l;

	if (p->kind == PARAM_ITEMS) {
		l = push_items(L, p->as.items, p->len);
		l->whole = p->whole;
	} else if (p->kind == PARAM_VALS) {
		push_vals(L, p->as.vals, p->len, p->owner, p->field);
	} else {
		lua_createtable(L, (int)p->len, 0);
		for (uint32_t i = 0; i < p->len; i++) {
			push_param(L, p->as.elements[i]);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		push_table_list(L);
	}
}

void
push_param(lua_State *L, const struct param *p)
{
	switch (p->kind) {
	case PARAM_NIL: lua_pushnil(L); break;
	case PARAM_BOOLEAN: lua_pushboolean(L, p->as.boolean); break;
	case PARAM_INTEGER: lua_pushinteger(L, p->as.integer); break;
	case PARAM_NUMBER: lua_pushnumber(L, p->as.number); break;
	case PARAM_TEXT: push_frozen(L, p->as.text); break;
	case PARAM_HTML: push_html(L, p->as.text, (enum text_kind)p->len); break;
	case PARAM_DATE: push_date(L, p->as.date.day, p->as.date.seconds, p->as.date.has_utc ? &p->as.date.utc : NULL); break;
	case PARAM_ITEM: push_item(L, p->as.item); break;
	case PARAM_OBJECT: push_object(L, p->as.object, p->owner); break;
	case PARAM_ITEMS: case PARAM_VALS: case PARAM_LIST: push_list(L, p); break;
	case PARAM_TABLE: push_table(L, p); break;
	}
}

const struct param *
param_empty(void)
{
	static const struct param empty = { .kind = PARAM_TABLE };

	return &empty;
}

const struct param *
param_get(const struct param *table, str key)
{
	for (uint32_t i = 0; table && table->kind == PARAM_TABLE && i < table->len; i++)
		if (table->as.pairs[i].key->kind == PARAM_TEXT && str_equal(table->as.pairs[i].key->as.text, key))
			return table->as.pairs[i].value;
	return NULL;
}

str
param_text(const struct param *p)
{
	return p && p->kind == PARAM_TEXT ? p->as.text : STR_NONE;
}
