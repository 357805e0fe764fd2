/* themes: the chain of themes of a site, by `extends:` of their theme.yaml. */
#ifndef SITE_THEMES_H
#define SITE_THEMES_H

#include "source/source.h"

/* Adds the theme `name` (said at `at`) and the themes it extends to the roots of `s`. False with diagnostics when one is missing,
 * its theme.yaml cannot be read, or the chain comes back to itself. */
bool site_add_themes(struct source *s, str name, struct span at, struct arena *out, struct diag *diag);

#endif
