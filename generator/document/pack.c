/* Texts as Markdown gave them, one piece of a keyed file each. */
#include "document/pack.h"

#include "base/keyed.h"
#include "document/draft.h"
#include "document/version.h"
#include "os/os.h"

#define MAGIC UINT64_C(0x334b4341504d4456)      /* "VDMPACK3" where the lowest byte comes first */
#define MAX_FILE ((size_t)1 << 40)

/* An entry: this, its holes, its headings, then its texts without anything between them, in the order of the fields. */
struct entry {
	uint32_t html, plain;        /* lengths; of plain one more, 0 when there is none */
	uint32_t n_holes, n_headings;
};
struct packed_hole {
	uint32_t at, text_at;
	uint32_t start, end;         /* in the body */
	uint32_t target;             /* length */
	uint16_t kind, empty_text;
};
struct packed_heading {
	uint32_t start, end;
	uint32_t id, text;           /* lengths */
	uint32_t level;
};

struct pack_worker {
	const struct pack *pack;
	struct draft_worker *draft;
	struct arena lists, rendered, tmp;
	VEC(struct keyed_piece) used;        /* entries */
	uint64_t n_new;              /* of them */
	struct pack_counts counts;
};
struct pack {
	struct keyed old;            /* as read */
	str mapped;
	struct draft *draft;
	uint64_t seed;               /* what all keys have in common */
	struct pack_worker *workers;
	unsigned n_workers;
};

/* --- keys --- */

static struct hash128
key_of(const struct pack *p, str body, const struct markdown_options *o)
{
	struct { struct hash128 body; uint64_t seed, language, prefix; uint32_t max_body, max_columns, max_cells, form; } all = {
		hash128(body), p->seed, hash64(o->language), hash64(o->prefix), o->max_body, o->max_columns, o->max_cells,
		(uint32_t)o->inline_only | (uint32_t)(o->end != 0) << 1,
	};

	return hash128((str){ (const char *)&all, sizeof all });
}

/* --- reading entries --- */

/* Takes `n` bytes from the front; false when there are not so many. */
static bool
take(str *rest, size_t n, str *piece)
{
	if (n > rest->len)
		return false;
	*piece = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->len);
	return true;
}

static uint32_t
placed(const struct markdown_options *o, uint32_t at, bool end)
{
	if (o->end)
		return end ? o->end : o->offset;
	return o->offset + at;
}

static bool
read_holes(struct markdown *md, str packed, str *texts, size_t body, const struct markdown_options *o, struct arena *out)
{
	uint32_t from = 0;

	md->holes = md->n_holes ? arena_array(out, struct markdown_hole, md->n_holes) : NULL;
	for (uint32_t i = 0; i < md->n_holes; i++) {
		struct packed_hole p;
		str target;
		memcpy(&p, packed.ptr + i * sizeof p, sizeof p);
		if (!take(texts, p.target, &target) || p.kind > MARKDOWN_IMAGE || p.empty_text > 1 || p.at < from || p.at > md->html.len ||
		    p.text_at > md->html.len || (p.empty_text && p.text_at < p.at) || p.start > p.end || p.end > body)
			return false;
		from = p.empty_text ? p.text_at : p.at;
		md->holes[i] = (struct markdown_hole){
			.kind = (enum markdown_hole_kind)p.kind, .at = p.at, .text_at = p.text_at, .empty_text = p.empty_text, .target = target,
			.start = placed(o, p.start, false), .end = placed(o, p.end, true),
		};
	}
	return true;
}

static bool
read_headings(struct markdown *md, str packed, str *texts, size_t body, const struct markdown_options *o, struct arena *out)
{
	md->headings = md->n_headings ? arena_array(out, struct markdown_heading, md->n_headings) : NULL;
	for (uint32_t i = 0; i < md->n_headings; i++) {
		struct packed_heading p;
		str id, text;
		memcpy(&p, packed.ptr + i * sizeof p, sizeof p);
		if (!take(texts, p.id, &id) || !take(texts, p.text, &text) || p.level < 2 || p.level > 6 || p.start > p.end || p.end > body)
			return false;
		md->headings[i] = (struct markdown_heading){
			.level = (uint8_t)p.level, .id = id, .text = text, .start = placed(o, p.start, false), .end = placed(o, p.end, true),
		};
	}
	return true;
}

