/* Times what document/ does with the files of one folder, beside what cmark-gfm and libyaml alone need for them, in turns and in
 * one run: prints microseconds of processor time a file and the ratios. usage: read DIR [ROUNDS] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmark-gfm-core-extensions.h>
#include <yaml.h>

#include "document/document.h"
#include "document/markdown.h"
#include "os/os.h"

enum { READ, RENDER, YAML, CMARK, N_PARTS };
static const char *const parts[N_PARTS] = { "document_read", "markdown_render", "libyaml alone", "cmark-gfm alone" };

struct texts {
	struct arena arena;
	struct files files;
	VEC(struct document) list;
	VEC(str) bytes;
	size_t size;
};

static void
load(struct texts *t, const char *folder)
{
	struct os_entry *entries;
	struct arena *a = &t->arena;
	struct diag diag;
	os_dir dir;
	size_t n;

	arena_init(a, &os_pages);
	files_init(&t->files, a);
	diag_init(&diag, a, &t->files);
	if (os_dir_open(str_from_c(folder), &dir) || os_list_at(dir, false, a, &entries, &n))
		exit(2);
	for (size_t i = 0; i < n; i++) {
		struct document doc;
		str bytes;
		if (!str_ends(entries[i].name, S(".md")) || os_read_at(dir, entries[i].name, (size_t)1 << 20, a, &bytes))
			continue;
		if (!document_read(&doc, bytes, files_add(&t->files, entries[i].name), false, &document_limits_default, a, &diag))
			continue;
		*vec_push(a, &t->list) = doc;
		*vec_push(a, &t->bytes) = bytes;
		t->size += bytes.len;
	}
	os_dir_close(dir);
}

static void
yaml_alone(str bytes)
{
	yaml_parser_t parser;
	yaml_event_t e;
	bool end = false;

	if (!yaml_parser_initialize(&parser))
		exit(3);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes.ptr, bytes.len);
	while (!end && yaml_parser_parse(&parser, &e)) {
		end = e.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&parser);
}

/* With an allocator like document/'s; the library's own arena clears 4 MiB a text. */
static struct arena *cmark_arena;

static void *
bump_calloc(size_t n, size_t size)
{
	size_t *p = arena_alloc(cmark_arena, n * size + 16, 1, 16);

	*p = n * size;
	return (char *)p + 16;
}

static void *
bump_realloc(void *block, size_t size)
{
	size_t before = block ? *(size_t *)((char *)block - 16) : 0;
	void *p = size > before ? bump_calloc(1, size) : block;

	return p == block || !block ? p : memcpy(p, block, before);
}

static void
bump_free(void *block)
{
	(void)block;
}

static void
cmark_alone(str body, struct arena *tmp)
{
	static cmark_mem memory = { bump_calloc, bump_realloc, bump_free };
	cmark_parser *parser;

	cmark_arena = tmp;
	parser = cmark_parser_new_with_mem(CMARK_OPT_FOOTNOTES, &memory);
	cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
	cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("tasklist"));
	cmark_parser_feed(parser, body.ptr, body.len);
	cmark_parser_finish(parser);
	arena_reset(tmp);
}

static void
run(int part, struct texts *t, size_t i, struct arena *out, struct arena *tmp)
{
	const struct document *doc = &t->list.ptr[i];
	struct markdown_options o = markdown_options_default;
	struct document read;
	struct markdown md;
	struct diag diag;

	diag_init(&diag, out, &t->files);
	o.tmp = tmp;
	switch (part) {
	case READ: document_read(&read, t->bytes.ptr[i], doc->file, false, &document_limits_default, out, &diag); break;
	case RENDER: markdown_render(&md, doc->body, &o, out, &diag); break;
	case YAML: yaml_alone(str_slice(t->bytes.ptr[i], 4, doc->body_start - 4)); break;
	default: cmark_alone(doc->body, tmp); break;
	}
}

static double
round_of(int part, struct texts *t, struct arena *out, struct arena *tmp)
{
	clock_t start = clock();

	for (size_t i = 0; i < t->list.len; i++) {
		run(part, t, i, out, tmp);
		arena_reset(out);
	}
	return (double)(clock() - start) / CLOCKS_PER_SEC * 1e6 / (double)t->list.len;
}

int
main(int argc, char **argv)
{
	struct texts t = { 0 };
	struct arena out, tmp;
	double best[N_PARTS] = { 0 };
	int rounds = argc > 2 ? atoi(argv[2]) : 5;

	if (argc < 2)
		return 2;
	markdown_init();
	load(&t, argv[1]);
	arena_init(&out, &os_pages);
	arena_init(&tmp, &os_pages);
	if (!t.list.len)
		return 2;
	for (int r = 0; r < rounds; r++)
		for (int part = 0; part < N_PARTS; part++) {
			double us = round_of(part, &t, &out, &tmp);
			if (r == 0 || us < best[part])
				best[part] = us;
		}
	printf("%zu files, %zu bytes each\n", t.list.len, t.size / t.list.len);
	for (int part = 0; part < N_PARTS; part++)
		printf("%-16s %7.1f µs\n", parts[part], best[part]);
	printf("document_read ÷ libyaml %.2f, markdown_render ÷ cmark-gfm's parser %.2f, ours alone %.1f µs\n", best[READ] / best[YAML],
	    best[RENDER] / best[CMARK], best[READ] + best[RENDER] - best[YAML] - best[CMARK]);
	arena_free(&out);
	arena_free(&tmp);
	arena_free(&t.arena);
	return 0;
}
