/* What the compiler writes: escapes by place, lines, prefixes, locals, accesses. */
#include <stdio.h>
#include <string.h>

#include "template_fixture.h"

static struct template
compile_as(const char *source, const char *name, bool trace)
{
	struct template_options o = { .name = str_from_c(name), .file = files_add(&files, str_from_c(name)), .base_path = S("/base"), .trace = trace };
	struct template t;

	assert_true(template_language_of(o.name, &o.language));
	if (!template_compile(&t, str_from_c(source), &o, &out, &tmp, &diag)) {
		struct diag_entry *e = &diag.entries.ptr[diag.entries.len - 1];
		fail_msg("%s\n%.*s at %u", source, STR_ARG(diag_name(e->code)), e->at.start);
	}
	return t;
}

static struct template
compile(const char *source)
{
	return compile_as(source, "a.html", false);
}

static void
assert_in(struct template t, const char *text)
{
	size_t at;

	if (!str_find(t.lua, str_from_c(text), &at))
		fail_msg("%s\nis not in\n%.*s", text, STR_ARG(t.lua));
}

static void
escapes_follow_the_place(void **state)
{
	static const struct { const char *name, *source, *lua; } cases[] = {
		{ "a.html", "<p>{{ x }}", "__text((__E.x)" },
		{ "a.html", "<p title='{{ x }}'>", "__attr((__E.x)" },
		{ "a.html", "<title>{{ x }}</title>", "__attr((__E.x)" },
		{ "a.html", "<a href=\"{{ x }}\">", "__url((__E.x)" },
		{ "a.html", "<a HREF = \" {{ x }}\">", "__url((__E.x)" },
		{ "a.html", "<a href=\"/a/{{ x }}\">", "__urlpath((__E.x)" },
		{ "a.html", "<a href=\"tel:{{ x }}\">", "__urlpath((__E.x)" },
		{ "a.html", "<a href=\"a{{ x }}\">", "__urlpart((__E.x)" },
		{ "a.html", "<a href=\"?a={{ x }}\">", "__urlpart((__E.x)" },
		{ "a.html", "<a href=\"/#{{ x }}\">", "__urlpart((__E.x)" },
		{ "a.html", "<a href=\"{{ y }}{{ x }}\">", "__put(0x42,\"<a href=\\\"\",(__E.y),\"\",(__E.x),\"\\\">\");" },
		{ "a.html", "<a href=\"{{ y }}/{{ x }}\">", "__put(0x32,\"<a href=\\\"\",(__E.y),\"/\",(__E.x),\"\\\">\");" },
		{ "a.html", "<a href=\"{% if y %}/y{% end %}{{ x }}\">", "__url((__E.x)" },
		{ "a.html", "<a href=\"{% if y %}/y{% else %}?z{% end %}{{ x }}\">", "__urlpart((__E.x)" },
		{ "a.html", "<img srcset=\"{{ x }}\">", "__srcset((__E.x)" },
		{ "a.html", "<img srcset=\"/a.png 1x, {{ x }} 2x\">", "__srcset((__E.x)" },
		{ "a.html", "<img srcset=\"/a.png {{ x }}w\">", "__attr((__E.x)" },
		{ "a.html", "<img srcset=\"/{{ x }} 1x\">", "__urlpart((__E.x)" },
		{ "a.html", "<img src=\"/a.png\" alt=\"{{ x }}\">", "__attr((__E.x)" },
		{ "a.html", "<script type='application/ld+json'>{{ x }}</script>", "__json((__E.x)" },
		{ "a.html", "<script type='application/ld+json'>{}</script>{{ x }}", "__text((__E.x)" },
		{ "a.html", "<script src=\"{{ x }}\"></script>", "__url((__E.x)" },
		{ "a.html", "<!-- <a href=\" -->{{ x }}", "__text((__E.x)" },
		{ "a.html", "<!-->{{ x }}", "__text((__E.x)" },
		{ "a.html", "a < b {{ x }}", "__text((__E.x)" },
		{ "a.html", "</p x='>'>{{ x }}", "__text((__E.x)" },
		{ "a.html", "<title></titles>{{ x }}</title>", "__attr((__E.x)" },
		{ "a.html", "{% layout courriel %}<p style=\"color: {{ x }}\">", "__css((__E.x)" },
		{ "a.svg", "<text fill=\"{{ x }}\">", "__attr((__E.x)" },
		{ "a.svg", "<style>{{ x }}</style>", "__css((__E.x)" },
		{ "a.svg", "<title>{{ x }}</title>", "__text((__E.x)" },
		{ "a.xml", "<link href=\"{{ x }}\"/>", "__xml((__E.x)" },
		{ "a.xml", "<script>{{ x }}</script>", "__xml((__E.x)" },
		{ "a.css", "a { color: {{ x }} }", "__css((__E.x)" },
		{ "a.json", "{\"a\\\"\": {{ x }}}", "__json((__E.x)" },
		{ "a.geojson", "{{ x }}", "__json((__E.x)" },
		{ "a.webmanifest", "[{{ x }}]", "__json((__E.x)" },
		{ "a.ics", "SUMMARY:{{ x }}", "__ics((__E.x)" },
		{ "a.csv", "a,{{ x }}", "__csv((__E.x)" },
		{ "a.txt", "<{{ x }}>", "__plain((__E.x)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_in(compile_as(cases[i].source, cases[i].name, false), cases[i].lua);
}

/* In the source below the name l<n> stands on line n: so must it in the Lua text. */
static void
lines_are_those_of_the_source(void **state)
{
	const char *source =
	    "{# a\n note #}{% import \"m.html\" as m %}\n{% macro c(o) %}{{ l3 }}\n{{ o +\n l5 }}{% slot %}{% end %}\n<p>\n"
	    "{% for x in {\n l8,\n [[\n]] .. l10 } %}\n{{ l11 }}{{ 'a\\\nb' .. l12 }}\n{% else %}{{ l13 }}{% end %}\n"
	    "{% if l14\n  and l15 %}\n{{- l16 -}}\n\n{% elseif l18 %}{% else %}\n{% end %}{{ l19 }}\n"
	    "{% call m.c(l20,\n l21) %}{{ l21 }}\n{{ l22 }}{% end %}{% set y %}\n{{ l23 }}{% end %}{{ y }}{% verbatim %}\n{{\n{% end %}{{ l25 }}\n"
	    "{% block b %}{{ l26 }}\r\n{{ [[\r\n]] .. l28 }}{% end %}\n{{ c(\nl30) }}{% include 'x.html' with {\n a = l31 } %}\n{{ l32 }}\n";
	struct template t = compile(source);
	unsigned line = 1, found = 0;

	(void)state;
	for (size_t i = 0; i < t.lua.len; i++) {
		unsigned wanted;
		line += t.lua.ptr[i] == '\n';
		if (i + 5 < t.lua.len && memcmp(t.lua.ptr + i, "__E.l", 5) == 0 && sscanf(t.lua.ptr + i + 5, "%u", &wanted) == 1) {
			assert_int_equal(wanted, line);
			found++;
		}
	}
	assert_int_equal(found, 23);
}

static void
literal_text_is_one_string(void **state)
{
	(void)state;
	assert_in(compile("a{# x #}\n\"\\{% verbatim %}{{ b }}{% end %}\t{{ x }}"), "__text((__E.x),\"\",\"a\\n\\\"\\\\{{ b }}\\009\");");
	assert_in(compile("a  {{- x -}}  b"), "__text((__E.x),\"b\",\"a\");");
	assert_in(compile("{% import 'm.html' as m %}\n\n<p> "), "__lit(\"<p> \");end;");
	assert_in(compile("{% set x = 1 %}\n<p>"), "x=(1);__lit(\"<p>\");end;");
	assert_in(compile(" <p>"), "__lit(\" <p>\");end;");
}

static void
literal_text_goes_into_branches(void **state)
{
	(void)state;
	assert_in(compile("a{% if x %}b{% end %}c{% include 'i.html' %}"), "if (__E.x) then __lit(\"abc\");else __lit(\"ac\");end;__include(");
	assert_in(compile("a{% if x %}{{ y }}{% elseif z %}{% else %}b{% end %}c"),
	    "then __text((__E.y),\"c\",\"a\");elseif (__E.z) then __lit(\"ac\");else __lit(\"abc\");end;");
	assert_in(compile("{% if x %}b{% end %}c{{ y }}"), "then __lit(\"b\");end;__text((__E.y),\"\",\"c\");");
	assert_in(compile("{% if x %}{% if y %}b{% end %}{% end %}c"),
	    "if (__E.x) then if (__E.y) then __lit(\"bc\");else __lit(\"c\");end;else __lit(\"c\");end;");
	assert_in(compile("a{% set x %}b{% end %}c{{ x }}"), "x=__capture(function() __lit(\"b\");end,\"html\");__text((x),\"\",\"ac\");");
	assert_in(compile("{% for x in l %}a{% else %}b{% end %}"),
	    "=__iter(1,__E.l);local __e1=true;for __i1,x in __f1,__s1,0 do __e1=false;__lit(\"a\");end;if __e1 then __lit(\"b\");end;end;");
	assert_in(compile("{% include 'i.html' with {a = {}} %}{% include 'i.html' with {} and a or {} %}"),
	    "__include(\"i.html\",({a = {}}),true);__include(\"i.html\",({} and __E.a or {}));");
}

static void
literal_addresses_take_the_base_path(void **state)
{
	(void)state;
	assert_in(compile("<a href=\"/x/\" title=\"/y/\" data-x='/z/'>"), "href=\\\"/base/x/\\\" title=\\\"/y/\\\" data-x='/z/'");
	assert_in(compile("<a href=//x/><a href=/y/><img srcset=\"/a 1x,/b 2x, c 3x\">"),
	    "href=//x/><a href=/base/y/><img srcset=\\\"/base/a 1x,/base/b 2x, c 3x\\\"");
	assert_in(compile("<form action='{% if x %}/a/{% else %}/b/{% end %}'>"), "/base/b/");
	assert_in(compile("<a href=\"https://exemple.fr/\">/x/"), "https://exemple.fr/\\\">/x/");
}

static void
names_are_locals_or_members(void **state)
{
	struct template t = compile(
	    "{% set a = a.b %}{% for x, y in pairs(a) %}{{ x }}{{ y.x }}{{ f{x = x, [y] = a} }}{% end %}{{ x }}"
	    "{{ f(function(a, z) local x = x; return a + x + z, w end) }}{% block c %}{{ a }}{% end %}");

	(void)state;
	assert_in(t, "local a;");
	assert_in(t, "a=(__E.a.b);");
	assert_in(t, "__iter(2,__E.pairs(a))");
	assert_in(t, "__put(0x0,\"\",(x),\"\",(y.x),\"\",(__E.f{x = x, [y] = a}),\"\");");
	assert_in(t, "end;end;__put(0x0,\"\",(__E.x),\"\",(__E.f(");
	assert_in(t, "__E.f(function(a, z) local x = __E.x; return a + x + z, __E.w end)");
	assert_in(t, "\"c\",function(__E,__super) __text((__E.a));end");
}

static void
loops_expose_their_place(void **state)
{
	(void)state;
	assert_in(compile("{% for x in l %}{{ loop.index }}{% for y in x %}{% if not loop.last and loop.first %}{{ loop.length }}{% end %}{% end %}{{ loop.length }}{% end %}"),
	    "__text((__i1));do local __n2,__f2,__s2=__iter(1,x);for __i2,y in __f2,__s2,0 do "
	    "if (not (__i2==__n2) and (__i2==1)) then __text((__n2));end;end;end;__text((__n1));");
}

static void
macros_are_called_or_are_values(void **state)
{
	struct template t = compile(
	    "{% import 'm.html' as m %}{% macro c(o, p) %}{% slot %}{% end %}{% macro k(x) attributs %}class=\"{{ x }}\"{% end %}"
	    "{{ c(1, 2) }}{{ c() }}{{ m.c(3) }}{{ c(4) .. m.d(5) }}{% call c(6, 7) %}a{% end %}{% call m.c() %}{% end %}<a {{ k(8) }} {{ m.k(9) }}>");

	(void)state;
	assert_in(t, "__M.c=function(__slot,o,p) if __slot then __slot() end;end;");
	assert_in(t, "__A[__M.k]=true;");
	assert_in(t, "local __I0=__imports[\"m.html\"];local __J0=__attrimports[\"m.html\"];");
	assert_in(t, "__M.c(nil,1, 2);__M.c(nil);__I0.c(nil,3);");
	assert_in(t, "__text((__macro[__M.c](4) .. __macro[__I0.d](5)));");
	assert_in(t, "do local __p1,__p2=6, 7;__M.c(function() __lit(\"a\");end,__p1,__p2);end;");
	assert_in(t, "do __I0.c(nil);end;");
	assert_in(t, "__M.k(nil,8);__lit(\" \");__J0.k(nil,9);");
}

static void
results_that_do_not_change_are_looked_up(void **state)
{
	struct template t = compile("{{ t( 'a' ) }}{{ t('a', {}) }}{{ require(\"m\").f(t(x)) }}{{ f(function(t) t('b') end) }}{{ g(function() url('/c/') return url('/d/') end) }}"
	    "{% set url = 1 %}{{ url('e') }}{{ u.url('f') }}{{ t 'g' }}{{ asset_texte('h\\n') }}");

	(void)state;
	assert_in(t, "__put(0x0,\"\",(__of_t[\"a\"]),\"\",(__E.t('a', {})),\"\",(__of_module[\"m\"].f(__E.t(__E.x))),\"\",");
	assert_in(t, "function(t) t('b') end");
	assert_in(t, "function() __E.url('/c/') return __of_url[\"/d/\"] end");
	assert_in(t, "__put(0x0,\"\",(url('e')),\"\",(__E.u.url('f')),\"\",(__E.t 'g'),\"\",(__E.asset_texte('h\\n')),\"\");");
}

/* Only before a member, where nothing can be assigned, and only for a name that is the module wherever it is seen. */
static void
members_of_modules_are_found_beside_them(void **state)
{
	struct template t = compile("{% macro k() %}{% slot %}{% end %}{% set m = require('m') %}{{ m.f(m) }}{{ m:f() }}{{ m['f'] }}{{ g(function() m.f = 1 return require('m').f end) }}"
	    "{% for m in l %}{{ m.f }}{% end %}{% call k() %}{{ m.g }}{% end %}"
	    "{% if c %}{% set n = require('n') %}{% end %}{{ n.f }}{% set o = require('o') %}{% set o = 2 %}{{ o.f }}{% set p = require('p').q %}{{ p.f }}"
	    "{% block b %}{{ m.f }}{% end %}");

	(void)state;
	assert_in(t, "m=(__of_require[\"m\"]);__put(0x0,\"\",(__of_module[\"m\"].f(m)),\"\",(m:f()),\"\",(m['f']),\"\",");
	assert_in(t, "(function() m.f = 1 return __of_require[\"m\"].f end)");
	assert_in(t, ",m in __f1,__s1,0 do __text((m.f));end;");
	assert_in(t, "__text((__of_module[\"m\"].g));");
	assert_in(t, "__text((n.f));");
	assert_in(t, "__text((o.f));");
	assert_in(t, "p=(__of_module[\"p\"].q);__text((p.f));");
	assert_in(t, "function(__E,__super) __text((__E.m.f));end");
}

/* One call for those of a line, so that an error's line is its own; the tag is found by the trace, which prints them one by one. */
static void
values_of_a_line_are_printed_at_once(void **state)
{
	(void)state;
	assert_in(compile("a<p title=\"{{ x }}\">{{ y }}b\n{{ z }}"), "__put(0x1,\"a<p title=\\\"\",(__E.x),\"\\\">\",(__E.y),\"b\\n\");\n__text((__E.z));");
	assert_in(compile("{{ x }}{{ y\n}}"), "__text((__E.x));__text((__E.y));");
	assert_in(compile("{{ x }}{% if y %}{% end %}{{ z }}"), "__text((__E.x));if (__E.y) then end;__text((__E.z));");
	assert_in(compile("{% if a %}{{ x }}-{{ y }}{% end %}c{% include 'i.html' %}"),
	    "then __put(0x0,\"\",(__E.x),\"-\",(__E.y),\"c\");else __lit(\"c\");end;");
	assert_in(compile("{{ 1 }}{{ 2 }}{{ 3 }}{{ 4 }}{{ 5 }}{{ 6 }}{{ 7 }}{{ 8 }}"),
	    "__put(0x0,\"\",(1),\"\",(2),\"\",(3),\"\",(4),\"\",(5),\"\",(6),\"\");__put(0x0,\"\",(7),\"\",(8),\"\");");
	assert_in(compile_as("{{ 1 }}{{ x }}", "a.html", true), "__tag(0);__text((1));__tag(1);__text((__E.x));");
	assert_int_equal(compile("{{ 1 }}{{ x }}{{ y }}").n_tags, 3);
}

static void
files_say_what_they_use(void **state)
{
	struct template t = compile("{% extends 'b.html' %}{% import 'm.html' as m %}\n{% block a %}{% include 'i.svg' %}{{ super() }}{% end %}{% block k attributs %}id=\"x\"{% end %}");

	(void)state;
	assert_int_equal(t.n_uses, 3);
	assert_int_equal(t.uses[0].kind, TEMPLATE_EXTENDS);
	assert_true(str_equal(t.uses[1].name, S("m.html")));
	assert_int_equal(t.uses[2].kind, TEMPLATE_INCLUDE);
	assert_in(t, "__B.a=function(__E,__super) __include(\"i.svg\");__super();end;__S[__B.a]=true;");
	assert_in(t, "__A[__B.k]=true;");
	assert_in(t, "return {main=__main,blocks=__B,macros=__M,attributs=__A,supers=__S,extends=\"b.html\",language=\"html\"}");
}

static void
assert_access(struct template t, const char *chain, bool called)
{
	for (uint32_t i = 0; i < t.n_accesses; i++) {
		str joined = str_join(&tmp, t.accesses[i].steps, t.accesses[i].n_steps, S("."));
		if (str_equal(joined, str_from_c(chain)) && t.accesses[i].called == called)
			return;
	}
	fail_msg("no access %s", chain);
}

static void
accesses_follow_variables(void **state)
{
	struct template t = compile(
	    "{% set p = page.etablissement %}{{ p.commune }}{% for o in page.offres:where{a = 1}:sort('b') %}{{ o.lieu.nom }}{% end %}"
	    "{% for i, e in page.equipe %}{{ e.nom }}{% end %}{{ page.offres:first().titre }}{{ page['champ'] }}{{ page.l[2].x }}"
	    "{% for i, z in ipairs(page.liens) %}{{ z.url }}{% end %}{{ site.offres:filter(function(q) return q.places > r.x end) }}{{ t('cle') }}{% set p2 = page %}{% if 1 %}{% set p2 = params %}{% end %}{{ p2.rien }}");

	(void)state;
	assert_access(t, "page", false);
	assert_access(t, "page.etablissement", false);
	assert_access(t, "page.etablissement.commune", false);
	assert_access(t, "page.offres.where", true);
	assert_access(t, "page.offres.sort", true);
	assert_access(t, "page.offres.[].lieu.nom", false);
	assert_access(t, "page.equipe.[].nom", false);
	assert_access(t, "page.offres.[].titre", false);
	assert_access(t, "page.champ", false);
	assert_access(t, "page.l.[].x", false);
	assert_access(t, "site.offres.[].places", false);
	assert_access(t, "page.liens.[].url", false);
	assert_access(t, "r.x", false);
	assert_access(t, "t", true);
	for (uint32_t i = 0; i < t.n_accesses; i++)
		assert_false(str_equal(t.accesses[i].steps[t.accesses[i].n_steps - 1], S("rien")));
}

static void
the_trace_names_its_expressions(void **state)
{
	const char *source = "{{ a }}{% if b %}{% elseif c %}{% end %}";
	struct template t = compile_as(source, "a.html", true);

	(void)state;
	assert_in(t, "__tag(0);__text((__E.a));if (__tag(1) or (__E.b)) then elseif (__tag(2) or (__E.c)) then end;");
	assert_int_equal(t.n_tags, 3);
	assert_int_equal(t.tags[2].span.start, strstr(source, "c %") - source);
	assert_int_equal(t.tags[2].span.end, t.tags[2].span.start + 1);
}

static void
languages_follow_extensions(void **state)
{
	enum template_language l;

	(void)state;
	assert_true(template_language_of(S("a.json.html"), &l) && l == TEMPLATE_HTML);
	assert_true(template_language_of(S("site.webmanifest"), &l) && l == TEMPLATE_JSON);
	assert_false(template_language_of(S("a.doc"), &l));
	assert_false(template_language_of(S("html"), &l));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(escapes_follow_the_place, setup, teardown),
		cmocka_unit_test_setup_teardown(lines_are_those_of_the_source, setup, teardown),
		cmocka_unit_test_setup_teardown(literal_text_is_one_string, setup, teardown),
		cmocka_unit_test_setup_teardown(literal_text_goes_into_branches, setup, teardown),
		cmocka_unit_test_setup_teardown(literal_addresses_take_the_base_path, setup, teardown),
		cmocka_unit_test_setup_teardown(names_are_locals_or_members, setup, teardown),
		cmocka_unit_test_setup_teardown(loops_expose_their_place, setup, teardown),
		cmocka_unit_test_setup_teardown(macros_are_called_or_are_values, setup, teardown),
		cmocka_unit_test_setup_teardown(results_that_do_not_change_are_looked_up, setup, teardown),
		cmocka_unit_test_setup_teardown(values_of_a_line_are_printed_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(members_of_modules_are_found_beside_them, setup, teardown),
		cmocka_unit_test_setup_teardown(files_say_what_they_use, setup, teardown),
		cmocka_unit_test_setup_teardown(accesses_follow_variables, setup, teardown),
		cmocka_unit_test_setup_teardown(the_trace_names_its_expressions, setup, teardown),
		cmocka_unit_test(languages_follow_extensions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
