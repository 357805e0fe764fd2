#include "media/media.h"

static const struct { str extension, mime; } kinds[] = {
	{ S_INIT("css"), S_INIT("text/css") }, { S_INIT("js"), S_INIT("text/javascript") }, { S_INIT("mjs"), S_INIT("text/javascript") },
	{ S_INIT("json"), S_INIT("application/json") }, { S_INIT("geojson"), S_INIT("application/geo+json") },
	{ S_INIT("webmanifest"), S_INIT("application/manifest+json") }, { S_INIT("xml"), S_INIT("application/xml") },
	{ S_INIT("html"), S_INIT("text/html") }, { S_INIT("txt"), S_INIT("text/plain") }, { S_INIT("csv"), S_INIT("text/csv") },
	{ S_INIT("ics"), S_INIT("text/calendar") }, { S_INIT("vtt"), S_INIT("text/vtt") },
	{ S_INIT("svg"), S_INIT("image/svg+xml") }, { S_INIT("png"), S_INIT("image/png") }, { S_INIT("jpg"), S_INIT("image/jpeg") },
	{ S_INIT("jpeg"), S_INIT("image/jpeg") }, { S_INIT("webp"), S_INIT("image/webp") }, { S_INIT("avif"), S_INIT("image/avif") },
	{ S_INIT("gif"), S_INIT("image/gif") }, { S_INIT("ico"), S_INIT("image/x-icon") },
	{ S_INIT("woff2"), S_INIT("font/woff2") }, { S_INIT("woff"), S_INIT("font/woff") }, { S_INIT("ttf"), S_INIT("font/ttf") },
	{ S_INIT("otf"), S_INIT("font/otf") }, { S_INIT("pdf"), S_INIT("application/pdf") }, { S_INIT("zip"), S_INIT("application/zip") },
	{ S_INIT("mp3"), S_INIT("audio/mpeg") }, { S_INIT("ogg"), S_INIT("audio/ogg") }, { S_INIT("mp4"), S_INIT("video/mp4") },
	{ S_INIT("webm"), S_INIT("video/webm") }, { S_INIT("gpx"), S_INIT("application/gpx+xml") },
	{ S_INIT("odt"), S_INIT("application/vnd.oasis.opendocument.text") },
	{ S_INIT("ods"), S_INIT("application/vnd.oasis.opendocument.spreadsheet") },
	{ S_INIT("docx"), S_INIT("application/vnd.openxmlformats-officedocument.wordprocessingml.document") },
	{ S_INIT("xlsx"), S_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") },
};

str
media_mime(str name)
{
	size_t dot = name.len;

	while (dot > 0 && name.ptr[dot - 1] != '.' && name.ptr[dot - 1] != '/')
		dot--;
	if (dot > 0 && name.ptr[dot - 1] == '.')
		for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
			if (str_equal_fold(kinds[i].extension, str_slice(name, dot, name.len)))
				return kinds[i].mime;
	return S("application/octet-stream");
}
