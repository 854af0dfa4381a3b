/* table.c -- opening the data: the table, the order of its rows, what is left out; every placeholder has its column. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "data/table.h"

#define COOL_ROWS 128             /* of rows in any order */
#define LIST_MAX 20               /* names in a message */

/* ---- what the files of the room share ---- */

size_t table_column(const Table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (!strcmp(table->columns[i], name)) return i;
    return NO_COLUMN;
}

const char *table_column_list(Arena *arena, const Table *table)
{
    StrBuf list;
    strbuf_init(&list, arena);
    strbuf_add(&list, "columns:");
    for (size_t i = 0; i < table->column_count && i < LIST_MAX; i++)
        strbuf_addf(&list, "%s %s", i ? "," : "", table_shown(arena, table->columns[i]));
    if (table->column_count > LIST_MAX) strbuf_add(&list, ", ...");
    return list.bytes;
}

bool table_unknown_column(DiagList *diags, const Table *table, const char *name, Span where)
{
    const char *nearest = suggest_nearest(name, table->columns, table->column_count);
    const char *hint = nearest ? arena_printf(diags->arena, "did you mean \"%s\"?", nearest) : NULL;
    return diag_error(diags, where, "unknown-column", hint, "no column \"%s\" in %s; %s", name, table->source->path,
                      table_column_list(diags->arena, table));
}

const char *table_shown(Arena *arena, const char *value)
{
    StrBuf shown;
    strbuf_init(&shown, arena);
    size_t length = strlen(value), at = 0;
    for (int i = 0; at < length; i++) {
        if (i == 40) {
            strbuf_add(&shown, "…");
            break;
        }
        uint32_t c = utf8_next(value, length, &at);
        strbuf_add_codepoint(&shown, c < 0x20 || (c >= 0x7f && c < 0xa0) ? 0xfffd : c);
    }
    return shown.bytes;
}

const char *table_cell_name(Arena *arena, unsigned column, size_t row)
{
    char letters[8];
    size_t at = sizeof letters - 1;
    letters[at] = '\0';
    for (unsigned left = column + 1; left && at; left = (left - 1) / 26) letters[--at] = (char)('A' + (left - 1) % 26);
    return arena_printf(arena, "%s%zu", letters + at, row);
}

static Span field_span(const Table *table, size_t row, size_t column)
{
    switch (table->kind) {
    case TABLE_CSV: return csv_field_span(table, row, column);
    case TABLE_JSON: return jsonl_field_span(table, row, column);
    case TABLE_SHEET: break;      /* its cell is named instead */
    }
    return SPAN_NONE;
}

void table_reject(Rejects *rejects, size_t row, const char *code, const char *message)
{
    rejects->items = ARENA_GROW(rejects->arena, rejects->items, rejects->count, &rejects->capacity);
    rejects->items[rejects->count++] = (RowError){(uint32_t)row, rejects->count, code, arena_copy_string(rejects->arena, message)};
    rejects->is_bad[row] = true;
}

bool table_report(DiagList *diags, Severity severity, const Table *table, size_t row, size_t column, const char *code,
                  const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(diags->arena, format, arguments);
    va_end(arguments);
    if (severity == SEVERITY_ERROR && table->rejects) {
        table_reject(table->rejects, row, code, message);
        diags = &table->rejects->diags;
    }
    if (diags->count >= LIMIT_DIAGS && diags->dropped) {
        diags->dropped++;         /* of a million bad rows, most places need not be looked for */
        diags->error_count += severity == SEVERITY_ERROR;
        return false;
    }
    Diag diag = {.severity = severity, .code = code, .message = message, .hint = hint, .where = field_span(table, row, column),
                 .data = {.file = table->source->path, .row = row + 1, .line = table->lines[row]}};
    if (table->kind == TABLE_SHEET && column != NO_COLUMN)
        diag.data.cell = table_cell_name(diags->arena, table->letters[column], table->lines[row]);
    if (column != NO_COLUMN) {
        diag.data.column = table->columns[column];
        diag.data.value = table_shown(diags->arena, table_field(table, row, column));
    }
    diag_add(diags, &diag);
    return false;
}

