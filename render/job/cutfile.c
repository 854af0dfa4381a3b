/* cutfile.c -- beside the PDF a file of the lines that are cut: one for all sheets that are cut alike, or one for each. */
#include "job/run.h"

#include <string.h>

#include "base/file.h"
#include "job/pipeline.h"

typedef struct CutRun {
    Run *run;
    const Template *template;
    CutFormat format;
    bool is_one;                  /* one name for all */
    const char *first, *name;     /* what will be written, when is_one */
    size_t first_unit;
    size_t written;
    CutGroupFn group;             /* of cutfile_groups, or NULL */
    void *group_context;
    StrBuf kept;                  /* the lines of the group that is being counted */
    size_t group_first, group_end;
} CutRun;

typedef struct Cuts { const char **texts; size_t count; } Cuts;     /* a page's lines, or NULL */

static void *start(void *context, Arena *arena) { return worker_start(((CutRun *)context)->run, arena); }

static void *produce(void *context, void *worker, size_t index, Arena *arena, DiagList *diags)
{
    CutRun *cut = context;
    Run *run = cut->run;
    PageSet set;
    size_t unit = run->first_unit + index;
    bool ok = pages_of_unit(worker, unit, NULL, arena, diags, &set);
    if (!ok) return NULL;
    Cuts *cuts = ARENA_NEW(arena, Cuts);
    *cuts = (Cuts){ARENA_ARRAY(arena, const char *, set.count), set.count};
    DiagList own;                 /* warnings of the layout were said by the check pass */
    diag_list_init(&own, arena);
    for (size_t page = 0; page < set.count; page++) {
        StrBuf text;
        strbuf_init(&text, arena);
        if (press_cut_file(run->press, arena, set.scenes[page], cut->format, &text, cut->template ? cut->template->where : SPAN_NONE, &own)) cuts->texts[page] = text.bytes;
    }
    diag_list_init(diags, arena);
    diag_join(diags, &own);
    return cuts;
}

static bool write_text(Run *run, const char *name, const char *text)
{
    if (!names_make_folder(run->arena, name, run->diags)) return false;
    OutFile *file = file_create(name, run->diags);
    if (!file) return false;
    file_write(file, text, strlen(text));
    run->summary->bytes += file_written(file);
    return file_commit(file, true, run->diags);
}

/* One name: the first page's lines are kept, all others must be the same. */
static bool add_to_one(CutRun *cut, size_t unit, size_t page, const char *text)
{
    Run *run = cut->run;
    if (!cut->first) {
        cut->first = arena_copy_string(run->arena, text);
        cut->first_unit = unit;
        return (cut->name = names_fill(run, run->arena, cut->template, unit, page, run->diags)) != NULL;
    }
    if (strcmp(cut->first, text) == 0) return true;
    const char *unit_name = run->is_sheet ? "sheet" : "row";
    const char *hint = run->is_sheet ? "put {{@sheet}} in the name of the cut file" : "put {{@row}} or {{@page}} in the name of the cut file";
    if (unit == cut->first_unit) return diag_error(run->diags, cut->template->where, "cut-differs", hint, "the pages of a %s are not cut alike: one cut file cannot serve them", unit_name);
    return diag_error(run->diags, cut->template->where, "cut-differs", hint, "%s %zu is not cut as the first: one cut file cannot serve both", unit_name, unit + 1);
}

static bool end_group(CutRun *cut)
{
    return cut->group_end == cut->group_first || cut->group(cut->group_context, cut->kept.bytes, cut->group_first, cut->group_end - 1);
}

/* The lines of a unit's first page that has any: the same as the last unit's, or the begin of a new group. */
static bool add_to_group(CutRun *cut, size_t index, const Cuts *cuts)
{
    const char *text = NULL;
    for (size_t page = 0; page < cuts->count && !text; page++) text = cuts->texts[page];
    bool is_same = text && cut->group_end == index && cut->group_end > cut->group_first && strcmp(cut->kept.bytes, text) == 0;
    if (is_same) {
        cut->group_end = index + 1;
        return true;
    }
    if (!end_group(cut)) return false;
    cut->group_first = cut->group_end = index;
    if (!text) return true;
    cut->kept.length = 0;
    strbuf_add(&cut->kept, text);
    cut->group_end = index + 1;
    return true;
}

