/* The wrapper of libmicrohttpd: connections, requests, tabs. One thread for each of the two addresses of this machine; a request waits
 * for its answer without one, and so does a tab for news. */
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>

#include "base/hash.h"
#include "serve/inside.h"
#include "serve/request.h"

#define WANTED_FILES 4096        /* open at one time: connections, and what the site itself opens */
#define OWN_FILES 96
#define IDLE_SECONDS 60u
#define TAB_BLOCK 4096
#define MAX_ADDRESS 8192

/* A page that listens for news. */
struct tab {
	struct serve *s;
	struct tab *next, **at;
	struct MHD_Connection *connection;
	bool waiting;                /* suspended: to be resumed when there is news */
	bool beat;                   /* send something, so that one that is gone is noticed */
	uint64_t heard;
	struct buf text;             /* being sent, from … */
	size_t sent;
};

/* --- requests --- */

static void *
begin_request(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct request *r = calloc(1, sizeof *r);

	(void)context;
	if (!r)
		arena_out_of_memory(sizeof *r);
	arena_init(&r->arena, &page_source_malloc);
	r->arena.block_size = 4096;
	r->connection = connection;
	r->raw = str_copy(&r->arena, str_slice(str_from_c(uri), 0, MAX_ADDRESS + 1));
	return r;
}

static void
end_request(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how)
{
	struct request *r = *request;

	(void)context;
	(void)connection;
	(void)how;
	if (r) {
		arena_free(&r->arena);
		free(r);
	}
	*request = NULL;
}

static void
add(struct MHD_Response *response, const char *name, str value, struct arena *tmp)
{
	MHD_add_response_header(response, name, str_copy(tmp, value).ptr);
}

static void
add_all(struct MHD_Response *response, struct request *r)
{
	const struct answer *a = &r->answer;
	struct arena *tmp = &r->arena;
	char hex[16];

	for (size_t i = 0; i < a->n_headers; i++)
		add(response, str_copy(tmp, a->headers[i].name).ptr, a->headers[i].value, tmp);
	if (a->mime.len)
		add(response, "Content-Type", a->mime, tmp);
	if (a->location.len)
		add(response, "Location", a->location, tmp);
	if (a->status == 405)
		add(response, "Allow", S("GET, HEAD"), tmp);
	if (a->status == 206)
		add(response, "Content-Range", str_format(tmp, "bytes %llu-%llu/%zu", (unsigned long long)a->from, (unsigned long long)a->to - 1, a->body.len), tmp);
	if (a->status == 416)
		add(response, "Content-Range", str_format(tmp, "bytes */%zu", a->body.len), tmp);
	if (a->status == 200 || a->status == 206)
		add(response, "Accept-Ranges", S("bytes"), tmp);
	if (a->tag) {
		hash_hex(a->tag, hex);
		add(response, "ETag", str_format(tmp, "\"%.16s\"", hex), tmp);
	}
	add(response, "Cache-Control", S("no-cache"), tmp);
}

