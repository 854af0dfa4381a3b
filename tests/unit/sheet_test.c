/* sheet_test.c -- where pieces, marks and labels lie, to a thousandth of a point; no mark on any bleed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/marks.h"
#include "sheet/plan.h"

#define MM(x) length_from_mm(x)
#define impose_trim(plan, cell) (plan_cell((plan), 0, (cell)).trim)
#define impose_clip(plan, cell) (plan_cell((plan), 0, (cell)).clip)

typedef struct Fixture {
    Arena *arena;
    DiagList diags;
    Document document;
    Imposition plan;
} Fixture;

static const Color cut = {.name = "cut-line", .spot = "CutContour"}, ink = {.name = "red", .has_rgb = true};

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new(0);
    diag_list_init(&f->diags, f->arena);
    f->document.page = (Page){.size = {MM(50), MM(30)}, .bleed = MM(2)};
    f->document.sheet = (Sheet){.is_given = true, .size = {MM(210), MM(297)}, .columns = 3, .rows = 8, .gap_x = MM(4), .gap_y = MM(4),
                                .is_centered = true, .marks = MARK_CROP, .first = 1, .repeat = 1};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    arena_free(f->arena);
    free(f);
    return 0;
}

static void plan(Fixture *f) { assert_true(sheet_plan(f->arena, &f->document, &f->plan, &f->diags)); }

static void assert_near(Length length, double mm)
{
    if (length < MM(mm) - 4 || length > MM(mm) + 4) print_message("  %d is not %d\n", length, MM(mm));
    assert_true(length >= MM(mm) - 4 && length <= MM(mm) + 4);
}

static const Scene *piece(Fixture *f)
{
    Size size = f->document.page.size;
    SceneBuilder *scene = scene_new(f->arena, size.width, size.height, f->document.page.bleed, false);
    scene_add_rect(scene, (Rect){-MM(5), -MM(5), size.width + MM(10), size.height + MM(10)}, &ink);
    return scene_finish(scene, "piece");
}

/* ---- the plan ---- */

static void test_a4_of_24(void **state)
{
    Fixture *f = *state;
    plan(f);
    assert_int_equal(f->plan.per_sheet, 24);
    assert_near(f->plan.left, 26);                /* (210 - 3 x 50 - 2 x 4) / 2 */
    assert_near(f->plan.top, 14.5);               /* (297 - 8 x 30 - 7 x 4) / 2 */
    assert_near(f->plan.step_x, 54);
    assert_near(f->plan.step_y, 34);
    Rect trim = impose_trim(&f->plan, 23);
    assert_near(trim.x, 134);
    assert_near(trim.y, 252.5);
    assert_int_equal(f->diags.count, 0);
}

static void test_as_many_as_fit(void **state)
{
    Fixture *f = *state;
    f->document.sheet.columns = f->document.sheet.rows = 0;
    f->document.sheet.rotate = ROTATE_NEVER;
    plan(f);
    assert_int_equal(f->plan.columns, 3);
    assert_int_equal(f->plan.rows, 8);
    f->document.sheet.rotate = ROTATE_AUTO;       /* on their sides 6 x 5 = 30 fit */
    plan(f);
    assert_true(f->plan.is_rotated);
    assert_int_equal(f->plan.columns, 6);
    assert_int_equal(f->plan.rows, 5);
    assert_near(f->plan.left, 5);                 /* (210 - 6 x 30 - 5 x 4) / 2: bleed and 3 mm of a crop mark */
    f->document.sheet.columns = 3;                /* half given is not turned */
    plan(f);
    assert_false(f->plan.is_rotated);
    assert_int_equal(f->plan.rows, 8);
    f->document.sheet.columns = 0;
    f->document.sheet.is_centered = false;
    f->document.sheet.margin = (Sides){MM(10), MM(60), MM(100), MM(20)};
    plan(f);
    assert_int_equal(f->plan.columns, 2);
    assert_int_equal(f->plan.rows, 5);
    assert_near(f->plan.left, 20);
    assert_near(f->plan.top, 10);
}

