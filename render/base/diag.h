/* diag.h -- problems found in the user's input, collected, never printed here (cli/ does that).
 *
 * A message says what is wrong, then what to try: no capital, no full stop, the user's own words quoted. A list belongs
 * to one thread; lists of several workers are joined in page order, so that any number of jobs says the same. */
#ifndef RENDER_BASE_DIAG_H
#define RENDER_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/source.h"

typedef enum Severity { SEVERITY_WARNING, SEVERITY_ERROR } Severity;

/* What stands behind an error: DIAG_INPUT makes exit code 1, DIAG_SYSTEM (file, disk, font unreadable) makes 4. */
typedef enum DiagCause { DIAG_INPUT, DIAG_SYSTEM } DiagCause;

/* The place in a data table a problem belongs to; row 0: none. */
typedef struct DataRef {
    const char *file;             /* path as the user would recognise it */
    size_t row;                   /* data row, from 1, the header not counted */
    size_t line;                  /* line in the file where the record starts, from 1; of a workbook the row of the sheet */
    const char *cell;             /* "C44" in a workbook, or NULL */
    const char *column;           /* or NULL */
    const char *value;            /* the field's text, or NULL */
} DataRef;

typedef struct Diag {
    Severity severity;
    DiagCause cause;
    const char *code;             /* "unknown-key": stable, what `biaoyu explain` takes */
    Span where;
    const char *path;             /* "/body/items/1/text", or NULL */
    DataRef data;
    const char *message;
    const char *hint;             /* what to do, or NULL */
    size_t repeats;               /* how many further rows said just the same */
} Diag;

typedef struct DiagList {
    Arena *arena;                 /* messages live here */
    Diag *items;
    size_t count, capacity;
    size_t error_count, warning_count;
    size_t dropped;               /* beyond LIMIT_DIAGS */
    bool has_system_error;
    DataRef row;                  /* copied into every Diag that names no row of its own */
    const char *path;             /* likewise */
} DiagList;

void diag_list_init(DiagList *list, Arena *arena);

/* Add an error; always false, so that callers can `return diag_error(...)`. `code` must be a literal; `hint` (may be
 * NULL) and the arguments are copied. Same place + code + message as an item in the list: counted as a repeat. */
bool diag_error(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void diag_warning(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* An error of the machine (file, disk, font, network): exit code 4. */
bool diag_system(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Add a finished Diag (its strings are copied into the list's arena; sources are borrowed). */
void diag_add(DiagList *list, const Diag *diag);

/* Append all of `from` to `to`. */
void diag_join(DiagList *to, const DiagList *from);

#endif
