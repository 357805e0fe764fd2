/* Dates, months, times and durations of content files. */
#include "base/utf8.h"
#include "model/internal.h"

static const struct phrase months[] = {
	PHRASE_INIT("janvier", "January"), PHRASE_INIT("février", "February"), PHRASE_INIT("mars", "March"), PHRASE_INIT("avril", "April"),
	PHRASE_INIT("mai", "May"), PHRASE_INIT("juin", "June"), PHRASE_INIT("juillet", "July"), PHRASE_INIT("août", "August"),
	PHRASE_INIT("septembre", "September"), PHRASE_INIT("octobre", "October"), PHRASE_INIT("novembre", "November"), PHRASE_INIT("décembre", "December"),
};

/* A cursor over a text, for the small grammars below. */
struct cursor { str s; size_t at; };

static char
peek(const struct cursor *c)
{
	return c->at < c->s.len ? c->s.ptr[c->at] : '\0';
}

static bool
number(struct cursor *c, int *n)
{
	size_t from = c->at;

	*n = 0;
	while (peek(c) >= '0' && peek(c) <= '9' && c->at - from < 8)
		*n = *n * 10 + (c->s.ptr[c->at++] - '0');
	return c->at > from;
}

static void
skip_spaces(struct cursor *c)
{
	for (;;)
		if (peek(c) == ' ')
			c->at++;
		else if (str_starts(str_slice(c->s, c->at, c->s.len), S("\xc2\xa0")))
			c->at += 2;
		else if (str_starts(str_slice(c->s, c->at, c->s.len), S("\xe2\x80\xaf")))
			c->at += 3;
		else
			return;
}

/* "12/3/2026", "12.3.2026", "12 mars 2026": what an editor may have written instead of 2026-03-12. */
static bool
guess_month(struct cursor *c, int *month)
{
	if (peek(c) == '/' || peek(c) == '.' || peek(c) == '-') {
		c->at++;
		if (!number(c, month))
			return false;
		c->at++;
		return true;
	}
	skip_spaces(c);
	for (*month = 1; *month <= 12; ++*month) {
		str name = months[*month - 1].fr;
		if (str_starts(str_slice(c->s, c->at, c->s.len), name)) {
			c->at += name.len;
			skip_spaces(c);
			return true;
		}
	}
	return false;
}

static bool
guess_date(str s, struct civil *guess)
{
	struct cursor c = { s, 0 };

	if (!number(&c, &guess->day))
		return false;
	if (c.at == 4 && guess_month(&c, &guess->month)) {       /* 2027-6-1 */
		guess->year = guess->day;
		return number(&c, &guess->day) && c.at == s.len && civil_exists(guess->year, guess->month, guess->day);
	}
	if (str_starts(str_slice(s, c.at, s.len), S("er ")))
		c.at += 2;
	if (!guess_month(&c, &guess->month) || !number(&c, &guess->year) || c.at != s.len)
		return false;
	if (guess->year < 100)
		guess->year += 2000;
	return guess->year < 10000 && civil_exists(guess->year, guess->month, guess->day);
}

/* "2026-11-12 19h00", "12/11/2026 à 19 h" */
static bool
guess_moment(str s, struct civil *guess, int *hour, int *minute)
{
	struct cursor c;
	str head, tail;

	if (!str_cut(s, ' ', &head, &tail) || !guess_date(head, guess))
		return false;
	c = (struct cursor){ tail, 0 };
	skip_spaces(&c);
	c.at += str_starts(str_slice(tail, c.at, tail.len), S("à ")) ? sizeof "à " - 1 : 0;
	if (!number(&c, hour))
		return false;
	skip_spaces(&c);
	if (peek(&c) != 'h' && peek(&c) != 'H' && peek(&c) != ':')
		return false;
	c.at++;
	skip_spaces(&c);
	if (!number(&c, minute))
		*minute = 0;
	return c.at == tail.len && *hour < 24 && *minute < 60;
}

static struct phrase
moment_remedy(struct reader *r, str text)
{
	struct civil g;
	int hour, minute;

	if (guess_moment(text, &g, &hour, &minute))
		return (struct phrase){ str_format(r->tmp, "écrivez %04d-%02d-%02d %02d:%02d", g.year, g.month, g.day, hour, minute),
			str_format(r->tmp, "write %04d-%02d-%02d %02d:%02d", g.year, g.month, g.day, hour, minute) };
	if (guess_date(text, &g))
		return (struct phrase){ str_format(r->tmp, "écrivez le jour et l'heure : %04d-%02d-%02d 18:30", g.year, g.month, g.day),
			str_format(r->tmp, "write the day and the time: %04d-%02d-%02d 18:30", g.year, g.month, g.day) };
	return PHRASE("écrivez-la sous la forme AAAA-MM-JJ HH:MM, par exemple 2026-11-02 18:30",
	    "write it in the form YYYY-MM-DD HH:MM, e.g. 2026-11-02 18:30");
}

