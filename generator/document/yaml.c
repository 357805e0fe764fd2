#include "document/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/utf8.h"

struct anchor {
	struct value value;
	uint32_t size;               /* values in it, aliases counted in full */
	bool complete;               /* false while its own content is being read */
};

struct reader {
	yaml_parser_t parser;
	const struct yaml_text *text;
	const struct document_limits *limits;
	struct arena *out;
	struct diag *diag;
	struct map anchors;          /* name → struct anchor */
	uint32_t nodes, expanded, depth;
	bool faulty;                 /* an error was reported */
	bool stopped;                /* and nothing more can be read */
};

/* Bytes of the character that starts with this byte, in valid UTF-8. */
static size_t
character_length(char first)
{
	unsigned char c = (unsigned char)first;

	return 1u + (c >= 0xc0) + (c >= 0xe0) + (c >= 0xf0);
}

void
yaml_text_init(struct yaml_text *text, str bytes, uint32_t start, uint32_t line, file_id file, struct arena *tmp)
{
	size_t at = 0, index = 0;

	*text = (struct yaml_text){ .bytes = bytes, .start = start, .line = line, .file = file };
	while (at < bytes.len && (unsigned char)bytes.ptr[at] < 0x80)
		at++;
	if (at == bytes.len)
		return;
	text->steps = arena_array(tmp, uint32_t, bytes.len / YAML_STEP + 2);
	for (at = 0; at < bytes.len; at += character_length(bytes.ptr[at]), index++)
		if (index % YAML_STEP == 0)
			text->steps[text->n_steps++] = (uint32_t)at;
}

uint32_t
yaml_byte(const struct yaml_text *text, size_t index)
{
	size_t step = index / YAML_STEP, at;

	if (!text->steps)
		return (uint32_t)(index < text->bytes.len ? index : text->bytes.len);
	if (step >= text->n_steps)
		return (uint32_t)text->bytes.len;
	at = text->steps[step];
	for (size_t left = index % YAML_STEP; left && at < text->bytes.len; left--)
		at += character_length(text->bytes.ptr[at]);
	return (uint32_t)at;
}

static struct span
span_of(const struct reader *r, const yaml_event_t *e)
{
	uint32_t start = r->text->start;
	return (struct span){ r->text->file, start + yaml_byte(r->text, e->start_mark.index), start + yaml_byte(r->text, e->end_mark.index) };
}

static void
refuse(struct reader *r, enum diag_code code, struct span at, str first, str second)
{
	diag_add(r->diag, code, at, first, second);
	r->faulty = true;
}

static void
refuse_and_stop(struct reader *r, enum diag_code code, struct span at, str first)
{
	refuse(r, code, at, first, STR_NONE);
	r->stopped = true;
}

/* Next event; false when there is none because of an error, which is reported. */
static bool
next(struct reader *r, yaml_event_t *event)
{
	struct yaml_problem problem;

	if (r->stopped)
		return false;
	if (yaml_parser_parse(&r->parser, event))
		return true;
	if (r->parser.error == YAML_MEMORY_ERROR)
		arena_out_of_memory(0);
	problem = (struct yaml_problem){
		str_from_c(r->parser.problem), str_from_c(r->parser.context),
		yaml_byte(r->text, r->parser.problem_mark.index), yaml_byte(r->text, r->parser.context_mark.index),
	};
	yaml_explain(r->text, &problem, r->out, r->diag);
	r->faulty = r->stopped = true;
	return false;
}

bool
yaml_is_null(str text)
{
	return text.len == 0 || str_equal(text, S("~")) || str_equal(text, S("null")) || str_equal(text, S("Null")) || str_equal(text, S("NULL"));
}

static enum scalar_style
style_of(const yaml_event_t *e)
{
	switch (e->data.scalar.style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return SCALAR_QUOTED;
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE:
		return SCALAR_BLOCK;
	default:
		return SCALAR_PLAIN;
	}
}

/* Escapes that nobody means in a fiche, such as the \P of "C:\Photos", give control characters or line separators:
 * the backslash is pointed at. */
