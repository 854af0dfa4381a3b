/* names.c -- where the results go: -o, output.name and the rows decide; nothing made from data may leave its folder. */
#include "job/run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/suggest.h"

static bool has_ending(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && strcasecmp(path + length - tail, ending) == 0;
}

typedef struct FormatName { const char *word, *ending; OutputFormat format; } FormatName;

static const FormatName formats[] = {
    {"pdf", ".pdf", FORMAT_PDF}, {"png", ".png", FORMAT_PNG}, {"svg", ".svg", FORMAT_SVG}, {"png-sequence", NULL, FORMAT_PNG_SEQUENCE},
    {"gif", ".gif", FORMAT_GIF}, {"apng", ".apng", FORMAT_APNG}, {"webp", ".webp", FORMAT_WEBP}, {"y4m", ".y4m", FORMAT_Y4M}, {"rgb", ".rgb", FORMAT_RGB},
    {"fseq", ".fseq", FORMAT_FSEQ}, {"fseq-plain", NULL, FORMAT_FSEQ_PLAIN}, {"fseq-v1", NULL, FORMAT_FSEQ_V1}, {"stream", ".stream", FORMAT_STREAM},
    {"mp4", ".mp4", FORMAT_MP4},
};

/* --format: one of the words of output.format. */
static bool format_of_word(Arena *arena, const char *word, OutputFormat *out, DiagList *diags)
{
    const char *names[sizeof formats / sizeof *formats];
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        names[i] = formats[i].word;
        if (strcmp(word, formats[i].word) != 0) continue;
        *out = formats[i].format;
        return true;
    }
    const char *near = suggest_nearest(word, names, sizeof formats / sizeof *formats);
    return diag_error(diags, SPAN_NONE, "bad-choice", near ? arena_printf(arena, "did you mean \"%s\"?", near) : "biaoyu explain output.format lists them", "--format cannot be \"%s\"", word);
}

static OutputFormat format_of_ending(const char *path)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (formats[i].ending && has_ending(path, formats[i].ending)) return formats[i].format;
    return FORMAT_UNSET;
}

/* What output.name ends in; a placeholder at its end tells nothing. */
static OutputFormat format_of_name(const Template *name)
{
    const char *last = name && name->segment_count ? name->segments[name->segment_count - 1].literal : NULL;
    return last ? format_of_ending(last) : FORMAT_UNSET;
}

static bool is_film(OutputFormat format) { return format >= FORMAT_GIF; }

