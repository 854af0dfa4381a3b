/* kashida.c -- where Arabic letters are drawn out (كشيدة) to fill a justified line: tatweels (U+0640) that are no part of the text.
 *
 * HarfBuzz says where a tatweel may stand without disturbing the letters. Of those places each word has one: the best by the
 * order that typographers of Arabic keep to (the OpenType specification's "justification alternates" and Unicode 15, section
 * 9.2, leave it open; this is the order of Microsoft's Uniscribe). Word spaces open first, a little; then letters. */
#include "text/private.h"

#include <string.h>

#include <unicode/uchar.h>

#define WORD_TATWEELS_MOST 3
#define SPACE_FIRST 6             /* a word space opens by a sixth of an em before letters are drawn out */

static bool is_letter(uint32_t c) { return c == 0x640 || ((c >= 0x620 && c <= 0x6FF) && u_isalpha((UChar32)c)); }

static bool is_among(uint32_t c, const uint32_t *list)
{
    for (; *list; list++) if (*list == c) return true;
    return false;
}

/* How well a tatweel stands between two joined letters; `is_last`: the second ends the word. */
static unsigned rank_of(uint32_t before, uint32_t after, bool is_last)
{
    static const uint32_t seens[] = {0x633, 0x634, 0x635, 0x636, 0};
    static const uint32_t finals[] = {0x629, 0x647, 0x6BE, 0x6D5, 0x62F, 0x630, 0};
    static const uint32_t talls[] = {0x627, 0x637, 0x638, 0x644, 0x643, 0x6A9, 0x6AF, 0x6AD, 0};
    static const uint32_t bowls[] = {0x631, 0x632, 0x698, 0x64A, 0x649, 0x6CC, 0x6D0, 0};
    static const uint32_t loops[] = {0x648, 0x6C6, 0x6C7, 0x6C8, 0x6CB, 0x639, 0x63A, 0x642, 0x641, 0};
    if (before == 0x640 || after == 0x640) return 7;
    if (is_among(before, seens)) return 6;
    if (is_last && is_among(after, finals)) return 5;
    if (is_last && is_among(after, talls)) return 4;
    if (is_among(after, bowls)) return 3;
    if (is_last && is_among(after, loops)) return 2;
    return 1;
}

static bool is_in_word(const ShapedText *shaped, uint32_t cluster)
{
    const Item *item = &shaped->itemised.items[shaped->clusters[cluster].item];
    return item->script == HB_SCRIPT_ARABIC && is_letter(shaped->itemised.chars[shaped->clusters[cluster].character].codepoint);
}

/* The best place in the word of clusters [start, end). */
static KashidaPlace best_place(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    const Char *chars = shaped->itemised.chars;
    KashidaPlace best = {0};
    for (uint32_t i = start + 1; i < end; i++) {
        if (!(shaped->clusters[i].flags & CLUSTER_ELONGATES)) continue;
        unsigned rank = rank_of(chars[shaped->clusters[i - 1].character].codepoint, chars[shaped->clusters[i].character].codepoint, i + 1 == end);
        if (rank >= best.rank) best = (KashidaPlace){.character = shaped->clusters[i].character, .rank = rank};
    }
    return best;
}

static int64_t tatweel_units(const ShapedText *shaped, uint32_t cluster)
{
    static const uint32_t tatweel = 0x640;
    const Item *item = &shaped->itemised.items[shaped->clusters[cluster].item];
    size_t clusters;
    return item->face && font_has(item->face, tatweel) ? shape_units(shaped, item, &tatweel, 1, &clusters) : 0;
}

bool kashida_choose(const ShapedText *shaped, const LineRange *line, int64_t room, Kashidas *out)
{
    int64_t width = 0;
    *out = (Kashidas){.count = 0};
    for (uint32_t i = line->start, end; i < line->end && out->count < KASHIDAS_MOST; i = end) {
        for (end = i; end < line->end && is_in_word(shaped, end);) end++;
        if (shaped->clusters[i].flags & CLUSTER_SPACE) room -= (shaped->is_dots ? shaped->size : EM_UNITS) / SPACE_FIRST;
        if (end == i) {
            end++;
            continue;
        }
        KashidaPlace place = best_place(shaped, i, end);
        if (!place.rank) continue;
        if (!width) width = tatweel_units(shaped, i);
        if (width <= 0) return false;
        out->places[out->count++] = place;
    }
    if (!width || room < width) return false;
    int64_t wanted = room / width, most = (int64_t)out->count * WORD_TATWEELS_MOST;
    if (wanted > most) wanted = most;
    /* The best places first, one each, then again; among equals those at the end of the line. */
    for (unsigned round = 0; round < WORD_TATWEELS_MOST; round++)
        for (unsigned rank = 7; rank > 0; rank--)
            for (size_t i = out->count; i-- > 0 && wanted > 0;)
                if (out->places[i].rank == rank) out->places[i].tatweels++, out->total++, wanted--;
    return out->total > 0;
}
