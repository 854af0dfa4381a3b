/* lines.c -- which lines, at which size: greedy breaking, balanced breaking, fit, ellipsis.
 *
 * Whether a text fits is asked of greedy breaking alone, over the breaks of a level (private.h); how the lines that are
 * then allowed are filled is for wrap: balance and pretty look for the cheapest way (balance.c) in as many.
 *
 * Fit: for N lines the size is min(W / widest(N), H / (N * leading)), and the best N wins. A larger size never needs fewer
 * lines, so the same answer is found by halving the range of sizes, whole Lengths all the way: what is found surely fits,
 * rounding included. Nothing is shaped again, but for dots, where every size has advances of its own. */
#include "text/private.h"

#include <string.h>

#define FREE_MEASURE (INT64_MAX / 4)

/* ---- measuring ---- */

/* The last cluster of a line that is no space. */
static uint32_t last_cluster(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    while (end > start + 1 && shaped->clusters[end - 1].flags & CLUSTER_SPACE) end--;
    return end - 1;
}

int64_t range_hang(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    return shaped->hang && end > start ? shaped->hang[last_cluster(shaped, start, end)] : 0;
}

int64_t range_units(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    int64_t units = end > start ? shaped->trimmed[end] - shaped->sum[start] : 0;
    if (shaped->lead && end > start) units -= shaped->lead[start];
    if (shaped->trail && end > start) units -= shaped->trail[last_cluster(shaped, start, end)] + range_hang(shaped, start, end);
    const struct Seams *seams = &shaped->breaks->seams;
    if (seams->is_anew && end > start) units += seams->start[start] + seams->end[end];
    return units > 0 ? units : 0;
}

Length range_width(const ShapedText *shaped, uint32_t start, uint32_t end, Length size)
{
    return shaped_length(shaped, range_units(shaped, start, end), size);
}

int64_t measure_units(const ShapedText *shaped, Length width, Length size)
{
    if (width >= LENGTH_MAX) return FREE_MEASURE;
    if (width < 0) width = 0;
    if (shaped->is_dots) return width;
    return (((int64_t)width + 1) * EM_UNITS - EM_UNITS / 2 - 1) / size;
}

static Length leading_of(const ShapedText *shaped, Length largest)
{
    Length height = length_from_double(shaped->input.style->leading * largest);
    if (!shaped->is_dots) return height > 0 ? height : 0;
    return height > 0 ? (height + LENGTH_ONE / 2) / LENGTH_ONE * LENGTH_ONE : 0;
}

LineRoom line_room(const ShapedText *shaped, uint32_t start, uint32_t end, Length size, bool is_first)
{
    LineRoom room = {.largest = size};
    if (shaped->is_mixed && end > start) {
        room.largest = 0;
        for (uint32_t i = shaped->clusters[start].item; i <= shaped->clusters[end - 1].item; i++) {
            Length own = item_size(shaped, &shaped->itemised.items[i], size);
            if (own > room.largest) room.largest = own;
        }
    }
    room.height = leading_of(shaped, room.largest);
    Length white = room.height - room.largest;
    for (uint32_t i = start; shaped->has_objects && i < end; i++) {
        const Item *item = &shaped->itemised.items[shaped->clusters[i].item];
        if (!(shaped->clusters[i].flags & CLUSTER_OBJECT)) continue;
        Rect area = object_area(shaped, item->object, item_size(shaped, item, size), shaped->share);
        Length over = is_vertical(shaped) ? room.height / 2 : white / 2 + length_from_double(shaped->share * room.largest), under = room.height - over;
        Length up = is_vertical(shaped) ? area.width / 2 : -area.y, down = is_vertical(shaped) ? area.width / 2 : area.y + area.height;
        if (up - over > room.above) room.above = up - over;
        if (down - under > room.below) room.below = down - under;
    }
    /* White space over the em box: half the leading, and the other half of the line above. */
    Length wanted = ruby_height(shaped, start, end, size), free_over = white < 0 ? 0 : is_first ? white / 2 : white;
    if (wanted - free_over > room.above) room.above = wanted - free_over;
    if (shaped->is_dots) {
        room.above = (room.above + LENGTH_ONE - 1) / LENGTH_ONE * LENGTH_ONE;
        room.below = (room.below + LENGTH_ONE - 1) / LENGTH_ONE * LENGTH_ONE;
    }
    room.height += room.above + room.below;
    return room;
}

