/* What a save may change, for vitrine serve. Where it can reach neither the graph of the site nor the plan of its pages, both stay those of an
 * earlier load, which lives as long as somebody uses them: nothing of it is written to. At any doubt all is loaded. */
#include "build.h"

#include <string.h>

#include "model/stock.h"
#include "os/os.h"

#define MOST_ITEMS 8

/* What must be made anew for a save, beside what always is. */
enum need { NEED_NO_MORE, NEED_PLAN, NEED_ALL };

struct changed { const struct type *type; const struct field *field; };

struct reload {
	const struct build *old;
	bool plans, failed;
	struct source source;        /* of the old one, for what is read anew */
	VEC(str) layouts, modules, assets;       /* that were saved, by their path on the disk */
	bool strings;
	struct site_rewritten rewritten;
	bool bodies;                 /* some of these have another body … */
	VEC(struct changed) changed; /* … or other texts in these fields */
};

struct finding {
	struct build *b;
	struct reload *r;
	struct diag quiet;           /* whoever has something to say says it in a whole load */
	struct arena tmp;
};

/* A load without errors, and with nothing left out: one text could bring it back. Of a file with a second name, a save tells one. */
bool
reload_can_stand(const struct build *b)
{
	return b->diag->n_errors == 0 && b->site.n_left_out == 0 && b->site.force_state == 0 && b->source.n_links == 0;
}

/* --- items --- */

static bool
was_said_of(const struct diag *d, file_id file)
{
	for (size_t i = 0; i < d->entries.len; i++)
		if (d->entries.ptr[i].at.file == file)
			return true;
	return false;
}

/* The item or translation that was read from it, NULL when there is none; `of`: the place of the item it belongs to. */
static const struct item *
item_from(const struct site *s, file_id file, uint32_t *of)
{
	for (*of = 0; *of < s->n_items; ++*of) {
		const struct item *item = s->items[*of];
		if (item->file == file)
			return item;
		for (uint32_t l = 0; l < s->n_languages; l++)
			if (item->translations[l] && item->translations[l]->file == file)
				return item->translations[l];
	}
	return NULL;
}

static struct item *
read_again(struct finding *f, const struct item *item, str path)
{
	struct build *b = f->b;
	const struct build *old = f->r->old;
	str shown = files_path(old->diag->files, item->file), bytes;
	struct content_file c = { .source = { .path = path, .shown = shown, .name = str_slice(shown, S("content/").len, shown.len), .file = item->file },
		.type = item->type, .slug = item->slug, .language = item->language, .yaml = str_ends(path, S(".yaml")) };

	if (!source_read(&f->r->source, &c.source, old->source.limits.content_file, &f->tmp, &f->quiet, &bytes))
		return NULL;
	return model_read_item(&old->model, &c, bytes, old->site.languages, old->site.n_languages, &b->house, &f->tmp, &f->quiet);
}

/* The front matter differs: in texts that nothing of the site is made of? */
static bool
take_fields(struct finding *f, const struct item *was, const struct item *is, bool *differs)
{
	const struct build *old = f->r->old;
	const struct item *read = stock_item(old->memo->stock, files_path(old->diag->files, was->file));

	if (!read || read->front != was->front || !model_same_but_texts(read, is, differs))
		return false;
	for (uint32_t i = 0; i < was->type->shape.n_fields; i++) {
		const struct field *field = &was->type->shape.fields[i];
		if (differs[i] && !site_is_words(&old->site, was->type, field))
			return false;
		if (differs[i])
			*vec_push(&f->b->house, &f->r->changed) = (struct changed){ was->type, field };
	}
	return true;
}

/* The item as site/ completed it, with what was written anew. Links of its body lead where those before led. */
static void
rewrite(struct finding *f, const struct item *was, const struct item *is, const bool *differs)
{
	struct item *now = arena_new(&f->b->house, struct item);

	*now = *was;
	now->front = is->front;
	now->body = is->body;
	if (now->body)
		now->body->links = was->body->links;
	now->object.vals = arena_array(&f->b->house, struct val, was->object.n_vals);
	memcpy(now->object.vals, was->object.vals, was->object.n_vals * sizeof *now->object.vals);
	for (uint32_t i = 0; i < was->type->shape.n_fields; i++) {
		struct val *to = object_val(&now->object, i);
		const struct val *from = object_val(&is->object, i);
		if (to->kind == VAL_NONE || is->front == was->front)
			continue;
		to->start = from->start;
		to->end = from->end;
		if (differs[i])
			to->as.text = from->as.text;
	}
	*vec_push(&f->b->house, &f->r->rewritten) = (struct site_newer){ was, now };
}

static bool
same_body(const struct rich *was, const struct rich *is)
{
	return !is || (str_equal(was->md.html, is->md.html) && str_equal(was->md.plain, is->md.plain));
}

