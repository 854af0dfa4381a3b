/* job.c -- a run from beginning to end: read, check, draw. */
#include "job/run.h"

#include <string.h>

/* Every font set the texts use, once, so that a wrong family is one message and not one a row. */
static void check_fonts(Run *run)
{
    TextEngine *engine = text_engine_new(run->arena, run->fonts, run->document->kind == DOC_LED);
    for (size_t i = 0; i < run->document->font_count; i++)
        text_check_font(engine, &run->document->fonts[i], WEIGHT_REGULAR, run->diags);
    if (run->diags->error_count) return;
    for (size_t i = 0; i < run->document->font_style_count; i++) text_check_style(engine, run->document->font_styles[i], run->diags);
}

static void refuse_not_yet(Run *run)
{
    for (size_t i = 0; i < run->document->not_yet_count; i++) {
        const NotYet *later = &run->document->not_yet[i];
        run->diags->path = later->path;
        diag_error(run->diags, later->where, "not-yet", "leave it out for now: it would change the picture",
                   "\"%s\" is understood but cannot be drawn yet", later->key);
    }
    run->diags->path = NULL;
}

/* The dictionary of word-break: phrase. A missing file is said, since lines then break elsewhere. */
static void open_lexicon(Run *run)
{
    if (!run->options->words && run->document->kind != DOC_LEAFLET)
        diag_warning(run->diags, (Span){0}, "no-word-list", "build with Debian's python3-jieba installed, or copy words.bin to share/biaoyu",
                     "the list of Chinese words is missing: lines may break inside words");
    run->lexicon = text_lexicon_new(run->arena, run->options->words, run->document->words, run->document->word_count);
    if (run->options->hyphens) run->hyphenation = text_hyphenation_new(run->arena, run->options->hyphens);
}

/* Rows that the rules of the data leave out already. Every shard has read the whole table: the first one counts them. */
static void open_rejects(Run *run)
{
    if (data_reject_diags(run->data)) diag_join(run->diags, data_reject_diags(run->data));
    if (run->options->shard.number <= 1) data_rejects(run->data, &run->data_left_out);
    run->summary->rows_left_out = run->data_left_out;
    run->summary->rows += run->data_left_out;
}

/* Of an LED layout's rows only the rules of the data leave some out: its films are whole, or not drawn. */
static bool write_led_rejects(Run *run)
{
    if (!run->options->keep_going || run->options->dry_run) return true;
    const char *folder = run->format == FORMAT_PNG_SEQUENCE ? names_folder(run, run->diags) : run->folder;
    return !folder || rejected_write(run, folder);
}

static void release_images(void *store) { scene_images_free(store); }

/* Read everything a run needs. False after an error. */
static bool run_open(Run *run, Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary)
{
    *run = (Run){.arena = arena, .options = options, .diags = diags, .summary = summary};
    *summary = (JobSummary){0};
    run->spill = spill_new(arena);
    run->jobs = options->jobs ? options->jobs : cores_count();
    run->document = document_read(arena, layout, &options->document, diags);
    if (!run->document) return false;
    DataOptions data = options->data;
    data.keep_going = options->keep_going;
    run->data = data_open(arena, run->document, &data, diags);
    run->fonts = font_library_open(arena, &options->fonts, diags);
    if (run->fonts) check_fonts(run);
    open_lexicon(run);
    void **place = arena_own(arena, release_images);
    run->images = *place = scene_images_new();
    refuse_not_yet(run);
    const char *standard = run->document->output.standard;
    /* A pack has both, whichever the layout asks for. */
    run->is_one_up = options->is_part ? options->one_up : standard && strcmp(standard, "PDF/VT-1") == 0;
    bool is_press_open = run_press_open(run);
    run->is_sheet = run->document->sheet.is_given && !run->is_one_up;
    if (run->is_sheet) sheet_plan(arena, run->document, &run->imposition, diags);
    run->leaves = run->document->kind == DOC_BOOKLET ? sheet_leaf_count(run->document->page_count) : 1;
    run->unit_pages = run->is_sheet ? run->imposition.sides : run->document->page_count;
    if (!run->data || !run->fonts || !is_press_open || diags->error_count) return false;
    run->row_count = data_row_count(run->data);
    run->rows = SPILL_ARRAY(run->spill, size_t, run->row_count + 1);
    for (size_t i = 0; i < run->row_count; i++) run->rows[i] = i;
    summary->rows = run->row_count;
    open_rejects(run);
    return true;
}

