/* The output folder and what stands beside it: may it be replaced, is another build at work, what did the last one leave? */
#include "output/internal.h"

#include <errno.h>

bool
place_failed(struct output *o, struct diag *diag, str path, os_error e)
{
	diag_add(diag, OUTPUT_FAILED, SPAN_NONE, path, os_error_text(e, o->out));
	return false;
}

static bool
inside(str path, str folder)
{
	return str_starts(path, folder) &&
	    (path.len == folder.len || str_equal(folder, S("/")) || path.ptr[folder.len] == '/');
}

/* "a/b" → "a", "b"; "b" → ".", "b"; "/b" → "/", "b". */
static void
split(str path, str *parent, str *name)
{
	size_t cut = path.len;

	while (cut && path.ptr[cut - 1] != '/')
		cut--;
	*name = str_slice(path, cut, path.len);
	*parent = cut == 0 ? S(".") : str_slice(path, 0, cut > 1 ? cut - 1 : 1);
}

static str
below(struct output *o, str folder, str name)
{
	if (str_equal(folder, S(".")))
		return str_copy(o->out, name);
	return str_equal(folder, S("/")) ? str_cat(o->out, folder, name) : str_cat(o->out, folder, S("/"), name);
}

static str
given_folder(struct output *o)
{
	str given = o->o.dir.len ? str_copy(o->out, o->o.dir) : below(o, o->o.site_dir, S("public"));

	while (given.len > 1 && given.ptr[given.len - 1] == '/')
		given.len--;
	return given;
}

static bool
resolve(struct output *o, struct diag *diag)
{
	str given = given_folder(o), parent, name;
	struct os_stat st;
	os_error e;

	o->shown = given;
	if (os_real_path(given, o->out, &o->live) == 0)
		return true;
	if (os_stat(given, &st) == 0) {         /* a link that leads nowhere */
		diag_add(diag, OUTPUT_NOT_A_FOLDER, SPAN_NONE, given);
		return false;
	}
	split(given, &parent, &name);
	e = os_make_dirs(parent);
	if (!e)
		e = os_real_path(parent, o->out, &parent);
	if (e)
		return place_failed(o, diag, given, e);
	o->live = below(o, parent, name);
	return true;
}

/* A build reads these; to write there would be to eat one's own tail. */
static bool
holds_sources(struct output *o)
{
	static const str folders[] = {
		S_INIT("content"), S_INIT("themes"), S_INIT("assets"), S_INIT("types"), S_INIT("layouts"), S_INIT("lib"), S_INIT("i18n"),
		S_INIT(".vitrine"), S_INIT(".git"),
	};
	str site;

	if (os_real_path(o->o.site_dir, o->out, &site) != 0)
		return false;
	if (inside(site, o->live))
		return true;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (inside(o->live, below(o, site, folders[i])))
			return true;
	return false;
}

bool
place_find(struct output *o, struct diag *diag)
{
	str name, shown_parent;

	if (!resolve(o, diag))
		return false;
	if (holds_sources(o)) {
		diag_add(diag, OUTPUT_IN_SOURCES, SPAN_NONE, o->shown);
		return false;
	}
	split(o->live, &o->parent, &name);
	o->previous = below(o, o->parent, str_cat(o->out, S("."), name, S(".precedent")));
	o->retired = below(o, o->parent, str_cat(o->out, S("."), name, S(".retire")));
	o->state = below(o, o->parent, str_cat(o->out, S("."), name, S(".etat")));
	split(o->shown, &shown_parent, &name);
	o->shown_previous = below(o, shown_parent, str_cat(o->out, S("."), name, S(".precedent")));
	o->shown_state = below(o, shown_parent, str_cat(o->out, S("."), name, S(".etat")));
	return true;
}

static bool
has(os_dir dir, str name)
{
	struct os_stat st;

	return os_stat_at(dir, name, &st) == 0 && st.kind == OS_FILE;
}

/* A folder without our mark may hold nothing but what is kept. */
static bool
check_unmarked(struct output *o, os_dir dir, str shown, struct diag *diag)
{
	struct standing nothing = { 0 };
	struct foreign found;
	os_error e = foreign_find(dir, &nothing, &o->keep, o->out, &found);

	if (e)
		return place_failed(o, diag, shown, e);
	if (found.len)
		diag_add(diag, OUTPUT_NOT_OURS, SPAN_NONE, shown, foreign_text(&found, o->out));
	return found.len == 0;
}

