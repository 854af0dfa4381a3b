/* led.h -- a playlist on a screen becomes frames, whole dots at a time.
 *
 * Inside: plan.c (led_plan's steps), step.c (speeds to whole steps), palette.c (colours to what the screen can show),
 * strip.c (scenes drawn once and packed), looks.c (colours that cycle, clocks), reveal.c (wipes, curtains, typing), timeline.c (items to segments of frames: holds, periods), loop.c (areas that come
 * round together), checks.c (reading speed, flashing), legible.c (letters),
 * light.c (current, burn-in), compose.c (frame n from the strips), manifest.c
 * (manifest.json), film.c (one file of all frames: its shots and its clock) with gif.c, apng.c, webp.c, raw.c (Y4M, RGB),
 * fseq.c, stream.c and mp4.c (through ffmpeg); live.c (frames in time) with net.c (packets), target.c (addresses) and map.c
 * (dots on channels); preview.c (the wall).
 *
 * Frame n is computed, never accumulated: any frame may be made by any worker. A loop is frames 0..N-1, and frame N would
 * equal frame 0 bit for bit; led_plan proves it. Where the last item leaves and the first comes in by motion, both are out
 * of sight at the seam; a cut is a cut there as anywhere. `seamless` changes one thing: a marquee that is the only item of
 * the playlist runs head to tail, `gap` px apart, and never leaves the screen empty. */
#ifndef RENDER_LED_LED_H
#define RENDER_LED_LED_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "document/document.h"
#include "raster/raster.h"
#include "scene/scene.h"

/* One playlist item, already laid out: as wide as its content (scrolling left or right), or the area. `area`: index into
 * document->areas, ascending; 0 on a screen without areas. `is_timed`: it tells the time, which goes on. */
typedef struct LedStrip { const Node *node; const Scene *scene; size_t area; bool is_timed; } LedStrip;

/* Who lays out the strips that tell the time: strip `index` of the array as it is `second`s after the first frame; the same
 * scene again while nothing changes. NULL after an error. Asked by led_plan only, in order. */
typedef struct LedTimes {
    const Scene *(*scene_at)(void *context, size_t index, size_t second, DiagList *diags);
    void *context;
} LedTimes;

typedef struct LedPlan LedPlan;   /* immutable once made: strips drawn, timeline fixed; shared by workers */

/* Draw the strips and fix the timeline. Errors: `palette` (a colour the screen cannot show), `clipped-row` (ink above or
 * below), `strip-clipped` (wider or higher than the screen), `strip-too-long`, `too-many-frames`, `flashing` (more than
 * three times a second), `areas-loop` (they never come round together), `current` (more than screen.current-limit), `too-many-looks` (colours that cycle),
 * `clock-width` (the time needs more room than at first),
 * `empty-playlist`, `out-of-range`, `panel-outside`, `channel-twice`. Warnings: `dots-unmapped`, `judder` (with the nearest
 * legal speeds; the nearest is played), `palette` (a picture is dithered), `reading-speed`, `unused-hold`, `look-alike` (also an
 * error), `too-small`, `low-contrast`, `burn-in`. NULL after an
 * error. `times` may be NULL where no strip is timed. Lives in `arena`; borrows the document, nodes and scenes. */
const LedPlan *led_plan(Arena *arena, const Document *document, const LedStrip *strips, size_t count, const LedTimes *times,
                        Raster *raster, DiagList *diags);

size_t led_frame_count(const LedPlan *plan);

/* The earliest frame known, by arithmetic alone, to be the same picture (holds, blinking, repeats, slow steps): `index`
 * itself where none is. Encode that one, and write its bytes again. Never greater than `index`. */
size_t led_frame_original(const LedPlan *plan, size_t index);

/* Frame `index` (0..frame_count, the last for the proof) as a picture that the screen's profile asks for: one-bit or two-
 * bit palette, or RGB (a palette when it has few colours). Rows live in `arena`. Thread-safe. */
PngPicture led_frame(const LedPlan *plan, size_t index, Arena *arena);

/* The frame as raw RGB: 3 bytes a dot, row by row. */
uint8_t *led_frame_rgb(const PngPicture *frame, Arena *arena);

/* ---- pictures of the items, for cards that move them by themselves ---- */

size_t led_item_count(const LedPlan *plan);

/* "strip-01.png": the whole way of an item that passes, darkness included, so that laid end to end it is the loop;
 * "page-01.png": the screen with an item that rests. `name` has LED_NAME_ROOM bytes. */
