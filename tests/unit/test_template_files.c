/* Compiles the files of tests/template: what they report must be exactly their lines {# expect error LINE:COLUMN code #};
 * those of tests/template/run, which the runtime's tests render, must compile. Run from the root of the repository. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "template/template.h"

#define FOLDER "tests/template"

struct bench {
	struct arena out, tmp;
	struct files files;
	struct diag diag;
	bool seen[DIAG_N_CODES];
};

static str
read_file(struct bench *b, const char *path)
{
	struct buf bytes;
	FILE *f = fopen(path, "rb");
	str copy;

	assert_non_null(f);
	buf_init(&bytes, SIZE_MAX);
	for (int c = getc(f); c != EOF; c = getc(f))
		buf_byte(&bytes, (char)c);
	fclose(f);
	copy = buf_copy(&bytes, &b->out);
	buf_free(&bytes);
	return copy;
}

static void
start(struct bench *b)
{
	arena_init(&b->out, &page_source_malloc);
	arena_init(&b->tmp, &page_source_malloc);
	files_init(&b->files, &b->out);
	diag_init(&b->diag, &b->out, &b->files);
}

static void
stop(struct bench *b)
{
	arena_free(&b->out);
	arena_free(&b->tmp);
}

static str
compile(struct bench *b, const char *folder, const char *name)
{
	str path = str_format(&b->out, "%s/%s", folder, name), source = read_file(b, path.ptr);
	struct template_options o = { .name = str_from_c(name), .file = files_add(&b->files, path), .base_path = S("/base") };
	struct template t;
	bool compiled;

	if (!template_language_of(o.name, &o.language))
		fail_msg("%s: unknown extension", name);
	compiled = template_compile(&t, source, &o, &b->out, &b->tmp, &b->diag);
	assert_int_equal(compiled, b->diag.n_errors == 0);
	assert_int_equal(compiled, t.lua.len != 0);
	return source;
}

/* The diagnostics in the words of the expectations, one a line, sorted. */
static int
compare_lines(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(*(const str *)a, *(const str *)b);
}

static str
sorted(struct bench *b, str *lines, size_t n)
{
	vec_sort(lines, n, sizeof *lines, compare_lines, NULL);
	return str_join(&b->out, lines, n, S("\n"));
}

static str
reported(struct bench *b, str source)
{
	VEC(str) lines = { 0 };

	for (size_t i = 0; i < b->diag.entries.len; i++) {
		const struct diag_entry *e = &b->diag.entries.ptr[i];
		struct position p = diag_position(source, e->at.start);
		assert_true(e->at.start <= e->at.end && e->at.end <= source.len + 1);
		b->seen[e->code] = true;
		*vec_push(&b->out, &lines) = str_format(&b->out, "%u:%u %.*s", p.line, p.column, STR_ARG(diag_name(e->code)));
	}
	return sorted(b, lines.ptr, lines.len);
}

static str
expected(struct bench *b, str source)
{
	VEC(str) lines = { 0 };
	str opening = S("{# expect error "), rest = source;
	size_t at, end;

	while (str_find(rest, opening, &at)) {
		rest = str_slice(rest, at + opening.len, rest.len);
		assert_true(str_find(rest, S(" #}"), &end));
		*vec_push(&b->out, &lines) = str_slice(rest, 0, end);
	}
	return sorted(b, lines.ptr, lines.len);
}

static void
check_file(struct bench *b, const char *folder, const char *name)
{
	bool seen[DIAG_N_CODES];
	str source, found, wanted;

	memcpy(seen, b->seen, sizeof seen);
	start(b);
	memcpy(b->seen, seen, sizeof seen);
	source = compile(b, folder, name);
	found = reported(b, source);
	wanted = expected(b, source);
	if (!str_equal(found, wanted))
		fail_msg("%s\nexpected\n%.*s\nreported\n%.*s", name, STR_ARG(wanted), STR_ARG(found));
	stop(b);
}

static unsigned
check_folder(struct bench *b, const char *folder)
{
	DIR *dir = opendir(folder);
	unsigned n = 0;

	assert_non_null(dir);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		enum template_language language;
		if (!template_language_of(str_from_c(e->d_name), &language))
			continue;
		check_file(b, folder, e->d_name);
		n++;
	}
	closedir(dir);
	return n;
}

/* Every code of the compiler has a file that shows it, but those of sizes, which test_template_limits.c shows. */
static void
every_code_is_shown(void **state)
{
	static struct bench b;

	(void)state;
	assert_true(check_folder(&b, FOLDER) >= 18);
	for (enum diag_code code = TEMPLATE_TOO_LARGE; code <= TEMPLATE_FILE_ENDS_INSIDE; code++) {
		if (code == TEMPLATE_TOO_LARGE || code == TEMPLATE_TAGS_TOO_DEEP || code == TEMPLATE_TOO_MANY_LOCALS)
			continue;
		if (!b.seen[code])
			fail_msg("no file of " FOLDER " shows %.*s", STR_ARG(diag_name(code)));
	}
}

static void
files_to_render_compile(void **state)
{
	static struct bench b;

	(void)state;
	assert_true(check_folder(&b, FOLDER "/run") >= 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_is_shown),
		cmocka_unit_test(files_to_render_compile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
