/* legible.c -- can the letters be told from the panel and from each other, where the reader stands? Characters that come out
 * alike, letters too small for the distance, colours too near to what is behind them. */
#include "led/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"

#define FORM_DEPTH 32
#define HAN_ROWS 12               /* the fewest that hold all of Chinese: reference led 3.4 */
#define CLEAR_M_PER_MM 0.4        /* distance a letter's height is read at: reference layout-language, section 8 */
#define CONTRAST 3.0              /* WCAG 2.2, 1.4.3, of large text */
#define FLARE 0.05                /* light that a panel throws back, of its own full: as WCAG has it */
#define ALIKE_PX 32               /* larger letters are not mistaken for dots' sake */
#define ALIKE_GLYPHS 4000         /* compared at most */
#define CELL 64                   /* a letter's picture, dots each way: two ems */

/* ---- looking at every run of an item ---- */

typedef struct Look {
    LedPlan *plan;
    const LedItem *item;
    Arena *arena;
    DiagList *diags;
    struct Glyphs *glyphs;
    uint32_t ground;              /* under the run at hand */
    bool has_small, has_pale;     /* said once an item */
} Look;

static bool is_han(uint32_t c) { return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff); }

static bool is_letter(uint32_t c)
{
    bool is_ascii = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return is_ascii || is_han(c) || (c >= 0x3041 && c <= 0x30fa) || (c >= 0xac00 && c <= 0xd7a3);
}

/* ---- size ---- */

static void check_size(Look *look, const GlyphRun *run)
{
    const Screen *screen = look->plan->screen;
    double px = length_to_pt(run->size);
    bool has_han = false;
    size_t length = run->text ? strlen(run->text) : 0;
    for (size_t at = 0; at < length;) has_han |= is_han(utf8_next(run->text, length, &at));
    if (look->has_small || length == 0) return;
    char is[NUM_ROOM], must[NUM_ROOM], far[NUM_ROOM];
    if (has_han && px < HAN_ROWS) {
        diag_warning(look->diags, look->item->node->where, "too-small", "size: 12px, and better 16px", "%s has %s rows of dots, Chinese needs 12 to be told apart",
                     look->item->label, num_format(is, px, 1));
        look->has_small = true;
    } else if (screen->distance_m > 0 && screen->pitch_mm > 0 && px * screen->pitch_mm < screen->distance_m / CLEAR_M_PER_MM) {
        char hint[96];
        snprintf(hint, sizeof hint, "size: %spx, or another screen.distance", num_format(must, ceil(screen->distance_m / CLEAR_M_PER_MM / screen->pitch_mm), 0));
        diag_warning(look->diags, look->item->node->where, "too-small", hint, "read from %s m, letters %s mm high are too small", num_format(far, screen->distance_m, 1),
                     num_format(is, px * screen->pitch_mm, 0));
        look->has_small = true;
    }
}

/* ---- contrast ---- */

static double linear(double value)                           /* IEC 61966-2-1 */
{
    value /= 255;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * linear(rgb >> 16 & 0xff) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
}

static uint32_t value_of(const Color *color) { return (uint32_t)color->rgb[0] << 16 | (uint32_t)color->rgb[1] << 8 | color->rgb[2]; }

static double contrast(const Look *look, uint32_t a, uint32_t b)
{
    double white = luminance(led_palette_white(&look->plan->palette)), one = luminance(a) / white, other = luminance(b) / white;
    return (fmax(one, other) + FLARE) / (fmin(one, other) + FLARE);
}

static void check_contrast(Look *look, const GlyphRun *run)
{
    double wanted = look->plan->checks->contrast ? look->plan->checks->contrast : CONTRAST, best = 0;
    const Color *color = run->color;
    if (look->has_pale || wanted < 0 || !color || !color->has_rgb || color->gradient || run->stroke_color) return;
    if (!color->cycle) best = contrast(look, value_of(color), look->ground);
    for (size_t i = 0; color->cycle && i < color->cycle->count; i++) best = fmax(best, contrast(look, value_of(color->cycle->colors[i]), look->ground));
    if (best >= wanted) return;
    look->has_pale = true;
    char is[NUM_ROOM], must[NUM_ROOM];
    diag_warning(look->diags, look->item->node->where, "low-contrast", "a lighter colour for the letters, or a darker one behind them",
                 "\"%s\" on %s has a contrast of %s : 1, letters of lamps need %s : 1", color->name ? color->name : "", look->ground ? "its background" : "dark lamps",
                 num_format(is, best, 2), num_format(must, wanted, 1));
}

