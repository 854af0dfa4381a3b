/* glyphs.c -- glyph runs in pixels: FreeType coverage masks, kept in a cache and painted through Cairo's clip.
 *
 * Cairo 1.16 would put glyphs at whole pixels only and fills large ones five times slower than FreeType. Outlines are
 * taken in font units and moved by the matrix, so the size of the shared FT_Face is left alone; only dots, which are
 * hinted for one size, set it. Quarter pixels are near enough for the eye and few enough for the cache. */
#include "raster/private.h"

#include <stdlib.h>
#include <string.h>

#include FT_OUTLINE_H
#include FT_STROKER_H

#define PHASES 4                              /* positions of a glyph in a pixel, each way */
#define MAX_MASK_PX 4096                      /* larger glyphs are filled as paths */
#define CACHE_BYTES ((size_t)32 << 20)

typedef enum MaskKind { MASK_GREY, MASK_MONO, MASK_DOTS } MaskKind;

/* All that decides what a mask looks like; compared as bytes, so every byte is set. */
typedef struct MaskKey {
    const Face *face;
    uint32_t glyph;
    int32_t kind;
    int32_t matrix[4];            /* 16.16: font units to 1/64 px; of dots: ppem, quarter turns, 0, 0 */
    int32_t phase_x, phase_y;
    int32_t stroke;               /* radius in 1/64 px; 0: fill */
    int32_t join;                 /* StrokeJoin, of a stroke */
} MaskKey;

typedef struct Mask {
    MaskKey key;
    cairo_surface_t *surface;     /* A8; NULL: nothing to see */
    int left, top;                /* of the first pixel, from the origin, y down */
    bool is_used, is_too_large;
} Mask;

struct GlyphCache {
    Mask *slots;
    size_t capacity, count;       /* capacity: a power of two */
    size_t bytes;
};

/* ---- the cache ---- */

static void forget_masks(GlyphCache *cache)
{
    for (size_t i = 0; i < cache->capacity; i++)
        if (cache->slots[i].is_used && cache->slots[i].surface)
            cairo_surface_destroy(cache->slots[i].surface);
    free(cache->slots);
    *cache = (GlyphCache){0};
}

static void release_cache(void *cache)
{
    forget_masks(cache);
}

GlyphCache *glyphs_new(Arena *arena)
{
    void **place = arena_own(arena, release_cache);
    GlyphCache *cache = ARENA_NEW(arena, GlyphCache);
    *place = cache;
    return cache;
}

static uint64_t hash_key(const MaskKey *key)
{
    const unsigned char *bytes = (const unsigned char *)key;
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof *key; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return hash;
}
_Static_assert(sizeof(MaskKey) % 8 == 0, "hashed by eight bytes");

static Mask *find_slot(Mask *slots, size_t capacity, const MaskKey *key)
{
    size_t at = hash_key(key) & (capacity - 1);
    while (slots[at].is_used && memcmp(&slots[at].key, key, sizeof *key) != 0)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static bool grow_cache(GlyphCache *cache)
{
    size_t capacity = cache->capacity ? cache->capacity * 2 : 256;
    Mask *slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < cache->capacity; i++)
        if (cache->slots[i].is_used)
            *find_slot(slots, capacity, &cache->slots[i].key) = cache->slots[i];
    free(cache->slots);
    cache->slots = slots;
    cache->capacity = capacity;
    return true;
}

/* ---- masks from outlines ---- */

/* An empty A8 surface; its bytes and stride. NULL when there is no memory. */
static cairo_surface_t *new_mask(int width, int height, uint8_t **bytes, int *stride)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    *bytes = cairo_image_surface_get_data(surface);
    *stride = cairo_image_surface_get_stride(surface);
    return surface;
}

static void spread_bits(const FT_Bitmap *bitmap, uint8_t *bytes, int stride)
{
    for (unsigned y = 0; y < bitmap->rows; y++) {
        const uint8_t *row = bitmap->buffer + (ptrdiff_t)y * bitmap->pitch;
        for (unsigned x = 0; x < bitmap->width; x++)
            bytes[(size_t)y * (size_t)stride + x] = row[x >> 3] & (0x80 >> (x & 7)) ? 255 : 0;
    }
}

