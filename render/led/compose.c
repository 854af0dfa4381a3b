/* compose.c -- frame n from the strips: windows of their canvases, copied a word at a time. */
#include "led/plan.h"

#include <stdio.h>
#include <string.h>

/* ---- bits, most significant first as PNG has them ---- */

static uint64_t load_big_endian(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return __builtin_bswap64(word);
}

/* `length` bytes of bits that start at bit `from`; reads up to 8 bytes beyond them. */
static void copy_bits(uint8_t *to, const uint8_t *source, size_t from, size_t length)
{
    const uint8_t *bytes = source + from / 8;
    unsigned shift = from & 7;
    if (shift == 0) {
        memcpy(to, bytes, length);
        return;
    }
    for (size_t at = 0; at < length; at += 8) {
        uint64_t word = load_big_endian(bytes + at) << shift | (uint64_t)bytes[at + 8] >> (8 - shift);
        word = __builtin_bswap64(word);
        memcpy(to + at, &word, length - at < 8 ? length - at : 8);
    }
}

/* `count` bits from bit `from` of the source to bit `at`; what lies beside them stays. */
static void blit_bits(uint8_t *to, size_t at, const uint8_t *source, size_t from, size_t count)
{
    to += at / 8;
    unsigned shift = at & 7;
    if (shift && count) {                                    /* the first byte, up to its end */
        unsigned bits = 8 - shift < count ? 8 - shift : (unsigned)count;
        uint8_t byte, mask = (uint8_t)((0xffu >> shift) & (0xff00u >> (shift + bits)));
        copy_bits(&byte, source, from, 1);
        *to = (uint8_t)((*to & ~mask) | (byte >> shift & mask));
        to++, from += bits, count -= bits;
    }
    copy_bits(to, source, from, count / 8);
    if (count % 8 == 0) return;
    uint8_t byte, mask = (uint8_t)(0xff00u >> (count % 8));
    to += count / 8;
    copy_bits(&byte, source, from + count / 8 * 8, 1);
    *to = (uint8_t)((*to & ~mask) | (byte & mask));
}

/* ---- where the window lies ---- */

static int64_t clamp(int64_t value, int64_t low, int64_t high) { return value < low ? low : value > high ? high : value; }

static int64_t wrap(int64_t value, int64_t period)
{
    int64_t rest = value % period;
    return rest < 0 ? rest + period : rest;
}

static bool tiles_x(const LedItem *item) { return item->period && item->origin == 0; }
static bool tiles_y(const LedItem *item) { return item->period && item->origin != 0; }

static int64_t window_column(const LedItem *item, const LedState *state)
{
    if (tiles_x(item)) return wrap(-state->x, item->period);
    return item->origin - clamp(state->x, -(int64_t)item->width, item->track->width);
}

/* The strip's row seen in row `y` of the screen; outside 0..height-1: dark. */
static int64_t strip_row(const LedItem *item, const LedState *state, int y)
{
    return tiles_y(item) ? wrap(y - state->y, item->period) : y - state->y;
}

static PngPicture empty_picture(const LedPalette *palette, int width, int height)
{
    PngPicture picture = {
        .type = palette->count ? PNG_PALETTE : PNG_RGB,
        .width = width,
        .height = height,
        .depth = palette->count ? palette->bits : 8,
        .stride = ((size_t)width * (size_t)palette->bits + 7) / 8,
        .palette_count = palette->count,
    };
    for (int i = 0; i < palette->count; i++)
        for (int c = 0; c < 3; c++) picture.palette[i][c] = (uint8_t)(palette->colors[i] >> (16 - 8 * c));
    return picture;
}

static void compose_track(const LedPlan *plan, const LedTrack *track, const LedState *state, uint8_t *rows, size_t stride)
{
    size_t bits = (size_t)plan->palette.bits, left = (size_t)track->x * bits, width = (size_t)track->width * bits;
    rows += (size_t)track->y * stride;
    for (int y = 0; track->ground && y < track->height; y++) blit_bits(rows + (size_t)y * stride, left, track->ground, 0, width);
    const LedItem *item = state->item;
    if (!item || (state->from >= state->to && !state->full)) return;
    size_t from = (size_t)(window_column(item, state) + state->from) * bits;
    for (int y = 0; y < track->height; y++) {
        int64_t row = strip_row(item, state, y);
        if (row < 0 || row >= item->height || row >= state->end) continue;
        int to = row < state->full ? track->width : state->to;
        blit_bits(rows + (size_t)y * stride, left + (size_t)state->from * bits, item->looks[state->look] + (size_t)row * item->stride, from,
                  (size_t)(to - state->from) * bits);
    }
}

size_t led_track_frame(const LedPlan *plan, const LedTrack *track, size_t index)
{
    return index < plan->frame_count ? index % track->frame_count : track->frame_count;
}

