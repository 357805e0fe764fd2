/* The files of tests/template/run/: each holds its own expected output. */
#include "script_fixture.h"

#include <dirent.h>

#define FOLDER "tests/template/run/"

static str
slurp(struct arena *a, const char *path)
{
	str bytes;

	assert_int_equal(os_read(str_from_c(path), 1 << 20, true, a, &bytes), 0);
	return bytes;
}

/* What stands before the line of its note is the source; between that line and the one of "#}", the output. */
static void
cut(str text, str *source, str *expected)
{
	size_t note, end;

	assert_true(str_find(text, S("{# render:\n"), &note));
	*source = str_slice(text, 0, note - 1);
	*expected = str_slice(text, note + 11, text.len);
	assert_true(str_find(*expected, S("\n#}"), &end));
	*expected = str_slice(*expected, 0, end);
}

/* environment.lua's table into the globals; its {html = …} becomes html. */
static int
set_globals(lua_State *L)
{
	struct script_state *w = state_of(L);

	assert_int_equal(luaL_loadstring(L, lua_touserdata(L, 1)), LUA_OK);
	lua_call(L, 0, 1);
	lua_getfield(L, 2, "page");
	lua_getfield(L, -1, "corps");
	push_html(L, field_str(L, lua_gettop(L), "html"), KIND_HTML);
	lua_setfield(L, 3, "corps");
	lua_settop(L, 2);
	lua_rawgeti(L, LUA_REGISTRYINDEX, w->ref_globals);
	for (lua_pushnil(L); lua_next(L, 2);) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		lua_rawset(L, 3);
	}
	return 0;
}

static void
files_with_expectations(void **state)
{
	struct stage s;
	struct arena a;
	str names[64], expected[64], source;
	size_t n = 0;
	char path[300];
	struct dirent *e;
	DIR *folder = opendir(FOLDER);

	(void)state;
	assert_non_null(folder);
	stage_begin(&s);
	arena_init(&a, &os_pages);
	while ((e = readdir(folder)) && n < 64) {
		enum template_language language;
		if (!template_language_of(str_from_c(e->d_name), &language))
			continue;
		snprintf(path, sizeof path, FOLDER "%.200s", e->d_name);
		cut(slurp(&a, path), &source, &expected[n]);
		names[n++] = str_copy(&a, str_from_c(e->d_name));
		snprintf(path, sizeof path, "layouts/%.200s", e->d_name);
		world_bytes(&s.world, path, source);
	}
	closedir(folder);
	assert_true(n > 10);
	if (!stage_load(&s))
		fail_msg("%s", s.world.said);
	stage_open(&s);
	lua_pushcfunction(s.state->L, set_globals);
	lua_pushlightuserdata(s.state->L, (void *)(uintptr_t)slurp(&a, FOLDER "environment.lua").ptr);
	assert_true(protected_call(s.state, 1, 0));
	for (size_t i = 0; i < n; i++) {
		buf_clear(&s.state->buf);
		lua_pushcfunction(s.state->L, runtime_draw);
		lua_pushlightuserdata(s.state->L, (void *)(uintptr_t)script_layout(s.script, names[i]));
		if (!protected_call(s.state, 1, 0)) {
			script_report(s.script, keep_error(s.state), 0, &s.world.diag);
			world_say(&s.world);
			fail_msg("%.*s: %s", STR_ARG(names[i]), s.world.said);
		}
		if (!str_equal(buf_str(&s.state->buf), expected[i]))
			fail_msg("%.*s\nwanted:\n%.*s\nwritten:\n%.*s", STR_ARG(names[i]), STR_ARG(expected[i]), STR_ARG(buf_str(&s.state->buf)));
	}
	arena_free(&a);
	stage_end(&s);
}

/* A theme of many files, some with mistakes. */
static void
faulty_theme(struct stage *s, bool faulty)
{
	char path[64], text[200];

	for (int i = 0; i < 40; i++) {
		const char *mistake = !faulty ? "{{ 1 }}" : i % 4 == 0 ? "{{ 1 + }}" : i % 4 == 1 ? "{% if true %}" : i % 4 == 2 ? "{{ 'a' b }}" : "{% include \"absent.html\" %}";
		snprintf(path, sizeof path, "layouts/l%d.html", i);
		snprintf(text, sizeof text, "<p>%d %s</p>", i, i % 3 ? "{{ 1 }}" : mistake);
		world_file(&s->world, path, text);
		snprintf(path, sizeof path, "lib/m%d.lua", i);
		snprintf(text, sizeof text, "local m = {}\nfunction m.f() return %d end\nreturn m\n", i);
		world_file(&s->world, path, text);
	}
}

static const char *
loaded_by(unsigned workers, bool faulty, struct stage *s)
{
	stage_begin(s);
	s->workers = workers;
	faulty_theme(s, faulty);
	assert_true(stage_load(s) != faulty);
	return s->world.said;
}

/* How many threads compile changes nothing: what is said, nor the order of layouts and modules, nor their code. */
static void
threads_change_nothing(void **state)
{
	static struct stage one, more;

	(void)state;
	for (int faulty = 0; faulty < 2; faulty++) {
		const char *said = loaded_by(1, faulty, &one);
		for (unsigned workers = 2; workers <= 8; workers *= 2) {
			assert_string_equal(said, loaded_by(workers, faulty, &more));
			assert_int_equal(one.script->layouts.len, more.script->layouts.len);
			assert_int_equal(one.script->modules.len, more.script->modules.len);
			for (size_t i = 0; i < one.script->layouts.len; i++)
				assert_true(str_equal(one.script->layouts.ptr[i]->name, more.script->layouts.ptr[i]->name) &&
				    str_equal(one.script->layouts.ptr[i]->code, more.script->layouts.ptr[i]->code));
			for (size_t i = 0; i < one.script->modules.len; i++)
				assert_true(str_equal(one.script->modules.ptr[i].code, more.script->modules.ptr[i].code));
			stage_end(&more);
		}
		if (faulty)
			assert_true(world_says(&one.world, "l0.html") && world_says(&one.world, "l9.html") && world_says(&one.world, "l39.html"));
		stage_end(&one);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(files_with_expectations), cmocka_unit_test(threads_change_nothing) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
