/* markdown: a body → HTML with holes for what only the site knows (addresses of links and images).
 * cmark-gfm with table, tasklist and footnotes; ~~strike~~ and bare URLs are a pass of our own over text nodes, because
 * cmark's extensions for them write process-wide tables and are not safe in threads. Raw HTML is shown as text.
 * Pure: same body, language, options → same result. Safe to call from several threads at once. */
#ifndef DOCUMENT_MARKDOWN_H
#define DOCUMENT_MARKDOWN_H

#include "diag/diag.h"

enum markdown_hole_kind { MARKDOWN_LINK, MARKDOWN_IMAGE };

/* Registers cmark's extensions. Called once by main, before any thread renders; later calls change nothing. */
void markdown_init(void);

/* At `at` of the HTML the address (already attribute-escaped by whoever fills it) is missing: `<a href="` HOLE `">`.
 * For an image the hole stands for all attributes but alt: `<img HOLE alt="…">` (src, width, height, loading …).
 * A typed link without text, [](offre:slug), has empty_text: a second hole right after the tag's ">" takes the item's title. */
struct markdown_hole {
	enum markdown_hole_kind kind;
	uint32_t at;                 /* offset in html */
	uint32_t text_at;            /* offset of the missing text, when empty_text */
	bool empty_text;
	str target;                  /* as written: "offre:interne", "/contact/", "#lieu", "https://…", "photo.jpg" */
	uint32_t start, end;         /* span in the source file of the link or image */
};

struct markdown_heading {
	uint8_t level;               /* 2–6: a body's `#` is written as h2 with a warning, the page has its h1 */
	str id;                      /* unique in the body, ASCII, from the text */
	str text;                    /* plain */
	uint32_t start, end;
};

struct markdown {
	str html;
	struct markdown_hole *holes;      /* by `at` */
	struct markdown_heading *headings;
	uint32_t n_holes, n_headings;
	str plain;                   /* for markdown_plain(): kept only where it is not what the HTML says, else NULL */
};

struct markdown_options {
	file_id file;                /* for diagnostics */
	uint32_t offset;             /* of the body in the file */
	uint32_t end;                /* not 0: the body is no plain piece of the file (a quoted or block scalar of YAML), and every
	                              * span of it is [offset, end) */
	struct arena *tmp;           /* scratch that the caller keeps from body to body (a third of the time); NULL: one is made */
	str prefix;                  /* of all ids, for several bodies on one page */
	str language;                /* "fr": French typography */
	bool inline_only;            /* one paragraph's content without <p> (fields of type markdown in one line) */
	uint32_t max_body, max_columns, max_cells;   /* 256 KiB, 64, 50 000 */
};
extern const struct markdown_options markdown_options_default;

/* False when an error was reported; *md is then only good for showing what can be shown. */
bool markdown_render(struct markdown *md, str body, const struct markdown_options *o, struct arena *out, struct diag *diag);

/* The text without markup, words separated by single spaces, for search and excerpts: a view of the body, or made in `out`. A twelfth of
 * a large site's memory were these. */
str markdown_plain(const struct markdown *md, struct arena *out);

/* Is that more than nothing? */
bool markdown_has_words(const struct markdown *md);

/* French typography over plain text: no-break spaces before ; : ! ? » and after «, ’ for ', … for ..., and between a number
 * and its unit; idempotent; leaves what is not French alone; the text itself when nothing is to be set. (Règles typographiques en usage à l'Imprimerie nationale.) */
str typography_french(str text, struct arena *out);

#endif
