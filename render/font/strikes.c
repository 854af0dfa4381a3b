/* strikes.c -- which glyphs of an sfnt font some bitmap strike really draws.
 *
 * The character map of a font like WenQuanYi Zen Hei Sharp also reaches glyphs that exist as outlines only; at 12 to 16
 * dots those would come out silently wrong. Read from EBLC (OpenType 1.9, "EBLC"), every offset checked. */
#include "font/private.h"

#include <stdlib.h>

typedef struct Bytes { const uint8_t *at; size_t size; } Bytes;

static uint32_t u16(Bytes b, size_t at) { return at + 2 <= b.size ? (uint32_t)b.at[at] << 8 | b.at[at + 1] : 0; }
static uint32_t u32(Bytes b, size_t at) { return u16(b, at) << 16 | u16(b, at + 2); }

typedef struct GlyphBits { uint8_t *bits; unsigned count; } GlyphBits;

static void set(GlyphBits glyphs, uint32_t glyph)
{
    if (glyph < glyphs.count)
        glyphs.bits[glyph / 8] |= (uint8_t)(1u << (glyph % 8));
}

/* One index subtable: glyphs first..last, `at` is its header. Equal neighbouring offsets mean "no picture". */
static void read_subtable(Bytes table, size_t at, uint32_t first, uint32_t last, GlyphBits glyphs)
{
    if (at + 8 > table.size || last < first)
        return;
    uint32_t format = u16(table, at), glyph_total = u32(table, at + 8 + (format == 5 ? 12 : 0));
    size_t width = format == 1 ? 4 : 2, body = at + 8;
    switch (format) {
    case 1:
    case 3:
        for (uint32_t i = 0; i <= last - first && body + (i + 2) * width <= table.size; i++) {
            uint32_t here = width == 4 ? u32(table, body + i * 4) : u16(table, body + i * 2);
            uint32_t next = width == 4 ? u32(table, body + (i + 1) * 4) : u16(table, body + (i + 1) * 2);
            if (next > here)
                set(glyphs, first + i);
        }
        break;
    case 2:
        for (uint32_t glyph = first; glyph <= last; glyph++)
            set(glyphs, glyph);
        break;
    case 4:
        for (uint32_t i = 0; i < glyph_total && body + 4 + (i + 2) * 4 <= table.size; i++)
            if (u16(table, body + 4 + (i + 1) * 4 + 2) > u16(table, body + 4 + i * 4 + 2))
                set(glyphs, u16(table, body + 4 + i * 4));
        break;
    case 5:                                       /* imageSize u32, bigMetrics 8 bytes, numGlyphs u32, glyph ids */
        for (uint32_t i = 0; i < glyph_total && body + 16 + (i + 1) * 2 <= table.size; i++)
            set(glyphs, u16(table, body + 16 + i * 2));
        break;
    default:
        break;
    }
}

uint8_t *strike_glyphs_read(hb_face_t *face, unsigned glyph_count)
{
    GlyphBits glyphs = {calloc(glyph_count / 8 + 1, 1), glyph_count};
    hb_blob_t *blob = hb_face_reference_table(face, HB_TAG('E', 'B', 'L', 'C'));
    unsigned length;
    const char *data = hb_blob_get_data(blob, &length);
    Bytes table = {(const uint8_t *)data, data ? length : 0};
    uint32_t strike_count = table.size >= 8 ? u32(table, 4) : 0;
    for (uint32_t s = 0; glyphs.bits && s < strike_count && s < 256; s++) {
        size_t strike = 8 + 48 * (size_t)s;       /* BitmapSize record */
        size_t array = u32(table, strike);
        uint32_t subtable_count = u32(table, strike + 8);
        for (uint32_t i = 0; i < subtable_count && i < 65536 && array + 8 * ((size_t)i + 1) <= table.size; i++) {
            size_t entry = array + 8 * (size_t)i;
            read_subtable(table, array + u32(table, entry + 4), u16(table, entry), u16(table, entry + 2), glyphs);
        }
    }
    hb_blob_destroy(blob);
    return glyphs.bits;
}
