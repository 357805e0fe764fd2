/* Pictures as they are published: what shows, and nothing that tells who, where, when or with what. */
#include "media/image.h"

/* More than a browser on a phone can hold in memory. */
#define MAX_PIXELS ((uint64_t)100 * 1000 * 1000)

bool
cleaning_fail(struct cleaning *c, enum image_fault fault, const char *what, size_t where)
{
	c->fault = fault;
	c->what = what;
	c->where = where;
	return false;
}

void
cleaning_keep(struct cleaning *c, size_t at, size_t len)
{
	*vec_push(c->tmp, &c->pieces) = bytes_str(bytes_part(c->in, at, len));
}

size_t
cleaning_reserve(struct cleaning *c)
{
	*vec_push(c->tmp, &c->pieces) = S("");
	return c->pieces.len - 1;
}

unsigned char *
cleaning_put(struct cleaning *c, size_t piece, str lead, size_t len)
{
	unsigned char *to = arena_array(c->tmp, unsigned char, len);

	if (lead.len)
		memcpy(to, lead.ptr, lead.len);
	c->pieces.ptr[piece] = (str){ (const char *)to, len };
	return to;
}

unsigned
exif_orientation(struct bytes tiff)
{
	bool little = bytes_at(tiff, 0, "II", 2);
	uint32_t (*number)(struct bytes, size_t, unsigned) = little ? bytes_little : bytes_big;
	size_t ifd = number(tiff, 4, 4), n = number(tiff, ifd, 2);

	if (!little && !bytes_at(tiff, 0, "MM", 2))
		return 1;
	for (size_t i = 0; i < n && ifd + 2 + i * 12 + 12 <= tiff.len; i++) {
		size_t entry = ifd + 2 + i * 12;
		if (number(tiff, entry, 2) == 0x0112) {
			uint32_t value = number(tiff, entry + 8, 2);
			return number(tiff, entry + 2, 2) == 3 && number(tiff, entry + 4, 4) == 1 && value >= 1 && value <= 8 ? value : 1;
		}
	}
	return 1;
}

void
exif_write(unsigned char to[EXIF_SIZE], unsigned orientation)
{
	memcpy(to, "MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\0\0\0\0\0\0\0", EXIF_SIZE);
	to[19] = (unsigned char)orientation;
}

bool
icc_is_whole(struct bytes b, size_t all)
{
	return b.len >= 128 && bytes_at(b, 36, "acsp", 4) && bytes_big(b, 0, 4) == all;
}

static const struct { size_t at; str magic; bool (*clean)(struct cleaning *); str mime; } formats[] = {
	{ 0, S_INIT("\xFF\xD8\xFF"), jpeg_clean, S_INIT("image/jpeg") },
	{ 0, S_INIT("\x89PNG\r\n\x1a\n"), png_clean, S_INIT("image/png") },
	{ 0, S_INIT("GIF87a"), gif_clean, S_INIT("image/gif") },
	{ 0, S_INIT("GIF89a"), gif_clean, S_INIT("image/gif") },
	{ 8, S_INIT("WEBP"), webp_clean, S_INIT("image/webp") },
};

/* What cameras and programs keep for themselves: metadata in every corner, and most browsers show none of it. */
static const struct { size_t at; str magic, name; } refused[] = {
	{ 4, S_INIT("ftypavif"), S_INIT("AVIF") }, { 4, S_INIT("ftypavis"), S_INIT("AVIF") },
	{ 4, S_INIT("ftyphei"), S_INIT("HEIC") }, { 4, S_INIT("ftyphev"), S_INIT("HEIC") }, { 4, S_INIT("ftypmif1"), S_INIT("HEIC") },
	{ 4, S_INIT("ftypmsf1"), S_INIT("HEIC") }, { 4, S_INIT("ftypcrx"), S_INIT("CR3") },
	{ 0, S_INIT("II*\0"), S_INIT("TIFF") }, { 0, S_INIT("MM\0*"), S_INIT("TIFF") }, { 0, S_INIT("IIRO"), S_INIT("ORF") }, { 0, S_INIT("IIU\0"), S_INIT("RW2") },
	{ 0, S_INIT("FUJIFILMCCD-RAW"), S_INIT("RAF") }, { 0, S_INIT("8BPS"), S_INIT("PSD") },
	{ 0, S_INIT("\xFF\x0A"), S_INIT("JPEG XL") }, { 4, S_INIT("JXL \r\n"), S_INIT("JPEG XL") }, { 4, S_INIT("jP  \r\n"), S_INIT("JPEG 2000") },
};

