/* site: states by date, occurrences, what changes next; the same errors at every date. */
#include "world_fixture.h"

static const char *
state_of(const char *type, const char *slug)
{
	const struct item *item = world_item(&w, type, slug);
	return item->object.state ? world_c(&w, item->object.state->name) : "";
}

static void
test_states(void **state)
{
	static const struct { const char *date, *state; bool published, listed; day next; } cases[] = {
		{ "2026-08-31", "a_venir", false, false, 20697 }, { "2026-09-01", "ouverte", true, true, 20727 },
		{ "2026-09-30", "ouverte", true, true, 20727 }, { "2026-10-01", "expiree", true, false, DAY_NONE },
	};
	(void)state;

	assert_int_equal(day_from_civil(2026, 9, 1), 20697);
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: bourg\npublie_le: 2026-09-01\nvalide_au: 2026-09-30\n---\n");
	world_file(&w, "content/offres/p.md", "---\ntitre: P\nlieu: bourg\npublie_le: 2026-09-01\nvalide_au: 2026-09-30\nstatut: pourvue\n---\n");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct item *a;
		world_build(&w, cases[i].date);
		world_says_nothing(&w);
		a = world_item(&w, "offre", "a");
		assert_string_equal(state_of("offre", "a"), cases[i].state);
		assert_string_equal(state_of("offre", "p"), "pourvue");
		assert_int_equal(a->published, cases[i].published);
		assert_int_equal(a->listed, cases[i].listed);
		assert_int_equal(a->urls[0].ptr != NULL, cases[i].published);
		assert_int_equal(w.site.next_change, cases[i].next);
	}
}

static void
test_changes(void **state)
{
	(void)state;
	world_file(&w, "content/offres/b.md", "---\ntitre: B\nlieu: bourg\npublie_le: 2026-09-01\nvalide_au: 2026-09-30\n---\n");
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: bourg\npublie_le: 2026-11-01\nvalide_au: 2026-12-31\n---\n");
	world_build(&w, "2026-09-15");
	site_freeze(&w.site);
	assert_int_equal(w.site.changes.len, 3);
	assert_int_equal(w.site.changes.ptr[0].date, day_from_civil(2026, 10, 1));
	assert_string_equal(world_c(&w, w.site.changes.ptr[0].why), "ouverte → expiree");
	assert_int_equal(w.site.changes.ptr[1].date, day_from_civil(2026, 11, 1));
	assert_int_equal(w.site.changes.ptr[2].date, day_from_civil(2027, 1, 1));
}

static void
test_date_of_the_build(void **state)
{
	(void)state;
	w.options.now = (int64_t)20697 * 86400 + 23 * 3600;      /* 01:00 of the next day in Paris */
	world_build(&w, NULL);
	assert_int_equal(w.site.date, 20698);
	world_file(&w, "content/site.yaml", WORLD_SITE "fuseau: America/Martinique\n");
	world_build(&w, NULL);
	assert_int_equal(w.site.date, 20697);
	world_file(&w, "content/site.yaml", WORLD_SITE "date: 2026-01-02\n");
	world_build(&w, NULL);
	assert_int_equal(w.site.date, day_from_civil(2026, 1, 2));
	world_build(&w, "2026-01-03");
	assert_int_equal(w.site.date, day_from_civil(2026, 1, 3));
}

static void
event(const char *rule)
{
	struct arena tmp;

	arena_init(&tmp, &page_source_malloc);
	world_file(&w, "content/evenements/fete.md",
	    str_format(&tmp, "---\ntitre: Fête\ndebut: 2026-05-07 18:30\nfin: 2026-05-08 01:00\nrecurrence: %s\n---\n", rule).ptr);
	arena_free(&tmp);
}

static const char *
events(void)
{
	const struct type *t = map_get(&w.model.by_name, S("evenement"));
	return world_slugs(&w, w.site.collections[t->index].all);
}

