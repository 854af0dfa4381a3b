/* marks.h -- private to sheet/: the marks round a trim box, on sheets and on single pages. */
#ifndef RENDER_SHEET_MARKS_H
#define RENDER_SHEET_MARKS_H

#include "sheet/sheet.h"

#define MARK_WIDTH (LENGTH_ONE / 4)                       /* 0.25 pt: the thinnest line shops accept */
#define MARK_LENGTH length_from_mm(5)
#define MARK_LEAST length_from_mm(1)                      /* a shorter one is no help */
#define MARK_OFFSET_LEAST length_from_mm(2)

/* Marks stand outside `trim`, `offset` away from it, and end at the edge of `medium`. */
typedef struct MarkFrame {
    Rect trim, medium;
    Length offset;
} MarkFrame;

/* The distance between trim and mark: clear of the bleed. */
static inline Length mark_offset(Length bleed) { return bleed > MARK_OFFSET_LEAST ? bleed : MARK_OFFSET_LEAST; }

/* On every plate, so that the plates can be laid over each other. */
extern const Color mark_color;

/* A crop mark above and one below the frame at `x`; left and right of it at `y`. */
void marks_add_vertical(SceneBuilder *scene, const MarkFrame *frame, Length x);
void marks_add_horizontal(SceneBuilder *scene, const MarkFrame *frame, Length y);

/* The trim box of a cell on the sheet, and what of its bleed is drawn. */
Rect impose_trim(const Imposition *plan, unsigned cell);
Rect impose_clip(const Imposition *plan, unsigned cell);

#endif
