/* The files of assets/: names that carry the fingerprint of their bytes. */
#include "media/inside.h"

#include "base/hash.h"

/* Does this file stand in the theme, not in the site's own assets/? */
static bool
is_theme(const struct source_file *f)
{
	return !str_starts(f->shown, S("assets/")) && !str_starts(f->shown, S("content/"));
}

str
media_published(struct arena *out, str name, uint64_t hash)
{
	size_t dot = name.len;
	char hex[16];

	hash_hex(hash, hex);
	while (dot > 0 && name.ptr[dot - 1] != '.' && name.ptr[dot - 1] != '/')
		dot--;
	if (dot == 0 || name.ptr[dot - 1] == '/')
		dot = name.len + 1;
	return str_cat(out, S("/assets/"), str_slice(name, 0, dot - 1), S("."), ((str){ hex, 8 }), str_slice(name, dot - 1, name.len));
}

static void
fingerprint(struct assets_loading *l, struct asset *a, str bytes)
{
	a->size = bytes.len;
	a->hash = hash64(bytes);
	a->url = media_published(l->assets->out, a->name, a->hash);
}

static bool
is_text(const struct asset *a)
{
	return str_equal(a->mime, S("text/css")) || str_equal(a->mime, S("text/javascript")) || str_equal(a->mime, S("image/svg+xml"));
}

/* A drawing of the site loses what programs note in it; one of the theme is as its author wants it. */
static bool
read_svg(struct assets_loading *l, struct asset *a, struct arena *tmp, str *bytes)
{
	bool theme = is_theme(&a->source);

	if (!media_check_svg(*bytes, a->source.file, theme, l->diag))
		return false;
	a->image.mime = a->mime;
	if (!media_svg_size(*bytes, &a->image.width, &a->image.height))
		a->image.width = a->image.height = 0;
	if (theme)
		return true;
	*bytes = media_clean_svg(*bytes, tmp);
	a->cleaned = true;
	if (!bytes->ptr)
		diag_add(l->diag, MEDIA_SVG, SPAN_FILE(a->source.file), S("data:image"));
	return bytes->ptr != NULL;
}

/* Of a theme, a format that is left alone is its author's choice; else the fault waits for media_fill, which knows who names the file. */
static bool
read_picture(struct assets_loading *l, struct asset *a, struct arena *tmp, str *bytes)
{
	bool fine = media_read_image(a->name, *bytes, tmp, &a->image);

	*bytes = a->image.bytes;
	a->image.bytes = STR_NONE;
	a->cleaned = fine && a->image.mime.ptr;
	if (a->cleaned)
		a->mime = a->image.mime;
	if (fine || !is_theme(&a->source))
		return fine;
	if (a->image.fault == IMAGE_FORMAT) {
		a->image.fault = IMAGE_FINE;
		return true;
	}
	diag_add(l->diag, MEDIA_THEME_IMAGE, SPAN_FILE(a->source.file), a->image.what.len ? a->image.what : a->mime);
	return false;
}

static bool
read_asset(struct assets_loading *l, struct asset *a, struct arena *tmp)
{
	bool svg = str_equal(a->mime, S("image/svg+xml"));
	str bytes;

	if (!source_read(l->source, &a->source, l->source->limits.asset_file, tmp, l->diag, &bytes))
		return false;
	if (svg ? !read_svg(l, a, tmp, &bytes) : !is_text(a) && !read_picture(l, a, tmp, &bytes))
		return false;
	if (str_equal(a->mime, S("text/css")))
		a->bytes = media_rewrite_css(l, a, bytes);
	else if (is_text(a) && bytes.len <= MEDIA_MAX_TEXT)
		a->bytes = str_equal(a->mime, S("text/javascript")) ? media_slim_script(bytes, l->assets->out) : str_copy(l->assets->out, bytes);
	fingerprint(l, a, a->bytes.ptr ? a->bytes : bytes);
	return a->loading != ASSET_FAILED;
}

bool
media_load_asset(struct assets_loading *l, struct asset *a)
{
	struct arena tmp;

	if (a->loading == ASSET_WAITING) {
		a->loading = ASSET_AT_WORK;
		arena_init(&tmp, l->assets->out->source);
		a->loading = read_asset(l, a, &tmp) ? ASSET_LOADED : ASSET_FAILED;
		arena_free(&tmp);
		l->fine = l->fine && a->loading == ASSET_LOADED;
	}
	return a->loading == ASSET_LOADED;
}

static int
by_name(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare((*(struct asset *const *)a)->name, (*(struct asset *const *)b)->name);
}

