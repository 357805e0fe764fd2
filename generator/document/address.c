#include "document/address.h"

#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "document/inline.h"

bool
address_is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_letter(char c)
{
	return address_is_word(c) && !(c >= '0' && c <= '9');
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t
count(str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == c;
	return n;
}

/* Start of "&name" when the address ends in "&name;", else the address without the semicolon. 0x11 stands for '&'. */
static size_t
without_entity(str a)
{
	size_t i = a.len - 1;

	while (i && address_is_word(a.ptr[i - 1]))
		i--;
	return i && i < a.len - 1 && (a.ptr[i - 1] == '&' || a.ptr[i - 1] == 0x11) ? i - 1 : a.len - 1;
}

size_t
address_trim(str a)
{
	size_t open = 0, close = 0, square_open = 0, square_close = 0;

	/* « https://exemple.fr » without its spaces */
	for (size_t at = 0; str_find(a, S("»"), &at);)
		a.len = at;
	open = count(a, '(');
	close = count(a, ')');
	square_open = count(a, '[');
	square_close = count(a, ']');
	while (a.len) {
		char last = a.ptr[a.len - 1];
		if (last == ';')
			a.len = without_entity(a);
		else if (strchr("?!.,:*_~'\"\x0e\x0f\x10", last))
			a.len--;
		else if (last == ')' && close > open) {
			close--;
			a.len--;
		} else if (last == ']' && square_close > square_open) {
			square_close--;
			a.len--;
		} else
			break;
	}
	return a.len;
}

/* Length of the domain at the start of `s`; 0 when there is none (underscores in its last two parts, no dot when one is needed). */
static size_t
domain(str s, bool needs_dot)
{
	size_t at = 0, dots = 0, underscores = 0, underscores_before = 0;

	while (at < s.len) {
		size_t next = at;
		uint32_t c = utf8_next(s, &next);
		if (c == '_' || c == 0x0e)
			underscores++;
		else if (c == '.') {
			underscores_before = underscores;
			underscores = 0;
			dots++;
		} else if (!(c >= 0xa1 && c != 0xab && c != 0xbb && (c < 0x2000 || c > 0x206f)) && !(c < 0x80 && address_is_word((char)c)) && c != '-')
			break;
		at = next;
	}
	return underscores || underscores_before || (needs_dot && !dots) ? 0 : at;
}

/* The address at `at`, whose domain starts `prefix` bytes further. */
static bool
url_at(str text, size_t at, size_t prefix, enum address_kind kind, struct address *found)
{
	str rest = str_slice(text, at, text.len);
	size_t end;

	if (at && address_is_word(text.ptr[at - 1]))
		return false;
	if (kind == ADDRESS_WWW && at && !is_space(text.ptr[at - 1]) && !strchr("*_~([", text.ptr[at - 1]) && (unsigned char)text.ptr[at - 1] < 0x80)
		return false;
	end = domain(str_slice(rest, kind == ADDRESS_WWW ? 0 : prefix, rest.len), kind == ADDRESS_WWW);
	if (!end || prefix >= rest.len)
		return false;
	if (kind == ADDRESS_URL)
		end += prefix;
	while (end < rest.len && !is_space(rest.ptr[end]) && rest.ptr[end] != '<')
		end++;
	end = address_trim(str_slice(rest, 0, end));
	if (end <= prefix)
		return false;
	*found = (struct address){ at, at + end, kind };
	return true;
}

/* Start of the local part before the '@' at `at`, never before `from`. */
static size_t
local_part(str text, size_t from, size_t at)
{
	size_t start = at;

	while (start > from && (address_is_word(text.ptr[start - 1]) || strchr(".+-_\x0e", text.ptr[start - 1])))
		start--;
	return start > from && text.ptr[start - 1] == '/' ? at : start;
}

static bool
mail_at(str text, size_t from, size_t at, struct address *found)
{
	size_t start = local_part(text, from, at), end = at + 1, dots = 0;

	for (; end < text.len; end++) {
		char c = text.ptr[end];
		if (c == '.' && end + 1 < text.len && address_is_word(text.ptr[end + 1]))
			dots++;
		else if (!address_is_word(c) && c != '-' && c != '_' && c != 0x0e)
			break;
	}
	if (start == at || end == at + 1 || !dots || (end < text.len && text.ptr[end] == '@') || !is_letter(text.ptr[end - 1]))
		return false;
	*found = (struct address){ start, end, ADDRESS_MAIL };
	return true;
}

bool
inline_next_address(str text, size_t from, struct address *found)
{
	static const bool special[256] = { ['h'] = true, ['H'] = true, ['w'] = true, ['@'] = true };

	for (size_t i = bytes_find(special, text, from); i < text.len; i = bytes_find(special, text, i + 1)) {
		str rest = str_slice(text, i, text.len);
		switch (text.ptr[i]) {
		case 'h': case 'H':
			if (str_equal_fold(str_slice(rest, 0, 7), S("http://")) && url_at(text, i, 7, ADDRESS_URL, found))
				return true;
			if (str_equal_fold(str_slice(rest, 0, 8), S("https://")) && url_at(text, i, 8, ADDRESS_URL, found))
				return true;
			break;
		case 'w':
			if (str_starts(rest, S("www.")) && url_at(text, i, 4, ADDRESS_WWW, found))
				return true;
			break;
		case '@':
			if (mail_at(text, from, i, found))
				return true;
			break;
		}
	}
	return false;
}
