/* hash: XXH3 of bytes. Not cryptographic: names contents, guards nothing. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

struct hash128 { uint64_t high, low; };

uint64_t hash64(str bytes);
struct hash128 hash128(str bytes);
bool hash128_equal(struct hash128 a, struct hash128 b);
int hash128_compare(struct hash128 a, struct hash128 b);      /* < 0, 0, > 0 */
/* 16 lower-case hexadecimal digits of `value` into `out` (not terminated). */
void hash_hex(uint64_t value, char out[16]);
/* Continues a hash over several pieces: h = hash_mix(h, hash64(piece)). */
uint64_t hash_mix(uint64_t a, uint64_t b);

#endif
