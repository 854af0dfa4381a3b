/* table.h -- private to data/: a table as read, and what the files of the room share.
 *
 * A Table keeps the file's bytes (messages quote them) and one buffer with the fields' text, unescaped and NUL-terminated
 * one after another; a cell is an offset into it. A field without its delimiter and quotes is never longer than with them,
 * so the buffer is as long as the file, and a row costs 4 bytes a field and 8 of its own. Large tables lie in a Spill, not in
 * memory: whoever walks over all rows lets go of those behind him (spill_walk). The room, a step a file: decode.c
 * (bytes to UTF-8), csv.c, jsonl.c, workbook.c with archive.c, sheet.c and shown.c behind it (XLSX), table.c, order.c, arrange.c, lookup.c, rules.c, select.c, fill.c. */
#ifndef RENDER_DATA_TABLE_H
#define RENDER_DATA_TABLE_H

#include <stdint.h>

#include "base/spill.h"
#include "data/data.h"

/* Rows that break a rule, when they are to be left out: what would be errors of the run are errors of them. */
typedef struct RowError { uint32_t row; size_t number; const char *code, *message; } RowError;     /* number: as they were found */
typedef struct Rejects {
    Arena *arena;
    DiagList diags;               /* what is wrong with them */
    bool *is_bad;                 /* of each row of the table; NULL until it is read */
    RowError *items;
    size_t count, capacity;
} Rejects;

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
    const uint32_t *numbers;      /* of rows that were arranged: their number in the file, from 1; NULL: as they stand */
    const uint16_t *letters;      /* of a sheet: which of its columns each is, from 0 */
    Rejects *rejects;             /* of the main table with keep_going, or NULL */
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
    Spill *spill;
    const Document *document;
    const Table *table;           /* NULL: one row without columns */
    uint32_t *order;        /* chosen rows of the table, copies counted; then the rejected ones, once */
    size_t count;
    const DataReject *rejects;
    size_t reject_count;
    const DiagList *reject_diags;
    const Lookup *lookups;
    size_t lookup_count;
};

/* Rows of the table that are still wanted, in order: filter, --rows and --where leave some out. */
typedef struct Choice {
    uint32_t *rows;
    size_t count;
    const Spill *spill;
} Choice;


/* ---- decode.c ---- */

/* What a file's text is; `*bad` is where it is not UTF-8. */
typedef enum TextCheck { TEXT_UTF8, TEXT_NOT_UTF8, TEXT_NUL } TextCheck;
TextCheck decode_check(const Spill *spill, const Source *source, size_t *bad);

/* The file's text as UTF-8. `*guess`: what it was taken for without being told, or NULL. NULL after `csv-encoding`. */
const Source *decode_text(Arena *arena, Spill *spill, const Source *raw, Encoding encoding, const char **guess, DiagList *diags);

/* ---- csv.c ---- */

/* Read a table of UTF-8 text. `delimiter` 0: by the path's ending, or what alone divides the first lines alike (a warning).
 * Problems of shape are all reported; NULL then. With `rejects`, rows with too few or too many fields are such. */
Table *csv_read(Arena *arena, Spill *spill, const Source *source, char delimiter, Rejects *rejects, DiagList *diags);

/* The bytes of a field, with its quotes, in the source; of the whole record's first line for NO_COLUMN. */
Span csv_field_span(const Table *table, size_t row, size_t column);

/* ---- jsonl.c ---- */

/* Read lines that are JSON objects of scalars; the first names the columns. */
Table *jsonl_read(Arena *arena, Spill *spill, const Source *source, DiagList *diags);
Span jsonl_field_span(const Table *table, size_t row, size_t column);

/* ---- workbook.c ---- */

bool workbook_is_one(const Source *source);

/* Read a sheet of an XLSX workbook (`sheet` NULL: the first that is not hidden). `where`: in the layout, for warnings. */
Table *workbook_read(Arena *arena, Spill *spill, const Source *source, const char *sheet, Span where, DiagList *diags);

/* ---- table.c ---- */

