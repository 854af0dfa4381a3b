/* gather.c -- the shards of a job, drawn by many machines into one folder, become what one machine would have left. */
#include "job/job.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "job/join.h"
#include "job/ledger.h"
#include "job/lock.h"

/* One shard's manifest, and the job it belongs to. */
typedef struct Shard {
    const char *job;              /* "alert.png" */
    size_t number, count;
    const char *path;
    bool is_unfinished;           /* only its journal is there */
    LedgerFile file;
} Shard;

typedef struct Gather {
    Arena *arena;
    DiagList *diags;
    JobSummary *summary;
    const char *folder;
    Shard *shards;
    size_t count, capacity;
} Gather;

/* "alert.png.shard-2-of-8.jsonl" or ".part.jsonl". */
static bool read_name(Arena *arena, const char *name, Shard *out)
{
    const char *mark = NULL;
    for (const char *at = name; (at = strstr(at, ".shard-")); at++) mark = at;
    if (!mark || mark == name) return false;
    char *end;
    *out = (Shard){.job = arena_copy(arena, name, (size_t)(mark - name)), .number = strtoul(mark + 7, &end, 10)};
    if (strncmp(end, "-of-", 4) != 0) return false;
    out->count = strtoul(end + 4, &end, 10);
    out->is_unfinished = !strcmp(end, ".part.jsonl");
    return out->number >= 1 && out->number <= out->count && (out->is_unfinished || !strcmp(end, ".jsonl"));
}

static int compare_shards(const void *a, const void *b)
{
    const Shard *left = a, *right = b;
    int order = strcmp(left->job, right->job);
    if (!order) order = (left->count > right->count) - (left->count < right->count);
    if (!order) order = (left->number > right->number) - (left->number < right->number);
    return order ? order : left->is_unfinished - right->is_unfinished;
}

static bool find_shards(Gather *gather)
{
    const char *own = arena_printf(gather->arena, "%s/.biaoyu", gather->folder);
    DIR *directory = opendir(own);
    for (struct dirent *item; directory && (item = readdir(directory));) {
        Shard shard;
        if (!read_name(gather->arena, item->d_name, &shard)) continue;
        shard.path = arena_printf(gather->arena, "%s/%s", own, item->d_name);
        if (gather->count == gather->capacity) {
            gather->capacity = gather->capacity ? gather->capacity * 2 : 64;
            Shard *grown = ARENA_ARRAY(gather->arena, Shard, gather->capacity);
            if (gather->count) memcpy(grown, gather->shards, gather->count * sizeof *grown);
            gather->shards = grown;
        }
        gather->shards[gather->count++] = shard;
    }
    if (directory) closedir(directory);
    if (!gather->count)
        return diag_error(gather->diags, SPAN_NONE, "no-shards", "name the folder that biaoyu render --shard K/N wrote into",
                          "there are no shards in \"%s\"", gather->folder);
    qsort(gather->shards, gather->count, sizeof *gather->shards, compare_shards);
    return true;
}

/* Of what both heads say, everything but the shard's number must be the same. */
static bool is_same_job(Arena *arena, const char *a, const char *b)
{
    static const char *const keys[] = {"program", "run", "format", "one_file", "fonts"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *left = ledger_text(arena, a, keys[i]), *right = ledger_text(arena, b, keys[i]);
        if ((left && right) ? strcmp(left, right) != 0 : left != right) return false;
    }
    const char *left = strstr(a, ",\"units\":"), *right = strstr(b, ",\"units\":");       /* units, layouts, data, fonts */
    return left && right && !strcmp(left, right);
}

static bool is_as_drawn(const LedgerEntry *entry, const char *path, bool *is_there)
{
    char hex[HASH_HEX_ROOM];
    uint64_t bytes;
    *is_there = ledger_hash_file(path, hex, &bytes);
    return *is_there && bytes == entry->bytes && !strcmp(hex, entry->sha256);
}

static bool check_outputs(Gather *gather, const Shard *shard)
{
    for (size_t i = 0; i < shard->file.entry_count; i++) {
        const LedgerEntry *entry = &shard->file.entries[i];
        const char *path = arena_printf(gather->arena, "%s/%s", gather->folder, entry->name);
        bool is_there;
        if (is_as_drawn(entry, path, &is_there)) continue;
        return diag_error(gather->diags, SPAN_NONE, "shard-broken", arena_printf(gather->arena, "draw it again with --shard %zu/%zu --resume", shard->number, shard->count),
                          is_there ? "\"%s\" of shard %zu is not as it was drawn" : "\"%s\" of shard %zu is not there", path, shard->number);
    }
    return true;
}

