/* A drawing of flat shapes, as SVG, painted as a PNG: for what shows no SVG, such as the preview of a link. */
#include <expat.h>
#include <math.h>
#include <string.h>

#include "media/media.h"
#include "media/paint.h"

#define MAX_DEPTH 16
#define MAX_PIXELS 4000000u

struct painting {
	XML_Parser parser;
	struct arena *tmp;
	struct canvas canvas;
	struct frame { struct placing placing; struct clip clip; } frames[MAX_DEPTH];
	unsigned depth;              /* of svg and g elements open: that many frames */
	unsigned ignored;            /* of elements open within one that draws nothing */
	str fault;                   /* STR_NONE so far */
};

static void
fail(struct painting *p, const char *what)
{
	if (!p->fault.ptr)
		p->fault = str_copy(p->tmp, str_from_c(what));
	XML_StopParser(p->parser, XML_FALSE);
}

static const char *
attribute(const char **list, const char *name)
{
	for (; *list; list += 2)
		if (!strcmp(list[0], name))
			return list[1];
	return NULL;
}

static bool
numbers(const char *text, double *to, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		size_t len;
		text += strspn(text, " ,");
		len = strcspn(text, " ,)");
		if (!str_to_number((str){ text, len }, &to[i]))
			return false;
		text += len;
	}
	return true;
}

/* --- elements --- */

static double
number_or(const char **attributes, const char *name, double otherwise)
{
	const char *text = attribute(attributes, name);
	double v;

	return text && numbers(text, &v, 1) ? v : otherwise;
}

/* Also false of what is no number. */
static bool
within(const struct placing *p)
{
	return fabs(p->scale) < PAINT_FAR && fabs(p->dx) < PAINT_FAR && fabs(p->dy) < PAINT_FAR;
}

/* A window on the units of viewBox: the whole drawing, or a part of the frame around it. */
static void
begin_window(struct painting *p, const char **attributes)
{
	const char *box = attribute(attributes, "viewBox");
	double w = number_or(attributes, "width", 0), h = number_or(attributes, "height", 0), v[4], x, y, scale = 1;

	if (!box || !numbers(box, v, 4) || w < 1 || h < 1 || w * h > MAX_PIXELS || v[2] <= 0 || v[3] <= 0 || p->depth == MAX_DEPTH) {
		fail(p, "svg viewBox width height");
		return;
	}
	if (!p->depth) {
		x = y = 0;
		p->canvas = canvas_new((unsigned)w, (unsigned)h, p->tmp);
	} else {
		const struct placing *outer = &p->frames[p->depth - 1].placing;
		x = outer->scale * number_or(attributes, "x", 0) + outer->dx;
		y = outer->scale * number_or(attributes, "y", 0) + outer->dy;
		scale = outer->scale;
	}
	p->frames[p->depth++] = (struct frame){ { scale * w / v[2], x - v[0] * scale * w / v[2], y - v[1] * scale * w / v[2] },
		{ x, y, x + scale * w, y + scale * h } };
	if (!within(&p->frames[p->depth - 1].placing))
		fail(p, "svg viewBox");
}

/* "translate(x y)", "scale(s)", one after the other. */
static bool
place(struct placing *to, const char *transform)
{
	double v[2];

	for (transform += strspn(transform, " "); *transform; transform += strspn(transform, " )")) {
		if (!strncmp(transform, "translate(", 10) && numbers(transform + 10, v, 2)) {
			to->dx += to->scale * v[0];
			to->dy += to->scale * v[1];
		} else if (!strncmp(transform, "scale(", 6) && numbers(transform + 6, v, 1)) {
			to->scale *= v[0];
		} else {
			return false;
		}
		transform += strcspn(transform, ")");
	}
	return within(to);
}

static void
begin_group(struct painting *p, const char **attributes)
{
	const char *transform = attribute(attributes, "transform");

	if (p->depth == MAX_DEPTH) {
		fail(p, "g g g");
		return;
	}
	p->frames[p->depth] = p->frames[p->depth - 1];
	if (transform && !place(&p->frames[p->depth].placing, transform))
		fail(p, transform);
	p->depth++;
}

static bool
read_color(const char *text, uint32_t *color)
{
	if (!text || text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	*color = 0;
	for (text++; *text; text++)
		*color = *color << 4 | (uint32_t)(*text <= '9' ? *text - '0' : (*text | 32) - 'a' + 10);
	return true;
}

static void
paint_path(struct painting *p, const char **attributes)
{
	const char *data = attribute(attributes, "d"), *pen = attribute(attributes, "stroke"), *fill = attribute(attributes, "fill");
	const char *width = attribute(attributes, "stroke-width"), *opacity = attribute(attributes, "opacity"), *rule = attribute(attributes, "fill-rule");
	const struct frame *frame = &p->frames[p->depth - 1];
	struct arena_mark mark = arena_mark(p->tmp);
	struct outlines list = { 0 };
	uint32_t color;
	double share = 1, thick = 1;

	if (!data || !path_read(str_from_c(data), frame->placing, p->tmp, &list))
		fail(p, data ? data : "path d");
	else if ((pen && (!read_color(pen, &color) || !fill || strcmp(fill, "none"))) || (!pen && !read_color(fill, &color)))
		fail(p, "path fill stroke");
	else if ((opacity && !numbers(opacity, &share, 1)) || share < 0 || share > 1 || (width && !numbers(width, &thick, 1)) || !(thick >= 0 && thick < PAINT_FAR))
		fail(p, "path opacity stroke-width");
	else {
		if (pen)
			list = path_stroke(&list, thick * frame->placing.scale, p->tmp);
		canvas_fill(&p->canvas, &frame->clip, &list, color, share, rule && !strcmp(rule, "evenodd"));
		arena_rewind(p->tmp, mark);
	}
}

static void XMLCALL
element_starts(void *context, const char *name, const char **attributes)
{
	struct painting *p = context;

	if (p->ignored || !strcmp(name, "title") || !strcmp(name, "desc"))
		p->ignored++;
	else if (!strcmp(name, "svg"))
		begin_window(p, attributes);
	else if (p->depth && !strcmp(name, "g"))
		begin_group(p, attributes);
	else if (p->depth && !strcmp(name, "path"))
		paint_path(p, attributes);
	else
		fail(p, name);
}

static void XMLCALL
element_ends(void *context, const char *name)
{
	struct painting *p = context;

	if (p->ignored)
		p->ignored--;
	else if (!strcmp(name, "g") || !strcmp(name, "svg"))
		p->depth--;
}

bool
media_paint(str svg, struct arena *out, str *png, str *fault)
{
	struct arena tmp;
	struct painting p = { .parser = XML_ParserCreate("UTF-8"), .tmp = &tmp };

	*png = STR_NONE;
	if (!p.parser)
		arena_out_of_memory(svg.len);
	arena_init(&tmp, out->source);
	XML_SetUserData(p.parser, &p);
	XML_SetElementHandler(p.parser, element_starts, element_ends);
	if (svg.len > INT32_MAX || XML_Parse(p.parser, svg.ptr, (int)svg.len, XML_TRUE) != XML_STATUS_OK || p.fault.ptr)
		*fault = str_copy(out, p.fault.ptr ? p.fault : str_from_c(XML_ErrorString(XML_GetErrorCode(p.parser))));
	else
		*png = canvas_png(&p.canvas, out, &tmp);
	XML_ParserFree(p.parser);
	arena_free(&tmp);
	return png->ptr != NULL;
}