/* False when the bytes are no entry for a body of this length. */
static bool
read_entry(struct markdown *md, str bytes, size_t body, const struct markdown_options *o, struct arena *out)
{
	struct entry head;
	str rest = bytes, first, holes, headings;

	if (!take(&rest, sizeof head, &first))
		return false;
	memcpy(&head, first.ptr, sizeof head);
	*md = (struct markdown){ .n_holes = head.n_holes, .n_headings = head.n_headings };
	if (!take(&rest, head.n_holes * sizeof(struct packed_hole), &holes) ||
	    !take(&rest, head.n_headings * sizeof(struct packed_heading), &headings) ||
	    !take(&rest, head.html, &md->html) || (head.plain && !take(&rest, head.plain - 1, &md->plain)))
		return false;
	/* What links and headings say is looked at again and again: not beside the text, which is then in no memory (pack_forget). */
	rest = str_copy(out, rest);
	return read_holes(md, holes, &rest, body, o, out) && read_headings(md, headings, &rest, body, o, out) && rest.len == 0;
}

/* --- making entries --- */

static char *
put(char *at, const void *bytes, size_t n)
{
	if (n)
		memcpy(at, bytes, n);
	return at + n;
}

static size_t
size_of(const struct markdown *md)
{
	size_t size = sizeof(struct entry) + md->n_holes * sizeof(struct packed_hole) + md->n_headings * sizeof(struct packed_heading) +
	    md->html.len + md->plain.len;

	for (uint32_t i = 0; i < md->n_holes; i++)
		size += md->holes[i].target.len;
	for (uint32_t i = 0; i < md->n_headings; i++)
		size += md->headings[i].id.len + md->headings[i].text.len;
	return size;
}

static char *
put_records(char *at, const struct markdown *md, const struct markdown_options *o)
{
	for (uint32_t i = 0; i < md->n_holes; i++) {
		const struct markdown_hole *h = &md->holes[i];
		struct packed_hole p = {
			.at = h->at, .text_at = h->text_at, .target = (uint32_t)h->target.len, .kind = (uint16_t)h->kind, .empty_text = h->empty_text,
			.start = o->end ? 0 : h->start - o->offset, .end = o->end ? 0 : h->end - o->offset,
		};
		at = put(at, &p, sizeof p);
	}
	for (uint32_t i = 0; i < md->n_headings; i++) {
		const struct markdown_heading *h = &md->headings[i];
		struct packed_heading p = {
			.id = (uint32_t)h->id.len, .text = (uint32_t)h->text.len, .level = h->level,
			.start = o->end ? 0 : h->start - o->offset, .end = o->end ? 0 : h->end - o->offset,
		};
		at = put(at, &p, sizeof p);
	}
	return at;
}

static str
make_entry(const struct markdown *md, const struct markdown_options *o, struct draft_worker *draft, uint64_t *place)
{
	struct entry head = {
		.html = (uint32_t)md->html.len, .plain = md->plain.ptr ? (uint32_t)md->plain.len + 1 : 0, .n_holes = md->n_holes, .n_headings = md->n_headings,
	};
	str bytes = { NULL, size_of(md) };
	char *start = draft_put(draft, bytes.len, place), *at;

	bytes.ptr = start;
	at = put_records(put(start, &head, sizeof head), md, o);
	at = put(at, md->html.ptr, md->html.len);
	at = put(at, md->plain.ptr, md->plain.len);
	for (uint32_t i = 0; i < md->n_holes; i++)
		at = put(at, md->holes[i].target.ptr, md->holes[i].target.len);
	for (uint32_t i = 0; i < md->n_headings; i++) {
		at = put(at, md->headings[i].id.ptr, md->headings[i].id.len);
		at = put(at, md->headings[i].text.ptr, md->headings[i].text.len);
	}
	return bytes;
}

/* What was found goes the same way as what is new, so that both are read alike. */
bool
pack_render(struct pack_worker *w, struct markdown *md, str body, const struct markdown_options *o, struct arena *out, struct diag *diag)
{
	struct markdown_options own = *o;
	struct keyed_piece piece = { .key = key_of(w->pack, body, o) };
	size_t before = diag->entries.len;
	bool fine;

	if (keyed_find(&w->pack->old, piece.key, &piece) && read_entry(md, piece.bytes, body.len, o, out)) {
		*vec_push(&w->lists, &w->used) = piece;
		w->counts.found++;
		return true;
	}
	own.tmp = &w->tmp;
	w->counts.made++;
	fine = markdown_render(md, body, &own, &w->rendered, diag);
	piece.bytes = make_entry(md, o, w->draft, &piece.at);
	read_entry(md, piece.bytes, body.len, o, out);
	arena_reset(&w->rendered);
	if (diag->entries.len == before) {
		piece.sum = hash64(piece.bytes);
		*vec_push(&w->lists, &w->used) = piece;
		w->n_new++;
	}
	return fine;
}

/* --- the file --- */

