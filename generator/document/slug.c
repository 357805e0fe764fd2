#include "base/utf8.h"
#include "document/render.h"

#define MAX_SLUG 80              /* bytes: an address stays readable */

/* Letters of Latin-1 (from U+00C0) and Latin Extended-A without their marks; '-' where there is none. */
static const char latin1[] = "aaaaaaaceeeeiiiidnooooo-ouuuuyts" "aaaaaaaceeeeiiiidnooooo-ouuuuyty";
static const char extended[] =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnn"
    "oooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static str
fold(uint32_t c, char letter[2])
{
	if (c == 0xe6 || c == 0xc6)
		return S("ae");
	if (c == 0x152 || c == 0x153)
		return S("oe");
	if (c == 0xdf)
		return S("ss");
	if (c >= 0x300 && c < 0x370)  /* marks of decomposed letters */
		return STR_NONE;
	letter[0] = '-';
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		letter[0] = (char)c;
	else if (c >= 'A' && c <= 'Z')
		letter[0] = (char)(c + 32);
	else if (c >= 0xc0 && c < 0x100)
		letter[0] = latin1[c - 0xc0];
	else if (c >= 0x100 && c < 0x180)
		letter[0] = extended[c - 0x100];
	return (str){ letter, 1 };
}

str
render_slug(str text, struct arena *out)
{
	char *p = arena_room(out, MAX_SLUG + 4);
	size_t len = 0;

	for (size_t at = 0; at < text.len && len < MAX_SLUG;) {
		char letter[2];
		str folded;
		if (text.ptr[at] >= 'a' && text.ptr[at] <= 'z') {
			p[len++] = text.ptr[at++];
			continue;
		}
		folded = fold(utf8_next(text, &at), letter);
		for (size_t i = 0; i < folded.len; i++)
			if (folded.ptr[i] != '-' || (len && p[len - 1] != '-'))
				p[len++] = folded.ptr[i];
	}
	while (len && p[len - 1] == '-')
		len--;
	return len ? (str){ p, len } : S("section");
}
