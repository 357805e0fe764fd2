/* Atoms: what a dotted path gives for one element of a list, out of Lua's sight. For lists.c, queries.c, sorting.c. */
#ifndef SCRIPT_ATOMS_H
#define SCRIPT_ATOMS_H

#include "base/suggest.h"
#include "script/state.h"

enum atom_kind { ATOM_NONE, ATOM_TEXT, ATOM_NUMBER, ATOM_BOOLEAN, ATOM_DATE, ATOM_ITEM };
struct atom {
	enum atom_kind kind;
	str text;
	double number;               /* also 0 and 1 of booleans, seconds of dates */
	const struct item *item;
	const struct enum_value *choice;   /* ATOM_TEXT of an enumeration */
	const struct field *field;         /* of the enumeration */
};
struct atoms {
	struct atom small[4], *ptr;
	uint32_t n, cap;
	struct arena *arena;
};

void atoms_start(struct atoms *a, struct arena *arena);
/* All values at `path` of element i: several when the path goes through a list. Raises for a field that is none. */
void atoms_of(lua_State *L, int index, const struct list_value *list, uint32_t i, str path, struct atoms *a);
/* Of a Lua value: string, number, boolean, date, item, or a table or list of them. */
void atoms_of_value(lua_State *L, int index, struct atoms *a);
bool atoms_equal(const struct atom *a, const struct atom *b);
void push_atom(lua_State *L, const struct atom *a);

#endif
