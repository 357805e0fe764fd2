/* Values that Lua sees as userdata: html, dates; and how a typed value of the model becomes one of Lua. */
#include "base/hash.h"
#include "base/suggest.h"
#include "script/state.h"

uint32_t
value_tag(lua_State *L, int index)
{
	/* Full userdata that a theme can hold are all ours and start with their tag. */
	const uint32_t *tag = lua_type(L, index) == LUA_TUSERDATA ? lua_touserdata(L, index) : NULL;

	return tag ? *tag : 0;
}

void *
value_of(lua_State *L, int index, uint32_t tag)
{
	return value_tag(L, index) == tag ? lua_touserdata(L, index) : NULL;
}

str
value_word(lua_State *L, int index)
{
	static const str words[] = { S_INIT(""), S_INIT("item"), S_INIT("objet"), S_INIT("liste"), S_INIT("date"), S_INIT("html"), S_INIT("site") };
	uint32_t tag = value_tag(L, index);

	return tag ? words[tag] : str_from_c(luaL_typename(L, index));
}

void
push_str(lua_State *L, str s)
{
	if (s.ptr)
		lua_pushlstring(L, s.ptr, s.len);
	else
		lua_pushnil(L);
}

str
check_str(lua_State *L, int arg)
{
	size_t len;
	const char *p = luaL_checklstring(L, arg, &len);

	return (str){ p, len };
}

str
field_str(lua_State *L, int table, const char *name)
{
	struct script_state *w = state_of(L);
	size_t len;
	const char *p;
	str s = STR_NONE;

	if (lua_getfield(L, table, name) != LUA_TNIL) {
		p = lua_tolstring(L, -1, &len);
		if (p)
			s = str_copy(w->arena, (str){ p, len });
	}
	lua_pop(L, 1);
	return s;
}

str
prefixed(struct script_state *w, str url)
{
	return w->site->base_path.len ? str_cat(w->arena, w->site->base_path, url) : url;
}

void
push_prefixed(lua_State *L, str url)
{
	struct script_state *w = state_of(L);

	if (url.ptr && w->site->base_path.len)
		push_str(L, prefixed(w, url));
	else
		push_frozen(L, url);
}

void
pairs_begin(lua_State *L, int table)
{
	table = lua_absindex(L, table);
	lua_pushcfunction(L, sandbox_pairs);
	lua_pushvalue(L, table);
	lua_call(L, 1, 1);
}

bool
pairs_next(lua_State *L)
{
	lua_pushvalue(L, -1);
	lua_call(L, 0, 2);
	if (!lua_isnil(L, -2))
		return true;
	lua_pop(L, 3);
	return false;
}

/* --- html --- */

void
push_html(lua_State *L, str s, enum text_kind kind)
{
	struct html_value *h = lua_newuserdatauv(L, sizeof *h, 0);

	check_arena(L);
	*h = (struct html_value){ TAG_HTML, kind, s };
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_html_meta);
	lua_setmetatable(L, -2);
}

static int
html_length(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)((struct html_value *)lua_touserdata(L, 1))->s.len);
	return 1;
}

static int
html_equal(lua_State *L)
{
	const struct html_value *a = value_of(L, 1, TAG_HTML), *b = value_of(L, 2, TAG_HTML);

	lua_pushboolean(L, a && b && a->kind == b->kind && str_equal(a->s, b->s));
	return 1;
}

static int
html_concat(lua_State *L)
{
	raise_plain(L, SCRIPT_HTML_CONCAT);
}

static int
html_index(lua_State *L)
{
	raise(L, SCRIPT_NO_MEMBER, check_str(L, 2), S("html"), check_str(L, 2), S(""));
}

/* --- dates --- */