/* ---- greedy, first fit ---- */

/* The last break of the level after `start` whose line is not too wide; the first one at all when none is; `end` when the
 * rest needs no break. Widths grow along the line, so the breaks can be halved. No single character is left for the last
 * line (clreq): then one more goes down with it. */
static uint32_t line_end(const ShapedText *shaped, uint32_t start, uint32_t end, int64_t measure, int level)
{
    if (range_units(shaped, start, end) <= measure) return end;
    phrase_weigh(shaped);
    const struct Allowed *breaks = &shaped->breaks->allowed[level];
    size_t low = 0, high = breaks->count;
    while (low < high) {          /* first break after start */
        size_t middle = (low + high) / 2;
        if (breaks->at[middle] <= start) low = middle + 1;
        else high = middle;
    }
    size_t first = low;
    if (first == breaks->count || breaks->at[first] >= end) return end;
    high = breaks->count;
    while (low < high) {          /* first break that is too far */
        size_t middle = (low + high) / 2;
        if (breaks->at[middle] < end && range_units(shaped, start, breaks->at[middle]) <= measure) low = middle + 1;
        else high = middle;
    }
    if (low == first) return breaks->at[first];
    uint32_t next = breaks->at[low - 1];
    if (low - 1 == first || shaped->input.style->line_break == LINE_BREAK_ANYWHERE || !line_is_lonely(shaped, next, end)) return next;
    uint32_t earlier = breaks->at[low - 2];
    return line_is_lonely(shaped, start, earlier) || range_units(shaped, earlier, end) > measure ? next : earlier;
}

typedef struct Filled { size_t count; int64_t widest; int64_t height; bool is_too_wide; } Filled;

static uint32_t trim_end(const ShapedText *shaped, uint32_t start, uint32_t end)
{
    while (end > start && shaped->clusters[end - 1].flags & CLUSTER_SPACE) end--;
    return end;
}

/* Break everything; stops after `most` lines when `most` is not 0. `lines` may be NULL. */
static Filled fill(const ShapedText *shaped, int64_t measure, Length size, int level, size_t most, LineRange *lines)
{
    Filled filled = {0};
    Length height = leading_of(shaped, size);
    for (uint32_t start = 0; start < shaped->cluster_count;) {
        uint32_t paragraph_end = start;
        while (!(shaped->clusters[paragraph_end].flags & CLUSTER_NEWLINE)) paragraph_end++;
        do {
            uint32_t next = line_end(shaped, start, paragraph_end, measure, level);
            int64_t units = range_units(shaped, start, next);
            if (units > measure) filled.is_too_wide = true;
            if (units > filled.widest) filled.widest = units;
            uint32_t end = lines || shaped->is_mixed ? trim_end(shaped, start, next) : next;
            filled.height += shaped->is_mixed ? line_room(shaped, start, end, size, filled.count == 0).height : height;
            if (lines) lines[filled.count] = (LineRange){.start = start, .end = end, .ends_paragraph = next == paragraph_end};
            filled.count++;
            start = next;
            if (most && filled.count >= most) return filled;
        } while (start < paragraph_end);
        start = paragraph_end + 1;
    }
    return filled;
}

/* ---- fit ---- */

typedef struct Frame { Length width, height; size_t lines; } Frame;     /* lines 0: any number */

static bool is_inside(const Filled *filled, const Frame *frame)
{
    return !filled->is_too_wide && (frame->lines == 0 || filled->count <= frame->lines) &&
           (frame->height >= LENGTH_MAX || filled->height <= frame->height);
}

static bool fits_level(const ShapedText *shaped, const Frame *frame, Length size, int level)
{
    Filled filled = fill(shaped, measure_units(shaped, frame->width, size), size, level, frame->lines ? frame->lines + 1 : 0, NULL);
    return is_inside(&filled, frame);
}