static void test_too_small(void **state)
{
    Fixture *f = *state;
    f->document.sheet.columns = 4;
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
    assert_string_equal(f->diags.items[0].code, "sheet-too-small");
    assert_string_equal(f->diags.items[0].message, "4 x 8 pieces need 212 x 268 mm, the sheet has 210 x 297 mm");
    assert_string_equal(f->diags.items[0].hint, "grid: [3, 8] fits");
    f->document.sheet.columns = 0;
    f->document.page.size.width = MM(300);
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
    assert_string_equal(f->diags.items[1].hint, "not one piece fits: take a larger sheet or a smaller margin");
    f->document.page.size = (Size){0, 0};         /* hostile: nothing to divide by */
    f->document.sheet.gap_x = f->document.sheet.gap_y = 0;
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
}

static void test_huge_grid(void **state)
{
    Fixture *f = *state;
    f->document.sheet.columns = f->document.sheet.rows = 4000000000u;
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
    assert_string_equal(f->diags.items[0].code, "sheet-too-small");
}

static void test_gap(void **state)
{
    Fixture *f = *state;
    f->document.sheet.gap_x = MM(3);
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
    assert_int_equal(f->diags.items[0].severity, SEVERITY_ERROR);
    assert_string_equal(f->diags.items[0].code, "sheet-gap");
    assert_string_equal(f->diags.items[0].message, "a gap of 3 mm leaves no room for 2 mm of bleed on both sides");
    assert_string_equal(f->diags.items[0].hint, "0 for a single cut, or 4mm");
    f->document.sheet.gap_x = f->document.sheet.gap_y = 0;
    plan(f);
    assert_int_equal(f->diags.count, 1);
    f->document.page.bleed = MM(1);               /* 2903 / 1024 pt, and 2 mm are 5805 */
    f->document.sheet.gap_x = f->document.sheet.gap_y = MM(2);
    plan(f);
    assert_int_equal(f->diags.count, 1);
}

static void test_clips(void **state)
{
    Fixture *f = *state;
    f->document.sheet.gap_x = 0;
    f->document.sheet.gap_y = MM(4);
    plan(f);
    Rect trim = impose_trim(&f->plan, 4), clip = impose_clip(&f->plan, 4);    /* middle column, second row */
    assert_int_equal(clip.x, trim.x);
    assert_int_equal(clip.width, trim.width);
    assert_near(trim.y - clip.y, 2);
    assert_near(clip.height - trim.height, 4);
    trim = impose_trim(&f->plan, 0), clip = impose_clip(&f->plan, 0);         /* a corner keeps its bleed outwards */
    assert_near(trim.x - clip.x, 2);
    assert_near(trim.y - clip.y, 2);
    assert_near(clip.width - trim.width, 2);
    assert_near(clip.height - trim.height, 4);
    for (unsigned a = 0; a < f->plan.per_sheet; a++)                          /* no piece paints on another's trim */
        for (unsigned b = 0; b < f->plan.per_sheet; b++) {
            Rect c = impose_clip(&f->plan, a), t = impose_trim(&f->plan, b);
            if (a != b)
                assert_true(c.x + c.width <= t.x || t.x + t.width <= c.x || c.y + c.height <= t.y || t.y + t.height <= c.y);
        }
}

/* ---- backs ---- */

/* A point of an upright face, on the sheet. */
static Point on_sheet(const SheetCell *cell, Point p)
{
    Rect t = cell->trim;
    switch (cell->quarters) {
    case 0: return (Point){t.x + p.x, t.y + p.y};
    case 1: return (Point){t.x + t.width - p.y, t.y + p.x};
    case 2: return (Point){t.x + t.width - p.x, t.y + t.height - p.y};
    default: return (Point){t.x + p.y, t.y + t.height - p.x};
    }
}

/* The paper is turned over: where every front is, its own back must be, and head to head: what is `x` from the left of the front
 * is `x` from the right of the back, at the same height. */
