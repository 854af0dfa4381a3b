/* units.c -- the operations of a page told apart, and what each covers: from page to page of a run only some of them change.
 *
 * The digest of a unit takes in everything that decides a pixel and nothing else (names of colours, the text behind the glyphs,
 * links); that of a form which pages share takes in those too, but not which box it comes from. Whoever gives an operation a new
 * field adds it here: the sizes below are a reminder. */
#include "scene/private.h"

#include <string.h>

#include "base/hash.h"

_Static_assert(sizeof(void *) != 8 || (sizeof(SceneOp) == 64 && sizeof(GlyphRun) == 112 && sizeof(Color) == 160 && sizeof(Modules) == 48 && sizeof(Path) == 56),
               "a new field that changes the picture belongs in the digest and, if it makes anything larger, in the extent");

size_t scene_unit_end(const Scene *scene, size_t at)
{
    size_t depth = 0;
    do {
        if (scene->ops[at].kind == SCENE_BEGIN) depth++;
        else if (scene->ops[at].kind == SCENE_END && depth) depth--;
        at++;
    } while (depth && at < scene->op_count);
    return at;
}

/* ---- digests ---- */

typedef struct Digest { Hash hash; bool is_whole; } Digest;        /* is_whole: with what is not seen in pixels */

static void add(Digest *digest, const void *bytes, size_t length) { hash_add(&digest->hash, bytes, length); }

static void add_count(Digest *digest, size_t count) { add(digest, &count, sizeof count); }

/* What no pixel shows. */
static void add_words(Digest *digest, const char *words)
{
    if (!digest->is_whole) return;
    add_count(digest, words != NULL);
    hash_add_string(&digest->hash, words);
}

static void add_color(Digest *digest, const Color *color)
{
    uint8_t flags[] = {color != NULL, color && color->has_rgb, color && color->has_cmyk};
    add(digest, flags, sizeof flags);
    if (!color) return;
    add_words(digest, color->name);
    add_words(digest, color->spot);
    add_words(digest, color->step);
    add(digest, color->rgb, sizeof color->rgb);
    add(digest, color->cmyk, sizeof color->cmyk);
    add(digest, &color->less, sizeof color->less);
    const Gradient *gradient = color->gradient;
    add_count(digest, gradient ? gradient->stop_count : 0);
    if (!gradient) return;
    add(digest, &gradient->kind, sizeof gradient->kind);
    add(digest, &color->axis, sizeof color->axis);
    add(digest, gradient->focus, sizeof gradient->focus);
    for (size_t i = 0; i < gradient->stop_count; i++) {
        add(digest, &gradient->stops[i].at, sizeof gradient->stops[i].at);
        add_color(digest, gradient->stops[i].color);
    }
}

static void add_path(Digest *digest, const Path *path)
{
    uint8_t flags[] = {path != NULL, path && path->is_rect, path && path->is_even_odd};
    add(digest, flags, sizeof flags);
    if (!path) return;
    if (path->is_rect) {
        add(digest, &path->rect, sizeof path->rect);
        return;
    }
    add_count(digest, path->verb_count);
    add_count(digest, path->point_count);
    if (path->verb_count) add(digest, path->verbs, path->verb_count);
    if (path->point_count) add(digest, path->points, path->point_count * sizeof *path->points);
}

static void add_glyphs(Digest *digest, const GlyphRun *run)
{
    add(digest, &run->face, sizeof run->face);
    add(digest, &run->size, sizeof run->size);
    add(digest, &run->is_dots, sizeof run->is_dots);
    add(digest, &run->stretch, sizeof run->stretch);
    add(digest, &run->rotate, sizeof run->rotate);
    add_color(digest, run->color);
    add_color(digest, run->stroke_color);
    if (run->stroke_color) add(digest, &run->stroke_width, sizeof run->stroke_width);
    if (run->stroke_color) add(digest, &run->stroke_join, sizeof run->stroke_join);
    add_count(digest, run->glyph_count);
    if (run->glyph_count) add(digest, run->glyphs, run->glyph_count * sizeof *run->glyphs);
    if (!digest->is_whole) return;
    const uint8_t flags[] = {run->is_backward, run->is_vertical};
    add(digest, flags, sizeof flags);
    add_words(digest, run->text);
    add_count(digest, run->cluster_count);
    if (run->cluster_count) add(digest, run->clusters, run->cluster_count * sizeof *run->clusters);
}

static void add_image(Digest *digest, const Image *image, Rect area)
{
    add(digest, image->sha256, sizeof image->sha256);
    add(digest, &image->kind, sizeof image->kind);
    add(digest, &area, sizeof area);
}

