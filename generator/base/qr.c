#include "base/qr.h"

#define MAX_CODEWORDS 346        /* of version 10 */
#define MAX_CORRECTION 26        /* of a block */
#define MASKS 8

/* Level M: the blocks of the first size, those of one codeword more, and the correction of each. */
struct version { uint8_t correction, blocks, data, longer; uint8_t aligned[3]; };

static const struct version versions[] = {
	{ 0, 0, 0, 0, { 0 } },
	{ 10, 1, 16, 0, { 0 } }, { 16, 1, 28, 0, { 6, 18 } }, { 26, 1, 44, 0, { 6, 22 } }, { 18, 2, 32, 0, { 6, 26 } }, { 24, 2, 43, 0, { 6, 30 } },
	{ 16, 4, 27, 0, { 6, 34 } }, { 18, 4, 31, 0, { 6, 22, 38 } }, { 22, 2, 38, 2, { 6, 24, 42 } }, { 22, 3, 36, 2, { 6, 26, 46 } },
	{ 26, 4, 43, 1, { 6, 28, 50 } },
};

#define N_VERSIONS (sizeof versions / sizeof versions[0])

/* Rows of dark modules and of those that carry no data, while a code is made; the columns are the same, transposed. */
struct grid { unsigned side; uint64_t dark[QR_MAX_SIDE], fixed[QR_MAX_SIDE]; };

static unsigned
data_codewords(const struct version *v)
{
	return (v->blocks + v->longer) * v->data + v->longer;
}

static unsigned
version_for(size_t bytes)
{
	for (unsigned v = 1; v < N_VERSIONS; v++)
		if (4 + (v < 10 ? 8 : 16) + 8 * bytes <= 8 * data_codewords(&versions[v]))
			return v;
	return 0;
}

/* The field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1: the powers of x, twice over, and which power each element is. */
struct field { uint8_t power[510], exponent[256]; };

static void
make_field(struct field *f)
{
	unsigned x = 1;

	for (unsigned i = 0; i < 255; i++) {
		f->power[i] = f->power[i + 255] = (uint8_t)x;
		f->exponent[x] = (uint8_t)i;
		x = x << 1 ^ (x >> 7) * 0x11d;
	}
}

static uint8_t
times(const struct field *f, uint8_t a, uint8_t b)
{
	return a && b ? f->power[f->exponent[a] + f->exponent[b]] : 0;
}

/* The coefficients of (x - 1)(x - 2)(x - 4)… after the first. */
static void
generator(const struct field *f, uint8_t *g, unsigned degree)
{
	memset(g, 0, degree);
	g[degree - 1] = 1;
	for (unsigned i = 0; i < degree; i++)
		for (unsigned j = 0; j < degree; j++)
			g[j] = times(f, g[j], f->power[i]) ^ (j + 1 < degree ? g[j + 1] : 0);
}

static void
correct(const struct field *f, uint8_t *rest, const uint8_t *g, unsigned degree, const uint8_t *data, unsigned n)
{
	memset(rest, 0, degree);
	for (unsigned i = 0; i < n; i++) {
		uint8_t factor = data[i] ^ rest[0];
		memmove(rest, rest + 1, degree - 1);
		rest[degree - 1] = 0;
		for (unsigned j = 0; factor && j < degree; j++)
			rest[j] ^= times(f, g[j], factor);
	}
}

/* Mode, length, bytes, end, padding: all but the first half byte lies across two codewords. */
static void
write_data(uint8_t *data, unsigned v, str text)
{
	unsigned n = 0, half = 4, total = data_codewords(&versions[v]);
	bool wide = v >= 10;

	for (size_t i = 0; i < text.len + 1 + wide; i++) {
		size_t at = i - 1 - wide;
		unsigned byte = i == 0 && wide ? (unsigned)(text.len >> 8) : i == wide ? (unsigned)(text.len & 255) : (uint8_t)text.ptr[at];
		data[n++] = (uint8_t)(half << 4 | byte >> 4);
		half = byte & 15;
	}
	data[n++] = (uint8_t)(half << 4);
	for (bool odd = true; n < total; odd = !odd)
		data[n++] = odd ? 0xec : 0x11;
}

/* Data and correction of all blocks, interleaved; returns how many codewords. */
static unsigned
interleave(uint8_t *out, unsigned version, str text)
{
	const struct version *v = &versions[version];
	unsigned blocks = v->blocks + v->longer, n = 0;
	uint8_t data[MAX_CODEWORDS], g[MAX_CORRECTION], rest[8][MAX_CORRECTION];
	const uint8_t *start[8], *p = data;
	struct field f;

	make_field(&f);
	write_data(data, version, text);
	generator(&f, g, v->correction);
	for (unsigned b = 0; b < blocks; b++) {
		unsigned length = v->data + (b >= v->blocks);
		start[b] = p;
		correct(&f, rest[b], g, v->correction, p, length);
		p += length;
	}
	for (unsigned k = 0; k <= v->data; k++)
		for (unsigned b = k < v->data ? 0 : v->blocks; b < blocks; b++)
			out[n++] = start[b][k];
	for (unsigned k = 0; k < v->correction; k++)
		for (unsigned b = 0; b < blocks; b++)
			out[n++] = rest[b][k];
	return n;
}

