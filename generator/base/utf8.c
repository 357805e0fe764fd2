#include "base/utf8.h"

#include "base/bytes.h"

/* Length of the sequence that starts with byte c, 0 when none does; *low and *high bound the second byte
 * (Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences"). */
static unsigned
sequence(unsigned char c, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef) {
		*low = c == 0xe0 ? 0xa0 : 0x80;
		*high = c == 0xed ? 0x9f : 0xbf;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		*low = c == 0xf0 ? 0x90 : 0x80;
		*high = c == 0xf4 ? 0x8f : 0xbf;
		return 4;
	}
	return 0;
}

unsigned
utf8_sequence(str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;
	unsigned char low, high;
	unsigned n = sequence(p[0], &low, &high);

	if (!n || n > s.len - at)
		return 0;
	if (n > 1 && (p[1] < low || p[1] > high))
		return 0;
	for (unsigned i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

bool
utf8_valid(str s, size_t *at)
{
	unsigned n;

	for (size_t i = bytes_unprintable(s, 0); i < s.len; i = bytes_unprintable(s, i + n)) {
		n = utf8_sequence(s, i);
		if (!n) {
			*at = i;
			return false;
		}
	}
	return true;
}

uint32_t
utf8_next(str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + *at;
	unsigned n;
	uint32_t c;

	if (p[0] < 0x80) {
		++*at;
		return p[0];
	}
	n = utf8_sequence(s, *at);
	if (!n) {
		++*at;
		return 0xfffd;
	}
	*at += n;
	c = p[0] & (0x7fu >> n);
	for (unsigned i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

size_t
utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

size_t
utf8_length(str s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.len; n++)
		utf8_next(s, &at);
	return n;
}

str
utf8_prefix(str s, size_t n)
{
	size_t at = 0;

	while (n-- && at < s.len)
		utf8_next(s, &at);
	return str_slice(s, 0, at);
}