/* ---- reading ---- */

static bool is_jsonl(const Source *source)
{
    size_t length = strlen(source->path), at = source->length >= 3 && !memcmp(source->text, "\xef\xbb\xbf", 3) ? 3 : 0;
    if (length > 6 && !strcasecmp(source->path + length - 6, ".jsonl")) return true;
    if (length > 7 && !strcasecmp(source->path + length - 7, ".ndjson")) return true;
    while (at < source->length && memchr(" \r\n\t", source->text[at], 4)) at++;
    size_t next = at + 1;
    if (next >= source->length) return false;
    if (source->text[at] == '{') return memchr(" \t\r\n\"}", source->text[next], 6);
    while (next < source->length && memchr(" \r\n\t", source->text[next], 4)) next++;
    return source->text[at] == '[' && next < source->length && source->text[next] == '{';       /* a list of them: said as such */
}

/* What kind of table it is, its bytes tell; only JSON lines may need the name. */
Table *table_read(Arena *arena, Spill *spill, const TableForm *form, Rejects *rejects, DiagList *diags)
{
    const Source *source = file_read_spilled(arena, spill, form->path, LIMIT_TABLE_BYTES, form->where, diags);
    if (!source) return NULL;
    if (workbook_is_one(source)) return workbook_read(arena, spill, source, form->sheet, form->where, diags);
    const char *guess;
    source = decode_text(arena, spill, source, form->encoding, &guess, diags);
    if (!source) return NULL;
    Table *table = is_jsonl(source) ? jsonl_read(arena, spill, source, diags) : csv_read(arena, spill, source, form->delimiter, rejects, diags);
    if (table && guess)
        diag_warning(diags, form->where, "csv-encoding", "save it as \"CSV UTF-8\", or say encoding in the layout", "%s read as %s; %s)", source->path, guess,
                     table->row_count == 1 ? "its row decodes" : arena_printf(arena, "all %zu rows decode", table->row_count));
    if (table && form->sheet)
        diag_warning(diags, form->where, "unknown-sheet", "leave sheet out", "%s is no workbook: it has no sheet \"%s\"", source->path, form->sheet);
    return table;
}

/* ---- every placeholder has its column ---- */

static bool field_is_known(const Data *data, const char *name)
{
    if (*name == '@') return true;    /* data_fill knows which and where */
    if (!data->table) return false;
    if (table_column(data->table, name) != NO_COLUMN) return true;
    for (size_t i = 0; i < data->lookup_count; i++)
        if (lookup_column(&data->lookups[i], name) != NO_COLUMN) return true;
    return false;
}

static const char *nearest_field(Arena *arena, const Data *data, const char *name)
{
    size_t count = data->document->var_count + (data->table ? data->table->column_count : 0), at = 0;
    for (size_t i = 0; i < data->lookup_count; i++) count += data->lookups[i].table->column_count;
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; data->table && i < data->table->column_count; i++) names[at++] = data->table->columns[i];
    for (size_t i = 0; i < data->document->var_count; i++) names[at++] = data->document->var_names[i];
    for (size_t i = 0; i < data->lookup_count; i++)
        for (size_t j = 0; j < data->lookups[i].table->column_count; j++)
            names[at++] = arena_printf(arena, "%s.%s", data->lookups[i].rule->column, data->lookups[i].table->columns[j]);
    return suggest_nearest(name, names, at);
}

