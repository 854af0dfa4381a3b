/* box.c -- the door: a page of the document, for one row, from its frame to its scene. */
#include "box/item.h"

static Rect grown(Rect rect, Sides by)
{
    return (Rect){rect.x - by.left, rect.y - by.top, rect.width + by.left + by.right, rect.height + by.top + by.bottom};
}

static Rect within(Rect rect, Sides margin)
{
    Rect safe = {rect.x + margin.left, rect.y + margin.top, rect.width - margin.left - margin.right, rect.height - margin.top - margin.bottom};
    if (safe.width < 0) safe.width = 0;
    if (safe.height < 0) safe.height = 0;
    return safe;
}

/* A body that says nothing covers the safe area; layers cover the page, since what lies in them says for itself. With a
 * size or a place of its own a body stands there as a layer would. */
static Rect root_rect(BoxBuild *build, Item *item)
{
    bool is_layers = item->node->kind == NODE_BOX && item->node->u.box.kind == BOX_LAYERS;
    Rect parent = is_layers ? build->frame.trim : build->frame.safe;
    item_set_parent(item, (Size){parent.width, parent.height});
    return item_layer(build, item, parent);
}

static const PlacedBox *build_body(BoxBuild *build, const Node *body, SceneBuilder *scene)
{
    Item *item = ARENA_NEW(build->context->arena, Item);
    if (!item_resolve(build, body, item) || build->failed) return NULL;
    PlacedBox *placed = ARENA_NEW(build->context->arena, PlacedBox);
    item_place(build, item, root_rect(build, item), placed);
    if (build->failed) return placed;
    item_check(build, placed);
    item_draw(build, placed, scene);
    return placed;
}

/* A panel is a page of its own whose bleed reaches only past the outer edges of the sheet. */
static Frame panel_frame(const Document *document, Rect trim, size_t at)
{
    const Page *page = &document->page;
    size_t column = at % document->fold.panel_count, row = at / document->fold.panel_count;
    bool is_last = column + 1 == document->fold.panel_count, is_lowest = row + 1 == document->fold.row_count;
    Sides bleed = {row ? 0 : page->bleed, is_last ? page->bleed : 0, is_lowest ? page->bleed : 0, column ? 0 : page->bleed};
    return (Frame){trim, grown(trim, bleed), within(trim, page->margin)};
}

BoxPage box_build_page(BoxContext *context, size_t page_index, const Rect *panels)
{
    const Document *document = context->document;
    const Page *page = &document->page;
    const DocPage *doc_page = &document->pages[page_index];
    Rect trim = {0, 0, page->size.width, page->size.height};
    Sides bleed = {page->bleed, page->bleed, page->bleed, page->bleed};
    BoxBuild build = {.context = context, .frame = {trim, grown(trim, bleed), within(trim, page->margin)}};
    SceneBuilder *scene = scene_new(context->arena, page->size.width, page->size.height, page->bleed, document->is_screen);

    size_t count = doc_page->body ? 1 : doc_page->panel_count;
    const PlacedBox **roots = ARENA_ARRAY(context->arena, const PlacedBox *, count + 1);
    size_t root_count = 0;
    for (size_t i = 0; i < count; i++) {
        const Node *body = doc_page->body;
        if (!body) {
            const Panel *panel = &doc_page->panels[i];
            build.frame = panel_frame(document, panels[i], i);
            if (panel->background) {
                scene_add_rect(scene, build.frame.bleed, panel->background);
                item_painted(&build, build.frame.bleed, panel->background);
            }
            body = panel->body;
        }
        const PlacedBox *root = body ? build_body(&build, body, scene) : NULL;
        if (root) roots[root_count++] = root;
    }
    if (build.failed) return (BoxPage){0};
    return (BoxPage){scene_finish(scene, doc_page->name), roots, root_count};
}

/* A free extent as the content likes it; on screens whole dots. */
static Length free_extent(const BoxBuild *build, Length wanted)
{
    return build->context->document->is_screen ? (wanted + LENGTH_ONE - 1) / LENGTH_ONE * LENGTH_ONE : wanted;
}

BoxPage box_build_node(BoxContext *context, const Node *node, Size area)
{
    BoxBuild build = {.context = context};
    Item *item = ARENA_NEW(context->arena, Item);
    if (!item_resolve(&build, node, item) || build.failed) return (BoxPage){0};
    item_set_parent(item, area);
    if (area.width >= LENGTH_MAX) area.width = free_extent(&build, item_measure(&build, item, area).width);
    if (area.height >= LENGTH_MAX) area.height = free_extent(&build, item_measure(&build, item, area).height);
    Rect trim = {0, 0, area.width, area.height};
    build.frame = (Frame){trim, trim, trim};
    PlacedBox *placed = ARENA_NEW(context->arena, PlacedBox);
    item_place(&build, item, trim, placed);
    SceneBuilder *scene = scene_new(context->arena, area.width, area.height, 0, context->document->is_screen);
    if (build.failed) return (BoxPage){0};
    item_check(&build, placed);
    item_draw(&build, placed, scene);
    if (build.failed) return (BoxPage){0};
    const PlacedBox **roots = ARENA_ARRAY(context->arena, const PlacedBox *, 1);
    roots[0] = placed;
    return (BoxPage){scene_finish(scene, NULL), roots, 1};
}
