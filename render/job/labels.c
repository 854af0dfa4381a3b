/* labels.c -- the line at the foot of a sheet or of a page with marks: what somebody wrote, and the names of the plates, each
 * printed on its own. */
#include "job/run.h"

#include <string.h>

#include "base/plates.h"

#define PLATES_MOST 32
#define DEPTH_MOST 64

#define INK(name_, r, g, b, c, m, y, k) {.name = name_, .has_rgb = true, .rgb = {r, g, b}, .has_cmyk = true, .cmyk = {c, m, y, k}}
static const Color inks[] = {INK("Cyan", 0, 158, 224, 100, 0, 0, 0), INK("Magenta", 226, 0, 122, 0, 100, 0, 0), INK("Yellow", 255, 237, 0, 0, 0, 100, 0),
                             INK("Black", 0, 0, 0, 0, 0, 0, 100)};

/* ---- which plates ---- */

typedef struct Plates { const PressSetup *press; const Color *colors[PLATES_MOST]; size_t count; } Plates;

static void add_color(Plates *plates, const Color *color)
{
    if (!color) return;
    for (size_t i = 0; color->gradient && i < color->gradient->stop_count; i++) add_color(plates, color->gradient->stops[i].color);
    if (color->gradient || !color->spot || strcmp(color->spot, "All") == 0) return;
    for (size_t i = 0; i < plates->count; i++)
        if (strcmp(plates->colors[i]->spot, color->spot) == 0) return;
    if (plates->count < PLATES_MOST) plates->colors[plates->count++] = color;
}

static void add_scene(Plates *plates, const Scene *scene, int depth)
{
    for (size_t i = 0; scene && i < scene->op_count && depth < DEPTH_MOST; i++) {
        const SceneOp *op = &scene->ops[i];
        switch (op->kind) {
        case SCENE_FILL: add_color(plates, op->u.fill.color); break;
        case SCENE_STROKE: add_color(plates, op->u.stroke.color); break;
        case SCENE_MODULES: add_color(plates, op->u.modules->color); break;
        case SCENE_FORM: add_scene(plates, op->u.form.scene, depth + 1); break;
        case SCENE_IMAGE: add_scene(plates, plates->press ? press_art_scene(plates->press, op->u.image.image) : NULL, depth + 1); break;
        case SCENE_GLYPHS:
            add_color(plates, op->u.glyphs->color);
            add_color(plates, op->u.glyphs->stroke_color);
            break;
        default: break;
        }
    }
}

/* ---- the line ---- */

/* For the printer's eye: it need not be read from afar. */
static Node *text_node(Arena *arena, const Template *content, const TextStyle *style)
{
    Node *node = ARENA_NEW(arena, Node);
    *node = (Node){.kind = NODE_TEXT, .where = content->where, .box_span = content->where, .path = "/label", .opacity = 1, .role = ROLE_DECORATION, .style = style, .u.text.content = content};
    return node;
}

/* A name in the ink it names, at full strength though the page may have tints of it only. */
static const Node *plate_node(Arena *arena, const TextStyle *label, const Color *color)
{
    Segment *segment = ARENA_NEW(arena, Segment);
    *segment = (Segment){.literal = color->spot ? color->spot : color->name};
    Template *content = ARENA_NEW(arena, Template);
    *content = (Template){.segments = segment, .segment_count = 1, .is_static = true};
    TextStyle *style = ARENA_NEW(arena, TextStyle);
    *style = *label;
    Color *full = ARENA_NEW(arena, Color);
    *full = plate_full(color);
    style->color = full;
    style->align = TEXT_LEFT;
    style->fit = FIT_NONE;
    style->overflow = OVERFLOW_CLIP;
    return text_node(arena, content, style);
}

const Scene *label_scene(BoxContext *context, const Label *label, const Scene *const *scenes, size_t scene_count, const Color *extra, Size area)
{
    Arena *arena = context->arena;
    if ((!label->text && !label->has_plates) || area.width <= 0 || area.height <= 0) return NULL;
    if (!label->has_plates) return box_build_node(context, text_node(arena, label->text, label->style), area).scene;
    Plates plates = {.press = label->press};
    for (size_t i = 0; i < scene_count; i++) add_scene(&plates, scenes[i], 0);
    add_color(&plates, extra);
    const Node **items = ARENA_ARRAY(arena, const Node *, PLATES_MOST + 8);
    size_t count = 0;
    if (label->text) {
        Node *words = text_node(arena, label->text, label->style);
        words->grow = 1;
        items[count++] = words;
    }
    for (size_t i = 0; i < sizeof inks / sizeof *inks; i++) items[count++] = plate_node(arena, label->style, &inks[i]);
    for (size_t i = 0; i < plates.count; i++) items[count++] = plate_node(arena, label->style, plates.colors[i]);
    Node *row = ARENA_NEW(arena, Node);
    *row = (Node){.kind = NODE_BOX, .path = "/label", .opacity = 1, .style = label->style};
    row->u.box.kind = BOX_ROW;
    row->u.box.items = items;
    row->u.box.count = count;
    row->u.box.justify = JUSTIFY_END;
    row->u.box.align = ALIGN_START;
    row->u.box.gap[0] = row->u.box.gap[1] = (Dim){.unit = DIM_EM, .number = 0.8};
    return box_build_node(context, row, area).scene;
}
