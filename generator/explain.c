/* vitrine_explain: loads the site as a build does and tells what a page is made of. vitrine_version. */
#include "build.h"

#include "base/suggest.h"
#include "document/version.h"
#include "os/os.h"
#include "script/version.h"
#include "search/search.h"
#include "text/text.h"

#include <xxhash.h>

str
vitrine_version(struct arena *out)
{
	return str_format(out, "vitrine %s\n%.*s, %.*s, %.*s, %.*s, %.*s, xxHash %d.%d.%d", VITRINE_VERSION, STR_ARG(document_versions(out)),
	    STR_ARG(script_version()), STR_ARG(text_versions(out)), STR_ARG(search_versions(out)), STR_ARG(media_versions(out)), XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE);
}

/* "/stages" → "/stages/"; a full address of the site loses its front. */
static str
normal_url(const struct site *site, str what, struct arena *out)
{
	size_t slash;

	if (str_starts(what, site->base_url))
		what = str_slice(what, site->base_url.len, what.len);
	if (!what.len || what.ptr[0] != '/')
		what = str_cat(out, S("/"), what);
	if (!str_ends(what, S("/")) && !str_find(what, S("."), &slash))
		what = str_cat(out, what, S("/"));
	return what;
}

static bool
is_page_of(const struct page *p, const struct files *files, str url, str file)
{
	if (str_equal(p->url, url))
		return true;
	return p->item && (str_equal(files_path(files, p->item->file), file) ||
	    (p->item->occurrence_of && str_equal(files_path(files, p->item->occurrence_of->file), file)));
}

static void
add_reference(struct arena *out, struct page_origin *o, const struct val *v)
{
	if (v->kind == VAL_REF)
		*vec_push(out, &o->references) = str_cat(out, v->as.item->type->name, S(":"), v->as.item->slug);
	else if (v->kind == VAL_LIST)
		for (uint32_t i = 0; i < v->as.list->len; i++)
			add_reference(out, o, &v->as.list->items[i]);
	else if (v->kind == VAL_OBJECT)
		for (uint32_t i = 0; i < v->as.object->shape->n_fields; i++)
			add_reference(out, o, object_val(v->as.object, i));
}

static void
add_referrers(const struct site *site, struct arena *out, struct page_origin *o, const struct item *item)
{
	const str *names;
	uint32_t n = site_reverse_names(site, item->type, &names);

	for (uint32_t i = 0; i < n; i++) {
		struct item_list list;
		if (site_reverse(site, item, names[i], &list))
			for (uint32_t k = 0; k < list.len; k++)
				*vec_push(out, &o->referrers) = str_cat(out, list.items[k]->type->name, S(":"), list.items[k]->slug);
	}
}

static void
describe(const struct build *b, const struct page *p, struct page_origin *o)
{
	/* the site goes with the build: what is told is copied */
	*o = (struct page_origin){
		.url = str_copy(b->arena, p->url), .path = str_copy(b->arena, p->path), .layout = str_copy(b->arena, script_layout_name(p->layout)),
		.language = str_copy(b->arena, b->site.languages[p->language]), .source = files_path(b->diag->files, p->at.file), .listed = true,
	};
	script_layout_uses(b->script, p->layout, b->arena, &o->templates.ptr, &o->templates.len);
	if (!p->item)
		return;
	o->type = str_copy(b->arena, p->item->type->name);
	o->slug = str_copy(b->arena, p->item->slug);
	o->listed = p->item->listed;
	o->state = p->item->object.state ? str_copy(b->arena, p->item->object.state->name) : STR_NONE;
	for (uint32_t i = 0; i < p->item->object.shape->n_fields; i++)
		add_reference(b->arena, o, object_val(&p->item->object, i));
	add_referrers(&b->site, b->arena, o, p->item);
}

static str
nearest_url(const struct build *b, str url)
{
	str *urls = arena_array(b->arena, str, b->plan.pages.len);

	for (size_t i = 0; i < b->plan.pages.len; i++)
		urls[i] = b->plan.pages.ptr[i]->url;
	return suggest_nearest(url, urls, b->plan.pages.len);
}

/* --- what drawing costs --- */

/* Draws with a state of its own, twice. */
static void
measure(struct build *b, const struct page *p, struct page_origin *o)
{
	struct script_state *w = script_open(b->script, &b->late, b->diag);
	struct script_result result;
	uint64_t started = os_ticks(), between;
	str bytes;

	if (!w)
		return;
	o->drawn = script_render(w, p, &bytes, &result);
	between = os_ticks();
	if (o->drawn) {
		struct script_counts counts = script_counts(w);
		o->first_nanoseconds = between - started;
		o->bytes = bytes.len;
		o->personal = result.personal;
		o->once = (struct profile_cache){ counts.found, counts.made };
		script_render(w, p, &bytes, &result);
		o->nanoseconds = os_ticks() - between;
	} else {
		script_report(b->script, result.error, 0, b->diag);
	}
	script_close(w);
}

/* Pages name generated resources, which are drawn first, if they can be. */
static bool
draw_resources(struct build *b)
{
	struct script_state *w = script_open(b->script, &b->late, b->diag);
	bool fine = w && render_resources(&b->plan, b->script, &b->assets, w, b->diag);

	if (w)
		script_close(w);
	return fine;
}

static void
measure_all(struct build *b, const struct page *const *pages, struct page_origin *origins, size_t n)
{
	if (!n || !draw_resources(b))
		return;
	for (size_t i = 0; i < n; i++)
		if (pages[i]->wave < 3)
			measure(b, pages[i], &origins[i]);
}

bool
vitrine_explain(const struct build_options *o, str url_or_file, struct arena *arena, struct diag *diag,
    struct page_origin **origins, uint32_t *n_origins, str *nearest)
{
	VEC(struct page_origin) found = { 0 };
	VEC(const struct page *) pages = { 0 };
	struct build_report report;
	struct build b;

	build_begin(&b, o, arena, diag, &report);
	if (build_load(&b)) {
		str url = normal_url(&b.site, url_or_file, arena);
		for (size_t i = 0; i < b.plan.pages.len; i++)
			if (is_page_of(b.plan.pages.ptr[i], diag->files, url, url_or_file)) {
				describe(&b, b.plan.pages.ptr[i], vec_push(arena, &found));
				*vec_push(arena, &pages) = b.plan.pages.ptr[i];
			}
		measure_all(&b, pages.ptr, found.ptr, found.len);
		*nearest = found.len ? STR_NONE : str_copy(arena, nearest_url(&b, url));
	}
	build_end(&b);
	*origins = found.ptr;
	*n_origins = (uint32_t)found.len;
	return found.len > 0;
}
