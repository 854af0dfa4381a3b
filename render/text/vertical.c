/* vertical.c -- which characters of vertical text keep their heads up and which lie with the line: UAX #50 with clreq's
 * corrections for Chinese, quotation marks in their vertical form. What is drawn changes, never what is copied. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>

#include "base/num.h"

/* ---- forms ---- */

static bool is_chinese(const char *lang) { return !lang || !*lang || strncmp(lang, "zh", 2) == 0; }

/* GB/T 15834-2011, 5.2: in vertical text “ ” and ‘ ’ become 『』 and 「」. */
static uint32_t vertical_quote(uint32_t c)
{
    switch (c) {
    case 0x201C: return 0x300E;
    case 0x201D: return 0x300F;
    case 0x2018: return 0x300C;
    case 0x2019: return 0x300D;
    default: return c;
    }
}

/* The forms of Unicode for vertical text, for fonts without the feature vert: strikes. HarfBuzz knows them for outlines. */
static uint32_t vertical_form(uint32_t c)
{
    static const uint16_t forms[][2] = {{0x2013, 0xFE32}, {0x2014, 0xFE31}, {0x2025, 0xFE30}, {0x2026, 0xFE19}, {0x3001, 0xFE11}, {0x3002, 0xFE12}, {0x3008, 0xFE3F}, {0x3009, 0xFE40},
        {0x300A, 0xFE3D}, {0x300B, 0xFE3E}, {0x300C, 0xFE41}, {0x300D, 0xFE42}, {0x300E, 0xFE43}, {0x300F, 0xFE44}, {0x3010, 0xFE3B},
        {0x3011, 0xFE3C}, {0x3014, 0xFE39}, {0x3015, 0xFE3A}, {0x3016, 0xFE17}, {0x3017, 0xFE18}, {0xFF01, 0xFE15}, {0xFF08, 0xFE35},
        {0xFF09, 0xFE36}, {0xFF0C, 0xFE10}, {0xFF1A, 0xFE13}, {0xFF1B, 0xFE14}, {0xFF1F, 0xFE16}, {0xFF3B, 0xFE47}, {0xFF3D, 0xFE48},
        {0xFF3F, 0xFE33}, {0xFF5B, 0xFE37}, {0xFF5D, 0xFE38}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) if (forms[i][0] == c) return forms[i][1];
    return 0;
}

/* Does the font draw another glyph for it in vertical text, by its feature vert or by a form of Unicode (U+FE10..FE48)? */
static bool has_form(TextEngine *engine, const Face *face, uint32_t c, const char *lang)
{
    KnownForm *known = &engine->forms[(c * 31u + face->serial * 7u) % ENGINE_FORMS];
    if (known->face == face && known->codepoint == c && known->lang == lang) return known->is_there;
    *known = (KnownForm){.face = face, .codepoint = c, .lang = lang};
    hb_font_t *font = font_hb_vertical(face);
    hb_codepoint_t plain = 0;
    if (!font || !hb_font_get_nominal_glyph(font, c, &plain)) return false;
    hb_buffer_t *buffer = engine->buffer;
    hb_buffer_clear_contents(buffer);
    hb_buffer_add_codepoints(buffer, &c, 1, 0, 1);
    hb_buffer_set_direction(buffer, HB_DIRECTION_TTB);
    hb_buffer_set_script(buffer, HB_SCRIPT_HAN);
    hb_buffer_set_language(buffer, shape_language(lang));
    hb_shape(font, buffer, NULL, 0);
    unsigned count = 0;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &count);
    known->is_there = count == 1 && infos[0].codepoint != plain && infos[0].codepoint != 0;
    return known->is_there;
}

/* ---- stances ---- */

/* Letters that join: upright they would come apart. */
static bool is_joined(hb_script_t script)
{
    return script == HB_SCRIPT_ARABIC || script == HB_SCRIPT_MONGOLIAN || script == HB_SCRIPT_SYRIAC || script == HB_SCRIPT_PHAGS_PA ||
           script == HB_SCRIPT_NKO || script == HB_SCRIPT_MANDAIC || script == HB_SCRIPT_MANICHAEAN || script == HB_SCRIPT_ADLAM;
}

