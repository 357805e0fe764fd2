/* What templates can do with items, lists, dates and functions; and where an error is said to be. */
#include "script_fixture.h"

static void
items(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_writes(&s, "{{ page.titre }} {{ page.slug }} {{ page.type }} {{ page.url }} {{ page.url_absolue }} {{ page.etat }} {{ page.langue }}",
	    "Une offre d’été &amp; plus une offre /offres/une/ https://essai.exemple.fr/offres/une/ ouverte fr");
	stage_writes(&s, "{{ page.lieu.titre }} {{ #page.lieu.offres }} {% for o in page.lieu.offres %}{{ o.slug }};{% end %}", "Bourg 2 deux;une;");
	stage_writes(&s, "{{ page.corps }}|{{ page.texte }}|{% for h in page.sommaire %}{{ h.niveau }}{{ h.id }}{% end %}",
	    "<p>Voyez <a href=\"/lieux/bourg/\">le bourg</a>.</p>\n<h2 id=\"quand\">Quand</h2>\n<p>Cet été.</p>\n|Voyez le bourg. Quand Cet été.|2quand");
	stage_writes(&s, "{{ page.etapes[1].chez.titre }} {{ page.etapes[1].nature }} {{ libelle(page.etapes[1], \"nature\") }} {{ libelle(page, \"nature\") }} "
	    "{{ libelle_champ(page, \"nature\") }} {{ libelle_de(\"offre\", \"nature\", \"mobile\") }} {{ modele(\"offre\").pluriel }}", "Bourg a A Fixe Nature Mobile Offres");
	stage_writes(&s, "{% if page.lieu == page.voir[1] %}même{% end %} {% if page.lieu.image %}image{% end %}", "même ");
	stage_end(&s);
}

static void
personal_fields(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_writes(&s, "{{ page.nom or \"personne\" }}", "Camille Exemple");
	assert_true(s.result.personal);
	assert_true(stage_draw(&s, "x.html", world_item(&s.world, "offre", "deux")));
	assert_true(str_equal(s.bytes, S("personne")));
	assert_false(s.result.personal);
	stage_writes(&s, "{{ #site.offres:where{nom = \"Dominique Exemple\"} }}{% for k, v in pairs(site.offres[1]) %}{% if k == \"nom\" %}vu{% end %}{% end %}"
	    "{% if json(site.offres) == json(0) %}{% end %}{% set j = json(site.offres[1]) %}<i data-j=\"{{ json({#j > 20, site.offres[1].nom or false}) }}\"></i>",
	    "0<i data-j=\"[true,false]\"></i>");
	assert_true(stage_try(&s, "{{ json(site.offres[1]) }}"));
	assert_false(str_find(s.bytes, S("Dominique"), &(size_t){ 0 }));
	stage_end(&s);
}

/* Against the plain way: every distance, sorted. Some places are the same, some items have none. */
static void
nearest(void **state)
{
	struct stage s;
	uint32_t seed = 7;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "types/lieu.yaml", "type: lieu\netend: lieu\nchamps:\n  geo: {type: geo, libelle: Position}\n");
	for (int i = 0; i < 60; i++) {
		unsigned lat = (seed = seed * 1664525 + 1013904223) >> 24, lon = (seed = seed * 1664525 + 1013904223) >> 24;
		char path[64], text[200];
		snprintf(path, sizeof path, "content/lieux/p%02d.md", i);
		snprintf(text, sizeof text, i % 7 ? "---\ntitre: P%d\ngeo: {lat: 4%u.%02u, lon: %u.%02u}\n---\n" : "---\ntitre: P%d\n---\n", i, lat % 8, lat / 40, lon % 6, lon / 40);
		world_file(&s.world, path, text);
	}
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.ecarts(l, ici)\n  local r = {}\n  local situes = l:filter(function(x) return x.geo ~= nil end)\n"
	    "  local ordre = situes:sort(function(x) return distance(x.geo, ici) end)\n  for n = 0, 70 do\n    local p = l:nearest(ici, n)\n"
	    "    if #p ~= math.min(n, #situes) then r[#r + 1] = 'n' .. n end\n"
	    "    for i = 1, #p do if math.abs(distance(p[i].geo, ici) - distance(ordre[i].geo, ici)) > 0.11 then r[#r + 1] = n .. '/' .. i end end\n"
	    "  end\n  return #situes .. ' ' .. table.concat(r, ' ')\nend\nreturn m\n");
	stage_writes(&s, "{% set m = require(\"m\") %}{{ m.ecarts(site.lieux, {lat = 45.2, lon = 2.1}) }}{{ m.ecarts(site.lieux, {lat = -60, lon = 170}) }}", "51 51 ");
	stage_refuses(&s, "{% set l = site.lieux:nearest({lat = 45}, 3) %}", "[");
	stage_end(&s);
}

