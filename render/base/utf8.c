/* utf8.c -- UTF-8 by RFC 3629's table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF. */
#include "base/utf8.h"

#include <unicode/uchar.h>

#define REPLACEMENT 0xfffdu

static bool is_tail(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The length of the well-formed character at `text`, 0 when malformed. */
static size_t read_character(const unsigned char *text, size_t room, uint32_t *codepoint)
{
    unsigned char lead = text[0];
    if (lead < 0x80) {
        *codepoint = lead;
        return 1;
    }
    if (lead > 0xe0 && lead < 0xed && room >= 3 && is_tail(text[1]) && is_tail(text[2])) {      /* most Chinese text, at once */
        *codepoint = (lead & 0xfu) << 12 | (text[1] & 0x3fu) << 6 | (text[2] & 0x3fu);
        return 3;
    }
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (room < length)
        return 0;
    uint32_t value = lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (!is_tail(text[i]))
            return 0;
        value = value << 6 | (text[i] & 0x3fu);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *codepoint = value;
    return length;
}

uint32_t utf8_next(const char *text, size_t length, size_t *at)
{
    uint32_t codepoint = REPLACEMENT;
    size_t taken = read_character((const unsigned char *)text + *at, length - *at, &codepoint);
    *at += taken ? taken : 1;
    return codepoint;
}

size_t utf8_put(uint32_t codepoint, char *out)
{
    if (codepoint > 0x10ffff || (codepoint >= 0xd800 && codepoint < 0xe000))
        codepoint = REPLACEMENT;
    if (codepoint < 0x80) {
        out[0] = (char)codepoint;
        return 1;
    }
    size_t length = codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (codepoint & 0x3f));
        codepoint >>= 6;
    }
    static const unsigned char mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(mark[length] | codepoint);
    return length;
}

bool utf8_is_valid(const char *text, size_t length, size_t *bad)
{
    uint32_t codepoint;
    for (size_t at = 0; at < length;) {
        size_t taken = read_character((const unsigned char *)text + at, length - at, &codepoint);
        if (!taken) {
            if (bad)
                *bad = at;
            return false;
        }
        at += taken;
    }
    return true;
}

size_t utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at < length; count++)
        utf8_next(text, length, &at);
    return count;
}

int utf8_cells(uint32_t codepoint)
{
    if (codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0))
        return 0;
    if (codepoint < 0x300)
        return codepoint != 0xad;                   /* the soft hyphen shows nothing */
    if (codepoint >= 0x1160 && codepoint <= 0x11ff)
        return 0;                                   /* Hangul vowels and finals join the initial before them */
    UChar32 c = (UChar32)codepoint;
    if (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK))
        return 0;
    int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}
