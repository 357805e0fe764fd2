/* A small site on disk for the tests of site/ and media/: a theme of six types, and the content that a test writes. */
#ifndef TESTS_SITE_FIXTURE_H
#define TESTS_SITE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "document/markdown.h"
#include "media/media.h"
#include "os/os.h"
#include "site/site.h"
#include "site/themes.h"

struct world {
	char dir[64];
	struct arena out, worker;
	struct diag diag;
	struct files files;
	struct source source;
	struct site_settings settings;
	struct model model;
	struct site site;
	struct assets assets;
	struct site_options options;
	const char *said;            /* the diagnostics in French */
	bool built;
};

static const char *const world_theme[][2] = {
	{ "themes/t/theme.yaml", "nom: t\nversion: \"1\"\n" },
	{ "themes/t/types/site.yaml",
	    "type: site\nnom: Site\npluriel: Sites\ngenre: m\nsingulier: site.yaml\ncorps: interdit\nessentiel: [titre, url, theme]\nchamps:\n"
	    "  titre: {type: texte, requis: oui, libelle: Titre}\n  url: {type: url, requis: oui, libelle: Adresse}\n"
	    "  theme: {type: texte, requis: oui, libelle: Thème}\n"
	    "  langues: {type: liste, de: {type: enum, valeurs: {fr: Français, en: English}}, defaut: [fr], libelle: Langues}\n"
	    "  date: {type: date, libelle: Date}\n  fuseau: {type: texte, defaut: Europe/Paris, libelle: Fuseau}\n"
	    "  en_ligne: {type: enum, defaut: non, valeurs: {non: Non, oui: Oui}, libelle: En ligne}\n"
	    "  en_cas_d_erreur: {type: enum, defaut: bloquer, valeurs: {bloquer: Bloquer, retirer: Retirer}, libelle: Erreur}\n"
	    "  vedette: {type: ref, ref: offre, libelle: Vedette}\n" },
	{ "themes/t/types/lieu.yaml",
	    "type: lieu\nnom: Lieu\npluriel: Lieux\ngenre: m\ndossier: lieux\nessentiel: [titre]\ntri: [titre]\nchamps:\n"
	    "  titre: {type: texte, requis: oui, libelle: Titre}\n  image: {type: image, libelle: Image}\n"
	    "  anciennes_adresses: {type: liste, de: {type: texte}, libelle: Anciennes}\n" },
	{ "themes/t/types/territoire.yaml",
	    "type: territoire\nnom: Territoire\npluriel: Territoires\ngenre: m\ndossier: territoires\npage_unique: oui\nessentiel: [titre]\nchamps:\n"
	    "  titre: {type: texte, requis: oui, libelle: Titre}\n" },
	{ "themes/t/types/page.yaml",
	    "type: page\nnom: Page\npluriel: Pages\ngenre: f\ndossier: pages\nurl: /{slug}/\nessentiel: [titre]\nchamps:\n"
	    "  titre: {type: texte, requis: oui, traduction: repli, libelle: Titre}\n"
	    "  code: {type: texte, traduction: commune, libelle: Code}\n  brouillon: {type: booleen, defaut: false, libelle: Brouillon}\n"
	    "  anciennes_adresses: {type: liste, de: {type: texte}, libelle: Anciennes}\n" },
	{ "themes/t/types/offre.yaml",
	    "type: offre\nnom: Offre\npluriel: Offres\ngenre: f\ndossier: offres\nessentiel: [titre, lieu]\ntri: [-publie_le, titre]\n"
	    "consentement: accord\nvie:\n  debut: publie_le\n  fin: valide_au\n  champ: statut\n  etats:\n"
	    "    a_venir: {quand: avant, publie: non}\n    ouverte: {quand: pendant}\n    expiree: {quand: apres, liste: non}\n"
	    "    pourvue: {champ: pourvue, liste: non}\nchamps:\n"
	    "  titre: {type: texte, requis: oui, libelle: Titre}\n  lieu: {type: ref, ref: lieu, requis: oui, libelle: Lieu}\n"
	    "  voir: {type: liste, de: {type: ref, ref: [lieu, offre, evenement]}, libelle: Voir}\n"
	    "  etapes: {type: liste, libelle: Étapes, de: {type: objet, champs: {chez: {type: ref, ref: lieu, requis: oui, libelle: Chez}, nature: {type: enum, valeurs: {a: A, b: B}, libelle: Nature}}}}\n"
	    "  nature: {type: enum, valeurs: {libre: Libre, fixe: Fixe, mobile: Mobile}, libelle: Nature}\n"
	    "  publie_le: {type: date, libelle: Publiée}\n  valide_au: {type: date, libelle: Valable}\n"
	    "  statut: {type: enum, valeurs: {pourvue: Pourvue}, libelle: Statut}\n"
	    "  nom: {type: texte, personnel: true, libelle: Nom}\n"
	    "  accord: {type: objet, libelle: Accord, champs: {le: {type: date, requis: oui, libelle: Le}, portee: {type: liste, requis: oui, libelle: Portée, de: {type: enum, valeurs: {page: Page, export: Export}}}, jusqu_au: {type: date, requis: oui, libelle: Fin}}}\n" },
	{ "themes/t/types/evenement.yaml",
	    "type: evenement\nnom: Événement\npluriel: Événements\ngenre: m\ndossier: evenements\nessentiel: [titre, debut, fin]\ntri: [debut]\n"
	    "recurrence: {champ: recurrence, debut: debut, fin: fin}\nvie:\n  debut: debut\n  fin: fin\n  etats:\n"
	    "    a_venir: {quand: avant}\n    en_cours: {quand: pendant}\n    passe: {quand: apres, liste: non}\nchamps:\n"
	    "  titre: {type: texte, requis: oui, libelle: Titre}\n  debut: {type: date_heure, requis: oui, libelle: Début}\n"
	    "  fin: {type: date_heure, requis: oui, libelle: Fin}\n  lieu: {type: ref, ref: lieu, libelle: Lieu}\n"
	    "  recurrence: {type: objet, libelle: Récurrence, champs: {tous_les: {type: duree, libelle: Tous les}, jusqu_au: {type: date, requis: oui, libelle: Fin}, sauf: {type: liste, de: date, libelle: Sauf}, "
	    "ou: {type: objet, libelle: Ou, champs: {mois: {type: liste, de: entier, requis: oui, libelle: Mois}, rang: {type: entier, requis: oui, libelle: Rang}, jour: {type: enum, requis: oui, libelle: Jour, valeurs: {lundi: L, mardi: M, mercredi: Me, jeudi: J, vendredi: V, samedi: S, dimanche: D}}}}}}\n" },
};

