#include "output/internal.h"

/* Paths of `conserver:` without slashes at the ends; those within others are left out. */
bool
output_read_keep(struct output *o, struct diag *diag)
{
	str *paths = arena_array(o->out, str, o->o.n_keep);
	bool fine = true;

	o->keep.paths = paths;
	for (uint32_t i = 0; i < o->o.n_keep; i++) {
		str path = o->o.keep[i];
		while (str_starts(path, S("./")))
			path = str_slice(path, 2, path.len);
		while (path.len > 1 && (path.ptr[0] == '/' || path.ptr[path.len - 1] == '/'))
			path = path.ptr[0] == '/' ? str_slice(path, 1, path.len) : str_slice(path, 0, path.len - 1);
		if (!tree_path_valid(path)) {
			diag_add(diag, OUTPUT_KEEP_PATH, o->o.keep_at, o->o.keep[i]);
			fine = false;
		} else
			paths[o->keep.n++] = path;
	}
	for (uint32_t i = 0; i < o->keep.n;) {
		struct keep others = { paths, 0 };
		bool covered = false;
		for (uint32_t k = 0; k < o->keep.n && !covered; k++) {
			others = (struct keep){ &paths[k], 1 };
			covered = k != i && keep_covers(&others, paths[i]) && (!str_equal(paths[k], paths[i]) || k < i);
		}
		if (covered)
			paths[i] = paths[--o->keep.n];
		else
			i++;
	}
	return fine;
}

static void
add_workers(struct output *o)
{
	o->tree.n_workers = o->o.workers ? o->o.workers : 1;
	o->tree.workers = arena_array(o->out, struct tree_worker, o->tree.n_workers);
	for (unsigned i = 0; i < o->tree.n_workers; i++) {
		arena_init(&o->tree.workers[i].arena, &os_pages);
		arena_init(&o->tree.workers[i].tmp, &os_pages);
	}
}

static struct output *
new(const struct output_options *options, struct arena *out)
{
	struct output *o = arena_new(out, struct output);

	*o = (struct output){ .o = *options, .out = out, .state_dir = -1, .live_dir = -1, .lock = -1, .tree = { .root = -1 } };
	add_workers(o);
	return o;
}

struct output *
output_open(const struct output_options *options, struct arena *out, struct diag *diag)
{
	struct output *o = new(options, out);

	if (output_read_keep(o, diag) && (options->dry || (place_find(o, diag) && place_lock(o, diag) && place_recover(o, diag) &&
	    place_open_live(o, diag) && place_open_tree(o, diag))))
		return o;
	output_close(o);
	return NULL;
}

struct output *
output_revisit(const struct output_options *options, struct arena *out, str *note, int64_t *written_ns)
{
	struct output *o = new(options, out);
	struct os_stat st;

	if (place_revisit(o) && os_stat_at(o->state_dir, S(NOTE_NAME), &st) == 0 && os_read_at(o->state_dir, S(NOTE_NAME), SIZE_MAX, out, note) == 0) {
		*written_ns = st.mtime_ns;
		return o;
	}
	output_close(o);
	return NULL;
}

static bool
add(struct output *o, unsigned worker, str path, str bytes, const struct output_source *source, uint64_t hash, uint64_t size,
    const struct output_meta *meta)
{
	struct output_file file = { .path = path, .size = size, .hash = hash, .meta = *meta };

	tree_add(&o->tree, worker, &file, bytes, source);
	return !atomic_load_explicit(&o->tree.stopped, memory_order_relaxed);
}

bool
output_write(struct output *o, unsigned worker, str path, str bytes, uint64_t hash, const struct output_meta *meta)
{
	return add(o, worker, path, bytes, NULL, hash, bytes.len, meta);
}

bool
output_copy(struct output *o, unsigned worker, str path, const struct output_source *source, uint64_t hash, uint64_t size,
    const struct output_meta *meta)
{
	return add(o, worker, path, STR_NONE, source, hash, size, meta);
}

bool
output_take(struct output *o, unsigned worker, str path, uint64_t hash, uint64_t size, const struct output_meta *meta)
{
	struct output_file file = { .path = path, .size = size, .hash = hash, .meta = *meta };

	return tree_take(&o->tree, worker, &file);
}

bool
output_live_is(const struct output *o, uint64_t identity)
{
	return o->has_live && !o->live_unknown && o->live_before.identity == identity;
}

void
output_close(struct output *o)
{
	if (!o)
		return;
	for (unsigned i = 0; i < o->tree.n_workers; i++) {
		tree_close_dirs(&o->tree.workers[i]);
		arena_free(&o->tree.workers[i].arena);
		arena_free(&o->tree.workers[i].tmp);
	}
	os_dir_close(o->tree.root);
	os_dir_close(o->live_dir);
	os_dir_close(o->state_dir);
	os_unlock(o->lock);
}
