/* request: what a browser asks for, read without trust. Pure functions. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include "base/arena.h"
#include "base/str.h"

/* "/a%20b/?x" → "/a b/" and "x". False for what is no address of any site: not a path, a badly written %XX, a zero byte, a control
 * character, a backslash, "." or ".." between slashes. */
bool request_read_address(str raw, struct arena *out, str *path, str *query);

/* Is this the name of this machine as it calls itself? ("localhost:8000", "127.0.0.1", "[::1]:8000", "portail.localhost") Another name that
 * leads here is a page of elsewhere that wants to read what is not published yet. */
bool request_host_is_ours(str host);

/* The hash in `"0123456789abcdef"`, an entity tag of ours, alone or first in a list; 0 for any other. */
uint64_t request_tag(str header);

/* One range of bytes; more than one, or what cannot be read, is as none. `from` and `to` are of the first byte and after the last. */
enum request_range { REQUEST_WHOLE, REQUEST_PART, REQUEST_OUTSIDE };
enum request_range request_range(str header, uint64_t size, uint64_t *from, uint64_t *to);

#endif
