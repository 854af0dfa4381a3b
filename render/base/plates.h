/* plates.h -- the names that print shops give to plates that are no ink, with what they are for and a colour to show them in. */
#ifndef RENDER_BASE_PLATES_H
#define RENDER_BASE_PLATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/color.h"

/* The plate called so ("CutContour", "刀版", "White"), with spot, step, rgb and cmyk; NULL when no shop calls one so. */
const Color *plate_find(const char *name);

/* The processing step (ISO 19593-1) of a colour that is no ink: its own, or that of the shops' name; NULL: none. */
const char *plate_step(const Color *color);

/* Is it a step whose machine follows a line (cut, crease, perforate, drill)? */
bool plate_is_line(const Color *color);

/* The plate of a spot colour at full strength: of a tint, the colour it is a tint of. */
Color plate_full(const Color *color);

/* What is printed on every plate, so that the plates can be laid over each other: marks. */
extern const Color plate_all;

/* All of them, for hints; in the order of the table. */
const Color *plate_at(size_t index);
size_t plate_count(void);

#endif
