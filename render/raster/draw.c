/* draw.c -- a scene's operations through a Cairo context, whatever the target. */
#include "raster/private.h"

#include <cairo-pdf.h>
#include <string.h>

#include "base/num.h"

/* BEGINs and forms inside each other; a layout cannot nest deeper (LIMIT_YAML_DEPTH, LIMIT_PART_DEPTH). */
#define MAX_DEPTH 512

void draw_color_rgb(const Color *color, uint8_t rgb[3])
{
    for (int i = 0; i < 3; i++) {
        if (color->has_rgb || !color->has_cmyk) {
            rgb[i] = color->rgb[i];
            continue;
        }
        /* A preview without colour management: 255 (1 - c) (1 - k). */
        double ink = fmin(fmax(color->cmyk[i] / 100, 0), 1), black = fmin(fmax(color->cmyk[3] / 100, 0), 1);
        rgb[i] = (uint8_t)lround(255 * (1 - ink) * (1 - black));
    }
}

/* Red, green and blue, 0-1: light, or the inks of a pass. Does it overprint? */
static bool channels_of(const Drawing *drawing, const Color *color, bool may_overprint, double channels[3])
{
    if (drawing->plates) return plates_light(drawing->plates, color, may_overprint, channels);
    uint8_t rgb[3];
    draw_color_rgb(color, rgb);
    for (int i = 0; i < 3; i++) channels[i] = rgb[i] / 255.0;
    return false;
}

/* The gradient in user space as it is now. Cairo counts a pattern's matrix in 1/65536: so the pattern is as large as it shows,
 * and its matrix turns and bends it only where it must. */
static cairo_pattern_t *make_pattern(const Gradient *gradient, const GradientAxis *axis)
{
    double x = axis->x0 / LENGTH_ONE, y = axis->y0 / LENGTH_ONE, xx = axis->xx / LENGTH_ONE, yx = axis->yx / LENGTH_ONE;
    double xy = axis->xy / LENGTH_ONE, yy = axis->yy / LENGTH_ONE, size = hypot(xx, yx);
    if (gradient->kind == GRADIENT_LINEAR && fabs(xx * xy + yx * yy) <= 1e-9 * size * hypot(xy, yy))
        return cairo_pattern_create_linear(x, y, x + xx, y + yx);
    double fx = gradient->focus[0], fy = gradient->focus[1];
    bool is_circle = fabs(xx - yy) <= 1e-9 * size && yx == 0 && xy == 0;
    if (gradient->kind == GRADIENT_RADIAL && is_circle)
        return cairo_pattern_create_radial(x + fx * size, y + fy * size, 0, x, y, size);
    cairo_pattern_t *pattern = gradient->kind == GRADIENT_LINEAR ? cairo_pattern_create_linear(0, 0, size, 0)
                                                                 : cairo_pattern_create_radial(fx * size, fy * size, 0, 0, 0, size);
    cairo_matrix_t matrix = {xx / size, yx / size, xy / size, yy / size, x, y};
    if (cairo_matrix_invert(&matrix) == CAIRO_STATUS_SUCCESS)
        cairo_pattern_set_matrix(pattern, &matrix);
    return pattern;
}

static bool set_gradient(Drawing *drawing, const Gradient *gradient, const GradientAxis *axis)
{
    cairo_pattern_t *pattern = make_pattern(gradient, axis);
    bool overprints = false;
    for (size_t i = 0; i < gradient->stop_count; i++) {
        double channels[3];
        overprints |= channels_of(drawing, gradient->stops[i].color, false, channels);
        cairo_pattern_add_color_stop_rgb(pattern, gradient->stops[i].at, channels[0], channels[1], channels[2]);
    }
    cairo_set_source(drawing->cr, pattern);
    cairo_pattern_destroy(pattern);
    return overprints;
}

