/* strip.c -- an item's scene is surveyed, placed, drawn once and packed as the PNG will have its dots. */
#include "led/plan.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"

#define FORM_DEPTH 32
#define CHUNK_COLUMNS 16384      /* drawn at once: scratch memory stays small */
#define CHUNK_ROWS 1024
#define OUTSIDE_ROWS 64          /* how far above and below the strip we look for ink that is cut */
#define OUTSIDE_COLUMNS 4096     /* and beside it: a line set too wide is far too wide .. */
#define OUTSIDE_PIXELS (1 << 22) /* .. but never more than this many dots at once */

static int whole_px(Length length) { return length <= 0 ? 0 : (int)(((int64_t)length + LENGTH_ONE - 1) / LENGTH_ONE); }

/* ---- survey ---- */

static void survey_run(LedItem *item, const GlyphRun *run, char *label, size_t room, size_t *label_count)
{
    item->has_glyphs |= run->glyph_count > 0;
    if (!run->text) return;
    size_t length = strlen(run->text), used = strlen(label);
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(run->text, length, &at);
        item->characters += utf8_cells(c) * (c == 0x20 || c == 0x3000 || c == 0xa0 ? 0 : 0.5);
        if (*label_count < LED_LABEL_CHARACTERS && used + 8 < room)
            used += utf8_put(c, label + used);
        else if (*label_count == LED_LABEL_CHARACTERS)
            used += utf8_put(0x2026, label + used);
        ++*label_count;
        label[used] = '\0';
    }
}

static void survey_ops(LedItem *item, const Scene *scene, int depth, char *label, size_t room, size_t *label_count)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_GLYPHS) survey_run(item, op->u.glyphs, label, room, label_count);
        if (op->kind == SCENE_IMAGE) item->has_image = true;
        if (op->kind == SCENE_FORM && depth < FORM_DEPTH)
            survey_ops(item, op->u.form.scene, depth + 1, label, room, label_count);
    }
}

void led_item_survey(LedItem *item, size_t number, Arena *arena)
{
    char label[LED_LABEL_CHARACTERS * 4 + 16] = "";
    size_t count = 0;
    survey_ops(item, item->scene, 0, label, sizeof label, &count);
    if (label[0]) item->label = arena_printf(arena, "\"%s\"", label);
    else if (item->node->id) item->label = arena_printf(arena, "\"%s\"", item->node->id);
    else item->label = arena_printf(arena, "item %zu", number);
    item->width = whole_px(item->scene->width);
    item->height = whole_px(item->scene->height);
}

/* ---- placing ---- */

static int rest_column(const LedItem *item, int screen_width)
{
    int slack = screen_width - item->width;
    if (slack <= 0 || !item->node->style) return 0;
    switch (style_align_last(item->node->style)) {
    case TEXT_RIGHT: return slack;
    case TEXT_CENTER: case TEXT_DISTRIBUTE: return slack / 2;
    case TEXT_LEFT: case TEXT_JUSTIFY: case TEXT_START: case TEXT_END: break;
    }
    return 0;
}

static const char *size_hint(const LedItem *item, const char *instead, char *out, size_t room)
{
    char size[NUM_ROOM];
    if (item->has_glyphs && item->node->style && item->node->style->size > 0)
        snprintf(out, room, "%sa smaller size than %spx", instead,
                 num_format(size, length_to_pt(item->node->style->size), 2));
    else
        snprintf(out, room, "%sa smaller size", instead);
    return out;
}

