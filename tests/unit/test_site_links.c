/* site: links, anchors, files; addresses, collisions, redirects; what `retirer` leaves out. */
#include "world_fixture.h"

static const struct link *
link_of(const char *slug, uint32_t i)
{
	const struct item *item = world_item(&w, "page", slug);
	assert_non_null(item->body);
	assert_true(i < item->body->md.n_holes);
	return &item->body->links[i];
}

static bool
contact_only(void *context, str url)
{
	(void)context;
	return str_equal(url, S("/contact/")) || str_equal(url, S("/vieux/"));
}

static void
page(const char *body)
{
	struct arena tmp;

	arena_init(&tmp, &page_source_malloc);
	world_file(&w, "content/pages/a.md", str_format(&tmp, "---\ntitre: A\n---\n## Un titre\n\n%s\n", body).ptr);
	arena_free(&tmp);
}

static void
test_good_links(void **state)
{
	(void)state;
	world_file(&w, "content/offres/tard.md", "---\ntitre: Tard\nlieu: bourg\npublie_le: 2030-01-01\n---\n");
	world_file(&w, "assets/docs/plan.pdf", "%PDF");
	page("[a](lieu:bourg#acces-au-lieu) [b](https://exemple.fr/) [c](#un-titre) [d](/lieux/bourg/#acces-au-lieu) [e](/contact/) "
	     "[f](docs/plan.pdf) [g](/assets/docs/plan.pdf) [h](offre:tard) [i](/offres/tard/) [j](mailto:a@exemple.fr) [k](/offres/)");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_ptr_equal(link_of("a", 0)->item, world_item(&w, "lieu", "bourg"));
	assert_string_equal(world_c(&w, link_of("a", 0)->address), "#acces-au-lieu");
	assert_string_equal(world_c(&w, link_of("a", 1)->address), "https://exemple.fr/");
	assert_string_equal(world_c(&w, link_of("a", 2)->address), "#un-titre");
	assert_ptr_equal(link_of("a", 3)->item, world_item(&w, "lieu", "bourg"));
	assert_non_null(link_of("a", 5)->media);
	assert_string_equal(world_c(&w, link_of("a", 6)->media->shown), "assets/docs/plan.pdf");
	assert_false(link_of("a", 7)->item->published);
	assert_ptr_equal(link_of("a", 8)->item, link_of("a", 7)->item);
	assert_true(site_check_pending(&w.site, contact_only, NULL, &w.diag));
	assert_string_equal(world_c(&w, link_of("a", 4)->address), "/contact/");
	assert_null(link_of("a", 10)->address.ptr);
	world_say(&w);
	assert_true(world_says(&w, "attention: la page /offres/ n'existe pas à cette date"));
	assert_int_equal(w.diag.n_errors, 0);
}

/* A draft is an item like any other that is not published: links to it, of either kind, become text. */
static void
test_links_to_drafts(void **state)
{
	(void)state;
	world_file(&w, "content/pages/plan.md", "---\ntitre: Plan\nbrouillon: true\n---\n");
	page("[](page:plan) [b](/plan/)");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_true(site_check_pending(&w.site, contact_only, NULL, &w.diag));
	assert_false(link_of("a", 0)->item->published);
	assert_ptr_equal(link_of("a", 1)->item, link_of("a", 0)->item);
	w.options.drafts = true;
	world_build(&w, "2026-09-15");
	assert_true(link_of("a", 0)->item->published);
	assert_string_equal(world_c(&w, link_of("a", 1)->item->urls[0]), "/plan/");
}

