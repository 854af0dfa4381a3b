/* pages.c -- rows become pages, pieces become sheets. */
#include "job/run.h"

void *worker_start(void *context, Arena *arena)
{
    Run *run = context;
    Worker *worker = ARENA_NEW(arena, Worker);
    bool is_dots = run->document->kind == DOC_LED;
    worker->run = run;
    worker->fonts = font_engine_new(arena, run->fonts);
    worker->text = text_engine_new(arena, run->fonts, is_dots);
    text_use_lexicon(worker->text, run->lexicon);
    text_use_images(worker->text, run->images);
    text_use_hyphenation(worker->text, run->hyphenation);
    worker->boxes = box_cache_new(arena);
    worker->raster = raster_new(arena, worker->fonts);
    worker->png = raster_png_new(arena);
    worker->arena = arena;
    return worker;
}

void run_progress(const Run *run, const char *stage, const char *unit, size_t done, size_t total)
{
    if (!run->options->progress) return;
    JobProgress progress = {stage, unit, done, total, atomic_load(&run->bytes)};
    run->options->progress(run->options->progress_context, &progress);
}

#define WARM_ROWS 128             /* of a table in any order, each may lie on a page of its own */

void run_cool(Run *run, size_t rows)
{
    scene_images_cool(run->images);
    if (atomic_fetch_add(&run->warm_rows, rows) < WARM_ROWS) return;
    atomic_store(&run->warm_rows, 0);
    data_cool(run->data);
    spill_cool(run->spill);
    if (run->finished) spill_cool(run->finished);
}

size_t pages_unit_count(const Run *run)
{
    if (run->options->calibration) return 1;
    return run->is_sheet ? sheet_count(&run->imposition, run->row_count * run->leaves) : run->row_count;
}

size_t pages_row_at(const Run *run, size_t sheet, unsigned place, size_t *leaf)
{
    size_t piece = sheet_piece_at(&run->imposition, run->row_count * run->leaves, sheet, place);
    if (leaf) *leaf = piece == SIZE_MAX ? 0 : piece % run->leaves;
    return piece == SIZE_MAX ? SIZE_MAX : piece / run->leaves;
}

BoxContext pages_context(Worker *worker, size_t row_index, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    diags->row = data_row_ref(run->data, row_index);
    return (BoxContext){
        .document = run->document, .engine = worker->text, .images = run->images, .cache = worker->boxes, .places = run->places, .arena = arena, .diags = diags,
        .breaks = run->options->breaks, .asset_paths = run->options->asset_paths, .asset_path_count = run->options->asset_path_count,
        .fill = {.data = run->data, .row_index = row_index, .date = run->options->date, .now = strips_now(run)},
    };
}

void pages_fill_sheet(const Run *run, size_t sheet, FillContext *fill)
{
    size_t low = SIZE_MAX, high = 0;
    for (unsigned cell = 0; cell < run->imposition.per_sheet; cell++) {
        size_t at = pages_row_at(run, sheet, cell, NULL);
        if (at == SIZE_MAX) continue;
        size_t row = data_row_ref(run->data, run->rows[at]).row;
        if (!row) row = 1;
        if (row < low) low = row;
        if (row > high) high = row;
    }
    fill->sheet = sheet + 1;
    fill->sheets = pages_unit_count(run);
    fill->first = low == SIZE_MAX ? 0 : low;
    fill->last = high;
}

static void fill_sheet(Worker *worker, size_t sheet, FillContext *fill)
{
    FillContext *known = &worker->of_sheet;
    if (!worker->knows_sheet || known->sheet != sheet + 1) pages_fill_sheet(worker->run, sheet, known);
    worker->knows_sheet = true;
    fill->sheet = known->sheet;
    fill->sheets = known->sheets;
    fill->first = known->first;
    fill->last = known->last;
}

static const Rect *panels_of(const Document *document, size_t page, Arena *arena)
{
    if (document->pages[page].body) return NULL;
    Rect *panels = ARENA_ARRAY(arena, Rect, sheet_panel_count(document) + 1);
    return sheet_panels(document, page, panels) ? panels : NULL;
}

