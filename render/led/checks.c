/* checks.c -- can it be read, and is it safe to look at. */
#include "led/plan.h"

#include <stdio.h>

#include "base/num.h"

/* ---- reading ---- */

static void check_passing(const LedPlan *plan, const LedItem *item, DiagList *diags)
{
    bool is_level = item->motion.marquee == EFFECT_SCROLL_LEFT || item->motion.marquee == EFFECT_SCROLL_RIGHT;
    int length = is_level ? item->width : item->height;
    unsigned fps = plan->screen->fps;
    if (length <= 0) return;
    double a_dot = item->characters / length, speed = led_step_speed(item->motion.step, fps);
    if (a_dot * speed <= LED_READING_RATE + 0.05) return;

    LedStep legal = led_step(LED_READING_RATE / a_dot, fps, SPAN_NONE, NULL);
    if (a_dot * led_step_speed(legal, fps) > LED_READING_RATE)            /* the nearest was the faster one */
        legal = legal.px > 1 ? (LedStep){legal.px - 1, 1} : (LedStep){1, legal.frames + 1};
    char rate[NUM_ROOM], legal_speed[NUM_ROOM], legal_rate[NUM_ROOM], hint[128];
    snprintf(hint, sizeof hint, "use %spx/s (%s characters a second)",
             num_format(legal_speed, led_step_speed(legal, fps), 2),
             num_format(legal_rate, a_dot * led_step_speed(legal, fps), 1));
    Span where = item->node->motion.speed_span.source ? item->node->motion.speed_span : item->node->where;
    diag_warning(diags, where, "reading-speed", hint, "%s passes at %s characters a second, readers follow 4.5",
                 item->label,
                 num_format(rate, a_dot * speed, 1));
}

static void check_resting(const LedPlan *plan, const LedItem *item, DiagList *diags)
{
    int share = item->motion.is_blink ? 2 : 1;               /* half of the time there is nothing to read */
    double seconds = (double)item->motion.hold / plan->screen->fps, needed = share * item->characters / LED_READING_RATE;
    if (seconds + 0.05 >= needed) return;
    char held[NUM_ROOM], hint[64], characters[NUM_ROOM], enough[NUM_ROOM];
    snprintf(hint, sizeof hint, "use hold: %ss", num_format(enough, (double)(long)(needed * 10 + 1) / 10, 1));
    Span where = item->node->motion.hold_span.source ? item->node->motion.hold_span : item->node->where;
    diag_warning(diags, where, "reading-speed", hint, "%s %s for %s s, too short to read %s characters", item->label,
                 item->motion.is_blink ? "blinks" : "rests", num_format(held, seconds, 2),
                 num_format(characters, item->characters, 1));
}

void led_check_reading(const LedPlan *plan, DiagList *diags)
{
    for (size_t i = 0; i < plan->item_count; i++) {
        const LedItem *item = &plan->items[i];
        diags->path = item->node->path;
        if (item->motion.marquee) check_passing(plan, item, diags);
        else check_resting(plan, item, diags);
    }
    diags->path = NULL;
}

/* ---- flashing ----
 * WCAG 2.2, success criterion 2.3.1: no more than three flashes in any one second, a flash being a pair of opposing
 * changes of brightness. A change counts when it comes by a cut and is over a quarter of the brightest frame: letters that
 * pass are not flashes, a text that appears and is gone is. */

#define FLASHES_A_SECOND 3
#define CHANGE_SHARE 4           /* one part in so many */

typedef struct Extreme { uint64_t low, high; int direction; } Extreme;

/* Does `light` turn back by `threshold` from the last extreme? What motion changes is not added up. */
static bool turns(Extreme *extreme, uint64_t light, uint64_t threshold, bool is_cut)
{
    if (!is_cut) {
        extreme->low = extreme->high = light;
        return false;
    }
    if (light > extreme->high) extreme->high = light;
    if (light < extreme->low) extreme->low = light;
    int direction = 0;
    if (extreme->direction <= 0 && light - extreme->low >= threshold) direction = 1;
    else if (extreme->direction >= 0 && extreme->high - light >= threshold) direction = -1;
    if (direction == 0) return false;
    extreme->direction = direction;
    extreme->low = extreme->high = light;
    return true;
}

static const LedItem *item_at(const LedPlan *plan, size_t frame)
{
    size_t i = 0;
    while (i + 1 < plan->item_count && plan->items[i + 1].first_frame <= frame) i++;
    return &plan->items[i];
}

bool led_check_flashing(const LedPlan *plan, Arena *scratch, DiagList *diags)
{
    size_t count = plan->frame_count, fps = plan->screen->fps, change_count = 0, worst = 0, worst_frame = 0;
    uint64_t *light = ARENA_ARRAY(scratch, uint64_t, count), brightest = 0;
    /* A loop is watched beyond its end: a second more, and more than once round when it is shorter than that. */
    size_t watched = count + fps;
    size_t *changes = ARENA_ARRAY(scratch, size_t, watched);
    for (size_t i = 0; i < count; i++) {
        LedState state = led_state(plan, i);
        light[i] = led_state_light(plan, &state);
        if (light[i] > brightest) brightest = light[i];
    }
    uint64_t threshold = brightest / CHANGE_SHARE + 1;
    Extreme extreme = {light[0], light[0], 0};
    for (size_t i = 1, oldest = 0; i < watched; i++) {
        if (!turns(&extreme, light[i % count], threshold, led_is_cut(plan, i % count))) continue;
        changes[change_count++] = i;
        while (changes[oldest] + fps <= i) oldest++;
        size_t flashes = (change_count - oldest) / 2;
        if (flashes > worst) {
            worst = flashes;
            worst_frame = changes[oldest];
        }
    }
    if (worst <= FLASHES_A_SECOND) return true;
    char at[NUM_ROOM];
    const LedItem *item = item_at(plan, worst_frame % count);
    Span where = item->node->motion.hold_span.source ? item->node->motion.hold_span : item->node->where;
    return diag_error(diags, where, "flashing", "hold what comes and goes for at least 0.17s",
                      "the screen flashes %zu times in the second from %s s, at most 3 are safe to look at", worst,
                      num_format(at, (double)(worst_frame % count) / (double)fps, 2));
}
