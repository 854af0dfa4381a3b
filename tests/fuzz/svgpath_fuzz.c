/* svgpath_fuzz.c -- path data of any bytes: read or refused with exactly one message, points within the range of Length. */
#include <stdlib.h>

#include "scene/scene.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const Path *path)
{
    size_t points = 0;
    for (size_t i = 0; i < path->verb_count; i++) {
        if (path->verbs[i] > PATH_CLOSE || (i == 0 && path->verbs[i] != PATH_MOVE)) abort();
        points += path->verbs[i] == PATH_CURVE ? 3 : path->verbs[i] != PATH_CLOSE;
    }
    if (points != path->point_count) abort();
    for (size_t i = 0; i < points; i++)
        if (abs(path->points[i].x) > LENGTH_MAX || abs(path->points[i].y) > LENGTH_MAX) abort();
    path_bounds(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new((size_t)256 << 20);
    DiagList diags;
    diag_list_init(&diags, arena);
    const char *d = arena_copy(arena, (const char *)data, size);
    const Path *path = path_from_svg(arena, d, LENGTH_ONE * 0.75, (Point){100, -100}, SPAN_NONE, &diags);
    if ((path != NULL) != (diags.count == 0) || diags.count > 1) abort();
    if (path) check_path(path);
    arena_free(arena);
    return 0;
}