/* The labels of all sheets: the one thing that the check of the rows has not seen. */
static bool check_labels(Run *run)
{
    if (!run->is_sheet || !run->imposition.sheet->label) return true;
    Arena *page = arena_new(0), *mine = arena_new(0);
    if (!page || !mine) return false;
    Worker *worker = worker_start(run, mine);
    bool ok = true;
    size_t sheets = pages_unit_count(run);
    for (size_t sheet = 0; ok && sheet < sheets; sheet++) {
        DiagList diags;
        diag_list_init(&diags, page);
        ok = pages_label_is_right(worker, sheet, page, &diags);
        diag_join(run->diags, &diags);
        arena_reset(page);
    }
    arena_free(page);
    arena_free(mine);
    return ok;
}

static bool run_check(Run *run)
{
    if (run->document->kind == DOC_LED) return frames_check(run);
    return pages_check(run) && check_labels(run);
}

static void list_names(Run *run)
{
    JobSummary *summary = run->summary;
    bool is_led = run->document->kind == DOC_LED;
    bool has_pages = run->format != FORMAT_PDF;
    summary->names = run->names;
    size_t per_unit = has_pages ? run->unit_pages : 1;
    if (!is_led && !run->one_file) summary->names += run->first_unit * per_unit;
    summary->name_count = is_led || run->one_file ? 1 : (run->end_unit - run->first_unit) * per_unit;
    summary->outputs = is_led && !run->one_file ? summary->pages + 1 : summary->name_count;
}

bool job_check(Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary)
{
    Run run;
    bool ok = run_open(&run, arena, layout, options, diags, summary) && run_check(&run);
    if (options->stop && *options->stop) summary->stopped = true;
    return ok && !diags->error_count;
}

/* Its frames are one film: numbered through, proved to loop, and drawn faster than they could be sent about. */
static bool refuse_led_shard(Run *run)
{
    return diag_error(run->diags, SPAN_NONE, "bad-shard", "leave --shard out; several layouts can be drawn on several machines",
                      "an LED layout cannot be cut into shards");
}

/* Of what nothing is remembered: parts of a pack, and a sheet to hold against the light. */
static bool plan_names(Run *run)
{
    bool ok = names_plan(run, run->diags);
    if (run->options->is_part || run->options->calibration) run->folder = NULL;
    return ok;
}

bool job_render_run(Run *run, Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary)
{
    if (!run_open(run, arena, layout, options, diags, summary)) return false;
    bool is_led = run->document->kind == DOC_LED;
    size_t before = diags->error_count;
    bool ok = (!is_led || !options->shard.count || refuse_led_shard(run)) && preview_plan(run, diags) && calibration_plan(run, diags) && plan_names(run);
    cutfile_plan(run, diags);
    if (before != diags->error_count) ok = false;
    /* An LED plan is its own check: frames_write makes it before it writes. */
    if (ok && !is_led) record_begin(run);
    if (ok) places_note(run);
    if (!is_led && !pages_check(run)) ok = false;
    /* Names again without the rows that are left out. */
    if (ok && run->summary->rows_left_out) ok = plan_names(run);
    if (ok && !is_led) ok = check_labels(run) && inputs_are_kept(run);
    if (ok && before != diags->error_count && !options->keep_going) ok = false;
    if (!ok && run->press) run_press_report(run, NULL);
    if (ok && !is_led && !options->dry_run && !options->calibration) ok = cutfile_write(run);
    if (ok && (is_led || !options->dry_run)) ok = !is_led ? files_write(run) : run->format == FORMAT_PNG_SEQUENCE ? frames_write(run) : films_write(run);
    if (ok && is_led) ok = write_led_rejects(run);
    if (options->stop && *options->stop) summary->stopped = true;
    if (!ok && run->ledger) summary->outputs = ledger_outputs(run->ledger);
    if (!ok) return false;
    list_names(run);
    return true;
}

bool job_render(Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary)
{
    Run run;
    return job_render_run(&run, arena, layout, options, diags, summary);
}

