#include <string.h>

#include "base/utf8.h"
#include "document/inline.h"

/* Openers looked through for one closer: bounds the work on a text of tildes. */
#define REACH 256

enum class { SPACE, PUNCTUATION, OTHER };

static enum class
class_of(uint32_t c)
{
	if (c == 0 || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000)
		return SPACE;
	if (c < 0x20)            /* protected punctuation */
		return PUNCTUATION;
	if (c < 0x80)
		return strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", (int)c) ? PUNCTUATION : OTHER;
	if ((c >= 0xa1 && c <= 0xbf && c != 0xaa && c != 0xb2 && c != 0xb3 && c != 0xb5 && c != 0xb9 && c != 0xba) || (c >= 0x2010 && c <= 0x205e))
		return PUNCTUATION;
	return OTHER;
}

/* What stands beside a text node: white space at the edge of a block or a line, else the mark of another inline. */
static enum class
class_beside(cmark_node *node, cmark_node *sibling)
{
	cmark_node_type type;

	if (!sibling)
		return (cmark_node_get_type(cmark_node_parent(node)) & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_INLINE ? PUNCTUATION : SPACE;
	type = cmark_node_get_type(sibling);
	return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ? SPACE : PUNCTUATION;
}

static enum class
class_before(cmark_node *node, str text, size_t at)
{
	size_t start = at;

	if (at == 0)
		return class_beside(node, cmark_node_previous(node));
	do
		start--;
	while (start && ((unsigned char)text.ptr[start] & 0xc0) == 0x80);
	return class_of(utf8_next(text, &start));
}

static enum class
class_after(cmark_node *node, str text, size_t at)
{
	if (at == text.len)
		return class_beside(node, cmark_node_next(node));
	return class_of(utf8_next(text, &at));
}

static void
collect(cmark_node *node, struct strikes *s, struct arena *tmp)
{
	str text = str_from_c(cmark_node_get_literal(node));

	for (size_t i = 0; i < text.len;) {
		size_t end = i;
		enum class before, after;
		while (end < text.len && text.ptr[end] == '~')
			end++;
		if (end == i) {
			i++;
			continue;
		}
		before = class_before(node, text, i);
		after = class_after(node, text, end);
		if (end - i <= 2)
			*vec_push(tmp, &s->list) = (struct strike){
				node, cmark_node_parent(node), (uint32_t)i, (uint8_t)(end - i),
				after != SPACE && (after != PUNCTUATION || before != OTHER),
				before != SPACE && (before != PUNCTUATION || after != OTHER),
			};
		i = end;
	}
}

/* Finds the opener of the closer `at` among those still open. */
static bool
find_opener(const struct strike *list, const uint32_t *open, size_t n_open, size_t at, size_t *found)
{
	for (size_t k = n_open, tries = 0; k > 0 && tries < REACH; k--, tries++) {
		const struct strike *o = &list[open[k - 1]];
		if (o->parent == list[at].parent && o->len == list[at].len) {
			*found = k - 1;
			return true;
		}
	}
	return false;
}

/* Matches openers and closers; what does not match neither opens nor closes. */
static void
match(struct strike *list, size_t n, struct arena *tmp)
{
	uint32_t *open = arena_array(tmp, uint32_t, n);
	size_t n_open = 0, opener;
	bool *matched = arena_array(tmp, bool, n);

	for (size_t i = 0; i < n; i++) {
		if (list[i].closes && find_opener(list, open, n_open, i, &opener)) {
			matched[open[opener]] = matched[i] = true;
			list[i].opens = false;
			list[open[opener]].closes = false;
			n_open = opener;
		} else if (list[i].opens)
			open[n_open++] = (uint32_t)i;
	}
	for (size_t i = 0; i < n; i++)
		if (!matched[i])
			list[i].opens = list[i].closes = false;
}

void
inline_find_strikes(cmark_node *root, struct strikes *strikes, struct arena *tmp)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
		if (event == CMARK_EVENT_ENTER && cmark_node_get_type(cmark_iter_get_node(iter)) == CMARK_NODE_TEXT)
			collect(cmark_iter_get_node(iter), strikes, tmp);
	cmark_iter_free(iter);
	match(strikes->list.ptr, strikes->list.len, tmp);
}
