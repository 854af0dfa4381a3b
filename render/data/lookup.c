/* lookup.c -- another table's row for each row: both are gone through in the order of the key (order.c), side by side. */
#include <string.h>

#include "base/suggest.h"
#include "data/table.h"

#define SUGGEST_MAX 20000         /* keys searched for the nearest one */
#define SUGGESTIONS_MAX 20        /* rows that are told the nearest key */

static const char *nearest_key(Arena *arena, const Table *table, size_t column, const char *value)
{
    size_t count = table->row_count;
    if (count > SUGGEST_MAX) return NULL;
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) names[i] = table_field(table, i, column);
    const char *nearest = suggest_nearest(value, names, count);
    return nearest ? arena_printf(arena, "did you mean \"%s\"?", table_shown(arena, nearest)) : NULL;
}

/* rows[a row of the main table] becomes the row of the other one. False when a key is there twice. */
static bool join(const LookupRule *rule, Order *values, Order *keys, const Table *table, size_t key_column, uint32_t *rows, DiagList *diags)
{
    bool ok = true;
    uint32_t row, key_row, before = 0;
    const char *value, *key, *previous = NULL;
    bool is_left = order_next(values, &row, &value);
    for (; order_next(keys, &key_row, &key); previous = key, before = key_row) {
        if (previous && !strcmp(key, previous)) {
            ok = table_report(diags, SEVERITY_ERROR, table, key_row, key_column, "not-unique", "a key that is looked up must be there once",
                              "rows %u and %u both have %s \"%s\"", before + 1, key_row + 1, rule->key, table_shown(diags->arena, key));
            continue;
        }
        for (int order; is_left && (order = strcmp(value, key)) <= 0; is_left = order_next(values, &row, &value))
            if (!order && *value) rows[row] = key_row;      /* an empty field finds nothing: `empty-field` tells where it is used */
    }
    return ok;
}

static void report_misses(Arena *arena, const Table *main_table, const Choice *choice, const Lookup *lookup, size_t key_column, DiagList *diags)
{
    unsigned suggestions = 0;
    size_t cool_at = 0;
    for (size_t i = 0; i < choice->count; i++) {
        uint32_t row = choice->rows[i];
        table_walk(main_table, choice->spill, row, &cool_at);
        const char *value = table_field(main_table, row, lookup->column);
        if (!*value || lookup->rows[row] != NO_ROW) continue;
        const char *hint = suggestions++ < SUGGESTIONS_MAX ? nearest_key(arena, lookup->table, key_column, value) : NULL;
        table_report(diags, SEVERITY_ERROR, main_table, row, lookup->column, "lookup-miss", hint, "row %u: no \"%s\" in column %s of %s",
                     row + 1, table_shown(diags->arena, value), lookup->rule->key, lookup->rule->file);
    }
}

bool lookup_open(Arena *arena, Spill *spill, const Table *main_table, const Choice *choice, const LookupRule *rule, Lookup *out, DiagList *diags)
{
    *out = (Lookup){.rule = rule, .column = table_column(main_table, rule->column)};
    if (out->column == NO_COLUMN) return table_unknown_column(diags, main_table, rule->column, rule->where);
    const TableForm form = {.path = rule->file, .encoding = ENCODING_AUTO, .where = rule->file_span};      /* document/ has resolved it */
    const Table *table = out->table = table_read(arena, spill, &form, NULL, diags);
    if (!table) return false;
    size_t key_column = table_column(table, rule->key);
    if (key_column == NO_COLUMN) return table_unknown_column(diags, table, rule->key, rule->key_span);

    uint32_t *all = SPILL_ARRAY(spill, uint32_t, table->row_count + 1), *rows = SPILL_ARRAY(spill, uint32_t, main_table->row_count + 1);
    for (size_t i = 0; i < table->row_count; i++) all[i] = (uint32_t)i;
    memset(rows, 0xff, (main_table->row_count + 1) * sizeof *rows);
    out->rows = rows;
    const OrderKey by_value = {main_table, &out->column, 1, strcmp}, by_key = {table, &key_column, 1, strcmp};
    Order *values = order_open(arena, spill, &by_value, choice->rows, choice->count), *keys = order_open(arena, spill, &by_key, all, table->row_count);
    bool ok = join(rule, values, keys, table, key_column, rows, diags);
    order_close(values);
    order_close(keys);
    spill_free(spill, all);
    if (ok) report_misses(arena, main_table, choice, out, key_column, diags);
    return ok;
}

size_t lookup_column(const Lookup *lookup, const char *name)
{
    size_t length = strlen(lookup->rule->column);
    if (strncmp(name, lookup->rule->column, length) || name[length] != '.') return NO_COLUMN;
    return table_column(lookup->table, name + length + 1);
}
