/* csv_fuzz.c -- any bytes as a table: no crash, every cell is text of the buffer, every message has a place in the file. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const paths[] = {"t.csv", "t.tsv"};
    Arena *arena = arena_new(0);
    if (!arena) return 0;
    DiagList diags;
    diag_list_init(&diags, arena);
    /* The last byte chooses the ending, so that the corpus files are plain tables. */
    const char *path = paths[length && bytes[length - 1] == '\t'];
    Source source = {path, arena_copy(arena, (const char *)bytes, length), length};
    const Table *table = csv_read(arena, spill_new(arena), &source, 0, NULL, &diags);
    if (!table != (diags.error_count > 0)) abort();
    for (size_t i = 0; i < diags.count; i++)
        if (diags.items[i].where.end > length || diags.items[i].where.start > diags.items[i].where.end) abort();
    for (size_t row = 0; table && row < table->row_count; row++)
        for (size_t column = 0; column < table->column_count; column++) {
            Span span = csv_field_span(table, row, column);
            if (strlen(table_field(table, row, column)) > span.end - span.start) abort();
        }
    arena_free(arena);
    return 0;
}
