/* site.yaml: the few settings that everything else waits for, then all of it as an item. */
#include "site/inside.h"

#define CONFIG_NAME S("site.yaml")
#define SECONDS_PER_DAY 86400

static bool
find_config(struct source *source, struct source_file *file)
{
	return source_find(source, S("content"), CONFIG_NAME, file);
}

/* Unknown languages are passed over here: the type of site.yaml, or site_configure, says so. */
static void
add_language(struct site_settings *s, str language)
{
	for (uint32_t i = 0; i < s->n_languages; i++)
		if (str_equal(s->languages[i], language))
			return;
	if (s->n_languages < MODEL_MAX_LANGUAGES && text_language_known(language))
		s->languages[s->n_languages++] = language;
}

static void
read_languages(struct site_settings *s)
{
	const struct value *v = value_get(&s->document.front, S("langues"));

	if (v && v->kind == VALUE_SCALAR)
		add_language(s, str_trim(v->as.text));
	for (uint32_t i = 0; v && v->kind == VALUE_LIST && i < v->as.list.len; i++)
		if (v->as.list.items[i].kind == VALUE_SCALAR)
			add_language(s, str_trim(v->as.list.items[i].as.text));
	if (!s->n_languages)
		s->languages[s->n_languages++] = S("fr");
}

bool
site_read_settings(struct site_settings *s, struct source *source, struct arena *out, struct diag *diag)
{
	struct source_file file;
	str bytes;

	*s = (struct site_settings){ 0 };
	if (!find_config(source, &file)) {
		diag_add(diag, USAGE_NO_SITE, SPAN_NONE, source->site_dir);
		return false;
	}
	if (!source_read(source, &file, source->limits.content_file, out, diag, &bytes))
		return false;
	if (!document_read(&s->document, bytes, file.file, true, &document_limits_default, out, diag))
		return false;
	s->theme = str_trim(value_text(&s->document.front, S("theme"), S("")));
	read_languages(s);
	if (!s->theme.len)
		diag_add(diag, SITE_NO_THEME, SPAN_FILE(file.file), STR_NONE);
	return s->theme.len > 0;
}

static const struct val *
config_val(const struct building *b, str name)
{
	return model_val(&b->site->config->object, name);
}

static str
config_text(const struct building *b, str name, str otherwise)
{
	const struct val *v = config_val(b, name);

	if (v && v->kind == VAL_TEXT)
		return v->as.text;
	return v && v->kind == VAL_ENUM ? v->as.choice->key : otherwise;
}

static struct span
config_span(const struct building *b, str name)
{
	const struct val *v = config_val(b, name);
	return v ? site_span(b->site->config, v) : SPAN_FILE(b->site->config->file);
}

static bool
read_config(struct building *b)
{
	const struct model *m = b->site->model;
	struct content_file file = { .type = m->site_type, .slug = S("site"), .yaml = true };
	struct source *source = b->site->source;
	str bytes;

	if (!find_config(source, &file.source)) {
		diag_add(b->diag, USAGE_NO_SITE, SPAN_NONE, source->site_dir);
		return false;
	}
	if (!source_read(source, &file.source, source->limits.content_file, b->out, b->diag, &bytes))
		return false;
	b->site->config = model_read_item(m, &file, bytes, b->site->languages, b->site->n_languages, b->out, &b->tmp, b->diag);
	return b->site->config != NULL;
}

/* Letters, digits and what needs no escape in a path. */
static bool
path_is_plain(str path)
{
	for (size_t i = 0; i < path.len; i++) {
		char c = path.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_' ||
		    c == '.' || c == '~';
		if (!plain)
			return false;
	}
	return !str_find(path, S("//"), &(size_t){ 0 }) && !str_find(path, S("/."), &(size_t){ 0 });
}

static bool
host_is_plain(str host)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
		if (!plain)
			return false;
	}
	return host.len > 0 && host.ptr[0] != '.' && host.ptr[0] != ':';
}

/* "https://host[:port][/path][/]" → without the final slash, and its path. */
static bool
split_base(str url, str *base, str *path)
{
	str rest;
	size_t slash;

	while (str_ends(url, S("/")))
		url.len--;
	if (str_starts(url, S("https://")))
		rest = str_slice(url, 8, url.len);
	else if (str_starts(url, S("http://")))
		rest = str_slice(url, 7, url.len);
	else
		return false;
	if (!str_find_byte(rest, '/', &slash))
		slash = rest.len;
	*base = url;
	*path = str_slice(rest, slash, rest.len);
	return host_is_plain(str_slice(rest, 0, slash)) && path_is_plain(*path);
}

