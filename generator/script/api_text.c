/* Functions for words: dates, numbers, plurals, lists, letters, collation. All in the page's language, through text/. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/qr.h"
#include "base/utf8.h"
#include "base/suggest.h"
#include "script/state.h"

static const struct date_value *
need_date(lua_State *L, int arg)
{
	const struct date_value *d = value_of(L, arg, TAG_DATE);

	if (!d)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("date"), value_word(L, arg));
	return d;
}

static int64_t
utc_of(struct script_state *w, const struct date_value *d)
{
	return d->has_utc ? d->utc : text_zone_to_utc(w->text, w->site->zone, d->day, d->seconds > 0 ? d->seconds : 0);
}

/* separator, then two digits: nearly every page of a calendar has some, and printf is slow */
static void
put_pair(struct buf *b, const char *separator, int32_t n)
{
	if (*separator)
		buf_byte(b, *separator);
	buf_byte(b, (char)('0' + n / 10 % 10));
	buf_byte(b, (char)('0' + n % 10));
}

/* "20260915", "20260915T083000Z" */
static str
date_utc(struct script_state *w, const struct date_value *d)
{
	int64_t utc = d->seconds < 0 ? 0 : utc_of(w, d), days = utc >= 0 ? utc / 86400 : -((-utc + 86399) / 86400);
	int32_t s = (int32_t)(utc - days * 86400);
	str iso = date_iso(w->arena, d->seconds < 0 ? d->day : (day)days);
	struct buf *b = &w->scratch;

	buf_clear(b);
	for (size_t i = 0; i < iso.len; i++)
		if (iso.ptr[i] != '-' || i == 0)
			buf_byte(b, iso.ptr[i]);
	if (d->seconds >= 0) {
		put_pair(b, "T", s / 3600);
		put_pair(b, "", s / 60 % 60);
		put_pair(b, "", s % 60);
		buf_byte(b, 'Z');
	}
	return buf_copy(b, w->arena);
}

static str
date_rfc3339(struct script_state *w, const struct date_value *d)
{
	int64_t utc = utc_of(w, d);
	int32_t offset = text_zone_offset(w->text, w->site->zone, utc), s = d->seconds > 0 ? d->seconds : 0;
	struct buf *b = &w->scratch;

	buf_clear(b);
	buf_put(b, date_iso(w->arena, d->day));
	put_pair(b, "T", s / 3600);
	put_pair(b, ":", s / 60 % 60);
	put_pair(b, ":", s % 60);
	put_pair(b, offset < 0 ? "-" : "+", abs(offset) / 3600);
	put_pair(b, ":", abs(offset) / 60 % 60);
	return buf_copy(b, w->arena);
}

static str
date_iso_form(struct script_state *w, const struct date_value *d)
{
	struct buf *b = &w->scratch;

	buf_clear(b);
	buf_put(b, date_iso(w->arena, d->day));
	if (d->seconds >= 0) {
		put_pair(b, "T", d->seconds / 3600);
		put_pair(b, ":", d->seconds / 60 % 60);
	}
	return buf_copy(b, w->arena);
}

/* After those of text/: a time, and what machines read. */
enum date_form { FORM_TIME = TEXT_DATE_DAY_MONTH + 1, FORM_ISO, FORM_UTC, FORM_RFC3339, FORM_N };

static str
date_words(struct script_state *w, const struct date_value *d, int form)
{
	switch (form) {
	case FORM_TIME: return d->seconds >= 0 ? text_time(w->text, language_code(w), d->seconds, w->arena) : STR_NONE;
	case FORM_ISO: return date_iso_form(w, d);
	case FORM_UTC: return date_utc(w, d);
	case FORM_RFC3339: return date_rfc3339(w, d);
	default: return text_date(w->text, language_code(w), d->day, (enum text_date_form)form, w->arena);
	}
}

str
date_of_data(struct script_state *w, const struct date_value *d)
{
	return d->seconds >= 0 ? date_rfc3339(w, d) : date_iso_form(w, d);
}

