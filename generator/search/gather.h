/* gather: the published words of an item, by how they count. */
#ifndef SEARCH_GATHER_H
#define SEARCH_GATHER_H

#include "search/setup.h"

/* As written in the index: two bits. */
enum { GATHER_TEXT, GATHER_WORD, GATHER_COMMUNE, GATHER_TITLE, GATHER_N };

struct gathered {
	const struct site *site;
	uint8_t language;
	struct arena *out;           /* of the lists */
	struct text *text;           /* writes dates */
	VEC(str) pieces[GATHER_N];
	const struct item *item;
	bool may_name;               /* its personal fields may be in the index */
	bool personal;               /* and some is */
};

/* Fills the lists anew. */
void gather_item(struct gathered *g, const struct search_setup *setup, const struct item *item);

#endif
