/* place.c -- every box gets its rectangle; texts are set in theirs. What does not fit is said here. */
#include "box/item.h"

#include "base/num.h"

/* Rounding of shares and of em sizes may be off by a few 1/1024 pt; that is no overflow. */
#define SLACK ((Length)16)

static Length less(Length a, Length b) { return a > b ? item_bounded((int64_t)a - b) : 0; }
static Length plus(Length a, Length b) { return item_bounded((int64_t)a + b); }

static Rect inset(Rect rect, Sides by)
{
    return (Rect){plus(rect.x, by.left), plus(rect.y, by.top), less(rect.width, plus(by.left, by.right)), less(rect.height, plus(by.top, by.bottom))};
}

Rect item_cover(const BoxBuild *build, const Item *item, Rect parent)
{
    switch (item->node->cover) {
    case COVER_BLEED: return build->frame.bleed;
    case COVER_PAGE: return build->frame.trim;
    case COVER_SAFE: return build->frame.safe;
    case COVER_NONE: break;
    }
    return parent;
}

static void report_overflow(BoxBuild *build, const Node *node, const char *hint, const char *message)
{
    Report report = build->context->document->checks.overflow;
    if (report == REPORT_OFF) return;
    build->context->diags->path = node->path;
    if (report == REPORT_WARN) {
        diag_warning(build->context->diags, node->where, "overflow", hint, "%s", message);
    } else {
        diag_error(build->context->diags, node->where, "overflow", hint, "%s", message);
        build->failed = true;
    }
    build->context->diags->path = NULL;
}

/* ---- text ---- */

/* The first words of a text, for messages: data may be long. */
static const char *excerpt(BoxBuild *build, const FilledText *filled)
{
    size_t end = 0, characters = 0;
    while (end < filled->length && characters < 24 && filled->text[end] != '\n') {
        end++;
        while (end < filled->length && ((unsigned char)filled->text[end] & 0xc0) == 0x80) end++;
        characters++;
    }
    return arena_printf(build->context->arena, "%.*s%s", (int)end, filled->text, end < filled->length ? "…" : "");
}

static void report_text(BoxBuild *build, const Item *item, const TextBlock *block, Rect inner)
{
    Arena *arena = build->context->arena;
    const TextStyle *style = item->node->style;
    const char *unit = build->context->document->is_screen ? "px" : "pt";
    char size[NUM_ROOM];
    num_format(size, length_to_pt(block->size), 2);
    const char *smallest = style->fit == FIT_NONE ? "" : "the smallest size ";
    /* Along the lines and across them. */
    bool vertical = item_is_vertical(item);
    Length measure = vertical ? inner.height : inner.width, room = vertical ? inner.width : inner.height;
    Length needed = vertical ? block->needed_height : block->needed_width, needed_room = vertical ? block->needed_width : block->needed_height;
    const char *long_way = vertical ? "high" : "wide", *other_way = vertical ? "wide" : "high";
    const char *longer = vertical ? "a higher box" : "a wider box", *roomier = vertical ? "a wider box" : "a higher box";
    const char *message, *hint;
    if (needed > measure + SLACK) {
        message = arena_printf(arena, "\"%s\" does not fit: at %s%s%s it needs %s, the box is %s %s", excerpt(build, &item->filled),
                               smallest, size, unit, item_format(build, needed), item_format(build, measure), long_way);
        bool is_led = build->context->document->kind == DOC_LED;
        hint = is_led ? arena_printf(arena, "effect: %s lets a long text pass; or a smaller size, a shorter text", vertical ? "scroll-up" : "scroll-left")
                      : arena_printf(arena, "a shorter text, %s, %s, or overflow: clip", longer, style->lines ? "more lines" : "a smaller size");
    } else if (style->lines && block->needed_lines > style->lines) {
        message = arena_printf(arena, "\"%s\" does not fit: at %s%s%s it takes %u lines, lines allows %u", excerpt(build, &item->filled),
                               smallest, size, unit, block->needed_lines, style->lines);
        hint = arena_printf(arena, "lines: %u, a shorter text, %s, or overflow: clip", block->needed_lines, longer);
    } else {
        message = arena_printf(arena, "\"%s\" does not fit: at %s%s%s it needs %s, the box is %s %s", excerpt(build, &item->filled),
                               smallest, size, unit, item_format(build, needed_room), item_format(build, room), other_way);
        Length bare = (Length)block->needed_lines * block->size;
        hint = arena_printf(arena, style->fit == FIT_NONE ? "fit: shrink, %s, or a shorter text" : "a shorter text, %s, or overflow: clip", roomier);
        if (style->leading > 1 && bare <= room) hint = arena_printf(arena, "leading: 1, %s", hint);
    }
    report_overflow(build, item->node, hint, message);
}

