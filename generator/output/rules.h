/* rules: which addresses get which header values; for servers*.c. */
#ifndef OUTPUT_RULES_H
#define OUTPUT_RULES_H

#include "base/vec.h"
#include "output/servers.h"

/* One header for every address of a pattern. */
struct rule {
	str path;                    /* "/embed/" */
	bool folder;                 /* all below, too */
	str value;                   /* STR_NONE: the header is not sent */
};
struct rules { struct rule *ptr; size_t len; };

/* What the functions below work on; it sorts the site's paths. */
struct told {
	const struct server_site *site;
	struct arena *tmp;
	str csp;                     /* of a page that replaces nothing */
	VEC(str) names;              /* of all headers that anything sets, but caching; the defaults first */
};
void rules_open(struct told *t, const struct server_site *s, struct arena *tmp);
/* The value of a header where no path says otherwise; STR_NONE without. */
str rules_default(const struct told *t, str header);
/* The value at one path. */
str rules_value(const struct told *t, const struct server_path *p, str header);
/* Does every path have the default? */
bool rules_uniform(const struct told *t, str header);
/* The partition of all paths by the value of a header. */
struct rules rules_make(const struct told *t, str header);

#endif
