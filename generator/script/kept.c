/* What is compiled of a theme, from load to load. */
#include "script/state.h"

#include "os/os.h"

#define MORE ((size_t)4 << 20)   /* of what was compiled since the first load: time to begin anew */

struct kept_text {
	file_id file;
	str text, base_path;
	struct template compiled;
	str code;
};

struct script_kept {
	_Atomic unsigned users;
	struct arena arena;
	struct map by_name;          /* shown path → struct kept_text * */
	size_t first;                /* bytes after the first load */
};

struct script_kept *
script_kept_new(void)
{
	struct arena arena;
	struct script_kept *k;

	arena_init(&arena, &os_pages);
	k = arena_new(&arena, struct script_kept);
	k->arena = arena;
	atomic_init(&k->users, 1);
	return k;
}

void
script_kept_take(struct script_kept *k)
{
	atomic_fetch_add(&k->users, 1);
}

void
script_kept_drop(struct script_kept *k)
{
	struct arena arena;

	if (!k || atomic_fetch_sub(&k->users, 1) > 1)
		return;
	arena = k->arena;            /* which holds k itself */
	arena_free(&arena);
}

bool
script_kept_worn(struct script_kept *k)
{
	if (!k->first)
		k->first = k->arena.used;
	return k->arena.used > 2 * k->first + MORE;
}

static struct kept_text *
find(const struct script *s, const struct source_file *file, str text)
{
	struct kept_text *t = s->o.kept ? map_get(&s->o.kept->by_name, file->shown) : NULL;

	return t && t->file == file->file && str_equal(t->text, text) && str_equal(t->base_path, s->o.site->base_path) ? t : NULL;
}

bool
kept_layout(const struct script *s, struct script_layout *l)
{
	const struct kept_text *t = find(s, &l->source, l->text);

	if (!t)
		return false;
	l->text = t->text;
	l->compiled = t->compiled;
	l->code = t->code;
	return true;
}

str
kept_code(const struct script *s, const struct module *m)
{
	const struct kept_text *t = find(s, &m->source, m->text);

	return t ? t->code : STR_NONE;
}

struct arena *
kept_arena(const struct script *s)
{
	return s->o.kept ? &s->o.kept->arena : s->out;
}

/* In the place of what the file was before. */
static struct kept_text *
put(const struct script *s, const struct source_file *file, str text, str code)
{
	struct script_kept *k = s->o.kept;
	struct kept_text *t = arena_new(&k->arena, struct kept_text);

	*t = (struct kept_text){ .file = file->file, .text = text, .base_path = str_copy(&k->arena, s->o.site->base_path), .code = str_copy(&k->arena, code) };
	map_set(&k->arena, &k->by_name, str_copy(&k->arena, file->shown), t);
	return t;
}

void
keep_layout(const struct script *s, const struct script_layout *l)
{
	if (s->o.kept && l->code.len)
		put(s, &l->source, l->text, l->code)->compiled = l->compiled;
}

void
keep_code(const struct script *s, const struct module *m)
{
	if (s->o.kept && m->code.len && !kept_code(s, m).len)
		put(s, &m->source, str_copy(&s->o.kept->arena, m->text), m->code);
}
