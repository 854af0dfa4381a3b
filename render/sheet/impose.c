/* impose.c -- one side of a press sheet: pieces at their cells, die lines, marks, the label. */
#include "sheet/marks.h"
#include "sheet/plan.h"

/* ---- pieces ---- */

/* An upright piece into the trim box it lies in, turned: x' = cos x - sin y, y' = sin x + cos y, in whole quarters. */
static Matrix placed(const SheetCell *cell)
{
    Rect trim = cell->trim;
    unsigned quarters = cell->quarters;
    static const int cosine[] = {1, 0, -1, 0}, sine[] = {0, 1, 0, -1};
    Matrix m = {cosine[quarters], sine[quarters], -sine[quarters], cosine[quarters], trim.x, trim.y};
    if (quarters == 1 || quarters == 2) m.x0 += trim.width;
    if (quarters == 2 || quarters == 3) m.y0 += trim.height;
    return m;
}

/* What belongs to the front of a piece whose back lies there: seen through the paper. */
static Matrix placed_from_behind(const SheetCell *cell, Length width)
{
    Matrix m = placed(cell);
    return (Matrix){-m.xx, -m.yx, m.xy, m.yy, m.x0 + m.xx * width, m.y0 + m.yx * width};
}

static void add_piece(Arena *arena, SceneBuilder *scene, const SheetCell *cell, const Scene *face)
{
    scene_begin(scene, NULL, path_rect(arena, cell->clip), 1);
    if (cell->quarters) {
        Matrix matrix = placed(cell);
        scene_begin(scene, &matrix, NULL, 1);
        scene_add_form(scene, face, 0, 0);
        scene_end(scene);
    } else {
        scene_add_form(scene, face, cell->trim.x, cell->trim.y);
    }
    scene_end(scene);
}

/* ---- marks ---- */

/* Clear of the bleed and of the die line. */
static Length crop_offset(const Imposition *plan)
{
    const Sheet *sheet = plan->sheet;
    return mark_offset_of(sheet->mark_offset, sheet->cut_color && sheet->cut_offset > plan->bleed ? sheet->cut_offset : plan->bleed);
}

/* The edges of `count` pieces side by side. With no gap a cut is shared: the left edge of the next is the right edge of this. */
static size_t edges_of(Length *out, Length first, unsigned count, Length piece, Length gap)
{
    size_t n = 0;
    for (unsigned i = 0; i < count; i++) {
        Length at = first + (Length)i * (piece + gap);
        if (!i || gap) out[n++] = at;
        out[n++] = at + piece;
    }
    return n;
}

static void add_once(Length *list, size_t *count, Length at)
{
    for (size_t i = 0; i < *count; i++)
        if (list[i] == at) return;
    list[(*count)++] = at;
}

/* Where the folds of all pieces meet the edges of the grid; on a back they are seen from behind. */
static void find_folds(Arena *arena, const Imposition *plan, unsigned side, MarkFrame *frame, const SheetFolds *folds)
{
    size_t lines = folds->x_count + folds->y_count, room = lines * ((size_t)plan->columns + plan->rows) + 1, x_count = 0, y_count = 0;
    Length *x = ARENA_ARRAY(arena, Length, room), *y = ARENA_ARRAY(arena, Length, room);
    for (unsigned i = 0; i < plan->cells; i++) {
        if (i >= plan->columns && i % plan->columns) continue;        /* the first row and the first column say it all */
        SheetCell cell = plan_cell(plan, side, i);
        Matrix m = placed(&cell);
        for (size_t f = 0; f < lines; f++) {
            bool is_x = f < folds->x_count;
            Length at = is_x ? folds->x[f] : folds->y[f - folds->x_count];
            if (is_x && cell.face) at = plan->upright.width - at;
            Length u = length_from_double((is_x ? m.xx * at : m.xy * at) + m.x0), v = length_from_double((is_x ? m.yx * at : m.yy * at) + m.y0);
            if (is_x == (cell.quarters % 2 == 0)) add_once(x, &x_count, u);
            else add_once(y, &y_count, v);
        }
    }
    frame->fold_x = x, frame->fold_x_count = x_count;
    frame->fold_y = y, frame->fold_y_count = y_count;
}

/* The middle of the middle piece of the front: in a gap the target would stand on crop marks. */
static Point target_at(const Imposition *plan, unsigned side)
{
    SheetCell cell = plan_cell(plan, side, plan->rows / 2 * plan->columns + plan->columns / 2);
    return (Point){cell.trim.x + cell.trim.width / 2, cell.trim.y + cell.trim.height / 2};
}