/* Where a table is and what the layout says of its form: 0 and NULL where nothing. */
typedef struct TableForm { const char *path, *sheet; Encoding encoding; char delimiter; Span where; } TableForm;

static inline const char *table_field(const Table *table, size_t row, size_t column)
{
    return table->text + table->cells[row * table->column_count + column];
}

/* spill_walk over the rows of a table, in their order. (The texts of a sheet lie in no order.) */
#define SHEET_ROW_BYTES 256
static inline void table_walk(const Table *table, const Spill *spill, size_t row, size_t *cool_at)
{
    bool is_ordered = table->kind != TABLE_SHEET && table->column_count;
    spill_walk(spill, is_ordered ? table->cells[row * table->column_count] : row * SHEET_ROW_BYTES, cool_at);
}

/* Read a table of any kind: its bytes tell which. */
Table *table_read(Arena *arena, Spill *spill, const TableForm *form, Rejects *rejects, DiagList *diags);

/* The place of a column, or NO_COLUMN. */
size_t table_column(const Table *table, const char *name);

/* "columns: a, b, c", for hints and messages. */
const char *table_column_list(Arena *arena, const Table *table);

/* Say that `name` is no column, at a place of the layout. */
bool table_unknown_column(DiagList *diags, const Table *table, const char *name, Span where);

/* An error or a warning about one row (and column unless NO_COLUMN) of a table, at its place in the table. Always false. An
 * error makes a reject of the row when the table has such; then it is none of the run. */
bool table_report(DiagList *diags, Severity severity, const Table *table, size_t row, size_t column, const char *code,
                  const char *hint, const char *format, ...) __attribute__((format(printf, 8, 9)));

/* `row` is to be left out, for this reason too. The message is copied. */
void table_reject(Rejects *rejects, size_t row, const char *code, const char *message);

/* "C44", as the workbook shows it; `column` from 0, `row` from 1. */
const char *table_cell_name(Arena *arena, unsigned column, size_t row);

/* A value short enough for a message: at most 40 characters, control characters as U+FFFD. */
const char *table_shown(Arena *arena, const char *value);

bool table_is_date(const char *value, int *year, int *month, int *day);

/* ---- select.c ---- */

/* Leave out what the layout's filter, --rows and --where do not want. False after an error. */
bool select_rows(Spill *spill, const Document *document, const Table *table, const DataOptions *options, Choice *choice,
                 DiagList *diags);

/* ---- order.c ---- */

/* What rows are ordered by: fields, and how two of them are compared. */
typedef struct OrderKey { const Table *table; const size_t *columns; size_t count; int (*compare)(const char *, const char *); } OrderKey;
typedef struct Order Order;

/* The rows in their order; equal ones as their numbers are. `key` is the caller's until order_close. */
Order *order_open(Arena *arena, Spill *spill, const OrderKey *key, const uint32_t *rows, size_t count);

/* The next row, and its fields one after the other, each with its NUL, there until order_close. False: there is no other. */
bool order_next(Order *order, uint32_t *row, const char **texts);
void order_close(Order *order);

/* ---- arrange.c ---- */

/* Let the rows of data->order lie in their order. Last of all: whatever else was known of rows by their place no longer holds. */
void data_arrange(Arena *arena, Data *data);

/* ---- lookup.c ---- */

/* The table of one lookup, and the row of it for each chosen row of the main table. False after errors. */
bool lookup_open(Arena *arena, Spill *spill, const Table *main_table, const Choice *choice, const LookupRule *rule, Lookup *out, DiagList *diags);

/* The column of `name` in a lookup ("station.phone"), or NO_COLUMN. */
size_t lookup_column(const Lookup *lookup, const char *name);

/* ---- rules.c ---- */

/* Check the chosen rows against `columns` and `unique`. */
bool rules_check(Arena *arena, Spill *spill, const DataSpec *spec, const Table *table, const Choice *choice, DiagList *diags);

/* Text order: by code points, runs of digits by their value. */
int rules_compare(const char *a, const char *b);

#endif
