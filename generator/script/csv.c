/* csv(items, chemins): a table of items (RFC 4180), a line for each, a column for each path; what json() exports, no more. */
#include "base/suggest.h"
#include "script/escape.h"
#include "script/state.h"

#define MAX_CHAIN 8
#define SEPARATOR '|'            /* between the elements of a list */

enum column_kind { COLUMN_FIELD, COLUMN_SLUG, COLUMN_URL, COLUMN_STATE, COLUMN_TYPE, COLUMN_N };
static const str column_words[COLUMN_N] = { S_INIT(""), S_INIT("slug"), S_INIT("url"), S_INIT("etat"), S_INIT("type") };

/* A path, and where it leads in the items of one type. */
struct column {
	str path;
	enum column_kind kind;
	const struct field *chain[MAX_CHAIN];
	uint32_t n_chain;
	char axis;                   /* 'a': the latitude of a geo, 'o': its longitude, 0: neither */
};
struct csv_table {
	struct script_state *w;
	struct column *columns;
	uint32_t n;
	const struct type *type;     /* that the columns are resolved for */
};

/* --- columns --- */

static void
refuse_path(lua_State *L, const struct shape *shape, str name, str path)
{
	str *names = arena_array(state_of(L)->arena, str, shape->n_fields + 1);

	for (uint32_t i = 0; i < shape->n_fields; i++)
		names[i] = shape->fields[i].name;
	raise(L, SCRIPT_NO_MEMBER, name, shape->name, path, suggest_nearest(name, names, shape->n_fields));
}

static void
resolve_fields(lua_State *L, struct column *c, const struct shape *shape)
{
	str rest = c->path, name;

	while (str_next(&rest, '.', &name)) {
		const struct field *last = c->n_chain ? c->chain[c->n_chain - 1] : NULL;
		const struct field *f = shape && c->n_chain < MAX_CHAIN ? map_get(&shape->by_name, name) : NULL;
		if (last && last->kind == FIELD_GEO && !c->axis && (str_equal(name, S("lat")) || str_equal(name, S("lon")))) {
			c->axis = name.ptr[1];
			continue;
		}
		if (!f)
			refuse_path(L, shape ? shape : &state_of(L)->site->config->type->shape, name, c->path);
		c->chain[c->n_chain++] = f;
		shape = f->kind == FIELD_OBJECT ? f->shape : NULL;
	}
}

static void
resolve(lua_State *L, struct csv_table *t, const struct type *type)
{
	t->type = type;
	for (uint32_t i = 0; i < t->n; i++) {
		struct column *c = &t->columns[i];
		*c = (struct column){ .path = c->path };
		for (int k = COLUMN_FIELD + 1; k < COLUMN_N; k++)
			if (str_equal(c->path, column_words[k]))
				c->kind = (enum column_kind)k;
		if (c->kind == COLUMN_FIELD)
			resolve_fields(L, c, &type->shape);
	}
}

static void
read_columns(lua_State *L, struct csv_table *t)
{
	luaL_checktype(L, 2, LUA_TTABLE);
	t->n = (uint32_t)luaL_len(L, 2);
	t->columns = arena_array(t->w->arena, struct column, t->n + 1);
	for (uint32_t i = 0; i < t->n; i++) {
		lua_geti(L, 2, (lua_Integer)i + 1);
		t->columns[i].path = str_copy(t->w->arena, check_str(L, -1));
		lua_pop(L, 1);
	}
}

/* --- cells --- */

static void
put_duration(struct buf *b, const struct val *v)
{
	static const char units[] = { [DURATION_MINUTE] = 'M', [DURATION_HOUR] = 'H', [DURATION_DAY] = 'D', [DURATION_WEEK] = 'W',
		[DURATION_MONTH] = 'M', [DURATION_YEAR] = 'Y' };

	buf_format(b, v->as.duration.unit <= DURATION_HOUR ? "PT%d%c" : "P%d%c", v->as.duration.amount, units[v->as.duration.unit]);
}

