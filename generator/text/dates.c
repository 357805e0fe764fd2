#include <unicode/udatpg.h>

#include "text/icu.h"

#define SECONDS_A_DAY 86400

/* What ICU is asked for where the program has no pattern of its own. */
static const char *const skeletons[] = {
	[TEXT_DATE_LONG] = "yMMMMd", [TEXT_DATE_FULL] = "yMMMMEEEEd", [TEXT_DATE_SHORT] = "yMMdd",
	[TEXT_DATE_MONTH] = "yMMMM", [TEXT_DATE_DAY_MONTH] = "MMMMd",
};
static const char *const french_patterns[][2] = {
	[TEXT_DATE_LONG] = { "d MMMM y", "d'er' MMMM y" },
	[TEXT_DATE_FULL] = { "EEEE d MMMM y", "EEEE d'er' MMMM y" },
	[TEXT_DATE_SHORT] = { "dd/MM/y", "dd/MM/y" },
	[TEXT_DATE_MONTH] = { "MMMM y", "MMMM y" },
	[TEXT_DATE_DAY_MONTH] = { "d MMMM", "d'er' MMMM" },
};

static struct text_wide
best_pattern(struct arena *tmp, const char *language, const char *skeleton)
{
	UErrorCode e = U_ZERO_ERROR;
	UDateTimePatternGenerator *g = udatpg_open(language, &e);
	struct text_wide asked = text_wide_from(tmp, str_from_c(skeleton)), w = text_wide_room(tmp, 120);

	text_must(e);
	w.len = udatpg_getBestPattern(g, asked.ptr, asked.len, w.ptr, w.len, &e);
	udatpg_close(g);
	text_must(e);
	return w;
}

/* A formatter in UTC over the proleptic calendar. */
static UDateFormat *
format_open(const char *language, struct text_wide pattern)
{
	static const UChar utc[] = u"UTC";
	UErrorCode e = U_ZERO_ERROR;
	UDateFormat *f = udat_open(UDAT_PATTERN, UDAT_PATTERN, language, utc, 3, pattern.ptr, pattern.len, &e);
	UCalendar *c;

	text_must(e);
	c = ucal_clone(udat_getCalendar(f), &e);
	ucal_setGregorianChange(c, -1e18, &e);
	if (U_SUCCESS(e))
		udat_setCalendar(f, c);
	ucal_close(c);
	return f;
}

static UDateFormat *
date_format_of(struct arena *tmp, struct text_language *l, enum text_date_form form, bool first)
{
	UDateFormat **f = &l->dates[form][first];

	if (!*f && l->french)
		*f = format_open(l->name, text_wide_from(tmp, str_from_c(french_patterns[form][first])));
	else if (!*f)
		*f = format_open(l->name, best_pattern(tmp, l->name, skeletons[form]));
	return *f;
}

static str
formatted(struct arena *tmp, const UDateFormat *f, UDate when, struct arena *out)
{
	UErrorCode e = U_ZERO_ERROR;
	struct text_wide w = text_wide_room(tmp, 200);

	w.len = udat_format(f, when, w.ptr, w.len + 1, NULL, &e);
	text_must(e);
	return text_wide_to(w, out);
}

static UDate
date_of(day d)
{
	return (UDate)d * SECONDS_A_DAY * 1000;
}

str
text_date(struct text *t, str language, day d, enum text_date_form form, struct arena *out)
{
	struct arena *tmp = text_scratch(t);
	struct text_language *l = text_language_of(t, language);

	if (d == DAY_NONE)
		return S("");
	return formatted(tmp, date_format_of(tmp, l, form, l->french && civil_from_day(d).day == 1), date_of(d), out);
}

static str
french_time(int32_t seconds, struct arena *out)
{
	int hour = seconds / 3600, minute = seconds / 60 % 60;

	if (!minute)
		return str_format(out, "%d\u00A0h", hour);
	return str_format(out, "%d\u00A0h\u00A0%02d", hour, minute);
}

str
text_time(struct text *t, str language, int32_t seconds, struct arena *out)
{
	struct arena *tmp = text_scratch(t);
	struct text_language *l = text_language_of(t, language);

	if (l->french)
		return french_time(seconds, out);
	if (!l->time)
		l->time = format_open(l->name, best_pattern(tmp, l->name, "jm"));
	return formatted(tmp, l->time, (UDate)seconds * 1000, out);
}

