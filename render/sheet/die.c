/* die.c -- the line a piece is cut along: a rectangle, an ellipse or a path in its trim box, at a distance from it. */
#include <string.h>

#include "base/num.h"
#include "sheet/marks.h"
#include "sheet/plan.h"

#define APART length_from_mm(2)   /* between outlines: plotters and dies tear narrower bridges */
#define SLACK 32                  /* 0.01 mm */

static const char *mm(Arena *arena, int64_t length)
{
    char number[NUM_ROOM];
    Length most = length > LENGTH_MAX ? LENGTH_MAX : length < -LENGTH_MAX ? -LENGTH_MAX : (Length)length;
    return arena_copy_string(arena, num_format(number, length_to_mm(most), 2));
}

static bool is_closed(const Path *path)
{
    bool open = false;
    for (size_t i = 0; i < path->verb_count; i++) {
        if (path->verbs[i] == PATH_MOVE && open) return false;
        if (path->verbs[i] == PATH_CLOSE) open = false;
        else if (path->verbs[i] != PATH_MOVE) open = true;
    }
    return !open;
}

/* As large as the trim box allows without distortion, in its middle. */
static const Path *fitted(Arena *arena, const Sheet *sheet, Size piece, DiagList *diags)
{
    const Path *path = path_from_svg(arena, sheet->cut_d, LENGTH_ONE, (Point){0, 0}, sheet->cut_d_span, diags);
    if (!path) return NULL;
    Rect own = path_bounds(path);
    if (own.width <= 0 || own.height <= 0 || !is_closed(path)) {
        diag_error(diags, sheet->cut_d_span, "cut-open", "end every part of it with Z", "the cutting line is not closed: the piece would hang on where it is open");
        return NULL;
    }
    double across = (double)piece.width / own.width, down = (double)piece.height / own.height, scale = across < down ? across : down;
    Matrix matrix = {scale, 0, 0, scale, piece.width / 2.0 - scale * (own.x + own.width / 2.0), piece.height / 2.0 - scale * (own.y + own.height / 2.0)};
    return path_transform(arena, path, &matrix);
}

static const Path *die_path(Arena *arena, const Sheet *sheet, Size piece, DiagList *diags)
{
    Length offset = sheet->cut_offset;
    Rect line = {-offset, -offset, piece.width + 2 * offset, piece.height + 2 * offset};
    if (line.width <= 0 || line.height <= 0) {
        diag_error(diags, sheet->cut_span, "cut-offset", "a smaller offset", "an offset of %s mm leaves nothing of a piece of %s x %s mm", mm(diags->arena, offset),
                   mm(diags->arena, piece.width), mm(diags->arena, piece.height));
        return NULL;
    }
    if (sheet->cut_shape == CUT_RECT) return sheet->cut_radius > 0 ? path_rounded_rect(arena, line, sheet->cut_radius) : path_rect(arena, line);
    const Path *path = sheet->cut_shape == CUT_ELLIPSE ? path_ellipse(arena, (Rect){0, 0, piece.width, piece.height}) : fitted(arena, sheet, piece, diags);
    const Path *beside = path ? path_offset(arena, path, offset) : NULL;
    if (path && !beside)
        diag_error(diags, sheet->cut_span, "cut-offset", "a smaller offset, or draw the line where it is to be", "a line %s mm from the form runs into itself", mm(diags->arena, offset));
    return beside;
}

const Scene *sheet_add_die(Arena *arena, const Document *document, const Scene *page, DiagList *diags)
{
    const Path *path = die_path(arena, &document->sheet, document->page.size, diags);
    if (!path) return NULL;
    SceneBuilder *scene = scene_new(arena, page->width, page->height, page->bleed, page->is_screen);
    scene_add_form(scene, page, 0, 0);
    scene_set_role(scene, "cut");
    scene_add_stroke(scene, path, document->sheet.cut_color, MARK_WIDTH, NULL, 0);
    return scene_finish(scene, page->title);
}

static void warn_apart(const Imposition *plan, DiagList *diags)
{
    const Sheet *sheet = plan->sheet;
    Rect line = path_bounds(plan->die);
    Size own = plan->is_rotated ? (Size){line.height, line.width} : (Size){line.width, line.height};
    Length x = plan->step_x - own.width, y = plan->step_y - own.height, least = LENGTH_MAX;
    if (plan->columns > 1 && x < least) least = x;
    if (plan->rows > 1 && y < least) least = y;
    if (least >= APART - SLACK) return;
    int64_t gap = (int64_t)(sheet->gap_x > sheet->gap_y ? sheet->gap_y : sheet->gap_x) + APART - least;
    if (gap < 2 * (int64_t)plan->bleed) gap = 2 * (int64_t)plan->bleed;
    const char *hint = arena_printf(diags->arena, "gap: %smm, or a smaller offset", mm(diags->arena, gap));
    if (least <= SLACK && least >= -SLACK)
        diag_warning(diags, sheet->cut_span, "cut-apart", hint, "the cutting lines of neighbours lie on each other: the knife cuts there twice");
    else if (least < 0)
        diag_warning(diags, sheet->cut_span, "cut-apart", hint, "the cutting lines of neighbours cross each other by %s mm", mm(diags->arena, -(int64_t)least));
    else
        diag_warning(diags, sheet->cut_span, "cut-apart", hint, "the cutting lines of neighbours are %s mm apart, plotters and dies want 2 mm", mm(diags->arena, least));
}

/* Colour must go on past the knife. Without any bleed the white border is meant. */
static void warn_bleed(const Imposition *plan, DiagList *diags)
{
    Rect line = path_bounds(plan->die);
    Length out = -line.x, more[] = {-line.y, line.x + line.width - plan->upright.width, line.y + line.height - plan->upright.height};
    for (int i = 0; i < 3; i++)
        if (more[i] > out) out = more[i];
    if (!plan->bleed || out < plan->bleed) return;
    diag_warning(diags, plan->sheet->cut_span, "cut-bleed", arena_printf(diags->arena, "bleed: %smm, or a smaller offset", mm(diags->arena, (int64_t)out + APART)),
                 "the cutting line lies %s mm outside the trim edge and the bleed ends at %s mm: an edge would stay white", mm(diags->arena, out), mm(diags->arena, plan->bleed));
}

bool plan_die(Arena *arena, Imposition *plan, DiagList *diags)
{
    const Sheet *sheet = plan->sheet;
    if (!sheet->cut_color) return true;
    plan->die = die_path(arena, sheet, plan->upright, diags);
    if (!plan->die) return false;
    warn_apart(plan, diags);
    warn_bleed(plan, diags);
    return true;
}
