/* A build that would do again what the last one did is done at once. Each publication leaves a note of all that the build asked of the disk, with
 * the answers as hashes (source/reads.h), of what else it depends on, of the published tree, and of what was said. Where everything is as the note
 * says, it is said again; at any doubt, the whole build is made. */
#include "build.h"

#include <string.h>

#include "base/hash.h"
#include "os/os.h"

#define MAGIC UINT64_C(0x324e494147414456)      /* "VDAGAIN2" where the lowest byte comes first */
#define MAX_NOTE ((size_t)1 << 30)

struct again {
	int64_t written_ns;          /* when it was left */
	struct hash128 key;
	uint64_t identity;           /* of the published tree */
	int64_t from, until;         /* seconds since 1970 between which the clock gives the same date */
	uint64_t status;
	struct build_report report;
	const str *keep; uint32_t n_keep;
	struct read_list reads;
	str pages;
};

/* --- what a build depends on besides the disk --- */

static void
put_number(struct buf *out, uint64_t n)
{
	buf_put(out, (str){ (const char *)&n, sizeof n });
}

static void
put_text(struct buf *out, str s)
{
	put_number(out, s.len);
	buf_put(out, s);
}

static void
put_real_path(struct buf *out, str path, struct arena *tmp)
{
	str real;

	put_text(out, os_real_path(path, tmp, &real) == 0 ? real : STR_NONE);
}

/* Threads, --quiet and --profile are not in it: they change nothing that is published or said of the content. */
static struct hash128
key_of(struct build *b)
{
	const struct build_options *o = b->options;
	static const char *const variables[] = { "ICU_DATA", "ICU_TIMEZONE_FILES_DIR" };
	struct hash128 key;
	struct buf text;

	buf_init(&text, MAX_NOTE);
	put_text(&text, vitrine_version(&b->late));
	put_number(&text, os_program_identity());
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		put_text(&text, os_environment(variables[i]));
	put_text(&text, o->program_dir);
	put_text(&text, o->site_dir);
	put_real_path(&text, o->site_dir, &b->late);
	put_real_path(&text, S("."), &b->late);
	put_text(&text, o->output);
	put_text(&text, o->base_url);
	put_number(&text, (uint64_t)o->date);
	put_number(&text, (uint64_t)o->drafts | (uint64_t)o->two_steps << 1 | (uint64_t)o->no_sync << 2);
	key = hash128(buf_str(&text));
	buf_free(&text);
	return key;
}

/* --- writing the note --- */

static void
put_report(struct buf *out, const struct build_report *r)
{
	const uint64_t numbers[] = {
		r->n_items, r->n_pages, r->n_files, r->n_left_out, r->bytes, (uint64_t)r->date, (uint64_t)r->next_change,
	};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		put_number(out, numbers[i]);
	put_text(out, r->next_change_why);
}

static void
put_diagnostics(struct buf *out, const struct diag *diag)
{
	put_number(out, diag->entries.len);
	for (size_t i = 0; i < diag->entries.len; i++) {
		const struct diag_entry *e = &diag->entries.ptr[i];
		put_number(out, (uint64_t)e->code);
		put_text(out, files_path(diag->files, e->at.file));
		put_number(out, (uint64_t)e->at.start << 32 | e->at.end);
		put_number(out, e->n_args);
		for (uint32_t k = 0; k < e->n_args; k++)
			put_text(out, e->args[k]);
	}
}

static void
put_reads(struct buf *out, struct read_list list)
{
	put_number(out, list.len);
	for (size_t i = 0; i < list.len; i++) {
		put_number(out, (uint64_t)list.ptr[i].kind);
		put_number(out, list.ptr[i].max);
		put_number(out, list.ptr[i].answer);
		put_text(out, list.ptr[i].path);
	}
}

static void
put_pages(struct buf *out, struct build *b)
{
	struct buf pages;

	buf_init(&pages, MAX_NOTE);
	sparing_put(b, &pages);
	put_text(out, pages.failed ? S("") : buf_str(&pages));
	buf_free(&pages);
}

