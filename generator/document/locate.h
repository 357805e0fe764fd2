/* locate: where a node of cmark's tree stands in the body. cmark gives lines of blocks that can be relied on, but columns
 * of inlines that cannot (quotations, lists, text over several lines), so inlines are looked for in the block's bytes,
 * in document order. For document/ only. */
#ifndef DOCUMENT_LOCATE_H
#define DOCUMENT_LOCATE_H

#include <cmark-gfm.h>

#include "base/arena.h"
#include "base/str.h"

struct place { size_t start, end; };

struct locator {
	str body;                    /* as cmark read it: protected, same length as the author's */
	uint32_t *lines;             /* offset of each line */
	size_t n_lines;
	struct place block;          /* of the leaf block being looked through */
	size_t cursor;               /* everything before it was passed */
	size_t budget;               /* bytes that may still be looked at */
};

void locate_init(struct locator *l, str body, struct arena *tmp);
/* The lines of a block, without the white space around them. */
struct place locate_block(struct locator *l, cmark_node *node);
/* Starts looking for inlines in this block. */
void locate_enter(struct locator *l, cmark_node *node);
/* A link or an image by its target; `text`: its first words, for one whose address is elsewhere. */
struct place locate_link(struct locator *l, str target, str text, bool image);
/* A piece that stands in the body as it is (the first line of it, at least). */
struct place locate_text(struct locator *l, str text);

#endif