#define WORLD_SITE "titre: Essai\nurl: https://essai.exemple.fr/\ntheme: t\n"

static inline void
world_bytes(struct world *w, const char *path, str bytes)
{
	struct arena tmp;
	str full;
	size_t slash = 0;

	arena_init(&tmp, &page_source_malloc);
	full = str_format(&tmp, "%s/%s", w->dir, path);
	for (size_t i = 0; i < full.len; i++)
		if (full.ptr[i] == '/')
			slash = i;
	assert_int_equal(os_make_dirs(str_copy(&tmp, str_slice(full, 0, slash))), 0);
	assert_int_equal(os_replace(full, bytes), 0);
	arena_free(&tmp);
}

static inline void
world_file(struct world *w, const char *path, const char *text)
{
	world_bytes(w, path, str_from_c(text));
}

static inline void
world_begin(struct world *w)
{
	markdown_init();
	memset(w, 0, sizeof *w);
	strcpy(w->dir, "/tmp/vitrine-site-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	for (size_t i = 0; i < sizeof world_theme / sizeof world_theme[0]; i++)
		world_file(w, world_theme[i][0], world_theme[i][1]);
	world_file(w, "content/site.yaml", WORLD_SITE);
	world_file(w, "content/lieux/bourg.md", "---\ntitre: Bourg\n---\n## Accès au lieu\n\nPar la route.\n");
}

static inline void
world_forget(struct world *w)
{
	if (w->out.source) {
		arena_free(&w->out);
		arena_free(&w->worker);
	}
}

static inline void
world_say(struct world *w)
{
	struct diag_printing how = { .format = DIAG_TEXT, .language = DIAG_FR, .limit = 200 };
	struct buf b;

	buf_init(&b, 1 << 24);
	diag_print(&w->diag, &how, &b);
	w->said = buf_copy(&b, &w->out).ptr;
	buf_free(&b);
}

/* Builds at a date ("2026-09-15"); what was said is in w->said. */
static inline void
world_build(struct world *w, const char *date)
{
	struct content c;

	world_forget(w);
	arena_init(&w->out, &os_pages);
	arena_init(&w->worker, &os_pages);
	files_init(&w->files, &w->out);
	diag_init(&w->diag, &w->out, &w->files);
	w->options.date = DAY_NONE;
	if (date)
		assert_int_equal(date_parse(str_from_c(date), &w->options.date), DATE_OK);
	source_init(&w->source, str_from_c(w->dir), STR_NONE, NULL, &w->out, &w->diag, &w->files);
	w->files.read = source_reread;
	w->files.context = &w->source;
	w->built = site_read_settings(&w->settings, &w->source, &w->out, &w->diag) &&
	    site_add_themes(&w->source, w->settings.theme, SPAN_NONE, &w->out, &w->diag) &&
	    model_load_types(&w->model, &w->source, &w->out, &w->diag);
	if (w->built) {
		c = model_load_content(&w->model, &w->source, w->settings.languages, w->settings.n_languages, w->options.drafts, NULL, NULL, &w->worker, 1,
		    &w->out, &w->diag);
		w->built = site_open(&w->site, &w->model, &w->source, &w->settings, &w->options, &w->out, &w->diag);
		if (w->built)
			site_build(&w->site, c, &w->diag);
	}
	world_say(w);
}

static inline void
world_end(struct world *w)
{
	os_dir tmp;

	world_forget(w);
	assert_int_equal(os_dir_open(S("/tmp"), &tmp), 0);
	assert_int_equal(os_remove_tree_at(tmp, str_from_c(w->dir + 5)), 0);
	os_dir_close(tmp);
}

static inline bool
world_says(const struct world *w, const char *text)
{
	if (strstr(w->said, text))
		return true;
	print_message("looked for: %s\nwas said:\n%s\n", text, w->said);
	return false;
}

static inline void
world_says_nothing(const struct world *w)
{
	if (w->diag.entries.len)
		print_message("%s\n", w->said);
	assert_int_equal(w->diag.entries.len, 0);
}

static inline const struct item *
world_item(const struct world *w, const char *type, const char *slug)
{
	const struct item *item = site_item(&w->site, str_from_c(type), str_from_c(slug));
	if (!item)
		print_message("no %s:%s\n%s", type, slug, w->said);
	assert_non_null(item);
	return item;
}

/* "a b c": the slugs of a list. */
static inline const char *
world_slugs(struct world *w, struct item_list list)
{
	str *slugs = arena_array(&w->out, str, list.len);

	for (uint32_t i = 0; i < list.len; i++)
		slugs[i] = list.items[i]->slug;
	return str_copy(&w->out, str_join(&w->out, slugs, list.len, S(" "))).ptr;
}

static inline const char *
world_c(struct world *w, str s)
{
	return str_copy(&w->out, s).ptr;
}

#endif
