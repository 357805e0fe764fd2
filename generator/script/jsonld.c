/* donnees_structurees(item): schema.org from the mapping that each type declares under `jsonld:` (docs/types.md). Mappings are prepared
 * once, and followed without a table of Lua for each object: nearly every page has one. Fields are read the way templates read them,
 * so that consent, languages and dates count alike. */
#include "script/escape.h"
#include "script/state.h"

enum step_kind { RULE_SELF, RULE_BODY, RULE_PATH, RULE_FIRST, RULE_ALL, RULE_CONSTANT, RULE_CHOICE, RULE_CASES, RULE_DAY_END, RULE_NODE };

struct step {
	enum step_kind kind;
	str name;                    /* of the property it is for */
	str *path; uint32_t n_path;
	struct step *sub; uint32_t n_sub;   /* alternatives; properties of a node; cases, each with its paths */
	str json;                    /* constant; of a case */
	str type, each;              /* of a node; the list it is made for, STR_NONE without */
	const struct value *values;  /* of a choice: key → what to write; NULL */
	str otherwise;
};

struct condition { str field; const struct value *permitted; };

struct mapping {
	str type;                    /* STR_NONE: by the field */
	const struct field *field; str attribute;
	const struct value *values; str otherwise;
	struct condition *conditions; uint32_t n_conditions;
	struct step root;
	str *required; uint32_t n_required;
};

struct mappings { struct arena *out; struct buf quoted; };

/* --- preparing --- */

static str
text_of(const struct value *v)
{
	return v && v->kind == VALUE_SCALAR ? v->as.text : STR_NONE;
}

static str
constant(struct mappings *m, str text)
{
	if (str_equal(text, S("true")) || str_equal(text, S("false")))
		return text;
	buf_clear(&m->quoted);
	buf_json_string(&m->quoted, text);
	return buf_copy(&m->quoted, m->out);
}

static struct step
path_rule(struct mappings *m, str path)
{
	struct step r = { .kind = RULE_PATH };
	str rest = path;

	if (str_equal(path, S(".")))
		return (struct step){ .kind = RULE_SELF };
	if (str_equal(path, S("corps")))
		return (struct step){ .kind = RULE_BODY };
	r.path = arena_array(m->out, str, path.len / 2 + 1);
	while (str_cut(rest, '.', &r.path[r.n_path++], &rest))
		;
	return r;
}

static struct step prepare(struct mappings *m, const struct value *v);

static struct step
list_rule(struct mappings *m, enum step_kind kind, const struct value *list)
{
	struct step r = { .kind = kind, .n_sub = list->kind == VALUE_LIST ? list->as.list.len : 1 };

	r.sub = arena_array(m->out, struct step, r.n_sub + 1);
	for (uint32_t i = 0; i < r.n_sub; i++)
		r.sub[i] = prepare(m, list->kind == VALUE_LIST ? &list->as.list.items[i] : list);
	return r;
}

static struct step
cases_rule(struct mappings *m, const struct value *cases)
{
	struct step r = { .kind = RULE_CASES, .n_sub = cases->as.list.len };

	r.sub = arena_array(m->out, struct step, r.n_sub + 1);
	for (uint32_t i = 0; i < r.n_sub; i++) {
		const struct value *one = &cases->as.list.items[i];
		r.sub[i] = list_rule(m, RULE_ALL, value_get(one, S("si")));
		r.sub[i].json = constant(m, text_of(value_get(one, S("valeur"))));
	}
	return r;
}

static int
by_name(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct step *)a)->name, ((const struct step *)b)->name);
}

static void
add_properties(struct mappings *m, struct step *r, const struct value *map)
{
	uint32_t len = map && map->kind == VALUE_MAP ? map->as.map.len : 0;

	r->sub = arena_array(m->out, struct step, len + 1);
	for (uint32_t i = 0; i < len; i++) {
		str name = map->as.map.pairs[i].key;
		if (r->type.ptr && (str_equal(name, S("type")) || str_equal(name, S("pour"))))
			continue;
		r->sub[r->n_sub] = prepare(m, &map->as.map.pairs[i].value);
		r->sub[r->n_sub++].name = name;
	}
	vec_sort(r->sub, r->n_sub, sizeof *r->sub, by_name, NULL);
}

static struct step
choice_rule(struct mappings *m, const struct value *v)
{
	struct step r = path_rule(m, text_of(value_get(v, S("champ"))));

	r.kind = RULE_CHOICE;
	r.values = value_get(v, S("valeurs"));
	r.otherwise = text_of(value_get(v, S("defaut")));
	return r;
}

static struct step
node_rule(struct mappings *m, const struct value *v)
{
	struct step r = { .kind = RULE_NODE, .type = text_of(value_get(v, S("type"))), .each = text_of(value_get(v, S("pour"))) };

	add_properties(m, &r, v);
	return r;
}

