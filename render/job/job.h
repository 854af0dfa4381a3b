/* job.h -- a run: layouts, data, fonts and workers brought together, outputs written whole or not at all.
 *
 * Inside: job.c (opening; what is to be written where), pipeline.c (ordered work on many threads), pages.c (rows to pages
 * and sheets), files.c (PDF, PNG, SVG), strips.c, frames.c and renew.c (LED), films.c (LED, one file), preview.c (LED, the wall), names.c and filenames.c (output names made from data), codes.c (QR codes read back),
 * pack.c and ticket.c (what is handed over to the print shop),
 * record.c (what an output is made of), ledger.c, manifest.c and lock.c (what is done is remembered), rejected.c (rows left
 * out), shard.c, gather.c and join.c (several machines).
 *
 * All rows are laid out and checked before the first byte is written. Results and messages come out in page order, so that
 * any number of jobs gives the same bytes and the same words. */
#ifndef RENDER_JOB_JOB_H
#define RENDER_JOB_JOB_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "box/box.h"
#include "data/data.h"
#include "document/document.h"
#include "font/font.h"
#include "led/led.h"

/* What is being done, for a progress line. `stage`: "check" or "draw"; `unit`: "pages", "sheets", "pictures", "frames". */
typedef struct JobProgress { const char *stage, *unit; size_t done, total; uint64_t bytes; } JobProgress;
typedef void (*JobProgressFn)(void *context, const JobProgress *progress);

/* Part `number` of `count` of a job; count 0: all of it. */
typedef struct JobShard { size_t number, count; } JobShard;

typedef struct JobOptions {
    const char *format;           /* --format: as output.format; or NULL */
    const char *preview;          /* --preview: as output.preview; or NULL */
    const char *output;           /* -o: file, folder (ends in "/" or is one), "-", or NULL: as the layout says */
    DocumentOptions document;
    DataOptions data;
    FontOptions fonts;
    const char *const *asset_paths;      /* folders that pictures named by the data may lie in, beside the layout's */
    size_t asset_path_count;
    const char *words;            /* compiled dictionary for word-break: phrase, or NULL: not found */
    const char *hyphens;          /* folder of hyphenation patterns */
    unsigned jobs;                /* 0: as many as there are cores */
    const char *now;              /* --now, "2026-11-26T08:00:00" for @now; NULL: as screen.now says */
    const char *date;             /* "YYYY-MM-DD" for @date and the PDF's dates, or NULL */
    const char *report;           /* --report: what was seen while writing press files, as JSON; or NULL */
    const char *report_page;      /* the same as a page for people, HTML; or NULL */
    const char *pack;             /* --pack: the folder of a hand-over pack; or NULL */
    bool one_up;                  /* the pieces one by one as PDF/VT-1, whatever the layout's standard and sheet */
    bool is_part;                 /* of a pack: nothing is remembered of the run */
    bool calibration;             /* --calibration: a sheet to measure the back by, instead of the pieces */
    const char *cut_file;         /* --cut-file: as output.cut-file; or NULL */
    bool keep_going;              /* leave rows with errors out */
    BoxBreaks breaks;             /* inspect: which breaks it tells of */
    bool dry_run;                 /* check, and say what would be written */
    bool resume, only_changed;    /* keep outputs of an earlier run that are whole and would come out the same */
    JobShard shard;
    const char *program;          /* "0.1.0": another program draws everything anew */
    JobProgressFn progress;       /* called from the calling thread only; may be NULL */
    void *progress_context;
    volatile sig_atomic_t *stop;  /* set by a signal: the run ends, nothing half-written; may be NULL */
} JobOptions;

typedef struct JobSummary {
    size_t rows, rows_left_out, pages, outputs;
    size_t kept;                  /* outputs that were there already and unchanged */
    uint64_t bytes;
    const char *rejected;         /* the table of the rows left out, or NULL */
    const char *const *names;     /* what was written, or would be (dry run) */
    size_t name_count;
    bool stopped;
} JobSummary;

/* Draw a layout. False when it did not come to its end: the reasons are in `diags` (or summary->stopped), and summary->outputs says how
 * many files were done before, mostly none. */
bool job_render(Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary);

/* Everything a print shop needs, in the folder options->pack. It is there whole or not at all; a pack that was there before is
 * replaced at once. */
bool job_pack(Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary);

/* Everything but writing. */
bool job_check(Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary);

/* Read "2/8" or "auto" (the array variables of Slurm, AWS Batch and Kubernetes). What is wrong with it, or NULL. */
const char *job_read_shard(Arena *arena, const char *text, JobShard *out);

/* Shards that all wrote into `folder`: are they all there and whole? Their manifests become one, and their PDFs. */
bool job_gather(Arena *arena, const char *folder, DiagList *diags, JobSummary *summary);

/* Show an LED layout on a network screen. */
bool job_play(Arena *arena, const char *layout, const JobOptions *options, const LedPlayOptions *play, DiagList *diags, LedPlayed *played);

/* The scenes as text, or the boxes as JSON, of all chosen rows. */
bool job_dump(Arena *arena, const char *layout, const JobOptions *options, StrBuf *out, DiagList *diags);
bool job_inspect(Arena *arena, const char *layout, const JobOptions *options, StrBuf *out, DiagList *diags);

#endif