static void
lists(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_writes(&s, "{% for o in site.offres %}{{ o.slug }} {% end %}", "deux une ");
	stage_writes(&s, "{% for o in site.offres:sort(\"titre\") %}{{ o.slug }} {% end %}{% for o in site.offres:sort(\"-titre\") %}{{ o.slug }} {% end %}", "deux une une deux ");
	stage_writes(&s, "{% for o in site.offres:where{nature = \"fixe\", lieu = page.lieu} %}{{ o.slug }}{% end %} {{ #site.offres:where{nature = {\"fixe\", \"libre\"}} }} "
	    "{{ #site.offres:where{[\"lieu.titre\"] = \"Bourg\"} }} {{ #site.offres:where{etat = \"ouverte\"} }} {{ #site.offres:where{nature = \"mobile\"} }}", "une 2 2 2 0");
	stage_writes(&s, "{% for g in site.offres:group(\"nature\") %}{{ g.cle }}/{{ g.libelle }}/{{ g.items[1].slug }} {% end %}", "libre/Libre/deux fixe/Fixe/une ");
	stage_writes(&s, "{{ site.offres:take(1)[1].slug }} {{ #site.offres:slice(2, 9) }} {{ site.offres:first().slug }} {{ site.offres:last().slug }} "
	    "{{ #site.offres:without(page) }} {{ #site.offres:union(site.lieux) }} {{ #site.offres:union(site.offres) }}", "deux 1 deux une 1 3 2");
	stage_writes(&s, "{{ table.concat(site.offres:map(function(o) return o.slug end):sort(), \"+\") }} {{ #site.offres:filter(function(o) return o.nature == \"fixe\" end) }}"
	    "{% if site.offres:contains(page) %} oui{% end %}{% if site.offres:any(function(o) return o.slug == \"x\" end) %} non{% end %}", "deux+une 1 oui");
	stage_writes(&s, "{{ #site:tous(\"offre\") }} {{ site:item(\"lieu\", \"bourg\").titre }} {% if site:item(\"lieu\", \"x\") %}x{% end %}", "2 Bourg ");
	stage_refuses(&s, "{% set l = site.offres:where{natur = 1} %}", "[champ-inconnu-gabarit]");
	stage_refuses(&s, "{% set l = site.offres:where{nature = \"fixee\"} %}", "vouliez-vous dire « fixe »");
	stage_refuses(&s, "{% set l = site.ofres %}", "layouts/x.html:1:17: erreur: « site » n'a rien qui s'appelle « ofres »");
	stage_end(&s);
}

static void
dates_and_words(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_writes(&s, "{{ date(page.publie_le) }} {{ date(page.publie_le, \"iso\") }} {{ page.publie_le.mois }} {{ date(page.publie_le + 30, \"iso\") }} "
	    "{{ page.valide_au - page.publie_le }} {{ date(page.publie_le:plus_mois(6), \"iso\") }}", "1er septembre 2026 2026-09-01 9 2026-10-01 121 2027-03-01");
	stage_writes(&s, "{% if passe(page.publie_le) %}passé{% end %} {% if futur(page.valide_au) %}futur{% end %} {{ date_construction() }}", "passé futur 2026-09-15");
	assert_int_equal(script_dates(s.state).len, 1);
	stage_writes(&s, "{{ pluriel(2, \"{n} offre\", \"{n} offres\") }} {{ pluriel(1, \"{n} offre\", \"{n} offres\") }} {{ nombre(12) }} {{ majuscules(\"été\") }} "
	    "{{ slug(\"L'été à Œuf\") }} {{ tronquer(\"un deux trois quatre\", 12) }} {{ liste({\"a\", \"b\", \"c\"}, \"et\") }} {{ table.concat(tri{\"é\", \"z\", \"a\"}, \"\") }}",
	    "2 offres 1 offre 12 ÉTÉ l-ete-a-oeuf un deux… a, b et c aéz");
	stage_refuses(&s, "{{ page.publie_le }}", "[date-non-imprimable]");
	stage_end(&s);
}