static struct asset *
add(struct assets *a, str name)
{
	struct asset *asset = arena_new(a->out, struct asset);

	asset->name = name;
	asset->mime = media_mime(name);
	map_set(a->out, &a->by_name, name, asset);
	return asset;
}

bool
media_load_assets(struct assets *a, struct source *s, str base_path, struct arena *out, struct diag *diag)
{
	struct source_list files = source_walk_roots(s, S("assets"), false);
	struct assets_loading l = { a, s, diag, base_path, true };

	*a = (struct assets){ .out = out };
	for (size_t i = 0; i < files.len; i++)
		add(a, files.ptr[i].name)->source = files.ptr[i];
	/* Names are complete now. Those that fail are left out of the list: nobody may publish them. */
	for (uint32_t i = 0; i < a->by_name.len; i++) {
		struct asset *asset = a->by_name.entries[i].value;
		if (media_load_asset(&l, asset))
			*vec_push(out, &a->list) = asset;
	}
	return l.fine;
}

/* --- those of an earlier load --- */

static bool
is_among(const str *paths, size_t n, str path)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(paths[i], path))
			return true;
	return false;
}

static struct asset *
copy(struct assets *a, const struct asset *old)
{
	struct asset *asset = arena_new(a->out, struct asset);

	*asset = *old;
	map_set(a->out, &a->by_name, asset->name, asset);
	return asset;
}

bool
media_take_assets(struct assets *a, const struct assets *old, const str *saved, size_t n_saved, struct source *s, str base_path, struct arena *out,
    struct diag *diag)
{
	struct assets_loading l = { a, s, diag, base_path, true };

	*a = (struct assets){ .out = out };
	for (uint32_t i = 0; i < old->by_name.len; i++) {
		const struct asset *was = old->by_name.entries[i].value;
		struct asset *asset = was->source.path.ptr ? copy(a, was) : NULL;
		if (asset && asset->loading == ASSET_LOADED && n_saved && (is_among(saved, n_saved, asset->source.path) || str_equal(asset->mime, S("text/css"))))
			*asset = (struct asset){ .name = was->name, .source = was->source, .mime = media_mime(was->name), .personal = was->personal };
	}
	for (uint32_t i = 0; i < a->by_name.len; i++) {
		struct asset *asset = a->by_name.entries[i].value;
		if (media_load_asset(&l, asset))
			*vec_push(out, &a->list) = asset;
	}
	return l.fine;
}

void
media_take_generated(struct assets *a, const struct assets *old)
{
	for (uint32_t i = 0; i < old->by_name.len; i++) {
		const struct asset *was = old->by_name.entries[i].value;
		if (!was->source.path.ptr)
			*vec_push(a->out, &a->list) = copy(a, was);
	}
	vec_sort(a->list.ptr, a->list.len, sizeof(struct asset *), by_name, NULL);
}

const struct asset *
media_asset(const struct assets *a, str name)
{
	const struct asset *asset = map_get(&a->by_name, name);

	if (!asset && a->find_more)
		return a->find_more(a->context, name);
	return asset && asset->loading == ASSET_LOADED ? asset : NULL;
}

struct asset *
media_add_generated(struct assets *a, str name, str bytes, str mime)
{
	struct assets_loading l = { .assets = a };
	struct asset *asset = add(a, str_copy(a->out, name));

	asset->bytes = str_copy(a->out, bytes);
	asset->mime = mime.len ? str_copy(a->out, mime) : asset->mime;
	asset->loading = ASSET_LOADED;
	fingerprint(&l, asset, asset->bytes);
	for (size_t i = 0; i < a->list.len; i++)
		if (str_equal(a->list.ptr[i]->name, asset->name)) {
			a->list.ptr[i] = asset;
			return asset;
		}
	*vec_push(a->out, &a->list) = asset;
	vec_sort(a->list.ptr, a->list.len, sizeof(struct asset *), by_name, NULL);
	return asset;
}

void
media_add_files(struct assets *a, const struct media_generated *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct asset *asset = arena_new(a->out, struct asset);
		*asset = (struct asset){ .name = files[i].name, .url = str_cat(a->out, S("/assets/"), files[i].name), .size = files[i].bytes.len,
			.hash = hash64(files[i].bytes), .bytes = files[i].bytes, .personal = files[i].personal, .mime = media_mime(files[i].name),
			.loading = ASSET_LOADED };
		*vec_push(a->out, &a->list) = asset;
	}
	vec_sort(a->list.ptr, a->list.len, sizeof(struct asset *), by_name, NULL);
}
