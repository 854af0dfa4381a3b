/* timeline.c -- items to segments of frames. Positions are computed from the frame's number, never accumulated.
 *
 * All motion is half open: a segment's first frame stands where it starts, and where it ends is the first frame of the
 * next one. So an item that comes in by motion starts out of sight, rests for exactly its hold, and has left when the next
 * one starts out of sight: frame N of a loop, one step beyond the last, is frame 0.
 * A distance that the step does not divide is made longer outside the screen, so that motion ends on a whole frame. */
#include "led/plan.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"

#define INITIAL_HOLD 3.0         /* seconds */
#define INITIAL_SPEED 50.0       /* px/s */
#define TYPE_SPEED 5.0           /* characters a second */
#define FRAMES_ENDLESS ((uint64_t)1 << 40)

/* ---- motion ---- */

static const struct { int dx, dy; bool is_scroll, is_slide; } directions[] = {
    [EFFECT_SCROLL_LEFT] = {-1, 0, true, false}, [EFFECT_SCROLL_RIGHT] = {1, 0, true, false},
    [EFFECT_SCROLL_UP] = {0, -1, true, false},   [EFFECT_SCROLL_DOWN] = {0, 1, true, false},
    [EFFECT_SLIDE_LEFT] = {-1, 0, false, true},  [EFFECT_SLIDE_RIGHT] = {1, 0, false, true},
    [EFFECT_SLIDE_UP] = {0, -1, false, true},    [EFFECT_SLIDE_DOWN] = {0, 1, false, true},
    [EFFECT_CUT] = {0, 0, false, false},
};

static bool is_scroll(Effect effect) { return directions[effect].is_scroll; }
static bool moves(Effect effect) { return directions[effect].is_scroll || directions[effect].is_slide; }

static uint64_t whole_frames(double seconds, unsigned fps)
{
    if (!(seconds >= 0)) seconds = INITIAL_HOLD;
    double frames = round(seconds * fps);
    if (frames >= (double)FRAMES_ENDLESS) return FRAMES_ENDLESS;
    return frames < 1 ? 1 : (uint64_t)frames;
}

static bool is_revealed(Effect effect) { return effect == EFFECT_WIPE || effect == EFFECT_CURTAIN || effect == EFFECT_TYPEWRITER; }

static Effect way(Effect effect) { return moves(effect) || is_revealed(effect) ? effect : EFFECT_CUT; }

/* Dots a character takes on average, along the way of the text. */
static double advance_of(const LedItem *item, const LedMotion *motion)
{
    Effect effect = motion->marquee ? motion->marquee : moves(motion->enter) ? motion->enter : motion->exit;
    bool is_upright = directions[effect].dy != 0;
    return item->characters > 0 ? (is_upright ? item->height : item->width) / item->characters : 0;
}

/* The step of what moves, and the time of what is typed; what is not asked for is not said. */
static void set_speed(const LedItem *item, LedMotion *motion, unsigned fps, DiagList *diags)
{
    const Motion *written = &item->node->motion;
    Span where = written->speed_span.source ? written->speed_span : item->node->where;
    bool types = motion->enter == EFFECT_TYPEWRITER || motion->exit == EFFECT_TYPEWRITER;
    bool is_moving = motion->marquee || way(motion->enter) != EFFECT_CUT || way(motion->exit) != EFFECT_CUT;
    double advance = advance_of(item, motion), c_s = written->speed_c_s;
    motion->step = led_step(INITIAL_SPEED, fps, where, NULL);
    motion->type_frames = led_type_frames(TYPE_SPEED, fps, where, NULL);
    if (!is_moving || (written->speed_px_s <= 0 && c_s <= 0)) return;
    if (advance <= 0 && (c_s > 0 || types)) {
        diag_error(diags, where, "speed-without-text", "speed: 50px/s", "%s has no characters to count", item->label);
        return;
    }
    if (types) motion->type_frames = led_type_frames(c_s > 0 ? c_s : written->speed_px_s / advance, fps, where, diags);
    bool only_types = types && !motion->marquee && !moves(motion->enter) && !moves(motion->exit) && motion->enter != EFFECT_WIPE &&
                      motion->exit != EFFECT_WIPE && motion->enter != EFFECT_CURTAIN && motion->exit != EFFECT_CURTAIN;
    if (only_types) return;
    motion->step = c_s > 0 ? led_step_characters(c_s, advance, fps, where, diags) : led_step(written->speed_px_s, fps, where, diags);
}

