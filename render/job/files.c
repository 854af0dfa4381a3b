/* files.c -- finished pages go to PDF, PNG and SVG files: one file by the calling thread in page order, or a file a row by
 * the workers themselves. */
#include "job/run.h"

#include <string.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "job/pipeline.h"

#define PNG_LEVEL 1               /* posters of 1080 x 1920: 0.16 MB in 23 ms; level 6 takes 37 ms for 0.15 MB */

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
    bool ok = one->run->is_sheet ? pages_of_sheet(worker, index, arena, diags, set) : pages_of_row(worker, index, SIZE_MAX, arena, diags, set);
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
    run_progress(run, "draw", run->is_sheet ? "sheets" : "pages", index + 1, one->total);
    return true;
}

static bool write_one_pdf(Run *run)
{
    const char *name = run->names[0];
    if (strcmp(name, "-") != 0 && !names_make_folder(run->arena, name, run->diags)) return false;
    OutFile *file = file_create(name, run->diags);
    if (!file) return false;
    PdfMeta meta = meta_of(run);
    Worker *worker = worker_start(run, run->arena);
    OnePdf one = {.run = run, .file = file, .total = pages_unit_count(run)};
    one.pdf = raster_pdf_new(run->arena, worker->raster, file, &meta);
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

/* ---- a file a row, or a page ---- */

static bool write_png(Worker *worker, const Scene *scene, OutFile *file, Arena *arena, DiagList *diags)
{
    const Document *document = worker->run->document;
    double dpi = document->output.dpi > 0 ? document->output.dpi : 150;
    RasterOptions options = {.scale = document->is_screen ? 1 : dpi / 72, .background = &paper_white};
    Pixels pixels;
    if (!raster_draw(worker->raster, scene, &options, arena, &pixels, diags)) return false;
    size_t length;
    const uint8_t *png = raster_png_encode_pixels(worker->png, &pixels, PNG_LEVEL, document->is_screen ? 0 : dpi, &length);
    return file_write(file, png, length);
}

static bool write_pdf(Worker *worker, const PageSet *set, OutFile *file, Arena *arena, DiagList *diags)
{
    PdfMeta meta = meta_of(worker->run);
    Pdf *pdf = raster_pdf_new(arena, worker->raster, file, &meta);
    bool ok = pdf != NULL;
    for (size_t i = 0; ok && i < set->count; i++) ok = raster_pdf_add_page(pdf, set->scenes[i], diags);
    if (!pdf) return false;
    return raster_pdf_finish(pdf, diags) && ok;
}

/* Pages [first, first + count) of a set into one file. */
static bool write_file(Worker *worker, const PageSet *set, size_t page, const char *name, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    if (strcmp(name, "-") != 0 && !names_make_folder(arena, name, diags)) return false;
    OutFile *file = file_create(name, diags);
    if (!file) return false;
    bool ok = run->format == FORMAT_PDF ? write_pdf(worker, set, file, arena, diags)
              : run->format == FORMAT_SVG ? raster_write_svg(worker->raster, set->scenes[page], file, diags)
                                          : write_png(worker, set->scenes[page], file, arena, diags);
    atomic_fetch_add(&run->bytes, file_written(file));
    if (!ok && diags->error_count) {
        file_abandon(file);
        return false;
    }
    return file_commit(file, false, diags);
}

static void *many_produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    Run *run = context;
    PageSet *set = ARENA_NEW(arena, PageSet);
    bool ok = run->is_sheet ? pages_of_sheet(worker, index, arena, diags, set) : pages_of_row(worker, index, SIZE_MAX, arena, diags, set);
    if (!ok) return NULL;
    size_t files = run->format == FORMAT_PDF ? 1 : set->count;
    for (size_t page = 0; page < files; page++)
        if (!write_file(worker, set, page, names_of(run, index, page), arena, diags)) return NULL;
    return set;
}

static bool many_consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    Run *run = context;
    join_errors(run, diags);
    if (!item) return false;
    run->summary->pages += ((PageSet *)item)->count;
    run_progress(run, "draw", run->format == FORMAT_PNG ? "pictures" : "files", index + 1, pages_unit_count(run));
    return true;
}

bool files_write(Run *run)
{
    if (run->one_file) return write_one_pdf(run);
    Pipeline pipeline = {.count = pages_unit_count(run), .jobs = run->jobs, .context = run, .start_worker = files_start,
                         .produce = many_produce, .consume = many_consume, .stop = run->options->stop};
    bool ok = pipeline_run(&pipeline, run->diags);
    run->summary->bytes += atomic_load(&run->bytes);
    return ok;
}
