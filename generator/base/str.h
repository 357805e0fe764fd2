/* str: a view of bytes, passed by value. Never owns; not zero-terminated unless a function says so. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct str {
	const char *ptr;
	size_t len;
} str;

struct arena;

#define S(literal) ((str){ (literal), sizeof(literal) - 1 })
#define S_INIT(literal) { (literal), sizeof(literal) - 1 } /* for static tables */
#define STR_NONE ((str){ NULL, 0 })
/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).ptr

static inline bool
str_equal(str a, str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
str_starts(str s, str prefix)
{
	return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

/* Clamped to s. */
static inline str
str_slice(str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	return from == to ? (str){ s.ptr, 0 } : (str){ s.ptr + from, to - from };
}

/* View of a zero-terminated string; NULL gives STR_NONE. */
static inline str
str_from_c(const char *c)
{
	return c ? (str){ c, strlen(c) } : STR_NONE;
}

bool str_equal_fold(str a, str b);              /* ASCII letters without case */
int str_compare(str a, str b);                  /* bytewise, shorter first: <0, 0, >0 */
bool str_ends(str s, str suffix);
str str_folder(str path);                       /* "a/b/c" → "a/b"; "c" → "" */
bool str_find(str s, str needle, size_t *at);   /* first occurrence */
bool str_find_byte(str s, char byte, size_t *at);
str str_trim(str s);                            /* without ASCII white space at both ends */

/* Cuts `s` at the first `separator`: head before it, tail after it. Returns false (head = s, tail empty) without one. */
bool str_cut(str s, char separator, str *head, str *tail);

/* Takes the next piece up to `separator` out of *rest; false when *rest is exhausted.
 * "a,,b," gives a, "", b, ""; an empty string gives one empty piece, STR_NONE none. */
bool str_next(str *rest, char separator, str *piece);

str str_copy(struct arena *out, str s);         /* always followed by a zero byte (not counted) */
str str_join(struct arena *out, const str *parts, size_t n, str separator);
/* Concatenation: str_cat(out, a, b, c) */
#define str_cat(out, ...) \
	str_join((out), (const str[]){ __VA_ARGS__ }, sizeof((const str[]){ __VA_ARGS__ }) / sizeof(str), STR_NONE)
/* printf into the arena, zero-terminated. */
str str_format(struct arena *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Every %XX becomes its byte, which may be any. */
str str_from_percent(struct arena *out, str s);
/* Decimal integer of the whole string, optional sign; false on anything else or overflow. */
bool str_to_int(str s, int64_t *value);
/* Decimal number with '.' or ',' as separator, no exponent, locale-free; false on anything else. */
bool str_to_number(str s, double *value);

#endif