/* The bytes stay in the request, which ends after its answer was sent. */
static enum MHD_Result
send_answer(struct request *r)
{
	const struct answer *a = &r->answer;
	size_t len = a->to - a->from;
	struct MHD_Response *response = MHD_create_response_from_buffer(len, len ? (void *)(uintptr_t)(a->body.ptr + a->from) : NULL, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result queued;

	if (!response)
		return MHD_NO;
	add_all(response, r);
	queued = MHD_queue_response(r->connection, a->status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result
send_own(struct serve *s, struct request *r, unsigned status, enum page_kind kind)
{
	str page = pages_make(s->o->language, kind, kind != PAGE_REFUSED && kind != PAGE_ENDING, STR_NONE, &r->arena);

	r->answer = (struct answer){ .status = status, .mime = S("text/html; charset=utf-8"), .body = page, .to = page.len };
	return send_answer(r);
}

static str
header_of(struct request *r, const char *name)
{
	return str_from_c(MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name));
}

/* --- tabs --- */

static void
tab_message(struct tab *t)
{
	struct serve *s = t->s;
	bool in_order = t->heard + 1 == s->n_told;

	buf_clear(&t->text);
	t->sent = 0;
	if (t->heard == s->n_told) {
		buf_put_c(&t->text, ":\n\n");
	} else {
		buf_put_c(&t->text, "retry: 1000\ndata: ");
		buf_put(&t->text, buf_str(in_order ? &s->message : &s->hello));
		buf_put_c(&t->text, "\n\n");
	}
	t->heard = s->n_told;
	t->beat = false;
}

/* Called when the connection can be written to; what there is, or a rest until there is. */
static ssize_t
tab_read(void *context, uint64_t position, char *room, size_t max)
{
	struct tab *t = context;
	struct serve *s = t->s;
	size_t n = 0;
	bool ending;

	(void)position;
	os_monitor_enter(s->door);
	ending = s->ending;
	if (t->sent == t->text.len && (t->heard < s->n_told || t->beat))
		tab_message(t);
	n = t->text.len - t->sent < max ? t->text.len - t->sent : max;
	if (n) {
		memcpy(room, t->text.ptr + t->sent, n);
		t->sent += n;
	} else if (!ending) {
		t->waiting = true;
		MHD_suspend_connection(t->connection);
	}
	os_monitor_leave(s->door);
	return n || !ending ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void
tab_end(void *context)
{
	struct tab *t = context;
	struct serve *s = t->s;

	os_monitor_enter(s->door);
	*t->at = t->next;
	if (t->next)
		t->next->at = t->at;
	os_monitor_leave(s->door);
	buf_free(&t->text);
	free(t);
}

static struct tab *
tab_begin(struct serve *s, struct MHD_Connection *connection)
{
	struct tab *t = calloc(1, sizeof *t);

	if (!t)
		arena_out_of_memory(sizeof *t);
	t->s = s;
	t->connection = connection;
	buf_init(&t->text, (size_t)8 << 20);
	os_monitor_enter(s->door);
	t->next = s->tabs;
	t->at = &s->tabs;
	if (t->next)
		t->next->at = &t->next;
	s->tabs = t;
	os_monitor_leave(s->door);
	return t;
}

static enum MHD_Result
open_tab(struct serve *s, struct request *r)
{
	struct tab *t = tab_begin(s, r->connection);
	struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, TAB_BLOCK, tab_read, t, tab_end);
	enum MHD_Result queued;

	if (!response) {
		tab_end(t);
		return MHD_NO;
	}
	add(response, "Content-Type", S("text/event-stream"), &r->arena);
	add(response, "Cache-Control", S("no-store"), &r->arena);
	queued = MHD_queue_response(r->connection, 200, response);
	MHD_destroy_response(response);
	return queued;
}

static void
resume_tabs(struct serve *s, bool beat)
{
	for (struct tab *t = s->tabs; t; t = t->next) {
		t->beat = t->beat || beat;
		if (t->waiting)
			MHD_resume_connection(t->connection);
		t->waiting = false;
	}
}

void
http_tell_tabs(struct serve *s)
{
	resume_tabs(s, false);
}

void
http_beat_tabs(struct serve *s)
{
	resume_tabs(s, true);
}

/* --- the way of a request --- */

/* False when the workers have gone, or are about to. */
static bool
enqueue(struct serve *s, struct request *r)
{
	bool open;

	os_monitor_enter(s->door);
	open = !s->ending;
	if (open) {
		MHD_suspend_connection(r->connection);
		*s->queue_end = r;
		s->queue_end = &r->next;
		os_monitor_wake(s->door);
	}
	os_monitor_leave(s->door);
	return open;
}

void
http_finish(struct request *r)
{
	struct MHD_Connection *connection = r->connection;

	r->done = true;
	MHD_resume_connection(connection);
}

static enum MHD_Result
judge(struct serve *s, struct request *r, str method)
{
	str tag = header_of(r, "If-None-Match");

	if (!request_host_is_ours(header_of(r, "Host")))
		return send_own(s, r, 403, PAGE_REFUSED);
	r->head = str_equal(method, S("HEAD"));
	if (!r->head && !str_equal(method, S("GET")))
		return send_own(s, r, 405, PAGE_METHOD);
	if (r->raw.len > MAX_ADDRESS || !request_read_address(r->raw, &r->arena, &r->path, &r->query))
		return send_own(s, r, 400, PAGE_BAD_REQUEST);
	if (str_equal(r->path, S(SERVE_PREFIX "live")))
		return open_tab(s, r);
	/* A site's service worker would keep, and show again, what is being written. */
	if (header_of(r, "Service-Worker").len)
		return send_own(s, r, 404, PAGE_MISSING);
	r->known = request_tag(tag);
	r->range = str_copy(&r->arena, header_of(r, "Range"));
	r->if_range = str_copy(&r->arena, header_of(r, "If-Range"));
	return enqueue(s, r) ? MHD_YES : send_own(s, r, 503, PAGE_ENDING);
}

/* Called once with the headers, then when there is no more to read, and again with the answer. */
static enum MHD_Result
handle(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version, const char *data,
    size_t *data_size, void **request)
{
	struct request *r = *request;

	(void)connection;
	(void)url;
	(void)version;
	(void)data;
	if (r->done)
		return send_answer(r);
	if (!r->begun) {
		r->begun = true;
		return MHD_YES;
	}
	if (*data_size) {
		*data_size = 0;      /* nobody wants it: it is passed over */
		return MHD_YES;
	}
	return judge(context, r, str_from_c(method));
}

/* --- listening --- */

static struct MHD_Daemon *
start_daemon(struct serve *s, int listening, unsigned connections)
{
	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, s,
	    MHD_OPTION_LISTEN_SOCKET, listening, MHD_OPTION_URI_LOG_CALLBACK, begin_request, s, MHD_OPTION_NOTIFY_COMPLETED, end_request, s,
	    MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
}

/* The same port under both addresses; a machine without IPv6 has one. */
static os_error
listen_twice(uint16_t wanted, int listening[2])
{
	os_error e = 0;

	for (int tries = 0; tries < (wanted ? 1 : 8); tries++) {
		uint16_t port = wanted;
		e = os_listen(false, port, &listening[0]);
		if (e)
			return e;
		port = os_listening_port(listening[0]);
		e = os_listen(true, port, &listening[1]);
		if (e != EADDRINUSE)
			return 0;
		os_listen_end(listening[0]);
		listening[0] = -1;
	}
	return e;
}

static uint16_t
free_port(uint16_t near)
{
	for (uint16_t port = near; port < near + 100 && port >= near; port++) {
		int listening[2] = { -1, -1 };
		os_error e = listen_twice(port, listening);
		os_listen_end(listening[0]);
		os_listen_end(listening[1]);
		if (!e)
			return port;
	}
	return 0;
}

static void
cannot_listen(struct serve *s, uint16_t port, os_error e)
{
	str other = STR_NONE;

	if (e == EADDRINUSE) {
		uint16_t near = free_port(port);
		other = near ? str_format(s->diag->out, "%u", near) : S("0");
		diag_add(s->diag, SERVE_PORT_TAKEN, SPAN_NONE, str_format(s->diag->out, "%u", port), other);
	} else
		diag_add(s->diag, SERVE_CANNOT_LISTEN, SPAN_NONE, str_format(s->diag->out, "%u", port), os_error_text(e, s->diag->out));
}

bool
http_start(struct serve *s, uint16_t *port)
{
	unsigned connections = (os_open_files(WANTED_FILES) - OWN_FILES) / 2;
	int listening[2] = { -1, -1 };
	os_error e = listen_twice(*port, listening);

	if (e) {
		cannot_listen(s, *port, e);
		return false;
	}
	*port = os_listening_port(listening[0]);
	for (int i = 0; i < 2; i++)
		if (listening[i] >= 0 && !(s->daemons[i] = start_daemon(s, listening[i], connections))) {
			os_listen_end(listening[i]);
			diag_add(s->diag, SERVE_CANNOT_LISTEN, SPAN_NONE, str_format(s->diag->out, "%u", *port), S("libmicrohttpd"));
			return false;
		}
	return true;
}

void
http_stop(struct serve *s)
{
	for (int i = 0; i < 2; i++)
		if (s->daemons[i])
			MHD_stop_daemon(s->daemons[i]);
}

str
serve_versions(struct arena *out)
{
	return str_format(out, "libmicrohttpd %s", MHD_get_version());
}
