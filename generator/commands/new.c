/* vitrine new site DIR: copies the starter of the default theme (themes/portail/starter), which builds as it is. */
#include <errno.h>

#include "commands/command.h"
#include "os/os.h"
#include "source/source.h"

#define MAX_STARTER_FILE ((size_t)1 << 20)

static enum vitrine_status
machine_error(struct context *c, str path, os_error e)
{
	diag_add(c->diag, NEW_UNWRITABLE, SPAN_NONE, path, os_error_text(e, c->arena));
	return VITRINE_MACHINE;
}

/* True when the folder is absent or empty. */
static bool
is_free(struct context *c, str dir)
{
	struct os_entry *entries;
	struct os_stat st;
	os_dir d;
	size_t n = 0;
	os_error e = os_stat(dir, &st);

	if (e)
		return e == ENOENT;
	if (st.kind != OS_DIR || os_dir_open(dir, &d))
		return false;
	e = os_list_at(d, false, c->arena, &entries, &n);
	os_dir_close(d);
	return !e && n == 0;
}

static os_error
copy_tree(os_dir from, str to, struct arena *tmp, uint32_t *n_files)
{
	struct os_entry *entries;
	size_t n;
	os_error e = os_list_at(from, false, tmp, &entries, &n);

	if (!e)
		e = os_make_dirs(to);
	for (size_t i = 0; i < n && !e; i++) {
		str path = str_cat(tmp, to, S("/"), entries[i].name), bytes;
		os_dir below;
		if (entries[i].st.kind == OS_DIR) {
			if ((e = os_dir_open_at(from, entries[i].name, &below)))
				break;
			e = copy_tree(below, path, tmp, n_files);
			os_dir_close(below);
		} else if (!(e = os_read_at(from, entries[i].name, MAX_STARTER_FILE, tmp, &bytes))) {
			e = os_replace(path, bytes);
			++*n_files;
		}
	}
	return e;
}

static void
say_what_next(const struct context *c, str dir, uint32_t n_files)
{
	struct buf out;

	if (c->options.quiet)
		return;
	buf_init(&out, (size_t)1 << 16);
	if (c->language == DIAG_FR)
		buf_format(&out, "%u fichiers écrits dans %.*s. Ensuite :\n  ouvrez %.*s/content/site.yaml et remplissez-le ;\n"
		    "  vitrine check -C %.*s    vérifie le contenu ;\n  vitrine build -C %.*s    publie dans %.*s/public.\n",
		    n_files, STR_ARG(dir), STR_ARG(dir), STR_ARG(dir), STR_ARG(dir), STR_ARG(dir));
	else
		buf_format(&out, "%u files written in %.*s. Next:\n  open %.*s/content/site.yaml and fill it in;\n"
		    "  vitrine check -C %.*s    checks the content;\n  vitrine build -C %.*s    publishes into %.*s/public.\n",
		    n_files, STR_ARG(dir), STR_ARG(dir), STR_ARG(dir), STR_ARG(dir), STR_ARG(dir));
	os_print(1, buf_str(&out));
	buf_free(&out);
}

static enum vitrine_status
new_site(struct context *c, str dir)
{
	struct source source;
	uint32_t n_files = 0;
	str starter;
	os_dir from;
	os_error e;

	if (!is_free(c, dir)) {
		diag_add(c->diag, NEW_NOT_EMPTY, SPAN_NONE, dir);
		return VITRINE_USAGE;
	}
	source_init(&source, dir, c->program_dir, NULL, c->arena, c->diag, c->diag->files);
	if (!source_add_theme(&source, S("portail"), SPAN_NONE))
		return VITRINE_MACHINE;
	starter = str_cat(c->arena, source.roots.ptr[source.roots.len - 1].dir, S("/starter"));
	if ((e = os_dir_open(starter, &from)))
		return machine_error(c, starter, e);
	e = copy_tree(from, dir, c->arena, &n_files);
	os_dir_close(from);
	if (e)
		return machine_error(c, dir, e);
	say_what_next(c, dir, n_files);
	return VITRINE_OK;
}

enum vitrine_status
command_new(struct context *c)
{
	str what = c->options.words.ptr[0];

	if (str_equal(what, S("site")))
		return new_site(c, c->options.words.ptr[1]);
	diag_add(c->diag, NEW_UNKNOWN, SPAN_NONE, what);
	return VITRINE_USAGE;
}