static void
set(struct grid *g, unsigned x, unsigned y, bool dark)
{
	uint64_t bit = UINT64_C(1) << (g->side - 1 - x);

	g->fixed[y] |= bit;
	g->dark[y] = dark ? g->dark[y] | bit : g->dark[y] & ~bit;
}

static unsigned
apart(unsigned a, unsigned b)
{
	return a > b ? a - b : b - a;
}

/* A finder with its margin (radius 4) or an alignment pattern (radius 2): squares in squares, cut at the border. */
static void
draw_square(struct grid *g, unsigned cx, unsigned cy, unsigned radius)
{
	for (unsigned y = cy > radius ? cy - radius : 0; y <= cy + radius && y < g->side; y++)
		for (unsigned x = cx > radius ? cx - radius : 0; x <= cx + radius && x < g->side; x++) {
			unsigned d = apart(x, cx) > apart(y, cy) ? apart(x, cx) : apart(y, cy);
			set(g, x, y, radius == 4 ? d != 2 && d != 4 : d != 1);
		}
}

static void
draw_alignments(struct grid *g, const struct version *v)
{
	unsigned n = v->aligned[2] ? 3 : v->aligned[1] ? 2 : 0;

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < n; j++)
			if (!((i == 0 && (j == 0 || j == n - 1)) || (i == n - 1 && j == 0)))
				draw_square(g, v->aligned[i], v->aligned[j], 2);
}

/* From version 7 on, its number stands twice, with 12 bits that correct it. */
static void
draw_version(struct grid *g, unsigned v)
{
	unsigned rest = v, bits;

	for (int i = 0; i < 12; i++)
		rest = rest << 1 ^ (rest >> 11) * 0x1f25;
	bits = v << 12 | rest;
	for (unsigned i = 0; i < 18; i++) {
		set(g, g->side - 11 + i % 3, i / 3, bits >> i & 1);
		set(g, i / 3, g->side - 11 + i % 3, bits >> i & 1);
	}
}

/* What is the same under every mask and for every text; the places of the format are left light. */
static void
draw_patterns(struct grid *g, unsigned v)
{
	unsigned n = g->side = 17 + 4 * v;

	for (unsigned i = 0; i < n; i++) {
		set(g, i, 6, i % 2 == 0);
		set(g, 6, i, i % 2 == 0);
	}
	draw_square(g, 3, 3, 4);
	draw_square(g, n - 4, 3, 4);
	draw_square(g, 3, n - 4, 4);
	draw_alignments(g, &versions[v]);
	for (unsigned i = 0; i < 9; i++)
		if (i != 6) {
			set(g, 8, i, false);
			set(g, i, 8, false);
		}
	for (unsigned i = 0; i < 8; i++) {
		set(g, n - 1 - i, 8, false);
		set(g, 8, n - 1 - i, i == 7);
	}
	if (v >= 7)
		draw_version(g, v);
}

/* Two columns at a time from the right, up and down, around what is fixed. */
static void
fill(struct grid *g, const uint8_t *words, unsigned n)
{
	unsigned i = 0;
	bool up = true;

	for (unsigned right = g->side - 1; right < g->side; right -= right == 8 ? 3 : 2, up = !up)
		for (unsigned k = 0; k < 2 * g->side; k++) {
			unsigned y = up ? g->side - 1 - k / 2 : k / 2;
			uint64_t bit = UINT64_C(1) << (g->side - 1 - right + k % 2);
			if (g->fixed[y] & bit)
				continue;
			if (i < 8 * n && words[i / 8] >> (7 - i % 8) & 1)
				g->dark[y] |= bit;
			i++;
		}
}

static bool
masked(unsigned mask, unsigned y, unsigned x)
{
	switch (mask) {
	case 0: return (y + x) % 2 == 0;
	case 1: return y % 2 == 0;
	case 2: return x % 3 == 0;
	case 3: return (y + x) % 3 == 0;
	case 4: return (y / 2 + x / 3) % 2 == 0;
	case 5: return y * x % 2 + y * x % 3 == 0;
	case 6: return (y * x % 2 + y * x % 3) % 2 == 0;
	default: return ((y + x) % 2 + y * x % 3) % 2 == 0;
	}
}

/* The masks repeat every 12 modules: 12 bits of a row, the leftmost highest, are laid five times along it. */
static uint64_t
mask_row(unsigned mask, unsigned y, bool across)
{
	uint64_t bits = 0;

	for (unsigned x = 0; x < 12; x++)
		bits = bits << 1 | (across ? masked(mask, x, y) : masked(mask, y, x));
	return bits | bits << 12 | bits << 24 | bits << 36 | bits << 48;
}

/* Level M is 00; then the mask, 10 bits that correct them, all under a pattern so that none is empty. */
static unsigned
format_bits(unsigned mask)
{
	unsigned rest = mask;

	for (int i = 0; i < 10; i++)
		rest = rest << 1 ^ (rest >> 9) * 0x537;
	return (mask << 10 | rest) ^ 0x5412;
}

