#include "serve/request.h"

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
percents_are_whole(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '%' && (i + 2 >= s.len || hex_digit(s.ptr[i + 1]) < 0 || hex_digit(s.ptr[i + 2]) < 0))
			return false;
	return true;
}

static bool
stays_inside(str path)
{
	str rest = path, piece;

	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.ptr[i] < ' ' || path.ptr[i] == 0x7f || path.ptr[i] == '\\')
			return false;
	while (str_next(&rest, '/', &piece))
		if (str_equal(piece, S(".")) || str_equal(piece, S("..")))
			return false;
	return true;
}

bool
request_read_address(str raw, struct arena *out, str *path, str *query)
{
	str_cut(raw, '?', path, query);
	if (!str_starts(*path, S("/")) || !percents_are_whole(*path))
		return false;
	*path = str_from_percent(out, *path);
	return stays_inside(*path);
}

static bool
is_port(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len <= 5;
}

bool
request_host_is_ours(str host)
{
	str name, port;

	if (str_starts(host, S("[::1]"))) {
		host = str_slice(host, 5, host.len);
		return host.len == 0 || (host.ptr[0] == ':' && is_port(str_slice(host, 1, host.len)));
	}
	str_cut(host, ':', &name, &port);
	if (!is_port(port))
		return false;
	if (str_ends(name, S(".")))
		name = str_slice(name, 0, name.len - 1);
	return str_equal(name, S("127.0.0.1")) || str_equal_fold(name, S("localhost")) ||
	    (name.len > 10 && str_equal_fold(str_slice(name, name.len - 10, name.len), S(".localhost")));
}

uint64_t
request_tag(str header)
{
	uint64_t hash = 0;

	if (str_starts(header, S("W/")))
		header = str_slice(header, 2, header.len);
	if (header.len < 18 || header.ptr[0] != '"' || header.ptr[17] != '"')
		return 0;
	for (size_t i = 1; i < 17; i++) {
		int digit = hex_digit(header.ptr[i]);
		if (digit < 0)
			return 0;
		hash = hash << 4 | (uint64_t)digit;
	}
	return hash;
}

static bool
read_number(str s, uint64_t *n)
{
	int64_t value;

	if (!s.len || s.ptr[0] < '0' || s.ptr[0] > '9' || !str_to_int(s, &value))
		return false;
	*n = (uint64_t)value;
	return true;
}

enum request_range
request_range(str header, uint64_t size, uint64_t *from, uint64_t *to)
{
	str first, last;
	uint64_t n;

	*from = 0;
	*to = size;
	if (!str_starts(header, S("bytes=")) || !str_cut(str_slice(header, 6, header.len), '-', &first, &last))
		return REQUEST_WHOLE;
	first = str_trim(first);
	last = str_trim(last);
	if (!first.len) {            /* "-500": the last 500 */
		if (!read_number(last, &n))
			return REQUEST_WHOLE;
		*from = n < size ? size - n : 0;
		return n && size ? REQUEST_PART : REQUEST_OUTSIDE;
	}
	if (!read_number(first, from))
		return *from = 0, REQUEST_WHOLE;
	if (last.len && (!read_number(last, &n) || n < *from))
		return *from = 0, REQUEST_WHOLE;
	if (*from >= size)
		return REQUEST_OUTSIDE;
	if (last.len && n < size)
		*to = n + 1;
	return REQUEST_PART;
}
