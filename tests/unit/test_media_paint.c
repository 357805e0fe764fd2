/* media: drawings painted as PNG, read back by libpng. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <png.h>
#include <string.h>

#include "media/media.h"

static struct arena arena;
static unsigned char pixels[100 * 100 * 3];

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

/* Paints these elements on a window of 100 × 100 pixels. */
static void
paint_in(const char *box, const char *elements)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	str svg = str_format(&arena, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%s\" width=\"100\" height=\"100\">%s</svg>", box, elements), png, fault;

	if (!media_paint(svg, &arena, &png, &fault))
		fail_msg("%.*s", STR_ARG(fault));
	assert_true(png_image_begin_read_from_memory(&image, png.ptr, png.len));
	assert_int_equal(image.width, 100);
	assert_int_equal(image.height, 100);
	image.format = PNG_FORMAT_RGB;
	assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
}

static void
paint(const char *elements)
{
	paint_in("0 0 100 100", elements);
}

static unsigned
at(unsigned x, unsigned y)
{
	const unsigned char *p = pixels + 3 * (100 * y + x);

	return (unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2];
}

/* How much of the canvas is black, edges by their share. */
static double
ink(void)
{
	double sum = 0;

	for (size_t i = 0; i < 100 * 100; i++)
		sum += 1 - pixels[3 * i] / 255.0;
	return sum;
}

static void
test_rectangle(void **state)
{
	(void)state;
	paint("<path fill=\"#000000\" d=\"M10 20h30v40H10z\"/>");
	assert_int_equal(at(10, 20), 0);
	assert_int_equal(at(39, 59), 0);
	assert_int_equal(at(9, 20), 0xffffff);
	assert_int_equal(at(40, 59), 0xffffff);
	assert_true(fabs(ink() - 1200) < 0.01);
}

static void
test_half_pixels(void **state)
{
	(void)state;
	paint("<path fill=\"#000000\" d=\"M10.5 20.5h1v1h-1z\"/>");
	assert_int_equal(at(10, 20), 0xbfbfbf);
	assert_int_equal(at(11, 21), 0xbfbfbf);
	assert_true(fabs(ink() - 1) < 0.01);
}

static void
test_slopes_and_curves(void **state)
{
	(void)state;
	paint("<path fill=\"#000000\" d=\"M0 0L100 0L0 100z\"/>");
	assert_true(fabs(ink() - 5000) < 2);
	paint("<path fill=\"#000000\" d=\"M10 50a40 40 0 0 1 80 0a40 40 0 0 1-80 0z\"/>");
	assert_true(fabs(ink() - 3.14159265 * 1600) < 8);
	/* a large arc, three quarters of a circle with its chord */
	paint("<path fill=\"#000000\" d=\"M50 10A40 40 0 1 0 90 50z\"/>");
	assert_true(fabs(ink() - (0.75 * 3.14159265 + 0.5) * 1600) < 8);
	assert_int_equal(at(85, 15), 0xffffff);
	paint("<path fill=\"#000000\" d=\"M0 100Q50 0 100 100z\"/>");
	assert_true(fabs(ink() - 10000.0 / 3) < 6);
	paint("<path fill=\"#000000\" d=\"M0 50C0 0 50 0 50 50S100 100 100 50V50z\"/>");
	assert_true(fabs(ink() - 3000) < 8);
}

static void
test_rules(void **state)
{
	(void)state;
	paint("<path fill=\"#000000\" d=\"M0 0h50v50h-50zM10 10h10v10h-10z\"/>");
	assert_true(fabs(ink() - 2500) < 0.01);
	paint("<path fill=\"#000000\" fill-rule=\"evenodd\" d=\"M0 0h50v50h-50zM10 10h10v10h-10z\"/>");
	assert_true(fabs(ink() - 2400) < 0.01);
	paint("<path fill=\"#000000\" opacity=\"0.5\" d=\"M0 0h50v50h-50z\"/>");
	assert_int_equal(at(5, 5), 0x7f7f7f);
	paint("<path fill=\"#000000\" d=\"M-500 40H600v20H-500z\"/>");
	assert_true(fabs(ink() - 2000) < 0.01);
}

