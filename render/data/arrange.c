/* arrange.c -- the rows of a sorted table written down once more in their order, so that who draws them goes through the table from
 * front to back. Where they stood in the file is kept for messages.
 *
 * Nothing here reads a large table in any other order than its own: its rows are dealt out to shelves, of which each takes the rows of
 * some thousand places, and then each shelf is put in order by itself. */
#include <string.h>

#include "base/limits.h"
#include "data/table.h"

#define SHELF_ROWS 8192
#define HEAD (2 * sizeof(uint32_t))   /* of a row on a shelf: its place and its row, then the fields, each with its NUL */

typedef struct Arranging {
    Spill *spill;
    const Table *from;
    size_t rows;                  /* that are wanted; copies follow their row */
    uint32_t *places;             /* of each row of the table, or NO_ROW */
    size_t *shelves, shelf_count; /* where each begins, then where it ends */
    char *records;
} Arranging;

static void number_places(Arranging *to, const uint32_t *order, size_t count)
{
    to->places = SPILL_ARRAY(to->spill, uint32_t, to->from->row_count + 1);
    memset(to->places, 0xff, (to->from->row_count + 1) * sizeof *to->places);
    for (size_t i = 0; i < count; i++) {
        uint32_t *place = &to->places[order[i]];
        if (*place == NO_ROW) *place = (uint32_t)to->rows++;
    }
}

static size_t row_length(const Table *table, size_t row)
{
    size_t length = 0;
    for (size_t column = 0; column < table->column_count; column++) length += strlen(table_field(table, row, column)) + 1;
    return length;
}

/* Where each shelf begins; the bytes of all. */
static size_t measure_shelves(Arranging *to, Arena *arena)
{
    to->shelf_count = to->rows / SHELF_ROWS + 1;
    to->shelves = ARENA_ARRAY(arena, size_t, to->shelf_count);
    size_t cool_at = 0, bytes = 0;
    for (size_t row = 0; row < to->from->row_count; row++) {
        table_walk(to->from, to->spill, row, &cool_at);
        if (to->places[row] != NO_ROW) to->shelves[to->places[row] / SHELF_ROWS] += HEAD + row_length(to->from, row);
    }
    for (size_t i = 0; i < to->shelf_count; i++) {
        size_t length = to->shelves[i];
        to->shelves[i] = bytes;
        bytes += length;
    }
    return bytes;
}

static void deal_out(Arranging *to)
{
    const Table *table = to->from;
    size_t cool_at = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        table_walk(table, to->spill, row, &cool_at);
        if (to->places[row] == NO_ROW) continue;
        const uint32_t head[2] = {to->places[row], (uint32_t)row};
        size_t *at = &to->shelves[head[0] / SHELF_ROWS];
        memcpy(to->records + *at, head, HEAD);
        *at += HEAD;
        for (size_t column = 0; column < table->column_count; column++) {
            const char *field = table_field(table, row, column);
            size_t length = strlen(field) + 1;
            memcpy(to->records + *at, field, length);
            *at += length;
        }
    }
}

typedef struct Arranged { char *text; uint32_t *cells, *lines, *numbers, **found; size_t length; } Arranged;      /* found: of each lookup */

static void put_row(const Arranging *to, const Data *data, const char *record, Arranged *out)
{
    const Table *table = to->from;
    uint32_t head[2];
    memcpy(head, record, HEAD);
    size_t place = head[0], row = head[1];
    record += HEAD;
    for (size_t column = 0; column < table->column_count; column++) {
        size_t length = strlen(record) + 1;
        out->cells[place * table->column_count + column] = (uint32_t)out->length;
        memcpy(out->text + out->length, record, length);
        out->length += length;
        record += length;
    }
    out->lines[place] = table->lines[row];
    out->numbers[place] = (uint32_t)row + 1;
    for (size_t i = 0; i < data->lookup_count; i++) out->found[i][place] = data->lookups[i].rows[row];
}

/* One shelf after the other: where the record of each place lies, then those records. */
static void put_in_order(const Arranging *to, const Data *data, Arranged *out)
{
    const char *places[SHELF_ROWS];
    size_t at = 0, cool_at = 0;
    for (size_t shelf = 0; shelf < to->shelf_count; shelf++) {
        size_t first = shelf * SHELF_ROWS, count = 0;
        for (; at < to->shelves[shelf]; count++) {
            const char *record = to->records + at;
            uint32_t place;
            memcpy(&place, record, sizeof place);
            places[place - first] = record;
            at += HEAD;
            for (size_t column = 0; column < to->from->column_count; column++) at += strlen(to->records + at) + 1;
        }
        for (size_t i = 0; i < count; i++) put_row(to, data, places[i], out);
        spill_walk(to->spill, at, &cool_at);
    }
}

void data_arrange(Arena *arena, Data *data)
{
    const Table *table = data->table;
    Spill *spill = data->spill;
    Arranging to = {.spill = spill, .from = table};
    size_t count = data->count + data->reject_count;
    number_places(&to, data->order, count);
    size_t bytes = measure_shelves(&to, arena);
    if (bytes > LIMIT_TABLE_BYTES) return;             /* of texts that many cells of a workbook share: it does as it is */
    for (size_t i = 0; i < count; i++) data->order[i] = to.places[data->order[i]];
    to.records = spill_array(spill, bytes + 1, 1);
    deal_out(&to);
    Arranged out = {.text = spill_array(spill, bytes + 1, 1), .cells = SPILL_ARRAY(spill, uint32_t, to.rows * table->column_count + 1),
                    .lines = SPILL_ARRAY(spill, uint32_t, to.rows + 1), .numbers = SPILL_ARRAY(spill, uint32_t, to.rows + 1),
                    .found = ARENA_ARRAY(arena, uint32_t *, data->lookup_count + 1)};
    Lookup *lookups = ARENA_ARRAY(arena, Lookup, data->lookup_count + 1);
    for (size_t i = 0; i < data->lookup_count; i++) {
        lookups[i] = data->lookups[i];
        lookups[i].rows = out.found[i] = SPILL_ARRAY(spill, uint32_t, to.rows + 1);
    }
    put_in_order(&to, data, &out);
    Table *arranged = ARENA_NEW(arena, Table);
    *arranged = *table;
    arranged->text = out.text;
    arranged->cells = out.cells;
    arranged->lines = out.lines;
    arranged->numbers = out.numbers;
    arranged->row_count = to.rows;
    data->table = arranged;
    data->lookups = lookups;
    spill_free(spill, to.records);
    spill_free(spill, to.places);
    spill_free(spill, (void *)(uintptr_t)table->cells);      /* the old text stays: the names of the columns are in it */
}
