/* utf8.h -- UTF-8 (RFC 3629): reading, writing, checking, and how wide a character is on a terminal. */
#ifndef RENDER_BASE_UTF8_H
#define RENDER_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Read one character at `*at` (< length) and move past it. A malformed byte gives U+FFFD and moves one byte. */
uint32_t utf8_next(const char *text, size_t length, size_t *at);

/* Write `codepoint` as UTF-8 into `out` (4 bytes at least); the number of bytes. */
size_t utf8_put(uint32_t codepoint, char *out);

/* Is all of it well-formed? If not, `*bad` (may be NULL) is the offset of the first bad byte. */
bool utf8_is_valid(const char *text, size_t length, size_t *bad);

/* The number of characters in `length` bytes. */
size_t utf8_count(const char *text, size_t length);

/* Display cells of a character in a terminal: 0, 1 or 2 (East Asian Wide and Fullwidth, UAX #11). */
int utf8_cells(uint32_t codepoint);

#endif