/* The `count` shards from `first` on are all of one job, whole? `*have`: how many manifests there are of it. */
static bool check_job(Gather *gather, Shard *first, size_t have)
{
    Arena *arena = gather->arena;
    bool *is_whole = ARENA_ARRAY(arena, bool, first->count + 1);
    for (size_t i = 0; i < have; i++) {
        Shard *shard = &first[i];
        if (shard->is_unfinished) continue;
        shard->file = ledger_read(arena, shard->path);
        is_whole[shard->number] = shard->file.is_whole;
    }
    StrBuf missing;
    strbuf_init(&missing, arena);
    size_t missing_count = 0, one = 0;
    for (size_t number = 1; number <= first->count; number++) {
        if (is_whole[number]) continue;
        if (missing_count++ < 20) strbuf_addf(&missing, "%s%zu", missing.length ? ", " : "", number);
        if (!one) one = number;
    }
    if (missing_count > 20) strbuf_add(&missing, ", ...");
    if (missing_count)
        return diag_error(gather->diags, SPAN_NONE, "shard-missing", arena_printf(arena, "draw %s with --shard %zu/%zu --resume", missing_count > 1 ? "each, such as the first" : "it", one, first->count),
                          "%zu of %zu shards of \"%s\" %s not done: %s", missing_count, first->count, first->job, missing_count > 1 ? "are" : "is", missing.bytes);
    const Shard *whole = first;
    for (size_t i = 0; i < have; i++) {
        if (first[i].is_unfinished) continue;
        if (whole->is_unfinished) whole = &first[i];
        if (!is_same_job(arena, whole->file.head, first[i].file.head))
            return diag_error(gather->diags, SPAN_NONE, "shard-differs", "draw all shards anew, from the same files and with the same options",
                              "shards %zu and %zu of \"%s\" were drawn from different layouts, data, fonts or options", whole->number, first[i].number, first->job);
        if (!check_outputs(gather, &first[i])) return false;
    }
    return true;
}

/* ---- joining ---- */

static bool join_pdfs(Gather *gather, Shard *const *shards, size_t count, const char *name, LedgerEntry *out)
{
    Arena *arena = gather->arena;
    const char **paths = ARENA_ARRAY(arena, const char *, count + 1);
    size_t path_count = 0;
    Hash hash;
    hash_begin(&hash);
    *out = (LedgerEntry){.name = name};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < shards[i]->file.entry_count; k++) {
            const LedgerEntry *entry = &shards[i]->file.entries[k];
            paths[path_count++] = arena_printf(arena, "%s/%s", gather->folder, entry->name);
            hash_add_string(&hash, entry->inputs);
            out->row_count += entry->row_count;
        }
    }
    hash_end(&hash, out->inputs);
    const char *path = arena_printf(arena, "%s/%s", gather->folder, name);
    if (!join_files(arena, paths, path_count, path, gather->diags)) return false;
    if (!ledger_hash_file(path, out->sha256, &out->bytes)) return diag_system(gather->diags, SPAN_NONE, "unwritable", NULL, "cannot read \"%s\" back", path);
    gather->summary->bytes += out->bytes;
    return true;
}

static const char *rejected_path(Gather *gather, const Shard *shard)
{
    return arena_printf(gather->arena, "%s/rejected.shard-%zu-of-%zu.csv", gather->folder, shard->number, shard->count);
}

/* The tables of left out rows, their headers once. */
static bool join_rejected(Gather *gather, Shard *const *shards, size_t count)
{
    OutFile *file = NULL;
    const char *path = arena_printf(gather->arena, "%s/rejected.csv", gather->folder);
    for (size_t i = 0; i < count; i++) {
        const char *part = rejected_path(gather, shards[i]);
        if (!file_exists(part)) continue;
        const Source *source = file_read(gather->arena, part, (size_t)1 << 30, SPAN_NONE, gather->diags);
        bool is_first = !file;
        if (!source || (is_first && !(file = file_create(path, gather->diags)))) {
            file_abandon(file);
            return false;
        }
        size_t header = is_first ? 0 : strcspn(source->text, "\n") + 1;
        if (header < source->length) file_write(file, source->text + header, source->length - header);
    }
    return !file || file_commit(file, false, gather->diags);
}

/* The head of one machine's run: `"shard":"1/8"` becomes null. */
static void write_head(OutFile *file, const char *head)
{
    const char *mark = strstr(head, ",\"shard\":\""), *after = mark ? strchr(mark + 10, '"') : NULL;
    if (!after) return;
    const char *none = ",\"shard\":null";
    file_write(file, head, (size_t)(mark - head));
    file_write(file, none, strlen(none));
    file_write(file, after + 1, strlen(after + 1));
}

