/* marks.c -- the widths of a line's small things: the blank half of full-width marks is trimmed where two marks meet and at
 * the edges of a line (spacing-trim), a gap opens between Chinese and Latin letters or digits (autospace).
 *
 * How much of a mark is blank the font says itself: by what its feature halt takes away, or, where it has none, by the ink
 * in the em box, of dots (dots.c) by their columns. Applied as sums of advances; nothing is shaped again. Marks that stand in
 * the middle of their square (Taiwan, Hong Kong) are left alone, as clreq asks. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>

typedef enum MarkKind { MARK_NONE, MARK_OPENS, MARK_CLOSES, MARK_STOPS } MarkKind;

static MarkKind kind_of(uint32_t c)
{
    static const uint32_t opens[] = {0x201C, 0x2018, 0x300C, 0x300E, 0xFF08, 0x300A, 0x3008, 0x3010, 0x3016, 0x3014, 0xFF3B, 0xFF5B};
    static const uint32_t closes[] = {0x201D, 0x2019, 0x300D, 0x300F, 0xFF09, 0x300B, 0x3009, 0x3011, 0x3017, 0x3015, 0xFF3D, 0xFF5D};
    static const uint32_t stops[] = {0x3002, 0xFF0E, 0xFF0C, 0x3001, 0xFF1A, 0xFF1B, 0xFF01, 0xFF1F};
    if (c < 0x2018 || (c > 0x201D && c < 0x3000) || (c > 0x301F && c < 0xFF00)) return MARK_NONE;      /* most characters, at once */
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
        if (c == opens[i]) return MARK_OPENS;
        if (c == closes[i]) return MARK_CLOSES;
        if (i < sizeof stops / sizeof *stops && c == stops[i]) return MARK_STOPS;
    }
    return MARK_NONE;
}

/* ---- what a font's mark has of blank ---- */

/* Advance of a mark along the line and how far its glyph is moved there, in a line that runs right or (upright marks) down. */
typedef struct MarkShape { hb_codepoint_t glyph; int advance, offset; } MarkShape;

static MarkShape shape_mark(TextEngine *engine, hb_font_t *font, const MarkBlank *mark, bool is_half)
{
    hb_feature_t half = {mark->is_upright ? HB_TAG('v', 'h', 'a', 'l') : HB_TAG('h', 'a', 'l', 't'), 1, 0, HB_FEATURE_GLOBAL_END};
    hb_buffer_t *buffer = engine->buffer;
    hb_buffer_clear_contents(buffer);
    hb_buffer_add_codepoints(buffer, &mark->codepoint, 1, 0, 1);
    hb_buffer_set_direction(buffer, mark->is_upright ? HB_DIRECTION_TTB : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, HB_SCRIPT_HAN);
    hb_buffer_set_language(buffer, shape_language(mark->lang));
    hb_shape(font, buffer, &half, is_half);
    unsigned count = 0;
    const hb_glyph_position_t *positions = hb_buffer_get_glyph_positions(buffer, &count);
    if (count != 1) return (MarkShape){0};
    hb_codepoint_t glyph = hb_buffer_get_glyph_infos(buffer, &count)[0].codepoint;
    return mark->is_upright ? (MarkShape){glyph, -positions[0].y_advance, -positions[0].y_offset}
                            : (MarkShape){glyph, positions[0].x_advance, positions[0].x_offset};
}

