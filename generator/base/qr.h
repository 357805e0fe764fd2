/* qr: codes to scan (ISO/IEC 18004), byte mode, correction level M, versions 1 to 10. */
#ifndef BASE_QR_H
#define BASE_QR_H

#include "base/arena.h"
#include "base/buf.h"

#define QR_MAX_SIDE 57
#define QR_MAX_BYTES 213

/* The leftmost module of a row is the highest of its `side` bits; a set bit is dark. No quiet zone. */
struct qr { unsigned side; uint64_t rows[QR_MAX_SIDE]; };

/* Keeps in `out` what codes of one version share, made for the first of each. Not for two threads at once. */
struct qr_maker;
struct qr_maker *qr_maker_new(struct arena *out);

/* The smallest version that holds `text`, under a mask that leaves no more runs and false finders than chance. False when it is longer than QR_MAX_BYTES. */
bool qr_encode(struct qr_maker *maker, struct qr *code, str text);

/* Appends the dark modules as an SVG path of strokes of width 1: "M0 .5h7m1 0h3…". */
void qr_path(const struct qr *code, struct buf *b);

#endif
