/* Maps and plans: mercator(lon, lat); ecarter(places, how): signs that do not touch; ecrire_autour(words, how): names beside their places (map/). */
#include <math.h>

#include "map/places.h"
#include "script/state.h"

#define MAX_TRIES 10000
#define FARTHEST 1e15               /* whole numbers below it are exact */

/* EPSG:3857 of the unit sphere, y downwards. */
static int
api_mercator(lua_State *L)
{
	const double pi = 3.141592653589793, degree = pi / 180;

	lua_pushnumber(L, luaL_checknumber(L, 1) * degree);
	lua_pushnumber(L, -log(tan(pi / 4 + luaL_checknumber(L, 2) * degree / 2)));
	return 2;
}

/* The number at the top. */
static double
number(lua_State *L, const char *name)
{
	double v = lua_tonumber(L, -1);

	if (lua_type(L, -1) != LUA_TNUMBER || !(fabs(v) <= FARTHEST))
		raise(L, SCRIPT_EXPECTED, STR_NONE, str_from_c(name), value_word(L, -1));
	lua_pop(L, 1);
	return v;
}

static double
setting(lua_State *L, const char *name)
{
	lua_getfield(L, 2, name);
	return number(L, name);
}

/* The numbers of a flat table: `each` make one thing, whose `form` tells what they are. */
static const double *
numbers(lua_State *L, int table, uint32_t each, const char *form, uint32_t *n)
{
	lua_Unsigned length;
	double *v;

	if (!lua_istable(L, table))
		raise(L, SCRIPT_EXPECTED, STR_NONE, str_from_c(form), value_word(L, table));
	if (!sandbox_behind(L, table))
		lua_pushvalue(L, table);
	length = lua_rawlen(L, -1);
	if (length % each || length > UINT32_MAX)
		raise(L, SCRIPT_EXPECTED, STR_NONE, str_from_c(form), S("table"));
	v = arena_array(state_of(L)->arena, double, length);
	check_arena(L);
	for (lua_Unsigned i = 0; i < length; i++) {
		lua_rawgeti(L, -1, (lua_Integer)i + 1);
		v[i] = number(L, form);
	}
	lua_pop(L, 1);
	*n = (uint32_t)(length / each);
	return v;
}

static struct map_box
read_frame(lua_State *L)
{
	uint32_t n;
	const double *v;

	lua_getfield(L, 2, "cadre");
	v = numbers(L, lua_gettop(L), 4, "cadre = {gauche, haut, droite, bas}", &n);
	lua_pop(L, 1);
	if (n != 1)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("cadre = {gauche, haut, droite, bas}"), S("table"));
	return (struct map_box){ v[0], v[1], v[2], v[3] };
}

static uint32_t
count_setting(lua_State *L, const char *name)
{
	double v = setting(L, name);

	return v > MAX_TRIES ? MAX_TRIES : v > 0 ? (uint32_t)v : 0;
}

/* Two values of the table at the top, the i-th pair. */
static void
put_pair(lua_State *L, uint32_t i, bool stands, double x, double y, bool whole)
{
	for (int k = 0; k < 2; k++) {
		double v = k ? y : x;
		if (!stands)
			lua_pushboolean(L, false);
		else if (whole)
			lua_pushinteger(L, (lua_Integer)v);
		else
			lua_pushnumber(L, v);
		lua_rawseti(L, -2, 2 * (lua_Integer)i + k + 1);
	}
}

/* ecarter({x, y, …}, {ecart, essais, combien, cadre = {gauche, haut, droite, bas}}) */
static int
api_spread(lua_State *L)
{
	struct script_state *w = state_of(L);
	uint32_t n;
	const double *v = numbers(L, 1, 2, "{x, y, …}", &n);
	struct map_sign *signs = arena_array(w->arena, struct map_sign, n);
	struct map_crowd crowd;

	luaL_checktype(L, 2, LUA_TTABLE);
	crowd = (struct map_crowd){ setting(L, "ecart"), count_setting(L, "essais"), count_setting(L, "combien"), read_frame(L) };
	if (!(crowd.apart > 0))
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("ecart > 0"), S("number"));
	for (uint32_t i = 0; i < n; i++)
		signs[i] = (struct map_sign){ v[2 * i], v[2 * i + 1], false };
	map_spread(signs, n, &crowd, w->arena);
	check_arena(L);
	lua_createtable(L, (int)(2 * n), 0);
	for (uint32_t i = 0; i < n; i++)
		put_pair(L, i, signs[i].stands, signs[i].x, signs[i].y, true);
	return 1;
}

/* ecrire_autour({x, y, width, …}, {hauteur, pas = {…}, pris = {gauche, haut, droite, bas, …}, cadre}) */
static int
api_write_around(lua_State *L)
{
	struct script_state *w = state_of(L);
	uint32_t n;
	const double *v = numbers(L, 1, 3, "{x, y, largeur, …}", &n), *taken;
	struct map_word *words = arena_array(w->arena, struct map_word, n);
	struct map_words how = { 0 };
	struct map_box *boxes;

	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	how.height = setting(L, "hauteur");
	how.frame = read_frame(L);
	lua_getfield(L, 2, "pas");
	how.steps = numbers(L, 3, 1, "pas = {…}", &how.n_steps);
	lua_getfield(L, 2, "pris");
	taken = numbers(L, 4, 4, "pris = {gauche, haut, droite, bas, …}", &how.n_taken);
	how.taken = boxes = arena_array(w->arena, struct map_box, how.n_taken);
	for (uint32_t i = 0; i < how.n_taken; i++)
		boxes[i] = (struct map_box){ taken[4 * i], taken[4 * i + 1], taken[4 * i + 2], taken[4 * i + 3] };
	for (uint32_t i = 0; i < n; i++)
		words[i] = (struct map_word){ v[3 * i], v[3 * i + 1], v[3 * i + 2], false };
	map_write_words(words, n, &how, w->arena);
	check_arena(L);
	lua_createtable(L, (int)(2 * n), 0);
	for (uint32_t i = 0; i < n; i++)
		put_pair(L, i, words[i].stands, words[i].x, words[i].y, false);
	return 1;
}

void
api_places_open(struct script_state *w)
{
	static const luaL_Reg functions[] = { { "mercator", api_mercator }, { "ecarter", api_spread }, { "ecrire_autour", api_write_around },
		{ NULL, NULL } };

	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	luaL_setfuncs(w->L, functions, 0);
	lua_pop(w->L, 1);
}
