/* cff.h -- private to press/: which numbers a CFF font gives its glyphs (Adobe Technical Note 5176). */
#ifndef RENDER_PRESS_CFF_H
#define RENDER_PRESS_CFF_H

#include <stddef.h>
#include <stdint.h>

typedef enum CffKind {
    CFF_OTHER,                    /* broken, or with CIDs that are not the glyph ids */
    CFF_CIDS,                     /* CID-keyed, each CID the glyph's id */
    CFF_NAMES                     /* glyphs have names: PDF counts them by id */
} CffKind;

CffKind cff_kind(const uint8_t *bytes, size_t size);

#endif