static str
french_period(struct text *t, str language, day from, day to, struct arena *out)
{
	struct civil a, b;
	str first, last;

	if (from == DAY_NONE)
		return str_cat(out, S("jusqu’au "), text_date(t, language, to, TEXT_DATE_LONG, out));
	if (to == DAY_NONE)
		return str_cat(out, S("à partir du "), text_date(t, language, from, TEXT_DATE_LONG, out));
	last = text_date(t, language, to, TEXT_DATE_LONG, out);
	if (from == to)
		return str_cat(out, S("le "), last);
	a = civil_from_day(from);
	b = civil_from_day(to);
	if (a.year != b.year)
		first = text_date(t, language, from, TEXT_DATE_LONG, out);
	else if (a.month != b.month)
		first = text_date(t, language, from, TEXT_DATE_DAY_MONTH, out);
	else
		first = a.day == 1 ? S("1er") : str_format(out, "%d", a.day);
	return str_cat(out, S("du "), first, S(" au "), last);
}

static str
interval(struct arena *tmp, struct text_language *l, day from, day to, struct arena *out)
{
	UErrorCode e = U_ZERO_ERROR;
	struct text_wide w = text_wide_room(tmp, 300);

	if (!l->period)
		l->period = udtitvfmt_open(l->name, u"yMMMMd", 6, u"UTC", 3, &e);
	text_must(e);
	w.len = udtitvfmt_format(l->period, date_of(from), date_of(to), w.ptr, w.len + 1, NULL, &e);
	text_must(e);
	return text_wide_to(w, out);
}

str
text_period(struct text *t, str language, day from, day to, struct arena *out)
{
	struct arena *tmp = text_scratch(t);
	struct text_language *l = text_language_of(t, language);

	if (from == DAY_NONE && to == DAY_NONE)
		return S("");
	if (l->french)
		return french_period(t, language, from, to, out);
	if (from == DAY_NONE || to == DAY_NONE || from == to)
		return text_date(t, language, from == DAY_NONE ? to : from, TEXT_DATE_LONG, out);
	return interval(tmp, l, from, to, out);
}

bool
text_zone_known(str zone)
{
	UErrorCode e = U_ZERO_ERROR;
	char name[TEXT_NAME];
	UChar wide[TEXT_NAME], canonical[64];
	UBool system_id = false;

	if (!text_name(name, zone))
		return false;
	for (const char *c = name; *c; c++)
		if (*c & (char)0x80)
			return false;
	u_uastrcpy(wide, name);
	ucal_getCanonicalTimeZoneID(wide, -1, canonical, 64, &system_id, &e);
	return U_SUCCESS(e) && system_id;
}

int64_t
text_zone_to_utc(struct text *t, str zone, day d, int32_t seconds)
{
	UErrorCode e = U_ZERO_ERROR;
	UCalendar *c = text_zone_of(t, zone)->calendar;
	struct civil civil = civil_from_day(d);
	UDate utc;

	ucal_clear(c);
	ucal_setDateTime(c, civil.year, civil.month - 1, civil.day, seconds / 3600, seconds / 60 % 60, seconds % 60, &e);
	ucal_set(c, UCAL_MILLISECOND, 0);
	utc = ucal_getMillis(c, &e);
	text_must(e);
	return (int64_t)(utc / 1000);
}

int32_t
text_zone_offset(struct text *t, str zone, int64_t utc)
{
	UErrorCode e = U_ZERO_ERROR;
	UCalendar *c = text_zone_of(t, zone)->calendar;
	int32_t offset;

	ucal_setMillis(c, (UDate)utc * 1000, &e);
	offset = ucal_get(c, UCAL_ZONE_OFFSET, &e) + ucal_get(c, UCAL_DST_OFFSET, &e);
	text_must(e);
	return offset / 1000;
}

void
text_zone_from_utc(struct text *t, str zone, int64_t utc, day *d, int32_t *seconds)
{
	int64_t local = utc + text_zone_offset(t, zone, utc);
	int64_t days = local / SECONDS_A_DAY - (local % SECONDS_A_DAY < 0);

	*d = (day)days;
	*seconds = (int32_t)(local - days * SECONDS_A_DAY);
}
