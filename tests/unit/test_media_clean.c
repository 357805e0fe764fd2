/* media: pictures without metadata. What is left is the picture, told by what decoders need; nothing that was planted survives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "image_fixture.h"
#include "media/media.h"

static struct arena arena;
static struct picture picture;

static int
begin(void **state)
{
	(void)state;
	arena_init(&arena, &page_source_malloc);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct media_image
cleaned(const struct picture *p)
{
	struct media_image image;

	if (!media_read_image(S("photo"), picture_str(p), &arena, &image))
		print_message("fault %d, %.*s at %zu\n", image.fault, STR_ARG(image.what), image.where);
	assert_int_equal(image.fault, IMAGE_FINE);
	return image;
}

static bool
holds(str s, str part)
{
	size_t at;

	return str_find(s, part, &at);
}

static str
between(str s, str from, str to)
{
	size_t start, stop;

	assert_true(str_find(s, from, &start));
	s = str_slice(s, start, s.len);
	assert_true(str_find(s, to, &stop));
	return str_slice(s, 0, stop + to.len);
}

/* Every kind with everything beside the pixels, in every orientation: size as seen, nothing planted, and again the same. */
static void
test_all_kinds(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < PICTURE_KINDS; kind++)
		for (unsigned with = 0; with < 16; with++)
			for (unsigned orientation = 1; orientation <= 8; orientation++) {
				const struct picture_kind *k = &picture_kinds[kind];
				bool turned = k->turns && orientation > 4;
				struct media_image image, again;
				k->make(&picture, orientation, with);
				image = cleaned(&picture);
				assert_true(str_equal(image.mime, str_from_c(k->mime)));
				assert_int_equal(image.width, turned ? PICTURE_HEIGHT : PICTURE_WIDTH);
				assert_int_equal(image.height, turned ? PICTURE_WIDTH : PICTURE_HEIGHT);
				assert_int_equal(image.orientation, k->turns ? orientation : 1);
				assert_false(holds(image.bytes, S(PLANTED)));
				assert_true(media_read_image(S(""), image.bytes, &arena, &again));
				assert_true(str_equal(again.bytes, image.bytes));
				assert_int_equal(again.orientation, image.orientation);
				arena_reset(&arena);
			}
}

/* A picture with nothing beside its pixels comes out as it went in. */
static void
test_nothing_to_take(void **state)
{
	(void)state;
	for (size_t kind = 1; kind < PICTURE_KINDS; kind++) {
		if (picture_kinds[kind].make == picture_webp_animated)
			continue;        /* its frames carry something */
		picture_kinds[kind].make(&picture, 1, 0);
		assert_true(str_equal(cleaned(&picture).bytes, picture_str(&picture)));
	}
}

static void
test_jpeg(void **state)
{
	struct picture wanted = { .len = 0 }, coded = { .len = 0 };
	(void)state;

	/* exactly: JFIF without its thumbnail, an orientation, the transformation of colours, a profile, and the picture to the last byte */
	picture_jpeg(&picture, 6, WITH_METADATA | WITH_PROFILE | WITH_TRAILER);
	picture_text(&wanted, "\xFF\xD8");
	jpeg_text(&wanted, 0xE0, "JFIF\0\1\2\1\0\x48\0\x48\0\0");
	jpeg_text(&wanted, 0xE1, "Exif\0\0MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0");
	jpeg_text(&wanted, 0xEE, "Adobe\0\x64\0\0\0\0\1");
	jpeg_coded(&coded);
	picture_put(&wanted, coded.ptr, coded.len);
	/* the false profile makes the true one of no use: both go */
	assert_true(str_equal(cleaned(&picture).bytes, picture_str(&wanted)));
	picture_jpeg(&picture, 6, WITH_PROFILE);
	assert_true(holds(cleaned(&picture).bytes, S("ICC_PROFILE\0\1\1\0\0\0\x84")));
	assert_true(holds(cleaned(&picture).bytes, picture_str(&coded)));
	/* fill bytes before markers, and none of them within what stays */
	picture.len = 0;
	picture_text(&picture, "\xFF\xD8\xFF\xFF\xFF");
	picture_put(&picture, "\xFE\0\2", 3);
	picture_put(&picture, coded.ptr, coded.len);
	assert_int_equal(cleaned(&picture).bytes.len, 2 + coded.len);
}

