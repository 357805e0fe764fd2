#include "map/contours.h"

#include <math.h>

#include "map/inside.h"

/* The longer side of the places' frame. */
static double
longer_side(const struct map_arcs *a)
{
	struct place least = { INFINITY, INFINITY }, most = { -INFINITY, -INFINITY };

	for (uint32_t v = 0; v < a->n_vertices; v++) {
		struct place p = a->places[v];
		least = (struct place){ fmin(least.x, p.x), fmin(least.y, p.y) };
		most = (struct place){ fmax(most.x, p.x), fmax(most.y, p.y) };
	}
	return fmax(most.x - least.x, most.y - least.y);
}

bool
map_contours(const struct map_face *faces, uint32_t n_faces, uint32_t n_groups, double steps, struct arena *out, struct arena *tmp,
    struct map_contours *result)
{
	struct map_arcs a;

	*result = (struct map_contours){ 0 };
	map_find_arcs(faces, n_faces, tmp, &a);
	if (a.arcs.len == 0)
		return false;
	if (steps > 0) {
		double step = longer_side(&a) / steps;
		/* Two of the smallest squares: a bend of less is not seen, one of more is. */
		map_simplify(&a, n_faces, 2 * step * step, tmp);
	}
	map_dissolve(&a, faces, n_groups, out, tmp, result);
	result->least = a.least;
	result->most = a.most;
	return true;
}
