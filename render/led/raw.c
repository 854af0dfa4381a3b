/* raw.c -- frames for pipes: bare RGB, and YUV4MPEG2 (4:4:4, so that no dot loses its colour to its neighbour). */
#include "led/film.h"

#include <stdio.h>
#include <string.h>

static bool rgb_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    (void)encoder;
    (void)diags;
    PngPicture frame = led_frame(film->plan, run->first, arena);
    *out = (LedShot){led_frame_rgb(&frame, arena), (size_t)frame.width * (size_t)frame.height * 3};
    return true;
}

static bool rgb_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)film;
    (void)index;
    (void)diags;
    return file_write(file, shot->bytes, shot->length);
}

/* ITU-R BT.601, 16-235, in 1/65536. */
static uint8_t luma(const uint8_t *c) { return (uint8_t)((16 * 65536 + 32768 + 16829 * c[0] + 33039 * c[1] + 6416 * c[2]) >> 16); }
static uint8_t blue(const uint8_t *c) { return (uint8_t)((128 * 65536 + 32768 - 9714 * c[0] - 19070 * c[1] + 28784 * c[2]) >> 16); }
static uint8_t red(const uint8_t *c) { return (uint8_t)((128 * 65536 + 32768 + 28784 * c[0] - 24103 * c[1] - 4681 * c[2]) >> 16); }

static bool y4m_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    LedShot rgb;
    if (!rgb_shoot(film, run, encoder, arena, &rgb, diags)) return false;
    size_t count = rgb.length / 3;
    uint8_t *planes = arena_alloc(arena, 6 + rgb.length);
    memcpy(planes, "FRAME\n", 6);
    uint8_t *y = planes + 6, *u = y + count, *v = u + count;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *color = rgb.bytes + 3 * i;
        y[i] = luma(color), u[i] = blue(color), v[i] = red(color);
    }
    *out = (LedShot){planes, 6 + rgb.length};
    return true;
}

static bool y4m_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    const Screen *screen = film->plan->screen;
    char header[96];
    int length = snprintf(header, sizeof header, "YUV4MPEG2 W%d H%d F%u:1 Ip A1:1 C444\n", screen->width, screen->height, screen->fps);
    if (index == 0 && !file_write(file, header, (size_t)length)) return false;
    return rgb_add(film, index, shot, file, diags);
}

const FilmFormat film_rgb = {"raw RGB", 0, 0, 0, 0, NULL, rgb_shoot, rgb_add, NULL};
const FilmFormat film_y4m = {"Y4M", 0, 0, 0, 0, NULL, y4m_shoot, y4m_add, NULL};