/* With its creases, and when it is not going to lie on a sheet with its marks. NULL after an error of its label. */
static const Scene *finished(const Run *run, size_t page, const Scene *scene, BoxContext *context)
{
    const Document *document = run->document;
    const Page *spec = &document->page;
    scene = sheet_add_creases(context->arena, document, scene, page, run->is_sheet);
    /* One by one for a press that makes the sheets itself: it cuts them, too. */
    bool has_die = run->is_one_up && document->sheet.cut_color && !page && document->kind != DOC_BOOKLET;
    if (has_die && !(scene = sheet_add_die(context->arena, document, scene, context->diags))) return NULL;
    if (run->is_sheet || !spec->marks) return scene;
    SheetFolds folds = sheet_folds(context->arena, document, page);
    Label words = {spec->label, spec->label_style, spec->marks & MARK_PLATES, run->press};
    size_t errors = context->diags->error_count;
    const Scene *label = label_scene(context, &words, &scene, 1, NULL, sheet_page_label_area(document));
    return context->diags->error_count > errors ? NULL : sheet_add_marks(context->arena, document, scene, &folds, label);
}

bool pages_of_row(Worker *worker, size_t index, size_t sheet, Arena *arena, DiagList *diags, PageSet *out)
{
    Run *run = worker->run;
    const Document *document = run->document;
    BoxContext context = pages_context(worker, run->rows[index], arena, diags);
    *out = (PageSet){.count = document->page_count};
    out->scenes = ARENA_ARRAY(arena, const Scene *, out->count);
    out->pages = ARENA_ARRAY(arena, BoxPage, out->count);
    context.fill.pages = out->count;
    if (run->is_sheet) fill_sheet(worker, sheet == SIZE_MAX ? 0 : sheet, &context.fill);
    bool ok = true;
    for (size_t page = 0; page < out->count; page++) {
        context.fill.page = page + 1;
        const Rect *panels = panels_of(document, page, arena);
        out->pages[page] = box_build_page(&context, page, panels);
        const Scene *scene = out->pages[page].scene;
        if (!scene || !(out->scenes[page] = finished(run, page, scene, &context))) ok = false;
    }
    diags->row = (DataRef){0};
    return ok;
}

/* Whose columns the label of a sheet may name. */
static size_t first_row(const Run *run, size_t sheet)
{
    size_t first = SIZE_MAX;
    for (unsigned cell = 0; cell < run->imposition.per_sheet; cell++) {
        size_t at = pages_row_at(run, sheet, cell, NULL);
        if (at < first) first = at;
    }
    return first == SIZE_MAX ? 0 : run->rows[first];
}

/* `pieces`: what lies there, for the names of the plates; NULL: not asked for. */
static const Scene *sheet_label(Worker *worker, size_t sheet, unsigned side, const SheetPiece *pieces, Arena *arena, DiagList *diags, bool *ok)
{
    Run *run = worker->run;
    const Imposition *plan = &run->imposition;
    const Sheet *spec = plan->sheet;
    Label label = {spec->label, spec->label_style, pieces && spec->marks & MARK_PLATES, run->press};
    if (!label.text && !label.has_plates) return NULL;
    BoxContext context = pages_context(worker, first_row(run, sheet), arena, diags);
    diags->row = (DataRef){0};
    pages_fill_sheet(run, sheet, &context.fill);
    context.fill.page = side + 1;
    context.fill.pages = plan->sides;
    const Scene **scenes = ARENA_ARRAY(arena, const Scene *, 2 * (size_t)plan->per_sheet);
    size_t count = 0;
    for (unsigned place = 0; label.has_plates && place < plan->per_sheet; place++) {
        if (plan->sides == 1 || !side) scenes[count++] = pieces[place].faces[0];
        if (plan->sides == 1 || side) scenes[count++] = pieces[place].faces[1];
    }
    Rect area = sheet_label_area(plan, side);
    size_t errors = diags->error_count;
    const Scene *scene = label_scene(&context, &label, scenes, count, side ? NULL : spec->cut_color, (Size){area.width, area.height});
    if (diags->error_count > errors) *ok = false;
    return scene;
}

bool pages_label_is_right(Worker *worker, size_t sheet, Arena *arena, DiagList *diags)
{
    bool ok = true;
    const Run *run = worker->run;
    for (unsigned side = 0; side < run->imposition.sides; side++) {
        const Scene *label = sheet_label(worker, sheet, side, NULL, arena, diags, &ok);
        if (label && run->glyphs) raster_pdf_expect(run->glyphs, label);
    }
    return ok;
}

