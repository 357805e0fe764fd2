#include "script/version.h"

#include <lua.h>

str
script_version(void)
{
	return str_from_c(LUA_RELEASE);
}
