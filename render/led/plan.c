/* plan.c -- led_plan: the steps in their order, every problem of every item in one run. */
#include "led/plan.h"

#include <string.h>

#include "base/limits.h"

static bool check_screen(const Screen *screen, DiagList *diags)
{
    bool ok = true;
    if (screen->width < 1 || screen->height < 1 || screen->width > LIMIT_SCREEN_PX || screen->height > LIMIT_SCREEN_PX)
        ok = diag_error(diags, screen->where, "out-of-range", NULL,
                        "a screen of %d x %d dots cannot be made: 1 to %d each way", screen->width,
                        screen->height, LIMIT_SCREEN_PX);
    if (screen->fps < 1 || screen->fps > LIMIT_FPS)
        ok = diag_error(diags, screen->where, "out-of-range", "use 50 (or 25)", "\"fps\" cannot be %u: 1 to %d",
                        screen->fps, LIMIT_FPS);
    if (screen->levels < 2 || screen->levels > 256)
        ok = diag_error(diags, screen->where, "out-of-range", "use 2 (no grey) or 256",
                        "\"levels\" cannot be %u: 2 to 256", screen->levels);
    return ok;
}

static void release_arena(void *arena) { arena_free(arena); }

static bool build_items(LedPlan *plan, const Document *document, const LedStrip *strips, Raster *raster, Arena *arena,
                        Arena *scratch, DiagList *diags)
{
    size_t errors = diags->error_count;
    for (size_t i = 0; i < plan->item_count; i++) {
        LedItem *item = &plan->items[i];
        item->node = strips[i].node;
        item->scene = strips[i].scene;
        diags->path = item->node->path;
        led_item_survey(item, i + 1, arena);
        item->motion = led_motion(item->node, document, plan->item_count == 1, diags);
        led_palette_check(&plan->palette, item, scratch, diags);
        if (led_item_place(item, plan->screen, diags)) led_item_draw(item, &plan->palette, raster, arena, scratch, diags);
        arena_reset(scratch);
    }
    diags->path = NULL;
    return diags->error_count == errors;
}

/* The proof that the header promises: one step beyond the last frame is the first. */
static bool prove_loop(const LedPlan *plan, Arena *scratch, DiagList *diags)
{
    PngPicture first = led_frame(plan, 0, scratch), beyond = led_frame(plan, plan->frame_count, scratch);
    if (memcmp(first.rows, beyond.rows, first.stride * (size_t)first.height) == 0) return true;
    return diag_error(diags, plan->playlist->where, "loop-broken", NULL,
                      "frame %zu, one beyond the last, is not frame 0", plan->frame_count);
}

static bool finish(LedPlan *plan, Arena *arena, Arena *scratch, DiagList *diags)
{
    if (!led_timeline(plan, arena, diags)) return false;
    led_check_reading(plan, diags);
    bool is_safe = led_check_flashing(plan, scratch, diags);
    led_items_compact(plan->items, plan->item_count, &plan->palette);
    return prove_loop(plan, scratch, diags) && is_safe;
}

const LedPlan *led_plan(Arena *arena, const Document *document, const LedStrip *strips, size_t count, Raster *raster,
                        DiagList *diags)
{
    if (!check_screen(&document->screen, diags)) return NULL;
    if (count == 0) {
        diag_error(diags, document->playlist.where, "empty-playlist", "add an item to \"items\"",
                   "the playlist shows nothing");
        return NULL;
    }
    void **place = arena_own(arena, release_arena);
    Arena *scratch = *place = arena_new(0);
    if (!scratch) {
        diag_system(diags, document->playlist.where, "out-of-memory", NULL, "there is no memory to draw the playlist");
        return NULL;
    }
    const char *outer_path = diags->path;
    LedPlan *plan = ARENA_NEW(arena, LedPlan);
    plan->screen = &document->screen;
    plan->playlist = &document->playlist;
    plan->item_count = count;
    plan->items = ARENA_ARRAY(arena, LedItem, count);
    led_palette_init(&plan->palette, plan->screen);
    plan->map = led_map_build(arena, plan->screen, diags);
    bool ok = plan->map && build_items(plan, document, strips, raster, arena, scratch, diags) && finish(plan, arena, scratch, diags);

    diags->path = outer_path;
    arena_reset(scratch);
    return ok ? plan : NULL;
}

size_t led_frame_count(const LedPlan *plan) { return plan->frame_count; }
