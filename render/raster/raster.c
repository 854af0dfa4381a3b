/* raster.c -- the handles of one worker, and scenes drawn into pixels. */
#include "raster/private.h"

#include <stdio.h>

#include "base/limits.h"

/* Cairo's image surfaces end at 32767 pixels: longer pictures are drawn in bands of the same memory. */
#define BAND_PX 16384

Raster *raster_new(Arena *arena, FontEngine *fonts)
{
    Raster *raster = ARENA_NEW(arena, Raster);
    raster->arena = arena;
    raster->fonts = fonts;
    raster->glyphs = glyphs_new(arena);
    raster->faces = text_faces_new(arena);
    raster->pictures = pictures_new(arena);
    return raster;
}

/* Marquee strips may be longer than pictures. */
static bool size_is_allowed(double width, double height, bool is_screen)
{
    double longest = is_screen ? LIMIT_STRIP_PX : LIMIT_PICTURE_PX;
    return width <= longest && height <= longest && width * height <= (double)LIMIT_PICTURE_PIXELS;
}

static void fill_background(Pixels *pixels, const Color *color)
{
    uint8_t rgb[3];
    draw_color_rgb(color, rgb);
    uint32_t argb = 0xFF000000u | (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    uint32_t *pixel = (uint32_t *)(void *)pixels->data;
    for (size_t i = 0, count = (size_t)pixels->width * (size_t)pixels->height; i < count; i++)
        pixel[i] = argb;
}

/* Draw the rectangle of pixels at `left`, `top`. */
static bool draw_band(Raster *raster, const Scene *scene, const RasterOptions *options, Rect area, const Pixels *pixels,
                      int left, int top, DiagList *diags)
{
    int width = pixels->width - left < BAND_PX ? pixels->width - left : BAND_PX;
    int height = pixels->height - top < BAND_PX ? pixels->height - top : BAND_PX;
    uint8_t *corner = pixels->data + (size_t)top * pixels->stride + (size_t)left * 4;
    cairo_surface_t *surface = cairo_image_surface_create_for_data(corner, CAIRO_FORMAT_ARGB32, width, height,
                                                                   (int)pixels->stride);
    Drawing drawing = {.raster = raster, .cr = cairo_create(surface), .target = TARGET_PIXELS, .dots = options->dots,
                       .diags = diags};
    if (options->dots)
        cairo_set_antialias(drawing.cr, CAIRO_ANTIALIAS_NONE);
    cairo_translate(drawing.cr, -left, -top);
    cairo_scale(drawing.cr, options->scale, options->scale);
    cairo_translate(drawing.cr, -length_to_pt(area.x), -length_to_pt(area.y));
    draw_scene(&drawing, scene);
    cairo_destroy(drawing.cr);
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
    return !drawing.failed;
}

bool raster_draw(Raster *raster, const Scene *scene, const RasterOptions *options, Arena *arena, Pixels *out, DiagList *diags)
{
    Rect area = options->area;
    if (area.width <= 0 || area.height <= 0)
        area = (Rect){0, 0, scene->width, scene->height};
    /* A scene without extent still gives a picture: one pixel. */
    double width = fmax(round(length_to_pt(area.width) * options->scale), 1);
    double height = fmax(round(length_to_pt(area.height) * options->scale), 1);
    if (!(options->scale > 0) || !size_is_allowed(width, height, scene->is_screen)) {
        char sides[2][24];
        for (int i = 0; i < 2; i++) {
            double side = i ? height : width;
            if (side < 1e9)
                snprintf(sides[i], sizeof sides[i], "%d", (int)side);
            else
                snprintf(sides[i], sizeof sides[i], "over 1000000000");
        }
        return diag_error(diags, SPAN_NONE, "picture-too-large", "ask for fewer dots per inch or a smaller page",
                          "a picture of %s x %s pixels is too large: %d is the longest side and %zu pixels the most",
                          sides[0], sides[1], scene->is_screen ? LIMIT_STRIP_PX : LIMIT_PICTURE_PX, LIMIT_PICTURE_PIXELS);
    }
    Pixels pixels = {.width = (int)width, .height = (int)height, .stride = (size_t)width * 4};
    pixels.data = arena_alloc_array(arena, (size_t)pixels.height, pixels.stride);
    if (options->background)
        fill_background(&pixels, options->background);
    for (int top = 0; top < pixels.height; top += BAND_PX)
        for (int left = 0; left < pixels.width; left += BAND_PX)
            if (!draw_band(raster, scene, options, area, &pixels, left, top, diags))
                return false;
    *out = pixels;
    return true;
}
