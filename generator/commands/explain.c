/* vitrine explain URL|FILE: where a page comes from. */
#include "commands/command.h"
#include "os/os.h"

static void
put_list(struct buf *out, const char *label, const str *words, size_t n)
{
	if (!n)
		return;
	buf_format(out, "  %s\n", label);
	for (size_t i = 0; i < n; i++)
		buf_format(out, "    %.*s\n", STR_ARG(words[i]));
}

static void
put_cost(struct buf *out, const struct page_origin *o, bool fr)
{
	if (!o->drawn)
		return;
	buf_format(out, fr ? "  dessin           %.3f ms, la première page d’un fil %.3f ms\n" : "  drawing          %.3f ms, as the first page of a thread %.3f ms\n",
	    (double)o->nanoseconds / 1e6, (double)o->first_nanoseconds / 1e6);
	buf_format(out, fr ? "  taille           %llu octets\n" : "  size             %llu bytes\n", (unsigned long long)o->bytes);
	if (o->once.found + o->once.made)
		buf_format(out, fr ? "  une_fois         %llu résultats repris, %llu faits\n" : "  une_fois         %llu results found, %llu made\n",
		    (unsigned long long)o->once.found, (unsigned long long)o->once.made);
}

static void
put_origin(struct buf *out, const struct page_origin *o, bool fr)
{
	buf_format(out, "%.*s\n", STR_ARG(o->url));
	buf_format(out, fr ? "  fichier publié   %.*s\n" : "  published file   %.*s\n", STR_ARG(o->path));
	if (o->source.len)
		buf_format(out, fr ? "  source           %.*s\n" : "  source           %.*s\n", STR_ARG(o->source));
	if (o->type.len)
		buf_format(out, fr ? "  fiche            %.*s:%.*s\n" : "  item             %.*s:%.*s\n", STR_ARG(o->type), STR_ARG(o->slug));
	if (o->state.len)
		buf_format(out, fr ? "  état             %.*s (%s)\n" : "  state            %.*s (%s)\n", STR_ARG(o->state),
		    o->listed ? (fr ? "dans les listes" : "listed") : (fr ? "hors des listes" : "not listed"));
	buf_format(out, fr ? "  langue           %.*s\n" : "  language         %.*s\n", STR_ARG(o->language));
	put_cost(out, o, fr);
	put_list(out, fr ? "gabarits" : "templates", o->templates.ptr, o->templates.len);
	put_list(out, fr ? "renvoie à" : "refers to", o->references.ptr, o->references.len);
	put_list(out, fr ? "cité par" : "referred to by", o->referrers.ptr, o->referrers.len);
}

enum vitrine_status
command_explain(struct context *c)
{
	str what = c->options.words.ptr[0], nearest = STR_NONE;
	struct page_origin *origins;
	uint32_t n = 0;
	struct buf out;

	if (!vitrine_explain(&c->build, what, c->arena, c->diag, &origins, &n, &nearest)) {
		if (c->diag->n_errors)
			return diag_has_error(c->diag, DIAG_MACHINE) ? VITRINE_MACHINE : diag_has_error(c->diag, DIAG_USAGE) ? VITRINE_USAGE : VITRINE_ERRORS;
		diag_add(c->diag, EXPLAIN_NOTHING, SPAN_NONE, what, nearest);
		return VITRINE_USAGE;
	}
	buf_init(&out, (size_t)1 << 26);
	for (uint32_t i = 0; i < n; i++)
		put_origin(&out, &origins[i], c->language == DIAG_FR);
	os_print(1, buf_str(&out));
	buf_free(&out);
	return VITRINE_OK;
}
