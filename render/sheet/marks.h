/* marks.h -- private to sheet/: the marks round a trim box, on sheets and on single pages. */
#ifndef RENDER_SHEET_MARKS_H
#define RENDER_SHEET_MARKS_H

#include "sheet/sheet.h"

#define MARK_WIDTH (LENGTH_ONE / 4)                       /* 0.25 pt: the thinnest line shops accept */
#define MARK_LENGTH length_from_mm(5)
#define MARK_LEAST length_from_mm(1)                      /* a shorter one is no help */
#define MARK_SHORT length_from_mm(3)                      /* room that a free grid leaves for them */
#define MARK_OFFSET_LEAST length_from_mm(2)
#define MARK_TARGET length_from_mm(5)                     /* a registration target, cross included; a die dot */
#define MARK_SLUG length_from_mm(10)                      /* room for marks on each side of a page, outside the bleed */
#define MARK_BAR length_from_mm(5)                        /* a patch of a bar */
#define MARK_BAR_SMALL length_from_mm(3)                  /* where not all patches have room */
#define MARK_BAR_GAP length_from_mm(2)                    /* between the bleed and a bar */
#define LABEL_GAP length_from_mm(1)
#define LABEL_LEAST length_from_mm(4)
#define LABEL_MOST length_from_mm(8)

/* All marks stand outside `trim`, off its bleed, and end at the edge of `medium`. */
typedef struct MarkFrame {
    Rect trim, medium;
    Length bleed;
    Length offset, length;        /* of crop and fold marks: from the trim edge; 0 length: the usual */
    unsigned marks;               /* MARK_* */
    const Length *crop_x, *crop_y, *fold_x, *fold_y;      /* where lines leave the frame: crop_x above and below, crop_y left and right */
    size_t crop_x_count, crop_y_count, fold_x_count, fold_y_count;
    Point target;                 /* registration targets stand above and below x, left and right of y */
} MarkFrame;

/* The distance between trim and mark: clear of the bleed. */
static inline Length mark_offset(Length bleed) { return bleed > MARK_OFFSET_LEAST ? bleed : MARK_OFFSET_LEAST; }
static inline Length mark_offset_of(Length given, Length bleed) { return given > bleed ? given : mark_offset(bleed); }

void marks_draw(Arena *arena, SceneBuilder *scene, const MarkFrame *frame);

/* Room that the marks of a sheet take beside (width), above and below (height) the grid. */
Size marks_room(const Imposition *plan);

/* Warn of marks of a sheet that find no room. */
void marks_check_room(const Imposition *plan, DiagList *diags);

/* What marks may be drawn on: the sheet without the gripper. */
Rect marks_medium(const Imposition *plan);

#endif