static bool fits_at(const ShapedText *shaped, const Frame *frame, Length size) { return fits_level(shaped, frame, size, BREAK_ANY); }

typedef struct SizeRange { Length least, most; } SizeRange;

static SizeRange size_range(const TextStyle *style)
{
    SizeRange range = {style->size, style->size};
    if (style->fit != FIT_NONE) range.least = style->fit_min;
    if (style->fit == FIT_GROW) range.most = style->fit_max;
    if (range.most < 1) range.most = 1;
    if (range.least < 1) range.least = 1;
    if (range.least > range.most) range.least = range.most;
    return range;
}

static Length largest_of_level(const ShapedText *shaped, const Frame *frame, int level, bool *fits)
{
    SizeRange range = size_range(shaped->input.style);
    *fits = fits_level(shaped, frame, range.most, level);
    if (*fits || range.least == range.most) return range.most;
    *fits = fits_level(shaped, frame, range.least, level);
    if (!*fits) return range.least;
    Length low = range.least, high = range.most;      /* low fits, high does not */
    while (high - low > 1) {
        Length middle = low + (high - low) / 2;
        if (fits_level(shaped, frame, middle, level)) low = middle;
        else high = middle;
    }
    return low;
}

/* Breaking by phrases, a smaller size is taken for better breaks: 0.97 for every point of cost (reference typography,
 * section 9), that is 0.94 for breaks that one dictionary disputes, 0.77 for words cut. */
static Length largest_size(const ShapedText *shaped, const Frame *frame, bool *fits)
{
    static const double worth[BREAK_LEVELS] = {1, 0.94, 0.77};
    int level = shaped->input.style->word_break == WORD_BREAK_PHRASE ? BREAK_AGREED : BREAK_ANY;
    Length best = largest_of_level(shaped, frame, level, fits);
    for (level++; level < BREAK_LEVELS && !(*fits && best == size_range(shaped->input.style).most); level++) {
        bool fits_too;
        Length size = largest_of_level(shaped, frame, level, &fits_too);
        if (!fits_too || (*fits && size * worth[level] <= best)) continue;
        /* What is taken at this price must be left to pay for the next. */
        best = size;
        *fits = true;
    }
    return best;
}

/* Dots: every whole size from large to small, as far as it can matter; a size that some face has no strike for is none. */
static const ShapedText *largest_dots(TextEngine *engine, Arena *arena, const ShapedText *shaped, const Frame *frame, bool *fits)
{
    SizeRange range = size_range(shaped->input.style);
    Length high = range.most / LENGTH_ONE, low = (range.least + LENGTH_ONE - 1) / LENGTH_ONE;
    if (shaped->input.style->fit == FIT_NONE || high < low) {
        *fits = fits_at(shaped, frame, shaped->size);
        return shaped;
    }
    double leading = shaped->input.style->leading;
    if (frame->height < LENGTH_MAX && leading > 0) {
        double bound = ((double)frame->height / LENGTH_ONE + 0.5) / leading + 1;
        if (!shaped->is_mixed && bound < high) high = bound < low ? low : (Length)bound;
    }
    const ShapedText *last = shaped;
    for (Length px = high; px >= low; px--) {
        const ShapedText *tried = px * LENGTH_ONE == shaped->size ? shaped
            : shape_items(engine, arena, &shaped->input, &shaped->itemised, px * LENGTH_ONE, NULL);
        if (!tried) continue;
        last = tried;
        *fits = fits_at(tried, frame, tried->size);
        if (*fits) return tried;
    }
    *fits = fits_at(last, frame, last->size);
    return last;
}

/* ---- what would have been needed ---- */

static void find_needs(LineSet *set, const Frame *frame)
{
    const ShapedText *shaped = set->shaped;
    Filled as_is = fill(shaped, measure_units(shaped, frame->width, set->size), set->size, BREAK_ANY, 0, NULL);
    set->needed_lines = (unsigned)as_is.count;
    set->needed_height = as_is.height > LENGTH_MAX ? LENGTH_MAX : (Length)as_is.height;
    Filled unbroken = fill(shaped, FREE_MEASURE, set->size, BREAK_ANY, 0, NULL);
    Length low = 0, high = shaped_length(shaped, unbroken.widest, set->size);
    set->needed_width = high;
    Frame wide = *frame;
    wide.width = high;
    if (!fits_at(shaped, &wide, set->size)) {         /* too high even then: what the widest piece needs */
        wide.height = LENGTH_MAX;
        wide.lines = 0;
    }
    while (low < high) {
        wide.width = low + (high - low) / 2;
        if (fits_at(shaped, &wide, set->size)) high = wide.width;
        else low = wide.width + 1;
    }
    set->needed_width = high;
}

