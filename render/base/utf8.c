/* utf8.c -- UTF-8 by hand (it is called for every character), widths by ICU. */
#include "base/utf8.h"

#include <unicode/uchar.h>

/* Length and value of the character at `s`; 0 when malformed (RFC 3629: no overlong forms, no surrogates). */
static size_t decode(const unsigned char *s, size_t left, uint32_t *out)
{
    if (s[0] < 0x80) {
        *out = s[0];
        return 1;
    }
    size_t length = s[0] >= 0xf0 && s[0] <= 0xf4 ? 4 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : 0;
    if (!length || length > left) return 0;
    uint32_t value = s[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80) return 0;
        value = value << 6 | (s[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return 0;
    *out = value;
    return length;
}

uint32_t utf8_next(const char *text, size_t length, size_t *at)
{
    uint32_t value = 0xfffd;
    size_t took = decode((const unsigned char *)text + *at, length - *at, &value);
    *at += took ? took : 1;
    return took ? value : 0xfffd;
}

size_t utf8_put(uint32_t c, char *out)
{
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = 0xfffd;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf00u >> length & 0xff) | c);
    return length;
}

bool utf8_is_valid(const char *text, size_t length, size_t *bad)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t at = 0; at < length;) {
        uint32_t value;
        size_t took = decode(bytes + at, length - at, &value);
        if (!took) {
            if (bad) *bad = at;
            return false;
        }
        at += took;
    }
    return true;
}

size_t utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at < length; count++) utf8_next(text, length, &at);
    return count;
}

int utf8_cells(uint32_t c)
{
    if (c < 0x300) return c >= 0x20 && (c < 0x7f || c >= 0xa0) ? 1 : 0;
    int8_t type = u_charType((UChar32)c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
    int width = u_getIntPropertyValue((UChar32)c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}
