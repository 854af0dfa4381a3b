/* cutfile.c -- the lines of knives, creasing rules and drills as a file of their own: SVG 1.1, or DXF as AutoCAD Release 12 reads it
 * (ASCII; POLYLINE with bulges, a layer for each plate). Both in mm, in the coordinates of the sheet: SVG's y goes down from the
 * top left corner, DXF's up from the bottom left. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/plates.h"
#include "press/private.h"

#define DECIMALS 3                /* a micrometre, three Lengths */
#define ARC_OFF 0.005             /* mm: how far an arc may stray from the curve it stands for */
#define ARC_DEPTH 12
#define FORM_DEPTH 64
#define LAYER_NAME 31             /* Release 12 knows no longer ones */

typedef struct Layered { const char *name, *step; const Color *color; } Layered;
typedef struct Line { struct Line *next; size_t layer; const Path *path; } Line;

typedef struct CutFile {
    const PressSetup *setup;      /* or NULL */
    Arena *arena;
    DiagList *diags;
    Span where;
    Layered *layers;
    size_t layer_count, layer_capacity;
    Line *lines, **last;
    bool has_words, is_cut;       /* is_cut: there are lines, not dots alone */
    double width, height;         /* mm */
} CutFile;

/* ---- which lines ---- */

static size_t layer_of(CutFile *file, const char *name, const char *step, const Color *color)
{
    for (size_t i = 0; i < file->layer_count; i++)
        if (strcmp(file->layers[i].name, name) == 0) return i;
    file->layers = ARENA_GROW(file->arena, file->layers, file->layer_count, &file->layer_capacity);
    file->layers[file->layer_count] = (Layered){name, step, color};
    return file->layer_count++;
}

static void add_line(CutFile *file, size_t layer, const Path *path, const Matrix *matrix)
{
    Line *line = ARENA_NEW(file->arena, Line);
    *line = (Line){.layer = layer, .path = path_transform(file->arena, path, matrix)};
    *file->last = line;
    file->last = &line->next;
}

static void collect_op(CutFile *file, const SceneOp *op, const Matrix *matrix)
{
    const Color *color = NULL;
    const Path *path = NULL;
    switch (op->kind) {
    case SCENE_FILL: color = op->u.fill.color, path = op->u.fill.path; break;
    case SCENE_STROKE: color = op->u.stroke.color, path = op->u.stroke.path; break;
    case SCENE_GLYPHS: color = op->u.glyphs->color ? op->u.glyphs->color : op->u.glyphs->stroke_color; break;
    case SCENE_MODULES: color = op->u.modules->color; break;
    default: return;
    }
    const char *step = color && plate_is_line(color) ? plate_step(color) : NULL;
    bool is_dot = op->role && strcmp(op->role, "die-mark") == 0;
    if (step && !path) file->has_words = true;
    else if (step) file->is_cut = true, add_line(file, layer_of(file, color->spot, step, color), path, matrix);
    else if (is_dot) add_line(file, layer_of(file, "RegMark", "RegMark", color), path, matrix);
}

static void collect(CutFile *file, const Scene *scene, Matrix matrix, int depth)
{
    Matrix *stack = ARENA_ARRAY(file->arena, Matrix, scene->op_count + 1);
    size_t top = 0;
    stack[0] = matrix;
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        if (op->kind == SCENE_BEGIN) {
            stack[top + 1] = op->u.begin.matrix ? matrix_join(*op->u.begin.matrix, stack[top]) : stack[top];
            top++;
        } else if (op->kind == SCENE_END) {
            if (top) top--;
        } else if (op->kind == SCENE_FORM) {
            if (op->role && strcmp(op->role, "label") == 0) continue;            /* of the sheet, whose words are no part of what is cut */
            Matrix moved = matrix_join((Matrix){1, 0, 0, 1, op->u.form.x, op->u.form.y}, stack[top]);
            if (depth < FORM_DEPTH) collect(file, op->u.form.scene, moved, depth + 1);
        } else if (op->kind == SCENE_IMAGE) {
            const Scene *art = file->setup ? press_art_scene(file->setup, op->u.image.image) : NULL;
            Rect area = op->u.image.area;
            if (art) collect(file, art, matrix_join((Matrix){(double)area.width / art->width, 0, 0, (double)area.height / art->height, area.x, area.y}, stack[top]), depth + 1);
        } else {
            collect_op(file, op, &stack[top]);
        }
    }
}

/* ---- SVG ---- */

static double mm(double length) { return length / LENGTH_ONE * 25.4 / 72; }

