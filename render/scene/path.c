/* path.c -- the simple paths (rectangle, rounded rectangle, ellipse, line), a path that grows, and the bounds of any. */
#include "scene/private.h"

#include <math.h>
#include <string.h>

/* A quarter circle as one cubic: the error is 0.027 % of the radius. */
#define KAPPA 0.5522847498

void path_builder_init(PathBuilder *builder, Arena *arena)
{
    *builder = (PathBuilder){.arena = arena};
}

static void add_verb(PathBuilder *builder, PathVerb verb)
{
    builder->verbs = ARENA_GROW(builder->arena, builder->verbs, builder->verb_count, &builder->verb_capacity);
    builder->verbs[builder->verb_count++] = (uint8_t)verb;
}

static void add_point(PathBuilder *builder, Point point)
{
    builder->points = ARENA_GROW(builder->arena, builder->points, builder->point_count, &builder->point_capacity);
    builder->points[builder->point_count++] = point;
}

void path_builder_move(PathBuilder *builder, Point to)
{
    if (builder->verb_count && builder->verbs[builder->verb_count - 1] == PATH_MOVE) {
        builder->points[builder->point_count - 1] = to;
        return;
    }
    add_verb(builder, PATH_MOVE);
    add_point(builder, to);
}

void path_builder_line(PathBuilder *builder, Point to)
{
    add_verb(builder, PATH_LINE);
    add_point(builder, to);
}

void path_builder_curve(PathBuilder *builder, Point control_1, Point control_2, Point to)
{
    add_verb(builder, PATH_CURVE);
    add_point(builder, control_1);
    add_point(builder, control_2);
    add_point(builder, to);
}

void path_builder_close(PathBuilder *builder)
{
    add_verb(builder, PATH_CLOSE);
}

Path *path_builder_finish(PathBuilder *builder)
{
    /* A last move draws nothing, and drawing programs leave one after each Z. */
    if (builder->verb_count > 1 && builder->verbs[builder->verb_count - 1] == PATH_MOVE) builder->verb_count--, builder->point_count--;
    Path *path = ARENA_NEW(builder->arena, Path);
    *path = (Path){.verbs = builder->verbs, .verb_count = builder->verb_count,
                   .points = builder->points, .point_count = builder->point_count};
    return path;
}

static Point point_at(int64_t x, int64_t y)
{
    return (Point){length_from_double((double)x), length_from_double((double)y)};
}

const Path *path_rect(Arena *arena, Rect rect)
{
    static const uint8_t verbs[] = {PATH_MOVE, PATH_LINE, PATH_LINE, PATH_LINE, PATH_CLOSE};
    int64_t right = (int64_t)rect.x + rect.width, bottom = (int64_t)rect.y + rect.height;
    Point *points = ARENA_ARRAY(arena, Point, 4);
    points[0] = point_at(rect.x, rect.y);
    points[1] = point_at(right, rect.y);
    points[2] = point_at(right, bottom);
    points[3] = point_at(rect.x, bottom);
    Path *path = ARENA_NEW(arena, Path);
    *path = (Path){.verbs = verbs, .verb_count = 5, .points = points, .point_count = 4, .is_rect = true, .rect = rect};
    return path;
}

/* A rectangle with elliptic corners, clockwise from the end of the top left corner. */
static const Path *rounded(Arena *arena, Rect rect, Length rx, Length ry)
{
    int64_t left = rect.x, top = rect.y, right = left + rect.width, bottom = top + rect.height;
    int64_t kx = rx - lround(rx * KAPPA), ky = ry - lround(ry * KAPPA);      /* corner to control point */
    PathBuilder builder;
    path_builder_init(&builder, arena);
    path_builder_move(&builder, point_at(left + rx, top));
    if (right - rx > left + rx) path_builder_line(&builder, point_at(right - rx, top));
    path_builder_curve(&builder, point_at(right - kx, top), point_at(right, top + ky), point_at(right, top + ry));
    if (bottom - ry > top + ry) path_builder_line(&builder, point_at(right, bottom - ry));
    path_builder_curve(&builder, point_at(right, bottom - ky), point_at(right - kx, bottom), point_at(right - rx, bottom));
    if (right - rx > left + rx) path_builder_line(&builder, point_at(left + rx, bottom));
    path_builder_curve(&builder, point_at(left + kx, bottom), point_at(left, bottom - ky), point_at(left, bottom - ry));
    if (bottom - ry > top + ry) path_builder_line(&builder, point_at(left, top + ry));
    path_builder_curve(&builder, point_at(left, top + ky), point_at(left + kx, top), point_at(left + rx, top));
    path_builder_close(&builder);
    return path_builder_finish(&builder);
}

