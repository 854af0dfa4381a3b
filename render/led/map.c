/* map.c -- panels, tiles, wiring and colour order become one table: for every channel the byte of the frame it shows. */
#include "led/map.h"

#include <string.h>

#include "base/limits.h"

/* Where something stands in a grid of `columns` x `rows` when the path comes to it as number `index`. */
typedef struct Place { unsigned x, y; } Place;

static Place place_on_path(PanelPath path, unsigned columns, unsigned rows, unsigned index)
{
    bool by_columns = path == PATH_COLUMNS || path == PATH_COLUMNS_SERPENTINE, is_serpentine = path >= PATH_ROWS_SERPENTINE;
    unsigned length = by_columns ? rows : columns, line = index / length, along = index % length;
    if (is_serpentine && line % 2) along = length - 1 - along;
    return by_columns ? (Place){line, along} : (Place){along, line};
}

/* The panel's own dot u, v, as it hangs: flipped, then turned clockwise. `width`, `height`: of the panel as it hangs. */
static Place hang(const ScreenPanel *panel, unsigned turn, Place own)
{
    unsigned width = panel->width, height = panel->height;
    bool is_across = turn == TURN_90 || turn == TURN_270;
    unsigned own_width = is_across ? height : width, own_height = is_across ? width : height;
    if (panel->flip == FLIP_HORIZONTAL) own.x = own_width - 1 - own.x;
    if (panel->flip == FLIP_VERTICAL) own.y = own_height - 1 - own.y;
    switch (turn) {
    case TURN_90: return (Place){width - 1 - own.y, own.x};
    case TURN_180: return (Place){width - 1 - own.x, height - 1 - own.y};
    case TURN_270: return (Place){own.y, height - 1 - own.x};
    default: return own;
    }
}

static const uint8_t lamp_orders[][3] = {
    [LAMPS_RGB] = {0, 1, 2}, [LAMPS_RBG] = {0, 2, 1}, [LAMPS_GRB] = {1, 0, 2}, [LAMPS_GBR] = {1, 2, 0}, [LAMPS_BRG] = {2, 0, 1}, [LAMPS_BGR] = {2, 1, 0},
};

typedef struct Builder {
    Arena *arena;
    const Screen *screen;
    DiagList *diags;
    uint32_t *source;             /* channel_count of them */
    uint8_t *is_covered;          /* a dot of the screen */
} Builder;

static uint64_t panel_channels(const ScreenPanel *panel)
{
    return (uint64_t)panel->width * panel->height * panel->tile_columns * panel->tile_rows * 3;
}

/* Fills firsts[i], the first channel (from 0) of panel i; answers how many channels there are, 0 after an error. */
static size_t number_channels(const Builder *b, uint32_t *firsts)
{
    uint64_t next = 0, most = 0;
    for (size_t i = 0; i < b->screen->map_count; i++) {
        const ScreenPanel *panel = &b->screen->map[i];
        if (panel->x + (uint64_t)panel->width * panel->tile_columns > (uint64_t)b->screen->width ||
            panel->y + (uint64_t)panel->height * panel->tile_rows > (uint64_t)b->screen->height) {
            diag_error(b->diags, panel->where, "panel-outside", arena_printf(b->arena, "the screen is %d x %d", b->screen->width, b->screen->height),
                       "panels at %u, %u of %u x %u, %u x %u of them, do not all hang on the screen", panel->x, panel->y, panel->width, panel->height,
                       panel->tile_columns, panel->tile_rows);
            return 0;
        }
        uint64_t first = panel->start ? panel->start - 1 : next;
        next = first + panel_channels(panel);
        if (next > LIMIT_CHANNELS) {
            diag_error(b->diags, panel->start ? panel->start_span : panel->where, "too-large", "divide the screen between controllers",
                       "the panels need channels beyond %d", LIMIT_CHANNELS);
            return 0;
        }
        firsts[i] = (uint32_t)first;
        if (next > most) most = next;
    }
    return (size_t)most;
}

