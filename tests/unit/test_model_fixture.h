/* A site in memory for the tests of model/. */
#ifndef TEST_MODEL_FIXTURE_H
#define TEST_MODEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "model/model.h"
#include "os/memory.h"

static struct arena arena, tmp, workers[2];
static struct files files;
static struct diag diag;
static struct source source;
static struct model model;
static const str languages[] = { S_INIT("fr"), S_INIT("en") };

static const char site_type[] = "type: site\nnom: Site\npluriel: Sites\ngenre: m\nsingulier: site.yaml\nchamps:\n  titre: {type: texte}\n";

static inline void
put(const char *path, const char *text)
{
	str p = str_from_c(path);
	size_t slash = p.len;

	while (slash && path[slash - 1] != '/')
		slash--;
	os_make_dirs(str_slice(p, 0, slash - 1));
	assert_int_equal(os_replace(p, str_from_c(text)), 0);
}

static int
set_up(void **state)
{
	(void)state;
	os_memory_reset();
	markdown_init();
	arena_init(&arena, &page_source_malloc);
	arena_init(&tmp, &page_source_malloc);
	arena_init(&workers[0], &page_source_malloc);
	arena_init(&workers[1], &page_source_malloc);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	put("/site/themes/essai/types/site.yaml", site_type);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	arena_free(&tmp);
	arena_free(&workers[0]);
	arena_free(&workers[1]);
	os_memory_reset();
	return 0;
}

static inline bool
load_types(void)
{
	source_init(&source, S("/site"), STR_NONE, NULL, &arena, &diag, &files);
	assert_true(source_add_theme(&source, S("essai"), SPAN_NONE));
	return model_load_types(&model, &source, &arena, &diag);
}

/* "code@offset code@offset …" of all diagnostics in order of arrival. */
static inline const char *
said(void)
{
	struct buf b;
	str s;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < diag.entries.len; i++) {
		if (i)
			buf_byte(&b, ' ');
		buf_put(&b, diag_name(diag.entries.ptr[i].code));
	}
	s = buf_copy(&b, &arena);
	buf_free(&b);
	return s.ptr;
}

static inline void
forget(void)
{
	diag_init(&diag, &arena, &files);
}

/* Argument n of the last diagnostic. */
static inline const char *
last_argument(uint32_t n)
{
	const struct diag_entry *e = &diag.entries.ptr[diag.entries.len - 1];
	return n < e->n_args ? str_copy(&arena, e->args[n]).ptr : "";
}

/* Line and column of the last diagnostic in a text. */
static inline struct position
last_position(const char *text)
{
	return diag_position(str_from_c(text), diag.entries.ptr[diag.entries.len - 1].at.start);
}

static inline struct item *
read_item_in(const char *type, const char *text, uint8_t language)
{
	struct content_file f = { .slug = S("essai"), .language = language };

	f.source.file = files_add(&files, S("content/essai.md"));
	f.type = map_get(&model.by_name, str_from_c(type));
	assert_non_null(f.type);
	return model_read_item(&model, &f, str_from_c(text), languages, 2, &arena, &tmp, &diag);
}

static inline struct item *
read_item(const char *type, const char *text)
{
	return read_item_in(type, text, 0);
}

#endif
