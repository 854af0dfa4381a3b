/* reshape.c -- lines that do not look as their part of the paragraph does: a hyphen at the end, letters that join (Uyghur,
 * Arabic) or are kerned over the place where the line is broken.
 *
 * HarfBuzz says where cutting is unsafe. For each such place a line may be broken at, the stretch up to the next safe place
 * on either side is shaped without what lies beyond: by so much the lines are wider or narrower, and the search for the best
 * lines knows it. A line that was chosen so is then shaped as a text of its own. */
#include "text/private.h"

#include <string.h>

#define STRETCH_MOST 64           /* clusters to the next safe place */

/* U+2010 where the face has it; in Chinese fonts it may stand in a square of its own, and the hyphen of the keyboard is the
 * one that belongs to the letters. */
static uint32_t hyphen_of(const Face *face)
{
    hb_font_t *font = face && font_has(face, 0x2010) && !face->strikes_only ? font_hb_font(face) : NULL;
    hb_codepoint_t hyphen, minus;
    if (!font || !hb_font_get_nominal_glyph(font, 0x2010, &hyphen)) return '-';
    if (!hb_font_get_nominal_glyph(font, '-', &minus)) return 0x2010;
    return hb_font_get_glyph_h_advance(font, hyphen) > hb_font_get_glyph_h_advance(font, minus) ? '-' : 0x2010;
}

/* Width of clusters [start, end) of one item as they are, tracking after the last included. */
static int64_t width_now(const ShapedText *shaped, uint32_t start, uint32_t end) { return shaped->sum[end] - shaped->sum[start]; }

static int64_t width_alone(const ShapedText *shaped, uint32_t start, uint32_t end, uint32_t hyphen)
{
    const Item *item = &shaped->itemised.items[shaped->clusters[start].item];
    uint32_t codepoints[4 * STRETCH_MOST + 1], from = shaped->clusters[start].character, count = shaped->clusters[end].character - from;
    if (count > 4 * STRETCH_MOST) return INT64_MIN;
    memcpy(codepoints, shaped->itemised.codepoints + from, count * sizeof *codepoints);
    if (hyphen) codepoints[count++] = hyphen;
    size_t clusters;
    int64_t units = shape_units(shaped, item, codepoints, count, &clusters);
    return units + (int64_t)clusters * shape_tracking(shaped, item);
}

/* By how much the lines before and after a place are wider than their parts of the paragraph. False when it takes too long. */
static bool measure_place(const ShapedText *shaped, uint32_t place, bool has_hyphen, int64_t *before, int64_t *after)
{
    const ShapedCluster *clusters = shaped->clusters;
    uint32_t item = clusters[place - 1].item, from = place - 1, to = place;
    bool is_unsafe = clusters[place].item == item && clusters[place].flags & CLUSTER_UNSAFE;
    *before = *after = 0;
    if (is_unsafe || has_hyphen) {
        while (is_unsafe && from > 0 && place - from <= STRETCH_MOST && clusters[from - 1].item == item && clusters[from].flags & CLUSTER_UNSAFE) from--;
        if (place - from > STRETCH_MOST) return false;
        const Face *face = shaped->itemised.items[item].face;
        if (has_hyphen || !(clusters[place - 1].flags & CLUSTER_SPACE)) {
            int64_t alone = width_alone(shaped, from, place, has_hyphen ? hyphen_of(face) : 0);
            if (alone == INT64_MIN) return false;
            *before = alone - width_now(shaped, from, place);
        }
    }
    if (!is_unsafe) return true;
    do to++; while (to < shaped->cluster_count && to - place <= STRETCH_MOST && clusters[to].item == item && clusters[to].flags & CLUSTER_UNSAFE);
    if (to - place > STRETCH_MOST) return false;
    int64_t alone = width_alone(shaped, place, to, 0);
    if (alone == INT64_MIN) return false;
    *after = alone - width_now(shaped, place, to);
    return true;
}

void reshape_measure(const ShapedText *shaped)
{
    Breaks *breaks = shaped->breaks;
    struct Seams *seams = &breaks->seams;
    size_t kept = 0;
    for (size_t i = 0; i < breaks->count; i++) {
        uint32_t place = breaks->at[i];
        bool has_hyphen = breaks->has_hyphen && breaks->has_hyphen[place];
        if (has_hyphen || shaped->clusters[place].flags & CLUSTER_UNSAFE) {
            int64_t before, after;
            if (!measure_place(shaped, place, has_hyphen, &before, &after)) continue;
            if (!seams->is_anew)
                *seams = (struct Seams){ARENA_ARRAY(shaped->arena, bool, shaped->cluster_count + 1), ARENA_ARRAY(shaped->arena, int64_t, shaped->cluster_count + 1),
                                        ARENA_ARRAY(shaped->arena, int64_t, shaped->cluster_count + 1)};
            seams->is_anew[place] = true;
            seams->end[place] = before;
            seams->start[place] = after;
        }
        breaks->at[kept++] = place;
    }
    breaks->count = kept;
}

