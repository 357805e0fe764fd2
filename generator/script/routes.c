/* routes.lua: route{…}, paginer(…) and signaler(…), run once per language when all items are known; a page's `params` and `page`. */
#include <string.h>

#include "base/suggest.h"
#include "script/params.h"

#define ROUTES_PAUSE 400         /* percent of what is alive: this state is closed soon, and the heap's limit holds */

struct routes_run {
	struct script *s;
	struct plan *plan;
	struct diag *diag;
	struct param_pool pool;
	struct span last; uint32_t last_line;    /* where the last route was made: most come from a loop */
};

/* --- addresses and files --- */

/* "/stages/" → "stages/index.html", "/404.html" → "404.html". */
static str
path_of_url(struct arena *out, str url)
{
	str path = str_slice(url, 1, url.len);

	return path.len == 0 || str_ends(path, S("/")) ? str_cat(out, path, S("index.html")) : path;
}

/* The only folder with a dot that browsers and robots ask for (RFC 8615). */
#define WELL_KNOWN S("/.well-known/")

static bool
url_is_plain(str url)
{
	str inner = str_starts(url, WELL_KNOWN) ? str_slice(url, WELL_KNOWN.len - 1, url.len) : url;

	for (size_t i = 0; i < url.len; i++) {
		char c = url.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_' || c == '.'))
			return false;
	}
	return str_starts(url, S("/")) && !str_find(url, S("//"), &(size_t){ 0 }) && !str_find(inner, S("/."), &(size_t){ 0 });
}

bool
script_add_page(struct plan *plan, struct page *page, struct diag *diag)
{
	const struct page *other;

	if (!page->path.ptr)
		page->path = path_of_url(plan->out, page->url);
	other = map_get(&plan->by_url, page->url);
	if (other) {
		diag_add(diag, SCRIPT_URL_TWICE, page->at, page->url, files_path(diag->files, other->at.file));
		return false;
	}
	if (page->wave > 1)
		map_set(plan->out, &plan->by_url, page->url, page);
	page->index = (uint32_t)plan->pages.len;
	*vec_push(plan->out, &plan->pages) = page;
	if (page->wave == 1 && plan->first_wave)
		plan->first_wave(plan->context, page);
	return true;
}

/* --- route{…} --- */

static struct page_headers
read_headers(lua_State *L, int table, const char *name, struct arena *out)
{
	VEC(struct page_header) headers = { 0 };

	if (lua_getfield(L, table, name) == LUA_TNIL) {
		lua_pop(L, 1);
		return (struct page_headers){ 0 };
	}
	luaL_checktype(L, -1, LUA_TTABLE);
	pairs_begin(L, -1);
	while (pairs_next(L)) {
		size_t len;
		str value;
		if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
			raise(L, SCRIPT_EXPECTED, STR_NONE, S("{[\"…\"] = \"…\"}"), value_word(L, -1));
		value = (str){ lua_tolstring(L, -1, &len), lua_rawlen(L, -1) };
		if (str_find_byte(value, '\n', &len))
			raise(L, SCRIPT_EXPECTED, STR_NONE, S("{[\"…\"] = \"…\"}"), S("\\n"));
		*vec_push(out, &headers) = (struct page_header){ str_copy(out, (str){ lua_tostring(L, -2), lua_rawlen(L, -2) }), str_copy(out, value) };
		lua_pop(L, 2);
	}
	lua_pop(L, 1);
	return (struct page_headers){ headers.ptr, (uint32_t)headers.len };
}

static bool
in_this_language(lua_State *L, int table)
{
	struct script_state *w = state_of(L);
	str code = language_code(w);
	bool yes = lua_getfield(L, table, "langues") == LUA_TNIL;
	size_t len;

	if (!yes) {
		luaL_checktype(L, -1, LUA_TTABLE);
		for (lua_Integer i = 1, n = luaL_len(L, -1); i <= n && !yes; i++) {
			const char *p;
			lua_geti(L, -1, i);
			p = lua_tolstring(L, -1, &len);
			yes = p && str_equal((str){ p, len }, code);
			lua_pop(L, 1);
		}
	}
	lua_pop(L, 1);
	return yes;
}

static void
check_keys(lua_State *L, int table)
{
	static const str keys[] = { S_INIT("url"), S_INIT("layout"), S_INIT("params"), S_INIT("portee"), S_INIT("langues"), S_INIT("vague"),
		S_INIT("index"), S_INIT("en_tetes"), S_INIT("csp"), S_INIT("maj_le") };

	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		str key = lua_type(L, -2) == LUA_TSTRING ? (str){ lua_tostring(L, -2), lua_rawlen(L, -2) } : S("[ ]");
		size_t i = 0;
		while (i < sizeof keys / sizeof *keys && !str_equal(key, keys[i]))
			i++;
		if (i == sizeof keys / sizeof *keys)
			raise(L, SCRIPT_ROUTE_KEY, key, key, suggest_nearest(key, keys, i), str_join(state_of(L)->arena, keys, i, S(", ")));
	}
}