static void add_number(StrBuf *out, const char *before, double value)
{
    char room[NUM_ROOM];
    strbuf_add(out, before);
    strbuf_add(out, num_format(room, value, DECIMALS));
}

static void add_escaped(StrBuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&') strbuf_add(out, "&amp;");
        else if (*text == '<') strbuf_add(out, "&lt;");
        else if (*text == '"') strbuf_add(out, "&quot;");
        else strbuf_add_char(out, *text);
    }
}

static void svg_path(StrBuf *out, const Path *path)
{
    static const char *const names[] = {[PATH_MOVE] = "M", [PATH_LINE] = "L", [PATH_CURVE] = "C", [PATH_CLOSE] = "Z"};
    static const size_t points_of[] = {[PATH_MOVE] = 1, [PATH_LINE] = 1, [PATH_CURVE] = 3, [PATH_CLOSE] = 0};
    size_t at = 0;
    strbuf_add(out, "    <path d=\"");
    for (size_t i = 0; i < path->verb_count; i++) {
        if (i) strbuf_add_char(out, ' ');
        strbuf_add(out, names[path->verbs[i]]);
        for (size_t p = 0; p < points_of[path->verbs[i]]; p++, at++) {
            add_number(out, p ? " " : "", mm(path->points[at].x));
            add_number(out, " ", mm(path->points[at].y));
        }
    }
    strbuf_add(out, "\"/>\n");
}

static void write_svg(const CutFile *file, StrBuf *out)
{
    add_number(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" width=\"", file->width);
    add_number(out, "mm\" height=\"", file->height);
    add_number(out, "mm\" viewBox=\"0 0 ", file->width);
    add_number(out, " ", file->height);
    strbuf_add(out, "\">\n");
    for (size_t i = 0; i < file->layer_count; i++) {
        const Layered *layer = &file->layers[i];
        strbuf_add(out, "  <g inkscape:groupmode=\"layer\" inkscape:label=\"");
        add_escaped(out, layer->name);
        strbuf_addf(out, "\" class=\"%s\" fill=\"none\" stroke=\"#%02X%02X%02X\" stroke-width=\"0.1\">\n", layer->step, layer->color->rgb[0], layer->color->rgb[1], layer->color->rgb[2]);
        for (const Line *line = file->lines; line; line = line->next)
            if (line->layer == i) svg_path(out, line->path);
        strbuf_add(out, "  </g>\n");
    }
    strbuf_add(out, "</svg>\n");
}

/* ---- DXF ---- */

typedef struct Vertex { double x, y, bulge; } Vertex;      /* bulge: to the next vertex; tangent of a quarter of the arc's angle, 0: straight */
typedef struct Vertices { Arena *arena; Vertex *items; size_t count, capacity; } Vertices;

static void add_vertex(Vertices *v, double x, double y)
{
    if (v->count && v->items[v->count - 1].x == x && v->items[v->count - 1].y == y) return;
    v->items = ARENA_GROW(v->arena, v->items, v->count, &v->capacity);
    v->items[v->count++] = (Vertex){x, y, 0};
}

typedef struct Curve { double x[4], y[4]; } Curve;

static void curve_at(const Curve *c, double t, double *x, double *y)
{
    double s = 1 - t, w[4] = {s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t};
    *x = *y = 0;
    for (int i = 0; i < 4; i++) *x += w[i] * c->x[i], *y += w[i] * c->y[i];
}

/* The arc through both ends and the middle of a curve: its bulge, if the curve keeps to it. */
static bool arc_of(const Curve *c, double *bulge)
{
    double mx, my, dx = c->x[3] - c->x[0], dy = c->y[3] - c->y[0], chord = hypot(dx, dy);
    curve_at(c, 0.5, &mx, &my);
    if (chord < 1e-9) return false;
    /* The height of the middle over the chord, and where along it: an arc has it above the middle. */
    double ex = mx - (c->x[0] + c->x[3]) / 2, ey = my - (c->y[0] + c->y[3]) / 2;
    double height = (dx * ey - dy * ex) / chord, aside = (dx * ex + dy * ey) / chord;
    *bulge = 2 * height / chord;             /* counter-clockwise where y goes up, clockwise here */
    bool is_straight = fabs(height) < ARC_OFF / 4;
    if (fabs(aside) > ARC_OFF || fabs(*bulge) > 1) return false;
    double radius = is_straight ? 0 : (chord * chord / 4 + height * height) / (2 * fabs(height)), sign = height < 0 ? -1 : 1;
    double cx = mx + dy / chord * radius * sign, cy = my - dx / chord * radius * sign;
    for (int i = 1; i < 8; i++) {
        double x, y;
        curve_at(c, i / 8.0, &x, &y);
        double off = is_straight ? (dx * (y - c->y[0]) - dy * (x - c->x[0])) / chord : hypot(x - cx, y - cy) - radius;
        if (fabs(off) > ARC_OFF) return false;
    }
    if (is_straight) *bulge = 0;
    return true;
}

