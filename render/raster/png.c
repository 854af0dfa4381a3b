/* png.c -- PNG files (ISO/IEC 15948): the container and the row filters; libdeflate compresses.
 *
 * No time stamps and no text: the same picture gives the same bytes. */
#include "raster/private.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LEVEL 12

struct PngEncoder {
    Arena *arena;
    void **compressors[MAX_LEVEL + 1];            /* opened on first use, owned by the arena */
    uint8_t *file, *filtered, *packed;            /* what is answered; rows with filter bytes; rows made of pixels */
    size_t file_room, filtered_room, packed_room;
};

static void release_compressor(void *compressor)
{
    libdeflate_free_compressor(compressor);
}

PngEncoder *raster_png_new(Arena *arena)
{
    PngEncoder *encoder = ARENA_NEW(arena, PngEncoder);
    encoder->arena = arena;
    for (int level = 1; level <= MAX_LEVEL; level++)
        encoder->compressors[level] = arena_own(arena, release_compressor);
    return encoder;
}

static struct libdeflate_compressor *compressor_for(PngEncoder *encoder, int level)
{
    int index = level < 1 ? 1 : level > MAX_LEVEL ? MAX_LEVEL : level;
    if (!*encoder->compressors[index])
        *encoder->compressors[index] = libdeflate_alloc_compressor(index);
    return *encoder->compressors[index];
}

/* At least `wanted` bytes; grown in steps, so that frames of slightly different sizes do not fill the arena. */
static uint8_t *room(PngEncoder *encoder, uint8_t **bytes, size_t *has, size_t wanted)
{
    if (*has < wanted) {
        *has = wanted + wanted / 4 + 4096;
        *bytes = arena_alloc(encoder->arena, *has);
    }
    return *bytes;
}

/* ---- filters (clause 9) ---- */

typedef enum Filter { FILTER_NONE, FILTER_SUB, FILTER_UP, FILTER_PAETH = 4 } Filter;

static uint8_t paeth(int left, int above, int corner)
{
    int by_left = abs(above - corner), by_above = abs(left - corner), by_corner = abs(left + above - 2 * corner);
    int nearer = by_above <= by_corner ? above : corner;
    return (uint8_t)(by_left <= by_above && by_left <= by_corner ? left : nearer);
}

static void filter_row(Filter filter, uint8_t *out, const uint8_t *row, const uint8_t *above, size_t length, size_t pixel)
{
    out[0] = (uint8_t)filter;
    out++;
    switch (filter) {
    case FILTER_NONE:
        memcpy(out, row, length);
        break;
    case FILTER_SUB:
        memcpy(out, row, pixel);
        for (size_t i = pixel; i < length; i++)
            out[i] = (uint8_t)(row[i] - row[i - pixel]);
        break;
    case FILTER_UP:
        for (size_t i = 0; i < length; i++)
            out[i] = (uint8_t)(row[i] - above[i]);
        break;
    case FILTER_PAETH:
        for (size_t i = 0; i < pixel; i++)
            out[i] = (uint8_t)(row[i] - above[i]);
        for (size_t i = pixel; i < length; i++)
            out[i] = (uint8_t)(row[i] - paeth(row[i - pixel], above[i], above[i - pixel]));
        break;
    }
}

/* Sum of the bytes as signed distances: the classic measure of what compresses well (clause 12.8). */
static size_t roughness(const uint8_t *filtered, size_t length)
{
    size_t sum = 0;
    for (size_t i = 1; i <= length; i++)
        sum += (size_t)abs((int8_t)filtered[i]);
    return sum;
}

/* Flat rows (letters on a plain ground) repeat exactly and compress best as they are: filtering breaks the repeats. */
static bool is_flat(const uint8_t *row, const uint8_t *above, size_t length, size_t pixel)
{
    if (above && memcmp(row, above, length) == 0)
        return true;
    size_t same = 0, seen = 0;
    for (size_t i = pixel; i < length; i += 11, seen++)            /* a sample is enough; 11 meets all channels in turn */
        same += row[i] == row[i - pixel];
    return same * 2 > seen;
}

