/* Values written as one YAML scalar, each read as the type of its field says. */
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "document/markdown.h"
#include "model/internal.h"

struct span
reader_span(const struct reader *r, const struct value *v)
{
	return (struct span){ r->file, v->start, v->end };
}

bool
reader_refuse(struct reader *r, const struct field *f, const struct value *v, str text, struct phrase expected, struct phrase remedy)
{
	diag_add(r->diag, VALUE_UNREADABLE, reader_span(r, v), f->name, shown_value(r->tmp, text), expected.fr, expected.en, remedy.fr, remedy.en);
	return false;
}

static bool
keep_text(struct reader *r, str text, struct val *out)
{
	out->kind = VAL_TEXT;
	out->as.text = str_copy(r->out, text);
	return true;
}

static bool
has_control(str s)
{
	return bytes_control(s, 0) < s.len;
}

/* Former addresses are texts, and no prose. */
static bool
is_address(str text)
{
	size_t at;

	return str_starts(text, S("/")) || str_find(text, S("://"), &at);
}

bool
parse_text(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (has_control(text))
		return reader_refuse(r, f, v, text, PHRASE("un texte d'une ligne", "a text of one line"),
		    PHRASE("écrivez-le sur une seule ligne, sans tabulation ; les longs textes vont dans le corps de la fiche",
		        "write it on one line, without tabs; long texts belong in the body of the item"));
	if (!f->pattern.len && !is_address(text) && str_starts(r->languages[r->language], S("fr")))
		text = typography_french(text, r->tmp);
	return keep_text(r, text, out);
}

/* Where the text stands in the file when it stands there letter for letter; 0 when it was folded or unescaped. */
static uint32_t
text_offset(const struct reader *r, const struct value *v, str text)
{
	str raw = str_slice(r->bytes, v->start, v->end);
	size_t at;

	return v->style != SCALAR_BLOCK && str_find(raw, text, &at) ? v->start + (uint32_t)at : 0;
}

bool
parse_markdown(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	(void)f;
	out->kind = VAL_RICH;
	out->as.rich = reader_rich(r, text, text_offset(r, v, text), v);
	return out->as.rich != NULL;
}

/* The length of the space at `at`, also of those that do not break; 0 when there is none. */
static size_t
space_at(str s, size_t at)
{
	str rest = str_slice(s, at, s.len);

	return str_starts(rest, S(" ")) ? 1 : str_starts(rest, S("\xc2\xa0")) ? 2 : str_starts(rest, S("\xe2\x80\xaf")) ? 3 : 0;
}

static bool
is_digit_at(str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* A space between thousands: three digits follow it. */
static bool
is_thousands_space(str s, size_t at)
{
	size_t next = at + space_at(s, at);

	return next > at && is_digit_at(s, next) && is_digit_at(s, next + 1) && is_digit_at(s, next + 2) && !is_digit_at(s, next + 3);
}

/* The one number of a text in which people have added spaces, a currency or a unit; false when there are none or two ("150 à 200"). */
static bool
only_number(struct arena *tmp, str s, str *number)
{
	char *c = arena_array(tmp, char, s.len + 1);
	size_t n = 0, i = 0;
	double value;

	while (i < s.len && !is_digit_at(s, i))
		i++;
	if (i && s.ptr[i - 1] == '-')
		c[n++] = '-';
	while (i < s.len)
		if (is_digit_at(s, i) || ((s.ptr[i] == ',' || s.ptr[i] == '.') && is_digit_at(s, i + 1)))
			c[n++] = s.ptr[i++];
		else if (is_thousands_space(s, i))
			i += space_at(s, i);
		else
			break;
	for (; i < s.len; i++)
		if (is_digit_at(s, i))
			return false;
	*number = (str){ c, n };
	return str_to_number(*number, &value);
}

static struct phrase
number_remedy(struct reader *r, const struct field *f, str text, const char *example)
{
	str number;

	if (only_number(r->tmp, text, &number))
		return (struct phrase){ str_cat(r->tmp, S("écrivez "), number), str_cat(r->tmp, S("write "), number) };
	if (f->has_min && f->has_max)
		return (struct phrase){ str_format(r->tmp, "écrivez un seul nombre, de %.0f à %.0f", f->min, f->max),
			str_format(r->tmp, "write a single number, from %.0f to %.0f", f->min, f->max) };
	return (struct phrase){ str_format(r->tmp, "écrivez un seul nombre, par exemple %s", example),
		str_format(r->tmp, "write a single number, e.g. %s", example) };
}

bool
parse_integer(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (!str_to_int(text, &out->as.integer))
		return reader_refuse(r, f, v, text, PHRASE("un nombre entier", "an integer"), number_remedy(r, f, text, "12"));
	out->kind = VAL_INTEGER;
	return true;
}

bool
parse_number(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (!str_to_number(text, &out->as.number))
		return reader_refuse(r, f, v, text, PHRASE("un nombre", "a number"), number_remedy(r, f, text, "12,5"));
	out->kind = VAL_NUMBER;
	return true;
}

static size_t
decimals(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '.' || s.ptr[i] == ',')
			return s.len - i - 1;
	return 0;
}

