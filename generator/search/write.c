#include "search/write.h"

#include <libdeflate.h>

#include "base/utf8.h"
#include "search/gather.h"

str
write_gzip(struct libdeflate_compressor *c, str bytes, struct arena *out)
{
	size_t room = libdeflate_gzip_compress_bound(c, bytes.len);
	char *to = arena_room(out, room);
	size_t len = libdeflate_gzip_compress(c, bytes.ptr, bytes.len, to, room);

	return (str){ to, len };
}

static void
put_number(struct buf *b, uint32_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_byte(b, (char)(n & 0x7F) | (char)0x80);
	buf_byte(b, (char)n);
}

static void
put_bytes(struct buf *b, uint32_t n, unsigned width)
{
	for (unsigned i = 0; i < width; i++, n >>= 8)
		buf_byte(b, (char)(n & 0xFF));
}

/* --- chunks of words --- */

/* A stem that is in more than an eighth of the documents is a bit for each of them. */
static bool
dense(const struct stem *s, uint32_t n_docs)
{
	return s->n > n_docs / 8;
}

static uint32_t
weight(const struct index *x, uint32_t surface, uint32_t n_docs)
{
	const struct surface *s = &x->surfaces[surface];
	uint32_t bytes = (uint32_t)s->form.len + 3;

	for (uint32_t i = 0; i < s->n; i++) {
		const struct stem *stem = &x->stems[x->stems_of[s->first + i]];
		/* counted with the first of its forms, as far as that can be seen here */
		if (surface == 0 || x->stems_of[x->surfaces[surface - 1].first] != x->stems_of[s->first + i])
			bytes += dense(stem, n_docs) ? n_docs / 8 : stem->n;
	}
	return bytes;
}

static bool
same_start(str a, str b)
{
	return a.len >= 4 && b.len >= 4 && memcmp(a.ptr, b.ptr, 4) == 0;
}

void
write_cut(const struct index *x, uint32_t n_docs, struct chunks *chunks, struct arena *out)
{
	uint32_t from = 0, bytes = 0;

	for (uint32_t i = 0; i < x->n_surfaces; i++) {
		uint32_t more = weight(x, i, n_docs);
		bool full = bytes + more > CHUNK_BYTES;
		if (i > from && full && (bytes + more > 2 * CHUNK_BYTES || !same_start(x->surfaces[i - 1].form, x->surfaces[i].form))) {
			*vec_push(out, &chunks->list) = (struct chunk){ from, i };
			from = i;
			bytes = 0;
		}
		bytes += more;
	}
	if (x->n_surfaces > from || from == 0)       /* one at least, that may be empty */
		*vec_push(out, &chunks->list) = (struct chunk){ from, x->n_surfaces };
}

static void
put_dense(struct buf *b, const uint32_t *postings, uint32_t n, uint32_t n_docs)
{
	uint32_t at = 0, before = 0;

	for (uint32_t byte = 0; byte < (n_docs + 7) / 8; byte++) {
		unsigned bits = 0;
		for (; at < n && postings[at] >> 5 == byte; at++)
			bits |= 1u << (postings[at] >> 2 & 7);
		buf_byte(b, (char)bits);
	}
	for (uint32_t i = 0; i < n; i++)
		if (postings[i] & 3) {
			put_number(b, ((postings[i] >> 2) - before) << 2 | (postings[i] & 3));
			before = postings[i] >> 2;
		}
}

static void
put_sparse(struct buf *b, const uint32_t *postings, uint32_t n)
{
	uint32_t before = 0;

	for (uint32_t i = 0; i < n; i++) {
		put_number(b, ((postings[i] >> 2) - before) << 2 | (postings[i] & 3));
		before = postings[i] >> 2;
	}
}

/* Which stems a chunk has, in the order of their first mention; one that is mentioned again after so many others is written again. */
struct chunk_stems { VEC(uint32_t) list; };
#define STEMS_BACK 250

static void
put_forms(const struct index *x, const struct chunk *c, struct buf *b)
{
	size_t at = b->len;

	put_bytes(b, 0, 4);
	for (uint32_t i = c->from; i < c->to; i++) {
		if (i > c->from)
			buf_byte(b, '\n');
		buf_put(b, x->surfaces[i].form);
	}
	for (unsigned i = 0; i < 4 && !b->failed; i++)
		b->ptr[at + i] = (char)((b->len - at - 4) >> 8 * i & 0xFF);
}

