/* ink.c -- what a block covers, and how it is drawn: shadow below, then the glyphs with their outlines. */
#include "text/private.h"

#include <string.h>

typedef struct Bounds { int64_t left, top, right, bottom; bool has_ink; } Bounds;

static Length bounded(int64_t length)
{
    return length > LENGTH_MAX ? LENGTH_MAX : length < -LENGTH_MAX ? -LENGTH_MAX : (Length)length;
}

static void add_bounds(Bounds *bounds, int64_t left, int64_t top, int64_t right, int64_t bottom)
{
    if (right <= left || bottom <= top) return;
    if (!bounds->has_ink) {
        *bounds = (Bounds){left, top, right, bottom, true};
        return;
    }
    if (left < bounds->left) bounds->left = left;
    if (top < bounds->top) bounds->top = top;
    if (right > bounds->right) bounds->right = right;
    if (bottom > bounds->bottom) bounds->bottom = bottom;
}

/* Rounded outward, so that the ink is surely inside. */
static int64_t down(double value) { return (int64_t)floor(value); }
static int64_t up(double value) { return (int64_t)ceil(value); }

/* A glyph's box, from its origin, as the run turns it: not at all, or a quarter clockwise. */
static void add_glyph(Bounds *bounds, const GlyphRun *run, const Glyph *glyph, int64_t left, int64_t top, int64_t right, int64_t bottom)
{
    if (run->rotate == 0) add_bounds(bounds, glyph->x + left, glyph->y + top, glyph->x + right, glyph->y + bottom);
    else add_bounds(bounds, glyph->x - bottom, glyph->y + left, glyph->x - top, glyph->y + right);
}

static void add_outlines(Bounds *bounds, const GlyphRun *run)
{
    if (run->face->units_per_em <= 0) return;
    double scale = (double)run->size / run->face->units_per_em, across = run->stretch != 0 ? scale * run->stretch : scale;
    int64_t stroke = run->stroke_color ? run->stroke_width : 0;
    for (size_t i = 0; i < run->glyph_count; i++) {
        const Glyph *glyph = &run->glyphs[i];
        hb_glyph_extents_t box;
        if (!font_glyph_box(run->face, glyph->id, &box) || box.width == 0 || box.height == 0) continue;
        add_glyph(bounds, run, glyph, down(box.x_bearing * across) - stroke, -up(box.y_bearing * scale) - stroke,
                  up((box.x_bearing + box.width) * across) + stroke, -down((box.y_bearing + box.height) * scale) + stroke);
    }
}

static void add_dots(TextEngine *engine, Bounds *bounds, const GlyphRun *run)
{
    int ppem = run->size / LENGTH_ONE;
    DotMode mode = font_has_strike(run->face, ppem) ? DOT_STRIKE : DOT_MONO;
    if (!font_hb_dots(engine->fonts, run->face, ppem, mode)) return;     /* sets the size of the FT_Face, too */
    FT_Face face = font_ft_face(engine->fonts, run->face);
    if (!face) return;
    for (size_t i = 0; i < run->glyph_count; i++) {
        if (FT_Load_Glyph(face, run->glyphs[i].id, font_load_flags(mode) | FT_LOAD_RENDER)) continue;
        const FT_GlyphSlot slot = face->glyph;
        DotInk ink = dots_ink(&slot->bitmap);
        int64_t left = (int64_t)(slot->bitmap_left + ink.left) * LENGTH_ONE, top = (int64_t)(ink.top - slot->bitmap_top) * LENGTH_ONE;
        add_glyph(bounds, run, &run->glyphs[i], left, top, left + (int64_t)(ink.right - ink.left) * LENGTH_ONE, top + (int64_t)(ink.bottom - ink.top) * LENGTH_ONE);
    }
}

Rect text_ink(TextEngine *engine, const TextBlock *block)
{
    Bounds bounds = {0};
    for (size_t l = 0; l < block->line_count; l++) {
        const TextLine *line = &block->lines[l];
        for (size_t r = 0; r < line->run_count + line->note_count; r++) {
            const GlyphRun *run = r < line->run_count ? &line->runs[r] : &line->notes[r - line->run_count];
            if (run->face->is_color) continue;
            if (run->is_dots) add_dots(engine, &bounds, run);
            else add_outlines(&bounds, run);
        }
        for (size_t o = 0; o < line->object_count; o++) {
            Rect area = line->objects[o].area;
            add_bounds(&bounds, area.x, area.y, (int64_t)area.x + area.width, (int64_t)area.y + area.height);
        }
    }
    if (!bounds.has_ink) return (Rect){0};
    return (Rect){bounded(bounds.left), bounded(bounds.top), bounded(bounds.right - bounds.left), bounded(bounds.bottom - bounds.top)};
}

