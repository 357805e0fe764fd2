#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ulocdata.h>

#include "text/icu.h"

void
text_must(UErrorCode e)
{
	if (U_SUCCESS(e))
		return;
	fprintf(stderr, "vitrine: erreur: la bibliothèque ICU a échoué (%s)\n", u_errorName(e));
	exit(3);
}

bool
text_name(char out[TEXT_NAME], str name)
{
	if (!name.len || name.len >= TEXT_NAME || memchr(name.ptr, 0, name.len))
		return false;
	memcpy(out, name.ptr, name.len);
	out[name.len] = 0;
	return true;
}

struct text *
text_open(void)
{
	struct text *t = calloc(1, sizeof *t);

	if (!t)
		text_must(U_MEMORY_ALLOCATION_ERROR);
	arena_init(&t->tmp, &page_source_malloc);
	return t;
}

static void
language_close(struct text_language *l)
{
	ucol_close(l->collator);
	for (unsigned form = 0; form <= TEXT_DATE_DAY_MONTH; form++)
		for (unsigned first = 0; first < 2; first++)
			udat_close(l->dates[form][first]);
	udat_close(l->time);
	udtitvfmt_close(l->period);
	unum_close(l->number);
	unum_close(l->money);
	unum_close(l->percent);
	uplrules_close(l->plural);
	ulistfmt_close(l->list[0]);
	ulistfmt_close(l->list[1]);
	memset(l, 0, sizeof *l);
}

void
text_close(struct text *t)
{
	if (!t)
		return;
	for (unsigned i = 0; i < t->n_languages; i++)
		language_close(&t->languages[i]);
	for (unsigned i = 0; i < t->n_zones; i++)
		ucal_close(t->zones[i].calendar);
	arena_free(&t->tmp);
	free(t);
}

struct text_language *
text_language_of(struct text *t, str language)
{
	struct text_language *l;
	char name[TEXT_NAME];

	if (!text_name(name, language))
		memcpy(name, "fr", 3);
	for (unsigned i = 0; i < t->n_languages; i++)
		if (!strcmp(t->languages[i].name, name))
			return &t->languages[i];
	l = &t->languages[t->next_language];
	if (t->n_languages == TEXT_MAX_LANGUAGES)
		language_close(l);
	else
		t->n_languages++;
	t->next_language = (t->next_language + 1) % TEXT_MAX_LANGUAGES;
	memcpy(l->name, name, sizeof name);
	l->french = !strcmp(name, "fr") || !strncmp(name, "fr-", 3);
	return l;
}

static UCalendar *
calendar_open(const char *name)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar zone[TEXT_NAME];
	UCalendar *c;

	u_uastrcpy(zone, name);
	c = ucal_open(zone, -1, "en", UCAL_GREGORIAN, &e);
	text_must(e);
	ucal_setGregorianChange(c, -1e18, &e);
	ucal_setAttribute(c, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
	return c;
}

struct text_zone *
text_zone_of(struct text *t, str zone)
{
	struct text_zone *z;
	char name[TEXT_NAME];

	if (!text_name(name, zone))
		memcpy(name, "Europe/Paris", 13);
	for (unsigned i = 0; i < t->n_zones; i++)
		if (!strcmp(t->zones[i].name, name))
			return &t->zones[i];
	z = &t->zones[t->next_zone];
	if (t->n_zones == TEXT_MAX_ZONES)
		ucal_close(z->calendar);
	else
		t->n_zones++;
	t->next_zone = (t->next_zone + 1) % TEXT_MAX_ZONES;
	memcpy(z->name, name, sizeof name);
	z->calendar = calendar_open(name);
	return z;
}

struct arena *
text_scratch(struct text *t)
{
	arena_reset(&t->tmp);
	return &t->tmp;
}

struct text_wide
text_wide_room(struct arena *tmp, int32_t len)
{
	return (struct text_wide){ arena_array(tmp, UChar, (size_t)len + 1), len };
}

struct text_wide
text_wide_from(struct arena *tmp, str s)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t len = s.len > INT32_MAX / 8 ? INT32_MAX / 8 : (int32_t)s.len;
	struct text_wide w = text_wide_room(tmp, len);

	u_strFromUTF8WithSub(w.ptr, len + 1, &w.len, s.ptr ? s.ptr : "", len, 0xFFFD, NULL, &e);
	text_must(e);
	return w;
}

str
text_wide_to(struct text_wide w, struct arena *out)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t len = w.len * 3;
	char *ptr = arena_alloc(out, (size_t)len + 1, 1, 1);

	u_strToUTF8WithSub(ptr, len + 1, &len, w.ptr, w.len, 0xFFFD, NULL, &e);
	text_must(e);
	return (str){ ptr, (size_t)len };
}

static str
version_text(const UVersionInfo version, struct arena *out)
{
	return str_format(out, "%d.%d", version[0], version[1]);
}

str
text_versions(struct arena *out)
{
	UErrorCode e = U_ZERO_ERROR;
	UVersionInfo icu, cldr;
	const char *zones = ucal_getTZDataVersion(&e);
	str parts[2];

	u_getVersion(icu);
	ulocdata_getCLDRVersion(cldr, &e);
	text_must(e);
	parts[0] = version_text(icu, out);
	parts[1] = str_format(out, "%d", cldr[0]);
	return str_format(out, "ICU %.*s, CLDR %.*s, tzdata %s", STR_ARG(parts[0]), STR_ARG(parts[1]), zones);
}

bool
text_language_known(str language)
{
	char name[TEXT_NAME];

	if (!text_name(name, language))
		return false;
	for (int32_t i = 0, n = uloc_countAvailable(); i < n; i++)
		if (!strcmp(uloc_getAvailable(i), name))
			return true;
	return false;
}
