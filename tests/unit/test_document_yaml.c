/* document/: YAML and front matter → values, spans, diagnostics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "document/document.h"

struct fixture {
	struct arena arena;
	struct files files;
	struct diag diag;
	struct document doc;
	str bytes;
	bool ok;
};

static int
set_up(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof f);
	arena_init(&f.arena, &page_source_malloc);
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	arena_free(&f->arena);
	return 0;
}

static void
read_limited(struct fixture *f, str bytes, bool yaml, const struct document_limits *limits)
{
	files_init(&f->files, &f->arena);
	diag_init(&f->diag, &f->arena, &f->files);
	f->bytes = bytes;
	f->ok = document_read(&f->doc, bytes, files_add(&f->files, S("a")), yaml, limits, &f->arena, &f->diag);
}

static void
read_yaml(struct fixture *f, const char *text)
{
	read_limited(f, str_from_c(text), true, &document_limits_default);
}

static void
read_md(struct fixture *f, const char *text)
{
	read_limited(f, str_from_c(text), false, &document_limits_default);
}

/* {a=plain, b="quoted", c=|block, d=~, e=[x, y]} */
static void
dump(struct buf *out, const struct value *v)
{
	static const char *const marks[] = { "", "\"", "|" };

	switch (v->kind) {
	case VALUE_NULL:
		buf_put_c(out, "~");
		break;
	case VALUE_SCALAR:
		buf_put_c(out, marks[v->style]);
		buf_put(out, v->as.text);
		break;
	case VALUE_LIST:
		buf_put_c(out, "[");
		for (uint32_t i = 0; i < v->as.list.len; i++) {
			buf_put_c(out, i ? ", " : "");
			dump(out, &v->as.list.items[i]);
		}
		buf_put_c(out, "]");
		break;
	case VALUE_MAP:
		buf_put_c(out, "{");
		for (uint32_t i = 0; i < v->as.map.len; i++) {
			buf_put_c(out, i ? ", " : "");
			buf_put(out, v->as.map.pairs[i].key);
			buf_put_c(out, "=");
			dump(out, &v->as.map.pairs[i].value);
		}
		buf_put_c(out, "}");
		break;
	}
}

static void
assert_str(str got, const char *expected)
{
	char text[2048];

	assert_true(got.len < sizeof text);
	memcpy(text, got.len ? got.ptr : "", got.len);
	text[got.len] = 0;
	assert_string_equal(text, expected);
}

static void
assert_tree(struct fixture *f, const char *expected)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	dump(&out, &f->doc.front);
	assert_str(buf_str(&out), expected);
	assert_int_equal(f->ok, f->diag.n_errors == 0);
	buf_free(&out);
}

/* "line:column code(arguments)" of each diagnostic, separated by spaces. */
static void
assert_errors(struct fixture *f, const char *expected)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < f->diag.entries.len; i++) {
		const struct diag_entry *e = &f->diag.entries.ptr[i];
		struct position p = diag_position(f->bytes, e->at.start);
		buf_format(&out, "%s%u:%u %.*s", i ? " " : "", p.line, p.column, STR_ARG(diag_name(e->code)));
		assert_true(e->at.start <= e->at.end && e->at.end <= f->bytes.len);
	}
	assert_str(buf_str(&out), expected);
	assert_int_equal(f->ok, f->diag.n_errors == 0);
	buf_free(&out);
}

static str
argument(const struct fixture *f, uint32_t n)
{
	assert_true(f->diag.entries.len > 0 && n < f->diag.entries.ptr[0].n_args);
	return f->diag.entries.ptr[0].args[n];
}

static str
bytes_of(const struct fixture *f, uint32_t start, uint32_t end)
{
	return str_slice(f->bytes, start, end);
}

