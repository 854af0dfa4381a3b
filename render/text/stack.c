/* stack.c -- fit: stack: every line scaled to the same ink width, one above the other.
 *
 * A text of several written lines keeps them; one line alone is broken where its lines fill the box best, phrases first.
 * Ink is aligned, not advances: the blank at both sides of a character would show at large sizes. */
#include "text/private.h"

#include <string.h>

#define STACK_LINES_MOST 8

/* Where a glyph's ink begins along the line, from the pen, and how long it is; font units. */
static double ink_along(const Item *item, const ShapedGlyph *glyph, const hb_glyph_extents_t *box, double *length)
{
    if (item->stance < STANCE_UPRIGHT) {
        *length = box->width;
        return glyph->x + box->x_bearing;
    }
    *length = -box->height;
    double top = item->stance == STANCE_COMBINED ? (double)item->face->units_per_em * item->face->ascent / (item->face->ascent + item->face->descent) : 0;
    return top + glyph->x - box->y_bearing;
}

typedef struct Ink { int64_t left, right; } Ink;      /* units from the line's pen */

static Ink line_ink(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    Ink ink = {INT64_MAX, INT64_MIN};
    for (uint32_t i = start; i < end; i++) {
        const ShapedCluster *cluster = &shaped->clusters[i];
        const Item *item = &shaped->itemised.items[cluster->item];
        hb_font_t *font = cluster->glyph_count && item->face ? font_hb_font(item->face) : NULL;
        if (!font || item->face->units_per_em <= 0) continue;
        double unit = (double)EM_UNITS / item->face->units_per_em * item_size(shaped, item, shaped->size) / (shaped->size > 0 ? shaped->size : 1);
        double pen = (double)(shaped->sum[i] - shaped->sum[start]);
        for (uint32_t g = 0; g < cluster->glyph_count; g++) {
            const ShapedGlyph *glyph = &shaped->glyphs[cluster->glyph + g];
            hb_glyph_extents_t box;
            if (hb_font_get_glyph_extents(font, glyph->id, &box) && box.width > 0) {
                double length, left = pen + ink_along(item, glyph, &box, &length) * unit, right = left + length * unit;
                if (floor(left) < (double)ink.left) ink.left = (int64_t)floor(left);
                if (ceil(right) > (double)ink.right) ink.right = (int64_t)ceil(right);
            }
            pen += glyph->advance * unit;
        }
    }
    for (size_t u = ruby_from(shaped, start); u < shaped->ruby_count && shaped->ruby[u].start < end; u++) {      /* a reading may be wider than its words */
        const RubyUnit *unit = &shaped->ruby[u];
        if (unit->start < start || unit->end > end) continue;
        int64_t middle = (shaped->sum[unit->start] + shaped->trimmed[unit->end]) / 2 - shaped->sum[start];
        if (middle - unit->width / 2 < ink.left) ink.left = middle - unit->width / 2;
        if (middle + unit->width / 2 > ink.right) ink.right = middle + unit->width / 2;
    }
    return ink.right > ink.left ? ink : (Ink){0, 0};
}

/* The size at which `units` are as wide as `width`, between the style's limits; rounding never makes it wider. */
static Length size_for(const ShapedText *shaped, int64_t units, Length width)
{
    const TextStyle *style = shaped->input.style;
    if (units <= 0) return style->size;
    __int128 size = ((__int128)width * EM_UNITS) / units;
    while (size > 1 && size < LENGTH_MAX && shaped_length(shaped, units, (Length)size) > width) size--;
    return size < style->fit_min ? style->fit_min : size > style->fit_max ? style->fit_max : (Length)size;
}

/* Sizes of all lines at a width; their height, and what the widest of them needs at the smallest size. */
static int64_t stack_at(const ShapedText *shaped, LineRange *lines, const Ink *inks, size_t count, Length width, bool *fits)
{
    int64_t height = 0;
    *fits = true;
    for (size_t i = 0; i < count; i++) {
        int64_t units = inks[i].right - inks[i].left;
        lines[i].size = size_for(shaped, units, width);
        if (shaped_length(shaped, units, lines[i].size) > width) *fits = false;
        lines[i].ink_left = inks[i].left;
        lines[i].ink_width = units;
        height += line_room(shaped, lines[i].start, lines[i].end, lines[i].size, i == 0).height;
    }
    return height;
}

typedef struct Stack { LineRange *lines; Ink *inks; size_t count; int64_t cost; } Stack;