static void check_register(Fixture *f)
{
    const Imposition *p = &f->plan;
    Size sheet = f->document.sheet.size;
    unsigned fronts = 0;
    for (unsigned a = 0; a < p->cells; a++) {
        SheetCell front = plan_cell(p, 0, a);
        if (front.face) continue;
        fronts++;
        unsigned backs = 0;
        for (unsigned b = 0; b < p->cells; b++) {
            SheetCell back = plan_cell(p, p->sides - 1, b);
            if (!back.face || back.place != front.place) continue;
            backs++;
            for (int corner = 0; corner < 4; corner++) {
                Point of_piece = {corner & 1 ? p->upright.width : MM(1), corner & 2 ? p->upright.height : MM(2)};
                Point through = on_sheet(&front, of_piece), seen = on_sheet(&back, (Point){p->upright.width - of_piece.x, of_piece.y});
                if (p->axis == AXIS_VERTICAL) through.x = sheet.width - through.x;
                else through.y = sheet.height - through.y;
                assert_true(abs(through.x - seen.x) <= 1 && abs(through.y - seen.y) <= 1);      /* an odd rest is halved */
            }
        }
        assert_int_equal(backs, 1);
    }
    assert_int_equal(fronts, p->per_sheet);
}

static void test_backs_register(void **state)
{
    Fixture *f = *state;
    Sheet *sheet = &f->document.sheet;
    for (int duplex = DUPLEX_SHEETWISE; duplex <= DUPLEX_WORK_AND_TUMBLE; duplex++)
        for (int flip = FLIP_TURN; flip <= FLIP_SHORT_EDGE; flip++)
            for (int rotate = ROTATE_NEVER; rotate <= ROTATE_ALWAYS; rotate++)
                for (unsigned columns = 1; columns <= 4; columns++)
                    for (unsigned rows = 1; rows <= 4; rows++) {
                        if ((duplex == DUPLEX_WORK_AND_TURN && columns % 2) || (duplex == DUPLEX_WORK_AND_TUMBLE && rows % 2)) continue;
                        sheet->duplex = (Duplex)duplex, sheet->flip = (SheetFlip)flip, sheet->rotate = (SheetRotate)rotate;
                        sheet->columns = columns, sheet->rows = rows;
                        sheet->size = rotate == ROTATE_NEVER ? (Size){MM(320), MM(210)} : (Size){MM(210), MM(320)};
                        sheet->gripper = MM(12);
                        plan(f);
                        assert_int_equal(f->plan.sides, duplex == DUPLEX_SHEETWISE ? 2 : 1);
                        assert_int_equal(f->plan.per_sheet, duplex == DUPLEX_SHEETWISE ? columns * rows : columns * rows / 2);
                        check_register(f);
                    }
    sheet->duplex = DUPLEX_SHEETWISE, sheet->columns = 2, sheet->rows = 3, sheet->is_centered = false;
    sheet->margin = (Sides){MM(11), MM(9), MM(40), MM(30)};       /* also where the pieces are not in the middle */
    sheet->rotate = ROTATE_NEVER, sheet->flip = FLIP_TURN;
    plan(f);
    check_register(f);
    assert_near(plan_cell(&f->plan, 0, 0).trim.x, 30);
    assert_near(plan_cell(&f->plan, 1, 0).trim.x, 210 - 30 - 50);
    sheet->back_shift = (Point){MM(0.5), -MM(0.25)};
    plan(f);
    assert_near(plan_cell(&f->plan, 1, 0).trim.x, 130.5);
    assert_near(plan_cell(&f->plan, 1, 0).trim.y, 10.75);
}