static void
values(void **state)
{
	struct fixture *f = *state;

	read_yaml(f, "a: 1\nb: \"deux\"\nc: 'tr''ois'\nd:\n  - x\n  - {y: z, w: [1, 2]}\ne: |\n  ligne\n  suite\nf:\ng: ~\nh: ''\n");
	assert_tree(f, "{a=1, b=\"deux, c=\"tr'ois, d=[x, {y=z, w=[1, 2]}], e=|ligne\nsuite\n, f=~, g=~, h=\"}");
	read_yaml(f, "");
	assert_tree(f, "{}");
	read_yaml(f, "# rien\n\n");
	assert_tree(f, "{}");
	read_yaml(f, "code: 01200\nvrai: no\nrien: null\n");
	assert_tree(f, "{code=01200, vrai=no, rien=~}");
	assert_str(value_text(&f->doc.front, S("code"), S("?")), "01200");
	assert_str(value_text(&f->doc.front, S("rien"), S("?")), "?");
	assert_null(value_get(&f->doc.front, S("absent")));
}

static void
spans(void **state)
{
	struct fixture *f = *state;
	const struct value_pair *p;

	read_yaml(f, "été: \"là 𝄞\" # note\nliste:\n  - é\n  - b\n\nbloc: |\n  é\n\nfin: [é, {x: y}]\n");
	assert_errors(f, "");
	p = value_pair(&f->doc.front, S("été"));
	assert_str(bytes_of(f, p->key_start, p->key_end), "été");
	assert_str(bytes_of(f, p->value.start, p->value.end), "\"là 𝄞\"");
	p = value_pair(&f->doc.front, S("liste"));
	assert_str(bytes_of(f, p->value.start, p->value.end), "- é\n  - b");
	assert_str(bytes_of(f, p->value.as.list.items[1].start, p->value.as.list.items[1].end), "b");
	p = value_pair(&f->doc.front, S("bloc"));
	assert_str(bytes_of(f, p->value.start, p->value.end), "|\n  é");
	p = value_pair(&f->doc.front, S("fin"));
	assert_str(bytes_of(f, p->value.start, p->value.end), "[é, {x: y}]");
}

/* More than one step of the character table, with characters of all lengths. */
static void
spans_far(void **state)
{
	struct fixture *f = *state;
	struct buf text;

	buf_init(&text, 1 << 20);
	for (int i = 0; i < 300; i++)
		buf_format(&text, "clé%d: é€𝄞x%d\r\n", i, i);
	read_limited(f, buf_str(&text), true, &document_limits_default);
	assert_errors(f, "");
	assert_int_equal(f->doc.front.as.map.len, 300);
	for (uint32_t i = 0; i < 300; i++) {
		const struct value_pair *p = &f->doc.front.as.map.pairs[i];
		assert_true(str_equal(bytes_of(f, p->key_start, p->key_end), p->key));
		assert_true(str_equal(bytes_of(f, p->value.start, p->value.end), p->value.as.text));
	}
	buf_free(&text);
}

static void
front_matter(void **state)
{
	struct fixture *f = *state;

	read_md(f, "---\ntitre: Été\n---\n# Corps\n");
	assert_tree(f, "{titre=Été}");
	assert_str(f->doc.body, "# Corps\n");
	assert_int_equal(f->doc.body_start, 21);
	read_md(f, "\xef\xbb\xbf---\r\ntitre: Été\r\n---\r\nCorps\r\n");
	assert_tree(f, "{titre=Été}");
	assert_str(bytes_of(f, f->doc.front.as.map.pairs[0].value.start, f->doc.front.as.map.pairs[0].value.end), "Été");
	assert_str(f->doc.body, "Corps\r\n");
	read_md(f, "---\n---\n");
	assert_tree(f, "{}");
	assert_str(f->doc.body, "");
	read_md(f, "---\na: 1\n---");
	assert_tree(f, "{a=1}");
	read_md(f, "Bonjour\n");
	assert_errors(f, "1:1 entete-absente");
	read_md(f, "");
	assert_errors(f, "1:1 entete-absente");
	read_md(f, "---\ntitre: a\n\nTexte\n");
	assert_errors(f, "1:1 entete-non-fermee");
	read_md(f, "---\nt: x\nt: y\n---\n");
	assert_errors(f, "3:1 champ-en-double");
	assert_str(argument(f, 1), "2");
}

