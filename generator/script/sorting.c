/* l:sort("-publie_le", "titre"): keys are made once per element; text by collation; elements without a value come last; ties end in
 * (type, slug), so that no order depends on how a list came about. */
#include "script/atoms.h"

#define MAX_CRITERIA 4

struct sort_key { enum atom_kind kind; str text; double number; };
struct ordering {
	const struct list_value *list;
	const struct sort_key *keys;     /* [element × n + criterion] */
	uint32_t n;
	bool descending[MAX_CRITERIA];
};

static struct sort_key
key_of(struct script_state *w, const struct atoms *a)
{
	struct sort_key key = { ATOM_NONE, STR_NONE, 0 };
	const struct atom *first = a->ptr;

	if (a->n == 0)
		return key;
	key.kind = first->kind;
	key.number = first->number;
	if (first->choice)       /* in the order of the enumeration */
		key = (struct sort_key){ ATOM_NUMBER, STR_NONE, (double)(first->choice - first->field->values) };
	else if (first->kind == ATOM_TEXT)
		key.text = text_sort_key(w->text, language_code(w), first->text, w->arena);
	else if (first->kind == ATOM_ITEM)
		key = (struct sort_key){ ATOM_TEXT, text_sort_key(w->text, language_code(w), item_title(w, first->item), w->arena), 0 };
	return key;
}

static int
compare_keys(const struct sort_key *a, const struct sort_key *b, bool descending)
{
	int order;

	if (a->kind == ATOM_NONE || b->kind == ATOM_NONE)
		return (a->kind == ATOM_NONE) - (b->kind == ATOM_NONE);
	if (a->kind != b->kind)
		order = a->kind < b->kind ? -1 : 1;
	else if (a->kind == ATOM_TEXT)
		order = str_compare(a->text, b->text);
	else
		order = (a->number > b->number) - (a->number < b->number);
	return descending ? -order : order;
}

static int
compare_items(const struct item *a, const struct item *b)
{
	int order = str_compare(a->type->name, b->type->name);

	return order ? order : str_compare(a->slug, b->slug);
}

static bool
element_after(void *context, uint32_t a, uint32_t b)
{
	const struct ordering *o = context;
	int order = 0;

	for (uint32_t c = 0; c < o->n && order == 0; c++)
		order = compare_keys(&o->keys[a * o->n + c], &o->keys[b * o->n + c], o->descending[c]);
	if (order == 0 && o->list->backing == LIST_ITEMS)
		order = compare_items(o->list->items[a], o->list->items[b]);
	return order > 0;
}

static void
keys_by_function(lua_State *L, const struct list_value *l, struct sort_key *keys)
{
	struct script_state *w = state_of(L);
	struct atoms a;

	for (uint32_t i = 0; i < l->len; i++) {
		lua_pushvalue(L, 2);
		push_element(L, 1, l, i);
		lua_call(L, 1, 1);
		atoms_start(&a, w->arena);
		atoms_of_value(L, lua_gettop(L), &a);
		keys[i] = key_of(w, &a);
		lua_pop(L, 1);
	}
}

static void
keys_by_path(lua_State *L, const struct list_value *l, struct ordering *o, uint32_t criterion, struct sort_key *keys)
{
	struct script_state *w = state_of(L);
	str path = check_str(L, (int)criterion + 2);
	struct atoms a;

	o->descending[criterion] = str_starts(path, S("-"));
	if (o->descending[criterion])
		path = str_slice(path, 1, path.len);
	for (uint32_t i = 0; i < l->len; i++) {
		atoms_start(&a, w->arena);
		atoms_of(L, 1, l, i, path, &a);
		keys[i * o->n + criterion] = key_of(w, &a);
	}
}

int
list_sort(lua_State *L)
{
	const struct list_value *l = value_of(L, 1, TAG_LIST);
	struct ordering o = { .list = l };
	struct sort_key *keys;
	int n = lua_gettop(L) - 1;

	if (!l || n > MAX_CRITERIA)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("liste:sort(…)"), value_word(L, 1));
	o.n = n > 0 ? (uint32_t)n : 1;
	o.keys = keys = arena_array(state_of(L)->arena, struct sort_key, (size_t)l->len * o.n + 1);
	if (n == 0) {
		lua_pushliteral(L, "");
		n = 1;
	}
	if (lua_type(L, 2) == LUA_TFUNCTION)
		keys_by_function(L, l, keys);
	else
		for (uint32_t c = 0; c < o.n; c++)
			keys_by_path(L, l, &o, c, keys);
	push_selection(L, 1, l, sort_indexes(L, l->len, element_after, &o), l->len);
	return 1;
}
