/* pictures.c -- images: one Cairo surface each, JPEG passed through to PDF, and in pixels the scaled result kept, because
 * a personalised job draws the same picture at the same place thousands of times. */
#include "raster/private.h"

#include <stdlib.h>
#include <string.h>

#define SCALED_BYTES ((size_t)96 << 20)       /* of scaled pictures kept */
#define MAX_CAIRO_PX 32767

/* A picture as its file has it: wraps the pixels, or records an SVG. */
typedef struct Original { const Image *image; cairo_surface_t *surface; } Original;

/* A picture at a size and a place within the pixel (1/256), ready to be painted at whole pixels. */
typedef struct Scaled { const Image *image; int width, height, left, top; cairo_surface_t *surface; } Scaled;

struct PictureCache {
    Original *originals;
    size_t original_count, original_capacity;
    Scaled *scaled;
    size_t scaled_count, scaled_capacity, scaled_bytes;
};

static void forget_scaled(PictureCache *cache)
{
    for (size_t i = 0; i < cache->scaled_count; i++)
        cairo_surface_destroy(cache->scaled[i].surface);
    cache->scaled_count = cache->scaled_bytes = 0;
}

static void release_pictures(void *pointer)
{
    PictureCache *cache = pointer;
    forget_scaled(cache);
    for (size_t i = 0; i < cache->original_count; i++)
        cairo_surface_destroy(cache->originals[i].surface);
    free(cache->originals);
    free(cache->scaled);
}

PictureCache *pictures_new(Arena *arena)
{
    void **place = arena_own(arena, release_pictures);
    PictureCache *cache = ARENA_NEW(arena, PictureCache);
    *place = cache;
    return cache;
}

/* Room for one more item of `size` bytes in a growing array. */
static bool make_room(void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *grown = realloc(*items, wanted * size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

/* ---- originals ---- */

static cairo_surface_t *wrap_pixels(const Image *image)
{
    /* Cairo only reads it: a source is never drawn upon. */
    cairo_surface_t *surface = cairo_image_surface_create_for_data((unsigned char *)(uintptr_t)image->pixels,
        CAIRO_FORMAT_ARGB32, image->width, image->height, image->width * 4);
    const unsigned char *file = image->file ? (const unsigned char *)image->file->text : NULL;
    if (image->is_jpeg && !image->is_converted && file && jpeg_is_plain(file, image->file->length, image->width, image->height))
        cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, file, image->file->length, NULL, NULL);
    return surface;
}

static cairo_surface_t *record_svg(Drawing *drawing, const Image *image)
{
    double width = fmax(image->natural_width, 1e-3), height = fmax(image->natural_height, 1e-3);
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA,
                                                              &(cairo_rectangle_t){0, 0, width, height});
    cairo_t *cr = cairo_create(surface);
    bool is_drawn = svgart_draw(drawing, cr, image, width, height);
    cairo_destroy(cr);
    if (is_drawn)
        return surface;
    cairo_surface_destroy(surface);
    return NULL;
}

/* Light, or the plates of this pass: each has pictures of its own. */
static PictureCache *cache_of(const Drawing *drawing)
{
    Raster *raster = drawing->raster;
    if (!drawing->plates)
        return raster->pictures;
    PictureCache **cache = &raster->plate_pictures[drawing->plates->first / PLATES_A_PASS];
    if (!*cache)
        *cache = pictures_new(raster->arena);
    return *cache;
}

static cairo_surface_t *make_original(Drawing *drawing, const Image *image)
{
    if (image->kind == IMAGE_SVG)
        return record_svg(drawing, image);
    return drawing->plates ? plates_picture(drawing, image) : wrap_pixels(image);
}

/* The picture's own surface, made on first use; NULL after a diag. */
static cairo_surface_t *find_original(Drawing *drawing, const Image *image)
{
    PictureCache *cache = cache_of(drawing);
    for (size_t i = 0; i < cache->original_count; i++)
        if (cache->originals[i].image == image)
            return cache->originals[i].surface;
    void *items = cache->originals;
    bool has_room = make_room(&items, cache->original_count, &cache->original_capacity, sizeof *cache->originals);
    cache->originals = items;
    if (!has_room) {
        draw_is_well(drawing, CAIRO_STATUS_NO_MEMORY);
        return NULL;
    }
    cairo_surface_t *surface = make_original(drawing, image);
    if (!surface || !draw_is_well(drawing, cairo_surface_status(surface))) {
        if (surface)
            cairo_surface_destroy(surface);
        return NULL;
    }
    cache->originals[cache->original_count++] = (Original){image, surface};
    return surface;
}

/* ---- painting ---- */

static double natural(double side, int pixels)
{
    return side > 0 ? side : pixels;
}

