/* contours(fichier, choisir, pas): polygons of a GeoJSON file, put together by groups and simplified (map/). */
#include <math.h>

#include "map/contours.h"
#include "script/jsonfile.h"

struct reading {
	lua_State *L;
	str file;
	size_t feature;                    /* at hand, for messages */
	struct arena *tmp;                 /* NULL while the file is only checked: what may raise does it then */
	VEC(struct map_face) faces;
};

_Noreturn static void
refuse(struct reading *r, const char *what)
{
	raise(r->L, SCRIPT_CONTOURS, STR_NONE, r->file, str_format(state_of(r->L)->out, "features[%zu]: %s", r->feature, what));
}

/* --- geometry --- */

static bool
read_degrees(const json_t *position, size_t i, double most, int32_t *out)
{
	const json_t *n = json_array_get(position, i);
	double v = json_number_value(n);

	if (!json_is_number(n) || !(fabs(v) <= most))
		return false;
	*out = (int32_t)lround(v * 1e7);
	return true;
}

static struct map_ring
read_ring(struct reading *r, const json_t *ring, bool hole)
{
	size_t n = json_array_size(ring);
	struct map_point p, *points = r->tmp ? arena_array(r->tmp, struct map_point, n) : &p;

	for (size_t i = 0; i < n; i++) {
		const json_t *position = json_array_get(ring, i);
		if (!read_degrees(position, 0, 180, &points->lon) || !read_degrees(position, 1, 90, &points->lat))
			refuse(r, "coordinates");
		points += r->tmp != NULL;
	}
	return (struct map_ring){ r->tmp ? points - n : NULL, (uint32_t)n, hole };
}

typedef VEC(struct map_ring) ring_list;

static void
read_polygon(struct reading *r, const json_t *polygon, ring_list *rings)
{
	for (size_t i = 0; i < json_array_size(polygon); i++) {
		struct map_ring ring = read_ring(r, json_array_get(polygon, i), i > 0);
		if (r->tmp)
			*vec_push(r->tmp, rings) = ring;
	}
}

/* A feature without geometry has no place, and no rings. */
static void
read_feature(struct reading *r, const json_t *feature, uint32_t group)
{
	const json_t *geometry = json_object_get(feature, "geometry"), *coordinates = json_object_get(geometry, "coordinates");
	const char *type = json_string_value(json_object_get(geometry, "type"));
	ring_list rings = { 0 };

	if (!geometry || json_is_null(geometry))
		return;
	if (!type || !json_is_array(coordinates))
		refuse(r, "geometry");
	if (str_equal(str_from_c(type), S("Polygon")))
		read_polygon(r, coordinates, &rings);
	else if (str_equal(str_from_c(type), S("MultiPolygon")))
		for (size_t i = 0; i < json_array_size(coordinates); i++)
			read_polygon(r, json_array_get(coordinates, i), &rings);
	else
		refuse(r, type);
	if (r->tmp)
		*vec_push(r->tmp, &r->faces) = (struct map_face){ rings.ptr, (uint32_t)rings.len, group };
}

/* --- groups --- */

/* What choisir() says of a feature: the number of its group, made when it is new; -1 for what is not wanted. Groups' names are the keys and
 * the list of the table at `groups`. */
static int64_t
choose(struct reading *r, const json_t *feature, int groups)
{
	lua_State *L = r->L;
	lua_Integer n;

	lua_pushvalue(L, 2);
	push_json(L, json_object_get(feature, "properties") ? json_object_get(feature, "properties") : json_null());
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		lua_newtable(L);
	}
	lua_call(L, 1, 1);
	if (!lua_toboolean(L, -1)) {
		lua_pop(L, 1);
		return -1;
	}
	if (lua_type(L, -1) != LUA_TSTRING)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("function (p) return \"…\" end"), value_word(L, -1));
	lua_pushvalue(L, -1);
	if (lua_rawget(L, groups) == LUA_TNIL) {
		n = (lua_Integer)lua_rawlen(L, groups) + 1;
		lua_pushvalue(L, -2);
		lua_rawseti(L, groups, n);
		lua_pushvalue(L, -2);
		lua_pushinteger(L, n);
		lua_rawset(L, groups);
	} else
		n = lua_tointeger(L, -1);
	lua_pop(L, 2);
	return n - 1;
}

/* --- what Lua gets --- */

static void
push_line(lua_State *L, const struct map_line *line)
{
	lua_createtable(L, (int)(2 * line->n), 0);
	for (uint32_t i = 0; i < line->n; i++) {
		lua_pushnumber(L, line->points[i].lon / 1e7);
		lua_rawseti(L, -2, 2 * (lua_Integer)i + 1);
		lua_pushnumber(L, line->points[i].lat / 1e7);
		lua_rawseti(L, -2, 2 * (lua_Integer)i + 2);
	}
}

