/* Slips of the pen that leave the marks of Markdown in the text: "##Titre", "-élément", "• élément", "[texte] (adresse)". */
#include "base/utf8.h"
#include "document/guard.h"
#include "document/render.h"

struct slip {
	size_t start, end;           /* in the body */
	str instead;
};

static bool
is_letter(str s, size_t at)
{
	unsigned char c = at < s.len ? (unsigned char)s.ptr[at] : 0;

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xc3;
}

static size_t
count_byte(str s, char c)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] == c)
		n++;
	return n;
}

/* What the line starts with; `line` has no white space around it. */
static bool
slip_at_start(str line, struct arena *tmp, struct slip *slip)
{
	size_t marks = count_byte(line, '#');

	if (marks >= 2 && marks <= 6 && is_letter(line, marks)) {
		*slip = (struct slip){ 0, line.len,
			str_cat(tmp, str_slice(line, 0, marks), S(" "), utf8_prefix(str_slice(line, marks, line.len), 40)) };
		return true;
	}
	marks = str_starts(line, S("•")) ? sizeof "•" - 1 : line.len && line.ptr[0] == '-' && is_letter(line, 1) ? 1 : 0;
	if (!marks)
		return false;
	*slip = (struct slip){ 0, line.len,
		str_cat(tmp, S("- "), utf8_prefix(str_trim(str_slice(line, marks, line.len)), 40)) };
	return true;
}

/* An address: one word, with what addresses have. */
static bool
is_address(str s)
{
	bool sign = false;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == ' ')
			return false;
		sign |= s.ptr[i] == ':' || s.ptr[i] == '/' || s.ptr[i] == '@';
	}
	return sign;
}

/* "[texte] (adresse)" */
static bool
slip_of_link(str line, struct arena *tmp, struct slip *slip)
{
	size_t from = 0, gap, close, open;

	while (str_find(str_slice(line, from, line.len), S("] ("), &gap)) {
		gap += from;
		for (open = gap; open > 0 && line.ptr[open - 1] != '['; open--)
			;
		str rest = str_slice(line, gap + 3, line.len);
		if (open > 0 && str_find_byte(rest, ')', &close) && is_address(str_slice(rest, 0, close))) {
			*slip = (struct slip){ open - 1, gap + 4 + close,
				str_cat(tmp, str_slice(line, open - 1, gap + 1), S("("), str_slice(rest, 0, close + 1)) };
			return true;
		}
		from = gap + 3;
	}
	return false;
}

void
slips_check(struct render *r, struct place paragraph)
{
	str rest = str_slice(r->body, paragraph.start, paragraph.end), line;
	struct slip slip;
	size_t at;

	while (str_next(&rest, '\n', &line)) {
		line = str_trim(line);
		while (line.len && line.ptr[0] == '>')
			line = str_trim(str_slice(line, 1, line.len));
		if (str_find_byte(line, '`', &at) || !(slip_at_start(line, r->tmp, &slip) || slip_of_link(line, r->tmp, &slip)))
			continue;
		at = (size_t)(line.ptr - r->body.ptr);
		diag_add(r->diag, MD_NO_EFFECT, markdown_span(r->o, at + slip.start, at + slip.end),
		    str_copy(r->tmp, utf8_prefix(str_slice(line, slip.start, slip.end), 40)), slip.instead);
	}
}
