/* palette.c -- what a screen can show, and colours made to fit it.
 *
 * A screen has up to three channels with `levels` steps each. Without grey (levels 2) its palette is fixed, index = R + 2G
 * + 4B; text and rules must name its colours, pictures are dithered. */
#include "led/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

#define FORM_DEPTH 32            /* forms in forms; ours nest twice at most */
#define SEEN_COLORS 64

static const struct {
    const char *profile, *grey_profile, *name;
    int channels, bits;
    uint32_t white;               /* all lamps on */
} screens[] = {
    [SCREEN_RED] = {"red1", "red8", "a red", 1, 1, 0xff0000},
    [SCREEN_AMBER] = {"amber1", "amber8", "an amber", 1, 1, 0xffbf00},
    [SCREEN_GREEN] = {"green1", "green8", "a green", 1, 1, 0x00ff00},
    [SCREEN_BLUE] = {"blue1", "blue8", "a blue", 1, 1, 0x0000ff},
    [SCREEN_WHITE] = {"white1", "white8", "a white", 1, 1, 0xffffff},
    [SCREEN_RED_GREEN] = {"rg2", "rg8", "a red-green", 2, 2, 0xffff00},
    [SCREEN_RGB] = {"rgb3", "full", "an rgb", 3, 4, 0xffffff},
};

const char *led_profile(const Screen *screen)
{
    return screen->levels == 2 ? screens[screen->color].profile : screens[screen->color].grey_profile;
}

static unsigned channel(uint32_t rgb, int index) { return rgb >> (16 - 8 * index) & 0xff; }

void led_palette_init(LedPalette *palette, const Screen *screen)
{
    *palette = (LedPalette){.screen = screen, .bits = 24};
    if (screen->levels != 2) return;
    palette->is_fixed = true;
    palette->bits = screens[screen->color].bits;
    palette->count = 1 << screens[screen->color].channels;
    palette->colors[1] = screens[screen->color].white;
    for (int i = 0; palette->count > 2 && i < palette->count; i++)
        palette->colors[i] = (i & 1 ? 0xff0000u : 0) | (i & 2 ? 0x00ff00u : 0) | (i & 4 ? 0x0000ffu : 0);
}

uint32_t led_palette_white(const LedPalette *palette) { return screens[palette->screen->color].white; }

