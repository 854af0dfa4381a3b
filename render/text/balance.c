/* balance.c -- the cheapest lines of a paragraph: exact search over N lines for display, over all lines for body text.
 *
 * Cost of a line: 6 ((w - target) / target)^2 with target = the paragraph's width / N, what its break costs (phrase.c), and
 * 8 for a line of one character with or without a mark (reference typography, section 8). Integers all the way: the same
 * lines on every machine. */
#include "text/private.h"

#include <string.h>

#define COST_UNEVEN (6 * COST_ONE)
#define COST_LONELY (8 * COST_ONE)
#define COST_HYPHENS (COST_ONE / 5)      /* two lines in a row with a hyphen, or the last line but one */
#define DISPLAY_BREAKS_MOST 160
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

/* What a line from one place to another measures and holds, by differences: asked for every pair of places. */
typedef struct Measures {
    int64_t from[DISPLAY_BREAKS_MOST + 2], to[DISPLAY_BREAKS_MOST + 2];      /* width = to[b] - from[a] */
    uint32_t letters[DISPLAY_BREAKS_MOST + 2];                               /* before the place; a Western character counts two */
} Measures;

static void measure_places(const ShapedText *shaped, const Places *places, Measures *out)
{
    const Char *chars = shaped->itemised.chars;
    uint32_t letters = 0, at = places->start;
    for (size_t i = 0; i <= places->count + 1; i++) {
        uint32_t place = place_at(places, i);
        for (; at < place; at++) {
            uint32_t c = chars[shaped->clusters[at].character].codepoint;
            if (shaped->clusters[at].flags & CLUSTER_SPACE || mark_ends_clause(c)) continue;
            letters += char_is_wide(c) ? 1 : 2;
        }
        out->letters[i] = letters;
        out->from[i] = shaped->sum[place] + (shaped->lead && place < places->end ? shaped->lead[place] : 0);
        if (shaped->breaks->seams.is_anew && i && place < places->end) out->from[i] -= shaped->breaks->seams.start[place];
        out->to[i] = place > places->start ? range_units(shaped, places->start, place) + out->from[0] : out->from[0];
    }
}

int64_t balance_unevenness(int64_t off, int64_t target)
{
    if (off < 0) off = -off;
    if (off > 4 * target) off = 4 * target;
    int64_t share = off * 1024 / target;
    return (COST_UNEVEN * share * share) >> 20;
}

int64_t balance_lines(const ShapedText *shaped, uint32_t start, uint32_t end, size_t count, int64_t measure, uint32_t *ends)
{
    if (count == 0) return COST_NONE;
    Places places = places_of(shaped, start, end);
    if (places.count + 1 < count || places.count > DISPLAY_BREAKS_MOST || count > DISPLAY_LINES_MOST) return COST_NONE;
    int64_t best[DISPLAY_LINES_MOST + 1][DISPLAY_BREAKS_MOST + 2];
    uint8_t from[DISPLAY_LINES_MOST + 1][DISPLAY_BREAKS_MOST + 2];
    Measures measures;
    measure_places(shaped, &places, &measures);
    size_t last = places.count + 1;
    int64_t target = (measures.to[last] - measures.from[0]) / (int64_t)count;
    if (target < 1) target = 1;
    for (size_t b = 0; b <= last; b++) best[0][b] = b == 0 ? 0 : COST_NONE;
    for (size_t line = 1; line <= count; line++)
        for (size_t b = 0; b <= last; b++) best[line][b] = COST_NONE;
    for (size_t b = 1; b <= last; b++) {
        int32_t own = b == last ? 0 : places.cost[b - 1];
        if (own >= COST_NEVER) continue;
        for (size_t a = b; a-- > 0;) {
            int64_t width = measures.to[b] - measures.from[a];
            if (width > measure) break;
            int64_t cost = own + balance_unevenness(width - target, target) + (measures.letters[b] - measures.letters[a] < 2 ? COST_LONELY : 0);
            /* The last line ends the text, and no other does; before place a there is room for a lines. */
            for (size_t line = b == last ? count : 1; line <= count && line <= a + 1; line++) {
                if (best[line - 1][a] == COST_NONE || best[line - 1][a] + cost >= best[line][b]) continue;
                best[line][b] = best[line - 1][a] + cost;
                from[line][b] = (uint8_t)a;
            }
        }
    }
    if (best[count][last] == COST_NONE) return COST_NONE;
    size_t b = last;
    for (size_t line = count; line > 0; b = from[line][b], line--) ends[line - 1] = place_at(&places, b);
    return best[count][last];
}

/* "Push in first, push out later" (clreq): as dear as a slack of a tenth of the line when all is taken. */
static int64_t cost_of_shrink(int64_t excess, int64_t give)
{
    int64_t share = excess * 1024 / (give > 0 ? give : 1);
    return (COST_UNEVEN / 100 * share * share) >> 20;
}

/* A line of body text: the slack squared, less its last line's; a last line under two characters is dear. */
size_t balance_body(const ShapedText *shaped, Arena *arena, uint32_t start, uint32_t end, int64_t measure, uint32_t *ends)
{
    Places places = places_of(shaped, start, end);
    const bool *hyphens = shaped->breaks->has_hyphen;
    size_t last = places.count + 1;
    int64_t *best = ARENA_ARRAY(arena, int64_t, last + 1);
    uint32_t *from = ARENA_ARRAY(arena, uint32_t, last + 1);
    for (size_t b = 1; b <= last; b++) {
        best[b] = COST_NONE;
        int32_t own = b == last ? 0 : places.cost[b - 1];
        if (own >= COST_NEVER) continue;
        uint32_t to = place_at(&places, b);
        for (size_t a = b; a-- > 0 && b - a <= BODY_LINE_BREAKS_MOST;) {
            uint32_t at = place_at(&places, a);
            int64_t width = range_units(shaped, at, to);
            int64_t give = shaped->give && to > at ? shaped->give[to - 1].before - shaped->give[at].before : 0;
            if (width - give > measure) break;
            if (best[a] == COST_NONE) continue;
            int64_t cost = best[a] + own;
            if (width > measure) cost += cost_of_shrink(width - measure, give);
            else if (b < last) cost += balance_unevenness(measure - width, measure > 0 ? measure : 1);
            if (line_is_lonely(shaped, at, to)) cost += COST_LONELY;
            if (hyphens && hyphens[at] && (hyphens[to] || b == last)) cost += COST_HYPHENS;
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
