/* dotfonts.c -- the family "dots" of LED screens: for each height in dots the fonts that were drawn for it, one after the
 * other, measured over GB 2312 (reference led, 3.2 and 3.3). Latin comes first: the Chinese fonts' own hangs below the rows. */
#include "text/private.h"

#include <string.h>

typedef struct DotChain {
    int rows, weight;             /* weight 0: the style's */
    DotFont fonts[DOT_FONTS];           /* one more than there are */
} DotChain;

/* The space of a full square is no half one. Sharp's brackets and quotation marks are cut at the foot; efont's and Unifont's are not. */
#define SHARP {"WenQuanYi Zen Hei Sharp", "“”‘’（）％／［］｛｝＿"}

static const DotChain chains[] = {
    {10, 0, {{"efont Half", "　"}, {"efont", NULL}}},
    {12, 0, {{"efont Half", "　"}, SHARP, {"efont", NULL}}},
    {13, 0, {{"WenQuanYi Zen Hei Sharp", NULL}}},
    {14, 0, {{"efont", NULL}}},                  /* not Sharp: it cuts 中 */
    {15, 0, {{"WenQuanYi Zen Hei Sharp", NULL}}},
    {16, 0, {{"efont Half", "　"}, SHARP, {"Unifont", NULL}, {"Unifont Upper", NULL}}},
    {24, 0, {{"efont Half", "　"}, {"Noto Sans CJK SC", NULL}}},
};
/* From 18 dots outlines hold; from 28 on the bold ones have the weight of a shop's sign. */
static const DotChain outlines = {18, 0, {{"Noto Sans CJK SC", NULL}}}, bold_outlines = {28, 700, {{"Noto Sans CJK SC", NULL}}};
static const DotChain squares = {16, 0, {{"Unifont", NULL}, {"Unifont Upper", NULL}}};

bool dot_fonts_is(const char *family) { return family && strcmp(family, "dots") == 0; }

bool dot_fonts_has(Length size)
{
    int rows = (int)(size / LENGTH_ONE);
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++)
        if (chains[i].rows == rows) return true;
    return rows >= outlines.rows;
}

const DotFont *dot_fonts(Length size, int *weight)
{
    int rows = (int)(size / LENGTH_ONE);
    const DotChain *found = rows >= bold_outlines.rows ? &bold_outlines : rows >= outlines.rows ? &outlines : &squares;
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++)
        if (chains[i].rows == rows) found = &chains[i];
    if (found->weight) *weight = found->weight;
    return found->fonts;
}