bool
parse_money(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (!str_to_number(text, &out->as.number) || decimals(text) > 2)
		return reader_refuse(r, f, v, text, PHRASE("un montant en euros", "an amount in euros"), number_remedy(r, f, text, "450"));
	out->kind = VAL_NUMBER;
	return true;
}

bool
parse_boolean(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	bool yes = str_equal_fold(text, S("true")) || str_equal_fold(text, S("oui"));

	if (!yes && !str_equal_fold(text, S("false")) && !str_equal_fold(text, S("non")))
		return reader_refuse(r, f, v, text, PHRASE("oui ou non", "yes or no"), PHRASE("écrivez oui ou non", "write true or false"));
	out->kind = VAL_BOOLEAN;
	out->as.boolean = yes;
	return true;
}

/* The key that is meant: the label may have been written in its place. */
static str
nearest_choice(const struct reader *r, const struct field *f, str text, str *all)
{
	str *keys = arena_array(r->tmp, str, f->n_values);

	for (uint32_t i = 0; i < f->n_values; i++)
		keys[i] = f->values[i].key;
	*all = names_list(r->tmp, keys, f->n_values);
	for (uint32_t i = 0; i < f->n_values; i++)
		if (str_equal_fold(f->values[i].label, text) || str_equal_fold(f->values[i].key, text))
			return f->values[i].key;
	return names_nearest(text, keys, f->n_values);
}