static int
date_form(lua_State *L, int arg)
{
	static const str forms[FORM_N] = { S_INIT("long"), S_INIT("complet"), S_INIT("court"), S_INIT("mois"), S_INIT("jour_mois"),
		S_INIT("heure"), S_INIT("iso"), S_INIT("utc"), S_INIT("rfc3339") };
	str form;

	if (lua_isnoneornil(L, arg))
		return TEXT_DATE_LONG;
	form = check_str(L, arg);
	for (int i = 0; i < FORM_N; i++)
		if (str_equal(form, forms[i]))
			return i;
	raise(L, SCRIPT_UNKNOWN_VALUE, form, form, S("date()"), suggest_nearest(form, forms, FORM_N),
	    str_join(state_of(L)->arena, forms, FORM_N, S(", ")));
}

/* date(d, form) */
static int
api_date(lua_State *L)
{
	struct script_state *w = state_of(L);
	const struct date_value *d = need_date(L, 1);
	int form = date_form(L, 2);

	if (form >= FORM_TIME && d->seconds >= 0) {      /* a moment is on a page or two */
		push_str(L, date_words(w, d, form));
		return 1;
	}
	lua_pushinteger(L, (lua_Integer)d->day * FORM_N + form);
	if (cache_find(L, CACHE_DATE))
		return 1;
	push_str(L, date_words(w, d, form));     /* "heure" of a date without time is nil */
	return cache_keep(L, CACHE_DATE);
}

static int
api_period(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, text_period(w->text, language_code(w), need_date(L, 1)->day, need_date(L, 2)->day, w->arena));
	return 1;
}

static int
api_number(lua_State *L)
{
	struct script_state *w = state_of(L);
	double v = luaL_checknumber(L, 1);
	int decimals = -1;

	if (lua_istable(L, 2)) {
		lua_getfield(L, 2, "decimales");
		decimals = lua_isnil(L, -1) ? -1 : (int)luaL_checkinteger(L, -1);
	}
	if (decimals < -1)
		decimals = -1;
	if (decimals > 12)
		decimals = 12;
	if (decimals > 2 || isnan(v) || (v == 0 && signbit(v))) {     /* -0 is the key 0 */
		push_str(L, text_number(w->text, language_code(w), v, decimals, w->arena));
		return 1;
	}
	lua_pushnumber(L, v);
	if (cache_find(L, (enum cache_function)(CACHE_NUMBER + 1 + decimals)))
		return 1;
	push_str(L, text_number(w->text, language_code(w), v, decimals, w->arena));
	return cache_keep(L, (enum cache_function)(CACHE_NUMBER + 1 + decimals));
}

static int
api_money(lua_State *L)
{
	struct script_state *w = state_of(L);
	double v = luaL_checknumber(L, 1);

	if (!lua_isinteger(L, 1)) {
		push_str(L, text_money(w->text, language_code(w), v, w->arena));
		return 1;
	}
	lua_settop(L, 1);
	if (cache_find(L, CACHE_MONEY))
		return 1;
	push_str(L, text_money(w->text, language_code(w), v, w->arena));
	return cache_keep(L, CACHE_MONEY);
}

static int
api_percent(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, text_percent(w->text, language_code(w), luaL_checknumber(L, 1), w->arena));
	return 1;
}

/* Every "{name}" of `form` by what `value` writes for it. */
static str
replace_names(struct script_state *w, lua_State *L, str form, void (*value)(lua_State *L, str name, struct buf *b))
{
	struct buf *b = &w->scratch;
	size_t open, close;

	buf_clear(b);
	while (str_find_byte(form, '{', &open) && str_find_byte(str_slice(form, open, form.len), '}', &close)) {
		buf_put(b, str_slice(form, 0, open));
		value(L, str_slice(form, open + 1, open + close), b);
		form = str_slice(form, open + close + 1, form.len);
	}
	buf_put(b, form);
	return buf_copy(b, w->arena);
}

static void
put_number(lua_State *L, str name, struct buf *b)
{
	struct script_state *w = state_of(L);

	if (str_equal(name, S("n")) && lua_isinteger(L, 1) && lua_tointeger(L, 1) >= 0 && lua_tointeger(L, 1) < 1000)
		buf_int(b, lua_tointeger(L, 1));
	else if (str_equal(name, S("n")))
		buf_put(b, text_number(w->text, language_code(w), lua_tonumber(L, 1), -1, w->arena));
}

