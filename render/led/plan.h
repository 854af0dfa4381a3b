/* plan.h -- what the files of this room share: items with their dots, and the timeline. Not a door.
 *
 * Units: whole px (dots) and whole frames. A strip's dots are packed once, as the PNG will have them, into a canvas with a
 * dark screen's width on both sides; a row of a frame is then a window of the canvas, wherever the strip stands. */
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
double led_step_speed(LedStep step, unsigned fps);

/* ---- items ---- */

typedef struct LedMotion {
    Effect enter, exit;           /* EFFECT_CUT, EFFECT_WIPE, EFFECT_SCROLL_*, EFFECT_SLIDE_* */
    Effect marquee;               /* EFFECT_SCROLL_* of an item that only passes, or EFFECT_NONE */
    bool is_tile;                 /* the one marquee of a seamless playlist: head to tail */
    bool is_blink;
    LedStep step;
    uint64_t hold;                /* frames, at least 1 */
    uint64_t repeat;
    int gap;                      /* px of darkness after an item that moves out */
} LedMotion;

typedef struct LedItem {
    const Node *node;
    const Scene *scene;
    const char *label;            /* its text, shortened and quoted, for messages */
    bool has_glyphs, has_image;
    double characters;            /* Han count 1, half-width letters and digits 1/2 */
    LedMotion motion;
    int width, height;            /* of the strip */
    int rest_x, rest_y;           /* where it rests on the screen */
    int period;                   /* of a tile, a multiple of the step: length and gap, never less than the screen; else 0 */
    int origin;                   /* canvas column of the strip's column 0 */
    int canvas_width;
    size_t stride;
    uint8_t *rows;                /* `height` rows */
    int ink_left, ink_right, ink_top, ink_bottom;   /* lit dots: [left, right) x [top, bottom); all 0 when dark */
    uint64_t *column_light;       /* [i]: light (sum of R + G + B) of the columns before i; width + 1 of them */
    uint64_t *row_light;
    size_t first_frame, frame_count;                /* all its passes */
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

/* The colour the screen shows for `rgb` at dot x, y; `dithers`: where it has to choose, by ordered dither (pictures). */
uint32_t led_palette_quantize(const LedPalette *palette, uint32_t rgb, bool dithers, int x, int y);

/* Index of a colour of the palette (which has it). */
int led_palette_index(const LedPalette *palette, uint32_t rgb);

/* ---- strip.c ---- */

/* Text, ink and images of the scene, for messages and checks. */
void led_item_survey(LedItem *item, size_t number, Arena *arena);

/* Fix sizes and where it rests; false after `strip-clipped` and the like. */
bool led_item_place(LedItem *item, const Screen *screen, DiagList *diags);

/* Draw the strip once and pack it. True colour screens first get 24 bits a dot. */
bool led_item_draw(LedItem *item, const LedPalette *palette, Raster *raster, Arena *arena, Arena *scratch,
                   DiagList *diags);

/* When all items together have at most 256 colours: one sorted palette for all frames, and one byte a dot. */
void led_items_compact(LedItem *items, size_t count, LedPalette *palette);

/* ---- timeline.c ---- */

typedef enum SegmentKind { SEGMENT_DARK, SEGMENT_REST, SEGMENT_MOVE, SEGMENT_TILE, SEGMENT_WIPE_IN, SEGMENT_WIPE_OUT,
                          SEGMENT_BLINK } SegmentKind;

typedef struct LedSegment {
    SegmentKind kind;
    const LedItem *item;
    size_t first, count;          /* frames */
    size_t original;              /* first frame of the same segment in the item's first pass */
    int64_t x, y;                 /* of the strip on the screen, at the first frame */
    int dx, dy;                   /* a step; of a wipe, dx: columns a step */
    int hidden;                   /* WIPE_OUT: columns gone at the first frame */
    int frames;                   /* a step lasts; BLINK: lit so long, then dark as long */
    bool from_dark, to_dark;      /* its first frame, the frame after its last, is out of sight by the same arithmetic */
    bool flows_in, flows_out;     /* it goes on from the segment before, into the one after, by motion; else by a cut */
} LedSegment;

/* One frame as numbers: which strip stands where, and which columns of the screen may show it. */
typedef struct LedState {
    const LedItem *item;          /* NULL: dark */
    int64_t x, y;
    int from, to;                 /* columns [from, to) */
} LedState;

struct LedPlan {
    const Screen *screen;
    const Playlist *playlist;
    const LedMap *map;
    LedPalette palette;
    LedItem *items;
    size_t item_count;
    LedSegment *segments;
    size_t segment_count;
    size_t frame_count;
};

/* How the item moves, in whole steps and frames. */
LedMotion led_motion(const Node *node, const Document *document, bool is_alone, DiagList *diags);
bool led_timeline(LedPlan *plan, Arena *arena, DiagList *diags);

/* The state of frame `index`, 0..frame_count: the last by the arithmetic of the last segment, one step further, where that
 * leads back into the first; after a cut it is the first frame's. */
LedState led_state(const LedPlan *plan, size_t index);

/* Does the picture change at `index` (0: from the last frame) by a cut or by blinking, not by motion? */
bool led_is_cut(const LedPlan *plan, size_t index);

/* ---- compose.c, checks.c ---- */

int led_item_period(const LedItem *item, const Screen *screen);
uint64_t led_state_light(const LedPlan *plan, const LedState *state);
void led_check_reading(const LedPlan *plan, DiagList *diags);
bool led_check_flashing(const LedPlan *plan, Arena *scratch, DiagList *diags);

#endif
