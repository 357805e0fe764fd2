/* The helpers of the spine: set-up, the files that are no page's, the record. */
#include "build.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "os/os.h"

#define SECONDS_PER_DAY 86400
#define PROGRESS_WIDTH 40
#define PROGRESS_PATIENCE UINT64_C(250000000)    /* nanoseconds of silence before the bar */
#define PROGRESS_INTERVAL UINT64_C(50000000)
#define FORGET_EACH 2048         /* pages drawn: some megabytes of texts */
/* A server configuration of more than this is a mistake of the routes. */
#define MAX_SERVER_FILE ((size_t)64 << 20)

/* Seconds since 1970 behind "today": SOURCE_DATE_EPOCH (reproducible-builds.org/specs), else the clock. */
static int64_t
now(void)
{
	int64_t seconds;

	return str_to_int(os_environment("SOURCE_DATE_EPOCH"), &seconds) && seconds >= 0 ? seconds : os_now();
}

/* A bar on the terminal for what takes longer than people like to wait in silence; drawn by one worker, between two pages. */
static void
show_progress(struct build *b)
{
	uint64_t now_ticks = os_ticks(), total = b->plan.pages.len ? b->plan.pages.len : 1;
	uint64_t done = atomic_load_explicit(&b->n_drawn, memory_order_relaxed);
	char line[80];
	int filled = (int)(done * PROGRESS_WIDTH / total), len;

	if (!b->progress || now_ticks - b->started < PROGRESS_PATIENCE || now_ticks - b->shown_at < PROGRESS_INTERVAL)
		return;
	b->shown_at = now_ticks;
	len = snprintf(line, sizeof line, "\r[%.*s%*s] %" PRIu64 "/%" PRIu64 " pages", filled, "########################################",
	    PROGRESS_WIDTH - filled, "", done, total);
	os_print(2, (str){ line, (size_t)len });
}

static void
end_progress(struct build *b)
{
	if (b->shown_at)
		os_print(2, S("\r\033[K"));
	b->shown_at = 0;
}

void
build_begin(struct build *b, const struct build_options *o, struct arena *arena, struct diag *diag, struct build_report *report)
{
	*b = (struct build){ .options = o, .report = report, .arena = arena, .diag = diag, .started = os_ticks() };
	b->progress = !o->quiet && os_is_terminal(2);
	b->workers = o->jobs ? o->jobs : os_processors();
	if (b->workers > BUILD_MAX_WORKERS)
		b->workers = BUILD_MAX_WORKERS;
	b->worker_arenas = arena_array(arena, struct arena, b->workers);
	for (unsigned i = 0; i < b->workers; i++)
		arena_init(&b->worker_arenas[i], arena->source);
	arena_init(&b->house, arena->source);
	arena_init(&b->late, arena->source);
	arena_init(&b->theme, arena->source);
	arena_init(&b->beside, arena->source);
	diag_init(&b->aside, &b->beside, diag->files);
	diag_init(&b->standing, arena, diag->files);
	diag_init(&b->planned, arena, diag->files);
	diag_init(&b->linked, arena, diag->files);
	profile_begin(b);
	b->site_options = (struct site_options){
		.date = o->date, .now = now(), .today = (day)(now() / SECONDS_PER_DAY), .base_url = o->base_url, .drafts = o->drafts,
	};
}

void
build_end(struct build *b)
{
	end_progress(b);
	profile_end(b);
	build_protect(b, false);
	output_close(b->output);
	reads_close(b->reads);
	paints_close(b->paints);
	search_kept_close(b->search_kept);
	if (!b->memo)
		pack_close(b->pack);
	memo_drop(b->memo);
	script_kept_drop(b->code);
	script_end(b->script);
	for (unsigned i = 0; i < b->workers; i++)
		arena_free(&b->worker_arenas[i]);
	arena_free(&b->house);
	arena_free(&b->late);
	arena_free(&b->theme);
	arena_free(&b->beside);
}

/* Optimised builds leave memory writable: protecting it costs system calls and finds nothing that the debug builds did not. */
void
build_protect(struct build *b, bool read_only)
{
#ifdef VITRINE_DEBUG
	arena_protect(&b->house, read_only);
	for (unsigned i = 0; i < b->workers; i++)
		arena_protect(&b->worker_arenas[i], read_only);
#else
	(void)b;
	(void)read_only;
#endif
}

static void
say_waiting(void *context)
{
	(void)context;
	os_print(2, S("vitrine: un autre programme publie dans ce dossier, attente de sa fin\n"));
}

static str
pack_path(const struct build *b, struct arena *out)
{
	return str_cat(out, b->options->site_dir, S("/.vitrine/markdown.pack"));
}