/* ---- a line as a text of its own ---- */

typedef struct Excerpt { Char *chars; uint32_t *codepoints; Item *items; size_t count, item_count; } Excerpt;

/* A character that is drawn and not in the text, in the manner of one that is. */
static void add_extra(Excerpt *out, const Char *like, uint32_t codepoint, uint32_t offset)
{
    Char *extra = &out->chars[out->count];
    *extra = *like;
    extra->codepoint = out->codepoints[out->count++] = codepoint;
    extra->offset = offset;
    extra->starts_grapheme = true;
}

/* Characters [from, to) of an item, with tatweels before those that have some. */
static void add_item(Excerpt *out, const ShapedText *shaped, uint32_t index, uint32_t from, uint32_t to, const Kashidas *kashidas, size_t *next)
{
    const Itemised *text = &shaped->itemised;
    Item *item = &out->items[out->item_count++];
    *item = text->items[index];
    item->start = (uint32_t)out->count;
    for (uint32_t i = from; i < to; i++) {
        while (*next < kashidas->count && kashidas->places[*next].character < i) ++*next;
        unsigned tatweels = *next < kashidas->count && kashidas->places[*next].character == i ? kashidas->places[*next].tatweels : 0;
        for (unsigned k = 0; k < tatweels; k++) add_extra(out, &text->chars[i], 0x640, text->chars[i].offset);
        out->chars[out->count] = text->chars[i];
        out->codepoints[out->count++] = text->codepoints[i];
    }
    item->end = (uint32_t)out->count;
}

static ShapedText *shape_excerpt(const ShapedText *shaped, Arena *arena, const LineRange *line, const Kashidas *kashidas, bool has_hyphen)
{
    uint32_t from = shaped->clusters[line->start].character, to = shaped->clusters[line->end].character, first = shaped->clusters[line->start].item;
    uint32_t last = shaped->clusters[line->end - 1].item, end = shaped->clusters[line->end].start;
    size_t room = to - from + kashidas->total + 2, next = 0;
    Excerpt out = {.chars = ARENA_ARRAY(arena, Char, room), .codepoints = ARENA_ARRAY(arena, uint32_t, room), .items = ARENA_ARRAY(arena, Item, last - first + 2)};
    for (uint32_t i = first; i <= last; i++) {
        const Item *item = &shaped->itemised.items[i];
        add_item(&out, shaped, i, item->start > from ? item->start : from, item->end < to ? item->end : to, kashidas, &next);
    }
    if (has_hyphen) {
        add_extra(&out, &out.chars[out.count - 1], hyphen_of(out.items[out.item_count - 1].face), end);
        out.items[out.item_count - 1].end = (uint32_t)out.count;
    }
    for (size_t i = 0; i < out.item_count; i++) out.items[i].paragraph = 0, out.items[i].paragraph_end = (uint32_t)out.count;
    TextInput input = shaped->input;
    input.length = end;
    Itemised itemised = {.chars = out.chars, .char_count = out.count, .codepoints = out.codepoints, .items = out.items, .item_count = out.item_count};
    return shape_items(shaped->engine, arena, &input, &itemised, shaped->size, NULL);
}

/* As many tatweels as there is room for; fewer, when letters that are drawn out turn out wider than their parts. */
static ShapedText *draw_out(const ShapedText *shaped, Arena *arena, const LineRange *line, int64_t measure, bool has_hyphen)
{
    Kashidas kashidas;
    for (int64_t room = measure - range_units(shaped, line->start, line->end); kashida_choose(shaped, line, room, &kashidas); room -= room / 4 + 1) {
        ShapedText *own = shape_excerpt(shaped, arena, line, &kashidas, has_hyphen);
        if (!own || range_units(own, 0, (uint32_t)own->cluster_count) <= measure) return own;
    }
    return NULL;
}

const ShapedText *reshape_line(const ShapedText *shaped, Arena *arena, const LineRange *line, int64_t measure)
{
    const Breaks *breaks = shaped->breaks;
    const TextStyle *style = shaped->input.style;
    if (line->has_ellipsis || line->size || line->end <= line->start) return NULL;
    bool has_hyphen = !line->ends_paragraph && breaks->has_hyphen && breaks->has_hyphen[line->end];
    if (style->align == TEXT_JUSTIFY && style->kashida == KASHIDA_AUTO && !line->ends_paragraph) {
        const ShapedText *own = draw_out(shaped, arena, line, measure, has_hyphen);
        if (own) return own;
    }
    if (!breaks->seams.is_anew) return NULL;
    if (!breaks->seams.is_anew[line->start] && !has_hyphen && (line->ends_paragraph || !breaks->seams.is_anew[line->end])) return NULL;
    return shape_excerpt(shaped, arena, line, &(Kashidas){.count = 0}, has_hyphen);
}
