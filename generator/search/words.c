#include "search/words.h"

#include <libstemmer.h>

#include "base/utf8.h"
#include "search/synonyms.h"
#include "text/text.h"

/* Articles, prepositions, pronouns, and the letters that an apostrophe leaves alone: in nearly every text, and nobody looks for them. */
static const struct { str language, words; } empty_words[] = {
	{ S_INIT("fr"), S_INIT("a au aux avec c ce ces cet cette d dans de des du elle elles en est et eux il ils j je l la le les leur leurs lui m ma mais me mes "
	    "moi mon n ne nos notre nous on ou par pas pour qu que qui s sa sans se ses si son sont sur t ta te tes toi ton tu un une vos votre vous y") },
	{ S_INIT("en"), S_INIT("a an and are as at be by for from has he in is it its of on or s t that the their they this to was we were will with you your") },
};

str
words_empty(str language)
{
	for (size_t i = 0; i < sizeof empty_words / sizeof *empty_words; i++)
		if (str_equal(empty_words[i].language, language))
			return empty_words[i].words;
	return S("");
}

static void
read_empty(struct words *w)
{
	str rest = words_empty(w->language), piece;

	while (rest.len && str_next(&rest, ' ', &piece))
		map_set(w->out, &w->empty, piece, w);
}

/* --- folding --- */

/* U+00C0 to U+00FF, small letters; what takes two letters, and what is none, is not here. */
static const char latin1[] =
    "aaaaaa\0ceeeeiiii" "dnooooo\0ouuuuy\0\0" "aaaaaa\0ceeeeiiii" "dnooooo\0ouuuuy\0y";

/* Most words have nothing but what this knows; false for the others. */
static bool
fold_latin(str s, char *out, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.ptr[i], d = i + 1 < s.len ? (uint8_t)s.ptr[i + 1] : 0;
		if (c < 0x80)
			out[(*len)++] = (char)c;
		else if (c == 0xC3 && d >= 0x80 && latin1[d - 0x80])
			out[(*len)++] = latin1[d - 0x80], i++;
		else if (c == 0xC5 && d == 0x93)
			out[(*len)++] = 'o', out[(*len)++] = 'e', i++;
		else if (c == 0xC3 && d == 0xA6)
			out[(*len)++] = 'a', out[(*len)++] = 'e', i++;
		else
			return false;
	}
	return true;
}

static str
fold(struct words *w, str s)
{
	char *room;
	size_t len;

	for (len = 0; len < s.len && (uint8_t)s.ptr[len] < 0x80;)
		len++;
	if (len == s.len)
		return s;
	room = arena_room(w->out, s.len + 1);
	if (fold_latin(s, room, &len))
		return (str){ room, len };
	return text_fold(w->text, s, w->out);
}

/* --- the dictionary --- */

static str
stem_of(struct words *w, str lower)
{
	const sb_symbol *stem;

	if (!w->stemmer)
		return lower;
	stem = sb_stemmer_stem(w->stemmer, (const sb_symbol *)lower.ptr, (int)lower.len);
	if (!stem)
		arena_out_of_memory(lower.len);
	return str_copy(w->out, (str){ (const char *)stem, (size_t)sb_stemmer_length(w->stemmer) });
}

uint32_t
words_add(struct words *w, str lower)
{
	void **known = map_put(w->out, &w->by_lower, lower);
	struct word *word;

	if (*known)
		return (uint32_t)(uintptr_t)*known - 1;
	word = vec_push(w->out, &w->list);
	*known = (void *)(uintptr_t)w->list.len;
	word->lower = lower;
	word->form = fold(w, lower);
	word->stem = fold(w, stem_of(w, lower));
	word->empty = word->form.len == 0 || map_find(&w->empty, word->form, NULL);
	word->ends = w->synonyms ? synonyms_ending(w->synonyms, word->stem) : NULL;
	return (uint32_t)w->list.len - 1;
}

/* Bytes of a spelling, the first lowest, as one number. */
static inline uint64_t
eight(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 |
	    (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static uint64_t
up_to_eight(const char *p, size_t n)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < n && i < 8; i++)
		bytes |= (uint64_t)(uint8_t)p[i] << 8 * i;
	return bytes;
}

#define MIX UINT64_C(0x9E3779B97F4A7C15)

