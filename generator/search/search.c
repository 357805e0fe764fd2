/* From the frozen site to the files of the index: documents are read in slices by all workers, put together by one, and written by all. */
#include "search/search.h"

#include <libdeflate.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "os/os.h"
#include "search/gather.h"
#include "search/kept.h"
#include "search/synonyms.h"
#include "search/write.h"

/* Levels of libdeflate: texts are most of the bytes, and read only where they are shown. */
#define LEVEL_TEXTS 1
#define LEVEL_WORDS 7

/* A file of texts or cards. */
struct piece { struct packed packed; bool personal; };

struct worker {
	struct arena out;            /* what outlives the slice */
	struct arena tmp;
	struct words words;
	struct gathered gathered;
	struct libdeflate_compressor *fast, *good;
	struct buf cards, texts, chunk;
	VEC(uint32_t) found;         /* of the slice */
	uint32_t ***members;         /* [set][member] → its words here, made when first needed */
};

struct titled { str key; uint32_t doc; };        /* a document and the key that its title is sorted by */
struct slice_files { VEC(struct piece) cards, texts; VEC(uint32_t) text_docs; };

struct making {
	const struct site *site;
	const struct search_setup *setup;
	uint8_t language;
	unsigned n_workers;
	struct arena *out;           /* while it is made */
	struct arena *kept;          /* the files */
	const struct type **types; double *weights; uint32_t n_types;
	VEC(struct search_doc) docs;
	struct synonyms synonyms;
	struct worker *workers;
	struct slice *slices; struct slice_files *slice_files; uint32_t n_slices;
	_Atomic uint32_t next;
	struct index index;
	struct facets facets; uint32_t n_facet_parts;
	struct titled *titles;       /* [docs] */
	struct column by_title;      /* the documents in the order of their titles */
	struct chunks chunks;
	struct packed *written;      /* [chunks], then the rest (enum) */
	struct search_kept *before;  /* what earlier builds compressed */
};
enum { WRITTEN_LEXICON, WRITTEN_PLACES, WRITTEN_DATES, WRITTEN_TITLES, N_WRITTEN };

/* --- documents --- */

static double
weight_of(const struct search_setup *setup, str type, uint32_t *place)
{
	for (*place = 0; *place < setup->n_types; (*place)++)
		if (str_equal(setup->types[*place].name, type))
			return setup->types[*place].weight;
	return 1;
}

static bool
has_pages(const struct making *m, const struct type *t)
{
	const struct item_list *list = &m->site->collections[t->index].listed;

	for (uint32_t i = 0; i < list->len; i++)
		if (list->items[i]->urls[m->language].ptr)
			return true;
	return false;
}

/* Those that the theme names come first, in its order. */
static void
order_types(struct making *m)
{
	const struct model *model = m->site->model;

	m->types = arena_array(m->out, const struct type *, model->n_types + 1);
	m->weights = arena_array(m->out, double, model->n_types + 1);
	for (uint32_t place = 0; place <= m->setup->n_types; place++)
		for (uint32_t i = 0; i < model->n_types; i++) {
			const struct type *t = model->types[i];
			uint32_t own;
			double weight = weight_of(m->setup, t->name, &own);
			if (own != place || !has_pages(m, t))
				continue;
			m->types[m->n_types] = t;
			m->weights[m->n_types++] = weight;
		}
}

/* What is listed and has a page in this language. */
static void
list_docs(struct making *m)
{
	for (uint32_t t = 0; t < m->n_types; t++) {
		const struct item_list *list = &m->site->collections[m->types[t]->index].listed;
		for (uint32_t i = 0; i < list->len; i++)
			if (list->items[i]->urls[m->language].ptr)
				*vec_push(m->out, &m->docs) = (struct search_doc){ list->items[i], t };
	}
}

/* --- the words of a document --- */

static void
find(struct worker *w, uint32_t doc, uint32_t word, unsigned class)
{
	struct word *x = &w->words.list.ptr[word];

	if (x->seen == doc + 1 || x->empty)
		return;
	x->seen = doc + 1;
	*vec_push(&w->tmp, &w->found) = word << 2 | class;
}

/* Do the last of these words make up the expression? */
static bool
ends_with(const struct words *words, const uint32_t *trail, size_t n, const struct synonym *y)
{
	if (y->n > n)
		return false;
	for (uint32_t i = 0; i < y->n; i++)
		if (!str_equal(words->list.ptr[trail[n - y->n + i]].stem, y->stems[i]))
			return false;
	return true;
}

