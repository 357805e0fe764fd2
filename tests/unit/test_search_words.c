/* search: words and stems, postings, and chunks that a reader of ours finds everything in again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "search/write.h"

static struct arena out;

/* The forms of a text, separated by spaces; `stems`: the stems. */
static const char *
forms(const char *text, bool stems)
{
	struct words w;
	const uint32_t *run;
	struct buf b;
	size_t n;
	str all;

	words_open(&w, S("fr"), NULL, &out);
	buf_init(&b, 10000);
	run = words_read(&w, str_from_c(text), &n);
	for (size_t i = 0; i < n; i++) {
		if (b.len)
			buf_byte(&b, ' ');
		buf_put(&b, stems ? w.list.ptr[run[i]].stem : w.list.ptr[run[i]].form);
	}
	all = buf_copy(&b, &out);
	buf_free(&b);
	words_close(&w);
	return str_copy(&out, all).ptr;
}

static void
test_words(void **state)
{
	(void)state;
	assert_string_equal(forms("L’Hôpital d'Étampes, à 8 h 30", false), "l hopital d etampes a 8 h 30");
	assert_string_equal(forms("Œuvre, cœur, Ægir, straße, façade", false), "oeuvre coeur aegir strasse facade");
	assert_string_equal(forms("C.H.U. de Tours ; l'I.F.S.I., p. 3", false), "chu de tours l ifsi p 3");
	assert_string_equal(forms("aide-soignant/e\u00A0: «\u202Foui\u202F» – 150\u00A0€", false), "aide soignant e oui 150");
	assert_string_equal(forms("pe\u0301diatrie ΑΘΗΝΑ", false), "pediatrie αθηνα");
	assert_string_equal(forms("", false), "");
	assert_string_equal(forms(" ’ … – ", false), "");
	assert_string_equal(forms("\xC3", false), "");
}

static void
test_odd_words(void **state)
{
	char *lot = arena_array(&out, char, 10001), *cut = arena_array(&out, char, 65);
	(void)state;

	memset(lot, 'x', 10000);
	memset(cut, 'x', 64);
	assert_string_equal(forms(lot, false), cut);
	lot[62] = '\xC3', lot[63] = '\xA9';         /* é, whole or not at all */
	memcpy(cut, lot, 62);
	cut[62] = 'e', cut[63] = 0;
	assert_string_equal(forms(lot, false), cut);
	assert_string_equal(forms("hé\u00ADber\u00ADge\u00ADment \u00AD", false), "hebergement ");       /* the last has no form, and is no word to look for */
	assert_string_equal(forms("\u260E\uFE0F 05", false), "05");
	assert_string_equal(forms("CO\u2082, m², n\u00BA 3, 5 €, \uFB01n", false), "co2 m2 no 3 5 fin");
	assert_string_equal(forms("jean.dupont@exemple.fr, 06-12-34, A.", false), "jean dupont exemple fr 06 12 34 a");
	assert_string_equal(forms("हिन्दी 한국어 русский ёлка العربية", false), "हनद \u1112\u1161\u11AB\u1100\u116E\u11A8\u110B\u1165 русскии елка العربية");
}

static void
test_stems(void **state)
{
	(void)state;
	/* with the accents on: without, « activité » would end as « activit » */
	assert_string_equal(forms("hébergement hébergements", true), "heberg heberg");
	assert_string_equal(forms("HÔPITAL hôpital hôpitaux", true), "hopital hopital hopital");
	assert_string_equal(forms("activité activités active", true), "activ activ activ");
}

static void
test_empty_words(void **state)
{
	struct words w;
	const uint32_t *run;
	size_t n;
	(void)state;

	words_open(&w, S("fr"), NULL, &out);
	run = words_read(&w, S("L’accueil"), &n);
	assert_int_equal(n, 2);
	assert_true(w.list.ptr[run[0]].empty);
	assert_false(w.list.ptr[run[1]].empty);
	words_close(&w);
	words_open(&w, S("xx"), NULL, &out);     /* a language that nobody stems */
	run = words_read(&w, S("Chevaux"), &n);
	assert_int_equal(n, 1);
	assert_true(str_equal(w.list.ptr[run[0]].stem, S("chevaux")));
	words_close(&w);
}

/* --- an index of documents, given as words --- */

#define N_WORDS 900
#define N_DOCS 1000

/* Is word k in document d, and how much does it count? 0: not, else class + 1. The first are in nearly every document. */
static unsigned
count_of(uint32_t k, uint32_t d)
{
	uint32_t h = (k * 2654435761u) ^ (d * 40503u + 12345u);

	h ^= h >> 13;
	h *= 0x5bd1e995u;
	h ^= h >> 15;
	if (k >= 20 && h % (k / 20 + 3) != 0)
		return 0;
	return 1 + (h >> 8) % 4;
}

/* Words "aaa", "aab" … ; two forms of one stem follow each other. */
static void
make_words(struct word *words)
{
	for (uint32_t k = 0; k < N_WORDS; k++) {
		char *form = arena_array(&out, char, 8);
		form[0] = (char)('a' + k / 60);
		form[1] = (char)('a' + k / 10 % 6);
		form[2] = form[3] = 'x';
		form[4] = (char)('a' + k % 10);
		words[k] = (struct word){ .lower = { form, 5 }, .form = { form, 5 }, .stem = str_format(&out, "s%u", k / 2) };
	}
}

