/* Items and objects as Lua sees them: userdata over the frozen structs.
 * A name is looked up once; from then on its string stands for a number. */
#include "base/suggest.h"
#include "script/state.h"

#define CACHE_MAX 4096          /* item proxies kept in a state between pages */

/* Words every item has, beside the fields of its type; a field of the same name comes first. */
enum word {
	WORD_SLUG, WORD_TYPE, WORD_URL, WORD_URL_ABSOLUE, WORD_ETAT, WORD_ETAT_LIBELLE, WORD_LISTEE, WORD_PUBLIEE, WORD_CORPS, WORD_SOMMAIRE,
	WORD_TEXTE, WORD_LANGUE, WORD_MAJ_LE, WORD_TRADUCTIONS, WORD_CHEMIN, WORD_TITRE, WORD_INDEX, WORD_N,
};
static const str words[WORD_N] = {
	S_INIT("slug"), S_INIT("type"), S_INIT("url"), S_INIT("url_absolue"), S_INIT("etat"), S_INIT("etat_libelle"), S_INIT("listee"),
	S_INIT("publiee"), S_INIT("corps"), S_INIT("sommaire"), S_INIT("texte"), S_INIT("langue"), S_INIT("maj_le"), S_INIT("traductions"),
	S_INIT("chemin"), S_INIT("titre"), S_INIT("index"),
};

/* Numbers of names; below, the field of this index. */
#define CODE_WORD 100000
#define CODE_REVERSE 200000

/* --- consent --- */

const struct val *
read_field(struct script_state *w, const struct item *owner, const struct field *f, const struct val *v)
{
	double n;

	if (v->kind == VAL_NONE)
		return NULL;
	if (f->personal) {
		str scope = w->page ? w->page->scope : S("page");
		if (!owner || !site_consents(w->site, owner, scope))
			return NULL;
		w->personal = true;
	}
	if (f->confidential_below && (v->kind == VAL_INTEGER || v->kind == VAL_NUMBER)) {
		n = v->kind == VAL_INTEGER ? (double)v->as.integer : v->as.number;
		if (n > 0 && n < f->confidential_below)
			return NULL;
	}
	return v;
}

static void
push_field(lua_State *L, const struct item *owner, const struct field *f, const struct val *v)
{
	static const struct val_list none = { NULL, 0 };
	const struct val *readable = read_field(state_of(L), owner, f, v);

	if (f->kind == FIELD_LIST)
		push_frozen_vals(L, readable ? readable->as.list : &none, owner, f->element);
	else if (readable)
		push_val(L, readable, owner);
	else
		lua_pushnil(L);
}

const struct val *
item_val(struct script_state *w, const struct item *item, const struct field *f)
{
	if (w->asked)
		asked_note_field(w, item->type, f);
	return site_value(w->site, item, f, w->language);
}

void
push_item_field(lua_State *L, const struct item *item, const struct field *f)
{
	push_field(L, item, f, item_val(state_of(L), item, f));
}

/* --- words --- */

static const struct item *
in_language(const struct item *item, const struct script_state *w)
{
	return site_in_language(item, w->language);
}

static str
item_url(const struct script_state *w, const struct item *item)
{
	return item->published ? item->urls[w->language] : STR_NONE;
}

str
item_title(struct script_state *w, const struct item *item)
{
	const struct field *f = model_field(&item->type->shape, S("titre"));
	const struct val *v = f ? item_val(w, item, f) : NULL;

	return v && v->kind == VAL_TEXT ? v->as.text : item->slug;
}

str
state_label(const struct script_state *w, const struct life_state *state)
{
	return site_label(w->site, w->language, state->label.len ? state->label : state->name);
}

