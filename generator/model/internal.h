/* For model/ only. */
#ifndef MODEL_INTERNAL_H
#define MODEL_INTERNAL_H

#include "model/model.h"
#include "model/pattern.h"

#define MODEL_MAX_ESSENTIAL 8
#define MODEL_MAX_SUGGESTED 40   /* names listed in a remedy */

/* A name written in a type file, and where. */
struct name_at { str name; struct span at; };
struct names_at { struct name_at *ptr; uint32_t len; };

/* A case of a variant: its fields, for one value of the enum. */
struct field_case { struct name_at key; struct shape *shape; };

/* What a field's definition says that only model/ needs. */
struct field_own {
	struct field *self;          /* set once arrays of fields grow no more */
	struct pattern *pattern;
	struct val default_val;      /* VAL_NONE without */
	VEC(struct field_case) cases;
	bool has_condition, has_translation;   /* said by the definition itself */
};

struct condition_term {
	struct name_at path;
	struct name_at *values; uint32_t n_values;
};
struct condition {
	struct condition_term *terms; uint32_t n_terms;
};

struct rule {
	enum rule_kind kind;
	struct names_at fields;      /* those it is about */
	struct condition *when;      /* RULE_REQUIRED_IF, RULE_FORBIDDEN_IF */
	struct name_at total;        /* RULE_SUM: the field that the sum equals … */
	struct name_at max_field;    /* … or may not pass; or a number: */
	bool has_max;
	double max;
	struct span at;
};

/* --- names of kinds --- */

/* One row a kind of field; the only place that says what a kind is. */
struct reader;
struct kind {
	str name;                    /* in type files */
	struct phrase noun;          /* "une date" */
	bool scalar;                 /* one value in YAML */
	bool text_like;              /* kept as written: a reader of YAML may have guessed otherwise */
	/* Reads a trimmed, non-empty scalar. False after a diagnostic. NULL for what is no scalar. */
	bool (*parse)(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
};
extern const struct kind model_kinds[FIELD_N_KINDS];

/* --- reading values --- */

struct reader {
	const struct model *m;
	const struct type *type;
	const str *languages;
	uint32_t n_languages;
	uint8_t language;
	file_id file;
	str bytes;                   /* of the file */
	struct pack_worker *pack;    /* NULL: texts are rendered without a cache */
	struct arena *out, *tmp;
	struct diag *diag;
	struct span personal;        /* the first personal field that is given; file 0: none */
	str personal_name;
};

/* model_read_item on a worker of model_load_content. */
struct item *reader_item(struct reader *r, const struct content_file *f);
struct item *item_of_file(const struct content_file *f, uint32_t n_languages, struct arena *out);    /* nothing of it read yet */
struct item *item_copy(const struct item *from, struct arena *out);
struct span reader_span(const struct reader *r, const struct value *v);
/* "name: « value » is not a date" with a remedy in both languages. Always false, for `return`. */
bool reader_refuse(struct reader *r, const struct field *f, const struct value *v, str text, struct phrase expected, struct phrase remedy);
/* A value of any kind; *out stays VAL_NONE when absent or wrong. False after an error. */
bool reader_value(struct reader *r, const struct field *f, const struct value *v, struct val *out);
bool reader_scalar(struct reader *r, const struct field *f, const struct value *v, struct val *out);
/* A map of fields. `top`: the fields of an item itself, which in a translation may be missing. False after an error. */
bool reader_object(struct reader *r, const struct shape *shape, const struct value *map, bool top, struct object *o);
/* Markdown of a body or a field; `at`: offset of text.ptr[0] in the file when the text stands there as it is, else its value. */
struct rich *reader_rich(struct reader *r, str text, uint32_t at, const struct value *v);

bool parse_text(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_markdown(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_integer(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_number(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_money(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_boolean(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_date(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_datetime(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_month(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_duration(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_enum(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_url(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_email(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_phone(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_media(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_color(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_ref(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);
bool parse_identifier(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out);

/* --- rules --- */

/* What is known about the fields of an object while it is read. */
struct given {
	const bool *wrong;           /* [n_fields]: in error, so nothing may be concluded from it */
	const struct value *map;
};
enum truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN };
enum truth condition_holds(const struct condition *c, const struct object *o, const struct given *given);
/* "niveau: territoire, gratuit: true" */
str condition_text(struct arena *tmp, const struct condition *c);
/* Checks `regles:`; false after an error. */
bool rules_check(struct reader *r, const struct object *o, const struct given *given);

/* --- names --- */

bool name_is_slug(str s);        /* a-z 0-9 and single hyphens inside */
bool name_is_field(str s);       /* a-z first, then a-z 0-9 _ */
/* The nearest name, else STR_NONE; and all names joined by ", ". */
str names_nearest(str word, const str *names, size_t n);
str names_list(struct arena *out, const str *names, size_t n);
/* What to write into a field, in French: its help, the values of an enum, the form of a date. */
str field_hint(struct arena *tmp, const struct field *f);
/* A value as a message shows it: at most 60 characters of its first line. */
str shown_value(struct arena *out, str s);

#endif
