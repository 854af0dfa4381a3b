/* proof.c -- a page as the press will print it: its plates as pixels, and those as light.
 *
 * Process inks go through the profile; a plate of its own is a filter in its declared colour, which is as much as can be
 * known of an ink without a spectrum; so are white and varnish, to show where they lie. */
#include <string.h>

#include "base/plates.h"
#include "press/private.h"

#define FORM_DEPTH 512
#define PROCESS 4

static const char *const process_names[PROCESS] = {"Cyan", "Magenta", "Yellow", "Black"};

/* ---- which plates ---- */

typedef struct Plates {
    const PressSetup *setup;
    size_t count;
    const char *names[RASTER_PLATES_MAX];
    const Color *colors[RASTER_PLATES_MAX];        /* of the plates of their own */
} Plates;

static size_t find_plate(const Plates *plates, const char *name)
{
    size_t at = PROCESS;
    while (at < plates->count && strcmp(plates->names[at], name) != 0) at++;
    return at;
}

static void add_color(Plates *plates, const Color *color)
{
    for (size_t i = 0; color && i < color_stop_count(color); i++) {
        const Color *stop = color_stop(color, i);
        if (!stop->spot || strcmp(stop->spot, "All") == 0 || find_plate(plates, stop->spot) < plates->count || plates->count == RASTER_PLATES_MAX) continue;
        plates->names[plates->count] = stop->spot;
        plates->colors[plates->count++] = stop;
    }
}

static void add_scene(Plates *plates, const Scene *scene, int depth);

static void add_art(Plates *plates, const Image *image, int depth)
{
    const Scene *art = press_art_scene(plates->setup, image);
    if (art) add_scene(plates, art, depth + 1);
}

static void add_scene(Plates *plates, const Scene *scene, int depth)
{
    for (size_t i = 0; i < scene->op_count && depth < FORM_DEPTH; i++) {
        const SceneOp *op = &scene->ops[i];
        add_color(plates, scene_op_color(op));
        if (op->kind == SCENE_GLYPHS) add_color(plates, op->u.glyphs->stroke_color);
        if (op->kind == SCENE_IMAGE) add_art(plates, op->u.image.image, depth);
        if (op->kind == SCENE_FORM) add_scene(plates, op->u.form.scene, depth + 1);
    }
}

/* ---- what the raster asks ---- */

static bool inks_of_color(const void *context, const Color *color, bool may_overprint, double *shares)
{
    const Plates *plates = context;
    Ink ink = ink_of(plates->setup, color);
    bool is_all = ink.plate && strcmp(ink.plate, "All") == 0;
    for (size_t i = 0; i < plates->count; i++) {
        if (is_all) shares[i] = ink.tint;
        else if (ink.plate) shares[i] = i >= PROCESS && strcmp(plates->names[i], ink.plate) == 0 ? ink.tint : 0;
        else shares[i] = i < PROCESS ? ink.cmyk[i] : 0;
    }
    return ink.step || (may_overprint && ink_is_black(&ink));
}

static int layer_of_color(const void *context, const Color *color, const char *role)
{
    (void)context;
    return (int)ink_layer(color, role);
}

static const uint8_t *inks_of_picture(const void *context, const Image *image, DiagList *diags)
{
    const Plates *plates = context;
    return image_inks(plates->setup, image, diags);
}

static bool art_of_image(const void *context, const Image *image, int width, int height, const Scene **scene, const Image **picture, DiagList *diags)
{
    const Plates *plates = context;
    const Art *art = art_find(plates->setup, image, diags);
    *scene = art ? art->scene : NULL;
    *picture = art && !art->scene ? art_picture(plates->setup, image, width * 72 / 600.0, height * 72 / 600.0, diags) : NULL;
    return *scene || *picture;
}

