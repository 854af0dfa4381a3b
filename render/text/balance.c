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

/* Of these a single one is not left alone on a line: Chinese, kana, Hangul. */
static bool is_syllable(uint32_t c) { return char_is_wide(c) || (c >= 0xAC00 && c <= 0xD7A3); }

bool line_is_lonely(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    const Char *chars = shaped->itemised.chars;
    size_t letters = 0;
    if (end - start > 8) return false;
    for (uint32_t i = start; i < end && letters < 2; i++) {
        uint32_t c = chars[shaped->clusters[i].character].codepoint;
        if (shaped->clusters[i].flags & CLUSTER_SPACE || mark_ends_clause(c)) continue;
        if (!is_syllable(c)) return false;         /* a Western word, a number */
        letters++;
    }
    return letters < 2;
}

#define NOWHERE 200
#define CHEAPEST_MOST 6

/* A paragraph to be set in several numbers of lines. By place: what a line from one to another measures and holds, by
 * differences; how few lines lead to it, and from it to the end. Only so many are tried there, give or take what there are
 * too many of: what makes the search short. */
struct Balancing {
    Places places;
    size_t last;
    int64_t measure;
    int64_t *from, *to;           /* width = to[b] - from[a] */
    uint32_t *letters;            /* before the place; a Western character counts two */
    uint8_t *before, *after;      /* lines at least; NOWHERE: no way */
    int64_t cheapest[CHEAPEST_MOST];           /* sum of the so many cheapest breaks */
    size_t cheapest_count;
};


static bool is_open(const Balancing *b, size_t place) { return place == 0 || place == b->last || b->places.cost[place - 1] < COST_NEVER; }

static void measure_places(const ShapedText *shaped, Balancing *out)
{
    const Places *places = &out->places;
    const Char *chars = shaped->itemised.chars;
    uint32_t letters = 0, at = places->start;
    for (size_t i = 0; i <= places->count + 1; i++) {
        uint32_t place = place_at(places, i);
        for (; at < place; at++) {
            uint32_t c = chars[shaped->clusters[at].character].codepoint;
            if (shaped->clusters[at].flags & CLUSTER_SPACE || mark_ends_clause(c)) continue;
            letters += is_syllable(c) ? 1 : 2;
        }
        out->letters[i] = letters;
        out->from[i] = shaped->sum[place] + (shaped->lead && place < places->end ? shaped->lead[place] : 0);
        if (shaped->breaks->seams.is_anew && i && place < places->end) out->from[i] -= shaped->breaks->seams.start[place];
        out->to[i] = place > places->start ? range_units(shaped, places->start, place) + out->from[0] : out->from[0];
    }
}

/* Greedy from either end: the longest line that fits leaves the fewest others. */
static void count_lines(Balancing *b)
{
    for (size_t i = 1, near = 0; i <= b->last; i++) {
        b->before[i] = NOWHERE;
        while (near < i && (b->to[i] - b->from[near] > b->measure || !is_open(b, near))) near++;
        if (near < i && is_open(b, i) && b->before[near] < NOWHERE) b->before[i] = (uint8_t)(b->before[near] < NOWHERE - 1 ? b->before[near] + 1 : NOWHERE);
    }
    for (size_t i = b->last, far = b->last; i-- > 0;) {
        b->after[i] = NOWHERE;
        while (far > i && (b->to[far] - b->from[i] > b->measure || !is_open(b, far))) far--;
        if (far > i && is_open(b, i) && b->after[far] < NOWHERE) b->after[i] = (uint8_t)(b->after[far] < NOWHERE - 1 ? b->after[far] + 1 : NOWHERE);
    }
}

static void find_cheapest(Balancing *b)
{
    int64_t *cheapest = b->cheapest;
    for (size_t i = 0; i < b->places.count; i++) {
        int64_t cost = b->places.cost[i];
        if (b->cheapest_count == CHEAPEST_MOST && cost >= cheapest[CHEAPEST_MOST - 1]) continue;
        size_t at = b->cheapest_count < CHEAPEST_MOST ? b->cheapest_count++ : CHEAPEST_MOST - 1;
        for (; at > 0 && cheapest[at - 1] > cost; at--) cheapest[at] = cheapest[at - 1];
        cheapest[at] = cost;
    }
    for (size_t i = 1; i < b->cheapest_count; i++) cheapest[i] += cheapest[i - 1];
}

