/* notes.c -- where readings stand: over their characters, beside them, in a stack of bopomofo. */
#include "text/placing.h"

#include <string.h>

#include "base/utf8.h"

/* Runs of a reading that begins at x; the count. */
static size_t build_note(const Placing *placing, const RubyUnit *unit, Length note_size, int64_t x, Length baseline, GlyphRun *runs,
                         const TextStyle **styles)
{
    LineRange all = {.start = 0, .end = (uint32_t)unit->note->cluster_count};
    Part *parts = ARENA_ARRAY(placing->engine->scratch, Part, unit->note->itemised.item_count + 1);
    Placing own = {.engine = placing->engine, .arena = placing->arena, .shaped = unit->note, .size = note_size, .line = &all,
                   .share = placing->share, .largest = note_size, .x = text_bounded(x), .baseline = baseline};
    return place_runs(&own, parts, runs, styles);
}

/* Bopomofo: symbols from top to bottom, the tone right of the last, the light tone over the first (clreq, "Zhuyin"), from
 * `left` on and in the middle of `height`. Each is as wide as its em. */
static void stack_note(const Placing *placing, GlyphRun *runs, size_t count, Length note_size, Length left, Length top, Length height)
{
    size_t symbols = 0, done = 0;
    bool has_light = false;
    for (size_t r = 0; r < count; r++)
        for (size_t g = 0, at = 0, length = strlen(runs[r].text); g < runs[r].glyph_count && at < length; g++) {
            uint32_t c = utf8_next(runs[r].text, length, &at);
            symbols += !ruby_is_tone(c);
            has_light |= c == 0x2D9;
        }
    Length light = has_light ? note_size / 2 : 0;
    int64_t y = (int64_t)top + (height - (int64_t)symbols * note_size - light) / 2 + light;
    for (size_t r = 0; r < count; r++) {
        Glyph *glyphs = ARENA_ARRAY(placing->arena, Glyph, runs[r].glyph_count + 1);
        hb_font_t *font = font_hb_font(runs[r].face);
        double unit = (double)runs[r].size / runs[r].face->units_per_em;
        for (size_t g = 0, at = 0, length = strlen(runs[r].text); g < runs[r].glyph_count; g++) {
            uint32_t c = at < length ? utf8_next(runs[r].text, length, &at) : 0;
            hb_glyph_extents_t box = {0};
            hb_font_get_glyph_extents(font, runs[r].glyphs[g].id, &box);
            /* The middle of the ink goes to the middle of its place. */
            double across = (box.x_bearing + box.width / 2.0) * unit, down = -(box.y_bearing + box.height / 2.0) * unit;
            double x = left + note_size / 2.0, middle;
            if (c == 0x2D9) middle = (double)y - light / 2.0;
            else if (ruby_is_tone(c)) {
                x = left + note_size * 1.3;
                middle = (double)y + (double)(done ? done - 1 : 0) * note_size + note_size * 0.1;
            } else middle = (double)y + (double)done++ * note_size + note_size / 2.0;
            glyphs[g] = (Glyph){runs[r].glyphs[g].id, length_from_double(x - across), length_from_double(middle - down)};
        }
        runs[r].glyphs = glyphs;
    }
}

void place_notes(const Placing *placing, TextLine *line)
{
    const ShapedText *shaped = placing->shaped;
    const LineRange *range = placing->line;
    size_t most = 0, first = ruby_from(shaped, range->start);
    for (size_t u = first; u < shaped->ruby_count && shaped->ruby[u].start < range->end; u++)
        if (shaped->ruby[u].start >= range->start && shaped->ruby[u].end <= range->end) most += shaped->ruby[u].note->itemised.item_count;
    if (!most) return;
    GlyphRun *runs = ARENA_ARRAY(placing->arena, GlyphRun, most);
    const TextStyle **styles = ARENA_ARRAY(placing->arena, const TextStyle *, most);
    for (size_t u = first; u < shaped->ruby_count && shaped->ruby[u].start < range->end; u++) {
        const RubyUnit *unit = &shaped->ruby[u];
        if (unit->start < range->start || unit->end > range->end) continue;
        Length left = LENGTH_MAX, right = -LENGTH_MAX, size = ruby_size(shaped, unit->note, placing->size);
        for (uint32_t i = unit->start; i < unit->end; i++) {
            struct Edges edges = placing->edges[i - range->start];
            if (edges.left < left) left = edges.left;
            if (edges.right > right) right = edges.right;
        }
        GlyphRun *own = runs + line->note_count;
        bool vertical = is_vertical(shaped);
        Length top = text_bounded(placing->baseline - (int64_t)llround(placing->share * placing->largest));
        if (unit->is_beside) {
            size_t count = build_note(placing, unit, size, 0, 0, own, styles + line->note_count);
            if (vertical) stack_note(placing, own, count, size, text_bounded((int64_t)placing->baseline + placing->largest / 2), left, text_bounded((int64_t)right - left));
            else stack_note(placing, own, count, size, right, top, placing->largest);
            line->note_count += count;
            continue;
        }
        Length width = range_width(unit->note, 0, (uint32_t)unit->note->cluster_count, size);
        int64_t x = ((int64_t)left + right - width) / 2;
        if (shaped->is_dots) x = x / LENGTH_ONE * LENGTH_ONE;
        Length baseline = vertical ? text_bounded((int64_t)placing->baseline + placing->largest / 2 + size / 2)
                                   : text_bounded(top - (int64_t)llround((1 - placing->share) * size));
        line->note_count += build_note(placing, unit, size, x, place_whole(shaped, baseline), own, styles + line->note_count);
    }
    line->notes = runs;
    line->note_styles = styles;
}
