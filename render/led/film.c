/* film.c -- one file of all frames: which frames are one shot, and whether the format's clock can keep the screen's time. */
#include "led/film.h"

#include "base/limits.h"

static const FilmFormat *const formats[] = {
    [FORMAT_GIF] = &film_gif, [FORMAT_APNG] = &film_apng, [FORMAT_WEBP] = &film_webp, [FORMAT_Y4M] = &film_y4m, [FORMAT_RGB] = &film_rgb,
    [FORMAT_FSEQ] = &film_fseq, [FORMAT_FSEQ_PLAIN] = &film_fseq_plain, [FORMAT_FSEQ_V1] = &film_fseq_v1, [FORMAT_STREAM] = &film_stream, [FORMAT_MP4] = &film_mp4,
};

unsigned film_plays(const LedFilm *film)
{
    if (film->plan->playlist->is_forever) return 0;
    return film->plan->playlist->loop ? film->plan->playlist->loop : 1;
}

/* ---- the clock ---- */

static bool is_exact(const FilmFormat *format, unsigned fps)
{
    if (!format->ticks_a_second) return true;
    unsigned ticks = format->ticks_a_second / fps;
    return format->ticks_a_second % fps == 0 && ticks >= format->least_ticks && ticks <= format->most_ticks;
}

static bool check_clock(const FilmFormat *format, unsigned fps, Arena *arena, Span where, DiagList *diags)
{
    if (is_exact(format, fps)) return true;
    StrBuf rates;
    strbuf_init(&rates, arena);
    unsigned last = 0;
    for (unsigned rate = 1; rate <= LIMIT_FPS; rate++) {
        if (!is_exact(format, rate)) continue;
        if (last) strbuf_addf(&rates, "%s%u", rates.length ? ", " : "", last);
        last = rate;
    }
    return diag_error(diags, where, "film-fps", arena_printf(arena, "set screen.fps to %s or %u", rates.bytes, last),
                      "%s cannot show exactly %u frames a second", format->name, fps);
}

/* ---- shots ---- */

static void find_runs(LedFilm *film)
{
    size_t count = led_frame_count(film->plan), most = film->format->most_run;
    if (most && film->ticks) most /= film->ticks;
    film->runs = ARENA_ARRAY(film->arena, FilmRun, count);
    size_t original = 0;
    for (size_t i = 0; i < count; i++) {
        size_t now = led_frame_original(film->plan, i);
        FilmRun *last = film->run_count ? &film->runs[film->run_count - 1] : NULL;
        if (last && now == original && last->count < most) last->count++;
        else film->runs[film->run_count++] = (FilmRun){i, 1};
        original = now;
    }
}

LedFilm *led_film_new(Arena *arena, const LedPlan *plan, OutputFormat format, Span where, DiagList *diags)
{
    LedFilm *film = ARENA_NEW(arena, LedFilm);
    *film = (LedFilm){.arena = arena, .plan = plan, .id = format, .format = formats[format]};
    unsigned fps = plan->screen->fps;
    if (!check_clock(film->format, fps, arena, where, diags)) return NULL;
    film->ticks = film->format->ticks_a_second / fps;
    find_runs(film);
    return !film->format->begin || film->format->begin(film, where, diags) ? film : NULL;
}

size_t led_film_shot_count(const LedFilm *film) { return film->run_count; }

bool led_film_shoot(const LedFilm *film, size_t index, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    return film->format->shoot(film, &film->runs[index], encoder, arena, out, diags);
}

bool led_film_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    return film->format->add(film, index, shot, file, diags);
}

bool led_film_finish(LedFilm *film, OutFile *file, DiagList *diags)
{
    return !film->format->finish || film->format->finish(film, file, diags);
}