/* Long and short edge, as printer drivers say it, are axes only of a sheet that lies. */
static void test_edges_are_axes(void **state)
{
    Fixture *f = *state;
    Sheet *sheet = &f->document.sheet;
    sheet->columns = sheet->rows = 1;
    sheet->duplex = DUPLEX_SHEETWISE;
    static const struct { double width, height; SheetFlip flip; SheetAxis axis; } cases[] = {
        {210, 297, FLIP_LONG_EDGE, AXIS_VERTICAL},   {210, 297, FLIP_SHORT_EDGE, AXIS_HORIZONTAL}, {297, 210, FLIP_LONG_EDGE, AXIS_HORIZONTAL},
        {297, 210, FLIP_SHORT_EDGE, AXIS_VERTICAL},  {297, 210, FLIP_TURN, AXIS_VERTICAL},         {297, 210, FLIP_TUMBLE, AXIS_HORIZONTAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sheet->size = (Size){MM(cases[i].width), MM(cases[i].height)};
        sheet->flip = cases[i].flip;
        plan(f);
        assert_int_equal(f->plan.axis, cases[i].axis);
    }
}

static void test_halves_and_gripper(void **state)
{
    Fixture *f = *state;
    Sheet *sheet = &f->document.sheet;
    sheet->gripper = MM(12);
    sheet->rows = 7;
    plan(f);
    assert_near(f->plan.top, 25.5);               /* (297 - 12 - 7 x 30 - 6 x 4) / 2: the foot is the press's */
    sheet->duplex = DUPLEX_SHEETWISE, sheet->flip = FLIP_TUMBLE;
    plan(f);
    assert_near(f->plan.top, 31.5);               /* and then the head */
    sheet->duplex = DUPLEX_WORK_AND_TURN, sheet->flip = FLIP_TURN;
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
    assert_string_equal(f->diags.items[0].message, "work-and-turn lays fronts in one half of the sheet and backs in the other: 3 columns cannot be halved");
    sheet->columns = sheet->rows = 0, sheet->rotate = ROTATE_NEVER;
    plan(f);
    assert_int_equal(f->plan.columns, 2);         /* 3 would fit, 2 can be halved */
    assert_int_equal(f->plan.per_sheet, f->plan.rows);
    sheet->columns = 2, sheet->rows = 2, sheet->is_centered = false, sheet->margin.left = MM(20);
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
    assert_string_equal(f->diags.items[1].code, "duplex-margin");
    sheet->margin.left = MM(53);                  /* (210 - 104) / 2 */
    plan(f);
    sheet->repeat = 0;                            /* fill: a sheet of each */
    assert_int_equal(sheet_count(&f->plan, 5), 5);
    assert_int_equal(sheet_piece_at(&f->plan, 5, 3, 1), 3);
}

/* ---- which piece where ---- */

static void check_bijection(Fixture *f, SheetOrder order, unsigned first, unsigned repeat, size_t count)
{
    f->document.sheet.columns = 3;
    f->document.sheet.rows = 2;
    f->document.sheet.order = order;
    f->document.sheet.first = first;
    f->document.sheet.repeat = repeat;
    plan(f);
    size_t sheets = sheet_count(&f->plan, count), *seen = calloc(count + 1, sizeof *seen), empty = 0;
    assert_int_equal(sheets, count ? (count * repeat + first - 1 + 5) / 6 : 0);
    for (size_t sheet = 0; sheet < sheets; sheet++)
        for (unsigned cell = 0; cell < 6; cell++) {
            size_t at = sheet_piece_at(&f->plan, count, sheet, cell);
            if (at == SIZE_MAX) empty++;
            else if (at < count) seen[at]++;
            else fail();
        }
    for (size_t i = 0; i < count; i++) assert_int_equal(seen[i], repeat);
    assert_int_equal(empty, sheets * 6 - count * repeat);
    /* In the order of filling the pieces follow each other, and the first is where it is said to be. */
    size_t next = 0;
    for (size_t sheet = 0; sheet < sheets && order != ORDER_STACK; sheet++)
        for (unsigned rank = 0; rank < 6; rank++) {
            size_t at = sheet_piece_at(&f->plan, count, sheet, sheet_place_of(&f->plan, rank));
            if (at != next) continue;
            assert_int_equal(sheet_first_of(&f->plan, at), sheet);
            next++;
        }
    if (order != ORDER_STACK) assert_int_equal(next, count);
    assert_int_equal(sheet_piece_at(&f->plan, count, sheets, 0), SIZE_MAX);
    assert_int_equal(sheet_piece_at(&f->plan, count, 0, 6), SIZE_MAX);
    free(seen);
}

static void test_bijection(void **state)
{
    Fixture *f = *state;
    for (int order = ORDER_ROW; order <= ORDER_STACK; order++)
        for (unsigned first = 1; first <= 6; first++)
            for (unsigned repeat = 1; repeat <= 4; repeat++)
                for (size_t count = 0; count < 40; count += 1 + count / 8) check_bijection(f, (SheetOrder)order, first, repeat, count);
}

static void test_orders(void **state)
{
    Fixture *f = *state;
    f->document.sheet.rows = 2;
    plan(f);
    assert_int_equal(sheet_piece_at(&f->plan, 12, 1, 2), 8);
    f->document.sheet.order = ORDER_COLUMN;       /* cells 0 3, then 1 4, then 2 5 */
    plan(f);
    assert_int_equal(sheet_piece_at(&f->plan, 12, 0, 3), 1);
    assert_int_equal(sheet_piece_at(&f->plan, 12, 1, 1), 8);
    f->document.sheet.order = ORDER_STACK;        /* the pile of a cell runs through the sheets */
    plan(f);
    assert_int_equal(sheet_piece_at(&f->plan, 18, 0, 0), 0);
    assert_int_equal(sheet_piece_at(&f->plan, 18, 1, 0), 1);
    assert_int_equal(sheet_piece_at(&f->plan, 18, 2, 0), 2);
    assert_int_equal(sheet_piece_at(&f->plan, 18, 0, 1), 3);
    f->document.sheet.order = ORDER_ROW;
    f->document.sheet.first = 4;
    f->document.sheet.repeat = 2;
    plan(f);
    assert_int_equal(sheet_piece_at(&f->plan, 5, 0, 2), SIZE_MAX);
    assert_int_equal(sheet_piece_at(&f->plan, 5, 0, 3), 0);
    assert_int_equal(sheet_piece_at(&f->plan, 5, 0, 4), 0);
    assert_int_equal(sheet_piece_at(&f->plan, 5, 0, 5), 1);
    assert_int_equal(sheet_piece_at(&f->plan, 5, 1, 0), 1);
    f->document.sheet.first = 7;
    assert_false(sheet_plan(f->arena, &f->document, &f->plan, &f->diags));
    assert_string_equal(f->diags.items[0].message, "first is 7, a sheet has 6 pieces");
}

static void test_huge_counts(void **state)
{
    Fixture *f = *state;
    f->document.sheet.repeat = 4000000000u;
    plan(f);
    assert_true(sheet_count(&f->plan, SIZE_MAX) > 0);
    assert_int_equal(sheet_piece_at(&f->plan, SIZE_MAX, 0, 0), 0);
}

/* ---- what is drawn ---- */

static Rect bounds(const SceneOp *op)
{
    return path_bounds(op->kind == SCENE_FILL ? op->u.fill.path : op->u.stroke.path);
}

static bool overlaps(Rect a, Rect b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/* Count ops of a role; each lies on the sheet and off every one of `areas`. */
static size_t check_marks(const Scene *scene, const char *role, const Rect *areas, size_t area_count)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (strcmp(op->role, role) || (op->kind != SCENE_FILL && op->kind != SCENE_STROKE)) continue;
        Rect box = bounds(op);
        assert_true(box.x >= 0 && box.y >= 0 && box.x + box.width <= scene->width && box.y + box.height <= scene->height);
        for (size_t a = 0; a < area_count; a++) assert_false(overlaps(box, areas[a]));
        count++;
    }
    return count;
}