void draw_set_color(Drawing *drawing, const Color *color, bool may_overprint)
{
    cairo_t *cr = drawing->cr;
    double channels[3];
    bool overprints;
    if (color->gradient) {
        overprints = set_gradient(drawing, color->gradient, &color->axis);
    } else {
        overprints = channels_of(drawing, color, may_overprint, channels);
        cairo_set_source_rgb(cr, channels[0], channels[1], channels[2]);
    }
    /* No ink is white there, and leaves what is darker. */
    if (drawing->plates) cairo_set_operator(cr, overprints ? CAIRO_OPERATOR_DARKEN : CAIRO_OPERATOR_OVER);
}

void draw_set_over(Drawing *drawing)
{
    if (drawing->plates) cairo_set_operator(drawing->cr, CAIRO_OPERATOR_OVER);
}

bool draw_is_well(Drawing *drawing, cairo_status_t status)
{
    if (drawing->failed)
        return false;
    /* A write that failed is the file's to report. */
    if (status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_WRITE_ERROR)
        return true;
    drawing->failed = true;
    if (status == CAIRO_STATUS_NO_MEMORY)
        return diag_system(drawing->diags, SPAN_NONE, "out-of-memory", "draw fewer or smaller pages at once",
                           "there is not enough memory to draw the page");
    return diag_error(drawing->diags, SPAN_NONE, "not-drawn", NULL, "the page cannot be drawn: %s",
                      cairo_status_to_string(status));
}

void draw_release_surface(void *surface)
{
    cairo_surface_destroy(surface);
}

/* ---- paths ---- */

static const size_t points_of_verb[] = {[PATH_MOVE] = 1, [PATH_LINE] = 1, [PATH_CURVE] = 3, [PATH_CLOSE] = 0};

static void add_path(cairo_t *cr, const Path *path)
{
    cairo_new_path(cr);
    cairo_set_fill_rule(cr, path->is_even_odd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING);
    if (path->is_rect) {
        cairo_rectangle(cr, length_to_pt(path->rect.x), length_to_pt(path->rect.y), length_to_pt(path->rect.width),
                        length_to_pt(path->rect.height));
        return;
    }
    const Point *p = path->points;
    for (size_t i = 0; i < path->verb_count; i++) {
        uint8_t verb = path->verbs[i];
        if (verb > PATH_CLOSE || (size_t)(path->points + path->point_count - p) < points_of_verb[verb])
            return;
        if (verb == PATH_MOVE)
            cairo_move_to(cr, length_to_pt(p->x), length_to_pt(p->y));
        else if (verb == PATH_LINE)
            cairo_line_to(cr, length_to_pt(p->x), length_to_pt(p->y));
        else if (verb == PATH_CURVE)
            cairo_curve_to(cr, length_to_pt(p[0].x), length_to_pt(p[0].y), length_to_pt(p[1].x), length_to_pt(p[1].y),
                           length_to_pt(p[2].x), length_to_pt(p[2].y));
        else
            cairo_close_path(cr);
        p += points_of_verb[verb];
    }
}

/* ---- pieces that abut ----
 *
 * Two halves of a pixel painted one over the other let the paper through. Where pieces of a sheet share an edge both are cut at
 * whole pixels, and paint that ends with the piece is drawn past that cut. */

/* Of a rectangle, in pixels. False when it is turned by less than a quarter. */
static bool device_edges(cairo_t *cr, Rect rect, Edges *out)
{
    cairo_matrix_t m;
    cairo_get_matrix(cr, &m);
    if ((m.xy != 0 || m.yx != 0) && (m.xx != 0 || m.yy != 0)) return false;
    double x = length_to_pt(rect.x), y = length_to_pt(rect.y), u = x + length_to_pt(rect.width), v = y + length_to_pt(rect.height);
    cairo_user_to_device(cr, &x, &y);
    cairo_user_to_device(cr, &u, &v);
    *out = (Edges){fmin(x, u), fmin(y, v), fmax(x, u), fmax(y, v)};
    return true;
}

