/* vitrine build and vitrine check: the spine is generator/build.c; here, only what is said at the end. */
#include "commands/command.h"
#include "os/os.h"

static void
put_days(struct buf *out, struct arena *tmp, const struct build_report *r, bool fr)
{
	buf_format(out, fr ? "site à la date du %.*s" : "site as of %.*s", STR_ARG(date_iso(tmp, r->date)));
	if (r->next_change == DAY_NONE)
		buf_put_c(out, fr ? " ; plus rien n'y changera avec le temps\n" : "; time will change nothing in it\n");
	else
		buf_format(out, fr ? " ; prochain changement le %.*s (%.*s)\n" : "; next change on %.*s (%.*s)\n",
		    STR_ARG(date_iso(tmp, r->next_change)), STR_ARG(r->next_change_why));
}

static void
say_built(struct context *c, const struct build_report *r)
{
	bool fr = c->language == DIAG_FR;
	double seconds = (double)r->nanoseconds / 1e9;
	struct buf out;

	buf_init(&out, (size_t)1 << 16);
	if (c->build.check_only)
		buf_format(&out, fr ? "%u fiches et %u pages vérifiées en %.2f s\n" : "%u items and %u pages checked in %.2f s\n",
		    r->n_items, r->n_pages, seconds);
	else
		buf_format(&out, fr ? "%u fiches, %u pages, %u fichiers dont %u écrits, en %.2f s\n" : "%u items, %u pages, %u files of which %u written, in %.2f s\n",
		    r->n_items, r->n_pages, r->n_files, r->n_written, seconds);
	if (r->n_left_out)
		buf_format(&out, r->n_left_out > 1 ? (fr ? "%u fiches laissées de côté à cause de leurs erreurs\n" : "%u items left out because of their errors\n") :
		    fr ? "%u fiche laissée de côté à cause de ses erreurs\n" : "%u item left out because of its errors\n", r->n_left_out);
	put_days(&out, c->arena, r, fr);
	os_print(c->format == DIAG_TEXT ? 1 : 2, buf_str(&out));
	buf_free(&out);
}

static void
put_time(struct buf *out, uint64_t nanoseconds)
{
	buf_format(out, "%10.2f ms  ", (double)nanoseconds / 1e6);
}

static void
put_cache(struct buf *out, const char *name, struct profile_cache c, bool fr)
{
	uint64_t all = c.found + c.made;

	if (all)
		buf_format(out, fr ? "%10.1f %%   %s : %llu repris, %llu faits\n" : "%10.1f %%   %s: %llu found, %llu made\n", 100.0 * (double)c.found / (double)all, name,
		    (unsigned long long)c.found, (unsigned long long)c.made);
}

static void
say_profile(const struct context *c, const struct build_profile *p)
{
	bool fr = c->language == DIAG_FR;
	struct buf out;

	buf_init(&out, (size_t)1 << 20);
	buf_put_c(&out, fr ? "étapes\n" : "stages\n");
	for (size_t i = 0; i < p->stages.len; i++) {
		put_time(&out, p->stages.ptr[i].nanoseconds);
		buf_format(&out, "%.*s%s\n", STR_ARG(p->stages.ptr[i].name), !p->stages.ptr[i].beside ? "" : fr ? ", en même temps" : ", meanwhile");
	}
	if (p->differing.len)
		buf_format(&out, fr ? "               autre que la dernière fois : %.*s\n" : "               other than the last time: %.*s\n", STR_ARG(p->differing));
	if (p->layouts.len)
		buf_put_c(&out, fr ? "mises en page (temps de tous les fils)\n" : "layouts (time of all threads)\n");
	for (size_t i = 0; i < p->layouts.len; i++) {
		put_time(&out, p->layouts.ptr[i].nanoseconds);
		buf_format(&out, fr ? "%.*s, %u pages, %.3f ms et %.1f ko la page\n" : "%.*s, %u pages, %.3f ms and %.1f kB a page\n",
		    STR_ARG(p->layouts.ptr[i].layout), p->layouts.ptr[i].n_pages, (double)p->layouts.ptr[i].nanoseconds / 1e6 / p->layouts.ptr[i].n_pages,
		    (double)p->layouts.ptr[i].bytes / 1e3 / p->layouts.ptr[i].n_pages);
	}
	if (p->pages.len)
		buf_put_c(&out, fr ? "pages les plus lentes\n" : "slowest pages\n");
	for (size_t i = 0; i < p->pages.len; i++) {
		put_time(&out, p->pages.ptr[i].nanoseconds);
		buf_format(&out, fr ? "%.*s (%.*s), %.1f ko\n" : "%.*s (%.*s), %.1f kB\n", STR_ARG(p->pages.ptr[i].url), STR_ARG(p->pages.ptr[i].layout),
		    (double)p->pages.ptr[i].bytes / 1e3);
	}
	if (p->markdown.found + p->markdown.made + p->once.found + p->once.made + p->drawn.found)
		buf_put_c(&out, fr ? "réemplois\n" : "found again\n");
	put_cache(&out, fr ? "textes Markdown, d’une construction à l’autre" : "Markdown texts, from build to build", p->markdown, fr);
	put_cache(&out, fr ? "résultats de une_fois, d’une page à l’autre" : "results of une_fois, from page to page", p->once, fr);
	put_cache(&out, fr ? "pages de la construction précédente" : "pages of the build before", p->drawn, fr);
	os_print(1, buf_str(&out));
	buf_free(&out);
}

static enum vitrine_status
build_and_say(struct context *c)
{
	struct build_report report = { .date = DAY_NONE, .next_change = DAY_NONE };
	enum vitrine_status status = vitrine_build(&c->build, c->arena, c->diag, &report);

	if ((status == VITRINE_OK || status == VITRINE_LEFT_OUT) && !c->options.quiet)
		say_built(c, &report);
	if (report.profile)
		say_profile(c, report.profile);
	if (status == VITRINE_ERRORS && !c->build.check_only && !c->options.quiet)
		os_print(1, c->language == DIAG_FR ? S("rien n'est publié : le site en ligne n'a pas changé\n") : S("nothing is published: the site online has not changed\n"));
	return status;
}

enum vitrine_status
command_build(struct context *c)
{
	return build_and_say(c);
}

enum vitrine_status
command_check(struct context *c)
{
	c->build.check_only = true;
	return build_and_say(c);
}
