/* resolve.c -- a node and a data row become an Item: what stands in it, before any size is known. */
#include "box/item.h"

#include "box/assets.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"

const char *item_format(const BoxBuild *build, Length length)
{
    char digits[NUM_ROOM];
    if (build->context->document->is_screen) {
        num_format(digits, length_to_pt(length), 1);
        return arena_printf(build->context->arena, "%s px", digits);
    }
    num_format(digits, length_to_mm(length), 1);
    return arena_printf(build->context->arena, "%s mm", digits);
}

Length item_dim(const Item *item, const Dim *dim, Length parent)
{
    switch (dim->unit) {
    case DIM_LENGTH: return dim->length;
    case DIM_EM: return length_from_double(dim->number * (item->node->style ? item->node->style->size : 0));
    case DIM_PERCENT: return parent >= LENGTH_MAX ? LENGTH_MAX : length_from_double(dim->number / 100.0 * parent);
    case DIM_UNSET:
    case DIM_AUTO: break;
    }
    return LENGTH_MAX;
}

static Length dim_or_zero(const Item *item, const Dim *dim, Length parent)
{
    Length length = item_dim(item, dim, parent);
    return length >= LENGTH_MAX ? 0 : length;
}

static Sides item_edges(const Item *item, Size parent)
{
    const Node *node = item->node;
    Length border = node->border.color ? node->border.width : 0;
    return (Sides){border + dim_or_zero(item, &node->padding[0], parent.height), border + dim_or_zero(item, &node->padding[1], parent.width),
                   border + dim_or_zero(item, &node->padding[2], parent.height), border + dim_or_zero(item, &node->padding[3], parent.width)};
}

void item_set_parent(Item *item, Size parent)
{
    const Dim *padding = item->node->padding;
    if (padding[0].unit != DIM_PERCENT && padding[1].unit != DIM_PERCENT && padding[2].unit != DIM_PERCENT && padding[3].unit != DIM_PERCENT)
        return;
    Sides edges = item_edges(item, parent), was = item->edges;
    if (edges.top == was.top && edges.right == was.right && edges.bottom == was.bottom && edges.left == was.left) return;
    item->edges = edges;
    item->memo_available = (Size){-1, -1};
}

bool item_check_size(BoxBuild *build, const TextStyle *style, const TextStyle *own, Span where, const char *what)
{
    Length least = build->context->document->checks.min_size;
    double ratio = style->size > 0 ? (double)own->size / style->size : 1;
    Length smallest = length_from_double((style->fit == FIT_NONE ? style->size : style->fit_min) * ratio);
    if (smallest >= least) return true;
    char is[NUM_ROOM], must[NUM_ROOM];
    const char *unit = build->context->document->is_screen ? "px" : "pt";
    diag_error(build->context->diags, where, "too-small",
               "a larger size, or a smaller checks.min-size if the printer agrees", "%s of %s%s is smaller than checks.min-size %s%s", what,
               num_format(is, length_to_pt(smallest), 2), unit, num_format(must, length_to_pt(least), 2), unit);
    build->failed = true;
    return false;
}

static bool resolve_text(BoxBuild *build, Item *item)
{
    BoxContext *context = build->context;
    const Node *node = item->node;
    const Checks *checks = &context->document->checks;
    item_check_size(build, node->style, node->style, node->where, "text");
    if (kept_find(build, item)) return true;
    Arena *arena = kept_arena(build, node);
    Kept *place;
    size_t said = context->diags->error_count + context->diags->warning_count;
    if (!data_fill(node->u.text.content, &context->fill, checks->empty_field, arena, context->diags, &item->filled)) return false;
    size_t filled = context->diags->error_count + context->diags->warning_count;
    if (said_find(build, item, &place)) return true;
    if (!node->is_static) arena = said_arena(build, place);
    size_t count;
    const TextSpan *spans = readings_spans(build, node, &item->filled, arena, &count);
    if (!spans) return false;
    TextInput input = {.text = item->filled.text, .length = item->filled.length, .spans = spans, .span_count = count,
                       .style = node->style, .missing_glyph = checks->missing_glyph, .where = node->where};
    size_t errors = context->diags->error_count;
    text_check_punctuation(&input, checks->punctuation, context->diags);
    if (context->diags->error_count > errors) build->failed = true;
    item->shaped = text_shape(context->engine, arena, &input, context->diags);
    size_t says = context->diags->error_count + context->diags->warning_count;
    kept_add(build, item, !item->shaped || says != said);
    if (place && item->shaped && says == filled) said_add(place, item);
    return item->shaped != NULL;
}

