#include "base/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void
buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){ .max = b->max };
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->usable = b->cap < b->max ? b->cap : b->max;
	b->failed = false;
}

void
buf_grow(struct buf *b, size_t more)
{
	size_t cap;
	char *p;

	if (b->failed || more > b->max || b->len > b->max - more) {
		b->failed = true;
		b->usable = 0;
		return;
	}
	cap = b->cap ? b->cap * 2 : 4096;
	while (cap < b->len + more)
		cap *= 2;
	p = realloc(b->ptr, cap);
	if (!p) {
		fprintf(stderr, "vitrine: erreur: mémoire insuffisante (%zu octets demandés)\n", cap);
		exit(3);
	}
	b->ptr = p;
	b->cap = cap;
	b->usable = cap < b->max ? cap : b->max;
}

void
buf_fill(struct buf *b, char c, size_t n)
{
	while (n--)
		buf_byte(b, c);
}

void
buf_int(struct buf *b, int64_t value)
{
	char digits[24];
	size_t at = sizeof digits;
	uint64_t v = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	if (value < 0)
		digits[--at] = '-';
	buf_put(b, (str){ digits + at, sizeof digits - at });
}

void
buf_format(struct buf *b, const char *format, ...)
{
	va_list args;
	char small[512], *large;
	int len;

	va_start(args, format);
	len = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (len < 0) {
		b->failed = true;
		b->usable = 0;
		return;
	}
	if ((size_t)len < sizeof small) {
		buf_put(b, (str){ small, (size_t)len });
		return;
	}
	buf_grow(b, (size_t)len + 1);
	if (b->failed)
		return;
	large = b->ptr + b->len;
	va_start(args, format);
	vsnprintf(large, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

/* A number of up to 15 digits, 9 of them after the point, which coordinates and prices are: m / 10^k is rounded as reading its digits is, and
 * no two numbers of 15 digits are one double. */
static bool
put_decimals(struct buf *b, double value)
{
	double v = fabs(value), power = 1;
	char digits[24];
	size_t at = sizeof digits, k;
	uint64_t m = 0;

	if (v < 1e-4 || v >= 1e6)
		return false;
	for (k = 1; k <= 9; k++) {
		power *= 10;
		m = (uint64_t)(v * power + 0.5);
		if ((double)m / power == v)
			break;
	}
	if (k > 9)
		return false;
	for (size_t i = 0; m || i <= k; i++, m /= 10) {
		if (i == k)
			digits[--at] = '.';
		digits[--at] = (char)('0' + m % 10);
	}
	if (value < 0)
		digits[--at] = '-';
	buf_put(b, (str){ digits + at, sizeof digits - at });
	return true;
}

/* The process never calls setlocale, so printf writes '.' */
void
buf_number(struct buf *b, double value)
{
	char text[40];

	if (!isfinite(value)) {
		b->failed = true;
		b->usable = 0;
		return;
	}
	if (value == floor(value) && fabs(value) < 1e15) {
		buf_int(b, (int64_t)value);
		return;
	}
	if (put_decimals(b, value))
		return;
	for (int precision = 1; precision <= 17; precision++) {
		snprintf(text, sizeof text, "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buf_put_c(b, text);
}

/* Bytes that JSON or an enclosing script element cannot hold as they are; U+2028 and U+2029 begin with the last. */
static const bool json_special[256] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	['"'] = 1, ['\\'] = 1, ['<'] = 1, ['>'] = 1, ['&'] = 1, [0x7f] = 1, [0xe2] = 1,
};

/* How far the first of the next sixteen bytes is that may be one of them. */
static size_t
first_json_special(const char *p)
{
	bytes_lanes v;

	memcpy(&v, p, sizeof v);
	return bytes_first_lane((bytes_lanes)((v < BYTES_LANES(0x20)) | (v == BYTES_LANES('"')) | (v == BYTES_LANES('\\')) |
	    ((v | BYTES_LANES(2)) == BYTES_LANES('>')) | (v == BYTES_LANES('&')) | (v == BYTES_LANES(0x7f)) | (v == BYTES_LANES(0xe2))));
}

static bool
is_json_special(str s, size_t i)
{
	unsigned char c = (unsigned char)s.ptr[i];

	if (c != 0xe2)
		return json_special[c];
	return i + 2 < s.len && (unsigned char)s.ptr[i + 1] == 0x80 && ((unsigned char)s.ptr[i + 2] | 1) == 0xa9;
}

/* The next byte to escape from i on. */
static size_t
json_plain(str s, size_t i)
{
	while (s.len - i >= sizeof(bytes_lanes)) {
		size_t at = first_json_special(s.ptr + i);
		i += at;
		if (at == sizeof(bytes_lanes))
			continue;
		if (is_json_special(s, i))
			return i;
		i++;
	}
	while (i < s.len && !is_json_special(s, i))
		i++;
	return i;
}

static size_t
json_escape(struct buf *b, str s, size_t i)
{
	static const char letters[128] = { ['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };
	static const char digits[] = "0123456789abcdef";
	unsigned char c = (unsigned char)s.ptr[i];
	char form[6] = "\\u00";

	if (c == 0xe2) {
		buf_put_c(b, (unsigned char)s.ptr[i + 2] == 0xa8 ? "\\u2028" : "\\u2029");
		return 3;
	}
	if (letters[c]) {
		form[1] = letters[c];
		buf_put(b, (str){ form, 2 });
		return 1;
	}
	form[4] = digits[c >> 4];
	form[5] = digits[c & 15];
	buf_put(b, (str){ form, sizeof form });
	return 1;
}

void
buf_json(struct buf *b, str s)
{
	size_t from = 0, i;

	while ((i = json_plain(s, from)) < s.len) {
		buf_put(b, str_slice(s, from, i));
		from = i + json_escape(b, s, i);
	}
	buf_put(b, str_slice(s, from, s.len));
}

void
buf_json_string(struct buf *b, str s)
{
	buf_byte(b, '"');
	buf_json(b, s);
	buf_byte(b, '"');
}

str
buf_str(const struct buf *b)
{
	return (str){ b->ptr ? b->ptr : "", b->len };
}

str
buf_copy(const struct buf *b, struct arena *out)
{
	return str_copy(out, buf_str(b));
}