static bool consume(void *context, size_t index, void *item, Arena *arena, DiagList *diags)
{
    (void)arena;
    CutRun *cut = context;
    Run *run = cut->run;
    Cuts *cuts = item;
    diag_join(run->diags, diags);
    bool ok = cuts != NULL;
    if (ok && cut->group) return add_to_group(cut, index, cuts);
    for (size_t page = 0; ok && page < cuts->count; page++) {
        size_t unit = run->first_unit + index;
        if (!cuts->texts[page]) continue;
        cut->written++;
        if (cut->is_one) {
            ok = add_to_one(cut, unit, page, cuts->texts[page]);
        } else {
            const char *name = names_fill(run, run->arena, cut->template, unit, page, run->diags);
            ok = name && write_text(run, name, cuts->texts[page]);
        }
    }
    return ok;
}

static bool has_ending(const Template *template, const char *ending)
{
    const Segment *last = template->segment_count ? &template->segments[template->segment_count - 1] : NULL;
    size_t length = last && last->literal ? strlen(last->literal) : 0, want = strlen(ending);
    return length >= want && strcmp(last->literal + length - want, ending) == 0;
}

const Template *cutfile_plan(Run *run, DiagList *diags)
{
    /* A pack has cut files of its own; pieces that are not imposed are cut where somebody else imposes them. */
    if (run->options->is_part || run->is_one_up) return NULL;
    const Template *template = run->document->output.cut_file;
    if (run->options->cut_file) {
        Source *source = ARENA_NEW(run->arena, Source);
        *source = (Source){"--cut-file", run->options->cut_file, strlen(run->options->cut_file)};
        if (!(template = document_parse_template(run->arena, source, diags))) return NULL;
    }
    if (template && !has_ending(template, ".svg") && !has_ending(template, ".dxf"))
        diag_error(diags, template->where, "bad-format", "end it in .svg or .dxf", "a cut file is SVG or DXF");
    else if (template && run->document->is_screen)
        diag_error(diags, template->where, "bad-format", "leave it out", "a screen is not cut");
    return template;
}

bool cutfile_write(Run *run)
{
    const Template *template = cutfile_plan(run, run->diags);
    if (!template || run->diags->error_count) return !template;
    CutRun cut = {.run = run, .template = template, .format = has_ending(template, ".dxf") ? CUT_DXF : CUT_SVG, .is_one = !names_depend_on_row(template)};
    Pipeline pipeline = {.count = run->end_unit - run->first_unit, .jobs = run->jobs, .context = &cut, .start_worker = start,
                         .produce = produce, .consume = consume, .stop = run->options->stop};
    if (!pipeline_run(&pipeline, run->diags)) return false;
    if (cut.first) return write_text(run, cut.name, cut.first);
    if (cut.written || !pipeline.count) return true;
    if (run->is_one_up && run->document->sheet.is_given && !run->options->cut_file) return true;     /* the sheet is what would be cut */
    return diag_error(run->diags, template->where, "nothing-cut", "sheet: {cut: {}}, or a box with plate: CutContour", "there is no line on a plate for cutting, creasing or drilling");
}

bool cutfile_groups(Run *run, CutFormat format, CutGroupFn group, void *context)
{
    CutRun cut = {.run = run, .format = format, .group = group, .group_context = context};
    strbuf_init(&cut.kept, run->arena);
    Pipeline pipeline = {.count = run->end_unit - run->first_unit, .jobs = run->jobs, .context = &cut, .start_worker = start,
                         .produce = produce, .consume = consume, .stop = run->options->stop};
    return pipeline_run(&pipeline, run->diags) && end_group(&cut);
}
