/* length.h -- the one unit of distance: 1/1024 pt on paper, 1/1024 px on screens. Sums are the same on every machine. */
#ifndef RENDER_BASE_LENGTH_H
#define RENDER_BASE_LENGTH_H

#include <math.h>
#include <stdint.h>

typedef int32_t Length;

#define LENGTH_ONE ((Length)1024)                 /* one pt, or one px on screens */
#define LENGTH_MAX ((Length)0x3fffffff)           /* also "as much as you like" */

typedef struct Point { Length x, y; } Point;
typedef struct Size { Length width, height; } Size;
typedef struct Rect { Length x, y, width, height; } Rect;
typedef struct Sides { Length top, right, bottom, left; } Sides;

static inline Length length_from_double(double units_1024)
{
    if (!(units_1024 > -(double)LENGTH_MAX)) return -LENGTH_MAX;
    return units_1024 >= (double)LENGTH_MAX ? LENGTH_MAX : (Length)lround(units_1024);
}
static inline Length length_from_pt(double pt) { return length_from_double(pt * LENGTH_ONE); }
static inline double length_to_pt(Length length) { return (double)length / LENGTH_ONE; }
static inline Length length_from_mm(double mm) { return length_from_pt(mm * 72.0 / 25.4); }
static inline double length_to_mm(Length length) { return length_to_pt(length) * 25.4 / 72.0; }

#endif
