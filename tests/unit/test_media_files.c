/* media: SVG and CSS that may be published, fingerprints, files that content names. */
#include <stdio.h>

#include "base/hash.h"
#include "image_fixture.h"
#include "world_fixture.h"

static void
build(void)
{
	world_build(&w, "2026-09-15");
	assert_true(w.built);
	w.built = media_load_assets(&w.assets, &w.source, w.site.base_path, &w.out, &w.diag);
	w.built = media_fill(&w.site, &w.assets, &w.diag) && w.built;
	world_say(&w);
}

static str
made(void (*make)(struct picture *, unsigned, unsigned), unsigned orientation, unsigned with)
{
	static struct picture p;

	make(&p, orientation, with);
	return picture_str(&p);
}
#define PNG made(picture_png, 1, 0)

static void
test_svg_size(void **state)
{
	static const struct { const char *svg; uint32_t width, height; } cases[] = {
		{ "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 300 200'><path d='M0 0'/></svg>", 300, 200 },
		{ "<svg xmlns='http://www.w3.org/2000/svg' width='300px' height='200' viewBox='0 0 3 2'/>", 300, 200 },
		{ "<svg xmlns='http://www.w3.org/2000/svg' width='100%' height='1e9' viewBox='0,0 12.6 7'/>", 13, 7 },
		{ "<svg xmlns='http://www.w3.org/2000/svg'/>", 0, 0 }, { "<svg", 0, 0 }, { "bonjour", 0, 0 }, { "", 0, 0 },
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t width = 0, height = 0;
		assert_int_equal(media_svg_size(str_from_c(cases[i].svg), &width, &height), cases[i].width > 0);
		if (cases[i].width) {
			assert_int_equal(width, cases[i].width);
			assert_int_equal(height, cases[i].height);
		}
	}
}

#define OPEN "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 1 1'>"

static void
test_svg(void **state)
{
	static const char *const good[] = {
		OPEN "<defs><linearGradient id='g'/></defs><path fill='url(#g)' style='stroke: url(#g)'/><use href='#g' xlink:href='#g'/></svg>",
		OPEN "<style>path { fill: red }</style><title>Une carte</title><image href='data:image/png;base64,AA=='/></svg>",
		"<?xml version='1.0'?><!DOCTYPE svg>" OPEN "</svg>",
	};
	static const char *const bad[] = {
		OPEN "<script>alert(1)</script></svg>", OPEN "<SCRIPT/></svg>", OPEN "<foreignObject/></svg>", OPEN "<path onload='x()'/></svg>",
		OPEN "<path ONCLICK='x()'/></svg>", OPEN "<a href='https://exemple.fr/'/></svg>", OPEN "<a xlink:href=' java\nscript:x'/></svg>",
		OPEN "<image href='//exemple.fr/i.png'/></svg>", OPEN "<image href='data:image/svg+xml,x'/></svg>",
		OPEN "<path style='fill: url(https://exemple.fr/)'/></svg>", OPEN "<path fill='url( \"http://x\")'/></svg>",
		OPEN "<path style='fill: url(data:image/png;base64,AA==)'/></svg>",
		OPEN "<style>@import 'x.css';</style></svg>", OPEN "<style>a { b: u\\72l(x) }</style></svg>",
		OPEN "<style><![CDATA[a { b: url(x.png) }]]></style></svg>", OPEN "<set attributeName='href' to='javascript:x'/></svg>",
		OPEN "<animate attributeName='onload' values='x'/></svg>", OPEN "<animate attributeName='fill' to='javascript:x'/></svg>",
		OPEN "<b xmlns='http://www.w3.org/1999/xhtml'/></svg>", "<?xml-stylesheet href='x.css'?>" OPEN "</svg>",
		"<!DOCTYPE svg [<!ENTITY a 'b'>]>" OPEN "&a;</svg>", "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" OPEN "&a;</svg>",
		"<html xmlns='http://www.w3.org/1999/xhtml'/>", "<svg viewBox='0 0 1 1'/>", OPEN "<path></svg>", OPEN, "", "bonjour",
	};
	(void)state;

	world_build(&w, "2026-09-15");
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(media_check_svg(str_from_c(good[i]), 1, false, &w.diag));
	assert_int_equal(w.diag.n_errors, 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		uint32_t before = w.diag.n_errors;
		bool fine = media_check_svg(str_from_c(bad[i]), 1, i % 2 && !strstr(bad[i], "url(data:"), &w.diag);
		if (fine)
			print_message("let through: %s\n", bad[i]);
		assert_false(fine);
		assert_true(w.diag.n_errors > before);
	}
}

