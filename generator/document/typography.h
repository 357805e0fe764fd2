/* French typography in a stream of pieces; for document/ only (markdown.h has typography_french). */
#ifndef DOCUMENT_TYPOGRAPHY_H
#define DOCUMENT_TYPOGRAPHY_H

#include "base/buf.h"

/* Writes `text` as French typography wants it. `before` and `after` are the characters around it, 0 at an edge.
 * Returns the last character written (`before` when the text is empty). */
uint32_t typography_put(struct buf *out, str text, uint32_t before, uint32_t after);

#endif