static struct phrase
date_remedy(struct reader *r, str text)
{
	struct civil guess;
	struct phrase p;

	if (guess_date(text, &guess)) {
		p.fr = str_format(r->tmp, "écrivez %04d-%02d-%02d", guess.year, guess.month, guess.day);
		p.en = str_format(r->tmp, "write %04d-%02d-%02d", guess.year, guess.month, guess.day);
	} else {
		p = PHRASE("écrivez-la sous la forme AAAA-MM-JJ, par exemple 2026-11-02", "write it in the form YYYY-MM-DD, e.g. 2026-11-02");
	}
	return p;
}

/* `text` has the form of a date but there is no such day. */
static bool
refuse_impossible(struct reader *r, const struct field *f, const struct value *v, str text)
{
	struct cursor c = { text, 0 };
	struct phrase name, remedy;
	int year = 0, month = 0, dayofmonth = 0;

	number(&c, &year);
	c.at++;
	number(&c, &month);
	c.at++;
	number(&c, &dayofmonth);
	if (month < 1 || month > 12) {
		name = (struct phrase){ str_format(r->tmp, "le %de mois", month), str_format(r->tmp, "month %d", month) };
		remedy = PHRASE("les mois vont de 01 à 12 ; l'ordre est année-mois-jour", "months go from 01 to 12; the order is year-month-day");
	} else if (!civil_exists(year, month, dayofmonth)) {
		const struct phrase *m = &months[month - 1];
		int days = days_in_month(year, month);
		name.fr = str_format(r->tmp, "le %d %.*s %d", dayofmonth, STR_ARG(m->fr), year);
		name.en = str_format(r->tmp, "%d %.*s %d", dayofmonth, STR_ARG(m->en), year);
		remedy.fr = str_format(r->tmp, "%.*s %d a %d jours ; la forme est AAAA-MM-JJ", STR_ARG(m->fr), year, days);
		remedy.en = str_format(r->tmp, "%.*s %d has %d days; the form is YYYY-MM-DD", STR_ARG(m->en), year, days);
	} else {
		name = (struct phrase){ str_format(r->tmp, "l'heure « %.*s »", STR_ARG(text)), str_format(r->tmp, "the time '%.*s'", STR_ARG(text)) };
		remedy = PHRASE("les heures vont de 00:00 à 23:59", "times go from 00:00 to 23:59");
	}
	diag_add(r->diag, VALUE_IMPOSSIBLE_DATE, reader_span(r, v), f->name, name.fr, name.en, remedy.fr, remedy.en);
	return false;
}

bool
parse_date(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	enum date_error e = date_parse(text, &out->as.date);

	if (e == DATE_FORM)
		return reader_refuse(r, f, v, text, PHRASE("une date", "a date"), date_remedy(r, text));
	if (e == DATE_IMPOSSIBLE)
		return refuse_impossible(r, f, v, text);
	out->kind = VAL_DATE;
	return true;
}

bool
parse_month(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	enum date_error e = date_parse_month(text, &out->as.date);

	if (e == DATE_FORM)
		return reader_refuse(r, f, v, text, PHRASE("un mois", "a month"),
		    PHRASE("écrivez-le sous la forme AAAA-MM, par exemple 2026-11 pour novembre 2026", "write it in the form YYYY-MM, e.g. 2026-11"));
	if (e == DATE_IMPOSSIBLE)
		return refuse_impossible(r, f, v, text);
	out->kind = VAL_DATE;
	return true;
}

bool
parse_datetime(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	day d;
	int32_t seconds;
	enum date_error e = date_parse_time(text, &d, &seconds);

	if (e == DATE_FORM && date_parse(text, &d) == DATE_OK)
		return reader_refuse(r, f, v, text, PHRASE("une date avec son heure", "a date with its time"),
		    (struct phrase){ str_format(r->tmp, "ajoutez l'heure : %.*s 18:30", STR_ARG(text)), str_format(r->tmp, "add the time: %.*s 18:30", STR_ARG(text)) });
	if (e == DATE_FORM)
		return reader_refuse(r, f, v, text, PHRASE("une date avec son heure", "a date with its time"),
		    moment_remedy(r, text));
	if (e == DATE_IMPOSSIBLE)
		return refuse_impossible(r, f, v, text);
	out->kind = VAL_MOMENT;
	out->as.moment.local = d;
	out->as.moment.seconds = seconds;
	return true;
}

