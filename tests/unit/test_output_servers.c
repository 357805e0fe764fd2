/* What servers are told: policies, rules that never overlap, redirects, values that cannot break out of their line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "output/servers.h"

#define DEFAULT_POLICY "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; " \
	"manifest-src 'self'; form-action 'self'; base-uri 'none'"

static struct arena arena;
static struct buf out;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, &page_source_malloc);
	buf_init(&out, 1 << 20);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_free(&out);
	arena_free(&arena);
	return 0;
}

static const char *
written(void)
{
	const char *text = buf_copy(&out, &arena).ptr;

	buf_clear(&out);
	return text;
}

static void
assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void
assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in:\n%s", part, text);
}

static const struct csp_rule map_csp[] = { { S_INIT("img-src"), S_INIT("'self' data:") }, { S_INIT("worker-src"), S_INIT("'self'") } };
static const struct csp_rule cors[] = { { S_INIT("Access-Control-Allow-Origin"), S_INIT("*") } };
static const struct csp_rule calendar[] = { { S_INIT("Content-Type"), S_INIT("text/calendar; charset=utf-8") } };

static struct server_path special_paths[] = {
	{ S_INIT("/donnees/offres.json"), NULL, 0, cors, 1, { 0, 0, 0 } }, { S_INIT("/"), NULL, 0, NULL, 0, { 0, 0, 0 } }, { S_INIT("/carte/"), map_csp, 2, NULL, 0, { 0, 0, 0 } },
	{ S_INIT("/offres/"), NULL, 0, NULL, 0, { 0, 0, 0 } }, { S_INIT("/offres/x/"), NULL, 0, NULL, 0, { 0, 0, 0 } }, { S_INIT("/404.html"), NULL, 0, NULL, 0, { 0, 0, 0 } },
	{ S_INIT("/donnees/offres.csv"), NULL, 0, cors, 1, { 0, 0, 0 } }, { S_INIT("/embed/offres/"), NULL, 0, NULL, 0, { 0, 0, 0 } }, { S_INIT("/agenda.ics"), NULL, 0, calendar, 1, { 0, 0, 0 } },
};
static struct server_path plain_paths[] = { { S_INIT("/"), NULL, 0, NULL, 0, { 0, 0, 0 } }, { S_INIT("/offres/"), NULL, 0, NULL, 0, { 0, 0, 0 } } };
static const struct server_redirect redirects[] = {
	{ S_INIT("/ancien/"), S_INIT("/nouveau/?a=1&b=2") }, { S_INIT("/caf%C3%A9.html"), S_INIT("https://exemple.fr/x") },
};

static struct server_site
special(void)
{
	return (struct server_site){
		.base_path = S("/portail"), .https = true, .has_404 = true, .immutable = S("/assets/"), .paths = special_paths,
		.n_paths = sizeof special_paths / sizeof *special_paths, .redirects = redirects, .n_redirects = 2,
	};
}

static struct server_site
plain(void)
{
	return (struct server_site){ .base_path = S(""), .immutable = S("/assets/"), .paths = plain_paths, .n_paths = 2 };
}

static const char *
policy(const char *path, const struct csp_rule *rules, uint32_t n, bool meta)
{
	return csp_text(str_from_c(path), rules, n, meta, &arena).ptr;
}

static void
test_policy(void **state)
{
	static const struct csp_rule none[] = { { S_INIT("connect-src"), S_INIT("") }, { S_INIT("IMG-SRC"), S_INIT("data:") } };

	(void)state;
	assert_string_equal(policy("/", NULL, 0, false), DEFAULT_POLICY "; frame-ancestors 'none'");
	assert_string_equal(policy("/", NULL, 0, true), DEFAULT_POLICY);
	assert_string_equal(policy("/embed/offres/", NULL, 0, false), DEFAULT_POLICY "; frame-ancestors *");
	assert_string_equal(policy("/en/embed/x/", NULL, 0, false), DEFAULT_POLICY "; frame-ancestors *");
	assert_string_equal(policy("/offres/embed/", NULL, 0, false), DEFAULT_POLICY "; frame-ancestors 'none'");
	assert_has(policy("/carte/", map_csp, 2, true), "img-src 'self' data:; style-src");
	assert_has(policy("/carte/", map_csp, 2, false), "frame-ancestors 'none'; worker-src 'self'");
	assert_lacks(policy("/", none, 2, false), "connect-src");
	assert_has(policy("/", none, 2, false), "; img-src data:;");
	assert_true(csp_rule_valid(&map_csp[0]));
	assert_false(csp_rule_valid(&(struct csp_rule){ S("img-src"), S("'self'; script-src *") }));
	assert_false(csp_rule_valid(&(struct csp_rule){ S("img src"), S("'self'") }));
	assert_false(csp_rule_valid(&(struct csp_rule){ S(""), S("'self'") }));
}

static void
test_headers_of_a_plain_site(void **state)
{
	struct server_site s = plain();
	const char *text;

	(void)state;
	servers_put_headers(&s, &arena, &out);
	text = written();
	assert_has(text, "/*\n  Content-Security-Policy: " DEFAULT_POLICY "; frame-ancestors 'none'\n  X-Content-Type-Options: nosniff\n");
	assert_has(text, "\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n");
	assert_lacks(text, "Strict-Transport-Security");
	assert_lacks(text, "X-Robots-Tag");
	s.noindex = true;
	servers_put_headers(&s, &arena, &out);
	assert_has(written(), "  X-Robots-Tag: noindex\n");
}

/* Hosts join what several rules say: no two rules may set one header for one address. */
static void
test_headers_never_overlap(void **state)
{
	struct server_site s = special();
	const char *text;

	(void)state;
	servers_put_headers(&s, &arena, &out);
	text = written();
	assert_has(text, "/portail/*\n  X-Content-Type-Options: nosniff\n");
	assert_has(text, "  Strict-Transport-Security: max-age=31536000\n");
	assert_has(text, "/portail/\n  Content-Security-Policy: default-src");
	assert_has(text, "/portail/offres/*\n  Content-Security-Policy: default-src");
	assert_has(text, "/portail/embed/*\n  Content-Security-Policy: " DEFAULT_POLICY "; frame-ancestors *\n");
	assert_has(text, "/portail/carte/*\n  Content-Security-Policy: default-src 'none'; img-src 'self' data:;");
	assert_has(text, "/portail/404.html\n  Content-Security-Policy: ");
	assert_has(text, "/portail/donnees/*\n  Access-Control-Allow-Origin: *\n");
	assert_has(text, "/portail/agenda.ics\n  Content-Type: text/calendar; charset=utf-8\n");
	assert_lacks(text, "/portail/*\n  Content-Security-Policy");
	assert_lacks(text, "/portail/offres/x/");
	assert_lacks(text, "/portail/*\n  Access");
}

