/* where, group, sum: over atoms, in C; where{} on a whole collection starts from the index of an enumeration or reference. */
#include "script/atoms.h"

/* --- where --- */

struct wanted {
	str path;
	struct atoms any_of;
};

static const struct list_value *
check_list(lua_State *L, int arg)
{
	const struct list_value *l = value_of(L, arg, TAG_LIST);

	if (!l)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("liste"), value_word(L, arg));
	return l;
}

static bool
satisfies(const struct atoms *have, const struct atoms *wanted)
{
	for (uint32_t i = 0; i < have->n; i++)
		for (uint32_t k = 0; k < wanted->n; k++)
			if (atoms_equal(&have->ptr[i], &wanted->ptr[k]))
				return true;
	return false;
}

/* A misspelt value of an enumeration would be an empty list without a word. */
static void
check_choices(lua_State *L, const struct type *t, const struct wanted *wanted)
{
	const struct field *f = model_path(&t->shape, wanted->path);
	str keys[128];
	uint32_t n = 0;

	while (f && f->kind == FIELD_LIST)
		f = f->element;
	if (!f || f->kind != FIELD_ENUM)
		return;
	for (; n < f->n_values && n < 128; n++)
		keys[n] = f->values[n].key;
	for (uint32_t k = 0; k < wanted->any_of.n; k++) {
		str key = wanted->any_of.ptr[k].text;
		if (wanted->any_of.ptr[k].kind == ATOM_TEXT && f->n_values <= 128 && !enum_label(f, key).ptr)
			raise(L, SCRIPT_UNKNOWN_VALUE, key, key, wanted->path, suggest_nearest(key, keys, n), str_join(state_of(L)->arena, keys, n, S(", ")));
	}
}

static const struct enum_value *
choice_of(const struct field *f, str key)
{
	while (f && f->kind == FIELD_LIST)
		f = f->element;
	for (uint32_t i = 0; f && f->kind == FIELD_ENUM && i < f->n_values; i++)
		if (str_equal(f->values[i].key, key))
			return &f->values[i];
	return NULL;
}

/* The items of a whole collection that an index gives for one of the conditions, listed ones only. */
static bool
from_index(lua_State *L, const struct collection *c, const struct wanted *wanted, struct item_list *found)
{
	struct script_state *w = state_of(L);
	const struct atom *value = wanted->any_of.ptr;
	const struct field *f = model_path(&c->type->shape, wanted->path);
	struct item_list all;
	const struct enum_value *choice;

	if (wanted->any_of.n != 1 || !f || f->personal)
		return false;
	choice = value->kind == ATOM_TEXT ? choice_of(f, value->text) : NULL;
	if (!choice && value->kind != ATOM_ITEM)
		return false;
	if (!site_posting(w->site, c->type, wanted->path, choice, value->item, &all))
		return false;
	found->items = arena_array(w->arena, const struct item *, all.len + 1);
	found->len = 0;
	for (uint32_t i = 0; i < all.len; i++)
		if (all.items[i]->listed)
			found->items[found->len++] = all.items[i];
	return true;
}

static uint32_t
read_conditions(lua_State *L, int table, struct wanted *wanted, uint32_t max)
{
	uint32_t n = 0;
	size_t len;
	int top;

	luaL_checktype(L, table, LUA_TTABLE);
	if (!sandbox_behind(L, table))
		lua_pushvalue(L, table);
	top = lua_gettop(L);
	for (lua_pushnil(L); lua_next(L, top); lua_pop(L, 1)) {
		if (lua_type(L, -2) != LUA_TSTRING || n == max)
			raise(L, SCRIPT_EXPECTED, STR_NONE, S("where{champ = valeur}"), S("table"));
		wanted[n].path = (str){ lua_tolstring(L, -2, &len), lua_rawlen(L, -2) };
		atoms_start(&wanted[n].any_of, state_of(L)->arena);
		atoms_of_value(L, lua_gettop(L), &wanted[n].any_of);
		n++;
	}
	return n;
}

int
list_where(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct list_value *l = check_list(L, 1);
	struct wanted wanted[16];
	uint32_t n = read_conditions(L, 2, wanted, 16), kept = 0, *idx;
	struct list_value indexed = *l;
	struct item_list found;
	struct atoms have;

	for (uint32_t c = 0; c < n; c++)
		if (l->backing == LIST_ITEMS && l->len)
			check_choices(L, l->items[0]->type, &wanted[c]);
	for (uint32_t c = 0; l->whole && c < n; c++)
		if (from_index(L, l->whole, &wanted[c], &found)) {
			indexed.items = found.items;
			indexed.len = found.len;
			wanted[c] = wanted[--n];
			if (wanted[c].any_of.cap == 4)
				wanted[c].any_of.ptr = wanted[c].any_of.small;
			break;
		}
	idx = arena_array(w->arena, uint32_t, indexed.len + 1);
	for (uint32_t i = 0; i < indexed.len; i++) {
		bool all = true;
		for (uint32_t c = 0; c < n && all; c++) {
			atoms_start(&have, w->arena);
			atoms_of(L, 1, &indexed, i, wanted[c].path, &have);
			all = satisfies(&have, &wanted[c].any_of);
		}
		if (all)
			idx[kept++] = i;
	}
	push_selection(L, 1, &indexed, idx, kept);
	return 1;
}