void
build_open_pack(struct build *b)
{
	struct arena *out = b->memo ? &b->memo->arena : &b->house;

	if (b->options->no_cache)
		b->pack = pack_new(STR_NONE, S(VITRINE_VERSION), b->workers, out);
	else
		b->pack = pack_open(pack_path(b, out), S(VITRINE_VERSION), b->workers, out);
}

static str
search_kept_path(const struct build *b, struct arena *out)
{
	return str_cat(out, b->options->site_dir, S("/.vitrine/recherche.pack"));
}

void
build_save_packs(struct build *b, struct diag *diag)
{
	if (b->options->no_cache || b->options->check_only)
		return;
	pack_save(b->pack, pack_path(b, diag->out), diag);
	search_kept_save(b->search_kept, search_kept_path(b, diag->out), diag);
}

static str
paints_path(const struct build *b)
{
	return str_cat(b->arena, b->options->site_dir, S("/.vitrine/apercus.pack"));
}

void
build_open_paints(struct build *b)
{
	if (!b->options->no_cache)
		b->paints = paints_open(paints_path(b), S(VITRINE_VERSION), b->workers, &b->late);
}

void
build_save_paints(struct build *b)
{
	if (b->paints)
		paints_save(b->paints, paints_path(b), b->diag);
}

bool
build_open_output(struct build *b)
{
	const struct field *field = model_field(&b->model.site_type->shape, S("conserver"));
	const struct val *keep = field ? site_value(&b->site, b->site.config, field, 0) : NULL;
	struct output_options o = {
		.site_dir = b->options->site_dir, .dir = b->options->output, .two_steps = b->options->two_steps, .no_sync = b->options->no_sync,
		.dry = b->options->check_only, .workers = b->workers, .waiting = say_waiting, .keep_at = SPAN_FILE(b->site.config->file),
	};

	if (keep && keep->kind == VAL_LIST) {
		str *paths = arena_array(&b->late, str, keep->as.list->len);
		for (uint32_t i = 0; i < keep->as.list->len; i++)
			paths[i] = keep->as.list->items[i].as.text;
		o.keep = b->keep = paths;
		o.n_keep = b->n_keep = keep->as.list->len;
		o.keep_at = (struct span){ b->site.config->file, keep->start, keep->end };
	}
	b->output = output_open(&o, &b->late, b->diag);
	return b->output != NULL;
}

static struct output_meta
page_meta(const struct page *p, bool personal)
{
	return (struct output_meta){
		.url = p->wave == 2 ? p->url : STR_NONE, .mime = p->mime, .modified = p->modified, .at = p->at,
		.flags = (personal ? OUTPUT_PERSONAL : 0) | (p->noindex ? OUTPUT_NOINDEX : 0),
	};
}

bool
build_take_page(void *build, unsigned worker, const struct page *page, const struct render_page *of)
{
	struct build *b = build;
	struct output_meta meta = page_meta(page, of->personal);

	if (!output_take(b->output, worker, page->path, of->hash, of->size, &meta))
		return false;
	atomic_fetch_add_explicit(&b->n_drawn, 1, memory_order_relaxed);
	return true;
}

bool
build_put_page(void *build, unsigned worker, const struct render_file *file)
{
	struct build *b = build;
	const struct page *p = file->page;
	struct output_meta meta = page_meta(p, file->personal);

	profile_page(b, worker, file);
	if (atomic_fetch_add_explicit(&b->n_drawn, 1, memory_order_relaxed) % FORGET_EACH == 0)
		pack_forget(b->pack);
	if (worker == 0)
		show_progress(b);
	return output_write(b->output, worker, p->path, file->bytes, file->hash, &meta);
}

static void
add_index(const struct search_index *index, struct assets *assets, struct arena *out)
{
	struct media_generated *files = arena_array(out, struct media_generated, index->len);

	media_add_generated(assets, index->files[0].name, index->files[0].bytes, STR_NONE);
	for (uint32_t i = 1; i < index->len; i++)
		files[i - 1] = (struct media_generated){ index->files[i].name, index->files[i].bytes, index->files[i].personal };
	media_add_files(assets, files, index->len - 1);
}

void
build_add_index(const struct build *b, uint8_t language, struct assets *assets, struct arena *out)
{
	struct search_index index = search_build(&b->site, b->search, language, b->workers, NULL, out);

	add_index(&index, assets, out);
}

void
build_index_texts(struct build *b)
{
	if (!b->search)
		return;
	if (!b->options->no_cache)
		b->search_kept = search_kept_open(search_kept_path(b, &b->late), &b->late);
	b->indexes = arena_array(&b->late, struct search_index, b->site.n_languages);
	for (uint8_t i = 0; i < b->site.n_languages; i++)
		b->indexes[i] = search_build(&b->site, b->search, i, b->workers, b->search_kept, &b->late);
}

