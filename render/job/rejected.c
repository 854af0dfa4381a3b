/* rejected.c -- the rows that were left out, as a table with the reasons: mended, it is the data of the next run. */
#include "job/run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Names no column of a user has; a table that was rejected once brings them along, and they are not copied. */
static const char *const reasons[] = {"rejected-row", "rejected-line", "rejected-code", "rejected-message"};
#define REASON_COUNT (sizeof reasons / sizeof *reasons)

void rejected_add(Run *run, size_t index, const DiagList *diags)
{
    run->rejects = ARENA_GROW(run->arena, run->rejects, run->reject_count, &run->reject_capacity);
    Reject *reject = &run->rejects[run->reject_count++];
    *reject = (Reject){.index = index, .row = data_row_ref(run->data, index).row, .code = "error", .message = ""};
    bool is_first = true;
    for (size_t i = 0; i < diags->count; i++) {
        const Diag *diag = &diags->items[i];
        if (diag->severity != SEVERITY_ERROR) continue;
        if (is_first) reject->code = diag->code;
        reject->message = is_first ? arena_copy_string(run->arena, diag->message) : arena_printf(run->arena, "%s; %s", reject->message, diag->message);
        is_first = false;
    }
}

/* RFC 4180. A leading sign that a spreadsheet would take for a formula is the user's own text: it stays. */
static void add_field(StrBuf *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n") && text[0] != ' ' && (!text[0] || text[strlen(text) - 1] != ' ')) {
        strbuf_add(out, text);
        return;
    }
    strbuf_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"') strbuf_add_char(out, '"');
        strbuf_add_char(out, *text);
    }
    strbuf_add_char(out, '"');
}

static bool is_reason(const char *name)
{
    for (size_t i = 0; i < REASON_COUNT; i++)
        if (!strcmp(name, reasons[i])) return true;
    return false;
}

static void add_row(StrBuf *out, const Run *run, const char *const *columns, size_t column_count, const Reject *reject)
{
    DataRef ref = data_row_ref(run->data, reject->index);
    for (size_t i = 0; i < column_count; i++) {
        if (is_reason(columns[i])) continue;
        add_field(out, data_field(run->data, reject->index, columns[i]));
        strbuf_add_char(out, ',');
    }
    strbuf_addf(out, "%zu,%zu,%s,", ref.row, ref.line, reject->code);
    add_field(out, reject->message);
    strbuf_add(out, "\r\n");
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat left, right;
    return !stat(a, &left) && !stat(b, &right) && left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

static int compare_rejects(const void *a, const void *b)
{
    const Reject *left = a, *right = b;
    return (left->row > right->row) - (left->row < right->row);
}

/* Those that the rules of the data leave out and those that cannot be drawn, in the order of the table. */
static const Reject *all_rejects(const Run *run, size_t *count)
{
    size_t by_rules;
    const DataReject *rules = data_rejects(run->data, &by_rules);
    if (!run->data_left_out) by_rules = 0;
    Reject *all = ARENA_ARRAY(run->arena, Reject, by_rules + run->reject_count + 1);
    for (size_t i = 0; i < by_rules; i++) all[i] = (Reject){rules[i].index, data_row_ref(run->data, rules[i].index).row, rules[i].code, rules[i].message};
    if (run->reject_count) memcpy(all + by_rules, run->rejects, run->reject_count * sizeof *all);
    *count = by_rules + run->reject_count;
    if (*count) qsort(all, *count, sizeof *all, compare_rejects);
    return all;
}

/* Was this file made by rejected_write? */
static bool is_ours(Arena *arena, const char *path)
{
    DiagList unheard;
    diag_list_init(&unheard, arena);
    const Source *source = file_exists(path) ? file_read(arena, path, (size_t)64 << 20, SPAN_NONE, &unheard) : NULL;
    const char *mark = source ? strstr(source->text, "rejected-row,rejected-line,rejected-code,rejected-message\r\n") : NULL;
    return mark && strcspn(source->text, "\n") + source->text > mark;
}

bool rejected_write(Run *run, const char *folder)
{
    const Source *source = data_source(run->data);
    if (!source) return true;
    const JobShard *shard = &run->options->shard;
    /* On sheets every shard has looked at all rows: one of them tells. */
    if (shard->count && run->is_sheet && shard->number > 1) return true;
    const char *path = shard->count ? arena_printf(run->arena, "%s/rejected.shard-%zu-of-%zu.csv", folder, shard->number, shard->count)
                                    : arena_printf(run->arena, "%s/rejected.csv", folder);
    /* The mended table of the last time is not overwritten by what is still wrong in it. */
    if (is_same_file(path, source->path)) path = arena_printf(run->arena, "%s/rejected-again.csv", folder);
    size_t count;
    const Reject *rejects = all_rejects(run, &count);
    if (!count) {
        if (is_ours(run->arena, path)) unlink(path);
        return true;
    }
    const char *const *columns;
    size_t column_count = data_columns(run->data, &columns), last = SIZE_MAX;
    StrBuf out;
    strbuf_init(&out, run->arena);
    strbuf_add(&out, "\xEF\xBB\xBF");               /* Excel takes a table without it for the system's old encoding */
    for (size_t i = 0; i < column_count; i++) {
        if (is_reason(columns[i])) continue;
        add_field(&out, columns[i]);
        strbuf_add_char(&out, ',');
    }
    for (size_t i = 0; i < REASON_COUNT; i++) strbuf_addf(&out, "%s%s", reasons[i], i + 1 < REASON_COUNT ? "," : "\r\n");
    for (size_t i = 0; i < count; i++) {
        if (rejects[i].row != last) add_row(&out, run, columns, column_count, &rejects[i]);     /* copies of a row: once */
        last = rejects[i].row;
    }
    OutFile *file = file_create(path, run->diags);
    if (!file) return false;
    file_write(file, out.bytes, out.length);
    run->summary->rejected = path;
    return file_commit(file, false, run->diags);
}
