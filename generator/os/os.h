/* os: the only door to the system. read.c, write.c, draft.c, process.c, threads.c, watch.c and network.c are the real one; memory.c is a file system in
 * memory with the functions of read.c and write.c, linked instead in unit tests and fuzzers (os/memory.h): drafts do not find its folders.
 * Paths are bytes, '/'-separated; a relative one is relative to the process's directory. No function prints. */
#ifndef OS_OS_H
#define OS_OS_H

#include "base/arena.h"
#include "base/str.h"

/* What went wrong: an errno value; 0 is success. os_error_text gives it in words ("Permission denied" → French too). */
typedef int os_error;
str os_error_text(os_error e, struct arena *out);

extern const struct page_source os_pages;       /* mmap, munmap, mprotect */
/* The same for a program that loads a site again and again: blocks given back are kept, up to a limit, for the next who asks. */
extern const struct page_source os_pages_kept;

enum os_kind { OS_FILE, OS_DIR, OS_LINK, OS_OTHER };
struct os_stat {
	enum os_kind kind;
	uint64_t size, device, inode;
	int64_t mtime_ns, ctime_ns;
	uint32_t mode;
};
os_error os_stat(str path, struct os_stat *st);          /* does not follow a last link */
/* The absolute path without links, "." and "..". ENOENT when nothing is there. */
os_error os_real_path(str path, struct arena *out, str *real);

/* Reads a whole file; more than `max` bytes is EFBIG. Refuses what is not a regular file (a link to one is followed
 * only when `follow`). The bytes are followed by a zero byte, not counted. */
os_error os_read(str path, size_t max, bool follow, struct arena *out, str *bytes);

/* A regular file's bytes, read-only in memory until os_unmap, read from the disk as they are looked at. An empty file gives
 * an empty str, which needs no os_unmap. Only for files that are replaced by rename and never written in place. */
os_error os_map_file(str path, size_t max, str *bytes);
void os_unmap(str bytes);
/* Whole pages of memory that is a file's: nothing is kept of it but the file, until it is looked at again. Any thread. */
void os_forget(str bytes);

/* An open directory, for openat-style work (-1: none). */
typedef int os_dir;
os_error os_dir_open(str path, os_dir *dir);
os_error os_dir_open_at(os_dir at, str name, os_dir *dir);         /* never through a link */
void os_dir_close(os_dir dir);
os_error os_read_at(os_dir dir, str name, size_t max, struct arena *out, str *bytes);
os_error os_stat_at(os_dir dir, str name, struct os_stat *st);

struct os_entry { str name; struct os_stat st; };
/* Entries of a directory without "." and "..", sorted by name bytes. With `stats` false only st.kind is set. */
os_error os_list_at(os_dir dir, bool stats, struct arena *out, struct os_entry **entries, size_t *n);

/* Writing. Files get 0644 and directories 0755, less the umask. */
os_error os_make_dir(str path);                  /* EEXIST is returned as such */
os_error os_make_dirs(str path);                 /* with its parents; existing ones are fine */
os_error os_make_dir_at(os_dir dir, str name);
/* Writes a new file by one write(2) loop; EEXIST when the name is taken (never through a link). Nothing is left of it after
 * another error. *written (may be NULL) is the file's stat. */
os_error os_write_new_at(os_dir dir, str name, str bytes, struct os_stat *written);
/* Writes beside and renames over: a reader sees the old or the new bytes. */
os_error os_replace_at(os_dir dir, str name, str bytes);
os_error os_replace(str path, str bytes);
os_error os_replace_parts(str path, const str *parts, size_t n);   /* the same, the bytes in pieces */
/* A file without a name, for the folder of `path` (or the one above, while there is none): gone with the process unless it gets the name. An error
 * where the file system has none. Places are bytes from its start; a room is whole pages of os_pages, and is written from a page on. */
os_error os_draft_open(str path, int *draft);
os_error os_draft_write(int draft, uint64_t at, const str *parts, size_t n);
/* Writes the room, whose memory is from then on the file's, read-only. After an error it stays what it was. */
os_error os_draft_settle(int draft, uint64_t at, void *room, size_t size);
os_error os_draft_name(int draft, str path);     /* in the place of what has the name */
void os_draft_close(int draft);
os_error os_unlink_at(os_dir dir, str name);
os_error os_remove_dir_at(os_dir dir, str name); /* must be empty */
os_error os_remove_tree_at(os_dir dir, str name);/* never follows a link; absent is fine */
os_error os_rename(str from, str to);
/* renameat2(RENAME_EXCHANGE); EINVAL or ENOSYS where the file system has none. */
os_error os_exchange(str a, str b);
os_error os_link_at(os_dir from_dir, str from, os_dir to_dir, str to);
os_error os_sync_fs(os_dir dir);                 /* syncfs */
/* Takes an exclusive lock on a file (made when absent), kept until os_unlock or the end of the process.
 * Without `wait`: EWOULDBLOCK when another process holds it. */
