/* The escapers: what a value becomes where it stands. Pure; they write to a buffer. */
#ifndef SCRIPT_ESCAPE_H
#define SCRIPT_ESCAPE_H

#include "base/buf.h"

void escape_html(struct buf *b, str s);         /* element text, quoted attribute, <title>, <textarea>: & < > " ' */
void escape_xml(struct buf *b, str s);          /* the same; without the control bytes XML 1.0 has no way to write */
void escape_ics(struct buf *b, str s);          /* RFC 5545, 3.3.11: \\ \; \, \n */
/* Would a spreadsheet compute it? = @ tab and CR in front; + and - where no number follows. */
bool escape_csv_is_formula(str s);
void escape_csv(struct buf *b, str s);          /* RFC 4180: one field in quotes; an apostrophe before a formula */
void escape_url_part(struct buf *b, str s);     /* all but RFC 3986's unreserved characters becomes %XX */
void escape_url_path(struct buf *b, str s);     /* keeps what may stand in a path, and valid %XX; escaped for an attribute */
/* Start of an address: http, https, mailto, tel or relative. False, writing nothing, for another scheme. */
bool escape_url(struct buf *b, str s);
/* "a.jpg 400w, b.jpg 800w". False for a scheme or a descriptor that is none. */
bool escape_srcset(struct buf *b, str s);
/* A number with or without unit, a colour #rgb…, an identifier. False for everything else. */
bool escape_css(struct buf *b, str s);

/* Lines of an iCalendar file end in CRLF and have at most 75 octets (RFC 5545, 3.1); a character is never cut. */
void ics_fold(struct buf *b, str s);
/* Lines of a CSV file end in CRLF (RFC 4180, 2); what stands in quotes stays, empty lines go. */
void csv_lines(struct buf *b, str s);

#endif
