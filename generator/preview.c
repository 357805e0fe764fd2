/* A site that is loaded and drawn on demand: the front half of the spine, then single pages. */
#include "preview.h"

#include "base/hash.h"
#include "build.h"
#include "os/os.h"

#define PAINTERS 4               /* pages drawn at one time */
#define MAX_FILE ((size_t)64 << 20)

struct painter {
	struct arena out;
	struct arena painted;        /* the picture drawn last */
	struct diag diag;
	struct script_state *state;
	bool busy;
};

/* A page whose bytes were made once: what they were. */
struct drawn { struct render_drawn file; bool known; };

struct preview {
	struct arena arena;
	_Atomic unsigned users;      /* of what is not drawn with: who shows it, the memo, previews that stand on it */
	struct preview *base;        /* the one that this one stands on; NULL: it is whole */
	struct files files;
	struct diag diag;
	struct build_report report;
	struct build build;
	struct server_site server;
	struct map others;           /* path → struct other *: what is no page */
	bool ready;
	uint64_t nanoseconds;
	atomic_bool abandoned;
	struct os_monitor *door;     /* of all that follows */
	struct painter painters[PAINTERS];
	bool opening;                /* a state is being opened, or an error traced: one at a time */
	struct drawn *drawn;         /* [page->index] */
	enum { NOT_GATHERED, GATHERING, GATHERED } manifest;
	struct arena index_arena;
	struct assets index;         /* of the search, made when a page names it */
	bool indexed[MODEL_MAX_LANGUAGES], indexing;
};

struct preview_memo {
	struct memo_place place;
	struct preview *base;        /* the last whole one that others can stand on; NULL without */
};

struct other {
	const struct asset *asset;
	const struct media *media;
	const struct server_redirect *redirect;
};

/* --- the index of the search: dear, and named by few pages --- */

/* Behind the door, through which others look for those that are there already. */
static void
add_index(struct preview *p, const struct assets *made)
{
	for (size_t i = 0; i < made->list.len; i++)
		*vec_push(&p->index_arena, &p->index.list) = made->list.ptr[i];
	for (uint32_t i = 0; i < made->by_name.len; i++)
		map_set(&p->index_arena, &p->index.by_name, made->by_name.entries[i].key, made->by_name.entries[i].value);
}

static void
make_index(struct preview *p, uint8_t language)
{
	os_monitor_enter(p->door);
	while (p->indexing)
		os_monitor_wait(p->door);
	if (!p->indexed[language]) {
		struct assets made = { .out = &p->index_arena };
		p->indexing = true;
		os_monitor_leave(p->door);
		build_add_index(&p->build, language, &made, &p->index_arena);
		os_monitor_enter(p->door);
		add_index(p, &made);
		p->indexing = false;
		p->indexed[language] = true;
		os_monitor_wake(p->door);
	}
	os_monitor_leave(p->door);
}

static void
make_indexes(struct preview *p)
{
	for (uint8_t i = 0; p->build.search && i < p->build.site.n_languages; i++)
		make_index(p, i);
}

/* For media_asset. */
static const struct asset *
find_index(void *preview, str name)
{
	struct preview *p = preview;
	const struct asset *found = NULL;
	str rest = str_slice(name, S("recherche/").len, name.len);

	if (!p->build.search || !str_starts(name, S("recherche/")) || !str_ends(rest, S(".bin")))
		return NULL;
	for (uint8_t i = 0; i < p->build.site.n_languages && !found; i++)
		if (str_equal(str_slice(rest, 0, rest.len - 4), p->build.site.languages[i])) {
			make_index(p, i);
			os_monitor_enter(p->door);
			found = media_asset(&p->index, name);
			os_monitor_leave(p->door);
		}
	return found;
}

/* The file at an address, "/assets/recherche/…", NULL for any other. */
static const struct asset *
find_index_file(struct preview *p, str url)
{
	const struct asset *found = NULL;

	if (!str_starts(url, S("/assets/recherche/")))
		return NULL;
	make_indexes(p);
	os_monitor_enter(p->door);
	for (size_t i = 0; i < p->index.list.len && !found; i++)
		if (str_equal(p->index.list.ptr[i]->url, url))
			found = p->index.list.ptr[i];
	os_monitor_leave(p->door);
	return found;
}