static void
bad_bytes(void **state)
{
	struct fixture *f = *state;

	read_md(f, "---\ntitre: caf\xe9\n---\n");
	assert_errors(f, "2:11 encodage-invalide");
	read_md(f, "---\ntitre: a\n---\nab\x01");
	assert_errors(f, "4:3 caractere-de-controle");
	read_yaml(f, "a: \"x\\0y\"\n");
	assert_errors(f, "1:6 barre-oblique-inverse");
	read_yaml(f, "a: \"\\\\ C:\\Photos\"\n");
	assert_errors(f, "1:10 barre-oblique-inverse");
	read_yaml(f, "a: \"x\\ny\\t\\u00e9\"\n");
	assert_tree(f, "{a=\"x\ny\té}");
	read_yaml(f, "é: b\xc2\x85\n");
	assert_errors(f, "1:5 caractere-de-controle");
	assert_str(argument(f, 0), "U+0085");
	read_yaml(f, "a: \xef\xbb\xbf" "b\n");
	assert_errors(f, "1:4 caractere-de-controle");
	read_yaml(f, "a: b\rc: d\n");
	assert_errors(f, "1:5 caractere-de-controle");
	read_limited(f, S("a: b\0c\n"), true, &document_limits_default);
	assert_errors(f, "1:5 caractere-de-controle");
}

struct mistake {
	const char *yaml, *errors, *argument;   /* the last argument of the first error, NULL: not looked at */
};

static const struct mistake mistakes[] = {
	{ "titre: Stage : médecine\n", "1:14 deux-points-sans-guillemets", "titre: \"Stage : médecine\"" },
	{ "a: 1\ntitre: Internat: l'essentiel\nb: 2\n", "2:16 deux-points-sans-guillemets", "titre: \"Internat: l'essentiel\"" },
	{ "liste:\n  - nom: a: b\n", "2:11 deux-points-sans-guillemets", "nom: \"a: b\"" },
	{ "titre:Stage\n", "1:6 espace-apres-deux-points", "titre: Stage" },
	{ "titre:Stage\nb: 2\n", "1:6 espace-apres-deux-points", "titre: Stage" },
	{ "a: 1\ntitre:Stage\nb: 2\n", "2:6 espace-apres-deux-points", "titre: Stage" },
	{ "a: 1\nb: 2\ntitre:Stage\n", "3:6 espace-apres-deux-points", "titre: Stage" },
	{ "a: 1\ntitre\nb: 2\n", "2:1 deux-points-manquant", "titre" },
	{ "a: 1\n  b: 2\n", "2:1 retrait", NULL },
	{ "a:\n    b: 1\n  c: 2\n", "3:1 retrait", NULL },
	{ "a:\n  - x\n - y\n", "3:1 retrait", NULL },
	{ "a:\n\tb: 1\n", "2:1 tabulation", NULL },
	{ "a:\tb\n", "", NULL },
	{ "a: \"ouvert\nb: 2\n", "1:4 guillemet-non-ferme", "\"" },
	{ "a: 'L'offre'\n", "1:6 guillemet-dans-la-valeur", "\"…\"" },
	{ "a: \"dit \"oui\" bien\"\n", "1:9 guillemet-dans-la-valeur", "'…'" },
	{ "a: [x, y\nb: 2\n", "1:4 crochet-non-ferme", "]" },
	{ "a: {x: y\nb: 2\n", "1:4 crochet-non-ferme", "}" },
	{ "a: [x, y", "1:4 crochet-non-ferme", "]" },
	{ "a: @maison\n", "1:4 debut-de-valeur", "\"@maison\"" },
	{ "a: `x`\n", "1:4 debut-de-valeur", "\"`x`\"" },
	{ "%a: x\n", "1:1 debut-de-valeur", NULL },
	{ "a: \"C:\\dossier\"\n", "1:7 barre-oblique-inverse", NULL },
	{ "a: [Urgent] Stage\n", "1:13 yaml-incompris", "a: \"[Urgent] Stage\"" },
	{ "a: - tiret\n", "1:4 yaml-incompris", "a: \"- tiret\"" },
	{ "a: | texte\n", "1:6 yaml-incompris", "a: \"| texte\"" },
	{ "a:\n- x\n-y\n- z\n", "3:1 espace-apres-tiret", "- y" },
	{ "a: Stage #2\n", "1:10 diese", "" },
	{ "couleur: #c05030\n", "1:10 diese", "" },
	{ "a: Stage # note\nb: # note\n", "", NULL },
	{ "a: *gras*\n", NULL, NULL },
	{ "a: *gras\n", "1:4 alias-inconnu", "" },
	{ "a: !!str 1\n", "1:4 etiquette-refusee", "" },
	{ "a: !Attention\nb: 1\n", "1:4 etiquette-refusee", "" },
	{ "a: &x {b: 1}\nc:\n  <<: *x\n", "3:3 fusion-refusee", NULL },
	{ "? [a, b]\n: c\n", "1:3 cle-refusee", NULL },
	{ "{a: b}: c\n", "1:1 cle-refusee", NULL },
	{ "a: 1\n: c\n", "2:1 cle-refusee", NULL },
	{ "a: 1\n---\nb: 2\n", "2:1 plusieurs-documents", NULL },
	{ "%YAML 1.1\n---\nb: 2\n", "1:1 directive-refusee", NULL },
	{ "- a\n- b\n", "1:1 pas-de-champs", NULL },
	{ "bonjour\n", "1:1 pas-de-champs", NULL },
	{ "a: 1\nb: 2\na: 3\nb: 4\n", "3:1 champ-en-double 4:1 champ-en-double", "1" },
	{ "a: &r [*r]\n", "1:8 alias-inconnu", "" },
};