/* pluriel(n, "{n} offre", "{n} offres") */
static int
api_plural(lua_State *L)
{
	struct script_state *w = state_of(L);
	double n = luaL_checknumber(L, 1);
	str one = check_str(L, 2), other = check_str(L, 3);

	push_str(L, replace_names(w, L, text_plural(w->text, language_code(w), n) == TEXT_ONE ? one : other, put_number));
	return 1;
}

static void
put_argument(lua_State *L, str name, struct buf *b)
{
	struct script_state *w = state_of(L);
	size_t len;
	const char *p;

	if (lua_istable(L, 2)) {
		lua_pushlstring(L, name.ptr, name.len);
		lua_gettable(L, 2);
	} else {
		lua_pushnil(L);
	}
	if (lua_isinteger(L, -1)) {      /* plain, it may be a year: nombre() is for amounts */
		buf_int(b, lua_tointeger(L, -1));
	} else if (lua_type(L, -1) == LUA_TNUMBER) {
		buf_put(b, text_number(w->text, language_code(w), lua_tonumber(L, -1), -1, w->arena));
	} else if (lua_type(L, -1) == LUA_TSTRING) {
		p = lua_tolstring(L, -1, &len);
		buf_put(b, (str){ p, len });
	} else {
		raise(L, SCRIPT_STRING_ARGUMENT, STR_NONE, check_str(L, 1), name);
	}
	lua_pop(L, 1);
}

_Noreturn static void
refuse_string(lua_State *L, str key)
{
	struct script_state *w = state_of(L);
	const struct map *m = &w->site->strings[w->language].of;
	str *keys = arena_array(w->arena, str, m->len + 1);

	for (uint32_t i = 0; i < m->len; i++)
		keys[i] = m->entries[i].key;
	raise(L, SCRIPT_NO_STRING, key, key, suggest_nearest(key, keys, m->len), language_code(w));
}

/* t(key, {x = …}); a string without names is kept. */
static int
api_string(lua_State *L)
{
	struct script_state *w = state_of(L);
	str key = check_str(L, 1);
	const str *s;

	lua_settop(L, 2);
	lua_pushvalue(L, 1);
	if (cache_find(L, CACHE_STRING))
		return 1;
	asked_note_string(w, key);
	s = map_get(&w->site->strings[w->language].of, key);
	if (!s)
		refuse_string(L, key);
	if (!str_find_byte(*s, '{', &(size_t){ 0 })) {
		push_str(L, *s);
		return cache_keep(L, CACHE_STRING);
	}
	push_str(L, replace_names(w, L, *s, put_argument));
	return 1;
}

/* --- durations --- */

/* Singular and plural by unit and language: duree() speaks French or English, as date() does for its own words. */
static str
unit_words(struct script_state *w, int unit, double n)
{
	static const char *const fr[6][2] = { { "min", "min" }, { "h", "h" }, { "jour", "jours" }, { "semaine", "semaines" }, { "mois", "mois" },
		{ "an", "ans" } };
	static const char *const en[6][2] = { { "min", "min" }, { "h", "h" }, { "day", "days" }, { "week", "weeks" }, { "month", "months" },
		{ "year", "years" } };
	bool french = str_starts(language_code(w), S("fr"));

	return str_from_c((french ? fr : en)[unit][text_plural(w->text, language_code(w), n) == TEXT_OTHER]);
}

/* duree({valeur, unite, minutes}) */
static int
api_duration(lua_State *L)
{
	static const str units[] = { S_INIT("minute"), S_INIT("heure"), S_INIT("jour"), S_INIT("semaine"), S_INIT("mois"), S_INIT("annee") };
	struct script_state *w = state_of(L);
	str unit;
	double value;
	int i = 0;

	luaL_checktype(L, 1, LUA_TTABLE);
	unit = field_str(L, 1, "unite");
	lua_getfield(L, 1, "valeur");
	value = luaL_checknumber(L, -1);
	while (i < 6 && !str_equal(unit, units[i]))
		i++;
	if (i == 6)
		raise(L, SCRIPT_EXPECTED, STR_NONE, S("duree"), value_word(L, 1));
	if (i == 0 && value >= 60) {
		int minutes = (int)value;
		push_str(L, minutes % 60 ? str_format(w->arena, "%d\u00a0h\u00a0%02d", minutes / 60, minutes % 60) :
		    str_format(w->arena, "%d\u00a0h", minutes / 60));
		return 1;
	}
	push_str(L, str_cat(w->arena, text_number(w->text, language_code(w), value, -1, w->arena), S("\u00a0"), unit_words(w, i, value)));
	return 1;
}