const Image *item_open_image(BoxBuild *build, const Template *file, const Source *relative_to, Span where)
{
    BoxContext *context = build->context;
    FilledText name;
    if (!data_fill(file, &context->fill, REPORT_ERROR, context->arena, context->diags, &name)) return NULL;
    const Source *from = relative_to ? relative_to : context->document->source;
    const char *path = assets_find(context, from->path, &name);
    return path ? scene_image_open(context->images, path, where, context->diags) : NULL;
}

static bool resolve_image(BoxBuild *build, Item *item)
{
    const Node *node = item->node;
    item->image = item_open_image(build, node->u.image.file, node->u.image.relative_to, node->where);
    return item->image != NULL;
}

static bool resolve_code(BoxBuild *build, Item *item)
{
    BoxContext *context = build->context;
    const Node *node = item->node;
    const Template *template = node->kind == NODE_QRCODE ? node->u.qrcode.data : node->u.barcode.data;
    if (kept_find(build, item)) return true;
    Arena *arena = kept_arena(build, node);
    size_t said = context->diags->count;
    FilledText data;
    if (!data_fill(template, &context->fill, REPORT_ERROR, arena, context->diags, &data)) return false;
    if (node->kind == NODE_QRCODE) {
        item->qr = codes_qr(arena, data.text, node->u.qrcode.level, node->where, context->diags);
        kept_add(build, item, !item->qr || context->diags->count != said);
        return item->qr != NULL;
    }
    item->bars = codes_bars(arena, data.text, node->u.barcode.type, node->where, context->diags);
    kept_add(build, item, !item->bars || context->diags->count != said);
    return item->bars != NULL;
}

static bool resolve_children(BoxBuild *build, Item *item)
{
    const Node *node = item->node;
    item->children = ARENA_ARRAY(build->context->arena, Item, node->u.box.count);
    for (size_t i = 0; i < node->u.box.count; i++)
        if (item_resolve(build, node->u.box.items[i], &item->children[item->child_count])) item->child_count++;
    return true;
}

bool item_resolve(BoxBuild *build, const Node *node, Item *out)
{
    BoxContext *context = build->context;
    if (!data_matches(node->when, node->when_count, node->unless, node->unless_count, &context->fill)) return false;
    if (++build->box_count > LIMIT_BOXES) {
        if (build->box_count == LIMIT_BOXES + 1)
            diag_error(context->diags, node->where, "too-large", NULL, "more than %zu boxes on one page", LIMIT_BOXES);
        build->failed = true;
        return false;
    }
    *out = (Item){.node = node, .memo_available = {-1, -1}};
    out->edges = item_edges(out, (Size){LENGTH_MAX, LENGTH_MAX});
    context->diags->path = node->path;
    bool ok = true;
    switch (node->kind) {
    case NODE_TEXT: ok = resolve_text(build, out); break;
    case NODE_IMAGE: ok = resolve_image(build, out); break;
    case NODE_QRCODE:
    case NODE_BARCODE: ok = resolve_code(build, out); break;
    case NODE_BOX: ok = resolve_children(build, out); break;
    case NODE_SHAPE:
    case NODE_SPACE: break;
    }
    context->diags->path = NULL;
    if (!ok) build->failed = true;
    return ok;
}
