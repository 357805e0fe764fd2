#include "script/escape.h"

#include <string.h>

#include "base/bytes.h"

/* Copies s, each byte that has an entry replaced by it; runs between are copied at once. */
static void
replace_bytes(struct buf *b, str s, const char *const table[256])
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char *by = table[(unsigned char)s.ptr[i]];
		if (!by)
			continue;
		buf_put(b, str_slice(s, from, i));
		buf_put_c(b, by);
		from = i + 1;
	}
	buf_put(b, str_slice(s, from, s.len));
}

#define REPLACEMENT "\xef\xbf\xbd"   /* U+FFFD: HTML and XML have no NUL */

/* Marks & ' < > and ": & and ' differ in the lowest bit, < and > in the second. */
static inline bytes_lanes
mark_markup(bytes_lanes v)
{
	return (bytes_lanes)(((v | BYTES_LANES(1)) == BYTES_LANES(0x27)) | ((v | BYTES_LANES(2)) == BYTES_LANES(0x3e)) | (v == BYTES_LANES(0x22)));
}

/* How far the first of the next sixteen bytes is that is one of these, or NUL. */
static size_t
first_html_special(const char *p)
{
	bytes_lanes v;

	memcpy(&v, p, sizeof v);
	return bytes_first_lane(mark_markup(v) | (bytes_lanes)(v == BYTES_LANES(0)));
}

static const str *
html_entity(char c)
{
	static const str entities[] = { S_INIT("&amp;"), S_INIT("&#39;"), S_INIT("&lt;"), S_INIT("&gt;"), S_INIT("&quot;"), S_INIT(REPLACEMENT) };
	static const unsigned char which[256] = { [0] = 6, ['&'] = 1, ['\''] = 2, ['<'] = 3, ['>'] = 4, ['"'] = 5 };
	unsigned char n = which[(unsigned char)c];

	return n ? &entities[n - 1] : NULL;
}

void
escape_html(struct buf *b, str s)
{
	size_t from = 0, i = 0;
	const str *entity;

	for (; i < s.len; i++) {
		size_t at = sizeof(bytes_lanes);
		while (s.len - i >= sizeof(bytes_lanes) && at == sizeof(bytes_lanes))
			i += at = first_html_special(s.ptr + i);
		for (entity = NULL; i < s.len && !(entity = html_entity(s.ptr[i]));)
			i++;
		if (!entity)
			break;
		buf_put(b, str_slice(s, from, i));
		buf_put(b, *entity);
		from = i + 1;
	}
	buf_put(b, str_slice(s, from, s.len));
}

/* The first byte that XML may not hold as it is, or that is white space of another kind. */
static size_t
xml_plain(str s)
{
	size_t at = sizeof(bytes_lanes), i = 0;

	while (s.len - i >= sizeof(bytes_lanes) && at == sizeof(bytes_lanes)) {
		bytes_lanes v;
		memcpy(&v, s.ptr + i, sizeof v);
		at = bytes_first_lane(mark_markup(v) | (bytes_lanes)(v < BYTES_LANES(0x20)));
		i += at;
	}
	return i;
}

