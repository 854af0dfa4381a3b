/* plates.c -- a page as ink: three plates at a time are the red, green and blue of a drawing, 255 where there is none.
 *
 * Painting over is what a press does when one colour cuts another out, blending is the blend space DeviceCMYK of PDF, and
 * CAIRO_OPERATOR_DARKEN is overprinting: a colour without this ink is white here and leaves what lies under it. */
#include "raster/private.h"

bool plates_light(const PlatePass *pass, const Color *color, bool may_overprint, double light[3])
{
    double shares[RASTER_PLATES_MAX] = {0};
    bool overprints = pass->set->inks(pass->set->context, color, may_overprint, shares);
    for (size_t i = 0; i < PLATES_A_PASS; i++)
        light[i] = pass->first + i < pass->set->count ? 1 - shares[pass->first + i] : 1;
    return overprints;
}

bool plates_has_op(const PlatePass *pass, const SceneOp *op)
{
    if (op->kind == SCENE_FORM || op->kind == SCENE_LINK)
        return op->kind == SCENE_FORM;
    if (op->kind == SCENE_IMAGE && op->u.image.image->kind == IMAGE_SVG)      /* has layers of its own */
        return true;
    return pass->set->layer(pass->set->context, scene_op_color(op), op->role) == pass->layer;
}

cairo_surface_t *plates_picture(Drawing *drawing, const Image *image)
{
    const PlatePass *pass = drawing->plates;
    const uint8_t *cmyk = pass->set->picture(pass->set->context, image, drawing->diags);
    if (!cmyk) {
        drawing->failed = true;
        return NULL;
    }
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image->width, image->height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        return surface;
    cairo_surface_flush(surface);
    uint8_t *rows = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface), width = (size_t)image->width;
    const uint32_t *pixels = (const uint32_t *)(const void *)image->pixels;
    for (size_t y = 0; y < (size_t)image->height; y++) {
        uint32_t *row = (uint32_t *)(void *)(rows + y * stride);
        for (size_t x = 0; x < width; x++) {
            uint32_t alpha = pixels[y * width + x] >> 24, argb = alpha << 24;
            for (size_t i = 0; i < PLATES_A_PASS; i++) {
                size_t plate = pass->first + i;
                uint32_t light = plate < 4 ? 255u - cmyk[(y * width + x) * 4 + plate] : 255;
                argb |= (light * alpha + 127) / 255 << (16 - 8 * i);
            }
            row[x] = argb;
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

void plates_draw_art(Drawing *drawing, const Image *image, Rect area)
{
    const PlatePass *pass = drawing->plates;
    cairo_t *cr = drawing->cr;
    const Scene *scene;
    const Image *picture;
    double width = length_to_pt(area.width), height = length_to_pt(area.height);
    cairo_user_to_device_distance(cr, &width, &height);
    int columns = (int)fmin(fmax(fabs(width), 1), 16384), rows = (int)fmin(fmax(fabs(height), 1), 16384);
    if (!pass->set->art(pass->set->context, image, columns, rows, &scene, &picture, drawing->diags)) {
        drawing->failed = true;
        return;
    }
    if (picture) {
        if (pass->set->layer(pass->set->context, NULL, "art") == pass->layer)
            draw_image(drawing, picture, area);
        return;
    }
    cairo_save(cr);
    cairo_translate(cr, length_to_pt(area.x), length_to_pt(area.y));
    cairo_scale(cr, (double)area.width / scene->width, (double)area.height / scene->height);
    drawing->depth++;
    draw_scene(drawing, scene);
    drawing->depth--;
    cairo_restore(cr);
}
