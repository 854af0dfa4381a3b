/* checks.c -- what a print shop would send back: said before anything is written. */
#include <string.h>

#include "base/num.h"
#include "press/private.h"

#define SLACK length_from_mm(0.1)                              /* an edge within it counts as met */
#define THINNEST 0.25                                          /* pt: the least that shops accept */
#define SEEN 64

typedef struct Check {
    const PressSetup *setup;
    const Scene *page;
    Span where;
    DiagList *diags;
    const Color *seen[SEEN];                                   /* colours already looked at */
    size_t seen_count;
    unsigned edges_said;                                       /* bits: one message for each edge */
    bool ok;
} Check;

static const char *mm(Check *check, Length length)
{
    char room[NUM_ROOM];
    return arena_copy_string(check->diags->arena, num_format(room, length_to_mm(length), 1));
}

static void check_color(Check *check, const Color *color);

/* Each of its colours; and a plate that is no ink cannot run into one that is. */
static void check_gradient(Check *check, const Color *color)
{
    const Gradient *gradient = color->gradient;
    const Color *step = ink_step_color(color);
    if (shading_plate_count(gradient) > SHADING_PLATES_MAX) {
        check->ok = false;
        diag_error(check->diags, check->where, "bad-gradient", "make two gradients of it, one beside the other", "the gradient \"%s\" runs through %zu plates of their own, %d is the most", color->name,
                   shading_plate_count(gradient), SHADING_PLATES_MAX);
        return;
    }
    for (size_t i = 0; i < gradient->stop_count; i++) {
        const Color *stop = gradient->stops[i].color;
        Ink ink = ink_of(check->setup, stop);
        check_color(check, stop);
        bool is_blank = !ink.plate && ink_total(&ink) == 0;
        if (!step || is_blank || (stop->spot && strcmp(stop->spot, step->spot) == 0)) continue;
        check->ok = false;
        diag_error(check->diags, check->where, "bad-gradient", "let it run between tints of the plate, or between colours", "the gradient \"%s\" runs from the plate \"%s\" into \"%s\"", color->name,
                   step->spot, stop->name);
        return;
    }
}

static void check_color(Check *check, const Color *color)
{
    for (size_t i = 0; i < check->seen_count; i++)
        if (check->seen[i] == color) return;
    if (check->seen_count < SEEN) check->seen[check->seen_count++] = color;
    if (color->gradient) {
        check_gradient(check, color);
        return;
    }
    Ink ink = ink_of(check->setup, color);
    if (ink.is_converted && !ink.plate)
        diag_warning(check->diags, check->where, "no-cmyk", "declare it: {rgb: .., cmyk: [c, m, y, k]}",
                     "the colour \"%s\" has no cmyk: it is converted from rgb through the profile", color->name);
    double most = 300;
    if (!ink.plate && ink_total(&ink) > most + 0.05) {
        char room[NUM_ROOM];
        diag_warning(check->diags, check->where, "too-much-ink", "take less of the colours and more black", "the colour \"%s\" has %s %% of ink, more than 300 %% does not dry",
                     color->name, num_format(room, ink_total(&ink), 0));
    }
}

/* ---- bleed ---- */

static Rect intersect(Rect a, Rect b)
{
    Length left = a.x > b.x ? a.x : b.x, top = a.y > b.y ? a.y : b.y;
    Length right = a.x + a.width < b.x + b.width ? a.x + a.width : b.x + b.width;
    Length foot = a.y + a.height < b.y + b.height ? a.y + a.height : b.y + b.height;
    return (Rect){left, top, right > left ? right - left : 0, foot > top ? foot - top : 0};
}

/* Does art end between the trim and the bleed at some edge? The knife is never so exact. */
static void check_bleed(Check *check, const char *what, Rect area)
{
    static const char *const edges[] = {"left", "top", "right", "bottom"};
    const Scene *page = check->page;
    Length bleed = page->bleed;
    if (bleed <= SLACK || area.width <= 0 || area.height <= 0) return;
    Length beyond[4] = {-area.x, -area.y, area.x + area.width - page->width, area.y + area.height - page->height};
    for (unsigned i = 0; i < 4; i++) {
        if (beyond[i] < -SLACK || beyond[i] >= bleed - SLACK || check->edges_said & 1u << i) continue;
        Length along = i % 2 ? area.width : area.height, missing = bleed - (beyond[i] > 0 ? beyond[i] : 0);
        /* Art beside the page, or in its corner only, shows nothing when cut. */
        Length from = i % 2 ? area.x : area.y, most = i % 2 ? page->width : page->height;
        if (from >= most || from + along <= 0) continue;
        check->edges_said |= 1u << i;
        check->ok = false;
        diag_error(check->diags, check->where, "no-bleed", "let it reach over the edge: cover: bleed, or larger by the bleed; or let it end before the edge",
                   "%s reaches the %s edge of the page and not the bleed: a strip of %s x %s mm, %s mm from the %s, would stay white", what, edges[i],
                   mm(check, missing), mm(check, along), mm(check, from), i % 2 ? "left" : "top");
    }
}