static void add_arcs(Vertices *v, const Curve *c, int depth)
{
    double bulge = 0;
    if (arc_of(c, &bulge) || depth >= ARC_DEPTH) {
        if (v->count) v->items[v->count - 1].bulge = bulge;
        add_vertex(v, c->x[3], c->y[3]);
        return;
    }
    Curve a, b;                   /* de Casteljau, halves */
    for (int k = 0; k < 2; k++) {
        const double *p = k ? c->y : c->x;
        double ab = (p[0] + p[1]) / 2, bc = (p[1] + p[2]) / 2, cd = (p[2] + p[3]) / 2, abc = (ab + bc) / 2, bcd = (bc + cd) / 2, middle = (abc + bcd) / 2;
        double *l = k ? a.y : a.x, *r = k ? b.y : b.x;
        l[0] = p[0], l[1] = ab, l[2] = abc, l[3] = r[0] = middle, r[1] = bcd, r[2] = cd, r[3] = p[3];
    }
    add_arcs(v, &a, depth + 1);
    add_arcs(v, &b, depth + 1);
}

static void dxf_text(StrBuf *out, int code, const char *text) { strbuf_addf(out, "%d\n%s\n", code, text); }
static void dxf_count(StrBuf *out, int code, int value) { strbuf_addf(out, "%d\n%d\n", code, value); }

static void dxf_number(StrBuf *out, int code, double value, int decimals)
{
    char room[NUM_ROOM];
    strbuf_addf(out, "%d\n%s\n", code, num_format(room, value, decimals));
}

/* Letters, digits, - and _ of the plate's name; a name in Chinese gives way to its step. The number keeps two apart. */
static const char *dxf_layer(const CutFile *file, size_t index)
{
    const Layered *layer = &file->layers[index];
    StrBuf out;
    strbuf_init(&out, file->arena);
    bool is_plain = true;
    for (const char *c = layer->name; *c; c++) is_plain &= (unsigned char)*c < 0x80;
    for (const char *c = is_plain ? layer->name : layer->step; *c && out.length < LAYER_NAME - 4; c++) {
        bool is_letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-' || *c == '_';
        char upper = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        strbuf_add_char(&out, is_letter ? upper : '_');
    }
    if (!is_plain && index) strbuf_addf(&out, "_%zu", index + 1);
    return out.bytes;
}

/* Colours of AutoCAD's first seven. */
static int dxf_color(const char *step)
{
    if (strcmp(step, "Cutting") == 0) return 6;
    if (strstr(step, "PartialCutting")) return 2;
    if (strstr(step, "Creasing") || strcmp(step, "Folding") == 0) return 5;
    return strcmp(step, "Perforating") == 0 ? 3 : strcmp(step, "RegMark") == 0 ? 7 : 1;
}

static void dxf_polyline(const CutFile *file, StrBuf *out, const char *layer, const Vertices *v, bool is_closed)
{
    size_t count = v->count;
    if (is_closed && count > 1 && fabs(v->items[0].x - v->items[count - 1].x) < 1e-6 && fabs(v->items[0].y - v->items[count - 1].y) < 1e-6) count--;
    if (count < 2) return;
    dxf_text(out, 0, "POLYLINE");
    dxf_text(out, 8, layer);
    dxf_count(out, 66, 1);
    for (int code = 10; code <= 30; code += 10) dxf_number(out, code, 0, 1);
    dxf_count(out, 70, is_closed);
    for (size_t i = 0; i < count; i++) {
        dxf_text(out, 0, "VERTEX");
        dxf_text(out, 8, layer);
        dxf_number(out, 10, v->items[i].x, DECIMALS);
        dxf_number(out, 20, file->height - v->items[i].y, DECIMALS);
        dxf_number(out, 30, 0, 1);
        if (v->items[i].bulge != 0) dxf_number(out, 42, v->items[i].bulge, 6);
    }
    dxf_text(out, 0, "SEQEND");
    dxf_text(out, 8, layer);
}

