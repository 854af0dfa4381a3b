/* gradient.c -- where a gradient lies in the area it spans: the geometry of CSS Images 3, section 3. */
#include <math.h>

#include "scene/scene.h"

#define RADIANS (3.14159265358979323846 / 180)

size_t color_stop_count(const Color *color) { return color->gradient ? color->gradient->stop_count : 1; }

const Color *color_stop(const Color *color, size_t index) { return color->gradient ? color->gradient->stops[index].color : color; }

/* Section 3.1: the line runs through the middle and is so long that the corners get exactly the first and last colour. */
static bool place_linear(const Gradient *gradient, Rect area, GradientAxis *out)
{
    double width = area.width, height = area.height;
    double x = sin(gradient->angle * RADIANS), y = -cos(gradient->angle * RADIANS);
    if (gradient->to_x || gradient->to_y) {
        /* Towards a corner: the two corners beside it get the colour of the middle. */
        x = gradient->to_x && gradient->to_y ? gradient->to_x * height : gradient->to_x;
        y = gradient->to_x && gradient->to_y ? gradient->to_y * width : gradient->to_y;
        double length = hypot(x, y);
        if (!(length > 0)) return false;
        x /= length, y /= length;
    }
    if (fabs(x) < 1e-12) x = 0;                                /* sin 180 degrees is not quite nought */
    if (fabs(y) < 1e-12) y = 0;
    double length = fabs(width * x) + fabs(height * y), middle_x = area.x + width / 2, middle_y = area.y + height / 2;
    *out = (GradientAxis){x * length, y * length, -y * length, x * length, middle_x - x * length / 2, middle_y - y * length / 2};
    return length >= 1;
}

/* Section 3.2. */
static bool place_radial(const Gradient *gradient, Rect area, GradientAxis *out)
{
    bool is_near = gradient->size == GRADIENT_CLOSEST_SIDE || gradient->size == GRADIENT_CLOSEST_CORNER;
    bool is_corner = gradient->size == GRADIENT_CLOSEST_CORNER || gradient->size == GRADIENT_FARTHEST_CORNER;
    double x = gradient->at[0] * area.width, y = gradient->at[1] * area.height;
    double left = fabs(x), right = fabs(area.width - x), top = fabs(y), foot = fabs(area.height - y);
    double rx = is_near ? fmin(left, right) : fmax(left, right), ry = is_near ? fmin(top, foot) : fmax(top, foot);
    if (gradient->shape == GRADIENT_CIRCLE) {
        double radius = is_corner ? hypot(rx, ry) : is_near ? fmin(rx, ry) : fmax(rx, ry);
        rx = ry = radius;
    } else if (is_corner) {
        rx *= sqrt(2), ry *= sqrt(2);                          /* as slim as the ellipse that touches the sides */
    }
    *out = (GradientAxis){rx, 0, 0, ry, area.x + x, area.y + y};
    return rx >= 0.5 && ry >= 0.5;
}

bool gradient_place(const Gradient *gradient, Rect area, GradientAxis *out)
{
    return gradient->kind == GRADIENT_LINEAR ? place_linear(gradient, area, out) : place_radial(gradient, area, out);
}

/* ---- one point ---- */

static double place_of(const Gradient *gradient, const GradientAxis *axis, double x, double y)
{
    double determinant = axis->xx * axis->yy - axis->xy * axis->yx;
    x -= axis->x0, y -= axis->y0;
    double u = (axis->yy * x - axis->xy * y) / determinant, v = (axis->xx * y - axis->yx * x) / determinant;
    return gradient->kind == GRADIENT_RADIAL ? hypot(u, v) : u;
}

void color_at(const Color *color, Rect area, Point point, uint8_t rgb[3])
{
    const Gradient *gradient = color->gradient;
    GradientAxis axis;
    for (int i = 0; i < 3; i++) rgb[i] = color->rgb[i];
    if (!gradient || !gradient_place(gradient, area, &axis)) return;
    double at = fmin(fmax(place_of(gradient, &axis, point.x, point.y), 0), 1);
    size_t next = 1;
    while (next + 1 < gradient->stop_count && gradient->stops[next].at < at) next++;
    const GradientStop *from = &gradient->stops[next - 1], *to = &gradient->stops[next];
    double share = to->at > from->at ? (at - from->at) / (to->at - from->at) : 1;
    for (int i = 0; i < 3; i++) rgb[i] = (uint8_t)lround(from->color->rgb[i] + share * (to->color->rgb[i] - from->color->rgb[i]));
}
