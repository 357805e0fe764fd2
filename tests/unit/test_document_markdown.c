/* document/: Markdown → HTML with holes, headings, plain text, diagnostics. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "document/markdown.h"

struct fixture {
	struct arena arena;
	struct files files;
	struct diag diag;
	struct markdown_options options;
	struct markdown md;
	str body;
	bool ok;
};

static int
set_up(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof f);
	arena_init(&f.arena, &page_source_malloc);
	f.options = markdown_options_default;
	markdown_init();
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
render(struct fixture *f, str body)
{
	files_init(&f->files, &f->arena);
	diag_init(&f->diag, &f->arena, &f->files);
	f->options.file = files_add(&f->files, S("a"));
	f->body = body;
	f->ok = markdown_render(&f->md, body, &f->options, &f->arena, &f->diag);
	assert_int_equal(f->ok, f->diag.n_errors == 0);
}

/* The HTML with its holes filled by their targets; «» stands for a missing text. */
static str
filled(struct fixture *f)
{
	struct buf out;
	uint32_t at = 0;
	str copy;

	buf_init(&out, 1 << 24);
	for (uint32_t i = 0; i < f->md.n_holes; i++) {
		const struct markdown_hole *h = &f->md.holes[i];
		buf_put(&out, str_slice(f->md.html, at, h->at));
		if (h->kind == MARKDOWN_IMAGE)
			buf_format(&out, "src=\"%.*s\"", STR_ARG(h->target));
		else
			buf_put(&out, h->target);
		at = h->at;
		if (h->empty_text) {
			buf_put(&out, str_slice(f->md.html, at, h->text_at));
			buf_put_c(&out, "«»");
			at = h->text_at;
		}
	}
	buf_put(&out, str_slice(f->md.html, at, f->md.html.len));
	copy = buf_copy(&out, &f->arena);
	buf_free(&out);
	return copy;
}

static void
assert_html(struct fixture *f, const char *body, const char *html)
{
	render(f, str_from_c(body));
	assert_string_equal(filled(f).ptr, html);
}

/* "line:column code" of each diagnostic. */
static void
assert_diagnostics(struct fixture *f, const char *body, const char *expected)
{
	struct buf out;

	render(f, str_from_c(body));
	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < f->diag.entries.len; i++) {
		const struct diag_entry *e = &f->diag.entries.ptr[i];
		struct position p = diag_position(f->body, e->at.start);
		buf_format(&out, "%s%u:%u %.*s", i ? " " : "", p.line, p.column, STR_ARG(diag_name(e->code)));
	}
	buf_byte(&out, 0);
	assert_string_equal(out.ptr, expected);
	buf_free(&out);
}

struct example { const char *markdown, *html; };

/* Examples of the GFM specification (0.29-gfm), "Strikethrough (extension)" and "Autolinks (extension)", and cases around
 * them; ftp is no scheme of ours. */