static const Glyph *moved(Arena *arena, const GlyphRun *run, int64_t x, int64_t y)
{
    Glyph *glyphs = ARENA_ARRAY(arena, Glyph, run->glyph_count + 1);
    for (size_t i = 0; i < run->glyph_count; i++)
        glyphs[i] = (Glyph){run->glyphs[i].id, bounded(run->glyphs[i].x + x), bounded(run->glyphs[i].y + y)};
    return glyphs;
}

/* A shadow says nothing: text and clusters stay with the run that casts it, or copying would give every word twice. */
static void draw_shadow(const GlyphRun *run, const TextStyle *style, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    GlyphRun shadow = *run;
    shadow.glyphs = moved(arena, run, (int64_t)x + style->shadow_x, (int64_t)y + style->shadow_y);
    shadow.color = style->shadow_color;
    if (shadow.stroke_color) shadow.stroke_color = style->shadow_color;
    shadow.text = "";
    shadow.clusters = NULL;
    shadow.cluster_count = 0;
    scene_add_glyphs(scene, &shadow);
}

/* What a gradient of the letters spans: the lines as they are set, not the box round them, or a short line in a wide box
 * would show a piece of it only. */
static Rect lines_area(const TextBlock *block, Length x, Length y)
{
    if (!block->line_count) return (Rect){x, y, block->width, block->height};
    Length left = block->lines[0].x, right = left;
    for (size_t l = 0; l < block->line_count; l++) {
        const TextLine *line = &block->lines[l];
        if (line->x < left) left = line->x;
        if (line->x + line->width > right) right = line->x + line->width;
    }
    return (Rect){x + left, y, right - left, block->height};
}

typedef struct Drawn { const GlyphRun *run; const TextStyle *style; } Drawn;

/* The runs of a line, readings after the words: copied text has the words whole. Emoji are pictures. */
static Drawn run_at(const TextLine *line, size_t index)
{
    bool is_note = index >= line->run_count;
    size_t at = is_note ? index - line->run_count : index;
    const GlyphRun *run = is_note ? &line->notes[at] : &line->runs[at];
    return (Drawn){run->glyph_count && !run->face->is_color ? run : NULL, is_note ? line->note_styles[at] : line->run_styles[at]};
}

static void draw_shadows(const TextLine *line, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    decorate_draw(line, false, true, x, y, arena, scene);
    for (size_t r = 0; r < line->run_count + line->note_count; r++) {
        Drawn drawn = run_at(line, r);
        if (drawn.run && drawn.style->shadow_color) draw_shadow(drawn.run, drawn.style, x, y, arena, scene);
    }
    decorate_draw(line, true, true, x, y, arena, scene);
}

static void draw_line(const TextLine *line, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    decorate_draw(line, false, false, x, y, arena, scene);
    for (size_t r = 0; r < line->run_count + line->note_count; r++) {
        Drawn drawn = run_at(line, r);
        if (!drawn.run) continue;
        GlyphRun run = *drawn.run;
        run.glyphs = moved(arena, drawn.run, x, y);
        scene_add_glyphs(scene, &run);
    }
    for (size_t o = 0; o < line->object_count; o++) {
        const TextPlaced *placed = &line->objects[o];
        if (placed->emoji) scene_add_image(scene, placed->emoji, (Rect){placed->area.x + x, placed->area.y + y, placed->area.width, placed->area.height});
    }
    decorate_draw(line, true, false, x, y, arena, scene);
}

void text_draw(const TextBlock *block, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    Rect area = lines_area(block, x, y);
    scene_set_area(scene, &area);
    for (size_t l = 0; l < block->line_count; l++) stress_draw(&block->lines[l], x, y, arena, scene);
    for (size_t l = 0; l < block->line_count; l++) draw_shadows(&block->lines[l], x, y, arena, scene);
    for (size_t l = 0; l < block->line_count; l++) draw_line(&block->lines[l], x, y, arena, scene);
    scene_set_area(scene, NULL);
}
