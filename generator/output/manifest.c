/* The manifest of a standing tree on disk: a header, one record a name, a hash of it all. Written and read on one machine, so
 * in its own byte order; anything that does not fit is as good as absent. */
#include "output/internal.h"

#include <string.h>

#define MAGIC "vitrine manifeste 1\n"
#define MAX_MANIFEST ((size_t)4 << 30)

struct head { char magic[sizeof MAGIC - 1]; uint32_t length_of_record; uint64_t identity, count; };
struct record { uint64_t size, hash, inode; int64_t mtime_ns; uint32_t path_len, dir; };

uint64_t
manifest_identity(const struct output_file *files, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++) {
		h = hash_mix(h, hash64(files[i].path));
		h = hash_mix(h, files[i].size);
		h = hash_mix(h, files[i].hash);
	}
	return h;
}

static void
put(struct buf *b, const void *bytes, size_t n)
{
	buf_put(b, (str){ bytes, n });
}

os_error
manifest_write(os_dir state, str name, const struct standing *s)
{
	struct head head = { MAGIC, sizeof(struct record), s->identity, s->len };
	struct buf b;
	uint64_t sum;
	os_error e;

	buf_init(&b, MAX_MANIFEST);
	put(&b, &head, sizeof head);
	for (size_t i = 0; i < s->len; i++) {
		const struct standing_entry *entry = &s->entries[i];
		struct record r = { entry->size, entry->hash, entry->inode, entry->mtime_ns, (uint32_t)entry->path.len, entry->dir };
		put(&b, &r, sizeof r);
		buf_put(&b, entry->path);
	}
	sum = hash64(buf_str(&b));
	put(&b, &sum, sizeof sum);
	e = os_replace_at(state, name, buf_str(&b));
	buf_free(&b);
	return e;
}

static bool
take(str *rest, void *into, size_t n)
{
	if (rest->len < n)
		return false;
	memcpy(into, rest->ptr, n);
	*rest = str_slice(*rest, n, rest->len);
	return true;
}

static bool
read_records(str rest, struct standing *s)
{
	for (size_t i = 0; i < s->len; i++) {
		struct record r;
		if (!take(&rest, &r, sizeof r) || rest.len < r.path_len)
			return false;
		s->entries[i] = (struct standing_entry){
			.path = str_slice(rest, 0, r.path_len), .dir = r.dir != 0, .size = r.size, .hash = r.hash, .inode = r.inode, .mtime_ns = r.mtime_ns,
		};
		rest = str_slice(rest, r.path_len, rest.len);
	}
	return rest.len == 0;
}

bool
manifest_read(os_dir state, str name, struct arena *out, struct standing *s)
{
	struct head head;
	struct os_stat st;
	uint64_t sum;
	str bytes;

	*s = (struct standing){ 0 };
	if (os_stat_at(state, name, &st) != 0 || os_read_at(state, name, MAX_MANIFEST, out, &bytes) != 0)
		return false;
	if (bytes.len < sizeof head + sizeof sum)
		return false;
	memcpy(&sum, bytes.ptr + bytes.len - sizeof sum, sizeof sum);
	bytes.len -= sizeof sum;
	if (sum != hash64(bytes) || !take(&bytes, &head, sizeof head))
		return false;
	if (memcmp(head.magic, MAGIC, sizeof head.magic) != 0 || head.length_of_record != sizeof(struct record) ||
	    head.count > bytes.len / sizeof(struct record))
		return false;
	s->len = head.count;
	s->identity = head.identity;
	s->written_ns = st.mtime_ns;
	s->entries = arena_array(out, struct standing_entry, s->len);
	return read_records(bytes, s);
}

str
manifest_name(uint64_t inode, struct arena *out)
{
	char hex[16];

	hash_hex(inode, hex);
	return str_copy(out, (str){ hex, sizeof hex });
}

void
standing_index(struct standing *s, struct arena *out)
{
	for (size_t i = 0; i < s->len && s->by_path.len < s->len; i++)
		map_set(out, &s->by_path, s->entries[i].path, &s->entries[i]);
}

struct standing_entry *
standing_get(const struct standing *s, str path, bool dir)
{
	struct standing_entry *e = map_get(&s->by_path, path);

	return e && e->dir == dir ? e : NULL;
}

bool
standing_agrees(const struct standing *s, const struct standing_entry *e, const struct os_stat *st)
{
	if (e->inode != st->inode || e->mtime_ns != st->mtime_ns || e->mtime_ns >= s->written_ns)
		return false;
	return e->dir ? st->kind == OS_DIR : st->kind == OS_FILE && st->size == e->size;
}
