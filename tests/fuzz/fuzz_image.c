/* Pictures of any bytes, and pictures damaged at any places: never a crash, and what comes out is a picture that is cleaned for good.
 * SVG the same way: what was found fine is fine when it is cleaned. */
#include <stdlib.h>

#include "../unit/image_fixture.h"
#include "media/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_picture(str bytes)
{
	struct media_image image, again;

	if (!media_read_image(S("a.jpg"), bytes, &arena, &image)) {
		require(image.fault != IMAGE_FINE && image.where <= bytes.len);
		return;
	}
	require(image.mime.ptr && image.width && image.height && image.bytes.len <= bytes.len + 64);
	require(media_read_image(S("a.jpg"), image.bytes, &arena, &again));
	require(str_equal(again.bytes, image.bytes) && again.width == image.width && again.height == image.height);
}

static void
check_svg(str bytes)
{
	struct files files;
	struct diag diag;
	str cleaned;

	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	if (!media_check_svg(bytes, 0, false, &diag))
		return;
	cleaned = media_clean_svg(bytes, &arena);
	if (!cleaned.ptr)
		return;
	require(media_check_svg(cleaned, 0, false, &diag));
	require(str_equal(media_clean_svg(cleaned, &arena), cleaned));
}

/* The first byte chooses: the bytes as they are, or one of the pictures of the fixture, changed at places that triples of bytes give. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct picture p;
	size_t kind;

	if (size < 2)
		return 0;
	arena_init(&arena, &page_source_malloc);
	kind = data[0] % (PICTURE_KINDS + 1);
	if (kind == PICTURE_KINDS) {
		check_picture((str){ (const char *)data + 1, size - 1 });
		check_svg((str){ (const char *)data + 1, size - 1 });
	} else {
		picture_kinds[kind].make(&p, 1 + (data[1] & 7), data[1] >> 4);
		for (size_t i = 2; i + 2 < size; i += 3)
			p.ptr[(data[i] | (size_t)data[i + 1] << 8) % p.len] ^= data[i + 2];
		check_picture(picture_str(&p));
	}
	arena_free(&arena);
	return 0;
}