/* --- loading --- */

static void
add_other(struct preview *p, str path, struct other other)
{
	struct other *o = arena_new(&p->arena, struct other);

	*o = other;
	map_set(&p->arena, &p->others, path, o);
}

/* A page at a former address has given way to what stands there now, in the published tree too. */
static void
list_others(struct preview *p)
{
	struct build *b = &p->build;

	for (uint32_t i = 0; i < p->server.n_redirects; i++)
		add_other(p, servers_redirect_path(p->server.redirects[i].from, &p->arena), (struct other){ .redirect = &p->server.redirects[i] });
	for (size_t i = 0; i < b->assets.list.len; i++)
		add_other(p, str_slice(b->assets.list.ptr[i]->url, 1, SIZE_MAX), (struct other){ .asset = b->assets.list.ptr[i] });
	for (size_t i = 0; i < b->site.media.len; i++)
		add_other(p, str_slice(b->site.media.ptr[i]->url, 1, SIZE_MAX), (struct other){ .media = b->site.media.ptr[i] });
}

/* Pages name the resources of wave 1 by their bytes: these come first. The state that drew them will draw pages. */
static bool
draw_resources(struct preview *p)
{
	struct build *b = &p->build;
	struct painter *painter = &p->painters[0];
	bool fine;

	painter->state = ahead_take(b);
	if (painter->state)
		return true;
	painter->state = script_open(b->script, &painter->out, &p->diag);
	if (!painter->state)
		return false;
	fine = reload_take_resources(b) || render_resources(&b->plan, b->script, &b->assets, painter->state, &p->diag);
	script_rest(painter->state);
	return fine;
}

/* Those of every page, as a build does. */
static bool
check_headers(struct preview *p)
{
	const struct plan *plan = &p->build.plan;
	struct server_site all = p->server;
	struct arena tmp;
	bool fine;

	arena_init(&tmp, &os_pages_kept);
	all.paths = arena_array(&tmp, struct server_path, plan->pages.len);
	for (size_t i = 0; i < plan->pages.len; i++)
		if (plan->pages.ptr[i]->wave > 1 && (plan->pages.ptr[i]->headers.len || plan->pages.ptr[i]->csp.len))
			all.paths[all.n_paths++] = build_server_path(&p->build, plan->pages.ptr[i], &tmp);
	fine = servers_check(&all, &p->diag);
	arena_free(&tmp);
	return fine;
}

/* --- one that stands on another --- */

static struct preview *
hold(struct preview *p)
{
	atomic_fetch_add(&p->users, 1);
	return p;
}

static void
let_go(struct preview *p)
{
	struct arena arena;

	while (p && atomic_fetch_sub(&p->users, 1) == 1) {
		struct preview *base = p->base;
		for (unsigned i = 0; i < PAINTERS; i++)
			arena_free(&p->painters[i].out);
		build_end(&p->build);
		arena = p->arena;            /* which holds p itself */
		arena_free(&arena);
		p = base;
	}
}

/* Does what was saved leave the site and the plan of the memo's as they are? */
static void
find_base(struct preview *p, struct preview_memo *memo, const struct saved_files *saved)
{
	struct saved_file *files;

	if (!memo->base || !saved)
		return;
	files = arena_array(&p->arena, struct saved_file, saved->len + 1);
	for (size_t i = 0; i < saved->len; i++)
		files[i] = (struct saved_file){ str_copy(&p->arena, saved->ptr[i].path), saved->ptr[i].came, saved->ptr[i].seen };
	if (reload_find(&p->build, &memo->base->build, &(struct saved_files){ files, saved->len }))
		p->base = hold(memo->base);
}

static void
become_base(struct preview *p, struct preview_memo *memo)
{
	let_go(memo->base);
	memo->base = reload_can_stand(&p->build) ? hold(p) : NULL;
}