static void choose_filter(uint8_t *out, uint8_t *spare, const uint8_t *row, const uint8_t *above, size_t length, size_t pixel)
{
    if (!above || is_flat(row, above, length, pixel)) {
        filter_row(FILTER_NONE, out, row, above, length, pixel);
        return;
    }
    static const Filter tried[] = {FILTER_SUB, FILTER_UP, FILTER_PAETH};
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        filter_row(tried[i], spare, row, above, length, pixel);
        size_t sum = roughness(spare, length);
        if (sum < best) {
            best = sum;
            memcpy(out, spare, length + 1);
        }
    }
}

static const uint8_t *filter_rows(PngEncoder *encoder, const PngPicture *picture, size_t row_bytes, size_t *length)
{
    size_t line = row_bytes + 1, pixel = picture->type == PNG_RGBA ? 4 : picture->type == PNG_RGB ? 3 : 1;
    bool has_filters = picture->type != PNG_PALETTE;
    size_t total = line * (size_t)picture->height;
    uint8_t *out = room(encoder, &encoder->filtered, &encoder->filtered_room, total + line);
    const uint8_t *above = NULL;
    for (int y = 0; y < picture->height; y++) {
        const uint8_t *row = picture->rows + (size_t)y * picture->stride;
        uint8_t *to = out + (size_t)y * line;
        if (has_filters)
            choose_filter(to, out + total, row, above, row_bytes, pixel);
        else
            filter_row(FILTER_NONE, to, row, above, row_bytes, pixel);
        above = row;
    }
    *length = total;
    return out;
}

/* ---- chunks (clause 11) ---- */

void png_put32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value;
}

uint8_t *png_close_chunk(uint8_t *start, const char *type, size_t length)
{
    png_put32(start, (uint32_t)length);
    memcpy(start + 4, type, 4);
    png_put32(start + 8 + length, libdeflate_crc32(0, start + 4, length + 4));
    return start + 12 + length;
}

uint8_t *png_put_header(uint8_t *at, const PngPicture *picture)
{
    static const uint8_t color_types[] = {[PNG_RGB] = 2, [PNG_RGBA] = 6, [PNG_GREY] = 0, [PNG_PALETTE] = 3};
    memcpy(at, "\x89PNG\r\n\x1a\n", 8);
    at += 8;
    uint8_t *data = at + 8;
    png_put32(data, (uint32_t)picture->width);
    png_put32(data + 4, (uint32_t)picture->height);
    data[8] = (uint8_t)picture->depth;
    data[9] = color_types[picture->type];
    data[10] = data[11] = data[12] = 0;
    at = png_close_chunk(at, "IHDR", 13);
    /* The dots of a screen with few colours are lamps, not sRGB. */
    if (picture->type == PNG_RGB || picture->type == PNG_RGBA || (picture->type == PNG_PALETTE && picture->depth == 8)) {
        at[8] = 0;                                    /* perceptual */
        at = png_close_chunk(at, "sRGB", 1);
    }
    double per_metre = round(picture->dpi / 0.0254);
    if (per_metre >= 1 && per_metre < 0x7fffffff) {
        png_put32(at + 8, (uint32_t)per_metre);
        png_put32(at + 12, (uint32_t)per_metre);
        at[16] = 1;
        at = png_close_chunk(at, "pHYs", 9);
    }
    if (picture->type == PNG_PALETTE) {
        memcpy(at + 8, picture->palette, (size_t)picture->palette_count * 3);
        at = png_close_chunk(at, "PLTE", (size_t)picture->palette_count * 3);
    }
    return at;
}

static bool is_valid(const PngPicture *picture, size_t *row_bytes)
{
    static const size_t channels[] = {[PNG_RGB] = 3, [PNG_RGBA] = 4, [PNG_GREY] = 1, [PNG_PALETTE] = 1};
    if (picture->type > PNG_PALETTE || picture->width <= 0 || picture->height <= 0 || !picture->rows)
        return false;
    int depth = picture->depth;
    bool is_indexed = picture->type == PNG_PALETTE;
    if (depth != 8 && !(is_indexed && (depth == 1 || depth == 2 || depth == 4)))
        return false;
    if (is_indexed && (picture->palette_count < 1 || picture->palette_count > 1 << depth))
        return false;
    *row_bytes = ((size_t)picture->width * channels[picture->type] * (size_t)depth + 7) / 8;
    return picture->stride >= *row_bytes && *row_bytes < PNG_MAX_CHUNK / 2 / (size_t)picture->height;
}

