/* strbuf.c -- growing by doubling; what is outgrown stays in the arena until its end. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void strbuf_init(StrBuf *buf, Arena *arena)
{
    *buf = (StrBuf){.arena = arena, .bytes = arena_alloc(arena, 256), .capacity = 256};
}

static void reserve(StrBuf *buf, size_t more)
{
    if (buf->length + more < buf->capacity) return;
    size_t capacity = buf->capacity * 2;
    if (capacity < buf->length + more + 1) capacity = buf->length + more + 1;
    char *grown = arena_alloc(buf->arena, capacity);
    memcpy(grown, buf->bytes, buf->length + 1);
    buf->bytes = grown;
    buf->capacity = capacity;
}

void strbuf_add_bytes(StrBuf *buf, const void *bytes, size_t length)
{
    if (!length) return;
    reserve(buf, length);
    memcpy(buf->bytes + buf->length, bytes, length);
    buf->length += length;
    buf->bytes[buf->length] = 0;
}

void strbuf_add(StrBuf *buf, const char *string) { strbuf_add_bytes(buf, string, strlen(string)); }

void strbuf_add_char(StrBuf *buf, char c) { strbuf_add_bytes(buf, &c, 1); }

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
    if (length > 0) {
        reserve(buf, (size_t)length);
        vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void strbuf_add_json(StrBuf *buf, const char *string)
{
    size_t length = strlen(string);
    strbuf_add_char(buf, '"');
    for (size_t at = 0; at < length;) {
        uint32_t c = utf8_next(string, length, &at);
        if (c == '"' || c == '\\') strbuf_addf(buf, "\\%c", (int)c);
        else if (c == '\n') strbuf_add(buf, "\\n");
        else if (c == '\t') strbuf_add(buf, "\\t");
        else if (c < 0x20 || c == 0x7f) strbuf_addf(buf, "\\u%04x", c);
        else strbuf_add_codepoint(buf, c);
    }
    strbuf_add_char(buf, '"');
}
