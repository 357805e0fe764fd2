/* Frozen Lua values; for params.c and routes.c. */
#ifndef SCRIPT_PARAMS_H
#define SCRIPT_PARAMS_H

#include "script/state.h"

enum param_kind {
	PARAM_NIL, PARAM_BOOLEAN, PARAM_INTEGER, PARAM_NUMBER, PARAM_TEXT, PARAM_HTML, PARAM_DATE, PARAM_ITEM, PARAM_OBJECT, PARAM_ITEMS,
	PARAM_VALS, PARAM_LIST, PARAM_TABLE,
};
struct param_pair { const struct param *key, *value; };
struct param {
	enum param_kind kind;
	uint32_t len;                /* of a list or table; kind of a html */
	union {
		bool boolean;
		int64_t integer;
		double number;
		str text;
		struct date_value date;
		const struct item *item;
		const struct object *object;
		const struct item **items;
		const struct val *vals;
		const struct param **elements;
		const struct param_pair *pairs;
	} as;
	const struct item *owner;            /* of objects and values */
	const struct field *field;           /* of the elements of PARAM_VALS */
	const struct collection *whole;      /* PARAM_ITEMS: a whole collection */
	const struct media *media;           /* a table that stands for an image or file */
};

#define PARAM_TEXTS 256

/* Equal values are kept once, however many pages have them: lists of a site share most of what they say. */
struct param_pool {
	struct arena *out, tmp;
	const struct param **slots;
	uint32_t n_slots, len;
	/* Texts met lately, by where Lua has them: keys are the same from route to route. */
	struct { const char *at; const struct param *kept; } texts[PARAM_TEXTS];
};
void param_pool_open(struct param_pool *p, struct arena *out);
void param_pool_close(struct param_pool *p);

/* Raises for a function or a table deeper than 8. */
const struct param *param_copy(lua_State *L, int index, struct param_pool *pool, int depth);

#endif
