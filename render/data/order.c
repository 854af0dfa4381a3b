/* order.c -- rows one after the other in the order of some of their fields, with little of the table in memory at a time.
 *
 * A merge sort over what is read once from front to back: the fields of some rows (a run) are copied, sorted and written down;
 * then the runs, each in its order, are merged. A record is its row (4 bytes) and the fields, each with its NUL. */
#include <stdlib.h>
#include <string.h>

#include "data/table.h"

#define RUN_BYTES ((size_t)1 << 20)

typedef struct Run { size_t at, end; } Run;           /* in the records; what is not given out yet */

struct Order {
    const OrderKey *key;
    Spill *spill;
    char *records;
    Run *heap;                    /* the run with the first record of all is the first */
    size_t run_count;
    size_t given, total, cool_at; /* bytes: of the record in the caller's hands, of all before it */
};

static uint32_t record_row(const char *record)
{
    uint32_t row;
    memcpy(&row, record, sizeof row);
    return row;
}

static int compare_records(const OrderKey *key, const char *a, const char *b)
{
    const char *left = a + sizeof(uint32_t), *right = b + sizeof(uint32_t);
    for (size_t i = 0; i < key->count; i++) {
        int order = key->compare(left, right);
        if (order) return order;
        left += strlen(left) + 1;
        right += strlen(right) + 1;
    }
    uint32_t first = record_row(a), second = record_row(b);
    return (first > second) - (first < second);       /* stable */
}

static size_t record_length(const OrderKey *key, const char *record)
{
    size_t length = sizeof(uint32_t);
    for (size_t i = 0; i < key->count; i++) length += strlen(record + length) + 1;
    return length;
}

/* ---- runs ---- */

typedef struct Sorting { const OrderKey *key; const char *buffer; } Sorting;

static int compare_offsets(const void *a, const void *b, void *context)
{
    const Sorting *sorting = context;
    return compare_records(sorting->key, sorting->buffer + *(const uint32_t *)a, sorting->buffer + *(const uint32_t *)b);
}

static size_t row_length(const OrderKey *key, uint32_t row)
{
    size_t length = sizeof row;
    for (size_t i = 0; i < key->count; i++) length += strlen(table_field(key->table, row, key->columns[i])) + 1;
    return length;
}

static char *write_row(const OrderKey *key, uint32_t row, char *out)
{
    memcpy(out, &row, sizeof row);
    out += sizeof row;
    for (size_t i = 0; i < key->count; i++) {
        const char *field = table_field(key->table, row, key->columns[i]);
        size_t length = strlen(field) + 1;
        memcpy(out, field, length);
        out += length;
    }
    return out;
}

/* The rows of one run, sorted, into `out`; where they end. */
static char *write_run(const OrderKey *key, const uint32_t *rows, size_t count, char *buffer, uint32_t *offsets, char *out)
{
    char *at = buffer;
    for (size_t i = 0; i < count; i++) {
        offsets[i] = (uint32_t)(at - buffer);
        at = write_row(key, rows[i], at);
    }
    Sorting sorting = {key, buffer};
    qsort_r(offsets, count, sizeof *offsets, compare_offsets, &sorting);
    for (size_t i = 0; i < count; i++) {
        const char *record = buffer + offsets[i];
        size_t length = record_length(key, record);
        memcpy(out, record, length);
        out += length;
    }
    return out;
}

/* How many of the rows make the next run, and its bytes. */
static size_t run_rows(const OrderKey *key, const uint32_t *rows, size_t count, size_t *bytes)
{
    size_t taken = 0;
    for (*bytes = 0; taken < count; taken++) {
        size_t length = row_length(key, rows[taken]);
        if (taken && *bytes + length > RUN_BYTES) break;
        *bytes += length;
    }
    return taken;
}

/* ---- the heap ---- */

static bool comes_before(const Order *order, size_t a, size_t b)
{
    return compare_records(order->key, order->records + order->heap[a].at, order->records + order->heap[b].at) < 0;
}

static void sift_down(Order *order, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < order->run_count; at = child) {
        if (child + 1 < order->run_count && comes_before(order, child + 1, child)) child++;
        if (!comes_before(order, child, at)) return;
        Run run = order->heap[at];
        order->heap[at] = order->heap[child];
        order->heap[child] = run;
    }
}

Order *order_open(Arena *arena, Spill *spill, const OrderKey *key, const uint32_t *rows, size_t count)
{
    Order *order = ARENA_NEW(arena, Order);
    *order = (Order){.key = key, .spill = spill};
    size_t all = 0, most_bytes = 1, most_rows = 1, run_capacity = 0, cool_at = 0;
    for (size_t i = 0, bytes, taken; i < count; i += taken) {
        taken = run_rows(key, rows + i, count - i, &bytes);
        all += bytes;
        if (bytes > most_bytes) most_bytes = bytes;
        if (taken > most_rows) most_rows = taken;
        run_capacity++;
        spill_cool(spill);
    }
    order->records = spill_array(spill, all + 1, 1);
    order->heap = ARENA_ARRAY(arena, Run, run_capacity + 1);
    char *buffer = spill_array(spill, most_bytes, 1), *out = order->records;
    uint32_t *offsets = SPILL_ARRAY(spill, uint32_t, most_rows);
    for (size_t i = 0, bytes, taken; i < count; i += taken) {
        taken = run_rows(key, rows + i, count - i, &bytes);
        size_t at = (size_t)(out - order->records);
        out = write_run(key, rows + i, taken, buffer, offsets, out);
        order->heap[order->run_count++] = (Run){at, at + bytes};
        spill_walk(spill, at, &cool_at);
    }
    spill_free(spill, buffer);
    spill_free(spill, offsets);
    for (size_t at = order->run_count / 2; at-- > 0;) sift_down(order, at);
    return order;
}

bool order_next(Order *order, uint32_t *row, const char **texts)
{
    if (!order->run_count) return false;
    Run *first = &order->heap[0];
    if (order->given) {
        first->at += order->given;
        order->total += order->given;
        if (first->at >= first->end) *first = order->heap[--order->run_count];
        sift_down(order, 0);
        order->given = 0;
        if (!order->run_count) return false;
    }
    const char *record = order->records + first->at;
    *row = record_row(record);
    *texts = record + sizeof *row;
    order->given = record_length(order->key, record);
    spill_walk(order->spill, order->total, &order->cool_at);
    return true;
}

void order_close(Order *order) { spill_free(order->spill, order->records); }
