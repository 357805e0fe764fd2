/* Any UTF-8 text as what is searched: read again, and with spaces around it, it has the same words; forms and stems are text. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "search/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

/* The same words as `run`, wherever the text stands. */
static void
read_again(struct words *w, str text, const uint32_t *run, size_t n)
{
	size_t again;
	const uint32_t *words = words_read(w, text, &again);

	must(again == n && (n == 0 || memcmp(words, run, n * sizeof *run) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str text = { (const char *)data, size };
	struct arena out;
	struct words w;
	uint32_t *run;
	size_t bad, n;

	if (!utf8_valid(text, &bad))
		return 0;
	arena_init(&out, &page_source_malloc);
	words_open(&w, S("fr"), NULL, &out);
	run = words_read(&w, text, &n);
	run = memcpy(arena_array(&out, uint32_t, n + 1), run, n * sizeof *run);
	for (size_t i = 0; i < n; i++) {
		const struct word *word = &w.list.ptr[run[i]];
		must(run[i] < w.list.len && (word->lower.len > 0 || word->empty));
		must(utf8_valid(word->form, &bad) && utf8_valid(word->stem, &bad));
	}
	read_again(&w, text, run, n);
	read_again(&w, str_cat(&out, S(" "), text, S("         ")), run, n);
	words_close(&w);
	arena_free(&out);
	return 0;
}
