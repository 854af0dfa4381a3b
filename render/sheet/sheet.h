/* sheet.h -- finished pieces placed on press sheets: step-and-repeat, backs that register, marks, folds. Answers Scenes again.
 *
 * Inside: plan.c (grid, gaps, backs: where each cell lies), die.c (the cutting line), order.c (which piece in which cell), impose.c (a side of a sheet), calibration.c,
 * marks.c (crop, fold, registration, bars), pages.c (a page with its marks), fold.c (panels, creases), booklet.c (leaves). */
#ifndef RENDER_SHEET_SHEET_H
#define RENDER_SHEET_SHEET_H

#include "base/arena.h"
#include "base/diag.h"
#include "document/document.h"
#include "scene/scene.h"

/* About which axis of the sheet it is turned over. What "long edge" means depends on how the sheet lies, so the axis is kept. */
typedef enum SheetAxis { AXIS_VERTICAL, AXIS_HORIZONTAL } SheetAxis;

/* Where pieces go on a sheet: computed once per document. A place holds one piece; a cell is a rectangle of the grid. They are
 * the same but for work-and-turn and work-and-tumble, where a place has two cells: the front's, and the back's in the other half. */
typedef struct Imposition {
    const Sheet *sheet;
    Size upright;                 /* trim size of one piece as its page says */
    Size piece;                   /* as it lies on the sheet */
    bool is_rotated;              /* by a quarter, clockwise */
    Length bleed;                 /* of one piece at the grid's edge; between neighbours at most half the gap */
    unsigned columns, rows;       /* of cells: as given, else as many as fit */
    unsigned cells;
    unsigned place_columns, place_rows;
    unsigned per_sheet;           /* places */
    unsigned sides;               /* scenes that a sheet gives: 2 with backs of their own */
    SheetAxis axis;               /* when there are backs */
    Length left, top;             /* of the first cell's trim box on the front */
    Length step_x, step_y;
    const Path *die;              /* the cutting line, from the top left corner of an upright piece's trim box; or NULL */
} Imposition;

/* What it makes lives in `arena`. False after a diag: `sheet-too-small` names what is needed and what there is; `sheet-gap` a gap between 0 and twice the bleed;
 * `bad-first`; `duplex-grid` and `duplex-margin` a grid that does not fall on itself when the sheet is turned; `cut-open`,
 * `cut-offset` a cutting line that cannot be. Warns of marks (`mark-room`) and bleed
 * (`sheet-bleed`) that find no room, and of cutting lines too near to
 * each other (`cut-apart`) or past the bleed (`cut-bleed`). */
bool sheet_plan(Arena *arena, const Document *document, Imposition *out, DiagList *diags);

/* Sheets that `piece_count` pieces need (first and repeat counted). */
size_t sheet_count(const Imposition *plan, size_t piece_count);

/* Which piece (from 0; SIZE_MAX: none) lies in `place` (row by row, from 0) of sheet `index` (from 0). */
size_t sheet_piece_at(const Imposition *plan, size_t piece_count, size_t index, unsigned place);

/* The places in the order in which they are filled: which is the `rank`-th (from 0). */
unsigned sheet_place_of(const Imposition *plan, unsigned rank);

/* The first sheet on which piece `piece` (from 0) lies. Not for ORDER_STACK, whose pieces do not follow each other. */
size_t sheet_first_of(const Imposition *plan, size_t piece);

/* A finished piece: its front and, where there are backs, its back. Front NULL: the place stays empty. */
typedef struct SheetPiece { const Scene *faces[2]; } SheetPiece;

/* Where a piece is folded: from the left and the top trim edge of its front, upright. */
typedef struct SheetFolds { const Length *x, *y; size_t x_count, y_count; } SheetFolds;

/* Build side `side` (0 front, 1 back) of a sheet: the pieces (of all places) are forms placed at their cells, each clipped to
 * its bleed; marks round them, and on the front the die lines; `label` (a scene as large as sheet_label_area, or NULL) at the
 * foot; marks where the pieces are folded. */
const Scene *sheet_build(Arena *arena, const Imposition *plan, unsigned side, const SheetPiece *pieces, const Scene *label, const SheetFolds *folds);

/* A side of a calibration sheet: crosses on the front, scales on the back. `numbers`: scenes of -3 .. 3; `words`: what to do, or
 * NULL. */
const Scene *sheet_calibration(Arena *arena, const Imposition *plan, unsigned side, const Scene *const *numbers, const Scene *words);

/* Room for the label at the foot of a side, as wide as the grid. */
Rect sheet_label_area(const Imposition *plan, unsigned side);

/* A piece that is not imposed here with the line it is cut along (sheet.cut). NULL after a diag. */
const Scene *sheet_add_die(Arena *arena, const Document *document, const Scene *page, DiagList *diags);

/* A page with its own marks (page.marks): the page as a form on a larger medium with crop, fold and registration marks and
 * bars; `label` (a scene as large as sheet_page_label_area says, or NULL) below them. Without marks the page itself. `folds`: of
 * this page. */
const Scene *sheet_add_marks(Arena *arena, const Document *document, const Scene *page, const SheetFolds *folds, const Scene *label);
Size sheet_page_label_area(const Document *document);

/* ---- leaflets ---- */

/* Panels of a page; 0 when the document has no fold. */
size_t sheet_panel_count(const Document *document);

/* The panels of page `page_index` (0 outside, 1 inside: mirrored), row by row. `out` has room for sheet_panel_count. False when
 * the document has no fold. */
bool sheet_panels(const Document *document, size_t page_index, Rect *out);

/* Where page `page_index` is folded. */
SheetFolds sheet_folds(Arena *arena, const Document *document, size_t page_index);

/* Page 0 with lines along its folds, on the plate of fold.crease; other pages, and without a plate, as they are. Imposed, backs
 * that lie beside their fronts (work-and-turn, work-and-tumble) have them too. */
const Scene *sheet_add_creases(Arena *arena, const Document *document, const Scene *page, size_t page_index, bool is_imposed);

/* ---- booklets ---- */

/* Leaves of paper, four pages each. */
size_t sheet_leaf_count(size_t page_count);

/* The pages (from 0; at least page_count: blank) left and right on a face of a leaf; leaf 0 lies outside, face 0 is its outside. */
void sheet_leaf_pages(const Booklet *booklet, size_t page_count, size_t leaf, unsigned face, size_t pages[2]);

/* Two pages side by side, moved to the fold by the leaf's creep; NULL: blank. */
const Scene *sheet_spread(Arena *arena, const Document *document, const Scene *left, const Scene *right, size_t leaf);

#endif
