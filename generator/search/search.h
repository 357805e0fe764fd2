/* search: the index of what is published, written by the build and read by a script in the browser (docs/recherche.md has its format).
 * A theme says in recherche.yaml what can be chosen by facets, and in its types how the words of fields count. */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "site/site.h"

struct search_setup;             /* recherche.yaml, read */

/* Reads recherche.yaml of the nearest root that has one. NULL with *ok when there is none: the site has no search; NULL without *ok
 * after diagnostics. Everything lives in `out`. */
const struct search_setup *search_read_setup(const struct model *m, struct source *source, struct arena *out, struct diag *diag, bool *ok);
/* Synonyms that mean nothing (no word left) are reported at their place. Between site_build and site_freeze; false after an error. */
bool search_check_synonyms(const struct site *s, struct diag *diag);

struct search_file {
	str name;                    /* "recherche/fr.bin", "recherche/1f2e3d4c/t0.bin" */
	str bytes;                   /* gzip */
	bool personal;               /* holds words of a personal field, within its consent */
};
/* Compressed files of indexes, kept in one file from build to build; one that is missing or damaged is an empty one, and with or without it the indexes
 * are the same bytes. */
struct search_kept;
struct search_kept *search_kept_open(str path, struct arena *out);
/* Replaces the file when it would change by more than a little; what prevents it is a warning. While the indexes made with it live. */
void search_kept_save(struct search_kept *k, str path, struct diag *diag);
void search_kept_close(struct search_kept *k);   /* NULL is fine */

/* The index of one language; the first file is the main one, whose published name is to carry its fingerprint; the names of the others do
 * already. The same bytes for any number of workers. */
struct search_index { struct search_file *files; uint32_t len; };
struct search_index search_build(const struct site *s, const struct search_setup *setup, uint8_t language, unsigned workers, struct search_kept *kept,
    struct arena *out);             /* kept: NULL for none */

/* "libstemmer …, libdeflate …" */
str search_versions(struct arena *out);

#endif
