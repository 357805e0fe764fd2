/* `site` as templates see it: the fields of site.yaml and a collection for each type; and modele(type). */
#include "base/hash.h"
#include "base/suggest.h"
#include "script/state.h"

struct site_value { uint32_t tag; };

enum site_word { SITE_TOUS, SITE_ITEM, SITE_MANIFESTE, SITE_DATE, SITE_URL, SITE_ACCUEIL, SITE_DATE_FIXE, SITE_N };
static const str site_words[SITE_N] = {
	S_INIT("tous"), S_INIT("item"), S_INIT("manifeste"), S_INIT("date"), S_INIT("url"), S_INIT("accueil"), S_INIT("date_fixe"),
};

static const struct collection *
collection_named(const struct site *s, str name)
{
	for (uint32_t i = 0; i < s->n_collections; i++)
		if (s->collections[i].type->collection.len && str_equal(s->collections[i].type->collection, name))
			return &s->collections[i];
	return NULL;
}

bool
site_has_name(const struct site *s, str name)
{
	for (int i = 0; i < SITE_N; i++)
		if (str_equal(name, site_words[i]))
			return true;
	return collection_named(s, name) || model_field(&s->config->type->shape, name);
}

str
suggest_site_name(const struct site *s, str name, struct arena *tmp)
{
	const struct shape *shape = &s->config->type->shape;
	str *names = arena_array(tmp, str, s->n_collections + shape->n_fields + 8);
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n_collections; i++)
		names[n++] = s->collections[i].type->collection;
	for (uint32_t i = 0; i < shape->n_fields; i++)
		names[n++] = shape->fields[i].name;
	for (int i = 0; i < SITE_N; i++)
		names[n++] = site_words[i];
	return suggest_nearest(name, names, n);
}

static const struct type *
check_type(lua_State *L, int arg)
{
	const struct model *m = state_of(L)->site->model;
	str name = check_str(L, arg);
	const struct type *t = map_get(&m->by_name, name);
	str *names;

	if (t)
		return t;
	names = arena_array(state_of(L)->arena, str, m->n_types + 1);
	for (uint32_t i = 0; i < m->n_types; i++)
		names[i] = m->types[i]->name;
	raise(L, SCRIPT_NO_TYPE, name, name, suggest_nearest(name, names, m->n_types), str_join(state_of(L)->arena, names, m->n_types, S(", ")));
}

/* site:tous("offre") */
static int
site_all(lua_State *L)
{
	const struct collection *c = &state_of(L)->site->collections[check_type(L, 2)->index];

	push_items(L, c->all.items, c->all.len);
	return 1;
}

/* site:item("offre", "slug") */
static int
site_one(lua_State *L)
{
	push_item(L, site_item(state_of(L)->site, check_type(L, 2)->name, check_str(L, 3)));
	return 1;
}

void
push_file(lua_State *L, const struct script_file *f)
{
	struct script_state *w = state_of(L);
	struct arena_mark mark = arena_mark(w->arena);
	char hex[16];

	lua_createtable(L, 0, 8);
	push_str(L, prefixed(w, f->url));
	lua_setfield(L, -2, "url");
	push_str(L, str_cat(w->arena, w->site->base_url, f->url));
	lua_setfield(L, -2, "url_absolue");
	push_str(L, f->path);
	lua_setfield(L, -2, "chemin");
	lua_pushinteger(L, (lua_Integer)f->size);
	lua_setfield(L, -2, "taille");
	hash_hex(f->hash, hex);
	push_str(L, (str){ hex, sizeof hex });
	lua_setfield(L, -2, "hash");
	lua_pushboolean(L, f->index);
	lua_setfield(L, -2, "index");
	push_date(L, f->modified, -1, NULL);
	lua_setfield(L, -2, "maj_le");
	arena_rewind(w->arena, mark);
}

static int
site_manifest(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct script *s = w->shared;

	if (!w->page || w->page->wave != 3)
		raise(L, SCRIPT_TOO_EARLY, STR_NONE, S("site:manifeste()"), S("vague = 3"));
	push_files(L, s->manifest, s->n_manifest);
	return 1;
}

static void
push_collection(lua_State *L, const struct collection *c)
{
	const struct list_value *kept = cache_proxy(L, c);
	struct list_value *l;

	if (kept && kept->tag == TAG_LIST && kept->whole == c) {
		cache_push_proxy(L, c);
		return;
	}
	l = push_items(L, c->listed.items, c->listed.len);
	l->whole = c;
	l->frozen = true;
	cache_keep_proxy(L, c);
}

/* For cache_code(): the position of a word, or from these on of a collection, or a field of site.yaml. */
#define CODE_COLLECTION 1000
#define CODE_FIELD 100000

