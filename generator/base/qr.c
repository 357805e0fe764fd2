#include "base/qr.h"

#include <string.h>

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

/* Rows of dark modules and of those that carry no data. */
struct grid { unsigned side; uint64_t dark[QR_MAX_SIDE], fixed[QR_MAX_SIDE]; };

#define WORDS_OF_CORRECTION ((MAX_CORRECTION + 7) / 8)

/* Two bits of data, each in its row and so far from the right. Most stand side by side, the first on the right. */
struct pair { uint8_t y[2], shift[2]; bool together; };

/* What all codes of a version share. Lines come twice: rows, and columns. */
struct plan {
	unsigned side, n_places;
	uint64_t product[256][WORDS_OF_CORRECTION];      /* of each element with the generator's coefficients, bytes in order */
	struct pair pair[4 * MAX_CODEWORDS + 4];         /* of bits of data */
	uint64_t dark[QR_MAX_SIDE];                      /* rows of patterns */
	uint64_t mask[MASKS][2][QR_MAX_SIDE];            /* with the format that tells it */
};

struct qr_maker { struct arena *out; struct plan *plans[N_VERSIONS]; };

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
multiply_all(struct plan *p, const struct version *v)
{
	uint8_t g[MAX_CORRECTION], row[sizeof p->product[0]] = { 0 };
	struct field f;

	make_field(&f);
	generator(&f, g, v->correction);
	for (unsigned factor = 0; factor < 256; factor++) {
		for (unsigned j = 0; j < v->correction; j++)
			row[j] = times(&f, g[j], (uint8_t)factor);
		memcpy(p->product[factor], row, sizeof row);
	}
}