void
escape_xml(struct buf *b, str s)
{
	static const char *const table[256] = {
		[0] = "", [1] = "", [2] = "", [3] = "", [4] = "", [5] = "", [6] = "", [7] = "", [8] = "", [11] = "", [12] = "", [14] = "", [15] = "",
		[16] = "", [17] = "", [18] = "", [19] = "", [20] = "", [21] = "", [22] = "", [23] = "", [24] = "", [25] = "", [26] = "", [27] = "",
		[28] = "", [29] = "", [30] = "", [31] = "",
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;" };
	size_t plain = xml_plain(s);

	buf_put(b, str_slice(s, 0, plain));
	replace_bytes(b, str_slice(s, plain, s.len), table);
}

void
escape_ics(struct buf *b, str s)
{
	static const char *const table[256] = {
		[0] = "", [1] = "", [2] = "", [3] = "", [4] = "", [5] = "", [6] = "", [7] = "", [8] = "", ['\v'] = "", ['\f'] = "", ['\r'] = "",
		[0x7f] = "", ['\\'] = "\\\\", [';'] = "\\;", [','] = "\\,", ['\n'] = "\\n" };

	replace_bytes(b, s, table);
}

bool
escape_csv_is_formula(str s)
{
	if (!s.len || !strchr("=+-@\t\r", s.ptr[0]) || !s.ptr[0])
		return false;
	if (s.ptr[0] != '+' && s.ptr[0] != '-')
		return true;
	for (size_t i = 1; i < s.len; i++)
		if (!strchr("0123456789., ", s.ptr[i]) || !s.ptr[i])
			return true;
	return s.len == 1;
}

void
escape_csv(struct buf *b, str s)
{
	static const char *const table[256] = { [0] = "", ['"'] = "\"\"" };

	buf_byte(b, '"');
	if (escape_csv_is_formula(s))
		buf_byte(b, '\'');
	replace_bytes(b, s, table);
	buf_byte(b, '"');
}

/* --- addresses --- */

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void
percent(struct buf *b, char c)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_put(b, (str){ (char[]){ '%', digits[(unsigned char)c >> 4], digits[c & 15] }, 3 });
}

/* What may stand in an address as it is: everywhere; in a path; in a whole address. & and ' may from the path on, escaped. */
enum { ADDRESS_PART = 1, ADDRESS_PATH = 2, ADDRESS_WHOLE = 4 };

#define EVERYWHERE (ADDRESS_PART | ADDRESS_PATH | ADDRESS_WHOLE)
#define FROM_PATH (ADDRESS_PATH | ADDRESS_WHOLE)
static const unsigned char stays[256] = {
	['0'] = EVERYWHERE, ['1'] = EVERYWHERE, ['2'] = EVERYWHERE, ['3'] = EVERYWHERE, ['4'] = EVERYWHERE, ['5'] = EVERYWHERE, ['6'] = EVERYWHERE,
	['7'] = EVERYWHERE, ['8'] = EVERYWHERE, ['9'] = EVERYWHERE, ['A'] = EVERYWHERE, ['B'] = EVERYWHERE, ['C'] = EVERYWHERE, ['D'] = EVERYWHERE,
	['E'] = EVERYWHERE, ['F'] = EVERYWHERE, ['G'] = EVERYWHERE, ['H'] = EVERYWHERE, ['I'] = EVERYWHERE, ['J'] = EVERYWHERE, ['K'] = EVERYWHERE,
	['L'] = EVERYWHERE, ['M'] = EVERYWHERE, ['N'] = EVERYWHERE, ['O'] = EVERYWHERE, ['P'] = EVERYWHERE, ['Q'] = EVERYWHERE, ['R'] = EVERYWHERE,
	['S'] = EVERYWHERE, ['T'] = EVERYWHERE, ['U'] = EVERYWHERE, ['V'] = EVERYWHERE, ['W'] = EVERYWHERE, ['X'] = EVERYWHERE, ['Y'] = EVERYWHERE,
	['Z'] = EVERYWHERE, ['a'] = EVERYWHERE, ['b'] = EVERYWHERE, ['c'] = EVERYWHERE, ['d'] = EVERYWHERE, ['e'] = EVERYWHERE, ['f'] = EVERYWHERE,
	['g'] = EVERYWHERE, ['h'] = EVERYWHERE, ['i'] = EVERYWHERE, ['j'] = EVERYWHERE, ['k'] = EVERYWHERE, ['l'] = EVERYWHERE, ['m'] = EVERYWHERE,
	['n'] = EVERYWHERE, ['o'] = EVERYWHERE, ['p'] = EVERYWHERE, ['q'] = EVERYWHERE, ['r'] = EVERYWHERE, ['s'] = EVERYWHERE, ['t'] = EVERYWHERE,
	['u'] = EVERYWHERE, ['v'] = EVERYWHERE, ['w'] = EVERYWHERE, ['x'] = EVERYWHERE, ['y'] = EVERYWHERE, ['z'] = EVERYWHERE, ['-'] = EVERYWHERE,
	['.'] = EVERYWHERE, ['_'] = EVERYWHERE, ['~'] = EVERYWHERE,
	['/'] = FROM_PATH, [':'] = FROM_PATH, ['@'] = FROM_PATH, ['+'] = FROM_PATH, [','] = FROM_PATH, [';'] = FROM_PATH, ['='] = FROM_PATH,
	['!'] = FROM_PATH, ['$'] = FROM_PATH, ['('] = FROM_PATH, [')'] = FROM_PATH, ['*'] = FROM_PATH,
	['?'] = ADDRESS_WHOLE, ['#'] = ADDRESS_WHOLE, ['['] = ADDRESS_WHOLE, [']'] = ADDRESS_WHOLE,
};

