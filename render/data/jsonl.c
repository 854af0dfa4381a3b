/* jsonl.c -- JSON lines: each line an object of scalars, the first of which names the columns (RFC 8259, one value a line). */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "data/table.h"

typedef struct Reader {
    Arena *arena;
    DiagList *diags;
    const Source *source;
    const char *text;
    size_t at, end;               /* end: of the line */
    size_t line, row;
    char *out;
    size_t out_length;
    bool failed;
} Reader;

static bool report(Reader *reader, size_t at, const char *hint, const char *message)
{
    size_t end = at < reader->end ? at + 1 : at;
    Diag diag = {.severity = SEVERITY_ERROR, .code = "bad-json", .where = {reader->source, at, end}, .hint = hint,
                 .message = arena_printf(reader->arena, "%s:%zu: %s", reader->source->path, reader->line, message),
                 .data = {.file = reader->source->path, .row = reader->row, .line = reader->line}};
    diag_add(reader->diags, &diag);
    reader->failed = true;
    return false;
}

static char peek(const Reader *reader) { return reader->at < reader->end ? reader->text[reader->at] : '\0'; }

static void skip_blanks(Reader *reader)
{
    while (reader->at < reader->end && memchr(" \t\r", reader->text[reader->at], 3)) reader->at++;
}