static Stance stance_of(TextEngine *engine, const Char *c, const TextStyle *style)
{
    if (style->orientation == ORIENTATION_SIDEWAYS || is_joined(c->script)) return STANCE_SIDEWAYS;
    if (style->orientation == ORIENTATION_UPRIGHT) return STANCE_UPRIGHT;
    switch (u_getIntPropertyValue((UChar32)c->codepoint, UCHAR_VERTICAL_ORIENTATION)) {
    case U_VO_UPRIGHT:
    case U_VO_TRANSFORMED_UPRIGHT: return STANCE_UPRIGHT;
    case U_VO_TRANSFORMED_ROTATED:
        /* clreq: in Chinese these stand whatever the font has. */
        if ((c->codepoint == 0xFF1A || c->codepoint == 0xFF1B) && is_chinese(style->lang)) return STANCE_UPRIGHT;
        return c->face && has_form(engine, c->face, c->codepoint, style->lang) ? STANCE_UPRIGHT : STANCE_SIDEWAYS;
    default: return STANCE_SIDEWAYS;
    }
}

static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

/* Something Western that lies and touches: 5G, 3.15, 96110 and 11% lie as a whole. */
static bool lies(const Char *c)
{
    return c->stance == STANCE_SIDEWAYS && c->codepoint < 0x2000 && c->codepoint != ' ' && !char_is_invisible(c->codepoint);
}

/* Digits alone among upright characters share a square: one to three of them, two on screens of dots, which have no third
 * of a square. */
static void combine_digits(TextEngine *engine, const TextInput *input, Char *chars, size_t count)
{
    size_t most = engine->is_dots ? 2 : COMBINE_DIGITS_MOST;
    for (size_t i = 0, end; i < count; i = end) {
        end = i + 1;
        if (!is_digit(chars[i].codepoint)) continue;
        while (end < count && is_digit(chars[end].codepoint)) end++;
        const TextStyle *style = input->spans[chars[i].span].style;
        if (style->combine != COMBINE_DIGITS || style->orientation == ORIENTATION_SIDEWAYS || end - i > most) continue;
        if (chars[end - 1].span != chars[i].span || (end < count && !chars[end].starts_grapheme)) continue;
        if ((i && lies(&chars[i - 1])) || (end < count && lies(&chars[end]))) continue;
        for (size_t k = i; k < end; k++) chars[k].stance = STANCE_COMBINED;
    }
}

bool vertical_lifts(uint32_t c, int before, int em)
{
    return (c == 0x3001 || c == 0x3002 || c == 0xFF0C || c == 0xFF0E) && 2 * before >= em;
}

/* From the top of the em box to the ink, in the glyph's units; less than 0: no ink. */
static int blank_above(const ShapedText *shaped, const Item *item, const ShapedGlyph *glyph, int ppem)
{
    hb_glyph_extents_t box;
    if (!ppem) return hb_font_get_glyph_extents(font_hb_font(item->face), glyph->id, &box) && box.width ? glyph->x - box.y_bearing : -1;
    DotMode mode = font_has_strike(item->face, ppem) ? DOT_STRIKE : DOT_MONO;
    FT_Face face = font_ft_dots(shaped->engine->fonts, item->face, ppem, mode);
    if (!face || FT_Load_Glyph(face, glyph->id, font_load_flags(mode) | FT_LOAD_RENDER)) return -1;
    DotInk ink = dots_ink(&face->glyph->bitmap);
    return ink.right > ink.left ? dots_above(item->face, ppem) - face->glyph->bitmap_top + ink.top : -1;
}

void vertical_lift_stops(ShapedText *shaped, const Item *item, const hb_glyph_info_t *infos, unsigned count, size_t first_glyph, int ppem)
{
    int em = ppem ? ppem : item->face->units_per_em, half = em / 2 * (ppem ? 64 : 1);
    for (unsigned i = 0; i < count; i++) {
        ShapedGlyph *glyph = &shaped->glyphs[first_glyph + i];
        uint32_t c = shaped->itemised.codepoints[item->paragraph + infos[i].cluster];
        if (!vertical_lifts(c, em, em) || !vertical_lifts(c, blank_above(shaped, item, glyph, ppem), em)) continue;
        glyph->x -= half;
        glyph->y += half;
    }
}