static str
read_scope(lua_State *L, int table, struct arena *out)
{
	static const str scopes[] = { S_INIT("page"), S_INIT("export"), S_INIT("index"), S_INIT("flux"), S_INIT("embed") };
	str scope = field_str(L, table, "portee");

	if (!scope.ptr)
		return scopes[0];
	for (size_t i = 0; i < 5; i++)
		if (str_equal(scope, scopes[i]))
			return scopes[i];
	raise(L, SCRIPT_UNKNOWN_VALUE, scope, scope, S("portee"), suggest_nearest(scope, scopes, 5), str_join(out, scopes, 5, S(", ")));
}

static struct span
route_span(lua_State *L)
{
	struct script_state *w = state_of(L);
	struct routes_run *run = w->routes;
	file_id file = 0;
	uint32_t line = 0, at = 0;
	str text = STR_NONE;

	where_now(L, &file, &line);
	if (file == run->last.file && line == run->last_line)
		return run->last;
	for (uint32_t i = 0; i < w->shared->n_routes; i++)
		if (w->shared->routes[i].source.file == file)
			text = w->shared->routes[i].text;
	for (uint32_t n = 1; n < line && at < text.len; n++) {
		const char *end = memchr(text.ptr + at, '\n', text.len - at);
		at = end ? (uint32_t)(end - text.ptr) + 1 : (uint32_t)text.len;
	}
	run->last = (struct span){ file, at, at };
	run->last_line = line;
	return run->last;
}

static str
read_url(lua_State *L, int table)
{
	struct script_state *w = state_of(L);
	str url = field_str(L, table, "url");

	if (!url.ptr || !url_is_plain(url))
		raise(L, SCRIPT_ROUTE_URL, STR_NONE, url.ptr ? url : S("nil"));
	if (w->language)
		url = str_cat(w->arena, S("/"), language_code(w), url);
	return url;
}

static uint8_t
read_wave(lua_State *L, int table)
{
	lua_Integer wave = 2;

	if (lua_getfield(L, table, "vague") != LUA_TNIL)
		wave = luaL_checkinteger(L, -1);
	lua_pop(L, 1);
	if (wave < 1 || wave > 3)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("vague = 1 … 3"), str_format(state_of(L)->arena, "%lld", (long long)wave));
	return (uint8_t)wave;
}

static str
mime_of(const struct page *page)
{
	for (uint32_t i = 0; i < page->headers.len; i++)
		if (str_equal_fold(page->headers.ptr[i].name, S("Content-Type")))
			return page->headers.ptr[i].value;
	return media_mime(page->path);
}

/* Pages of routes: the title in the path is params.titre. The table is at `table`. */
static void
add_route(lua_State *L, int table)
{
	struct script_state *w = state_of(L);
	struct arena *out = w->routes->plan->out;
	struct page *page = arena_new(out, struct page);
	str layout = field_str(L, table, "layout");

	page->wave = read_wave(L, table);
	if (!in_this_language(L, table) || (page->wave == 1 && w->language))
		return;
	check_keys(L, table);
	page->url = str_copy(out, read_url(L, table));
	page->path = path_of_url(out, page->url);
	page->language = w->language;
	page->layout = layout.ptr ? script_layout(w->shared, layout) : NULL;
	if (!page->layout)
		raise(L, SCRIPT_NO_LAYOUT, STR_NONE, layout.ptr ? layout : S("nil"), script_nearest_layout(w->shared, layout.ptr ? layout : S(""), w->arena));
	page->scope = read_scope(L, table, out);
	page->headers = read_headers(L, table, "en_tetes", out);
	page->csp = read_headers(L, table, "csp", out);
	page->mime = mime_of(page);
	lua_getfield(L, table, "index");
	page->noindex = (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) || !w->site->online;
	lua_getfield(L, table, "maj_le");
	page->modified = value_of(L, -1, TAG_DATE) ? ((struct date_value *)lua_touserdata(L, -1))->day : DAY_NONE;
	lua_getfield(L, table, "params");
	if (lua_isnil(L, -1)) {
		lua_newtable(L);
		lua_replace(L, -2);
	}
	luaL_checktype(L, -1, LUA_TTABLE);
	page->params = param_copy(L, lua_gettop(L), &w->routes->pool, 0);
	lua_pop(L, 3);
	page->at = route_span(L);
	script_add_page(w->routes->plan, page, w->routes->diag);
}

static int
api_route(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	add_route(L, 1);
	return 0;
}

/* --- paginer(list, per_page, url, route) --- */