static int
site_code(lua_State *L, const void *of, str name)
{
	const struct site *s = of;
	const struct collection *c = collection_named(s, name);
	const struct field *f = model_field(&s->config->type->shape, name);

	for (int i = 0; i < SITE_N; i++)
		if (str_equal(name, site_words[i]))
			return i;
	if (c)
		return CODE_COLLECTION + (int)(c - s->collections);
	if (f)
		return CODE_FIELD + f->index;
	raise(L, SCRIPT_NO_MEMBER, name, S("site"), name, suggest_site_name(s, name, state_of(L)->arena));
}

static void
push_site_word(lua_State *L, enum site_word word)
{
	struct script_state *w = state_of(L);
	const struct site *s = w->site;

	switch (word) {
	case SITE_TOUS: lua_pushcfunction(L, site_all); break;
	case SITE_ITEM: lua_pushcfunction(L, site_one); break;
	case SITE_MANIFESTE: lua_pushcfunction(L, site_manifest); break;
	case SITE_DATE: push_date(L, s->date, -1, NULL); break;
	case SITE_DATE_FIXE: lua_pushboolean(L, model_val(&s->config->object, S("date")) != NULL); break;
	case SITE_URL: push_str(L, str_cat(w->arena, s->base_url, S("/"))); break;
	case SITE_ACCUEIL: push_item(L, s->home); break;
	case SITE_N: lua_pushnil(L); break;
	}
}

static int
site_index(lua_State *L)
{
	const struct site *s = state_of(L)->site;
	int code = cache_code(L, 2, s, site_code);

	if (code >= CODE_FIELD)
		push_item_field(L, s->config, &s->config->type->shape.fields[code - CODE_FIELD]);
	else if (code >= CODE_COLLECTION)
		push_collection(L, &s->collections[code - CODE_COLLECTION]);
	else
		push_site_word(L, (enum site_word)code);
	return 1;
}

static int
refuse_site_write(lua_State *L)
{
	raise(L, SCRIPT_READ_ONLY, STR_NONE, S("site"));
}

/* --- modele(type) --- */

static const char *const kinds[FIELD_N_KINDS] = {
	"texte", "markdown", "entier", "nombre", "montant", "booleen", "date", "date_heure", "mois", "duree", "enum", "url", "courriel",
	"telephone", "image", "fichier", "couleur", "geo", "ref", "liste", "objet", "variante", "siren", "siret", "finess", "rpps", "insee",
};

/* What a type says, in the page's language. */
static str
label_in(lua_State *L, str label)
{
	const struct script_state *w = state_of(L);

	return site_label(w->site, w->language, label);
}

static void
set_text(lua_State *L, const char *key, str s)
{
	if (!s.len)
		return;
	push_str(L, s);
	lua_setfield(L, -2, key);
}

static void
set_true(lua_State *L, const char *key, bool yes)
{
	lua_pushboolean(L, yes);
	lua_setfield(L, -2, key);
}

