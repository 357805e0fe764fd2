#include "template/markup.h"

#include <string.h>

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
in(str word, const char *list)
{
	str rest = str_from_c(list), piece;

	while (str_next(&rest, ' ', &piece))
		if (str_equal(piece, word))
			return true;
	return false;
}

void
markup_report(struct markup *m, enum diag_code code, struct span at, str a, str b)
{
	if (!m->silent)
		diag_add(m->c->diag, code, at, a, b);
}

/* One piece of literal text under way. */
struct feed {
	struct markup *m;
	struct context *x;
	struct node *node;
	str text;
	size_t i;                       /* of the current character */
	enum template_language language;
};

static uint32_t
offset(const struct feed *f)
{
	return (uint32_t)(f->text.ptr - f->m->c->source.ptr + (ptrdiff_t)f->i);
}

static str
ahead(const struct feed *f)
{
	return str_slice(f->text, f->i, f->text.len);
}

static bool
ahead_is(const struct feed *f, const char *s)
{
	return str_starts(ahead(f), str_from_c(s));
}

static bool
is_markup(enum template_language l)
{
	return l == TEMPLATE_HTML || l == TEMPLATE_SVG || l == TEMPLATE_XML;
}

static str
name_of(const struct context *x)
{
	return (str){ x->name, x->name_length };
}

static void
name_start(struct feed *f)
{
	f->x->name_length = 0;
	f->x->name_start = offset(f);
}

static void
name_add(struct context *x, char c)
{
	if (x->name_length < MARKUP_NAME_MAX)
		x->name[x->name_length++] = lower(c);
}

static void
report_here(struct feed *f, enum diag_code code, uint32_t start, uint32_t end, str a)
{
	markup_report(f->m, code, compiler_span(f->m->c, start, end), a, STR_NONE);
}

/* --- tags --- */

static enum element
element_of(enum template_language language, str name)
{
	if (language == TEMPLATE_XML)
		return ELEMENT_OTHER;
	if (str_equal(name, S("script")))
		return ELEMENT_SCRIPT;
	if (str_equal(name, S("style")))
		return ELEMENT_STYLE;
	if (language == TEMPLATE_SVG)
		return ELEMENT_OTHER;
	if (in(name, "title textarea"))
		return ELEMENT_RCDATA;
	return in(name, "iframe xmp noembed noframes plaintext") ? ELEMENT_RAW : ELEMENT_OTHER;
}

static void
end_tag_name(struct feed *f)
{
	struct context *x = f->x;

	x->element = x->closing ? ELEMENT_OTHER : element_of(f->language, name_of(x));
	x->has_src = x->is_json = x->excused = false;
	memcpy(x->tag, x->name, sizeof x->tag);
	x->tag_length = x->name_length;
}

static void
enter_script(struct feed *f)
{
	struct context *x = f->x;

	if (x->is_json && f->language == TEMPLATE_HTML) {
		x->state = MARKUP_JSON;
		x->in_string = x->escaped = false;
		return;
	}
	x->state = MARKUP_RAW;
	if (!x->has_src || f->language == TEMPLATE_SVG) {
		report_here(f, TEMPLATE_INLINE_SCRIPT, x->opened, offset(f) + 1, STR_NONE);
		x->excused = true;
	}
}

static void
enter_content(struct feed *f)
{
	struct context *x = f->x;

	if (x->slash && f->language != TEMPLATE_HTML)
		x->element = ELEMENT_OTHER;
	switch (x->element) {
	case ELEMENT_SCRIPT:
		enter_script(f);
		break;
	case ELEMENT_STYLE:
		x->state = MARKUP_RAW;
		if (f->language == TEMPLATE_HTML) {
			report_here(f, TEMPLATE_INLINE_STYLE, x->opened, offset(f) + 1, STR_NONE);
			x->excused = true;
		}
		break;
	case ELEMENT_RCDATA:
		x->state = MARKUP_RCDATA;
		break;
	case ELEMENT_RAW:
		x->state = MARKUP_RAW;
		break;
	case ELEMENT_OTHER:
		x->state = MARKUP_TEXT;
	}
}

