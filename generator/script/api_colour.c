/* oklch(L, C, H): what sRGB shows of a colour, as three octets. */
#include <math.h>

#include "script/state.h"

/* Of a hue, its direction is given: cosine and sine. Linear light. */
static void
linear_of_oklch(double L, double C, double cosine, double sine, double rgb[3])
{
	double A = C * cosine, B = C * sine;
	double l = L + 0.3963377774 * A + 0.2158037573 * B, m = L - 0.1055613458 * A - 0.0638541728 * B, s = L - 0.0894841775 * A - 1.2914855480 * B;

	l = l * l * l;
	m = m * m * m;
	s = s * s * s;
	rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
	rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
	rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

static bool
is_shown(const double rgb[3])
{
	for (int i = 0; i < 3; i++)
		if (!(rgb[i] >= -0.0005 && rgb[i] <= 1.0005))
			return false;
	return true;
}

static lua_Integer
octet_of(double x)
{
	if (!(x > 0))
		return 0;
	if (x >= 1)
		return 255;
	return (lua_Integer)floor((x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055) * 255 + 0.5);
}

/* A colour that sRGB cannot show loses chroma, not hue. */
static int
api_oklch(lua_State *L)
{
	double light = luaL_checknumber(L, 1), chroma = luaL_checknumber(L, 2), hue = luaL_checknumber(L, 3) * (3.141592653589793 / 180.0);
	double cosine = cos(hue), sine = sin(hue), rgb[3];

	light = light > 1 ? 1 : light < 0 ? 0 : light;
	chroma = chroma > 1 ? 1 : chroma;        /* more than any colour has */
	linear_of_oklch(light, chroma, cosine, sine, rgb);
	while (chroma > 0 && !is_shown(rgb)) {
		chroma -= 0.004;
		chroma = chroma < 0 ? 0 : chroma;
		linear_of_oklch(light, chroma, cosine, sine, rgb);
	}
	for (int i = 0; i < 3; i++)
		lua_pushinteger(L, octet_of(rgb[i]));
	return 3;
}

void
api_colour_open(struct script_state *w)
{
	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	lua_pushcfunction(w->L, api_oklch);
	lua_setfield(w->L, -2, "oklch");
	lua_pop(w->L, 1);
}