static enum need
need_of_item(struct finding *f, uint32_t of, bool body, const struct type *type, const bool *differs)
{
	const struct build *old = f->r->old;
	const struct script_asked *asked = script_asked_by_routes(old->script);

	if (body && (script_read_early(old->script, of) || script_read_early(old->script, SCRIPT_ALL)))
		return NEED_PLAN;
	for (uint32_t i = 0; i < type->shape.n_fields; i++)
		if (differs[i] && script_asked_field(asked, type, &type->shape.fields[i]))
			return NEED_PLAN;
	return NEED_NO_MORE;
}

/* Only words of an item: links, pictures and headings are the same, and all fields but texts. */
static enum need
take_item(struct finding *f, str path, file_id file)
{
	const struct build *old = f->r->old;
	const struct item *was;
	struct item *is;
	bool *differs, body;
	uint32_t of;

	was = item_from(&old->site, file, &of);
	if (!was || was->occurrence_of || f->r->rewritten.len == MOST_ITEMS || was_said_of(old->diag, file))
		return NEED_ALL;
	is = read_again(f, was, path);
	if (!is || f->quiet.entries.len || is->faulty || !is->body != !was->body)
		return NEED_ALL;
	if (is->body && (is->body->md.n_holes != was->body->md.n_holes || sparing_joints(is->body) != sparing_joints(was->body)))
		return NEED_ALL;
	differs = arena_array(&f->tmp, bool, was->type->shape.n_fields);
	if (is->front != was->front && !take_fields(f, was, is, differs))
		return NEED_ALL;
	body = !same_body(was->body, is->body);
	f->r->bodies = f->r->bodies || body;
	rewrite(f, was, is, differs);
	return need_of_item(f, of, body, was->type, differs);
}

/* --- files --- */

/* Content that names a file of assets/ knows its size and its fingerprint. */
static enum need
take_asset(struct finding *f, const struct asset *asset)
{
	const struct build *old = f->r->old;
	const struct script_asked *asked = script_asked_by_routes(old->script);

	if (old->media_said)
		return NEED_ALL;
	for (size_t i = 0; i < old->site.media_uses.len; i++)
		if (str_equal(old->site.media_uses.ptr[i].media->source.path, asset->source.path))
			return NEED_ALL;
	*vec_push(&f->b->house, &f->r->assets) = asset->source.path;
	return script_asked_asset(asked, asset->name) ? NEED_PLAN : NEED_NO_MORE;
}

static enum need
take_module(struct finding *f, str path)
{
	const struct script_asked *asked = script_asked_by_routes(f->r->old->script);

	*vec_push(&f->b->house, &f->r->modules) = path;
	return script_asked_module(asked, f->r->old->script, path, &f->tmp) ? NEED_PLAN : NEED_NO_MORE;
}

/* Do those that routes.lua asked for read as before? */
static enum need
take_strings(struct finding *f)
{
	const struct build *old = f->r->old;
	struct site now = old->site;

	f->r->strings = true;
	now.source = &f->r->source;
	memset(now.strings, 0, sizeof now.strings);
	return site_read_strings(&now, &f->b->house, &f->quiet) && script_asked_same_strings(script_asked_by_routes(old->script), &old->site, &now) ?
	    NEED_NO_MORE : NEED_PLAN;
}

static enum need
take_layout(struct finding *f, str path)
{
	*vec_push(&f->b->house, &f->r->layouts) = path;
	return NEED_NO_MORE;
}

static const struct asset *
asset_from(const struct assets *a, str path)
{
	for (uint32_t i = 0; i < a->by_name.len; i++) {
		const struct asset *asset = a->by_name.entries[i].value;
		if (str_equal(asset->source.path, path))
			return asset;
	}
	return NULL;
}

/* What a saved file may change. */
static enum need
take_saved(struct finding *f, const struct saved_file *saved)
{
	const struct build *old = f->r->old;
	const struct asset *asset = asset_from(&old->assets, saved->path);
	file_id content = sparing_file(old, saved->path);
	struct os_stat st;

	if (os_stat(saved->path, &st) != 0)
		return saved->came ? NEED_NO_MORE : NEED_ALL;    /* an editor's own came after all was loaded, and went */
	if (asset)
		return take_asset(f, asset);
	if (site_is_strings_file(&old->site, saved->path))
		return take_strings(f);
	switch (script_file_kind(old->script, saved->path)) {
	case SCRIPT_FILE_LAYOUT: return take_layout(f, saved->path);
	case SCRIPT_FILE_MODULE: return take_module(f, saved->path);
	case SCRIPT_FILE_ROUTES: return NEED_PLAN;
	case SCRIPT_FILE_NONE: break;
	}
	return content ? take_item(f, saved->path, content) : NEED_ALL;
}

