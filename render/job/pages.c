/* pages.c -- rows become pages, pieces become sheets; and all of them are checked before anything is written. */
#include "job/run.h"

#include <string.h>

#include "base/limits.h"
#include "job/pipeline.h"

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
    if (atomic_fetch_add(&run->warm_rows, rows) < WARM_ROWS) return;
    atomic_store(&run->warm_rows, 0);
    data_cool(run->data);
    spill_cool(run->spill);
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
        .document = run->document, .engine = worker->text, .images = run->images, .cache = worker->boxes, .arena = arena, .diags = diags,
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
    scene = sheet_add_creases(context->arena, document, scene, page);
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

/* `pieces`: what lies there, for the names of the plates; NULL: not asked for. */
static const Scene *sheet_label(Worker *worker, size_t sheet, unsigned side, const SheetPiece *pieces, Arena *arena, DiagList *diags, bool *ok)
{
    Run *run = worker->run;
    const Imposition *plan = &run->imposition;
    const Sheet *spec = plan->sheet;
    Label label = {spec->label, spec->label_style, pieces && spec->marks & MARK_PLATES, run->press};
    if (!label.text && !label.has_plates) return NULL;
    BoxContext context = pages_context(worker, 0, arena, diags);
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
    for (unsigned side = 0; side < worker->run->imposition.sides; side++) sheet_label(worker, sheet, side, NULL, arena, diags, &ok);
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

/* A repeat is the same piece: drawn once, placed again. All leaves of a booklet are of the same pages. */
static bool pieces_of_sheet(Worker *worker, size_t sheet, SheetPiece *pieces, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    const Imposition *plan = &run->imposition;
    unsigned before = plan->sheet->order == ORDER_COLUMN ? plan->place_columns : 1;
    size_t laid_out = SIZE_MAX;
    PageSet pages = {0};
    bool ok = true;
    for (unsigned place = 0; place < plan->per_sheet; place++) {
        size_t leaf, leaf_before, row = pages_row_at(run, sheet, place, &leaf);
        if (row == SIZE_MAX) continue;
        if (place >= before && pages_row_at(run, sheet, place - before, &leaf_before) == row && leaf_before == leaf) {
            pieces[place] = pieces[place - before];
            continue;
        }
        if (row != laid_out && !pages_of_row(worker, row, sheet, arena, diags, &pages)) ok = false;
        laid_out = row;
        if (ok) pieces[place] = faces_of(run, &pages, leaf, arena);
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

bool pages_of_sheet(Worker *worker, size_t sheet, Arena *arena, DiagList *diags, PageSet *out)
{
    const Imposition *plan = &worker->run->imposition;
    if (worker->run->options->calibration) return calibration_sheet(worker, arena, diags, out);
    SheetPiece *pieces = ARENA_ARRAY(arena, SheetPiece, plan->per_sheet);
    bool ok = pieces_of_sheet(worker, sheet, pieces, arena, diags);
    SheetFolds folds = folds_of_piece(worker->run, arena);
    *out = (PageSet){.count = plan->sides, .scenes = ARENA_ARRAY(arena, const Scene *, plan->sides)};
    for (unsigned side = 0; side < plan->sides; side++) {
        const Scene *label = ok ? sheet_label(worker, sheet, side, pieces, arena, diags, &ok) : NULL;
        if (ok) out->scenes[side] = sheet_build(arena, plan, side, pieces, label, &folds);
    }
    return ok;
}

/* ---- the check pass ---- */

typedef struct Check {
    Run *run;
    const size_t *wanted;         /* indexes into run->rows; NULL: all */
    size_t count, batch;
    bool *is_good;
    size_t left_out;
} Check;

static size_t wanted_at(const Check *check, size_t index) { return check->wanted ? check->wanted[index] : index; }

/* Rows are looked at some at a time: handing each over by itself would cost two threads more than it saves. How many does not
 * depend on the number of jobs, and a small run still has work for all. */
#define BATCH_MOST 32
#define BATCHES_WANTED 128

static size_t batch_of(size_t rows)
{
    size_t size = rows / BATCHES_WANTED;
    return size < 1 ? 1 : size > BATCH_MOST ? BATCH_MOST : size;
}

/* A row that was looked at; `diags` is there for one that is left out. */
typedef struct Checked { bool is_good; const DiagList *diags; } Checked;
typedef struct Batch { Checked rows[BATCH_MOST]; PressFindings found; } Batch;

typedef struct CheckWorker { Worker *worker; Arena *row_arena; } CheckWorker;

static void free_arena(void *arena) { arena_free(arena); }

static void *check_start(void *context, Arena *arena)
{
    CheckWorker *checker = ARENA_NEW(arena, CheckWorker);
    checker->worker = worker_start(((Check *)context)->run, arena);
    void **owned = arena_own(arena, free_arena);
    *owned = checker->row_arena = arena_new(LIMIT_UNIT_BYTES);
    return checker->row_arena ? checker : NULL;
}

/* What is said of the row, and all else that outlives it, goes into `arena`. */
static void check_row(const Check *check, CheckWorker *checker, size_t row, Arena *arena, DiagList *diags, Batch *batch, Checked *out)
{
    Worker *worker = checker->worker;
    PageSet pages;
    PressFindings found = {0};
    DiagList said;
    arena_reset(checker->row_arena);
    diag_list_init(&said, checker->row_arena);
    out->is_good = pages_of_row(worker, row, SIZE_MAX, checker->row_arena, &said, &pages) &&
                   (!check->run->press || run_press_check(worker, row, &pages, checker->row_arena, &said, &found)) &&
                   codes_read_back(worker, &pages, row, checker->row_arena, &said);
    diag_join(diags, &said);
    press_findings_join(&batch->found, &found, arena);
    if (out->is_good) {
        record_row(check->run, row, &pages);
    } else if (check->run->options->keep_going) {
        DiagList *kept = ARENA_NEW(arena, DiagList);
        diag_list_init(kept, arena);
        diag_join(kept, &said);
        press_findings_say(&found, kept);
        out->diags = kept;
    }
}

static void *check_produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    const Check *check = context;
    Batch *batch = ARENA_NEW(arena, Batch);
    size_t first = index * check->batch;
    for (size_t i = 0; i < check->batch && first + i < check->count; i++)
        check_row(check, worker, wanted_at(check, first + i), arena, diags, batch, &batch->rows[i]);
    return batch;
}

static bool check_consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    Check *check = context;
    Run *run = check->run;
    const Batch *batch = item;
    diag_join(run->diags, diags);
    press_findings_join(&run->findings, &batch->found, run->arena);
    size_t first = index * check->batch, end = first + check->batch < check->count ? first + check->batch : check->count;
    for (size_t i = first; i < end; i++) {
        const Checked *checked = &batch->rows[i - first];
        size_t row = wanted_at(check, i);
        check->is_good[row] = checked->is_good;
        if (checked->is_good) continue;
        check->left_out++;
        if (checked->diags) rejected_add(run, run->rows[row], checked->diags);
    }
    run_progress(run, "check", "rows", end, check->count);
    run_cool(run, end - first);
    return true;
}

/* A shard's part: the same for everybody who counts the same. */
static void shard_range(const JobShard *shard, size_t units, size_t *first, size_t *end)
{
    *first = 0, *end = units;
    if (!shard->count) return;
    *first = (size_t)((unsigned __int128)units * (shard->number - 1) / shard->count);
    *end = (size_t)((unsigned __int128)units * shard->number / shard->count);
}

/* The rows a shard has to look at. On sheets, a row that is left out moves all that follow: then everybody looks at all. */
static void choose_rows(Run *run, Check *check)
{
    const JobShard *shard = &run->options->shard;
    check->count = run->row_count;
    if (!shard->count || (run->is_sheet && run->options->keep_going)) return;
    size_t first, end, *wanted = SPILL_ARRAY(run->spill, size_t, run->row_count + 1);
    bool *is_wanted = SPILL_ARRAY(run->spill, bool, run->row_count + 1);
    shard_range(shard, pages_unit_count(run), &first, &end);
    for (size_t unit = first; unit < end; unit++) {
        if (!run->is_sheet) is_wanted[unit] = true;
        for (unsigned cell = 0; run->is_sheet && cell < run->imposition.per_sheet; cell++) {
            size_t row = pages_row_at(run, unit, cell, NULL);
            if (row != SIZE_MAX) is_wanted[row] = true;
        }
    }
    check->count = 0;
    for (size_t i = 0; i < run->row_count; i++)
        if (is_wanted[i]) wanted[check->count++] = i;
    check->wanted = wanted;
    run->summary->rows = check->count + run->data_left_out;
}

/* Leave the bad rows out; where the shard's part lies among the others. */
static void keep_good(Run *run, const Check *check)
{
    size_t first, end, kept = 0;
    shard_range(&run->options->shard, run->row_count, &first, &end);
    run->first_unit = run->end_unit = 0;
    for (size_t i = 0; i < run->row_count; i++) {
        if (i == first) run->first_unit = kept;
        if (check->is_good[i]) run->rows[kept++] = run->rows[i];
        if (i + 1 == end) run->end_unit = kept;
    }
    if (first == end) run->first_unit = run->end_unit = 0;
    run->row_count = kept;
    if (run->is_sheet) shard_range(&run->options->shard, pages_unit_count(run), &run->first_unit, &run->end_unit);
}

bool pages_check(Run *run)
{
    Check check = {.run = run, .is_good = SPILL_ARRAY(run->spill, bool, run->row_count + 1)};
    memset(check.is_good, true, run->row_count);
    choose_rows(run, &check);
    check.batch = batch_of(check.count);
    Pipeline pipeline = {.count = (check.count + check.batch - 1) / check.batch, .jobs = run->jobs, .context = &check, .start_worker = check_start,
                         .produce = check_produce, .consume = check_consume, .stop = run->options->stop};
    bool ran = pipeline_run(&pipeline, run->diags);
    press_findings_say(&run->findings, run->diags);
    if (!ran) return false;
    run->summary->rows_left_out = check.left_out + run->data_left_out;
    if (check.left_out && !run->options->keep_going) return false;
    keep_good(run, &check);
    return check.left_out < check.count || !check.count;
}
