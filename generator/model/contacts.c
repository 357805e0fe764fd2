/* Web addresses, e-mail addresses, telephone numbers. */
#include <string.h>

#include "model/internal.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Labels of letters (of any script), digits and inner hyphens. */
static bool
is_domain(str s, bool dotted)
{
	size_t labels = 0;
	str label;

	if (!s.len || s.ptr[s.len - 1] == '.')
		return false;
	while (str_next(&s, '.', &label)) {
		labels++;
		if (!label.len || label.len > 63 || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!is_alnum(label.ptr[i]) && label.ptr[i] != '-' && !((unsigned char)label.ptr[i] & 0x80))
				return false;
	}
	return labels > 1 || !dotted;
}

static bool
is_authority(str s)
{
	str host, port;

	if (str_cut(s, ':', &host, &port)) {
		if (!port.len || port.len > 5)
			return false;
		for (size_t i = 0; i < port.len; i++)
			if (!is_digit(port.ptr[i]))
				return false;
	}
	return is_domain(host, !str_equal(host, S("localhost")));
}

/* No white space, control characters, or what an address must escape. */
static bool
is_clean(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f || memchr("<>\"{}|\\^`", s.ptr[i], 9))
			return false;
	return true;
}

static bool
is_url(str s)
{
	size_t end = 0;
	bool secure = str_equal_fold(str_slice(s, 0, 8), S("https://"));

	if (!secure && !str_equal_fold(str_slice(s, 0, 7), S("http://")))
		return false;
	s = str_slice(s, secure ? 8 : 7, s.len);
	while (end < s.len && !memchr("/?#", s.ptr[end], 3))
		end++;
	return is_authority(str_slice(s, 0, end)) && is_clean(s);
}

static struct phrase
url_remedy(struct reader *r, str text)
{
	str guess = str_cat(r->tmp, S("https://"), text);

	if (is_url(guess))
		return (struct phrase){ str_cat(r->tmp, S("écrivez "), guess), str_cat(r->tmp, S("write "), guess) };
	return PHRASE("une adresse commence par https:// et n'a pas d'espace ; copiez-la depuis le navigateur",
	    "an address starts with https:// and has no spaces; copy it from the browser");
}

static bool
keep(struct reader *r, str s, struct val *out)
{
	out->kind = VAL_TEXT;
	out->as.text = str_copy(r->out, s);
	return true;
}

bool
parse_url(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (!is_url(text))
		return reader_refuse(r, f, v, text, PHRASE("une adresse web", "a web address"), url_remedy(r, text));
	return keep(r, text, out);
}

static bool
is_email(str s)
{
	str local, domain;

	if (!str_cut(s, '@', &local, &domain) || !local.len || local.len > 64)
		return false;
	if (local.ptr[0] == '.' || local.ptr[local.len - 1] == '.')
		return false;
	for (size_t i = 0; i < local.len; i++) {
		char c = local.ptr[i];
		if (c == '.' && local.ptr[i + 1] == '.')
			return false;
		if (!is_alnum(c) && !memchr(".!#$%&'*+/=?^_`{|}~-", c, 20))
			return false;
	}
	return is_domain(domain, true);
}

/* The address in "Accueil <a@b.fr>", "mailto:a@b.fr" or "a @b.fr". */
static struct phrase
email_remedy(struct reader *r, str text)
{
	char *c = arena_array(r->tmp, char, text.len + 1);
	size_t n = 0, at;
	str guess;

	if (str_find_byte(text, '<', &at))
		text = str_slice(text, at + 1, text.len);
	if (str_find_byte(text, '>', &at))
		text = str_slice(text, 0, at);
	if (str_starts(text, S("mailto:")))
		text = str_slice(text, 7, text.len);
	for (size_t i = 0; i < text.len; i++)
		if (str_starts(str_slice(text, i, text.len), S("\xe2\x80\x8b")))       /* a zero-width space comes with copies from a browser */
			i += 2;
		else if (text.ptr[i] != ' ' || !((n && c[n - 1] == '@') || (i + 1 < text.len && text.ptr[i + 1] == '@')))
			c[n++] = text.ptr[i];
	guess = (str){ c, n };
	if (is_email(guess))
		return (struct phrase){ str_cat(r->tmp, S("écrivez "), guess), str_cat(r->tmp, S("write "), guess) };
	return PHRASE("écrivez une seule adresse, par exemple accueil@exemple.fr", "write a single address, e.g. accueil@exemple.fr");
}

bool
parse_email(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (!is_email(text))
		return reader_refuse(r, f, v, text, PHRASE("une adresse de courriel", "an e-mail address"), email_remedy(r, text));
	return keep(r, text, out);
}

/* Digits of a number with a leading '+' kept; false on anything but digits and the signs people group them with. */
static bool
compact_phone(struct arena *tmp, str s, str *digits)
{
	char *c = arena_array(tmp, char, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		str rest = str_slice(s, i, s.len);
		if (str_starts(rest, S("(0)")) && n && c[0] == '+')
			i += 2;
		else if (str_starts(rest, S("\xc2\xa0")))
			i += 1;
		else if (str_starts(rest, S("\xe2\x80\xaf")))
			i += 2;
		else if (is_digit(s.ptr[i]) || (s.ptr[i] == '+' && n == 0))
			c[n++] = s.ptr[i];
		else if (!memchr(" .-/", s.ptr[i], 4))
			return false;
	}
	*digits = (str){ c, n };
	return n > 0;
}

/* Numbers of emergency and of public service: 15, 112, 3114, 116 117. */
static bool
is_short_number(str s)
{
	switch (s.len) {
	case 2: return str_equal(s, S("15")) || str_equal(s, S("17")) || str_equal(s, S("18"));
	case 3: return str_starts(s, S("11")) || str_starts(s, S("19"));
	case 4: return str_starts(s, S("3")) || str_starts(s, S("10"));
	case 6: return str_starts(s, S("116")) || str_starts(s, S("118"));
	default: return false;
	}
}

/* The national ten digits, a short number, or +… of another country code; false when it is none. */
static bool
normalise_phone(struct arena *tmp, str s, str *normal)
{
	if (str_starts(s, S("0033")))
		s = str_cat(tmp, S("+33"), str_slice(s, 4, s.len));
	if (str_starts(s, S("+330")))
		s = str_cat(tmp, S("+33"), str_slice(s, 4, s.len));
	if (str_starts(s, S("+33"))) {
		*normal = str_cat(tmp, S("0"), str_slice(s, 3, s.len));
		return normal->len == 10 && normal->ptr[1] != '0';
	}
	*normal = s;
	if (str_starts(s, S("+")))
		return s.len >= 8 && s.len <= 16 && s.ptr[1] != '0';
	return is_short_number(s) || (s.len == 10 && s.ptr[0] == '0' && s.ptr[1] != '0');
}

bool
parse_phone(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	str digits, normal;

	if (!compact_phone(r->tmp, text, &digits) || !normalise_phone(r->tmp, digits, &normal))
		return reader_refuse(r, f, v, text, PHRASE("un numéro de téléphone", "a telephone number"),
		    PHRASE("donnez un seul numéro ; en France il compte dix chiffres, par exemple \"05 36 49 00 10\" ; un numéro étranger ou d'outre-mer commence par +",
		        "give a single number; a French one has ten digits, e.g. \"05 36 49 00 10\"; one from elsewhere starts with +"));
	return keep(r, normal, out);
}
