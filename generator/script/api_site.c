/* Functions that know the site: addresses, assets, images, labels, dates of the build, distances. */
#include <math.h>
#include <string.h>

#include "base/csp.h"
#include "base/suggest.h"
#include "script/escape.h"
#include "script/state.h"

/* --- addresses --- */

/* The path of an address without query and fragment. */
static str
path_of(str address)
{
	size_t i = 0;

	while (i < address.len && address.ptr[i] != '?' && address.ptr[i] != '#')
		i++;
	return str_slice(address, 0, i);
}

static const struct asset *
asset_at(const struct assets *a, str url)
{
	for (size_t i = 0; i < a->list.len; i++)
		if (str_equal(a->list.ptr[i]->url, url))
			return a->list.ptr[i];
	return NULL;
}

bool
is_asset_url(const struct assets *a, str url)
{
	return asset_at(a, url) != NULL;
}

/* The address without the site's base path, which o.url and asset() have put there. */
static str
without_base(const struct script_state *w, str address)
{
	str base = w->site->base_path;

	if (base.len && str_starts(address, base) && address.len > base.len && address.ptr[base.len] == '/')
		return str_slice(address, base.len, address.len);
	return address;
}

/* The page at this address, in the page's language when there is one. */
static const struct page *
find_page(struct script_state *w, str path)
{
	const struct plan *plan = w->shared->plan;
	const struct page *p = NULL;

	if (w->language)
		p = map_get(&plan->by_url, str_cat(w->arena, S("/"), language_code(w), path));
	return p ? p : map_get(&plan->by_url, path);
}

static void
note_address(lua_State *L, str url)
{
	struct script_state *w = state_of(L);
	struct script *s = w->shared;
	struct address a = { .url = str_copy(s->out, url) };

	if (!w->routes)
		return;
	where_now(L, &a.file, &a.line);
	*vec_push(s->out, &s->addresses) = a;
}

str
nearest_page(const struct plan *plan, str path, struct arena *tmp)
{
	str *urls = arena_array(tmp, str, plan->by_url.len + 1);

	for (uint32_t i = 0; i < plan->by_url.len; i++)
		urls[i] = plan->by_url.entries[i].key;
	return suggest_nearest(path, urls, plan->by_url.len);
}

_Noreturn static void
refuse_address(lua_State *L, str path)
{
	struct script_state *w = state_of(L);

	raise(L, SCRIPT_NO_PAGE, STR_NONE, path, nearest_page(w->shared->plan, path, w->arena));
}

/* "/stages/?x#y" → the address in the page's language, checked. */
static str
local_address(lua_State *L, str address)
{
	struct script_state *w = state_of(L);
	str plain = without_base(w, address), path = path_of(plain);
	const struct asset *asset;
	const struct page *page;

	if (!w->shared->plan) {
		state_needs_plan(w);
		asked_note_address(w, path);
		note_address(L, path);
		return plain;
	}
	page = find_page(w, path);
	if (page)
		return str_cat(w->arena, page->url, str_slice(plain, path.len, plain.len));
	asset = asset_at(w->shared->o.assets, path);
	if (!asset)
		refuse_address(L, path);
	note_asset(w, asset);
	return plain;
}

const struct media *
media_in(lua_State *L, int arg)
{
	const struct media *m = NULL;

	if (lua_istable(L, arg)) {
		if (!sandbox_behind(L, arg))
			lua_pushvalue(L, arg);
		lua_rawgetp(L, -1, state_of(L)->shared);
		m = lua_touserdata(L, -1);
		lua_pop(L, 2);
	}
	return m;
}

/* Address without base path and true; or false with what url() gives as it is (nil included) pushed. */
static bool
address_of(lua_State *L, str *address)
{
	struct script_state *w = state_of(L);
	const struct item_value *item = value_of(L, 1, TAG_ITEM);
	const struct media *media = media_in(L, 1);

	if (item) {
		*address = item->item->published ? item->item->urls[w->language] : STR_NONE;
	} else if (media) {
		*address = media->url;
	} else {
		*address = check_str(L, 1);
		if (str_starts(*address, S("/")) && !str_starts(*address, S("//"))) {
			*address = local_address(L, *address);
			return true;
		}
		lua_pushvalue(L, 1);
		return false;
	}
	if (!address->ptr)
		lua_pushnil(L);
	return address->ptr != NULL;
}

