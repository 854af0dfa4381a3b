/* plan.c -- the grid of a press sheet: how many pieces fit and how they lie, their gaps, and where their backs must be to
 * register. */
#include "sheet/plan.h"

#include "base/num.h"
#include "sheet/marks.h"

/* A sheet with more cells than this is a mistake of units. */
#define CELLS_MAX 100000
/* 0.01 mm: three pieces of 64.5 mm, each rounded to a Length, may be a hair wider than the sheet that is made for them. */
#define SLACK 32

static const char *mm(Arena *arena, int64_t length)
{
    char number[NUM_ROOM];
    Length most = length > LENGTH_MAX ? LENGTH_MAX : length < -LENGTH_MAX ? -LENGTH_MAX : (Length)length;
    return arena_copy_string(arena, num_format(number, length_to_mm(most), 2));
}

/* ---- how many fit ---- */

static bool has_halves(const Sheet *sheet) { return sheet->duplex == DUPLEX_WORK_AND_TURN || sheet->duplex == DUPLEX_WORK_AND_TUMBLE; }

static SheetAxis axis_of(const Sheet *sheet)
{
    if (has_halves(sheet)) return sheet->duplex == DUPLEX_WORK_AND_TURN ? AXIS_VERTICAL : AXIS_HORIZONTAL;
    bool is_landscape = sheet->size.width > sheet->size.height;
    switch (sheet->flip) {
    case FLIP_TUMBLE: return AXIS_HORIZONTAL;
    case FLIP_LONG_EDGE: return is_landscape ? AXIS_HORIZONTAL : AXIS_VERTICAL;
    case FLIP_SHORT_EDGE: return is_landscape ? AXIS_VERTICAL : AXIS_HORIZONTAL;
    default: return AXIS_VERTICAL;
    }
}

/* What no piece may lie in. The press takes hold of the foot; of a tumbled sheet, the second time, of what was the head. */
static Sides kept_free(const Imposition *plan)
{
    const Sheet *sheet = plan->sheet;
    Sides free = sheet->is_centered ? (Sides){0} : sheet->margin;
    if (sheet->gripper > free.bottom) free.bottom = sheet->gripper;
    if (sheet->duplex != DUPLEX_NONE && plan->axis == AXIS_HORIZONTAL && sheet->gripper > free.top) free.top = sheet->gripper;
    return free;
}

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

/* How often a count must be even: fronts in one half, their backs in the other. */
static unsigned even(unsigned count, bool is_asked) { return is_asked ? count & ~1u : count; }

typedef struct Fit { unsigned columns, rows; } Fit;

/* The most that fit with the pieces lying so; of counts that are given, whether they do. */
static Fit fit(const Imposition *plan, Size piece, Size room, Size free)
{
    const Sheet *sheet = plan->sheet;
    return (Fit){even(fitting((int64_t)room.width - 2 * free.width, piece.width, sheet->gap_x), sheet->duplex == DUPLEX_WORK_AND_TURN),
                 even(fitting((int64_t)room.height - 2 * free.height, piece.height, sheet->gap_y), sheet->duplex == DUPLEX_WORK_AND_TUMBLE)};
}

static Size turned(Size size) { return (Size){size.height, size.width}; }

static uint64_t cells_of(Fit fit) { return (uint64_t)fit.columns * fit.rows; }

/* ---- messages ---- */

static bool too_small(const Imposition *plan, Fit upright, Fit rotated, Size room, Size free, DiagList *diags)
{
    Arena *arena = diags->arena;
    const Sheet *sheet = plan->sheet;
    bool is_turn = sheet->duplex == DUPLEX_WORK_AND_TURN, is_tumble = sheet->duplex == DUPLEX_WORK_AND_TUMBLE;
    unsigned columns = plan->columns ? plan->columns : 1u + is_turn, rows = plan->rows ? plan->rows : 1u + is_tumble;
    int64_t width = extent(columns, plan->piece.width, sheet->gap_x) + 2 * (int64_t)free.width, height = extent(rows, plan->piece.height, sheet->gap_y) + 2 * (int64_t)free.height;
    bool has_free = free.width || free.height;
    Fit own = plan->is_rotated ? rotated : upright, other = plan->is_rotated ? upright : rotated;
    const char *hint = cells_of(own)     ? arena_printf(arena, has_free ? "grid: [%u, %u] fits when they may be cut short" : "grid: [%u, %u] fits", own.columns, own.rows)
                       : cells_of(other) ? arena_printf(arena, "rotate: %s and grid: [%u, %u] fits", plan->is_rotated ? "never" : "always", other.columns, other.rows)
                       : has_halves(sheet) ? "not one front and its back fit: take a larger sheet, or duplex: sheetwise"
                                           : "not one piece fits: take a larger sheet or a smaller margin";
    return diag_error(diags, sheet->where, "sheet-too-small", hint, "%u x %u pieces%s need %s x %s mm, the sheet has %s x %s mm", columns, rows,
                      has_free ? " with bleed and marks" : "", mm(arena, width), mm(arena, height), mm(arena, room.width), mm(arena, room.height));
}

