/* text: ICU behind plain functions. No setlocale anywhere; every function takes its language ("fr", "en" …).
 * Objects of ICU are made once per thread in a struct text and reused. */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/date.h"
#include "base/str.h"

struct arena;
struct text;                     /* one per thread */

struct text *text_open(void);
void text_close(struct text *t);
str text_versions(struct arena *out);                       /* "ICU 72.1, CLDR 42, tzdata 2024a" */
bool text_language_known(str language);

/* Collation key: compare by bytes. Numbers inside sort by value ("2" before "10"). */
str text_sort_key(struct text *t, str language, str s, struct arena *out);

enum text_date_form { TEXT_DATE_LONG, TEXT_DATE_FULL, TEXT_DATE_SHORT, TEXT_DATE_MONTH, TEXT_DATE_DAY_MONTH };
/* In French the first of a month is "1er". */
str text_date(struct text *t, str language, day d, enum text_date_form form, struct arena *out);
str text_time(struct text *t, str language, int32_t seconds, struct arena *out);          /* "18 h 30", "18 h" (no-break spaces), "6:30 PM" */
str text_period(struct text *t, str language, day from, day to, struct arena *out);       /* "du 2 au 15 novembre 2026" */
str text_number(struct text *t, str language, double v, int decimals /* -1: as needed */, struct arena *out);
str text_money(struct text *t, str language, double euros, struct arena *out);            /* "450 €", "450,50 €" */
str text_percent(struct text *t, str language, double v, struct arena *out);              /* 12.5 → "12,5 %" */
enum text_plural { TEXT_ONE, TEXT_OTHER };
enum text_plural text_plural(struct text *t, str language, double n);
str text_list(struct text *t, str language, const str *words, size_t n, bool or_, struct arena *out);  /* "a, b et c" */
str text_lower(struct text *t, str language, str s, struct arena *out);
str text_upper(struct text *t, str language, str s, struct arena *out);
str text_capital(struct text *t, str language, str s, struct arena *out);                 /* first letter */
str text_fold(struct text *t, str s, struct arena *out);                                   /* lower case, no accents, œ → oe */
bool text_is_word(uint32_t codepoint);                                                    /* a letter, a digit, or a mark on one */
str text_slug(struct text *t, str s, struct arena *out);                                   /* ASCII, hyphens */

/* Zones: "Europe/Paris", "America/Martinique" … */
bool text_zone_known(str zone);
/* Local wall time → UTC seconds. A time that does not exist (spring) moves forward, one that exists twice is the first. */
int64_t text_zone_to_utc(struct text *t, str zone, day d, int32_t seconds);
void text_zone_from_utc(struct text *t, str zone, int64_t utc, day *d, int32_t *seconds);
int32_t text_zone_offset(struct text *t, str zone, int64_t utc);                           /* seconds east of UTC */

#endif