/* url() and url_absolue(): of a string, what it gives is kept once the plan is complete. */
static int
give_address(lua_State *L, enum cache_function kept)
{
	struct script_state *w = state_of(L);
	bool keep = w->shared->plan && lua_type(L, 1) == LUA_TSTRING;
	uint64_t noted = w->n_noted;
	str address;

	lua_settop(L, 1);
	if (keep) {
		lua_pushvalue(L, 1);
		if (cache_find(L, kept))
			return 1;
	}
	if (address_of(L, &address))
		push_str(L, kept == CACHE_URL ? prefixed(w, address) : str_cat(w->arena, w->site->base_url, address));
	return keep && w->n_noted == noted ? cache_keep(L, kept) : 1;
}

static int
api_url(lua_State *L)
{
	return give_address(L, CACHE_URL);
}

static int
api_absolute(lua_State *L)
{
	return give_address(L, CACHE_ABSOLUTE);
}

/* Is there a page at this address? For links to lists that exist only when they have something to show. */
static int
api_page_exists(lua_State *L)
{
	struct script_state *w = state_of(L);

	state_needs_plan(w);
	if (!w->shared->plan)
		raise(L, SCRIPT_TOO_EARLY, STR_NONE, S("page_existe()"), S("layouts/"));
	lua_pushboolean(L, find_page(w, path_of(without_base(w, check_str(L, 1)))) != NULL);
	return 1;
}

/* --- assets --- */

/* One that is made now is not made on the page's time. */
static const struct asset *
find_asset(struct script_state *w, str name)
{
	const struct assets *a = w->shared->o.assets;
	bool watched = w->watchdog;
	const struct asset *found;

	state_needs_plan(w);
	asked_note_asset(w, name);
	if (!a->find_more || map_find(&a->by_name, name, NULL))
		return media_asset(a, name);
	script_rest(w);
	found = media_asset(a, name);
	if (watched)
		state_watch(w);
	return found;
}

static const struct asset *
need_asset(lua_State *L, str name)
{
	struct script_state *w = state_of(L);
	const struct assets *a = w->shared->o.assets;
	const struct asset *found = find_asset(w, name);
	str *names;

	if (found) {
		note_asset(w, found);
		return found;
	}
	names = arena_array(w->arena, str, a->list.len + 1);
	for (size_t i = 0; i < a->list.len; i++)
		names[i] = a->list.ptr[i]->name;
	raise(L, SCRIPT_NO_ASSET, STR_NONE, name, suggest_nearest(name, names, a->list.len));
}

static int
api_asset(lua_State *L)
{
	const struct script_state *w = state_of(L);
	uint64_t noted = w->n_noted;
	str name = check_str(L, 1);

	lua_settop(L, 1);
	if (cache_find(L, CACHE_ASSET))
		return 1;
	push_prefixed(L, need_asset(L, name)->url);
	return w->n_noted == noted ? cache_keep(L, CACHE_ASSET) : 1;
}

/* asset_existe("vendor/leaflet.js"): for what a site may do without. Of wave 1, only what was made before the page. */
static int
api_asset_exists(lua_State *L)
{
	struct script_state *w = state_of(L);
	str name = check_str(L, 1);
	const struct asset *found = find_asset(w, name);

	if (found)
		note_asset(w, found);
	else
		note_missing_asset(w, name);
	lua_pushboolean(L, found != NULL);
	return 1;
}

/* The element itself, without XML declaration, comments and document type before it. */
static str
svg_element(str bytes)
{
	size_t at;

	return str_find(bytes, S("<svg"), &at) ? str_trim(str_slice(bytes, at, bytes.len)) : STR_NONE;
}

static int
api_asset_text(lua_State *L)
{
	const struct script_state *w = state_of(L);
	uint64_t noted = w->n_noted;
	str name = check_str(L, 1), svg;

	lua_settop(L, 1);
	if (cache_find(L, CACHE_SVG))
		return 1;
	svg = svg_element(need_asset(L, name)->bytes);
	if (!str_ends(name, S(".svg")) || !svg.ptr)
		raise(L, SCRIPT_NOT_SVG, STR_NONE, name);
	push_html(L, svg, KIND_HTML);
	return w->n_noted == noted ? cache_keep(L, CACHE_SVG) : 1;
}

