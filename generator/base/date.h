/* date: proleptic Gregorian calendar, no time zone, no clock. (Zones: text/zone.h.) */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/str.h"

typedef int32_t day;              /* days since 1970-01-01 */
#define DAY_NONE INT32_MIN

struct civil { int year, month, day; };      /* month 1–12, day 1–31 */

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days). */
day day_from_civil(int year, int month, int dayofmonth);
struct civil civil_from_day(day d);
int day_of_week(day d);                      /* 1 Monday … 7 Sunday (ISO 8601) */
int days_in_month(int year, int month);
bool civil_exists(int year, int month, int dayofmonth);
/* Same day of the month, n months on; the last day of a shorter month. */
day day_add_months(day d, int n);

enum date_error { DATE_OK, DATE_FORM, DATE_IMPOSSIBLE };   /* not of the form; of the form but no such day */
enum date_error date_parse(str s, day *d);                 /* AAAA-MM-JJ */
enum date_error date_parse_month(str s, day *first);       /* AAAA-MM */
/* AAAA-MM-JJ HH:MM[:SS] or with T; local time: seconds since midnight in *seconds. */
enum date_error date_parse_time(str s, day *d, int32_t *seconds);
str date_iso(struct arena *out, day d);                    /* AAAA-MM-JJ */

#endif
