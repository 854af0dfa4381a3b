/* scene.c -- building a Scene: operations are appended to an array that grows in the arena, and frozen at the end.
 *
 * Paths, runs, modules and matrices are copied, so callers may reuse their structs. Colours, images and forms are not:
 * emitters know them again by their address. */
#include "scene/private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct SceneBuilder {
    Arena *arena;
    Scene scene;
    SceneOp *ops;
    size_t count, capacity;
    const char *role;
    const Span *where;
    const Color *plate;           /* instead of every colour, or NULL */
    Nib nib;
    bool has_area;
    Rect area;                    /* of gradients */
    const Color *placed_from, *placed;    /* the last gradient and its copy, */
    Rect placed_area;                     /* which lies here */
    size_t depth;                 /* BEGINs without their END */
    bool is_finished;
};

SceneBuilder *scene_new(Arena *arena, Length width, Length height, Length bleed, bool is_screen)
{
    SceneBuilder *builder = ARENA_NEW(arena, SceneBuilder);
    builder->arena = arena;
    builder->scene = (Scene){.width = width, .height = height, .bleed = bleed, .is_screen = is_screen};
    builder->role = "art";
    return builder;
}

void scene_set_role(SceneBuilder *scene, const char *role)
{
    scene->role = role ? role : "art";
}

void scene_set_where(SceneBuilder *scene, const Span *where) { scene->where = where; }

void scene_set_plate(SceneBuilder *scene, const Color *plate) { scene->plate = plate; }

void scene_set_nib(SceneBuilder *scene, Nib nib) { scene->nib = nib; }

void scene_set_area(SceneBuilder *scene, const Rect *area)
{
    scene->has_area = area != NULL;
    if (area) scene->area = *area;
}

static bool is_same(Rect a, Rect b) { return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height; }

/* The colour that something with these bounds gets. */
static const Color *color_on(SceneBuilder *scene, const Color *color, Rect bounds)
{
    if (!color || scene->plate) return color ? scene->plate : NULL;
    const GradientAxis *axis = &color->axis;
    if (!color->gradient || axis->xx || axis->yx || axis->xy || axis->yy) return color;      /* plain, or in its place */
    if (scene->has_area) bounds = scene->area;
    if (scene->placed_from == color && is_same(scene->placed_area, bounds)) return scene->placed;
    Color *copy = ARENA_NEW(scene->arena, Color);
    *copy = *color;
    scene->placed_from = color;
    scene->placed_area = bounds;
    scene->placed = gradient_place(color->gradient, bounds, &copy->axis) ? copy : color_stop(color, color->gradient->stop_count - 1);
    return scene->placed;
}

/* About where the letters of a run stand: all that is needed when nobody has said what a gradient spans. */
static Rect run_bounds(const GlyphRun *run)
{
    if (!run->glyph_count) return (Rect){0};
    Length left = run->glyphs[0].x, right = left, top = run->glyphs[0].y, foot = top;
    for (size_t i = 1; i < run->glyph_count; i++) {
        const Glyph *glyph = &run->glyphs[i];
        if (glyph->x < left) left = glyph->x;
        if (glyph->x > right) right = glyph->x;
        if (glyph->y < top) top = glyph->y;
        if (glyph->y > foot) foot = glyph->y;
    }
    Length ascent = run->size / 8 * 7;
    return (Rect){left, top - ascent, right - left + run->size, foot - top + run->size};
}

static SceneOp *add_op(SceneBuilder *builder, SceneOpKind kind)
{
    assert(!builder->is_finished);
    builder->ops = ARENA_GROW(builder->arena, builder->ops, builder->count, &builder->capacity);
    SceneOp *op = &builder->ops[builder->count++];
    *op = (SceneOp){.kind = kind, .role = builder->role, .where = builder->where};
    return op;
}

static void *copy_struct(Arena *arena, const void *item, size_t size)
{
    return memcpy(arena_alloc(arena, size), item, size);
}

static bool is_empty(Rect rect)
{
    return rect.width <= 0 || rect.height <= 0;
}

void scene_add_fill(SceneBuilder *scene, const Path *path, const Color *color)
{
    if (!path || !path->verb_count || !color || (path->is_rect && is_empty(path->rect))) return;
    const Path *copy = copy_struct(scene->arena, path, sizeof *path);
    SceneOp *op = add_op(scene, SCENE_FILL);
    op->u.fill.path = copy;
    op->u.fill.color = color_on(scene, color, color->gradient ? path_bounds(path) : (Rect){0});
}

void scene_add_rect(SceneBuilder *scene, Rect rect, const Color *color)
{
    if (is_empty(rect) || !color) return;
    const Path *path = path_rect(scene->arena, rect);
    SceneOp *op = add_op(scene, SCENE_FILL);
    op->u.fill.path = path;
    op->u.fill.color = color_on(scene, color, rect);
}

