#include "document/guard.h"

#include "base/bytes.h"

/* Each quotation or list item open at a line is visited for that line. */
#define MAX_MARKERS 24           /* on one line */
#define MAX_INDENT 200           /* columns: two make a list level */
/* cmark-gfm 0.29 may look at all of a paragraph again for each mark of these kinds; the product of their number and the
 * paragraph's bytes stays under this, some tenths of a second. */
#define MAX_MARK_WORK ((uint64_t)1 << 30)
/* It may parse a paragraph again for each line that looks like the second line of a table. */
#define MAX_TABLE_WORK ((uint64_t)1 << 23)
/* Each use of a reference copies its address. */
#define MAX_REFERENCE_BYTES ((uint64_t)1 << 26)
/* Nested emphasis: each level is visited when it is closed. */
#define MAX_EMPHASIS_WORK ((uint64_t)1 << 32)
/* In a body of so many bytes no such product passes its limit, and marks need no counting (a delimiter row has two bytes). */
#define SMALL_BODY 4096

/* A run of lines between blank ones: no paragraph or table is larger. */
struct run {
	size_t start, end;
	uint64_t lines, brackets, angles, emphasis, delimiter_rows;
	uint32_t pipes, columns;     /* most on a line; most columns that a delimiter row asks for */
	uint32_t before;             /* columns of the line before as a table's header, 0 when that is not sure */
	bool table;                  /* in a table for sure: no line is parsed twice */
	bool tables;                 /* has a delimiter row */
	bool definition;             /* holds a line that may define a reference */
};

struct guard {
	const struct markdown_options *o;
	struct arena *tmp;
	struct diag *diag;
	uint64_t cells, brackets, largest_definition;
	bool counting;               /* of marks: the body is not small */
	bool refused;
};

struct span
markdown_span(const struct markdown_options *o, size_t start, size_t end)
{
	if (o->end)
		return (struct span){ o->file, o->offset, o->end };
	return (struct span){ o->file, o->offset + (uint32_t)start, o->offset + (uint32_t)end };
}

static void
refuse(struct guard *g, enum diag_code code, size_t start, size_t end, str argument)
{
	diag_add(g->diag, code, markdown_span(g->o, start, end), argument);
	g->refused = true;
}

/* The line without what quotations put before it. */
static str
without_quotes(str line)
{
	size_t at = 0;

	while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t' || line.ptr[at] == '>'))
		at++;
	return str_slice(line, at, line.len);
}

/* Only one of - * _ and spaces: a rule, however many of them. */
static bool
is_rule(str line)
{
	char mark = 0;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];
		if (c == ' ' || c == '\t' || c == '\r')
			continue;
		if ((c != '-' && c != '*' && c != '_') || (mark && c != mark))
			return false;
		mark = c;
	}
	return mark != 0;
}

/* Length of a list marker or '>' at the start of `s`, 0 without. */
static size_t
marker_length(str s)
{
	size_t digits = 0;

	if (s.len && s.ptr[0] == '>')
		return 1;
	while (digits < s.len && digits < 9 && s.ptr[digits] >= '0' && s.ptr[digits] <= '9')
		digits++;
	if (digits)
		return digits + 1 < s.len && (s.ptr[digits] == '.' || s.ptr[digits] == ')') && (s.ptr[digits + 1] == ' ' || s.ptr[digits + 1] == '\t') ? digits + 1 : 0;
	return s.len > 1 && (s.ptr[0] == '-' || s.ptr[0] == '*' || s.ptr[0] == '+') && (s.ptr[1] == ' ' || s.ptr[1] == '\t') ? 1 : 0;
}

/* May a marker or an indentation start with this byte? */
static bool
starts_markers(char c)
{
	return c == ' ' || c == '\t' || c == '>' || c == '-' || c == '*' || c == '+' || (c >= '0' && c <= '9');
}

static void
check_depth(struct guard *g, str line, size_t start)
{
	size_t at = 0, columns = 0, markers = 0, length;

	if (!line.len || !starts_markers(line.ptr[0]) || is_rule(line))
		return;
	for (; at < line.len; ) {
		if (line.ptr[at] == ' ' || line.ptr[at] == '\t') {
			columns += line.ptr[at++] == '\t' ? 4 : 1;
			continue;
		}
		length = marker_length(str_slice(line, at, line.len));
		if (!length)
			break;
		markers++;
		at += length;
	}
	if (markers > MAX_MARKERS || columns > MAX_INDENT)
		refuse(g, MD_TOO_DEEP, start, start + at, STR_NONE);
}

/* Columns of a line that may be a table's second line, 0 when it is not. */
static uint32_t
delimiter_columns(str line)
{
	uint32_t columns = 0;
	bool in_cell = false, dash = false;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];
		if (c == '-' || c == ':') {
			columns += !in_cell;
			in_cell = true;
			dash |= c == '-';
		} else if (c == '|')
			in_cell = false;
		else if (c != ' ' && c != '\t' && c != '\r' && c != '\v' && c != '\f')
			return 0;
	}
	return dash ? columns : 0;
}

