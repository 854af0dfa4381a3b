/* cff.c -- the Top DICT and the charset of a CFF font; hostile bytes give CFF_BROKEN. */
#include "press/cff.h"

#include <stdbool.h>
#include <string.h>

typedef struct Index { size_t first, first_end, end, count; } Index;

static size_t be(const uint8_t *bytes, size_t width)
{
    size_t value = 0;
    for (size_t i = 0; i < width; i++) value = value << 8 | bytes[i];
    return value;
}

/* An INDEX (5): where its first item lies, and where it ends. */
static bool read_index(const uint8_t *cff, size_t size, size_t at, Index *out)
{
    *out = (Index){.end = at + 2};
    if (at > size || size - at < 2) return false;
    out->count = be(cff + at, 2);
    if (!out->count) return true;
    size_t width = size - at >= 3 ? cff[at + 2] : 0, offsets = at + 3;
    if (width < 1 || width > 4 || size - offsets < (out->count + 1) * width) return false;
    size_t base = offsets + (out->count + 1) * width - 1;
    out->first = base + be(cff + offsets, width);
    out->first_end = base + be(cff + offsets + width, width);
    out->end = base + be(cff + offsets + out->count * width, width);
    return out->first <= out->first_end && out->first_end <= size && out->end <= size;
}

typedef struct TopDict { bool has_ros; size_t charset, char_strings; const uint8_t *charset_at; } TopDict;      /* charset_at: its operand, or NULL where it is not of five bytes */

/* Operands are numbers, then an operator (4). Of real numbers only the length matters here. */
static TopDict read_top_dict(const uint8_t *at, const uint8_t *end)
{
    TopDict dict = {0};
    size_t operand = 0;
    const uint8_t *operand_at = at;
    while (at < end) {
        uint8_t b = *at++;
        if (b > 21) operand_at = at - 1;
        size_t left = (size_t)(end - at);
        if (b == 12) {
            if (left && *at == 30) dict.has_ros = true;
            if (left) at++;
        } else if (b <= 21) {
            if (b == 15) dict.charset = operand, dict.charset_at = *operand_at == 29 ? operand_at : NULL;
            if (b == 17) dict.char_strings = operand;
        } else if (b == 28 || b == 29) {
            size_t width = b == 28 ? 2 : 4;
            if (left < width) break;
            operand = be(at, width);
            at += width;
        } else if (b == 30) {
            while (at < end && (*at & 15) != 15) at++;
            at += at < end;
        } else if (b >= 247 && b <= 254) {
            if (!left) break;
            operand = b < 251 ? ((size_t)b - 247) * 256 + *at + 108 : 0;
            at++;
        } else {
            operand = b >= 139 ? (size_t)b - 139 : 0;
        }
    }
    return dict;
}

/* Is the CID of every glyph its id (13)? */
static bool cids_are_ids(const uint8_t *cff, size_t size, size_t charset, size_t glyphs)
{
    if (charset < 3 || charset >= size) return false;
    uint8_t format = cff[charset];
    size_t at = charset + 1, width = format == 0 ? 2 : format == 1 ? 3 : 4;
    if (format > 2) return false;
    for (size_t id = 1; id < glyphs; at += width) {
        if (at > size || size - at < width || be(cff + at, 2) != id) return false;
        id += format == 0 ? 1 : be(cff + at + 2, width - 2) + 1;
    }
    return true;
}

static bool read_font(const uint8_t *cff, size_t size, TopDict *dict, size_t *glyph_count)
{
    Index names, tops, glyphs;
    if (size < 4 || !read_index(cff, size, cff[2], &names) || !read_index(cff, size, names.end, &tops) || !tops.count) return false;
    *dict = read_top_dict(cff + tops.first, cff + tops.first_end);
    *glyph_count = dict->char_strings && read_index(cff, size, dict->char_strings, &glyphs) ? glyphs.count : 0;
    return true;
}

CffKind cff_kind(const uint8_t *cff, size_t size)
{
    TopDict dict;
    size_t glyphs;
    if (!read_font(cff, size, &dict, &glyphs)) return CFF_BROKEN;
    if (!dict.has_ros) return CFF_NAMES;
    if (!glyphs) return CFF_BROKEN;
    return cids_are_ids(cff, size, dict.charset, glyphs) ? CFF_CIDS : CFF_OTHER_CIDS;
}

const uint8_t *cff_with_cids(Arena *arena, const uint8_t *cff, size_t size, const uint16_t *cids, size_t count, size_t *out_size)
{
    TopDict dict;
    size_t glyphs, at = size;
    if (!read_font(cff, size, &dict, &glyphs) || glyphs != count || !dict.charset_at || size > INT32_MAX - 2 * count) return NULL;
    uint8_t *out = arena_alloc(arena, size + 1 + 2 * count);
    memcpy(out, cff, size);
    uint8_t *operand = out + (dict.charset_at - cff);
    for (int i = 0; i < 4; i++) operand[1 + i] = (uint8_t)(size >> (24 - 8 * i));
    out[at++] = 0;                                            /* format 0: a CID for each glyph but the first */
    for (size_t i = 1; i < count; i++) {
        out[at++] = (uint8_t)(cids[i] >> 8);
        out[at++] = (uint8_t)cids[i];
    }
    *out_size = at;
    return out;
}
