#include "os/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"

/* What a name leads to. Hard links: several names, one node. Nodes live until the reset. */
struct node {
	enum os_kind kind;
	str bytes;               /* of a file; target of a link */
	struct name *first;      /* of a folder, sorted */
	struct node *parent;     /* of a folder */
	uint64_t inode, device;
	int64_t mtime, ctime;
	unsigned links;
	bool locked;
};

struct name {
	struct name *next;
	struct node *node;
	str text;
};

#define MAX_OPEN 4096
#define FIRST_HANDLE 1000

static struct disk {
	pthread_mutex_t lock;
	struct arena arena;
	struct node *root;
	struct node *open[MAX_OPEN];
	uint64_t next_inode;
	int64_t now, step;
	size_t space, stop_at, changes;
	os_error failing[OS_MEMORY_N_CALLS];
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct node *
node_new(enum os_kind kind, const struct node *in)
{
	struct node *n = arena_new(&disk.arena, struct node);

	n->kind = kind;
	n->inode = disk.next_inode++;
	n->device = in ? in->device : 1;
	n->mtime = n->ctime = disk.now;
	return n;
}

static void
start(void)
{
	if (disk.root)
		return;
	arena_init(&disk.arena, &page_source_malloc);
	disk.next_inode = 2;
	disk.now = 1000000000;
	disk.step = 1000;
	disk.space = disk.stop_at = SIZE_MAX;
	disk.root = node_new(OS_DIR, NULL);
	disk.root->parent = disk.root;
}

static void
enter(void)
{
	pthread_mutex_lock(&disk.lock);
	start();
}

static os_error
leave(os_error e)
{
	pthread_mutex_unlock(&disk.lock);
	return e;
}

/* Is this change still allowed? Called once by every call that changes something. */
static os_error
change(enum os_memory_call call)
{
	if (disk.changes++ >= disk.stop_at)
		return EIO;
	disk.now += disk.step;
	return disk.failing[call];
}

static struct name **
find_place(struct node *dir, str text)
{
	struct name **at = &dir->first;

	while (*at && str_compare((*at)->text, text) < 0)
		at = &(*at)->next;
	return at;
}

static struct node *
find_name(struct node *dir, str text)
{
	struct name **at = find_place(dir, text);

	return *at && str_equal((*at)->text, text) ? (*at)->node : NULL;
}

static void
put_name(struct node *dir, str text, struct node *node)
{
	struct name **at = find_place(dir, text), *name = arena_new(&disk.arena, struct name);

	*name = (struct name){ *at, node, str_copy(&disk.arena, text) };
	*at = name;
	node->links++;
	if (node->kind == OS_DIR)
		node->parent = dir;
	dir->mtime = dir->ctime = node->ctime = disk.now;
}

static void
take_name(struct node *dir, str text)
{
	struct name **at = find_place(dir, text);

	(*at)->node->links--;
	(*at)->node->ctime = disk.now;
	*at = (*at)->next;
	dir->mtime = dir->ctime = disk.now;
}

static struct node *
step(struct node *dir, str piece)
{
	if (piece.len == 0 || str_equal(piece, S(".")))
		return dir;
	return str_equal(piece, S("..")) ? dir->parent : find_name(dir, piece);
}

/* The folder a path's last name is in, and that name ("" for the root). */
static os_error
find_parent(struct node *from, str path, struct node **dir, str *last)
{
	str rest = path, piece;

	if (path.len == 0)
		return ENOENT;
	if (path.ptr[0] == '/')
		from = disk.root;
	*last = S("");
	*dir = from;
	while (str_next(&rest, '/', &piece)) {
		if (piece.len == 0 || str_equal(piece, S(".")))
			continue;
		if (last->len) {
			struct node *next = step(*dir, *last);
			if (!next)
				return ENOENT;
			if (next->kind != OS_DIR)
				return next->kind == OS_LINK ? ELOOP : ENOTDIR;
			*dir = next;
		}
		*last = piece;
	}
	return 0;
}

static os_error
find(struct node *from, str path, struct node **node)
{
	struct node *dir;
	str last;
	os_error e = find_parent(from, path, &dir, &last);

	if (e)
		return e;
	*node = step(dir, last);
	return *node ? 0 : ENOENT;
}

static struct node *
opened(os_dir dir)
{
	return dir >= FIRST_HANDLE && dir < FIRST_HANDLE + MAX_OPEN ? disk.open[dir - FIRST_HANDLE] : disk.root;
}

static struct os_stat
stat_of(const struct node *n)
{
	return (struct os_stat){
		.kind = n->kind, .size = n->bytes.len, .device = n->device, .inode = n->inode, .mtime_ns = n->mtime,
		.ctime_ns = n->ctime, .mode = n->kind == OS_DIR ? 0755 : 0644,
	};
}

os_error
os_stat_at(os_dir dir, str name, struct os_stat *st)
{
	struct node *n;
	os_error e;

	enter();
	e = find(opened(dir), name, &n);
	if (!e)
		*st = stat_of(n);
	return leave(e);
}

os_error
os_stat(str path, struct os_stat *st)
{
	return os_stat_at(-1, path, st);
}

static void
put_path(struct buf *out, const struct node *n)
{
	if (n == disk.root)
		return;
	put_path(out, n->parent);
	for (const struct name *name = n->parent->first; name; name = name->next)
		if (name->node == n) {
			buf_byte(out, '/');
			buf_put(out, name->text);
		}
}

os_error
os_real_path(str path, struct arena *out, str *real)
{
	struct node *n, *dir;
	struct buf text;
	str last;
	os_error e;

	enter();
	e = find(disk.root, path, &n);
	if (e)
		return leave(e);
	buf_init(&text, 65536);
	if (n->kind == OS_DIR)
		put_path(&text, n);
	else if (find_parent(disk.root, path, &dir, &last) == 0) {
		put_path(&text, dir);
		buf_byte(&text, '/');
		buf_put(&text, last);
	}
	*real = text.len ? buf_copy(&text, out) : S("/");
	buf_free(&text);
	return leave(0);
}

static os_error
read_node(const struct node *n, size_t max, struct arena *out, str *bytes)
{
	if (disk.failing[OS_MEMORY_READ])
		return disk.failing[OS_MEMORY_READ];
	if (n->kind != OS_FILE)
		return n->kind == OS_DIR ? EISDIR : ELOOP;
	if (n->bytes.len > max)
		return EFBIG;
	*bytes = str_copy(out, n->bytes);
	return 0;
}

os_error
os_read_at(os_dir dir, str name, size_t max, struct arena *out, str *bytes)
{
	struct node *n;
	os_error e;

	enter();
	e = find(opened(dir), name, &n);
	return leave(e ? e : read_node(n, max, out, bytes));
}

os_error
os_read(str path, size_t max, bool follow, struct arena *out, str *bytes)
{
	(void)follow;
	return os_read_at(-1, path, max, out, bytes);
}

/* A copy, as a mapping of a file that is replaced meanwhile keeps the old bytes. */
os_error
os_map_file(str path, size_t max, str *bytes)
{
	struct arena copy;
	os_error e;

	*bytes = STR_NONE;
	arena_init(&copy, &page_source_malloc);
	e = os_read(path, max, false, &copy, bytes);
	if (!e && bytes->len) {
		char *p = page_source_malloc.map(NULL, bytes->len);
		if (!p)
			arena_out_of_memory(bytes->len);
		bytes->ptr = memcpy(p, bytes->ptr, bytes->len);
	}
	arena_free(&copy);
	return e;
}

void
os_unmap(str bytes)
{
	if (bytes.len)
		page_source_malloc.unmap(NULL, (void *)(uintptr_t)bytes.ptr, bytes.len);
}

os_error
os_dir_open_at(os_dir at, str name, os_dir *dir)
{
	struct node *n;
	os_error e;

	*dir = -1;
	enter();
	e = find(opened(at), name, &n);
	if (!e && n->kind != OS_DIR)
		e = ENOTDIR;
	for (int i = 0; !e && i < MAX_OPEN && *dir < 0; i++)
		if (!disk.open[i]) {
			disk.open[i] = n;
			*dir = FIRST_HANDLE + i;
		}
	return leave(!e && *dir < 0 ? EMFILE : e);
}

os_error
os_dir_open(str path, os_dir *dir)
{
	return os_dir_open_at(-1, path, dir);
}

void
os_dir_close(os_dir dir)
{
	enter();
	if (dir >= FIRST_HANDLE && dir < FIRST_HANDLE + MAX_OPEN)
		disk.open[dir - FIRST_HANDLE] = NULL;
	leave(0);
}

os_error
os_list_at(os_dir dir, bool stats, struct arena *out, struct os_entry **entries, size_t *n)
{
	VEC(struct os_entry) list = { 0 };

	enter();
	for (const struct name *name = opened(dir)->first; name; name = name->next) {
		struct os_stat st = { .kind = name->node->kind };
		*vec_push(out, &list) = (struct os_entry){ str_copy(out, name->text), stats ? stat_of(name->node) : st };
	}
	*entries = list.ptr;
	*n = list.len;
	return leave(0);
}

/* The folder and last name for a call that makes or takes away that name. */
static os_error
prepare(enum os_memory_call call, os_dir at, str path, struct node **dir, str *last)
{
	os_error e = change(call);

	if (!e)
		e = find_parent(opened(at), path, dir, last);
	return !e && last->len == 0 ? EEXIST : e;
}

os_error
os_make_dir_at(os_dir at, str name)
{
	struct node *dir;
	str last;
	os_error e;

	enter();
	e = prepare(OS_MEMORY_MAKE_DIR, at, name, &dir, &last);
	if (!e && find_name(dir, last))
		e = EEXIST;
	if (!e)
		put_name(dir, last, node_new(OS_DIR, dir));
	return leave(e);
}

os_error
os_make_dir(str path)
{
	return os_make_dir_at(-1, path);
}

os_error
os_make_dirs(str path)
{
	for (size_t i = 1; i <= path.len; i++)
		if (i == path.len || path.ptr[i] == '/') {
			struct os_stat st;
			str part = str_slice(path, 0, i);
			os_error e = os_stat(part, &st) == 0 && st.kind == OS_DIR ? 0 : os_make_dir(part);
			if (e)
				return e;
		}
	return 0;
}

/* A full disk takes what fits; the real call then unlinks what it began. */
static os_error
take_space(size_t bytes)
{
	if (disk.space == SIZE_MAX)
		return 0;
	if (bytes > disk.space)
		return ENOSPC;
	disk.space -= bytes;
	return 0;
}

static os_error
write_file(enum os_memory_call call, os_dir at, str path, str bytes, bool over, struct os_stat *written)
{
	struct node *dir, *old, *n;
	str last;
	os_error e = prepare(call, at, path, &dir, &last);

	old = e ? NULL : find_name(dir, last);
	if (old && (!over || old->kind == OS_DIR))
		e = over ? EISDIR : EEXIST;
	if (!e)
		e = take_space(bytes.len);
	if (e)
		return e;
	if (old)
		take_name(dir, last);
	n = node_new(OS_FILE, dir);
	n->bytes = str_copy(&disk.arena, bytes);
	put_name(dir, last, n);
	if (written)
		*written = stat_of(n);
	return 0;
}

os_error
os_write_new_at(os_dir dir, str name, str bytes, struct os_stat *written)
{
	enter();
	return leave(write_file(OS_MEMORY_WRITE, dir, name, bytes, false, written));
}

os_error
os_replace_at(os_dir dir, str name, str bytes)
{
	enter();
	return leave(write_file(OS_MEMORY_WRITE, dir, name, bytes, true, NULL));
}

os_error
os_replace(str path, str bytes)
{
	return os_replace_at(-1, path, bytes);
}

os_error
os_replace_parts(str path, const str *parts, size_t n)
{
	struct arena whole;
	os_error e;

	arena_init(&whole, &page_source_malloc);
	e = os_replace(path, str_join(&whole, parts, n, STR_NONE));
	arena_free(&whole);
	return e;
}

void
os_forget(str bytes)
{
	(void)bytes;
}

os_error
os_unlink_at(os_dir at, str name)
{
	struct node *dir, *n;
	str last;
	os_error e;

	enter();
	e = prepare(OS_MEMORY_UNLINK, at, name, &dir, &last);
	n = e ? NULL : find_name(dir, last);
	if (!e && !n)
		e = ENOENT;
	if (n && n->kind == OS_DIR)
		e = EISDIR;
	if (!e)
		take_name(dir, last);
	return leave(e);
}

os_error
os_remove_dir_at(os_dir at, str name)
{
	struct node *dir, *n;
	str last;
	os_error e;

	enter();
	e = prepare(OS_MEMORY_UNLINK, at, name, &dir, &last);
	n = e ? NULL : find_name(dir, last);
	if (!e && !n)
		e = ENOENT;
	if (n && n->kind != OS_DIR)
		e = ENOTDIR;
	if (n && n->first)
		e = ENOTEMPTY;
	if (!e)
		take_name(dir, last);
	return leave(e);
}

/* One change for each name taken away, so that a stop can fall between any two. */
os_error
os_remove_tree_at(os_dir dir, str name)
{
	os_error e = os_unlink_at(dir, name);
	struct arena names;
	struct os_entry *entries;
	size_t n;
	os_dir inside;

	if (e == ENOENT)
		return 0;
	if (e != EISDIR)
		return e;
	e = os_dir_open_at(dir, name, &inside);
	if (e)
		return e;
	arena_init(&names, &page_source_malloc);
	e = os_list_at(inside, false, &names, &entries, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = os_remove_tree_at(inside, entries[i].name);
	arena_free(&names);
	os_dir_close(inside);
	return e ? e : os_remove_dir_at(dir, name);
}

os_error
os_rename(str from, str to)
{
	struct node *a, *b, *moved, *old;
	str from_name, to_name;
	os_error e;

	enter();
	e = prepare(OS_MEMORY_RENAME, -1, from, &a, &from_name);
	if (!e)
		e = find_parent(disk.root, to, &b, &to_name);
	if (e)
		return leave(e);
	moved = find_name(a, from_name);
	old = find_name(b, to_name);
	if (!moved)
		return leave(ENOENT);
	if (old && old->kind == OS_DIR && (moved->kind != OS_DIR || old->first))
		return leave(moved->kind == OS_DIR ? ENOTEMPTY : EISDIR);
	if (a->device != b->device || moved->device != a->device)
		return leave(EXDEV);
	if (old)
		take_name(b, to_name);
	take_name(a, from_name);
	put_name(b, to_name, moved);
	return leave(0);
}

os_error
os_exchange(str a, str b)
{
	struct node *a_dir, *b_dir, *x, *y;
	str a_name, b_name;
	os_error e;

	enter();
	e = prepare(OS_MEMORY_EXCHANGE, -1, a, &a_dir, &a_name);
	if (!e)
		e = find_parent(disk.root, b, &b_dir, &b_name);
	if (e)
		return leave(e);
	x = find_name(a_dir, a_name);
	y = find_name(b_dir, b_name);
	if (!x || !y)
		return leave(ENOENT);
	if (x->device != y->device || x->device != a_dir->device)
		return leave(EXDEV);
	(*find_place(a_dir, a_name))->node = y;
	(*find_place(b_dir, b_name))->node = x;
	return leave(0);
}

os_error
os_link_at(os_dir from_dir, str from, os_dir to_dir, str to)
{
	struct node *n, *dir;
	str last;
	os_error e;

	enter();
	e = find(opened(from_dir), from, &n);
	if (!e)
		e = prepare(OS_MEMORY_LINK, to_dir, to, &dir, &last);
	if (!e && (n->kind == OS_DIR || find_name(dir, last)))
		e = n->kind == OS_DIR ? EPERM : EEXIST;
	if (!e && n->device != dir->device)
		e = EXDEV;
	if (!e)
		put_name(dir, last, n);
	return leave(e);
}

os_error
os_sync_fs(os_dir dir)
{
	(void)dir;
	enter();
	return leave(change(OS_MEMORY_SYNC));
}

os_error
os_lock(str path, bool wait, int *lock)
{
	struct node *n;
	os_error e;

	*lock = -1;
	enter();
	if (find(disk.root, path, &n) == ENOENT) {
		e = write_file(OS_MEMORY_WRITE, -1, path, S(""), false, NULL);
		if (e)
			return leave(e);
	}
	e = find(disk.root, path, &n);
	/* One process is all there is: waiting for oneself would be for ever. */
	if (!e && n->locked)
		e = wait ? EDEADLK : EWOULDBLOCK;
	if (!e) {
		n->locked = true;
		*lock = (int)n->inode;
	}
	return leave(e);
}

static void
unlock_below(struct node *dir, uint64_t inode)
{
	for (struct name *name = dir->first; name; name = name->next)
		if (name->node->kind == OS_DIR)
			unlock_below(name->node, inode);
		else if (name->node->inode == inode || inode == 0)
			name->node->locked = false;
}

void
os_unlock(int lock)
{
	enter();
	if (lock > 0)
		unlock_below(disk.root, (uint64_t)lock);
	leave(0);
}

void
os_memory_reset(void)
{
	pthread_mutex_lock(&disk.lock);
	if (disk.root)
		arena_free(&disk.arena);
	disk.root = NULL;
	disk.changes = 0;
	memset(disk.open, 0, sizeof disk.open);
	memset(disk.failing, 0, sizeof disk.failing);
	pthread_mutex_unlock(&disk.lock);
}

void
os_memory_space(size_t bytes)
{
	enter();
	disk.space = bytes;
	leave(0);
}

/* A stopped process keeps nothing open and no lock. */
void
os_memory_stop_at(size_t n)
{
	enter();
	disk.stop_at = n;
	disk.changes = 0;
	memset(disk.open, 0, sizeof disk.open);
	unlock_below(disk.root, 0);
	leave(0);
}

size_t
os_memory_changes(void)
{
	return disk.changes;
}

void
os_memory_fail(enum os_memory_call call, os_error e)
{
	enter();
	disk.failing[call] = e;
	leave(0);
}

void
os_memory_clock(int64_t step)
{
	enter();
	disk.step = step;
	leave(0);
}

void
os_memory_put_link(str path, str target)
{
	struct node *dir, *n;
	str last;

	enter();
	if (find_parent(disk.root, path, &dir, &last) == 0) {
		n = node_new(OS_LINK, dir);
		n->bytes = str_copy(&disk.arena, target);
		put_name(dir, last, n);
	}
	leave(0);
}

void
os_memory_put_device(str path, uint64_t device)
{
	struct node *n;

	enter();
	if (find(disk.root, path, &n) == 0)
		n->device = device;
	leave(0);
}

static void
dump(const struct node *dir, str path, struct buf *text, struct arena *out)
{
	for (const struct name *name = dir->first; name; name = name->next) {
		str below = str_cat(out, path, S("/"), name->text);
		buf_put(text, below);
		if (name->node->kind != OS_DIR) {
			buf_put_c(text, name->node->kind == OS_LINK ? " -> " : ": ");
			buf_put(text, name->node->bytes);
		}
		buf_byte(text, '\n');
		if (name->node->kind == OS_DIR)
			dump(name->node, below, text, out);
	}
}

str
os_memory_dump(str path, struct arena *out)
{
	struct buf text;
	struct node *n;
	str all = STR_NONE;

	buf_init(&text, SIZE_MAX / 4);
	enter();
	if (find(disk.root, path, &n) == 0) {
		dump(n, STR_NONE, &text, out);
		all = buf_copy(&text, out);
	}
	leave(0);
	buf_free(&text);
	return all;
}