PngPicture led_frame(const LedPlan *plan, size_t index, Arena *arena)
{
    PngPicture picture = empty_picture(&plan->palette, plan->screen->width, plan->screen->height);
    uint8_t *rows = arena_alloc_array(arena, (size_t)picture.height, picture.stride);
    for (size_t i = 0; i < plan->track_count; i++) {
        size_t local = led_track_frame(plan, &plan->tracks[i], index);
        LedState state = led_state(&plan->tracks[i], local);
        state.look = led_look_at(plan, &plan->tracks[i], index);
        compose_track(plan, &plan->tracks[i], &state, rows, picture.stride);
    }
    picture.rows = rows;
    return picture;
}

/* ---- pictures of whole items ---- */

static bool passes_level(const LedItem *item) { return item->motion.marquee == EFFECT_SCROLL_LEFT || item->motion.marquee == EFFECT_SCROLL_RIGHT; }

int led_item_length(const LedItem *item) { return passes_level(item) ? item->width : item->height; }

/* Darkness included: the gap of a tile, else the area it leaves empty. */
int led_item_period(const LedItem *item)
{
    if (item->period) return item->period;
    const LedTrack *track = item->track;
    int step = item->motion.step.px, way = passes_level(item) ? item->width + track->width : item->height + track->height;
    return (way + step - 1) / step * step;
}

size_t led_item_count(const LedPlan *plan) { return plan->item_count; }

void led_item_name(const LedPlan *plan, size_t index, char *name)
{
    snprintf(name, LED_NAME_ROOM, plan->items[index].motion.marquee ? "strip-%02zu.png" : "page-%02zu.png", index + 1);
}

PngPicture led_item_picture(const LedPlan *plan, size_t index, Arena *arena)
{
    const LedItem *item = &plan->items[index];
    const LedTrack *track = item->track;
    size_t bits = (size_t)plan->palette.bits;
    bool is_level = passes_level(item), is_upright = item->motion.marquee && !is_level;
    PngPicture picture = empty_picture(&plan->palette, is_level ? led_item_period(item) : track->width,
                                       is_upright ? led_item_period(item) : track->height);
    uint8_t *rows = arena_alloc_array(arena, (size_t)picture.height, picture.stride);
    for (int y = 0; track->ground && y < picture.height; y++)
        for (int x = 0; x < picture.width; x++) led_put_dot(rows + (size_t)y * picture.stride, &plan->palette, x, track->background);
    int top = is_upright ? 0 : item->rest_y, shown = is_level ? item->width < picture.width ? item->width : picture.width : track->width;
    size_t from = (size_t)(item->origin - (is_level ? 0 : item->rest_x)) * bits;
    if (tiles_x(item)) from = 0;
    for (int y = 0; y < item->height; y++) {
        if (y + top < 0 || y + top >= picture.height) continue;
        blit_bits(rows + (size_t)(y + top) * picture.stride, 0, item->rows + (size_t)y * item->stride, from, (size_t)shown * bits);
    }
    picture.rows = rows;
    return picture;
}

#define RGB_SLACK 24             /* expanding writes so far beyond a row: copies of a fixed size are several times faster */

/* All that a byte of packed dots can say, as RGB: 8 / depth dots of 3 bytes. */
typedef struct ByteTable { uint8_t rgb[256][RGB_SLACK]; size_t dots; } ByteTable;

static void build_byte_table(ByteTable *table, const PngPicture *frame)
{
    unsigned bits = (unsigned)frame->depth;
    table->dots = 8 / bits;
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned i = 0; i < table->dots; i++)
            memcpy(table->rgb[byte] + 3 * i, frame->palette[byte >> (8 - bits * (i + 1)) & ((1u << bits) - 1)], 3);
}

static void expand_row(const ByteTable *table, const uint8_t *row, size_t width, uint8_t *to)
{
    if (table->dots == 1) {
        for (size_t x = 0; x < width; x++, to += 3) memcpy(to, table->rgb[row[x]], 4);
        return;
    }
    for (size_t x = 0; x < width; x += table->dots, to += 3 * table->dots) memcpy(to, table->rgb[*row++], RGB_SLACK);
}

uint8_t *led_frame_rgb(const PngPicture *frame, Arena *arena)
{
    size_t width = (size_t)frame->width, height = (size_t)frame->height;
    /* Cannot overflow: screens are at most LIMIT_SCREEN_PX each way. */
    uint8_t *rgb = arena_alloc(arena, width * height * 3 + 2 * RGB_SLACK);
    ByteTable table = {.dots = 1};
    if (frame->type == PNG_PALETTE) build_byte_table(&table, frame);
    for (size_t y = 0; y < height; y++) {
        const uint8_t *row = frame->rows + y * frame->stride;
        if (frame->type == PNG_RGB) memcpy(rgb + y * width * 3, row, width * 3);
        else expand_row(&table, row, width, rgb + y * width * 3);
    }
    return rgb;
}