/* Stems of a form: how many, then the distance of each from the newest one, 0 for a new one. */
static void
put_references(const struct index *x, const struct chunk *c, struct chunk_stems *s, struct arena *tmp, struct buf *b)
{
	for (uint32_t i = c->from; i < c->to; i++) {
		put_number(b, x->surfaces[i].n);
		for (uint32_t k = 0; k < x->surfaces[i].n; k++) {
			uint32_t stem = x->stems_of[x->surfaces[i].first + k], at = 0;
			uint32_t back = s->list.len < STEMS_BACK ? (uint32_t)s->list.len : STEMS_BACK;
			while (at < back && s->list.ptr[s->list.len - 1 - at] != stem)
				at++;
			if (at < back)
				put_number(b, at + 1);
			else {
				put_number(b, 0);
				*vec_push(tmp, &s->list) = stem;
			}
		}
	}
}

void
write_chunk(const struct index *x, uint32_t n_docs, const struct chunk *c, struct arena *tmp, struct buf *b)
{
	struct chunk_stems s = { 0 };
	struct buf body;

	buf_init(&body, SIZE_MAX / 4);
	put_forms(x, c, b);
	put_references(x, c, &s, tmp, b);
	for (size_t i = 0; i < s.list.len; i++) {
		const struct stem *stem = &x->stems[s.list.ptr[i]];
		buf_clear(&body);
		if (dense(stem, n_docs))
			put_dense(&body, x->postings + stem->first, stem->n, n_docs);
		else
			put_sparse(&body, x->postings + stem->first, stem->n);
		put_number(b, stem->n);
		put_number(b, (uint32_t)body.len);
		buf_put(b, buf_str(&body));
	}
	buf_free(&body);
}

/* --- the lexicon --- */

static unsigned
magnitude(uint32_t n)
{
	unsigned bits = 0;

	for (; n; n >>= 1)
		bits++;
	return bits;
}

void
write_lexicon(const struct index *x, struct buf *b)
{
	struct chunk all = { 0, x->n_surfaces };

	put_forms(x, &all, b);
	for (uint32_t i = 0; i < x->n_surfaces; i++) {
		uint32_t most = 0;
		for (uint32_t k = 0; k < x->surfaces[i].n; k++) {
			uint32_t n = x->stems[x->stems_of[x->surfaces[i].first + k]].n;
			most = n > most ? n : most;
		}
		buf_byte(b, (char)magnitude(most));
	}
}

/* --- the main file --- */

static unsigned
width_of(const struct column *c)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < c->n; i++)
		most = c->values[i] > most ? c->values[i] : most;
	return most < 0x100 ? 1 : most < 0x10000 ? 2 : 4;
}

void
write_column(struct buf *b, const struct column *c)
{
	unsigned width = width_of(c);

	for (uint32_t i = 0; i < c->n; i++)
		put_bytes(b, c->values[i], width);
}

static void
put_key(struct buf *b, const char *key)
{
	buf_put_c(b, b->len && b->ptr[b->len - 1] == '{' ? "\"" : ",\"");
	buf_put_c(b, key);
	buf_put_c(b, "\":");
}

static void
put_pair(struct buf *b, str key, str label)
{
	buf_byte(b, '[');
	buf_json_string(b, key);
	buf_byte(b, ',');
	buf_json_string(b, label);
	buf_byte(b, ']');
}

static void
comma(struct buf *b, size_t i)
{
	if (i)
		buf_byte(b, ',');
}

/* How many documents of a type have a place. */
static uint32_t
placed(const struct header *h, uint32_t type)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < h->docs.n; i++)
		n += h->docs.ptr[i].type == type && h->facets->place.values[i];
	return n;
}

static void
put_types(struct buf *b, const struct header *h)
{
	put_key(b, "types");
	buf_byte(b, '[');
	for (uint32_t i = 0; i < h->n_types; i++) {
		comma(b, i);
		buf_byte(b, '[');
		buf_json_string(b, h->types[i]->name);
		buf_byte(b, ',');
		buf_json_string(b, site_label(h->site, h->language, h->types[i]->plural));
		buf_byte(b, ',');
		buf_number(b, h->weights[i]);
		buf_byte(b, ',');
		buf_int(b, placed(h, i));
		buf_byte(b, ']');
	}
	buf_byte(b, ']');
}

static void
put_sets(struct buf *b, const struct facet *f)
{
	buf_byte(b, '[');
	for (size_t i = 0; i < f->sets.len; i++) {
		comma(b, i);
		buf_byte(b, '[');
		for (uint32_t k = 0; k < f->sets.ptr[i].n; k++) {
			comma(b, k);
			buf_int(b, f->sets.ptr[i].values[k]);
		}
		buf_byte(b, ']');
	}
	buf_byte(b, ']');
}

static void
put_facets(struct buf *b, const struct header *h)
{
	put_key(b, "facettes");
	buf_byte(b, '[');
	for (uint32_t i = 0; i < h->facets->n_facets; i++) {
		const struct facet *f = &h->facets->facets[i];
		comma(b, i);
		buf_byte(b, '[');
		buf_json_string(b, f->name);
		buf_put_c(b, ",[");
		for (size_t k = 0; k < f->values.len; k++) {
			comma(b, k);
			put_pair(b, f->values.ptr[k].key, f->values.ptr[k].label);
		}
		buf_put_c(b, "],");
		put_sets(b, f);
		buf_byte(b, ']');
	}
	buf_byte(b, ']');
}

