/* What cmark does not do for us, for document/ only: ~~strike~~ and bare URLs over text nodes, and keeping their bytes
 * from the inline parser. */
#ifndef DOCUMENT_INLINE_H
#define DOCUMENT_INLINE_H

#include <cmark-gfm.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

/* May there be a bare URL in it? */
bool inline_has_url(str s);

/* The body, or a copy of it of the same length in which
 * - the character after a backslash, where it would start a strike or an address, is another control byte, so that
 *   "\~" is not taken for a delimiter once cmark has merged its text nodes;
 * - the circumflex of a note's reference that does not end on its line is a control byte: it is text;
 * - in bare URLs, the bytes that mean something to cmark (_ * ~ & \) are control bytes;
 * - control characters of the body are spaces.
 * *changed: restoring is needed. */
str inline_protect(str body, struct arena *tmp, bool *changed);
/* Gives back the bytes of the body: of a text or an address (backslashes before them go) or of code and HTML (they stay). */
str inline_restore_text(str s, struct arena *tmp);
str inline_restore_raw(str s, struct arena *tmp);

enum address_kind { ADDRESS_URL, ADDRESS_WWW, ADDRESS_MAIL };
struct address { size_t start, end; enum address_kind kind; };
/* The next bare address at or after `from` in a text node (GFM, "Autolinks (extension)"). */
bool inline_next_address(str text, size_t from, struct address *found);

/* An end of a struck text: `len` tildes at `at` in a text node. */
struct strike {
	cmark_node *node, *parent;
	uint32_t at;
	uint8_t len;
	bool opens, closes;          /* before matching: may it; after: does it */
};
struct strikes { VEC(struct strike) list; };
/* All strikes of a tree in document order (GFM, "Strikethrough (extension)"). */
void inline_find_strikes(cmark_node *root, struct strikes *strikes, struct arena *tmp);

#endif