/* The direction in which a marquee passes may be longer than the screen; nothing else may. */
bool led_item_place(LedItem *item, DiagList *diags)
{
    const LedTrack *track = item->track;
    const char *place = track->name ? track->name : "the screen";
    Effect marquee = item->motion.marquee;
    bool passes_x = marquee == EFFECT_SCROLL_LEFT || marquee == EFFECT_SCROLL_RIGHT;
    bool passes_y = marquee == EFFECT_SCROLL_UP || marquee == EFFECT_SCROLL_DOWN;
    Span where = item->node->where;
    char hint[96];
    bool ok = true;

    if (item->width > track->width && !passes_x)
        ok = diag_error(diags, where, "strip-clipped", size_hint(item, "use effect: scroll-left, or ", hint, sizeof hint),
                        "%s is %d px wide, %s %d", item->label, item->width, place, track->width);
    if (item->height > track->height && !passes_y)
        ok = diag_error(diags, where, "strip-clipped", size_hint(item, "use effect: scroll-up, or ", hint, sizeof hint),
                        "%s is %d px high, %s %d", item->label, item->height, place, track->height);
    if (item->width > LIMIT_STRIP_PX || item->height > LIMIT_STRIP_PX)
        ok = diag_error(diags, where, "strip-too-long", "divide it into several items",
                        "%s is %d px long, at most %d can be drawn",
                        item->label, item->width > item->height ? item->width : item->height, LIMIT_STRIP_PX);
    if (!ok) return false;

    item->rest_x = rest_column(item, track->width);
    item->rest_y = (track->height - item->height) / 2;
    if (passes_y || item->rest_y < 0) item->rest_y = item->height < track->height ? item->rest_y : 0;
    item->origin = track->width;
    item->canvas_width = 2 * track->width + item->width;
    if (!item->motion.is_tile) return true;

    /* Head to tail. Shorter than the screen the strip would be seen twice: the gap grows instead; and it grows to the next
     * whole step, so that the loop ends on a frame (reference led 4.3). */
    int side = passes_x ? track->width : track->height, step = item->motion.step.px;
    int64_t period = (int64_t)(passes_x ? item->width : item->height) + item->motion.gap;
    if (period < side) period = side;
    period = (period + step - 1) / step * step;
    if (period > 2 * LIMIT_STRIP_PX)
        return diag_error(diags, where, "strip-too-long", "choose a smaller gap or speed",
                          "%s with its gap is %lld px long, at most %d can be drawn",
                          item->label, (long long)period, 2 * LIMIT_STRIP_PX);
    item->period = (int)period;
    if (passes_x) {
        item->origin = 0;
        item->canvas_width = item->period + track->width;
    }
    return true;
}

/* ---- ink outside ---- */

/* The same scene with nothing but its text: shapes may well lie half outside. */
static const Scene *text_only(const Scene *scene, Arena *arena)
{
    Scene *copy = ARENA_NEW(arena, Scene);
    SceneOp *ops = ARENA_ARRAY(arena, SceneOp, scene->op_count ? scene->op_count : 1);
    *copy = *scene;
    copy->op_count = 0;
    for (size_t i = 0; i < scene->op_count; i++) {
        SceneOpKind kind = scene->ops[i].kind;
        if (kind == SCENE_GLYPHS || kind == SCENE_BEGIN || kind == SCENE_END) ops[copy->op_count++] = scene->ops[i];
    }
    copy->ops = ops;
    return copy;
}

typedef struct Band { Rect area; int columns, rows; } Band;

static Band band_at(int x, int y, int columns, int rows)
{
    return (Band){{x * LENGTH_ONE, y * LENGTH_ONE, columns * LENGTH_ONE, rows * LENGTH_ONE}, columns, rows};
}

/* How many rows (`by_rows`) or columns of the band, from its edge next to the strip, reach to the outermost ink. */
static bool ink_in_band(const Scene *text, Band band, bool from_end, bool by_rows, Raster *raster, Arena *scratch,
                        int *reach, DiagList *diags)
{
    RasterOptions options = {.scale = 1, .dots = true, .area = band.area};
    Pixels pixels;
    if (!raster_draw(raster, text, &options, scratch, &pixels, diags)) return false;
    for (int y = 0; y < band.rows && y < pixels.height; y++) {
        const uint8_t *row = pixels.data + (size_t)y * pixels.stride;
        for (int x = 0; x < band.columns && x < pixels.width; x++) {
            uint32_t argb;
            memcpy(&argb, row + 4 * (size_t)x, 4);
            if (argb >> 24 < 128) continue;
            int at = by_rows ? y : x, size = by_rows ? band.rows : band.columns;
            int far = from_end ? size - at : at + 1;
            if (far > *reach) *reach = far;
        }
    }
    return true;
}

static bool report_cut_rows(const LedItem *item, int above, int below, DiagList *diags)
{
    char hint[96], count[32];
    bool ok = true;
    size_hint(item, "choose ", hint, sizeof hint);
    if (above) {
        snprintf(count, sizeof count, above == 1 ? "%d row lies" : "%d rows lie", above);
        ok = diag_error(diags, item->node->where, "clipped-row", hint,
                        "row 0 of %s is cut: %s above the %d there are", item->label, count, item->height);
    }
    if (below) {
        snprintf(count, sizeof count, below == 1 ? "%d row lies" : "%d rows lie", below);
        ok = diag_error(diags, item->node->where, "clipped-row", hint,
                        "row %d of %s is cut: %s below the %d there are", item->height + 1, item->label,
                        count, item->height);
    }
    return ok;
}

