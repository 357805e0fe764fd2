/* Scripts are published without what only their authors read: comments, but those that tell a licence, and the spaces and line ends that
 * part nothing. Names and statements stay as they are written; a script that cannot be read with certainty is left alone. */
#include "media/inside.h"

/* What a slash would be after what was read. */
enum slash { STARTS, DIVIDES, UNSURE };

struct script {
	str in;
	size_t at;         /* the next byte of `in` */
	char *to;
	size_t len;        /* what is written there */
	enum slash slash;
	str word;          /* the word before, unless it is a property */
	char open[256];    /* what is open, innermost last: ( or ? of a condition, { or $ in a template */
	size_t depth;
};

static char
peek(const struct script *s, size_t ahead)
{
	return s->at + ahead < s->in.len ? s->in.ptr[s->at + ahead] : '\0';
}

static char
last(const struct script *s)
{
	return s->len ? s->to[s->len - 1] : '\n';
}

static bool
one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Bytes above ASCII are taken for letters: spaces among them stay. */
static bool
in_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 || one_of(c, "_$\\#@");
}

static bool
is_word(str word, const str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(word, list[i]))
			return true;
	return false;
}

static void
copy_to(struct script *s, size_t end)
{
	memcpy(s->to + s->len, s->in.ptr + s->at, end - s->at);
	s->len += end - s->at;
	s->at = end;
}

/* Past a comment at `at`; 0 without an end. */
static size_t
comment_end(const struct script *s)
{
	size_t end;

	if (peek(s, 1) == '/')
		return str_find_byte(str_slice(s->in, s->at, s->in.len), '\n', &end) ? s->at + end : s->in.len;
	return str_find(str_slice(s->in, s->at + 2, s->in.len), S("*/"), &end) ? s->at + 2 + end + 2 : 0;
}

static bool
has(str s, str what)
{
	size_t at;

	return str_find(s, what, &at);
}

static bool
tells_licence(str comment)
{
	return str_starts(comment, S("/*!")) || (str_starts(comment, S("/*")) && (has(comment, S("@license")) || has(comment, S("@preserve"))));
}

/* Two that would read otherwise without a space between them. */
static bool
must_part(char a, char b)
{
	return (in_word(a) && in_word(b)) || (a == b && one_of(a, "+-/")) || (a == '<' && b == '!') || (a == '/' && b == '*') || a == '.' || (in_word(a) && b == '.');
}

static void
put_gap(struct script *s, bool line)
{
	char before = last(s), next = peek(s, 0);

	if (line ? one_of(before, "\n{;,") || next == '}' : !must_part(before, next))
		return;
	s->to[s->len++] = line ? '\n' : ' ';
}

/* Spaces, line ends and comments up to what comes next. */
static bool
pass_gap(struct script *s)
{
	size_t start = s->at, end;
	bool line = false;

	if ((unsigned char)peek(s, 0) > ' ' && peek(s, 0) != '/')
		return true;
	for (; s->at < s->in.len; s->at = end) {
		end = s->at + 1;
		if (peek(s, 0) == '/' && one_of(peek(s, 1), "/*")) {
			if ((end = comment_end(s)) == 0)
				return false;
			if (tells_licence(str_slice(s->in, s->at, end)))
				break;
		} else if (!one_of(peek(s, 0), " \t\r\n"))
			break;
		line = line || has(str_slice(s->in, s->at, end), S("\n"));
	}
	if (s->at > start)
		put_gap(s, line);
	return true;
}

/* Past a text or a regular expression that begins at `at`; 0 when its line ends before it. */
static size_t
literal_end(const struct script *s, char close)
{
	bool set = false;

	for (size_t i = s->at + 1; i < s->in.len && s->in.ptr[i] != '\n'; i++) {
		char c = s->in.ptr[i];

		if (c == '\\')
			i++;
		else if (c == close && !set)
			return i + 1;
		else if (close == '/')
			set = c == '[' || (set && c != ']');
	}
	return 0;
}

