/* What a theme brings, read once: layouts compiled, modules, routes.lua; names they use of each other are checked. Its files are found first;
 * then comes what needs nothing but them, which may be done while the site is built, then what looks at the site. */
#include "base/suggest.h"
#include "script/state.h"

const struct script_limits script_limits_default = {
	.memory = (size_t)256 << 20,
	.output = (size_t)64 << 20,
	.instructions = 200000000,
	.seconds = 8,
};

/* A list of everything, a site map, routes.lua grow with the site: a million items in one file of data are a hundred
 * MiB, and take a few seconds on an idle machine. */
#define MEMORY_AN_ITEM 1024
#define OUTPUT_AN_ITEM 1024
#define INSTRUCTIONS_AN_ITEM 1000
#define SECONDS_AN_ITEM 20e-6
#define MAX_CHAIN 16             /* of extends */

const struct script_layout *
script_layout(const struct script *s, str name)
{
	return map_get(&s->layouts_by_name, name);
}

str
script_layout_name(const struct script_layout *l)
{
	return l->name;
}

bool
script_layout_is_email(const struct script_layout *l)
{
	return l->compiled.email;
}

str
script_nearest_layout(const struct script *s, str name, struct arena *tmp)
{
	str *names = arena_array(tmp, str, s->layouts.len + 1);

	for (size_t i = 0; i < s->layouts.len; i++)
		names[i] = s->layouts.ptr[i]->name;
	return suggest_nearest(name, names, s->layouts.len);
}

static const struct template_use *
extends_of(const struct script_layout *l)
{
	for (uint32_t i = 0; i < l->compiled.n_uses; i++)
		if (l->compiled.uses[i].kind == TEMPLATE_EXTENDS)
			return &l->compiled.uses[i];
	return NULL;
}

/* A layout that extends its own name means the one it hides, of the next theme. */
static bool
extends_hidden(const struct script_layout *l)
{
	const struct template_use *use = extends_of(l);

	return use && str_equal(use->name, l->name);
}

static struct script_layout *
used_by(const struct script *s, const struct script_layout *l, const struct template_use *use)
{
	if (use->kind == TEMPLATE_EXTENDS && l->hidden && extends_hidden(l))
		return l->hidden;
	return map_get(&s->layouts_by_name, use->name);
}

static struct script_layout *
parent_of(const struct script *s, const struct script_layout *l)
{
	const struct template_use *use = extends_of(l);

	return use ? used_by(s, l, use) : NULL;
}

struct layout_queue { const struct script_layout **ptr; size_t len, cap; };

/* The layout, and all that drawing it may read, each once. */
static struct layout_queue
all_used_by(const struct script *s, const struct script_layout *l, struct arena *out)
{
	bool *seen = arena_array(out, bool, s->layouts.len);
	struct layout_queue queue = { 0 };

	*vec_push(out, &queue) = l;
	seen[l->index] = true;
	for (size_t i = 0; i < queue.len; i++) {
		const struct template *t = &queue.ptr[i]->compiled;
		for (uint32_t k = 0; k < t->n_uses; k++) {
			const struct script_layout *used = used_by(s, queue.ptr[i], &t->uses[k]);
			if (!used || seen[used->index])
				continue;
			seen[used->index] = true;
			*vec_push(out, &queue) = used;
		}
	}
	return queue;
}

void
script_layout_uses(const struct script *s, const struct script_layout *l, struct arena *out, str **names, size_t *n)
{
	struct layout_queue all = all_used_by(s, l, out);

	*names = arena_array(out, str, all.len);
	*n = all.len;
	for (size_t i = 0; i < all.len; i++)
		(*names)[i] = str_copy(out, all.ptr[i]->source.shown);
}

bool
script_layout_reads(const struct script *s, const struct script_layout *l, str path, struct arena *tmp)
{
	struct layout_queue all = all_used_by(s, l, tmp);

	for (size_t i = 0; i < all.len; i++)
		if (str_equal(all.ptr[i]->source.path, path))
			return true;
	return false;
}

enum script_file_kind
script_file_kind(const struct script *s, str path)
{
	for (size_t i = 0; i < s->layouts.len; i++)
		if (str_equal(s->layouts.ptr[i]->source.path, path))
			return SCRIPT_FILE_LAYOUT;
	for (size_t i = 0; i < s->modules.len; i++)
		if (str_equal(s->modules.ptr[i].source.path, path))
			return SCRIPT_FILE_MODULE;
	for (uint32_t i = 0; i < s->n_routes; i++)
		if (str_equal(s->routes[i].source.path, path))
			return SCRIPT_FILE_ROUTES;
	return SCRIPT_FILE_NONE;
}