static bool check_gap(const Imposition *plan, DiagList *diags)
{
    const Sheet *sheet = plan->sheet;
    /* The narrowest that is none of the two good ones; a grid of one column has no gap at all. 2 mm in whole 1024ths may be one less than twice 1 mm. */
    Length gap = 0, bleed = plan->bleed, least = 2 * bleed - 1;
    if (plan->columns > 1 && sheet->gap_x > 0 && sheet->gap_x < least) gap = sheet->gap_x;
    if (plan->rows > 1 && sheet->gap_y > 0 && sheet->gap_y < least && (!gap || sheet->gap_y < gap)) gap = sheet->gap_y;
    if (!gap) return true;
    Arena *arena = diags->arena;
    return diag_error(diags, sheet->gap_span.source ? sheet->gap_span : sheet->where, "sheet-gap",
                      arena_printf(arena, "0 for a single cut, or %smm", mm(arena, 2 * (int64_t)bleed)), "a gap of %s mm leaves no room for %s mm of bleed on both sides",
                      mm(arena, gap), mm(arena, bleed));
}

/* Turned over, every front must fall on a back: half of them each side of the axis, and the axis in the middle of the sheet. */
static bool check_halves(const Imposition *plan, DiagList *diags)
{
    const Sheet *sheet = plan->sheet;
    bool is_turn = sheet->duplex == DUPLEX_WORK_AND_TURN;
    const char *name = is_turn ? "work-and-turn" : "work-and-tumble";
    if (!has_halves(sheet)) return true;
    unsigned count = is_turn ? plan->columns : plan->rows;
    if (count % 2)
        return diag_error(diags, sheet->grid_span.source ? sheet->grid_span : sheet->where, "duplex-grid",
                          arena_printf(diags->arena, "an even count, such as %u", count + 1), "%s lays fronts in one half of the sheet and backs in the other: %u %s cannot be halved",
                          name, count, is_turn ? "columns" : "rows");
    Length near = is_turn ? plan->left : plan->top;
    int64_t far = is_turn ? (int64_t)sheet->size.width - near - extent(plan->columns, plan->piece.width, sheet->gap_x)
                          : (int64_t)sheet->size.height - near - extent(plan->rows, plan->piece.height, sheet->gap_y);
    if (far - near <= 2 * SLACK && near - far <= 2 * SLACK) return true;
    return diag_error(diags, sheet->where, "duplex-margin", "margin: center", "%s turns the sheet about its middle, and the pieces stand %s mm from one edge and %s mm from the other",
                      name, mm(diags->arena, near), mm(diags->arena, far));
}

/* What the outer pieces bleed over the edge of the paper, or into the gripper, is not printed. */
static void warn_bleed(const Imposition *plan, DiagList *diags)
{
    Rect grid = plan_grid(plan, 0), medium = marks_medium(plan);
    Length room[4] = {grid.x - medium.x, grid.y - medium.y, medium.x + medium.width - grid.x - grid.width, medium.y + medium.height - grid.y - grid.height};
    Length least = room[0];
    for (int i = 1; i < 4; i++)
        if (room[i] < least) least = room[i];
    if (least >= plan->bleed - SLACK) return;
    diag_warning(diags, plan->sheet->where, "sheet-bleed", "grid: auto leaves room for the bleed; or a larger sheet, or one piece fewer",
                 "the outer pieces stand %s mm from the edge of the sheet or its gripper, and their bleed is %s mm", mm(diags->arena, least < 0 ? 0 : least), mm(diags->arena, plan->bleed));
}

/* ---- the plan ---- */

/* Rotated by a quarter when that is asked for, or when the grid is free and more pieces fit. A grid that is worked out leaves
 * room for bleed, marks and label beside it, unless a margin says what is to be left. */
static bool choose(Imposition *plan, Size room, DiagList *diags)
{
    const Sheet *given = plan->sheet;
    bool is_free = !given->columns || !given->rows;
    Size free = is_free && given->is_centered ? marks_room(plan) : (Size){0};
    Fit upright = fit(plan, plan->upright, room, free), rotated = fit(plan, turned(plan->upright), room, free);
    bool is_auto = given->rotate == ROTATE_AUTO && !given->columns && !given->rows;
    plan->is_rotated = given->rotate == ROTATE_ALWAYS || (is_auto && cells_of(rotated) > cells_of(upright));
    plan->piece = plan->is_rotated ? turned(plan->upright) : plan->upright;
    Fit best = plan->is_rotated ? rotated : upright;
    plan->columns = given->columns ? given->columns : best.columns;
    plan->rows = given->rows ? given->rows : best.rows;
    /* Of counts that are given only what they need is asked for. */
    Fit most = {fitting(room.width, plan->piece.width, given->gap_x), fitting(room.height, plan->piece.height, given->gap_y)};
    bool fits = plan->columns && plan->rows && plan->columns <= most.columns && plan->rows <= most.rows && (uint64_t)plan->columns * plan->rows <= CELLS_MAX;
    return fits || too_small(plan, fit(plan, plan->upright, room, (Size){0}), fit(plan, turned(plan->upright), room, (Size){0}), room, free, diags);
}

