/* Type files: what is read, what is refused, how a site extends a theme's type. */
#include "test_model_fixture.h"

#define HEAD "type: fiche\nnom: Fiche\npluriel: Fiches\ngenre: f\ndossier: fiches\n"

static void
theme(const char *name, const char *text)
{
	put(str_format(&arena, "/site/themes/essai/types/%s.yaml", name).ptr, text);
}

static void
site(const char *name, const char *text)
{
	put(str_format(&arena, "/site/types/%s.yaml", name).ptr, text);
}

static const struct type *
type(const char *name)
{
	const struct type *t = map_get(&model.by_name, str_from_c(name));
	assert_non_null(t);
	return t;
}

static void
reads_a_whole_type(void **state)
{
	const struct type *t;

	(void)state;
	theme("fragments/base", "champs:\n  titre: {type: texte, requis: oui}\n");
	theme("fragments/lieu", "inclut: [point]\nchamps:\n  rue: {type: texte}\n");
	theme("fragments/point", "champs:\n  geo: {type: geo}\n");
	theme("site-x", "type: site-x\nnom: X\npluriel: X\ngenre: m\ndossier: sites-x\ninclut: base\nessentiel: [titre]\n");
	theme("fiche", HEAD "inclut: [base, lieu]\n"
	    "essentiel: [titre, etat]\ncomplements: [debut]\nurl: /f/{etat}/{slug}/\ntri: [-debut, titre]\n"
	    "x_note: oui\njsonld: {type: Thing, proprietes: {name: titre, geo: {type: G, latitude: geo.lat}, o: [ou.rue, lieux.nom]}}\n"
	    "recurrence: {champ: recurrence, debut: debut}\n"
	    "vie:\n  debut: debut\n  fin: ou.fin\n  champ: etat\n  etats: {avant_tout: {quand: avant, publie: non}, ouvert: {quand: pendant}, clos: {champ: clos, liste: non}}\n"
	    "champs:\n"
	    "  etat: {type: enum, valeurs: {clos: Fermé, neuf: Neuf}}\n"
	    "  debut: {type: date}\n"
	    "  recurrence: {type: objet, champs: {tous_les: {type: duree}}}\n"
	    "  ou: {type: objet, objet: lieu}\n"
	    "  lieux: {type: ref, ref: [site-x, fiche]}\n"
	    "  loin: {type: objet, champs: {fin: {type: date}, ou: {type: objet, objet: lieu}}}\n"
	    "  prix: {type: montant, unite: par mois, confidentiel: {seuil: 5}, export: non, traduction: requise}\n");
	assert_false(load_types());
	assert_string_equal(said(), "type-nom-inconnu type-nom-inconnu");   /* ou.fin, lieux.nom */
	forget();
	put("/site/themes/essai/types/fragments/lieu.yaml", "inclut: [point]\nchamps:\n  rue: {type: texte}\n  fin: {type: date}\n  nom: {type: texte}\n");
	theme("site-x", "type: site-x\nnom: X\npluriel: X\ngenre: m\ndossier: sites-x\ninclut: [base, lieu]\nessentiel: [titre]\n");
	if (!load_types())
		fail_msg("%s", said());
	t = type("fiche");
	assert_int_equal(model.n_types, 3);
	assert_true(str_equal(model.types[0]->name, S("fiche")) && str_equal(model.types[2]->name, S("site-x")));
	assert_true(str_equal(type("site-x")->collection, S("sites_x")) && str_equal(type("site-x")->url, S("/sites-x/{slug}/")));
	assert_ptr_equal(model.site_type, type("site"));
	assert_null(model.site_type->url.ptr);
	assert_int_equal(t->shape.life->n_states, 3);
	assert_false(t->shape.life->states[0].published);
	assert_true(str_equal(t->shape.life->states[2].label, S("Fermé")));
	assert_true(t->order[0].descending && str_equal(t->order[0].path, S("debut")));
	assert_int_equal(model_field(&t->shape, S("lieux"))->n_targets, 2);
	assert_non_null(model_path(&t->shape, S("loin.ou.geo")));
	assert_null(model_path(&t->shape, S("loin.rue")));
	assert_int_equal(model_field(&t->shape, S("prix"))->confidential_below, 5);
	assert_false(model_field(&t->shape, S("prix"))->exported);
	assert_int_equal(model_field(&t->shape, S("prix"))->translation, TRANSLATION_REQUIRED);
	assert_int_equal(model_field(&t->shape, S("ou"))->translation, TRANSLATION_FALLBACK);
	assert_int_equal(model_field(&t->shape, S("debut"))->translation, TRANSLATION_SHARED);
	assert_true(str_equal(value_text(t->extra, S("x_note"), STR_NONE), S("oui")));
}

