/* manifest.c -- what the frames are, for players, scripts and people: manifest.json. Keys in a fixed order, one frame's
 * hash a line; no clock, no folder, so that two runs give the same bytes (reference led 5.3). */
#include "led/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/num.h"

#define MANIFEST_SCHEMA 1
#ifndef BIAOYU_VERSION
#define BIAOYU_VERSION "0.1.0"
#endif
#define FORM_DEPTH 32

static const char *const effect_names[] = {
    [EFFECT_NONE] = "none", [EFFECT_STILL] = "still", [EFFECT_SCROLL_LEFT] = "scroll-left", [EFFECT_SCROLL_RIGHT] = "scroll-right",
    [EFFECT_SCROLL_UP] = "scroll-up", [EFFECT_SCROLL_DOWN] = "scroll-down", [EFFECT_SLIDE_LEFT] = "slide-left",
    [EFFECT_SLIDE_RIGHT] = "slide-right", [EFFECT_SLIDE_UP] = "slide-up", [EFFECT_SLIDE_DOWN] = "slide-down",
    [EFFECT_WIPE] = "wipe", [EFFECT_CURTAIN] = "curtain", [EFFECT_TYPEWRITER] = "typewriter", [EFFECT_BLINK] = "blink", [EFFECT_CUT] = "cut",
};

static const char *const color_names[] = {[SCREEN_RED] = "red", [SCREEN_AMBER] = "amber", [SCREEN_GREEN] = "green", [SCREEN_BLUE] = "blue",
    [SCREEN_WHITE] = "white", [SCREEN_RED_GREEN] = "red-green", [SCREEN_RGB] = "rgb"};

static const char *file_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "";
}

static void add_string(StrBuf *out, const char *key, const char *value)
{
    strbuf_addf(out, "  \"%s\": ", key);
    strbuf_add_json(out, value);
    strbuf_add(out, ",\n");
}

static void add_source(StrBuf *out, const Source *source)
{
    char hex[HASH_HEX_ROOM];
    hash_sha256(source ? source->text : "", source ? source->length : 0, hex);
    strbuf_add(out, "  \"source\": {\"file\": ");
    strbuf_add_json(out, file_name(source ? source->path : NULL));
    strbuf_addf(out, ", \"sha256\": \"%s\"},\n", hex);
}

static void add_palette(StrBuf *out, const LedPalette *palette)
{
    strbuf_add(out, "  \"palette\": [");
    for (int i = 0; i < palette->count; i++) strbuf_addf(out, "%s\"%06X\"", i ? ", " : "", palette->colors[i]);
    strbuf_add(out, "],\n");
}

static int compare_hashes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t count_unique(const char (*hashes)[65], size_t count, Arena *arena)
{
    const char **sorted = ARENA_ARRAY(arena, const char *, count ? count : 1);
    for (size_t i = 0; i < count; i++) sorted[i] = hashes[i];
    qsort(sorted, count, sizeof *sorted, compare_hashes);
    size_t unique = 0;
    for (size_t i = 0; i < count; i++) unique += i == 0 || strcmp(sorted[i - 1], sorted[i]) != 0;
    return unique;
}

/* Numbers of a playlist that is one marquee. */
static void add_period(StrBuf *out, const LedPlan *plan)
{
    const LedItem *item = &plan->items[0];
    if (plan->item_count != 1 || !item->motion.marquee) return;
    int step = item->motion.step.px, period = led_item_period(item), length = led_item_length(item);
    strbuf_addf(out, "  \"period_px\": %d,\n  \"step_px\": %d,\n  \"frames_per_step\": %d,\n  \"gap_px\": %d,\n",
                period, step,
                item->motion.step.frames, period - length);
}

static void add_items(StrBuf *out, const LedPlan *plan)
{
    strbuf_add(out, "  \"items\": [\n");
    for (size_t i = 0; i < plan->item_count; i++) {
        const LedItem *item = &plan->items[i];
        const LedMotion *motion = &item->motion;
        strbuf_add(out, "    {");
        if (item->track->name) strbuf_addf(out, "\"area\": %zu, ", (size_t)(item->track - plan->tracks));
        strbuf_addf(out, "\"first\": %zu, \"frames\": %zu, \"repeat\": %llu, ", item->first_frame, item->frame_count,
                    (unsigned long long)motion->repeat);
        if (item->node->motion.effect == EFFECT_NONE)
            strbuf_addf(out, "\"enter\": \"%s\", \"exit\": \"%s\", ", effect_names[motion->enter],
                        effect_names[motion->exit]);
        else
            strbuf_addf(out, "\"effect\": \"%s\", ", effect_names[item->node->motion.effect]);
        if (!motion->marquee) strbuf_addf(out, "\"hold_frames\": %llu, ", (unsigned long long)motion->hold);
        char name[LED_NAME_ROOM];
        led_item_name(plan, i, name);
        strbuf_addf(out, "\"picture\": \"%s\", ", name);
        strbuf_addf(out, "\"step_px\": %d, \"frames_per_step\": %d, \"width\": %d, \"height\": %d}%s\n",
                    motion->step.px, motion->step.frames,
                    item->width, item->height, i + 1 < plan->item_count ? "," : "");
    }
    strbuf_add(out, "  ],\n");
}

