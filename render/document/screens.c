/* screens.c -- LED screens: the library of common ones, what a layout says over it, and areas with playlists of their own. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "document/reader.h"

/* Modules as shops sell them, by the trade's names: P and the pitch in mm, F and the diameter of the lamp. `amperes` at 5 V
 * is an estimate from vendors' sheets for one module with all lamps at full; `distance`: where its letters read well, 1.5 to
 * 2 m for each mm of the pitch. */
typedef struct Profile {
    const char *name;
    int width, height;            /* dots of a module */
    double pitch_mm;
    ScreenColor color;
    unsigned levels;
    double amperes, distance_m;
} Profile;

#define PROFILES(MODULE) \
    MODULE("p10-red", 32, 16, 10, RED, 2, 4, 15) \
    MODULE("p10-amber", 32, 16, 10, AMBER, 2, 4, 15) \
    MODULE("p10-green", 32, 16, 10, GREEN, 2, 4, 15) \
    MODULE("p10-blue", 32, 16, 10, BLUE, 2, 4, 15) \
    MODULE("p10-white", 32, 16, 10, WHITE, 2, 4, 15) \
    MODULE("p10-red-green", 32, 16, 10, RED_GREEN, 2, 6, 15) \
    MODULE("p10-seven-color", 32, 16, 10, RGB, 2, 7, 15) \
    MODULE("p10-full", 32, 16, 10, RGB, 256, 6, 15) \
    MODULE("f3.75-red", 64, 32, 4.75, RED, 2, 3, 8) \
    MODULE("f3.75-red-green", 64, 32, 4.75, RED_GREEN, 2, 4, 8) \
    MODULE("f5-red-green", 64, 32, 7.62, RED_GREEN, 2, 5, 12) \
    MODULE("p8-full", 32, 16, 8, RGB, 256, 6, 15) \
    MODULE("p6-full", 32, 32, 6, RGB, 256, 6, 10) \
    MODULE("p5-full", 64, 32, 5, RGB, 256, 6, 9) \
    MODULE("p4-full", 64, 32, 4, RGB, 256, 5, 8) \
    MODULE("p3-full", 64, 64, 3, RGB, 256, 6, 5) \
    MODULE("p2.5-full", 64, 32, 2.5, RGB, 256, 4, 4)

#define MODULE_ROW(name, width, height, pitch, color, levels, amperes, distance) {name, width, height, pitch, SCREEN_##color, levels, amperes, distance},
#define MODULE_NAME(name, ...) name,
static const Profile profiles[] = {PROFILES(MODULE_ROW)};
const char *const screen_profile_names[] = {PROFILES(MODULE_NAME) NULL};
enum { PROFILE_COUNT = sizeof profiles / sizeof *profiles };

bool set_screen_profile(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    int index;
    const char *text = value_scalar(r, row, value);
    if (!text || !value_choice(r, row, text, value->span, &index)) return false;
    ((Screen *)base)->profile = profiles[index].name;
    return true;
}

/* "16x2", as on the invoice. */
bool set_screen_modules(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Screen *screen = base;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    char across[8] = "", down[8] = "", rest;
    long columns, rows;
    if (sscanf(text, "%6[0-9]x%6[0-9]%c", across, down, &rest) != 2 || !num_parse_count(across, &columns) || !num_parse_count(down, &rows) ||
        columns < 1 || rows < 1 || columns > LIMIT_SCREEN_PX || rows > LIMIT_SCREEN_PX)
        return diag_error(r->diags, value->span, "bad-choice", "write how many across and down, such as 16x2", "\"modules\" cannot be \"%s\"", text);
    screen->columns = (unsigned)columns;
    screen->rows = (unsigned)rows;
    return true;
}

static const Profile *profile_find(const char *name)
{
    for (size_t i = 0; name && i < PROFILE_COUNT; i++)
        if (strcmp(profiles[i].name, name) == 0) return &profiles[i];
    return NULL;
}

