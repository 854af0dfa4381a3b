/* press.c -- output.standard: pages become press files. Workers make the operators and the calling thread writes them in order;
 * of a file a row (files.c) a worker does both. */
#include "job/run.h"

#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "job/pipeline.h"

/* The profile's limits, with the layout's own. */
static PressLimits limits_of(const Checks *checks)
{
    PressLimits limits;
    press_limits_find(checks->profile, &limits);                /* one of the schema's words: it is there */
    for (size_t i = 0; i < checks->limit_count; i++)
        press_limits_set(&limits, checks->limits[i].rule, (PressLimit){checks->limits[i].warn, checks->limits[i].error});
    return limits;
}

static bool has_report(const Run *run) { return run->options->report || run->options->report_page; }

/* ISO 32000-1, table C.1: what readers of PDF hold a page to. */
#define PAGE_MOST (14400 * LENGTH_ONE)

static void warn_of_size(const Run *run)
{
    const Document *document = run->document;
    bool is_sheet = document->sheet.is_given && !run->is_one_up;
    Size size = is_sheet ? document->sheet.size : document->page.size;
    Length longer = size.width > size.height ? size.width : size.height, bleed = is_sheet ? 0 : 2 * document->page.bleed;
    char room[NUM_ROOM];
    if (longer + bleed <= PAGE_MOST) return;
    diag_warning(run->diags, is_sheet ? document->sheet.where : document->page.where, "page-beyond-pdf", "draw it at a tenth of its size, and write 1 : 10 on the order",
                 "the %s is %s mm long with its bleed, and many programs read no PDF page beyond 5080 mm", is_sheet ? "sheet" : "page", num_format(room, length_to_mm(longer + bleed), 0));
}

bool run_press_open(Run *run)
{
    const Document *document = run->document;
    const Output *output = &document->output;
    if (!output->standard && run->options->pack)
        return diag_error(run->diags, output->where, "no-pack", "add output: {standard: PDF/X-4}", "a pack is handed over to a print shop, and this layout makes no press file");
    if (!output->standard && has_report(run))
        return diag_error(run->diags, output->where, "no-report", "add output: {standard: PDF/X-4}", "--report tells of press files, and this layout makes none");
    if (!output->standard) return true;
    if (document->is_screen)
        return diag_error(run->diags, output->standard_span, "bad-format", "leave standard out", "\"%s\" is for paper, and this layout is for a screen", output->standard);
    warn_of_size(run);
    run->limits = limits_of(&document->checks);
    PressOptions options = {.standard = strcmp(output->standard, "PDF/X-1a") == 0 && !run->is_one_up ? PRESS_X1A : PRESS_X4, .has_records = run->is_one_up, .title = document->title,
                            .language = document->lang, .date = run->options->date, .profile = output->profile, .limits = run->limits,
                            .colors = document->colors, .color_count = document->color_count,
                            .where = output->profile ? output->profile_span : output->standard_span};
    run->press = press_setup_new(run->arena, &options, run->diags);
    return run->press && press_check_colors(document->colors, document->color_count, output->standard_span, run->diags);
}

/* Is more ink thinkable than the press allows, though no colour alone has it? Then the plates say what there is. */
static bool may_be_too_much(const Run *run, const PressJudged *judged)
{
    PressLimit limit = run->limits.of[RULE_INK];
    double least = limit.warn == PRESS_NEVER ? limit.error : limit.error == PRESS_NEVER ? limit.warn : limit.warn < limit.error ? limit.warn : limit.error;
    return least != PRESS_NEVER && judged->most_ink > least + 0.5 && judged->most_named_ink <= least + 0.5;
}

bool run_press_check(Worker *worker, size_t row, const PageSet *pages, Arena *arena, DiagList *diags, PressFindings *found)
{
    const Run *run = worker->run;
    bool ok = true;
    DataRef data = data_row_ref(run->data, run->rows[row]);
    Span where = run->document->page.where;
    for (size_t i = 0; i < pages->count; i++) {
        PressJudged judged;
        PressInk ink;
        const Scene *scene = pages->pages[i].scene;
        if (!press_check_page(run->press, arena, scene, where, data, &judged)) ok = false;
        if (may_be_too_much(run, &judged)) {
            if (!press_measure_ink(run->press, worker->raster, scene, &ink, diags)) return false;
            if (!press_check_ink(run->press, arena, ink.most_ink, ink.at, where, data, &judged)) ok = false;
        }
        press_findings_join(found, &judged.found, arena);
    }
    return ok;
}

