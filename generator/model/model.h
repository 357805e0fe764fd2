/* model: content types (docs/types.md) and typed, validated items. The last room that sees a YAML value.
 * After model_load the types are const; items are completed by site/ (references, links, states) and then const too. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/date.h"
#include "base/geo.h"
#include "document/document.h"
#include "document/pack.h"
#include "source/source.h"

#define MODEL_MAX_LANGUAGES 8

enum field_kind {
	FIELD_TEXT, FIELD_MARKDOWN, FIELD_INTEGER, FIELD_NUMBER, FIELD_MONEY, FIELD_BOOLEAN, FIELD_DATE, FIELD_DATETIME,
	FIELD_MONTH, FIELD_DURATION, FIELD_ENUM, FIELD_URL, FIELD_EMAIL, FIELD_PHONE, FIELD_IMAGE, FIELD_FILE, FIELD_COLOR,
	FIELD_GEO, FIELD_REF, FIELD_LIST, FIELD_OBJECT, FIELD_VARIANT, FIELD_SIREN, FIELD_SIRET, FIELD_FINESS, FIELD_RPPS, FIELD_INSEE,
	FIELD_N_KINDS,
};

/* How the words of a field count in the search (`recherche:`). By default those of exported texts count as text, those of the rest do not. */
enum search_class { SEARCH_DEFAULT, SEARCH_NONE, SEARCH_TEXT, SEARCH_WORD, SEARCH_COMMUNE, SEARCH_TITLE };

enum translation_policy { TRANSLATION_REQUIRED, TRANSLATION_FALLBACK, TRANSLATION_SHARED };

/* Sets of kinds, by which a walk through values passes over what it does not look for. */
#define MODEL_INSIDE(kind) (UINT32_C(1) << (kind))
#define MODEL_LIFE (UINT32_C(1) << 31)           /* an object with a life */

struct type;
struct item;

struct enum_value {
	str key, label;
	struct map attributes;       /* of a value written {libelle: …, public: interne}: key → str * */
};

struct field {
	str name, label, help, unit;
	enum field_kind kind;
	uint16_t index;              /* in its shape */
	uint32_t inside;             /* MODEL_INSIDE of its kind and of the kinds of all fields in it, and MODEL_LIFE */
	bool required, unique, personal, exported;
	bool of_text;                /* FIELD_IMAGE, `du_texte`: pictures of the item's texts must be given by it too */
	enum translation_policy translation;
	enum search_class search;
	bool has_min, has_max;
	double min, max;             /* numbers; characters of a text; items of a list; days of a date */
	str pattern, pattern_help;
	uint32_t confidential_below; /* 0: not confidential */
	struct enum_value *values; uint32_t n_values;
	const struct type **targets; uint32_t n_targets;      /* FIELD_REF */
	struct field *element;       /* FIELD_LIST */
	struct shape *shape;         /* FIELD_OBJECT; a FIELD_LIST of objects has it on its element */
	struct field *variant_by;    /* FIELD_VARIANT: the enum field of the same shape … */
	struct shape **cases;        /* … and a shape for each of its values (NULL: no fields) */
	struct condition *condition; /* `si:`, NULL without */
	const struct value *default_value;
	struct field_own *own;       /* private to model/ */
	struct span span;            /* of its definition */
};

/* {champ: valeur, …}: all must hold; a value may be a list (any of). Private to model/. */
struct condition;

enum rule_kind { RULE_REQUIRED_IF, RULE_FORBIDDEN_IF, RULE_ORDER, RULE_ONE_OF, RULE_SUM };
struct rule;                     /* private to model/ */

enum life_when { LIFE_BEFORE, LIFE_DURING, LIFE_AFTER, LIFE_BY_EDITOR };
struct life_state {
	str name, label;
	enum life_when when;
	str editor_value;            /* LIFE_BY_EDITOR: the enum key */
	bool published, listed;      /* default true */
};
struct life {
	str start, end, editor;      /* dotted field paths, STR_NONE when absent */
	struct life_state *states; uint32_t n_states;
};

