/* JSON files of content, parsed, for the functions that read them. */
#ifndef SCRIPT_JSONFILE_H
#define SCRIPT_JSONFILE_H

#include <jansson.h>

#include "script/state.h"

/* Reads the file that the argument names and pushes a userdata that owns the tree; raises when it is no file or no JSON. */
json_t **push_json_file(lua_State *L, int arg);
void push_json(lua_State *L, const json_t *value);

#endif
