/* led_test.c -- playlists become frames: steps, motion, loops, palettes, packing, manifest. Strips are drawn as text here:
 * rows between '|', '#' or R red, G green, Y yellow, B blue, M magenta, C cyan, W white, '.' dark. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <malloc.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "led/led.h"
#include "led/net.h"
#include "led/plan.h"

#define ITEMS 8
#define AREAS 3

typedef struct Show {
    Arena *arena;
    DiagList diags;
    Document document;
    Source source;
    Node nodes[ITEMS];
    TextStyle styles[ITEMS];
    LedStrip strips[ITEMS];
    Area areas[AREAS];
    size_t count;
} Show;

static const Color colors[] = {
    {.name = "red", .has_rgb = true, .rgb = {255, 0, 0}},      {.name = "green", .has_rgb = true, .rgb = {0, 255, 0}},
    {.name = "yellow", .has_rgb = true, .rgb = {255, 255, 0}}, {.name = "blue", .has_rgb = true, .rgb = {0, 0, 255}},
    {.name = "magenta", .has_rgb = true, .rgb = {255, 0, 255}}, {.name = "cyan", .has_rgb = true, .rgb = {0, 255, 255}},
    {.name = "white", .has_rgb = true, .rgb = {255, 255, 255}},
};
static const char letters[] = "RGYBMCW";

static void show_open(Show *show, int width, int height, ScreenColor color, unsigned levels, unsigned fps)
{
    memset(show, 0, sizeof *show);
    show->arena = arena_new(0);
    diag_list_init(&show->diags, show->arena);
    show->source = (Source){"layouts/led.yaml", "kind: led\n", 10};
    show->document = (Document){.source = &show->source, .kind = DOC_LED, .is_screen = true,
                                .screen = {.width = width, .height = height, .color = color, .levels = levels, .fps = fps},
                                .playlist = {.is_forever = true}};
}

static void show_close(Show *show) { arena_free(show->arena); }

static const Scene *picture(Show *show, const char *rows)
{
    int width = 0, height = 1, x = 0;
    for (const char *c = rows; *c; c++) {
        if (*c == '|') height++, x = 0;
        else if (++x > width) width = x;
    }
    SceneBuilder *scene = scene_new(show->arena, width * LENGTH_ONE, height * LENGTH_ONE, 0, true);
    int y = 0;
    x = 0;
    for (const char *c = rows; *c; c++, x++) {
        if (*c == '|') y++, x = -1;
        if (*c == '|' || *c == '.') continue;
        const char *letter = strchr(letters, *c == '#' ? 'R' : *c);
        assert_non_null(letter);
        scene_add_rect(scene, (Rect){x * LENGTH_ONE, y * LENGTH_ONE, LENGTH_ONE, LENGTH_ONE}, &colors[letter - letters]);
    }
    return scene_finish(scene, NULL);
}

static Motion *show_add_scene(Show *show, const Scene *scene, Effect effect)
{
    Node *node = &show->nodes[show->count];
    *node = (Node){.kind = NODE_TEXT, .where = {&show->source, show->count, show->count + 1}, .path = "/playlist/items/0",
                   .style = &show->styles[show->count]};
    node->motion = (Motion){.effect = effect, .hold_seconds = -1, .speed_px_s = -1, .speed_c_s = -1, .repeat = 1};
    show->strips[show->count++] = (LedStrip){.node = node, .scene = scene, .area = show->document.area_count ? show->document.area_count - 1 : 0};
    return &node->motion;
}

static Motion *show_add(Show *show, const char *rows, Effect effect) { return show_add_scene(show, picture(show, rows), effect); }

/* What is added next belongs to it. */
static Playlist *show_add_area(Show *show, const char *name, int x, int y, int width, int height)
{
    Area *area = &show->areas[show->document.area_count++];
    *area = (Area){.name = name, .x = x, .y = y, .width = width, .height = height, .playlist = {.is_forever = true}};
    show->document.areas = show->areas;
    return &area->playlist;
}

static const LedPlan *show_plan(Show *show)
{
    Raster *raster = raster_new(show->arena, NULL);
    return led_plan(show->arena, &show->document, show->strips, show->count, NULL, raster, &show->diags);
}

static const LedPlan *show_plan_well(Show *show)
{
    const LedPlan *plan = show_plan(show);
    if (show->diags.error_count) print_message("%s: %s\n", show->diags.items[0].code, show->diags.items[0].message);
    assert_non_null(plan);
    assert_int_equal(show->diags.error_count, 0);
    return plan;
}

static void frame_hash(const PngPicture *frame, char hex[65], Arena *scratch)
{
    hash_sha256(led_frame_rgb(frame, scratch), (size_t)frame->width * (size_t)frame->height * 3, hex);
}

static uint32_t dot(const PngPicture *frame, int x, int y)
{
    const uint8_t *row = frame->rows + (size_t)y * frame->stride;
    if (frame->type == PNG_RGB) return (uint32_t)row[3 * x] << 16 | (uint32_t)row[3 * x + 1] << 8 | row[3 * x + 2];
    int bit = x * frame->depth, index = row[bit / 8] >> (8 - frame->depth - bit % 8) & ((1 << frame->depth) - 1);
    assert_in_range(index, 0, frame->palette_count - 1);
    return (uint32_t)frame->palette[index][0] << 16 | (uint32_t)frame->palette[index][1] << 8 | frame->palette[index][2];
}

static char letter_of(uint32_t rgb, bool is_red)
{
    if (rgb == 0) return '.';
    for (size_t i = 0; i < sizeof colors / sizeof *colors; i++)
        if (rgb == ((uint32_t)colors[i].rgb[0] << 16 | (uint32_t)colors[i].rgb[1] << 8 | colors[i].rgb[2])) return is_red ? '#' : letters[i];
    return '?';
}

static const char *frame_text(Show *show, const LedPlan *plan, size_t index)
{
    PngPicture frame = led_frame(plan, index, show->arena);
    StrBuf text;
    strbuf_init(&text, show->arena);
    for (int y = 0; y < frame.height; y++) {
        if (y) strbuf_add_char(&text, '|');
        for (int x = 0; x < frame.width; x++) strbuf_add_char(&text, letter_of(dot(&frame, x, y), show->document.screen.color == SCREEN_RED));
    }
    return text.bytes;
}

/* All frames, told from the first and one beyond the last; runs of equal frames as "text*count". */
static const char *film(Show *show, const LedPlan *plan)
{
    StrBuf text;
    strbuf_init(&text, show->arena);
    const char *last = NULL;
    size_t run = 0;
    for (size_t i = 0; i <= led_frame_count(plan); i++) {
        const char *now = i < led_frame_count(plan) ? frame_text(show, plan, i) : "";
        if (last && strcmp(last, now) != 0) {
            strbuf_addf(&text, run > 1 ? "%s%s*%zu" : "%s%s", text.length ? " " : "", last, run);
            run = 0;
        }
        last = now;
        run++;
    }
    return text.bytes;
}

static void assert_diag(const Show *show, size_t index, const char *code, const char *message, const char *hint)
{
    assert_in_range(index + 1, 1, show->diags.count);
    const Diag *diag = &show->diags.items[index];
    assert_string_equal(diag->code, code);
    assert_string_equal(diag->message, message);
    if (hint) assert_string_equal(diag->hint, hint);
    else assert_null(diag->hint);
}

/* Pseudo-random dots that are the same everywhere. */
static uint32_t noise(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static const char *noise_rows(Show *show, int width, int height, const char *alphabet, uint32_t seed)
{
    StrBuf text;
    strbuf_init(&text, show->arena);
    for (int y = 0; y < height; y++) {
        if (y) strbuf_add_char(&text, '|');
        for (int x = 0; x < width; x++) strbuf_add_char(&text, alphabet[noise(&seed) % strlen(alphabet)]);
    }
    return text.bytes;
}

static void assert_same_frame(const PngPicture *a, const PngPicture *b)
{
    assert_int_equal(a->stride, b->stride);
    assert_int_equal(a->height, b->height);
    assert_memory_equal(a->rows, b->rows, a->stride * (size_t)a->height);
}

/* ---- steps ---- */

static void test_steps(void **state)
{
    (void)state;
    static const struct { double speed; unsigned fps; int px, frames; } rows[] = {
        {50, 50, 1, 1}, {100, 50, 2, 1}, {150, 50, 3, 1}, {200, 50, 4, 1}, {25, 50, 1, 2}, {12.5, 50, 1, 4}, {10, 50, 1, 5},
        {16.67, 50, 1, 3}, {5, 25, 1, 5}, {8.33, 25, 1, 3}, {75, 25, 3, 1}, {60, 60, 1, 1}, {30, 60, 1, 2}, {1, 240, 1, 240},
    };
    Show show;
    show_open(&show, 8, 1, SCREEN_RED, 2, 50);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        LedStep step = led_step(rows[i].speed, rows[i].fps, SPAN_NONE, &show.diags);
        assert_int_equal(step.px, rows[i].px);
        assert_int_equal(step.frames, rows[i].frames);
    }
    assert_int_equal(show.diags.count, 0);
    show_close(&show);
}

static void test_judder(void **state)
{
    (void)state;
    static const struct { double speed; unsigned fps; int px, frames; const char *message, *hint; } rows[] = {
        {90, 50, 2, 1, "90px/s at 50 fps is 1.8 px a frame", "use 100px/s (2 px a frame) or 50px/s (1 px)"},
        {60, 50, 1, 1, "60px/s at 50 fps is 1.2 px a frame", "use 50px/s (1 px a frame) or 100px/s (2 px)"},
        {75, 50, 1, 1, "75px/s at 50 fps is 1.5 px a frame", "use 50px/s (1 px a frame) or 100px/s (2 px)"},
        {100, 60, 2, 1, "100px/s at 60 fps is 1.67 px a frame", "use 120px/s (2 px a frame) or 60px/s (1 px)"},
        {30, 50, 1, 2, "30px/s at 50 fps is 0.6 px a frame", "use 25px/s (1 px every 2 frames) or 50px/s (1 px)"},
        {18, 50, 1, 3, "18px/s at 50 fps is 0.36 px a frame", "use 16.67px/s (1 px every 3 frames) or 25px/s (1 px every 2 frames)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Show show;
        show_open(&show, 8, 1, SCREEN_RED, 2, rows[i].fps);
        LedStep step = led_step(rows[i].speed, rows[i].fps, SPAN_NONE, &show.diags);
        assert_int_equal(step.px, rows[i].px);
        assert_int_equal(step.frames, rows[i].frames);
        assert_int_equal(show.diags.warning_count, 1);
        assert_diag(&show, 0, "judder", rows[i].message, rows[i].hint);
        show_close(&show);
    }
}

static void test_hostile_speeds(void **state)
{
    (void)state;
    static const double speeds[] = {1e-300, 1e-9, 1e9, 1e300};
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
        LedStep step = led_step(speeds[i], 50, SPAN_NONE, NULL);
        assert_true(step.px >= 1 && step.frames >= 1 && (step.px == 1 || step.frames == 1));
        Show show;
        show_open(&show, 8, 1, SCREEN_RED, 2, 50);
        show_add(&show, "##", EFFECT_SCROLL_LEFT)->speed_px_s = speeds[i];
        const LedPlan *plan = show_plan(&show);
        assert_true((plan != NULL) == (speeds[i] > 1));
        show_close(&show);
    }
}

