#include "document/markdown.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "document/typography.h"

#define NO_BREAK "\xc2\xa0"             /* U+00A0 */
#define NARROW_NO_BREAK "\xe2\x80\xaf"  /* U+202F */
#define LEFT_GUILLEMET 0xab
#define RIGHT_GUILLEMET 0xbb
#define APOSTROPHE 0x2019
#define ELLIPSIS 0x2026
#define EURO 0x20ac

struct setter {
	struct buf *out;
	size_t start;                /* of our text in out */
	str text;
	uint32_t previous;           /* last character written, 0 at the start */
	uint32_t after;              /* what follows the text */
};

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint32_t c)
{
	uint32_t lower = c | 0x20;

	return (lower >= 'a' && lower <= 'z') || (c >= 0xc0 && c < 0x2000 && c != 0xd7 && c != 0xf7) || c >= 0x2c00;
}

static bool
is_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xa0 || (c >= 0x2000 && c <= 0x200b) || c == 0x202f;
}

/* May a French double sign (; : ! ?) follow this character without the space its author forgot? */
static bool
takes_sign(uint32_t c)
{
	return is_letter(c) || is_digit(c) || c == ')' || c == ']' || c == RIGHT_GUILLEMET || c == ELLIPSIS || c == '%' || c == EURO;
}

/* May this stand after a sign that closes a clause? Else the sign is something else: 12:30, :), ?id=, !important.
 * What the setter itself writes (a space before », …) must not change the answer. */
static bool
ends_clause(uint32_t sign, uint32_t c)
{
	if (c == 0 || is_blank(c) || c == RIGHT_GUILLEMET || c == '.' || c == ELLIPSIS || c == '"')
		return true;
	return (sign == '!' || sign == '?') && (c == '!' || c == '?' || c == ')' || c == ']' || c == ',');
}

static uint32_t
character_at(const struct setter *s, size_t at)
{
	return at < s->text.len ? utf8_next(s->text, &at) : s->after;
}

static void
put(struct setter *s, str bytes, uint32_t character)
{
	buf_put(s->out, bytes);
	s->previous = character;
}

/* Words that are units after a number. */
static bool
is_unit(str word)
{
	static const str units[] = {
		S_INIT("€"), S_INIT("%"), S_INIT("‰"), S_INIT("k€"), S_INIT("M€"), S_INIT("h"), S_INIT("min"), S_INIT("s"), S_INIT("j"),
		S_INIT("km"), S_INIT("m"), S_INIT("cm"), S_INIT("mm"), S_INIT("m²"), S_INIT("km²"), S_INIT("m³"), S_INIT("ha"),
		S_INIT("kg"), S_INIT("g"), S_INIT("mg"), S_INIT("t"), S_INIT("l"), S_INIT("L"), S_INIT("°C"), S_INIT("°"), S_INIT("kWh"),
		S_INIT("kW"), S_INIT("ko"), S_INIT("Mo"), S_INIT("Go"), S_INIT("km/h"),
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_equal(word, units[i]))
			return true;
	return false;
}

static bool
unit_at(const struct setter *s, size_t at)
{
	size_t end = at;

	while (end < s->text.len && end - at < 8) {
		size_t next = end;
		uint32_t c = utf8_next(s->text, &next);
		if (!is_letter(c) && !(c >= 0xb0 && c <= 0xb3) && c != '%' && c != 0x2030 && c != EURO && c != '/')
			break;
		end = next;
	}
	return is_unit(str_slice(s->text, at, end));
}

/* Does what is written end in a number of hours, as in "9 h"? */
static bool
after_hours(const struct setter *s)
{
	str written = str_slice(buf_str(s->out), s->start, s->out->len);

	if (!str_ends(written, S("h")))
		return false;
	written.len--;
	if (str_ends(written, S(NO_BREAK)))
		written.len -= 2;
	else if (str_ends(written, S(NARROW_NO_BREAK)))
		written.len -= 3;
	return written.len && is_digit((unsigned char)written.ptr[written.len - 1]);
}

static bool
two_digits_at(const struct setter *s, size_t at)
{
	return is_digit(character_at(s, at)) && is_digit(character_at(s, at + 1)) && !is_digit(character_at(s, at + 2));
}

/* What a run of spaces before `at` becomes; STR_NONE when it stays. */
static str
space_before(const struct setter *s, size_t at)
{
	uint32_t next = character_at(s, at);
	size_t beyond = at;

	if (s->previous == 0 || is_blank(s->previous))
		return STR_NONE;
	if (at < s->text.len)
		utf8_next(s->text, &beyond);
	if (next == RIGHT_GUILLEMET)
		return S(NARROW_NO_BREAK);
	if ((next == ';' || next == '!' || next == '?') && ends_clause(next, at < s->text.len ? character_at(s, beyond) : 0))
		return S(NARROW_NO_BREAK);
	if (next == ':' && ends_clause(next, at < s->text.len ? character_at(s, beyond) : 0))
		return S(NO_BREAK);
	if (s->previous == LEFT_GUILLEMET)
		return S(NO_BREAK);
	if (is_digit(s->previous) && unit_at(s, at))
		return S(NO_BREAK);
	return after_hours(s) && two_digits_at(s, at) ? S(NO_BREAK) : STR_NONE;
}

