/* csv.c -- RFC 4180 records: fields, quotes, lines, and what is wrong with them.
 *
 * Past the standard: a BOM, LF as well as CRLF (or nothing but CR), any one-byte delimiter, "sep=;" before the header, blank lines
 * between records (left out), a quote in the middle of an unquoted field (kept), and what a spreadsheet has round its table: columns
 * without a name at the end, rows of delimiters. Everything else that is not the standard is an error at its place. */
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "data/table.h"

/* Each quote error may have read to the end of the file before it was one. */
#define QUOTE_ERRORS_MAX 20

typedef struct Reader {
    Arena *arena;
    Spill *spill;
    DiagList *diags;
    const Source *source;
    const char *text;
    size_t at, end, line;         /* line: of `at`, from 1 */
    char delimiter;
    char *out;                    /* fields, NUL-terminated */
    size_t out_length;
    size_t row;                   /* data rows begun; 0: the header */
    size_t nameless;              /* columns at the end of the header */
    size_t blank_rows, first_blank;       /* rows of delimiters; the line of the first */
    Rejects *rejects;             /* takes rows of the wrong shape; or NULL: they are errors */
    bool failed, stopped;
    unsigned quote_errors;
} Reader;

typedef struct Record {
    size_t start, line;
    size_t count;                 /* fields; more than `room` are counted, not kept */
    size_t filled;                /* of them up to the last that is not empty */
    uint32_t *cells;
    size_t room;
    size_t quote_at, quote_line, quote_field, quote_lines;   /* the first quoted field over several lines; quote_lines 0: none */
} Record;

static const char *plural(size_t count) { return count == 1 ? "" : "s"; }

static void report(Reader *reader, size_t start, size_t end, size_t line, const char *code, const char *hint, const char *message)
{
    Diag diag = {.severity = SEVERITY_ERROR, .code = code, .where = {reader->source, start, end}, .message = message, .hint = hint,
                 .data = {.file = reader->source->path, .row = reader->row, .line = line}};
    diag_add(reader->diags, &diag);
    reader->failed = true;
    if (reader->diags->error_count >= LIMIT_DIAGS) reader->stopped = true;
}

static size_t line_end(const Reader *reader, size_t from)
{
    const char *newline = memchr(reader->text + from, '\n', reader->end - from);
    size_t end = newline ? (size_t)(newline - reader->text) : reader->end;
    return end > from && reader->text[end - 1] == '\r' ? end - 1 : end;
}

/* Go on with the line after `at`, whose line is `line`: a wrong quote says nothing about what follows. */
static void go_on_after(Reader *reader, size_t at, size_t line)
{
    const char *newline = memchr(reader->text + at, '\n', reader->end - at);
    reader->at = newline ? (size_t)(newline - reader->text) + 1 : reader->end;
    reader->line = line + 1;
    if (++reader->quote_errors >= QUOTE_ERRORS_MAX) reader->stopped = true;
}

static void report_swallowed(Reader *reader, size_t at, size_t line, size_t field, size_t lines, const char *what)
{
    const char *swallowed = lines ? arena_printf(reader->arena, " (it swallowed %zu line%s)", lines, plural(lines)) : "";
    report(reader, at, at + 1, line, "csv-quote", "write \" at both ends of the field, and \"\" for a quote inside it",
           arena_printf(reader->arena, "%s:%zu: the quote opened in field %zu is %s%s", reader->source->path, line, field, what, swallowed));
    go_on_after(reader, at, line);
}

static bool ends_field(const Reader *reader, size_t at)
{
    if (at >= reader->end || reader->text[at] == reader->delimiter || reader->text[at] == '\n') return true;
    return reader->text[at] == '\r' && at + 1 < reader->end && reader->text[at + 1] == '\n';
}