/* A sheet is cut by its marks and has no trim of its own; a page may lie in the middle of a larger medium with marks. */
static PressBoxes boxes_of(const Run *run, const Scene *scene)
{
    Rect media = {-scene->bleed, -scene->bleed, scene->width + 2 * scene->bleed, scene->height + 2 * scene->bleed};
    if (run->is_sheet) return (PressBoxes){media, media, media};
    Size size = run->document->page.size;
    Length bleed = run->document->page.bleed;
    Rect trim = {(scene->width - size.width) / 2, (scene->height - size.height) / 2, size.width, size.height};
    return (PressBoxes){media, {trim.x - bleed, trim.y - bleed, trim.width + 2 * bleed, trim.height + 2 * bleed}, trim};
}

/* ---- pages made by workers ---- */

typedef struct Made { size_t count; const PressPage **pages; PressRecord record; PressInk ink; } Made;

typedef struct Writing { Run *run; Press *press; OutFile *file; size_t total; } Writing;

static void *start(void *context, Arena *arena) { return worker_start(((Writing *)context)->run, arena); }

PressRecord run_press_record(const Run *run, size_t unit, Arena *arena)
{
    const Document *document = run->document;
    PressRecord record = {.row = data_row_ref(run->data, run->rows[unit]).row};
    const NamedSpan *keys = document->output.record_count ? document->output.record : document->data.unique;
    size_t count = document->output.record_count ? document->output.record_count : document->data.unique_count;
    const char *const *columns;
    NamedSpan first = {0};
    if (!count && data_columns(run->data, &columns)) first.name = columns[0], keys = &first, count = 1;
    if (!record.row) record.row = run->rows[unit] + 1;
    PressField *fields = ARENA_ARRAY(arena, PressField, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *value = data_field(run->data, run->rows[unit], keys[i].name);
        fields[record.field_count++] = (PressField){keys[i].name, value ? value : ""};
    }
    record.fields = fields;
    return record;
}

static Made *make_pages(Worker *worker, size_t unit, const PageSet *set, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    Made *made = ARENA_NEW(arena, Made);
    *made = (Made){.count = set->count, .pages = ARENA_ARRAY(arena, const PressPage *, set->count)};
    if (run->is_one_up) made->record = run_press_record(run, unit, arena);
    for (size_t i = 0; i < set->count; i++) {
        PressBoxes boxes = boxes_of(run, set->scenes[i]);
        if (!(made->pages[i] = press_make_page(run->press, arena, set->scenes[i], &boxes, diags))) return NULL;
        PressInk ink;
        if (!has_report(run)) continue;
        if (!press_measure_ink(run->press, worker->raster, set->scenes[i], &ink, diags)) return NULL;
        press_ink_join(&made->ink, &ink);
    }
    return made;
}

/* Sheets that are filled from the first row to the last have the rows in their order, and so what is said of them. With --keep-going nobody
 * knows yet which rows lie where; and what an earlier run has done may not have to be drawn at all. */
bool run_press_makes(const Run *run)
{
    const JobOptions *options = run->options;
    if (!run->press || !run->names || !run->one_file || options->keep_going || options->dry_run || options->calibration) return false;
    if (run->is_sheet && run->imposition.sheet->order == ORDER_STACK) return false;
    return !(options->resume || options->only_changed) || !file_exists(run->names[0]);
}

bool run_press_store(Worker *worker, size_t unit, const PageSet *set, Arena *arena, DiagList *diags, StrBuf *out, PressInk *ink)
{
    Made *made = make_pages(worker, unit, set, arena, diags);
    for (size_t i = 0; made && i < made->count; i++) press_page_store(made->pages[i], out);
    if (made) *ink = made->ink;
    return made != NULL;
}

static void *produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    Run *run = ((Writing *)context)->run;
    PageSet set;
    size_t unit = run->first_unit + run->finished_count + index;
    bool ok = pages_of_unit(worker, unit, NULL, arena, diags, &set);
    return ok ? make_pages(worker, unit, &set, arena, diags) : NULL;
}

