/* ink.c -- a declared colour as ink: process, a plate of its own, every plate; and which plates are no ink at all. */
#include "press/private.h"

#include <math.h>
#include <string.h>

#include "base/plates.h"

#define RICH_BLACK 0.85           /* of black ink, with a tenth of others: a black of several inks */

/* Words of `step` (ISO 19593-1, the groups and types). */
static const Step steps[] = {
    {"Cutting", "Structural", "Cutting", LAYER_CUT},
    {"PartialCutting", "Structural", "PartialCutting", LAYER_CUT},
    {"ReversePartialCutting", "Structural", "ReversePartialCutting", LAYER_CUT},
    {"CuttingCreasing", "Structural", "CuttingCreasing", LAYER_CUT},
    {"Creasing", "Structural", "Creasing", LAYER_CUT},
    {"ReverseCreasing", "Structural", "ReverseCreasing", LAYER_CUT},
    {"Folding", "Structural", "Folding", LAYER_CUT},
    {"Perforating", "Structural", "Perforating", LAYER_CUT},
    {"Drilling", "Structural", "Drilling", LAYER_CUT},
    {"Gluing", "Structural", "Gluing", LAYER_CUT},
    {"Punching", "Structural", "Punching", LAYER_CUT},
    {"FoilStamping", "Structural", "FoilStamping", LAYER_CUT},
    {"ColdFoilStamping", "Structural", "ColdFoilStamping", LAYER_CUT},
    {"Embossing", "Structural", "Embossing", LAYER_CUT},
    {"Debossing", "Structural", "Debossing", LAYER_CUT},
    {"White", "White", NULL, LAYER_WHITE},
    {"Varnish", "Varnish", NULL, LAYER_WHITE},
    {"Primer", "Primer", NULL, LAYER_WHITE},
};

static const Step *find_step(const char *word)
{
    for (size_t i = 0; word && i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].word, word) == 0) return &steps[i];
    return NULL;
}

const Step *ink_step(const Color *color)
{
    return find_step(plate_step(color));
}

static bool is_grey(const Color *color) { return color->rgb[0] == color->rgb[1] && color->rgb[1] == color->rgb[2]; }

Ink ink_of(const PressSetup *setup, const Color *color)
{
    Ink ink = {.plate = color->spot, .tint = 1 - color->less, .step = ink_step(color)};
    if (color->has_cmyk) {
        for (int i = 0; i < 4; i++) ink.cmyk[i] = fmin(fmax(color->cmyk[i] / 100, 0), 1);
    } else if (color->has_rgb && is_grey(color)) {             /* grey of four inks would show every misregister */
        ink.cmyk[3] = round((1 - color->rgb[0] / 255.0) * 100) / 100;
    } else if (color->has_rgb) {
        uint8_t cmyk[4];
        setup_convert_color(setup, color->rgb, cmyk);
        for (int i = 0; i < 4; i++) ink.cmyk[i] = round(cmyk[i] / 255.0 * 100) / 100;
        ink.is_converted = true;
    } else {
        ink.cmyk[ink.step ? 1 : 3] = 1;                        /* die lines are shown in magenta */
    }
    return ink;
}

bool ink_is_black(const Ink *ink)
{
    return !ink->plate && ink->cmyk[0] == 0 && ink->cmyk[1] == 0 && ink->cmyk[2] == 0 && ink->cmyk[3] == 1;
}

double ink_total(const Ink *ink)
{
    return ink->plate ? 100 * ink->tint : 100 * (ink->cmyk[0] + ink->cmyk[1] + ink->cmyk[2] + ink->cmyk[3]);
}

double ink_most(const PressSetup *setup, const Color *color)
{
    double most = 0;
    for (size_t i = 0; i < color_stop_count(color); i++) {
        Ink ink = ink_of(setup, color_stop(color, i));
        most = fmax(most, ink_total(&ink));
    }
    return most;
}

const Color *ink_step_color(const Color *color)
{
    for (size_t i = 0; i < color_stop_count(color); i++)
        if (ink_step(color_stop(color, i))) return color_stop(color, i);
    return NULL;
}

bool ink_overprints(const PressSetup *setup, const Color *color, bool is_line)
{
    if (ink_step_color(color)) return true;
    if (!is_line || color->gradient) return false;
    Ink ink = ink_of(setup, color);
    return ink_is_black(&ink);
}

/* How light it looks on white paper, 0-1. */
static double lightness_of(const Ink *ink)
{
    /* What a solid of each takes of the paper's luminance: from the L* of ISO 12647-2 for coated paper, 55 48 89 16 on 95. */
    static const double taken[4] = {0.74, 0.81, 0.16, 0.976};
    double lightness = 1;
    for (int i = 0; i < 4; i++) lightness *= 1 - taken[i] * ink->cmyk[i] * (ink->plate ? ink->tint : 1);
    return lightness;
}

InkLook ink_look(const PressSetup *setup, const Color *color)
{
    InkLook look = {.is_step = ink_step_color(color) != NULL, .darkest = 1};
    for (size_t i = 0; i < color_stop_count(color); i++) {
        Ink ink = ink_of(setup, color_stop(color, i));
        double total = ink_total(&ink), black = ink.plate ? 0 : 100 * ink.cmyk[3], lightness = lightness_of(&ink);
        int inks = 0;
        for (int k = 0; k < 4 && !ink.plate; k++) inks += ink.cmyk[k] > 0.02;
        if (total > look.total) look.total = total;
        if (i == 0 || black < look.black) look.black = black;
        if (lightness > look.lightest) look.lightest = lightness;
        if (lightness < look.darkest) look.darkest = lightness;
        if (inks > look.inks) look.inks = inks;
        look.is_rich_black |= !ink.plate && ink.cmyk[3] >= RICH_BLACK && total - black >= 10;
    }
    return look;
}

Layer ink_layer(const Color *color, const char *role)
{
    static const char *const marks[] = {"crop-mark", "fold-mark", "registration", "color-bar", "gray-bar", "die-mark"};
    for (size_t i = 0; role && *role != 'a' && i < sizeof marks / sizeof *marks; i++)
        if (strcmp(role, marks[i]) == 0) return LAYER_MARKS;
    if (color && color->spot && strcmp(color->spot, plate_all.spot) == 0) return LAYER_MARKS;       /* the line below them */
    const Color *step = color ? ink_step_color(color) : NULL;
    return step ? ink_step(step)->layer : LAYER_ART;
}
