/* Any UTF-8 text as a body: no crash, no live markup but ours, holes and spans inside, the same result twice, and French
 * typography that changes nothing when applied again. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "document/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	markdown_init();
	return 0;
}

static void
must(bool condition)
{
	if (!condition)
		abort();
}

/* Every '<' starts one of the tags that the renderer writes. */
static void
check_tags(str html)
{
	static const char *const tags[] = { "a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img",
		"li", "ol", "p", "pre", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul" };

	for (size_t i = 0; i < html.len; i++) {
		size_t end = i + 1, n = sizeof tags / sizeof *tags, k = 0;
		str name;
		if (html.ptr[i] != '<')
			continue;
		if (end < html.len && html.ptr[end] == '/')
			end++;
		i = end;
		while (end < html.len && ((html.ptr[end] >= 'a' && html.ptr[end] <= 'z') || (html.ptr[end] >= '0' && html.ptr[end] <= '9')))
			end++;
		name = str_slice(html, i, end);
		while (k < n && !str_equal(name, str_from_c(tags[k])))
			k++;
		must(k < n);
	}
}

static void
check_result(const struct markdown *md, str body, struct arena *arena)
{
	str plain = markdown_plain(md, arena);
	size_t at;

	must(utf8_valid(md->html, &at) && utf8_valid(plain, &at));
	must(!str_find(plain, S("  "), &at));
	check_tags(md->html);
	for (uint32_t i = 0; i < md->n_holes; i++) {
		const struct markdown_hole *h = &md->holes[i];
		must(h->at <= md->html.len && h->text_at <= md->html.len && h->start <= h->end && h->end <= body.len);
		must(i == 0 || md->holes[i - 1].at < h->at);
		must(utf8_valid(h->target, &at));
	}
	for (uint32_t i = 0; i < md->n_headings; i++) {
		must(md->headings[i].start <= md->headings[i].end && md->headings[i].end <= body.len);
		for (uint32_t j = 0; j < i && i < 50; j++)
			must(!str_equal(md->headings[i].id, md->headings[j].id));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct markdown_options o = markdown_options_default;
	struct arena arena;
	struct files files;
	struct diag diag;
	struct markdown one, two;
	str body, set;
	size_t at;
	bool ok;

	if (size < 1 || !utf8_valid((str){ (const char *)data + 1, size - 1 }, &at))
		return 0;
	arena_init(&arena, &page_source_malloc);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	body = str_copy(&arena, (str){ (const char *)data + 1, size - 1 });
	o.file = files_add(&files, S("a"));
	o.inline_only = data[0] & 1;
	if (data[0] & 2)
		o.language = S("en");
	ok = markdown_render(&one, body, &o, &arena, &diag);
	must(ok == (diag.n_errors == 0));
	for (size_t i = 0; i < diag.entries.len; i++)
		must(diag.entries.ptr[i].at.start <= diag.entries.ptr[i].at.end && diag.entries.ptr[i].at.end <= body.len);
	check_result(&one, body, &arena);
	markdown_render(&two, body, &o, &arena, &diag);
	must(str_equal(one.html, two.html) && str_equal(one.plain, two.plain) && one.n_holes == two.n_holes);
	set = typography_french(body, &arena);
	must(str_equal(set, typography_french(set, &arena)));
	arena_free(&arena);
	return 0;
}
