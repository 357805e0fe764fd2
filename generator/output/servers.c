#include "output/servers.h"

#include "output/rules.h"

#define IMMUTABLE "public, max-age=31536000, immutable"
#define CONTENT_TYPE S("Content-Type")
#define CACHE_CONTROL S("Cache-Control")

/* Nothing may end its line or its quotes. `escape` precedes each of `special`. */
static void
put_value(struct buf *out, str value, const char *special, char escape)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		size_t at;
		if ((unsigned char)c < ' ' || c == 0x7f)
			continue;
		if (str_find_byte(str_from_c(special), c, &at))
			buf_byte(out, escape);
		buf_byte(out, c);
	}
}

static bool
name_is_header(str name)
{
	return csp_rule_valid(&(struct csp_rule){ name, S("") });
}

static bool
header_is_valid(const struct csp_rule *h)
{
	for (size_t i = 0; i < h->value.len; i++)
		if ((unsigned char)h->value.ptr[i] < ' ' || h->value.ptr[i] == 0x7f)
			return false;
	return name_is_header(h->name);
}

bool
servers_check(const struct server_site *s, struct diag *diag)
{
	uint32_t before = diag->n_errors;

	for (uint32_t i = 0; i < s->n_paths; i++) {
		const struct server_path *p = &s->paths[i];
		for (uint32_t k = 0; k < p->n_headers; k++)
			if (!header_is_valid(&p->headers[k]))
				diag_add(diag, OUTPUT_HEADER, p->at, p->headers[k].name, p->headers[k].value);
		for (uint32_t k = 0; k < p->n_csp; k++)
			if (!csp_rule_valid(&p->csp[k]))
				diag_add(diag, OUTPUT_HEADER, p->at, p->csp[k].name, p->csp[k].value);
	}
	return diag->n_errors == before;
}

/* --- _headers, _redirects --- */

static void
put_headers_rule(struct buf *out, const struct server_site *s, str path, bool folder, str name, str value)
{
	put_value(out, s->base_path, "", 0);
	put_value(out, path, "", 0);
	buf_put_c(out, folder ? "*\n  " : "\n  ");
	buf_put(out, name);
	buf_put_c(out, ": ");
	put_value(out, value, "", 0);
	buf_byte(out, '\n');
}

void
servers_put_headers(const struct server_site *s, struct arena *tmp, struct buf *out)
{
	struct told t;

	rules_open(&t, s, tmp);
	buf_put(out, s->base_path);
	buf_put_c(out, "/*\n");
	for (size_t i = 0; i < t.names.len; i++) {
		str value = rules_default(&t, t.names.ptr[i]);
		if (!value.len || !rules_uniform(&t, t.names.ptr[i]))
			continue;
		buf_put_c(out, "  ");
		buf_put(out, t.names.ptr[i]);
		buf_put_c(out, ": ");
		put_value(out, value, "", 0);
		buf_byte(out, '\n');
	}
	put_headers_rule(out, s, s->immutable, true, CACHE_CONTROL, S(IMMUTABLE));
	for (size_t i = 0; i < t.names.len; i++) {
		struct rules rules;
		if (!name_is_header(t.names.ptr[i]) || rules_uniform(&t, t.names.ptr[i]))
			continue;
		rules = rules_make(&t, t.names.ptr[i]);
		for (size_t k = 0; k < rules.len; k++)
			if (rules.ptr[k].value.len)
				put_headers_rule(out, s, rules.ptr[k].path, rules.ptr[k].folder, t.names.ptr[i], rules.ptr[k].value);
	}
}

static void
put_target(struct buf *out, const struct server_site *s, str to)
{
	if (str_starts(to, S("/")))
		buf_put(out, s->base_path);
	for (size_t i = 0; i < to.len; i++) {
		unsigned char c = (unsigned char)to.ptr[i];
		if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '$' || c == '\'')
			buf_format(out, "%%%02X", c);
		else
			buf_byte(out, (char)c);
	}
}

void
servers_put_redirects(const struct server_site *s, struct buf *out)
{
	for (uint32_t i = 0; i < s->n_redirects; i++) {
		put_target(out, s, s->redirects[i].from);
		buf_byte(out, ' ');
		put_target(out, s, s->redirects[i].to);
		buf_put_c(out, " 301\n");
	}
}

/* --- patterns of Apache and nginx, which compare addresses after taking %XX apart --- */

/* "/carte/" also answers as "/carte/index.html". */
static void
put_pattern(struct buf *out, const struct server_site *s, str path, bool folder)
{
	static const char special[] = "\\.+*?()[]{}|^$#\"";

	buf_byte(out, '^');
	put_value(out, s->base_path, special, '\\');
	put_value(out, path, special, '\\');
	if (!folder)
		buf_put_c(out, str_ends(path, S("/")) ? "(index\\.html)?$" : "$");
}

/* --- .htaccess --- */

