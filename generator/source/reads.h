/* reads: what a build asks of the disk, with the answers as hashes. Asked again, they tell whether another build would find the same. */
#ifndef SOURCE_READS_H
#define SOURCE_READS_H

#include "base/vec.h"
#include "os/os.h"

enum read_kind {
	READ_FILE,                   /* the bytes, through links */
	READ_FILE_ITSELF,            /* the bytes, not through a last link */
	READ_FOLDER,                 /* names and kinds */
	READ_FOLDER_SIZES,           /* and the sizes of files */
	READ_REAL_PATH, READ_KIND, READ_IS_FOLDER,
	READ_N_KINDS,
};
struct read {
	enum read_kind kind;
	uint64_t max;                /* of a file: a longer one is not read */
	str path;
	uint64_t answer;
};
struct read_list { struct read *ptr; size_t len, cap; };

struct reads;
struct reads *reads_open(void);
void reads_close(struct reads *r);               /* NULL is fine */
struct read_list reads_list(const struct reads *r);      /* valid until the next question, or reads_close */

/* The questions: os_read, os_list_at, os_real_path, os_stat, and: is it a folder, or a link to one? Taken note of, unless r is NULL; any
 * thread. Paths live as long as r. Of os_stat, only the kind is taken note of. */
os_error reads_bytes(struct reads *r, str path, size_t max, bool follow, struct arena *out, str *bytes);
os_error reads_folder(struct reads *r, os_dir dir, str path, bool sizes, struct arena *out, struct os_entry **entries, size_t *n);
os_error reads_real_path(struct reads *r, str path, struct arena *out, str *real);
os_error reads_stat(struct reads *r, str path, struct os_stat *st);
bool reads_is_folder(struct reads *r, str path);

/* Asks all again, on so many threads; NULL when all answers are the same, else a question that has another one. What was written to since
 * then is asked first, and ends it mostly; of the others, no time is believed. */
const struct read *reads_differing(struct read_list list, int64_t since_ns, unsigned workers);

/* How what was asked so far differs from a list of before. */
struct reads_change { const struct read *ptr; size_t len, cap; };
/* True when all questions so far are of that list, and only contents of files are others than they were: those questions, at most `most`, come
 * into `changed`. What the list has and was not asked yet is asked now and taken note of, but for files at `except`. */
bool reads_changed(struct reads *r, struct read_list before, str except, size_t most, struct arena *out, struct reads_change *changed);

/* Hidden names and what editors and file managers leave behind: as if they were not there. */
bool reads_passed_over(str name);

#endif
