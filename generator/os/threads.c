#include <errno.h>
#include <pthread.h>
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

struct os_watchdog {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	uint64_t limit, deadline;       /* nanoseconds of os_ticks */
	void (*bark)(void *context);
	void *context;
	bool stopped;
};

static struct timespec
time_of(uint64_t ticks)
{
	return (struct timespec){ (time_t)(ticks / 1000000000u), (long)(ticks % 1000000000u) };
}

static void *
watch(void *p)
{
	struct os_watchdog *w = p;
	bool barks = false;

	pthread_mutex_lock(&w->lock);
	while (!w->stopped && !barks) {
		struct timespec until = time_of(w->deadline);
		int e = pthread_cond_timedwait(&w->wake, &w->lock, &until);
		barks = !w->stopped && e == ETIMEDOUT && os_ticks() >= w->deadline;
	}
	pthread_mutex_unlock(&w->lock);
	if (barks)
		w->bark(w->context);
	return NULL;
}

struct os_watchdog *
os_watchdog_start(double seconds, void (*bark)(void *context), void *context)
{
	struct os_watchdog *w = calloc(1, sizeof *w);
	pthread_condattr_t clock;

	if (!w)
		return NULL;
	w->limit = (uint64_t)(seconds * 1e9);
	w->deadline = os_ticks() + w->limit;
	w->bark = bark;
	w->context = context;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &clock);
	pthread_condattr_destroy(&clock);
	if (pthread_create(&w->thread, NULL, watch, w) != 0) {
		free(w);
		return NULL;
	}
	return w;
}

/* The watching thread is not woken: it finds the new deadline when the old one comes. */
void
os_watchdog_pat(struct os_watchdog *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->deadline = os_ticks() + w->limit;
	pthread_mutex_unlock(&w->lock);
}

void
os_watchdog_stop(struct os_watchdog *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopped = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
