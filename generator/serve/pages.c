/* What serve says by itself: pages about what is wrong, messages for the tabs, and the script it adds. */
#include "base/hash.h"
#include "serve/inside.h"

/* Made from live.js and live.css by the Makefile. */
static const char script[] =
#include "serve/live.js.h"
    ;
static const char style[] =
#include "serve/live.css.h"
    ;
const str pages_script = { script, sizeof script - 1 };
const str pages_style = { style, sizeof style - 1 };

#define MAX_PAGE ((size_t)4 << 20)
#define SHOWN_PROBLEMS 50

static const char *const words[][2][2] = {      /* title, then what to do; French, English */
	[PAGE_PROBLEM] = { { "Cette page ne peut pas être dessinée", "This page cannot be drawn" },
		{ "Corrigez ce qui suit et enregistrez : la page reviendra d’elle-même.", "Mend what follows and save: the page will come back by itself." } },
	[PAGE_MISSING] = { { "Il n’y a pas de page à cette adresse", "There is no page at this address" },
		{ "Revenez à l’accueil, ou vérifiez l’adresse.", "Go back to the home page, or check the address." } },
	[PAGE_REFUSED] = { { "Cette adresse n’est pas celle de ce serveur", "This address is not the one of this server" },
		{ "Ouvrez l’adresse que vitrine serve a écrite dans le terminal, qui commence par http://localhost.", "Open the address that vitrine serve wrote in the terminal, which begins with http://localhost." } },
	[PAGE_BAD_REQUEST] = { { "Cette adresse est mal écrite", "This address is badly written" },
		{ "Revenez à l’accueil.", "Go back to the home page." } },
	[PAGE_METHOD] = { { "Un site statique se lit seulement", "A static site can only be read" },
		{ "Ce serveur ne reçoit rien : il ne répond qu’à GET et HEAD.", "This server receives nothing: it answers GET and HEAD only." } },
	[PAGE_ENDING] = { { "vitrine serve s’arrête", "vitrine serve is ending" },
		{ "Relancez la commande dans le terminal.", "Start the command again in the terminal." } },
};

static const char *const above[] = {
	"Des erreurs : le site montré est le dernier qui n’en avait pas", "Errors: the site shown is the last one without any",
};
static const char *const without[] = { "Le site ne peut pas encore être montré", "The site cannot be shown yet" };
static const char *const beside[] = { "Le site est montré sans les fiches fautives", "The site is shown without the faulty items" };

static void
put_html(struct buf *out, str s)
{
	for (size_t i = 0; i < s.len; i++)
		switch (s.ptr[i]) {
		case '&': buf_put(out, S("&amp;")); break;
		case '<': buf_put(out, S("&lt;")); break;
		case '>': buf_put(out, S("&gt;")); break;
		default: buf_byte(out, s.ptr[i]);
		}
}

str
pages_make(enum diag_language l, enum page_kind kind, bool has_site, str text, struct arena *out)
{
	const char *title = kind == PAGE_PROBLEM && !has_site ? without[l] : words[kind][0][l];
	struct buf b;
	str page;

	buf_init(&b, MAX_PAGE);
	buf_format(&b, "<!DOCTYPE html>\n<html lang=\"%s\" data-vitrine-probleme>\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"stylesheet\" href=\"" SERVE_PREFIX "live.css\">\n"
	    "</head>\n<body>\n<main class=\"vitrine\">\n<h1>%s</h1>\n<p>%s</p>\n", l == DIAG_FR ? "fr" : "en", title, title, words[kind][1][l]);
	if (text.len) {
		buf_put_c(&b, "<pre tabindex=\"0\">");
		put_html(&b, text);
		buf_put_c(&b, "</pre>\n");
	}
	if (has_site)
		buf_format(&b, "<p><a href=\"/\">%s</a></p>\n", l == DIAG_FR ? "Accueil" : "Home");
	buf_put_c(&b, "</main>\n</body>\n</html>\n");
	page = buf_copy(&b, out);
	buf_free(&b);
	return page;
}

void
pages_put_problems(enum diag_language language, const struct diag *diag, struct buf *out)
{
	struct diag_printing how = { .format = DIAG_TEXT, .language = language, .errors_only = true, .limit = SHOWN_PROBLEMS };

	diag_print(diag, &how, out);
}

void
pages_put_message(const struct serve *s, const struct preview_pairs *styles, struct buf *out)
{
	enum diag_language l = s->o->language;
	str problem = buf_str(&s->problem);

	buf_put_c(out, "{\"css\":");
	buf_put_c(out, styles ? "[" : "null");
	for (size_t i = 0; styles && i < styles->len; i++) {
		buf_put_c(out, i ? "," : "");
		buf_json_string(out, styles->ptr[i]);
	}
	buf_put_c(out, styles ? "],\"probleme\":" : ",\"probleme\":");
	if (problem.len) {
		buf_format(out, "{\"langue\":\"%s\",\"fermer\":\"%s\",\"titre\":", l == DIAG_FR ? "fr" : "en", l == DIAG_FR ? "Masquer" : "Hide");
		buf_json_string(out, str_from_c(s->left_out ? beside[l] : s->now ? above[l] : without[l]));
		buf_put_c(out, ",\"texte\":");
		buf_json_string(out, problem);
		buf_byte(out, '}');
	} else
		buf_put_c(out, "null");
	buf_byte(out, '}');
}

/* Where the last "</body>" begins, the end without one. */
static size_t
end_of_body(str page)
{
	static const str tag = S_INIT("</body>");

	for (size_t i = page.len; i-- > 0;)
		if (page.ptr[i] == '<' && page.len - i >= tag.len && str_equal_fold(str_slice(page, i, i + tag.len), tag))
			return i;
	return page.len;
}

str
pages_add_script(str page, uint64_t hash, struct arena *out)
{
	size_t at = end_of_body(page);
	char hex[16];

	hash_hex(hash, hex);
	return str_cat(out, str_slice(page, 0, at), S("<script src=\"" SERVE_PREFIX "live.js?"), ((str){ hex, 16 }), S("\"></script>"),
	    str_slice(page, at, page.len));
}