bool sheet_plan(Arena *arena, const Document *document, Imposition *out, DiagList *diags)
{
    const Sheet *given = &document->sheet;
    Size page = document->page.size;
    Size piece = {document->kind == DOC_BOOKLET ? 2 * page.width : page.width, page.height};      /* a leaf lies open */
    *out = (Imposition){.sheet = given, .upright = piece, .bleed = document->page.bleed, .axis = axis_of(given),
                        .sides = given->duplex == DUPLEX_SHEETWISE ? 2 : 1};
    Sides free = kept_free(out);
    int64_t width = (int64_t)given->size.width - free.left - free.right, height = (int64_t)given->size.height - free.top - free.bottom;
    if (!choose(out, (Size){width > 0 ? (Length)width : 0, height > 0 ? (Length)height : 0}, diags)) return false;
    out->cells = out->columns * out->rows;
    out->place_columns = given->duplex == DUPLEX_WORK_AND_TURN ? out->columns / 2 : out->columns;
    out->place_rows = given->duplex == DUPLEX_WORK_AND_TUMBLE ? out->rows / 2 : out->rows;
    out->per_sheet = out->place_columns * out->place_rows;
    out->step_x = out->piece.width + given->gap_x;
    out->step_y = out->piece.height + given->gap_y;
    out->left = free.left;
    out->top = free.top;
    if (given->is_centered) {
        out->left += (Length)((width - extent(out->columns, out->piece.width, given->gap_x)) / 2);
        out->top += (Length)((height - extent(out->rows, out->piece.height, given->gap_y)) / 2);
    }
    if (!check_halves(out, diags) || !check_gap(out, diags)) return false;
    if (given->first > out->per_sheet)
        return diag_error(diags, given->where, "bad-first", arena_printf(diags->arena, "1 to %u", out->per_sheet),
                          "first is %u, a sheet has %u pieces", given->first, out->per_sheet);
    if (!plan_die(arena, out, diags)) return false;
    warn_bleed(out, diags);
    marks_check_room(out, diags);
    return true;
}

/* ---- where a cell lies ---- */

Rect plan_on_side(const Imposition *plan, unsigned side, Rect rect)
{
    const Sheet *sheet = plan->sheet;
    if (!side) return rect;
    if (plan->axis == AXIS_VERTICAL) rect.x = sheet->size.width - rect.x - rect.width;
    else rect.y = sheet->size.height - rect.y - rect.height;
    rect.x += sheet->back_shift.x;
    rect.y += sheet->back_shift.y;
    return rect;
}

Rect plan_grid(const Imposition *plan, unsigned side)
{
    Rect front = {plan->left, plan->top, (Length)extent(plan->columns, plan->piece.width, plan->sheet->gap_x),
                  (Length)extent(plan->rows, plan->piece.height, plan->sheet->gap_y)};
    return plan_on_side(plan, side, front);
}

static Length half_or_bleed(Length gap, Length bleed) { return gap / 2 < bleed ? gap / 2 : bleed; }

/* The trim box and the bleed it may have: half the gap towards a neighbour, all of it at the edge of the grid. */
static Rect clip_of(const Imposition *plan, unsigned column, unsigned row, Rect trim)
{
    const Sheet *sheet = plan->sheet;
    Length inner_x = half_or_bleed(sheet->gap_x, plan->bleed), inner_y = half_or_bleed(sheet->gap_y, plan->bleed);
    Length left = column ? inner_x : plan->bleed, right = column + 1 < plan->columns ? inner_x : plan->bleed;
    Length top = row ? inner_y : plan->bleed, bottom = row + 1 < plan->rows ? inner_y : plan->bleed;
    return (Rect){trim.x - left, trim.y - top, trim.width + left + right, trim.height + top + bottom};
}

SheetCell plan_cell(const Imposition *plan, unsigned side, unsigned cell)
{
    unsigned column = cell % plan->columns, row = cell / plan->columns;
    Rect trim = {plan->left + (Length)column * plan->step_x, plan->top + (Length)row * plan->step_y, plan->piece.width, plan->piece.height};
    SheetCell out = {.trim = trim, .clip = clip_of(plan, column, row, trim), .face = side, .quarters = plan->is_rotated};
    /* In the half behind the axis the piece whose front is its mirror image lies on its back. */
    if (column >= plan->place_columns) column = plan->columns - 1 - column, out.face = 1;
    if (row >= plan->place_rows) row = plan->rows - 1 - row, out.face = 1;
    out.place = row * plan->place_columns + column;
    if (side) {
        out.trim = plan_on_side(plan, side, out.trim);
        out.clip = plan_on_side(plan, side, out.clip);
    }
    /* A head that points at an angle points at minus the angle when the sheet is turned about its vertical axis, at half a
     * turn minus the angle about the horizontal one. */
    if (out.face) out.quarters = ((plan->axis == AXIS_VERTICAL ? 4 : 6) - out.quarters) % 4;
    return out;
}