/* Fill `outline` (in 1/64 px, y up) into a new surface. */
static bool fill_outline(FT_Library library, FT_Outline *outline, bool is_mono, Mask *mask)
{
    FT_BBox box;
    FT_Outline_Get_CBox(outline, &box);
    FT_Pos left = box.xMin >> 6, bottom = box.yMin >> 6;
    FT_Pos width = ((box.xMax + 63) >> 6) - left, height = ((box.yMax + 63) >> 6) - bottom;
    if (width > MAX_MASK_PX || height > MAX_MASK_PX) {
        mask->is_too_large = true;
        return true;
    }
    if (width <= 0 || height <= 0)
        return true;
    uint8_t *bytes;
    int stride;
    cairo_surface_t *surface = new_mask((int)width, (int)height, &bytes, &stride);
    if (!surface)
        return false;
    FT_Outline_Translate(outline, -left * 64, -bottom * 64);
    FT_Bitmap bitmap = {.rows = (unsigned)height, .width = (unsigned)width, .pitch = stride, .buffer = bytes,
                        .num_grays = 256, .pixel_mode = FT_PIXEL_MODE_GRAY};
    uint8_t *bits = NULL;
    if (is_mono) {
        bitmap.pitch = (int)((width + 7) / 8);
        bitmap.pixel_mode = FT_PIXEL_MODE_MONO;
        bitmap.buffer = bits = calloc((size_t)height, (size_t)bitmap.pitch);
        if (!bits) {
            cairo_surface_destroy(surface);
            return false;
        }
    }
    FT_Outline_Get_Bitmap(library, outline, &bitmap);
    if (is_mono)
        spread_bits(&bitmap, bytes, stride);
    free(bits);
    cairo_surface_mark_dirty(surface);
    mask->surface = surface;
    mask->left = (int)left;
    mask->top = (int)-(bottom + height);
    return true;
}

/* The line round an outline, `radius` to each side, filled. */
static bool fill_stroke(FT_Library library, FT_Outline *outline, FT_Fixed radius, int32_t join, bool is_mono, Mask *mask)
{
    FT_Stroker stroker;
    FT_UInt points, contours;
    FT_Outline border;
    if (FT_Stroker_New(library, &stroker) != 0)
        return false;
    static const FT_Stroker_LineJoin joins[] = {[STROKE_ROUND] = FT_STROKER_LINEJOIN_ROUND, [STROKE_MITER] = FT_STROKER_LINEJOIN_MITER_FIXED,
                                                [STROKE_BEVEL] = FT_STROKER_LINEJOIN_BEVEL};
    FT_Stroker_Set(stroker, radius, FT_STROKER_LINECAP_ROUND, joins[join], STROKE_MITER_LIMIT << 16);
    bool is_done = false;
    if (FT_Stroker_ParseOutline(stroker, outline, 0) == 0 && FT_Stroker_GetCounts(stroker, &points, &contours) == 0
        && FT_Outline_New(library, points, (FT_Int)contours, &border) == 0) {
        border.n_points = border.n_contours = 0;      /* export appends */
        FT_Stroker_Export(stroker, &border);
        is_done = fill_outline(library, &border, is_mono, mask);
        FT_Outline_Done(library, &border);
    }
    FT_Stroker_Done(stroker);
    return is_done;
}

static bool make_outline_mask(FontEngine *fonts, Mask *mask)
{
    const MaskKey *key = &mask->key;
    FT_Face face = font_ft_face(fonts, key->face);
    if (!face || FT_Load_Glyph(face, key->glyph, FT_LOAD_NO_SCALE) != 0 || face->glyph->format != FT_GLYPH_FORMAT_OUTLINE)
        return true;
    FT_Outline *outline = &face->glyph->outline;
    FT_Matrix matrix = {.xx = key->matrix[0], .xy = key->matrix[1], .yx = key->matrix[2], .yy = key->matrix[3]};
    FT_Outline_Transform(outline, &matrix);
    FT_Outline_Translate(outline, key->phase_x * (64 / PHASES), -key->phase_y * (64 / PHASES));
    FT_Library library = face->glyph->library;
    bool is_mono = key->kind == MASK_MONO;
    if (key->stroke > 0)
        return fill_stroke(library, outline, key->stroke, key->join, is_mono, mask);
    return fill_outline(library, outline, is_mono, mask);
}

