/* map/places: signs never touch and stand on whole units in the frame; words keep clear of all that is taken. Many random crowds, held
 * against the plain way to find the same places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "map/places.h"

#define SIGNS 600
#define CROWDS 40

static uint32_t
random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static double
random_to(uint32_t *seed, double most)
{
	return random_next(seed) % 100000 / 100000.0 * most;
}

/* --- signs --- */

static bool
plain_is_free(const struct map_sign *signs, uint32_t n, const struct map_crowd *c, double x, double y)
{
	if (x < c->frame.left || y < c->frame.top || x > c->frame.right || y > c->frame.bottom)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (signs[i].stands && (signs[i].x - x) * (signs[i].x - x) + (signs[i].y - y) * (signs[i].y - y) < c->apart * c->apart)
			return false;
	return true;
}

static void
plain_spread(struct map_sign *signs, uint32_t n, const struct map_crowd *c)
{
	uint32_t standing = 0;

	for (uint32_t i = 0; i < n && standing < c->most; standing += signs[i++].stands)
		for (uint32_t k = 0; k < c->tries && !signs[i].stands; k++) {
			double turn = c->apart / 3 * sqrt(k), angle = k * 2.399963;
			double x = floor(signs[i].x + turn * cos(angle) + 0.5), y = floor(signs[i].y + turn * sin(angle) + 0.5);
			if (plain_is_free(signs, i, c, x, y))
				signs[i] = (struct map_sign){ x, y, true };
		}
}

static void
crowds(void **state)
{
	struct arena tmp;

	(void)state;
	arena_init(&tmp, &page_source_malloc);
	for (uint32_t seed = 1; seed <= CROWDS; seed++) {
		uint32_t s = seed * 7919, standing = 0;
		double width = 100 + random_to(&s, 3000), height = 100 + random_to(&s, 600), thick = 0.05 + random_to(&s, 1.3);
		struct map_crowd c = { 5 + random_to(&s, 40), random_next(&s) % 200, random_next(&s) % SIGNS, { -20, 15, width, height } };
		static struct map_sign signs[SIGNS], plain[SIGNS];
		for (uint32_t i = 0; i < SIGNS; i++)
			signs[i] = plain[i] = (struct map_sign){ random_to(&s, width * thick) - 30, random_to(&s, height * thick), false };
		map_spread(signs, SIGNS, &c, &tmp);
		plain_spread(plain, SIGNS, &c);
		for (uint32_t i = 0; i < SIGNS; i++) {
			assert_int_equal(signs[i].stands, plain[i].stands);
			assert_true(signs[i].x == plain[i].x && signs[i].y == plain[i].y);
			standing += signs[i].stands;
		}
		assert_true(standing <= c.most);
		arena_reset(&tmp);
	}
	arena_free(&tmp);
}

static void
no_room(void **state)
{
	struct map_sign signs[2] = { { 3, 3, false }, { 3, 3, false } };
	struct arena tmp;

	(void)state;
	arena_init(&tmp, &page_source_malloc);
	map_spread(signs, 2, &(struct map_crowd){ 10, 100, 5, { 4, 4, 2, 2 } }, &tmp);
	assert_false(signs[0].stands || signs[1].stands);
	map_spread(signs, 2, &(struct map_crowd){ 10, 100, 5, { 3, 3, 3, 3 } }, &tmp);
	assert_true(signs[0].stands && !signs[1].stands);
	arena_free(&tmp);
}

/* --- words --- */

static bool
overlap(const struct map_box *a, const struct map_box *b)
{
	return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* Is any of the corners of a word before `last` (of 4 for each step) free? All boxes that stood when it was written are given. */
static int
first_corner(const struct map_word *w, const struct map_words *how, const struct map_box *boxes, uint32_t n)
{
	for (uint32_t k = 0; k < 4 * how->n_steps; k++) {
		double d = how->steps[k / 4], x = w->x, y = w->y - how->height / 2;
		struct map_box b;
		bool free = true;
		if (k % 4 == 0) x += d;
		else if (k % 4 == 1) x -= d + w->width;
		else x -= w->width / 2;
		if (k % 4 == 2) y = w->y - d - how->height;
		else if (k % 4 == 3) y = w->y + d;
		b = (struct map_box){ x, y, x + w->width, y + how->height };
		free = b.left >= how->frame.left && b.top >= how->frame.top && b.right <= how->frame.right && b.bottom <= how->frame.bottom;
		for (uint32_t i = 0; i < n && free; i++)
			free = !overlap(&b, &boxes[i]);
		if (free)
			return (int)k;
	}
	return -1;
}

static void
words(void **state)
{
	static const double steps[] = { 17, 34, 51 };
	static struct map_box boxes[2 * SIGNS];
	static struct map_word wanted[SIGNS], written[SIGNS];
	struct arena tmp;
	uint32_t seed = 11, stood = 0;

	(void)state;
	arena_init(&tmp, &page_source_malloc);
	for (uint32_t n = 0; n < SIGNS; n += 60) {
		struct map_words how = { 19.5, steps, 3, boxes, n / 2, { 4, 4, 636, 600 } };
		uint32_t n_boxes = n / 2;
		for (uint32_t i = 0; i < n; i++)
			wanted[i] = written[i] = (struct map_word){ random_to(&seed, 640), random_to(&seed, 600), 20 + random_to(&seed, 120), false };
		for (uint32_t i = 0; i < n_boxes; i++) {
			double x = random_to(&seed, 700) - 30, y = random_to(&seed, 700) - 30;
			boxes[i] = (struct map_box){ x, y, x + 28, y + (i % 50 ? 28 : 200) };
		}
		map_write_words(written, n, &how, &tmp);
		for (uint32_t i = 0; i < n; i++) {
			struct map_word *w = &written[i];
			assert_int_equal(w->stands, first_corner(&wanted[i], &how, boxes, n_boxes) >= 0);
			if (!w->stands)
				continue;
			boxes[n_boxes] = (struct map_box){ w->x, w->y, w->x + w->width, w->y + how.height };
			for (uint32_t k = 0; k < n_boxes; k++)
				assert_false(overlap(&boxes[k], &boxes[n_boxes]));
			n_boxes++;
			stood++;
		}
		arena_reset(&tmp);
	}
	assert_true(stood > 100);
	arena_free(&tmp);
}

/* Right, left, above, below, in this order. */
static void
order_of_corners(void **state)
{
	static const double steps[] = { 10 };
	struct map_word w[5];
	struct arena tmp;

	(void)state;
	arena_init(&tmp, &page_source_malloc);
	for (int i = 0; i < 5; i++)
		w[i] = (struct map_word){ 100, 100, 40, false };
	map_write_words(w, 5, &(struct map_words){ 20, steps, 1, NULL, 0, { 0, 0, 200, 200 } }, &tmp);
	assert_true(w[0].x == 110 && w[0].y == 90 && w[1].x == 50 && w[1].y == 90 && w[2].x == 80 && w[2].y == 70 && w[3].x == 80 && w[3].y == 110);
	assert_false(w[4].stands);
	arena_free(&tmp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crowds), cmocka_unit_test(no_room), cmocka_unit_test(words), cmocka_unit_test(order_of_corners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