static const struct example extensions[] = {
	{ "~~Hi~~ Hello, world!", "<p><del>Hi</del> Hello, world!</p>\n" },
	{ "This ~~has a\n\nnew paragraph~~.", "<p>This ~~has a</p>\n<p>new paragraph~~.</p>\n" },
	{ "~~Hi~~ Hello, ~there~ world!", "<p><del>Hi</del> Hello, <del>there</del> world!</p>\n" },
	{ "This will ~~~not~~~ strike.", "<p>This will ~~~not~~~ strike.</p>\n" },
	{ "~~a~ b~~", "<p><del>a~ b</del></p>\n" },
	{ "~~a *b* c~~ **~~d~~**", "<p><del>a <em>b</em> c</del> <strong><del>d</del></strong></p>\n" },
	{ "*a ~~b* c~~", "<p><em>a ~~b</em> c~~</p>\n" },
	{ "\\~~a~~ `~~b~~` ~~ c ~~", "<p>~~a~~ <code>~~b~~</code> ~~ c ~~</p>\n" },
	{ "~5 km and ~10 km", "<p>~5 km and ~10 km</p>\n" },
	{ "~~a\nb~~", "<p><del>a\nb</del></p>\n" },
	{ "[~~a~~](/b)", "<p><a href=\"/b\"><del>a</del></a></p>\n" },
	{ "www.commonmark.org", "<p><a href=\"http://www.commonmark.org\">www.commonmark.org</a></p>\n" },
	{ "Visit www.commonmark.org/help for more information.",
	  "<p>Visit <a href=\"http://www.commonmark.org/help\">www.commonmark.org/help</a> for more information.</p>\n" },
	{ "Visit www.commonmark.org.\n\nVisit www.commonmark.org/a.b.",
	  "<p>Visit <a href=\"http://www.commonmark.org\">www.commonmark.org</a>.</p>\n"
	  "<p>Visit <a href=\"http://www.commonmark.org/a.b\">www.commonmark.org/a.b</a>.</p>\n" },
	{ "www.google.com/search?q=Markup+(business)",
	  "<p><a href=\"http://www.google.com/search?q=Markup+(business)\">www.google.com/search?q=Markup+(business)</a></p>\n" },
	{ "www.google.com/search?q=Markup+(business)))",
	  "<p><a href=\"http://www.google.com/search?q=Markup+(business)\">www.google.com/search?q=Markup+(business)</a>))</p>\n" },
	{ "(www.google.com/search?q=Markup+(business))",
	  "<p>(<a href=\"http://www.google.com/search?q=Markup+(business)\">www.google.com/search?q=Markup+(business)</a>)</p>\n" },
	{ "(www.google.com/search?q=Markup+(business)",
	  "<p>(<a href=\"http://www.google.com/search?q=Markup+(business)\">www.google.com/search?q=Markup+(business)</a></p>\n" },
	{ "www.google.com/search?q=(business))+ok",
	  "<p><a href=\"http://www.google.com/search?q=(business))+ok\">www.google.com/search?q=(business))+ok</a></p>\n" },
	{ "www.google.com/search?q=commonmark&hl=en",
	  "<p><a href=\"http://www.google.com/search?q=commonmark&hl=en\">www.google.com/search?q=commonmark&amp;hl=en</a></p>\n" },
	{ "www.google.com/search?q=commonmark&hl;",
	  "<p><a href=\"http://www.google.com/search?q=commonmark\">www.google.com/search?q=commonmark</a>&amp;hl;</p>\n" },
	{ "www.commonmark.org/he<lp", "<p><a href=\"http://www.commonmark.org/he\">www.commonmark.org/he</a>&lt;lp</p>\n" },
	{ "http://commonmark.org", "<p><a href=\"http://commonmark.org\">http://commonmark.org</a></p>\n" },
	{ "(Visit https://encrypted.google.com/search?q=Markup+(business))",
	  "<p>(Visit <a href=\"https://encrypted.google.com/search?q=Markup+(business)\">https://encrypted.google.com/search?q=Markup+(business)</a>)</p>\n" },
	{ "foo@bar.baz", "<p><a href=\"mailto:foo@bar.baz\">foo@bar.baz</a></p>\n" },
	{ "hello@mail+xyz.example isn't valid, but hello+xyz@mail.example is.",
	  "<p>hello@mail+xyz.example isn't valid, but <a href=\"mailto:hello+xyz@mail.example\">hello+xyz@mail.example</a> is.</p>\n" },
	{ "a.b-c_d@a.b", "<p><a href=\"mailto:a.b-c_d@a.b\">a.b-c_d@a.b</a></p>\n" },
	{ "a.b-c_d@a.b.", "<p><a href=\"mailto:a.b-c_d@a.b\">a.b-c_d@a.b</a>.</p>\n" },
	{ "a.b-c_d@a.b-", "<p>a.b-c_d@a.b-</p>\n" },
	{ "a.b-c_d@a.b_", "<p>a.b-c_d@a.b_</p>\n" },
	{ "http://x.fr/_a_/*b*/~~c~~\\d", "<p><a href=\"http://x.fr/_a_/*b*/~~c~~\\d\">http://x.fr/_a_/*b*/~~c~~\\d</a></p>\n" },
	{ "**https://x.fr**, *www.x.fr*.",
	  "<p><strong><a href=\"https://x.fr\">https://x.fr</a></strong>, <em><a href=\"http://www.x.fr\">www.x.fr</a></em>.</p>\n" },
	{ "[www.x.fr](http://y.fr/a_b_c) `http://x.fr/_a_`", "<p><a href=\"http://y.fr/a_b_c\">www.x.fr</a> <code>http://x.fr/_a_</code></p>\n" },
	{ "[a](/x?u=http://x.fr/_a_ 't \"_u_\"') b_c_", "<p><a href=\"/x?u=http://x.fr/_a_\" title=\"t &quot;_u_&quot;\">a</a> b_c_</p>\n" },
	{ "<https://x.fr/_a_> <a@b.fr>", "<p><a href=\"https://x.fr/_a_\">https://x.fr/_a_</a> <a href=\"mailto:a@b.fr\">a@b.fr</a></p>\n" },
	{ "http\\://x.fr a\\@b.fr www\\.x.fr xhttp://a.b", "<p>http://x.fr a@b.fr www.x.fr xhttp://a.b</p>\n" },
	{ "ftp://x.fr javascript:alert(1) www.a_b.c_d", "<p>ftp://x.fr javascript:alert(1) www.a_b.c_d</p>\n" },
	{ "[http://x.fr] «https://x.fr»", "<p>[<a href=\"http://x.fr\">http://x.fr</a>] «<a href=\"https://x.fr\">https://x.fr</a>»</p>\n" },
	{ "http:// www. @ a@ @b.fr a@b", "<p>http:// www. @ a@ @b.fr a@b</p>\n" },
};

