/* Flat shapes have few colours, and smoothed edges many that are nearly those: the 256 most frequent serve all, which halves the file. */
#include <expat.h>
#include <png.h>

#include "media/media.h"
#include "media/paint.h"

#define SLOTS 65536u             /* a power of two */
#define MAX_COLORS 256u

struct tint { uint32_t rgb; unsigned count, index; };
struct tints { struct tint *slots; size_t used; };

/* The slot of a colour; NULL when it has none and no more are given out. */
static struct tint *
tint_of(struct tints *t, uint32_t rgb)
{
	unsigned at = (rgb * 2654435761u) >> 16;

	for (;; at = (at + 1) & (SLOTS - 1)) {
		struct tint *slot = &t->slots[at];
		if (slot->count && slot->rgb == rgb)
			return slot;
		if (!slot->count) {
			if (t->used >= SLOTS / 2)
				return NULL;
			t->used++;
			slot->rgb = rgb;
			return slot;
		}
	}
}

static int
by_count(const void *a, const void *b, void *context)
{
	const struct tint *x = *(struct tint *const *)a, *y = *(struct tint *const *)b;

	(void)context;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->rgb > y->rgb) - (x->rgb < y->rgb);
}

static void
count_colors(const struct canvas *c, struct tints *t)
{
	struct tint *last = NULL;

	for (size_t i = 0, n = (size_t)c->width * c->height; i < n; i++) {
		uint32_t rgb = c->pixels[i];
		if (!last || last->rgb != rgb)
			last = tint_of(t, rgb);
		if (last)
			last->count++;
	}
}

static unsigned
nearest(const unsigned char palette[MAX_COLORS][3], unsigned n, uint32_t rgb)
{
	int red = (int)(rgb >> 16), green = (int)(rgb >> 8 & 255), blue = (int)(rgb & 255), least = INT32_MAX;
	unsigned best = 0;

	for (unsigned i = 0; i < n && least; i++) {
		int r = red - palette[i][0], g = green - palette[i][1], b = blue - palette[i][2], away = r * r + g * g + b * b;
		if (away < least) {
			least = away;
			best = i;
		}
	}
	return best;
}

/* Fills the palette and gives every colour that was counted its index; how many entries there are. */
static unsigned
choose_palette(struct tints *t, unsigned char palette[MAX_COLORS][3], struct arena *tmp)
{
	struct tint **all = arena_array(tmp, struct tint *, t->used + 1);
	unsigned n = 0, chosen;

	for (size_t i = 0; i < SLOTS; i++)
		if (t->slots[i].count)
			all[n++] = &t->slots[i];
	vec_sort(all, n, sizeof *all, by_count, NULL);
	chosen = n < MAX_COLORS ? n : MAX_COLORS;
	for (unsigned i = 0; i < chosen; i++)
		for (unsigned k = 0; k < 3; k++)
			palette[i][k] = (unsigned char)(all[i]->rgb >> (16 - 8 * k));
	for (unsigned i = 0; i < n; i++)
		all[i]->index = i < chosen ? i : nearest((const unsigned char (*)[3])palette, chosen, all[i]->rgb);
	return chosen;
}

static void
index_pixels(const struct canvas *c, struct tints *t, const unsigned char palette[MAX_COLORS][3], unsigned n, unsigned char *to)
{
	struct tint *last = NULL;

	for (size_t i = 0, end = (size_t)c->width * c->height; i < end; i++) {
		uint32_t rgb = c->pixels[i];
		if (!last || last->rgb != rgb)
			last = tint_of(t, rgb);
		to[i] = (unsigned char)(last && last->count ? last->index : nearest(palette, n, rgb));
	}
}

str
canvas_png(const struct canvas *c, struct arena *out, struct arena *tmp)
{
	unsigned char palette[MAX_COLORS][3];
	struct tints tints = { arena_array(tmp, struct tint, SLOTS), 0 };
	unsigned char *indexes = arena_array(tmp, unsigned char, (size_t)c->width * c->height);
	png_image image = { .version = PNG_IMAGE_VERSION, .width = c->width, .height = c->height, .format = PNG_FORMAT_RGB_COLORMAP };
	png_alloc_size_t size;
	char *room;

	count_colors(c, &tints);
	image.colormap_entries = choose_palette(&tints, palette, tmp);
	index_pixels(c, &tints, (const unsigned char (*)[3])palette, image.colormap_entries, indexes);
	size = PNG_IMAGE_PNG_SIZE_MAX(image);
	room = arena_room(tmp, size);
	if (!png_image_write_to_memory(&image, room, &size, 0, indexes, 0, palette))
		return STR_NONE;
	return str_copy(out, (str){ room, size });
}

str
media_versions(struct arena *out)
{
	XML_Expat_Version v = XML_ExpatVersionInfo();

	return str_format(out, "Expat %d.%d.%d, libpng %s", v.major, v.minor, v.micro, png_get_libpng_ver(NULL));
}
