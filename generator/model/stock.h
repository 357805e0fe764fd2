/* stock: for vitrine serve. Items as they were read, before site/ completes them, by file, with what there was to say about them. For one
 * set of types and languages. */
#ifndef MODEL_STOCK_H
#define MODEL_STOCK_H

#include "model/model.h"
#include "os/os.h"

struct stock {
	struct arena *out;
	struct arena *arenas; unsigned workers;    /* in which items are read */
	struct map by_name;          /* shown path → struct kept * */
	size_t first;                /* bytes that the first load read */
};

struct stock *stock_new(unsigned workers, struct arena *out);
void stock_free(struct stock *s);
void stock_end_load(struct stock *s);
/* Is there so much of files that have changed since that it is time for a new one? */
bool stock_worn(const struct stock *s);

/* The file as it is now, looked at before it is read. */
struct stock_mark { struct os_stat stat; int64_t now; };
bool stock_look(const struct content_file *f, struct stock_mark *mark);      /* false: it cannot be told whether it changes */
/* The item of a file that has not changed, NULL else; what was said about it is said again. By several threads, while none puts. */
const struct item *stock_find(const struct stock *s, const struct content_file *f, const struct stock_mark *mark, struct diag *diag);
/* The item as it was read last from the file of this shown path; NULL without. */
const struct item *stock_item(const struct stock *s, str shown);
/* What was said is copied. */
void stock_put(struct stock *s, const struct content_file *f, const struct stock_mark *mark, const struct item *item, const struct diag *said);

#endif