/* A variable takes the place of a column that is not declared: silently, the table would have no say. */
static void warn_hidden(const Data *data, DiagList *diags)
{
    const DataSpec *spec = &data->document->data;
    for (size_t i = 0; i < data->document->var_count; i++) {
        const char *name = data->document->var_names[i];
        bool is_declared = false;
        for (size_t k = 0; k < spec->column_count && !is_declared; k++) is_declared = strcmp(spec->columns[k].name, name) == 0;
        if (is_declared || table_column(data->table, name) == NO_COLUMN) continue;
        diag_warning(diags, spec->rows_span, "hidden-column",
                     arena_printf(diags->arena, "rename the variable, or take the column's value: data: {columns: {%s: {}}}", name),
                     "the variable \"%s\" hides the column \"%s\"", name, name);
    }
}

/* What a placeholder may be when no column is like it. */
static const char *field_hint(Arena *arena, const Data *data, const char *field)
{
    const char *dot = strchr(field, '.');
    if (dot && dot > field) return arena_printf(arena, "another table's field needs data: {lookup: {%.*s: {file, key}}}", (int)(dot - field), field);
    return data->table ? NULL : arena_printf(arena, "name a table in data: rows, or declare it: vars: {%s: ...}", field);
}

static void check_fields(Arena *arena, const Data *data, DiagList *diags)
{
    for (size_t i = 0; i < data->document->field_count; i++) {
        const FieldUse *use = &data->document->fields[i];
        if (field_is_known(data, use->field)) continue;
        const char *nearest = nearest_field(arena, data, use->field);
        Diag diag = {.severity = SEVERITY_ERROR, .code = "unknown-column", .where = use->where, .path = use->path};
        diag.message = data->table ? arena_printf(arena, "no column \"%s\"; %s", use->field, table_column_list(arena, data->table))
                                   : arena_printf(arena, "no column \"%s\": the layout has no data", use->field);
        diag.hint = nearest ? arena_printf(arena, "did you mean \"%s\"?", nearest) : field_hint(arena, data, use->field);
        diag_add(diags, &diag);
    }
}

/* ---- the order of the rows ---- */

static bool sort_rows(Arena *arena, Spill *spill, const DataSpec *spec, const Table *table, Choice *choice, DiagList *diags)
{
    size_t *columns = ARENA_ARRAY(arena, size_t, spec->sort_count + 1);
    bool ok = true;
    for (size_t i = 0; i < spec->sort_count; i++) {
        columns[i] = table_column(table, spec->sort[i].name);
        if (columns[i] == NO_COLUMN) ok = table_unknown_column(diags, table, spec->sort[i].name, spec->sort[i].where);
    }
    if (!ok || !spec->sort_count) return ok;
    const OrderKey key = {table, columns, spec->sort_count, rules_compare};
    Order *order = order_open(arena, spill, &key, choice->rows, choice->count);
    const char *texts;
    for (size_t i = 0; i < choice->count && order_next(order, &choice->rows[i], &texts); i++) continue;
    order_close(order);
    return true;
}

static bool count_copies(Spill *spill, const DataSpec *spec, const Table *table, const Choice *choice, Data *data, DiagList *diags)
{
    data->order = choice->rows;
    data->count = choice->count;
    if (!spec->copies.name) return true;
    size_t column = table_column(table, spec->copies.name), total = 0;
    if (column == NO_COLUMN) return table_unknown_column(diags, table, spec->copies.name, spec->copies.where);
    bool ok = true;
    uint32_t *copies = SPILL_ARRAY(spill, uint32_t, choice->count + 1);
    for (size_t i = 0; i < choice->count; i++) {
        if (i % COOL_ROWS == 0) spill_cool(spill);            /* they may be sorted: in no order of the file */
        const char *value = table_field(table, choice->rows[i], column);
        long count;
        if (!num_parse_count(value, &count) || count > LIMIT_COPIES) {
            table_report(diags, SEVERITY_ERROR, table, choice->rows[i], column, "bad-copies", "a whole number from 0 to 1000000",
                         "row %u: %s \"%s\" is no number of copies", choice->rows[i] + 1, spec->copies.name, table_shown(diags->arena, value));
            ok = table->rejects != NULL;
            continue;
        }
        copies[i] = (uint32_t)count;
        total += (size_t)count;
    }
    if (!ok) return false;
    if (total > LIMIT_PIECES)
        return diag_error(diags, spec->copies.where, "bad-copies", NULL, "column \"%s\" asks for %zu copies in all; at most %zu are made",
                          spec->copies.name, total, LIMIT_PIECES);
    if (!total && !(table->rejects && table->rejects->count))
        return diag_error(diags, spec->copies.where, "no-rows", NULL, "column \"%s\" asks for no copy of any row", spec->copies.name);
    uint32_t *order = SPILL_ARRAY(spill, uint32_t, total + table->row_count);      /* with room for those that are rejected */
    size_t at = 0;
    for (size_t i = 0; i < choice->count; i++)
        for (uint32_t n = 0; n < copies[i]; n++) order[at++] = choice->rows[i];
    data->order = order;
    data->count = total;
    return true;
}

