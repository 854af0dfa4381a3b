/* rules.c -- what `columns` and `unique` demand of the chosen rows. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "data/table.h"

/* A pattern that needs more steps than this on one field would hang a run. */
#define MATCH_STEPS 200000
#define MATCH_HEAP_KB 20000

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

int rules_compare(const char *a, const char *b)
{
    while (*a && *b) {
        if (is_digit(*a) && is_digit(*b)) {
            while (*a == '0') a++;
            while (*b == '0') b++;
            size_t left = strspn(a, "0123456789"), right = strspn(b, "0123456789");
            if (left != right) return left < right ? -1 : 1;
            int order = memcmp(a, b, left);
            if (order) return order;
            a += left;
            b += right;
            continue;
        }
        if (*a != *b) return (unsigned char)*a < (unsigned char)*b ? -1 : 1;    /* bytes of UTF-8 sort as code points */
        a++;
        b++;
    }
    return (*a != 0) - (*b != 0);
}

/* ---- types ---- */

static bool take_digits(const char **at, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (!is_digit(**at)) return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

bool table_is_date(const char *value, int *year, int *month, int *day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *at = value;
    if (!take_digits(&at, 4, year) || (*at != '-' && *at != '/')) return false;
    char separator = *at++;
    int short_month = separator == '/' && is_digit(at[0]) && !is_digit(at[1]);
    if (!take_digits(&at, short_month ? 1 : 2, month) || *at++ != separator) return false;
    int short_day = separator == '/' && is_digit(at[0]) && !is_digit(at[1]);
    if (!take_digits(&at, short_day ? 1 : 2, day) || *at) return false;
    if (*year < 1 || *month < 1 || *month > 12 || *day < 1) return false;
    bool is_leap = *year % 4 == 0 && (*year % 100 != 0 || *year % 400 == 0);
    return *day <= days[*month - 1] + (*month == 2 && is_leap);
}

static bool is_number(const char *value)
{
    double number;
    size_t length = strlen(value);
    return length && num_parse(value, length, &number) == length;
}

static bool is_strict_date(const char *value)
{
    int year, month, day;
    return strlen(value) == 10 && value[4] == '-' && table_is_date(value, &year, &month, &day);
}

/* ASCII only: phones decode anything else in a code differently. */
static bool is_url(const char *value)
{
    size_t skip = !strncmp(value, "https://", 8) ? 8 : !strncmp(value, "http://", 7) ? 7 : 0;
    if (!skip || !value[skip] || strchr("/?#:.", value[skip])) return false;
    for (const char *at = value; *at; at++)
        if (*at <= ' ' || *at >= 0x7f || strchr("\"<>\\^`{|}", *at)) return false;
    return true;
}

static const struct { bool (*holds)(const char *); const char *what, *hint; } types[] = {
    [COLUMN_NUMBER] = {is_number, "a number", "digits and at most one point, like 12.5"},
    [COLUMN_DATE] = {is_strict_date, "a date", "YYYY-MM-DD, like 2026-11-23"},
    [COLUMN_URL] = {is_url, "a web address", "http:// or https://, ASCII characters only"},
};

/* ---- one column ---- */

typedef struct Pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
} Pattern;

static void release_code(void *code) { pcre2_code_free(code); }
static void release_match(void *match) { pcre2_match_data_free(match); }
static void release_context(void *context) { pcre2_match_context_free(context); }

static bool compile(Arena *arena, const ColumnRule *rule, Pattern *out, DiagList *diags)
{
    void **code = arena_own(arena, release_code), **match = arena_own(arena, release_match), **context = arena_own(arena, release_context);
    int error;
    PCRE2_SIZE at;
    const uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C;
    *code = pcre2_compile((PCRE2_SPTR)rule->pattern, PCRE2_ZERO_TERMINATED, options, &error, &at, NULL);
    if (!*code) {
        PCRE2_UCHAR what[256];
        pcre2_get_error_message(error, what, sizeof what);
        return diag_error(diags, rule->pattern_span, "bad-pattern", NULL, "pattern \"%s\" cannot be read at character %zu: %s", rule->pattern,
                          utf8_count(rule->pattern, at <= strlen(rule->pattern) ? at : strlen(rule->pattern)) + 1, (const char *)what);
    }
    *match = pcre2_match_data_create(1, NULL);
    *context = pcre2_match_context_create(NULL);
    if (!*match || !*context) return diag_error(diags, rule->pattern_span, "bad-pattern", NULL, "no memory for pattern \"%s\"", rule->pattern);
    pcre2_set_match_limit(*context, MATCH_STEPS);
    pcre2_set_depth_limit(*context, MATCH_STEPS);
    pcre2_set_heap_limit(*context, MATCH_HEAP_KB);
    *out = (Pattern){*code, *match, *context};
    return true;
}

