/* plan.h -- what the files of this room share: items with their dots, and the timeline. Not a door.
 *
 * Units: whole px (dots) and whole frames. A strip's dots are packed once, as the PNG will have them, into a canvas with an
 * area's width of background on both sides; a row of a frame is then a window of the canvas, wherever the strip stands.
 * An area of the screen is a track: its items one after the other, its segments of frames, a period of its own. The frames
 * of the plan are the least common multiple of the periods. */
#ifndef RENDER_LED_PLAN_H
#define RENDER_LED_PLAN_H

#include "led/led.h"
#include "led/map.h"

#define LED_LABEL_CHARACTERS 12      /* of an item's text, quoted in messages */
#define LED_READING_RATE 4.5         /* characters a second: self-paced reading of moving Chinese, reference led 4.4 */

/* ---- step.c ---- */

/* `px` dots every `frames` frames; one of the two is 1, so that no frame moves more than another. */
typedef struct LedStep { int px, frames; } LedStep;

/* The nearest legal step to `px_s`; when that is another speed, a `judder` warning that names the two nearest. */
LedStep led_step(double px_s, unsigned fps, Span where, DiagList *diags);

/* The same for `c_s` characters a second of `advance` dots each on average: within a twentieth nothing is said. */
LedStep led_step_characters(double c_s, double advance, unsigned fps, Span where, DiagList *diags);

/* Whole frames for a character that is typed. */
int led_type_frames(double c_s, unsigned fps, Span where, DiagList *diags);
double led_step_speed(LedStep step, unsigned fps);

/* ---- items ---- */

typedef struct LedMotion {
    Effect enter, exit;           /* EFFECT_CUT, _WIPE, _CURTAIN, _TYPEWRITER, EFFECT_SCROLL_*, EFFECT_SLIDE_* */
    Effect marquee;               /* EFFECT_SCROLL_* of an item that only passes, or EFFECT_NONE */
    bool is_tile;                 /* the one marquee of a seamless playlist: head to tail */
    bool is_blink;
    LedStep step;
    int type_frames;              /* a typed character */
    uint64_t hold;                /* frames, at least 1 */
    uint64_t repeat;
    int gap;                      /* px of darkness after an item that moves out */
} LedMotion;

typedef struct LedTrack LedTrack;

/* A character that is typed: rows above `top` are seen whole, those above `bottom` up to column `x` of the strip. */
typedef struct LedStop { int x, top, bottom; } LedStop;

typedef struct LedItem {
    const Node *node;
    const LedTrack *track;
    const Scene *scene;
    const char *label;            /* its text, shortened and quoted, for messages */
    bool has_glyphs, has_image;
    double characters;            /* Han count 1, half-width letters and digits 1/2 */
    LedMotion motion;
    int width, height;            /* of the strip */
    int shift;                    /* rows the text is moved down, to stand by its ink */
    int rest_x, rest_y;           /* where it rests in the area */
    int period;                   /* of a tile, a multiple of the step: length and gap, never less than the area; else 0 */
    int origin;                   /* canvas column of the strip's column 0 */
    int canvas_width;
    size_t stride;
    uint8_t *rows;                /* `height` rows: of the first look, or the one being drawn */
    uint8_t **looks;              /* rows of each: moment by moment, and each in all phases */
    size_t look_count, look_capacity;
    size_t phase_count;           /* of colours that cycle; 1: none */
    int tick;                     /* frames of a phase */
    bool is_timed;
    uint32_t *moments;            /* by second of the loop: which of the texts it shows */
    size_t second_count;
    int ink_left, ink_right, ink_top, ink_bottom;   /* dots unlike the background: [left, right) x [top, bottom); all 0: none */
    uint32_t *row_ink;            /* dots unlike the background, by row */
    const LedStop *stops;         /* of a text that is typed, in the order of reading */
    size_t stop_count;
    size_t first_frame, frame_count;                /* all its passes; frames of the track */
} LedItem;

/* ---- palette.c ---- */

typedef struct LedPalette {
    const Screen *screen;
    bool is_fixed;                /* no grey: the screen's own 2, 4 or 8 colours */
    int count;                    /* 0: true colour */
    uint32_t colors[256];         /* 0xRRGGBB; [0] is black */
    int bits;                     /* a dot: 1, 2, 4, 8, 24 */
} LedPalette;