struct shape {
	str name;                    /* of the type or fragment, or "type.field" */
	struct field *fields; uint32_t n_fields;
	struct map by_name;          /* name → struct field * */
	struct life *life;           /* NULL without */
	struct rule *rules; uint32_t n_rules;
	uint32_t inside;             /* of all its fields */
};

struct type {
	str name, label, plural, folder, collection;   /* collection = folder with '_' */
	bool feminine;
	uint16_t index;              /* in model->types */
	struct shape shape;
	str *essential; uint32_t n_essential;
	str *complements; uint32_t n_complements;
	str url;                     /* pattern, STR_NONE = no page of its own */
	bool body, single_home;      /* corps:, page_unique: */
	str single_file;             /* singulier: */
	str reverse;                 /* name of the reverse collection */
	struct { str path; bool descending; } *order; uint32_t n_order;
	str recurrence, recurrence_start, recurrence_end;   /* field names, STR_NONE without */
	str consent;                 /* field name, STR_NONE without */
	struct value *extra;         /* VALUE_MAP of jsonld and x_* keys, for templates */
	file_id file;
};

struct model {
	struct arena *out;
	struct type **types; uint32_t n_types;     /* sorted by name */
	struct map by_name, by_folder;             /* → struct type * */
	const struct type *site_type;              /* the one with singulier: site.yaml */
};

/* Reads types/ of all roots (parents first, so that nearer ones extend), checks the definitions (DIAG_THEME). */
bool model_load_types(struct model *m, struct source *s, struct arena *out, struct diag *diag);
const struct field *model_field(const struct shape *shape, str name);   /* NULL when absent */
/* The field at a dotted path ("agrement.jusqu_au"; through lists too), NULL when absent. */
const struct field *model_path(const struct shape *shape, str path);

/* --- values --- */

enum val_kind {
	VAL_NONE, VAL_TEXT, VAL_RICH, VAL_INTEGER, VAL_NUMBER, VAL_BOOLEAN, VAL_DATE, VAL_MOMENT, VAL_DURATION, VAL_ENUM,
	VAL_MEDIA, VAL_GEO, VAL_REF_TEXT /* before site_resolve */, VAL_REF, VAL_LIST, VAL_OBJECT,
};

enum duration_unit { DURATION_MINUTE, DURATION_HOUR, DURATION_DAY, DURATION_WEEK, DURATION_MONTH, DURATION_YEAR };

/* Where a link of Markdown leads; filled by site/ in the order of markdown.holes. */
struct link {
	const struct item *item;     /* internal to an item (its URL depends on the language of the page) */
	str address;                 /* else: the address; of an item link: "" or "#anchor" */
	const struct media *media;   /* images and files */
};
struct rich {                    /* Markdown of a field or a body */
	struct markdown md;
	struct link *links;
};

struct val {
	uint8_t kind;                /* enum val_kind */
	uint8_t language;            /* index in the site's languages of what was written; 0 for the main one */
	uint32_t start, end;         /* span in the item's file; start == end == 0 for a default */
	union {
		str text;                    /* TEXT, URL, e-mail, identifiers, colour … ; REF_TEXT: "slug" or "type:slug" */
		struct rich *rich;
		int64_t integer;
		double number;               /* NUMBER, MONEY */
		bool boolean;
		day date;                    /* DATE, MONTH (first day) */
		struct { int64_t utc; day local; int32_t seconds; } moment;   /* utc filled by site/ (zone) */
		struct { int32_t amount, minutes; uint8_t unit; } duration;   /* minutes: -1 for months and years */
		const struct enum_value *choice;
		struct geo geo;
		const struct item *item;     /* VAL_REF */
		struct media *media;         /* VAL_MEDIA: path until media/ fills it */
		struct val_list *list;
		struct object *object;
	} as;
};
struct val_list { struct val *items; uint32_t len; };
/* Of the fields of a shape an item has a third or less: only those take room. object_val() finds one. */
struct object {
	const struct shape *shape;
	const uint16_t *slots;       /* [shape->n_fields] → place in vals, 0 for what has no value */
	struct val *vals;            /* [n_vals]; the first is VAL_NONE for all that are absent, and never written */
	uint32_t n_vals;
	const struct life_state *state;   /* by site/, NULL without life */
	/* By site/: the days at which it changes, DAY_NONE without (start; day after end). */
	day starts, ends;
};