/* Columns of a line that starts with a pipe, 0 of any other. */
static uint32_t
row_columns(str line)
{
	uint32_t columns = 0;

	if (!line.len || (line.ptr[0] != '|' && (unsigned char)line.ptr[0] > ' '))
		return 0;
	line = str_trim(line);
	if (line.len < 2 || line.ptr[0] != '|')
		return 0;
	for (size_t i = 1; i < line.len; i++) {
		if (line.ptr[i] == '\\')
			return 0;
		columns += line.ptr[i] == '|' || i + 1 == line.len;
	}
	return columns;
}

static void
count_marks(struct run *run, str line)
{
	static const bool marks[256] = { ['*'] = true, ['_'] = true, ['['] = true, [']'] = true, ['<'] = true, ['|'] = true, ['\\'] = true };
	uint32_t pipes = 0;

	for (size_t i = bytes_find(marks, line, 0); i < line.len; i = bytes_find(marks, line, i + 1))
		switch (line.ptr[i]) {
		case '*': case '_': run->emphasis++; break;
		case '[': case ']': run->brackets++; break;
		case '<': run->angles++; break;
		case '|': pipes++; break;
		default: i++; break;
		}
	if (pipes > run->pipes)
		run->pipes = pipes;
}

/* `text`: the line without what quotations put before it. */
static void
add_line(const struct guard *g, struct run *run, str line, str text)
{
	uint32_t columns = delimiter_columns(text);
	uint64_t brackets = run->brackets;
	size_t at;

	if (g->counting || str_find_byte(line, '|', &at))
		count_marks(run, line);
	run->lines++;
	if (columns && columns == run->before)
		run->table = true;
	run->before = row_columns(text);
	run->table &= run->before > 0;
	run->delimiter_rows += columns > 0 && !run->table;
	run->tables |= columns > 0;
	if (columns > run->columns)
		run->columns = columns;
	run->definition |= run->brackets > brackets && str_find(text, S("]:"), &at);
}

static void
check_tables(struct guard *g, const struct run *run)
{
	uint64_t bytes = run->end - run->start;

	if (run->columns > g->o->max_columns || run->pipes > g->o->max_columns + 1) {
		refuse(g, MD_TABLE_COLUMNS, run->start, run->start, str_format(g->tmp, "%u", g->o->max_columns));
		return;
	}
	if (run->delimiter_rows * bytes > MAX_TABLE_WORK)
		refuse(g, MD_TOO_COMPLEX, run->start, run->start, S("|"));
	if (g->cells <= g->o->max_cells && g->cells + run->columns * run->lines > g->o->max_cells)
		refuse(g, MD_TABLE_CELLS, run->start, run->start, str_format(g->tmp, "%u", g->o->max_cells));
	g->cells += run->columns * run->lines;
}

static void
end_run(struct guard *g, struct run *run, size_t end)
{
	uint64_t bytes;

	if (!run->lines)
		return;
	run->end = end;
	bytes = end - run->start;
	if (run->tables)
		check_tables(g, run);
	if ((run->brackets + run->angles) * bytes > MAX_MARK_WORK)
		refuse(g, MD_TOO_COMPLEX, run->start, run->start, run->brackets > run->angles ? S("[ ]") : S("<"));
	else if (run->emphasis * bytes > MAX_EMPHASIS_WORK)
		refuse(g, MD_TOO_COMPLEX, run->start, run->start, S("* _"));
	g->brackets += run->brackets;
	if (run->definition && bytes > g->largest_definition)
		g->largest_definition = bytes;
	*run = (struct run){ .start = end };
}

static void
check_lines(struct guard *g, str body)
{
	struct run run = { 0 };

	for (size_t at = 0; at < body.len && !g->refused;) {
		size_t length;
		str rest = str_slice(body, at, body.len), line = rest, text;
		if (str_find_byte(rest, '\n', &length))
			line = str_slice(rest, 0, length);
		else
			length = rest.len;
		check_depth(g, line, at);
		text = without_quotes(line);
		if (str_trim(text).len == 0) {
			end_run(g, &run, at);
			run.start = at + length + 1;
		} else
			add_line(g, &run, line, text);
		at += length + 1;
	}
	end_run(g, &run, body.len);
}

bool
guard_check(str body, const struct markdown_options *o, struct arena *tmp, struct diag *diag)
{
	struct guard g = { .o = o, .tmp = tmp, .diag = diag, .counting = body.len > SMALL_BODY };

	if (body.len > o->max_body) {
		refuse(&g, BODY_TOO_LARGE, 0, 0, str_format(tmp, "%u", o->max_body / 1024));
		return false;
	}
	check_lines(&g, body);
	if (!g.refused && g.brackets * g.largest_definition > MAX_REFERENCE_BYTES)
		refuse(&g, MD_TOO_COMPLEX, 0, 0, S("[ ]"));
	return !g.refused;
}