static bool
load(struct preview *p, bool first)
{
	struct build *b = &p->build;

	if (!p->base || reload_plans(b))
		b->ahead = ahead_open(&p->painters[0].out);
	if (!build_load(b)) {
		p->painters[0].state = ahead_take(b);
		return false;
	}
	if (first)
		build_save_packs(b, b->diag);
	b->assets.find_more = find_index;
	b->assets.context = p;
	if (!draw_resources(p))
		return false;
	p->server = build_server_site(b, &p->arena);
	p->server.https = false;     /* this server speaks plainly, whatever the published one does */
	p->drawn = arena_array(&p->arena, struct drawn, b->plan.pages.len);
	list_others(p);
	return check_headers(p);
}

struct preview_memo *
preview_memo_new(struct arena *out)
{
	return arena_new(out, struct preview_memo);
}

void
preview_memo_free(struct preview_memo *m)
{
	let_go(m->base);
	m->base = NULL;
	memo_drop(m->place.memo);
	script_kept_drop(m->place.code);
	m->place = (struct memo_place){ 0 };
}

void
preview_free(struct preview *p)
{
	for (unsigned i = 0; i < PAINTERS; i++) {
		if (p->painters[i].state)
			script_close(p->painters[i].state);
		p->painters[i].state = NULL;
		arena_free(&p->painters[i].painted);
	}
	arena_free(&p->index_arena);
	os_monitor_close(p->door);
	let_go(p);
}

struct preview *
preview_load(const struct build_options *o, struct preview_memo *memo, const struct saved_files *saved, bool first)
{
	struct arena arena;
	struct preview *p;
	uint64_t started = os_ticks();

	arena_init(&arena, &os_pages_kept);
	p = arena_new(&arena, struct preview);
	p->arena = arena;
	atomic_init(&p->users, 1);
	files_init(&p->files, &p->arena);
	p->files.read = source_reread;
	p->files.context = &p->build.source;
	diag_init(&p->diag, &p->arena, &p->files);
	p->door = os_monitor_open();
	arena_init(&p->index_arena, &os_pages_kept);
	p->index.out = &p->index_arena;
	for (unsigned i = 0; i < PAINTERS; i++) {
		arena_init(&p->painters[i].out, &os_pages_kept);
		arena_init(&p->painters[i].painted, &os_pages_kept);
		diag_init(&p->painters[i].diag, &p->painters[i].out, &p->files);
	}
	build_begin(&p->build, o, &p->arena, &p->diag, &p->report);
	p->build.place = &memo->place;
	find_base(p, memo, saved);
	p->ready = load(p, first);
	p->build.place = NULL;
	if (reload_failed(&p->build)) {
		preview_free(p);
		return preview_load(o, memo, NULL, first);
	}
	if (p->ready && !p->base)
		become_base(p, memo);
	p->nanoseconds = os_ticks() - started;
	return p;
}

bool
preview_ready(const struct preview *p)
{
	return p->ready;
}

bool
preview_whole(const struct preview *p)
{
	return !p->base;
}

const struct diag *
preview_diag(const struct preview *p)
{
	return &p->diag;
}

enum vitrine_status
preview_status(const struct preview *p)
{
	enum vitrine_status status = build_status(&p->build);

	return p->ready || status != VITRINE_OK ? status : VITRINE_ERRORS;
}

struct preview_size
preview_size(const struct preview *p)
{
	return (struct preview_size){ p->build.site.n_items, (uint32_t)p->build.plan.pages.len, p->nanoseconds };
}

str
preview_base_path(const struct preview *p)
{
	return p->build.site.base_path;
}

size_t
preview_theme_dirs(const struct preview *p, struct arena *out, str **dirs)
{
	size_t n = p->build.source.roots.len;

	*dirs = arena_array(out, str, n);
	for (size_t i = 1; i < n; i++)
		(*dirs)[i - 1] = str_copy(out, p->build.source.roots.ptr[i].dir);
	return n ? n - 1 : 0;
}

void
preview_abandon(struct preview *p)
{
	atomic_store(&p->abandoned, true);
}

/* --- drawing --- */

