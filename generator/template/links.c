/* What can only be said when several files are compiled: blocks and macros that another file must have. */
#include "base/suggest.h"
#include "template/template.h"

#define NAMES_MAX 64

static const struct template_part *
find(const struct template_part *parts, uint32_t n, str name)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_equal(parts[i].name, name))
			return &parts[i];
	return NULL;
}

static size_t
gather(str names[NAMES_MAX], size_t n, const struct template_part *parts, uint32_t n_parts)
{
	for (uint32_t i = 0; i < n_parts && n < NAMES_MAX; i++)
		names[n++] = parts[i].name;
	return n;
}

static void
report_block(const struct template *const *parents, size_t n, const struct template_part *block, struct diag *diag)
{
	str names[NAMES_MAX];
	size_t n_names = 0;

	for (size_t i = 0; i < n; i++)
		n_names = gather(names, n_names, parents[i]->blocks, parents[i]->n_blocks);
	diag_add(diag, TEMPLATE_UNKNOWN_BLOCK, block->span, block->name, suggest_nearest(block->name, names, n_names),
	    str_join(diag->out, names, n_names, S(", ")));
}

static void
check_block(const struct template *const *parents, size_t n, const struct template_part *block, struct diag *diag)
{
	for (size_t i = 0; i < n; i++) {
		const struct template_part *other = find(parents[i]->blocks, parents[i]->n_blocks, block->name);
		if (!other)
			continue;
		if (other->attributes != block->attributes)
			diag_add(diag, TEMPLATE_BLOCK_KIND, block->span, block->name, parents[i]->name);
		return;
	}
	report_block(parents, n, block, diag);
}

void
template_check_chain(const struct template *const *chain, size_t n, struct diag *diag)
{
	for (size_t i = 0; i + 1 < n; i++)
		for (uint32_t k = 0; k < chain[i]->n_blocks; k++)
			if (!chain[i]->blocks[k].nested)
				check_block(chain + i + 1, n - i - 1, &chain[i]->blocks[k], diag);
}

void
template_check_import(const struct template *user, str name, const struct template *library, struct diag *diag)
{
	str names[NAMES_MAX];
	size_t n = gather(names, 0, library->macros, library->n_macros);

	for (uint32_t i = 0; i < user->n_members; i++) {
		const struct template_member *m = &user->members[i];
		if (str_equal(m->file, name) && !find(library->macros, library->n_macros, m->name))
			diag_add(diag, TEMPLATE_UNKNOWN_MEMBER, m->span, name, m->name, suggest_nearest(m->name, names, n), str_join(diag->out, names, n, S(", ")));
	}
}