/* ---- masks of dots ---- */

/* The strike that draws `ppem` dots for a face without outlines: itself, one that divides it, the next smaller one. */
static int choose_strike(const Face *face, int ppem)
{
    int best = face->strikes[0];
    for (size_t i = 0; i < face->strike_count; i++)
        if (face->strikes[i] <= ppem && (ppem % face->strikes[i] == 0 || ppem % best != 0))
            best = face->strikes[i];
    return best;
}

/* Load a glyph as dots into the face's slot; `*zoom`: how many dots each dot of the strike becomes. */
static FT_GlyphSlot load_dots(FontEngine *fonts, const Face *face, uint32_t glyph, int ppem, int *zoom)
{
    DotMode mode = DOT_MONO;
    int size = ppem;
    *zoom = 1;
    if (font_has_strike(face, ppem)) {
        mode = DOT_STRIKE;
    } else if (face->strikes_only && face->strike_count > 0) {
        mode = DOT_STRIKE;
        size = choose_strike(face, ppem);
        *zoom = ppem / size > 1 ? ppem / size : 1;
    }
    FT_Face ft = font_ft_dots(fonts, face, size, mode);
    if (!ft || FT_Load_Glyph(ft, glyph, font_load_flags(mode)) != 0)
        return NULL;
    if (ft->glyph->format != FT_GLYPH_FORMAT_BITMAP && FT_Render_Glyph(ft->glyph, FT_RENDER_MODE_MONO) != 0)
        return NULL;
    return ft->glyph;
}

static bool dot_at(const FT_Bitmap *bitmap, int x, int y)
{
    const uint8_t *row = bitmap->buffer + (ptrdiff_t)y * bitmap->pitch;
    return bitmap->pixel_mode == FT_PIXEL_MODE_MONO ? row[x >> 3] & (0x80 >> (x & 7)) : row[x] >= 128;
}

static bool make_dots_mask(FontEngine *fonts, Mask *mask)
{
    int zoom, turns = mask->key.matrix[1];
    FT_GlyphSlot slot = load_dots(fonts, mask->key.face, mask->key.glyph, mask->key.matrix[0], &zoom);
    if (!slot || !slot->bitmap.width || !slot->bitmap.rows)
        return true;
    const FT_Bitmap *bitmap = &slot->bitmap;
    int columns = (int)bitmap->width, rows = (int)bitmap->rows;
    if (columns > MAX_MASK_PX / zoom || rows > MAX_MASK_PX / zoom) {
        mask->is_too_large = true;
        return true;
    }
    int width = (turns & 1 ? rows : columns) * zoom, height = (turns & 1 ? columns : rows) * zoom;
    uint8_t *bytes;
    int stride;
    if (!(mask->surface = new_mask(width, height, &bytes, &stride)))
        return false;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            int across = x / zoom, down = y / zoom;
            int column = turns == 0 ? across : turns == 1 ? down : turns == 2 ? columns - 1 - across : columns - 1 - down;
            int row = turns == 0 ? down : turns == 1 ? rows - 1 - across : turns == 2 ? rows - 1 - down : across;
            bytes[(size_t)y * (size_t)stride + (size_t)x] = dot_at(bitmap, column, row) ? 255 : 0;
        }
    }
    cairo_surface_mark_dirty(mask->surface);
    /* The bitmap's rectangle, turned clockwise round the origin. */
    int left = slot->bitmap_left, top = -slot->bitmap_top;
    const int lefts[4] = {left, -(top + rows), -(left + columns), top};
    const int tops[4] = {top, left, -(top + rows), -(left + columns)};
    mask->left = lefts[turns] * zoom;
    mask->top = tops[turns] * zoom;
    return true;
}

/* ---- finding and painting ---- */

