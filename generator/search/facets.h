/* facets: what can be chosen, as columns of numbers: for each document the number of its set of values. */
#ifndef SEARCH_FACETS_H
#define SEARCH_FACETS_H

#include "search/setup.h"
#include "text/text.h"

struct search_doc { const struct item *item; uint32_t type; };     /* index in the list of types */
struct search_docs { const struct search_doc *ptr; uint32_t n; };

/* A number for each document, written in as few bytes as the largest needs. */
struct column { str name; uint32_t *values; uint32_t n; };

struct facet_value { str key, label; uint64_t order; };
struct facet_set { const uint16_t *values; uint32_t n; };
struct facet {
	str name;
	VEC(struct facet_value) values;      /* in the order in which they are shown */
	VEC(struct facet_set) sets;          /* the first is empty: unknown */
	struct column column;
};

struct town { str key, name, town, folded; struct geo geo; bool placed; };

struct facets {
	struct facet *facets; uint32_t n_facets;
	VEC(struct town) towns;
	struct column *journeys;             /* one for each town: minutes */
	struct column start, published;      /* days since the base, 0: unknown */
	day base;
	struct column place;                 /* index of a point + 1, 0: unknown */
	struct column lat, lon;              /* of each point: degrees × 10 000 plus 180 degrees */
};

#define FACETS_UNKNOWN_MINUTES 0xFFFFu

struct facets_of { const struct site *site; const struct search_setup *setup; uint8_t language; struct search_docs docs; };
/* How many parts there are to read, each on its own, by any thread. */
uint32_t facets_open(struct facets *f, const struct facets_of *of, struct arena *out);
void facets_read(struct facets *f, const struct facets_of *of, uint32_t part, struct text *text, struct arena *out);
/* The first text at one of the paths, "" without. */
str facets_commune(const struct site *s, const struct search_setup *setup, const struct item *item, uint8_t language);

#endif
