/* fill.c -- a template and a row become text; built-ins, filters, conditions. Data is never parsed for mark-up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#include "base/civil.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "data/table.h"

/* ---- built-ins ---- */

typedef struct Builtin {
    const char *name;
    size_t offset;                /* of the number in FillContext */
    const char *hint;             /* where it is known */
} Builtin;

#define ON_SHEETS "only pieces and labels of a sheet know it"
static const Builtin builtins[] = {
    {"@page", offsetof(FillContext, page), "only pages know it"},
    {"@pages", offsetof(FillContext, pages), "only pages know it"},
    {"@sheet", offsetof(FillContext, sheet), ON_SHEETS},
    {"@sheets", offsetof(FillContext, sheets), ON_SHEETS},
    {"@first", offsetof(FillContext, first), ON_SHEETS},
    {"@last", offsetof(FillContext, last), ON_SHEETS},
    {"@frame", offsetof(FillContext, frame), "only names of LED frames know it"},
};

/* What a built-in says here, or NULL with a hint where it would. */
static const char *builtin_value(const FillContext *context, const char *name, Arena *arena, const char **hint)
{
    *hint = "there are @row @serial @page @pages @sheet @sheets @first @last @frame @date @now";
    if (!strcmp(name, "@now")) {
        *hint = "give it with --now 2026-11-26T08:00:00, or screen: {now: ..}; --now clock takes the time of this machine";
        return context->now;
    }
    if (!strcmp(name, "@date")) {
        *hint = "give it with --date YYYY-MM-DD";
        return context->date;
    }
    if (!strcmp(name, "@row")) {
        size_t row = data_row_ref(context->data, context->row_index).row;
        return arena_printf(arena, "%zu", row ? row : context->row_index + 1);
    }
    if (!strcmp(name, "@serial")) return arena_printf(arena, "%zu", context->row_index + 1);
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++) {
        if (strcmp(name, builtins[i].name)) continue;
        *hint = builtins[i].hint;
        size_t value = *(const size_t *)(const void *)((const char *)context + builtins[i].offset);
        return value ? arena_printf(arena, "%zu", value) : NULL;
    }
    return NULL;
}

/* ---- filters: text to text in the arena; NULL: cannot ---- */

static bool is_space(uint32_t c)
{
    return u_isUWhiteSpace((UChar32)c) || c == 0x200b || c == 0xfeff;
}

static const char *filter_trim(Arena *arena, const char *text)
{
    size_t length = strlen(text), start = 0, end = 0;
    bool seen = false;
    for (size_t at = 0; at < length;) {
        size_t before = at;
        if (is_space(utf8_next(text, length, &at))) continue;
        if (!seen) start = before;
        seen = true;
        end = at;
    }
    return arena_copy(arena, text + start, end - start);
}

static const char *filter_digits(Arena *arena, const char *text)
{
    StrBuf digits;
    strbuf_init(&digits, arena);
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(text, length, &at);
        if (c >= 0xff10 && c <= 0xff19) c -= 0xff10 - '0';
        if (c >= '0' && c <= '9') strbuf_add_char(&digits, (char)c);
    }
    return digits.bytes;
}

static const char *filter_upper(Arena *arena, const char *text)
{
    StrBuf upper;
    strbuf_init(&upper, arena);
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) strbuf_add_codepoint(&upper, (uint32_t)u_toupper((UChar32)utf8_next(text, length, &at)));
    return upper.bytes;
}