void scene_add_stroke(SceneBuilder *scene, const Path *path, const Color *color, Length width, const Length *dashes, size_t dash_count)
{
    if (!path || !path->verb_count || !color || width <= 0) return;
    const Path *copy = copy_struct(scene->arena, path, sizeof *path);
    SceneOp *op = add_op(scene, SCENE_STROKE);
    op->u.stroke.path = copy;
    op->u.stroke.color = color_on(scene, color, color->gradient ? path_bounds(path) : (Rect){0});
    op->u.stroke.width = width;
    op->u.stroke.nib = scene->nib;
    op->u.stroke.dashes = dash_count ? dashes : NULL;
    op->u.stroke.dash_count = dashes ? dash_count : 0;
}

void scene_add_line(SceneBuilder *scene, Point from, Point to, const Color *color, Length width)
{
    if (!color || width <= 0) return;
    scene_add_stroke(scene, path_line(scene->arena, from, to), color, width, NULL, 0);
}

void scene_add_glyphs(SceneBuilder *scene, const GlyphRun *run)
{
    /* A run without glyphs can still be text somebody copies or searches (a zero-width character). */
    bool has_text = run && run->text && *run->text;
    if (!run || (!run->glyph_count && !has_text) || (!run->color && !run->stroke_color)) return;
    GlyphRun *copy = copy_struct(scene->arena, run, sizeof *run);
    copy->color = color_on(scene, run->color, run_bounds(run));
    copy->stroke_color = color_on(scene, run->stroke_color, run_bounds(run));
    add_op(scene, SCENE_GLYPHS)->u.glyphs = copy;
}

void scene_add_image(SceneBuilder *scene, const Image *image, Rect area)
{
    if (!image || is_empty(area)) return;
    SceneOp *op = add_op(scene, SCENE_IMAGE);
    op->u.image.image = image;
    op->u.image.area = area;
}

void scene_add_modules(SceneBuilder *scene, const Modules *modules)
{
    if (!modules || modules->columns <= 0 || modules->rows <= 0 || is_empty(modules->area) || !modules->color) return;
    Modules *copy = copy_struct(scene->arena, modules, sizeof *modules);
    copy->color = color_on(scene, modules->color, modules->area);
    add_op(scene, SCENE_MODULES)->u.modules = copy;
}

void scene_add_form(SceneBuilder *scene, const Scene *form, Length x, Length y)
{
    if (!form || !form->op_count) return;
    SceneOp *op = add_op(scene, SCENE_FORM);
    op->u.form.scene = form;
    op->u.form.x = x;
    op->u.form.y = y;
}

void scene_add_link(SceneBuilder *scene, Rect area, const char *uri)
{
    if (is_empty(area) || !uri || !*uri) return;
    SceneOp *op = add_op(scene, SCENE_LINK);
    op->u.link.area = area;
    op->u.link.uri = uri;
}

void scene_begin(SceneBuilder *scene, const Matrix *matrix, const Path *clip, double opacity)
{
    const Matrix *matrix_copy = matrix ? copy_struct(scene->arena, matrix, sizeof *matrix) : NULL;
    const Path *clip_copy = clip ? copy_struct(scene->arena, clip, sizeof *clip) : NULL;
    SceneOp *op = add_op(scene, SCENE_BEGIN);
    op->u.begin.matrix = matrix_copy;
    op->u.begin.clip = clip_copy;
    op->u.begin.opacity = isnan(opacity) ? 1 : fmin(fmax(opacity, 0), 1);
    scene->depth++;
}

void scene_end(SceneBuilder *scene)
{
    assert(scene->depth > 0);
    scene->depth--;
    add_op(scene, SCENE_END);
}

const Scene *scene_finish(SceneBuilder *scene, const char *title)
{
    assert(scene->depth == 0 && !scene->is_finished);
    scene->is_finished = true;
    scene->scene.ops = scene->ops;
    scene->scene.op_count = scene->count;
    scene->scene.title = title;
    return &scene->scene;
}

const Scene *scene_finish_shared(SceneBuilder *scene)
{
    scene_finish(scene, NULL);
    uint8_t *digest = ARENA_ARRAY(scene->arena, uint8_t, SCENE_SHARED_DIGEST);
    scene_digest_all(&scene->scene, digest);
    scene->scene.digest = digest;
    return &scene->scene;
}

const Color *scene_op_color(const SceneOp *op)
{
    switch (op->kind) {
    case SCENE_FILL: return op->u.fill.color;
    case SCENE_STROKE: return op->u.stroke.color;
    case SCENE_GLYPHS: return op->u.glyphs->color ? op->u.glyphs->color : op->u.glyphs->stroke_color;
    case SCENE_MODULES: return op->u.modules->color;
    default: return NULL;
    }
}
