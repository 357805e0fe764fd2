/* From an address to an answer. */
#include "base/hash.h"
#include "serve/inside.h"
#include "serve/request.h"

#define MAX_PROBLEM ((size_t)1 << 20)

/* Of the server's own pages: what they need and no more. */
static const struct csp_rule own_headers[] = {
	{ S_INIT("Content-Security-Policy"), S_INIT("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'") },
	{ S_INIT("X-Content-Type-Options"), S_INIT("nosniff") },
	{ S_INIT("Referrer-Policy"), S_INIT("no-referrer") },
};

static void
answer_text(struct request *r, unsigned status, str mime, str body)
{
	r->answer = (struct answer){ .status = status, .mime = mime, .body = body, .to = body.len, .tag = hash64(body),
		.headers = own_headers, .n_headers = sizeof own_headers / sizeof *own_headers };
}

static void
answer_own(struct serve *s, struct request *r, unsigned status, enum page_kind kind, bool has_site, str text)
{
	str page = pages_make(s->o->language, kind, has_site, text, &r->arena);
	uint64_t tag = hash64(page);

	answer_text(r, status, S("text/html; charset=utf-8"), pages_add_script(page, tag, &r->arena));
	r->answer.tag = tag;
}

static void
answer_problems(struct serve *s, struct request *r, const struct diag *problems)
{
	struct buf text;

	buf_init(&text, MAX_PROBLEM);
	pages_put_problems(s->o->language, problems, &text);
	answer_own(s, r, 500, PAGE_PROBLEM, true, buf_str(&text));
	buf_free(&text);
}

/* The site is not there: its errors are, at every address. */
static void
answer_without_site(struct serve *s, struct request *r)
{
	bool ending;
	str text;

	os_monitor_enter(s->door);
	text = buf_copy(&s->problem, &r->arena);
	ending = s->ending;
	os_monitor_leave(s->door);
	answer_own(s, r, ending ? 503 : 500, ending ? PAGE_ENDING : PAGE_PROBLEM, false, ending ? STR_NONE : text);
}

static void
answer_file(struct request *r, unsigned status, const struct preview_file *f)
{
	str body = f->live && f->bytes.ptr ? pages_add_script(f->bytes, f->hash, &r->arena) : f->bytes;

	r->answer = (struct answer){ .status = status, .mime = f->mime, .body = body, .to = body.len, .tag = f->hash,
		.headers = f->headers, .n_headers = f->n_headers };
}

/* The part asked for, unless it is of other bytes than those. */
static void
cut_range(struct request *r)
{
	struct answer *a = &r->answer;

	if (!r->range.len || (r->if_range.len && request_tag(r->if_range) != a->tag))
		return;
	switch (request_range(r->range, a->body.len, &a->from, &a->to)) {
	case REQUEST_PART: a->status = 206; break;
	case REQUEST_OUTSIDE:
		a->status = 416;
		a->to = a->from = 0;
		break;
	default: break;
	}
}

static void
answer_found(struct request *r, const struct preview_file *f)
{
	answer_file(r, 200, f);
	if (r->known && r->known == f->hash) {
		r->answer.status = 304;
		r->answer.body = STR_NONE;
		r->answer.to = 0;
	} else
		cut_range(r);
}

static void
answer_moved(struct request *r, const struct preview_file *f)
{
	str to = r->query.len ? str_cat(&r->arena, f->location, S("?"), r->query) : f->location;

	r->answer = (struct answer){ .status = f->permanent ? 301 : 302, .location = to };
}

/* The site's own page for that, when it has one. */
static bool
answer_missing(struct serve *s, struct generation *g, struct request *r)
{
	struct preview_file file;
	str url = str_cat(&r->arena, preview_base_path(g->preview), S("/404.html"));

	preview_get(g->preview, url, 0, &r->arena, &file);
	if (file.kind == PREVIEW_FILE)
		answer_file(r, 404, &file);
	else if (file.kind == PREVIEW_BROKEN)
		answer_problems(s, r, &file.problems);
	else if (file.kind != PREVIEW_ABANDONED)
		answer_own(s, r, 404, PAGE_MISSING, true, STR_NONE);
	return file.kind != PREVIEW_ABANDONED;
}

static bool
answer_server_file(struct request *r)
{
	if (str_equal(r->path, S(SERVE_PREFIX "live.js")))
		answer_text(r, 200, S("text/javascript; charset=utf-8"), pages_script);
	else if (str_equal(r->path, S(SERVE_PREFIX "live.css")))
		answer_text(r, 200, S("text/css; charset=utf-8"), pages_style);
	else
		return false;
	return true;
}

bool
answers_make(struct serve *s, struct generation *g, struct request *r)
{
	struct preview_file file;

	if (answer_server_file(r))
		return true;
	if (!g) {
		answer_without_site(s, r);
		return true;
	}
	preview_get(g->preview, r->path, r->known, &r->arena, &file);
	switch (file.kind) {
	case PREVIEW_FILE: answer_found(r, &file); break;
	case PREVIEW_MOVED: answer_moved(r, &file); break;
	case PREVIEW_BROKEN: answer_problems(s, r, &file.problems); break;
	case PREVIEW_NOTHING: return answer_missing(s, g, r);
	case PREVIEW_ABANDONED: return false;
	}
	return true;
}
