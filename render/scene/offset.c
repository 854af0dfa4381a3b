/* offset.c -- paths transformed, flattened, and the line that runs beside a closed one. */
#include "scene/private.h"

#include <math.h>
#include <stdlib.h>

#define OUTLINE_MOST 6000         /* points of a path whose parallel is looked for: it is compared point by edge */
#define FINE 8.0                  /* Lengths: 0.003 mm */

/* ---- transform ---- */

static Point transformed(const Matrix *m, Point p)
{
    return (Point){length_from_double(m->xx * p.x + m->xy * p.y + m->x0), length_from_double(m->yx * p.x + m->yy * p.y + m->y0)};
}

Matrix matrix_join(Matrix inner, Matrix outer)
{
    return (Matrix){inner.xx * outer.xx + inner.yx * outer.xy, inner.xx * outer.yx + inner.yx * outer.yy,
                    inner.xy * outer.xx + inner.yy * outer.xy, inner.xy * outer.yx + inner.yy * outer.yy,
                    inner.x0 * outer.xx + inner.y0 * outer.xy + outer.x0, inner.x0 * outer.yx + inner.y0 * outer.yy + outer.y0};
}

const Path *path_transform(Arena *arena, const Path *path, const Matrix *matrix)
{
    bool is_upright = (matrix->xy == 0 && matrix->yx == 0) || (matrix->xx == 0 && matrix->yy == 0);
    if (path->is_rect && is_upright) {
        Rect r = path->rect;
        Point a = transformed(matrix, (Point){r.x, r.y}), b = transformed(matrix, (Point){r.x + r.width, r.y + r.height});
        return path_rect(arena, (Rect){a.x < b.x ? a.x : b.x, a.y < b.y ? a.y : b.y, abs(b.x - a.x), abs(b.y - a.y)});
    }
    Point *points = ARENA_ARRAY(arena, Point, path->point_count + 1);
    for (size_t i = 0; i < path->point_count; i++) points[i] = transformed(matrix, path->points[i]);
    Path *out = ARENA_NEW(arena, Path);
    *out = (Path){.verbs = path->verbs, .verb_count = path->verb_count, .points = points, .point_count = path->point_count};
    return out;
}

/* ---- flatten ---- */

typedef struct Growing { Arena *arena; double *xy; size_t count, capacity; } Growing;

static void add(Growing *g, double x, double y)
{
    if (g->count && g->xy[2 * g->count - 2] == x && g->xy[2 * g->count - 1] == y) return;
    if (g->count == g->capacity) {
        size_t capacity = g->capacity ? 2 * g->capacity : 64;
        double *xy = ARENA_ARRAY(g->arena, double, 2 * capacity);
        for (size_t i = 0; i < 2 * g->count; i++) xy[i] = g->xy[i];
        g->xy = xy;
        g->capacity = capacity;
    }
    g->xy[2 * g->count] = x;
    g->xy[2 * g->count++ + 1] = y;
}

/* Even steps of the parameter, by the bound on the second derivative: n = sqrt(|d2| / (8 tolerance)). */
static void add_curve(Growing *g, const Point p[4], double tolerance)
{
    double second = 0;
    for (int i = 0; i < 2; i++) second = fmax(second, 6 * hypot(p[i].x - 2.0 * p[i + 1].x + p[i + 2].x, p[i].y - 2.0 * p[i + 1].y + p[i + 2].y));
    double wanted = ceil(sqrt(second / (8 * tolerance)));
    int steps = wanted < 1 ? 1 : wanted > 1000 ? 1000 : (int)wanted;
    for (int i = 1; i <= steps; i++) {
        double t = (double)i / steps, s = 1 - t, a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
        add(g, a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x, a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y);
    }
}

static Outline finish(Growing *g, bool is_closed)
{
    size_t count = g->count;
    if (is_closed)
        while (count > 1 && g->xy[0] == g->xy[2 * count - 2] && g->xy[1] == g->xy[2 * count - 1]) count--;
    Outline out = {g->xy, count, is_closed};
    *g = (Growing){.arena = g->arena};
    return out;
}

size_t path_flatten(Arena *arena, const Path *path, double tolerance, Outline **out)
{
    Outline *outlines = ARENA_ARRAY(arena, Outline, path->verb_count + 1);
    size_t count = 0, at = 0;
    Growing g = {.arena = arena};
    Point start = {0}, pen = {0};
    for (size_t i = 0; i < path->verb_count; i++) {
        const Point *p = path->points + at;
        switch ((PathVerb)path->verbs[i]) {
        case PATH_MOVE:
            if (g.count > 1) outlines[count++] = finish(&g, false);
            g = (Growing){.arena = arena};
            start = pen = p[0], at++;
            add(&g, pen.x, pen.y);
            break;
        case PATH_LINE:
            if (!g.count) add(&g, pen.x, pen.y);
            pen = p[0], at++;
            add(&g, pen.x, pen.y);
            break;
        case PATH_CURVE:
            if (!g.count) add(&g, pen.x, pen.y);
            add_curve(&g, (const Point[]){pen, p[0], p[1], p[2]}, tolerance);
            pen = p[2], at += 3;
            break;
        case PATH_CLOSE:
            if (g.count > 1) outlines[count++] = finish(&g, true);
            g = (Growing){.arena = arena};
            pen = start;
            break;
        }
    }
    if (g.count > 1) outlines[count++] = finish(&g, false);
    *out = outlines;
    return count;
}

