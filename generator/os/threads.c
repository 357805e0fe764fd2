#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "os/os.h"

struct crew {
	void (*work)(void *context, unsigned worker);
	void *context;
};

struct hand {
	const struct crew *crew;
	unsigned worker;
	pthread_t thread;
	bool started;
};

static void *
hand_run(void *p)
{
	const struct hand *h = p;

	h->crew->work(h->crew->context, h->worker);
	return NULL;
}

/* Lua and cmark recurse on authors' input; every worker gets the stack that a main thread usually has. */
static void
hand_start(struct hand *h)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)8 * 1024 * 1024);
	h->started = pthread_create(&h->thread, &attributes, hand_run, h) == 0;
	pthread_attr_destroy(&attributes);
}

void
os_parallel(unsigned n, void (*work)(void *context, unsigned worker), void *context)
{
	struct crew crew = { work, context };
	struct hand *hands = n > 1 ? calloc(n, sizeof *hands) : NULL;

	for (unsigned i = 1; hands && i < n; i++) {
		hands[i] = (struct hand){ .crew = &crew, .worker = i };
		hand_start(&hands[i]);
	}
	if (n > 0)
		work(context, 0);
	/* A hand that could not be started does its part here: nothing is left undone. */
	for (unsigned i = 1; i < n; i++)
		if (hands && hands[i].started)
			pthread_join(hands[i].thread, NULL);
		else
			work(context, i);
	free(hands);
}

struct os_monitor {
	pthread_mutex_t lock;
	pthread_cond_t woken;
};

struct os_monitor *
os_monitor_open(void)
{
	struct os_monitor *m = malloc(sizeof *m);

	if (!m)
		arena_out_of_memory(sizeof *m);
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->woken, NULL);
	return m;
}

void
os_monitor_close(struct os_monitor *m)
{
	pthread_cond_destroy(&m->woken);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

void
os_monitor_enter(struct os_monitor *m)
{
	pthread_mutex_lock(&m->lock);
}

void
os_monitor_leave(struct os_monitor *m)
{
	pthread_mutex_unlock(&m->lock);
}

void
os_monitor_wait(struct os_monitor *m)
{
	pthread_cond_wait(&m->woken, &m->lock);
}

void
os_monitor_wake(struct os_monitor *m)
{
	pthread_cond_broadcast(&m->woken);
}

struct os_watchdog {
	struct os_watching how;
	pthread_t thread, watched;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	uint64_t patience, limit;       /* nanoseconds */
	uint64_t patted;                /* os_ticks */
	bool growled, resting, stopped;
};

/* Whose watchdog growls here. */
static _Thread_local struct os_watchdog *volatile watched_by;

static void
on_growl(int signal)
{
	struct os_watchdog *w = watched_by;

	(void)signal;
	if (w)
		w->how.growl(w->how.context);
}

static void
catch_growls(void)
{
	struct sigaction action = { .sa_handler = on_growl, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGURG, &action, NULL);
}

static struct timespec
time_of(uint64_t ticks)
{
	return (struct timespec){ (time_t)(ticks / 1000000000u), (long)(ticks % 1000000000u) };
}

/* At rest it looks up as often as it would growl, so as not to sleep through a pat. */
static uint64_t
next_look(const struct os_watchdog *w)
{
	return w->resting ? os_ticks() + w->patience : w->patted + (w->growled ? w->limit : w->patience);
}

/* Gives whether it is time to bark. */
static bool
look(struct os_watchdog *w)
{
	uint64_t now = os_ticks();

	if (w->resting)
		return false;
	if (!w->growled && now >= w->patted + w->patience) {
		w->growled = true;
		pthread_kill(w->watched, SIGURG);
	}
	return now >= w->patted + w->limit;
}

static void *
watch(void *p)
{
	struct os_watchdog *w = p;
	bool barks = false;

	pthread_mutex_lock(&w->lock);
	while (!w->stopped && !barks) {
		struct timespec until = time_of(next_look(w));
		int e = pthread_cond_timedwait(&w->wake, &w->lock, &until);
		barks = !w->stopped && e == ETIMEDOUT && look(w);
	}
	pthread_mutex_unlock(&w->lock);
	if (barks)
		w->how.bark(w->how.context);
	return NULL;
}

struct os_watchdog *
os_watchdog_start(const struct os_watching *watching)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct os_watchdog *w = calloc(1, sizeof *w);
	pthread_condattr_t clock;

	if (!w)
		return NULL;
	pthread_once(&once, catch_growls);
	w->how = *watching;
	w->patience = (uint64_t)(watching->patience * 1e9);
	w->limit = (uint64_t)(watching->seconds * 1e9);
	w->patted = os_ticks();
	w->watched = pthread_self();
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &clock);
	pthread_condattr_destroy(&clock);
	if (pthread_create(&w->thread, NULL, watch, w) != 0) {
		free(w);
		return NULL;
	}
	watched_by = w;
	return w;
}

/* The watching thread is not woken: it finds the new time when the old one comes. */
void
os_watchdog_pat(struct os_watchdog *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->patted = os_ticks();
	w->growled = w->resting = false;
	pthread_mutex_unlock(&w->lock);
}

void
os_watchdog_rest(struct os_watchdog *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->resting = true;
	pthread_mutex_unlock(&w->lock);
}

void
os_watchdog_stop(struct os_watchdog *w)
{
	if (!w)
		return;
	watched_by = NULL;
	pthread_mutex_lock(&w->lock);
	w->stopped = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