static void
test_occurrences(void **state)
{
	static const struct { const char *rule, *slugs; } cases[] = {
		{ "{tous_les: 6 mois, jusqu_au: 2027-05-07}", "fete-2026-05 fete-2026-11 fete-2027-05" },
		{ "{tous_les: 2 semaines, jusqu_au: 2026-06-10}", "fete-2026-05-07 fete-2026-05-21 fete-2026-06" },
		{ "{jusqu_au: 2027-12-31, ou: {mois: [5, 11], rang: 1, jour: jeudi}}", "fete-2026-05 fete-2026-11 fete-2027-05 fete-2027-11" },
		{ "{jusqu_au: 2026-12-31, ou: {mois: [11], rang: -1, jour: lundi}}", "fete-2026-05 fete-2026-11" },
		{ "{tous_les: 6 mois, jusqu_au: 2027-05-07, sauf: [2026-11-07]}", "fete-2026-05 fete-2027-05" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		event(cases[i].rule);
		world_build(&w, "2026-06-15");
		world_says_nothing(&w);
		assert_string_equal(events(), cases[i].slugs);
	}
}

/* Half past six stays half past six, on both sides of the change of the clock; a reference leads to the next occurrence. */
static void
test_occurrence_time(void **state)
{
	const struct item *winter, *summer, *offer;
	const struct val *start, *finish;
	(void)state;

	event("{tous_les: 6 mois, jusqu_au: 2027-12-31}");
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: bourg\nvoir: [fete]\n---\nVoir [la fête](evenement:fete).\n");
	world_build(&w, "2026-06-15");
	world_says_nothing(&w);
	summer = world_item(&w, "evenement", "fete-2026-05");
	winter = world_item(&w, "evenement", "fete-2026-11");
	start = model_val(&summer->object, S("debut"));
	assert_int_equal(start->as.moment.utc, (int64_t)day_from_civil(2026, 5, 7) * 86400 + (16 * 60 + 30) * 60);
	start = model_val(&winter->object, S("debut"));
	finish = model_val(&winter->object, S("fin"));
	assert_int_equal(start->as.moment.utc, (int64_t)day_from_civil(2026, 11, 7) * 86400 + (17 * 60 + 30) * 60);
	assert_int_equal(finish->as.moment.local, day_from_civil(2026, 11, 8));
	assert_string_equal(state_of("evenement", "fete-2026-05"), "passe");
	assert_ptr_equal(winter->occurrence_of, summer->occurrence_of);
	offer = world_item(&w, "offre", "a");
	assert_ptr_equal(model_val(&offer->object, S("voir"))->as.list->items[0].as.item, winter);
	assert_ptr_equal(offer->body->links[0].item, winter);
	assert_ptr_equal(world_item(&w, "evenement", "fete"), winter);
	assert_null(map_get(&w.site.by_url, S("/evenements/fete/")));
	/* on its last day the first one is still the next */
	world_build(&w, "2026-05-08");
	assert_ptr_equal(world_item(&w, "evenement", "fete"), world_item(&w, "evenement", "fete-2026-05"));
	world_build(&w, "2030-01-01");
	assert_ptr_equal(world_item(&w, "evenement", "fete"), world_item(&w, "evenement", "fete-2027-11"));
}

static void
test_bad_recurrences(void **state)
{
	static const struct { const char *rule, *said; } cases[] = {
		{ "{tous_les: 2 h, jusqu_au: 2027-05-07}", "cette récurrence ne donne pas de dates" },
		{ "{tous_les: 1 jour, jusqu_au: 2027-05-07}", "plus de 100 dates" },
		{ "{tous_les: 1 jour, jusqu_au: 9999-05-07}", "plus de 100 dates" },
		{ "{jusqu_au: 2026-01-01}", "aucune date" },
		{ "{jusqu_au: 2027-01-01, ou: {mois: [5], rang: 0, jour: lundi}}", "cette récurrence ne donne pas de dates" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		event(cases[i].rule);
		world_build(&w, "2026-06-15");
		assert_true(world_says(&w, cases[i].said));
		assert_int_equal(w.diag.n_errors, 1);
	}
}

/* Errors never depend on the date; and twice the same site gives twice the same. */
static void
test_same_errors(void **state)
{
	static const char *const dates[] = { "1990-01-01", "2026-05-08", "2026-09-15", "2026-10-01", "2027-01-01", "2099-12-31" };
	char *first = NULL;
	(void)state;

	event("{tous_les: 6 mois, jusqu_au: 2027-12-31}");
	world_file(&w, "content/evenements/fete-2026-11.md", "---\ntitre: F\ndebut: 2026-11-05 18:30\nfin: 2026-11-05 20:00\n---\n");
	world_file(&w, "content/offres/a.md", "---\ntitre: A\nlieu: bourg\npublie_le: 2026-09-01\nvalide_au: 2026-09-30\nvoir: [fete, zz]\n---\n[x](#rien)\n");
	world_file(&w, "content/offres/b.md", "---\ntitre: B\nlieu: bour\npublie_le: 2030-09-01\n---\n[x](offre:a#rien) [y](evenement:fete#non)\n");
	world_file(&w, "content/pages/carte.md", "---\ntitre: C\nanciennes_adresses: [/offres/a/]\n---\n[x](/offres/b/#z)\n");
	for (size_t i = 0; i < 2 * sizeof dates / sizeof dates[0]; i++) {
		world_build(&w, dates[i / 2]);
		if (!first)
			first = strdup(w.said);
		assert_string_equal(w.said, first);
	}
	assert_true(w.diag.n_errors >= 6);
	free(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_states, begin, end), cmocka_unit_test_setup_teardown(test_changes, begin, end),
		cmocka_unit_test_setup_teardown(test_date_of_the_build, begin, end), cmocka_unit_test_setup_teardown(test_occurrences, begin, end),
		cmocka_unit_test_setup_teardown(test_occurrence_time, begin, end), cmocka_unit_test_setup_teardown(test_bad_recurrences, begin, end),
		cmocka_unit_test_setup_teardown(test_same_errors, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