void
build_add_search(struct build *b)
{
	for (uint8_t i = 0; b->indexes && i < b->site.n_languages; i++)
		add_index(&b->indexes[i], &b->assets, &b->late);
}

/* "/assets/x.css" → "assets/x.css" */
static str
path_of(str url)
{
	return str_slice(url, 1, url.len);
}

static bool
put_asset(struct build *b, unsigned worker, const struct asset *a)
{
	struct output_meta meta = { .mime = a->mime, .modified = DAY_NONE, .at = SPAN_FILE(a->source.file), .flags = a->personal ? OUTPUT_PERSONAL : 0 };
	struct output_source source = { a->source.path, a->source.size, a->cleaned ? media_clean : NULL };

	if (a->bytes.ptr)
		return output_write(b->output, worker, path_of(a->url), a->bytes, a->hash, &meta);
	return output_copy(b->output, worker, path_of(a->url), &source, a->hash, a->size, &meta);
}

/* The index of the search is some thousand files: they are written on all threads. */
struct putting { struct build *b; _Atomic size_t next; atomic_bool stopped; };
#define AT_ONCE ((size_t)16)

static void
put_made_assets(void *context, unsigned worker)
{
	struct putting *p = context;
	const struct assets *assets = &p->b->assets;
	size_t from;

	while (!atomic_load(&p->stopped) && (from = atomic_fetch_add(&p->next, AT_ONCE)) < assets->list.len)
		for (size_t i = from; i < from + AT_ONCE && i < assets->list.len; i++)
			if (assets->list.ptr[i]->bytes.ptr && !put_asset(p->b, worker, assets->list.ptr[i]))
				atomic_store(&p->stopped, true);
}

bool
build_put_assets(struct build *b)
{
	struct putting made = { .b = b };

	os_parallel(b->workers, put_made_assets, &made);
	if (made.stopped)
		return output_publish(b->output, b->diag);    /* says why */
	for (size_t i = 0; i < b->assets.list.len; i++)
		if (!b->assets.list.ptr[i]->bytes.ptr && !put_asset(b, 0, b->assets.list.ptr[i]))
			return output_publish(b->output, b->diag);
	for (size_t i = 0; i < b->site.media.len; i++) {
		const struct media *m = b->site.media.ptr[i];
		struct output_meta meta = { .mime = m->mime, .modified = DAY_NONE, .at = SPAN_FILE(m->source.file), .flags = m->personal ? OUTPUT_PERSONAL : 0 };
		struct output_source source = { m->source.path, m->source.size, m->cleaned ? media_clean : NULL };
		if (!output_copy(b->output, 0, path_of(m->url), &source, m->hash, m->size, &meta))
			return output_publish(b->output, b->diag);
	}
	return true;
}

static bool
put_text(struct build *b, const char *path, const struct buf *text)
{
	struct output_meta meta = { .mime = S("text/plain"), .modified = DAY_NONE };
	str bytes = buf_copy(text, &b->late);

	if (text->failed) {
		diag_add(b->diag, FILE_TOO_LARGE, SPAN_FILE(files_add(b->diag->files, str_from_c(path))), S("64 Mio"));
		return false;
	}
	return output_write(b->output, 0, str_from_c(path), bytes, hash64(bytes), &meta);
}

static struct server_redirect *
redirects_of(const struct build *b, struct arena *out)
{
	struct server_redirect *list = arena_array(out, struct server_redirect, b->site.redirects.len);

	for (size_t i = 0; i < b->site.redirects.len; i++)
		list[i] = (struct server_redirect){ b->site.redirects.ptr[i].from, b->site.redirects.ptr[i].to };
	return list;
}

bool
build_put_redirects(struct build *b)
{
	struct server_site s = { .base_path = b->site.base_path, .n_redirects = (uint32_t)b->site.redirects.len, .redirects = redirects_of(b, &b->late) };
	struct output_meta meta = { .mime = S("text/html"), .modified = DAY_NONE, .flags = OUTPUT_NOINDEX };
	struct buf text;
	bool ok = true, too_large;

	buf_init(&text, MAX_SERVER_FILE);
	for (uint32_t i = 0; i < s.n_redirects && ok; i++) {
		str bytes;
		buf_clear(&text);
		servers_put_redirect_page(&s, &s.redirects[i], &text);
		bytes = buf_copy(&text, &b->late);
		ok = output_write(b->output, 0, servers_redirect_path(s.redirects[i].from, &b->late), bytes, hash64(bytes), &meta);
	}
	if (ok && s.n_redirects) {
		buf_clear(&text);
		servers_put_redirects(&s, &text);
		ok = put_text(b, "_redirects", &text);
	}
	too_large = text.failed;
	buf_free(&text);
	return ok || (!too_large && output_publish(b->output, b->diag));
}

