/* run.h -- private to job/: one layout being checked and drawn. */
#ifndef RENDER_JOB_RUN_H
#define RENDER_JOB_RUN_H

#include <stdatomic.h>

#include "box/box.h"
#include "base/hash.h"
#include "base/spill.h"
#include "job/job.h"
#include "job/ledger.h"
#include "led/led.h"
#include "press/press.h"
#include "raster/raster.h"
#include "sheet/sheet.h"

/* A row left out by --keep-going: its index in the data, its number in the table, and why. */
typedef struct Reject { size_t index, row; const char *code, *message; } Reject;

/* Bytes of SHA-256 kept of each row: a million rows are held at once. */
#define ROW_HASH 16

typedef struct Run {
    Arena *arena;
    Spill *spill;                 /* what is known of every row */
    atomic_size_t warm_rows;      /* since run_cool */
    const JobOptions *options;
    DiagList *diags;
    JobSummary *summary;
    const Document *document;
    const Data *data;
    FontLibrary *fonts;
    TextLexicon *lexicon;
    TextHyphenation *hyphenation;
    ImageStore *images;
    const PressSetup *press;      /* of a layout with a standard, or NULL */
    PressLimits limits;
    PressInk ink;                 /* of all pages written, when a report is asked for */
    PressFindings findings;       /* of its rows, once pages_check has run */
    FontGlyphs *glyphs;           /* of its rows, for one PDF through Cairo; or NULL */
    Spill *finished;              /* pages that the check has made already: stored.c of press/ */
    const char **finished_units;  /* those of each unit from first_unit on */
    size_t finished_count;        /* of so many units; the others are made when they are drawn */
    unsigned jobs;
    OutputFormat format;
    bool is_one_up;               /* a PDF/VT file: the pieces as they are, a record a row, whatever the sheet says */
    bool is_sheet;                /* pieces imposed on sheets */
    Imposition imposition;        /* when is_sheet */
    size_t leaves;                /* pieces that a row gives: of a booklet its leaves of paper, else 1 */
    size_t unit_pages;            /* pages that a unit (a row, or a sheet) gives */
    size_t *rows;                 /* indexes of the rows to draw (all, or with --keep-going the good ones) */
    size_t row_count;
    const char **names;           /* per row and page, or the one name of all: names.c */
    bool one_file;                /* a single PDF takes everything */
    BoxPlaces *places;            /* of a press file of many rows: what is alike on them is written once; else NULL */
    bool is_single;               /* so it is, or there is one picture */
    atomic_uint_fast64_t bytes;   /* written so far */
    size_t first_unit, end_unit;  /* the part to draw: all, or the shard's; known once pages_check has run */
    size_t data_left_out;         /* rows that the rules of the data leave out */
    Reject *rejects;              /* those that cannot be drawn */
    size_t reject_count, reject_capacity;
    const char *folder;           /* where the outputs and the ledger lie; NULL: a stream, nothing is remembered */
    const char *ledger_name;
    const char *whole_name;       /* of one file, whatever the shard's is called */
    Ledger *ledger;
    char identity[HASH_HEX_ROOM]; /* of what all outputs share */
    uint8_t (*row_inputs)[ROW_HASH];      /* by index in the data; NULL: nothing is remembered */
    bool uses_row, uses_serial, uses_sheet;    /* built-ins that tell outputs of equal rows apart */
} Run;

/* A row's pages beyond these share. */
#define SERIES_KEPT 4

/* What one thread needs. */
typedef struct Worker {
    Run *run;
    FontEngine *fonts;
    TextEngine *text;
    BoxCache *boxes;
    Raster *raster;
    PngEncoder *png;              /* of LED frames */
    Arena *arena;                 /* the worker's own */
    PictureSeries *series[SERIES_KEPT];   /* of each page of a row, made when it is drawn */
    bool knows_sheet;
    FillContext of_sheet;         /* what pages_fill_sheet said last: the pieces of a sheet all ask for the same */
} Worker;

/* For Pipeline.start_worker: `context` is the Run. */
void *worker_start(void *context, Arena *arena);

/* ---- pages.c ---- */

/* The finished pages of one row (index into run->rows), or of one sheet. */
typedef struct PageSet {
    size_t count;
    const Scene **scenes;         /* with their marks */
    BoxPage *pages;               /* of a row, for inspect; NULL for a sheet */
} PageSet;

