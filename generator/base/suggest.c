#include "base/suggest.h"

/* Long enough for any name people type; bounds the table on the stack. */
#define MAX_LENGTH 64

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

unsigned
suggest_distance(str a, str b)
{
	unsigned rows[3][MAX_LENGTH + 1];
	size_t n = a.len < MAX_LENGTH ? a.len : MAX_LENGTH, m = b.len < MAX_LENGTH ? b.len : MAX_LENGTH;

	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = rows[i % 3], *before = rows[(i - 1) % 3], *twice = rows[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = min3(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]));
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] && twice[j - 2] + 1 < now[j])
				now[j] = twice[j - 2] + 1;
		}
	}
	return rows[n % 3][m];
}

/* Lower case without accents, of what Latin-1 has: people type « Été » for « ete ». */
static str
fold(str s, char out[MAX_LENGTH])
{
	static const char plain[] = "aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo/ouuuuypy";
	size_t n = 0;

	for (size_t i = 0; i < s.len && n < MAX_LENGTH; i++) {
		unsigned char c = (unsigned char)s.ptr[i], next = i + 1 < s.len ? (unsigned char)s.ptr[i + 1] : 0;
		if (c == 0xc3 && next >= 0x80 && next < 0xc0) {
			out[n++] = plain[next - 0x80];
			i++;
		} else {
			out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : (char)c;
		}
	}
	return (str){ out, n };
}

str
suggest_nearest(str word, const str *candidates, size_t n)
{
	unsigned limit = (unsigned)(word.len / 3), best;
	char typed[MAX_LENGTH], meant[MAX_LENGTH];
	str nearest = STR_NONE;

	limit = limit < 1 ? 1 : limit > 3 ? 3 : limit;
	best = limit + 1;
	for (size_t i = 0; i < n; i++) {
		unsigned d = suggest_distance(fold(word, typed), fold(candidates[i], meant));
		if (d < best) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}