static void
put_apache_header(struct buf *out, const char *indent, str name, str value)
{
	struct buf percent;

	if (!name_is_header(name))
		return;
	buf_init(&percent, (size_t)1 << 20);
	put_value(&percent, value, "%", '%');
	buf_put_c(out, indent);
	buf_put_c(out, str_equal_fold(name, CACHE_CONTROL) ? "Header set " : "Header always set ");
	buf_put(out, name);
	buf_put_c(out, " \"");
	put_value(out, buf_str(&percent), "\"\\", '\\');
	buf_put_c(out, "\"\n");
	buf_free(&percent);
}

static void
put_apache_rule(struct buf *out, const struct server_site *s, const struct rule *r, str name)
{
	buf_put_c(out, "\t<If \"%{REQUEST_URI} =~ m#");
	put_pattern(out, s, r->path, r->folder);
	buf_put_c(out, "#\">\n");
	if (str_equal_fold(name, CONTENT_TYPE)) {
		buf_put_c(out, "\t\tForceType \"");
		put_value(out, r->value, "\"\\", '\\');
		buf_put_c(out, "\"\n");
	} else if (r->value.len)
		put_apache_header(out, "\t\t", name, r->value);
	else
		buf_format(out, "\t\tHeader always unset %.*s\n", STR_ARG(name));
	buf_put_c(out, "\t</If>\n");
}

static void
put_apache_redirects(struct buf *out, const struct server_site *s, struct arena *tmp)
{
	for (uint32_t i = 0; i < s->n_redirects; i++) {
		buf_put_c(out, "RedirectMatch 301 \"");
		put_pattern(out, s, str_from_percent(tmp, s->redirects[i].from), false);
		buf_put_c(out, "\" \"");
		put_target(out, s, s->redirects[i].to);
		buf_put_c(out, "\"\n");
	}
}

void
servers_put_htaccess(const struct server_site *s, struct arena *tmp, struct buf *out)
{
	struct told t;

	rules_open(&t, s, tmp);
	buf_put_c(out, "# Apache 2.4\nAddDefaultCharset utf-8\nAddType text/calendar .ics\nAddType application/geo+json .geojson\n"
	    "AddType application/manifest+json .webmanifest\nAddType text/csv .csv\nAddCharset utf-8 .css .js .json .geojson .xml .svg .ics .csv .webmanifest\n");
	if (s->has_404)
		buf_format(out, "ErrorDocument 404 %.*s/404.html\n", STR_ARG(s->base_path));
	buf_put_c(out, "RedirectMatch 404 \"/\\.(?!well-known/)\"\n");
	put_apache_redirects(out, s, tmp);
	buf_put_c(out, "<IfModule mod_headers.c>\n");
	for (size_t i = 0; i < t.names.len; i++) {
		str value = rules_default(&t, t.names.ptr[i]);
		if (value.len)
			put_apache_header(out, "\t", t.names.ptr[i], value);
	}
	put_apache_header(out, "\t", CACHE_CONTROL, S("no-cache"));
	put_apache_rule(out, s, &(struct rule){ s->immutable, true, S(IMMUTABLE) }, CACHE_CONTROL);
	for (size_t i = 0; i < t.names.len; i++) {
		str value = rules_default(&t, t.names.ptr[i]);
		struct rules rules;
		if (!name_is_header(t.names.ptr[i]) || rules_uniform(&t, t.names.ptr[i]))
			continue;
		rules = rules_make(&t, t.names.ptr[i]);
		for (size_t k = 0; k < rules.len; k++)
			if (!str_equal(rules.ptr[k].value, value))
				put_apache_rule(out, s, &rules.ptr[k], t.names.ptr[i]);
	}
	buf_put_c(out, "</IfModule>\n");
}

/* --- nginx.conf --- */