static bool read_quoted(Reader *reader, Record *record)
{
    const char *text = reader->text;
    size_t open = reader->at, line = reader->line, at = open + 1, field = record->count + 1;
    char *out = reader->out + reader->out_length;
    for (; at < reader->end; at++) {
        char c = text[at];
        if (c == '"') {
            if (at + 1 >= reader->end || text[at + 1] != '"') break;
            at++;
        } else if (c == '\n') {
            reader->line++;
        } else if (c == '\r' && at + 1 < reader->end && text[at + 1] == '\n') {
            continue;             /* on the page a line ends with \n, whatever the table was saved on */
        }
        *out++ = c;
    }
    size_t lines = reader->line - line;
    if (at >= reader->end) {
        if (lines && text[reader->end - 1] == '\n') lines--;
        report_swallowed(reader, open, line, field, lines, "never closed");
        return false;
    }
    at++;
    if (!ends_field(reader, at)) {
        if (lines) {
            report_swallowed(reader, open, line, field, lines, "not closed in its line");
            return false;
        }
        report(reader, at, at + 1, line, "csv-quote", "write \"\" for a quote inside a quoted field",
               arena_printf(reader->arena, "%s:%zu: field %zu goes on after its closing quote", reader->source->path, line, field));
        go_on_after(reader, at, line);
        return false;
    }
    if (lines && !record->quote_lines) {
        record->quote_at = open;
        record->quote_line = line;
        record->quote_field = field;
        record->quote_lines = lines;
    }
    *out++ = '\0';
    reader->out_length = (size_t)(out - reader->out);
    reader->at = at;
    return true;
}

static bool read_plain(Reader *reader, Record *record)
{
    const char *text = reader->text;
    size_t start = reader->at, at = start;
    while (!ends_field(reader, at)) {
        if (text[at] == '\r') {
            report(reader, at, at + 1, reader->line, "csv-line-end", "save the table again as \"CSV UTF-8\"",
                   arena_printf(reader->arena, "%s:%zu has a lone carriage return (the line end of old Macs)", reader->source->path, reader->line));
            go_on_after(reader, at, reader->line);
            return false;
        }
        at++;
    }
    size_t blanks = start;
    while (blanks < at && text[blanks] == ' ') blanks++;
    if (blanks > start && blanks < at && text[blanks] == '"') {
        report(reader, start, blanks + 1, reader->line, "csv-quote", "write the quote right after the delimiter",
               arena_printf(reader->arena, "%s:%zu: field %zu has a space before its quote", reader->source->path, reader->line, record->count + 1));
        go_on_after(reader, start, reader->line);
        return false;
    }
    memcpy(reader->out + reader->out_length, text + start, at - start);
    reader->out_length += at - start;
    reader->out[reader->out_length++] = '\0';
    reader->at = at;
    return true;
}

/* False: a problem was reported and `at` is at the next line. */
static bool read_record(Reader *reader, Record *record)
{
    record->start = reader->at;
    record->line = reader->line;
    record->count = record->filled = 0;
    record->quote_lines = 0;
    for (;;) {
        size_t cell = reader->out_length, start = reader->at;
        bool is_quoted = reader->at < reader->end && reader->text[reader->at] == '"';
        if (!(is_quoted ? read_quoted(reader, record) : read_plain(reader, record))) {
            reader->out_length = cell;
            return false;
        }
        if (reader->out_length - cell - 1 > LIMIT_FIELD_BYTES)
            report(reader, start, start + 1, record->line, "csv-size", NULL,
                   arena_printf(reader->arena, "%s:%zu: field %zu has %zu bytes; at most %zu are read", reader->source->path, record->line,
                                record->count + 1, reader->out_length - cell - 1, LIMIT_FIELD_BYTES));
        if (record->count < record->room) record->cells[record->count] = (uint32_t)cell;
        record->count++;
        if (reader->out_length - cell > 1) record->filled = record->count;
        if (reader->at >= reader->end) return true;
        char c = reader->text[reader->at++];
        if (c == reader->delimiter) continue;
        if (c == '\r') reader->at++;
        reader->line++;
        return true;
    }
}

static void skip_blank_lines(Reader *reader)
{
    while (reader->at < reader->end) {
        size_t at = reader->at;
        if (reader->text[at] == '\r' && at + 1 < reader->end && reader->text[at + 1] == '\n') at++;
        if (reader->text[at] != '\n') return;
        reader->at = at + 1;
        reader->line++;
    }
}

static const char *delimiter_name(Arena *arena, char delimiter)
{
    return delimiter == '\t' ? "\\t" : arena_printf(arena, "%c", delimiter);
}

