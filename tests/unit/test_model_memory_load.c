/* content/ → items: names of files, languages, drafts, unique fields, threads. */
#include "test_model_fixture.h"

#include "model/stock.h"

static const char fiche[] =
    "type: fiche\nnom: Fiche\npluriel: Fiches\ngenre: f\ndossier: fiches\nessentiel: [titre]\nconsentement: accord\n"
    "champs:\n"
    "  titre: {type: texte, requis: oui}\n"
    "  chapo: {type: texte, traduction: requise}\n"
    "  numero: {type: entier, unique: oui}\n"
    "  brouillon: {type: booleen}\n"
    "  nom: {type: texte, personnel: oui}\n"
    "  accord: {type: objet, champs: {le: {type: date}, portee: {type: liste, de: texte}, jusqu_au: {type: date}}}\n";
static const char lieu[] = "type: lieu\nnom: Lieu\npluriel: Lieux\ngenre: m\ndossier: lieux\ncorps: interdit\nchamps: {titre: {type: texte}}\n";
static const char audit[] = "type: audit\nnom: Audit\npluriel: Audits\ngenre: m\nsingulier: audit.yaml\nchamps: {date: {type: date}}\n";

static int
set_up_types(void **state)
{
	set_up(state);
	put("/site/themes/essai/types/fiche.yaml", fiche);
	put("/site/themes/essai/types/lieu.yaml", lieu);
	put("/site/themes/essai/types/audit.yaml", audit);
	put("/site/content/site.yaml", "titre: Essai\n");
	if (!load_types())
		fail_msg("%s", said());
	return 0;
}

static struct content
load(bool drafts, unsigned n)
{
	return model_load_content(&model, &source, languages, 2, drafts, NULL, NULL, workers, n, &arena, &diag);
}

/* "type:slug" of all items; a '*' for a faulty one, the language when it is not the main one. */
static const char *
names(struct content c)
{
	struct buf b;
	str s;

	buf_init(&b, 1 << 16);
	for (uint32_t i = 0; i < c.len; i++)
		buf_format(&b, "%s%.*s:%.*s%s%s", i ? " " : "", STR_ARG(c.items[i]->type->name), STR_ARG(c.items[i]->slug), c.items[i]->language ? ".en" : "",
		    c.items[i]->faulty ? "*" : "");
	s = buf_copy(&b, &arena);
	buf_free(&b);
	return s.ptr;
}

static void
items_come_sorted(void **state)
{
	(void)state;
	put("/site/content/lieux/b.yaml", "titre: B\n");
	put("/site/content/fiches/z.md", "---\ntitre: Z\n---\nTexte\n");
	put("/site/content/fiches/a.en.md", "---\ntitre: A\n---\n");
	put("/site/content/fiches/a.md", "---\ntitre: A\n---\n");
	put("/site/content/fiches/photo.jpg", "");
	put("/site/content/audit.yaml", "date: 2026-01-01\n");
	assert_string_equal(names(load(false, 2)), "audit:audit fiche:a fiche:a.en fiche:z lieu:b");
	assert_string_equal(said(), "");
}

