/* document/: front matter that is read without libyaml is what libyaml reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "document/yaml.h"
#include "same_value.h"

static bool
read_simple(struct value *root, const char *text, struct arena *arena)
{
	return yaml_read_simple(root, str_from_c(text), 0, &document_limits_default, arena);
}

static void
read_full(struct value *root, const char *text, struct arena *arena)
{
	struct files files;
	struct diag diag;
	struct yaml_text whole;

	files_init(&files, arena);
	diag_init(&diag, arena, &files);
	yaml_text_init(&whole, str_from_c(text), 0, 0, files_add(&files, S("a")), arena);
	assert_true(yaml_read(root, &whole, &document_limits_default, arena, &diag));
}

static void
same_as_libyaml(void **state)
{
	static const char *const texts[] = {
		"titre: Stage d’été à l'hôpital\n", "titre: Stage", "a: b   \nc_2: 2026-09-02 18:30\nd: https://exemple.fr/#lieu\n",
		"a: \"x: y # z\"\nb: 'l\"un'\nc: \"\"\n", "a: [b, \"c, d\", 'e', 12 h 30]\nb: []\nc: {}\n",
		"geo: {lat: 47.387, lon: -0.668}\n", "a: [{b: c, d: [e, f]}, {g: \"h\"}]\n", "a: null\nb: [Null, NULL]\n",
		"a:\n  - b\n  - {c: d}\n  - [e]\nf: g\n", "a:\n  b: c\n  d:\n    e: f\n    g: h\n  i: j\nk: l\n", "a:\n    - b\n", "a: b#c [d] {e} ?, f\n",
		"a: « été »\n", "a:   b\n", "a: [ b , c ]\n", "a: -5\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena arena;
		struct value simple, full;
		arena_init(&arena, &page_source_malloc);
		if (!read_simple(&simple, texts[i], &arena))
			fail_msg("not read: %s", texts[i]);
		read_full(&full, texts[i], &arena);
		if (!same_value(&simple, &full))
			fail_msg("read otherwise: %s", texts[i]);
		arena_free(&arena);
	}
}

static void
left_to_libyaml(void **state)
{
	static const char *const texts[] = {
		"", "a\n", "a:\n", "a: b\na: c\n", "a: {b: c, b: d}\n", "a: b: c\n", "a: b:\n", "a: b # c\n", "a: \"b\" # c\n", "a: #b\n", "a: [b # c]\n",
		"a: b\n  c\n", "a: b\n c: d\n", " a: b\n", "a:\n- b\n", "a:\n  - b\n - c\n", "a:\n  b: c\n d: e\n", "a: \"b\\n\"\n", "a: 'b''c'\n", "a: \"b\nc\"\n",
		"a: \"b\" c\n", "a: [b\n", "a: [b]]\n", "a: [b}\n", "a: {b: c]\n", "a: [b, ]\n", "a: {b: c,}\n", "a: {b}\n", "a: {b:c}\n", "a: [b: c]\n", "a: [, b]\n",
		"a: &b c\n", "a: *b\n", "a: !b c\n", "a: | \n  b\n", "a: >\n  b\n", "a: ~\n", "a: - b\n", "a: -\n", "a:\tb\n", "a: b\tc\n", "a: b\r\n", "<<: b\n",
		"A: b\n", "\"a\": b\n", "? a\n: b\n", "- a\n", "--- a\n", "a: b\n---\nc: d\n", "a: b\n...\n", "%YAML 1.1\n", ("a: b\xe2\x80\xa8" "c\n"), "a: @b\n",
		"a: b\n\nc: d\n", "# a\nb: c\n", "a: [[[[[[b]]]]]]\n", "a:\n  - b: c\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena arena;
		struct value root;
		arena_init(&arena, &page_source_malloc);
		if (read_simple(&root, texts[i], &arena))
			fail_msg("read: %s", texts[i]);
		arena_free(&arena);
	}
}

static void
small_limits(void **state)
{
	struct document_limits nodes = document_limits_default, depth = document_limits_default;
	struct arena arena;
	struct value root;

	(void)state;
	arena_init(&arena, &page_source_malloc);
	nodes.nodes = 3;
	depth.depth = 1;
	assert_false(yaml_read_simple(&root, S("a: b\n"), 0, &nodes, &arena));
	assert_false(yaml_read_simple(&root, S("a: b\n"), 0, &depth, &arena));
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_as_libyaml), cmocka_unit_test(left_to_libyaml), cmocka_unit_test(small_limits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