static void
test_htaccess(void **state)
{
	struct server_site s = special();
	const char *text;

	(void)state;
	servers_put_htaccess(&s, &arena, &out);
	text = written();
	assert_has(text, "ErrorDocument 404 /portail/404.html\n");
	assert_has(text, "\tHeader always set Content-Security-Policy \"" DEFAULT_POLICY "; frame-ancestors 'none'\"\n");
	assert_has(text, "\tHeader set Cache-Control \"no-cache\"\n");
	assert_has(text, "\t<If \"%{REQUEST_URI} =~ m#^/portail/assets/#\">\n\t\tHeader set Cache-Control \"public, max-age=31536000, immutable\"\n");
	assert_has(text, "<If \"%{REQUEST_URI} =~ m#^/portail/agenda\\.ics$#\">\n\t\tForceType \"text/calendar; charset=utf-8\"\n");
	assert_has(text, "m#^/portail/embed/#");
	assert_has(text, "RedirectMatch 301 \"^/portail/ancien/(index\\.html)?$\" \"/portail/nouveau/?a=1&b=2\"\n");
	assert_has(text, "RedirectMatch 301 \"^/portail/caf\xc3\xa9\\.html$\" \"https://exemple.fr/x\"\n");
	assert_lacks(text, "m#^/portail/offres");
}

static void
test_nginx(void **state)
{
	struct server_site s = special();
	const char *text;

	(void)state;
	servers_put_nginx(&s, &arena, &out);
	text = written();
	assert_has(text, "set $vitrine_content_security_policy \"" DEFAULT_POLICY "; frame-ancestors 'none'\";\n");
	assert_has(text, "if ($uri ~ \"^/portail/embed/\") {\n\tset $vitrine_content_security_policy \"" DEFAULT_POLICY "; frame-ancestors *\";\n}\n");
	assert_has(text, "add_header Content-Security-Policy $vitrine_content_security_policy always;\n");
	assert_has(text, "add_header Cache-Control $vitrine_cache_control;\n");
	assert_has(text, "set $vitrine_access_control_allow_origin \"\";\n");
	assert_has(text, "location ~ \"^/portail/agenda\\.ics$\" {\n\ttypes { }\n\tdefault_type \"text/calendar; charset=utf-8\";\n}\n");
	assert_has(text, "location = \"/portail/ancien/\" {\n\treturn 301 \"/portail/nouveau/?a=1&b=2\";\n}\n");
	assert_has(text, "location = \"/portail/caf\xc3\xa9.html\" {");
}

