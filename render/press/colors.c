/* colors.c -- the declared colours of a press file: their plates' names, steps and recipes. */
#include <string.h>
#include <strings.h>

#include "press/private.h"

#define NAME_BYTES 127            /* ISO 32000-1, table C.1 */

/* Names that a RIP takes for its own plates, and names it would take for one another. */
static void check_spot_name(const Color *colors, size_t at, Span where, DiagList *diags, bool *ok)
{
    static const char *const reserved[] = {"Cyan", "Magenta", "Yellow", "Black", "All", "None"};
    const char *name = colors[at].spot;
    bool is_plain = true;
    for (const char *c = name; *c; c++) is_plain &= (unsigned char)*c < 0x80;
    if (!is_plain)
        diag_warning(diags, where, "plate-name", "ask the shop, or take an English name it knows", "the plate \"%s\" is not named in ASCII: some machines cannot read that", name);
    if (strlen(name) > NAME_BYTES)
        *ok = diag_error(diags, where, "spot-name", "a shorter name", "the name of the plate of the colour \"%s\" has %zu bytes, a PDF holds %d", colors[at].name, strlen(name), NAME_BYTES);
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcasecmp(name, reserved[i]) == 0)
            *ok = diag_error(diags, where, "spot-name", "give the plate a name of its own", "the plate of the colour \"%s\" cannot be called \"%s\": presses know a plate of that name", colors[at].name, name);
    for (size_t j = 0; j < at; j++)
        if (colors[j].spot && strcmp(colors[j].spot, name) != 0 && strcasecmp(colors[j].spot, name) == 0)
            diag_warning(diags, where, "spot-name", "write both the same, or give one another name", "the plates \"%s\" and \"%s\" differ in capitals only: two plates would be made", colors[j].spot, name);
}

bool press_check_colors(const Color *colors, size_t count, Span output, DiagList *diags)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        const Color *color = &colors[i];
        Span where = color->where.source ? color->where : output;
        if (color->step && !color->spot)
            ok = diag_error(diags, where, "unknown-step", "give it a spot: its name, such as CutContour", "the colour \"%s\" has a step and no plate of its own", color->name);
        else if (color->step && !ink_step(color))
            ok = diag_error(diags, where, "unknown-step", "Cutting, PartialCutting, Creasing, Folding, Perforating, Drilling, Gluing, Punching, FoilStamping, Embossing, Debossing, White, Varnish or Primer",
                            "the step \"%s\" of the colour \"%s\" is unknown", color->step, color->name);
        if (color->spot) check_spot_name(colors, i, where, diags, &ok);
        for (size_t j = 0; color->spot && j < i; j++) {
            if (!colors[j].spot || strcmp(colors[j].spot, color->spot) != 0) continue;
            if (ink_step(&colors[j]) != ink_step(color))
                ok = diag_error(diags, where, "two-recipes", "give both the same step, or one another name", "the plate \"%s\" is for two steps, in \"%s\" and in \"%s\"", color->spot,
                                colors[j].name, color->name);
            if (colors[j].has_cmyk == color->has_cmyk && memcmp(colors[j].cmyk, color->cmyk, sizeof color->cmyk) == 0) continue;
            ok = diag_error(diags, where, "two-recipes", "give both the same cmyk, or one another name", "the plate \"%s\" has two recipes, in \"%s\" and in \"%s\"", color->spot,
                            colors[j].name, color->name);
        }
    }
    return ok;
}
