/* The front matter that nearly all items have: a key and a value a line, words as they are or in quotes, lists and maps
 * by indentation or in brackets. Every rule here is narrower than YAML's; where one does not hold, libyaml is asked. */
#include "document/yaml.h"

#include <string.h>

#include "base/bytes.h"

#define MAX_DEPTH 6              /* collections in one another */
#define MAX_MEMBERS 48           /* of one collection */
#define MAX_KEY 60               /* bytes */

struct simple {
	str text;
	size_t at;
	uint32_t start;              /* offset of the text in the file */
	unsigned depth;
	struct arena *out;
};

static char
here(const struct simple *s)
{
	return s->at < s->text.len ? s->text.ptr[s->at] : '\n';
}

static uint32_t
place(const struct simple *s)
{
	return s->start + (uint32_t)s->at;
}

static size_t
skip_spaces(struct simple *s)
{
	size_t from = s->at;

	while (s->at < s->text.len && s->text.ptr[s->at] == ' ')
		s->at++;
	return s->at - from;
}

static bool
take(struct simple *s, char c)
{
	bool is = s->at < s->text.len && s->text.ptr[s->at] == c;

	s->at += is;
	return is;
}

/* Nothing but spaces may follow on the line. */
static bool
end_line(struct simple *s)
{
	skip_spaces(s);
	return s->at == s->text.len || take(s, '\n');
}

/* U+2028 and U+2029 end lines in YAML. */
static bool
is_separator(str text, size_t at)
{
	return at + 2 < text.len && text.ptr[at + 1] == '\x80' && (text.ptr[at + 2] == '\xa8' || text.ptr[at + 2] == '\xa9');
}

/* --- scalars --- */

static bool
starts_words(const struct simple *s)
{
	char c = here(s);

	if (c == '-' && s->at + 1 < s->text.len)
		return s->text.ptr[s->at + 1] >= '0' && s->text.ptr[s->at + 1] <= '9';
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 || c == '/' || c == '(';
}

/* Where words without quotes end; false when that is not sure. */
static bool
find_words_end(const struct simple *s, bool flow, size_t *end)
{
	static const bool special[256] = { ['\n'] = true, ['\r'] = true, ['\t'] = true, [':'] = true, ['#'] = true, [0xe2] = true,
		['['] = true, [']'] = true, ['{'] = true, ['}'] = true, [','] = true, ['?'] = true };

	for (size_t i = bytes_find(special, s->text, s->at); i < s->text.len; i = bytes_find(special, s->text, i + 1)) {
		switch (s->text.ptr[i]) {
		case '\n':
			*end = i;
			return !flow;
		case '\r': case '\t':
			return false;
		case ':':
			if (flow || i + 1 == s->text.len || s->text.ptr[i + 1] == ' ' || s->text.ptr[i + 1] == '\n')
				return false;
			break;
		case '#':
			if (flow || s->text.ptr[i - 1] == ' ')
				return false;
			break;
		case '\xe2':
			if (is_separator(s->text, i))
				return false;
			break;
		case ',': case ']': case '}':
			*end = i;
			if (flow)
				return true;
			break;
		default:
			if (flow)
				return false;
			break;
		}
	}
	*end = s->text.len;
	return !flow;
}

static bool
read_words(struct simple *s, bool flow, struct value *v)
{
	size_t end;

	if (!find_words_end(s, flow, &end))
		return false;
	v->as.text = str_slice(s->text, s->at, end);
	while (v->as.text.ptr[v->as.text.len - 1] == ' ')
		v->as.text.len--;
	s->at += v->as.text.len;
	v->kind = yaml_is_null(v->as.text) ? VALUE_NULL : VALUE_SCALAR;
	return true;
}

static bool
read_quoted(struct simple *s, char quote, struct value *v)
{
	static const bool special[256] = { ['"'] = true, ['\''] = true, ['\\'] = true, ['\n'] = true, ['\r'] = true, ['\t'] = true, [0xe2] = true };
	size_t from = ++s->at;

	for (s->at = bytes_find(special, s->text, from); s->at < s->text.len; s->at = bytes_find(special, s->text, s->at + 1)) {
		char c = s->text.ptr[s->at];
		if (c == quote)
			break;
		if (c == '\n' || c == '\r' || c == '\t' || (c == '\\' && quote == '"') || (c == '\xe2' && is_separator(s->text, s->at)))
			return false;
	}
	v->kind = VALUE_SCALAR;
	v->style = SCALAR_QUOTED;
	v->as.text = str_slice(s->text, from, s->at);
	return take(s, quote) && here(s) != quote;
}

/* --- collections --- */

static bool
read_key(struct simple *s, struct value_pair *pair)
{
	size_t from = s->at;

	pair->key_start = place(s);
	while ((here(s) >= 'a' && here(s) <= 'z') || (s->at > from && (here(s) == '_' || (here(s) >= '0' && here(s) <= '9'))))
		s->at++;
	pair->key_end = place(s);
	pair->key = str_slice(s->text, from, s->at);
	return pair->key.len && pair->key.len <= MAX_KEY && take(s, ':');
}

static bool
is_new(const struct value_pair *pairs, uint32_t n, str key)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_equal(pairs[i].key, key))
			return false;
	return true;
}

