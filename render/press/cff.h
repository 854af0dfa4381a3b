/* cff.h -- private to press/: which numbers a CFF font gives its glyphs (Adobe Technical Note 5176). */
#ifndef RENDER_PRESS_CFF_H
#define RENDER_PRESS_CFF_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef enum CffKind {
    CFF_BROKEN,
    CFF_CIDS,                     /* CID-keyed, each CID the glyph's id */
    CFF_OTHER_CIDS,               /* CID-keyed, of a larger set of glyphs: a font for one region has the CIDs of all regions */
    CFF_NAMES                     /* glyphs have names: PDF counts them by id */
} CffKind;

CffKind cff_kind(const uint8_t *bytes, size_t size);

/* The CID-keyed font with other CIDs, `cids[glyph]` for each of its `count` glyphs; 0 is glyph 0. In the arena; NULL when the
 * font is broken. */
const uint8_t *cff_with_cids(Arena *arena, const uint8_t *bytes, size_t size, const uint16_t *cids, size_t count, size_t *out_size);

#endif
