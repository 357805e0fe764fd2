/* A pack file of any bytes: never a crash. A pack damaged at any places: what comes out is what markdown_render gives, unless
 * the damage was sealed with right checksums, and then at least its texts are no longer than the file and its holes lie within the HTML. */
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

/* Whatever the file says, its texts are no longer than it. */
static void
check_sound(const struct markdown *md, size_t most)
{
	size_t size = md->html.len + md->plain.len;
	uint32_t from = 0;

	for (uint32_t i = 0; i < md->n_holes; i++) {
		require(md->holes[i].at >= from && md->holes[i].at <= md->html.len && md->holes[i].text_at <= md->html.len);
		from = md->holes[i].at;
		size += md->holes[i].target.len;
	}
	for (uint32_t i = 0; i < md->n_headings; i++) {
		require(md->headings[i].level >= 2 && md->headings[i].level <= 6);
		size += md->headings[i].id.len + md->headings[i].text.len;
	}
	require(size <= most);
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

/* The texts are read until pack_close. */
static struct pack *
rendered(str file, struct markdown *md)
{
	struct pack *p = pack_new(file, S("1"), 1, &arena);

	require(pack_render(pack_worker(p, 0), md, body, &markdown_options_default, &arena, &diag));
	return p;
}

static str
file_of(struct pack *p)
{
	str *parts;
	size_t n;

	return pack_parts(p, &arena, &parts, &n) ? str_join(&arena, parts, n, STR_NONE) : STR_NONE;
}

/* Where the checksum of the index stands, and the only piece; the index, of which the piece's own checksum is the end, comes after it. */
enum { INDEX_SUM = 8, PIECE = 32, ENTRY = 40, SUM = 8 };

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
		if (!seal || (at >= PIECE && at < len - ENTRY))
			file[at] ^= (char)data[i + 2];
	}
	if (seal) {
		put_sum(file, len - SUM, PIECE, len - ENTRY);
		put_sum(file, INDEX_SUM, len - ENTRY, len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct markdown direct, packed;
	struct pack *p;
	str damaged;

	if (size < 2)
		return 0;
	markdown_init();
	arena_init(&arena, &page_source_malloc);
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	require(markdown_render(&direct, body, &markdown_options_default, &arena, &diag));
	p = rendered((str){ (const char *)data, size }, &packed);
	require(same(&direct, &packed));
	damaged = file_of(p);
	pack_close(p);
	require(damaged.len > PIECE + ENTRY);
	/* Undamaged it is found, or what follows would prove nothing. */
	p = rendered(damaged, &packed);
	require(pack_counts(p).found == 1 && same(&direct, &packed));
	pack_close(p);
	damage((char *)(uintptr_t)damaged.ptr, damaged.len, data + 1, size - 1, data[0] & 1);
	p = rendered(damaged, &packed);
	check_sound(&packed, damaged.len);
	require(data[0] & 1 || same(&direct, &packed));
	pack_close(p);
	arena_free(&arena);
	return 0;
}
