/* sheet.c -- the rows of a worksheet: cells of all kinds become text, the first row with text is the header, merged cells say
 * their value in every row. What is wrong is noted in the callbacks and reported after them. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "data/workbook.h"

#define ROWS_MAX 1048576
#define COLUMNS_MAX 16384
#define NOTES_MAX 50
#define FORMULA_MAX 8192          /* as Excel has it */

typedef enum NoteKind { NOTE_ERROR, NOTE_NO_RESULT, NOTE_EXTERNAL, NOTE_TOO_LONG, NOTE_NO_NUMBER, NOTE_NO_STRING, NOTE_BEYOND, NOTE_LARGE,
                        NOTE_FORMAT, NOTE_MISPLACED } NoteKind;
typedef struct Note { NoteKind kind; uint32_t row, column, format; char value[80]; } Note;

typedef struct Cell { uint32_t column, text; } Cell;
typedef struct Merge { uint32_t top, left, bottom, right; } Merge;

typedef struct SheetReader {
    Workbook *book;
    PartReader *reader;
    Pool cells;                   /* Cell: of the row in hand */
    Pool rows;                    /* uint32_t: column_count offsets a row */
    Pool numbers;                 /* uint32_t: the sheet's number of each row */
    Pool merges;                  /* Merge */
    Pool value;                   /* text of the cell in hand */
    Pool formula;
    Cell *header;                 /* malloc'd, in header_place */
    void **header_place;
    size_t header_count, merge_count, row_count;
    size_t cool_at;
    uint32_t header_row;
    uint32_t row, column;         /* from 1; from 0 */
    uint32_t style;
    char type;                    /* s shared, i inline, t str, b, e, n, d */
    bool in_cell, has_value, has_formula, is_too_wide;
    int in_value, in_text, in_phonetic, in_formula;
    size_t hidden_rows;
    uint32_t first_hidden;
    bool row_is_hidden;
    Note notes[NOTES_MAX];
    size_t note_count;
    bool *format_noted;           /* one warning a format */
} SheetReader;

static void note(SheetReader *sheet, NoteKind kind, const char *value, size_t length)
{
    if (kind == NOTE_FORMAT) {
        if (sheet->format_noted[sheet->style]) return;
        sheet->format_noted[sheet->style] = true;
    }
    if (sheet->note_count == NOTES_MAX) return;
    Note *item = &sheet->notes[sheet->note_count++];
    *item = (Note){.kind = kind, .row = sheet->row, .column = sheet->column, .format = sheet->style};
    if (length > sizeof item->value - 1) length = sizeof item->value - 1;
    memcpy(item->value, value, length);
}

/* ---- references ---- */

/* "C44" at `*at`. */
static bool read_reference(const char **at, uint32_t *column, uint32_t *row)
{
    uint32_t letters = 0, digits = 0;
    for (; **at >= 'A' && **at <= 'Z'; ++*at)
        if ((letters = letters * 26 + (uint32_t)(**at - 'A') + 1) > COLUMNS_MAX) return false;
    for (; **at >= '0' && **at <= '9'; ++*at)
        if ((digits = digits * 10 + (uint32_t)(**at - '0')) > ROWS_MAX) return false;
    *column = letters - 1;
    *row = digits;
    return letters && digits;
}

static uint32_t read_number(const char *text, uint32_t most, uint32_t otherwise)
{
    long value;
    return text && num_parse_count(text, &value) && value >= 0 && value <= (long)most ? (uint32_t)value : otherwise;
}

/* ---- the text of a cell ---- */

size_t sheet_unescape(char *text, size_t length)
{
    size_t out = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '_' && length - i >= 7 && text[i + 1] == 'x' && text[i + 6] == '_') {
            int value = 0;
            for (size_t k = i + 2; k < i + 6 && value >= 0; k++) {
                char h = text[k];
                int digit = h >= '0' && h <= '9' ? h - '0' : (h | 32) >= 'a' && (h | 32) <= 'f' ? (h | 32) - 'a' + 10 : -1;
                value = digit < 0 ? -1 : value * 16 + digit;
            }
            if (value > 0 && value < 0x80) {      /* what XML cannot hold, and the underscore itself */
                c = (char)value;
                i += 6;
            }
        }
        if (c == '\r') {
            bool line_follows = (i + 1 < length && text[i + 1] == '\n') || (length - i > 7 && !memcmp(text + i + 1, "_x000A_", 7));
            if (line_follows) continue;
            c = '\n';
        }
        text[out++] = c;
    }
    return out;
}

