/* serve: the site on this machine while it is written. Loads it again when its files change, draws the pages that are asked for, tells
 * the open tabs. Knows nothing of content. */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include "vitrine.h"

#define SERVE_DEFAULT_PORT 8000

struct serve_options {
	const struct build_options *build;
	uint16_t port;               /* 0: any that is free */
	bool open;                   /* in the browser */
	enum diag_language language;
	bool colour, quiet;
};

/* Serves until Ctrl-C (then VITRINE_OK). Says where it is and what happens on the standard output, and what is wrong with the site on the
 * standard error; what keeps it from serving goes to `diag`. */
enum vitrine_status serve_run(const struct serve_options *o, struct arena *arena, struct diag *diag);

str serve_versions(struct arena *out);            /* "libmicrohttpd 0.9.75" */

#endif
