/* diag.c -- a list of problems; the same problem of many rows is kept once and counted. */
#include "base/diag.h"

#include <string.h>

#include "base/limits.h"

void diag_list_init(DiagList *list, Arena *arena) { *list = (DiagList){.arena = arena}; }

static const char *kept(Arena *arena, const char *string) { return string ? arena_copy_string(arena, string) : NULL; }

static bool is_same(const Diag *a, const Diag *b)
{
    return a->where.source == b->where.source && a->where.start == b->where.start && a->severity == b->severity
           && strcmp(a->code, b->code) == 0 && strcmp(a->message, b->message) == 0;
}

static void count(DiagList *list, const Diag *diag, size_t times)
{
    if (diag->severity == SEVERITY_ERROR) list->error_count += times;
    else list->warning_count += times;
    if (diag->severity == SEVERITY_ERROR && diag->cause == DIAG_SYSTEM) list->has_system_error = true;
}

void diag_add(DiagList *list, const Diag *diag)
{
    count(list, diag, 1 + diag->repeats);
    for (size_t i = list->count; i-- > 0;) {
        if (!is_same(&list->items[i], diag)) continue;
        list->items[i].repeats += 1 + diag->repeats;
        return;
    }
    if (list->count >= LIMIT_DIAGS) {
        list->dropped += 1 + diag->repeats;
        return;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 8;
        Diag *grown = ARENA_ARRAY(list->arena, Diag, capacity);
        if (list->count) memcpy(grown, list->items, list->count * sizeof *grown);
        list->items = grown;
        list->capacity = capacity;
    }
    Diag *item = &list->items[list->count++];
    *item = *diag;
    if (!item->data.row && !item->data.file) {
        const char *column = item->data.column, *value = item->data.value;
        item->data = list->row;
        if (column) item->data.column = column;
        if (value) item->data.value = value;
    }
    if (!item->path) item->path = list->path;
    item->message = kept(list->arena, item->message);
    item->hint = kept(list->arena, item->hint);
    item->path = kept(list->arena, item->path);
    item->data.file = kept(list->arena, item->data.file);
    item->data.column = kept(list->arena, item->data.column);
    item->data.value = kept(list->arena, item->data.value);
}

static void add(DiagList *list, Severity severity, DiagCause cause, Span where, const char *code, const char *hint, const char *format, va_list arguments)
{
    Diag diag = {.severity = severity, .cause = cause, .code = code, .where = where, .hint = hint,
                 .message = arena_vprintf(list->arena, format, arguments)};
    diag_add(list, &diag);
}

bool diag_error(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(list, SEVERITY_ERROR, DIAG_INPUT, where, code, hint, format, arguments);
    va_end(arguments);
    return false;
}

void diag_warning(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(list, SEVERITY_WARNING, DIAG_INPUT, where, code, hint, format, arguments);
    va_end(arguments);
}

bool diag_system(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(list, SEVERITY_ERROR, DIAG_SYSTEM, where, code, hint, format, arguments);
    va_end(arguments);
    return false;
}

void diag_join(DiagList *to, const DiagList *from)
{
    for (size_t i = 0; i < from->count; i++) diag_add(to, &from->items[i]);
    to->dropped += from->dropped;
    if (from->has_system_error) to->has_system_error = true;
}
