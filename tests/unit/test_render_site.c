/* From a plan to files: routes, waves, errors that many pages share, any number of threads. */
#include "script_fixture.h"

#include "render/render.h"

struct shelf {
	struct arena out[4];
	struct map files[4];         /* by worker: path → str * */
	bool full;
};

static bool
put(void *context, unsigned worker, const struct render_file *file)
{
	struct shelf *s = context;
	str *copy = arena_new(&s->out[worker], str);

	*copy = str_copy(&s->out[worker], file->bytes);
	map_set(&s->out[worker], &s->files[worker], str_copy(&s->out[worker], file->page->path), copy);
	return !s->full;
}

static const char *
found(const struct shelf *s, const char *path)
{
	for (size_t i = 0; i < 4; i++) {
		const str *bytes = map_get(&s->files[i], str_from_c(path));
		if (bytes)
			return bytes->ptr;
	}
	return NULL;
}

static void
empty(struct shelf *s)
{
	for (size_t i = 0; i < 4; i++) {
		if (s->out[i].source)
			arena_free(&s->out[i]);
		arena_init(&s->out[i], &os_pages);
		s->files[i] = (struct map){ 0 };
	}
}

static void
free_shelf(struct shelf *s)
{
	for (size_t i = 0; i < 4; i++)
		arena_free(&s->out[i]);
}

static void
begin(struct stage *s)
{
	stage_begin(s);
	world_file(&s->world, "layouts/lieu.html", "{{ page.titre }}{% for o in page.offres %} {{ o.titre }}{% end %}");
	world_file(&s->world, "layouts/offre.html", "<link href=\"{{ asset(\"tons.css\") }}\">{{ page.titre }}{% for c in page.chemin %} {{ c.titre }}={{ c.url }}{% end %}");
	world_file(&s->world, "layouts/liste.html", "{{ params.titre }} {{ page.page }}/{{ page.pages }}{% for o in page.items %} {{ o.slug }}{% end %} "
	    "{{ page.precedent or \"-\" }} {{ page.suivant or \"-\" }} {{ page.url }}");
	world_file(&s->world, "layouts/tons.css", "a { color: {{ params.ton }} }");
	world_file(&s->world, "layouts/plan.txt", "{% for f in site:manifeste() %}{{ f.chemin }} {% if f.index %}oui{% else %}non{% end %} {{ f.taille }}\n{% end %}");
	world_file(&s->world, "layouts/a.ics", "BEGIN:VCALENDAR\n{% for o in site.offres %}\nSUMMARY:{{ o.titre }}\n{% end %}\nEND:VCALENDAR\n");
	world_file(&s->world, "routes.lua", "route{url = '/', layout = 'liste.html', params = {titre = 'Accueil', page = 1, pages = 1, items = {}}}\n"
	    "paginer(site.offres, 1, '/offres/', {layout = 'liste.html', params = {titre = 'Offres'}})\n"
	    "route{url = '/tons.css', layout = 'tons.css', vague = 1, params = {ton = '#123456'}}\n"
	    "route{url = '/plan.txt', layout = 'plan.txt', vague = 3, index = false}\nroute{url = '/agenda.ics', layout = 'a.ics'}\n");
}

/* Plans and draws all on `workers` threads; what was said is in world.said. */
static bool
draw_all(struct stage *s, struct shelf *shelf, unsigned workers, struct render_report *report)
{
	struct render_sink sink = { .context = shelf, .put = put };
	struct world *w = &s->world;
	bool ok;

	empty(shelf);
	ok = stage_load(s) && render_plan(&s->plan, s->script, &w->site, &w->out, &w->diag) &&
	    render_run(&s->plan, s->script, &w->site, &w->assets, &sink, workers, report, &w->out, &w->diag);
	world_say(w);
	return ok;
}

static void
three_waves(void **state)
{
	struct stage s;
	struct shelf shelf = { 0 };
	struct render_report report;

	(void)state;
	begin(&s);
	if (!draw_all(&s, &shelf, 2, &report))
		fail_msg("%s", s.world.said);
	assert_string_equal(found(&shelf, "lieux/bourg/index.html"), "Bourg Échoppe Une offre d’été &amp; plus");
	assert_string_equal(found(&shelf, "offres/index.html"), "Offres 1/2 deux - /offres/page/2/ /offres/");
	assert_string_equal(found(&shelf, "offres/page/2/index.html"), "Offres 2/2 une /offres/ - /offres/page/2/");
	assert_non_null(strstr(found(&shelf, "offres/une/index.html"), "Une offre d’été &amp; plus Accueil=/ Offres=/offres/"));
	assert_non_null(strstr(found(&shelf, "offres/une/index.html"), "<link href=\"/assets/tons."));
	assert_non_null(strstr(found(&shelf, "plan.txt"), "offres/une/index.html non "));    /* the site is not online */
	assert_non_null(strstr(found(&shelf, "plan.txt"), "assets/tons."));
	assert_string_equal(found(&shelf, "agenda.ics"), "BEGIN:VCALENDAR\r\nSUMMARY:Échoppe\r\nSUMMARY:Une offre d’été & plus\r\nEND:VCALENDAR\r\n");
	assert_int_equal(report.n_pages, 8);
	free_shelf(&shelf);
	stage_end(&s);
}