static enum attribute
attribute_of(struct feed *f, str name)
{
	enum template_language l = f->language;

	if (l == TEMPLATE_XML)
		return ATTRIBUTE_PLAIN;
	if (in(name, "href src action poster cite formaction data xlink:href background manifest ping"))
		return ATTRIBUTE_URL;
	if (in(name, "srcset imagesrcset"))
		return ATTRIBUTE_SRCSET;
	if (str_equal(name, S("srcdoc")))
		return ATTRIBUTE_SRCDOC;
	if (str_equal(name, S("style")))
		return ATTRIBUTE_CSS;
	return str_equal(name, S("type")) ? ATTRIBUTE_TYPE : ATTRIBUTE_PLAIN;
}

static void
end_attribute_name(struct feed *f)
{
	struct context *x = f->x;
	str name = name_of(x);
	struct span at = compiler_span(f->m->c, x->name_start, x->name_start + x->name_length);

	x->attribute = attribute_of(f, name);
	memcpy(x->attribute_name, x->name, sizeof x->attribute_name);
	x->attribute_length = x->name_length;
	x->excused = false;
	x->has_src |= str_equal(name, S("src"));
	if (f->language == TEMPLATE_XML)
		return;
	if (name.len > 2 && str_starts(name, S("on"))) {
		markup_report(f->m, TEMPLATE_EVENT_ATTRIBUTE, at, name, STR_NONE);
		x->excused = true;
	} else if (x->attribute == ATTRIBUTE_CSS && f->language == TEMPLATE_HTML && !f->m->c->tree.email) {
		markup_report(f->m, TEMPLATE_STYLE_ATTRIBUTE, at, STR_NONE, STR_NONE);
		x->excused = true;
	}
}

static void
start_value(struct feed *f, enum markup_state state)
{
	f->x->state = state;
	f->x->address = ADDRESS_START;
	f->x->printed = false;
	name_start(f);
}

static void
end_value(struct context *x)
{
	if (x->element == ELEMENT_SCRIPT && x->attribute == ATTRIBUTE_TYPE)
		x->is_json = in(name_of(x), "application/ld+json application/json");
	x->state = MARKUP_GAP;
	x->excused = false;
}

static void
feed_text(struct feed *f, char c)
{
	struct context *x = f->x;

	if (c != '<' || !is_markup(f->language))
		return;
	x->opened = offset(f);
	x->slash = false;
	if (ahead_is(f, "<!--")) {
		f->i += 3;
		x->state = MARKUP_COMMENT;
		if (str_starts(str_slice(f->text, f->i + 1, f->text.len), S(">")) || str_starts(str_slice(f->text, f->i + 1, f->text.len), S("->")))
			x->state = MARKUP_DECLARATION;   /* closed at once, as browsers do */
	} else if (ahead_is(f, "<![CDATA[") && f->language != TEMPLATE_HTML)
		x->state = MARKUP_CDATA;
	else if (ahead_is(f, "<!"))
		x->state = MARKUP_DECLARATION;
	else if (ahead_is(f, "<?"))
		x->state = f->language == TEMPLATE_HTML ? MARKUP_DECLARATION : MARKUP_INSTRUCTION;
	else
		x->state = MARKUP_OPEN;
}

static void
feed_open(struct feed *f, char c)
{
	struct context *x = f->x;

	if (c == '/' && !x->slash) {
		x->slash = true;
		return;
	}
	x->closing = x->slash;
	x->slash = false;
	if (is_letter(c) || (f->language != TEMPLATE_HTML && (c == '_' || (c & 0x80)))) {
		x->state = MARKUP_NAME;
		name_start(f);
		name_add(x, c);
	} else {
		x->state = x->closing ? MARKUP_DECLARATION : MARKUP_TEXT;
		f->i--;
	}
}

/* `/`, `>` and white space in a tag. */
static bool
feed_separator(struct feed *f, char c)
{
	struct context *x = f->x;

	if (is_space(c))
		x->state = MARKUP_TAG;
	else if (c == '/')
		x->state = MARKUP_TAG;
	else if (c == '>') {
		if (x->closing)
			x->state = MARKUP_TEXT;
		else
			enter_content(f);
	} else
		return false;
	x->slash = c == '/';
	return true;
}