static bool is_folder(const char *path)
{
    struct stat status;
    size_t length = strlen(path);
    return (length && path[length - 1] == '/') || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* "-", or a device or pipe, whose name says nothing about the format. */
static bool is_stream(const char *path)
{
    struct stat status;
    return strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

/* The template filled for a unit (a row, or a sheet of pieces); what the data has a part in is held against filename_problem. */
const char *names_fill(Run *run, Arena *arena, const Template *template, size_t unit, size_t page, DiagList *diags)
{
    size_t row = run->is_sheet ? 0 : run->rows[unit];
    FillContext fill = {.data = run->data, .row_index = row, .page = page + 1, .pages = run->unit_pages, .date = run->options->date};
    if (run->is_sheet) pages_fill_sheet(run, unit, &fill);
    FilledText filled;
    if (!run->is_sheet) diags->row = data_row_ref(run->data, row);
    bool ok = data_fill(template, &fill, REPORT_ERROR, arena, diags, &filled);
    size_t start, end;
    const char *problem = ok ? filename_problem(template, &filled, &start, &end) : NULL;
    if (problem) {
        const FilledSpan *span = NULL;
        for (size_t i = 0; i < filled.span_count && !span; i++)
            if (filled.spans[i].column && filled.spans[i].start <= end && filled.spans[i].end >= start) span = &filled.spans[i];
        ok = diag_error(diags, span ? span->where : template->where, "bad-name", "a column that holds plain names, such as a code",
                        "\"%.*s\" cannot be part of a file name: it %s", (int)(end - start), filled.text + start, problem);
    }
    diags->row = (DataRef){0};
    return ok ? filled.text : NULL;
}

static const char *join(Arena *arena, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    const char *slash = strrchr(name, '/');
    return arena_printf(arena, "%s%s%s", folder, length && folder[length - 1] == '/' ? "" : "/", slash ? slash + 1 : name);
}

#define NAME_BYTES 64             /* of one name and what is known of it: for spill_walk */

static OutputFormat default_format(DocKind kind)
{
    return kind == DOC_LED ? FORMAT_PNG_SEQUENCE : kind == DOC_PICTURE ? FORMAT_PNG : FORMAT_PDF;
}

bool names_depend_on_row(const Template *template)
{
    for (size_t i = 0; i < template->segment_count; i++) {
        const char *field = template->segments[i].field;
        if (field && strcmp(field, "@date") != 0) return true;
    }
    return false;
}

/* Of a million names not all are held against all: those that may be one have one hash. */
typedef struct Named { uint64_t hash; size_t index; } Named;

static int compare_names(const void *a, const void *b)
{
    const Named *left = a, *right = b;
    if (left->hash != right->hash) return left->hash < right->hash ? -1 : 1;
    return (left->index > right->index) - (left->index < right->index);
}

static uint64_t hash_name(Arena *scratch, const char *name)
{
    uint64_t bytes;
    Hash hash;
    hash_begin(&hash);
    hash_add_string(&hash, filename_folded(scratch, name));
    sha256_digest(&hash, sizeof bytes, (uint8_t *)&bytes);
    return bytes;
}

static bool report_collision(Run *run, size_t one, size_t other, size_t per_unit, Span where, DiagList *diags)
{
    const char *name = run->names[other], *before = run->names[one];
    size_t first = one / per_unit, second = other / per_unit;
    size_t first_row = run->is_sheet ? 0 : data_row_ref(run->data, run->rows[first]).row, second_row = run->is_sheet ? 0 : data_row_ref(run->data, run->rows[second]).row;
    if (first_row == second_row)        /* sheets, pages, copies */
        return diag_error(diags, where, "same-name", run->is_sheet && first != second ? "put {{@sheet}} into output.name" : first == second ? "put {{@page}} into output.name" : "a copy needs no file of its own: leave data.copies out",
                          "two results would be written to \"%s\"", name);
    const char *hint = "put {{@row}} or a column that differs in output.name";
    if (strcmp(before, name) != 0)
        return diag_error(diags, where, "same-name", hint, "rows %zu and %zu would be written to \"%s\" and \"%s\", which Windows and macOS take for one file", first_row,
                          second_row, before, name);
    return diag_error(diags, where, "same-name", hint, "rows %zu and %zu would both be written to \"%s\"", first_row, second_row, name);
}

/* The first that has the name of one before it is said. */
static bool check_collisions(Run *run, Arena *scratch, size_t count, size_t per_unit, Span where, DiagList *diags)
{
    Named *sorted = SPILL_ARRAY(run->spill, Named, count + 1);
    size_t cool_at = 0, again = SIZE_MAX, before = 0;
    for (size_t i = 0; i < count; i++) {
        spill_walk(run->spill, i * NAME_BYTES, &cool_at);
        sorted[i] = (Named){hash_name(scratch, run->names[i]), i};
        arena_reset(scratch);
    }
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < count; i++) {
        if (sorted[i - 1].hash != sorted[i].hash || sorted[i].index >= again) continue;
        again = sorted[i].index;
        before = sorted[i - 1].index;
    }
    spill_free(run->spill, sorted);
    return again == SIZE_MAX || report_collision(run, before, again, per_unit, where, diags);
}

static size_t files_per_unit(const Run *run) { return run->format == FORMAT_PDF ? 1 : run->unit_pages; }

const char *names_folder_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return !slash ? "." : slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

/* The folder all names of a template lie in: what stands before its first placeholder, to the last slash. */
static const char *common_folder(Run *run, const Template *template)
{
    const Segment *first = template->segment_count ? &template->segments[0] : NULL;
    return names_folder_of(run->arena, first && first->literal ? first->literal : "");
}

/* One name for everything: a PDF, or a single picture. */
static bool plan_one(Run *run, const char *name, Span where, DiagList *diags)
{
    size_t pictures = pages_unit_count(run) * files_per_unit(run);
    if (run->format != FORMAT_PDF && !is_film(run->format) && pictures > 1)
        return diag_error(diags, where, "same-name", "put {{@row}}, {{@page}}, {{@sheet}} or a column in the name, or let -o name a folder",
                          "%zu pictures would be written to \"%s\"", pictures, name);
    run->one_file = run->format == FORMAT_PDF || is_film(run->format);
    run->names = ARENA_ARRAY(run->arena, const char *, 1);
    run->names[0] = name;
    run->is_single = true;
    run->folder = is_stream(name) ? NULL : names_folder_of(run->arena, name);
    return true;
}

static bool fill_names(Run *run, Arena *scratch, const Template *template, const char *folder, size_t per_unit, DiagList *diags)
{
    size_t count = pages_unit_count(run) * per_unit, cool_at = 0;
    run->names = SPILL_ARRAY(run->spill, const char *, count + 1);
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        if (i * NAME_BYTES >= cool_at) data_cool(run->data);
        spill_walk(run->spill, i * NAME_BYTES, &cool_at);
        const char *name = names_fill(run, scratch, template, i / per_unit, i % per_unit, diags), *kept = NULL;
        if (name && folder) name = join(scratch, folder, name);
        if (name) kept = spill_put(run->spill, name, strlen(name) + 1);
        if (!name) ok = false;
        else run->names[i] = kept ? kept : arena_copy_string(run->arena, name);
        arena_reset(scratch);
    }
    data_cool(run->data);
    return ok;
}