static uint32_t add_text(SheetReader *sheet, const char *text, size_t length)
{
    if (!length) return 0;
    if (length > LIMIT_FIELD_BYTES) {
        note(sheet, NOTE_LARGE, "", 0);
        return 0;
    }
    uint32_t at = (uint32_t)sheet->book->text.length;
    pool_add(&sheet->book->text, text, length);
    pool_add(&sheet->book->text, "", 1);
    return at;
}

static uint32_t shared_text(SheetReader *sheet, const char *value)
{
    const Pool *strings = &sheet->book->strings;
    uint32_t index = read_number(value, UINT32_MAX - 1, UINT32_MAX);
    if (index < strings->length / sizeof(uint32_t)) return ((const uint32_t *)(const void *)pool_text(strings))[index];
    note(sheet, NOTE_NO_STRING, value, strlen(value));
    return 0;
}

static uint32_t number_text(SheetReader *sheet, const char *value)
{
    static const Shown general = {.count = 0};
    const Workbook *book = sheet->book;
    char shown[SHOWN_ROOM];
    if (sheet->style >= book->format_count) sheet->style = 0;
    switch (shown_write(book->format_count ? &book->formats[sheet->style] : &general, value, book->is_1904, shown)) {
    case SHOWN_NO_NUMBER: note(sheet, NOTE_NO_NUMBER, value, strlen(value)); return 0;
    case SHOWN_TOO_LONG: note(sheet, NOTE_TOO_LONG, value, strlen(value)); return 0;
    case SHOWN_AS_GENERAL: note(sheet, NOTE_FORMAT, shown, strlen(shown)); break;
    case SHOWN_OK: break;
    }
    return add_text(sheet, shown, strlen(shown));
}

/* "2026-11-23T12:30:00.000Z" becomes what a date in a number format is; midnight is the day alone. In place; the new length. */
static size_t plain_date(char *value, size_t length)
{
    if (length <= 10 || value[10] != 'T') return length;
    if (!strncmp(value + 10, "T00:00:00", 9)) return 10;
    value[10] = ' ';
    return length > 19 ? 19 : length;
}

static uint32_t cell_text(SheetReader *sheet)
{
    char *value = pool_text(&sheet->value);
    size_t length = sheet->value.length - 1;
    switch (sheet->type) {
    case 's': return shared_text(sheet, value);
    case 'b': return !strcmp(value, "1") || !strcmp(value, "true") ? add_text(sheet, "TRUE", 4) : add_text(sheet, "FALSE", 5);
    case 'e': note(sheet, NOTE_ERROR, value, length); return 0;
    case 'i':
    case 't': return add_text(sheet, value, sheet_unescape(value, length));
    case 'd': return add_text(sheet, value, plain_date(value, length));
    default: return number_text(sheet, value);
    }
}

static bool is_word(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == ']' || (unsigned char)c >= 0x80; }

/* Does a formula name another workbook: [1]Sheet1!A1, '/home/[list.xlsx]Sheet 1'!A1? Not so "[1]", a text, and Table1[2026]. */
static bool is_external(const char *formula)
{
    char quote = 0;
    for (const char *at = formula; *at; at++) {
        if (quote && *at == quote) quote = 0;
        else if (!quote && (*at == '"' || *at == '\'')) quote = *at;
        else if (*at != '[' || quote == '"') continue;
        else if (quote) return true;      /* a sheet's name has no brackets */
        else if (at == formula || !is_word(at[-1])) {
            const char *end = strchr(at, ']');
            if (end && (end[1] == '!' || (end[1] != ']' && is_word(end[1])))) return true;
        }
    }
    return false;
}

/* A formula over another workbook has a value of some past day, or whatever its author likes. */
static void check_formula(SheetReader *sheet)
{
    pool_add(&sheet->formula, "", 1);
    if (sheet->formula.failed) return;
    const char *formula = pool_text(&sheet->formula);
    if (is_external(formula)) note(sheet, NOTE_EXTERNAL, formula, strlen(formula));
    else if (!sheet->has_value) note(sheet, NOTE_NO_RESULT, formula, strlen(formula));
}