static void
feed_tag(struct feed *f, char c)
{
	struct context *x = f->x;

	if (x->state == MARKUP_NAME) {
		if (is_space(c) || c == '/' || c == '>') {
			end_tag_name(f);
			feed_separator(f, c);
		} else
			name_add(x, c);
		return;
	}
	if (feed_separator(f, c))
		return;
	if (x->state == MARKUP_GAP || strchr("\"'=<", c))
		report_here(f, TEMPLATE_GLUED, offset(f), offset(f) + 1, str_slice(f->text, f->i, f->i + 1));
	x->state = MARKUP_ATTRIBUTE;
	x->slash = false;
	name_start(f);
	name_add(x, c);
}

static void
feed_attribute(struct feed *f, char c)
{
	struct context *x = f->x;

	if (x->state == MARKUP_ATTRIBUTE && !is_space(c) && !strchr("=/>", c)) {
		name_add(x, c);
		return;
	}
	if (x->state == MARKUP_ATTRIBUTE)
		end_attribute_name(f);
	if (c == '=')
		x->state = MARKUP_EQUALS;
	else if (is_space(c))
		x->state = MARKUP_AFTER_NAME;
	else {
		x->state = x->state == MARKUP_ATTRIBUTE ? MARKUP_GAP : MARKUP_TAG;
		feed_tag(f, c);
	}
}

void
markup_end_name(struct markup *m, struct context *x)
{
	struct feed f = { .m = m, .x = x, .language = m->c->options->language };

	if (x->state == MARKUP_NAME)
		end_tag_name(&f);
	else
		end_attribute_name(&f);
}

/* --- addresses --- */

static void
prefix(struct feed *f)
{
	if (f->m->silent || !f->m->c->options->base_path.len || str_starts(str_slice(f->text, f->i + 1, f->text.len), S("/")))
		return;
	*vec_push(f->m->c->tmp, &f->node->prefixes) = (uint32_t)f->i;
}

static void
check_scheme(struct feed *f)
{
	struct context *x = f->x;
	str scheme = str_trim(name_of(x));

	if (x->printed || in(scheme, "javascript vbscript"))
		report_here(f, TEMPLATE_URL_SCHEME, x->name_start, offset(f) + 1, x->printed ? S("{{ … }}") : scheme);
	x->address = str_equal(scheme, S("data")) ? ADDRESS_DATA : ADDRESS_PATH;
}

static void
feed_url(struct feed *f, char c)
{
	struct context *x = f->x;
	bool first = x->address == ADDRESS_START;

	if (x->address >= ADDRESS_PATH) {
		if (x->address == ADDRESS_PATH && (c == '?' || c == '#'))
			x->address = ADDRESS_QUERY;
		return;
	}
	if (is_space(c) && x->address <= ADDRESS_MAYBE)
		return;
	if (c == '?' || c == '#')
		x->address = ADDRESS_QUERY;
	else if (c == ':')
		check_scheme(f);
	else if (c == '/') {
		if (x->address == ADDRESS_MAYBE)
			report_here(f, TEMPLATE_URL_AMBIGUOUS, offset(f), offset(f) + 1, STR_NONE);
		if (first)
			prefix(f);
		x->address = ADDRESS_PATH;
	} else
		x->address = ADDRESS_HEAD;
}

static void
feed_srcset(struct feed *f, char c)
{
	struct context *x = f->x;

	if (x->address <= ADDRESS_MAYBE) {
		if (is_space(c) || c == ',')
			return;
		if (c == '/')
			prefix(f);
		x->address = ADDRESS_HEAD;
	} else if (is_space(c))
		x->address = ADDRESS_QUERY;
	else if (c == ',') {
		str rest = str_slice(f->text, f->i + 1, f->text.len);
		if (x->address == ADDRESS_QUERY || !rest.len || is_space(rest.ptr[0]))
			x->address = ADDRESS_START;
	}
}

