#include "base/str.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

static char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
str_equal_fold(str a, str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
			return false;
	return true;
}

int
str_compare(str a, str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

str
str_folder(str path)
{
	size_t cut = path.len;

	while (cut && path.ptr[cut - 1] != '/')
		cut--;
	return str_slice(path, 0, cut ? cut - 1 : 0);
}

bool
str_ends(str s, str suffix)
{
	return s.len >= suffix.len &&
	    (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

bool
str_find_byte(str s, char byte, size_t *at)
{
	const char *found = s.len ? memchr(s.ptr, byte, s.len) : NULL;

	if (!found)
		return false;
	*at = (size_t)(found - s.ptr);
	return true;
}

/* The needles of this program are mostly two or three bytes, and their first is rare: memchr passes over the rest. */
#define SHORT_NEEDLE 4

static bool
find_short(str s, str needle, size_t *at)
{
	for (size_t from = 0, step; from + needle.len <= s.len; from += step + 1) {
		if (!str_find_byte(str_slice(s, from, s.len), needle.ptr[0], &step))
			return false;
		if (str_starts(str_slice(s, from + step, s.len), needle)) {
			*at = from + step;
			return true;
		}
	}
	return false;
}

bool
str_find(str s, str needle, size_t *at)
{
	const char *found;

	if (needle.len == 0) {
		*at = 0;
		return true;
	}
	if (needle.len <= SHORT_NEEDLE)
		return find_short(s, needle, at);
	found = s.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
	if (found)
		*at = (size_t)(found - s.ptr);
	return found != NULL;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

str
str_trim(str s)
{
	size_t from = 0, to = s.len;

	while (from < to && is_space(s.ptr[from]))
		from++;
	while (to > from && is_space(s.ptr[to - 1]))
		to--;
	return str_slice(s, from, to);
}

bool
str_cut(str s, char separator, str *head, str *tail)
{
	size_t at;

	if (!str_find_byte(s, separator, &at)) {
		*head = s;
		*tail = STR_NONE;
		return false;
	}
	*head = str_slice(s, 0, at);
	*tail = (str){ s.ptr + at + 1, s.len - at - 1 };
	return true;
}

bool
str_next(str *rest, char separator, str *piece)
{
	if (!rest->ptr)
		return false;
	str_cut(*rest, separator, piece, rest);
	return true;
}

str
str_copy(struct arena *out, str s)
{
	char *p = arena_room(out, s.len + 1);

	if (s.len)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return (str){ p, s.len };
}

str
str_join(struct arena *out, const str *parts, size_t n, str separator)
{
	size_t len = n > 1 ? separator.len * (n - 1) : 0;
	char *p, *start;

	for (size_t i = 0; i < n; i++)
		len += parts[i].len;
	p = start = arena_room(out, len + 1);
	for (size_t i = 0; i < n; i++) {
		if (i && separator.len) {
			memcpy(p, separator.ptr, separator.len);
			p += separator.len;
		}
		if (parts[i].len) {
			memcpy(p, parts[i].ptr, parts[i].len);
			p += parts[i].len;
		}
	}
	*p = '\0';
	return (str){ start, len };
}

str
str_format(struct arena *out, const char *format, ...)
{
	va_list args;
	int len;
	char *p;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return STR_NONE;
	p = arena_room(out, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(p, (size_t)len + 1, format, args);
	va_end(args);
	return (str){ p, (size_t)len };
}

str
str_from_percent(struct arena *out, str s)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	char *room = arena_room(out, s.len + 1);
	size_t n = 0, high, low;

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '%' && i + 2 < s.len && str_find_byte(S(digits), s.ptr[i + 1], &high) && str_find_byte(S(digits), s.ptr[i + 2], &low)) {
			room[n++] = (char)((high % 16) << 4 | low % 16);
			i += 2;
		} else
			room[n++] = s.ptr[i];
	room[n] = '\0';
	return (str){ room, n };
}

bool
str_to_int(str s, int64_t *value)
{
	bool negative = s.len && s.ptr[0] == '-';
	int64_t v = 0;
	size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;

	if (i == s.len)
		return false;
	for (; i < s.len; i++) {
		char c = s.ptr[i];
		if (c < '0' || c > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, c - '0', &v))
			return false;
	}
	*value = negative ? -v : v;
	return true;
}

/* Integer part and fraction are gathered apart as integers, so that the result is the same in every locale. */
bool
str_to_number(str s, double *value)
{
	bool negative = s.len && s.ptr[0] == '-';
	size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0, digits = 0;
	int64_t mantissa = 0;
	double scale = 1;
	bool fraction = false;

	for (; i < s.len; i++) {
		char c = s.ptr[i];
		if ((c == '.' || c == ',') && !fraction && digits) {
			fraction = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		if (++digits > 18)
			return false;
		mantissa = mantissa * 10 + (c - '0');
		if (fraction)
			scale *= 10;
	}
	if (!digits || s.ptr[s.len - 1] == '.' || s.ptr[s.len - 1] == ',')
		return false;
	*value = (negative ? -1.0 : 1.0) * (double)mantissa / scale;
	return true;
}
