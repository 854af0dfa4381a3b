/* bands.c -- PNG in bands of rows: each is filtered and deflated as if it stood alone, and ends on a byte, so that a picture
 * that differs in some bands from the last one is the others' bytes joined with the new ones'.
 *
 * The first row of a band looks at no row above it, and its matches reach into no band before it. The zlib stream (RFC 1950)
 * is the bands' blocks one after the other, each ended by an empty stored block (zlib's sync flush), then one last empty
 * block; its Adler-32 and the chunk's CRC are put together from those of the bands. The bytes depend on the pixels alone:
 * what was drawn before only saves work. */
#include "raster/private.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define LEVEL 6                   /* zlib's: a twentieth smaller than libdeflate's fastest, which has no flush */

typedef struct Band {
    uint8_t *bytes;               /* malloc'd: deflated */
    size_t length, raw_length;
    uint32_t crc, adler;          /* of bytes; of what they inflate to */
    Colors colors;
    int color_count;              /* of COLORS_FEW */
    uint32_t color[256];
} Band;

struct Bands {
    PngEncoder *encoder;          /* for its rooms */
    z_stream stream;
    bool is_open;
    Band *items;
    size_t count;
    Palette palette;              /* the whole picture's */
    Colors colors;
    int width, height;            /* of the last picture; 0: none */
    uint8_t *file;
    size_t file_room;
};

static void forget_bands(Bands *bands)
{
    for (size_t i = 0; i < bands->count; i++)
        free(bands->items[i].bytes);
    free(bands->items);
    bands->items = NULL;
    bands->count = 0;
    bands->width = bands->height = 0;
}

static void release_bands(void *pointer)
{
    Bands *bands = pointer;
    forget_bands(bands);
    if (bands->is_open)
        deflateEnd(&bands->stream);
    free(bands->file);
}

Bands *bands_new(Arena *arena)
{
    void **place = arena_own(arena, release_bands);
    Bands *bands = ARENA_NEW(arena, Bands);
    *place = bands;
    bands->encoder = raster_png_new(arena);
    bands->is_open = deflateInit2(&bands->stream, LEVEL, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) == Z_OK;
    return bands;
}

static bool make_room(Bands *bands, size_t wanted)
{
    if (bands->file_room >= wanted)
        return true;
    uint8_t *grown = realloc(bands->file, wanted + wanted / 4);
    if (!grown)
        return false;
    bands->file = grown;
    bands->file_room = wanted + wanted / 4;
    return true;
}

static Pixels part_of(const Pixels *pixels, size_t band)
{
    int top = (int)band * BAND_PX, left = pixels->height - top;
    return (Pixels){pixels->width, left < BAND_PX ? left : BAND_PX, pixels->stride, pixels->data + (size_t)top * pixels->stride};
}

/* ---- the colours of the picture, from those of its bands ---- */

static void count_band(Band *band, const Pixels *part)
{
    Palette palette = {.count = 0};
    band->colors = png_count_colors(part, &palette);
    band->color_count = palette.count;
    memcpy(band->color, palette.colors, sizeof band->color);
}

static Colors join_colors(const Bands *bands, Palette *palette)
{
    bool are_few = true;
    for (size_t i = 0; i < bands->count; i++) {
        if (bands->items[i].colors == COLORS_CLEAR)
            return COLORS_CLEAR;
        are_few = are_few && bands->items[i].colors == COLORS_FEW;
    }
    for (size_t i = 0; are_few && i < bands->count; i++)
        for (int k = 0; are_few && k < bands->items[i].color_count; k++)
            are_few = png_add_color(palette, bands->items[i].color[k]);
    return are_few ? COLORS_FEW : COLORS_MANY;
}

static bool is_same_palette(const Palette *a, const Palette *b)
{
    if (a->count != b->count)
        return false;
    Palette both = *a;
    for (int i = 0; i < b->count; i++)
        if (!png_add_color(&both, b->colors[i]) || both.count != a->count)
            return false;
    return true;
}

/* ---- encoding ---- */

static bool deflate_band(Bands *bands, Band *band, const uint8_t *raw, size_t raw_length)
{
    z_stream *stream = &bands->stream;
    deflateReset(stream);
    size_t bound = deflateBound(stream, raw_length) + 16;
    if (!make_room(bands, bound))
        return false;
    stream->next_in = (Bytef *)(uintptr_t)raw;
    stream->avail_in = (uInt)raw_length;
    stream->next_out = bands->file;
    stream->avail_out = (uInt)bound;
    if (deflate(stream, Z_SYNC_FLUSH) != Z_OK || stream->avail_in)
        return false;
    size_t length = bound - stream->avail_out;
    uint8_t *bytes = realloc(band->bytes, length);
    if (!bytes)
        return false;
    memcpy(bytes, bands->file, length);
    band->bytes = bytes;
    band->length = length;
    band->raw_length = raw_length;
    band->crc = libdeflate_crc32(0, bytes, length);
    band->adler = libdeflate_adler32(1, raw, raw_length);
    return true;
}