/* One column and another sign where the delimiter should be: the commonest way a table is saved wrongly. */
static bool check_delimiter(Reader *reader, const Record *header)
{
    static const char *const others[] = {",", ";", "\t", "|", "，", "；"};
    size_t end = line_end(reader, header->start);
    for (size_t i = 0; header->count == 1 && i < sizeof others / sizeof *others; i++) {
        const char *found = memmem(reader->text + header->start, end - header->start, others[i], strlen(others[i]));
        if (!found || *found == reader->delimiter) continue;
        size_t at = (size_t)(found - reader->text);
        const char *hint = others[i][1] ? "write the half-width comma , between columns"
                                        : arena_printf(reader->arena, "delimiter: \"%s\"", delimiter_name(reader->arena, *found));
        report(reader, at, at + strlen(others[i]), header->line, "csv-delimiter", hint,
               arena_printf(reader->arena, "%s:%zu: the header has no \"%s\" but has \"%s\"", reader->source->path, header->line,
                            delimiter_name(reader->arena, reader->delimiter), *found == '\t' ? "\\t" : others[i]));
        return false;
    }
    return true;
}

/* Columns at the end that have no name are what a spreadsheet writes for cells that were used once. */
static void drop_nameless(Reader *reader, Record *header)
{
    size_t named = header->filled ? header->filled : 1;
    reader->nameless = header->count - named;
    header->count = named;
    if (!reader->nameless) return;
    bool is_one = reader->nameless == 1;
    Diag diag = {.severity = SEVERITY_WARNING, .code = "csv-header", .hint = "delete the delimiters at the ends of the lines",
                 .where = {reader->source, header->start, line_end(reader, header->start)},
                 .message = arena_printf(reader->arena, is_one ? "%s:%zu: the last column has no name and is left out" : "%s:%zu: the last %zu columns have no name and are left out",
                                         reader->source->path, header->line, reader->nameless)};
    diag_add(reader->diags, &diag);
}

static bool read_header(Reader *reader, Table *table)
{
    Record header = {.cells = ARENA_ARRAY(reader->arena, uint32_t, LIMIT_COLUMNS), .room = LIMIT_COLUMNS};
    skip_blank_lines(reader);
    const char *path = reader->source->path;
    if (reader->at >= reader->end) {
        report(reader, 0, 0, 1, "csv-empty", "the first line must name the columns", arena_printf(reader->arena, "%s is empty", path));
        return false;
    }
    if (!read_record(reader, &header)) return false;
    size_t end = line_end(reader, header.start);
    if (header.count > LIMIT_COLUMNS) {
        report(reader, header.start, header.start + 1, header.line, "csv-size", NULL,
               arena_printf(reader->arena, "%s has %zu columns; at most %d are read", path, header.count, LIMIT_COLUMNS));
        return false;
    }
    if (!check_delimiter(reader, &header)) return false;
    drop_nameless(reader, &header);
    const char **names = ARENA_ARRAY(reader->arena, const char *, header.count);
    for (size_t i = 0; i < header.count; i++) {
        names[i] = reader->out + header.cells[i];
        if (!*names[i])
            report(reader, header.start, end, header.line, "csv-header", "name it, or take the column out",
                   arena_printf(reader->arena, "%s:%zu: column %zu of the header has no name", path, header.line, i + 1));
        for (size_t j = 0; *names[i] && j < i; j++) {
            if (strcmp(names[i], names[j])) continue;
            report(reader, header.start, end, header.line, "csv-header", "every column needs a name of its own",
                   arena_printf(reader->arena, "%s:%zu: columns %zu and %zu are both \"%s\"", path, header.line, j + 1, i + 1,
                                table_shown(reader->arena, names[i])));
            break;
        }
    }
    table->columns = names;
    table->column_count = header.count;
    return true;
}

/* The row stays, as far as it goes: it is told from the others by being rejected. */
static void reject_shape(Reader *reader, const Table *table, Record *record, Diag *diag)
{
    /* The last field's NUL: an empty field. */
    for (size_t i = record->count; i < table->column_count; i++) record->cells[i] = (uint32_t)reader->out_length - 1;
    record->count = table->column_count;
    diag_add(&reader->rejects->diags, diag);
    table_reject(reader->rejects, reader->row - 1, diag->code, diag->message);
}

