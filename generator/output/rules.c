#include "output/rules.h"

static const struct csp_rule defaults[] = {
	{ S_INIT("X-Content-Type-Options"), S_INIT("nosniff") },
	{ S_INIT("Referrer-Policy"), S_INIT("strict-origin-when-cross-origin") },
	{ S_INIT("Permissions-Policy"), S_INIT("accelerometer=(), camera=(), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()") },
	{ S_INIT("Cross-Origin-Opener-Policy"), S_INIT("same-origin") },
};

#define CSP S("Content-Security-Policy")
/* Of the portal's own name only: a commune's other services live beside it. */
#define HSTS S("Strict-Transport-Security")
#define ROBOTS S("X-Robots-Tag")

str
rules_default(const struct told *t, str header)
{
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		if (str_equal_fold(defaults[i].name, header))
			return defaults[i].value;
	if (str_equal_fold(header, CSP))
		return t->csp;
	if (str_equal_fold(header, HSTS) && t->site->https)
		return S("max-age=31536000");
	if (str_equal_fold(header, ROBOTS) && t->site->noindex)
		return S("noindex");
	return STR_NONE;
}

/* `otherwise` is the header's default. */
static str
value_at(const struct told *t, const struct server_path *p, str header, str otherwise)
{
	for (uint32_t i = p->n_headers; i > 0; i--)
		if (str_equal_fold(p->headers[i - 1].name, header))
			return p->headers[i - 1].value;
	if (str_equal_fold(header, CSP) && (p->n_csp || csp_is_embed(p->path)))
		return csp_text(p->path, p->csp, p->n_csp, false, t->tmp);
	return otherwise;
}

str
rules_value(const struct told *t, const struct server_path *p, str header)
{
	return value_at(t, p, header, rules_default(t, header));
}

typedef VEC(struct rule) rule_list;
struct partition { const struct told *t; const str *values; rule_list list; };

static void
add_rule(struct partition *p, str path, bool folder, str value)
{
	*vec_push(p->t->tmp, &p->list) = (struct rule){ path, folder, value };
}

/* Paths [from, to) all start with `prefix`, which ends in '/'. */
static void
divide(struct partition *p, uint32_t from, uint32_t to, str prefix)
{
	const struct server_path *paths = p->t->site->paths;
	bool same = true;

	for (uint32_t i = from + 1; i < to && same; i++)
		same = str_equal(p->values[i], p->values[from]);
	if (same) {
		add_rule(p, prefix, true, p->values[from]);
		return;
	}
	for (uint32_t i = from, next; i < to; i = next) {
		str path = paths[i].path, inner = str_slice(path, prefix.len, path.len);
		size_t slash;
		next = i + 1;
		if (!str_find_byte(inner, '/', &slash)) {
			add_rule(p, path, false, p->values[i]);
			continue;
		}
		inner = str_slice(path, 0, prefix.len + slash + 1);
		while (next < to && str_starts(paths[next].path, inner))
			next++;
		divide(p, i, next, inner);
	}
}

struct rules
rules_make(const struct told *t, str header)
{
	const struct server_site *s = t->site;
	struct partition p = { .t = t };
	str *values = arena_array(t->tmp, str, s->n_paths), otherwise = rules_default(t, header);

	for (uint32_t i = 0; i < s->n_paths; i++)
		values[i] = value_at(t, &s->paths[i], header, otherwise);
	p.values = values;
	if (s->n_paths)
		divide(&p, 0, s->n_paths, S("/"));
	return (struct rules){ p.list.ptr, p.list.len };
}

bool
rules_uniform(const struct told *t, str header)
{
	str value = rules_default(t, header);

	for (uint32_t i = 0; i < t->site->n_paths; i++)
		if (!str_equal(value_at(t, &t->site->paths[i], header, value), value))
			return false;
	return true;
}

static void
add_name(struct told *t, str name)
{
	for (size_t i = 0; i < t->names.len; i++)
		if (str_equal_fold(t->names.ptr[i], name))
			return;
	*vec_push(t->tmp, &t->names) = name;
}

static int
by_path(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct server_path *)a)->path, ((const struct server_path *)b)->path);
}

void
rules_open(struct told *t, const struct server_site *s, struct arena *tmp)
{
	*t = (struct told){ .site = s, .tmp = tmp, .csp = csp_text(S("/"), NULL, 0, false, tmp) };
	vec_sort(s->paths, s->n_paths, sizeof *s->paths, by_path, NULL);
	add_name(t, CSP);
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		add_name(t, defaults[i].name);
	if (s->https)
		add_name(t, HSTS);
	if (s->noindex)
		add_name(t, ROBOTS);
	for (uint32_t i = 0; i < s->n_paths; i++)
		for (uint32_t k = 0; k < s->paths[i].n_headers; k++)
			add_name(t, s->paths[i].headers[k].name);
}
