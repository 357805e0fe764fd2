/* servers: what web servers are told — security headers, caching, redirects — in the three forms that hosts read: `_headers` and
 * `_redirects` (Netlify, Cloudflare Pages), `.htaccess` (Apache), `nginx.conf` (to include in a server block). */
#ifndef OUTPUT_SERVERS_H
#define OUTPUT_SERVERS_H

#include "base/csp.h"
#include "base/buf.h"

/* A published address that is told something else than the rest. */
struct server_path {
	str path;                    /* "/carte/", "/agenda.ics"; without base path */
	const struct csp_rule *csp; uint32_t n_csp;         /* directives replaced */
	const struct csp_rule *headers; uint32_t n_headers; /* headers added */
	bool noindex;                /* X-Robots-Tag, for what has no <meta> */
};
struct server_redirect { str from, to; };               /* "/ancien/" → "/nouveau/", or an absolute address; without base path */

struct server_site {
	str base_path;               /* "" or "/portail" */
	bool https;                  /* Strict-Transport-Security */
	str immutable;               /* folder of fingerprinted files: "/assets/" */
	const struct server_path *paths; uint32_t n_paths;  /* every published page and file; any order */
	const struct server_redirect *redirects; uint32_t n_redirects;
};

/* Rules are the fewest folders and addresses that tell the paths apart; no two of them match one address (hosts would join
 * the values of both). Control characters in a value have been refused before: here they are dropped. */
void servers_put_headers(const struct server_site *s, struct arena *tmp, struct buf *out);     /* _headers */
void servers_put_htaccess(const struct server_site *s, struct arena *tmp, struct buf *out);    /* .htaccess, redirects included */
void servers_put_nginx(const struct server_site *s, struct arena *tmp, struct buf *out);       /* nginx.conf, redirects included */
void servers_put_redirects(const struct server_site *s, struct buf *out);                      /* _redirects */
/* The page at an old address for servers that read none of these; `to` as in the redirect. */
void servers_put_redirect_page(const struct server_site *s, const struct server_redirect *r, struct buf *out);

#endif