static void add_modules(Digest *digest, const Modules *modules)
{
    int sides[] = {modules->columns, modules->rows};
    add(digest, sides, sizeof sides);
    add(digest, modules->dark, (size_t)modules->columns * (size_t)modules->rows);
    add(digest, &modules->area, sizeof modules->area);
    add_color(digest, modules->color);
    add_words(digest, modules->data);
}

static void add_op(Digest *digest, const SceneOp *op)
{
    add(digest, &op->kind, sizeof op->kind);
    add_words(digest, op->role);
    switch (op->kind) {
    case SCENE_FILL:
        add_path(digest, op->u.fill.path);
        add_color(digest, op->u.fill.color);
        break;
    case SCENE_STROKE:
        add_path(digest, op->u.stroke.path);
        add_color(digest, op->u.stroke.color);
        add(digest, &op->u.stroke.width, sizeof op->u.stroke.width);
        add(digest, &op->u.stroke.nib, sizeof op->u.stroke.nib);
        add_count(digest, op->u.stroke.dash_count);
        if (op->u.stroke.dash_count) add(digest, op->u.stroke.dashes, op->u.stroke.dash_count * sizeof *op->u.stroke.dashes);
        break;
    case SCENE_GLYPHS: add_glyphs(digest, op->u.glyphs); break;
    case SCENE_IMAGE: add_image(digest, op->u.image.image, op->u.image.area); break;
    case SCENE_MODULES: add_modules(digest, op->u.modules); break;
    case SCENE_FORM:
        add(digest, &op->u.form.x, sizeof op->u.form.x);
        add(digest, &op->u.form.y, sizeof op->u.form.y);
        add_count(digest, op->u.form.scene->op_count);
        for (size_t i = 0; i < op->u.form.scene->op_count; i++) add_op(digest, &op->u.form.scene->ops[i]);
        break;
    case SCENE_LINK:
        add_words(digest, op->u.link.uri);
        if (digest->is_whole) add(digest, &op->u.link.area, sizeof op->u.link.area);
        break;
    case SCENE_BEGIN:
        add_count(digest, op->u.begin.matrix != NULL);
        if (op->u.begin.matrix) add(digest, op->u.begin.matrix, sizeof *op->u.begin.matrix);
        add_path(digest, op->u.begin.clip);
        add(digest, &op->u.begin.opacity, sizeof op->u.begin.opacity);
        break;
    case SCENE_END: break;
    }
}

void scene_unit_digest(const Scene *scene, size_t at, uint8_t digest[SCENE_DIGEST])
{
    Digest unit = {.is_whole = false};
    hash_begin(&unit.hash);
    for (size_t end = scene_unit_end(scene, at); at < end; at++) add_op(&unit, &scene->ops[at]);
    sha256_digest(&unit.hash, SCENE_DIGEST, digest);
}

void scene_digest_all(const Scene *scene, uint8_t digest[SCENE_SHARED_DIGEST])
{
    Digest whole = {.is_whole = true};
    hash_begin(&whole.hash);
    const Length sides[] = {scene->width, scene->height, scene->bleed};
    add(&whole, sides, sizeof sides);
    for (size_t at = 0; at < scene->op_count; at++) add_op(&whole, &scene->ops[at]);
    sha256_digest(&whole.hash, SCENE_SHARED_DIGEST, digest);
}

/* ---- extents: doubles, in Lengths; left > right: nothing ---- */

typedef struct Extent { double left, top, right, bottom; } Extent;

static const Extent nothing = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static Extent joined(Extent a, Extent b)
{
    return (Extent){fmin(a.left, b.left), fmin(a.top, b.top), fmax(a.right, b.right), fmax(a.bottom, b.bottom)};
}

static Extent common(Extent a, Extent b)
{
    return (Extent){fmax(a.left, b.left), fmax(a.top, b.top), fmin(a.right, b.right), fmin(a.bottom, b.bottom)};
}

static Extent extent_of(Rect rect, double margin)
{
    return (Extent){rect.x - margin, rect.y - margin, (double)rect.x + rect.width + margin, (double)rect.y + rect.height + margin};
}

/* Joins are cut off where the point of a mitre would be ten times as far out as the line is wide (Cairo's and PDF's rule). */
#define MITRE 10

static Extent stroke_extent(const SceneOp *op)
{
    double half = op->u.stroke.width / 2.0;
    return extent_of(path_bounds(op->u.stroke.path), op->u.stroke.path->is_rect ? half * 2 : half * MITRE);
}

/* Of dots, and of what has no outline to ask: they lie in a cell of about an em. */
#define CELL_EMS 2.0

