/* vertical.c -- which characters of vertical text keep their heads up and which lie with the line: UAX #50 with clreq's
 * corrections for Chinese, quotation marks in their vertical form. What is drawn changes, never what is copied. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>

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

static Stance stance_of(TextEngine *engine, const Char *c, const TextStyle *style, uint32_t shaped)
{
    if (style->orientation == ORIENTATION_SIDEWAYS || is_joined(c->script)) return STANCE_SIDEWAYS;
    if (style->orientation == ORIENTATION_UPRIGHT || shaped != c->codepoint) return STANCE_UPRIGHT;
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

void vertical_stand(TextEngine *engine, const TextInput *input, Char *chars, uint32_t *codepoints, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const TextStyle *style = input->spans[chars[i].span].style;
        if (i && !chars[i].starts_grapheme) {
            chars[i].stance = chars[i - 1].stance;
            continue;
        }
        uint32_t quote = vertical_quote(chars[i].codepoint);
        if (quote != chars[i].codepoint && chars[i].script == HB_SCRIPT_HAN && style->orientation != ORIENTATION_SIDEWAYS &&
            is_chinese(style->lang) && chars[i].face && font_has(chars[i].face, quote))
            codepoints[i] = quote;
        chars[i].stance = (uint8_t)stance_of(engine, &chars[i], style, codepoints[i] == quote ? quote : chars[i].codepoint);
    }
}
