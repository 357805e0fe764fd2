#include "source/source.h"

#include <errno.h>

#include "base/suggest.h"
#include "os/os.h"

const struct source_limits source_limits_default = {
	.content_file = (size_t)1024 * 1024,
	.asset_file = (size_t)64 * 1024 * 1024,
};

/* Deeper than any tree that people keep; stops a tree that was made to exhaust the stack. */
#define MAX_DEPTH 32

static str
join(struct arena *out, str dir, str name)
{
	if (dir.len == 0)
		return str_copy(out, name);
	return str_ends(dir, S("/")) ? str_cat(out, dir, name) : str_cat(out, dir, S("/"), name);
}

static void
add_root(struct source *s, str dir, str shown)
{
	*vec_push(s->out, &s->roots) = (struct source_root){ dir, shown };
}

void
source_init(struct source *s, str site_dir, str program_dir, struct reads *reads, struct arena *out, struct diag *diag, struct files *files)
{
	/* Beside an installed program, then beside build/vitrine or build/asan/vitrine of a checkout. */
	static const str places[] = { S_INIT("../share/vitrine/themes"), S_INIT("../themes"), S_INIT("../../themes") };

	*s = (struct source){ .out = out, .diag = diag, .files = files, .limits = source_limits_default, .reads = reads };
	s->site_dir = str_copy(out, site_dir.len ? site_dir : S("."));
	for (size_t i = 0; program_dir.len && i < sizeof places / sizeof *places && !s->installed_themes.len; i++) {
		str place = join(out, program_dir, places[i]);
		if (reads_is_folder(s->reads, place))
			s->installed_themes = place;
	}
	add_root(s, s->site_dir, S(""));
}

/* A theme's name is one folder's name. */
static bool
name_is_plain(str name)
{
	size_t at;

	return name.len && name.ptr[0] != '.' && !str_find_byte(name, '/', &at) && !str_find_byte(name, 0, &at);
}

static void
add_names(str dir, struct arena *tmp, str **names, size_t *n)
{
	VEC(str) all = { *names, *n, *n };
	struct os_entry *entries;
	size_t n_entries;
	os_dir d;

	if (os_dir_open(dir, &d) != 0)
		return;
	if (os_list_at(d, false, tmp, &entries, &n_entries) == 0)
		for (size_t i = 0; i < n_entries; i++)
			if (entries[i].name.ptr[0] != '.' && entries[i].st.kind != OS_FILE)
				*vec_push(tmp, &all) = entries[i].name;
	os_dir_close(d);
	*names = all.ptr;
	*n = all.len;
}

static void
theme_unknown(struct source *s, str name, struct span at)
{
	struct arena tmp;
	str *names = NULL;
	size_t n = 0;

	arena_init(&tmp, &os_pages);
	add_names(join(&tmp, s->site_dir, S("themes")), &tmp, &names, &n);
	if (s->installed_themes.len)
		add_names(s->installed_themes, &tmp, &names, &n);
	diag_add(s->diag, SOURCE_NO_THEME, at, name, suggest_nearest(name, names, n), str_join(&tmp, names, n, S(", ")));
	arena_free(&tmp);
}

bool
source_add_theme(struct source *s, str name, struct span at)
{
	str shown = str_cat(s->out, S("themes/"), name);
	str dir = join(s->out, s->site_dir, shown);

	if (name_is_plain(name) && !reads_is_folder(s->reads, dir) && s->installed_themes.len)
		dir = join(s->out, s->installed_themes, name);
	if (!name_is_plain(name) || !reads_is_folder(s->reads, dir)) {
		theme_unknown(s, name, at);
		return false;
	}
	for (size_t i = 1; i < s->roots.len; i++)
		if (str_equal(s->roots.ptr[i].dir, dir)) {
			diag_add(s->diag, SOURCE_THEME_LOOP, at, name);
			return false;
		}
	add_root(s, dir, shown);
	return true;
}

struct walk {
	struct source *s;
	struct arena tmp;        /* what folders hold, while they are walked */
	VEC(struct source_file) files;
	str real_root;           /* of the site or theme: links must stay inside; found when first needed */
	str root_dir;
	bool sizes;              /* wanted: every file is asked for its own */
};

static void
unreadable(struct source *s, str shown, os_error e)
{
	diag_add(s->diag, FILE_UNREADABLE, SPAN_FILE(files_add(s->files, shown)), os_error_text(e, s->out));
}