static const char *
asset_bytes(const char *name)
{
	const struct asset *a = media_asset(&w.assets, str_from_c(name));
	assert_non_null(a);
	return world_c(&w, a->bytes);
}

static void
test_css(void **state)
{
	const struct asset *picture, *font;
	char wanted[600];
	(void)state;

	w.options.base_url = S("https://exemple.fr/portail/");
	world_file(&w, "themes/t/assets/css/style.css",
	    "/* url(not.png) */ @import \"base.css\"; a { background: URL( '../img/p.png' ); content: \"url(x)\" }\n"
	    "@font-face { src: url(../f.woff2?v=1#a) } b { c: url(#d); e: url(data:image/png;base64,A);"
	    " f: url( 'data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>' ) }");
	world_file(&w, "themes/t/assets/css/base.css", "i { j: k }");
	world_bytes(&w, "themes/t/assets/img/p.png", PNG);
	world_file(&w, "themes/t/assets/f.woff2", "f");
	build();
	world_says_nothing(&w);
	picture = media_asset(&w.assets, S("img/p.png"));
	font = media_asset(&w.assets, S("f.woff2"));
	assert_null(picture->bytes.ptr);
	assert_true(str_starts(picture->url, S("/assets/img/p.")) && str_ends(picture->url, S(".png")) && picture->url.len == strlen("/assets/img/p.12345678.png"));
	snprintf(wanted, sizeof wanted,
	    "/* url(not.png) */ @import \"/portail%s\"; a { background: URL(\"/portail%s\" ); content: \"url(x)\" }\n"
	    "@font-face { src: url(\"/portail%s?v=1#a\") } b { c: url(#d); e: url(data:image/png;base64,A);"
	    " f: url( 'data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>' ) }",
	    world_c(&w, media_asset(&w.assets, S("css/base.css"))->url), world_c(&w, picture->url), world_c(&w, font->url));
	assert_string_equal(asset_bytes("css/style.css"), wanted);
}

static void
test_bad_css(void **state)
{
	static const struct { const char *css, *said; } cases[] = {
		{ "a { b: url(image.png) }", "vouliez-vous dire « images.png » ?" }, { "a { b: url(https://exemple.fr/x.png) }", "va chercher une ressource ailleurs" },
		{ "a { b: url('//exemple.fr/x.png') }", "va chercher une ressource ailleurs" }, { "@import '/x.css';", "va chercher une ressource ailleurs" },
		{ "a { b: url(../x.png) }", "qui n'est pas dans assets/" }, { "@import 's.css';", "qui n'est pas dans assets/" },
		{ "a { b: url(", "qui n'est pas dans assets/" },
	};
	(void)state;

	world_bytes(&w, "themes/t/assets/images.png", PNG);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		world_file(&w, "themes/t/assets/s.css", cases[i].css);
		build();
		assert_true(world_says(&w, cases[i].said));
		assert_false(w.built);
		assert_null(media_asset(&w.assets, S("s.css")));
	}
}