/* A speed that was not written, or moves nothing, is no reason to warn; 60 fps has no 50px/s. */
static void test_initial_speed(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show_add(&show, "##", EFFECT_STILL)->speed_px_s = 90;
    show_plan_well(&show);
    assert_int_equal(show.diags.count, 0);
    show_close(&show);
    show_open(&show, 4, 1, SCREEN_RED, 2, 60);
    show_add(&show, "##", EFFECT_SCROLL_LEFT);
    const LedPlan *plan = show_plan_well(&show);
    assert_int_equal(show.diags.count, 0);
    assert_int_equal(led_frame_count(plan), 6);
    show_close(&show);
}

/* ---- motion ---- */

typedef struct MotionCase {
    const char *rows;
    Effect effect, enter, exit;
    double hold, speed;
    unsigned repeat;
    int gap;
    bool seamless;
    TextAlign align;
    const char *film;
} MotionCase;

static void check_film(const MotionCase *c, int width, int height, unsigned fps)
{
    Show show;
    show_open(&show, width, height, SCREEN_RED, 2, fps);
    Motion *motion = show_add(&show, c->rows, c->effect);
    motion->enter = c->enter;
    motion->exit = c->exit;
    motion->hold_seconds = c->hold;
    motion->speed_px_s = c->speed;
    motion->repeat = c->repeat ? c->repeat : 1;
    show.styles[0].align = c->align;
    show.document.playlist.gap = c->gap * LENGTH_ONE;
    show.document.playlist.seamless = c->seamless;
    const LedPlan *plan = show_plan_well(&show);
    assert_string_equal(film(&show, plan), c->film);
    assert_string_equal(frame_text(&show, plan, led_frame_count(plan)), frame_text(&show, plan, 0));
    show_close(&show);
}

