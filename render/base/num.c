/* num.c -- decimal numbers from digits alone. */
#include "base/num.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t num_parse(const char *text, size_t length, double *value)
{
    size_t at = 0, digits = 0;
    bool negative = false;
    if (at < length && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    /* 18 digits are exact in 64 bits; further ones only move the point. */
    uint64_t mantissa = 0;
    int exponent = 0;
    for (bool after_point = false; at < length; at++) {
        if (text[at] == '.' && !after_point && at + 1 < length && is_digit(text[at + 1])) {
            after_point = true;
            continue;
        }
        if (!is_digit(text[at])) break;
        digits++;
        if (mantissa < UINT64_C(100000000000000000)) {
            mantissa = mantissa * 10 + (uint64_t)(text[at] - '0');
            if (after_point) exponent--;
        } else if (!after_point) {
            exponent++;
        }
    }
    if (!digits) return 0;
    double result = exponent < 0 ? (double)mantissa / pow(10, -exponent) : (double)mantissa * pow(10, exponent);
    if (!isfinite(result)) return 0;
    *value = negative ? -result : result;
    return at;
}

bool num_parse_count(const char *text, long *value)
{
    long result = 0;
    if (!is_digit(text[0])) return false;
    for (; *text; text++) {
        if (!is_digit(*text) || result > (LONG_MAX - 9) / 10) return false;
        result = result * 10 + (*text - '0');
    }
    *value = result;
    return true;
}

char *num_format(char *out, double value, int decimals)
{
    static const double scales[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    if (decimals < 0) decimals = 0;
    if (decimals > 6) decimals = 6;
    if (!isfinite(value)) value = 0;
    if (value > 1e12) value = 1e12;
    if (value < -1e12) value = -1e12;
    long long scaled = llround(value * scales[decimals]);
    bool negative = scaled < 0;
    unsigned long long rest = negative ? 0ull - (unsigned long long)scaled : (unsigned long long)scaled;
    unsigned long long unit = (unsigned long long)scales[decimals];
    int at = snprintf(out, NUM_ROOM, "%s%llu", negative ? "-" : "", rest / unit);
    rest %= unit;
    if (!rest) return out;
    out[at++] = '.';
    while (rest) {
        rest *= 10;
        out[at++] = (char)('0' + rest / unit);
        rest %= unit;
    }
    out[at] = 0;
    return out;
}