/* The two sides of a piece: its pages, or those that lie side by side on a leaf of a booklet. */
static SheetPiece faces_of(const Run *run, const PageSet *pages, size_t leaf, Arena *arena)
{
    const Document *document = run->document;
    SheetPiece piece = {{NULL, NULL}};
    for (unsigned face = 0; face < 2; face++) {
        if (document->kind != DOC_BOOKLET) {
            if (face < pages->count) piece.faces[face] = pages->scenes[face];
            continue;
        }
        size_t two[2];
        sheet_leaf_pages(&document->booklet, pages->count, leaf, face, two);
        const Scene *left = two[0] < pages->count ? pages->scenes[two[0]] : NULL, *right = two[1] < pages->count ? pages->scenes[two[1]] : NULL;
        piece.faces[face] = sheet_spread(arena, document, left, right, leaf);
    }
    return piece;
}

/* `eye` has the last word on whether the row is right. */
static bool lay_out(Worker *worker, size_t row, size_t sheet, const RowEye *eye, Arena *arena, DiagList *diags, PageSet *out)
{
    if (!eye) return pages_of_row(worker, row, sheet, arena, diags, out);
    DiagList said;
    diag_list_init(&said, arena);
    bool is_laid_out = pages_of_row(worker, row, sheet, arena, &said, out);
    return eye->look(eye->context, worker, row, is_laid_out ? out : NULL, arena, &said);
}

/* In the order in which the places are filled. A repeat is the same piece: drawn once, placed again. All leaves of a booklet are
 * of the same pages. */
static bool pieces_of_sheet(Worker *worker, size_t sheet, const RowEye *eye, SheetPiece *pieces, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    const Imposition *plan = &run->imposition;
    size_t row_before = SIZE_MAX, leaf_before = 0;
    PageSet pages = {0};
    SheetPiece piece = {{NULL, NULL}};
    bool ok = true;
    for (unsigned rank = 0; rank < plan->per_sheet; rank++) {
        unsigned place = sheet_place_of(plan, rank);
        size_t leaf, row = pages_row_at(run, sheet, place, &leaf);
        if (row == SIZE_MAX) continue;
        if (row != row_before && !lay_out(worker, row, sheet, eye, arena, diags, &pages)) ok = false;
        if (ok && (row != row_before || leaf != leaf_before)) piece = faces_of(run, &pages, leaf, arena);
        if (ok) pieces[place] = piece;
        row_before = row;
        leaf_before = leaf;
    }
    return ok;
}

static SheetFolds folds_of_piece(const Run *run, Arena *arena)
{
    if (run->document->kind != DOC_BOOKLET) return sheet_folds(arena, run->document, 0);
    Length *spine = ARENA_ARRAY(arena, Length, 1);
    *spine = run->document->page.size.width;
    return (SheetFolds){.x = spine, .x_count = 1};
}

static bool pages_of_sheet(Worker *worker, size_t sheet, const RowEye *eye, Arena *arena, DiagList *diags, PageSet *out)
{
    const Imposition *plan = &worker->run->imposition;
    if (worker->run->options->calibration) return calibration_sheet(worker, arena, diags, out);
    SheetPiece *pieces = ARENA_ARRAY(arena, SheetPiece, plan->per_sheet);
    bool ok = pieces_of_sheet(worker, sheet, eye, pieces, arena, diags);
    SheetFolds folds = folds_of_piece(worker->run, arena);
    *out = (PageSet){.count = plan->sides, .scenes = ARENA_ARRAY(arena, const Scene *, plan->sides)};
    for (unsigned side = 0; side < plan->sides; side++) {
        const Scene *label = ok ? sheet_label(worker, sheet, side, pieces, arena, diags, &ok) : NULL;
        if (ok) out->scenes[side] = sheet_build(arena, plan, side, pieces, label, &folds);
    }
    return ok;
}

bool pages_of_unit(Worker *worker, size_t unit, const RowEye *eye, Arena *arena, DiagList *diags, PageSet *out)
{
    return worker->run->is_sheet ? pages_of_sheet(worker, unit, eye, arena, diags, out) : lay_out(worker, unit, SIZE_MAX, eye, arena, diags, out);
}