/* image(img, {largeurs = {400, 800}, sizes = "…"}): the one size there is, until variants are made; never a width that is not published. */
static int
api_image(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct media *m = media_in(L, 1);
	str src, sizes = S("100vw");

	if (!m || !m->url.ptr)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("image"), value_word(L, 1));
	if (lua_istable(L, 2)) {
		str given = field_str(L, 2, "sizes");
		sizes = given.ptr ? given : sizes;
	}
	src = prefixed(w, m->url);
	lua_createtable(L, 0, 5);
	push_str(L, src);
	lua_setfield(L, -2, "src");
	push_str(L, sizes);
	lua_setfield(L, -2, "sizes");
	if (!m->width) {
		push_str(L, src);
		lua_setfield(L, -2, "srcset");
		return 1;
	}
	push_str(L, str_format(w->arena, "%.*s %uw", STR_ARG(src), m->width));
	lua_setfield(L, -2, "srcset");
	lua_pushinteger(L, m->width);
	lua_setfield(L, -2, "largeur");
	lua_pushinteger(L, m->height);
	lua_setfield(L, -2, "hauteur");
	return 1;
}

/* --- labels --- */

static void
push_label(lua_State *L, const struct field *f, const struct val *v)
{
	struct script_state *w = state_of(L);

	if (v->kind == VAL_ENUM) {
		push_frozen(L, site_label(w->site, w->language, v->as.choice->label.len ? v->as.choice->label : v->as.choice->key));
	} else if (v->kind == VAL_LIST) {
		lua_newtable(L);
		for (uint32_t i = 0; i < v->as.list->len; i++) {
			push_label(L, f, &v->as.list->items[i]);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		push_table_list(L);
	} else {
		lua_pushnil(L);
	}
}

static const struct object *
object_at(lua_State *L, int arg, const struct item **owner)
{
	const struct item_value *item = value_of(L, arg, TAG_ITEM);
	const struct object_value *o = value_of(L, arg, TAG_OBJECT);

	if (!item && !o)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("item"), value_word(L, arg));
	*owner = item ? item->item : o->owner;
	return item ? &item->item->object : o->object;
}

/* libelle(obj, "champ"): of the value; of a list of values, their list. */
static int
api_label(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct item *owner;
	const struct object *o = object_at(L, 1, &owner);
	int code = cache_code(L, 2, o->shape, object_code);
	const struct field *f;
	const struct val *v;

	if (code == OBJECT_STATE) {
		push_frozen(L, o->state ? state_label(w, o->state) : STR_NONE);
		return 1;
	}
	if (code < 0 || code == OBJECT_STATE_LABEL)
		raise_unknown_field(L, o->shape, value_of(L, 1, TAG_ITEM) ? owner->type : NULL, check_str(L, 2));
	f = &o->shape->fields[code];
	v = read_field(w, owner, f, object_val(o, (uint32_t)code));
	if (v)
		push_label(L, f, v);
	else
		lua_pushnil(L);
	return 1;
}

static int
api_field_label(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct item *owner;
	const struct object *o = object_at(L, 1, &owner);
	const struct field *f = model_path(o->shape, check_str(L, 2));

	if (!f)
		raise_unknown_field(L, o->shape, value_of(L, 1, TAG_ITEM) ? owner->type : NULL, check_str(L, 2));
	push_str(L, site_label(w->site, w->language, f->label.len ? f->label : f->name));
	return 1;
}

/* libelle_de("offre", "nature", "sses") */
static int
api_label_of(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct type *t = map_get(&w->site->model->by_name, check_str(L, 1));
	const struct field *f;
	str label;

	if (!t)
		raise(L, SCRIPT_NO_TYPE, check_str(L, 1), check_str(L, 1), S(""), S(""));
	f = model_path(&t->shape, check_str(L, 2));
	if (!f)
		raise_unknown_field(L, &t->shape, t, check_str(L, 2));
	label = enum_label(f, check_str(L, 3));
	if (!label.ptr)
		raise(L, SCRIPT_UNKNOWN_VALUE, check_str(L, 3), check_str(L, 3), check_str(L, 2), S(""), S(""));
	push_str(L, site_label(w->site, w->language, label));
	return 1;
}

/* traduit(texte): what a type says, in the page's language */
static int
api_translated(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, site_label(w->site, w->language, check_str(L, 1)));
	return 1;
}

/* --- dates of the build --- */

