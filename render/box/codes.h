/* codes.h -- private to box/: what a QR code or a bar code is made of (libqrencode, zint), and where its modules lie. */
#ifndef RENDER_BOX_CODES_H
#define RENDER_BOX_CODES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "document/document.h"
#include "scene/scene.h"

/* ISO/IEC 18004. */
typedef struct QrSymbol {
    int size;                     /* modules a side */
    const uint8_t *dark;          /* size * size, 1 = dark */
    const char *data;
} QrSymbol;

/* The smallest symbol that holds `data`; numeric and alphanumeric modes where they fit. NULL after `qr-too-long` (how many
 * bytes, how many fit at this level) or `empty-code`; warns `qr-non-ascii`. */
const QrSymbol *codes_qr(Arena *arena, const char *data, QrLevel level, Span where, DiagList *diags);

/* Lay the symbol with `quiet` modules round it into `box`: square, centred, on screens in whole px. Reports `qr-too-small`
 * (an error below 0.25 mm or 2 px a module, a warning below 0.35 mm) with the width that would do; false after an error. */
bool codes_qr_place(const QrSymbol *symbol, Rect box, unsigned quiet, bool is_screen, Span where, DiagList *diags, Rect *area);

/* The same for a code in a line of words of this em: its height is said in em. */
bool codes_qr_place_inline(const QrSymbol *symbol, Rect box, unsigned quiet, Length em, bool is_screen, Span where, DiagList *diags, Rect *area);

/* A bar code: rows of bars (linear ones have one row), or square modules (Data Matrix). */
typedef struct BarSymbol {
    int width, height;            /* modules; height 1: linear */
    const uint8_t *dark;          /* width * height, 1 = dark */
    int quiet_left, quiet_right;  /* modules; all round when square */
    bool modules;                 /* square modules */
    const char *data;             /* as printed under it */
} BarSymbol;

/* NULL after `bad-barcode` or `empty-code`. */
const BarSymbol *codes_bars(Arena *arena, const char *data, BarcodeType type, Span where, DiagList *diags);

/* The bars as a path in `box` (quiet zones left free), whole px on screens; or for square modules the area they take.
 * False after `bar-too-small`. */
bool codes_bars_place(const BarSymbol *symbol, Rect box, bool is_screen, Arena *arena, Span where, DiagList *diags,
                      const Path **bars, Rect *area);

#endif