/* What the layout does not say itself. */
static void take_profile(const YamlNode *map, const Profile *profile, Screen *screen)
{
    if (!yaml_find(map, "pitch")) screen->pitch_mm = profile->pitch_mm;
    if (!yaml_find(map, "color")) screen->color = profile->color;
    if (!yaml_find(map, "levels")) screen->levels = profile->levels;
    if (!yaml_find(map, "distance")) screen->distance_m = profile->distance_m;
    if (!yaml_find(map, "current")) {
        double modules = (double)screen->width * screen->height / (profile->width * profile->height);
        screen->current_a = modules * profile->amperes;
        screen->is_current_estimate = true;
    }
}

static void take_size(Reader *r, const YamlNode *map, const Profile *profile, Screen *screen)
{
    const YamlNode *size = yaml_find(map, "size"), *modules = yaml_find(map, "modules");
    if (size && modules) {
        diag_error(r->diags, modules->span, "two-sizes", "keep one of them", "the screen has both \"size\" and \"modules\"");
        return;
    }
    if (size) return;
    if (!modules || !screen->columns) {
        if (!modules)
            diag_error(r->diags, map->span, "missing-key", profile ? "add modules: 16x2, or size: [512, 32]" : "add size: [512, 32], or profile and modules",
                       "screen needs \"size\"");
        return;
    }
    if (!profile) {
        diag_error(r->diags, modules->span, "missing-key", "add profile: p10-red, or say size: [512, 32] instead", "\"modules\" needs \"profile\"");
        return;
    }
    uint64_t width = (uint64_t)screen->columns * (uint64_t)profile->width, height = (uint64_t)screen->rows * (uint64_t)profile->height;
    if (width > LIMIT_SCREEN_PX || height > LIMIT_SCREEN_PX) {
        diag_error(r->diags, modules->span, "out-of-range", "use fewer modules", "%ux%u modules have %llu x %llu dots, at most %d each way can be made",
                   screen->columns, screen->rows, (unsigned long long)width, (unsigned long long)height, LIMIT_SCREEN_PX);
        return;
    }
    screen->width = (int)width;
    screen->height = (int)height;
}

void screen_finish(Reader *r, const YamlNode *map, Screen *screen)
{
    const Profile *profile = profile_find(screen->profile);
    take_size(r, map, profile, screen);
    if (profile) take_profile(map, profile, screen);
    const YamlNode *limit = yaml_find(map, "current-limit");
    if (limit && !profile && screen->current_limit_a > 0 && screen->current_a <= 0)
        diag_error(r->diags, limit->span, "missing-key", "add current: 40A, what the screen takes with all lamps at full, or a profile",
                   "\"current-limit\" needs \"current\"");
}

bool set_burn_in(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Checks *checks = base;
    const char *text = value_scalar(r, row, value);
    if (!text) return false;
    checks->burn_in = 0;
    if (strcmp(text, "off") == 0) return true;
    size_t used = num_parse(text, strlen(text), &checks->burn_in);
    checks->burn_in /= 100;
    return (used && strcmp(text + used, "%") == 0 && checks->burn_in > 0 && checks->burn_in < 1) ||
           diag_error(r->diags, value->span, "bad-choice", "write 90%, or off", "\"burn-in\" cannot be \"%s\"", text);
}

bool set_now(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    const char *text = value_scalar(r, row, value);
    Civil time;
    if (!text) return false;
    if (!civil_read(text, &time))
        return diag_error(r->diags, value->span, "bad-date", "write 2026-11-26T08:00:00", "\"now\" is not a time: \"%s\"", text);
    ((Screen *)base)->now = civil_text(arena_alloc(r->arena, CIVIL_ROOM), &time);
    return true;
}