/* ---- rows that are left out ---- */

static int compare_row_errors(const void *a, const void *b)
{
    const RowError *left = a, *right = b;
    int order = (left->row > right->row) - (left->row < right->row);
    return order ? order : (left->number > right->number) - (left->number < right->number);
}

static Rejects *rejects_new(Arena *arena)
{
    Rejects *rejects = ARENA_NEW(arena, Rejects);
    rejects->arena = arena;
    diag_list_init(&rejects->diags, arena);
    return rejects;
}

/* All that is wrong with a row in one, in the order it was found. */
static size_t join_row_errors(Rejects *rejects, DataReject *out)
{
    size_t count = 0;
    if (rejects->count) qsort(rejects->items, rejects->count, sizeof *rejects->items, compare_row_errors);
    for (size_t i = 0; i < rejects->count; i++) {
        const RowError *error = &rejects->items[i];
        if (i && error->row == error[-1].row) out[count - 1].message = arena_printf(rejects->arena, "%s; %s", out[count - 1].message, error->message);
        else out[count++] = (DataReject){error->row, error->code, error->message};
    }
    return count;
}

/* The rows that are right stay in their order; the others follow, once each. */
static void leave_out(Data *data, Rejects *rejects)
{
    uint32_t *order = data->order;
    size_t kept = 0;
    for (size_t i = 0; i < data->count; i++)
        if (!rejects->is_bad[order[i]]) order[kept++] = order[i];
    DataReject *items = ARENA_ARRAY(rejects->arena, DataReject, rejects->count + 1);
    data->reject_count = join_row_errors(rejects, items);
    for (size_t i = 0; i < data->reject_count; i++) {
        order[kept + i] = (uint32_t)items[i].index;
        items[i].index = kept + i;
    }
    data->count = kept;
    data->rejects = items;
    data->reject_diags = &rejects->diags;
}

/* ---- the door ---- */

static const Data *open_without_table(Arena *arena, Data *data, const DataOptions *options, DiagList *diags)
{
    if (options->rows) {
        diag_error(diags, SPAN_NONE, "bad-rows", NULL, "--rows %s: the layout has no data", options->rows);
        return NULL;
    }
    if (options->where_count) {
        diag_error(diags, SPAN_NONE, "unknown-column", NULL, "--where %s: the layout has no data", options->where[0].name);
        return NULL;
    }
    size_t errors = diags->error_count;
    check_fields(arena, data, diags);
    data->count = 1;
    return diags->error_count == errors ? data : NULL;
}