static bool is_broken(const TextBlock *block)
{
    for (size_t i = 0; i < block->line_count; i++)
        if (!block->lines[i].ends_paragraph) return true;
    return false;
}

/* A box that is as wide as its text may have lost a few 1/1024 pt to rounding: then, and only then, it is set a hair wider
 * rather than broken or refused. */
static void place_text(BoxBuild *build, Item *item, PlacedBox *out)
{
    BoxContext *context = build->context;
    const TextStyle *style = item->node->style;
    TextBlock *block = ARENA_NEW(context->arena, TextBlock);
    *block = item_flow(build, item, out->inner.width, out->inner.height);
    if (!block->fits || is_broken(block) || block->size < style->size) {
        TextBlock loose = item_flow(build, item, out->inner.width + SLACK / 2, out->inner.height + SLACK / 2);
        bool is_better = (loose.fits && !block->fits) || loose.line_count < block->line_count || (block->size < style->size && loose.size >= style->size);
        if (is_better) *block = loose;
    }
    out->text = block;
    out->is_kept = item_keeps_flow(item, block);
    out->text_filled = item->filled.text;
    /* From where the first line stands: the top, of vertical lines the right or the left. */
    Length spare = item_is_vertical(item) ? out->inner.width - block->width : out->inner.height - block->height;
    Length from = style->valign == VALIGN_TOP ? 0 : style->valign == VALIGN_MIDDLE ? spare / 2 : spare;
    if (context->document->is_screen) from -= from % LENGTH_ONE;
    out->text_at = (Point){out->inner.x, out->inner.y};
    if (style->writing == WRITING_HORIZONTAL_TB) out->text_at.y += from;
    else out->text_at.x += style->writing == WRITING_VERTICAL_RL ? spare - from : from;
    if (!block->fits && style->overflow == OVERFLOW_ERROR) report_text(build, item, block, out->inner);
    if (!inline_place(build, out)) build->failed = true;
}

/* ---- pictures and codes ---- */

bool item_check_dpi(BoxBuild *build, const Image *image, ImageFit fit, Size size, Span where)
{
    const Checks *checks = &build->context->document->checks;
    if (image->kind != IMAGE_PIXELS || build->context->document->is_screen || size.width <= 0 || size.height <= 0) return true;
    double across = image->width / (length_to_pt(size.width) / 72), down = image->height / (length_to_pt(size.height) / 72);
    double dpi = fit == IMAGE_CONTAIN ? (across > down ? across : down) : across < down ? across : down;
    bool is_error = dpi < checks->image_dpi_error;
    if (!is_error && dpi >= checks->image_dpi_warn) return true;
    double wanted = is_error ? checks->image_dpi_error : checks->image_dpi_warn;
    const char *hint = arena_printf(build->context->arena, "a picture of at least %d pixels across, or a smaller box", (int)(image->width * wanted / dpi + 0.5));
    if (is_error) return diag_error(build->context->diags, where, "image-dpi", hint, "the picture has %d dpi here, checks.image-dpi asks for %d", (int)dpi, (int)wanted);
    diag_warning(build->context->diags, where, "image-dpi", hint, "the picture has %d dpi here, checks.image-dpi asks for %d", (int)dpi, (int)wanted);
    return true;
}

static void place_image(BoxBuild *build, Item *item, PlacedBox *out)
{
    out->image = item->image;
    if (!item_check_dpi(build, item->image, item->node->u.image.fit, (Size){out->inner.width, out->inner.height}, item->node->where)) build->failed = true;
}

static void place_modules(BoxBuild *build, PlacedBox *out, int columns, int rows, const uint8_t *dark, const char *data, const Color *color, Rect area)
{
    Modules *modules = ARENA_NEW(build->context->arena, Modules);
    *modules = (Modules){.columns = columns, .rows = rows, .dark = dark, .area = area, .color = color, .data = data};
    out->modules = modules;
}

static void place_code(BoxBuild *build, Item *item, PlacedBox *out)
{
    BoxContext *context = build->context;
    const Node *node = item->node;
    bool is_screen = context->document->is_screen;
    Rect area;
    out->is_kept = item->kept != NULL;
    context->diags->path = node->path;
    if (item->qr) {
        if (codes_qr_place(item->qr, out->inner, node->u.qrcode.quiet, is_screen, node->where, context->diags, &area))
            place_modules(build, out, item->qr->size, item->qr->size, item->qr->dark, item->qr->data, node->u.qrcode.color, area);
        else
            build->failed = true;
    } else {
        const Path *bars = NULL;
        if (!codes_bars_place(item->bars, out->inner, is_screen, context->arena, node->where, context->diags, &bars, &area))
            build->failed = true;
        else if (item->bars->modules)
            place_modules(build, out, item->bars->width, item->bars->height, item->bars->dark, item->bars->data, node->u.barcode.color, area);
        else
            out->bars = bars;
    }
    context->diags->path = NULL;
}

