#include "diag/diag.h"

#include <string.h>

void
files_init(struct files *f, struct arena *out)
{
	*f = (struct files){ .out = out };
}

/* The block that has this path, and the path's place in it. */
static uint32_t
find_block(uint32_t *index)
{
	uint32_t block = 0;

	for (; *index >= (uint32_t)FILES_FIRST << block; block++)
		*index -= (uint32_t)FILES_FIRST << block;
	return block;
}

file_id
files_add(struct files *f, str path)
{
	uint32_t index, block;

	if (map_find(&f->by_path, path, &index))
		return index + 1;
	path = str_copy(f->out, path);
	map_set(f->out, &f->by_path, path, NULL);
	index = f->len;
	block = find_block(&index);
	if (!f->blocks[block])
		f->blocks[block] = arena_array(f->out, str, (size_t)FILES_FIRST << block);
	f->blocks[block][index] = path;
	return (file_id)++f->len;
}

str
files_path(const struct files *f, file_id id)
{
	uint32_t index = id - 1, block;

	if (!id)
		return STR_NONE;
	block = find_block(&index);
	return f->blocks[block] ? f->blocks[block][index] : STR_NONE;
}

void
files_take(struct files *f, const struct files *from)
{
	f->by_path = map_clone(f->out, &from->by_path);
	f->len = from->len;
	for (uint32_t i = 0; i < sizeof f->blocks / sizeof *f->blocks && from->blocks[i]; i++) {
		f->blocks[i] = arena_array(f->out, str, (size_t)FILES_FIRST << i);
		memcpy(f->blocks[i], from->blocks[i], ((size_t)FILES_FIRST << i) * sizeof(str));
	}
}