/* ---- ellipsis ---- */

static void cut_line(const ShapedText *shaped, const ShapedText *dots, LineRange *line, int64_t measure)
{
    int64_t room = measure - range_units(dots, 0, (uint32_t)dots->cluster_count);
    uint32_t end = line->start, at = line->start;
    while (!(shaped->clusters[at].flags & CLUSTER_NEWLINE) && shaped->sum[at + 1] - shaped->sum[line->start] <= room) end = ++at;
    line->end = trim_end(shaped, line->start, end);
    line->has_ellipsis = true;
    line->reason = LINE_CUT;
    line->ends_paragraph = true;
}

static void cut_lines(TextEngine *engine, Arena *arena, LineSet *set, const Frame *frame)
{
    const ShapedText *shaped = set->shaped, *dots = shaped->ellipsis;
    if (shaped->is_dots && dots->size != set->size) {
        dots = shape_items(engine, arena, &dots->input, &dots->itemised, set->size, NULL);
        if (!dots) return;
        ShapedText *own = ARENA_NEW(arena, ShapedText);
        *own = *shaped;
        own->ellipsis = dots;
        set->shaped = shaped = own;
    }
    int64_t measure = measure_units(shaped, frame->width, set->size), height = 0;
    bool is_too_wide = range_units(dots, 0, (uint32_t)dots->cluster_count) > measure;
    for (size_t i = 0; i < set->count; i++) {
        LineRange *line = &set->lines[i];
        height += line_room(shaped, line->start, line->end, set->size, i == 0).height;
        int64_t next = i + 1 < set->count ? height + line_room(shaped, line[1].start, line[1].end, set->size, false).height : 0;
        bool is_last = i + 1 < set->count && ((frame->lines && i + 1 >= frame->lines) || next > frame->height);
        if (is_last || range_units(shaped, line->start, line->end) > measure) cut_line(shaped, dots, line, measure);
        if (is_last) set->count = i + 1;
    }
    /* A line that was cut may hold more than before, and of a larger size. */
    height = 0;
    for (size_t i = 0; i < set->count; i++)
        height += line_room(shaped, set->lines[i].start, set->lines[i].end, set->size, i == 0).height;
    set->fits = !is_too_wide && (frame->height >= LENGTH_MAX || height <= frame->height);
}

/* ---- the lines of a paragraph, weighed ---- */

typedef struct Budget { size_t lines; bool is_free; } Budget;     /* how many more lines than the fewest may be used */

static Budget budget_of(const ShapedText *shaped, const Frame *frame, Length size, size_t fewest)
{
    Budget budget = {.is_free = true};
    size_t most = SIZE_MAX;
    if (frame->lines) most = frame->lines;
    if (frame->height < LENGTH_MAX) {
        Length height = leading_of(shaped, size);
        size_t by_height = shaped->is_mixed ? fewest : height > 0 ? (size_t)(frame->height / height) : SIZE_MAX;
        if (by_height < most) most = by_height;
    }
    if (most < SIZE_MAX) budget = (Budget){.lines = most > fewest ? most - fewest : 0};
    return budget;
}

/* A line more costs this much: rather that than a word cut, but not for a matter of taste. */
#define COST_LINE (3 * COST_ONE)
#define LINES_MORE_MOST 2

