/* diag: everything the program says to authors goes through here.
 * A diagnostic is a code of catalogue.def, a span, and arguments; it is kept in a list, sorted by position and printed
 * at the end, so that threads never change what is printed. */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"

/* Names a source file for spans. 0 is "no file". */
typedef uint32_t file_id;

/* Bytes [start, end) of a file. start == end points between two bytes. */
struct span {
	file_id file;
	uint32_t start, end;
};
#define SPAN_NONE ((struct span){ 0, 0, 0 })
#define SPAN_FILE(id) ((struct span){ (id), 0, 0 })

/* The files that spans can name. Added by one thread at a time; paths stay where they are, so that others may look up those that were there
 * when they began. */
#define FILES_FIRST 1024         /* paths of the first block; each one after it holds twice as many */
struct files {
	struct arena *out;
	struct map by_path;
	str *blocks[22];               /* paths by id - 1: as shown, relative to the site root */
	uint32_t len;
	/* Reads a file again for its excerpt, by shown path; false when it can't. Set by main; NULL: no excerpts. */
	bool (*read)(void *context, str path, struct arena *out, str *bytes);
	void *context;
};
void files_init(struct files *f, struct arena *out);
file_id files_add(struct files *f, str path);   /* the same id for the same path; path is copied */
str files_path(const struct files *f, file_id id);
/* Those of another, by the same ids, in the place of what `f` had; the other outlives it. */
void files_take(struct files *f, const struct files *from);

enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

/* What a mistake is about; decides what `en_cas_d_erreur: retirer` may leave out and the exit status. */
enum diag_class {
	DIAG_CONTENT,   /* an item; exit 1, or the item is left out */
	DIAG_CONSENT,   /* personal data; exit 1 always */
	DIAG_THEME,     /* types, layouts, lib, routes, site.yaml; exit 1 always */
	DIAG_USAGE,     /* the command line; exit 2 */
	DIAG_MACHINE,   /* files, memory; exit 3 */
};

enum diag_code {
#define DIAG(code, name, severity, class, fr, en, remedy_fr, remedy_en) code,
#include "diag/catalogue.def"
#undef DIAG
	DIAG_N_CODES,
};

struct diag_entry {
	enum diag_code code;
	struct span at;
	const str *args;
	uint32_t n_args;
	uint32_t order;             /* of arrival, the last sort key */
};

/* A list of diagnostics. One per thread; merged at the end of a stage. */
struct diag {
	struct arena *out;
	struct files *files;
	VEC(struct diag_entry) entries;
	uint32_t n_errors, n_warnings;
};

void diag_init(struct diag *d, struct arena *out, struct files *files);
/* Adds a diagnostic; args are copied. {0} {1} … of the messages are replaced by them. */
void diag_emit(struct diag *d, enum diag_code code, struct span at, const str *args, size_t n);
#define diag_add(d, code, at, ...) \
	diag_emit((d), (code), (at), (const str[]){ __VA_ARGS__ }, sizeof((const str[]){ __VA_ARGS__ }) / sizeof(str))
void diag_merge(struct diag *into, const struct diag *from);   /* copies */
void diag_merge_errors(struct diag *into, const struct diag *from);   /* without warnings and notes */
enum diag_severity diag_severity(enum diag_code code);
enum diag_class diag_class(enum diag_code code);
str diag_name(enum diag_code code);             /* stable name, e.g. "champ-inconnu" */
bool diag_has_error(const struct diag *d, enum diag_class class);

/* Where an offset lies in a text: line and column count from 1, the column in characters. */
struct position { uint32_t line, column; };
struct position diag_position(str bytes, uint32_t offset);

enum diag_format { DIAG_TEXT, DIAG_JSON, DIAG_SARIF, DIAG_GITHUB };
enum diag_language { DIAG_FR, DIAG_EN };
struct diag_printing {
	enum diag_format format;
	enum diag_language language;
	bool colour;
	bool errors_only;           /* without warnings and notes */
	uint32_t limit;             /* diagnostics shown in text; the rest is counted (200) */
};
/* Sorts by file, position, code, arrival; drops exact repetitions; writes all. */
void diag_print(const struct diag *d, const struct diag_printing *how, struct buf *out);

#endif