static void test_motion(void **state)
{
    (void)state;
    static const MotionCase cases[] = {
        /* enter-and-leave: length 2 and screen 4 */
        {"##", EFFECT_SCROLL_LEFT, 0, 0, -1, 50, 1, 0, false, 0, ".... ...# ..## .##. ##.. #..."},
        {"##", EFFECT_SCROLL_RIGHT, 0, 0, -1, 50, 1, 0, false, 0, ".... #... ##.. .##. ..## ...#"},
        {"##", EFFECT_SCROLL_LEFT, 0, 0, -1, 25, 1, 0, false, 0, "....*2 ...#*2 ..##*2 .##.*2 ##..*2 #...*2"},
        /* 6 px in steps of 4: the second step leaves beyond the edge */
        {"##", EFFECT_SCROLL_LEFT, 0, 0, -1, 200, 1, 0, false, 0, ".... ##.."},
        {"##", EFFECT_SCROLL_LEFT, 0, 0, -1, 100, 2, 0, false, 0, ".... ..## ##.. .... ..## ##.."},
        {"##", EFFECT_SCROLL_LEFT, 0, 0, -1, 100, 1, 3, false, 0, ".... ..## ##.. ....*2"},
        /* seamless: head to tail, never the same text twice on the screen */
        {"##.#", EFFECT_SCROLL_LEFT, 0, 0, -1, 50, 1, 1, true, 0, "##.# #.#. .#.# #.## .##."},
        {"##.#", EFFECT_SCROLL_RIGHT, 0, 0, -1, 50, 1, 1, true, 0, "##.# .##. #.## .#.# #.#."},
        {"#.", EFFECT_SCROLL_LEFT, 0, 0, -1, 50, 1, 0, true, 0, "#... ...# ..#. .#.."},
        /* gap widened to a whole step: period 5 becomes 6 */
        {"##.#", EFFECT_SCROLL_LEFT, 0, 0, -1, 100, 1, 1, true, 0, "##.# .#.. ..##"},
        {"##", EFFECT_STILL, 0, 0, 0.1, -1, 1, 0, false, 0, "##..*5"},
        {"##", EFFECT_STILL, 0, 0, 0.1, -1, 1, 0, false, TEXT_CENTER, ".##.*5"},
        {"##", EFFECT_STILL, 0, 0, 0, -1, 1, 0, false, TEXT_RIGHT, "..##"},
        {"##", EFFECT_NONE, 0, 0, 0.3, -1, 1, 2, false, 0, "##..*15"},
        {"##", EFFECT_NONE, 0, EFFECT_SLIDE_RIGHT, 0.3, 100, 1, 3, false, 0, "##..*15 ..## ....*2"},
        {"####", EFFECT_WIPE, 0, 0, 0.06, -1, 1, 0, false, 0, ".... #... ##.. ###. ####*3"},
        {"####", EFFECT_WIPE, 0, 0, 0.02, 25, 1, 0, false, 0, "....*2 #...*2 ##..*2 ###.*2 ####"},
        {"####", EFFECT_NONE, EFFECT_WIPE, EFFECT_WIPE, 0.04, 100, 1, 0, false, 0, ".... ##.. ####*2 ..##"},
        {"####", EFFECT_NONE, EFFECT_WIPE, EFFECT_WIPE, 0.02, 150, 1, 0, false, 0, ".... ###. #### ...#"},
        /* a curtain opens from the middle and closes from both sides */
        {"####", EFFECT_CURTAIN, 0, 0, 0.04, -1, 1, 0, false, 0, ".... .##. ####*2"},
        {"####", EFFECT_NONE, EFFECT_CURTAIN, EFFECT_CURTAIN, 0.02, 25, 1, 0, false, 0, "....*2 .##.*2 #### .##.*2"},
        /* scroll: until no lit dot is seen; slide: exactly one screen */
        {".##.", EFFECT_NONE, EFFECT_SCROLL_LEFT, EFFECT_CUT, 0.02, 50, 1, 0, false, 0, ".... ...# ..## .##."},
        {".##.", EFFECT_NONE, EFFECT_SLIDE_LEFT, EFFECT_CUT, 0.02, 50, 1, 0, false, 0, "....*2 ...# ..## .##."},
        {".##.", EFFECT_NONE, EFFECT_SCROLL_RIGHT, EFFECT_SCROLL_RIGHT, 0.02, 50, 1, 0, false, 0, ".... #... ##.. .##. ..## ...#"},
        {".##.", EFFECT_NONE, EFFECT_SCROLL_LEFT, EFFECT_SCROLL_RIGHT, 0.04, 50, 1, 0, false, 0, ".... ...# ..## .##.*2 ..## ...#"},
        {".##.", EFFECT_SLIDE_LEFT, 0, 0, 0.02, 50, 1, 0, false, 0, "....*2 ...# ..## .##. ##.. #... ...."},
        {".##.", EFFECT_NONE, EFFECT_CUT, EFFECT_SCROLL_LEFT, 0.02, 25, 1, 0, false, 0, ".##. ##..*2 #...*2"},
        /* 3 px in steps of 2: it comes from one beyond */
        {".##.", EFFECT_NONE, EFFECT_SCROLL_LEFT, EFFECT_CUT, 0.02, 100, 1, 0, false, 0, ".... ...# .##."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_film(&cases[i], 4, 1, 50);
}

/* Two lines of two characters and a space: five dots wide each; the tail of the first hangs into the second's rows. */
static void test_typewriter(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 12, 8, SCREEN_RED, 2, 50);
    static const Glyph upper[] = {{1, 0, 3 * LENGTH_ONE}, {2, 4 * LENGTH_ONE, 3 * LENGTH_ONE}, {3, 6 * LENGTH_ONE, 3 * LENGTH_ONE}};
    static const Glyph lower[] = {{1, 2 * LENGTH_ONE, 7 * LENGTH_ONE}, {2, 7 * LENGTH_ONE, 7 * LENGTH_ONE}};
    static const Cluster clusters[] = {{1, 1}, {1, 1}, {1, 1}};
    static const Face face = {.family = "Test", .file = "test.ttf", .units_per_em = 1000};
    GlyphRun runs[] = {{.face = &face, .size = 4 * LENGTH_ONE, .glyphs = upper, .glyph_count = 3, .text = "a b", .clusters = clusters, .cluster_count = 3},
                       {.face = &face, .size = 4 * LENGTH_ONE, .glyphs = lower, .glyph_count = 2, .text = "cd", .clusters = clusters, .cluster_count = 2}};
    const SceneOp ops[] = {{.kind = SCENE_GLYPHS, .u.glyphs = &runs[1]}, {.kind = SCENE_GLYPHS, .u.glyphs = &runs[0]}};
    const Scene scene = {.width = 12 * LENGTH_ONE, .height = 8 * LENGTH_ONE, .ops = ops, .op_count = 2};
    uint32_t row_ink[] = {4, 4, 4, 4, 2, 0, 4, 4};
    LedTrack track = {.width = 12, .height = 8};
    LedItem item = {.track = &track, .scene = &scene, .height = 8, .width = 12, .row_ink = row_ink};
    led_item_stops(&item, show.arena);
    assert_int_equal(item.stop_count, 4);                    /* in the order of reading; a space is none */
    static const struct { int to, full, end; } seen[] = {{6, 0, 5}, {12, 0, 5}, {7, 5, INT_MAX}, {12, 0, INT_MAX}};
    for (size_t count = 1; count <= 4; count++) {
        LedState shown = {.item = &item, .to = 12, .end = INT_MAX};
        led_reveal_typed(&shown, count);
        assert_int_equal(shown.to, seen[count - 1].to);
        assert_int_equal(shown.full, seen[count - 1].full);
        assert_int_equal(shown.end, seen[count - 1].end);
    }
    LedState none = {.item = &item};
    led_reveal_typed(&none, 0);
    assert_null(none.item);
    show_close(&show);
}

/* Characters a second become whole dots a frame, or whole frames a dot; near enough is not said. */
static void test_characters_a_second(void **state)
{
    (void)state;
    static const struct { double c_s, advance; unsigned fps; int px, frames; const char *hint; } rows[] = {
        {3, 16, 50, 1, 1, NULL}, {3.125, 32, 50, 2, 1, NULL}, {6.25, 8, 50, 1, 1, NULL}, {1.6, 16, 50, 1, 2, NULL},
        {4, 16, 50, 1, 1, "use 50px/s (3.1c/s) or 100px/s (6.3c/s)"}, {1, 24, 50, 1, 2, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Show show;
        show_open(&show, 8, 1, SCREEN_RED, 2, 50);
        LedStep step = led_step_characters(rows[i].c_s, rows[i].advance, rows[i].fps, SPAN_NONE, &show.diags);
        assert_int_equal(step.px, rows[i].px);
        assert_int_equal(step.frames, rows[i].frames);
        assert_int_equal(show.diags.count, rows[i].hint != NULL);
        if (rows[i].hint) assert_string_equal(show.diags.items[0].hint, rows[i].hint);
        show_close(&show);
    }
    assert_int_equal(led_type_frames(5, 50, SPAN_NONE, NULL), 10);
    assert_int_equal(led_type_frames(1000, 50, SPAN_NONE, NULL), 1);
    assert_true(led_type_frames(1e-300, 50, SPAN_NONE, NULL) > 0);
}

static void test_vertical_motion(void **state)
{
    (void)state;
    static const MotionCase cases[] = {
        {"#.|##", EFFECT_SCROLL_UP, 0, 0, -1, 50, 1, 0, false, 0, "..|..|.. ..|..|#. ..|#.|## #.|##|.. ##|..|.."},
        {"#.|##", EFFECT_SCROLL_DOWN, 0, 0, -1, 50, 1, 0, false, 0, "..|..|.. ##|..|.. #.|##|.. ..|#.|## ..|..|#."},
        {"#.|.#|##|..", EFFECT_SCROLL_UP, 0, 0, -1, 50, 1, 0, true, 0, "#.|.#|## .#|##|.. ##|..|#. ..|#.|.#"},
        {"#.|.#|##|..", EFFECT_SCROLL_DOWN, 0, 0, -1, 100, 1, 0, true, 0, "#.|.#|## ##|..|#."},
        {"##|..|..", EFFECT_SLIDE_UP, 0, 0, 0.02, 50, 1, 0, false, 0, "..|..|.. ..|..|## ..|##|.. ##|..|.. ..|..|..*2"},
        {"##|..|..", EFFECT_NONE, EFFECT_SCROLL_DOWN, EFFECT_SLIDE_DOWN, 0.02, 50, 1, 0, false, 0, "..|..|.. ##|..|.. ..|##|.. ..|..|##"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_film(&cases[i], 2, 3, 50);
}

static void test_initial_hold(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 25);
    show_add(&show, "#..#", EFFECT_STILL);
    assert_string_equal(film(&show, show_plan_well(&show)), "#..#*75");
    show_close(&show);
}

static void test_blink(void **state)
{
    (void)state;
    static const struct { unsigned fps; double hold; const char *film; } cases[] = {
        {50, 2, "#..#*25 ....*25 #..#*25 ....*25"}, {50, 1.2, "#..#*25 ....*25 #..#*10"}, {25, -1, "#..#*13 ....*13 #..#*13 ....*13 #..#*13 ....*10"},
        {1, 4, "#..# .... #..# ...."},              {10, 0.3, "#..#*3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Show show;
        show_open(&show, 4, 1, SCREEN_RED, 2, cases[i].fps);
        show_add(&show, "#..#", EFFECT_BLINK)->hold_seconds = cases[i].hold;
        assert_string_equal(film(&show, show_plan_well(&show)), cases[i].film);
        show_close(&show);
    }
}

static void test_unused_hold(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show_add(&show, "##", EFFECT_SCROLL_LEFT)->hold_seconds = 1;
    show_plan_well(&show);
    assert_int_equal(show.diags.count, 1);
    assert_diag(&show, 0, "unused-hold", "\"hold\" does nothing: the text only passes", "to let it rest use enter, hold and exit instead of effect");
    show_close(&show);
}

static void test_playlist(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show.document.playlist.seamless = true;
    show_add(&show, "#..#", EFFECT_STILL)->hold_seconds = 0.2;
    Motion *second = show_add(&show, "##", EFFECT_SCROLL_LEFT);
    second->speed_px_s = 100;
    second->repeat = 2;
    show_add(&show, "####", EFFECT_NONE)->exit = EFFECT_SCROLL_LEFT;
    show.nodes[2].motion.hold_seconds = 0.1;
    const LedPlan *plan = show_plan_well(&show);
    /* Among others a scroll passes and leaves, also in a seamless playlist; a cut back to the start is a legal seam. */
    assert_string_equal(film(&show, plan), "#..#*10 .... ..## ##.. .... ..## ##.. ####*5 ###. ##.. #...");
    assert_string_equal(frame_text(&show, plan, led_frame_count(plan)), "#..#");
    show_close(&show);
}

/* Frame i + 1 is frame i moved by the step, wherever both show the strip. */
static void check_shift(Effect effect, bool seamless, double speed, int strip, int step, int frames)
{
    Show show;
    show_open(&show, 37, 11, SCREEN_RED, 2, 50);
    show.document.playlist.seamless = seamless;
    show.document.playlist.gap = 5 * LENGTH_ONE;
    bool is_level = effect == EFFECT_SCROLL_LEFT || effect == EFFECT_SCROLL_RIGHT;
    const char *rows = noise_rows(&show, is_level ? strip : 37, is_level ? 11 : strip, "#.", 7);
    show_add(&show, rows, effect)->speed_px_s = speed;
    const LedPlan *plan = show_plan_well(&show);
    int dx = effect == EFFECT_SCROLL_LEFT ? -step : effect == EFFECT_SCROLL_RIGHT ? step : 0;
    int dy = effect == EFFECT_SCROLL_UP ? -step : effect == EFFECT_SCROLL_DOWN ? step : 0;
    for (size_t i = 0; i < led_frame_count(plan); i++) {     /* the last pair is across the seam */
        PngPicture now = led_frame(plan, i, show.arena), next = led_frame(plan, i + 1, show.arena);
        bool moved = (i + 1) % (size_t)frames == 0;
        for (int y = 0; y < 11; y++) {
            for (int x = 0; x < 37; x++) {
                int from_x = moved ? x - dx : x, from_y = moved ? y - dy : y;
                if (from_x < 0 || from_x >= 37 || from_y < 0 || from_y >= 11) continue;
                if (dot(&next, x, y) != dot(&now, from_x, from_y)) fail_msg("effect %d frame %zu dot %d,%d", (int)effect, i, x, y);
            }
        }
    }
    PngPicture first = led_frame(plan, 0, show.arena), beyond = led_frame(plan, led_frame_count(plan), show.arena);
    assert_same_frame(&first, &beyond);
    show_close(&show);
}

static void test_shift(void **state)
{
    (void)state;
    static const Effect effects[] = {EFFECT_SCROLL_LEFT, EFFECT_SCROLL_RIGHT, EFFECT_SCROLL_UP, EFFECT_SCROLL_DOWN};
    static const int strips[] = {1, 10, 37, 90};
    for (size_t e = 0; e < 4; e++) {
        for (size_t s = 0; s < 4; s++) {
            check_shift(effects[e], true, 50, strips[s], 1, 1);
            check_shift(effects[e], true, 150, strips[s], 3, 1);
            check_shift(effects[e], true, 25, strips[s], 1, 2);
            /* enter-and-leave with a gap of 5: without it the step must divide the period to be a shift across the seam */
        }
    }
}

/* ---- areas ---- */

/* A still word above, a marquee of 4 frames left of one of 6: all are back after 12. */
static void test_areas(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 7, 2, SCREEN_RED, 2, 50);
    show_add_area(&show, "top", 0, 0, 7, 1);
    show_add(&show, "#.#", EFFECT_STILL)->hold_seconds = 0.02;
    show_add_area(&show, "left", 0, 1, 3, 1)->seamless = true;
    show_add(&show, "#.##", EFFECT_SCROLL_LEFT);
    show_add_area(&show, "right", 4, 1, 3, 1)->seamless = true;
    show_add(&show, "##.##.", EFFECT_SCROLL_RIGHT);
    const LedPlan *plan = show_plan_well(&show);
    assert_int_equal(led_frame_count(plan), 12);
    assert_string_equal(frame_text(&show, plan, 0), "#.#....|#.#.##.");
    assert_string_equal(frame_text(&show, plan, 1), "#.#....|.##..##");
    assert_string_equal(frame_text(&show, plan, 5), "#.#....|.##.#.#");
    assert_string_equal(frame_text(&show, plan, 11), "#.#....|##..#.#");
    assert_string_equal(frame_text(&show, plan, 12), frame_text(&show, plan, 0));
    for (size_t i = 0; i < 12; i++) assert_int_equal(led_frame_original(plan, i), i);
    show_close(&show);
}

/* Areas at odd places of a packed row, behind each other and with a background, against the same dots one by one. */
static void check_areas_at(ScreenColor color, unsigned levels, const char *alphabet)
{
    Show show;
    show_open(&show, 29, 3, color, levels, 50);
    static const Color ground = {.name = "ground", .has_rgb = true, .rgb = {255, 0, 0}};
    show_add_area(&show, "a", 1, 0, 12, 3)->seamless = true;
    show_add(&show, noise_rows(&show, 17, 3, alphabet, 3), EFFECT_SCROLL_LEFT);
    show_add_area(&show, "b", 14, 1, 13, 2)->seamless = true;
    show.areas[1].background = &ground;
    Motion *motion = show_add(&show, noise_rows(&show, 5, 1, alphabet, 4), EFFECT_NONE);
    motion->enter = EFFECT_WIPE;
    motion->exit = EFFECT_SLIDE_LEFT;
    motion->hold_seconds = 0.1;
    const LedPlan *plan = show_plan_well(&show);
    for (size_t i = 0; i <= led_frame_count(plan); i += 1 + i % 3) {
        PngPicture frame = led_frame(plan, i, show.arena);
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 29; x++) {
                bool in_a = x >= 1 && x < 13, in_b = x >= 14 && x < 27 && y >= 1;
                if (in_a) continue;
                if (!in_b) assert_int_equal(dot(&frame, x, y), 0);
                else if (y == 2) assert_int_equal(dot(&frame, x, y), 0xff0000);
            }
        PngPicture next = led_frame(plan, i + 1 <= led_frame_count(plan) ? i + 1 : i, show.arena);
        if (i + 1 > led_frame_count(plan)) continue;
        for (int y = 0; y < 3; y++)                          /* area a: one dot to the left, within the area */
            for (int x = 1; x < 12; x++) assert_int_equal(dot(&next, x, y), dot(&frame, x + 1, y));
    }
    show_close(&show);
}

static void test_areas_are_packed(void **state)
{
    (void)state;
    check_areas_at(SCREEN_RED, 2, "..R");
    check_areas_at(SCREEN_RED_GREEN, 2, "..RGY");
    check_areas_at(SCREEN_RGB, 2, "..RGYBMCW");
    check_areas_at(SCREEN_RGB, 256, "..RGYBMCW");
}

static void test_areas_that_never_meet(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 20, 2, SCREEN_RED, 2, 50);
    show_add_area(&show, "a", 0, 0, 20, 1)->seamless = true;
    show_add(&show, noise_rows(&show, 307, 1, ".#", 1), EFFECT_SCROLL_LEFT);
    show.areas[0].playlist.gap = 4 * LENGTH_ONE;             /* 311 frames */
    show_add_area(&show, "b", 0, 1, 20, 1)->seamless = true;
    show_add(&show, noise_rows(&show, 293, 1, ".#", 2), EFFECT_SCROLL_LEFT);
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "areas-loop", "the areas repeat after 6.22 and 5.86 s, all together not within 600 s",
                "gap: 279px in area \"a\", or gap: 18px in area \"b\"");
    show_close(&show);
    show_open(&show, 20, 2, SCREEN_RED, 2, 50);
    show_add_area(&show, "a", 0, 0, 20, 1);
    show_add(&show, "#", EFFECT_STILL);
    show_add_area(&show, "b", 0, 1, 20, 1);
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "empty-playlist", "the playlist of area \"b\" shows nothing", "add an item to \"items\"");
    show_close(&show);
}

/* ---- looks ---- */

/* A dot red, another that is red and green in turns, two frames each. */
static const Color *const turns_of[] = {&colors[0], &colors[1]};
static const ColorCycle turning = {.colors = turns_of, .count = 2, .seconds = 2};
static const Color turn = {.name = "turn", .has_rgb = true, .rgb = {255, 0, 0}, .cycle = &turning};

