/* Every kind of value, right and wrong; objects, lists, variants, rules, consent. */
#include "test_model_fixture.h"

static const char type_file[] =
    "type: fiche\n"
    "nom: Fiche\n"
    "pluriel: Fiches\n"
    "genre: f\n"
    "dossier: fiches\n"
    "essentiel: [titre]\n"
    "consentement: consentement\n"
    "champs:\n"
    "  titre: {type: texte, requis: oui, min: 2, max: 20}\n"
    "  code: {type: texte, motif: '[0-9]{5}', motif_aide: Cinq chiffres.}\n"
    "  texte: {type: markdown, max: 60}\n"
    "  entier: {type: entier, min: 1, max: 10}\n"
    "  nombre: {type: nombre}\n"
    "  montant: {type: montant}\n"
    "  booleen: {type: booleen}\n"
    "  date: {type: date, min: 2020-01-01}\n"
    "  moment: {type: date_heure}\n"
    "  mois: {type: mois}\n"
    "  duree: {type: duree}\n"
    "  choix: {type: enum, valeurs: {un: Un, deux: {libelle: Deux, note: x}, trois: Trois}, defaut: un}\n"
    "  url: {type: url}\n"
    "  courriel: {type: courriel}\n"
    "  telephone: {type: telephone}\n"
    "  image: {type: image}\n"
    "  couleur: {type: couleur}\n"
    "  geo: {type: geo}\n"
    "  ref: {type: ref, ref: fiche}\n"
    "  refs: {type: liste, de: {type: ref, ref: fiche}, min: 1, max: 3}\n"
    "  mots: {type: liste, de: texte}\n"
    "  siren: {type: siren}\n"
    "  siret: {type: siret}\n"
    "  finess: {type: finess}\n"
    "  rpps: {type: rpps}\n"
    "  insee: {type: insee}\n"
    "  nom: {type: texte, personnel: oui}\n"
    "  consentement:\n"
    "    type: objet\n"
    "    champs: {le: {type: date, requis: oui}, portee: {type: liste, de: {type: enum, valeurs: {page: Page}}}, jusqu_au: {type: date, requis: oui}}\n"
    "  lot:\n"
    "    type: liste\n"
    "    de:\n"
    "      type: objet\n"
    "      champs: {a: {type: entier, requis: oui}, b: {type: entier}, somme: {type: entier}, du: {type: date}, au: {type: date}}\n"
    "      regles:\n"
    "        - avant: [du, au]\n"
    "        - somme: {champs: [a, b], egale: somme}\n"
    "        - somme: {champs: [a, b], max: 100}\n"
    "  precision: {type: texte, si: {choix: deux}}\n"
    "  bloc:\n"
    "    type: variante\n"
    "    selon: choix\n"
    "    cas: {un: {champs: {x: {type: entier, requis: oui}}}, deux: {champs: {y: {type: texte}}}}\n"
    "regles:\n"
    "  - requis_si: {champ: couleur, si: {choix: trois, booleen: oui}}\n"
    "  - interdit_si: {champ: montant, si: {booleen: oui}}\n"
    "  - un_parmi: [titre, nom]\n";

static int
set_up_types(void **state)
{
	set_up(state);
	put("/site/themes/essai/types/fiche.yaml", type_file);
	if (!load_types())
		fail_msg("%s", said());
	return 0;
}

/* An item with this line besides its title. */
static struct item *
with(const char *line)
{
	return read_item("fiche", str_format(&arena, "---\ntitre: Essai\n%s\n---\n", line).ptr);
}

static const struct val *
value(const struct item *item, const char *path)
{
	const struct val *v = model_val(&item->object, str_from_c(path));
	assert_non_null(v);
	return v;
}