LedMotion led_motion(const LedItem *item, const Screen *screen, DiagList *diags)
{
    const Node *node = item->node;
    const Motion *written = &node->motion;
    const Playlist *playlist = item->track->playlist;
    unsigned fps = screen->fps;
    LedMotion motion = {.enter = EFFECT_CUT, .exit = EFFECT_CUT, .marquee = EFFECT_NONE,
                        .repeat = written->repeat ? written->repeat : 1};

    switch (written->effect) {
    case EFFECT_NONE:
        motion.enter = way(written->enter);
        motion.exit = way(written->exit);
        break;
    case EFFECT_BLINK: motion.is_blink = true; break;
    case EFFECT_WIPE: case EFFECT_CURTAIN: case EFFECT_TYPEWRITER: motion.enter = written->effect; break;
    case EFFECT_STILL: case EFFECT_CUT: break;
    default:
        if (is_scroll(written->effect)) motion.marquee = written->effect;
        else motion.enter = motion.exit = written->effect;
    }
    motion.is_tile = motion.marquee && item->track->item_count == 1 && playlist->seamless;
    motion.hold = whole_frames(written->hold_seconds, fps);
    if (motion.marquee && written->hold_seconds >= 0)
        diag_warning(diags, written->hold_span.source ? written->hold_span : node->where, "unused-hold",
                     "to let it rest use enter, hold and exit instead of effect", "\"hold\" does nothing: the text only passes");
    motion.gap = playlist->gap > 0 ? (int)lround(length_to_pt(playlist->gap)) : 0;

    set_speed(item, &motion, fps, diags);
    return motion;
}

/* ---- one pass of an item ---- */

/* At most: enter, hold, exit, gap. */
typedef struct Pass {
    LedSegment segments[4];
    uint64_t counts[4];           /* may be beyond what a plan may hold */
    size_t count;
} Pass;

static void pass_add(Pass *pass, LedSegment segment, uint64_t count)
{
    if (count == 0) return;
    pass->counts[pass->count] = count;
    pass->segments[pass->count++] = segment;
}

static uint64_t steps_for(int64_t distance, LedStep step)
{
    int64_t steps = (distance + step.px - 1) / step.px;
    return steps < 1 ? 1 : (uint64_t)steps;
}

/* How far the item stands from its place when it is just out of sight: a slide moves by one screen, a scroll until no lit
 * dot is seen. */
static int64_t distance_in(const LedItem *item, Effect effect)
{
    const LedTrack *track = item->track;
    int dx = directions[effect].dx, dy = directions[effect].dy;
    if (directions[effect].is_slide) return dx ? track->width : track->height;
    if (dx) return dx < 0 ? track->width - item->rest_x - item->ink_left : item->rest_x + item->ink_right;
    return dy < 0 ? track->height - item->rest_y - item->ink_top : item->rest_y + item->ink_bottom;
}

static int64_t distance_out(const LedItem *item, Effect effect)
{
    const LedTrack *track = item->track;
    int dx = directions[effect].dx, dy = directions[effect].dy;
    if (directions[effect].is_slide) return dx ? track->width : track->height;
    if (dx) return dx > 0 ? track->width - item->rest_x - item->ink_left : item->rest_x + item->ink_right;
    return dy > 0 ? track->height - item->rest_y - item->ink_top : item->rest_y + item->ink_bottom;
}

