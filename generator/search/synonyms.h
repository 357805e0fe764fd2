/* synonyms: content/synonymes.yaml, sets of expressions that stand for each other ("MSP", "maison de santé pluriprofessionnelle"). Where one of
 * them stands in a text, the text is found by the words of all. */
#ifndef SEARCH_SYNONYMS_H
#define SEARCH_SYNONYMS_H

#include "base/map.h"
#include "search/words.h"
#include "site/site.h"

struct synonym {
	const str *lower, *stems;    /* of its words, without the empty ones */
	uint32_t n;
	uint32_t set;
};
struct synonym_end { const struct synonym *synonym; const struct synonym_end *next; };
struct synonym_set { const struct synonym *members; uint32_t n; };
struct synonyms {
	VEC(struct synonym_set) sets;
	struct map ends;             /* stem of the last word → struct synonym_end * */
};

/* Those of a language, with a diagnostic for each that is nothing but empty words (diag NULL: without). */
void synonyms_read(struct synonyms *y, const struct site *s, uint8_t language, struct arena *out, struct diag *diag);
const struct synonym_end *synonyms_ending(const struct synonyms *y, str stem);

#endif