static const struct csp_rule *
rules_of(const struct page_headers *h, struct arena *out)
{
	struct csp_rule *rules = arena_array(out, struct csp_rule, h->len);

	for (uint32_t i = 0; i < h->len; i++)
		rules[i] = (struct csp_rule){ h->ptr[i].name, h->ptr[i].value };
	return rules;
}

/* What is told of a page; one without <meta> says by a header that it is not to be indexed. */
struct server_path
build_server_path(const struct build *b, const struct page *p, struct arena *out)
{
	static const struct csp_rule noindex[] = { { S_INIT("X-Robots-Tag"), S_INIT("noindex") } };
	struct server_path path = {
		.path = p->url, .csp = rules_of(&p->csp, out), .n_csp = p->csp.len,
		.headers = rules_of(&p->headers, out), .n_headers = p->headers.len, .at = p->at,
	};

	if (p->noindex && b->site.online && !path.n_headers && !str_starts(p->mime, S("text/html"))) {
		path.headers = noindex;
		path.n_headers = 1;
	}
	return path;
}

/* The published addresses; the folder of assets counts as one. */
static void
add_server_paths(struct build *b, struct server_site *s)
{
	s->paths = arena_array(&b->late, struct server_path, b->plan.pages.len + 1);
	for (size_t i = 0; i < b->plan.pages.len; i++)
		if (b->plan.pages.ptr[i]->wave > 1)
			s->paths[s->n_paths++] = build_server_path(b, b->plan.pages.ptr[i], &b->late);
	s->paths[s->n_paths++] = (struct server_path){ .path = s->immutable };
}

struct server_site
build_server_site(const struct build *b, struct arena *out)
{
	return (struct server_site){
		.base_path = b->site.base_path, .https = str_starts(b->site.base_url, S("https://")), .immutable = S("/assets/"),
		.noindex = !b->site.online, .has_404 = map_find(&b->plan.by_url, S("/404.html"), NULL),
		.redirects = redirects_of(b, out), .n_redirects = (uint32_t)b->site.redirects.len,
	};
}

bool
build_put_servers(struct build *b)
{
	struct server_site s = build_server_site(b, &b->late);
	struct { const char *path; void (*put)(const struct server_site *, struct arena *, struct buf *); } files[] = {
		{ "_headers", servers_put_headers }, { ".htaccess", servers_put_htaccess }, { "nginx.conf", servers_put_nginx },
	};
	struct buf text;
	bool ok = true, too_large;

	add_server_paths(b, &s);
	if (!servers_check(&s, b->diag))
		return false;
	buf_init(&text, MAX_SERVER_FILE);
	for (size_t i = 0; i < sizeof files / sizeof *files && ok; i++) {
		buf_clear(&text);
		files[i].put(&s, &b->late, &text);
		ok = put_text(b, files[i].path, &text);
	}
	too_large = text.failed;
	buf_free(&text);
	return ok || (!too_large && output_publish(b->output, b->diag));
}

/* The soonest of what the site's dates and its templates asked about. */
static struct site_change
next_change(const struct build *b)
{
	struct site_change next = { DAY_NONE, NULL, STR_NONE };

	if (b->site.changes.len)
		next = b->site.changes.ptr[0];
	if (b->rendered.changes.len && (next.date == DAY_NONE || b->rendered.changes.ptr[0].date < next.date))
		next = b->rendered.changes.ptr[0];
	return next;
}

void
build_report(struct build *b)
{
	struct output_manifest m = output_manifest(b->output);
	struct site_change next = next_change(b);

	b->report->n_items = b->site.n_items;
	b->report->n_pages = b->rendered.n_pages;
	b->report->n_files = (uint32_t)m.len;
	b->report->n_written = (uint32_t)m.n_written;
	b->report->n_left_out = b->site.n_left_out;
	b->report->bytes = m.bytes;
	b->report->date = b->site.date;
	b->report->next_change = next.date;
	b->report->next_change_why = next.item ? str_cat(b->arena, next.item->type->name, S(":"), next.item->slug, S(", "), next.why) : str_copy(b->arena, next.why);
	b->report->nanoseconds = os_ticks() - b->started;
}

bool
build_write_record(struct build *b)
{
	const struct build_report *r = b->report;
	struct output_record record = {
		.version = S(VITRINE_VERSION), .libraries = vitrine_version(&b->late), .date = r->date, .next_change = r->next_change,
		.next_change_why = r->next_change_why, .n_items = r->n_items, .n_pages = r->n_pages, .n_files = r->n_files,
		.n_left_out = r->n_left_out, .bytes = r->bytes, .online = b->site.online, .base_url = b->site.base_url,
	};

	return output_write_record(b->options->site_dir, &record, &b->late, b->diag);
}
