/* What a name of an expression is, and which chains of names the site's types can be asked about. */
#include "template/emit.h"

#define STEPS_MAX 16

static bool
find_local(const struct emitter *e, str name, struct name *found)
{
	for (size_t i = e->locals.len; i > 0; i--)
		if (str_equal(e->locals.ptr[i - 1].name, name)) {
			found->origin = e->locals.ptr[i - 1].origin;
			return true;
		}
	for (size_t i = 0; i < e->sets.len; i++)
		if (e->sets.ptr[i].visible && str_equal(e->sets.ptr[i].name, name)) {
			found->origin = e->sets.ptr[i].origin;
			found->module = e->sets.ptr[i].module;
			return true;
		}
	return false;
}

struct name
names_find(const struct emitter *e, str name)
{
	struct name found = { .kind = NAME_FREE };
	const struct import *import = tree_import(&e->c->tree, name);

	if (find_local(e, name, &found))
		found.kind = NAME_LOCAL;
	else if (e->loop && str_equal(name, S("loop")))
		found.kind = NAME_LOOP;
	else if (import) {
		found.kind = NAME_IMPORT;
		found.import = (uint32_t)(import - e->c->tree.imports.ptr);
	} else if (tree_macro(&e->c->tree, name))
		found.kind = NAME_MACRO;
	return found;
}

void
names_push(struct emitter *e, str name, struct origin origin)
{
	*vec_push(e->c->tmp, &e->locals) = (struct local){ name, origin };
}

struct set_name *
names_set(struct emitter *e, str name)
{
	for (size_t i = 0; i < e->sets.len; i++)
		if (str_equal(e->sets.ptr[i].name, name))
			return &e->sets.ptr[i];
	return NULL;
}

void
names_member(struct emitter *e, uint32_t import, str name, struct span at, unsigned char kind)
{
	e->imported[import] |= kind;
	*vec_push(e->c->out, &e->members) = (struct template_member){ e->c->tree.imports.ptr[import].file, name, at };
}

struct origin
origin_step(struct emitter *e, struct origin from, str step)
{
	str *steps;

	if (from.n == STEPS_MAX)
		return (struct origin){ NULL, 0 };
	steps = arena_array(e->c->out, str, from.n + 1u);
	for (uint32_t i = 0; i < from.n; i++)
		steps[i] = from.steps[i];
	steps[from.n] = step;
	return (struct origin){ steps, from.n + 1 };
}

void
origin_record(struct emitter *e, struct origin origin, struct span at, bool called)
{
	if (origin.n)
		*vec_push(e->c->out, &e->accesses) = (struct template_access){ origin.steps, origin.n, at, called };
}

static bool
is_one_of(str name, const char *list)
{
	str rest = str_from_c(list), piece;

	while (str_next(&rest, ' ', &piece))
		if (str_equal(piece, name))
			return true;
	return false;
}

bool
origin_kept_by(str method)
{
	return is_one_of(method, "where filter sort take slice union without nearest");
}

bool
origin_visits(str method)
{
	return is_one_of(method, "filter sort map any");
}
