/* workbook.c -- an XLSX file: which parts it has, which sheet is meant, its shared strings and number formats. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "data/workbook.h"

#define SHEETS_MAX 1000
#define FORMATS_MAX 65536

bool workbook_is_one(const Source *source)
{
    if (source->length < 8) return false;
    return !memcmp(source->text, "PK\3\4", 4) || !memcmp(source->text, "PK\5\6", 4) || !memcmp(source->text, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
}

static bool fail(const Source *source, DiagList *diags, const char *code, const char *hint, const char *message)
{
    Diag diag = {.severity = SEVERITY_ERROR, .code = code, .hint = hint, .message = arena_printf(diags->arena, "%s %s", source->path, message),
                 .data = {.file = source->path}};
    diag_add(diags, &diag);
    return false;
}

/* ---- lists of names, filled by callbacks ---- */

/* One sheet, or one relationship, as NUL-terminated texts in `text` one after the other. */
typedef struct Names { Pool text; Pool offsets; size_t count, fields; } Names;

static void names_add(Names *names, const char *const *fields)
{
    for (size_t i = 0; i < names->fields; i++) {
        uint32_t at = (uint32_t)names->text.length;
        const char *field = fields[i] ? fields[i] : "";
        pool_add(&names->offsets, &at, sizeof at);
        pool_add(&names->text, field, strlen(field) + 1);
    }
    names->count++;
}

static const char *names_at(const Names *names, size_t index, size_t field)
{
    return pool_text(&names->text) + ((const uint32_t *)(const void *)pool_text(&names->offsets))[index * names->fields + field];
}

static void names_init(Names *names, Arena *arena, size_t fields)
{
    *names = (Names){.fields = fields};
    pool_init(&names->text, arena);
    pool_init(&names->offsets, arena);
}

/* ---- relationships ---- */

enum { RELATION_ID, RELATION_TARGET, RELATION_TYPE, RELATION_MODE };

static void relation_start(void *context, const char *name, const char **attributes)
{
    Names *relations = context;
    if (strcmp(name, "Relationship") || relations->count >= LIMIT_WORKBOOK_PARTS) return;
    names_add(relations, (const char *const[]){part_attribute(attributes, "Id"), part_attribute(attributes, "Target"), part_attribute(attributes, "Type"),
                                               part_attribute(attributes, "TargetMode")});
}

static bool read_relations(Arena *arena, Archive *archive, const char *part, Names *relations, DiagList *diags)
{
    names_init(relations, arena, 4);
    PartReader reader = {.context = relations, .start = relation_start};
    return archive_parse(archive, part, &reader, diags);
}

/* A target as seen from the part's folder: "xl/" + "worksheets/sheet1.xml"; from the root when it begins with "/". */
static const char *resolve(Arena *arena, const char *part, const char *target)
{
    if (*target == '/') return target + 1;
    const char *slash = strrchr(part, '/');
    size_t folder = slash ? (size_t)(slash - part) + 1 : 0;
    while (!strncmp(target, "../", 3) && folder) {
        target += 3;
        for (folder--; folder && part[folder - 1] != '/';) folder--;
    }
    return arena_printf(arena, "%.*s%s", (int)folder, part, target);
}

/* The last word of its type: "worksheet", in whatever name space. */
static const char *relation_kind(const Names *relations, size_t index)
{
    const char *slash = strrchr(names_at(relations, index, RELATION_TYPE), '/');
    return slash ? slash + 1 : "";
}

/* The target of the relationship with this id, or else of this type; NULL: none. */
static const char *relation_target(Arena *arena, const Names *relations, const char *part, const char *id, const char *type, bool *is_external)
{
    for (size_t i = 0; i < relations->count; i++) {
        if (id ? strcmp(names_at(relations, i, RELATION_ID), id) != 0 : strcmp(relation_kind(relations, i), type) != 0) continue;
        *is_external = !strcmp(names_at(relations, i, RELATION_MODE), "External");
        return resolve(arena, part, names_at(relations, i, RELATION_TARGET));
    }
    return NULL;
}

