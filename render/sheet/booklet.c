/* booklet.c -- pages that are folded into each other and stapled through the fold: which two lie side by side on which leaf. */
#include "sheet/sheet.h"

size_t sheet_leaf_count(size_t page_count) { return (page_count + 3) / 4; }

/* Leaf 0 lies outside: its front holds the last page and the first. Bound at the right, the book is read the other way. */
void sheet_leaf_pages(const Booklet *booklet, size_t page_count, size_t leaf, unsigned face, size_t pages[2])
{
    size_t all = 4 * sheet_leaf_count(page_count);
    size_t low = 2 * leaf + face, high = all - 1 - low;       /* low is read first */
    bool low_is_right = (face == 0) != (booklet->binding == BINDING_RIGHT);
    pages[low_is_right] = low;
    pages[!low_is_right] = high;
}

static void add_page(Arena *arena, SceneBuilder *scene, const Scene *page, Size size, Length bleed, bool is_right, Length creep)
{
    if (!page) return;
    Rect half = {is_right ? size.width : -bleed, -bleed, size.width + bleed, size.height + 2 * bleed};
    scene_begin(scene, NULL, path_rect(arena, half), 1);
    scene_add_form(scene, page, is_right ? size.width - creep : creep, 0);
    scene_end(scene);
}

const Scene *sheet_spread(Arena *arena, const Document *document, const Scene *left, const Scene *right, size_t leaf)
{
    Size size = document->page.size;
    Length bleed = document->page.bleed, creep = (Length)leaf * document->booklet.creep;
    SceneBuilder *scene = scene_new(arena, 2 * size.width, size.height, bleed, false);
    /* Each leaf inside sticks out by the thickness of those around it and is cut off there: its pages move to the fold. */
    add_page(arena, scene, left, size, bleed, false, creep);
    add_page(arena, scene, right, size, bleed, true, creep);
    return scene_finish(scene, NULL);
}