bool press_draw_plates(const PressSetup *setup, Raster *raster, const Scene *scene, const RasterOptions *options, bool has_marks, Arena *arena, PressPlates *out, DiagList *diags)
{
    Plates plates = {.setup = setup, .count = PROCESS};
    memcpy(plates.names, process_names, sizeof process_names);
    add_scene(&plates, scene, 0);
    const PlateSet set = {.count = plates.count, .context = &plates, .inks = inks_of_color, .layer = layer_of_color, .layer_count = has_marks ? LAYER_COUNT : LAYER_MARKS, .picture = inks_of_picture,
                          .art = art_of_image};
    *out = (PressPlates){0};
    memcpy(out->names, plates.names, sizeof plates.names);
    memcpy(out->colors, plates.colors, sizeof plates.colors);
    for (size_t i = PROCESS; i < plates.count; i++) out->is_step[i] = ink_step(plates.colors[i]) != NULL;
    return raster_draw_plates(raster, scene, options, &set, arena, &out->pixels, diags);
}

/* ---- ink to light ---- */

/* The colour of a plate at full strength, 0-255: as declared, else its recipe through the profile. */
static void plate_color(const PressSetup *setup, const Color *color, uint8_t rgb[3])
{
    Ink ink = ink_of(setup, color);
    uint8_t cmyk[PROCESS];
    for (int i = 0; i < PROCESS; i++) cmyk[i] = (uint8_t)(ink.cmyk[i] * 255 + 0.5);
    setup_show(setup, cmyk, rgb, 1);
    if (color->has_rgb) memcpy(rgb, plate_full(color).rgb, 3);
}

typedef struct Proof { const PressSetup *setup; const PressPlates *plates; uint8_t filters[RASTER_PLATES_MAX][3]; } Proof;

static void show_row(const Proof *proof, const uint8_t *ink, uint8_t *cmyk, uint8_t *rgb, uint32_t *out)
{
    size_t width = (size_t)proof->plates->pixels.width, count = proof->plates->pixels.count;
    for (size_t x = 0; x < width; x++) memcpy(cmyk + PROCESS * x, ink + count * x, PROCESS);
    setup_show(proof->setup, cmyk, rgb, width);
    for (size_t x = 0; x < width; x++) {
        unsigned light[3] = {rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]};
        for (size_t plate = PROCESS; plate < count; plate++) {
            unsigned share = ink[count * x + plate];
            for (int i = 0; share && i < 3; i++) light[i] = (light[i] * (255 * 255 - share * (255u - proof->filters[plate][i])) + 255 * 255 / 2) / (255 * 255);
        }
        out[x] = 0xFF000000u | light[0] << 16 | light[1] << 8 | light[2];
    }
}

bool press_proof(const PressSetup *setup, Raster *raster, const Scene *scene, const RasterOptions *options, Arena *arena, Pixels *out, DiagList *diags)
{
    PressPlates plates;
    if (!press_draw_plates(setup, raster, scene, options, true, arena, &plates, diags)) return false;
    Proof proof = {.setup = setup, .plates = &plates};
    for (size_t i = PROCESS; i < plates.pixels.count; i++) plate_color(setup, plates.colors[i], proof.filters[i]);
    size_t width = (size_t)plates.pixels.width, height = (size_t)plates.pixels.height, row_bytes = width * plates.pixels.count;
    *out = (Pixels){.width = plates.pixels.width, .height = plates.pixels.height, .stride = width * 4, .data = arena_alloc_array(arena, height, width * 4)};
    uint8_t *cmyk = arena_alloc_array(arena, width, PROCESS), *rgb = arena_alloc_array(arena, width, 3);
    for (size_t y = 0; y < height; y++) {
        const uint8_t *ink = plates.pixels.ink + y * row_bytes;
        uint8_t *row = out->data + y * out->stride;
        /* Most rows of a poster look like the one above them. */
        if (y && memcmp(ink, ink - row_bytes, row_bytes) == 0) memcpy(row, row - out->stride, out->stride);
        else show_row(&proof, ink, cmyk, rgb, (uint32_t *)(void *)row);
    }
    return true;
}
