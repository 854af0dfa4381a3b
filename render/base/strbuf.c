/* strbuf.c -- a string that grows in an arena by doubling. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define FIRST_CAPACITY 64

/* Room for `more` bytes and the NUL. What was outgrown stays in the arena until its end. */
static void reserve(StrBuf *buf, size_t more)
{
    if (more < buf->capacity - buf->length)
        return;
    size_t needed;
    if (__builtin_add_overflow(buf->length, more, &needed) || __builtin_add_overflow(needed, (size_t)1, &needed))
        needed = (size_t)-1;                        /* refused by the arena, as any impossible size */
    size_t capacity = buf->capacity > needed / 2 ? buf->capacity * 2 : needed;
    char *bytes = arena_alloc(buf->arena, capacity);
    memcpy(bytes, buf->bytes, buf->length);
    buf->bytes = bytes;
    buf->capacity = capacity;
}

void strbuf_init(StrBuf *buf, Arena *arena)
{
    *buf = (StrBuf){.arena = arena, .bytes = arena_alloc(arena, FIRST_CAPACITY), .capacity = FIRST_CAPACITY};
}

void strbuf_add_bytes(StrBuf *buf, const void *bytes, size_t length)
{
    if (!length)
        return;
    reserve(buf, length);
    memcpy(buf->bytes + buf->length, bytes, length);
    buf->length += length;
    buf->bytes[buf->length] = '\0';
}

void strbuf_add(StrBuf *buf, const char *string)
{
    strbuf_add_bytes(buf, string, strlen(string));
}

void strbuf_add_char(StrBuf *buf, char c)
{
    strbuf_add_bytes(buf, &c, 1);
}

void strbuf_add_codepoint(StrBuf *buf, uint32_t codepoint)
{
    char bytes[4];
    strbuf_add_bytes(buf, bytes, utf8_put(codepoint, bytes));
}

void strbuf_addf(StrBuf *buf, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        reserve(buf, (size_t)length);
        vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

static void add_json_character(StrBuf *buf, uint32_t codepoint)
{
    switch (codepoint) {
    case '"': strbuf_add(buf, "\\\""); return;
    case '\\': strbuf_add(buf, "\\\\"); return;
    case '\n': strbuf_add(buf, "\\n"); return;
    case '\r': strbuf_add(buf, "\\r"); return;
    case '\t': strbuf_add(buf, "\\t"); return;
    default: break;
    }
    /* U+2028 and U+2029 end lines in JavaScript: one object a line must stay one. */
    if (codepoint < 0x20 || codepoint == 0x7f || codepoint == 0x2028 || codepoint == 0x2029)
        strbuf_addf(buf, "\\u%04x", (unsigned)codepoint);
    else
        strbuf_add_codepoint(buf, codepoint);
}

void strbuf_add_json(StrBuf *buf, const char *string)
{
    size_t length = strlen(string);
    strbuf_add_char(buf, '"');
    for (size_t at = 0; at < length;)
        add_json_character(buf, utf8_next(string, length, &at));
    strbuf_add_char(buf, '"');
}