static void dxf_path(const CutFile *file, StrBuf *out, const char *layer, const Path *path)
{
    Vertices v = {.arena = file->arena};
    size_t at = 0;
    for (size_t i = 0; i < path->verb_count; i++) {
        const Point *p = path->points + at;
        switch ((PathVerb)path->verbs[i]) {
        case PATH_MOVE:
            dxf_polyline(file, out, layer, &v, false);
            v.count = 0;
            add_vertex(&v, mm(p[0].x), mm(p[0].y));
            at++;
            break;
        case PATH_LINE:
            add_vertex(&v, mm(p[0].x), mm(p[0].y));
            at++;
            break;
        case PATH_CURVE: {
            Curve c = {{v.items[v.count - 1].x, mm(p[0].x), mm(p[1].x), mm(p[2].x)}, {v.items[v.count - 1].y, mm(p[0].y), mm(p[1].y), mm(p[2].y)}};
            add_arcs(&v, &c, 0);
            at += 3;
            break;
        }
        case PATH_CLOSE: {
            dxf_polyline(file, out, layer, &v, true);
            Vertex start = v.items[0];
            v.count = 0;
            add_vertex(&v, start.x, start.y);
            break;
        }
        }
    }
    dxf_polyline(file, out, layer, &v, false);
}

static void write_dxf(const CutFile *file, StrBuf *out)
{
    dxf_text(out, 999, "biaoyu: unit 1 mm, origin at the bottom left corner of the sheet");
    dxf_text(out, 0, "SECTION");
    dxf_text(out, 2, "HEADER");
    dxf_text(out, 9, "$ACADVER");
    dxf_text(out, 1, "AC1009");
    dxf_text(out, 9, "$EXTMIN");
    dxf_number(out, 10, 0, 1);
    dxf_number(out, 20, 0, 1);
    dxf_text(out, 9, "$EXTMAX");
    dxf_number(out, 10, file->width, DECIMALS);
    dxf_number(out, 20, file->height, DECIMALS);
    dxf_text(out, 0, "ENDSEC");
    dxf_text(out, 0, "SECTION");
    dxf_text(out, 2, "TABLES");
    dxf_text(out, 0, "TABLE");
    dxf_text(out, 2, "LTYPE");
    dxf_count(out, 70, 1);
    dxf_text(out, 0, "LTYPE");
    dxf_text(out, 2, "CONTINUOUS");
    dxf_count(out, 70, 0);
    dxf_text(out, 3, "Solid line");
    dxf_count(out, 72, 65);
    dxf_count(out, 73, 0);
    dxf_number(out, 40, 0, 1);
    dxf_text(out, 0, "ENDTAB");
    dxf_text(out, 0, "TABLE");
    dxf_text(out, 2, "LAYER");
    dxf_count(out, 70, (int)file->layer_count);
    for (size_t i = 0; i < file->layer_count; i++) {
        dxf_text(out, 0, "LAYER");
        dxf_text(out, 2, dxf_layer(file, i));
        dxf_count(out, 70, 0);
        dxf_count(out, 62, dxf_color(file->layers[i].step));
        dxf_text(out, 6, "CONTINUOUS");
    }
    dxf_text(out, 0, "ENDTAB");
    dxf_text(out, 0, "ENDSEC");
    dxf_text(out, 0, "SECTION");
    dxf_text(out, 2, "ENTITIES");
    for (size_t i = 0; i < file->layer_count; i++) {
        const char *layer = dxf_layer(file, i);
        for (const Line *line = file->lines; line; line = line->next)
            if (line->layer == i) dxf_path(file, out, layer, line->path);
    }
    dxf_text(out, 0, "ENDSEC");
    dxf_text(out, 0, "EOF");
}

/* ---- the file ---- */

bool press_cut_file(const PressSetup *setup, Arena *arena, const Scene *scene, CutFormat format, StrBuf *out, Span where, DiagList *diags)
{
    CutFile file = {.setup = setup, .arena = arena, .diags = diags, .where = where, .width = mm(scene->width + 2.0 * scene->bleed), .height = mm(scene->height + 2.0 * scene->bleed)};
    file.last = &file.lines;
    collect(&file, scene, (Matrix){1, 0, 0, 1, scene->bleed, scene->bleed}, 0);
    if (file.has_words)
        diag_warning(diags, where, "cut-words", "draw it as shape: path, or on a plate that is ink", "words or codes on a plate for cutting are not in the cut file: a knife follows lines");
    if (!file.is_cut) return false;
    if (format == CUT_SVG) write_svg(&file, out);
    else write_dxf(&file, out);
    return true;
}
