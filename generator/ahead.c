/* Resources of wave 1 while routes.lua runs: another state draws each as soon as its route is made. What depends on the other routes is drawn
 * again when they are there. */
#include "build.h"
#include "os/os.h"

#define MOST 16                  /* resources; with more of them, all are drawn in their turn */

struct ahead {
	struct arena *out;
	struct script_state *state;
	struct os_monitor *door;     /* of `n` and `over` */
	const struct page *pages[MOST];
	str bytes[MOST];
	uint32_t n, n_drawn;
	bool over;                   /* no route will come */
	bool planned, fine;
};

struct ahead *
ahead_open(struct arena *out)
{
	struct ahead *a = arena_new(out, struct ahead);

	a->out = out;
	return a;
}

/* --- the thread that draws --- */

/* Waits for it; NULL when there is none to come. */
static const struct page *
next_page(struct ahead *a)
{
	const struct page *page;

	os_monitor_enter(a->door);
	while (a->n == a->n_drawn && !a->over)
		os_monitor_wait(a->door);
	page = a->n_drawn < a->n && a->n_drawn < MOST ? a->pages[a->n_drawn] : NULL;
	os_monitor_leave(a->door);
	return page;
}

static bool
draw(struct ahead *a, const struct page *page, struct arena *painted, struct diag *quiet)
{
	struct script_result result;
	str bytes;

	if (!script_render(a->state, page, &bytes, &result) || !render_paint(page, NULL, 0, painted, &bytes, quiet))
		return false;
	a->bytes[a->n_drawn++] = str_copy(a->out, bytes);
	return true;
}

static void
draw_all(struct build *b)
{
	struct ahead *a = b->ahead;
	const struct page *page;
	struct arena painted;
	struct diag quiet;
	bool fine = true;

	diag_init(&quiet, a->out, b->diag->files);
	a->state = script_open_ahead(b->script, a->out, &quiet);
	if (!a->state)
		return;
	arena_init(&painted, a->out->source);
	script_rest(a->state);
	while (fine && (page = next_page(a))) {
		fine = draw(a, page, &painted, &quiet);
		script_rest(a->state);
	}
	a->fine = fine && quiet.entries.len == 0;
	arena_free(&painted);
}

/* --- the thread that plans --- */

static void
put(void *ahead, const struct page *page)
{
	struct ahead *a = ahead;

	os_monitor_enter(a->door);
	if (a->n < MOST)
		a->pages[a->n] = page;
	a->n++;
	os_monitor_wake(a->door);
	os_monitor_leave(a->door);
}

static void
plan(struct build *b)
{
	struct ahead *a = b->ahead;

	b->plan.first_wave = put;
	b->plan.context = a;
	a->planned = render_plan(&b->plan, b->script, &b->site, b->arena, b->diag);
	os_monitor_enter(a->door);
	a->over = true;
	os_monitor_wake(a->door);
	os_monitor_leave(a->door);
}

static void
do_half(void *build, unsigned half)
{
	if (half == 0)
		plan(build);
	else
		draw_all(build);
}

bool
ahead_plan(struct build *b)
{
	struct ahead *a = b->ahead;

	a->door = os_monitor_open();
	os_parallel(2, do_half, b);
	os_monitor_close(a->door);
	return a->planned;
}

struct script_state *
ahead_take(struct build *b)
{
	struct ahead *a = b->ahead;
	struct script_state *state = a ? a->state : NULL;
	const struct script_asked *asked;

	if (!state)
		return NULL;
	a->state = NULL;
	asked = script_asked_by(state);
	if (!script_settle(state) || !a->fine || a->n_drawn != a->n) {
		script_close(state);
		return NULL;
	}
	for (uint32_t i = 0; i < a->n; i++)
		render_add_resource(&b->assets, a->pages[i], a->bytes[i]);
	b->resources_asked = asked;
	return state;
}