/* Four hex digits at `at`, or -1. */
static long hex4(const Reader *reader, size_t at)
{
    if (reader->end - at < 4) return -1;
    long value = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = reader->text[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool read_unicode(Reader *reader, size_t start)
{
    long c = hex4(reader, reader->at);
    if (c < 0) return report(reader, start, "four hex digits, like \\u8bc8", "\\u is not followed by four hex digits");
    reader->at += 4;
    if (c >= 0xd800 && c < 0xdc00) {
        bool is_pair = reader->end - reader->at >= 6 && reader->text[reader->at] == '\\' && reader->text[reader->at + 1] == 'u';
        long low = is_pair ? hex4(reader, reader->at + 2) : -1;
        if (low < 0xdc00 || low > 0xdfff) return report(reader, start, NULL, "half of a surrogate pair");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        reader->at += 6;
    } else if (c >= 0xdc00 && c <= 0xdfff) {
        return report(reader, start, NULL, "half of a surrogate pair");
    }
    if (!c) return report(reader, start, "take it out of the table", "a NUL character in a text");
    reader->out_length += utf8_put((uint32_t)c, reader->out + reader->out_length);
    return true;
}

static bool read_escape(Reader *reader, size_t start)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = peek(reader);
    reader->at++;
    if (c == 'u') return read_unicode(reader, start);
    const char *found = c ? strchr(names, c) : NULL;
    if (!found) return report(reader, start, "write \\\\ for a backslash", "a backslash before a letter that needs none");
    reader->out[reader->out_length++] = values[found - names];
    return true;
}

/* A quoted text into `out`, NUL-terminated; `*cell` is where it begins. */
static bool read_string(Reader *reader, size_t *cell)
{
    size_t open = reader->at++;
    *cell = reader->out_length;
    while (reader->at < reader->end && reader->text[reader->at] != '"') {
        size_t start = reader->at;
        char c = reader->text[reader->at++];
        if (c == '\\') {
            if (!read_escape(reader, start)) return false;
        } else if ((unsigned char)c < 0x20) {
            return report(reader, start, "write it as \\t or \\u00xx", "a control character in a text");
        } else {
            reader->out[reader->out_length++] = c;
        }
    }
    if (reader->at >= reader->end) return report(reader, open, "each object stands on one line; a line break in a text is \\n", "the text is never closed");
    reader->at++;
    if (reader->out_length - *cell > LIMIT_FIELD_BYTES) return report(reader, open, NULL, "the field has over 1 MB");
    reader->out[reader->out_length++] = '\0';
    return true;
}

static size_t number_length(const char *text, size_t length)
{
    size_t at = length && text[0] == '-', digits = at;
    while (at < length && text[at] >= '0' && text[at] <= '9') at++;
    if (at == digits) return 0;
    for (int part = 0; part < 2 && at < length; part++) {
        size_t from = at;
        if (part == 0 ? text[at] != '.' : (text[at] | 32) != 'e') continue;
        at++;
        if (part == 1 && at < length && (text[at] == '+' || text[at] == '-')) at++;
        size_t first = at;
        while (at < length && text[at] >= '0' && text[at] <= '9') at++;
        if (at == first) return from;
    }
    return at;
}

/* Any scalar; null is the empty field. */
static bool read_value(Reader *reader, size_t *cell)
{
    char c = peek(reader);
    if (c == '"') return read_string(reader, cell);
    if (c == '{' || c == '[')
        return report(reader, reader->at, "give each part a key of its own", "a field is a text, a number, true, false or null, not a list or an object");
    static const char *const words[] = {"null", "true", "false"};
    size_t length = 0, left = reader->end - reader->at;
    for (size_t i = 0; i < 3 && !length; i++)
        if (left >= strlen(words[i]) && !memcmp(reader->text + reader->at, words[i], strlen(words[i]))) length = strlen(words[i]);
    bool is_null = length && c == 'n';
    if (!length) length = number_length(reader->text + reader->at, left);
    if (!length) return report(reader, reader->at, "a text stands in \"\"", c ? "this is no value" : "a value is missing");
    *cell = reader->out_length;
    if (!is_null) {
        memcpy(reader->out + reader->out_length, reader->text + reader->at, length);
        reader->out_length += length;
    }
    reader->out[reader->out_length++] = '\0';
    reader->at += length;
    return true;
}

typedef struct Pair { size_t key, value, key_at, value_at, value_end; } Pair;   /* offsets into out, and places in the source */

/* The next pair of the object; false at its end (`*ok`) or after an error. */
static bool next_pair(Reader *reader, bool is_first, Pair *pair, bool *ok)
{
    skip_blanks(reader);
    *ok = true;
    if (peek(reader) == '}') {
        reader->at++;
        return false;
    }
    if (!is_first) {
        if (peek(reader) != ',') return *ok = report(reader, reader->at, NULL, "a comma or } is missing"), false;
        reader->at++;
        skip_blanks(reader);
    }
    pair->key_at = reader->at;
    if (reader->at >= reader->end) return *ok = report(reader, reader->at, "one object a line: jq -c . does it", "the object does not end in its line"), false;
    if (peek(reader) != '"') return *ok = report(reader, reader->at, "keys stand in \"\"", "a key is missing"), false;
    if (!read_string(reader, &pair->key)) return *ok = false, false;
    skip_blanks(reader);
    if (peek(reader) != ':') return *ok = report(reader, reader->at, NULL, "no colon after the key"), false;
    reader->at++;
    skip_blanks(reader);
    pair->value_at = reader->at;
    *ok = read_value(reader, &pair->value);
    pair->value_end = reader->at;
    return *ok;
}

static bool begin_object(Reader *reader)
{
    skip_blanks(reader);
    if (peek(reader) == '[') return report(reader, reader->at, "one object a line without [ ]: jq -c '.[]' does it", "the line is a list, not an object");
    if (peek(reader) != '{') return report(reader, reader->at, "one object a line, like {\"name\": \"东站\"}", "the line is no JSON object");
    reader->at++;
    return true;
}

static bool end_object(Reader *reader)
{
    skip_blanks(reader);
    return reader->at >= reader->end || report(reader, reader->at, "one object a line", "something follows the object");
}

static bool read_columns(Reader *reader, Table *table)
{
    const char **names = ARENA_ARRAY(reader->arena, const char *, LIMIT_COLUMNS);
    size_t start = reader->at, out_length = reader->out_length;
    bool ok;
    Pair pair;
    if (!begin_object(reader)) return false;
    for (table->column_count = 0; next_pair(reader, table->column_count == 0, &pair, &ok);) {
        const char *name = arena_copy_string(reader->arena, reader->out + pair.key);
        table->columns = names;
        if (!*name) return report(reader, pair.key_at, "give it a name", "an empty key");
        if (table_column(table, name) != NO_COLUMN) return report(reader, pair.key_at, "every key once", arena_printf(reader->arena, "the key \"%s\" comes twice", table_shown(reader->arena, name)));
        if (table->column_count == LIMIT_COLUMNS) return report(reader, pair.key_at, NULL, "more keys than are read");
        names[table->column_count++] = name;
    }
    if (ok && !table->column_count) return report(reader, start, "the first line names the columns", "the first object is empty");
    reader->at = start;           /* the first line is a row too */
    reader->out_length = out_length;
    return ok;
}

static bool read_row(Reader *reader, const Table *table, uint32_t *cells)
{
    bool ok;
    Pair pair;
    for (size_t i = 0; i < table->column_count; i++) cells[i] = 0;
    if (!begin_object(reader)) return false;
    for (size_t i = 0; next_pair(reader, i == 0, &pair, &ok); i++) {
        const char *name = reader->out + pair.key;
        size_t column = i < table->column_count && !strcmp(table->columns[i], name) ? i : table_column(table, name);
        if (column == NO_COLUMN) {
            const char *nearest = suggest_nearest(name, table->columns, table->column_count);
            return report(reader, pair.key_at, nearest ? arena_printf(reader->arena, "did you mean \"%s\"?", nearest) : "the first line names all columns: null where it has no value",
                          arena_printf(reader->arena, "the key \"%s\" is not in the first line", table_shown(reader->arena, name)));
        }
        if (cells[column]) return report(reader, pair.key_at, "every key once", arena_printf(reader->arena, "the key \"%s\" comes twice", table_shown(reader->arena, name)));
        cells[column] = (uint32_t)pair.value;
    }
    return ok && end_object(reader);
}

Table *jsonl_read(Arena *arena, Spill *spill, const Source *source, DiagList *diags)
{
    Reader reader = {.arena = arena, .diags = diags, .source = source, .text = source->text, .end = source->length, .row = 1, .line = 1};
    size_t bad = 0, lines = 1, cool_at = 0;
    if (decode_check(spill, source, &bad) == TEXT_NOT_UTF8) {
        for (size_t i = 0; i < bad; i++) reader.line += source->text[i] == '\n';
        report(&reader, bad, "save it as UTF-8", "not UTF-8");
        return NULL;
    }
    for (size_t i = 0; i < source->length; i++) {
        spill_walk(spill, i, &cool_at);
        lines += source->text[i] == '\n';
    }
    cool_at = 0;
    Table *table = ARENA_NEW(arena, Table);
    table->kind = TABLE_JSON;
    table->source = source;
    table->text = reader.out = spill_array(spill, source->length + 4, 1);
    reader.out_length = 1;        /* offset 0: the empty field */
    uint32_t *cells = NULL, *starts = SPILL_ARRAY(spill, uint32_t, lines), *numbers = SPILL_ARRAY(spill, uint32_t, lines);
    size_t at = source->length >= 3 && !memcmp(source->text, "\xef\xbb\xbf", 3) ? 3 : 0, errors = diags->error_count;
    for (; at < source->length && diags->error_count < errors + LIMIT_DIAGS; reader.line++) {
        const char *newline = memchr(source->text + at, '\n', source->length - at);
        reader.at = at;
        reader.end = newline ? (size_t)(newline - source->text) : source->length;
        at = reader.end + 1;
        skip_blanks(&reader);
        spill_walk(spill, reader.at, &cool_at);
        if (reader.at >= reader.end) continue;
        if (!cells) {
            if (!read_columns(&reader, table)) return NULL;
            cells = SPILL_ARRAY(spill, uint32_t, lines * table->column_count);
        }
        starts[table->row_count] = (uint32_t)reader.at;
        numbers[table->row_count] = (uint32_t)reader.line;
        if (read_row(&reader, table, cells + table->row_count * table->column_count)) table->row_count++;
        reader.row++;
    }
    if (!cells) {
        report(&reader, 0, "one object a line, like {\"name\": \"东站\"}", "the table is empty");
        return NULL;
    }
    table->cells = cells;
    table->starts = starts;
    table->lines = numbers;
    return reader.failed ? NULL : table;
}

/* The line was right when it was read: it is read once more, to its field. */
Span jsonl_field_span(const Table *table, size_t row, size_t column)
{
    const Source *source = table->source;
    size_t start = table->starts[row], length = 0;
    const char *line = source_line(source, start, &length);
    size_t end = (size_t)(line - source->text) + length;
    Span whole = {source, start, end};
    if (column == NO_COLUMN) return whole;
    Arena *scratch = arena_new(0);
    if (!scratch) return whole;
    DiagList none;
    diag_list_init(&none, scratch);
    Reader reader = {.arena = scratch, .diags = &none, .source = source, .text = source->text, .at = start, .end = end};
    void *room = malloc(end - start + 4);
    reader.out = room;
    bool ok = room && begin_object(&reader);
    Pair pair;
    for (bool is_first = true; ok && next_pair(&reader, is_first, &pair, &ok); is_first = false)
        if (!strcmp(reader.out + pair.key, table->columns[column])) {
            whole = (Span){source, pair.value_at, pair.value_end};
            break;
        }
    free(room);
    arena_free(scratch);
    return whole;
}