/* The mask for `key`, made on first use. NULL when there is no memory or no such face. */
static const Mask *mask_for(Raster *raster, const MaskKey *key)
{
    GlyphCache *cache = raster->glyphs;
    if (cache->bytes > CACHE_BYTES)
        forget_masks(cache);
    if (cache->count * 4 >= cache->capacity * 3 && !grow_cache(cache))
        return NULL;
    Mask *slot = find_slot(cache->slots, cache->capacity, key);
    if (slot->is_used)
        return slot;
    Mask mask = {.key = *key, .is_used = true};
    if (!(key->kind == MASK_DOTS ? make_dots_mask(raster->fonts, &mask) : make_outline_mask(raster->fonts, &mask)))
        return NULL;
    if (mask.surface)
        cache->bytes += (size_t)cairo_image_surface_get_stride(mask.surface)
                        * (size_t)cairo_image_surface_get_height(mask.surface);
    cache->bytes += sizeof mask;
    cache->count++;
    *slot = mask;
    return slot;
}

static int32_t to_fixed(double value)
{
    return (int32_t)lround(fmax(fmin(value * 65536, INT32_MAX), INT32_MIN));
}

/* Cosine and sine of a clockwise turn, exact for whole quarters. */
static void turn_of(double degrees, double *cosine, double *sine)
{
    double quarters = degrees / 90;
    if (quarters == floor(quarters)) {
        static const int cosines[4] = {1, 0, -1, 0};
        int quarter = (int)(quarters - 4 * floor(quarters / 4));
        *cosine = cosines[quarter];
        *sine = cosines[(quarter + 3) & 3];
        return;
    }
    *cosine = cos(degrees * (M_PI / 180));
    *sine = sin(degrees * (M_PI / 180));
}

/* Whole dots are possible where the matrix neither turns nor stretches: ppem and quarter turns of the glyphs. */
static bool is_dot_grid(const cairo_matrix_t *m, const GlyphRun *run, int *ppem, int *turns)
{
    double quarters = run->rotate / 90;
    if (m->xy != 0 || m->yx != 0 || m->xx != m->yy || !(m->xx > 0) || quarters != floor(quarters))
        return false;
    double size = length_to_pt(run->size) * m->xx;
    *ppem = size < MAX_MASK_PX ? (int)lround(size) : 0;
    *turns = (int)(quarters - 4 * floor(quarters / 4));
    return *ppem > 0;
}

static MaskKey key_of(const Drawing *drawing, const cairo_matrix_t *m, const GlyphRun *run)
{
    MaskKey key;
    memset(&key, 0, sizeof key);
    key.face = run->face;
    int ppem, turns;
    if (run->is_dots && is_dot_grid(m, run, &ppem, &turns)) {
        key.kind = MASK_DOTS;
        key.matrix[0] = ppem;
        key.matrix[1] = turns;
        return key;
    }
    key.kind = drawing->dots || run->is_dots ? MASK_MONO : MASK_GREY;
    double cosine, sine, unit = 64 * length_to_pt(run->size) / (run->face->units_per_em > 0 ? run->face->units_per_em : 1000);
    turn_of(run->rotate, &cosine, &sine);
    double across = run->stretch != 0 ? run->stretch : 1;
    double xx = (m->xx * cosine + m->xy * sine) * across, xy = m->xy * cosine - m->xx * sine;
    double yx = (m->yx * cosine + m->yy * sine) * across, yy = m->yy * cosine - m->yx * sine;
    /* y up to y down and back: the signs beside the diagonal change. */
    key.matrix[0] = to_fixed(xx * unit), key.matrix[1] = to_fixed(-xy * unit);
    key.matrix[2] = to_fixed(-yx * unit), key.matrix[3] = to_fixed(yy * unit);
    return key;
}

/* The whole pixel and the phase in it. */
static int split_position(double at, int phases, int32_t *phase)
{
    double steps = floor(at * phases + 0.5), whole = floor(steps / phases);
    *phase = (int32_t)(steps - whole * phases);
    return (int)fmax(fmin(whole, 1 << 22), -(1 << 22));
}

