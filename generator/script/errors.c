/* Lua errors → diagnostics: where they happened in a theme's text, through which files, on which page. */
#include <stdlib.h>
#include <string.h>

#include "script/state.h"

#define MAX_FRAMES 6             /* files named in a trail; deeper ones help nobody */
#define MAX_LEVELS 200           /* of the Lua stack looked at */

void
raise_words(lua_State *L, enum diag_code code, str word, const str *args, uint32_t n)
{
	struct script_state *w = state_of(L);
	str *copy = arena_array(w->out, str, n + 1);

	copy[0] = S("");
	for (uint32_t i = 0; i < n; i++)
		copy[i + 1] = str_copy(w->out, args[i]);
	w->raised = (struct raised){ code, copy, n + 1, word.ptr ? str_copy(w->out, word) : STR_NONE };
	lua_pushlightuserdata(L, &w->raised);
	lua_error(L);
	abort();
}

void
raise_plain(lua_State *L, enum diag_code code)
{
	raise_words(L, code, STR_NONE, NULL, 0);
}

void
check_arena(lua_State *L)
{
	struct script_state *w = state_of(L);

	if (w->arena->used > w->arena_max)
		raise(L, SCRIPT_MEMORY, STR_NONE, str_format(w->out, "%zu", w->shared->o.limits.memory >> 20));
}

/* "@#17" → 17. */
static file_id
file_of(const lua_Debug *ar)
{
	if (ar->source[0] != '@' || ar->source[1] != '#')
		return 0;
	return (file_id)strtoul(ar->source + 2, NULL, 10);
}

static bool
next_frame(lua_State *L, int *level, file_id *file, uint32_t *line)
{
	lua_Debug ar;

	while (*level < MAX_LEVELS && lua_getstack(L, *level, &ar)) {
		++*level;
		lua_getinfo(L, "Sl", &ar);
		if ((*file = file_of(&ar)) && ar.currentline > 0) {
			*line = (uint32_t)ar.currentline;
			return true;
		}
	}
	return false;
}

bool
where_now(lua_State *L, file_id *file, uint32_t *line)
{
	int level = 0;

	return next_frame(L, &level, file, line);
}

void
mark_place(lua_State *L)
{
	struct script_state *w = state_of(L);
	file_id file;
	uint32_t line;

	if (where_now(L, &file, &line)) {
		atomic_store_explicit(&w->at_file, file, memory_order_relaxed);
		atomic_store_explicit(&w->at_line, line, memory_order_relaxed);
	}
}

const struct script_layout *
layout_of_file(const struct script *s, file_id file)
{
	for (size_t i = 0; i < s->layouts.len; i++)
		if (s->layouts.ptr[i]->source.file == file)
			return s->layouts.ptr[i];
	return NULL;
}

struct frame { file_id file; uint32_t line; };

static str
trail_of(struct script_state *w, const struct frame *frames, uint32_t n, uint32_t primary)
{
	struct buf b;
	str trail;

	buf_init(&b, 4096);
	for (uint32_t i = 0; i < n; i++) {
		if (i == primary)
			continue;
		if (b.len)
			buf_byte(&b, ' ');
		buf_put_c(&b, i < primary ? "→ " : "← ");
		buf_put(&b, files_path(w->diag->files, frames[i].file));
		buf_byte(&b, ':');
		buf_int(&b, frames[i].line);
	}
	trail = b.len ? buf_copy(&b, w->out) : STR_NONE;
	buf_free(&b);
	return trail;
}

/* The place shown is the innermost; of a theme's own error(…) in a module: the template that called. */
static void
locate(struct script_state *w, lua_State *L, struct script_error *e)
{
	struct frame frames[MAX_FRAMES], f;
	uint32_t n = 0, primary = 0;
	int level = 0;

	if (w->place_file) {
		e->file = w->place_file;
		e->line = w->place_line;
		e->in_module = !layout_of_file(w->shared, e->file);
		return;
	}
	while (n < MAX_FRAMES && next_frame(L, &level, &f.file, &f.line))
		if (n == 0 || frames[n - 1].file != f.file)
			frames[n++] = f;
	if (n == 0)
		return;
	if (e->code == SCRIPT_AUTHOR)
		while (primary < n && !layout_of_file(w->shared, frames[primary].file))
			primary++;
	if (primary == n)
		primary = 0;
	e->file = frames[primary].file;
	e->line = frames[primary].line;
	e->in_module = !layout_of_file(w->shared, e->file);
	e->trail = trail_of(w, frames, n, primary);
}

/* "#12:3: words" → words. */
static str
without_place(str s, uint32_t *line)
{
	size_t colon, second;
	int64_t n;

	if (s.len < 4 || s.ptr[0] != '#' || !str_find_byte(s, ':', &colon))
		return s;
	if (!str_find_byte(str_slice(s, colon + 1, s.len), ':', &second) || !str_to_int(str_slice(s, colon + 1, colon + 1 + second), &n))
		return s;
	*line = (uint32_t)n;
	return str_trim(str_slice(s, colon + second + 2, s.len));
}

void
raise_syntax(lua_State *L, file_id file)
{
	struct script_state *w = state_of(L);
	size_t len;
	const char *words = lua_tolstring(L, -1, &len);

	w->place_file = file;
	w->place_line = 1;
	raise(L, SCRIPT_SYNTAX, STR_NONE, without_place((str){ words, len }, &w->place_line));
}

