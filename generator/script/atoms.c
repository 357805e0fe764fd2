#include "script/atoms.h"

void
atoms_start(struct atoms *a, struct arena *arena)
{
	a->ptr = a->small;
	a->n = 0;
	a->cap = sizeof a->small / sizeof *a->small;
	a->arena = arena;
}

static void
add(struct atoms *a, struct atom atom)
{
	if (a->n == a->cap) {
		struct atom *grown = arena_array(a->arena, struct atom, a->cap * 2);
		for (uint32_t i = 0; i < a->n; i++)
			grown[i] = a->ptr[i];
		a->ptr = grown;
		a->cap *= 2;
	}
	a->ptr[a->n++] = atom;
}

static void
add_text(struct atoms *a, str s)
{
	if (s.ptr)
		add(a, (struct atom){ .kind = ATOM_TEXT, .text = s });
}

static void
add_number(struct atoms *a, enum atom_kind kind, double n)
{
	add(a, (struct atom){ .kind = kind, .number = n });
}

static void item_path(lua_State *L, const struct item *item, str path, struct atoms *a);
static void object_path(lua_State *L, const struct object *o, const struct item *owner, str path, struct atoms *a);

static void
add_leaf(const struct val *v, const struct field *f, struct atoms *a)
{
	switch ((enum val_kind)v->kind) {
	case VAL_TEXT: add_text(a, v->as.text); break;
	case VAL_RICH: add_text(a, markdown_plain(&v->as.rich->md, a->arena)); break;
	case VAL_INTEGER: add_number(a, ATOM_NUMBER, (double)v->as.integer); break;
	case VAL_NUMBER: add_number(a, ATOM_NUMBER, v->as.number); break;
	case VAL_BOOLEAN: add_number(a, ATOM_BOOLEAN, v->as.boolean); break;
	case VAL_DATE: add_number(a, ATOM_DATE, (double)v->as.date * 86400); break;
	case VAL_MOMENT: add_number(a, ATOM_DATE, (double)v->as.moment.local * 86400 + v->as.moment.seconds); break;
	case VAL_DURATION: add_number(a, ATOM_NUMBER, v->as.duration.amount); break;
	case VAL_ENUM:
		add(a, (struct atom){ .kind = ATOM_TEXT, .text = v->as.choice->key, .choice = v->as.choice, .field = f });
		break;
	case VAL_REF: add(a, (struct atom){ .kind = ATOM_ITEM, .item = v->as.item }); break;
	default: break;
	}
}

static void
val_path(lua_State *L, const struct val *v, const struct field *f, const struct item *owner, str path, struct atoms *a)
{
	if (v->kind == VAL_LIST) {
		for (uint32_t i = 0; i < v->as.list->len; i++)
			val_path(L, &v->as.list->items[i], f ? f->element : NULL, owner, path, a);
	} else if (path.len == 0) {
		add_leaf(v, f, a);
	} else if (v->kind == VAL_REF) {
		item_path(L, v->as.item, path, a);
	} else if (v->kind == VAL_OBJECT) {
		object_path(L, v->as.object, owner, path, a);
	}
}

static void
object_path(lua_State *L, const struct object *o, const struct item *owner, str path, struct atoms *a)
{
	str head, rest;
	const struct field *f;
	const struct val *v;

	str_cut(path, '.', &head, &rest);
	f = model_field(o->shape, head);
	if (!f && o->shape->life && str_equal(head, S("etat"))) {
		add_text(a, o->state ? o->state->name : STR_NONE);
		return;
	}
	if (!f)
		raise_unknown_field(L, o->shape, NULL, head);
	v = read_field(state_of(L), owner, f, object_val(o, f->index));
	if (v)
		val_path(L, v, f, owner, rest, a);
}

static void
item_word(lua_State *L, const struct item *item, str word, struct atoms *a)
{
	struct script_state *w = state_of(L);

	if (str_equal(word, S("etat")))
		add_text(a, item->object.state ? item->object.state->name : STR_NONE);
	else if (str_equal(word, S("slug")))
		add_text(a, item->slug);
	else if (str_equal(word, S("type")))
		add_text(a, item->type->name);
	else if (str_equal(word, S("titre")))
		add_text(a, item_title(w, item));
	else if (str_equal(word, S("langue")))
		add_text(a, w->site->languages[site_in_language(item, w->language)->language]);
	else if (str_equal(word, S("listee")))
		add_number(a, ATOM_BOOLEAN, item->listed);
	else if (str_equal(word, S("publiee")))
		add_number(a, ATOM_BOOLEAN, item->published);
	else
		raise_unknown_field(L, &item->type->shape, item->type, word);
}