static void
test_site_over_theme(void **state)
{
	struct asset *generated;
	(void)state;

	world_file(&w, "themes/t/assets/s.css", "a{}");
	world_file(&w, "themes/t/assets/t.js", "1");
	world_file(&w, "assets/s.css", "b{}");
	build();
	world_says_nothing(&w);
	assert_string_equal(asset_bytes("s.css"), "b{}");
	assert_int_equal(w.assets.list.len, 2);
	generated = media_add_generated(&w.assets, S("palette.css"), S("c{}"), STR_NONE);
	assert_true(str_starts(generated->url, S("/assets/palette.")));
	assert_ptr_equal(w.assets.list.ptr[0], generated);
	assert_ptr_equal(media_asset(&w.assets, S("palette.css")), generated);
	assert_null(media_asset(&w.assets, S("absent.css")));
	assert_true(str_equal(media_mime(S("a/b.JPG")), S("image/jpeg")));
	assert_true(str_equal(media_mime(S("a.b/c")), S("application/octet-stream")));
}

/* What output/ will write for a file: without metadata, of the size and hash that are announced. */
static void
published_bytes(str path, bool cleaned, uint64_t size, uint64_t hash)
{
	str bytes;
	size_t at;

	assert_int_equal(os_read(path, 1 << 20, true, &w.out, &bytes), 0);
	assert_true(str_find(bytes, S(PLANTED), &at));
	assert_true(cleaned);
	bytes = media_clean(path, bytes, &w.out);
	assert_false(str_find(bytes, S(PLANTED), &at));
	assert_int_equal(bytes.len, size);
	assert_true(hash64(bytes) == hash);
}

static void
test_content_files(void **state)
{
	const struct media *m;
	const struct link *links;
	const struct asset *asset;
	(void)state;

	world_bytes(&w, "content/lieux/photo.png", made(picture_png, 6, WITH_METADATA));
	world_bytes(&w, "assets/vue.gif", made(picture_gif, 1, WITH_METADATA));
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\nimage: photo.png\n---\n![Vue](vue.gif) [la même](photo.png)\n");
	build();
	world_says_nothing(&w);
	m = model_val(&world_item(&w, "lieu", "gare")->object, S("image"))->as.media;
	assert_int_equal(m->width, PICTURE_HEIGHT);
	assert_int_equal(m->height, PICTURE_WIDTH);
	published_bytes(m->source.path, m->cleaned, m->size, m->hash);
	asset = media_asset(&w.assets, S("vue.gif"));
	published_bytes(asset->source.path, asset->cleaned, asset->size, asset->hash);
	assert_true(str_starts(m->url, S("/assets/lieux/photo.")));
	assert_true(str_equal(m->mime, S("image/png")));
	links = world_item(&w, "lieu", "gare")->body->links;
	assert_true(str_equal(links[0].media->url, media_asset(&w.assets, S("vue.gif"))->url));
	assert_true(str_equal(links[1].media->url, m->url));
	assert_int_equal(w.site.media.len, 1);
}

static void
test_bad_content_files(void **state)
{
	(void)state;
	world_file(&w, "content/site.yaml", WORLD_SITE "en_cas_d_erreur: retirer\n");
	world_file(&w, "assets/faux.png", "bonjour");
	world_file(&w, "assets/page.html", "<script>");
	world_file(&w, "assets/mal.svg", OPEN "<script/></svg>");
	world_file(&w, "content/lieux/a.md", "---\ntitre: A\nimage: faux.png\n---\n");
	world_file(&w, "content/lieux/b.md", "---\ntitre: B\n---\n[page](page.html)\n");
	world_file(&w, "content/lieux/c.md", "---\ntitre: C\nimage: mal.svg\n---\n");
	world_file(&w, "content/offres/o.md", "---\ntitre: O\nlieu: a\n---\n");
	build();
	assert_true(world_says(&w, "content/lieux/a.md:3:8: erreur: « faux.png » n'est pas une image lisible"));
	assert_true(world_says(&w, "content/lieux/b.md:4:1: erreur: un fichier de ce type ne peut pas être publié : page.html"));
	assert_true(world_says(&w, "assets/mal.svg:1:"));
	assert_int_equal(w.diag.n_errors, 3);
	assert_null(site_item(&w.site, S("lieu"), S("a")));
	assert_null(site_item(&w.site, S("lieu"), S("c")));
	assert_null(site_item(&w.site, S("offre"), S("o")));
	assert_non_null(site_item(&w.site, S("lieu"), S("bourg")));
	assert_null(media_asset(&w.assets, S("mal.svg")));
}

