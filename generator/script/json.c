/* Lua values as JSON, safe inside a script element. Keys are sorted; items are their exported fields, references their slugs. */
#include <math.h>

#include "script/state.h"

#define MAX_DEPTH 32             /* deeper is a table that contains itself */

static void
write_date(struct script_state *w, struct buf *b, day d, int32_t seconds)
{
	buf_byte(b, '"');
	buf_put(b, date_iso(w->arena, d));
	if (seconds >= 0)
		buf_format(b, "T%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
	buf_byte(b, '"');
}

static void
write_double(lua_State *L, double v, struct buf *b)
{
	if (!isfinite(v))
		raise(L, SCRIPT_NO_JSON, STR_NONE, S("inf/nan"));
	buf_number(b, v);
}

static void
write_number(lua_State *L, int index, struct buf *b)
{
	if (lua_isinteger(L, index))
		buf_int(b, lua_tointeger(L, index));
	else
		write_double(L, lua_tonumber(L, index), b);
}

static void
write_geo(lua_State *L, struct geo g, struct buf *b)
{
	buf_put(b, S("{\"lat\":"));
	write_double(L, g.lat, b);
	buf_put(b, S(",\"lon\":"));
	write_double(L, g.lon, b);
	buf_byte(b, '}');
}

static void
write_list(lua_State *L, int index, const struct list_value *l, struct buf *b, int depth)
{
	buf_byte(b, '[');
	for (uint32_t i = 0; i < l->len; i++) {
		if (i)
			buf_byte(b, ',');
		push_element(L, index, l, i);
		write_json(L, lua_gettop(L), b, depth + 1);
		lua_pop(L, 1);
	}
	buf_byte(b, ']');
}

static void
write_key(struct buf *b, bool *first, str key)
{
	if (!*first)
		buf_byte(b, ',');
	*first = false;
	buf_json_string(b, key);
	buf_byte(b, ':');
}

static void write_val(lua_State *L, const struct val *v, const struct item *owner, struct buf *b, int depth);

static void
write_fields(lua_State *L, const struct shape *shape, const struct item *item, const struct object *o, const struct item *owner, struct buf *b,
    int depth, bool first)
{
	struct script_state *w = state_of(L);

	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct field *f = &shape->fields[i];
		const struct val *v = item ? item_val(w, item, f) : object_val(o, i);
		if (!f->exported || !(v = read_field(w, owner, f, v)))
			continue;
		write_key(b, &first, f->name);
		write_val(L, v, owner, b, depth + 1);
	}
	buf_byte(b, '}');
}

static void
write_item(lua_State *L, const struct item *item, struct buf *b, int depth)
{
	struct script_state *w = state_of(L);
	bool first = true;

	buf_byte(b, '{');
	write_key(b, &first, S("type"));
	buf_json_string(b, item->type->name);
	write_key(b, &first, S("slug"));
	buf_json_string(b, item->slug);
	if (item->published && item->urls[w->language].ptr) {
		write_key(b, &first, S("url"));
		buf_json_string(b, str_cat(w->arena, w->site->base_url, item->urls[w->language]));
	}
	if (item->object.state) {
		write_key(b, &first, S("etat"));
		buf_json_string(b, item->object.state->name);
	}
	write_fields(L, &item->type->shape, item, NULL, item, b, depth, first);
}

static void
write_object(lua_State *L, const struct object_value *o, struct buf *b, int depth)
{
	buf_byte(b, '{');
	write_fields(L, o->object->shape, NULL, o->object, o->owner, b, depth, true);
}

static void
write_vals(lua_State *L, const struct val_list *l, const struct item *owner, struct buf *b, int depth)
{
	buf_byte(b, '[');
	for (uint32_t i = 0; i < l->len; i++) {
		if (i)
			buf_byte(b, ',');
		write_val(L, &l->items[i], owner, b, depth + 1);
	}
	buf_byte(b, ']');
}

/* What push_val and write_json would write, without the values of Lua between them; a reference is its slug. */
static void
write_val(lua_State *L, const struct val *v, const struct item *owner, struct buf *b, int depth)
{
	if (depth > MAX_DEPTH)
		raise(L, SCRIPT_NO_JSON, STR_NONE, S("> 32"));
	switch ((enum val_kind)v->kind) {
	case VAL_REF: buf_json_string(b, v->as.item->slug); break;
	case VAL_LIST: write_vals(L, v->as.list, owner, b, depth); break;
	case VAL_OBJECT: write_object(L, &(struct object_value){ TAG_OBJECT, v->as.object, owner }, b, depth); break;
	case VAL_TEXT: buf_json_string(b, v->as.text); break;
	case VAL_ENUM: buf_json_string(b, v->as.choice->key); break;
	case VAL_INTEGER: buf_int(b, v->as.integer); break;
	case VAL_NUMBER: write_double(L, v->as.number, b); break;
	case VAL_BOOLEAN: buf_put(b, v->as.boolean ? S("true") : S("false")); break;
	case VAL_GEO: write_geo(L, v->as.geo, b); break;
	case VAL_RICH: buf_json_string(b, rich_html(state_of(L), v->as.rich)); break;
	default:
		push_val(L, v, owner);
		write_json(L, lua_gettop(L), b, depth + 1);
		lua_pop(L, 1);
	}
}