static void end_cell(SheetReader *sheet)
{
    sheet->in_cell = false;
    if (!sheet->value.length && sheet->type != 't') sheet->has_value = false;      /* <v/>: some programs write it for no value */
    if (sheet->has_formula) check_formula(sheet);
    pool_add(&sheet->value, "", 1);
    if (!sheet->has_value || sheet->value.failed) return;
    Cell cell = {sheet->column, cell_text(sheet)};
    if (cell.text) pool_add(&sheet->cells, &cell, sizeof cell);
}

/* ---- rows ---- */

static const char *text_at(const SheetReader *sheet, uint32_t offset) { return pool_text(&sheet->book->text) + offset; }

static void end_header(SheetReader *sheet)
{
    size_t count = sheet->cells.length / sizeof(Cell);
    sheet->header = *sheet->header_place = malloc(sheet->cells.length);
    if (!sheet->header) {
        sheet->rows.failed = true;
        return;
    }
    memcpy(sheet->header, pool_text(&sheet->cells), sheet->cells.length);
    sheet->header_count = count;
    sheet->header_row = sheet->row;
    if (count > LIMIT_COLUMNS) sheet->is_too_wide = sheet->reader->stop = true;
}

static void end_row(SheetReader *sheet)
{
    if (sheet->cells.failed) return;
    const Cell *cells = (const void *)pool_text(&sheet->cells);
    size_t count = sheet->cells.length / sizeof(Cell);
    if (!count) return;           /* a blank line */
    if (!sheet->header) {
        end_header(sheet);
        return;
    }
    uint32_t *row = pool_add(&sheet->rows, NULL, sheet->header_count * sizeof *row);
    if (!row) return;
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        while (next < sheet->header_count && sheet->header[next].column < cells[i].column) next++;
        if (next < sheet->header_count && sheet->header[next].column == cells[i].column) {
            row[next] = cells[i].text;
            continue;
        }
        const char *value = text_at(sheet, cells[i].text);
        sheet->column = cells[i].column;
        note(sheet, NOTE_BEYOND, value, strlen(value));
    }
    pool_add(&sheet->numbers, &sheet->row, sizeof sheet->row);
    sheet->row_count++;
    spill_walk(sheet->book->spill, sheet->book->text.length + sheet->rows.length, &sheet->cool_at);
    if (sheet->row_is_hidden && !sheet->hidden_rows++) sheet->first_hidden = sheet->row;
}

/* ---- expat's callbacks ---- */

static void start_row(SheetReader *sheet, const char **attributes)
{
    sheet->row = read_number(part_attribute(attributes, "r"), ROWS_MAX, sheet->row + 1);
    const char *hidden = part_attribute(attributes, "hidden");
    sheet->row_is_hidden = hidden && (!strcmp(hidden, "1") || !strcmp(hidden, "true"));
    sheet->cells.length = 0;
    sheet->column = UINT32_MAX;
}

static void start_cell(SheetReader *sheet, const char **attributes)
{
    static const struct { const char *name; char type; } types[] = {{"s", 's'}, {"inlineStr", 'i'}, {"str", 't'}, {"b", 'b'}, {"e", 'e'}, {"d", 'd'}};
    const char *reference = part_attribute(attributes, "r"), *type = part_attribute(attributes, "t"), *at = reference;
    uint32_t row, column;
    sheet->column++;              /* out of order it would hide another cell */
    bool is_placed = !reference || (read_reference(&at, &column, &row) && !*at && row == sheet->row && column >= sheet->column);
    if (!is_placed) note(sheet, NOTE_MISPLACED, reference, strlen(reference));
    else if (reference) sheet->column = column;
    sheet->style = read_number(part_attribute(attributes, "s"), 1 << 20, 0);
    sheet->type = 'n';
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (!strcmp(type, types[i].name)) sheet->type = types[i].type;
    sheet->in_cell = true;
    sheet->has_value = sheet->has_formula = false;
    sheet->value.length = sheet->formula.length = 0;
}

