#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/icu.h"

static UCollator *
collator_of(struct text_language *l)
{
	UErrorCode e = U_ZERO_ERROR;

	if (l->collator)
		return l->collator;
	l->collator = ucol_open(l->name, &e);
	text_must(e);
	ucol_setAttribute(l->collator, UCOL_NUMERIC_COLLATION, UCOL_ON, &e);
	text_must(e);
	return l->collator;
}

str
text_sort_key(struct text *t, str language, str s, struct arena *out)
{
	struct text_wide w = text_wide_from(text_scratch(t), s);
	UCollator *c = collator_of(text_language_of(t, language));
	uint8_t small[256];
	int32_t need = ucol_getSortKey(c, w.ptr, w.len, small, sizeof small);
	char *key = arena_alloc(out, (size_t)need, 1, 1);

	if (need <= (int32_t)sizeof small)
		memcpy(key, small, (size_t)need);
	else
		ucol_getSortKey(c, w.ptr, w.len, (uint8_t *)key, need);
	return (str){ key, need > 0 ? (size_t)need - 1 : 0 };
}

typedef int32_t (*change_case)(UChar *, int32_t, const UChar *, int32_t, const char *, UErrorCode *);

static struct text_wide
changed(struct arena *tmp, change_case change, struct text_wide w, const char *language)
{
	UErrorCode e = U_ZERO_ERROR;
	struct text_wide r = text_wide_room(tmp, w.len * 3);     /* the most a case mapping grows */

	r.len = change(r.ptr, r.len + 1, w.ptr, w.len, language, &e);
	text_must(e);
	return r;
}

str
text_lower(struct text *t, str language, str s, struct arena *out)
{
	struct arena *tmp = text_scratch(t);
	return text_wide_to(changed(tmp, u_strToLower, text_wide_from(tmp, s), text_language_of(t, language)->name), out);
}

str
text_upper(struct text *t, str language, str s, struct arena *out)
{
	struct arena *tmp = text_scratch(t);
	return text_wide_to(changed(tmp, u_strToUpper, text_wide_from(tmp, s), text_language_of(t, language)->name), out);
}

str
text_capital(struct text *t, str language, str s, struct arena *out)
{
	size_t first = utf8_prefix(s, 1).len;
	str head = text_upper(t, language, str_slice(s, 0, first), out);

	return str_cat(out, head, str_slice(s, first, s.len));
}

/* Letters that have no decomposition and yet a plain spelling. */
static const struct { UChar32 from; const char *to; } plain_letters[] = {
	{ 0x153, "oe" }, { 0xE6, "ae" }, { 0xDF, "ss" }, { 0xF8, "o" }, { 0x142, "l" }, { 0x111, "d" }, { 0xF0, "d" }, { 0xFE, "th" }, { 0x131, "i" },
};

static bool
put_plain(struct buf *b, UChar32 c)
{
	for (size_t i = 0; i < sizeof plain_letters / sizeof plain_letters[0]; i++)
		if (plain_letters[i].from == c) {
			buf_put_c(b, plain_letters[i].to);
			return true;
		}
	return false;
}

static void
put_folded(struct buf *b, UChar32 c)
{
	char bytes[4];
	int8_t kind = u_charType(c);

	if ((U_MASK(kind) & U_GC_M_MASK) || put_plain(b, c))
		return;
	buf_put(b, (str){ bytes, utf8_encode((uint32_t)c, bytes) });
}

static struct text_wide
decomposed(struct arena *tmp, struct text_wide w)
{
	UErrorCode e = U_ZERO_ERROR;
	const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&e);
	int32_t need = unorm2_normalize(nfkd, w.ptr, w.len, NULL, 0, &e);
	struct text_wide r = text_wide_room(tmp, need);

	e = U_ZERO_ERROR;
	unorm2_normalize(nfkd, w.ptr, w.len, r.ptr, need + 1, &e);
	text_must(e);
	return r;
}

str
text_fold(struct text *t, str s, struct arena *out)
{
	struct arena *tmp = text_scratch(t);
	struct text_wide w = decomposed(tmp, changed(tmp, u_strToLower, text_wide_from(tmp, s), ""));
	struct buf b;
	str folded;

	buf_init(&b, SIZE_MAX / 4);
	for (int32_t i = 0; i < w.len;) {
		UChar32 c;
		U16_NEXT(w.ptr, i, w.len, c);
		put_folded(&b, U_IS_SURROGATE(c) ? 0xFFFD : c);
	}
	folded = buf_copy(&b, out);
	buf_free(&b);
	return folded;
}

bool
text_is_word(uint32_t codepoint)
{
	return (U_MASK(u_charType((UChar32)codepoint)) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

str
text_slug(struct text *t, str s, struct arena *out)
{
	str folded = text_fold(t, s, out);
	char *slug = arena_alloc(out, folded.len + 1, 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < folded.len; i++) {
		char c = folded.ptr[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			slug[len++] = c;
		else if (len && slug[len - 1] != '-')
			slug[len++] = '-';
	}
	if (len && slug[len - 1] == '-')
		len--;
	return (str){ slug, len };
}
