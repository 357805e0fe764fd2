#include <string.h>

#include "text/icu.h"

/* Decimals of a number whose form the author left open: more would show the rounding of doubles. */
#define MAX_DECIMALS 9

static UNumberFormat *
number_open(struct text_language *l, UNumberFormat **kept, UNumberFormatStyle style)
{
	UErrorCode e = U_ZERO_ERROR;

	if (*kept)
		return *kept;
	*kept = unum_open(style, NULL, 0, l->name, NULL, &e);
	text_must(e);
	unum_setAttribute(*kept, UNUM_ROUNDING_MODE, UNUM_ROUND_HALFUP);
	return *kept;
}

static str
formatted(struct arena *tmp, UNumberFormat *f, double v, int least, int most, struct arena *out)
{
	UErrorCode e = U_ZERO_ERROR;
	struct text_wide w = text_wide_room(tmp, 400);     /* 309 digits, their separators and decimals at the very most */

	unum_setAttribute(f, UNUM_MAX_FRACTION_DIGITS, most);
	unum_setAttribute(f, UNUM_MIN_FRACTION_DIGITS, least);
	w.len = unum_formatDouble(f, v == 0 ? 0 : v, w.ptr, w.len + 1, NULL, &e);
	if (e == U_BUFFER_OVERFLOW_ERROR) {
		e = U_ZERO_ERROR;
		w = text_wide_room(tmp, w.len);
		w.len = unum_formatDouble(f, v, w.ptr, w.len + 1, NULL, &e);
	}
	text_must(e);
	return text_wide_to(w, out);
}

static str
decimal(struct text *t, str language, double v, int least, int most, struct arena *out)
{
	struct arena *tmp = text_scratch(t);
	struct text_language *l = text_language_of(t, language);

	return formatted(tmp, number_open(l, &l->number, UNUM_DECIMAL), v, least, most, out);
}

/* Whole numbers and tenths below a thousand as French writes them: most of what pages show, each page other distances. */
static bool
few_digits(double v, int decimals, struct arena *out, str *s)
{
	int tenths = v >= 0 && v < 1000 && decimals <= 1 ? (int)(v * 10 + 0.5) : -1;

	if (tenths < 0 || tenths / 10.0 != v || (decimals == 0 && tenths % 10))
		return false;
	if (decimals == 1 || tenths % 10)
		*s = str_format(out, "%d,%d", tenths / 10, tenths % 10);
	else
		*s = str_format(out, "%d", tenths / 10);
	return true;
}

str
text_number(struct text *t, str language, double v, int decimals, struct arena *out)
{
	str s;

	if (text_language_of(t, language)->french && few_digits(v, decimals, out, &s))
		return s;
	if (decimals > MAX_DECIMALS)
		decimals = MAX_DECIMALS;
	return decimal(t, language, v, decimals < 0 ? 0 : decimals, decimals < 0 ? MAX_DECIMALS : decimals, out);
}

/* Whole euros have no cents; others have both. */
static int
cents(double euros)
{
	double hundredths = euros * 100;
	double whole = hundredths < 0 ? -hundredths : hundredths;

	if (whole > 9e15)
		return 0;
	return (int64_t)(whole + 0.5) % 100 ? 2 : 0;
}

str
text_money(struct text *t, str language, double euros, struct arena *out)
{
	struct text_language *l = text_language_of(t, language);
	int decimals = cents(euros);
	UErrorCode e = U_ZERO_ERROR;

	if (l->french)
		return str_cat(out, decimal(t, language, euros, decimals, decimals, out), S("\u00A0€"));
	if (!l->money) {
		number_open(l, &l->money, UNUM_CURRENCY);
		unum_setTextAttribute(l->money, UNUM_CURRENCY_CODE, u"EUR", 3, &e);
		text_must(e);
	}
	return formatted(text_scratch(t), l->money, euros, decimals, decimals, out);
}

str
text_percent(struct text *t, str language, double v, struct arena *out)
{
	struct text_language *l = text_language_of(t, language);

	if (l->french)
		return str_cat(out, decimal(t, language, v, 0, MAX_DECIMALS, out), S("\u00A0%"));
	number_open(l, &l->percent, UNUM_PERCENT);
	unum_setAttribute(l->percent, UNUM_MULTIPLIER, 1);
	return formatted(text_scratch(t), l->percent, v, 0, MAX_DECIMALS, out);
}

enum text_plural
text_plural(struct text *t, str language, double n)
{
	UErrorCode e = U_ZERO_ERROR;
	struct text_language *l = text_language_of(t, language);
	UChar word[16];
	int32_t len;

	if (!l->plural)
		l->plural = uplrules_open(l->name, &e);
	text_must(e);
	len = uplrules_select(l->plural, n < 0 ? -n : n, word, 16, &e);
	text_must(e);
	return len == 3 && !u_strncmp(word, u"one", 3) ? TEXT_ONE : TEXT_OTHER;
}

static UListFormatter *
list_open(struct text_language *l, bool or_)
{
	UErrorCode e = U_ZERO_ERROR;

	if (!l->list[or_])
		l->list[or_] = ulistfmt_openForType(l->name, or_ ? ULISTFMT_TYPE_OR : ULISTFMT_TYPE_AND, ULISTFMT_WIDTH_WIDE, &e);
	text_must(e);
	return l->list[or_];
}

str
text_list(struct text *t, str language, const str *words, size_t n, bool or_, struct arena *out)
{
	UErrorCode e = U_ZERO_ERROR;
	struct arena *tmp = text_scratch(t);
	UListFormatter *f = list_open(text_language_of(t, language), or_);
	const UChar **strings = arena_array(tmp, const UChar *, n + 1);
	int32_t *lengths = arena_array(tmp, int32_t, n + 1), room = 0;
	struct text_wide w;

	for (size_t i = 0; i < n; i++) {
		struct text_wide word = text_wide_from(tmp, words[i]);
		strings[i] = word.ptr;
		lengths[i] = word.len;
		room += word.len + 16;     /* more than any language's separator */
	}
	w = text_wide_room(tmp, room);
	w.len = ulistfmt_format(f, strings, lengths, (int32_t)n, w.ptr, room + 1, &e);
	text_must(e);
	return text_wide_to(w, out);
}