static void measure_mark(TextEngine *engine, const Face *face, MarkBlank *blank)
{
    hb_font_t *font = blank->is_upright ? font_hb_vertical(face) : font_hb_font(face);
    int em = face->units_per_em;
    if (!font || em <= 0) return;
    MarkShape full = shape_mark(engine, font, blank, false);
    if (full.advance < em * 9 / 10 || full.advance > em * 11 / 10) return;      /* no full-width mark in this font */
    MarkShape half = shape_mark(engine, font, blank, true);
    int64_t less = (int64_t)full.advance - half.advance, before = (int64_t)full.offset - half.offset;
    if (less > 0) {
        blank->before = (int)(before < 0 ? 0 : before > less ? less : before);
        blank->after = (int)(less - blank->before);
        return;
    }
    hb_glyph_extents_t ink;
    if (!hb_font_get_glyph_extents(font, full.glyph, &ink) || ink.width <= 0) return;
    int before_ink = blank->is_upright ? full.offset - ink.y_bearing : ink.x_bearing;
    if (blank->is_upright && vertical_lifts(blank->codepoint, before_ink, em)) before_ink -= em / 2;
    int after_ink = full.advance - before_ink - (blank->is_upright ? -ink.height : ink.width);
    if (before_ink >= em / 2) blank->before = em / 2;
    else if (after_ink >= em / 2) blank->after = em / 2;
}

static const MarkBlank *blank_of(TextEngine *engine, const Face *face, uint32_t c, const char *lang, bool is_upright, int dots)
{
    size_t slot = (c * 31u + face->serial * 7u + (unsigned)dots * 3u + is_upright) % ENGINE_MARKS;
    MarkBlank *blank = &engine->marks[slot];
    if (blank->face == face && blank->codepoint == c && blank->lang == lang && blank->is_upright == is_upright && blank->dots == dots) return blank;
    *blank = (MarkBlank){.face = face, .codepoint = c, .lang = lang, .is_upright = is_upright, .dots = dots};
    if (dots) dots_measure_mark(engine, face, blank);
    else measure_mark(engine, face, blank);
    return blank;
}

/* ---- pairs ---- */

/* What of a mark's blank goes, by its neighbours (CSS Text 4, "fullwidth collapsing"; clreq, adjacent marks). */
static bool opens_tight(MarkKind before) { return before != MARK_NONE; }
static bool closes_tight(MarkKind after) { return after == MARK_CLOSES || after == MARK_STOPS; }

/* clreq, "adjustment of punctuation width": upright ： ； ！ ？ keep their square in vertical text. */
static bool is_whole_upright(uint32_t c) { return c == 0xFF1A || c == 0xFF1B || c == 0xFF01 || c == 0xFF1F; }

typedef struct Cells { MarkKind *kinds; int64_t *before, *after; } Cells;     /* units, by cluster */

/* Font units, or dots, as units. */
static int64_t units_of(const ShapedText *shaped, const Item *item, int64_t font_units)
{
    if (shaped->is_dots) return font_units * LENGTH_ONE;
    double ratio = (double)item->style->size / (shaped->input.style->size > 0 ? shaped->input.style->size : 1);
    double units = (double)font_units * ratio * (double)EM_UNITS / item->face->units_per_em;
    return units > (double)EM_UNITS * 1024 ? 0 : llround(units);
}

static bool find_marks(const ShapedText *shaped, Cells *cells)
{
    bool is_any = false;
    for (size_t i = 0; i < shaped->cluster_count; i++) {
        const ShapedCluster *cluster = &shaped->clusters[i];
        uint32_t c = cluster->glyph_count == 1 ? shaped->itemised.chars[cluster->character].codepoint : 0;
        MarkKind kind = kind_of(c);
        if (kind == MARK_NONE || cluster->flags & CLUSTER_NEWLINE) continue;
        const Item *item = &shaped->itemised.items[cluster->item];
        if (!item->face || item->level & 1 || item->script != HB_SCRIPT_HAN) continue;
        int dots = shaped->is_dots ? item_size(shaped, item, shaped->size) / LENGTH_ONE : 0;
        /* A feature that the layout asked for (palt, halt) may have narrowed it already. */
        if (shaped->glyphs[cluster->glyph].advance < (dots ? 64 * dots : item->face->units_per_em) * 9 / 10) continue;
        bool is_upright = item->stance == STANCE_UPRIGHT, is_whole = is_upright && is_whole_upright(c);
        const MarkBlank *blank = is_whole ? &(MarkBlank){0} : blank_of(shaped->engine, item->face, shaped->itemised.codepoints[cluster->character], item->style->lang, is_upright, dots);
        bool is_one_sided = kind == MARK_OPENS ? blank->before > 0 && blank->after == 0 : blank->after > 0 && blank->before == 0;
        if (!is_one_sided && !is_whole) continue;
        if (!is_any) {
            *cells = (Cells){ARENA_ARRAY(shaped->arena, MarkKind, shaped->cluster_count + 1),
                             ARENA_ARRAY(shaped->arena, int64_t, shaped->cluster_count + 1),
                             ARENA_ARRAY(shaped->arena, int64_t, shaped->cluster_count + 1)};
            is_any = true;
        }
        cells->kinds[i] = kind;
        cells->before[i] = units_of(shaped, item, blank->before);
        cells->after[i] = units_of(shaped, item, blank->after);
    }
    return is_any;
}

