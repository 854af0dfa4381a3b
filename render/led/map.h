/* map.h -- private to led/: which dot of the screen lies on which channel of the controller.
 *
 * For outputs that address lamps (DDP, E1.31, Art-Net, FSEQ). Pictures of the screen (PNG, GIF, strips, pages) know no map,
 * nor has a `.stream`, whose player maps by itself. */
#ifndef RENDER_LED_MAP_H
#define RENDER_LED_MAP_H

#include "led/led.h"

/* Channels [first, first + count) that lamps hang on. */
typedef struct LedRange { uint32_t first, count; } LedRange;

typedef struct LedMap {
    size_t channel_count;         /* up to the last channel in use */
    const uint32_t *source;       /* [channel]: byte of the frame's RGB, or LED_NO_DOT; NULL: byte for byte */
    const LedRange *ranges;       /* ascending, apart from each other */
    size_t range_count, used_count;
} LedMap;

#define LED_NO_DOT UINT32_MAX

/* The map of the screen, in `arena`. Errors at the panel: `panel-outside`, `channel-twice`, `too-large`; a warning `dots-unmapped`
 * at the screen. NULL after an error. */
const LedMap *led_map_build(Arena *arena, const Screen *screen, DiagList *diags);

/* All channels of a frame, dark where no lamp hangs. `channels` has channel_count bytes. */
void led_map_frame(const LedMap *map, const uint8_t *rgb, uint8_t *channels);

#endif
