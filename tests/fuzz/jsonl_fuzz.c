/* jsonl_fuzz.c -- any bytes as JSON lines, in any encoding: no crash, every cell is text of the buffer, every message and every
 * field has a place in the file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Arena *arena = arena_new(0);
    if (!arena) return 0;
    DiagList diags;
    diag_list_init(&diags, arena);
    Source raw = {"t.jsonl", arena_copy(arena, (const char *)bytes, length), length};
    const char *guess;
    const Source *source = decode_text(arena, spill_new(arena), &raw, ENCODING_AUTO, &guess, &diags);
    if (!source != (diags.error_count > 0)) abort();
    const Table *table = source ? jsonl_read(arena, spill_new(arena), source, &diags) : NULL;
    if (source && !table != (diags.error_count > 0)) abort();
    for (size_t i = 0; source && i < diags.count; i++)
        if (diags.items[i].where.end > source->length || diags.items[i].where.start > diags.items[i].where.end) abort();
    for (size_t row = 0; table && row < table->row_count; row++)
        for (size_t column = 0; column < table->column_count; column++) {
            Span span = jsonl_field_span(table, row, column);
            if (span.end > source->length || span.start > span.end || strlen(table_field(table, row, column)) > source->length) abort();
        }
    arena_free(arena);
    return 0;
}
