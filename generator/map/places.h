/* places: signs that stand in a picture without touching one another, and words beside them. */
#ifndef MAP_PLACES_H
#define MAP_PLACES_H

#include "base/arena.h"

/* What touches its border is inside. */
struct map_box { double left, top, right, bottom; };

/* A sign: where it belongs, then where it stands. */
struct map_sign { double x, y; bool stands; };

/* `apart`: between two signs; `tries`: places looked at for each, on a spiral around its own; `most`: signs that may stand. */
struct map_crowd { double apart; uint32_t tries, most; struct map_box frame; };

/* Puts each sign, in their order, on the first free place of whole units in the frame; one without stays where it was, and does not stand. */
void map_spread(struct map_sign *signs, uint32_t n, const struct map_crowd *crowd, struct arena *tmp);

/* A word so wide, wanted beside a place; then its upper left corner. */
struct map_word { double x, y, width; bool stands; };

struct map_words {
	double height;
	const double *steps; uint32_t n_steps;             /* from its place, the nearest first */
	const struct map_box *taken; uint32_t n_taken;     /* where no word may stand */
	struct map_box frame;
};

/* Puts each word, in their order, right, left, above or below its place, clear of what is taken and of the words before it. */
void map_write_words(struct map_word *words, uint32_t n, const struct map_words *how, struct arena *tmp);

#endif