/* The numbers that a worker has for the words of a synonym. */
static const uint32_t *
member_words(struct worker *w, const struct synonyms *all, const struct synonym *y)
{
	uint32_t member = (uint32_t)(y - all->sets.ptr[y->set].members), **words;

	if (!w->members)
		w->members = arena_array(&w->out, uint32_t **, all->sets.len);
	if (!w->members[y->set])
		w->members[y->set] = arena_array(&w->out, uint32_t *, all->sets.ptr[y->set].n);
	words = &w->members[y->set][member];
	if (!*words) {
		*words = arena_array(&w->out, uint32_t, y->n);
		for (uint32_t i = 0; i < y->n; i++)
			(*words)[i] = words_add(&w->words, y->lower[i]);
	}
	return *words;
}

/* An expression of the synonyms ends with these words: the document is found by the others of its set, too. */
static void
find_synonyms(struct worker *w, const struct synonyms *all, uint32_t doc, const uint32_t *trail, size_t n, unsigned class)
{
	for (const struct synonym_end *e = w->words.list.ptr[trail[n - 1]].ends; e; e = e->next) {
		const struct synonym_set *set = &all->sets.ptr[e->synonym->set];
		if (!ends_with(&w->words, trail, n, e->synonym))
			continue;
		for (uint32_t i = 0; i < set->n; i++) {
			const uint32_t *words = member_words(w, all, &set->members[i]);
			for (uint32_t k = 0; k < set->members[i].n; k++)
				find(w, doc, words[k], class);
		}
	}
}

static void
read_piece(struct worker *w, const struct synonyms *synonyms, uint32_t doc, str text, unsigned class)
{
	size_t n_words, n = 0;
	uint32_t *trail = words_read(&w->words, text, &n_words);     /* less the empty ones */

	for (size_t i = 0; i < n_words; i++) {
		const struct word *x = &w->words.list.ptr[trail[i]];
		if (x->empty)
			continue;
		trail[n++] = trail[i];
		if (x->seen != doc + 1)
			find(w, doc, trail[i], class);
		if (x->ends)
			find_synonyms(w, synonyms, doc, trail, n, class);
	}
}

/* --- cards and texts --- */

/* On one line, without the bytes that part fields and documents. */
static void
put_clean(struct buf *b, str s)
{
	size_t from = b->len;

	buf_put(b, s);
	for (size_t i = from; i < b->len; i++)
		if ((uint8_t)b->ptr[i] < 0x20)
			b->ptr[i] = ' ';
}

static str
text_of(const struct making *m, const struct item *item, str field)
{
	const struct field *f = model_field(&item->type->shape, field);
	const struct val *v = f ? site_value(m->site, item, f, m->language) : NULL;

	return v && v->kind == VAL_TEXT ? v->as.text : S("");
}

static str
state_of(const struct making *m, const struct item *item)
{
	const struct life_state *s = item->object.state;

	return !s ? S("") : site_label(m->site, m->language, s->label.len ? s->label : s->name);
}

static void
put_card(struct worker *w, const struct making *m, const struct item *item)
{
	struct buf *b = &w->cards;

	if (b->len)
		buf_byte(b, '\n');
	put_clean(b, item->urls[m->language]);
	buf_byte(b, '\t');
	put_clean(b, text_of(m, item, S("titre")));
	buf_byte(b, '\t');
	put_clean(b, facets_commune(m->site, m->setup, item, m->language));
	buf_byte(b, '\t');
	put_clean(b, state_of(m, item));
	buf_byte(b, '\t');
	if (item->object.ends != DAY_NONE)
		buf_put(b, date_iso(&w->out, item->object.ends - 1));
}

static void
put_text(struct buf *b, str s)
{
	size_t at = b->len, found;

	buf_put(b, s);
	while (str_find_byte((str){ b->ptr + at, b->len - at }, 1, &found)) {
		b->ptr[at + found] = ' ';
		at += found;
	}
}

/* Pieces on lines of their own, documents parted by U+0001. */
static void
put_texts(struct worker *w, bool first)
{
	struct buf *b = &w->texts;
	bool begun = false;

	if (!first)
		buf_byte(b, 1);
	for (unsigned class = GATHER_TEXT; class <= GATHER_WORD; class++)
		for (size_t i = 0; i < w->gathered.pieces[class].len; i++) {
			if (begun)
				buf_byte(b, '\n');
			put_text(b, w->gathered.pieces[class].ptr[i]);
			begun = true;
		}
}