static void
test_bad_links(void **state)
{
	static const struct { const char *link, *said; } cases[] = {
		{ "[a](lieu:bour)", "vouliez-vous dire « lieu:bourg » ?" },
		{ "[a](lieux:bourg)", "vouliez-vous dire « lieu: » ?" },
		{ "[a](javascript:alert(1))", "cette adresse ne peut pas être publiée : javascript:alert(1)" },
		{ "[a](data:text/html,x)", "cette adresse ne peut pas être publiée" },
		{ "[a](//ailleurs.exemple.fr/)", "cette adresse ne peut pas être publiée" },
		{ "[a](#un-titr)", "vouliez-vous dire « #un-titre » ?" },
		{ "[a](lieu:bourg#acces)", "aucun intertitre #acces dans « bourg »" },
		{ "[a](/lieux/bourg/#acces-au-lie)", "vouliez-vous dire « #acces-au-lieu » ?" },
		{ "[a](absent.pdf)", "fichier introuvable : absent.pdf" },
		{ "[a](docs/plam.pdf)", "vouliez-vous dire « docs/plan.pdf » ?" },
		{ "[a](../../secret)", "ce chemin ne peut pas être publié : ../../secret" },
		{ "[a](b.md)", "pour mener à sa page, écrivez page:b" },
		{ "![a](https://exemple.fr/i.jpg)", "l'image vient d'un autre site" },
		{ "![a](absent.jpg)", "fichier introuvable : absent.jpg" },
	};
	(void)state;

	world_file(&w, "assets/docs/plan.pdf", "%PDF");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		page(cases[i].link);
		world_build(&w, "2026-09-15");
		assert_true(world_says(&w, cases[i].said));
		assert_true(world_says(&w, "content/pages/a.md:6:"));
		assert_int_equal(w.diag.n_errors, 1);
	}
}

static void
test_pending(void **state)
{
	(void)state;
	page("[a](/contactt/) [b](/lieux/bourgg/) [c](/contact)");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_false(site_check_pending(&w.site, contact_only, NULL, &w.diag));
	world_say(&w);
	assert_int_equal(w.diag.n_errors, 3);
	assert_true(world_says(&w, "aucune page à l'adresse /contactt/"));
	assert_true(world_says(&w, "vouliez-vous dire « /lieux/bourg/ » ?"));
	assert_true(world_says(&w, "vouliez-vous dire « /contact/ » ?"));
}

static void
test_addresses(void **state)
{
	(void)state;
	world_file(&w, "content/pages/offres.md", "---\ntitre: Offres\n---\n");
	world_file(&w, "content/pages/en.md", "---\ntitre: En\n---\n");
	world_file(&w, "content/pages/libre.md", "---\ntitre: Libre\n---\n");
	world_file(&w, "content/evenements/fete.md",
	    "---\ntitre: Fête\ndebut: 2026-11-05 18:30\nfin: 2026-11-05 20:00\nrecurrence: {tous_les: 6 mois, jusqu_au: 2026-12-31}\n---\n");
	world_file(&w, "content/evenements/fete-2026-11.md", "---\ntitre: Fête\ndebut: 2026-11-05 18:30\nfin: 2026-11-05 20:00\n---\n");
	world_build(&w, "2026-09-15");
	assert_true(world_says(&w, "content/pages/offres.md:1:1: erreur: l'adresse /offres/ est réservée"));
	assert_true(world_says(&w, "content/pages/en.md:1:1: erreur: l'adresse /en/ est réservée"));
	assert_true(world_says(&w, "l'adresse /evenements/fete-2026-11/ est déjà celle de content/evenements/fete"));
	assert_int_equal(w.diag.n_errors, 3);
}

static void
test_home(void **state)
{
	(void)state;
	world_file(&w, "content/territoires/ici.md", "---\ntitre: Ici\n---\n");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_ptr_equal(w.site.home, world_item(&w, "territoire", "ici"));
	assert_string_equal(world_c(&w, w.site.home->urls[0]), "/");
	world_file(&w, "content/territoires/la.md", "---\ntitre: Là\n---\n");
	world_build(&w, "2026-09-15");
	assert_null(w.site.home);
	assert_string_equal(world_c(&w, world_item(&w, "territoire", "la")->urls[0]), "/territoires/la/");
}