static bool
inside(str path, str root)
{
	return str_starts(path, root) && (path.len == root.len || path.ptr[root.len] == '/' || str_equal(root, S("/")));
}

static void
add_file(struct walk *w, str path, str shown, str name, const struct os_stat *st)
{
	struct source *s = w->s;

	*vec_push(s->out, &w->files) = (struct source_file){
		.path = path, .shown = shown, .name = name, .file = files_add(s->files, shown), .size = st->size,
	};
}

/* A link to a file inside the site counts as the file; a link to a folder is refused (it could lead round in a circle). So is a file
 * that stands behind a link on the way to it. */
static void
add_if_inside(struct walk *w, str path, str shown, str name)
{
	struct source *s = w->s;
	struct os_stat st;
	str real;
	os_error e = reads_real_path(s->reads, path, s->out, &real);

	if (!e && !w->real_root.len)
		e = reads_real_path(s->reads, w->root_dir, s->out, &w->real_root);
	if (!e)
		e = reads_stat(s->reads, real, &st);
	if (e)
		unreadable(s, shown, e);
	else if (!inside(real, w->real_root) || st.kind != OS_FILE)
		diag_add(s->diag, SOURCE_LINK, SPAN_FILE(files_add(s->files, shown)), real);
	else
		add_file(w, path, shown, name, &st);
}

static void walk_dir(struct walk *w, os_dir dir, str path, str shown, str name, unsigned depth);

static void
walk_entry(struct walk *w, os_dir dir, const struct os_entry *entry, str path, str shown, str name, unsigned depth)
{
	os_dir inner;
	os_error e;

	switch (entry->st.kind) {
	case OS_FILE:
		add_file(w, path, shown, name, &entry->st);
		break;
	case OS_LINK:
		w->s->n_links++;
		add_if_inside(w, path, shown, name);
		break;
	case OS_DIR:
		e = depth < MAX_DEPTH ? os_dir_open_at(dir, entry->name, &inner) : ENAMETOOLONG;
		if (e) {
			unreadable(w->s, shown, e);
			break;
		}
		walk_dir(w, inner, path, shown, name, depth + 1);
		os_dir_close(inner);
		break;
	case OS_OTHER:
		diag_add(w->s->diag, SOURCE_NOT_A_FILE, SPAN_FILE(files_add(w->s->files, shown)), entry->name);
		break;
	}
}

static void
expect_files(struct walk *w, size_t n)
{
	struct files *files = w->s->files;

	vec_reserve(w->s->out, &w->files, w->files.len + n);
	if (n > files->len)
		map_reserve(files->out, &files->by_path, files->len + n);
}

/* What join(dir, name) would be, as the end of a longer path that was joined of the same name. */
static str
end_of(str longer, str dir, str name)
{
	return str_slice(longer, longer.len - name.len - (dir.len ? dir.len + 1 : 0), longer.len);
}

/* `name` is the end of `path`, and so is `shown` but in an installed theme: 10 000 paths are kept once, not three times. */
static void
walk_dir(struct walk *w, os_dir dir, str path, str shown, str name, unsigned depth)
{
	bool shown_is_end = str_ends(path, shown);
	struct arena *out = w->s->out;
	struct os_entry *entries;
	size_t n;
	os_error e = reads_folder(w->s->reads, dir, path, w->sizes, &w->tmp, &entries, &n);

	if (e)
		unreadable(w->s, shown, e);
	else if (n > w->files.len)
		expect_files(w, n);
	for (size_t i = 0; i < n && !e; i++)
		if (!reads_passed_over(entries[i].name)) {
			str below = join(out, path, entries[i].name);
			walk_entry(w, dir, &entries[i], below, shown_is_end ? end_of(below, shown, entries[i].name) : join(out, shown, entries[i].name),
			    end_of(below, name, entries[i].name), depth);
		}
}

/* An absent folder has no files; that is no mistake. One that is a link, or stands behind one, is no folder of the root. */
static void
walk_folder(struct walk *w, const struct source_root *root, str folder)
{
	struct arena *out = w->s->out;
	str path = join(out, root->dir, folder), shown = join(out, root->shown, folder), real = STR_NONE;
	os_dir dir = -1;
	os_error e = reads_real_path(w->s->reads, path, out, &real);

	if (e == ENOENT)
		return;
	w->root_dir = root->dir;
	if (!e)
		e = reads_real_path(w->s->reads, root->dir, out, &w->real_root);
	if (!e && !str_equal(real, join(out, w->real_root, folder))) {
		diag_add(w->s->diag, SOURCE_LINK, SPAN_FILE(files_add(w->s->files, shown)), real);
		return;
	}
	if (!e)
		e = os_dir_open(path, &dir);
	if (e) {
		unreadable(w->s, shown, e);
		return;
	}
	walk_dir(w, dir, path, shown, S(""), 0);
	os_dir_close(dir);
}

