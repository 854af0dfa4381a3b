/* table.h -- private to data/: a table as read, and what the files of the room share.
 *
 * A Table keeps the file's bytes (messages quote them) and one buffer with the fields' text, unescaped and NUL-terminated
 * one after another; a cell is an offset into it. A field without its delimiter and quotes is never longer than with them,
 * so the buffer is as long as the file, and a row costs 4 bytes a field and 8 of its own. The room, a step a file: decode.c
 * (bytes to UTF-8), csv.c, jsonl.c, workbook.c with archive.c, sheet.c and shown.c behind it (XLSX), table.c, rules.c, select.c, fill.c. */
#ifndef RENDER_DATA_TABLE_H
#define RENDER_DATA_TABLE_H

#include <stdint.h>

#include "data/data.h"

typedef enum TableKind { TABLE_CSV, TABLE_JSON, TABLE_SHEET } TableKind;

typedef struct Table {
    TableKind kind;
    const Source *source;         /* the text, decoded; of a workbook its bytes */
    char delimiter;
    const char *const *columns;   /* names of the header */
    size_t column_count;
    size_t row_count;
    const char *text;             /* the fields */
    const uint32_t *cells;        /* row_count * column_count offsets into text */
    const uint32_t *starts;       /* offset of each record in the source; NULL of a sheet */
    const uint32_t *lines;        /* its line, or row of the sheet, from 1 */
    const uint16_t *letters;      /* of a sheet: which of its columns each is, from 0 */
} Table;

typedef struct Lookup {
    const LookupRule *rule;
    size_t column;                /* of the main table */
    const Table *table;
    const uint32_t *rows;         /* row of the main table -> row of `table`; NO_ROW when the field is empty or the row is not used */
} Lookup;

#define NO_ROW UINT32_MAX
#define NO_COLUMN SIZE_MAX

struct Data {
    const Document *document;
    const Table *table;           /* NULL: one row without columns */
    const uint32_t *order;        /* chosen rows of the table, copies counted */
    size_t count;
    const Lookup *lookups;
    size_t lookup_count;
};

/* Rows of the table that are still wanted, in order: filter, --rows and --where leave some out. */
typedef struct Choice {
    uint32_t *rows;
    size_t count;
} Choice;

/* ---- decode.c ---- */

/* The file's text as UTF-8. `*guess`: what it was taken for without being told, or NULL. NULL after `csv-encoding`. */
const Source *decode_text(Arena *arena, const Source *raw, Encoding encoding, const char **guess, DiagList *diags);

/* ---- csv.c ---- */

/* Read a table of UTF-8 text. `delimiter` 0: by the path's ending, or what alone divides the first lines alike (a warning).
 * Problems of shape are all reported; NULL then. */
const Table *csv_read(Arena *arena, const Source *source, char delimiter, DiagList *diags);

/* The bytes of a field, with its quotes, in the source; of the whole record's first line for NO_COLUMN. */
Span csv_field_span(const Table *table, size_t row, size_t column);

/* ---- jsonl.c ---- */

/* Read lines that are JSON objects of scalars; the first names the columns. */
const Table *jsonl_read(Arena *arena, const Source *source, DiagList *diags);
Span jsonl_field_span(const Table *table, size_t row, size_t column);

/* ---- workbook.c ---- */

bool workbook_is_one(const Source *source);

/* Read a sheet of an XLSX workbook (`sheet` NULL: the first that is not hidden). `where`: in the layout, for warnings. */
const Table *workbook_read(Arena *arena, const Source *source, const char *sheet, Span where, DiagList *diags);

/* ---- table.c ---- */

static inline const char *table_field(const Table *table, size_t row, size_t column)
{
    return table->text + table->cells[row * table->column_count + column];
}

/* The place of a column, or NO_COLUMN. */
size_t table_column(const Table *table, const char *name);

/* "columns: a, b, c", for hints and messages. */
const char *table_column_list(Arena *arena, const Table *table);

/* Say that `name` is no column, at a place of the layout. */
bool table_unknown_column(DiagList *diags, const Table *table, const char *name, Span where);

/* An error or a warning about one row (and column unless NO_COLUMN) of a table, at its place in the table. Always false. */
bool table_report(DiagList *diags, Severity severity, const Table *table, size_t row, size_t column, const char *code,
                  const char *hint, const char *format, ...) __attribute__((format(printf, 8, 9)));

/* "C44", as the workbook shows it; `column` from 0, `row` from 1. */
const char *table_cell_name(Arena *arena, unsigned column, size_t row);

/* A value short enough for a message: at most 40 characters, control characters as U+FFFD. */
const char *table_shown(Arena *arena, const char *value);

bool table_is_date(const char *value, int *year, int *month, int *day);

/* ---- select.c ---- */

/* Leave out what the layout's filter, --rows and --where do not want. False after an error. */
bool select_rows(Arena *arena, const Document *document, const Table *table, const DataOptions *options, Choice *choice,
                 DiagList *diags);

/* ---- rules.c ---- */

/* Check the chosen rows against `columns` and `unique`. */
bool rules_check(Arena *arena, const DataSpec *spec, const Table *table, const Choice *choice, DiagList *diags);

/* Text order: by code points, runs of digits by their value. */
int rules_compare(const char *a, const char *b);

#endif