/* The rows from the text's uppermost ink to below its lowest; the same twice: none. */
static bool ink_rows(const LedItem *item, const Scene *text, Raster *raster, Arena *scratch, int *top, int *bottom, DiagList *diags)
{
    *top = *bottom = 0;
    bool has_ink = false;
    for (int x = 0; x < item->width; x += CHUNK_COLUMNS) {
        int columns = item->width - x < CHUNK_COLUMNS ? item->width - x : CHUNK_COLUMNS, above = 0, below = 0, high = 0, low = 0;
        arena_reset(scratch);
        if (!ink_in_band(text, band_at(x, -OUTSIDE_ROWS, columns, OUTSIDE_ROWS), true, true, raster, scratch, &above, diags) ||
            !ink_in_band(text, band_at(x, item->height, columns, OUTSIDE_ROWS), false, true, raster, scratch, &below, diags)) return false;
        if (!above && !below) continue;
        /* Only what is cut needs to know how much room there is on the other side. */
        if (!ink_in_band(text, band_at(x, 0, columns, item->height), true, true, raster, scratch, &high, diags) ||
            !ink_in_band(text, band_at(x, 0, columns, item->height), false, true, raster, scratch, &low, diags)) return false;
        int first = above ? -above : high ? item->height - high : item->height, last = below ? item->height + below : low;
        if (!has_ink || first < *top) *top = first;
        if (!has_ink || last > *bottom) *bottom = last;
        has_ink = true;
    }
    return true;
}

static bool is_text_only(const Scene *scene)
{
    for (size_t i = 0; i < scene->op_count; i++)
        if (scene->ops[i].kind != SCENE_GLYPHS && scene->ops[i].kind != SCENE_BEGIN && scene->ops[i].kind != SCENE_END) return false;
    return true;
}

/* Text stands by its ink: where the font's metrics would have it cut on one side, and the other has room, it moves there. */
static void shift_to_ink(LedItem *item, const Scene *scene, int top, int bottom)
{
    if (item->look_count || !is_text_only(scene) || bottom - top > item->height) return;
    if (bottom > item->height) item->shift = item->height - bottom;
    else if (top < 0) item->shift = -top;
}

static bool check_outside(LedItem *item, const Scene *scene, Raster *raster, Arena *arena, Arena *scratch,
                          DiagList *diags)
{
    if (!item->has_glyphs) return true;
    const Scene *text = text_only(scene, arena);
    int top, bottom, left = 0, right = 0;
    if (!ink_rows(item, text, raster, scratch, &top, &bottom, diags)) return false;
    shift_to_ink(item, scene, top, bottom);
    top += item->shift, bottom += item->shift;
    bool ok = report_cut_rows(item, top < 0 ? -top : 0, bottom > item->height ? bottom - item->height : 0, diags);
    if (item->width < item->track->width || item->motion.marquee || item->height == 0) return ok;

    /* A strip as wide as the screen: its text may still be wider than the strip. */
    int reach = OUTSIDE_PIXELS / item->height < OUTSIDE_COLUMNS ? OUTSIDE_PIXELS / item->height : OUTSIDE_COLUMNS;
    arena_reset(scratch);
    if (!ink_in_band(text, band_at(-reach, 0, reach, item->height), true, false, raster, scratch, &left, diags))
        return false;
    if (!ink_in_band(text, band_at(item->width, 0, reach, item->height), false, false, raster, scratch, &right, diags))
        return false;
    if (left + right == 0) return ok;
    char hint[96];
    const char *at_least = left == reach || right == reach ? "at least " : "";
    return diag_error(diags, item->node->where, "strip-clipped",
                      size_hint(item, "use effect: scroll-left, or ", hint, sizeof hint),
                      "%s is %s%d px wide, %s %d", item->label, at_least, item->width + left + right,
                      item->track->name ? item->track->name : "the screen", item->track->width);
}

/* ---- drawing and packing ---- */

