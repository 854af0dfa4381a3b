/* impose.c -- pieces on press sheets: the grid, the order of the pieces, their bleed, cut lines and crop marks. */
#include <string.h>

#include "base/num.h"
#include "sheet/marks.h"

/* A sheet with more cells than this is a mistake of units. */
#define CELLS_MAX 100000
/* 0.01 mm: three pieces of 64.5 mm, each rounded to a Length, may be a hair wider than the sheet that is made for them. */
#define SLACK 32
#define LABEL_GAP length_from_mm(1)
#define LABEL_LEAST length_from_mm(4)
#define LABEL_MOST length_from_mm(8)

/* ---- the plan ---- */

static const char *mm(Arena *arena, Length length)
{
    char number[NUM_ROOM];
    return arena_copy_string(arena, num_format(number, length_to_mm(length), 2));
}

static Sides free_margin(const Sheet *sheet)
{
    return sheet->is_centered ? (Sides){0} : sheet->margin;
}

/* How many pieces fit in `room`. */
static unsigned fitting(int64_t room, Length piece, Length gap)
{
    room += SLACK;
    if (piece <= 0 || gap < 0 || room < piece) return 0;
    int64_t count = (room + gap) / ((int64_t)piece + gap);
    return count > CELLS_MAX ? CELLS_MAX : (unsigned)count;
}

static int64_t extent(unsigned count, Length piece, Length gap)
{
    return count ? (int64_t)count * piece + ((int64_t)count - 1) * gap : 0;
}

static bool too_small(const Imposition *plan, unsigned fit_columns, unsigned fit_rows, Size room, DiagList *diags)
{
    Arena *arena = diags->arena;
    const Sheet *sheet = plan->sheet;
    unsigned columns = plan->columns ? plan->columns : 1, rows = plan->rows ? plan->rows : 1;
    int64_t width = extent(columns, plan->piece.width, sheet->gap_x), height = extent(rows, plan->piece.height, sheet->gap_y);
    const char *hint = fit_columns && fit_rows ? arena_printf(arena, "grid: [%u, %u] fits", fit_columns, fit_rows)
                                               : "not one piece fits: take a larger sheet or a smaller margin";
    return diag_error(diags, sheet->where, "sheet-too-small", hint, "%u x %u pieces need %s x %s mm, the sheet has %s x %s mm", columns, rows,
                      mm(arena, width > LENGTH_MAX ? LENGTH_MAX : (Length)width), mm(arena, height > LENGTH_MAX ? LENGTH_MAX : (Length)height),
                      mm(arena, room.width), mm(arena, room.height));
}

static void warn_gap(const Imposition *plan, Length bleed, DiagList *diags)
{
    const Sheet *sheet = plan->sheet;
    Length gap = 0;               /* the narrowest that is none of the two good ones; a grid of one column has no gap at all */
    if (plan->columns > 1 && sheet->gap_x > 0 && sheet->gap_x < 2 * bleed) gap = sheet->gap_x;
    if (plan->rows > 1 && sheet->gap_y > 0 && sheet->gap_y < 2 * bleed && (!gap || sheet->gap_y < gap)) gap = sheet->gap_y;
    if (!gap) return;
    Arena *arena = diags->arena;
    diag_warning(diags, sheet->gap_span.source ? sheet->gap_span : sheet->where, "sheet-gap",
                 arena_printf(arena, "0 for a single cut, or %smm", mm(arena, 2 * bleed)), "a gap of %s mm leaves no room for %s mm of bleed on both sides",
                 mm(arena, gap), mm(arena, bleed));
}

bool sheet_plan(const Document *document, Imposition *out, DiagList *diags)
{
    const Sheet *given = &document->sheet;
    Sides margin = free_margin(given);
    Size piece = document->page.size;
    int64_t width = (int64_t)given->size.width - margin.left - margin.right, height = (int64_t)given->size.height - margin.top - margin.bottom;
    Size room = {width > 0 ? (Length)width : 0, height > 0 ? (Length)height : 0};
    unsigned fit_columns = fitting(room.width, piece.width, given->gap_x), fit_rows = fitting(room.height, piece.height, given->gap_y);
    *out = (Imposition){.sheet = given, .piece = piece};
    out->columns = given->columns ? given->columns : fit_columns;
    out->rows = given->rows ? given->rows : fit_rows;
    if (!fit_columns || !fit_rows || out->columns > fit_columns || out->rows > fit_rows || (uint64_t)out->columns * out->rows > CELLS_MAX)
        return too_small(out, fit_columns, fit_rows, room, diags);
    out->per_sheet = out->columns * out->rows;
    if (given->first > out->per_sheet)
        return diag_error(diags, given->where, "bad-first", arena_printf(diags->arena, "1 to %u", out->per_sheet),
                          "first is %u, a sheet has %u pieces", given->first, out->per_sheet);
    out->step_x = piece.width + given->gap_x;
    out->step_y = piece.height + given->gap_y;
    out->left = margin.left;
    out->top = margin.top;
    if (given->is_centered) {
        out->left = (Length)((given->size.width - extent(out->columns, piece.width, given->gap_x)) / 2);
        out->top = (Length)((given->size.height - extent(out->rows, piece.height, given->gap_y)) / 2);
    }
    warn_gap(out, document->page.bleed, diags);
    /* Between neighbours impose_clip cuts it to half the gap; a gap of 0 leaves it at the grid's edge only. */
    out->bleed = document->page.bleed;
    return true;
}