/* A drawing of the site loses what programs noted; the theme's stays as it is. */
static void
test_site_svg(void **state)
{
	(void)state;
	world_file(&w, "assets/plan.svg", OPEN "<!-- " PLANTED " --><metadata>" PLANTED "</metadata></svg>");
	world_file(&w, "content/lieux/vue.svg", OPEN "<metadata>" PLANTED "</metadata></svg>");
	world_file(&w, "themes/t/assets/icone.svg", OPEN "<!-- licence --></svg>");
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\nimage: vue.svg\n---\n");
	build();
	world_says_nothing(&w);
	assert_string_equal(asset_bytes("plan.svg"), OPEN "</svg>");
	assert_string_equal(asset_bytes("icone.svg"), OPEN "<!-- licence --></svg>");
	published_bytes(w.site.media.ptr[0]->source.path, w.site.media.ptr[0]->cleaned, w.site.media.ptr[0]->size, w.site.media.ptr[0]->hash);
}

/* A broken picture of assets/ is told where content names it, and where it stands when nothing does; a theme's is the theme's mistake. */
static void
test_broken_pictures(void **state)
{
	str jpeg = made(picture_jpeg, 6, WITH_METADATA);
	(void)state;

	world_bytes(&w, "assets/nommee.jpg", str_slice(jpeg, 0, jpeg.len - 2));
	world_bytes(&w, "assets/seule.jpg", str_slice(jpeg, 0, jpeg.len - 2));
	world_file(&w, "assets/raw.heic", "?");
	world_bytes(&w, "themes/t/assets/fond.jpg", str_slice(jpeg, 0, 40));
	world_file(&w, "themes/t/assets/fond.avif", "\0\0\0\x14" "ftypavif");
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\nimage: nommee.jpg\n---\n");
	build();
	assert_true(world_says(&w, "content/lieux/gare.md:3:8: erreur: l'image « nommee.jpg » est coupée : le fichier JPEG s'arrête avant la fin"));
	assert_true(world_says(&w, "assets/seule.jpg:1:1: erreur: l'image « seule.jpg » est coupée"));
	assert_true(world_says(&w, "assets/raw.heic:1:1: erreur: l'image « raw.heic » est au format HEIC"));
	assert_true(world_says(&w, "themes/t/assets/fond.jpg:1:1: erreur: cette image du thème est coupée ou abîmée (JPEG)"));
	assert_int_equal(w.diag.n_errors, 4);
	assert_null(media_asset(&w.assets, S("seule.jpg")));
	assert_null(media_asset(&w.assets, S("fond.jpg")));
}

/* Browsers do not agree on turned WebP files. */
static void
test_turned_webp(void **state)
{
	(void)state;
	world_bytes(&w, "content/lieux/vue.webp", made(picture_webp, 6, 0));
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\nimage: vue.webp\n---\n");
	build();
	assert_true(world_says(&w, "content/lieux/gare.md:3:8: attention: l'image « vue.webp » est enregistrée tournée"));
	assert_int_equal(w.diag.n_errors, 0);
}

/* Which files with this ending would be published? */
static int
published_count(const char *ending)
{
	int n = 0;

	for (size_t i = 0; i < w.site.media.len; i++)
		n += str_ends(w.site.media.ptr[i]->url, str_from_c(ending));
	for (size_t i = 0; i < w.assets.list.len; i++)
		n += str_ends(w.assets.list.ptr[i]->url, str_from_c(ending));
	return n;
}

