/* The inside of site/: what a build keeps between its stages, and the stages. */
#ifndef SITE_INSIDE_H
#define SITE_INSIDE_H

#include "site/site.h"
#include "text/text.h"

/* "Did you mean" looks at every candidate: only for as many mistakes as are shown (diag_printing.limit). */
#define SITE_SUGGESTIONS 200

/* One page of an item in one language, at whatever date it exists. */
struct address { str url; struct item *item; uint8_t language; };

/* A link by address that only the routes can confirm. `rich` and `at` name it. */
struct pending { struct link *link; struct item *item; struct span at; str path; };

/* `to` is mentioned by `from`. */
struct edge { struct item *from, *to; };

/* A former address and the item that has it. */
struct redirect_from { str from; struct item *item; struct span at; };

/* A recurring item and its occurrences by date; `next` stands for it where it is referred to. */
struct series { struct item *parent, *next; struct item **items; uint32_t len; };

struct name_list { str *names; uint32_t len; };

/* Posting list of one enum or ref field of a type. */
struct site_index {
	const struct field *field;   /* the element's, of a list */
	uint32_t *keys;              /* sorted: position of the enum value, or id of the item */
	const struct item **items;   /* beside keys; within one key in the order of the collection */
	uint32_t len;
};

struct site_inside {
	struct map *slugs;           /* [type->index]: slug → struct item *, of the main language */
	VEC(struct item *) all;      /* every item read and made: translations, recurring ones, occurrences, ghosts of drafts */
	VEC(struct series) series;   /* the id of a recurring item is its place here */
	VEC(struct address) addresses;
	struct map taken;            /* url → struct item *, of every address at any date */
	VEC(struct redirect_from) redirects;
	VEC(struct pending) pending;
	VEC(struct edge) edges;      /* references, for what falls when an item is left out */
	struct map media_found;      /* path as looked up → struct source_file *, NULL: absent */
	struct name_list *reverse;   /* [type->index]: names of its reverse collections */
	struct map *indexes;         /* [type->index]: dotted path → struct site_index * */
	struct map noted;            /* files that a note says are left out */
	struct source_list strings;  /* files of i18n/ */
	struct site_keys *keys;      /* NULL: none are kept */
	struct arena *aside;         /* of a second thread; NULL: there is none */
	uint32_t suggestions;        /* left */
	bool texts_described;        /* some type has a field for the pictures of texts */
	bool drafts;
};

/* What stages share; the thread that builds has one. */
struct building {
	struct site *site;
	struct site_inside *in;
	struct arena *out;
	struct diag *diag;
	struct text *text;
	struct arena tmp;
};

/* --- walk.c --- */

/* Called for every value that is there and is of a kind looked for, or has one inside; before those inside it. */
struct site_visit {
	void (*value)(void *context, const struct field *f, struct val *v);
	void *context;
	uint32_t inside;             /* MODEL_INSIDE of the kinds looked for; 0: all */
	bool public_only;            /* not what is personal, nor what is inside it */
};
void site_walk_object(struct object *o, const struct site_visit *visit);
/* Every Markdown text of an item: its body, then its fields. */
void site_walk_rich(struct item *item, void (*rich)(void *context, struct rich *r), void *context);

static inline struct span
site_span(const struct item *item, const struct val *v)
{
	return (struct span){ item->file, v->start, v->end };
}

/* Reports an error of an item, which becomes faulty. */
#define site_fault(b, item, code, at, ...) \
	((item)->faulty = true, diag_add((b)->diag, (code), (at), __VA_ARGS__))

/* --- stages, in their order --- */

/* config.c: site.yaml. False when it could not be read at all; a wrong setting is an error and keeps its default. */
bool site_configure(struct building *b, const struct site_settings *settings, const struct site_options *o);
/* names.c: items by name, translations beside their originals. */
void site_name_items(struct building *b, struct content content);
struct item *site_named(const struct building *b, const struct type *t, str slug);
/* Nearest slug among those of some types; "" without. */
str site_nearest_slug(struct building *b, const struct type *const *types, uint32_t n, str slug);
str site_nearest(struct building *b, str word, const str *names, size_t n);
/* An unpublished item for a draft, whose file is there but was not taken into the content; NULL when there is no such file. */
struct item *site_ghost(struct building *b, const struct type *t, str slug);
/* The zone of an item: its field `fuseau`, else the site's. */
str site_zone_of(struct building *b, struct item *item);
/* references.c */
void site_resolve_references(struct building *b);
/* occurrences.c: recurring items → occurrences; references to them then lead to the next one. */
void site_expand(struct building *b);
bool site_recurring(const struct building *b, const struct item *item);
/* The occurrence that stands for a recurring item at the build's date; the item itself when it is not one. */
struct item *site_representative(const struct building *b, struct item *item);
/* links.c and files.c */
void site_link_files(struct building *b);
void site_resolve_links(struct building *b);
bool site_find_file(struct building *b, struct item *item, struct media *m, struct span at, bool image);
/* Takes the mark `personal` off every file that something public names. After site_resolve_links. */
void site_mark_public_files(struct building *b);
/* A picture of a text must be given by a field `du_texte` of its item, with what that field's object asks for (its credit …). */
void site_check_described(struct building *b, struct item *item, const struct media *m, struct span at);
/* addresses.c */
void site_address(struct building *b);
void site_redirect(struct building *b);
/* pending.c: links by address that lead to an item. */
void site_link_addresses(struct building *b);
/* leave.c */
void site_remove_faulty(struct building *b);
/* states.c */
void site_set_moments(struct building *b);
void site_set_states(struct building *b);
void site_collect_changes(struct building *b);
/* orders.c and indexes.c */
void site_order(struct building *b);
void site_index_reverse(struct building *b);
void site_index_fields(struct building *b);

#endif
