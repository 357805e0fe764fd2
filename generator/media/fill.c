/* The images and files that content names: what they are and where they will be. */
#include "media/inside.h"

#include "base/hash.h"

/* What is known of a file, once for all that name it. */
struct known {
	str url, mime;
	uint64_t size, hash;
	uint32_t width, height;
	bool fine, image, beside;    /* beside an item: no asset publishes it */
};

struct filling_media {
	struct site *site;
	struct assets *assets;
	struct diag *diag;
	struct map known;            /* shown path → struct known * */
	struct map listed;           /* url → in site->media */
	bool fine;
};

/* What a browser runs, or what a server may. */
static bool
is_refused(str name)
{
	static const str endings[] = {
		S_INIT(".html"), S_INIT(".htm"), S_INIT(".xhtml"), S_INIT(".xht"), S_INIT(".xml"), S_INIT(".js"), S_INIT(".mjs"), S_INIT(".css"),
		S_INIT(".php"), S_INIT(".phtml"), S_INIT(".cgi"), S_INIT(".swf"), S_INIT(".exe"), S_INIT(".md"), S_INIT(".yaml"), S_INIT(".lua"),
	};

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (name.len >= endings[i].len && str_equal_fold(str_slice(name, name.len - endings[i].len, name.len), endings[i]))
			return true;
	return false;
}

/* The asset that publishes this file, NULL when it stands beside an item. */
static const struct asset *
asset_of(const struct filling_media *f, const struct media *m)
{
	const struct asset *a;

	if (!str_starts(m->shown, S("assets/")))
		return NULL;
	a = map_get(&f->assets->by_name, str_slice(m->shown, 7, m->shown.len));
	return a && str_equal(a->source.shown, m->shown) ? a : NULL;
}

/* An asset was checked when it was loaded. */
static bool
is_safe(struct filling_media *f, const struct media *m, const struct asset *asset, str bytes, str mime)
{
	if (asset && str_equal(asset->mime, S("image/svg+xml")))
		return media_asset(f->assets, asset->name) != NULL;
	if (!str_equal(media_mime(m->shown), S("image/svg+xml")) && !str_equal(mime, S("image/svg+xml")))
		return true;
	return media_check_svg(bytes, m->source.file, false, f->diag);
}

static void
examine(struct filling_media *f, const struct media *m, struct known *k)
{
	struct source *source = f->site->source;
	const struct asset *asset = asset_of(f, m);
	struct arena tmp;
	str bytes, mime = S("");

	arena_init(&tmp, f->site->out->source);
	if (source_read(source, &m->source, source->limits.asset_file, &tmp, f->diag, &bytes)) {
		k->image = media_image_size(bytes, &k->width, &k->height, &mime);
		k->fine = is_safe(f, m, asset, bytes, k->image ? mime : S(""));
		k->mime = k->image ? mime : media_mime(m->shown);
		k->size = bytes.len;
		k->hash = hash64(bytes);
		k->beside = !asset;
		k->url = asset ? asset->url : media_published(f->site->out, m->source.name, k->hash);
	}
	arena_free(&tmp);
}

static struct known *
known_file(struct filling_media *f, const struct media *m)
{
	void **place = map_put(f->site->out, &f->known, m->shown);
	struct known *k = *place;

	if (k)
		return k;
	k = *place = arena_new(f->site->out, struct known);
	examine(f, m, k);
	return k;
}

static void
fault(struct filling_media *f, struct media_use *use)
{
	use->item->faulty = true;
	f->fine = false;
}

static void
fill(struct filling_media *f, struct media_use *use)
{
	struct media *m = use->media;
	struct known *k;

	if (is_refused(m->shown)) {
		diag_add(f->diag, MEDIA_KIND_REFUSED, use->at, m->path);
		fault(f, use);
		return;
	}
	k = known_file(f, m);
	if (!k->fine) {
		fault(f, use);
		return;
	}
	if (use->image && !k->image) {
		diag_add(f->diag, MEDIA_IMAGE_UNREADABLE, use->at, m->path);
		fault(f, use);
		return;
	}
	m->url = k->url;
	m->mime = k->mime;
	m->size = k->size;
	m->hash = k->hash;
	m->width = k->image ? k->width : 0;
	m->height = k->image ? k->height : 0;
}

static void
list(struct filling_media *f, const struct media_use *use)
{
	const struct media *m = use->media;
	const struct known *k = map_get(&f->known, m->shown);
	void **place;

	if (!m->url.ptr || !k || !k->beside || !use->item->published)
		return;
	place = map_put(f->site->out, &f->listed, m->url);
	if (*place)
		return;
	*place = use->media;
	*vec_push(f->site->out, &f->site->media) = m;
}

static int
by_url(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare((*(const struct media *const *)a)->url, (*(const struct media *const *)b)->url);
}

bool
media_fill(struct site *s, struct assets *a, struct diag *diag)
{
	struct filling_media f = { .site = s, .assets = a, .diag = diag, .fine = true };

	for (size_t i = 0; i < s->media_uses.len; i++)
		fill(&f, &s->media_uses.ptr[i]);
	if (!f.fine)
		site_leave_out(s, diag);
	for (size_t i = 0; i < s->media_uses.len; i++)
		list(&f, &s->media_uses.ptr[i]);
	vec_sort(s->media.ptr, s->media.len, sizeof *s->media.ptr, by_url, NULL);
	return f.fine;
}
