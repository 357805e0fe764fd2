/* pattern: the regular expressions of `motif:`, matched in time linear in the text (Thompson 1968, by simulation of the automaton).
 * Literals, `.`, classes [a-z] and [^…], \d, `\` before punctuation, * + ? {m} {m,} {m,n}, | and groups. The whole value must match:
 * `^` at the start and `$` at the end say nothing new. Works on characters, not bytes; no locale. */
#ifndef MODEL_PATTERN_H
#define MODEL_PATTERN_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct pattern;

/* What a message says, in both languages of the catalogue. */
struct phrase { str fr, en; };
#define PHRASE(fr, en) ((struct phrase){ S(fr), S(en) })
#define PHRASE_INIT(fr, en) { S_INIT(fr), S_INIT(en) }

/* NULL with *why and *at (offset in `text`) when it can't be read or is too large. */
struct pattern *pattern_compile(str text, struct arena *out, struct phrase *why, size_t *at);
/* Safe in several threads at once. */
bool pattern_match(const struct pattern *p, str text);

#endif