const uint8_t *raster_png_encode(PngEncoder *encoder, const PngPicture *picture, int level, size_t *length)
{
    *length = 0;
    size_t row_bytes;
    struct libdeflate_compressor *compressor = compressor_for(encoder, level);
    if (!compressor || !is_valid(picture, &row_bytes))
        return NULL;
    size_t total;
    const uint8_t *filtered = filter_rows(encoder, picture, row_bytes, &total);
    size_t bound = libdeflate_zlib_compress_bound(compressor, total);
    uint8_t *file = room(encoder, &encoder->file, &encoder->file_room, PNG_HEADER_ROOM + bound + 24);
    uint8_t *at = png_put_header(file, picture);
    size_t compressed = libdeflate_zlib_compress(compressor, filtered, total, at + 8, bound);
    if (!compressed)
        return NULL;
    at = png_close_chunk(at, "IDAT", compressed);
    at = png_close_chunk(at, "IEND", 0);
    *length = (size_t)(at - file);
    return file;
}

/* ---- pixels ---- */

static unsigned palette_slot(const Palette *palette, uint32_t color)
{
    unsigned slot = (color * 2654435761u) >> 22;
    while (palette->is_used[slot] && palette->colors[palette->slots[slot]] != color)
        slot = (slot + 1) & 1023;
    return slot;
}

