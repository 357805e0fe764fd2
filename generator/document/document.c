#include "document/document.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "document/yaml.h"

const struct document_limits document_limits_default = {
	.depth = 32, .aliases = 1000, .nodes = 100000, .body = 256 * 1024,
};

const struct value_pair *
value_pair(const struct value *map, str key)
{
	if (!map || map->kind != VALUE_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->as.map.len; i++)
		if (str_equal(map->as.map.pairs[i].key, key))
			return &map->as.map.pairs[i];
	return NULL;
}

const struct value *
value_get(const struct value *map, str key)
{
	const struct value_pair *pair = value_pair(map, key);
	return pair ? &pair->value : NULL;
}

str
value_text(const struct value *map, str key, str otherwise)
{
	const struct value *value = value_get(map, key);
	return value && value->kind == VALUE_SCALAR ? value->as.text : otherwise;
}

static struct span
span_at(file_id file, size_t start, size_t end)
{
	return (struct span){ file, (uint32_t)start, (uint32_t)end };
}

/* Length of the control character at `at`: C0 and C1 but tab and ends of lines, a byte order mark inside the file, and what
 * is no character at all (U+FFFE, U+FFFF). 0 when there is none. */
static size_t
control_at(str bytes, size_t at)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr + at;

	if (p[0] < 0x20 || p[0] == 0x7f)
		return p[0] != '\n' && p[0] != '\t' && !(p[0] == '\r' && at + 1 < bytes.len && p[1] == '\n');
	if (p[0] == 0xc2)
		return p[1] < 0xa0 ? 2 : 0;
	if (p[0] != 0xef)
		return 0;
	return (p[1] == 0xbb && p[2] == 0xbf && at > 0) || (p[1] == 0xbf && p[2] >= 0xbe) ? 3 : 0;
}

/* Valid UTF-8 without control characters; the first bad place is reported. */
static bool
check_bytes(str bytes, file_id file, struct arena *tmp, struct diag *diag)
{
	size_t control = bytes.len, n, at;

	for (size_t i = bytes_unprintable(bytes, 0); i < bytes.len; i = bytes_unprintable(bytes, i + n)) {
		n = 1;
		if (bytes.ptr[i] == '\n')
			continue;
		n = utf8_sequence(bytes, i);
		if (!n) {
			diag_emit(diag, FILE_NOT_UTF8, span_at(file, i, i + 1), NULL, 0);
			return false;
		}
		if (control == bytes.len && control_at(bytes, i))
			control = i;
	}
	if (control == bytes.len)
		return true;
	at = control;
	diag_add(diag, FILE_CONTROL, span_at(file, control, control + control_at(bytes, control)), str_format(tmp, "U+%04X", utf8_next(bytes, &at)));
	return false;
}

/* Is this line, end of line included, a fence? */
static bool
is_fence(str line)
{
	return str_starts(line, S("---")) && str_trim(str_slice(line, 3, line.len)).len == 0;
}

/* Dashes, but not three of the keyboard's: word processors make "—-" of them. The line without its end, else STR_NONE. */
static str
near_fence(str line)
{
	str rest = line = str_trim(line);
	size_t n = 0;

	for (; rest.len; n++)
		if (rest.ptr[0] == '-' || rest.ptr[0] == '_' || rest.ptr[0] == '=')
			rest = str_slice(rest, 1, rest.len);
		else if (str_starts(rest, S("—")) || str_starts(rest, S("–")))
			rest = str_slice(rest, 3, rest.len);
		else
			return STR_NONE;
	return n && n < 40 && (n > 1 || line.len == 3) ? line : STR_NONE;
}

/* The line that starts at `at`, with its end. */
static str
line_at(str bytes, size_t at)
{
	size_t end;
	str rest = str_slice(bytes, at, bytes.len);

	return str_find_byte(rest, '\n', &end) ? str_slice(rest, 0, end + 1) : rest;
}

/* Where the front matter's YAML and the body lie; false (reported) when there is none or it has no end. */
static bool
split_front(str bytes, size_t from, file_id file, size_t *yaml, size_t *yaml_end, size_t *body, struct diag *diag)
{
	str line = line_at(bytes, from), near = STR_NONE;
	size_t near_at = from;

	if (!is_fence(line)) {
		diag_add(diag, FRONT_MISSING, span_at(file, from, from + line.len), near_fence(line));
		return false;
	}
	*yaml = from + line.len;
	for (size_t at = *yaml; at < bytes.len; at += line.len) {
		line = line_at(bytes, at);
		if (is_fence(line)) {
			*yaml_end = at;
			*body = at + line.len;
			return true;
		}
		if (!near.len) {
			near = near_fence(line);
			near_at = at;
		}
	}
	diag_add(diag, FRONT_UNCLOSED, near.len ? span_at(file, near_at, near_at + near.len) : span_at(file, from, from + 3), near);
	return false;
}

static bool
check_body(const struct document *doc, const struct document_limits *limits, struct arena *tmp, struct diag *diag)
{
	if (doc->body.len <= limits->body)
		return true;
	diag_add(diag, BODY_TOO_LARGE, span_at(doc->file, doc->body_start, doc->body_start), str_format(tmp, "%u", limits->body / 1024));
	return false;
}

static bool
read_parts(struct document *doc, str bytes, bool yaml, const struct document_limits *limits, struct arena *out, struct diag *diag)
{
	size_t from = str_starts(bytes, S("\xef\xbb\xbf")) ? 3 : 0, to = bytes.len, body = bytes.len;
	bool ok;

	if (!yaml && !split_front(bytes, from, doc->file, &from, &to, &body, diag))
		return false;
	if (!yaml) {
		doc->body = str_slice(bytes, body, bytes.len);
		doc->body_start = (uint32_t)body;
	}
	ok = yaml_read_simple(&doc->front, str_slice(bytes, from, to), (uint32_t)from, limits, out);
	if (!ok) {
		struct yaml_text text;
		yaml_text_init(&text, str_slice(bytes, from, to), (uint32_t)from, yaml ? 0 : 1, doc->file, out);
		ok = yaml_read(&doc->front, &text, limits, out, diag);
	}
	return check_body(doc, limits, out, diag) && ok;
}

bool
document_read(struct document *doc, str bytes, file_id file, bool yaml, const struct document_limits *limits, struct arena *out, struct diag *diag)
{
	*doc = (struct document){ .file = file, .front = { .kind = VALUE_MAP } };
	return check_bytes(bytes, file, out, diag) && read_parts(doc, bytes, yaml, limits, out, diag);
}