static bool
check_known(struct output *o, os_dir dir, struct standing *s, str shown, enum diag_code code, struct diag *diag)
{
	struct foreign found;
	os_error e;

	folders_look(dir, s, o->tree.n_workers);
	e = foreign_find(dir, s, &o->keep, o->out, &found);
	if (e)
		return place_failed(o, diag, shown, e);
	if (found.len)
		diag_emit(diag, code, SPAN_NONE, (const str[]){ shown, foreign_text(&found, o->out) }, 2);
	return found.len == 0;
}

bool
place_check_live(struct output *o, struct diag *diag)
{
	if (!o->has_live || o->live_unknown)
		return true;
	if (!has(o->live_dir, S(OUTPUT_MARK)))
		return check_unmarked(o, o->live_dir, o->shown, diag);
	return check_known(o, o->live_dir, &o->live_before, o->shown, OUTPUT_FOREIGN, diag);
}

bool
place_check_unknown(struct output *o, struct standing *now, struct diag *diag)
{
	return !o->live_unknown || check_known(o, o->live_dir, now, o->shown, OUTPUT_LOST, diag);
}

/* Opens the live tree; nothing is made or changed, so that a refusal leaves no trace. */
static bool
open_live(struct output *o, struct diag *diag)
{
	struct os_stat st, parent;
	os_error e = os_stat(o->live, &st);

	o->has_live = e == 0;
	if (e == ENOENT)
		return true;
	if (e)
		return place_failed(o, diag, o->shown, e);
	if (st.kind != OS_DIR) {
		diag_add(diag, OUTPUT_NOT_A_FOLDER, SPAN_NONE, o->shown);
		return false;
	}
	if (os_stat(o->parent, &parent) == 0 && parent.device != st.device) {
		diag_add(diag, OUTPUT_MOUNT, SPAN_NONE, o->shown);
		return false;
	}
	e = os_dir_open(o->live, &o->live_dir);
	return e ? place_failed(o, diag, o->shown, e) : true;
}

static void
close_live(struct output *o)
{
	os_dir_close(o->live_dir);
	o->live_dir = -1;
}

bool
place_lock(struct output *o, struct diag *diag)
{
	str file = below(o, o->state, S("verrou"));
	bool fine = open_live(o, diag) && (!o->has_live || has(o->live_dir, S(OUTPUT_MARK)) || check_unmarked(o, o->live_dir, o->shown, diag));
	os_error e;

	close_live(o);
	if (!fine)
		return false;
	e = os_make_dir(o->state);
	if (e && e != EEXIST)
		return place_failed(o, diag, o->shown_state, e);
	e = os_lock(file, false, &o->lock);
	if (e == EWOULDBLOCK) {
		if (o->o.waiting)
			o->o.waiting(o->o.waiting_context);
		e = os_lock(file, true, &o->lock);
	}
	if (!e)
		e = os_dir_open(o->state, &o->state_dir);
	return e ? place_failed(o, diag, o->shown_state, e) : true;
}

/* Killed after the first rename: the old tree comes back. After the second: it takes its place as the previous one. */
bool
place_recover(struct output *o, struct diag *diag)
{
	struct os_stat st;
	os_error e;

	if (os_stat(o->retired, &st) != 0)
		return true;
	e = os_rename(o->retired, os_stat(o->live, &st) == ENOENT ? o->live : o->previous);
	return e ? place_failed(o, diag, o->shown, e) : true;
}

/* The mark ends in the identity of the manifest. */
static bool
read_mark(os_dir dir, struct arena *out, uint64_t *identity)
{
	static const char digits[] = "0123456789abcdef";
	str bytes, hex;
	size_t digit;

	if (os_read_at(dir, S(OUTPUT_MARK), 4096, out, &bytes) != 0)
		return false;
	bytes = str_trim(bytes);
	hex = str_slice(bytes, bytes.len > 16 ? bytes.len - 16 : 0, bytes.len);
	*identity = 0;
	for (size_t i = 0; i < hex.len; i++) {
		if (!str_find_byte(S(digits), hex.ptr[i], &digit))
			return false;
		*identity = *identity << 4 | digit;
	}
	return hex.len == 16;
}

