/* French identifiers: form and check digits. Arithmetic only: a number that passes need not exist. */
#include "model/internal.h"

#define LA_POSTE S("356000000")

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
all_digits(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

bool
model_luhn(str digits)
{
	int sum = 0;

	if (!all_digits(digits))
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		int d = digits.ptr[digits.len - 1 - i] - '0';
		if (i % 2)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

/* Digits, where a Corsican département (2A, 2B) may stand first. */
static bool
digits_of_departement(str s)
{
	bool corsican = s.len > 1 && s.ptr[0] == '2' && (s.ptr[1] == 'A' || s.ptr[1] == 'B');
	return all_digits(s) || (corsican && all_digits(str_slice(s, 2, s.len)));
}

/* Without the spaces and dots that people group digits with; letters in upper case. */
static str
compact(struct arena *out, str s)
{
	char *c = arena_array(out, char, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == ' ' || s.ptr[i] == '.')
			continue;
		if (i + 1 < s.len && s.ptr[i] == '\xc2' && s.ptr[i + 1] == '\xa0') {
			i++;
			continue;
		}
		c[n++] = s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? (char)(s.ptr[i] - 'a' + 'A') : s.ptr[i];
	}
	return (str){ c, n };
}

enum check { CHECK_NONE, CHECK_LUHN };
struct identifier {
	size_t length;
	bool departement;            /* may start with 2A or 2B */
	enum check check;
	str name;
	struct phrase form;
};
static const struct identifier identifiers[FIELD_N_KINDS] = {
	[FIELD_SIREN] = { 9, false, CHECK_LUHN, S_INIT("SIREN"), PHRASE_INIT("un SIREN compte 9 chiffres", "a SIREN has 9 digits") },
	[FIELD_SIRET] = { 14, false, CHECK_LUHN, S_INIT("SIRET"), PHRASE_INIT("un SIRET compte 14 chiffres : le SIREN (9) puis le NIC (5)", "a SIRET has 14 digits: the SIREN (9), then the NIC (5)") },
	[FIELD_FINESS] = { 9, true, CHECK_LUHN, S_INIT("FINESS"), PHRASE_INIT("un numéro FINESS compte 9 chiffres (ou 2A, 2B puis 7 chiffres)", "a FINESS number has 9 digits (or 2A, 2B, then 7 digits)") },
	[FIELD_RPPS] = { 11, false, CHECK_LUHN, S_INIT("RPPS"), PHRASE_INIT("un numéro RPPS compte 11 chiffres ; sans le 8 que certains fichiers mettent devant", "an RPPS number has 11 digits; without the 8 that some files put in front") },
	[FIELD_INSEE] = { 5, true, CHECK_NONE, S_INIT("INSEE"), PHRASE_INIT("un code INSEE de commune compte 5 caractères, par exemple 33058 ou 2A004 ; ce n'est pas le code postal", "an INSEE code has 5 characters, e.g. 33058 or 2A004; it is not the postal code") },
};

/* The rule for 2A and 2B is not published: A as 1 and B as 2 fits the known numbers, and a mismatch is only doubtful. */
static bool
corsican_luhn(struct arena *tmp, str s)
{
	str digits = str_copy(tmp, s);
	((char *)digits.ptr)[1] = s.ptr[1] == 'A' ? '1' : '2';
	return model_luhn(digits);
}

static bool
check_digits(struct reader *r, const struct field *f, const struct value *v, str s)
{
	if (f->kind == FIELD_SIRET && str_starts(s, LA_POSTE))
		return true;
	if (!all_digits(s)) {
		if (!corsican_luhn(r->tmp, s))
			diag_add(r->diag, VALUE_DOUBTFUL_KEY, reader_span(r, v), f->name, s, identifiers[f->kind].name);
		return true;
	}
	if (model_luhn(s))
		return true;
	diag_add(r->diag, VALUE_WRONG_KEY, reader_span(r, v), f->name, s, identifiers[f->kind].name);
	return false;
}

bool
parse_identifier(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	const struct identifier *id = &identifiers[f->kind];
	str s = compact(r->tmp, text);

	if (s.len != id->length || !(id->departement ? digits_of_departement(s) : all_digits(s)))
		return reader_refuse(r, f, v, text, model_kinds[f->kind].noun, id->form);
	if (id->check == CHECK_LUHN && !check_digits(r, f, v, s))
		return false;
	out->kind = VAL_TEXT;
	out->as.text = str_copy(r->out, s);
	return true;
}