/* --- layouts --- */

/* Of the layouts of a circle the first one is told; those that lead into it are not. */
static bool
is_told(struct script_layout *const *chain, uint32_t n)
{
	bool first = true;

	for (uint32_t i = 1; i < n; i++) {
		for (uint32_t k = 0; k < i; k++)
			if (chain[k] == chain[i])
				return k == 0 && first;
		first &= chain[i]->index > chain[0]->index;
	}
	return true;
}

static void
check_chain(struct script_layout *const *chain, uint32_t n, struct diag *diag)
{
	const struct template *templates[MAX_CHAIN];

	for (uint32_t i = 0; i < n; i++)
		templates[i] = &chain[i]->compiled;
	template_check_chain(templates, n, diag);
}

static void
chain_layout(struct script *s, struct script_layout *l, struct diag *diag)
{
	struct script_layout *chain[MAX_CHAIN], *at = l;
	uint32_t n = 0;

	for (; at && n < MAX_CHAIN; at = parent_of(s, at))
		chain[n++] = at;
	if (at && is_told(chain, n))
		diag_add(diag, SCRIPT_EXTENDS_LOOP, extends_of(l)->span, l->name);
	if (at)
		n = 1;
	check_chain(chain, n, diag);
	l->chain = arena_array(s->out, struct script_layout *, n);
	for (uint32_t i = 0; i < n; i++)
		l->chain[i] = chain[i];
	l->n_chain = n;
}

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The names in `with {item = o, niveau = 2}`: in the included file they may be absent, where another name would be a mistake. */
static void
note_given_names(struct script *s, const struct script_layout *l, const struct template_use *use)
{
	str rest = str_slice(l->text, use->span.end, l->text.len);
	size_t end, start;

	if (!str_find(rest, S("%}"), &end))
		return;
	for (size_t i = 0; i < end;) {
		if (!is_word_byte(rest.ptr[i])) {
			i++;
			continue;
		}
		for (start = i; i < end && is_word_byte(rest.ptr[i]);)
			i++;
		str name = str_slice(rest, start, i);
		while (i < end && (rest.ptr[i] == ' ' || rest.ptr[i] == '\n' || rest.ptr[i] == '\t'))
			i++;
		if (i + 1 < rest.len && rest.ptr[i] == '=' && rest.ptr[i + 1] != '=')
			map_set(s->out, &s->nil_names, name, s);
	}
}

static void
check_uses(struct script *s, const struct script_layout *l, struct arena *tmp, struct diag *diag)
{
	for (uint32_t i = 0; i < l->compiled.n_uses; i++) {
		const struct template_use *use = &l->compiled.uses[i];
		const struct script_layout *used = used_by(s, l, use);
		if (!used)
			diag_add(diag, SCRIPT_NO_LAYOUT, use->span, S(""), use->name, script_nearest_layout(s, use->name, tmp));
		else if (use->kind == TEMPLATE_IMPORT)
			template_check_import(&l->compiled, use->name, &used->compiled, diag);
		if (use->kind == TEMPLATE_INCLUDE)
			note_given_names(s, l, use);
	}
}

/* Of one name the nearest root's comes first; what it hides is read only when it is extended. */
static bool
is_hidden(struct source_list files, size_t i)
{
	return i > 0 && str_equal(files.ptr[i].name, files.ptr[i - 1].name);
}

/* Asks for the layouts that are wanted and have not been compiled yet; false when there are none. */
static bool
want_layouts(struct script *s, struct compiling *all)
{
	const struct source_list files = s->files.layouts;
	enum template_language language;
	bool any = false;

	for (size_t i = 0; i < files.len; i++) {
		const struct compiling *above = is_hidden(files, i) ? &all[i - 1] : NULL;
		if (all[i].when != COMPILE_NEVER || !template_language_of(files.ptr[i].name, &language) || (above && (!above->read || !extends_hidden(above->layout))))
			continue;
		all[i].layout = arena_new(s->out, struct script_layout);
		all[i].when = COMPILE_NOW;
		any = true;
	}
	return any;
}

static void
want_modules(struct script *s, struct compiling *all)
{
	const struct source_list files = s->files.modules;

	for (size_t i = 0; i < files.len; i++) {
		all[i].file = &files.ptr[i];
		if (!str_ends(files.ptr[i].name, S(".lua")))
			continue;
		all[i].module = arena_new(s->out, struct module);
		all[i].when = COMPILE_NOW;
	}
}

