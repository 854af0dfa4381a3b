/* sheet.h -- finished pieces placed on press sheets: step-and-repeat, marks, folds. Answers Scenes again.
 *
 * Inside: impose.c (grid, order, gaps), marks.c (crop, fold, registration, colour bar). */
#ifndef RENDER_SHEET_SHEET_H
#define RENDER_SHEET_SHEET_H

#include "base/arena.h"
#include "base/diag.h"
#include "document/document.h"
#include "scene/scene.h"

/* Where pieces go on a sheet: computed once per document. */
typedef struct Imposition {
    const Sheet *sheet;
    Size piece;                   /* trim size of one piece */
    Length bleed;                 /* of one piece at the grid's edge; between neighbours at most half the gap */
    unsigned columns, rows;       /* the grid: as given, else as many as fit */
    unsigned per_sheet;
    Length left, top;             /* of the first piece's trim box */
    Length step_x, step_y;
} Imposition;

/* False after a diag: `sheet-too-small` names what is needed and what there is; `sheet-gap` warns of a gap between 0 and
 * twice the bleed. */
bool sheet_plan(const Document *document, Imposition *out, DiagList *diags);

/* Sheets that `piece_count` pieces need (first and repeat counted). */
size_t sheet_count(const Imposition *plan, size_t piece_count);

/* Which piece (from 0; SIZE_MAX: none) lies in `cell` (row by row, from 0) of sheet `index` (from 0). */
size_t sheet_piece_at(const Imposition *plan, size_t piece_count, size_t index, unsigned cell);

/* Build sheet `index`: `pieces[cell]` (NULL: empty) are forms placed at their cells, each clipped to its bleed; marks and
 * die lines round them; `label` (a scene as wide as the sheet's free width, or NULL) at the foot. */
const Scene *sheet_build(Arena *arena, const Imposition *plan, const Scene *const *pieces, const Scene *label);

/* Length available to the label between the outer pieces' edges, and its top. */
Rect sheet_label_area(const Imposition *plan);

/* A page with its own marks (page.marks): the page as a form on a larger medium with crop, fold and registration marks and
 * a colour bar. Without marks the page itself. `fold_x`: fold positions from the left trim edge. */
const Scene *sheet_add_marks(Arena *arena, const Document *document, const Scene *page, const Length *fold_x, size_t fold_count);

/* Left edges and widths of the panels of page `page_index` (0 outside, 1 inside: mirrored). `out` has room for the fold's
 * panel_count. False when the document has no fold. */
bool sheet_panels(const Document *document, size_t page_index, Rect *out);

#endif
