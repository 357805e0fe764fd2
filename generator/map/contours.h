/* map: polygons that share borders, put together by groups and simplified. A border stays one line for both its sides: neighbours
 * never gap or overlap, however little is left of it. */
#ifndef MAP_CONTOURS_H
#define MAP_CONTOURS_H

#include "base/arena.h"

/* Longitude and latitude in units of 1e-7 degree: equality is exact. */
struct map_point { int32_t lon, lat; };
struct map_line { const struct map_point *points; uint32_t n; };

/* A town: rings as GeoJSON gives them, closed or not, in any direction; `hole` for all but the first of each polygon. */
struct map_ring { const struct map_point *points; uint32_t n; bool hole; };
struct map_face { const struct map_ring *rings; uint32_t n_rings, group; };

/* Rings end where they begin; the outer one comes first, counter-clockwise, holes run clockwise (RFC 7946). */
struct map_polygon { const struct map_line *rings; uint32_t n_rings; };
struct map_group { const struct map_polygon *polygons; uint32_t n_polygons; };

struct map_contours {
	struct map_point least, most;      /* corners of the frame, before simplification */
	const struct map_group *groups;    /* [n_groups] as asked; one without a drawable ring has no polygon */
	const struct map_line *inner;      /* borders between faces of one group */
	uint32_t n_inner;
};

/* Draws `n_groups` groups (numbers of face.group) of faces. `steps`: what is smaller than the frame's longer side divided by it goes, in
 * Web Mercator; 0 keeps every point. False when no face has a ring of three different points. The result lives in `out`. */
bool map_contours(const struct map_face *faces, uint32_t n_faces, uint32_t n_groups, double steps, struct arena *out, struct arena *tmp,
    struct map_contours *result);

#endif
