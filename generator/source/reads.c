#include "source/reads.h"

#include <stdatomic.h>

#include "base/hash.h"

struct reads {
	struct arena arena;
	struct os_monitor *door;     /* of the list */
	struct read_list list;
};

struct reads *
reads_open(void)
{
	struct arena arena;
	struct reads *r;

	arena_init(&arena, &os_pages);
	r = arena_new(&arena, struct reads);
	r->arena = arena;
	r->door = os_monitor_open();
	return r;
}

void
reads_close(struct reads *r)
{
	struct arena arena;

	if (!r)
		return;
	os_monitor_close(r->door);
	arena = r->arena;            /* which holds r itself */
	arena_free(&arena);
}

struct read_list
reads_list(const struct reads *r)
{
	return r->list;
}

static void
note(struct reads *r, enum read_kind kind, size_t max, str path, uint64_t answer)
{
	if (!r)
		return;
	os_monitor_enter(r->door);
	*vec_push(&r->arena, &r->list) = (struct read){ kind, max, path, answer };
	os_monitor_leave(r->door);
}

bool
reads_passed_over(str name)
{
	return name.ptr[0] == '.' || str_ends(name, S("~")) || (name.ptr[0] == '#' && str_ends(name, S("#"))) || str_starts(name, S("~$")) ||
	    str_equal_fold(name, S("Thumbs.db")) || str_equal_fold(name, S("desktop.ini")) || str_equal(name, S("__MACOSX"));
}

/* --- answers, as hashes --- */

static uint64_t
answer(os_error e, str text)
{
	return hash_mix((uint64_t)e, e ? 0 : hash_mix(text.len, hash64(text)));
}

static uint64_t
answer_folder(os_error e, const struct os_entry *entries, size_t n, bool sizes)
{
	uint64_t h = (uint64_t)e;

	for (size_t i = 0; i < n && !e; i++)
		if (!reads_passed_over(entries[i].name)) {
			h = hash_mix(h, hash64(entries[i].name));
			h = hash_mix(h, (uint64_t)entries[i].st.kind);
			h = hash_mix(h, sizes && entries[i].st.kind == OS_FILE ? entries[i].st.size : 0);
		}
	return h;
}

static uint64_t
answer_kind(os_error e, const struct os_stat *st)
{
	return hash_mix((uint64_t)e, e ? 0 : 1 + (uint64_t)st->kind);
}

/* --- questions --- */

os_error
reads_bytes(struct reads *r, str path, size_t max, bool follow, struct arena *out, str *bytes)
{
	os_error e = os_read(path, max, follow, out, bytes);

	if (r)
		note(r, follow ? READ_FILE : READ_FILE_ITSELF, max, path, answer(e, e ? STR_NONE : *bytes));
	return e;
}

os_error
reads_folder(struct reads *r, os_dir dir, str path, bool sizes, struct arena *out, struct os_entry **entries, size_t *n)
{
	os_error e = os_list_at(dir, sizes, out, entries, n);

	if (r)
		note(r, sizes ? READ_FOLDER_SIZES : READ_FOLDER, 0, path, answer_folder(e, *entries, *n, sizes));
	return e;
}

os_error
reads_real_path(struct reads *r, str path, struct arena *out, str *real)
{
	os_error e = os_real_path(path, out, real);

	note(r, READ_REAL_PATH, 0, path, answer(e, e ? STR_NONE : *real));
	return e;
}

os_error
reads_stat(struct reads *r, str path, struct os_stat *st)
{
	os_error e = os_stat(path, st);

	note(r, READ_KIND, 0, path, answer_kind(e, st));
	return e;
}

static bool
is_folder(str path)
{
	struct os_stat st;
	os_dir dir;

	if (os_stat(path, &st) != 0 || st.kind == OS_FILE || st.kind == OS_OTHER)
		return false;
	if (st.kind == OS_DIR)
		return true;
	if (os_dir_open(path, &dir) != 0)
		return false;
	os_dir_close(dir);
	return true;
}

bool
reads_is_folder(struct reads *r, str path)
{
	bool is = is_folder(path);

	note(r, READ_IS_FOLDER, 0, path, is);
	return is;
}

/* --- asked again --- */

static uint64_t
list_again(const struct read *q, bool sizes, struct arena *tmp)
{
	struct os_entry *entries = NULL;
	size_t n = 0;
	os_dir dir;
	os_error e = os_dir_open(q->path, &dir);

	if (!e) {
		e = os_list_at(dir, sizes, tmp, &entries, &n);
		os_dir_close(dir);
	}
	return answer_folder(e, entries, n, sizes);
}

