/* ledger.c -- the manifest of the run in hand: locked, looked up, appended to, given its name. */
#include "job/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/spill.h"
#include "job/lock.h"

#define COOL_OUTPUTS 1024

struct Ledger {
    Arena *arena;
    const char *own_folder;       /* FOLDER/.biaoyu */
    const char *manifest, *part, *earlier;
    Lock folder_lock, name_lock;
    Spill *spill;
    LedgerEntry *known;           /* sorted by name; in the spill */
    size_t known_count;
    int fd;                       /* of `part` */
    size_t outputs;
    bool is_locked, is_done;
};

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const LedgerEntry *)a)->name, ((const LedgerEntry *)b)->name);
}

/* Sorted by name, one of each; later ones have the word. */
static void sort_known(Ledger *ledger)
{
    /* A stable order of equal names: by where they stood. */
    for (size_t i = 0; i < ledger->known_count; i++) ledger->known[i].unit = i;
    qsort(ledger->known, ledger->known_count, sizeof *ledger->known, compare_entries);
    size_t kept = 0;
    for (size_t i = 0; i < ledger->known_count; i++) {
        LedgerEntry *entry = &ledger->known[i];
        LedgerEntry *last = kept ? &ledger->known[kept - 1] : NULL;
        if (!last || strcmp(last->name, entry->name) != 0) ledger->known[kept++] = *entry;
        else if (entry->unit > last->unit) *last = *entry;
    }
    ledger->known_count = kept;
}