static const Scene *turning_scene(Show *show, int width)
{
    SceneBuilder *scene = scene_new(show->arena, width * LENGTH_ONE, LENGTH_ONE, 0, true);
    scene_add_rect(scene, (Rect){0, 0, LENGTH_ONE, LENGTH_ONE}, &colors[0]);
    scene_add_rect(scene, (Rect){LENGTH_ONE, 0, LENGTH_ONE, LENGTH_ONE}, &turn);
    return scene_finish(scene, NULL);
}

static void test_cycles(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 3, 1, SCREEN_RED_GREEN, 2, 2);
    show_add_scene(&show, turning_scene(&show, 2), EFFECT_STILL)->hold_seconds = 3;
    show_add(&show, "..G", EFFECT_STILL)->hold_seconds = 0.5;
    const LedPlan *plan = show_plan_well(&show);
    assert_string_equal(film(&show, plan), "RR.*2 RG.*2 RR.*2 ..G");         /* it begins anew with each pass */
    assert_int_equal(led_frame_original(plan, 5), 0);
    show_close(&show);

    /* Head to tail: 3 frames round, 4 of the colours, 12 for both; the seam is none for either. */
    show_open(&show, 3, 1, SCREEN_RED_GREEN, 2, 2);
    show.document.playlist.seamless = true;
    show_add_scene(&show, turning_scene(&show, 3), EFFECT_SCROLL_LEFT)->speed_px_s = 2;
    plan = show_plan_well(&show);
    assert_string_equal(film(&show, plan), "RR. R.R .RG RG. R.R .RR RG. G.R .RR RR. G.R .RG");
    show_close(&show);
}

/* Blending passes through linear light, not through the numbers. */
static void test_cycles_blend(void **state)
{
    (void)state;
    static const ColorCycle slow = {.colors = turns_of, .count = 2, .seconds = 2, .blends = true};
    static const Color blend = {.name = "blend", .has_rgb = true, .rgb = {255, 0, 0}, .cycle = &slow};
    Show show;
    show_open(&show, 1, 1, SCREEN_RGB, 256, 2);
    SceneBuilder *scene = scene_new(show.arena, LENGTH_ONE, LENGTH_ONE, 0, true);
    scene_add_rect(scene, (Rect){0, 0, LENGTH_ONE, LENGTH_ONE}, &blend);
    show_add_scene(&show, scene_finish(scene, NULL), EFFECT_STILL)->hold_seconds = 2;
    const LedPlan *plan = show_plan_well(&show);
    static const uint32_t expected[] = {0xff0000, 0xbcbc00, 0x00ff00, 0xbcbc00};
    for (size_t i = 0; i < 4; i++) {
        PngPicture frame = led_frame(plan, i, show.arena);
        assert_int_equal(dot(&frame, 0, 0), expected[i]);
    }
    show_close(&show);
}

static void test_cycles_in_whole_frames(void **state)
{
    (void)state;
    static const ColorCycle odd = {.colors = turns_of, .count = 2, .seconds = 0.07};
    static const Color color = {.name = "odd", .has_rgb = true, .rgb = {255, 0, 0}, .cycle = &odd};
    Show show;
    show_open(&show, 1, 1, SCREEN_RGB, 256, 50);
    SceneBuilder *scene = scene_new(show.arena, LENGTH_ONE, LENGTH_ONE, 0, true);
    scene_add_rect(scene, (Rect){0, 0, LENGTH_ONE, LENGTH_ONE}, &color);
    show_add_scene(&show, scene_finish(scene, NULL), EFFECT_STILL)->hold_seconds = 0.08;
    show_plan(&show);
    assert_diag(&show, 0, "judder", "each colour of \"odd\" lasts 1.75 frames at 50 fps", "period: 0.08s or 0.04s");
    show_close(&show);
}

/* A text that says another thing each second: its dot moves to the right. */
typedef struct Ticking { Show *show; size_t asked; } Ticking;

static const Scene *tick(void *context, size_t index, size_t second, DiagList *diags)
{
    (void)diags;
    Ticking *ticking = context;
    assert_int_equal(index, 0);
    assert_int_equal(second, ++ticking->asked);
    static const char *const rows[] = {"#..", ".#.", "..#"};
    return picture(ticking->show, rows[second % 3]);
}

static void test_time_goes_on(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 3, 1, SCREEN_RED, 2, 2);
    Ticking ticking = {.show = &show};
    show_add(&show, "#..", EFFECT_STILL)->hold_seconds = 1.5;
    show.strips[0].is_timed = true;
    show_add(&show, "###", EFFECT_STILL)->hold_seconds = 1.5;
    const LedTimes times = {tick, &ticking};
    const LedPlan *plan = led_plan(show.arena, &show.document, show.strips, show.count, &times, raster_new(show.arena, NULL), &show.diags);
    assert_non_null(plan);
    assert_int_equal(ticking.asked, 2);                      /* three seconds in all */
    assert_string_equal(film(&show, plan), "#..*2 .#. ###*3");
    show_close(&show);
}

static void test_original(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 5, 1, SCREEN_RED, 2, 50);
    show.document.playlist.gap = 2 * LENGTH_ONE;
    Motion *motion = show_add(&show, "##", EFFECT_SCROLL_LEFT);
    motion->speed_px_s = 25;
    motion->repeat = 3;
    show_add(&show, "#.#", EFFECT_BLINK)->hold_seconds = 1.3;
    motion = show_add(&show, "#.#.#", EFFECT_NONE);
    motion->enter = EFFECT_WIPE;
    motion->exit = EFFECT_SLIDE_RIGHT;
    motion->repeat = 2;
    const LedPlan *plan = show_plan_well(&show);
    size_t drawn = 0;
    for (size_t i = 0; i < led_frame_count(plan); i++) {
        size_t original = led_frame_original(plan, i);
        assert_true(original <= i);
        assert_int_equal(led_frame_original(plan, original), original);
        PngPicture a = led_frame(plan, i, show.arena), b = led_frame(plan, original, show.arena);
        assert_same_frame(&a, &b);
        drawn += original == i;
    }
    assert_int_equal(drawn, 8 + 2 + 11);      /* marquee 7 and its gap; lit, dark; wipe 5, rest, slide 4, gap */
    show_close(&show);
}

/* ---- colours ---- */

static void test_palettes(void **state)
{
    (void)state;
    static const struct { ScreenColor color; unsigned levels; const char *rows; int depth, count; const char *palette; } cases[] = {
        {SCREEN_RED, 2, "#.", 1, 2, "000000 ff0000"},
        {SCREEN_RED_GREEN, 2, "RGY.", 2, 4, "000000 ff0000 00ff00 ffff00"},
        {SCREEN_RGB, 2, "RGYBMCW.", 4, 8, "000000 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff"},
        {SCREEN_RGB, 256, "WRB.", 8, 4, "000000 0000ff ff0000 ffffff"},
        {SCREEN_RED, 256, "#.", 8, 2, "000000 ff0000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Show show;
        show_open(&show, (int)strlen(cases[i].rows), 1, cases[i].color, cases[i].levels, 50);
        show_add(&show, cases[i].rows, EFFECT_STILL);
        const LedPlan *plan = show_plan_well(&show);
        PngPicture frame = led_frame(plan, 0, show.arena);
        assert_int_equal(frame.type, PNG_PALETTE);
        assert_int_equal(frame.depth, cases[i].depth);
        assert_int_equal(frame.palette_count, cases[i].count);
        assert_string_equal(frame_text(&show, plan, 0), cases[i].rows);
        char text[128] = "";
        for (int c = 0; c < frame.palette_count; c++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%02x%02x%02x", c ? " " : "", frame.palette[c][0], frame.palette[c][1],
                     frame.palette[c][2]);
        assert_string_equal(text, cases[i].palette);
        show_close(&show);
    }
}

/* Beyond 256 colours the frames are RGB; at 256 they still have a palette. */
static void test_true_colour(void **state)
{
    (void)state;
    for (int count = 255; count <= 257; count++) {            /* and black */
        Show show;
        show_open(&show, 300, 1, SCREEN_RGB, 256, 50);
        Color *many = ARENA_ARRAY(show.arena, Color, (size_t)count);
        SceneBuilder *scene = scene_new(show.arena, 300 * LENGTH_ONE, LENGTH_ONE, 0, true);
        for (int i = 0; i < count; i++) {
            many[i] = (Color){.name = "c", .has_rgb = true, .rgb = {(uint8_t)(i & 0xff), (uint8_t)(i >> 8), 9}};
            scene_add_rect(scene, (Rect){i * LENGTH_ONE, 0, LENGTH_ONE, LENGTH_ONE}, &many[i]);
        }
        Motion *motion = show_add_scene(&show, scene_finish(scene, NULL), EFFECT_NONE);
        motion->exit = EFFECT_SCROLL_LEFT;
        const LedPlan *plan = show_plan_well(&show);
        PngPicture frame = led_frame(plan, 0, show.arena);
        assert_int_equal(frame.type, count == 255 ? PNG_PALETTE : PNG_RGB);
        assert_int_equal(frame.depth, 8);
        assert_int_equal(frame.stride, count == 255 ? 300 : 900);
        for (int i = 0; i < count; i++) assert_int_equal(dot(&frame, i, 0), (uint32_t)(i & 0xff) << 16 | (uint32_t)(i >> 8) << 8 | 9);
        frame = led_frame(plan, 160, show.arena);             /* 11 px on: 150 held, then one a frame */
        assert_int_equal(dot(&frame, 3, 0), 14u << 16 | 9);
        show_close(&show);
    }
}

static void test_palette_errors(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show_add(&show, "#Y#Y", EFFECT_STILL);
    assert_null(show_plan(&show));
    assert_int_equal(show.diags.error_count, 1);
    assert_diag(&show, 0, "palette", "\"yellow\" (#FFFF00) cannot be shown by a red screen without grey", "the screen shows #000000 and #FF0000");
    assert_string_equal(show.diags.items[0].path, "/playlist/items/0");
    assert_int_equal(show.diags.items[0].repeats, 0);
    show_close(&show);

    show_open(&show, 4, 1, SCREEN_RED_GREEN, 2, 50);
    show_add(&show, "RGYW", EFFECT_STILL);
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "palette", "\"white\" (#FFFFFF) cannot be shown by a red-green screen without grey",
                "the screen shows #000000, #FF0000, #00FF00 and #FFFF00");
    show_close(&show);

    show_open(&show, 4, 1, SCREEN_RED, 256, 50);
    show_add(&show, "#B", EFFECT_STILL);
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "palette", "\"blue\" (#0000FF) cannot be shown by a red screen", "the screen shows shades of red only");
    show_close(&show);

    static const Color amber = {.name = "amber", .has_rgb = true, .rgb = {255, 160, 0}}, ink = {.name = "ink", .has_cmyk = true};
    show_open(&show, 4, 1, SCREEN_RGB, 2, 50);
    SceneBuilder *inner = scene_new(show.arena, 4 * LENGTH_ONE, LENGTH_ONE, 0, true);
    scene_add_rect(inner, (Rect){0, 0, LENGTH_ONE, LENGTH_ONE}, &amber);
    SceneBuilder *scene = scene_new(show.arena, 4 * LENGTH_ONE, LENGTH_ONE, 0, true);
    scene_add_form(scene, scene_finish(inner, NULL), 0, 0);
    scene_begin(scene, NULL, NULL, 0.5);
    scene_add_rect(scene, (Rect){0, 0, LENGTH_ONE, LENGTH_ONE}, &ink);
    scene_end(scene);
    show_add_scene(&show, scene_finish(scene, NULL), EFFECT_STILL);
    assert_null(show_plan(&show));
    assert_int_equal(show.diags.error_count, 3);
    assert_diag(&show, 0, "palette", "\"amber\" (#FFA000) cannot be shown by an rgb screen without grey",
                "the screen shows #000000, #FF0000, #00FF00, #FFFF00, #0000FF, #FF00FF, #00FFFF and #FFFFFF");
    assert_diag(&show, 1, "palette", "\"opacity\" cannot be shown by a screen without grey", "leave opacity away: a dot is lit or dark");
    assert_diag(&show, 2, "palette", "\"ink\" has no rgb value for the screen", "give it an rgb value");
    show_close(&show);
}