static uint64_t
ask_again(const struct read *q, struct arena *tmp)
{
	str text = STR_NONE;
	struct os_stat st;
	os_error e;

	switch (q->kind) {
	case READ_FILE:
	case READ_FILE_ITSELF:
		e = os_read(q->path, q->max, q->kind == READ_FILE, tmp, &text);
		return answer(e, text);
	case READ_REAL_PATH:
		e = os_real_path(q->path, tmp, &text);
		return answer(e, text);
	case READ_KIND:
		e = os_stat(q->path, &st);
		return answer_kind(e, &st);
	case READ_IS_FOLDER:
		return is_folder(q->path);
	default:
		return list_again(q, q->kind == READ_FOLDER_SIZES, tmp);
	}
}

struct asking {
	struct read_list list;
	bool younger;                /* only what was written to since … */
	int64_t since_ns;
	_Atomic size_t next;
	const struct read *_Atomic differing;
};

#define AT_ONCE ((size_t)16)

static bool
was_written(const struct read *q, int64_t since_ns)
{
	struct os_stat st;

	return os_stat(q->path, &st) == 0 && st.mtime_ns > since_ns;
}

static void
ask_some(void *context, unsigned worker)
{
	struct asking *a = context;
	struct arena tmp;
	size_t from;

	(void)worker;
	arena_init(&tmp, &os_pages);
	while (!atomic_load_explicit(&a->differing, memory_order_relaxed) &&
	    (from = atomic_fetch_add_explicit(&a->next, AT_ONCE, memory_order_relaxed)) < a->list.len)
		for (size_t i = from; i < from + AT_ONCE && i < a->list.len; i++) {
			if (a->younger && !was_written(&a->list.ptr[i], a->since_ns))
				continue;
			arena_reset(&tmp);
			if (ask_again(&a->list.ptr[i], &tmp) != a->list.ptr[i].answer)
				atomic_store_explicit(&a->differing, &a->list.ptr[i], memory_order_relaxed);
		}
	arena_free(&tmp);
}

const struct read *
reads_differing(struct read_list list, int64_t since_ns, unsigned workers)
{
	struct asking a = { .list = list, .younger = true, .since_ns = since_ns };

	os_parallel(workers, ask_some, &a);
	if (!atomic_load(&a.differing)) {
		a = (struct asking){ .list = list };
		os_parallel(workers, ask_some, &a);
	}
	return atomic_load(&a.differing);
}

/* --- compared --- */

struct known {
	struct read_list list;
	uint32_t *slots;             /* place in the list + 1 */
	bool *asked;                 /* [place] */
	size_t mask;
};

static bool
same_question(const struct read *a, const struct read *b)
{
	return a->kind == b->kind && a->max == b->max && str_equal(a->path, b->path);
}

/* The slot of a question, or the free one where it would stand. */
static uint32_t *
slot_of(const struct known *k, const struct read *q)
{
	size_t at = hash_mix(hash64(q->path), (uint64_t)q->kind) & k->mask;

	while (k->slots[at] && !same_question(&k->list.ptr[k->slots[at] - 1], q))
		at = (at + 1) & k->mask;
	return &k->slots[at];
}

/* False when one question has two answers. */
static bool
know(struct known *k, struct read_list list, struct arena *out)
{
	size_t n = 16;

	while (n < list.len * 2)
		n *= 2;
	*k = (struct known){ list, arena_array(out, uint32_t, n), arena_array(out, bool, list.len + 1), n - 1 };
	for (size_t i = 0; i < list.len; i++) {
		uint32_t *slot = slot_of(k, &list.ptr[i]);
		if (*slot && list.ptr[*slot - 1].answer != list.ptr[i].answer)
			return false;
		if (!*slot)
			*slot = (uint32_t)i + 1;
	}
	return true;
}

static bool
compare_asked(struct known *k, struct read_list now, size_t most, struct arena *out, struct reads_change *changed)
{
	VEC(struct read) found = { 0 };

	for (size_t i = 0; i < now.len; i++) {
		const struct read *q = &now.ptr[i];
		uint32_t at = *slot_of(k, q);
		if (!at)
			return false;
		k->asked[at - 1] = true;
		if (k->list.ptr[at - 1].answer == q->answer)
			continue;
		if (q->kind != READ_FILE || found.len == most)
			return false;
		*vec_push(out, &found) = *q;
	}
	*changed = (struct reads_change){ found.ptr, found.len, found.cap };
	return true;
}

bool
reads_changed(struct reads *r, struct read_list before, str except, size_t most, struct arena *out, struct reads_change *changed)
{
	struct known k;
	bool same = know(&k, before, out) && compare_asked(&k, r->list, most, out, changed);
	struct arena tmp;

	arena_init(&tmp, &os_pages);
	for (size_t i = 0; i < before.len && same; i++) {
		const struct read *q = &before.ptr[i];
		if (*slot_of(&k, q) != i + 1 || k.asked[i] || str_equal(q->path, except))
			continue;
		arena_reset(&tmp);
		same = ask_again(q, &tmp) == q->answer;
		if (same)
			note(r, q->kind, q->max, q->path, q->answer);
	}
	arena_free(&tmp);
	return same;
}
