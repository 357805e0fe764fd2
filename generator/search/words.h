/* words: text → words as the search knows them. A word is lower-cased letters and digits; its form is what one types (without accents), its
 * stem what it has in common with its inflections (stemmed with accents, folded after). Each distinct word is worked out once. */
#ifndef SEARCH_WORDS_H
#define SEARCH_WORDS_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"

struct sb_stemmer;
struct text;
struct synonyms;
struct synonym_end;

struct word {
	str lower, form, stem;
	uint32_t seen;               /* the last document that has it, + 1 */
	bool empty;                  /* of the list of words that nothing is looked up by */
	const struct synonym_end *ends;      /* the synonyms whose last word it is */
};

/* One for each thread. */
struct words {
	struct arena *out;
	struct sb_stemmer *stemmer;  /* NULL: a language without */
	struct text *text;
	str language;
	const struct synonyms *synonyms;
	VEC(struct word) list;
	struct map by_lower;         /* → index + 1 */
	struct map empty;            /* the words of words_empty */
	/* As written, with capitals: what a text is read by. */
	struct spelling { uint64_t start; str written; uint32_t hash, word; } *spellings;
	uint32_t n_spellings, n_slots;
	uint32_t *run; size_t room;  /* of words_read */
};

void words_open(struct words *w, str language, const struct synonyms *synonyms, struct arena *out);
void words_close(struct words *w);

/* The words of a text in its order: their indexes in the list. The caller may write there until the next call. */
uint32_t *words_read(struct words *w, str text, size_t *n_words);
/* The index of a word in small letters, as words_read would give it. */
uint32_t words_add(struct words *w, str lower);
/* Words of a language that nothing is looked up by, separated by spaces, as they are folded. */
str words_empty(str language);

#endif