/* The cheapest of fewest, fewest + 1, .. lines; how many, their ends in `ends`; 0 when there is no such way. */
static size_t balance_paragraph(const ShapedText *shaped, Arena *arena, uint32_t start, uint32_t end, int64_t measure, size_t fewest, Budget *budget,
                                uint32_t *ends, uint32_t *tried)
{
    size_t chosen = 0, more = shaped->input.style->word_break != WORD_BREAK_PHRASE ? 0
                            : budget->is_free || budget->lines > LINES_MORE_MOST ? LINES_MORE_MOST : budget->lines;
    int64_t best = COST_NONE;
    Balanced *known = &shaped->breaks->balanced;
    bool is_known = known->is_known && known->start == start && known->end == end && known->fewest == fewest && known->measure == measure &&
                    known->more >= more && known->chosen <= fewest + more;       /* the best of more is the best of fewer */
    if (is_known) {
        chosen = known->chosen;
        memcpy(ends, known->ends, chosen * sizeof *ends);
    }
    const Balancing *balancing = is_known ? NULL : balance_begin(shaped, arena, start, end, measure);
    for (size_t count = fewest; balancing && count <= fewest + more; count++) {
        int64_t extra = COST_LINE * (int64_t)(count - fewest);
        int64_t cost = balance_lines(balancing, count, best == COST_NONE ? COST_NONE : best - extra, tried);
        if (cost == COST_NONE) continue;
        best = cost + extra;
        chosen = count;
        memcpy(ends, tried, count * sizeof *ends);
    }
    if (!is_known) {
        *known = (Balanced){.is_known = true, .start = start, .end = end, .fewest = fewest, .more = more, .chosen = chosen, .measure = measure};
        memcpy(known->ends, ends, chosen * sizeof *ends);
    }
    if (chosen > fewest && !budget->is_free) budget->lines -= chosen - fewest;
    return chosen;
}

TextWrap lines_wrap(const TextStyle *style)
{
    if (style->line_break == LINE_BREAK_ANYWHERE) return WRAP_STABLE;
    if (style->wrap != WRAP_AUTO) return style->wrap;
    if (style->align == TEXT_JUSTIFY) return WRAP_PRETTY;
    return style->word_break == WORD_BREAK_PHRASE ? WRAP_BALANCE : WRAP_STABLE;
}

/* Set the lines of every broken paragraph anew; `greedy`: the fewest lines there are. The count; `out` has room for
 * cluster_count + 1. */
static size_t weigh_lines(const ShapedText *shaped, Arena *arena, const Frame *frame, Length size, const LineRange *greedy, size_t count, LineRange *out)
{
    TextWrap wrap = lines_wrap(shaped->input.style);
    int64_t measure = measure_units(shaped, frame->width, size);
    Budget budget = budget_of(shaped, frame, size, count);
    uint32_t *ends = ARENA_ARRAY(arena, uint32_t, shaped->cluster_count + 2);
    uint32_t *tried = ARENA_ARRAY(arena, uint32_t, shaped->cluster_count + 2);
    size_t made = 0;
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; !greedy[next - 1].ends_paragraph && next < count;) next++;
        uint32_t start = greedy[i].start, end = start;
        while (!(shaped->clusters[end].flags & CLUSTER_NEWLINE)) end++;
        size_t fewest = next - i, lines = 0;
        if (fewest > 1 && wrap == WRAP_BALANCE) lines = balance_paragraph(shaped, arena, start, end, measure, fewest, &budget, ends, tried);
        if (fewest > 1 && lines == 0) {
            lines = balance_body(shaped, arena, start, end, measure, ends);
            if (lines > fewest && !budget.is_free && lines - fewest > budget.lines) lines = 0;
            else if (lines > fewest) budget.lines -= budget.is_free ? 0 : lines - fewest;
        }
        if (lines == 0) {
            memcpy(out + made, greedy + i, fewest * sizeof *out);
            made += fewest;
            continue;
        }
        for (size_t k = 0; k < lines; k++)
            out[made++] = (LineRange){.start = k ? ends[k - 1] : start, .end = trim_end(shaped, k ? ends[k - 1] : start, ends[k]),
                                      .ends_paragraph = k + 1 == lines};
    }
    return made;
}