static int order_colors(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

bool png_add_color(Palette *palette, uint32_t color)
{
    unsigned slot = palette_slot(palette, color);
    if (palette->is_used[slot])
        return true;
    if (palette->count == 256)
        return false;
    palette->is_used[slot] = true;
    palette->slots[slot] = (uint8_t)palette->count;
    palette->colors[palette->count++] = color;
    return true;
}

static const uint32_t *pixel_row(const Pixels *pixels, int y)
{
    return (const uint32_t *)(const void *)(pixels->data + (size_t)y * pixels->stride);
}

/* Rows of plain ground and of bars are those above again: half of a poster. */
static bool is_row_above(const Pixels *pixels, int y)
{
    return y > 0 && memcmp(pixel_row(pixels, y), pixel_row(pixels, y - 1), (size_t)pixels->width * 4) == 0;
}

Colors png_count_colors(const Pixels *pixels, Palette *palette)
{
    bool are_few = true;
    for (int y = 0; y < pixels->height; y++) {
        if (is_row_above(pixels, y))
            continue;
        const uint32_t *row = pixel_row(pixels, y);
        uint32_t all = 0xFFFFFFFFu, last = ~row[0];
        int even = pixels->width & ~3;
        for (int x = 0; x < even; x += 4)
            all &= row[x] & row[x + 1] & row[x + 2] & row[x + 3];
        for (int x = even; x < pixels->width; x++)
            all &= row[x];
        if (all >> 24 != 0xFF)
            return COLORS_CLEAR;
        for (int x = 0; are_few && x < pixels->width; x++) {
            if (row[x] == last)
                continue;
            last = row[x];
            are_few = png_add_color(palette, last);
        }
    }
    return are_few ? COLORS_FEW : COLORS_MANY;
}

/* Colours in order of value and the smallest depth: what the picture is decides the bytes, not how it was scanned. */
static void pack_indexed(PngEncoder *encoder, const Pixels *pixels, const Palette *colors_met, PngPicture *picture)
{
    int count = colors_met->count;
    uint32_t colors[256];
    memcpy(colors, colors_met->colors, sizeof colors);
    qsort(colors, (size_t)count, sizeof *colors, order_colors);
    Palette palette = {.count = 0};
    for (int i = 0; i < count; i++) {
        png_add_color(&palette, colors[i]);
        for (int c = 0; c < 3; c++)
            picture->palette[i][c] = (uint8_t)(colors[i] >> (16 - 8 * c));
    }
    int depth = count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8;
    picture->type = PNG_PALETTE, picture->depth = depth, picture->palette_count = count;
    picture->stride = ((size_t)pixels->width * (size_t)depth + 7) / 8;
    uint8_t *out = room(encoder, &encoder->packed, &encoder->packed_room, picture->stride * (size_t)pixels->height);
    picture->rows = out;
    memset(out, 0, depth < 8 ? picture->stride * (size_t)pixels->height : 0);
    for (int y = 0; y < pixels->height; y++, out += picture->stride) {
        const uint32_t *row = pixel_row(pixels, y);
        uint32_t last = ~row[0];
        uint8_t index = 0;
        for (int x = 0; x < pixels->width; x++) {
            if (row[x] != last) {
                last = row[x];
                index = palette.slots[palette_slot(&palette, last)];
            }
            if (depth == 8)
                out[x] = index;
            else
                out[(size_t)x * (size_t)depth / 8] |= (uint8_t)(index << (8 - depth - x * depth % 8));
        }
    }
}

static void pack_rgb(PngEncoder *encoder, const Pixels *pixels, PngPicture *picture)
{
    picture->type = PNG_RGB, picture->stride = (size_t)pixels->width * 3;
    uint8_t *out = room(encoder, &encoder->packed, &encoder->packed_room, picture->stride * (size_t)pixels->height + 4);
    picture->rows = out;
    for (int y = 0; y < pixels->height; y++) {
        const uint32_t *row = pixel_row(pixels, y);
        if (is_row_above(pixels, y)) {
            memcpy(out, out - picture->stride, picture->stride);
            out += picture->stride;
            continue;
        }
        for (int x = 0; x < pixels->width; x++, out += 3) {
            uint32_t rgb = __builtin_bswap32(row[x] << 8);      /* writes a byte too many: the next pixel's, at last a spare */
            memcpy(out, &rgb, 4);
        }
    }
}

static void pack_rgba(PngEncoder *encoder, const Pixels *pixels, PngPicture *picture)
{
    picture->type = PNG_RGBA, picture->stride = (size_t)pixels->width * 4;
    uint8_t *out = room(encoder, &encoder->packed, &encoder->packed_room, picture->stride * (size_t)pixels->height);
    picture->rows = out;
    for (int y = 0; y < pixels->height; y++) {
        const uint32_t *row = pixel_row(pixels, y);
        for (int x = 0; x < pixels->width; x++, out += 4) {
            uint32_t alpha = row[x] >> 24;
            for (int c = 0; c < 3; c++) {             /* PNG's colours are not premultiplied */
                uint32_t value = row[x] >> (16 - 8 * c) & 0xFF;
                value = alpha ? (value * 255 + alpha / 2) / alpha : 0;
                out[c] = (uint8_t)(value > 255 ? 255 : value);
            }
            out[3] = (uint8_t)alpha;
        }
    }
}

void png_pack(PngEncoder *encoder, const Pixels *pixels, Colors colors, const Palette *palette, PngPicture *picture)
{
    picture->depth = 8;
    switch (colors) {
    case COLORS_FEW: pack_indexed(encoder, pixels, palette, picture); break;
    case COLORS_MANY: pack_rgb(encoder, pixels, picture); break;
    case COLORS_CLEAR: pack_rgba(encoder, pixels, picture); break;
    }
}

const uint8_t *png_filter(PngEncoder *encoder, const PngPicture *picture, size_t *length)
{
    size_t row_bytes;
    return is_valid(picture, &row_bytes) ? filter_rows(encoder, picture, row_bytes, length) : NULL;
}

const uint8_t *raster_png_encode_pixels(PngEncoder *encoder, const Pixels *pixels, int level, double dpi, size_t *length)
{
    *length = 0;
    if (pixels->width <= 0 || pixels->height <= 0 || (size_t)pixels->width > PNG_MAX_CHUNK / 16 / (size_t)pixels->height)
        return NULL;
    PngPicture picture = {.width = pixels->width, .height = pixels->height, .dpi = dpi};
    Palette palette = {.count = 0};
    png_pack(encoder, pixels, png_count_colors(pixels, &palette), &palette, &picture);
    return raster_png_encode(encoder, &picture, level, length);
}
