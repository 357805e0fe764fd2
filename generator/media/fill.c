/* The images and files that content names: what they are and where they will be. */
#include "media/inside.h"

#include "base/hash.h"

/* What is known of a file, once for all that name it. */
struct known {
	str url;
	uint64_t size, hash;         /* of the published bytes */
	struct media_image image;    /* without its bytes */
	bool fine, beside;           /* beside an item: no asset publishes it */
	bool cleaned;
	bool asked, allowed;         /* named by what consent rules; named by what may be read */
};

struct filling_media {
	struct site *site;
	struct assets *assets;
	struct diag *diag;
	struct map known;            /* shown path → struct known * */
	struct map listed;           /* url → in site->media */
	struct map series;           /* recurring items of which an occurrence is published, by their address in memory */
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

void
media_report(struct diag *diag, const struct media_image *image, struct span at, str path)
{
	switch (image->fault) {
	case IMAGE_CUT: diag_add(diag, MEDIA_IMAGE_CUT, at, path, image->what); break;
	case IMAGE_BROKEN: diag_add(diag, MEDIA_IMAGE_BROKEN, at, path, image->what, str_format(diag->out, "%zu", image->where)); break;
	case IMAGE_TOO_LARGE:
		diag_add(diag, MEDIA_IMAGE_TOO_LARGE, at, path, str_format(diag->out, "%u × %u", image->width, image->height));
		break;
	case IMAGE_FORMAT: diag_add(diag, MEDIA_IMAGE_FORMAT, at, path, image->what); break;
	default: diag_add(diag, MEDIA_IMAGE_UNREADABLE, at, path); break;
	}
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

/* An asset was looked at when it was loaded. */
static void
take_asset(struct known *k, const struct asset *a)
{
	k->image = a->image;
	k->fine = a->loading == ASSET_LOADED;
	k->size = a->size;
	k->hash = a->hash;
	k->url = a->url;
}

static bool
read_svg(struct filling_media *f, const struct media *m, struct arena *tmp, struct media_image *image)
{
	str source = image->bytes;

	if (!media_check_svg(source, m->source.file, false, f->diag))
		return false;
	image->bytes = media_clean_svg(source, tmp);
	if (!image->bytes.ptr) {
		diag_add(f->diag, MEDIA_SVG, SPAN_FILE(m->source.file), S("data:image"));
		return false;
	}
	if (media_svg_size(source, &image->width, &image->height))
		image->mime = S("image/svg+xml");
	return true;
}

static void
examine(struct filling_media *f, const struct media *m, struct known *k)
{
	struct source *source = f->site->source;
	struct arena tmp;
	str bytes;

	arena_init(&tmp, f->site->out->source);
	if (source_read(source, &m->source, source->limits.asset_file, &tmp, f->diag, &bytes)) {
		k->fine = media_read_image(m->shown, bytes, &tmp, &k->image);
		if (k->fine && !k->image.mime.ptr && str_equal(media_mime(m->shown), S("image/svg+xml")))
			k->fine = read_svg(f, m, &tmp, &k->image);
		k->cleaned = k->image.mime.ptr != NULL;
		k->beside = true;
		k->size = k->image.bytes.len;
		k->hash = hash64(k->image.bytes);
		k->url = media_published(f->site->out, m->source.name, k->hash);
		k->image.bytes = STR_NONE;
	}
	arena_free(&tmp);
}

static struct known *
known_file(struct filling_media *f, const struct media *m)
{
	void **place = map_put(f->site->out, &f->known, m->shown);
	struct known *k = *place;
	const struct asset *asset;

	if (k)
		return k;
	k = *place = arena_new(f->site->out, struct known);
	asset = asset_of(f, m);
	if (asset)
		take_asset(k, asset);
	else
		examine(f, m, k);
	return k;
}

static void
fault(struct filling_media *f, struct media_use *use)
{
	use->item->faulty = true;
	f->fine = false;
}

/* A portrait goes with the consent of its person, for whatever scope it was given. */
static bool
may_be_read(const struct filling_media *f, const struct media_use *use)
{
	return !use->media->personal || site_consents(f->site, use->item, STR_NONE);
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
		/* a file that cannot be read and a drawing that may not be shown were reported as such */
		if (k->image.fault)
			media_report(f->diag, &k->image, use->at, m->path);
		fault(f, use);
		return;
	}
	if (use->image && !k->image.mime.ptr) {
		diag_add(f->diag, MEDIA_IMAGE_UNREADABLE, use->at, m->path);
		fault(f, use);
		return;
	}
	if (k->image.orientation > 1 && str_equal(k->image.mime, S("image/webp")))
		diag_add(f->diag, MEDIA_IMAGE_TURNED, use->at, m->path);
	m->url = k->url;
	m->mime = k->image.mime.ptr ? k->image.mime : media_mime(m->shown);
	m->size = k->size;
	m->hash = k->hash;
	m->width = k->image.width;
	m->height = k->image.height;
	m->cleaned = k->cleaned;
	k->asked = k->asked || m->personal;
	k->allowed = k->allowed || may_be_read(f, use);
}

/* Pictures of assets/ are published whether or not content names them. */
static void
report_unnamed(struct filling_media *f)
{
	for (uint32_t i = 0; i < f->assets->by_name.len; i++) {
		const struct asset *a = f->assets->by_name.entries[i].value;
		if (a->loading != ASSET_FAILED || !a->image.fault || !str_starts(a->source.shown, S("assets/")) || map_get(&f->known, a->source.shown))
			continue;
		media_report(f->diag, &a->image, SPAN_FILE(a->source.file), a->name);
		f->fine = false;
	}
}

static str
key_of(const struct item *const *item)
{
	return (str){ (const char *)item, sizeof *item };
}

static void
note_series(struct filling_media *f)
{
	const struct site *s = f->site;

	for (uint32_t i = 0; i < s->n_items; i++)
		if (s->items[i]->occurrence_of && s->items[i]->published)
			map_set(s->out, &f->series, str_copy(s->out, key_of(&s->items[i]->occurrence_of)), s->items[i]);
}

/* A recurring item has no page; its occurrences show its files. */
static bool
is_published(const struct filling_media *f, const struct item *item)
{
	return item->published || map_get(&f->series, key_of(&item)) != NULL;
}

static void
list(struct filling_media *f, const struct media_use *use)
{
	const struct media *m = use->media;
	const struct known *k = map_get(&f->known, m->shown);
	void **place;

	if (!m->url.ptr || !k || !k->beside || !is_published(f, use->item) || !may_be_read(f, use))
		return;
	place = map_put(f->site->out, &f->listed, m->url);
	if (*place)
		return;
	*place = use->media;
	*vec_push(f->site->out, &f->site->media) = m;
}

/* What stands in assets/ is published, but not what only a person who has not consented is shown by. */
static void
withhold_assets(struct filling_media *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->assets->list.len; i++) {
		struct asset *a = f->assets->list.ptr[i];
		const struct known *k = map_get(&f->known, a->source.shown);
		a->personal = k && k->asked;
		if (k && k->asked && !k->allowed)
			a->loading = ASSET_FAILED;
		else
			f->assets->list.ptr[kept++] = a;
	}
	f->assets->list.len = kept;
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
	report_unnamed(&f);
	if (!f.fine)
		site_leave_out(s, diag);
	note_series(&f);
	for (size_t i = 0; i < s->media_uses.len; i++)
		list(&f, &s->media_uses.ptr[i]);
	withhold_assets(&f);
	vec_sort(s->media.ptr, s->media.len, sizeof *s->media.ptr, by_url, NULL);
	return f.fine;
}
