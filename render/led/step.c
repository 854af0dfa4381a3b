/* step.c -- speeds become whole steps: dots a frame, or frames a dot. Anything else alternates steps, and judders. */
#include "led/plan.h"

#include <math.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/num.h"

/* "16.67px/s" is what we print for 50/3 and must be taken back. */
#define STEP_TOLERANCE 0.001

#define SLOWEST_FRAMES ((int)LIMIT_FRAMES + 1)       /* a dot: already more than any timeline may have */

double led_step_speed(LedStep step, unsigned fps) { return (double)fps * step.px / step.frames; }

static bool is_near(double value, double whole) { return whole >= 1 && fabs(value - whole) <= STEP_TOLERANCE * whole; }

/* The two legal steps around `px_s`, the slower first; the same twice when it is legal itself. */
static void steps_around(double px_s, unsigned fps, LedStep around[2])
{
    bool is_fast = px_s >= fps;
    double ratio = is_fast ? px_s / fps : fps / px_s;
    double most = is_fast ? LIMIT_STRIP_PX : SLOWEST_FRAMES;
    double below = floor(ratio), above = ceil(ratio);
    if (is_near(ratio, round(ratio))) below = above = round(ratio);
    int low = (int)fmin(fmax(below, 1), most), high = (int)fmin(fmax(above, 1), most);

    around[0] = is_fast ? (LedStep){low, 1} : (LedStep){1, high};
    around[1] = is_fast ? (LedStep){high, 1} : (LedStep){1, low};
}

static const char *step_text(char *out, size_t room, LedStep step, unsigned fps, bool is_short)
{
    char speed[NUM_ROOM];
    num_format(speed, led_step_speed(step, fps), 2);
    if (step.frames > 1)
        snprintf(out, room, "%spx/s (1 px every %d frames)", speed, step.frames);
    else
        snprintf(out, room, "%spx/s (%d px%s)", speed, step.px, is_short ? "" : " a frame");
    return out;
}

LedStep led_step(double px_s, unsigned fps, Span where, DiagList *diags)
{
    LedStep around[2];
    steps_around(px_s, fps, around);
    double low = led_step_speed(around[0], fps), high = led_step_speed(around[1], fps);
    bool is_high_nearer = high - px_s < px_s - low;          /* on a tie the slower: it is easier to read */
    LedStep nearest = around[is_high_nearer], other = around[!is_high_nearer];
    if (!diags || low == high) return nearest;

    char speed[NUM_ROOM], step[NUM_ROOM], first[96], second[96], hint[224];
    snprintf(hint, sizeof hint, "use %s or %s", step_text(first, sizeof first, nearest, fps, false),
             step_text(second, sizeof second, other, fps, true));
    diag_warning(diags, where, "judder", hint, "%spx/s at %u fps is %s px a frame",
                 num_format(speed, px_s, 2), fps, num_format(step, px_s / fps, 2));
    return nearest;
}

/* ---- characters ---- */

#define CLOSE_ENOUGH 0.05        /* of a speed in characters, which are not all as wide as each other */

static const char *character_text(char *out, size_t room, LedStep step, double advance, unsigned fps)
{
    char px[NUM_ROOM], c[NUM_ROOM];
    snprintf(out, room, "%spx/s (%sc/s)", num_format(px, led_step_speed(step, fps), 2), num_format(c, led_step_speed(step, fps) / advance, 1));
    return out;
}

LedStep led_step_characters(double c_s, double advance, unsigned fps, Span where, DiagList *diags)
{
    LedStep around[2];
    double px_s = c_s * advance;
    steps_around(px_s, fps, around);
    double low = led_step_speed(around[0], fps), high = led_step_speed(around[1], fps);
    bool is_high_nearer = high - px_s < px_s - low;
    LedStep nearest = around[is_high_nearer], other = around[!is_high_nearer];
    if (fabs(led_step_speed(nearest, fps) - px_s) <= CLOSE_ENOUGH * px_s) return nearest;
    char speed[NUM_ROOM], px[NUM_ROOM], step[NUM_ROOM], first[96], second[96], hint[224];
    snprintf(hint, sizeof hint, "use %s or %s", character_text(first, sizeof first, nearest, advance, fps),
             character_text(second, sizeof second, other, advance, fps));
    diag_warning(diags, where, "judder", hint, "%sc/s is %spx/s here, at %u fps %s px a frame", num_format(speed, c_s, 2), num_format(px, px_s, 1), fps,
                 num_format(step, px_s / fps, 2));
    return nearest;
}

int led_type_frames(double c_s, unsigned fps, Span where, DiagList *diags)
{
    double exact = fps / c_s;
    if (!(exact < SLOWEST_FRAMES)) exact = SLOWEST_FRAMES;
    int frames = exact < 1 ? 1 : (int)lround(exact);
    if (!diags || fabs(frames - exact) <= CLOSE_ENOUGH * exact) return frames;
    char speed[NUM_ROOM], count[NUM_ROOM], first[NUM_ROOM], second[NUM_ROOM], hint[128];
    int other = frames > exact && frames > 1 ? frames - 1 : frames + 1;
    snprintf(hint, sizeof hint, "use %sc/s or %sc/s", num_format(first, (double)fps / frames, 2), num_format(second, (double)fps / other, 2));
    diag_warning(diags, where, "judder", hint, "%sc/s at %u fps is %s frames a character", num_format(speed, c_s, 2), fps, num_format(count, exact, 2));
    return frames;
}