static void
good_values_are_silent(void **state)
{
	static const char *const lines[] = {
		"code: '33390'", "texte: 'du **gras**'", "entier: 7", "nombre: 0,5", "nombre: -0.5", "montant: 450", "montant: '450,50'", "booleen: true",
		"booleen: non", "date: 2028-02-29", "moment: 2026-11-02 18:30", "moment: 2026-11-02T18:30:00", "mois: 2026-11", "duree: 1 h 30", "duree: 45 min",
		"duree: 6 mois", "duree: PT1H30M", "duree: P1Y", "choix: deux", "url: https://exemple.fr/a?b=c#d", "url: http://localhost:8000/",
		"courriel: prenom.nom+x@exemple.fr", "telephone: 05 36 49 00 10", "telephone: +33 5 36 49 00 10", "telephone: '+590590123456'", "telephone: '15'",
		"telephone: 116 117", "image: photos/a.jpg", "couleur: '#C05030'", "couleur: '#c53'", "geo: {lat: 45.1, lon: -0.66}", "ref: autre",
		"ref: fiche:autre", "refs: [a, b]", "mots: [a, b, a]", "siren: 999999998", "siren: 999 999 998", "siret: '99999999800019'", "siret: '35600000012345'",
		"finess: '990000010'", "finess: '990000028'", "finess: '990000036'", "rpps: '99900000003'", "rpps: '99900000011'", "insee: 33058", "insee: 2A004",
		"nom: Camille\nconsentement: {le: 2026-01-01, portee: [page], jusqu_au: 2027-01-01}", "lot: [{a: 1, b: 2, somme: 3}, {a: 4}]",
		"precision: x\nchoix: deux", "bloc: {x: 1}", "choix: deux\nbloc: {y: b}", "resume:", "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct item *item = with(str_starts(str_from_c(lines[i]), S("resume")) ? "texte:" : lines[i]);
		if (!item || item->faulty || diag.entries.len)
			fail_msg("%s: %s", lines[i], said());
	}
}

