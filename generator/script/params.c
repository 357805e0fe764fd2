/* Params of a route: deep-copied into frozen memory, given back as fresh tables to each page. */
#include "script/params.h"

#define MAX_DEPTH 8

static struct param *
new_param(struct arena *out, enum param_kind kind)
{
	struct param *p = arena_new(out, struct param);

	p->kind = kind;
	return p;
}

static struct param *
copy_list(lua_State *L, int index, const struct list_value *l, struct arena *out, int depth)
{
	struct param *p = new_param(out, l->backing == LIST_ITEMS ? PARAM_ITEMS : l->backing == LIST_VALS ? PARAM_VALS : PARAM_LIST);

	p->len = l->len;
	if (l->backing == LIST_ITEMS) {
		/* Lists of collections are frozen; selections live in the arena of this run, which is `out`. */
		p->as.items = l->items;
		p->whole = l->whole;
	} else if (l->backing == LIST_VALS) {
		p->as.vals = l->vals;
		p->owner = l->owner;
		p->field = l->field;
	} else {
		p->as.elements = arena_array(out, const struct param *, l->len + 1);
		for (uint32_t i = 0; i < l->len; i++) {
			push_element(L, index, l, i);
			p->as.elements[i] = param_copy(L, lua_gettop(L), out, depth + 1);
			lua_pop(L, 1);
		}
	}
	return p;
}

static struct param *
copy_table(lua_State *L, int index, struct arena *out, int depth)
{
	struct param *p = new_param(out, PARAM_TABLE);
	VEC(struct param_pair) pairs = { 0 };

	if (depth >= MAX_DEPTH)
		raise(L, SCRIPT_PARAM, STR_NONE, S("> 8"));
	luaL_checkstack(L, 12, "params");
	lua_pushcfunction(L, sandbox_pairs);
	lua_pushvalue(L, index);
	lua_call(L, 1, 1);
	for (;;) {
		lua_pushvalue(L, -1);
		lua_call(L, 0, 2);
		if (lua_isnil(L, -2))
			break;
		struct param *key = param_copy(L, lua_gettop(L) - 1, out, depth + 1);
		struct param *value = param_copy(L, lua_gettop(L), out, depth + 1);
		*vec_push(out, &pairs) = (struct param_pair){ key, value };
		lua_pop(L, 2);
	}
	lua_pop(L, 3);
	lua_rawgetp(L, index, state_of(L)->shared);
	p->media = lua_touserdata(L, -1);
	lua_pop(L, 1);
	p->as.pairs = pairs.ptr;
	p->len = (uint32_t)pairs.len;
	return p;
}

static struct param *
copy_userdata(lua_State *L, int index, struct arena *out, int depth)
{
	const struct list_value *list = value_of(L, index, TAG_LIST);
	const struct item_value *item = value_of(L, index, TAG_ITEM);
	const struct object_value *object = value_of(L, index, TAG_OBJECT);
	const struct date_value *date = value_of(L, index, TAG_DATE);
	const struct html_value *html = value_of(L, index, TAG_HTML);
	struct param *p;

	if (list)
		return copy_list(L, index, list, out, depth);
	if (item) {
		p = new_param(out, PARAM_ITEM);
		p->as.item = item->item;
	} else if (object) {
		p = new_param(out, PARAM_OBJECT);
		p->as.object = object->object;
		p->owner = object->owner;
	} else if (date) {
		p = new_param(out, PARAM_DATE);
		p->as.date = *date;
	} else if (html) {
		p = new_param(out, PARAM_HTML);
		p->len = html->kind;
		p->as.text = str_copy(out, html->s);
	} else {
		raise(L, SCRIPT_PARAM, STR_NONE, value_word(L, index));
	}
	return p;
}

struct param *
param_copy(lua_State *L, int index, struct arena *out, int depth)
{
	struct param *p;
	size_t len;
	const char *text;

	switch (lua_type(L, index)) {
	case LUA_TNIL: return new_param(out, PARAM_NIL);
	case LUA_TBOOLEAN:
		p = new_param(out, PARAM_BOOLEAN);
		p->as.boolean = lua_toboolean(L, index);
		return p;
	case LUA_TNUMBER:
		p = new_param(out, lua_isinteger(L, index) ? PARAM_INTEGER : PARAM_NUMBER);
		if (p->kind == PARAM_INTEGER)
			p->as.integer = lua_tointeger(L, index);
		else
			p->as.number = lua_tonumber(L, index);
		return p;
	case LUA_TSTRING:
		p = new_param(out, PARAM_TEXT);
		text = lua_tolstring(L, index, &len);
		p->as.text = str_copy(out, (str){ text, len });
		return p;
	case LUA_TTABLE: return copy_table(L, index, out, depth);
	case LUA_TUSERDATA: return copy_userdata(L, index, out, depth);
	default: raise(L, SCRIPT_PARAM, STR_NONE, value_word(L, index));
	}
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
	case PARAM_TEXT: push_str(L, p->as.text); break;
	case PARAM_HTML: push_html(L, p->as.text, (enum text_kind)p->len); break;
	case PARAM_DATE: push_date(L, p->as.date.day, p->as.date.seconds, p->as.date.has_utc ? &p->as.date.utc : NULL); break;
	case PARAM_ITEM: push_item(L, p->as.item); break;
	case PARAM_OBJECT: push_object(L, p->as.object, p->owner); break;
	case PARAM_ITEMS: case PARAM_VALS: case PARAM_LIST: push_list(L, p); break;
	case PARAM_TABLE: push_table(L, p); break;
	}
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