static void test_pictures_are_dithered(void **state)
{
    (void)state;
    enum { SIDE = 16 };
    static uint32_t pixels[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) pixels[i] = i < SIDE * SIDE / 2 ? 0xffbcbcbcu : 0xffff0000u;   /* half light (linear), and the screen's red */
    static const Image image = {.kind = IMAGE_PIXELS, .path = "art/face.png", .width = SIDE, .height = SIDE, .natural_width = SIDE,
                                .natural_height = SIDE, .pixels = (const uint8_t *)pixels};
    Show show;
    show_open(&show, SIDE, SIDE, SCREEN_RED, 2, 50);
    SceneBuilder *scene = scene_new(show.arena, SIDE * LENGTH_ONE, SIDE * LENGTH_ONE, 0, true);
    scene_add_image(scene, &image, (Rect){0, 0, SIDE * LENGTH_ONE, SIDE * LENGTH_ONE});
    show_add_scene(&show, scene_finish(scene, NULL), EFFECT_STILL);
    const LedPlan *plan = show_plan_well(&show);
    assert_int_equal(show.diags.warning_count, 1);
    assert_diag(&show, 0, "palette", "the picture \"art/face.png\" is dithered to the 2 colours of the screen",
                "draw it in these colours to choose every dot yourself");
    PngPicture frame = led_frame(plan, 0, show.arena);
    int lit[2] = {0, 0};
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) lit[y >= SIDE / 2] += dot(&frame, x, y) != 0;
    assert_int_equal(lit[0], SIDE * SIDE / 4);
    assert_int_equal(lit[1], SIDE * SIDE / 2);
    show_close(&show);
}

/* Few levels of grey: the nearest one. */
static void test_levels(void **state)
{
    (void)state;
    static const struct { unsigned levels; uint8_t value, shown; } cases[] = {
        {4, 0, 0}, {4, 42, 0}, {4, 43, 85}, {4, 127, 85}, {4, 128, 170}, {4, 255, 255}, {16, 100, 102}, {256, 99, 99}, {3, 128, 128},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Show show;
        show_open(&show, 1, 1, SCREEN_RED, cases[i].levels, 50);
        Color red = {.name = "dim", .has_rgb = true, .rgb = {cases[i].value, 0, 0}};
        SceneBuilder *scene = scene_new(show.arena, LENGTH_ONE, LENGTH_ONE, 0, true);
        scene_add_rect(scene, (Rect){0, 0, LENGTH_ONE, LENGTH_ONE}, &red);
        show_add_scene(&show, scene_finish(scene, NULL), EFFECT_STILL);
        PngPicture frame = led_frame(show_plan_well(&show), 0, show.arena);
        assert_int_equal(dot(&frame, 0, 0), (uint32_t)cases[i].shown << 16);
        show_close(&show);
    }
}

/* ---- packing ---- */

/* Every frame against dots read from the strip's own text. */
static void check_packing(ScreenColor color, unsigned levels, const char *alphabet, int width, bool seamless, Effect effect)
{
    Show show;
    show_open(&show, width, 3, color, levels, 50);
    show.document.playlist.seamless = seamless;
    int length = 29, height = 3;
    const char *rows = noise_rows(&show, length, height, alphabet, (uint32_t)width);
    show_add(&show, rows, effect);
    const LedPlan *plan = show_plan_well(&show);
    int period = seamless ? (length > width ? length : width) : length + width;
    assert_int_equal(led_frame_count(plan), period);
    for (int i = 0; i < period; i++) {
        PngPicture frame = led_frame(plan, (size_t)i, show.arena);
        int left = effect == EFFECT_SCROLL_LEFT ? (seamless ? -i : width - i) : (seamless ? i : i - length);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = x - left;
                if (seamless) column = (column % period + period) % period;
                char expected = column >= 0 && column < length ? rows[y * (length + 1) + column] : '.';
                assert_int_equal(letter_of(dot(&frame, x, y), color == SCREEN_RED), expected);
            }
            int used = width * frame.depth % 8;
            if (frame.type == PNG_PALETTE && used)
                assert_int_equal(frame.rows[(size_t)y * frame.stride + frame.stride - 1] & (0xff >> used), 0);
        }
    }
    show_close(&show);
}

static void test_packing(void **state)
{
    (void)state;
    static const int widths[] = {1, 5, 8, 13, 64, 67, 131};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        for (int seamless = 0; seamless < 2; seamless++) {
            check_packing(SCREEN_RED, 2, "#.", widths[i], seamless, EFFECT_SCROLL_LEFT);
            check_packing(SCREEN_RED, 2, "#.", widths[i], seamless, EFFECT_SCROLL_RIGHT);
            check_packing(SCREEN_RED_GREEN, 2, "RGY.", widths[i], seamless, EFFECT_SCROLL_LEFT);
            check_packing(SCREEN_RGB, 2, "RGYBMCW.", widths[i], seamless, EFFECT_SCROLL_LEFT);
            check_packing(SCREEN_RGB, 256, "RGYBMCW.", widths[i], seamless, EFFECT_SCROLL_RIGHT);
        }
    }
}

/* Longer than any of Cairo's surfaces. */
static void test_long_strip(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 16, 2, SCREEN_RED, 2, 50);
    int length = 70001;
    SceneBuilder *scene = scene_new(show.arena, length * LENGTH_ONE, 2 * LENGTH_ONE, 0, true);
    scene_add_rect(scene, (Rect){(length - 1) * LENGTH_ONE, 0, LENGTH_ONE, LENGTH_ONE}, &colors[0]);
    scene_add_rect(scene, (Rect){40000 * LENGTH_ONE, LENGTH_ONE, LENGTH_ONE, LENGTH_ONE}, &colors[0]);
    show_add_scene(&show, scene_finish(scene, NULL), EFFECT_SCROLL_LEFT);
    const LedPlan *plan = show_plan_well(&show);
    assert_int_equal(led_frame_count(plan), length + 16);
    assert_string_equal(frame_text(&show, plan, 40000 + 16), "................|#...............");
    assert_string_equal(frame_text(&show, plan, 70000 + 1), "...............#|................");
    show_close(&show);
}

/* ---- what cannot be shown ---- */

static void test_clipped_strips(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 2, SCREEN_RED, 2, 50);
    show_add(&show, "######|######", EFFECT_STILL);
    show_add(&show, "#####", EFFECT_NONE)->exit = EFFECT_SCROLL_LEFT;
    show_add(&show, "##|##|##", EFFECT_SCROLL_LEFT);
    show_add(&show, "#####|##", EFFECT_SCROLL_UP);
    assert_null(show_plan(&show));
    assert_int_equal(show.diags.error_count, 4);
    assert_diag(&show, 0, "strip-clipped", "item 1 is 6 px wide, the screen 4", "use effect: scroll-left, or a smaller size");
    assert_diag(&show, 1, "strip-clipped", "item 2 is 5 px wide, the screen 4", "use effect: scroll-left, or a smaller size");
    assert_diag(&show, 2, "strip-clipped", "item 3 is 3 px high, the screen 2", "use effect: scroll-up, or a smaller size");
    assert_diag(&show, 3, "strip-clipped", "item 4 is 5 px wide, the screen 4", "use effect: scroll-left, or a smaller size");
    show_close(&show);
}

static void test_too_long(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    SceneBuilder *scene = scene_new(show.arena, LENGTH_MAX, LENGTH_ONE, 0, true);
    show_add_scene(&show, scene_finish(scene, NULL), EFFECT_SCROLL_LEFT);
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "strip-too-long", "item 1 is 1048576 px long, at most 1000000 can be drawn", "divide it into several items");
    show_close(&show);
}

static void test_too_many_frames(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show_add(&show, "#", EFFECT_STILL)->hold_seconds = 2000.02;
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "too-many-frames", "the playlist takes 100001 frames (2000 s at 50 fps), at most 100000 can be made",
                "hold items shorter, scroll faster, repeat less or divide the playlist");
    show_close(&show);

    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show_add(&show, "#", EFFECT_STILL)->hold_seconds = 2000;
    assert_int_equal(led_frame_count(show_plan_well(&show)), 100000);
    show_close(&show);

    show_open(&show, 4, 1, SCREEN_RED, 2, 240);
    for (int i = 0; i < ITEMS; i++) {
        Motion *motion = show_add(&show, "#", EFFECT_STILL);
        motion->hold_seconds = 1e300;
        motion->repeat = 4000000000u;
    }
    assert_null(show_plan(&show));
    assert_string_equal(show.diags.items[0].code, "too-many-frames");
    show_close(&show);
}

static void test_bad_screens(void **state)
{
    (void)state;
    static const struct { int width, height; unsigned levels, fps; const char *code; } cases[] = {
        {0, 16, 2, 50, "out-of-range"}, {16, -1, 2, 50, "out-of-range"}, {LIMIT_SCREEN_PX + 1, 16, 2, 50, "out-of-range"},
        {16, 16, 2, 0, "out-of-range"}, {16, 16, 2, 241, "out-of-range"}, {16, 16, 1, 50, "out-of-range"}, {16, 16, 257, 50, "out-of-range"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Show show;
        show_open(&show, cases[i].width, cases[i].height, SCREEN_RED, cases[i].levels, cases[i].fps);
        show_add(&show, "#", EFFECT_STILL);
        assert_null(show_plan(&show));
        assert_string_equal(show.diags.items[0].code, cases[i].code);
        show_close(&show);
    }
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "empty-playlist", "the playlist shows nothing", "add an item to \"items\"");
    show_close(&show);
}

