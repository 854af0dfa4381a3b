/* data.h -- data tables become rows; templates are filled with them.
 *
 * Inside: decode.c (encodings), csv.c (RFC 4180 records with their lines), jsonl.c (JSON lines), workbook.c (XLSX, with
 * archive.c, sheet.c, shown.c), table.c (all of it opened), rules.c (columns, unique), select.c (filter, --rows, --where),
 * order.c and arrange.c (sort), lookup.c, fill.c (placeholders and filters). Data is never mark-up: a field's text reaches the page as it
 * stands. Every problem names file, row and column. A Data is immutable once open; any thread may read it. */
#ifndef RENDER_DATA_DATA_H
#define RENDER_DATA_DATA_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "document/document.h"

typedef struct Data Data;

typedef struct DataOptions {
    const char *file;             /* --data: instead of the layout's rows; NULL: as the layout says */
    const char *rows;             /* --rows "2-5,9": numbers of data rows; NULL: all */
    const Setting *where;         /* --where column=value: all must hold */
    size_t where_count;
    bool keep_going;              /* rows that break a rule are left out (data_rejects), and are no error of the run */
} DataOptions;

/* Read the document's table and the tables it looks up in, and check them and every placeholder of the document against
 * them. Without `data` there is one row with no columns. NULL when there was an error. */
const Data *data_open(Arena *arena, const Document *document, const DataOptions *options, DiagList *diags);

/* Rows chosen, filtered, sorted, `copies` already counted in (a row with copies 3 is there three times). */
size_t data_row_count(const Data *data);

/* Rows left out because they break a rule, in the order of the table, each once. Their index lies past data_row_count, and
 * data_row_ref and data_field know it. `code` of the first thing wrong, `message` of all. */
typedef struct DataReject { size_t index; const char *code, *message; } DataReject;
const DataReject *data_rejects(const Data *data, size_t *count);
const DiagList *data_reject_diags(const Data *data);      /* the messages; NULL: none */

/* Large tables lie in a file that is mapped (base/spill.h): let go of what was read of it. Every few hundred rows. */
void data_cool(const Data *data);

/* SHA-256 of data_source's text. */
void data_hash(const Data *data, char hex[HASH_HEX_ROOM]);

/* The place of row `index` (from 0), for messages; its `row` is the row's number in the file. {0} without a table. */
DataRef data_row_ref(const Data *data, size_t index);

/* The file the rows come from, as read; NULL without a table. Its columns: how many, and their names. */
const Source *data_source(const Data *data);
size_t data_columns(const Data *data, const char *const **names);

/* The field's text, or NULL when there is no such column ("station.phone" looks up). */
const char *data_field(const Data *data, size_t index, const char *name);

/* What the built-in placeholders say. Counts from 1; 0: unknown in this place (an error names it when it is used). */
typedef struct FillContext {
    const Data *data;
    size_t row_index;             /* from 0 */
    size_t page, pages, sheet, sheets, first, last, frame;   /* first, last: row numbers on a sheet */
    const char *now;              /* "2026-11-26T08:00:00" from --now or screen.now, moved on to the time of the frame; NULL: unknown */
    const char *date;             /* "2026-11-23" from --set date or SOURCE_DATE_EPOCH; NULL: unknown */
} FillContext;

typedef struct FilledSpan {
    size_t start, end;            /* bytes of the filled text */
    const TextStyle *style;       /* inline style, or NULL */
    const Ruby *ruby;             /* or NULL; the same for all spans of the words that have it */
    const InlineBox *box;         /* likewise */
    const char *column;           /* where it came from, or NULL for the layout's own words */
    Span where;                   /* in the layout */
} FilledSpan;

typedef struct FilledText {
    const char *text;             /* NUL-terminated UTF-8 */
    size_t length;
    const FilledSpan *spans;      /* in order, touching, covering all of text */
    size_t span_count;
    Span where;
} FilledText;

/* Fill a template for one row. False after an error (an unknown built-in, a date that is none; an empty field as
 * `empty_field` says). */
bool data_fill(const Template *template, const FillContext *context, Report empty_field, Arena *arena, DiagList *diags,
               FilledText *out);

/* Do the conditions hold for this row? */
bool data_matches(const Condition *when, size_t when_count, const Condition *unless, size_t unless_count,
                  const FillContext *context);

#endif