/* ---- which piece where ---- */

static unsigned first_cell(const Imposition *plan) { return plan->sheet->first > 1 ? plan->sheet->first - 1 : 0; }
static size_t repeats(const Imposition *plan) { return plan->sheet->repeat > 1 ? plan->sheet->repeat : 1; }

/* Pieces with their repeats; SIZE_MAX / 2 is more than any table has. */
static size_t slots_of(const Imposition *plan, size_t piece_count)
{
    size_t repeat = repeats(plan);
    return piece_count > SIZE_MAX / 2 / repeat ? SIZE_MAX / 2 : piece_count * repeat;
}

/* With a used first sheet the first `first` - 1 cells (in the order of filling) are not there any more. */
size_t sheet_count(const Imposition *plan, size_t piece_count)
{
    size_t slots = slots_of(plan, piece_count);
    return slots ? (slots + first_cell(plan) + plan->per_sheet - 1) / plan->per_sheet : 0;
}

/* The cell's place in the order of filling. */
static size_t rank_of(const Imposition *plan, unsigned cell)
{
    const Sheet *sheet = plan->sheet;
    unsigned column = cell % plan->columns, row = cell / plan->columns;
    return sheet->order == ORDER_COLUMN ? column * plan->rows + row : cell;
}

size_t sheet_piece_at(const Imposition *plan, size_t piece_count, size_t index, unsigned cell)
{
    size_t sheets = sheet_count(plan, piece_count), skipped = first_cell(plan), slots = slots_of(plan, piece_count);
    if (index >= sheets || cell >= plan->per_sheet) return SIZE_MAX;
    size_t rank = rank_of(plan, cell), slot;
    if (plan->sheet->order == ORDER_STACK) {
        /* Cut and stack: a cell's pile runs through all sheets, then the next pile follows. Piles of used cells have no
         * first sheet, so they are one shorter. */
        size_t used_before = rank < skipped ? rank : skipped;
        if (rank < skipped && index == 0) return SIZE_MAX;
        slot = rank * sheets - used_before + index - (rank < skipped);
    } else {
        size_t place = index * plan->per_sheet + rank;
        if (place < skipped) return SIZE_MAX;
        slot = place - skipped;
    }
    return slot < slots ? slot / repeats(plan) : SIZE_MAX;
}

/* ---- drawing ---- */

static Length half_or_bleed(Length gap, Length bleed)
{
    return gap / 2 < bleed ? gap / 2 : bleed;
}

Rect impose_trim(const Imposition *plan, unsigned cell)
{
    unsigned column = cell % plan->columns, row = cell / plan->columns;
    return (Rect){plan->left + (Length)column * plan->step_x, plan->top + (Length)row * plan->step_y, plan->piece.width, plan->piece.height};
}

/* The trim box and the bleed it may have: half the gap towards a neighbour, all of it at the edge of the grid. */
Rect impose_clip(const Imposition *plan, unsigned cell)
{
    const Sheet *sheet = plan->sheet;
    unsigned column = cell % plan->columns, row = cell / plan->columns;
    Length inner_x = half_or_bleed(sheet->gap_x, plan->bleed), inner_y = half_or_bleed(sheet->gap_y, plan->bleed);
    Length left = column ? inner_x : plan->bleed, right = column + 1 < plan->columns ? inner_x : plan->bleed;
    Length top = row ? inner_y : plan->bleed, bottom = row + 1 < plan->rows ? inner_y : plan->bleed;
    Rect trim = impose_trim(plan, cell);
    return (Rect){trim.x - left, trim.y - top, trim.width + left + right, trim.height + top + bottom};
}

