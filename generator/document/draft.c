#include "document/draft.h"

#include <stdatomic.h>

#include "base/vec.h"

#define ROOM ((size_t)4 << 20)
#define HEAD (UINT64_C(64) << 10)        /* what is written last comes first; a room begins at a page, on any machine */
#define NONE (-1)

struct room { char *start; uint64_t at; bool settled; };       /* at: in the file */

struct draft_worker {
	struct draft *draft;
	VEC(struct room) rooms;      /* the last is being filled */
	size_t used;                 /* of it */
	struct arena lists;
};
struct draft {
	str path;
	atomic_int file;             /* NONE before the first room is full */
	atomic_bool failed;          /* there is no file, or it cannot be written */
	_Atomic uint64_t end;
	struct draft_worker *workers;
	unsigned n_workers;
};

struct draft *
draft_new(str path, unsigned workers, struct arena *out)
{
	struct draft *d = arena_new(out, struct draft);

	d->path = path;
	d->file = NONE;
	d->failed = path.len == 0;
	d->end = HEAD;
	d->n_workers = workers;
	d->workers = arena_array(out, struct draft_worker, workers);
	for (unsigned i = 0; i < workers; i++) {
		d->workers[i].draft = d;
		arena_init(&d->workers[i].lists, out->source);
	}
	return d;
}

struct draft_worker *
draft_worker(struct draft *d, unsigned worker)
{
	return &d->workers[worker];
}

/* Of two threads that open one at a time, one closes its own again. */
static int
file_of(struct draft *d)
{
	int file = d->file, mine;

	if (file != NONE || d->failed)
		return file;
	if (os_draft_open(d->path, &mine) != 0) {
		d->failed = true;
		return NONE;
	}
	if (atomic_compare_exchange_strong(&d->file, &file, mine))
		return mine;
	os_draft_close(mine);
	return file;
}

static void
settle(struct draft *d, struct room *room)
{
	int file = file_of(d);

	if (d->failed)
		return;
	room->settled = os_draft_settle(file, room->at, room->start, ROOM) == 0;
	if (!room->settled)
		d->failed = true;
}

static struct room *
new_room(struct draft_worker *w)
{
	char *start = os_pages.map(os_pages.context, ROOM);
	struct room *room;

	if (!start)
		arena_out_of_memory(ROOM);
	room = vec_push(&w->lists, &w->rooms);
	*room = (struct room){ .start = start, .at = atomic_fetch_add(&w->draft->end, ROOM) };
	w->used = 0;
	return room;
}

char *
draft_put(struct draft_worker *w, size_t size, uint64_t *at)
{
	struct room *room;
	size_t start;

	*at = 0;
	if (size > ROOM / 4)
		return arena_room(&w->lists, size);
	room = w->rooms.len ? &w->rooms.ptr[w->rooms.len - 1] : new_room(w);
	if (size > ROOM - w->used) {
		settle(w->draft, room);
		room = new_room(w);
	}
	start = w->used;
	w->used += size;
	*at = room->at + start;
	return room->start + start;
}

void
draft_forget(const struct draft *d)
{
	for (unsigned i = 0; i < d->n_workers; i++)
		for (size_t k = 0; k < d->workers[i].rooms.len; k++) {
			const struct room *room = &d->workers[i].rooms.ptr[k];
			if (room->settled)
				os_forget((str){ room->start, ROOM });
		}
}

uint64_t
draft_end(const struct draft *d)
{
	return d->failed || d->file == NONE ? 0 : d->end;
}

/* The room that each thread was filling. */
static os_error
write_last_rooms(const struct draft *d)
{
	os_error e = 0;

	for (unsigned i = 0; i < d->n_workers && !e; i++) {
		const struct draft_worker *w = &d->workers[i];
		const struct room *last = w->rooms.len ? &w->rooms.ptr[w->rooms.len - 1] : NULL;
		if (last)
			e = os_draft_write(d->file, last->at, &(str){ last->start, w->used }, 1);
	}
	return e;
}

os_error
draft_publish(struct draft *d, const str *parts, size_t n)
{
	os_error e = write_last_rooms(d);

	if (!e)
		e = os_draft_write(d->file, d->end, parts + 1, n - 1);
	if (!e)
		e = os_draft_write(d->file, 0, parts, 1);
	if (!e)
		e = os_draft_name(d->file, d->path);
	d->failed = true;
	return e;
}

void
draft_close(struct draft *d)
{
	for (unsigned i = 0; i < d->n_workers; i++) {
		for (size_t k = 0; k < d->workers[i].rooms.len; k++)
			os_pages.unmap(os_pages.context, d->workers[i].rooms.ptr[k].start, ROOM);
		arena_free(&d->workers[i].lists);
	}
	if (d->file != NONE)
		os_draft_close(d->file);
}
