/* marks.c -- crop, fold and registration marks, colour and grey bars, dots for cutting plotters. */
#include "sheet/marks.h"

#include "base/num.h"
#include "base/plates.h"
#include "sheet/plan.h"

#define TARGET_RING length_from_mm(3)

/* ---- lines from the frame to the edge of the medium ---- */

/* The near and far end of a mark that leaves `edge` in `direction` (-1, +1), ending at `limit`; false: no room. */
static bool mark_ends(const MarkFrame *frame, Length edge, int direction, Length limit, Length *near, Length *far)
{
    *near = edge + direction * frame->offset;
    *far = *near + direction * (frame->length ? frame->length : MARK_LENGTH);
    if (direction < 0 ? *far < limit : *far > limit) *far = limit;
    return (*far - *near) * direction >= MARK_LEAST;
}

static void add_line(Arena *arena, SceneBuilder *scene, Point from, Point to, const Length *dashes)
{
    if (dashes) scene_add_stroke(scene, path_line(arena, from, to), &plate_all, MARK_WIDTH, dashes, 2);
    else scene_add_line(scene, from, to, &plate_all, MARK_WIDTH);
}

/* A mark above the frame and one below it at `x`; left and right of it at `y`. Without dashes a plain line. */
static void add_vertical(Arena *arena, SceneBuilder *scene, const MarkFrame *frame, Length x, const Length *dashes)
{
    Rect trim = frame->trim, medium = frame->medium;
    for (int direction = -1; direction <= 1; direction += 2) {
        Length near, far, edge = direction < 0 ? trim.y : trim.y + trim.height;
        if (mark_ends(frame, edge, direction, direction < 0 ? medium.y : medium.y + medium.height, &near, &far))
            add_line(arena, scene, (Point){x, near}, (Point){x, far}, dashes);
    }
}

static void add_horizontal(Arena *arena, SceneBuilder *scene, const MarkFrame *frame, Length y, const Length *dashes)
{
    Rect trim = frame->trim, medium = frame->medium;
    for (int direction = -1; direction <= 1; direction += 2) {
        Length near, far, edge = direction < 0 ? trim.x : trim.x + trim.width;
        if (mark_ends(frame, edge, direction, direction < 0 ? medium.x : medium.x + medium.width, &near, &far))
            add_line(arena, scene, (Point){near, y}, (Point){far, y}, dashes);
    }
}

static void add_crop(Arena *arena, SceneBuilder *scene, const MarkFrame *frame)
{
    scene_set_role(scene, "crop-mark");
    for (size_t i = 0; i < frame->crop_x_count; i++) add_vertical(arena, scene, frame, frame->crop_x[i], NULL);
    for (size_t i = 0; i < frame->crop_y_count; i++) add_horizontal(arena, scene, frame, frame->crop_y[i], NULL);
}

static void add_folds(Arena *arena, SceneBuilder *scene, const MarkFrame *frame)
{
    Length *dashes = ARENA_ARRAY(arena, Length, 2);
    dashes[0] = dashes[1] = length_from_mm(1);
    scene_set_role(scene, "fold-mark");
    for (size_t i = 0; i < frame->fold_x_count; i++) add_vertical(arena, scene, frame, frame->fold_x[i], dashes);
    for (size_t i = 0; i < frame->fold_y_count; i++) add_horizontal(arena, scene, frame, frame->fold_y[i], dashes);
}

/* ---- registration targets and die dots ---- */

static void add_target(Arena *arena, SceneBuilder *scene, Point centre)
{
    Length arm = MARK_TARGET / 2, ring = TARGET_RING / 2;
    Rect circle = {centre.x - ring, centre.y - ring, 2 * ring, 2 * ring};
    scene_add_stroke(scene, path_ellipse(arena, circle), &plate_all, MARK_WIDTH, NULL, 0);
    scene_add_line(scene, (Point){centre.x - arm, centre.y}, (Point){centre.x + arm, centre.y}, &plate_all, MARK_WIDTH);
    scene_add_line(scene, (Point){centre.x, centre.y - arm}, (Point){centre.x, centre.y + arm}, &plate_all, MARK_WIDTH);
}

/* A fold mark may stand where the target would: then beside it. */
static Length clear_of_folds(Length at, const Length *folds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Length distance = folds[i] - at;
        if (distance > -MARK_TARGET && distance < MARK_TARGET) return folds[i] + 2 * MARK_TARGET;
    }
    return at;
}

static Point target_of(const MarkFrame *frame)
{
    return (Point){clear_of_folds(frame->target.x, frame->fold_x, frame->fold_x_count), clear_of_folds(frame->target.y, frame->fold_y, frame->fold_y_count)};
}

/* In the middle of the slug, or of the room there is; 0: there is not enough. */
static Length target_distance(Length bleed, Length room)
{
    if (room < bleed + MARK_TARGET) return 0;
    return bleed + (room - bleed < MARK_SLUG ? room - bleed : MARK_SLUG) / 2;
}

