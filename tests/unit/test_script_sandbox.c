/* The sandbox: what a theme may not reach, and what ends code that does not end. */
#include "script_fixture.h"

#include <time.h>

static void
names_that_do_not_exist(void **state)
{
	static const char *const names[] = { "io", "os", "package", "debug", "coroutine", "load", "loadfile", "loadstring", "dofile", "collectgarbage",
		"rawget", "rawset", "rawequal", "rawlen", "next", "setmetatable", "getmetatable", "pcall", "xpcall", "print", "_G", "_ENV", "_VERSION",
		"warn", "module", "require2" };
	struct stage s;

	(void)state;
	stage_begin(&s);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char text[100];
		snprintf(text, sizeof text, "{%% if %s %%}vu{%% end %%}", names[i]);
		stage_refuses(&s, text, "[");
	}
	stage_refuses(&s, "<p>{{ io.open(\"/etc/passwd\") }}</p>", "layouts/x.html:1:7: erreur: le nom « io » n'existe pas ici");
	stage_refuses(&s, "<p>{{ titer }}</p>", "[nom-inconnu]");
	stage_end(&s);
}

static void
members_that_do_not_exist(void **state)
{
	static const char *const members[] = { "string.dump", "string.pack", "string.unpack", "math.randomseed", "(\"\").dump", "table.foreach" };
	struct stage s;

	(void)state;
	stage_begin(&s);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		char text[100];
		snprintf(text, sizeof text, "{%% if %s %%}vu{%% else %%}absent{%% end %%}", members[i]);
		stage_writes(&s, text, "absent");
	}
	stage_end(&s);
}

static void
nothing_is_changed(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "lib/m.lua", "local m = {n = {1, 2, 3}}\n"
	    "function m.chaine() string.rep = nil end\nfunction m.globale() g = 1 end\nfunction m.fonction() date = nil end\n"
	    "function m.a_soi() m.x = 1 end\nfunction m.dedans() m.n[4] = 4 end\nfunction m.fiche(p) p.titre = 1 end\n"
	    "function m.liste(p) p.voir[1] = 1 end\nfunction m.site() site.titre = 1 end\nfunction m.trie() table.sort(m.n, function(a, b) return a > b end) end\n"
	    "function m.modele() modele('offre').champs[1].nom = 'x' end\nreturn m\n");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.chaine() %}", "[lecture-seule]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.globale() %}", "lib/m.lua:3:");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.fonction() %}", "[variable-globale]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.a_soi() %}", "[module-avec-memoire]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.dedans() %}", "[module-avec-memoire]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.trie() %}", "[module-avec-memoire]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.fiche(page) %}", "[lecture-seule]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.liste(page) %}", "[lecture-seule]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.site() %}", "[lecture-seule]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.modele() %}", "[lecture-seule]");
	stage_writes(&s, "{% set m = require \"m\" %}{{ #m.n }}{% for k, v in pairs(m.n) %} {{ k }}={{ v }}{% end %}{{ table.concat(m.n, \"+\") }}", "3 1=1 2=2 3=31+2+3");
	stage_end(&s);
}

/* A counter in a local is no table: it is found at the end. */
static void
locals_that_change(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "lib/m.lua", "local m, n = {}, 0\nfunction m.compte() n = n + 1 return n end\nreturn m\n");
	stage_writes(&s, "{% set m = require \"m\" %}{{ m.compte() }}", "1");
	diag_init(&s.world.diag, &s.world.out, &s.world.files);
	assert_false(script_finish(s.state));
	world_say(&s.world);
	assert_true(world_says(&s.world, "lib/m.lua:2:"));
	assert_true(world_says(&s.world, "« n » change"));
	stage_end(&s);
}

/* More items than a state keeps, and much waste between: to what holds it, an item is one value for all of a page. */
static void
items_as_keys(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	for (int i = 0; i < 3000; i++) {
		char path[64], text[240];
		snprintf(path, sizeof path, "content/offres/o-%d.md", i);
		snprintf(text, sizeof text, "---\ntitre: O %d\nlieu: bourg\nnature: libre\npublie_le: 2026-09-10\nvalide_au: 2026-12-31\nnom: Dominique Exemple\n"
		    "accord: {le: 2026-01-01, portee: [page, export], jusqu_au: 2027-01-01}\n---\n", i);
		world_file(&s.world, path, text);
	}
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.f(l)\n  local seen, n = {}, 0\n"
	    "  for i = 1, #l do seen[l[i]] = (\"x\"):rep(2000 + i):len() - 2000 end\n"
	    "  for i = 1, #l do\n    if seen[l[i]] == i then n = n + 1 end\n    local waste = {(\"y\"):rep(2000 + i), l[i].titre .. i}\n  end\n"
	    "  return n == #l and n >= 3000 and \"tous\" or n\nend\nreturn m\n");
	stage_writes(&s, "{{ require(\"m\").f(site.offres) }}", "tous");
	stage_end(&s);
}

