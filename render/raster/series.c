/* series.c -- pictures that resemble each other: of each only what changed since the last one is drawn.
 *
 * The units of a scene (scene/units.c) are held against those of the last picture, in their order: where units came, went or
 * differ, the bands that they touch are drawn anew, with everything that lies in them, in its order; whatever overlaps is
 * right of itself. A band is always drawn alone, so that its pixels cannot depend on which others were. */
#include "raster/private.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_AHEAD 64             /* units that may have come or gone at one place */
#define MARGIN_PX 2               /* past its extent a unit may colour half pixels, and lie off by a rounded one */
#define KEPT_BYTES ((size_t)64 << 20)     /* larger pictures are forgotten once they are written */

typedef struct Unit {
    uint8_t digest[SCENE_DIGEST];
    size_t at;                    /* in its scene */
    int top, bottom;              /* rows of pixels it may touch: [top, bottom) */
} Unit;

typedef struct Units { Unit *items; size_t count, capacity; } Units;

/* All that bears on every pixel. */
typedef struct Ground { int width, height; Rect area; double scale; bool dots, has_background; uint8_t background[3]; } Ground;

struct PictureSeries {
    Raster *raster;
    Bands *bands;
    Ground ground;
    Units last, next;
    Pixels pixels;                /* data: malloc'd */
    bool *changed;                /* bands */
    size_t band_count;
    bool has_last;
};

static void release_series(void *pointer)
{
    PictureSeries *series = pointer;
    free(series->last.items);
    free(series->next.items);
    free(series->pixels.data);
    free(series->changed);
}

PictureSeries *raster_series_new(Arena *arena, Raster *raster)
{
    void **place = arena_own(arena, release_series);
    PictureSeries *series = ARENA_NEW(arena, PictureSeries);
    *place = series;
    series->raster = raster;
    series->bands = bands_new(arena);
    return series;
}

/* ---- what changed ---- */

static bool list_units(Units *units, const Scene *scene)
{
    units->count = 0;
    for (size_t at = 0; at < scene->op_count; at = scene_unit_end(scene, at)) {
        if (units->count == units->capacity) {
            size_t capacity = units->capacity ? units->capacity * 2 : 64;
            Unit *grown = realloc(units->items, capacity * sizeof *grown);
            if (!grown)
                return false;
            units->items = grown;
            units->capacity = capacity;
        }
        Unit *unit = &units->items[units->count++];
        unit->at = at;
        scene_unit_digest(scene, at, unit->digest);
    }
    return true;
}

static void find_rows(const Ground *ground, const Scene *scene, Unit *unit)
{
    Rect extent = scene_unit_extent(scene, unit->at);
    double unit_px = ground->scale / LENGTH_ONE;
    double top = floor(((double)extent.y - ground->area.y) * unit_px) - MARGIN_PX;
    double bottom = ceil(((double)extent.y + extent.height - ground->area.y) * unit_px) + MARGIN_PX;
    bool is_seen = extent.width || extent.height;
    unit->top = is_seen ? (int)fmin(fmax(top, 0), ground->height) : 0;
    unit->bottom = is_seen ? (int)fmin(fmax(bottom, 0), ground->height) : 0;
}

static void mark(PictureSeries *series, const Unit *unit)
{
    for (int y = unit->top; y < unit->bottom; y = (y / BAND_PX + 1) * BAND_PX)
        series->changed[y / BAND_PX] = true;
}

/* The unit of the last picture that is this one, none before `from`. */
static size_t find_again(const Units *last, size_t from, const Unit *unit)
{
    for (size_t i = from; i < last->count && i < from + LOOK_AHEAD; i++)
        if (memcmp(last->items[i].digest, unit->digest, SCENE_DIGEST) == 0)
            return i;
    return SIZE_MAX;
}

