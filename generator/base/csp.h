/* csp: the Content-Security-Policy of a page: the public default, some directives replaced. */
#ifndef BASE_CSP_H
#define BASE_CSP_H

#include "base/str.h"

struct csp_rule { str name, value; };     /* also of any other header */

/* The policy on one line. A directive of `rules` replaces the default's, an unknown one is added; of two with one name the last
 * holds. An empty value takes the directive out. With `meta` for <meta http-equiv>, where frame-ancestors, report-uri and
 * sandbox may not stand. Pages under /embed/ (also /en/embed/) may be framed by anybody. */
str csp_text(str path, const struct csp_rule *rules, uint32_t n_rules, bool meta, struct arena *out);
bool csp_is_embed(str path);
/* Can this name and value stand in a policy? (No ';', ',' or control characters; a name of letters and '-'.) */
bool csp_rule_valid(const struct csp_rule *rule);

#endif