/* Mainland numbers in their usual groups; what is no such number stays as it is. */
static const char *filter_tel(Arena *arena, const char *text)
{
    const char *trimmed = filter_trim(arena, text), *d = filter_digits(arena, trimmed);
    size_t length = strlen(trimmed), count = strlen(d);
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(trimmed, length, &at);
        bool belongs = (c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19) || is_space(c) || strchr("-()", (int)(c < 0x80 ? c : 'x')) ||
                       c == 0xff08 || c == 0xff09 || c == 0xff0d || (c >= 0x2010 && c <= 0x2014);
        if (!belongs) return trimmed;
    }
    if (count == 11 && d[0] == '1' && d[1] >= '3') return arena_printf(arena, "%.3s %.4s %s", d, d + 3, d + 7);
    if (count == 10 && (!strncmp(d, "400", 3) || !strncmp(d, "800", 3))) return arena_printf(arena, "%.3s-%.3s-%s", d, d + 3, d + 6);
    if (count >= 10 && count <= 12 && d[0] == '0') {
        int area = d[1] == '1' || d[1] == '2' ? 3 : 4;    /* 010 and 02x are the short area codes */
        size_t local = count - (size_t)area;
        if (local == 7 || local == 8) return arena_printf(arena, "%.*s-%s", area, d, d + area);
    }
    return trimmed;
}

static void add_number(StrBuf *out, int value, int width)
{
    strbuf_addf(out, "%0*d", width, value);
}

static const char *filter_date(Arena *arena, const char *text, const char *pattern)
{
    static const char *const weekdays[] = {"一", "二", "三", "四", "五", "六", "日"};
    int year, month, day;
    Civil time = {0};
    if (!*text) return text;      /* `default` or `empty-field` has the word */
    bool has_time = strlen(text) > 10 && civil_read(text, &time);
    if (has_time) year = time.year, month = time.month, day = time.day;
    else if (!table_is_date(text, &year, &month, &day)) return NULL;
    if (!pattern || !*pattern) pattern = "YYYY-MM-DD";
    StrBuf out;
    strbuf_init(&out, arena);
    while (*pattern) {
        size_t run = 1;
        while (pattern[run] == *pattern) run++;
        if (*pattern == 'Y' && run == 4) add_number(&out, year, 4);
        else if (*pattern == 'M' && run <= 2) add_number(&out, month, (int)run);
        else if (*pattern == 'D' && run <= 2) add_number(&out, day, (int)run);
        else if (*pattern == 'H' && run <= 2 && has_time) add_number(&out, time.hour, (int)run);
        else if (*pattern == 'm' && run == 2 && has_time) add_number(&out, time.minute, 2);
        else if (*pattern == 's' && run == 2 && has_time) add_number(&out, time.second, 2);
        else if (*pattern == 'W' && run == 1) strbuf_add(&out, weekdays[civil_weekday(&(Civil){.year = year, .month = month, .day = day})]);
        else strbuf_add_bytes(&out, pattern, run);
        pattern += run;
    }
    return out.bytes;
}

/* A whole number of at most 18 digits: more than that is no number of pieces. */
static bool is_count(const char *text)
{
    size_t length = strlen(text);
    return length >= 1 && length <= 18 && strspn(text, "0123456789") == length;
}

static const char *filter_add(Arena *arena, const char *text, const char *argument)
{
    if (!*text) return text;
    return is_count(text) ? arena_printf(arena, "%lld", atoll(text) + atoll(argument)) : NULL;
}

/* Zeros before a number, to so many digits; a longer one stays as it is. */
static const char *filter_pad(Arena *arena, const char *text, const char *argument)
{
    if (!*text) return text;
    return is_count(text) ? arena_printf(arena, "%0*lld", atoi(argument), atoll(text)) : NULL;
}

