/* All pages, known before the first is drawn. */
#include "render/render.h"

static str
layout_name(struct arena *out, const struct type *t)
{
	return str_cat(out, t->name, S(".html"));
}

/* The item's own day of revision, for lastmod. */
static day
modified(const struct item *item)
{
	const struct val *v = model_val(&item->object, S("maj_le"));

	return v && v->kind == VAL_DATE ? v->as.date : DAY_NONE;
}

static bool
add_item(struct plan *plan, const struct script_layout *layout, const struct site *site, const struct item *item, uint8_t language, struct diag *diag)
{
	struct page *page = arena_new(plan->out, struct page);

	*page = (struct page){
		.url = item->urls[language], .language = language, .wave = 2, .noindex = !item->listed || !site->online, .layout = layout,
		.item = item, .scope = S("page"), .mime = S("text/html"), .modified = modified(item), .at = SPAN_FILE(item->file),
	};
	return script_add_page(plan, page, diag);
}

static bool
add_type(struct plan *plan, struct script *script, const struct site *site, const struct type *t, struct diag *diag)
{
	const struct script_layout *layout = script_layout(script, layout_name(plan->out, t));
	const struct item_list all = site->collections[t->index].all;
	bool ok = true;

	for (uint32_t i = 0; i < all.len; i++)
		for (uint8_t k = 0; k < site->n_languages; k++) {
			if (!all.items[i]->urls[k].ptr)
				continue;
			if (!layout) {
				diag_add(diag, RENDER_NO_LAYOUT, SPAN_FILE(t->file), t->name);
				return false;
			}
			ok &= add_item(plan, layout, site, all.items[i], k, diag);
		}
	return ok;
}

bool
render_plan(struct plan *plan, struct script *script, const struct site *site, struct arena *out, struct diag *diag)
{
	bool ok = true;

	*plan = (struct plan){ .out = out, .first_wave = plan->first_wave, .context = plan->context };
	for (uint32_t i = 0; i < site->model->n_types; i++)
		if (site->model->types[i] != site->model->site_type)
			ok &= add_type(plan, script, site, site->model->types[i], diag);
	ok &= script_routes(script, plan, diag);
	return script_set_plan(script, plan, diag) && ok;
}

bool
render_take_plan(struct plan *plan, const struct plan *old, struct script *script, struct arena *out, struct diag *diag)
{
	struct page *pages = arena_array(out, struct page, old->pages.len);
	const struct script_layout *was = NULL, *is = NULL;

	*plan = (struct plan){ .out = out, .by_url = map_clone(out, &old->by_url) };
	vec_reserve(out, &plan->pages, old->pages.len);
	for (size_t i = 0; i < old->pages.len; i++) {
		pages[i] = *old->pages.ptr[i];
		if (pages[i].layout != was)
			is = script_layout(script, script_layout_name(was = pages[i].layout));
		pages[i].layout = is;
		*vec_push(out, &plan->pages) = &pages[i];
	}
	for (uint32_t i = 0; i < plan->by_url.len; i++)
		plan->by_url.entries[i].value = &pages[((const struct page *)plan->by_url.entries[i].value)->index];
	return script_set_plan(script, plan, diag);
}

bool
render_page_exists(void *plan, str url)
{
	return map_find(&((const struct plan *)plan)->by_url, url, NULL);
}
