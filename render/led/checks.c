/* checks.c -- can it be read, and is it safe to look at. */
#include "led/plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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
 * WCAG 2.2, success criterion 2.3.1: no more than three flashes in any one second. A flash is a pair of opposing changes of
 * relative luminance by 10 % or more, the darker below 0.80, over a quarter of the field seen at once. The luminance is that
 * of small cells, as the eye blends lamps, and 1 is the screen's own brightest: a red screen at night is no dimmer for the
 * eye that is used to it. A change counts when it comes by a cut: letters that pass are not flashes. */

#define FLASHES_A_SECOND 3
#define CELL 8                   /* dots each way */
#define CHANGE 0.10
#define BRIGHT 0.80
#define AREA_SHARE 4             /* one part in so many */
#define PAIRS 64                 /* remembered */

typedef struct Cells { int columns, rows; float *light; size_t frame; } Cells;

/* A pair of frames, and which way a large part of the screen goes from one to the other. */
typedef struct Pair { size_t from, to; bool rises, falls; } Pair;

typedef struct Flashes {
    const LedPlan *plan;
    float luminance[3][256];      /* share of the screen's brightest, by channel and value */
    Cells cells[2];
    size_t last;                  /* of the two, asked for last */
    Arena *scratch;               /* of one frame */
    Pair pairs[PAIRS];
    size_t pair_count;
} Flashes;