static void
put_moment(struct script_state *w, struct buf *b, const struct val *v)
{
	int32_t s = v->as.moment.seconds;

	buf_put(b, date_iso(w->arena, v->as.moment.local));
	buf_format(b, "T%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

static void
put_json(lua_State *L, struct buf *b, const struct val *v, const struct item *owner)
{
	push_val(L, v, owner);
	write_json(L, lua_gettop(L), b, 0);
	lua_pop(L, 1);
}

/* What a cell or an element of a list says; false for what has no text of its own. */
static bool
put_plain(struct script_state *w, struct buf *b, const struct val *v)
{
	switch ((enum val_kind)v->kind) {
	case VAL_TEXT: case VAL_REF_TEXT: buf_put(b, v->as.text); return true;
	case VAL_RICH: buf_put(b, rich_html(w, v->as.rich)); return true;
	case VAL_INTEGER: buf_int(b, v->as.integer); return true;
	case VAL_NUMBER: buf_number(b, v->as.number); return true;
	case VAL_BOOLEAN: buf_put(b, v->as.boolean ? S("true") : S("false")); return true;
	case VAL_DATE: buf_put(b, date_iso(w->arena, v->as.date)); return true;
	case VAL_MOMENT: put_moment(w, b, v); return true;
	case VAL_DURATION: put_duration(b, v); return true;
	case VAL_ENUM: buf_put(b, v->as.choice->key); return true;
	case VAL_REF: buf_put(b, v->as.item->slug); return true;
	case VAL_MEDIA: buf_put(b, v->as.media->url.ptr ? str_cat(w->arena, w->site->base_url, v->as.media->url) : S("")); return true;
	case VAL_NONE: return true;
	case VAL_GEO: case VAL_LIST: case VAL_OBJECT: break;
	}
	return false;
}

/* Scalars one after the other; a list that holds anything else is told as JSON. */
static void
put_list(lua_State *L, struct buf *b, const struct val *v, const struct item *owner)
{
	const struct val_list *l = v->as.list;
	size_t from = b->len;

	for (uint32_t i = 0; i < l->len; i++) {
		size_t start;
		if (i)
			buf_byte(b, SEPARATOR);
		start = b->len;
		if (!put_plain(state_of(L), b, &l->items[i])) {
			b->len = from;
			put_json(L, b, v, owner);
			return;
		}
		for (; start < b->len; start++)
			if (b->ptr[start] == SEPARATOR)
				b->ptr[start] = '/';
	}
}

static void
put_value(lua_State *L, struct buf *b, const struct column *c, const struct val *v, const struct item *owner)
{
	if (v->kind == VAL_LIST)
		put_list(L, b, v, owner);
	else if (v->kind == VAL_GEO && c->axis)
		buf_number(b, c->axis == 'a' ? v->as.geo.lat : v->as.geo.lon);
	else if (!put_plain(state_of(L), b, v))
		put_json(L, b, v, owner);
}

static void
put_field(lua_State *L, struct buf *b, const struct column *c, const struct item *item)
{
	struct script_state *w = state_of(L);
	const struct val *v = item_val(w, item, c->chain[0]);

	for (uint32_t i = 0; i < c->n_chain; i++) {
		const struct field *f = c->chain[i];
		if (i)
			v = v->kind == VAL_OBJECT ? object_val(v->as.object, f->index) : NULL;
		if (!v || !f->exported || !(v = read_field(w, item, f, v)))
			return;
	}
	put_value(L, b, c, v, item);
}

static void
put_column(lua_State *L, struct buf *b, const struct column *c, const struct item *item)
{
	struct script_state *w = state_of(L);

	switch (c->kind) {
	case COLUMN_FIELD: put_field(L, b, c, item); break;
	case COLUMN_SLUG: buf_put(b, item->slug); break;
	case COLUMN_TYPE: buf_put(b, item->type->name); break;
	case COLUMN_STATE: buf_put(b, item->object.state ? item->object.state->name : S("")); break;
	case COLUMN_URL:
		if (item->published && item->urls[w->language].ptr)
			buf_put(b, str_cat(w->arena, w->site->base_url, item->urls[w->language]));
		break;
	case COLUMN_N: break;
	}
}

/* What was written from `from` on becomes a field: in quotes when it needs them. */
static void
close_cell(struct script_state *w, struct buf *b, size_t from)
{
	str cell = { b->ptr + from, b->len - from };

	for (size_t i = 0; i < cell.len; i++) {
		char c = cell.ptr[i];
		if (c != '"' && c != ',' && c != '\n' && c != '\r' && (i || !escape_csv_is_formula(cell)))
			continue;
		cell = str_copy(w->arena, cell);
		b->len = from;
		escape_csv(b, cell);
		return;
	}
}

static void
put_line(lua_State *L, struct csv_table *t, struct buf *b, const struct item *item)
{
	if (item && item->type != t->type)
		resolve(L, t, item->type);
	for (uint32_t i = 0; i < t->n; i++) {
		size_t from;
		if (i)
			buf_byte(b, ',');
		from = b->len;
		if (item)
			put_column(L, b, &t->columns[i], item);
		else
			buf_put(b, t->columns[i].path);
		close_cell(t->w, b, from);
	}
	buf_put(b, S("\r\n"));
}

static int
api_csv(lua_State *L)
{
	struct csv_table t = { .w = state_of(L) };
	const struct list_value *l = value_of(L, 1, TAG_LIST);
	struct buf *b = &t.w->html;

	if (!l)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("liste"), value_word(L, 1));
	lua_settop(L, 2);
	read_columns(L, &t);
	buf_clear(b);
	put_line(L, &t, b, NULL);
	for (uint32_t i = 0; i < l->len; i++) {
		const struct item_value *v;
		push_element(L, 1, l, i);
		v = value_of(L, -1, TAG_ITEM);
		if (!v)
			raise(L, SCRIPT_EXPECTED, STR_NONE, S("fiche"), value_word(L, -1));
		put_line(L, &t, b, v->item);
		lua_pop(L, 1);
	}
	push_html(L, buf_copy(b, t.w->arena), KIND_CSV);
	return 1;
}

void
csv_open(struct script_state *w)
{
	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushcfunction(w->L, api_csv);
	lua_setfield(w->L, -2, "csv");
	lua_pop(w->L, 1);
}
