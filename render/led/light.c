/* light.c -- how much of its light, and so of its current, a screen gives in a frame: lamps are dimmed by time, in linear
 * light, so that a frame at half the light takes half the current. And which lamps are never given a rest. */
#include "led/plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

#define UNIT 65535                /* a lamp at full */

static uint32_t linear_units(unsigned value)                 /* IEC 61966-2-1 */
{
    double v = value / 255.0;
    return (uint32_t)lround(UNIT * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)));
}

/* Sums over the picture, lamp by lamp. */
static uint64_t load_of(const PngPicture *picture, const uint32_t lamps[256])
{
    uint64_t sum = 0, bytes[256];
    if (picture->type == PNG_RGB) {
        for (int y = 0; y < picture->height; y++)
            for (int x = 0; x < 3 * picture->width; x++) sum += lamps[picture->rows[(size_t)y * picture->stride + (size_t)x]];
        return sum;
    }
    /* What a byte of packed dots gives; pad bits are dark, the colour at index 0. */
    for (int byte = 0; byte < 256; byte++) {
        bytes[byte] = 0;
        for (int bit = 0; bit < 8; bit += picture->depth) {
            const uint8_t *rgb = picture->palette[byte >> (8 - picture->depth - bit) & ((1 << picture->depth) - 1)];
            bytes[byte] += lamps[rgb[0]] + lamps[rgb[1]] + lamps[rgb[2]];
        }
    }
    for (int y = 0; y < picture->height; y++)
        for (size_t x = 0; x < picture->stride; x++) sum += bytes[picture->rows[(size_t)y * picture->stride + x]];
    return sum;
}

size_t led_brightest_frame(const LedPlan *plan, double *share)
{
    uint32_t lamps[256], white = led_palette_white(&plan->palette);
    for (unsigned v = 0; v < 256; v++) lamps[v] = linear_units(v);
    size_t brightest = 0;
    uint64_t most = 0, full = (uint64_t)plan->screen->width * (uint64_t)plan->screen->height *
                              (lamps[white >> 16] + lamps[white >> 8 & 0xff] + lamps[white & 0xff]);
    Arena *scratch = arena_new(0);
    for (size_t i = 0; scratch && i < plan->frame_count; i++) {
        if (led_frame_original(plan, i) != i) continue;
        arena_reset(scratch);
        PngPicture picture = led_frame(plan, i, scratch);
        uint64_t load = load_of(&picture, lamps);
        if (load > most) most = load, brightest = i;
    }
    arena_free(scratch);
    if (share) *share = (double)most / (double)full;
    return brightest;
}

/* Warm power supplies fail first: what the brightest frame takes is held against what they can give. */
bool led_check_current(LedPlan *plan, DiagList *diags)
{
    const Screen *screen = plan->screen;
    if (screen->current_limit_a <= 0) return true;
    double share;
    size_t frame = led_brightest_frame(plan, &share);
    plan->brightest_a = share * screen->current_a;
    if (plan->brightest_a <= screen->current_limit_a) return true;
    char takes[NUM_ROOM], limit[NUM_ROOM], full[NUM_ROOM], most[NUM_ROOM], hint[160];
    snprintf(hint, sizeof hint, "light less than %s %% of the lamps: smaller or darker letters, no bright backgrounds",
             num_format(most, floor(100 * screen->current_limit_a / screen->current_a), 0));
    return diag_error(diags, screen->limit_span.source ? screen->limit_span : screen->where, "current", hint,
                      "frame %zu takes %s A%s, the limit is %s A (all lamps at full: %s A)", frame, num_format(takes, plan->brightest_a, 1),
                      screen->is_current_estimate ? " by the profile's estimate" : "", num_format(limit, screen->current_limit_a, 1),
                      num_format(full, screen->current_a, 1));
}

/* ---- burn-in ---- */

#define LONG_HOLD 60.0            /* seconds of rest from which lamps are counted */

static bool is_unlike(const LedItem *item, const LedPlan *plan, int x, int y)
{
    uint8_t zero[3] = {0}, *row = item->rows + (size_t)y * item->stride;
    size_t bits = (size_t)plan->palette.bits, bit = (size_t)x * bits;
    if (bits == 24) return memcmp(row + 3 * (size_t)x, zero, 3) != 0;
    return (row[bit / 8] >> (8 - bits - bit % 8) & ((1u << bits) - 1)) != 0;
}

/* Lamps that are lit in more than checks.burn-in of the loop by texts that rest age sooner than their neighbours. */
void led_check_burn_in(const LedPlan *plan, Arena *scratch, DiagList *diags)
{
    double share = plan->checks->burn_in;
    for (size_t t = 0; share > 0 && t < plan->track_count; t++) {
        const LedTrack *track = &plan->tracks[t];
        size_t dots = (size_t)track->width * (size_t)track->height, count = 0;
        uint32_t *lit = NULL;
        const LedItem *longest = NULL;
        size_t longest_frames = 0;
        for (size_t s = 0; s < track->segment_count; s++) {
            const LedSegment *segment = &track->segments[s];
            if (segment->kind != SEGMENT_REST || segment->count < LONG_HOLD * plan->screen->fps) continue;
            if (!lit) lit = ARENA_ARRAY(scratch, uint32_t, dots);
            if (segment->count > longest_frames) longest_frames = segment->count, longest = segment->item;
            const LedItem *item = segment->item;
            for (int y = 0; y < item->height && y + segment->y < track->height; y++)
                for (int x = 0; x < item->width && x + segment->x < track->width; x++)
                    if (y + segment->y >= 0 && x + segment->x >= 0 && is_unlike(item, plan, item->origin + x, y))
                        lit[(size_t)(y + segment->y) * (size_t)track->width + (size_t)(x + segment->x)] += (uint32_t)segment->count;
        }
        for (size_t i = 0; lit && i < dots; i++) count += lit[i] > share * (double)track->frame_count;
        if (!count) continue;
        char percent[NUM_ROOM];
        diags->path = longest->node->path;
        diag_warning(diags, longest->node->motion.hold_span.source ? longest->node->motion.hold_span : longest->node->where, "burn-in",
                     "let it move, or show something else between; checks: {burn-in: off}",
                     "%zu lamps are lit for more than %s %% of the time and will fade sooner than the others", count, num_format(percent, 100 * share, 0));
        diags->path = NULL;
    }
}
