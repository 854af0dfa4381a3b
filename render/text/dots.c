/* dots.c -- what fonts of dots do not know of themselves: the ink of their pictures, the blank half of full-width marks,
 * figures of one width. */
#include "text/private.h"

#include <string.h>

DotInk dots_ink(const FT_Bitmap *bitmap)
{
    DotInk ink = {(int)bitmap->width, (int)bitmap->rows, 0, 0};
    bool is_mono = bitmap->pixel_mode == FT_PIXEL_MODE_MONO;
    if (!is_mono && bitmap->pixel_mode != FT_PIXEL_MODE_GRAY) return (DotInk){0};
    for (int y = 0; y < (int)bitmap->rows; y++) {
        const unsigned char *row = bitmap->buffer + (ptrdiff_t)bitmap->pitch * (bitmap->pitch < 0 ? y + 1 - (int)bitmap->rows : y);
        for (int x = 0; x < (int)bitmap->width; x++) {
            if (is_mono ? !(row[x / 8] & (0x80 >> (x % 8))) : !row[x]) continue;
            if (x < ink.left) ink.left = x;
            if (x + 1 > ink.right) ink.right = x + 1;
            if (y < ink.top) ink.top = y;
            ink.bottom = y + 1;
        }
    }
    return ink.right ? ink : (DotInk){0};
}

/* Bitmap strikes are drawn for a baseline two rows above the foot, whatever their metrics promise: 10 of 12, 14 of 16, 22 of
 * 24 (reference led, 3.2 and 3.3). */
int dots_above(const Face *face, int rows)
{
    if (font_has_strike(face, rows)) return rows <= 24 && rows >= 10 ? rows - 2 : rows * 7 / 8;
    return rows * face->ascent / (face->ascent + face->descent);
}

/* The half of the square that the mark does not need: a few columns less where its ink reaches over the middle, none where
 * it stands there (：！？ of most strikes). */
void dots_measure_mark(TextEngine *engine, const Face *face, MarkBlank *blank)
{
    int dots = blank->dots;
    DotMode mode = font_has_strike(face, dots) ? DOT_STRIKE : DOT_MONO;
    hb_font_t *font = font_hb_dots(engine->fonts, face, dots, mode);
    hb_codepoint_t glyph;
    if (!font || !hb_font_get_nominal_glyph(font, blank->codepoint, &glyph)) return;
    int advance = hb_font_get_glyph_h_advance(font, glyph) / 64;
    FT_Face drawn = font_ft_dots(engine->fonts, face, dots, mode);
    if (10 * advance < 9 * dots || 10 * advance > 11 * dots || !drawn) return;
    if (FT_Load_Glyph(drawn, glyph, font_load_flags(mode) | FT_LOAD_RENDER)) return;
    DotInk ink = dots_ink(&drawn->glyph->bitmap);
    if (ink.right <= ink.left) return;
    int half = dots / 2, before = drawn->glyph->bitmap_left + ink.left, after = advance - drawn->glyph->bitmap_left - ink.right;
    if (blank->is_upright) {
        before = dots_above(face, dots) - drawn->glyph->bitmap_top + ink.top;
        if (vertical_lifts(blank->codepoint, before, dots)) before -= half;
        after = dots - before - (ink.bottom - ink.top);
    }
    bool is_left = after > before;
    int columns = is_left ? after : before;
    if (columns < half / 2) return;
    *(is_left ? &blank->after : &blank->before) = columns < half ? columns : half;
}

static bool wants_tabular(const TextStyle *style)
{
    for (size_t i = style->feature_count; i-- > 0;)
        if (strcmp(style->features[i].tag, "tnum") == 0) return style->features[i].value != 0;
    for (unsigned i = 0; i < NUMERIC_COUNT; i++)
        if (style->numeric & 1u << i && strcmp(numeric_features[i], "tnum") == 0) return true;
    return false;
}

/* Each stands in the middle of the widest. */
void dots_set_figures(ShapedGlyph *glyphs, const hb_glyph_info_t *infos, unsigned count, const Itemised *text, const Item *item, hb_font_t *font)
{
    hb_codepoint_t digits[10];
    int32_t widest = 0;
    if (!wants_tabular(item->style)) return;
    for (uint32_t d = 0; d < 10; d++) {
        if (!hb_font_get_nominal_glyph(font, '0' + d, &digits[d])) return;
        int32_t advance = hb_font_get_glyph_h_advance(font, digits[d]);
        if (advance > widest) widest = advance;
    }
    for (unsigned i = 0; i < count; i++) {
        uint32_t c = text->codepoints[item->paragraph + infos[i].cluster];
        if (c < '0' || c > '9' || glyphs[i].id != digits[c - '0']) continue;
        glyphs[i].x += ((widest - glyphs[i].advance) / 2) & ~63;
        glyphs[i].advance = widest;
    }
}