static void
test_redirects(void **state)
{
	(void)state;
	world_file(&w, "content/pages/a.md", "---\ntitre: A\nanciennes_adresses: [/ancien, /vieux/, /f.html]\n---\n");
	world_file(&w, "content/pages/b.md", "---\ntitre: B\nanciennes_adresses: [/a/, /ancien/]\n---\n");
	world_build(&w, "2026-09-15");
	assert_true(world_says(&w, "content/pages/b.md:3:22: erreur: l'ancienne adresse /a/ est déjà celle de content/pages/a.md"));
	assert_true(world_says(&w, "content/pages/b.md:3:27: erreur: l'ancienne adresse /ancien/ est déjà celle de content/pages/a.md"));
	assert_int_equal(w.diag.n_errors, 2);
	world_file(&w, "content/pages/b.md", "---\ntitre: B\n---\n");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_int_equal(w.site.redirects.len, 3);
	assert_string_equal(world_c(&w, w.site.redirects.ptr[0].from), "/ancien/");
	assert_string_equal(world_c(&w, w.site.redirects.ptr[0].to), "/a/");
	assert_string_equal(world_c(&w, w.site.redirects.ptr[2].from), "/f.html");
	assert_true(site_check_pending(&w.site, contact_only, NULL, &w.diag));
	assert_int_equal(w.site.redirects.len, 2);
	assert_int_equal(w.diag.n_warnings, 1);
}

static void
test_base_url(void **state)
{
	static const char *const bad[] = { "https://", "ftp://exemple.fr/", "exemple.fr", "https://exemple.fr/a b", "https://exemple.fr/?x", "https://exemple.fr/../x" };
	(void)state;

	w.options.base_url = S("https://exemple.fr:8080/portail/");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_string_equal(world_c(&w, w.site.base_url), "https://exemple.fr:8080/portail");
	assert_string_equal(world_c(&w, w.site.base_path), "/portail");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		w.options.base_url = str_from_c(bad[i]);
		world_build(&w, "2026-09-15");
		assert_true(world_says(&w, "--base-url"));
	}
	w.options.base_url = STR_NONE;
	world_file(&w, "content/site.yaml", "titre: E\nurl: https://e.exemple.fr/a?b\ntheme: t\nfuseau: Europe/Pari\n");
	world_build(&w, "2026-09-15");
	assert_true(world_says(&w, "n'est pas l'adresse d'un site"));
	assert_true(world_says(&w, "vouliez-vous dire « Europe/Paris » ?"));
}

static void
test_leave_out(void **state)
{
	const struct item *b, *c;
	const struct val *steps;
	(void)state;

	world_file(&w, "content/site.yaml", WORLD_SITE "en_cas_d_erreur: retirer\nvedette: a\n");
	world_file(&w, "content/lieux/faux.md", "---\ntitre: Faux\nvile: x\n---\n");
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: faux\n---\n");                                  /* cannot stand */
	world_file(&w, "content/offres/b.md", "---\ntitre: B\nlieu: bourg\nvoir: [a, bourg]\netapes: [{chez: faux}, {chez: bourg}]\n---\n");
	world_file(&w, "content/offres/c.md", "---\ntitre: C\nlieu: bourg\nvoir: [a]\n---\n[lien](offre:a)\n");
	world_file(&w, "content/offres/d.md", "---\ntitre: D\nlieu: bourg\n---\n[lien](offre:zz)\n");               /* has an error here */
	world_build(&w, "2026-09-15");
	assert_true(w.built);
	assert_int_equal(w.diag.n_errors, 2);
	assert_int_equal(w.site.n_left_out, 3);
	assert_true(world_says(&w, "content/offres/a.md:1:1: note: cette fiche n'est pas publiée : elle dépend de content/lieux/faux.md"));
	assert_true(world_says(&w, "content/offres/d.md:1:1: note: cette fiche n'est pas publiée à cause de ses erreurs"));
	assert_null(site_item(&w.site, S("offre"), S("a")));
	b = world_item(&w, "offre", "b");
	c = world_item(&w, "offre", "c");
	steps = model_val(&b->object, S("etapes"));
	assert_int_equal(model_val(&b->object, S("voir"))->as.list->len, 1);
	assert_int_equal(steps->as.list->len, 1);
	assert_true(c->published);
	assert_false(c->body->links[0].item->published);
	assert_null(model_val(&w.site.config->object, S("vedette")));
	assert_null(map_get(&w.site.by_url, S("/offres/a/")));
}