static void free_scratch(void *arena) { arena_free(arena); }

static bool plan_many(Run *run, const Template *template, const char *folder, DiagList *diags)
{
    size_t per_unit = files_per_unit(run);
    run->one_file = run->is_single = false;
    run->folder = folder ? folder : common_folder(run, template);
    Arena *scratch = *arena_own(run->arena, free_scratch) = arena_new(0);
    if (!scratch) return diag_system(diags, SPAN_NONE, "out-of-memory", NULL, "there is not enough memory for the names of the results");
    return fill_names(run, scratch, template, folder, per_unit, diags) &&
           check_collisions(run, scratch, pages_unit_count(run) * per_unit, per_unit, template->where, diags);
}

static bool plan_template(Run *run, const Template *template, const char *folder, DiagList *diags)
{
    if (names_depend_on_row(template)) return plan_many(run, template, folder, diags);
    const char *name = names_fill(run, run->arena, template, 0, 0, diags);
    return name && plan_one(run, folder ? join(run->arena, folder, name) : name, template->where, diags);
}

/* -o may hold placeholders, as output.name may. */
static bool plan_path(Run *run, const char *path, DiagList *diags)
{
    Source *source = ARENA_NEW(run->arena, Source);
    *source = (Source){"-o", path, strlen(path)};
    const Template *template = document_parse_template(run->arena, source, diags);
    return template && plan_template(run, template, NULL, diags);
}

/* The layout's own name with the ending of the format. */
static const char *layout_name(Run *run)
{
    const char *path = run->document->source->path, *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    const char *ending = ".fseq";                            /* of those without one of their own */
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (formats[i].format == run->format && formats[i].ending) ending = formats[i].ending;
    return arena_printf(run->arena, "%.*s%s", dot ? (int)(dot - name) : (int)strlen(name), name, ending);
}