static double past(double edge, double cut, double out) { return fabs(edge - cut) < 0.01 ? edge + out : edge; }

void draw_past_piece(Drawing *drawing, Rect rect, double out[4])
{
    const Edges piece = drawing->piece;
    Edges edges;
    out[0] = length_to_pt(rect.x), out[1] = length_to_pt(rect.y), out[2] = length_to_pt(rect.width), out[3] = length_to_pt(rect.height);
    if (piece.right <= piece.left || !device_edges(drawing->cr, rect, &edges)) return;
    double x = past(edges.left, piece.left, -1), y = past(edges.top, piece.top, -1), u = past(edges.right, piece.right, 1), v = past(edges.foot, piece.foot, 1);
    if (x == edges.left && y == edges.top && u == edges.right && v == edges.foot) return;
    cairo_device_to_user(drawing->cr, &x, &y);
    cairo_device_to_user(drawing->cr, &u, &v);
    out[0] = fmin(x, u), out[1] = fmin(y, v), out[2] = fabs(u - x), out[3] = fabs(v - y);
}

/* Of what is filled, or clipped to. */
static void add_area(Drawing *drawing, const Path *path)
{
    if (!path->is_rect) {
        add_path(drawing->cr, path);
        return;
    }
    double box[4];
    draw_past_piece(drawing, path->rect, box);
    cairo_new_path(drawing->cr);
    cairo_rectangle(drawing->cr, box[0], box[1], box[2], box[3]);
}

static void draw_fill(Drawing *drawing, const SceneOp *op)
{
    draw_set_color(drawing, op->u.fill.color, false);
    add_area(drawing, op->u.fill.path);
    cairo_fill(drawing->cr);
    cairo_set_fill_rule(drawing->cr, CAIRO_FILL_RULE_WINDING);      /* of letters */
}

/* Cairo would give up on the whole page for a negative dash or for none but zeros. */
static bool dashes_are_usable(const Length *dashes, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (dashes[i] < 0)
            return false;
        sum += dashes[i];
    }
    return sum > 0;
}

#define MAX_DASHES 16

static void draw_stroke(Drawing *drawing, const SceneOp *op)
{
    cairo_t *cr = drawing->cr;
    if (op->u.stroke.width <= 0)
        return;
    double dashes[MAX_DASHES];
    size_t dash_count = op->u.stroke.dash_count;
    if (dash_count > MAX_DASHES || !dashes_are_usable(op->u.stroke.dashes, dash_count))
        dash_count = 0;
    for (size_t i = 0; i < dash_count; i++)
        dashes[i] = length_to_pt(op->u.stroke.dashes[i]);
    cairo_set_dash(cr, dashes, (int)dash_count, 0);
    static const cairo_line_cap_t caps[] = {CAIRO_LINE_CAP_BUTT, CAIRO_LINE_CAP_ROUND, CAIRO_LINE_CAP_SQUARE};
    static const cairo_line_join_t joins[] = {CAIRO_LINE_JOIN_MITER, CAIRO_LINE_JOIN_ROUND, CAIRO_LINE_JOIN_BEVEL};
    const Nib nib = op->u.stroke.nib;
    cairo_set_line_width(cr, length_to_pt(op->u.stroke.width));
    cairo_set_line_cap(cr, caps[nib.cap]);
    cairo_set_line_join(cr, joins[nib.join]);
    cairo_set_miter_limit(cr, nib.miter ? nib.miter : 10);
    draw_set_color(drawing, op->u.stroke.color, true);
    add_path(cr, op->u.stroke.path);
    cairo_stroke(cr);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
}

/* ---- links ---- */

/* Cairo 1.16 copies a URI into the PDF's string as it is: what would end the attribute's quotes or the string, and what
 * no URI may hold, is percent-encoded (RFC 3986, 2.1). */
