/* The inside of text/: ICU objects made once per thread and language, and UTF-16 on the way in and out. */
#ifndef TEXT_ICU_H
#define TEXT_ICU_H

#include <unicode/ucal.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udateintervalformat.h>
#include <unicode/ulistformatter.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "text/text.h"

/* More than a site's languages and a country's zones; when full, the oldest entry makes room. */
#define TEXT_MAX_LANGUAGES 12
#define TEXT_MAX_ZONES 16
#define TEXT_NAME 40             /* bytes of a language or zone name, with its zero */

/* Objects of one language, each NULL until it is needed. */
struct text_language {
	char name[TEXT_NAME];
	bool french;
	UCollator *collator;
	UDateFormat *dates[TEXT_DATE_DAY_MONTH + 1][2];   /* [form][first of the month] */
	UDateFormat *time;
	UDateIntervalFormat *period;
	UNumberFormat *number, *money, *percent;
	UPluralRules *plural;
	UListFormatter *list[2];     /* and, or */
};

struct text_zone {
	char name[TEXT_NAME];
	UCalendar *calendar;
};

struct text {
	struct text_language languages[TEXT_MAX_LANGUAGES];
	struct text_zone zones[TEXT_MAX_ZONES];
	unsigned n_languages, n_zones, next_language, next_zone;
	struct arena tmp;            /* UTF-16, emptied at the start of every public function */
};

struct text_wide { UChar *ptr; int32_t len; };

/* ICU fails to open an object only without memory or without its data: ends the process with exit status 3. */
void text_must(UErrorCode e);
struct text_language *text_language_of(struct text *t, str language);
struct text_zone *text_zone_of(struct text *t, str zone);
/* Empties the scratch memory; first line of each public function. */
struct arena *text_scratch(struct text *t);
struct text_wide text_wide_from(struct arena *tmp, str s);
struct text_wide text_wide_room(struct arena *tmp, int32_t len);
str text_wide_to(struct text_wide w, struct arena *out);
/* Copies a name for ICU's C strings; false when it is empty or too long. */
bool text_name(char out[TEXT_NAME], str name);

#endif
