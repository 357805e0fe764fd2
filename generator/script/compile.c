/* A theme's layouts and modules, read and compiled: a file at a time, on several threads, each with a Lua state of its own. What becomes of a
 * file and what is said of it does not depend on who takes it. */
#include <stdatomic.h>

#include "script/state.h"

/* One thread. The first one's arenas are the script's own; those of the others are theirs in the end. */
struct hand {
	struct arena *out, *kept;        /* kept: kept_arena() of the script */
	struct arena own, own_kept, tmp;
	struct script_state *state;      /* NULL until something is to be compiled */
	struct diag quiet;               /* a state that cannot be opened is told of when modules are tried */
};

struct crew {
	struct script *s;
	struct compiling *files;
	size_t n;
	atomic_size_t next;
	struct hand *hands;
};

/* --- Lua --- */

struct lua_work { struct compiling *c; struct arena *out; };

static int
compile_code(lua_State *L)
{
	struct lua_work *work = lua_touserdata(L, 1);

	if (work->c->module) {
		compile_module(L, work->c->module, work->out);
		return 0;
	}
	runtime_load_chunk(L, work->c->layout);
	work->c->layout->code = dump_code(L, work->out);
	return 0;
}

static void
add_code(struct crew *crew, struct hand *hand, struct compiling *c)
{
	struct lua_work work = { c, hand->out };

	if (!hand->state)
		hand->state = state_open(crew->s, hand->out, &hand->quiet);
	if (!hand->state)
		return;
	lua_pushcfunction(hand->state->L, compile_code);
	lua_pushlightuserdata(hand->state->L, &work);
	protected_call(hand->state, 1, 0);
}

/* --- a file --- */

static void
compile_template(const struct script *s, struct hand *hand, struct script_layout *l, struct diag *diag)
{
	struct template_options o = { .name = str_cat(hand->kept, S("layouts/"), l->name), .file = l->source.file, .base_path = s->o.site->base_path };

	template_language_of(l->name, &o.language);
	if (s->o.kept)
		l->text = str_copy(hand->kept, l->text);
	template_compile(&l->compiled, l->text, &o, hand->kept, &hand->tmp, diag);
	l->told = diag->entries.len > 0;
}

static void
compile_layout(struct crew *crew, struct hand *hand, struct compiling *c)
{
	struct script_layout *l = c->layout;

	l->name = c->file->name;
	l->source = *c->file;
	c->read = source_read(crew->s->o.source, c->file, COMPILE_FILE_MAX, hand->out, &c->said, &l->text);
	if (!c->read)
		return;
	l->fresh = !kept_layout(crew->s, l);
	if (l->fresh)
		compile_template(crew->s, hand, l, &c->said);
	if (l->compiled.lua.len && !l->code.len)
		add_code(crew, hand, c);
}

static void
compile_lua(struct crew *crew, struct hand *hand, struct compiling *c)
{
	struct module *m = c->module;

	*m = (struct module){ .name = c->file->name, .source = *c->file };
	if (str_ends(m->name, S(".lua")))
		m->name = str_slice(m->name, 0, m->name.len - 4);
	c->read = source_read(crew->s->o.source, c->file, COMPILE_FILE_MAX, hand->out, &c->said, &m->text);
	if (!c->read)
		return;
	m->code = kept_code(crew->s, m);
	m->fresh = !m->code.len;
	if (m->fresh)
		add_code(crew, hand, c);
}

static void
work(void *context, unsigned which)
{
	struct crew *crew = context;
	struct hand *hand = &crew->hands[which];
	size_t at;

	while ((at = atomic_fetch_add(&crew->next, 1)) < crew->n) {
		struct compiling *c = &crew->files[at];
		if (c->when != COMPILE_NOW)
			continue;
		c->when = COMPILE_DONE;
		diag_init(&c->said, hand->out, crew->s->diag->files);
		if (c->layout)
			compile_layout(crew, hand, c);
		else
			compile_lua(crew, hand, c);
		arena_reset(&hand->tmp);
	}
	if (hand->state)
		script_close(hand->state);
}

void
compile_files(struct script *s, struct compiling *files, size_t n)
{
	unsigned workers = 0;
	struct crew crew = { .s = s, .files = files, .n = n };

	for (size_t i = 0; i < n && (workers < s->o.workers || workers < 1); i++)
		workers += files[i].when == COMPILE_NOW;
	crew.hands = arena_array(s->out, struct hand, workers + 1);
	for (unsigned i = 0; i < workers; i++) {
		struct hand *hand = &crew.hands[i];
		arena_init(&hand->own, s->out->source);
		arena_init(&hand->own_kept, s->out->source);
		arena_init(&hand->tmp, s->out->source);
		hand->out = i ? &hand->own : s->out;
		hand->kept = i == 0 ? kept_arena(s) : s->o.kept ? &hand->own_kept : &hand->own;
		diag_init(&hand->quiet, hand->out, s->diag->files);
	}
	os_parallel(workers, work, &crew);
	for (unsigned i = 0; i < workers; i++) {
		arena_adopt(s->out, &crew.hands[i].own);
		arena_adopt(kept_arena(s), &crew.hands[i].own_kept);
		arena_free(&crew.hands[i].tmp);
	}
}
