/* ledger.h -- private to job/: the memory of a run, so that what is done and unchanged is not done again.
 *
 * Beside the outputs lies .biaoyu/NAME.jsonl, the manifest: a line of JSON for the run (layout, style sheets, data, fonts),
 * one for each output (rows, SHA-256 of what went into it and of the file) and a last one that says that it is whole. No
 * clock and no path goes in: equal runs have equal manifests. While a run goes on the same lines grow in NAME.part.jsonl,
 * which a killed run leaves behind; NAME.lock is held meanwhile. */
#ifndef RENDER_JOB_LEDGER_H
#define RENDER_JOB_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/strbuf.h"

typedef struct LedgerEntry {
    const char *name;             /* relative to the folder */
    size_t unit;                  /* row or sheet, from 0 */
    const char *rows;             /* "3" or "1-24,30"; NULL: all of the run's */
    size_t row_count;
    char inputs[HASH_HEX_ROOM], sha256[HASH_HEX_ROOM];
    uint64_t bytes;
} LedgerEntry;

/* One manifest read back. */
typedef struct LedgerFile {
    const char *head;             /* the first line, or NULL */
    LedgerEntry *entries;
    size_t entry_count;
    bool is_whole;
    size_t left_out;              /* from its last line */
} LedgerFile;

/* Read `path`; a missing file is an empty one, and so is what follows a line that cannot be read. */
LedgerFile ledger_read(Arena *arena, const char *path);

/* The lines of a manifest. */
void ledger_write_entry(StrBuf *out, const LedgerEntry *entry);
void ledger_write_end(StrBuf *out, size_t outputs, size_t left_out);

/* A whole number of a line. */
bool ledger_count(const char *line, const char *key, uint64_t *out);

/* The value of a string key in a line, NULL when it has none. */
const char *ledger_text(Arena *arena, const char *line, const char *key);

/* SHA-256 and length of a file; false when it cannot be read. */
bool ledger_hash_file(const char *path, char hex[HASH_HEX_ROOM], uint64_t *bytes);

typedef struct Ledger Ledger;

typedef struct LedgerPlan {
    const char *folder;           /* names are relative to it */
    const char *name;             /* of the manifest */
    const char *head;             /* its first line, with its end */
    bool one_file;                /* others may write into the folder at the same time */
    bool is_shard;                /* so may the other shards */
    bool use_known;               /* take what an earlier run left that is unchanged */
} LedgerPlan;

/* Lock, clear away what a killed run left half-written, read what is known, begin. NULL after a diag: `busy` when another
 * run holds the lock. Lives in `arena`, which releases the lock. */
Ledger *ledger_open(Arena *arena, const LedgerPlan *plan, DiagList *diags);

/* What is known of an output of this name, or NULL. Any thread may ask. */
const LedgerEntry *ledger_find(const Ledger *ledger, const char *name);

/* An output is done. In order, by one thread. */
bool ledger_add(Ledger *ledger, const LedgerEntry *entry, DiagList *diags);

/* Outputs so far. */
size_t ledger_outputs(const Ledger *ledger);

/* All is done: the manifest gets its name. */
bool ledger_finish(Ledger *ledger, size_t left_out, DiagList *diags);

/* Unlock, and leave nothing that is not needed to go on. */
void ledger_close(Ledger *ledger);

#endif