static void test_flashing(void **state)
{
    (void)state;
    static const struct { double lit, dark; bool is_safe; } cases[] = {
        {0.5, 0.5, true}, {0.18, 0.18, true}, {0.1, 0.1, false}, {0.02, 0.02, false}, {0.1, 0.4, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Show show;
        show_open(&show, 4, 1, SCREEN_RED, 2, 50);
        show_add(&show, "####", EFFECT_STILL)->hold_seconds = cases[i].lit;
        show_add(&show, "....", EFFECT_STILL)->hold_seconds = cases[i].dark;
        const LedPlan *plan = show_plan(&show);
        assert_true((plan != NULL) == cases[i].is_safe);
        if (!cases[i].is_safe) assert_string_equal(show.diags.items[0].code, "flashing");
        show_close(&show);
    }
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show_add(&show, "####", EFFECT_STILL)->hold_seconds = 0.1;
    show_add(&show, "....", EFFECT_STILL)->hold_seconds = 0.1;
    assert_null(show_plan(&show));
    assert_diag(&show, 0, "flashing", "the screen flashes 5 times in the second from 0.1 s, at most 3 are safe to look at",
                "hold what comes and goes for at least 0.17s");
    show_close(&show);

    /* Two texts as bright as each other may change places quickly. */
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show_add(&show, "##..", EFFECT_STILL)->hold_seconds = 0.1;
    show_add(&show, "..##", EFFECT_STILL)->hold_seconds = 0.1;
    show_plan_well(&show);
    show_close(&show);
}

static Motion *add_words(Show *show, const char *text, int width, Effect effect)
{
    GlyphRun *run = ARENA_NEW(show->arena, GlyphRun);
    static const Face face = {.family = "Test", .file = "test.ttf", .units_per_em = 1000};
    run->face = &face;
    run->size = 16 * LENGTH_ONE;
    run->is_dots = true;
    run->text = text;
    run->color = &colors[0];
    SceneBuilder *scene = scene_new(show->arena, width * LENGTH_ONE, LENGTH_ONE, 0, true);
    scene_add_glyphs(scene, run);
    return show_add_scene(show, scene_finish(scene, NULL), effect);
}

static void test_reading_speed(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 64, 1, SCREEN_RED, 2, 50);
    add_words(&show, "不轻信、不透露、不转账，谨防诈骗", 256, EFFECT_SCROLL_LEFT)->speed_px_s = 100;
    show_plan_well(&show);
    assert_int_equal(show.diags.warning_count, 1);
    assert_diag(&show, 0, "reading-speed", "\"不轻信、不透露、不转账，…\" passes at 6.3 characters a second, readers follow 4.5",
                "use 50px/s (3.1 characters a second)");
    show_close(&show);

    show_open(&show, 64, 1, SCREEN_RED, 2, 50);
    add_words(&show, "不轻信、不透露、不转账，谨防诈骗", 256, EFFECT_SCROLL_LEFT)->speed_px_s = 50;
    add_words(&show, "96110 96110 96110", 136, EFFECT_SCROLL_LEFT)->speed_px_s = 50;
    add_words(&show, "诚信经营", 64, EFFECT_STILL);
    show_plan_well(&show);
    assert_int_equal(show.diags.count, 0);
    show_close(&show);

    show_open(&show, 64, 1, SCREEN_RED, 2, 50);
    add_words(&show, "诚信经营", 64, EFFECT_STILL)->hold_seconds = 0.5;
    show_plan_well(&show);
    assert_diag(&show, 0, "reading-speed", "\"诚信经营\" rests for 0.5 s, too short to read 4 characters", "use hold: 0.9s");
    show_close(&show);

    show_open(&show, 64, 1, SCREEN_RED, 2, 50);
    add_words(&show, "诚信经营", 64, EFFECT_BLINK)->hold_seconds = 1;
    show_plan_well(&show);
    assert_diag(&show, 0, "reading-speed", "\"诚信经营\" blinks for 1 s, too short to read 4 characters", "use hold: 1.8s");
    show_close(&show);
}

/* ---- text ---- */

/* A scene of 16 rows with the test strike's dots, its baseline at row `baseline`, its first origin at column `x`. */
static const Scene *set_text(Show *show, FontEngine *engine, const Face *face, const char *text, int width, int x, int baseline, const Color *color)
{
    GlyphRun *run = ARENA_NEW(show->arena, GlyphRun);
    Glyph *glyphs = ARENA_ARRAY(show->arena, Glyph, strlen(text));
    *run = (GlyphRun){.face = face, .size = 16 * LENGTH_ONE, .is_dots = true, .color = color, .glyphs = glyphs, .text = text};
    for (const char *c = text; *c; c++, x += 8)
        glyphs[run->glyph_count++] = (Glyph){FT_Get_Char_Index(font_ft_face(engine, face), (FT_ULong)*c), x * LENGTH_ONE, baseline * LENGTH_ONE};
    SceneBuilder *scene = scene_new(show->arena, width * LENGTH_ONE, 16 * LENGTH_ONE, 0, true);
    if (color != &colors[0]) scene_add_rect(scene, (Rect){0, 0, width * LENGTH_ONE, 16 * LENGTH_ONE}, &colors[0]);
    scene_add_glyphs(scene, run);
    return scene_finish(scene, NULL);
}

static void test_text(void **state)
{
    (void)state;
    static const Color black = {.name = "black", .has_rgb = true};
    static const struct { int width, x, baseline; Effect effect; const Color *color; const char *code, *message; } cases[] = {
        {32, 0, 14, EFFECT_STILL, &colors[0], NULL, NULL},
        {24, 0, 14, EFFECT_SCROLL_LEFT, &colors[0], NULL, NULL},
        /* text alone moves to where its ink has room; over a shape it stays where it is */
        {32, 0, 16, EFFECT_STILL, &colors[0], NULL, NULL},
        {32, 0, 9, EFFECT_SLIDE_UP, &colors[0], NULL, NULL},
        {32, 0, 16, EFFECT_STILL, &black, "clipped-row", "row 17 of \"gHg\" is cut: 2 rows lie below the 16 there are"},
        {24, 0, 15, EFFECT_SCROLL_LEFT, &black, "clipped-row", "row 17 of \"gHg\" is cut: 1 row lies below the 16 there are"},
        {32, 0, 9, EFFECT_SCROLL_UP, &black, "clipped-row", "row 0 of \"gHg\" is cut: 1 row lies above the 16 there are"},
        {32, 12, 14, EFFECT_STILL, &colors[0], "strip-clipped", "\"gHg\" is 35 px wide, the screen 32"},
        {32, 40, 14, EFFECT_STILL, &black, "strip-clipped", "\"gHg\" is 63 px wide, the screen 32"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Show show;
        show_open(&show, 32, 16, SCREEN_RED, 2, 50);
        FontLibrary *library = font_library_open(show.arena, &(FontOptions){.catalogue = "tests/fonts/catalogue.yaml"}, &show.diags);
        assert_non_null(library);
        FontEngine *engine = font_engine_new(show.arena, library);
        const Face *face = font_find_file(library, "tests/fonts/TestDots-16.bdf", SPAN_NONE, &show.diags);
        assert_non_null(face);
        show_add_scene(&show, set_text(&show, engine, face, "gHg", cases[i].width, cases[i].x, cases[i].baseline, cases[i].color), cases[i].effect);
        show.styles[0].size = 16 * LENGTH_ONE;
        const LedPlan *plan = led_plan(show.arena, &show.document, show.strips, show.count, NULL, raster_new(show.arena, engine), &show.diags);
        if (!cases[i].code) {
            assert_non_null(plan);
            assert_int_equal(show.diags.count, 0);
            assert_int_equal(plan->items[0].shift, cases[i].baseline == 16 ? -2 : cases[i].baseline == 9 ? 1 : 0);
        } else {
            assert_null(plan);
            assert_int_equal(show.diags.count, 1);
            assert_diag(&show, 0, cases[i].code, cases[i].message,
                        cases[i].code[0] == 'c' ? "choose a smaller size than 16px" : "use effect: scroll-left, or a smaller size than 16px");
        }
        show_close(&show);
    }
}

/* ---- manifest ---- */

/* A strict reader of JSON (RFC 8259), just enough to say yes or no. */
static bool json_value(const char **at, int depth);
static void json_space(const char **at) { *at += strspn(*at, " \n\r\t"); }
static bool json_string(const char **at)
{
    if (*(*at)++ != '"') return false;
    for (; **at != '"'; ++*at) {
        if ((unsigned char)**at < 0x20) return false;
        if (**at == '\\' && !strchr("\"\\/bfnrtu", *++*at)) return false;
    }
    ++*at;
    return true;
}
static bool json_group(const char **at, char end, int depth)
{
    ++*at;
    json_space(at);
    if (**at == end) return ++*at, true;
    for (;;) {
        json_space(at);
        if (end == '}') {
            if (!json_string(at)) return false;
            json_space(at);
            if (*(*at)++ != ':') return false;
        }
        if (!json_value(at, depth + 1)) return false;
        json_space(at);
        char c = *(*at)++;
        if (c == end) return true;
        if (c != ',') return false;
    }
}
static bool json_value(const char **at, int depth)
{
    json_space(at);
    if (depth > 8) return false;
    if (**at == '{') return json_group(at, '}', depth);
    if (**at == '[') return json_group(at, ']', depth);
    if (**at == '"') return json_string(at);
    if (!strncmp(*at, "true", 4) || !strncmp(*at, "null", 4)) return *at += 4, true;
    if (!strncmp(*at, "false", 5)) return *at += 5, true;
    size_t digits = strspn(*at, "0123456789");
    *at += digits;
    return digits > 0;
}

static const char *manifest_of(Show *show, const LedPlan *plan)
{
    size_t count = led_frame_count(plan);
    char (*hashes)[65] = arena_alloc_array(show->arena, count, 65);
    for (size_t i = 0; i < count; i++) {
        PngPicture frame = led_frame(plan, i, show->arena);
        frame_hash(&frame, hashes[i], show->arena);
    }
    StrBuf out;
    strbuf_init(&out, show->arena);
    led_manifest(plan, &show->document, (const char (*)[65])hashes, &out);
    return out.bytes;
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)); text += strlen(word)) count++;
    return count;
}

static void test_manifest(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show.source.path = "/home/somebody/layouts/\"led\".yaml";
    show.document.playlist.seamless = true;
    show.document.playlist.gap = LENGTH_ONE;
    show_add(&show, "##.#", EFFECT_SCROLL_LEFT)->speed_px_s = 100;
    const LedPlan *plan = show_plan_well(&show);
    const char *text = manifest_of(&show, plan), *at = text;
    assert_true(json_value(&at, 0));
    assert_string_equal(at, "\n");
    /* sha256sum of 12 bytes: dots "##.#", ".#..", "..##" as RGB */
    const char *start = "{\n"
        "  \"schema\": 1,\n"
        "  \"program\": \"biaoyu\",\n"
        "  \"version\": \"" ;
    assert_memory_equal(text, start, strlen(start));
    static const char *const parts[] = {
        "  \"source\": {\"file\": \"\\\"led\\\".yaml\", \"sha256\": \"", "  \"profile\": \"red1\",\n  \"width\": 4,\n  \"height\": 1,\n  \"colour\": \"red\",\n"
        "  \"palette\": [\"000000\", \"FF0000\"],\n  \"fps\": \"50/1\",\n  \"frames\": 3,\n  \"unique_frames\": 3,\n  \"loop\": true,\n"
        "  \"seamless\": true,\n  \"period_px\": 6,\n  \"step_px\": 2,\n  \"frames_per_step\": 1,\n  \"gap_px\": 2,\n"
        "  \"items\": [\n    {\"first\": 0, \"frames\": 3, \"repeat\": 1, \"effect\": \"scroll-left\", \"picture\": \"strip-01.png\", \"step_px\": 2, \"frames_per_step\": 1, "
        "\"width\": 4, \"height\": 1}\n  ],\n  \"fonts\": [],\n  \"sha256\": [\n    \"",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) assert_non_null(strstr(text, parts[i]));
    assert_null(strstr(text, "somebody"));
    show_close(&show);
}

