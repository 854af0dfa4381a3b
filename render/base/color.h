/* color.h -- a named colour as every output may need it: one colour, a tint of one, or a gradient of several. Declared in a
 * layout's `colors`, immutable, shared. */
#ifndef RENDER_BASE_COLOR_H
#define RENDER_BASE_COLOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/source.h"

typedef struct Color Color;

/* CSS Images 3, section 3.3: the colour at a point of the gradient's line, 0 its start, 1 its end. Rising; the first is at
 * 0, the last at 1; two at one place are a sharp edge. Never a gradient itself. */
typedef struct GradientStop { double at; const Color *color; } GradientStop;

typedef enum GradientKind { GRADIENT_LINEAR, GRADIENT_RADIAL } GradientKind;
typedef enum GradientShape { GRADIENT_ELLIPSE, GRADIENT_CIRCLE } GradientShape;     /* an ellipse is as wide and high as the box asks for */
/* Where a radial gradient ends (CSS Images 3, section 3.2). */
typedef enum GradientSize { GRADIENT_FARTHEST_CORNER, GRADIENT_CLOSEST_CORNER, GRADIENT_FARTHEST_SIDE, GRADIENT_CLOSEST_SIDE } GradientSize;

typedef struct Gradient {
    GradientKind kind;
    double angle;                 /* linear: degrees clockwise from upwards */
    int to_x, to_y;               /* -1, 0, 1: linear, towards this corner whatever the box's sides are; both 0: by `angle` */
    GradientShape shape;          /* radial, this and what follows */
    GradientSize size;
    double at[2];                 /* its middle, 0-1 of the box's width and height */
    double focus[2];              /* in the unit space, within the circle */
    const GradientStop *stops;
    size_t stop_count;            /* at least 2 */
} Gradient;

/* A gradient in its place on a page: the matrix from its unit space to Lengths (x' = xx x + xy y + x0). Linear: stop 0 lies
 * on x = 0, stop 1 on x = 1; radial: stop 0 at the focus, stop 1 on the circle of radius 1 round the origin. Beyond its ends
 * the end colours go on. */
typedef struct GradientAxis { double xx, yx, xy, yy, x0, y0; } GradientAxis;

/* Colours one after the other, for ever, on a screen: each for an equal part of the time, or blending into the next. */
typedef struct ColorCycle {
    const Color *const *colors;   /* none of them a gradient or a cycle */
    size_t count;                 /* at least 2 */
    double seconds;               /* once round */
    bool blends;                  /* in linear light */
} ColorCycle;

struct Color {
    const char *name;             /* as declared */
    bool has_rgb, has_cmyk;
    uint8_t rgb[3];               /* sRGB; of a tint the lighter one; of a gradient the mean of its stops */
    double cmyk[4];               /* per cent, 0-100; of a tint of a spot, the full plate's */
    const char *spot;             /* name of a spot plate, or NULL */
    double less;                  /* of a spot, how much of the plate's ink is left away, 0-1: 0.6 in a tint of 40 % */
    const char *step;             /* ISO 19593-1 processing step, or NULL */
    const ColorCycle *cycle;      /* of kind led, or NULL; the rest is its first colour's */
    const Gradient *gradient;     /* or NULL */
    GradientAxis axis;            /* of a gradient in a Scene; all 0 in a declared one */
    Span where;                   /* its declaration, of a shops' plate its first use; without a source when nobody wrote it */
};

#endif
