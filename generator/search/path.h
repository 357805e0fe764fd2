/* path: the values at a dotted path of an item: through objects, lists, and references to published items. */
#ifndef SEARCH_PATH_H
#define SEARCH_PATH_H

#include "site/site.h"

/* A value found: field and val, or (`etat` at the path's end) neither, and the state alone. */
struct found {
	const struct field *field;
	const struct val *val;
	const struct life_state *state;      /* of the innermost object with a life around it */
};

struct path_visit {
	const struct site *site;
	uint8_t language;
	/* False: enough. */
	bool (*found)(void *context, const struct found *f);
	void *context;
};

/* Personal and confidential fields are passed over. False when found() said so. */
bool path_visit(const struct path_visit *visit, const struct item *item, str path);

#endif