/* Are the n keys of the table at the top its whole content? */
static bool
is_array(lua_State *L, lua_Integer n)
{
	lua_Integer keys = 0;

	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
		if (lua_type(L, -2) != LUA_TLIGHTUSERDATA)
			keys++;
	return keys == n;
}

/* The table at the top. */
static void
write_array(lua_State *L, lua_Integer n, struct buf *b, int depth)
{
	int table = lua_gettop(L);

	buf_byte(b, '[');
	for (lua_Integer i = 1; i <= n; i++) {
		if (i > 1)
			buf_byte(b, ',');
		lua_rawgeti(L, table, i);
		write_json(L, table + 1, b, depth + 1);
		lua_settop(L, table);
	}
	buf_byte(b, ']');
}

static void
write_few(lua_State *L, const struct few_pairs *p, struct buf *b, int depth)
{
	bool first = true;
	size_t len;

	buf_byte(b, '{');
	for (uint32_t i = 0; i < p->n; i++) {
		const char *key = lua_tolstring(L, p->key[i], &len);
		write_key(b, &first, (str){ key, len });
		write_json(L, p->key[i] + 1, b, depth + 1);
	}
	buf_byte(b, '}');
}

static void
write_many(lua_State *L, int index, struct buf *b, int depth)
{
	bool first = true;
	size_t len;
	const char *key;

	buf_byte(b, '{');
	pairs_begin(L, index);
	while (pairs_next(L)) {
		lua_pushvalue(L, -2);
		key = lua_tolstring(L, -1, &len);
		if (!key)
			raise(L, SCRIPT_NO_JSON, STR_NONE, value_word(L, -1));
		write_key(b, &first, (str){ key, len });
		lua_pop(L, 1);
		write_json(L, lua_gettop(L), b, depth + 1);
		lua_pop(L, 2);
	}
	buf_byte(b, '}');
}

static void
write_table(lua_State *L, int index, struct buf *b, int depth)
{
	struct few_pairs p;
	int top = lua_gettop(L);
	lua_Integer n;

	if (!sandbox_behind(L, index))
		lua_pushvalue(L, index);
	n = (lua_Integer)lua_rawlen(L, -1);
	if (n ? is_array(L, n) : (lua_pushnil(L), !lua_next(L, -2)))
		write_array(L, n, b, depth);
	else if (sandbox_few_pairs(L, index, &p))
		write_few(L, &p, b, depth);
	else
		write_many(L, index, b, depth);
	lua_settop(L, top);
}

static void
write_userdata(lua_State *L, int index, struct buf *b, int depth)
{
	const void *v = lua_touserdata(L, index);

	switch (value_tag(L, index)) {
	case TAG_ITEM: write_item(L, ((const struct item_value *)v)->item, b, depth); break;
	case TAG_OBJECT: write_object(L, v, b, depth); break;
	case TAG_LIST: write_list(L, index, v, b, depth); break;
	case TAG_DATE: write_date(state_of(L), b, ((const struct date_value *)v)->day, ((const struct date_value *)v)->seconds); break;
	case TAG_HTML:
		if (((const struct html_value *)v)->kind == KIND_JSON)
			buf_put(b, ((const struct html_value *)v)->s);
		else
			buf_json_string(b, ((const struct html_value *)v)->s);
		break;
	default: raise(L, SCRIPT_NO_JSON, STR_NONE, value_word(L, index));
	}
}

void
write_json(lua_State *L, int index, struct buf *b, int depth)
{
	size_t len;
	const char *p;

	if (depth > MAX_DEPTH)
		raise(L, SCRIPT_NO_JSON, STR_NONE, S("> 32"));
	luaL_checkstack(L, 12, "json");
	switch (lua_type(L, index)) {
	case LUA_TNIL: buf_put(b, S("null")); break;
	case LUA_TBOOLEAN: buf_put(b, lua_toboolean(L, index) ? S("true") : S("false")); break;
	case LUA_TNUMBER: write_number(L, index, b); break;
	case LUA_TSTRING:
		p = lua_tolstring(L, index, &len);
		buf_json_string(b, (str){ p, len });
		break;
	case LUA_TTABLE: write_table(L, index, b, depth); break;
	case LUA_TUSERDATA: write_userdata(L, index, b, depth); break;
	default: raise(L, SCRIPT_NO_JSON, STR_NONE, value_word(L, index));
	}
}
