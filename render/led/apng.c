/* apng.c -- animated PNG (PNG third edition, 11.3.6): our own PNGs, their pixel data moved into one file. */
#include "led/film.h"

#include <libdeflate.h>
#include <string.h>

#define APNG_LEVEL 6
#define SIGNATURE_BYTES 8
#define IHDR_END 33               /* signature, and a chunk of 13 bytes */

static bool apng_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    PngPicture frame = led_frame(film->plan, run->first, arena);
    size_t length;
    const uint8_t *png = raster_png_encode(encoder, &frame, APNG_LEVEL, &length);
    if (!png) return diag_system(diags, film->plan->screen->where, "out-of-memory", NULL, "there is no memory to pack a frame");
    *out = (LedShot){(const uint8_t *)arena_copy(arena, (const char *)png, length), length};
    return true;
}

static bool write_chunk(OutFile *file, const char *type, const uint8_t *first, size_t first_length, const uint8_t *rest, size_t rest_length)
{
    uint8_t head[8], tail[4];
    put32be(head, (uint32_t)(first_length + rest_length));
    memcpy(head + 4, type, 4);
    uint32_t crc = libdeflate_crc32(0, head + 4, 4);
    crc = libdeflate_crc32(crc, first, first_length);
    if (rest_length) crc = libdeflate_crc32(crc, rest, rest_length);
    put32be(tail, crc);
    return file_write(file, head, 8) && file_write(file, first, first_length) && (!rest_length || file_write(file, rest, rest_length)) &&
           file_write(file, tail, 4);
}

static uint32_t get32be(const uint8_t *at) { return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]; }

static bool write_control(const LedFilm *film, size_t index, uint32_t sequence, OutFile *file)
{
    uint8_t control[26] = {0};                               /* left in place, laid over nothing */
    put32be(control, sequence);
    put32be(control + 4, (uint32_t)film->plan->screen->width);
    put32be(control + 8, (uint32_t)film->plan->screen->height);
    put16be(control + 20, (uint32_t)film->runs[index].count);
    put16be(control + 22, film->plan->screen->fps);
    return write_chunk(file, "fcTL", control, sizeof control, NULL, 0);
}

/* A PNG of our own: IHDR, what else it needs, IDATs, IEND. `state` counts the sequence over fcTL and fdAT. */
static bool apng_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)diags;
    uint32_t *sequence = film->state;
    bool has_control = false;
    if (index == 0) {
        uint8_t animation[8];
        put32be(animation, (uint32_t)film->run_count);
        put32be(animation + 4, film_plays(film));
        film->state = sequence = ARENA_NEW(film->arena, uint32_t);
        if (!file_write(file, shot->bytes, IHDR_END) || !write_chunk(file, "acTL", animation, sizeof animation, NULL, 0)) return false;
    }
    for (size_t at = IHDR_END; at + 12 <= shot->length;) {
        size_t length = get32be(shot->bytes + at);
        const uint8_t *data = shot->bytes + at + 8;
        bool is_data = memcmp(shot->bytes + at + 4, "IDAT", 4) == 0, is_end = memcmp(shot->bytes + at + 4, "IEND", 4) == 0;
        if (is_data && !has_control) {
            if (!write_control(film, index, (*sequence)++, file)) return false;
            has_control = true;
        }
        if (is_data && index > 0) {
            uint8_t number[4];
            put32be(number, (*sequence)++);
            if (!write_chunk(file, "fdAT", number, 4, data, length)) return false;
        } else if (!is_end && (is_data || index == 0)) {
            if (!file_write(file, shot->bytes + at, length + 12)) return false;
        }
        at += length + 12;
    }
    return true;
}

static bool apng_finish(LedFilm *film, OutFile *file, DiagList *diags)
{
    (void)film;
    (void)diags;
    static const uint8_t nothing[1];
    return write_chunk(file, "IEND", nothing, 0, NULL, 0);
}

/* A frame lasts 1/fps s, written as a fraction: every rate is exact. 65535 frames fit its numerator. */
const FilmFormat film_apng = {"an APNG", 0, 0, 0, 65535, NULL, apng_shoot, apng_add, apng_finish};