/* False: the row is none. */
static bool report_shape(Reader *reader, const Table *table, Record *record)
{
    if (record->quote_lines) {
        report_swallowed(reader, record->quote_at, record->quote_line, record->quote_field, record->quote_lines, "not closed in its line");
        return false;
    }
    StrBuf text;
    strbuf_init(&text, reader->arena);
    strbuf_addf(&text, "%s:%zu has %zu field%s, the header has %zu", reader->source->path, record->line, record->count, plural(record->count),
                table->column_count);
    const char *hint = NULL;
    size_t end = line_end(reader, record->start);
    if (record->count < table->column_count) {
        for (size_t i = record->count; i < table->column_count && i < record->count + 10; i++)
            strbuf_addf(&text, "%s%s", i == record->count ? "; missing: " : ", ", table_shown(reader->arena, table->columns[i]));
        if (table->column_count - record->count > 10) strbuf_add(&text, ", ...");
    } else if (end > record->start && reader->text[end - 1] == reader->delimiter) {
        hint = "a delimiter at the end of the line makes one more, empty field: take it out";
    } else {
        hint = arena_printf(reader->arena, "a field with \"%s\" in it must stand in quotes", delimiter_name(reader->arena, reader->delimiter));
    }
    Diag diag = {.severity = SEVERITY_ERROR, .code = "csv-shape", .where = {reader->source, record->start, end}, .message = text.bytes, .hint = hint,
                 .data = {.file = reader->source->path, .row = reader->row, .line = record->line}};
    if (reader->rejects) reject_shape(reader, table, record, &diag);
    else report(reader, record->start, end, record->line, "csv-shape", hint, text.bytes);
    return reader->rejects != NULL;
}

/* A row of delimiters, as a spreadsheet writes it below its table; or one with empty fields under columns without a name. */
static bool is_blank_row(Reader *reader, const Table *table, Record *record)
{
    if (record->count > table->column_count && record->count <= table->column_count + reader->nameless && record->filled <= table->column_count)
        record->count = table->column_count;
    if (record->filled || record->count < 2 || record->count > table->column_count) return false;
    if (!reader->blank_rows++) reader->first_blank = record->line;
    reader->row--;
    return true;
}

static void warn_blank_rows(Reader *reader)
{
    if (!reader->blank_rows) return;
    bool is_one = reader->blank_rows == 1;
    Diag diag = {.severity = SEVERITY_WARNING, .code = "csv-shape", .hint = "delete them in the table", .data = {.file = reader->source->path, .line = reader->first_blank},
                 .message = arena_printf(reader->arena, "%s has %zu row%s of nothing but delimiters (%s line %zu): left out", reader->source->path,
                                         reader->blank_rows, plural(reader->blank_rows), is_one ? "in" : "the first in", reader->first_blank)};
    diag_add(reader->diags, &diag);
}

static void read_rows(Reader *reader, Table *table)
{
    size_t ends = 1, cells = 1, cool_at = 0;
    for (size_t i = reader->at; i < reader->end; i++) {
        spill_walk(reader->spill, i, &cool_at);
        ends += reader->text[i] == '\n';
        cells += reader->text[i] == '\n' || reader->text[i] == reader->delimiter;
    }
    /* Each field but the last ends with a byte of its own, so these hold every record that has the header's shape; of others
     * that stay, any line may be one. */
    if (reader->rejects) {
        cells = ends * table->column_count;
        reader->rejects->is_bad = SPILL_ARRAY(reader->spill, bool, ends);
    }
    uint32_t *all = SPILL_ARRAY(reader->spill, uint32_t, cells + table->column_count), *starts = SPILL_ARRAY(reader->spill, uint32_t, ends);
    uint32_t *lines = SPILL_ARRAY(reader->spill, uint32_t, ends);
    size_t count = 0;
    cool_at = 0;
    while (skip_blank_lines(reader), reader->at < reader->end && !reader->stopped) {
        Record record = {.cells = all + count * table->column_count, .room = table->column_count};
        size_t out_length = reader->out_length;
        spill_walk(reader->spill, reader->at, &cool_at);
        reader->row++;
        if (!read_record(reader, &record)) continue;
        if (is_blank_row(reader, table, &record)) {
            reader->out_length = out_length;
            continue;
        }
        if (record.count != table->column_count && !report_shape(reader, table, &record)) {
            reader->out_length = out_length;
            continue;
        }
        starts[count] = (uint32_t)record.start;
        lines[count++] = (uint32_t)record.line;
    }
    table->cells = all;
    table->starts = starts;
    table->lines = lines;
    table->row_count = count;
    warn_blank_rows(reader);
}

