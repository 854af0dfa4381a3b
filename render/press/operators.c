/* operators.c -- numbers, names, colours and paths as the operators of a page (ISO 32000-1, annex A). */
#include "press/private.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

#define MAX_DASHES 16

/* ---- writing ---- */

void put(Drawing *drawing, const char *text) { strbuf_add(&drawing->out, text); }

void put_thousandths(Drawing *drawing, int64_t thousandths)
{
    char room[32], *at = room + sizeof room;
    uint64_t value = thousandths < 0 ? (uint64_t)-thousandths : (uint64_t)thousandths, whole = value / 1000;
    unsigned fraction = (unsigned)(value % 1000), digits = 3;
    *--at = ' ';
    if (fraction) {
        while (fraction % 10 == 0) fraction /= 10, digits--;
        for (; digits; digits--, fraction /= 10) *--at = (char)('0' + fraction % 10);
        *--at = '.';
    }
    if (whole || at == room + sizeof room - 1)
        do *--at = (char)('0' + whole % 10);
        while (whole /= 10);
    if (thousandths < 0) *--at = '-';
    strbuf_add_bytes(&drawing->out, at, (size_t)(room + sizeof room - at));
}

void put_length(Drawing *drawing, Length length)
{
    int64_t scaled = (int64_t)length * 1000;
    put_thousandths(drawing, (scaled + (scaled < 0 ? -LENGTH_ONE / 2 : LENGTH_ONE / 2)) / LENGTH_ONE);
}

void put_number(Drawing *drawing, double value, int decimals)
{
    if (decimals <= 3 && fabs(value) < 1e12) {
        static const double steps[] = {1, 10, 100, 1000};
        put_thousandths(drawing, (int64_t)llround(value * steps[decimals]) * (int64_t)(1000 / steps[decimals]));
        return;
    }
    char room[NUM_ROOM];
    put(drawing, num_format(room, isfinite(value) ? value : 0, decimals));
    put(drawing, " ");
}

size_t add_use(Drawing *drawing, UseKind kind, const void *key, double value)
{
    UseList *uses = drawing->uses;
    for (size_t i = 0; i < uses->count; i++)
        if (uses->items[i].kind == kind && uses->items[i].key == key && uses->items[i].value == value) return i;
    uses->items = ARENA_GROW(drawing->arena, uses->items, uses->count, &uses->capacity);
    uses->items[uses->count] = (Use){kind, key, value};
    return uses->count++;
}

void drop_names(NameList *names, size_t length)
{
    while (names->count && names->items[names->count - 1].end > length) names->count--;
}

void put_name(Drawing *drawing, UseKind kind, size_t index)
{
    char room[32], *at = room + sizeof room;
    *--at = ' ';
    size_t rest = index;
    do *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    *--at = (char)kind;
    *--at = '/';
    size_t start = drawing->out.length;
    strbuf_add_bytes(&drawing->out, at, (size_t)(room + sizeof room - at));
    NameList *names = drawing->names;
    if (!names) return;
    drop_names(names, start);
    names->items = ARENA_GROW(drawing->arena, names->items, names->count, &names->capacity);
    names->items[names->count++] = (NamePlace){start, drawing->out.length, index};
}

/* ---- colour ---- */

static void set_overprint(Drawing *drawing, int overprint)
{
    if (drawing->state.overprint == overprint) return;
    drawing->state.overprint = overprint;
    put_name(drawing, USE_OVERPRINT, add_use(drawing, USE_OVERPRINT, NULL, overprint));
    put(drawing, "gs ");
}

/* The gradient of a colour in its place: letters of one line share it. */
static const Pattern *find_pattern(Drawing *drawing, const Color *color)
{
    Matrix to_stream = matrix_join(drawing->matrix, drawing->outside);
    Pattern pattern = {.gradient = color->gradient};
    shading_matrix(&color->axis, &to_stream, pattern.matrix);
    const UseList *uses = drawing->uses;
    for (size_t i = 0; i < uses->count; i++) {
        const Pattern *known = uses->items[i].key;
        if (uses->items[i].kind == USE_PATTERN && known->gradient == pattern.gradient && memcmp(known->matrix, pattern.matrix, sizeof pattern.matrix) == 0) return known;
    }
    Pattern *copy = ARENA_NEW(drawing->arena, Pattern);
    *copy = pattern;
    return copy;
}

static const ColorLook *look_at(Drawing *drawing, const Color *color, bool may_overprint)
{
    ColorLook *look = &drawing->looks[(((uintptr_t)color >> 4) + may_overprint) & (COLOR_LOOKS - 1)];
    if (look->color == color && look->may_overprint == may_overprint) return look;
    const PressSetup *setup = drawing->setup;
    *look = (ColorLook){.color = color, .may_overprint = may_overprint, .overprint = ink_overprints(setup, color, may_overprint), .most = ink_most(setup, color)};
    if (!color->gradient) look->ink = ink_of(setup, color);
    for (size_t i = 0; i < color_stop_count(color); i++) look->is_converted |= ink_of(setup, color_stop(color, i)).is_converted;
    return look;
}