/* A chain of required references falls as a whole, however long. */
static void
test_long_fall(void **state)
{
	struct arena tmp;
	(void)state;

	arena_init(&tmp, &page_source_malloc);
	world_file(&w, "content/site.yaml", WORLD_SITE "en_cas_d_erreur: retirer\n");
	world_file(&w, "content/lieux/faux.md", "---\ntitre: Faux\nvile: x\n---\n");
	for (int i = 0; i < 40; i++)
		world_file(&w, str_format(&tmp, "content/offres/o%02d.md", i).ptr, "---\ntitre: A\nlieu: faux\n---\n");
	world_build(&w, "2026-09-15");
	assert_int_equal(w.site.n_left_out, 41);
	assert_int_equal(w.site.collections[((const struct type *)map_get(&w.model.by_name, S("offre")))->index].all.len, 0);
	arena_free(&tmp);
}

static void
test_no_config(void **state)
{
	(void)state;
	world_file(&w, "content/site.yaml", "titre: Essai\nurl: https://essai.exemple.fr/\n");
	world_build(&w, "2026-09-15");
	assert_false(w.built);
	assert_true(world_says(&w, "le site n'indique pas de thème"));
}

/* What a text shows is given by a field that asks who may publish it; a translation's by its original. */
static void
test_described_pictures(void **state)
{
	(void)state;
	world_file(&w, "content/site.yaml", WORLD_SITE "langues: [fr, en]\n");
	world_file(&w, "content/pages/lac.svg", "<svg/>");
	world_file(&w, "assets/pont.svg", "<svg/>");
	page("![Le lac](lac.svg)");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);          /* no type asks for anything */
	world_file(&w, "types/page.yaml", "type: page\netend: page\nchamps:\n"
	    "  vues: {type: liste, libelle: Vues, de: {type: objet, champs: {fichier: {type: image, requis: oui, du_texte: oui, libelle: Fichier}}}}\n");
	world_build(&w, "2026-09-15");
	assert_true(world_says(&w, "content/pages/a.md:6:1: erreur: l'image « lac.svg » du texte n'a ni crédit ni autorisation"));
	assert_true(world_says(&w, "ajoutez-la à « vues »"));
	world_file(&w, "content/pages/a.md", "---\ntitre: A\nvues:\n  - {fichier: lac.svg}\n  - {fichier: pont.svg}\n---\n![Le lac](lac.svg) ![Le pont](/assets/pont.svg)\n");
	world_file(&w, "content/pages/a.en.md", "---\ntitre: A\n---\n![The lake](lac.svg)\n");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\n---\n![Le pont](pont.svg)\n");
	world_build(&w, "2026-09-15");
	assert_true(world_says(&w, "ce genre de fiche ne montre pas d'images"));
	assert_int_equal(w.diag.n_errors, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good_links, begin, end), cmocka_unit_test_setup_teardown(test_bad_links, begin, end),
		cmocka_unit_test_setup_teardown(test_pending, begin, end), cmocka_unit_test_setup_teardown(test_links_to_drafts, begin, end), cmocka_unit_test_setup_teardown(test_addresses, begin, end),
		cmocka_unit_test_setup_teardown(test_home, begin, end), cmocka_unit_test_setup_teardown(test_redirects, begin, end),
		cmocka_unit_test_setup_teardown(test_base_url, begin, end), cmocka_unit_test_setup_teardown(test_leave_out, begin, end),
		cmocka_unit_test_setup_teardown(test_long_fall, begin, end), cmocka_unit_test_setup_teardown(test_no_config, begin, end),
		cmocka_unit_test_setup_teardown(test_described_pictures, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