/* What is not UTF-8 text at all. */
static bool check_text(Reader *reader)
{
    const Source *source = reader->source;
    const char *utf8_hint = "save the table as \"CSV UTF-8\", or let encoding be auto";
    if (source->length >= 2 && (!memcmp(source->text, "\xff\xfe", 2) || !memcmp(source->text, "\xfe\xff", 2))) {
        report(reader, 0, 0, 1, "csv-encoding", utf8_hint, arena_printf(reader->arena, "%s is UTF-16, not UTF-8", source->path));
        return false;
    }
    size_t bad = 0;
    TextCheck check = decode_check(reader->spill, source, &bad);
    if (check == TEXT_UTF8) return true;
    bool is_nul = check == TEXT_NUL;
    size_t line = 1;
    for (size_t i = 0; i < bad; i++) line += source->text[i] == '\n';
    report(reader, bad, bad + 1, line, "csv-encoding", utf8_hint,
           arena_printf(reader->arena, is_nul ? "%s:%zu has a NUL byte" : "%s:%zu is not UTF-8", source->path, line));
    return false;
}

/* ---- the delimiter ---- */

#define SAMPLE_LINES 10

/* Fields of the line at `*at`, which moves to the next; 0: a blank line. A quoted field may go over lines. */
static size_t count_fields(const Reader *reader, size_t *at, char delimiter)
{
    size_t count = 1, start = *at;
    bool in_quotes = false;
    for (; *at < reader->end && (in_quotes || reader->text[*at] != '\n'); ++*at) {
        if (reader->text[*at] == '"') in_quotes = !in_quotes;
        else if (!in_quotes && reader->text[*at] == delimiter) count++;
    }
    size_t length = *at - start;
    if (*at < reader->end) ++*at;
    return length == 0 || (length == 1 && reader->text[start] == '\r') ? 0 : count;
}

/* The number of fields of the header when the lines after it have as many, and there is one; else 0. */
static size_t divides(const Reader *reader, char delimiter)
{
    size_t at = reader->at, header = 0, rows = 0;
    while (at < reader->end && rows < SAMPLE_LINES) {
        size_t count = count_fields(reader, &at, delimiter);
        if (!count) continue;
        if (!header) header = count;
        else if (count != header) return 0;
        else rows++;
    }
    return rows && header > 1 ? header : 0;
}

/* A header in one piece, and just one other sign that divides header and rows alike: that is the delimiter, and it is said. */
static void detect_delimiter(Reader *reader)
{
    static const char signs[] = {',', ';', '\t', '|'};
    size_t at = reader->at;
    while (at < reader->end && (reader->text[at] == '\n' || reader->text[at] == '\r')) at++;
    size_t header = at;
    if (count_fields(reader, &at, reader->delimiter) != 1) return;
    char found = 0;
    for (size_t i = 0; i < sizeof signs; i++) {
        if (signs[i] == reader->delimiter || !divides(reader, signs[i])) continue;
        if (found) return;
        found = signs[i];
    }
    if (!found) return;
    const char *place = memchr(reader->text + header, found, reader->end - header);
    size_t start = (size_t)(place - reader->text);
    Diag diag = {.severity = SEVERITY_WARNING, .code = "csv-delimiter", .where = {reader->source, start, start + 1},
                 .hint = arena_printf(reader->arena, "delimiter: \"%s\" says so in the layout", delimiter_name(reader->arena, found)),
                 .message = arena_printf(reader->arena, "%s is divided by \"%s\", not \"%s\"", reader->source->path,
                                         delimiter_name(reader->arena, found), delimiter_name(reader->arena, reader->delimiter))};
    diag_add(reader->diags, &diag);
    reader->delimiter = found;
}