void put_color(Drawing *drawing, const Color *color, bool is_stroke, bool may_overprint)
{
    PressFacts *facts = &drawing->page->facts;
    const ColorLook *look = look_at(drawing, color, may_overprint);
    const Ink ink = look->ink;
    const Color **known = is_stroke ? &drawing->state.stroke : &drawing->state.fill;
    set_overprint(drawing, look->overprint);
    if (drawing->layer != LAYER_MARKS && !ink.plate && look->most > facts->most_ink) facts->most_ink = look->most;
    facts->rgb_paints += look->is_converted;
    if (*known == color) return;
    *known = color;
    if (color->gradient) {
        put(drawing, is_stroke ? "/Pattern CS " : "/Pattern cs ");
        put_name(drawing, USE_PATTERN, add_use(drawing, USE_PATTERN, find_pattern(drawing, color), 0));
        put(drawing, is_stroke ? "SCN\n" : "scn\n");
    } else if (ink.plate) {
        put_name(drawing, USE_PLATE, add_use(drawing, USE_PLATE, color, 0));
        put(drawing, is_stroke ? "CS " : "cs ");
        put_number(drawing, ink.tint, 4);
        put(drawing, is_stroke ? "SCN\n" : "scn\n");
    } else {
        for (int i = 0; i < 4; i++) put_number(drawing, ink.cmyk[i], 3);
        put(drawing, is_stroke ? "K\n" : "k\n");
    }
}

/* ---- paths ---- */

void put_point(Drawing *drawing, Point point)
{
    put_length(drawing, point.x);
    put_length(drawing, point.y);
}

void put_path(Drawing *drawing, const Path *path)
{
    static const size_t points_of[] = {[PATH_MOVE] = 1, [PATH_LINE] = 1, [PATH_CURVE] = 3, [PATH_CLOSE] = 0};
    static const char *const names[] = {[PATH_MOVE] = "m\n", [PATH_LINE] = "l\n", [PATH_CURVE] = "c\n", [PATH_CLOSE] = "h\n"};
    if (path->is_rect) {
        put_point(drawing, (Point){path->rect.x, path->rect.y});
        put_point(drawing, (Point){path->rect.width, path->rect.height});
        put(drawing, "re\n");
        return;
    }
    size_t at = 0;
    for (size_t i = 0; i < path->verb_count; i++) {
        uint8_t verb = path->verbs[i];
        if (verb > PATH_CLOSE || path->point_count - at < points_of[verb]) return;
        for (size_t p = 0; p < points_of[verb]; p++) put_point(drawing, path->points[at++]);
        put(drawing, names[verb]);
    }
}

void operators_fill(Drawing *drawing, const SceneOp *op)
{
    /* Bars of a bar code are fills too; but an area of black must cover what lies under it. */
    put_color(drawing, op->u.fill.color, false, false);
    put_path(drawing, op->u.fill.path);
    put(drawing, op->u.fill.path->is_even_odd ? "f*\n" : "f\n");
}

static bool set_dashes(Drawing *drawing, const SceneOp *op)
{
    size_t count = op->u.stroke.dash_count;
    int64_t sum = 0;
    for (size_t i = 0; i < count && i < MAX_DASHES; i++) {
        if (op->u.stroke.dashes[i] < 0) return false;
        sum += op->u.stroke.dashes[i];
    }
    if (!count || count > MAX_DASHES || !sum) return false;
    put(drawing, "[");
    for (size_t i = 0; i < count; i++) put_length(drawing, op->u.stroke.dashes[i]);
    put(drawing, "] 0 d ");
    drawing->state.dashes = 1;
    return true;
}

static void set_nib(Drawing *drawing, int *known, int value, const char *operation)
{
    if (*known == value) return;
    *known = value;
    put_number(drawing, value, 0);
    put(drawing, operation);
}

void operators_stroke(Drawing *drawing, const SceneOp *op)
{
    Length width = op->u.stroke.width;
    PressFacts *facts = &drawing->page->facts;
    double pt = length_to_pt(width);
    if (width <= 0) return;
    if (drawing->layer != LAYER_MARKS && (facts->thinnest_line == 0 || pt < facts->thinnest_line)) facts->thinnest_line = pt;
    put_color(drawing, op->u.stroke.color, true, true);
    if (!set_dashes(drawing, op) && drawing->state.dashes) {
        put(drawing, "[] 0 d ");
        drawing->state.dashes = 0;
    }
    const Nib nib = op->u.stroke.nib;
    set_nib(drawing, &drawing->state.cap, nib.cap, "J ");
    set_nib(drawing, &drawing->state.join, nib.join, "j ");
    if (nib.join == NIB_MITERED) set_nib(drawing, &drawing->state.miter, nib.miter ? nib.miter : 10, "M ");
    if (drawing->state.width != width) {
        put_length(drawing, width);
        put(drawing, "w ");
        drawing->state.width = width;
    }
    put_path(drawing, op->u.stroke.path);
    put(drawing, "S\n");
}