static void
make_index(struct index *x, const struct word *words)
{
	uint32_t n = (N_DOCS + SLICE_DOCS - 1) / SLICE_DOCS;
	struct slice *slices = arena_array(&out, struct slice, n);
	struct index_words list = { words, N_WORDS };

	for (uint32_t d = 0; d < N_DOCS; d++) {
		struct slice *s = &slices[d / SLICE_DOCS];
		uint32_t at = s->n_docs ? s->ends[s->n_docs - 1] : 0;
		if (!s->words)
			s->words = arena_array(&out, uint32_t, SLICE_DOCS * N_WORDS);
		for (uint32_t k = 0; k < N_WORDS; k++)
			if (count_of(k, d))
				s->words[at++] = k << 2 | (count_of(k, d) - 1);
		s->ends[s->n_docs++] = at;
	}
	index_make(x, &list, 1, slices, n, &out);
}

static void
test_postings(void **state)
{
	struct word *words = arena_array(&out, struct word, N_WORDS);
	struct index x;
	(void)state;

	make_words(words);
	make_index(&x, words);
	assert_int_equal(x.n_surfaces, N_WORDS);
	assert_int_equal(x.n_stems, N_WORDS / 2);
	for (uint32_t i = 0; i < x.n_surfaces; i++) {
		const struct surface *s = &x.surfaces[i];
		const struct stem *stem = &x.stems[x.stems_of[s->first]];
		uint32_t at = stem->first;
		assert_int_equal(s->n, 1);
		for (uint32_t d = 0; d < N_DOCS; d++) {
			unsigned a = count_of(i & ~1u, d), b = count_of(i | 1, d), best = a > b ? a : b;
			if (best) {
				assert_int_equal(x.postings[at], d << 2 | (best - 1));
				at++;
			}
		}
		assert_int_equal(at, stem->first + stem->n);
	}
}

/* --- reading a chunk as the browser does --- */

struct reader { const uint8_t *ptr, *end; };

static uint32_t
number(struct reader *r)
{
	uint32_t n = 0;

	for (unsigned bits = 0;; bits += 7) {
		assert_true(r->ptr < r->end);
		n |= (uint32_t)(*r->ptr & 127) << bits;
		if (*r->ptr++ < 128)
			return n;
	}
}

static void
check_postings(const struct index *x, uint32_t stem, uint32_t df, const uint8_t *from, const uint8_t *to)
{
	struct reader r = { from, to };
	uint8_t *classes = arena_array(&out, uint8_t, N_DOCS);      /* + 1 */
	uint32_t n = 0, doc = 0;

	if (df > N_DOCS / 8) {
		for (uint32_t d = 0; d < N_DOCS; d++)
			classes[d] = from[d / 8] >> d % 8 & 1;
		r.ptr += (N_DOCS + 7) / 8;
	}
	while (r.ptr < r.end) {
		uint32_t v = number(&r);
		doc += v >> 2;
		assert_true(doc < N_DOCS);
		classes[doc] = (uint8_t)((v & 3) + 1);
	}
	for (uint32_t d = 0; d < N_DOCS; d++)
		if (classes[d]) {
			assert_true(n < x->stems[stem].n);
			assert_int_equal(x->postings[x->stems[stem].first + n++], d << 2 | (classes[d] - 1u));
		}
	assert_int_equal(n, x->stems[stem].n);
	assert_int_equal(n, df);
}

static void
check_chunk(const struct index *x, const struct chunk *c, str bytes)
{
	const uint8_t *p = (const uint8_t *)bytes.ptr;
	uint32_t len = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24, n_stems = 0, *stems = arena_array(&out, uint32_t, 2 * N_WORDS);
	str rest = { bytes.ptr + 4, len }, form;
	struct reader r = { p + 4 + len, p + bytes.len };

	for (uint32_t i = c->from; i < c->to; i++) {
		assert_true(str_next(&rest, '\n', &form));
		assert_true(str_equal(form, x->surfaces[i].form));
		assert_int_equal(number(&r), x->surfaces[i].n);
		for (uint32_t k = 0; k < x->surfaces[i].n; k++) {
			uint32_t back = number(&r), stem = x->stems_of[x->surfaces[i].first + k];
			if (back == 0)
				stems[n_stems++] = stem;
			else
				assert_int_equal(stems[n_stems - back], stem);
		}
	}
	for (uint32_t i = 0; i < n_stems; i++) {
		uint32_t df = number(&r), size = number(&r);
		check_postings(x, stems[i], df, r.ptr, r.ptr + size);
		r.ptr += size;
	}
	assert_ptr_equal(r.ptr, r.end);
}

static void
test_chunks(void **state)
{
	struct word *words = arena_array(&out, struct word, N_WORDS);
	struct chunks chunks = { 0 };
	struct index x;
	struct buf b;
	uint32_t at = 0;
	(void)state;

	make_words(words);
	make_index(&x, words);
	write_cut(&x, N_DOCS, &chunks, &out);
	assert_true(chunks.list.len > 1);
	buf_init(&b, (size_t)1 << 24);
	for (size_t i = 0; i < chunks.list.len; i++) {
		const struct chunk *c = &chunks.list.ptr[i];
		assert_int_equal(c->from, at);
		assert_true(c->to > c->from);
		at = c->to;
		buf_clear(&b);
		write_chunk(&x, N_DOCS, c, &out, &b);
		check_chunk(&x, c, buf_str(&b));
	}
	assert_int_equal(at, x.n_surfaces);
	buf_free(&b);
}

static int
set_up(void **state)
{
	(void)state;
	arena_init(&out, &page_source_malloc);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(&out);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words), cmocka_unit_test(test_odd_words), cmocka_unit_test(test_stems), cmocka_unit_test(test_empty_words), cmocka_unit_test(test_postings),
		cmocka_unit_test(test_chunks),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