static void
test_strokes(void **state)
{
	(void)state;
	paint("<path fill=\"none\" stroke=\"#000000\" stroke-width=\"4\" d=\"M10 50H90\"/>");
	assert_true(fabs(ink() - 320) < 0.01);
	/* butt ends, one mitred corner: two arms of 40 and the square between them */
	paint("<path fill=\"none\" stroke=\"#000000\" stroke-width=\"4\" d=\"M10 10V52H52\"/>");
	assert_true(fabs(ink() - (42 * 4 + 42 * 4)) < 0.5);
	paint("<path fill=\"none\" stroke=\"#000000\" stroke-width=\"2\" d=\"M20 20h60v60h-60z\"/>");
	assert_true(fabs(ink() - (62.0 * 62 - 58 * 58)) < 0.5);
}

static void
test_windows(void **state)
{
	(void)state;
	paint_in("100 100 10 10", "<g transform=\"translate(100 100) scale(0.5)\"><path fill=\"#000000\" d=\"M0 0h10v10H0z\"/></g>");
	assert_true(fabs(ink() - 2500) < 0.01);
	assert_int_equal(at(49, 49), 0);
	paint("<svg x=\"20\" y=\"0\" width=\"20\" height=\"100\" viewBox=\"0 0 20 100\"><path fill=\"#ff0000\" d=\"M-50 0h200v100h-200z\"/></svg>");
	assert_int_equal(at(19, 50), 0xffffff);
	assert_int_equal(at(20, 50), 0xff0000);
	assert_int_equal(at(39, 50), 0xff0000);
	assert_int_equal(at(40, 50), 0xffffff);
}

/* More colours than a palette has: those of whole areas stay as they are. */
static void
test_many_colors(void **state)
{
	str elements = S("<path fill=\"#123456\" d=\"M0 50h100v25H0z\"/><path fill=\"#fedcba\" d=\"M0 75h100v25H0z\"/>");

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		elements = str_format(&arena, "%.*s<path fill=\"#%02x%02x40\" d=\"M%u %uh1v1h-1z\"/>", STR_ARG(elements), i % 100 * 2, i / 100 * 20, i % 100, i / 100);
	paint(str_format(&arena, "%.*s\n", STR_ARG(elements)).ptr);
	assert_int_equal(at(50, 40), 0xffffff);
	assert_int_equal(at(50, 60), 0x123456);
	assert_int_equal(at(50, 90), 0xfedcba);
	assert_int_equal(at(0, 0), 0x40);
}

static void
test_refusals(void **state)
{
	static const char *const refused[] = {
		"<text>x</text>", "<path d=\"M0 0h1\"/>", "<path fill=\"red\" d=\"M0 0h1\"/>", "<path fill=\"#12345\" d=\"M0 0h1\"/>", "<path fill=\"#000000\" d=\"M0 0x1\"/>",
		"<path fill=\"#000000\" d=\"M0\"/>", "<path fill=\"#000000\"/>", "<g transform=\"rotate(3)\"/>", "<path fill=\"#000000\" opacity=\"2\" d=\"M0 0\"/>",
		"<path fill=\"#000000\" d=\"M0 0A1 2 30 0 1 5 5\"/>", "<g>", "<svg width=\"1\" height=\"1\"/>", "<path fill=\"#000000\" stroke=\"#000000\" d=\"M0 0h1\"/>",
		"<path fill=\"#000000\" d=\"M0 0h999999999999999v1z\"/>", "<path fill=\"none\" stroke=\"#000000\" stroke-width=\"1e300\" d=\"M0 0h1\"/>",
		"<path fill=\"none\" stroke=\"#000000\" stroke-width=\"-1\" d=\"M0 0h1\"/>", "<path fill=\"none\" stroke=\"#000000\" stroke-width=\"nan\" d=\"M0 0h1\"/>",
		"<g transform=\"scale(99999999999) scale(99999999999)\"><path fill=\"#000000\" d=\"M0 0h1v1z\"/></g>",
		"<svg viewBox=\"0 0 0.0000000000000001 1\" width=\"9\" height=\"9\"/>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		str svg = str_format(&arena, "<svg viewBox=\"0 0 9 9\" width=\"9\" height=\"9\">%s</svg>", refused[i]), png, fault = STR_NONE;
		if (media_paint(svg, &arena, &png, &fault) || !fault.len)
			fail_msg("painted: %s", refused[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rectangle, begin, end),
		cmocka_unit_test_setup_teardown(test_half_pixels, begin, end),
		cmocka_unit_test_setup_teardown(test_slopes_and_curves, begin, end),
		cmocka_unit_test_setup_teardown(test_rules, begin, end),
		cmocka_unit_test_setup_teardown(test_strokes, begin, end),
		cmocka_unit_test_setup_teardown(test_windows, begin, end),
		cmocka_unit_test_setup_teardown(test_many_colors, begin, end),
		cmocka_unit_test_setup_teardown(test_refusals, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
