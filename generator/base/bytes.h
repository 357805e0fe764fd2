/* bytes: sets of bytes, so that scanners pass over what means nothing to them.
 * static const bool special[256] = { ['&'] = true, ['<'] = true }; */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/str.h"

/* Index of the first byte at or after `at` that is in the set, s.len when there is none. */
static inline size_t
bytes_find(const bool set[static 256], str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	while (at + 4 <= s.len && !(set[p[at]] | set[p[at + 1]] | set[p[at + 2]] | set[p[at + 3]]))
		at += 4;
	while (at < s.len && !set[p[at]])
		at++;
	return at;
}

/* --- eight bytes at a time --- */

#define BYTES_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define BYTES_HIGH BYTES_EACH(0x80)

static inline uint64_t
bytes_word(str s, size_t at)
{
	uint64_t word;

	memcpy(&word, s.ptr + at, sizeof word);
	return word;
}

/* A mark is the highest bit of a byte. Subtraction and addition carry over, but only past a byte that has a mark: the lowest
 * mark is a true one, and there is none where nothing was looked for. */
static inline uint64_t
bytes_zero(uint64_t word)
{
	return (word - BYTES_EACH(1)) & ~word & BYTES_HIGH;
}

/* Marks what is no printable ASCII character. */
static inline uint64_t
bytes_mark_unprintable(uint64_t word)
{
	return (word | (word - BYTES_EACH(0x20)) | (word + BYTES_EACH(1))) & BYTES_HIGH;
}

/* Marks control characters of ASCII. */
static inline uint64_t
bytes_mark_control(uint64_t word)
{
	return ((word - BYTES_EACH(0x20)) & ~word & BYTES_HIGH) | bytes_zero(word ^ BYTES_EACH(0x7f));
}

/* Marks & and ", which differ by one bit, < and >, which do too. */
static inline uint64_t
bytes_mark_markup(uint64_t word)
{
	return bytes_zero((word & ~BYTES_EACH(4)) ^ BYTES_EACH('"')) | bytes_zero((word | BYTES_EACH(2)) ^ BYTES_EACH('>'));
}

/* How far the first marked byte of a word is; 0 (it is somewhere in the word) where the lowest byte is not the first one. */
static inline size_t
bytes_first(uint64_t marks)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (size_t)__builtin_ctzll(marks) / 8;
#else
	(void)marks;
	return 0;
#endif
}

/* --- sixteen at once; the compiler has vectors or makes them of words --- */

typedef unsigned char bytes_lanes __attribute__((vector_size(16)));
#define BYTES_LANES(c) ((bytes_lanes){ c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c })

/* How far the first lane is that has all its bits; 16 where none has, and no further than the first where the lowest byte is not the first. */
static inline size_t
bytes_first_lane(bytes_lanes marks)
{
	uint64_t words[2];

	memcpy(words, &marks, sizeof words);
	if (!(words[0] | words[1]))
		return sizeof marks;
	return words[0] ? bytes_first(words[0]) : sizeof words[0] + bytes_first(words[1]);
}

/* Index of the first byte at or after `at` that is marked, s.len when none is. */
static inline size_t
bytes_search(str s, size_t at, uint64_t (*mark)(uint64_t word))
{
	uint64_t marks = 0;

	for (; at + 8 <= s.len; at += 8)
		if ((marks = mark(bytes_word(s, at))))
			break;
	if (marks)
		at += bytes_first(marks);
	else if (s.len >= 8 && !mark(bytes_word(s, s.len - 8)))
		return s.len;
	while (at < s.len && !mark(BYTES_EACH((unsigned char)s.ptr[at])))
		at++;
	return at;
}

static inline size_t
bytes_unprintable(str s, size_t at)
{
	return bytes_search(s, at, bytes_mark_unprintable);
}

static inline size_t
bytes_control(str s, size_t at)
{
	return bytes_search(s, at, bytes_mark_control);
}

static inline size_t
bytes_markup(str s, size_t at)
{
	return bytes_search(s, at, bytes_mark_markup);
}

/* Index of the first byte at or after `at` that is less than a space, or a space before a space or at the end. */
static inline size_t
bytes_gap(str s, size_t at)
{
	for (; at + 9 <= s.len; at += 8) {
		uint64_t word = bytes_word(s, at), next = bytes_word(s, at + 1);
		uint64_t marks = bytes_zero((word ^ BYTES_EACH(' ')) | (next ^ BYTES_EACH(' '))) | ((word - BYTES_EACH(' ')) & ~word & BYTES_HIGH);
		if (marks) {
			at += bytes_first(marks);
			break;
		}
	}
	while (at < s.len && (unsigned char)s.ptr[at] >= ' ' && (s.ptr[at] != ' ' || (at + 1 < s.len && s.ptr[at + 1] != ' ')))
		at++;
	return at;
}

#endif
