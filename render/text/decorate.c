/* decorate.c -- lines along words (CSS Text Decoration 4): under, through or over them, solid, double, dotted, dashed, wavy.
 *
 * A line is drawn once along all it runs along: letters of other sizes and fonts, spaces and gaps do not cut it. It takes
 * no room. Where it would meet emphasis dots it goes below them (clreq, "interlinear marks"). In vertical text an
 * underline stands left of the words, as far as below horizontal ones. */
#include "text/private.h"

/* Of the em: the middle of the em box and of small Latin letters above the baseline, the foot and the head of the em box. */
#define MIDDLE 0.38
#define MIDDLE_LATIN 0.27
#define HEAD 0.88
#define DOTS_DOWN 0.34

bool decoration_is_same(const TextStyle *left, const TextStyle *right)
{
    const Decoration *a = &left->decoration, *b = &right->decoration;
    if (left->shadow_color != right->shadow_color || left->shadow_x != right->shadow_x || left->shadow_y != right->shadow_y) return false;
    return a->lines == b->lines && a->style == b->style && a->color == b->color && a->thickness == b->thickness && a->offset == b->offset && a->size == b->size;
}

typedef struct Ruling {
    const TextRule *rule;
    bool vertical, is_dots;
    const Color *color;
    Length x, y, thick;
    Arena *arena;
    SceneBuilder *scene;
} Ruling;

static Length of_em(const Ruling *ruling, double share)
{
    Length length = length_from_double(share * ruling->rule->size);
    return ruling->is_dots ? (Length)lround((double)length / LENGTH_ONE) * LENGTH_ONE : length;
}

/* The rectangle from `along` on, its upper edge `up` from the baseline. */
static void fill(const Ruling *ruling, int64_t along, int64_t up, Length length)
{
    Rect rect = line_rect(ruling->vertical, ruling->rule->baseline, ruling->rule->x + along, up - ruling->thick, length, ruling->thick);
    scene_add_rect(ruling->scene, (Rect){rect.x + ruling->x, rect.y + ruling->y, rect.width, rect.height}, ruling->color);
}

/* Marks and gaps as long as asked for, stretched so that a mark ends the line. */
static void fill_dashes(const Ruling *ruling, int64_t up, Length mark, Length gap)
{
    Length length = ruling->rule->width;
    int64_t steps = mark + gap > 0 ? ((int64_t)length - mark) / (mark + gap) : 0;
    if (steps < 1 || steps > 4096) {
        fill(ruling, 0, up, length);
        return;
    }
    for (int64_t i = 0; i <= steps; i++) {
        int64_t along = ((int64_t)length - mark) * i / steps;
        fill(ruling, ruling->is_dots ? along / LENGTH_ONE * LENGTH_ONE : along, up, mark);
    }
}

void decorate_wave(bool vertical, Length baseline, int64_t along, Length length, Length half, int64_t up, Length high, Length thick, const Color *color,
                   Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    if (half < 1 || length < half || length / half > 8192) return;
    size_t halves = (size_t)(length / half);
    Path *path = ARENA_NEW(arena, Path);
    uint8_t *verbs = ARENA_ARRAY(arena, uint8_t, halves + 1);
    Point *points = ARENA_ARRAY(arena, Point, 3 * halves + 1);
    verbs[0] = PATH_MOVE;
    points[0] = line_point(vertical, baseline, along, up);
    for (size_t i = 0; i < halves; i++) {       /* half waves, stretched to end with the text */
        Length from = (Length)((int64_t)length * (int64_t)i / (int64_t)halves);
        Length to = (Length)((int64_t)length * (int64_t)(i + 1) / (int64_t)halves), bow = i % 2 ? -high : high;
        verbs[i + 1] = PATH_CURVE;
        points[3 * i + 1] = line_point(vertical, baseline, along + from + (to - from) / 3, up + bow);
        points[3 * i + 2] = line_point(vertical, baseline, along + to - (to - from) / 3, up + bow);
        points[3 * i + 3] = line_point(vertical, baseline, along + to, up);
    }
    for (size_t i = 0; i <= 3 * halves; i++) points[i] = (Point){points[i].x + x, points[i].y + y};
    *path = (Path){.verbs = verbs, .verb_count = halves + 1, .points = points, .point_count = 3 * halves + 1};
    scene_add_stroke(scene, path, color, thick, NULL, 0);
}

/* One line whose upper edge lies `up` from the baseline; what more it needs goes away from the letters, by `side`. */
static void draw_line(const Ruling *ruling, int64_t up, int side)
{
    Length thick = ruling->thick;
    switch (ruling->rule->style->decoration.style) {
    case DECORATION_SOLID: fill(ruling, 0, up, ruling->rule->width); return;
    case DECORATION_DOUBLE:
        fill(ruling, 0, up + (side == 0 ? thick : 0), ruling->rule->width);
        fill(ruling, 0, up + (side == 0 ? -thick : side * 2 * thick), ruling->rule->width);
        return;
    case DECORATION_DOTTED: fill_dashes(ruling, up, thick, thick); return;
    case DECORATION_DASHED: fill_dashes(ruling, up, 3 * thick, 2 * thick); return;
    case DECORATION_WAVY:
        decorate_wave(ruling->vertical, ruling->rule->baseline, ruling->rule->x, ruling->rule->width, of_em(ruling, 0.15), up + (int64_t)side * thick - thick / 2,
                      2 * thick, thick, ruling->color, ruling->x, ruling->y, ruling->arena, ruling->scene);
        return;
    }
}

static void draw_rule(Ruling ruling, bool is_over)
{
    const TextRule *rule = ruling.rule;
    const Decoration *decoration = &rule->style->decoration;
    Length half = ruling.thick / 2, middle = of_em(&ruling, MIDDLE);
    if (is_over) {
        if (decoration->lines & DECORATION_THROUGH) draw_line(&ruling, (ruling.vertical ? 0 : rule->has_wide ? middle : of_em(&ruling, MIDDLE_LATIN)) + half, 0);
        return;
    }
    double down = decoration->offset;
    if (rule->has_dots && down < DOTS_DOWN && !ruling.vertical) down = DOTS_DOWN;
    if (decoration->lines & DECORATION_UNDERLINE) draw_line(&ruling, -of_em(&ruling, down) - (ruling.vertical ? middle : 0), -1);
    if (decoration->lines & DECORATION_OVERLINE) draw_line(&ruling, of_em(&ruling, HEAD) + ruling.thick - (ruling.vertical ? middle : 0), 1);
}

void decorate_draw(const TextLine *line, bool is_over, bool is_shadow, Length x, Length y, Arena *arena, SceneBuilder *scene)
{
    for (size_t i = 0; i < line->rule_count; i++) {
        const TextRule *rule = &line->rules[i];
        const TextStyle *style = rule->style;
        if (is_shadow && !style->shadow_color) continue;
        Ruling ruling = {.rule = rule, .vertical = line->is_vertical, .is_dots = line->run_count && line->runs[0].is_dots,
                         .color = is_shadow ? style->shadow_color : style->decoration.color,
                         .x = is_shadow ? x + style->shadow_x : x, .y = is_shadow ? y + style->shadow_y : y, .arena = arena, .scene = scene};
        ruling.thick = of_em(&ruling, style->decoration.thickness);
        if (ruling.thick < 1) ruling.thick = ruling.is_dots ? LENGTH_ONE : 1;
        draw_rule(ruling, is_over);
    }
}
