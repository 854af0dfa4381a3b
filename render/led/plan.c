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

/* ---- tracks ---- */

static void track_init(LedTrack *track, const Area *area, const LedPalette *palette, Arena *arena)
{
    *track = (LedTrack){.area = area, .playlist = &area->playlist, .where = area->playlist.where, .x = area->x, .y = area->y, .width = area->width,
                        .height = area->height};
    track->name = area->name ? arena_printf(arena, "area \"%s\"", area->name) : NULL;
    const Color *color = area->background;
    if (color && color->has_rgb)
        track->background = led_palette_quantize(palette, (uint32_t)color->rgb[0] << 16 | (uint32_t)color->rgb[1] << 8 | color->rgb[2], false, 0, 0);
}

/* Without areas the screen is one. */
static void build_tracks(LedPlan *plan, const Document *document, Arena *arena, DiagList *diags)
{
    plan->track_count = document->area_count ? document->area_count : 1;
    plan->tracks = ARENA_ARRAY(arena, LedTrack, plan->track_count);
    for (size_t i = 0; i < document->area_count; i++) {
        led_palette_check_color(&plan->palette, document->areas[i].background, document->areas[i].where, arena, diags);
        track_init(&plan->tracks[i], &document->areas[i], &plan->palette, arena);
    }
    if (document->area_count) return;
    const Screen *screen = plan->screen;
    plan->tracks[0] = (LedTrack){.playlist = &document->playlist, .where = document->playlist.where, .width = screen->width,
                                 .height = screen->height};
}

/* Every track has its strips in a row; false where one has none. */
static bool share_items(LedPlan *plan, const LedStrip *strips, DiagList *diags)
{
    bool ok = true;
    size_t next = 0;
    for (size_t t = 0; t < plan->track_count; t++) {
        LedTrack *track = &plan->tracks[t];
        track->items = plan->items + next;
        for (; next < plan->item_count && strips[next].area == t; next++) {
            LedItem *item = &plan->items[next];
            item->track = track;
            item->node = strips[next].node;
            item->scene = strips[next].scene;
            item->is_timed = strips[next].is_timed;
            item->phase_count = 1;
            item->tick = 1;
            track->item_count++;
        }
        if (track->item_count == 0)
            ok = diag_error(diags, track->where, "empty-playlist", "add an item to \"items\"",
                            track->name ? "the playlist of %s shows nothing" : "the playlist shows nothing", track->name);
    }
    return ok;
}

static void build_grounds(LedPlan *plan, Arena *arena)
{
    for (size_t i = 0; i < plan->track_count; i++) {
        LedTrack *track = &plan->tracks[i];
        if (track->background == 0) continue;
        /* Bytes to spare: compose.c reads words. */
        track->ground = arena_alloc(arena, ((size_t)track->width * (size_t)plan->palette.bits + 7) / 8 + 17);
        for (int x = 0; x < track->width; x++) led_put_dot(track->ground, &plan->palette, x, track->background);
    }
}

static void release_arena(void *arena) { arena_free(arena); }

static bool build_items(LedPlan *plan, Raster *raster, Arena *arena, Arena *scratch, DiagList *diags)
{
    size_t errors = diags->error_count;
    for (size_t i = 0; i < plan->item_count; i++) {
        LedItem *item = &plan->items[i];
        diags->path = item->node->path;
        led_item_survey(item, i + 1, arena);
        item->motion = led_motion(item, plan->screen, diags);
        led_palette_check(&plan->palette, item, scratch, diags);
        if (led_item_phases(item, plan->screen->fps, diags) && led_item_place(item, diags))
            led_item_draw(item, item->scene, &plan->palette, plan->screen->fps, raster, arena, scratch, diags);
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

static bool tell_time(LedPlan *plan, const LedTimes *times, Raster *raster, Arena *arena, Arena *scratch, DiagList *diags)
{
    bool ok = true;
    for (size_t i = 0; times && i < plan->item_count; i++) {
        diags->path = plan->items[i].node->path;
        if (plan->items[i].is_timed) ok &= led_item_moments(plan, &plan->items[i], times, raster, arena, scratch, diags);
    }
    diags->path = NULL;
    return ok;
}

static bool finish(LedPlan *plan, const LedTimes *times, Raster *raster, Arena *arena, Arena *scratch, DiagList *diags)
{
    if (!led_timeline(plan, arena, diags) || !led_loop(plan, scratch, diags)) return false;
    if (!tell_time(plan, times, raster, arena, scratch, diags)) return false;
    led_originals(plan, arena, scratch);
    led_check_reading(plan, diags);
    led_check_burn_in(plan, scratch, diags);
    size_t errors = diags->error_count;
    led_check_letters(plan, raster, scratch, diags);
    led_items_compact(plan);
    build_grounds(plan, arena);
    bool is_safe = led_check_flashing(plan, scratch, diags);
    is_safe &= led_check_current(plan, diags);
    return prove_loop(plan, scratch, diags) && is_safe && diags->error_count == errors;
}

const LedPlan *led_plan(Arena *arena, const Document *document, const LedStrip *strips, size_t count, const LedTimes *times,
                        Raster *raster, DiagList *diags)
{
    if (!check_screen(&document->screen, diags)) return NULL;
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
    plan->checks = &document->checks;
    plan->item_count = count;
    plan->items = ARENA_ARRAY(arena, LedItem, count + 1);
    led_palette_init(&plan->palette, plan->screen);
    size_t errors = diags->error_count;
    plan->map = led_map_build(arena, plan->screen, diags);
    build_tracks(plan, document, arena, diags);
    bool ok = share_items(plan, strips, diags) && build_items(plan, raster, arena, scratch, diags) && diags->error_count == errors &&
              finish(plan, times, raster, arena, scratch, diags);

    diags->path = outer_path;
    arena_reset(scratch);
    return ok ? plan : NULL;
}

size_t led_frame_count(const LedPlan *plan) { return plan->frame_count; }