static str
page_url(struct script_state *w, str url, lua_Integer page)
{
	return page == 1 ? url : str_format(w->arena, "%.*spage/%lld/", STR_ARG(url), (long long)page);
}

static void
set_page_link(lua_State *L, const char *name, str url, lua_Integer page, lua_Integer pages)
{
	struct script_state *w = state_of(L);
	str u;

	if (page < 1 || page > pages)
		return;
	u = page_url(w, url, page);
	if (w->language)
		u = str_cat(w->arena, S("/"), language_code(w), u);
	push_str(L, prefixed(w, u));
	lua_setfield(L, -2, name);
}

static void
push_slice(lua_State *L, int index, lua_Integer from, lua_Integer count)
{
	const struct list_value *l = lua_touserdata(L, index);
	uint32_t n = 0, *idx = arena_array(state_of(L)->arena, uint32_t, (size_t)count + 1);

	for (lua_Integer i = from; i < from + count && i < (lua_Integer)l->len; i++)
		idx[n++] = (uint32_t)i;
	push_selection(L, index, l, idx, n);
}

/* Copies the pairs of the table at `from` (nil: none) into the one at the top. */
static void
copy_pairs(lua_State *L, int from)
{
	if (!lua_istable(L, from))
		return;
	if (!sandbox_behind(L, from))
		lua_pushvalue(L, from);
	for (lua_pushnil(L); lua_next(L, -2);) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, -5);
	}
	lua_pop(L, 1);
}

static int
api_paginate(lua_State *L)
{
	struct script_state *w = state_of(L);
	lua_Integer per_page = luaL_checkinteger(L, 2), pages;
	str url = check_str(L, 3);
	const struct list_value *l;

	lua_settop(L, 4);
	luaL_checktype(L, 4, LUA_TTABLE);
	if (lua_istable(L, 1)) {
		lua_pushvalue(L, 1);
		push_table_list(L);
		lua_replace(L, 1);
	}
	l = value_of(L, 1, TAG_LIST);
	if (!l || per_page < 1 || !str_ends(url, S("/")))
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("paginer(liste, 50, \"/offres/\", {layout = …})"), value_word(L, 1));
	pages = l->len ? ((lua_Integer)l->len + per_page - 1) / per_page : 1;
	for (lua_Integer page = 1; page <= pages; page++) {
		lua_newtable(L);                             /* 5: the route */
		copy_pairs(L, 4);
		push_str(L, page_url(w, url, page));
		lua_setfield(L, 5, "url");
		lua_getfield(L, 4, "params");                /* 6 */
		lua_newtable(L);                             /* 7: its params */
		copy_pairs(L, 6);
		push_slice(L, 1, (page - 1) * per_page, per_page);
		lua_setfield(L, 7, "items");
		lua_pushinteger(L, page);
		lua_setfield(L, 7, "page");
		lua_pushinteger(L, pages);
		lua_setfield(L, 7, "pages");
		lua_pushinteger(L, l->len);
		lua_setfield(L, 7, "total");
		set_page_link(L, "precedent", url, page - 1, pages);
		set_page_link(L, "suivant", url, page + 1, pages);
		lua_setfield(L, 5, "params");
		lua_settop(L, 5);
		add_route(L, 5);
		lua_settop(L, 4);
	}
	return 0;
}

/* --- running --- */

static int
run_file(lua_State *L)
{
	load_text(L, lua_touserdata(L, 1));
	lua_call(L, 0, 0);
	return 0;
}

static bool
run_language(struct script_state *w, uint8_t language)
{
	const struct script *s = w->shared;
	lua_State *L = w->L;
	bool ok = true;

	w->language = language;
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	push_str(L, language_code(w));
	lua_setfield(L, -2, "langue");
	lua_pop(L, 1);
	for (uint32_t i = 0; i < s->n_routes && ok; i++) {
		sandbox_reset(w);
		lua_pushcfunction(L, run_file);
		lua_pushlightuserdata(L, (void *)(uintptr_t)&s->routes[i]);
		ok = protected_call(w, 1, 0);
		if (!ok)
			script_report(w->shared, keep_error(w), 0, w->routes->diag);
	}
	return ok;
}

bool
script_routes(struct script *s, struct plan *plan, struct diag *diag)
{
	struct routes_run run = { .s = s, .plan = plan, .diag = diag };
	uint32_t errors = diag->n_errors;
	struct script_state *w;
	struct arena scratch;

	s->asked = s->o.kept ? asked_new(s, plan->out) : NULL;
	if (s->n_routes == 0)
		return true;
	w = s->tried ? take_tried(s, plan->out, diag) : state_open_asking(s, plan->out, diag, s->asked);
	if (!w)
		return false;
	param_pool_open(&run.pool, plan->out);
	lua_gc(w->L, LUA_GCINC, ROUTES_PAUSE, 0, 0);
	w->routes = &run;
	arena_init(&scratch, plan->out->source);
	state_use_arena(w, &scratch);
	routes_open(w);
	for (uint8_t i = 0; i < s->o.site->n_languages; i++)
		if (!run_language(w, i))
			break;
	param_pool_close(&run.pool);
	script_close(w);
	arena_free(&scratch);
	return diag->n_errors == errors;
}

