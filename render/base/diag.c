/* diag.c -- messages collected, repeats counted, and no more kept than anybody reads. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

void diag_list_init(DiagList *list, Arena *arena)
{
    *list = (DiagList){.arena = arena};
}

static const char *copied(Arena *arena, const char *string)
{
    return string ? arena_copy_string(arena, string) : NULL;
}

static bool says_the_same(const Diag *a, const Diag *b)
{
    return a->where.source == b->where.source && a->where.start == b->where.start && a->where.end == b->where.end &&
           a->severity == b->severity && !strcmp(a->code, b->code) && !strcmp(a->message, b->message);
}

static Diag *find_same(DiagList *list, const Diag *diag)
{
    for (size_t i = list->count; i-- > 0;)         /* the next row mostly says what the last one said */
        if (says_the_same(&list->items[i], diag))
            return &list->items[i];
    return NULL;
}

static void grow(DiagList *list)
{
    size_t capacity = list->capacity ? list->capacity * 2 : 16;
    Diag *items = ARENA_ARRAY(list->arena, Diag, capacity);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->capacity = capacity;
}

static void count_severity(DiagList *list, const Diag *diag)
{
    if (diag->severity == SEVERITY_ERROR)
        list->error_count += diag->repeats + 1;
    else
        list->warning_count += diag->repeats + 1;
    if (diag->cause == DIAG_SYSTEM && diag->severity == SEVERITY_ERROR)
        list->has_system_error = true;
}

void diag_add(DiagList *list, const Diag *diag)
{
    count_severity(list, diag);
    Diag *same = find_same(list, diag);
    if (same) {
        same->repeats += diag->repeats + 1;
        return;
    }
    if (list->count >= LIMIT_DIAGS) {
        list->dropped++;
        return;
    }
    Diag copy = *diag;
    if (!copy.data.row)
        copy.data = list->row;
    Arena *arena = list->arena;
    copy.path = copied(arena, copy.path ? copy.path : list->path);
    copy.data.file = copied(arena, copy.data.file);
    copy.data.cell = copied(arena, copy.data.cell);
    copy.data.column = copied(arena, copy.data.column);
    copy.data.value = copied(arena, copy.data.value);
    copy.message = copied(arena, copy.message);
    copy.hint = copied(arena, copy.hint);
    if (list->count == list->capacity)
        grow(list);
    list->items[list->count++] = copy;
}

void diag_join(DiagList *to, const DiagList *from)
{
    size_t errors = to->error_count, warnings = to->warning_count;
    for (size_t i = 0; i < from->count; i++)
        diag_add(to, &from->items[i]);
    to->dropped += from->dropped;
    to->error_count = errors + from->error_count;
    to->warning_count = warnings + from->warning_count;
    to->has_system_error |= from->has_system_error;
}

/* Most messages are short, and of a repeated one nothing should stay behind: the arena is asked only for long ones. */
static void add_formatted(DiagList *list, const Diag *diag, const char *format, va_list arguments)
{
    char room[1024];
    Diag full = *diag;
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(room, sizeof room, format, again);
    va_end(again);
    if (length < 0)
        room[0] = '\0';
    full.message = length < (int)sizeof room ? room : arena_vprintf(list->arena, format, arguments);
    diag_add(list, &full);
}

bool diag_error(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(list, &(Diag){.severity = SEVERITY_ERROR, .code = code, .where = where, .hint = hint}, format,
                  arguments);
    va_end(arguments);
    return false;
}

void diag_warning(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(list, &(Diag){.severity = SEVERITY_WARNING, .code = code, .where = where, .hint = hint}, format,
                  arguments);
    va_end(arguments);
}

bool diag_system(DiagList *list, Span where, const char *code, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(list,
                  &(Diag){.severity = SEVERITY_ERROR, .cause = DIAG_SYSTEM, .code = code, .where = where, .hint = hint},
                  format, arguments);
    va_end(arguments);
    return false;
}