/* ---- characters that look alike ---- */

typedef struct Shape {
    uint32_t character;
    const Face *face;
    Length size;
    uint32_t glyph;
    const LedItem *item;
    int lit;
    uint64_t *dots;               /* CELL words of CELL dots */
} Shape;

typedef struct Glyphs { Shape *items; size_t count; uint32_t *table; } Glyphs;       /* table: index + 1, by hash */

#define GLYPH_SLOTS (4 * ALIKE_GLYPHS)

static void note_shape(Look *look, const GlyphRun *run, uint32_t c, uint32_t glyph)
{
    Glyphs *glyphs = look->glyphs;
    size_t slot = (c * 2654435761u ^ (uint32_t)run->size * 40503u ^ glyph * 97u) % GLYPH_SLOTS;
    for (; glyphs->table[slot]; slot = (slot + 1) % GLYPH_SLOTS) {
        const Shape *shape = &glyphs->items[glyphs->table[slot] - 1];
        if (shape->character == c && shape->face == run->face && shape->size == run->size && shape->glyph == glyph) return;
    }
    if (glyphs->count == ALIKE_GLYPHS) return;
    glyphs->items[glyphs->count++] = (Shape){.character = c, .face = run->face, .size = run->size, .glyph = glyph, .item = look->item};
    glyphs->table[slot] = (uint32_t)glyphs->count;
}

static void note_shapes(Look *look, const GlyphRun *run)
{
    if (look->plan->checks->look_alike == REPORT_OFF || run->size > ALIKE_PX * LENGTH_ONE || !run->text || run->rotate != 0) return;
    size_t glyph = 0, at = 0;
    for (size_t i = 0; i < run->cluster_count && glyph < run->glyph_count; i++) {
        size_t next = at, end = at + run->clusters[i].byte_count;
        uint32_t c = utf8_next(run->text, end, &next);
        if (next == end && run->clusters[i].glyph_count == 1 && is_letter(c)) note_shape(look, run, c, run->glyphs[glyph].id);
        glyph += run->clusters[i].glyph_count;
        at = end;
    }
}

static bool draw_shape(Shape *shape, Raster *raster, Arena *arena, Arena *scratch, DiagList *diags)
{
    static const Color ink = {.name = "ink", .has_rgb = true};
    const Glyph glyph = {shape->glyph, shape->size / 2, CELL / 2 * LENGTH_ONE + shape->size / 2};
    const Cluster cluster = {0, 1};
    const GlyphRun run = {.face = shape->face, .size = shape->size, .is_dots = true, .color = &ink, .glyphs = &glyph, .glyph_count = 1, .text = "",
                          .clusters = &cluster, .cluster_count = 1};
    const SceneOp op = {.kind = SCENE_GLYPHS, .u.glyphs = &run};
    const Scene scene = {.width = CELL * LENGTH_ONE, .height = CELL * LENGTH_ONE, .is_screen = true, .ops = &op, .op_count = 1};
    const RasterOptions options = {.scale = 1, .dots = true, .area = {0, 0, CELL * LENGTH_ONE, CELL * LENGTH_ONE}};
    Pixels pixels;
    arena_reset(scratch);
    if (!raster_draw(raster, &scene, &options, scratch, &pixels, diags)) return false;
    shape->dots = ARENA_ARRAY(arena, uint64_t, CELL);
    for (int y = 0; y < CELL && y < pixels.height; y++)
        for (int x = 0; x < CELL && x < pixels.width; x++) {
            uint32_t argb;
            memcpy(&argb, pixels.data + (size_t)y * pixels.stride + 4 * (size_t)x, 4);
            if (argb >> 24 >= 128) shape->dots[y] |= (uint64_t)1 << x, shape->lit++;
        }
    return true;
}

/* Dots that are unlike, counted up to 2. */
static int difference(const Shape *a, const Shape *b)
{
    if (abs(a->lit - b->lit) > 1) return 2;
    int count = 0;
    for (int y = 0; y < CELL && count < 2; y++) count += __builtin_popcountll(a->dots[y] ^ b->dots[y]);
    return count < 2 ? count : 2;
}