/* Whole days of the calendar, or hours, minutes, seconds that are still to come, the begun one counted; 0 once it is past. */
static const char *filter_until(Arena *arena, const char *text, const char *argument)
{
    Civil now, target;
    const char *unit;
    if (!*text) return text;
    if (!civil_read(text, &now) || !template_read_until(arena, argument, &target, &unit)) return NULL;
    int64_t seconds = civil_seconds(&target) - civil_seconds(&now);
    if (*unit == 'd') {
        target.hour = target.minute = target.second = now.hour = now.minute = now.second = 0;
        int64_t days = (civil_seconds(&target) - civil_seconds(&now)) / 86400;
        return arena_printf(arena, "%lld", (long long)(days > 0 ? days : 0));
    }
    if (seconds < 0) seconds = 0;
    if (*unit == 'c') return arena_printf(arena, "%02lld:%02d:%02d", (long long)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
    int64_t each = *unit == 'h' ? 3600 : *unit == 'm' ? 60 : 1;
    return arena_printf(arena, "%lld", (long long)((seconds + each - 1) / each));
}

static const char *apply(const Filter *filter, Arena *arena, const char *text)
{
    switch (filter->kind) {
    case FILTER_ADD: return filter_add(arena, text, filter->argument);
    case FILTER_PAD: return filter_pad(arena, text, filter->argument);
    case FILTER_DATE: return filter_date(arena, text, filter->argument);
    case FILTER_DEFAULT: return *text || !filter->argument ? text : filter->argument;
    case FILTER_DIGITS: return filter_digits(arena, text);
    case FILTER_TEL: return filter_tel(arena, text);
    case FILTER_UNTIL: return filter_until(arena, text, filter->argument);
    case FILTER_TRIM: return filter_trim(arena, text);
    case FILTER_UPPER: return filter_upper(arena, text);
    }
    return text;
}

/* ---- filling ---- */

typedef struct Fill {
    const FillContext *context;
    Report empty_field;
    Arena *arena;
    DiagList *diags;
} Fill;

static bool report(const Fill *fill, Severity severity, const Segment *segment, const char *value, const char *code, const char *hint,
                   const char *message)
{
    Diag diag = {.severity = severity, .code = code, .where = segment->where, .path = fill->diags->path, .message = message, .hint = hint,
                 .data = data_row_ref(fill->context->data, fill->context->row_index)};
    if (segment->field && *segment->field != '@') {
        diag.data.column = segment->field;
        diag.data.value = value ? table_shown(fill->arena, value) : NULL;
    }
    diag_add(fill->diags, &diag);
    return false;
}

/* "row 7: " or nothing. */
static const char *row_prefix(const Fill *fill)
{
    size_t row = data_row_ref(fill->context->data, fill->context->row_index).row;
    return row ? arena_printf(fill->arena, "row %zu: ", row) : "";
}

static bool check_controls(const Fill *fill, const Segment *segment, const char *text)
{
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(text, length, &at);
        if (c >= 0xa0 || (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t') continue;
        return report(fill, SEVERITY_ERROR, segment, text, "control-character", "take it out of the table",
                      arena_printf(fill->arena, "%s%s has the control character U+%04X", row_prefix(fill), segment->field, (unsigned)c));
    }
    return true;
}

/* The text of a segment before its filters; NULL after an error. */
static const char *segment_text(const Fill *fill, const Segment *segment)
{
    if (segment->literal) return segment->literal;
    if (!segment->field) return "";
    if (*segment->field == '@') {
        const char *hint, *value = builtin_value(fill->context, segment->field, fill->arena, &hint);
        if (!value)
            report(fill, SEVERITY_ERROR, segment, NULL, "unknown-here", hint, arena_printf(fill->arena, "\"%s\" is not known here", segment->field));
        return value;
    }
    const char *value = data_field(fill->context->data, fill->context->row_index, segment->field);
    if (!value) {
        report(fill, SEVERITY_ERROR, segment, NULL, "unknown-column", NULL, arena_printf(fill->arena, "no column \"%s\"", segment->field));
        return NULL;
    }
    return check_controls(fill, segment, value) ? value : NULL;
}

static bool fill_segment(const Fill *fill, const Segment *segment, StrBuf *out)
{
    const char *text = segment_text(fill, segment);
    if (!text) return false;
    bool has_default = false;
    for (size_t i = 0; i < segment->filter_count; i++) {
        const char *before = text;
        has_default |= segment->filters[i].kind == FILTER_DEFAULT;
        text = apply(&segment->filters[i], fill->arena, text);
        if (text) continue;
        const char *name = segment->field ? segment->field : "the text";
        FilterKind kind = segment->filters[i].kind;
        if (kind == FILTER_ADD || kind == FILTER_PAD)
            return report(fill, SEVERITY_ERROR, segment, before, "bad-number", "digits only, such as 17; digits and trim may come before this filter",
                          arena_printf(fill->arena, "%s%s \"%s\" is no whole number", row_prefix(fill), name, table_shown(fill->arena, before)));
        return report(fill, SEVERITY_ERROR, segment, before, "bad-date", "YYYY-MM-DD, like 2026-11-23",
                      arena_printf(fill->arena, "%s%s \"%s\" is not a date", row_prefix(fill), name, table_shown(fill->arena, before)));
    }
    strbuf_add(out, text);
    if (*text || has_default || segment->literal || !segment->field || fill->empty_field == REPORT_OFF) return true;
    bool is_error = fill->empty_field == REPORT_ERROR;
    report(fill, is_error ? SEVERITY_ERROR : SEVERITY_WARNING, segment, text, "empty-field",
           arena_printf(fill->arena, "{{%s | default:...}} says what stands there instead", segment->field),
           arena_printf(fill->arena, "%s%s is empty", row_prefix(fill), segment->field));
    return !is_error;
}

bool data_fill(const Template *template, const FillContext *context, Report empty_field, Arena *arena, DiagList *diags,
               FilledText *out)
{
    Fill fill = {context, empty_field, arena, diags};
    StrBuf text;
    strbuf_init(&text, arena);
    FilledSpan *spans = ARENA_ARRAY(arena, FilledSpan, template->segment_count + 1);
    size_t span_count = 0;
    bool ok = true;
    for (size_t i = 0; i < template->segment_count; i++) {
        const Segment *segment = &template->segments[i];
        size_t start = text.length;
        if (!fill_segment(&fill, segment, &text)) ok = false;
        if (text.length == start) continue;
        spans[span_count++] = (FilledSpan){start, text.length, segment->style, segment->ruby, segment->box, segment->literal ? NULL : segment->field, segment->where};
    }
    *out = (FilledText){text.bytes, text.length, spans, span_count, template->where};
    return ok;
}

/* ---- conditions ---- */

static bool holds(const Condition *condition, const FillContext *context)
{
    /* Built-in numbers are compared as text without an arena: the longest size_t has 20 digits. */
    char number[24] = "";
    const char *value = NULL;
    if (!strcmp(condition->column, "@date")) value = context->date;
    else if (!strcmp(condition->column, "@now")) value = context->now;
    else if (*condition->column != '@') value = data_field(context->data, context->row_index, condition->column);
    for (size_t i = 0; *condition->column == '@' && i < sizeof builtins / sizeof *builtins; i++) {
        if (strcmp(condition->column, builtins[i].name)) continue;
        size_t count = *(const size_t *)(const void *)((const char *)context + builtins[i].offset);
        if (count) snprintf(number, sizeof number, "%zu", count);
        value = number;
    }
    if (!strcmp(condition->column, "@serial")) {
        snprintf(number, sizeof number, "%zu", context->row_index + 1);
        value = number;
    }
    if (!strcmp(condition->column, "@row")) {
        size_t row = data_row_ref(context->data, context->row_index).row;
        snprintf(number, sizeof number, "%zu", row ? row : context->row_index + 1);
        value = number;
    }
    if (!value) value = "";
    return condition->value ? !strcmp(value, condition->value) : *value != '\0';
}

bool data_matches(const Condition *when, size_t when_count, const Condition *unless, size_t unless_count,
                  const FillContext *context)
{
    for (size_t i = 0; i < when_count; i++)
        if (!holds(&when[i], context)) return false;
    for (size_t i = 0; i < unless_count; i++)
        if (!holds(&unless[i], context)) return true;
    return unless_count == 0;
}