void led_palette_init(LedPalette *palette, const Screen *screen);
const char *led_profile(const Screen *screen);       /* "red1", "rg2", "rgb3", "full", .. */

/* Every colour of the item's scene against what the screen shows: `palette` errors, and a warning for images. */
void led_palette_check(const LedPalette *palette, const LedItem *item, Arena *scratch, DiagList *diags);

void led_palette_check_color(const LedPalette *palette, const Color *color, Span where, Arena *scratch, DiagList *diags);

/* The colour the screen shows for `rgb` at dot x, y; `dithers`: where it has to choose, by ordered dither (pictures). */
uint32_t led_palette_quantize(const LedPalette *palette, uint32_t rgb, bool dithers, int x, int y);

/* The brightest it can show: all lamps on. */
uint32_t led_palette_white(const LedPalette *palette);

/* Index of a colour of the palette (which has it). */
int led_palette_index(const LedPalette *palette, uint32_t rgb);

/* ---- strip.c ---- */

/* Text, ink and images of the scene, for messages and checks. */
void led_item_survey(LedItem *item, size_t number, Arena *arena);

/* Fix sizes and where it rests; false after `strip-clipped` and the like. */
bool led_item_place(LedItem *item, DiagList *diags);

/* Draw a scene of the item in all phases and pack it: looks are added. True colour screens first get 24 bits a dot. */
bool led_item_draw(LedItem *item, const Scene *scene, const LedPalette *palette, unsigned fps, Raster *raster, Arena *arena,
                   Arena *scratch, DiagList *diags);

/* Set dot `x` of a row as the palette packs it. */
void led_put_dot(uint8_t *row, const LedPalette *palette, int x, uint32_t rgb);

/* When all items together have at most 256 colours: one sorted palette for all frames, and one byte a dot. */
void led_items_compact(LedPlan *plan);

/* ---- timeline.c ---- */

typedef enum SegmentKind { SEGMENT_DARK, SEGMENT_REST, SEGMENT_MOVE, SEGMENT_TILE, SEGMENT_WIPE_IN, SEGMENT_WIPE_OUT,
                          SEGMENT_CURTAIN_IN, SEGMENT_CURTAIN_OUT, SEGMENT_TYPE_IN, SEGMENT_TYPE_OUT, SEGMENT_BLINK } SegmentKind;

typedef struct LedSegment {
    SegmentKind kind;
    const LedItem *item;
    size_t first, count;          /* frames */
    size_t passed;                /* frames of the pass before it */
    size_t original;              /* first frame of the same segment in the item's first pass */
    int64_t x, y;                 /* of the strip in the area, at the first frame */
    int dx, dy;                   /* a step; of a wipe or curtain, dx: columns a step */
    int hidden;                   /* _OUT: columns, or characters, gone at the first frame */
    int frames;                   /* a step lasts; BLINK: lit so long, then dark as long */
    bool from_dark, to_dark;      /* its first frame, the frame after its last, is out of sight by the same arithmetic */
    bool flows_in, flows_out;     /* it goes on from the segment before, into the one after, by motion; else by a cut */
} LedSegment;

/* One frame of a track as numbers: which strip stands where, and which columns of the area may show it. */
typedef struct LedState {
    const LedItem *item;          /* NULL: background only */
    int64_t x, y;
    int from, to;                 /* columns [from, to) */
    size_t look;
    int full, end;                /* rows of the strip: before `full` in all columns, from `end` on in none */
} LedState;

struct LedTrack {
    const Area *area;             /* NULL: the whole screen */
    const Playlist *playlist;
    Span where;
    const char *name;             /* "area \"left\"", for messages; NULL: the whole screen */
    int x, y, width, height;      /* on the screen */
    uint32_t background;          /* as the screen shows it */
    uint8_t *ground;              /* a row of it, packed; NULL: dark */
    LedItem *items;               /* a part of the plan's */
    size_t item_count;
    LedSegment *segments;
    size_t segment_count;
    size_t frame_count;           /* its period */
};

struct LedPlan {
    const Screen *screen;
    const Playlist *playlist;     /* how often all is shown */
    const Checks *checks;
    const LedMap *map;
    LedPalette palette;
    LedTrack *tracks;
    size_t track_count;
    LedItem *items;               /* of all tracks, in their order */
    size_t item_count;
    size_t frame_count;
    uint32_t *originals;          /* by frame */
    double brightest_a;           /* current of the brightest frame; only where there is a limit */
};