static void on_start(void *context, const char *name, const char **attributes)
{
    SheetReader *sheet = context;
    if (!strcmp(name, "row")) start_row(sheet, attributes);
    else if (!strcmp(name, "c")) start_cell(sheet, attributes);
    else if (!strcmp(name, "v")) sheet->in_value++, sheet->has_value = true;
    else if (!strcmp(name, "f")) sheet->in_formula++, sheet->has_formula = true;
    else if (!strcmp(name, "is")) sheet->has_value = true;
    else if (!strcmp(name, "t")) sheet->in_text++;
    else if (!strcmp(name, "rPh")) sheet->in_phonetic++;
    else if (!strcmp(name, "mergeCell")) {
        const char *at = part_attribute(attributes, "ref");
        Merge merge;
        if (at && read_reference(&at, &merge.left, &merge.top) && *at++ == ':' && read_reference(&at, &merge.right, &merge.bottom) &&
            merge.bottom >= merge.top && merge.right >= merge.left && pool_add(&sheet->merges, &merge, sizeof merge))
            sheet->merge_count++;
    }
}

static void on_end(void *context, const char *name)
{
    SheetReader *sheet = context;
    if (!strcmp(name, "row")) end_row(sheet);
    else if (!strcmp(name, "c")) end_cell(sheet);
    else if (!strcmp(name, "v")) sheet->in_value--;
    else if (!strcmp(name, "f")) sheet->in_formula--;
    else if (!strcmp(name, "t")) sheet->in_text--;
    else if (!strcmp(name, "rPh")) sheet->in_phonetic--;
    if (sheet->book->text.failed || sheet->rows.failed) sheet->reader->stop = true;
}

static void on_text(void *context, const char *text, int length)
{
    SheetReader *sheet = context;
    if (!sheet->in_cell) return;
    bool is_value = sheet->in_value || (sheet->in_text && !sheet->in_phonetic && sheet->type == 'i');
    if (is_value && sheet->value.length <= LIMIT_FIELD_BYTES) pool_add(&sheet->value, text, (size_t)length);
    if (sheet->in_formula && sheet->formula.length < FORMULA_MAX) pool_add(&sheet->formula, text, (size_t)length);
}

/* ---- what was noted ---- */

static void report_cell(const SheetReader *sheet, DiagList *diags, Severity severity, uint32_t row, uint32_t column, const char *code, const char *hint, const char *message)
{
    const char *cell = table_cell_name(diags->arena, column, row);
    size_t data_row = 0;
    const uint32_t *numbers = (const void *)(sheet->row_count ? pool_text(&sheet->numbers) : NULL);
    for (size_t i = 0; numbers && i < sheet->row_count && !data_row; i++)
        if (numbers[i] == row) data_row = i + 1;
    Diag diag = {.severity = severity, .code = code, .hint = hint, .message = arena_printf(diags->arena, "%s:%s %s", sheet->book->source->path, cell, message),
                 .data = {.file = sheet->book->source->path, .row = data_row, .line = row, .cell = cell}};
    diag_add(diags, &diag);
}

static void report_notes(const SheetReader *sheet, DiagList *diags)
{
    static const struct { Severity severity; const char *code, *message, *hint; } kinds[] = {
        [NOTE_ERROR] = {SEVERITY_ERROR, "bad-cell", "holds the error %s", "correct the formula in Excel"},
        [NOTE_NO_RESULT] = {SEVERITY_ERROR, "bad-cell", "is a formula whose result is not in the file (%s)", "open the workbook in Excel or LibreOffice and save it again"},
        [NOTE_EXTERNAL] = {SEVERITY_ERROR, "bad-cell", "takes its value from another workbook (%s)", "copy the cells and paste them as values"},
        [NOTE_TOO_LONG] = {SEVERITY_ERROR, "bad-cell", "holds the number %s, of whose digits Excel keeps 15", "format the column as text and enter the number again"},
        [NOTE_NO_NUMBER] = {SEVERITY_ERROR, "bad-cell", "holds \"%s\", which is no number", "open the workbook in Excel or LibreOffice and save it again"},
        [NOTE_NO_STRING] = {SEVERITY_ERROR, "bad-workbook", "names the shared text %s, which is not there", "open the workbook in Excel or LibreOffice and save it again"},
        [NOTE_BEYOND] = {SEVERITY_ERROR, "csv-shape", "holds \"%s\", but its column has no name in the header", "name the column, or empty the cell"},
        [NOTE_LARGE] = {SEVERITY_ERROR, "csv-size", "holds over 1 MB of text%s", NULL},
        [NOTE_FORMAT] = {SEVERITY_WARNING, "number-format", "is shown as %s", "format the column as text, or as a plain number or date"},
        [NOTE_MISPLACED] = {SEVERITY_ERROR, "bad-workbook", "is called %s, which is not its place", "open the workbook in Excel or LibreOffice and save it again"},
    };
    for (size_t i = 0; i < sheet->note_count; i++) {
        const Note *item = &sheet->notes[i];
        StrBuf message;
        strbuf_init(&message, diags->arena);
        const char *form = kinds[item->kind].message, *place = strstr(form, "%s");
        strbuf_add_bytes(&message, form, (size_t)(place - form));
        strbuf_add(&message, table_shown(diags->arena, item->value));
        strbuf_add(&message, place + 2);
        if (item->kind == NOTE_FORMAT) strbuf_addf(&message, ": the number format \"%s\" is not known", table_shown(diags->arena, sheet->book->format_codes[item->format]));
        report_cell(sheet, diags, kinds[item->kind].severity, item->row, item->column, kinds[item->kind].code, kinds[item->kind].hint, message.bytes);
    }
}

