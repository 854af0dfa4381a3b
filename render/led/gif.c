/* gif.c -- GIF89a: one palette for all frames where they have at most 256 colours together, else one a frame; LZW by a
 * table of 4096 codes, as the specification's appendix F describes it. */
#include "led/film.h"

#include <string.h>

#define MAX_CODES 4096
#define HASH_SLOTS 16384          /* four times the codes: short chains */

typedef struct Bits { uint8_t *out; size_t length; uint32_t word; unsigned count; uint8_t *block; } Bits;

/* Sub-blocks of at most 255 bytes, each with its length before it. */
static void put_byte(Bits *bits, uint8_t byte)
{
    if (!bits->block || *bits->block == 255) {
        bits->block = bits->out + bits->length++;
        *bits->block = 0;
    }
    bits->out[bits->length++] = byte;
    ++*bits->block;
}

static void put_code(Bits *bits, unsigned code, unsigned width)
{
    bits->word |= code << bits->count;
    for (bits->count += width; bits->count >= 8; bits->count -= 8, bits->word >>= 8) put_byte(bits, (uint8_t)bits->word);
}

typedef struct Table { uint32_t keys[HASH_SLOTS]; uint16_t codes[HASH_SLOTS]; } Table;     /* key 0: free */

static uint32_t *find_slot(Table *table, uint32_t key)
{
    uint32_t slot = key * 2654435761u >> 18;
    while (table->keys[slot] && table->keys[slot] != key) slot = (slot + 1) % HASH_SLOTS;
    return &table->keys[slot];
}

/* `length` indexes below 1 << depth; depth at least 2. At most 2 bytes a dot and a few are written. */
static size_t compress(const uint8_t *dots, size_t length, unsigned depth, uint8_t *out, Arena *arena)
{
    Table *table = ARENA_NEW(arena, Table);
    Bits bits = {.out = out};
    unsigned clear = 1u << depth, next = clear + 2, width = depth + 1;
    put_code(&bits, clear, width);
    unsigned prefix = dots[0];
    for (size_t i = 1; i < length; i++) {
        uint32_t key = (prefix << 8 | dots[i]) + 1;
        uint32_t *slot = find_slot(table, key);
        if (*slot == key) {
            prefix = table->codes[slot - table->keys];
            continue;
        }
        put_code(&bits, prefix, width);
        prefix = dots[i];
        if (next < MAX_CODES) {
            if (next == 1u << width) width++;
            *slot = key;
            table->codes[slot - table->keys] = (uint16_t)next++;
        } else {
            put_code(&bits, clear, width);
            memset(table->keys, 0, sizeof table->keys);
            next = clear + 2, width = depth + 1;
        }
    }
    put_code(&bits, prefix, width);
    if (next == 1u << width && width < 12) width++;
    put_code(&bits, clear + 1, width);
    if (bits.count) put_byte(&bits, (uint8_t)bits.word);
    out[bits.length++] = 0;
    return bits.length;
}

/* ---- colours ---- */

static unsigned depth_of(int colors)
{
    unsigned depth = 2;
    while (1 << depth < colors) depth++;
    return depth;
}

/* 1 << depth entries of 3 bytes. */
static void put_palette(uint8_t *to, const uint8_t palette[256][3], int count, unsigned depth)
{
    memset(to, 0, 3u << depth);
    memcpy(to, palette, 3 * (size_t)count);
}

/* One index a byte. */
static uint8_t *unpack(const PngPicture *frame, Arena *arena)
{
    size_t width = (size_t)frame->width, height = (size_t)frame->height;
    unsigned depth = (unsigned)frame->depth;
    uint8_t *dots = arena_alloc(arena, width * height), *to = dots;
    for (size_t y = 0; y < height; y++) {
        const uint8_t *row = frame->rows + y * frame->stride;
        for (size_t x = 0; x < width; x++)
            *to++ = row[x * depth / 8] >> (8 - depth - x * depth % 8) & ((1u << depth) - 1);
    }
    return dots;
}