/* Paint the masks of a run with `key`, or only see whether all of them can be made. */
static bool paint_masks(Drawing *drawing, const GlyphRun *run, MaskKey key, const cairo_matrix_t *m, const Color *color)
{
    cairo_t *cr = drawing->cr;
    int phases = key.kind == MASK_DOTS ? 1 : PHASES;
    cairo_set_matrix(cr, m);                      /* of a gradient; the masks lie at whole pixels */
    draw_set_color(drawing, color, true);
    cairo_identity_matrix(cr);
    for (size_t i = 0; i < run->glyph_count; i++) {
        double x = length_to_pt(run->glyphs[i].x), y = length_to_pt(run->glyphs[i].y);
        cairo_matrix_transform_point(m, &x, &y);
        key.glyph = run->glyphs[i].id;
        int left = split_position(x, phases, &key.phase_x), top = split_position(y, phases, &key.phase_y);
        const Mask *mask = mask_for(drawing->raster, &key);
        if (!mask || mask->is_too_large)
            return false;
        if (mask->surface)
            cairo_mask_surface(cr, mask->surface, left + mask->left, top + mask->top);
    }
    return true;
}

bool glyphs_draw(Drawing *drawing, const GlyphRun *run)
{
    cairo_t *cr = drawing->cr;
    cairo_matrix_t m;
    cairo_get_matrix(cr, &m);
    MaskKey key = key_of(drawing, &m, run);
    double em = length_to_pt(run->size) * sqrt(fabs(m.xx * m.yy - m.xy * m.yx));
    if (!(em > 0) || run->size <= 0)
        return true;
    double radius = run->stroke_color ? length_to_pt(run->stroke_width) * em / length_to_pt(run->size) : 0;
    if (em > MAX_MASK_PX / 4 || radius > MAX_MASK_PX / 4)
        return false;
    cairo_save(cr);
    cairo_identity_matrix(cr);
    bool is_drawn = true;
    if (radius > 0 && !run->face->strikes_only) {
        MaskKey border = key;
        if (key.kind == MASK_DOTS) {
            GlyphRun plain = *run;
            plain.is_dots = false;
            border = key_of(drawing, &m, &plain);
            border.kind = MASK_MONO;
        }
        border.stroke = (int32_t)lround(fmax(radius * 64, 1));
        border.join = run->stroke_join;
        is_drawn = paint_masks(drawing, run, border, &m, run->stroke_color);
    }
    is_drawn = is_drawn && (!run->color || paint_masks(drawing, run, key, &m, run->color));
    cairo_restore(cr);
    return is_drawn;
}

void glyphs_draw_as_squares(Drawing *drawing, const GlyphRun *run)
{
    cairo_t *cr = drawing->cr;
    if (run->size <= 0 || !run->face->strike_count || !run->color)
        return;
    double em = length_to_pt(run->size);
    int ppem = choose_strike(run->face, (int)fmax(fmin(round(em), MAX_MASK_PX), 1)), zoom;
    draw_set_color(drawing, run->color, true);
    cairo_new_path(cr);
    for (size_t i = 0; i < run->glyph_count; i++) {
        FT_GlyphSlot slot = load_dots(drawing->raster->fonts, run->face, run->glyphs[i].id, ppem, &zoom);
        if (!slot)
            continue;
        const FT_Bitmap *bitmap = &slot->bitmap;
        cairo_save(cr);
        cairo_translate(cr, length_to_pt(run->glyphs[i].x), length_to_pt(run->glyphs[i].y));
        cairo_rotate(cr, run->rotate * (M_PI / 180));
        cairo_scale(cr, em / ppem, em / ppem);
        for (int y = 0; y < (int)bitmap->rows; y++) {
            for (int x = 0, start; x < (int)bitmap->width; x++) {
                for (start = x; x < (int)bitmap->width && dot_at(bitmap, x, y);)
                    x++;
                if (x > start)
                    cairo_rectangle(cr, slot->bitmap_left + start, y - slot->bitmap_top, x - start, 1);
            }
        }
        cairo_restore(cr);
    }
    cairo_fill(cr);
}