/* ---- containers ---- */

static PlacedBox *children_of(BoxBuild *build, const Item *item, PlacedBox *out)
{
    PlacedBox *children = ARENA_ARRAY(build->context->arena, PlacedBox, item->child_count + 1);
    out->children = children;
    out->child_count = item->child_count;
    return children;
}

/* Start and added gap of `count` children when `spare` is left over. */
static void justify(BoxJustify how, Length spare, size_t count, Length *start, Length *between)
{
    *start = *between = 0;
    if (spare <= 0 || !count) return;
    switch (how) {
    case JUSTIFY_START: return;
    case JUSTIFY_CENTER: *start = spare / 2; return;
    case JUSTIFY_END: *start = spare; return;
    case JUSTIFY_SPACE_BETWEEN: *between = count > 1 ? spare / (Length)(count - 1) : 0; return;
    case JUSTIFY_SPACE_AROUND: *between = spare / (Length)count; *start = *between / 2; return;
    }
}

/* Cross position of a child of size `wanted` in `room`. */
static void align(BoxAlign how, bool has_size, Length room, Length wanted, Length *offset, Length *size)
{
    if (how == ALIGN_STRETCH && !has_size) { *offset = 0; *size = room; return; }
    *size = wanted;
    *offset = how == ALIGN_CENTER ? (room - wanted) / 2 : how == ALIGN_END ? room - wanted : 0;
}

static bool is_shrinkable(const Item *item)
{
    if (item_is_vertical(item) && item->node->height.unit <= DIM_AUTO) return true;       /* it takes another column */
    if (item->node->kind == NODE_TEXT) return item->node->style->fit != FIT_NONE;
    for (size_t i = 0; i < item->child_count; i++)
        if (is_shrinkable(&item->children[i])) return true;
    return false;
}

/* The height a child is measured with in a column: `room` is what vertical texts share. */
static Size column_available(const Item *child, Rect inner, Length room)
{
    bool shares = item_is_vertical(child) && item_dim(child, &child->node->height, inner.height) >= LENGTH_MAX;
    return (Size){inner.width, shares ? room : inner.height};
}

static Length column_wanted(BoxBuild *build, Item *child, Rect inner, Length room)
{
    if (child->node->kind == NODE_SPACE) {
        Length space = item_dim(child, &child->node->u.space.length, inner.height);
        return space >= LENGTH_MAX ? 0 : space;
    }
    Length height = item_dim(child, &child->node->height, inner.height);
    return height < LENGTH_MAX ? height : item_measure(build, child, column_available(child, inner, room)).height;
}

/* Heights of a column's children: what they want, then what is spare to those that grow, or what is missing from those
 * whose text may shrink. */
static Length column_heights(BoxBuild *build, Item *item, Rect inner, Length room, Length gap, Length *heights)
{
    Length total = 0, shrinkable = 0;
    double grow = 0;
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        heights[i] = column_wanted(build, child, inner, room);
        total = plus(total, plus(heights[i], i ? gap : 0));
        grow += child->node->grow;
        if (is_shrinkable(child)) shrinkable = plus(shrinkable, heights[i]);
    }
    Length spare = item_bounded((int64_t)inner.height - total), given = 0;
    double seen = 0;
    for (size_t i = 0; i < item->child_count && spare != 0; i++) {
        if (spare > 0 && grow > 0) {
            seen += item->children[i].node->grow;
            Length until = length_from_double(spare * (seen / grow));
            heights[i] = plus(heights[i], until - given);
            given = until;
        } else if (spare < 0 && shrinkable > 0 && is_shrinkable(&item->children[i])) {
            heights[i] = less(heights[i], length_from_double((double)-spare * heights[i] / shrinkable));
        }
    }
    if (spare > 0) return grow > 0 ? 0 : spare;
    return shrinkable > 0 ? 0 : spare;
}

static void report_container(BoxBuild *build, const Item *item, const char *way, Length needed, Length room)
{
    const char *message = arena_printf(build->context->arena, "what stands in this %s needs %s, the box is %s %s",
                                       item->node->u.box.kind == BOX_ROW ? "row" : item->node->u.box.kind == BOX_GRID ? "grid" : "column",
                                       item_format(build, needed), item_format(build, room), way);
    report_overflow(build, item->node, "smaller sizes or gaps, fit: shrink on a text, or a larger box", message);
}