static void add_uri(StrBuf *out, const char *uri)
{
    for (const char *c = uri; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte <= 0x20 || byte >= 0x7F || strchr("'\\()\"<>", *c))
            strbuf_addf(out, "%%%02X", (unsigned)byte);
        else
            strbuf_add_char(out, *c);
    }
}

static void draw_link(Drawing *drawing, Rect area, const char *uri)
{
    if (drawing->target != TARGET_PDF || !uri || !*uri)
        return;
    /* Cairo takes the rectangle in points of the page, whatever the matrix. */
    double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
    for (int corner = 0; corner < 4; corner++) {
        double x = length_to_pt(area.x) + (corner & 1 ? length_to_pt(area.width) : 0);
        double y = length_to_pt(area.y) + (corner & 2 ? length_to_pt(area.height) : 0);
        cairo_user_to_device(drawing->cr, &x, &y);
        left = fmin(left, x), right = fmax(right, x), top = fmin(top, y), bottom = fmax(bottom, y);
    }
    const double numbers[4] = {left, top, right - left, bottom - top};
    StrBuf attributes;
    strbuf_init(&attributes, drawing->diags->arena);
    strbuf_add(&attributes, "rect=[");
    for (int i = 0; i < 4; i++) {
        char room[NUM_ROOM];
        strbuf_add(&attributes, num_format(room, numbers[i], 3));
        strbuf_add_char(&attributes, i < 3 ? ' ' : ']');
    }
    strbuf_add(&attributes, " uri='");
    add_uri(&attributes, uri);
    strbuf_add_char(&attributes, '\'');
    /* Of a document with links and no other tag, Cairo 1.16 refers to structure elements that it never writes. */
    cairo_tag_begin(drawing->cr, "NonStruct", NULL);
    cairo_tag_begin(drawing->cr, CAIRO_TAG_LINK, attributes.bytes);
    cairo_tag_end(drawing->cr, CAIRO_TAG_LINK);
    cairo_tag_end(drawing->cr, "NonStruct");
}

/* ---- matrix, clip, opacity ---- */

/* Clip a piece of a sheet at whole pixels, for neighbours that share an edge at the same. False: the clip is none of those. */
static bool clip_piece(Drawing *drawing, const Path *clip)
{
    cairo_t *cr = drawing->cr;
    Edges edges;
    if (drawing->target != TARGET_PIXELS || !clip->is_rect || !device_edges(cr, clip->rect, &edges)) return false;
    cairo_matrix_t matrix;
    cairo_get_matrix(cr, &matrix);
    cairo_identity_matrix(cr);
    cairo_new_path(cr);
    cairo_rectangle(cr, round(edges.left), round(edges.top), round(edges.right) - round(edges.left), round(edges.foot) - round(edges.top));
    cairo_clip(cr);
    cairo_set_matrix(cr, &matrix);
    drawing->piece = edges;
    return true;
}

/* Is it there for a form only, turned or not? */
static bool holds_form(const Scene *scene, size_t at)
{
    if (at + 1 < scene->op_count && scene->ops[at + 1].kind == SCENE_BEGIN) at++;
    return at + 1 < scene->op_count && scene->ops[at + 1].kind == SCENE_FORM;
}

/* Set up what the BEGIN at `at` asks for. False when nothing inside can be seen. */
static bool begin(Drawing *drawing, const Scene *scene, size_t at)
{
    const SceneOp *op = &scene->ops[at];
    cairo_t *cr = drawing->cr;
    const Matrix *m = op->u.begin.matrix;
    if (m) {
        cairo_matrix_t matrix = {m->xx, m->yx, m->xy, m->yy, m->x0 / LENGTH_ONE, m->y0 / LENGTH_ONE};
        double determinant = m->xx * m->yy - m->xy * m->yx;
        /* A matrix that cannot be turned back would put the whole context in error. */
        if (!isfinite(determinant) || fabs(determinant) < 1e-12 || !isfinite(m->x0) || !isfinite(m->y0))
            return false;
        cairo_transform(cr, &matrix);
    }
    if (op->u.begin.clip && !(holds_form(scene, at) && clip_piece(drawing, op->u.begin.clip))) {
        add_area(drawing, op->u.begin.clip);
        cairo_clip(cr);
        cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
    }
    return op->u.begin.opacity > 0;
}