static void
put_note(struct buf *out, struct build *b)
{
	struct hash128 key = key_of(b);

	put_number(out, MAGIC);
	put_number(out, key.high);
	put_number(out, key.low);
	put_number(out, output_identity(b->output));
	put_number(out, (uint64_t)(b->site.date_ends == INT64_MAX ? INT64_MIN : b->site_options.now));
	put_number(out, (uint64_t)b->site.date_ends);
	put_number(out, (uint64_t)build_status(b));
	put_report(out, b->report);
	put_number(out, b->n_keep);
	for (uint32_t i = 0; i < b->n_keep; i++)
		put_text(out, b->keep[i]);
	put_reads(out, reads_list(b->reads));
	put_pages(out, b);
	put_diagnostics(out, b->diag);
	put_number(out, hash64(buf_str(out)));
}

/* What the machine refused is not known by the files that were read; nor may it be refused the next time. */
static bool
worth_a_note(const struct build *b)
{
	for (size_t i = 0; i < b->diag->entries.len; i++)
		if (diag_class(b->diag->entries.ptr[i].code) == DIAG_MACHINE || diag_class(b->diag->entries.ptr[i].code) == DIAG_USAGE)
			return false;
	return true;
}

str
again_record(struct build *b)
{
	return str_cat(&b->late, b->options->site_dir, S("/.vitrine/record.json"));
}

void
again_leave_note(struct build *b)
{
	struct buf note;
	str bytes;

	if (!b->reads || !worth_a_note(b))
		return;
	/* The record is the last thing that a build writes: it is to be there as well. */
	reads_bytes(b->reads, again_record(b), MAX_NOTE, true, &b->late, &bytes);
	buf_init(&note, MAX_NOTE);
	put_note(&note, b);
	if (!note.failed)
		output_leave_note(b->output, buf_str(&note), b->diag);
	buf_free(&note);
}

/* --- reading it --- */

struct reader {
	str rest;
	bool torn;
	struct arena *out;
};

static str
take(struct reader *r, uint64_t n)
{
	str taken = str_slice(r->rest, 0, n);

	r->torn = r->torn || n > r->rest.len;
	if (r->torn)
		return STR_NONE;
	r->rest = str_slice(r->rest, n, r->rest.len);
	return taken;
}

static uint64_t
take_number(struct reader *r)
{
	str bytes = take(r, sizeof(uint64_t));
	uint64_t n = 0;

	if (bytes.ptr)
		memcpy(&n, bytes.ptr, sizeof n);
	return n;
}

static str
take_text(struct reader *r)
{
	return take(r, take_number(r));
}

/* How many things follow, each of them at least a number long. */
static size_t
take_count(struct reader *r)
{
	uint64_t n = take_number(r);

	r->torn = r->torn || n > r->rest.len / sizeof(uint64_t);
	return r->torn ? 0 : n;
}

static void
take_report(struct reader *r, struct build_report *report)
{
	report->n_items = (uint32_t)take_number(r);
	report->n_pages = (uint32_t)take_number(r);
	report->n_files = (uint32_t)take_number(r);
	report->n_left_out = (uint32_t)take_number(r);
	report->bytes = take_number(r);
	report->date = (day)take_number(r);
	report->next_change = (day)take_number(r);
	report->next_change_why = take_text(r);
}

static void
take_reads(struct reader *r, struct read_list *list)
{
	list->len = take_count(r);
	list->ptr = arena_array(r->out, struct read, list->len);
	for (size_t i = 0; i < list->len; i++) {
		struct read *q = &list->ptr[i];
		uint64_t kind = take_number(r);
		r->torn = r->torn || kind >= READ_N_KINDS;
		q->kind = r->torn ? READ_FILE : (enum read_kind)kind;
		q->max = take_number(r);
		q->answer = take_number(r);
		q->path = take_text(r);
	}
}