static void add_targets(Arena *arena, SceneBuilder *scene, const MarkFrame *frame)
{
    Rect trim = frame->trim, medium = frame->medium;
    Point at = target_of(frame);
    Length room[4] = {trim.y - medium.y, medium.y + medium.height - trim.y - trim.height, trim.x - medium.x, medium.x + medium.width - trim.x - trim.width};
    Length out[4];
    for (int i = 0; i < 4; i++) out[i] = target_distance(frame->bleed, room[i]);
    scene_set_role(scene, "registration");
    /* On a very small page they would stand on the crop marks. */
    if (at.x >= trim.x + MARK_TARGET && at.x <= trim.x + trim.width - MARK_TARGET) {
        if (out[0]) add_target(arena, scene, (Point){at.x, trim.y - out[0]});
        if (out[1]) add_target(arena, scene, (Point){at.x, trim.y + trim.height + out[1]});
    }
    if (trim.height < 2 * MARK_TARGET) return;
    if (out[2]) add_target(arena, scene, (Point){trim.x - out[2], at.y});
    if (out[3]) add_target(arena, scene, (Point){trim.x + trim.width + out[3], at.y});
}

/* One at each corner, where neither crop marks nor targets stand. */
static void add_die_dots(Arena *arena, SceneBuilder *scene, const MarkFrame *frame)
{
    Rect trim = frame->trim, medium = frame->medium;
    Length out = frame->bleed + MARK_LEAST, size = MARK_TARGET;
    scene_set_role(scene, "die-mark");
    for (int corner = 0; corner < 4; corner++) {
        Rect dot = {corner & 1 ? trim.x + trim.width + out : trim.x - out - size, corner & 2 ? trim.y + trim.height + out : trim.y - out - size, size, size};
        if (dot.x < medium.x || dot.y < medium.y || dot.x + size > medium.x + medium.width || dot.y + size > medium.y + medium.height) continue;
        scene_add_fill(scene, path_ellipse(arena, dot), &plate_all);
    }
}

/* ---- bars ---- */

#define SOLID(name_, r, g, b, c, m, y, k) \
    {.name = name_, .has_rgb = true, .rgb = {r, g, b}, .has_cmyk = true, .cmyk = {c, m, y, k}}
static const Color color_patches[] = {
    SOLID("bar-cyan", 0, 158, 224, 100, 0, 0, 0),        SOLID("bar-magenta", 226, 0, 122, 0, 100, 0, 0),
    SOLID("bar-yellow", 255, 237, 0, 0, 0, 100, 0),      SOLID("bar-black", 0, 0, 0, 0, 0, 0, 100),
    SOLID("bar-cyan-50", 141, 207, 238, 50, 0, 0, 0),    SOLID("bar-magenta-50", 239, 145, 190, 0, 50, 0, 0),
    SOLID("bar-yellow-50", 255, 246, 150, 0, 0, 50, 0),  SOLID("bar-black-50", 157, 157, 156, 0, 0, 0, 50),
    SOLID("bar-grey", 145, 145, 145, 50, 40, 40, 0),     /* out of balance, three inks are no grey */
};
/* Black and, beside each, three inks that should look the same. */
static const Color gray_patches[] = {
    SOLID("gray-25", 206, 206, 206, 0, 0, 0, 25),        SOLID("gray-25-balance", 206, 206, 206, 25, 19, 19, 0),
    SOLID("gray-50", 157, 157, 156, 0, 0, 0, 50),        SOLID("gray-50-balance", 145, 145, 145, 50, 40, 40, 0),
    SOLID("gray-75", 99, 99, 99, 0, 0, 0, 75),           SOLID("gray-75-balance", 98, 96, 95, 75, 66, 66, 0),
    SOLID("gray-100", 0, 0, 0, 0, 0, 0, 100),
};
#define PATCHES(table) table, sizeof table / sizeof *table

/* Past all lines that a patch of this size would touch; `x` itself when it touches none. */
static Length past_lines(Length x, Length size, const Length *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i] > x - MARK_LEAST && lines[i] < x + size + MARK_LEAST) x = lines[i] + MARK_LEAST;
    return x;
}

/* From `x` on, clear of lines and of the target. */
static Length free_place(const MarkFrame *frame, Length x, Length size)
{
    Length target = target_of(frame).x, before;
    do {
        before = x;
        if (frame->marks & MARK_CROP) x = past_lines(x, size, frame->crop_x, frame->crop_x_count);
        x = past_lines(x, size, frame->fold_x, frame->fold_x_count);
        if (x < target + MARK_TARGET && x + size > target - MARK_TARGET) x = target + MARK_TARGET;
    } while (x != before);
    return x;
}

/* How many of a row of patches find a place; they are drawn unless `scene` is NULL. */
static size_t set_patches(SceneBuilder *scene, const MarkFrame *frame, Length y, Length size, const Color *patches, size_t count)
{
    Length x = frame->trim.x + 2 * MARK_BAR_GAP;
    for (size_t i = 0; i < count; i++, x += size) {
        x = free_place(frame, x, size);
        if (x + size > frame->trim.x + frame->trim.width - 2 * MARK_BAR_GAP) return i;
        if (scene) scene_add_rect(scene, (Rect){x, y, size, size}, &patches[i]);
    }
    return count;
}