static int
by_name(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct source_file *)a)->name, ((const struct source_file *)b)->name);
}

struct source_list
source_walk(struct source *s, str folder)
{
	struct walk w = { .s = s };

	arena_init(&w.tmp, s->out->source);
	walk_folder(&w, &s->roots.ptr[0], folder);
	arena_free(&w.tmp);
	vec_sort(w.files.ptr, w.files.len, sizeof *w.files.ptr, by_name, NULL);
	return (struct source_list){ w.files.ptr, w.files.len };
}

struct source_list
source_walk_roots(struct source *s, str folder, bool all)
{
	struct walk w = { .s = s, .sizes = true };
	size_t kept = 0;

	arena_init(&w.tmp, s->out->source);
	for (size_t i = 0; i < s->roots.len; i++)
		walk_folder(&w, &s->roots.ptr[i], folder);
	arena_free(&w.tmp);
	/* The sort is stable: within one name, the nearest root comes first. */
	vec_sort(w.files.ptr, w.files.len, sizeof *w.files.ptr, by_name, NULL);
	for (size_t i = 0; i < w.files.len; i++)
		if (all || i == 0 || !str_equal(w.files.ptr[i].name, w.files.ptr[i - 1].name))
			kept++;
	if (kept < w.files.len) {
		size_t to = 1;
		for (size_t i = 1; i < w.files.len; i++)
			if (!str_equal(w.files.ptr[i].name, w.files.ptr[to - 1].name))
				w.files.ptr[to++] = w.files.ptr[i];
	}
	return (struct source_list){ w.files.ptr, kept };
}

/* No name from a template or a routes file may leave the folder. */
static bool
name_stays_inside(str name)
{
	str rest = name, piece;

	if (name.len == 0 || name.ptr[0] == '/')
		return false;
	while (str_next(&rest, '/', &piece))
		if (piece.len == 0 || piece.ptr[0] == '.')
			return false;
	return true;
}

bool
source_find(struct source *s, str folder, str name, struct source_file *found)
{
	if (!name_stays_inside(name))
		return false;
	for (size_t i = 0; i < s->roots.len; i++) {
		const struct source_root *root = &s->roots.ptr[i];
		str below = join(s->out, folder, name);
		struct walk w = { .s = s, .root_dir = root->dir };
		struct os_stat st;
		str path = join(s->out, root->dir, below);
		if (reads_stat(s->reads, path, &st) != 0 || (st.kind != OS_FILE && st.kind != OS_LINK))
			continue;
		add_if_inside(&w, path, join(s->out, root->shown, below), str_copy(s->out, name));
		if (w.files.len == 0)
			return false;
		*found = w.files.ptr[0];
		return true;
	}
	return false;
}

static str
size_in_words(size_t bytes, struct arena *out)
{
	if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0)
		return str_format(out, "%zu Mio", bytes / (1024 * 1024));
	if (bytes >= 1024 && bytes % 1024 == 0)
		return str_format(out, "%zu Kio", bytes / 1024);
	return str_format(out, "%zu octets", bytes);
}

/* The walk has already judged links: reading follows them. */
bool
source_read(struct source *s, const struct source_file *f, size_t max, struct arena *out, struct diag *diag, str *bytes)
{
	os_error e = reads_bytes(s->reads, f->path, max, true, out, bytes);

	if (e == EFBIG)
		diag_add(diag, FILE_TOO_LARGE, SPAN_FILE(f->file), size_in_words(max, diag->out));
	else if (e)
		diag_add(diag, FILE_UNREADABLE, SPAN_FILE(f->file), os_error_text(e, diag->out));
	return !e;
}

bool
source_reread(void *source, str shown, struct arena *out, str *bytes)
{
	const struct source *s = source;

	for (size_t i = s->roots.len; i > 0; i--) {
		const struct source_root *root = &s->roots.ptr[i - 1];
		str name = str_slice(shown, root->shown.len ? root->shown.len + 1 : 0, shown.len);
		if (inside(shown, root->shown) || root->shown.len == 0)
			if (os_read(join(out, root->dir, name), s->limits.asset_file, true, out, bytes) == 0)
				return true;
	}
	return false;
}
