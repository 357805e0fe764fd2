/* utf8: decoding and validation. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* True when `s` is valid UTF-8 (no surrogates, no overlong forms). Else *at is the offset of the first bad byte. */
bool utf8_valid(str s, size_t *at);
/* Bytes of the valid sequence that starts at `at`, 0 when there is none. Call with at < s.len. */
unsigned utf8_sequence(str s, size_t at);
/* Next code point at *at, which moves on; invalid bytes give U+FFFD and move by one. Call with *at < s.len. */
uint32_t utf8_next(str s, size_t *at);
size_t utf8_encode(uint32_t codepoint, char out[4]);   /* bytes written */
size_t utf8_length(str s);                             /* code points */
/* Prefix of at most n code points. */
str utf8_prefix(str s, size_t n);

#endif