static void
keep_pairs(struct simple *s, struct value *map, const struct value_pair *pairs, uint32_t n)
{
	map->kind = VALUE_MAP;
	map->as.map.len = n;
	if (n)
		map->as.map.pairs = memcpy(arena_array(s->out, struct value_pair, n), pairs, n * sizeof *pairs);
}

static void
keep_items(struct simple *s, struct value *list, const struct value *items, uint32_t n)
{
	list->kind = VALUE_LIST;
	list->as.list.len = n;
	if (n)
		list->as.list.items = memcpy(arena_array(s->out, struct value, n), items, n * sizeof *items);
}

static bool read_inline(struct simple *s, bool flow, struct value *v);

/* After an element: is there another one? False in *fine when neither a comma nor the end follows. */
static bool
more(struct simple *s, char close, bool *fine)
{
	skip_spaces(s);
	if (take(s, ',')) {
		skip_spaces(s);
		return true;
	}
	*fine = take(s, close);
	return false;
}

static bool
read_flow_list(struct simple *s, struct value *list)
{
	struct value items[MAX_MEMBERS];
	uint32_t n = 0;
	bool fine = true;

	s->at++;
	skip_spaces(s);
	if (!take(s, ']'))
		do
			if (n == MAX_MEMBERS || !read_inline(s, true, &items[n++]))
				return false;
		while (more(s, ']', &fine));
	keep_items(s, list, items, n);
	return fine;
}

static bool
read_flow_map(struct simple *s, struct value *map)
{
	struct value_pair pairs[MAX_MEMBERS];
	uint32_t n = 0;
	bool fine = true;

	s->at++;
	skip_spaces(s);
	if (!take(s, '}'))
		do {
			if (n == MAX_MEMBERS || !read_key(s, &pairs[n]) || !is_new(pairs, n, pairs[n].key) || !skip_spaces(s) ||
			    !read_inline(s, true, &pairs[n].value))
				return false;
			n++;
		} while (more(s, '}', &fine));
	keep_pairs(s, map, pairs, n);
	return fine;
}

/* A value that ends on its line; `flow`: in brackets. */
static bool
read_inline(struct simple *s, bool flow, struct value *v)
{
	char first = here(s);
	bool fine;

	*v = (struct value){ .start = place(s) };
	if (first == '"' || first == '\'')
		fine = read_quoted(s, first, v);
	else if (first == '[' || first == '{') {
		fine = s->depth < MAX_DEPTH;
		s->depth++;
		fine = fine && (first == '[' ? read_flow_list(s, v) : read_flow_map(s, v));
		s->depth--;
	} else
		fine = starts_words(s) && read_words(s, flow, v);
	v->end = place(s);
	return fine;
}

/* Spaces before what stands on the line at which we are. */
static size_t
indentation(const struct simple *s)
{
	struct simple ahead = *s;

	return skip_spaces(&ahead);
}

/* Is the next line one more of the block at `indent`? Goes to its text then. */
static bool
next_line(struct simple *s, size_t indent)
{
	if (s->at == s->text.len || indentation(s) != indent)
		return false;
	s->at += indent;
	return true;
}

/* The block ended where the next line is not as deep as it. */
static bool
is_shallower(const struct simple *s, size_t indent)
{
	return s->at == s->text.len || indentation(s) < indent;
}

static bool
read_block_list(struct simple *s, size_t indent, struct value *list)
{
	struct value items[MAX_MEMBERS];
	uint32_t n = 0;

	do {
		if (n == MAX_MEMBERS || !take(s, '-') || !skip_spaces(s) || !read_inline(s, false, &items[n++]) || !end_line(s))
			return false;
	} while (next_line(s, indent));
	keep_items(s, list, items, n);
	list->end = items[n - 1].end;
	return is_shallower(s, indent);
}

static bool read_block_map(struct simple *s, size_t indent, struct value *map);

/* The lines below "key:", deeper than it. */
static bool
read_block(struct simple *s, size_t above, struct value *v)
{
	size_t indent = indentation(s);
	bool fine;

	if (indent <= above || s->depth == MAX_DEPTH)
		return false;
	s->at += indent;
	s->depth++;
	*v = (struct value){ .start = place(s) };
	fine = here(s) == '-' ? read_block_list(s, indent, v) : read_block_map(s, indent, v);
	s->depth--;
	return fine;
}

static bool
read_block_map(struct simple *s, size_t indent, struct value *map)
{
	struct value_pair pairs[MAX_MEMBERS];
	uint32_t n = 0;

	do {
		struct value_pair *p = &pairs[n];
		if (n == MAX_MEMBERS || !read_key(s, p) || !is_new(pairs, n, p->key))
			return false;
		if (take(s, '\n') ? !read_block(s, indent, &p->value) : !skip_spaces(s) || !read_inline(s, false, &p->value) || !end_line(s))
			return false;
		n++;
	} while (next_line(s, indent));
	keep_pairs(s, map, pairs, n);
	map->end = pairs[n - 1].value.end;
	return is_shallower(s, indent);
}

bool
yaml_read_simple(struct value *root, str text, uint32_t start, const struct document_limits *limits, struct arena *out)
{
	struct simple s = { .text = text, .start = start, .out = out, .depth = 1 };
	struct arena_mark mark = arena_mark(out);

	*root = (struct value){ .start = start };
	if (text.len <= limits->nodes && limits->depth >= MAX_DEPTH && read_block_map(&s, 0, root) && s.at == text.len)
		return true;
	arena_rewind(out, mark);
	return false;
}