const Data *data_open(Arena *arena, const Document *document, const DataOptions *options, DiagList *diags)
{
    static const DataOptions none;
    if (!options) options = &none;
    const DataSpec *spec = &document->data;
    Data *data = ARENA_NEW(arena, Data);
    data->document = document;
    data->spill = spill_new(arena);
    if (!spec->is_given && !options->file) return open_without_table(arena, data, options, diags);
    const char *path = options->file ? options->file : spec->rows;
    Span where = options->file ? SPAN_NONE : spec->rows_span;
    if (!path) {
        diag_error(diags, spec->where, "missing-key", "rows: data/table.csv", "data names no table");
        return NULL;
    }
    size_t errors = diags->error_count;
    Rejects *rejects = options->keep_going ? rejects_new(arena) : NULL;
    const TableForm form = {path, spec->sheet, spec->encoding, spec->delimiter, where};
    Table *table = table_read(arena, data->spill, &form, rejects, diags);
    if (!table) return NULL;
    data->table = table;
    table->rejects = rejects;
    if (rejects && !rejects->is_bad) rejects->is_bad = SPILL_ARRAY(data->spill, bool, table->row_count + 1);
    Choice choice = {0};
    bool chosen = select_rows(data->spill, document, table, options, &choice, diags);
    if (chosen) rules_check(arena, data->spill, spec, table, &choice, diags);
    Lookup *lookups = ARENA_ARRAY(arena, Lookup, spec->lookup_count + 1);
    bool opened = true;
    for (size_t i = 0; i < spec->lookup_count; i++)
        if (!lookup_open(arena, data->spill, table, &choice, &spec->lookup[i], &lookups[i], diags)) opened = false;
    data->lookups = lookups;
    data->lookup_count = opened ? spec->lookup_count : 0;
    if (opened) check_fields(arena, data, diags);
    warn_hidden(data, diags);
    bool sorted = chosen && sort_rows(arena, data->spill, spec, table, &choice, diags) && count_copies(data->spill, spec, table, &choice, data, diags);
    spill_cool(data->spill);
    if (table->rejects && table->rejects->count) {
        if (sorted) leave_out(data, table->rejects);
        if (!data->count) diag_join(diags, &table->rejects->diags);       /* no row is left */
    }
    if (sorted && spec->sort_count) data_arrange(arena, data);
    return diags->error_count == errors ? data : NULL;
}

size_t data_row_count(const Data *data)
{
    return data->count;
}

const DataReject *data_rejects(const Data *data, size_t *count)
{
    *count = data->reject_count;
    return data->rejects;
}

const DiagList *data_reject_diags(const Data *data) { return data->reject_diags; }

void data_cool(const Data *data) { spill_cool(data->spill); }

void data_hash(const Data *data, char hex[HASH_HEX_ROOM])
{
    const Source *source = data_source(data);
    Hash hash;
    hash_begin(&hash);
    for (size_t at = 0, count; source && at < source->length; at += count) {
        count = source->length - at < SPILL_STEP ? source->length - at : SPILL_STEP;
        hash_add(&hash, source->text + at, count);
        spill_cool(data->spill);
    }
    hash_end(&hash, hex);
}

static bool has_row(const Data *data, size_t index)
{
    return data && data->table && index < data->count + data->reject_count;
}

DataRef data_row_ref(const Data *data, size_t index)
{
    if (!has_row(data, index)) return (DataRef){0};
    uint32_t row = data->order[index];
    return (DataRef){.file = data->table->source->path, .row = data->table->numbers ? data->table->numbers[row] : row + (size_t)1, .line = data->table->lines[row]};
}

const Source *data_source(const Data *data)
{
    return data->table ? data->table->source : NULL;
}

size_t data_columns(const Data *data, const char *const **names)
{
    *names = data->table ? data->table->columns : NULL;
    return data->table ? data->table->column_count : 0;
}

const char *data_field(const Data *data, size_t index, const char *name)
{
    if (!has_row(data, index)) return NULL;
    uint32_t row = data->order[index];
    size_t column = table_column(data->table, name);
    if (column != NO_COLUMN) return table_field(data->table, row, column);
    for (size_t i = 0; i < data->lookup_count; i++) {
        const Lookup *lookup = &data->lookups[i];
        column = lookup_column(lookup, name);
        if (column != NO_COLUMN) return lookup->rows[row] == NO_ROW ? "" : table_field(lookup->table, lookup->rows[row], column);
    }
    return NULL;
}