/* How the item moves, in whole steps and frames. */
LedMotion led_motion(const LedItem *item, const Screen *screen, DiagList *diags);

/* The segments of every track, and how many frames all take together. */
bool led_timeline(LedPlan *plan, Arena *arena, DiagList *diags);

/* The state of frame `index` of the track, 0..frame_count: the last by the arithmetic of the last segment, one step
 * further, where that leads back into the first; after a cut it is the first frame's. */
LedState led_state(const LedTrack *track, size_t index);

/* Frames since the item's pass began: colours that cycle begin anew with it; those of a tile go on. */
uint64_t led_passed(const LedTrack *track, size_t index);

/* The earliest frame of the track known to be the same. */
size_t led_track_original(const LedTrack *track, size_t index);

/* Does the picture of the track change at `index` (0: from the last frame) by a cut or by blinking, not by motion? */
bool led_is_cut(const LedTrack *track, size_t index);

/* ---- looks.c ---- */

/* What cycles in the item's scene, in whole frames. False after `too-many-looks`. */
bool led_item_phases(LedItem *item, unsigned fps, DiagList *diags);

/* The scene in its colours of a phase. */
const Scene *led_item_scene(const LedItem *item, const Scene *scene, size_t phase, unsigned fps, Arena *arena);

/* The look `passed` frames after its pass began, `second` seconds after the plan's first frame. */
size_t led_item_look(const LedItem *item, uint64_t passed, uint64_t second);

/* Draw a timed item for every second of the loop. */
bool led_item_moments(LedPlan *plan, LedItem *item, const LedTimes *times, Raster *raster, Arena *arena, Arena *scratch, DiagList *diags);

/* ---- reveal.c ---- */

/* The stops of a text, once it is drawn. */
void led_item_stops(LedItem *item, Arena *arena);

/* What of a strip in its place is seen: `edge` columns wiped or opened (from its coming, or since its going began), the
 * first `count` characters. */
void led_reveal_wipe(LedState *state, int64_t edge, bool goes);
void led_reveal_curtain(LedState *state, int64_t edge, bool goes);
int led_reveal_half(const LedTrack *track);
void led_reveal_typed(LedState *state, size_t count);

/* ---- loop.c ---- */

uint64_t led_greatest_divisor(uint64_t a, uint64_t b);

/* How many frames pass until all tracks are back at their first: sets plan->frame_count. `areas-loop` when that takes too
 * long, with what would make it short. */
bool led_loop(LedPlan *plan, Arena *scratch, DiagList *diags);

/* The look of what the track shows in frame `index` of the plan. */
size_t led_look_at(const LedPlan *plan, const LedTrack *track, size_t index);

/* The first frame that shows the same in every track, for all frames. */
void led_originals(LedPlan *plan, Arena *arena, Arena *scratch);

/* ---- light.c ---- */

/* The frame that takes most current, the first of several, and its share of what all lamps at full take: 0-1. */
size_t led_brightest_frame(const LedPlan *plan, double *share);

/* Against screen.current-limit: `current`. Sets plan->brightest_a. */
bool led_check_current(LedPlan *plan, DiagList *diags);

/* Against checks.burn-in: `burn-in`. */
void led_check_burn_in(const LedPlan *plan, Arena *scratch, DiagList *diags);

/* ---- legible.c ---- */

/* Warnings `too-small`, `low-contrast`, `look-alike` (an error, as checks say). */
void led_check_letters(LedPlan *plan, Raster *raster, Arena *scratch, DiagList *diags);

/* ---- compose.c, checks.c ---- */

/* Frame of the track that frame `index` of the plan shows; the plan's frame_count: one beyond the track's last. */
size_t led_track_frame(const LedPlan *plan, const LedTrack *track, size_t index);

/* Dots along the way of a marquee: of the strip alone, and with the darkness before it comes again. */
int led_item_length(const LedItem *item);
int led_item_period(const LedItem *item);
void led_check_reading(const LedPlan *plan, DiagList *diags);
bool led_check_flashing(const LedPlan *plan, Arena *scratch, DiagList *diags);

#endif
