/* strbuf.h -- a string that grows in an arena. */
#ifndef RENDER_BASE_STRBUF_H
#define RENDER_BASE_STRBUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct StrBuf {
    Arena *arena;
    char *bytes;      /* always NUL-terminated once strbuf_init has run */
    size_t length, capacity;
} StrBuf;

void strbuf_init(StrBuf *buf, Arena *arena);
void strbuf_add(StrBuf *buf, const char *string);
void strbuf_add_bytes(StrBuf *buf, const void *bytes, size_t length);
void strbuf_add_char(StrBuf *buf, char c);
void strbuf_add_codepoint(StrBuf *buf, uint32_t codepoint);                 /* as UTF-8 */
void strbuf_addf(StrBuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));   /* no %f: see num.h */

/* A JSON string with its quotes, escapes and nothing but valid UTF-8 (a bad byte becomes U+FFFD). */
void strbuf_add_json(StrBuf *buf, const char *string);

#endif
