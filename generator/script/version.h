/* version: the library behind script/. */
#ifndef SCRIPT_VERSION_H
#define SCRIPT_VERSION_H

#include "base/str.h"

str script_version(void);                        /* "Lua 5.4.4" */

#endif