/* ---- Chinese and Latin ---- */

static bool is_ideograph(uint32_t c) { return char_is_han(c) || (c >= 0x3041 && c <= 0x30FF && c != 0x30FB); }
static bool is_western(uint32_t c) { return (c < 0x2000 && u_isalnum((UChar32)c)) || c == '%' || c == '$' || c == 0xA5 || c == '+' || c == '#' || c == '@'; }

bool marks_has_gap(const ShapedText *shaped, size_t i)
{
    const ShapedCluster *left = &shaped->clusters[i], *right = left + 1;
    if ((left->flags | right->flags) & (CLUSTER_SPACE | CLUSTER_NEWLINE | CLUSTER_OBJECT) || i + 1 >= shaped->cluster_count) return false;
    /* Upright letters and digits stand in squares of their own. */
    const Item *items = shaped->itemised.items;
    if (items[left->item].stance >= STANCE_UPRIGHT && items[right->item].stance >= STANCE_UPRIGHT) return false;
    uint32_t last = shaped->itemised.chars[right->character - 1].codepoint, first = shaped->itemised.chars[right->character].codepoint;
    return (is_ideograph(last) && is_western(first)) || (is_western(last) && is_ideograph(first));
}

/* A quarter of the smaller em of the two; in whole dots. */
static int64_t gap_units(const ShapedText *shaped, size_t i)
{
    const Item *items = shaped->itemised.items;
    const Item *left = &items[shaped->clusters[i].item], *right = &items[shaped->clusters[i + 1].item];
    const Item *item = right->style->size < left->style->size ? right : left;
    if (!item->face) return 0;
    if (shaped->is_dots) return units_of(shaped, item, (item_size(shaped, item, shaped->size) / LENGTH_ONE + 2) / 4);
    return units_of(shaped, item, item->face->units_per_em) / 4;
}

/* ---- applied ---- */

/* What is left to take after a cluster: the blank of a mark that is whole still, half of a gap. */
static Give give_after(const ShapedText *shaped, const Cells *cells, size_t i, int64_t own, int64_t between)
{
    if (between > 0) return (Give){.units = shaped->is_dots ? between / 2 / LENGTH_ONE * LENGTH_ONE : between / 2, .order = GIVE_GAP};
    if (!cells || own || between) return (Give){0};
    if (cells->kinds[i + 1] == MARK_OPENS) return (Give){.units = cells->before[i + 1], .order = GIVE_BRACKET};
    uint32_t c = shaped->itemised.chars[shaped->clusters[i].character].codepoint;
    switch (cells->kinds[i]) {
    case MARK_CLOSES: return (Give){.units = cells->after[i], .order = GIVE_BRACKET};
    case MARK_STOPS: return (Give){.units = cells->after[i], .order = c == 0xFF0C || c == 0x3001 || c == 0xFF1B ? GIVE_COMMA : GIVE_STOP};
    default: return (Give){0};
    }
}

/* The whole width of a mark's cluster. */
static int64_t width_of(const ShapedText *shaped, size_t i)
{
    const ShapedCluster *cluster = &shaped->clusters[i];
    int64_t advance = shaped->glyphs[cluster->glyph].advance;
    return units_of(shaped, &shaped->itemised.items[cluster->item], shaped->is_dots ? advance / 64 : advance);
}