static void
check_escapes(struct reader *r, str text, struct span at)
{
	const char *bytes = r->text->bytes.ptr - r->text->start;
	bool odd = false;

	for (size_t i = 0; i < text.len && !odd;) {
		uint32_t c = utf8_next(text, &i);
		odd = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
	}
	for (uint32_t i = at.start; odd && i + 1 < at.end; i++) {
		if (bytes[i] != '\\')
			continue;
		if (strchr("0abvferNLPxuU", bytes[i + 1])) {
			at = (struct span){ at.file, i, i + 2 };
			break;
		}
		i++;
	}
	if (odd)
		refuse(r, YAML_ESCAPE, at, STR_NONE, STR_NONE);
}

/* libyaml's end of a block scalar or a block collection lies after the white space that follows it. */
static uint32_t
end_without_space(const struct reader *r, uint32_t start, uint32_t end)
{
	const char *bytes = r->text->bytes.ptr - r->text->start;

	while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == ' ' || bytes[end - 1] == '\t'))
		end--;
	return end;
}

/* "couleur: #c05030", "Stage #2": the rest of the line is gone, and its author does not know. */
static void
check_hash(struct reader *r, uint32_t end)
{
	str rest = str_slice(r->text->bytes, end - r->text->start, r->text->bytes.len), line, tail;
	size_t at = 0;

	str_cut(rest, '\n', &line, &tail);
	while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
		at++;
	if (at == 0 || at + 1 >= line.len || line.ptr[at] != '#' || line.ptr[at + 1] == ' ' || line.ptr[at + 1] == '#' || line.ptr[at + 1] == '\r')
		return;
	line = str_trim(str_slice(line, at, line.len));
	end += (uint32_t)at;
	refuse(r, YAML_HASH, (struct span){ r->text->file, end, end + (uint32_t)line.len }, utf8_prefix(line, 40), STR_NONE);
}

static void
read_scalar(struct reader *r, const yaml_event_t *e, struct value *value)
{
	struct span at = span_of(r, e);
	str text = { (const char *)e->data.scalar.value, e->data.scalar.length };

	value->kind = VALUE_SCALAR;
	value->style = style_of(e);
	value->start = at.start;
	value->end = value->style == SCALAR_BLOCK ? end_without_space(r, at.start, at.end) : at.end;
	value->as.text = str_copy(r->out, text);
	if (value->style == SCALAR_PLAIN && yaml_is_null(text))
		value->kind = VALUE_NULL;
	if (value->style == SCALAR_PLAIN)
		check_hash(r, at.end);
	if (e->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		check_escapes(r, text, at);
}

/* The name of an event's anchor or tag, NULL when it has none. */
static const char *
anchor_name(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return (const char *)e->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return (const char *)e->data.sequence_start.anchor;
	default:
		return (const char *)e->data.mapping_start.anchor;
	}
}

static const char *
tag_name(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return (const char *)e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return (const char *)e->data.sequence_start.tag;
	default:
		return (const char *)e->data.mapping_start.tag;
	}
}

static uint32_t
read_alias(struct reader *r, const yaml_event_t *e, struct value *value)
{
	str name = str_from_c((const char *)e->data.alias.anchor);
	struct anchor *anchor = map_get(&r->anchors, name);
	struct span at = span_of(r, e);

	*value = (struct value){ .kind = VALUE_NULL, .start = at.start, .end = at.end };
	if (!anchor || !anchor->complete) {
		refuse(r, YAML_ALIAS_UNKNOWN, at, name, STR_NONE);
		return 1;
	}
	if (anchor->size > r->limits->aliases - r->expanded) {
		refuse_and_stop(r, YAML_TOO_MANY_ALIASES, at, str_format(r->out, "%u", r->limits->aliases));
		return 1;
	}
	r->expanded += anchor->size;
	*value = anchor->value;
	value->start = at.start;
	value->end = at.end;
	return anchor->size;
}

static uint32_t read_value(struct reader *r, yaml_event_t *e, struct value *value);