static bool put_bytes(Ledger *ledger, const char *bytes, size_t length, DiagList *diags)
{
    while (length) {
        ssize_t count = write(ledger->fd, bytes, length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            const char *words = strerrordesc_np(errno);
            return diag_system(diags, SPAN_NONE, "unwritable", "free some space, then go on with --resume", "cannot write \"%s\": %s", ledger->part,
                               words ? words : "unknown error");
        }
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

/* Everything known, in one file that is whole or not there, before the journal is begun anew: a run that is killed while
 * it goes on after a killed run forgets nothing. */
static bool keep_earlier(Ledger *ledger, const char *head, const LedgerFile *earlier, const LedgerFile *part, DiagList *diags)
{
    if (!part->entry_count) return true;
    Arena *scratch = arena_new(0);
    OutFile *file = scratch ? file_create(ledger->earlier, diags) : NULL;
    bool ok = file != NULL;
    if (ok) {
        StrBuf lines;
        strbuf_init(&lines, scratch);
        strbuf_add(&lines, head);
        for (size_t i = 0; i < earlier->entry_count; i++) ledger_write_entry(&lines, &earlier->entries[i]);
        for (size_t i = 0; i < part->entry_count; i++) ledger_write_entry(&lines, &part->entries[i]);
        file_write(file, lines.bytes, lines.length);
        ok = file_commit(file, false, diags);
    }
    arena_free(scratch);
    return ok;
}

static bool read_known(Ledger *ledger, const LedgerPlan *plan, DiagList *diags)
{
    if (!plan->use_known) {
        unlink(ledger->earlier);
        return true;
    }
    LedgerFile files[] = {ledger_read(ledger->arena, ledger->manifest), ledger_read(ledger->arena, ledger->earlier),
                          ledger_read(ledger->arena, ledger->part)};
    if (!keep_earlier(ledger, plan->head, &files[1], &files[2], diags)) return false;
    size_t total = files[0].entry_count + files[1].entry_count + files[2].entry_count;
    ledger->known = SPILL_ARRAY(ledger->spill, LedgerEntry, total + 1);
    for (size_t i = 0; i < 3; i++) {
        if (files[i].entry_count) memcpy(ledger->known + ledger->known_count, files[i].entries, files[i].entry_count * sizeof *ledger->known);
        ledger->known_count += files[i].entry_count;
    }
    sort_known(ledger);
    return true;
}

/* Files that the killed process `pid` had under a temporary name (base/file.c: ".NAME.PID-N.tmp"). */
static void clear_folder(Arena *arena, const char *folder, long pid, int depth)
{
    DIR *directory = opendir(folder);
    const char *mark = arena_printf(arena, ".%ld-", pid);
    for (struct dirent *item; directory && (item = readdir(directory));) {
        const char *name = item->d_name;
        size_t length = strlen(name);
        if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
        if (item->d_type == DT_DIR && depth < 8) clear_folder(arena, arena_printf(arena, "%s/%s", folder, name), pid, depth + 1);
        const char *at = strstr(name + 1, mark);
        while (at && strspn(at + strlen(mark), "0123456789") + 4 != strlen(at + strlen(mark))) at = strstr(at + 1, mark);
        if (name[0] == '.' && at && length > 4 && !strcmp(name + length - 4, ".tmp")) unlink(arena_printf(arena, "%s/%s", folder, name));
    }
    if (directory) closedir(directory);
}

static void release_ledger(void *ledger) { ledger_close(ledger); }

static bool take_locks(Ledger *ledger, const LedgerPlan *plan, DiagList *diags)
{
    Arena *arena = ledger->arena;
    const char *what = plan->one_file ? arena_printf(arena, "\"%s/%s\"", plan->folder, plan->name) : arena_printf(arena, "into \"%s\"", plan->folder);
    if (!plan->one_file && !lock_take(&ledger->folder_lock, arena, arena_printf(arena, "%s/lock", ledger->own_folder), plan->is_shard, what, diags))
        return false;
    if (plan->is_shard || plan->one_file)
        if (!lock_take(&ledger->name_lock, arena, arena_printf(arena, "%s/%s.lock", ledger->own_folder, plan->name), false, what, diags)) return false;
    /* A shard's number says nothing about a process: the other shards run on other machines. */
    if (!plan->one_file && !plan->is_shard && ledger->folder_lock.stale_pid) clear_folder(arena, plan->folder, ledger->folder_lock.stale_pid, 0);
    if (plan->one_file && !plan->is_shard && ledger->name_lock.stale_pid) clear_folder(arena, plan->folder, ledger->name_lock.stale_pid, 7);
    return true;
}

Ledger *ledger_open(Arena *arena, const LedgerPlan *plan, DiagList *diags)
{
    Ledger *ledger = ARENA_NEW(arena, Ledger);
    *ledger = (Ledger){.arena = arena, .fd = -1, .folder_lock = {.fd = -1}, .name_lock = {.fd = -1}};
    *arena_own(arena, release_ledger) = ledger;
    ledger->spill = spill_new(arena);
    ledger->own_folder = arena_printf(arena, "%s/.biaoyu", plan->folder);
    ledger->manifest = arena_printf(arena, "%s/%s.jsonl", ledger->own_folder, plan->name);
    ledger->part = arena_printf(arena, "%s/%s.part.jsonl", ledger->own_folder, plan->name);
    ledger->earlier = arena_printf(arena, "%s/%s.earlier.jsonl", ledger->own_folder, plan->name);
    if (!file_make_folder(ledger->own_folder, diags)) return NULL;
    ledger->is_locked = take_locks(ledger, plan, diags);
    bool ok = ledger->is_locked && read_known(ledger, plan, diags);
    if (ok) {
        ledger->fd = open(ledger->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
        ok = ledger->fd >= 0;
        if (!ok) diag_system(diags, SPAN_NONE, "unwritable", "check who may write there", "cannot write \"%s\": %s", ledger->part, strerrordesc_np(errno));
    }
    if (ok && put_bytes(ledger, plan->head, strlen(plan->head), diags)) return ledger;
    ledger_close(ledger);
    return NULL;
}

const LedgerEntry *ledger_find(const Ledger *ledger, const char *name)
{
    LedgerEntry wanted = {.name = name};
    return ledger->known_count ? bsearch(&wanted, ledger->known, ledger->known_count, sizeof wanted, compare_entries) : NULL;
}

bool ledger_add(Ledger *ledger, const LedgerEntry *entry, DiagList *diags)
{
    Arena *scratch = diags->arena;
    StrBuf line;
    strbuf_init(&line, scratch);
    ledger_write_entry(&line, entry);
    if (ledger->outputs++ % COOL_OUTPUTS == 0) spill_cool(ledger->spill);
    return put_bytes(ledger, line.bytes, line.length, diags);
}

size_t ledger_outputs(const Ledger *ledger) { return ledger->outputs; }

bool ledger_finish(Ledger *ledger, size_t left_out, DiagList *diags)
{
    StrBuf line;
    strbuf_init(&line, ledger->arena);
    ledger_write_end(&line, ledger->outputs, left_out);
    if (!put_bytes(ledger, line.bytes, line.length, diags)) return false;
    bool ok = !close(ledger->fd);
    ledger->fd = -1;
    if (!ok || rename(ledger->part, ledger->manifest))
        return diag_system(diags, SPAN_NONE, "unwritable", "check the disk", "cannot write \"%s\": %s", ledger->manifest, strerrordesc_np(errno));
    unlink(ledger->earlier);
    ledger->is_done = true;
    return true;
}


void ledger_close(Ledger *ledger)
{
    if (ledger->fd >= 0) close(ledger->fd);
    ledger->fd = -1;
    /* A journal without a line helps nobody. */
    if (ledger->is_locked && !ledger->is_done && !ledger->outputs) unlink(ledger->part);
    ledger->is_locked = false;
    lock_drop(&ledger->name_lock);
    lock_drop(&ledger->folder_lock);
    rmdir(ledger->own_folder);                      /* when it is empty */
}