static struct packed
compress(const struct making *m, struct worker *w, unsigned level, str raw)
{
	struct packed p = kept_find(m->before, raw, level);

	if (!p.found)
		p.bytes = write_gzip(level == LEVEL_TEXTS ? w->fast : w->good, raw, &w->out);
	return p;
}

static void
end_block(const struct making *m, struct worker *w, struct buf *b, struct piece *p, bool personal)
{
	*p = (struct piece){ compress(m, w, LEVEL_TEXTS, buf_str(b)), personal };
	buf_clear(b);
}

/* --- a slice --- */

static void
read_slice(struct making *m, struct worker *w, unsigned number, uint32_t at)
{
	uint32_t from = at * SLICE_DOCS, n = (uint32_t)m->docs.len - from, in_texts = 0;
	struct slice *s = &m->slices[at];
	struct slice_files *files = &m->slice_files[at];
	bool texts_personal = false;

	n = n < SLICE_DOCS ? n : SLICE_DOCS;
	*s = (struct slice){ .worker = number, .n_docs = n };
	memset(&w->found, 0, sizeof w->found);
	for (uint32_t i = 0; i < n; i++) {
		const struct item *item = m->docs.ptr[from + i].item;
		m->titles[from + i] = (struct titled){ text_sort_key(w->words.text, m->site->languages[m->language], text_of(m, item, S("titre")), &w->out), from + i };
		gather_item(&w->gathered, m->setup, item);
		s->personal = s->personal || w->gathered.personal;
		texts_personal = texts_personal || w->gathered.personal;
		for (unsigned class = GATHER_N; class-- > 0;)
			for (size_t k = 0; k < w->gathered.pieces[class].len; k++)
				read_piece(w, &m->synonyms, from + i, w->gathered.pieces[class].ptr[k], class);
		read_piece(w, &m->synonyms, from + i, site_label(m->site, m->language, item->type->label), GATHER_TEXT);
		s->ends[i] = (uint32_t)w->found.len;
		put_card(w, m, item);
		put_texts(w, in_texts++ == 0);
		if ((i + 1) % CARDS_BLOCK == 0 || i + 1 == n)
			end_block(m, w, &w->cards, vec_push(&w->out, &files->cards), false);
		if (w->texts.len < TEXT_BLOCK && i + 1 < n)
			continue;
		end_block(m, w, &w->texts, vec_push(&w->out, &files->texts), texts_personal);
		*vec_push(&w->out, &files->text_docs) = in_texts;
		in_texts = 0;
		texts_personal = false;
	}
	s->words = arena_array(&w->out, uint32_t, w->found.len + 1);
	memcpy(s->words, w->found.ptr, w->found.len * sizeof *s->words);
}

static void
read_slices(void *context, unsigned number)
{
	struct making *m = context;
	struct worker *w = &m->workers[number];
	uint32_t at;

	while ((at = atomic_fetch_add(&m->next, 1)) < m->n_slices) {
		read_slice(m, w, number, at);
		arena_reset(&w->tmp);
	}
}

/* --- workers --- */

static void
open_workers(struct making *m)
{
	m->workers = arena_array(m->out, struct worker, m->n_workers);
	for (unsigned i = 0; i < m->n_workers; i++) {
		struct worker *w = &m->workers[i];
		arena_init(&w->out, m->out->source);
		arena_init(&w->tmp, m->out->source);
		words_open(&w->words, m->site->languages[m->language], &m->synonyms, &w->out);
		w->gathered = (struct gathered){ .site = m->site, .language = m->language, .out = &w->tmp, .text = w->words.text };
		w->fast = libdeflate_alloc_compressor(LEVEL_TEXTS);
		w->good = libdeflate_alloc_compressor(LEVEL_WORDS);
		if (!w->fast || !w->good)
			arena_out_of_memory(0);
		buf_init(&w->cards, SIZE_MAX / 4);
		buf_init(&w->texts, SIZE_MAX / 4);
		buf_init(&w->chunk, SIZE_MAX / 4);
	}
}

static void
close_workers(struct making *m)
{
	for (unsigned i = 0; i < m->n_workers; i++) {
		struct worker *w = &m->workers[i];
		words_close(&w->words);
		libdeflate_free_compressor(w->fast);
		libdeflate_free_compressor(w->good);
		buf_free(&w->cards);
		buf_free(&w->texts);
		buf_free(&w->chunk);
		arena_free(&w->tmp);
		arena_free(&w->out);
	}
}