static void
wrong_values_say_so_once(void **state)
{
	static const struct { const char *line, *code; } cases[] = {
		{ "titr: x", "champ-inconnu" }, { "code: abc", "valeur-hors-motif" }, { "entier: 1.5", "valeur-illisible" }, { "entier: 0", "valeur-trop-petite" },
		{ "entier: 11", "valeur-trop-grande" }, { "nombre: douze", "valeur-illisible" }, { "montant: 1.234", "valeur-illisible" }, { "montant: 450 €", "valeur-illisible" },
		{ "booleen: peut-être", "valeur-illisible" }, { "date: 2026-02-31", "date-impossible" }, { "date: 2026-13-01", "date-impossible" },
		{ "date: 2 mars 2026", "valeur-illisible" }, { "date: 2019-12-31", "valeur-trop-petite" }, { "moment: 2026-11-02", "valeur-illisible" },
		{ "moment: 2026-11-02 25:00", "date-impossible" }, { "mois: 2026-13", "date-impossible" }, { "mois: novembre", "valeur-illisible" },
		{ "duree: longtemps", "valeur-illisible" }, { "duree: 1 h 75", "valeur-illisible" }, { "choix: quatre", "valeur-inconnue" }, { "url: exemple.fr", "valeur-illisible" },
		{ "url: javascript:alert(1)", "valeur-illisible" }, { "url: https://a b.fr", "valeur-illisible" }, { "url: 'https://x.fr/\"onload='", "valeur-illisible" },
		{ "url: https://moi@exemple.fr/", "valeur-illisible" }, { "courriel: a@b@c.fr", "valeur-illisible" }, { "courriel: a b@c.fr", "valeur-illisible" },
		{ "telephone: 05 36", "valeur-illisible" }, { "telephone: appelez-nous", "valeur-illisible" }, { "image: ../a.jpg", "valeur-illisible" },
		{ "image: https://x.fr/a.jpg", "valeur-illisible" }, { "couleur: rouge", "valeur-illisible" }, { "couleur: #c05030", "diese" },
		{ "geo: {lat: 91, lon: 0}", "valeur-trop-grande" }, { "geo: {lat: 45}", "champ-manquant" }, { "geo: {lat: 45, long: 1}", "champ-inconnu" },
		{ "geo: 45.1", "groupe-attendu" }, { "ref: Une fiche", "valeur-illisible" }, { "ref: fich:a", "valeur-inconnue" }, { "refs: a", "liste-attendue" },
		{ "refs: [a, b, c, d]", "liste-trop-longue" }, { "refs: [a, a]", "element-repete" }, { "refs: [a, ~]", "element-vide" }, { "ref: [a]", "valeur-simple-attendue" },
		{ "ref: {a: b}", "valeur-simple-attendue" }, { "siren: 999999999", "cle-de-controle" }, { "siren: 99999999", "valeur-illisible" },
		{ "siret: '99999999800018'", "cle-de-controle" }, { "finess: '990000011'", "cle-de-controle" }, { "rpps: '10001234567'", "cle-de-controle" },
		{ "rpps: '10103489215'", "cle-de-controle" }, { "rpps: '899900000003'", "valeur-illisible" }, { "finess: 2A0000001", "cle-de-controle-douteuse" },
		{ "insee: '330581'", "valeur-illisible" }, { "insee: 2C004", "valeur-illisible" }, { "nom: Camille", "accord-manquant" }, { "lot: [{b: 1}]", "champ-manquant" },
		{ "lot: [{a: }]", "champ-vide" }, { "lot: [3]", "groupe-attendu" }, { "lot: [{a: 1, b: 2, somme: 4}]", "somme-differente" }, { "lot: [{a: 99, b: 2}]", "somme-trop-grande" },
		{ "lot: [{a: 1, du: 2026-02-01, au: 2026-01-01}]", "ordre-des-dates" }, { "precision: x", "champ-sans-objet" }, { "bloc: {y: 1}", "champ-inconnu" },
		{ "bloc: {}\nchoix: trois", NULL }, { "bloc: {x: 1}\nchoix: trois", "champ-sans-objet" }, { "choix: trois\nbooleen: oui", "champ-requis-ici" },
		{ "montant: 3\nbooleen: oui", "champ-interdit-ici" }, { "code: 01200", "guillemets-conseilles" }, { "mots: [no]", "guillemets-conseilles" },
		{ "mots: [1:30]", "guillemets-conseilles" }, { "mots: [1.50]", "guillemets-conseilles" }, { "mots: [2026-01-01, 4.5, 33390, '01200']", NULL },
		{ "titre: x", "champ-en-double" }, { "mots: |\n  a", "liste-attendue" }, { "code: |\n  a\n  b", "valeur-illisible" },
		/* the field in error is not reported again by what depends on it */
		{ "choix: quatre\nprecision: x", "valeur-inconnue" }, { "choix: quatre\nbloc: {x: 1}", "valeur-inconnue" }, { "booleen: peut-être\nmontant: 1", "valeur-illisible" },
		{ "lot: [{a: x, b: 2, somme: 4}]", "valeur-illisible" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct item *item = with(cases[i].line);
		if (strcmp(said(), cases[i].code ? cases[i].code : "") != 0)
			fail_msg("%s: %s", cases[i].line, said());
		if (item)
			assert_int_equal(item->faulty, diag.n_errors > 0);
		forget();
	}
}

static void
values_are_kept_as_their_kind(void **state)
{
	struct item *item = with("nombre: 0,5\nmontant: '450,50'\ndate: 2026-11-02\nmoment: 2026-11-02 18:30\nmois: 2026-11\nduree: 1 h 30\nchoix: deux\n"
	                         "telephone: +33 5 36 49 00 10\ncouleur: '#C53'\ngeo: {lat: 45.1, lon: -0.66}\nrefs: [a, fiche:b]\nsiren: 999 999 998\nlot: [{a: 1}]");

	(void)state;
	assert_string_equal(said(), "");
	assert_true(value(item, "nombre")->as.number == 0.5 && value(item, "montant")->as.number == 450.5);
	assert_int_equal(value(item, "date")->as.date, day_from_civil(2026, 11, 2));
	assert_int_equal(value(item, "moment")->as.moment.seconds, 18 * 3600 + 30 * 60);
	assert_int_equal(value(item, "mois")->as.date, day_from_civil(2026, 11, 1));
	assert_int_equal(value(item, "duree")->as.duration.minutes, 90);
	assert_true(str_equal(value(item, "choix")->as.choice->label, S("Deux")));
	assert_true(str_equal(*(str *)map_get(&value(item, "choix")->as.choice->attributes, S("note")), S("x")));
	assert_true(str_equal(value(item, "telephone")->as.text, S("0536490010")));
	assert_true(str_equal(value(item, "couleur")->as.text, S("#cc5533")));
	assert_true(value(item, "geo")->as.geo.lon == -0.66);
	assert_int_equal(value(item, "refs")->as.list->len, 2);
	assert_int_equal(value(item, "refs")->as.list->items[1].kind, VAL_REF_TEXT);
	assert_true(str_equal(value(item, "siren")->as.text, S("999999998")));
	assert_int_equal(value(item, "lot")->as.list->items[0].as.object->shape->n_fields, 5);
}

static void
markdown_fields_and_bodies(void **state)
{
	struct item *item = read_item("fiche", "---\ntitre: Essai\ntexte: \"voir [là](fiche:b)\"\n---\n## Partie\n\nDu [lien](fiche:a).\n");
	const struct rich *field = value(item, "texte")->as.rich;

	(void)state;
	assert_string_equal(said(), "");
	assert_true(str_starts(field->md.html, S("voir <a href=")));
	assert_int_equal(field->md.n_holes, 1);
	assert_int_equal(item->body->md.n_holes, 1);
	assert_true(str_equal(item->body->md.headings[0].id, S("partie")));
}

/* A default counts like a value, but has no place in the file. */
/* An editor's keyboard has no curly apostrophe; a code, an address and another language stay as they were typed. */
static void
french_texts_are_set(void **state)
{
	struct item *item = with("precision: \"L'accueil : 9 h, c'est tout !\"\nchoix: deux\nmots: [\"l'une\", \"/l'ancienne/\", \"https://exemple.fr/l'autre\"]");
	const struct val_list *words = value(item, "mots")->as.list;

	(void)state;
	assert_true(str_equal(value(item, "precision")->as.text, S("L’accueil\xc2\xa0: 9\xc2\xa0h, c’est tout\xe2\x80\xaf!")));
	assert_true(str_equal(words->items[0].as.text, S("l’une")));
	assert_true(str_equal(words->items[1].as.text, S("/l'ancienne/")));
	assert_true(str_equal(words->items[2].as.text, S("https://exemple.fr/l'autre")));
	item = read_item_in("fiche", "---\ntitre: It's 9 h !\n---\n", 1);
	assert_true(str_equal(value(item, "titre")->as.text, S("It's 9 h !")));
}

static void
defaults_and_required(void **state)
{
	struct item *item = with("");

	(void)state;
	assert_true(str_equal(value(item, "choix")->as.choice->key, S("un")));
	assert_int_equal(value(item, "choix")->end, 0);
	read_item("fiche", "---\ncode: '12345'\n---\n");
	assert_string_equal(said(), "champ-manquant");
	forget();
	read_item("fiche", "---\ntitre: ''\nnom: x\nconsentement: {le: 2026-01-01, jusqu_au: 2026-02-01}\n---\n");
	assert_string_equal(said(), "champ-vide");
	forget();
	read_item("fiche", "---\ntitre: x\n---\n");
	assert_string_equal(said(), "texte-trop-court");
}

static void
places_and_remedies(void **state)
{
	static const char text[] = "---\ntitre: Essai\nlot:\n  - a: 1\n    du: 2026-03-01\n    au: 2026-02-31\n---\n";
	struct position at;

	(void)state;
	read_item("fiche", text);
	at = last_position(text);
	assert_int_equal(at.line, 6);
	assert_int_equal(at.column, 9);
	assert_string_equal(last_argument(1), "le 31 février 2026");
	with("date: 2 mars 2026");
	assert_string_equal(last_argument(4), "écrivez 2026-03-02");
	with("url: www.exemple.fr");
	assert_string_equal(last_argument(4), "écrivez https://www.exemple.fr");
	with("montant: 1 200 €");
	assert_string_equal(last_argument(4), "écrivez 1200");
	with("choix: Deux");
	assert_string_equal(last_argument(2), "deux");
	with("telefone: x");
	assert_string_equal(last_argument(1), "telephone");
	with("code: 1:30\nmots: [x]");
	assert_string_equal(last_argument(2), "Cinq chiffres.");
}

static void
translations_give_what_they_translate(void **state)
{
	struct item *item = read_item_in("fiche", "---\ncode: '12345'\n---\nHello\n", 1);

	(void)state;
	assert_string_equal(said(), "");
	assert_int_equal(item->language, 1);
	assert_null(model_val(&item->object, S("choix")));
	read_item_in("fiche", "---\ndate: 2026-01-01\n---\n", 1);
	assert_string_equal(said(), "champ-commun-aux-langues");
}

static void
luhn_vectors(void **state)
{
	static const char *const good[] = { "990000010", "990000028", "990000036", "99900000003", "99900000011", "999999998", "99999999800019" };
	static const char *const bad[] = { "10001234567", "10103489215", "990000011", "", "99999999x" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(model_luhn(str_from_c(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(model_luhn(str_from_c(bad[i])));
}

/* --- random items --- */

static uint32_t
next(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

/* A number with its Luhn digit. */
static str
luhn_number(uint32_t *seed, size_t len)
{
	char *c = arena_array(&tmp, char, len + 1);

	c[0] = '9';
	for (size_t i = 1; i + 1 < len; i++)
		c[i] = (char)('0' + next(seed, 10));
	for (c[len - 1] = '0'; !model_luhn((str){ c, len }); c[len - 1]++)
		;
	return (str){ c, len };
}

static void
put_random_field(struct buf *b, uint32_t *seed, unsigned field)
{
	struct civil on = civil_from_day((int32_t)(20000 + next(seed, 9000)));

	switch (field) {
	case 0: buf_format(b, "code: \"%05u\"\n", next(seed, 100000)); break;
	case 1: buf_format(b, "entier: %u\n", 1 + next(seed, 10)); break;
	case 2: buf_format(b, "nombre: %u%c%u\n", next(seed, 100), next(seed, 2) ? '.' : ',', next(seed, 1000)); break;
	case 3: buf_format(b, "date: %04d-%02d-%02d\n", on.year, on.month, on.day); break;
	case 4: buf_format(b, "moment: %04d-%02d-%02d %02u:%02u\n", on.year, on.month, on.day, next(seed, 24), next(seed, 60)); break;
	case 5: buf_format(b, "siren: %.*s\n", STR_ARG(luhn_number(seed, 9))); break;
	case 6: buf_format(b, "rpps: %.*s\n", STR_ARG(luhn_number(seed, 11))); break;
	case 7: buf_format(b, "telephone: 0%u %02u %02u %02u %02u\n", 1 + next(seed, 9), next(seed, 100), next(seed, 100), next(seed, 100), next(seed, 100)); break;
	case 8: buf_format(b, "geo: {lat: %d.%u, lon: %d.%u}\n", (int)next(seed, 180) - 90, next(seed, 1), (int)next(seed, 360) - 180, next(seed, 1)); break;
	case 9: buf_format(b, "couleur: \"#%06x\"\n", next(seed, 1 << 24)); break;
	case 10: buf_format(b, "refs: [fiche-%u, fiche:f%u]\n", next(seed, 99), next(seed, 99)); break;
	case 11: buf_format(b, "lot:\n  - {a: %u}\n  - {a: 1, b: 2, somme: 3}\n", next(seed, 100)); break;
	case 12: buf_format(b, "duree: %u %s\n", 1 + next(seed, 50), next(seed, 2) ? "semaines" : "h"); break;
	default: buf_format(b, "texte: \"mot *%u* \\u00e9\"\n", next(seed, 1000)); break;
	}
}

static void
valid_items_have_no_diagnostics(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 400; round++) {
		uint32_t seed = round * 2654435761u;
		struct buf b;
		struct item *item;

		buf_init(&b, 1 << 16);
		buf_format(&b, "---\ntitre: \"Fiche %u\"\n", round);
		for (unsigned field = 0; field < 14; field++)
			if (next(&seed, 2))
				put_random_field(&b, &seed, field);
		buf_format(&b, "---\nTexte %u.\n", round);
		item = read_item("fiche", buf_copy(&b, &arena).ptr);
		if (!item || item->faulty || diag.entries.len)
			fail_msg("%.*s: %s", STR_ARG(buf_str(&b)), said());
		buf_free(&b);
	}
}

/* Of each pair, the second line differs from the first; `text`: in a text of a field of the item's own. */
static void
two_readings_of_one_file(void **state)
{
	static const struct { const char *a, *b; bool text; } pairs[] = {
		{ "code: '33390'", "code: '33391'", true }, { "code: '33390'", "mots: [a]", false }, { "code: '33390'", "entier: 7", false }, { "entier: 7", "entier: 8", false },
		{ "texte: du **gras**", "texte: du *gras*", false }, { "texte: 'voir [a](fiche:a)'", "texte: 'voir [a](fiche:b)'", false },
		{ "texte: '[](fiche:a)'", "texte: '[a](fiche:a)'", false },
		{ "nombre: 0,5", "nombre: 0,25", false }, { "montant: 450", "montant: 451", false }, { "booleen: oui", "booleen: non", false },
		{ "date: 2028-02-29", "date: 2028-02-28", false }, { "moment: 2026-11-02 18:30", "moment: 2026-11-02 18:31", false },
		{ "moment: 2026-11-02 18:30", "moment: 2026-11-03 18:30", false }, { "mois: 2026-11", "mois: 2026-12", false }, { "duree: 1 h 30", "duree: 1 h 31", false },
		{ "duree: 6 mois", "duree: 6 ans", false }, { "duree: 6 mois", "duree: 7 mois", false }, { "choix: deux", "choix: trois", false },
		{ "url: http://a.fr/", "url: http://b.fr/", true }, { "image: a.jpg", "image: b.jpg", false }, { "geo: {lat: 45.1, lon: 1}", "geo: {lat: 45.2, lon: 1}", false },
		{ "geo: {lat: 45.1, lon: 1}", "geo: {lat: 45.1, lon: 2}", false }, { "ref: a", "ref: b", false }, { "refs: [a, b]", "refs: [a]", false },
		{ "refs: [a, b]", "refs: [b, a]", false }, { "mots: [a, b]", "mots: [a, c]", false }, { "lot: [{a: 1, b: 2}]", "lot: [{a: 1, b: 3}]", false },
		{ "lot: [{a: 1, b: 2}]", "lot: [{a: 1}]", false }, { "bloc: {x: 1}", "bloc: {x: 2}", false }, { "bloc: {x: 1}", "choix: deux\nbloc: {y: b}", false },
		{ "choix: deux\nbloc: {y: a}", "choix: deux\nbloc: {y: b}", false }, { "rpps: '99900000003'", "rpps: '99900000011'", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct item *a = with(pairs[i].a), *b = with(pairs[i].b);
		bool differs[64];
		uint32_t n = 0;
		if (!a || !b || a->faulty || b->faulty)
			fail_msg("%s, %s: %s", pairs[i].a, pairs[i].b, said());
		assert_true(model_same_but_texts(a, with(str_format(&arena, "# loin\n%s", pairs[i].a).ptr), differs));
		for (uint32_t k = 0; k < a->type->shape.n_fields; k++)
			assert_false(differs[k]);
		if (model_same_but_texts(a, b, differs) != pairs[i].text)
			fail_msg("%s, %s", pairs[i].a, pairs[i].b);
		for (uint32_t k = 0; pairs[i].text && k < a->type->shape.n_fields; k++)
			n += differs[k];
		if (pairs[i].text)
			assert_int_equal(n, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good_values_are_silent, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(wrong_values_say_so_once, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(values_are_kept_as_their_kind, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(markdown_fields_and_bodies, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(french_texts_are_set, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(defaults_and_required, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(places_and_remedies, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(translations_give_what_they_translate, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(two_readings_of_one_file, set_up_types, tear_down),
		cmocka_unit_test(luhn_vectors),
		cmocka_unit_test_setup_teardown(valid_items_have_no_diagnostics, set_up_types, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