static void
add_layouts(struct script *s, const struct compiling *all, struct arena *tmp, struct diag *diag)
{
	const struct source_list files = s->files.layouts;

	for (size_t i = 0; i < files.len; i++) {
		struct script_layout *l = all[i].read ? all[i].layout : NULL;
		if (all[i].when == COMPILE_NEVER)
			continue;
		diag_merge(diag, &all[i].said);
		if (is_hidden(files, i))
			all[i - 1].layout->hidden = l;
		else if (l)
			map_set(s->out, &s->layouts_by_name, l->name, l);
		if (!l)
			continue;
		l->index = (uint32_t)s->layouts.len;
		s->compiles |= l->fresh;
		*vec_push(s->out, &s->layouts) = l;
	}
	for (size_t i = 0; i < s->layouts.len; i++) {
		chain_layout(s, s->layouts.ptr[i], diag);
		check_uses(s, s->layouts.ptr[i], tmp, diag);
	}
}

static void
add_modules(struct script *s, const struct compiling *all, struct diag *diag)
{
	for (size_t i = 0; i < s->files.modules.len; i++) {
		if (all[i].when == COMPILE_NEVER)
			continue;
		diag_merge(diag, &all[i].said);
		if (!all[i].read)
			continue;
		s->compiles |= all[i].module->fresh;
		keep_code(s, all[i].module);
		*vec_push(s->out, &s->modules) = *all[i].module;
	}
}

/* Layouts, and modules with the first of them. */
static void
read_files(struct script *s, struct arena *tmp, struct diag *diag)
{
	size_t n_layouts = s->files.layouts.len, n = n_layouts + s->files.modules.len;
	struct compiling *all = arena_array(tmp, struct compiling, n + 1);

	for (size_t i = 0; i < n_layouts; i++)
		all[i].file = &s->files.layouts.ptr[i];
	want_modules(s, all + n_layouts);
	want_layouts(s, all);
	do
		compile_files(s, all, n);
	while (want_layouts(s, all));
	add_layouts(s, all, tmp, diag);
	add_modules(s, all + n_layouts, diag);
}

static void
read_routes(struct script *s, struct diag *diag)
{
	s->routes = arena_array(s->out, struct module, s->files.routes.len + 1);
	for (size_t i = 0; i < s->files.routes.len; i++) {
		struct module *m = &s->routes[s->n_routes];
		*m = (struct module){ .name = s->files.routes.ptr[i].name, .source = s->files.routes.ptr[i] };
		if (!source_read(s->o.source, &m->source, COMPILE_FILE_MAX, s->out, diag, &m->text))
			continue;
		m->code = kept_code(s, m);
		s->n_routes++;
	}
}

/* --- trying --- */

/* The expression that Lua does not understand by itself. */
static struct span
bad_expression(lua_State *L, const struct script_layout *l)
{
	struct span found = { l->source.file, 0, 0 };

	for (uint32_t i = 0; i < l->compiled.n_tags; i++) {
		struct span span = l->compiled.tags[i].span;
		lua_pushfstring(L, "return %s\n", lua_pushlstring(L, l->text.ptr + span.start, span.end - span.start));
		if (luaL_loadbufferx(L, lua_tostring(L, -1), lua_rawlen(L, -1), "=e", "t") != LUA_OK)
			found = span;
		lua_pop(L, 3);
		if (found.end)
			return found;
	}
	return found;
}

static int
load_chunk(lua_State *L)
{
	struct script_layout *l = lua_touserdata(L, 1);

	lua_settop(L, 0);
	runtime_push_chunk(L, l);
	return 0;
}

/* A chunk that is compiled makes its functions and ends: nothing can go wrong but in those that it imports. */
static bool
is_sure(const struct script *s, struct script_layout *l)
{
	if (l->sure == SURE_NOT_ASKED) {
		bool sure = l->code.len > 0;
		l->sure = SURE_NOT;      /* of a circle, nobody is */
		for (uint32_t i = 0; i < l->compiled.n_uses && sure; i++) {
			const struct template_use *use = &l->compiled.uses[i];
			struct script_layout *used = use->kind == TEMPLATE_IMPORT ? used_by(s, l, use) : NULL;
			sure = use->kind != TEMPLATE_IMPORT || (used && is_sure(s, used));
		}
		l->sure = sure ? SURE : SURE_NOT;
	}
	return l->sure == SURE;
}