int led_palette_index(const LedPalette *palette, uint32_t rgb)
{
    if (palette->is_fixed && palette->count == 2) return rgb != 0;
    if (palette->is_fixed) return (int)((rgb >> 23 & 1) | (rgb >> 14 & 2) | (rgb >> 5 & 4));
    int low = 0, high = palette->count - 1;                  /* sorted */
    while (low < high) {
        int middle = (low + high) / 2;
        if (palette->colors[middle] < rgb) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* ---- quantising ---- */

static double linear(unsigned value)                         /* IEC 61966-2-1 */
{
    double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Weights of ITU-R BT.709. */
static double lightness(uint32_t rgb)
{
    return 0.2126 * linear(channel(rgb, 0)) + 0.7152 * linear(channel(rgb, 1)) + 0.0722 * linear(channel(rgb, 2));
}

/* Bayer's 4 x 4 matrix; a value v is lit where v > (m + 1/2) / 16. */
static bool is_lit_dithered(double value, int x, int y)
{
    static const uint8_t bayer[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
    return value > (bayer[y & 3][x & 3] + 0.5) / 16;
}

/* How far a colour lights the lamps of a one-colour screen, 0-255: as much of their own colour, else by its lightness. */
static unsigned lamp_value(const LedPalette *palette, uint32_t rgb)
{
    uint32_t white = screens[palette->screen->color].white;
    unsigned most = 0;
    for (int c = 0; c < 3; c++)
        if (channel(white, c) == 255 && channel(rgb, c) > most) most = channel(rgb, c);
    return most;
}

static uint32_t quantize_fixed(const LedPalette *palette, uint32_t rgb, bool dithers, int x, int y)
{
    int channels = screens[palette->screen->color].channels;
    uint32_t result = 0;
    /* A one-colour screen shows the lightness of a picture. */
    if (channels == 1)
        return (dithers ? is_lit_dithered(lightness(rgb), x, y) : lamp_value(palette, rgb) >= 128) ? screens[palette->screen->color].white : 0;
    for (int c = 0; c < channels; c++) {
        unsigned value = channel(rgb, c);
        if (dithers ? is_lit_dithered(linear(value), x, y) : value >= 128) result |= 0xff0000u >> (8 * c);
    }
    return result;
}

uint32_t led_palette_quantize(const LedPalette *palette, uint32_t rgb, bool dithers, int x, int y)
{
    rgb &= 0xffffff;
    if (palette->is_fixed) {
        for (int i = 0; i < palette->count; i++)
            if (palette->colors[i] == rgb) return rgb;       /* the screen's own colours stay, in pictures, too */
        return quantize_fixed(palette, rgb, dithers, x, y);
    }
    unsigned steps = palette->screen->levels - 1;
    int channels = screens[palette->screen->color].channels;
    if (steps >= 255 && channels == 3) return rgb;
    uint32_t result = 0, white = screens[palette->screen->color].white;
    for (int c = 0; c < 3; c++) {
        unsigned value = channels == 1 ? lamp_value(palette, rgb) * channel(white, c) / 255 : channel(white, c) ? channel(rgb, c) : 0;
        if (steps < 255) value = ((value * steps + 127) / 255 * 255 + steps / 2) / steps;
        result |= value << (16 - 8 * c);
    }
    return result;
}

/* ---- checking ---- */

typedef struct Check {
    const LedPalette *palette;
    Span where;
    StrBuf *shown;                /* "#000000 and #FF0000" */
    const void *seen[SEEN_COLORS];
    size_t seen_count;
    DiagList *diags;
} Check;

/* A thing is reported once an item; beyond SEEN_COLORS the list of diags drops what it has. */
static bool is_new(Check *check, const void *thing)
{
    for (size_t i = 0; i < check->seen_count; i++)
        if (check->seen[i] == thing) return false;
    if (check->seen_count < SEEN_COLORS) check->seen[check->seen_count++] = thing;
    return true;
}

static bool can_show(const LedPalette *palette, const uint8_t rgb[3])
{
    uint32_t white = screens[palette->screen->color].white, value = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    if (screens[palette->screen->color].channels == 1) {
        if (palette->is_fixed) return value == 0 || value == white;
        unsigned lamp = lamp_value(palette, value);
        for (int c = 0; c < 3; c++)                          /* a shade of its colour, to the nearest step */
            if (abs((int)(lamp * channel(white, c) / 255) - (int)rgb[c]) > 1) return false;
        return true;
    }
    for (int c = 0; c < 3; c++) {
        if (channel(white, c) == 0 && rgb[c]) return false;
        if (palette->is_fixed && rgb[c] != 0 && rgb[c] != 255) return false;
    }
    return true;
}

static void check_color(Check *check, const Color *color)
{
    if (!color || !is_new(check, color)) return;
    const Screen *screen = check->palette->screen;
    if (color->gradient && check->palette->is_fixed) {
        diag_error(check->diags, check->where, "palette", "name one colour, or make it a picture: pictures are dithered",
                   "\"%s\" is a gradient and cannot be shown by %s screen without grey", color->name, screens[screen->color].name);
        return;
    }
    if (color->gradient) {
        for (size_t i = 0; i < color->gradient->stop_count; i++) check_color(check, color->gradient->stops[i].color);
        return;
    }
    if (color->cycle) {
        for (size_t i = 0; i < color->cycle->count; i++) check_color(check, color->cycle->colors[i]);
        if (color->cycle->blends && check->palette->is_fixed)
            diag_error(check->diags, check->where, "palette", "blend: false", "\"%s\" blends its colours and cannot be shown by %s screen without grey", color->name,
                       screens[screen->color].name);
        return;
    }
    const char *grey = screen->levels == 2 ? " without grey" : "";
    if (!color->has_rgb) {
        diag_error(check->diags, check->where, "palette", "give it an rgb value",
                   "\"%s\" has no rgb value for the screen",
                   color->name ? color->name : "");
        return;
    }
    if (can_show(check->palette, color->rgb)) return;
    char hint[160];
    snprintf(hint, sizeof hint, "the screen shows %s", check->shown->bytes);
    if (color->name && color->name[0] && color->name[0] != '#')
        diag_error(check->diags, check->where, "palette", hint,
                   "\"%s\" (#%02X%02X%02X) cannot be shown by %s screen%s",
                   color->name, color->rgb[0], color->rgb[1], color->rgb[2], screens[screen->color].name, grey);
    else
        diag_error(check->diags, check->where, "palette", hint,
                   "\"#%02X%02X%02X\" cannot be shown by %s screen%s",
                   color->rgb[0], color->rgb[1], color->rgb[2], screens[screen->color].name, grey);
}

static void check_image(Check *check, const Image *image)
{
    if (!check->palette->is_fixed || !is_new(check, image)) return;
    diag_warning(check->diags, check->where, "palette",
                 "draw it in these colours to choose every dot yourself",
                 "the picture \"%s\" is dithered to the %d colours of the screen", image->path ? image->path : "", check->palette->count);
}

static void check_opacity(Check *check, double opacity)
{
    if (!check->palette->is_fixed || opacity <= 0 || opacity >= 1) return;
    diag_error(check->diags, check->where, "palette", "leave opacity away: a dot is lit or dark",
               "\"opacity\" cannot be shown by a screen without grey");
}

static void check_ops(Check *check, const Scene *scene, int depth)
{
    for (size_t i = 0; i < scene->op_count; i++) {
        const SceneOp *op = &scene->ops[i];
        switch (op->kind) {
        case SCENE_FILL: check_color(check, op->u.fill.color); break;
        case SCENE_STROKE: check_color(check, op->u.stroke.color); break;
        case SCENE_GLYPHS:
            check_color(check, op->u.glyphs->color);
            if (op->u.glyphs->stroke_width > 0) check_color(check, op->u.glyphs->stroke_color);
            break;
        case SCENE_IMAGE: check_image(check, op->u.image.image); break;
        case SCENE_MODULES: check_color(check, op->u.modules->color); break;
        case SCENE_FORM:
            if (depth < FORM_DEPTH) check_ops(check, op->u.form.scene, depth + 1);
            break;
        case SCENE_BEGIN: check_opacity(check, op->u.begin.opacity); break;
        case SCENE_LINK: case SCENE_END: break;
        }
    }
}

static void list_shown(const LedPalette *palette, StrBuf *shown, Arena *scratch)
{
    strbuf_init(shown, scratch);
    if (!palette->is_fixed) {
        strbuf_addf(shown, "shades of %s only", palette->screen->color == SCREEN_RED_GREEN ? "red, green and yellow" : strchr(screens[palette->screen->color].name, ' ') + 1);
        return;
    }
    for (int i = 0; i < palette->count; i++)
        strbuf_addf(shown, "%s#%06X", i == 0 ? "" : i == palette->count - 1 ? " and " : ", ", palette->colors[i]);
}

void led_palette_check(const LedPalette *palette, const LedItem *item, Arena *scratch, DiagList *diags)
{
    StrBuf shown;
    list_shown(palette, &shown, scratch);
    Check check = {.palette = palette, .where = item->node->where, .shown = &shown, .diags = diags};
    check_ops(&check, item->scene, 0);
}

void led_palette_check_color(const LedPalette *palette, const Color *color, Span where, Arena *scratch, DiagList *diags)
{
    StrBuf shown;
    list_shown(palette, &shown, scratch);
    Check check = {.palette = palette, .where = where, .shown = &shown, .diags = diags};
    check_color(&check, color);
}
