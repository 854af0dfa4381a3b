/* num.h -- numbers that do not obey the user's locale: "0.5" is a half everywhere. */
#ifndef RENDER_BASE_NUM_H
#define RENDER_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>

/* Read a decimal number ([+-]digits[.digits]; no exponent, no hex, no inf) at the start of `text`. Answers the bytes it
 * took, 0 when there is none or its value is not finite. */
size_t num_parse(const char *text, size_t length, double *value);

/* Read a whole unsigned number that fills all of `text`. */
bool num_parse_count(const char *text, long *value);

/* Write `value` with at most `decimals` (0-6) digits after the point, trailing zeros dropped, "-0" as "0". `out` has
 * room for NUM_ROOM bytes. Returns `out`. */
#define NUM_ROOM 40
char *num_format(char *out, double value, int decimals);

#endif