static bool
can_be_loaded(struct script_state *w, struct script_layout *l)
{
	lua_pushcfunction(w->L, load_chunk);
	lua_pushlightuserdata(w->L, l);
	return protected_call(w, 1, 0);
}

static void
try_layout(struct script_state *w, struct script_layout *l, struct diag *diag)
{
	struct span span;
	struct script_error *e;

	if (!l->compiled.lua.len || !l->fresh)
		return;                  /* its errors are reported; it was tried before */
	if (is_sure(w->shared, l) || can_be_loaded(w, l)) {
		if (!l->told)
			keep_layout(w->shared, l);
		return;
	}
	e = &w->error;
	span = bad_expression(w->L, l);
	if (!span.end)
		span = span_of_line(w->shared, l->source.file, e->line);
	diag_emit(diag, e->code, span, e->args, e->n_args);
}

/* Where all was compiled before, the first state that is opened to work loads the modules as this one would. */
bool
script_is_compiled(const struct script *s)
{
	for (size_t i = 0; i < s->layouts.len; i++)
		if (!s->layouts.ptr[i]->code.len)
			return false;
	for (size_t i = 0; i < s->modules.len; i++)
		if (!s->modules.ptr[i].code.len)
			return false;
	return true;
}

static void
try_all(struct script *s, struct diag *diag)
{
	uint32_t errors = diag->n_errors;
	struct script_state *w = script_open(s, s->out, diag);

	if (!w)
		return;
	for (size_t i = 0; i < s->layouts.len; i++)
		try_layout(w, s->layouts.ptr[i], diag);
	if (diag->n_errors == errors && s->n_routes && !s->o.kept) {
		script_rest(w);
		s->tried = w;
	} else {
		script_close(w);
	}
}

struct script_state *
take_tried(struct script *s, struct arena *out, struct diag *diag)
{
	struct script_state *w = s->tried;

	s->tried = NULL;
	w->out = out;
	w->diag = diag;
	state_watch(w);
	return w;
}

void
script_end(struct script *s)
{
	if (s && s->tried)
		script_close(s->tried);
	if (s)
		s->tried = NULL;
}

/* --- the three steps --- */

/* routes.lua of every root, the furthest theme's first, the site's last. */
static void
find_routes(struct script *s)
{
	const struct source *source = s->o.source;
	struct source_list *found = &s->files.routes;

	found->ptr = arena_array(s->out, struct source_file, source->roots.len + 1);
	for (size_t i = source->roots.len; i > 0; i--) {
		struct source one = *source;
		one.roots.ptr = source->roots.ptr + i - 1;
		one.roots.len = 1;
		if (source_find(&one, S(""), S("routes.lua"), &found->ptr[found->len]))
			found->len++;
	}
}

struct script *
script_find(const struct script_options *o, struct arena *out, struct diag *diag)
{
	struct script *s = arena_new(out, struct script);

	s->out = out;
	s->o = *o;
	s->diag = diag;
	s->files.layouts = source_walk_roots(o->source, S("layouts"), true);
	s->files.modules = source_walk_roots(o->source, S("lib"), false);
	find_routes(s);
	return s;
}

bool
script_compile(struct script *s, struct diag *diag)
{
	uint32_t errors = diag->n_errors;
	struct arena tmp;

	arena_init(&tmp, s->out->source);
	s->mappings = jsonld_prepare(s->o.site->model, s->out);
	read_files(s, &tmp, diag);
	read_routes(s, diag);
	arena_free(&tmp);
	return diag->n_errors == errors;
}

static void
widen_limits(struct script_limits *l, uint32_t n_items)
{
	l->memory += (size_t)n_items * MEMORY_AN_ITEM;
	l->output += (size_t)n_items * OUTPUT_AN_ITEM;
	l->instructions += (uint64_t)n_items * INSTRUCTIONS_AN_ITEM;
	l->seconds += n_items * SECONDS_AN_ITEM;
}

bool
script_load(struct script *s, struct diag *diag)
{
	uint32_t errors = diag->n_errors;

	widen_limits(&s->o.limits, s->o.site->n_items);
	s->shelf = shelf_new(s->out, s->o.site->n_items);
	s->early = arena_array(s->out, _Atomic bool, s->o.site->n_items + 1);
	check_accesses(s, diag);
	if (s->compiles)
		try_all(s, diag);
	return diag->n_errors == errors;
}