/* ---- the line beside ---- */

static double area_of(const Outline *o)
{
    double twice = 0;
    for (size_t i = 0, j = o->count - 1; i < o->count; j = i++) twice += o->xy[2 * j] * o->xy[2 * i + 1] - o->xy[2 * i] * o->xy[2 * j + 1];
    return twice / 2;
}

static bool is_inside(const Outline *o, double x, double y)
{
    bool inside = false;
    for (size_t i = 0, j = o->count - 1; i < o->count; j = i++) {
        const double *a = o->xy + 2 * i, *b = o->xy + 2 * j;
        if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) inside = !inside;
    }
    return inside;
}

/* Square of the distance from a point to the outline. */
static double distance_2(const Outline *o, double x, double y)
{
    double best = INFINITY;
    for (size_t i = 0, j = o->count - 1; i < o->count; j = i++) {
        const double *a = o->xy + 2 * j, *b = o->xy + 2 * i;
        double dx = b[0] - a[0], dy = b[1] - a[1], t = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy);
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        double ex = a[0] + t * dx - x, ey = a[1] + t * dy - y;
        best = fmin(best, ex * ex + ey * ey);
    }
    return best;
}

/* Where the outline turns away from the line beside it, an arc round the corner; where it turns towards it, the two edges meet
 * earlier. `d` is to the left of the way (y down: to the right as it is seen). */
static Outline beside(Arena *arena, const Outline *o, double d)
{
    Growing g = {.arena = arena};
    for (size_t i = 0; i < o->count; i++) {
        const double *before = o->xy + 2 * ((i + o->count - 1) % o->count), *at = o->xy + 2 * i, *after = o->xy + 2 * ((i + 1) % o->count);
        double ax = at[0] - before[0], ay = at[1] - before[1], bx = after[0] - at[0], by = after[1] - at[1], al = hypot(ax, ay), bl = hypot(bx, by);
        double nx = -ay / al * d, ny = ax / al * d, mx = -by / bl * d, my = bx / bl * d;
        double turn = atan2(ax * by - ay * bx, ax * bx + ay * by);
        if (turn * d >= 0) {
            double along = 1 + (nx * mx + ny * my) / (d * d);
            if (along < 1e-6) along = 1e-6;
            add(&g, at[0] + (nx + mx) / along, at[1] + (ny + my) / along);
            continue;
        }
        int steps = (int)ceil(fabs(turn) / (2 * acos(1 - fmin(FINE / fabs(d), 0.5))));
        if (steps < 1) steps = 1;
        for (int k = 0; k <= steps; k++) {
            double angle = turn * k / steps;
            add(&g, at[0] + nx * cos(angle) - ny * sin(angle), at[1] + nx * sin(angle) + ny * cos(angle));
        }
    }
    return finish(&g, true);
}

/* Does the line keep its distance everywhere? If not it ran into itself. */
static bool keeps_clear(const Outline *line, const Outline *from, double d)
{
    double least = fabs(d) - 2 * FINE;
    if (line->count < 3) return false;
    for (size_t i = 0, j = line->count - 1; i < line->count; j = i++) {
        const double *a = line->xy + 2 * j, *b = line->xy + 2 * i;
        if (distance_2(from, b[0], b[1]) < least * least || distance_2(from, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2) < least * least) return false;
    }
    return (area_of(line) > 0) == (area_of(from) > 0);
}

const Path *path_offset(Arena *arena, const Path *path, Length distance)
{
    if (!distance) return path;
    Outline *outlines;
    size_t count = path_flatten(arena, path, FINE, &outlines);
    PathBuilder builder;
    path_builder_init(&builder, arena);
    size_t points = 0;
    for (size_t i = 0; i < count; i++) points += outlines[i].count;
    if (points > OUTLINE_MOST) return NULL;
    for (size_t i = 0; i < count; i++) {
        const Outline *o = &outlines[i];
        if (!o->is_closed || o->count < 3 || area_of(o) == 0) return NULL;
        unsigned around = 0;
        for (size_t k = 0; k < count; k++)
            if (k != i && outlines[k].count > 2) around += is_inside(&outlines[k], o->xy[0], o->xy[1]);
        /* Outside lies to the right of a way round with positive area, and inside a hole. */
        double d = area_of(o) > 0 ? -(double)distance : distance;
        if (around % 2) d = -d;
        Outline line = beside(arena, o, d);
        if (!keeps_clear(&line, o, d)) return NULL;
        for (size_t k = 0; k < line.count; k++) {
            Point p = {length_from_double(line.xy[2 * k]), length_from_double(line.xy[2 * k + 1])};
            if (k) path_builder_line(&builder, p);
            else path_builder_move(&builder, p);
        }
        path_builder_close(&builder);
    }
    return count ? path_builder_finish(&builder) : NULL;
}