/* Octets of well-known colours; one that no screen shows keeps its hue; what is no number of the kind ends, too. */
static void
colours(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.f(...) return table.concat({oklch(...)}, \" \") end\nreturn m\n");
	stage_writes(&s, "{% set f = require(\"m\").f %}{{ f(0, 0, 0) }}, {{ f(1, 0, 0) }}, {{ f(0.6279554, 0.25768330, 29.2338806) }}, {{ f(0.5, 0, 200) }}, "
	    "{{ f(0.4520137, 0.31321437, 264.0520) }}", "0 0 0, 255 255 255, 255 0 0, 99 99 99, 0 0 255");
	stage_writes(&s, "{% set f = require(\"m\").f %}{{ f(0.7, 5, 145) }}, {{ f(2, 0.1, 40) }}, {{ f(0 / 0, 0.1, 1 / 0) }}", "1 191 53, 255 255 255, 0 0 0");
	stage_refuses(&s, "{{ oklch(\"rouge\", 0, 0) }}", "[");
	stage_end(&s);
}

/* Signs and words of a picture; what is no list of numbers is refused. */
static void
places(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "lib/m.lua", "local m = {}\nlocal cadre = {0, 0, 50, 20}\n"
	    "local function dire(l) local r = {} for i = 1, #l do r[i] = tostring(l[i]) end return table.concat(r, \" \") end\n"
	    "function m.ecarter(l, n, combien) return dire(ecarter(l, {ecart = 10, essais = n, combien = combien, cadre = cadre})) end\n"
	    "function m.ecrire(l, pris) return dire(ecrire_autour(l, {hauteur = 4, pas = {1, 20}, pris = pris, cadre = cadre})) end\n"
	    "function m.mercator(x, y) local a, b = mercator(x, y) return string.format(\"%.4f %.4f\", a, b) end\n"
	    "function m.sans() return ecarter({}, {essais = 1}) end\nreturn m\n");
	stage_writes(&s, "{% set m = require(\"m\") %}{{ m.ecarter({5.2, 5, 30, 7, 6, 6}, 1, 9) }}, {{ m.ecarter({5, 5, 30, 7}, 1, 1) }}, {{ m.ecarter({}, 5, 5) }}, "
	    "{{ m.ecarter({5, 5, 5, 5}, 60, 9) }}", "5 5 30 7 false false, 5 5 false false, , 5 5 8 16");
	stage_writes(&s, "{% set m = require(\"m\") %}{{ m.ecrire({10, 10, 8, 10, 10, 8, 10, 10, 60}, {10, 10, 12, 12}) }}", "1.0 8.0 30.0 8.0 false false");
	stage_writes(&s, "{% set m = require(\"m\") %}{{ m.mercator(180, 0) }}, {{ m.mercator(2, 45) }}", "3.1416 0.0000, 0.0349 -0.8814");
	stage_refuses(&s, "{{ require(\"m\").ecarter({1}, 1, 1) }}", "{x, y, …}");
	stage_refuses(&s, "{{ require(\"m\").ecarter({1, \"2\"}, 1, 1) }}", "[argument-refuse]");
	stage_refuses(&s, "{{ require(\"m\").ecarter({1, 0 / 0}, 1, 1) }}", "[argument-refuse]");
	stage_refuses(&s, "{{ require(\"m\").ecrire({1, 2}, {}) }}", "{x, y, largeur, …}");
	stage_refuses(&s, "{{ require(\"m\").sans() }}", "ecart");
	stage_end(&s);
}