static struct step
prepare(struct mappings *m, const struct value *v)
{
	const struct value *sub;
	struct step r;

	if (v->kind == VALUE_SCALAR)
		return path_rule(m, v->as.text);
	if (v->kind == VALUE_LIST)
		return list_rule(m, RULE_FIRST, v);
	if ((sub = value_get(v, S("valeur"))))
		return (struct step){ .kind = RULE_CONSTANT, .json = constant(m, text_of(sub)) };
	if (value_get(v, S("champ")))
		return choice_rule(m, v);
	if (value_get(v, S("type")))
		return node_rule(m, v);
	if ((sub = value_get(v, S("cas"))))
		return cases_rule(m, sub);
	if ((sub = value_get(v, S("tous"))))
		return list_rule(m, RULE_ALL, sub);
	r = path_rule(m, text_of(value_get(v, S("fin_du_jour"))));
	r.kind = RULE_DAY_END;
	return r;
}

static void
prepare_conditions(struct mappings *m, struct mapping *r, const struct value *when)
{
	uint32_t len = when && when->kind == VALUE_MAP ? when->as.map.len : 0;

	r->conditions = arena_array(m->out, struct condition, len + 1);
	for (; r->n_conditions < len; r->n_conditions++)
		r->conditions[r->n_conditions] = (struct condition){ when->as.map.pairs[r->n_conditions].key, &when->as.map.pairs[r->n_conditions].value };
}

static void
prepare_type(struct mapping *r, const struct type *t, const struct value *type)
{
	r->type = text_of(type);
	if (r->type.ptr)
		return;
	r->field = model_field(&t->shape, text_of(value_get(type, S("champ"))));
	r->attribute = text_of(value_get(type, S("attribut")));
	r->values = value_get(type, S("valeurs"));
	r->otherwise = value_text(type, S("defaut"), S("Thing"));
}

static struct mapping *
prepare_mapping(struct mappings *m, const struct type *t, const struct value *v)
{
	struct mapping *r = arena_new(m->out, struct mapping);
	const struct value *required = value_get(v, S("requis"));
	uint32_t n = required && required->kind == VALUE_LIST ? required->as.list.len : 0;

	prepare_type(r, t, value_get(v, S("type")));
	prepare_conditions(m, r, value_get(v, S("si")));
	add_properties(m, &r->root, value_get(v, S("proprietes")));
	r->required = arena_array(m->out, str, n + 1);
	for (; r->n_required < n; r->n_required++)
		r->required[r->n_required] = text_of(&required->as.list.items[r->n_required]);
	return r;
}

struct mapping **
jsonld_prepare(const struct model *model, struct arena *out)
{
	struct mappings m = { .out = out };
	struct mapping **all = arena_array(out, struct mapping *, model->n_types + 1);

	buf_init(&m.quoted, 1 << 20);
	for (uint32_t i = 0; i < model->n_types; i++) {
		const struct value *v = value_get(model->types[i]->extra, S("jsonld"));
		if (v)
			all[model->types[i]->index] = prepare_mapping(&m, model->types[i], v);
	}
	buf_free(&m.quoted);
	return all;
}

/* --- following: values stand on the stack, what they are written as goes to w->data --- */

/* Replaces the value at the top by its field. */
static bool
push_next(lua_State *L, str name)
{
	push_frozen(L, name);
	lua_gettable(L, -2);
	lua_remove(L, -2);
	return !lua_isnil(L, -1);
}

/* Pushes what the path leads to; false, with nothing pushed, when there is none. */
static bool
push_path(lua_State *L, const struct step *r, int from)
{
	lua_pushvalue(L, from);
	for (uint32_t i = 0; i < r->n_path; i++)
		if (!push_next(L, r->path[i])) {
			lua_pop(L, 1);
			return false;
		}
	return true;
}

/* Takes the value off. */
static void
put_top(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct date_value *d = value_of(L, -1, TAG_DATE);

	if (d)
		buf_json_string(&w->data, date_of_data(w, d));
	else
		write_json(L, lua_gettop(L), &w->data, 1);
	lua_pop(L, 1);
}

/* Has the item a text with a word in it? Types with a field of their own by that name say it there. */
static bool
has_text(lua_State *L, int from)
{
	struct script_state *w = state_of(L);
	const struct item_value *item = value_of(L, from, TAG_ITEM);
	const struct rich *body;
	bool has;

	if (item && !model_field(&item->item->type->shape, S("texte"))) {
		body = item_body(w, item->item);
		return body && markdown_has_words(&body->md);
	}
	lua_getfield(L, from, "texte");
	has = item && lua_rawlen(L, -1) > 0;
	lua_pop(L, 1);
	return has;
}

