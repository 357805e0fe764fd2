/* write: the files of an index (docs/recherche.md). */
#ifndef SEARCH_WRITE_H
#define SEARCH_WRITE_H

#include "base/buf.h"
#include "search/index.h"

struct libdeflate_compressor;

#define CARDS_BLOCK 32           /* documents a block of cards */
#define TEXT_BLOCK 10000         /* bytes after which a block of texts ends */
#define CHUNK_BYTES 16000        /* of words and postings, before compression: what one word typed fetches */

/* Compresses into `out`: a gzip file, without name and time. */
str write_gzip(struct libdeflate_compressor *c, str bytes, struct arena *out);

/* Surfaces of a chunk of words: [from, to). */
struct chunk { uint32_t from, to; };
struct chunks { VEC(struct chunk) list; };
void write_cut(const struct index *x, uint32_t n_docs, struct chunks *chunks, struct arena *out);
void write_chunk(const struct index *x, uint32_t n_docs, const struct chunk *c, struct arena *tmp, struct buf *b);
void write_lexicon(const struct index *x, struct buf *b);
void write_column(struct buf *b, const struct column *c);

/* What the main file says besides. */
struct header {
	const struct site *site;
	const struct search_setup *setup;
	uint8_t language;
	const struct type **types; const double *weights; uint32_t n_types;
	struct search_docs docs;
	const struct facets *facets;
	const struct index *index;
	const struct chunks *chunks;
	const uint32_t *text_blocks; uint32_t n_text_blocks;   /* documents of each */
	str folder;
	struct column kinds;         /* the type of each document */
	struct column titles;        /* the documents in the order of their titles */
};
void write_main(const struct header *h, struct buf *b);

#endif
