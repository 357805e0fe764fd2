/* geo: positions on the sphere. */
#ifndef BASE_GEO_H
#define BASE_GEO_H

struct geo { double lat, lon; };   /* degrees, WGS 84 */

/* Great-circle distance in km (haversine, mean Earth radius 6371.0088 km, IUGG). */
double geo_distance(struct geo a, struct geo b);

#endif