static void
test_png(void **state)
{
	struct picture bare = { .len = 0 };
	str bytes;
	(void)state;

	picture_png(&bare, 1, 0);
	picture_png(&picture, 8, WITH_METADATA | WITH_PROFILE | WITH_TRAILER | WITH_LITTLE_ENDIAN);
	bytes = cleaned(&picture).bytes;
	assert_true(holds(bytes, S("\0\0\0\x1a" "eXIfMM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\x08\0\0\0\0\0\0")));
	assert_true(holds(bytes, S("iCCPicc\0\0\x78\x9c\3\0\0\0\0\1")));
	assert_true(holds(bytes, S("gAMA\0\0\xb1\x8f")));
	assert_true(str_equal(between(bytes, S("PLTE"), S("IEND")), between(picture_str(&bare), S("PLTE"), S("IEND"))));
	/* the browser checks what it is given */
	for (size_t at = 8; at < bytes.len;) {
		const unsigned char *p = (const unsigned char *)bytes.ptr + at;
		size_t len = (size_t)p[2] << 8 | p[3];
		uint32_t crc = (uint32_t)p[8 + len] << 24 | (uint32_t)p[9 + len] << 16 | (uint32_t)p[10 + len] << 8 | p[11 + len];
		assert_int_equal(crc, png_crc(p + 4, len + 4));
		at += len + 12;
	}
}

static void
test_webp(void **state)
{
	str bytes;
	uint32_t size;
	(void)state;

	picture_webp(&picture, 6, WITH_METADATA | WITH_PROFILE | WITH_TRAILER);
	bytes = cleaned(&picture).bytes;
	size = (uint32_t)(unsigned char)bytes.ptr[4] | (uint32_t)(unsigned char)bytes.ptr[5] << 8;
	assert_int_equal(size, bytes.len - 8);
	assert_true(holds(bytes, S("VP8X\x0a\0\0\0\x38\0\0\0\x2b\1\0\xc7\0\0ICCP")));
	assert_true(holds(bytes, S("VP8 \x0d\0\0\0" WEBP_LOSSY "\0" "EXIF\x1a\0\0\0MM")));
	picture_webp(&picture, 1, WITH_METADATA);
	assert_true(holds(cleaned(&picture).bytes, S("VP8X\x0a\0\0\0\x10\0\0\0")));
	picture_webp_animated(&picture, 1, 0);
	assert_true(holds(cleaned(&picture).bytes, S("ANMF\x1e\0\0\0\0\0\0\0\0\0\x2b\1\0\xc7\0\0\x64\0\0\0VP8L")));
}

static void
test_gif(void **state)
{
	struct picture bare = { .len = 0 };
	(void)state;

	picture_gif(&bare, 1, 0);
	picture_gif(&picture, 1, WITH_METADATA | WITH_TRAILER);
	assert_true(str_equal(cleaned(&picture).bytes, picture_str(&bare)));
}

/* --- malformed files --- */

static struct media_image
fault(str name, str bytes)
{
	struct media_image image;

	assert_false(media_read_image(name, bytes, &arena, &image));
	return image;
}

/* Cut anywhere before its end, a picture is never taken for whole. */
static void
test_cut(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < PICTURE_KINDS; kind++) {
		picture_kinds[kind].make(&picture, 6, WITH_METADATA | WITH_PROFILE);
		for (size_t n = 16; n < picture.len; n++) {
			char *copy = malloc(n);        /* the sanitizers see a byte too far */
			struct media_image image;
			memcpy(copy, picture.ptr, n);
			image = fault(S("photo.jpg"), (str){ copy, n });
			assert_true(image.fault == IMAGE_CUT || image.fault == IMAGE_BROKEN);
			assert_true(image.where <= n);
			free(copy);
			arena_reset(&arena);
		}
	}
}

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Damaged anywhere: refused with a reason, or still a picture, cleaned once and for all. */
static void
test_damaged(void **state)
{
	uint64_t random = 88172645463325252u;
	(void)state;

	for (unsigned round = 0; round < 30000; round++) {
		struct media_image image, again;
		picture_kinds[round % PICTURE_KINDS].make(&picture, 1 + round % 8, round % 16);
		for (unsigned i = 0; i <= round % 3; i++)
			picture.ptr[next_random(&random) % picture.len] = (unsigned char)next_random(&random);
		if (media_read_image(S("photo.png"), picture_str(&picture), &arena, &image)) {
			assert_true(image.width && image.height);
			assert_true(image.bytes.len <= picture.len + 64);
			assert_true(media_read_image(S(""), image.bytes, &arena, &again));
			assert_true(str_equal(again.bytes, image.bytes));
			assert_int_equal(again.width, image.width);
		} else {
			assert_true(image.fault != IMAGE_FINE && (image.what.len || image.fault == IMAGE_UNKNOWN || image.fault == IMAGE_TOO_LARGE));
		}
		arena_reset(&arena);
	}
}