struct media {                   /* an image or file named by content */
	str path;                    /* as written */
	str shown;                   /* relative to the site root, once found */
	str url;                     /* published address without base path, "/assets/…" */
	uint32_t width, height;      /* after orientation; 0 when not an image */
	uint64_t size, hash;         /* of the published bytes */
	str mime;
	bool cleaned;                /* they are those of the file without metadata */
	bool personal;               /* named only by what is published within consent; by site/ */
	struct source_file source;
};

struct item_list { const struct item **items; uint32_t len; };

struct item {
	uint32_t id;                 /* position in site->items */
	const struct type *type;
	str slug;
	uint8_t language;            /* index in the site's languages */
	uint8_t n_languages;         /* of the site */
	file_id file;
	struct object object;
	struct rich *body;           /* NULL without */
	uint64_t front;              /* hash64 of the file's bytes before the body: two files with one differ in nothing but the body */
	bool draft;
	bool faulty;                 /* had an error; left out under `retirer` */
	/* by site/ */
	const struct item *original;                         /* of a translation: the item in the main language */
	const struct item **translations;                    /* [n_languages]; NULL: not translated */
	const struct item *occurrence_of;                    /* of a recurring item */
	bool published, listed;
	str *urls;                                           /* [n_languages]: "/offres/x/", "/en/offres/x/"; STR_NONE without a page */
	struct item_list *reverse;                           /* [site->n_reverse of its type], see site.h */
};

/* An item with nothing in it yet. Ten thousand items of a site in one language are spared two megabytes by lists of their own length. */
struct item *item_new(struct arena *out, uint32_t n_languages);
/* A copy whose translations and addresses are its own, and none. */
struct item *item_like(const struct item *from, struct arena *out);

struct content_file { struct source_file source; const struct type *type; str slug; uint8_t language; bool yaml, misnamed; };

/* One content file → item: front matter against the type, body → Markdown. Thread-safe (own arenas and diag).
 * NULL when nothing usable could be read; an item with errors comes back with `faulty` set. Reference, media and link
 * targets are left for site/. `languages`: those of the site, main first. */
struct item *model_read_item(const struct model *m, const struct content_file *f, str bytes, const str *languages, uint32_t n_languages,
    struct arena *out, struct arena *tmp, struct diag *diag);
/* Are they the same, as they were read from one file at two times, but for texts (VAL_TEXT) of their own fields, and for the body?
 * differs[field index]: another text. */
bool model_same_but_texts(const struct item *a, const struct item *b, bool *differs);
/* Reads every item of content/ on n threads. Files in unknown folders, bad slugs, unknown languages, two files for one item
 * are errors. Items come sorted by type name, slug, language. `arenas` one per worker, kept by the caller as long as the items;
 * so is `pack`, through which texts are rendered (NULL: without), and `stock` (NULL: without), from which files that have not changed
 * since the last load are taken. */
struct content { struct item **items; uint32_t len; };
struct stock;
struct content model_load_content(const struct model *m, struct source *s, const str *languages, uint32_t n_languages, bool drafts,
    struct pack *pack, struct stock *stock, struct arena *arenas, unsigned workers, struct arena *out, struct diag *diag);
/* One number for all that items are read by: the type files of all roots, by their ids, and the languages. False when one cannot be read. */
bool model_types_hash(struct source *s, const str *languages, uint32_t n_languages, struct arena *tmp, uint64_t *hash);

/* Luhn check of SIREN, SIRET (La Poste's exempt), FINESS, RPPS (ISO/IEC 7812-1 annex B). */
bool model_luhn(str digits);

/* The value of a field of the object's own shape, by its index; VAL_NONE when absent, which is not to be written. */
static inline struct val *
object_val(const struct object *o, uint32_t field)
{
	return &o->vals[o->slots[field]];
}
/* An object with the value `v` for one field, or with none (`f` NULL). */
struct object object_with(const struct shape *shape, const struct field *f, struct val v, struct arena *out);

/* Value at a dotted path from an object, through objects only; NULL when absent or VAL_NONE. */
const struct val *model_val(const struct object *o, str path);

#endif