/* --- telephone --- */

static str
digits_of(struct script_state *w, str s)
{
	char *p = arena_array(w->arena, char, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || (s.ptr[i] == '+' && n == 0))
			p[n++] = s.ptr[i];
	return (str){ p, n };
}

/* National numbers in pairs, "+33…" too; others as they are. */
static int
api_phone(lua_State *L)
{
	struct script_state *w = state_of(L);
	str s = check_str(L, 1), d = digits_of(w, s);
	struct buf *b = &w->scratch;

	if (str_starts(d, S("+33")) && d.len == 12)
		d = str_cat(w->arena, S("0"), str_slice(d, 3, d.len));
	if (d.len != 10 || d.ptr[0] != '0') {
		push_str(L, s);
		return 1;
	}
	buf_clear(b);
	for (size_t i = 0; i < 10; i += 2) {
		if (i)
			buf_put(b, S("\u00a0"));
		buf_put(b, str_slice(d, i, i + 2));
	}
	push_str(L, buf_str(b));
	return 1;
}

static int
api_phone_uri(lua_State *L)
{
	struct script_state *w = state_of(L);
	str d = digits_of(w, check_str(L, 1));

	if (d.len == 10 && d.ptr[0] == '0')
		d = str_cat(w->arena, S("+33"), str_slice(d, 1, d.len));
	push_str(L, d);
	return 1;
}

/* --- letters --- */

static int
api_lower(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, text_lower(w->text, language_code(w), check_str(L, 1), w->arena));
	return 1;
}

static int
api_upper(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, text_upper(w->text, language_code(w), check_str(L, 1), w->arena));
	return 1;
}

static int
api_capital(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, text_capital(w->text, language_code(w), check_str(L, 1), w->arena));
	return 1;
}

static int
api_fold(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, text_fold(w->text, check_str(L, 1), w->arena));
	return 1;
}

static int
api_slug(lua_State *L)
{
	struct script_state *w = state_of(L);

	push_str(L, text_slug(w->text, check_str(L, 1), w->arena));
	return 1;
}

static int
api_typo(lua_State *L)
{
	struct script_state *w = state_of(L);
	str s = check_str(L, 1);

	push_str(L, str_starts(language_code(w), S("fr")) ? typography_french(s, w->arena) : s);
	return 1;
}

/* At most n characters, cut between words, with "…". */
static int
api_truncate(lua_State *L)
{
	struct script_state *w = state_of(L);
	str s = check_str(L, 1), cut;
	lua_Integer n = luaL_checkinteger(L, 2);
	size_t end;

	if (n < 1)
		n = 1;
	if (utf8_length(s) <= (size_t)n) {
		lua_pushvalue(L, 1);
		return 1;
	}
	cut = utf8_prefix(s, (size_t)n - 1);
	end = cut.len;
	while (end > 0 && s.ptr[end] != ' ' && s.ptr[end] != '\n')
		end--;
	if (end > cut.len / 2)
		cut = str_slice(cut, 0, end);
	while (cut.len && strchr(" ,;:.-\n", cut.ptr[cut.len - 1]))
		cut.len--;
	push_str(L, str_cat(w->arena, cut, S("…")));
	return 1;
}

/* --- lists of words --- */

static str *
words_of(lua_State *L, int arg, size_t *n)
{
	struct script_state *w = state_of(L);
	lua_Integer len = luaL_len(L, arg);
	str *words = arena_array(w->arena, str, (size_t)len + 1);
	size_t bytes;

	for (lua_Integer i = 1; i <= len; i++) {
		const char *p;
		lua_geti(L, arg, i);
		p = lua_tolstring(L, -1, &bytes);
		if (!p)
			raise(L, SCRIPT_EXPECTED, STR_NONE, S("texte"), value_word(L, -1));
		words[i - 1] = str_copy(w->arena, (str){ p, bytes });
		lua_pop(L, 1);
	}
	*n = (size_t)len;
	return words;
}

