/* A pack file of any bytes: never a crash. A pack damaged at any places: what comes out is what markdown_render gives, unless
 * the damage was sealed with right checksums, and then at least its texts lie within the file and its holes within the HTML. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "document/pack.h"
#include "os/os.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const str body = S_INIT("## Un\n\n[a](offre:b) [](c:d) ![e](f.png)\n\n| g |\n| - |\n| h |\n\n### Deux\n\n~~i~~ https://exemple.fr\n");
static struct arena arena;
static struct files files;
static struct diag diag;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static bool
within(str piece, str whole)
{
	return piece.len == 0 || (piece.ptr >= whole.ptr && piece.ptr + piece.len <= whole.ptr + whole.len);
}

static void
check_sound(const struct markdown *md, str file)
{
	uint32_t from = 0;

	for (uint32_t i = 0; i < md->n_holes; i++) {
		require(md->holes[i].at >= from && md->holes[i].at <= md->html.len && md->holes[i].text_at <= md->html.len);
		require(!file.len || within(md->holes[i].target, file));
		from = md->holes[i].at;
	}
	for (uint32_t i = 0; i < md->n_headings; i++)
		require(md->headings[i].level >= 2 && md->headings[i].level <= 6);
}

static bool
same(const struct markdown *a, const struct markdown *b)
{
	bool equal = str_equal(a->html, b->html) && str_equal(a->plain, b->plain) && a->n_holes == b->n_holes && a->n_headings == b->n_headings;

	for (uint32_t i = 0; equal && i < a->n_holes; i++)
		equal = str_equal(a->holes[i].target, b->holes[i].target) && a->holes[i].at == b->holes[i].at && a->holes[i].start == b->holes[i].start;
	for (uint32_t i = 0; equal && i < a->n_headings; i++)
		equal = str_equal(a->headings[i].id, b->headings[i].id) && str_equal(a->headings[i].text, b->headings[i].text);
	return equal;
}

static struct markdown
rendered(str file, str *made)
{
	struct pack *p = pack_new(file, S("1"), 1, &arena);
	struct markdown md;
	str *parts;
	size_t n;

	require(pack_render(pack_worker(p, 0), &md, body, &markdown_options_default, &arena, &diag));
	if (made)
		*made = pack_parts(p, &arena, &parts, &n) ? str_join(&arena, parts, n, STR_NONE) : STR_NONE;
	pack_close(p);
	return md;
}

/* Where checksums stand: that of the index, that of the only piece in it; and what comes after them. */
enum { INDEX_SUM = 8, INDEX = 24, PIECE_SUM = INDEX + 32, PIECE = INDEX + 40 };

static void
put_sum(char *file, size_t at, size_t from, size_t to)
{
	uint64_t sum = hash64((str){ file + from, to - from });

	memcpy(file + at, &sum, sizeof sum);
}

/* Triples of the data change the byte at a place; with `seal` only those of the piece, and the checksums are made right again. */
static void
damage(char *file, size_t len, const uint8_t *data, size_t size, bool seal)
{
	for (size_t i = 0; i + 2 < size; i += 3) {
		size_t at = (data[i] | (size_t)data[i + 1] << 8) % len;
		if (!seal || at >= PIECE)
			file[at] ^= (char)data[i + 2];
	}
	if (seal) {
		put_sum(file, PIECE_SUM, PIECE, len);
		put_sum(file, INDEX_SUM, INDEX, PIECE);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct markdown direct, packed;
	str file, damaged;

	if (size < 2)
		return 0;
	markdown_init();
	arena_init(&arena, &page_source_malloc);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	require(markdown_render(&direct, body, &markdown_options_default, &arena, &diag));
	packed = rendered((str){ (const char *)data, size }, &file);
	require(same(&direct, &packed));
	require(file.len > 0);
	damaged = str_copy(&arena, file);
	damage((char *)(uintptr_t)damaged.ptr, damaged.len, data + 1, size - 1, data[0] & 1);
	packed = rendered(damaged, NULL);
	check_sound(&packed, within(packed.html, damaged) ? damaged : STR_NONE);
	require(data[0] & 1 || same(&direct, &packed));
	arena_free(&arena);
	return 0;
}
