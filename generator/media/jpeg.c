/* JPEG (ITU-T T.81): the segments that decoding needs, the entropy-coded data as it stands, the colour profile, the orientation. Comments,
 * application segments and what follows the end of the image stay behind; each segment kept holds its tables and not a byte more. */
#include "media/image.h"

enum {
	M_SOF0 = 0xC0, M_DHT = 0xC4, M_DAC = 0xCC, M_RST0 = 0xD0, M_RST7 = 0xD7, M_EOI = 0xD9, M_SOS = 0xDA, M_DQT = 0xDB, M_DNL = 0xDC, M_DRI = 0xDD,
	M_APP0 = 0xE0, M_APP1 = 0xE1, M_APP2 = 0xE2, M_APP14 = 0xEE, M_APP15 = 0xEF, M_COM = 0xFE,
};

#define ICC_LEAD 14              /* "ICC_PROFILE\0", number, count */

struct jpeg {
	struct cleaning *c;
	size_t jfif, exif;           /* pieces reserved after SOI */
	bool has_exif, has_frame, has_scan, has_adobe;
	VEC(size_t) icc;             /* pieces */
	struct bytes profile;        /* its first part */
	size_t profile_size;
};

static bool
tables_fit(struct bytes data, size_t (*table)(struct bytes))
{
	size_t at = 0;

	while (at < data.len) {
		size_t len = table(bytes_part(data, at, data.len));
		if (!len || len > data.len - at)
			return false;
		at += len;
	}
	return data.len > 0;
}

static size_t
quantization_table(struct bytes b)
{
	return b.ptr[0] >> 4 > 1 || (b.ptr[0] & 15) > 3 ? 0 : b.ptr[0] >> 4 ? 129 : 65;
}

static size_t
huffman_table(struct bytes b)
{
	size_t len = 17;

	for (size_t i = 1; i < 17; i++)
		len += bytes_big(b, i, 1);
	return b.ptr[0] >> 4 > 1 || (b.ptr[0] & 15) > 3 || len > 17 + 256 ? 0 : len;
}

static size_t
arithmetic_table(struct bytes b)
{
	(void)b;
	return 2;
}

static bool
frame(struct jpeg *j, unsigned marker, struct bytes data)
{
	unsigned components = bytes_big(data, 5, 1);

	/* What browsers show: baseline, extended and progressive, by Huffman or arithmetic codes. */
	if (j->has_frame || (marker > 0xC2 && marker != 0xC9 && marker != 0xCA) || components < 1 || components > 4 || data.len != 6 + 3 * (size_t)components)
		return false;
	j->has_frame = true;
	j->c->height = bytes_big(data, 1, 2);
	j->c->width = bytes_big(data, 3, 2);
	return j->c->width && j->c->height;
}

static bool
scan(struct jpeg *j, struct bytes data)
{
	unsigned components = bytes_big(data, 0, 1);

	j->has_scan = true;
	return j->has_frame && components >= 1 && components <= 4 && data.len == 4 + 2 * (size_t)components;
}

/* Is this segment, which decoding needs, what it should be? */
static bool
table_is_fine(struct jpeg *j, unsigned marker, struct bytes data)
{
	switch (marker) {
	case M_DQT: return tables_fit(data, quantization_table);
	case M_DHT: return tables_fit(data, huffman_table);
	case M_DAC: return tables_fit(data, arithmetic_table);
	case M_DRI: return data.len == 2;
	case M_DNL: return data.len == 2;
	case M_SOS: return scan(j, data);
	default: return marker >= M_SOF0 && marker <= 0xCF && marker != 0xC8 && frame(j, marker, data);
	}
}

static const char *
marker_name(unsigned marker)
{
	switch (marker) {
	case M_DQT: return "DQT";
	case M_DHT: return "DHT";
	case M_DAC: return "DAC";
	case M_DRI: return "DRI";
	case M_DNL: return "DNL";
	case M_SOS: return "SOS";
	default: return marker >= M_SOF0 && marker <= 0xCF ? "SOF" : "segment";
	}
}

/* Its density alone: thumbnails may show what was cut off the picture. */
static void
keep_jfif(struct jpeg *j, struct bytes data)
{
	memcpy(cleaning_put(j->c, j->jfif, S("\xFF\xE0\0\x10JFIF\0"), 18) + 9, data.ptr + 5, 7);
}

static void
keep_profile(struct jpeg *j, struct bytes data, size_t at)
{
	if (data.ptr[12] == 1)
		j->profile = bytes_part(data, ICC_LEAD, data.len);
	j->profile_size += data.len - ICC_LEAD;
	*vec_push(j->c->tmp, &j->icc) = j->c->pieces.len;
	cleaning_keep(j->c, at, data.len + 4);
}