static void
mistakes_are_explained(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const struct mistake *m = &mistakes[i];
		read_yaml(f, m->yaml);
		if (m->errors)
			assert_errors(f, m->errors);
		else
			assert_false(f->ok);
		if (m->argument)
			assert_str(argument(f, f->diag.entries.ptr[0].n_args - 1), m->argument);
	}
}

static void
limits(void **state)
{
	struct fixture *f = *state;
	struct document_limits small = { .depth = 3, .aliases = 5, .nodes = 10, .body = 4 };

	read_limited(f, S("a: {b: {c: 1}}\n"), true, &small);
	assert_errors(f, "");
	read_limited(f, S("a: {b: {c: {d: 1}}}\n"), true, &small);
	assert_errors(f, "1:12 imbrication");
	read_limited(f, S("a: [1, 2, 3, 4, 5, 6, 7, 8]\n"), true, &small);
	assert_errors(f, "");
	read_limited(f, S("a: [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"), true, &small);
	assert_errors(f, "1:29 trop-de-valeurs");
	read_limited(f, S("a: &x [1, 2, 3, 4]\nb: *x\n"), true, &small);
	assert_errors(f, "");
	read_limited(f, S("a: &x [1, 2, 3, 4]\nb: *x\nc: *x\n"), true, &small);
	assert_errors(f, "3:4 trop-d-alias");
	read_limited(f, S("---\na: 1\n---\nabcd"), false, &small);
	assert_errors(f, "");
	read_limited(f, S("---\na: 1\n---\nabcde"), false, &small);
	assert_errors(f, "4:1 corps-trop-long");
}

/* Nine lists of nine aliases each: a billion values, if they were copied. */
static void
alias_bomb(void **state)
{
	struct fixture *f = *state;
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_put_c(&text, "a: &a [x, x, x, x, x, x, x, x, x]\n");
	for (char c = 'b'; c <= 'i'; c++)
		buf_format(&text, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c,
		    c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
	read_limited(f, buf_str(&text), true, &document_limits_default);
	assert_errors(f, "4:8 trop-d-alias");
	buf_free(&text);
}

static void
deep_brackets(void **state)
{
	struct fixture *f = *state;
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_put_c(&text, "a: ");
	buf_fill(&text, '[', 100000);
	read_limited(f, buf_str(&text), true, &document_limits_default);
	assert_false(f->ok);
	assert_int_equal(f->diag.n_errors, 1);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(spans, set_up, tear_down),
		cmocka_unit_test_setup_teardown(spans_far, set_up, tear_down),
		cmocka_unit_test_setup_teardown(front_matter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bad_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(mistakes_are_explained, set_up, tear_down),
		cmocka_unit_test_setup_teardown(limits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(alias_bomb, set_up, tear_down),
		cmocka_unit_test_setup_teardown(deep_brackets, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