static void
push_headings(lua_State *L, const struct rich *body)
{
	uint32_t n = body ? body->md.n_headings : 0;

	lua_createtable(L, (int)n, 0);
	for (uint32_t i = 0; i < n; i++) {
		const struct markdown_heading *h = &body->md.headings[i];
		lua_createtable(L, 0, 3);
		push_frozen(L, h->id);
		lua_setfield(L, -2, "id");
		lua_pushinteger(L, h->level);
		lua_setfield(L, -2, "niveau");
		push_frozen(L, h->text);
		lua_setfield(L, -2, "titre");
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	push_table_list(L);
}

static void
push_translations(lua_State *L, const struct item *item)
{
	struct script_state *w = state_of(L);
	lua_Integer n = 0;

	lua_newtable(L);
	for (uint32_t i = 0; i < w->site->n_languages; i++) {
		if (!item->urls[i].ptr || !item->published)
			continue;
		lua_createtable(L, 0, 3);
		push_frozen(L, w->site->languages[i]);
		lua_setfield(L, -2, "langue");
		push_prefixed(L, item->urls[i]);
		lua_setfield(L, -2, "url");
		push_str(L, str_cat(w->arena, w->site->base_url, item->urls[i]));
		lua_setfield(L, -2, "url_absolue");
		lua_rawseti(L, -2, ++n);
	}
	push_table_list(L);
}

/* The pages above this address that exist, home first. */
void
push_ancestors(lua_State *L, str url)
{
	struct script_state *w = state_of(L);
	const struct plan *plan = w->shared->plan;
	lua_Integer n = 0;

	lua_createtable(L, 3, 0);
	for (size_t i = 0; plan && url.ptr && i + 1 < url.len; i++) {
		const struct page *p;
		if (url.ptr[i] != '/' || !(p = map_get(&plan->by_url, str_slice(url, 0, i + 1))) || p->language != w->language)
			continue;
		lua_createtable(L, 0, 2);
		push_frozen(L, p->item ? item_title(w, p->item) : param_text(param_get(p->params, S("titre"))));
		if (lua_isnil(L, -1)) {
			lua_pop(L, 1);
			push_frozen(L, p->url);
		}
		lua_setfield(L, -2, "titre");
		push_prefixed(L, p->url);
		lua_setfield(L, -2, "url");
		lua_rawseti(L, -2, ++n);
	}
	push_table_list(L);
}

static void
push_life_word(lua_State *L, const struct life_state *state, enum word word)
{
	if (!state)
		lua_pushnil(L);
	else
		push_frozen(L, word == WORD_ETAT ? state->name : state_label(state_of(L), state));
}

static void
push_word(lua_State *L, const struct item *item, enum word word)
{
	struct script_state *w = state_of(L);
	const struct rich *body = word == WORD_CORPS || word == WORD_SOMMAIRE || word == WORD_TEXTE ? item_body(w, item) : NULL;

	switch (word) {
	case WORD_SLUG: push_frozen(L, item->slug); break;
	case WORD_TYPE: push_frozen(L, item->type->name); break;
	case WORD_URL: push_prefixed(L, item_url(w, item)); break;
	case WORD_URL_ABSOLUE:
		push_str(L, item_url(w, item).ptr ? str_cat(w->arena, w->site->base_url, item->urls[w->language]) : STR_NONE);
		break;
	case WORD_ETAT: case WORD_ETAT_LIBELLE: push_life_word(L, item->object.state, word); break;
	case WORD_LISTEE: lua_pushboolean(L, item->listed); break;
	case WORD_PUBLIEE: lua_pushboolean(L, item->published); break;
	case WORD_CORPS:
		if (body)
			push_html(L, rich_html(w, body), KIND_HTML);
		else
			lua_pushnil(L);
		break;
	case WORD_SOMMAIRE: push_headings(L, body); break;
	case WORD_TEXTE: push_str(L, body ? markdown_plain(&body->md, w->arena) : S("")); break;
	case WORD_LANGUE: push_frozen(L, w->site->languages[in_language(item, w)->language]); break;
	case WORD_MAJ_LE: lua_pushnil(L); break;
	case WORD_TRADUCTIONS: push_translations(L, item); break;
	case WORD_CHEMIN: push_ancestors(L, item->urls[w->language]); break;
	case WORD_TITRE: push_frozen(L, item_title(w, item)); break;
	case WORD_INDEX: lua_pushboolean(L, item->listed && w->site->online); break;
	case WORD_N: lua_pushnil(L); break;
	}
}

static void
push_reverse(lua_State *L, const struct item *item, int i)
{
	const struct item *original = item->original ? item->original : item;

	push_frozen_items(L, original->reverse ? &original->reverse[i] : &(struct item_list){ NULL, 0 });
}

/* --- names --- */

static int
code_of(const struct script *s, const struct type *t, str name)
{
	const struct field *f = model_field(&t->shape, name);
	const str *reverse;
	uint32_t n;

	if (f)
		return f->index;
	for (int i = 0; i < WORD_N; i++)
		if (str_equal(name, words[i]))
			return CODE_WORD + i;
	n = site_reverse_names(s->o.site, t, &reverse);
	for (uint32_t i = 0; i < n; i++)
		if (str_equal(name, reverse[i]))
			return CODE_REVERSE + (int)i;
	return -1;
}

bool
item_has_name(const struct script *s, const struct type *t, str name)
{
	return code_of(s, t, name) >= 0;
}

static void
push_coded(lua_State *L, const struct item *item, int code)
{
	if (code >= CODE_REVERSE)
		push_reverse(L, item, code - CODE_REVERSE);
	else if (code >= CODE_WORD)
		push_word(L, item, (enum word)(code - CODE_WORD));
	else
		push_item_field(L, item, &item->type->shape.fields[code]);
}

str
suggest_field(const struct script *s, const struct shape *shape, const struct type *type, str name, struct arena *tmp)
{
	const str *reverse = NULL;
	uint32_t n_reverse = type ? site_reverse_names(s->o.site, type, &reverse) : 0, n = 0;
	str *names = arena_array(tmp, str, shape->n_fields + WORD_N + n_reverse);

	for (uint32_t i = 0; i < shape->n_fields; i++)
		names[n++] = shape->fields[i].name;
	for (uint32_t i = 0; type && i < WORD_N; i++)
		names[n++] = words[i];
	for (uint32_t i = 0; i < n_reverse; i++)
		names[n++] = reverse[i];
	return suggest_nearest(name, names, n);
}

void
raise_unknown_field(lua_State *L, const struct shape *shape, const struct type *type, str name)
{
	struct script_state *w = state_of(L);
	str known[64];
	uint32_t n = shape->n_fields < 64 ? shape->n_fields : 64;

	for (uint32_t i = 0; i < n; i++)
		known[i] = shape->fields[i].name;
	raise(L, SCRIPT_UNKNOWN_FIELD, name, name, type ? type->name : shape->name, suggest_field(w->shared, shape, type, name, w->arena),
	    str_join(w->arena, known, n, S(", ")));
}

/* --- metatables --- */

static int
find_item_code(lua_State *L, const void *of, str name)
{
	const struct type *t = of;
	int code = code_of(state_of(L)->shared, t, name);

	if (code < 0)
		raise_unknown_field(L, &t->shape, t, name);
	return code;
}

static int
item_index(lua_State *L)
{
	const struct item_value *v = lua_touserdata(L, 1);

	push_coded(L, v->item, cache_code(L, 2, v->item->type, find_item_code));
	return 1;
}

static int
item_equal(lua_State *L)
{
	const struct item_value *a = value_of(L, 1, TAG_ITEM), *b = value_of(L, 2, TAG_ITEM);

	lua_pushboolean(L, a && b && a->item == b->item);
	return 1;
}

static int
refuse_item_write(lua_State *L)
{
	raise(L, SCRIPT_READ_ONLY, check_str(L, 2), check_str(L, 2));
}

/* Fields with a value, in the order of the schema. */
static int
next_item_field(lua_State *L)
{
	const struct item_value *v = value_of(L, lua_upvalueindex(1), TAG_ITEM);
	const struct object_value *o = value_of(L, lua_upvalueindex(1), TAG_OBJECT);
	const struct shape *shape = v ? &v->item->type->shape : o->object->shape;
	uint32_t i = (uint32_t)lua_tointeger(L, lua_upvalueindex(2));

	for (; i < shape->n_fields; i++) {
		const struct field *f = &shape->fields[i];
		push_str(L, f->name);
		if (v)
			push_field(L, v->item, f, item_val(state_of(L), v->item, f));
		else
			push_field(L, o->owner, f, object_val(o->object, i));
		if (!lua_isnil(L, -1)) {
			lua_pushinteger(L, (lua_Integer)i + 1);
			lua_replace(L, lua_upvalueindex(2));
			return 2;
		}
		lua_pop(L, 2);
	}
	lua_pushnil(L);
	return 1;
}

static int
field_pairs(lua_State *L)
{
	lua_settop(L, 1);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, next_item_field, 2);
	return 1;
}