/* A row at `y` from the left: smaller where not all have room, and as many as have on a very small sheet. */
static void add_bar(SceneBuilder *scene, const MarkFrame *frame, Length y, const Color *patches, size_t count)
{
    Length size = MARK_BAR;
    if (y < frame->medium.y || y + MARK_BAR > frame->medium.y + frame->medium.height) return;
    while (size > MARK_BAR_SMALL && set_patches(NULL, frame, y, size, patches, count) < count) size -= length_from_mm(1);
    set_patches(scene, frame, y, size, patches, count);
}

/* ---- all of them ---- */

void marks_draw(Arena *arena, SceneBuilder *scene, const MarkFrame *frame)
{
    Rect trim = frame->trim;
    Length out = frame->bleed + MARK_BAR_GAP;
    if (frame->marks & MARK_COLOR_BAR) {
        scene_set_role(scene, "color-bar");
        add_bar(scene, frame, trim.y + trim.height + out, PATCHES(color_patches));
    }
    if (frame->marks & MARK_GRAY_BAR) {
        scene_set_role(scene, "gray-bar");
        add_bar(scene, frame, trim.y - out - MARK_BAR, PATCHES(gray_patches));
    }
    if (frame->marks & MARK_CROP) add_crop(arena, scene, frame);
    if (frame->marks & MARK_FOLD) add_folds(arena, scene, frame);
    if (frame->marks & MARK_REGISTRATION) add_targets(arena, scene, frame);
    if (frame->marks & MARK_DIE) add_die_dots(arena, scene, frame);
}

/* ---- is there room? ---- */

static Length larger(Length a, Length b) { return a > b ? a : b; }
static Length target_room(const Imposition *plan) { return plan->bleed + MARK_TARGET; }
static Length bar_room(const Imposition *plan) { return plan->bleed + MARK_BAR_GAP + MARK_BAR; }
static Length dot_room(const Imposition *plan) { return plan->bleed + MARK_LEAST + MARK_TARGET; }
static Length label_room(const Imposition *plan) { return plan->sheet->label || plan->sheet->marks & MARK_PLATES ? LABEL_LEAST + 2 * LABEL_GAP : 0; }

Size marks_room(const Imposition *plan)
{
    const Sheet *sheet = plan->sheet;
    Length beside = plan->bleed;
    if (sheet->marks & MARK_CROP) beside = larger(beside, mark_offset_of(sheet->mark_offset, plan->bleed) + MARK_SHORT);
    if (sheet->marks & MARK_REGISTRATION) beside = larger(beside, target_room(plan));
    if (sheet->marks & MARK_DIE) beside = larger(beside, dot_room(plan));
    Length above = sheet->marks & (MARK_COLOR_BAR | MARK_GRAY_BAR) ? larger(beside, bar_room(plan)) : beside;
    return (Size){beside, above + label_room(plan)};
}

Rect marks_medium(const Imposition *plan)
{
    const Sheet *sheet = plan->sheet;
    /* A tumbled sheet is taken hold of at both ends, one after the other. */
    bool has_both = sheet->duplex != DUPLEX_NONE && plan->axis == AXIS_HORIZONTAL;
    Length head = has_both ? sheet->gripper : 0;
    return (Rect){0, head, sheet->size.width, sheet->size.height - head - sheet->gripper};
}

static void warn_room(const Imposition *plan, DiagList *diags, const char *mark, const char *where, Length need, Length room)
{
    char a[NUM_ROOM], b[NUM_ROOM];
    num_format(a, length_to_mm(room < 0 ? 0 : room), 1);
    num_format(b, length_to_mm(need), 1);
    diag_warning(diags, plan->sheet->where, "mark-room", "a larger sheet, fewer pieces, or leave the mark out",
                 "there is no room for %s: %s mm %s the pieces, it takes %s mm", mark, a, where, b);
}

void marks_check_room(const Imposition *plan, DiagList *diags)
{
    Rect grid = plan_grid(plan, 0), medium = marks_medium(plan);
    Length head = grid.y - medium.y, foot = medium.y + medium.height - grid.y - grid.height - label_room(plan);
    Length left = grid.x - medium.x, right = medium.x + medium.width - grid.x - grid.width;
    Length across = left < right ? left : right, along = head < foot ? head : foot, least = across < along ? across : along;
    unsigned marks = plan->sheet->marks;
    Length target = target_room(plan), bar = bar_room(plan), dot = dot_room(plan);
    if (marks & MARK_REGISTRATION && least < target) warn_room(plan, diags, "registration marks", "beside", target, least);
    if (marks & MARK_COLOR_BAR && foot < bar) warn_room(plan, diags, "the color bar", "below", bar, foot);
    if (marks & MARK_GRAY_BAR && head < bar) warn_room(plan, diags, "the gray bar", "above", bar, head);
    if (marks & MARK_DIE && least < dot) warn_room(plan, diags, "the dots of the die", "beside", dot, least);
}