bool job_play(Arena *arena, const char *layout, const JobOptions *options, const LedPlayOptions *play, DiagList *diags, LedPlayed *played)
{
    Run run;
    JobSummary summary;
    *played = (LedPlayed){0};
    if (!run_open(&run, arena, layout, options, diags, &summary)) return false;
    if (run.document->kind != DOC_LED)
        return diag_error(diags, SPAN_NONE, "bad-kind", "play a layout of kind: led", "\"%s\" has no frames to play", layout);
    const LedPlan *plan = frames_plan(&run);
    return plan && renew_play(&run, plan, play, played);
}

/* ---- looking inside: one row after the other ---- */

typedef struct Look {
    Run *run;
    StrBuf *out;
    bool as_json;
    bool is_first;
} Look;

static void look_at_page(Look *look, Worker *worker, size_t index, const PageSet *set, size_t page, Arena *arena, DiagList *diags)
{
    if (!look->as_json) {
        scene_dump(set->scenes[page], look->out);
        return;
    }
    if (!look->is_first && look->run->options->breaks != BREAKS_TABLE) strbuf_add(look->out, ",\n");
    look->is_first = false;
    BoxContext context = pages_context(worker, look->run->rows[index], arena, diags);
    diags->row = (DataRef){0};
    box_inspect(&set->pages[page], &context, look->out);
}

static bool look_at_rows(Look *look, Worker *worker, Arena *page_arena)
{
    Run *run = look->run;
    bool ok = true;
    for (size_t i = 0; i < run->row_count; i++) {
        PageSet set;
        DiagList diags;
        diag_list_init(&diags, page_arena);
        if (pages_of_row(worker, i, SIZE_MAX, page_arena, &diags, &set))
            for (size_t page = 0; page < set.count; page++) look_at_page(look, worker, i, &set, page, page_arena, &diags);
        else ok = false;
        diag_join(run->diags, &diags);
        arena_reset(page_arena);
    }
    return ok;
}

/* Sheets have no boxes of their own: dumped as scenes, inspected piece by piece. */
static bool look_at_sheets(Look *look, Worker *worker, Arena *page_arena)
{
    Run *run = look->run;
    bool ok = true;
    size_t sheets = pages_unit_count(run);
    for (size_t i = 0; i < sheets; i++) {
        PageSet set;
        DiagList diags;
        diag_list_init(&diags, page_arena);
        if (pages_of_unit(worker, i, NULL, page_arena, &diags, &set))
            for (size_t side = 0; side < set.count; side++) scene_dump(set.scenes[side], look->out);
        else ok = false;
        diag_join(run->diags, &diags);
        arena_reset(page_arena);
    }
    return ok;
}

static bool look_at_strips(Look *look, Worker *worker)
{
    size_t count;
    LedStrip *strips = frames_strips(worker, look->run->arena, look->run->diags, look->as_json ? look->out : NULL, &count);
    for (size_t i = 0; strips && !look->as_json && i < count; i++) scene_dump(strips[i].scene, look->out);
    return strips != NULL;
}

static bool look(Arena *arena, const char *layout, const JobOptions *options, bool as_json, StrBuf *out, DiagList *diags)
{
    Run run;
    JobSummary summary;
    if (!run_open(&run, arena, layout, options, diags, &summary)) return false;
    Worker *worker = worker_start(&run, arena);
    Arena *page_arena = arena_new(0);
    if (!page_arena) return false;
    Look eye = {&run, out, as_json, true};
    bool has_frame = as_json && options->breaks != BREAKS_TABLE;
    if (has_frame) strbuf_add(out, "{\"pages\":[");
    bool ok = run.document->kind == DOC_LED ? look_at_strips(&eye, worker)
              : run.is_sheet && !as_json    ? look_at_sheets(&eye, worker, page_arena)
                                            : look_at_rows(&eye, worker, page_arena);
    if (has_frame) strbuf_add(out, "]}\n");
    arena_free(page_arena);
    return ok && !diags->error_count;
}

bool job_dump(Arena *arena, const char *layout, const JobOptions *options, StrBuf *out, DiagList *diags)
{
    return look(arena, layout, options, false, out, diags);
}

bool job_inspect(Arena *arena, const char *layout, const JobOptions *options, StrBuf *out, DiagList *diags)
{
    return look(arena, layout, options, true, out, diags);
}
