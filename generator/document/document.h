/* document: one source file → a tree of values with spans, and a Markdown body. Knows no types.
 * Scalars stay text: what `no` or `01200` means is decided by the field's type, in model/. */
#ifndef DOCUMENT_DOCUMENT_H
#define DOCUMENT_DOCUMENT_H

#include "diag/diag.h"

enum value_kind { VALUE_NULL, VALUE_SCALAR, VALUE_LIST, VALUE_MAP };
enum scalar_style { SCALAR_PLAIN, SCALAR_QUOTED, SCALAR_BLOCK };

struct value {
	enum value_kind kind;
	enum scalar_style style;
	uint32_t start, end;         /* bytes in the file */
	union {
		str text;                    /* VALUE_SCALAR */
		struct { struct value *items; uint32_t len; } list;
		struct { struct value_pair *pairs; uint32_t len; } map;
	} as;
};
struct value_pair {
	str key;
	uint32_t key_start, key_end;
	struct value value;
};

/* NULL when absent or not a map. */
const struct value_pair *value_pair(const struct value *map, str key);
const struct value *value_get(const struct value *map, str key);
/* The text of a scalar under `key`; `otherwise` when absent or not a scalar. */
str value_text(const struct value *map, str key, str otherwise);

struct document {
	file_id file;
	struct value front;          /* VALUE_MAP, empty when nothing could be read */
	str body;                    /* Markdown, STR_NONE for .yaml */
	uint32_t body_start;         /* its offset in the file */
};

struct document_limits {
	uint32_t depth;              /* nesting of YAML collections (32) */
	uint32_t aliases;            /* expanded nodes through aliases (1 000) */
	uint32_t nodes;              /* values in a file (100 000) */
	uint32_t body;               /* bytes of a Markdown body (256 KiB) */
};
extern const struct document_limits document_limits_default;

/* `bytes` = the whole file; `yaml` = no front matter fences, the whole file is YAML; else a file without them is an error.
 * A BOM is passed over, CRLF read as LF (spans stay those of the file). An empty plain scalar, ~ and null are VALUE_NULL. Views in the result point into `bytes` or into `out`: keep both;
 * the little scratch that reading takes is in `out` too.
 * False when there was an error (all that could be found in one pass are reported). */
bool document_read(struct document *doc, str bytes, file_id file, bool yaml, const struct document_limits *limits, struct arena *out, struct diag *diag);

#endif