static struct painter *
idle_painter(struct preview *p, bool with_state)
{
	for (unsigned i = 0; i < PAINTERS; i++)
		if (!p->painters[i].busy && !p->painters[i].state == !with_state)
			return &p->painters[i];
	return NULL;
}

/* Opening a state and tracing an error look at what others of the kind change: one does so at a time. */
static void
begin_opening(struct preview *p)
{
	while (p->opening)
		os_monitor_wait(p->door);
	p->opening = true;
	os_monitor_leave(p->door);
}

static void
end_opening(struct preview *p)
{
	os_monitor_enter(p->door);
	p->opening = false;
	os_monitor_wake(p->door);
}

/* One that draws, else a new one, else the first that ends. Its state is NULL when it could not be opened. */
static struct painter *
take_painter(struct preview *p)
{
	struct painter *painter;

	os_monitor_enter(p->door);
	while (!(painter = idle_painter(p, true)) && !(painter = idle_painter(p, false)))
		os_monitor_wait(p->door);
	painter->busy = true;
	if (!painter->state) {
		begin_opening(p);
		painter->state = script_open(p->build.script, &painter->out, &painter->diag);
		end_opening(p);
	}
	os_monitor_leave(p->door);
	return painter;
}

static void
give_back(struct preview *p, struct painter *painter)
{
	if (painter->state)
		script_rest(painter->state);
	os_monitor_enter(p->door);
	painter->busy = false;
	os_monitor_wake(p->door);
	os_monitor_leave(p->door);
}

static void
report(struct preview *p, const struct script_error *error, struct diag *problems)
{
	os_monitor_enter(p->door);
	begin_opening(p);
	script_report(p->build.script, error, 0, problems);
	end_opening(p);
	os_monitor_leave(p->door);
}

static bool
find_drawn(struct preview *p, const struct page *page, uint64_t *hash)
{
	bool known;

	os_monitor_enter(p->door);
	known = p->drawn[page->index].known;
	*hash = p->drawn[page->index].file.hash;
	os_monitor_leave(p->door);
	return known;
}

/* The bytes are the painter's. */
static bool
draw(struct preview *p, struct painter *painter, const struct page *page, str *bytes, uint64_t *hash, struct diag *problems)
{
	struct script_result result;

	if (!painter->state) {
		diag_merge(problems, &painter->diag);
		return false;
	}
	if (!script_render(painter->state, page, bytes, &result)) {
		report(p, result.error, problems);
		return false;
	}
	if (!render_paint(page, NULL, 0, &painter->painted, bytes, problems))
		return false;
	*hash = hash64(*bytes);
	os_monitor_enter(p->door);
	p->drawn[page->index] = (struct drawn){ { bytes->len, *hash }, true };
	os_monitor_leave(p->door);
	return true;
}

/* --- wave 3, which sees all other files --- */

/* Is it for the caller to gather? Waits for another who does. */
static bool
begin_gathering(struct preview *p)
{
	bool mine;

	os_monitor_enter(p->door);
	while (p->manifest == GATHERING)
		os_monitor_wait(p->door);
	mine = p->manifest == NOT_GATHERED;
	if (mine)
		p->manifest = GATHERING;
	os_monitor_leave(p->door);
	return mine;
}

static void
end_gathering(struct preview *p, bool done)
{
	os_monitor_enter(p->door);
	p->manifest = done ? GATHERED : NOT_GATHERED;
	os_monitor_wake(p->door);
	os_monitor_leave(p->door);
}

static void
hand_manifest(struct preview *p)
{
	const struct plan *plan = &p->build.plan;
	struct render_drawn *drawn = arena_array(&p->build.late, struct render_drawn, plan->pages.len);
	struct assets all = { .out = &p->build.late };
	struct script_file *files;
	uint32_t n;

	make_indexes(p);
	os_monitor_enter(p->door);
	for (size_t i = 0; i < plan->pages.len; i++)
		drawn[i] = p->drawn[i].file;
	for (size_t i = 0; i < p->build.assets.list.len; i++)
		*vec_push(all.out, &all.list) = p->build.assets.list.ptr[i];
	for (size_t i = 0; i < p->index.list.len; i++)
		*vec_push(all.out, &all.list) = p->index.list.ptr[i];
	os_monitor_leave(p->door);
	render_manifest(plan, &all, drawn, &p->build.late, &files, &n);
	script_set_manifest(p->build.script, files, n);
}