static void
feed_value(struct feed *f, char c)
{
	struct context *x = f->x;

	if (x->state == MARKUP_VALUE ? c == x->quote : is_space(c) || c == '>') {
		end_value(x);
		if (x->quote == 0)
			feed_tag(f, c);
		return;
	}
	if (x->attribute == ATTRIBUTE_URL)
		feed_url(f, c);
	else if (x->attribute == ATTRIBUTE_SRCSET)
		feed_srcset(f, c);
	name_add(x, c);
}

static void
feed_equals(struct feed *f, char c)
{
	if (is_space(c))
		return;
	if (c == '"' || c == '\'') {
		f->x->quote = c;
		f->i++;
		start_value(f, MARKUP_VALUE);
		f->i--;
	} else {
		f->x->quote = 0;
		start_value(f, MARKUP_UNQUOTED);
		feed_value(f, c);
	}
}

/* --- content that is not markup --- */

static void
feed_until(struct feed *f, const char *closer)
{
	if (!ahead_is(f, closer))
		return;
	f->i += strlen(closer) - 1;
	f->x->state = MARKUP_TEXT;
}

/* </title and the like: the closing tag of the element under way. */
static bool
closes_element(struct feed *f)
{
	struct context *x = f->x;
	str tail = str_slice(f->text, f->i + 2 + x->tag_length, f->text.len);

	if (!x->tag_length || !ahead_is(f, "</") || !str_equal_fold(str_slice(f->text, f->i + 2, f->i + 2 + x->tag_length), (str){ x->tag, x->tag_length }))
		return false;
	if (tail.len && !is_space(tail.ptr[0]) && tail.ptr[0] != '>' && tail.ptr[0] != '/')
		return false;
	x->opened = offset(f);
	x->closing = true;
	x->excused = false;
	x->in_string = false;
	x->element = ELEMENT_OTHER;
	x->state = MARKUP_GAP;
	f->i += 1 + x->tag_length;
	return true;
}

static void
feed_json(struct feed *f, char c)
{
	struct context *x = f->x;

	if (c == '<' && closes_element(f))
		return;
	if (x->escaped)
		x->escaped = false;
	else if (c == '"') {
		x->in_string = !x->in_string;
		x->name_start = offset(f);
	} else if (c == '\\' && x->in_string)
		x->escaped = true;
}

static void
feed_character(struct feed *f, char c)
{
	switch (f->x->state) {
	case MARKUP_TEXT:
		if (f->language == TEMPLATE_CSV && c == '"') {
			f->x->in_string = !f->x->in_string;
			f->x->name_start = offset(f);
		}
		feed_text(f, c);
		break;
	case MARKUP_OPEN:
		feed_open(f, c);
		break;
	case MARKUP_NAME: case MARKUP_TAG: case MARKUP_GAP:
		feed_tag(f, c);
		break;
	case MARKUP_ATTRIBUTE: case MARKUP_AFTER_NAME:
		feed_attribute(f, c);
		break;
	case MARKUP_EQUALS:
		feed_equals(f, c);
		break;
	case MARKUP_VALUE: case MARKUP_UNQUOTED:
		feed_value(f, c);
		break;
	case MARKUP_COMMENT:
		feed_until(f, ahead_is(f, "--!>") && f->language == TEMPLATE_HTML ? "--!>" : "-->");
		break;
	case MARKUP_DECLARATION:
		feed_until(f, ">");
		break;
	case MARKUP_INSTRUCTION:
		feed_until(f, "?>");
		break;
	case MARKUP_CDATA:
		feed_until(f, "]]>");
		break;
	case MARKUP_RCDATA: case MARKUP_RAW:
		if (c == '<')
			closes_element(f);
		break;
	case MARKUP_JSON:
		feed_json(f, c);
	}
}

void
markup_text(struct markup *m, struct context *x, struct node *text)
{
	struct feed f = { m, x, text, text->text, 0, m->c->options->language };

	for (; f.i < f.text.len; f.i++)
		feed_character(&f, f.text.ptr[f.i]);
}
