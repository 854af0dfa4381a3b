/* raster.c -- the handles of one worker, and scenes drawn into pixels. */
#include "raster/private.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"

Raster *raster_new(Arena *arena, FontEngine *fonts)
{
    Raster *raster = ARENA_NEW(arena, Raster);
    raster->arena = arena;
    raster->fonts = fonts;
    raster->glyphs = glyphs_new(arena);
    raster->faces = text_faces_new(arena, NULL);
    raster->pictures = pictures_new(arena);
    return raster;
}

/* Marquee strips may be longer than pictures. */
static bool size_is_allowed(double width, double height, bool is_screen)
{
    double longest = is_screen ? LIMIT_STRIP_PX : LIMIT_PICTURE_PX;
    return width <= longest && height <= longest && width * height <= (double)LIMIT_PICTURE_PIXELS;
}

bool pixels_measure(const Scene *scene, const RasterOptions *options, int *width, int *height, Rect *area, DiagList *diags)
{
    *area = options->area;
    if (area->width <= 0 || area->height <= 0)
        *area = (Rect){0, 0, scene->width, scene->height};
    /* A scene without extent still gives a picture: one pixel. */
    double across = fmax(round(length_to_pt(area->width) * options->scale), 1);
    double down = fmax(round(length_to_pt(area->height) * options->scale), 1);
    if (options->scale > 0 && size_is_allowed(across, down, scene->is_screen)) {
        *width = (int)across;
        *height = (int)down;
        return true;
    }
    char sides[2][24];
    for (int i = 0; i < 2; i++) {
        double side = i ? down : across;
        if (side < 1e9)
            snprintf(sides[i], sizeof sides[i], "%d", (int)side);
        else
            snprintf(sides[i], sizeof sides[i], "over 1000000000");
    }
    return diag_error(diags, SPAN_NONE, "picture-too-large", "ask for fewer dots per inch or a smaller page",
                      "a picture of %s x %s pixels is too large: %d is the longest side and %zu pixels the most",
                      sides[0], sides[1], scene->is_screen ? LIMIT_STRIP_PX : LIMIT_PICTURE_PX, LIMIT_PICTURE_PIXELS);
}

void pixels_clear(const Pixels *pixels, int top, int height, const Color *background)
{
    uint32_t argb = 0;
    if (background) {
        uint8_t rgb[3];
        draw_color_rgb(background, rgb);
        argb = 0xFF000000u | (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    }
    uint32_t *pixel = (uint32_t *)(void *)(pixels->data + (size_t)top * pixels->stride);
    for (size_t i = 0, count = (size_t)pixels->width * (size_t)height; i < count; i++)
        pixel[i] = argb;
}

cairo_surface_t *pixels_open(Drawing *drawing, const RasterOptions *options, Rect area, const Pixels *pixels, int left, int top, int width, int height)
{
    uint8_t *corner = pixels->data + (size_t)top * pixels->stride + (size_t)left * 4;
    cairo_surface_t *surface = cairo_image_surface_create_for_data(corner, CAIRO_FORMAT_ARGB32, width, height, (int)pixels->stride);
    drawing->cr = cairo_create(surface);
    drawing->target = TARGET_PIXELS;
    drawing->dots = options->dots;
    if (options->dots)
        cairo_set_antialias(drawing->cr, CAIRO_ANTIALIAS_NONE);
    cairo_translate(drawing->cr, -left, -top);
    cairo_scale(drawing->cr, options->scale, options->scale);
    cairo_translate(drawing->cr, -length_to_pt(area.x), -length_to_pt(area.y));
    return surface;
}

void pixels_close(Drawing *drawing, cairo_surface_t *surface)
{
    cairo_destroy(drawing->cr);
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
}

static bool draw_piece(Raster *raster, const Scene *scene, const RasterOptions *options, PlatePass *plates, Rect area, const Pixels *pixels,
                       int left, int top, DiagList *diags)
{
    int width = pixels->width - left < PIECE_PX ? pixels->width - left : PIECE_PX;
    int height = pixels->height - top < PIECE_PX ? pixels->height - top : PIECE_PX;
    Drawing drawing = {.raster = raster, .plates = plates, .diags = diags};
    cairo_surface_t *surface = pixels_open(&drawing, options, area, pixels, left, top, width, height);
    for (int layer = 0; layer < (plates ? plates->set->layer_count : 1) && !drawing.failed; layer++) {
        if (plates)
            plates->layer = layer;
        draw_scene(&drawing, scene);
    }
    pixels_close(&drawing, surface);
    return !drawing.failed;
}

static bool draw_pieces(Raster *raster, const Scene *scene, const RasterOptions *options, PlatePass *plates, Rect area, const Pixels *pixels, DiagList *diags)
{
    for (int top = 0; top < pixels->height; top += PIECE_PX)
        for (int left = 0; left < pixels->width; left += PIECE_PX)
            if (!draw_piece(raster, scene, options, plates, area, pixels, left, top, diags))
                return false;
    return true;
}

static bool pixels_new(const Scene *scene, const RasterOptions *options, Arena *arena, Rect *area, Pixels *out, DiagList *diags)
{
    if (!pixels_measure(scene, options, &out->width, &out->height, area, diags))
        return false;
    out->stride = (size_t)out->width * 4;
    out->data = arena_alloc_array(arena, (size_t)out->height, out->stride);
    return true;
}

bool raster_draw(Raster *raster, const Scene *scene, const RasterOptions *options, Arena *arena, Pixels *out, DiagList *diags)
{
    Rect area;
    Pixels pixels;
    if (!pixels_new(scene, options, arena, &area, &pixels, diags))
        return false;
    if (options->background)
        pixels_clear(&pixels, 0, pixels.height, options->background);
    if (!draw_pieces(raster, scene, options, NULL, area, &pixels, diags))
        return false;
    *out = pixels;
    return true;
}

bool raster_draw_plates(Raster *raster, const Scene *scene, const RasterOptions *options, const PlateSet *set, Arena *arena, PlatePixels *out, DiagList *diags)
{
    Rect area;
    Pixels pixels;
    if (!pixels_new(scene, options, arena, &area, &pixels, diags))
        return false;
    size_t count = (size_t)pixels.width * (size_t)pixels.height;
    PlatePixels plates = {.width = pixels.width, .height = pixels.height, .count = set->count, .ink = arena_alloc_array(arena, count, set->count)};
    for (PlatePass pass = {.set = set}; pass.first < set->count; pass.first += PLATES_A_PASS) {
        memset(pixels.data, 0xFF, count * 4);
        if (!draw_pieces(raster, scene, options, &pass, area, &pixels, diags))
            return false;
        const uint32_t *light = (const uint32_t *)(const void *)pixels.data;
        for (size_t i = 0; i < PLATES_A_PASS && pass.first + i < set->count; i++) {
            uint8_t *ink = plates.ink + pass.first + i;
            for (size_t p = 0; p < count; p++, ink += set->count)
                *ink = (uint8_t)(255 - (light[p] >> (16 - 8 * i) & 255));
        }
    }
    *out = plates;
    return true;
}
