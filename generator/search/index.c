#include "search/index.h"

#include <stdlib.h>

#include "base/map.h"

/* A word of some worker, to be sorted by form, then stem. */
struct entry { uint64_t head; str form, stem; uint32_t worker, word; };

static uint64_t
head_of(str s)
{
	uint64_t head = 0;

	for (size_t i = 0; i < 8; i++)
		head = head << 8 | (i < s.len ? (uint8_t)s.ptr[i] : 0);
	return head;
}

/* No two that compare equal differ in what is written, so that the order of equals is nobody's business. */
static int
by_form(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	order = str_compare(x->form, y->form);
	return order ? order : str_compare(x->stem, y->stem);
}

struct making {
	struct index *x;
	struct arena *out;
	struct entry *entries; uint32_t n_entries;
	uint32_t **stem_of;          /* [worker][word] → stem */
	VEC(uint32_t) stems_of;
};

static void
sort_words(struct making *m, const struct index_words *workers, unsigned n_workers)
{
	size_t total = 0;

	for (unsigned i = 0; i < n_workers; i++)
		total += workers[i].n;
	m->entries = arena_array(m->out, struct entry, total + 1);
	m->stem_of = arena_array(m->out, uint32_t *, n_workers);
	for (unsigned i = 0; i < n_workers; i++) {
		m->stem_of[i] = arena_array(m->out, uint32_t, workers[i].n + 1);
		for (uint32_t k = 0; k < workers[i].n; k++)
			if (!workers[i].words[k].empty)
				m->entries[m->n_entries++] = (struct entry){ head_of(workers[i].words[k].form), workers[i].words[k].form, workers[i].words[k].stem, i, k };
	}
	qsort(m->entries, m->n_entries, sizeof *m->entries, by_form);
}

/* Numbers the stems in the order of their first form, and notes those of each form. */
static void
number_stems(struct making *m)
{
	struct map stems = { 0 };
	struct index *x = m->x;

	x->surfaces = arena_array(m->out, struct surface, m->n_entries + 1);
	for (uint32_t i = 0; i < m->n_entries; i++) {
		const struct entry *e = &m->entries[i], *before = i ? &m->entries[i - 1] : NULL;
		bool same_form = before && str_equal(before->form, e->form);
		void **number;
		if (!same_form)
			x->surfaces[x->n_surfaces++] = (struct surface){ e->form, (uint32_t)m->stems_of.len, 0 };
		number = map_put(m->out, &stems, e->stem);
		if (!*number)
			*number = (void *)(uintptr_t)++x->n_stems;
		m->stem_of[e->worker][e->word] = (uint32_t)(uintptr_t)*number - 1;
		if (same_form && str_equal(before->stem, e->stem))
			continue;
		*vec_push(m->out, &m->stems_of) = (uint32_t)(uintptr_t)*number - 1;
		x->surfaces[x->n_surfaces - 1].n++;
	}
	x->stems_of = m->stems_of.ptr;
}

/* Calls for each document and each stem in it, once, with its best class. */
struct filling { uint32_t *last, *at; uint32_t *postings; };

static void
note(struct filling *f, uint32_t stem, uint32_t doc, uint32_t class)
{
	if (f->last[stem] != doc + 1) {
		f->last[stem] = doc + 1;
		if (f->postings)
			f->postings[f->at[stem]] = doc << 2 | class;
		f->at[stem]++;
	} else if (f->postings && (f->postings[f->at[stem] - 1] & 3) < class)
		f->postings[f->at[stem] - 1] = doc << 2 | class;
}

static void
walk(const struct making *m, const struct slice *slices, uint32_t n_slices, struct filling *f)
{
	uint32_t doc = 0;

	for (uint32_t i = 0; i < n_slices; i++) {
		const struct slice *s = &slices[i];
		const uint32_t *stem_of = m->stem_of[s->worker];
		uint32_t k = 0;
		for (uint32_t d = 0; d < s->n_docs; d++, doc++)
			for (; k < s->ends[d]; k++)
				note(f, stem_of[s->words[k] >> 2], doc, s->words[k] & 3);
	}
}

static void
fill_postings(struct making *m, const struct slice *slices, uint32_t n_slices)
{
	struct index *x = m->x;
	struct filling f = { arena_array(m->out, uint32_t, x->n_stems + 1), arena_array(m->out, uint32_t, x->n_stems + 1), NULL };
	uint32_t total = 0;

	walk(m, slices, n_slices, &f);
	x->stems = arena_array(m->out, struct stem, x->n_stems + 1);
	for (uint32_t i = 0; i < x->n_stems; i++) {
		x->stems[i] = (struct stem){ total, f.at[i] };
		f.at[i] = total;
		f.last[i] = 0;
		total += x->stems[i].n;
	}
	x->postings = f.postings = (uint32_t *)(void *)arena_array(m->out, uint32_t, total + 1);
	walk(m, slices, n_slices, &f);
}

void
index_make(struct index *x, const struct index_words *workers, unsigned n_workers, const struct slice *slices, uint32_t n_slices, struct arena *out)
{
	struct making m = { .x = x, .out = out };

	*x = (struct index){ 0 };
	sort_words(&m, workers, n_workers);
	number_stems(&m);
	fill_postings(&m, slices, n_slices);
}
