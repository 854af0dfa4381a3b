/* measure.c -- how large a box would like to be, before it is given a place.
 *
 * A size that is written wins; else a text asks for its lines, a picture for its natural size, a container for its
 * children. Answers are border boxes. The last answer is remembered: a column asks each child at least twice. */
#include "box/item.h"

static Length add(Length a, Length b) { return a >= LENGTH_MAX || b >= LENGTH_MAX ? LENGTH_MAX : a + b; }
static Length less(Length a, Length b) { return a >= LENGTH_MAX ? LENGTH_MAX : a > b ? a - b : 0; }
static Length larger(Length a, Length b) { return a > b ? a : b; }

static bool is_paper(const BoxBuild *build) { return !build->context->document->is_screen; }

Length item_gap(const Item *item, int axis, Length parent)
{
    Length gap = item_dim(item, &item->node->u.box.gap[axis], parent);
    return gap >= LENGTH_MAX ? 0 : gap;
}

unsigned item_grid_columns(const Item *item)
{
    unsigned columns = item->node->u.box.columns;
    if (columns) return columns;
    unsigned rows = item->node->u.box.rows;
    return rows ? (unsigned)((item->child_count + rows - 1) / rows) : 1;
}

static unsigned hard_lines(const FilledText *filled)
{
    unsigned count = 1;
    for (size_t i = 0; i < filled->length; i++)
        if (filled->text[i] == '\n') count++;
    return count;
}

/* A text that grows fills the measure with the lines it was written in. Without this bound free room beside its lines would
 * let it grow to one enormous character a line. */
static Length growing_room(const Item *item, Length measure)
{
    const TextStyle *style = item->node->style;
    Length widest = text_max_content(item->shaped);
    if (widest <= 0) return 0;
    double size = (double)style->size * measure / widest;
    if (size > style->fit_max) size = style->fit_max;
    return length_from_double(size * style->leading * hard_lines(&item->filled)) + 1;
}

static Size measure_text(BoxBuild *build, Item *item, Size inner)
{
    const TextStyle *style = item->node->style;
    bool vertical = item_is_vertical(item);
    Length measure = vertical ? inner.height : inner.width, room = LENGTH_MAX;
    if (measure >= LENGTH_MAX) measure = text_max_content(item->shaped);
    else if (style->fit == FIT_GROW && style->lines <= hard_lines(&item->filled)) room = growing_room(item, measure);
    TextBlock block = vertical ? item_flow(build, item, room, measure) : item_flow(build, item, measure, room);
    return (Size){block.width, block.height};
}

static Size measure_image(const BoxBuild *build, const Item *item, Size given)
{
    const Node *node = item->node;
    double dpi = node->u.image.dpi > 0 ? node->u.image.dpi : 96;
    double unit = is_paper(build) ? 72 : 96;      /* Lengths an inch, in pt or px */
    double width = item->image->natural_width * unit / dpi, height = item->image->natural_height * unit / dpi;
    if (!(width > 0) || !(height > 0)) return (Size){0, 0};
    if (given.width < LENGTH_MAX && given.height < LENGTH_MAX) return given;
    if (given.width < LENGTH_MAX) return (Size){given.width, length_from_double(given.width * height / width)};
    if (given.height < LENGTH_MAX) return (Size){length_from_double(given.height * width / height), given.height};
    return (Size){length_from_pt(width), length_from_pt(height)};
}

/* A code is as large as its box; without a size it takes one that every telephone reads. */
static Size measure_code(const BoxBuild *build, const Item *item, Size given)
{
    bool square = item->node->kind == NODE_QRCODE || (item->bars && item->bars->modules);
    Length side = is_paper(build) ? length_from_mm(square ? 20 : 40) : LENGTH_ONE * (square ? 240 : 400);
    if (given.width < LENGTH_MAX && given.height < LENGTH_MAX) return given;
    if (given.width < LENGTH_MAX) return (Size){given.width, square ? given.width : (Length)((int64_t)given.width * 2 / 5)};
    if (given.height < LENGTH_MAX) return (Size){square ? given.height : item_bounded((int64_t)given.height * 5 / 2), given.height};
    return (Size){side, square ? side : side * 2 / 5};
}

/* ---- room for vertical texts ---- */