static void
put_variable(struct buf *out, str name)
{
	buf_put_c(out, "$vitrine_");
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		buf_byte(out, c == '-' ? '_' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
}

/* nginx cannot quote a dollar: it goes, as no value of ours holds one. */
static void
put_nginx_value(struct buf *out, str value)
{
	str piece;

	buf_byte(out, '"');
	while (str_next(&value, '$', &piece))
		put_value(out, piece, "\"\\", '\\');
	buf_byte(out, '"');
}

static void
put_nginx_set(struct buf *out, const char *indent, str name, str value)
{
	buf_put_c(out, indent);
	buf_put_c(out, "set ");
	put_variable(out, name);
	buf_byte(out, ' ');
	put_nginx_value(out, value);
	buf_put_c(out, ";\n");
}

static void
put_nginx_rule(struct buf *out, const struct server_site *s, const struct rule *r, str name)
{
	bool type = str_equal_fold(name, CONTENT_TYPE);

	buf_put_c(out, type ? "location ~ \"" : "if ($uri ~ \"");
	put_pattern(out, s, r->path, r->folder);
	if (type) {
		buf_put_c(out, "\" {\n\ttypes { }\n\tdefault_type ");
		put_nginx_value(out, r->value);
		buf_put_c(out, ";\n}\n");
		return;
	}
	buf_put_c(out, "\") {\n");
	put_nginx_set(out, "\t", name, r->value);
	buf_put_c(out, "}\n");
}

/* A variable for each header, set anew for the addresses that differ; an empty one is not sent. Only `set` stands in an `if`. */
static void
put_nginx_header(struct buf *out, const struct told *t, str name)
{
	str value = rules_default(t, name);
	bool type = str_equal_fold(name, CONTENT_TYPE);

	if (!name_is_header(name))
		return;
	if (!type)
		put_nginx_set(out, "", name, value);
	if (!rules_uniform(t, name)) {
		struct rules rules = rules_make(t, name);
		for (size_t k = 0; k < rules.len; k++)
			if (!str_equal(rules.ptr[k].value, value))
				put_nginx_rule(out, t->site, &rules.ptr[k], name);
	}
	if (type)
		return;
	buf_format(out, "add_header %.*s ", STR_ARG(name));
	put_variable(out, name);
	buf_put_c(out, str_equal_fold(name, CACHE_CONTROL) ? ";\n" : " always;\n");
}

static void
put_nginx_types(struct buf *out)
{
	static const char *const types[][2] = {
		{ "ics", "text/calendar; charset=utf-8" }, { "geojson", "application/geo+json" },
		{ "webmanifest", "application/manifest+json" }, { "csv", "text/csv; charset=utf-8" },
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		buf_format(out, "location ~ \\.%s$ {\n\ttypes { }\n\tdefault_type \"%s\";\n}\n", types[i][0], types[i][1]);
}

void
servers_put_nginx(const struct server_site *s, struct arena *tmp, struct buf *out)
{
	struct told t;

	rules_open(&t, s, tmp);
	buf_put_c(out, "# nginx : à inclure dans le bloc « server » du site (include …/nginx.conf;)\n");
	for (size_t i = 0; i < t.names.len; i++)
		put_nginx_header(out, &t, t.names.ptr[i]);
	put_nginx_set(out, "", CACHE_CONTROL, S("no-cache"));
	put_nginx_rule(out, s, &(struct rule){ s->immutable, true, S(IMMUTABLE) }, CACHE_CONTROL);
	buf_put_c(out, "add_header Cache-Control $vitrine_cache_control;\n");
	if (s->has_404)
		buf_format(out, "error_page 404 %.*s/404.html;\n", STR_ARG(s->base_path));
	buf_put_c(out, "location ~ /\\.(?!well-known/) {\n\treturn 404;\n}\n");
	put_nginx_types(out);
	for (uint32_t i = 0; i < s->n_redirects; i++) {
		buf_put_c(out, "location = ");
		put_nginx_value(out, str_cat(tmp, s->base_path, str_from_percent(tmp, s->redirects[i].from)));
		buf_put_c(out, " {\n\treturn 301 \"");
		put_target(out, s, s->redirects[i].to);
		buf_put_c(out, "\";\n}\n");
	}
}

/* --- pages at old addresses --- */

void
servers_put_redirect_page(const struct server_site *s, const struct server_redirect *r, struct buf *out)
{
	struct buf to;

	buf_init(&to, 65536);
	put_target(&to, s, r->to);
	buf_put_c(out, "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<title>Cette page a changé d’adresse</title>\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n");
	for (int i = 0; i < 3; i++) {
		static const char *const before[] = { "<meta http-equiv=\"refresh\" content=\"0; url=", "<link rel=\"canonical\" href=\"",
			"</head>\n<body>\n<main>\n<h1>Cette page a changé d’adresse</h1>\n<p><a href=\"" };
		buf_put_c(out, before[i]);
		for (size_t k = 0; k < to.len; k++)
			if (to.ptr[k] == '&')
				buf_put_c(out, "&amp;");
			else
				buf_byte(out, to.ptr[k]);
		buf_put_c(out, i < 2 ? "\">\n" : "\">Continuer vers la nouvelle adresse</a></p>\n</main>\n</body>\n</html>\n");
	}
	buf_free(&to);
}

str
servers_redirect_path(str from, struct arena *out)
{
	from = str_from_percent(out, from);
	if (str_starts(from, S("/")))
		from = str_slice(from, 1, from.len);
	if (from.len == 0 || str_ends(from, S("/")))
		return str_cat(out, from, S("index.html"));
	return str_ends(from, S(".html")) ? from : str_cat(out, from, S("/index.html"));
}

/* --- a server of our own --- */

str
servers_target(const struct server_site *s, str to, struct arena *out)
{
	struct buf target;
	str copy;

	buf_init(&target, 65536);
	put_target(&target, s, to);
	copy = buf_copy(&target, out);
	buf_free(&target);
	return copy;
}

struct server_headers
servers_headers(const struct server_site *s, const struct server_path *path, struct arena *out)
{
	struct server_path paths[] = { *path };
	struct server_site one = *s;
	struct server_headers list = { 0 };
	struct told t;

	one.paths = paths;
	one.n_paths = 1;
	rules_open(&t, &one, out);
	for (size_t i = 0; i < t.names.len; i++) {
		str name = t.names.ptr[i], value = rules_value(&t, path, name);
		if (value.len && name_is_header(name) && !str_equal_fold(name, CACHE_CONTROL))
			*vec_push(out, &list) = (struct csp_rule){ name, value };
	}
	return list;
}