static void
put_towns(struct buf *b, const struct facets *f)
{
	put_key(b, "facultes");
	buf_byte(b, '[');
	for (size_t i = 0; i < f->towns.len; i++) {
		const struct town *t = &f->towns.ptr[i];
		comma(b, i);
		buf_byte(b, '[');
		buf_json_string(b, t->key);
		buf_byte(b, ',');
		buf_json_string(b, t->name);
		buf_byte(b, ',');
		buf_json_string(b, t->town);
		if (t->placed) {
			buf_byte(b, ',');
			buf_number(b, t->geo.lat);
			buf_byte(b, ',');
			buf_number(b, t->geo.lon);
		}
		buf_byte(b, ']');
	}
	buf_byte(b, ']');
}

/* What the first form of a chunk has that the one before it has not: its shortest prefix that comes after that one. */
static str
start_of(const struct index *x, uint32_t at)
{
	str form = x->surfaces[at].form, before = at ? x->surfaces[at - 1].form : S("");
	size_t n = 0;

	while (n < form.len && n < before.len && form.ptr[n] == before.ptr[n])
		n++;
	n++;
	while (n < form.len && ((uint8_t)form.ptr[n] & 0xC0) == 0x80)
		n++;
	return str_slice(form, 0, at ? n : 0);
}

static void
put_blocks(struct buf *b, const struct header *h)
{
	put_key(b, "mots");
	buf_byte(b, '"');
	for (size_t i = 0; i < h->chunks->list.len; i++) {
		if (i)
			buf_byte(b, ' ');
		buf_json(b, start_of(h->index, h->chunks->list.ptr[i].from));
	}
	buf_byte(b, '"');
	put_key(b, "cartes");
	buf_int(b, CARDS_BLOCK);
	put_key(b, "textes");
	buf_byte(b, '[');
	for (uint32_t i = 0; i < h->n_text_blocks; i++) {
		comma(b, i);
		buf_int(b, h->text_blocks[i]);
	}
	buf_byte(b, ']');
}

/* Those of the main file, then those of the files that only some questions need. */
static uint32_t
main_columns(const struct header *h, const struct column **c)
{
	const struct facets *f = h->facets;
	uint32_t n = 0;

	c[n++] = &h->kinds;
	for (uint32_t i = 0; i < f->n_facets; i++)
		c[n++] = &f->facets[i].column;
	for (size_t i = 0; i < f->towns.len; i++)
		c[n++] = &f->journeys[i];
	return n;
}

static uint32_t
all_columns(const struct header *h, const struct column **c)
{
	uint32_t n = main_columns(h, c);

	c[n++] = &h->facets->place;
	c[n++] = &h->facets->lat;
	c[n++] = &h->facets->lon;
	c[n++] = &h->facets->start;
	c[n++] = &h->facets->published;
	c[n++] = &h->titles;
	return n;
}

static void
put_json(struct buf *b, const struct header *h, const struct column **columns, uint32_t n)
{
	buf_byte(b, '{');
	put_key(b, "format");
	buf_int(b, 1);
	put_key(b, "n");
	buf_int(b, h->docs.n);
	put_key(b, "langue");
	buf_json_string(b, h->site->languages[h->language]);
	put_key(b, "racine");
	buf_json_string(b, h->site->base_path);
	put_key(b, "dossier");
	buf_json_string(b, h->folder);
	put_key(b, "vides");
	buf_json_string(b, words_empty(h->site->languages[h->language]));
	put_key(b, "apres");
	put_pair(b, h->setup->behind_facet, h->setup->behind_value);
	put_types(b, h);
	put_facets(b, h);
	put_towns(b, h->facets);
	put_blocks(b, h);
	put_key(b, "points");
	buf_int(b, h->facets->lat.n);
	put_key(b, "largeurs");
	buf_byte(b, '[');
	for (uint32_t i = 0; i < n; i++) {
		comma(b, i);
		buf_int(b, width_of(columns[i]));
	}
	buf_put_c(b, "]}");
}

void
write_main(const struct header *h, struct buf *b)
{
	const struct column *columns[6 + SEARCH_MAX_FACETS + SEARCH_MAX_TOWNS];
	uint32_t n = all_columns(h, columns);
	size_t len;

	put_bytes(b, 0, 4);
	put_json(b, h, columns, n);
	len = b->len - 4;
	for (unsigned i = 0; i < 4 && !b->failed; i++)
		b->ptr[i] = (char)(len >> 8 * i & 0xFF);
	n = main_columns(h, columns);
	for (uint32_t i = 0; i < n; i++)
		write_column(b, columns[i]);
}