static bool wire_panel(Builder *b, const ScreenPanel *panel, uint32_t channel)
{
    const uint8_t *order = lamp_orders[panel->order];
    unsigned tiles = panel->tile_columns * panel->tile_rows, dots = panel->width * panel->height;
    for (unsigned tile = 0; tile < tiles; tile++) {
        Place at = place_on_path(panel->chain, panel->tile_columns, panel->tile_rows, tile);
        bool is_back = panel->turns_back && (panel->chain == PATH_COLUMNS_SERPENTINE ? at.x : at.y) % 2;
        unsigned turn = (panel->rotate + (is_back ? TURN_180 : 0)) % 4;
        bool is_across = turn == TURN_90 || turn == TURN_270;
        for (unsigned i = 0; i < dots; i++, channel += 3) {
            Place own = place_on_path(panel->wiring, is_across ? panel->height : panel->width, is_across ? panel->width : panel->height, i);
            Place dot = hang(panel, turn, own);
            uint32_t number = (uint32_t)((panel->y + at.y * panel->height + dot.y) * (unsigned)b->screen->width + panel->x + at.x * panel->width + dot.x);
            b->is_covered[number] = 1;
            for (unsigned c = 0; c < 3; c++) {
                if (b->source[channel + c] != LED_NO_DOT)
                    return diag_error(b->diags, panel->start ? panel->start_span : panel->where, "channel-twice", "correct start, or leave it away",
                                      "channel %u already has a lamp of a panel before", channel + c + 1);
                b->source[channel + c] = 3 * number + order[c];
            }
        }
    }
    return true;
}

static void find_ranges(LedMap *map, const uint32_t *source, Arena *arena)
{
    size_t count = 0, used = 0;
    for (size_t i = 0; i < map->channel_count; i++) {
        used += source[i] != LED_NO_DOT;
        count += source[i] != LED_NO_DOT && (i == 0 || source[i - 1] == LED_NO_DOT);
    }
    LedRange *ranges = ARENA_ARRAY(arena, LedRange, count);
    size_t at = 0;
    for (size_t i = 0; i < map->channel_count; i++) {
        if (source[i] == LED_NO_DOT) continue;
        if (i == 0 || source[i - 1] == LED_NO_DOT) ranges[at++].first = (uint32_t)i;
        ranges[at - 1].count++;
    }
    map->ranges = ranges;
    map->range_count = count;
    map->used_count = used;
}

static void check_covered(const Builder *b)
{
    size_t dots = (size_t)b->screen->width * (size_t)b->screen->height, missing = 0, first = 0;
    for (size_t i = dots; i-- > 0;)
        if (!b->is_covered[i]) missing++, first = i;
    if (missing)
        diag_warning(b->diags, b->screen->map[0].where, "dots-unmapped", "add the panel that hangs there, or make screen.size what the panels cover",
                     "%zu dots of the screen hang on no channel, the first at %zu, %zu", missing, first % (size_t)b->screen->width, first / (size_t)b->screen->width);
}

const LedMap *led_map_build(Arena *arena, const Screen *screen, DiagList *diags)
{
    LedMap *map = ARENA_NEW(arena, LedMap);
    size_t dots = (size_t)screen->width * (size_t)screen->height;
    if (!screen->map_count) {
        LedRange *all = ARENA_NEW(arena, LedRange);
        *all = (LedRange){0, (uint32_t)(3 * dots)};
        *map = (LedMap){.channel_count = 3 * dots, .ranges = all, .range_count = 1, .used_count = 3 * dots};
        return map;
    }
    Builder b = {.arena = arena, .screen = screen, .diags = diags, .is_covered = arena_alloc(arena, dots)};
    uint32_t *firsts = ARENA_ARRAY(arena, uint32_t, screen->map_count);
    map->channel_count = number_channels(&b, firsts);
    if (!map->channel_count) return NULL;
    b.source = ARENA_ARRAY(arena, uint32_t, map->channel_count);
    memset(b.source, 0xff, map->channel_count * sizeof *b.source);           /* LED_NO_DOT */
    for (size_t i = 0; i < screen->map_count; i++)
        if (!wire_panel(&b, &screen->map[i], firsts[i])) return NULL;
    map->source = b.source;
    find_ranges(map, b.source, arena);
    check_covered(&b);
    return map;
}

void led_map_frame(const LedMap *map, const uint8_t *rgb, uint8_t *channels)
{
    if (!map->source) {
        memcpy(channels, rgb, map->channel_count);
        return;
    }
    for (size_t i = 0; i < map->channel_count; i++) channels[i] = map->source[i] == LED_NO_DOT ? 0 : rgb[map->source[i]];
}