static void
refuses_mistakes(void **state)
{
	static const struct { const char *text, *code; } cases[] = {
		{ HEAD "champs: {titre: {type: texte}}\n", NULL },
		{ HEAD "champ: {}\nchamps: {titre: {type: texte}}\n", "type-cle-inconnue" },
		{ HEAD "champs: {titre: {type: texte, requi: oui}}\n", "type-cle-inconnue" },
		{ HEAD "champs: {titre: {type: texte, valeurs: {a: A}}}\n", "type-cle-inconnue" },
		{ HEAD "champs: {titre: {type: txte}}\n", "type-nom-inconnu" },
		{ HEAD "champs: {titre: {libelle: x}}\n", "type-cle-manquante" },
		{ HEAD "champs: {Titre: {type: texte}}\n", "type-forme" },
		{ HEAD "champs: {titre: {type: texte, requis: peut-être}}\n", "type-forme" },
		{ HEAD "champs: {titre: {type: texte, max: beaucoup}}\n", "type-forme" },
		{ HEAD "champs: {titre: {type: texte, motif: '(a'}}\n", "type-motif" },
		{ HEAD "champs: {n: {type: entier, defaut: x}}\n", "type-defaut" },
		{ HEAD "champs: {n: {type: enum}}\n", "type-cle-manquante" },
		{ HEAD "champs: {n: {type: enum, valeurs: {a: A}, defaut: b}}\n", "type-defaut" },
		{ HEAD "champs: {n: {type: ref, ref: fich}}\n", "type-nom-inconnu" },
		{ HEAD "champs: {n: {type: ref, ref: site}}\n", "type-forme" },
		{ HEAD "champs: {n: {type: objet, objet: rien}}\n", "type-nom-inconnu" },
		{ HEAD "champs: {n: {type: objet}}\n", "type-cle-manquante" },
		{ HEAD "champs: {n: {type: liste, de: {type: liste, de: texte}}}\n", "type-forme" },
		{ HEAD "inclut: [rond]\nchamps: {t: {type: texte}}\n", "type-cycle" },
		{ HEAD "inclut: [base]\nchamps: {titre: {type: texte}}\n", "type-deux-fois" },
		{ HEAD "champs: {titre: {type: texte, requis: oui}}\n", "type-cle-manquante" },
		{ HEAD "essentiel: []\nchamps: {titre: {type: texte, requis: oui}}\n", "type-essentiel-incomplet" },
		{ HEAD "essentiel: [titr]\nchamps: {titre: {type: texte}}\n", "type-nom-inconnu" },
		{ HEAD "essentiel: [a, b, c, d, e, f, g, h, i]\nchamps: {a: {type: date}, b: {type: date}, c: {type: date}, d: {type: date}, e: {type: date}, f: {type: date}, "
		       "g: {type: date}, h: {type: date}, i: {type: date}}\n", "type-essentiel-long" },
		{ HEAD "complements: [t, t]\nchamps: {t: {type: texte}}\n", "type-deux-fois" },
		{ HEAD "url: /x/\nchamps: {t: {type: texte}}\n", "type-forme" },
		{ HEAD "url: /x/{slug}/{tt}/\nchamps: {t: {type: texte}}\n", "type-nom-inconnu" },
		{ HEAD "tri: [t]\nchamps: {t: {type: liste, de: texte}}\n", "type-champ-inadapte" },
		{ HEAD "tri: [o.t]\nchamps: {o: {type: liste, de: {type: objet, champs: {t: {type: texte}}}}}\n", "type-champ-inadapte" },
		{ HEAD "vie: {debut: t, etats: {x: {quand: avant}}}\nchamps: {t: {type: texte}}\n", "type-champ-inadapte" },
		{ HEAD "vie: {fin: d, etats: {x: {quand: avant}}}\nchamps: {d: {type: date}}\n", "type-forme" },
		{ HEAD "vie: {fin: d, etats: {x: {quand: jamais}}}\nchamps: {d: {type: date}}\n", "type-nom-inconnu" },
		{ HEAD "vie: {champ: e, etats: {x: {champ: b}}}\nchamps: {e: {type: enum, valeurs: {a: A}}}\n", "type-nom-inconnu" },
		{ HEAD "regles: [{avant: [d]}]\nchamps: {d: {type: date}}\n", "type-forme" },
		{ HEAD "regles: [{avan: [d, d]}]\nchamps: {d: {type: date}}\n", "type-nom-inconnu" },
		{ HEAD "regles: [{requis_si: {champ: d, si: {e: b}}}]\nchamps: {d: {type: date}, e: {type: enum, valeurs: {a: A}}}\n", "type-nom-inconnu" },
		{ HEAD "regles: [{somme: {champs: [d, e], egale: f}}]\nchamps: {d: {type: entier}, e: {type: entier}}\n", "type-nom-inconnu" },
		{ HEAD "champs: {d: {type: date, si: {e: oui}}}\n", "type-nom-inconnu" },
		{ HEAD "champs: {n: {type: texte, personnel: oui}}\n", "type-forme" },
		{ HEAD "consentement: c\nchamps: {c: {type: objet, champs: {le: {type: date}, jusqu_au: {type: date}}}}\n", "type-nom-inconnu" },
		{ HEAD "recurrence: {champ: r}\nchamps: {r: {type: objet, champs: {a: {type: date}}}}\n", "type-cle-manquante" },
		{ HEAD "champs: {v: {type: variante, selon: e, cas: {b: {champs: {x: {type: texte}}}}}, e: {type: enum, valeurs: {a: A}}}\n", "type-nom-inconnu" },
		{ HEAD "jsonld: {type: Thing, proprietes: {name: titr}}\nchamps: {titre: {type: texte}}\n", "type-nom-inconnu" },
		{ HEAD "jsonld: {type: Thing, requis: [name], proprietes: {name: titre, fin: {fin_du_jour: jour}, ou: {tous: [{type: P, name: titre}, titre]}, comment: {cas: [{si: [titre, jour], valeur: x}]}}}\n"
		    "champs: {titre: {type: texte}, jour: {type: date}}\n", NULL },
		{ HEAD "jsonld: {type: Thing, proprietes: {name: {valeur: [a, b]}}}\nchamps: {titre: {type: texte}}\n", "type-forme" },
		{ HEAD "jsonld: {type: Thing, requis: [nam], proprietes: {name: titre}}\nchamps: {titre: {type: texte}}\n", "type-nom-inconnu" },
		{ HEAD "jsonld: {type: Thing, requis: [name]}\nchamps: {titre: {type: texte}}\n", "type-nom-inconnu" },
		{ HEAD "jsonld: {type: Thing, proprietes: {a: {fin_du_jour: jou}}}\nchamps: {jour: {type: date}}\n", "type-nom-inconnu" },
		{ HEAD "jsonld: {type: Thing, proprietes: {a: {tous: [jour, {type: P, name: jou}]}}}\nchamps: {jour: {type: date}}\n", "type-nom-inconnu" },
		{ HEAD "jsonld: {type: Thing, proprietes: {a: {tous: jour}}}\nchamps: {jour: {type: date}}\n", "type-forme" },
		{ HEAD "jsonld: {type: Thing, proprietes: {a: {cas: [{si: [jou], valeur: x}]}}}\nchamps: {jour: {type: date}}\n", "type-nom-inconnu" },
		{ HEAD "jsonld: {type: Thing, proprietes: {a: {cas: [{valeur: x}]}}}\nchamps: {jour: {type: date}}\n", "type-cle-manquante" },
		{ HEAD "jsonld: {type: Thing, proprietes: {a: {cas: [{si: jour, valeur: x}]}}}\nchamps: {jour: {type: date}}\n", "type-forme" },
		{ HEAD "etend: fiche\nchamps: {titre: {type: texte}}\n", "type-nom-inconnu" },
		{ "type: autre\nnom: A\npluriel: A\ngenre: m\ndossier: a\nchamps: {t: {type: texte}}\n", "type-forme" },
		{ "type: fiche\nnom: A\npluriel: A\ngenre: x\ndossier: a\nchamps: {t: {type: texte}}\n", "type-forme" },
		{ "type: fiche\nnom: A\npluriel: A\ngenre: m\nchamps: {t: {type: texte}}\n", "type-cle-manquante" },
	};

	(void)state;
	theme("fragments/base", "champs:\n  titre: {type: texte}\n");
	theme("fragments/rond", "inclut: [carre]\nchamps:\n  a: {type: texte}\n");
	theme("fragments/carre", "inclut: [rond]\nchamps:\n  b: {type: texte}\n");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		theme("fiche", cases[i].text);
		load_types();
		if (strcmp(said(), cases[i].code ? cases[i].code : "") != 0)
			fail_msg("%s\n-> %s (%s)", cases[i].text, said(), diag.entries.len ? last_argument(0) : "");
		forget();
	}
}