static const Scene *build(Fixture *f, const Scene *label)
{
    plan(f);
    SheetPiece *pieces = ARENA_ARRAY(f->arena, SheetPiece, f->plan.per_sheet);
    for (unsigned place = 0; place + 1 < f->plan.per_sheet; place++) pieces[place].faces[0] = piece(f);    /* the last place is empty */
    return sheet_build(f->arena, &f->plan, 0, pieces, label, &(SheetFolds){0});
}

static const Rect *clips(Fixture *f)
{
    Rect *areas = ARENA_ARRAY(f->arena, Rect, f->plan.per_sheet + 1);
    for (unsigned cell = 0; cell < f->plan.per_sheet; cell++) areas[cell] = impose_clip(&f->plan, cell);
    areas[f->plan.per_sheet] = sheet_label_area(&f->plan, 0);
    return areas;
}

static void test_build(void **state)
{
    Fixture *f = *state;
    f->document.sheet.cut_color = &cut;
    f->document.sheet.cut_radius = MM(2);
    f->document.sheet.cut_offset = -MM(1);
    SceneBuilder *words = scene_new(f->arena, MM(158), MM(5), 0, false);
    scene_add_rect(words, (Rect){0, 0, MM(150), MM(4)}, &ink);
    const Scene *sheet = build(f, scene_finish(words, NULL));
    size_t forms = 0, labels = 0, depth = 0;
    const char *last = "art";
    for (size_t i = 0; i < sheet->op_count; i++) {
        const SceneOp *op = &sheet->ops[i];
        if (op->kind == SCENE_BEGIN) {
            depth++;
            if (!strcmp(op->role, "art")) {
                Rect clip = impose_clip(&f->plan, (unsigned)forms);
                assert_memory_equal(&op->u.begin.clip->rect, &clip, sizeof clip);
            }
        }
        if (op->kind == SCENE_END) depth--;
        if (op->kind == SCENE_FORM) {
            assert_int_equal(depth, 1);
            if (!strcmp(op->role, "label")) labels++;
            else {
                Rect trim = impose_trim(&f->plan, (unsigned)forms++);
                assert_int_equal(op->u.form.x, trim.x);
                assert_int_equal(op->u.form.y, trim.y);
            }
        }
        if (!strcmp(op->role, "art")) assert_string_equal(last, "art");      /* plates after all art */
        last = op->role;
    }
    assert_int_equal(depth, 0);
    assert_int_equal(forms, 23);
    assert_int_equal(labels, 1);
    assert_int_equal(sheet->bleed, 0);
    assert_int_equal(sheet->width, MM(210));
    assert_int_equal(check_marks(sheet, "crop-mark", clips(f), f->plan.per_sheet + 1), 2 * (6 + 16));
    assert_int_equal(check_marks(sheet, "cut", NULL, 0), 23);
    for (size_t i = 0; i < sheet->op_count; i++) {
        if (strcmp(sheet->ops[i].role, "cut")) continue;
        Rect line = bounds(&sheet->ops[i]);
        assert_near(line.x, 27);
        assert_near(line.y, 15.5);
        assert_near(line.width, 48);
        assert_string_equal(sheet->ops[i].u.stroke.color->spot, "CutContour");
        assert_int_equal(sheet->ops[i].u.stroke.width, 256);
        break;
    }
}

