/* boxes.c -- a map with one kind key becomes a Node. */
#include <string.h>

#include "base/limits.h"
#include "document/reader.h"

enum { BOX_DEPTH = 200 };

static const BoxType *kind_of(Reader *r, const YamlNode *map)
{
    const BoxType *found = NULL;
    for (size_t i = 0; i < map->count; i++) {
        const BoxType *type = box_type_find(map->entries[i].key);
        if (!type) continue;
        if (found) {
            diag_error(r->diags, map->entries[i].key_span, "two-kinds", "make two boxes of it", "a box has one kind, this has \"%s\" and \"%s\"", found->key, type->key);
            return NULL;
        }
        found = type;
    }
    if (found) return found;
    const char *names[16];
    for (size_t i = 0; i < box_type_count; i++) names[i] = box_types[i].key;
    const char *hint = NULL;
    for (size_t i = 0; !hint && i < map->count; i++) {
        bool is_own = object_find(&object_common, map->entries[i].key) || object_find(&object_style, map->entries[i].key) || object_find(&object_box, map->entries[i].key);
        const char *near = is_own ? NULL : hint_nearest(r->arena, map->entries[i].key, names, box_type_count);
        if (near && strncmp(near, "did", 3) == 0) hint = near;
    }
    diag_error(r->diags, map->span, "no-kind", hint ? hint : arena_printf(r->arena, "give one of %s", join_names(r->arena, names, box_type_count)), "a box without a kind");
    return NULL;
}

static void node_initials(Reader *r, const BoxType *type, Node *node)
{
    check_initials(r, &object_common, node);
    check_initials(r, type->own, node);
    check_initials(r, &object_motion, &node->motion);
    node->motion.hold_seconds = node->motion.speed_px_s = node->motion.speed_c_s = -1;
    node->style = r->base;
    if (node->kind == NODE_QRCODE) node->u.qrcode.color = style_initial_color(&(Document){.kind = DOC_POSTER, .colors = r->document->colors, .color_count = r->document->color_count});
    if (node->kind == NODE_BARCODE) node->u.barcode.color = style_initial_color(&(Document){.kind = DOC_POSTER, .colors = r->document->colors, .color_count = r->document->color_count});
}

static bool is_template_static(const Template *template) { return !template || template->is_static; }

static bool is_node_static(const Node *node)
{
    bool is = !node->when_count && !node->unless_count && is_template_static(node->alt);
    if (node->kind == NODE_TEXT) is &= is_template_static(node->u.text.content);
    if (node->kind == NODE_IMAGE) is &= is_template_static(node->u.image.file);
    if (node->kind == NODE_QRCODE) is &= is_template_static(node->u.qrcode.data);
    if (node->kind == NODE_BARCODE) is &= is_template_static(node->u.barcode.data);
    if (node->kind == NODE_BOX)
        for (size_t i = 0; i < node->u.box.count; i++) is &= node->u.box.items[i]->is_static;
    return is;
}

static void read_style(Reader *r, const YamlNode *map, TextStyle *style)
{
    *style = *r->base;
    const YamlNode *names = yaml_find(map, "style");
    if (r->base->fit == FIT_NONE) style->fit_min = style->fit_max = 0;
    if (names) style_apply_names(r, names, style);
}

static const Node *read_kind(Reader *r, const YamlNode *map, const BoxType *type, const char *path)
{
    Node *node = ARENA_NEW(r->arena, Node);
    TextStyle *style = ARENA_NEW(r->arena, TextStyle);
    node->kind = (NodeKind)type->node_kind;
    node_initials(r, type, node);
    const YamlNode *kind = yaml_find(map, type->key), *items = yaml_find(map, "items");
    node->where = kind->span;
    for (size_t i = 0; i < map->count; i++)
        if (map->entries[i].value == kind) node->box_span = map->entries[i].key_span;
    node->path = path;
    Target targets[4] = {{type->own, node}, {&object_common, node}};
    size_t count = 2;
    if (type->has_style) {
        read_style(r, map, style);
        r->own = style;
        targets[count++] = (Target){&object_style, style};
    }
    if (r->in_playlist) targets[count++] = (Target){&object_motion, &node->motion};
    bool in_playlist = r->in_playlist;
    r->in_playlist = false;
    size_t errors = r->diags->error_count;
    /* The text's own style is complete before its words are read: [words]{style} is applied over it. */
    if (type->has_style)
        for (size_t i = 0; i < map->count; i++) {
            const Row *row = object_find(&object_style, map->entries[i].key);
            DiagList *kept = r->diags;
            r->diags = &r->mute;
            if (row) check_row(r, row, map->entries[i].value, style);
            r->diags = kept;
        }
    style_settle(style);
    Length size = style->size;
    bool ok = check_map(r, map, type->key, targets, count);
    const YamlNode *own_size = type->has_style ? yaml_find(map, "size") : NULL;
    if (own_size) style->size = size;      /* em of the style, applied once */
    if (type->has_style) {
        style_finish(r, style);
        const YamlNode *asked = yaml_find(map, "combine");
        if (!asked) asked = yaml_find(map, "orientation");
        ok &= style_check_writing(r, style, NULL, asked ? asked->span : node->where);
        node->style = style;
        r->own = NULL;
    }
    if (in_playlist && node->motion.effect != EFFECT_NONE && (node->motion.enter_span.source || node->motion.exit_span.source))
        ok = diag_error(r->diags, node->motion.effect_span, "two-motions", "keep \"effect\", or enter / hold / exit", "an item has both \"effect\" and \"enter\" or \"exit\"");
    if (node->kind == NODE_IMAGE) node->u.image.relative_to = node->where.source;
    if (node->kind == NODE_SHAPE && node->u.shape.kind == SHAPE_PATH && !node->u.shape.d && r->diags->error_count == errors)
        ok = diag_error(r->diags, node->where, "missing-key", "add d: and SVG path data", "a path needs \"d\"");
    if (node->kind == NODE_BOX && items) ok &= boxes_read(r, items, arena_printf(r->arena, "%.*s/items", (int)(strlen(path) - 4), path), false, &node->u.box.items, &node->u.box.count);
    node->is_static = ok && is_node_static(node);
    return ok ? node : NULL;
}

