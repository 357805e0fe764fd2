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

static bool
is_empty(str language, str form)
{
	str rest = words_empty(language), piece;

	while (rest.len && str_next(&rest, ' ', &piece))
		if (str_equal(piece, form))
			return true;
	return false;
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

static void
grow_slots(struct words *w)
{
	w->n_slots = w->n_slots ? w->n_slots * 2 : 1024;
	w->slots = arena_array(w->out, uint32_t, w->n_slots);
	for (uint32_t i = 0; i < w->list.len; i++) {
		uint32_t at = w->list.ptr[i].hash & (w->n_slots - 1);
		while (w->slots[at])
			at = (at + 1) & (w->n_slots - 1);
		w->slots[at] = i + 1;
	}
}

static uint32_t
add_word(struct words *w, str lower, uint32_t hash)
{
	struct word *word = vec_push(w->out, &w->list);

	word->lower = str_copy(w->out, lower);
	word->hash = hash;
	word->form = fold(w, word->lower);
	word->stem = fold(w, stem_of(w, word->lower));
	word->empty = is_empty(w->language, word->form);
	word->ends = w->synonyms ? synonyms_ending(w->synonyms, word->stem) : NULL;
	return (uint32_t)w->list.len - 1;
}

static uint32_t
intern(struct words *w, str lower, uint32_t hash)
{
	uint32_t at;

	if (w->list.len * 2 >= w->n_slots)
		grow_slots(w);
	for (at = hash & (w->n_slots - 1); w->slots[at]; at = (at + 1) & (w->n_slots - 1)) {
		const struct word *word = &w->list.ptr[w->slots[at] - 1];
		if (word->hash == hash && str_equal(word->lower, lower))
			return w->slots[at] - 1;
	}
	w->slots[at] = (uint32_t)w->list.len + 1;
	return add_word(w, lower, hash);
}

/* --- reading --- */

/* Small letter of an ASCII letter or digit, 0 of all else. */
static const char plain[128] = {
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
	['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k',
	['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v',
	['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
	['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',
	['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v',
	['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
};

/* Length in bytes of the letter or digit at `at`, 0 of all else; *odd: lower-casing it takes ICU. The small letter goes to *to. */
static unsigned
letter(str s, size_t at, char to[4], bool *odd)
{
	uint8_t c = (uint8_t)s.ptr[at], d = at + 1 < s.len ? (uint8_t)s.ptr[at + 1] : 0;
	size_t next = at;
	uint32_t point;

	if (c == 0xC3 && d >= 0x80 && d != 0x97 && d != 0xB7) {
		to[0] = (char)c;
		to[1] = (char)(d < 0x9F ? d + 0x20 : d);
		return 2;
	}
	if ((c == 0xC2 && (d == 0xA0 || d == 0xAB || d == 0xBB)) || (c == 0xE2 && (d == 0x80 || d == 0x82)))
		return 0;                                /* spaces, quotes, dashes, the euro */
	point = utf8_next(s, &next);
	if (!text_is_word(point))
		return 0;
	if (point == 0x152 || point == 0x153)
		memcpy(to, "\xC5\x93", 2);
	else
		memcpy(to, s.ptr + at, next - at), *odd = true;
	return (unsigned)(next - at);
}

static void
make_room(struct words *w, size_t len)
{
	char *old = w->lower;

	if (len + 8 < w->room)
		return;
	w->room = w->room ? w->room * 2 : 256;
	w->lower = arena_room(w->out, w->room);
	if (old)
		memcpy(w->lower, old, len);
}

static bool
ascii_letter(str s, size_t at)
{
	return at < s.len && ((s.ptr[at] >= 'a' && s.ptr[at] <= 'z') || (s.ptr[at] >= 'A' && s.ptr[at] <= 'Z'));
}

/* "C.H.U." is one word: letters, each followed by a full stop. */
static size_t
initials(struct words *w, str s, size_t at)
{
	size_t n = 0;

	while (ascii_letter(s, at + 2 * n) && at + 2 * n + 1 < s.len && s.ptr[at + 2 * n + 1] == '.')
		n++;
	if (n < 2)
		return 0;
	for (size_t i = 0; i < n; i++) {
		make_room(w, i);
		w->lower[i] = plain[(uint8_t)s.ptr[at + 2 * i]];
	}
	return n;
}

static uint32_t
hash_of(const char *s, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)s[i]) * 16777619u;
	return h ^ h >> 15;
}

/* Reads the word that starts at *at into w->lower; its length, 0 when there is none. */
static size_t
read_word(struct words *w, str s, size_t *at, bool *odd)
{
	size_t len = 0, i = *at;
	unsigned n;

	while (i < s.len) {
		uint8_t c = (uint8_t)s.ptr[i];
		make_room(w, len);
		if (c < 0x80) {
			if (!plain[c])
				break;
			w->lower[len++] = plain[c];
			i++;
		} else {
			if ((n = letter(s, i, w->lower + len, odd)) == 0)
				break;
			len += n;
			i += n;
		}
	}
	*at = i;
	return len;
}

bool
words_next(struct words *w, str text, size_t *at, uint32_t *index)
{
	while (*at < text.len) {
		bool odd = false;
		size_t len = initials(w, text, *at);
		str lower;
		if (len)
			*at += 2 * len;
		else
			len = read_word(w, text, at, &odd);
		if (!len) {
			utf8_next(text, at);
			continue;
		}
		lower = (str){ w->lower, len };
		if (odd)
			lower = text_lower(w->text, w->language, lower, w->out);
		*index = intern(w, lower, hash_of(lower.ptr, lower.len));
		return true;
	}
	return false;
}

void
words_open(struct words *w, str language, const struct synonyms *synonyms, struct arena *out)
{
	*w = (struct words){ .out = out, .language = language, .synonyms = synonyms, .text = text_open() };
	w->stemmer = sb_stemmer_new(str_copy(out, language).ptr, "UTF_8");
}

void
words_close(struct words *w)
{
	if (w->stemmer)
		sb_stemmer_delete(w->stemmer);
	text_close(w->text);
}
