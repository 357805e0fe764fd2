/* French typography in a stream of pieces; for document/ only (markdown.h has typography_french). */
#ifndef DOCUMENT_TYPOGRAPHY_H
#define DOCUMENT_TYPOGRAPHY_H

#include "base/buf.h"

/* Writes `text` as French typography wants it. `before` and `after` are the characters around it, 0 at an edge.
 * Returns the last character written (`before` when the text is empty). */
uint32_t typography_put(struct buf *out, str text, uint32_t before, uint32_t after);
/* The first place at or after `at` where something may have to be set, text.len when all stays as it is. */
size_t typography_find(str text, size_t at);
/* The last character of a text that stays as it is (`before` when it is empty). */
uint32_t typography_last(str text, uint32_t before);

#endif