void
register_date(struct script_state *w, day d, str why)
{
	const struct item *item = w->page ? w->page->item : NULL;
	char bytes[sizeof d + sizeof item + 1];
	str key;

	if (d <= w->site->date)
		return;
	once_note_date(w, d, why);
	if (w->soonest.date == DAY_NONE || d < w->soonest.date || (d == w->soonest.date && str_compare(why, w->soonest.why) < 0))
		w->soonest = (struct script_date){ d, item, why };
	memcpy(bytes, &d, sizeof d);
	memcpy(bytes + sizeof d, &item, sizeof item);
	bytes[sizeof bytes - 1] = why.ptr[0];    /* which of the three functions */
	key = (str){ bytes, sizeof bytes };
	if (map_find(&w->dates_seen, key, NULL))
		return;
	map_set(w->out, &w->dates_seen, str_copy(w->out, key), w);
	*vec_push(w->out, &w->dates) = (struct script_date){ d, item, why };
}

static day
day_argument(lua_State *L)
{
	const struct date_value *d = value_of(L, 1, TAG_DATE);

	if (!d)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("date"), value_word(L, 1));
	return d->day;
}

static int
api_past(lua_State *L)
{
	struct script_state *w = state_of(L);
	day d = day_argument(L);

	register_date(w, d + 1, S("passe()"));
	lua_pushboolean(L, d < w->site->date);
	return 1;
}

static int
api_future(lua_State *L)
{
	struct script_state *w = state_of(L);
	day d = day_argument(L);

	register_date(w, d, S("futur()"));
	lua_pushboolean(L, d > w->site->date);
	return 1;
}

static int
api_today(lua_State *L)
{
	struct script_state *w = state_of(L);

	register_date(w, w->site->date + 1, S("aujourdhui()"));
	push_date(L, w->site->date, -1, NULL);
	return 1;
}

static int
api_build_date(lua_State *L)
{
	push_str(L, date_iso(state_of(L)->arena, state_of(L)->site->date));
	return 1;
}

static int
api_version(lua_State *L)
{
	push_str(L, state_of(L)->shared->o.version);
	return 1;
}

/* The policy for <meta http-equiv>, for hosts that send no header; the same text on every page but those with their own. */
static int
api_csp(lua_State *L)
{
	struct script_state *w = state_of(L);
	uint32_t n = w->page ? w->page->csp.len : 0;
	struct csp_rule *rules = arena_array(w->arena, struct csp_rule, n);

	once_forbid(L, S("csp()"));
	for (uint32_t i = 0; i < n; i++)
		rules[i] = (struct csp_rule){ w->page->csp.ptr[i].name, w->page->csp.ptr[i].value };
	push_str(L, csp_text(w->page ? w->page->url : S("/"), rules, n, true, w->arena));
	return 1;
}

/* --- distance --- */

static struct geo
geo_argument(lua_State *L, int arg)
{
	struct geo g = { 0, 0 };
	int ok_lat = 0, ok_lon = 0;

	if (lua_istable(L, arg)) {
		lua_getfield(L, arg, "lat");
		g.lat = lua_tonumberx(L, -1, &ok_lat);
		lua_getfield(L, arg, "lon");
		g.lon = lua_tonumberx(L, -1, &ok_lon);
		lua_pop(L, 2);
	}
	if (!ok_lat || !ok_lon)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("{lat, lon}"), value_word(L, arg));
	return g;
}

/* Rounded to 100 m: beyond that, bits of libm would show. */
static int
api_distance(lua_State *L)
{
	lua_pushnumber(L, round(geo_distance(geo_argument(L, 1), geo_argument(L, 2)) * 10) / 10);
	return 1;
}

void
api_site_open(struct script_state *w)
{
	static const luaL_Reg functions[] = { { "url", api_url }, { "url_absolue", api_absolute }, { "page_existe", api_page_exists },
		{ "asset", api_asset }, { "asset_existe", api_asset_exists }, { "asset_texte", api_asset_text }, { "image", api_image }, { "libelle", api_label },
		{ "libelle_champ", api_field_label }, { "libelle_de", api_label_of }, { "traduit", api_translated }, { "passe", api_past }, { "futur", api_future },
		{ "aujourdhui", api_today }, { "date_construction", api_build_date }, { "version", api_version }, { "csp", api_csp },
		{ "distance", api_distance },
		{ NULL, NULL } };

	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	luaL_setfuncs(w->L, functions, 0);
	lua_pop(w->L, 1);
}
