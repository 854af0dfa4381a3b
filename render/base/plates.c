/* plates.c -- steps are those of ISO 19593-1. What shops call them: thesigndude.com, reflexprinting.fr, myfolie.com, gwg.org and the
 * manuals of Roland VersaWorks (CutContour, PerfCutContour) and Summa (Thru-cut, Kiss-cut); the Chinese names are the trade's. */
#include "base/plates.h"

#include <string.h>

#define PLATE(name_, step_, r, g, b, c, m, y, k) \
    {.name = name_, .has_rgb = true, .has_cmyk = true, .rgb = {r, g, b}, .cmyk = {c, m, y, k}, .spot = name_, .step = step_}
#define CUT(name) PLATE(name, "Cutting", 230, 0, 126, 0, 100, 0, 0)
#define KISS(name) PLATE(name, "PartialCutting", 239, 127, 0, 0, 60, 100, 0)
#define CREASE(name) PLATE(name, "Creasing", 0, 158, 224, 100, 0, 0, 0)
#define FOLD(name) PLATE(name, "Folding", 0, 158, 224, 100, 0, 0, 0)
#define PERFORATE(name) PLATE(name, "Perforating", 0, 150, 64, 100, 0, 100, 0)
#define DRILL(name) PLATE(name, "Drilling", 227, 6, 19, 0, 100, 100, 0)
#define WHITE(name) PLATE(name, "White", 190, 225, 243, 25, 0, 0, 0)
#define VARNISH(name) PLATE(name, "Varnish", 255, 245, 178, 0, 0, 40, 0)
#define FOIL(name) PLATE(name, "FoilStamping", 207, 170, 80, 0, 20, 70, 15)

static const Color plates[] = {
    CUT("CutContour"), CUT("Thru-cut"), CUT("PerfCutContour"), CUT("ContourCutLine"), CUT("Dieline"), CUT("coupe"), CUT("刀版"), CUT("模切"),
    KISS("Kiss-cut"), KISS("半切"),
    CREASE("Crease"), CREASE("压痕"), FOLD("Fold"),
    PERFORATE("Perforate"), PERFORATE("Perforation"), PERFORATE("点线"),
    DRILL("Drill"), DRILL("打孔"),
    WHITE("White"), WHITE("白墨"),
    VARNISH("Varnish"), VARNISH("Spot UV"), VARNISH("局部UV"), VARNISH("上光"),
    FOIL("Foil"), FOIL("烫金"),
    PLATE("Emboss", "Embossing", 249, 178, 211, 0, 40, 0, 0), PLATE("击凸", "Embossing", 249, 178, 211, 0, 40, 0, 0),
    PLATE("Deboss", "Debossing", 178, 178, 220, 35, 30, 0, 0), PLATE("压凹", "Debossing", 178, 178, 220, 35, 30, 0, 0),
    PLATE("Glue", "Gluing", 200, 212, 0, 30, 0, 100, 0), PLATE("Primer", "Primer", 230, 230, 230, 0, 0, 0, 12),
};

const Color plate_all = {.name = "registration", .has_rgb = true, .has_cmyk = true, .cmyk = {100, 100, 100, 100}, .spot = "All"};

const Color *plate_find(const char *name)
{
    for (size_t i = 0; i < sizeof plates / sizeof *plates; i++)
        if (strcmp(plates[i].name, name) == 0) return &plates[i];
    return NULL;
}

const char *plate_step(const Color *color)
{
    if (!color->spot || color->step) return color->spot ? color->step : NULL;
    const Color *plate = plate_find(color->spot);
    return plate ? plate->step : NULL;
}

bool plate_is_line(const Color *color)
{
    static const char *const steps[] = {"Cutting", "PartialCutting", "ReversePartialCutting", "CuttingCreasing", "Creasing", "ReverseCreasing",
                                        "Folding", "Perforating", "Drilling", "Punching"};
    const char *step = plate_step(color);
    for (size_t i = 0; step && i < sizeof steps / sizeof *steps; i++)
        if (strcmp(step, steps[i]) == 0) return true;
    return false;
}

Color plate_full(const Color *color)
{
    Color full = *color;
    if (color->less == 0) return full;
    full.less = 0;
    full.name = color->spot;
    for (int i = 0; color->has_rgb && i < 3; i++) {           /* a tint's rgb is lighter by so much */
        double value = 255 - (255 - color->rgb[i]) / (1 - color->less);
        full.rgb[i] = (uint8_t)(value > 0 ? value + 0.5 : 0);
    }
    return full;
}

const Color *plate_at(size_t index) { return &plates[index]; }
size_t plate_count(void) { return sizeof plates / sizeof *plates; }