void
push_date(lua_State *L, day d, int32_t seconds, const int64_t *utc)
{
	struct date_value *v;

	if (d == DAY_NONE) {
		lua_pushnil(L);
		return;
	}
	v = lua_newuserdatauv(L, sizeof *v, 0);
	*v = (struct date_value){ TAG_DATE, d, seconds, utc != NULL, utc ? *utc : 0 };
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_date_meta);
	lua_setmetatable(L, -2);
}

static const struct date_value *
check_date(lua_State *L, int arg)
{
	const struct date_value *d = value_of(L, arg, TAG_DATE);

	if (!d)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("date"), value_word(L, arg));
	return d;
}

static int64_t
instant(const struct date_value *d)
{
	return (int64_t)d->day * 86400 + (d->seconds > 0 ? d->seconds : 0);
}

static int
date_equal(lua_State *L)
{
	const struct date_value *a = value_of(L, 1, TAG_DATE), *b = value_of(L, 2, TAG_DATE);

	lua_pushboolean(L, a && b && instant(a) == instant(b));
	return 1;
}

static int
date_less(lua_State *L)
{
	lua_pushboolean(L, instant(check_date(L, 1)) < instant(check_date(L, 2)));
	return 1;
}

static int
date_less_equal(lua_State *L)
{
	lua_pushboolean(L, instant(check_date(L, 1)) <= instant(check_date(L, 2)));
	return 1;
}

static int
date_add(lua_State *L)
{
	int d_at = value_of(L, 1, TAG_DATE) ? 1 : 2;
	struct date_value d = *check_date(L, d_at);
	lua_Integer n = luaL_checkinteger(L, 3 - d_at);

	if (n < -4000000 || n > 4000000)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("-4000000 … 4000000"), str_format(state_of(L)->arena, "%lld", (long long)n));
	push_date(L, d.day + (day)n, d.seconds, NULL);
	return 1;
}

/* d - d2 → days; d - n → date. */
static int
date_subtract(lua_State *L)
{
	struct date_value d = *check_date(L, 1);
	const struct date_value *other = value_of(L, 2, TAG_DATE);

	if (other) {
		lua_pushinteger(L, d.day - other->day);
		return 1;
	}
	lua_pushinteger(L, -luaL_checkinteger(L, 2));
	lua_replace(L, 2);
	return date_add(L);
}

static int
date_add_months(lua_State *L)
{
	const struct date_value *d = check_date(L, 1);
	lua_Integer n = luaL_checkinteger(L, 2);

	if (n < -12000 || n > 12000)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("-12000 … 12000"), str_format(state_of(L)->arena, "%lld", (long long)n));
	push_date(L, day_add_months(d->day, (int)n), d->seconds, NULL);
	return 1;
}

static int
date_index(lua_State *L)
{
	static const str names[] = { S_INIT("annee"), S_INIT("mois"), S_INIT("jour"), S_INIT("heure"), S_INIT("minute"),
		S_INIT("jour_semaine"), S_INIT("plus_mois") };
	const struct date_value *d = lua_touserdata(L, 1);
	struct civil c = civil_from_day(d->day);
	int values[] = { c.year, c.month, c.day, d->seconds / 3600, d->seconds / 60 % 60, day_of_week(d->day) };
	str name = check_str(L, 2);

	for (size_t i = 0; i < 6; i++) {
		if (!str_equal(name, names[i]))
			continue;
		if ((i == 3 || i == 4) && d->seconds < 0)
			lua_pushnil(L);
		else
			lua_pushinteger(L, values[i]);
		return 1;
	}
	if (str_equal(name, names[6])) {
		lua_pushcfunction(L, date_add_months);
		return 1;
	}
	raise(L, SCRIPT_NO_MEMBER, name, S("date"), name, suggest_nearest(name, names, 7));
}

/* --- values of the model --- */

static const char *const duration_units[] = { "minute", "heure", "jour", "semaine", "mois", "annee" };