/* The remainder of data · x^degree by the generator, its bytes in order. */
static void
correct(const struct plan *p, uint8_t rest[sizeof(uint64_t) * WORDS_OF_CORRECTION + 1], const uint8_t *data, unsigned n)
{
	uint64_t words[WORDS_OF_CORRECTION];

	memset(rest, 0, sizeof words + 1);
	for (unsigned i = 0; i < n; i++) {
		const uint64_t *product = p->product[data[i] ^ rest[0]];
		memcpy(words, rest + 1, sizeof words);           /* moved on by one byte; the last is always 0 */
		for (unsigned k = 0; k < WORDS_OF_CORRECTION; k++)
			words[k] ^= product[k];
		memcpy(rest, words, sizeof words);
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
interleave(const struct plan *plan, uint8_t *out, unsigned version, str text)
{
	const struct version *v = &versions[version];
	unsigned blocks = v->blocks + v->longer, n = 0;
	uint8_t data[MAX_CODEWORDS], rest[8][sizeof(uint64_t) * WORDS_OF_CORRECTION + 1];
	const uint8_t *start[8], *p = data;

	write_data(data, version, text);
	for (unsigned b = 0; b < blocks; b++) {
		unsigned length = v->data + (b >= v->blocks);
		start[b] = p;
		correct(plan, rest[b], p, length);
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

static void
put_place(struct pair *pair, unsigned which, unsigned y, unsigned shift)
{
	pair->y[which] = (uint8_t)y;
	pair->shift[which] = (uint8_t)shift;
	pair->together = which && pair->y[0] == y && shift == pair->shift[0] + 1u;
}

/* Data stands two columns at a time from the right, up and down, around what is fixed. */
static void
place_data(struct plan *p, const struct grid *g)
{
	bool up = true;

	for (unsigned right = g->side - 1; right < g->side; right -= right == 8 ? 3 : 2, up = !up)
		for (unsigned k = 0; k < 2 * g->side; k++) {
			unsigned y = up ? g->side - 1 - k / 2 : k / 2, x = right - k % 2;
			if (g->fixed[y] >> (g->side - 1 - x) & 1)
				continue;
			put_place(&p->pair[p->n_places / 2], p->n_places % 2, y, g->side - 1 - x);
			p->n_places++;
		}
}

static unsigned
backwards(unsigned byte)
{
	byte = (byte & 0x0f) << 4 | byte >> 4;
	byte = (byte & 0x33) << 2 | (byte >> 2 & 0x33);
	return (byte & 0x55) << 1 | (byte >> 1 & 0x55);
}

static void
fill_rows(const struct plan *p, uint64_t *rows, const uint8_t *words, unsigned n)
{
	const struct pair *pair = p->pair;

	memcpy(rows, p->dark, sizeof p->dark);
	for (unsigned i = 0; i < n; i++) {
		uint64_t byte = backwards(words[i]);
		for (int k = 0; k < 4; k++, pair++, byte >>= 2)
			if (pair->together) {
				rows[pair->y[0]] |= (byte & 3) << pair->shift[0];
			} else {
				rows[pair->y[0]] |= (byte & 1) << pair->shift[0];
				rows[pair->y[1]] |= (byte >> 1 & 1) << pair->shift[1];
			}
	}
}

/* Turns a square of 64 bits by 64 over, by exchanging ever smaller blocks beside its diagonal. */
static void
turn_over(uint64_t *square)
{
	uint64_t low = UINT32_MAX;

	for (unsigned size = 32; size; size /= 2, low ^= low << size)
		for (unsigned from = 0; from < 64; from += 2 * size)
			for (unsigned i = from; i < from + size; i++) {
				uint64_t change = (square[i] >> size ^ square[i + size]) & low;
				square[i] ^= change << size;
				square[i + size] ^= change;
			}
}

/* The lines of both directions. */
static void
fill(const struct plan *p, uint64_t dark[2][QR_MAX_SIDE], const uint8_t *words, unsigned n)
{
	uint64_t square[64] = { 0 };

	fill_rows(p, dark[0], words, n);
	for (unsigned y = 0; y < p->side; y++)
		square[p->side - 1 - y] = dark[0][y];
	turn_over(square);
	for (unsigned x = 0; x < p->side; x++)
		dark[1][x] = square[p->side - 1 - x];
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
lay_masks(struct plan *p, const struct grid *g, bool across)
{
	for (unsigned mask = 0; mask < MASKS; mask++) {
		uint64_t *lines = p->mask[mask][across];
		for (unsigned y = 0; y < g->side; y++)
			lines[y] = mask_row(mask, y % 12, across) >> (60 - g->side) & ~g->fixed[y];
		write_format(lines, g->side, format_bits(mask), across);
	}
}

static struct plan *
make_plan(struct arena *out, unsigned version)
{
	struct plan *p = arena_new(out, struct plan);
	struct grid g = { 0 }, across = { 0 };

	draw_patterns(&g, version);
	transpose(&across, &g);
	p->side = g.side;
	multiply_all(p, &versions[version]);
	place_data(p, &g);
	memcpy(p->dark, g.dark, sizeof g.dark);
	lay_masks(p, &g, false);
	lay_masks(p, &across, true);
	return p;
}

/* Without the instruction, which not every processor has, the compiler calls a function. */
static unsigned
ones(uint64_t x)
{
	x -= x >> 1 & 0x5555555555555555;
	x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
	return (unsigned)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56);
}

/* A row and a column at once. */
typedef uint64_t lines2 __attribute__((vector_size(16)));
#define BOTH(x) ((lines2){ x, x })

/* The fifth and following modules of runs of one kind. */
static inline lines2
fifths(lines2 z)
{
	lines2 two = z & z >> 1;

	return two & two >> 2 & z >> 4;
}

/* How many bits are set in each quarter. */
static inline lines2
quarters(lines2 x)
{
	x -= x >> 1 & BOTH(0x5555555555555555);
	x = (x & BOTH(0x3333333333333333)) + (x >> 2 & BOTH(0x3333333333333333));
	x = (x + (x >> 4)) & BOTH(0x0f0f0f0f0f0f0f0f);
	return (x & BOTH(0x00ff00ff00ff00ff)) + (x >> 8 & BOTH(0x00ff00ff00ff00ff));
}

static unsigned
sum_of_quarters(lines2 x)
{
	return (unsigned)((x[0] * 0x0001000100010001 >> 48) + (x[1] * 0x0001000100010001 >> 48));
}

/* A run of five costs 3, each module more 1: in quarters. What looks like a finder beside four light modules is marked. */
static inline lines2
line_penalty(lines2 dark, lines2 all, lines2 *finder)
{
	lines2 light = ~dark & all, four = light & light >> 1 & light >> 2 & light >> 3, d = fifths(dark), l = fifths(light);

	*finder = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6 & (four >> 7 | four << 4);
	return quarters(d | l) + (quarters((d & ~(d >> 1)) | (l & ~(l >> 1))) << 1);
}

/* Of the code with these lines: runs, finders (40 each), squares of one kind (3 each), and how far from half of it is dark. */
static unsigned
penalty(uint64_t lines[2][QR_MAX_SIDE], unsigned side)
{
	const uint64_t *rows = lines[0], *columns = lines[1];
	uint64_t all = (UINT64_C(1) << side) - 1, pairs, above = 0;
	lines2 runs = BOTH(0), counts = BOTH(0);
	unsigned finders = 0, sum;

	for (unsigned y = 0; y < side; y++, above = pairs) {
		lines2 finder, both = { rows[y], columns[y] };
		pairs = ~(rows[y] ^ rows[y] >> 1) & all >> 1;
		runs += line_penalty(both, BOTH(all), &finder);
		if (finder[0] | finder[1])
			finders += ones(finder[0]) + ones(finder[1]);
		counts += quarters((lines2){ rows[y], y ? ~(rows[y] ^ rows[y - 1]) & pairs & above : 0 });
	}
	sum = sum_of_quarters(runs) + 40 * finders + 3 * sum_of_quarters((lines2){ 0, counts[1] });
	return sum + 10 * (apart(100 * sum_of_quarters((lines2){ counts[0], 0 }), 50 * side * side) / (5 * side * side));
}

/* Under any mask a code is read. The standard would have the lowest of eight penalties; modules at random score about three for four, and
 * columns of three, which part both runs and what padding repeats, come within a fiftieth of the lowest nearly always: tried first. */
#define FIRST_MASK 2

static void
choose_mask(struct qr *code, const struct plan *plan, uint64_t dark[2][QR_MAX_SIDE])
{
	unsigned best = UINT32_MAX, enough = plan->side * plan->side * 3 / 4;

	code->side = plan->side;
	for (unsigned i = 0; i < MASKS && best > enough; i++) {
		unsigned mask = (FIRST_MASK + i) % MASKS, p;
		uint64_t lines[2][QR_MAX_SIDE];
		for (unsigned y = 0; y < plan->side; y++) {
			lines[0][y] = dark[0][y] ^ plan->mask[mask][0][y];
			lines[1][y] = dark[1][y] ^ plan->mask[mask][1][y];
		}
		p = penalty(lines, plan->side);
		if (p < best)
			memcpy(code->rows, lines[0], plan->side * sizeof lines[0][0]);
		best = p < best ? p : best;
	}
}

struct qr_maker *
qr_maker_new(struct arena *out)
{
	struct qr_maker *m = arena_new(out, struct qr_maker);

	m->out = out;
	return m;
}

bool
qr_encode(struct qr_maker *m, struct qr *code, str text)
{
	unsigned v = version_for(text.len), n;
	uint8_t words[MAX_CODEWORDS];
	uint64_t dark[2][QR_MAX_SIDE];

	if (v == 0)
		return false;
	if (!m->plans[v])
		m->plans[v] = make_plan(m->out, v);
	n = interleave(m->plans[v], words, v, text);
	fill(m->plans[v], dark, words, n);
	choose_mask(code, m->plans[v], dark);
	return true;
}

static char *
put_number(char *p, unsigned n)   /* below 100 */
{
	if (n > 9)
		*p++ = (char)('0' + n / 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

/* A row's runs of dark modules, at most 29 of 8 bytes: the first at its place, the others so many light ones further. */
static char *
put_row(char *p, uint64_t row, unsigned y)
{
	for (bool first = true; row; first = false) {
		unsigned light = (unsigned)__builtin_clzll(row), dark;
		row <<= light;
		dark = (unsigned)__builtin_clzll(~row);          /* the lowest bits are never set */
		row <<= dark;
		if (!first && light < 10 && dark < 10) {
			memcpy(p, "m0 0h0", 6);
			p[1] = (char)('0' + light);
			p[5] = (char)('0' + dark);
			p += 6;
			continue;
		}
		*p++ = first ? 'M' : 'm';
		p = put_number(p, light);
		*p++ = ' ';
		p = put_number(p, first ? y : 0);
		if (first)
			p = (char *)memcpy(p, ".5", 2) + 2;
		*p++ = 'h';
		p = put_number(p, dark);
	}
	return p;
}

void
qr_path(const struct qr *code, struct buf *b)
{
	char line[256];

	for (unsigned y = 0; y < code->side; y++) {
		const char *end = put_row(line, code->rows[y] << (64 - code->side), y);
		buf_put(b, (str){ line, (size_t)(end - line) });
	}
}