static const char base[] = HEAD
    "essentiel: [titre]\n"
    "champs:\n"
    "  titre: {type: texte, requis: oui, max: 80}\n"
    "  choix: {type: enum, valeurs: {a: A, b: B}}\n"
    "  n: {type: entier, min: 1}\n"
    "  lot: {type: liste, de: {type: objet, champs: {x: {type: texte}}}}\n"
    "  o: {type: objet, objet: bout}\n";

static void
a_site_extends_a_type(void **state)
{
	const struct type *t;

	(void)state;
	theme("fragments/bout", "champs:\n  y: {type: texte}\n");
	theme("fiche", base);
	site("fiche", "type: fiche\netend: fiche\nnom: Fichette\nessentiel: [titre, n]\nchamps:\n"
	              "  titre: {max: 60, libelle: Intitulé}\n  choix: {valeurs: {a: Ah, c: C}}\n  n: {requis: oui, max: 9}\n"
	              "  lot: {min: 1, de: {champs: {x: {requis: oui}, z: {type: date}}}}\n  neuf: {type: couleur}\nregles:\n  - un_parmi: [neuf, choix]\n");
	site("fragments/bout", "etend: bout\nchamps:\n  w: {type: texte}\n");
	if (!load_types())
		fail_msg("%s %s", said(), last_argument(0));
	t = type("fiche");
	assert_true(str_equal(t->label, S("Fichette")) && str_equal(t->plural, S("Fiches")));
	assert_true(model_field(&t->shape, S("titre"))->max == 60 && str_equal(model_field(&t->shape, S("titre"))->label, S("Intitulé")));
	assert_int_equal(model_field(&t->shape, S("choix"))->n_values, 3);
	assert_true(str_equal(model_field(&t->shape, S("choix"))->values[0].label, S("Ah")));
	assert_true(model_field(&t->shape, S("n"))->required);
	assert_true(model_path(&t->shape, S("lot.x"))->required && model_path(&t->shape, S("lot.z")));
	assert_non_null(model_path(&t->shape, S("o.w")));
	assert_non_null(model_field(&t->shape, S("neuf")));
	assert_int_equal(t->shape.n_rules, 1);
}

