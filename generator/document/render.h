/* render: cmark's tree → HTML, holes, headings and plain text. For document/ only. */
#ifndef DOCUMENT_RENDER_H
#define DOCUMENT_RENDER_H

#include "document/inline.h"
#include "document/locate.h"
#include "document/markdown.h"

/* Words that the HTML needs, by language. */
struct render_words {
	str language;
	str notes, back, reference, table, done, to_do;
};

struct render {
	const struct markdown_options *o;
	const struct render_words *words;
	struct diag *diag;
	struct arena *out, *tmp;
	str body;
	struct locator locator;
	struct strikes strikes;
	size_t next_strike;
	bool restoring;              /* the body was changed by inline_protect */
	bool french;
	bool has_notes;              /* "[^" stands in the body */
	bool has_addresses;          /* bare ones may stand in the body */

	struct buf html, plain, words_set;
	VEC(struct markdown_hole) holes;
	VEC(struct markdown_heading) headings;

	uint32_t last;               /* last character of text in this block, 0 at its start */
	unsigned in_link, in_image;
	struct place image;          /* the outermost image being written */
	size_t link_html, image_html; /* where the text of the open link or image starts */
	uint32_t link_hole;
	unsigned level;              /* of the last heading */
	size_t heading_plain;        /* where its text starts in plain */
	struct map ids;              /* id → uint32_t, how often it was asked for */
	unsigned n_tables, n_notes;
	VEC(uint32_t) references;    /* to each footnote, counted */
	cmark_node *table;           /* being written */
	struct { cmark_node_type table, row, cell; } types;   /* of the table extension, given at run time; 0 while not seen */
	unsigned column;
	bool header, body_open;
};

void render_tree(struct render *r, cmark_node *root);

/* Inlines; for the block part. True when the node was one. */
bool render_inline(struct render *r, cmark_node *node, cmark_event_type event);

void render_escaped(struct buf *html, str text);
/* Adds to the plain text, white space as single spaces. */
void render_plain(struct render *r, str text);
/* The words of HTML that this room made, as render_plain() joins them, but for what is drawn and not said (notes, tasks). */
str render_words(str html, struct arena *out);
/* The literal of a node, as the author wrote it. */
str render_literal(struct render *r, cmark_node *node);
void render_put_backlinks(struct render *r, unsigned note);

/* Warns of lines of a paragraph that were meant to be a heading, an element of a list or a link. */
void slips_check(struct render *r, struct place paragraph);

/* An ASCII id from a text: "L'été à l'hôpital" → "l-ete-a-l-hopital"; "section" when nothing is left of it. */
str render_slug(str text, struct arena *out);

#endif