static const char *color_name(Check *check, const Color *color) { return arena_printf(check->diags->arena, "\"%s\"", color->name); }

static void check_op(Check *check, const SceneOp *op, Rect clip, bool is_upright)
{
    switch (op->kind) {
    case SCENE_FILL: {
        check_color(check, op->u.fill.color);
        bool is_ink = !ink_step_color(op->u.fill.color) && ink_most(check->setup, op->u.fill.color) > 0;
        if (is_upright && is_ink) check_bleed(check, color_name(check, op->u.fill.color), intersect(path_bounds(op->u.fill.path), clip));
        return;
    }
    case SCENE_STROKE:
        check_color(check, op->u.stroke.color);
        if (length_to_pt(op->u.stroke.width) < THINNEST - 0.001) {
            char room[NUM_ROOM];
            diag_warning(check->diags, check->where, "thin-line", "0.25pt or more", "a line in \"%s\" is %s pt thin: it may not print", op->u.stroke.color->name,
                         num_format(room, length_to_pt(op->u.stroke.width), 3));
        }
        return;
    case SCENE_GLYPHS:
        if (op->u.glyphs->color) check_color(check, op->u.glyphs->color);
        if (op->u.glyphs->stroke_color) check_color(check, op->u.glyphs->stroke_color);
        return;
    case SCENE_MODULES: check_color(check, op->u.modules->color); return;
    case SCENE_IMAGE:
        if (op->u.image.image->kind == IMAGE_SVG) {
            check->ok = false;
            diag_error(check->diags, check->where, "no-svg-press", "save it as a PNG of 300 dpi or more, or draw it as a shape: path",
                       "the SVG file \"%s\" cannot go into a press file yet", op->u.image.image->path ? op->u.image.image->path : "");
        }
        if (is_upright) check_bleed(check, "a picture", intersect(op->u.image.area, clip));
        return;
    default: return;
    }
}

/* Ops from `at` to the END of this level; the index after it. */
static size_t check_ops(Check *check, const Scene *scene, size_t at, Rect clip, bool is_upright)
{
    while (at < scene->op_count) {
        const SceneOp *op = &scene->ops[at];
        if (op->kind == SCENE_END) return at + 1;
        if (op->kind == SCENE_BEGIN) {
            const Path *path = op->u.begin.clip;
            const PressOptions *options = &check->setup->options;
            if (op->u.begin.opacity < 1 && options->standard == PRESS_X1A) {
                check->ok = false;
                diag_error(check->diags, options->where, "no-transparency", "take opacity away, or ask for PDF/X-4",
                           "PDF/X-1a has no transparency, and a box is drawn with opacity");
            }
            bool stays = is_upright && !op->u.begin.matrix;
            at = check_ops(check, scene, at + 1, path && stays ? intersect(clip, path_bounds(path)) : clip, stays);
            continue;
        }
        check_op(check, op, clip, is_upright);
        at++;
    }
    return at;
}

bool press_check_page(const PressSetup *setup, const Scene *scene, Span where, DiagList *diags)
{
    Check check = {.setup = setup, .page = scene, .where = where, .diags = diags, .ok = true};
    const Rect all = {-LENGTH_MAX / 2, -LENGTH_MAX / 2, LENGTH_MAX, LENGTH_MAX};
    for (size_t at = 0; at < scene->op_count;) at = check_ops(&check, scene, at, all, true);
    return check.ok;
}

/* ---- declared colours ---- */

bool press_check_colors(const Color *colors, size_t count, Span where, DiagList *diags)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        const Color *color = &colors[i];
        if (color->step && !color->spot)
            ok = diag_error(diags, where, "unknown-step", "give it a spot: its name, such as CutContour", "the colour \"%s\" has a step and no plate of its own", color->name);
        else if (color->step && !ink_step(color))
            ok = diag_error(diags, where, "unknown-step", "Cutting, PartialCutting, Creasing, Folding, Perforating, Drilling, Gluing, Punching, FoilStamping, Embossing, Debossing, White, Varnish or Primer",
                            "the step \"%s\" of the colour \"%s\" is unknown", color->step, color->name);
        for (size_t j = 0; color->spot && j < i; j++) {
            if (!colors[j].spot || strcmp(colors[j].spot, color->spot) != 0) continue;
            if (colors[j].has_cmyk == color->has_cmyk && memcmp(colors[j].cmyk, color->cmyk, sizeof color->cmyk) == 0) continue;
            ok = diag_error(diags, where, "two-recipes", "give both the same cmyk, or one another name", "the plate \"%s\" has two recipes, in \"%s\" and in \"%s\"", color->spot,
                            colors[j].name, color->name);
        }
    }
    return ok;
}