bool
script_set_plan(struct script *s, const struct plan *plan, struct diag *diag)
{
	uint32_t errors = diag->n_errors;

	s->plan = plan;
	for (size_t i = 0; i < s->addresses.len; i++) {
		const struct address *a = &s->addresses.ptr[i];
		if (!map_find(&plan->by_url, a->url, NULL) && !is_asset_url(s->o.assets, a->url)) {
			str args[] = { S(""), a->url, nearest_page(plan, a->url, s->out) };
			struct script_error e = { .code = SCRIPT_NO_PAGE, .file = a->file, .line = a->line, .args = args, .n_args = 3 };
			script_report(s, &e, 0, diag);
		}
	}
	return diag->n_errors == errors;
}

/* --- signaler(site or item, field, message, gravity) --- */

/* The field that a message is about; the whole file when it has no value. */
static struct span
span_of_field(lua_State *L)
{
	const struct item_value *v = value_of(L, 1, TAG_ITEM);
	const struct item *item = v ? v->item : value_of(L, 1, TAG_SITE) ? state_of(L)->site->config : NULL;
	const struct val *val;

	if (!item)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("site"), value_word(L, 1));
	val = model_val(&item->object, check_str(L, 2));
	return val && val->end ? (struct span){ item->file, val->start, val->end } : SPAN_FILE(item->file);
}

static int
api_report(lua_State *L)
{
	static const struct { str word; enum diag_code code; } gravities[] = { { S_INIT("note"), SCRIPT_NOTE },
		{ S_INIT("avertissement"), SCRIPT_WARNING }, { S_INIT("erreur"), SCRIPT_REFUSAL } };
	struct span at = span_of_field(L);
	str message = check_str(L, 3), gravity = lua_isnoneornil(L, 4) ? S("note") : check_str(L, 4);

	for (size_t i = 0; i < sizeof(gravities) / sizeof(*gravities); i++) {
		if (!str_equal(gravities[i].word, gravity))
			continue;
		diag_add(state_of(L)->routes->diag, gravities[i].code, at, message);
		return 0;
	}
	raise(L, SCRIPT_EXPECTED, STR_NONE, S("\"note\", \"avertissement\", \"erreur\""), gravity);
	return 0;
}

void
routes_open(struct script_state *w)
{
	static const luaL_Reg functions[] = { { "route", api_route }, { "paginer", api_paginate }, { "signaler", api_report }, { NULL, NULL } };

	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	luaL_setfuncs(w->L, functions, 0);
	lua_pop(w->L, 1);
}

/* --- what a page sees --- */

static void
set_str(lua_State *L, const char *key, str s)
{
	push_str(L, s);
	lua_setfield(L, -2, key);
}

/* The same route in the other languages. */
static void
push_route_translations(lua_State *L, const struct page *page)
{
	struct script_state *w = state_of(L);
	const struct plan *plan = w->shared->plan;
	str plain = page->language ? str_slice(page->url, language_code(w).len + 1, page->url.len) : page->url;
	lua_Integer n = 0;

	lua_newtable(L);
	for (uint32_t i = 0; plan && i < w->site->n_languages; i++) {
		str code = w->site->languages[i], url = i ? str_cat(w->arena, S("/"), code, plain) : plain;
		if (!map_find(&plan->by_url, url, NULL))
			continue;
		lua_createtable(L, 0, 3);
		set_str(L, "langue", code);
		set_str(L, "url", prefixed(w, url));
		set_str(L, "url_absolue", str_cat(w->arena, w->site->base_url, url));
		lua_rawseti(L, -2, ++n);
	}
	push_table_list(L);
}

void
push_page(lua_State *L, const struct page *page)
{
	struct script_state *w = state_of(L);

	if (page->item) {
		push_item(L, page->item);
		return;
	}
	push_param(L, page->params);
	set_str(L, "url", prefixed(w, page->url));
	set_str(L, "url_absolue", str_cat(w->arena, w->site->base_url, page->url));
	set_str(L, "langue", language_code(w));
	set_str(L, "layout", script_layout_name(page->layout));
	lua_pushboolean(L, !page->noindex);
	lua_setfield(L, -2, "index");
	push_ancestors(L, page->url);
	lua_setfield(L, -2, "chemin");
	push_route_translations(L, page);
	lua_setfield(L, -2, "traductions");
}
