/* SVG as it is published when content brought it: elements and attributes of SVG alone. Comments, <metadata>, what drawing programs note for
 * themselves (names of files and persons among it) are cut out; pictures carried along are cleaned as others are. */
#include <expat.h>
#include <string.h>

#include "base/vec.h"
#include "media/media.h"

#define SVG_NS "http://www.w3.org/2000/svg"
#define XLINK_NS "http://www.w3.org/1999/xlink"
#define SEPARATOR '\n'

struct carving {
	XML_Parser parser;
	str in;
	struct arena *tmp;
	VEC(str) pieces;             /* what stays, up to `at` */
	size_t at;
	VEC(str) xlink;              /* prefixes of XLink */
	unsigned depth, cut_depth;   /* cut_depth > 0: within an element that goes */
	bool fine;
};

static size_t
here(const struct carving *c)
{
	return (size_t)XML_GetCurrentByteIndex(c->parser);
}

static size_t
after(const struct carving *c)
{
	return here(c) + (size_t)XML_GetCurrentByteCount(c->parser);
}

static void
keep_to(struct carving *c, size_t to)
{
	if (to > c->at)
		*vec_push(c->tmp, &c->pieces) = str_slice(c->in, c->at, to);
	c->at = to > c->at ? to : c->at;
}

static void
cut(struct carving *c, size_t from, size_t to)
{
	keep_to(c, from);
	c->at = to > c->at ? to : c->at;
}

/* --- pictures carried along --- */

static int
digit(char d)
{
	if (d >= 'A' && d <= 'Z')
		return d - 'A';
	if (d >= 'a' && d <= 'z')
		return d - 'a' + 26;
	if (d >= '0' && d <= '9')
		return d - '0' + 52;
	return d == '+' ? 62 : d == '/' ? 63 : -1;
}

/* Base64 as it stands in an attribute: lines may be broken, by character references too. */
static bool
decode(struct arena *tmp, str s, str *bytes)
{
	char *to = arena_array(tmp, char, s.len + 1);
	uint32_t bits = 0;
	size_t n = 0, len = 0;

	for (size_t i = 0; i < s.len && s.ptr[i] != '='; i++) {
		int d = digit(s.ptr[i]);
		if (s.ptr[i] == '&')
			while (i + 1 < s.len && s.ptr[i] != ';')
				i++;
		else if ((unsigned char)s.ptr[i] > ' ') {
			if (d < 0)
				return false;
			bits = bits << 6 | (uint32_t)d;
			if (++n % 4 != 1)
				to[len++] = (char)(bits >> (n % 4 ? 8 - 2 * (n % 4) : 0));
		}
	}
	*bytes = (str){ to, len };
	return true;
}

static str
encode(struct arena *tmp, str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *to = arena_array(tmp, char, (s.len + 2) / 3 * 4 + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t bits = (uint32_t)(unsigned char)s.ptr[i] << 16 | (i + 1 < s.len ? (uint32_t)(unsigned char)s.ptr[i + 1] << 8 : 0) |
		    (i + 2 < s.len ? (uint32_t)(unsigned char)s.ptr[i + 2] : 0);
		for (unsigned k = 0; k < 4; k++)
			to[len++] = i + k > s.len ? '=' : digits[bits >> (18 - 6 * k) & 63];
	}
	return (str){ to, len };
}

/* A data: address with its picture cleaned; STR_NONE when it is no picture that can be. */
static str
clean_address(struct arena *tmp, str value)
{
	struct media_image image;
	str bytes;
	size_t at;

	if (!str_find(value, S(";base64,"), &at) || !decode(tmp, str_slice(value, at + 8, value.len), &bytes))
		return STR_NONE;
	if (!media_read_image(S(""), bytes, tmp, &image) || !image.mime.ptr)
		return STR_NONE;
	return str_cat(tmp, S("data:"), image.mime, S(";base64,"), encode(tmp, image.bytes));
}

/* --- attributes, in the bytes of a tag that the parser found well-formed --- */

struct attribute { str name, value; size_t start, value_start, end; };   /* start: with the white space before it */