static int compare_shapes(const void *a, const void *b)
{
    const Shape *one = a, *other = b;
    if (one->size != other->size) return one->size < other->size ? -1 : 1;
    if (one->lit != other->lit) return one->lit < other->lit ? -1 : 1;
    return one->character < other->character ? -1 : one->character > other->character;
}

static void report_pair(const LedPlan *plan, const Shape *a, const Shape *b, bool is_same, DiagList *diags)
{
    if (a->character > b->character) {
        const Shape *first = b;
        b = a, a = first;
    }
    char one[8] = "", other[8] = "", size[NUM_ROOM];
    utf8_put(a->character, one);
    utf8_put(b->character, other);
    num_format(size, length_to_pt(a->size), 0);
    const LedItem *item = a->item > b->item ? a->item : b->item;
    diags->path = item->node->path;
    if (is_same && plan->checks->look_alike == REPORT_ERROR)
        diag_error(diags, item->node->where, "look-alike", "a larger size, a font of dots (WenQuanYi Zen Hei Sharp, Unifont), or other words",
                   "\"%s\" and \"%s\" come out as the same picture at %spx", one, other, size);
    else
        diag_warning(diags, item->node->where, "look-alike", "a larger size, a font of dots (WenQuanYi Zen Hei Sharp, Unifont), or other words",
                     is_same ? "\"%s\" and \"%s\" come out as the same picture at %spx" : "\"%s\" and \"%s\" differ by one dot at %spx", one, other, size);
    diags->path = NULL;
}

static void compare_all(const LedPlan *plan, Glyphs *glyphs, Raster *raster, Arena *arena, DiagList *diags)
{
    Arena *scratch = arena_new(0);
    if (!scratch) return;
    for (size_t i = 0; i < glyphs->count; i++)
        if (!draw_shape(&glyphs->items[i], raster, arena, scratch, diags)) glyphs->count = i;
    arena_free(scratch);
    if (glyphs->count) qsort(glyphs->items, glyphs->count, sizeof *glyphs->items, compare_shapes);
    /* Sorted by lit dots: what is alike stands close together. */
    for (size_t i = 0; i < glyphs->count; i++) {
        const Shape *a = &glyphs->items[i];
        for (size_t k = i + 1; a->lit && k < glyphs->count && glyphs->items[k].size == a->size && glyphs->items[k].lit <= a->lit + 1; k++) {
            const Shape *b = &glyphs->items[k];
            if (a->character == b->character) continue;
            int unlike = difference(a, b);
            if (unlike < 2) report_pair(plan, a, b, unlike == 0, diags);
        }
    }
}

/* ---- all of it ---- */

static void look_at_ops(Look *look, const Scene *scene, int depth)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_FORM && depth < FORM_DEPTH) look_at_ops(look, op->u.form.scene, depth + 1);
        if (op->kind != SCENE_GLYPHS || !op->u.glyphs->glyph_count) continue;
        const GlyphRun *run = op->u.glyphs;
        look->ground = look->item->track->background;
        for (size_t k = i; k-- > 0;) {                       /* the last paint under its first letter */
            const SceneOp *under = &scene->ops[k];
            if (under->kind != SCENE_FILL || !under->u.fill.path->is_rect || !under->u.fill.color || !under->u.fill.color->has_rgb) continue;
            Rect rect = under->u.fill.path->rect;
            Length x = run->glyphs[0].x + run->size / 2, y = run->glyphs[0].y - run->size / 4;
            if (x < rect.x || x >= rect.x + rect.width || y < rect.y || y >= rect.y + rect.height) continue;
            look->ground = value_of(under->u.fill.color);
            break;
        }
        check_size(look, run);
        check_contrast(look, run);
        note_shapes(look, run);
    }
}

void led_check_letters(LedPlan *plan, Raster *raster, Arena *scratch, DiagList *diags)
{
    Glyphs glyphs = {ARENA_ARRAY(scratch, Shape, ALIKE_GLYPHS), 0, ARENA_ARRAY(scratch, uint32_t, GLYPH_SLOTS)};
    for (size_t i = 0; i < plan->item_count; i++) {
        Look look = {.plan = plan, .item = &plan->items[i], .arena = scratch, .diags = diags, .glyphs = &glyphs};
        diags->path = plan->items[i].node->path;
        look_at_ops(&look, plan->items[i].scene, 0);
    }
    diags->path = NULL;
    compare_all(plan, &glyphs, raster, scratch, diags);
}
