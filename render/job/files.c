/* files.c -- finished pages go to PDF, PNG and SVG files: one file by the calling thread in page order, or a file a row by
 * the workers themselves. */
#include "job/run.h"

#include <string.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "job/pipeline.h"

#define PROOF_LEVEL 1             /* of PNG: a poster of 1080 x 1920 has 0.16 MB in 23 ms; level 6 takes 37 ms for 0.15 MB */

static const Color paper_white = {.name = "white", .has_rgb = true, .rgb = {255, 255, 255}, .has_cmyk = true};

static PdfMeta meta_of(const Run *run)
{
    return (PdfMeta){.title = run->document->title, .language = run->document->lang, .date = run->options->date};
}

static void *files_start(void *context, Arena *arena) { return worker_start(context, arena); }

/* ---- one PDF ---- */

typedef struct OnePdf { Run *run; Pdf *pdf; OutFile *file; size_t total; } OnePdf;

static void *one_start(void *context, Arena *arena) { return worker_start(((OnePdf *)context)->run, arena); }

static void *one_produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    OnePdf *one = context;
    PageSet *set = ARENA_NEW(arena, PageSet);
    size_t unit = one->run->first_unit + index;
    bool ok = pages_of_unit(worker, unit, NULL, arena, diags, set);
    return ok ? set : NULL;
}

/* Warnings were said in the check pass; here only what is new matters: errors (of a sheet's label, of the file). */
static void join_errors(Run *run, const DiagList *diags)
{
    for (size_t i = 0; i < diags->count; i++)
        if (diags->items[i].severity == SEVERITY_ERROR) diag_add(run->diags, &diags->items[i]);
}

static bool one_consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    OnePdf *one = context;
    Run *run = one->run;
    join_errors(run, diags);
    if (!item) return false;
    PageSet *set = item;
    for (size_t i = 0; i < set->count; i++)
        if (!raster_pdf_add_page(one->pdf, set->scenes[i], run->diags)) return false;
    run->summary->pages += set->count;
    atomic_store(&run->bytes, file_written(one->file));
    run_cool(run, run->is_sheet ? run->imposition.per_sheet : 1);
    run_progress(run, "draw", run->is_sheet ? "sheets" : "pages", index + 1, one->total);
    return true;
}

static bool draw_one_pdf(Run *run, size_t units)
{
    if (run->press) return run_press_one(run, units);
    OutFile *file = file_create(run->names[0], run->diags);
    if (!file) return false;
    PdfMeta meta = meta_of(run);
    Worker *worker = worker_start(run, run->arena);
    OnePdf one = {.run = run, .file = file, .total = units};
    one.pdf = raster_pdf_new(run->arena, worker->raster, file, &meta, run->glyphs);
    Pipeline pipeline = {.count = one.total, .jobs = run->jobs, .context = &one, .start_worker = one_start,
                         .produce = one_produce, .consume = one_consume, .stop = run->options->stop};
    bool ok = one.pdf && pipeline_run(&pipeline, run->diags);
    if (one.pdf && !raster_pdf_finish(one.pdf, run->diags)) ok = false;
    if (!ok) {
        file_abandon(file);
        return false;
    }
    run->summary->bytes += file_written(file);
    return file_commit(file, true, run->diags);
}

/* All units of the run in one: the inputs of the one file. */
static void one_inputs(const Run *run, LedgerEntry *entry)
{
    Hash hash;
    hash_begin(&hash);
    for (size_t unit = run->first_unit; unit < run->end_unit; unit++) {
        char hex[HASH_HEX_ROOM];
        record_unit(run, unit, hex);
        hash_add_string(&hash, hex);
        if (unit % 512 == 0) spill_cool(run->spill);
    }
    hash_end(&hash, entry->inputs);
    entry->row_count = run->is_sheet ? 0 : run->end_unit - run->first_unit;
    for (size_t unit = run->first_unit; run->is_sheet && unit < run->end_unit; unit++)
        for (unsigned cell = 0; cell < run->imposition.per_sheet; cell++)
            entry->row_count += pages_row_at(run, unit, cell, NULL) != SIZE_MAX;
}

/* A PDF is one stream: there is no half of it to go on from. An interrupted one was never there and is drawn again; one that
 * is there, whole and unchanged, is kept. */
static bool write_one_pdf(Run *run)
{
    const char *name = run->names[0];
    size_t units = run->end_unit - run->first_unit;
    if (!run->folder) return draw_one_pdf(run, units);
    if (!units) return true;                        /* a shard beyond the last sheet */
    LedgerEntry entry = {.name = record_name(run, name)};
    one_inputs(run, &entry);
    if (record_is_known(run, name, entry.inputs, &entry)) run->summary->kept = 1;
    else if (!draw_one_pdf(run, units) || !record_hash(name, &entry, run->diags)) return false;
    return ledger_add(run->ledger, &entry, run->diags);
}

/* ---- a file a row, or a page ---- */

/* The pages of a row differ more from each other than from the same page of the next row. */
static PictureSeries *series_of(Worker *worker, size_t page)
{
    PictureSeries **place = &worker->series[page % SERIES_KEPT];
    if (!*place) *place = raster_series_new(worker->arena, worker->raster);
    return *place;
}

