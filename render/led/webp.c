/* webp.c -- lossless animated WebP through libwebpmux. */
#include "led/film.h"

#include <webp/encode.h>
#include <webp/mux.h>

#define WEBP_LEVEL 1              /* of 0-9: 6 is a tenth smaller and several times slower */
#define WEBP_MOST_PX 16383        /* each way, by the format */

typedef struct WebpState { WebPAnimEncoder *encoder; WebPConfig config; } WebpState;

static void release_encoder(void *encoder) { WebPAnimEncoderDelete(encoder); }

static bool webp_begin(LedFilm *film, Span where, DiagList *diags)
{
    const Screen *screen = film->plan->screen;
    if (screen->width > WEBP_MOST_PX || screen->height > WEBP_MOST_PX)
        return diag_error(diags, where, "film-size", "write .apng", "a WebP is at most %d px wide and high", WEBP_MOST_PX);
    WebpState *state = film->state = ARENA_NEW(film->arena, WebpState);
    WebPAnimEncoderOptions options;
    void **place = arena_own(film->arena, release_encoder);
    bool ok = WebPAnimEncoderOptionsInit(&options) && WebPConfigInit(&state->config) && WebPConfigLosslessPreset(&state->config, WEBP_LEVEL);
    options.anim_params.loop_count = (int)film_plays(film) > 65535 ? 65535 : (int)film_plays(film);
    options.kmax = 1;                                        /* every frame whole: no blending, no search */
    state->config.exact = 1;
    state->encoder = *place = ok ? WebPAnimEncoderNew(screen->width, screen->height, &options) : NULL;
    return state->encoder || diag_system(diags, where, "out-of-memory", NULL, "there is no memory to make a WebP");
}

static bool webp_shoot(const LedFilm *film, const FilmRun *run, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags)
{
    return film_rgb.shoot(film, run, encoder, arena, out, diags);
}

static int time_at(const LedFilm *film, size_t frame) { return (int)(frame * film->ticks); }

static bool webp_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags)
{
    (void)file;
    WebpState *state = film->state;
    const Screen *screen = film->plan->screen;
    WebPPicture picture;
    bool ok = WebPPictureInit(&picture);
    picture.use_argb = 1;
    picture.width = screen->width;
    picture.height = screen->height;
    ok = ok && WebPPictureImportRGB(&picture, shot->bytes, screen->width * 3) &&
         WebPAnimEncoderAdd(state->encoder, &picture, time_at(film, film->runs[index].first), &state->config);
    WebPPictureFree(&picture);
    return ok || diag_system(diags, screen->where, "out-of-memory", NULL, "frame %zu could not be packed: %s", film->runs[index].first,
                             WebPAnimEncoderGetError(state->encoder));
}

static bool webp_finish(LedFilm *film, OutFile *file, DiagList *diags)
{
    WebpState *state = film->state;
    WebPData data;
    WebPDataInit(&data);
    bool ok = WebPAnimEncoderAdd(state->encoder, NULL, time_at(film, led_frame_count(film->plan)), NULL) &&
              WebPAnimEncoderAssemble(state->encoder, &data);
    if (ok) ok = file_write(file, data.bytes, data.size);
    else diag_system(diags, film->plan->screen->where, "out-of-memory", NULL, "the WebP could not be put together: %s", WebPAnimEncoderGetError(state->encoder));
    WebPDataClear(&data);
    return ok;
}

/* Milliseconds; a duration has 24 bits. */
const FilmFormat film_webp = {"a WebP", 1000, 1, 1000, 1 << 23, webp_begin, webp_shoot, webp_add, webp_finish};