static bool write_manifest(Gather *gather, Shard *const *shards, size_t count, const LedgerEntry *joined)
{
    Arena *arena = gather->arena;
    OutFile *file = file_create(arena_printf(arena, "%s/.biaoyu/%s.jsonl", gather->folder, shards[0]->job), gather->diags);
    if (!file) return false;
    write_head(file, shards[0]->file.head);
    StrBuf line;
    strbuf_init(&line, arena);
    size_t outputs = 0, left_out = 0;
    for (size_t i = 0; i < count; i++) {
        left_out += shards[i]->file.left_out;
        for (size_t k = 0; !joined && k < shards[i]->file.entry_count; k++, outputs++) {
            line.length = 0;
            ledger_write_entry(&line, &shards[i]->file.entries[k]);
            file_write(file, line.bytes, line.length);
            gather->summary->bytes += shards[i]->file.entries[k].bytes;
        }
    }
    line.length = 0;
    if (joined) ledger_write_entry(&line, joined);
    ledger_write_end(&line, joined ? 1 : outputs, left_out);
    file_write(file, line.bytes, line.length);
    gather->summary->outputs += joined ? 1 : outputs;
    gather->summary->rows_left_out += left_out;
    return file_commit(file, false, gather->diags);
}

/* What the shards left is now in the whole. */
static void clear_shards(Gather *gather, Shard *first, size_t have, bool with_outputs)
{
    for (size_t i = 0; i < have; i++) {
        for (size_t k = 0; with_outputs && k < first[i].file.entry_count; k++)
            unlink(arena_printf(gather->arena, "%s/%s", gather->folder, first[i].file.entries[k].name));
        unlink(rejected_path(gather, &first[i]));
        unlink(first[i].path);
    }
}

/* Has a gather that was stopped done all but clearing up? Then the manifest of the whole is of the same job, and what it lists is there. */
static bool is_gathered(Gather *gather, Shard *first, size_t have)
{
    LedgerFile whole = ledger_read(gather->arena, arena_printf(gather->arena, "%s/.biaoyu/%s.jsonl", gather->folder, first->job));
    if (!whole.is_whole) return false;
    for (size_t i = 0; i < have; i++) {
        first[i].file = ledger_read(gather->arena, first[i].path);
        if (!first[i].file.is_whole || !is_same_job(gather->arena, whole.head, first[i].file.head)) return false;
    }
    bool is_there;
    for (size_t i = 0; i < whole.entry_count; i++)
        if (!is_as_drawn(&whole.entries[i], arena_printf(gather->arena, "%s/%s", gather->folder, whole.entries[i].name), &is_there)) return false;
    gather->summary->outputs += whole.entry_count;
    gather->summary->rows_left_out += whole.left_out;
    return true;
}

static bool gather_job(Gather *gather, Shard *first, size_t have)
{
    if (is_gathered(gather, first, have)) {
        clear_shards(gather, first, have, ledger_text(gather->arena, first->file.head, "one_file") != NULL);
        return true;
    }
    if (!check_job(gather, first, have)) return false;
    Shard **whole = ARENA_ARRAY(gather->arena, Shard *, have + 1);
    size_t count = 0;
    for (size_t i = 0; i < have; i++)
        if (!first[i].is_unfinished) whole[count++] = &first[i];
    const char *one_file = ledger_text(gather->arena, whole[0]->file.head, "one_file");
    LedgerEntry joined;
    if (one_file && !join_pdfs(gather, whole, count, one_file, &joined)) return false;
    if (!join_rejected(gather, whole, count) || !write_manifest(gather, whole, count, one_file ? &joined : NULL)) return false;
    clear_shards(gather, first, have, one_file != NULL);
    return true;
}

bool job_gather(Arena *arena, const char *folder, DiagList *diags, JobSummary *summary)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') length--;
    Gather gather = {.arena = arena, .diags = diags, .summary = summary, .folder = arena_copy(arena, folder, length)};
    *summary = (JobSummary){0};
    if (!find_shards(&gather)) return false;
    Lock lock;
    const char *what = arena_printf(arena, "into \"%s\"", gather.folder);
    if (!lock_take(&lock, arena, arena_printf(arena, "%s/.biaoyu/lock", gather.folder), false, what, diags)) return false;
    bool ok = true;
    for (size_t from = 0, to; from < gather.count; from = to) {
        Shard *first = &gather.shards[from];
        for (to = from + 1; to < gather.count && !strcmp(gather.shards[to].job, first->job) && gather.shards[to].count == first->count;) to++;
        if (!gather_job(&gather, first, to - from)) ok = false;
    }
    lock_drop(&lock);
    return ok;
}