static void draw_cut(Arena *arena, const Imposition *plan, SceneBuilder *scene, unsigned cell)
{
    const Sheet *sheet = plan->sheet;
    Length offset = sheet->cut_offset;
    Rect trim = impose_trim(plan, cell);
    Rect line = {trim.x - offset, trim.y - offset, trim.width + 2 * offset, trim.height + 2 * offset};
    if (line.width <= 0 || line.height <= 0) return;
    const Path *path = sheet->cut_radius > 0 ? path_rounded_rect(arena, line, sheet->cut_radius) : path_rect(arena, line);
    scene_add_stroke(scene, path, sheet->cut_color, MARK_WIDTH, NULL, 0);
}

static Rect grid_of(const Imposition *plan)
{
    return (Rect){plan->left, plan->top, (Length)extent(plan->columns, plan->piece.width, plan->sheet->gap_x),
                  (Length)extent(plan->rows, plan->piece.height, plan->sheet->gap_y)};
}

/* Clear of the bleed and of the die line. */
static Length crop_offset(const Imposition *plan)
{
    const Sheet *sheet = plan->sheet;
    return mark_offset(sheet->cut_color && sheet->cut_offset > plan->bleed ? sheet->cut_offset : plan->bleed);
}

static void draw_crop_marks(const Imposition *plan, SceneBuilder *scene, bool has_label)
{
    const Sheet *sheet = plan->sheet;
    MarkFrame frame = {.trim = grid_of(plan), .medium = {0, 0, sheet->size.width, sheet->size.height}, .offset = crop_offset(plan)};
    if (has_label) frame.medium.height = sheet_label_area(plan).y - LABEL_GAP;
    for (unsigned column = 0; column < plan->columns; column++) {
        Length x = plan->left + (Length)column * plan->step_x;
        /* With no gap a cut is shared: the left edge of the next piece is the right edge of this one. */
        if (!column || sheet->gap_x) marks_add_vertical(scene, &frame, x);
        marks_add_vertical(scene, &frame, x + plan->piece.width);
    }
    for (unsigned row = 0; row < plan->rows; row++) {
        Length y = plan->top + (Length)row * plan->step_y;
        if (!row || sheet->gap_y) marks_add_horizontal(scene, &frame, y);
        marks_add_horizontal(scene, &frame, y + plan->piece.height);
    }
}

const Scene *sheet_build(Arena *arena, const Imposition *plan, const Scene *const *pieces, const Scene *label)
{
    const Sheet *sheet = plan->sheet;
    SceneBuilder *scene = scene_new(arena, sheet->size.width, sheet->size.height, 0, false);
    for (unsigned cell = 0; cell < plan->per_sheet; cell++) {
        if (!pieces[cell]) continue;
        Rect trim = impose_trim(plan, cell);
        scene_begin(scene, NULL, path_rect(arena, impose_clip(plan, cell)), 1);
        scene_add_form(scene, pieces[cell], trim.x, trim.y);
        scene_end(scene);
    }
    /* A plate that is no ink comes after all art: what is drawn later would knock it out. */
    scene_set_role(scene, "cut");
    for (unsigned cell = 0; cell < plan->per_sheet && sheet->cut_color; cell++)
        if (pieces[cell]) draw_cut(arena, plan, scene, cell);
    Rect area = sheet_label_area(plan);
    bool has_label = label && area.width > 0 && area.height > 0;
    scene_set_role(scene, "crop-mark");
    if (sheet->marks & MARK_CROP) draw_crop_marks(plan, scene, has_label);
    if (has_label) {
        scene_set_role(scene, "label");
        scene_begin(scene, NULL, path_rect(arena, area), 1);
        scene_add_form(scene, label, area.x, area.y);
        scene_end(scene);
    }
    return scene_finish(scene, NULL);
}

/* Under the bleed and the crop marks; where the foot is narrow the marks are cut short (draw_crop_marks) for a label of
 * LABEL_LEAST, and where it is narrower still the label has what is left. */
Rect sheet_label_area(const Imposition *plan)
{
    const Sheet *sheet = plan->sheet;
    Rect grid = grid_of(plan);
    Length foot = sheet->size.height - LABEL_GAP;
    Length free_top = grid.y + grid.height + crop_offset(plan), top = free_top;
    if (sheet->marks & MARK_CROP) {
        Length below_marks = free_top + MARK_LENGTH, for_least = foot - LABEL_LEAST - LABEL_GAP;
        if (for_least < below_marks) below_marks = for_least;
        if (below_marks > top) top = below_marks;
    }
    top += LABEL_GAP;
    if (top > foot) top = foot;
    Length height = foot - top < LABEL_MOST ? foot - top : LABEL_MOST;
    return (Rect){grid.x, top, grid.width, height};
}
