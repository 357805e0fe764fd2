#include <jansson.h>

#include "script/version.h"

#include <lua.h>

str
script_version(void)
{
	return S(LUA_RELEASE ", Jansson " JANSSON_VERSION);
}