os_error os_lock(str path, bool wait, int *lock);
void os_unlock(int lock);

/* Time, only for the default date and for reports. */
int64_t os_now(void);                            /* seconds since 1970, UTC */
uint64_t os_ticks(void);                         /* monotonic nanoseconds */
int64_t os_file_clock(void);                     /* nanoseconds since 1970, to compare with the times of files */
str os_environment(const char *name);            /* STR_NONE when absent */
str os_program_dir(struct arena *out);           /* folder of the running program, STR_NONE when unknown */
/* A hash of what the running program and its shared libraries are, by their places, sizes and times: another one is another program. */
uint64_t os_program_identity(void);
unsigned os_processors(void);
bool os_is_terminal(int descriptor);
os_error os_print(int descriptor, str bytes);    /* 1 stdout, 2 stderr */

/* Runs work(context, worker) on n threads (worker 0 is the caller) and waits for all. */
void os_parallel(unsigned n, void (*work)(void *context, unsigned worker), void *context);

/* A thread that watches the one that starts, pats and stops it; used for Lua. Not patted for `patience` seconds, the watched thread is
 * interrupted once: growl(context) runs in it as a signal handler (SIGURG, which nothing else uses; calls that wait are restarted). Not patted
 * for `seconds`, bark(context) runs once in the watching thread. From a rest to the next pat it does neither. NULL when no thread could be made. */
struct os_watchdog;
struct os_watching {
	double patience, seconds;
	void (*growl)(void *context);
	void (*bark)(void *context);
	void *context;
};
struct os_watchdog *os_watchdog_start(const struct os_watching *watching);
void os_watchdog_pat(struct os_watchdog *w);
void os_watchdog_rest(struct os_watchdog *w);
void os_watchdog_stop(struct os_watchdog *w);
_Noreturn void os_exit_now(int status);          /* _exit: no destructors, for the watchdog */

/* One thread at a time is inside; one that waits is outside until another wakes all of those. */
struct os_monitor;
struct os_monitor *os_monitor_open(void);
void os_monitor_close(struct os_monitor *m);
void os_monitor_enter(struct os_monitor *m);
void os_monitor_leave(struct os_monitor *m);
void os_monitor_wait(struct os_monitor *m);
void os_monitor_wake(struct os_monitor *m);

/* Watching folders; SIGINT, SIGTERM and SIGHUP, from os_watch_open on, are events like others, and SIGPIPE is ignored. Opened before other
 * threads are started, used by one of them; os_watch_pending is for all. */
enum os_watch_kind {
	OS_WATCH_WRITTEN,            /* a file in the folder was written and closed, or came by a rename */
	OS_WATCH_STIRRED,            /* a file came, to be written */
	OS_WATCH_GONE,               /* a file went; but for the old name of a rename, which is WRITTEN */
	OS_WATCH_FOLDER,             /* a folder came or went in it */
	OS_WATCH_LOST,               /* the folder itself went, or moved: it is watched no longer, or under a wrong name */
	OS_WATCH_OVERFLOW,           /* there was more than could be told */
	OS_WATCH_END,
};
struct os_watch;
struct os_watch_event { enum os_watch_kind kind; int id; str name; };
os_error os_watch_open(struct os_watch **w);
void os_watch_close(struct os_watch *w);
/* The names in a folder, not those in its folders. The same folder has the same id. */
os_error os_watch_add(struct os_watch *w, str dir, int *id);
void os_watch_remove(struct os_watch *w, int id);
/* Waits at most so long (negative: for ever); false when nothing came. */
bool os_watch_wait(struct os_watch *w, double seconds);
/* What came, without waiting; valid until the next call. */
size_t os_watch_read(struct os_watch *w, const struct os_watch_event **events);
bool os_watch_pending(const struct os_watch *w); /* something changed that os_watch_read has not told yet */

/* Sockets that only programs of this machine can reach. Port 0: one that is free. */
os_error os_listen(bool six, uint16_t port, int *listening);
uint16_t os_listening_port(int listening);
void os_listen_end(int listening);               /* -1 is fine */
os_error os_open_in_browser(str url);            /* started, not waited for */
unsigned os_open_files(unsigned wanted);         /* how many this process may open; raised to what is wanted where it can be */

#endif