int
object_code(lua_State *L, const void *shape, str name)
{
	const struct shape *of = shape;
	const struct field *f = model_field(of, name);

	(void)L;
	if (f)
		return f->index;
	if (of->life && str_equal(name, words[WORD_ETAT]))
		return OBJECT_STATE;
	return of->life && str_equal(name, words[WORD_ETAT_LIBELLE]) ? OBJECT_STATE_LABEL : -1;
}

static int
object_index(lua_State *L)
{
	const struct object_value *o = lua_touserdata(L, 1);
	const struct shape *shape = o->object->shape;
	int code = cache_code(L, 2, shape, object_code);

	if (code < 0)
		raise_unknown_field(L, shape, NULL, check_str(L, 2));
	if (code >= OBJECT_STATE)
		push_life_word(L, o->object->state, code == OBJECT_STATE ? WORD_ETAT : WORD_ETAT_LIBELLE);
	else
		push_field(L, o->owner, &shape->fields[code], object_val(o->object, (uint32_t)code));
	return 1;
}

static int
object_equal(lua_State *L)
{
	const struct object_value *a = value_of(L, 1, TAG_OBJECT), *b = value_of(L, 2, TAG_OBJECT);

	lua_pushboolean(L, a && b && a->object == b->object);
	return 1;
}

