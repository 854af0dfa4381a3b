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
    size_t cool_at = 0;
    for (size_t i = 0; i < choice->count; i++) {
        table_walk(table, choice->spill, choice->rows[i], &cool_at);
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

/* Values are told apart by 64 bits of their SHA-256, which nobody can make meet, and then by their text. The table of those
 * seen holds a part of all hashes at a time, so that it stays small whatever the number of rows. */
#define SEEN_ROWS ((size_t)1 << 18)

typedef struct Seen { uint32_t tag, row; } Seen;      /* row from 1; 0: free */
typedef struct Clash { uint32_t first, again; } Clash;
typedef struct Clashes { Arena *arena; Clash *items; size_t count, capacity; } Clashes;

static void clash_add(Clashes *clashes, Clash clash)
{
    clashes->items = ARENA_GROW(clashes->arena, clashes->items, clashes->count, &clashes->capacity);
    clashes->items[clashes->count++] = clash;
}

static int compare_clashes(const void *a, const void *b)
{
    const Clash *left = a, *right = b;
    return (left->again > right->again) - (left->again < right->again);
}

/* Hashes of the column's values; 0: empty, or of a row that is left out already. */
static uint64_t *hash_values(Spill *spill, const Table *table, size_t column, const Choice *choice)
{
    uint64_t *hashes = SPILL_ARRAY(spill, uint64_t, choice->count + 1);
    size_t cool_at = 0;
    for (size_t i = 0; i < choice->count; i++) {
        uint32_t row = choice->rows[i];
        table_walk(table, spill, row, &cool_at);
        const char *value = table_field(table, row, column);
        if (!*value || (table->rejects && table->rejects->is_bad[row])) continue;
        Hash hash;
        hash_begin(&hash);
        hash_add_string(&hash, value);
        sha256_digest(&hash, sizeof hashes[i], (uint8_t *)&hashes[i]);
        hashes[i] |= 1;
    }
    return hashes;
}

static void find_clashes(Spill *spill, const Table *table, size_t column, const Choice *choice, Clashes *out)
{
    const uint64_t *hashes = hash_values(spill, table, column, choice);
    size_t parts = choice->count / SEEN_ROWS + 1, slots = 64;
    while (slots < 2 * SEEN_ROWS && slots < 2 * choice->count) slots *= 2;
    Seen *seen = SPILL_ARRAY(spill, Seen, slots);
    for (size_t part = 0; part < parts; part++) {
        memset(seen, 0, slots * sizeof *seen);
        size_t cool_at = 0;
        for (size_t i = 0; i < choice->count; i++) {
            spill_walk(spill, i * sizeof *hashes, &cool_at);
            if (!hashes[i] || hashes[i] % parts != part) continue;
            uint32_t tag = (uint32_t)(hashes[i] >> 32), row = choice->rows[i];
            size_t at = hashes[i] / parts & (slots - 1);
            const char *value = NULL;
            for (; seen[at].row; at = (at + 1) & (slots - 1)) {
                if (seen[at].tag != tag) continue;
                if (!value) value = table_field(table, row, column);
                if (!strcmp(value, table_field(table, seen[at].row - 1, column))) break;
            }
            if (seen[at].row) clash_add(out, (Clash){seen[at].row - 1, row});
            else seen[at] = (Seen){tag, row + 1};
        }
    }
    if (out->count) qsort(out->items, out->count, sizeof *out->items, compare_clashes);
}

/* Each named column by itself; empty fields are nobody's double. Said in the order of the rows. */
static void check_unique(Arena *arena, Spill *spill, const NamedSpan *name, const Table *table, const Choice *choice, DiagList *diags)
{
    size_t column = table_column(table, name->name);
    if (column == NO_COLUMN) {
        table_unknown_column(diags, table, name->name, name->where);
        return;
    }
    Clashes clashes = {.arena = arena};
    find_clashes(spill, table, column, choice, &clashes);
    for (size_t i = 0; i < clashes.count; i++) {
        const Clash *clash = &clashes.items[i];
        table_report(diags, SEVERITY_ERROR, table, clash->again, column, "not-unique", NULL, "rows %u and %u both have %s \"%s\"", clash->first + 1,
                     clash->again + 1, name->name, table_shown(diags->arena, table_field(table, clash->again, column)));
    }
}

bool rules_check(Arena *arena, Spill *spill, const DataSpec *spec, const Table *table, const Choice *choice, DiagList *diags)
{
    size_t errors = diags->error_count;
    for (size_t i = 0; i < spec->column_count; i++) check_column(arena, &spec->columns[i], table, choice, diags);
    for (size_t i = 0; i < spec->unique_count; i++) check_unique(arena, spill, &spec->unique[i], table, choice, diags);
    return diags->error_count == errors;
}