static void
push_lines(lua_State *L, const struct map_line *lines, uint32_t n)
{
	lua_createtable(L, (int)n, 0);
	for (uint32_t i = 0; i < n; i++) {
		push_line(L, &lines[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static void
push_group(lua_State *L, const struct map_group *g, int groups, lua_Integer number)
{
	lua_createtable(L, 0, 2);
	lua_rawgeti(L, groups, number);
	lua_setfield(L, -2, "cle");
	lua_createtable(L, (int)g->n_polygons, 0);
	for (uint32_t i = 0; i < g->n_polygons; i++) {
		push_lines(L, g->polygons[i].rings, g->polygons[i].n_rings);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_setfield(L, -2, "polygones");
}

static void
push_contours(lua_State *L, const struct map_contours *c, int groups, uint32_t n_groups)
{
	const double corners[4] = { c->least.lon / 1e7, c->least.lat / 1e7, c->most.lon / 1e7, c->most.lat / 1e7 };

	lua_createtable(L, 0, 3);
	lua_createtable(L, 4, 0);
	for (int i = 0; i < 4; i++) {
		lua_pushnumber(L, corners[i]);
		lua_rawseti(L, -2, i + 1);
	}
	lua_setfield(L, -2, "bornes");
	lua_createtable(L, (int)n_groups, 0);
	for (uint32_t g = 0; g < n_groups; g++) {
		push_group(L, &c->groups[g], groups, (lua_Integer)g + 1);
		lua_rawseti(L, -2, (lua_Integer)g + 1);
	}
	lua_setfield(L, -2, "groupes");
	push_lines(L, c->inner, c->n_inner);
	lua_setfield(L, -2, "lignes");
}

/* --- the function --- */

/* Asks choisir() about every feature, and looks at what it wants. Nothing is held that an error would lose. */
static int64_t *
choose_all(struct reading *r, const json_t *features, int groups)
{
	int64_t *group = arena_array(state_of(r->L)->arena, int64_t, json_array_size(features));

	for (r->feature = 0; r->feature < json_array_size(features); r->feature++) {
		group[r->feature] = choose(r, json_array_get(features, r->feature), groups);
		if (group[r->feature] >= 0)
			read_feature(r, json_array_get(features, r->feature), (uint32_t)group[r->feature]);
	}
	return group;
}

static bool
draw(struct reading *r, const json_t *features, const int64_t *group, uint32_t n_groups, double steps, struct map_contours *result)
{
	struct script_state *w = state_of(r->L);
	struct arena tmp;
	bool drawn;

	arena_init(&tmp, w->out->source);
	r->tmp = &tmp;
	for (r->feature = 0; r->feature < json_array_size(features); r->feature++)
		if (group[r->feature] >= 0)
			read_feature(r, json_array_get(features, r->feature), (uint32_t)group[r->feature]);
	drawn = map_contours(r->faces.ptr, (uint32_t)r->faces.len, n_groups, steps, w->arena, &tmp, result);
	arena_free(&tmp);
	return drawn;
}

/* The file's tree, read once by each state: every territory asks for its part of the same one. */
static const json_t *
file_tree(lua_State *L, int arg)
{
	const struct media *m = media_in(L, arg);

	if (!m || lua_rawgetp(L, LUA_REGISTRYINDEX, m) != LUA_TUSERDATA) {
		push_json_file(L, arg);
		lua_pushvalue(L, -1);
		lua_rawsetp(L, LUA_REGISTRYINDEX, m);
	}
	return *(json_t **)lua_touserdata(L, -1);
}

/* contours(site.contours, function(p) return p.epci end, 600) */
static int
api_contours(lua_State *L)
{
	struct reading r = { .L = L };
	double steps = luaL_checknumber(L, 3);
	struct map_contours result;
	const json_t *features;
	int64_t *group;
	bool drawn;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 3);
	features = json_object_get(file_tree(L, 1), "features");
	r.file = media_in(L, 1)->source.shown;
	lua_settop(L, 3);
	if (!json_is_array(features))
		raise(L, SCRIPT_CONTOURS, STR_NONE, r.file, S("features"));
	lua_newtable(L);
	group = choose_all(&r, features, 4);
	drawn = draw(&r, features, group, (uint32_t)lua_rawlen(L, 4), steps, &result);
	check_arena(L);
	if (drawn)
		push_contours(L, &result, 4, (uint32_t)lua_rawlen(L, 4));
	else
		lua_pushnil(L);
	return 1;
}

void
api_contours_open(struct script_state *w)
{
	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushcfunction(w->L, api_contours);
	lua_setfield(w->L, -2, "contours");
	lua_pop(w->L, 1);
}
