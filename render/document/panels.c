/* panels.c -- screen.map: how the dots of a screen hang on the controller's channels, panel by panel. */
#include "base/limits.h"
#include "document/reader.h"

bool set_panel_at(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    ScreenPanel *panel = base;
    return read_counts(r, row, value, &panel->x, &panel->y);
}

bool set_panel_size(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    ScreenPanel *panel = base;
    return read_counts(r, row, value, &panel->width, &panel->height);
}

bool set_panel_tiles(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    ScreenPanel *panel = base;
    return read_counts(r, row, value, &panel->tile_columns, &panel->tile_rows);
}

bool set_screen_map(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Screen *screen = base;
    if (value->kind != YAML_LIST || !value->count) return value_wrong_type(r, row, value);
    if (value->count > LIMIT_PANELS)
        return diag_error(r->diags, value->span, "too-large", "join equal panels with tiles", "\"map\" has more than %d panels", LIMIT_PANELS);
    ScreenPanel *panels = ARENA_ARRAY(r->arena, ScreenPanel, value->count);
    bool ok = true;
    for (size_t i = 0; i < value->count; i++) {
        const YamlNode *item = value->items[i];
        panels[i] = (ScreenPanel){.tile_columns = 1, .tile_rows = 1, .where = item->span};
        if (item->kind != YAML_MAP) {
            ok = diag_error(r->diags, item->span, "wrong-type", "write {at: [0, 0], size: [64, 32]}", "a panel of \"map\" is a map");
            continue;
        }
        check_initials(r, &object_screen_panel, &panels[i]);
        ok &= check_map(r, item, object_screen_panel.name, &(Target){&object_screen_panel, &panels[i]}, 1);
    }
    screen->map = panels;
    screen->map_count = value->count;
    return ok;
}