static void
item_path(lua_State *L, const struct item *item, str path, struct atoms *a)
{
	struct script_state *w = state_of(L);
	struct item_list reverse;
	str head, rest;
	const struct field *f;
	const struct val *v;

	if (!item)
		return;
	str_cut(path, '.', &head, &rest);
	f = model_field(&item->type->shape, head);
	if (f) {
		v = read_field(w, item, f, item_val(w, item, f));
		if (v)
			val_path(L, v, f, item, rest, a);
	} else if (site_reverse(w->site, item, head, &reverse)) {
		for (uint32_t i = 0; i < reverse.len; i++) {
			if (rest.len)
				item_path(L, reverse.items[i], rest, a);
			else
				add(a, (struct atom){ .kind = ATOM_ITEM, .item = reverse.items[i] });
		}
	} else {
		item_word(L, item, head, a);
	}
}

/* An element that is a Lua value: follows the path through tables. */
static void
lua_path(lua_State *L, int index, str path, struct atoms *a)
{
	int top = lua_gettop(L);
	const struct item_value *item;
	const struct object_value *object;
	str head, rest;

	lua_pushvalue(L, index);
	while (path.len) {
		if ((item = value_of(L, -1, TAG_ITEM))) {
			item_path(L, item->item, path, a);
			lua_settop(L, top);
			return;
		}
		if ((object = value_of(L, -1, TAG_OBJECT))) {
			object_path(L, object->object, object->owner, path, a);
			lua_settop(L, top);
			return;
		}
		if (lua_type(L, -1) != LUA_TTABLE)
			break;
		str_cut(path, '.', &head, &rest);
		lua_pushlstring(L, head.ptr, head.len);
		lua_gettable(L, -2);
		path = rest;
	}
	if (path.len == 0)
		atoms_of_value(L, lua_gettop(L), a);
	lua_settop(L, top);
}

void
atoms_of(lua_State *L, int index, const struct list_value *list, uint32_t i, str path, struct atoms *a)
{
	a->n = 0;
	if (list->backing == LIST_ITEMS) {
		if (path.len)
			item_path(L, list->items[i], path, a);
		else
			add(a, (struct atom){ .kind = ATOM_ITEM, .item = list->items[i] });
	} else if (list->backing == LIST_VALS) {
		val_path(L, &list->vals[i], list->field, list->owner, path, a);
	} else {
		push_element(L, index, list, i);
		lua_path(L, lua_gettop(L), path, a);
		lua_pop(L, 1);
	}
}

static void
atoms_of_table(lua_State *L, int index, struct atoms *a)
{
	lua_Integer n = luaL_len(L, index);

	for (lua_Integer i = 1; i <= n; i++) {
		lua_geti(L, index, i);
		if (lua_type(L, -1) != LUA_TTABLE)       /* one level is what "any of" means */
			atoms_of_value(L, lua_gettop(L), a);
		lua_pop(L, 1);
	}
}

void
atoms_of_value(lua_State *L, int index, struct atoms *a)
{
	const struct item_value *item = value_of(L, index, TAG_ITEM);
	const struct date_value *d = value_of(L, index, TAG_DATE);
	const struct html_value *h = value_of(L, index, TAG_HTML);
	size_t len;

	if (item)
		add(a, (struct atom){ .kind = ATOM_ITEM, .item = item->item });
	else if (d)
		add_number(a, ATOM_DATE, (double)d->day * 86400 + (d->seconds > 0 ? d->seconds : 0));
	else if (h)
		add_text(a, h->s);
	else if (lua_type(L, index) == LUA_TSTRING)
		add_text(a, (str){ lua_tolstring(L, index, &len), lua_rawlen(L, index) });
	else if (lua_type(L, index) == LUA_TNUMBER)
		add_number(a, ATOM_NUMBER, lua_tonumber(L, index));
	else if (lua_type(L, index) == LUA_TBOOLEAN)
		add_number(a, ATOM_BOOLEAN, lua_toboolean(L, index));
	else if (lua_type(L, index) == LUA_TTABLE || value_tag(L, index) == TAG_LIST)
		atoms_of_table(L, index, a);
}

bool
atoms_equal(const struct atom *a, const struct atom *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == ATOM_TEXT)
		return str_equal(a->text, b->text);
	if (a->kind == ATOM_ITEM)
		return a->item == b->item;
	return a->number == b->number;
}

void
push_atom(lua_State *L, const struct atom *a)
{
	switch (a->kind) {
	case ATOM_NONE: lua_pushnil(L); break;
	case ATOM_TEXT: push_str(L, a->text); break;
	case ATOM_BOOLEAN: lua_pushboolean(L, a->number != 0); break;
	case ATOM_DATE: push_date(L, (day)(a->number / 86400), -1, NULL); break;
	case ATOM_ITEM: push_item(L, a->item); break;
	case ATOM_NUMBER:
		lua_pushnumber(L, a->number);
		if (lua_tointegerx(L, -1, NULL) || a->number == 0) {
			lua_pushinteger(L, lua_tointeger(L, -1));
			lua_remove(L, -2);
		}
		break;
	}
}