BoxContext pages_context(Worker *worker, size_t row_index, Arena *arena, DiagList *diags);
/* `sheet`: where it will lie, for @sheet and the like; SIZE_MAX: not known yet, the first stands for all. */
bool pages_of_row(Worker *worker, size_t index, size_t sheet, Arena *arena, DiagList *diags, PageSet *out);

/* Somebody who looks at each row as soon as it is laid out: once a unit. `pages` NULL: it could not be. `said`: what was said of it,
 * which is the eye's now. Answers whether the row is right. */
typedef struct RowEye {
    bool (*look)(void *context, Worker *worker, size_t row, const PageSet *pages, Arena *arena, DiagList *said);
    void *context;
} RowEye;

/* A unit: a sheet, or a row when nothing is imposed. `eye` may be NULL. */
bool pages_of_unit(Worker *worker, size_t unit, const RowEye *eye, Arena *arena, DiagList *diags, PageSet *out);

/* Is a sheet's label right? (The rest of a sheet was seen with its rows.) */
bool pages_label_is_right(Worker *worker, size_t sheet, Arena *arena, DiagList *diags);

/* What @sheet, @sheets, @first and @last say on sheet `sheet` (from 0). */
void pages_fill_sheet(const Run *run, size_t sheet, FillContext *fill);

/* How many sheets, or rows when nothing is imposed: what the draw pass counts. */
size_t pages_unit_count(const Run *run);

/* Which row (index into run->rows) lies in a place of a sheet, and which leaf of it (or NULL); SIZE_MAX: none. */
size_t pages_row_at(const Run *run, size_t sheet, unsigned place, size_t *leaf);

/* ---- check.c ---- */

/* places.c: decide what of the layout is drawn once for all rows, before any is drawn. */
void places_note(Run *run);

/* Lay out every row; fills run->rows with those that are right. False when the run must end here. */
bool pages_check(Run *run);

/* ---- record.c ---- */

/* Before the check: what all outputs share. record_row: what a checked row brings. */
void record_begin(Run *run);
void record_row(Run *run, size_t index, const PageSet *pages);

/* After it: the SHA-256 of what goes into a unit (row or sheet), and its data rows as "1-24,30". */
void record_unit(const Run *run, size_t unit, char hex[HASH_HEX_ROOM]);
const char *record_rows(const Run *run, size_t unit, Arena *arena, size_t *count);

/* Take the lock and begin the ledger. */
bool record_open(Run *run);

/* Is the output there, whole, and made of the same? Then its hash and length are in `entry`. Any thread may ask. */
bool record_is_known(const Run *run, const char *path, const char *inputs, LedgerEntry *entry);

/* Fill in the hash and the length of a file just written. */
bool record_hash(const char *path, LedgerEntry *entry, DiagList *diags);

/* `path` as the ledger names it. */
const char *record_name(const Run *run, const char *path);

/* ---- job.c ---- */

/* job_render, and the run stays to be asked. */
bool job_render_run(Run *run, Arena *arena, const char *layout, const JobOptions *options, DiagList *diags, JobSummary *summary);

/* ---- rejected.c ---- */

void rejected_add(Run *run, size_t index, const DiagList *diags);

/* Write the rows left out beside the outputs; take the file of an earlier run away when there are none. */
bool rejected_write(Run *run, const char *folder);

/* ---- filenames.c ---- */

/* Why a name that is made from data cannot be taken ("begins with a dot"), and which bytes of it; NULL: it can. */
const char *filename_problem(const Template *template, const FilledText *name, size_t *start, size_t *end);

/* The same for all names that some system takes for one file. */
const char *filename_folded(Arena *arena, const char *name);

/* ---- codes.c ---- */

/* Read the row's QR codes from its pages, as checks.qrcode says. False after `qr-unreadable`. */
bool codes_read_back(Worker *worker, const PageSet *pages, size_t index, Arena *arena, DiagList *diags);

/* ---- names.c ---- */

/* Decide format and names from -o, the layout and the rows, and refuse names that leave the folder or meet. */
bool names_plan(Run *run, DiagList *diags);

/* The name of a unit's (row's or sheet's) page, from 0; the same for all when one PDF holds them. */
const char *names_of(const Run *run, size_t unit, size_t page);

/* Any template filled for a unit's page, held against filename_problem where data has a part in it; NULL after a diag. In `arena`. */
const char *names_fill(Run *run, Arena *arena, const Template *template, size_t unit, size_t page, DiagList *diags);
bool names_depend_on_row(const Template *template);