static void
wrong(enum image_fault wanted, const char *what, const struct picture *p)
{
	struct media_image image = fault(S("photo"), picture_str(p));

	if (image.fault != wanted || !str_equal(image.what, str_from_c(what)))
		print_message("wanted %s, got fault %d, %.*s\n", what, image.fault, STR_ARG(image.what));
	assert_int_equal(image.fault, wanted);
	assert_true(str_equal(image.what, str_from_c(what)));
}

static unsigned char *
at(struct picture *p, str what)
{
	size_t place;

	assert_true(str_find(picture_str(p), what, &place));
	return p->ptr + place;
}

/* What is wrong is named. */
static void
test_names_of_faults(void **state)
{
	(void)state;
	picture_jpeg(&picture, 1, 0);
	at(&picture, S("\xFF\xDB"))[4] = 0x35;
	wrong(IMAGE_BROKEN, "DQT", &picture);
	picture_jpeg(&picture, 1, 0);
	at(&picture, S("\xFF\xC2"))[1] = 0xC3;      /* lossless, which no browser shows */
	wrong(IMAGE_BROKEN, "SOF", &picture);
	picture_jpeg(&picture, 1, 0);
	at(&picture, S("\xFF\xC4"))[5] = 9;         /* a code too many */
	wrong(IMAGE_BROKEN, "DHT", &picture);
	picture.len = 0;
	picture_text(&picture, "\xFF\xD8\xFF\xD9");
	wrong(IMAGE_BROKEN, "SOS", &picture);
	picture_png(&picture, 1, 0);
	at(&picture, S("IHDR"))[12] = 7;            /* of 7 bits: and then the sum is wrong too */
	wrong(IMAGE_BROKEN, "IHDR", &picture);
	picture_png(&picture, 1, 0);
	at(&picture, S("PLTE"))[5] ^= 1;            /* only the sum is wrong */
	wrong(IMAGE_BROKEN, "PLTE", &picture);
	picture_png(&picture, 1, 0);
	at(&picture, S("tRNS"))[0] = 'T';           /* critical, and unknown */
	wrong(IMAGE_BROKEN, "chunk", &picture);
	picture_webp(&picture, 1, 0);
	at(&picture, S("VP8L"))[8] = 0;
	wrong(IMAGE_BROKEN, "VP8L", &picture);
	picture_webp(&picture, 1, WITH_METADATA);
	at(&picture, S("VP8X"))[12]++;              /* the picture does not fill the canvas */
	wrong(IMAGE_BROKEN, "VP8", &picture);
	picture_gif(&picture, 1, 0);
	at(&picture, S("\x21\xF9"))[0] = 0x22;
	wrong(IMAGE_BROKEN, "0x2C", &picture);
}