/* A portrait is published within the consent of its person, and is gone with it: from beside the item, and from assets/. */
static void
test_portraits(void **state)
{
#define OFFER "---\ntitre: O\nlieu: bourg\nportrait: p.png\nmot: \"![Elle](e.gif) [lui](/assets/l.webp)\"\nbuste: a.jpg\n"
#define CONSENT(scope, until) "accord: {le: 2026-01-01, portee: [" scope "], jusqu_au: " until "}\n"
	static const struct { const char *consent; int published; } cases[] = {
		{ CONSENT("page", "2026-09-14"), 0 }, { CONSENT("page", "2026-09-15"), 1 }, { CONSENT("export", "2027-01-01"), 1 },
	};
	(void)state;

	world_file(&w, "types/offre.yaml", "type: offre\netend: offre\nchamps:\n  portrait: {type: image, personnel: true, libelle: Portrait}\n"
	    "  mot: {type: markdown, personnel: true, libelle: Mot}\n  buste: {type: image, personnel: true, libelle: Buste}\n");
	world_bytes(&w, "content/offres/p.png", PNG);
	world_bytes(&w, "content/offres/e.gif", made(picture_gif, 1, 0));
	world_bytes(&w, "assets/l.webp", made(picture_webp, 1, 0));
	world_bytes(&w, "assets/a.jpg", made(picture_jpeg, 1, 0));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char item[512];
		snprintf(item, sizeof item, OFFER "%s---\n", cases[i].consent);
		world_file(&w, "content/offres/o.md", item);
		build();
		world_says_nothing(&w);
		assert_int_equal(published_count(".png"), cases[i].published);
		assert_int_equal(published_count(".gif"), cases[i].published);
		assert_int_equal(published_count(".jpg"), cases[i].published);
		assert_int_equal(published_count(".webp"), cases[i].published);
		assert_int_equal(media_asset(&w.assets, S("a.jpg")) != NULL, cases[i].published);
	}
	/* what something public names too is public */
	world_file(&w, "content/offres/o.md", OFFER CONSENT("page", "2026-01-02") "---\n");
	world_file(&w, "content/lieux/gare.md", "---\ntitre: Gare\nimage: a.jpg\n---\n");
	build();
	world_says_nothing(&w);
	assert_int_equal(published_count(".jpg"), 1);
	assert_int_equal(published_count(".webp"), 0);
}

/* What only a translation or the occurrences of a recurring event show is published with them. */
static void
test_files_of_others(void **state)
{
	(void)state;
	world_file(&w, "content/site.yaml", WORLD_SITE "langues: [fr, en]\n");
	world_bytes(&w, "content/pages/en.png", PNG);
	world_bytes(&w, "content/evenements/e.gif", made(picture_gif, 1, 0));
	world_bytes(&w, "content/pages/brouillon.webp", made(picture_webp, 1, 0));
	world_file(&w, "content/pages/a.md", "---\ntitre: A\n---\n");
	world_file(&w, "content/pages/a.en.md", "---\ntitre: A\n---\n![The lake](en.png)\n");
	world_file(&w, "content/pages/b.md", "---\ntitre: B\nbrouillon: true\n---\n![Le lac](brouillon.webp)\n");
	world_file(&w, "content/evenements/e.md", "---\ntitre: E\ndebut: 2026-10-01 18:00\nfin: 2026-10-01 20:00\n"
	    "recurrence: {tous_les: 6 mois, jusqu_au: 2027-12-31}\n---\n![La salle](e.gif)\n");
	build();
	world_says_nothing(&w);
	assert_int_equal(published_count(".png"), 1);
	assert_int_equal(published_count(".gif"), 1);
	assert_int_equal(published_count(".webp"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_svg_size), cmocka_unit_test_setup_teardown(test_svg, begin, end),
		cmocka_unit_test_setup_teardown(test_css, begin, end), cmocka_unit_test_setup_teardown(test_bad_css, begin, end),
		cmocka_unit_test_setup_teardown(test_site_over_theme, begin, end), cmocka_unit_test_setup_teardown(test_content_files, begin, end),
		cmocka_unit_test_setup_teardown(test_bad_content_files, begin, end), cmocka_unit_test_setup_teardown(test_site_svg, begin, end),
		cmocka_unit_test_setup_teardown(test_files_of_others, begin, end), cmocka_unit_test_setup_teardown(test_portraits, begin, end),
		cmocka_unit_test_setup_teardown(test_broken_pictures, begin, end), cmocka_unit_test_setup_teardown(test_turned_webp, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