static void
push_choices(lua_State *L, const struct field *f)
{
	lua_createtable(L, (int)f->n_values, 0);
	for (uint32_t i = 0; i < f->n_values; i++) {
		const struct enum_value *v = &f->values[i];
		lua_createtable(L, 0, 3);
		set_text(L, "cle", v->key);
		set_text(L, "libelle", label_in(L, v->label.len ? v->label : v->key));
		lua_newtable(L);
		for (uint32_t k = 0; k < v->attributes.len; k++) {
			push_str(L, v->attributes.entries[k].key);
			push_str(L, *(const str *)v->attributes.entries[k].value);
			lua_rawset(L, -3);
		}
		lua_setfield(L, -2, "attributs");
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static void push_fields(lua_State *L, const struct shape *shape);

static void
push_field_model(lua_State *L, const struct field *f)
{
	lua_createtable(L, 0, 12);
	set_text(L, "nom", f->name);
	set_text(L, "libelle", label_in(L, f->label.len ? f->label : f->name));
	set_text(L, "aide", label_in(L, f->help));
	set_text(L, "unite", label_in(L, f->unit));
	set_text(L, "type", str_from_c(kinds[f->kind]));
	set_true(L, "requis", f->required);
	set_true(L, "personnel", f->personal);
	set_true(L, "export", f->exported);
	if (f->n_values) {
		push_choices(L, f);
		lua_setfield(L, -2, "valeurs");
	}
	if (f->element) {
		push_field_model(L, f->element);
		lua_setfield(L, -2, "de");
	}
	if (f->shape) {
		push_fields(L, f->shape);
		lua_setfield(L, -2, "champs");
	}
	if (f->n_targets) {
		lua_createtable(L, (int)f->n_targets, 0);
		for (uint32_t i = 0; i < f->n_targets; i++) {
			push_str(L, f->targets[i]->name);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		lua_setfield(L, -2, "ref");
	}
}

static void
push_fields(lua_State *L, const struct shape *shape)
{
	luaL_checkstack(L, 10, "modele");
	lua_createtable(L, (int)shape->n_fields, 0);
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		push_field_model(L, &shape->fields[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

/* A plain scalar that is a number or true/false in JSON becomes one; what was quoted stays a string. */
static void
push_scalar(lua_State *L, const struct value *v)
{
	str s = v->as.text;
	int64_t integer;
	double number;

	if (v->style != SCALAR_PLAIN)
		push_str(L, s);
	else if (str_equal(s, S("true")) || str_equal(s, S("false")))
		lua_pushboolean(L, str_equal(s, S("true")));
	else if (s.len > 1 && s.ptr[0] == '0' && s.ptr[1] != '.')
		push_str(L, s);
	else if (str_to_int(s, &integer))
		lua_pushinteger(L, integer);
	else if (str_to_number(s, &number))
		lua_pushnumber(L, number);
	else
		push_str(L, s);
}

static void
push_yaml(lua_State *L, const struct value *v)
{
	luaL_checkstack(L, 6, "modele");
	switch (v->kind) {
	case VALUE_NULL: lua_pushnil(L); break;
	case VALUE_SCALAR: push_scalar(L, v); break;
	case VALUE_LIST:
		lua_createtable(L, (int)v->as.list.len, 0);
		for (uint32_t i = 0; i < v->as.list.len; i++) {
			push_yaml(L, &v->as.list.items[i]);
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		}
		break;
	case VALUE_MAP:
		lua_createtable(L, 0, (int)v->as.map.len);
		for (uint32_t i = 0; i < v->as.map.len; i++) {
			push_str(L, v->as.map.pairs[i].key);
			push_yaml(L, &v->as.map.pairs[i].value);
			lua_rawset(L, -3);
		}
		break;
	}
}

static void
push_names(lua_State *L, const str *names, uint32_t n)
{
	lua_createtable(L, (int)n, 0);
	for (uint32_t i = 0; i < n; i++) {
		push_str(L, names[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static void
push_model(lua_State *L, const struct type *t)
{
	lua_newtable(L);
	for (uint32_t i = 0; t->extra && i < t->extra->as.map.len; i++) {
		push_str(L, t->extra->as.map.pairs[i].key);
		push_yaml(L, &t->extra->as.map.pairs[i].value);
		lua_rawset(L, -3);
	}
	set_text(L, "type", t->name);
	set_text(L, "nom", label_in(L, t->label));
	set_text(L, "pluriel", label_in(L, t->plural));
	set_text(L, "dossier", t->folder);
	set_text(L, "collection", t->collection);
	lua_pushstring(L, t->feminine ? "f" : "m");
	lua_setfield(L, -2, "genre");
	push_fields(L, &t->shape);
	lua_setfield(L, -2, "champs");
	push_names(L, t->essential, t->n_essential);
	lua_setfield(L, -2, "essentiel");
	push_names(L, t->complements, t->n_complements);
	lua_setfield(L, -2, "complements");
}

/* Read-only all the way down: it is shared by all pages. */
static void
freeze_deep(lua_State *L)
{
	int at = lua_gettop(L);

	luaL_checkstack(L, 10, "modele");
	for (lua_pushnil(L); lua_next(L, at);) {
		if (lua_type(L, -1) == LUA_TTABLE)
			freeze_deep(L);
		lua_pop(L, 1);
	}
	sandbox_freeze(L, SCRIPT_READ_ONLY);
}

static int
model_table(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct type *t = check_type(L, 1);
	lua_Integer at = (lua_Integer)t->index * MODEL_MAX_LANGUAGES + w->language + 1;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_models);
	if (lua_rawgeti(L, -1, at) == LUA_TNIL) {
		lua_pop(L, 1);
		push_model(L, t);
		freeze_deep(L);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, at);
	}
	return 1;
}

void
siteview_open(struct script_state *w)
{
	static const luaL_Reg meta[] = { { "__index", site_index }, { "__newindex", refuse_site_write }, { NULL, NULL } };
	lua_State *L = w->L;
	struct site_value *v;

	lua_newtable(L);
	w->ref_models = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	v = lua_newuserdatauv(L, sizeof *v, 0);
	v->tag = TAG_SITE;
	luaL_newlib(L, meta);
	lua_setmetatable(L, -2);
	lua_setfield(L, -2, "site");
	lua_pushcfunction(L, model_table);
	lua_setfield(L, -2, "modele");
	lua_pop(L, 1);
}
