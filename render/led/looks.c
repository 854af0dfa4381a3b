/* looks.c -- an item that changes while it is shown: colours that cycle, texts that tell the time. Each look is drawn once,
 * as the strip is; a frame then takes the look of its time. */
#include "led/plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"

#define FORM_DEPTH 32
#define CYCLES 32                 /* different ones in an item */
#define BLEND_PHASES 64           /* at most, of one cycle */

/* ---- cycles in a scene ---- */

typedef struct Cycles {
    const Color *colors[CYCLES];  /* the declared ones, by their cycle */
    size_t count;
    bool is_full;
} Cycles;

static void note_color(Cycles *cycles, const Color *color)
{
    if (!color) return;
    if (color->gradient)
        for (size_t i = 0; i < color->gradient->stop_count; i++) note_color(cycles, color->gradient->stops[i].color);
    if (!color->cycle) return;
    for (size_t i = 0; i < cycles->count; i++)
        if (cycles->colors[i]->cycle == color->cycle) return;
    if (cycles->count < CYCLES) cycles->colors[cycles->count++] = color;
    else cycles->is_full = true;
}

static void note_cycles(Cycles *cycles, const Scene *scene, int depth)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        switch (op->kind) {
        case SCENE_FILL: note_color(cycles, op->u.fill.color); break;
        case SCENE_STROKE: note_color(cycles, op->u.stroke.color); break;
        case SCENE_MODULES: note_color(cycles, op->u.modules->color); break;
        case SCENE_GLYPHS:
            note_color(cycles, op->u.glyphs->color);
            note_color(cycles, op->u.glyphs->stroke_color);
            break;
        case SCENE_FORM:
            if (depth < FORM_DEPTH) note_cycles(cycles, op->u.form.scene, depth + 1);
            break;
        case SCENE_IMAGE: case SCENE_LINK: case SCENE_BEGIN: case SCENE_END: break;
        }
    }
}

/* ---- phases ---- */

/* A cycle in whole frames: `count` colours, each for `frames`. */
typedef struct Phases { uint64_t count, frames; } Phases;

static Phases phases_of(const ColorCycle *cycle, unsigned fps)
{
    double frames = cycle->seconds * fps;
    if (!cycle->blends) {
        double each = round(frames / (double)cycle->count);
        return (Phases){cycle->count, each < 1 ? 1 : (uint64_t)each};
    }
    uint64_t each = (uint64_t)ceil(frames / BLEND_PHASES), count = (uint64_t)round(frames / (double)(each ? each : 1));
    return (Phases){count < 1 ? 1 : count, each ? each : 1};
}

/* Colours that last no whole frames are as uneven as steps that are no whole dots. */
static void check_period(const LedItem *item, const Color *color, unsigned fps, DiagList *diags)
{
    const ColorCycle *cycle = color->cycle;
    double each = cycle->seconds * fps / (double)cycle->count;
    Phases phases = phases_of(cycle, fps);
    if (cycle->blends || fabs((double)phases.frames - each) < 0.001) return;
    char frames[NUM_ROOM], first[NUM_ROOM], second[NUM_ROOM], hint[96];
    uint64_t other = (double)phases.frames > each && phases.frames > 1 ? phases.frames - 1 : phases.frames + 1;
    snprintf(hint, sizeof hint, "period: %ss or %ss", num_format(first, (double)(phases.frames * cycle->count) / fps, 2),
             num_format(second, (double)(other * cycle->count) / fps, 2));
    diag_warning(diags, item->node->where, "judder", hint, "each colour of \"%s\" lasts %s frames at %u fps", color->name, num_format(frames, each, 2), fps);
}

bool led_item_phases(LedItem *item, unsigned fps, DiagList *diags)
{
    Cycles cycles = {0};
    note_cycles(&cycles, item->scene, 0);
    uint64_t tick = 0, period = 1;
    for (size_t i = 0; i < cycles.count && period <= LIMIT_FRAMES; i++) {
        Phases phases = phases_of(cycles.colors[i]->cycle, fps);
        uint64_t length = phases.count * phases.frames;
        check_period(item, cycles.colors[i], fps, diags);
        tick = led_greatest_divisor(phases.frames, tick);
        period = length > LIMIT_FRAMES ? length : period / led_greatest_divisor(period, length) * length;
    }
    item->tick = tick ? (int)tick : 1;
    item->phase_count = cycles.count ? (size_t)(period / (tick ? tick : 1)) : 1;
    if (period <= LIMIT_FRAMES && item->phase_count <= LIMIT_LOOKS && !cycles.is_full) return true;
    return diag_error(diags, item->node->where, "too-many-looks", "give the cycles the same period, or one that is a multiple of the others",
                      "the colours of %s change in more than %d ways until they come round", item->label, LIMIT_LOOKS);
}

/* ---- the scene of a phase ---- */

typedef struct Recolor {
    Arena *arena;
    uint64_t frame;               /* since the cycles began */
    unsigned fps;
} Recolor;

static double linear(double value)                           /* IEC 61966-2-1 */
{
    value /= 255;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static uint8_t encode(double light)
{
    return (uint8_t)lround(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055));
}

