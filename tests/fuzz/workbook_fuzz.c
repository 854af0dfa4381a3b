/* workbook_fuzz.c -- any bytes as a part of a workbook (the first byte says which, as a letter) or as the whole file: no crash,
 * an error or a table, every cell text of the buffer. */
#include <libdeflate.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

typedef struct Part { const char *name, *text; size_t length; uint32_t crc, at; } Part;
typedef struct Zip { uint8_t *bytes; size_t length; } Zip;

static void put(Zip *zip, uint64_t value, int size)
{
    for (int i = 0; i < size; i++) zip->bytes[zip->length++] = (uint8_t)(value >> 8 * i);
}

static void put_bytes(Zip *zip, const void *bytes, size_t length)
{
    memcpy(zip->bytes + zip->length, bytes, length);
    zip->length += length;
}

/* A ZIP file whose parts are stored (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
static Zip zip_parts(Part *parts, size_t count)
{
    size_t room = 100;
    for (size_t i = 0; i < count; i++) room += parts[i].length + 2 * strlen(parts[i].name) + 100;
    Zip zip = {malloc(room), 0};
    for (size_t i = 0; i < count; i++) {
        parts[i].at = (uint32_t)zip.length;
        parts[i].crc = libdeflate_crc32(0, parts[i].text, parts[i].length);
        put(&zip, 0x04034b50, 4), put(&zip, 20, 2), put(&zip, 0, 8), put(&zip, parts[i].crc, 4);
        put(&zip, parts[i].length, 4), put(&zip, parts[i].length, 4), put(&zip, strlen(parts[i].name), 2), put(&zip, 0, 2);
        put_bytes(&zip, parts[i].name, strlen(parts[i].name));
        put_bytes(&zip, parts[i].text, parts[i].length);
    }
    size_t directory = zip.length;
    for (size_t i = 0; i < count; i++) {
        put(&zip, 0x02014b50, 4), put(&zip, 20, 2), put(&zip, 20, 2), put(&zip, 0, 8), put(&zip, parts[i].crc, 4);
        put(&zip, parts[i].length, 4), put(&zip, parts[i].length, 4), put(&zip, strlen(parts[i].name), 2), put(&zip, 0, 8), put(&zip, 0, 4);
        put(&zip, parts[i].at, 4);
        put_bytes(&zip, parts[i].name, strlen(parts[i].name));
    }
    size_t size = zip.length - directory;
    put(&zip, 0x06054b50, 4), put(&zip, 0, 4), put(&zip, count, 2), put(&zip, count, 2), put(&zip, size, 4), put(&zip, directory, 4), put(&zip, 0, 2);
    return zip;
}

#define RELATION(id, type, target) "<Relationship Id='" id "' Type='x/" type "' Target='" target "'/>"
#define PART(name, text) {name, text, sizeof text - 1, 0, 0}

static Zip workbook_with(char which, const uint8_t *bytes, size_t length)
{
    Part parts[] = {
        PART("xl/worksheets/s.xml", "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>1</v></c></row>"
                                    "<row r='3'><c r='A3' s='1'><v>46349.5</v></c><c r='C3' t='inlineStr'><is><t>x</t></is></c></row></sheetData>"
                                    "<mergeCells><mergeCell ref='A3:A4'/></mergeCells></worksheet>"),
        PART("xl/strings.xml", "<sst><si><t>a</t></si><si><r><t>b</t></r></si></sst>"),
        PART("xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy-mm-dd h:mm'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='164'/></cellXfs></styleSheet>"),
        PART("xl/workbook.xml", "<workbook><sheets><sheet name='s' r:id='r1'/></sheets></workbook>"),
        PART("xl/_rels/workbook.xml.rels", "<Relationships>" RELATION("r1", "worksheet", "worksheets/s.xml") RELATION("r2", "sharedStrings", "strings.xml") RELATION("r3", "styles", "styles.xml") "</Relationships>"),
        PART("_rels/.rels", "<Relationships>" RELATION("r1", "officeDocument", "xl/workbook.xml") "</Relationships>"),
    };
    size_t count = sizeof parts / sizeof *parts, chosen = (size_t)(which - 'a') % count;
    parts[chosen].text = (const char *)bytes;
    parts[chosen].length = length;
    return zip_parts(parts, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 1) return 0;
    Arena *arena = arena_new(0);
    if (!arena) return 0;
    DiagList diags;
    diag_list_init(&diags, arena);
    bool is_part = bytes[0] >= 'a' && bytes[0] <= 'f';
    Zip zip = is_part ? workbook_with((char)bytes[0], bytes + 1, length - 1) : (Zip){0};
    Source source = {"t.xlsx", arena_copy(arena, is_part ? (const char *)zip.bytes : (const char *)bytes, is_part ? zip.length : length), is_part ? zip.length : length};
    free(zip.bytes);
    if (workbook_is_one(&source)) {
        const Table *table = workbook_read(arena, spill_new(arena), &source, NULL, SPAN_NONE, &diags);
        if (!table != (diags.error_count > 0)) abort();
        size_t total = 0;
        for (size_t row = 0; table && row < table->row_count; row++)
            for (size_t column = 0; column < table->column_count; column++) total += strlen(table_field(table, row, column));
        if (total == SIZE_MAX) abort();
    }
    arena_free(arena);
    return 0;
}
