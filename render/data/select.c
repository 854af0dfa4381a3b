/* select.c -- which rows are wanted: the layout's filter, --rows and --where. */
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "data/table.h"

/* A row number at `*at`; false when there is none. Too large for a table is large enough. */
static bool read_number(const char **at, size_t *out)
{
    if (**at < '0' || **at > '9') return false;
    size_t value = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        if (value < SIZE_MAX / 100) value = value * 10 + (size_t)(**at - '0');
    *out = value;
    return true;
}

/* "2-5,9,20-" into wanted[row]. */
static bool read_rows(const char *text, const Table *table, bool *wanted, DiagList *diags)
{
    const char *hint = "numbers of data rows, like 2-5,9";
    size_t count = table->row_count;
    for (const char *at = text;;) {
        size_t first, last;
        if (!read_number(&at, &first)) return diag_error(diags, SPAN_NONE, "bad-rows", hint, "--rows \"%s\" cannot be read", text);
        last = first;
        if (*at == '-') {
            at++;
            if (!read_number(&at, &last)) last = count > first ? count : first;
        }
        if (!first || last < first) return diag_error(diags, SPAN_NONE, "bad-rows", hint, "--rows \"%s\" cannot be read", text);
        if (last > count)
            return diag_error(diags, SPAN_NONE, "bad-rows", NULL, "--rows %s: %s has %zu row%s", text, table->source->path, count,
                              count == 1 ? "" : "s");
        memset(wanted + first - 1, true, last - first + 1);
        if (!*at) return true;
        if (*at++ != ',') return diag_error(diags, SPAN_NONE, "bad-rows", hint, "--rows \"%s\" cannot be read", text);
    }
}

static void keep_where(const Table *table, size_t column, const char *const *values, size_t value_count, Choice *choice)
{
    size_t kept = 0, cool_at = 0;
    for (size_t i = 0; i < choice->count; i++) {
        table_walk(table, choice->spill, choice->rows[i], &cool_at);
        const char *field = table_field(table, choice->rows[i], column);
        bool holds = false;
        for (size_t v = 0; v < value_count && !holds; v++) holds = !strcmp(field, values[v]);
        if (holds) choice->rows[kept++] = choice->rows[i];
    }
    choice->count = kept;
}

static bool filter_rows(const DataSpec *spec, const Table *table, Choice *choice, DiagList *diags)
{
    bool ok = true;
    for (size_t i = 0; i < spec->filter_count; i++) {
        const FilterRule *rule = &spec->filter[i];
        size_t column = table_column(table, rule->column);
        if (column == NO_COLUMN) ok = table_unknown_column(diags, table, rule->column, rule->where);
        else keep_where(table, column, rule->values, rule->value_count, choice);
        if (ok && !choice->count)
            return diag_error(diags, rule->where, "no-rows", NULL, "the filter leaves no row of %s", table->source->path);
    }
    return ok;
}

static bool where_rows(const Table *table, const DataOptions *options, Choice *choice, DiagList *diags)
{
    bool ok = true;
    for (size_t i = 0; i < options->where_count; i++) {
        const Setting *where = &options->where[i];
        size_t column = table_column(table, where->name);
        if (column == NO_COLUMN) {
            ok = table_unknown_column(diags, table, where->name, SPAN_NONE);
            continue;
        }
        size_t before = choice->count;
        const char *nearest = NULL;
        if (before && before <= 1000) {
            const char **values = ARENA_ARRAY(diags->arena, const char *, before);
            for (size_t row = 0; row < before; row++) values[row] = table_field(table, choice->rows[row], column);
            nearest = suggest_nearest(where->value, values, before);
        }
        keep_where(table, column, &where->value, 1, choice);
        if (before && !choice->count)
            return diag_error(diags, SPAN_NONE, "no-rows", nearest ? arena_printf(diags->arena, "did you mean \"%s\"?", nearest) : NULL,
                              "no row of %s has %s \"%s\"", table->source->path, where->name, where->value);
    }
    return ok;
}

bool select_rows(Spill *spill, const Document *document, const Table *table, const DataOptions *options, Choice *choice,
                 DiagList *diags)
{
    Span where = options->file ? SPAN_NONE : document->data.rows_span;
    if (!table->row_count)
        return diag_error(diags, where, "no-rows", NULL, "%s has a header but no row", table->source->path);
    bool *wanted = SPILL_ARRAY(spill, bool, options->rows ? table->row_count : 1);
    if (options->rows && !read_rows(options->rows, table, wanted, diags)) return false;
    choice->spill = spill;
    choice->rows = SPILL_ARRAY(spill, uint32_t, table->row_count);
    choice->count = 0;
    for (size_t i = 0; i < table->row_count; i++)
        if (!options->rows || wanted[i]) choice->rows[choice->count++] = (uint32_t)i;
    /* Said where it happened: none chosen by --rows is impossible, the filter and --where speak for themselves. */
    bool filtered = filter_rows(&document->data, table, choice, diags);
    return where_rows(table, options, choice, diags) && filtered;
}