void led_put_dot(uint8_t *row, const LedPalette *palette, int x, uint32_t rgb)
{
    if (palette->bits == 24) {
        uint8_t *dot = row + 3 * (size_t)x;
        dot[0] = (uint8_t)(rgb >> 16), dot[1] = (uint8_t)(rgb >> 8), dot[2] = (uint8_t)rgb;
        return;
    }
    size_t bit = (size_t)x * (size_t)palette->bits;
    int shift = 8 - palette->bits - (int)(bit & 7), mask = (1 << palette->bits) - 1;
    row[bit >> 3] = (uint8_t)((row[bit >> 3] & ~(mask << shift)) | led_palette_index(palette, rgb) << shift);
}

static void add_dot(LedItem *item, const LedPalette *palette, int x, int y, uint32_t rgb)
{
    if (rgb == item->track->background) return;              /* the canvas has it to begin with */
    uint8_t *row = item->rows + (size_t)y * item->stride;
    led_put_dot(row, palette, item->origin + x, rgb);
    /* A window over the seam of a tile goes on in a second copy of its first dots. */
    int again = item->origin + item->period + x;
    if (item->period && item->origin == 0 && again < item->canvas_width) led_put_dot(row, palette, again, rgb);

    item->row_ink[y]++;
    bool is_first = item->ink_right == 0;
    if (is_first || x < item->ink_left) item->ink_left = x;
    if (is_first || y < item->ink_top) item->ink_top = y;
    if (x >= item->ink_right) item->ink_right = x + 1;
    if (y >= item->ink_bottom) item->ink_bottom = y + 1;
}

static void add_chunk(LedItem *item, const LedPalette *palette, const Pixels *pixels, int x0, int y0)
{
    for (int y = 0; y < pixels->height && y0 + y < item->height; y++) {
        const uint8_t *row = pixels->data + (size_t)y * pixels->stride;
        uint32_t last = 0, shown = 0;
        for (int x = 0; x < pixels->width && x0 + x < item->width; x++) {
            uint32_t argb;
            memcpy(&argb, row + 4 * (size_t)x, 4);
            argb &= 0xffffff;
            if (argb != last || item->has_image) shown = led_palette_quantize(palette, argb, item->has_image, x0 + x,
                                                                              y0 + y);
            last = argb;
            add_dot(item, palette, x0 + x, y0 + y, shown);
        }
    }
}

/* Every dot of the canvas in the area's background. */
static void fill_canvas(LedItem *item, const LedPalette *palette)
{
    if (item->track->background == 0) return;
    for (int x = 0; x < item->canvas_width; x++) led_put_dot(item->rows, palette, x, item->track->background);
    for (int y = 1; y < item->height; y++) memcpy(item->rows + (size_t)y * item->stride, item->rows, item->stride);
}

/* Room for one look more, in the area's background. */
static bool begin_look(LedItem *item, const LedPalette *palette, Arena *arena, DiagList *diags)
{
    size_t bytes = ((size_t)item->height + 1) * item->stride;
    if ((item->look_count + 1) * bytes > LIMIT_LOOK_BYTES)
        return diag_error(diags, item->node->where, "too-many-looks", "a shorter loop, a slower cycle, a smaller item",
                          "%s changes so often that its pictures fill over %zu MB", item->label, LIMIT_LOOK_BYTES >> 20);
    if (item->look_count == item->look_capacity) {
        size_t capacity = item->look_capacity ? 2 * item->look_capacity : item->phase_count;
        uint8_t **more = ARENA_ARRAY(arena, uint8_t *, capacity);
        for (size_t i = 0; i < item->look_count; i++) more[i] = item->looks[i];
        item->looks = more;
        item->look_capacity = capacity;
    }
    item->rows = item->looks[item->look_count++] = arena_alloc_array(arena, (size_t)item->height + 1, item->stride);
    fill_canvas(item, palette);
    return true;
}

static bool draw_look(LedItem *item, const Scene *scene, const LedPalette *palette, Raster *raster, Arena *scratch, DiagList *diags)
{
    uint32_t ground = item->track->background;
    const Color color = {.name = "background", .has_rgb = true, .rgb = {(uint8_t)(ground >> 16), (uint8_t)(ground >> 8), (uint8_t)ground}};
    for (int y = 0; y < item->height; y += CHUNK_ROWS) {
        for (int x = 0; x < item->width; x += CHUNK_COLUMNS) {
            int columns = item->width - x < CHUNK_COLUMNS ? item->width - x : CHUNK_COLUMNS;
            int rows = item->height - y < CHUNK_ROWS ? item->height - y : CHUNK_ROWS;
            RasterOptions options = {.scale = 1, .dots = true, .area = band_at(x, y - item->shift, columns, rows).area,
                                     .background = &color};
            Pixels pixels;
            arena_reset(scratch);
            if (!raster_draw(raster, scene, &options, scratch, &pixels, diags)) return false;
            add_chunk(item, palette, &pixels, x, y);
        }
    }
    return true;
}