static bool plan(Run *run, DiagList *diags)
{
    const Output *output = &run->document->output;
    const char *path = run->options->output;
    bool to_folder = path && strcmp(path, "-") != 0 && is_folder(path);
    bool is_led = run->document->kind == DOC_LED;
    OutputFormat asked = path && !to_folder ? format_of_ending(path) : FORMAT_UNSET;
    OutputFormat named = format_of_name(output->name);
    if (is_led && !is_film(named)) named = FORMAT_UNSET;       /* "{{@frame}}.png" */
    if (run->options->format && !format_of_word(run->arena, run->options->format, &asked, diags)) return false;
    run->format = asked != FORMAT_UNSET ? asked : output->format != FORMAT_UNSET ? output->format
                  : named != FORMAT_UNSET ? named : default_format(run->document->kind);
    bool is_of_frames = run->format == FORMAT_PNG_SEQUENCE || is_film(run->format);
    if (is_led != is_of_frames)
        return diag_error(diags, output->where, "bad-format", is_led ? "a folder for -o, or a name in .gif, .apng, .webp, .y4m, .rgb, .fseq or .stream" : "format: pdf, png or svg",
                          is_led ? "an LED layout is written as a png-sequence, or as a film" : "a film or a png-sequence is made from an LED layout");
    if (is_led && run->format == FORMAT_PNG_SEQUENCE) return true;
    if (is_led && path && !to_folder) return plan_one(run, path, SPAN_NONE, diags);
    if (path && !to_folder && asked == FORMAT_UNSET && !is_stream(path))
        return diag_error(diags, SPAN_NONE, "bad-format", "end it in .pdf, .png or .svg, or in / for a folder", "cannot tell a format from \"%s\"", path);
    if (path && !to_folder) return strstr(path, "{{") ? plan_path(run, path, diags) : plan_one(run, path, SPAN_NONE, diags);
    if (output->name) return plan_template(run, output->name, to_folder ? path : NULL, diags);
    if (to_folder) return plan_one(run, join(run->arena, path, layout_name(run)), SPAN_NONE, diags);
    const char *hint = run->format == FORMAT_PDF ? "add output: {name: out/x.pdf} to the layout, or give -o" : "add output: {name: out/x.png} to the layout, or give -o";
    return diag_error(diags, output->where, "no-output", hint, "nothing says where the result goes");
}

/* "out/x.pdf" of shard 2 of 8: "out/x.shard-2-of-8.pdf". */
static const char *shard_name(Run *run, const char *name)
{
    const JobShard *shard = &run->options->shard;
    size_t stem = strlen(name) - (has_ending(name, ".pdf") ? strlen(".pdf") : 0);
    return arena_printf(run->arena, "%.*s.shard-%zu-of-%zu%s", (int)stem, name, shard->number, shard->count, name + stem);
}

/* What the ledger is called; and the name of a shard's PDF. */
static void place_ledger(Run *run)
{
    const char *slash = strrchr(run->names[0], '/');
    size_t length = run->folder ? strlen(run->folder) : 0;
    while (length > 1 && run->folder[length - 1] == '/') length--;
    if (run->folder) run->folder = arena_copy(run->arena, run->folder, length);
    run->ledger_name = run->is_single ? slash ? slash + 1 : run->names[0] : layout_name(run);
    run->whole_name = run->ledger_name;
    if (run->one_file && run->folder && run->options->shard.count) run->names[0] = shard_name(run, run->names[0]);
}

bool names_plan(Run *run, DiagList *diags)
{
    if (!plan(run, diags)) return false;
    if (run->names) place_ledger(run);
    return true;
}

const char *names_of(const Run *run, size_t unit, size_t page)
{
    return run->names[run->one_file ? 0 : unit * files_per_unit(run) + page];
}

const char *names_folder(Run *run, DiagList *diags)
{
    const Output *output = &run->document->output;
    const char *path = run->options->output;
    if (path) {
        if (strcmp(path, "-") == 0 || format_of_ending(path) != FORMAT_UNSET) {
            diag_error(diags, SPAN_NONE, "bad-format", "a folder for -o, such as out/led/", "LED frames are many files, \"%s\" is one", path);
            return NULL;
        }
        return path;
    }
    if (!output->name) {
        diag_error(diags, output->where, "no-output", "add output: {name: \"out/led/{{@frame}}.png\"} to the layout, or give -o", "nothing says where the frames go");
        return NULL;
    }
    /* "out/led/{{@frame}}.png": frames are numbered, so only the folder matters. */
    const Segment *first = output->name->segment_count ? &output->name->segments[0] : NULL;
    const char *slash = first && first->literal ? strrchr(first->literal, '/') : NULL;
    return slash ? arena_copy(run->arena, first->literal, (size_t)(slash - first->literal)) : ".";
}

bool names_make_folder(Arena *arena, const char *name, DiagList *diags)
{
    const char *slash = strrchr(name, '/');
    return !slash || slash == name || file_make_folder(arena_copy(arena, name, (size_t)(slash - name)), diags);
}