/* ---- the workbook's own part: its sheets ---- */

enum { SHEET_NAME, SHEET_ID, SHEET_STATE };
typedef struct BookPart { Names sheets; bool is_1904; } BookPart;

static void book_start(void *context, const char *name, const char **attributes)
{
    BookPart *book = context;
    if (!strcmp(name, "workbookPr")) {
        const char *flag = part_attribute(attributes, "date1904");
        book->is_1904 = flag && (!strcmp(flag, "1") || !strcmp(flag, "true"));
    }
    if (strcmp(name, "sheet") || book->sheets.count >= SHEETS_MAX) return;
    names_add(&book->sheets, (const char *const[]){part_attribute(attributes, "name"), part_attribute(attributes, "id"), part_attribute(attributes, "state")});
}

static bool is_hidden(const Names *sheets, size_t index)
{
    return !strncmp(names_at(sheets, index, SHEET_STATE), "hidden", 6) || !strncmp(names_at(sheets, index, SHEET_STATE), "veryHidden", 10);
}

/* Charts and macros have sheets, too. */
static void keep_worksheets(Names *sheets, const Names *relations)
{
    uint32_t *offsets = (void *)pool_text(&sheets->offsets);
    size_t kept = 0;
    for (size_t i = 0; i < sheets->count; i++) {
        bool is_other = false;
        for (size_t k = 0; k < relations->count; k++)
            if (!strcmp(names_at(relations, k, RELATION_ID), names_at(sheets, i, SHEET_ID))) is_other = strcmp(relation_kind(relations, k), "worksheet") != 0;
        if (!is_other) memmove(offsets + kept++ * sheets->fields, offsets + i * sheets->fields, sheets->fields * sizeof *offsets);
    }
    sheets->count = kept;
}

static const char *sheet_list(Arena *arena, const Names *sheets)
{
    StrBuf list;
    strbuf_init(&list, arena);
    strbuf_add(&list, "sheets:");
    for (size_t i = 0; i < sheets->count && i < 20; i++)
        strbuf_addf(&list, "%s %s%s", i ? "," : "", table_shown(arena, names_at(sheets, i, SHEET_NAME)), is_hidden(sheets, i) ? " (hidden)" : "");
    if (sheets->count > 20) strbuf_add(&list, ", ...");
    return list.bytes;
}

#define NO_SHEET SIZE_MAX

static size_t choose_sheet(Arena *arena, const Source *source, const Names *sheets, const char *wanted, Span where, DiagList *diags)
{
    size_t first = NO_SHEET, shown = 0;
    const char **names = ARENA_ARRAY(arena, const char *, sheets->count + 1);
    for (size_t i = 0; i < sheets->count; i++) {
        names[i] = names_at(sheets, i, SHEET_NAME);
        if (wanted && !strcmp(names[i], wanted)) return i;
        if (is_hidden(sheets, i)) continue;
        if (first == NO_SHEET) first = i;
        shown++;
    }
    if (wanted) {
        const char *nearest = suggest_nearest(wanted, names, sheets->count);
        diag_error(diags, where, "unknown-sheet", nearest ? arena_printf(arena, "did you mean \"%s\"?", nearest) : NULL, "no sheet \"%s\" in %s; %s", wanted,
                   source->path, sheet_list(arena, sheets));
        return NO_SHEET;
    }
    if (first == NO_SHEET) fail(source, diags, "unknown-sheet", "say which with data: {sheet: ...}", "shows no sheet");
    else if (shown > 1)
        diag_warning(diags, where, "unknown-sheet", arena_printf(arena, "sheet: \"%s\" says so in the layout", names[first]),
                     "%s has %zu sheets, the first is read; %s", source->path, shown, sheet_list(arena, sheets));
    return first;
}

/* ---- shared strings ---- */

typedef struct StringsPart { Workbook *book; int in_text, in_phonetic; size_t start, cool_at; } StringsPart;

