/* guard: bounds the work that a body can ask of cmark, before it is parsed. For document/ only. */
#ifndef DOCUMENT_GUARD_H
#define DOCUMENT_GUARD_H

#include "document/markdown.h"

/* False (reported) when the body is too large, its tables are too wide or too many, its blocks too deep, or a paragraph
 * has so many marks that cmark's time would grow with their square. */
bool guard_check(str body, const struct markdown_options *o, struct arena *tmp, struct diag *diag);
/* The span in the file of a piece of the body. */
struct span markdown_span(const struct markdown_options *o, size_t start, size_t end);

#endif