static void add_enter(Pass *pass, const LedItem *item)
{
    const LedTrack *track = item->track;
    LedStep step = item->motion.step;
    Effect effect = item->motion.enter;
    LedSegment segment = {.item = item, .x = item->rest_x, .y = item->rest_y, .frames = step.frames, .from_dark = true,
                          .flows_in = true, .flows_out = true};
    if (effect == EFFECT_WIPE) {
        segment.kind = SEGMENT_WIPE_IN;
        segment.dx = step.px;
        pass_add(pass, segment, steps_for(track->width, step) * (uint64_t)step.frames);
    } else if (effect == EFFECT_CURTAIN) {
        segment.kind = SEGMENT_CURTAIN_IN;
        segment.dx = step.px;
        pass_add(pass, segment, steps_for(led_reveal_half(track), step) * (uint64_t)step.frames);
    } else if (effect == EFFECT_TYPEWRITER) {
        segment.kind = SEGMENT_TYPE_IN;
        segment.frames = item->motion.type_frames;
        pass_add(pass, segment, item->stop_count * (uint64_t)segment.frames);
    } else if (moves(effect)) {
        uint64_t steps = steps_for(distance_in(item, effect), step);
        segment.kind = SEGMENT_MOVE;
        segment.dx = directions[effect].dx * step.px;
        segment.dy = directions[effect].dy * step.px;
        segment.x -= (int64_t)steps * segment.dx;
        segment.y -= (int64_t)steps * segment.dy;
        pass_add(pass, segment, steps * (uint64_t)step.frames);
    }
}

/* The first frame of the hold is where entering ends; the first of leaving is already one step away. */
static void add_exit(Pass *pass, const LedItem *item)
{
    const LedTrack *track = item->track;
    LedStep step = item->motion.step;
    Effect effect = item->motion.exit;
    LedSegment segment = {.item = item, .x = item->rest_x, .y = item->rest_y, .frames = step.frames, .to_dark = true,
                          .flows_in = true, .flows_out = true};
    if (effect == EFFECT_WIPE) {
        segment.kind = SEGMENT_WIPE_OUT;
        segment.dx = segment.hidden = step.px;
        pass_add(pass, segment, (steps_for(track->width, step) - 1) * (uint64_t)step.frames);
    } else if (effect == EFFECT_CURTAIN) {
        segment.kind = SEGMENT_CURTAIN_OUT;
        segment.dx = segment.hidden = step.px;
        pass_add(pass, segment, (steps_for(led_reveal_half(track), step) - 1) * (uint64_t)step.frames);
    } else if (effect == EFFECT_TYPEWRITER && item->stop_count) {
        segment.kind = SEGMENT_TYPE_OUT;
        segment.hidden = 1;
        segment.frames = item->motion.type_frames;
        pass_add(pass, segment, (item->stop_count - 1) * (uint64_t)segment.frames);
    } else if (moves(effect)) {
        segment.kind = SEGMENT_MOVE;
        segment.dx = directions[effect].dx * step.px;
        segment.dy = directions[effect].dy * step.px;
        segment.x += segment.dx;
        segment.y += segment.dy;
        pass_add(pass, segment, (steps_for(distance_out(item, effect), step) - 1) * (uint64_t)step.frames);
    }
}

/* In at one edge, out at the other: length and screen. */
static void add_marquee(Pass *pass, const LedItem *item)
{
    const LedTrack *track = item->track;
    LedStep step = item->motion.step;
    int dx = directions[item->motion.marquee].dx, dy = directions[item->motion.marquee].dy;
    LedSegment segment = {.kind = SEGMENT_MOVE, .item = item, .x = item->rest_x, .y = item->rest_y,
                          .dx = dx * step.px, .dy = dy * step.px,
                          .frames = step.frames, .from_dark = true, .to_dark = true, .flows_in = true, .flows_out = true};
    if (item->motion.is_tile) {
        segment.kind = SEGMENT_TILE;
        segment.from_dark = segment.to_dark = false;
        if (dx) segment.x = 0;
        if (dy) segment.y = 0;
        /* Colours that cycle go on over the seam: both come round together. */
        uint64_t frames = steps_for(item->period, step) * (uint64_t)step.frames, cycle = (uint64_t)item->phase_count * (uint64_t)item->tick, a = frames;
        for (uint64_t b = cycle; item->phase_count > 1 && b;) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        pass_add(pass, segment, item->phase_count > 1 ? frames / a * cycle : frames);
        return;
    }
    if (dx) segment.x = dx < 0 ? track->width : -item->width;
    if (dy) segment.y = dy < 0 ? track->height : -item->height;
    int64_t period = dx ? (int64_t)item->width + track->width : (int64_t)item->height + track->height;
    pass_add(pass, segment, steps_for(period, step) * (uint64_t)step.frames);
}