static void test_manifest_of_a_list(void **state)
{
    (void)state;
    static const Face face = {.family = "Test", .file = "/usr/share/fonts/a/b.ttc", .index = 2, .sha256 = "abc"};
    Show show;
    show_open(&show, 64, 1, SCREEN_RGB, 2, 50);
    show.document.playlist.is_forever = false;
    show.document.playlist.loop = 3;
    show_add(&show, "RG", EFFECT_BLINK)->hold_seconds = 1;
    Motion *motion = show_add(&show, "B", EFFECT_NONE);
    motion->exit = EFFECT_SLIDE_UP;
    motion->repeat = 2;
    motion->hold_seconds = 0.1;
    GlyphRun run = {.face = &face, .size = 16 * LENGTH_ONE, .color = &colors[0], .text = " "};
    SceneBuilder *scene = scene_new(show.arena, 64 * LENGTH_ONE, LENGTH_ONE, 0, true);
    scene_add_glyphs(scene, &run);
    scene_add_glyphs(scene, &run);
    show_add_scene(&show, scene_finish(scene, NULL), EFFECT_STILL);
    const LedPlan *plan = show_plan_well(&show);
    const char *text = manifest_of(&show, plan), *at = text;
    assert_true(json_value(&at, 0));
    assert_int_equal(led_frame_count(plan), 50 + 2 * 5 + 150);
    assert_int_equal(count_of(strstr(text, "\"sha256\": [\n"), "\n    \""), 210);
    assert_non_null(strstr(text, "\"frames\": 210,\n  \"unique_frames\": 3,\n  \"loop\": 3,\n  \"seamless\": false,\n  \"items\": [\n"));
    assert_non_null(strstr(text, "{\"first\": 50, \"frames\": 10, \"repeat\": 2, \"enter\": \"cut\", \"exit\": \"slide-up\", \"hold_frames\": 5, "));
    assert_non_null(strstr(text, "\"fonts\": [\n    {\"file\": \"b.ttc\", \"face\": 2, \"ppem\": 16, \"sha256\": \"abc\"}\n  ],\n"));
    show_close(&show);
}

/* The hash is of RGB, whatever the packing. */
static void test_hash(void **state)
{
    (void)state;
    static const struct { ScreenColor color; unsigned levels; } cases[] = {{SCREEN_RED, 2}, {SCREEN_RED_GREEN, 2}, {SCREEN_RGB, 2}, {SCREEN_RGB, 256}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Show show;
        show_open(&show, 3, 1, cases[i].color, cases[i].levels, 50);
        show_add(&show, "#.#", EFFECT_STILL);
        const LedPlan *plan = show_plan_well(&show);
        PngPicture frame = led_frame(plan, 0, show.arena);
        char hex[65];
        frame_hash(&frame, hex, show.arena);
        /* printf '\377\0\0\0\0\0\377\0\0' | sha256sum */
        assert_string_equal(hex, "5f26ad726d3e7d2786320f6cbd5df56291fd98e50302b99957f221e66b43eb8c");
        show_close(&show);
    }
}

/* ---- the same, always ---- */

static void fill_show(Show *show)
{
    show_open(show, 61, 7, SCREEN_RGB, 256, 50);
    show_add(show, noise_rows(show, 120, 7, "RGYBMCW....", 3), EFFECT_SCROLL_LEFT)->speed_px_s = 150;
    show_add(show, noise_rows(show, 61, 7, "RB....", 4), EFFECT_WIPE)->hold_seconds = 0.3;
    show_add(show, noise_rows(show, 30, 7, "W..", 5), EFFECT_SLIDE_UP)->speed_px_s = 25;
}

static void test_same_bytes_twice(void **state)
{
    (void)state;
    Show a, b;
    fill_show(&a);
    fill_show(&b);
    assert_string_equal(manifest_of(&a, show_plan_well(&a)), manifest_of(&b, show_plan_well(&b)));
    show_close(&a);
    show_close(&b);
}

typedef struct Walk { const LedPlan *plan; size_t start; char (*hashes)[65]; Arena *arena; } Walk;