/* The first byte at or after `at` that does not. */
static size_t
first_to_encode(str s, size_t at, unsigned place)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	while (at + 4 <= s.len && (stays[p[at]] & stays[p[at + 1]] & stays[p[at + 2]] & stays[p[at + 3]] & place))
		at += 4;
	while (at < s.len && (stays[p[at]] & place))
		at++;
	return at;
}

/* Writes s; bytes that cannot stand there as %XX. From the path on, a %XX that is one stays. */
static void
encode(struct buf *b, str s, unsigned place)
{
	size_t from = 0;

	for (size_t i = 0; (i = first_to_encode(s, i, place)) < s.len; i++) {
		char c = s.ptr[i];
		if (c == '%' && place != ADDRESS_PART && i + 2 < s.len && is_hex(s.ptr[i + 1]) && is_hex(s.ptr[i + 2]))
			continue;
		buf_put(b, str_slice(s, from, i));
		from = i + 1;
		if (c == '&' && place != ADDRESS_PART)
			buf_put(b, S("&amp;"));
		else if (c == '\'' && place != ADDRESS_PART)
			buf_put(b, S("&#39;"));
		else
			percent(b, c);
	}
	buf_put(b, str_slice(s, from, s.len));
}

void
escape_url_part(struct buf *b, str s)
{
	encode(b, s, ADDRESS_PART);
}

void
escape_url_path(struct buf *b, str s)
{
	encode(b, s, ADDRESS_PATH);
}

static bool
scheme_allowed(str s)
{
	static const str allowed[] = { S_INIT("http"), S_INIT("https"), S_INIT("mailto"), S_INIT("tel") };
	size_t end = 0;

	if (s.len && s.ptr[0] == '/')
		return true;
	while (end < s.len && s.ptr[end] != ':' && s.ptr[end] != '/' && s.ptr[end] != '?' && s.ptr[end] != '#')
		end++;
	if (end == s.len || s.ptr[end] != ':')
		return true;             /* relative */
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (str_equal_fold(str_slice(s, 0, end), allowed[i]))
			return true;
	return false;
}

bool
escape_url(struct buf *b, str s)
{
	s = str_trim(s);
	/* A backslash is a slash to browsers, "\t" nothing at all: both are encoded, so that they stay what they were. */
	if (memchr(s.ptr ? s.ptr : "", 0, s.len) || !scheme_allowed(s))
		return false;
	encode(b, s, ADDRESS_WHOLE);
	return true;
}

static bool
is_descriptor(str s)
{
	if (s.len < 2 || (s.ptr[s.len - 1] != 'w' && s.ptr[s.len - 1] != 'x'))
		return false;
	for (size_t i = 0; i + 1 < s.len; i++)
		if ((s.ptr[i] < '0' || s.ptr[i] > '9') && s.ptr[i] != '.')
			return false;
	return true;
}