static void place_column(BoxBuild *build, Item *item, PlacedBox *out)
{
    Rect inner = out->inner;
    Length gap = item_gap(item, 0, inner.height), start, between;
    Length *heights = ARENA_ARRAY(build->context->arena, Length, item->child_count + 1);
    Length room = item_column_room(build, item, (Size){inner.width, inner.height});
    Length spare = column_heights(build, item, inner, room, gap, heights);
    if (spare < -SLACK && !item->node->clip) report_container(build, item, "high", item_bounded((int64_t)inner.height - spare), inner.height);
    justify(item->node->u.box.justify, spare, item->child_count, &start, &between);
    PlacedBox *children = children_of(build, item, out);
    Length y = inner.y + start;
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        Length width = item_dim(child, &child->node->width, inner.width), offset, size;
        bool has_width = width < LENGTH_MAX;
        if (!has_width) width = item_measure(build, child, column_available(child, inner, heights[i])).width;
        align(item->node->u.box.align, has_width, inner.width, width, &offset, &size);
        Rect rect = {inner.x + offset, y, size, heights[i]};
        item_place(build, child, item_cover(build, child, rect), &children[i]);
        y = plus(y, plus(heights[i], plus(gap, between)));
    }
}

/* Distance of a box's first baseline from its top; its height when it has no text. */
static Length first_baseline(BoxBuild *build, Item *item, Length width, Length row_width)
{
    if (item->node->kind == NODE_TEXT && !item_is_vertical(item)) {
        Length inner = less(width, item->edges.left + item->edges.right);
        TextBlock block = item_flow(build, item, inner, LENGTH_MAX);
        return block.line_count ? item->edges.top + block.lines[0].baseline : item->edges.top;
    }
    return item_row_height(build, item, width, (Size){row_width, LENGTH_MAX});
}

static void place_row(BoxBuild *build, Item *item, PlacedBox *out)
{
    Rect inner = out->inner;
    Length gap = item_gap(item, 1, inner.width), start, between, total = 0, baseline = 0;
    Length *widths = ARENA_ARRAY(build->context->arena, Length, item->child_count + 1);
    item_row_widths(build, item, (Size){inner.width, inner.height}, widths);
    bool by_baseline = item->node->u.box.align == ALIGN_BASELINE;
    for (size_t i = 0; i < item->child_count; i++) {
        total = plus(total, plus(widths[i], i ? gap : 0));
        Length first = by_baseline ? first_baseline(build, &item->children[i], widths[i], inner.width) : 0;
        if (first > baseline) baseline = first;
    }
    if (total > plus(inner.width, SLACK) && !item->node->clip) report_container(build, item, "wide", total, inner.width);
    justify(item->node->u.box.justify, item_bounded((int64_t)inner.width - total), item->child_count, &start, &between);
    PlacedBox *children = children_of(build, item, out);
    Length x = inner.x + start;
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        Length height = item_dim(child, &child->node->height, inner.height), offset, size;
        bool has_height = height < LENGTH_MAX;
        if (!has_height) {
            height = item_row_height(build, child, widths[i], (Size){inner.width, inner.height});
            if (height > inner.height) height = inner.height;       /* the child says what does not fit */
        }
        align(item->node->u.box.align, has_height, inner.height, height, &offset, &size);
        if (by_baseline) offset = baseline - first_baseline(build, child, widths[i], inner.width);
        Rect rect = {x, inner.y + offset, widths[i], size};
        item_place(build, child, item_cover(build, child, rect), &children[i]);
        x = plus(x, plus(widths[i], plus(gap, between)));
    }
}