void
push_item(lua_State *L, const struct item *item)
{
	struct script_state *w = state_of(L);
	struct item_value *v;

	if (!item) {
		lua_pushnil(L);
		return;
	}
	if (item->original)
		item = item->original;
	if (cache_push_item(L, item))
		return;
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_items);
	if (lua_rawgetp(L, -1, item) == LUA_TNIL) {
		lua_pop(L, 1);
		v = lua_newuserdatauv(L, sizeof *v, 0);
		*v = (struct item_value){ TAG_ITEM, item };
		lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_item_meta);
		lua_setmetatable(L, -2);
		lua_pushvalue(L, -1);
		lua_rawsetp(L, -3, item);
		w->n_cached++;
	}
	lua_replace(L, -2);
	cache_keep_item(L, item);
}

void
push_object(lua_State *L, const struct object *o, const struct item *owner)
{
	struct object_value *v = cache_proxy(L, o);

	if (v && v->tag == TAG_OBJECT && v->owner == owner) {
		cache_push_proxy(L, o);
		return;
	}
	v = lua_newuserdatauv(L, sizeof *v, 0);
	*v = (struct object_value){ TAG_OBJECT, o, owner };
	lua_rawgeti(L, LUA_REGISTRYINDEX, state_of(L)->ref_object_meta);
	lua_setmetatable(L, -2);
	cache_keep_proxy(L, o);
}

/* Weak: an item that a page meets is one value to it as long as the page has it. */
static void
push_weak_table(lua_State *L)
{
	lua_newtable(L);
	lua_createtable(L, 0, 1);
	lua_pushliteral(L, "v");
	lua_setfield(L, -2, "__mode");
	lua_setmetatable(L, -2);
}

void
items_forget(struct script_state *w)
{
	if (w->n_cached < CACHE_MAX)
		return;
	w->n_cached = 0;
	push_weak_table(w->L);
	lua_rawseti(w->L, LUA_REGISTRYINDEX, w->ref_items);
	cache_forget_items(w);
}

str
enum_label(const struct field *f, str key)
{
	if (f->kind == FIELD_LIST)
		f = f->element;
	for (uint32_t i = 0; i < f->n_values; i++)
		if (str_equal(f->values[i].key, key))
			return f->values[i].label.len ? f->values[i].label : key;
	return STR_NONE;
}

void
items_open(struct script_state *w)
{
	static const luaL_Reg item[] = { { "__index", item_index }, { "__eq", item_equal }, { "__newindex", refuse_item_write },
		{ "__pairs", field_pairs }, { NULL, NULL } };
	static const luaL_Reg object[] = { { "__index", object_index }, { "__eq", object_equal }, { "__newindex", refuse_item_write },
		{ "__pairs", field_pairs }, { NULL, NULL } };

	push_weak_table(w->L);
	w->ref_items = luaL_ref(w->L, LUA_REGISTRYINDEX);
	w->ref_item_meta = keep_metatable(w->L, item);
	w->ref_object_meta = keep_metatable(w->L, object);
}