static void
names_of_files_are_checked(void **state)
{
	static const struct { const char *path, *code; uint32_t argument; const char *value; } cases[] = {
		{ "fichs/a.md", "dossier-inconnu", 1, "fiches" }, { "fiches/Été 2026.md", "nom-de-fichier", 1, "ete-2026.md" },
		{ "fiches/a_b.md", "nom-de-fichier", 1, "a-b.md" }, { "fiches/a.de.md", "langue-inconnue", 1, "fr, en" }, { "fiches/a.txt", "fichier-non-reconnu", 0, "fiches/a.txt" },
		{ "fiches/2026/a.md", "sous-dossier", 1, "fiches" }, { "audi.yaml", "fichier-inconnu", 1, "audit.yaml" }, { "fiches/b.en.md", "traduction-sans-original", 0, "b.md" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		os_dir site;
		const char *path = str_format(&arena, "/site/content/%s", cases[i].path).ptr;
		put(path, "---\ntitre: A\n---\n");
		load(false, 1);
		if (strcmp(said(), cases[i].code) != 0 || strcmp(last_argument(cases[i].argument), cases[i].value) != 0)
			fail_msg("%s: %s (%s)", cases[i].path, said(), diag.entries.len ? last_argument(cases[i].argument) : "");
		forget();
		assert_int_equal(os_dir_open(S("/site/content"), &site), 0);
		os_remove_tree_at(site, S("fichs"));
		os_remove_tree_at(site, S("fiches"));
		os_unlink_at(site, S("audi.yaml"));
		os_dir_close(site);
	}
}

/* A folder with two bad files is one mistake, and the files stand for what they were meant to be; two files for one item name each other. */
static void
one_mistake_is_said_once(void **state)
{
	(void)state;
	put("/site/content/fichs/a.md", "");
	put("/site/content/fichs/b.md", "");
	put("/site/content/fiches/a.md", "---\ntitre: A\n---\n");
	put("/site/content/fiches/a.yaml", "titre: A\n");
	put("/site/content/fiches/a.fr.md", "---\ntitre: A\n---\n");
	assert_string_equal(names(load(false, 1)), "fiche:a fiche:b*");
	assert_string_equal(said(), "dossier-inconnu fiche-en-double fiche-en-double");
	assert_string_equal(last_argument(0), "content/fiches/a.md");
}

static void
what_cannot_be_read_is_there_but_faulty(void **state)
{
	struct content c;

	(void)state;
	put("/site/content/fiches/a.md", "---\ntitre: [\n---\n");
	put("/site/content/lieux/b.md", "---\ntitre: B\n---\nDu texte\n");
	c = load(false, 1);
	assert_string_equal(names(c), "fiche:a* lieu:b*");
	assert_int_equal(diag.n_errors, 2);
	assert_null(model_val(&c.items[0]->object, S("titre")));
}

static void
drafts_are_dropped_with_a_note(void **state)
{
	struct content c;

	(void)state;
	put("/site/content/fiches/a.md", "---\nbrouillon: true\nnumero: x\nnom: Camille\n---\n");
	put("/site/content/fiches/a.en.md", "---\ntitre: A\n---\n");
	put("/site/content/fiches/b.md", "---\ntitre: B\nbrouillon: true\n---\n");
	put("/site/content/fiches/c.md", "---\ntitre: C\n---\n");
	put("/site/content/fiches/c.en.md", "---\ntitre: C\nbrouillon: true\n---\n");
	assert_string_equal(names(load(false, 1)), "fiche:c");
	assert_string_equal(said(), "brouillon-incomplet");
	assert_int_equal(diag.n_errors + diag.n_warnings, 0);
	forget();
	c = load(true, 1);
	assert_string_equal(names(c), "fiche:a* fiche:a.en fiche:b fiche:c fiche:c.en");
	assert_true(c.items[0]->draft && !c.items[3]->draft);
	assert_string_equal(said(), "valeur-illisible champ-manquant accord-manquant");
}

static void
unique_fields_and_translations(void **state)
{
	(void)state;
	put("/site/content/fiches/a.md", "---\ntitre: A\nnumero: 7\nchapo: Un\n---\n");
	put("/site/content/fiches/b.md", "---\ntitre: B\nnumero: 7\n---\n");
	put("/site/content/fiches/a.en.md", "---\ntitre: A\n---\n");
	put("/site/content/fiches/b.en.md", "---\ntitre: B\nnom: Camille\n---\n");
	put("/site/content/fiches/c.md", "---\ntitre: C\n---\n");
	put("/site/content/fiches/c.en.md", "---\ntitre: C\nnom: Camille\n---\n");
	assert_string_equal(names(load(false, 1)), "fiche:a fiche:a.en* fiche:b* fiche:b.en fiche:c fiche:c.en*");
	assert_string_equal(said(), "valeur-en-double traduction-manquante accord-manquant");
}

/* The same items and the same diagnostics in the same order from one thread and from two. */
static void
threads_change_nothing(void **state)
{
	const char *one, *two, *said_one;

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		put(str_format(&arena, "/site/content/fiches/f%u.md", i).ptr,
		    str_format(&arena, "---\ntitre: %s\nnumero: %u\n%s---\nTexte **%u**.\n", i % 7 ? "Oui" : "", i, i % 5 ? "" : "inconnu: 1\n", i).ptr);
	one = names(load(false, 1));
	said_one = said();
	forget();
	two = names(load(false, 2));
	assert_string_equal(one, two);
	assert_string_equal(said_one, said());
	assert_true(diag.n_errors > 60);
}

/* The texts of what is not read again are the same bytes at the same place; the items are not: site/ completes each load's own. */
static void
items_of_unchanged_files_are_kept(void **state)
{
	struct stock *stock = stock_new(2, &arena);
	struct content a, b;

	(void)state;
	put("/site/content/fiches/a.md", "---\ntitre: Une\n---\nTexte\n");
	put("/site/content/fiches/b.md", "---\ntitre: Deux\n---\nTexte\n");
	put("/site/content/fiches/c.md", "---\ntitre: Trois\nchapo: \"\"\nnumro: 1\n---\n");
	a = model_load_content(&model, &source, languages, 2, false, NULL, stock, workers, 2, &arena, &diag);
	put("/site/content/fiches/b.md", "---\ntitre: Deuz\n---\nTexte\n");
	b = model_load_content(&model, &source, languages, 2, false, NULL, stock, workers, 2, &arena, &diag);
	assert_string_equal(names(a), names(b));
	assert_ptr_not_equal(a.items[0], b.items[0]);
	assert_ptr_not_equal(a.items[0]->object.vals, b.items[0]->object.vals);
	assert_ptr_not_equal(a.items[0]->body, b.items[0]->body);
	assert_ptr_equal(model_val(&a.items[0]->object, S("titre"))->as.text.ptr, model_val(&b.items[0]->object, S("titre"))->as.text.ptr);
	assert_true(str_equal(model_val(&a.items[1]->object, S("titre"))->as.text, S("Deux")));
	assert_true(str_equal(model_val(&b.items[1]->object, S("titre"))->as.text, S("Deuz")));
	assert_true(a.items[2]->faulty && b.items[2]->faulty);   /* and said each time */
	stock_free(stock);
}

/* What there is to say about a file that is not read again is said again, at its place, and takes no room of the stock. */
static void
what_is_kept_is_told_each_time(void **state)
{
	static const char text[] = "---\ntitre: Une\nnumero: 00\n---\n# Texte\n", wrong[] = "---\ntitre: Deux\nnumro: 1\n---\n";
	struct stock *stock = stock_new(1, &arena);
	const char *first;
	size_t used;

	(void)state;
	put("/site/content/fiches/b.md", text);
	put("/site/content/fiches/c.md", wrong);
	model_load_content(&model, &source, languages, 2, false, NULL, stock, workers, 1, &arena, &diag);
	first = said();
	assert_true(diag.n_warnings && diag.n_errors);
	used = stock->arenas[0].used;
	put("/site/content/fiches/a.md", "---\ntitre: Avant\n---\n");     /* the others have another number now */
	forget();
	model_load_content(&model, &source, languages, 2, false, NULL, stock, workers, 1, &arena, &diag);
	assert_string_equal(first, said());
	assert_true(stock->arenas[0].used - used < 600);       /* the new item alone */
	used = stock->arenas[0].used;
	forget();
	model_load_content(&model, &source, languages, 2, false, NULL, stock, workers, 1, &arena, &diag);
	assert_string_equal(first, said());
	assert_int_equal(stock->arenas[0].used, used);
	stock_free(stock);
}

/* A file written in the tick in which it was looked at may be written again in it. */
static void
young_files_are_read_again(void **state)
{
	struct stock *stock = stock_new(1, &arena);
	struct content_file f = { .source = { .path = S("/site/content/site.yaml"), .shown = S("content/site.yaml") }, .type = model.types[0], .slug = S("a") };
	struct item item = { .slug = S("a") };
	struct stock_mark mark;
	struct diag none = { 0 };

	(void)state;
	assert_true(stock_look(&f, &mark));
	mark.now = mark.stat.ctime_ns + 1000;
	stock_put(stock, &f, &mark, &item, &none);
	assert_null(stock_find(stock, &f, &mark, &diag));
	mark.now = mark.stat.ctime_ns + 1000000000;
	stock_put(stock, &f, &mark, &item, &none);
	assert_ptr_equal(stock_find(stock, &f, &mark, &diag), &item);
	mark.stat.size++;
	assert_null(stock_find(stock, &f, &mark, &diag));
	stock_free(stock);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(items_come_sorted, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(names_of_files_are_checked, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(one_mistake_is_said_once, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_there_but_faulty, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(drafts_are_dropped_with_a_note, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(unique_fields_and_translations, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(threads_change_nothing, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(items_of_unchanged_files_are_kept, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(what_is_kept_is_told_each_time, set_up_types, tear_down),
		cmocka_unit_test_setup_teardown(young_files_are_read_again, set_up_types, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