static uint32_t
read_list(struct reader *r, struct value *list)
{
	VEC(struct value) items = { 0 };
	yaml_event_t e;
	uint32_t size = 1;

	while (next(r, &e)) {
		struct value item;
		if (e.type == YAML_SEQUENCE_END_EVENT) {
			struct span at = span_of(r, &e);
			list->end = at.end > at.start ? at.end : items.len ? items.ptr[items.len - 1].end : at.end;
			yaml_event_delete(&e);
			break;
		}
		size += read_value(r, &e, &item);
		*vec_push(r->out, &items) = item;
	}
	list->as.list.items = items.ptr;
	list->as.list.len = (uint32_t)items.len;
	return size;
}

/* Reads the key of a pair; false (with an error) when it is not a usable one. */
static bool
read_key(struct reader *r, yaml_event_t *e, struct value_pair *pair)
{
	struct span at = span_of(r, e);
	struct value key;

	if (e->type != YAML_SCALAR_EVENT) {
		refuse(r, YAML_KEY, at, STR_NONE, STR_NONE);
		if (e->type == YAML_ALIAS_EVENT)
			yaml_event_delete(e);
		else
			read_value(r, e, &key);
		return false;
	}
	pair->key_start = at.start;
	pair->key_end = at.end;
	if (e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp((const char *)e->data.scalar.value, "<<") == 0) {
		refuse(r, YAML_MERGE, at, STR_NONE, STR_NONE);
		yaml_event_delete(e);
		return false;
	}
	if (tag_name(e) || anchor_name(e) || e->data.scalar.length == 0) {
		refuse(r, YAML_KEY, at, STR_NONE, STR_NONE);
		yaml_event_delete(e);
		return false;
	}
	pair->key = str_copy(r->out, (str){ (const char *)e->data.scalar.value, e->data.scalar.length });
	yaml_event_delete(e);
	return true;
}

static void
check_duplicate(struct reader *r, struct map *seen, const struct value_pair *pair)
{
	void **first = map_put(r->out, seen, pair->key);
	struct span at = { r->text->file, pair->key_start, pair->key_end };

	if (*first) {
		const uint32_t *start = *first;
		struct position where = diag_position(r->text->bytes, *start - r->text->start);
		refuse(r, YAML_DUPLICATE_KEY, at, pair->key, str_format(r->out, "%u", where.line + r->text->line));
		return;
	}
	*first = arena_new(r->out, uint32_t);
	*(uint32_t *)*first = pair->key_start;
}

static uint32_t
read_map(struct reader *r, struct value *map)
{
	VEC(struct value_pair) pairs = { 0 };
	struct map seen = { 0 };
	yaml_event_t e;
	uint32_t size = 1;

	while (next(r, &e)) {
		struct value_pair pair = { 0 };
		bool usable;
		if (e.type == YAML_MAPPING_END_EVENT) {
			struct span at = span_of(r, &e);
			map->end = at.end > at.start ? at.end : pairs.len ? pairs.ptr[pairs.len - 1].value.end : at.end;
			yaml_event_delete(&e);
			break;
		}
		usable = read_key(r, &e, &pair);
		if (!next(r, &e))
			break;
		size += read_value(r, &e, &pair.value);
		if (!usable)
			continue;
		check_duplicate(r, &seen, &pair);
		*vec_push(r->out, &pairs) = pair;
	}
	map->as.map.pairs = pairs.ptr;
	map->as.map.len = (uint32_t)pairs.len;
	return size;
}

static uint32_t
read_collection(struct reader *r, yaml_event_type_t type, struct value *value)
{
	uint32_t size;

	if (r->depth >= r->limits->depth) {
		struct span at = { r->text->file, value->start, value->end };
		refuse_and_stop(r, YAML_TOO_DEEP, at, str_format(r->out, "%u", r->limits->depth));
		return 1;
	}
	r->depth++;
	value->kind = type == YAML_SEQUENCE_START_EVENT ? VALUE_LIST : VALUE_MAP;
	size = type == YAML_SEQUENCE_START_EVENT ? read_list(r, value) : read_map(r, value);
	r->depth--;
	return size;
}