bool
parse_enum(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	str nearest, all;

	for (uint32_t i = 0; i < f->n_values; i++)
		if (str_equal(f->values[i].key, text)) {
			out->kind = VAL_ENUM;
			out->as.choice = &f->values[i];
			return true;
		}
	nearest = nearest_choice(r, f, text, &all);
	diag_add(r->diag, VALUE_UNKNOWN, reader_span(r, v), f->name, shown_value(r->tmp, text), nearest, all);
	return false;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* #c05030; the short form #c53 is written out. */
bool
parse_color(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	bool fine = (text.len == 7 || text.len == 4) && text.ptr[0] == '#';
	char full[7] = "#";

	for (size_t i = 1; fine && i < text.len; i++)
		fine = is_hex(text.ptr[i]);
	if (!fine)
		return reader_refuse(r, f, v, text, PHRASE("une couleur", "a colour"),
		    PHRASE("écrivez six chiffres hexadécimaux entre guillemets, par exemple \"#c05030\"", "write six hexadecimal digits in quotes, e.g. \"#c05030\""));
	for (size_t i = 1; i < 7; i++) {
		char c = text.ptr[text.len == 7 ? i : (i + 1) / 2];
		full[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
	}
	return keep_text(r, (str){ full, 7 }, out);
}

/* Inside the site, by forward slashes, without leaving it. */
static bool
is_inner_path(str s)
{
	str rest = s, piece;
	size_t at;

	if (str_starts(s, S("/")) || str_ends(s, S("/")) || has_control(s) || str_find_byte(s, '\\', &at) || str_find_byte(s, ':', &at))
		return false;
	while (str_next(&rest, '/', &piece))
		if (!piece.len || str_equal(piece, S("..")) || str_equal(piece, S(".")))
			return false;
	return true;
}

bool
parse_media(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	if (!is_inner_path(text))
		return reader_refuse(r, f, v, text, model_kinds[f->kind].noun,
		    PHRASE("donnez le nom d'un fichier de assets/, par exemple photos/citadelle.jpg", "give the name of a file below assets/, e.g. photos/citadelle.jpg"));
	out->kind = VAL_MEDIA;
	out->as.media = arena_new(r->out, struct media);
	out->as.media->path = str_copy(r->out, text);
	return true;
}

static bool
is_target(const struct field *f, str name)
{
	for (uint32_t i = 0; i < f->n_targets; i++)
		if (str_equal(f->targets[i]->name, name))
			return true;
	return false;
}

static bool
refuse_target(struct reader *r, const struct field *f, const struct value *v, str type)
{
	str *names = arena_array(r->tmp, str, f->n_targets);

	for (uint32_t i = 0; i < f->n_targets; i++)
		names[i] = f->targets[i]->name;
	diag_add(r->diag, VALUE_UNKNOWN, reader_span(r, v), f->name, shown_value(r->tmp, type), names_nearest(type, names, f->n_targets),
	    names_list(r->tmp, names, f->n_targets));
	return false;
}

/* Of "stages/x.md", or "content/stages/x", the name is "x". */
static struct phrase
ref_remedy(struct reader *r, str text)
{
	str name = text;

	for (size_t at; str_find_byte(name, '/', &at);)
		name = str_slice(name, at + 1, name.len);
	if (str_ends(name, S(".md")))
		name = str_slice(name, 0, name.len - 3);
	if (name_is_slug(name))
		return (struct phrase){ str_cat(r->tmp, S("écrivez "), name), str_cat(r->tmp, S("write "), name) };
	return PHRASE("écrivez le nom de son fichier, sans .md, et non son titre : par exemple ch-haute-gironde",
	    "write the name of its file, without .md, and not its title: e.g. ch-haute-gironde");
}

bool
parse_ref(struct reader *r, const struct field *f, const struct value *v, str text, struct val *out)
{
	str type, slug;

	if (!str_cut(text, ':', &type, &slug)) {
		slug = type;
		type = STR_NONE;
	}
	if (!name_is_slug(slug))
		return reader_refuse(r, f, v, text, PHRASE("le nom du fichier d'une autre fiche", "the file name of another item"), ref_remedy(r, text));
	if (type.ptr && !is_target(f, type))
		return refuse_target(r, f, v, type);
	out->kind = VAL_REF_TEXT;
	out->as.text = str_copy(r->out, text);
	return true;
}

/* --- what holds for all scalars --- */

static str
shown_bound(struct reader *r, const struct field *f, double bound)
{
	struct buf b;
	str s;

	if (f->kind == FIELD_DATE || f->kind == FIELD_DATETIME || f->kind == FIELD_MONTH)
		return date_iso(r->tmp, (day)bound);
	buf_init(&b, 64);
	buf_number(&b, bound);
	s = buf_copy(&b, r->tmp);
	buf_free(&b);
	return s;
}

static bool
in_length(struct reader *r, const struct field *f, const struct value *v, str text)
{
	double n = (double)utf8_length(text);
	str count = shown_bound(r, f, n);

	if (f->has_min && n < f->min)
		diag_add(r->diag, TEXT_TOO_SHORT, reader_span(r, v), f->name, count, shown_bound(r, f, f->min));
	else if (f->has_max && n > f->max)
		diag_add(r->diag, TEXT_TOO_LONG, reader_span(r, v), f->name, count, shown_bound(r, f, f->max));
	else
		return true;
	return false;
}

static bool
in_range(struct reader *r, const struct field *f, const struct value *v, str text, const struct val *val)
{
	double n;

	if (val->kind == VAL_TEXT || val->kind == VAL_RICH)
		return in_length(r, f, v, text);
	n = val->kind == VAL_INTEGER ? (double)val->as.integer : val->kind == VAL_NUMBER ? val->as.number :
	    val->kind == VAL_MOMENT ? val->as.moment.local : val->as.date;
	if (f->has_min && n < f->min)
		diag_add(r->diag, VALUE_TOO_SMALL, reader_span(r, v), f->name, text, shown_bound(r, f, f->min));
	else if (f->has_max && n > f->max)
		diag_add(r->diag, VALUE_TOO_LARGE, reader_span(r, v), f->name, text, shown_bound(r, f, f->max));
	else
		return true;
	return false;
}

static bool
fits_pattern(struct reader *r, const struct field *f, const struct value *v, str text)
{
	if (!f->own || !f->own->pattern || pattern_match(f->own->pattern, text))
		return true;
	diag_add(r->diag, VALUE_PATTERN, reader_span(r, v), f->name, shown_value(r->tmp, text), f->pattern_help, f->pattern);
	return false;
}

static bool
is_word_of(str s, const str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal_fold(s, words[i]))
			return true;
	return false;
}

/* A number that a reader of YAML would print otherwise: 01200, +33…, 1_000, 1:30, 0x1f, 1.50. */
static bool
is_unfaithful_number(str s)
{
	size_t digits = 0, dots = 0, colons = 0, others = 0, from = s.ptr[0] == '+' || s.ptr[0] == '-';
	char first = s.len > from ? s.ptr[from] : '\0', last = s.ptr[s.len - 1];

	if (first < '0' || first > '9')
		return false;
	for (size_t i = from; i < s.len; i++)
		if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
			digits++;
		else if (s.ptr[i] == '.')
			dots++;
		else if (s.ptr[i] == ':')
			colons++;
		else
			others += s.ptr[i] != '_' || i == from;
	if (others)
		return false;
	return (first == '0' && digits > 1 && !dots) || s.ptr[0] == '+' || digits + dots + colons + from < s.len ||
	    (colons && !dots && last != ':') || (dots == 1 && !colons && (last == '0' || last == '.'));
}

static bool
is_guessed_otherwise(str s)
{
	static const str words[] = {
		S_INIT("y"), S_INIT("n"), S_INIT("yes"), S_INIT("no"), S_INIT("true"), S_INIT("false"), S_INIT("on"), S_INIT("off"),
		S_INIT("null"), S_INIT("~"),
	};

	return (s.len <= sizeof "false" - 1 && is_word_of(s, words, sizeof words / sizeof *words)) || is_unfaithful_number(s);
}

bool
reader_scalar(struct reader *r, const struct field *f, const struct value *v, struct val *out)
{
	const struct kind *kind = &model_kinds[f->kind];
	str text = str_trim(v->as.text);
	uint32_t errors = r->diag->n_errors;

	if (kind->text_like && v->style == SCALAR_PLAIN && is_guessed_otherwise(text))
		diag_add(r->diag, VALUE_NEEDS_QUOTES, reader_span(r, v), f->name, text);
	if ((f->kind == FIELD_TEXT || f->kind == FIELD_MARKDOWN) && v->style == SCALAR_PLAIN && text.len > 6 && str_starts(text, S("“")) && str_ends(text, S("”")))
		diag_add(r->diag, VALUE_SMART_QUOTES, reader_span(r, v), f->name, shown_value(r->tmp, str_slice(text, 3, text.len - 3)));
	if (!kind->parse(r, f, v, text, out) || !fits_pattern(r, f, v, text))
		return false;
	if ((f->has_min || f->has_max) && !in_range(r, f, v, text, out))
		return false;
	out->start = v->start;
	out->end = v->end;
	out->language = r->language;
	return r->diag->n_errors == errors;
}