/* A plan is made for what was saved now; when it must be made for what an earlier load saw, it is time for a whole one, on which the next can stand. */
static bool
take_all(struct finding *f, const struct saved_files *saved)
{
	bool now = false;

	for (size_t i = 0; i < saved->len; i++) {
		enum need need = take_saved(f, &saved->ptr[i]);
		if (need == NEED_ALL)
			return false;
		f->r->plans = f->r->plans || need == NEED_PLAN;
		now = now || (need == NEED_PLAN && !saved->ptr[i].seen);
	}
	return now || !f->r->plans;
}

static bool
keeps_order(const struct reload *r)
{
	struct site now = r->old->site;

	now.rewritten = r->rewritten;
	return !r->changed.len || site_order_stands(&now);
}

bool
reload_find(struct build *b, const struct build *old, const struct saved_files *saved)
{
	struct finding f = { .b = b, .r = arena_new(&b->house, struct reload) };
	bool fine;

	*f.r = (struct reload){ .old = old, .source = old->source };
	f.r->source.out = &b->house;
	arena_init(&f.tmp, b->arena->source);
	diag_init(&f.quiet, &f.tmp, old->diag->files);
	fine = b->site_options.now < old->site.date_ends && take_all(&f, saved) && keeps_order(f.r);
	arena_free(&f.tmp);
	if (fine)
		b->reload = f.r;
	return fine;
}

bool
reload_plans(const struct build *b)
{
	return b->reload && b->reload->plans;
}

bool
reload_failed(const struct build *b)
{
	return b->reload && b->reload->failed;
}

/* --- stages, in the place of those that make it --- */

/* What was said of it is said again. */
bool
reload_take_site(struct build *b)
{
	const struct build *old = b->reload->old;

	files_take(b->diag->files, old->diag->files);
	b->source = old->source;
	b->source.out = &b->house;
	b->source.diag = b->diag;
	b->source.files = b->diag->files;
	b->settings = old->settings;
	b->model = old->model;
	b->search = old->search;
	b->site = old->site;
	b->site.out = &b->house;
	b->site.source = &b->source;
	b->site.rewritten = b->reload->rewritten;
	memset(b->site.strings, 0, sizeof b->site.strings);
	diag_merge(b->diag, &old->standing);
	return true;
}

bool
reload_take_assets(struct build *b)
{
	const struct reload *r = b->reload;

	return media_take_assets(&b->assets, &r->old->assets, r->assets.ptr, r->assets.len, &b->source, b->site.base_path, b->arena, b->diag);
}

bool
reload_take_plan(struct build *b)
{
	diag_merge(b->diag, &b->reload->old->planned);
	diag_merge(b->diag, &b->reload->old->linked);
	return render_take_plan(&b->plan, &b->reload->old->plan, b->script, b->arena, b->diag);
}

/* Links by address, and former addresses, that meet the same pages as before. What routes.lua says now of an item that was written anew
 * would be said where the old one had it. */
bool
reload_check_links(struct build *b)
{
	struct reload *r = b->reload;

	for (size_t i = 0; i < r->rewritten.len; i++)
		r->failed = r->failed || was_said_of(b->diag, r->rewritten.ptr[i].was->file);
	r->failed = r->failed || !site_pending_stands(&r->old->site, render_page_exists, (void *)(uintptr_t)&r->old->plan, &b->plan);
	diag_merge(b->diag, &r->old->linked);
	return !r->failed;
}

/* --- resources of wave 1 --- */

static bool
reads_saved_layout(const struct build *b, const struct page *page, struct arena *tmp)
{
	for (size_t i = 0; i < b->reload->layouts.len; i++)
		if (script_layout_reads(b->script, page->layout, b->reload->layouts.ptr[i], tmp))
			return true;
	return false;
}

static bool
resources_stand(const struct build *b, struct arena *tmp)
{
	const struct reload *r = b->reload;
	const struct script_asked *asked = r->old->resources_asked;

	if (!asked || (r->bodies && script_asked_texts(asked)) || (r->strings && !script_asked_same_strings(asked, &r->old->site, &b->site)))
		return false;
	for (size_t i = 0; i < r->changed.len; i++)
		if (script_asked_field(asked, r->changed.ptr[i].type, r->changed.ptr[i].field))
			return false;
	for (size_t i = 0; i < r->modules.len; i++)
		if (script_asked_module(asked, r->old->script, r->modules.ptr[i], tmp))
			return false;
	for (size_t i = 0; i < b->plan.pages.len; i++)
		if (b->plan.pages.ptr[i]->wave == 1 && reads_saved_layout(b, b->plan.pages.ptr[i], tmp))
			return false;
	return true;
}

bool
reload_take_resources(struct build *b)
{
	struct arena tmp;
	bool stand;

	if (!b->reload || b->reload->plans)
		return false;
	arena_init(&tmp, b->arena->source);
	stand = resources_stand(b, &tmp);
	arena_free(&tmp);
	if (stand)
		media_take_generated(&b->assets, &b->reload->old->assets);
	return stand;
}
