/* SVG through expat: what could run or fetch anything is refused, whoever wrote it. */
#include <expat.h>
#include <string.h>

#include "media/media.h"

#define SVG_NS "http://www.w3.org/2000/svg"
#define XHTML_NS "http://www.w3.org/1999/xhtml"
#define SEPARATOR '\n'

struct checking {
	XML_Parser parser;
	struct diag *diag;
	file_id file;
	enum diag_code code;
	bool fine, has_root, in_style;
	uint32_t width, height;
	struct buf style;            /* text of the style element being read */
};

static void
refuse(struct checking *c, str what)
{
	uint32_t at = (uint32_t)XML_GetCurrentByteIndex(c->parser);

	c->fine = false;
	if (c->diag)
		diag_add(c->diag, c->code, ((struct span){ c->file, at, at }), what);
}

/* "namespace\nname" → name; the namespace may be empty. */
static str
local_name(const char *name, str *ns)
{
	const char *cut = strchr(name, SEPARATOR);

	*ns = cut ? (str){ name, (size_t)(cut - name) } : S("");
	return str_from_c(cut ? cut + 1 : name);
}

/* Without spaces and control bytes, which browsers pass over in addresses. */
static str
packed(const char *value, char *room, size_t size)
{
	size_t n = 0;

	for (const char *v = value; *v && n < size; v++)
		if ((unsigned char)*v > ' ')
			room[n++] = *v;
	return (str){ room, n };
}

static bool
starts_fold(str s, str prefix)
{
	return s.len >= prefix.len && str_equal_fold(str_slice(s, 0, prefix.len), prefix);
}

/* Within the document, or a raster picture carried along. */
static bool
address_is_inner(const char *value)
{
	static const str pictures[] = { S_INIT("data:image/png"), S_INIT("data:image/jpeg"), S_INIT("data:image/webp"), S_INIT("data:image/gif") };
	char room[64];
	str s = packed(value, room, sizeof room);

	if (!s.len || s.ptr[0] == '#')
		return true;
	for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++)
		if (starts_fold(s, pictures[i]))
			return true;
	return false;
}

static bool
find_fold(str s, str needle, size_t *at)
{
	for (*at = 0; *at + needle.len <= s.len; ++*at)
		if (str_equal_fold(str_slice(s, *at, *at + needle.len), needle))
			return true;
	return false;
}

/* CSS that fetches nothing: url() only within the document, no @import, no escapes that would hide one. A picture carried along is the
 * theme's affair; in a drawing of the site nobody would clean it there. */
static bool
css_is_inner(const struct checking *c, str css)
{
	size_t at;

	if (find_fold(css, S("@import"), &at) || str_find_byte(css, '\\', &at))
		return false;
	while (find_fold(css, S("url("), &at)) {
		css = str_trim(str_slice(css, at + 4, css.len));
		if (css.len && (css.ptr[0] == '"' || css.ptr[0] == '\''))
			css = str_trim(str_slice(css, 1, css.len));
		if (!str_starts(css, S("#")) && !(c->code == MEDIA_THEME_SVG && starts_fold(css, S("data:image/"))) && !starts_fold(css, S("data:font/")))
			return false;
	}
	return true;
}

static void
check_attribute(struct checking *c, const char *key, const char *value)
{
	str ns, name = local_name(key, &ns), text = str_from_c(value);
	char room[32];
	size_t at;

	if (starts_fold(name, S("on")) && !ns.len)
		refuse(c, name);
	else if (str_equal_fold(name, S("href")) || str_equal_fold(name, S("src")) || str_equal(name, S("base"))) {
		if (!address_is_inner(value))
			refuse(c, text);
	} else if (str_equal(name, S("style")) || find_fold(text, S("url("), &at)) {
		if (!css_is_inner(c, text))
			refuse(c, text);
	} else if (starts_fold(packed(value, room, sizeof room), S("javascript:")))
		refuse(c, text);
	/* animations may set an address later */
	else if (str_equal(name, S("attributeName")) && (find_fold(text, S("href"), &at) || starts_fold(str_trim(text), S("on"))))
		refuse(c, text);
}

static uint32_t
whole(double v)
{
	return v >= 1 && v < 1e6 ? (uint32_t)(v + 0.5) : 0;
}

/* "120", "120px" → 120; other units and percentages → 0. */
static uint32_t
length_of(const char *value)
{
	str s = str_trim(str_from_c(value));
	double v;

	if (str_ends(s, S("px")))
		s.len -= 2;
	return str_to_number(s, &v) ? whole(v) : 0;
}