static void
set_base(struct building *b, const struct site_options *o)
{
	struct site *s = b->site;
	str url = o->base_url.len ? o->base_url : config_text(b, S("url"), STR_NONE);

	s->base_url = s->base_path = S("");
	if (!url.len || split_base(url, &s->base_url, &s->base_path))
		return;
	s->base_url = s->base_path = S("");
	if (o->base_url.len)
		diag_add(b->diag, USAGE_BAD_VALUE, SPAN_NONE, S("--base-url"), url, S("https://exemple.fr/portail/"));
	else
		site_fault(b, s->config, SITE_URL_BAD, config_span(b, S("url")), url);
}

static void
set_zone(struct building *b)
{
	static const str usual[] = {
		S_INIT("Europe/Paris"), S_INIT("America/Guadeloupe"), S_INIT("America/Martinique"), S_INIT("America/Cayenne"), S_INIT("America/Miquelon"),
		S_INIT("Indian/Reunion"), S_INIT("Indian/Mayotte"), S_INIT("Pacific/Noumea"), S_INIT("Pacific/Tahiti"), S_INIT("Pacific/Wallis"),
	};
	str zone = config_text(b, S("fuseau"), S("Europe/Paris"));

	b->site->zone = text_zone_known(zone) ? zone : S("Europe/Paris");
	if (text_zone_known(zone))
		return;
	site_fault(b, b->site->config, SITE_ZONE_UNKNOWN, config_span(b, S("fuseau")), zone,
	    site_nearest(b, zone, usual, sizeof usual / sizeof usual[0]));
}

/* The first second of the next day, which is so much later unless the clocks are put on in between. */
static int64_t
end_of_day(struct building *b, int64_t now, int32_t seconds)
{
	int64_t end = now + SECONDS_PER_DAY - seconds;
	day last;

	text_zone_from_utc(b->text, b->site->zone, end - 1, &last, &seconds);
	return last == b->site->date ? end : now + 1;
}

static void
set_date(struct building *b, const struct site_options *o)
{
	const struct val *v = config_val(b, S("date"));
	int32_t seconds;

	b->site->date_ends = INT64_MAX;
	if (o->date != DAY_NONE)
		b->site->date = o->date;
	else if (v && v->kind == VAL_DATE)
		b->site->date = v->as.date;
	else if (o->now) {
		text_zone_from_utc(b->text, b->site->zone, o->now, &b->site->date, &seconds);
		b->site->date_ends = end_of_day(b, o->now, seconds);
	} else {
		b->site->date = o->today;
		b->site->date_ends = ((int64_t)o->today + 1) * SECONDS_PER_DAY;
	}
}

static void
check_languages(struct building *b)
{
	const struct val *v = config_val(b, S("langues"));

	for (uint32_t i = 0; v && v->kind == VAL_LIST && i < v->as.list->len; i++) {
		const struct val *e = &v->as.list->items[i];
		str language = e->kind == VAL_ENUM ? e->as.choice->key : e->kind == VAL_TEXT ? e->as.text : S("fr");
		if (!text_language_known(language) || i >= MODEL_MAX_LANGUAGES)
			site_fault(b, b->site->config, SITE_LANGUAGE, site_span(b->site->config, e), language);
	}
}

bool
site_configure(struct building *b, const struct site_settings *settings, const struct site_options *o)
{
	struct site *s = b->site;

	s->n_languages = settings->n_languages;
	for (uint32_t i = 0; i < settings->n_languages; i++)
		s->languages[i] = settings->languages[i];
	if (!read_config(b))
		return false;
	s->title = config_text(b, S("titre"), S(""));
	s->online = str_equal(config_text(b, S("en_ligne"), S("non")), S("oui"));
	s->remove_faulty = str_equal(config_text(b, S("en_cas_d_erreur"), S("bloquer")), S("retirer")) && !s->config->faulty;
	set_zone(b);
	set_base(b, o);
	check_languages(b);
	set_date(b, o);
	b->in->drafts = o->drafts;
	b->site->force_state = o->force_state;
	return true;
}
