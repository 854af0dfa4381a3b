/* loop.c -- tracks with periods of their own come round together: the frames of the plan are the least common multiple. */
#include "led/plan.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"

uint64_t led_greatest_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Saturates far above every limit. */
static uint64_t common_multiple(uint64_t a, uint64_t b)
{
    uint64_t factor = b / led_greatest_divisor(a, b);
    return a > UINT32_MAX || factor > UINT32_MAX ? UINT64_MAX : a * factor;
}

/* Of all tracks but one. */
static uint64_t multiple_without(const LedPlan *plan, const LedTrack *left_out)
{
    uint64_t multiple = 1;
    for (size_t i = 0; i < plan->track_count; i++)
        if (&plan->tracks[i] != left_out) multiple = common_multiple(multiple, plan->tracks[i].frame_count);
    return multiple;
}

static uint64_t most_frames(const LedPlan *plan)
{
    uint64_t most = (uint64_t)LIMIT_AREA_LOOP_SECONDS * plan->screen->fps;
    return most < LIMIT_FRAMES ? most : LIMIT_FRAMES;
}

/* Frames of the way of a tile, and of its colours, which both come round together. */
static uint64_t way_frames(const LedItem *item) { return (uint64_t)led_item_period(item) / (uint64_t)item->motion.step.px * (uint64_t)item->motion.step.frames; }
static uint64_t cycle_frames(const LedItem *item) { return (uint64_t)item->phase_count * (uint64_t)item->tick; }

/* How many frames longer the track's last item must be shown, so that all come round soon enough; 0: no such number. */
static uint64_t frames_missing(const LedPlan *plan, const LedTrack *track)
{
    uint64_t others = multiple_without(plan, track), most = most_frames(plan);
    const LedItem *last = &track->items[track->item_count - 1];
    uint64_t each = last->motion.marquee ? (uint64_t)last->motion.step.frames : 1;      /* a gap grows by whole steps */
    if (others > most) return 0;
    for (uint64_t more = each; more <= track->frame_count + others; more += each) {
        uint64_t frames = last->motion.is_tile ? common_multiple(way_frames(last) + more, cycle_frames(last)) : track->frame_count + more;
        if (common_multiple(others, frames) <= most) return more;
    }
    return 0;
}

/* "gap: 96px in area "news"", or "hold: 3.5s": what makes the period so long. */
static const char *remedy(const LedPlan *plan, const LedTrack *track, uint64_t more, Arena *scratch)
{
    const LedItem *last = &track->items[track->item_count - 1];
    const char *where = track->name ? track->name : "the playlist";
    char value[NUM_ROOM];
    if (last->motion.is_tile || (last->motion.marquee && track->item_count == 1 && last->motion.repeat == 1)) {
        int gap_now = last->motion.is_tile ? led_item_period(last) - led_item_length(last) : last->motion.gap;
        uint64_t gap = (uint64_t)gap_now + more / (uint64_t)last->motion.step.frames * (uint64_t)last->motion.step.px;
        return arena_printf(scratch, "gap: %llupx in %s", (unsigned long long)gap, where);
    }
    uint64_t hold = last->motion.hold + more / last->motion.repeat;
    if (last->motion.marquee || more % last->motion.repeat) return NULL;
    return arena_printf(scratch, "hold: %ss of %s", num_format(value, (double)hold / plan->screen->fps, 2), last->label);
}

bool led_loop(LedPlan *plan, Arena *scratch, DiagList *diags)
{
    uint64_t frames = multiple_without(plan, NULL);
    if (plan->track_count == 1 || frames <= most_frames(plan)) {
        plan->frame_count = (size_t)frames;
        return true;
    }
    StrBuf hint, periods;
    strbuf_init(&hint, scratch);
    strbuf_init(&periods, scratch);
    for (size_t i = 0; i < plan->track_count; i++) {
        const LedTrack *track = &plan->tracks[i];
        char seconds[NUM_ROOM];
        strbuf_addf(&periods, "%s%s", i ? i + 1 < plan->track_count ? ", " : " and " : "",
                    num_format(seconds, (double)track->frame_count / plan->screen->fps, 2));
        uint64_t more = frames_missing(plan, track);
        const char *words = more ? remedy(plan, track, more, scratch) : NULL;
        if (words) strbuf_addf(&hint, "%s%s", hint.length ? ", or " : "", words);
    }
    char limit[NUM_ROOM];
    return diag_error(diags, plan->playlist->where, "areas-loop",
                      hint.length ? hint.bytes : "give the areas periods of which one is a multiple of the others",
                      "the areas repeat after %s s, all together not within %s s", periods.bytes,
                      num_format(limit, (double)most_frames(plan) / plan->screen->fps, 2));
}

/* ---- frames that are the same ---- */

/* What a track shows: where, by its earliest frame that stands the same, and in which look. */
typedef struct Shown { size_t frame, look; } Shown;

size_t led_look_at(const LedPlan *plan, const LedTrack *track, size_t index)
{
    size_t local = led_track_frame(plan, track, index);
    LedState state = led_state(track, local);
    return state.item ? led_item_look(state.item, led_passed(track, local), index < plan->frame_count ? index / plan->screen->fps : 0) : 0;
}

static Shown shown(const LedPlan *plan, const LedTrack *track, size_t index)
{
    return (Shown){led_track_original(track, led_track_frame(plan, track, index)), led_look_at(plan, track, index)};
}

static bool is_same(const LedPlan *plan, size_t a, size_t b)
{
    for (size_t i = 0; i < plan->track_count; i++) {
        Shown one = shown(plan, &plan->tracks[i], a), other = shown(plan, &plan->tracks[i], b);
        if (one.frame != other.frame || one.look != other.look) return false;
    }
    return true;
}

static uint64_t key_of(const LedPlan *plan, size_t frame)
{
    uint64_t key = 14695981039346656037u;                    /* FNV-1a over the numbers */
    for (size_t i = 0; i < plan->track_count; i++) {
        Shown now = shown(plan, &plan->tracks[i], frame);
        key = (key ^ now.frame) * 1099511628211u;
        key = (key ^ now.look) * 1099511628211u;
    }
    return key ^ key >> 29;
}

void led_originals(LedPlan *plan, Arena *arena, Arena *scratch)
{
    size_t slots = 16;
    while (slots < 2 * plan->frame_count) slots *= 2;
    uint32_t *table = ARENA_ARRAY(scratch, uint32_t, slots); /* frame + 1; 0: free */
    plan->originals = ARENA_ARRAY(arena, uint32_t, plan->frame_count);
    for (size_t i = 0; i < plan->frame_count; i++) {
        size_t slot = key_of(plan, i) & (slots - 1);
        while (table[slot] && !is_same(plan, table[slot] - 1, i)) slot = (slot + 1) & (slots - 1);
        if (!table[slot]) table[slot] = (uint32_t)i + 1;
        plan->originals[i] = table[slot] - 1;
    }
}

size_t led_frame_original(const LedPlan *plan, size_t index) { return index < plan->frame_count ? plan->originals[index] : 0; }
