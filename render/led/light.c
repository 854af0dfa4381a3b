/* light.c -- how much of its light, and so of its current, a screen gives in a frame: lamps are dimmed by time, in linear
 * light, so that a frame at half the light takes half the current. */
#include "led/plan.h"

#include <math.h>
#include <stdio.h>

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
