/* site: the graph. Resolves references and links, makes reverse collections and indexes, computes states at the build's date
 * and addresses; ends in site_freeze(). After it everything is const, also for threads. */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "model/model.h"

/* Sort keys of texts in the main language, kept from one site_build to the next by vitrine serve: they are dear, and titles stay. */
struct site_keys { struct arena *out; struct map by_text; };      /* text → str * */

struct site_options {
	day date;                    /* DAY_NONE: date of site.yaml, else `today` */
	day today;                   /* by main: SOURCE_DATE_EPOCH or the clock, in the site's zone */
	int64_t now;                 /* UTC seconds behind `today`, to find the day in the site's zone */
	str base_url;                /* --base-url, STR_NONE: `url` of site.yaml */
	bool drafts;
	uint32_t force_state;        /* k > 0: everything with a life takes its k-th state (modulo their number), whatever the date; for `check` */
	struct site_keys *keys;      /* NULL: none are kept */
	struct arena *aside;         /* for what a second thread makes, as lasting as `out`; NULL: there is one thread */
};

/* Posting list of one enum or ref field: value → items, for where{} without a scan. Key: enum key, or item id. */
struct site_index;

struct collection {
	const struct type *type;
	struct item_list all;        /* published, in the type's order (then type, slug) */
	struct item_list listed;     /* those listed */
};

struct redirect { str from, to; struct span at; };

/* A file named by a field, or by a link or image of Markdown. `item` may be a translation, an occurrence or site.yaml. */
struct media_use { struct media *media; struct item *item; struct span at; bool image; };

/* What will change next, and why (for the record and for `explain`). */
struct site_change { day date; const struct item *item; str why; };

/* What i18n/ says in one language: strings by key, and by the labels, as types write them, what they are called in it (key → str *). */
struct site_strings { struct map of, labels; };

/* An item that was written anew since the site was built, and changes nothing of it but its own words: for vitrine serve. */
struct site_newer { const struct item *was, *is; };
struct site_rewritten { struct site_newer *ptr; size_t len, cap; };

struct site {
	struct arena *out;
	const struct model *model;
	struct source *source;
	struct item *config;         /* site.yaml as an item of the type `site` */
	str languages[MODEL_MAX_LANGUAGES]; uint32_t n_languages;
	struct site_strings strings[MODEL_MAX_LANGUAGES];
	str title, base_url;         /* "https://exemple.fr/portail", without final slash */
	str base_path;               /* "" or "/portail" */
	str zone;
	day date;
	int64_t date_ends;           /* the second since 1970 from which the clock would give another date; INT64_MAX: the date is not the clock's */
	bool online;
	bool remove_faulty;          /* en_cas_d_erreur: retirer */
	uint32_t force_state;        /* of the options */
	struct item **items; uint32_t n_items;    /* main-language items and occurrences, by type name, slug */
	struct collection *collections; uint32_t n_collections;   /* [type->index] */
	struct map by_name;          /* "type:slug" → struct item * */
	struct map by_url;           /* every item address → struct item * */
	const struct item *home;     /* the item that is the home page (page_unique), NULL else */
	VEC(struct redirect) redirects;
	VEC(struct site_change) changes;          /* soonest first after freeze */
	day next_change;             /* DAY_NONE: never */
	uint32_t n_left_out;         /* items left out by `retirer` */
	VEC(const struct media *) media;          /* published files that are no assets (those beside items), once, sorted by url */
	VEC(struct media_use) media_uses;         /* every mention of a file by content, for media_fill */
	struct site_rewritten rewritten;          /* few */
	struct site_inside *inside;  /* private: names, addresses, indexes, links that wait for the routes */
};

/* The settings of site.yaml needed before anything else is read. False with diagnostics when there is none or it has no theme. */
struct site_settings { str theme; str languages[MODEL_MAX_LANGUAGES]; uint32_t n_languages; struct document document; };
bool site_read_settings(struct site_settings *s, struct source *source, struct arena *out, struct diag *diag);