static void
strike_and_addresses(void **state)
{
	struct fixture *f = *state;

	f->options.language = S("en");
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
		assert_html(f, extensions[i].markdown, extensions[i].html);
		assert_true(f->ok);
	}
}

static const struct example blocks[] = {
	{ "", "" },
	{ "a\nb  \nc\\\nd", "<p>a\nb<br>\nc<br>\nd</p>\n" },
	{ "- a\n- b\n\n1) c\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n" },
	{ "- a\n\n- b\n", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n" },
	{ "7. a\n", "<ol start=\"7\">\n<li>a</li>\n</ol>\n" },
	{ "> a\n\n***\n", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n" },
	{ "```c x\nif (a < b)\n```\n", "<pre tabindex=\"0\"><code class=\"language-c\">if (a &lt; b)\n</code></pre>\n" },
	{ "- [x] a\n- [ ] b\n",
	  "<ul>\n<li class=\"tache tache-faite\"><span class=\"tache-case\" role=\"img\" aria-label=\"fait\">☑</span> a</li>\n"
	  "<li class=\"tache\"><span class=\"tache-case\" role=\"img\" aria-label=\"à faire\">☐</span> b</li>\n</ul>\n" },
	{ "| a | |\n|:-:|--:|\n| b | c | d |\n| e |\n",
	  "<div class=\"tableau\" role=\"region\" tabindex=\"0\" aria-label=\"Tableau 1\">\n<table>\n<thead>\n<tr>\n"
	  "<th scope=\"col\" class=\"centre\">a</th>\n<td class=\"droite\"></td>\n</tr>\n</thead>\n<tbody>\n"
	  "<tr>\n<td class=\"centre\">b</td>\n<td class=\"droite\">c</td>\n</tr>\n"
	  "<tr>\n<td class=\"centre\">e</td>\n<td class=\"droite\"></td>\n</tr>\n</tbody>\n</table>\n</div>\n" },
	{ "## T\n\na|b\n-|-\n",
	  "<h2 id=\"t\">T</h2>\n<div class=\"tableau\" role=\"region\" tabindex=\"0\" aria-label=\"Tableau 1\xc2\xa0: T\">\n<table>\n<thead>\n<tr>\n"
	  "<th scope=\"col\">a</th>\n<th scope=\"col\">b</th>\n</tr>\n</thead>\n</table>\n</div>\n" },
	{ "a [^é\nb] c `[^d\ne]`\n", "<p>a [^é\nb] c <code>[^d e]</code></p>\n" },
	{ "a[^x] b[^x]\n\n[^x]: note *n*\n",
	  "<p>a<sup><a class=\"note-renvoi\" role=\"doc-noteref\" id=\"renvoi--1\" href=\"#note--1\" aria-label=\"Note 1\">1</a></sup> "
	  "b<sup><a class=\"note-renvoi\" role=\"doc-noteref\" id=\"renvoi--1-2\" href=\"#note--1\" aria-label=\"Note 1\">1</a></sup></p>\n"
	  "<section class=\"notes\" role=\"doc-endnotes\" aria-label=\"Notes\">\n<ol>\n<li id=\"note--1\"><p>note <em>n</em> "
	  "<a class=\"note-retour\" role=\"doc-backlink\" href=\"#renvoi--1\" aria-label=\"Retour au renvoi de la note 1\">↩</a> "
	  "<a class=\"note-retour\" role=\"doc-backlink\" href=\"#renvoi--1-2\" aria-label=\"Retour au renvoi de la note 1 (2)\">↩</a></p>\n"
	  "</li>\n</ol>\n</section>\n" },
	{ "![*a* \"b\"](p.jpg \"t\")", "<p><img src=\"p.jpg\" alt=\"a &quot;b&quot;\" title=\"t\"></p>\n" },
	{ "[![a](b.jpg)](/c)", "<p><a href=\"/c\"><img src=\"b.jpg\" alt=\"a\"></a></p>\n" },
	{ "[](offre:x) [y](offre:x#z)", "<p><a href=\"offre:x\">«»</a> <a href=\"offre:x#z\">y</a></p>\n" },
	{ "&amp; &lt; &copy; \\& \\<", "<p>&amp; &lt; © &amp; &lt;</p>\n" },
};

static void
blocks_and_inlines(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		assert_html(f, blocks[i].markdown, blocks[i].html);
}

static void
inline_only(void **state)
{
	struct fixture *f = *state;

	f->options.inline_only = true;
	assert_html(f, "a *b* [c](/d)\n", "a <em>b</em> <a href=\"/d\">c</a>");
	assert_html(f, "# a\n\n- b\n- c\n", "a<br>\nb<br>\nc");
	assert_int_equal(f->md.n_headings, 0);
	assert_html(f, "<div>\n", "&lt;div&gt;");
}

static void
headings(void **state)
{
	struct fixture *f = *state;
	static const char *const ids[] = { "l-ete-a-l-hopital", "coeur-2", "coeur", "coeur-2-2", "coeur-3", "section", "note-1" };

	render(f, S("## L'été à l'*hôpital*\n### Cœur 2\n### `cœur`\n### Cœur-2\n### Cœur\n## !?\nNote 1\n---\n"));
	assert_int_equal(f->md.n_headings, 7);
	for (uint32_t i = 0; i < 7; i++)
		assert_string_equal(f->md.headings[i].id.ptr, ids[i]);
	assert_string_equal(f->md.headings[0].text.ptr, "L’été à l’hôpital");
	assert_true(str_equal(str_slice(f->body, f->md.headings[1].start, f->md.headings[1].end), S("### Cœur 2")));
	assert_int_equal(f->md.headings[1].level, 3);
	f->options.prefix = S("o1-");
	assert_html(f, "## A\n", "<h2 id=\"o1-a\">A</h2>\n");
}

/* cœur: 2 comes from the second "coeur", already taken by "Cœur 2". */
static void
warnings(void **state)
{
	struct fixture *f = *state;

	assert_diagnostics(f, "# A\n\n## B\n\n#### C\n\n##\n", "1:1 titre-de-niveau-1 5:1 niveau-de-titre-saute 7:1 titre-vide");
	assert_int_equal(f->md.headings[0].level, 2);
	assert_diagnostics(f, "### A\n", "1:1 niveau-de-titre-saute");
	assert_diagnostics(f, "é <b>x</b>\n\n<div>\n", "1:3 html-brut 1:7 html-brut 3:1 html-brut");
	assert_diagnostics(f, "![](a.jpg) é ![ ](b.jpg)\n", "1:1 image-sans-description 1:14 image-sans-description");
	assert_diagnostics(f, "a [](/x) [ ](https://x.fr)\n", "1:3 lien-sans-texte 1:10 lien-sans-texte");
	assert_diagnostics(f, "[a]() ![a]()\n", "1:1 lien-sans-adresse 1:7 lien-sans-adresse");
	assert_diagnostics(f, "[![](a.jpg)](/b)\n", "1:2 image-sans-description");
	assert_diagnostics(f, "a[^x] \\[^y]\n\n[^z]: b\n", "1:2 note-inconnue 3:1 note-sans-renvoi");
}

/* The bytes of each hole in the source. */
static void
assert_spans(struct fixture *f, const char *body, const char *const *expected, uint32_t n)
{
	render(f, str_from_c(body));
	assert_int_equal(f->md.n_holes, n);
	for (uint32_t i = 0; i < n; i++) {
		str got = str_copy(&f->arena, str_slice(f->body, f->md.holes[i].start, f->md.holes[i].end));
		assert_string_equal(got.ptr, expected[i]);
	}
}

static void
spans(void **state)
{
	struct fixture *f = *state;

	assert_spans(f, "é [a](b) [a](b) ![c](d 't')\n\n> - x [e\n>   f](<g h> \"i)\")\n",
	    (const char *const[]){ "[a](b)", "[a](b)", "![c](d 't')", "[e\n>   f](<g h> \"i)\")" }, 4);
	assert_spans(f, "[![a](b)](c) `[x](y)` [x](y)\n", (const char *const[]){ "[![a](b)](c)", "![a](b)", "[x](y)" }, 3);
	assert_spans(f, "[a] [b][r] [c][]\n\n[a]: /a\n[r]: /r\n[c]: /c\n", (const char *const[]){ "[a]", "[b][r]", "[c][]" }, 3);
	assert_spans(f, "| [a](b) | [a](b) |\n|--|--|\n| é [a](b) | x@y.fr |\n",
	    (const char *const[]){ "[a](b)", "[a](b)", "[a](b)", "x@y.fr" }, 4);
	assert_spans(f, "a[^1]\n\n[^1]: [x](y)\n\n[b](c)\n", (const char *const[]){ "[b](c)", "[x](y)" }, 2);
	assert_spans(f, "[a\\_b](/c\\_d) <https://x.fr> www.x.fr\n", (const char *const[]){ "[a\\_b](/c\\_d)", "<https://x.fr>", "www.x.fr" }, 3);
	f->options.offset = 100;
	render(f, S("a [b](c)"));
	assert_int_equal(f->md.holes[0].start, 102);
	f->options.end = 200;
	render(f, S("a [b](c)"));
	assert_int_equal(f->md.holes[0].start, 100);
	assert_int_equal(f->md.holes[0].end, 200);
}

static void
assert_plain(struct fixture *f, const char *body, const char *wanted, bool kept)
{
	str plain;

	render(f, str_from_c(body));
	plain = markdown_plain(&f->md, &f->arena);
	assert_int_equal(plain.len, strlen(wanted));
	assert_memory_equal(plain.ptr, wanted, plain.len);
	assert_int_equal(f->md.plain.ptr != NULL, kept);
}

/* The words stand in the HTML and are kept beside it only where it says more than they do. */
static void
plain(void **state)
{
	struct fixture *f = *state;

	assert_plain(f, "## A\n\nb *c*\nd  \ne [f](g) ![h](i)\n\n- j\n- k\n\n| l | m |\n|--|--|\n| n | o |\n\n```\np  q\n```\n", "A b c d e f j k l m n o p q", false);
	assert_html(f, "a.**b**", "<p>a.<strong>b</strong></p>\n");
	assert_plain(f, "a.**b**", "a.b", false);
	assert_plain(f, "", "", false);
	assert_plain(f, "![h](i)", "", false);
	assert_plain(f, "a & b &lt; c `\"d\" <e>` &amp;lt,", "a & b < c \"d\" <e> &lt,", false);
	assert_plain(f, "&#32;a&#10;b&#9;&#32;c", "a b c", false);
	assert_plain(f, "a[^1]\n\n[^1]: b\n", "a b", true);
	assert_plain(f, "- [x] a\n", "a", true);
	assert_plain(f, "- a\n      c\n- ```\n  b\n  ```\n", "a c b", false);
}

static void
typography_across_nodes(void **state)
{
	struct fixture *f = *state;

	assert_html(f, "l'*offre* : « **a** » `b ?` !", "<p>l’<em>offre</em>\xc2\xa0: «\xc2\xa0<strong>a</strong>\xe2\x80\xaf» <code>b ?</code>\xe2\x80\xaf!</p>\n");
	assert_html(f, "https://x.fr/a?b=c:d ok ?", "<p><a href=\"https://x.fr/a?b=c:d\">https://x.fr/a?b=c:d</a> ok\xe2\x80\xaf?</p>\n");
	f->options.language = S("de");
	assert_html(f, "a : b ?", "<p>a : b ?</p>\n");
}

/* What must never come out as markup, wherever it is written. */
static void
nothing_live(void **state)
{
	struct fixture *f = *state;
	static const char *const bodies[] = {
		"<script>x</script>", "a <script>x</script>", "`<script>`", "```\n<script>\n```", "```<script>\nx\n```", "    <script>\n",
		"![<script>](a)", "![a](b '<script>')", "[<script>](a)", "[a](b \"<script>\")", "## <script>", "| <script> |\n|--|\n| <script> |",
		"a[^1]\n\n[^1]: <script>\n", "&lt;script&gt;", "http://x.fr/<script>", "<https://x.fr/\"<script>>", "- [x] <script>", "~~<script>~~",
	};

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		size_t at;
		render(f, str_from_c(bodies[i]));
		assert_false(str_find(f->md.html, S("<script"), &at));
		f->options.inline_only = !f->options.inline_only;
	}
}

static void
repeat(struct buf *b, const char *s, int n)
{
	buf_clear(b);
	while (n--)
		buf_put_c(b, s);
}

static void
limits(void **state)
{
	struct fixture *f = *state;
	struct buf b;

	buf_init(&b, 1 << 22);
	repeat(&b, "a", 256 * 1024);
	render(f, buf_str(&b));
	assert_true(f->ok);
	buf_byte(&b, 'a');
	render(f, buf_str(&b));
	assert_false(f->ok);
	f->options.max_columns = 2;
	f->options.max_cells = 6;
	render(f, S("|a|b|\n|-|-|\n|c|d|\n"));
	assert_true(f->ok);
	assert_diagnostics(f, "|a|b|\n|-|-|\n|c|d|\n|e|\n", "1:1 tableau-trop-grand");
	assert_diagnostics(f, "x\n\n|a|b|c|\n|-|-|-|\n|c|d|\n", "3:1 tableau-trop-large");
	f->options = markdown_options_default;
	repeat(&b, "> ", 24);
	render(f, buf_str(&b));
	assert_true(f->ok);
	repeat(&b, "> ", 25);
	render(f, buf_str(&b));
	assert_false(f->ok);
	repeat(&b, "- ", 1000);
	render(f, buf_str(&b));
	assert_true(f->ok);
	buf_free(&b);
}

/* Inputs on which cmark-gfm 0.29 takes time that grows with a square, and their like. The guard refuses those whose work
 * would be too large; the others are linear. */
struct input { const char *before, *piece, *after; int n; bool refused; };
static const struct input bad_inputs[] = {
	{ "", "*a **a ", "b", 30000, true }, { "", "a_ ", "", 65000, true }, { "", "_a ", "", 65000, true },
	{ "", "a]", "", 65000, true }, { "", "[a", "", 65000, true }, { "", "*a_ ", "", 50000, true },
	{ "a**b", "c* ", "", 50000, true }, { "", "[ a_", "", 50000, true }, { "", "[ (](", "", 50000, true },
	{ "", "[", "a", 50000, true }, { "", "> ", "a", 50000, true }, { "", "[a](<b", "", 30000, true },
	{ "", "[a](b", "", 30000, true }, { "", "aaa\rbbb\n-\v\n", "", 20000, true }, { "", "![[]()", "", 40000, true },
	{ "", "</", "", 100000, true }, { "", "<!--", "", 60000, true }, { "", "<?", "", 100000, true },
	{ "", "<!A ", "", 60000, true }, { "", "<![CDATA[", "", 28000, true }, { "", "![l", "", 80000, true },
	{ "", "_", "", 250000, true }, { "", "*", "a", 250000, true }, { "", "~", "a", 250000, false },
	{ "", "~~a ", "", 60000, false }, { "", "a~~ ~~", "", 40000, false }, { "", "@", "", 250000, false },
	{ "", "a@", "", 120000, false }, { "", "www.", "", 60000, false }, { "", "http://", "", 36000, false },
	{ "", "w", "@a.b", 250000, false }, { "", "(", "", 250000, false }, { "http://x.fr/", ")", "", 250000, false },
	{ "http://x.fr/", "&a;", "", 80000, false }, { "", "|-|\na\n", "", 40000, true }, { "|a|\n|-|\n", "|x\n", "", 80000, true },
	{ "a\n", "-", "", 250000, false }, { "", "[^a] ", "", 50000, true }, { "", "[^a]: b\n", "", 30000, true },
	{ "", "[^", "", 120000, true }, { "[a]: b\n\n", "[a]", "", 80000, true }, { "", "# a\n", "", 60000, false },
	{ "", "\\", "", 250000, false }, { "", "`a``b", "", 50000, false }, { "", "- a\n", "", 60000, false },
	{ "", "\xc2\xab ", "", 80000, false }, { "", "&", "", 250000, false }, { "", "[a]: <", "", 40000, true },
	{ "", "a\n===\n", "", 30000, false }, { "[a", "\n", "](b)", 250000, false }, { "", "  ", "a", 120000, true },
	{ "", "[a](\"", "", 50000, true }, { "", "$_a_*b*", "", 35000, true }, { "", "**a *b ", "", 35000, true },
	{ "", "`", "", 250000, false }, { "", "1. ", "", 80000, true },
};

static void
known_bad_inputs(void **state)
{
	struct fixture *f = *state;
	struct buf b;

	buf_init(&b, 1 << 22);
	for (size_t i = 0; i < sizeof bad_inputs / sizeof *bad_inputs; i++) {
		const struct input *in = &bad_inputs[i];
		repeat(&b, in->piece, in->n);
		render(f, str_cat(&f->arena, str_from_c(in->before), buf_str(&b), str_from_c(in->after)));
		if (f->ok == in->refused)
			fail_msg("%s", in->piece);
	}
	/* lists that nest by indentation */
	buf_clear(&b);
	for (int i = 0; i < 300; i++) {
		buf_fill(&b, ' ', 2 * (size_t)i);
		buf_put_c(&b, "* a\n");
	}
	render(f, buf_str(&b));
	assert_false(f->ok);
	/* a wide table with short rows */
	repeat(&b, "|-", 3000);
	render(f, str_cat(&f->arena, buf_str(&b), S("\n"), buf_str(&b), S("\n|a\n|a\n|a\n")));
	assert_false(f->ok);
	buf_free(&b);
}

#define N_THREADS 4
#define N_BODIES 60

struct worker { pthread_t thread; struct arena arena; str html[N_BODIES]; };

static str
body_of(struct arena *out, int i)
{
	return str_format(out, "## Titre %d\n\n~~a~~ https://exemple.fr/%d_b_ l'*été* !\n\n| a | b |\n|--|--:|\n| [x](offre:%d) | %d |\n\n"
	    "- [x] fait\n- [ ] pas fait[^1]\n\n[^1]: note %d\n", i, i, i, i, i);
}

static void *
work(void *context)
{
	struct worker *w = context;
	struct files files;
	struct diag diag;
	struct markdown md;

	files_init(&files, &w->arena);
	diag_init(&diag, &w->arena, &files);
	for (int round = 0; round < 20; round++)
		for (int i = 0; i < N_BODIES; i++) {
			markdown_render(&md, body_of(&w->arena, i), &markdown_options_default, &w->arena, &diag);
			if (round && !str_equal(w->html[i], md.html))
				return w;
			w->html[i] = md.html;
		}
	return NULL;
}

static void
threads(void **state)
{
	struct worker workers[N_THREADS];

	(void)state;
	for (int i = 0; i < N_THREADS; i++) {
		arena_init(&workers[i].arena, &page_source_malloc);
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < N_THREADS; i++) {
		void *failed;
		assert_int_equal(pthread_join(workers[i].thread, &failed), 0);
		assert_null(failed);
	}
	for (int i = 1; i < N_THREADS; i++) {
		for (int k = 0; k < N_BODIES; k++)
			assert_true(str_equal(workers[0].html[k], workers[i].html[k]));
		arena_free(&workers[i].arena);
	}
	arena_free(&workers[0].arena);
}

/* A scratch arena that the caller keeps changes nothing. */
static void
kept_scratch(void **state)
{
	struct fixture *f = *state;
	struct arena tmp;
	str alone;

	render(f, body_of(&f->arena, 7));
	alone = f->md.html;
	arena_init(&tmp, &page_source_malloc);
	f->options.tmp = &tmp;
	for (int i = 0; i < 3; i++) {
		render(f, body_of(&f->arena, 7));
		assert_true(str_equal(alone, f->md.html));
	}
	arena_free(&tmp);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(strike_and_addresses), TEST(blocks_and_inlines), TEST(inline_only), TEST(headings), TEST(warnings), TEST(spans), TEST(plain),
		TEST(typography_across_nodes), TEST(nothing_live), TEST(limits), TEST(known_bad_inputs), TEST(threads), TEST(kept_scratch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