/* `start`: its first eight bytes. */
static uint32_t
hash_of(str written, uint64_t start)
{
	uint64_t h = (start ^ written.len) * MIX;

	/* The last eight overlap those before them. */
	for (size_t at = 8; at < written.len; at += 8)
		h = (h ^ h >> 32 ^ eight(written.ptr + (at + 8 <= written.len ? at : written.len - 8))) * MIX;
	return (uint32_t)(h >> 32);
}

static void
grow(struct words *w)
{
	struct spelling *old = w->spellings;
	uint32_t n = w->n_slots;

	w->n_slots = n ? n * 2 : 1024;
	w->spellings = arena_array(w->out, struct spelling, w->n_slots);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = old[i].hash & (w->n_slots - 1);
		if (!old[i].written.ptr)
			continue;
		while (w->spellings[at].written.ptr)
			at = (at + 1) & (w->n_slots - 1);
		w->spellings[at] = old[i];
	}
}

/* Nobody types more of a word; who types as much finds it by its start. */
#define MAX_WORD 64

/* The word that a spelling is of, without the full stops that part initials and without soft hyphens. */
static uint32_t
word_of(struct words *w, str written)
{
	char *bare = arena_room(w->out, MAX_WORD + 1);
	size_t len = 0;

	for (size_t i = 0; i < written.len; i++) {
		size_t n = utf8_sequence(written, i);
		n = n ? n : 1;
		if (len + n > MAX_WORD)
			break;
		if (written.ptr[i] != '.' && !(n == 2 && (uint8_t)written.ptr[i] == 0xC2 && (uint8_t)written.ptr[i + 1] == 0xAD)) {
			memcpy(bare + len, written.ptr + i, n);
			len += n;
		}
		i += n - 1;
	}
	return words_add(w, text_lower(w->text, w->language, (str){ bare, len }, w->out));
}

static uint32_t
new_spelling(struct words *w, struct spelling *s, str written, uint64_t start, uint32_t hash)
{
	uint32_t word = word_of(w, written);

	*s = (struct spelling){ start, str_copy(w->out, written), hash, word };
	if (++w->n_spellings * 2 >= w->n_slots)
		grow(w);
	return word;
}

/* Of two words as long as each other, with the same first eight bytes: most have no more of them, or not twice as many. */
static inline bool
same_rest(str a, str b)
{
	if (a.len <= 8)
		return true;
	return eight(a.ptr + a.len - 8) == eight(b.ptr + b.len - 8) && (a.len <= 16 || memcmp(a.ptr + 8, b.ptr + 8, a.len - 16) == 0);
}

static inline uint32_t
find_word(struct words *w, str written, uint64_t start)
{
	uint32_t hash = hash_of(written, start), mask = w->n_slots - 1, at = hash & mask;
	struct spelling *s;

	for (;; at = (at + 1) & mask) {
		s = &w->spellings[at];
		if (s->start == start && s->written.len == written.len && same_rest(s->written, written))
			return s->word;
		if (!s->written.ptr)
			return new_spelling(w, s, written, start, hash);
	}
}

/* --- reading --- */

enum { OUTSIDE, INSIDE, UNSURE };        /* of a word; UNSURE: the first byte of a longer character */
#define ROW(x) x, x, x, x, x, x, x, x, x, x
static const uint8_t places[256] = {
	['0'] = ROW(INSIDE), ['A'] = ROW(INSIDE), ['K'] = ROW(INSIDE), ['U'] = INSIDE, INSIDE, INSIDE, INSIDE, INSIDE, INSIDE,
	['a'] = ROW(INSIDE), ['k'] = ROW(INSIDE), ['u'] = INSIDE, INSIDE, INSIDE, INSIDE, INSIDE, INSIDE,
	[0x80] = ROW(UNSURE), ROW(UNSURE), ROW(UNSURE), ROW(UNSURE), ROW(UNSURE), ROW(UNSURE), ROW(UNSURE), ROW(UNSURE), ROW(UNSURE), ROW(UNSURE),
	ROW(UNSURE), ROW(UNSURE), UNSURE, UNSURE, UNSURE, UNSURE, UNSURE, UNSURE, UNSURE, UNSURE,
};
#undef ROW

