/* stream.c -- rpi-rgb-led-matrix `.stream` files (lib/content-streamer.cc, lib/framebuffer.cc): the bit planes that go to the
 * panels' pins as they are. Wiring "regular"; up to three chains below each other, panels as high as a chain. */
#include "led/film.h"

#include <math.h>
#include <string.h>

#define PLANES 11
#define CHAIN_ROWS 64             /* most rows of a panel */
#define MOST_CHAINS 3
#define MOST_BYTES ((uint64_t)2 << 30)

/* Pins: [chain][upper, lower half][red, green, blue]. */
static const uint8_t pins[MOST_CHAINS][2][3] = {{{11, 27, 7}, {8, 9, 10}}, {{12, 5, 6}, {19, 13, 20}}, {{14, 2, 3}, {26, 16, 21}}};

typedef struct StreamState { int chains, rows; uint16_t light[256]; } StreamState;

static size_t frame_bytes(const LedFilm *film)
{
    const StreamState *state = film->state;
    return (size_t)state->rows / 2 * PLANES * (size_t)film->plan->screen->width * 4;
}

static bool stream_begin(LedFilm *film, Span where, DiagList *diags)
{
    const Screen *screen = film->plan->screen;
    StreamState *state = film->state = ARENA_NEW(film->arena, StreamState);
    state->chains = 1;
    while (state->chains < MOST_CHAINS && (screen->height % state->chains || screen->height / state->chains > CHAIN_ROWS)) state->chains++;
    state->rows = screen->height / state->chains;
    if (screen->height % state->chains || state->rows > CHAIN_ROWS || state->rows % 2)
        return diag_error(diags, where, "film-size", "an even height up to 64, 128 or 192", "a .stream cannot have %d rows", screen->height);
    /* CIE 1931 lightness, full brightness. */
    for (int value = 0; value < 256; value++) {
        double lightness = value * 100.0 / 255;
        double out = lightness <= 8 ? lightness / 902.3 : pow((lightness + 16) / 116, 3);
        state->light[value] = (uint16_t)lround(((1 << PLANES) - 1) * out);
    }
    uint64_t total = (uint64_t)(frame_bytes(film) + 32) * led_frame_count(film->plan);
    if (total > MOST_BYTES)
        return diag_error(diags, where, "film-size", "divide the playlist, or let the player read a GIF", "the .stream would be %llu MiB, at most %llu are written",
                          (unsigned long long)(total >> 20), (unsigned long long)(MOST_BYTES >> 20));
    return true;
}

static bool stream_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    (void)encoder;
    (void)diags;
    const StreamState *state = film->state;
    PngPicture frame = led_frame(film->plan, run->first, arena);
    const uint8_t *rgb = led_frame_rgb(&frame, arena);
    size_t length = frame_bytes(film), width = (size_t)frame.width;
    int half = state->rows / 2;
    uint8_t *bytes = arena_alloc(arena, 32 + length);
    put32le(bytes, 0x12345678);
    put32le(bytes + 4, (uint32_t)length);
    put32le(bytes + 8, (uint32_t)run->count * film->ticks);
    for (int y = 0; y < frame.height; y++) {
        int in_chain = y % state->rows;
        const uint8_t *pin = pins[y / state->rows][in_chain >= half];
        uint8_t *row = bytes + 32 + (size_t)(in_chain % half) * PLANES * width * 4;
        for (size_t x = 0; x < width; x++, rgb += 3)
            for (int c = 0; c < 3; c++)
                for (int plane = 0; plane < PLANES; plane++)
                    if (state->light[rgb[c]] >> plane & 1) row[((size_t)plane * width + x) * 4 + pin[c] / 8] |= (uint8_t)(1u << pin[c] % 8);
    }
    *out = (LedShot){bytes, 32 + length};
    return true;
}

static bool stream_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)diags;
    if (index == 0) {
        uint8_t head[32] = {0};
        put32le(head, 0xED0C5A48);
        put32le(head + 4, (uint32_t)frame_bytes(film));
        put32le(head + 8, (uint32_t)film->plan->screen->width);
        put32le(head + 12, (uint32_t)film->plan->screen->height);
        if (!file_write(file, head, sizeof head)) return false;
    }
    return file_write(file, shot->bytes, shot->length);
}

/* The player's reader takes a frame only when something follows it. */
static bool stream_finish(LedFilm *film, OutFile *file, DiagList *diags)
{
    (void)film;
    (void)diags;
    return file_write(file, "", 1);
}

/* Microseconds. */
const FilmFormat film_stream = {"a .stream", 1000000, 1, 1000000, 0x7fffffff, stream_begin, stream_shoot, stream_add, stream_finish};
