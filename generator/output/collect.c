/* The lists of the workers become one, sorted; what cannot be published together is said. */
#include "output/internal.h"

static int
by_path(const void *a, const void *b, void *context)
{
	const struct output_file *x = a, *y = b;
	int order = str_compare(x->path, y->path);

	(void)context;
	if (order)
		return order;
	/* Which of two makers is named first must not depend on threads. */
	if (x->meta.at.file != y->meta.at.file)
		return x->meta.at.file < y->meta.at.file ? -1 : 1;
	return x->meta.at.start < y->meta.at.start ? -1 : x->meta.at.start > y->meta.at.start;
}

static size_t
added(const struct output *o)
{
	size_t n = 0;

	for (unsigned i = 0; i < o->tree.n_workers; i++)
		n += o->tree.workers[i].files.len + o->tree.workers[i].bad.len;
	return n;
}

static void
merge(struct output *o)
{
	o->files.len = 0;
	vec_reserve(o->out, &o->files, added(o));
	for (unsigned i = 0; i < o->tree.n_workers; i++) {
		const struct tree_worker *w = &o->tree.workers[i];
		for (size_t k = 0; k < w->files.len; k++)
			*vec_push(o->out, &o->files) = w->files.ptr[k];
	}
	vec_sort(o->files.ptr, o->files.len, sizeof *o->files.ptr, by_path, NULL);
}

static str
maker(const struct diag *diag, const struct output_meta *meta)
{
	return meta->at.file ? files_path(diag->files, meta->at.file) : meta->url.len ? meta->url : S("vitrine");
}

static void
check_twins(const struct output *o, struct diag *diag)
{
	for (size_t i = 1; i < o->files.len; i++) {
		const struct output_file *a = &o->files.ptr[i - 1], *b = &o->files.ptr[i];
		if (str_equal(a->path, b->path))
			diag_add(diag, OUTPUT_SAME_PATH, b->meta.at, b->path, maker(diag, &a->meta));
	}
}

/* Is a folder of this path the name of a file? What a path begins with stands before it, and so does all between that begins with the same: the
 * files that the path before begins with are at hand. The folders that both share have been looked at. */
static void
check_folders(const struct output *o, struct diag *diag)
{
	VEC(const struct output_file *) begun = { 0 };

	for (size_t i = 0; i < o->files.len; i++) {
		const struct output_file *f = &o->files.ptr[i], *file;
		str path = f->path, previous = i ? o->files.ptr[i - 1].path : S("");
		size_t same = 0;
		while (same < path.len && same < previous.len && path.ptr[same] == previous.ptr[same])
			same++;
		while (begun.len && begun.ptr[begun.len - 1]->path.len > same)
			begun.len--;
		file = begun.len ? begun.ptr[begun.len - 1] : NULL;
		if (file && file->path.len == same && same < path.len && path.ptr[same] == '/')
			diag_add(diag, OUTPUT_FILE_AND_FOLDER, f->meta.at, path, file->path, maker(diag, &file->meta));
		*vec_push(o->out, &begun) = f;
	}
}

static void
check_kept(const struct output *o, struct diag *diag)
{
	for (size_t i = 0; i < o->files.len && o->keep.n; i++) {
		const struct output_file *f = &o->files.ptr[i];
		if (keep_covers(&o->keep, f->path) || keep_lies_below(&o->keep, f->path))
			diag_add(diag, OUTPUT_KEPT, o->o.keep_at, f->path, maker(diag, &f->meta));
	}
}

static int
by_place(const void *a, const void *b, void *context)
{
	const struct output_meta *x = a, *y = b;

	(void)context;
	if (x->at.file != y->at.file)
		return x->at.file < y->at.file ? -1 : 1;
	if (x->at.start != y->at.start)
		return x->at.start < y->at.start ? -1 : 1;
	return str_compare(x->url, y->url);
}

static void
check_bad(const struct output *o, struct diag *diag)
{
	VEC(struct output_meta) bad = { 0 };

	for (unsigned i = 0; i < o->tree.n_workers; i++)
		for (size_t k = 0; k < o->tree.workers[i].bad.len; k++)
			*vec_push(o->out, &bad) = o->tree.workers[i].bad.ptr[k];
	vec_sort(bad.ptr, bad.len, sizeof *bad.ptr, by_place, NULL);
	for (size_t i = 0; i < bad.len; i++)
		diag_add(diag, OUTPUT_BAD_PATH, bad.ptr[i].at, bad.ptr[i].url);
}

/* A disk that failed is told once, and not when names clash: that may have been the cause. */
static void
check_disk(const struct output *o, struct diag *diag)
{
	for (unsigned i = 0; i < o->tree.n_workers; i++) {
		const struct tree_worker *w = &o->tree.workers[i];
		if (!w->error)
			continue;
		diag_add(diag, OUTPUT_FAILED, SPAN_NONE, w->error_path,
		    w->source_changed ? S("sa source a été modifiée pendant la construction") : os_error_text(w->error, o->out));
		return;
	}
}

bool
output_collect(struct output *o, struct diag *diag)
{
	uint32_t before = diag->n_errors;

	if (o->collected && (!o->collected_well || o->n_collected == added(o)))
		return o->collected_well;
	o->n_collected = added(o);
	merge(o);
	check_bad(o, diag);
	check_twins(o, diag);
	check_folders(o, diag);
	check_kept(o, diag);
	if (diag->n_errors == before)
		check_disk(o, diag);
	o->collected = true;
	o->collected_well = diag->n_errors == before;
	return o->collected_well;
}

struct output_manifest
output_manifest(const struct output *o)
{
	struct output_manifest m = { .files = o->files.ptr, .len = o->files.len };

	for (size_t i = 0; i < m.len; i++) {
		m.bytes += m.files[i].size;
		m.n_written += (m.files[i].meta.flags & OUTPUT_WRITTEN) != 0;
	}
	return m;
}
