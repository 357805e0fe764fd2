/* index: what the workers read of the documents, put together in an order that does not depend on them. */
#ifndef SEARCH_INDEX_H
#define SEARCH_INDEX_H

#include "search/facets.h"
#include "search/words.h"

/* A word as it is typed, and the stems it stands for. */
struct surface { str form; uint32_t first, n; };      /* in index.stems_of */
/* Documents of a stem: pairs of document << 2 | class (gather.h), ascending. */
struct stem { uint32_t first, n; };                   /* in index.postings */

struct index {
	struct surface *surfaces; uint32_t n_surfaces;       /* sorted by form */
	uint32_t *stems_of;
	struct stem *stems; uint32_t n_stems;                /* in the order of their first surface */
	uint32_t *postings;
};

/* Documents that one worker read, a piece of the list at a time. */
#define SLICE_DOCS 64
struct slice {
	unsigned worker;             /* whose words the numbers are */
	uint32_t *words;             /* word << 2 | class, by document */
	uint32_t ends[SLICE_DOCS];
	uint32_t n_docs;
	bool personal;
};

struct index_words { const struct word *words; uint32_t n; };      /* of one worker */
void index_make(struct index *x, const struct index_words *workers, unsigned n_workers, const struct slice *slices, uint32_t n_slices, struct arena *out);

#endif