static void strings_start(void *context, const char *name, const char **attributes)
{
    (void)attributes;
    StringsPart *part = context;
    if (!strcmp(name, "si")) part->start = part->book->text.length;
    else if (!strcmp(name, "t")) part->in_text++;
    else if (!strcmp(name, "rPh")) part->in_phonetic++;
}

static void strings_end(void *context, const char *name)
{
    StringsPart *part = context;
    Pool *text = &part->book->text;
    if (!strcmp(name, "t")) part->in_text--;
    else if (!strcmp(name, "rPh")) part->in_phonetic--;
    else if (!strcmp(name, "si") && !text->failed) {
        uint32_t at = (uint32_t)part->start;
        text->length = part->start + sheet_unescape(pool_text(text) + part->start, text->length - part->start);
        pool_add(text, "", 1);
        pool_add(&part->book->strings, &at, sizeof at);
        spill_walk(part->book->spill, text->length, &part->cool_at);
    }
}

static void strings_text(void *context, const char *text, int length)
{
    StringsPart *part = context;
    if (part->in_text && !part->in_phonetic) pool_add(&part->book->text, text, (size_t)length);
}

/* ---- styles: what number format each cell style has ---- */

typedef struct StylesPart { Names formats; Pool cells; bool in_cells; } StylesPart;    /* formats: id, code; cells: uint32_t ids */

static void styles_start(void *context, const char *name, const char **attributes)
{
    StylesPart *styles = context;
    const char *id = part_attribute(attributes, "numFmtId");
    if (!strcmp(name, "cellXfs")) styles->in_cells = true;
    else if (!strcmp(name, "numFmt") && styles->formats.count < FORMATS_MAX) names_add(&styles->formats, (const char *const[]){id, part_attribute(attributes, "formatCode")});
    else if (!strcmp(name, "xf") && styles->in_cells && styles->cells.length < FORMATS_MAX * sizeof(uint32_t)) {
        long value;
        uint32_t number = id && num_parse_count(id, &value) && value >= 0 && value < 100000 ? (uint32_t)value : 0;
        pool_add(&styles->cells, &number, sizeof number);
    }
}

static void styles_end(void *context, const char *name)
{
    if (!strcmp(name, "cellXfs")) ((StylesPart *)context)->in_cells = false;
}

static const char *format_code(const StylesPart *styles, uint32_t id)
{
    for (size_t i = 0; i < styles->formats.count; i++) {
        long value;
        if (num_parse_count(names_at(&styles->formats, i, 0), &value) && value == (long)id) return names_at(&styles->formats, i, 1);
    }
    const char *code = shown_builtin(id);
    return code ? code : "General";
}

static bool read_styles(Arena *arena, Archive *archive, const char *part, Workbook *book, DiagList *diags)
{
    StylesPart styles = {0};
    names_init(&styles.formats, arena, 2);
    pool_init(&styles.cells, arena);
    PartReader reader = {.context = &styles, .start = styles_start, .end = styles_end};
    if (!archive_parse(archive, part, &reader, diags)) return false;
    size_t count = styles.cells.length / sizeof(uint32_t);
    if (styles.formats.count * count > 10000000) return fail(book->source, diags, "workbook-too-large", NULL, "has too many number formats");
    Shown *formats = ARENA_ARRAY(arena, Shown, count + 1);
    const char **codes = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        codes[i] = format_code(&styles, ((const uint32_t *)(const void *)pool_text(&styles.cells))[i]);
        shown_parse(codes[i], &formats[i]);
    }
    book->formats = formats;
    book->format_codes = codes;
    book->format_count = count;
    return true;
}

/* ---- the door ---- */

