/* site: references, reverse collections, orders, indexes, languages. */
#include "world_fixture.h"

static struct item_list
reverse(const char *type, const char *slug, const char *name)
{
	struct item_list list;
	assert_true(site_reverse(&w.site, world_item(&w, type, slug), str_from_c(name), &list));
	return list;
}

static const struct collection *
collection(const char *type)
{
	const struct type *t = map_get(&w.model.by_name, str_from_c(type));
	return &w.site.collections[t->index];
}

static void
test_references(void **state)
{
	(void)state;
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\n---\n");
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: bourg\nvoir: [gare, bourg, offre:b]\n---\n");
	world_file(&w, "content/offres/b.md", "---\ntitre: B\nlieu: gare\netapes: [{chez: bourg}, {chez: bourg}]\n---\n");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_string_equal(world_slugs(&w, reverse("lieu", "bourg", "offres")), "a b");
	assert_string_equal(world_slugs(&w, reverse("lieu", "gare", "offres")), "a b");
	assert_string_equal(world_slugs(&w, reverse("offre", "b", "offres")), "a");
	assert_false(site_reverse(&w.site, world_item(&w, "lieu", "bourg"), S("inconnu"), &(struct item_list){ 0 }));
	assert_ptr_equal(map_get(&w.site.by_name, S("lieu:gare")), world_item(&w, "lieu", "gare"));
	assert_null(site_item(&w.site, S("lieu"), S("absent")));
	assert_null(site_item(&w.site, S("absent"), S("gare")));
}

static void
test_wrong_references(void **state)
{
	(void)state;
	world_file(&w, "content/offres/bourg.md", "---\ntitre: Homonyme\nlieu: bourg\n---\n");
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: bourgg\nvoir: [autre]\n---\n");
	world_file(&w, "content/offres/c.md", "---\ntitre: C\nlieu: autre\nvoir: [lieu:bourg, bourg]\n---\n");
	world_file(&w, "content/pages/autre.md", "---\ntitre: Autre\n---\n");
	world_build(&w, "2026-09-15");
	assert_true(world_says(&w, "content/offres/a.md:3:7: erreur: aucune fiche « bourgg » de type lieu"));
	assert_true(world_says(&w, "vouliez-vous dire « bourg » ?"));
	assert_true(world_says(&w, "content/offres/c.md:4:20: erreur: deux fiches s'appellent « bourg »"));
	assert_true(world_says(&w, "écrivez lieu:bourg ou offre:bourg"));
	assert_true(world_says(&w, "content/offres/a.md:4:8: erreur: « autre » est de type page"));
	assert_true(world_says(&w, "content/offres/c.md:3:7: erreur: « autre » est de type page, ce champ ne l'accepte pas"));
	assert_int_equal(w.diag.n_errors, 4);
}

/* A reference to an item that has its own errors is not reported too; nor is one to a draft. */
static void
test_no_cascade(void **state)
{
	(void)state;
	world_file(&w, "content/lieux/casse.md", "---\ntitre: [\n---\n");
	world_file(&w, "content/pages/plan.md", "---\ntitre: Plan\nbrouillon: true\n---\n");
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: casse\n---\nVoir [le plan](page:plan).\n");
	world_build(&w, "2026-09-15");
	assert_null(strstr(w.said, "content/offres/a.md"));
	assert_true(world_says(&w, "content/lieux/casse.md"));
}

static void
test_order_and_postings(void **state)
{
	struct item_list list;
	const struct type *offre;
	const struct field *nature;
	(void)state;

	world_file(&w, "content/offres/a.md", "---\ntitre: Écran\nlieu: bourg\nnature: fixe\npublie_le: 2026-01-02\n---\n");
	world_file(&w, "content/offres/b.md", "---\ntitre: Zoo\nlieu: bourg\nnature: libre\npublie_le: 2026-03-02\n---\n");
	world_file(&w, "content/offres/c.md", "---\ntitre: eau 10\nlieu: bourg\nnature: libre\npublie_le: 2026-01-02\n---\n");
	world_file(&w, "content/offres/d.md", "---\ntitre: eau 9\nlieu: bourg\npublie_le: 2026-01-02\netapes: [{chez: bourg, nature: b}, {chez: bourg, nature: b}]\n---\n");
	world_file(&w, "content/offres/e.md", "---\ntitre: Aube\nlieu: bourg\n---\n");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	assert_string_equal(world_slugs(&w, collection("offre")->listed), "b d c a e");
	offre = map_get(&w.model.by_name, S("offre"));
	nature = model_field(&offre->shape, S("nature"));
	assert_true(site_posting(&w.site, offre, S("nature"), &nature->values[0], NULL, &list));
	assert_string_equal(world_slugs(&w, list), "b c");
	assert_true(site_posting(&w.site, offre, S("nature"), &nature->values[2], NULL, &list));
	assert_int_equal(list.len, 0);
	assert_true(site_posting(&w.site, offre, S("lieu"), NULL, world_item(&w, "lieu", "bourg"), &list));
	assert_int_equal(list.len, 5);
	assert_true(site_posting(&w.site, offre, S("etapes.nature"), &model_path(&offre->shape, S("etapes.nature"))->values[1], NULL, &list));
	assert_string_equal(world_slugs(&w, list), "d");
	assert_true(site_posting(&w.site, offre, S("etapes.chez"), NULL, world_item(&w, "lieu", "bourg"), &list));
	assert_string_equal(world_slugs(&w, list), "d");
	assert_false(site_posting(&w.site, offre, S("titre"), &nature->values[0], NULL, &list));
}

