/* calibration.c -- a sheet that shows how far the back lies beside the front: crosses on the front, scales on the back that the
 * crosses are read on, against the light. It has the size, the axis and the back-shift of the sheets it is made for. */
#include "sheet/marks.h"
#include "sheet/plan.h"

#define REACH_MM 3                /* of a scale to either side */
#define ARM length_from_mm(9)
#define INSET length_from_mm(26)  /* of the outer crosses from the edges of the sheet */

static const Color black = {.name = "black", .has_rgb = true, .has_cmyk = true, .cmyk = {0, 0, 0, 100}};

/* Corners and middle, on the front. */
static Point spot_at(const Sheet *sheet, int index)
{
    Size size = sheet->size;
    Length x = INSET < size.width / 3 ? INSET : size.width / 3, y = INSET < size.height / 3 ? INSET : size.height / 3;
    if (index == 4) return (Point){size.width / 2, size.height / 2};
    return (Point){index & 1 ? size.width - x : x, index & 2 ? size.height - y : y};
}

static void add_cross(SceneBuilder *scene, Point at)
{
    scene_add_line(scene, (Point){at.x - ARM, at.y}, (Point){at.x + ARM, at.y}, &black, MARK_WIDTH);
    scene_add_line(scene, (Point){at.x, at.y - ARM}, (Point){at.x, at.y + ARM}, &black, MARK_WIDTH);
}

/* A tick for each quarter of a mm, longer for halves and wholes; across above the middle, down left of it, clear of the cross. */
static void add_scales(SceneBuilder *scene, Point at, const Scene *const *numbers)
{
    Length start = length_from_mm(2);
    for (int i = -4 * REACH_MM; i <= 4 * REACH_MM; i++) {
        Length off = length_from_mm(i / 4.0), length = length_from_mm(i % 4 ? i % 2 ? 1.2 : 1.8 : 2.8);
        scene_add_line(scene, (Point){at.x + off, at.y - start}, (Point){at.x + off, at.y - start - length}, &black, MARK_WIDTH);
        scene_add_line(scene, (Point){at.x - start, at.y + off}, (Point){at.x - start - length, at.y + off}, &black, MARK_WIDTH);
        if (i % 4) continue;
        const Scene *number = numbers[i / 4 + REACH_MM];
        if (!number || i / 4 % 3) continue;
        Length gap = start + length + length_from_mm(0.5);
        scene_add_form(scene, number, at.x + off - number->width / 2, at.y - gap - number->height);
        scene_add_form(scene, number, at.x - gap - number->width, at.y + off - number->height / 2);
    }
}

const Scene *sheet_calibration(Arena *arena, const Imposition *plan, unsigned side, const Scene *const *numbers, const Scene *words)
{
    const Sheet *sheet = plan->sheet;
    Length *dashes = ARENA_ARRAY(arena, Length, 2);
    dashes[0] = dashes[1] = length_from_mm(1);
    SceneBuilder *scene = scene_new(arena, sheet->size.width, sheet->size.height, 0, false);
    scene_set_role(scene, "calibration");
    scene_add_stroke(scene, path_rect(arena, plan_grid(plan, side)), &black, MARK_WIDTH, dashes, 2);
    for (int i = 0; i < 5; i++) {
        Point front = spot_at(sheet, i);
        Rect there = plan_on_side(plan, side, (Rect){front.x, front.y, 0, 0});
        if (side) add_scales(scene, (Point){there.x, there.y}, numbers);
        else add_cross(scene, front);
    }
    if (words) scene_add_form(scene, words, (sheet->size.width - words->width) / 2, sheet->size.height / 2 + length_from_mm(14));
    return scene_finish(scene, NULL);
}