/* --- what needs all documents --- */

static void
put_together(struct making *m, struct arena *out)
{
	struct index_words *words = arena_array(out, struct index_words, m->n_workers);

	for (unsigned i = 0; i < m->n_workers; i++)
		words[i] = (struct index_words){ m->workers[i].words.list.ptr, (uint32_t)m->workers[i].words.list.len };
	index_make(&m->index, words, m->n_workers, m->slices, m->n_slices, out);
	write_cut(&m->index, (uint32_t)m->docs.len, &m->chunks, out);
}

static int
by_title(const void *a, const void *b, void *context)
{
	(void)context;
	return str_compare(((const struct titled *)a)->key, ((const struct titled *)b)->key);
}

static struct facets_of
facets_of(const struct making *m)
{
	return (struct facets_of){ m->site, m->setup, m->language, { m->docs.ptr, (uint32_t)m->docs.len } };
}

static void
look_over(void *context, unsigned number)
{
	struct making *m = context;
	struct worker *w = &m->workers[number];
	struct facets_of of = facets_of(m);
	uint32_t at;

	while ((at = atomic_fetch_add(&m->next, 1)) < m->n_facet_parts + 2) {
		if (at == 0)
			put_together(m, &w->out);
		else if (at == 1)
			vec_sort(m->titles, m->docs.len, sizeof *m->titles, by_title, NULL);
		else
			facets_read(&m->facets, &of, at - 2, w->words.text, &w->out);
	}
}

static struct column
title_order(const struct making *m)
{
	struct column order = { S("titre"), arena_array(m->out, uint32_t, m->docs.len + 1), (uint32_t)m->docs.len };

	for (uint32_t i = 0; i < order.n; i++)
		order.values[i] = m->titles[i].doc;
	return order;
}

/* --- files --- */

struct output { VEC(struct search_file) list; uint64_t hash; bool personal; };

/* Columns that only some questions need: places, dates, the order of titles. */
static void
put_columns(const struct making *m, uint32_t which, struct buf *b)
{
	const struct facets *x = &m->facets;

	if (which == WRITTEN_PLACES) {
		write_column(b, &x->place);
		write_column(b, &x->lat);
		write_column(b, &x->lon);
	} else if (which == WRITTEN_DATES) {
		write_column(b, &x->start);
		write_column(b, &x->published);
	} else {
		write_column(b, &m->by_title);
	}
}

static void
write_parts(void *context, unsigned number)
{
	struct making *m = context;
	struct worker *w = &m->workers[number];
	uint32_t n = (uint32_t)m->chunks.list.len, at;

	while ((at = atomic_fetch_add(&m->next, 1)) < n + N_WRITTEN) {
		buf_clear(&w->chunk);
		if (at < n)
			write_chunk(&m->index, (uint32_t)m->docs.len, &m->chunks.list.ptr[at], &w->tmp, &w->chunk);
		else if (at == n + WRITTEN_LEXICON)
			write_lexicon(&m->index, &w->chunk);
		else
			put_columns(m, at - n, &w->chunk);
		m->written[at] = compress(m, w, LEVEL_WORDS, buf_str(&w->chunk));
		arena_reset(&w->tmp);
	}
}

/* Named once the folder is known. */
static void
add_file(struct making *m, struct output *f, char kind, uint32_t number, const struct packed *p, bool personal)
{
	str bytes = str_copy(m->kept, p->bytes);
	uint64_t hash = hash64(bytes);

	*vec_push(m->kept, &f->list) = (struct search_file){ str_format(m->out, "%c%u.bin", kind, number), bytes, personal };
	f->hash = hash_mix(f->hash, hash);
	kept_note(m->before, p, bytes, hash);
}

