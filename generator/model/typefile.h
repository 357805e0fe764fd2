/* Reading type files; for model/ only. A file is read in two rounds: the first makes types, shapes and fields, the second
 * (struct pending) reads what names other fields or types, once all of them stand where they stay. */
#ifndef MODEL_TYPEFILE_H
#define MODEL_TYPEFILE_H

#include "model/internal.h"

/* A value of a type file and the file it stands in. */
struct node { file_id file; const struct value *v; };

/* A type or a fragment: its files, parents first. */
struct definition {
	str name;
	VEC(struct document) layers;
};

enum phase { PHASE_NAMES, PHASE_RULES, PHASE_DEFAULTS, N_PHASES };

struct loader;
struct pending {
	enum phase phase;
	void (*read)(struct loader *l, const struct pending *p);
	struct type *type;
	struct shape *shape;
	struct field_own *own;       /* NULL: of the shape */
	struct node node;
};

struct loader {
	struct model *m;
	struct source *s;
	struct arena *out, *tmp;
	struct diag *diag;
	struct map fragments, types; /* name → struct definition * */
	struct type *type;           /* being read */
	bool extending;              /* by a nearer root's file */
	VEC(str) chain;              /* fragments being read, the outermost first */
	VEC(struct pending) pending;
};

/* Like diag_emit, once for one place: a fragment is read for each type that includes it. */
void type_emit(struct loader *l, enum diag_code code, struct span at, const str *args, size_t n);
#define type_error(l, code, at, ...) \
	type_emit((l), (code), (at), (const str[]){ __VA_ARGS__ }, sizeof((const str[]){ __VA_ARGS__ }) / sizeof(str))
/* "« key » : phrase" */
void type_refuse(struct loader *l, str key, struct span at, struct phrase why);
void type_unknown(struct loader *l, struct phrase what, str name, struct span at, const str *names, size_t n);

struct span node_span(struct node n);
struct span key_span_of(struct node map, const struct value_pair *p);
struct node node_of(struct node map, const struct value_pair *p);
/* These report what does not fit and return false (or the text STR_NONE). */
bool node_text(struct loader *l, str key, struct node n, str *text);
bool node_bool(struct loader *l, str key, struct node n, bool *value);
bool node_number(struct loader *l, str key, struct node n, double *value);
bool node_is_map(struct loader *l, str key, struct node n);
/* A list of names; one scalar stands for a list of one. In l->out. */
struct names_at node_names(struct loader *l, str key, struct node n);
struct name_at node_name(struct loader *l, str key, struct node n);
/* Reports the keys of a map that are none of these; false when there were any. */
bool node_keys(struct loader *l, struct node map, const str *known, size_t n);

void defer(struct loader *l, enum phase phase, void (*read)(struct loader *, const struct pending *), struct shape *shape,
    struct field_own *own, struct node node);

/* --- fields.c, shapes.c --- */

struct shape *shape_new(struct loader *l, str name);
struct field *shape_field(const struct shape *shape, str name);
/* `champs:`: adds fields; those that exist are extended when the file extends. */
void shape_read_fields(struct loader *l, struct shape *shape, struct node fields);
/* `inclut:`: adds the fields of fragments. */
void shape_include(struct loader *l, struct shape *shape, struct node names);
void shape_add_fragment(struct loader *l, struct shape *shape, struct name_at name);
/* Gives fields their places and names, in all depths; after it no array of fields moves. */
void shape_index(struct loader *l, struct shape *shape);
/* Fills `inside`, of its fields too. */
void shape_sum(struct shape *shape);

/* A new field from its definition (a map, or the name of a kind). */
void field_define(struct loader *l, struct shape *shape, struct field *f, str name, struct span at, struct node definition);
void field_extend(struct loader *l, struct shape *shape, struct field *f, struct node definition);

/* --- clauses.c: what refers to fields --- */

void clause_condition(struct loader *l, const struct pending *p);
void clause_rules(struct loader *l, const struct pending *p);
void clause_life(struct loader *l, const struct pending *p);
void clause_jsonld(struct loader *l, const struct pending *p);
/* The field at a path, reported when there is none. */
const struct field *clause_field(struct loader *l, str key, const struct shape *shape, struct name_at path);
/* The same, of one of these kinds (bits 1 << kind). */
const struct field *clause_field_of(struct loader *l, str key, const struct shape *shape, struct name_at path, uint32_t kinds, struct phrase what);

#define KIND(k) (1u << (k))
#define KINDS_DATE (KIND(FIELD_DATE) | KIND(FIELD_DATETIME) | KIND(FIELD_MONTH))
#define KINDS_NUMBER (KIND(FIELD_INTEGER) | KIND(FIELD_NUMBER) | KIND(FIELD_MONEY))
#define KINDS_IDENTIFIER (KIND(FIELD_SIREN) | KIND(FIELD_SIRET) | KIND(FIELD_FINESS) | KIND(FIELD_RPPS) | KIND(FIELD_INSEE))
#define KINDS_TEXT (KIND(FIELD_TEXT) | KIND(FIELD_URL) | KIND(FIELD_EMAIL) | KIND(FIELD_PHONE) | KIND(FIELD_COLOR) | KINDS_IDENTIFIER)
#define KINDS_ALL ((1u << FIELD_N_KINDS) - 1)

/* --- typekeys.c: the keys of a type --- */

void type_read(struct loader *l, struct type *type, const struct definition *d);

#endif