static void
html_and_json(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_writes(&s, "{{ el(\"a\", {href = \"/x/\", class = \"a\\\"b\", hidden = true, title = false}, \"<\", el(\"br\"), {\"x\", \"y\"}) }}",
	    "<a class=\"a&quot;b\" hidden href=\"/x/\">&lt;<br>xy</a>");
	stage_writes(&s, "{{ html_join({\"<\", el(\"b\", nil, \"x\")}, \" & \") }} {{ markdown(\"**a** [b](lieu:bourg)\") }}",
	    "&lt; &amp; <b>x</b> <p><strong>a</strong> <a href=\"/lieux/bourg/\">b</a></p>\n");
	stage_writes(&s, "<script type=\"application/ld+json\">{{ {a = {1, 2}, b = \"</script>\", c = page.publie_le, d = page.voir, e = {}} }}</script>",
	    "<script type=\"application/ld+json\">{\"a\":[1,2],\"b\":\"\\u003c/script\\u003e\",\"c\":\"2026-09-01\",\"d\":[{\"type\":\"lieu\",\"slug\":\"bourg\","
	    "\"url\":\"https://essai.exemple.fr/lieux/bourg/\",\"titre\":\"Bourg\"}],\"e\":[]}</script>");
	stage_writes(&s, "<p data-x=\"{{ json({a = \"'\"}) }}\"></p>", "<p data-x=\"{&quot;a&quot;:&quot;&#39;&quot;}\"></p>");
	stage_refuses(&s, "{{ el(\"script\", {}, \"x\") }}", "[element-refuse]");
	stage_refuses(&s, "{{ el(\"a\", {onclick = \"x\"}) }}", "[attribut-refuse]");
	stage_refuses(&s, "{{ el(\"a\", {style = \"x\"}) }}", "[attribut-refuse]");
	stage_refuses(&s, "{{ el(\"a\", {href = \"javascript:x\"}) }}", "[adresse-calculee-refusee]");
	stage_refuses(&s, "{{ markdown(\"[x](javascript:alert(1))\") }}", "[");
	stage_refuses(&s, "<a href=\"{{ \"javascript:alert(1)\" }}\">x</a>", "layouts/x.html:1:13: erreur: cette adresse ne peut pas être un lien");
	stage_refuses(&s, "{{ page.corps .. \"x\" }}", "[html-concatene]");
	stage_refuses(&s, "<p title=\"{{ page.corps }}\"></p>", "[html-hors-du-texte]");
	stage_end(&s);
}

static void
places_of_errors(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	world_file(&s.world, "lib/m.lua", "local m = {}\nfunction m.f(o)\n  return o.titer\nend\nfunction m.e() error(\"pas ainsi\") end\nreturn m\n");
	stage_refuses(&s, "<p>\n{{ page.titre }} {{ page.titer }}</p>", "layouts/x.html:2:26: erreur: « offre » n'a pas de champ « titer » [/essai/ · content/offres/une.md]");
	assert_true(world_says(&s.world, "vouliez-vous dire « titre » ?"));
	stage_refuses(&s, "<p>\n{{ page.titre }} {{ nil }} {{ page.slug }}</p>", "layouts/x.html:2:21: erreur: rien à écrire");
	stage_refuses(&s, "{% for i, v in ipairs({1, 2}) %}{{ v }} {{ i > 1 and page or \"x\" }}{% end %}", "layouts/x.html:1:44: erreur: une valeur de sorte « item »");
	stage_refuses(&s, "{{ require(\"m\").f(page) }}", "lib/m.lua:3:12: erreur: « offre » n'a pas de champ « titer » [/essai/ · content/offres/une.md · ← layouts/x.html:1]");
	stage_refuses(&s, "{{ require(\"m\").e() }}", "layouts/x.html:1:4: erreur: pas ainsi [/essai/ · content/offres/une.md · → lib/m.lua:5]");
	world_file(&s.world, "layouts/carte.html", "<b>{{ item.titre }}</b>\n{{ rien }}");
	stage_refuses(&s, "\n{% include \"carte.html\" with {item = page} %}", "layouts/carte.html:2:4: erreur: le nom « rien » n'existe pas ici");
	assert_true(world_says(&s.world, "← layouts/x.html:2"));
	world_file(&s.world, "layouts/carte.html", "<b>{% if item %}{{ item.titre }}{% else %}-{% end %}</b>");
	stage_writes(&s, "{% include \"carte.html\" with {item = page.lieu} %}{% include \"carte.html\" with {item = page.lieu.image} %}", "<b>Bourg</b><b>-</b>");
	stage_refuses(&s, "{% include \"cartes.html\" %}", "layouts/x.html:1:12: erreur: il n'y a pas de gabarit « cartes.html »");
	stage_refuses(&s, "{{ page.lieu.image.fichier }}", "[champ-d-une-absence]");
	stage_refuses(&s, "{{ page.titre + 1 }}", "[");
	world_file(&s.world, "layouts/offre.html", "<p>\n{% for l in page.voir %}{{ l.titre }}{% end %}\n<i>{{ page.lieu.titer }}</i>\n{% for e in page.etapes %}{{ e.chez.tittre }}{% end %}");
	stage_refuses(&s, "x", "layouts/offre.html:3:17: erreur: « lieu » n'a pas de champ « titer »");
	assert_true(world_says(&s.world, "layouts/offre.html:4:"));
	stage_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items), cmocka_unit_test(personal_fields), cmocka_unit_test(lists), cmocka_unit_test(nearest), cmocka_unit_test(dates_and_words),
		cmocka_unit_test(colours), cmocka_unit_test(places), cmocka_unit_test(html_and_json), cmocka_unit_test(places_of_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