/* The character at `at`, not ASCII: its bytes in *len; is it a letter or a digit, or a soft hyphen in a word? */
static bool
is_letter(str s, size_t at, size_t *len)
{
	uint8_t c = (uint8_t)s.ptr[at], d = at + 1 < s.len ? (uint8_t)s.ptr[at + 1] : 0;
	size_t next = at;
	uint32_t point;

	*len = 2;
	if (c == 0xC3 && d >= 0x80)
		return d != 0x97 && d != 0xB7;
	if (c == 0xC2 && (d == 0xA0 || d == 0xAB || d == 0xBB || d == 0xAD))
		return d == 0xAD;                        /* the no-break space, French quotes; the soft hyphen */
	if (c == 0xE2 && d == 0x80 && at + 2 < s.len) {
		*len = 3;                                /* dashes, quotes, the apostrophe */
		return false;
	}
	point = utf8_next(s, &next);
	*len = next - at;
	return text_is_word(point);
}

static bool
is_ascii_letter(str s, size_t at)
{
	return at < s.len && ((s.ptr[at] >= 'a' && s.ptr[at] <= 'z') || (s.ptr[at] >= 'A' && s.ptr[at] <= 'Z'));
}

/* "C.H.U." is one word: letters, each followed by a full stop. Its length, 0 when it is none. */
static size_t
initials(str s, size_t at)
{
	size_t n = 0;

	while (is_ascii_letter(s, at + n) && at + n + 1 < s.len && s.ptr[at + n + 1] == '.')
		n += 2;
	return n > 2 ? n : 0;
}

/* Where the word ends that goes on at `at`, or does not. */
static size_t
word_end(str s, size_t at)
{
	size_t len;

	for (;;) {
		while (at < s.len && places[(uint8_t)s.ptr[at]] == INSIDE)
			at++;
		if (at == s.len || places[(uint8_t)s.ptr[at]] == OUTSIDE || !is_letter(s, at, &len))
			return at;
		at += len;
	}
}

/* The same number in each of eight bytes. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* How many of eight bytes, from the first on, are ASCII letters and digits. In the high bit of each byte: seven bits plus what makes
 * the first one wanted reach 128, and not the first one after them. */
static inline unsigned
letters_of(uint64_t bytes)
{
	uint64_t low = bytes & EACH(0x7F), small = low | EACH(0x20);
	uint64_t letters = (small + EACH(0x80 - 'a')) & ~(small + EACH(0x7F - 'z')), digits = (low + EACH(0x80 - '0')) & ~(low + EACH(0x7F - '9'));
	uint64_t others = ~((letters | digits) & ~bytes) & EACH(0x80);

	return others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
}

static uint32_t *
room_for(struct words *w, size_t n)
{
	if (n > w->room) {
		w->room = n > 2 * w->room ? n : 2 * w->room;
		w->run = arena_array(w->out, uint32_t, w->room);
	}
	return w->run;
}

uint32_t *
words_read(struct words *w, str text, size_t *n_words)
{
	uint32_t *run = room_for(w, text.len / 2 + 1);
	size_t at = 0, n = 0;

	while (at < text.len) {
		uint64_t start;
		size_t end, len;
		if (places[(uint8_t)text.ptr[at]] == OUTSIDE) {
			at++;
			continue;
		}
		start = text.len - at >= 8 ? eight(text.ptr + at) : up_to_eight(text.ptr + at, text.len - at);
		end = at + letters_of(start);
		if (end < text.len && places[(uint8_t)text.ptr[end]] != OUTSIDE) {
			end = word_end(text, end);
			if (end == at) {                     /* a character that is no letter */
				is_letter(text, at, &len);
				at += len;
				continue;
			}
		} else if (end == at + 1 && end < text.len && text.ptr[end] == '.' && (len = initials(text, at)) != 0)
			end = at + len;
		if (end - at < 8)
			start &= (UINT64_C(1) << 8 * (end - at)) - 1;
		run[n++] = find_word(w, (str){ text.ptr + at, end - at }, start);
		at = end;
	}
	*n_words = n;
	return run;
}

void
words_open(struct words *w, str language, const struct synonyms *synonyms, struct arena *out)
{
	*w = (struct words){ .out = out, .language = language, .synonyms = synonyms, .text = text_open() };
	w->stemmer = sb_stemmer_new(str_copy(out, language).ptr, "UTF_8");
	read_empty(w);
	grow(w);
}

void
words_close(struct words *w)
{
	if (w->stemmer)
		sb_stemmer_delete(w->stemmer);
	text_close(w->text);
}
