/* area.c -- the ink of a page, from its plates: how much of each, and where the most lies on one spot. */
#include <string.h>

#include "press/private.h"

#define DPI 36                    /* a pixel is 0.7 mm: total ink matters where it covers something */

bool press_measure_ink(const PressSetup *setup, Raster *raster, const Scene *scene, PressInk *out, DiagList *diags)
{
    *out = (PressInk){0};
    Rect area = {-scene->bleed, -scene->bleed, scene->width + 2 * scene->bleed, scene->height + 2 * scene->bleed};
    RasterOptions options = {.scale = DPI / 72.0, .area = area};
    Arena *arena = arena_new(0);
    if (!arena) return diag_system(diags, SPAN_NONE, "out-of-memory", NULL, "there is not enough memory to look at the plates");
    PressPlates plates;
    bool ok = press_draw_plates(setup, raster, scene, &options, false, arena, &plates, diags);
    size_t width = ok ? (size_t)plates.pixels.width : 0, pixels = ok ? width * (size_t)plates.pixels.height : 0, at = 0;
    uint64_t sums[RASTER_PLATES_MAX] = {0};
    unsigned most = 0;
    for (size_t i = 0; i < pixels; i++) {
        const uint8_t *ink = plates.pixels.ink + i * plates.pixels.count;
        unsigned total = 0;
        for (size_t plate = 0; plate < plates.pixels.count; plate++) {
            sums[plate] += ink[plate];
            if (!plates.is_step[plate]) total += ink[plate];
        }
        if (total > most) most = total, at = i;
    }
    out->count = ok ? plates.pixels.count : 0;
    for (size_t i = 0; i < out->count; i++) {
        out->names[i] = plates.names[i];
        out->areas_mm2[i] = (double)sums[i] / 255 * (25.4 / DPI) * (25.4 / DPI);
    }
    out->most_ink = most / 2.55;
    if (width) out->at = (Point){area.x + length_from_pt(((double)(at % width) + 0.5) * 72 / DPI), area.y + length_from_pt(((double)(at / width) + 0.5) * 72 / DPI)};
    arena_free(arena);
    return ok;
}

void press_ink_join(PressInk *all, const PressInk *page)
{
    for (size_t i = 0; i < page->count; i++) {
        size_t k = 0;
        while (k < all->count && strcmp(all->names[k], page->names[i]) != 0) k++;
        if (k == RASTER_PLATES_MAX) continue;
        if (k == all->count) all->names[all->count++] = page->names[i];
        all->areas_mm2[k] += page->areas_mm2[i];
    }
    if (page->most_ink > all->most_ink) all->most_ink = page->most_ink, all->at = page->at;
}