Balancing *balance_begin(const ShapedText *shaped, Arena *arena, uint32_t start, uint32_t end, int64_t measure)
{
    Places places = places_of(shaped, start, end);
    if (places.count > DISPLAY_BREAKS_MOST) return NULL;
    size_t room = places.count + 2;
    Balancing *b = ARENA_NEW(arena, Balancing);
    *b = (Balancing){.places = places, .last = places.count + 1, .measure = measure, .from = ARENA_ARRAY(arena, int64_t, 2 * room),
                     .letters = ARENA_ARRAY(arena, uint32_t, room), .before = ARENA_ARRAY(arena, uint8_t, 2 * room)};
    b->to = b->from + room;
    b->after = b->before + room;
    measure_places(shaped, b);
    count_lines(b);
    find_cheapest(b);
    return b;
}

int64_t balance_unevenness(int64_t off, int64_t target)
{
    if (off < 0) off = -off;
    if (off > 4 * target) off = 4 * target;
    int64_t share = off * 1024 / target;
    return (COST_UNEVEN * share * share) >> 20;
}

int64_t balance_lines(const Balancing *b, size_t count, int64_t limit, uint32_t *ends)
{
    size_t last = b->last;
    if (count == 0 || count > DISPLAY_LINES_MOST || b->before[last] > count || b->places.count + 1 < count) return COST_NONE;
    if (count > 1 && count - 1 <= CHEAPEST_MOST && b->cheapest[count - 2] >= limit) return COST_NONE;
    /* The best way to a place in before, before + 1, .. lines: spare + 1 of them. */
    size_t spare = count - b->before[last], step = spare + 1;
    int64_t best[(DISPLAY_BREAKS_MOST + 2) * DISPLAY_LINES_MOST];
    uint8_t from[(DISPLAY_BREAKS_MOST + 2) * DISPLAY_LINES_MOST];
    int64_t target = (b->to[last] - b->from[0]) / (int64_t)count;
    if (target < 1) target = 1;
    best[0] = 0;
    for (size_t k = 1; k < step; k++) best[k] = COST_NONE;
    for (size_t to = 1; to <= last; to++) {
        for (size_t k = 0; k < step; k++) best[to * step + k] = COST_NONE;
        if (b->before[to] + b->after[to] > count) continue;
        int64_t own = to == last ? 0 : b->places.cost[to - 1];
        size_t least = to == last ? count : b->before[to], most = count - b->after[to];
        for (size_t a = to; a-- > 0;) {
            int64_t width = b->to[to] - b->from[a];
            if (width > b->measure) break;
            if (b->before[a] + b->after[a] > count) continue;
            size_t low = b->before[a] + 1u > least ? b->before[a] + 1u : least, high = count - b->after[a] + 1;
            if (high > most) high = most;
            int64_t cost = COST_NONE;
            for (size_t line = low; line <= high; line++) {
                int64_t so_far = best[a * step + line - 1 - b->before[a]];
                if (so_far == COST_NONE) continue;
                if (cost == COST_NONE)
                    cost = own + balance_unevenness(width - target, target) + (b->letters[to] - b->letters[a] < 2 ? COST_LONELY : 0);
                size_t here = to * step + line - b->before[to];
                if (so_far + cost >= best[here]) continue;
                best[here] = so_far + cost;
                from[here] = (uint8_t)a;
            }
        }
    }
    int64_t cost = best[last * step + count - b->before[last]];
    if (cost >= limit) return COST_NONE;
    for (size_t line = count, place = last; line > 0; line--) {
        ends[line - 1] = place_at(&b->places, place);
        place = from[place * step + line - b->before[place]];
    }
    return cost;
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
