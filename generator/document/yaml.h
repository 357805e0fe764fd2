/* yaml: libyaml's events → a value tree with byte spans. For document/ only. */
#ifndef DOCUMENT_YAML_H
#define DOCUMENT_YAML_H

#include "document/document.h"

/* A text that libyaml read, which may be a part of a file, and what it takes to name places in it. */
struct yaml_text {
	str bytes;                   /* valid UTF-8 */
	uint32_t start;              /* offset of bytes in the file */
	uint32_t line;               /* lines of the file before them */
	file_id file;
	uint32_t *steps;             /* byte offset of every YAML_STEP-th character; NULL when all bytes are ASCII */
	size_t n_steps;
};

#define YAML_STEP 16             /* characters between two entries of the translation table */

/* Prepares the translation of libyaml's character indexes into bytes. */
void yaml_text_init(struct yaml_text *text, str bytes, uint32_t start, uint32_t line, file_id file, struct arena *tmp);
/* Offset in text->bytes of a character index, clamped to the end. */
uint32_t yaml_byte(const struct yaml_text *text, size_t index);

/* Reads one mapping into *root (an empty text gives an empty map); its scratch is in `out` too. False when errors were
 * reported. */
bool yaml_read(struct value *root, const struct yaml_text *text, const struct document_limits *limits,
    struct arena *out, struct diag *diag);

/* The same for a text of the simple form that most have, without libyaml; false, and nothing done, for any other (it may
 * be right or wrong). Views in *root point into `text`. `start`: offset of the text, valid UTF-8 without controls, in the file. */
bool yaml_read_simple(struct value *root, str text, uint32_t start, const struct document_limits *limits, struct arena *out);
/* Is this plain scalar one that says that there is nothing? */
bool yaml_is_null(str text);

/* What libyaml said when it gave up, and where. */
struct yaml_problem {
	str what;                    /* libyaml's words */
	str context;
	uint32_t at, context_at;     /* bytes in the text */
};
/* Reports it in words and with a remedy for an editor. */
void yaml_explain(const struct yaml_text *text, const struct yaml_problem *problem, struct arena *tmp, struct diag *diag);
/* A line such as "titre:Stage" before `at`, on the same line or the last one with text: reports it, true when found. */
bool yaml_explain_missing_space(const struct yaml_text *text, uint32_t at, struct arena *tmp, struct diag *diag);

#endif
