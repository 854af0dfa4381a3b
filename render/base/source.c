/* source.c -- offsets to lines and columns, when a message wants them. */
#include "base/source.h"

#include <string.h>

const char *source_line(const Source *source, size_t offset, size_t *length)
{
    if (offset > source->length) offset = source->length;
    size_t start = offset;
    while (start > 0 && source->text[start - 1] != '\n') start--;
    const char *end = memchr(source->text + start, '\n', source->length - start);
    size_t stop = end ? (size_t)(end - source->text) : source->length;
    if (stop > start && source->text[stop - 1] == '\r') stop--;
    *length = stop - start;
    return source->text + start;
}

Position source_locate(const Source *source, size_t offset)
{
    if (offset > source->length) offset = source->length;
    Position position = {1, 1};
    size_t start = 0;
    for (const char *at = source->text; (at = memchr(at, '\n', offset - (size_t)(at - source->text))) != NULL; at++) {
        position.line++;
        start = (size_t)(at - source->text) + 1;
        if (start >= offset) break;
    }
    for (size_t i = start; i < offset; i++)
        if (((unsigned char)source->text[i] & 0xc0) != 0x80) position.column++;
    /* A byte order mark is not a column. */
    if (position.line == 1 && offset >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0) position.column--;
    return position;
}