/* One flash a second: half of it lit, half of it dark, in whole frames. */
static int blink_frames(unsigned fps) { return fps < 2 ? 1 : (int)((fps + 1) / 2); }

static void build_pass(Pass *pass, const LedItem *item, unsigned fps)
{
    const LedMotion *motion = &item->motion;
    *pass = (Pass){0};
    if (motion->marquee) {
        add_marquee(pass, item);
    } else {
        add_enter(pass, item);
        pass_add(pass, (LedSegment){.kind = motion->is_blink ? SEGMENT_BLINK : SEGMENT_REST, .item = item,
                                    .x = item->rest_x, .y = item->rest_y,
                                    .frames = motion->is_blink ? blink_frames(fps) : 1, .flows_in = motion->enter != EFFECT_CUT,
                                    .flows_out = motion->exit != EFFECT_CUT}, motion->hold);
        add_exit(pass, item);
    }
    /* Pixels between two items that scroll: after a cut there is no motion to measure them by. */
    bool leaves = motion->marquee ? !motion->is_tile : moves(motion->exit);
    if (motion->gap && leaves)
        pass_add(pass, (LedSegment){.kind = SEGMENT_DARK, .item = item, .frames = 1, .from_dark = true,
                                    .to_dark = true, .flows_in = true, .flows_out = true},
                 steps_for(motion->gap, motion->step) * (uint64_t)motion->step.frames);
}

/* ---- the whole ---- */

static uint64_t saturated_product(uint64_t a, uint64_t b) { return a && b > FRAMES_ENDLESS / a ? FRAMES_ENDLESS : a * b; }

static uint64_t pass_frames(const Pass *pass)
{
    uint64_t frames = 0;
    for (size_t i = 0; i < pass->count; i++)
        frames += pass->counts[i] < FRAMES_ENDLESS ? pass->counts[i] : FRAMES_ENDLESS;
    return frames;
}

static bool too_many(const LedTrack *track, unsigned fps, uint64_t frames, DiagList *diags)
{
    char seconds[NUM_ROOM];
    num_format(seconds, (double)frames / fps, 1);
    return diag_error(diags, track->where, "too-many-frames",
                      "hold items shorter, scroll faster, repeat less or divide the playlist",
                      "the playlist takes %s%llu frames (%s s at %u fps), at most %zu can be made", frames >= FRAMES_ENDLESS ? "over " : "",
                      (unsigned long long)frames, seconds, fps, LIMIT_FRAMES);
}

static bool build_segments(LedTrack *track, unsigned fps, Arena *arena, DiagList *diags)
{
    uint64_t frames = 0, segments = 0;
    Pass pass;
    for (size_t i = 0; i < track->item_count; i++) {
        build_pass(&pass, &track->items[i], fps);
        frames += saturated_product(pass_frames(&pass), track->items[i].motion.repeat);
        if (frames > FRAMES_ENDLESS) frames = FRAMES_ENDLESS;
        segments += saturated_product(pass.count, track->items[i].motion.repeat);
    }
    if (frames > LIMIT_FRAMES) return too_many(track, fps, frames, diags);

    track->segments = ARENA_ARRAY(arena, LedSegment, (size_t)segments);  /* each has a frame at least */
    for (size_t i = 0; i < track->item_count; i++) {
        LedItem *item = &track->items[i];
        build_pass(&pass, item, fps);
        size_t start = item->first_frame = track->frame_count;
        for (uint64_t again = 0; again < item->motion.repeat; again++) {
            size_t from = track->frame_count;
            for (size_t s = 0; s < pass.count; s++) {
                LedSegment *segment = &track->segments[track->segment_count++];
                *segment = pass.segments[s];
                segment->first = track->frame_count;
                segment->count = (size_t)pass.counts[s];
                segment->passed = segment->first - from;
                segment->original = start + segment->passed;
                track->frame_count += segment->count;
            }
        }
        item->frame_count = track->frame_count - start;
    }
    return true;
}

