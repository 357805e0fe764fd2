/* What vitrine serve waits for: changes in folders (inotify), the end asked for by a signal. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "os/path.h"

/* Events of one read(2): a name has at most 255 bytes. */
#define ROOM ((size_t)1 << 16)
#define MAX_EVENTS (ROOM / sizeof(struct inotify_event) + 2)

struct os_watch {
	int folders, signals;
	size_t n;
	struct os_watch_event events[MAX_EVENTS];
	_Alignas(struct inotify_event) char room[ROOM];
};

static const uint32_t interest = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF |
    IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

/* Signals are blocked in every thread made from here on, too; a browser that goes away in mid-answer is no signal at all. */
static int
take_signals(void)
{
	sigset_t asked;

	sigemptyset(&asked);
	sigaddset(&asked, SIGINT);
	sigaddset(&asked, SIGTERM);
	sigaddset(&asked, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &asked, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &asked, SFD_CLOEXEC | SFD_NONBLOCK);
}

os_error
os_watch_open(struct os_watch **watch)
{
	struct os_watch *w = calloc(1, sizeof *w);
	os_error e;

	*watch = w;
	if (!w)
		return ENOMEM;
	w->signals = take_signals();
	w->folders = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->signals >= 0 && w->folders >= 0)
		return 0;
	e = errno;
	os_watch_close(w);
	*watch = NULL;
	return e;
}

void
os_watch_close(struct os_watch *w)
{
	int all[] = { w->folders, w->signals };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i] >= 0)
			close(all[i]);
	free(w);
}

os_error
os_watch_add(struct os_watch *w, str dir, int *id)
{
	struct c_path p;

	if (!path_c(dir, &p))
		return errno;
	*id = inotify_add_watch(w->folders, p.c, interest);
	return *id < 0 ? errno : 0;
}

void
os_watch_remove(struct os_watch *w, int id)
{
	inotify_rm_watch(w->folders, id);
}

bool
os_watch_pending(const struct os_watch *w)
{
	int waiting = 0;

	return ioctl(w->folders, FIONREAD, &waiting) == 0 && waiting > 0;
}

static void
add(struct os_watch *w, enum os_watch_kind kind, int id, str name)
{
	w->events[w->n++] = (struct os_watch_event){ kind, id, name };
}

static enum os_watch_kind
kind_of_event(uint32_t mask)
{
	if (mask & IN_Q_OVERFLOW)
		return OS_WATCH_OVERFLOW;
	if (mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT))
		return OS_WATCH_LOST;
	if (mask & IN_ISDIR)
		return OS_WATCH_FOLDER;
	if (mask & (IN_DELETE | IN_MOVED_FROM))
		return OS_WATCH_GONE;
	return mask & (IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB) ? OS_WATCH_WRITTEN : OS_WATCH_STIRRED;
}

/* The two halves of a rename within the watched folders follow each other. */
static void
read_folders(struct os_watch *w)
{
	ssize_t len = read(w->folders, w->room, sizeof w->room);
	uint32_t leaving = 0;

	for (char *at = w->room; len > 0 && at < w->room + len;) {
		const struct inotify_event *e = (const void *)at;
		if ((e->mask & IN_MOVED_TO) && e->cookie == leaving && !(e->mask & IN_ISDIR))
			w->events[w->n - 1].kind = OS_WATCH_WRITTEN;
		leaving = e->mask & IN_MOVED_FROM ? e->cookie : 0;
		add(w, kind_of_event(e->mask), e->wd, e->len ? str_from_c(e->name) : STR_NONE);
		at += sizeof *e + e->len;
	}
}

bool
os_watch_wait(struct os_watch *w, double seconds)
{
	struct pollfd all[] = { { w->folders, POLLIN, 0 }, { w->signals, POLLIN, 0 } };

	return poll(all, 2, seconds < 0 ? -1 : (int)(seconds * 1000 + 0.999)) > 0;
}

size_t
os_watch_read(struct os_watch *w, const struct os_watch_event **events)
{
	struct signalfd_siginfo info;

	w->n = 0;
	*events = w->events;
	if (read(w->signals, &info, sizeof info) == sizeof info)
		add(w, OS_WATCH_END, -1, STR_NONE);
	read_folders(w);
	return w->n;
}
