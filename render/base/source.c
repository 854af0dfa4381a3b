/* source.c -- from a byte offset to what an editor shows: line, column, and the line itself. */
#include "base/source.h"

#include <string.h>

#include "base/utf8.h"

static size_t line_start(const Source *source, size_t offset)
{
    const char *before = offset ? memrchr(source->text, '\n', offset) : NULL;
    size_t start = before ? (size_t)(before - source->text) + 1 : 0;
    /* A byte order mark is no character of the first line. */
    if (!start && source->length >= 3 && offset >= 3 && !memcmp(source->text, "\xef\xbb\xbf", 3))
        start = 3;
    return start;
}

Position source_locate(const Source *source, size_t offset)
{
    if (offset > source->length)
        offset = source->length;
    size_t line = 1;
    const char *end = source->text + offset;
    for (const char *at = source->text; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        line++;
    size_t start = line_start(source, offset);
    return (Position){line, utf8_count(source->text + start, offset - start) + 1};
}

const char *source_line(const Source *source, size_t offset, size_t *length)
{
    if (offset > source->length)
        offset = source->length;
    const char *start = source->text + line_start(source, offset);
    size_t room = source->length - (size_t)(start - source->text);
    const char *end = memchr(start, '\n', room);
    *length = end ? (size_t)(end - start) : room;
    if (*length && start[*length - 1] == '\r')
        --*length;
    return start;
}
