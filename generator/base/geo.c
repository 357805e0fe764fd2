#include "base/geo.h"

#include <math.h>

#define EARTH_RADIUS_KM 6371.0088
#define RADIANS_PER_DEGREE 0.017453292519943295

double
geo_distance(struct geo a, struct geo b)
{
	double lat_a = a.lat * RADIANS_PER_DEGREE, lat_b = b.lat * RADIANS_PER_DEGREE;
	double half_lat = sin((lat_b - lat_a) / 2);
	double half_lon = sin((b.lon - a.lon) * RADIANS_PER_DEGREE / 2);
	double h = half_lat * half_lat + cos(lat_a) * cos(lat_b) * half_lon * half_lon;

	return 2 * EARTH_RADIUS_KM * asin(sqrt(h < 1 ? h : 1));
}
