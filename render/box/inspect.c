/* inspect.c -- placed boxes as the JSON of `biaoyu inspect`: pages -> boxes -> lines -> runs, in pt or px. */
#include "box/item.h"

#include "base/num.h"

static void add_number(StrBuf *out, const char *key, Length length)
{
    char digits[NUM_ROOM];
    strbuf_addf(out, "\"%s\":%s", key, num_format(digits, length_to_pt(length), 3));
}

static const char *kind_name(const Node *node)
{
    static const char *const kinds[] = {"text", "image", "qrcode", "barcode", "shape", "box", "space"};
    static const char *const boxes[] = {"row", "column", "layers", "grid"};
    return node->kind == NODE_BOX ? boxes[node->u.box.kind] : kinds[node->kind];
}

static void add_run(StrBuf *out, const GlyphRun *run)
{
    strbuf_add(out, "{\"font\":");
    strbuf_add_json(out, arena_printf(out->arena, "%s %s", run->face->family, run->face->style_name));
    strbuf_add(out, ",");
    add_number(out, "size", run->size);
    strbuf_add(out, ",\"text\":");
    strbuf_add_json(out, run->text);
    strbuf_add(out, ",\"glyphs\":[");
    for (size_t i = 0; i < run->glyph_count; i++) strbuf_addf(out, "%s%u", i ? "," : "", run->glyphs[i].id);
    strbuf_add(out, "]}");
}

/* Of a vertical line: where it begins, the middle of its column, how long it is. */
static void add_place(StrBuf *out, const TextLine *line, Point at)
{
    const struct { const char *key; Length value; } places[2][3] = {
        {{"x", at.x + line->x}, {"baseline", at.y + line->baseline}, {"width", line->width}},
        {{"y", at.y + line->x}, {"middle", at.x + line->baseline}, {"height", line->width}}};
    for (size_t i = 0; i < 3; i++) {
        if (i) strbuf_add(out, ",");
        add_number(out, places[line->is_vertical][i].key, places[line->is_vertical][i].value);
    }
}

static void add_lines(StrBuf *out, const PlacedBox *box, const BoxContext *context)
{
    strbuf_add(out, ",\"lines\":[");
    for (size_t i = 0; i < box->text->line_count; i++) {
        const TextLine *line = &box->text->lines[i];
        strbuf_add(out, i ? ",{\"text\":" : "{\"text\":");
        strbuf_add_json(out, arena_copy(out->arena, box->text_filled + line->text_start, line->text_end - line->text_start));
        strbuf_add(out, ",");
        add_place(out, line, box->text_at);
        strbuf_add(out, ",");
        add_number(out, "natural", line->natural);
        strbuf_add(out, ",");
        add_number(out, "stretch", line->width - line->natural);
        strbuf_add(out, ",");
        add_number(out, "size", line->size);
        Rect ink = text_ink(context->engine, &(TextBlock){.lines = line, .line_count = 1});
        const struct { const char *key; Length value; } inks[] = {
            {"x", box->text_at.x + ink.x}, {"y", box->text_at.y + ink.y}, {"w", ink.width}, {"h", ink.height}};
        strbuf_add(out, ",\"ink\":{");
        for (size_t k = 0; k < 4; k++) {
            if (k) strbuf_add(out, ",");
            add_number(out, inks[k].key, inks[k].value);
        }
        char cost[NUM_ROOM];
        strbuf_addf(out, "},\"break\":\"%s\",\"cost\":%s", text_line_reason(line->reason), num_format(cost, line->cost, 3));
        strbuf_add(out, ",\"runs\":[");
        for (size_t r = 0; r < line->run_count; r++) {
            if (r) strbuf_add(out, ",");
            add_run(out, &line->runs[r]);
        }
        strbuf_add(out, "]}");
    }
    strbuf_add(out, "]");
}

static void add_box(StrBuf *out, const PlacedBox *box, const BoxContext *context, bool *is_first)
{
    strbuf_add(out, *is_first ? "{\"id\":" : ",{\"id\":");
    *is_first = false;
    if (box->node->id) strbuf_add_json(out, box->node->id);
    else strbuf_add(out, "null");
    strbuf_addf(out, ",\"kind\":\"%s\",\"path\":", kind_name(box->node));
    strbuf_add_json(out, box->node->path);
    const struct { const char *key; Length value; } rect[] = {
        {"x", box->outer.x}, {"y", box->outer.y}, {"w", box->outer.width}, {"h", box->outer.height}};
    for (size_t i = 0; i < 4; i++) {
        strbuf_add(out, ",");
        add_number(out, rect[i].key, rect[i].value);
    }
    static const char *const writings[] = {"horizontal-tb", "vertical-rl", "vertical-lr"};
    if (box->text && box->node->style->writing) strbuf_addf(out, ",\"writing\":\"%s\"", writings[box->node->style->writing]);
    if (box->text) add_lines(out, box, context);
    if (box->text && context->breaks == BREAKS_ALL) breaks_add_json(out, box);
    if (box->modules) {
        strbuf_add(out, ",\"data\":");
        strbuf_add_json(out, box->modules->data);
    }
    strbuf_add(out, "}");
    for (size_t i = 0; i < box->child_count; i++) add_box(out, &box->children[i], context, is_first);
}

static void add_tables(StrBuf *out, const PlacedBox *box, const BoxContext *context)
{
    if (box->text) breaks_add_table(out, box, context);
    for (size_t i = 0; i < box->child_count; i++) add_tables(out, &box->children[i], context);
}

void box_inspect(const BoxPage *page, const BoxContext *context, StrBuf *out)
{
    if (context->breaks == BREAKS_TABLE) {
        for (size_t i = 0; i < page->root_count; i++) add_tables(out, page->roots[i], context);
        return;
    }
    strbuf_add(out, "{");
    add_number(out, "width", page->scene->width);
    strbuf_add(out, ",");
    add_number(out, "height", page->scene->height);
    size_t row = data_row_ref(context->fill.data, context->fill.row_index).row;
    strbuf_addf(out, ",\"unit\":\"%s\",\"row\":", context->document->is_screen ? "px" : "pt");
    if (row) strbuf_addf(out, "%zu", row);
    else strbuf_add(out, "null");
    strbuf_add(out, ",\"boxes\":[");
    bool is_first = true;
    for (size_t i = 0; i < page->root_count; i++) add_box(out, page->roots[i], context, &is_first);
    strbuf_add(out, "]}");
}