static void
endless_code(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	s.limits.instructions = 3000000;
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.f() while true do end end\nfunction m.r() return m.r() end\n"
	    "function m.t() local t = {3, 2, 1} table.sort(t, function() while true do end end) end\nreturn m\n");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.f() %}", "lib/m.lua:2:");
	assert_true(world_says(&s.world, "[boucle-sans-fin]"));
	assert_true(world_says(&s.world, "layouts/x.html:1"));
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.r() %}", "[boucle-sans-fin]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.t() %}", "[boucle-sans-fin]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = page.voir:map(m.f) %}", "[boucle-sans-fin]");
	world_file(&s.world, "lib/n.lua", "local m = {}\nwhile true do end\nreturn m\n");
	stage_refuses(&s, "x", "lib/n.lua:2:1: erreur: ce code ne finit pas");
	stage_end(&s);
}

/* What is made when a page names it, for vitrine serve. */
static const struct asset *
find_slowly(void *context, str name)
{
	struct stage *s = context;
	struct timespec long_time = { 0, 400000000 };

	if (!str_equal(name, S("tard.bin")))
		return NULL;
	nanosleep(&long_time, NULL);
	return media_add_generated(&s->world.assets, name, S("x"), STR_NONE);
}

/* The watchdog ends the program. */
static void
assets_made_late_take_no_time_of_the_page(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	s.limits.seconds = 0.2;
	world_file(&s.world, "layouts/x.html", "{{ asset(\"tard.bin\") }}{{ asset_existe(\"jamais.bin\") and 1 or 0 }}");
	assert_true(stage_load(&s));
	s.world.assets.find_more = find_slowly;
	s.world.assets.context = &s;
	assert_true(stage_draw(&s, "x.html", world_item(&s.world, "offre", "une")));
	assert_true(str_starts(s.bytes, S("/assets/tard.")) && str_ends(s.bytes, S(".bin0")));
	assert_non_null(s.state->watchdog);
	stage_end(&s);
}

/* Nor does what is done with a page once it is drawn: a disk may be slow. */
static void
nothing_is_watched_between_pages(void **state)
{
	struct timespec long_time = { 0, 500000000 };
	struct stage s;

	(void)state;
	stage_begin(&s);
	s.limits.seconds = 0.2;
	world_file(&s.world, "layouts/x.html", "{{ page.titre }}");
	assert_true(stage_load(&s));
	for (int i = 0; i < 2; i++) {
		assert_true(stage_draw(&s, "x.html", world_item(&s.world, "offre", "une")));
		nanosleep(&long_time, NULL);
	}
	stage_end(&s);
}

static void
much_memory(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	s.limits.memory = (size_t)16 << 20;
	s.limits.output = (size_t)1 << 20;
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.double() local s = 'x'\n  while true do s = s .. s end end\n"
	    "function m.table() local t = {}\n  while true do t[#t + 1] = {} end end\nreturn m\n");
	stage_refuses(&s, "{% set x = (\"x\"):rep(10000000000) %}", "layouts/x.html:1:");
	assert_true(world_says(&s.world, "[trop-long]"));
	stage_refuses(&s, "{% set x = string.rep(\"x\", 10, (\"y\"):rep(5000000)) %}", "[trop-long]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.double() %}", "lib/m.lua:3:");
	assert_true(world_says(&s.world, "[memoire-epuisee]"));
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.table() %}", "[memoire-epuisee]");
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.html() local h = el('b')\n  while true do h = html_join({h, h}) end end\n"
	    "function m.liste(l) while true do l = l:take(2) end end\nreturn m\n");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.html() %}", "[memoire-epuisee]");
	stage_refuses(&s, "{% set m = require \"m\" %}{% set x = m.liste(site.offres) %}", "[memoire-epuisee]");
	stage_refuses(&s, "{% macro m(x) %}{{ x }}{% end %}{% set l = page.voir:map(function(o) return o end) %}"
	    "{% for x in (function(t) for i = 1, 20 do t[i] = i end return t end)({}) %}{{ (\"x\"):rep(100000) }}{% end %}", "[trop-long]");
	stage_end(&s);
}

