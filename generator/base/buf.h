/* buf: a growing byte buffer with a maximum and a sticky error. Writers return nothing; the caller looks at
 * `failed` once at the end: it is set when the maximum was passed, and further writes do nothing.
 * Memory is its own (not an arena's), so that one buffer serves many pages: buf_clear keeps it, buf_free returns it. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *ptr;
	size_t len;
	size_t usable;               /* of the memory: up to `max`; nothing once failed */
	size_t cap, max;
	bool failed;
};

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);
void buf_clear(struct buf *b);                  /* empty and not failed; memory kept */
void buf_grow(struct buf *b, size_t more);      /* slow path of buf_put */

static inline void
buf_put(struct buf *b, str s)
{
	if (b->len + s.len > b->usable) {
		buf_grow(b, s.len);
		if (b->failed)
			return;
	}
	if (s.len)
		memcpy(b->ptr + b->len, s.ptr, s.len);
	b->len += s.len;
}

static inline void
buf_put_c(struct buf *b, const char *s)
{
	buf_put(b, str_from_c(s));
}

static inline void
buf_byte(struct buf *b, char c)
{
	if (b->len < b->usable)
		b->ptr[b->len++] = c;
	else
		buf_put(b, (str){ &c, 1 });
}

void buf_fill(struct buf *b, char c, size_t n);
void buf_int(struct buf *b, int64_t value);
void buf_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A double, locale-free, as few digits as read back the same value; integers without ".0". */
void buf_number(struct buf *b, double value);
/* JSON string content of `s` without the quotes; also escapes <, >, & and U+2028/9, so that it is safe inside a script element. */
void buf_json(struct buf *b, str s);
void buf_json_string(struct buf *b, str s);     /* with the quotes */
str buf_str(const struct buf *b);               /* view, valid until the next write */
str buf_copy(const struct buf *b, struct arena *out);

#endif