static void find_changes(PictureSeries *series, const Scene *scene)
{
    size_t at = 0;                                    /* in the last picture: what lies before is settled */
    for (size_t i = 0; i < series->next.count; i++) {
        Unit *unit = &series->next.items[i];
        size_t same = series->has_last ? find_again(&series->last, at, unit) : SIZE_MAX;
        if (same == SIZE_MAX) {
            find_rows(&series->ground, scene, unit);
            mark(series, unit);
            continue;
        }
        unit->top = series->last.items[same].top;
        unit->bottom = series->last.items[same].bottom;
        while (at < same)
            mark(series, &series->last.items[at++]);
        at++;
    }
    while (series->has_last && at < series->last.count)
        mark(series, &series->last.items[at++]);
    memset(series->changed, true, series->has_last ? 0 : series->band_count);
}

/* ---- drawing ---- */

static bool draw_band(PictureSeries *series, const Scene *scene, const RasterOptions *options, int top, DiagList *diags)
{
    const Pixels *pixels = &series->pixels;
    int height = pixels->height - top < BAND_PX ? pixels->height - top : BAND_PX;
    Drawing drawing = {.raster = series->raster, .diags = diags};
    pixels_clear(pixels, top, height, options->background);
    for (int left = 0; left < pixels->width && !drawing.failed; left += PIECE_PX) {
        int width = pixels->width - left < PIECE_PX ? pixels->width - left : PIECE_PX;
        cairo_surface_t *surface = pixels_open(&drawing, options, series->ground.area, pixels, left, top, width, height);
        for (size_t i = 0; i < series->next.count; i++) {
            const Unit *unit = &series->next.items[i];
            if (unit->top < top + height && unit->bottom > top)
                draw_unit(&drawing, scene, unit->at);
        }
        draw_is_well(&drawing, cairo_status(drawing.cr));
        pixels_close(&drawing, surface);
    }
    return !drawing.failed;
}

/* Ready for a picture like this. False when there is no memory. */
static bool begin(PictureSeries *series, const Ground *ground)
{
    bool is_same = series->has_last && memcmp(ground, &series->ground, sizeof *ground) == 0;
    series->has_last = is_same;
    if (!is_same) {
        free(series->pixels.data);
        free(series->changed);
        series->ground = *ground;
        series->band_count = bands_count(ground->height);
        series->changed = malloc(series->band_count * sizeof *series->changed);
        size_t stride = (size_t)ground->width * 4;
        series->pixels = (Pixels){ground->width, ground->height, stride, malloc(stride * (size_t)ground->height)};
    }
    if (!series->changed || !series->pixels.data)
        return false;
    memset(series->changed, false, series->band_count * sizeof *series->changed);
    return true;
}

static Ground ground_of(const RasterOptions *options)
{
    Ground ground;
    memset(&ground, 0, sizeof ground);                /* compared as bytes */
    ground.scale = options->scale;
    ground.dots = options->dots;
    ground.has_background = options->background != NULL;
    if (options->background)
        draw_color_rgb(options->background, ground.background);
    return ground;
}

const uint8_t *raster_series_encode(PictureSeries *series, const Scene *scene, const RasterOptions *options, double dpi, size_t *length, DiagList *diags)
{
    *length = 0;
    Ground ground = ground_of(options);
    if (!pixels_measure(scene, options, &ground.width, &ground.height, &ground.area, diags))
        return NULL;
    bool has_memory = list_units(&series->next, scene) && begin(series, &ground);
    if (has_memory)
        find_changes(series, scene);
    series->has_last = false;                         /* until this one is whole */
    for (size_t i = 0; has_memory && i < series->band_count; i++)
        if (series->changed[i] && !draw_band(series, scene, options, (int)i * BAND_PX, diags))
            return NULL;
    const uint8_t *file = has_memory ? bands_encode(series->bands, &series->pixels, series->changed, dpi, length) : NULL;
    if (!file) {
        diag_system(diags, SPAN_NONE, "out-of-memory", "draw fewer or smaller pages at once", "there is not enough memory to draw the page");
        return NULL;
    }
    Units swapped = series->last;
    series->last = series->next;
    series->next = swapped;
    series->has_last = true;
    if ((size_t)series->pixels.height * series->pixels.stride > KEPT_BYTES) {
        free(series->pixels.data);
        series->pixels.data = NULL;
        series->has_last = false;
    }
    return file;
}