static void *walk_frames(void *context)
{
    Walk *walk = context;
    size_t count = led_frame_count(walk->plan);
    for (size_t i = 0; i < count; i++) {
        size_t index = (walk->start + i) % count;
        PngPicture frame = led_frame(walk->plan, index, walk->arena);
        frame_hash(&frame, walk->hashes[index], walk->arena);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    Show show;
    fill_show(&show);
    const LedPlan *plan = show_plan_well(&show);
    size_t count = led_frame_count(plan);
    Walk walks[2];
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        walks[i] = (Walk){plan, i * count / 2, calloc(count, 65), arena_new(0)};
        assert_int_equal(pthread_create(&threads[i], NULL, walk_frames, &walks[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    assert_memory_equal(walks[0].hashes, walks[1].hashes, count * 65);
    for (size_t i = 0; i < 2; i++) {
        free(walks[i].hashes);
        arena_free(walks[i].arena);
    }
    show_close(&show);
}

/* ---- live: packets byte for byte, and time ---- */

static void test_packets(void **state)
{
    (void)state;
    static const uint8_t dots[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    uint8_t packet[NET_PACKET_ROOM];
    static const uint8_t ddp[] = {0x41, 7, 0x0b, 1, 0, 1, 0x02, 0x03, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    assert_int_equal(net_ddp(packet, 7, 0x10203, dots, 9, true), sizeof ddp);
    assert_memory_equal(packet, ddp, sizeof ddp);
    static const uint8_t artnet[] = {'A', 'r', 't', '-', 'N', 'e', 't', 0, 0, 0x50, 0, 14, 5, 0, 0x34, 0x12, 0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
    assert_int_equal(net_artnet(packet, 0x1234, 5, dots, 9), sizeof artnet);
    assert_memory_equal(packet, artnet, sizeof artnet);
    NetSource source = {.cid = {0xc1}, .name = "biaoyu", .priority = 120, .sync_universe = 9};
    assert_int_equal(net_sacn(packet, &source, 0x0203, 255, true, dots, 9), 135);
    static const uint8_t root[] = {0, 0x10, 0, 0, 'A', 'S', 'C', '-', 'E', '1', '.', '1', '7', 0, 0, 0, 0x70, 119, 0, 0, 0, 4, 0xc1};
    assert_memory_equal(packet, root, sizeof root);
    assert_memory_equal(packet + 38, "\x70\x61\0\0\0\2" "biaoyu", 12);
    static const uint8_t rest[] = {120, 0, 9, 255, 0x40, 2, 3, 0x70, 20, 2, 0xa1, 0, 0, 0, 1, 0, 10, 0, 1, 2, 3};
    assert_memory_equal(packet + 108, rest, sizeof rest);
    assert_int_equal(net_sacn_sync(packet, &source, 3), 49);
    static const uint8_t sync[] = {0x70, 0x0b, 0, 0, 0, 1, 3, 0, 9, 0, 0};
    assert_memory_equal(packet + 38, sync, sizeof sync);
}

static void test_packets_of_strangers(void **state)
{
    (void)state;
    uint8_t packet[600] = {0};
    NetPart part;
    for (size_t length = 0; length < sizeof packet; length += 7)
        for (int protocol = NET_DDP; protocol <= NET_ARTNET; protocol++) {
            memset(packet, (int)length, sizeof packet);
            assert_false(net_read((NetProtocol)protocol, packet, length, &part));
        }
    static const uint8_t dots[12] = {9};
    NetSource source = {.name = "x"};
    size_t length = net_sacn(packet, &source, 1, 0, false, dots, sizeof dots);
    assert_true(net_read(NET_SACN, packet, length, &part));
    assert_false(net_read(NET_SACN, packet, length - 1, &part));
}

/* ---- panels ---- */

/* Dot x, y of a panel of 4 x 2, as text: dots in the order of the channels, the letter of each dot's number. */
static void wired(const ScreenPanel *panels, size_t count, int width, int height, const char *expected)
{
    Arena *arena = arena_new(0);
    DiagList diags;
    diag_list_init(&diags, arena);
    Screen screen = {.width = width, .height = height, .map = panels, .map_count = count};
    const LedMap *map = led_map_build(arena, &screen, &diags);
    assert_non_null(map);
    uint8_t *rgb = arena_alloc(arena, (size_t)(width * height) * 3), *channels = arena_alloc(arena, map->channel_count);
    for (int i = 0; i < width * height; i++)
        for (int c = 0; c < 3; c++) rgb[3 * i + c] = (uint8_t)('a' + i);
    led_map_frame(map, rgb, channels);
    char *got = arena_alloc(arena, map->channel_count / 3 + 1);
    for (size_t i = 0; i < map->channel_count / 3; i++) got[i] = channels[3 * i] ? (char)channels[3 * i] : '.';
    assert_string_equal(got, expected);
    arena_free(arena);
}

/* The screen:  abcd
 *              efgh  */
static void test_panel_wiring(void **state)
{
    (void)state;
    ScreenPanel one = {.width = 4, .height = 2, .tile_columns = 1, .tile_rows = 1};
    static const struct { PanelPath wiring; unsigned rotate; PanelFlip flip; const char *expected; } cases[] = {
        {PATH_ROWS, TURN_0, FLIP_NONE, "abcdefgh"},
        {PATH_ROWS_SERPENTINE, TURN_0, FLIP_NONE, "abcdhgfe"},
        {PATH_COLUMNS, TURN_0, FLIP_NONE, "aebfcgdh"},
        {PATH_COLUMNS_SERPENTINE, TURN_0, FLIP_NONE, "aefbcghd"},
        {PATH_ROWS, TURN_90, FLIP_NONE, "dhcgbfae"},          /* its own top left corner hangs at the top right */
        {PATH_ROWS, TURN_180, FLIP_NONE, "hgfedcba"},
        {PATH_ROWS, TURN_270, FLIP_NONE, "eafbgchd"},
        {PATH_ROWS, TURN_0, FLIP_HORIZONTAL, "dcbahgfe"},
        {PATH_ROWS, TURN_0, FLIP_VERTICAL, "efghabcd"},
        {PATH_ROWS, TURN_90, FLIP_HORIZONTAL, "hdgcfbea"},
        {PATH_ROWS_SERPENTINE, TURN_90, FLIP_NONE, "dhgcbfea"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        one.wiring = cases[i].wiring, one.rotate = cases[i].rotate, one.flip = cases[i].flip;
        wired(&one, 1, 4, 2, cases[i].expected);
    }
    ScreenPanel tiles = {.width = 2, .height = 1, .tile_columns = 2, .tile_rows = 2};
    wired(&tiles, 1, 4, 2, "abcdefgh");
    tiles.chain = PATH_ROWS_SERPENTINE;
    wired(&tiles, 1, 4, 2, "abcdghef");
    tiles.turns_back = true;
    wired(&tiles, 1, 4, 2, "abcdhgfe");
    tiles.chain = PATH_COLUMNS, tiles.turns_back = false;
    wired(&tiles, 1, 4, 2, "abefcdgh");
}

static void test_panel_channels(void **state)
{
    (void)state;
    ScreenPanel two[2] = {{.width = 2, .height = 1, .tile_columns = 1, .tile_rows = 1, .start = 4},
                          {.x = 2, .width = 2, .height = 2, .tile_columns = 1, .tile_rows = 1, .start = 16}};
    wired(two, 2, 4, 2, ".ab..cdgh");
    two[1].start = 0;
    wired(two, 2, 4, 2, ".abcdgh");
    Arena *arena = arena_new(0);
    DiagList diags;
    diag_list_init(&diags, arena);
    two[1].start = 16, two[1].order = LAMPS_GRB;
    Screen screen = {.width = 4, .height = 2, .map = two, .map_count = 2};
    const LedMap *map = led_map_build(arena, &screen, &diags);
    assert_int_equal(map->channel_count, 27);
    assert_int_equal(map->used_count, 18);
    assert_int_equal(map->range_count, 2);
    assert_int_equal(map->ranges[0].first, 3);
    assert_int_equal(map->ranges[0].count, 6);
    assert_int_equal(map->ranges[1].first, 15);
    assert_int_equal(map->ranges[1].count, 12);
    assert_int_equal(map->source[3], 0);              /* dot 0, red */
    assert_int_equal(map->source[15], 3 * 2 + 1);     /* dot 2, green first */
    assert_int_equal(map->source[16], 3 * 2);
    assert_int_equal(map->source[12], LED_NO_DOT);
    assert_string_equal(diags.items[0].code, "dots-unmapped");
    two[1].start = 8;
    assert_null(led_map_build(arena, &screen, &diags));
    assert_string_equal(diags.items[1].code, "channel-twice");
    arena_free(arena);
}

/* A clock that stands still but for sleeping, and for frames that take too long. */
typedef struct FakeClock { uint64_t now; unsigned asked; uint64_t delay_at, delay; size_t heap_early, heap_late; } FakeClock;

#define MINUTE ((uint64_t)60000000000)

static uint64_t fake_now(void *context)
{
    FakeClock *clock = context;
    if (clock->delay && clock->now >= clock->delay_at) {
        clock->now += clock->delay;
        clock->delay = 0;
    }
    return clock->now;
}

static void fake_sleep(void *context, uint64_t until)
{
    FakeClock *clock = context;
    if (until > clock->now) clock->now = until;
    size_t heap = mallinfo2().uordblks;
    if (clock->now < MINUTE) clock->heap_early = heap;
    else clock->heap_late = heap;
}

static void play_for(FakeClock *clock, unsigned fps, uint64_t frames, const char *to, LedPlayed *played)
{
    Show show;
    show_open(&show, 16, 8, SCREEN_RGB, 256, fps);
    show_add(&show, "#RGBYW|..#..#", EFFECT_SCROLL_LEFT);
    const LedPlan *plan = show_plan(&show);
    assert_non_null(plan);
    LedClock fake = {fake_now, fake_sleep, clock};
    LedPlayOptions options = {.to = to, .brightness = 0.5, .gamma = 2.2, .most_frames = frames, .checks_loopback = true, .clock = &fake};
    show.diags.error_count = 0;
    assert_true(led_play(plan, &options, show.arena, &show.diags, played));
    show_close(&show);
}

/* Ten minutes at 60 frames a second, none of which is a whole number of nanoseconds. */
static void test_live_does_not_drift(void **state)
{
    (void)state;
    LedPlayed played;
    FakeClock clock = {.now = 12345};
    play_for(&clock, 60, 36000, "ddp://127.0.0.1", &played);
    assert_int_equal(played.frames, 36000);
    assert_int_equal(played.checked, 36000);
    assert_int_equal(played.late, 0);
    assert_int_equal(played.nanoseconds, 600000000000);
    assert_int_equal(clock.heap_late, clock.heap_early);      /* nor does it grow */
}

static void test_live_leaves_late_frames_out(void **state)
{
    (void)state;
    LedPlayed played;
    FakeClock clock = {.now = 0, .delay_at = 1000000000, .delay = 250000000};       /* stuck for a quarter of a second */
    play_for(&clock, 50, 100, "artnet://127.0.0.1?sync=1", &played);
    assert_int_equal(played.frames + played.late, 100);
    assert_in_range(played.late, 12, 13);
    assert_int_equal(played.nanoseconds, 2000000000);
    assert_int_equal(played.checked, played.frames);
}

static void test_targets(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    DiagList diags;
    diag_list_init(&diags, arena);
    NetTarget target;
    assert_true(net_target_read(&target, "sacn://multicast/258?priority=7&sync=9&interface=10.1.2.3", 3000, arena, &diags));
    assert_int_equal(target.priority, 7);
    assert_int_equal(target.sync, 9);
    struct sockaddr_in address = net_address_of(&target, 258);
    assert_memory_equal(&address.sin_addr, "\xef\xff\1\2", 4);
    assert_true(net_target_read(&target, "artnet://127.0.0.1:6000", 3, arena, &diags));
    assert_int_equal(target.port, 6000);
    assert_int_equal(target.universe, 0);
    static const char *const bad[] = {"", "127.0.0.1", "ddp://", "ddp://127.0.0.1:0", "ddp://127.0.0.1:70000", "ddp://127.0.0.1/3", "sacn://127.0.0.1/0",
                                      "sacn://127.0.0.1/63999", "sacn://127.0.0.1/1?priority=201", "sacn://127.0.0.1/1?colour", "artnet://127.0.0.1/32768",
                                      "ddp://127.0.0.1?sync=1", "http://127.0.0.1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(net_target_read(&target, bad[i], 3000, arena, &diags));
    assert_int_equal(diags.error_count, sizeof bad / sizeof *bad);
    arena_free(arena);
}

/* ---- films ---- */

static void test_stream_planes(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 8, 4, SCREEN_RGB, 256, 50);
    show_add(&show, "R.......|........|........|.G.....W", EFFECT_STILL);
    const LedPlan *plan = show_plan(&show);
    assert_non_null(plan);
    LedFilm *film = led_film_new(show.arena, plan, FORMAT_STREAM, SPAN_NONE, &show.diags);
    assert_non_null(film);
    LedShot shot;
    assert_true(led_film_shoot(film, 0, NULL, show.arena, &shot, &show.diags));
    assert_int_equal(shot.length, 32 + 2 * 11 * 8 * 4);
    const uint32_t *words = (const uint32_t *)(const void *)(shot.bytes + 32);
    for (int plane = 0; plane < 11; plane++) {               /* 255 is all planes; the pins of "regular" wiring */
        assert_int_equal(words[plane * 8 + 0], 1u << 11);
        assert_int_equal(words[(11 + plane) * 8 + 1], 1u << 9);
        assert_int_equal(words[(11 + plane) * 8 + 7], 1u << 8 | 1u << 9 | 1u << 10);
        assert_int_equal(words[plane * 8 + 3], 0);
    }
    show_close(&show);
}

/* The strip of a head-to-tail marquee: the text and its gap, so that laid end to end it is the loop. */
static void test_item_pictures(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 4, 1, SCREEN_RED, 2, 50);
    show.document.playlist.seamless = true;
    show.document.playlist.gap = LENGTH_ONE;
    show_add(&show, "##.#", EFFECT_SCROLL_LEFT)->speed_px_s = 100;
    const LedPlan *plan = show_plan_well(&show);
    char name[LED_NAME_ROOM];
    led_item_name(plan, 0, name);
    assert_string_equal(name, "strip-01.png");
    PngPicture strip = led_item_picture(plan, 0, show.arena);
    assert_int_equal(strip.width, 6);
    static const bool lit[] = {true, true, false, true, false, false};
    for (int x = 0; x < 6; x++) assert_int_equal(dot(&strip, x, 0), lit[x] ? 0xff0000 : 0);
    show_close(&show);

    show_open(&show, 6, 3, SCREEN_RGB, 256, 50);
    show_add(&show, "RG", EFFECT_SCROLL_UP);
    show_add(&show, "B|W", EFFECT_STILL);
    plan = show_plan_well(&show);
    strip = led_item_picture(plan, 0, show.arena);
    assert_int_equal(strip.width, 6);
    assert_int_equal(strip.height, 4);
    assert_int_equal(dot(&strip, 1, 0), 0x00ff00);
    assert_int_equal(dot(&strip, 1, 1), 0);
    led_item_name(plan, 1, name);
    assert_string_equal(name, "page-02.png");
    PngPicture page = led_item_picture(plan, 1, show.arena);
    assert_int_equal(page.height, 3);
    assert_int_equal(dot(&page, 0, 0), 0x0000ff);
    assert_int_equal(dot(&page, 0, 1), 0xffffff);
    show_close(&show);
}

/* A lamp lit, its neighbour dark: bright, then the glow, and no light where none is. */
static void test_preview(void **state)
{
    (void)state;
    Show show;
    show_open(&show, 8, 1, SCREEN_RED, 2, 50);
    show_add(&show, "R.......", EFFECT_STILL);
    PngPicture wall = led_preview_picture(show_plan_well(&show), show.arena);
    assert_int_equal(wall.width, 8 * 16);
    assert_int_equal(wall.height, 16);
    uint32_t lit = dot(&wall, 8, 8) >> 16, next = dot(&wall, 17, 8) >> 16, off = dot(&wall, 3 * 16 + 8, 8) >> 16, between = dot(&wall, 4 * 16, 0) >> 16;
    assert_int_equal(lit, 255);
    assert_in_range(next, off + 20, 200);
    assert_in_range(off, between + 5, 60);
    show_close(&show);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_judder),
        cmocka_unit_test(test_hostile_speeds),
        cmocka_unit_test(test_initial_speed),
        cmocka_unit_test(test_motion),
        cmocka_unit_test(test_typewriter),
        cmocka_unit_test(test_characters_a_second),
        cmocka_unit_test(test_vertical_motion),
        cmocka_unit_test(test_initial_hold),
        cmocka_unit_test(test_blink),
        cmocka_unit_test(test_unused_hold),
        cmocka_unit_test(test_playlist),
        cmocka_unit_test(test_shift),
        cmocka_unit_test(test_original),
        cmocka_unit_test(test_cycles),
        cmocka_unit_test(test_cycles_blend),
        cmocka_unit_test(test_cycles_in_whole_frames),
        cmocka_unit_test(test_time_goes_on),
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_areas_are_packed),
        cmocka_unit_test(test_areas_that_never_meet),
        cmocka_unit_test(test_palettes),
        cmocka_unit_test(test_true_colour),
        cmocka_unit_test(test_palette_errors),
        cmocka_unit_test(test_pictures_are_dithered),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_packing),
        cmocka_unit_test(test_long_strip),
        cmocka_unit_test(test_clipped_strips),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_too_many_frames),
        cmocka_unit_test(test_bad_screens),
        cmocka_unit_test(test_flashing),
        cmocka_unit_test(test_reading_speed),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_manifest),
        cmocka_unit_test(test_manifest_of_a_list),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_same_bytes_twice),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_item_pictures),
        cmocka_unit_test(test_preview),
        cmocka_unit_test(test_packets),
        cmocka_unit_test(test_panel_wiring),
        cmocka_unit_test(test_panel_channels),
        cmocka_unit_test(test_packets_of_strangers),
        cmocka_unit_test(test_live_does_not_drift),
        cmocka_unit_test(test_live_leaves_late_frames_out),
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_stream_planes),
    };
    return cmocka_run_group_tests_name("led", tests, NULL, NULL);
}