bool item_has_vertical(const Item *item)
{
    for (size_t i = 0; i < item->child_count; i++)
        if (item_has_vertical(&item->children[i])) return true;
    return item_is_vertical(item);
}

/* Without a height of its own. */
static bool takes_room(const Item *child, Length height)
{
    return item_is_vertical(child) && item_dim(child, &child->node->height, height) >= LENGTH_MAX;
}

static Length space_height(const Item *child, Length height)
{
    Length space = item_dim(child, &child->node->u.space.length, height);
    return space >= LENGTH_MAX ? 0 : space;
}

Length item_column_room(BoxBuild *build, Item *item, Size inner)
{
    Length used = 0, count = 0;
    if (inner.height >= LENGTH_MAX) return LENGTH_MAX;
    for (size_t i = 0; i < item->child_count; i++) count += takes_room(&item->children[i], inner.height);
    if (!count) return inner.height;
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        Length height = takes_room(child, inner.height) ? 0 : child->node->kind == NODE_SPACE ? space_height(child, inner.height)
                                                          : item_measure(build, child, inner).height;
        used = add(used, add(height, i ? item_gap(item, 0, inner.height) : 0));
    }
    return less(inner.height, used) / count;
}

Length item_grid_room(const Item *item, Length height)
{
    unsigned columns = item_grid_columns(item);
    size_t rows = (item->child_count + columns - 1) / columns;
    if (height >= LENGTH_MAX || !rows) return LENGTH_MAX;
    return less(height, item_bounded((int64_t)item_gap(item, 0, height) * (int64_t)(rows - 1))) / (Length)rows;
}

/* ---- containers ---- */

/* Can a child of a row do with less width than it would like? Vertical lines cannot be made narrower. */
static bool is_flexible(const Item *child, Length width)
{
    const Node *node = child->node;
    bool breaks = node->kind == NODE_BOX || (node->kind == NODE_TEXT && !item_is_vertical(child));
    return breaks && node->grow <= 0 && item_dim(child, &node->width, width) >= LENGTH_MAX;
}

void item_row_widths(BoxBuild *build, Item *item, Size inner, Length *out)
{
    Length width = inner.width;
    Length gap = item_gap(item, 1, width), total = 0, flexible = 0;
    double grow = 0;
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        const Node *node = child->node;
        Length wanted = node->kind == NODE_SPACE ? item_dim(child, &node->u.space.length, width) : item_dim(child, &node->width, width);
        bool is_fixed = wanted < LENGTH_MAX;
        /* With `grow` a box asks for nothing and shares what is left: equal growers come out equally wide. */
        if (!is_fixed && node->grow > 0 && width < LENGTH_MAX) wanted = 0;
        else if (!is_fixed && node->kind == NODE_SPACE) wanted = 0;
        else if (!is_fixed) wanted = item_measure(build, child, (Size){LENGTH_MAX, item_has_vertical(child) ? inner.height : LENGTH_MAX}).width;
        out[i] = wanted;
        total = add(total, add(wanted, i ? gap : 0));
        if (is_flexible(child, width)) flexible = item_bounded((int64_t)flexible + wanted);
        grow += node->grow;
    }
    if (width >= LENGTH_MAX || total == width) return;
    if (total < width) {
        Length free_space = width - total, given = 0;
        double seen = 0;
        for (size_t i = 0; grow > 0 && i < item->child_count; i++) {
            seen += item->children[i].node->grow;
            Length until = length_from_double(free_space * (seen / grow));      /* differences of sums: nothing is lost to rounding */
            out[i] += until - given;
            given = until;
        }
        return;
    }
    Length excess = total - width;
    for (size_t i = 0; flexible > 0 && i < item->child_count; i++) {
        if (is_flexible(&item->children[i], width)) out[i] = larger(0, out[i] - length_from_double((double)excess * out[i] / flexible) - 1);
    }
}

Length item_row_height(BoxBuild *build, Item *child, Length width, Size inner)
{
    bool is_share = child->node->width.unit == DIM_PERCENT && child->node->grow <= 0;
    return item_measure(build, child, (Size){is_share ? inner.width : width, inner.height}).height;
}