bool
escape_srcset(struct buf *b, str s)
{
	str candidate, url, descriptor;
	bool first = true;

	for (str rest = s.ptr ? s : S(""); str_next(&rest, ',', &candidate); first = false) {
		candidate = str_trim(candidate);
		if (!first)
			buf_put(b, S(", "));
		if (str_cut(candidate, ' ', &url, &descriptor))
			descriptor = str_trim(descriptor);
		if (!url.len || !escape_url(b, url) || (descriptor.len && !is_descriptor(descriptor)))
			return false;
		if (descriptor.len) {
			buf_byte(b, ' ');
			buf_put(b, descriptor);
		}
	}
	return true;
}

/* --- CSS --- */

static size_t
digits(str s, size_t at)
{
	while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')
		at++;
	return at;
}

static bool
is_css_number(str s)
{
	size_t at = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'), start = at;

	at = digits(s, at);
	if (at < s.len && s.ptr[at] == '.')
		at = digits(s, at + 1);
	if (at == start || s.ptr[at - 1] == '.')
		return false;
	if (at < s.len && s.ptr[at] == '%')
		return at + 1 == s.len;
	for (; at < s.len; at++)
		if (!is_alnum(s.ptr[at]) || digits(s, at) > at)
			return false;
	return true;
}

static bool
is_css_colour(str s)
{
	if (s.len != 4 && s.len != 5 && s.len != 7 && s.len != 9)
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!is_hex(s.ptr[i]))
			return false;
	return s.ptr[0] == '#';
}

static bool
is_css_identifier(str s)
{
	size_t at = 0;

	while (at < s.len && s.ptr[at] == '-')
		at++;
	if (at == s.len || digits(s, at) > at)
		return false;
	for (; at < s.len; at++)
		if (!is_alnum(s.ptr[at]) && s.ptr[at] != '-' && s.ptr[at] != '_')
			return false;
	return true;
}

/* An address of the site, for url(…): nothing in it can end the parenthesis or name another host. */
static bool
is_css_path(str s)
{
	if (s.len < 2 || s.ptr[0] != '/' || s.ptr[1] == '/')
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!is_alnum(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '_' && s.ptr[i] != '.' && (s.ptr[i] != '/' || s.ptr[i - 1] == '/'))
			return false;
	return true;
}

bool
escape_css(struct buf *b, str s)
{
	if (!is_css_number(s) && !is_css_colour(s) && !is_css_identifier(s) && !is_css_path(s))
		return false;
	buf_put(b, s);
	return true;
}

/* --- iCalendar --- */

#define ICS_LINE 75

static void
fold_line(struct buf *b, str line)
{
	size_t room = ICS_LINE;

	while (line.len > room) {
		size_t cut = room;
		while (cut > 1 && ((unsigned char)line.ptr[cut] & 0xc0) == 0x80)
			cut--;
		buf_put(b, str_slice(line, 0, cut));
		buf_put(b, S("\r\n "));
		line = str_slice(line, cut, line.len);
		room = ICS_LINE - 1;
	}
	buf_put(b, line);
	buf_put(b, S("\r\n"));
}

void
ics_fold(struct buf *b, str s)
{
	str line;

	for (str rest = s.ptr ? s : S(""); str_next(&rest, '\n', &line);) {
		if (str_ends(line, S("\r")))
			line.len--;
		if (line.len)            /* template lines that hold only tags leave empty lines: iCalendar has none */
			fold_line(b, line);
	}
}

/* --- CSV --- */

void
csv_lines(struct buf *b, str s)
{
	bool quoted = false;
	size_t from = 0;

	for (size_t i = 0; i <= s.len; i++) {
		size_t end = i;
		if (i < s.len && s.ptr[i] == '"')
			quoted = !quoted;
		if (i < s.len && (quoted || s.ptr[i] != '\n'))
			continue;
		if (end > from && s.ptr[end - 1] == '\r')
			end--;
		if (end > from) {
			buf_put(b, str_slice(s, from, end));
			buf_put(b, S("\r\n"));
		}
		from = i + 1;
	}
}