static const struct { str ending, name; } refused_endings[] = {
	{ S_INIT(".avif"), S_INIT("AVIF") }, { S_INIT(".heic"), S_INIT("HEIC") }, { S_INIT(".heif"), S_INIT("HEIC") }, { S_INIT(".tif"), S_INIT("TIFF") },
	{ S_INIT(".tiff"), S_INIT("TIFF") }, { S_INIT(".bmp"), S_INIT("BMP") }, { S_INIT(".dng"), S_INIT("DNG") }, { S_INIT(".cr2"), S_INIT("CR2") },
	{ S_INIT(".nef"), S_INIT("NEF") }, { S_INIT(".arw"), S_INIT("ARW") }, { S_INIT(".psd"), S_INIT("PSD") }, { S_INIT(".jxl"), S_INIT("JPEG XL") },
	{ S_INIT(".jp2"), S_INIT("JPEG 2000") },
};

static const str picture_endings[] = {
	S_INIT(".jpg"), S_INIT(".jpeg"), S_INIT(".jpe"), S_INIT(".jfif"), S_INIT(".png"), S_INIT(".apng"), S_INIT(".webp"), S_INIT(".gif"),
};

static bool
ends_fold(str s, str ending)
{
	return s.len >= ending.len && str_equal_fold(str_slice(s, s.len - ending.len, s.len), ending);
}

/* What it is called when it is a picture that is not published as such; STR_NONE when it is none. */
static str
refused_format(str name, struct bytes in)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (bytes_at(in, refused[i].at, refused[i].magic.ptr, refused[i].magic.len))
			return refused[i].name;
	for (size_t i = 0; i < sizeof refused_endings / sizeof *refused_endings; i++)
		if (ends_fold(name, refused_endings[i].ending))
			return refused_endings[i].name;
	return STR_NONE;
}

static bool
is_picture_name(str name)
{
	for (size_t i = 0; i < sizeof picture_endings / sizeof *picture_endings; i++)
		if (ends_fold(name, picture_endings[i]))
			return true;
	return false;
}

static void
run(struct cleaning *c, size_t format, struct media_image *image)
{
	image->mime = formats[format].mime;
	if (!formats[format].clean(c)) {
		image->fault = c->fault;
		image->what = str_from_c(c->what);
		image->where = c->where;
		return;
	}
	image->orientation = c->orientation;
	image->width = c->orientation > 4 ? c->height : c->width;
	image->height = c->orientation > 4 ? c->width : c->height;
	if ((uint64_t)c->width * c->height > MAX_PIXELS)
		image->fault = IMAGE_TOO_LARGE;
}

bool
media_read_image(str name, str bytes, struct arena *out, struct media_image *image)
{
	struct cleaning c = { .in = { (const unsigned char *)bytes.ptr, bytes.len }, .orientation = 1, .tmp = out };

	*image = (struct media_image){ .bytes = bytes };
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (bytes_at(c.in, formats[i].at, formats[i].magic.ptr, formats[i].magic.len)) {
			run(&c, i, image);
			if (image->fault)
				return false;
			image->bytes = str_join(out, c.pieces.ptr, c.pieces.len, STR_NONE);
			return true;
		}
	image->what = refused_format(name, c.in);
	image->fault = image->what.ptr ? IMAGE_FORMAT : is_picture_name(name) ? IMAGE_UNKNOWN : IMAGE_FINE;
	return !image->fault;
}

str
media_clean(str name, str bytes, struct arena *tmp)
{
	struct media_image image;

	if (!media_read_image(name, bytes, tmp, &image))
		return STR_NONE;
	return image.mime.ptr || !str_equal(media_mime(name), S("image/svg+xml")) ? image.bytes : media_clean_svg(bytes, tmp);
}
