/* What the files of serve/ share; for serve/ only. */
#ifndef SERVE_INSIDE_H
#define SERVE_INSIDE_H

#include "os/os.h"
#include "preview.h"
#include "serve/serve.h"
#include "serve/watcher.h"

#define SERVE_WORKERS 4          /* pages drawn at one time */
#define SERVE_PREFIX "/.vitrine/"/* what is the server's own: no site publishes names with a dot there */

/* A site loaded, for as long as workers draw from it: the one that is served, and the one before. */
struct generation {
	struct preview *preview;     /* NULL: the place is free */
	unsigned users;              /* being served is one */
};
#define SERVE_GENERATIONS 2

/* What is sent. It lives in the request's arena, or for ever. */
struct answer {
	unsigned status;
	str mime, body;
	uint64_t tag;                /* of the entity, 0 without */
	uint64_t from, to;           /* the part of `body` that is sent; with status 206 it is told */
	str location;
	const struct csp_rule *headers; size_t n_headers;
};

/* A request on its way through the workers. */
struct request {
	struct arena arena;
	struct request *next;        /* in the queue */
	void *connection;            /* of libmicrohttpd */
	str raw;                     /* the address as written */
	str path, query;
	bool head, begun, done;
	uint64_t known;              /* If-None-Match */
	str range, if_range;
	struct answer answer;
};

struct tab;

struct serve {
	const struct serve_options *o;
	struct diag *diag;
	struct os_watch *watch;
	struct watcher watcher;      /* of the loader, as the memo */
	struct preview_memo *memo;
	bool loaded;                 /* once, with or without errors */
	bool no_site;                /* there was none at the first load */
	struct buf printed;          /* the diagnostics shown last on the terminal */
	void *daemons[2];
	/* All that follows is behind the door. */
	struct os_monitor *door;
	struct generation *now;      /* the last site without errors, NULL before there is one */
	struct generation generations[SERVE_GENERATIONS];
	bool stale;                  /* files have changed: `now` will be another */
	bool ending;
	struct request *queue, **queue_end;
	struct tab *tabs;
	uint64_t n_told;             /* messages to the tabs */
	struct buf message;          /* the last one, as JSON */
	struct buf hello;            /* what a tab is told that was not told the one before */
	struct buf problem;          /* the errors of the last load as text, empty without */
	bool left_out;               /* … which the site is shown without */
};

/* pages.c: what serve says by itself, in the language of its messages */
enum page_kind { PAGE_PROBLEM, PAGE_MISSING, PAGE_REFUSED, PAGE_BAD_REQUEST, PAGE_METHOD, PAGE_ENDING };
str pages_make(enum diag_language language, enum page_kind kind, bool has_site, str text, struct arena *out);
/* {"css":[…],"probleme":…} for the tabs, from s->problem; `styles` NULL: everything may have changed. Behind the door. */
void pages_put_message(const struct serve *s, const struct preview_pairs *styles, struct buf *out);
/* Errors as on the terminal, without colours. */
void pages_put_problems(enum diag_language language, const struct diag *diag, struct buf *out);
/* The page with the one script of serve before the end of its body. */
str pages_add_script(str page, uint64_t hash, struct arena *out);
extern const str pages_script, pages_style;

/* answers.c: fills r->answer, without the door. False when the site was abandoned meanwhile: the next one has the answer. */
bool answers_make(struct serve *s, struct generation *g, struct request *r);

/* http.c */
bool http_start(struct serve *s, uint16_t *port);            /* false with a diagnostic */
void http_stop(struct serve *s);                             /* after the workers have ended */
void http_finish(struct request *r);                         /* its answer is there; by any thread */
void http_tell_tabs(struct serve *s);                        /* behind the door: there is a new message, or the end */
void http_beat_tabs(struct serve *s);                        /* behind the door: sends a sign of life, so that tabs that are gone are noticed */

#endif
