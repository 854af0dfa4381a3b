/* color.h -- a named colour as every output may need it. Declared in a layout's `colors`, immutable, shared. */
#ifndef RENDER_BASE_COLOR_H
#define RENDER_BASE_COLOR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Color {
    const char *name;             /* as declared */
    bool has_rgb, has_cmyk;
    uint8_t rgb[3];               /* sRGB */
    double cmyk[4];               /* per cent, 0-100 */
    const char *spot;             /* name of a spot plate, or NULL */
    const char *step;             /* ISO 19593-1 processing step, or NULL */
} Color;

#endif