static void test_mark_positions(void **state)
{
    Fixture *f = *state;
    const Scene *sheet = build(f, NULL);
    bool found_top = false, found_left = false;
    for (size_t i = 0; i < sheet->op_count; i++) {
        const SceneOp *op = &sheet->ops[i];
        if (strcmp(op->role, "crop-mark")) continue;
        Rect box = bounds(op);
        assert_string_equal(op->u.stroke.color->spot, "All");
        if (box.x == f->plan.left && box.y < f->plan.top) {
            assert_near(box.y, 7.5);              /* 14.5 - 2 - 5 */
            assert_near(box.height, 5);
            found_top = true;
        }
        if (box.y == f->plan.top && box.x < f->plan.left) {
            assert_near(box.x, 19);
            assert_near(box.width, 5);
            found_left = true;
        }
    }
    assert_true(found_top && found_left);
}

static void test_marks_at_a_narrow_edge(void **state)
{
    Fixture *f = *state;
    f->document.sheet.is_centered = false;
    f->document.sheet.margin = (Sides){MM(2.5), MM(3.5), 0, MM(5)};
    f->document.page.size.width = MM(64.5);       /* right edge: 210 - 5 - 3 x 64.5 - 8 = 3.5 mm */
    const Scene *sheet = build(f, NULL);
    check_marks(sheet, "crop-mark", clips(f), f->plan.per_sheet);
    for (size_t i = 0; i < sheet->op_count; i++) {
        if (strcmp(sheet->ops[i].role, "crop-mark")) continue;
        Rect box = bounds(&sheet->ops[i]);
        assert_true(box.height == 0 || box.y > f->plan.top);                  /* 0.5 mm above: left out */
        assert_true(box.width >= MARK_LEAST || box.height >= MARK_LEAST);
        if (box.width && box.x > MM(200)) assert_near(box.width, 1.5);        /* cut short at the edge of the sheet */
    }
}

static void test_shared_cuts(void **state)
{
    Fixture *f = *state;
    f->document.sheet.gap_x = f->document.sheet.gap_y = 0;
    const Scene *sheet = build(f, NULL);
    assert_int_equal(check_marks(sheet, "crop-mark", clips(f), f->plan.per_sheet), 2 * (4 + 9));
}