static Size measure_row(BoxBuild *build, Item *item, Size inner)
{
    Length *widths = ARENA_ARRAY(build->context->arena, Length, item->child_count + 1);
    item_row_widths(build, item, inner, widths);
    Size size = {0, 0};
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        size.width = add(size.width, add(widths[i], i ? item_gap(item, 1, inner.width) : 0));
        size.height = larger(size.height, item_row_height(build, child, widths[i], (Size){inner.width, item_has_vertical(child) ? inner.height : LENGTH_MAX}));
    }
    return size;
}

static Size measure_column(BoxBuild *build, Item *item, Size inner)
{
    Size size = {0, 0}, shared = {inner.width, item_column_room(build, item, inner)};
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        Size wanted = item_measure(build, child, takes_room(child, inner.height) ? shared : inner);
        if (child->node->kind == NODE_SPACE) wanted = (Size){0, space_height(child, inner.height)};
        size.width = larger(size.width, wanted.width);
        size.height = add(size.height, add(wanted.height, i ? item_gap(item, 0, inner.height) : 0));
    }
    return size;
}

static Size measure_grid(BoxBuild *build, Item *item, Size inner)
{
    unsigned columns = item_grid_columns(item);
    Length gap_x = item_gap(item, 1, inner.width), gap_y = item_gap(item, 0, inner.height);
    Length cell = inner.width >= LENGTH_MAX ? LENGTH_MAX : less(inner.width, item_bounded((int64_t)gap_x * (columns - 1))) / (Length)columns;
    Size size = {0, 0};
    Length widest = 0, row_height = 0;
    for (size_t i = 0; i < item->child_count; i++) {
        Length height = item_has_vertical(&item->children[i]) ? item_grid_room(item, inner.height) : LENGTH_MAX;
        Size wanted = item_measure(build, &item->children[i], (Size){cell, height});
        widest = larger(widest, wanted.width);
        row_height = larger(row_height, wanted.height);
        if ((i + 1) % columns == 0 || i + 1 == item->child_count) {
            size.height = add(size.height, add(row_height, i >= columns ? gap_y : 0));
            row_height = 0;
        }
    }
    size.width = cell < LENGTH_MAX ? inner.width : item_bounded((int64_t)widest * columns + (int64_t)gap_x * (columns - 1));
    return size;
}

static Size measure_layers(BoxBuild *build, Item *item, Size inner)
{
    Size size = {0, 0};
    for (size_t i = 0; i < item->child_count; i++) {
        if (item->children[i].node->cover != COVER_NONE) continue;      /* its size is the page's, not ours */
        Size wanted = item_measure(build, &item->children[i], inner);
        size.width = larger(size.width, wanted.width);
        size.height = larger(size.height, wanted.height);
    }
    return size;
}

static Size measure_content(BoxBuild *build, Item *item, Size inner, Size given)
{
    switch (item->node->kind) {
    case NODE_TEXT: return measure_text(build, item, inner);
    case NODE_IMAGE: return measure_image(build, item, given);
    case NODE_QRCODE:
    case NODE_BARCODE: return measure_code(build, item, given);
    case NODE_SHAPE:
    case NODE_SPACE: return (Size){0, 0};
    case NODE_BOX: break;
    }
    for (size_t i = 0; i < item->child_count; i++) item_set_parent(&item->children[i], inner);
    switch (item->node->u.box.kind) {
    case BOX_ROW: return measure_row(build, item, inner);
    case BOX_COLUMN: return measure_column(build, item, inner);
    case BOX_GRID: return measure_grid(build, item, inner);
    case BOX_LAYERS: break;
    }
    return measure_layers(build, item, inner);
}

Size item_measure(BoxBuild *build, Item *item, Size available)
{
    if (item->memo_available.width == available.width && item->memo_available.height == available.height) return item->memo_size;
    const Node *node = item->node;
    Length edge_x = item->edges.left + item->edges.right, edge_y = item->edges.top + item->edges.bottom;
    Length width = item_dim(item, &node->width, available.width), height = item_dim(item, &node->height, available.height);
    Size given = {less(width, edge_x), less(height, edge_y)};
    Size inner = {width < LENGTH_MAX ? given.width : less(available.width, edge_x),
                  height < LENGTH_MAX ? given.height : less(available.height, edge_y)};
    Size content = measure_content(build, item, inner, given);
    item->memo_available = available;
    item->memo_size = (Size){width < LENGTH_MAX ? width : add(content.width, edge_x),
                             height < LENGTH_MAX ? height : add(content.height, edge_y)};
    return item->memo_size;
}
