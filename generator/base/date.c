#include "base/date.h"

#include "base/arena.h"
#include "base/str.h"

day
day_from_civil(int year, int month, int dayofmonth)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayofmonth - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct civil
civil_from_day(day d)
{
	int z = d + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;
	int month = mp + (mp < 10 ? 3 : -9);

	return (struct civil){ yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1 };
}

int
day_of_week(day d)
{
	/* 1970-01-01 was a Thursday */
	return (int)(((d % 7) + 7 + 3) % 7) + 1;
}

int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool
civil_exists(int year, int month, int dayofmonth)
{
	return month >= 1 && month <= 12 && dayofmonth >= 1 && dayofmonth <= days_in_month(year, month);
}

day
day_add_months(day d, int n)
{
	struct civil c = civil_from_day(d);
	int months = c.year * 12 + c.month - 1 + n;
	int year = months >= 0 ? months / 12 : (months - 11) / 12, month = months - year * 12 + 1;
	int last = days_in_month(year, month);

	return day_from_civil(year, month, c.day < last ? c.day : last);
}

/* Reads exactly n digits at *at. */
static bool
digits(str s, size_t *at, size_t n, int *value)
{
	*value = 0;
	if (s.len < *at + n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s.ptr[(*at)++];
		if (c < '0' || c > '9')
			return false;
		*value = *value * 10 + (c - '0');
	}
	return true;
}

static bool
expect(str s, size_t *at, char c)
{
	return *at < s.len && s.ptr[(*at)++] == c;
}

static enum date_error
parse_day(str s, size_t *at, day *d)
{
	int year, month, dayofmonth;

	if (!digits(s, at, 4, &year) || !expect(s, at, '-') || !digits(s, at, 2, &month) ||
	    !expect(s, at, '-') || !digits(s, at, 2, &dayofmonth))
		return DATE_FORM;
	if (!civil_exists(year, month, dayofmonth))
		return DATE_IMPOSSIBLE;
	*d = day_from_civil(year, month, dayofmonth);
	return DATE_OK;
}

enum date_error
date_parse(str s, day *d)
{
	size_t at = 0;
	day parsed = DAY_NONE;
	enum date_error e = parse_day(s, &at, &parsed);

	if (e == DATE_FORM || at != s.len)
		return DATE_FORM;
	if (e == DATE_OK)
		*d = parsed;
	return e;
}

enum date_error
date_parse_month(str s, day *first)
{
	size_t at = 0;
	int year, month;

	if (!digits(s, &at, 4, &year) || !expect(s, &at, '-') || !digits(s, &at, 2, &month) || at != s.len)
		return DATE_FORM;
	if (!civil_exists(year, month, 1))
		return DATE_IMPOSSIBLE;
	*first = day_from_civil(year, month, 1);
	return DATE_OK;
}

enum date_error
date_parse_time(str s, day *d, int32_t *seconds)
{
	size_t at = 0;
	int hour, minute, second = 0;
	day parsed = DAY_NONE;
	enum date_error e = parse_day(s, &at, &parsed);

	if (e == DATE_FORM || at >= s.len || (s.ptr[at] != ' ' && s.ptr[at] != 'T'))
		return DATE_FORM;
	at++;
	if (!digits(s, &at, 2, &hour) || !expect(s, &at, ':') || !digits(s, &at, 2, &minute))
		return DATE_FORM;
	if (at < s.len && (!expect(s, &at, ':') || !digits(s, &at, 2, &second)))
		return DATE_FORM;
	if (at != s.len)
		return DATE_FORM;
	if (e != DATE_OK || hour > 23 || minute > 59 || second > 59)
		return DATE_IMPOSSIBLE;
	*d = parsed;
	*seconds = hour * 3600 + minute * 60 + second;
	return DATE_OK;
}

static void
put_two_digits(char *p, unsigned n)
{
	p[0] = (char)('0' + n / 10);
	p[1] = (char)('0' + n % 10);
}

str
date_iso(struct arena *out, day d)
{
	struct civil c = civil_from_day(d);
	char *p;

	if (c.year < 0 || c.year > 9999)
		return str_format(out, "%04d-%02d-%02d", c.year, c.month, c.day);
	/* templates write many */
	p = arena_array(out, char, sizeof "2026-09-15");
	put_two_digits(p, (unsigned)c.year / 100);
	put_two_digits(p + 2, (unsigned)c.year % 100);
	p[4] = p[7] = '-';
	put_two_digits(p + 5, (unsigned)c.month);
	put_two_digits(p + 8, (unsigned)c.day);
	return (str){ p, sizeof "2026-09-15" - 1 };
}
