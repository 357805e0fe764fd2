/* Publication. The order of steps, and what the next build finds when this one is killed after each:
 *   1 work mark into .public.precedent        live tree old; the tree beside is unfinished: rebuilt whole
 *   2 files written, others taken away        the same
 *   3 its manifest into .public.etat          the same
 *   4 mark into the tree, work mark out       live tree old; the tree beside is a finished one
 *   5 syncfs                                  the same
 *   6 the two trees change names (one call)   live tree new; the tree beside is the old one, finished
 *   7 tidying                                 the same
 * Only step 6 is seen by visitors. With `two_steps` it is three renames, and between the first two there is no live tree;
 * place_recover brings the old one back. */
#include "output/internal.h"

#include <errno.h>

/* Every folder of the files, outer ones first, and the files themselves. */
static void
standing_of(struct output *o, struct arena *tmp, struct standing *s)
{
	VEC(struct standing_entry) list = { 0 };
	str previous = S("");

	for (size_t i = 0; i < o->files.len; i++) {
		const struct output_file *f = &o->files.ptr[i];
		size_t same = 0;
		while (same < f->path.len && same < previous.len && f->path.ptr[same] == previous.ptr[same])
			same++;
		for (size_t k = same; k < f->path.len; k++)
			if (f->path.ptr[k] == '/')
				*vec_push(tmp, &list) = (struct standing_entry){ .path = str_slice(f->path, 0, k), .dir = true };
		*vec_push(tmp, &list) = (struct standing_entry){
			.path = f->path, .size = f->size, .hash = f->hash, .inode = f->inode, .mtime_ns = f->mtime_ns,
		};
		previous = f->path;
	}
	*s = (struct standing){ .entries = list.ptr, .len = list.len, .identity = manifest_identity(o->files.ptr, o->files.len) };
}

static os_error
write_mark(struct output *o, uint64_t identity)
{
	char hex[16];
	os_error e;

	hash_hex(identity, hex);
	e = os_replace_at(o->tree.root, S(OUTPUT_MARK), str_cat(o->out,
	    S("Ce dossier est écrit par vitrine ; chaque construction le remplace en entier.\nmanifeste "), ((str){ hex, sizeof hex }), S("\n")));
	if (!e)
		e = os_unlink_at(o->tree.root, S(OUTPUT_WORK_MARK));
	return e == ENOENT ? 0 : e;     /* tried before, and the live tree was refused */
}

/* The folders of the old tree in which a file was written. */
static void
touch_folders(struct output *o)
{
	for (size_t i = 0; i < o->files.len; i++)
		if (o->files.ptr[i].meta.flags & OUTPUT_WRITTEN) {
			struct standing_entry *folder = standing_get(&o->tree.before, str_folder(o->files.ptr[i].path), true);
			if (folder)
				folder->touched = true;
		}
}

/* Steps 2 to 4. */
static bool
finish_tree(struct output *o, struct standing *now, struct arena *tmp, struct diag *diag)
{
	str failed = o->shown_previous;
	os_error e = tree_remove_others(&o->tree, now, tmp, &failed);

	if (!e)
		e = keep_drop(&o->keep, o->tree.root);
	if (!e && o->has_live)
		e = keep_carry(&o->keep, o->live_dir, o->tree.root, false, tmp, &failed);
	if (!e)
		e = tree_remember_dirs(&o->tree, now, &o->keep, &failed);
	if (e)
		return place_failed(o, diag, failed, e);
	e = manifest_write(o->state_dir, manifest_name(o->tree_inode, tmp), now);
	if (e)
		return place_failed(o, diag, o->shown_state, e);
	e = write_mark(o, now->identity);
	return e ? place_failed(o, diag, o->shown_previous, e) : true;
}

static os_error
swap_in_steps(struct output *o)
{
	os_error e = os_rename(o->live, o->retired);

	if (e)
		return e;
	e = os_rename(o->previous, o->live);
	if (e) {
		os_rename(o->retired, o->live);
		return e;
	}
	return os_rename(o->retired, o->previous);
}