static bool write_png(Worker *worker, const Scene *scene, size_t page, OutFile *file, Arena *arena, DiagList *diags)
{
    const Document *document = worker->run->document;
    double dpi = document->output.dpi > 0 ? document->output.dpi : 150;
    RasterOptions options = {.scale = document->is_screen ? 1 : dpi / 72, .background = &paper_white};
    size_t length;
    const uint8_t *png;
    if (worker->run->press) {
        Pixels proof;
        if (!press_proof(worker->run->press, worker->raster, scene, &options, arena, &proof, diags)) return false;
        png = raster_png_encode_pixels(worker->png, &proof, PROOF_LEVEL, dpi, &length);
    } else {
        png = raster_series_encode(series_of(worker, page), scene, &options, document->is_screen ? 0 : dpi, &length, diags);
    }
    return png && file_write(file, png, length);
}

static bool write_pdf(Worker *worker, size_t unit, const PageSet *set, OutFile *file, Arena *arena, DiagList *diags)
{
    if (worker->run->press) return run_press_file(worker, unit, set, file, arena, diags);
    PdfMeta meta = meta_of(worker->run);
    FontGlyphs *glyphs = font_glyphs_new(arena);               /* its own only: it must not matter what else is drawn */
    for (size_t i = 0; i < set->count; i++) raster_pdf_expect(glyphs, set->scenes[i]);
    Pdf *pdf = raster_pdf_new(arena, worker->raster, file, &meta, glyphs);
    bool ok = pdf != NULL;
    for (size_t i = 0; ok && i < set->count; i++) ok = raster_pdf_add_page(pdf, set->scenes[i], diags);
    if (!pdf) return false;
    return raster_pdf_finish(pdf, diags) && ok;
}

/* Pages [first, first + count) of a set into one file. */
static bool write_file(Worker *worker, size_t unit, const PageSet *set, size_t page, const char *name, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    if (strcmp(name, "-") != 0 && !names_make_folder(arena, name, diags)) return false;
    OutFile *file = file_create(name, diags);
    if (!file) return false;
    bool ok = run->format == FORMAT_PDF ? write_pdf(worker, unit, set, file, arena, diags)
              : run->format == FORMAT_SVG ? raster_write_svg(worker->raster, set->scenes[page], file, diags)
                                          : write_png(worker, set->scenes[page], page, file, arena, diags);
    atomic_fetch_add(&run->bytes, file_written(file));
    if (!ok && diags->error_count) {
        file_abandon(file);
        return false;
    }
    return file_commit(file, false, diags);
}

/* The files of one unit, drawn or found unchanged. */
typedef struct Done { LedgerEntry *entries; size_t count, kept, pages; } Done;

static bool draw_unit(Worker *worker, size_t unit, const bool *is_kept, Done *done, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    PageSet set;
    bool ok = pages_of_unit(worker, unit, NULL, arena, diags, &set);
    for (size_t page = 0; ok && page < done->count; page++) {
        const char *name = names_of(run, unit, page);
        if (is_kept[page]) continue;
        ok = write_file(worker, unit, &set, page, name, arena, diags) && (!run->ledger || record_hash(name, &done->entries[page], diags));
    }
    return ok;
}

static void *many_produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    Run *run = context;
    size_t unit = run->first_unit + index, pages = run->unit_pages;
    Done *done = ARENA_NEW(arena, Done);
    *done = (Done){.count = run->format == FORMAT_PDF ? 1 : pages, .pages = pages};
    done->entries = ARENA_ARRAY(arena, LedgerEntry, done->count);
    bool *is_kept = ARENA_ARRAY(arena, bool, done->count);
    for (size_t page = 0; run->ledger && page < done->count; page++) {
        LedgerEntry *entry = &done->entries[page];
        const char *name = names_of(run, unit, page);
        entry->name = record_name(run, name);
        entry->unit = run->is_sheet ? unit : run->rows[unit];
        entry->rows = record_rows(run, unit, arena, &entry->row_count);
        record_unit(run, unit, entry->inputs);
        is_kept[page] = record_is_known(run, name, entry->inputs, entry);
        done->kept += is_kept[page];
    }
    return done->kept == done->count || draw_unit(worker, unit, is_kept, done, arena, diags) ? done : NULL;
}

static bool many_consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    Run *run = context;
    Done *done = item;
    join_errors(run, diags);
    if (!done) return false;
    diag_list_init(diags, arena);
    bool ok = true;
    for (size_t i = 0; ok && run->ledger && i < done->count; i++) ok = ledger_add(run->ledger, &done->entries[i], diags);
    join_errors(run, diags);
    run->summary->pages += done->pages;
    run_cool(run, 1);
    run->summary->kept += done->kept;
    run_progress(run, "draw", run->format == FORMAT_PNG ? "pictures" : "files", index + 1, run->end_unit - run->first_unit);
    return ok;
}

static bool write_many(Run *run)
{
    Pipeline pipeline = {.count = run->end_unit - run->first_unit, .jobs = run->jobs, .context = run, .start_worker = files_start,
                         .produce = many_produce, .consume = many_consume, .stop = run->options->stop};
    bool ok = pipeline_run(&pipeline, run->diags);
    run->summary->bytes += atomic_load(&run->bytes);
    return ok;
}

bool files_write(Run *run)
{
    if (run->folder && !names_make_folder(run->arena, run->names[0], run->diags)) return false;
    if (!record_open(run)) return false;
    /* Every shard of sheets knows all rows that are left out: the first one counts them. */
    bool counts = !run->is_sheet || run->options->shard.number <= 1;
    size_t left_out = counts ? run->summary->rows_left_out : 0;
    bool ok = run->one_file ? write_one_pdf(run) : write_many(run);
    ok = ok && (!run->options->keep_going || !run->folder || rejected_write(run, run->folder));
    ok = ok && (!run->ledger || ledger_finish(run->ledger, left_out, run->diags));
    if (run->ledger) ledger_close(run->ledger);
    return ok;
}