/* The item's text as HTML, which is what a search engine wants of a long description; else its summary. */
static uint32_t
put_body(lua_State *L, int from)
{
	struct buf *b = &state_of(L)->scratch;
	bool has = has_text(L, from);

	lua_getfield(L, from, has ? "corps" : "resume");
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		return 0;
	}
	if (!has) {
		buf_clear(b);
		buf_put(b, S("<p>"));
		escape_html(b, check_str(L, -1));
		buf_put(b, S("</p>"));
		push_str(L, buf_str(b));
		lua_remove(L, -2);
	}
	put_top(L);
	return 1;
}

static bool
is_present(lua_State *L, const struct step *path, int from)
{
	const struct list_value *list;
	bool present;

	if (!push_path(L, path, from))
		return false;
	list = value_of(L, -1, TAG_LIST);
	present = !list || list->len;
	lua_pop(L, 1);
	return present;
}

static uint32_t
put_case(lua_State *L, const struct step *r, int from)
{
	for (uint32_t i = 0; i < r->n_sub; i++) {
		bool all = true;
		for (uint32_t k = 0; k < r->sub[i].n_sub && all; k++)
			all = is_present(L, &r->sub[i].sub[k], from);
		if (all) {
			buf_put(&state_of(L)->data, r->sub[i].json);
			return 1;
		}
	}
	return 0;
}

static str
chosen(const struct value *values, str key, str otherwise)
{
	return values ? value_text(values, key, otherwise) : otherwise;
}

static uint32_t
put_choice(lua_State *L, const struct step *r, int from)
{
	str text = r->otherwise;

	if (push_path(L, r, from)) {
		if (lua_type(L, -1) == LUA_TSTRING)
			text = chosen(r->values, check_str(L, -1), r->otherwise);
		lua_pop(L, 1);
	}
	if (text.ptr)
		buf_json_string(&state_of(L)->data, text);
	return text.ptr != NULL;
}

static uint32_t
put_day_end(lua_State *L, const struct step *r, int from)
{
	struct script_state *w = state_of(L);
	const struct date_value *d;

	if (!push_path(L, r, from))
		return 0;
	d = value_of(L, -1, TAG_DATE);
	buf_byte(&w->data, '"');
	buf_json(&w->data, d ? date_iso(w->arena, d->day) : str_slice(check_str(L, -1), 0, 10));
	buf_put(&w->data, S("T23:59:59\""));
	lua_pop(L, 1);
	return 1;
}

static uint32_t put(lua_State *L, const struct step *r, int from);

/* The value of one property: a list when the rule gives several. False, with nothing written, without any. */
static bool
put_property(lua_State *L, const struct step *r, int from)
{
	struct buf *b = &state_of(L)->data;
	size_t start = b->len, bracket;
	uint32_t n;

	buf_byte(b, ',');
	buf_json_string(b, r->name);
	buf_byte(b, ':');
	bracket = b->len;
	buf_byte(b, '[');
	n = put(L, r, from);
	if (n == 0) {
		b->len = start;
	} else if (n > 1) {
		buf_byte(b, ']');
	} else if (!b->failed) {                         /* one: without the bracket */
		memmove(b->ptr + bracket, b->ptr + bracket + 1, b->len - bracket - 1);
		b->len--;
	}
	return n > 0;
}

static bool
is_fixed(const struct step *r)
{
	return r->kind == RULE_CONSTANT || r->kind == RULE_CHOICE || r->kind == RULE_CASES;
}

/* One object; false, with nothing written, when no field gave it a value. */
static bool
put_node(lua_State *L, const struct step *r, int from)
{
	struct buf *b = &state_of(L)->data;
	size_t start = b->len;
	bool full = false;

	buf_put(b, S("{\"@type\":"));
	buf_json_string(b, r->type);
	for (uint32_t i = 0; i < r->n_sub; i++)
		full = (put_property(L, &r->sub[i], from) && !is_fixed(&r->sub[i])) || full;
	buf_byte(b, '}');
	if (!full)
		b->len = start;
	return full;
}

/* Another value of a list may follow the first. */
static uint32_t
put_next(lua_State *L, const struct step *r, int from, uint32_t before, bool (*one)(lua_State *, const struct step *, int))
{
	struct buf *b = &state_of(L)->data;
	size_t start = b->len;

	if (before)
		buf_byte(b, ',');
	if (one(L, r, from))
		return 1;
	b->len = start;
	return 0;
}

