/* url(…) and @import of stylesheets → fingerprinted addresses. */
#include "media/inside.h"

#include "base/suggest.h"

struct rewriting {
	struct assets_loading *l;
	struct asset *asset;
	str css;
	size_t at;                   /* read up to here */
	struct buf out;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c & (char)0x80);
}

/* The name of the asset that an address within `from` means; STR_NONE when it leaves assets/. */
static str
resolve(struct arena *out, str from, str address)
{
	str parts[32], rest = address, piece;
	size_t n = 0;

	if (str_starts(address, S("/assets/")))
		rest = str_slice(address, 8, address.len);
	else
		for (str folder = from; str_next(&folder, '/', &piece) && folder.len;)
			if (n < 32)
				parts[n++] = piece;
	while (str_next(&rest, '/', &piece)) {
		if (str_equal(piece, S(".")))
			continue;
		if (str_equal(piece, S(".."))) {
			if (!n)
				return STR_NONE;
			n--;
		} else if (n < 32) {
			parts[n++] = piece;
		}
	}
	return str_join(out, parts, n, S("/"));
}

static void
fail(struct rewriting *r, enum diag_code code, size_t start, str address, str nearest)
{
	struct span at = { r->asset->source.file, (uint32_t)start, (uint32_t)(start + address.len) };

	diag_add(r->l->diag, code, at, address, nearest);
	r->l->fine = false;
	r->asset->loading = ASSET_FAILED;
}

static str
nearest_asset(struct rewriting *r, str name)
{
	const struct assets *a = r->l->assets;
	str *names = arena_array(r->l->assets->out, str, a->by_name.len), nearest;

	for (uint32_t i = 0; i < a->by_name.len; i++)
		names[i] = a->by_name.entries[i].key;
	nearest = suggest_nearest(name, names, a->by_name.len);
	return nearest.ptr ? nearest : S("");
}

/* Within the document, or carried along. */
static bool
is_inner(str address)
{
	return str_starts(address, S("#")) || str_starts(address, S("data:image/")) || str_starts(address, S("data:font/"));
}

static bool
is_foreign(str address)
{
	size_t at;

	return str_starts(address, S("//")) || str_find_byte(address, ':', &at) || str_find_byte(address, '\\', &at) ||
	    (str_starts(address, S("/")) && !str_starts(address, S("/assets/")));
}

/* Writes the published form of an address found at `start`. */
static void
put_address(struct rewriting *r, str address, size_t start)
{
	str path = address, name;
	struct asset *target;
	size_t cut;

	if (is_foreign(address)) {
		fail(r, MEDIA_CSS_FOREIGN, start, address, STR_NONE);
		return;
	}
	for (cut = 0; cut < path.len && path.ptr[cut] != '?' && path.ptr[cut] != '#';)
		cut++;
	path = str_slice(address, 0, cut);
	name = resolve(r->l->assets->out, r->asset->name, path);
	target = name.ptr ? map_get(&r->l->assets->by_name, name) : NULL;
	if (!target || target->loading == ASSET_AT_WORK) {
		fail(r, MEDIA_CSS_MISSING, start, address, target ? S("") : nearest_asset(r, name));
		return;
	}
	media_load_asset(r->l, target);
	buf_put(&r->out, r->l->base_path);
	buf_put(&r->out, target->url);
	buf_put(&r->out, str_slice(address, cut, address.len));
}

static void
copy(struct rewriting *r, size_t to)
{
	buf_put(&r->out, str_slice(r->css, r->at, to));
	r->at = to < r->css.len ? to : r->css.len;
}

/* End of the string that opens at `at`, after its quote. */
static size_t
string_end(str css, size_t at)
{
	char quote = css.ptr[at++];

	for (; at < css.len && css.ptr[at] != quote; at++)
		if (css.ptr[at] == '\\')
			at++;
	return at < css.len ? at + 1 : css.len;
}

static size_t
after_spaces(str css, size_t at)
{
	while (at < css.len && is_space(css.ptr[at]))
		at++;
	return at;
}

static bool
quote_at(str css, size_t at)
{
	return at < css.len && (css.ptr[at] == '"' || css.ptr[at] == '\'');
}

/* The address at [start, end), of which `after` is the first byte not read yet, quotes included. An inner one stays as it is
 * written, since data may hold the other quotes. */
static void
rewrite_address(struct rewriting *r, size_t start, size_t end, size_t after)
{
	str address = str_slice(r->css, start, end);

	if (is_inner(address)) {
		copy(r, after);
		return;
	}
	buf_byte(&r->out, '"');
	put_address(r, address, start);
	buf_byte(&r->out, '"');
	r->at = after;
}

static void
rewrite_string(struct rewriting *r, size_t at)
{
	size_t close = string_end(r->css, at);

	rewrite_address(r, at + 1, close > at + 1 ? close - 1 : close, close);
}

/* r->at stands after "url(". */
static void
rewrite_url(struct rewriting *r)
{
	size_t start = after_spaces(r->css, r->at), end = start;

	if (quote_at(r->css, start)) {
		rewrite_string(r, start);
		return;
	}
	while (end < r->css.len && r->css.ptr[end] != ')' && !is_space(r->css.ptr[end]))
		end++;
	rewrite_address(r, start, end, end);
}

static bool
word_at(const struct rewriting *r, size_t at, str word)
{
	return str_equal_fold(str_slice(r->css, at, at + word.len), word) && (at == 0 || !is_name(r->css.ptr[at - 1]));
}

/* Nearly all bytes begin nothing that is looked for. */
static bool
may_begin(char c)
{
	return c == '/' || c == '"' || c == '\'' || c == 'u' || c == 'U' || c == '@';
}

static void
rewrite_at(struct rewriting *r)
{
	size_t at = r->at, end;

	if (str_starts(str_slice(r->css, at, r->css.len), S("/*"))) {
		copy(r, str_find(str_slice(r->css, at + 2, r->css.len), S("*/"), &end) ? at + 2 + end + 2 : r->css.len);
	} else if (quote_at(r->css, at)) {
		copy(r, string_end(r->css, at));
	} else if (word_at(r, at, S("url("))) {
		copy(r, at + 4);
		rewrite_url(r);
	} else if (word_at(r, at, S("@import")) && quote_at(r->css, after_spaces(r->css, at + 7))) {
		copy(r, after_spaces(r->css, at + 7));
		rewrite_string(r, r->at);
	} else {
		for (end = at + 1; end < r->css.len && !may_begin(r->css.ptr[end]);)
			end++;
		copy(r, end);
	}
}

str
media_rewrite_css(struct assets_loading *l, struct asset *a, str css)
{
	struct rewriting r = { .l = l, .asset = a, .css = css };
	str done;

	buf_init(&r.out, css.len * 2 + (size_t)4 * 1024 * 1024);
	while (r.at < css.len)
		rewrite_at(&r);
	if (r.out.failed) {
		diag_add(l->diag, FILE_TOO_LARGE, SPAN_FILE(a->source.file), str_format(l->diag->out, "%zu Mio", r.out.max >> 20));
		a->loading = ASSET_FAILED;
	}
	done = buf_copy(&r.out, l->assets->out);
	buf_free(&r.out);
	return done;
}