static void
threads_change_nothing(void **state)
{
	struct stage s;
	struct shelf one = { 0 }, three = { 0 };
	struct render_report report;

	(void)state;
	begin(&s);
	assert_true(draw_all(&s, &one, 1, &report));
	assert_true(draw_all(&s, &three, 3, &report));
	for (uint32_t i = 0; i < one.files[0].len; i++)
		assert_string_equal(((str *)one.files[0].entries[i].value)->ptr, found(&three, one.files[0].entries[i].key.ptr));
	free_shelf(&one);
	free_shelf(&three);
	stage_end(&s);
}

static void
one_mistake_is_said_once(void **state)
{
	struct stage s;
	struct shelf shelf = { 0 };
	struct render_report report;

	(void)state;
	begin(&s);
	world_file(&s.world, "layouts/offre.html", "\n<b>{{ page.titre }}</b> {{ page.lieu.image }}");
	assert_false(draw_all(&s, &shelf, 3, &report));
	assert_true(world_says(&s.world, "layouts/offre.html:2:28: erreur: rien à écrire : la valeur est absente (nil) [/offres/deux/ · content/offres/deux.md · +1]"));
	assert_int_equal(s.world.diag.n_errors, 1);
	assert_null(found(&shelf, "plan.txt"));      /* the next wave does not begin */
	free_shelf(&shelf);
	stage_end(&s);
}

static void
plans_that_are_refused(void **state)
{
	static const struct { const char *routes, *words; } cases[] = {
		{ "route{url = '/offres/une/', layout = 'liste.html'}", "deux pages ont l'adresse /offres/une/ : celle-ci et une de content/offres/une.md" },
		{ "\nroute{url = '/a/', layout = 'listes.html'}", "routes.lua:2:" },
		{ "route{url = '/a/', layout = 'liste.html', parmas = {}}", "vouliez-vous dire « params »" },
		{ "route{url = 'a', layout = 'liste.html'}", "[adresse-de-route]" },
		{ "route{url = '/../a', layout = 'liste.html'}", "[adresse-de-route]" },
		{ "route{url = '/a/', layout = 'liste.html', params = {f = function() end}}", "[parametre-refuse]" },
		{ "local t = {} t.t = t route{url = '/a/', layout = 'liste.html', params = t}", "[parametre-refuse]" },
		{ "route{url = '/a/', layout = 'liste.html', portee = 'pages'}", "vouliez-vous dire « page »" },
		{ "local u = url('/offers/')", "vouliez-vous dire « /offres/ »" },
		{ "while true do end", "routes.lua:1:1: erreur: ce code ne finit pas" },
		{ "route{url = '/a/', layout = 'liste.html', params = {titre = t('x')}}", "[texte-sans-traduction]" },
		{ "io.open('x')", "[nom-inconnu]" },
	};
	struct stage s;
	struct shelf shelf = { 0 };
	struct render_report report;

	(void)state;
	begin(&s);
	s.limits.instructions = 3000000;
	world_file(&s.world, "themes/t/routes.lua", "paginer(site.offres, 50, '/offres/', {layout = 'liste.html', params = {titre = 'x'}})\n"
	    "route{url = '/tons.css', layout = 'tons.css', vague = 1, params = {ton = '#123456'}}");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		world_file(&s.world, "routes.lua", cases[i].routes);
		if (draw_all(&s, &shelf, 1, &report))
			fail_msg("accepted: %s", cases[i].routes);
		if (!world_says(&s.world, cases[i].words))
			fail_msg("%s", cases[i].routes);
	}
	free_shelf(&shelf);
	stage_end(&s);
}

static void
a_sink_that_is_full(void **state)
{
	struct stage s;
	struct shelf shelf = { .full = true };
	struct render_report report;

	(void)state;
	begin(&s);
	assert_false(draw_all(&s, &shelf, 1, &report));
	assert_true(report.stopped);
	assert_int_equal(shelf.files[0].len, 1);
	free_shelf(&shelf);
	stage_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_waves), cmocka_unit_test(threads_change_nothing), cmocka_unit_test(one_mistake_is_said_once),
		cmocka_unit_test(plans_that_are_refused), cmocka_unit_test(a_sink_that_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