static void
test_languages(void **state)
{
	const struct item *page, *other;
	const struct field *title, *code;
	(void)state;

	world_file(&w, "content/site.yaml", WORLD_SITE "langues: [fr, en]\n");
	world_file(&w, "content/pages/a.md", "---\ntitre: Bonjour\ncode: C\n---\n");
	world_file(&w, "content/pages/a.en.md", "---\ntitre: Hello\n---\n");
	world_file(&w, "content/pages/b.md", "---\ntitre: Seul\n---\n");
	world_build(&w, "2026-09-15");
	world_says_nothing(&w);
	page = world_item(&w, "page", "a");
	other = world_item(&w, "page", "b");
	title = model_field(&page->type->shape, S("titre"));
	code = model_field(&page->type->shape, S("code"));
	assert_string_equal(world_c(&w, page->urls[1]), "/en/a/");
	assert_string_equal(world_c(&w, other->urls[1]), "/en/b/");
	assert_ptr_equal(map_get(&w.site.by_url, S("/en/a/")), page);
	assert_string_equal(world_c(&w, site_value(&w.site, page, title, 1)->as.text), "Hello");
	assert_string_equal(world_c(&w, site_value(&w.site, page, title, 0)->as.text), "Bonjour");
	assert_string_equal(world_c(&w, site_value(&w.site, page, code, 1)->as.text), "C");
	assert_string_equal(world_c(&w, site_value(&w.site, other, title, 1)->as.text), "Seul");
	assert_int_equal(site_in_language(page, 1)->language, 1);
	assert_ptr_equal(site_in_language(other, 1), other);
	assert_true(site_in_language(page, 1)->published);
}

/* The item with another title, as vitrine serve has it after a save. */
static void
rewrite(const struct item *was, const char *title)
{
	struct item *is = arena_new(&w.out, struct item);
	const struct field *f = model_field(&was->type->shape, S("titre"));

	*is = *was;
	is->object.vals = arena_array(&w.out, struct val, was->object.n_vals);
	memcpy(is->object.vals, was->object.vals, was->object.n_vals * sizeof *is->object.vals);
	object_val(&is->object, f->index)->as.text = str_from_c(title);
	*vec_push(&w.out, &w.site.rewritten) = (struct site_newer){ was, is };
}

static const char *
title_in(const struct item *item, uint8_t language)
{
	return world_c(&w, site_value(&w.site, item, model_field(&item->type->shape, S("titre")), language)->as.text);
}

static void
test_rewritten(void **state)
{
	const struct item *page;
	(void)state;

	world_file(&w, "content/site.yaml", WORLD_SITE "langues: [fr, en]\n");
	world_file(&w, "content/pages/a.md", "---\ntitre: Bonjour\n---\n");
	world_file(&w, "content/pages/a.en.md", "---\ntitre: Hello\n---\n");
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\n---\n");
	world_file(&w, "content/lieux/port.md", "---\ntitre: Port\n---\n");
	world_build(&w, "2026-09-15");
	page = world_item(&w, "page", "a");
	rewrite(page, "Salut");
	assert_string_equal(title_in(page, 0), "Salut");
	assert_string_equal(title_in(page, 1), "Hello");
	rewrite(site_in_language(page, 1), "Hi");
	assert_string_equal(title_in(page, 0), "Salut");
	assert_string_equal(title_in(page, 1), "Hi");
	assert_true(site_order_stands(&w.site));
	rewrite(world_item(&w, "lieu", "gare"), "Halte");
	assert_true(site_order_stands(&w.site));
	rewrite(world_item(&w, "lieu", "bourg"), "Hameau");
	assert_false(site_order_stands(&w.site));
	w.site.rewritten.len--;
	rewrite(world_item(&w, "lieu", "port"), "Halte");            /* of two alike, the slugs decide */
	assert_true(site_order_stands(&w.site));
	rewrite(world_item(&w, "lieu", "bourg"), "Halte");
	assert_true(site_order_stands(&w.site));
	w.site.rewritten.len -= 3;
	rewrite(world_item(&w, "lieu", "bourg"), "Port");
	assert_false(site_order_stands(&w.site));
}

static void
test_consent(void **state)
{
	(void)state;
	world_file(&w, "content/offres/a.md",
	    "---\ntitre: A\nlieu: bourg\nnom: Camille Exemple\naccord: {le: 2026-01-01, portee: [page], jusqu_au: 2026-12-31}\n---\n");
	world_file(&w, "content/offres/b.md", "---\ntitre: B\nlieu: bourg\n---\n");
	world_build(&w, "2026-12-31");
	world_says_nothing(&w);
	assert_true(site_consents(&w.site, world_item(&w, "offre", "a"), S("page")));
	assert_false(site_consents(&w.site, world_item(&w, "offre", "a"), S("export")));
	assert_false(site_consents(&w.site, world_item(&w, "offre", "b"), S("page")));
	assert_int_equal(w.site.next_change, day_from_civil(2027, 1, 1));
	world_build(&w, "2027-01-01");
	assert_false(site_consents(&w.site, world_item(&w, "offre", "a"), S("page")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_references, begin, end), cmocka_unit_test_setup_teardown(test_wrong_references, begin, end),
		cmocka_unit_test_setup_teardown(test_no_cascade, begin, end), cmocka_unit_test_setup_teardown(test_order_and_postings, begin, end),
		cmocka_unit_test_setup_teardown(test_languages, begin, end), cmocka_unit_test_setup_teardown(test_rewritten, begin, end),
		cmocka_unit_test_setup_teardown(test_consent, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