/* `path`: of the file that this pack may become; STR_NONE for none. */
static struct pack *
make_pack(str path, str bytes, str program, unsigned workers, struct arena *out)
{
	struct pack *p = arena_new(out, struct pack);

	p->seed = hash64(str_cat(out, program, S("\n"), document_versions(out), S("\n" DOCUMENT_SOURCES)));
	p->n_workers = workers;
	p->workers = arena_array(out, struct pack_worker, workers);
	p->draft = draft_new(path, workers, out);
	for (unsigned i = 0; i < workers; i++) {
		struct pack_worker *w = &p->workers[i];
		w->pack = p;
		w->draft = draft_worker(p->draft, i);
		arena_init(&w->lists, out->source);
		arena_init(&w->rendered, out->source);
		arena_init(&w->tmp, out->source);
	}
	p->old = keyed_open(MAGIC, bytes);
	return p;
}

struct pack *
pack_new(str bytes, str program, unsigned workers, struct arena *out)
{
	return make_pack(STR_NONE, bytes, program, workers, out);
}

struct pack_worker *
pack_worker(struct pack *p, unsigned worker)
{
	return &p->workers[worker];
}

struct pack_counts
pack_counts(const struct pack *p)
{
	struct pack_counts all = { 0 };

	for (unsigned i = 0; i < p->n_workers; i++) {
		all.found += p->workers[i].counts.found;
		all.made += p->workers[i].counts.made;
	}
	return all;
}

static uint64_t
count_used(const struct pack *p)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < p->n_workers; i++)
		n += p->workers[i].used.len;
	return n;
}

/* All entries used; what several texts share stands there several times. */
static size_t
gather(const struct pack *p, struct arena *out, struct keyed_piece **all)
{
	size_t n = 0;

	*all = arena_array(out, struct keyed_piece, count_used(p) + 1);
	for (unsigned i = 0; i < p->n_workers; i++)
		for (size_t k = 0; k < p->workers[i].used.len; k++)
			(*all)[n++] = p->workers[i].used.ptr[k];
	return n;
}

static uint64_t
count_new(const struct pack *p)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < p->n_workers; i++)
		n += p->workers[i].n_new;
	return n;
}

/* What is missing of the file, of which `end` bytes are written. */
static bool
missing_parts(struct pack *p, uint64_t end, struct arena *out, str **parts, size_t *n)
{
	struct keyed_piece *all;
	size_t left = gather(p, out, &all);

	for (size_t i = 0; !end && i < left; i++)
		all[i].at = 0;
	*n = keyed_parts(MAGIC, all, &left, end, out, parts);
	return count_new(p) > 0 || left != p->old.n;
}

bool
pack_parts(struct pack *p, struct arena *out, str **parts, size_t *n)
{
	return missing_parts(p, 0, out, parts, n);
}

struct pack *
pack_open(str path, str program, unsigned workers, struct arena *out)
{
	struct pack *p;
	str bytes;

	os_map_file(path, MAX_FILE, &bytes);     /* STR_NONE when it cannot be read */
	p = make_pack(path, bytes, program, workers, out);
	p->mapped = bytes;
	return p;
}

/* The draft gets the name where there is one; what prevents that does not prevent writing the whole. */
static os_error
write_file(struct pack *p, str path, struct arena *tmp)
{
	uint64_t end = draft_end(p->draft);
	os_error e;
	str *parts;
	size_t n;

	if (!missing_parts(p, end, tmp, &parts, &n))
		return 0;
	e = os_make_dirs(str_folder(path));
	if (e || (end && draft_publish(p->draft, parts, n) == 0))
		return e;
	if (end)
		missing_parts(p, 0, tmp, &parts, &n);
	return os_replace_parts(path, parts, n);
}

void
pack_save(struct pack *p, str path, struct diag *diag)
{
	struct arena tmp;
	os_error e;

	/* Texts that stand twice count twice: of few, what is left must be looked at. */
	if (p->old.n >= 100 && keyed_may_wait(&p->old, count_used(p), count_new(p), p->old.n / 100))
		return;
	arena_init(&tmp, &os_pages);
	e = write_file(p, path, &tmp);
	if (e)
		diag_add(diag, PACK_UNWRITABLE, SPAN_NONE, path, os_error_text(e, &tmp));
	arena_free(&tmp);
}

void
pack_forget(const struct pack *p)
{
	draft_forget(p->draft);
	if (p->mapped.len)
		os_forget(p->mapped);
}

void
pack_close(struct pack *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->n_workers; i++) {
		arena_free(&p->workers[i].lists);
		arena_free(&p->workers[i].rendered);
		arena_free(&p->workers[i].tmp);
	}
	draft_close(p->draft);
	os_unmap(p->mapped);
	p->mapped = STR_NONE;
}