static Table *refuse_old(const Source *source, DiagList *diags)
{
    static const char package[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    bool is_encrypted = memmem(source->text, source->length, package, sizeof package - 1) != NULL;
    fail(source, diags, "workbook-kind", is_encrypted ? "save it without a password" : "save it as .xlsx, or as \"CSV UTF-8\"",
         is_encrypted ? "is protected by a password and cannot be read" : "is a workbook of Excel 97-2003 (.xls), which is not read");
    return NULL;
}

/* What else is a ZIP file. */
static Table *refuse_zip(const Source *source, Archive *archive, DiagList *diags)
{
    static const struct { const char *part, *what, *hint; } kinds[] = {
        {"xl/workbook.bin", "is a binary workbook (.xlsb), which is not read", "save it as .xlsx, or as \"CSV UTF-8\""},
        {"content.xml", "is an OpenDocument file (.ods), which is not read", "save it as .xlsx, or as \"CSV UTF-8\""},
        {"word/document.xml", "is a Word document, not a table", "copy the table into Excel and save it as .xlsx"},
        {"ppt/presentation.xml", "is a presentation, not a table", "copy the table into Excel and save it as .xlsx"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (archive_has(archive, kinds[i].part)) return fail(source, diags, "workbook-kind", kinds[i].hint, kinds[i].what), NULL;
    fail(source, diags, "workbook-kind", "unpack it, and name the table in it", "is a ZIP file, but no workbook");
    return NULL;
}

static bool read_strings(Arena *arena, Archive *archive, const char *part, Workbook *book, DiagList *diags)
{
    (void)arena;
    StringsPart strings = {.book = book};
    PartReader reader = {.context = &strings, .start = strings_start, .end = strings_end, .text = strings_text};
    return archive_parse(archive, part, &reader, diags);
}

Table *workbook_read(Arena *arena, Spill *spill, const Source *source, const char *sheet, Span where, DiagList *diags)
{
    if (source->text[0] != 'P') return refuse_old(source, diags);
    Archive *archive = archive_open(arena, source, diags);
    if (!archive) return NULL;
    Names relations;
    if (!archive_has(archive, "_rels/.rels")) return refuse_zip(source, archive, diags);
    if (!read_relations(arena, archive, "_rels/.rels", &relations, diags)) return NULL;
    bool is_external = false;
    const char *main = relation_target(arena, &relations, "", NULL, "officeDocument", &is_external);
    if (!main || is_external || !archive_has(archive, main) || strncmp(main, "xl/workbook.bin", 15) == 0 || strncmp(main, "word/", 5) == 0 || strncmp(main, "ppt/", 4) == 0)
        return refuse_zip(source, archive, diags);

    BookPart part = {0};
    names_init(&part.sheets, arena, 3);
    PartReader reader = {.context = &part, .start = book_start};
    const char *slash = strrchr(main, '/');
    const char *links = arena_printf(arena, "%.*s_rels/%s.rels", slash ? (int)(slash - main) + 1 : 0, main, slash ? slash + 1 : main);
    if (!archive_parse(archive, main, &reader, diags) || !read_relations(arena, archive, links, &relations, diags)) return NULL;
    keep_worksheets(&part.sheets, &relations);
    size_t chosen = choose_sheet(arena, source, &part.sheets, sheet, where, diags);
    if (chosen == NO_SHEET) return NULL;

    Workbook *book = ARENA_NEW(arena, Workbook);
    *book = (Workbook){.spill = spill, .source = source, .is_1904 = part.is_1904};
    pool_init_spilled(&book->text, arena, spill);
    pool_init_spilled(&book->strings, arena, spill);
    pool_add(&book->text, "", 1);
    const char *strings = relation_target(arena, &relations, main, NULL, "sharedStrings", &is_external);
    if (strings && !is_external && !read_strings(arena, archive, strings, book, diags)) return NULL;
    const char *styles = relation_target(arena, &relations, main, NULL, "styles", &is_external);
    if (styles && !is_external && !read_styles(arena, archive, styles, book, diags)) return NULL;
    const char *name = names_at(&part.sheets, chosen, SHEET_NAME);
    const char *rows = relation_target(arena, &relations, main, names_at(&part.sheets, chosen, SHEET_ID), NULL, &is_external);
    if (!rows || is_external) {
        fail(source, diags, "bad-workbook", "copy the sheet's cells into this workbook", arena_printf(arena, "has its sheet \"%s\" outside of the file: refused", name));
        return NULL;
    }
    return sheet_read(arena, archive, rows, book, name, where, diags);
}