static void
add_all(struct making *m, struct output *f, struct header *h)
{
	uint32_t cards = 0, texts = 0, *docs;
	VEC(uint32_t) blocks = { 0 };
	const struct packed *rest;
	bool personal = false;

	for (uint32_t i = 0; i < m->n_slices; i++) {
		const struct slice_files *s = &m->slice_files[i];
		personal = personal || m->slices[i].personal;
		for (size_t k = 0; k < s->cards.len; k++)
			add_file(m, f, 'c', cards++, &s->cards.ptr[k].packed, s->cards.ptr[k].personal);
		for (size_t k = 0; k < s->texts.len; k++) {
			add_file(m, f, 'x', texts++, &s->texts.ptr[k].packed, s->texts.ptr[k].personal);
			*vec_push(m->out, &blocks) = s->text_docs.ptr[k];
		}
	}
	for (uint32_t i = 0; i < m->chunks.list.len; i++)
		add_file(m, f, 't', i, &m->written[i], personal);
	rest = m->written + m->chunks.list.len;
	add_file(m, f, 'l', 0, &rest[WRITTEN_LEXICON], personal);
	add_file(m, f, 'g', 0, &rest[WRITTEN_PLACES], false);
	add_file(m, f, 'd', 0, &rest[WRITTEN_DATES], false);
	add_file(m, f, 'o', 0, &rest[WRITTEN_TITLES], false);
	f->personal = personal;
	docs = blocks.ptr;
	h->text_blocks = docs;
	h->n_text_blocks = texts;
}

/* The files stand in a folder named by what they hold, so that a page never reads parts of two builds. */
static void
name_files(struct making *m, struct output *f, str folder)
{
	for (size_t i = 0; i < f->list.len; i++)
		f->list.ptr[i].name = str_cat(m->kept, S("recherche/"), folder, S("/"), f->list.ptr[i].name);
}

static struct column
kinds(const struct making *m)
{
	struct column c = { S("type"), arena_array(m->out, uint32_t, m->docs.len + 1), (uint32_t)m->docs.len };

	for (uint32_t i = 0; i < c.n; i++)
		c.values[i] = m->docs.ptr[i].type;
	return c;
}

static struct search_index
write_files(struct making *m)
{
	struct header h = { .site = m->site, .setup = m->setup, .language = m->language, .types = m->types, .weights = m->weights, .n_types = m->n_types,
		.docs = { m->docs.ptr, (uint32_t)m->docs.len }, .facets = &m->facets, .index = &m->index, .chunks = &m->chunks, .kinds = kinds(m), .titles = m->by_title };
	struct output f = { .hash = 0 };
	char hex[16];
	struct buf b;
	str main;

	add_all(m, &f, &h);
	hash_hex(f.hash, hex);
	h.folder = str_copy(m->out, (str){ hex, 8 });
	name_files(m, &f, h.folder);
	buf_init(&b, SIZE_MAX / 4);
	write_main(&h, &b);
	main = str_copy(m->kept, write_gzip(m->workers[0].good, buf_str(&b), m->out));
	buf_free(&b);
	*vec_push(m->kept, &f.list) = f.list.ptr[0];
	f.list.ptr[0] = (struct search_file){ str_cat(m->kept, S("recherche/"), m->site->languages[m->language], S(".bin")), main, f.personal };
	return (struct search_index){ f.list.ptr, (uint32_t)f.list.len };
}

struct search_index
search_build(const struct site *s, const struct search_setup *setup, uint8_t language, unsigned workers, struct search_kept *kept, struct arena *out)
{
	struct making m = { .site = s, .setup = setup, .language = language, .n_workers = workers ? workers : 1, .kept = out, .before = kept };
	struct facets_of of;
	struct search_index files;
	struct arena made;

	arena_init(&made, out->source);
	m.out = &made;
	order_types(&m);
	list_docs(&m);
	synonyms_read(&m.synonyms, s, language, m.out, NULL);
	open_workers(&m);
	m.n_slices = (uint32_t)(m.docs.len + SLICE_DOCS - 1) / SLICE_DOCS;
	m.slices = arena_array(m.out, struct slice, m.n_slices + 1);
	m.slice_files = arena_array(m.out, struct slice_files, m.n_slices + 1);
	m.titles = arena_array(m.out, struct titled, m.docs.len + 1);
	os_parallel(m.n_workers, read_slices, &m);
	of = facets_of(&m);
	m.n_facet_parts = facets_open(&m.facets, &of, m.out);
	atomic_store(&m.next, 0);
	os_parallel(m.n_workers, look_over, &m);
	m.by_title = title_order(&m);
	m.written = arena_array(m.out, struct packed, m.chunks.list.len + N_WRITTEN);
	atomic_store(&m.next, 0);
	os_parallel(m.n_workers, write_parts, &m);
	files = write_files(&m);
	close_workers(&m);
	arena_free(&made);
	return files;
}

str
search_versions(struct arena *out)
{
	return str_format(out, "libstemmer (%s), libdeflate %s", "Snowball", LIBDEFLATE_VERSION_STRING);
}