bool led_timeline(LedPlan *plan, Arena *arena, DiagList *diags)
{
    bool ok = true;
    for (size_t i = 0; i < plan->track_count; i++) ok &= build_segments(&plan->tracks[i], plan->screen->fps, arena, diags);
    return ok;
}

/* ---- frame to state ---- */

static LedState state_in(const LedSegment *segment, size_t local, const LedTrack *track)
{
    int64_t steps = (int64_t)(local / (size_t)segment->frames);
    LedState state = {.item = segment->item, .x = segment->x, .y = segment->y, .from = 0, .to = track->width,
                      .end = INT_MAX};
    int64_t edge = segment->hidden + steps * segment->dx;
    switch (segment->kind) {
    case SEGMENT_DARK: state.item = NULL; break;
    case SEGMENT_REST: break;
    case SEGMENT_MOVE: case SEGMENT_TILE:
        state.x += steps * segment->dx;
        state.y += steps * segment->dy;
        break;
    case SEGMENT_WIPE_IN: led_reveal_wipe(&state, edge, false); break;
    case SEGMENT_WIPE_OUT: led_reveal_wipe(&state, edge, true); break;
    case SEGMENT_CURTAIN_IN: led_reveal_curtain(&state, edge, false); break;
    case SEGMENT_CURTAIN_OUT: led_reveal_curtain(&state, edge, true); break;
    case SEGMENT_TYPE_IN: led_reveal_typed(&state, (size_t)steps); break;
    case SEGMENT_TYPE_OUT: {
        size_t gone = (size_t)(steps + segment->hidden), count = segment->item->stop_count;
        led_reveal_typed(&state, gone < count ? count - gone : 0);
        break;
    }
    case SEGMENT_BLINK:
        if (steps & 1) state.item = NULL;
        break;
    }
    return state;
}

static const LedSegment *segment_at(const LedTrack *track, size_t index)
{
    size_t low = 0, high = track->segment_count - 1;          /* the last that starts at or before index */
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (track->segments[middle].first <= index) low = middle;
        else high = middle - 1;
    }
    return &track->segments[low];
}

LedState led_state(const LedTrack *track, size_t index)
{
    if (index < track->frame_count) {
        const LedSegment *segment = segment_at(track, index);
        return state_in(segment, index - segment->first, track);
    }
    const LedSegment *first = &track->segments[0], *last = &track->segments[track->segment_count - 1];
    bool flows_on = last->kind == SEGMENT_TILE || (last->to_dark && first->from_dark);
    return flows_on ? state_in(last, last->count, track) : state_in(first, 0, track);
}

uint64_t led_passed(const LedTrack *track, size_t index)
{
    if (index >= track->frame_count) return 0;
    const LedSegment *segment = segment_at(track, index);
    return segment->passed + (index - segment->first);
}

bool led_is_cut(const LedTrack *track, size_t index)
{
    const LedSegment *now = segment_at(track, index);
    if (index > now->first) return now->kind == SEGMENT_BLINK;
    const LedSegment *before = now == track->segments ? &track->segments[track->segment_count - 1] : now - 1;
    return !(before->flows_out && now->flows_in);
}

size_t led_track_original(const LedTrack *track, size_t index)
{
    if (index >= track->frame_count) return 0;
    const LedSegment *segment = segment_at(track, index);
    size_t local = index - segment->first;
    if (segment->kind == SEGMENT_TILE) local %= (size_t)led_item_period(segment->item) / (size_t)segment->item->motion.step.px * (size_t)segment->frames;
    if (segment->kind == SEGMENT_DARK || segment->kind == SEGMENT_REST) local = 0;
    else if (segment->kind == SEGMENT_BLINK) local = local / (size_t)segment->frames % 2 * (size_t)segment->frames;
    else local -= local % (size_t)segment->frames;
    return segment->original + local;
}