static struct anchor *
open_anchor(struct reader *r, const yaml_event_t *e)
{
	const char *name = anchor_name(e);
	struct anchor *anchor;

	if (!name)
		return NULL;
	anchor = arena_new(r->out, struct anchor);
	map_set(r->out, &r->anchors, str_copy(r->out, str_from_c(name)), anchor);
	return anchor;
}

/* Reads the value that starts with this event, which it gives back. Returns how many values it has, aliases in full. */
static uint32_t
read_value(struct reader *r, yaml_event_t *e, struct value *value)
{
	yaml_event_type_t type = e->type;
	struct span at = span_of(r, e);
	struct anchor *anchor;
	uint32_t size = 1;

	*value = (struct value){ .kind = VALUE_NULL, .start = at.start, .end = at.end };
	if (++r->nodes > r->limits->nodes)
		refuse_and_stop(r, YAML_TOO_MANY_VALUES, at, str_format(r->out, "%u", r->limits->nodes));
	if (r->stopped || type == YAML_ALIAS_EVENT) {
		size = r->stopped ? 1 : read_alias(r, e, value);
		yaml_event_delete(e);
		return size;
	}
	anchor = open_anchor(r, e);
	if (tag_name(e))
		refuse(r, YAML_TAG, at, str_from_c(tag_name(e)), STR_NONE);
	if (type == YAML_SCALAR_EVENT)
		read_scalar(r, e, value);
	yaml_event_delete(e);
	if (type != YAML_SCALAR_EVENT)
		size = read_collection(r, type, value);
	if (anchor)
		*anchor = (struct anchor){ *value, size, true };
	return size;
}

/* After the first document nothing may follow. */
static void
read_end(struct reader *r)
{
	yaml_event_t e;
	bool end;

	if (!next(r, &e))
		return;
	end = e.type == YAML_DOCUMENT_END_EVENT;
	yaml_event_delete(&e);
	if (!end || !next(r, &e))
		return;
	if (e.type != YAML_STREAM_END_EVENT)
		refuse(r, YAML_DOCUMENTS, span_of(r, &e), STR_NONE, STR_NONE);
	yaml_event_delete(&e);
}

static void
read_root(struct reader *r, struct value *root)
{
	yaml_event_t e;

	if (!next(r, &e))
		return;
	if (e.type == YAML_STREAM_END_EVENT) {
		yaml_event_delete(&e);
		return;
	}
	if (e.data.document_start.version_directive || e.data.document_start.tag_directives.start != e.data.document_start.tag_directives.end)
		refuse(r, YAML_DIRECTIVE, span_of(r, &e), STR_NONE, STR_NONE);
	yaml_event_delete(&e);
	if (!next(r, &e))
		return;
	read_value(r, &e, root);
	read_end(r);
	if (r->faulty || root->kind == VALUE_MAP || (root->kind == VALUE_NULL && root->start == root->end))
		return;
	r->faulty = true;
	if (!yaml_explain_missing_space(r->text, root->end - r->text->start, r->out, r->diag))
		diag_emit(r->diag, YAML_NOT_A_MAP, (struct span){ r->text->file, root->start, root->end }, NULL, 0);
}

bool
yaml_read(struct value *root, const struct yaml_text *text, const struct document_limits *limits,
    struct arena *out, struct diag *diag)
{
	struct reader r = { .text = text, .limits = limits, .out = out, .diag = diag };
	struct value empty = { .kind = VALUE_MAP, .start = text->start, .end = text->start };
	yaml_event_t e;

	*root = empty;
	if (!yaml_parser_initialize(&r.parser))
		arena_out_of_memory(sizeof r.parser);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text->bytes.ptr, text->bytes.len);
	if (next(&r, &e)) {
		yaml_event_delete(&e);
		read_root(&r, root);
	}
	yaml_parser_delete(&r.parser);
	if (root->kind != VALUE_MAP)
		*root = empty;
	return !r.faulty;
}
