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

/* Bits [from, to) become 0. */
static void clear_bits(uint8_t *row, size_t from, size_t to)
{
    if (from >= to) return;
    uint8_t head = (uint8_t)(0xff00u >> (from & 7)), tail = (uint8_t)(0xffu >> (to & 7));
    if (from / 8 == to / 8) {
        row[from / 8] &= head | tail;
        return;
    }
    row[from / 8] &= head;
    memset(row + from / 8 + 1, 0, to / 8 - from / 8 - 1);
    if (to & 7) row[to / 8] &= tail;
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

static int64_t window_column(const LedItem *item, const LedState *state, int screen_width)
{
    if (tiles_x(item)) return wrap(-state->x, item->period);
    return item->origin - clamp(state->x, -(int64_t)item->width, screen_width);
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

static void compose_rows(const LedPlan *plan, const LedState *state, uint8_t *rows, size_t stride)
{
    const LedItem *item = state->item;
    size_t bits = (size_t)plan->palette.bits;
    size_t from = (size_t)window_column(item, state, plan->screen->width) * bits;
    for (int y = 0; y < plan->screen->height; y++) {
        int64_t row = strip_row(item, state, y);
        if (row < 0 || row >= item->height) continue;
        uint8_t *to = rows + (size_t)y * stride;
        copy_bits(to, item->rows + (size_t)row * item->stride, from, stride);
        clear_bits(to, 0, (size_t)state->from * bits);
        clear_bits(to, (size_t)state->to * bits, stride * 8);            /* the pad bits, too */
    }
}

PngPicture led_frame(const LedPlan *plan, size_t index, Arena *arena)
{
    const LedPalette *palette = &plan->palette;
    LedState state = led_state(plan, index);
    PngPicture picture = empty_picture(palette, plan->screen->width, plan->screen->height);
    uint8_t *rows = arena_alloc_array(arena, (size_t)picture.height, picture.stride);
    if (state.item) compose_rows(plan, &state, rows, picture.stride);
    picture.rows = rows;
    return picture;
}

/* ---- pictures of whole items ---- */

static bool passes_level(const LedItem *item) { return item->motion.marquee == EFFECT_SCROLL_LEFT || item->motion.marquee == EFFECT_SCROLL_RIGHT; }

/* Darkness included: the gap of a tile, else the screen it leaves empty. */
int led_item_period(const LedItem *item, const Screen *screen)
{
    if (item->period) return item->period;
    int step = item->motion.step.px, way = passes_level(item) ? item->width + screen->width : item->height + screen->height;
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
    const Screen *screen = plan->screen;
    size_t bits = (size_t)plan->palette.bits;
    bool is_level = passes_level(item), is_upright = item->motion.marquee && !is_level;
    PngPicture picture = empty_picture(&plan->palette, is_level ? led_item_period(item, screen) : screen->width,
                                       is_upright ? led_item_period(item, screen) : screen->height);
    uint8_t *rows = arena_alloc_array(arena, (size_t)picture.height, picture.stride);
    int top = is_upright ? 0 : item->rest_y, shown = is_level ? item->width < picture.width ? item->width : picture.width : screen->width;
    size_t from = (size_t)(item->origin - (is_level ? 0 : item->rest_x)) * bits;
    if (tiles_x(item)) from = 0;
    for (int y = 0; y < item->height; y++) {
        if (y + top < 0 || y + top >= picture.height) continue;
        uint8_t *to = rows + (size_t)(y + top) * picture.stride;
        size_t length = ((size_t)shown * bits + 7) / 8;
        copy_bits(to, item->rows + (size_t)y * item->stride, from, length);
        clear_bits(to, (size_t)shown * bits, length * 8);
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

/* ---- light, without drawing ---- */

/* Light of [from, to) in the endless repetition of a strip. */
static uint64_t periodic_light(const uint64_t *sums, int size, int64_t period, int64_t at)
{
    int64_t laps = at / period, rest = at % period;
    return (uint64_t)laps * sums[size] + sums[rest < size ? rest : size];
}

static uint64_t range_light(const uint64_t *sums, int size, int64_t from, int64_t to)
{
    from = clamp(from, 0, size);
    to = clamp(to, 0, size);
    return to > from ? sums[to] - sums[from] : 0;
}

/* Motion is along one axis and the strip fits the screen across it: sums along that axis are exact. */
uint64_t led_state_light(const LedPlan *plan, const LedState *state)
{
    const LedItem *item = state->item;
    if (!item) return 0;
    int width = plan->screen->width, height = plan->screen->height;
    if (tiles_x(item)) {
        int64_t from = wrap(-state->x, item->period);
        return periodic_light(item->column_light, item->width, item->period, from + width) -
               periodic_light(item->column_light, item->width, item->period, from);
    }
    if (tiles_y(item)) {
        int64_t from = wrap(-state->y, item->period);
        return periodic_light(item->row_light, item->height, item->period, from + height) -
               periodic_light(item->row_light, item->height, item->period, from);
    }
    if (state->y != item->rest_y)
        return range_light(item->row_light, item->height, -state->y, height - state->y);
    return range_light(item->column_light, item->width, state->from - state->x, state->to - state->x);
}
