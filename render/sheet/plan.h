/* plan.h -- private to sheet/: where a cell of the grid lies on a side of the sheet. */
#ifndef RENDER_SHEET_PLAN_H
#define RENDER_SHEET_PLAN_H

#include "sheet/sheet.h"

/* A face of a piece on a side of the sheet. */
typedef struct SheetCell {
    Rect trim, clip;              /* clip: the trim box and what of its bleed is drawn */
    unsigned place;
    unsigned face;                /* 0 front, 1 back */
    unsigned quarters;            /* turns clockwise */
} SheetCell;

/* Cell `cell` (row by row) of the front; on the back (side 1) the same cell seen from behind. */
SheetCell plan_cell(const Imposition *plan, unsigned side, unsigned cell);

/* All trim boxes of a side, from edge to edge. */
Rect plan_grid(const Imposition *plan, unsigned side);

/* A rectangle of the front as it lies on `side`. */
Rect plan_on_side(const Imposition *plan, unsigned side, Rect rect);

/* die.c: the cutting line of a piece. False after a diag. */
bool plan_die(Arena *arena, Imposition *plan, DiagList *diags);

#endif
