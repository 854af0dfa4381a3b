/* film.h -- private to led/: what the film formats share. Times are whole ticks of the format: never rounded. */
#ifndef RENDER_LED_FILM_H
#define RENDER_LED_FILM_H

#include "led/plan.h"

/* Frames [first, first + count) that one shot shows: all the same picture where the format can hold one longer. */
typedef struct FilmRun { size_t first, count; } FilmRun;

typedef struct FilmFormat FilmFormat;

struct LedFilm {
    Arena *arena;
    const LedPlan *plan;
    OutputFormat id;
    const FilmFormat *format;
    FilmRun *runs;
    size_t run_count;
    unsigned ticks;               /* a frame lasts so many ticks of the format; 0: it has a rate, not a clock */
    void *state;                  /* of the format, between add and add */
};

/* Functions left NULL have nothing to do. */
struct FilmFormat {
    const char *name;             /* as messages say it */
    unsigned ticks_a_second;      /* 0: any whole rate is exact */
    unsigned least_ticks, most_ticks;              /* a frame may last */
    unsigned most_run;            /* ticks a shot may last; 0: every frame is a shot */
    bool (*begin)(LedFilm *film, Span where, DiagList *diags);
    bool (*shoot)(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags);
    bool (*add)(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags);
    bool (*finish)(LedFilm *film, OutFile *file, DiagList *diags);
};

extern const FilmFormat film_gif, film_apng, film_webp, film_y4m, film_rgb, film_fseq, film_fseq_plain, film_fseq_v1, film_stream, film_mp4;

/* How often a player shows the film; 0: for ever. */
unsigned film_plays(const LedFilm *film);

static inline void put16le(uint8_t *to, uint32_t value) { to[0] = (uint8_t)value, to[1] = (uint8_t)(value >> 8); }
static inline void put32le(uint8_t *to, uint32_t value) { put16le(to, value), put16le(to + 2, value >> 16); }
static inline void put16be(uint8_t *to, uint32_t value) { to[0] = (uint8_t)(value >> 8), to[1] = (uint8_t)value; }
static inline void put32be(uint8_t *to, uint32_t value) { put16be(to, value >> 16), put16be(to + 2, value); }

#endif