static bool
is_space(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

/* The next one from *at on; false at the end of the tag. */
static bool
next_attribute(const struct carving *c, size_t *at, size_t end, struct attribute *a)
{
	size_t i = *at, name;
	char quote;

	a->start = i;
	while (i < end && is_space(c->in.ptr[i]))
		i++;
	if (i >= end || c->in.ptr[i] == '>' || c->in.ptr[i] == '/')
		return false;
	for (name = i; i < end && c->in.ptr[i] != '=' && !is_space(c->in.ptr[i]);)
		i++;
	a->name = str_slice(c->in, name, i);
	while (i < end && c->in.ptr[i] != '"' && c->in.ptr[i] != '\'')
		i++;
	if (i >= end)
		return false;
	quote = c->in.ptr[i++];
	for (a->value_start = i; i < end && c->in.ptr[i] != quote;)
		i++;
	a->value = str_slice(c->in, a->value_start, i);
	*at = a->end = i + 1;
	return true;
}

static size_t
name_end(const struct carving *c, size_t at, size_t end)
{
	while (at < end && !is_space(c->in.ptr[at]) && c->in.ptr[at] != '>' && c->in.ptr[at] != '/')
		at++;
	return at;
}

static bool
is_xlink(const struct carving *c, str prefix)
{
	for (size_t i = 0; i < c->xlink.len; i++)
		if (str_equal(c->xlink.ptr[i], prefix))
			return true;
	return false;
}

/* Does a browser draw something by it? */
static bool
stays(const struct carving *c, const struct attribute *a)
{
	str prefix, local;

	if (!str_cut(a->name, ':', &prefix, &local))
		return !str_starts(a->name, S("data-"));
	if (str_equal(prefix, S("xmlns")))
		return str_equal(a->value, S(SVG_NS)) || str_equal(a->value, S(XLINK_NS));
	return str_equal(prefix, S("xml")) || is_xlink(c, prefix);
}

static void
carve_attribute(struct carving *c, const struct attribute *a)
{
	str address, value = str_trim(a->value);

	if (!stays(c, a)) {
		cut(c, a->start, a->end);
	} else if (str_ends(a->name, S("href")) && str_equal_fold(str_slice(value, 0, 5), S("data:"))) {
		address = clean_address(c->tmp, value);
		c->fine = c->fine && address.ptr;
		cut(c, a->value_start, a->end - 1);
		*vec_push(c->tmp, &c->pieces) = address;
	}
}

static void
carve_tag(struct carving *c)
{
	size_t end = after(c), first = name_end(c, here(c) + 1, end);
	struct attribute a;

	for (size_t at = first; next_attribute(c, &at, end, &a);)
		if (str_starts(a.name, S("xmlns:")) && str_equal(a.value, S(XLINK_NS)))
			*vec_push(c->tmp, &c->xlink) = str_slice(a.name, 6, a.name.len);
	for (size_t at = first; next_attribute(c, &at, end, &a);)
		carve_attribute(c, &a);
}

/* --- elements --- */

/* Of what stands before the drawing, the encoding alone stays. */
static size_t
declaration_end(str in)
{
	size_t mark = str_starts(in, S("\xEF\xBB\xBF")) ? 3 : 0, end;

	if (!str_starts(str_slice(in, mark, in.len), S("<?xml")) || !str_find(in, S("?>"), &end))
		return mark;
	return end + 2;
}

static void XMLCALL
element_starts(void *context, const char *name, const char **attributes)
{
	struct carving *c = context;
	(void)attributes;

	if (c->depth++ == 0) {
		keep_to(c, declaration_end(c->in));
		cut(c, c->at, here(c));
	}
	if (c->cut_depth) {
		c->cut_depth++;
	} else if (strncmp(name, SVG_NS "\n", sizeof SVG_NS) != 0 || !strcmp(name, SVG_NS "\nmetadata")) {
		c->cut_depth = 1;
		cut(c, here(c), here(c));
	} else {
		carve_tag(c);
	}
}

static void XMLCALL
element_ends(void *context, const char *name)
{
	struct carving *c = context;
	(void)name;

	c->depth--;
	if (c->cut_depth && --c->cut_depth == 0)
		cut(c, c->at, after(c));
	if (c->depth == 0) {
		keep_to(c, after(c));
		c->at = c->in.len;
	}
}

static void XMLCALL
comment_comes(void *context, const char *text)
{
	struct carving *c = context;
	(void)text;

	if (c->depth && !c->cut_depth)
		cut(c, here(c), after(c));
}

str
media_clean_svg(str bytes, struct arena *out)
{
	struct carving c = { .in = bytes, .tmp = out, .fine = true };
	size_t zero;

	/* The parser counts bytes of the file, which must be those of its text. */
	if (str_find_byte(bytes, 0, &zero) || bytes.len > INT32_MAX)
		return STR_NONE;
	c.parser = XML_ParserCreateNS(NULL, SEPARATOR);
	XML_SetUserData(c.parser, &c);
	XML_SetElementHandler(c.parser, element_starts, element_ends);
	XML_SetCommentHandler(c.parser, comment_comes);
	c.fine = XML_Parse(c.parser, bytes.ptr, (int)bytes.len, 1) == XML_STATUS_OK && c.fine;
	XML_ParserFree(c.parser);
	return c.fine ? str_join(out, c.pieces.ptr, c.pieces.len, STR_NONE) : STR_NONE;
}