/* How many squares of characters one square may hold. */
static double widest_of(const ShapedText *shaped) { return shaped->is_dots ? COMBINE_DOTS_WIDEST : 1 / COMBINE_NARROWEST; }

static bool say_too_wide(const ShapedText *shaped, const Item *item, double ems, DiagList *diags)
{
    if (!diags) return false;
    const TextSpan *span = &shaped->input.spans[shaped->itemised.chars[item->start].span];
    const Char *chars = shaped->itemised.chars;
    size_t from = chars[item->start].offset, end = item->end < shaped->itemised.char_count ? chars[item->end].offset : shaped->input.length;
    const char *hint = shaped->is_dots ? "combine no more than two half-width characters on screens of dots"
                                       : "combine fewer characters: two or three are read at a glance";
    char is[NUM_ROOM], most[NUM_ROOM];
    return diag_error(diags, span->where.source ? span->where : shaped->input.where, "combine-too-wide", hint,
                      "\"%.*s\" is %s em wide: too much for one square, which holds %s em", (int)(end - from), shaped->input.text + from,
                      num_format(is, ems, 1), num_format(most, widest_of(shaped), 2));
}

bool vertical_combine(ShapedText *shaped, uint32_t index, size_t first_glyph, int32_t em, DiagList *diags)
{
    const Item *item = &shaped->itemised.items[index];
    int64_t width = 0;
    for (size_t i = first_glyph; i < shaped->glyph_count; i++) width += shaped->glyphs[i].advance;
    if ((double)width > em * widest_of(shaped)) return say_too_wide(shaped, item, (double)width / em, diags);
    double stretch = width > em && !shaped->is_dots ? (double)em / (double)width : 1;
    double pen = -(double)width / 2;
    for (size_t i = first_glyph; i < shaped->glyph_count; i++) {
        ShapedGlyph *glyph = &shaped->glyphs[i];
        double right = floor((pen + glyph->x) * stretch);
        if (shaped->is_dots) right = floor(right / 64) * 64;
        pen += glyph->advance;
        *glyph = (ShapedGlyph){glyph->id, i + 1 == shaped->glyph_count ? em : 0, -glyph->y, (int32_t)right};
    }
    if (stretch == 1) return true;
    double *stretches = shaped->stretches ? (double *)shaped->stretches : ARENA_ARRAY(shaped->arena, double, shaped->itemised.item_count);
    stretches[index] = stretch;
    shaped->stretches = stretches;
    return true;
}

/* What is shaped for a mark: itself, or another character that stands. */
static uint32_t form_of(TextEngine *engine, const Char *c, const TextStyle *style)
{
    if (style->orientation == ORIENTATION_SIDEWAYS || c->script != HB_SCRIPT_HAN || !c->face) return c->codepoint;
    uint32_t quote = is_chinese(style->lang) ? vertical_quote(c->codepoint) : c->codepoint;
    if (!font_has(c->face, quote)) quote = c->codepoint;
    uint32_t form = engine->is_dots ? vertical_form(quote) : 0;
    return form && font_has(c->face, form) ? form : quote;
}

void vertical_stand(TextEngine *engine, const TextInput *input, Char *chars, uint32_t *codepoints, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const TextStyle *style = input->spans[chars[i].span].style;
        if (i && !chars[i].starts_grapheme) {
            chars[i].stance = chars[i - 1].stance;
            continue;
        }
        if (style->combine == COMBINE_ALL) {
            chars[i].stance = STANCE_COMBINED;
            continue;
        }
        uint32_t form = form_of(engine, &chars[i], style);
        if (form != chars[i].codepoint) codepoints[i] = form;
        chars[i].stance = form != chars[i].codepoint ? STANCE_UPRIGHT : (uint8_t)stance_of(engine, &chars[i], style);
    }
    combine_digits(engine, input, chars, count);
}