/* Reads site.yaml: languages, addresses, date are known from here on. False when it cannot be read at all. */
bool site_open(struct site *s, const struct model *m, struct source *source, const struct site_settings *settings, const struct site_options *o,
    struct arena *out, struct diag *diag);
/* Reads i18n/ of all languages, completed by the main one. False when a file could not be read. May be done while the site is built:
 * nothing of that looks at strings. */
bool site_read_strings(struct site *s, struct arena *out, struct diag *diag);
/* Is the file at this path on the disk one of those? */
bool site_is_strings_file(const struct site *s, str path);
/* Runs the rest, in order: `retirer`, references, occurrences, media, links, states, addresses, orders, indexes. */
void site_build(struct site *s, struct content content, struct diag *diag);
/* Under `retirer`: leaves out the items marked `faulty` since, the references to them, and what cannot stand without them, each with
 * a note; then states, addresses, orders and indexes are made anew. site_build and media_fill call it; before routes run. */
void site_leave_out(struct site *s, struct diag *diag);
/* Every address of every page is known now (items' and routes'): checks the links that wait. `exists(context, url)`; anchors of items are
 * checked against their headings. A link to a list that has no page at this date (/offres/ without offers) loses its address with a
 * warning, never an error. Under `retirer` a broken link does so with its error. */
bool site_check_pending(struct site *s, bool (*exists)(void *context, str url), void *context, struct diag *diag);
/* Would a check against other pages find the same? Then nothing is to be checked again. */
bool site_pending_stands(const struct site *s, bool (*exists)(void *context, str url), void *before, void *now);
void site_freeze(struct site *s);             /* sorts changes; in debug builds memory turns read-only by the caller (arena_protect) */

/* --- reading the frozen site --- */
const struct item *site_item(const struct site *s, str type, str slug);
/* The item to read in a language: its translation or itself. */
const struct item *site_in_language(const struct item *item, uint8_t language);
/* The body of that one, as it was written last; NULL without. */
const struct rich *site_body(const struct site *s, const struct item *item, uint8_t language);
/* Value of a field in a language, by the field's policy (falls back to the original's). Never NULL; VAL_NONE when absent. */
const struct val *site_value(const struct site *s, const struct item *item, const struct field *f, uint8_t language);
const struct item *site_find_newest(const struct site *s, const struct item *item);      /* for site_newest */
/* The item or translation as it was written last: whoever reads a text of one asks here, through site_value and site_body. */
static inline const struct item *
site_newest(const struct site *s, const struct item *item)
{
	return s->rewritten.len ? site_find_newest(s, item) : item;
}

/* Would the site be the same, but for the words themselves and the order of the type's collection, if items had another text in this field? */
bool site_is_words(const struct site *s, const struct type *t, const struct field *f);
bool site_order_stands(const struct site *s); /* are the collections still in order, with the items that were rewritten? */
/* Reverse collection `name` ("offres") of an item: listed items that refer to it; false when the type has no such collection. */
bool site_reverse(const struct site *s, const struct item *item, str name, struct item_list *list);
/* Names of the reverse collections of a type. */
uint32_t site_reverse_names(const struct site *s, const struct type *t, const str **names);
/* The items of a type whose enum or ref field (dotted path) has this value, in the order of the collection (all published;
 * filter by listed). False when the field has no index. */
bool site_posting(const struct site *s, const struct type *t, str path, const struct enum_value *choice, const struct item *ref, struct item_list *list);
/* May the personal fields of this object/item be read for this scope ("page", "export" …) at the build's date? STR_NONE: for any. */
bool site_consents(const struct site *s, const struct item *item, str scope);
/* A string of the themes; the key, where none has it. */
str site_string(const struct site *s, uint8_t language, str key);
/* A label of the types in a language, by `libelles:` of i18n; itself, where that does not know it. */
str site_label(const struct site *s, uint8_t language, str label);
/* Value of the type's `etat`: item->object.state or NULL. */

/* The state of an object with a life at another date (check renders each). */
const struct life_state *site_state_at(const struct site *s, const struct object *o, day date);

#endif