/* The name between quotes in "attempt to … a nil value (field 'x')". */
static str
quoted_name(str words)
{
	size_t open, close;
	str rest;

	if (!str_find_byte(words, '\'', &open))
		return STR_NONE;
	rest = str_slice(words, open + 1, words.len);
	return str_find_byte(rest, '\'', &close) ? str_slice(rest, 0, close) : STR_NONE;
}

/* "bad argument #1 to 'nombre' (number expected, got string)" */
static bool
expected_and_got(str words, str *expected, str *got)
{
	static const str middle = S_INIT(" expected, got ");
	size_t open, at, close;

	if (!str_starts(words, S("bad argument")) || !str_find_byte(words, '(', &open) || !str_find(words, middle, &at) || at < open)
		return false;
	*expected = str_slice(words, open + 1, at);
	*got = str_slice(words, at + middle.len, words.len);
	if (str_find_byte(*got, ')', &close))
		*got = str_slice(*got, 0, close);
	return true;
}

/* "string with number", "two nil values" → "string / number", "nil / nil" */
static str
compared(struct arena *out, str words)
{
	str kinds = str_slice(words, S("attempt to compare ").len, words.len);
	size_t at;

	if (str_find(kinds, S(" with "), &at))
		return str_cat(out, str_slice(kinds, 0, at), S(" / "), str_slice(kinds, at + 6, kinds.len));
	if (!str_starts(kinds, S("two ")) || !str_ends(kinds, S(" values")))
		return str_copy(out, kinds);
	kinds = str_slice(kinds, 4, kinds.len - 7);
	return str_cat(out, kinds, S(" / "), kinds);
}

static enum diag_code
code_of_words(str words)
{
	static const struct { str start; enum diag_code code; } known[] = {
		{ S_INIT("attempt to index a nil value"), SCRIPT_NIL_INDEX },
		{ S_INIT("attempt to call a"), SCRIPT_NIL_CALL },
		{ S_INIT("attempt to concatenate a nil value"), SCRIPT_NIL_OPERAND },
		{ S_INIT("attempt to perform arithmetic on a nil value"), SCRIPT_NIL_OPERAND },
		{ S_INIT("attempt to compare"), SCRIPT_COMPARE },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_starts(words, known[i].start))
			return known[i].code;
	return SCRIPT_LUA;
}

static void
take_lua_words(struct script_state *w, struct script_error *e, str words)
{
	str *args = arena_array(w->out, str, 3), name = quoted_name(words), expected, got;
	uint32_t line = 0;

	words = without_place(words, &line);
	e->code = code_of_words(words);
	e->word = name.ptr ? str_copy(w->out, name) : STR_NONE;
	e->args = args;
	e->n_args = 2;
	args[0] = S("");
	if (expected_and_got(words, &expected, &got)) {
		e->code = SCRIPT_EXPECTED;
		e->n_args = 3;
		args[1] = str_copy(w->out, expected);
		args[2] = str_copy(w->out, got);
	} else if (e->code == SCRIPT_COMPARE)
		args[1] = compared(w->out, words);
	else if (e->code == SCRIPT_LUA)
		args[1] = str_copy(w->out, words);
	else
		args[1] = name.ptr ? str_copy(w->out, name) : S("…");
}

/* The message handler. Runs where the error happened, before the stack is unwound. */
static int
handle(lua_State *L)
{
	struct script_state *w = state_of(L);
	struct script_error *e = &w->error;
	size_t len;
	const char *words;

	*e = (struct script_error){ .page = w->page };
	if (lua_touserdata(L, 1) == &w->raised) {
		e->code = w->raised.code;
		e->args = w->raised.args;
		e->n_args = w->raised.n_args;
		e->word = w->raised.word;
	} else {
		words = lua_tolstring(L, 1, &len);
		take_lua_words(w, e, words ? (str){ words, len } : S("?"));
	}
	locate(w, L, e);
	return 1;
}

bool
protected_call(struct script_state *w, int n_args, int n_results)
{
	lua_State *L = w->L;
	int at = lua_gettop(L) - n_args, status;

	lua_pushcfunction(L, handle);
	lua_insert(L, at);
	w->error = (struct script_error){ .page = w->page };
	w->place_file = 0;
	status = lua_pcall(L, n_args, n_results, at);
	lua_remove(L, at);
	if (status == LUA_OK)
		return true;
	if (status == LUA_ERRMEM) {      /* no handler ran: the allocator has noted the place */
		str *args = arena_array(w->out, str, 2);
		args[0] = S("");
		args[1] = str_format(w->out, "%zu", w->shared->o.limits.memory >> 20);
		w->error.code = SCRIPT_MEMORY;
		w->error.args = args;
		w->error.n_args = 2;
	}
	lua_pop(L, 1);
	return false;
}

const struct script_error *
keep_error(struct script_state *w)
{
	struct script_error *e = arena_new(w->out, struct script_error);

	*e = w->error;
	return e;
}

int
script_error_compare(const struct script_error *a, const struct script_error *b)
{
	int order;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	for (uint32_t i = 1; i < a->n_args && i < b->n_args; i++)
		if ((order = str_compare(a->args[i], b->args[i])))
			return order;
	return 0;
}