/* ---- the table ---- */

static bool check_header(Arena *arena, const SheetReader *sheet, Table *table, DiagList *diags)
{
    size_t errors = diags->error_count;
    const char **names = ARENA_ARRAY(arena, const char *, sheet->header_count + 1);
    uint16_t *letters = ARENA_ARRAY(arena, uint16_t, sheet->header_count + 1);
    for (size_t i = 0; i < sheet->header_count; i++) {
        names[i] = text_at(sheet, sheet->header[i].text);
        letters[i] = (uint16_t)sheet->header[i].column;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(names[i], names[j])) continue;
            report_cell(sheet, diags, SEVERITY_ERROR, sheet->header_row, letters[i], "csv-header", "every column needs a name of its own",
                        arena_printf(arena, "names a second column \"%s\"", table_shown(arena, names[i])));
            break;
        }
    }
    const Merge *merges = (const void *)(sheet->merge_count ? pool_text(&sheet->merges) : NULL);
    for (size_t i = 0; merges && i < sheet->merge_count; i++) {
        if (merges[i].top > sheet->header_row || merges[i].bottom < sheet->header_row) continue;
        bool is_title = merges[i].right > merges[i].left;
        report_cell(sheet, diags, SEVERITY_ERROR, merges[i].top, merges[i].left, "csv-header",
                    is_title ? "delete the rows above the one that names the columns" : "let the header be one row",
                    arena_printf(arena, "to %s is one merged cell, and no header: the first row with text names the columns",
                                 table_cell_name(arena, merges[i].right, merges[i].bottom)));
        break;
    }
    table->columns = names;
    table->letters = letters;
    table->column_count = sheet->header_count;
    return errors == diags->error_count;
}

/* The first row of the table at or after row `number` of the sheet. */
static size_t find_row(const uint32_t *numbers, size_t count, uint32_t number)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (numbers[middle] < number) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* A merged cell stands in its first row only: what people mean is its value in all of them. */
static bool spread_merges(Arena *arena, const SheetReader *sheet, DiagList *diags)
{
    const Merge *merges = (const void *)(sheet->merge_count ? pool_text(&sheet->merges) : NULL);
    uint32_t *cells = (void *)(sheet->row_count ? pool_text(&sheet->rows) : NULL);
    const uint32_t *numbers = (const void *)(sheet->row_count ? pool_text(&sheet->numbers) : NULL);
    size_t spread = 0, work = 0;
    const Merge *first = NULL;
    for (size_t i = 0; merges && cells && i < sheet->merge_count; i++) {
        size_t column = 0;
        while (column < sheet->header_count && sheet->header[column].column != merges[i].left) column++;
        size_t row = find_row(numbers, sheet->row_count, merges[i].top);
        if (column == sheet->header_count || row == sheet->row_count || numbers[row] != merges[i].top || merges[i].bottom == merges[i].top) continue;
        uint32_t value = cells[row * sheet->header_count + column];
        if (!spread++) first = &merges[i];
        for (row++; row < sheet->row_count && numbers[row] <= merges[i].bottom; row++) {
            if (++work > LIMIT_MERGED_CELLS)
                return diag_error(diags, SPAN_NONE, "workbook-too-large", NULL, "%s merges over %zu cells", sheet->book->source->path, LIMIT_MERGED_CELLS);
            uint32_t *cell = &cells[row * sheet->header_count + column];
            if (!*cell) *cell = value;
        }
    }
    if (!spread) return true;
    report_cell(sheet, diags, SEVERITY_WARNING, first->top, first->left, "merged-cells", "unmerge the cells and fill them to say it yourself",
                arena_printf(arena, "to %s is merged%s: its value is taken for each of its rows", table_cell_name(arena, first->right, first->bottom),
                             spread > 1 ? arena_printf(arena, " (and %zu more)", spread - 1) : ""));
    return true;
}