static void test_label_area(void **state)
{
    Fixture *f = *state;
    plan(f);
    Rect area = sheet_label_area(&f->plan, 0);
    assert_near(area.x, 26);
    assert_near(area.width, 158);
    assert_near(area.y, 290.5);                   /* 282.5 + 2 + 5 + 1 */
    assert_near(area.height, 5.5);
    f->document.page.size.height = MM(31);        /* 10.5 mm of foot: the marks give way */
    f->document.sheet.cut_color = &cut;
    SceneBuilder *words = scene_new(f->arena, MM(158), MM(4), 0, false);
    scene_add_rect(words, (Rect){0, 0, MM(150), MM(4)}, &ink);
    const Scene *sheet = build(f, scene_finish(words, NULL));
    area = sheet_label_area(&f->plan, 0);
    assert_true(area.height >= MM(3.9));
    check_marks(sheet, "crop-mark", clips(f), f->plan.per_sheet + 1);
    f->document.page.size.height = MM(33.6);      /* nearly no foot: never a negative height */
    plan(f);
    area = sheet_label_area(&f->plan, 0);
    assert_true(area.height >= 0 && area.y + area.height <= MM(297));
}

/* ---- marks of a page ---- */

static void test_page_marks(void **state)
{
    Fixture *f = *state;
    f->document.page = (Page){.size = {MM(297), MM(210)}, .bleed = MM(3)};
    const Scene *page = piece(f);
    assert_ptr_equal(sheet_add_marks(f->arena, &f->document, page, &(SheetFolds){0}, NULL), page);
    f->document.page.marks = MARK_CROP | MARK_FOLD | MARK_REGISTRATION | MARK_COLOR_BAR;
    const Length folds[] = {MM(97), MM(197)};
    const Scene *marked = sheet_add_marks(f->arena, &f->document, page, &(SheetFolds){.x = folds, .x_count = 2}, NULL);
    assert_near(marked->width, 297 + 26);
    assert_near(marked->height, 210 + 26);
    assert_int_equal(marked->bleed, 0);
    assert_string_equal(marked->title, "piece");
    Rect bled = {MM(10), MM(10), MM(303), MM(216)};
    assert_int_equal(check_marks(marked, "crop-mark", &bled, 1), 8);
    assert_int_equal(check_marks(marked, "fold-mark", &bled, 1), 4);
    assert_int_equal(check_marks(marked, "registration", &bled, 1), 12);
    assert_int_equal(check_marks(marked, "color-bar", &bled, 1), 9);
    size_t forms = 0;
    for (size_t i = 0; i < marked->op_count; i++) {
        const SceneOp *op = &marked->ops[i];
        if (op->kind == SCENE_FORM) {
            assert_near(op->u.form.x, 13);
            assert_near(op->u.form.y, 13);
            forms++;
        }
        if (strcmp(op->role, "fold-mark")) continue;
        assert_int_equal(op->u.stroke.dash_count, 2);
        Length x = bounds(op).x - MM(13);
        assert_true(labs((long)x - folds[0]) < 4 || labs((long)x - folds[1]) < 4);
    }
    assert_int_equal(forms, 1);
    for (size_t i = 0; i < marked->op_count; i++)             /* marks of one kind stay clear of the others */
        for (size_t j = 0; j < i; j++) {
            const SceneOp *a = &marked->ops[i], *b = &marked->ops[j];
            bool drawn = (a->kind == SCENE_FILL || a->kind == SCENE_STROKE) && (b->kind == SCENE_FILL || b->kind == SCENE_STROKE);
            if (!drawn || !strcmp(a->role, b->role)) continue;
            Rect left = bounds(a), right = bounds(b);
            left.width++, left.height++, right.width++, right.height++;
            assert_false(overlaps(left, right));
        }
}

static void test_half_fold_and_target(void **state)
{
    Fixture *f = *state;
    f->document.page = (Page){.size = {MM(200), MM(100)}, .bleed = MM(3), .marks = MARK_FOLD | MARK_REGISTRATION};
    const Length fold = MM(100);                  /* where the target would stand */
    const Scene *marked = sheet_add_marks(f->arena, &f->document, piece(f), &(SheetFolds){.x = &fold, .x_count = 1}, NULL);
    Rect line = {MM(113) - 10, 0, 20, MM(126)};
    assert_int_equal(check_marks(marked, "registration", &line, 1), 12);
    f->document.page.size = (Size){MM(8), MM(8)};
    marked = sheet_add_marks(f->arena, &f->document, piece(f), &(SheetFolds){0}, NULL);
    assert_int_equal(check_marks(marked, "registration", NULL, 0), 0);
}