static Extent glyph_extent(const GlyphRun *run, const Glyph *glyph, bool has_outlines)
{
    double margin = run->stroke_color ? (double)run->stroke_width * (run->stroke_join == STROKE_MITER ? STROKE_MITER_LIMIT : 1) : 0, em = run->size;
    hb_glyph_extents_t box;
    if (!has_outlines || !font_glyph_box(run->face, glyph->id, &box)) {
        double far = CELL_EMS * em + margin;
        return (Extent){glyph->x - far, glyph->y - far, glyph->x + far, glyph->y + far};
    }
    if (!box.width || !box.height) return nothing;
    double scale = em / run->face->units_per_em;
    double across = scale * (run->stretch != 0 ? run->stretch : 1);
    Extent out = {box.x_bearing * across, -box.y_bearing * scale, (box.x_bearing + box.width) * across, -(box.y_bearing + box.height) * scale};
    out = (Extent){fmin(out.left, out.right), fmin(out.top, out.bottom), fmax(out.left, out.right), fmax(out.top, out.bottom)};
    if (run->rotate != 0) {
        double far = hypot(fmax(fabs(out.left), fabs(out.right)), fmax(fabs(out.top), fabs(out.bottom)));
        out = (Extent){-far, -far, far, far};
    }
    return (Extent){glyph->x + out.left - margin, glyph->y + out.top - margin, glyph->x + out.right + margin, glyph->y + out.bottom + margin};
}

static Extent glyphs_extent(const GlyphRun *run)
{
    bool has_outlines = !run->is_dots && !run->face->strikes_only && run->face->units_per_em > 0;
    Extent out = nothing;
    for (size_t i = 0; i < run->glyph_count; i++) out = joined(out, glyph_extent(run, &run->glyphs[i], has_outlines));
    return out;
}

static Extent mapped(Extent extent, const Matrix *m)
{
    Extent out = nothing;
    if (extent.left > extent.right || extent.top > extent.bottom) return out;
    for (int corner = 0; corner < 4; corner++) {
        double x = corner & 1 ? extent.right : extent.left, y = corner & 2 ? extent.bottom : extent.top;
        double to_x = m->xx * x + m->xy * y + m->x0, to_y = m->yx * x + m->yy * y + m->y0;
        out = joined(out, (Extent){to_x, to_y, to_x, to_y});
    }
    return out;
}

static Extent range_extent(const Scene *scene, size_t from, size_t to);

static Extent unit_extent(const Scene *scene, size_t at, size_t end)
{
    const SceneOp *op = &scene->ops[at];
    switch (op->kind) {
    case SCENE_FILL: return extent_of(path_bounds(op->u.fill.path), 0);
    case SCENE_STROKE: return stroke_extent(op);
    case SCENE_GLYPHS: return glyphs_extent(op->u.glyphs);
    case SCENE_IMAGE: return extent_of(op->u.image.area, 0);
    case SCENE_MODULES: return extent_of(op->u.modules->area, 0);
    case SCENE_FORM: {
        Matrix moved = {1, 0, 0, 1, op->u.form.x, op->u.form.y};
        return mapped(range_extent(op->u.form.scene, 0, op->u.form.scene->op_count), &moved);
    }
    case SCENE_BEGIN: {
        Extent inside = range_extent(scene, at + 1, end);
        if (op->u.begin.clip) inside = common(inside, extent_of(path_bounds(op->u.begin.clip), 0));
        return op->u.begin.matrix ? mapped(inside, op->u.begin.matrix) : inside;
    }
    case SCENE_LINK:
    case SCENE_END: break;
    }
    return nothing;
}

static Extent range_extent(const Scene *scene, size_t from, size_t to)
{
    Extent out = nothing;
    while (from < to) {
        size_t end = scene_unit_end(scene, from);
        out = joined(out, unit_extent(scene, from, end));
        from = end;
    }
    return out;
}

static Rect rect_of(Extent out)
{
    if (!(out.left <= out.right) || !(out.top <= out.bottom)) return (Rect){0};
    double limit = LENGTH_MAX / 2;
    double left = fmax(floor(out.left), -limit), top = fmax(floor(out.top), -limit);
    double right = fmin(ceil(out.right), limit), bottom = fmin(ceil(out.bottom), limit);
    if (right < left || bottom < top) return (Rect){0};
    return (Rect){(Length)left, (Length)top, (Length)(right - left), (Length)(bottom - top)};
}

Rect scene_unit_extent(const Scene *scene, size_t at) { return rect_of(unit_extent(scene, at, scene_unit_end(scene, at))); }

Rect scene_extent(const Scene *scene) { return rect_of(range_extent(scene, 0, scene->op_count)); }