/* Rows must come in the order of their numbers, as every program writes them. */
static bool rows_are_ordered(const SheetReader *sheet)
{
    const uint32_t *numbers = (const void *)pool_text(&sheet->numbers);
    for (size_t i = 1; i < sheet->row_count; i++)
        if (numbers[i] <= numbers[i - 1]) return false;
    return !sheet->row_count || numbers[0] > sheet->header_row;
}

static SheetReader *sheet_new(Arena *arena, Workbook *book, PartReader *reader)
{
    SheetReader *sheet = ARENA_NEW(arena, SheetReader);
    *sheet = (SheetReader){.book = book, .reader = reader, .header_place = arena_own(arena, free)};
    sheet->format_noted = ARENA_ARRAY(arena, bool, book->format_count + 1);
    Pool *pools[] = {&sheet->cells, &sheet->merges, &sheet->value, &sheet->formula};
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) pool_init(pools[i], arena);
    pool_init_spilled(&sheet->rows, arena, book->spill);
    pool_init_spilled(&sheet->numbers, arena, book->spill);
    return sheet;
}

Table *sheet_read(Arena *arena, Archive *archive, const char *part, Workbook *book, const char *name, Span where, DiagList *diags)
{
    PartReader reader = {.start = on_start, .end = on_end, .text = on_text};
    SheetReader *sheet = reader.context = sheet_new(arena, book, &reader);
    size_t errors = diags->error_count;
    if (!archive_parse(archive, part, &reader, diags)) return NULL;
    const char *path = book->source->path;
    const Pool *pools[] = {&book->text, &book->strings, &sheet->cells, &sheet->rows, &sheet->numbers, &sheet->merges, &sheet->value, &sheet->formula};
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
        if (pools[i]->failed) return diag_error(diags, SPAN_NONE, "workbook-too-large", "cut the table into several files", "%s has more text than is read", path), NULL;
    if (sheet->is_too_wide)
        return diag_error(diags, SPAN_NONE, "csv-size", NULL, "%s has %zu columns; at most %d are read", path, sheet->header_count, LIMIT_COLUMNS), NULL;
    if (!sheet->header)
        return diag_error(diags, where, "csv-empty", "the first row must name the columns", "the sheet \"%s\" of %s is empty", name, path), NULL;
    if (!rows_are_ordered(sheet))
        return diag_error(diags, SPAN_NONE, "bad-workbook", "open it in Excel or LibreOffice and save it again", "%s is broken: its rows are out of order", path), NULL;
    Table *table = ARENA_NEW(arena, Table);
    *table = (Table){.kind = TABLE_SHEET, .source = book->source, .row_count = sheet->row_count};
    report_notes(sheet, diags);
    if (!check_header(arena, sheet, table, diags) || !spread_merges(arena, sheet, diags) || errors != diags->error_count) return NULL;
    if (sheet->hidden_rows)
        diag_warning(diags, where, "hidden-rows", "delete them in the workbook, or leave them out with filter", "%s has %zu hidden row%s (the first is %u): they count too", path,
                     sheet->hidden_rows, sheet->hidden_rows == 1 ? "" : "s", sheet->first_hidden);
    table->text = pool_text(&book->text);
    table->cells = (const void *)pool_text(&sheet->rows);
    table->lines = (const void *)pool_text(&sheet->numbers);
    return table;
}