static size_t draw_ops(Drawing *drawing, const Scene *scene, size_t at, bool visible);

/* Draw from the BEGIN at `at` to its END; the index after that. */
static size_t draw_nested(Drawing *drawing, const Scene *scene, size_t at, bool visible)
{
    cairo_t *cr = drawing->cr;
    const SceneOp *op = &scene->ops[at];
    double opacity = op->u.begin.opacity;
    Edges piece = drawing->piece;
    cairo_save(cr);
    drawing->depth++;
    visible = visible && drawing->depth <= MAX_DEPTH && begin(drawing, scene, at);
    bool is_group = visible && opacity < 1;
    if (is_group)
        cairo_push_group(cr);
    size_t next = draw_ops(drawing, scene, at + 1, visible);
    if (is_group) {
        cairo_pop_group_to_source(cr);
        draw_set_over(drawing);
        cairo_paint_with_alpha(cr, opacity);
    }
    cairo_restore(cr);
    drawing->piece = piece;
    drawing->depth--;
    return next;
}

static void draw_form(Drawing *drawing, const SceneOp *op)
{
    if (drawing->depth >= MAX_DEPTH)
        return;
    drawing->depth++;
    cairo_save(drawing->cr);
    cairo_translate(drawing->cr, length_to_pt(op->u.form.x), length_to_pt(op->u.form.y));
    draw_scene(drawing, op->u.form.scene);
    cairo_restore(drawing->cr);
    drawing->depth--;
}

static void draw_op(Drawing *drawing, const SceneOp *op)
{
    if (drawing->plates && !plates_has_op(drawing->plates, op))
        return;
    switch (op->kind) {
    case SCENE_FILL: draw_fill(drawing, op); break;
    case SCENE_STROKE: draw_stroke(drawing, op); break;
    case SCENE_GLYPHS:
        if (drawing->target != TARGET_PIXELS || !glyphs_draw(drawing, op->u.glyphs))
            draw_text(drawing, op->u.glyphs);
        break;
    case SCENE_IMAGE: draw_image(drawing, op->u.image.image, op->u.image.area); break;
    case SCENE_MODULES: draw_modules(drawing, op->u.modules); break;
    case SCENE_FORM: draw_form(drawing, op); break;
    case SCENE_LINK: draw_link(drawing, op->u.link.area, op->u.link.uri); break;
    case SCENE_BEGIN: case SCENE_END: break;
    }
}

/* Draw ops from `at` to the END that closes this level, or to the last; the index after it. */
static size_t draw_ops(Drawing *drawing, const Scene *scene, size_t at, bool visible)
{
    while (at < scene->op_count) {
        const SceneOp *op = &scene->ops[at];
        if (op->kind == SCENE_END)
            return at + 1;
        if (op->kind == SCENE_BEGIN) {
            at = draw_nested(drawing, scene, at, visible);
            continue;
        }
        if (visible)
            draw_op(drawing, op);
        at++;
    }
    return at;
}

void draw_unit(Drawing *drawing, const Scene *scene, size_t at)
{
    const SceneOp *op = &scene->ops[at];
    if (op->kind == SCENE_BEGIN)
        draw_nested(drawing, scene, at, true);
    else
        draw_op(drawing, op);
}

bool draw_scene(Drawing *drawing, const Scene *scene)
{
    /* A stray END must not hide what follows it. */
    for (size_t at = 0; at < scene->op_count;)
        at = draw_ops(drawing, scene, at, true);
    return draw_is_well(drawing, cairo_status(drawing->cr));
}
