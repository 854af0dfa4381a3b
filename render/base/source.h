/* source.h -- a text file that messages can point into. */
#ifndef RENDER_BASE_SOURCE_H
#define RENDER_BASE_SOURCE_H

#include <stddef.h>

typedef struct Source {
    const char *path;             /* as the user would recognise it */
    const char *text;             /* NUL-terminated; may hold anything */
    size_t length;
} Source;

/* Bytes [start, end) of a source. `source` NULL: no place is known. */
typedef struct Span {
    const Source *source;
    size_t start, end;
} Span;

#define SPAN_NONE ((Span){0})

/* Both from 1; the column counts characters, not bytes. CRLF and LF end lines. */
typedef struct Position { size_t line, column; } Position;

Position source_locate(const Source *source, size_t offset);

/* The bytes of the line that holds `offset`, without its end. */
const char *source_line(const Source *source, size_t offset, size_t *length);

#endif
