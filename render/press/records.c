/* records.c -- the DPart tree of PDF/VT-1 (ISO 16612-2, 6.5 and annex; the keys as in the Arlington PDF model): a root, and under
 * it a part for each data row. Of each part only its number is kept. */
#include "press/records.h"

#include <stdlib.h>

#include "press/metadata.h"

#define PARTS_AN_ARRAY 1024       /* arrays of 8191 entries are the most that every reader takes (ISO 32000-1, annex C) */

struct Records {
    Arena *arena;
    Writer *writer;
    unsigned root, node;          /* DPartRoot, and its only node */
    unsigned *parts;              /* malloc, doubled */
    size_t count, capacity;
    bool has_failed;
};

static void release_parts(void *pointer) { free(((Records *)pointer)->parts); }

Records *records_new(Arena *arena, Writer *writer)
{
    void **place = arena_own(arena, release_parts);
    Records *records = ARENA_NEW(arena, Records);
    *records = (Records){.arena = arena, .writer = writer, .root = writer_reserve(writer), .node = writer_reserve(writer)};
    return *place = records;
}

unsigned records_begin(Records *records)
{
    if (records->count == records->capacity) {
        size_t capacity = records->capacity ? records->capacity * 2 : 256;
        unsigned *parts = realloc(records->parts, capacity * sizeof *parts);
        if (!parts) {
            writer_fail(records->writer);
            return 0;
        }
        records->parts = parts;
        records->capacity = capacity;
    }
    return records->parts[records->count++] = writer_reserve(records->writer);
}

void records_end(Records *records, unsigned first_page, unsigned last_page, const PressRecord *record, Arena *scratch)
{
    StrBuf out;
    strbuf_init(&out, scratch);
    strbuf_addf(&out, "<</Type/DPart/Parent %u 0 R/Start %u 0 R", records->node, first_page);
    if (last_page != first_page) strbuf_addf(&out, "/End %u 0 R", last_page);
    strbuf_addf(&out, "/DPM<</Row %zu", record->row);
    for (size_t i = 0; i < record->field_count; i++) {
        writer_add_name(&out, record->fields[i].name);
        metadata_add_text(&out, record->fields[i].value);
    }
    strbuf_add(&out, ">>>>");
    if (records->count) writer_object(records->writer, records->parts[records->count - 1], out.bytes, out.length);
}

unsigned records_finish(Records *records)
{
    StrBuf out;
    strbuf_init(&out, records->arena);
    strbuf_addf(&out, "<</Type/DPart/Parent %u 0 R/DParts[", records->root);
    for (size_t i = 0; i < records->count; i++) {
        if (i % PARTS_AN_ARRAY == 0) strbuf_add(&out, i ? "][" : "[");
        strbuf_addf(&out, "%u 0 R ", records->parts[i]);
    }
    strbuf_add(&out, records->count ? "]]>>" : "]>>");
    writer_object(records->writer, records->node, out.bytes, out.length);
    out.length = 0;
    /* Level 0 is the file, level 1 holds the records. */
    strbuf_addf(&out, "<</Type/DPartRoot/DPartRootNode %u 0 R/RecordLevel 1/NodeNameList[/File/Record]>>", records->node);
    writer_object(records->writer, records->root, out.bytes, out.length);
    return records->root;
}
