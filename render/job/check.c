/* check.c -- all rows are laid out and looked at before anything is written. */
#include "job/run.h"

#include <string.h>

#include "base/limits.h"
#include "job/pipeline.h"

typedef struct Check {
    Run *run;
    const size_t *wanted;         /* indexes into run->rows; NULL: all */
    size_t count, batch;
    bool *is_good;
    size_t left_out;
    size_t first_unit, unit_count, done;
    atomic_bool makes_pages;      /* unit by unit, until there is a reason not to */
} Check;

static bool is_right(Worker *worker, size_t row, const PageSet *pages, Arena *arena, DiagList *diags, PressFindings *found)
{
    Run *run = worker->run;
    bool ok = pages && (!run->press || run_press_check(worker, row, pages, arena, diags, found)) && codes_read_back(worker, pages, row, arena, diags);
    if (ok) record_row(run, row, pages);
    for (size_t i = 0; ok && run->glyphs && i < pages->count; i++) raster_pdf_expect(run->glyphs, pages->scenes[i]);
    return ok;
}

/* A shard's part: the same for everybody who counts the same. */
static void shard_range(const JobShard *shard, size_t units, size_t *first, size_t *end)
{
    *first = 0, *end = units;
    if (!shard->count) return;
    *first = (size_t)((unsigned __int128)units * (shard->number - 1) / shard->count);
    *end = (size_t)((unsigned __int128)units * shard->number / shard->count);
}

/* ---- row by row ---- */

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
    bool is_laid_out = pages_of_row(worker, row, SIZE_MAX, checker->row_arena, &said, &pages);
    out->is_good = is_right(worker, row, is_laid_out ? &pages : NULL, checker->row_arena, &said, &found);
    diag_join(diags, &said);
    press_findings_join(&batch->found, &found, arena);
    if (!out->is_good && check->run->options->keep_going) {
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

static bool check_by_rows(Run *run, Check *check)
{
    check->batch = batch_of(check->count);
    Pipeline pipeline = {.count = (check->count + check->batch - 1) / check->batch, .jobs = run->jobs, .context = check, .start_worker = check_start,
                         .produce = check_produce, .consume = check_consume, .stop = run->options->stop};
    return pipeline_run(&pipeline, run->diags);
}

/* ---- unit by unit, and what is right is made at once: it need not be laid out again to be drawn ---- */

typedef struct CheckedUnit {
    PressFindings found;
    size_t seen, bad;             /* rows */
    StrBuf pages;                 /* stored; empty: not made */
    PressInk ink;
} CheckedUnit;

typedef struct UnitEye { const Check *check; size_t unit; CheckedUnit *out; DiagList *diags; } UnitEye;

/* A row that lies on several sheets is judged with the first of them. */
static bool judge_row(void *context, Worker *worker, size_t row, const PageSet *pages, Arena *arena, DiagList *said)
{
    const UnitEye *eye = context;
    const Run *run = worker->run;
    size_t first = run->is_sheet ? sheet_first_of(&run->imposition, row * run->leaves) : row;
    if (first < eye->check->first_unit) first = eye->check->first_unit;
    if (first != eye->unit) return pages != NULL;
    PressFindings found = {0};
    bool ok = is_right(worker, row, pages, arena, said, &found);
    diag_join(eye->diags, said);
    press_findings_join(&eye->out->found, &found, arena);
    eye->out->seen++;
    eye->out->bad += !ok;
    return ok;
}

static void *unit_start(void *context, Arena *arena) { return worker_start(((Check *)context)->run, arena); }

/* What goes wrong beyond the rows (a label, a font that may not be embedded) is said where it always is: when labels are looked at, or
 * when the unit is drawn after all. */
static void *unit_produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    const Check *check = context;
    size_t unit = check->first_unit + index;
    CheckedUnit *out = ARENA_NEW(arena, CheckedUnit);
    UnitEye judge = {check, unit, out, diags};
    RowEye eye = {judge_row, &judge};
    PageSet set;
    DiagList unsaid;
    diag_list_init(&unsaid, arena);
    strbuf_init(&out->pages, arena);
    bool ok = pages_of_unit(worker, unit, &eye, arena, &unsaid, &set) && atomic_load(&check->makes_pages);
    if (ok && !run_press_store(worker, unit, &set, arena, &unsaid, &out->pages, &out->ink)) out->pages.length = 0;
    return out;
}

static void keep_pages(Check *check, const CheckedUnit *unit)
{
    Run *run = check->run;
    const char *bytes = unit->pages.length ? spill_put(run->finished, unit->pages.bytes, unit->pages.length) : NULL;
    if (!bytes) {
        atomic_store(&check->makes_pages, false);
        return;
    }
    run->finished_units[run->finished_count++] = bytes;
    press_ink_join(&run->ink, &unit->ink);
}

static bool unit_consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)index, (void)arena;
    Check *check = context;
    Run *run = check->run;
    const CheckedUnit *unit = item;
    diag_join(run->diags, diags);
    press_findings_join(&run->findings, &unit->found, run->arena);
    check->left_out += unit->bad;
    if (atomic_load(&check->makes_pages)) keep_pages(check, unit);
    check->done += unit->seen;
    run_progress(run, "check", "rows", check->done, check->count);
    run_cool(run, unit->seen);
    return true;
}

static bool check_by_units(Run *run, Check *check)
{
    size_t end;
    shard_range(&run->options->shard, pages_unit_count(run), &check->first_unit, &end);
    check->unit_count = end - check->first_unit;
    atomic_store(&check->makes_pages, true);
    if (run->jobs > 1) press_pack_ahead(run->press);
    run->finished = spill_new(run->arena);
    run->finished_units = SPILL_ARRAY(run->spill, const char *, check->unit_count + 1);
    Pipeline pipeline = {.count = check->unit_count, .jobs = run->jobs, .waiting = 1, .context = check, .start_worker = unit_start,
                         .produce = unit_produce, .consume = unit_consume, .stop = run->options->stop};
    return pipeline_run(&pipeline, run->diags);
}

/* ---- which rows, and what is left of them ---- */

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
    if (run->one_file && run->format == FORMAT_PDF && !run->press) run->glyphs = font_glyphs_new(run->arena);
    bool ran = run_press_makes(run) ? check_by_units(run, &check) : check_by_rows(run, &check);
    press_findings_say(&run->findings, run->diags);
    if (!ran) return false;
    run->summary->rows_left_out = check.left_out + run->data_left_out;
    if (check.left_out && !run->options->keep_going) return false;
    keep_good(run, &check);
    return check.left_out < check.count || !check.count;
}