static bool encode_band(Bands *bands, const Pixels *pixels, size_t index, PngPicture *picture)
{
    Pixels part = part_of(pixels, index);
    PngPicture rows = {.width = part.width, .height = part.height};
    png_pack(bands->encoder, &part, bands->colors, &bands->palette, &rows);
    size_t raw_length;
    const uint8_t *raw = png_filter(bands->encoder, &rows, &raw_length);
    /* All bands have the same type and palette: the header tells them. */
    double dpi = picture->dpi;
    *picture = rows;
    picture->dpi = dpi;
    return raw && raw_length < PNG_MAX_CHUNK / 2 && deflate_band(bands, &bands->items[index], raw, raw_length);
}

static const uint8_t *join_bands(Bands *bands, const PngPicture *picture, size_t *length)
{
    static const uint8_t zlib_header[2] = {0x78, 0x9C}, last_block[2] = {0x03, 0x00};
    size_t total = sizeof zlib_header + sizeof last_block + 4;
    for (size_t i = 0; i < bands->count; i++)
        total += bands->items[i].length;
    if (total > PNG_MAX_CHUNK || !make_room(bands, PNG_HEADER_ROOM + total + 24))
        return NULL;
    uint8_t *chunk = png_put_header(bands->file, picture), *at = chunk + 8;
    memcpy(chunk + 4, "IDAT", 4);
    memcpy(at, zlib_header, sizeof zlib_header);
    at += sizeof zlib_header;
    unsigned long crc = libdeflate_crc32(0, chunk + 4, (size_t)(at - chunk) - 4), adler = 1;
    for (size_t i = 0; i < bands->count; i++) {
        const Band *band = &bands->items[i];
        memcpy(at, band->bytes, band->length);
        at += band->length;
        crc = crc32_combine(crc, band->crc, (z_off_t)band->length);
        adler = adler32_combine(adler, band->adler, (z_off_t)band->raw_length);
    }
    uint8_t *tail = at;
    memcpy(at, last_block, sizeof last_block);
    png_put32(at + 2, (uint32_t)adler);
    at += 6;
    png_put32(chunk, (uint32_t)total);
    png_put32(at, (uint32_t)crc32_combine(crc, libdeflate_crc32(0, tail, 6), 6));
    at = png_close_chunk(at + 4, "IEND", 0);
    *length = (size_t)(at - bands->file);
    return bands->file;
}

const uint8_t *bands_encode(Bands *bands, const Pixels *pixels, const bool *changed, double dpi, size_t *length)
{
    *length = 0;
    bool is_known = bands->width == pixels->width && bands->height == pixels->height;
    if (!bands->is_open || (size_t)pixels->width > PNG_MAX_CHUNK / 16 / (size_t)pixels->height)
        return NULL;
    if (!is_known) {
        forget_bands(bands);
        bands->count = bands_count(pixels->height);
        bands->items = calloc(bands->count, sizeof *bands->items);
        if (!bands->items) {
            bands->count = 0;
            return NULL;
        }
    }
    bands->width = 0;                                 /* until this picture is whole */
    for (size_t i = 0; i < bands->count; i++) {
        Pixels part = part_of(pixels, i);
        if (!is_known || changed[i])
            count_band(&bands->items[i], &part);
    }
    Palette palette = {.count = 0};
    Colors colors = join_colors(bands, &palette);
    if (colors != COLORS_FEW)
        palette.count = 0;
    is_known = is_known && colors == bands->colors && is_same_palette(&palette, &bands->palette);
    bands->colors = colors;
    bands->palette = palette;
    PngPicture picture = {.dpi = dpi};
    for (size_t i = 0; i < bands->count; i++)
        if ((!is_known || changed[i]) && !encode_band(bands, pixels, i, &picture))
            return NULL;
    if (!picture.width) {                             /* nothing changed: the header is that of any band */
        Pixels part = part_of(pixels, 0);
        png_pack(bands->encoder, &part, colors, &palette, &picture);
    }
    picture.width = bands->width = pixels->width;
    picture.height = bands->height = pixels->height;
    return join_bands(bands, &picture, length);
}