static void
application(struct jpeg *j, unsigned marker, struct bytes data, size_t at)
{
	if (marker == M_APP0 && bytes_at(data, 0, "JFIF\0", 5) && data.len >= 14 && !j->c->pieces.ptr[j->jfif].len) {
		keep_jfif(j, data);
	} else if (marker == M_APP1 && bytes_at(data, 0, "Exif\0", 5) && data.len > 6 && !j->has_exif) {
		j->has_exif = true;
		j->c->orientation = exif_orientation(bytes_part(data, 6, data.len));
	} else if (marker == M_APP2 && bytes_at(data, 0, "ICC_PROFILE\0", 12) && data.len > ICC_LEAD) {
		keep_profile(j, data, at);
	} else if (marker == M_APP14 && bytes_at(data, 0, "Adobe", 5) && data.len >= 12 && !j->has_adobe) {
		/* says how colours were transformed */
		j->has_adobe = true;
		memcpy(cleaning_put(j->c, cleaning_reserve(j->c), S("\xFF\xEE\0\x0E"), 16) + 4, data.ptr, 12);
	}
}

/* Where the entropy-coded data from `at` end: at the first marker that is no restart. */
static size_t
entropy_end(struct bytes in, size_t at)
{
	while (at < in.len) {
		const unsigned char *found = memchr(in.ptr + at, 0xFF, in.len - at);
		size_t next;
		if (!found)
			return in.len;
		at = next = (size_t)(found - in.ptr);
		while (next < in.len && in.ptr[next] == 0xFF)
			next++;
		if (next < in.len && in.ptr[next] != 0 && (in.ptr[next] < M_RST0 || in.ptr[next] > M_RST7))
			return at;
		at = next + 1;
	}
	return in.len;
}

static bool
segment(struct jpeg *j, unsigned marker, size_t *at)
{
	struct bytes in = j->c->in;
	size_t len = bytes_big(in, *at + 2, 2), end;

	if (*at + 4 > in.len || *at + 2 + len > in.len)
		return cleaning_fail(j->c, IMAGE_CUT, "JPEG", in.len);
	if (len < 2)
		return cleaning_fail(j->c, IMAGE_BROKEN, marker_name(marker), *at);
	if (marker >= M_APP0 && marker <= M_APP15) {
		application(j, marker, bytes_part(in, *at + 4, len - 2), *at);
	} else if (marker != M_COM) {
		if (!table_is_fine(j, marker, bytes_part(in, *at + 4, len - 2)))
			return cleaning_fail(j->c, IMAGE_BROKEN, marker_name(marker), *at);
		cleaning_keep(j->c, *at, len + 2);
	}
	*at += 2 + len;
	if (marker == M_SOS) {
		end = entropy_end(in, *at);
		cleaning_keep(j->c, *at, end - *at);
		*at = end;
	}
	return true;
}

/* A profile that is torn says nothing: the picture is then shown as sRGB. */
static void
finish(struct jpeg *j)
{
	struct cleaning *c = j->c;

	if (!icc_is_whole(j->profile, j->profile_size))
		for (size_t i = 0; i < j->icc.len; i++)
			c->pieces.ptr[j->icc.ptr[i]].len = 0;
	if (c->orientation != 1)
		exif_write(cleaning_put(c, j->exif, S("\xFF\xE1\0\x22" "Exif\0\0"), 10 + EXIF_SIZE) + 10, c->orientation);
	cleaning_put(c, cleaning_reserve(c), S("\xFF\xD9"), 2);
}

bool
jpeg_clean(struct cleaning *c)
{
	struct jpeg j = { .c = c };
	size_t at = 2;

	cleaning_keep(c, 0, 2);
	j.jfif = cleaning_reserve(c);
	j.exif = cleaning_reserve(c);
	for (;;) {
		if (at < c->in.len && c->in.ptr[at] != 0xFF)
			return cleaning_fail(c, IMAGE_BROKEN, "segment", at);
		while (at + 1 < c->in.len && c->in.ptr[at + 1] == 0xFF)
			at++;
		if (at + 2 > c->in.len)
			return cleaning_fail(c, IMAGE_CUT, "JPEG", c->in.len);
		if (c->in.ptr[at + 1] == M_EOI)
			break;
		if (!segment(&j, c->in.ptr[at + 1], &at))
			return false;
	}
	if (!j.has_scan)
		return cleaning_fail(c, IMAGE_BROKEN, "SOS", at);
	finish(&j);
	return true;
}