/* Draws every page that was not. False when one cannot be, or nobody waits any longer. */
static bool
gather(struct preview *p, struct painter *painter, struct diag *problems)
{
	const struct plan *plan = &p->build.plan;
	uint64_t hash;
	bool fine = true;
	str bytes;

	if (!begin_gathering(p))
		return true;
	for (size_t i = 0; fine && i < plan->pages.len; i++)
		if (plan->pages.ptr[i]->wave == 2 && !find_drawn(p, plan->pages.ptr[i], &hash))
			fine = !atomic_load(&p->abandoned) && draw(p, painter, plan->pages.ptr[i], &bytes, &hash, problems);
	if (fine)
		hand_manifest(p);
	end_gathering(p, fine);
	return fine;
}

/* --- answers --- */

/* Texts are UTF-8; the rest says its charset itself, or has none. */
static str
with_charset(str mime, struct arena *out)
{
	return str_cat(out, mime, str_starts(mime, S("text/")) ? S("; charset=utf-8") : S(""));
}

static void
set_headers(struct preview *p, const struct server_path *path, str mime, struct arena *out, struct preview_file *file)
{
	struct server_headers headers = servers_headers(&p->server, path, out);

	file->mime = with_charset(mime, out);
	file->headers = headers.ptr;
	file->n_headers = headers.len;
	for (size_t i = 0; i < headers.len; i++) {
		headers.ptr[i] = (struct csp_rule){ str_copy(out, headers.ptr[i].name), str_copy(out, headers.ptr[i].value) };
		if (str_equal_fold(headers.ptr[i].name, S("Content-Type")))
			file->mime = STR_NONE;
	}
}

static bool
draw_page(struct preview *p, const struct page *page, uint64_t known, struct arena *out, struct preview_file *file)
{
	struct painter *painter;
	bool fine;
	str bytes;

	if (known && find_drawn(p, page, &file->hash) && file->hash == known)
		return true;
	painter = take_painter(p);
	fine = (page->wave < 3 || gather(p, painter, &file->problems)) && draw(p, painter, page, &bytes, &file->hash, &file->problems);
	if (fine)
		file->bytes = str_copy(out, bytes);
	give_back(p, painter);
	return fine;
}

static void
answer_page(struct preview *p, const struct page *page, uint64_t known, struct arena *out, struct preview_file *file)
{
	struct server_path path = build_server_path(&p->build, page, out);

	if (!draw_page(p, page, known, out, file)) {
		file->kind = file->problems.n_errors ? PREVIEW_BROKEN : PREVIEW_ABANDONED;
		return;
	}
	set_headers(p, &path, page->mime, out, file);
	file->kind = PREVIEW_FILE;
	/* What is copied out of an e-mail's page goes to people. */
	file->live = str_equal(page->mime, S("text/html")) && !script_layout_is_email(page->layout);
}

struct stored { const struct source_file *source; str bytes, mime, url; uint64_t hash; bool cleaned; };

/* A file that is gone or has changed since is nothing: the site is loaded anew at once. */
static void
answer_stored(struct preview *p, const struct stored *s, uint64_t known, struct arena *out, struct preview_file *file)
{
	struct server_path path = { .path = s->url };

	file->hash = s->hash;
	file->bytes = s->bytes.ptr && known != s->hash ? str_copy(out, s->bytes) : STR_NONE;
	if (known != s->hash && !s->bytes.ptr) {
		if (os_read(s->source->path, MAX_FILE, true, out, &file->bytes) != 0)
			return;
		if (s->cleaned)
			file->bytes = media_clean(s->source->path, file->bytes, out);
		if (!file->bytes.ptr || hash64(file->bytes) != s->hash)
			return;
	}
	set_headers(p, &path, s->mime, out, file);
	file->kind = PREVIEW_FILE;
}