const Path *path_rounded_rect(Arena *arena, Rect rect, Length radius)
{
    Length most = (rect.width < rect.height ? rect.width : rect.height) / 2;
    if (radius > most) radius = most;
    return radius <= 0 ? path_rect(arena, rect) : rounded(arena, rect, radius, radius);
}

const Path *path_ellipse(Arena *arena, Rect rect)
{
    int64_t left = rect.x, top = rect.y, right = left + rect.width, bottom = top + rect.height;
    int64_t middle_x = left + rect.width / 2, middle_y = top + rect.height / 2;
    int64_t kx = lround(rect.width / 2.0 * KAPPA), ky = lround(rect.height / 2.0 * KAPPA);
    PathBuilder builder;
    path_builder_init(&builder, arena);
    path_builder_move(&builder, point_at(middle_x, top));
    path_builder_curve(&builder, point_at(middle_x + kx, top), point_at(right, middle_y - ky), point_at(right, middle_y));
    path_builder_curve(&builder, point_at(right, middle_y + ky), point_at(middle_x + kx, bottom), point_at(middle_x, bottom));
    path_builder_curve(&builder, point_at(middle_x - kx, bottom), point_at(left, middle_y + ky), point_at(left, middle_y));
    path_builder_curve(&builder, point_at(left, middle_y - ky), point_at(middle_x - kx, top), point_at(middle_x, top));
    path_builder_close(&builder);
    return path_builder_finish(&builder);
}

const Path *path_line(Arena *arena, Point from, Point to)
{
    PathBuilder builder;
    path_builder_init(&builder, arena);
    path_builder_move(&builder, from);
    path_builder_line(&builder, to);
    return path_builder_finish(&builder);
}

/* ---- bounds ---- */

typedef struct Range { double low, high; } Range;

static void include(Range *range, double value)
{
    if (value < range->low) range->low = value;
    if (value > range->high) range->high = value;
}

static void include_curve_at(Range *range, const double p[4], double t)
{
    if (!(t > 0 && t < 1)) return;
    double s = 1 - t;
    include(range, s * s * s * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t * t * t * p[3]);
}

/* The cubic turns where its derivative a t^2 + b t + c (divided by 3) is nought. */
static void include_curve(Range *range, const double p[4])
{
    include(range, p[3]);
    double a = p[3] - 3 * p[2] + 3 * p[1] - p[0], b = 2 * (p[2] - 2 * p[1] + p[0]), c = p[1] - p[0];
    if (a == 0) {
        if (b != 0) include_curve_at(range, p, -c / b);
        return;
    }
    double discriminant = b * b - 4 * a * c;
    if (discriminant < 0) return;
    double root = sqrt(discriminant);
    include_curve_at(range, p, (-b + root) / (2 * a));
    include_curve_at(range, p, (-b - root) / (2 * a));
}

static Rect rect_around(Range x, Range y)
{
    double left = floor(x.low), top = floor(y.low);
    return (Rect){length_from_double(left), length_from_double(top),
                  length_from_double(ceil(x.high) - left), length_from_double(ceil(y.high) - top)};
}

Rect path_bounds(const Path *path)
{
    if (path->is_rect) return path->rect;
    if (!path->point_count) return (Rect){0};
    Range x = {path->points[0].x, path->points[0].x}, y = {path->points[0].y, path->points[0].y};
    const Point *next = path->points;
    for (size_t i = 0; i < path->verb_count; i++) {
        if (path->verbs[i] == PATH_CURVE) {
            /* next[-1]: a curve never comes first */
            include_curve(&x, (double[]){next[-1].x, next[0].x, next[1].x, next[2].x});
            include_curve(&y, (double[]){next[-1].y, next[0].y, next[1].y, next[2].y});
            next += 3;
        } else if (path->verbs[i] != PATH_CLOSE) {
            include(&x, next->x);
            include(&y, next->y);
            next++;
        }
    }
    return rect_around(x, y);
}