/* What lists all items is as long as they are many: three items are three KiB more. */
static void
output_of_large_sites(void **state)
{
	struct stage s;
	char long_text[3001] = "";

	(void)state;
	memset(long_text, 'x', sizeof long_text - 1);
	stage_begin(&s);
	s.limits.output = 0;
	stage_writes(&s, "{{ (\"x\"):rep(3000) }}", long_text);
	stage_refuses(&s, "{{ (\"x\"):rep(100000) }}", "[trop-long]");
	stage_end(&s);
}

static void
patterns(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_refuses(&s, "{{ (\"a\"):rep(28):find((\"a?\"):rep(28) .. (\"a\"):rep(28)) }}", "[motif-trop-complique]");
	stage_refuses(&s, "{{ (\"a\"):find((\"a\"):rep(300)) }}", "[motif-trop-complique]");
	stage_writes(&s, "{{ (\"a.b.c\"):gsub(\"%.\", \"-\") }} {{ (\"a+b\"):find(\"+\", 1, true) }} {{ (\"x=1\"):match(\"(%w+)=\") }}", "a-b-c 2 x");
	stage_end(&s);
}

static void
order_never_depends_on_addresses(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_writes(&s, "{% for k, v in pairs({z = 1, a = 2, m = 3, [10] = 4, [2] = 5, [\"é\"] = 6}) %}{{ k }}={{ v }} {% end %}", "2=5 10=4 a=2 m=3 z=1 é=6 ");
	stage_writes(&s, "{{ tostring({}) }} {{ tostring(page) }} {{ tostring(date) }} {{ string.format(\"%s %s\", {}, page) }}", "table item function table item");
	stage_writes(&s, "{{ string.format(\"Mé%d %dh%dz\", 0, -7, math.mininteger) }}|{{ string.format(\"\") }}|{{ string.format(\"%d\", 2.0) }}",
	    "Mé0 -7h-9223372036854775808z||2");
	stage_writes(&s, "{{ string.format(\"%d%%\", 3) }}|{{ string.format(\"%d %03d %s\", 1, 5, \"x\") }}", "3%|1 005 x");
	stage_refuses(&s, "{{ string.format(\"%p\", page) }}", "[format-adresse]");
	stage_refuses(&s, "{{ string.format(\"%5p\", page) }}", "[format-adresse]");
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.tri(t, f) table.sort(t, f) return t end\n"
	    "function m.nul() local l = {} for i = 1, 40 do l[i] = {i % 3, i} end table.sort(l, function(a, b) return a[1] < b[1] end)\n"
	    "  local s = {} for i = 1, 40 do s[i] = l[i][2] end return table.concat(s, ' ') end\nreturn m\n");
	stage_writes(&s, "{% set m = require \"m\" %}{{ table.concat(m.tri({3, 1, 2}), \" \") }} {{ table.concat(m.tri({1, 2, 3}, function(a, b) return true end), \" \") }}",
	    "1 2 3 3 2 1");
	stage_writes(&s, "{% set m = require \"m\" %}{{ m.nul() }}",
	    "3 6 9 12 15 18 21 24 27 30 33 36 39 1 4 7 10 13 16 19 22 25 28 31 34 37 40 2 5 8 11 14 17 20 23 26 29 32 35 38");
	stage_end(&s);
}

static void
chance_is_the_pages(void **state)
{
	struct stage s;
	char first[40];

	(void)state;
	stage_begin(&s);
	assert_true(stage_try(&s, "{{ math.random(1000000) }} {{ math.random(1000000) }}"));
	snprintf(first, sizeof first, "%.*s", STR_ARG(s.bytes));
	assert_true(stage_draw(&s, "x.html", world_item(&s.world, "offre", "une")));
	assert_true(str_equal(s.bytes, str_from_c(first)));
	stage_end(&s);
}

static void
modules(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "lib/a.lua", "local b = require \"outils/b\"\nlocal m = {}\nfunction m.f(x) return b.g(x) .. '!' end\nreturn m\n");
	world_file(&s.world, "lib/outils/b.lua", "local m = {}\nfunction m.g(x) return majuscules(x) end\nreturn m\n");
	stage_writes(&s, "{{ require(\"a\").f(\"été\") }}", "ÉTÉ!");
	stage_refuses(&s, "{{ require(\"ab\").f(\"été\") }}", "[module-absent]");
	world_file(&s.world, "lib/c.lua", "local m = {}\nreturn m m\n");
	stage_refuses(&s, "x", "lib/c.lua:2:");
	assert_true(world_says(&s.world, "[syntaxe-lua]"));
	world_file(&s.world, "lib/c.lua", "\033Lua");
	stage_refuses(&s, "x", "lib/c.lua:1:");
	world_file(&s.world, "lib/c.lua", "local d = require \"d\"\nreturn {}\n");
	world_file(&s.world, "lib/d.lua", "local c = require \"c\"\nreturn {}\n");
	stage_refuses(&s, "x", "[modules-circulaires]");
	world_file(&s.world, "lib/c.lua", "local x = 1\n");
	stage_refuses(&s, "x", "[module-sans-valeur]");
	world_file(&s.world, "lib/c.lua", "error('non')\n");
	stage_refuses(&s, "x", "lib/c.lua:1:1: erreur: non");
	stage_end(&s);
}

