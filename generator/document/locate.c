#include "document/locate.h"

#include "base/vec.h"

/* Bytes looked at, in bodies: enough for any honest text, linear for the others. */
#define BUDGET 32

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
locate_init(struct locator *l, str body, struct arena *tmp)
{
	VEC(uint32_t) lines = { 0 };

	*vec_push(tmp, &lines) = 0;
	for (size_t i = 0, found; str_find_byte(str_slice(body, i, body.len), '\n', &found); i += found + 1)
		*vec_push(tmp, &lines) = (uint32_t)(i + found + 1);
	*l = (struct locator){ .body = body, .n_lines = lines.len, .budget = BUDGET * body.len + 4096 };
	*vec_push(tmp, &lines) = (uint32_t)body.len;
	l->lines = lines.ptr;
}

struct place
locate_block(struct locator *l, cmark_node *node)
{
	size_t first = (size_t)cmark_node_get_start_line(node), last = (size_t)cmark_node_get_end_line(node);
	struct place p;

	if (first < 1 || first > l->n_lines)
		return l->block;
	if (last < first || last > l->n_lines)
		last = first;
	p = (struct place){ l->lines[first - 1], l->lines[last] };
	while (p.end > p.start && is_space(l->body.ptr[p.end - 1]))
		p.end--;
	while (p.start < p.end && is_space(l->body.ptr[p.start]))
		p.start++;
	return p;
}

void
locate_enter(struct locator *l, cmark_node *node)
{
	struct place p = locate_block(l, node);

	/* a table's cells share a line */
	if (p.start != l->block.start)
		l->cursor = p.start;
	l->block = p;
	if (cmark_node_get_type(cmark_node_parent(node)) != CMARK_NODE_DOCUMENT && p.end < l->body.len) {
		struct place parent = locate_block(l, cmark_node_parent(node));
		if (parent.end > p.end)
			l->block.end = parent.end;
	}
}

/* Next place of `needle` at or after `from` in the block. */
static bool
find(struct locator *l, str needle, size_t from, size_t *at)
{
	size_t end = l->block.end < l->body.len ? l->block.end : l->body.len, found;
	bool ok;

	if (from > end || needle.len == 0 || l->budget == 0)
		return false;
	ok = str_find(str_slice(l->body, from, end), needle, &found);
	l->budget -= (ok ? found + 1 : end - from) < l->budget ? (ok ? found + 1 : end - from) : l->budget;
	*at = from + found;
	return ok;
}

static bool
is_escaped(const struct locator *l, size_t at)
{
	size_t backslashes = 0;

	while (at > backslashes && l->body.ptr[at - backslashes - 1] == '\\')
		backslashes++;
	return backslashes % 2;
}

static size_t
skip_spaces(const struct locator *l, size_t at)
{
	while (at < l->body.len && is_space(l->body.ptr[at]))
		at++;
	return at;
}

/* Past the target written at `at` (backslashes before punctuation and all), 0 when it is another one. */
static size_t
target_end(const struct locator *l, size_t at, str target)
{
	for (size_t i = 0; i < target.len; i++, at++) {
		if (at < l->body.len && l->body.ptr[at] == '\\' && target.ptr[i] != '\\')
			at++;
		if (at >= l->body.len || l->body.ptr[at] != target.ptr[i])
			return 0;
	}
	return at;
}

/* Past the parenthesis that closes an inline link after its target: >, a title. */
static size_t
link_end(const struct locator *l, size_t at)
{
	size_t end = at;
	char quote;

	if (end < l->body.len && l->body.ptr[end] == '>')
		end++;
	end = skip_spaces(l, end);
	quote = end < l->body.len ? l->body.ptr[end] : 0;
	if (quote == '"' || quote == '\'' || quote == '(') {
		char close = quote == '(' ? ')' : quote;
		for (end++; end < l->block.end && (l->body.ptr[end] != close || is_escaped(l, end)); end++)
			;
		end = skip_spaces(l, end + 1);
	}
	return end < l->body.len && l->body.ptr[end] == ')' ? end + 1 : at;
}

/* The bracket that the one at `close` closes; false when it lies before the cursor. */
static bool
opening(struct locator *l, size_t close, size_t *open)
{
	size_t depth = 1, at = close;

	while (at > l->cursor && l->budget) {
		at--;
		l->budget--;
		if ((l->body.ptr[at] != '[' && l->body.ptr[at] != ']') || is_escaped(l, at))
			continue;
		depth += l->body.ptr[at] == ']' ? 1 : -1;
		if (depth == 0) {
			*open = at;
			return true;
		}
	}
	return false;
}

/* [text](target …) */
static bool
find_inline(struct locator *l, str target, bool image, struct place *found)
{
	for (size_t from = l->cursor, at; find(l, S("]("), from, &at); from = at + 1) {
		size_t start = skip_spaces(l, at + 2), end, open;
		if (start < l->body.len && l->body.ptr[start] == '<')
			start++;
		end = target_end(l, start, target);
		if (!end || (end < l->body.len && !is_space(l->body.ptr[end]) && l->body.ptr[end] != ')' && l->body.ptr[end] != '>'))
			continue;
		if (!opening(l, at, &open))
			continue;
		if ((open > l->cursor && l->body.ptr[open - 1] == '!' && !is_escaped(l, open - 1)) != image)
			continue;
		*found = (struct place){ image ? open - 1 : open, link_end(l, end) };
		return true;
	}
	return false;
}

/* [text], [text][], [text][label] */
static bool
find_reference(struct locator *l, str text, bool image, struct place *found)
{
	for (size_t from = l->cursor, at, close; find(l, image ? S("![") : S("["), from, &at); from = at + 1) {
		size_t start = at + (image ? 2 : 1), inside;
		if (is_escaped(l, at) || (!image && at > l->cursor && l->body.ptr[at - 1] == '!' && !is_escaped(l, at - 1)))
			continue;
		if (!find(l, S("]"), start, &close) || (text.len && (!find(l, text, start, &inside) || inside > start + 3)))
			continue;
		if (close + 1 < l->block.end && l->body.ptr[close + 1] == '[' && !find(l, S("]"), close + 2, &close))
			continue;
		*found = (struct place){ at, close + 1 };
		return true;
	}
	return false;
}

static struct place
pass(struct locator *l, struct place found, size_t cursor)
{
	l->cursor = cursor;
	return found;
}

struct place
locate_link(struct locator *l, str target, str text, bool image)
{
	str bare = str_starts(target, S("mailto:")) ? str_slice(target, 7, target.len) : target;
	struct place found;
	size_t at;

	if (!image && str_equal(bare, text)) {
		for (size_t from = l->cursor; find(l, bare, from, &at); from = at + 1)
			if (at && l->body.ptr[at - 1] == '<' && at + bare.len < l->body.len && l->body.ptr[at + bare.len] == '>')
				return pass(l, (struct place){ at - 1, at + bare.len + 1 }, at + bare.len + 1);
	}
	if (find_inline(l, target, image, &found) || find_reference(l, str_slice(text, 0, 16), image, &found))
		return pass(l, found, found.start + (image ? 2 : 1));
	return l->block;
}

struct place
locate_text(struct locator *l, str text)
{
	size_t line, at;

	if (str_find_byte(text, '\n', &line))
		text = str_slice(text, 0, line);
	if (find(l, text, l->cursor, &at))
		return pass(l, (struct place){ at, at + text.len }, at + text.len);
	return l->block;
}