/* "sep=;" alone in the first line is how a table tells Excel its delimiter; it is no header. */
static bool take_separator(Reader *reader)
{
    const char *at = reader->text + reader->at;
    size_t end = line_end(reader, reader->at);
    if (end - reader->at != 5 || strncasecmp(at, "sep=", 4) || !strchr(",;\t|:", at[4])) return false;
    reader->delimiter = at[4];
    reader->at = end;
    skip_blank_lines(reader);
    return true;
}

/* ---- line ends ---- */

/* A table of an old Mac has no line end but CR: they become LF, so that all that follows knows one sign. */
static const Source *with_line_feeds(Arena *arena, Spill *spill, const Source *source)
{
    size_t first = 0, cool_at = 0;
    while (first < source->length && source->text[first] != '\n' && source->text[first] != '\r') first++;
    if (first == source->length || source->text[first] != '\r') return source;
    for (size_t i = first; i < source->length; i++) {
        spill_walk(spill, i, &cool_at);
        if (source->text[i] == '\n') return source;
    }
    char *text = spill_array(spill, source->length + 1, 1);
    cool_at = 0;
    for (size_t i = 0; i < source->length; i++) {
        spill_walk(spill, i, &cool_at);
        text[i] = source->text[i] == '\r' ? '\n' : source->text[i];
    }
    Source *out = ARENA_NEW(arena, Source);
    *out = (Source){source->path, text, source->length};
    return out;
}

Table *csv_read(Arena *arena, Spill *spill, const Source *source, char delimiter, Rejects *rejects, DiagList *diags)
{
    Reader reader = {.arena = arena, .spill = spill, .rejects = rejects, .diags = diags, .source = source, .text = source->text, .end = source->length, .line = 1};
    size_t path_length = strlen(source->path);
    bool is_tsv = path_length >= 4 && !strcasecmp(source->path + path_length - 4, ".tsv");
    reader.delimiter = delimiter ? delimiter : is_tsv ? '\t' : ',';
    if (source->length > LIMIT_TABLE_BYTES) {
        report(&reader, 0, 0, 1, "csv-size", NULL, arena_printf(arena, "%s is over 2 GB", source->path));
        return NULL;
    }
    if (!check_text(&reader)) return NULL;
    source = reader.source = with_line_feeds(arena, spill, source);
    reader.text = source->text;
    while (source->length - reader.at >= 3 && !memcmp(source->text + reader.at, "\xef\xbb\xbf", 3)) reader.at += 3;      /* some programs write a second mark */
    bool is_said = take_separator(&reader);
    if (delimiter) reader.delimiter = delimiter;
    else if (!is_said) detect_delimiter(&reader);
    reader.out = spill_array(spill, source->length + 2, 1);
    Table *table = ARENA_NEW(arena, Table);
    table->source = source;
    table->delimiter = reader.delimiter;
    table->text = reader.out;
    if (!read_header(&reader, table)) return NULL;
    read_rows(&reader, table);
    return reader.failed ? NULL : table;
}

Span csv_field_span(const Table *table, size_t row, size_t column)
{
    const Source *source = table->source;
    size_t at = table->starts[row], end = source->length;
    for (size_t field = 0;; field++) {
        size_t start = at;
        bool in_quotes = at < end && source->text[at] == '"';
        if (in_quotes) at++;
        for (; at < end; at++) {
            char c = source->text[at];
            if (in_quotes && c == '"' && at + 1 < end && source->text[at + 1] == '"') at++;
            else if (in_quotes) in_quotes = c != '"';
            else if (c == table->delimiter || c == '\n' || (c == '\r' && at + 1 < end && source->text[at + 1] == '\n')) break;
        }
        if (field == column) return (Span){source, start, at > start ? at : start};
        if (at >= end || source->text[at] != table->delimiter) break;
        at++;
    }
    size_t first = table->starts[row], length = 0;
    const char *line = source_line(source, first, &length);
    return (Span){source, first, (size_t)(line - source->text) + length};
}