static size_t
set_spaces(struct setter *s, size_t at)
{
	size_t end = at;
	str replaced;

	while (end < s->text.len && s->text.ptr[end] == ' ')
		end++;
	replaced = space_before(s, end);
	if (replaced.len)
		put(s, replaced, 0xa0);
	else
		put(s, str_slice(s->text, at, end), ' ');
	return end;
}

/* The space that is missing before this character; STR_NONE when none is. */
static str
missing_space(const struct setter *s, uint32_t c, size_t beyond)
{
	uint32_t next = character_at(s, beyond);

	switch (c) {
	case ';': case '!': case '?':
		return takes_sign(s->previous) && ends_clause(c, next) ? S(NARROW_NO_BREAK) : STR_NONE;
	case ':':
		return takes_sign(s->previous) && ends_clause(c, next) ? S(NO_BREAK) : STR_NONE;
	case RIGHT_GUILLEMET:
		return s->previous && !is_blank(s->previous) ? S(NARROW_NO_BREAK) : STR_NONE;
	case EURO:
		return is_digit(s->previous) ? S(NO_BREAK) : STR_NONE;
	case '%':
		return is_digit(s->previous) && !is_letter(next) && !is_digit(next) ? S(NO_BREAK) : STR_NONE;
	default:
		return STR_NONE;
	}
}

static bool
is_ellipsis(const struct setter *s, size_t at)
{
	return s->previous != '.' && character_at(s, at + 1) == '.' && character_at(s, at + 2) == '.' &&
	    at + 3 <= s->text.len && character_at(s, at + 3) != '.';
}

static size_t
set_character(struct setter *s, size_t at)
{
	size_t beyond = at;
	uint32_t c = utf8_next(s->text, &beyond), next;

	if (c == ' ')
		return set_spaces(s, at);
	if (c == '.' && is_ellipsis(s, at)) {
		put(s, S("…"), ELLIPSIS);
		return at + 3;
	}
	next = character_at(s, beyond);
	if (c == '\'' && is_letter(s->previous) && (is_letter(next) || next == LEFT_GUILLEMET)) {
		put(s, S("’"), APOSTROPHE);
		return beyond;
	}
	buf_put(s->out, missing_space(s, c, beyond));
	put(s, str_slice(s->text, at, beyond), c);
	if (c == LEFT_GUILLEMET && next && !is_blank(next))
		put(s, S(NO_BREAK), 0xa0);
	return beyond;
}

/* Bytes that may be something to set, or follow spaces that may, or (figures, the h of hours) stand before such spaces; of the
 * longer characters, the first. */
static const bool special[256] = {
	['\''] = true, ['.'] = true, [';'] = true, [':'] = true, ['!'] = true, ['?'] = true, ['%'] = true, [0xc2] = true, [0xe2] = true, ['h'] = true,
	['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true,
};

/* Start of the spaces that end at `at`, never before `from`. */
static size_t
spaces_before(str text, size_t from, size_t at)
{
	while (at > from && text.ptr[at - 1] == ' ')
		at--;
	return at;
}

/* Where the setter has to look at the special byte at `at`: there, at the spaces before or behind it; text.len for nowhere. */
static size_t
matters_at(str text, size_t from, size_t at)
{
	unsigned char next = at + 1 < text.len ? (unsigned char)text.ptr[at + 1] : 0;

	switch ((unsigned char)text.ptr[at]) {
	case '\'': case '%':
		return at;
	case '.':
		return next == '.' ? at : text.len;
	case 0xe2:
		return next == 0x82 ? at : text.len;    /* of the euro sign */
	case 0xc2:
		return next == LEFT_GUILLEMET || next == RIGHT_GUILLEMET ? spaces_before(text, from, at) : text.len;
	case ';': case ':': case '!': case '?':
		return spaces_before(text, from, at);
	default:
		return next == ' ' ? at + 1 : text.len;
	}
}

size_t
typography_find(str text, size_t at)
{
	size_t found;

	if (at < text.len && text.ptr[at] == ' ')
		return at;
	for (size_t i = bytes_find(special, text, at); i < text.len; i = bytes_find(special, text, i + 1)) {
		found = matters_at(text, at, i);
		if (found < text.len)
			return found;
	}
	return spaces_before(text, at, text.len);
}

uint32_t
typography_last(str text, uint32_t before)
{
	size_t at = text.len;

	if (!at)
		return before;
	for (at--; at && ((unsigned char)text.ptr[at] & 0xc0) == 0x80;)
		at--;
	return utf8_next(text, &at);
}

uint32_t
typography_put(struct buf *out, str text, uint32_t before, uint32_t after)
{
	struct setter s = { .out = out, .start = out->len, .text = text, .previous = before, .after = after };
	size_t at = 0;

	while (at < text.len) {
		size_t from = at;
		at = typography_find(text, from);
		if (at > from)
			put(&s, str_slice(text, from, at), typography_last(str_slice(text, from, at), 0));
		if (at < text.len)
			at = set_character(&s, at);
	}
	return s.previous;
}

str
typography_french(str text, struct arena *out)
{
	struct buf set;
	str copy;

	if (typography_find(text, 0) == text.len)
		return text;
	buf_init(&set, SIZE_MAX / 4);
	typography_put(&set, text, 0, 0);
	copy = buf_copy(&set, out);
	buf_free(&set);
	return copy;
}