/* False when the pattern itself is at fault and was reported. */
static bool check_pattern(const Pattern *pattern, const ColumnRule *rule, const Table *table, uint32_t row, size_t column, DiagList *diags)
{
    const char *value = table_field(table, row, column);
    int result = pcre2_match(pattern->code, (PCRE2_SPTR)value, strlen(value), 0, 0, pattern->match, pattern->context);
    if (result >= 0) return true;
    if (result == PCRE2_ERROR_NOMATCH) {
        table_report(diags, SEVERITY_ERROR, table, row, column, "bad-field", NULL, "row %u: %s \"%s\" does not match \"%s\"", row + 1,
                     rule->name, table_shown(diags->arena, value), rule->pattern);
        return true;
    }
    return diag_error(diags, rule->pattern_span, "bad-pattern", "write it without repeats inside repeats",
                      "pattern \"%s\" takes too long on row %u", rule->pattern, row + 1);
}

static bool check_column(Arena *arena, const ColumnRule *rule, const Table *table, const Choice *choice, DiagList *diags)
{
    size_t column = table_column(table, rule->name);
    Pattern pattern = {0};
    if (rule->pattern && !compile(arena, rule, &pattern, diags)) return false;
    if (column == NO_COLUMN) {
        const char *nearest = suggest_nearest(rule->name, table->columns, table->column_count);
        const char *hint = nearest ? arena_printf(arena, "did you mean \"%s\"?", nearest)
                                   : "add the column to the table, or take its rule out of data.columns";
        const char *list = table_column_list(arena, table);
        if (rule->required)
            return diag_error(diags, rule->where, "missing-column", hint, "%s has no column \"%s\"; %s", table->source->path, rule->name, list);
        diag_warning(diags, rule->where, "missing-column", hint, "%s has no column \"%s\"; %s", table->source->path, rule->name, list);
        return true;
    }
    for (size_t i = 0; i < choice->count; i++) {
        uint32_t row = choice->rows[i];
        const char *value = table_field(table, row, column);
        if (!*value) {
            if (rule->required) table_report(diags, SEVERITY_ERROR, table, row, column, "empty-field", NULL, "row %u: %s is empty", row + 1, rule->name);
            continue;             /* an optional field may be empty whatever its pattern and type */
        }
        if (rule->max) {
            size_t count = utf8_count(value, strlen(value));
            if (count > rule->max)
                table_report(diags, SEVERITY_ERROR, table, row, column, "bad-field", NULL, "row %u: %s \"%s\" has %zu characters, at most %u are allowed",
                             row + 1, rule->name, table_shown(diags->arena, value), count, rule->max);
        }
        if (rule->type != COLUMN_TEXT && !types[rule->type].holds(value))
            table_report(diags, SEVERITY_ERROR, table, row, column, "bad-field", types[rule->type].hint, "row %u: %s \"%s\" is not %s", row + 1,
                         rule->name, table_shown(diags->arena, value), types[rule->type].what);
        if (pattern.code && !check_pattern(&pattern, rule, table, row, column, diags)) return false;
    }
    return true;
}

/* ---- unique ---- */

typedef struct Values { const Table *table; size_t column; } Values;

static int compare_values(const void *a, const void *b, void *context)
{
    const Values *values = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = strcmp(table_field(values->table, left, values->column), table_field(values->table, right, values->column));
    return order ? order : (left > right) - (left < right);
}

static int compare_clashes(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;
    return (left[1] > right[1]) - (left[1] < right[1]);
}

/* Each named column by itself; empty fields are nobody's double. Said in the order of the rows. */
static void check_unique(Arena *arena, const NamedSpan *name, const Table *table, const Choice *choice, DiagList *diags)
{
    Values values = {table, table_column(table, name->name)};
    if (values.column == NO_COLUMN) {
        table_unknown_column(diags, table, name->name, name->where);
        return;
    }
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, choice->count + 1), (*clashes)[2] = arena_alloc_array(arena, choice->count + 1, sizeof *clashes);
    memcpy(rows, choice->rows, choice->count * sizeof *rows);
    qsort_r(rows, choice->count, sizeof *rows, compare_values, &values);
    size_t clash_count = 0, first = 0;
    for (size_t i = 1; i < choice->count; i++) {
        const char *value = table_field(table, rows[i], values.column);
        if (!*value || strcmp(value, table_field(table, rows[first], values.column))) {
            first = i;
            continue;
        }
        clashes[clash_count][0] = rows[first];
        clashes[clash_count++][1] = rows[i];
    }
    qsort(clashes, clash_count, sizeof *clashes, compare_clashes);
    for (size_t i = 0; i < clash_count; i++)
        table_report(diags, SEVERITY_ERROR, table, clashes[i][1], values.column, "not-unique", NULL, "rows %u and %u both have %s \"%s\"",
                     clashes[i][0] + 1, clashes[i][1] + 1, name->name, table_shown(diags->arena, table_field(table, clashes[i][1], values.column)));
}

bool rules_check(Arena *arena, const DataSpec *spec, const Table *table, const Choice *choice, DiagList *diags)
{
    size_t errors = diags->error_count;
    for (size_t i = 0; i < spec->column_count; i++) check_column(arena, &spec->columns[i], table, choice, diags);
    for (size_t i = 0; i < spec->unique_count; i++) check_unique(arena, &spec->unique[i], table, choice, diags);
    return diags->error_count == errors;
}