/* "100px/s", or "3c/s". */
bool set_speed(Reader *r, const Row *row, const YamlNode *value, void *base)
{
    Motion *motion = base;
    const char *text = value_scalar(r, row, value);
    double number;
    if (!text) return false;
    size_t used = num_parse(text, strlen(text), &number);
    bool is_characters = strcmp(text + used, "c/s") == 0;
    if (!used) return diag_error(r->diags, value->span, "wrong-type", "write 100px/s, or 3c/s", "\"speed\" is not a speed: \"%s\"", text);
    if (!text[used]) return diag_error(r->diags, value->span, "missing-unit", arena_printf(r->arena, "write %spx/s, or %sc/s", text, text), "\"speed\" has no unit: %s", text);
    if (!is_characters && strcmp(text + used, "px/s") != 0)
        return diag_error(r->diags, value->span, "bad-unit", "write 100px/s, or 3c/s for characters", "\"%s\" is no unit: %s", text + used, text);
    double least = is_characters ? 0.1 : 1, most = is_characters ? 1000 : 100000;
    if (number < least || number > most)
        return diag_error(r->diags, value->span, "out-of-range", is_characters ? "write a value from 0.1c/s to 1000c/s" : "write a value from 1px/s to 100000px/s",
                          "\"speed\" cannot be %s", text);
    motion->speed_px_s = is_characters ? -1 : number;
    motion->speed_c_s = is_characters ? number : -1;
    return true;
}

/* ---- areas ---- */

static bool overlaps(const Area *a, const Area *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

/* Inside the screen, and beside the areas before it. */
static void check_place(Reader *r, const Area *areas, size_t index)
{
    const Area *area = &areas[index];
    const Screen *screen = &r->document->screen;
    if (screen->width <= 0 || screen->height <= 0 || !area->width || !area->height) return;
    if (area->x + area->width > screen->width || area->y + area->height > screen->height)
        diag_error(r->diags, area->where, "area-outside", "make it smaller, or move it",
                   "area \"%s\" ends at %d, %d, outside of the screen of %d x %d", area->name, area->x + area->width, area->y + area->height,
                   screen->width, screen->height);
    for (size_t i = 0; i < index; i++)
        if (areas[i].width && areas[i].height && overlaps(&areas[i], area))
            diag_error(r->diags, area->where, "areas-overlap", "place them beside each other: a lamp can show one of them only",
                       "area \"%s\" lies over area \"%s\"", area->name, areas[i].name);
}

static void read_area(Reader *r, const YamlNode *map, size_t index, Area *area)
{
    check_initials(r, &object_screen_area, area);
    area->where = map->span;
    area->name = arena_printf(r->arena, "%zu", index + 1);
    if (map->kind != YAML_MAP) {
        diag_error(r->diags, map->span, "wrong-type", "write {x, y, width, height, playlist}", "an area is a map");
        return;
    }
    check_map(r, map, "area", &(Target){&object_screen_area, area}, 1);
    if (!yaml_find(map, "width")) area->width = r->document->screen.width > area->x ? r->document->screen.width - area->x : 1;
    if (!yaml_find(map, "height")) area->height = r->document->screen.height > area->y ? r->document->screen.height - area->y : 1;
    const YamlNode *playlist = yaml_find(map, "playlist");
    if (playlist) playlist_read(r, playlist, arena_printf(r->arena, "/areas/%zu/playlist/items", index), &area->playlist);
    const YamlNode *loop = playlist && playlist->kind == YAML_MAP ? yaml_find(playlist, "loop") : NULL;
    if (loop && !area->playlist.is_forever)
        diag_error(r->diags, loop->span, "bad-choice", "leave it out; to show an item several times use repeat", "the playlist of an area always loops");
}

void areas_read(Reader *r, const YamlNode *list)
{
    Document *document = r->document;
    document->playlist = (Playlist){.is_forever = true, .loop = 1, .where = list->span};
    if (list->kind == YAML_LIST && !list->count) {
        diag_error(r->diags, list->span, "missing-key", "write - {width: 64, playlist: {items: [boxes]}}", "\"areas\" has no area");
        return;
    }
    if (list->kind != YAML_LIST) {
        value_wrong_type(r, object_find(&object_file, "areas"), list);
        return;
    }
    if (list->count > LIMIT_AREAS) {
        diag_error(r->diags, list->span, "too-large", "use fewer areas", "a screen has more than %d areas", LIMIT_AREAS);
        return;
    }
    Area *areas = ARENA_ARRAY(r->arena, Area, list->count);
    for (size_t i = 0; i < list->count; i++) {
        read_area(r, list->items[i], i, &areas[i]);
        check_place(r, areas, i);
    }
    document->areas = areas;
    document->area_count = list->count;
}