/* une_fois(): computed once, out of sight of the page; what it read of persons and dates counts for every page. */
static void
kept_once(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "lib/m.lua", "local m = {}\n"
	    "function m.table(c) return {c .. '!', {x = typo(c)}, l = site.offres:take(1)} end\n"
	    "function m.page() return page.titre end\nfunction m.hasard() return math.random(9) end\n"
	    "function m.nom(o) return o.nom or '' end\nfunction m.plus_tard(o) return futur(o.valide_au) end\n"
	    "function m.deux() return une_fois(site:item('offre', 'une'), m.nom) end\n"
	    "function m.change(c) une_fois(c, m.table)[1] = 'non' end\nfunction m.fabrique() return function() return 1 end end\nreturn m\n");
	stage_writes(&s, "{% macro g(c) %}<b>{{ c }}</b>{% end %}{% set m = require \"m\" %}{% set a = une_fois(\"x\", m.table) %}"
	    "{{ a == une_fois(\"x\", m.table) and \"=\" or \"\" }}{{ a == une_fois(\"y\", m.table) and \"=\" or \"\" }}{{ a[1] }}{{ a[2].x }}{{ #a.l }}"
	    "{{ une_fois(\"<\", g) }}{{ une_fois(\"<\", g) }}{{ page.slug }}", "=x!x1<b>&lt;</b><b>&lt;</b>une");
	stage_refuses(&s, "{{ une_fois(\"\", require(\"m\").page) }}", "[une-fois-selon-la-page]");
	stage_refuses(&s, "{% macro g() %}{{ page.titre }}{% end %}{{ une_fois(\"\", g) }}", "[une-fois-selon-la-page]");
	stage_refuses(&s, "{{ une_fois(\"\", require(\"m\").hasard) }}", "[une-fois-selon-la-page]");
	stage_refuses(&s, "{{ une_fois(\"\", require(\"m\").fabrique()) }}", "[une-fois-sans-fonction-fixe]");
	stage_refuses(&s, "{{ une_fois({}, require(\"m\").nom) }}", "[argument-refuse]");
	stage_refuses(&s, "{% set x = require(\"m\").change(\"x\") %}", "[lecture-seule]");
	stage_writes(&s, "{{ require(\"m\").deux() }}{{ une_fois(page, require(\"m\").plus_tard) and 1 or 0 }}", "Camille Exemple1");
	assert_true(s.result.personal);
	assert_int_equal(script_dates(s.state).len, 1);
	assert_true(stage_draw(&s, "x.html", world_item(&s.world, "offre", "une")));
	assert_true(s.result.personal);
	assert_int_equal(script_dates(s.state).len, 1);
	world_file(&s.world, "layouts/y.html", "{{ une_fois(site:item(\"offre\", \"une\"), require(\"m\").plus_tard) and 1 or 0 }}");
	stage_writes(&s, "{{ une_fois(page, require(\"m\").plus_tard) and 1 or 0 }}", "1");
	assert_true(stage_draw(&s, "y.html", world_item(&s.world, "offre", "deux")));
	assert_false(s.result.personal);
	assert_int_equal(script_dates(s.state).len, 2);   /* of both pages */
	stage_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_do_not_exist), cmocka_unit_test(members_that_do_not_exist), cmocka_unit_test(nothing_is_changed),
		cmocka_unit_test(locals_that_change), cmocka_unit_test(items_as_keys), cmocka_unit_test(endless_code),
		cmocka_unit_test(nothing_is_watched_between_pages),
		cmocka_unit_test(assets_made_late_take_no_time_of_the_page), cmocka_unit_test(much_memory), cmocka_unit_test(output_of_large_sites), cmocka_unit_test(patterns),
		cmocka_unit_test(order_never_depends_on_addresses), cmocka_unit_test(chance_is_the_pages), cmocka_unit_test(modules), cmocka_unit_test(kept_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
