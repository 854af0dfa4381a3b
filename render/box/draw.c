/* draw.c -- placed boxes become scene operations: background, content, border, in the order of the document. */
#include "box/item.h"

#include <math.h>
#include <string.h>

#include "base/plates.h"

static const Path *box_path(BoxBuild *build, const PlacedBox *box, Rect rect)
{
    Item item = {.node = box->node};
    Length least = rect.width < rect.height ? rect.width : rect.height;
    Length radius = item_dim(&item, &box->node->radius, least);
    return radius > 0 && radius < LENGTH_MAX ? path_rounded_rect(build->context->arena, rect, radius)
                                             : path_rect(build->context->arena, rect);
}

static Rect shrunk(Rect rect, Length by)
{
    return (Rect){rect.x + by, rect.y + by, rect.width > 2 * by ? rect.width - 2 * by : 0, rect.height > 2 * by ? rect.height - 2 * by : 0};
}

/* Path data in a box with a size: as large as the box allows without distortion, in its middle, the line's width included.
 * Without a size its numbers are points (pixels on screens). */
static const Path *fitted_path(BoxBuild *build, const PlacedBox *box, Length line_width)
{
    const Node *node = box->node;
    Arena *arena = build->context->arena;
    DiagList *diags = build->context->diags;
    if (!node->u.shape.d) return NULL;
    Rect room = shrunk(box->inner, line_width / 2);
    const Path *path = path_from_svg(arena, node->u.shape.d, LENGTH_ONE, (Point){box->inner.x, box->inner.y}, node->u.shape.d_span, diags);
    bool has_size = node->width.unit > DIM_AUTO || node->height.unit > DIM_AUTO;
    if (!path || !has_size || room.width <= 0 || room.height <= 0) return path;
    Rect own = path_bounds(path);
    if (own.width <= 0 && own.height <= 0) return path;
    double across = own.width > 0 ? (double)room.width / own.width : 1e9, down = own.height > 0 ? (double)room.height / own.height : 1e9;
    double scale = across < down ? across : down;
    Point origin = {length_from_double(room.x + room.width / 2.0 - scale * (own.x - box->inner.x + own.width / 2.0)),
                    length_from_double(room.y + room.height / 2.0 - scale * (own.y - box->inner.y + own.height / 2.0))};
    return path_from_svg(arena, node->u.shape.d, scale * LENGTH_ONE, origin, node->u.shape.d_span, diags);
}

static void draw_shape(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene)
{
    Arena *arena = build->context->arena;
    const Node *node = box->node;
    Length width = node->u.shape.stroke.color ? node->u.shape.stroke.width : 0;
    const Color *line = build->plate ? build->plate : node->u.shape.stroke.color;
    Length inset = width && plate_is_line(line) ? 0 : width / 2;      /* ink stays in the box; a knife follows its edge */
    Rect rect = box->inner;
    const Path *path = NULL;
    switch (node->u.shape.kind) {
    case SHAPE_RECT: path = box_path(build, box, shrunk(rect, inset)); break;
    case SHAPE_ELLIPSE: path = path_ellipse(arena, shrunk(rect, inset)); break;
    case SHAPE_LINE: path = path_line(arena, (Point){rect.x, rect.y}, (Point){rect.x + rect.width, rect.y + rect.height}); break;
    case SHAPE_PATH:
        path = fitted_path(build, box, 2 * inset);
        if (!path) { build->failed = true; return; }
        break;
    }
    if (node->u.shape.fill && node->u.shape.kind != SHAPE_LINE) scene_add_fill(scene, path, node->u.shape.fill);
    if (width > 0) scene_add_stroke(scene, path, node->u.shape.stroke.color, width, NULL, 0);
}

/* Where the picture lies in its box: whole and centred (contain), filling and cut (cover), or stretched (fill). */
static Rect image_area(const PlacedBox *box)
{
    Rect inner = box->inner;
    double width = box->image->natural_width, height = box->image->natural_height;
    if (box->node->u.image.fit == IMAGE_FILL || !(width > 0) || !(height > 0)) return inner;
    double scale_x = inner.width / width, scale_y = inner.height / height;
    bool by_width = box->node->u.image.fit == IMAGE_CONTAIN ? scale_x < scale_y : scale_x > scale_y;
    double scale = by_width ? scale_x : scale_y;
    Length w = by_width ? inner.width : length_from_double(width * scale), h = by_width ? length_from_double(height * scale) : inner.height;
    return (Rect){inner.x + (inner.width - w) / 2, inner.y + (inner.height - h) / 2, w, h};
}

static void draw_image(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene)
{
    bool is_cut = box->node->u.image.fit == IMAGE_COVER;
    if (is_cut) scene_begin(scene, NULL, box_path(build, box, box->inner), 1);
    scene_add_image(scene, box->image, image_area(box));
    if (is_cut) scene_end(scene);
}

static void draw_text(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene)
{
    bool is_cut = box->node->style->overflow == OVERFLOW_CLIP && !box->text->fits;
    if (is_cut) scene_begin(scene, NULL, path_rect(build->context->arena, box->inner), 1);
    text_draw(box->text, box->text_at.x, box->text_at.y, build->context->arena, scene);
    inline_draw(box, scene);
    if (is_cut) scene_end(scene);
}

static void draw_content(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene)
{
    switch (box->node->kind) {
    case NODE_TEXT: draw_text(build, box, scene); return;
    case NODE_IMAGE: draw_image(build, box, scene); return;
    case NODE_QRCODE:
    case NODE_BARCODE:
        if (box->modules) scene_add_modules(scene, box->modules);
        if (box->bars) scene_add_fill(scene, box->bars, box->node->u.barcode.color);
        if (box->modules && box->node->kind == NODE_QRCODE && strncmp(box->modules->data, "http", 4) == 0)
            scene_add_link(scene, box->outer, box->modules->data);
        return;
    case NODE_SHAPE: draw_shape(build, box, scene); return;
    case NODE_SPACE: return;
    case NODE_BOX: break;
    }
    for (size_t i = 0; i < box->child_count; i++) item_draw(build, &box->children[i], scene);
    scene_set_where(scene, &box->node->where);
}

/* Clockwise round the middle of the box, y downwards. */
static Matrix rotation(Rect rect, double degrees)
{
    double angle = degrees * 3.14159265358979323846 / 180.0, c = cos(angle), s = sin(angle);
    double x = rect.x + rect.width / 2.0, y = rect.y + rect.height / 2.0;
    return (Matrix){c, s, -s, c, x - c * x + s * y, y - s * x - c * y};
}

void item_draw(BoxBuild *build, const PlacedBox *box, SceneBuilder *scene)
{
    const Node *node = box->node;
    const Color *plate = build->plate;
    scene_set_where(scene, &node->where);
    if (form_draw(build, box, scene)) return;
    if (node->plate) scene_set_plate(scene, build->plate = node->plate);
    bool is_group = node->rotate != 0 || node->opacity < 1 || node->clip;
    if (is_group) {
        Matrix matrix = rotation(box->outer, node->rotate);
        scene_begin(scene, node->rotate != 0 ? &matrix : NULL, node->clip ? box_path(build, box, box->outer) : NULL, node->opacity);
    }
    if (node->background) scene_add_fill(scene, box_path(build, box, box->outer), node->background);
    draw_content(build, box, scene);
    if (node->border.color && node->border.width > 0)
        scene_add_stroke(scene, box_path(build, box, shrunk(box->outer, node->border.width / 2)), node->border.color, node->border.width, NULL, 0);
    if (is_group) scene_end(scene);
    if (node->plate) scene_set_plate(scene, build->plate = plate);
}