static bool
swap(struct output *o, struct diag *diag)
{
	os_error e = !o->has_live ? os_rename(o->previous, o->live) :
	    o->o.two_steps        ? swap_in_steps(o) :
	                            os_exchange(o->previous, o->live);

	if (e == EBUSY || e == EXDEV)
		diag_add(diag, OUTPUT_MOUNT, SPAN_NONE, o->shown);
	else if (o->has_live && !o->o.two_steps && (e == EINVAL || e == ENOSYS || e == ENOTSUP))
		diag_add(diag, OUTPUT_NO_EXCHANGE, SPAN_NONE, o->shown);
	else if (e)
		place_failed(o, diag, o->shown, e);
	return !e;
}

/* What others put into a kept folder between our look and the exchange comes along; then the old tree lets go of it. */
static os_error
let_go_of_kept(struct output *o, struct arena *tmp, str *failed)
{
	os_dir old;
	os_error e;

	if (!o->has_live || !o->keep.n)
		return 0;
	e = os_dir_open(o->previous, &old);
	if (e)
		return e;
	e = keep_carry(&o->keep, old, o->tree.root, true, tmp, failed);
	if (!e)
		e = keep_drop(&o->keep, old);
	os_dir_close(old);
	return e;
}

bool
publish_knows_state(str name, str ours, str other)
{
	return str_equal(name, S("verrou")) || str_equal(name, S(NOTE_NAME)) || str_equal(name, ours) || str_equal(name, other);
}

/* Manifests of trees that are no more. */
static os_error
prune_state(struct output *o, struct arena *tmp)
{
	struct os_entry *entries;
	struct os_stat st;
	str other = STR_NONE, ours = manifest_name(o->tree_inode, tmp);
	size_t n;
	os_error e = os_list_at(o->state_dir, false, tmp, &entries, &n);

	if (os_stat(o->previous, &st) == 0)
		other = manifest_name(st.inode, tmp);
	for (size_t i = 0; i < n && !e; i++)
		if (!publish_knows_state(entries[i].name, ours, other))
			e = os_unlink_at(o->state_dir, entries[i].name);
	return e;
}

static void
tidy(struct output *o, struct arena *tmp, struct diag *diag)
{
	str failed = o->shown_previous;
	os_error e = let_go_of_kept(o, tmp, &failed);

	if (!e) {
		failed = o->shown_state;
		e = prune_state(o, tmp);
	}
	if (e)
		diag_add(diag, OUTPUT_UNTIDY, SPAN_NONE, failed, os_error_text(e, o->out));
}

static bool
publish(struct output *o, struct arena *tmp, struct diag *diag)
{
	struct standing now;
	os_error e;

	for (unsigned i = 0; i < o->tree.n_workers; i++)
		tree_close_dirs(&o->tree.workers[i]);
	standing_of(o, tmp, &now);
	touch_folders(o);
	if (!finish_tree(o, &now, tmp, diag) || !place_check_unknown(o, &now, diag))
		return false;
	e = o->o.no_sync ? 0 : os_sync_fs(o->tree.root);
	if (e)
		return place_failed(o, diag, o->shown_previous, e);
	if (!swap(o, diag))
		return false;
	tidy(o, tmp, diag);
	return true;
}

bool
output_publish(struct output *o, struct diag *diag)
{
	struct arena tmp;
	bool fine;

	if (!output_collect(o, diag))
		return false;
	if (o->o.dry)
		return true;
	arena_init(&tmp, &os_pages);
	fine = publish(o, &tmp, diag);
	arena_free(&tmp);
	return fine;
}

uint64_t
output_identity(const struct output *o)
{
	return manifest_identity(o->files.ptr, o->files.len);
}

void
output_leave_note(struct output *o, str note, struct diag *diag)
{
	os_error e = os_replace_at(o->state_dir, S(NOTE_NAME), note);

	if (e)
		diag_add(diag, PACK_UNWRITABLE, SPAN_NONE, str_cat(o->out, o->shown_state, S("/" NOTE_NAME)), os_error_text(e, o->out));
}