static void
push_duration(lua_State *L, const struct val *v)
{
	lua_createtable(L, 0, 3);
	lua_pushinteger(L, v->as.duration.amount);
	lua_setfield(L, -2, "valeur");
	lua_pushstring(L, duration_units[v->as.duration.unit]);
	lua_setfield(L, -2, "unite");
	if (v->as.duration.minutes >= 0) {
		lua_pushinteger(L, v->as.duration.minutes);
		lua_setfield(L, -2, "minutes");
	}
}

static void
push_geo(lua_State *L, struct geo g)
{
	lua_createtable(L, 0, 2);
	lua_pushnumber(L, g.lat);
	lua_setfield(L, -2, "lat");
	lua_pushnumber(L, g.lon);
	lua_setfield(L, -2, "lon");
}

/* The media itself stands in the table under a key no theme can make: image() and url() find it there. */
void
push_media(lua_State *L, const struct media *m)
{
	struct script_state *w = state_of(L);

	if (!m->url.ptr) {           /* of site.yaml, under `retirer`: a file in error is as if absent */
		lua_pushnil(L);
		return;
	}
	lua_createtable(L, 0, 6);
	push_str(L, m->path);
	lua_setfield(L, -2, "fichier");
	push_str(L, prefixed(w, m->url));
	lua_setfield(L, -2, "url");
	push_str(L, m->mime);
	lua_setfield(L, -2, "mime");
	lua_pushinteger(L, (lua_Integer)m->size);
	lua_setfield(L, -2, "octets");
	if (m->width) {
		lua_pushinteger(L, m->width);
		lua_setfield(L, -2, "largeur");
		lua_pushinteger(L, m->height);
		lua_setfield(L, -2, "hauteur");
	}
	lua_pushlightuserdata(L, (void *)(uintptr_t)m);
	lua_rawsetp(L, -2, w->shared);
}

void
push_val(lua_State *L, const struct val *v, const struct item *owner)
{
	switch ((enum val_kind)v->kind) {
	case VAL_NONE: lua_pushnil(L); break;
	case VAL_TEXT: case VAL_REF_TEXT: push_frozen(L, v->as.text); break;
	case VAL_RICH: push_html(L, rich_html(state_of(L), v->as.rich), KIND_HTML); break;
	case VAL_INTEGER: lua_pushinteger(L, v->as.integer); break;
	case VAL_NUMBER: lua_pushnumber(L, v->as.number); break;
	case VAL_BOOLEAN: lua_pushboolean(L, v->as.boolean); break;
	case VAL_DATE: push_date(L, v->as.date, -1, NULL); break;
	case VAL_MOMENT: push_date(L, v->as.moment.local, v->as.moment.seconds, &v->as.moment.utc); break;
	case VAL_DURATION: push_duration(L, v); break;
	case VAL_ENUM: push_frozen(L, v->as.choice->key); break;
	case VAL_MEDIA: push_media(L, v->as.media); break;
	case VAL_GEO: push_geo(L, v->as.geo); break;
	case VAL_REF: push_item(L, v->as.item); break;
	case VAL_LIST: push_vals(L, v->as.list->items, v->as.list->len, owner, NULL); break;
	case VAL_OBJECT: push_object(L, v->as.object, owner); break;
	}
}

int
keep_metatable(lua_State *L, const luaL_Reg *functions)
{
	lua_newtable(L);
	luaL_setfuncs(L, functions, 0);
	return luaL_ref(L, LUA_REGISTRYINDEX);
}

void
values_open(struct script_state *w)
{
	static const luaL_Reg html[] = { { "__len", html_length }, { "__eq", html_equal }, { "__concat", html_concat }, { "__index", html_index },
		{ NULL, NULL } };
	static const luaL_Reg date[] = { { "__eq", date_equal }, { "__lt", date_less }, { "__le", date_less_equal }, { "__add", date_add },
		{ "__sub", date_subtract }, { "__index", date_index }, { NULL, NULL } };

	w->ref_html_meta = keep_metatable(w->L, html);
	w->ref_date_meta = keep_metatable(w->L, date);
}