/* The folder for frames. */
const char *names_folder(Run *run, DiagList *diags);

/* The folder a file lies in, "." when its name has none. */
const char *names_folder_of(Arena *arena, const char *path);

/* Make the folders a name stands in. */
bool names_make_folder(Arena *arena, const char *name, DiagList *diags);

/* ---- cores.c ---- */

/* From 1 to LIMIT_JOBS. */
unsigned cores_count(void);

/* ---- inputs.c ---- */

/* False after `writes-over-input`. When all pictures of the rows have been asked for. */
bool inputs_are_kept(Run *run);

/* ---- press.c ---- */

bool run_press_open(Run *run);

/* The row's fields that say whose its pages are: output.record, else what is unique, else the table's first column. */
PressRecord run_press_record(const Run *run, size_t unit, Arena *arena);
/* May the check make the pages that are drawn, unit by unit? */
bool run_press_makes(const Run *run);
/* What is to be drawn of a unit, stored (press_page_store) in `out`; with --report their ink is joined to `ink`. False after a diag. */
bool run_press_store(Worker *worker, size_t unit, const PageSet *set, Arena *arena, DiagList *diags, StrBuf *out, PressInk *ink);
/* The pages of a row (index into run->rows) as the print shop would see them. */
bool run_press_check(Worker *worker, size_t row, const PageSet *pages, Arena *arena, DiagList *diags, PressFindings *found);
/* --report, if it is asked for. `press` NULL: an error stopped the file, and what preflight found of it is said. */
bool run_press_report(Run *run, const Press *press);
bool run_press_one(Run *run, size_t units);                                       /* run->names[0] */
bool run_press_file(Worker *worker, size_t unit, const PageSet *set, OutFile *file, Arena *arena, DiagList *diags);

/* ---- labels.c ---- */

/* A line at the foot: words (or NULL), and the names of the plates that the scenes (and `extra`, or NULL) use, for a press file
 * those in SVG art too. NULL when there is nothing to say, or after a diag. */
typedef struct Label { const Template *text; const TextStyle *style; bool has_plates; const PressSetup *press; } Label;
const Scene *label_scene(BoxContext *context, const Label *label, const Scene *const *scenes, size_t scene_count, const Color *extra, Size area);

/* ---- calibration.c ---- */

/* Can --calibration, when asked for, be done? False after `no-calibration`. */
bool calibration_plan(Run *run, DiagList *diags);
bool calibration_sheet(Worker *worker, Arena *arena, DiagList *diags, PageSet *out);

/* ---- cutfile.c ---- */

/* The name of the cut file, of the layout or of --cut-file; NULL: none is asked for, or after a diag. */
const Template *cutfile_plan(Run *run, DiagList *diags);
bool cutfile_write(Run *run);

/* The lines that are cut as text, once for all sheets (or rows), from `first` to `last` from 0, that follow each other and are
 * cut alike. Not called for those without lines. */
typedef bool (*CutGroupFn)(void *context, const char *text, size_t first, size_t last);
bool cutfile_groups(Run *run, CutFormat format, CutGroupFn group, void *context);

/* ---- strips.c: an LED layout's items ---- */

/* The time of the first frame, or NULL. */
const char *strips_now(const Run *run);

/* Does any item of the playlists show it? */
bool strips_tell_time(const Document *document);

/* As led_play, in the run's arena; a screen that tells the time is planned anew for each time round. */
bool renew_play(Run *run, const LedPlan *plan, const LedPlayOptions *play, LedPlayed *played);

/* ---- files.c, frames.c, films.c, preview.c ---- */

bool files_write(Run *run);
bool frames_write(Run *run);
bool frames_check(Run *run);
const LedPlan *frames_plan(Run *run);          /* NULL after an error */
bool films_write(Run *run);

/* Can the preview that is asked for be made? Said before anything is drawn. */
bool preview_plan(Run *run, DiagList *diags);
bool preview_write(Run *run, const LedPlan *plan);

/* A playlist's items laid out (and told to `inspect` as JSON, if not NULL); NULL after an error. The scenes live in `arena`. */
LedStrip *frames_strips(Worker *worker, Arena *arena, DiagList *diags, StrBuf *inspect, size_t *count);

/* So many rows have been dealt with: now and then, let go of what lies outside of memory. */
void run_cool(Run *run, size_t rows);

void run_progress(const Run *run, const char *stage, const char *unit, size_t done, size_t total);

#endif
