#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/hash.h"

uint64_t
hash64(str bytes)
{
	return XXH3_64bits(bytes.ptr ? bytes.ptr : "", bytes.len);
}

struct hash128
hash128(str bytes)
{
	XXH128_hash_t h = XXH3_128bits(bytes.ptr ? bytes.ptr : "", bytes.len);
	return (struct hash128){ h.high64, h.low64 };
}

bool
hash128_equal(struct hash128 a, struct hash128 b)
{
	return a.high == b.high && a.low == b.low;
}

int
hash128_compare(struct hash128 a, struct hash128 b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return (a.low > b.low) - (a.low < b.low);
}

void
hash_hex(uint64_t value, char out[16])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++)
		out[i] = digits[(value >> (60 - 4 * i)) & 15];
}

uint64_t
hash_mix(uint64_t a, uint64_t b)
{
	uint64_t both[2] = { a, b };
	return XXH3_64bits(both, sizeof both);
}