/* A palette of the frame's own. False when 256 colours are not enough. */
static bool index_colors(PngPicture *frame, uint8_t **dots, Arena *arena)
{
    size_t count = (size_t)frame->width * (size_t)frame->height;
    uint32_t colors[1024];
    uint16_t indexes[1024] = {0};                            /* index + 1; 0: free */
    const uint8_t *rgb = led_frame_rgb(frame, arena);
    *dots = arena_alloc(arena, count);
    frame->palette_count = 0;
    for (size_t i = 0; i < count; i++, rgb += 3) {
        uint32_t color = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2], slot = color * 2654435761u >> 22;
        while (indexes[slot] && colors[slot] != color) slot = (slot + 1) % 1024;
        if (!indexes[slot]) {
            if (frame->palette_count == 256) return false;
            memcpy(frame->palette[frame->palette_count++], rgb, 3);
            colors[slot] = color;
            indexes[slot] = (uint16_t)frame->palette_count;
        }
        (*dots)[i] = (uint8_t)(indexes[slot] - 1);
    }
    return true;
}

/* ---- the file ---- */

static bool gif_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    (void)encoder;
    PngPicture frame = led_frame(film->plan, run->first, arena);
    bool has_own = frame.type != PNG_PALETTE;
    uint8_t *dots;
    if (!has_own) dots = unpack(&frame, arena);
    else if (!index_colors(&frame, &dots, arena))
        return diag_error(diags, film->plan->screen->where, "film-colors", "write .apng or .webp", "frame %zu has more than the 256 colours of a GIF", run->first);

    size_t count = (size_t)frame.width * (size_t)frame.height;
    unsigned depth = depth_of(frame.palette_count);
    uint8_t *bytes = arena_alloc(arena, 8 + 10 + (3u << depth) + 1 + 2 * count + count / 64 + 64), *to = bytes;
    /* Graphic control: left in place, no transparency, a delay in 1/100 s. */
    memcpy(to, "\x21\xf9\x04\x04\0\0\0\0", 8);
    put16le(to + 4, (uint32_t)run->count * film->ticks);
    to += 8;
    *to = 0x2c;
    memset(to + 1, 0, 4);
    put16le(to + 5, (uint32_t)frame.width);
    put16le(to + 7, (uint32_t)frame.height);
    to[9] = has_own ? (uint8_t)(0x80 | (depth - 1)) : 0;
    to += 10;
    if (has_own) {
        put_palette(to, (const uint8_t(*)[3])frame.palette, frame.palette_count, depth);
        to += 3u << depth;
    }
    *to++ = (uint8_t)depth;
    to += compress(dots, count, depth, to, arena);
    *out = (LedShot){bytes, (size_t)(to - bytes)};
    return true;
}

static bool write_header(const LedFilm *film, OutFile *file)
{
    const LedPalette *palette = &film->plan->palette;
    uint8_t header[13 + 3 * 256] = "GIF89a", colors[256][3];
    size_t length = 13;
    put16le(header + 6, (uint32_t)film->plan->screen->width);
    put16le(header + 8, (uint32_t)film->plan->screen->height);
    if (palette->count) {
        unsigned depth = depth_of(palette->count);
        for (int i = 0; i < palette->count; i++)
            for (int c = 0; c < 3; c++) colors[i][c] = (uint8_t)(palette->colors[i] >> (16 - 8 * c));
        header[10] = (uint8_t)(0x80 | (depth - 1) << 4 | (depth - 1));
        put_palette(header + 13, (const uint8_t(*)[3])colors, palette->count, depth);
        length += 3u << depth;
    }
    if (!file_write(file, header, length)) return false;
    unsigned plays = film_plays(film);
    if (plays == 1) return true;
    uint8_t loop[19] = "\x21\xff\x0bNETSCAPE2.0\x03\x01";    /* counts repeats, not plays; 0: for ever */
    unsigned again = plays ? plays - 1 : 0;
    put16le(loop + 16, again > 65535 ? 65535 : again);
    return file_write(file, loop, sizeof loop);
}

static bool gif_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)diags;
    return (index || write_header(film, file)) && file_write(file, shot->bytes, shot->length);
}

static bool gif_finish(LedFilm *film, OutFile *file, DiagList *diags)
{
    (void)film;
    (void)diags;
    return file_write(file, ";", 1);
}

/* Browsers show frames of 1/100 s ten times slower: 2/100 is the shortest. */
const FilmFormat film_gif = {"a GIF", 100, 2, 65535, 65535, NULL, gif_shoot, gif_add, gif_finish};
