/* inline.c -- pictures and QR codes that stand for words in a line. text/ knows their size and says where they stand. */
#include "box/item.h"

#include <string.h>

const InlineItem *inline_resolve(BoxBuild *build, const InlineBox *box, const TextStyle *style, Arena *arena)
{
    BoxContext *context = build->context;
    InlineItem *item = ARENA_NEW(arena, InlineItem);
    *item = (InlineItem){.text = {box->height, box->height, box->is_on_baseline}, .box = box, .color = style->color};
    if (box->is_code) {
        FilledText data;
        if (!data_fill(box->content, &context->fill, REPORT_ERROR, arena, context->diags, &data)) return NULL;
        item->qr = codes_qr(arena, data.text, (QrLevel)box->level, box->where, context->diags);
        return item->qr ? item : NULL;
    }
    item->image = item_open_image(build, box->content, box->relative_to, box->where);
    if (!item->image) return NULL;
    double width = item->image->natural_width, height = item->image->natural_height;
    if (width > 0 && height > 0) item->text.width = box->height * width / height;
    if (item->text.width > 1000) item->text.width = 1000;
    return item;
}

static Rect moved(Rect area, Point by) { return (Rect){area.x + by.x, area.y + by.y, area.width, area.height}; }

/* An emoji is a small picture: on a press it is made of dots of four inks, and coarse when it is large. */
static bool check_emoji(BoxBuild *build, const Node *node, const TextPlaced *placed)
{
    BoxContext *context = build->context;
    const Document *document = context->document;
    bool ok = item_check_dpi(build, placed->emoji, IMAGE_FILL, (Size){placed->area.width, placed->area.height}, node->where);
    if (!document->output.standard || document->checks.emoji == REPORT_OFF) return ok;
    const char *hint = "leave it out, draw it as a picture of your own, or allow it: checks: {emoji: off}";
    context->diags->path = node->path;
    if (document->checks.emoji == REPORT_ERROR) ok = diag_error(context->diags, node->where, "emoji-on-press", hint, "\"%s\" would go to the press as a picture of %d x %d pixels",
                                                              placed->emoji_text, placed->emoji->width, placed->emoji->height);
    else diag_warning(context->diags, node->where, "emoji-on-press", hint, "\"%s\" goes to the press as a picture of %d x %d pixels",
                      placed->emoji_text, placed->emoji->width, placed->emoji->height);
    context->diags->path = NULL;
    return ok;
}

bool inline_place(BoxBuild *build, PlacedBox *out)
{
    BoxContext *context = build->context;
    size_t count = 0;
    for (size_t l = 0; l < out->text->line_count; l++) count += out->text->lines[l].object_count;
    if (!count) return true;
    const Modules **codes = ARENA_ARRAY(context->arena, const Modules *, count);
    size_t code_count = 0;
    bool ok = true;
    for (size_t l = 0; l < out->text->line_count; l++)
        for (size_t o = 0; o < out->text->lines[l].object_count; o++) {
            const TextPlaced *placed = &out->text->lines[l].objects[o];
            const InlineItem *item = (const InlineItem *)placed->object;
            Rect area = moved(placed->area, out->text_at);
            if (placed->emoji) {
                ok &= check_emoji(build, out->node, placed);
                continue;
            }
            if (item->image) {
                ok &= item_check_dpi(build, item->image, IMAGE_FILL, (Size){area.width, area.height}, item->box->where);
                continue;
            }
            Modules *modules = ARENA_NEW(context->arena, Modules);
            *modules = (Modules){item->qr->size, item->qr->size, item->qr->dark, {0}, item->color, item->qr->data};
            context->diags->path = out->node->path;
            Length em = length_from_double(area.height / item->text.height);
            bool is_placed = codes_qr_place_inline(item->qr, area, item->box->quiet, em, context->document->is_screen, item->box->where, context->diags, &modules->area);
            context->diags->path = NULL;
            ok &= is_placed;
            if (is_placed) codes[code_count++] = modules;
        }
    out->codes = codes;
    out->code_count = code_count;
    return ok;
}

void inline_draw(const PlacedBox *box, SceneBuilder *scene)
{
    size_t code = 0;
    for (size_t l = 0; l < box->text->line_count; l++)
        for (size_t o = 0; o < box->text->lines[l].object_count; o++) {
            const TextPlaced *placed = &box->text->lines[l].objects[o];
            const InlineItem *item = (const InlineItem *)placed->object;
            Rect area = moved(placed->area, box->text_at);
            if (!item) continue;  /* an emoji: text_draw's */
            if (item->image) {
                scene_add_image(scene, item->image, area);
                continue;
            }
            const Modules *modules = box->codes[code++];
            scene_add_modules(scene, modules);
            if (strncmp(modules->data, "http", 4) == 0) scene_add_link(scene, area, modules->data);
        }
}
