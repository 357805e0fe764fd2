#include "diag/diag.h"

void
files_init(struct files *f, struct arena *out)
{
	*f = (struct files){ .out = out };
}

file_id
files_add(struct files *f, str path)
{
	uint32_t index;

	if (map_find(&f->by_path, path, &index))
		return index + 1;
	path = str_copy(f->out, path);
	map_set(f->out, &f->by_path, path, NULL);
	*vec_push(f->out, &f->paths) = path;
	return (file_id)f->paths.len;
}

str
files_path(const struct files *f, file_id id)
{
	return id && id <= f->paths.len ? f->paths.ptr[id - 1] : STR_NONE;
}