/* The lines as they are written. */
static Stack written_lines(const ShapedText *shaped, Arena *arena)
{
    Stack stack = {ARENA_ARRAY(arena, LineRange, shaped->cluster_count + 1), ARENA_ARRAY(arena, Ink, shaped->cluster_count + 1), 0, 0};
    for (uint32_t start = 0; start < shaped->cluster_count;) {
        uint32_t end = start;
        while (!(shaped->clusters[end].flags & CLUSTER_NEWLINE)) end++;
        stack.lines[stack.count++] = (LineRange){.start = start, .end = end, .ends_paragraph = true};
        start = end + 1;
    }
    return stack;
}

static bool broken_lines(const ShapedText *shaped, Arena *arena, size_t count, Stack *out)
{
    uint32_t ends[STACK_LINES_MOST], all = (uint32_t)shaped->cluster_count;
    const Balancing *balancing = balance_begin(shaped, arena, 0, all, INT64_MAX / 4);
    int64_t cost = balancing ? balance_lines(balancing, count, COST_NONE, ends) : COST_NONE;
    if (cost == COST_NONE) return false;
    *out = (Stack){ARENA_ARRAY(arena, LineRange, count), ARENA_ARRAY(arena, Ink, count), count, cost};
    for (size_t i = 0; i < count; i++) {
        out->lines[i] = (LineRange){.start = i ? ends[i - 1] : 0, .end = ends[i], .ends_paragraph = i + 1 == count};
        while (out->lines[i].end > out->lines[i].start && shaped->clusters[out->lines[i].end - 1].flags & CLUSTER_SPACE) out->lines[i].end--;
    }
    return true;
}

/* Measure a stack, and make it narrower when it is too high; how much of the box it covers, 0 when it does not fit. */
static double settle(const ShapedText *shaped, Stack *stack, Length width, Length height, bool *fits)
{
    for (size_t i = 0; i < stack->count; i++) stack->inks[i] = line_ink(shaped, stack->lines[i].start, stack->lines[i].end);
    int64_t high = stack_at(shaped, stack->lines, stack->inks, stack->count, width, fits);
    if (high <= height || height >= LENGTH_MAX) return (double)high * width;
    Length low = 0, most = width;              /* a width that is surely not too high, by halving */
    while (most - low > 1) {
        Length middle = low + (most - low) / 2;
        bool is_narrow;
        if (stack_at(shaped, stack->lines, stack->inks, stack->count, middle, &is_narrow) <= height) low = middle;
        else most = middle;
    }
    high = stack_at(shaped, stack->lines, stack->inks, stack->count, low, fits);
    if (high > height) *fits = false;
    return *fits ? (double)high * low : 0;
}

LineSet stack_choose(Arena *arena, const ShapedText *shaped, Length width, Length height)
{
    Stack best = written_lines(shaped, arena);
    LineSet set = {.shaped = shaped, .fits = true};
    double area = settle(shaped, &best, width, height, &set.fits);
    size_t most = shaped->input.style->lines && shaped->input.style->lines < STACK_LINES_MOST ? shaped->input.style->lines : STACK_LINES_MOST;
    if (best.count == 1 && height < LENGTH_MAX) {
        phrase_weigh(shaped);
        for (size_t count = 2; count <= most; count++) {
            Stack tried;
            bool fits;
            if (!broken_lines(shaped, arena, count, &tried)) continue;
            /* 0.97 for every point of cost (reference typography, section 9). */
            double covered = settle(shaped, &tried, width, height, &fits) * pow(0.97, tried.cost > 0 ? (double)tried.cost / COST_ONE : 0);
            if (!fits || (set.fits && covered <= area)) continue;
            best = tried;
            area = covered;
            set.fits = true;
        }
    }
    set.lines = best.lines;
    set.count = best.count;
    int64_t high = 0;
    for (size_t i = 0; i < set.count; i++) {
        Length needed = shaped_length(shaped, set.lines[i].ink_width, set.lines[i].size);
        high += line_room(shaped, set.lines[i].start, set.lines[i].end, set.lines[i].size, i == 0).height;
        if (i == 0 || set.lines[i].size < set.size) set.size = set.lines[i].size;
        if (needed > set.needed_width) set.needed_width = needed;
    }
    if (set.count == 0) set.size = shaped->size;
    set.needed_height = high > LENGTH_MAX ? LENGTH_MAX : (Length)high;
    set.needed_lines = (unsigned)set.count;
    if (shaped->input.style->lines && set.count > shaped->input.style->lines) set.fits = false;
    return set;
}
