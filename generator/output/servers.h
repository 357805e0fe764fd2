/* servers: what web servers are told — security headers, caching, redirects — in the forms that hosts read: `_headers` and
 * `_redirects` (Netlify, Cloudflare Pages), `.htaccess` (Apache 2.4), `nginx.conf` (to include in a server block). */
#ifndef OUTPUT_SERVERS_H
#define OUTPUT_SERVERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/csp.h"
#include "diag/diag.h"

/* A published address. Values are one line each; what could break out of its line is left out (servers.c: put_value). */
struct server_path {
	str path;                    /* "/carte/", "/agenda.ics"; without base path */
	const struct csp_rule *csp; uint32_t n_csp;         /* directives replaced */
	const struct csp_rule *headers; uint32_t n_headers; /* headers added or replaced */
	struct span at;              /* who says so */
};
struct server_redirect { str from, to; };               /* "/ancien/" → "/nouveau/", or an absolute address; without base path */

struct server_site {
	str base_path;               /* "" or "/portail" */
	bool https;                  /* Strict-Transport-Security */
	bool noindex;                /* X-Robots-Tag everywhere: the site is not online yet */
	bool has_404;                /* there is a /404.html */
	str immutable;               /* folder of fingerprinted files: "/assets/" */
	struct server_path *paths; uint32_t n_paths;        /* every published page and file; sorted by these functions */
	const struct server_redirect *redirects; uint32_t n_redirects;
};

/* Names of headers and directives, and values, that servers could misread are errors (DIAG_THEME). */
bool servers_check(const struct server_site *s, struct diag *diag);

/* Rules are the fewest folders and addresses that tell the paths apart. In _headers no two rules set one header for one
 * address, because hosts would join the values of both. */
void servers_put_headers(const struct server_site *s, struct arena *tmp, struct buf *out);     /* _headers */
void servers_put_htaccess(const struct server_site *s, struct arena *tmp, struct buf *out);    /* .htaccess, redirects included */
void servers_put_nginx(const struct server_site *s, struct arena *tmp, struct buf *out);       /* nginx.conf, redirects included */
void servers_put_redirects(const struct server_site *s, struct buf *out);                      /* _redirects */
/* The page at an old address for servers that read none of these, and its path: "/ancien/" → "ancien/index.html". */
void servers_put_redirect_page(const struct server_site *s, const struct server_redirect *r, struct buf *out);
str servers_redirect_path(str from, struct arena *out);

/* For a server of our own: the headers of the answer for one path, without those of caching, and without the site's other paths; and the
 * address to which a redirect leads, as a header gives it. */
struct server_headers { struct csp_rule *ptr; size_t len, cap; };
struct server_headers servers_headers(const struct server_site *s, const struct server_path *path, struct arena *out);
str servers_target(const struct server_site *s, str to, struct arena *out);

#endif