/* Marks over the edge. A stop hangs with all its width, never two in a row (clreq, "hanging punctuation marks"). */
static void hang_marks(ShapedText *shaped, const Cells *cells)
{
    size_t count = shaped->cluster_count;
    int64_t *lead = ARENA_ARRAY(shaped->arena, int64_t, count + 1), *trail = ARENA_ARRAY(shaped->arena, int64_t, count + 1), *hang = NULL;
    if (shaped->lead) memcpy(lead, shaped->lead, count * sizeof *lead);
    if (shaped->trail) memcpy(trail, shaped->trail, count * sizeof *trail);
    Hanging hanging = shaped->input.style->hanging;
    if (hanging == HANGING_ALLOW_END) hang = ARENA_ARRAY(shaped->arena, int64_t, count + 1);
    if (hanging == HANGING_FIRST && shaped->clusters[0].start == 0 && cells->kinds[0] == MARK_OPENS) lead[0] = width_of(shaped, 0);
    if (hanging == HANGING_LAST && (cells->kinds[count - 1] == MARK_CLOSES || cells->kinds[count - 1] == MARK_STOPS)) trail[count - 1] = width_of(shaped, count - 1);
    for (size_t i = 0; hanging >= HANGING_ALLOW_END && i < count; i++) {
        if (cells->kinds[i] != MARK_STOPS || (i && cells->kinds[i - 1] != MARK_NONE)) continue;
        if (hang) hang[i] = width_of(shaped, i) - trail[i];
        else trail[i] = width_of(shaped, i);
    }
    shaped->lead = lead;
    shaped->trail = trail;
    shaped->hang = hang;
}

void marks_apply(ShapedText *shaped)
{
    const TextStyle *style = shaped->input.style;
    Cells cells = {0};
    bool may_hang = style->hanging != HANGING_NONE;
    bool found = (style->spacing_trim != TRIM_SPACE_ALL || may_hang) && find_marks(shaped, &cells);
    bool has_marks = found && style->spacing_trim != TRIM_SPACE_ALL;
    Give *give = style->align == TEXT_JUSTIFY ? ARENA_ARRAY(shaped->arena, Give, shaped->cluster_count + 1) : NULL;
    int64_t shift = 0, given = 0;
    for (size_t i = 0; i < shaped->cluster_count; i++) {
        const ShapedCluster *cluster = &shaped->clusters[i];
        int64_t own = 0, between = 0;          /* own: inside the cluster's width; between: gone at a line's end */
        if (has_marks && cells.kinds[i] != MARK_NONE && cells.kinds[i] != MARK_OPENS &&
            (style->spacing_trim == TRIM_ALL || closes_tight(cells.kinds[i + 1]))) {
            own = -cells.after[i];
            cells.after[i] = 0;
        }
        if (has_marks && cells.kinds[i + 1] == MARK_OPENS && (style->spacing_trim == TRIM_ALL || opens_tight(cells.kinds[i])))
            between = -cells.before[i + 1];
        if (style->autospace == AUTOSPACE_NORMAL && marks_has_gap(shaped, i)) between += gap_units(shaped, i);
        if (give) {
            give[i] = give_after(shaped, has_marks ? &cells : NULL, i, own, between);
            give[i].before = given;
            given += give[i].units;
        }
        bool keeps = cluster->flags & CLUSTER_SPACE && !(cluster->flags & CLUSTER_NEWLINE);
        shift += own;
        shaped->trimmed[i + 1] = keeps ? shaped->trimmed[i] : shaped->trimmed[i + 1] + shift;
        shift += between;
        shaped->sum[i + 1] += shift;
        if (cluster->flags & CLUSTER_NEWLINE) shaped->trimmed[i + 1] = shaped->sum[i + 1];
    }
    shaped->give = given ? give : NULL;
    if (style->spacing_trim >= TRIM_START && has_marks) shaped->lead = cells.before;
    if (style->spacing_trim >= TRIM_BOTH && has_marks) shaped->trail = cells.after;
    if (found && may_hang) hang_marks(shaped, &cells);
}