/* Up to the diagnostics, which are left in r->rest. */
static bool
take_note(struct reader *r, struct again *a)
{
	uint64_t sum = 0;
	str *keep;

	if (r->rest.len < sizeof sum)
		return false;
	memcpy(&sum, r->rest.ptr + r->rest.len - sizeof sum, sizeof sum);
	r->rest.len -= sizeof sum;
	if (sum != hash64(r->rest) || take_number(r) != MAGIC)
		return false;
	a->key.high = take_number(r);
	a->key.low = take_number(r);
	a->identity = take_number(r);
	a->from = (int64_t)take_number(r);
	a->until = (int64_t)take_number(r);
	a->status = take_number(r);
	take_report(r, &a->report);
	a->n_keep = (uint32_t)take_count(r);
	a->keep = keep = arena_array(r->out, str, a->n_keep);
	for (uint32_t i = 0; i < a->n_keep; i++)
		keep[i] = take_text(r);
	take_reads(r, &a->reads);
	a->pages = take_text(r);
	return !r->torn;
}

/* --- taking over --- */

/* What was said is said again; false when it cannot be read, with nothing said. */
static bool
say_again(struct reader *r, struct diag *diag)
{
	struct diag said;
	size_t n = take_count(r);

	diag_init(&said, r->out, diag->files);
	for (size_t i = 0; i < n && !r->torn; i++) {
		uint64_t code = take_number(r), place;
		str file = take_text(r), *args;
		size_t n_args;
		place = take_number(r);
		n_args = take_count(r);
		args = arena_array(r->out, str, n_args);
		for (size_t k = 0; k < n_args; k++)
			args[k] = take_text(r);
		if (code >= DIAG_N_CODES)
			return false;
		diag_emit(&said, (enum diag_code)code, (struct span){ file.len ? files_add(diag->files, file) : 0, (uint32_t)(place >> 32), (uint32_t)place }, args, n_args);
	}
	if (r->torn || r->rest.len)
		return false;
	diag_merge(diag, &said);
	return true;
}

/* Pages may be taken over one by one, when not all of them can. */
static void
remember(struct build *b, const struct again *a)
{
	if (!hash128_equal(a->key, key_of(b)))
		return;
	b->last = arena_new(&b->late, struct last_build);
	*b->last = (struct last_build){ a->identity, a->reads, a->pages };
}

static bool
same_clock(const struct build *b, const struct again *a)
{
	return b->site_options.now >= a->from && b->site_options.now < a->until;
}

/* *differing: what speaks against it, for --profile. */
static bool
stands(struct build *b, struct output *o, const struct again *a, str *differing)
{
	const struct read *q = NULL;

	*differing = S("options");
	if (!hash128_equal(a->key, key_of(b)) || !same_clock(b, a))
		return false;
	q = reads_differing(a->reads, a->written_ns, b->workers);
	if (q)
		*differing = q->path;
	return !q && output_stands(o, a->identity, a->keep, a->n_keep, differing);
}

static void
report(struct build *b, const struct again *a)
{
	*b->report = a->report;
	b->report->next_change_why = str_copy(b->arena, a->report.next_change_why);
	b->report->nanoseconds = os_ticks() - b->started;
}

bool
again_take_over(struct build *b, enum vitrine_status *status)
{
	struct output_options place = { .site_dir = b->options->site_dir, .dir = b->options->output, .workers = b->workers };
	struct again a = { 0 };
	struct reader r = { .out = &b->late };
	struct output *o;
	uint64_t started = os_ticks();
	str differing = S("lectures");
	bool fine, whole;

	if (b->options->check_only || b->options->no_cache)
		return false;
	b->reads = reads_open();
	o = output_revisit(&place, &b->late, &r.rest, &a.written_ns);
	if (!o)
		return false;
	whole = take_note(&r, &a);
	fine = whole && stands(b, o, &a, &differing) && say_again(&r, b->diag);
	if (whole && !fine)
		remember(b, &a);
	output_close(o);
	profile_comparison(b, fine ? STR_NONE : differing, started);
	if (fine) {
		report(b, &a);
		*status = (enum vitrine_status)a.status;
	}
	return fine;
}