static void
view_box(struct checking *c, const char *value)
{
	double numbers[4];
	unsigned n = 0;

	while (*value && n < 4) {
		size_t len = strcspn(value, " ,\t\r\n");
		if (len && !str_to_number((str){ value, len }, &numbers[n++]))
			return;
		value += len;
		value += strspn(value, " ,\t\r\n");
	}
	if (n < 4 || c->width || c->height)
		return;
	c->width = whole(numbers[2]);
	c->height = whole(numbers[3]);
}

static void
root_size(struct checking *c, const char **attributes)
{
	uint32_t width = 0, height = 0;

	for (const char **a = attributes; *a; a += 2) {
		if (!strcmp(a[0], "width"))
			width = length_of(a[1]);
		else if (!strcmp(a[0], "height"))
			height = length_of(a[1]);
	}
	if (width && height) {
		c->width = width;
		c->height = height;
	}
	for (const char **a = attributes; *a; a += 2)
		if (!strcmp(a[0], "viewBox"))
			view_box(c, a[1]);
}

static void XMLCALL
element_starts(void *context, const char *full, const char **attributes)
{
	struct checking *c = context;
	str ns, name = local_name(full, &ns);

	if (!c->has_root) {
		c->has_root = true;
		if (!str_equal(name, S("svg")) || !str_equal(ns, S(SVG_NS)))
			refuse(c, name);
		root_size(c, attributes);
	}
	if (str_equal_fold(name, S("script")) || str_equal_fold(name, S("foreignObject")) || str_equal_fold(name, S("handler")) ||
	    str_equal(ns, S(XHTML_NS)))
		refuse(c, name);
	c->in_style = str_equal_fold(name, S("style"));
	for (const char **a = attributes; *a; a += 2)
		check_attribute(c, a[0], a[1]);
}

static void XMLCALL
element_ends(void *context, const char *name)
{
	struct checking *c = context;

	(void)name;
	if (c->in_style && !css_is_inner(c, buf_str(&c->style)))
		refuse(c, S("style"));
	c->in_style = false;
	buf_clear(&c->style);
}

static void XMLCALL
text_comes(void *context, const char *text, int len)
{
	struct checking *c = context;

	if (c->in_style)
		buf_put(&c->style, (str){ text, (size_t)len });
}

/* A stylesheet from elsewhere comes as an instruction. */
static void XMLCALL
instruction_comes(void *context, const char *target, const char *data)
{
	(void)data;
	refuse(context, str_from_c(target));
}

/* Entities could grow without end, or read other files. */
static void XMLCALL
entity_comes(void *context, const char *name, int parameter, const char *value, int value_len, const char *base, const char *system_id,
    const char *public_id, const char *notation)
{
	struct checking *c = context;

	(void)parameter; (void)value; (void)value_len; (void)base; (void)system_id; (void)public_id; (void)notation;
	refuse(c, str_from_c(name));
	XML_StopParser(c->parser, XML_FALSE);
}

static bool
parse(struct checking *c, str bytes)
{
	bool done;

	c->parser = XML_ParserCreateNS(NULL, SEPARATOR);
	buf_init(&c->style, (size_t)4 * 1024 * 1024);
	XML_SetUserData(c->parser, c);
	XML_SetElementHandler(c->parser, element_starts, element_ends);
	XML_SetCharacterDataHandler(c->parser, text_comes);
	XML_SetProcessingInstructionHandler(c->parser, instruction_comes);
	XML_SetEntityDeclHandler(c->parser, entity_comes);
	done = bytes.len <= INT32_MAX && XML_Parse(c->parser, bytes.ptr, (int)bytes.len, 1) == XML_STATUS_OK;
	buf_free(&c->style);
	return done;
}

bool
media_check_svg(str bytes, file_id file, bool theme, struct diag *diag)
{
	struct checking c = { .diag = diag, .file = file, .code = theme ? MEDIA_THEME_SVG : MEDIA_SVG, .fine = true };
	bool done = parse(&c, bytes);

	if (!done && c.fine) {
		uint32_t at = (uint32_t)XML_GetCurrentByteIndex(c.parser);
		diag_emit(diag, theme ? MEDIA_THEME_SVG_XML : MEDIA_SVG_XML, ((struct span){ file, at, at }), NULL, 0);
	}
	XML_ParserFree(c.parser);
	return done && c.fine;
}

bool
media_svg_size(str bytes, uint32_t *width, uint32_t *height)
{
	struct checking c = { .fine = true };
	size_t at;
	bool done;

	if (!str_find(bytes, S("<svg"), &at) && !str_find(bytes, S(":svg"), &at))
		return false;
	done = parse(&c, bytes);
	XML_ParserFree(c.parser);
	*width = c.width;
	*height = c.height;
	return done && c.has_root && c.width && c.height;
}
