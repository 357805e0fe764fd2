/* Markdown → html of this page: the holes of links and images get addresses in the page's language. */
#include "script/escape.h"
#include "script/state.h"

static void
put_image(struct script_state *w, struct buf *b, const struct link *link)
{
	state_needs_plan(w);
	buf_put(b, S("src=\""));
	if (link->media && link->media->url.ptr)
		escape_url(b, prefixed(w, link->media->url));
	else
		escape_url(b, link->address);
	buf_byte(b, '"');
	if (link->media && link->media->width)
		buf_format(b, " width=\"%u\" height=\"%u\"", link->media->width, link->media->height);
	buf_put(b, S(" loading=\"lazy\" decoding=\"async\""));
}

/* The address of a link, STR_NONE when its target has no page: it is shown as text. */
static str
link_address(struct script_state *w, const struct link *link)
{
	const struct item *item = link->item;
	str url;

	state_needs_plan(w);
	if (item) {
		url = item->published ? item->urls[w->language] : STR_NONE;
		return url.ptr ? str_cat(w->arena, w->site->base_path, url, link->address) : STR_NONE;
	}
	if (link->media)
		return link->media->url.ptr ? prefixed(w, link->media->url) : STR_NONE;
	if (str_starts(link->address, S("/")) && !str_starts(link->address, S("//")))
		return prefixed(w, link->address);
	return link->address;
}

struct filling {
	struct script_state *w;
	str html;
	size_t at;                   /* copied up to here */
	size_t skip_close;           /* offset of a "</a>" not to copy, 0: none */
};

static void
copy_to(struct filling *f, struct buf *b, size_t to)
{
	if (f->skip_close && f->skip_close < to && f->skip_close >= f->at) {
		buf_put(b, str_slice(f->html, f->at, f->skip_close));
		f->at = f->skip_close + 4;
		f->skip_close = 0;
	}
	buf_put(b, str_slice(f->html, f->at, to));
	f->at = to;
}

/* `<a href="` has just been copied: takes it back, and the end of the tag and its "</a>" out of what follows. */
static void
drop_link(struct filling *f, struct buf *b)
{
	size_t end, close;
	str rest = str_slice(f->html, f->at, f->html.len);

	while (b->len && b->ptr[b->len - 1] != '<')
		b->len--;
	b->len -= b->len > 0;
	if (str_find_byte(rest, '>', &end))
		f->at += end + 1;
	if (str_find(str_slice(f->html, f->at, f->html.len), S("</a>"), &close))
		f->skip_close = f->at + close;
}

static void
fill_link(struct filling *f, struct buf *b, const struct markdown_hole *hole, const struct link *link)
{
	str address = link_address(f->w, link);

	if (!address.ptr)
		drop_link(f, b);
	else
		escape_url(b, address);
	if (!hole->empty_text)
		return;
	if (hole->text_at > f->at)
		copy_to(f, b, hole->text_at);
	escape_html(b, link->item ? item_title(f->w, link->item) : link->address);
}

static str
fill(struct script_state *w, const struct markdown *md, const struct link *links)
{
	struct filling f = { w, md->html, 0, 0 };
	struct buf *b = &w->scratch;

	if (md->n_holes == 0)
		return md->html.ptr ? md->html : S("");
	buf_clear(b);
	for (uint32_t i = 0; i < md->n_holes; i++) {
		copy_to(&f, b, md->holes[i].at);
		if (md->holes[i].kind == MARKDOWN_IMAGE)
			put_image(w, b, &links[i]);
		else
			fill_link(&f, b, &md->holes[i], &links[i]);
	}
	copy_to(&f, b, f.html.len);
	return buf_copy(b, w->arena);
}

str
rich_html(struct script_state *w, const struct rich *rich)
{
	return fill(w, &rich->md, rich->links);
}

/* "offre:interne#lieu" → the item and its anchor; else the address as it stands. */
static struct link
resolve(lua_State *L, str target)
{
	struct script_state *w = state_of(L);
	str type, rest, slug, anchor;
	struct link link = { .address = target };

	if (!str_cut(target, ':', &type, &rest) || !map_get(&w->site->model->by_name, type))
		return link;
	if (str_cut(rest, '#', &slug, &anchor))
		link.address = str_cat(w->arena, S("#"), anchor);
	else
		link.address = S("");
	link.item = site_item(w->site, type, slug);
	if (!link.item)
		raise(L, SCRIPT_NO_ITEM, STR_NONE, slug, type);
	return link;
}

str
markdown_html(lua_State *L, str source)
{
	struct script_state *w = state_of(L);
	struct markdown_options o = markdown_options_default;
	struct markdown md = { 0 };
	struct link *links;
	struct diag problems;

	o.language = language_code(w);
	diag_init(&problems, w->arena, w->diag->files);
	if (!markdown_render(&md, source, &o, w->arena, &problems))
		raise(L, SCRIPT_MARKDOWN, STR_NONE, problems.entries.len ? diag_name(problems.entries.ptr[0].code) : S("?"));
	links = arena_array(w->arena, struct link, md.n_holes + 1);
	for (uint32_t i = 0; i < md.n_holes; i++) {
		struct buf check = w->scratch;
		links[i] = resolve(L, md.holes[i].target);
		buf_clear(&check);
		if (!links[i].item && !escape_url(&check, links[i].address)) {
			w->scratch = check;
			raise(L, SCRIPT_URL_SCHEME, STR_NONE, links[i].address);
		}
		w->scratch = check;
	}
	return fill(w, &md, links);
}