static uint32_t
put_nodes(lua_State *L, const struct step *r, int from)
{
	const struct list_value *list;
	int at = lua_gettop(L) + 1;
	uint32_t n = 0;

	if (!r->each.ptr)
		return put_node(L, r, from);
	lua_pushvalue(L, from);
	if (push_next(L, r->each) && (list = value_of(L, at, TAG_LIST)))
		for (uint32_t i = 0; i < list->len; i++) {
			push_element(L, at, list, i);
			n += put_next(L, r, at + 1, n, put_node);
			lua_pop(L, 1);
		}
	lua_settop(L, at - 1);
	return n;
}

static uint32_t
put_all(lua_State *L, const struct step *r, int from)
{
	struct buf *b = &state_of(L)->data;
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->n_sub; i++) {
		size_t start = b->len;
		uint32_t more;
		if (n)
			buf_byte(b, ',');
		more = put(L, &r->sub[i], from);
		if (!more)
			b->len = start;
		n += more;
	}
	return n;
}

/* Writes the rule's values, with commas between them; how many. */
static uint32_t
put(lua_State *L, const struct step *r, int from)
{
	uint32_t n = 0;

	luaL_checkstack(L, 12, "jsonld");
	switch (r->kind) {
	case RULE_CONSTANT: buf_put(&state_of(L)->data, r->json); return 1;
	case RULE_SELF: lua_pushvalue(L, from); put_top(L); return 1;
	case RULE_BODY: return put_body(L, from);
	case RULE_CHOICE: return put_choice(L, r, from);
	case RULE_CASES: return put_case(L, r, from);
	case RULE_DAY_END: return put_day_end(L, r, from);
	case RULE_NODE: return put_nodes(L, r, from);
	case RULE_ALL: return put_all(L, r, from);
	case RULE_FIRST:
		for (uint32_t i = 0; i < r->n_sub && n == 0; i++)
			n = put(L, &r->sub[i], from);
		return n;
	case RULE_PATH:
		if (push_path(L, r, from)) {
			put_top(L);
			n = 1;
		}
		return n;
	}
	return n;
}

/* --- the item --- */

static bool
permits(const struct value *permitted, str word)
{
	for (uint32_t i = 0; permitted->kind == VALUE_LIST && i < permitted->as.list.len; i++)
		if (str_equal(text_of(&permitted->as.list.items[i]), word))
			return true;
	return permitted->kind == VALUE_SCALAR && str_equal(permitted->as.text, word);
}

static bool
applies(lua_State *L, const struct mapping *m)
{
	bool all = true;

	for (uint32_t i = 0; i < m->n_conditions && all; i++) {
		push_frozen(L, m->conditions[i].field);
		lua_gettable(L, 1);
		all = lua_type(L, -1) == LUA_TSTRING && permits(m->conditions[i].permitted, check_str(L, -1));
		lua_pop(L, 1);
	}
	return all;
}

static str
attribute_of(const struct field *f, str key, str attribute)
{
	for (uint32_t i = 0; attribute.ptr && i < f->n_values; i++)
		if (str_equal(f->values[i].key, key)) {
			const str *found = map_get(&f->values[i].attributes, attribute);
			return found ? *found : STR_NONE;
		}
	return STR_NONE;
}

static str
type_of(lua_State *L, const struct mapping *m)
{
	str found = m->type, key;

	if (found.ptr || !m->field)
		return found;
	push_frozen(L, m->field->name);
	lua_gettable(L, 1);
	found = m->otherwise;
	if (lua_type(L, -1) == LUA_TSTRING) {
		key = check_str(L, -1);
		found = attribute_of(m->field, key, m->attribute);
		found = found.ptr ? found : chosen(m->values, key, m->otherwise);
	}
	lua_pop(L, 1);
	return found;
}

static bool
is_required(const struct mapping *m, str name)
{
	for (uint32_t i = 0; i < m->n_required; i++)
		if (str_equal(m->required[i], name))
			return true;
	return false;
}

static int
api_structured_data(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct item_value *item = value_of(L, 1, TAG_ITEM);
	const struct mapping *m;
	struct buf *b = &w->data;

	if (!item)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("item"), value_word(L, 1));
	lua_settop(L, 1);
	m = w->shared->mappings[item->item->type->index];
	if (!m || !applies(L, m))
		return 0;
	buf_clear(b);
	buf_put(b, S("{\"@context\":\"https://schema.org\",\"@type\":"));
	buf_json_string(b, type_of(L, m));
	for (uint32_t i = 0; i < m->root.n_sub; i++)
		if (!put_property(L, &m->root.sub[i], 1) && is_required(m, m->root.sub[i].name))
			return 0;
	buf_byte(b, '}');
	push_html(L, str_copy(w->arena, buf_str(b)), KIND_JSON);
	return 1;
}

void
jsonld_open(struct script_state *w)
{
	lua_State *L = w->L;

	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushcfunction(L, api_structured_data);
	lua_setfield(L, -2, "donnees_structurees");
	lua_pop(L, 1);
}
