/* setup: recherche.yaml as the index uses it. */
#ifndef SEARCH_SETUP_H
#define SEARCH_SETUP_H

#include "search/search.h"

#define SEARCH_MAX_FACETS 32
#define SEARCH_MAX_TOWNS 250

/* Paths of fields, tried one after the other: for each type (by its index) those that its items may have. */
struct search_path_list { const str *ptr; uint32_t n; };
struct search_paths { const struct search_path_list *of; };

/* What gives an item a value of a facet. */
struct search_rule {
	str path;
	str attribute;               /* own attribute of the enum value, instead of its key; STR_NONE: the key */
	str value;                   /* the value, instead of what stands at the path */
	str otherwise;               /* the value of an item of `types` that no other rule gave one */
	str *among; uint32_t n_among;    /* only these keys */
	str *states; uint32_t n_states;  /* only where the object that the value stands in (or the item) is in one of these states */
	str *types; uint32_t n_types;    /* only items of these types; 0: of any */
	const bool *of;              /* for each type (by its index): can it give its items a value? */
	bool has_min, has_max;
	double min, max;             /* only numbers between */
};

/* A value that a rule gives by name, and its label in each language of the site. */
struct search_word { str key; const struct value *label; };

struct search_facet {
	str name;
	struct search_rule *rules; uint32_t n_rules;
	struct search_word *words; uint32_t n_words;
	str *everywhere; uint32_t n_everywhere;          /* items of these types without a value have all of them */
};

struct search_type { str name; double weight; };

struct search_setup {
	struct search_type *types; uint32_t n_types;     /* the order of results that are as good */
	struct search_paths commune, place, start, published;
	struct search_facet *facets; uint32_t n_facets;
	str behind_facet, behind_value;                  /* items with this value come after others as good */
	struct search_paths journeys;                    /* lists of {vers, nom, duree_minutes} */
	str journey_to;                                  /* the value of `vers` that counts */
	str journey_else;                                /* path of the {ville} that a journey whose name says no town leads to; STR_NONE: to none */
	struct search_towns { str type, field; } *towns; uint32_t n_towns;   /* the objects {nom, ville, geo} that journeys lead to */
};

#endif
