/* lire_json(): a JSON file that content names, as tables. Parsed by Jansson; what a table cannot hold is refused, never dropped. */
#include "os/os.h"
#include "script/jsonfile.h"

#define MAX_FILE ((size_t)16 << 20)
#define MAX_DEPTH 24             /* coordinates of a GeoJSON multipolygon lie at 9 */

static void
push_array(lua_State *L, const json_t *array)
{
	size_t n = json_array_size(array);

	lua_createtable(L, (int)n, 0);
	for (size_t i = 0; i < n; i++) {
		push_json(L, json_array_get(array, i));
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static void
push_object_members(lua_State *L, json_t *object)
{
	lua_createtable(L, 0, (int)json_object_size(object));
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		push_json(L, json_object_iter_value(at));
		lua_setfield(L, -2, json_object_iter_key(at));
	}
}

/* null is nil: a member without value, a hole in an array. */
void
push_json(lua_State *L, const json_t *value)
{
	luaL_checkstack(L, 4, "JSON");
	switch (json_typeof(value)) {
	case JSON_OBJECT: push_object_members(L, (json_t *)value); break;
	case JSON_ARRAY: push_array(L, value); break;
	case JSON_STRING: lua_pushlstring(L, json_string_value(value), json_string_length(value)); break;
	case JSON_INTEGER: lua_pushinteger(L, json_integer_value(value)); break;
	case JSON_REAL: lua_pushnumber(L, json_real_value(value)); break;
	case JSON_TRUE: case JSON_FALSE: lua_pushboolean(L, json_is_true(value)); break;
	case JSON_NULL: lua_pushnil(L); break;
	}
}

/* Is the tree at most `levels` deep? Pushing it takes as much of the C stack. */
static bool
is_shallow(const json_t *value, int levels)
{
	json_t *object = json_is_object(value) ? (json_t *)value : NULL;

	if (levels < 0)
		return false;
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!is_shallow(json_array_get(value, i), levels - 1))
			return false;
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
		if (!is_shallow(json_object_iter_value(at), levels - 1))
			return false;
	return true;
}

/* The tree is the Lua state's to free, also when pushing it fails for memory. */
static void
free_json(json_t **tree)
{
	json_decref(*tree);
	*tree = NULL;
}

static int
free_tree(lua_State *L)
{
	free_json(lua_touserdata(L, 1));
	return 0;
}

static json_t **
push_tree(lua_State *L)
{
	json_t **tree = lua_newuserdatauv(L, sizeof *tree, 0);

	*tree = NULL;
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, free_tree);
	lua_setfield(L, -2, "__gc");
	lua_setmetatable(L, -2);
	return tree;
}

json_t **
push_json_file(lua_State *L, int arg)
{
	struct script_state *w = state_of(L);
	const struct media *m = media_in(L, arg);
	json_t **tree;
	struct arena tmp;
	json_error_t error;
	os_error e;
	str bytes;

	if (!m)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("fichier"), value_word(L, arg));
	tree = push_tree(L);
	arena_init(&tmp, w->out->source);
	e = reads_bytes(w->shared->o.source->reads, m->source.path, MAX_FILE, false, &tmp, &bytes);
	if (!e)
		*tree = json_loadb(bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &error);
	arena_free(&tmp);
	if (e)
		raise(L, SCRIPT_JSON_FILE, STR_NONE, m->source.shown, os_error_text(e, w->out));
	if (!*tree)
		raise(L, SCRIPT_JSON_FILE, STR_NONE, m->source.shown,
		    str_format(w->out, "%d:%d: %s", error.line, error.column, error.text));
	if (!is_shallow(*tree, MAX_DEPTH))
		raise(L, SCRIPT_JSON_FILE, STR_NONE, m->source.shown, str_format(w->out, "depth > %d", MAX_DEPTH));
	return tree;
}

/* lire_json(site.contours) */
static int
api_read_json(lua_State *L)
{
	json_t **tree = push_json_file(L, 1);

	push_json(L, *tree);
	free_json(tree);
	return 1;
}

void
api_data_open(struct script_state *w)
{
	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushcfunction(w->L, api_read_json);
	lua_setfield(w->L, -2, "lire_json");
	lua_pop(w->L, 1);
}
