/* balance.c -- the cheapest lines of a paragraph: exact search over N lines for display, over all lines for body text.
 *
 * Cost of a line: 6 ((w - target) / target)^2 with target = the paragraph's width / N, what its break costs (phrase.c), and
 * 8 for a line of one character with or without a mark (reference typography, section 8). Integers all the way: the same
 * lines on every machine. */
#include "text/private.h"

#include <string.h>

#define COST_UNEVEN (6 * COST_ONE)
#define COST_LONELY (8 * COST_ONE)
#define DISPLAY_BREAKS_MOST 160
#define DISPLAY_LINES_MOST 24
#define BODY_LINE_BREAKS_MOST 2000       /* legal places on one line, against texts of characters without width */

/* The paragraph's legal places, its two ends included. */
typedef struct Places { const uint32_t *at; const int32_t *cost; size_t count; uint32_t start, end; } Places;

static uint32_t place_at(const Places *places, size_t i)
{
    return i == 0 ? places->start : i > places->count ? places->end : places->at[i - 1];
}

static Places places_of(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    const Breaks *breaks = shaped->breaks;
    size_t low = 0, high = breaks->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (breaks->at[middle] <= start) low = middle + 1;
        else high = middle;
    }
    size_t count = 0;
    while (low + count < breaks->count && breaks->at[low + count] < end) count++;
    return (Places){breaks->at + low, breaks->cost + low, count, start, end};
}

bool line_is_lonely(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    const Char *chars = shaped->itemised.chars;
    size_t letters = 0;
    if (end - start > 8) return false;
    for (uint32_t i = start; i < end && letters < 2; i++) {
        uint32_t c = chars[shaped->clusters[i].character].codepoint;
        if (shaped->clusters[i].flags & CLUSTER_SPACE || mark_ends_clause(c)) continue;
        if (!char_is_wide(c)) return false;        /* a Western word, a number */
        letters++;
    }
    return letters < 2;
}

static int64_t cost_of_line(const ShapedText *shaped, uint32_t from, uint32_t to, int64_t width, int64_t target)
{
    int64_t off = width - target;
    if (off < 0) off = -off;
    if (target < 1) target = 1;
    if (off > 4 * target) off = 4 * target;
    int64_t cost = (int64_t)((__int128)COST_UNEVEN * off * off / target / target);
    return line_is_lonely(shaped, from, to) ? cost + COST_LONELY : cost;
}

int64_t balance_lines(const ShapedText *shaped, uint32_t start, uint32_t end, size_t count, int64_t measure, uint32_t *ends)
{
    if (count == 0) return COST_NONE;
    Places places = places_of(shaped, start, end);
    if (places.count + 1 < count || places.count > DISPLAY_BREAKS_MOST || count > DISPLAY_LINES_MOST) return COST_NONE;
    int64_t best[DISPLAY_LINES_MOST + 1][DISPLAY_BREAKS_MOST + 2];
    uint8_t from[DISPLAY_LINES_MOST + 1][DISPLAY_BREAKS_MOST + 2];
    int64_t target = range_units(shaped, start, end) / (int64_t)count;
    size_t last = places.count + 1;
    for (size_t b = 0; b <= last; b++) best[0][b] = b == 0 ? 0 : COST_NONE;
    for (size_t line = 1; line <= count; line++) {
        best[line][0] = COST_NONE;
        for (size_t b = 1; b <= last; b++) {
            best[line][b] = COST_NONE;
            if (line == count && b != last) continue;
            int32_t own = b == last ? 0 : places.cost[b - 1];
            if (own >= COST_NEVER) continue;
            for (size_t a = b; a-- > 0;) {
                int64_t width = range_units(shaped, place_at(&places, a), place_at(&places, b));
                if (width > measure) break;
                if (best[line - 1][a] == COST_NONE) continue;
                int64_t cost = best[line - 1][a] + own + cost_of_line(shaped, place_at(&places, a), place_at(&places, b), width, target);
                if (cost < best[line][b]) best[line][b] = cost, from[line][b] = (uint8_t)a;
            }
        }
    }
    if (best[count][last] == COST_NONE) return COST_NONE;
    size_t b = last;
    for (size_t line = count; line > 0; b = from[line][b], line--) ends[line - 1] = place_at(&places, b);
    return best[count][last];
}

/* A line of body text: the slack squared, less its last line's; a last line under two characters is dear. */
size_t balance_body(const ShapedText *shaped, uint32_t start, uint32_t end, int64_t measure, uint32_t *ends)
{
    Places places = places_of(shaped, start, end);
    size_t last = places.count + 1;
    int64_t *best = ARENA_ARRAY(shaped->arena, int64_t, last + 1);
    uint32_t *from = ARENA_ARRAY(shaped->arena, uint32_t, last + 1);
    for (size_t b = 1; b <= last; b++) {
        best[b] = COST_NONE;
        int32_t own = b == last ? 0 : places.cost[b - 1];
        if (own >= COST_NEVER) continue;
        uint32_t to = place_at(&places, b);
        for (size_t a = b; a-- > 0 && b - a <= BODY_LINE_BREAKS_MOST;) {
            uint32_t at = place_at(&places, a);
            int64_t width = range_units(shaped, at, to);
            if (width > measure) break;
            if (best[a] == COST_NONE) continue;
            int64_t cost = best[a] + own;
            if (b < last || line_is_lonely(shaped, at, to)) cost += cost_of_line(shaped, at, to, b < last ? width : measure, measure);
            if (b == last && width < measure / 6) cost += COST_ONE;
            if (cost < best[b]) best[b] = cost, from[b] = (uint32_t)a;
        }
    }
    if (best[last] == COST_NONE) return 0;
    size_t count = 0;
    for (size_t b = last; b > 0; b = from[b]) count++;
    size_t b = last;
    for (size_t line = count; line > 0; b = from[b], line--) ends[line - 1] = place_at(&places, b);
    return count;
}