static void
an_extension_only_tightens(void **state)
{
	static const struct { const char *text, *code; } cases[] = {
		{ "type: fiche\nchamps: {x: {type: texte}}\n", "type-deja-la" },
		{ "etend: fich\nchamps: {x: {type: texte}}\n", "type-forme" },
		{ "etend: fiche\nchamps: {titre: {type: entier}}\n", "type-extension" },
		{ "etend: fiche\nchamps: {titre: {requis: non}}\n", "type-extension" },
		{ "etend: fiche\nchamps: {titre: {max: 200}}\n", "type-extension" },
		{ "etend: fiche\nchamps: {n: {min: 0}}\n", "type-extension" },
		{ "etend: fiche\nchamps: {lot: {de: {type: texte}}}\n", "type-extension" },
		{ "etend: fiche\nchamps: {o: {objet: autre}}\n", "type-extension" },
		{ "etend: fiche\ndossier: ailleurs\n", "type-extension" },
		{ "etend: fiche\nchamps: {n: {requis: oui}}\n", "type-essentiel-incomplet" },
	};

	(void)state;
	theme("fragments/bout", "champs:\n  y: {type: texte}\n");
	theme("fiche", base);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		site("fiche", cases[i].text);
		assert_false(load_types());
		if (strcmp(said(), cases[i].code) != 0)
			fail_msg("%s\n-> %s (%s)", cases[i].text, said(), last_argument(0));
		forget();
	}
}

static void
a_fragment_used_twice_is_reported_once(void **state)
{
	(void)state;
	theme("fragments/base", "champs:\n  titre: {type: texte, mxa: 3}\n");
	theme("fiche", HEAD "inclut: [base]\n");
	theme("autre", "type: autre\nnom: A\npluriel: A\ngenre: m\ndossier: fiches\ninclut: [base]\n");
	assert_false(load_types());
	assert_string_equal(said(), "type-cle-inconnue type-deux-fois");
	assert_string_equal(last_argument(2), "fiches");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_a_whole_type, set_up, tear_down),
		cmocka_unit_test_setup_teardown(refuses_mistakes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_site_extends_a_type, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_extension_only_tightens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_fragment_used_twice_is_reported_once, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