#define LED_NAME_ROOM 32
void led_item_name(const LedPlan *plan, size_t index, char *name);
PngPicture led_item_picture(const LedPlan *plan, size_t index, Arena *arena);

/* The manifest: keys in a fixed order, no clock, no absolute path. `hashes`: frame_count strings of 65,
 * the SHA-256 of each frame's file. */
void led_manifest(const LedPlan *plan, const Document *document, const char (*hashes)[65], StrBuf *out);

/* ---- films: every frame in one file ----
 *
 * The frames are those of led_frame, dot for dot, in every format but Y4M, whose colours are rounded, and MP4. A film is made of shots:
 * frames that rest are one shot with a longer time (GIF, APNG, WebP), a block of an FSEQ is one, else each frame is. Shots
 * are made by any thread and added in order by one. */
typedef struct LedFilm LedFilm;

typedef struct LedShot { const uint8_t *bytes; size_t length; } LedShot;

/* Begin a film of `format` (FORMAT_GIF ..). NULL and a diag at `where`: `film-fps` (frames that do not last whole ticks of
 * the format, with the rates that do), `film-size` (longer or larger than it can be), `no-ffmpeg`; a warning, `film-chroma`, for MP4. The plan must outlive it. */
LedFilm *led_film_new(Arena *arena, const LedPlan *plan, OutputFormat format, Span where, DiagList *diags);

size_t led_film_shot_count(const LedFilm *film);

/* Make shot `index`, in `arena`; thread-safe. False after a diag (`film-colors`: more than a GIF can hold). */
bool led_film_shoot(const LedFilm *film, size_t index, PngEncoder *encoder, Arena *arena, LedShot *out, DiagList *diags);

/* Write it; the caller counts up from 0. What the file could not take is said by file_commit. */
bool led_film_add(LedFilm *film, size_t index, const LedShot *shot, OutFile *file, DiagList *diags);
bool led_film_finish(LedFilm *film, OutFile *file, DiagList *diags);

/* ---- preview: how it looks on the wall ---- */

/* The brightest frame, enlarged: round lamps, dark ones too, their glow. In `arena`. */
PngPicture led_preview_picture(const LedPlan *plan, Arena *arena);

/* One HTML file that plays all frames so, with speed, pause and distance. What the file cannot take, file_commit says. */
bool led_preview_page(const LedPlan *plan, PngEncoder *encoder, OutFile *file, Arena *arena);

/* ---- live: frames on the network, in time ---- */

/* What tells the time and sends: real ones when NULL; tests put their own. Times are nanoseconds of any origin. */
typedef struct LedClock {
    uint64_t (*now)(void *context);
    void (*sleep_until)(void *context, uint64_t time);
    void *context;
} LedClock;

typedef struct LedPlayOptions {
    const char *to;               /* "ddp://host[:port]", "sacn://host/universe", "sacn://multicast/universe", "artnet://host/universe" */
    double brightness;            /* 0-1, of the light */
    double gamma;                 /* of the lamps: 2.2 for bare ones, 1 where the receiver corrects */
    unsigned loops;               /* times through; 0: as the playlist says */
    uint64_t most_frames;         /* 0: no limit */
    bool checks_loopback;         /* send to a socket of our own instead, and hold what arrives against what was sent */
    volatile sig_atomic_t *stop;  /* set by a signal: blackout, and end; may be NULL */
    const LedClock *clock;
    /* Called where the frames begin again, `frame` frames after the first of all: the plan to show from there, or NULL to
     * show the same once more. It must not take long. NULL: no plan changes. */
    const LedPlan *(*renew)(void *context, uint64_t frame);
    void *renew_context;
} LedPlayOptions;

typedef struct LedPlayed {
    uint64_t frames, late;        /* sent; left out because their time had passed */
    uint64_t packets, lost;       /* lost: the network took them not at once */
    uint64_t checked;             /* frames read back, equal dot for dot */
    uint64_t nanoseconds;
} LedPlayed;

/* Show the frames at their times until the loops are through or *stop is set. A frame whose time has passed is left out,
 * never bunched; the network never slows the clock. Every way out ends with a black frame (and, for sACN, three packets
 * that say the source is gone). False after a diag: `bad-target`, `unknown-host`, `unreachable`, `refused`, `loopback`. */
bool led_play(const LedPlan *plan, const LedPlayOptions *options, Arena *arena, DiagList *diags, LedPlayed *played);

#endif