static const Node *expand(Reader *r, const YamlNode *map, const BoxType *type, const char *path)
{
    Target targets[3] = {{type->own, NULL}, {&object_common, ARENA_NEW(r->arena, Node)}, {&object_motion, ARENA_NEW(r->arena, Motion)}};
    size_t fields = r->fields.count, notes = r->not_yet.count;
    bool ok = check_map(r, map, type->key, targets, r->in_playlist ? 3 : 2);
    r->fields.count = fields;
    r->not_yet.count = notes;
    if (!ok) return NULL;
    bool is_part = strcmp(type->key, "part") == 0;
    const YamlNode *body = is_part ? part_expand(r, map) : slot_expand(r, map);
    if (!body) return NULL;
    r->part_depth++;
    const Node *node = box_read(r, body, path);
    r->part_depth--;
    return node;
}

const Node *box_read(Reader *r, const YamlNode *map, const char *path)
{
    const char *outer = r->path;
    if (map->kind != YAML_MAP) {
        diag_error(r->diags, map->span, "wrong-type", "write a box, such as {text: \"..\"}", "a box is a map of keys");
        return NULL;
    }
    if (r->is_full) return NULL;
    if (++r->box_count > LIMIT_BOXES || r->box_depth >= BOX_DEPTH) {
        r->is_full = true;
        diag_error(r->diags, map->span, r->box_depth >= BOX_DEPTH ? "too-deep" : "too-large", "use fewer boxes",
                   r->box_depth >= BOX_DEPTH ? "boxes inside boxes, more than 200 deep" : "the layout has more than 100000 boxes");
        return NULL;
    }
    r->path = r->diags->path = path;
    r->box_depth++;
    const BoxType *type = kind_of(r, map);
    const Node *node = NULL;
    if (type) {
        const char *own = arena_printf(r->arena, "%s/%s", path, type->key);
        r->path = r->diags->path = type->node_kind < 0 ? path : own;
        node = type->node_kind < 0 ? expand(r, map, type, path) : read_kind(r, map, type, own);
    }
    r->box_depth--;
    r->path = r->diags->path = outer;
    return node;
}

bool boxes_read(Reader *r, const YamlNode *list, const char *path, bool in_playlist, const Node *const **items, size_t *count)
{
    if (list->kind != YAML_LIST)
        return diag_error(r->diags, list->span, "wrong-type", "write a list of boxes: [{text: \"..\"}]", "\"items\" is not a list");
    List nodes = {0};
    bool ok = true;
    for (size_t i = 0; i < list->count && !r->is_full; i++) {
        const YamlNode *item = list->items[i], *const *boxes = &item;
        size_t box_count = 1;
        /* A slot with no keys of its own gives its boxes to the list it stands in. */
        bool is_slot = item->kind == YAML_MAP && yaml_find(item, "slot") && item->count == 1u + (yaml_find(item, "default") != NULL);
        if (is_slot && r->part_depth < LIMIT_PART_DEPTH) ok &= slot_boxes(r, item, &boxes, &box_count);
        r->part_depth += is_slot;
        for (size_t k = 0; k < box_count; k++) {
            r->in_playlist = in_playlist;
            const Node *node = box_read(r, boxes[k], arena_printf(r->arena, "%s/%zu", path, nodes.count));
            r->in_playlist = false;
            ok &= node != NULL;
            *(const Node **)list_add(r->arena, &nodes, sizeof node) = node;
        }
        r->part_depth -= is_slot;
    }
    *items = nodes.items;
    *count = nodes.count;
    return ok && !r->is_full;
}