static void
test_values_stay_on_their_line(void **state)
{
	static const struct csp_rule nasty[] = { { S_INIT("X-Note"), S_INIT("a\"b\\c$d%e\r\nSet-Cookie: x=1") }, { S_INIT("Bad Name\n"), S_INIT("x") } };
	struct server_path paths[] = { { S_INIT("/"), NULL, 0, nasty, 2, { 0, 0, 0 } } };
	struct server_site s = { .base_path = S(""), .immutable = S("/assets/"), .paths = paths, .n_paths = 1 };

	(void)state;
	servers_put_headers(&s, &arena, &out);
	assert_has(written(), "  X-Note: a\"b\\c$d%eSet-Cookie: x=1\n");
	servers_put_htaccess(&s, &arena, &out);
	assert_has(written(), "Header always set X-Note \"a\\\"b\\\\c$d%%eSet-Cookie: x=1\"\n");
	servers_put_nginx(&s, &arena, &out);
	assert_has(written(), "\"a\\\"b\\\\cd%eSet-Cookie: x=1\";");
	servers_put_headers(&s, &arena, &out);
	assert_lacks(written(), "Bad");
}

static void
test_what_servers_could_misread(void **state)
{
	static const struct csp_rule headers[] = {
		{ S_INIT("X-Bien"), S_INIT("a; b, c") }, { S_INIT("X Mal"), S_INIT("a") }, { S_INIT("X-Mal"), S_INIT("a\nb") },
	};
	static const struct csp_rule csp[] = { { S_INIT("img-src"), S_INIT("data:") }, { S_INIT("img-src"), S_INIT("data:; script-src *") } };
	struct server_path paths[] = { { S_INIT("/"), csp, 2, headers, 3, { 0, 0, 0 } } };
	struct server_site s = { .base_path = S(""), .immutable = S("/assets/"), .paths = paths, .n_paths = 1 };
	struct files files;
	struct diag diag;

	(void)state;
	files_init(&files, &arena);
	diag_init(&diag, &arena, &files);
	assert_false(servers_check(&s, &diag));
	assert_int_equal(diag.entries.len, 3);
	assert_int_equal(diag.entries.ptr[2].code, OUTPUT_HEADER);
	s = special();
	assert_true(servers_check(&s, &diag));
}

static void
test_redirects(void **state)
{
	static const struct server_redirect quotes = { S_INIT("/x/"), S_INIT("/\"><script>'") };
	struct server_site s = special();
	const char *text;

	(void)state;
	servers_put_redirects(&s, &out);
	assert_string_equal(written(), "/portail/ancien/ /portail/nouveau/?a=1&b=2 301\n/portail/caf%C3%A9.html https://exemple.fr/x 301\n");
	servers_put_redirect_page(&s, &redirects[0], &out);
	text = written();
	assert_has(text, "<meta http-equiv=\"refresh\" content=\"0; url=/portail/nouveau/?a=1&amp;b=2\">");
	assert_has(text, "<meta name=\"robots\" content=\"noindex\">");
	servers_put_redirect_page(&s, &quotes, &out);
	assert_has(written(), "href=\"/portail/%22%3E%3Cscript%3E%27\"");
	assert_string_equal(servers_redirect_path(S("/ancien/"), &arena).ptr, "ancien/index.html");
	assert_true(str_equal(servers_redirect_path(S("/caf%C3%A9.html"), &arena), S("caf\xc3\xa9.html")));
	assert_string_equal(servers_redirect_path(S("/ancien"), &arena).ptr, "ancien/index.html");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_policy), TEST(test_headers_of_a_plain_site), TEST(test_headers_never_overlap), TEST(test_htaccess), TEST(test_nginx),
		TEST(test_values_stay_on_their_line), TEST(test_what_servers_could_misread), TEST(test_redirects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