/* The manifest of a tree goes by the number of its folder; in a copied site, by what it says. */
static bool
find_manifest(struct output *o, os_dir dir, struct standing *s)
{
	struct os_stat st;
	struct os_entry *entries;
	uint64_t identity;
	size_t n;

	if (!read_mark(dir, o->out, &identity) || os_stat_at(dir, S("."), &st) != 0)
		return false;
	if (manifest_read(o->state_dir, manifest_name(st.inode, o->out), o->out, s) && s->identity == identity)
		return true;
	if (os_list_at(o->state_dir, false, o->out, &entries, &n) != 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (manifest_read(o->state_dir, entries[i].name, o->out, s) && s->identity == identity)
			return true;
	*s = (struct standing){ 0 };
	return false;
}

bool
place_open_live(struct output *o, struct diag *diag)
{
	if (!open_live(o, diag))
		return false;
	if (o->has_live && has(o->live_dir, S(OUTPUT_MARK)))
		o->live_unknown = !find_manifest(o, o->live_dir, &o->live_before);
	return place_check_live(o, diag);
}

/* Nothing is made where nothing stood: the folder and its note come first. */
bool
place_revisit(struct output *o)
{
	struct diag unheard;
	struct os_stat st;
	str real;

	diag_init(&unheard, o->out, NULL);
	return os_real_path(given_folder(o), o->out, &real) == 0 && place_find(o, &unheard) && os_stat(o->retired, &st) != 0 &&
	    os_stat(below(o, o->state, S(NOTE_NAME)), &st) == 0 && os_lock(below(o, o->state, S("verrou")), false, &o->lock) == 0 &&
	    os_dir_open(o->state, &o->state_dir) == 0 && open_live(o, &unheard) && o->has_live && find_manifest(o, o->live_dir, &o->live_before);
}

static os_error
wipe(struct output *o)
{
	struct os_entry *entries;
	size_t n;
	os_error e = os_list_at(o->tree.root, false, o->out, &entries, &n);

	for (size_t i = 0; i < n && !e; i++)
		if (!str_equal(entries[i].name, S(OUTPUT_WORK_MARK)))
			e = os_remove_tree_at(o->tree.root, entries[i].name);
	return e;
}

static bool
open_previous(struct output *o, struct diag *diag)
{
	struct os_stat st;
	os_error e = os_make_dir(o->previous);

	if (e == EEXIST && os_stat(o->previous, &st) == 0 && st.kind != OS_DIR) {
		diag_add(diag, OUTPUT_NOT_A_FOLDER, SPAN_NONE, o->shown_previous);
		return false;
	}
	if (!e || e == EEXIST)
		e = os_dir_open(o->previous, &o->tree.root);
	if (!e)
		e = os_stat_at(o->tree.root, S("."), &st);
	o->tree_inode = st.inode;
	return e ? place_failed(o, diag, o->shown_previous, e) : true;
}

/* From here on the tree counts as unfinished, until the work mark is gone again. */
bool
place_open_tree(struct output *o, struct diag *diag)
{
	bool dirty, marked;
	os_error e;

	if (!open_previous(o, diag))
		return false;
	dirty = has(o->tree.root, S(OUTPUT_WORK_MARK));
	marked = has(o->tree.root, S(OUTPUT_MARK));
	if (!dirty && !marked && !check_unmarked(o, o->tree.root, o->shown_previous, diag))
		return false;
	if (dirty || !marked || !find_manifest(o, o->tree.root, &o->tree.before))
		dirty = true;
	else if (!check_known(o, o->tree.root, &o->tree.before, o->shown_previous, OUTPUT_FOREIGN, diag))
		return false;
	if (dirty)
		o->tree.before = (struct standing){ 0 };
	standing_index(&o->tree.before, o->out);
	if (o->has_live && !o->live_unknown) {
		standing_index(&o->live_before, o->out);
		o->tree.live = o->live_dir;
		o->tree.live_before = &o->live_before;
	}
	e = os_write_new_at(o->tree.root, S(OUTPUT_WORK_MARK), S(""), NULL);
	if (e == EEXIST)
		e = 0;
	if (!e && dirty)
		e = wipe(o);
	return e ? place_failed(o, diag, o->shown_previous, e) : true;
}