static void add_marks(Arena *arena, const Imposition *plan, SceneBuilder *scene, unsigned side, bool has_label, const SheetFolds *folds)
{
    const Sheet *sheet = plan->sheet;
    Rect grid = plan_grid(plan, side);
    Length *x = ARENA_ARRAY(arena, Length, 2 * (size_t)plan->columns), *y = ARENA_ARRAY(arena, Length, 2 * (size_t)plan->rows);
    MarkFrame frame = {.trim = grid, .medium = marks_medium(plan), .bleed = plan->bleed, .offset = crop_offset(plan), .length = sheet->mark_length,
                       .marks = side ? sheet->marks & ~(unsigned)MARK_DIE : sheet->marks, .crop_x = x, .crop_y = y, .target = target_at(plan, side)};
    frame.crop_x_count = edges_of(x, grid.x, plan->columns, plan->piece.width, sheet->gap_x);
    frame.crop_y_count = edges_of(y, grid.y, plan->rows, plan->piece.height, sheet->gap_y);
    if (sheet->marks & MARK_FOLD) find_folds(arena, plan, side, &frame, folds);
    if (has_label) frame.medium.height = sheet_label_area(plan, side).y - LABEL_GAP - frame.medium.y;
    marks_draw(arena, scene, &frame);
}

/* ---- the label ---- */

/* Under the bleed and the marks; where the foot is narrow the crop marks are cut short (add_marks) for a label of LABEL_LEAST,
 * and where it is narrower still the label has what is left. */
Rect sheet_label_area(const Imposition *plan, unsigned side)
{
    const Sheet *sheet = plan->sheet;
    Rect grid = plan_grid(plan, side), medium = marks_medium(plan);
    Length foot = medium.y + medium.height - LABEL_GAP, edge = grid.y + grid.height;
    Length free_top = edge + crop_offset(plan), top = free_top;
    Length below_crop = free_top + (sheet->mark_length ? sheet->mark_length : MARK_LENGTH), below_bar = edge + plan->bleed + MARK_BAR_GAP + MARK_BAR;
    if (sheet->marks & MARK_CROP) top = below_crop;
    if (sheet->marks & MARK_COLOR_BAR && below_bar > top) top = below_bar;
    if (top > foot - LABEL_LEAST - LABEL_GAP) top = foot - LABEL_LEAST - LABEL_GAP;
    if (top < free_top) top = free_top;
    top += LABEL_GAP;
    if (top > foot) top = foot;
    Length height = foot - top < LABEL_MOST ? foot - top : LABEL_MOST;
    return (Rect){grid.x, top, grid.width, height};
}

/* ---- a side ---- */

const Scene *sheet_build(Arena *arena, const Imposition *plan, unsigned side, const SheetPiece *pieces, const Scene *label, const SheetFolds *folds)
{
    const Sheet *sheet = plan->sheet;
    SceneBuilder *scene = scene_new(arena, sheet->size.width, sheet->size.height, 0, false);
    for (unsigned i = 0; i < plan->cells; i++) {
        SheetCell cell = plan_cell(plan, side, i);
        const Scene *face = pieces[cell.place].faces[cell.face];
        if (face) add_piece(arena, scene, &cell, face);
    }
    /* A plate that is no ink comes after all art: what is drawn later would knock it out. It is cut once, from the front. */
    scene_set_role(scene, "cut");
    for (unsigned i = 0; i < plan->cells && plan->die && !side; i++) {
        SheetCell cell = plan_cell(plan, side, i);
        if (!pieces[cell.place].faces[0]) continue;
        Matrix matrix = cell.face ? placed_from_behind(&cell, plan->upright.width) : placed(&cell);
        scene_add_stroke(scene, path_transform(arena, plan->die, &matrix), sheet->cut_color, MARK_WIDTH, NULL, 0);
    }
    Rect area = sheet_label_area(plan, side);
    bool has_label = label && area.width > 0 && area.height > 0;
    add_marks(arena, plan, scene, side, has_label, folds);
    if (has_label) {
        scene_set_role(scene, "label");
        scene_begin(scene, NULL, path_rect(arena, area), 1);
        scene_add_form(scene, label, area.x, area.y);
        scene_end(scene);
    }
    return scene_finish(scene, NULL);
}
