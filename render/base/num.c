/* num.c -- decimal numbers in integer arithmetic, so that no locale and no rounding mode has a say. */
#include "base/num.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MANTISSA_DIGITS 18        /* always fit 64 bits; a double tells 17 apart */
#define DECIMALS_MAX 6

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

typedef struct Decimal {
    uint64_t mantissa;
    int digits;                   /* in the mantissa, leading zeros not counted */
    long exponent;                /* value = mantissa x 10^exponent */
} Decimal;

static void take_digit(Decimal *decimal, char c, bool is_fraction)
{
    if (decimal->digits >= MANTISSA_DIGITS) {
        decimal->exponent += !is_fraction;
        return;
    }
    decimal->mantissa = decimal->mantissa * 10 + (uint64_t)(c - '0');
    decimal->digits += decimal->mantissa != 0;
    decimal->exponent -= is_fraction;
}

static double decimal_value(const Decimal *decimal)
{
    double value = (double)decimal->mantissa;
    long exponent = decimal->mantissa ? decimal->exponent : 0;
    for (; exponent > 0 && isfinite(value); exponent -= 22)
        value *= powers[exponent < 22 ? exponent : 22];
    exponent = decimal->mantissa && decimal->exponent < 0 ? decimal->exponent : 0;     /* the loop above ends below 0 */
    for (; exponent < 0 && value != 0; exponent += 22)
        value /= powers[exponent > -22 ? -exponent : 22];
    return value;
}

size_t num_parse(const char *text, size_t length, double *value)
{
    size_t at = length && (text[0] == '-' || text[0] == '+');
    size_t first = at;
    Decimal decimal = {0};
    for (; at < length && is_digit(text[at]); at++)
        take_digit(&decimal, text[at], false);
    if (at == first)
        return 0;
    if (at + 1 < length && text[at] == '.' && is_digit(text[at + 1]))
        for (at++; at < length && is_digit(text[at]); at++)
            take_digit(&decimal, text[at], true);
    double result = decimal_value(&decimal);
    if (!isfinite(result))
        return 0;
    *value = text[0] == '-' ? -result : result;
    return at;
}

bool num_parse_count(const char *text, long *value)
{
    long result = 0;
    if (!*text)
        return false;
    for (; *text; text++)
        if (!is_digit(*text) || __builtin_mul_overflow(result, 10L, &result) ||
            __builtin_add_overflow(result, (long)(*text - '0'), &result))
            return false;
    *value = result;
    return true;
}

char *num_format(char *out, double value, int decimals)
{
    decimals = decimals < 0 ? 0 : decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
    double size = isnan(value) ? 0 : fabs(value);
    if (size > 9e18)
        size = 9e18;
    while (decimals > 0 && size * powers[decimals] > 9e18)
        decimals--;                                 /* a double that large has no such digits */
    uint64_t scaled = (uint64_t)llround(size * powers[decimals]);
    uint64_t unit = (uint64_t)powers[decimals];
    uint64_t whole = scaled / unit, fraction = scaled % unit;
    const char *sign = value < 0 && scaled ? "-" : "";
    if (!fraction) {
        snprintf(out, NUM_ROOM, "%s%llu", sign, (unsigned long long)whole);
        return out;
    }
    int length = snprintf(out, NUM_ROOM, "%s%llu.%0*llu", sign, (unsigned long long)whole, decimals,
                          (unsigned long long)fraction);
    while (out[length - 1] == '0')
        out[--length] = '\0';
    return out;
}