static void
test_not_published(void **state)
{
	static const struct { const char *name; str bytes; enum image_fault fault; const char *what; } cases[] = {
		{ "a.heic", S_INIT("\0\0\0\x18" "ftypheic\0\0\0\0"), IMAGE_FORMAT, "HEIC" }, { "a.jpg", S_INIT("\0\0\0\x18" "ftypmif1\0\0\0\0"), IMAGE_FORMAT, "HEIC" },
		{ "a.avif", S_INIT("\0\0\0\x14" "ftypavif\0\0\0\0"), IMAGE_FORMAT, "AVIF" }, { "a.pdf", S_INIT("II*\0\x08\0\0\0"), IMAGE_FORMAT, "TIFF" },
		{ "a.DNG", S_INIT("?"), IMAGE_FORMAT, "DNG" }, { "a.JPG", S_INIT("bonjour"), IMAGE_UNKNOWN, "" }, { "a.png", S_INIT(""), IMAGE_UNKNOWN, "" },
	};
	struct media_image image;
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		image = fault(str_from_c(cases[i].name), cases[i].bytes);
		assert_int_equal(image.fault, cases[i].fault);
		assert_true(str_equal(image.what, str_from_c(cases[i].what)));
	}
	/* a file that is no picture is nobody's fault, and stays as it is */
	assert_true(media_read_image(S("a.pdf"), S("%PDF-1.7"), &arena, &image));
	assert_false(image.mime.ptr);
	assert_true(str_equal(image.bytes, S("%PDF-1.7")));
	/* 30 000 × 30 000 */
	picture_png(&picture, 1, 0);
	memcpy(at(&picture, S("IHDR")) + 4, "\0\0\x75\x30\0\0\x75\x30", 8);
	memcpy(at(&picture, S("IHDR")) + 17, (unsigned char[4]){ 0 }, 4);
	{
		uint32_t crc = png_crc(at(&picture, S("IHDR")), 17);
		unsigned char sum[4] = { (unsigned char)(crc >> 24), (unsigned char)(crc >> 16), (unsigned char)(crc >> 8), (unsigned char)crc };
		memcpy(at(&picture, S("IHDR")) + 17, sum, 4);
	}
	assert_int_equal(fault(S("a.png"), picture_str(&picture)).fault, IMAGE_TOO_LARGE);
}

/* Segments of metadata in any number, order and place, around any picture: none of them shows. */
static void
test_random_metadata(void **state)
{
	uint64_t random = 1181783497276652981u;
	struct picture bare = { .len = 0 };
	(void)state;

	jpeg_coded(&bare);
	for (unsigned round = 0; round < 3000; round++) {
		struct media_image image;
		picture.len = 0;
		picture_text(&picture, "\xFF\xD8");
		for (unsigned n = (unsigned)(next_random(&random) % 12); n > 0; n--) {
			unsigned marker = next_random(&random) % 17 == 16 ? 0xFE : 0xE0 + (unsigned)(next_random(&random) % 16);
			static const str leads[] = { S_INIT("Exif\0\0"), S_INIT("JFIF\0"), S_INIT("ICC_PROFILE\0\1\1"), S_INIT("Adobe"), S_INIT("Adobe\0\x64\0\0\0\0\1"), S_INIT(""), S_INIT("MPF\0") };
			struct picture part = { .len = 0 };
			str lead = leads[next_random(&random) % 7];
			picture_put(&part, lead.ptr, lead.len);
			if (next_random(&random) % 2 && str_equal(lead, leads[0]))
				picture_tiff(&part, (unsigned)(next_random(&random) % 10), next_random(&random) % 2);
			/* the few bytes that say how colours or pixels are laid out stay */
			if (str_equal(lead, leads[1]) || str_equal(lead, leads[3]))
				picture_text(&part, "\1\2\3\4\5\6\7\0\0");
			picture_text(&part, PLANTED);
			jpeg_segment(&picture, marker, part.ptr, part.len);
		}
		picture_put(&picture, bare.ptr, bare.len);
		picture_text(&picture, PLANTED);
		image = cleaned(&picture);
		assert_false(holds(image.bytes, S(PLANTED)));
		assert_true(str_ends(image.bytes, picture_str(&bare)));
		arena_reset(&arena);
	}
}

/* --- SVG --- */

#define OPEN "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 1 1'>"