static bool add_pages(Writing *writing, size_t index, const Made *made)
{
    Run *run = writing->run;
    if (!press_add_record(writing->press, made->pages, made->count, &made->record, run->diags)) return false;
    run->summary->pages += made->count;
    press_ink_join(&run->ink, &made->ink);
    atomic_store(&run->bytes, file_written(writing->file));
    run_cool(run, run->is_sheet ? run->imposition.per_sheet : 1);
    run_progress(run, "draw", run->is_sheet ? "sheets" : "pages", index + 1, writing->total);
    return true;
}

static bool consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    Writing *writing = context;
    Run *run = writing->run;
    for (size_t i = 0; i < diags->count; i++)                  /* warnings were said by the check pass */
        if (diags->items[i].severity == SEVERITY_ERROR) diag_add(run->diags, &diags->items[i]);
    return item && add_pages(writing, run->finished_count + index, item);
}

/* What the check has made. */
static bool add_finished(Writing *writing)
{
    Run *run = writing->run;
    Arena *arena = arena_new(0);
    bool ok = arena || diag_system(run->diags, SPAN_NONE, "out-of-memory", "draw fewer pages at once", "there is not enough memory to write the page");
    for (size_t i = 0; ok && i < run->finished_count; i++) {
        arena_reset(arena);
        Made made = {.count = run->unit_pages, .pages = ARENA_ARRAY(arena, const PressPage *, run->unit_pages)};
        const char *at = run->finished_units[i];
        for (size_t page = 0; page < made.count; page++) made.pages[page] = press_page_load(arena, &at);
        if (run->is_one_up) made.record = run_press_record(run, run->first_unit + i, arena);
        ok = !(run->options->stop && *run->options->stop) && add_pages(writing, i, &made);
    }
    arena_free(arena);
    return ok;
}

/* ---- --report ---- */

static bool write_report(Run *run, const char *path, const StrBuf *text)
{
    if (strcmp(path, "-") != 0 && !names_make_folder(run->arena, path, run->diags)) return false;
    OutFile *file = file_create(path, run->diags);
    if (!file) return false;
    file_write(file, text->bytes, text->length);
    return file_commit(file, true, run->diags);
}

bool run_press_report(Run *run, const Press *press)
{
    const JobOptions *options = run->options;
    StrBuf json, page;
    strbuf_init(&json, run->arena);
    strbuf_init(&page, run->arena);
    if (options->report) press_report(run->press, press, &run->findings, &run->ink, &json);
    if (options->report_page) press_report_page(run->press, press, &run->findings, &run->ink, &page);
    return (!options->report || write_report(run, options->report, &json)) && (!options->report_page || write_report(run, options->report_page, &page));
}

/* ---- files ---- */

bool run_press_one(Run *run, size_t units)
{
    Writing writing = {.run = run, .total = units, .file = file_create(run->names[0], run->diags)};
    if (!writing.file) return false;
    writing.press = press_new(run->arena, run->press, writing.file);
    /* A sheet of QR codes is some MB until it is written. */
    Pipeline pipeline = {.count = units - run->finished_count, .jobs = run->jobs, .waiting = 1, .context = &writing, .start_worker = start,
                         .produce = produce, .consume = consume, .stop = run->options->stop};
    if (!add_finished(&writing) || !pipeline_run(&pipeline, run->diags) || !press_finish(writing.press, run->diags)) {
        file_abandon(writing.file);
        return false;
    }
    run->summary->bytes += file_written(writing.file);
    return file_commit(writing.file, true, run->diags) && run_press_report(run, writing.press);
}

bool run_press_file(Worker *worker, size_t unit, const PageSet *set, OutFile *file, Arena *arena, DiagList *diags)
{
    Run *run = worker->run;
    if (has_report(run))
        return diag_error(diags, SPAN_NONE, "no-report", "give -o one name, or leave --report out", "--report is for one press file, and a file a row is written");
    Made *made = make_pages(worker, unit, set, arena, diags);
    if (!made) return false;
    Press *press = press_new(arena, run->press, file);
    return press_add_record(press, made->pages, made->count, &made->record, diags) && press_finish(press, diags);
}