/* liste(l, "et" | "ou") */
static int
api_list(lua_State *L)
{
	struct script_state *w = state_of(L);
	size_t n;
	str *words = words_of(L, 1, &n), by = lua_isnoneornil(L, 2) ? S("et") : check_str(L, 2);

	push_str(L, text_list(w->text, language_code(w), words, n, str_equal(by, S("ou")) || str_equal(by, S("or")), w->arena));
	return 1;
}

static int
api_collate(lua_State *L)
{
	struct script_state *w = state_of(L);
	str a = text_sort_key(w->text, language_code(w), check_str(L, 1), w->arena);
	str b = text_sort_key(w->text, language_code(w), check_str(L, 2), w->arena);
	int order = str_compare(a, b);

	lua_pushinteger(L, (order > 0) - (order < 0));
	return 1;
}

struct words { str *words, *keys; };

static bool
word_after(void *context, uint32_t a, uint32_t b)
{
	const struct words *w = context;
	int order = str_compare(w->keys[a], w->keys[b]);

	return order ? order > 0 : str_compare(w->words[a], w->words[b]) > 0;
}

/* tri(list_of_strings) */
static int
api_sorted(lua_State *L)
{
	struct script_state *w = state_of(L);
	struct words words;
	uint32_t *order;
	size_t n;

	words.words = words_of(L, 1, &n);
	words.keys = arena_array(w->arena, str, n + 1);
	for (size_t i = 0; i < n; i++)
		words.keys[i] = text_sort_key(w->text, language_code(w), words.words[i], w->arena);
	order = sort_indexes(L, (uint32_t)n, word_after, &words);
	lua_createtable(L, (int)n, 0);
	for (size_t i = 0; i < n; i++) {
		push_str(L, words.words[order[i]]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* qr(text): {cote, trait}; nil when the text is too long */
static int
api_qr(lua_State *L)
{
	struct script_state *w = state_of(L);
	struct qr code;

	if (!w->qr)
		w->qr = qr_maker_new(w->out);
	if (!qr_encode(w->qr, &code, check_str(L, 1)))
		return 0;
	buf_clear(&w->scratch);
	qr_path(&code, &w->scratch);
	lua_createtable(L, 0, 2);
	lua_pushinteger(L, code.side);
	lua_setfield(L, -2, "cote");
	push_str(L, buf_str(&w->scratch));
	lua_setfield(L, -2, "trait");
	return 1;
}

bool
format_integers(lua_State *L)
{
	struct buf *b = &state_of(L)->scratch;
	str rest = check_str(L, 1);
	size_t at;

	buf_clear(b);
	for (int arg = 2; str_find_byte(rest, '%', &at); arg++) {
		if (at + 1 == rest.len || rest.ptr[at + 1] != 'd' || !lua_isinteger(L, arg))
			return false;
		buf_put(b, str_slice(rest, 0, at));
		buf_int(b, lua_tointeger(L, arg));
		rest = str_slice(rest, at + 2, rest.len);
	}
	buf_put(b, rest);
	if (b->failed)
		return false;
	lua_pushlstring(L, b->len ? b->ptr : "", b->len);
	return true;
}

void
api_text_open(struct script_state *w)
{
	static const luaL_Reg functions[] = { { "date", api_date }, { "periode", api_period }, { "nombre", api_number }, { "montant", api_money },
		{ "pourcent", api_percent }, { "pluriel", api_plural }, { "t", api_string }, { "duree", api_duration }, { "telephone", api_phone },
		{ "telephone_uri", api_phone_uri }, { "minuscules", api_lower }, { "majuscules", api_upper }, { "capitale", api_capital },
		{ "sans_accents", api_fold }, { "slug", api_slug }, { "typo", api_typo }, { "tronquer", api_truncate }, { "liste", api_list },
		{ "collation", api_collate }, { "tri", api_sorted }, { "qr", api_qr }, { NULL, NULL } };

	lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->ref_globals);
	luaL_setfuncs(w->L, functions, 0);
	lua_pop(w->L, 1);
}
