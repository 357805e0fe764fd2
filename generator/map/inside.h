/* What the files of map/ share. No other room includes this. */
#ifndef MAP_INSIDE_H
#define MAP_INSIDE_H

#include "base/vec.h"
#include "map/contours.h"

#define MAP_NOBODY UINT32_MAX          /* the face beyond the last border */

struct place { double x, y; };         /* degrees of Web Mercator */

/* A border between two faces, from one junction to another; a closed one that meets no junction begins and ends at the same vertex. */
struct map_arc {
	uint32_t *vertices, n;             /* at least 2 */
	uint32_t left, right;              /* faces, or MAP_NOBODY */
	bool dropped;                      /* an island too small to be seen */
};

struct map_arcs {
	struct map_point *points;          /* of vertices */
	struct place *places;
	uint32_t n_vertices;
	VEC(struct map_arc) arcs;
	struct map_point least, most;
};

/* --- arcs.c --- */
/* Rings to arcs. A ring is closed, loses points that repeat, and is turned so that its face lies to the left. */
void map_find_arcs(const struct map_face *faces, uint32_t n_faces, struct arena *tmp, struct map_arcs *a);

/* --- simplify.c --- */
/* Takes out the vertices whose triangle is smaller than `area` (Visvalingam), never one whose going would let a line cross another or a
 * ring collapse. */
void map_simplify(struct map_arcs *a, uint32_t n_faces, double area, struct arena *tmp);

/* --- rings.c --- */
void map_dissolve(const struct map_arcs *a, const struct map_face *faces, uint32_t n_groups, struct arena *out, struct arena *tmp,
    struct map_contours *result);
/* Twice the signed area on the places' plane, counter-clockwise positive; of a closed line. */
double map_area(const struct map_arcs *a, const uint32_t *vertices, uint32_t n);

#endif