struct unit { str word; enum duration_unit unit; int32_t minutes; };
static const struct unit units[] = {
	{ S_INIT("minutes"), DURATION_MINUTE, 1 }, { S_INIT("minute"), DURATION_MINUTE, 1 }, { S_INIT("min"), DURATION_MINUTE, 1 },
	{ S_INIT("heures"), DURATION_HOUR, 60 }, { S_INIT("heure"), DURATION_HOUR, 60 }, { S_INIT("h"), DURATION_HOUR, 60 },
	{ S_INIT("jours"), DURATION_DAY, 1440 }, { S_INIT("jour"), DURATION_DAY, 1440 }, { S_INIT("j"), DURATION_DAY, 1440 },
	{ S_INIT("semaines"), DURATION_WEEK, 10080 }, { S_INIT("semaine"), DURATION_WEEK, 10080 },
	{ S_INIT("mois"), DURATION_MONTH, -1 }, { S_INIT("ans"), DURATION_YEAR, -1 }, { S_INIT("an"), DURATION_YEAR, -1 },
};

static bool
set_duration(struct val *out, int amount, const struct unit *u)
{
	if (amount > 100000)
		return false;
	out->kind = VAL_DURATION;
	out->as.duration.amount = amount;
	out->as.duration.unit = (uint8_t)u->unit;
	out->as.duration.minutes = u->minutes < 0 ? -1 : amount * u->minutes;
	return true;
}

static const struct unit *
unit_word(struct cursor *c)
{
	str rest = str_slice(c->s, c->at, c->s.len);

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_starts(rest, units[i].word)) {
			c->at += units[i].word.len;
			return &units[i];
		}
	return NULL;
}

/* "1 h 30", "1h30 min", "45 min", "6 mois" */
static bool
duration_in_words(str s, struct val *out)
{
	struct cursor c = { s, 0 };
	const struct unit *u;
	int amount, minutes;

	if (!number(&c, &amount))
		return false;
	skip_spaces(&c);
	u = unit_word(&c);
	if (!u)
		return false;
	skip_spaces(&c);
	if (c.at == s.len)
		return set_duration(out, amount, u);
	if (u->unit != DURATION_HOUR || !number(&c, &minutes) || minutes > 59 || amount > 10000)
		return false;
	skip_spaces(&c);
	unit_word(&c);
	return c.at == s.len && set_duration(out, amount * 60 + minutes, &units[0]);
}

static const struct unit *
iso_unit(char letter, bool time)
{
	switch (letter) {
	case 'Y': return time ? NULL : &units[12];
	case 'M': return time ? &units[0] : &units[11];
	case 'W': return time ? NULL : &units[9];
	case 'D': return time ? NULL : &units[6];
	case 'H': return time ? &units[3] : NULL;
	default: return NULL;
	}
}

/* ISO 8601: one unit, or hours and minutes. */
static bool
duration_iso(str s, struct val *out)
{
	struct cursor c = { s, 1 };
	const struct unit *u;
	bool time = peek(&c) == 'T';
	int amount, minutes;

	if (!str_starts(s, S("P")))
		return false;
	c.at += time;
	if (!number(&c, &amount) || !(u = iso_unit(peek(&c), time)))
		return false;
	c.at++;
	if (c.at == s.len)
		return set_duration(out, amount, u);
	if (u->unit != DURATION_HOUR || amount > 10000 || !number(&c, &minutes) || minutes > 59 || peek(&c) != 'M' || c.at + 1 != s.len)
		return false;
	return set_duration(out, amount * 60 + minutes, &units[0]);
}

bool
parse_duration(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (duration_in_words(text, out) || duration_iso(text, out))
		return true;
	return reader_refuse(r, f, v, text, PHRASE("une durée", "a duration"),
	    PHRASE("écrivez par exemple 45 min, 1 h 30, 3 jours, 8 semaines, 6 mois ou 1 an", "write e.g. 45 min, 1 h 30, 3 jours, 8 semaines, 6 mois or 1 an"));
}