/* Paint the picture over 0, 0, width, height of user space. */
static void paint_original(Drawing *drawing, cairo_t *cr, const Image *image, double width, double height)
{
    if (image->kind == IMAGE_SVG && drawing->target == TARGET_PIXELS) {
        svgart_draw(drawing, cr, image, width, height);
        return;
    }
    cairo_surface_t *surface = find_original(drawing, image);
    if (!surface)
        return;
    bool is_svg = image->kind == IMAGE_SVG;
    cairo_save(cr);
    cairo_scale(cr, width / (is_svg ? natural(image->natural_width, image->width) : image->width),
                height / (is_svg ? natural(image->natural_height, image->height) : image->height));
    if (drawing->target == TARGET_PIXELS) {
        cairo_rectangle(cr, 0, 0, image->width, image->height);
        cairo_clip(cr);
    }
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
    /* Edges must not fade to nothing where the picture is scaled. (In PDF, padding would make Cairo re-encode it.) */
    if (drawing->target == TARGET_PIXELS)
        cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_restore(cr);
}

static cairo_surface_t *make_scaled(Drawing *drawing, const Image *image, const Scaled *want)
{
    int columns = (want->width + want->left + 255) / 256, rows = (want->height + want->top + 255) / 256;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, columns, rows);
    cairo_t *cr = cairo_create(surface);
    cairo_translate(cr, want->left / 256.0, want->top / 256.0);
    paint_original(drawing, cr, image, want->width / 256.0, want->height / 256.0);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    if (draw_is_well(drawing, status))
        return surface;
    cairo_surface_destroy(surface);
    return NULL;
}

/* Paint from the cache of scaled pictures. False when the matrix turns it or it is too large to keep. */
static bool paint_scaled(Drawing *drawing, const Image *image, double x, double y, double width, double height)
{
    cairo_t *cr = drawing->cr;
    PictureCache *cache = cache_of(drawing);
    cairo_matrix_t m;
    cairo_get_matrix(cr, &m);
    if (m.xy != 0 || m.yx != 0 || !(m.xx > 0) || !(m.yy > 0))
        return false;
    cairo_user_to_device(cr, &x, &y);
    cairo_user_to_device_distance(cr, &width, &height);
    double bytes = 4 * (width + 2) * (height + 2);
    if (!(bytes < SCALED_BYTES / 2) || width > MAX_CAIRO_PX - 2 || height > MAX_CAIRO_PX - 2 || fabs(x) > 1e6 || fabs(y) > 1e6)
        return false;
    Scaled want = {.image = image, .width = (int)fmax(lround(width * 256), 1), .height = (int)fmax(lround(height * 256), 1),
                   .left = (int)((x - floor(x)) * 256), .top = (int)((y - floor(y)) * 256)};
    Scaled *found = NULL;
    for (size_t i = 0; i < cache->scaled_count && !found; i++) {
        Scaled *s = &cache->scaled[i];
        if (s->image == image && s->width == want.width && s->height == want.height && s->left == want.left && s->top == want.top)
            found = s;
    }
    if (!found) {
        if (cache->scaled_bytes > SCALED_BYTES)
            forget_scaled(cache);
        void *items = cache->scaled;
        bool has_room = make_room(&items, cache->scaled_count, &cache->scaled_capacity, sizeof *cache->scaled);
        cache->scaled = items;
        if (!has_room || !(want.surface = make_scaled(drawing, image, &want)))
            return draw_is_well(drawing, CAIRO_STATUS_NO_MEMORY) || true;
        cache->scaled_bytes += (size_t)bytes;
        cache->scaled[cache->scaled_count] = want;
        found = &cache->scaled[cache->scaled_count++];
    }
    cairo_save(cr);
    cairo_identity_matrix(cr);
    cairo_set_source_surface(cr, found->surface, floor(x), floor(y));
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint(cr);
    cairo_restore(cr);
    return true;
}

void draw_image(Drawing *drawing, const Image *image, Rect area)
{
    bool has_pixels = image->kind == IMAGE_PIXELS && image->pixels && image->width > 0 && image->height > 0
                      && image->width <= MAX_CAIRO_PX && image->height <= MAX_CAIRO_PX;
    if (area.width <= 0 || area.height <= 0 || drawing->failed)
        return;
    if (image->kind == IMAGE_PIXELS && !has_pixels) {
        drawing->failed = true;
        diag_error(drawing->diags, SPAN_NONE, "image-too-large", "make it smaller: 32767 pixels is the longest side that can be drawn",
                   "the image \"%s\" is %d x %d pixels", image->path ? image->path : "", image->width, image->height);
        return;
    }
    if (drawing->plates && image->kind == IMAGE_SVG) {
        plates_draw_art(drawing, image, area);
        return;
    }
    double box[4];
    draw_past_piece(drawing, area, box);
    double x = box[0], y = box[1], width = box[2], height = box[3];
    draw_set_over(drawing);
    if (drawing->target == TARGET_PIXELS && paint_scaled(drawing, image, x, y, width, height))
        return;
    cairo_save(drawing->cr);
    cairo_translate(drawing->cr, x, y);
    paint_original(drawing, drawing->cr, image, width, height);
    cairo_restore(drawing->cr);
}
