/* Cuts a source at its delimiters. The end of an expression is found by reading Lua's tokens, so that `}}` and `%}`
 * in strings and tables do not end it. */
#include "template/token.h"
#include "template/tree.h"

struct cutter {
	struct compiler *c;
	struct pieces *out;
	uint32_t at;
	bool trim;                      /* the last delimiter eats the white space that follows */
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool
starts_at(const struct cutter *k, uint32_t at, const char *text)
{
	return str_starts(str_slice(k->c->source, at, k->c->source.len), str_from_c(text));
}

static bool
opens_at(const struct cutter *k, uint32_t at)
{
	str s = k->c->source;

	return at + 1 < s.len && s.ptr[at] == '{' && (s.ptr[at + 1] == '{' || s.ptr[at + 1] == '%' || s.ptr[at + 1] == '#');
}

static void
add_text(struct cutter *k, uint32_t start, uint32_t end, bool trim_end)
{
	const char *s = k->c->source.ptr;

	while (k->trim && start < end && is_space(s[start]))
		start++;
	while (trim_end && end > start && is_space(s[end - 1]))
		end--;
	k->trim = false;
	if (start < end)
		*vec_push(k->c->tmp, &k->out->list) = (struct piece){ PIECE_TEXT, start, end, { start, end } };
}

/* The first `closer` at or after `from`; false when another delimiter opens before it. */
static bool
find_plainly(const struct cutter *k, uint32_t from, const char *closer, uint32_t *at)
{
	for (uint32_t p = from; p < k->c->source.len; p++) {
		if (starts_at(k, p, closer)) {
			*at = p;
			return true;
		}
		if (opens_at(k, p)) {
			*at = p;
			return false;
		}
	}
	*at = (uint32_t)k->c->source.len;
	return false;
}

/* Reads tokens from `from` until `closer` at depth 0; false when it did not come. */
static bool
find_by_tokens(const struct cutter *k, uint32_t from, const char *closer, uint32_t *at)
{
	struct tokens t = { k->c->source, from, (uint32_t)k->c->source.len };
	unsigned depth = 0;

	for (;;) {
		struct token token;
		token_skip_space(&t);
		if (depth == 0 || closer[0] == '%') {
			*at = t.at + (t.at < t.end && t.source.ptr[t.at] == '-' && starts_at(k, t.at + 1, closer));
			if (starts_at(k, *at, closer))
				return true;
		}
		token = token_next(&t);
		if (token.kind == TOKEN_END || (token.kind == TOKEN_ERROR && (token.error == TOKEN_COMMENT || token.error == TOKEN_OPEN_STRING)))
			return false;
		if (token_is(&token, "{"))
			depth++;
		else if (token_is(&token, "}") && depth-- == 0)
			return false;
	}
}

/* An expression that Lua cannot read still ends at the next closer, so that the rest of the file is checked too. */
static bool
find_closer(const struct cutter *k, uint32_t from, const char *closer, uint32_t *at)
{
	return find_by_tokens(k, from, closer, at) || find_plainly(k, from, closer, at);
}

static void
report_open(struct cutter *k, uint32_t start, const char *closer)
{
	str opening = str_slice(k->c->source, start, start + 2);
	diag_add(k->c->diag, TEMPLATE_OPEN_DELIMITER, compiler_span(k->c, start, start + 2), opening, str_from_c(closer));
}

/* The white space marks beside delimiters: moves `inside` over them. */
static bool
take_trims(struct cutter *k, struct range *inside)
{
	const char *s = k->c->source.ptr;

	if (inside->start < inside->end && s[inside->start] == '-')
		inside->start++;
	if (inside->start < inside->end && s[inside->end - 1] == '-') {
		inside->end--;
		return true;
	}
	return false;
}

/* {% end %} or {%- end -%} at `at`: its end, 0 when there is something else. */
static uint32_t
end_tag_at(const struct cutter *k, uint32_t at, bool *trims)
{
	str s = k->c->source;
	uint32_t p = at + 2 + (starts_at(k, at + 2, "-") ? 1 : 0);

	while (p < s.len && is_space(s.ptr[p]))
		p++;
	if (!starts_at(k, at, "{%") || !starts_at(k, p, "end"))
		return 0;
	for (p += 3; p < s.len && is_space(s.ptr[p]);)
		p++;
	*trims = starts_at(k, p, "-");
	p += *trims;
	return starts_at(k, p, "%}") ? p + 2 : 0;
}

static void
cut_verbatim(struct cutter *k, struct span tag)
{
	for (uint32_t p = k->at; p < k->c->source.len; p++) {
		bool trims = false;
		uint32_t end = end_tag_at(k, p, &trims);
		if (!end)
			continue;
		add_text(k, k->at, p, starts_at(k, p, "{%-"));
		k->trim = trims;
		k->at = end;
		return;
	}
	diag_add(k->c->diag, TEMPLATE_OPEN_TAG, tag, S("verbatim"));
	k->at = (uint32_t)k->c->source.len;
}

static bool
is_verbatim(const struct cutter *k, struct range inside)
{
	return str_equal(str_trim(compiler_slice(k->c, inside)), S("verbatim"));
}

static void
cut_code(struct cutter *k, uint32_t start, enum piece_kind kind, const char *closer)
{
	struct range inside = { start + 2, start + 2 };
	uint32_t end;

	if (!find_closer(k, start + 2 + (starts_at(k, start + 2, "-") ? 1 : 0), closer, &end)) {
		report_open(k, start, closer);
		k->at = end;
		return;
	}
	inside.end = end;
	k->at = end + 2;
	k->trim = take_trims(k, &inside);
	if (kind == PIECE_TAG && is_verbatim(k, inside))
		cut_verbatim(k, compiler_span(k->c, start, k->at));
	else
		*vec_push(k->c->tmp, &k->out->list) = (struct piece){ kind, start, end + 2, inside };
}

static void
cut_note(struct cutter *k, uint32_t start)
{
	size_t length;

	if (!str_find(str_slice(k->c->source, start + 2, k->c->source.len), S("#}"), &length)) {
		report_open(k, start, "#}");
		k->at = (uint32_t)k->c->source.len;
		return;
	}
	k->at = start + 2 + (uint32_t)length + 2;
	k->trim = length > 1 && k->c->source.ptr[k->at - 3] == '-';
}

void
pieces_cut(struct compiler *c, struct pieces *out)
{
	struct cutter k = { c, out, 0, false };
	uint32_t length = (uint32_t)c->source.len;

	while (k.at < length) {
		uint32_t start = k.at;
		while (start < length && !opens_at(&k, start))
			start++;
		add_text(&k, k.at, start, starts_at(&k, start + 2, "-"));
		if (start == length)
			return;
		if (starts_at(&k, start, "{#"))
			cut_note(&k, start);
		else if (starts_at(&k, start, "{{"))
			cut_code(&k, start, PIECE_VALUE, "}}");
		else
			cut_code(&k, start, PIECE_TAG, "%}");
	}
}