static void
answer_asset(struct preview *p, const struct asset *a, uint64_t known, struct arena *out, struct preview_file *file)
{
	struct stored stored = { &a->source, a->bytes, a->mime, a->url, a->hash, a->cleaned };

	answer_stored(p, &stored, known, out, file);
}

static void
answer_media(struct preview *p, const struct media *m, uint64_t known, struct arena *out, struct preview_file *file)
{
	struct stored stored = { &m->source, STR_NONE, m->mime, m->url, m->hash, m->cleaned };

	answer_stored(p, &stored, known, out, file);
}

static void
answer_other(struct preview *p, const struct other *o, uint64_t known, struct arena *out, struct preview_file *file)
{
	if (o->asset) {
		answer_asset(p, o->asset, known, out, file);
	} else if (o->media) {
		answer_media(p, o->media, known, out, file);
	} else {
		file->kind = PREVIEW_MOVED;
		file->permanent = true;
		file->location = servers_target(&p->server, o->redirect->to, out);
	}
}

static const struct page *
find_page(const struct preview *p, str url)
{
	const struct page *page = map_get(&p->build.plan.by_url, url);

	if (!page && str_ends(url, S("/index.html")))
		page = map_get(&p->build.plan.by_url, str_slice(url, 0, url.len - S("index.html").len));
	return page;
}

static const struct other *
find_other(const struct preview *p, str url, struct arena *tmp)
{
	str path = str_slice(url, 1, url.len);

	if (!path.len || str_ends(path, S("/")))
		path = str_cat(tmp, path, S("index.html"));
	return map_get(&p->others, path);
}

/* "/contact" is "/contact/" on every server of files. */
static void
answer_folder(struct preview *p, str url, struct arena *out, struct preview_file *file)
{
	str folder = str_cat(out, url, S("/"));

	if (str_ends(url, S("/")) || (!find_page(p, folder) && !find_other(p, folder, out)))
		return;
	file->kind = PREVIEW_MOVED;
	file->location = servers_target(&p->server, folder, out);
}

void
preview_get(struct preview *p, str url, uint64_t known, struct arena *out, struct preview_file *file)
{
	str base = p->build.site.base_path;
	const struct asset *index;
	const struct other *other;
	const struct page *page;

	*file = (struct preview_file){ .kind = PREVIEW_NOTHING };
	diag_init(&file->problems, out, &p->files);
	if (str_equal(url, base) || (base.len && str_equal(url, S("/")))) {
		file->kind = PREVIEW_MOVED;
		file->location = str_cat(out, base, S("/"));
		return;
	}
	if (!str_starts(url, base) || url.ptr[base.len] != '/')
		return;
	url = str_slice(url, base.len, url.len);
	if ((page = find_page(p, url)))
		answer_page(p, page, known, out, file);
	else if ((other = find_other(p, url, out)))
		answer_other(p, other, known, out, file);
	else if ((index = find_index_file(p, url)))
		answer_asset(p, index, known, out, file);
	else
		answer_folder(p, url, out, file);
}

/* --- what changed from one to the next --- */

static bool
is_style(const struct asset *a)
{
	return str_equal(a->mime, S("text/css"));
}

static size_t
count_styles(const struct preview *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->build.assets.list.len; i++)
		n += is_style(p->build.assets.list.ptr[i]);
	return n;
}

struct preview_pairs
preview_changed_styles(const struct preview *before, const struct preview *now, struct arena *out)
{
	struct preview_pairs pairs = { 0 };

	if (count_styles(before) != count_styles(now))
		return pairs;
	for (size_t i = 0; i < before->build.assets.list.len; i++) {
		const struct asset *a = before->build.assets.list.ptr[i], *b = map_get(&now->build.assets.by_name, a->name);
		if (!is_style(a) || (b && str_equal(a->url, b->url)))
			continue;
		if (!b)
			return (struct preview_pairs){ 0 };
		*vec_push(out, &pairs) = str_cat(out, before->build.site.base_path, a->url);
		*vec_push(out, &pairs) = str_cat(out, now->build.site.base_path, b->url);
	}
	return pairs;
}