bool led_item_draw(LedItem *item, const Scene *scene, const LedPalette *palette, unsigned fps, Raster *raster, Arena *arena,
                   Arena *scratch, DiagList *diags)
{
    if ((uint64_t)item->canvas_width * (uint64_t)(item->height ? item->height : 1) > LIMIT_PICTURE_PIXELS)
        return diag_error(diags, item->node->where, "strip-too-long", "divide it into several items",
                          "%s has %d x %d dots, too many to draw",
                          item->label, item->width, item->height);
    /* Seventeen bytes to spare: compose.c reads words. */
    item->stride = ((size_t)item->canvas_width * (size_t)palette->bits + 7) / 8 + 17;
    if (!item->row_ink) item->row_ink = ARENA_ARRAY(arena, uint32_t, (size_t)item->height + 1);
    if (!check_outside(item, scene, raster, arena, scratch, diags)) return false;
    bool ok = true;
    for (size_t phase = 0; ok && phase < item->phase_count; phase++)
        ok = begin_look(item, palette, arena, diags) &&
             draw_look(item, led_item_scene(item, scene, phase, fps, arena), palette, raster, scratch, diags);
    item->rows = item->looks ? item->looks[0] : NULL;
    if (item->motion.enter == EFFECT_TYPEWRITER || item->motion.exit == EFFECT_TYPEWRITER) led_item_stops(item, arena);
    return ok;
}

/* ---- few colours: one palette for all ---- */

/* Add to the sorted colours; false when there is no room. */
static bool add_color(LedPalette *palette, uint32_t rgb)
{
    int at = palette->count ? led_palette_index(palette, rgb) : 0;
    if (palette->count && palette->colors[at] == rgb) return true;
    if (palette->count == 256) return false;
    if (at < palette->count && palette->colors[at] < rgb) at++;
    memmove(&palette->colors[at + 1], &palette->colors[at], sizeof palette->colors[0] * (size_t)(palette->count - at));
    palette->colors[at] = rgb;
    palette->count++;
    return true;
}

static uint32_t dot_rgb(const uint8_t *dot) { return (uint32_t)dot[0] << 16 | (uint32_t)dot[1] << 8 | dot[2]; }

static bool gather_colors(const LedItem *item, const uint8_t *rows, LedPalette *palette)
{
    uint32_t last = 0;
    for (int y = 0; y < item->height; y++) {
        const uint8_t *row = rows + (size_t)y * item->stride;
        for (int x = 0; x < item->canvas_width; x++) {
            uint32_t rgb = dot_rgb(row + 3 * (size_t)x);
            if (rgb == last) continue;
            if (!add_color(palette, rgb)) return false;
            last = rgb;
        }
    }
    return true;
}

void led_items_compact(LedPlan *plan)
{
    LedPalette *palette = &plan->palette;
    if (palette->is_fixed) return;
    palette->count = 0;
    bool fits = add_color(palette, 0);                       /* darkness is always needed, and sorts first */
    for (size_t i = 0; fits && i < plan->track_count; i++) fits = add_color(palette, plan->tracks[i].background);
    for (size_t i = 0; fits && i < plan->item_count; i++)
        for (size_t k = 0; fits && k < plan->items[i].look_count; k++) fits = gather_colors(&plan->items[i], plan->items[i].looks[k], palette);
    if (!fits) {
        palette->count = 0;
        return;
    }
    palette->bits = 8;
    for (size_t i = 0; i < plan->item_count; i++) {
        const LedItem *item = &plan->items[i];
        for (size_t line = 0; line < item->look_count * (size_t)item->height; line++) {
            uint8_t *row = item->looks[line / (size_t)item->height] + line % (size_t)item->height * item->stride;
            for (int x = 0; x < item->canvas_width; x++)     /* in place: each dot moves to the left */
                row[x] = (uint8_t)led_palette_index(palette, dot_rgb(row + 3 * (size_t)x));
        }
    }
}
