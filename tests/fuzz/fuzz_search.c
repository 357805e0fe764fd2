/* Any UTF-8 text as what is searched: words stand in it in order, and reading it again finds as many; forms and stems are text. */
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str text = { (const char *)data, size };
	struct arena out;
	struct words w;
	size_t at = 0, bad;
	uint32_t word, n = 0;

	if (!utf8_valid(text, &bad))
		return 0;
	arena_init(&out, &page_source_malloc);
	words_open(&w, S("fr"), NULL, &out);
	while (words_next(&w, text, &at, &word)) {
		must(at <= size && word < w.list.len && w.list.ptr[word].lower.len > 0);
		must(utf8_valid(w.list.ptr[word].form, &bad) && utf8_valid(w.list.ptr[word].stem, &bad));
		n++;
	}
	for (at = 0; words_next(&w, text, &at, &word);)
		n--;
	must(n == 0);
	words_close(&w);
	arena_free(&out);
	return 0;
}