/* The format in both its places; `across`: of columns. */
static void
write_format(uint64_t *rows, unsigned side, unsigned bits, bool across)
{
	for (unsigned i = 0; i < 15; i++) {
		unsigned x1 = i < 8 ? 8 : i == 8 ? 7 : 14 - i, y1 = i < 6 ? i : i < 8 ? i + 1 : 8;
		unsigned x2 = i < 8 ? side - 1 - i : 8, y2 = i < 8 ? 8 : side - 15 + i;
		uint64_t dark = bits >> i & 1;
		rows[across ? x1 : y1] |= dark << (side - 1 - (across ? y1 : x1));
		rows[across ? x2 : y2] |= dark << (side - 1 - (across ? y2 : x2));
	}
}

static void
apply(uint64_t *rows, const struct grid *g, unsigned mask, bool across)
{
	uint64_t laid[12];

	for (unsigned y = 0; y < 12; y++)
		laid[y] = mask_row(mask, y, across) >> (60 - g->side);
	for (unsigned y = 0; y < g->side; y++)
		rows[y] = g->dark[y] ^ (laid[y % 12] & ~g->fixed[y]);
	write_format(rows, g->side, format_bits(mask), across);
}

static unsigned
runs(uint64_t z)                 /* of five and more: 3, and 1 for each above five */
{
	uint64_t two = z & z >> 1, five = two & two >> 2 & z >> 4;

	return (unsigned)__builtin_popcountll(five) + 2 * (unsigned)__builtin_popcountll(five & ~(five >> 1));
}

static unsigned
line_penalty(uint64_t dark, uint64_t all)
{
	uint64_t light = ~dark & all, four = light & light >> 1 & light >> 2 & light >> 3;
	uint64_t finder = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6;

	return runs(dark) + runs(light) + 40 * (unsigned)__builtin_popcountll(finder & (four >> 7 | four << 4));
}

static unsigned
penalty(const uint64_t *rows, const uint64_t *columns, unsigned side)
{
	uint64_t all = (UINT64_C(1) << side) - 1, pairs, above = 0;
	unsigned sum = 0, dark = 0;

	for (unsigned y = 0; y < side; y++, above = pairs) {
		pairs = ~(rows[y] ^ rows[y] >> 1) & all >> 1;
		sum += line_penalty(rows[y], all) + line_penalty(columns[y], all);
		dark += (unsigned)__builtin_popcountll(rows[y]);
		if (y)
			sum += 3 * (unsigned)__builtin_popcountll(~(rows[y] ^ rows[y - 1]) & pairs & above);
	}
	return sum + 10 * (apart(100 * dark, 50 * side * side) / (5 * side * side));
}

static void
transpose(struct grid *t, const struct grid *g)
{
	t->side = g->side;
	for (unsigned x = 0; x < g->side; x++)
		for (unsigned y = 0; y < g->side; y++) {
			t->dark[x] = t->dark[x] << 1 | (g->dark[y] >> (g->side - 1 - x) & 1);
			t->fixed[x] = t->fixed[x] << 1 | (g->fixed[y] >> (g->side - 1 - x) & 1);
		}
}

static void
choose_mask(struct qr *code, const struct grid *g)
{
	struct grid across = { 0 };
	unsigned best = UINT32_MAX;

	transpose(&across, g);
	code->side = g->side;
	for (unsigned mask = 0; mask < MASKS; mask++) {
		uint64_t rows[QR_MAX_SIDE], columns[QR_MAX_SIDE];
		unsigned p;
		apply(rows, g, mask, false);
		apply(columns, &across, mask, true);
		p = penalty(rows, columns, g->side);
		if (p < best)
			memcpy(code->rows, rows, g->side * sizeof rows[0]);
		best = p < best ? p : best;
	}
}

bool
qr_encode(struct qr *code, str text)
{
	unsigned v = version_for(text.len), n;
	uint8_t words[MAX_CODEWORDS];
	struct grid g = { 0 };

	if (v == 0)
		return false;
	n = interleave(words, v, text);
	draw_patterns(&g, v);
	fill(&g, words, n);
	choose_mask(code, &g);
	return true;
}

static void
put_number(struct buf *b, unsigned n)   /* below 100 */
{
	if (n > 9)
		buf_byte(b, (char)('0' + n / 10));
	buf_byte(b, (char)('0' + n % 10));
}

void
qr_path(const struct qr *code, struct buf *b)
{
	for (unsigned y = 0; y < code->side; y++)
		for (unsigned x = 0, from, pen = UINT32_MAX; x < code->side; x++) {
			for (from = x; x < code->side && code->rows[y] >> (code->side - 1 - x) & 1; x++)
				;
			if (x == from)
				continue;
			buf_byte(b, pen == UINT32_MAX ? 'M' : 'm');
			put_number(b, pen == UINT32_MAX ? from : from - pen);
			buf_byte(b, ' ');
			put_number(b, pen == UINT32_MAX ? y : 0);
			buf_put(b, pen == UINT32_MAX ? S(".5h") : S("h"));
			put_number(b, x - from);
			pen = x;
		}
}