static void
test_svg(void **state)
{
	static const struct { const char *from, *to; } cases[] = {
		{ OPEN "<path d='M0 0'/></svg>", OPEN "<path d='M0 0'/></svg>" },
		{ "<?xml version='1.0'?>\n<!-- SECRET --><!DOCTYPE svg>" OPEN "<!-- SECRET --><title>Le <!--SECRET-->col</title></svg><!-- SECRET -->\n",
		    "<?xml version='1.0'?>" OPEN "<title>Le col</title></svg>" },
		{ OPEN "<metadata><r:RDF xmlns:r='urn:r'><a/>SECRET</r:RDF></metadata><g/><metadata/></svg>", OPEN "<g/></svg>" },
		{ "<svg xmlns='http://www.w3.org/2000/svg' xmlns:i='http://inkscape' i:name=\"SECRET>\" data-par='SECRET'><i:x><path/>SECRET</i:x><path i:y = 'SECRET' d='M0 0' /></svg>",
		    "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0' /></svg>" },
		{ "<s:svg xmlns:s='http://www.w3.org/2000/svg' xmlns:l='http://www.w3.org/1999/xlink'><s:use l:href='#a' xml:space='preserve'/></s:svg>",
		    "<s:svg xmlns:s='http://www.w3.org/2000/svg' xmlns:l='http://www.w3.org/1999/xlink'><s:use l:href='#a' xml:space='preserve'/></s:svg>" },
		{ OPEN "<style>a > b { fill: red }</style></svg>", OPEN "<style>a > b { fill: red }</style></svg>" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		str got = media_clean_svg(str_from_c(cases[i].from), &arena);
		if (!str_equal(got, str_from_c(cases[i].to)))
			print_message("%.*s\n", STR_ARG(got));
		assert_true(str_equal(got, str_from_c(cases[i].to)));
	}
}

/* Base64, lines broken as programs break them. */
static str
base64(str s, str line_end)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	str out = S("");

	for (size_t i = 0; i < s.len; i += 3) {
		unsigned char b[3] = { 0 };
		char four[4];
		size_t n = s.len - i < 3 ? s.len - i : 3;
		memcpy(b, s.ptr + i, n);
		four[0] = digits[b[0] >> 2];
		four[1] = digits[(b[0] & 3) << 4 | b[1] >> 4];
		four[2] = n > 1 ? digits[(b[1] & 15) << 2 | b[2] >> 6] : '=';
		four[3] = n > 2 ? digits[b[2] & 63] : '=';
		out = str_cat(&arena, out, ((str){ four, 4 }), i % 57 == 54 ? line_end : S(""));
	}
	return out;
}

/* A photograph carried along in a drawing is one like others. */
static void
test_svg_pictures(void **state)
{
	static const str ends[] = { S_INIT(""), S_INIT("\n"), S_INIT("&#xA;"), S_INIT(" ") };
	(void)state;

	for (size_t kind = 0; kind < PICTURE_KINDS; kind++)
		for (size_t e = 0; e < 4; e++) {
			str head = str_cat(&arena, S(OPEN "<image xlink:href='data:"), str_from_c(picture_kinds[kind].mime), S(";base64,")), wanted, got;
			picture_kinds[kind].make(&picture, 6, WITH_METADATA | WITH_TRAILER);
			wanted = str_cat(&arena, head, base64(cleaned(&picture).bytes, S("")), S("' width='1'/></svg>"));
			got = media_clean_svg(str_cat(&arena, head, base64(picture_str(&picture), ends[e]), S("' width='1'/></svg>")), &arena);
			assert_true(str_equal(got, wanted));
			arena_reset(&arena);
		}
	assert_null(media_clean_svg(S(OPEN "<image href='data:image/png;base64,AAAA'/></svg>"), &arena).ptr);
	assert_null(media_clean_svg(S(OPEN "<image href='data:image/png,%89PNG'/></svg>"), &arena).ptr);
	assert_null(media_clean_svg(S(OPEN "\0</svg>"), &arena).ptr);
	assert_null(media_clean_svg(S("<svg"), &arena).ptr);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_kinds), cmocka_unit_test(test_nothing_to_take), cmocka_unit_test(test_jpeg), cmocka_unit_test(test_png),
		cmocka_unit_test(test_webp), cmocka_unit_test(test_gif), cmocka_unit_test(test_cut), cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_names_of_faults), cmocka_unit_test(test_not_published), cmocka_unit_test(test_random_metadata),
		cmocka_unit_test(test_svg), cmocka_unit_test(test_svg_pictures),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