static void place_grid(BoxBuild *build, Item *item, PlacedBox *out)
{
    Rect inner = out->inner;
    unsigned columns = item_grid_columns(item);
    size_t rows = (item->child_count + columns - 1) / columns;
    Length gap_x = item_gap(item, 1, inner.width), gap_y = item_gap(item, 0, inner.height);
    Length across = less(inner.width, item_bounded((int64_t)gap_x * (columns - 1)));
    Length *heights = ARENA_ARRAY(build->context->arena, Length, rows + 1);
    Length total = 0;
    for (size_t i = 0; i < item->child_count; i++) {
        Length wanted = item_measure(build, &item->children[i], (Size){across / (Length)columns, item_has_vertical(&item->children[i]) ? item_grid_room(item, inner.height) : LENGTH_MAX}).height;
        if (wanted > heights[i / columns]) heights[i / columns] = wanted;
    }
    for (size_t r = 0; r < rows; r++) total = plus(total, plus(heights[r], r ? gap_y : 0));
    /* `rows` given: equal rows that fill the height, as grid-auto-rows: 1fr. */
    Length down = less(inner.height, item_bounded((int64_t)gap_y * (int64_t)(rows ? rows - 1 : 0)));
    if (item->node->u.box.rows && rows && down / (Length)rows > 0) {
        for (size_t r = 0; r < rows; r++) heights[r] = down / (Length)rows;
    } else if (total > plus(inner.height, SLACK) && !item->node->clip) {
        report_container(build, item, "high", total, inner.height);
    }
    PlacedBox *children = children_of(build, item, out);
    Length y = inner.y;
    for (size_t i = 0; i < item->child_count; i++) {
        Item *child = &item->children[i];
        Length column = (Length)(i % columns);
        Length left = (Length)((int64_t)across * column / columns), right = (Length)((int64_t)across * (column + 1) / columns);
        Length width = item_dim(child, &child->node->width, right - left), height = item_dim(child, &child->node->height, heights[i / columns]);
        Length x_offset = 0, y_offset = 0, x_size = right - left, y_size = heights[i / columns];
        if (width < LENGTH_MAX) align(item->node->u.box.align, true, right - left, width, &x_offset, &x_size);
        if (height < LENGTH_MAX) align(item->node->u.box.align, true, y_size, height, &y_offset, &y_size);
        Rect rect = {item_bounded((int64_t)inner.x + left + (int64_t)column * gap_x + x_offset), plus(y, y_offset), x_size, y_size};
        item_place(build, child, item_cover(build, child, rect), &children[i]);
        if ((i + 1) % columns == 0) y = plus(y, plus(heights[i / columns], gap_y));
    }
}

/* A layer fills its parent, or stands with `anchor` at `at` (or at the parent's own such point). */
Rect item_layer(BoxBuild *build, Item *item, Rect parent)
{
    const Node *node = item->node;
    if (node->cover != COVER_NONE) return item_cover(build, item, parent);
    Length width = item_dim(item, &node->width, parent.width), height = item_dim(item, &node->height, parent.height);
    bool is_anchored = node->has_at || node->anchor != ANCHOR_TOP_LEFT;
    if (!is_anchored && width >= LENGTH_MAX) width = parent.width;
    if (!is_anchored && height >= LENGTH_MAX) height = parent.height;
    if (width >= LENGTH_MAX || height >= LENGTH_MAX) {
        Size wanted = item_measure(build, item, (Size){width < LENGTH_MAX ? width : parent.width, height < LENGTH_MAX ? height : parent.height});
        if (width >= LENGTH_MAX) width = wanted.width;
        if (height >= LENGTH_MAX) height = wanted.height;
    }
    Length column = node->anchor % 3, row = node->anchor / 3;
    Point at = {parent.x + parent.width / 2 * column, parent.y + parent.height / 2 * row};
    if (node->has_at) {
        Length x = item_dim(item, &node->at[0], parent.width), y = item_dim(item, &node->at[1], parent.height);
        at = (Point){parent.x + (x >= LENGTH_MAX ? 0 : x), parent.y + (y >= LENGTH_MAX ? 0 : y)};
    }
    return (Rect){at.x - width / 2 * column, at.y - height / 2 * row, width, height};
}

static void place_layers(BoxBuild *build, Item *item, PlacedBox *out)
{
    PlacedBox *children = children_of(build, item, out);
    for (size_t i = 0; i < item->child_count; i++)
        item_place(build, &item->children[i], item_layer(build, &item->children[i], out->inner), &children[i]);
}

void item_place(BoxBuild *build, Item *item, Rect outer, PlacedBox *out)
{
    *out = (PlacedBox){.node = item->node, .outer = outer, .inner = inset(outer, item->edges)};
    switch (item->node->kind) {
    case NODE_TEXT: place_text(build, item, out); return;
    case NODE_IMAGE: place_image(build, item, out); return;
    case NODE_QRCODE:
    case NODE_BARCODE: place_code(build, item, out); return;
    case NODE_SHAPE:
    case NODE_SPACE: return;
    case NODE_BOX: break;
    }
    for (size_t i = 0; i < item->child_count; i++) item_set_parent(&item->children[i], (Size){out->inner.width, out->inner.height});
    switch (item->node->u.box.kind) {
    case BOX_ROW: place_row(build, item, out); return;
    case BOX_COLUMN: place_column(build, item, out); return;
    case BOX_GRID: place_grid(build, item, out); return;
    case BOX_LAYERS: place_layers(build, item, out); return;
    }
}