static const Color *recolor(const Recolor *job, const Color *color);

static const Color *recolor_gradient(const Recolor *job, const Color *color)
{
    const Gradient *gradient = color->gradient;
    GradientStop *stops = ARENA_ARRAY(job->arena, GradientStop, gradient->stop_count);
    bool is_new = false;
    for (size_t i = 0; i < gradient->stop_count; i++) {
        stops[i] = (GradientStop){gradient->stops[i].at, recolor(job, gradient->stops[i].color)};
        is_new |= stops[i].color != gradient->stops[i].color;
    }
    if (!is_new) return color;
    Gradient *changed = ARENA_NEW(job->arena, Gradient);
    Color *made = ARENA_NEW(job->arena, Color);
    *changed = *gradient;
    changed->stops = stops;
    *made = *color;
    made->gradient = changed;
    return made;
}

static const Color *recolor(const Recolor *job, const Color *color)
{
    if (!color) return NULL;
    if (color->gradient) return recolor_gradient(job, color);
    if (!color->cycle) return color;
    const ColorCycle *cycle = color->cycle;
    Phases phases = phases_of(cycle, job->fps);
    uint64_t phase = job->frame / phases.frames % phases.count;
    if (!cycle->blends) return cycle->colors[phase];
    double place = (double)phase / (double)phases.count * (double)cycle->count;
    const Color *from = cycle->colors[(size_t)place], *to = cycle->colors[((size_t)place + 1) % cycle->count];
    double share = place - floor(place);
    Color *made = ARENA_NEW(job->arena, Color);
    *made = *from;
    for (int c = 0; c < 3; c++) made->rgb[c] = encode(linear(from->rgb[c]) * (1 - share) + linear(to->rgb[c]) * share);
    return made;
}

static const Scene *recolor_scene(const Recolor *job, const Scene *scene, int depth)
{
    Scene *copy = ARENA_NEW(job->arena, Scene);
    SceneOp *ops = ARENA_ARRAY(job->arena, SceneOp, scene->op_count ? scene->op_count : 1);
    *copy = *scene;
    copy->ops = ops;
    for (size_t i = 0; i < scene->op_count; i++) {
        SceneOp *op = &ops[i];
        *op = scene->ops[i];
        if (op->kind == SCENE_FILL) op->u.fill.color = recolor(job, op->u.fill.color);
        if (op->kind == SCENE_STROKE) op->u.stroke.color = recolor(job, op->u.stroke.color);
        if (op->kind == SCENE_FORM && depth < FORM_DEPTH) op->u.form.scene = recolor_scene(job, op->u.form.scene, depth + 1);
        if (op->kind == SCENE_GLYPHS) {
            GlyphRun *run = ARENA_NEW(job->arena, GlyphRun);
            *run = *op->u.glyphs;
            run->color = recolor(job, run->color);
            run->stroke_color = recolor(job, run->stroke_color);
            op->u.glyphs = run;
        }
        if (op->kind == SCENE_MODULES) {
            Modules *modules = ARENA_NEW(job->arena, Modules);
            *modules = *op->u.modules;
            modules->color = recolor(job, modules->color);
            op->u.modules = modules;
        }
    }
    return copy;
}

const Scene *led_item_scene(const LedItem *item, const Scene *scene, size_t phase, unsigned fps, Arena *arena)
{
    if (item->phase_count == 1) return scene;
    const Recolor job = {arena, (uint64_t)phase * (uint64_t)item->tick, fps};
    return recolor_scene(&job, scene, 0);
}

/* ---- time ---- */

size_t led_item_look(const LedItem *item, uint64_t passed, uint64_t second)
{
    if (item->look_count <= 1) return 0;
    size_t phase = passed / (uint64_t)item->tick % item->phase_count;
    size_t moment = second < item->second_count ? item->moments[second] : 0;
    return moment * item->phase_count + phase;
}

/* Every second of the loop asks for its scene; the same scene again is the same look. */
bool led_item_moments(LedPlan *plan, LedItem *item, const LedTimes *times, Raster *raster, Arena *arena, Arena *scratch, DiagList *diags)
{
    size_t index = (size_t)(item - plan->items), seconds = (plan->frame_count + plan->screen->fps - 1) / plan->screen->fps;
    const Scene *last = item->scene;
    bool ok = true;
    item->moments = ARENA_ARRAY(arena, uint32_t, seconds + 1);
    item->second_count = seconds;
    uint32_t moment = 0;
    for (size_t second = 1; ok && second < seconds; second++) {
        const Scene *scene = times->scene_at(times->context, index, second, diags);
        if (!scene) return false;
        if (scene != last) {
            if (scene->width > item->scene->width || scene->height > item->scene->height) {
                char at[NUM_ROOM];
                return diag_error(diags, item->node->where, "clock-width", "use digits of one width (Unifont, efont), or give the text a width",
                                  "after %s s the time makes %s larger than it was at first", num_format(at, (double)second, 0), item->label);
            }
            moment++;
            ok = led_item_draw(item, scene, &plan->palette, plan->screen->fps, raster, arena, scratch, diags);
        }
        last = scene;
        item->moments[second] = moment;
    }
    return ok;
}
