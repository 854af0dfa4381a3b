/* csv_fuzz.c -- any bytes as a table, in whatever encoding they are taken for: no crash, every cell is text of the buffer, every message
 * has a place in the file, and sorting gives each row once, in its order. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_order(Arena *arena, Spill *spill, const Table *table)
{
    const size_t column = table->column_count - 1;
    const OrderKey key = {table, &column, 1, rules_compare};
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, table->row_count + 1), row;
    for (size_t i = 0; i < table->row_count; i++) rows[i] = (uint32_t)i;
    Order *order = order_open(arena, spill, &key, rows, table->row_count);
    const char *text, *before = NULL;
    size_t count = 0;
    for (; order_next(order, &row, &text); before = text, count++)
        if (strcmp(text, table_field(table, row, column)) || (before && rules_compare(before, text) > 0)) abort();
    if (count != table->row_count) abort();
    order_close(order);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const paths[] = {"t.csv", "t.tsv"};
    Arena *arena = arena_new(0);
    if (!arena) return 0;
    DiagList diags;
    diag_list_init(&diags, arena);
    Spill *spill = spill_new(arena);
    /* The last byte chooses the ending, so that the corpus files are plain tables. */
    const char *path = paths[length && bytes[length - 1] == '\t'], *guess;
    Source raw = {path, arena_copy(arena, (const char *)bytes, length), length};
    const Source *source = decode_text(arena, spill, &raw, ENCODING_AUTO, &guess, &diags);
    if (!source != (diags.error_count > 0)) abort();
    const Table *table = source ? csv_read(arena, spill, source, 0, NULL, &diags) : NULL;
    if (!table != (diags.error_count > 0)) abort();
    for (size_t i = 0; source && i < diags.count; i++)
        if (diags.items[i].where.end > source->length || diags.items[i].where.start > diags.items[i].where.end) abort();
    for (size_t row = 0; table && row < table->row_count; row++)
        for (size_t column = 0; column < table->column_count; column++) {
            Span span = csv_field_span(table, row, column);
            if (strlen(table_field(table, row, column)) > span.end - span.start) abort();
        }
    if (table) check_order(arena, spill, table);
    arena_free(arena);
    return 0;
}
