#include <math.h>
#include <string.h>

#include "media/paint.h"

struct reading {
	str data;                    /* what is left of it */
	struct placing placing;
	struct arena *out;
	struct outlines *list;
	struct point at, start;      /* in user units */
	struct point handle;         /* the last control point, for S and T; `at` when there is none */
	bool open, relative;
	bool beyond;                 /* PAINT_FAR */
};

static double
distance_of(struct point a, struct point b)
{
	return sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
}

/* --- numbers --- */

static void
skip_separators(struct reading *r)
{
	while (r->data.len && (strchr(" ,\t\r\n", r->data.ptr[0]) && r->data.ptr[0]))
		r->data = str_slice(r->data, 1, r->data.len);
}

static bool
is_digit(str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

static bool
read_number(struct reading *r, double *v)
{
	size_t i = 0, digits = 0;
	double sign = 1, scale = 1;

	skip_separators(r);
	if (r->data.len && (r->data.ptr[0] == '-' || r->data.ptr[0] == '+'))
		sign = r->data.ptr[i++] == '-' ? -1 : 1;
	for (*v = 0; is_digit(r->data, i); i++, digits++)
		*v = *v * 10 + (r->data.ptr[i] - '0');
	if (i < r->data.len && r->data.ptr[i] == '.')
		for (i++; is_digit(r->data, i); i++, digits++) {
			*v = *v * 10 + (r->data.ptr[i] - '0');
			scale *= 10;
		}
	*v = sign * *v / scale;
	r->data = str_slice(r->data, i, r->data.len);
	return digits > 0 && digits < 16;
}

/* Arcs write their flags without a space between. */
static bool
read_flag(struct reading *r, bool *flag)
{
	skip_separators(r);
	if (!r->data.len || (r->data.ptr[0] != '0' && r->data.ptr[0] != '1'))
		return false;
	*flag = r->data.ptr[0] == '1';
	r->data = str_slice(r->data, 1, r->data.len);
	return true;
}

static bool
read_point(struct reading *r, struct point *p)
{
	if (!read_number(r, &p->x) || !read_number(r, &p->y))
		return false;
	if (r->relative) {
		p->x += r->at.x;
		p->y += r->at.y;
	}
	return true;
}

/* --- drawing --- */

static void
put_point(struct reading *r, struct point p)
{
	struct outline *o;

	if (!r->open) {
		*vec_push(r->out, r->list) = (struct outline){ { 0 }, false };
		r->open = true;
		r->start = r->at;
		put_point(r, r->at);
	}
	o = &r->list->ptr[r->list->len - 1];
	p = (struct point){ r->placing.scale * p.x + r->placing.dx, r->placing.scale * p.y + r->placing.dy };
	r->beyond |= !(fabs(p.x) < PAINT_FAR && fabs(p.y) < PAINT_FAR);
	*vec_push(r->out, &o->points) = p;
}

static void
line_to(struct reading *r, struct point p)
{
	put_point(r, p);
	r->at = r->handle = p;
}

/* About one chord for every four pixels: within a tenth of a pixel for the curves of a drawing. */
static unsigned
chords(const struct reading *r, double length)
{
	double n = r->placing.scale * length / 4 + 4;

	return n < 400 ? (unsigned)n : 400;
}

static void
curve_to(struct reading *r, struct point b, struct point c, struct point d)
{
	struct point a = r->at;
	unsigned n = chords(r, distance_of(a, b) + distance_of(b, c) + distance_of(c, d));

	for (unsigned i = 1; i <= n; i++) {
		double t = (double)i / n, u = 1 - t;
		double wa = u * u * u, wb = 3 * u * u * t, wc = 3 * u * t * t, wd = t * t * t;
		put_point(r, i == n ? d : (struct point){ wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y });
	}
	r->at = d;
	r->handle = c;
}

static void
quadratic_to(struct reading *r, struct point b, struct point c)
{
	struct point a = r->at;

	curve_to(r, (struct point){ (a.x + 2 * b.x) / 3, (a.y + 2 * b.y) / 3 }, (struct point){ (c.x + 2 * b.x) / 3, (c.y + 2 * b.y) / 3 }, c);
	r->handle = b;
}

struct ellipse { struct point centre; double rx, ry; bool clockwise; };

/* Points between two of the unit circle, by halving: no angle is ever taken. */
static void
arc_between(struct reading *r, const struct ellipse *e, struct point u, struct point v, bool large, unsigned depth)
{
	struct point m = { u.x + v.x, u.y + v.y };
	double length = sqrt(m.x * m.x + m.y * m.y), turn = e->clockwise ? 1 : -1;

	if (!depth)
		return;
	if (length < 1e-9)
		m = (struct point){ -u.y * turn, u.x * turn };
	else
		m = (struct point){ (large ? -m.x : m.x) / length, (large ? -m.y : m.y) / length };
	arc_between(r, e, u, m, false, depth - 1);
	put_point(r, (struct point){ e->centre.x + e->rx * m.x, e->centre.y + e->ry * m.y });
	arc_between(r, e, m, v, false, depth - 1);
}

/* SVG 2 §B.2.4, without rotation: the centre from the ends. */
static void
arc_to(struct reading *r, double rx, double ry, bool large, bool clockwise, struct point to)
{
	struct point half, u, v, c;
	double d, k;
	struct ellipse e = { .rx = rx, .ry = ry, .clockwise = clockwise };

	if (rx <= 0 || ry <= 0 || distance_of(r->at, to) == 0) {
		line_to(r, to);
		return;
	}
	half = (struct point){ (r->at.x - to.x) / 2 / rx, (r->at.y - to.y) / 2 / ry };
	d = half.x * half.x + half.y * half.y;
	if (d > 1) {
		e.rx *= sqrt(d);
		e.ry *= sqrt(d);
		half = (struct point){ half.x / sqrt(d), half.y / sqrt(d) };
		d = 1;
	}
	k = sqrt((1 - d) / d) * (large == clockwise ? -1 : 1);
	c = (struct point){ k * half.y, -k * half.x };
	e.centre = (struct point){ (r->at.x + to.x) / 2 + e.rx * c.x, (r->at.y + to.y) / 2 + e.ry * c.y };
	u = (struct point){ half.x - c.x, half.y - c.y };
	v = (struct point){ -half.x - c.x, -half.y - c.y };
	arc_between(r, &e, u, v, large && d < 1, r->placing.scale * (e.rx + e.ry) > 40 ? 6 : 4);
	line_to(r, to);
}

/* --- commands --- */

static struct point
mirrored(const struct reading *r)
{
	return (struct point){ 2 * r->at.x - r->handle.x, 2 * r->at.y - r->handle.y };
}

static bool
read_arc(struct reading *r)
{
	double rx, ry, rotation;
	bool large, clockwise;
	struct point to;

	if (!read_number(r, &rx) || !read_number(r, &ry) || !read_number(r, &rotation) || rotation != 0 || !read_flag(r, &large) ||
	    !read_flag(r, &clockwise) || !read_point(r, &to))
		return false;
	arc_to(r, rx, ry, large, clockwise, to);
	return true;
}

static bool
read_straight(struct reading *r, bool across)
{
	struct point p = r->at;
	double v;

	if (!read_number(r, &v))
		return false;
	if (across)
		p.x = r->relative ? p.x + v : v;
	else
		p.y = r->relative ? p.y + v : v;
	line_to(r, p);
	return true;
}

static bool
read_curve(struct reading *r, char command)
{
	struct point b = mirrored(r), c, d;

	if ((command == 'C' || command == 'Q') && !read_point(r, &b))
		return false;
	if ((command == 'C' || command == 'S') && !read_point(r, &c))
		return false;
	if (!read_point(r, &d))
		return false;
	if (command == 'C' || command == 'S')
		curve_to(r, b, c, d);
	else
		quadratic_to(r, b, d);
	return true;
}

/* One command with one set of its numbers. */
static bool
read_step(struct reading *r, char command)
{
	struct point p;

	switch (command) {
	case 'M':
		if (!read_point(r, &p))
			return false;
		r->at = r->handle = p;
		r->open = false;
		return true;
	case 'L':
		if (!read_point(r, &p))
			return false;
		line_to(r, p);
		return true;
	case 'H': case 'V': return read_straight(r, command == 'H');
	case 'C': case 'S': case 'Q': case 'T': return read_curve(r, command);
	case 'A': return read_arc(r);
	default: return false;
	}
}

static void
close_outline(struct reading *r)
{
	if (r->open) {
		r->list->ptr[r->list->len - 1].closed = true;
		r->at = r->handle = r->start;
	}
	r->open = false;
}

static bool
starts_number(str s)
{
	return s.len && (is_digit(s, 0) || s.ptr[0] == '-' || s.ptr[0] == '+' || s.ptr[0] == '.');
}

bool
path_read(str data, struct placing p, struct arena *out, struct outlines *list)
{
	struct reading r = { .data = data, .placing = p, .out = out, .list = list };
	char command = 0;

	for (skip_separators(&r); r.data.len; skip_separators(&r)) {
		if (starts_number(r.data)) {
			/* more numbers for the same command; after a first point they are lines */
			command = command == 'M' ? 'L' : command;
		} else {
			char letter = r.data.ptr[0];
			r.relative = letter >= 'a';
			command = r.relative ? (char)(letter - 'a' + 'A') : letter;
			r.data = str_slice(r.data, 1, r.data.len);
		}
		if (command == 'Z')
			close_outline(&r);
		else if (!read_step(&r, command))
			return false;
		if (command != 'C' && command != 'S' && command != 'Q' && command != 'T')
			r.handle = r.at;
		if (command == 'Z' && starts_number(r.data))
			return false;
	}
	return !r.beyond;
}

/* --- strokes --- */

static void
put_shape(struct outlines *list, struct arena *out, const struct point *points, size_t n)
{
	struct outline *o = vec_push(out, list);
	double area = 0;

	*o = (struct outline){ { 0 }, true };
	for (size_t i = 0; i < n; i++) {
		struct point a = points[i], b = points[i + 1 < n ? i + 1 : 0];
		area += a.x * b.y - b.x * a.y;
	}
	for (size_t i = 0; i < n; i++)
		*vec_push(out, &o->points) = points[area < 0 ? n - 1 - i : i];
}

/* To the left of a → b, half the pen's width away. */
static struct point
beside(struct point a, struct point b, double half)
{
	double length = distance_of(a, b);

	return (struct point){ -(b.y - a.y) / length * half, (b.x - a.x) / length * half };
}

/* The corner at b, on the outer side: up to four times the pen's width, then cut straight. */
static void
put_join(struct outlines *list, struct arena *out, struct point a, struct point b, struct point c, double half)
{
	struct point u = beside(a, b, half), v = beside(b, c, half), m;
	double cross = u.x * v.y - u.y * v.x, side = cross > 0 ? -1 : 1, square;

	u = (struct point){ side * u.x, side * u.y };
	v = (struct point){ side * v.x, side * v.y };
	m = (struct point){ u.x + v.x, u.y + v.y };
	square = m.x * m.x + m.y * m.y;
	if (square * 16 > 4 * half * half) {
		double k = 2 * half * half / square;
		put_shape(list, out, (struct point[]){ b, { b.x + u.x, b.y + u.y }, { b.x + k * m.x, b.y + k * m.y }, { b.x + v.x, b.y + v.y } }, 4);
	} else {
		put_shape(list, out, (struct point[]){ b, { b.x + u.x, b.y + u.y }, { b.x + v.x, b.y + v.y } }, 3);
	}
}

static void
stroke_outline(const struct outline *o, double half, struct outlines *list, struct arena *out)
{
	VEC(struct point) p = { 0 };
	size_t edges;

	for (size_t i = 0; i < o->points.len; i++)
		if (!p.len || distance_of(p.ptr[p.len - 1], o->points.ptr[i]) > 1e-6)
			*vec_push(out, &p) = o->points.ptr[i];
	if (o->closed && p.len > 1 && distance_of(p.ptr[0], p.ptr[p.len - 1]) < 1e-6)
		p.len--;
	if (p.len < 2)
		return;
	edges = o->closed ? p.len : p.len - 1;
	for (size_t i = 0; i < edges; i++) {
		struct point a = p.ptr[i], b = p.ptr[(i + 1) % p.len], n = beside(a, b, half);
		put_shape(list, out, (struct point[]){ { a.x + n.x, a.y + n.y }, { b.x + n.x, b.y + n.y }, { b.x - n.x, b.y - n.y }, { a.x - n.x, a.y - n.y } }, 4);
		if (o->closed || i + 1 < edges)
			put_join(list, out, a, b, p.ptr[(i + 2) % p.len], half);
	}
}

struct outlines
path_stroke(const struct outlines *list, double width, struct arena *out)
{
	struct outlines drawn = { 0 };

	for (size_t i = 0; i < list->len; i++)
		stroke_outline(&list->ptr[i], width / 2, &drawn, out);
	return drawn;
}