/* What the break after each line is and costs. */
static void explain_lines(const ShapedText *shaped, LineRange *lines, size_t count)
{
    const Breaks *breaks = shaped->breaks;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].ends_paragraph || i + 1 == count || !breaks->is_weighed) continue;
        while (at < breaks->count && breaks->at[at] < lines[i + 1].start) at++;
        if (at == breaks->count || breaks->at[at] != lines[i + 1].start) continue;
        lines[i].reason = breaks->reason[at];
        lines[i].cost = breaks->cost[at];
    }
}

LineSet lines_choose(TextEngine *engine, Arena *arena, const ShapedText *shaped, Length width, Length height)
{
    Frame frame = {width, height, shaped->input.style->lines};
    LineSet set = {.shaped = shaped};
    if (shaped->is_dots) {
        const ShapedText *chosen = largest_dots(engine, arena, shaped, &frame, &set.fits);
        if (chosen != shaped) {
            ShapedText *own = ARENA_NEW(arena, ShapedText);
            *own = *chosen;
            own->ellipsis = shaped->ellipsis;
            chosen = own;
        }
        set.shaped = chosen;
        set.size = chosen->size;
    } else {
        set.size = largest_size(shaped, &frame, &set.fits);
    }
    int64_t measure = measure_units(set.shaped, width, set.size);
    size_t count = fill(set.shaped, measure, set.size, BREAK_ANY, 0, NULL).count;
    set.lines = ARENA_ARRAY(arena, LineRange, count + 1);
    set.count = fill(set.shaped, measure, set.size, BREAK_ANY, 0, set.lines).count;
    if (set.shaped->breaks->is_weighed && lines_wrap(set.shaped->input.style) == WRAP_STABLE) {
        int level = BREAK_AGREED;
        while (level < BREAK_ANY && !fits_level(set.shaped, &frame, set.size, level)) level++;
        count = fill(set.shaped, measure, set.size, level, 0, NULL).count;
        set.lines = ARENA_ARRAY(arena, LineRange, count + 1);
        set.count = fill(set.shaped, measure, set.size, level, 0, set.lines).count;
    } else if (set.shaped->breaks->is_weighed && measure < FREE_MEASURE) {
        LineRange *weighed = ARENA_ARRAY(arena, LineRange, set.shaped->cluster_count + 2);
        set.count = weigh_lines(set.shaped, arena, &frame, set.size, set.lines, set.count, weighed);
        set.lines = weighed;
    }
    explain_lines(set.shaped, set.lines, set.count);
    if (set.fits) return set;
    find_needs(&set, &frame);
    if (set.shaped->ellipsis) cut_lines(engine, arena, &set, &frame);
    else if (shaped->input.style->overflow == OVERFLOW_CLIP && frame.lines && set.count > frame.lines) set.count = frame.lines;
    return set;
}

/* ---- the door ---- */

Length text_max_content(const ShapedText *shaped)
{
    return shaped_length(shaped, fill(shaped, FREE_MEASURE, shaped->size, BREAK_ANY, 0, NULL).widest, shaped->size);
}

Length text_min_content(const ShapedText *shaped)
{
    return shaped_length(shaped, fill(shaped, 0, shaped->size, BREAK_ANY, 0, NULL).widest, shaped->size);
}

TextBlock text_flow(TextEngine *engine, Arena *arena, const ShapedText *shaped, Length width, Length height)
{
    /* How long lines may be, and how much room they have side by side. */
    Length measure = is_vertical(shaped) ? height : width, room = is_vertical(shaped) ? width : height;
    bool is_stack = shaped->input.style->fit == FIT_STACK && !shaped->is_dots && measure < LENGTH_MAX;
    LineSet set = is_stack ? stack_choose(arena, shaped, measure, room)
                          : lines_choose(engine, arena, shaped, measure, room);
    if (is_stack) explain_lines(shaped, set.lines, set.count);
    return place_lines(engine, arena, &set, measure);
}

/* One line of the full size is not broken, shrunk or balanced in any height that has room for it. */
bool text_flow_holds(const TextBlock *block, Length height)
{
    const ShapedText *shaped = block->shaped;
    const TextStyle *style = shaped->input.style;
    return block->fits && block->line_count == 1 && block->height <= height && block->size == size_range(style).most && style->fit != FIT_STACK &&
           !shaped->is_dots && !is_vertical(shaped);
}