/* --- group --- */

struct group {
	struct atom key;
	str label, sort_key;
	uint32_t *members, n, cap;
};
struct groups { struct group *ptr; uint32_t n, cap; struct arena *arena; };

static struct group *
group_for(struct groups *g, const struct atom *key)
{
	for (uint32_t i = 0; i < g->n; i++)
		if (atoms_equal(&g->ptr[i].key, key))
			return &g->ptr[i];
	if (g->n == g->cap) {
		struct group *grown = arena_array(g->arena, struct group, g->cap ? g->cap * 2 : 16);
		for (uint32_t i = 0; i < g->n; i++)
			grown[i] = g->ptr[i];
		g->ptr = grown;
		g->cap = g->cap ? g->cap * 2 : 16;
	}
	g->ptr[g->n] = (struct group){ .key = *key };
	return &g->ptr[g->n++];
}

static void
group_add(struct groups *g, struct group *to, uint32_t member)
{
	if (to->n && to->members[to->n - 1] == member)
		return;                  /* a list that names a value twice */
	if (to->n == to->cap) {
		uint32_t *grown = arena_array(g->arena, uint32_t, to->cap ? to->cap * 2 : 8);
		for (uint32_t i = 0; i < to->n; i++)
			grown[i] = to->members[i];
		to->members = grown;
		to->cap = to->cap ? to->cap * 2 : 8;
	}
	to->members[to->n++] = member;
}

static str
label_of(struct script_state *w, const struct atom *key)
{
	if (key->choice)
		return site_label(w->site, w->language, key->choice->label.len ? key->choice->label : key->text);
	if (key->kind == ATOM_TEXT)
		return key->text;
	if (key->kind == ATOM_ITEM)
		return item_title(w, key->item);
	if (key->kind == ATOM_BOOLEAN)
		return site_string(w->site, w->language, key->number != 0 ? S("oui") : S("non"));
	if (key->kind == ATOM_DATE)
		return text_date(w->text, language_code(w), (day)(key->number / 86400), TEXT_DATE_LONG, w->arena);
	return text_number(w->text, language_code(w), key->number, -1, w->arena);
}

static bool
group_after(void *context, uint32_t a, uint32_t b)
{
	const struct groups *g = context;
	const struct group *x = &g->ptr[a], *y = &g->ptr[b];

	if (x->key.choice && y->key.choice && x->key.field == y->key.field)
		return x->key.choice > y->key.choice;    /* both in the field's array, in its order */
	if (x->key.kind == y->key.kind && x->key.kind != ATOM_TEXT && x->key.kind != ATOM_ITEM)
		return x->key.number > y->key.number;
	return str_compare(x->sort_key, y->sort_key) > 0;
}

int
list_group(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct list_value *l = check_list(L, 1);
	str path = check_str(L, 2);
	struct groups g = { .arena = w->arena };
	struct atoms have;
	uint32_t *order;

	for (uint32_t i = 0; i < l->len; i++) {
		atoms_start(&have, w->arena);
		atoms_of(L, 1, l, i, path, &have);
		for (uint32_t k = 0; k < have.n; k++)
			group_add(&g, group_for(&g, &have.ptr[k]), i);
	}
	for (uint32_t i = 0; i < g.n; i++) {
		g.ptr[i].label = label_of(w, &g.ptr[i].key);
		g.ptr[i].sort_key = text_sort_key(w->text, language_code(w), g.ptr[i].label, w->arena);
	}
	order = sort_indexes(L, g.n, group_after, &g);
	lua_createtable(L, (int)g.n, 0);
	for (uint32_t i = 0; i < g.n; i++) {
		const struct group *group = &g.ptr[order[i]];
		lua_createtable(L, 0, 3);
		push_atom(L, &group->key);
		lua_setfield(L, -2, "cle");
		push_str(L, group->label);
		lua_setfield(L, -2, "libelle");
		push_selection(L, 1, l, group->members, group->n);
		lua_setfield(L, -2, "items");
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	push_table_list(L);
	return 1;
}

int
list_sum(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct list_value *l = check_list(L, 1);
	str path = lua_isnoneornil(L, 2) ? S("") : check_str(L, 2);
	struct atom total = { .kind = ATOM_NUMBER };
	struct atoms have;

	for (uint32_t i = 0; i < l->len; i++) {
		atoms_start(&have, w->arena);
		atoms_of(L, 1, l, i, path, &have);
		for (uint32_t k = 0; k < have.n; k++)
			if (have.ptr[k].kind == ATOM_NUMBER)
				total.number += have.ptr[k].number;
	}
	push_atom(L, &total);
	return 1;
}