static double linear(double value)                           /* IEC 61966-2-1 */
{
    value /= 255;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static void fill_luminance(Flashes *flashes)
{
    static const double weights[3] = {0.2126, 0.7152, 0.0722};           /* ITU-R BT.709 */
    uint32_t white = led_palette_white(&flashes->plan->palette);
    double most = 0;
    for (int c = 0; c < 3; c++) most += weights[c] * linear(white >> (16 - 8 * c) & 0xff);
    for (int c = 0; c < 3; c++)
        for (int v = 0; v < 256; v++) flashes->luminance[c][v] = (float)(weights[c] * linear(v) / most);
}

/* Mean luminance of the cells of a frame; kept while it is one of the last two asked for. */
static const Cells *cells_of(Flashes *flashes, size_t frame)
{
    if (flashes->cells[flashes->last].frame != frame) flashes->last ^= 1;
    Cells *cells = &flashes->cells[flashes->last];
    if (cells->frame == frame) return cells;
    arena_reset(flashes->scratch);
    PngPicture picture = led_frame(flashes->plan, frame, flashes->scratch);
    const uint8_t *rgb = led_frame_rgb(&picture, flashes->scratch);
    size_t count = (size_t)cells->columns * (size_t)cells->rows;
    memset(cells->light, 0, count * sizeof *cells->light);
    for (int y = 0; y < picture.height; y++) {
        float *row = cells->light + (size_t)(y / CELL) * (size_t)cells->columns;
        for (int x = 0; x < picture.width; x++, rgb += 3)
            row[x / CELL] += flashes->luminance[0][rgb[0]] + flashes->luminance[1][rgb[1]] + flashes->luminance[2][rgb[2]];
    }
    for (size_t i = 0; i < count; i++) {
        int x = (int)(i % (size_t)cells->columns) * CELL, y = (int)(i / (size_t)cells->columns) * CELL;
        int width = picture.width - x < CELL ? picture.width - x : CELL, height = picture.height - y < CELL ? picture.height - y : CELL;
        cells->light[i] /= (float)(width * height);
    }
    cells->frame = frame;
    return cells;
}

static Pair compare(Flashes *flashes, size_t from, size_t to)
{
    for (size_t i = 0; i < flashes->pair_count && i < PAIRS; i++)
        if (flashes->pairs[i].from == from && flashes->pairs[i].to == to) return flashes->pairs[i];
    const Cells *before = cells_of(flashes, from), *after = cells_of(flashes, to);
    size_t count = (size_t)before->columns * (size_t)before->rows, rising = 0, falling = 0;
    for (size_t i = 0; i < count; i++) {
        float a = before->light[i], b = after->light[i];
        if ((a < b ? a : b) >= BRIGHT) continue;
        rising += b - a >= CHANGE;
        falling += a - b >= CHANGE;
    }
    Pair pair = {from, to, rising * AREA_SHARE >= count, falling * AREA_SHARE >= count};
    flashes->pairs[flashes->pair_count++ % PAIRS] = pair;
    return pair;
}

static bool is_cut(const LedPlan *plan, size_t index)
{
    size_t before = index ? index - 1 : plan->frame_count - 1;
    for (size_t i = 0; i < plan->track_count; i++) {
        const LedTrack *track = &plan->tracks[i];
        if (led_is_cut(track, led_track_frame(plan, track, index)) || led_look_at(plan, track, before) != led_look_at(plan, track, index)) return true;
    }
    return false;
}

/* Does the screen turn, brighter after darker or the other way? `direction`: of the last change, 0 at first. */
static bool turns(Pair pair, int *direction)
{
    if (pair.rises && (*direction <= 0 || pair.falls)) *direction = *direction > 0 ? -1 : 1;
    else if (pair.falls && *direction >= 0) *direction = -1;
    else return false;
    return true;
}

/* The most flashes in a second, and the frame where that second begins. A loop is watched beyond its end: a second more,
 * and more than once round when it is shorter than that. */
static size_t most_flashes(Flashes *flashes, size_t *changes, size_t *worst_frame)
{
    const LedPlan *plan = flashes->plan;
    size_t count = plan->frame_count, fps = plan->screen->fps, change_count = 0, worst = 0, oldest = 0;
    int direction = 0;
    for (size_t i = 1; i < count + fps; i++) {
        if (!is_cut(plan, i % count)) continue;
        Pair pair = compare(flashes, led_frame_original(plan, (i - 1) % count), led_frame_original(plan, i % count));
        if (!turns(pair, &direction)) continue;
        changes[change_count++] = i;
        while (changes[oldest] + fps <= i) oldest++;
        if ((change_count - oldest) / 2 <= worst) continue;
        worst = (change_count - oldest) / 2;
        *worst_frame = changes[oldest] % count;
    }
    return worst;
}

/* The item that comes by a cut at `frame`. */
static const LedItem *item_at(const LedPlan *plan, size_t frame)
{
    for (size_t t = 0; t < plan->track_count; t++) {
        const LedTrack *track = &plan->tracks[t];
        size_t local = led_track_frame(plan, track, frame), i = 0;
        if (!led_is_cut(track, local)) continue;
        while (i + 1 < track->item_count && track->items[i + 1].first_frame <= local) i++;
        return &track->items[i];
    }
    return &plan->items[0];
}

bool led_check_flashing(const LedPlan *plan, Arena *scratch, DiagList *diags)
{
    Flashes *flashes = ARENA_NEW(scratch, Flashes);
    flashes->plan = plan;
    flashes->scratch = arena_new(0);
    if (!flashes->scratch) return diag_system(diags, plan->playlist->where, "out-of-memory", NULL, "there is no memory to look for flashes");
    fill_luminance(flashes);
    for (size_t i = 0; i < 2; i++) {
        Cells *cells = &flashes->cells[i];
        *cells = (Cells){(plan->screen->width + CELL - 1) / CELL, (plan->screen->height + CELL - 1) / CELL, NULL, SIZE_MAX};
        cells->light = ARENA_ARRAY(scratch, float, (size_t)cells->columns * (size_t)cells->rows);
    }
    size_t *changes = ARENA_ARRAY(scratch, size_t, plan->frame_count + plan->screen->fps), frame = 0;
    size_t worst = most_flashes(flashes, changes, &frame);
    arena_free(flashes->scratch);
    if (worst <= FLASHES_A_SECOND) return true;
    char at[NUM_ROOM];
    const LedItem *item = item_at(plan, frame);
    Span where = item->node->motion.hold_span.source ? item->node->motion.hold_span : item->node->where;
    return diag_error(diags, where, "flashing", "hold what comes and goes for at least 0.17s",
                      "the screen flashes %zu times in the second from %s s, at most 3 are safe to look at", worst,
                      num_format(at, (double)frame / plan->screen->fps, 2));
}