/* A part of a template, from its backquote or from the brace that goes back into it. */
static bool
pass_template(struct script *s)
{
	for (size_t i = s->at + 1; i < s->in.len; i++) {
		bool inner = s->in.ptr[i] == '$' && i + 1 < s->in.len && s->in.ptr[i + 1] == '{';

		if (inner && s->depth == sizeof s->open)
			return false;
		if (inner)
			s->open[s->depth++] = '$';
		if (inner || s->in.ptr[i] == '`') {
			s->slash = inner ? STARTS : DIVIDES;
			copy_to(s, i + (inner ? 2 : 1));
			return true;
		}
		i += s->in.ptr[i] == '\\';
	}
	return false;
}

static void
pass_word(struct script *s)
{
	static const str before_value[] = {
		S_INIT("return"), S_INIT("typeof"), S_INIT("case"), S_INIT("in"), S_INIT("void"), S_INIT("delete"), S_INIT("do"), S_INIT("else"),
		S_INIT("throw"), S_INIT("new"), S_INIT("instanceof"), S_INIT("yield"), S_INIT("await"), S_INIT("default"),
	};
	size_t end = s->at, start = s->at;
	bool property = last(s) == '.';

	while (end < s->in.len && in_word(s->in.ptr[end]))
		end++;
	copy_to(s, end);
	s->word = property ? STR_NONE : str_slice(s->in, start, end);
	s->slash = is_word(s->word, before_value, sizeof before_value / sizeof *before_value) ? STARTS : DIVIDES;
}

static bool
pass_open(struct script *s, str word)
{
	static const str conditions[] = { S_INIT("if"), S_INIT("while"), S_INIT("for"), S_INIT("with") };

	if (s->depth == sizeof s->open)
		return false;
	s->open[s->depth++] = peek(s, 0) == '(' && is_word(word, conditions, sizeof conditions / sizeof *conditions) ? '?' : peek(s, 0);
	s->slash = STARTS;
	copy_to(s, s->at + 1);
	return true;
}

static bool
pass_close(struct script *s)
{
	char c = peek(s, 0), open = s->depth ? s->open[--s->depth] : '\0';

	if (c == '}' && open == '$')
		return pass_template(s);
	if (c == '}' ? open != '{' : open != '(' && open != '?')
		return false;
	s->slash = c == '}' ? UNSURE : open == '?' ? STARTS : DIVIDES;
	copy_to(s, s->at + 1);
	return true;
}

static bool
pass_literal(struct script *s)
{
	size_t end = literal_end(s, peek(s, 0));

	if (end == 0)
		return false;
	copy_to(s, end);
	s->slash = DIVIDES;
	return true;
}

static bool
pass_slash(struct script *s)
{
	if (peek(s, 1) == '*') {
		copy_to(s, comment_end(s));
		return true;
	}
	if (s->slash == STARTS)
		return pass_literal(s);
	if (s->slash == UNSURE)
		return false;
	copy_to(s, s->at + 1);
	s->slash = STARTS;
	return true;
}

static void
pass_sign(struct script *s)
{
	char c = peek(s, 0);
	bool twice = one_of(c, "+-") && peek(s, 1) == c;

	if (!twice)
		s->slash = c == ']' ? DIVIDES : STARTS;
	copy_to(s, s->at + (twice ? 2 : 1));
}

static bool
pass_one(struct script *s)
{
	char c = peek(s, 0);
	str word = s->word;

	if (in_word(c)) {
		pass_word(s);
		return true;
	}
	s->word = STR_NONE;
	if (one_of(c, "({"))
		return pass_open(s, word);
	if (one_of(c, ")}"))
		return pass_close(s);
	if (one_of(c, "'\""))
		return pass_literal(s);
	if (c == '`')
		return pass_template(s);
	if (c == '/')
		return pass_slash(s);
	pass_sign(s);
	return true;
}

str
media_slim_script(str source, struct arena *out)
{
	struct script s = { .in = source, .to = arena_room(out, source.len + 1) };
	bool sure = !has(source, S("<!--")) && !has(source, S("-->")) && pass_gap(&s);

	while (sure && s.at < source.len)
		sure = pass_one(&s) && pass_gap(&s);
	return sure && s.depth == 0 ? (str){ s.to, s.len } : str_copy(out, source);
}
