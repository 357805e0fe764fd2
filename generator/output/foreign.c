/* What stands in a tree without being ours. A folder whose mtime is the manifest's has gained no name since: it is not read. */
#include "output/internal.h"

#include <errno.h>

struct search {
	struct standing *s;
	const struct keep *keep;
	struct arena *out;
	struct foreign *found;
};

static void
report(struct search *q, str path, bool dir)
{
	if (q->found->len < FOREIGN_SHOWN)
		q->found->names[q->found->len] = dir ? str_cat(q->out, path, S("/")) : str_copy(q->out, path);
	q->found->len++;
}

static bool
ours(const struct search *q, str path, enum os_kind kind)
{
	if (kind == OS_FILE)
		return standing_get(q->s, path, false) || str_equal(path, S(OUTPUT_MARK)) || str_equal(path, S(OUTPUT_WORK_MARK));
	return kind == OS_DIR && standing_get(q->s, path, true);
}

static os_error
search_dir(struct search *q, os_dir dir, str path)
{
	struct os_entry *entries;
	size_t n;
	os_error e = os_list_at(dir, false, q->out, &entries, &n);

	standing_index(q->s, q->out);
	for (size_t i = 0; i < n && !e; i++) {
		str below = path.len ? str_cat(q->out, path, S("/"), entries[i].name) : entries[i].name;
		enum os_kind kind = entries[i].st.kind;
		os_dir inside;
		if (keep_covers(q->keep, below) || ours(q, below, kind))
			continue;
		/* A folder that is here only because something kept lies in it. */
		if (kind != OS_DIR || !keep_lies_below(q->keep, below)) {
			report(q, below, kind == OS_DIR);
			continue;
		}
		e = os_dir_open_at(dir, entries[i].name, &inside);
		if (!e) {
			e = search_dir(q, inside, below);
			os_dir_close(inside);
		}
	}
	return e;
}

static os_error
search_known_dir(struct search *q, os_dir tree, struct standing_entry *known)
{
	struct os_stat st;
	os_dir dir;
	os_error e = known->agreed ? 0 : os_stat_at(tree, known->path, &st);

	if (known->agreed)
		return 0;
	if (e || st.kind != OS_DIR)    /* gone is no harm; what took its place is seen in the folder above */
		return e == ENOENT || e == ENOTDIR || e == ELOOP ? 0 : e;
	known->agreed = standing_agrees(q->s, known, &st);
	if (known->agreed)
		return 0;
	e = os_dir_open_at(tree, known->path, &dir);
	if (e)
		return e == ENOENT ? 0 : e;
	e = search_dir(q, dir, known->path);
	os_dir_close(dir);
	return e;
}

os_error
foreign_find(os_dir tree, struct standing *s, const struct keep *k, struct arena *out, struct foreign *f)
{
	struct search q = { s, k, out, f };
	os_error e;

	*f = (struct foreign){ 0 };
	e = search_dir(&q, tree, STR_NONE);
	for (size_t i = 0; i < s->len && !e; i++)
		if (s->entries[i].dir)
			e = search_known_dir(&q, tree, &s->entries[i]);
	return e;
}

str
foreign_text(const struct foreign *f, struct arena *out)
{
	size_t shown = f->len < FOREIGN_SHOWN ? f->len : FOREIGN_SHOWN;
	str list = str_join(out, f->names, shown, S(", "));

	return f->len > shown ? str_format(out, "%.*s … (+%zu)", STR_ARG(list), f->len - shown) : list;
}