static void test_panels(void **state)
{
    Fixture *f = *state;
    Rect panels[3];
    assert_false(sheet_panels(&f->document, 0, panels));
    const Length widths[] = {MM(97), MM(100), MM(100)};
    f->document.page.size = (Size){MM(297), MM(210)};
    f->document.fold = (Fold){.type = FOLD_ROLL, .panels = widths, .panel_count = 3, .rows = &f->document.page.size.height, .row_count = 1};
    assert_true(sheet_panels(&f->document, 0, panels));
    assert_near(panels[0].width, 97);
    assert_near(panels[1].x, 97);
    assert_near(panels[2].x, 197);
    assert_near(panels[2].height, 210);
    assert_true(sheet_panels(&f->document, 1, panels));
    assert_near(panels[0].width, 100);
    assert_near(panels[2].x, 200);
    assert_near(panels[2].width, 97);
}

static void test_map_panels(void **state)
{
    Fixture *f = *state;
    const Length widths[] = {MM(100), MM(99), MM(98)}, heights[] = {MM(40), MM(60)};
    Rect panels[6];
    f->document.page.size = (Size){MM(297), MM(100)};
    f->document.fold = (Fold){.type = FOLD_MAP, .panels = widths, .panel_count = 3, .rows = heights, .row_count = 2};
    assert_int_equal(sheet_panel_count(&f->document), 6);
    assert_true(sheet_panels(&f->document, 1, panels));
    assert_near(panels[0].width, 98);             /* mirrored, but the upper row stays the upper one */
    assert_near(panels[0].height, 40);
    assert_near(panels[5].x, 197);
    assert_near(panels[5].y, 40);
    SheetFolds folds = sheet_folds(f->arena, &f->document, 1);
    assert_int_equal(folds.x_count, 2);
    assert_near(folds.x[0], 98);
    assert_near(folds.y[0], 40);
}

/* Fold the leaves into each other and read: every page once, in order, the fold between the right ones. */
static void test_leaves(void **state)
{
    (void)state;
    for (int binding = BINDING_LEFT; binding <= BINDING_RIGHT; binding++)
        for (size_t count = 1; count <= 40; count++) {
            Booklet booklet = {.binding = (Binding)binding};
            size_t leaves = sheet_leaf_count(count), all = 4 * leaves, pages[2], read[40] = {0}, n = 0;
            assert_int_equal(leaves, (count + 3) / 4);
            /* The first half of the book is the leaves from outside to inside: of each first its front, then its back. */
            for (size_t leaf = 0; leaf < leaves; leaf++)
                for (unsigned face = 0; face < 2; face++) {
                    sheet_leaf_pages(&booklet, count, leaf, face, pages);
                    bool first_is_right = (face == 0) == (binding == BINDING_LEFT);      /* the cover opens away from its staples */
                    read[n++] = pages[first_is_right];
                    assert_int_equal(pages[0] + pages[1], all - 1);
                }
            for (size_t i = 0; i < n; i++) assert_int_equal(read[i], i);
            assert_int_equal(n, 2 * leaves);
        }
    size_t pages[2];
    sheet_leaf_pages(&(Booklet){.binding = BINDING_LEFT}, 8, 0, 0, pages);
    assert_int_equal(pages[0], 7);
    assert_int_equal(pages[1], 0);
    sheet_leaf_pages(&(Booklet){.binding = BINDING_RIGHT}, 8, 1, 1, pages);
    assert_int_equal(pages[0], 4);
    assert_int_equal(pages[1], 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a4_of_24), TEST(test_as_many_as_fit), TEST(test_too_small), TEST(test_huge_grid), TEST(test_gap), TEST(test_clips), TEST(test_backs_register), TEST(test_edges_are_axes), TEST(test_halves_and_gripper),
        TEST(test_bijection), TEST(test_orders), TEST(test_huge_counts), TEST(test_build), TEST(test_mark_positions),
        TEST(test_marks_at_a_narrow_edge), TEST(test_shared_cuts), TEST(test_label_area), TEST(test_page_marks),
        TEST(test_half_fold_and_target), TEST(test_panels), TEST(test_map_panels), TEST(test_leaves),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