/* Where each area lies, and after how many frames it is back at its first. */
static void add_areas(StrBuf *out, const LedPlan *plan)
{
    if (!plan->tracks[0].name) return;
    strbuf_add(out, "  \"areas\": [\n");
    for (size_t i = 0; i < plan->track_count; i++) {
        const LedTrack *track = &plan->tracks[i];
        strbuf_add(out, "    {\"name\": ");
        strbuf_add_json(out, track->area->name);
        strbuf_addf(out, ", \"x\": %d, \"y\": %d, \"width\": %d, \"height\": %d, \"frames\": %zu, \"seamless\": %s}%s\n", track->x, track->y,
                    track->width, track->height, track->frame_count, track->playlist->seamless ? "true" : "false", i + 1 < plan->track_count ? "," : "");
    }
    strbuf_add(out, "  ],\n");
}

/* ---- fonts, in the order of first use ---- */

typedef struct FontUse { const Face *face; int ppem; } FontUse;
typedef struct FontUses { FontUse *items; size_t count, capacity; Arena *arena; } FontUses;

static void note_font(FontUses *uses, const GlyphRun *run)
{
    int ppem = (int)(((int64_t)run->size + LENGTH_ONE / 2) / LENGTH_ONE);
    if (!run->face) return;
    for (size_t i = 0; i < uses->count; i++)
        if (uses->items[i].face == run->face && uses->items[i].ppem == ppem) return;
    uses->items = ARENA_GROW(uses->arena, uses->items, uses->count, &uses->capacity);
    uses->items[uses->count++] = (FontUse){run->face, ppem};
}

static void note_fonts(FontUses *uses, const Scene *scene, int depth)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_GLYPHS) note_font(uses, op->u.glyphs);
        if (op->kind == SCENE_FORM && depth < FORM_DEPTH) note_fonts(uses, op->u.form.scene, depth + 1);
    }
}

static void add_fonts(StrBuf *out, const LedPlan *plan)
{
    FontUses uses = {.arena = out->arena};
    for (size_t i = 0; i < plan->item_count; i++) note_fonts(&uses, plan->items[i].scene, 0);
    strbuf_add(out, "  \"fonts\": [");
    for (size_t i = 0; i < uses.count; i++) {
        const Face *face = uses.items[i].face;
        strbuf_add(out, i ? ",\n    {\"file\": " : "\n    {\"file\": ");
        strbuf_add_json(out, file_name(face->file));
        strbuf_addf(out, ", \"face\": %d, \"ppem\": %d, \"sha256\": ", face->index, uses.items[i].ppem);
        strbuf_add_json(out, face->sha256 ? face->sha256 : "");
        strbuf_add_char(out, '}');
    }
    strbuf_add(out, uses.count ? "\n  ],\n" : "],\n");
}

void led_manifest(const LedPlan *plan, const Document *document, const char (*hashes)[65], StrBuf *out)
{
    const Screen *screen = plan->screen;
    strbuf_addf(out, "{\n  \"schema\": %d,\n", MANIFEST_SCHEMA);
    add_string(out, "program", "biaoyu");
    add_string(out, "version", BIAOYU_VERSION);
    add_source(out, document->source);
    add_string(out, "profile", led_profile(screen));
    strbuf_addf(out, "  \"width\": %d,\n  \"height\": %d,\n", screen->width, screen->height);
    add_string(out, "colour", color_names[screen->color]);
    add_palette(out, &plan->palette);
    strbuf_addf(out, "  \"fps\": \"%u/1\",\n  \"frames\": %zu,\n  \"unique_frames\": %zu,\n", screen->fps,
                plan->frame_count,
                count_unique(hashes, plan->frame_count, out->arena));
    /* The frames are one time round; `loop` says how often a player shows them. */
    if (document->playlist.is_forever) strbuf_add(out, "  \"loop\": true,\n");
    else strbuf_addf(out, "  \"loop\": %u,\n", document->playlist.loop ? document->playlist.loop : 1);
    strbuf_addf(out, "  \"seamless\": %s,\n", document->playlist.seamless ? "true" : "false");
    add_period(out, plan);
    if (screen->current_limit_a > 0) {
        char full[NUM_ROOM], most[NUM_ROOM], limit[NUM_ROOM];
        strbuf_addf(out, "  \"current\": {\"full_a\": %s, \"brightest_a\": %s, \"limit_a\": %s, \"estimate\": %s},\n", num_format(full, screen->current_a, 2),
                    num_format(most, plan->brightest_a, 2), num_format(limit, screen->current_limit_a, 2), screen->is_current_estimate ? "true" : "false");
    }
    add_areas(out, plan);
    add_items(out, plan);
    add_fonts(out, plan);
    strbuf_add(out, "  \"sha256\": [\n");
    for (size_t i = 0; i < plan->frame_count; i++)
        strbuf_addf(out, "    \"%s\"%s\n", hashes[i], i + 1 < plan->frame_count ? "," : "");
    strbuf_add(out, "  ]\n}\n");
}
